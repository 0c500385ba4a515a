"""The moment of a decision: actor, times, registers; and the rules about time of all commands."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from msgspec import Struct, field

from domain.registers import adviser, appointment, calendar_publication, form, point, policy
from domain.registers.adviser import Adviser
from domain.registers.appointment import Appointment
from domain.registers.calendar_publication import PublishedCalendar
from domain.registers.form import Form, PublishedForm
from domain.registers.point import Point
from domain.registers.policy import Policy
from domain.vocabulary import Actor, Event, Refused
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


STORIES: Final = (calendar_publication, policy, point, adviser, appointment, form)
"""What registers are folded from."""
_EVOLVE: Final[Mapping[type[Event], Any]] = {
    event: story.evolve for story in STORIES for event in story.EVENTS
}


class KnownRegisters:
    """The one fold of registers: `registers` shows what the events taken so far say.

    Bundles fold calendars and policies by themselves, from plain JSON (`scoring.basis.published`):
    that code travels, and an auditor runs it with a bare Python.
    """

    def __init__(self) -> None:
        self._states: dict[UUID, Any] = {}
        self._points: dict[str, Point] = {}
        self._advisers: dict[str, Adviser] = {}
        self._calendars: dict[str, Calendar] = {}
        self._policies: dict[str, Policy] = {}
        self._appointments: dict[str, Appointment] = {}
        self._forms: dict[str, Form] = {}
        self.registers: Final = Registers(
            points=self._points,
            advisers=self._advisers,
            calendars=self._calendars,
            policies=self._policies,
            appointments=self._appointments,
            forms=self._forms,
        )

    def take(self, stream: UUID, event: Event) -> bool:
        """Fold an event that follows those taken; False: it is no reference event."""
        evolve = _EVOLVE.get(type(event))
        if evolve is None:
            return False
        state = self._states[stream] = evolve(self._states.get(stream), event)
        self.keep(state)
        return True

    def keep(self, state: object) -> None:
        """Show the newest state of a thing that was folded elsewhere; others are passed over."""
        match state:
            case Point():
                self._points[state.code] = state
            case Adviser():
                self._advisers[state.code] = state
            case Policy():
                self._policies[state.versions[-1].code] = state
            case Appointment():
                self._appointments[state.division] = state
            case PublishedForm():
                self._forms |= {one.ref: one for one in state.versions}
            case PublishedCalendar():
                self._calendars |= {one.ref: one for one in state.versions}
                self._calendars[state.newest.code] = state.newest


class Moment(Struct, frozen=True, kw_only=True):
    """The actor, the times and the registers of one decision."""

    by: Actor
    occurred_at: datetime
    """When it happened."""
    now: datetime
    """When it is entered."""
    registers: Registers
    stream: UUID | None = None
    """What is decided on."""
    beside: Mapping[UUID, Any] = {}
    """States of the other streams that the decision reads (`Beside`); none where nothing stands."""


class Beside(Struct, frozen=True):
    """What an aggregate's decision reads of other streams, and writes to them in the same append.

    A stream that was read and has moved on makes the command be decided again.
    """

    reads: Callable[[Any, Any, Moment], Iterable[UUID]]
    """Of state, command and moment."""
    writes: Callable[[Any, Sequence[Event], Moment], Iterable[tuple[UUID, Event]]]
    """Of the state before, the decided events and the moment."""


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
