"""The duty roster: who sits at which window, entered by himself or a leader."""

from datetime import date, timedelta

import pytest

from domain.aggregates import fold
from domain.moment import HappensInFuture
from domain.registers.point import PointUnknown
from domain.requests import roster
from domain.requests.roster import (
    BeforeItWasTaken,
    LeaveWindow,
    NotThatDay,
    OfficerSitsElsewhere,
    RosterUnknown,
    TakenByAnother,
    TakeWindow,
    WindowIsTaken,
    WindowLeft,
    WindowNotTaken,
    WindowTaken,
    roster_stream,
)
from domain.vocabulary import Actor
from tests.examples import COLLEAGUE, EVENING, MORNING, NOON
from tests.spec import given

DAY = date(2026, 3, 2)
TAKE = TakeWindow(point="ROOM-1", day=DAY, window="W1", officer="clerk-1", session="desk")
TAKEN = WindowTaken(
    point="ROOM-1", day=DAY, window="W1", officer="clerk-1", taken_at=NOON, session="desk"
)
LEFT = WindowLeft(window="W1", officer="clerk-1", left_at=EVENING)
LEADER = Actor(account="leader-1", role="supervisor", unit="440103")


def test_an_officer_sits_down_at_a_window_and_where_he_works_is_kept() -> None:
    given(at=NOON).when(TAKE).then(TAKEN)
    given(TAKEN).when(TAKE).nothing()


def test_a_leader_enters_it_for_another_without_a_session() -> None:
    given(at=NOON).when(TAKE, by=COLLEAGUE).refused(TakenByAnother)
    entered = WindowTaken(point="ROOM-1", day=DAY, window="W1", officer="clerk-1", taken_at=NOON)
    given(at=NOON).when(TAKE, by=LEADER).then(entered)


def test_a_window_has_one_officer_and_an_officer_one_window() -> None:
    other = TakeWindow(point="ROOM-1", day=DAY, window="W1", officer="clerk-2")
    given(TAKEN).when(other, by=COLLEAGUE).refused(WindowIsTaken)
    elsewhere = TakeWindow(point="ROOM-1", day=DAY, window="W2", officer="clerk-1")
    given(TAKEN).when(elsewhere).refused(OfficerSitsElsewhere)


def test_a_roster_is_of_one_day_and_a_known_point() -> None:
    given(at=NOON + timedelta(days=1)).when(TAKE).refused(NotThatDay)
    nowhere = TakeWindow(point="ROOM-9", day=DAY, window="W1", officer="clerk-1")
    given(at=NOON).when(nowhere).refused(PointUnknown)
    given(at=NOON, now=MORNING).when(TAKE).refused(HappensInFuture)


def test_who_leaves_must_have_come() -> None:
    given(TAKEN, at=EVENING).when(LeaveWindow(window="W1")).then(LEFT)
    given(TAKEN, at=EVENING).when(LeaveWindow(window="W1"), by=COLLEAGUE).refused(TakenByAnother)
    given(TAKEN).when(LeaveWindow(window="W2")).refused(WindowNotTaken)
    given().when(LeaveWindow(window="W1")).refused(RosterUnknown)


@pytest.mark.parametrize("events", [(TAKEN,), (TAKEN, LEFT)])
def test_nothing_is_entered_before_what_is_known(events: tuple[WindowTaken, ...]) -> None:
    early = given(*events, at=MORNING)
    if len(events) == 1:
        early.when(LeaveWindow(window="W1")).refused(BeforeItWasTaken)
    else:
        early.when(TAKE).refused(BeforeItWasTaken)


def test_who_was_on_duty_then() -> None:
    known = fold(roster, [TAKEN, LEFT])
    assert known.on_duty("W1", NOON) == "clerk-1"
    assert known.on_duty("W1", MORNING) is known.on_duty("W1", EVENING) is None
    assert known.on_duty("W2", NOON) is None
    assert known.sessions_of({"clerk-1"}) == ("desk",)
    assert known.sessions_of({"clerk-2"}) == ()


def test_each_point_and_day_has_a_stream() -> None:
    assert roster_stream("ROOM-1", DAY) == roster_stream("ROOM-1", "2026-03-02")
    assert roster_stream("ROOM-1", DAY) != roster_stream("ROOM-2", DAY)
