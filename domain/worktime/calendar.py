"""Working time: calendars with make-up days (调休) and service periods, time limits, deadlines.

Days are local days of the calendar's zone, instants are aware, minutes are whole (rounded down).
"""

from bisect import bisect_left, bisect_right
from calendar import monthrange
from collections.abc import Container, Iterator, Mapping, Sequence
from datetime import MAXYEAR, UTC, date, datetime, time, timedelta
from functools import cached_property
from itertools import pairwise
from typing import ClassVar, Final, Literal, NamedTuple
from zoneinfo import ZoneInfo

from msgspec import Struct, structs

from domain.codes import Code
from domain.vocabulary import Minutes, Refused

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
MINUTE: Final = timedelta(minutes=1)
ONE_DAY: Final = timedelta(days=1)
DAY_MINUTES: Final = 24 * 60
DAYS_OF_WEEK: Final = "一二三四五六日"

DayKind = Literal["working", "rest_day", "holiday", "makeup"]
"""`makeup`: a day of rest made a working day (调休)."""
OffPeak = Literal["holiday", "rest_day", "after_hours"]


class CalendarHasNoYear(Refused):
    """工作日历没有该年度的数据，请先发布该年度的放假调休安排。"""

    def __init__(self, calendar: str, year: int) -> None:
        super().__init__(
            f"工作日历 {calendar} 没有 {year} 年的数据，请先发布该年度的放假调休安排。"
        )
        self.calendar = calendar
        self.year = year


class Period(Struct, frozen=True, array_like=True):
    """A service period of a local day, in minutes after its midnight: 09:00-12:00 is (540, 720)."""

    KEY: ClassVar = None

    start_minute: Minutes
    end_minute: Minutes

    def __post_init__(self) -> None:
        if not 0 <= self.start_minute < self.end_minute <= DAY_MINUTES:
            raise ValueError(f"not a period of one day: {self.start_minute}-{self.end_minute}")


Periods = tuple[Period, ...]


class Holiday(Struct, frozen=True, array_like=True):
    """Days off in a row, both ends included, with the weekend days among them."""

    KEY: ClassVar = None

    first: date
    last: date
    name: str


class MakeupDay(Struct, frozen=True, array_like=True):
    """A day of rest made a working day (调休), with the periods of `weekday` (0 = Monday)."""

    KEY: ClassVar = None

    day: date
    name: str
    weekday: int = 0


class Days(NamedTuple):
    """Both ends included."""

    first: date
    last: date


class Day(NamedTuple):
    """One day: `working` = 工作日 of the law; `periods` = when the unit serves."""

    kind: DayKind
    periods: Periods
    """When the unit serves."""
    why: str
    """The kind in words, for people."""

    @property
    def working(self) -> bool:
        """Tell whether it is a working day (工作日) of the law."""
        return self.kind in ("working", "makeup")


class _Clock(NamedTuple):
    """All service periods in a row; `begins`, `ends` and `starts` in minutes since 1970 UTC."""

    begins: int
    ends: int
    starts: list[int]
    lengths: list[int]
    before: list[int]
    after: list[int]


class Calendar(Struct, frozen=True, kw_only=True, dict=True, omit_defaults=True):
    """Working time of a unit in one version, for the years `first_year` to `last_year`.

    `workweek` says which weekdays are working days of the law (工作日); `weekday_periods` (Monday
    first) says when the unit serves. A room that serves on Saturday does not make it a 工作日.
    `announced_at` is when the notice was made: the known-at axis. A provisional year is a forecast.
    """

    KEY: ClassVar = ("version",)

    code: Code
    version: int
    zone: str
    announced_at: datetime
    weekday_periods: tuple[Periods, Periods, Periods, Periods, Periods, Periods, Periods]
    first_year: int
    last_year: int
    workweek: tuple[int, ...] = (0, 1, 2, 3, 4)
    holidays: tuple[Holiday, ...] = ()
    makeup_days: tuple[MakeupDay, ...] = ()
    provisional_years: tuple[int, ...] = ()
    basis: str = ""
    example: bool = False

    def __post_init__(self) -> None:
        if self.version < 1 or self.first_year > self.last_year:
            raise ValueError("a calendar has a version from 1 and at least one year")
        if self.announced_at.tzinfo is None:
            raise ValueError("announced_at needs an offset")
        for periods in self.weekday_periods:
            if any(one.end_minute > next_.start_minute for one, next_ in pairwise(periods)):
                raise ValueError("periods of a day follow one another")
        if not set(self.workweek) | {m.weekday for m in self.makeup_days} <= set(range(7)):
            raise ValueError("weekdays are 0 (Monday) to 6 (Sunday)")
        if any(holiday.first > holiday.last for holiday in self.holidays):
            raise ValueError("a holiday ends after it begins")
        named = {day.year for off in self.holidays for day in (off.first, off.last)}
        named |= {makeup.day.year for makeup in self.makeup_days} | set(self.provisional_years)
        if not named <= set(self.years):
            raise ValueError("holidays, make-up days and provisional years lie in the years")
        try:
            ZoneInfo(self.zone)
        except (OSError, ValueError, KeyError) as unknown:
            raise ValueError(f"unknown time zone {self.zone}") from unknown

    @cached_property
    def ref(self) -> str:
        return f"{self.code}@{self.version}"

    @property
    def years(self) -> range:
        return range(self.first_year, self.last_year + 1)

    def is_working(self, day: date) -> bool:
        """Return whether the day is a working day (工作日) of the law."""
        return self.day(day).working

    def is_provisional(self, first: date, last: date) -> bool:
        """Return whether the stretch touches a year whose notice is not out yet."""
        return any(first.year <= year <= last.year for year in self.provisional_years)

    def periods(self, day: date) -> Periods:
        """Return the day's service periods, after holidays and make-up days; () means closed."""
        return self.day(day).periods

    def why(self, day: date) -> str:
        """The day in words: 工作日, 休息日（周六）, 法定节假日（春节）, 调休上班（春节）."""
        return self.day(day).why

    def day(self, day: date) -> Day:
        index = day.toordinal() - self._first_ordinal
        if not 0 <= index < len(self._days):
            raise CalendarHasNoYear(self.ref, day.year)
        return self._days[index]

    def wall(self, instant: datetime) -> datetime:
        """The instant as the clock on the wall shows it."""
        return instant.astimezone(self._zone)

    def local_day(self, instant: datetime) -> date:
        return instant.astimezone(self._zone).date()

    def at(self, day: date, minute: int) -> datetime:
        """The instant (UTC) of a minute of the local day; 1440 is the midnight that ends it."""
        wall = datetime.combine(day, time(0), self._zone) + timedelta(minutes=minute)
        return wall.astimezone(UTC)

    def minutes_at(self, instant: datetime) -> int:
        """Working minutes from the calendar's first day to the instant; it never falls."""
        minute = (instant - EPOCH) // MINUTE
        clock = self._clock
        if not clock.begins <= minute <= clock.ends:
            raise CalendarHasNoYear(self.ref, self.local_day(instant).year)
        index = bisect_right(clock.starts, minute) - 1
        if index < 0:
            return 0
        worked = minute - clock.starts[index]
        length = clock.lengths[index]
        return clock.before[index] + min(worked, length)

    def instant_at(self, minutes: int) -> datetime:
        """The first instant at which that many working minutes are over."""
        clock = self._clock
        index = bisect_left(clock.after, minutes)
        if index == len(clock.after):
            raise CalendarHasNoYear(self.ref, self.last_year + 1)
        return EPOCH + (clock.starts[index] + minutes - clock.before[index]) * MINUTE

    def working_minutes(self, start: datetime, end: datetime) -> int:
        """Working minutes between two instants; negative when `end` is the earlier one."""
        return self.minutes_at(end) - self.minutes_at(start)

    @cached_property
    def _zone(self) -> ZoneInfo:
        return ZoneInfo(self.zone)

    @cached_property
    def _first_ordinal(self) -> int:
        return date(self.first_year, 1, 1).toordinal()

    @cached_property
    def _deadlines(self) -> "dict[tuple[TimeLimit, date], tuple[datetime, bool]]":
        return {}

    @cached_property
    def _days(self) -> list[Day]:
        week = [
            Day("working", periods, "工作日")
            if weekday in self.workweek
            else Day("rest_day", periods, f"休息日（周{DAYS_OF_WEEK[weekday]}）")
            for weekday, periods in enumerate(self.weekday_periods)
        ]
        first, last = date(self.first_year, 1, 1), date(self.last_year, 12, 31)
        days = [week[day.weekday()] for day in days_between(first, last)]
        for holiday in self.holidays:
            off = Day("holiday", (), f"法定节假日（{holiday.name}）")
            for day in days_between(holiday.first, holiday.last):
                days[day.toordinal() - self._first_ordinal] = off
        for makeup in self.makeup_days:
            days[makeup.day.toordinal() - self._first_ordinal] = Day(
                "makeup", self.weekday_periods[makeup.weekday], f"调休上班（{makeup.name}）"
            )
        return days

    @cached_property
    def _clock(self) -> _Clock:
        first = date(self.first_year, 1, 1)
        midnight = (self.at(first, 0) - EPOCH) // MINUTE
        clock = _Clock(midnight, 0, [], [], [], [])
        total = 0
        for index, day in enumerate(self._days):
            here = first + index * ONE_DAY
            next_midnight = (self.at(here, DAY_MINUTES) - EPOCH) // MINUTE
            for period in day.periods:
                start, end = midnight + period.start_minute, midnight + period.end_minute
                if next_midnight - midnight != DAY_MINUTES:  # a clock change within this day
                    start = (self.at(here, period.start_minute) - EPOCH) // MINUTE
                    end = max(start, (self.at(here, period.end_minute) - EPOCH) // MINUTE)
                clock.starts.append(start)
                clock.lengths.append(end - start)
                clock.before.append(total)
                total += end - start
                clock.after.append(total)
            midnight = next_midnight
        return clock._replace(ends=midnight)


def off_peak(calendar: Calendar | None, instant: datetime) -> OffPeak | None:
    """Classify an instant outside the unit's service time: a day of rest, or an hour not served.

    None when within service time, without a calendar, or where it has no such year."""
    if calendar is None:
        return None
    wall = calendar.wall(instant)
    try:
        day = calendar.day(wall.date())
    except CalendarHasNoYear:
        return None
    if day.kind in ("holiday", "rest_day"):
        return day.kind
    minute = wall.hour * 60 + wall.minute
    served = any(one.start_minute <= minute < one.end_minute for one in day.periods)
    return None if served else "after_hours"


def days_between(first: date, last: date) -> Iterator[date]:
    """Yield every day from first to last, both included; none if last is earlier."""
    for ordinal in range(first.toordinal(), last.toordinal() + 1):
        yield date.fromordinal(ordinal)


Unit = Literal["hour", "calendar_day", "working_day", "month", "working_hour"]
UNIT_NAMES: Final[dict[Unit, str]] = {
    "hour": "小时",
    "calendar_day": "日",
    "working_day": "个工作日",
    "month": "个月",
    "working_hour": "个工作小时",
}
CLOCK_UNITS: Final = ("hour", "working_hour")


class TimeLimit(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The length of a promise, as a rule gives it (Civil Code art. 200-203).

    Days and months: the starting day is not counted, and the last day ends at the unit's close of
    business, or at 24:00 with `ends_at_midnight` or when the unit is closed that day. With
    `rollover` such a limit that would end on a day of rest ends on the next working day. Hours
    start at once. An extension (`extensions_max` times, each at most `extension_amount_max` of the
    same unit) is approved by the role `extension_approver`.
    """

    amount: int
    unit: Unit
    rollover: bool = True
    ends_at_midnight: bool = False
    extensions_max: int = 0
    extension_amount_max: int = 0
    extension_approver: str | None = None
    basis: str = ""
    example: bool = False

    def __post_init__(self) -> None:
        if self.amount < 1 or self.extensions_max < 0 or self.extension_amount_max < 0:
            raise ValueError("a time limit is at least one unit long")

    def in_words(self) -> str:
        return f"{self.amount}{UNIT_NAMES[self.unit]}"


class Pause(Struct, frozen=True):
    """The clock stood still from `since` to `until`. While a pause still runs nothing is due."""

    KEY: ClassVar = None

    since: datetime
    until: datetime
    why: str

    def __post_init__(self) -> None:
        if self.since > self.until:
            raise ValueError("a pause ends after it begins")


class Deadline(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A deadline (UTC) with its calendar version; provisional means by a forecast year."""

    due: datetime
    calendar: str
    limit: TimeLimit
    start: datetime
    provisional: bool = False


StepKind = Literal[
    "start", "rule", "extended", "skipped", "makeup", "paused", "rolled", "calendar", "due"
]


class Step(Struct, frozen=True, kw_only=True):
    """A line of the explanation of a deadline; `text` is for people."""

    KEY: ClassVar = None

    kind: StepKind
    first: date
    last: date
    text: str


def deadline(
    limit: TimeLimit,
    start: datetime,
    calendar: Calendar,
    pauses: Sequence[Pause] = (),
    extended_by: Sequence[int] = (),
) -> Deadline:
    """Compute the deadline of a limit; `extended_by` lists the extensions granted, in its unit.

    A pause stops the clock. For limits in hours and working hours, the (working) time inside the
    pause is not counted. For limits in days and months no day that the pause touches is counted,
    its first and last day included: a resumed clock never runs out on the day it resumes. A pause
    that begins when the promise is already due changes nothing. Pauses may overlap, in any order.

    Raises: CalendarHasNoYear — when a day that decides the answer lies in a year without data.
    """
    if limit.unit in CLOCK_UNITS:
        due = _due_by_the_clock(limit, start, calendar, pauses, extended_by)
        guess = limit.unit == "working_hour" and calendar.is_provisional(
            calendar.local_day(start), calendar.local_day(due)
        )
    else:
        key = (limit, calendar.local_day(start))
        if pauses or extended_by:
            due, guess = _due_by_days(limit, key[1], calendar, pauses, extended_by)
        elif (known := calendar._deadlines.get(key)) is not None:
            due, guess = known
        else:
            due, guess = calendar._deadlines[key] = _due_by_days(limit, key[1], calendar)
    return Deadline(due=due, calendar=calendar.ref, limit=limit, start=start, provisional=guess)


def _due_by_the_clock(
    limit: TimeLimit,
    start: datetime,
    calendar: Calendar,
    pauses: Sequence[Pause],
    extended_by: Sequence[int],
) -> datetime:
    hours = limit.amount + sum(extended_by)
    resumed = start
    if limit.unit == "hour":
        due = start.astimezone(UTC) + timedelta(hours=hours)
        for pause in sorted(pauses, key=lambda pause: pause.since):
            if pause.since < due and pause.until > resumed:
                due += pause.until - max(pause.since, resumed)
                resumed = pause.until
        return due
    minutes = calendar.minutes_at(start) + hours * 60
    for pause in sorted(pauses, key=lambda pause: pause.since):
        if pause.since < calendar.instant_at(minutes) and pause.until > resumed:
            minutes += calendar.working_minutes(max(pause.since, resumed), pause.until)
            resumed = pause.until
    return calendar.instant_at(minutes)


def _due_by_days(
    limit: TimeLimit,
    start: date,
    calendar: Calendar,
    pauses: Sequence[Pause] = (),
    extended_by: Sequence[int] = (),
) -> tuple[datetime, bool]:
    amount = limit.amount + sum(extended_by)
    paused: set[date] = set()
    last = _last_day(limit, amount, start, calendar, paused)
    due = _close_of(last, limit, calendar)
    for pause in sorted(pauses, key=lambda pause: pause.since):
        if pause.since < due:
            paused.update(_days_of(pause, calendar))
            last = _last_day(limit, amount, start, calendar, paused)
            due = _close_of(last, limit, calendar)
    return due, calendar.is_provisional(start, last)


def _last_day(
    limit: TimeLimit, amount: int, start: date, calendar: Calendar, paused: Container[date]
) -> date:
    left = (months_after(start, amount) - start).days if limit.unit == "month" else amount
    by_working_day = limit.unit == "working_day"
    day = start
    while left:
        day += ONE_DAY
        if day not in paused and (not by_working_day or calendar.is_working(day)):
            left -= 1
    while limit.rollover and (day in paused or not calendar.is_working(day)):
        day += ONE_DAY
    return day


def _close_of(day: date, limit: TimeLimit, calendar: Calendar) -> datetime:
    periods = calendar.periods(day)
    open_until = DAY_MINUTES if limit.ends_at_midnight or not periods else periods[-1].end_minute
    return calendar.at(day, open_until)


def _days_of(pause: Pause, calendar: Calendar) -> Iterator[date]:
    if pause.since == pause.until:
        return iter(())
    until = pause.until - timedelta(microseconds=1)
    return days_between(calendar.local_day(pause.since), calendar.local_day(until))


def months_after(day: date, months: int) -> date:
    """Return the same day of a later month, or its last where it has no such day (art. 202).

    What would lie beyond the last day there is, is that day.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if year > MAXYEAR:
        return date.max
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def explain_deadline(
    limit: TimeLimit,
    start: datetime,
    calendar: Calendar,
    pauses: Sequence[Pause] = (),
    extended_by: Sequence[int] = (),
) -> tuple[Step, ...]:
    """Explain a result of `deadline`: start, rule, days not counted and why, calendar, due."""
    answer = deadline(limit, start, calendar, pauses, extended_by)
    first, last = calendar.local_day(start), calendar.local_day(answer.due - MINUTE)
    begun = "即时起算" if limit.unit in CLOCK_UNITS else "当日不计入"
    steps = [
        Step(
            kind="start",
            first=first,
            last=first,
            text=f"起算：{_local_text(start, calendar)}（{begun}）",
        ),
        Step(kind="rule", first=first, last=first, text=_rule_text(limit)),
    ]
    steps += [
        Step(kind="extended", first=first, last=first, text=f"延期：{more}{UNIT_NAMES[limit.unit]}")
        for more in extended_by
    ]
    steps += _stretches(limit, calendar, pauses, extended_by, answer)
    guess = "（含未公布放假安排的年度，暂定）" if answer.provisional else ""
    steps.append(Step(kind="calendar", first=first, last=last, text=f"日历：{calendar.ref}{guess}"))
    due_text = f"届满：{_local_text(answer.due, calendar)}"
    steps.append(Step(kind="due", first=last, last=last, text=due_text))
    return tuple(steps)


def _stretches(
    limit: TimeLimit,
    calendar: Calendar,
    pauses: Sequence[Pause],
    extended_by: Sequence[int],
    answer: Deadline,
) -> list[Step]:
    """The days between start and due that did not simply count, as stretches of one reason each."""
    start, last = calendar.local_day(answer.start), calendar.local_day(answer.due - MINUTE)
    paused = {
        day: pause.why
        for pause in pauses
        if pause.since < answer.due and pause.until > answer.start
        for day in _days_of(pause, calendar)
    }
    by_days = limit.unit not in CLOCK_UNITS
    rolled_from = last
    if by_days:
        unrolled = structs.replace(limit, rollover=False)
        amount = limit.amount + sum(extended_by)
        rolled_from = _last_day(unrolled, amount, start, calendar, paused)
    steps: list[Step] = []
    for day in days_between(start + ONE_DAY if by_days else start, last):
        told = _told(limit, calendar.day(day), day, paused)
        if told is None and rolled_from <= day < last:
            told = "rolled", f"顺延：{calendar.why(day)}"
        if told is None:
            continue
        kind, text = told
        first = day
        if steps and steps[-1].text == text and steps[-1].last + ONE_DAY == day:
            first = steps.pop().first
        steps.append(Step(kind=kind, first=first, last=day, text=text))
    return steps


def _told(
    limit: TimeLimit, what: Day, day: date, paused: Mapping[date, str]
) -> tuple[StepKind, str] | None:
    if day in paused:
        return "paused", f"暂停：{paused[day]}"
    if limit.unit == "working_day" and not what.working:
        return "skipped", f"不计入：{what.why}"
    if limit.unit == "working_hour" and not what.periods:
        return "skipped", f"不计入：{what.why}"
    if limit.unit in ("working_day", "working_hour") and what.kind == "makeup":
        return "makeup", f"计入：{what.why}"
    return None


def _rule_text(limit: TimeLimit) -> str:
    basis = f"，依据：{limit.basis}" if limit.basis else ""
    return f"期限：{limit.in_words()}{basis}{'（示例）' if limit.example else ''}"


def _local_text(instant: datetime, calendar: Calendar) -> str:
    """The local wall time; the midnight that ends a day is 24:00 of that day."""
    day = calendar.local_day(instant)
    if instant == calendar.at(day, 0):
        return f"{day - ONE_DAY} 24:00"
    return f"{instant.astimezone(ZoneInfo(calendar.zone)):%Y-%m-%d %H:%M}"
