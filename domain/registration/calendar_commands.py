"""Publishing the next version of a working calendar."""

from datetime import date
from typing import Final, assert_never, get_args

from domain.moment import Moment, refuse_twin
from domain.registers.calendar_publication import (
    CalendarPublished,
    CalendarRecalculated,
    PublishedCalendar,
)
from domain.registration.publishing import (
    PublishedVersionUnknown,
    PublishingRefusals,
    is_next_version,
    recalculable,
    running_month,
)
from domain.vocabulary import Command, Event, Refused, Text, Version
from domain.worktime.calendar import Calendar

# --- commands


class PublishCalendar(Command, frozen=True, kw_only=True):
    calendar: Calendar


class RecalculateByCalendar(Command, frozen=True, kw_only=True):
    """Let a version judge the duties of closed months as well, from the first day `since` on."""

    version: Version
    since: date
    reason: Text


CalendarCommand = PublishCalendar | RecalculateByCalendar
COMMANDS: Final[tuple[type[Command], ...]] = get_args(CalendarCommand)


class CalendarVersionDiffers(Refused):
    """该版本的工作日历已经公布，内容不同；请用下一个版本号公布。"""


class CalendarVersionSkipped(Refused):
    """工作日历的版本号必须逐一递增，从 1 开始。"""


class CalendarAnnouncedEarlier(Refused):
    """新版本的公布时间不能早于上一版本。"""


class CalendarCodeDiffers(Refused):
    """工作日历的代码与已公布的版本不一致。"""


REFUSALS: Final = PublishingRefusals(
    differs=CalendarVersionDiffers, skipped=CalendarVersionSkipped, another=CalendarCodeDiffers
)


# --- decide


def decide(
    state: PublishedCalendar | None,
    command: CalendarCommand,
    moment: Moment,
) -> list[Event]:
    match command:
        case PublishCalendar(calendar=calendar):
            if state is None:
                refuse_twin(calendar.code, moment.registers.calendars)
            return _publish(state, calendar, moment)
        case RecalculateByCalendar():
            return _recalculate(state, command)
        case _:
            assert_never(command)


def _publish(state: PublishedCalendar | None, calendar: Calendar, moment: Moment) -> list[Event]:
    versions = state.versions if state else ()
    if not is_next_version(versions, calendar, REFUSALS):
        return []
    if versions and calendar.announced_at < versions[-1].announced_at:
        raise CalendarAnnouncedEarlier
    return [
        CalendarPublished(calendar=calendar, binds_from=running_month(moment) if versions else None)
    ]


def _recalculate(state: PublishedCalendar | None, command: RecalculateByCalendar) -> list[Event]:
    if state is None or command.version > len(state.versions):
        raise PublishedVersionUnknown(str(command.version))
    binds_from = state.binding.get(command.version, date.min)
    recalculable(command.since, date.min, binds_from)
    return [
        CalendarRecalculated(version=command.version, since=command.since, reason=command.reason)
    ]
