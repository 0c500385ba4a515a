"""Policies: rules that act by themselves.

What follows from an event is done once, in order of the log. What follows from the clock is looked
for repeatedly and done once. Policies are not views: no rebuild makes them act.
"""

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
    """Return the actor of a policy; `unit` is the point or division concerned."""
    return Actor(account=policy, role="policy", unit=unit)
