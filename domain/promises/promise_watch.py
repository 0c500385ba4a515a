"""Events found by watching the clock: a promise approaches its deadline, or has missed it.

They have a stream of their own beside the request or complaint, so that watching never conflicts
with the work.
"""

from datetime import datetime
from typing import Annotated, ClassVar, Final, assert_never, get_args
from uuid import UUID

from msgspec import Meta, Struct
from msgspec.structs import replace

from domain.codes import Code
from domain.moment import Moment, not_in_future
from domain.vocabulary import Command, Event, Refused, Several

KIND: Final = "promises"
Round = Several
Instant = Annotated[datetime, Meta(tz=True)]


# --- events


class PromiseApproached(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "promises.approached/1"
    of: UUID
    """Stream of what was promised."""
    of_kind: Code
    name: Code
    round: Round
    due: datetime


class PromiseMissed(Event, frozen=True, kw_only=True):
    """Nothing had kept the promise when `due` had passed; what is entered later may still show
    that it was kept, and views say so."""

    topic: ClassVar[str] = "promises.missed/1"
    of: UUID
    of_kind: Code
    name: Code
    round: Round
    due: datetime


PromiseEvent = PromiseApproached | PromiseMissed
EVENTS: Final[tuple[type[Event], ...]] = get_args(PromiseEvent)

# --- commands


class RecordPromiseApproaching(Command, frozen=True, kw_only=True):
    of: UUID
    of_kind: Code
    name: Code
    round: Round
    due: Instant


class RecordPromiseMissed(Command, frozen=True, kw_only=True):
    of: UUID
    of_kind: Code
    name: Code
    round: Round
    due: Instant


PromiseCommand = RecordPromiseApproaching | RecordPromiseMissed
COMMANDS: Final[tuple[type[Command], ...]] = get_args(PromiseCommand)

# --- state


class PromiseWatch(Struct, frozen=True, kw_only=True):
    approached: frozenset[tuple[str, int, datetime]] = frozenset()
    """By due as well: a promise that was given more time approaches again."""
    missed: frozenset[tuple[str, int]] = frozenset()


# --- evolve


def evolve(state: PromiseWatch | None, event: PromiseEvent) -> PromiseWatch:
    state = state or PromiseWatch()
    match event:
        case PromiseApproached():
            approached = (event.name, event.round, event.due)
            return replace(state, approached=state.approached | {approached})
        case PromiseMissed():
            return replace(state, missed=state.missed | {(event.name, event.round)})
        case _:
            assert_never(event)


# --- refusals


class PromiseNotYetDue(Refused):
    """承诺期限未满"""


class PromiseAlreadyDue(Refused):
    """承诺期限已过，不再提醒"""


# --- decide


def decide(state: PromiseWatch | None, command: PromiseCommand, moment: Moment) -> list[Event]:
    not_in_future(moment)
    state = state or PromiseWatch()
    of, of_kind, name, due = command.of, command.of_kind, command.name, command.due
    if (name, command.round) in state.missed:
        return []
    match command:
        case RecordPromiseApproaching():
            if (name, command.round, due) in state.approached:
                return []
            if moment.occurred_at >= due:
                raise PromiseAlreadyDue
            return [
                PromiseApproached(of=of, of_kind=of_kind, name=name, round=command.round, due=due)
            ]
        case RecordPromiseMissed():
            if moment.occurred_at < due:
                raise PromiseNotYetDue
            return [PromiseMissed(of=of, of_kind=of_kind, name=name, round=command.round, due=due)]
        case _:
            assert_never(command)
