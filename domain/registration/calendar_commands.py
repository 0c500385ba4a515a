"""Publishing the next version of a working calendar."""

from typing import Final, assert_never

from domain.moment import Moment, refuse_twin
from domain.registers.calendar_publication import CalendarPublished, PublishedCalendar
from domain.registration.publishing import PublishingRefusals, is_next_version
from domain.vocabulary import Command, Event, Refused
from domain.worktime.calendar import Calendar

# --- commands


class PublishCalendar(Command, frozen=True, kw_only=True):
    calendar: Calendar


COMMANDS: Final = (PublishCalendar,)


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
    command: PublishCalendar,
    moment: Moment,
) -> list[Event]:
    match command:
        case PublishCalendar(calendar=calendar):
            if state is None:
                refuse_twin(calendar.code, moment.registers.calendars)
            return _publish(state, calendar)
        case _:
            assert_never(command)


def _publish(state: PublishedCalendar | None, calendar: Calendar) -> list[Event]:
    versions = state.versions if state else ()
    if not is_next_version(versions, calendar, REFUSALS):
        return []
    if versions and calendar.announced_at < versions[-1].announced_at:
        raise CalendarAnnouncedEarlier
    return [CalendarPublished(calendar=calendar)]
