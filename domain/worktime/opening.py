"""When a service point is open, by its calendar: now, today, and in a plain week."""

from datetime import datetime, timedelta
from typing import Final

from msgspec import Struct

from domain.worktime.calendar import Calendar, CalendarHasNoYear, DayKind, Periods

LOOKED_AHEAD_DAYS: Final = 31


class Hours(Struct, frozen=True, kw_only=True):
    """Opening hours as of an instant. Periods are minutes of the local day: `[540, 720]` is
    09:00 to 12:00."""

    open_now: bool
    until: datetime | None
    """When it shuts; None while it is shut."""
    opens_at: datetime | None
    """When it opens next; None while it is open, or where the calendar tells no such day soon."""
    today: Periods
    """Empty when it is shut all day."""
    today_is: DayKind
    why: str
    """What kind of day today is, in Chinese."""
    week: tuple[Periods, ...]
    """Of plain weeks, Monday first."""


def hours_of(calendar: Calendar, now: datetime) -> Hours | None:
    """Return the hours as of `now`; None where the calendar knows nothing of this year."""
    day = calendar.local_day(now)
    try:
        today = calendar.day(day)
    except CalendarHasNoYear:
        return None
    until = _until(calendar, now, today.periods)
    return Hours(
        open_now=until is not None,
        until=until,
        opens_at=None if until else _opens(calendar, now),
        today=today.periods,
        today_is=today.kind,
        why=today.why,
        week=calendar.weekday_periods,
    )


def _until(calendar: Calendar, now: datetime, periods: Periods) -> datetime | None:
    """Return the end of the stretch that holds `now`: periods that meet are one."""
    day = calendar.local_day(now)
    end = None
    for one in periods:
        opens, shuts = calendar.at(day, one.start_minute), calendar.at(day, one.end_minute)
        if opens <= now < shuts or opens == end:
            end = shuts
    return end


def _opens(calendar: Calendar, now: datetime) -> datetime | None:
    first = calendar.local_day(now)
    for days in range(LOOKED_AHEAD_DAYS):
        day = first + timedelta(days=days)
        try:
            periods = calendar.periods(day)
        except CalendarHasNoYear:
            return None
        for one in periods:
            if (opens := calendar.at(day, one.start_minute)) > now:
                return opens
    return None
