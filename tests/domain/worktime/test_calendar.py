"""Working time: what counts, how long it takes, and when a promise is due and why."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from msgspec import structs

from domain.registers.policy import DutyRules
from domain.scoring import duty
from domain.simulation.schedule import SimulatedClock
from domain.worktime.calendar import (
    Calendar,
    CalendarHasNoYear,
    DayKind,
    Holiday,
    MakeupDay,
    OffPeak,
    Pause,
    Period,
    TimeLimit,
    Unit,
    days_between,
    deadline,
    explain_deadline,
    months_after,
    off_peak,
)
from ledger.founding.shipped import shipped_calendars

CHINA = ZoneInfo("Asia/Shanghai")
SHIPPED = {command.calendar.ref: command.calendar for command in shipped_calendars()}
OFFICE, CENTER, ROOM = SHIPPED["gz-office@3"], SHIPPED["gz-center@3"], SHIPPED["gz-room@3"]
BEFORE_EXTENSION, AFTER_EXTENSION = SHIPPED["gz-office@1"], SHIPPED["gz-office@2"]

# Serves through every night, in a zone whose clocks change at 02:00.
NIGHT = Calendar(
    code="night",
    version=1,
    zone="America/New_York",
    announced_at=datetime(2022, 1, 1, tzinfo=UTC),
    weekday_periods=((Period(0, 360), Period(1320, 1440)),) * 7,
    first_year=2022,
    last_year=2024,
)


OUTSIDE = "^holidays, make-up days and provisional years lie in the years$"


def at(text: str, zone: ZoneInfo = CHINA) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


def working_days(amount: int) -> TimeLimit:
    return TimeLimit(amount=amount, unit="working_day")


def due(
    limit: TimeLimit, start: str, calendar: Calendar = OFFICE, pauses: tuple[Pause, ...] = ()
) -> str:
    local = deadline(limit, at(start), calendar, pauses).due.astimezone(CHINA)
    return f"{local:%Y-%m-%d %H:%M}"


# --- days


@pytest.mark.parametrize(
    ("day", "works", "kind", "why"),
    [
        ("2026-10-09", "works", "working", "工作日"),
        ("2026-10-10", "works", "makeup", "调休上班（国庆节）"),
        ("2026-10-11", "rests", "rest_day", "休息日（周日）"),
        ("2026-10-01", "rests", "holiday", "法定节假日（国庆节）"),
        ("2025-10-06", "rests", "holiday", "法定节假日（中秋节）"),
        ("2026-02-14", "works", "makeup", "调休上班（春节）"),
    ],
)
def test_a_day_says_what_it_is(day: str, works: str, kind: DayKind, why: str) -> None:
    on = date.fromisoformat(day)
    assert OFFICE.is_working(on) is (works == "works")
    assert OFFICE.day(on).kind == kind
    assert OFFICE.why(on) == why


@pytest.mark.parametrize(
    ("local_time", "off"),
    [
        ("2026-10-09 08:59", "after_hours"),
        ("2026-10-09 09:00", None),
        ("2026-10-09 11:59", None),
        ("2026-10-09 12:00", "after_hours"),
        ("2026-10-09 17:30", "after_hours"),
        ("2026-10-10 10:00", None),
        ("2026-10-11 10:00", "rest_day"),
        ("2026-10-01 10:00", "holiday"),
        ("2026-10-01 23:00", "holiday"),
        ("2003-01-06 10:00", None),
    ],
)
def test_an_instant_is_off_peak_by_its_day_or_its_hour(local_time: str, off: OffPeak) -> None:
    assert off_peak(OFFICE, at(local_time)) == off
    assert off_peak(None, at(local_time)) is None


def test_no_rule_reads_the_words_of_a_day() -> None:
    """The words are for people: without them every rule decides as before."""
    silent = structs.replace(OFFICE)
    silent.__dict__["_days"] = [day._replace(why="") for day in OFFICE._days]
    assert silent.why(date(2026, 10, 1)) == ""

    def decided(calendar: Calendar, instant: datetime) -> list[object]:
        limits = working_days(3), TimeLimit(amount=20, unit="working_hour")
        return [
            off_peak(calendar, instant),
            duty.off_peak(DutyRules(), calendar, instant),
            SimulatedClock(calendar, 1).weight(calendar.local_day(instant)),
            *(deadline(limit, instant, calendar) for limit in limits),
            *(
                (step.kind, day)
                for limit in limits
                for step in explain_deadline(limit, instant, calendar)
                for day in days_between(step.first, step.last)
            ),
        ]

    for hours in range(0, 300 * 24, 7):
        instant = OFFICE.at(date(2026, 1, 1), 0) + timedelta(hours=hours)
        assert decided(silent, instant) == decided(OFFICE, instant)


def test_serving_on_saturday_does_not_make_saturday_a_working_day() -> None:
    saturday = date(2026, 10, 17)
    assert not ROOM.is_working(saturday)
    assert ROOM.periods(saturday) == (Period(540, 720), Period(870, 1050))
    assert CENTER.periods(saturday) == (Period(540, 720),)


def test_a_holiday_closes_the_saturday_that_a_unit_would_serve() -> None:
    assert ROOM.periods(date(2026, 10, 3)) == ()


def test_a_makeup_day_has_the_periods_of_a_monday() -> None:
    assert CENTER.periods(date(2026, 10, 10)) == CENTER.periods(date(2026, 10, 12))
    assert OFFICE.periods(date(2026, 9, 20)) == (Period(540, 720), Period(840, 1050))


def test_the_local_day_begins_at_local_midnight() -> None:
    assert OFFICE.local_day(datetime(2026, 3, 1, 15, 59, tzinfo=UTC)) == date(2026, 3, 1)
    assert OFFICE.local_day(datetime(2026, 3, 1, 16, 0, tzinfo=UTC)) == date(2026, 3, 2)


@pytest.mark.parametrize("year", [2003, 2028])
def test_a_year_without_data_is_an_error_that_names_calendar_and_year(year: int) -> None:
    new_year = datetime(year, 1, 5, 10, tzinfo=CHINA)
    for ask in (
        lambda: OFFICE.is_working(new_year.date()),
        lambda: OFFICE.minutes_at(new_year),
        lambda: OFFICE.why(new_year.date()),
        lambda: deadline(working_days(1), new_year, OFFICE),
    ):
        with pytest.raises(CalendarHasNoYear, match=rf"gz-office@3.*{year}"):
            ask()


@pytest.mark.parametrize(
    "limit",
    [
        working_days(5),
        TimeLimit(amount=7, unit="calendar_day"),
        TimeLimit(amount=7, unit="calendar_day", rollover=False, ends_at_midnight=True),
        TimeLimit(amount=1, unit="month"),
        TimeLimit(amount=40, unit="working_hour"),
    ],
)
def test_a_deadline_that_would_fall_in_a_year_without_data_is_an_error(limit: TimeLimit) -> None:
    with pytest.raises(CalendarHasNoYear, match="2021"):
        deadline(limit, at("2020-12-30 10:00"), AFTER_EXTENSION)


# --- working minutes


@pytest.mark.parametrize(
    ("calendar", "start", "end", "minutes"),
    [
        (OFFICE, "2026-03-02 09:00", "2026-03-02 17:30", 390),
        (OFFICE, "2026-03-02 11:30", "2026-03-02 14:30", 60),
        (OFFICE, "2026-03-02 12:10", "2026-03-02 13:50", 0),
        (OFFICE, "2026-03-06 17:00", "2026-03-09 09:30", 60),
        (CENTER, "2026-03-06 17:00", "2026-03-09 09:30", 240),
        (ROOM, "2026-03-06 17:00", "2026-03-09 09:30", 420),
        # the make-up Saturday before the Spring Festival, to the first morning after it
        (OFFICE, "2026-02-14 16:59", "2026-02-24 09:01", 32),
        (OFFICE, "2026-02-15 08:00", "2026-02-23 20:00", 0),
        (OFFICE, "2026-03-09 09:30", "2026-03-06 17:00", -60),
    ],
)
def test_working_minutes_count_service_periods_only(
    calendar: Calendar, start: str, end: str, minutes: int
) -> None:
    assert calendar.working_minutes(at(start), at(end)) == minutes


@pytest.mark.parametrize(
    ("start", "end", "minutes"),
    [
        # the night of 2023-03-12 has no 02:00-03:00, that of 2023-11-05 has 01:00-02:00 twice
        ("2023-03-11 12:00", "2023-03-12 12:00", 120 + 300),
        ("2023-11-04 12:00", "2023-11-05 12:00", 120 + 420),
        ("2023-11-11 12:00", "2023-11-12 12:00", 120 + 360),
    ],
)
def test_a_clock_change_lengthens_or_shortens_the_working_night(
    start: str, end: str, minutes: int
) -> None:
    zone = ZoneInfo("America/New_York")
    assert NIGHT.working_minutes(at(start, zone), at(end, zone)) == minutes


def instants(first: str, last: str) -> st.SearchStrategy[datetime]:
    start = datetime.fromisoformat(first).replace(tzinfo=UTC)
    length = datetime.fromisoformat(last).replace(tzinfo=UTC) - start
    return st.integers(0, length // timedelta(seconds=1)).map(
        lambda seconds: start + timedelta(seconds=seconds)
    )


def test_working_minutes_start_with_the_calendars_first_day() -> None:
    assert OFFICE.minutes_at(at("2004-01-01 00:00")) == 0
    assert OFFICE.minutes_at(at("2004-01-02 10:00")) == 60
    with pytest.raises(CalendarHasNoYear, match="2003"):
        OFFICE.minutes_at(at("2003-12-31 23:59"))


def test_a_makeup_day_may_have_the_periods_of_another_weekday() -> None:
    saturday = date(2026, 10, 10)
    short = structs.replace(CENTER, makeup_days=(MakeupDay(saturday, "国庆节", 5),))
    assert short.is_working(saturday)
    assert short.periods(saturday) == (Period(540, 720),)


MOMENTS = instants("2022-01-02", "2024-12-30")
CALENDARS = st.sampled_from([OFFICE, CENTER, ROOM, NIGHT])


@given(CALENDARS, MOMENTS, MOMENTS)
def test_law_working_minutes_never_fall_and_never_outrun_the_clock(
    calendar: Calendar, one: datetime, other: datetime
) -> None:
    start, end = sorted((one, other))
    elapsed = (end - start) // timedelta(minutes=1) + 1
    assert 0 <= calendar.working_minutes(start, end) <= elapsed


@given(CALENDARS, MOMENTS, MOMENTS, MOMENTS)
def test_law_working_minutes_add_up(
    calendar: Calendar, start: datetime, between: datetime, end: datetime
) -> None:
    whole = calendar.working_minutes(start, end)
    assert whole == calendar.working_minutes(start, between) + calendar.working_minutes(
        between, end
    )


@given(st.sampled_from([OFFICE, CENTER, ROOM]), MOMENTS, st.integers(0, 6 * 24 * 60))
def test_law_working_minutes_equal_counting_minute_by_minute(
    calendar: Calendar, start: datetime, length: int
) -> None:
    start = start.replace(second=0, microsecond=0)
    counted = 0
    for minute in range(length):
        local = (start + timedelta(minutes=minute)).astimezone(CHINA)
        of_day = local.hour * 60 + local.minute
        counted += any(
            period.start_minute <= of_day < period.end_minute
            for period in calendar.periods(local.date())
        )
    assert calendar.working_minutes(start, start + timedelta(minutes=length)) == counted


@given(CALENDARS, MOMENTS)
def test_law_the_instant_of_a_working_minute_is_the_first_with_that_count(
    calendar: Calendar, instant: datetime
) -> None:
    minutes = calendar.minutes_at(instant)
    first = calendar.instant_at(minutes)
    assert first <= instant
    assert calendar.minutes_at(first) == minutes
    assert calendar.minutes_at(first - timedelta(minutes=1)) == minutes - 1


# --- deadlines


@pytest.mark.parametrize(
    ("start", "amount", "expected"),
    [
        ("2026-09-24 10:00", 5, "2026-10-09 17:30"),
        ("2026-02-12 10:00", 5, "2026-02-26 17:30"),
        ("2026-09-28 10:00", 15, "2026-10-23 17:30"),
        # National Day 2025: Sunday 28 September is worked, 13 October by the holiday list alone
        ("2025-09-26 16:00", 5, "2025-10-10 17:30"),
        # received on a make-up Saturday a minute before five
        ("2026-02-14 16:59", 1, "2026-02-24 17:30"),
        # received on a day of rest: the first working day is day one
        ("2026-10-04 11:00", 1, "2026-10-08 17:30"),
    ],
)
def test_a_limit_in_working_days_counts_makeup_days_and_skips_holidays(
    start: str, amount: int, expected: str
) -> None:
    assert due(working_days(amount), start) == expected


def test_the_spring_festival_of_2020_moves_the_deadline_once_its_extension_is_known() -> None:
    received = "2020-01-22 10:00"
    assert due(working_days(5), received, BEFORE_EXTENSION) == "2020-02-04 17:30"
    assert due(working_days(5), received, AFTER_EXTENSION) == "2020-02-06 17:30"
    assert due(working_days(5), received, OFFICE) == "2020-02-06 17:30"


@pytest.mark.parametrize(
    ("limit", "start", "expected"),
    [
        (TimeLimit(amount=7, unit="calendar_day"), "2026-03-02 10:00", "2026-03-09 17:30"),
        (TimeLimit(amount=7, unit="calendar_day"), "2026-09-26 10:00", "2026-10-08 17:30"),
        # ends on Saturday 10 October, a make-up day: no roll-over
        (TimeLimit(amount=7, unit="calendar_day"), "2026-10-03 10:00", "2026-10-10 17:30"),
        (
            TimeLimit(amount=7, unit="calendar_day", rollover=False),
            "2026-09-26 10:00",
            "2026-10-04 00:00",
        ),
        (
            TimeLimit(amount=7, unit="calendar_day", ends_at_midnight=True),
            "2026-03-02 10:00",
            "2026-03-10 00:00",
        ),
        (TimeLimit(amount=1, unit="month"), "2026-03-02 10:00", "2026-04-02 17:30"),
        (TimeLimit(amount=1, unit="month"), "2024-01-31 10:00", "2024-02-29 17:30"),
        (TimeLimit(amount=1, unit="month"), "2026-09-05 10:00", "2026-10-08 17:30"),
        (TimeLimit(amount=24, unit="hour"), "2026-10-01 22:15", "2026-10-02 22:15"),
        (TimeLimit(amount=8, unit="working_hour"), "2026-03-02 16:00", "2026-03-03 17:30"),
        # three hours are over when the morning ends, not when the afternoon begins
        (TimeLimit(amount=3, unit="working_hour"), "2026-03-02 09:00", "2026-03-02 12:00"),
        (TimeLimit(amount=1, unit="working_hour"), "2026-02-14 17:00", "2026-02-24 09:30"),
    ],
)
def test_each_unit_of_a_limit_ends_where_the_civil_code_says(
    limit: TimeLimit, start: str, expected: str
) -> None:
    assert due(limit, start) == expected


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        ("2026-01-31", 1, "2026-02-28"),
        ("2024-01-31", 1, "2024-02-29"),
        ("2026-11-30", 1, "2026-12-30"),
        ("2026-12-31", 2, "2027-02-28"),
        ("2026-12-05", 12, "2027-12-05"),
    ],
)
def test_a_month_later_is_the_same_day_or_the_months_last(
    day: str, months: int, expected: str
) -> None:
    assert str(months_after(date.fromisoformat(day), months)) == expected


def test_a_deadline_names_its_calendar_version_and_says_when_it_is_provisional() -> None:
    known = deadline(working_days(5), at("2026-12-01 10:00"), OFFICE)
    assert (known.calendar, known.provisional) == ("gz-office@3", False)
    assert deadline(working_days(5), at("2026-12-28 10:00"), OFFICE).provisional
    assert not deadline(
        TimeLimit(amount=24, unit="hour"), at("2027-03-01 10:00"), OFFICE
    ).provisional
    assert deadline(
        TimeLimit(amount=8, unit="working_hour"), at("2026-12-31 16:00"), OFFICE
    ).provisional


def test_a_deadline_that_only_passes_through_a_forecast_year_is_provisional_too() -> None:
    forecast = structs.replace(OFFICE, provisional_years=(2025,))
    through = TimeLimit(amount=14, unit="month")
    assert deadline(through, at("2024-12-01 10:00"), forecast).provisional
    assert deadline(working_days(5), at("2025-12-30 10:00"), forecast).provisional
    assert not deadline(through, at("2023-10-01 10:00"), forecast).provisional


@pytest.mark.parametrize(
    ("limit", "since", "until", "expected"),
    [
        # 5 working days from Monday 2 March end on the 9th
        (working_days(5), "2026-03-04 10:00", "2026-03-05 10:00", "2026-03-11 17:30"),
        (working_days(5), "2026-03-04 10:00", "2026-03-04 10:30", "2026-03-10 17:30"),
        (working_days(5), "2026-03-07 10:00", "2026-03-08 10:00", "2026-03-09 17:30"),
        # paused on the last day, resumed at night: not due before one full day after
        (working_days(5), "2026-03-09 16:00", "2026-03-12 23:00", "2026-03-13 17:30"),
        (working_days(5), "2026-03-09 17:30", "2026-03-12 23:00", "2026-03-09 17:30"),
        (working_days(5), "2026-03-02 11:00", "2026-03-02 12:00", "2026-03-09 17:30"),
        (working_days(5), "2026-03-04 10:00", "2026-03-05 00:00", "2026-03-10 17:30"),
        (working_days(5), "2026-03-04 10:00", "2026-03-04 10:00", "2026-03-09 17:30"),
        (
            TimeLimit(amount=7, unit="calendar_day"),
            "2026-03-07 10:00",
            "2026-03-08 10:00",
            "2026-03-11 17:30",
        ),
        (
            TimeLimit(amount=1, unit="month"),
            "2026-03-10 10:00",
            "2026-03-19 10:00",
            "2026-04-13 17:30",
        ),
        (
            TimeLimit(amount=24, unit="hour"),
            "2026-03-02 12:00",
            "2026-03-02 15:30",
            "2026-03-03 13:30",
        ),
        (
            TimeLimit(amount=3, unit="working_hour"),
            "2026-03-02 11:00",
            "2026-03-02 15:00",
            "2026-03-02 17:00",
        ),
        (
            TimeLimit(amount=24, unit="hour"),
            "2026-03-02 08:00",
            "2026-03-02 11:00",
            "2026-03-03 11:00",
        ),
    ],
)
def test_a_pause_stops_the_clock(limit: TimeLimit, since: str, until: str, expected: str) -> None:
    pause = Pause(at(since), at(until), "补正材料")
    assert due(limit, "2026-03-02 10:00", OFFICE, (pause,)) == expected


@pytest.mark.parametrize("unit", ["hour", "working_hour", "working_day", "calendar_day"])
def test_overlapping_pauses_count_once_in_any_order(unit: Unit) -> None:
    limit = TimeLimit(amount=5, unit=unit)
    whole = Pause(at("2026-03-02 10:30"), at("2026-03-05 16:00"), "补正材料")
    first = Pause(at("2026-03-02 10:30"), at("2026-03-04 16:00"), "补正材料")
    inside = Pause(at("2026-03-03 10:30"), at("2026-03-03 16:00"), "鉴定")
    second = Pause(at("2026-03-04 09:00"), at("2026-03-05 16:00"), "鉴定")
    start = "2026-03-02 10:00"
    assert due(limit, start, OFFICE, (second, inside, first)) == due(limit, start, OFFICE, (whole,))


def test_a_limit_that_rolls_over_does_not_end_in_a_pause() -> None:
    # 7 days from Saturday 28 February end on Saturday 7 March and roll to Monday the 9th
    limit = TimeLimit(amount=7, unit="calendar_day")
    pause = Pause(at("2026-03-09 09:00"), at("2026-03-10 12:00"), "补正材料")
    assert due(limit, "2026-02-28 10:00", OFFICE, (pause,)) == "2026-03-11 17:30"


def test_an_extension_adds_units_of_the_limit() -> None:
    extended = deadline(working_days(5), at("2026-03-02 10:00"), OFFICE, (), (3, 2))
    assert extended.due == deadline(working_days(10), at("2026-03-02 10:00"), OFFICE).due
    day = TimeLimit(amount=24, unit="hour")
    assert deadline(day, at("2026-03-02 10:00"), OFFICE, (), (24,)).due == at("2026-03-04 10:00")


LIMITS = st.builds(
    TimeLimit,
    amount=st.integers(1, 40),
    unit=st.sampled_from(["hour", "calendar_day", "working_day", "month", "working_hour"]),
    rollover=st.booleans(),
    ends_at_midnight=st.booleans(),
)
STARTS = instants("2010-01-02", "2022-12-30")
PAUSES = st.lists(
    st.builds(
        lambda days, hours: (timedelta(days=days), timedelta(hours=hours)),
        st.floats(-2, 60),
        st.integers(0, 400),
    ),
    max_size=3,
)


def paused_after(start: datetime, pauses: list[tuple[timedelta, timedelta]]) -> tuple[Pause, ...]:
    return tuple(Pause(start + wait, start + wait + length, "补正材料") for wait, length in pauses)


@given(LIMITS, STARTS, PAUSES)
def test_law_a_pause_never_brings_a_deadline_forward_and_none_ends_in_a_pause(
    limit: TimeLimit, start: datetime, pauses: list[tuple[timedelta, timedelta]]
) -> None:
    plain = deadline(limit, start, OFFICE).due
    all_pauses = paused_after(start, pauses)
    paused = deadline(limit, start, OFFICE, all_pauses).due
    assert paused >= plain > start - timedelta(minutes=1)
    assert not any(pause.since < paused < pause.until for pause in all_pauses)


@given(LIMITS, STARTS, PAUSES)
def test_law_a_limit_in_working_days_never_ends_on_a_day_of_rest(
    limit: TimeLimit, start: datetime, pauses: list[tuple[timedelta, timedelta]]
) -> None:
    assume(
        limit.unit == "working_day" or (limit.rollover and limit.unit in ("month", "calendar_day"))
    )
    answer = deadline(limit, start, OFFICE, paused_after(start, pauses))
    assert OFFICE.is_working(OFFICE.local_day(answer.due - timedelta(minutes=1)))


@given(st.integers(1, 40), STARTS)
def test_law_a_limit_in_working_days_spans_exactly_so_many(amount: int, start: datetime) -> None:
    last = OFFICE.local_day(deadline(working_days(amount), start, OFFICE).due)
    first = OFFICE.local_day(start)
    days = range(first.toordinal() + 1, last.toordinal() + 1)
    assert sum(OFFICE.is_working(date.fromordinal(day)) for day in days) == amount


@given(LIMITS, STARTS, STARTS)
def test_law_what_starts_later_is_not_due_earlier(
    limit: TimeLimit, one: datetime, other: datetime
) -> None:
    start, later = sorted((one, other))
    assert deadline(limit, start, OFFICE).due <= deadline(limit, later, OFFICE).due


# --- explanations


def explained(limit: TimeLimit, start: str, *pauses: Pause) -> list[str]:
    return [
        f"{step.first:%m-%d}..{step.last:%m-%d} {step.text}"
        for step in explain_deadline(limit, at(start), OFFICE, pauses)
    ]


def test_a_deadline_explains_every_day_it_did_not_count() -> None:
    limit = TimeLimit(amount=5, unit="working_day", basis="某办法第三条", example=True)
    pause = Pause(at("2025-09-29 10:00"), at("2025-09-30 09:00"), "补正材料")
    assert explained(limit, "2025-09-26 16:00", pause) == [
        "09-26..09-26 起算：2025-09-26 16:00（当日不计入）",
        "09-26..09-26 期限：5个工作日，依据：某办法第三条（示例）",
        "09-27..09-27 不计入：休息日（周六）",
        "09-28..09-28 计入：调休上班（国庆节）",
        "09-29..09-30 暂停：补正材料",
        "10-01..10-05 不计入：法定节假日（国庆节）",
        "10-06..10-06 不计入：法定节假日（中秋节）",
        "10-07..10-08 不计入：法定节假日（国庆节）",
        "10-11..10-11 计入：调休上班（国庆节）",
        "10-12..10-12 不计入：休息日（周日）",
        "09-26..10-13 日历：gz-office@3",
        "10-13..10-13 届满：2025-10-13 17:30",
    ]


def test_a_roll_over_is_explained_and_counted_days_of_rest_are_not() -> None:
    limit = TimeLimit(amount=7, unit="calendar_day")
    assert explained(limit, "2026-09-26 10:00")[2:-2] == ["10-03..10-07 顺延：法定节假日（国庆节）"]


def test_extension_provisional_year_and_midnight_are_explained() -> None:
    limit = TimeLimit(amount=2, unit="calendar_day", ends_at_midnight=True)
    texts = [
        step.text for step in explain_deadline(limit, at("2026-12-31 10:00"), OFFICE, (), (3,))
    ]
    assert texts[2] == "延期：3日"
    assert texts[-2] == "日历：gz-office@3（含未公布放假安排的年度，暂定）"
    assert texts[-1] == "届满：2027-01-05 24:00"


def test_a_limit_in_hours_explains_that_it_starts_at_once_and_closed_days() -> None:
    pause = Pause(at("2026-03-06 16:30"), at("2026-03-06 17:00"), "补正材料")
    assert explained(TimeLimit(amount=2, unit="working_hour"), "2026-03-06 16:00", pause) == [
        "03-06..03-06 起算：2026-03-06 16:00（即时起算）",
        "03-06..03-06 期限：2个工作小时",
        "03-06..03-06 暂停：补正材料",
        "03-07..03-07 不计入：休息日（周六）",
        "03-08..03-08 不计入：休息日（周日）",
        "03-06..03-09 日历：gz-office@3",
        "03-09..03-09 届满：2026-03-09 10:00",
    ]


def test_a_pause_before_the_start_or_after_the_due_instant_explains_nothing() -> None:
    before = Pause(at("2026-03-02 08:00"), at("2026-03-02 09:30"), "补正材料")
    after = Pause(at("2026-03-02 12:00"), at("2026-03-02 13:00"), "补正材料")
    limit = TimeLimit(amount=2, unit="hour")
    steps = explain_deadline(limit, at("2026-03-02 10:00"), OFFICE, (before, after))
    assert [step.kind for step in steps] == ["start", "rule", "calendar", "due"]


def test_every_step_of_an_explanation_says_of_what_kind_it_is_and_which_days_it_is_about() -> None:
    limit = TimeLimit(amount=10, unit="calendar_day", rollover=True)
    start, last = date(2025, 9, 26), date(2025, 10, 9)
    steps = explain_deadline(limit, at("2025-09-26 16:00"), OFFICE, (), (2,))
    assert [(step.kind, step.first, step.last) for step in steps] == [
        ("start", start, start),
        ("rule", start, start),
        ("extended", start, start),
        # The twelfth day is 8 October, the last one of the holiday.
        ("rolled", date(2025, 10, 8), date(2025, 10, 8)),
        ("calendar", start, last),
        ("due", last, last),
    ]


@pytest.mark.parametrize("unit", ["working_day", "working_hour"])
def test_a_makeup_day_that_counts_and_rest_days_that_do_not_are_told_apart(unit: Unit) -> None:
    limit = TimeLimit(amount=3 if unit == "working_day" else 17, unit=unit)
    steps = explain_deadline(limit, at("2025-09-26 16:00"), OFFICE)
    assert [(step.kind, step.first, step.last) for step in steps[2:-2]] == [
        ("skipped", date(2025, 9, 27), date(2025, 9, 27)),
        ("makeup", date(2025, 9, 28), date(2025, 9, 28)),
    ]


def test_a_pause_that_ended_when_the_clock_began_explains_nothing() -> None:
    before = Pause(at("2026-03-02 09:00"), at("2026-03-02 10:00"), "补正材料")
    steps = explain_deadline(
        TimeLimit(amount=2, unit="hour"), at("2026-03-02 10:00"), OFFICE, (before,)
    )
    assert [step.kind for step in steps] == ["start", "rule", "calendar", "due"]


def test_a_deadline_at_the_midnight_that_ends_a_friday_skips_no_saturday() -> None:
    limit = TimeLimit(amount=1, unit="working_day", ends_at_midnight=True)
    steps = explain_deadline(limit, at("2026-03-05 10:00"), OFFICE)
    assert [step.kind for step in steps] == ["start", "rule", "calendar", "due"]
    assert steps[-1].text == "届满：2026-03-06 24:00"


def test_working_hours_served_on_a_saturday_are_not_explained_away() -> None:
    limit = TimeLimit(amount=2, unit="working_hour")
    steps = explain_deadline(limit, at("2026-03-06 16:30"), ROOM)
    assert [step.kind for step in steps] == ["start", "rule", "calendar", "due"]
    assert steps[-1].text == "届满：2026-03-07 10:00"


@given(LIMITS, STARTS, PAUSES)
def test_law_an_explanation_ends_with_the_deadline_it_explains(
    limit: TimeLimit, start: datetime, pauses: list[tuple[timedelta, timedelta]]
) -> None:
    all_pauses = paused_after(start, pauses)
    answer = deadline(limit, start, OFFICE, all_pauses)
    steps = explain_deadline(limit, start, OFFICE, all_pauses)
    assert (steps[0].kind, steps[-1].kind) == ("start", "due")
    assert steps[-1].last == OFFICE.local_day(answer.due - timedelta(minutes=1))
    if limit.unit == "working_day":
        told = {
            date.fromordinal(day)
            for step in steps
            if step.kind in ("skipped", "paused")
            for day in range(step.first.toordinal(), step.last.toordinal() + 1)
        }
        span = (steps[-1].last - steps[0].first).days
        assert span - len(told) == limit.amount


# --- data


def test_a_calendar_is_the_same_after_being_written_and_read() -> None:
    for calendar in SHIPPED.values():
        stored = msgspec.json.encode(calendar)
        assert msgspec.json.decode(stored, type=Calendar) == calendar


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"zone": "Asia/Canton City"}, "unknown time zone Asia/Canton City"),
        ({"first_year": 2030}, "^a calendar has a version from 1 and at least one year$"),
        ({"version": 0}, "^a calendar has a version from 1 and at least one year$"),
        ({"announced_at": datetime.fromisoformat("2026-01-01")}, "^announced_at needs an offset$"),
        (
            {"weekday_periods": ((Period(540, 720), Period(700, 900)),) * 7},
            "^periods of a day follow one another$",
        ),
        ({"workweek": (0, 7)}, r"^weekdays are 0 \(Monday\) to 6 \(Sunday\)$"),
        (
            {"holidays": (Holiday(date(2026, 1, 2), date(2026, 1, 1), "元旦"),)},
            "^a holiday ends after it begins$",
        ),
        ({"holidays": (Holiday(date(2027, 12, 31), date(2028, 1, 1), "元旦"),)}, OUTSIDE),
        ({"makeup_days": (MakeupDay(date(2028, 1, 2), "元旦"),)}, OUTSIDE),
        (
            {"makeup_days": (MakeupDay(date(2026, 1, 4), "元旦", 7),)},
            r"^weekdays are 0 \(Monday\) to 6 \(Sunday\)$",
        ),
        ({"provisional_years": (2030,)}, OUTSIDE),
    ],
)
def test_a_calendar_that_contradicts_itself_is_not_one(wrong: dict[str, object], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        structs.replace(OFFICE, **wrong)


@pytest.mark.parametrize("wrong", ["extensions_max", "extension_amount_max"])
def test_a_limit_is_not_extended_by_less_than_nothing(wrong: str) -> None:
    with pytest.raises(ValueError, match="time limit"):
        structs.replace(working_days(1), **{wrong: -1})


@pytest.mark.parametrize(("first", "last"), [(720, 720), (720, 540), (-1, 60), (600, 1441)])
def test_a_period_lies_within_one_day(first: int, last: int) -> None:
    with pytest.raises(ValueError, match="period"):
        Period(first, last)


def test_a_period_may_be_the_whole_day() -> None:
    whole = Period(0, 1440)
    assert (whole.start_minute, whole.end_minute) == (0, 1440)


def test_a_year_without_data_is_named_with_its_calendar() -> None:
    with pytest.raises(CalendarHasNoYear, match=f"{OFFICE.ref} 没有 2035 年") as refused:
        OFFICE.day(date(2035, 1, 1))
    assert (refused.value.calendar, refused.value.year) == (OFFICE.ref, 2035)


def test_a_limit_has_a_length_and_a_pause_an_order() -> None:
    with pytest.raises(ValueError, match=r"^a time limit is at least one unit long$"):
        TimeLimit(amount=0, unit="hour")
    with pytest.raises(ValueError, match=r"^a pause ends after it begins$"):
        Pause(at("2026-03-02 11:00"), at("2026-03-02 10:00"), "补正材料")


def test_a_clock_reading_without_a_zone_is_refused() -> None:
    with pytest.raises(TypeError):
        OFFICE.minutes_at(datetime.fromisoformat("2026-03-02 10:00"))
