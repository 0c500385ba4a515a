"""A law firm 律师事务所 that village and community advisers come from."""

from datetime import datetime
from typing import ClassVar, Final, assert_never, get_args

from msgspec import Struct
from msgspec.structs import replace

from domain.codes import Code, DivisionCode, Licence
from domain.vocabulary import Event, NotThere, Text

KIND: Final = "firm"


# --- events


class FirmRegistered(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "firm.registered/1"
    code: Code
    name: Text
    division: DivisionCode | None = None
    """Where its office is."""
    licence: Licence | None = None


class FirmRenamed(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "firm.renamed/1"
    name: Text


class FirmClosed(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "firm.closed/1"
    reason: Text
    closed_at: datetime


class FirmReopened(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "firm.reopened/1"
    reason: Text


FirmEvent = FirmRegistered | FirmRenamed | FirmClosed | FirmReopened
EVENTS: Final[tuple[type[Event], ...]] = get_args(FirmEvent)


# --- state


class Firm(Struct, frozen=True, kw_only=True):
    code: str
    name: str
    division: str | None = None
    licence: str | None = None
    closed_at: datetime | None = None

    @property
    def open(self) -> bool:
        return self.closed_at is None

    def stands_at(self, instant: datetime) -> bool:
        """Return whether it existed then; earlier work may be entered after it closed."""
        return self.closed_at is None or instant < self.closed_at


def evolve(state: Firm | None, event: FirmEvent) -> Firm:
    if isinstance(event, FirmRegistered):
        return Firm(
            code=event.code, name=event.name, division=event.division, licence=event.licence
        )
    assert state is not None
    match event:
        case FirmRenamed():
            return replace(state, name=event.name)
        case FirmClosed():
            return replace(state, closed_at=event.closed_at)
        case FirmReopened():
            return replace(state, closed_at=None)
        case _:
            assert_never(event)


# --- refusals


class FirmUnknown(NotThere):
    """律所名册中没有这家律师事务所，或者当时已经停用；请核对编号，或先登记律所"""
