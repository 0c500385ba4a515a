"""A rating 好差评 of one service: invited, given once by a code, defaulted by silence, or taken in
a callback. The three sources stay apart for ever; nothing later overwrites the first.

The closing of a request invites, by rule; who served it never gets a code. A vote that may be the
server's own is kept, and counts in no average until a leader has looked at it. Who served, and who
was on duty, is read anew at every step: a request is reopened, a roster is entered afterwards.
"""

import hashlib
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Annotated, ClassVar, Final, Literal, assert_never, get_args
from uuid import UUID

from msgspec import Meta, Struct
from msgspec.structs import replace

from domain.codes import Code, Digest
from domain.listed import known_point
from domain.moment import Beside, Moment, calendar_of, local_day, not_in_future
from domain.registers.point import Point
from domain.registers.policy import (
    LIMITS_POLICY,
    InvitationRules,
    NoPolicyInForce,
    PolicyVersion,
    RatingRules,
)
from domain.requests.request import Channel, CloseKind, Request
from domain.requests.request_commands import RequestIsVoided
from domain.requests.roster import Roster, Session, roster_stream
from domain.roles import CITIZENS, LEADERS, POLICIES
from domain.vocabulary import (
    Actor,
    Command,
    Event,
    NotThere,
    Personal,
    Refused,
    Service,
    Text,
    sibling_id,
)
from domain.worktime.zone import zone_of

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
DEVICE: Final = "device"
"""Role of the rating device on a counter."""
NOT_SERVED: Final = "not_served"
"""Rule by which nobody is invited to rate what was closed without anything done."""
Source = Literal["given", "default", "call_back"]
Way = Literal["screen", "receipt"]
"""How a code reached the person: shown on the device at the window, or printed on the receipt."""
Suspicion = Literal["own_account", "staff_account", "server_session", "too_soon"]
"""Why a vote may not be the person's own: it came with the token of who served or of other staff,
from where the server works, or within seconds of its code's making."""


# --- events (each names its request: the rating has a stream of its own)


class RatingInvited(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "rating.invited/1"
    request: UUID
    point: Code
    served_by: tuple[str, ...]
    token_sha256: str = ""
    """Of earlier invitations: digest of the one code. Now codes have events of their own."""
    expires_at: datetime
    """When silence may become the default rating; a first rating comes before it."""
    default_grade: Grade
    valid_until: datetime | None = None
    """End of the token's time for a follow-up; None when there is no end."""
    window: Code | None = None
    officer: Code | None = None
    """Who was on duty at the window when the person came, by the roster."""
    sessions: tuple[Session, ...] = ()
    """Where who served, and who was on duty, worked that day."""
    day: date | None = None
    """The local day the person came, which the roster is of; None in earlier invitations."""


class RatingExempted(Event, frozen=True, kw_only=True):
    """Nobody is invited, by a rule that has a name."""

    topic: ClassVar[str] = "rating.exempted/1"
    request: UUID
    point: Code
    rule: Code
    policy: str
    """`code@version` of the rules that name it."""


class RatingCodeIssued(Event, frozen=True, kw_only=True):
    """A code that opens the rating was made for the person; its text is in no event."""

    topic: ClassVar[str] = "rating.code_issued/1"
    request: UUID
    token_sha256: str
    """Digest only: who can read the log cannot rate."""
    way: Way
    issued_by: Code
    issued_at: datetime


class RatingGiven(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "rating.given/1"
    request: UUID
    grade: Grade
    device: Code | None = None
    comment: Personal | None = None
    suspicions: tuple[Suspicion, ...] = ()
    """With any, the vote is in no average until it is looked at."""
    withdraw_until: datetime | None = None
    """Until then the person may take it back; None when he may not."""


class RatingWithdrawn(Event, frozen=True, kw_only=True):
    """The person took back what he had said; it stays on record and counts in no average."""

    topic: ClassVar[str] = "rating.withdrawn/1"
    request: UUID


class RatingLookedAt(Event, frozen=True, kw_only=True):
    """A suspect vote was looked at: it counts from now on, or is set aside for good."""

    topic: ClassVar[str] = "rating.looked_at/1"
    request: UUID
    counted: bool
    reason: Text


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
    sample: UUID | None = None
    """The drawn sample that the call is of; None when a bad rating was called back, as all are."""


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
    of: Source = "given"
    disputed_by: Code | None = None
    """Of those who decide on disputes: he does not decide this one."""


class RatingDisputeDecided(Event, frozen=True, kw_only=True):
    """`excluded` takes the rating out of averages; it stays visible with the decision."""

    topic: ClassVar[str] = "rating.dispute_decided/1"
    request: UUID
    excluded: bool
    reason: Text
    of: Source = "given"


RatingEvent = (
    RatingInvited | RatingExempted | RatingCodeIssued | RatingGiven | RatingWithdrawn
    | RatingLookedAt | RatingDefaulted | RatingCalledBack | RatingFollowedUp | RatingDisputed
    | RatingDisputeDecided
)  # fmt: skip
EVENTS: Final[tuple[type[Event], ...]] = get_args(RatingEvent)


# --- commands


class InviteRating(Command, frozen=True, kw_only=True):
    """Made by `invitation`, which reads who served the request, and who was on duty."""

    request: UUID
    point: Code
    served_by: tuple[Code, ...]
    service: Service
    channel: Channel
    served: bool = True
    close_kind: CloseKind | None = None
    """None while the request is open."""
    window: Code | None = None
    officer: Code | None = None
    sessions: tuple[Session, ...] = ()
    day: date | None = None


class IssueRatingCode(Command, frozen=True, kw_only=True):
    """Given by the device at the window, or by staff who did not serve, for the receipt."""

    token_sha256: Digest


class GiveRating(Command, frozen=True, kw_only=True):
    token: Token
    grade: Grade
    device: Code | None = None
    comment: Personal | None = None
    session: Session | None = None
    """Where the vote came from."""
    signed_in: Actor | None = None
    """Whose token came with a vote by link, if any did."""


class WithdrawRating(Command, frozen=True, kw_only=True):
    token: Token
    session: Session | None = None
    signed_in: Actor | None = None


class LookAtRating(Command, frozen=True, kw_only=True):
    counted: bool
    reason: Text


class DefaultRating(Command, frozen=True, kw_only=True):
    """期满未评价，按默认评价计"""


class CallBackRating(Command, frozen=True, kw_only=True):
    """`sample`: the drawn sample that names the request; whoever gives the command checks it, and
    tells which requests it drew `earlier` that were not passed over: they are called first."""

    grade: Grade
    comment: Personal | None = None
    sample: UUID | None = None
    earlier: tuple[UUID, ...] = ()


class FollowUpRating(Command, frozen=True, kw_only=True):
    token: Token
    grade: Grade
    comment: Personal | None = None
    session: Session | None = None
    signed_in: Actor | None = None


class DisputeRating(Command, frozen=True, kw_only=True):
    ground: Text
    of: Source = "given"


class DecideRatingDispute(Command, frozen=True, kw_only=True):
    excluded: bool
    reason: Text


RatingCommand = (
    InviteRating | IssueRatingCode | GiveRating | WithdrawRating | LookAtRating | DefaultRating
    | CallBackRating | FollowUpRating | DisputeRating | DecideRatingDispute
)  # fmt: skip
COMMANDS: Final[tuple[type[Command], ...]] = get_args(RatingCommand)


# --- state


DisputeStatus = Literal["none", "open", "decided"]


class IssuedCode(Struct, frozen=True, kw_only=True):
    token_sha256: str
    issued_at: datetime


class Rating(Struct, frozen=True, kw_only=True):
    invited: RatingInvited | None = None
    """None when a rule exempts the service."""
    exempt: str | None = None
    codes: tuple[IssuedCode, ...] = ()
    given: RatingGiven | None = None
    withdrawn: bool = False
    looked_at: RatingLookedAt | None = None
    defaulted: bool = False
    called_back: bool = False
    followed_up: RatingFollowedUp | None = None
    dispute: DisputeStatus = "none"
    """Of the source that was disputed last."""
    disputed: tuple[Source, ...] = ()
    disputed_by: str | None = None
    """Who opened the last dispute, if he may decide on others."""

    def opened_by(self, token: str) -> bool:
        """Return whether a code opens it."""
        digest, invited = token_digest(token), self.invited
        known = (one.token_sha256 for one in self.codes)
        return invited is not None and digest in (invited.token_sha256, *known)

    @property
    def waits_to_be_looked_at(self) -> bool:
        suspect = self.given is not None and bool(self.given.suspicions)
        return suspect and self.looked_at is None and not self.withdrawn


def evolve(state: Rating | None, event: RatingEvent) -> Rating:
    if isinstance(event, RatingExempted):
        return Rating(exempt=event.rule)
    if isinstance(event, RatingInvited):
        return Rating(invited=event)
    assert state is not None
    match event:
        case RatingCodeIssued():
            code = IssuedCode(token_sha256=event.token_sha256, issued_at=event.issued_at)
            return replace(state, codes=(*state.codes, code))
        case RatingGiven():
            return replace(state, given=event)
        case RatingWithdrawn():
            return replace(state, withdrawn=True)
        case RatingLookedAt():
            return replace(state, looked_at=event)
        case RatingDefaulted():
            return replace(state, defaulted=True)
        case RatingCalledBack():
            return replace(state, called_back=True)
        case RatingFollowedUp():
            return replace(state, followed_up=event)
        case RatingDisputed():
            disputed = (*state.disputed, event.of)
            return replace(state, dispute="open", disputed=disputed, disputed_by=event.disputed_by)
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


class CodeNotForYou(Refused):
    """评价码只能由窗口评价器显示，或由未经办该事项的人员出具给评价人"""


class DeviceUnknown(Refused):
    """评价器未在这个服务点登记，请先由管理员在窗口设置"""


class DeviceElsewhere(Refused):
    """评价器不在办理这项服务的窗口"""


class WithdrawalOver(Refused):
    """撤回评价的期限已过，或这项评价不能撤回"""


class RatingIsWithdrawn(Refused):
    """评价人已经撤回这项评价"""


class NotSuspect(Refused):
    """这项评价没有存疑，不需要核查"""


class AlreadyLookedAt(Refused):
    """这项评价已经核查过"""


class NotDrawn(Refused):
    """回访对象须由系统随机抽取，不能自行挑选；差评除外"""


class OutOfDrawnOrder(Refused):
    """回访须按抽取的顺序进行：排在前面的人尚未回访，也未说明跳过的原因"""


class NotYetSilent(Refused):
    """评价期限未满，不能按默认评价"""


class NotRated(Refused):
    """还没有评价"""


class DisputeNotPossible(Refused):
    """当前状态不能申诉或处理申诉"""


class OwnDispute(Refused):
    """提出评价申诉的人不能处理该项申诉"""


# --- decide


OF_VOID: Final = (LookAtRating, DecideRatingDispute)
"""What was begun before the request was void is still brought to its end."""


def token_digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def roster_of(served: Request) -> UUID:
    """Return the stream of the duty roster of the point and day that a request came."""
    return roster_stream(served.logged.point, _day_of(served))


def _day_of(served: Request) -> date:
    return served.logged.requested_at.astimezone(zone_of(served.logged.zone)).date()


def invitation(request: UUID, served: Request, roster: Roster | None = None) -> InviteRating:
    """The invitation to rate a request; who answers for it may not rate it either.

    `roster` is that of its point on the day the person came.

    Raises: RequestIsVoided; NothingToRate — while it is open and nothing was done.
    """
    if served.voided:
        raise RequestIsVoided
    if not served.served and not served.closed:
        raise NothingToRate
    logged = served.logged
    served_by, officer, sessions = _who_served(served, roster)
    return InviteRating(
        request=request,
        point=logged.point,
        served_by=served_by,
        service=served.service,
        channel=logged.channel,
        served=served.served,
        close_kind=served.close_kind,
        window=logged.window,
        officer=officer,
        sessions=sessions,
        day=_day_of(served),
    )


def _who_served(
    served: Request, roster: Roster | None
) -> tuple[tuple[str, ...], str | None, tuple[Session, ...]]:
    """Return who served or answers for it, who was on duty, and where these worked that day."""
    logged = served.logged
    officer = roster.on_duty(logged.window, logged.requested_at) if roster else None
    served_by = {*served.served_by, served.responsible}
    there = served_by | ({officer} if officer else set())
    sessions = roster.sessions_of(there) if roster else ()
    return tuple(sorted(served_by)), officer, sessions


# --- what is read beside it: the request as it stands, and the roster of its day


def reads(state: Rating | None, command: Command, _moment: Moment) -> Iterator[UUID]:
    """Yield the request and the roster of the day it came; of a call, those to be made before."""
    if isinstance(command, CallBackRating):
        yield from (sibling_id(one, KIND) for one in command.earlier)
    asked = command if isinstance(command, InviteRating) else state and state.invited
    if asked:
        yield asked.request
        if asked.day is not None:
            yield roster_stream(asked.point, asked.day)


BESIDE: Final = Beside(COMMANDS, reads)


def _as_it_stands(invited: RatingInvited, moment: Moment) -> RatingInvited:
    """Return the invitation with who served since, and who is known by now to have been on duty."""
    served = moment.beside.get(invited.request)
    if not isinstance(served, Request):
        return invited
    roster = moment.beside.get(roster_of(served))
    served_by, officer, sessions = _who_served(
        served, roster if isinstance(roster, Roster) else None
    )
    return replace(
        invited,
        served_by=tuple(sorted({*invited.served_by, *served_by})),
        officer=invited.officer or officer,
        sessions=tuple(sorted({*invited.sessions, *sessions})),
    )


def _refuse_void(request: UUID, moment: Moment) -> None:
    """Refuse a step of the rating of a request that was entered by mistake (F12)."""
    served = moment.beside.get(request)
    if isinstance(served, Request) and served.voided:
        raise RequestIsVoided


def decide(state: Rating | None, command: RatingCommand, moment: Moment) -> list[Event]:
    not_in_future(moment)
    if isinstance(command, InviteRating):
        _refuse_void(command.request, moment)
        return _invite(state, command, moment)
    if state is None or state.invited is None:
        raise RatingNotInvited
    request = state.invited.request
    if not isinstance(command, OF_VOID):
        _refuse_void(request, moment)
    invited = _as_it_stands(state.invited, moment)
    match command:
        case IssueRatingCode():
            return _issue(state, invited, command, moment)
        case GiveRating():
            return _give(state, invited, command, moment)
        case WithdrawRating():
            return _withdraw(state, invited, command, moment)
        case LookAtRating():
            return _look(state, invited, command, moment)
        case DefaultRating():
            if state.given or state.called_back or state.defaulted:
                return []
            if moment.occurred_at < invited.expires_at:
                raise NotYetSilent
            return [RatingDefaulted(request=request, grade=invited.default_grade)]
        case CallBackRating():
            return _call_back(state, invited, command, moment)
        case FollowUpRating():
            return _follow_up(state, invited, command, moment)
        case DisputeRating():
            return _dispute(state, invited, command, moment)
        case DecideRatingDispute():
            if state.dispute != "open":
                raise DisputeNotPossible(state.dispute)
            _by_other_staff(invited, moment.by)
            if moment.by.account == state.disputed_by:
                raise OwnDispute
            return [
                RatingDisputeDecided(
                    request=request,
                    excluded=command.excluded,
                    reason=command.reason,
                    of=state.disputed[-1],
                )
            ]
        case _:
            assert_never(command)


def _invite(state: Rating | None, command: InviteRating, moment: Moment) -> list[Event]:
    if state is not None and state.invited is not None:
        raise AlreadyInvited
    point = known_point(command.point, moment.registers)
    policy = _policy(point, moment)
    rules = _rules(policy)
    rule = _exemption(policy, command)
    if rule is not None:
        if state is not None and state.exempt == rule:
            return []
        return [
            RatingExempted(
                request=command.request, point=command.point, rule=rule, policy=policy.ref
            )
        ]
    # The days of the answer begin when the person can be told: nobody dates them away.
    begins = replace(moment, occurred_at=max(moment.occurred_at, moment.now))
    if moment.by.role in POLICIES:
        begins = moment
    expires_at = _end_of_day_after(rules.default_after_days, point, begins)
    if moment.now >= expires_at:
        # Found too late: the person could not say anything any more.
        raise InvitationExpired
    invited = RatingInvited(
        request=command.request,
        point=command.point,
        served_by=command.served_by,
        expires_at=expires_at,
        default_grade=GRADES[rules.default_grade],
        valid_until=_end_of_day_after(rules.invitation_valid_days, point, begins),
        window=command.window,
        officer=command.officer,
        sessions=command.sessions,
        day=command.day,
    )
    return [_as_it_stands(invited, moment)]


def _exemption(policy: PolicyVersion, command: InviteRating) -> str | None:
    """Return the name of the rule by which nobody is invited; None when the person is."""
    if not command.served:
        return NOT_SERVED
    for one in _invitations(policy).exemptions:
        if one.covers(command.service, command.channel, command.close_kind):
            return one.name
    return None


def _policy(point: Point, moment: Moment) -> PolicyVersion:
    policy = moment.registers.policies.get(LIMITS_POLICY)
    if policy is None:
        raise NoPolicyInForce
    return policy.in_force(local_day(point, moment, moment.occurred_at))


def _rules(policy: PolicyVersion) -> RatingRules:
    if policy.rating is None:
        raise NoPolicyInForce
    return policy.rating


def _invitations(policy: PolicyVersion) -> InvitationRules:
    return policy.invitations or InvitationRules()


def _end_of_day_after(days: int, point: Point, moment: Moment) -> datetime:
    """Civil Code art. 201, 203: the day it begins is not counted, the last day ends at 24:00."""
    calendar = calendar_of(point, moment)
    if calendar is None:
        return moment.occurred_at + timedelta(days=days)
    return calendar.at(calendar.local_day(moment.occurred_at) + timedelta(days=days), 24 * 60)


def _issue(
    state: Rating, invited: RatingInvited, command: IssueRatingCode, moment: Moment
) -> list[Event]:
    if any(one.token_sha256 == command.token_sha256 for one in state.codes):
        return []
    if moment.by.role == DEVICE:
        _from_the_window(invited, moment)
    elif moment.by.role in CITIZENS or _served(invited, moment.by):
        raise CodeNotForYou
    if state.given is not None:
        raise AlreadyRated
    if state.defaulted or moment.occurred_at >= invited.expires_at:
        raise InvitationExpired
    return [
        RatingCodeIssued(
            request=invited.request,
            token_sha256=command.token_sha256,
            way="screen" if moment.by.role == DEVICE else "receipt",
            issued_by=moment.by.account,
            issued_at=moment.occurred_at,
        )
    ]


def _give(
    state: Rating, invited: RatingInvited, command: GiveRating, moment: Moment
) -> list[Event]:
    _by_the_person(state, invited, command.token, moment)
    device = moment.by.account if moment.by.role == DEVICE else None
    if command.device not in (None, device):
        raise DeviceUnknown(command.device or "")
    before = state.given
    if before is not None:
        said = (before.grade, before.device, before.comment)
        if not state.withdrawn and said == (command.grade, device, command.comment):
            return []
        raise AlreadyRated
    if state.defaulted or moment.occurred_at >= invited.expires_at:
        raise InvitationExpired
    rules = _invitations(_policy(moment.registers.points[invited.point], moment))
    hours = timedelta(hours=rules.withdrawal_hours)
    return [
        RatingGiven(
            request=invited.request,
            grade=command.grade,
            device=device,
            comment=command.comment,
            suspicions=(
                *_of_staff(invited, command),
                *_too_soon(state, command.token, rules, moment),
            ),
            withdraw_until=moment.occurred_at + hours if hours else None,
        )
    ]


def _of_staff(
    invited: RatingInvited, command: GiveRating | FollowUpRating | WithdrawRating
) -> tuple[Suspicion, ...]:
    """Return what tells that a call by code may have come from staff."""
    found: list[Suspicion] = []
    if command.signed_in is not None and command.signed_in.role not in CITIZENS:
        found.append("own_account" if _served(invited, command.signed_in) else "staff_account")
    if command.session in invited.sessions:
        found.append("server_session")
    return tuple(found)


def _too_soon(
    state: Rating, token: str, rules: InvitationRules, moment: Moment
) -> tuple[Suspicion, ...]:
    code = _code(state, token)
    within = timedelta(seconds=rules.suspect_within_s)
    soon = code is not None and moment.occurred_at - code.issued_at < within
    return ("too_soon",) if soon else ()


def _code(state: Rating, token: str) -> IssuedCode | None:
    digest = token_digest(token)
    return next((one for one in state.codes if one.token_sha256 == digest), None)


def _withdraw(
    state: Rating, invited: RatingInvited, command: WithdrawRating, moment: Moment
) -> list[Event]:
    _by_the_person(state, invited, command.token, moment)
    if _of_staff(invited, command):
        raise StaffMayNotRate
    if state.given is None:
        raise NotRated
    if state.withdrawn:
        return []
    until = state.given.withdraw_until
    if until is None or moment.occurred_at >= until:
        raise WithdrawalOver
    return [RatingWithdrawn(request=invited.request)]


def _look(
    state: Rating, invited: RatingInvited, command: LookAtRating, moment: Moment
) -> list[Event]:
    _by_other_staff(invited, moment.by)
    looked_at = RatingLookedAt(
        request=invited.request, counted=command.counted, reason=command.reason
    )
    if state.looked_at is not None:
        if state.looked_at == looked_at:
            return []
        raise AlreadyLookedAt
    if not state.waits_to_be_looked_at:
        raise NotSuspect
    return [looked_at]


def _call_back(
    state: Rating, invited: RatingInvited, command: CallBackRating, moment: Moment
) -> list[Event]:
    _by_other_staff(invited, moment.by)
    if state.called_back:
        raise AlreadyRated
    bad = state.given is not None and state.given.grade in BAD_GRADES
    if not bad and command.sample is None:
        raise NotDrawn
    for one in () if bad else command.earlier:
        first = moment.beside.get(sibling_id(one, KIND))
        if not (isinstance(first, Rating) and (first.called_back or first.given)):
            raise OutOfDrawnOrder(str(one))
    return [
        RatingCalledBack(
            request=invited.request,
            grade=command.grade,
            called_by=moment.by.account,
            comment=command.comment,
            sample=command.sample,
        )
    ]


def _follow_up(
    state: Rating, invited: RatingInvited, command: FollowUpRating, moment: Moment
) -> list[Event]:
    _by_the_person(state, invited, command.token, moment)
    if _of_staff(invited, command):
        raise StaffMayNotRate
    if state.given is None:
        raise NotRated
    if state.withdrawn:
        raise RatingIsWithdrawn
    followed_up = RatingFollowedUp(
        request=invited.request, grade=command.grade, comment=command.comment
    )
    if state.followed_up is not None:
        if state.followed_up == followed_up:
            return []
        raise AlreadyRated
    if invited.valid_until is not None and moment.occurred_at >= invited.valid_until:
        raise InvitationExpired
    return [followed_up]


def _dispute(
    state: Rating, invited: RatingInvited, command: DisputeRating, moment: Moment
) -> list[Event]:
    """Each source may be disputed once, one after the other."""
    _by_staff(moment.by)
    there = {
        "given": state.given is not None and not state.withdrawn,
        "default": state.defaulted,
        "call_back": state.called_back,
    }
    if state.dispute == "open" or command.of in state.disputed or not there[command.of]:
        raise DisputeNotPossible(state.dispute)
    return [
        RatingDisputed(
            request=invited.request,
            ground=command.ground,
            of=command.of,
            disputed_by=moment.by.account if moment.by.role in LEADERS else None,
        )
    ]


def _by_the_person(state: Rating, invited: RatingInvited, token: str, moment: Moment) -> None:
    _not_own(invited, moment.by)
    if moment.by.role not in CITIZENS:
        raise StaffMayNotRate
    if not state.opened_by(token):
        raise TokenInvalid
    if moment.by.role == DEVICE:
        _from_the_window(invited, moment)


def _from_the_window(invited: RatingInvited, moment: Moment) -> None:
    window = moment.registers.points[invited.point].devices.get(moment.by.account)
    if window is None:
        raise DeviceUnknown(moment.by.account)
    if window != invited.window:
        raise DeviceElsewhere(window)


def _by_staff(actor: Actor) -> None:
    if actor.role in CITIZENS:
        raise OnlyStaff


def _by_other_staff(invited: RatingInvited, actor: Actor) -> None:
    _by_staff(actor)
    _not_own(invited, actor)


def _not_own(invited: RatingInvited, actor: Actor) -> None:
    if _served(invited, actor):
        raise OwnService


def _served(invited: RatingInvited, actor: Actor) -> bool:
    """Return whether one served it, answers for it, or was on duty at its window."""
    those = (*invited.served_by, *((invited.officer,) if invited.officer else ()))
    return actor.account in those or (actor.adviser is not None and actor.adviser in those)
