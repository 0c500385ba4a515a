"""Lawful lives for property tests, and the shipped data that a simulated city is made of."""

from contextlib import suppress
from datetime import date
from functools import cache
from importlib.resources import files
from random import Random
from typing import Final

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from domain.jurisdiction import OutsideJurisdiction
from domain.registration.calendar_commands import PublishCalendar
from domain.registration.form_commands import PublishForm
from domain.registration.policy_commands import PublishPolicy
from domain.simulation import (
    Division,
    SimulatedStep,
    city,
    divisions_of,
    random_complaint,
    random_life,
    services,
    world_of,
)
from ledger.founding.shipped import shipped_calendars, shipped_forms, shipped_policies

FIRST: Final = date(2026, 4, 1)
DAYS: Final = 91
SCALE: Final = 0.1


@cache
def calendars() -> tuple[PublishCalendar, ...]:
    return tuple(shipped_calendars())


@cache
def policies() -> tuple[PublishPolicy, ...]:
    return tuple(shipped_policies())


@cache
def forms() -> tuple[PublishForm, ...]:
    return tuple(shipped_forms())


@cache
def divisions() -> tuple[Division, ...]:
    table = files("domain") / "data" / "guangzhou_divisions.csv"
    return tuple(divisions_of(table.read_text(encoding="utf-8")))


def founding(seed: int, scale: float) -> list[SimulatedStep]:
    return list(
        city(
            Random(seed),
            divisions=divisions(),
            scale=scale,
            calendars=calendars(),
            policies=policies(),
            forms=forms(),
        )
    )


def played(seed: int, *, scale: float, days: int) -> list[SimulatedStep]:
    """City and services together."""
    founded = founding(seed, scale)
    world = world_of(founded)
    lived = list(services(Random(seed), world, first_day=FIRST, days=days, scale=scale))
    assert not world.stopped, "a life asked for what the rules refuse"
    return [*founded, *lived]


VILLAGES: Final = (
    Division("440104", "越秀区"),
    Division("440104001", "洪桥街道"),
    Division("440104001001", "三眼井社区居民委员会"),
    Division("440104001002", "都府社区居民委员会"),
    Division("440115", "南沙区"),
    Division("440115001", "南沙街道"),
    Division("440115001201", "塘坑村村民委员会"),
)


def hamlet(seed: int, days: int) -> list[SimulatedStep]:
    """Everything that happens in three villages: each kind of thing, a few hundred events."""
    draw = Random(seed)
    founded = list(
        city(
            draw,
            divisions=VILLAGES,
            scale=0,
            calendars=calendars(),
            policies=policies(),
            forms=forms(),
        )
    )
    world = world_of(founded)
    lived = list(services(draw, world, first_day=FIRST, days=days, scale=0.002))
    assert not world.stopped, "a life asked for what the rules refuse"
    return [*founded, *lived]


@cache
def quarter() -> list[SimulatedStep]:
    """The services of a quarter in a tenth of the city, after its founding."""
    return played(1, scale=SCALE, days=DAYS)


def life(draw: Random) -> list[SimulatedStep]:
    """The founding of a tiny city, then one request and its rating among changes of the city."""
    return list(random_life(draw, calendars=calendars(), policies=policies()))


def complaint(draw: Random) -> list[SimulatedStep]:
    """The founding of a tiny city, then a complaint and another among changes of the city."""
    told: list[SimulatedStep] = []
    # A life that leads out of reach of who lives it ends there, as those of a city do.
    with suppress(OutsideJurisdiction):
        drawn = random_complaint(draw, calendars=calendars(), policies=policies(), forms=forms())
        told.extend(drawn)
    return told


def lives() -> SearchStrategy[list[SimulatedStep]]:
    """Lives found by Hypothesis; they shrink towards a plain consultation without incidents."""
    return st.randoms(use_true_random=False).map(life)


def seeded_lives() -> SearchStrategy[list[SimulatedStep]]:
    """Faster, for laws that need many lives; a fault shows its seed but does not shrink."""
    return st.integers(0, 2**32 - 1).map(lambda seed: life(Random(seed)))
