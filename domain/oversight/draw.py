"""Random sampling that anybody can repeat: standard library only, so that it can travel.

Every id is ranked by SHA-256 of seed, a zero byte and the id; the first n are the sample. The order
of the population does not matter, and a larger n keeps what a smaller one drew.
"""

from collections.abc import Iterable, Sequence
from hashlib import sha256


def draw(seed: str, population: Sequence[str], n: int) -> tuple[str, ...]:
    """Draw n ids of the population, in the order drawn.

    Raises: ValueError — when an id comes twice, or there are fewer than n.
    """
    if len(set(population)) != len(population):
        raise ValueError("an id stands in the population twice")
    if not 0 <= n <= len(population):
        raise ValueError(f"cannot draw {n} out of {len(population)}")
    return tuple(sorted(population, key=lambda one: _rank(seed, one))[:n])


def population_digest(population: Iterable[str]) -> str:
    """Return the SHA-256 of the ids as sorted UTF-8 lines: `LC_ALL=C sort | sha256sum`."""
    lines = sorted(one.encode() + b"\n" for one in population)
    return sha256(b"".join(lines)).hexdigest()


def _rank(seed: str, one: str) -> bytes:
    return sha256(seed.encode() + b"\0" + one.encode()).digest()
