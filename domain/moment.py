"""The moment of a decision: actor, times, registers; and the rules about time of all commands."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from msgspec import Struct, field

from domain.registers.adviser import Adviser
from domain.registers.appointment import Appointment
from domain.registers.form import Form
from domain.registers.point import Point
from domain.registers.policy import Policy
from domain.vocabulary import Actor, Refused
from domain.worktime.calendar import Calendar


class Registers(Struct, frozen=True, kw_only=True):
    """Reference facts as known at one log position, which deciders look up beside their stream."""

    points: Mapping[str, Point]
    advisers: Mapping[str, Adviser]
    calendars: Mapping[str, Calendar]
    policies: Mapping[str, Policy]
    appointments: Mapping[str, Appointment] = field(default_factory=dict)
    """By division code."""
    forms: Mapping[str, Form] = {}
    """By `code@version`."""


class Moment(Struct, frozen=True, kw_only=True):
    """The actor, the times and the registers of one decision."""

    by: Actor
    occurred_at: datetime
    """When it happened."""
    now: datetime
    """When it is entered."""
    registers: Registers


def local_day(point: Point, moment: Moment, at: datetime) -> date:
    """Return the local day of an instant at the point."""
    if point.calendar is None:
        return at.astimezone(ZoneInfo(point.zone)).date()
    return moment.registers.calendars[point.calendar].local_day(at)


LATE_AFTER: Final = timedelta(hours=24)
"""An entry made later than this after the fact needs a reason and is marked late."""


CLOCK_SKEW: Final = timedelta(minutes=5)


class HappensInFuture(Refused):
    """发生时间晚于当前时间"""


class LateEntryNeedsReason(Refused):
    """补录超过24小时的事项须说明原因"""


class HappensBeforeLogged(Refused):
    """发生时间早于事项登记时间"""


class HappensBeforeLastStep(Refused):
    """发生时间早于上一步的办理时间"""


def not_in_future(moment: Moment) -> None:
    if moment.occurred_at > moment.now + CLOCK_SKEW:
        raise HappensInFuture
