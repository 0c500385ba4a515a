"""The published versions of one calendar: a notice is an event, a change is the next version."""

from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar, Final, assert_never

from msgspec import Struct

from domain.moment import (
    Moment,
)
from domain.vocabulary import (
    Command,
    Event,
    Refused,
)
from domain.worktime.calendar import Calendar

KIND: Final = "calendar"

# --- events


class CalendarPublished(Event, frozen=True, kw_only=True):
    """The whole calendar as announced; it replaces the version before."""

    topic: ClassVar[str] = "calendar.published/1"
    calendar: Calendar


EVENTS: Final = (CalendarPublished,)

# --- commands


class PublishCalendar(Command, frozen=True, kw_only=True):
    calendar: Calendar


COMMANDS: Final = (PublishCalendar,)

# --- state


class PublishedCalendar(Struct, frozen=True):
    """Every version, oldest first: version n is `versions[n - 1]`."""

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


class CalendarVersionDiffers(Refused):
    """该版本的工作日历已经公布，内容不同；请用下一个版本号公布。"""


class CalendarVersionSkipped(Refused):
    """工作日历的版本号必须逐一递增，从 1 开始。"""


class CalendarAnnouncedEarlier(Refused):
    """新版本的公布时间不能早于上一版本。"""


class CalendarCodeDiffers(Refused):
    """工作日历的代码与已公布的版本不一致。"""


# --- decide


def decide(
    state: PublishedCalendar | None,
    command: PublishCalendar,
    moment: Moment,
) -> list[Event]:
    del moment
    match command:
        case PublishCalendar(calendar=calendar):
            return _publish(state, calendar)
        case _:
            assert_never(command)


def _publish(state: PublishedCalendar | None, calendar: Calendar) -> list[Event]:
    versions = state.versions if state else ()
    if versions and calendar.code != versions[-1].code:
        raise CalendarCodeDiffers
    if calendar.version <= len(versions):
        if calendar == versions[calendar.version - 1]:
            return []
        raise CalendarVersionDiffers
    if calendar.version != len(versions) + 1:
        raise CalendarVersionSkipped
    if versions and calendar.announced_at < versions[-1].announced_at:
        raise CalendarAnnouncedEarlier
    return [CalendarPublished(calendar=calendar)]
