"""The published versions of one calendar: a notice is an event, a change is the next version."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import ClassVar, Final, assert_never, get_args

from msgspec import Struct

from domain.vocabulary import Event, Refused, Text
from domain.worktime.calendar import Calendar

KIND: Final = "calendar"

# --- events


class CalendarPublished(Event, frozen=True, kw_only=True):
    """The whole calendar as announced; it replaces the version before.

    `binds_from`: the first day whose duties it judges; months that were over when it was published
    keep the version known then.
    """

    topic: ClassVar[str] = "calendar.published/1"
    calendar: Calendar
    binds_from: date | None = None


class CalendarRecalculated(Event, frozen=True, kw_only=True):
    """A published version judges the duties of months that were over, from `since` on."""

    topic: ClassVar[str] = "calendar.recalculated/1"
    version: int
    since: date
    reason: Text


CalendarEvent = CalendarPublished | CalendarRecalculated
EVENTS: Final[tuple[type[Event], ...]] = get_args(CalendarEvent)

# --- state


class PublishedCalendar(Struct, frozen=True):
    """All versions, oldest first: version n is `versions[n - 1]`."""

    versions: tuple[Calendar, ...]
    binding: Mapping[int, date] = {}
    """Version → the first day whose duties it judges; of others all that they have."""

    def binding_on(self, day: date) -> Calendar:
        """The version that judges the duties of a month that begins on that day."""
        for version in reversed(self.versions):
            if self.binding.get(version.version, date.min) <= day:
                return version
        return self.versions[0]

    @property
    def as_dated(self) -> "PublishedCalendar":
        """The calendar, if its newest version judged every month."""
        return PublishedCalendar(self.versions)

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


def evolve(state: PublishedCalendar | None, event: CalendarEvent) -> PublishedCalendar:
    state = state or PublishedCalendar(())
    match event:
        case CalendarPublished(calendar=calendar, binds_from=day):
            binding = state.binding if day is None else {**state.binding, calendar.version: day}
            return PublishedCalendar((*state.versions, calendar), binding)
        case CalendarRecalculated(version=version, since=since):
            return PublishedCalendar(state.versions, {**state.binding, version: since})
        case _:
            assert_never(event)


# --- refusals


class CalendarNotYetAnnounced(Refused):
    """在该时间点，此工作日历尚未公布。"""
