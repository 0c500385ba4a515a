"""Joint conferences: who met, what was decided, and what became of it."""

from datetime import date

import pytest
from msgspec.structs import replace

from domain.coordination.conference import (
    ConferenceExists,
    ConferenceHeld,
    ConferenceInFuture,
    ConferenceUnknown,
    DecisionDone,
    DecisionDropped,
    DecisionNotDone,
    DecisionNotOpen,
    DecisionPostponed,
    DecisionReopened,
    DecisionTaken,
    DecisionUnknown,
    Department,
    DepartmentTwice,
    DoneAtAnImpossibleTime,
    DropDecision,
    DueBeforeConference,
    HoldConference,
    NotPostponed,
    NotTheConvener,
    PostponeDecision,
    ReopenDecision,
    ReportDecisionDone,
    TakeDecision,
)
from domain.jurisdiction import OutsideJurisdiction
from domain.vocabulary import Actor, Command
from tests.examples import local
from tests.spec import given

CITY = Actor(account="b-1", role="supervisor", unit="4401")
DISTRICT = Actor(account="b-2", role="supervisor", unit="440103")
LABOUR = Actor(account="l-1", role="duty_officer", unit="labour-1")
ORGAN = Department(name="市人力资源和社会保障局", code="labour-1")
HOLD = HoldConference(
    division="4401", day=date(2026, 3, 2), subject="一季度联席会议", agenda=("欠薪",),
    attending=(Department(name="市司法局"), ORGAN), absent=(Department(name="市信访局"),),
)  # fmt: skip
HELD = ConferenceHeld(
    division="4401", day=date(2026, 3, 2), subject="一季度联席会议", agenda=("欠薪",),
    attending=(Department(name="市司法局"), ORGAN), absent=(Department(name="市信访局"),),
)  # fmt: skip
TAKE = TakeDecision(text="派员驻点", responsible=ORGAN, due=date(2026, 3, 31))
TAKEN = DecisionTaken(number=1, text="派员驻点", responsible=ORGAN, due=date(2026, 3, 31))
NEXT_DAY = local("2026-03-03 10:00")
REPORT = ReportDecisionDone(number=1, done_on=date(2026, 3, 3), result="已派员")
DONE = DecisionDone(number=1, done_on=date(2026, 3, 3), result="已派员")
POSTPONE = PostponeDecision(number=1, due=date(2026, 4, 30), reason="人员未到位")
DROP = DropDecision(number=1, reason="另有安排")
REOPEN = ReopenDecision(number=1, reason="人员又撤回")
DROPPED = DecisionDropped(number=1, reason="另有安排")


def test_a_conference_is_entered_by_who_convened_it() -> None:
    given().when(HOLD, by=CITY).then(HELD)
    given().when(HOLD, by=DISTRICT).refused(OutsideJurisdiction)
    given(HELD).when(HOLD, by=CITY).refused(ConferenceExists)


def test_a_conference_is_entered_when_it_was_held_with_each_organ_once() -> None:
    given().when(replace(HOLD, day=date(2026, 3, 3)), by=CITY).refused(ConferenceInFuture)
    given().when(replace(HOLD, absent=(ORGAN,)), by=CITY).refused(DepartmentTwice)


@pytest.mark.parametrize("command", [TAKE, REPORT, POSTPONE, DROP, REOPEN])
def test_without_a_conference_nothing_was_decided(command: Command) -> None:
    given(at=NEXT_DAY).when(command, by=CITY).refused(ConferenceUnknown)


def test_a_decision_has_a_unit_and_a_day() -> None:
    (decision,) = given(HELD).when(TAKE, by=CITY).then(TAKEN).decisions
    assert (decision.status, decision.due) == ("open", date(2026, 3, 31))
    given(HELD, TAKEN).when(TAKE, by=CITY).nothing()
    given(HELD).when(TAKE, by=DISTRICT).refused(OutsideJurisdiction)
    past = replace(TAKE, due=date(2026, 3, 1))
    given(HELD).when(past, by=CITY).refused(DueBeforeConference)


@pytest.mark.parametrize("by", [CITY, LABOUR])
def test_the_responsible_unit_or_the_convener_reports_it_done(by: Actor) -> None:
    (decision,) = given(HELD, TAKEN, at=NEXT_DAY).when(REPORT, by=by).then(DONE).decisions
    assert (decision.status, decision.result) == ("done", "已派员")
    given(HELD, TAKEN, DONE, at=NEXT_DAY).when(REPORT, by=by).nothing()


def test_others_do_not_report_it_and_only_the_convener_changes_it() -> None:
    given(HELD, TAKEN, at=NEXT_DAY).when(REPORT, by=DISTRICT).refused(OutsideJurisdiction)
    for command in (POSTPONE, DROP):
        given(HELD, TAKEN, at=NEXT_DAY).when(command, by=LABOUR).refused(NotTheConvener)


@pytest.mark.parametrize("day", [date(2026, 3, 1), date(2026, 3, 4)])
def test_it_is_not_done_before_the_conference_or_after_today(day: date) -> None:
    done = replace(REPORT, done_on=day)
    given(HELD, TAKEN, at=NEXT_DAY).when(done, by=CITY).refused(DoneAtAnImpossibleTime)


def test_a_decision_is_postponed_to_a_later_day_only() -> None:
    postponed = DecisionPostponed(number=1, due=date(2026, 4, 30), reason="人员未到位")
    (decision,) = given(HELD, TAKEN).when(POSTPONE, by=CITY).then(postponed).decisions
    assert decision.due == date(2026, 4, 30)
    sooner = replace(POSTPONE, due=date(2026, 3, 31))
    given(HELD, TAKEN).when(sooner, by=CITY).refused(NotPostponed)


def test_what_is_done_or_dropped_is_not_changed_unless_it_is_open_again() -> None:
    for after in (DONE, DROPPED):
        for command in (POSTPONE, DROP):
            given(HELD, TAKEN, after, at=NEXT_DAY).when(command, by=CITY).refused(DecisionNotOpen)
    other = replace(REPORT, result="已派两人")
    given(HELD, TAKEN, DONE, at=NEXT_DAY).when(other, by=CITY).refused(DecisionNotOpen)
    given(HELD, TAKEN).when(DROP, by=CITY).then(DROPPED)
    reopened = DecisionReopened(number=1, reason="人员又撤回")
    (decision,) = (
        given(HELD, TAKEN, DONE, at=NEXT_DAY).when(REOPEN, by=CITY).then(reopened).decisions
    )
    assert (decision.status, decision.done_on) == ("open", None)
    given(HELD, TAKEN).when(REOPEN, by=CITY).refused(DecisionNotDone)


def test_a_decision_that_was_not_taken_is_named() -> None:
    given(HELD, TAKEN).when(replace(DROP, number=2), by=CITY).refused(DecisionUnknown)
