"""A rectification 整改: ordered for a ground, answered with measures, accepted or rejected, and in
the end perhaps a proposal to replace the adviser or to end the service.
"""

from datetime import datetime
from typing import Annotated, ClassVar, Final, Literal, assert_never, get_args
from uuid import UUID

from msgspec import Meta, Struct
from msgspec.structs import replace

from domain.codes import Code, Digest, DivisionCode, Zone
from domain.listed import known_adviser, known_firm, opened_point
from domain.moment import (
    Beside,
    HappensBeforeLastStep,
    Moment,
    local_day,
    not_in_future,
    not_of_another_firm,
    published_first,
)
from domain.oversight.inspection import Inspection
from domain.promises.promise import Clock, Promise, promised
from domain.promises.promising import newest_calendar, rules_in_force
from domain.registers.point import Point
from domain.vocabulary import CHINA, Command, Event, NotThere, Refused, Statement, Text
from domain.worktime.zone import zone_counted

KIND: Final = "rectification"
Source = Literal["inspection", "rating", "assessment", "supervision"]
Items = Annotated[tuple[Text, ...], Meta(min_length=1)]
Measures = Statement
AddresseeKind = Literal["adviser", "point", "firm"]


class Addressee(Struct, frozen=True, forbid_unknown_fields=True):
    kind: AddresseeKind
    code: Code


# --- events


class RectificationOrdered(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "rectification.ordered/1"
    source: Source
    source_stream: UUID
    """The inspection, rating or assessment that shows the ground."""
    addressee: Addressee
    point: Code | None = None
    """Where it is to be put right; its calendar gives the time limit, without one the calendar
    published first."""
    division: DivisionCode | None = None
    calendar: str | None = None
    zone: Zone = CHINA
    items: Items
    ordered_at: datetime
    promises: tuple[Promise, ...] = ()


class RectificationAnswered(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "rectification.answered/1"
    measures: Measures
    evidence: tuple[Digest, ...] = ()
    answered_by: Code
    adviser: Code | None = None
    answered_at: datetime


class RectificationAccepted(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "rectification.accepted/1"
    note: Text | None = None
    accepted_at: datetime


class RectificationRejected(Event, frozen=True, kw_only=True):
    """A new round begins with a promise of its own; the round before stays as it ended."""

    topic: ClassVar[str] = "rectification.rejected/1"
    reason: Text
    rejected_at: datetime
    promises: tuple[Promise, ...] = ()


class RectificationFellOverdue(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "rectification.fell_overdue/1"
    round: int
    due: datetime


class RectificationEscalated(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "rectification.escalated/1"
    to: Literal["replacement", "exit"]
    """What is proposed: another adviser, or the end of the service."""
    reason: Text
    escalated_at: datetime


class RectificationWithdrawn(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "rectification.withdrawn/1"
    reason: Text
    withdrawn_at: datetime


RectificationEvent = (
    RectificationOrdered | RectificationAnswered | RectificationAccepted | RectificationRejected
    | RectificationFellOverdue | RectificationEscalated | RectificationWithdrawn
)  # fmt: skip
EVENTS: Final[tuple[type[Event], ...]] = get_args(RectificationEvent)


# --- commands


class OrderRectification(Command, frozen=True, kw_only=True):
    """`point` may be left out: an order to a point is put right there, one to an adviser or firm
    as such has its limit by the calendar published first."""

    source: Source
    source_stream: UUID
    addressee: Addressee
    point: Code | None = None
    items: Items


class AnswerRectification(Command, frozen=True, kw_only=True):
    measures: Measures
    evidence: tuple[Digest, ...] = ()


class AcceptRectification(Command, frozen=True, kw_only=True):
    note: Text | None = None


class RejectRectification(Command, frozen=True, kw_only=True):
    reason: Text


class MarkOverdue(Command, frozen=True, kw_only=True):
    """期满未反馈整改情况，记为逾期"""


class EscalateRectification(Command, frozen=True, kw_only=True):
    to: Literal["replacement", "exit"]
    reason: Text


class WithdrawRectification(Command, frozen=True, kw_only=True):
    reason: Text


Supervising = (
    AcceptRectification | RejectRectification | EscalateRectification | WithdrawRectification
)
RectificationCommand = OrderRectification | AnswerRectification | MarkOverdue | Supervising
COMMANDS: Final[tuple[type[Command], ...]] = get_args(RectificationCommand)


# --- state


Status = Literal["open", "answered", "accepted", "escalated", "withdrawn"]


class Rectification(Struct, frozen=True, kw_only=True):
    ordered: RectificationOrdered
    status: Status = "open"
    round: int = 1
    since: datetime
    """When the last step was taken."""
    promises: tuple[Promise, ...]
    """Promises of the present round."""
    answer: RectificationAnswered | None = None
    """In the present round."""
    overdue: bool = False
    """In the present round."""

    @property
    def ended(self) -> bool:
        return self.status in ("accepted", "escalated", "withdrawn")

    @property
    def due(self) -> datetime | None:
        return self.promises[0].due if self.promises else None


# --- evolve


def evolve(state: Rectification | None, event: RectificationEvent) -> Rectification:
    if isinstance(event, RectificationOrdered):
        return Rectification(ordered=event, since=event.ordered_at, promises=event.promises)
    assert state is not None
    match event:
        case RectificationAnswered(answered_at=at):
            overdue = state.due is not None and at > state.due
            return replace(state, status="answered", since=at, answer=event, overdue=overdue)
        case RectificationAccepted():
            return replace(state, status="accepted", since=event.accepted_at)
        case RectificationRejected():
            return replace(
                state,
                status="open",
                round=state.round + 1,
                since=event.rejected_at,
                promises=event.promises,
                answer=None,
                overdue=False,
            )
        case RectificationFellOverdue():
            return replace(state, overdue=True)
        case RectificationEscalated():
            return replace(state, status="escalated", since=event.escalated_at)
        case RectificationWithdrawn():
            return replace(state, status="withdrawn", since=event.withdrawn_at)
        case _:
            assert_never(event)


# --- refusals


class RectificationUnknown(NotThere):
    """没有这项整改"""


class RectificationExists(Refused):
    """这项整改已经发出，内容不同"""


class RectificationHasEnded(Refused):
    """这项整改已经结束"""


class GroundUnknown(Refused):
    """没有这项检查、评价或考核，不能据此要求整改；请核对整改依据"""


class AddresseeElsewhere(Refused):
    """整改对象是服务点的，整改地点就是该服务点"""


class RectificationAlreadyAnswered(Refused):
    """本轮整改情况已经反馈，请等待验收"""


class RectificationNotAnswered(Refused):
    """尚未反馈整改情况，不能验收"""


class OwnRectification(Refused):
    """整改对象和反馈人不能验收、撤回或者升级自己的整改"""


class RectificationNotOverdue(Refused):
    """整改期限未满"""


class NoGroundToEscalate(Refused):
    """没有逾期、也没有验收不合格的，不能提出调整或者退出"""


# --- what the state lets happen


def possible(state: Rectification, command: type[Command]) -> bool:
    """Return whether the state lets it happen at all; the rules decide in the end."""
    if command is AnswerRectification:
        return state.status == "open"
    if command in (AcceptRectification, RejectRectification):
        return state.status == "answered"
    if command is MarkOverdue:
        return state.status == "open" and not state.overdue and state.due is not None
    if command is EscalateRectification:
        return not state.ended and (state.overdue or state.round > 1)
    return not state.ended


# --- decide


def decide(
    state: Rectification | None, command: RectificationCommand, moment: Moment
) -> list[Event]:
    not_in_future(moment)
    if isinstance(command, OrderRectification):
        return _order(state, command, moment)
    if state is None:
        raise RectificationUnknown
    if isinstance(command, MarkOverdue):
        return _mark_overdue(state, moment)
    if state.ended:
        raise RectificationHasEnded(state.status)
    if moment.occurred_at < state.since:
        raise HappensBeforeLastStep
    match command:
        case AnswerRectification():
            addressee = state.ordered.addressee
            not_of_another_firm(moment.by, addressee.code if addressee.kind == "firm" else None)
            return _answer(state, command, moment)
        case _:
            _not_own(state, moment)
            return _supervise(state, command, moment)


def _order(state: Rectification | None, command: OrderRectification, moment: Moment) -> list[Event]:
    if state is not None:
        was = state.ordered
        asked = (command.source, command.source_stream, command.addressee, command.items)
        if asked == (was.source, was.source_stream, was.addressee, was.items):
            return []
        raise RectificationExists
    _refuse_no_ground(command, moment)
    code = _where(command, moment)
    point = moment.registers.points[code] if code else None
    calendar = newest_calendar(point.calendar, moment) if point else published_first(moment)
    rules = rules_in_force(calendar, moment)
    return [
        RectificationOrdered(
            source=command.source,
            source_stream=command.source_stream,
            addressee=command.addressee,
            point=code,
            division=_division(point, moment) if point else None,
            calendar=calendar.ref if calendar else None,
            zone=zone_counted(point.zone_at(moment.occurred_at)) if point else CHINA,
            items=command.items,
            ordered_at=moment.occurred_at,
            promises=promised(KIND, ("answer",), Clock(moment.occurred_at), calendar, rules),
        )
    ]


def _refuse_no_ground(command: OrderRectification, moment: Moment) -> None:
    """An order stands on something that is in the log."""
    ground = moment.beside.get(command.source_stream)
    inspected = command.source in ("inspection", "supervision")
    if ground is None or inspected != isinstance(ground, Inspection):
        raise GroundUnknown(str(command.source_stream))


BESIDE: Final = Beside(
    (OrderRectification,),
    lambda state, command, _moment: () if state else (command.source_stream,),
)


def _division(point: Point, moment: Moment) -> DivisionCode:
    return point.division_on(local_day(point, moment, moment.occurred_at))


def _where(command: OrderRectification, moment: Moment) -> str | None:
    """The point concerned; what the addressee must be."""
    addressee = command.addressee
    if addressee.kind == "adviser":
        known_adviser(addressee.code, moment.registers)
    if addressee.kind == "firm":
        known_firm(addressee.code, moment.registers, moment.occurred_at)
    code = command.point
    if addressee.kind == "point":
        if code not in (None, addressee.code):
            raise AddresseeElsewhere
        code = addressee.code
    if code is not None:
        opened_point(code, moment.registers, moment.occurred_at)
    return code


def _answer(state: Rectification, command: AnswerRectification, moment: Moment) -> list[Event]:
    if state.answer is not None:
        if (state.answer.measures, state.answer.evidence) == (command.measures, command.evidence):
            return []
        raise RectificationAlreadyAnswered
    return [
        RectificationAnswered(
            measures=command.measures,
            evidence=command.evidence,
            answered_by=moment.by.account,
            adviser=moment.by.adviser,
            answered_at=moment.occurred_at,
        )
    ]


def _mark_overdue(state: Rectification, moment: Moment) -> list[Event]:
    """Mark the order overdue; nothing to do once it was answered, late or not."""
    if state.status != "open" or state.overdue:
        return []
    if state.due is None or moment.occurred_at < state.due:
        raise RectificationNotOverdue
    return [RectificationFellOverdue(round=state.round, due=state.due)]


def _supervise(state: Rectification, command: Supervising, moment: Moment) -> list[Event]:
    at = moment.occurred_at
    match command:
        case AcceptRectification():
            _answered(state)
            return [RectificationAccepted(note=command.note, accepted_at=at)]
        case RejectRectification():
            _answered(state)
            calendar = newest_calendar(state.ordered.calendar, moment)
            rules = rules_in_force(calendar, moment)
            clock = Clock(at, state.round + 1)
            promises = promised(KIND, ("answer",), clock, calendar, rules)
            return [RectificationRejected(reason=command.reason, rejected_at=at, promises=promises)]
        case EscalateRectification():
            if not state.overdue and state.round == 1:
                raise NoGroundToEscalate
            return [RectificationEscalated(to=command.to, reason=command.reason, escalated_at=at)]
        case WithdrawRectification():
            return [RectificationWithdrawn(reason=command.reason, withdrawn_at=at)]
        case _:
            assert_never(command)


def _answered(state: Rectification) -> None:
    if state.status != "answered":
        raise RectificationNotAnswered


def _not_own(state: Rectification, moment: Moment) -> None:
    by, addressee, answer = moment.by, state.ordered.addressee, state.answer
    own = {addressee.code}
    if answer is not None:
        own |= {answer.answered_by, answer.adviser or answer.answered_by}
    adviser = moment.registers.advisers.get(by.adviser or "")
    firm = adviser and adviser.post_at(moment.occurred_at).firm
    if own & {*moment.names, by.unit, firm}:
        raise OwnRectification
