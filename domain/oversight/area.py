"""Area responsibility of leaders 分片包干: which leader answers for a division from which day on.

Every quarter his round of supervision 督导 is due there; it is done by an inspection of that kind:
`projections.oversight.areas`.
"""

from datetime import date
from typing import ClassVar, Final, assert_never, get_args
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from domain.codes import Code, ParentDivision, shortest
from domain.listed import known_division
from domain.moment import DivisionWrittenLonger, Moment, not_in_future
from domain.vocabulary import Command, Event, NotThere, Refused, Text, stream_id

KIND: Final = "area"


# --- events


class AreaAssigned(Event, frozen=True, kw_only=True):
    """Whoever answered for the division before does so until the day before."""

    topic: ClassVar[str] = "area.assigned/1"
    division: ParentDivision
    leader: Code
    """His account."""
    since: date
    basis: Text


class AreaReleased(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "area.released/1"
    leader: Code
    until: date
    """The first day without."""
    reason: Text


AreaEvent = AreaAssigned | AreaReleased
EVENTS: Final[tuple[type[Event], ...]] = get_args(AreaEvent)


# --- commands


class AssignArea(Command, frozen=True, kw_only=True):
    division: ParentDivision
    leader: Code
    since: date
    basis: Text


class ReleaseArea(Command, frozen=True, kw_only=True):
    until: date
    reason: Text


AreaCommand = AssignArea | ReleaseArea
COMMANDS: Final[tuple[type[Command], ...]] = get_args(AreaCommand)


# --- state


class Tenure(Struct, frozen=True, kw_only=True):
    """The days one leader answers for the division, from `since` until the day before `until`."""

    KEY: ClassVar = None

    leader: str
    since: date
    until: date | None = None
    basis: str

    def covers(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day < self.until)


class Area(Struct, frozen=True, kw_only=True):
    division: str
    tenures: tuple[Tenure, ...] = ()
    """Oldest first; they do not overlap."""

    @property
    def now(self) -> Tenure | None:
        """The newest one, while it has no end."""
        last = self.tenures[-1]
        return last if last.until is None else None


def area_stream(division: str) -> UUID:
    return stream_id(KIND, division)


def evolve(state: Area | None, event: AreaEvent) -> Area:
    match event:
        case AreaAssigned():
            known = state or Area(division=event.division)
            tenure = Tenure(leader=event.leader, since=event.since, basis=event.basis)
            return replace(known, tenures=(*_ended(known, event.since), tenure))
        case AreaReleased():
            assert state is not None
            return replace(state, tenures=_ended(state, event.until))
        case _:
            assert_never(event)


def _ended(state: Area, day: date) -> tuple[Tenure, ...]:
    if not state.tenures or state.now is None:
        return state.tenures
    return (*state.tenures[:-1], replace(state.tenures[-1], until=day))


# --- refusals


class AreaUnknown(NotThere):
    """这个区划还没有确定包干领导"""


class AreaHasLater(Refused):
    """该区划已有同日或更晚开始的包干安排，请核对日期"""


class AreaNotAssigned(Refused):
    """这个区划现在没有包干领导"""


class ReleasedBeforeAssigned(Refused):
    """结束日期须晚于包干开始的日期"""


# --- decide


def decide(state: Area | None, command: AreaCommand, moment: Moment) -> list[Event]:
    not_in_future(moment)
    match command:
        case AssignArea():
            return _assign(state, command, moment)
        case ReleaseArea():
            return _release(state, command)
        case _:
            assert_never(command)


def _assign(state: Area | None, command: AssignArea, moment: Moment) -> list[Event]:
    if shortest(command.division) != command.division:
        raise DivisionWrittenLonger(shortest(command.division))
    known_division(command.division, moment.registers, command.since)
    if state is not None:
        last = state.tenures[-1]
        if state.now is not None and (last.leader, last.since) == (command.leader, command.since):
            return []
        if command.since <= last.since or command.since < (last.until or last.since):
            raise AreaHasLater(f"{last.leader} {last.since}")
        if state.now is not None and last.leader == command.leader:
            return []
    return [
        AreaAssigned(
            division=command.division,
            leader=command.leader,
            since=command.since,
            basis=command.basis,
        )
    ]


def _release(state: Area | None, command: ReleaseArea) -> list[Event]:
    if state is None:
        raise AreaUnknown
    if state.now is None:
        raise AreaNotAssigned
    if command.until <= state.now.since:
        raise ReleasedBeforeAssigned(str(state.now.since))
    return [AreaReleased(leader=state.now.leader, until=command.until, reason=command.reason)]
