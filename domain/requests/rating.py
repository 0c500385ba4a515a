"""A rating 好差评 of one service: invited by token, given once, defaulted by silence, or taken in a
callback. The three sources stay apart for ever; nothing later overwrites the first.
"""

import hashlib
from datetime import datetime, timedelta
from typing import Annotated, ClassVar, Final, Literal, assert_never, get_args
from uuid import UUID

from msgspec import Meta, Struct
from msgspec.structs import replace

from domain.codes import Code, Digest
from domain.moment import Moment, calendar_of, local_day, not_in_future
from domain.registers.point import Point, PointUnknown
from domain.registers.policy import LIMITS_POLICY, NoPolicyInForce, RatingRules
from domain.requests.request import Request
from domain.requests.request_commands import RequestIsVoided
from domain.roles import CITIZENS
from domain.vocabulary import Actor, Command, Event, NotThere, Personal, Refused, Text

KIND: Final = "rating"
Grade = Literal[1, 2, 3, 4, 5]
GRADES: Final[dict[str, Grade]] = {
    "very_satisfied": 5,
    "satisfied": 4,
    "basically_satisfied": 3,
    "dissatisfied": 2,
    "very_dissatisfied": 1,
}
Token = Annotated[str, Meta(min_length=1, max_length=200)]
BAD_GRADES: Final = (1, 2)


# --- events (each names its request: the rating has a stream of its own)


class RatingInvited(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "rating.invited/1"
    request: UUID
    point: Code
    served_by: tuple[str, ...]
    token_sha256: str
    """Digest only: who can read the log cannot rate."""
    expires_at: datetime
    """When silence may become the default rating; a first rating comes before it."""
    default_grade: Grade
    valid_until: datetime | None = None
    """End of the token's time for a follow-up; None when there is no end."""


class RatingGiven(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "rating.given/1"
    request: UUID
    grade: Grade
    device: Code | None = None
    comment: Personal | None = None


class RatingDefaulted(Event, frozen=True, kw_only=True):
    """Silence after the policy's days counts as this grade, shown apart from what people said."""

    topic: ClassVar[str] = "rating.defaulted/1"
    request: UUID
    grade: Grade


class RatingCalledBack(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "rating.called_back/1"
    request: UUID
    grade: Grade
    called_by: Code
    comment: Personal | None = None


class RatingFollowedUp(Event, frozen=True, kw_only=True):
    """追评: a later addition by the person; the first rating stays."""

    topic: ClassVar[str] = "rating.followed_up/1"
    request: UUID
    grade: Grade
    comment: Personal | None = None


class RatingDisputed(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "rating.disputed/1"
    request: UUID
    ground: Text


class RatingDisputeDecided(Event, frozen=True, kw_only=True):
    """`excluded` takes the rating out of averages; it stays visible with the decision."""

    topic: ClassVar[str] = "rating.dispute_decided/1"
    request: UUID
    excluded: bool
    reason: Text


RatingEvent = (
    RatingInvited | RatingGiven | RatingDefaulted | RatingCalledBack | RatingFollowedUp
    | RatingDisputed | RatingDisputeDecided
)  # fmt: skip
EVENTS: Final[tuple[type[Event], ...]] = get_args(RatingEvent)


# --- commands


class InviteRating(Command, frozen=True, kw_only=True):
    """Made by `invitation`, which reads who served the request from its own stream."""

    request: UUID
    point: Code
    served_by: tuple[Code, ...]
    token_sha256: Digest


class GiveRating(Command, frozen=True, kw_only=True):
    token: Token
    grade: Grade
    device: Code | None = None
    comment: Personal | None = None


class DefaultRating(Command, frozen=True, kw_only=True):
    """期满未评价，按默认评价计"""


class CallBackRating(Command, frozen=True, kw_only=True):
    grade: Grade
    comment: Personal | None = None


class FollowUpRating(Command, frozen=True, kw_only=True):
    token: Token
    grade: Grade
    comment: Personal | None = None


class DisputeRating(Command, frozen=True, kw_only=True):
    ground: Text


class DecideRatingDispute(Command, frozen=True, kw_only=True):
    excluded: bool
    reason: Text


RatingCommand = (
    InviteRating | GiveRating | DefaultRating | CallBackRating | FollowUpRating | DisputeRating
    | DecideRatingDispute
)  # fmt: skip
COMMANDS: Final[tuple[type[Command], ...]] = get_args(RatingCommand)


# --- state


DisputeStatus = Literal["none", "open", "decided"]


class Rating(Struct, frozen=True, kw_only=True):
    invited: RatingInvited
    given: RatingGiven | None = None
    defaulted: bool = False
    called_back: bool = False
    followed_up: RatingFollowedUp | None = None
    dispute: DisputeStatus = "none"


def evolve(state: Rating | None, event: RatingEvent) -> Rating:
    if isinstance(event, RatingInvited):
        return Rating(invited=event)
    assert state is not None
    match event:
        case RatingGiven():
            return replace(state, given=event)
        case RatingDefaulted():
            return replace(state, defaulted=True)
        case RatingCalledBack():
            return replace(state, called_back=True)
        case RatingFollowedUp():
            return replace(state, followed_up=event)
        case RatingDisputed():
            return replace(state, dispute="open")
        case RatingDisputeDecided():
            return replace(state, dispute="decided")
        case _:
            assert_never(event)


# --- refusals


class RatingNotInvited(NotThere):
    """没有这项服务的评价邀请"""


class AlreadyInvited(Refused):
    """这项服务已经发出评价邀请"""


class NothingToRate(Refused):
    """尚未提供服务，不能评价"""


class TokenInvalid(Refused):
    """评价码无效"""


class InvitationExpired(Refused):
    """评价期限已过"""


class AlreadyRated(Refused):
    """这项服务已经评价过，一次服务只评价一次"""


class OwnService(Refused):
    """不能评价自己提供的服务"""


class StaffMayNotRate(Refused):
    """工作人员不能代为评价，请使用回访登记"""


class OnlyStaff(Refused):
    """回访登记、评价申诉和处理由工作人员办理"""


class NotYetSilent(Refused):
    """评价期限未满，不能按默认评价"""


class NotRated(Refused):
    """还没有评价"""


class DisputeNotPossible(Refused):
    """当前状态不能申诉或处理申诉"""


# --- decide


def token_digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def invitation(request: UUID, served: Request, token_sha256: str) -> InviteRating:
    """The invitation for a request that was served; who answers for it may not rate it either."""
    if served.voided:
        raise RequestIsVoided
    if not served.served:
        raise NothingToRate
    return InviteRating(
        request=request,
        point=served.logged.point,
        served_by=tuple(sorted({*served.served_by, served.responsible})),
        token_sha256=token_sha256,
    )


def decide(state: Rating | None, command: RatingCommand, moment: Moment) -> list[Event]:
    not_in_future(moment)
    if isinstance(command, InviteRating):
        return _invite(state, command, moment)
    if state is None:
        raise RatingNotInvited
    request = state.invited.request
    match command:
        case GiveRating():
            return _give(state, command, moment)
        case DefaultRating():
            if state.given or state.called_back or state.defaulted:
                return []
            if moment.occurred_at < state.invited.expires_at:
                raise NotYetSilent
            return [RatingDefaulted(request=request, grade=state.invited.default_grade)]
        case CallBackRating():
            _by_other_staff(state, moment.by)
            if state.called_back:
                raise AlreadyRated
            return [
                RatingCalledBack(
                    request=request,
                    grade=command.grade,
                    called_by=moment.by.account,
                    comment=command.comment,
                )
            ]
        case FollowUpRating():
            return _follow_up(state, command, moment)
        case DisputeRating():
            _by_staff(moment.by)
            if state.dispute != "none" or state.given is None:
                raise DisputeNotPossible(state.dispute)
            return [RatingDisputed(request=request, ground=command.ground)]
        case DecideRatingDispute():
            if state.dispute != "open":
                raise DisputeNotPossible(state.dispute)
            _by_other_staff(state, moment.by)
            return [
                RatingDisputeDecided(
                    request=request, excluded=command.excluded, reason=command.reason
                )
            ]
        case _:
            assert_never(command)


def _invite(state: Rating | None, command: InviteRating, moment: Moment) -> list[Event]:
    if state is not None:
        if state.invited.token_sha256 == command.token_sha256:
            return []
        raise AlreadyInvited
    point = moment.registers.points.get(command.point)
    if point is None:
        raise PointUnknown(command.point)
    rules = _rules(point, moment)
    return [
        RatingInvited(
            request=command.request,
            point=command.point,
            served_by=command.served_by,
            token_sha256=command.token_sha256,
            expires_at=_end_of_day_after(rules.default_after_days, point, moment),
            default_grade=GRADES[rules.default_grade],
            valid_until=_end_of_day_after(rules.invitation_valid_days, point, moment),
        )
    ]


def _rules(point: Point, moment: Moment) -> RatingRules:
    policy = moment.registers.policies.get(LIMITS_POLICY)
    if policy is None:
        raise NoPolicyInForce
    rules = policy.in_force(local_day(point, moment, moment.occurred_at)).rating
    if rules is None:
        raise NoPolicyInForce
    return rules


def _end_of_day_after(days: int, point: Point, moment: Moment) -> datetime:
    """Civil Code art. 201, 203: the day it begins is not counted, the last day ends at 24:00."""
    calendar = calendar_of(point, moment)
    if calendar is None:
        return moment.occurred_at + timedelta(days=days)
    return calendar.at(calendar.local_day(moment.occurred_at) + timedelta(days=days), 24 * 60)


def _give(state: Rating, command: GiveRating, moment: Moment) -> list[Event]:
    _by_the_person(state, command.token, moment.by)
    given = RatingGiven(
        request=state.invited.request,
        grade=command.grade,
        device=command.device,
        comment=command.comment,
    )
    if state.given is not None:
        if state.given == given:
            return []
        raise AlreadyRated
    if state.defaulted or moment.occurred_at >= state.invited.expires_at:
        raise InvitationExpired
    return [given]


def _follow_up(state: Rating, command: FollowUpRating, moment: Moment) -> list[Event]:
    _by_the_person(state, command.token, moment.by)
    if state.given is None:
        raise NotRated
    followed_up = RatingFollowedUp(
        request=state.invited.request, grade=command.grade, comment=command.comment
    )
    if state.followed_up is not None:
        if state.followed_up == followed_up:
            return []
        raise AlreadyRated
    if state.invited.valid_until is not None and moment.occurred_at >= state.invited.valid_until:
        raise InvitationExpired
    return [followed_up]


def _by_the_person(state: Rating, token: str, actor: Actor) -> None:
    _not_own(state, actor)
    if actor.role not in CITIZENS:
        raise StaffMayNotRate
    if token_digest(token) != state.invited.token_sha256:
        raise TokenInvalid


def _by_staff(actor: Actor) -> None:
    if actor.role in CITIZENS:
        raise OnlyStaff


def _by_other_staff(state: Rating, actor: Actor) -> None:
    _by_staff(actor)
    _not_own(state, actor)


def _not_own(state: Rating, actor: Actor) -> None:
    served = state.invited.served_by
    if actor.account in served or (actor.adviser is not None and actor.adviser in served):
        raise OwnService
