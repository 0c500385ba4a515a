"""Requests 事项: the list, and one of them as it stands."""

from datetime import date, datetime
from typing import Annotated, Final
from uuid import UUID

import msgspec
from msgspec import Meta, Struct

from api.requests.request_routes import ROUTES
from api.web.paging import Listing, Paged, Words, refuse_search
from api.web.problems import Problem
from api.web.questions import (
    Asking,
    Found,
    Instant,
    Question,
    allowed_now,
    told,
    told_beside,
)
from domain.codes import Code, DivisionPrefix
from domain.promises import promise_watch
from domain.promises.promise import Promise
from domain.registers.point import PointKind
from domain.requests import request
from domain.requests.proceedings import (
    Confirmation,
    LegalAidStatus,
    MediationStatus,
    Performance,
    Proceedings,
    ReferralStatus,
)
from domain.requests.request import (
    AppointmentMade,
    AppointmentPurpose,
    Channel,
    ClientCategory,
    OnceInformed,
    Request,
    RequestLogged,
    SupplementRequested,
)
from domain.vocabulary import Service
from domain.worktime.calendar import Pause
from ledger.log.decision import project
from projections.asking.asking import Basis, Cursor
from projections.history.promises import PromiseTold, promises_of
from projections.requests import requests as view

# --- one


class ProceedingsShown(Struct, frozen=True, kw_only=True):
    """Referral, mediation and legal aid of one request."""

    referral: ReferralStatus
    referred_to: str | None
    mediation: MediationStatus
    performance: Performance
    confirmation: Confirmation
    legal_aid: LegalAidStatus
    urgent: bool
    agency: str | None
    bureau: str | None
    lawyer: str | None
    supplement_asked: bool


class RequestShown(Struct, frozen=True, kw_only=True):
    """The answer's copy of a request: clients rely on it, so deciders may change their state."""

    logged: RequestLogged
    service: Service
    responsible: str
    adviser: str | None
    served_by: tuple[str, ...]
    round: int
    started_at: datetime
    responded: bool
    promises: tuple[Promise, ...]
    pauses: tuple[Pause, ...]
    supplement: SupplementRequested | None
    informed: OnceInformed | None
    proceedings: ProceedingsShown
    appointment: AppointmentMade | None
    duplicate_of: tuple[UUID, ...]
    closed: bool
    voided: bool


def request_shown(state: Request) -> RequestShown:
    """Make the answer's copy of a request."""
    return RequestShown(
        logged=state.logged,
        service=state.service,
        responsible=state.responsible,
        adviser=state.adviser,
        served_by=state.served_by,
        round=state.round,
        started_at=state.started_at,
        responded=state.responded,
        promises=state.promises,
        pauses=state.pauses,
        supplement=state.supplement,
        informed=state.informed,
        proceedings=_proceedings_shown(state.proceedings),
        appointment=state.appointment,
        duplicate_of=state.duplicate_of,
        closed=state.closed,
        voided=state.voided,
    )


def _proceedings_shown(state: Proceedings) -> ProceedingsShown:
    return ProceedingsShown(
        referral=state.referral,
        referred_to=state.referred_to,
        mediation=state.mediation,
        performance=state.performance,
        confirmation=state.confirmation,
        legal_aid=state.legal_aid,
        urgent=state.urgent,
        agency=state.agency,
        bureau=state.bureau,
        lawyer=state.lawyer,
        supplement_asked=state.supplement_asked,
    )


class RequestFound(Struct, frozen=True, kw_only=True):
    """A request as it stands; `version` is what If-Match wants."""

    id: UUID
    version: int
    position: int
    state: RequestShown
    promises: list[PromiseTold]
    """What was promised in it, those that ended first."""
    allowed: list[str]
    """Names of commands: what the asking role may do and the state does not rule out."""


async def _one(asking: Asking) -> Found:
    stream: UUID = asking.path["id"]
    assert asking.by is not None
    events = await told(asking, stream)
    found = project(request, None, events)
    if found is None:
        raise Problem("not-found")
    position = events[-1].position or 0
    watched = await told_beside(asking, stream, promise_watch.KIND)
    body = RequestFound(
        id=stream,
        version=found.version,
        position=position,
        state=request_shown(found.state),
        promises=promises_of(request.KIND, events, await asking.wiring.ledger.registers(), watched),
        allowed=await allowed_now(asking, found.state, request.KIND, ROUTES),
    )
    return Found(
        body,
        version=found.version,
        position=position,
        stream=stream,
        beside_the_version=bool(watched),
    )


# --- many


class RequestsQuery(Paged, frozen=True, kw_only=True):
    point: Code | None = None
    division: DivisionPrefix | None = None
    """A prefix of the division code."""
    service: Service | None = None
    channel: Channel | None = None
    adviser: Code | None = None
    responsible: Code | None = None
    referred_to: Code | None = None
    referral: ReferralStatus | None = None
    mediator: Code | None = None
    mediation: MediationStatus | None = None
    agency: Code | None = None
    legal_aid: LegalAidStatus | None = None
    window: Code | None = None
    client_category: ClientCategory | None = None
    point_kind: PointKind | None = None
    appointed_from: Instant | None = None
    appointed_to: Instant | None = None
    """Exclusive."""
    appointed_for: AppointmentPurpose | None = None
    status: view.Status | None = None
    overdue_at: Instant | None = None
    paused: bool | None = None
    from_: date | None = msgspec.field(default=None, name="from")
    to: date | None = None
    external_id: Annotated[str, Meta(max_length=128)] | None = None
    work_order: Code | None = None
    text: Words | None = None
    order: view.Order = "requested"


class RequestsFound(Struct, frozen=True, kw_only=True):
    basis: Basis
    rows: list[view.RequestRow]
    next_cursor: str | None


LISTING: Final = Listing(
    views=(view.NAME, "journal", "directory"),
    filters=view.RequestFilters,
    page=view.page,
    cursor=Cursor,
    place=view.cursor_of,
    answer=RequestsFound,
    ordered=True,
    timed=True,
)


async def _many(asking: Asking) -> Found:
    refuse_search(asking.query.text)
    return await LISTING.find(asking)


QUESTIONS: Final = (
    Question(
        name="Requests",
        under="/requests",
        summary="事项清单：筛选、检索、按时限排序",
        tag=request.KIND,
        answer=RequestsFound,
        query=RequestsQuery,
        find=_many,
    ),
    Question(
        name="Request",
        under="/requests/{id:uuid}",
        summary="一个事项的现状和当前可办的操作",
        tag=request.KIND,
        answer=RequestFound,
        find=_one,
    ),
)
