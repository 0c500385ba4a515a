"""The rules about time that all commands share."""

from datetime import date, timedelta

import pytest

from domain.moment import CLOCK_SKEW, HappensInFuture, Moment, local_day, not_in_future
from domain.registers import point
from domain.registers.point import Point
from tests.examples import CLERK, NOON, OPENED, REGISTERS, STALL, local


def moment(ahead: timedelta) -> Moment:
    return Moment(by=CLERK, occurred_at=NOON + ahead, now=NOON, registers=REGISTERS)


@pytest.mark.parametrize("ahead", [timedelta(days=-400), timedelta(0), CLOCK_SKEW])
def test_what_happened_by_now_may_be_entered_also_by_a_clock_that_is_a_little_fast(
    ahead: timedelta,
) -> None:
    not_in_future(moment(ahead))


def test_what_has_not_happened_yet_may_not_be_entered() -> None:
    with pytest.raises(HappensInFuture):
        not_in_future(moment(CLOCK_SKEW + timedelta(microseconds=1)))


@pytest.mark.parametrize("opened", [OPENED, STALL])
def test_a_point_has_the_day_of_its_own_zone_with_a_calendar_or_without(
    opened: point.PointOpened,
) -> None:
    of: Point = point.evolve(None, opened)
    assert local_day(of, moment(timedelta(0)), local("2026-03-02 00:00")) == date(2026, 3, 2)
    assert local_day(of, moment(timedelta(0)), local("2026-03-01 23:59")) == date(2026, 3, 1)
