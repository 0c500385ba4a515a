"""Complaints 投诉: one of them as it stands, for those who may see it."""

from datetime import datetime
from typing import Final
from uuid import UUID

from msgspec import Struct, structs

from api.complaints.complaint_routes import ROUTES
from api.web.gate import readable
from api.web.problems import Problem
from api.web.questions import Asking, Found, Question, allowed_now, told, told_beside
from domain.complaints import complaint
from domain.complaints.complaint import (
    Complaint,
    Stage,
    Status,
)
from domain.complaints.record import (
    ComplaintAnswered,
    ComplaintExtended,
    ComplaintPaused,
    ComplaintSupervised,
    Grievance,
    Kind,
    ReturnVisitMade,
)
from domain.complaints.review import ReviewAsked, ReviewDecided, Reviews
from domain.complaints.routing import (
    CoHandler,
    ComplaintAssigned,
    ReturnAsked,
    Routing,
    RoutingStep,
)
from domain.promises import promise_watch
from domain.promises.promise import Promise, PromiseResult
from domain.worktime.calendar import Pause
from ledger.log.decision import project
from projections.history.promises import PromiseTold, promises_of


class RoutingShown(Struct, frozen=True, kw_only=True):
    """Which unit has a complaint; `step` is "accepted" while none has it."""

    step: RoutingStep
    assigned: ComplaintAssigned | None
    signed: bool
    asked: ReturnAsked | None
    co_handlers: tuple[CoHandler, ...]


class ReviewsShown(Struct, frozen=True, kw_only=True):
    """Reviews of a complaint, the one under way and those decided."""

    asked: ReviewAsked | None
    decided: tuple[ReviewDecided, ...]
    units: tuple[str, ...]
    until: datetime | None


class ComplaintShown(Struct, frozen=True, kw_only=True):
    """The answer's copy of a complaint: clients rely on it, so deciders may change their state."""

    grievance: Grievance
    division: str
    zone: str
    firm: str | None
    team: str | None
    calendar: str | None
    begun_at: datetime
    since: datetime
    status: Status
    registered: bool
    accepted: bool
    kind: Kind
    reclassified: int
    round: int
    promises: tuple[Promise, ...]
    set_aside: tuple[Promise, ...]
    results: tuple[PromiseResult, ...]
    pause: ComplaintPaused | None
    pauses: tuple[Pause, ...]
    extensions: tuple[ComplaintExtended, ...]
    routing: RoutingShown
    answers: tuple[ComplaintAnswered, ...]
    visits: tuple[ReturnVisitMade, ...]
    reviews: ReviewsShown
    supervised: tuple[ComplaintSupervised, ...]
    same_matter: tuple[UUID, ...]
    recused: tuple[str, ...]
    voided: bool


def complaint_shown(state: Complaint) -> ComplaintShown:
    """Make the answer's copy of a complaint."""
    return ComplaintShown(
        grievance=state.grievance,
        division=state.division,
        zone=state.zone,
        firm=state.firm,
        team=state.team,
        calendar=state.calendar,
        begun_at=state.begun_at,
        since=state.since,
        status=state.status,
        registered=state.registered,
        accepted=state.accepted,
        kind=state.kind,
        reclassified=state.reclassified,
        round=state.round,
        promises=state.promises,
        set_aside=state.set_aside,
        results=state.results,
        pause=state.pause,
        pauses=state.pauses,
        extensions=state.extensions,
        routing=_routing_shown(state.routing),
        answers=state.answers,
        visits=state.visits,
        reviews=_reviews_shown(state.reviews),
        supervised=state.supervised,
        same_matter=state.same_matter,
        recused=state.recused,
        voided=state.voided,
    )


def _routing_shown(state: Routing) -> RoutingShown:
    return RoutingShown(
        step=state.step,
        assigned=state.assigned,
        signed=state.signed,
        asked=state.asked,
        co_handlers=state.co_handlers,
    )


def _reviews_shown(state: Reviews) -> ReviewsShown:
    return ReviewsShown(
        asked=state.asked, decided=state.decided, units=state.units, until=state.until
    )


class ComplaintFound(Struct, frozen=True, kw_only=True):
    """A complaint as it stands; `version` is what If-Match wants."""

    id: UUID
    version: int
    position: int
    stage: Stage
    state: ComplaintShown
    promises: list[PromiseTold]
    """Every one ever given, those that ended first."""
    allowed: list[str]
    """Names of commands: what the asking role may do and the state does not rule out."""


async def _one(asking: Asking) -> Found:
    """Find a complaint; visibility is judged by what is known now, whatever was known then."""
    stream: UUID = asking.path["id"]
    assert asking.by is not None
    events = await told(asking, stream)
    found = project(complaint, None, events)
    if found is None:
        raise Problem("not-found")
    state: Complaint = found.state
    watched = await told_beside(asking, stream, promise_watch.KIND)
    # Of whom it says that it is the same matter: one that he may not see is about him.
    there = await readable(asking.wiring, state.same_matter, asking.by)
    seen = tuple(one for one in state.same_matter if one in there)
    body = ComplaintFound(
        id=stream,
        version=found.version,
        position=events[-1].position or 0,
        stage=state.stage,
        state=complaint_shown(structs.replace(state, same_matter=seen)),
        promises=promises_of(
            complaint.KIND, events, await asking.wiring.ledger.registers(), watched
        ),
        allowed=await allowed_now(asking, state, complaint.KIND, ROUTES),
    )
    return Found(
        body,
        version=found.version,
        position=body.position,
        stream=stream if seen == state.same_matter else None,
        beside_the_version=bool(watched),
    )


QUESTIONS: Final = (
    Question(
        name="Complaint",
        under="/complaints/{id:uuid}",
        summary="一个投诉的现状、时限及其由来和当前可办的操作",
        tag=complaint.KIND,
        answer=ComplaintFound,
        find=_one,
    ),
)
