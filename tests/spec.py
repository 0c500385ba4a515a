"""given(*events).when(command).then(*events) or .refused(Refusal), for every aggregate."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime
from functools import cache
from types import MappingProxyType
from typing import Any, Final, NamedTuple
from uuid import UUID

import pytest

from api.rights import MAY, may
from api.serving.commands import ROUTES
from domain.aggregates import AGGREGATE_BY_COMMAND, REPEATABLE, fold
from domain.moment import Moment, Registers
from domain.vocabulary import Actor, Command, Event, Refused
from tests.examples import CITY, CLERK, NOON, REGISTERS

NOTHING: Final[Mapping[UUID, Any]] = MappingProxyType({})


@cache
def _possible() -> Mapping[type[Command], Callable[[Any], bool]]:
    routes = (one for one in ROUTES if not one.creates and not one.public)
    return {one.command: one.possible for one in routes}


def lets_happen(command: type[Command]) -> Callable[[Any], bool]:
    """What `allowed` is made of: whatever is decided, its state lets happen."""
    return _possible().get(command, lambda _: True)


def _lets_a_clerk(command: type[Command]) -> bool:
    return command in MAY and may(CLERK, command)


class given:
    """`at` is when it happens, `now` when it is entered: at once unless said otherwise.

    `beside`: states of other streams that the decision reads.
    """

    def __init__(
        self,
        *events: Event,
        at: datetime = NOON,
        now: datetime | None = None,
        registers: Registers = REGISTERS,
        late_reason: str | None = None,
        stream: UUID | None = None,
        beside: Mapping[UUID, Any] = NOTHING,
    ) -> None:
        self.events, self.at, self.now, self.registers = events, at, now or at, registers
        self.late_reason, self.stream, self.beside = late_reason, stream, beside

    def when(self, command: Command, *, by: Actor | None = None) -> "When":
        """`by`: the clerk of the room, where a clerk may; else somebody with the whole city."""
        moment = Moment(
            by=by or (CLERK if _lets_a_clerk(type(command)) else CITY),
            occurred_at=self.at,
            now=self.now,
            registers=self.registers,
            late_reason=self.late_reason,
            stream=self.stream,
            beside=self.beside,
        )
        return When(fold(AGGREGATE_BY_COMMAND[type(command)], self.events), command, moment)


class When(NamedTuple):
    state: Any
    command: Command
    moment: Moment

    def then(self, *events: Event) -> Any:
        """Exactly these; and the same command again does nothing or is refused. The state after."""
        aggregate = AGGREGATE_BY_COMMAND[type(self.command)]
        assert aggregate.decide(self.state, self.command, self.moment) == list(events)
        if events and self.state is not None:
            assert lets_happen(type(self.command))(self.state), "`allowed` leaves it out"
        after = fold(aggregate, events, self.state)
        if events and not isinstance(self.command, REPEATABLE):
            with suppress(Refused):
                When(after, self.command, self.moment).then()
        return after

    def nothing(self) -> None:
        self.then()

    def refused(self, refusal: type[Refused]) -> None:
        with pytest.raises(refusal):
            self.then()
