"""Commands on a request: logging, handling, closing, reopening."""

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, Final, Literal, assert_never, get_args
from uuid import UUID

from msgspec import Meta
from msgspec.structs import replace

from domain.accounts.account import AccountUnknown
from domain.codes import Code
from domain.listed import known_unit, known_window, serving_point, told
from domain.moment import (
    Beside,
    HappensBeforeLogged,
    Moment,
    calendar_of,
    local_day,
    not_in_future,
)
from domain.promises.promise import Clock, Promise, PromiseName, promised
from domain.promises.promising import (
    PromiseNotRunning,
    approved_extension,
    newest_calendar,
    rules_behind,
    rules_in_force,
)
from domain.registers.appointment import china_day
from domain.registers.policy import Doubt, PolicyVersion
from domain.requests import minutes, proceedings_commands, transfer
from domain.requests.proceedings import LegalAidGranted, LegalAidObjected
from domain.requests.proceedings_commands import (
    ApplyForLegalAid,
    DeemLegalAidWithdrawn,
    GrantLegalAid,
    HoldMediationSession,
    LegalAidCommand,
    MediationCommand,
    ObjectToLegalAidRefusal,
    Refer,
    ReferralCommand,
    RefuseLegalAid,
    employer,
)
from domain.requests.request import (
    AID,
    PAUSED_WHY,
    WITHOUT_SERVICE,
    AdviserAssigned,
    AppointmentKept,
    AppointmentMade,
    AppointmentMissed,
    AppointmentPurpose,
    Channel,
    ClientCategory,
    CloseKind,
    ConsultationGiven,
    DeadlinesRecalculated,
    DuplicateLinked,
    DuplicateUnlinked,
    FollowCodeReplaced,
    HandedOver,
    Mode,
    NoteAdded,
    OnceInformed,
    Reclassified,
    Request,
    RequestClosed,
    RequestDoubtsCleared,
    RequestExtended,
    RequestLogged,
    RequestReopened,
    RequestVoided,
    SupplementReceived,
    SupplementRequested,
    evolve,
)
from domain.requests.transfer import TransferCommand, decide_transfer
from domain.vocabulary import (
    Command,
    Event,
    ExternalId,
    Minutes,
    NotThere,
    Personal,
    Refused,
    Service,
    SomeDays,
    Statement,
    Text,
    Visitor,
)
from domain.worktime.calendar import Calendar, Pause, deadline
from domain.worktime.zone import zone_counted

# --- commands


class LogRequest(Command, frozen=True, kw_only=True):
    point: Code
    channel: Channel
    service: Service
    subject: Statement
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
    text: Statement


class MakeAppointment(Command, frozen=True, kw_only=True):
    """Also moves one that is still to come."""

    purpose: AppointmentPurpose
    at: Annotated[datetime, Meta(tz=True)]


class KeepAppointment(Command, frozen=True, kw_only=True):
    """约期已履行"""


class MissAppointment(Command, frozen=True, kw_only=True):
    reason: Text


class Reclassify(Command, frozen=True, kw_only=True):
    service: Service
    reason: Text


class LinkDuplicate(Command, frozen=True, kw_only=True):
    """Judged by both requests."""

    original: UUID
    reason: Text


class UnlinkDuplicate(Command, frozen=True, kw_only=True):
    original: UUID
    reason: Text


class RecalculateDeadlines(Command, frozen=True, kw_only=True):
    reason: Text


class ExtendRequestDeadline(Command, frozen=True, kw_only=True):
    """Given by the approver himself, in the role that the rules name; where the parties approve,
    by whoever records that they agreed."""

    promise: Literal["close"] = "close"
    amount: SomeDays
    reason: Text
    agreed: bool = False
    """All parties agree, where the rules ask for it."""


class CloseRequest(Command, frozen=True, kw_only=True):
    kind: CloseKind
    summary: Personal | None = None


class ReopenRequest(Command, frozen=True, kw_only=True):
    reason: Text


class VoidRequest(Command, frozen=True, kw_only=True):
    reason: Text


class ClearRequestDoubts(Command, frozen=True, kw_only=True):
    """Of the minutes given so far."""

    doubts: Annotated[tuple[Doubt, ...], Meta(min_length=1)]
    reason: Text


class ReplaceFollowCode(Command, frozen=True, kw_only=True):
    """回执丢了，或者落到别人手里：换一个查询码，原来的作废"""


Annotation = AddNote | LinkDuplicate | UnlinkDuplicate | ReplaceFollowCode


Handling = (
    HandOver | AssignAdviser | InformOnce | RequestSupplement | ReceiveSupplement
    | GiveConsultation | MakeAppointment | KeepAppointment | MissAppointment | Reclassify
    | RecalculateDeadlines | ExtendRequestDeadline
)  # fmt: skip


OwnCommand = (
    LogRequest | Handling | Annotation | CloseRequest | ReopenRequest | VoidRequest
    | ClearRequestDoubts
)  # fmt: skip


RequestCommand = OwnCommand | TransferCommand | ReferralCommand | MediationCommand | LegalAidCommand


COMMANDS: Final[tuple[type[Command], ...]] = get_args(RequestCommand)


# --- refusals


class RequestUnknown(NotThere):
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


class RequestHasNoSuchDoubt(Refused):
    """这个事项没有这项疑点"""


class DoubtsOfOwnService(Refused):
    """不能排除自己所提供服务的疑点"""


class NoAppointment(Refused):
    """没有约期"""


class AppointmentInPast(Refused):
    """约期须晚于当前时间"""


class NoPostAtTheUnit(Refused):
    """移交的对象在办理这个事项的单位没有岗位"""


class DuplicateOfItself(Refused):
    """事项不能与自身关联"""


class OriginalIsDuplicate(Refused):
    """对方事项本身已是重复事项，请关联到最初的事项"""


class NotLinked(Refused):
    """两个事项没有关联"""


class NothingToRecalculate(Refused):
    """没有进行中的时限，或重新计算后时限不变"""


# --- what the state lets happen


def possible(state: Request, command: type[Command]) -> bool:
    """Return whether the state lets it happen at all; the rules decide in the end."""
    if state.voided:
        return False
    if command is ReopenRequest:
        return state.closed
    if command is UnlinkDuplicate:
        return bool(state.duplicate_of)
    if command in (AddNote, LinkDuplicate, VoidRequest, ReplaceFollowCode):
        return True
    if command is ClearRequestDoubts:
        return bool(state.doubts)
    if state.closed and command not in AFTER_CLOSING:
        return False
    if command in transfer.COMMANDS:
        return transfer.possible(state.transfer, command)
    if command in proceedings_commands.COMMANDS:
        waiting = state.supplement is not None
        return proceedings_commands.possible(state.proceedings, command, waiting=waiting)
    if command is InformOnce:
        return state.informed is None
    if command is RequestSupplement:
        aid = state.proceedings
        return state.supplement is None and not (
            aid.legal_aid == "applied" and aid.supplement_asked
        )
    if command is ReceiveSupplement:
        return state.supplement is not None
    if command in (KeepAppointment, MissAppointment):
        return state.appointment is not None
    if command is ExtendRequestDeadline:
        return state.supplement is None and any(one.name == "close" for one in state.promises)
    return True


# --- decide


AFTER_CLOSING: Final = (
    proceedings_commands.ReportMediationPerformed,
    proceedings_commands.SeekJudicialConfirmation,
    proceedings_commands.DecideJudicialConfirmation,
    proceedings_commands.AssignLegalAidLawyer,
    proceedings_commands.ObjectToLegalAidRefusal,
    proceedings_commands.ReviewLegalAidRefusal,
)
"""What follows from an agreement, a grant or a refusal comes after the request was closed."""


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
        return _annotate(state, command, moment)
    if isinstance(command, ClearRequestDoubts):
        return _clear(state, command, moment)
    if isinstance(command, ReopenRequest):
        return _reopen(state, command, moment)
    if state.closed and not isinstance(command, AFTER_CLOSING):
        raise RequestIsClosed
    if isinstance(command, CloseRequest):
        return _close(state, command)
    if isinstance(command, ReferralCommand):
        return _refer(state, command, moment)
    if isinstance(command, TransferCommand):
        return decide_transfer(state.transfer, state.holder, state.service, command, moment)
    if isinstance(command, MediationCommand):
        decided = proceedings_commands.decide_mediation(state.proceedings, command, moment)
        return [_of_a_day(state, one, moment) for one in decided]
    if isinstance(command, LegalAidCommand):
        return _legal_aid(state, command, moment)
    return _handle(state, command, moment)


def _log(state: Request | None, command: LogRequest, moment: Moment) -> list[Event]:
    if state is not None:
        raise RequestExists
    # History from elsewhere may be older than the first day that its mapping gives its points.
    early = moment.by.role == "importer"
    point = serving_point(command.point, moment.registers, moment.occurred_at, however_early=early)
    if not point.offers(command.service):
        raise ServiceNotOffered(command.service)
    if command.window is not None:
        known_window(command.window, point)
    firm, team = employer(command.adviser, moment)
    calendar = calendar_of(point, moment)
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
            zone=zone_counted(point.zone_at(moment.occurred_at)),
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
            late_reason=command.late_reason or moment.late_reason,
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
    again: list[Promise] = []
    for name in UNMET[1:] if state.responded else UNMET:
        # An extension is of the service whose rules gave it.
        extended_by = state.extended_by(name) if service == state.service else ()
        clock = Clock(state.started_at, state.round, pauses, extended_by)
        again += promised(service, (name,), clock, calendar, version)
    return tuple(again)


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
        "aid_refused": state.proceedings.legal_aid in ("refused", "upheld"),
        "imported": state.logged.external is not None,
    }
    if not done.get(command.kind, True):
        raise NothingWasDone(command.kind)
    return [RequestClosed(kind=command.kind, summary=command.summary)]


def _annotate(state: Request, command: Annotation, moment: Moment) -> list[Event]:
    match command:
        case AddNote():
            return [NoteAdded(text=command.text)]
        case LinkDuplicate():
            if command.original in state.duplicate_of:
                return []
            _refuse_no_original(command.original, moment)
            return [DuplicateLinked(original=command.original, reason=command.reason)]
        case UnlinkDuplicate():
            if command.original not in state.duplicate_of:
                raise NotLinked
            return [DuplicateUnlinked(original=command.original, reason=command.reason)]
        case ReplaceFollowCode():
            return [FollowCodeReplaced()]
        case _:
            assert_never(command)


def _refuse_no_original(original: UUID, moment: Moment) -> None:
    """A link leads to another request that stands and is no duplicate: links form no circle."""
    if original == moment.stream:
        raise DuplicateOfItself
    found = moment.beside.get(original)
    if not isinstance(found, Request):
        raise RequestUnknown(str(original))
    if found.voided:
        raise RequestIsVoided(str(original))
    if found.duplicate_of:
        raise OriginalIsDuplicate(str(original))


def _clear(state: Request, command: ClearRequestDoubts, moment: Moment) -> list[Event]:
    if unknown := [one for one in command.doubts if one not in state.doubts]:
        raise RequestHasNoSuchDoubt("、".join(unknown))
    if moment.names & {*state.served_by}:
        raise DoubtsOfOwnService
    return [RequestDoubtsCleared(doubts=command.doubts, reason=command.reason)]


def _of_a_day(state: Request, event: Event, moment: Moment) -> Event:
    """Let minutes be of their day, if it has them. Raises: MinutesBeyondDay."""
    if not isinstance(event, minutes.Given):
        return event
    doubts = minutes.doubts(state, minutes.givers(event), event.minutes, moment)
    return replace(event, given_on=china_day(moment.occurred_at), doubts=doubts)


def reads(state: Request | None, command: RequestCommand, moment: Moment) -> Iterator[UUID]:
    """Yield what the decision reads besides: the original of a duplicate, and day sheets."""
    if isinstance(command, LinkDuplicate):
        yield command.original
    if state is None:
        return
    if isinstance(command, VoidRequest):
        yield from minutes.sheets(state)
    some: tuple[minutes.Giver, ...] = ()
    if isinstance(command, GiveConsultation):
        some = minutes.of_consultation(_giving(state, command, moment), moment.by.account)
    elif isinstance(command, HoldMediationSession):
        some = minutes.of_session(command.mediator, command.adviser)
    day = china_day(moment.occurred_at)
    yield from (giver.sheet(day) for giver in some)


BESIDE: Final = Beside(
    (LinkDuplicate, GiveConsultation, HoldMediationSession, VoidRequest), reads, minutes.writes
)


def _refer(state: Request, command: ReferralCommand, moment: Moment) -> list[Event]:
    point = state.holder
    if isinstance(command, Refer):
        if command.to == point:
            raise ReferredToItself
        if command.target == "other_point" or command.to in moment.registers.points:
            serving_point(command.to, moment.registers, moment.occurred_at)
        else:
            known_unit(command.to, moment.registers, moment.occurred_at)
    return proceedings_commands.decide_referral(state.proceedings, command, moment, point)


def _legal_aid(state: Request, command: LegalAidCommand, moment: Moment) -> list[Event]:
    engaged = frozenset({*state.served_by, *((state.adviser,) if state.adviser else ())})
    decided = proceedings_commands.decide_legal_aid(state.proceedings, command, moment, engaged)
    if isinstance(command, ApplyForLegalAid):
        known_unit(command.agency, moment.registers, moment.occurred_at)
    if isinstance(command, ObjectToLegalAidRefusal):
        known_unit(command.to, moment.registers, moment.occurred_at)
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
    return [_with_deadline(state, one, moment) for one in decided]


def _with_deadline(state: Request, event: Event, moment: Moment) -> Event:
    """A grant promises that somebody is assigned, an objection that it is reviewed."""
    match event:
        case LegalAidGranted():
            name: PromiseName = "assign"
        case LegalAidObjected():
            name = "review"
        case _:
            return event
    calendar = _calendar(state, moment)
    clock = Clock(moment.occurred_at, state.round)
    promises = promised(AID, (name,), clock, calendar, rules_in_force(calendar, moment))
    return replace(event, promises=promises)


def _of_the_unit(code: str, unit: str, moment: Moment) -> None:
    """Refuse an account without a post at the unit; before accounts are listed anybody is one.

    Raises: AccountUnknown, NoPostAtTheUnit.
    """
    accounts = moment.registers.accounts
    if not accounts:
        return
    found = accounts.get(code)
    if found is None:
        raise AccountUnknown(told(code, accounts))
    posts = found.posts_on(china_day(moment.now))
    if not found.active or all(one.unit != unit for one in posts):
        raise NoPostAtTheUnit(f"{code} @ {unit}")


def _handle(state: Request, command: Handling, moment: Moment) -> list[Event]:
    match command:
        case HandOver(to=to, reason=reason):
            if to == state.responsible:
                return []
            _of_the_unit(to, state.holder, moment)
            return [HandedOver(to=to, reason=reason)]
        case AssignAdviser():
            return _assign(state, command, moment)
        case InformOnce():
            return _inform(state, command)
        case RequestSupplement():
            return _ask_supplement(state, command, moment)
        case ReceiveSupplement():
            return _resume(state, moment)
        case GiveConsultation():
            return [_of_a_day(state, _consulted(state, command, moment), moment)]
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
        case ExtendRequestDeadline():
            return _extend(state, command, moment)
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
    adviser = _giving(state, command, moment)
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


def _giving(state: Request, command: GiveConsultation, moment: Moment) -> str | None:
    return command.adviser or moment.by.adviser or _assigned(state, moment)


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
    if not moment.registers.points[state.holder].offers(command.service):
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


def _extend(state: Request, command: ExtendRequestDeadline, moment: Moment) -> list[Event]:
    promise = next((one for one in state.promises if one.name == command.promise), None)
    if promise is None:
        raise PromiseNotRunning(command.promise)
    if state.supplement is not None:
        raise SupplementPending
    asked = (command.promise, command.amount, command.reason, moment.occurred_at)
    if asked in [
        (one.promise, one.amount, one.reason, one.extended_at) for one in state.extensions
    ]:
        return []
    granted = state.extended_by(command.promise)
    approved_by = approved_extension(
        promise, state.service, granted, command.amount, moment, agreed=command.agreed
    )
    extended = RequestExtended(
        promise=command.promise,
        amount=command.amount,
        reason=command.reason,
        approved_by=approved_by,
        role=moment.by.role,
        extended_at=moment.occurred_at,
        promises=(),
    )
    longer = evolve(state, extended)
    calendar, version = _calendar(state, moment), _as_promised(state, moment)
    promises = _promised_again(longer, state.service, state.pauses, calendar, version)
    return [replace(extended, promises=promises)]
