"""The board of complaints: whose turn it is, what is due, what is found; and who sees nothing."""

from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from msgspec.structs import replace

from domain.complaints.record import (
    ComplaintReclassified,
    ComplaintSupervised,
    ComplaintVoided,
    DissatisfactionSettled,
    ObjectNamed,
    Recused,
    ReworkOrdered,
    SameMatterLinked,
)
from domain.complaints.routing import CoHandlerAnswered
from domain.vocabulary import Actor, Event, ExternalId
from projections.asking.asking import Cursor, fetch
from projections.complaints import complaints
from projections.complaints.complaints import BoardAsked, ComplaintFilters, ComplaintRow, Counts
from tests.complaints import (
    ACCEPTED,
    AGAINST_POINT,
    ANSWER,
    ANSWERED,
    ASSIGNED,
    BEGUN,
    CO_HANDLING,
    COMPLAINT,
    DISSATISFIED,
    GRIEVANCE,
    NOTED,
    OFFICER,
    OTHER,
    PAUSED,
    REGISTERED,
    REVIEWING,
    SATISFIED,
    SIGNED,
    UNDER_INVESTIGATION,
    WITH_ANSWER,
    WITH_CLOSE,
    promise,
)
from tests.examples import LAWYER, NOON, STATION_CLERK, local
from tests.projections.viewing import NOW, Given, Happening, Viewing

AHEAD: Final = timedelta(days=1)
THIRD: Final = UUID("00000000-0000-4000-8000-000000000013")
READER: Final = Actor(account="reader-1", role="auditor", unit="4401")
HANDLER: Final = replace(STATION_CLERK, account="handler-1")


def told(*events: Event, of: UUID = COMPLAINT) -> list[Happening]:
    return [Happening(one, getattr(one, "at", NOON), of, OFFICER) for one in events]


def about(**changes: Any) -> Event:
    return replace(REGISTERED, grievance=replace(GRIEVANCE, **changes))


def listed(
    viewing: Viewing,
    *,
    by: Actor = READER,
    now: datetime = NOW,
    position: int | None = None,
    after: Cursor | None = None,
    limit: int = 100,
    **filters: Any,
) -> list[ComplaintRow]:
    asked = BoardAsked(by=by, position=position or viewing.head, now=now, head=position is None)
    page = complaints.page(asked, ComplaintFilters(**filters), limit=limit, after=after)
    return fetch(viewing.connection, page)


def streams(viewing: Viewing, **asked: Any) -> list[UUID]:
    return [row.stream for row in listed(viewing, **asked)]


def chips(viewing: Viewing, *, by: Actor = READER, now: datetime = NOW, **filters: Any) -> Counts:
    asked = BoardAsked(by=by, position=viewing.head, now=now, head=True)
    counted = complaints.counts(asked, ComplaintFilters(**filters), now + AHEAD)
    return fetch(viewing.connection, counted)[0]


# --- what it shows


def test_a_complaint_is_shown_with_whose_turn_it_is_and_what_is_due_next(given: Given) -> None:
    viewing = given(*told(*UNDER_INVESTIGATION))
    (row,) = listed(viewing)
    assert (row.stream, row.number, row.version_position) == (COMPLAINT, 2, 6)
    assert (row.subject, row.channel, row.concern) == ("态度生硬", "counter", "attitude")
    assert (row.stage, row.unit, row.registered, row.round) == (
        "investigating",
        "STATION-1",
        True,
        1,
    )
    assert (row.due, row.due_name, row.overdue) == (ANSWER.due, "answer", False)
    assert (row.day, row.division, row.point) == (date(2026, 3, 2), "440103001001", "ROOM-1")
    assert (row.adviser, row.anonymous, row.finished_day) == ("A-1", False, None)


def test_a_dissatisfaction_is_on_the_board_until_it_is_settled(given: Given) -> None:
    viewing = given(*told(NOTED))
    (row,) = listed(viewing, open=True)
    assert (row.stage, row.registered, row.due) == ("noted", False, None)
    settled = DissatisfactionSettled(measure="当场道歉", at=NOON)
    viewing.given(*told(settled))
    assert streams(viewing, open=True) == []
    (row,) = listed(viewing)
    assert (row.stage, row.finished_day) == ("settled", date(2026, 3, 2))


def test_nothing_is_due_while_the_clock_stands_still(given: Given) -> None:
    viewing = given(*told(*UNDER_INVESTIGATION, PAUSED))
    (row,) = listed(viewing, now=local("2026-05-01 09:00"))
    assert (row.paused, row.due, row.overdue) == (True, None, False)
    assert chips(viewing, now=local("2026-05-01 09:00")).overdue == 0


def test_nothing_is_due_while_it_is_a_consultation(given: Given) -> None:
    asked = ComplaintReclassified(
        from_kind="complaint",
        to_kind="consultation",
        reason="属于咨询",
        approved_by="officer-1",
        role="supervisor",
        at=NOON,
    )
    viewing = given(*told(REGISTERED, asked))
    (row,) = listed(viewing)
    assert (row.kind, row.stage, row.reclassified) == ("consultation", "consultation", 1)
    assert (row.due, row.overdue) == (None, False)


def test_an_answer_stays_beside_the_round_that_follows_it(given: Given) -> None:
    again = promise("answer", "2026-04-10 18:00", NOON, round=2)
    rework = ReworkOrdered(reason="投诉人不满意", at=NOON, promises=(again,))
    viewing = given(*told(*WITH_ANSWER, DISSATISFIED, rework))
    (row,) = listed(viewing)
    assert (row.round, row.answers, row.outcome) == (2, 1, "supported")
    assert (row.justified, row.resolved, row.satisfied) == (True, False, None)
    assert row.due == again.due
    before = listed(viewing, position=viewing.head - 1)
    assert (before[0].round, before[0].satisfied) == (1, False)


def test_a_promise_kept_late_is_counted(given: Given) -> None:
    late = replace(ANSWERED, at=local("2026-03-30 09:00"))
    viewing = given(*told(*UNDER_INVESTIGATION, late))
    assert listed(viewing)[0].late_promises == 1


# --- filters


def test_mine_is_what_waits_for_my_unit_and_co_handled_what_others_asked_of_it(
    given: Given,
) -> None:
    viewing = given(
        *told(*UNDER_INVESTIGATION, CO_HANDLING),
        *told(about(subject="收费"), of=OTHER),
    )
    helper = replace(HANDLER, account="helper-1", unit="STALL-1")
    assert streams(viewing, by=HANDLER, turn="mine") == [COMPLAINT]
    assert streams(viewing, by=OFFICER, turn="mine") == [OTHER]
    assert streams(viewing, by=helper, turn="co_handled") == [COMPLAINT]
    assert streams(viewing, by=helper, turn="mine") == []
    answered = CoHandlerAnswered(unit="STALL-1", opinion="记录无误", at=NOON)
    viewing.given(*told(answered))
    assert streams(viewing, by=helper, turn="co_handled") == []
    assert streams(viewing, text="记录无误") == [COMPLAINT]


def test_a_review_is_the_reviewers_turn(given: Given) -> None:
    viewing = given(*told(*WITH_CLOSE, REVIEWING))
    assert streams(viewing, by=READER, turn="mine", open=True) == [COMPLAINT]
    assert listed(viewing)[0].due_name == "review"


def test_overdue_and_approaching_are_apart(given: Given) -> None:
    viewing = given(*told(REGISTERED), *told(*UNDER_INVESTIGATION, of=OTHER))
    acknowledged_by = local("2026-03-03 18:00")
    for now, overdue, approaching in (
        (acknowledged_by - timedelta(days=2), 0, 0),
        (acknowledged_by - timedelta(hours=1), 0, 1),
        (acknowledged_by, 0, 1),
        (acknowledged_by + timedelta(seconds=1), 1, 0),
        (ANSWER.due + timedelta(days=1), 2, 0),
    ):
        found = chips(viewing, now=now)
        assert (found.overdue, found.approaching) == (overdue, approaching), now
        assert len(streams(viewing, now=now, due_before=now)) == overdue
        near = {"due_from": now, "due_before": now + AHEAD}
        assert len(streams(viewing, now=now, **near)) == approaching


def test_the_board_is_narrowed_by_what_a_complaint_is_about(given: Given) -> None:
    viewing = given(
        *told(about(channel="hotline_12345", work_order="GZ-2026-1", concern="fees")),
        *told(about(point="STALL-1", external=ExternalId("12345", "X-9"), adviser=None), of=OTHER),
        *told(NOTED, of=THIRD),
        *told(ComplaintSupervised(level="city", by="4401", demand="限期办结"), of=THIRD),
    )
    for filters, found in (
        ({"channel": "hotline_12345"}, [COMPLAINT]),
        ({"work_order": "GZ-2026-1"}, [COMPLAINT]),
        ({"concern": "fees"}, [COMPLAINT]),
        ({"external_id": "X-9"}, [OTHER]),
        ({"point": "STALL-1"}, [OTHER]),
        ({"adviser": "A-1"}, [COMPLAINT, THIRD]),
        ({"registered": False}, [THIRD]),
        ({"supervised": True}, [THIRD]),
        ({"stage": "registered"}, [COMPLAINT, OTHER]),
        ({"division": "440103"}, [COMPLAINT, OTHER, THIRD]),
        ({"division": "4402"}, []),
        ({"from_": date(2026, 3, 3)}, []),
        ({"to": date(2026, 3, 3)}, [COMPLAINT, OTHER, THIRD]),
        ({"unit": "440103"}, [COMPLAINT, OTHER, THIRD]),
    ):
        assert sorted(streams(viewing, **filters)) == found, filters


def test_a_complaint_is_found_by_what_anybody_said_in_it(given: Given) -> None:
    viewing = given(
        *told(*WITH_ANSWER), *told(about(subject="等候太久", complainant=None), of=OTHER)
    )
    assert streams(viewing, text="批评教育") == [COMPLAINT]
    assert streams(viewing, text="李某 道歉") == [COMPLAINT]
    assert streams(viewing, text="138 0000") == [COMPLAINT]
    assert streams(viewing, text="久") == [OTHER]
    assert streams(viewing, text="没有说过") == []
    # What was said later was not known then.
    assert streams(viewing, text="批评教育", position=2) == []


def test_pages_follow_one_another_by_due_and_those_without_come_last(given: Given) -> None:
    viewing = given(
        *told(*UNDER_INVESTIGATION), *told(REGISTERED, of=OTHER), *told(NOTED, of=THIRD)
    )
    whole = streams(viewing)
    assert whole == [OTHER, COMPLAINT, THIRD]
    found: list[UUID] = []
    after: Cursor | None = None
    for _ in whole:
        (row,) = listed(viewing, limit=1, after=after)
        found.append(row.stream)
        after = complaints.cursor_of(row, "due")
    assert found == whole
    assert listed(viewing, limit=1, after=after) == []
    later = replace(REGISTERED, at=NOON)
    viewing.given(*told(later, of=UUID(int=9)))
    newest = listed(viewing, order="received", limit=1)
    assert newest[0].stream == UUID(int=9)
    after = complaints.cursor_of(newest[0], "received")
    assert len(listed(viewing, order="received", after=after)) == 3


def test_a_void_complaint_leaves_the_board(given: Given) -> None:
    viewing = given(*told(REGISTERED, ComplaintVoided(reason="误录", at=NOON)))
    assert streams(viewing) == []
    assert chips(viewing).open == 0
    assert streams(viewing, position=viewing.head - 1) == [COMPLAINT]


def test_a_link_to_the_same_matter_is_shown(given: Given) -> None:
    viewing = given(
        *told(REGISTERED),
        *told(REGISTERED, SameMatterLinked(other=COMPLAINT, reason="同"), of=OTHER),
    )
    assert {row.stream: row.same_matter for row in listed(viewing)} == {
        COMPLAINT: [],
        OTHER: [COMPLAINT],
    }


# --- who sees none of it


def test_the_one_complained_of_sees_no_row_and_is_told_how_many_are_hidden(given: Given) -> None:
    viewing = given(*told(REGISTERED), *told(about(adviser="A-2"), of=OTHER))
    assert streams(viewing, by=LAWYER) == [OTHER]
    found = chips(viewing, by=LAWYER)
    assert (found.open, found.hidden) == (1, 1)
    assert chips(viewing).hidden == 0
    # Not even by asking for the very one: a filter does not tell what the hidden ones are about.
    assert streams(viewing, by=LAWYER, text="态度生硬", adviser="A-1") == []
    probes: tuple[dict[str, Any], ...] = (
        {"adviser": "A-1"}, {"adviser": "A-3"}, {"text": "态度"}, {"text": "虚构"},
    )  # fmt: skip
    for probe in probes:
        assert chips(viewing, by=LAWYER, **probe).hidden == 1


def test_a_point_complained_of_settles_a_dissatisfaction_but_does_not_see_a_complaint(
    given: Given,
) -> None:
    clerk = Actor(account="clerk-9", role="duty_officer", unit="ROOM-1")
    viewing = given(*told(replace(NOTED, grievance=AGAINST_POINT)))
    assert streams(viewing, by=clerk) == [COMPLAINT]
    viewing.given(*told(replace(REGISTERED, grievance=AGAINST_POINT)))
    assert streams(viewing, by=clerk) == []
    assert streams(viewing, by=replace(clerk, role="citizen")) == [COMPLAINT]


def test_who_is_named_later_or_steps_aside_does_not_see_what_was_known_before_either(
    given: Given,
) -> None:
    named = ObjectNamed(adviser="A-1", reason="核实后更正")
    aside = Recused(account=OFFICER.account, declared=True, reason="亲属")
    viewing = given(*told(about(adviser=None, account="somebody"), named, aside))
    for actor in (LAWYER, OFFICER):
        for position in (None, viewing.head, 2):
            assert streams(viewing, by=actor, position=position) == []
    assert streams(viewing, position=2) == [COMPLAINT]


def test_hidden_streams_are_those_that_the_board_leaves_out(given: Given) -> None:
    viewing = given(*told(REGISTERED), *told(about(adviser=None, account="x"), of=OTHER))
    hidden = fetch(viewing.connection, complaints.hidden_streams(LAWYER))
    assert [one.stream for one in hidden] == [COMPLAINT]
    everybody = {*streams(viewing)}
    assert everybody - {one.stream for one in hidden} == {*streams(viewing, by=LAWYER)}


def test_steps_of_routing_hand_the_turn_on(given: Given) -> None:
    viewing = given(*told(REGISTERED, ACCEPTED))
    assert listed(viewing)[0].unit == "440103"
    viewing.given(*told(ASSIGNED, SIGNED, BEGUN))
    assert listed(viewing)[0].unit == "STATION-1"
    viewing.given(*told(ANSWERED, SATISFIED))
    assert (listed(viewing)[0].satisfied, listed(viewing)[0].due) == (True, None)
