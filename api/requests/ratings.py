"""Ratings 好差评: codes for the person, votes by link or at the window, and what became of them.

No answer to who served holds a code: the device at the window shows it, or staff who did not serve
prints it on the receipt.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Final, Literal
from uuid import UUID

from msgspec import Struct

from api.web.acting import Answer, Nothing, answer_of
from api.web.acting import CommandAsking as Acting
from api.web.answers import ROOT
from api.web.cursors import Cursors
from api.web.paging import Listing, Paged
from api.web.problems import Problem
from api.web.questions import (
    Asking,
    Found,
    Knowing,
    Question,
    as_known,
    held,
    reached,
    reading,
)
from domain.codes import Code, DivisionPrefix
from domain.complaints import complaint
from domain.complaints.complaint import Status
from domain.complaints.complaint_commands import noted_by_rating
from domain.moment import HappensBeforeLastStep
from domain.oversight import sample
from domain.oversight.sample import SampleUnknown
from domain.requests import rating, request, roster
from domain.requests.rating import (
    CallBackRating,
    DisputeStatus,
    FollowUpRating,
    GiveRating,
    Grade,
    IssueRatingCode,
    NotDrawn,
    Rating,
    RatingFollowedUp,
    RatingGiven,
    RatingInvited,
    RatingIsWithdrawn,
    RatingLookedAt,
    Source,
    StaffMayNotRate,
    Token,
    WithdrawRating,
    invitation,
    roster_of,
    token_digest,
)
from domain.requests.request_commands import RequestUnknown
from domain.roles import CITIZENS
from domain.vocabulary import Actor, Command, Personal, sibling_id
from ledger.log.decision import Receipt, project
from projections.asking.asking import Basis, Cursor, fetch_async
from projections.requests import ratings

QUEUE_MAX: Final = 50


class Vote(Struct, frozen=True, forbid_unknown_fields=True):
    """What a person says through his link."""

    grade: Grade
    comment: Personal | None = None


class VoteAtDevice(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a person says at the device, by the code it shows."""

    token: Token
    grade: Grade
    comment: Personal | None = None
    device: Code | None = None


class CallBack(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a person said when called; `sample` drew him, unless he had given a bad grade."""

    grade: Grade
    comment: Personal | None = None
    sample: UUID | None = None


class RatingCode(Struct, frozen=True, kw_only=True):
    """`link` and `page` are told here and nowhere else: the log keeps a digest of their token.

    `link` is for programs, `page` for people: what a receipt or its QR code shows.
    """

    stream: UUID
    version: int
    position: int | None
    recorded_at: datetime | None
    link: str
    page: str


# --- inviting, and the code


async def invite(acting: Acting, _: Nothing) -> tuple[Receipt, Answer]:
    of_request: UUID = acting.path["id"]
    ledger = acting.wiring.ledger
    served = project(request, None, await ledger.stream(of_request))
    if served is None:
        raise RequestUnknown
    last = served.last_step_at
    if acting.occurred_at is not None and last is not None and acting.occurred_at < last:
        raise HappensBeforeLastStep
    found = project(roster, None, await ledger.stream(roster_of(served.state)))
    command = invitation(of_request, served.state, found.state if found else None)
    receipt = await acting.execute(sibling_id(of_request, rating.KIND), command)
    return receipt, answer_of(receipt)


def token_of(command_id: UUID, cursors: Cursors) -> str:
    """Derive the token of a code. None begins with a hyphen: the command line would take it for an
    option."""
    purpose = f"rating {command_id}"
    while (token := cursors.secret_for(purpose)).startswith("-"):
        purpose += " again"
    return token


async def issue(acting: Acting, _: Nothing) -> tuple[Receipt, RatingCode]:
    """The token follows from the command's id and our key, so a repeated command answers the same
    link, though nothing keeps it."""
    of_request: UUID = acting.path["id"]
    token = token_of(acting.command_id, acting.wiring.cursors)
    command = IssueRatingCode(token_sha256=token_digest(token))
    receipt = await acting.execute(sibling_id(of_request, rating.KIND), command)
    page = f"/ratings/{of_request}/{token}"
    return receipt, RatingCode(
        stream=receipt.stream,
        version=receipt.version,
        position=receipt.position,
        recorded_at=receipt.recorded_at,
        link=ROOT + page,
        page=page,
    )


async def _step(
    acting: Acting, command: Command, *, by: Actor | None = None
) -> tuple[Receipt, Answer]:
    stream = sibling_id(acting.path["id"], rating.KIND)
    receipt = await acting.execute(stream, command, by=by)
    return receipt, answer_of(receipt)


# --- at the window, and by phone


async def give_at_device(acting: Acting, vote: VoteAtDevice) -> tuple[Receipt, Answer]:
    command = GiveRating(
        token=vote.token,
        grade=vote.grade,
        comment=vote.comment,
        device=vote.device,
        session=acting.session,
    )
    return await _step(acting, command)


async def follow_up_at_device(acting: Acting, vote: VoteAtDevice) -> tuple[Receipt, Answer]:
    command = FollowUpRating(
        token=vote.token, grade=vote.grade, comment=vote.comment, session=acting.session
    )
    return await _step(acting, command)


async def call_back(acting: Acting, call: CallBack) -> tuple[Receipt, Answer]:
    """Check that the person was drawn and not picked: the sample must hold the request, and those
    whom it drew earlier come first."""
    of_request: UUID = acting.path["id"]
    earlier: tuple[UUID, ...] = ()
    if call.sample is not None:
        drawn = project(sample, None, await acting.wiring.ledger.stream(call.sample))
        if drawn is None:
            raise SampleUnknown
        if drawn.state.announced.frame.of != "rating" or str(of_request) not in drawn.state.drawn:
            raise NotDrawn(str(of_request))
        earlier = tuple(map(UUID, drawn.state.earlier(str(of_request))))
    command = CallBackRating(
        grade=call.grade, comment=call.comment, sample=call.sample, earlier=earlier
    )
    return await _step(acting, command)


# --- by the link


async def give(acting: Acting, vote: Vote) -> tuple[Receipt, Answer]:
    command = GiveRating(
        token=acting.path["token"],
        grade=vote.grade,
        comment=vote.comment,
        session=acting.session,
        signed_in=acting.signed_in,
    )
    return await _by_link(acting, command)


async def follow_up(acting: Acting, vote: Vote) -> tuple[Receipt, Answer]:
    command = FollowUpRating(
        token=acting.path["token"],
        grade=vote.grade,
        comment=vote.comment,
        session=acting.session,
        signed_in=acting.signed_in,
    )
    return await _by_link(acting, command)


async def withdraw(acting: Acting, _: Nothing) -> tuple[Receipt, Answer]:
    command = WithdrawRating(
        token=acting.path["token"], session=acting.session, signed_in=acting.signed_in
    )
    return await _by_link(acting, command)


async def note_dissatisfaction(acting: Acting, _: Nothing) -> tuple[Receipt, Answer]:
    """Note that the person wants his bad rating to be dealt with: he alone asks for it here."""
    rated, person = await _opened_by_link(acting)
    if acting.signed_in is not None and acting.signed_in.role not in CITIZENS:
        raise StaffMayNotRate
    if rated.withdrawn:
        raise RatingIsWithdrawn
    of_request: UUID = acting.path["id"]
    served = project(request, None, await acting.wiring.ledger.stream(of_request))
    if served is None:
        raise RequestUnknown
    of_rating = sibling_id(of_request, rating.KIND)
    command = noted_by_rating(of_request, of_rating, rated, served.state)
    receipt = await acting.execute(sibling_id(of_request, complaint.KIND), command, by=person)
    return receipt, answer_of(receipt)


async def _by_link(acting: Acting, command: Command) -> tuple[Receipt, Answer]:
    _, person = await _opened_by_link(acting)
    return await _step(acting, command, by=person)


async def _opened_by_link(acting: Acting) -> tuple[Rating, Actor]:
    """Look up the rating that a link opens, and the person who holds it.

    Raises: Problem `not-found`.
    """
    of_request: UUID = acting.path["id"]
    stream = sibling_id(of_request, rating.KIND)
    found = project(rating, None, await acting.wiring.ledger.stream(stream))
    state, invited = _opened(found.state if found else None, acting.path["token"])
    return state, Actor(account=f"c-{of_request.hex}", role="citizen", unit=invited.point)


def _opened(state: Rating | None, token: str) -> tuple[Rating, RatingInvited]:
    """The rating that a link opens; a wrong token learns nothing, not even that there is one."""
    if state is None or state.invited is None or not state.opened_by(token):
        raise Problem("not-found")
    return state, state.invited


Handling = Literal["noted", "settled", "complaint", "ended"]
"""Of a dissatisfaction: it was noted; settled at once; is handled as a complaint; has ended."""
ENDED: Final[tuple[Status, ...]] = ("declined", "closed", "withdrawn", "final")


class LinkFound(Struct, frozen=True, kw_only=True):
    """What the holder of a link may know: no names, no subject."""

    request: UUID
    point: str
    point_name: str | None
    day: date | None
    """The local day the person came; None in earlier invitations."""
    expires_at: datetime
    given: Grade | None
    withdraw_until: datetime | None
    withdrawn: bool
    followed_up: bool
    follow_up_until: datetime | None
    """None when there is no end."""
    handling: Handling | None
    """What has become of the dissatisfaction of a bad rating; None where none was noted."""


async def _link(asking: Asking) -> Found:
    of_request: UUID = asking.path["id"]
    await reached(asking)
    stream = sibling_id(of_request, rating.KIND)
    events = as_known(asking, await asking.wiring.ledger.stream(stream))
    found = project(rating, None, events)
    state, invited = _opened(found.state if found else None, asking.path["token"])
    points = (await asking.wiring.ledger.registers()).points
    point = points.get(invited.point)
    body = LinkFound(
        request=of_request,
        point=invited.point,
        point_name=point.name if point else None,
        day=invited.day,
        expires_at=invited.expires_at,
        given=state.given.grade if state.given else None,
        withdraw_until=state.given.withdraw_until if state.given else None,
        withdrawn=state.withdrawn,
        followed_up=state.followed_up is not None,
        follow_up_until=invited.valid_until,
        handling=await _handling(asking, of_request),
    )
    return Found(body, position=events[-1].position)


async def _handling(asking: Asking, of_request: UUID) -> Handling | None:
    stream = sibling_id(of_request, complaint.KIND)
    events = as_known(asking, await asking.wiring.ledger.stream(stream))
    found = project(complaint, None, events)
    if found is None or found.state.voided:
        return None
    told: Mapping[str, Handling] = {
        "noted": "noted", "settled": "settled", **dict.fromkeys(ENDED, "ended"),
    }  # fmt: skip
    return told.get(found.state.status, "complaint")


# --- for staff


class InvitationShown(Struct, frozen=True, kw_only=True):
    """An invitation without the digest of its token."""

    request: UUID
    point: str
    served_by: tuple[str, ...]
    expires_at: datetime
    default_grade: Grade
    valid_until: datetime | None
    window: str | None
    officer: str | None


class RatingShown(Struct, frozen=True, kw_only=True):
    """The answer's copy of a rating: clients rely on it, so deciders may change their state."""

    invited: InvitationShown | None
    exempt: str | None
    """The rule by which nobody is invited."""
    given: RatingGiven | None
    withdrawn: bool
    looked_at: RatingLookedAt | None
    defaulted: bool
    called_back: bool
    followed_up: RatingFollowedUp | None
    dispute: DisputeStatus
    disputed: tuple[Source, ...]


def rating_shown(state: Rating) -> RatingShown:
    """Make the answer's copy of a rating."""
    return RatingShown(
        invited=_invitation_shown(state.invited) if state.invited else None,
        exempt=state.exempt,
        given=state.given,
        withdrawn=state.withdrawn,
        looked_at=state.looked_at,
        defaulted=state.defaulted,
        called_back=state.called_back,
        followed_up=state.followed_up,
        dispute=state.dispute,
        disputed=state.disputed,
    )


def _invitation_shown(invited: RatingInvited) -> InvitationShown:
    return InvitationShown(
        request=invited.request,
        point=invited.point,
        served_by=invited.served_by,
        expires_at=invited.expires_at,
        default_grade=invited.default_grade,
        valid_until=invited.valid_until,
        window=invited.window,
        officer=invited.officer,
    )


class RatingFound(Struct, frozen=True, kw_only=True):
    """A rating as it stands; `version` is what If-Match wants."""

    request: UUID
    version: int
    position: int
    state: RatingShown


async def _one(asking: Asking) -> Found:
    of_request: UUID = asking.path["id"]
    stream = sibling_id(of_request, rating.KIND)
    found, position = await held(asking, rating, stream)
    body = RatingFound(
        request=of_request,
        version=found.version,
        position=position,
        state=rating_shown(found.state),
    )
    return Found(body, version=found.version, position=position, stream=stream)


# --- the list, and the queue of a device


class RatingsQuery(Paged, frozen=True, kw_only=True):
    point: Code | None = None
    at_window: Code | None = None
    officer: Code | None = None
    """Who was on duty at the window."""
    status: ratings.Status | None = None
    suspect: bool | None = None
    """Whether it waits to be looked at."""
    dispute: DisputeStatus | None = None
    division: DivisionPrefix | None = None
    """A prefix of the request's division code."""
    adviser: Code | None = None


class RatingsFound(Struct, frozen=True, kw_only=True):
    """The newest first."""

    basis: Basis
    rows: list[ratings.RatingRow]
    next_cursor: str | None


class QueueFound(Struct, frozen=True, kw_only=True):
    """What waits at the window of the device that asks, the newest first."""

    basis: Basis
    point: str
    window: str
    rows: list[ratings.WaitingRow]


LISTING: Final = Listing(
    views=(ratings.NAME, "journal"),
    filters=ratings.RatingFilters,
    page=ratings.page,
    cursor=Cursor,
    place=ratings.cursor_of,
    answer=RatingsFound,
)


async def _queue(asking: Asking) -> Found:
    """Only where the register says the device stands, and only now."""
    assert asking.by is not None
    device = asking.by.account
    points = (await asking.wiring.ledger.registers()).points.values()
    placed = [(one.code, one.devices[device]) for one in points if device in one.devices]
    if not placed:
        raise Problem("not-permitted", f"device {device} stands at no window")
    ((point, window),) = placed
    query: Knowing = asking.query
    async with reading(asking, ratings.NAME) as (connection, basis):
        now = query.as_known_at or datetime.now(UTC)
        rows = await fetch_async(
            connection,
            ratings.waiting(
                point=point, window=window, now=now, position=basis.position, limit=QUEUE_MAX
            ),
        )
    body = QueueFound(basis=basis, point=point, window=window, rows=rows)
    return Found(body, position=basis.position)


async def queued(asking: Asking) -> int:
    """Count what waits at the window of a device; nothing, where it stands at none."""
    try:
        found = await _queue(asking)
    except Problem:
        return 0
    return len(found.body.rows)


QUESTIONS: Final = (
    Question(
        name="Ratings",
        under="/ratings",
        summary="评价清单：待评价、存疑、有申诉、免邀请",
        tag=rating.KIND,
        answer=RatingsFound,
        query=RatingsQuery,
        find=LISTING.find,
    ),
    Question(
        name="DeviceQueue",
        under="/device/ratings",
        summary="服务评价器：本窗口等待评价的邀请",
        tag=rating.KIND,
        answer=QueueFound,
        find=_queue,
    ),
    Question(
        name="Rating",
        under="/requests/{id:uuid}/rating",
        summary="一个事项的评价",
        tag=rating.KIND,
        answer=RatingFound,
        find=_one,
    ),
    Question(
        name="RatingLink",
        under="/ratings/{id:uuid}/{token:str}",
        summary="评价链接：只显示，不投票",
        tag=rating.KIND,
        answer=LinkFound,
        query=Knowing,
        find=_link,
    ),
)
