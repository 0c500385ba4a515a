"""What is missing where: it shows, goes when it is put right, and was there as known before."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from domain.advising.appointment_commands import (
    CreateWechatGroup,
    DissolveWechatGroup,
    EndTerm,
    PostDisplay,
)
from domain.advising.worklog import VerifyWork, WithdrawWork
from domain.oversight.inspection import VoidInspection
from domain.registers.appointment import china_day
from domain.registration.point_commands import ClosePoint, MovePoint
from domain.worktime.period import quarter_of
from ledger.log.store import Ledger
from projections.advising import coverage
from projections.advising.coverage import Gap, What
from tests.databases import Database
from tests.projections.bureau import ALPHA, BETA, CHEN, LI, OFFICE, Advising

GAMMA, DELTA = "440104001001", "440103002001"
RULES: dict[str, Any] = {
    "lectures_per_quarter": 1,
    "max_villages_per_adviser": 1,
    "wechat_group_required": True,
    "public_display_required": True,
}
OPENED = date(2020, 1, 1)


@pytest.fixture
def advising(database: Database) -> Iterator[Advising]:
    with Ledger(database.app_url) as ledger:
        made = Advising(database.app_url, ledger)
        made.rules(1, date(2025, 1, 1), **RULES)
        yield made
        made.close()


def gaps(
    advising: Advising, period: str = "2026-02", *, division: str = "4401", position: int = 0
) -> list[Gap]:
    known = position or advising.head()
    return coverage.gaps(advising.connection, division=division, period=period, position=known)


def missing(advising: Advising, what: What, **asked: Any) -> list[tuple[str | None, date | None]]:
    """Division and since when."""
    found = gaps(advising, **asked)
    return [(one.division, one.since) for one in found if one.what == what]


def test_a_village_that_has_nothing_lacks_everything_since_its_room_opened(
    advising: Advising,
) -> None:
    lacks: tuple[tuple[What, str | None], ...] = (
        ("no_adviser", None),
        ("no_lecture", "2026-Q1"),
        ("no_public_display", None),
        ("no_wechat_group", None),
        ("unchecked", "2026-02"),
    )
    assert gaps(advising, division=ALPHA) == [
        Gap(what=what, division=ALPHA, name="ROOM-1工作室", since=OPENED, period=period)
        for what, period in lacks
    ]


def test_where_everything_is_in_order_there_is_no_gap(advising: Advising) -> None:
    advising.appointed(CHEN, ALPHA)
    of_alpha = f"appointment:{ALPHA}"
    advising.do(CreateWechatGroup(), of=of_alpha, at="2026-01-05 09:00")
    advising.do(PostDisplay(place="村口"), of=of_alpha, at="2026-01-05 09:00")
    advising.worked("2026-01-15 10:00", {CHEN: 60}, service="lecture")
    advising.checked("2026-02-03 10:00", point="ROOM-1")
    advising.checked("2026-03-31 10:00", kind="supervision", division="440103001")
    assert gaps(advising, division=ALPHA) == []
    assert {one.division for one in gaps(advising)} == {"440103", BETA}
    assert missing(advising, "unsupervised", period="2026-03") == []


# --- checks


def test_a_village_is_checked_at_its_room_or_as_a_village_month_by_month(
    advising: Advising,
) -> None:
    advising.checked("2026-01-20 10:00", point="ROOM-1")
    advising.checked("2026-03-31 23:00", division=ALPHA)
    unchecked = [
        one for one in gaps(advising, "2026-Q1", division=ALPHA) if one.what == "unchecked"
    ]
    assert [(one.period, one.since) for one in unchecked] == [("2026-02", date(2026, 4, 1))]
    assert missing(advising, "unchecked", division=ALPHA) == [(ALPHA, date(2026, 1, 21))]


def test_a_void_check_is_none_and_was_one_as_known_before(advising: Advising) -> None:
    check = advising.checked("2026-02-03 10:00", point="ROOM-1")
    before = advising.head()
    advising.do(VoidInspection(reason="录错"), of=check, at="2026-02-04 10:00", by=OFFICE)
    assert missing(advising, "unchecked", division=ALPHA) == [(ALPHA, OPENED)]
    assert missing(advising, "unchecked", division=ALPHA, position=before) == []


def test_a_district_is_supervised_itself_or_in_one_of_its_towns_each_quarter(
    advising: Advising,
) -> None:
    advising.opens("ROOM-3", GAMMA)
    assert missing(advising, "unsupervised") == [("440103", None), ("440104", None)]
    advising.checked("2025-12-30 10:00", kind="supervision", division="440104")
    advising.checked("2026-01-06 10:00", kind="supervision", division="440103001")
    assert missing(advising, "unsupervised") == [("440104", date(2025, 12, 31))]
    # Less than a district has no supervision of its own.
    assert missing(advising, "unsupervised", division="440104001") == []


# --- advisers, group, display


def test_a_village_lacks_an_adviser_from_the_day_after_the_last_one(advising: Advising) -> None:
    advising.appointed(CHEN, ALPHA)
    assert missing(advising, "no_adviser") == [(BETA, OPENED)]
    end = EndTerm(effective_on=date(2026, 2, 11), reason="双方协商")
    advising.do(end, of=f"appointment:{ALPHA}", at="2026-02-10 09:00")
    assert missing(advising, "no_adviser", division=ALPHA) == [(ALPHA, date(2026, 2, 11))]
    assert missing(advising, "no_adviser", division=ALPHA, period="2026-01") == []


def test_who_begins_next_month_does_not_serve_yet(advising: Advising) -> None:
    advising.appointed(CHEN, ALPHA, date(2026, 3, 1), date(2026, 12, 31))
    assert missing(advising, "no_adviser", division=ALPHA) == [(ALPHA, OPENED)]
    assert missing(advising, "no_adviser", division=ALPHA, period="2026-03") == []


def test_group_and_display_are_asked_for_where_the_rules_do(advising: Advising) -> None:
    advising.appointed(CHEN, ALPHA)
    of_alpha = f"appointment:{ALPHA}"
    advising.do(CreateWechatGroup(), of=of_alpha, at="2026-01-05 09:00")
    advising.do(DissolveWechatGroup(reason="合并"), of=of_alpha, at="2026-02-09 09:00")
    asked: dict[str, Any] = {"division": ALPHA}
    assert missing(advising, "no_wechat_group", **asked) == [(ALPHA, date(2026, 2, 9))]
    assert missing(advising, "no_wechat_group", period="2026-01", **asked) == []
    assert missing(advising, "no_public_display", **asked) == [(ALPHA, OPENED)]
    lax = RULES | {"wechat_group_required": False, "public_display_required": False}
    advising.rules(1, date(2026, 1, 1), district="440103", **lax)
    for what in ("no_wechat_group", "no_public_display"):
        assert missing(advising, what, **asked) == []


def test_an_adviser_with_too_many_villages_is_named_with_all_of_them(advising: Advising) -> None:
    """The deciders refuse it, so the cap comes later than the appointments."""
    free = RULES | {"max_villages_per_adviser": 0}
    advising.rules(2, date(2025, 2, 1), **free)
    advising.opens("ROOM-3", GAMMA)
    advising.appointed(CHEN, ALPHA)
    advising.appointed(CHEN, GAMMA, date(2026, 2, 3), date(2026, 12, 31))
    advising.appointed(LI, BETA)
    assert missing(advising, "too_many_villages") == []
    advising.rules(3, date(2026, 1, 1), **RULES)
    # Asked about one district, his village in another one counts as well.
    for division in ("4401", "440104"):
        found = [
            one for one in gaps(advising, division=division) if one.what == "too_many_villages"
        ]
        assert found == [
            Gap(
                what="too_many_villages",
                division=None,
                name="陈律师",
                since=date(2026, 2, 3),
                adviser=CHEN,
                villages=(ALPHA, GAMMA),
                allowed=1,
            )
        ]
    assert missing(advising, "too_many_villages", division=BETA) == []
    assert missing(advising, "too_many_villages", period="2026-01") == []


# --- lectures


def test_a_lecture_counts_for_its_quarter_until_it_is_withdrawn(advising: Advising) -> None:
    advising.served_by_team(ALPHA, BETA)
    lecture = advising.worked("2026-02-28 23:30", {CHEN: 60}, service="lecture")
    advising.worked("2026-02-20 09:00", {CHEN: 60}, village=BETA)
    known = advising.head()
    assert missing(advising, "no_lecture") == [(BETA, OPENED)]
    assert missing(advising, "no_lecture", division=ALPHA, period="2026-01") == [(ALPHA, OPENED)]
    assert missing(advising, "no_lecture", division=ALPHA, period="2026-04") == [
        (ALPHA, date(2026, 3, 1))
    ]
    advising.do(WithdrawWork(reason="误录"), of=lecture, at="2026-03-01 09:00", by=OFFICE)
    assert missing(advising, "no_lecture", division=ALPHA) == [(ALPHA, OPENED)]
    assert missing(advising, "no_lecture", division=ALPHA, position=known) == []


def test_where_only_verified_work_counts_an_unverified_lecture_is_none(
    advising: Advising,
) -> None:
    advising.served_by_team(ALPHA, BETA)
    advising.rules(2, date(2026, 1, 1), **RULES, verified_only=True)
    lecture = advising.worked("2026-02-28 10:00", {CHEN: 60}, service="lecture")
    assert missing(advising, "no_lecture", division=ALPHA) == [(ALPHA, OPENED)]
    advising.do(VerifyWork(), of=lecture, at="2026-03-01 09:00", by=OFFICE)
    assert missing(advising, "no_lecture", division=ALPHA) == []


# --- which villages, which day


def test_villages_are_those_with_a_room_open_at_the_end_of_the_period(advising: Advising) -> None:
    advising.opens("ROOM-3", GAMMA, since=date(2026, 2, 28))
    advising.opens("ROOM-4", ALPHA)
    advising.do(ClosePoint(reason="合并"), of="point:ROOM-2", at="2026-02-28 17:00")
    # Named by the first of its rooms.
    assert [(one.division, one.name) for one in gaps(advising) if one.what == "unchecked"] == [
        (ALPHA, "ROOM-1工作室"),
        (GAMMA, "ROOM-3工作室"),
    ]
    january = [one for one, _ in missing(advising, "unchecked", period="2026-01")]
    assert january == [ALPHA, BETA]
    # A room that opened in a month need not have been checked in the one before.
    quarter = [
        (one.division, one.period)
        for one in gaps(advising, "2026-Q1", division="440104")
        if one.what == "unchecked"
    ]
    assert quarter == [(GAMMA, "2026-02"), (GAMMA, "2026-03")]


def test_a_room_counts_where_it_is_at_the_end_of_the_period(advising: Advising) -> None:
    moved = MovePoint(division=DELTA, division_source="区划调整", valid_from=date(2026, 2, 15))
    before = advising.head()
    advising.do(moved, of="point:ROOM-2", at="2026-02-01 09:00")

    def villages(**asked: Any) -> list[str | None]:
        return [one for one, _ in missing(advising, "unchecked", **asked)]

    assert villages() == [ALPHA, DELTA]
    assert villages(division="440103002") == [DELTA]
    assert villages(period="2026-01") == [ALPHA, BETA]
    assert villages(position=before) == [ALPHA, BETA]


def test_of_a_period_that_runs_only_what_has_begun_is_missing(advising: Advising) -> None:
    position = advising.head()
    (row,) = advising.connection.execute(
        "SELECT recorded_at FROM log_events WHERE notification_id = %s", [position]
    ).fetchall()
    today = china_day(row[0])
    running = missing(advising, "unchecked", period=quarter_of(today), division=ALPHA)
    assert len(running) == (today.month - 1) % 3 + 1
    assert gaps(advising, "2999-Q1") == []
    assert gaps(advising, position=-1) == []


def test_a_village_without_room_is_not_asked_about(advising: Advising) -> None:
    advising.appointed(CHEN, DELTA)
    assert gaps(advising, division=DELTA) == []
