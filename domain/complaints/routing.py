"""Routing of a complaint: assigned, signed for, returned as misrouted, with co-handlers.

A small lifecycle inside the complaint's stream; `domain.complaints.complaint_commands` hands its
commands here. Returning stops the receiver's clock and restarts the sender's; the person's promises
run on.
"""

from collections.abc import Callable
from datetime import datetime
from typing import ClassVar, Final, Literal, assert_never, get_args

from msgspec import Struct
from msgspec.structs import replace

from domain.codes import Code
from domain.listed import known_unit
from domain.moment import Moment
from domain.promises.promise import Promise, PromiseName
from domain.vocabulary import Actor, Command, Event, Personal, Refused, Statement, Text

# --- events


class ComplaintAssigned(Event, frozen=True, kw_only=True):
    """交办: to the unit that shall handle it; it may object within the promise `return`."""

    topic: ClassVar[str] = "complaint.assigned/1"
    unit: Code
    by: Code
    """The unit that assigned it, and decides on an objection."""
    reason: Text | None = None
    at: datetime
    promises: tuple[Promise, ...] = ()


class ComplaintSignedFor(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "complaint.signed_for/1"
    unit: Code
    at: datetime


class ReturnAsked(Event, frozen=True, kw_only=True):
    """退回: the receiver says it is not his matter; his clock stops."""

    topic: ClassVar[str] = "complaint.return_asked/1"
    unit: Code
    reason: Text
    asked_by: Code
    at: datetime


class ReturnApproved(Event, frozen=True, kw_only=True):
    """The sender's clock starts again: he has to find the right unit."""

    topic: ClassVar[str] = "complaint.return_approved/1"
    unit: Code
    reason: Text
    at: datetime
    promises: tuple[Promise, ...] = ()


class ReturnDenied(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "complaint.return_denied/1"
    unit: Code
    reason: Text
    at: datetime


class InvestigationBegun(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "complaint.investigation_begun/1"
    unit: Code
    at: datetime


class CoHandlerAsked(Event, frozen=True, kw_only=True):
    """协办: another unit is asked for an answer of its own."""

    topic: ClassVar[str] = "complaint.co_handler_asked/1"
    unit: Code
    task: Text
    at: datetime


class CoHandlerAnswered(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "complaint.co_handler_answered/1"
    unit: Code
    opinion: Personal
    at: datetime


class CoHandlerReleased(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "complaint.co_handler_released/1"
    unit: Code
    reason: Text
    at: datetime


RoutingEvent = (
    ComplaintAssigned | ComplaintSignedFor | ReturnAsked | ReturnApproved | ReturnDenied
    | InvestigationBegun | CoHandlerAsked | CoHandlerAnswered | CoHandlerReleased
)  # fmt: skip
EVENTS: Final[tuple[type[Event], ...]] = get_args(RoutingEvent)


# --- commands


class AssignComplaint(Command, frozen=True, kw_only=True):
    unit: Code
    reason: Text | None = None
    """Must be given where another unit has it already."""


class SignForComplaint(Command, frozen=True, kw_only=True):
    """签收"""


class AskReturn(Command, frozen=True, kw_only=True):
    reason: Text


class DecideReturn(Command, frozen=True, kw_only=True):
    approved: bool
    reason: Text


class BeginInvestigation(Command, frozen=True, kw_only=True):
    """开始办理；此后不再作为误转退回"""


class AskCoHandler(Command, frozen=True, kw_only=True):
    unit: Code
    task: Text


class AnswerAsCoHandler(Command, frozen=True, kw_only=True):
    unit: Code
    opinion: Statement


class ReleaseCoHandler(Command, frozen=True, kw_only=True):
    unit: Code
    reason: Text


RoutingCommand = (
    AssignComplaint | SignForComplaint | AskReturn | DecideReturn | BeginInvestigation
    | AskCoHandler | AnswerAsCoHandler | ReleaseCoHandler
)  # fmt: skip
COMMANDS: Final[tuple[type[Command], ...]] = get_args(RoutingCommand)


# --- state


RoutingStep = Literal["accepted", "assigned", "signed", "returning", "investigating"]


class CoHandler(Struct, frozen=True):
    KEY: ClassVar = ("unit",)
    unit: str
    task: str
    status: Literal["asked", "answered", "released"] = "asked"


class Routing(Struct, frozen=True, kw_only=True):
    """The unit that has it now. `step` is "accepted" while no unit has it."""

    step: RoutingStep = "accepted"
    assigned: ComplaintAssigned | None = None
    signed: bool = False
    asked: ReturnAsked | None = None
    """The objection of the unit that has it now, also after it was denied."""
    co_handlers: tuple[CoHandler, ...] = ()

    @property
    def unit(self) -> str | None:
        return self.assigned.unit if self.assigned else None

    @property
    def awaited(self) -> tuple[str, ...]:
        """Co-handlers that have not answered yet."""
        return tuple(one.unit for one in self.co_handlers if one.status == "asked")


def evolve(state: Routing, event: RoutingEvent) -> Routing:
    match event:
        case ComplaintAssigned():
            return replace(state, step="assigned", assigned=event, signed=False, asked=None)
        case ComplaintSignedFor():
            return replace(state, step="signed", signed=True)
        case ReturnAsked():
            return replace(state, step="returning", asked=event)
        case ReturnApproved():
            return replace(state, step="accepted", assigned=None, signed=False, asked=None)
        case ReturnDenied():
            return replace(state, step="signed" if state.signed else "assigned")
        case InvestigationBegun():
            return replace(state, step="investigating")
        case CoHandlerAsked():
            others = tuple(one for one in state.co_handlers if one.unit != event.unit)
            return replace(state, co_handlers=(*others, CoHandler(event.unit, event.task)))
        case CoHandlerAnswered():
            return _co_handler(state, event.unit, "answered")
        case CoHandlerReleased():
            return _co_handler(state, event.unit, "released")
        case _:
            assert_never(event)


def _co_handler(state: Routing, unit: str, status: Literal["answered", "released"]) -> Routing:
    co_handlers = tuple(
        replace(one, status=status) if one.unit == unit else one for one in state.co_handlers
    )
    return replace(state, co_handlers=co_handlers)


# --- refusals


class ReassignmentNeedsReason(Refused):
    """投诉已交办其他单位，改派须说明理由"""


class NotTheHandler(Refused):
    """只有承办单位（或代为登记的交办单位）可以办理这一步"""


class NotTheSender(Refused):
    """退回由交办单位审核，申请人不得审核自己的申请"""


class ReturnTooLate(Refused):
    """已超过提出退回异议的期限"""


class ReturnAlreadyDenied(Refused):
    """退回申请已被驳回，应当办理"""


class HandlerIsNoCoHandler(Refused):
    """承办单位不能同时作为协办单位"""


class NotACoHandler(Refused):
    """该单位不是待答复的协办单位"""


# --- decide


Promising = Callable[[PromiseName, str | None], tuple[Promise, ...]]
"""Gives the promise of a name that begins now, by the calendar of a unit, or else of the point."""


def at_work(state: Routing, actor: Actor) -> None:
    """Check that the actor is of the handling unit, or of the one that assigned it.

    The latter records the work of outside units.

    Raises: NotTheHandler — for any other unit.
    """
    assigned = state.assigned
    if assigned is None or actor.unit not in (assigned.unit, assigned.by):
        raise NotTheHandler(actor.unit)


def decide_routing(
    state: Routing,
    command: RoutingCommand,
    moment: Moment,
    promising: Promising,
    return_due: datetime | None,
) -> list[Event]:
    """Decide a command on routing.

    `return_due` is the end of the time in which the unit that has it may object; None when none is
    set.
    """
    at, by = moment.occurred_at, moment.by
    match command:
        case AssignComplaint():
            return _assign(state, command, moment, promising)
        case SignForComplaint():
            at_work(state, by)
            return [ComplaintSignedFor(unit=_handler(state), at=at)]
        case AskReturn():
            at_work(state, by)
            if state.asked is not None:
                raise ReturnAlreadyDenied
            if return_due is not None and at > return_due:
                raise ReturnTooLate
            unit = _handler(state)
            return [ReturnAsked(unit=unit, reason=command.reason, asked_by=by.account, at=at)]
        case DecideReturn():
            return _decide_return(state, command, moment, promising)
        case BeginInvestigation():
            at_work(state, by)
            return [InvestigationBegun(unit=_handler(state), at=at)]
        case AskCoHandler() | AnswerAsCoHandler() | ReleaseCoHandler():
            return _co_handling(state, command, moment)
        case _:
            assert_never(command)


def _handler(state: Routing) -> str:
    assert state.assigned is not None
    return state.assigned.unit


def _assign(
    state: Routing, command: AssignComplaint, moment: Moment, promising: Promising
) -> list[Event]:
    if command.unit == state.unit:
        return []
    if command.unit in state.awaited:
        raise HandlerIsNoCoHandler(command.unit)
    if state.assigned is not None and command.reason is None:
        raise ReassignmentNeedsReason
    known_unit(command.unit, moment.registers, moment.occurred_at)
    return [
        ComplaintAssigned(
            unit=command.unit,
            by=moment.by.unit,
            reason=command.reason,
            at=moment.occurred_at,
            promises=promising("return", command.unit),
        )
    ]


def _decide_return(
    state: Routing, command: DecideReturn, moment: Moment, promising: Promising
) -> list[Event]:
    assert state.assigned is not None
    assert state.asked is not None
    if moment.by.unit != state.assigned.by or state.asked.asked_by in moment.names:
        raise NotTheSender
    unit, reason, at = state.assigned.unit, command.reason, moment.occurred_at
    if not command.approved:
        return [ReturnDenied(unit=unit, reason=reason, at=at)]
    promises = promising("assign", None)
    return [ReturnApproved(unit=unit, reason=reason, at=at, promises=promises)]


def _co_handling(
    state: Routing, command: AskCoHandler | AnswerAsCoHandler | ReleaseCoHandler, moment: Moment
) -> list[Event]:
    unit, at = command.unit, moment.occurred_at
    if isinstance(command, AskCoHandler):
        at_work(state, moment.by)
        if unit == state.unit:
            raise HandlerIsNoCoHandler(unit)
        same = CoHandler(unit, command.task) in state.co_handlers
        if same:
            return []
        known_unit(unit, moment.registers, at)
        return [CoHandlerAsked(unit=unit, task=command.task, at=at)]
    if unit not in state.awaited:
        raise NotACoHandler(unit)
    if isinstance(command, ReleaseCoHandler):
        at_work(state, moment.by)
        return [CoHandlerReleased(unit=unit, reason=command.reason, at=at)]
    if moment.by.unit != unit:
        at_work(state, moment.by)
    return [CoHandlerAnswered(unit=unit, opinion=command.opinion, at=at)]
