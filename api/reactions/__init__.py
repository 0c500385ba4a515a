"""Rules that act by themselves: what follows from an event is followed up once, and what follows
from the clock is looked for again and again, and done once. They are no views: no rebuild makes
them act."""

from typing import Final

from domain.vocabulary import Actor

RATING: Final = "policy-rating"
RECTIFICATION: Final = "policy-rectification"
PROMISES: Final = "policy-promises"
PERIODS: Final = "policy-periods"
NAMES: Final = (RATING, RECTIFICATION, PROMISES, PERIODS)
"""Accounts that policies act by; `RECTIFICATION` is also what its position is tracked as."""
CITY: Final = "4401"


def actor(policy: str, unit: str = CITY) -> Actor:
    """`unit`: the point or division concerned, where there is one."""
    return Actor(account=policy, role="policy", unit=unit)
