"""Chance for the simulation. The caller brings the source of draws: same seed, same city."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from hashlib import sha256
from itertools import accumulate
from math import log
from typing import Generic, Protocol, TypeVar

T = TypeVar("T")


class Draw(Protocol):
    """The methods shared by `random.Random` and Hypothesis' `randoms()`."""

    def random(self) -> float:
        """Draw from 0 up to, but not including, 1."""

    def getrandbits(self, k: int, /) -> int: ...


class Named:
    """A source made from a text alone: who draws from it moves nobody else's story."""

    __slots__ = ("_drawn", "_name")

    def __init__(self, name: str) -> None:
        self._name = name
        self._drawn = 0

    def getrandbits(self, k: int, /) -> int:
        self._drawn += 1
        digest = sha256(f"{self._name}:{self._drawn}".encode()).digest()
        return int.from_bytes(digest, "big") >> (256 - k)

    def random(self) -> float:
        return self.getrandbits(53) / 2**53


class Mix(Generic[T]):
    """Things with their weights. A draw of 0 is the first, so put the plainest thing first."""

    __slots__ = ("_bounds", "_things")

    def __init__(self, weights: Mapping[T, float]) -> None:
        self._things = tuple(weights)
        total = sum(weights.values())
        self._bounds = [bound / total for bound in accumulate(weights.values())][:-1]

    def draw(self, draw: Draw) -> T:
        return self._things[bisect_right(self._bounds, draw.random())]


def pick(draw: Draw, things: Sequence[T]) -> T:
    return things[int(draw.random() * len(things))]


def happens(draw: Draw, probability: float) -> bool:
    """A draw of 0 is the plain case: shrinking a found fault leads to a life without incidents."""
    return draw.random() >= 1.0 - probability


def between(draw: Draw, low: float, high: float) -> float:
    return low + (high - low) * draw.random()


def spread(draw: Draw, mean: float) -> float:
    """Mostly short, sometimes very long (exponential), as waiting times are."""
    return -mean * log(1.0 - draw.random())


def some_of(draw: Draw, things: Sequence[T], count: int) -> tuple[T, ...]:
    """Pick `count` neighbours of a ring, so that all are different."""
    first = int(draw.random() * len(things))
    return tuple(things[(first + offset) % len(things)] for offset in range(count))


def shuffled(draw: Draw, things: Sequence[T]) -> list[T]:
    mixed = list(things)
    for last in range(len(mixed) - 1, 0, -1):
        other = int(draw.random() * (last + 1))
        mixed[last], mixed[other] = mixed[other], mixed[last]
    return mixed
