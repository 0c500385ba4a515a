"""A request 事项: one service asked for at a point, from logging to closing and reopening."""

from datetime import datetime, timedelta
from typing import Annotated, ClassVar, Final, Literal, assert_never
from uuid import UUID

from msgspec import Meta, Struct
from msgspec.structs import replace

from domain import proceedings
from domain.calendar import Calendar, Pause, deadline
from domain.codes import Code, DivisionCode, Phone, Zone
from domain.point import CHINA, PointIsClosed, PointUnknown, Service, local_day
from domain.policy import PolicyVersion
from domain.proceedings import (
    DeemLegalAidWithdrawn,
    GrantLegalAid,
    LegalAidApplied,
    LegalAidCommand,
    LegalAidEvent,
    LegalAidLawyerAssigned,
    MediationCommand,
    MediationEvent,
    MediationOpened,
    MediationSessionHeld,
    Proceedings,
    Refer,
    ReferralCommand,
    ReferralEvent,
    Referred,
    RefuseLegalAid,
    employer,
)
from domain.promise import (
    Clock,
    Promise,
    PromiseName,
    newest_calendar,
    promised,
    rules_behind,
    rules_in_force,
)
from domain.vocabulary import Command, Event, Minutes, Moment, Personal, Refused, Text

KIND: Final = "request"
LATE_AFTER: Final = timedelta(hours=24)
"""An entry made later than this after the fact needs a reason and is marked late."""
CLOCK_SKEW: Final = timedelta(minutes=5)
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
CloseKind = Literal[
    "answered", "referred", "mediated", "aid_granted", "aid_refused", "withdrawn", "unreachable",
    "imported",
]  # fmt: skip


class Visitor(Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    name: Personal | None = None
    phone: Phone | None = None


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
    zone: Zone = CHINA
    """Zone of the point's local days, by which reports count."""
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
    """Account that answers for the request until it is handed over (首问负责)."""
    adviser: Code | None = None
    firm: Code | None = None
    team: Code | None = None
    promises: tuple[Promise, ...] = ()
    late_reason: Text | None = None
    """Who gives a reason marks the entry as late; after `LATE_AFTER` one must be given."""


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
    """Until when the person may answer; None: the policy sets no limit."""


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
    """A new round: the promises of the round before stay as they ended."""

    topic: ClassVar[str] = "request.reopened/1"
    reason: Text
    reopened_at: datetime
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
EVENTS: Final[tuple[type[Event], ...]] = (
    RequestLogged, HandedOver, AdviserAssigned, OnceInformed, SupplementRequested,
    SupplementReceived, ConsultationGiven, NoteAdded, AppointmentMade, AppointmentKept,
    AppointmentMissed, Reclassified, DuplicateLinked, DuplicateUnlinked, DeadlinesRecalculated,
    RequestClosed, RequestReopened, RequestVoided, *proceedings.EVENTS,
)  # fmt: skip
RESPONSES: Final = (ConsultationGiven, Referred, MediationOpened, LegalAidApplied)
"""The first of these keeps the promise of a first response."""


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
    place: Text | None = None
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
    """Also moves one that is still to come."""

    purpose: Literal["visit", "callback", "answer"]
    at: Annotated[datetime, Meta(tz=True)]


class KeepAppointment(Command, frozen=True, kw_only=True):
    """约期已履行"""


class MissAppointment(Command, frozen=True, kw_only=True):
    reason: Text


class Reclassify(Command, frozen=True, kw_only=True):
    service: Service
    reason: Text


class LinkDuplicate(Command, frozen=True, kw_only=True):
    """Made by `duplicate_link`, which looks at both requests."""

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


Annotation = AddNote | LinkDuplicate | UnlinkDuplicate
Handling = (
    HandOver | AssignAdviser | InformOnce | RequestSupplement | ReceiveSupplement
    | GiveConsultation | MakeAppointment | KeepAppointment | MissAppointment | Reclassify
    | RecalculateDeadlines
)  # fmt: skip
OwnCommand = LogRequest | Handling | Annotation | CloseRequest | ReopenRequest | VoidRequest
RequestCommand = OwnCommand | ReferralCommand | MediationCommand | LegalAidCommand
COMMANDS: Final[tuple[type[Command], ...]] = (
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
    """Accounts, advisers, mediators and lawyers who served it: none of them may rate it."""
    round: int = 1
    started_at: datetime
    """When the present round began: promises run from here."""
    responded: bool = False
    promises: tuple[Promise, ...] = ()
    """Promises of the present round that are not yet met."""
    pauses: tuple[Pause, ...] = ()
    supplement: SupplementRequested | None = None
    """The papers that are waited for."""
    informed: OnceInformed | None = None
    proceedings: Proceedings = Proceedings()
    appointment: AppointmentMade | None = None
    duplicate_of: tuple[UUID, ...] = ()
    closed: bool = False
    voided: bool = False

    @property
    def served(self) -> bool:
        """Something was done for the person, so it can be rated."""
        return bool(self.served_by) or self.proceedings.begun

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
            return _served(state, event.given_by, event.adviser)
        case AppointmentMade():
            return replace(state, appointment=event)
        case AppointmentKept() | AppointmentMissed():
            return replace(state, appointment=None)
        case Reclassified():
            return replace(state, service=event.to_service, informed=None, promises=event.promises)
        case DuplicateLinked():
            return replace(state, duplicate_of=(*state.duplicate_of, event.original))
        case DuplicateUnlinked():
            kept = tuple(one for one in state.duplicate_of if one != event.original)
            return replace(state, duplicate_of=kept)
        case DeadlinesRecalculated():
            return replace(state, promises=event.promises)
        case RequestClosed():
            return replace(state, closed=True, promises=(), supplement=None, appointment=None)
        case RequestReopened():
            return _reopened(state, event)
        case RequestVoided():
            return replace(state, voided=True)
        case NoteAdded():
            return state
        case _:
            assert_never(event)


def _responded(state: Request) -> Request:
    left = tuple(one for one in state.promises if one.name != "first_response")
    return replace(state, responded=True, promises=left)


def _served(state: Request, *who: str | None) -> Request:
    served_by = {*state.served_by, *(one for one in who if one is not None)}
    return replace(state, served_by=tuple(sorted(served_by)))


def _proceeded(state: Request, event: ReferralEvent | MediationEvent | LegalAidEvent) -> Request:
    state = replace(state, proceedings=proceedings.evolve(state.proceedings, event))
    if isinstance(event, MediationSessionHeld):
        return _served(state, event.mediator, event.adviser)
    if isinstance(event, LegalAidLawyerAssigned):
        return _served(state, event.lawyer)
    return state


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
        round=state.round + 1,
        started_at=event.reopened_at,
        responded=False,
        promises=event.promises,
        pauses=(),
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


class HappensBeforeLastStep(Refused):
    """发生时间早于上一步的办理时间"""


class ReferredToItself(Refused):
    """不能转介给本服务点"""


class ProceedingPending(Refused):
    """转介、调解或法律援助尚未结束，不能办结"""


class NothingWasDone(Refused):
    """尚未提供服务，不能以该方式办结"""


class SupplementPending(Refused):
    """已要求补正，正在等待材料"""


class SupplementOnlyOnce(Refused):
    """法律援助申请只能一次性要求补正，不得重复要求"""


class SupplementNotOverdue(Refused):
    """补正期限未满，不能视为撤回"""


class SupplementReceivedTooEarly(Refused):
    """收到补正的时间早于要求补正的时间"""


class NoSupplementPending(Refused):
    """没有等待中的补正"""


class OnceAlreadyInformed(Refused):
    """已经一次性告知，不得另行增加要求"""


class NoAppointment(Refused):
    """没有约期"""


class AppointmentInPast(Refused):
    """约期须晚于当前时间"""


class DuplicateOfItself(Refused):
    """事项不能与自身关联"""


class OriginalIsDuplicate(Refused):
    """对方事项本身已是重复事项，请关联到最初的事项"""


class NotLinked(Refused):
    """两个事项没有关联"""


class NothingToRecalculate(Refused):
    """没有进行中的时限，或重新计算后时限不变"""


# --- decide


def duplicate_link(
    request: UUID, original: UUID, found: Request | None, reason: str
) -> LinkDuplicate:
    """The link of `request` to an earlier one, `found` in its own stream; links form no circle."""
    if request == original:
        raise DuplicateOfItself
    if found is None:
        raise RequestUnknown(str(original))
    if found.voided:
        raise RequestIsVoided(str(original))
    if found.duplicate_of:
        raise OriginalIsDuplicate(str(original))
    return LinkDuplicate(original=original, reason=reason)


def not_in_future(moment: Moment) -> None:
    if moment.occurred_at > moment.now + CLOCK_SKEW:
        raise HappensInFuture


AFTER_CLOSING: Final = (
    proceedings.ReportMediationPerformed,
    proceedings.SeekJudicialConfirmation,
    proceedings.DecideJudicialConfirmation,
    proceedings.AssignLegalAidLawyer,
)
"""What follows from an agreement or a grant comes after the request was closed."""


def decide(state: Request | None, command: RequestCommand, moment: Moment) -> list[Event]:
    not_in_future(moment)
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
    if isinstance(command, Annotation):
        return _annotate(state, command)
    if isinstance(command, ReopenRequest):
        return _reopen(state, command, moment)
    if state.closed and not isinstance(command, AFTER_CLOSING):
        raise RequestIsClosed
    if isinstance(command, CloseRequest):
        return _close(state, command)
    if isinstance(command, ReferralCommand):
        return _refer(state, command, moment)
    if isinstance(command, MediationCommand):
        return proceedings.decide_mediation(state.proceedings, command, moment)
    if isinstance(command, LegalAidCommand):
        return _legal_aid(state, command, moment)
    return _handle(state, command, moment)


def _log(state: Request | None, command: LogRequest, moment: Moment) -> list[Event]:
    if state is not None:
        raise RequestExists
    point = moment.registers.points.get(command.point)
    if point is None:
        raise PointUnknown(command.point)
    if not point.serves_at(moment.occurred_at):
        raise PointIsClosed(command.point)
    if not point.offers(command.service):
        raise ServiceNotOffered(command.service)
    if moment.now - moment.occurred_at > LATE_AFTER and command.late_reason is None:
        raise LateEntryNeedsReason
    firm, team = employer(command.adviser, moment)
    calendar = moment.registers.calendars[point.calendar] if point.calendar else None
    promises = promised(
        command.service,
        UNMET,
        Clock(moment.occurred_at),
        calendar,
        rules_in_force(calendar, moment),
    )
    return [
        RequestLogged(
            requested_at=moment.occurred_at,
            point=point.code,
            division=point.division_on(local_day(point, moment, moment.occurred_at)),
            calendar=calendar.ref if calendar else None,
            zone=point.zone,
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
            promises=promises,
            late_reason=command.late_reason,
        )
    ]


# --- promises


UNMET: Final[tuple[PromiseName, ...]] = ("first_response", "close")


def _promised_again(
    state: Request,
    service: Service,
    pauses: tuple[Pause, ...],
    calendar: Calendar | None,
    version: PolicyVersion | None,
) -> tuple[Promise, ...]:
    """The promises of the present round that are not yet met, from the round's own start."""
    names = UNMET[1:] if state.responded else UNMET
    clock = Clock(state.started_at, state.round, pauses)
    return promised(service, names, clock, calendar, version)


def _calendar(state: Request, moment: Moment) -> Calendar | None:
    """The calendar the request was logged with, as known now."""
    return newest_calendar(state.logged.calendar, moment)


def _as_promised(state: Request, moment: Moment) -> PolicyVersion | None:
    """The rules that the running promises were given by: a newer version does not touch them."""
    if not state.promises:
        return None
    return rules_behind(state.promises[0], moment.registers)


# --- decide, once logged


def _reopen(state: Request, command: ReopenRequest, moment: Moment) -> list[Event]:
    if not state.closed:
        raise RequestIsOpen
    calendar = _calendar(state, moment)
    clock = Clock(moment.occurred_at, state.round + 1)
    promises = promised(state.service, UNMET, clock, calendar, rules_in_force(calendar, moment))
    return [
        RequestReopened(reason=command.reason, reopened_at=moment.occurred_at, promises=promises)
    ]


WITHOUT_SERVICE: Final = ("withdrawn", "unreachable", "imported")


def _close(state: Request, command: CloseRequest) -> list[Event]:
    if command.kind not in WITHOUT_SERVICE:
        if state.proceedings.pending:
            raise ProceedingPending
        if state.supplement is not None:
            raise SupplementPending
    done = {
        "answered": bool(state.served_by),
        "referred": state.proceedings.referral == "completed",
        "mediated": state.proceedings.mediation in ("agreed", "ended"),
        "aid_granted": state.proceedings.legal_aid == "granted",
        "aid_refused": state.proceedings.legal_aid == "refused",
        "imported": state.logged.external is not None,
    }
    if not done.get(command.kind, True):
        raise NothingWasDone(command.kind)
    return [RequestClosed(kind=command.kind, summary=command.summary)]


def _annotate(state: Request, command: Annotation) -> list[Event]:
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


def _refer(state: Request, command: ReferralCommand, moment: Moment) -> list[Event]:
    point = state.logged.point
    if isinstance(command, Refer):
        if command.to == point:
            raise ReferredToItself
        other = moment.registers.points.get(command.to)
        if other is None and command.target == "other_point":
            raise PointUnknown(command.to)
        if other is not None and not other.serves_at(moment.occurred_at):
            raise PointIsClosed(command.to)
    return proceedings.decide_referral(state.proceedings, command, moment, point)


def _legal_aid(state: Request, command: LegalAidCommand, moment: Moment) -> list[Event]:
    decided = proceedings.decide_legal_aid(state.proceedings, command)
    waiting = state.supplement
    if isinstance(command, GrantLegalAid) and waiting and not state.proceedings.urgent:
        raise SupplementPending
    if isinstance(command, RefuseLegalAid) and waiting:
        raise SupplementPending
    if isinstance(command, DeemLegalAidWithdrawn):
        if waiting is None or not state.proceedings.supplement_asked:
            raise NoSupplementPending
        if waiting.due is not None and moment.occurred_at <= waiting.due:
            raise SupplementNotOverdue
    return decided


def _handle(state: Request, command: Handling, moment: Moment) -> list[Event]:
    match command:
        case HandOver(to=to, reason=reason):
            return [] if to == state.responsible else [HandedOver(to=to, reason=reason)]
        case AssignAdviser():
            return _assign(state, command, moment)
        case InformOnce():
            return _inform(state, command)
        case RequestSupplement():
            return _ask_supplement(state, command, moment)
        case ReceiveSupplement():
            return _resume(state, moment)
        case GiveConsultation():
            return [_consulted(state, command, moment)]
        case MakeAppointment():
            return _appoint(state, command, moment)
        case KeepAppointment():
            if state.appointment is None:
                raise NoAppointment
            return [AppointmentKept()]
        case MissAppointment():
            if state.appointment is None:
                raise NoAppointment
            return [AppointmentMissed(reason=command.reason)]
        case Reclassify():
            return _reclassify(state, command, moment)
        case RecalculateDeadlines():
            return _recalculate(state, command, moment)
        case _:
            assert_never(command)


def _assign(state: Request, command: AssignAdviser, moment: Moment) -> list[Event]:
    firm, team = employer(command.adviser, moment)
    assert firm is not None
    if command.adviser == state.adviser:
        return []
    return [AdviserAssigned(adviser=command.adviser, firm=firm, team=team)]


def _inform(state: Request, command: InformOnce) -> list[Event]:
    informed = OnceInformed(items=command.items, basis=command.basis, in_writing=command.in_writing)
    if state.informed is None:
        return [informed]
    if state.informed == informed:
        return []
    raise OnceAlreadyInformed


def _ask_supplement(state: Request, command: RequestSupplement, moment: Moment) -> list[Event]:
    if state.supplement is not None:
        raise SupplementPending
    applied = state.proceedings.legal_aid == "applied"
    if applied and state.proceedings.supplement_asked:
        raise SupplementOnlyOnce
    calendar = _calendar(state, moment)
    version = rules_in_force(calendar, moment)
    limit = version and version.limit("legal_aid" if applied else state.service, "supplement")
    due = deadline(limit, moment.occurred_at, calendar).due if limit and calendar else None
    return [SupplementRequested(items=command.items, paused_at=moment.occurred_at, due=due)]


def _resume(state: Request, moment: Moment) -> list[Event]:
    if state.supplement is None:
        raise NoSupplementPending
    if moment.occurred_at < state.supplement.paused_at:
        raise SupplementReceivedTooEarly
    pause = Pause(state.supplement.paused_at, moment.occurred_at, PAUSED_WHY)
    calendar, version = _calendar(state, moment), _as_promised(state, moment)
    promises = _promised_again(state, state.service, (*state.pauses, pause), calendar, version)
    return [SupplementReceived(resumed_at=moment.occurred_at, promises=promises)]


def _consulted(state: Request, command: GiveConsultation, moment: Moment) -> ConsultationGiven:
    adviser = command.adviser or moment.by.adviser or _assigned(state, moment)
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


def _assigned(state: Request, moment: Moment) -> str | None:
    """The request's adviser, who gave it unless another is named; none once he has left."""
    adviser = moment.registers.advisers.get(state.adviser or "")
    return adviser.code if adviser and adviser.in_office(moment.occurred_at) else None


def _appoint(state: Request, command: MakeAppointment, moment: Moment) -> list[Event]:
    made = AppointmentMade(purpose=command.purpose, at=command.at)
    if made == state.appointment:
        return []
    if command.at <= moment.occurred_at:
        raise AppointmentInPast
    return [made]


def _reclassify(state: Request, command: Reclassify, moment: Moment) -> list[Event]:
    if command.service == state.service:
        return []
    if not moment.registers.points[state.logged.point].offers(command.service):
        raise ServiceNotOffered(command.service)
    calendar = _calendar(state, moment)
    version = rules_in_force(calendar, moment, state.started_at)
    return [
        Reclassified(
            from_service=state.service,
            to_service=command.service,
            reason=command.reason,
            promises=_promised_again(state, command.service, state.pauses, calendar, version),
        )
    ]


def _recalculate(state: Request, command: RecalculateDeadlines, moment: Moment) -> list[Event]:
    calendar = _calendar(state, moment)
    version = rules_in_force(calendar, moment)
    promises = _promised_again(state, state.service, state.pauses, calendar, version)
    if promises == state.promises:
        raise NothingToRecalculate
    return [DeadlinesRecalculated(reason=command.reason, promises=promises)]
