"""A division 区划: city, district, street or town, village or community, with its names in time.

One stream per code. A village is listed here whether or not it has a room.
"""

from datetime import date
from typing import ClassVar, Final, assert_never, get_args

from msgspec import Struct
from msgspec.structs import replace

from domain.codes import DivisionCode
from domain.vocabulary import Event, NotThere, Text

KIND: Final = "division"
LEVELS: Final = (2, 4, 6, 9, 12)
"""Digits of province, city, district, street or town, village or community."""
VILLAGE_DIGITS: Final = 12


# --- events


class DivisionListed(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "division.listed/1"
    code: DivisionCode
    name: Text
    source: Text
    """Where code and name were taken from: sources disagree, so the source stays with them."""
    since: date | None = None
    """The first day it exists; None when it has existed for as long as anybody asks."""


class DivisionRenamed(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "division.renamed/1"
    name: Text
    source: Text
    since: date


class DivisionAbolished(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "division.abolished/1"
    abolished_on: date
    """The first day without it."""
    merged_into: DivisionCode | None = None
    source: Text


class DivisionRestored(Event, frozen=True, kw_only=True):
    """It was abolished in error: it exists, and always has."""

    topic: ClassVar[str] = "division.restored/1"
    reason: Text


DivisionEvent = DivisionListed | DivisionRenamed | DivisionAbolished | DivisionRestored
EVENTS: Final[tuple[type[Event], ...]] = get_args(DivisionEvent)


# --- state


class DivisionName(Struct, frozen=True):
    KEY: ClassVar = None
    name: str
    source: str
    since: date | None = None
    """None when from the beginning."""


class Division(Struct, frozen=True, kw_only=True):
    code: str
    names: tuple[DivisionName, ...]
    """Oldest first."""
    since: date | None = None
    abolished_on: date | None = None
    merged_into: str | None = None

    @property
    def name(self) -> str:
        """The newest name."""
        return self.names[-1].name

    @property
    def is_village(self) -> bool:
        return len(self.code) == VILLAGE_DIGITS

    def exists_on(self, day: date) -> bool:
        return (self.since is None or self.since <= day) and (
            self.abolished_on is None or day < self.abolished_on
        )

    def name_on(self, day: date) -> DivisionName:
        """Return the name on `day`; before the first known day, the first name."""
        held = [one for one in self.names if one.since is None or one.since <= day]
        return held[-1] if held else self.names[0]


def parent(code: str) -> str | None:
    """Return the code of the division that this one is a part of; None of a province."""
    level = LEVELS.index(len(code))
    return code[: LEVELS[level - 1]] if level else None


def evolve(state: Division | None, event: DivisionEvent) -> Division:
    if isinstance(event, DivisionListed):
        name = DivisionName(event.name, event.source)
        return Division(code=event.code, names=(name,), since=event.since)
    assert state is not None
    match event:
        case DivisionRenamed():
            name = DivisionName(event.name, event.source, event.since)
            return replace(state, names=_renamed(state.names, name))
        case DivisionAbolished(abolished_on=day, merged_into=other):
            return replace(state, abolished_on=day, merged_into=other)
        case DivisionRestored():
            return replace(state, abolished_on=None, merged_into=None)
        case _:
            assert_never(event)


def _renamed(names: tuple[DivisionName, ...], name: DivisionName) -> tuple[DivisionName, ...]:
    """A second entry for the same day corrects the first."""
    first, *later = [one for one in names if one.since is None or one.since != name.since]
    return (first, *sorted([*later, name], key=lambda one: one.since or date.min))


# --- refusals


class DivisionUnknown(NotThere):
    """区划名册中没有这个区划，或者当时还没有、已经撤销；请核对代码，或先登记区划"""
