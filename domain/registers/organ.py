"""A city organ 市直机关: handles complaints, receives referrals and can itself be complained of."""

from datetime import datetime
from typing import ClassVar, Final, assert_never, get_args

from msgspec import Struct
from msgspec.structs import replace

from domain.codes import Code, DivisionCode
from domain.vocabulary import Event, NotThere, Text

KIND: Final = "organ"


# --- events


class OrganListed(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "organ.listed/1"
    code: Code
    name: Text
    division: DivisionCode
    """Whose organ it is: 4401 for the city's."""


class OrganRenamed(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "organ.renamed/1"
    name: Text


class OrganClosed(Event, frozen=True, kw_only=True):
    """Abolished, or merged into another one."""

    topic: ClassVar[str] = "organ.closed/1"
    reason: Text
    closed_at: datetime


class OrganReopened(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "organ.reopened/1"
    reason: Text


OrganEvent = OrganListed | OrganRenamed | OrganClosed | OrganReopened
EVENTS: Final[tuple[type[Event], ...]] = get_args(OrganEvent)


# --- state


class Organ(Struct, frozen=True, kw_only=True):
    code: str
    name: str
    division: str
    closed_at: datetime | None = None

    @property
    def open(self) -> bool:
        return self.closed_at is None

    def stands_at(self, instant: datetime) -> bool:
        """Return whether it existed then; earlier work may be entered after it closed."""
        return self.closed_at is None or instant < self.closed_at


def evolve(state: Organ | None, event: OrganEvent) -> Organ:
    if isinstance(event, OrganListed):
        return Organ(code=event.code, name=event.name, division=event.division)
    assert state is not None
    match event:
        case OrganRenamed():
            return replace(state, name=event.name)
        case OrganClosed():
            return replace(state, closed_at=event.closed_at)
        case OrganReopened():
            return replace(state, closed_at=None)
        case _:
            assert_never(event)


# --- refusals


class OrganUnknown(NotThere):
    """机关名册中没有这个机关，或者当时已经撤销；请核对编号，或先登记机关"""
