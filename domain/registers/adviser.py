"""The register of village and community legal advisers: licence, penalties, firm, team in time."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import ClassVar, Final, assert_never, get_args

from msgspec import Struct
from msgspec.structs import replace

from domain.codes import Code, Licence
from domain.vocabulary import Event, NotThere, PersonalName, Text

KIND: Final = "adviser"


# --- events


class AdviserRegistered(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "adviser.registered/1"
    code: Code
    name: PersonalName
    firm: Code
    team: Code | None = None
    licence: Licence | None = None
    practising_since: date | None = None


class LicenceRecorded(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "adviser.licence_recorded/1"
    licence: Licence
    practising_since: date


class PenaltyRecorded(Event, frozen=True, kw_only=True):
    """An administrative penalty or a sanction of the profession."""

    topic: ClassVar[str] = "adviser.penalty_recorded/1"
    KEY: ClassVar = None
    decided_on: date
    authority: Text
    reason: Text


class PenaltyWithdrawn(Event, frozen=True, kw_only=True):
    """It was revoked, or recorded in error: it does not count any more."""

    topic: ClassVar[str] = "adviser.penalty_withdrawn/1"
    decided_on: date
    authority: Text
    reason: Text


class AdviserMoved(Event, frozen=True, kw_only=True):
    """To another firm or team; what he did before stays with the former one."""

    topic: ClassVar[str] = "adviser.moved/1"
    firm: Code
    team: Code | None = None
    moved_at: datetime


class AdviserLeft(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "adviser.left/1"
    reason: Text
    left_at: datetime


class AdviserReturned(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "adviser.returned/1"
    firm: Code
    team: Code | None = None
    returned_at: datetime


AdviserEvent = (
    AdviserRegistered | LicenceRecorded | PenaltyRecorded | PenaltyWithdrawn | AdviserMoved
    | AdviserLeft | AdviserReturned
)  # fmt: skip
EVENTS: Final[tuple[type[Event], ...]] = get_args(AdviserEvent)


# --- state


class Post(Struct, frozen=True):
    KEY: ClassVar = None
    firm: str
    team: str | None
    since: datetime | None = None
    """None when from the beginning."""


class Adviser(Struct, frozen=True, kw_only=True):
    code: str
    name: str
    posts: tuple[Post, ...]
    """Oldest first."""
    licence: str | None = None
    practising_since: date | None = None
    penalties: tuple[PenaltyRecorded, ...] = ()
    left_at: datetime | None = None

    @property
    def firm(self) -> str:
        return self.posts[-1].firm

    @property
    def team(self) -> str | None:
        return self.posts[-1].team

    @property
    def active(self) -> bool:
        return self.left_at is None

    def in_office(self, instant: datetime) -> bool:
        """Return whether the adviser was in office; earlier work may be entered after leaving."""
        return self.left_at is None or instant < self.left_at

    def post_at(self, instant: datetime) -> Post:
        """Firm and team that what he did at that instant belongs to."""
        held = [post for post in self.posts if post.since is None or post.since <= instant]
        return held[-1]


def evolve(state: Adviser | None, event: AdviserEvent) -> Adviser:
    if isinstance(event, AdviserRegistered):
        return Adviser(
            code=event.code,
            name=event.name,
            posts=(Post(event.firm, event.team),),
            licence=event.licence,
            practising_since=event.practising_since,
        )
    assert state is not None
    match event:
        case LicenceRecorded():
            return replace(state, licence=event.licence, practising_since=event.practising_since)
        case PenaltyRecorded():
            return replace(state, penalties=(*state.penalties, event))
        case PenaltyWithdrawn():
            return replace(state, penalties=tuple(_left(state, event)))
        case AdviserMoved():
            return replace(state, posts=_moved(state, event.firm, event.team, event.moved_at))
        case AdviserLeft():
            return replace(state, left_at=event.left_at)
        case AdviserReturned():
            posts = _moved(state, event.firm, event.team, event.returned_at)
            return replace(state, posts=posts, left_at=None)
        case _:
            assert_never(event)


def _left(state: Adviser, event: PenaltyWithdrawn) -> Iterator[PenaltyRecorded]:
    withdrawn = (event.decided_on, event.authority)
    return (one for one in state.penalties if (one.decided_on, one.authority) != withdrawn)


def _moved(state: Adviser, firm: str, team: str | None, since: datetime) -> tuple[Post, ...]:
    """The posts with one more; a move entered late takes its place in time."""
    first, *later = state.posts
    kept = [(post.since, post) for post in later if post.since and post.since != since]
    moved = sorted([*kept, (since, Post(firm, team, since))], key=lambda one: one[0])
    return (first, *(post for _, post in moved))


# --- refusals


class AdviserUnknown(NotThere):
    """没有这位法律顾问，请先登记"""
