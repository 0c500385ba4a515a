"""A request 事项: one service asked for at a point, from logging to closing and reopening."""

from datetime import datetime, timedelta
from typing import Annotated, ClassVar, Final, Literal, assert_never
from uuid import UUID

from msgspec import Meta, Struct
from msgspec.structs import replace

from domain import proceedings
from domain.calendar import Pause, deadline
from domain.point import Point, PointIsClosed, PointUnknown, Service, local_day
from domain.policy import LIMITS_POLICY
from domain.proceedings import (
    AdviserNotRegistered,
    LegalAidApplied,
    LegalAidCommand,
    LegalAidEvent,
    MediationCommand,
    MediationEvent,
    MediationOpened,
    Proceedings,
    ReferralCommand,
    ReferralEvent,
    Referred,
    employer,
)
from domain.vocabulary import (
    Code,
    Command,
    DivisionCode,
    Event,
    Minutes,
    Moment,
    Personal,
    Refused,
    Text,
)

__all__ = ["AdviserNotRegistered", "PointIsClosed", "PointUnknown"]

KIND: Final = "request"
LATE_AFTER: Final = timedelta(hours=24)
"""An entry made later than this after the fact needs a reason and is marked late."""
CLOCK_SKEW: Final = timedelta(minutes=5)

Channel = Literal[
    "counter", "phone", "wechat", "visit", "web", "hotline_12348", "hotline_12345",
    "reception_day", "unrecorded",
]  # fmt: skip
Mode = Literal["onsite", "phone", "network", "wechat", "video"]
ClientCategory = Literal[
    "resident", "committee", "enterprise", "migrant_worker", "elderly", "minor", "disabled",
    "low_income", "veteran",
]  # fmt: skip
CloseKind = Literal[
    "answered", "referred", "mediated", "aid_granted", "aid_refused", "withdrawn", "unreachable",
    "imported",
]  # fmt: skip
PromiseName = Literal["first_response", "close"]


class Promise(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A deadline given to the person, with what it was computed from. A reopened request gets new
    promises in the next round; those of earlier rounds stay as they ended."""

    name: PromiseName
    round: int = 1
    started_at: datetime
    due: datetime
    policy: str
    calendar: str
    provisional: bool = False


class Visitor(Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    name: Personal | None = None
    phone: Annotated[
        str, Meta(pattern=r"^[0-9+\- ]{5,20}$", extra={"personal": True})
    ] | None = None


class ExternalId(Struct, frozen=True, forbid_unknown_fields=True):
    source: Code
    id: Annotated[str, Meta(min_length=1, max_length=128)]


# --- events


class RequestLogged(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "request.logged/1"
    requested_at: datetime
    """When the person asked; reports count by its local day."""
    point: Code
    division: DivisionCode
    calendar: str | None = None
    """`code@version` of the point's calendar when logged: the request keeps it."""
    channel: Channel
    service: Service
    subject: Personal
    detail: Personal | None = None
    visitor: Visitor | None = None
    """None: the person did not give an identity; an anonymous consultation is possible."""
    person: Code | None = None
    client_category: ClientCategory | None = None
    window: Code | None = None
    work_order: Code | None = None
    external: ExternalId | None = None
    place: str | None = None
    first_contact: Code
    """Account that answers for the request until it is handed over (first-contact duty 首问负责)."""
    adviser: Code | None = None
    firm: Code | None = None
    team: Code | None = None
    promises: tuple[Promise, ...] = ()
    late_reason: Text | None = None


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
    topic: ClassVar[str] = "request.supplement_requested/1"
    items: tuple[Text, ...]
    paused_at: datetime


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


class NoteAdded(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "request.note_added/1"
    text: Personal


class AppointmentMade(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "request.appointment_made/1"
    purpose: Literal["visit", "callback", "answer"]
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


class RequestClosed(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "request.closed/1"
    kind: CloseKind
    summary: Personal | None = None


class RequestReopened(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "request.reopened/1"
    reason: Text
    promises: tuple[Promise, ...] = ()


class RequestVoided(Event, frozen=True, kw_only=True):
    """Entered by mistake: it stays in the log and leaves the counts."""

    topic: ClassVar[str] = "request.voided/1"
    reason: Text


OwnEvent = (
    RequestLogged | HandedOver | AdviserAssigned | OnceInformed | SupplementRequested
    | SupplementReceived | ConsultationGiven | NoteAdded | AppointmentMade | AppointmentKept
    | AppointmentMissed | Reclassified | DuplicateLinked | DuplicateUnlinked
    | DeadlinesRecalculated | RequestClosed | RequestReopened | RequestVoided
)  # fmt: skip
RequestEvent = OwnEvent | ReferralEvent | MediationEvent | LegalAidEvent
EVENTS: Final = (
    RequestLogged, HandedOver, AdviserAssigned, OnceInformed, SupplementRequested,
    SupplementReceived, ConsultationGiven, NoteAdded, AppointmentMade, AppointmentKept,
    AppointmentMissed, Reclassified, DuplicateLinked, DuplicateUnlinked, DeadlinesRecalculated,
    RequestClosed, RequestReopened, RequestVoided, *proceedings.EVENTS,
)  # fmt: skip


# --- commands


class LogRequest(Command, frozen=True, kw_only=True):
    point: Code
    channel: Channel
    service: Service
    subject: Annotated[Personal, Meta(min_length=1)]
    detail: Personal | None = None
    visitor: Visitor | None = None
    person: Code | None = None
    client_category: ClientCategory | None = None
    window: Code | None = None
    work_order: Code | None = None
    external: ExternalId | None = None
    place: str | None = None
    adviser: Code | None = None
    late_reason: Text | None = None


class HandOver(Command, frozen=True, kw_only=True):
    to: Code
    reason: Text


class AssignAdviser(Command, frozen=True, kw_only=True):
    adviser: Code


class InformOnce(Command, frozen=True, kw_only=True):
    items: Annotated[tuple[Text, ...], Meta(min_length=1)]
    basis: Text
    in_writing: bool = False


class RequestSupplement(Command, frozen=True, kw_only=True):
    items: Annotated[tuple[Text, ...], Meta(min_length=1)]


class ReceiveSupplement(Command, frozen=True, kw_only=True):
    """收到补正材料，时限继续计算"""


class GiveConsultation(Command, frozen=True, kw_only=True):
    mode: Mode
    minutes: Minutes
    adviser: Code | None = None
    answer: Personal | None = None


class AddNote(Command, frozen=True, kw_only=True):
    text: Annotated[Personal, Meta(min_length=1)]


class MakeAppointment(Command, frozen=True, kw_only=True):
    purpose: Literal["visit", "callback", "answer"]
    at: datetime


class KeepAppointment(Command, frozen=True, kw_only=True):
    """约期已履行"""


class MissAppointment(Command, frozen=True, kw_only=True):
    reason: Text


class Reclassify(Command, frozen=True, kw_only=True):
    service: Service
    reason: Text


class LinkDuplicate(Command, frozen=True, kw_only=True):
    original: UUID
    reason: Text


class UnlinkDuplicate(Command, frozen=True, kw_only=True):
    original: UUID
    reason: Text


class RecalculateDeadlines(Command, frozen=True, kw_only=True):
    reason: Text


class CloseRequest(Command, frozen=True, kw_only=True):
    kind: CloseKind
    summary: Personal | None = None


class ReopenRequest(Command, frozen=True, kw_only=True):
    reason: Text


class VoidRequest(Command, frozen=True, kw_only=True):
    reason: Text


OwnCommand = (
    HandOver | AssignAdviser | InformOnce | RequestSupplement | ReceiveSupplement
    | GiveConsultation | AddNote | MakeAppointment | KeepAppointment | MissAppointment
    | Reclassify | LinkDuplicate | UnlinkDuplicate | RecalculateDeadlines | CloseRequest
)  # fmt: skip
RequestCommand = (
    LogRequest | OwnCommand | ReopenRequest | VoidRequest | ReferralCommand | MediationCommand
    | LegalAidCommand
)  # fmt: skip
COMMANDS: Final = (
    LogRequest, HandOver, AssignAdviser, InformOnce, RequestSupplement, ReceiveSupplement,
    GiveConsultation, AddNote, MakeAppointment, KeepAppointment, MissAppointment, Reclassify,
    LinkDuplicate, UnlinkDuplicate, RecalculateDeadlines, CloseRequest, ReopenRequest, VoidRequest,
    *proceedings.COMMANDS,
)  # fmt: skip


# --- state


class Request(Struct, frozen=True, kw_only=True):
    """What the rules ask of a request; what pages show lives in the views."""

    logged: RequestLogged
    service: Service
    responsible: str
    adviser: str | None
    served_by: tuple[str, ...] = ()
    """Accounts and advisers who served it: none of them may rate it."""
    promises: tuple[Promise, ...] = ()
    """Promises of the present round that are not yet met."""
    round: int = 1
    pauses: tuple[Pause, ...] = ()
    paused_at: datetime | None = None
    proceedings: Proceedings = Proceedings()
    appointment: datetime | None = None
    duplicate_of: tuple[UUID, ...] = ()
    closed: bool = False
    voided: bool = False

    @property
    def served(self) -> bool:
        return bool(self.served_by)


def evolve(state: Request | None, event: RequestEvent) -> Request:
    if isinstance(event, RequestLogged):
        return Request(
            logged=event,
            service=event.service,
            responsible=event.first_contact,
            adviser=event.adviser,
            promises=event.promises,
        )
    assert state is not None
    if isinstance(event, ReferralEvent | MediationEvent | LegalAidEvent):
        state = replace(state, proceedings=proceedings.evolve(state.proceedings, event))
        if isinstance(event, Referred | MediationOpened | LegalAidApplied):
            return _responded(state)
        return state
    match event:
        case HandedOver():
            return replace(state, responsible=event.to)
        case AdviserAssigned():
            return replace(state, adviser=event.adviser)
        case SupplementRequested():
            return replace(state, paused_at=event.paused_at)
        case SupplementReceived():
            return _resumed(state, event)
        case ConsultationGiven():
            who = {*state.served_by, event.given_by} | ({event.adviser} if event.adviser else set())
            return _responded(replace(state, served_by=tuple(sorted(who))))
        case AppointmentMade():
            return replace(state, appointment=event.at)
        case AppointmentKept() | AppointmentMissed():
            return replace(state, appointment=None)
        case Reclassified():
            return replace(state, service=event.to_service, promises=event.promises)
        case DuplicateLinked():
            return replace(state, duplicate_of=(*state.duplicate_of, event.original))
        case DuplicateUnlinked():
            kept = tuple(one for one in state.duplicate_of if one != event.original)
            return replace(state, duplicate_of=kept)
        case DeadlinesRecalculated():
            return replace(state, promises=event.promises)
        case RequestClosed():
            return replace(state, closed=True, promises=(), paused_at=None)
        case RequestReopened():
            return replace(
                state, closed=False, round=state.round + 1, promises=event.promises, pauses=()
            )
        case RequestVoided():
            return replace(state, voided=True)
        case OnceInformed() | NoteAdded():
            return state
        case _:
            assert_never(event)


def _responded(state: Request) -> Request:
    """The first real step keeps the promise of a first response."""
    left = tuple(one for one in state.promises if one.name != "first_response")
    return state if len(left) == len(state.promises) else replace(state, promises=left)


def _resumed(state: Request, event: SupplementReceived) -> Request:
    assert state.paused_at is not None
    pause = Pause(state.paused_at, event.resumed_at, "supplement")
    return replace(
        state, paused_at=None, pauses=(*state.pauses, pause), promises=event.promises
    )


# --- refusals


class RequestUnknown(Refused):
    """没有这个事项"""


class RequestExists(Refused):
    """这个事项已经登记"""


class RequestIsClosed(Refused):
    """事项已办结，如需继续办理请先重新打开"""


class RequestIsOpen(Refused):
    """事项尚未办结"""


class RequestIsVoided(Refused):
    """事项已作废"""


class ServiceNotOffered(Refused):
    """该服务点不提供这项服务"""


class HappensInFuture(Refused):
    """发生时间晚于当前时间"""


class LateEntryNeedsReason(Refused):
    """补录超过24小时的事项须说明原因"""


class HappensBeforeLogged(Refused):
    """发生时间早于事项登记时间"""


class ProceedingPending(Refused):
    """转介、调解或法律援助尚未结束，不能办结"""


class NothingWasDone(Refused):
    """尚未提供服务，不能以该方式办结"""


class SupplementPending(Refused):
    """已要求补正，正在等待材料"""


class NoSupplementPending(Refused):
    """没有等待中的补正"""


class NoAppointment(Refused):
    """没有约期"""


class AppointmentInPast(Refused):
    """约期须晚于当前时间"""


class DuplicateOfItself(Refused):
    """事项不能与自身关联"""


class NotLinked(Refused):
    """两个事项没有关联"""


class NothingToRecalculate(Refused):
    """没有进行中的时限，或重新计算后时限不变"""


# --- decide


def decide(state: Request | None, command: RequestCommand, moment: Moment) -> list[Event]:
    if moment.occurred_at > moment.now + CLOCK_SKEW:
        raise HappensInFuture
    if isinstance(command, LogRequest):
        return _log(state, command, moment)
    if state is None:
        raise RequestUnknown
    if moment.occurred_at < state.logged.requested_at:
        raise HappensBeforeLogged
    if isinstance(command, VoidRequest):
        return [] if state.voided else [RequestVoided(reason=command.reason)]
    if state.voided:
        raise RequestIsVoided
    if isinstance(command, ReopenRequest):
        return _reopen(state, command, moment)
    if isinstance(command, CloseRequest):
        return _close(state, command)
    if isinstance(command, LinkDuplicate | UnlinkDuplicate | AddNote):
        return _annotate(state, command)
    if isinstance(command, ReferralCommand):
        return [*_open_only(state, command, moment)]
    if state.closed and not _after_closing(command):
        raise RequestIsClosed
    if isinstance(command, MediationCommand):
        return [*proceedings.decide_mediation(state.proceedings, command, moment)]
    if isinstance(command, LegalAidCommand):
        return [*proceedings.decide_legal_aid(state.proceedings, command)]
    return _handle(state, command, moment)


def _open_only(
    state: Request, command: ReferralCommand, moment: Moment
) -> list[ReferralEvent]:
    if state.closed:
        raise RequestIsClosed
    return proceedings.decide_referral(state.proceedings, command, moment)


def _after_closing(command: RequestCommand) -> bool:
    """Performance and confirmation of an agreement come after the request was closed."""
    return isinstance(
        command,
        proceedings.ReportMediationPerformed
        | proceedings.SeekJudicialConfirmation
        | proceedings.DecideJudicialConfirmation
        | proceedings.AssignLegalAidLawyer,
    )


def _log(state: Request | None, command: LogRequest, moment: Moment) -> list[Event]:
    if state is not None:
        raise RequestExists
    point = moment.registers.points.get(command.point)
    if point is None:
        raise PointUnknown(command.point)
    if not point.open:
        raise PointIsClosed(command.point)
    if not point.offers(command.service):
        raise ServiceNotOffered(command.service)
    if moment.now - moment.occurred_at > LATE_AFTER and command.late_reason is None:
        raise LateEntryNeedsReason
    firm, team = employer(command.adviser, moment)
    calendar = moment.registers.calendars[point.calendar].ref if point.calendar else None
    return [
        RequestLogged(
            requested_at=moment.occurred_at,
            point=point.code,
            division=point.division_on(local_day(point, moment, moment.occurred_at)),
            calendar=calendar,
            channel=command.channel,
            service=command.service,
            subject=command.subject,
            detail=command.detail,
            visitor=command.visitor,
            person=command.person,
            client_category=command.client_category,
            window=command.window,
            work_order=command.work_order,
            external=command.external,
            place=command.place,
            first_contact=moment.by.account,
            adviser=command.adviser,
            firm=firm,
            team=team,
            promises=_promises(point, command.service, moment),
            late_reason=command.late_reason,
        )
    ]


def _promises(
    point: Point,
    service: Service,
    moment: Moment,
    *,
    round_: int = 1,
    names: tuple[PromiseName, ...] = ("first_response", "close"),
    started_at: datetime | None = None,
    pauses: tuple[Pause, ...] = (),
) -> tuple[Promise, ...]:
    """The promises the policy in force gives for a service; none without a calendar or a policy."""
    policy = moment.registers.policies.get(LIMITS_POLICY)
    if point.calendar is None or policy is None:
        return ()
    start = started_at or moment.occurred_at
    calendar = moment.registers.calendars[point.calendar]
    version = policy.in_force(calendar.local_day(start))
    given = []
    for name in names:
        limit = version.limit(service, name)
        if limit is not None:
            computed = deadline(limit, start, calendar, pauses)
            given.append(
                Promise(
                    name=name,
                    round=round_,
                    started_at=start,
                    due=computed.due,
                    policy=version.ref,
                    calendar=calendar.ref,
                    provisional=computed.provisional,
                )
            )
    return tuple(given)


def _recomputed(
    state: Request, service: Service, moment: Moment, pauses: tuple[Pause, ...]
) -> tuple[Promise, ...]:
    """The running promises from their own start, by today's calendar and policy."""
    if not state.promises:
        return ()
    point = moment.registers.points[state.logged.point]
    return _promises(
        point,
        service,
        moment,
        round_=state.round,
        names=tuple(one.name for one in state.promises),
        started_at=state.promises[0].started_at,
        pauses=pauses,
    )


def _reopen(state: Request, command: ReopenRequest, moment: Moment) -> list[Event]:
    if not state.closed:
        raise RequestIsOpen
    point = moment.registers.points[state.logged.point]
    promises = _promises(point, state.service, moment, round_=state.round + 1)
    return [RequestReopened(reason=command.reason, promises=promises)]


_WITHOUT_SERVICE: Final = ("withdrawn", "unreachable", "imported")


def _close(state: Request, command: CloseRequest) -> list[Event]:
    if state.closed:
        raise RequestIsClosed
    if state.proceedings.pending and command.kind not in _WITHOUT_SERVICE:
        raise ProceedingPending
    done = {
        "answered": state.served,
        "referred": state.proceedings.referral == "completed",
        "mediated": state.proceedings.mediation not in ("none", "open"),
        "aid_granted": state.proceedings.legal_aid in ("granted", "assigned"),
        "aid_refused": state.proceedings.legal_aid == "refused",
    }
    if not done.get(command.kind, True):
        raise NothingWasDone(command.kind)
    return [RequestClosed(kind=command.kind, summary=command.summary)]


def _annotate(state: Request, command: LinkDuplicate | UnlinkDuplicate | AddNote) -> list[Event]:
    match command:
        case AddNote():
            return [NoteAdded(text=command.text)]
        case LinkDuplicate():
            if command.original in state.duplicate_of:
                return []
            return [DuplicateLinked(original=command.original, reason=command.reason)]
        case UnlinkDuplicate():
            if command.original not in state.duplicate_of:
                raise NotLinked
            return [DuplicateUnlinked(original=command.original, reason=command.reason)]
        case _:
            assert_never(command)


def _handle(state: Request, command: OwnCommand, moment: Moment) -> list[Event]:  # noqa: C901, PLR0912
    match command:
        case HandOver():
            if command.to == state.responsible:
                return []
            return [HandedOver(to=command.to, reason=command.reason)]
        case AssignAdviser():
            return _assign(state, command, moment)
        case InformOnce():
            return [
                OnceInformed(
                    items=command.items, basis=command.basis, in_writing=command.in_writing
                )
            ]
        case RequestSupplement():
            if state.paused_at is not None:
                raise SupplementPending
            return [SupplementRequested(items=command.items, paused_at=moment.occurred_at)]
        case ReceiveSupplement():
            return _resume(state, moment)
        case GiveConsultation():
            return [_consulted(command, state, moment)]
        case MakeAppointment():
            if command.at <= moment.occurred_at:
                raise AppointmentInPast
            return [AppointmentMade(purpose=command.purpose, at=command.at)]
        case KeepAppointment() | MissAppointment():
            if state.appointment is None:
                raise NoAppointment
            if isinstance(command, MissAppointment):
                return [AppointmentMissed(reason=command.reason)]
            return [AppointmentKept()]
        case Reclassify():
            return _reclassify(state, command, moment)
        case RecalculateDeadlines():
            promises = _recomputed(state, state.service, moment, state.pauses)
            if promises == state.promises:
                raise NothingToRecalculate
            return [DeadlinesRecalculated(reason=command.reason, promises=promises)]
        case LinkDuplicate() | UnlinkDuplicate() | AddNote() | CloseRequest():
            raise AssertionError(command)
        case _:
            assert_never(command)


def _assign(state: Request, command: AssignAdviser, moment: Moment) -> list[Event]:
    firm, team = employer(command.adviser, moment)
    if command.adviser == state.adviser:
        return []
    assert firm is not None
    return [AdviserAssigned(adviser=command.adviser, firm=firm, team=team)]


def _resume(state: Request, moment: Moment) -> list[Event]:
    if state.paused_at is None:
        raise NoSupplementPending
    if moment.occurred_at < state.paused_at:
        raise HappensBeforeLogged
    pauses = (*state.pauses, Pause(state.paused_at, moment.occurred_at, "supplement"))
    promises = _recomputed(state, state.service, moment, pauses)
    return [SupplementReceived(resumed_at=moment.occurred_at, promises=promises)]


def _consulted(command: GiveConsultation, state: Request, moment: Moment) -> ConsultationGiven:
    adviser = command.adviser or moment.by.adviser or state.adviser
    firm, team = employer(adviser, moment)
    return ConsultationGiven(
        mode=command.mode,
        minutes=command.minutes,
        given_by=moment.by.account,
        adviser=adviser,
        firm=firm,
        team=team,
        answer=command.answer,
    )


def _reclassify(state: Request, command: Reclassify, moment: Moment) -> list[Event]:
    if command.service == state.service:
        return []
    point = moment.registers.points[state.logged.point]
    if not point.offers(command.service):
        raise ServiceNotOffered(command.service)
    return [
        Reclassified(
            from_service=state.service,
            to_service=command.service,
            reason=command.reason,
            promises=_recomputed(state, command.service, moment, state.pauses),
        )
    ]

