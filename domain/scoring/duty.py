"""Duty positions: what an adviser owes a village in a month, quarter and year, and what was done.

Pure figures over appointments, work-log entries, the rules and a calendar. Each village stands for
itself: what is done beyond the duty in one never fills the shortfall of another.

Splitting: an obligation of a period is owed for the days with an adviser, and shared by the days of
each, in order of time. Owed up to a day = the obligation x days served so far / days of the period,
rounded half up; a stint owes the difference over its days. So the parts always add up to the whole.

An evidence bundle ships this file: it needs few others (`domain.scoring.computation.SHIPPED`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, Protocol
from uuid import UUID
from zoneinfo import ZoneInfo

from msgspec import Struct

from domain.registers.policy import Doubt, DutyPeriod, DutyRules
from domain.worktime.calendar import Calendar, CalendarHasNoYear, Days
from domain.worktime.period import days_of, month_of, quarter_of

if TYPE_CHECKING:
    from domain.advising.worklog import Worklog
    from domain.registers.appointment import Appointment
    from domain.requests.request import Mode
    from domain.vocabulary import Service

OffPeak = Literal["holiday", "rest_day", "night", "lunch"]
OFF_PEAK_KINDS: Final[tuple[OffPeak, ...]] = ("holiday", "rest_day", "night", "lunch")
QuotaKind = Literal["lecture", "offpeak_lecture", "risk_screening"]
Lack = Literal["adviser", "wechat_group", "public_display"]
PIECEWORK: Final = ("lecture", "dispute_screening")
"""Services that quotas count."""


# --- off-peak, recognised from the calendar


def off_peak(rules: DutyRules, calendar: Calendar, started_at: datetime) -> frozenset[OffPeak]:
    """Return the kinds of off-peak time (day, night, lunch) in which work that began then lies.

    The one definition, of visits and of requests. The beginning decides, also for work that goes on
    past midnight. A make-up day is a working day; the lunch of one is between its service periods.

    Raises: CalendarHasNoYear — when the day lies in a year without data.
    """
    wall = calendar.wall(started_at)
    day, minute = calendar.day(wall.date()), wall.hour * 60 + wall.minute
    kinds: set[OffPeak] = set()
    if day.kind in ("holiday", "rest_day"):
        kinds.add(day.kind)
    if minute >= rules.night_from or minute < rules.night_until:
        kinds.add("night")
    if rules.lunch_is_off_peak and any(
        before.end_minute <= minute < after.start_minute for before, after in pairwise(day.periods)
    ):
        kinds.add("lunch")
    return frozenset(kinds)


def off_peak_kind(rules: DutyRules, calendar: Calendar, at: datetime) -> OffPeak | None:
    """Return the first of the kinds, a day before an hour; None where it is none, or the calendar
    has no such year."""
    try:
        kinds = off_peak(rules, calendar, at)
    except CalendarHasNoYear:
        return None
    return next((one for one in OFF_PEAK_KINDS if one in kinds), None)


# --- what goes in


class MinutesOfAdviser(NamedTuple):
    adviser: str
    minutes: int


class ServingDays(Protocol):
    """The days one adviser serves one village without a break, both included."""

    @property
    def division(self) -> str: ...

    @property
    def adviser(self) -> str: ...

    @property
    def first(self) -> date: ...

    @property
    def last(self) -> date: ...


class LoggedWork(Struct, frozen=True, kw_only=True):
    """An entry that is neither withdrawn nor returned."""

    village: str
    started_at: datetime
    service: Service
    mode: Mode
    parts: tuple[MinutesOfAdviser, ...]
    verified: bool = False
    of_request: bool = False
    """Minutes given to a request, which the adviser's work log does not tell."""
    doubts: tuple[Doubt, ...] = ()
    """Those that nobody has cleared: it counts until it is returned."""
    stream: UUID | None = None
    """Where it is recorded, so that figures can name it."""


def logged_work(entry: Worklog) -> LoggedWork | None:
    """Convert an entry for the arithmetic of duties; None when it is withdrawn or returned."""
    if not entry.counts:
        return None
    now = entry.now
    return LoggedWork(
        village=now.work.village,
        started_at=now.started_at,
        service=now.work.service,
        mode=now.work.mode,
        parts=tuple(MinutesOfAdviser(one.adviser, one.minutes) for one in now.served),
        verified=entry.standing == "verified",
        doubts=entry.doubts,
    )


def day_of_request(day: date, calendar: Calendar) -> datetime:
    """Return an instant of that day: minutes given to a request are of the day it was made."""
    return datetime.combine(day, time(12), ZoneInfo(calendar.zone))


def _counts(work: LoggedWork, rules: DutyRules) -> bool:
    """Tell whether the rules let the work count: an entry verified where they ask for it; minutes
    of a request where they name requests."""
    if work.of_request:
        return rules.requests_count
    return work.verified or not rules.verified_only


# --- what comes out


class Quota(Struct, frozen=True, kw_only=True):
    """An obligation counted in pieces, for the whole period; done up to the month's end."""

    kind: QuotaKind
    first: date
    last: date
    required: int
    done: int
    work: tuple[UUID, ...] = ()
    """Streams of what was done."""

    @property
    def shortfall(self) -> int:
        return max(0, self.required - self.done)


class MonthMinutes(Struct, frozen=True, kw_only=True):
    required: int
    onsite: int
    offsite: int
    offset: int
    """Off-site minutes that count as minutes on site, after ratio and cap."""
    onsite_work: tuple[UUID, ...] = ()
    offsite_work: tuple[UUID, ...] = ()
    """Streams that the minutes come from."""
    doubtful: int = 0
    """Minutes among them whose entries are doubtful."""
    doubtful_work: tuple[UUID, ...] = ()

    @property
    def shortfall(self) -> int:
        return max(0, self.required - self.onsite - self.offset)


class AdviserDuty(Struct, frozen=True, kw_only=True):
    """Duty of one adviser in one village and month.

    An adviser without an appointment there owes nothing and has no offset, but work done counts
    here and for the village. A piece done together counts for each participant and once for the
    village: these rows are not to be summed.
    """

    adviser: str
    days: int
    """Days of the month that he was appointed."""
    minutes: MonthMinutes
    quotas: tuple[Quota, ...]


class VillageDuty(Struct, frozen=True, kw_only=True):
    village: str
    month: date
    """Its first day."""
    days_without_adviser: int
    minutes: MonthMinutes
    quotas: tuple[Quota, ...]
    advisers: tuple[AdviserDuty, ...]
    """In order of code."""


# --- positions


class _Done(NamedTuple):
    """An entry with its local day, and whether it is a lecture that was off-peak."""

    day: date
    work: LoggedWork
    off_peak: bool

    def is_a(self, kind: QuotaKind) -> bool:
        if kind == "risk_screening":
            return self.work.service == "dispute_screening"
        return self.work.service == "lecture" and (kind == "lecture" or self.off_peak)

    def is_of(self, adviser: str | None) -> bool:
        """He took part; the village's (None) is all."""
        return adviser is None or any(part.adviser == adviser for part in self.work.parts)


def duty_position(
    rules: DutyRules,
    stints: Iterable[ServingDays],
    entries: Iterable[LoggedWork],
    month: date,
    calendar: Calendar,
) -> tuple[VillageDuty, ...]:
    """Every village with a stint or an entry in the month, in order of code.

    `month` is any day of it. `entries` reach back to the first day of the year, those of services
    other than `PIECEWORK` at least to the month's; `stints` are all of the villages. Work belongs
    to the local day on which it began. The given rules judge every figure of the month, also those
    of its quarter and year.
    """
    of_month = period_of("month", month)
    held: defaultdict[str, list[ServingDays]] = defaultdict(list)
    for stint in sorted(stints, key=lambda one: one.first):
        held[stint.division].append(stint)
    counted = [one for one in entries if _counts(one, rules)]
    done: defaultdict[str, list[_Done]] = defaultdict(list)
    for one in _up_to(of_month.last, counted, rules, calendar):
        done[one.work.village].append(one)
    villages = {
        village for village, some in held.items() if any(_served(s, of_month) for s in some)
    }
    villages |= {
        village for village, some in done.items() if any(one.day >= of_month.first for one in some)
    }
    return tuple(
        _village_duty(rules, village, held[village], done[village], of_month)
        for village in sorted(villages)
    )


@lru_cache(maxsize=1024)
def period_of(period: DutyPeriod, day: date) -> Days:
    """The calendar month, quarter or year around a day."""
    around = {"month": month_of(day), "quarter": quarter_of(day), "year": str(day.year)}
    return days_of(around[period])


def _count(days: Days) -> int:
    return (days.last - days.first).days + 1


def _served(stint: ServingDays, days: Days) -> int:
    """Count the days that lie in the stint."""
    return max(0, (min(days.last, stint.last) - max(days.first, stint.first)).days + 1)


def _up_to(
    last: date, entries: Iterable[LoggedWork], rules: DutyRules, calendar: Calendar
) -> Iterator[_Done]:
    """CalendarHasNoYear: the day of one lies in a year without data."""
    for work in entries:
        day = calendar.local_day(work.started_at)
        calendar.day(day)
        if day <= last:
            lecture = work.service == "lecture"
            yield _Done(day, work, lecture and bool(off_peak(rules, calendar, work.started_at)))


def _village_duty(
    rules: DutyRules, village: str, stints: list[ServingDays], done: list[_Done], month: Days
) -> VillageDuty:
    in_month = [one for one in done if one.day >= month.first]
    days = {one.adviser: 0 for one in stints if _served(one, month)}
    days |= {part.adviser: 0 for one in in_month for part in one.work.parts}
    for stint in stints:
        if stint.adviser in days:
            days[stint.adviser] += _served(stint, month)
    tasks = _tasks(rules, done, month)
    return VillageDuty(
        village=village,
        month=month.first,
        days_without_adviser=_count(month) - sum(days.values()),
        minutes=_minutes(rules, stints, in_month, month, None),
        quotas=_quotas(tasks, stints, None),
        advisers=tuple(
            AdviserDuty(
                adviser=adviser,
                days=days[adviser],
                minutes=_minutes(rules, stints, in_month, month, adviser),
                quotas=_quotas(tasks, stints, adviser),
            )
            for adviser in sorted(days)
        ),
    )


def _minutes(
    rules: DutyRules,
    stints: Sequence[ServingDays],
    done: Sequence[_Done],
    month: Days,
    adviser: str | None,
) -> MonthMinutes:
    """Sum minutes of one adviser, or of the village if None."""
    own = [one.work for one in done if one.is_of(adviser)]
    there = [one for one in own if one.mode == "onsite"]
    elsewhere = [one for one in own if one.mode != "onsite"]
    doubtful = [one for one in own if one.doubts]
    onsite, offsite = _worked(there, adviser), _worked(elsewhere, adviser)
    offset = 0
    if rules.offset_enabled:
        cap = _owed(rules.offset_cap_minutes, stints, month, adviser)
        offset = min(int(Decimal(offsite) * rules.offset_ratio), cap)
    return MonthMinutes(
        required=_owed(rules.onsite_minutes_per_month, stints, month, adviser),
        onsite=onsite,
        offsite=offsite,
        offset=offset,
        onsite_work=_streams(there),
        offsite_work=_streams(elsewhere),
        doubtful=_worked(doubtful, adviser),
        doubtful_work=_streams(doubtful),
    )


def _worked(some: Iterable[LoggedWork], adviser: str | None) -> int:
    return sum(
        part.minutes for one in some for part in one.parts if adviser in (None, part.adviser)
    )


def _streams(some: Iterable[LoggedWork]) -> tuple[UUID, ...]:
    return tuple(one.stream for one in some if one.stream is not None)


class _Task(NamedTuple):
    """The pieces owed to a village, and those done."""

    kind: QuotaKind
    span: Days
    number: int
    pieces: list[_Done]


def _tasks(rules: DutyRules, done: Iterable[_Done], month: Days) -> list[_Task]:
    owed: tuple[tuple[QuotaKind, DutyPeriod, int], ...] = (
        ("lecture", "quarter", rules.lectures_per_quarter),
        ("offpeak_lecture", rules.offpeak_period, rules.offpeak_lectures_min),
        ("risk_screening", "year", rules.risk_screenings_per_year),
    )
    piecework = [one for one in done if one.work.service in PIECEWORK and not one.work.of_request]
    tasks = []
    for kind, period, number in owed:
        span = period_of(period, month.first)
        pieces = [one for one in piecework if one.day >= span.first and one.is_a(kind)]
        tasks.append(_Task(kind, span, number, pieces))
    return tasks


def _quotas(
    tasks: Iterable[_Task], stints: Sequence[ServingDays], adviser: str | None
) -> tuple[Quota, ...]:
    """List the quotas of one adviser, or of the village if None."""
    quotas = []
    for kind, span, number, pieces in tasks:
        own = [one.work for one in pieces if one.is_of(adviser)]
        quotas.append(
            Quota(
                kind=kind,
                first=span.first,
                last=span.last,
                required=_owed(number, stints, span, adviser),
                done=len(own),
                work=_streams(own),
            )
        )
    return tuple(quotas)


def _owed(obligation: int, stints: Iterable[ServingDays], span: Days, adviser: str | None) -> int:
    """Compute the obligation of one adviser, or of the village if None, in the span.

    The rule is in the head of the module. `stints` are of one village, in order of time.
    """
    length = _count(span)
    served = before = owed = 0
    for stint in stints:
        served += _served(stint, span)
        so_far = (2 * obligation * served + length) // (2 * length)
        if adviser in (None, stint.adviser):
            owed += so_far - before
        before = so_far
    return owed


# --- what must be there


def lacks(appointment: Appointment, rules: DutyRules, day: date) -> tuple[Lack, ...]:
    """List what the rules ask for and the village does not have on that day."""
    there: tuple[tuple[Lack, bool], ...] = (
        ("adviser", appointment.stint_on(day) is not None),
        ("wechat_group", not rules.wechat_group_required or appointment.group_on(day)),
        ("public_display", not rules.public_display_required or appointment.display_on(day)),
    )
    return tuple(lack for lack, present in there if not present)
