"""A team 顾问团队 of a firm: the advisers who serve together. An adviser may be in several; the one
that his work counts for stands with him."""

from datetime import datetime
from typing import ClassVar, Final, assert_never, get_args

from msgspec import Struct
from msgspec.structs import replace

from domain.codes import Code
from domain.vocabulary import Event, NotThere, Text

KIND: Final = "team"


# --- events


class TeamFormed(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "team.formed/1"
    code: Code
    name: Text
    firm: Code
    members: tuple[Code, ...] = ()
    """Codes of advisers."""


class TeamMembersChanged(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "team.members_changed/1"
    members: tuple[Code, ...]
    """All of them, from now on."""


class TeamDissolved(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "team.dissolved/1"
    reason: Text
    dissolved_at: datetime


class TeamRestored(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "team.restored/1"
    reason: Text


TeamEvent = TeamFormed | TeamMembersChanged | TeamDissolved | TeamRestored
EVENTS: Final[tuple[type[Event], ...]] = get_args(TeamEvent)


# --- state


class Team(Struct, frozen=True, kw_only=True):
    code: str
    name: str
    firm: str
    members: tuple[str, ...] = ()
    dissolved_at: datetime | None = None

    @property
    def open(self) -> bool:
        return self.dissolved_at is None

    def stands_at(self, instant: datetime) -> bool:
        """Return whether it existed then; earlier work may be entered after it was dissolved."""
        return self.dissolved_at is None or instant < self.dissolved_at


def evolve(state: Team | None, event: TeamEvent) -> Team:
    if isinstance(event, TeamFormed):
        return Team(code=event.code, name=event.name, firm=event.firm, members=event.members)
    assert state is not None
    match event:
        case TeamMembersChanged():
            return replace(state, members=event.members)
        case TeamDissolved():
            return replace(state, dissolved_at=event.dissolved_at)
        case TeamRestored():
            return replace(state, dissolved_at=None)
        case _:
            assert_never(event)


# --- refusals


class TeamUnknown(NotThere):
    """团队名册中没有这个团队，或者当时已经解散；请核对编号，或先登记团队"""
