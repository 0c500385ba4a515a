"""Which unit handles a complaint: assignment, signature, return as misrouted, co-handlers."""

import pytest
from msgspec.structs import replace

from domain.aggregates import fold
from domain.complaints import complaint
from domain.complaints.complaint_commands import (
    ClockStandsStill,
    StepNotPossible,
    UnitIsComplainedOf,
)
from domain.complaints.routing import (
    AnswerAsCoHandler,
    AskCoHandler,
    AskReturn,
    AssignComplaint,
    BeginInvestigation,
    CoHandlerAnswered,
    CoHandlerAsked,
    CoHandlerReleased,
    ComplaintAssigned,
    DecideReturn,
    HandlerIsNoCoHandler,
    NotACoHandler,
    NotTheHandler,
    NotTheSender,
    ReassignmentNeedsReason,
    ReleaseCoHandler,
    ReturnAlreadyDenied,
    ReturnApproved,
    ReturnDenied,
    ReturnTooLate,
    SignForComplaint,
)
from domain.jurisdiction import OutsideJurisdiction
from domain.vocabulary import Actor, Command, Event
from tests.complaints import (
    ACCEPTED,
    ANSWER,
    ASSIGN,
    ASSIGNED,
    BEGUN,
    CO_HANDLING,
    HANDLER,
    HELPER,
    OFFICER,
    PAUSED,
    REGISTERED,
    REGISTERED_AGAINST_POINT,
    RETURN,
    RETURNING,
    RULED,
    SECOND_OFFICER,
    SIGNED,
    UNDER_INVESTIGATION,
    given,
    promise,
)
from tests.examples import CALENDAR, CLERK, NOON, OFFICE_DAY, local

TO_STATION = AssignComplaint(unit="STATION-1")
ON_ITS_WAY = (REGISTERED, ACCEPTED, ASSIGNED)
LATER = local("2026-03-04 10:00")

# --- assigning


def test_assigning_keeps_the_senders_promise_and_starts_the_receivers() -> None:
    after = given(REGISTERED, ACCEPTED).when(TO_STATION, by=OFFICER).then(ASSIGNED)
    assert [one.promise for one in after.results if one.kept][-1] == ASSIGN
    assert after.promises == (ANSWER, RETURN)
    assert (after.stage, after.handlers) == ("assigned", ("STATION-1",))


def test_the_receivers_promise_runs_by_the_receivers_own_calendar() -> None:
    weekends = replace(
        CALENDAR, code="gz-daily", workweek=tuple(range(7)), weekday_periods=(OFFICE_DAY,) * 7
    )
    station = replace(RULED.points["STATION-1"], calendar="gz-daily")
    registers = replace(
        RULED,
        points={**RULED.points, "STATION-1": station},
        calendars={**RULED.calendars, "gz-daily": weekends},
    )
    sooner = replace(RETURN, due=local("2026-03-07 18:00"), calendar="gz-daily@1")
    assigned = replace(ASSIGNED, promises=(sooner,))
    history = given(REGISTERED, ACCEPTED, registers=registers)
    history.when(TO_STATION, by=OFFICER).then(assigned)


@pytest.mark.parametrize("unit", ["440103", "STALL-1"])
def test_a_unit_without_a_calendar_has_the_complaints(unit: str) -> None:
    assigned = replace(ASSIGNED, unit=unit)
    given(REGISTERED, ACCEPTED).when(AssignComplaint(unit=unit), by=OFFICER).then(assigned)


def test_a_complaint_is_not_assigned_to_who_has_it() -> None:
    given(*ON_ITS_WAY).when(TO_STATION, by=OFFICER).nothing()


def test_a_complaint_is_reassigned_with_a_reason_and_the_former_clock_stops() -> None:
    history = given(*UNDER_INVESTIGATION[:4])
    history.when(AssignComplaint(unit="440104"), by=OFFICER).refused(ReassignmentNeedsReason)
    moved = ComplaintAssigned(
        unit="440104", by="440103", reason="承办人回避", at=NOON, promises=(RETURN,)
    )
    command = AssignComplaint(unit="440104", reason="承办人回避")
    after = history.when(command, by=OFFICER).then(moved)
    assert (after.stage, after.routing.signed, after.promises) == (
        "assigned",
        False,
        (ANSWER, RETURN),
    )
    assert (after.results[-1].promise, after.results[-1].kept) == (RETURN, False)
    assert not after.results[-1].in_time


def test_a_complaint_is_not_assigned_to_the_point_complained_of() -> None:
    history = given(REGISTERED_AGAINST_POINT, ACCEPTED)
    history.when(AssignComplaint(unit="ROOM-1"), by=OFFICER).refused(UnitIsComplainedOf)


def test_the_point_of_an_adviser_complained_of_may_have_it() -> None:
    history = given(REGISTERED, ACCEPTED)
    command = AssignComplaint(unit="ROOM-1")
    history.when(command, by=OFFICER).then(replace(ASSIGNED, unit="ROOM-1"))


def test_a_complaint_whose_clock_stands_still_is_not_reassigned() -> None:
    command = AssignComplaint(unit="440104", reason="承办人回避")
    history = given(*UNDER_INVESTIGATION, PAUSED)
    history.when(command, by=OFFICER).refused(ClockStandsStill)


def test_a_co_handler_that_is_awaited_is_not_assigned() -> None:
    command = AssignComplaint(unit="STALL-1", reason="改派")
    history = given(*UNDER_INVESTIGATION, CO_HANDLING)
    history.when(command, by=OFFICER).refused(HandlerIsNoCoHandler)


# --- signing for, returning


def test_the_unit_signs_for_it_and_its_time_to_object_runs_on() -> None:
    after = given(*ON_ITS_WAY).when(SignForComplaint(), by=HANDLER).then(SIGNED)
    assert RETURN in after.promises


@pytest.mark.parametrize(
    ("command", "history"),
    [
        (SignForComplaint(), ON_ITS_WAY),
        (AskReturn(reason="不属本站"), ON_ITS_WAY),
        (BeginInvestigation(), (*ON_ITS_WAY, SIGNED)),
        (AskCoHandler(unit="STALL-1", task="核对"), (*ON_ITS_WAY, SIGNED)),
    ],
)
def test_only_the_unit_that_has_it_takes_these_steps(
    command: Command, history: tuple[Event, ...]
) -> None:
    given(*history).when(command, by=CLERK).refused(NotTheHandler)
    given(*history).when(command, by=HELPER).refused(OutsideJurisdiction)


def test_the_sender_records_what_a_unit_outside_does() -> None:
    given(*ON_ITS_WAY).when(SignForComplaint(), by=OFFICER).then(SIGNED)


@pytest.mark.parametrize("history", [ON_ITS_WAY, (*ON_ITS_WAY, SIGNED)])
def test_asking_to_return_it_stops_the_receivers_clock(history: tuple[Event, ...]) -> None:
    after = given(*history).when(AskReturn(reason="不属本站"), by=HANDLER).then(RETURNING)
    assert (after.results[-1].promise, after.results[-1].in_time) == (RETURN, True)
    assert after.promises == (ANSWER,)
    assert after.stage == "returning"


def test_a_return_is_asked_for_within_its_limit() -> None:
    last = given(*ON_ITS_WAY, at=RETURN.due)
    last.when(AskReturn(reason="不属本站"), by=HANDLER).then(replace(RETURNING, at=RETURN.due))
    late = given(*ON_ITS_WAY, at=local("2026-03-09 18:01"))
    late.when(AskReturn(reason="不属本站"), by=HANDLER).refused(ReturnTooLate)


def test_without_a_limit_a_return_may_be_asked_for_at_any_time() -> None:
    history = given(REGISTERED, ACCEPTED, replace(ASSIGNED, promises=()), at=LATER)
    history.when(AskReturn(reason="不属本站"), by=HANDLER).then(replace(RETURNING, at=LATER))


def test_what_is_investigated_is_not_returned() -> None:
    history = given(*UNDER_INVESTIGATION)
    history.when(AskReturn(reason="不属本站"), by=HANDLER).refused(StepNotPossible)


APPROVE = DecideReturn(approved=True, reason="情况属实")
DENY = DecideReturn(approved=False, reason="属于职责范围")
DENIED = ReturnDenied(unit="STATION-1", reason="属于职责范围", at=NOON)


def test_an_approved_return_starts_the_senders_clock_again_and_leaves_the_persons_alone() -> None:
    again = promise("assign", "2026-03-05 18:00", LATER)
    approved = ReturnApproved(unit="STATION-1", reason="情况属实", at=LATER, promises=(again,))
    after = given(*ON_ITS_WAY, RETURNING, at=LATER).when(APPROVE, by=OFFICER).then(approved)
    assert after.promises == (ANSWER, again)
    assert (after.stage, after.routing.unit) == ("accepted", None)


def test_a_returned_complaint_is_assigned_to_another_unit_without_more_ado() -> None:
    approved = ReturnApproved(unit="STATION-1", reason="情况属实", at=NOON, promises=(ASSIGN,))
    history = given(*ON_ITS_WAY, RETURNING, approved)
    command = AssignComplaint(unit="440104")
    after = history.when(command, by=OFFICER).then(replace(ASSIGNED, unit="440104"))
    assert [one.promise.name for one in after.results] == [
        "acknowledge",
        "assign",
        "return",
        "assign",
    ]


@pytest.mark.parametrize(
    ("history", "stage"), [(ON_ITS_WAY, "assigned"), ((*ON_ITS_WAY, SIGNED), "signed")]
)
def test_a_denied_return_leaves_it_where_it_was(history: tuple[Event, ...], stage: str) -> None:
    after = given(*history, RETURNING).when(DENY, by=OFFICER).then(DENIED)
    assert after.stage == stage


def test_what_was_denied_is_not_asked_for_again() -> None:
    history = given(*ON_ITS_WAY, RETURNING, DENIED)
    history.when(AskReturn(reason="不属本站"), by=HANDLER).refused(ReturnAlreadyDenied)


@pytest.mark.parametrize("by", [HANDLER, CLERK])
def test_only_the_sender_decides_on_a_return(by: Actor) -> None:
    given(*ON_ITS_WAY, RETURNING).when(APPROVE, by=by).refused(NotTheSender)


def test_nobody_decides_on_the_return_he_asked_for_himself() -> None:
    asked = replace(RETURNING, asked_by="officer-1")
    given(*ON_ITS_WAY, asked).when(DENY, by=OFFICER).refused(NotTheSender)
    given(*ON_ITS_WAY, asked).when(DENY, by=SECOND_OFFICER).then(DENIED)


# --- investigating, with others


def test_who_begins_to_investigate_no_longer_objects() -> None:
    after = given(*ON_ITS_WAY, SIGNED).when(BeginInvestigation(), by=HANDLER).then(BEGUN)
    assert (after.results[-1].promise, after.results[-1].kept) == (RETURN, True)
    assert after.promises == (ANSWER,)


ASK = AskCoHandler(unit="STALL-1", task="核对值班记录")


def test_another_unit_is_asked_for_an_answer_of_its_own() -> None:
    after = given(*UNDER_INVESTIGATION).when(ASK, by=HANDLER).then(CO_HANDLING)
    assert after.routing.awaited == ("STALL-1",)


def test_a_co_handler_may_be_asked_for_something_else() -> None:
    history = given(*UNDER_INVESTIGATION, CO_HANDLING)
    again = CoHandlerAsked(unit="STALL-1", task="调取录像", at=NOON)
    after = history.when(replace(ASK, task="调取录像"), by=HANDLER).then(again)
    assert after.routing.awaited == ("STALL-1",)


def test_the_handler_is_no_co_handler() -> None:
    command = replace(ASK, unit="STATION-1")
    given(*UNDER_INVESTIGATION).when(command, by=HANDLER).refused(HandlerIsNoCoHandler)


def test_the_point_complained_of_is_no_co_handler() -> None:
    history = given(REGISTERED_AGAINST_POINT, *UNDER_INVESTIGATION[1:])
    history.when(replace(ASK, unit="ROOM-1"), by=HANDLER).refused(UnitIsComplainedOf)


SAY = AnswerAsCoHandler(unit="STALL-1", opinion="当日有人值班")
SAID = CoHandlerAnswered(unit="STALL-1", opinion="当日有人值班", at=NOON)


@pytest.mark.parametrize("by", [HELPER, HANDLER, OFFICER])
def test_a_co_handler_answers_or_its_answer_is_recorded(by: Actor) -> None:
    other = replace(CO_HANDLING, unit="440104")
    after = given(*UNDER_INVESTIGATION, other, CO_HANDLING).when(SAY, by=by).then(SAID)
    assert after.routing.awaited == ("440104",)


def test_no_third_unit_answers_for_a_co_handler() -> None:
    given(*UNDER_INVESTIGATION, CO_HANDLING).when(SAY, by=CLERK).refused(NotTheHandler)


@pytest.mark.parametrize("command", [SAY, ReleaseCoHandler(unit="STALL-1", reason="不需")])
def test_who_was_not_asked_neither_answers_nor_is_released(command: Command) -> None:
    given(*UNDER_INVESTIGATION).when(command, by=HANDLER).refused(NotACoHandler)
    given(*UNDER_INVESTIGATION, CO_HANDLING, SAID).when(command, by=HANDLER).refused(NotACoHandler)


def test_a_co_handler_is_released_with_a_reason() -> None:
    released = CoHandlerReleased(unit="STALL-1", reason="已查清", at=NOON)
    command = ReleaseCoHandler(unit="STALL-1", reason="已查清")
    history = given(*UNDER_INVESTIGATION, CO_HANDLING)
    assert history.when(command, by=HANDLER).then(released).routing.awaited == ()
    history.when(command, by=HELPER).refused(NotTheHandler)


def test_what_is_assigned_anew_keeps_its_co_handlers() -> None:
    moved = ComplaintAssigned(unit="440104", by="440103", reason="改派", at=NOON)
    after = fold(complaint, [*UNDER_INVESTIGATION, CO_HANDLING, moved])
    assert after.routing.awaited == ("STALL-1",)
