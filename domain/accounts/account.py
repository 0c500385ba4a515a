"""An account 账号: who may sign in, and the posts 岗位 he acts for.

A post is a role at a unit for some days; a person may have several, and says which one acts. What
he signs in with (passwords, keys, tokens) is in no event.
"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import ClassVar, Final, Literal, TypeVar, assert_never, get_args

from msgspec import Struct
from msgspec.structs import replace

from domain.codes import Code
from domain.roles import Role
from domain.vocabulary import Actor, Event, NotThere, PersonalName, Text

KIND: Final = "account"
Standing = Literal["active", "suspended", "closed"]


# --- events


class AccountOpened(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "account.opened/1"
    code: Code
    name: PersonalName


class AccountRenamed(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "account.renamed/1"
    name: PersonalName


class PostGiven(Event, frozen=True, kw_only=True):
    """`number`: of the account's posts, from 1 on."""

    topic: ClassVar[str] = "account.post_given/1"
    number: int
    role: Role
    unit: Code
    adviser: Code | None = None
    """Where the role is that of an adviser: which one."""
    since: date
    until: date | None = None
    """The last day; None until it is ended."""
    basis: Text


class PostEnded(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "account.post_ended/1"
    number: int
    until: date
    """The last day."""
    reason: Text


class AccountSuspended(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "account.suspended/1"
    reason: Text


class AccountRestored(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "account.restored/1"
    reason: Text


class AccountClosed(Event, frozen=True, kw_only=True):
    """For ever: its code is never another person's."""

    topic: ClassVar[str] = "account.closed/1"
    reason: Text


class StandInNamed(Event, frozen=True, kw_only=True):
    """代理：while the holder is away, another acts for his post, under both names."""

    topic: ClassVar[str] = "account.stand_in_named/1"
    number: int
    """Of the account's stand-ins, from 1 on."""
    post: int
    account: Code
    since: date
    until: date
    reason: Text


class StandInEnded(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "account.stand_in_ended/1"
    number: int
    until: date
    reason: Text


class EmergencyAccessTaken(Event, frozen=True, kw_only=True):
    """紧急访问：a post that nobody gave, for minutes, with a reason; the unit's leader is told."""

    topic: ClassVar[str] = "account.emergency_access_taken/1"
    number: int
    """Of the account's emergencies, from 1 on."""
    role: Role
    unit: Code
    reason: Text
    since: datetime
    until: datetime


class EmergencyAccessReviewed(Event, frozen=True, kw_only=True):
    """The unit's leader has looked at it."""

    topic: ClassVar[str] = "account.emergency_access_reviewed/1"
    number: int
    justified: bool
    note: Text | None = None


AccountEvent = (
    AccountOpened | AccountRenamed | PostGiven | PostEnded | AccountSuspended | AccountRestored
    | AccountClosed | StandInNamed | StandInEnded | EmergencyAccessTaken | EmergencyAccessReviewed
)  # fmt: skip
EVENTS: Final[tuple[type[Event], ...]] = get_args(AccountEvent)


# --- state


class AccountPost(Struct, frozen=True, kw_only=True):
    KEY: ClassVar = ("number",)
    number: int
    role: Role
    unit: str
    adviser: str | None = None
    since: date
    until: date | None = None

    def holds_on(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day <= self.until)

    def is_filled_by(self, by: Actor) -> bool:
        return (self.role, self.unit, self.adviser) == (by.role, by.unit, by.adviser)


class StandIn(Struct, frozen=True, kw_only=True):
    KEY: ClassVar = ("number",)
    number: int
    post: int
    account: str
    since: date
    until: date

    def holds_on(self, day: date) -> bool:
        return self.since <= day <= self.until


class Emergency(Struct, frozen=True, kw_only=True):
    KEY: ClassVar = ("number",)
    number: int
    role: Role
    unit: str
    reason: str
    since: datetime
    until: datetime
    justified: bool | None = None
    """What the unit's leader says of it; None until he has looked at it."""


class Account(Struct, frozen=True, kw_only=True):
    code: str
    name: str
    standing: Standing = "active"
    posts: tuple[AccountPost, ...] = ()
    """Number n is `posts[n - 1]`."""
    stand_ins: tuple[StandIn, ...] = ()
    emergencies: tuple[Emergency, ...] = ()

    @property
    def active(self) -> bool:
        return self.standing == "active"

    def posts_on(self, day: date) -> tuple[AccountPost, ...]:
        return tuple(one for one in self.posts if one.holds_on(day))


def evolve(state: Account | None, event: AccountEvent) -> Account:
    if isinstance(event, AccountOpened):
        return Account(code=event.code, name=event.name)
    assert state is not None
    match event:
        case AccountRenamed():
            return replace(state, name=event.name)
        case PostGiven():
            return replace(state, posts=(*state.posts, _post(event)))
        case PostEnded():
            return replace(state, posts=_ended(state.posts, event))
        case AccountSuspended():
            return replace(state, standing="suspended")
        case AccountRestored():
            return replace(state, standing="active")
        case AccountClosed():
            return replace(state, standing="closed")
        case StandInNamed():
            return replace(state, stand_ins=(*state.stand_ins, _stand_in(event)))
        case StandInEnded():
            return replace(state, stand_ins=_ended(state.stand_ins, event))
        case EmergencyAccessTaken():
            return replace(state, emergencies=(*state.emergencies, _emergency(event)))
        case EmergencyAccessReviewed():
            looked_at = tuple(
                replace(one, justified=event.justified) if one.number == event.number else one
                for one in state.emergencies
            )
            return replace(state, emergencies=looked_at)
        case _:
            assert_never(event)


def _post(event: PostGiven) -> AccountPost:
    return AccountPost(
        number=event.number,
        role=event.role,
        unit=event.unit,
        adviser=event.adviser,
        since=event.since,
        until=event.until,
    )


def _stand_in(event: StandInNamed) -> StandIn:
    return StandIn(
        number=event.number,
        post=event.post,
        account=event.account,
        since=event.since,
        until=event.until,
    )


def _emergency(event: EmergencyAccessTaken) -> Emergency:
    return Emergency(
        number=event.number,
        role=event.role,
        unit=event.unit,
        reason=event.reason,
        since=event.since,
        until=event.until,
    )


EndingT = TypeVar("EndingT", AccountPost, StandIn)


def _ended(several: tuple[EndingT, ...], event: PostEnded | StandInEnded) -> tuple[EndingT, ...]:
    return tuple(
        replace(one, until=event.until) if one.number == event.number else one for one in several
    )


# --- acting


def may_act(by: Actor, accounts: Mapping[str, Account], now: datetime, today: date) -> bool:
    """Return whether the account has what the actor says he acts for: a post of its own, that of
    somebody it stands in for, or an emergency."""
    account = accounts.get(by.account)
    if account is None or not account.active:
        return False
    if by.emergency:
        return any(
            (one.role, one.unit) == (by.role, by.unit) and one.since <= now < one.until
            for one in account.emergencies
        )
    if by.instead_of is None:
        return any(one.is_filled_by(by) for one in account.posts_on(today))
    holder = accounts.get(by.instead_of)
    return (
        holder is not None
        and holder.active
        and any(post.is_filled_by(by) for post in _stood_in_for(holder, by.account, today))
    )


def actors_of(
    code: str, accounts: Mapping[str, Account], now: datetime, today: date
) -> list[Actor]:
    """List whom an account may act as now: what a session can be bound to."""
    account = accounts.get(code)
    if account is None or not account.active:
        return []
    own = own_actors(account, today)
    for_others = [
        replace(_actor(code, post), instead_of=holder.code)
        for holder in accounts.values()
        if holder.stand_ins and holder.active
        for post in _stood_in_for(holder, code, today)
    ]
    urgent = [
        Actor(account=code, role=one.role, unit=one.unit, emergency=True)
        for one in account.emergencies
        if one.since <= now < one.until
    ]
    return [*own, *for_others, *urgent]


def own_actors(account: Account, today: date) -> list[Actor]:
    """List whom an account may act as by its own posts."""
    if not account.active:
        return []
    return [_actor(account.code, one) for one in account.posts_on(today)]


def _stood_in_for(holder: Account, code: str, today: date) -> Iterator[AccountPost]:
    for one in holder.stand_ins:
        post = holder.posts[one.post - 1]
        if one.account == code and one.holds_on(today) and post.holds_on(today):
            yield post


def _actor(code: str, post: AccountPost) -> Actor:
    return Actor(account=code, role=post.role, unit=post.unit, adviser=post.adviser)


# --- refusals


class AccountUnknown(NotThere):
    """没有这个账号，请核对账号编号"""
