"""Entries, appointments, inspections and rectifications: one row after each event that changes
any of it, equal however they came to be, and what stood at a position stands there for ever."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from typing import Any, Final
from uuid import UUID

import pytest
from msgspec.structs import replace
from psycopg.rows import dict_row

from domain.advising.appointment_commands import NoteAbsence, ReplaceAdviser
from domain.advising.worklog import (
    AttachEvidence,
    ConfirmWork,
    CorrectWork,
    Evidence,
    ReturnWork,
    Share,
    VerifyWork,
    Work,
)
from domain.oversight.inspection import (
    ConfirmInspection,
    CorrectInspection,
    Finding,
    InspectionExists,
    VoidInspection,
)
from domain.oversight.rectification import (
    AcceptRectification,
    Addressee,
    AnswerRectification,
    EscalateRectification,
    MarkOverdue,
    OrderRectification,
    RejectRectification,
)
from domain.registration.policy_commands import PublishPolicy
from domain.vocabulary import Actor
from domain.worktime.calendar import TimeLimit
from ledger.log.codec import LedgerMapper
from ledger.log.store import Ledger
from projections.advising import worklogs
from projections.all_views import STORED
from projections.asking.asking import NEVER, fetch
from projections.oversight import inspections, rectifications
from projections.running.rebuild import rebuild
from projections.running.runner import Following, Runner, Tracked, Unreadable, read
from tests.databases import Database
from tests.examples import CHINA_TIME, RULES, local
from tests.projections.bureau import ALPHA, BETA, CHEN, LI, MAI, OFFICE, YEAR, Advising

COMMITTEE: Final = Actor(account="committee-1", role="committee", unit=ALPHA)
ROOM: Final = Actor(account="clerk-1", role="duty_officer", unit="ROOM-1")
POLICY: Final = Actor(account="policy", role="policy", unit="4401")
PHOTO: Final = Evidence(sha256="a" * 64, media_type="image/jpeg", size=9)
GROUND: Final = UUID(int=9)
"""A check of the room."""
ORDER: Final = OrderRectification(
    source="inspection",
    source_stream=GROUND,
    addressee=Addressee("point", "ROOM-1"),
    items=("更新公示牌",),
)
NAMES: Final = ("worklogs", "appointments", "inspections", "rectifications", "directory")


@pytest.fixture
def advising(database: Database) -> Iterator[Advising]:
    with Ledger(database.app_url) as ledger:
        made = Advising(database.app_url, ledger)
        yield made
        made.close()


def rows(advising: Advising, view: str, of: UUID | None = None) -> list[dict[str, Any]]:
    """In order of position."""
    advising.head()
    with advising.connection.cursor(row_factory=dict_row) as cursor:
        found = cursor.execute(
            f"SELECT * FROM views.{view} WHERE stream = coalesce(%s, stream)"  # noqa: S608
            " ORDER BY position, part",
            [of],
        )
        return found.fetchall()


# --- work logs


def test_an_entry_has_a_row_after_each_event_that_changes_it(advising: Advising) -> None:
    advising.served_by_team(ALPHA, BETA)
    entry = advising.worked("2026-02-03 23:30", {CHEN: 70, MAI: 50}, people_reached=12)
    do, later = advising.do, "2026-02-05 09:00"
    do(ConfirmWork(), of=entry, at=later, by=COMMITTEE)
    do(AttachEvidence(evidence=PHOTO), of=entry, at=later, by=ROOM)
    do(VerifyWork(), of=entry, at=later, by=OFFICE)
    do(ReturnWork(reason="缺签到"), of=entry, at=later, by=OFFICE)
    shorter = CorrectWork(
        started_at=local("2026-02-04 00:30"),
        work=Work(
            village=BETA,
            service="lecture",
            mode="phone",
            ended_at=local("2026-02-04 01:00"),
            clients={"resident": 2, "committee": 1},
            summary="示例",
        ),
        shares=(Share(adviser=LI, minutes=30),),
        reason="记错",
    )
    do(shorter, of=entry, at=later, by=ROOM)
    found = rows(advising, worklogs.NAME, entry)
    first, last = found[0], found[-1]
    assert [
        (one["standing"], one["confirmed"], one["evidence_waiting"], one["corrected"])
        for one in found
    ] == [
        ("logged", False, 0, 0),
        ("logged", True, 0, 0),
        ("logged", True, 1, 0),
        ("verified", True, 1, 0),
        ("returned", True, 1, 0),
        ("logged", False, 1, 1),
    ]
    assert [one["superseded_at"] for one in found] == [
        *(one["position"] for one in found[1:]), NEVER,
    ]  # fmt: skip
    assert {one["number"] for one in found} == {first["position"]}
    # The local day on which it began.
    assert (first["village"], first["day"], first["minutes"]) == (ALPHA, date(2026, 2, 3), 120)
    assert (first["advisers"], first["shares"]) == ([CHEN, MAI], [70, 50])
    assert (first["firms"], first["teams"]) == (["FIRM-1"] * 2, ["TEAM-1"] * 2)
    assert (first["people_reached"], first["clients"], first["late"]) == (12, 0, False)
    assert (last["village"], last["day"], last["minutes"]) == (BETA, date(2026, 2, 4), 30)
    assert (last["advisers"], last["shares"], last["clients"]) == ([LI], [30], 3)
    assert (last["service"], last["mode"]) == ("lecture", "phone")


def test_entries_that_count_are_found_by_village_and_day_as_known_then(
    advising: Advising,
) -> None:
    advising.served_by_team(ALPHA, BETA)
    advising.worked("2026-01-05 09:00", {CHEN: 60})
    advising.worked("2026-01-06 09:00", {CHEN: 60}, service="lecture")
    advising.worked("2025-12-31 23:59", {CHEN: 60}, service="lecture")
    entry = advising.worked("2026-02-03 09:00", {CHEN: 60})
    advising.worked("2026-02-28 23:59", {CHEN: 60})
    advising.worked("2026-03-01 01:00", {CHEN: 60})
    advising.worked("2026-02-03 09:00", {LI: 60}, village=BETA)
    before = advising.head()
    advising.do(ReturnWork(reason="缺签到"), of=entry, at="2026-02-05 09:00", by=OFFICE)

    def days(position: int, division: str = ALPHA) -> list[str]:
        asked = worklogs.counted(
            division=division,
            first=date(2026, 2, 1),
            last=date(2026, 2, 28),
            pieces_from=date(2026, 1, 1),
            position=position,
        )
        found = fetch(advising.connection, asked)
        return [f"{one.started_at.astimezone(CHINA_TIME):%m-%d %H:%M}" for one in found]

    lecture = "01-06 09:00"
    assert days(before) == [lecture, "02-03 09:00", "02-28 23:59"]
    assert days(advising.head()) == [lecture, "02-28 23:59"]
    assert days(before, "4401") == [lecture, *["02-03 09:00"] * 2, "02-28 23:59"]


# --- appointments


def test_an_appointment_has_a_row_when_who_serves_changes(advising: Advising) -> None:
    advising.appointed(CHEN, ALPHA)
    of_alpha = f"appointment:{ALPHA}"
    advising.do(NoteAbsence(note="未到"), of=of_alpha, at="2026-01-08 09:00")
    replaced = ReplaceAdviser(adviser=LI, effective_on=date(2026, 2, 11), reason="生育假")
    advising.do(replaced, of=of_alpha, at="2026-02-10 09:00")
    found = rows(advising, "appointments")
    # Nominated, chosen, accepted, signed, replaced; who was heard or absent does not show.
    assert [(one["candidates"], one["chosen"], one["accepted"]) for one in found] == [
        ([CHEN], None, False),
        ([CHEN], CHEN, False),
        ([CHEN], CHEN, True),
        ([], None, False),
        ([], None, False),
    ]
    assert [one["advisers"] for one in found] == [[], [], [], [CHEN], [CHEN, LI]]
    assert [(one["adviser"], one["first"], one["last"]) for one in found[-1]["stints"]] == [
        (CHEN, str(YEAR[0]), "2026-02-10"),
        (LI, "2026-02-11", str(YEAR[1])),
    ]


# --- inspections


def listed(
    advising: Advising, *, position: int = 0, **filters: Any
) -> list[inspections.InspectionRow]:
    known = position or advising.head()
    asked = inspections.page(inspections.InspectionFilters(**filters), position=known, limit=10)
    return fetch(advising.connection, asked)


def test_an_inspection_shows_its_findings_and_what_the_inspected_said(
    advising: Advising,
) -> None:
    check = advising.checked(
        "2026-02-28 23:59",
        point="ROOM-1",
        findings=(
            Finding(severity="serious", text="无公示"),
            Finding(severity="minor", text="台账不全"),
            Finding(severity="minor", text="门牌破损"),
        ),
    )
    held = advising.head()
    corrected = CorrectInspection(answers={"display": False}, reason="漏填")
    advising.do(corrected, of=check, at="2026-03-01 09:00", by=OFFICE)
    disagree = ConfirmInspection(agreed=False, opinion="已整改")
    advising.do(disagree, of=check, at="2026-03-01 10:00", by=ROOM)
    (then,), (now,) = listed(advising, position=held), listed(advising)
    assert (then.kind, then.division, then.point, then.period) == (
        "check", ALPHA, "ROOM-1", "2026-02",
    )  # fmt: skip
    assert (then.minor, then.major, then.serious) == (2, 0, 1)
    assert (then.confirmed, then.agreed, then.day) == (False, None, date(2026, 2, 28))
    assert (now.minor, now.major, now.serious) == (0, 0, 0)
    assert (now.confirmed, now.agreed, now.number) == (True, False, then.number)


def test_inspections_are_listed_newest_first_by_what_is_asked(advising: Advising) -> None:
    held: tuple[tuple[str, dict[str, Any]], ...] = (
        ("2026-02-03 10:00", {"point": "ROOM-1"}),
        ("2026-02-04 10:00", {"division": BETA}),
        ("2026-03-05 10:00", {"kind": "supervision", "division": "440103"}),
    )
    for at, where in held:
        advising.checked(at, **where)
    void = advising.checked("2026-03-06 10:00", division=BETA)
    advising.do(VoidInspection(reason="录错"), of=void, at="2026-03-06 11:00", by=OFFICE)

    def days(**filters: Any) -> list[str]:
        return [f"{one.day:%m-%d}" for one in listed(advising, **filters)]

    assert days() == ["03-06", "03-05", "02-04", "02-03"]
    for filters, expected in (
        ({"kind": "check"}, ["03-06", "02-04", "02-03"]),
        ({"division": ALPHA}, ["02-03"]),
        ({"point": "ROOM-1"}, ["02-03"]),
        ({"period": "2026-Q1"}, ["03-05"]),
        ({"office": "440103001"}, ["03-06", "02-04", "02-03"]),
        ({"voided": False, "from_": date(2026, 2, 4)}, ["03-05", "02-04"]),
        ({"to": date(2026, 2, 4)}, ["02-03"]),
        ({"with_findings": True}, []),
        ({"confirmed": False, "voided": True}, ["03-06"]),
    ):
        assert days(**filters) == expected, filters
    first = listed(advising)[1]
    rest = inspections.page(
        inspections.InspectionFilters(),
        position=advising.head(),
        limit=1,
        after=inspections.cursor_of(first),
        head=True,
    )
    assert [f"{one.day:%m-%d}" for one in fetch(advising.connection, rest)] == ["02-04"]


# --- rectifications


def ordered(advising: Advising, *, number: int = 7, **more: Any) -> UUID:
    command = replace(ORDER, **more)
    with suppress(InspectionExists):
        advising.checked("2026-01-05 09:00", point="ROOM-1", of=GROUND)
    return advising.do(command, of=UUID(int=number), at="2026-03-02 09:00", by=OFFICE)


def orders(
    advising: Advising, *, now: str, **filters: Any
) -> list[rectifications.RectificationRow]:
    asked = rectifications.page(
        rectifications.RectificationFilters(**filters),
        position=advising.head(),
        now=local(now),
        limit=10,
    )
    return fetch(advising.connection, asked)


@pytest.fixture
def limited(advising: Advising) -> Advising:
    """An order is to be answered within ten working days."""
    limit(advising)
    return advising


def limit(advising: Advising) -> None:
    limits = {"rectification/answer": TimeLimit(amount=10, unit="working_day")}
    advising.do(PublishPolicy(policy=replace(RULES, limits=limits)), of=f"policy:{RULES.code}")


def test_an_order_is_overdue_by_the_clock_and_as_recorded(limited: Advising) -> None:
    order = ordered(limited)
    due = local("2026-03-16 18:00")
    for now, overdue in (("2026-03-16 18:00", False), ("2026-03-16 18:01", True)):
        (row,) = orders(limited, now=now)
        assert (row.status, row.due, row.overdue) == ("open", due, overdue)
        assert orders(limited, now=now, overdue=overdue) == [row]
        assert orders(limited, now=now, overdue=not overdue) == []
    limited.do(MarkOverdue(), of=order, at="2026-03-17 09:00", by=POLICY)
    late = AnswerRectification(measures="已更换")
    limited.do(late, of=order, at="2026-03-18 09:00", by=ROOM)
    limited.do(AcceptRectification(), of=order, at="2026-03-19 09:00", by=OFFICE)
    (row,) = orders(limited, now="2026-03-20 09:00", overdue=True)
    assert (row.status, row.ended, row.answered_at) == ("accepted", True, local("2026-03-18 09:00"))
    steps = [(one["status"], one["overdue"]) for one in rows(limited, "rectifications", order)]
    assert steps == [("open", False), ("open", True), ("answered", True), ("accepted", True)]


def test_a_rejected_answer_begins_a_round_and_an_escalation_says_to_what(
    limited: Advising,
) -> None:
    order = ordered(limited, addressee=Addressee("adviser", CHEN), point="ROOM-1")
    limited.do(AnswerRectification(measures="已更换"), of=order, at="2026-03-03 09:00", by=ROOM)
    reject = RejectRectification(reason="未更换")
    limited.do(reject, of=order, at="2026-03-04 09:00", by=OFFICE)
    (row,) = orders(limited, now="2026-03-05 09:00")
    assert (row.round, row.status, row.answered_at) == (2, "open", None)
    assert row.due == local("2026-03-18 18:00")
    escalate = EscalateRectification(to="replacement", reason="再次未整改")
    limited.do(escalate, of=order, at="2026-03-06 09:00", by=OFFICE)
    (row,) = orders(limited, now="2026-03-20 09:00", ended=True)
    assert (row.status, row.proposed, row.overdue) == ("escalated", "replacement", False)
    assert (row.addressee_kind, row.addressee, row.division) == ("adviser", CHEN, ALPHA)


def test_orders_are_listed_by_due_moment_with_those_without_one_last(
    advising: Advising,
) -> None:
    """What was ordered before there was a rule has none."""
    ordered(advising, number=1, addressee=Addressee("firm", "FIRM-1"))
    limit(advising)
    ordered(advising, number=2)
    by_due = orders(advising, now="2026-03-03 09:00", order="due")
    assert [one.stream for one in by_due] == [UUID(int=2), UUID(int=1)]
    assert by_due[1].due is None
    for last, left in zip(by_due, ([UUID(int=1)], []), strict=True):
        rest = rectifications.page(
            rectifications.RectificationFilters(order="due"),
            position=advising.head(),
            now=local("2026-03-03 09:00"),
            limit=10,
            after=rectifications.cursor_of(last, "due"),
            head=True,
        )
        assert [one.stream for one in fetch(advising.connection, rest)] == left
    for filters, expected in (
        ({"addressee": "FIRM-1"}, [UUID(int=1)]),
        ({"division": "440103"}, [UUID(int=2)]),
        ({"point": "ROOM-1"}, [UUID(int=2)]),
        ({"due_before": local("2026-04-01 00:00")}, [UUID(int=2)]),
        ({"source": "rating"}, []),
        ({"source_stream": GROUND, "status": "open"}, [UUID(int=2), UUID(int=1)]),
        ({"from_": date(2026, 3, 3)}, []),
    ):
        found = orders(advising, now="2026-03-03 09:00", **filters)
        assert [one.stream for one in found] == expected, filters


# --- laws


def busy(advising: Advising) -> None:
    """Something of everything, in several steps."""
    advising.appointed(CHEN, ALPHA)
    entry = advising.worked("2026-02-03 09:00", {CHEN: 70, MAI: 50})
    check = advising.checked("2026-02-04 10:00", point="ROOM-1")
    order = ordered(advising)
    advising.do(VerifyWork(), of=entry, at="2026-02-05 09:00", by=OFFICE)
    advising.do(ConfirmInspection(), of=check, at="2026-02-05 09:00", by=ROOM)
    answer = AnswerRectification(measures="已更换")
    advising.do(answer, of=order, at="2026-03-03 09:00", by=ROOM)


def test_rebuilt_and_followed_event_by_event_the_tables_are_the_same(
    advising: Advising, database: Database
) -> None:
    busy(advising)
    live = {name: rows(advising, name) for name in NAMES}
    assert all(live.values())
    assert [one.equal for one in rebuild(database.app_url, NAMES, workers=0)] == [True] * len(NAMES)
    assert {name: rows(advising, name) for name in NAMES} == live


def test_an_event_that_comes_alone_finds_what_stood_before_it(
    advising: Advising, database: Database
) -> None:
    """Nothing is in memory: every thing is folded again from its own stream."""
    busy(advising)
    live = {name: rows(advising, name) for name in NAMES}
    views = [view for view in STORED if view.NAME in NAMES]
    tables = ", ".join(f"views.{name}" for name in NAMES)
    advising.connection.execute(f"TRUNCATE {tables}")
    advising.connection.execute(
        "DELETE FROM log_tracking WHERE application_name = ANY(%s)", [list(NAMES)]
    )
    with Tracked(database.app_url) as tracking:
        events = read(advising.connection, LedgerMapper(), 0)
        assert not isinstance(events, Unreadable)
        for event in events:
            for view in views:
                Following(view, tracking).take(advising.connection, [event])
    Runner(database.app_url).catch_up()
    assert {name: rows(advising, name) for name in NAMES} == live
