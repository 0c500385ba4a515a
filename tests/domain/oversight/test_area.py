"""Areas of leaders: one leader at a time answers for a division, from day to day."""

from datetime import date

from msgspec.structs import replace

from domain.aggregates import fold
from domain.moment import DivisionWrittenLonger
from domain.oversight import area
from domain.oversight.area import (
    AreaAssigned,
    AreaHasLater,
    AreaNotAssigned,
    AreaReleased,
    AreaUnknown,
    AssignArea,
    ReleaseArea,
    ReleasedBeforeAssigned,
    area_stream,
)
from domain.vocabulary import Actor
from tests.examples import NOON
from tests.spec import given

BUREAU = Actor(account="bureau-1", role="supervisor", unit="4401")
SINCE = date(2026, 1, 1)
ASSIGN = AssignArea(division="440103", leader="leader-1", since=SINCE, basis="局务会议")
ASSIGNED = AreaAssigned(division="440103", leader="leader-1", since=SINCE, basis="局务会议")
RELEASE = ReleaseArea(until=date(2026, 4, 1), reason="工作调整")
RELEASED = AreaReleased(leader="leader-1", until=date(2026, 4, 1), reason="工作调整")


def test_a_leader_answers_for_a_division_from_a_day_on() -> None:
    given(at=NOON).when(ASSIGN, by=BUREAU).then(ASSIGNED)
    given(ASSIGNED).when(ASSIGN, by=BUREAU).nothing()
    given(ASSIGNED).when(replace(ASSIGN, since=date(2026, 2, 1)), by=BUREAU).nothing()
    longer = replace(ASSIGN, division="440103000")
    given(at=NOON).when(longer, by=BUREAU).refused(DivisionWrittenLonger)


def test_a_successor_ends_the_term_before_him() -> None:
    next_one = replace(ASSIGN, leader="leader-2", since=date(2026, 3, 1))
    told = replace(ASSIGNED, leader="leader-2", since=date(2026, 3, 1))
    state = given(ASSIGNED).when(next_one, by=BUREAU).then(told)
    assert [(one.leader, one.until) for one in state.tenures] == [
        ("leader-1", date(2026, 3, 1)),
        ("leader-2", None),
    ]
    assert not state.tenures[0].covers(date(2026, 3, 1))
    assert state.tenures[1].covers(date(2026, 3, 1))


def test_nobody_begins_before_what_is_known() -> None:
    early = replace(ASSIGN, leader="leader-2", since=SINCE)
    given(ASSIGNED).when(early, by=BUREAU).refused(AreaHasLater)
    within = replace(ASSIGN, leader="leader-2", since=date(2026, 3, 1))
    given(ASSIGNED, RELEASED).when(within, by=BUREAU).refused(AreaHasLater)
    after = replace(ASSIGN, since=date(2026, 4, 1))
    given(ASSIGNED, RELEASED).when(after, by=BUREAU).then(replace(ASSIGNED, since=date(2026, 4, 1)))


def test_an_area_is_released_once_and_not_before_it_was_assigned() -> None:
    given(ASSIGNED).when(RELEASE, by=BUREAU).then(RELEASED)
    given(ASSIGNED, RELEASED).when(RELEASE, by=BUREAU).refused(AreaNotAssigned)
    early = replace(RELEASE, until=SINCE)
    given(ASSIGNED).when(early, by=BUREAU).refused(ReleasedBeforeAssigned)
    given().when(RELEASE, by=BUREAU).refused(AreaUnknown)
    assert fold(area, [ASSIGNED, RELEASED]).now is None


def test_each_division_has_a_stream() -> None:
    assert area_stream("440103") != area_stream("440104")
