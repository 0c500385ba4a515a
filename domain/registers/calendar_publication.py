"""The published versions of one calendar: a notice is an event, a change is the next version."""

from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar, Final, assert_never

from msgspec import Struct

from domain.vocabulary import Event, Refused
from domain.worktime.calendar import Calendar

KIND: Final = "calendar"

# --- events


class CalendarPublished(Event, frozen=True, kw_only=True):
    """The whole calendar as announced; it replaces the version before."""

    topic: ClassVar[str] = "calendar.published/1"
    calendar: Calendar


EVENTS: Final = (CalendarPublished,)

# --- state


class PublishedCalendar(Struct, frozen=True):
    """All versions, oldest first: version n is `versions[n - 1]`."""

    versions: tuple[Calendar, ...]

    @property
    def newest(self) -> Calendar:
        return self.versions[-1]

    def as_known_at(self, instant: datetime) -> Calendar:
        return as_known_at(self.versions, instant)


def as_known_at(versions: Sequence[Calendar], instant: datetime) -> Calendar:
    """The newest version announced by that instant; CalendarNotYetAnnounced when there was none."""
    known = [calendar for calendar in versions if calendar.announced_at <= instant]
    if not known:
        raise CalendarNotYetAnnounced
    return max(known, key=lambda calendar: calendar.version)


# --- evolve


def evolve(state: PublishedCalendar | None, event: CalendarPublished) -> PublishedCalendar:
    match event:
        case CalendarPublished(calendar=calendar):
            return PublishedCalendar((*(state.versions if state else ()), calendar))
        case _:
            assert_never(event)


# --- refusals


class CalendarNotYetAnnounced(Refused):
    """在该时间点，此工作日历尚未公布。"""
