"""A request 事项: one service asked for at a point, from logging to closing and reopening."""

from datetime import date, datetime
from typing import ClassVar, Final, Literal, assert_never, get_args
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from domain.codes import Code, DivisionCode, Zone
from domain.promises.promise import Promise, PromiseName
from domain.registers.policy import Doubt
from domain.requests import proceedings, transfer
from domain.requests.proceedings import (
    LegalAidApplied,
    LegalAidEvent,
    LegalAidGranted,
    LegalAidLawyerAssigned,
    LegalAidObjected,
    LegalAidReviewed,
    MediationEvent,
    MediationOpened,
    MediationSessionHeld,
    Proceedings,
    ReferralEvent,
    Referred,
)
from domain.requests.transfer import Transfer, TransferAccepted, TransferEvent
from domain.vocabulary import CHINA, Event, ExternalId, Minutes, Personal, Service, Text, Visitor
from domain.worktime.calendar import Pause

KIND: Final = "request"
AID: Final = "legal_aid"
"""Service whose limits the promises of a legal-aid application come from, whatever the request's
own service is."""
PAUSED_WHY: Final = "补正材料"

Channel = Literal[
    "counter", "phone", "wechat", "visit", "web", "hotline_12348", "hotline_12345",
    "reception_day", "unrecorded",
]  # fmt: skip
Mode = Literal["onsite", "phone", "network", "wechat", "video"]
ClientCategory = Literal[
    "resident", "committee", "enterprise", "migrant_worker", "elderly", "minor", "disabled",
    "low_income", "veteran",
]  # fmt: skip
AppointmentPurpose = Literal["visit", "callback", "answer"]
CloseKind = Literal[
    "answered", "referred", "mediated", "aid_granted", "aid_refused", "withdrawn", "unreachable",
    "imported",
]  # fmt: skip


# --- events


class RequestLogged(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "request.logged/1"
    requested_at: datetime
    """When the person asked; reports count by its local day."""
    point: Code
    division: DivisionCode
    calendar: str | None = None
    """`code@version` of the point's calendar when logged: the request keeps it."""
    zone: Zone = CHINA
    """Zone of the point's local days, by which reports count."""
    channel: Channel
    service: Service
    subject: Personal
    detail: Personal | None = None
    visitor: Visitor | None = None
    """None when the person gave no identity; an anonymous consultation is possible."""
    person: Code | None = None
    client_category: ClientCategory | None = None
    window: Code | None = None
    work_order: Code | None = None
    external: ExternalId | None = None
    place: str | None = None
    first_contact: Code
    """Account that answers for the request until it is handed over (首问负责)."""
    adviser: Code | None = None
    firm: Code | None = None
    team: Code | None = None
    promises: tuple[Promise, ...] = ()
    late_reason: Text | None = None
    """Who gives a reason marks the entry as late; after the entry allowance one must be given."""


class HandedOver(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "request.handed_over/1"
    to: Code
    reason: Text


class AdviserAssigned(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "request.adviser_assigned/1"
    adviser: Code
    firm: Code
    team: Code | None = None


class OnceInformed(Event, frozen=True, kw_only=True):
    """The once-only notice 一次性告知: basis, papers and time limit, told in one go."""

    topic: ClassVar[str] = "request.once_informed/1"
    items: tuple[Text, ...]
    basis: Text
    in_writing: bool


class SupplementRequested(Event, frozen=True, kw_only=True):
    """Missing papers, asked for in one go; the clock stands still until they come."""

    topic: ClassVar[str] = "request.supplement_requested/1"
    items: tuple[Text, ...]
    paused_at: datetime
    due: datetime | None = None
    """End of the person's time to answer; None when the policy sets no limit."""


class SupplementReceived(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "request.supplement_received/1"
    resumed_at: datetime
    promises: tuple[Promise, ...] = ()


class ConsultationGiven(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "request.consultation_given/1"
    mode: Mode
    minutes: Minutes
    given_by: Code
    adviser: Code | None = None
    firm: Code | None = None
    team: Code | None = None
    answer: Personal | None = None
    given_on: date | None = None
    """The day whose sheet holds the minutes; earlier logs do not say."""
    doubts: tuple[Doubt, ...] = ()
    """With which it was taken, as the duty rules allow."""


class NoteAdded(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "request.note_added/1"
    text: Personal


class AppointmentMade(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "request.appointment_made/1"
    purpose: AppointmentPurpose
    at: datetime


class AppointmentKept(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "request.appointment_kept/1"


class AppointmentMissed(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "request.appointment_missed/1"
    reason: Text


class Reclassified(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "request.reclassified/1"
    from_service: Service
    to_service: Service
    reason: Text
    promises: tuple[Promise, ...] = ()


class DuplicateLinked(Event, frozen=True, kw_only=True):
    """Both requests stay; counting once is the report's rule, never a merge."""

    topic: ClassVar[str] = "request.duplicate_linked/1"
    original: UUID
    reason: Text


class DuplicateUnlinked(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "request.duplicate_unlinked/1"
    original: UUID
    reason: Text


class DeadlinesRecalculated(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "request.deadlines_recalculated/1"
    reason: Text
    promises: tuple[Promise, ...]


class RequestExtended(Event, frozen=True, kw_only=True):
    """More time for the closing: of a mediation when the parties agree, else by the approver."""

    topic: ClassVar[str] = "request.extended/1"
    KEY: ClassVar = None
    promise: Literal["close"]
    amount: int
    """In the limit's own unit."""
    reason: Text
    approved_by: Code
    """Account of the approver; `parties` when they agreed."""
    role: Code
    extended_at: datetime
    promises: tuple[Promise, ...]


class RequestClosed(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "request.closed/1"
    kind: CloseKind
    summary: Personal | None = None


class RequestReopened(Event, frozen=True, kw_only=True):
    """A new round: the promises of the round before stay as they ended."""

    topic: ClassVar[str] = "request.reopened/1"
    reason: Text
    reopened_at: datetime
    promises: tuple[Promise, ...] = ()


class RequestVoided(Event, frozen=True, kw_only=True):
    """Entered by mistake: it stays in the log and leaves the counts."""

    topic: ClassVar[str] = "request.voided/1"
    reason: Text


class RequestDoubtsCleared(Event, frozen=True, kw_only=True):
    """By the justice office, which looked at the minutes. Where a doubt holds, the request is
    voided and entered again."""

    topic: ClassVar[str] = "request.doubts_cleared/1"
    doubts: tuple[Doubt, ...]
    reason: Text


class FollowCodeReplaced(Event, frozen=True, kw_only=True):
    """The code by which the person follows the request is another from now on. No code is in any
    event: it follows from the request, how often it was replaced, and a key outside the log."""

    topic: ClassVar[str] = "request.follow_code_replaced/1"


OwnEvent = (
    RequestLogged | HandedOver | AdviserAssigned | OnceInformed | SupplementRequested
    | SupplementReceived | ConsultationGiven | NoteAdded | AppointmentMade | AppointmentKept
    | AppointmentMissed | Reclassified | DuplicateLinked | DuplicateUnlinked
    | DeadlinesRecalculated | RequestExtended | RequestClosed | RequestReopened | RequestVoided
    | RequestDoubtsCleared | FollowCodeReplaced
)  # fmt: skip
RequestEvent = OwnEvent | TransferEvent | ReferralEvent | MediationEvent | LegalAidEvent
EVENTS: Final[tuple[type[Event], ...]] = get_args(RequestEvent)


RESPONSES: Final = (ConsultationGiven, Referred, MediationOpened, LegalAidApplied)
"""The first of these keeps the promise of a first response."""


# --- state


class Request(Struct, frozen=True, kw_only=True):
    """The state that deciders of a request need."""

    logged: RequestLogged
    service: Service
    responsible: str
    adviser: str | None
    served_by: tuple[str, ...] = ()
    """Accounts, advisers, mediators and lawyers who served it: none of them may rate it."""
    round: int = 1
    started_at: datetime
    """When the present round began: promises run from here."""
    responded: bool = False
    promises: tuple[Promise, ...] = ()
    """Promises of the present round that are not yet met."""
    aid_promises: tuple[Promise, ...] = ()
    """Of legal aid, not yet met: assignment and review go on when the request is closed."""
    pauses: tuple[Pause, ...] = ()
    extensions: tuple[RequestExtended, ...] = ()
    """Of the present round and service."""
    supplement: SupplementRequested | None = None
    """The papers that are waited for."""
    informed: OnceInformed | None = None
    proceedings: Proceedings = Proceedings()
    transfer: Transfer = Transfer()
    appointment: AppointmentMade | None = None
    duplicate_of: tuple[UUID, ...] = ()
    closed: bool = False
    close_kind: CloseKind | None = None
    """None while it is open."""
    voided: bool = False
    given: tuple[ConsultationGiven | MediationSessionHeld, ...] = ()
    """What minutes were given by."""
    doubts: tuple[Doubt, ...] = ()
    """Of its minutes, that nobody has cleared."""
    follow_code: int = 0
    """How often the person's code was replaced: of all there were the last one opens."""

    @property
    def holder(self) -> str:
        """The point that has it now: that which accepted it last, or where it was asked."""
        return self.transfer.at or self.logged.point

    @property
    def served(self) -> bool:
        """Something was done for the person, so it can be rated."""
        return bool(self.served_by) or self.proceedings.begun

    def extended_by(self, name: PromiseName) -> tuple[int, ...]:
        return tuple(one.amount for one in self.extensions if one.promise == name)

    @property
    def paused_at(self) -> datetime | None:
        return self.supplement.paused_at if self.supplement else None


def evolve(state: Request | None, event: RequestEvent) -> Request:
    if isinstance(event, RequestLogged):
        return Request(
            logged=event,
            service=event.service,
            responsible=event.first_contact,
            adviser=event.adviser,
            started_at=event.requested_at,
            promises=event.promises,
        )
    assert state is not None
    if isinstance(event, RESPONSES):
        state = _responded(state)
    if isinstance(event, ReferralEvent | MediationEvent | LegalAidEvent):
        return _proceeded(state, event)
    if isinstance(event, TransferEvent):
        return _transferred(state, event)
    match event:
        case HandedOver():
            return replace(state, responsible=event.to)
        case AdviserAssigned():
            return replace(state, adviser=event.adviser)
        case OnceInformed():
            return replace(state, informed=event)
        case SupplementRequested():
            return _waiting(state, event)
        case SupplementReceived():
            return _resumed(state, event)
        case ConsultationGiven():
            return _gave(_served(state, event.given_by, event.adviser), event)
        case AppointmentMade():
            return replace(state, appointment=event)
        case AppointmentKept() | AppointmentMissed():
            return replace(state, appointment=None)
        case Reclassified():
            return replace(
                state,
                service=event.to_service,
                informed=None,
                promises=event.promises,
                extensions=(),
            )
        case DuplicateLinked() | DuplicateUnlinked():
            return _linked(state, event)
        case DeadlinesRecalculated():
            return replace(state, promises=event.promises)
        case RequestExtended():
            extensions = (*state.extensions, event)
            return replace(state, promises=event.promises, extensions=extensions)
        case RequestClosed():
            return replace(
                state,
                closed=True,
                close_kind=event.kind,
                promises=(),
                supplement=None,
                appointment=None,
            )
        case RequestReopened():
            return _reopened(state, event)
        case RequestVoided():
            return replace(state, voided=True)
        case RequestDoubtsCleared():
            left = tuple(one for one in state.doubts if one not in event.doubts)
            return replace(state, doubts=left)
        case FollowCodeReplaced():
            return replace(state, follow_code=state.follow_code + 1)
        case NoteAdded():
            return state
        case _:
            assert_never(event)


def _linked(state: Request, event: DuplicateLinked | DuplicateUnlinked) -> Request:
    if isinstance(event, DuplicateLinked):
        return replace(state, duplicate_of=(*state.duplicate_of, event.original))
    kept = tuple(one for one in state.duplicate_of if one != event.original)
    return replace(state, duplicate_of=kept)


def _transferred(state: Request, event: TransferEvent) -> Request:
    state = replace(state, transfer=transfer.evolve(state.transfer, event))
    if isinstance(event, TransferAccepted):
        return replace(state, responsible=event.responsible)
    return state


def _responded(state: Request) -> Request:
    left = tuple(one for one in state.promises if one.name != "first_response")
    return replace(state, responded=True, promises=left)


def _served(state: Request, *who: str | None) -> Request:
    served_by = {*state.served_by, *(one for one in who if one is not None)}
    return replace(state, served_by=tuple(sorted(served_by)))


def _gave(state: Request, event: ConsultationGiven | MediationSessionHeld) -> Request:
    doubts = tuple(sorted({*state.doubts, *event.doubts}))
    return replace(state, given=(*state.given, event), doubts=doubts)


def _proceeded(state: Request, event: ReferralEvent | MediationEvent | LegalAidEvent) -> Request:
    state = replace(state, proceedings=proceedings.evolve(state.proceedings, event))
    if isinstance(event, MediationSessionHeld):
        return _gave(_served(state, event.mediator, event.adviser), event)
    if isinstance(event, LegalAidLawyerAssigned):
        return _served(_aid_promised(state, "assign"), event.lawyer)
    if isinstance(event, LegalAidReviewed):
        return _aid_promised(state, "review")
    if isinstance(event, LegalAidGranted | LegalAidObjected):
        return replace(state, aid_promises=event.promises)
    return state


def _aid_promised(state: Request, kept: PromiseName) -> Request:
    left = tuple(one for one in state.aid_promises if one.name != kept)
    return replace(state, aid_promises=left)


def _waiting(state: Request, event: SupplementRequested) -> Request:
    state = replace(state, supplement=event)
    if state.proceedings.legal_aid == "applied":
        return replace(state, proceedings=replace(state.proceedings, supplement_asked=True))
    return state


def _resumed(state: Request, event: SupplementReceived) -> Request:
    assert state.supplement is not None
    pause = Pause(state.supplement.paused_at, event.resumed_at, PAUSED_WHY)
    return replace(state, supplement=None, pauses=(*state.pauses, pause), promises=event.promises)


def _reopened(state: Request, event: RequestReopened) -> Request:
    return replace(
        state,
        closed=False,
        close_kind=None,
        round=state.round + 1,
        started_at=event.reopened_at,
        responded=False,
        promises=event.promises,
        pauses=(),
        extensions=(),
    )


WITHOUT_SERVICE: Final = ("withdrawn", "unreachable", "imported")
