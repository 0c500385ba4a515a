"""The shipped days of China, compared day by day with two packages made by others."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import chinese_calendar
import holidays
import pytest
from msgspec import structs

from domain.worktime.calendar import Calendar, TimeLimit, deadline
from ledger.founding.shipped import shipped_calendars

NEWEST = {command.calendar.code: command.calendar for command in shipped_calendars()}
OFFICE = NEWEST["gz-office"]
BY_VERSION = {
    command.calendar.version: command.calendar
    for command in shipped_calendars()
    if command.calendar.code == "gz-office"
}
YEARS = range(2004, 2027)
# 国办发明电〔2005〕35号: 31 December 2005, a Saturday, is worked. chinesecalendar lacks it.
MISSING_IN_CHINESE_CALENDAR = {date(2005, 12, 31)}


def days(first: date, last: date) -> Iterator[date]:
    for ordinal in range(first.toordinal(), last.toordinal() + 1):
        yield date.fromordinal(ordinal)


@pytest.mark.parametrize("year", YEARS)
def test_every_day_agrees_with_chinesecalendar(year: int) -> None:
    differ = {
        day
        for day in days(date(year, 1, 1), date(year, 12, 31))
        if OFFICE.is_working(day) != chinese_calendar.is_workday(day)
    }
    assert differ == {day for day in MISSING_IN_CHINESE_CALENDAR if day.year == year}


@pytest.mark.parametrize("year", YEARS)
def test_every_day_agrees_with_holidays(year: int) -> None:
    china = holidays.country_holidays("CN", years=year)
    for day in days(date(year, 1, 1), date(year, 12, 31)):
        assert OFFICE.is_working(day) == china.is_working_day(day), day


def test_the_forecast_year_is_provisional_and_has_the_statutory_days_only() -> None:
    assert OFFICE.provisional_years == (2027,)
    china = holidays.country_holidays("CN", years=2027)
    for day in days(date(2027, 1, 1), date(2027, 12, 31)):
        assert OFFICE.is_working(day) == china.is_working_day(day), day
    assert not [makeup for makeup in OFFICE.makeup_days if makeup.day.year == 2027]


def test_the_makeup_days_of_2026_are_those_of_the_notice() -> None:
    assert [str(makeup.day)[5:] for makeup in OFFICE.makeup_days if makeup.day.year == 2026] == [
        "01-04",
        "02-14",
        "02-28",
        "05-09",
        "09-20",
        "10-10",
    ]


def test_the_extension_of_2020_changed_31_january_and_1_february_only() -> None:
    before, after = BY_VERSION[1], BY_VERSION[2]
    changed = {
        (str(day), before.why(day), after.why(day))
        for day in days(date(2004, 1, 1), date(2020, 12, 31))
        if before.is_working(day) != after.is_working(day)
    }
    assert changed == {
        ("2020-01-31", "工作日", "法定节假日（春节）"),
        ("2020-02-01", "调休上班（春节）", "法定节假日（春节）"),
    }


def test_each_edition_is_one_notice_and_a_version_of_every_calendar() -> None:
    versions = {
        (command.calendar.code, command.calendar.version) for command in shipped_calendars()
    }
    assert versions == {
        (code, version) for code in ("gz-office", "gz-center", "gz-room") for version in (1, 2, 3)
    }
    assert all(
        command.calendar.example and command.calendar.basis for command in shipped_calendars()
    )


def test_no_makeup_day_is_a_holiday_and_none_falls_on_a_weekday() -> None:
    for makeup in OFFICE.makeup_days:
        assert makeup.day.weekday() > 4
        assert not any(holiday.first <= makeup.day <= holiday.last for holiday in OFFICE.holidays)


def by_holiday_list_alone(calendar: Calendar) -> Calendar:
    return structs.replace(calendar, makeup_days=())


@pytest.mark.parametrize("year", range(2020, 2027))
def test_without_makeup_days_every_eighth_deadline_would_be_wrong(year: int) -> None:
    limit, naive = TimeLimit(amount=5, unit="working_day"), by_holiday_list_alone(OFFICE)
    starts = [datetime(year, 1, 1, 2, tzinfo=UTC) + timedelta(days=day) for day in range(340)]
    wrong = [
        start
        for start in starts
        if deadline(limit, start, OFFICE).due != deadline(limit, start, naive).due
    ]
    assert 40 <= len(wrong) <= 63
