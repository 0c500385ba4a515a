"""Following one's own request: its number and a code open it, without login.

A code is kept nowhere. It follows from the request, how often it was replaced, and our key: the
receipt can be printed again, earlier requests have one, and the log holds nothing to guess by.
What it opens is less than any reader of the request sees, so it may be known to who printed it:
nothing that the person said, no name, no rating and nothing of a complaint.
"""

import hashlib
import hmac
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import ClassVar, Final, Literal
from uuid import UUID

from msgspec import Struct

from api.signing import throttle
from api.signing.throttle import Admitted, TooMany
from api.web.cursors import Cursors
from api.web.problems import Problem
from api.web.questions import Asking, Found, Question, told
from api.web.seen import record
from api.web.wiring import Wiring
from domain.moment import Registers
from domain.promises.promise import PromiseName
from domain.requests import rating, request
from domain.requests.proceedings import (
    LegalAidApplied,
    LegalAidDeemedWithdrawn,
    LegalAidGranted,
    LegalAidLawyerAssigned,
    LegalAidRefused,
    MediationAgreed,
    MediationEnded,
    MediationOpened,
    ReferralAccepted,
    ReferralCompleted,
    ReferralRefused,
    ReferralReturned,
    Referred,
)
from domain.requests.request import (
    CloseKind,
    ConsultationGiven,
    Request,
    RequestClosed,
    RequestLogged,
    RequestReopened,
    RequestVoided,
    SupplementReceived,
    SupplementRequested,
)
from domain.requests.transfer import TransferAccepted
from domain.vocabulary import Actor, Event, Service, sibling_id
from ledger.log.codec import Recorded
from ledger.log.decision import Held, project
from projections.history.promises import promises_of

NUMBER: Final = "[0-9]{1,18}"
DIGITS: Final = 10
CODE: Final = f"[0-9]{{{DIGITS}}}"
NOBODYS: Final = UUID(int=0)
LOGGED_AT: Final = """
    SELECT originator_id AS stream FROM log_events WHERE notification_id = %s AND topic = %s
"""
STEPS: Final[tuple[type[Event], ...]] = (
    RequestLogged, TransferAccepted, SupplementRequested, SupplementReceived, ConsultationGiven,
    Referred, ReferralAccepted, ReferralRefused, ReferralReturned, ReferralCompleted,
    MediationOpened, MediationAgreed, MediationEnded, LegalAidApplied, LegalAidGranted,
    LegalAidRefused, LegalAidLawyerAssigned, LegalAidDeemedWithdrawn, RequestClosed,
    RequestReopened, RequestVoided,
)  # fmt: skip
"""What a person is told that it happened; when, and nothing of what was said."""


def code_of(cursors: Cursors, of: UUID, replaced: int) -> str:
    """Derive the code that opens a request, after it was replaced so many times."""
    secret = cursors.secret_for(f"follow {of} {replaced}").encode()
    number = int.from_bytes(hashlib.sha256(secret).digest())
    return f"{number % 10**DIGITS:0{DIGITS}}"


# --- for the receipt


class FollowCodeFound(Struct, frozen=True, kw_only=True):
    """What a receipt says for the person to follow the request by."""

    number: int
    code: str
    page: str
    """Page for people, as in a QR code."""


async def _code(asking: Asking) -> Found:
    of: UUID = asking.path["id"]
    events = await told(asking, of)
    found = project(request, None, events)
    if found is None:
        raise Problem("not-found")
    number = events[0].position or 0
    code = code_of(asking.wiring.cursors, of, found.state.follow_code)
    body = FollowCodeFound(number=number, code=code, page=f"/public/requests/{number}/{code}")
    return Found(body, position=events[-1].position, stream=of)


# --- for the person


Standing = Literal["open", "waiting", "referred", "closed", "voided"]


class FollowedStep(Struct, frozen=True, kw_only=True):
    KEY: ClassVar = ("kind", "at")
    kind: str
    at: datetime


class FollowedPromise(Struct, frozen=True, kw_only=True):
    """A promise that runs, or stands still while papers are waited for."""

    KEY: ClassVar = ("name",)
    name: PromiseName
    due: datetime
    paused: bool


class FollowedRequest(Struct, frozen=True, kw_only=True):
    """What the person may know of the own request: no names, nothing of what was said."""

    number: int
    requested_at: datetime
    service: Service
    standing: Standing
    close_kind: CloseKind | None
    point: str
    """That has it now."""
    point_name: str | None
    point_phone: str | None
    referred_to: str | None
    """Name of the office that has been asked to help, while it is."""
    papers: tuple[str, ...]
    """That are waited for."""
    papers_until: datetime | None
    appointed_at: datetime | None
    promises: tuple[FollowedPromise, ...]
    steps: tuple[FollowedStep, ...]
    rate_until: datetime | None
    """Until when it may be rated; None where it cannot be, or was."""


class NoParameters(Struct, frozen=True, forbid_unknown_fields=True):
    pass


async def _followed(asking: Asking) -> Found:
    """A wrong number and a wrong code have one answer, and cost the same tries.

    Raises: Problem `not-found`; `too-many-tries`.
    """
    wiring, number, code = asking.wiring, asking.path["number"], asking.path["code"]
    if not (re.fullmatch(NUMBER, number) and re.fullmatch(CODE, code)):
        raise Problem("not-found")
    number = str(int(number))
    admission = await _admitted(asking, number)
    of, events = await _logged(wiring, int(number))
    found = project(request, None, events)
    opens = code_of(wiring.cursors, of, found.state.follow_code if found else 0)
    if not hmac.compare_digest(opens, code) or found is None:
        raise Problem("not-found")
    if admission is not None:
        async with wiring.signing.pool.connection() as connection:
            await throttle.given_back(connection, admission)
    state: Request = found.state
    person = Actor(account=f"c-{of.hex}", role="citizen", unit=state.logged.point)
    await record(
        wiring,
        person,
        action="FollowedRequest",
        things=(f"request:{of}",),
        session=asking.session,
    )
    registers = await wiring.ledger.registers()
    body = followed(found, events, registers, await _rate_until(wiring, of))
    return Found(body, position=events[-1].position)


async def _admitted(asking: Asking, number: str) -> Admitted | None:
    """Draw from the budgets of a try; None at the machine itself.

    Raises: Problem `too-many-tries`.
    """
    if asking.address is None:
        return None
    try:
        async with asking.wiring.signing.pool.connection() as connection:
            return await throttle.following(connection, asking.address, number)
    except TooMany as error:
        raise Problem("too-many-tries", retry_after_s=error.wait_s) from error


async def _logged(wiring: Wiring, number: int) -> tuple[UUID, list[Recorded]]:
    """The request that was logged at a position of the log; nobody's, where none was."""
    async with wiring.ledger.readers.connection() as connection:
        asked = await connection.execute(LOGGED_AT, [number, RequestLogged.topic])
        row = await asked.fetchone()
    of: UUID = NOBODYS if row is None else row["stream"]
    return of, await wiring.ledger.stream(of)


async def _rate_until(wiring: Wiring, of: UUID) -> datetime | None:
    events = await wiring.ledger.stream(sibling_id(of, rating.KIND))
    found = project(rating, None, events)
    if found is None or found.state.invited is None:
        return None
    state, until = found.state, found.state.invited.expires_at
    silent = state.given is None and not state.defaulted
    return until if silent and datetime.now(UTC) < until else None


def followed(
    found: Held, events: Sequence[Recorded], registers: Registers, rate_until: datetime | None
) -> FollowedRequest:
    """Tell a request as its person may know it."""
    state: Request = found.state
    point = registers.points.get(state.holder)
    waiting = state.supplement if not state.closed else None
    promised = promises_of(request.KIND, events, registers)
    asked = state.proceedings.referred_to if _is_referred(state) else None
    over = state.closed or state.voided
    return FollowedRequest(
        number=events[0].position or 0,
        requested_at=state.logged.requested_at,
        service=state.service,
        standing=_standing(state),
        close_kind=state.close_kind,
        point=state.holder,
        point_name=point.name if point else None,
        point_phone=point.phone if point else None,
        referred_to=None if asked is None else _named(asked, registers),
        papers=waiting.items if waiting else (),
        papers_until=waiting.due if waiting else None,
        appointed_at=state.appointment.at if state.appointment and not over else None,
        promises=tuple(
            FollowedPromise(name=one.name, due=one.due, paused=one.paused_since is not None)
            for one in promised
            if one.met_at is None and one.stopped_at is None and not state.voided
        ),
        steps=tuple(
            FollowedStep(kind=_kind(one), at=one.occurred_at)
            for one in events
            if isinstance(one.event, STEPS)
        ),
        rate_until=None if state.voided else rate_until,
    )


def _kind(one: Recorded) -> str:
    return one.event.topic.partition("/")[0]


def _is_referred(state: Request) -> bool:
    return not state.closed and state.proceedings.referral in ("sent", "accepted")


def _standing(state: Request) -> Standing:
    if state.voided:
        return "voided"
    if state.closed:
        return "closed"
    if state.supplement is not None:
        return "waiting"
    return "referred" if _is_referred(state) else "open"


def _named(unit: str, registers: Registers) -> str:
    found = registers.points.get(unit) or registers.organs.get(unit) or registers.firms.get(unit)
    return found.name if found else unit


QUESTIONS: Final = (
    Question(
        name="FollowCode",
        under="/requests/{id:uuid}/follow-code",
        summary="查询码：当事人凭编号和查询码查进度",
        tag=request.KIND,
        answer=FollowCodeFound,
        find=_code,
    ),
    Question(
        name="FollowedRequest",
        under="/public/requests/{number:str}/{code:str}",
        summary="凭编号和查询码查自己的事项办到哪一步",
        tag=request.KIND,
        answer=FollowedRequest,
        query=NoParameters,
        problems=(429,),
        find=_followed,
    ),
)
