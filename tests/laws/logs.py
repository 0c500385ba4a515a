"""Logs made of lawful lives: the founding of one city, and the requests of several lives, mixed."""

from collections.abc import Callable, Iterable, Iterator
from itertools import count, islice
from random import Random
from typing import Final
from uuid import uuid5

from domain.simulation import SimulatedStep
from domain.vocabulary import NAMESPACE
from ledger.log.codec import Recorded
from tests.lives import hamlet, life

OF_A_LIFE: Final = ("request", "rating", "complaint", "rectification", "promises")


def a_hamlet(seed: int, days: int) -> list[Recorded]:
    """Three villages with all that is done and decided in them."""
    return recorded(hamlet(seed, days))


def a_log(
    seed: int, lives: int, lived: Callable[[Random], list[SimulatedStep]] = life
) -> list[Recorded]:
    """One command an event, so that any position may be the last one. Only the first life may
    publish rules: a promise names their version, which has to be in the log."""
    draw = Random(seed)
    told = (lived(Random(draw.getrandbits(32))) for _ in count())
    first = next(told)
    others = (steps for steps in told if not _publishes_rules(steps))
    return recorded(_mixed(draw, [first, *islice(others, lives - 1)]))


def _publishes_rules(steps: list[SimulatedStep]) -> bool:
    return any(step.kind == "policy" for step in steps[_founded(steps) :])


def _founded(steps: list[SimulatedStep]) -> int:
    return next(n for n, step in enumerate(steps) if step.kind in OF_A_LIFE)


def recorded(steps: Iterable[SimulatedStep]) -> list[Recorded]:
    return [
        Recorded(
            originator_id=step.stream,
            originator_version=step.version + number,
            event=event,
            event_id=uuid5(NAMESPACE, f"{step.command_id}{number}"),
            command_id=uuid5(NAMESPACE, f"{step.command_id}-{number}"),
            occurred_at=step.occurred_at,
            by=step.by,
            command_events=1,
        )
        for step in steps
        for number, event in enumerate(step.events)
    ]


def _mixed(draw: Random, lives: list[list[SimulatedStep]]) -> Iterator[SimulatedStep]:
    """The first life whole, of the others what happens in their own streams; each in order."""
    first, *others = lives
    founded = _founded(first)
    yield from first[:founded]
    left = [first[founded:]]
    left += [[step for step in other if step.kind in OF_A_LIFE] for other in others]
    while left := [steps for steps in left if steps]:
        yield draw.choice(left).pop(0)
