"""When a service point is open, by its calendar."""

from datetime import date

from msgspec.structs import replace

from domain.worktime.calendar import Calendar, Holiday, MakeupDay, Period
from domain.worktime.opening import Hours, hours_of
from tests.examples import CALENDAR, local

DAY = (Period(540, 720), Period(840, 1050))
OFFICE: Calendar = replace(
    CALENDAR,
    weekday_periods=(DAY, DAY, DAY, DAY, DAY, (), ()),
    first_year=2026,
    last_year=2026,
    holidays=(Holiday(date(2026, 10, 1), date(2026, 10, 7), "国庆节"),),
    makeup_days=(MakeupDay(date(2026, 10, 10), "国庆节"),),
)


def at(when: str) -> Hours:
    found = hours_of(OFFICE, local(when))
    assert found is not None
    return found


def test_a_point_is_open_from_the_first_minute_of_a_period_to_before_its_last() -> None:
    # 2026-02-10 is a Tuesday.
    assert at("2026-02-10 08:59").opens_at == local("2026-02-10 09:00")
    assert at("2026-02-10 09:00").until == local("2026-02-10 12:00")
    assert at("2026-02-10 12:00").opens_at == local("2026-02-10 14:00")
    assert at("2026-02-10 17:29").open_now
    evening = at("2026-02-10 17:30")
    assert (evening.open_now, evening.until) == (False, None)
    assert evening.opens_at == local("2026-02-11 09:00")


def test_a_holiday_is_closed_and_a_day_made_up_is_open() -> None:
    off = at("2026-10-02 10:00")
    assert (off.open_now, off.today, off.today_is) == (False, (), "holiday")
    assert off.opens_at == local("2026-10-08 09:00")
    makeup = at("2026-10-10 10:00")
    assert (makeup.open_now, makeup.today_is, makeup.today) == (True, "makeup", DAY)
    assert "国庆节" in makeup.why


def test_periods_that_meet_are_one_stretch() -> None:
    whole = (Period(540, 720), Period(720, 1050))
    calendar = replace(OFFICE, weekday_periods=(whole,) * 7)
    found = hours_of(calendar, local("2026-02-10 11:00"))
    assert found is not None
    assert found.until == local("2026-02-10 17:30")


def test_of_a_year_without_its_days_off_nothing_is_said() -> None:
    assert hours_of(OFFICE, local("2027-01-04 10:00")) is None
    assert at("2026-12-31 18:00").opens_at is None
