"""Random sampling that anybody can repeat: standard library only, so that it can travel.

Every id is ranked by SHA-256 of seed, a zero byte and the id; the first n are the sample. The order
of the population does not matter, and a larger n keeps what a smaller one drew. An id with more
tickets than one is ranked by the least of their hashes; those of ticket 1, 2 … have a zero byte and
that number after the id.
"""

from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from types import MappingProxyType
from typing import Final

ONE_EACH: Final[Mapping[str, int]] = MappingProxyType({})


def draw(
    seed: str, population: Sequence[str], n: int, tickets: Mapping[str, int] = ONE_EACH
) -> tuple[str, ...]:
    """Draw n ids of the population, in the order drawn.

    tickets: how many an id has, where it is more than one

    Raises: ValueError — when an id comes twice, or there are fewer than n.
    """
    if len(set(population)) != len(population):
        raise ValueError("an id stands in the population twice")
    if not 0 <= n <= len(population):
        raise ValueError(f"cannot draw {n} out of {len(population)}")
    return tuple(sorted(population, key=lambda one: _rank(seed, one, tickets.get(one, 1)))[:n])


def population_digest(population: Iterable[str]) -> str:
    """Return the SHA-256 of the ids as sorted UTF-8 lines: `LC_ALL=C sort | sha256sum`."""
    lines = sorted(one.encode() + b"\n" for one in population)
    return sha256(b"".join(lines)).hexdigest()


def _rank(seed: str, one: str, tickets: int) -> bytes:
    first = seed.encode() + b"\0" + one.encode()
    more = (first + b"\0%d" % ticket for ticket in range(1, tickets))
    return min(sha256(ticket).digest() for ticket in (first, *more))
