"""The order in which a simulated story comes on record: things are entered minutes or hours after
they happened, some of them days, and nothing before what it follows from."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from functools import cache, reduce
from heapq import heappop, heappush
from typing import Any, Final, NamedTuple, get_args, get_type_hints
from uuid import UUID

import msgspec
from msgspec import Struct

from domain.aggregates import REFERENCE
from domain.simulation.chance import Draw, Mix, between
from domain.simulation.world import SimulatedStep
from domain.vocabulary import Event

AT_ONCE: Final = frozenset(("policy", "citizen", "device", "administrator"))
"""Roles whose acts are on record when they happen."""
MINUTES_LATER: Final = Mix({(0.2, 6.0): 0.62, (6.0, 60.0): 0.26, (60.0, 300.0): 0.12})
"""How long after it happened a busy desk enters something: from, to."""
_REGISTERS: Final = frozenset(one.KIND for one in REFERENCE)
_TICK: Final = timedelta(microseconds=1)


class ToldStep(NamedTuple):
    recorded_at: datetime
    step: SimulatedStep


def told(
    draw: Draw, steps: Iterable[SimulatedStep], *, founded: datetime, until: datetime
) -> Iterator[ToldStep]:
    """Yield the steps in the order of their recording, each at an instant of its own.

    What is not on record at `until` is left out.

    founded: nothing is recorded earlier; what happened before is entered then
    steps: in the order in which they happened
    """
    latest: dict[UUID, datetime] = {}
    waiting: list[tuple[datetime, int, SimulatedStep]] = []
    last = founded
    for number, step in enumerate(steps):
        while waiting and waiting[0][0] <= step.occurred_at:
            at, _, ready = heappop(waiting)
            last = max(at, last + _TICK)
            if last < until:
                yield ToldStep(last, ready)
        at = max(step.now, founded)
        if step.kind not in _REGISTERS and step.by.role not in AT_ONCE and not step.at_once:
            at += _minutes_later(draw)
        for cause in (step.stream, *_named_in(step.events[0])):
            at = max(at, latest.get(cause, at))
        latest[step.stream] = at
        heappush(waiting, (at, number, step))
    while waiting:
        at, _, ready = heappop(waiting)
        last = max(at, last + _TICK)
        if last < until:
            yield ToldStep(last, ready)


def _minutes_later(draw: Draw) -> timedelta:
    return timedelta(seconds=int(60 * between(draw, *MINUTES_LATER.draw(draw))))


# --- what an event names

Path = tuple[str, ...]


def _named_in(event: Event) -> Iterator[UUID]:
    for look in _looks(type(event)):
        found = look(event)
        if found is not None:
            yield found


@cache
def _looks(kind: type[Event]) -> tuple[Callable[[Any], UUID | None], ...]:
    return tuple(_look(path) for path in _paths(kind))


def _look(path: Path) -> Callable[[Any], UUID | None]:
    return lambda event: reduce(lambda one, name: getattr(one, name, None), path, event)


def _paths(kind: type[Struct], within: frozenset[type[Struct]] = frozenset()) -> Iterator[Path]:
    """List the fields that hold ids of streams, of the struct itself or of one within it."""
    if kind in within:
        return
    hints = get_type_hints(kind)
    for field in msgspec.structs.fields(kind):
        for one in (hints[field.name], *get_args(hints[field.name])):
            if one is UUID:
                yield (field.name,)
            elif isinstance(one, type) and issubclass(one, Struct):
                yield from ((field.name, *path) for path in _paths(one, within | {kind}))
