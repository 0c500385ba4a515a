"""Ratings 好差评: invitations with a link that is its own proof, and what became of them."""

from datetime import datetime
from typing import Final
from uuid import UUID

from msgspec import Struct

from api.identity import PUBLIC
from api.web.acting import Answer, Nothing, answer_of
from api.web.acting import CommandAsking as Acting
from api.web.answers import ROOT
from api.web.problems import Problem
from api.web.questions import Asking, Found, Knowing, Question, held
from domain.moment import HappensBeforeLastStep
from domain.requests import rating, request
from domain.requests.rating import (
    DisputeStatus,
    FollowUpRating,
    GiveRating,
    Grade,
    Rating,
    RatingFollowedUp,
    RatingGiven,
    RatingInvited,
    invitation,
    token_digest,
)
from domain.requests.request_commands import RequestIsVoided, RequestUnknown
from domain.vocabulary import Actor, Command, Personal, sibling_id
from ledger.log.decision import Receipt, project


class Vote(Struct, frozen=True, forbid_unknown_fields=True):
    """What a person says through his link."""

    grade: Grade
    comment: Personal | None = None


class Invitation(Struct, frozen=True, kw_only=True):
    """`link` is told here and nowhere else: the log keeps a digest of its token."""

    stream: UUID
    version: int
    position: int | None
    recorded_at: datetime | None
    link: str


# --- inviting


async def invite(acting: Acting, _: Nothing) -> tuple[Receipt, Invitation]:
    """The token follows from the command's id and our key, so a repeated command answers the same
    link, though nothing keeps it."""
    of_request: UUID = acting.path["id"]
    ledger = acting.wiring.ledger
    token = acting.wiring.cursors.secret_for(f"rating {acting.command_id}")
    stream = sibling_id(of_request, rating.KIND)
    invited = [
        one.event
        for one in await ledger.stream(stream)
        if one.command_id == acting.command_id and isinstance(one.event, RatingInvited)
    ]
    if invited:
        # Sent again: who served may have changed meanwhile, so the first words are repeated.
        first = invited[0]
        command = rating.InviteRating(
            request=first.request,
            point=first.point,
            served_by=first.served_by,
            token_sha256=first.token_sha256,
        )
    else:
        served = project(request, None, await ledger.stream(of_request))
        if served is None:
            raise RequestUnknown
        last = served.last_step_at
        if acting.occurred_at is not None and last is not None and acting.occurred_at < last:
            raise HappensBeforeLastStep
        command = invitation(of_request, served.state, token_digest(token))
    receipt = await acting.execute(stream, command)
    return receipt, Invitation(
        stream=receipt.stream,
        version=receipt.version,
        position=receipt.position,
        recorded_at=receipt.recorded_at,
        link=f"{ROOT}/ratings/{of_request}/{token}",
    )


# --- at the office


async def of_standing(acting: Acting, command: Command) -> tuple[Receipt, Answer]:
    """A step of the rating of a request that was not entered by mistake.

    Raises: RequestIsVoided.
    """
    await refuse_void(acting, acting.path["id"])
    stream = sibling_id(acting.path["id"], rating.KIND)
    receipt = await acting.execute(stream, command)
    return receipt, answer_of(receipt)


async def refuse_void(acting: Acting, of_request: UUID) -> None:
    found = project(request, None, await acting.wiring.ledger.stream(of_request))
    if found is not None and found.state.voided:
        raise RequestIsVoided


# --- by the link


async def give(acting: Acting, vote: Vote) -> tuple[Receipt, Answer]:
    token = acting.path["token"]
    command = GiveRating(token=token, grade=vote.grade, comment=vote.comment)
    return await _by_link(acting, command)


async def follow_up(acting: Acting, vote: Vote) -> tuple[Receipt, Answer]:
    token = acting.path["token"]
    command = FollowUpRating(token=token, grade=vote.grade, comment=vote.comment)
    return await _by_link(acting, command)


async def _by_link(acting: Acting, command: Command) -> tuple[Receipt, Answer]:
    of_request: UUID = acting.path["id"]
    stream = sibling_id(of_request, rating.KIND)
    found = project(rating, None, await acting.wiring.ledger.stream(stream))
    state = _opened(found.state if found else None, acting.path["token"])
    await refuse_void(acting, of_request)
    person = Actor(account=f"c-{of_request.hex}", role="citizen", unit=state.invited.point)
    receipt = await acting.execute(stream, command, by=person)
    return receipt, answer_of(receipt)


def _opened(state: Rating | None, token: str) -> Rating:
    """The rating that a link opens; a wrong token learns nothing, not even that there is one."""
    if state is None or token_digest(token) != state.invited.token_sha256:
        raise Problem("not-found")
    return state


class LinkFound(Struct, frozen=True, kw_only=True):
    """What the holder of a link may know: no names, no subject."""

    request: UUID
    point: str
    point_name: str | None
    expires_at: datetime
    given: Grade | None
    followed_up: bool


async def _link(asking: Asking) -> Found:
    of_request: UUID = asking.path["id"]
    found, position = await held(asking, rating, sibling_id(of_request, rating.KIND))
    state = _opened(found.state, asking.path["token"])
    points = (await asking.wiring.ledger.registers()).points
    point = points.get(state.invited.point)
    body = LinkFound(
        request=of_request,
        point=state.invited.point,
        point_name=point.name if point else None,
        expires_at=state.invited.expires_at,
        given=state.given.grade if state.given else None,
        followed_up=state.followed_up is not None,
    )
    return Found(body, position=position)


# --- for staff


class InvitationShown(Struct, frozen=True, kw_only=True):
    """An invitation without the digest of its token."""

    request: UUID
    point: str
    served_by: tuple[str, ...]
    expires_at: datetime
    default_grade: Grade
    valid_until: datetime | None


class RatingShown(Struct, frozen=True, kw_only=True):
    """The answer's copy of a rating: clients rely on it, so deciders may change their state."""

    invited: InvitationShown
    given: RatingGiven | None
    defaulted: bool
    called_back: bool
    followed_up: RatingFollowedUp | None
    dispute: DisputeStatus


def rating_shown(state: Rating) -> RatingShown:
    """Make the answer's copy of a rating."""
    invited = state.invited
    return RatingShown(
        invited=InvitationShown(
            request=invited.request,
            point=invited.point,
            served_by=invited.served_by,
            expires_at=invited.expires_at,
            default_grade=invited.default_grade,
            valid_until=invited.valid_until,
        ),
        given=state.given,
        defaulted=state.defaulted,
        called_back=state.called_back,
        followed_up=state.followed_up,
        dispute=state.dispute,
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


QUESTIONS: Final = (
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
        permission=PUBLIC,
        find=_link,
    ),
)
