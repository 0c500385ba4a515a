"""The throttle of signing in: leaky buckets in PostgreSQL, drawn from before anything is hashed.

Whoever comes with the mark of a browser that the account has signed in from, or from an address it
has signed in from, has a budget of his own there. All others share what strangers have for an
account and for an address. So a storm from anywhere uses up the strangers' budget, and never that
of the person whose account it is.
"""

import hashlib
import ipaddress
import logging
import time
from typing import Any, Final

import psycopg
from msgspec import Struct

log = logging.getLogger(__name__)

Connection = psycopg.AsyncConnection[dict[str, Any]]
IPV6_BITS: Final = 64
"""Whoever has one address of IPv6 has all of its network."""
FORGET: Final = "DELETE FROM signing_budgets WHERE at < now() - interval '2 days'"
TAKE: Final = "SELECT signing_take(%s, %s, %s) AS wait_s"
GIVE_BACK: Final = "UPDATE signing_budgets SET spent = greatest(0, spent - 1) WHERE key = ANY(%s)"
IS_KNOWN: Final = """
    SELECT EXISTS (SELECT FROM signing_devices WHERE sha256 = %(device)s AND account = %(account)s)
               AS device,
           EXISTS (SELECT FROM signing_sessions
                    WHERE account = %(account)s AND address = %(address)s
                      AND made_at > now() - interval '90 days') AS address
"""


class TooMany(Exception):
    """Too many tries; `wait_s` seconds until the next."""

    def __init__(self, wait_s: float) -> None:
        super().__init__("too many tries")
        self.wait_s = wait_s


class Budget(Struct, frozen=True):
    """`burst` tries at once, and one more every `every_s` seconds."""

    name: str
    burst: int
    every_s: float


OWN: Final = Budget("own", 10, 60.0)
"""Of a browser, or of an address, that the account has signed in from."""
ADDRESS: Final = Budget("address", 30, 10.0)
"""Of strangers from an address: behind one may be an office."""
ACCOUNT: Final = Budget("account", 20, 60.0)
"""Of strangers at an account: 1,440 guesses a day."""
TOKENS: Final = Budget("token", 60, 2.0)
"""Of wrong bearer tokens from an address."""
PROVIDER: Final = Budget("oidc", 60, 2.0)
"""Of those who come back from the provider to an address."""
STATE: Final = Budget("oidc-state", 1, 86_400.0)
"""Of one going to the provider: whoever comes back with it a second time is refused."""
FOLLOWING_FROM: Final = Budget("follow-from", 30, 20.0)
"""Of those who follow a request from an address and name a wrong number or code."""
FOLLOWING: Final = Budget("follow", 10, 600.0)
"""Of wrong codes for one number: 144 a day, of ten thousand million."""
PLACES_MAX: Final = 10_000


class Admitted(Struct, frozen=True):
    keys: tuple[bytes, ...]
    """The budgets drawn from, to be given back where it was no guess."""
    known: bool


def network_of(address: str) -> str:
    """The address as budgets count it: of IPv6 its network."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if found.version == 6:  # noqa: PLR2004
        if found.ipv4_mapped is not None:
            return str(found.ipv4_mapped)
        return str(ipaddress.ip_network((found, IPV6_BITS), strict=False))
    return str(found)


async def admitted(
    connection: Connection, account: str, address: str, device: bytes | None
) -> Admitted:
    """Draw from the budgets of a try. Raises: TooMany."""
    network = network_of(address)
    asked = {"account": account, "address": network, "device": device}
    known = await (await connection.execute(IS_KNOWN, asked)).fetchone()
    assert known is not None
    if known["device"]:
        assert device is not None
        return Admitted((await _taken(connection, OWN, account, device.hex()),), known=True)
    if known["address"]:
        return Admitted((await _taken(connection, OWN, account, network),), known=True)
    keys = (
        await _taken(connection, ADDRESS, network),
        await _taken(connection, ACCOUNT, account),
    )
    return Admitted(keys, known=False)


async def own(connection: Connection, account: str, session: str) -> Admitted:
    """Draw from the budget of a session that proves its password again. Raises: TooMany."""
    return Admitted((await _taken(connection, OWN, account, session),), known=True)


async def from_provider(connection: Connection, address: str) -> Admitted:
    """Draw from the budget of an address. Raises: TooMany."""
    return Admitted((await _taken(connection, PROVIDER, network_of(address)),), known=False)


async def first_return(connection: Connection, state: str) -> bool:
    """Return whether nobody has come back with this state before."""
    try:
        await _taken(connection, STATE, state)
    except TooMany:
        return False
    return True


async def following(connection: Connection, address: str, number: str) -> Admitted:
    """Draw from the budgets of who names the number of a request and its code, whether or not
    there is one. Raises: TooMany."""
    keys = (
        await _taken(connection, FOLLOWING_FROM, network_of(address)),
        await _taken(connection, FOLLOWING, number),
    )
    return Admitted(keys, known=False)


async def given_back(connection: Connection, admission: Admitted) -> None:
    """It was no guess: the budgets have it back; those long full again are forgotten."""
    await connection.execute(GIVE_BACK, [list(admission.keys)])
    await connection.execute(FORGET)


async def _taken(connection: Connection, budget: Budget, *whose: str) -> bytes:
    key = hashlib.sha256("\n".join((budget.name, *whose)).encode()).digest()
    row = await (await connection.execute(TAKE, [key, budget.burst, budget.every_s])).fetchone()
    assert row is not None
    if row["wait_s"] is not None:
        raise TooMany(row["wait_s"])
    return key


class WrongTokens:
    """Bearer tokens that are none, counted by where they come from, in this process. A token that
    is one is never kept waiting."""

    def __init__(self) -> None:
        self._spent: dict[str, tuple[float, float]] = {}

    def count(self, address: str) -> None:
        """Count one. Raises: TooMany."""
        network, now_s = network_of(address), time.monotonic()
        if len(self._spent) >= PLACES_MAX:
            self._spent.clear()
        spent, at_s = self._spent.get(network, (0.0, now_s))
        left = max(0.0, spent - (now_s - at_s) / TOKENS.every_s)
        if left + 1 > TOKENS.burst:
            raise TooMany((left + 1 - TOKENS.burst) * TOKENS.every_s)
        self._spent[network] = (left + 1, now_s)
        if left < 1 or left + 2 > TOKENS.burst:
            # The first, and the last before the door is shut: not a line for each.
            log.warning("wrong bearer token from %s", network)
