"""A joint conference 联席会议: who met on what, what was decided, who has to do it and by when.

A decision stays open until its unit reports it done; what is open and due stands in a list.
"""

from datetime import date
from typing import Annotated, ClassVar, Final, Literal, assert_never, get_args
from uuid import UUID

from msgspec import Meta, Struct
from msgspec.structs import replace

from domain.codes import Code, DivisionCode
from domain.listed import known_division, known_unit
from domain.moment import Moment, not_in_future
from domain.registers.appointment import china_day
from domain.vocabulary import Command, Event, NotThere, Refused, Several, Text, stream_id

KIND: Final = "conference"
DecisionStatus = Literal["open", "done", "dropped"]


class Department(Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """A department that takes part, by its name; with its code where it has one."""

    KEY: ClassVar = ("name",)

    name: Text
    code: Code | None = None


# --- events


class ConferenceHeld(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "conference.held/1"
    division: DivisionCode
    """Of the bureau that convened it."""
    day: date
    subject: Text
    agenda: tuple[Text, ...]
    attending: tuple[Department, ...]
    absent: tuple[Department, ...] = ()


class DecisionTaken(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "conference.decision_taken/1"
    number: int
    """Of the conference's decisions, from 1 on."""
    text: Text
    responsible: Department
    due: date


class DecisionPostponed(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "conference.decision_postponed/1"
    number: int
    due: date
    reason: Text


class DecisionDone(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "conference.decision_done/1"
    number: int
    done_on: date
    result: Text


class DecisionReopened(Event, frozen=True, kw_only=True):
    """It was not done after all; its day stays."""

    topic: ClassVar[str] = "conference.decision_reopened/1"
    number: int
    reason: Text


class DecisionDropped(Event, frozen=True, kw_only=True):
    """Nothing is to be done about it any more, or it was entered by mistake."""

    topic: ClassVar[str] = "conference.decision_dropped/1"
    number: int
    reason: Text


ConferenceEvent = (
    ConferenceHeld | DecisionTaken | DecisionPostponed | DecisionDone | DecisionReopened
    | DecisionDropped
)  # fmt: skip
EVENTS: Final[tuple[type[Event], ...]] = get_args(ConferenceEvent)


# --- commands


class HoldConference(Command, frozen=True, kw_only=True):
    division: DivisionCode
    day: date
    subject: Text
    agenda: Annotated[tuple[Text, ...], Meta(min_length=1)]
    attending: Annotated[tuple[Department, ...], Meta(min_length=1)]
    absent: tuple[Department, ...] = ()


class TakeDecision(Command, frozen=True, kw_only=True):
    text: Text
    responsible: Department
    due: date


class PostponeDecision(Command, frozen=True, kw_only=True):
    number: Several
    due: date
    reason: Text


class ReportDecisionDone(Command, frozen=True, kw_only=True):
    number: Several
    done_on: date
    result: Text


class ReopenDecision(Command, frozen=True, kw_only=True):
    number: Several
    reason: Text


class DropDecision(Command, frozen=True, kw_only=True):
    number: Several
    reason: Text


FollowUp = PostponeDecision | ReportDecisionDone | ReopenDecision | DropDecision
ConferenceCommand = HoldConference | TakeDecision | FollowUp
COMMANDS: Final[tuple[type[Command], ...]] = get_args(ConferenceCommand)


def conference_stream(command: HoldConference) -> UUID:
    """The stream of a conference: the same one, entered twice, is one. Older ones have ids of their
    own."""
    return stream_id(KIND, "\n".join((command.division, str(command.day), command.subject)))


# --- state


class Decision(Struct, frozen=True, kw_only=True):
    KEY: ClassVar = ("number",)

    number: int
    text: str
    responsible: Department
    due: date
    status: DecisionStatus = "open"
    done_on: date | None = None
    result: str | None = None


class Conference(Struct, frozen=True, kw_only=True):
    held: ConferenceHeld
    decisions: tuple[Decision, ...] = ()

    def decision(self, number: int) -> Decision | None:
        return self.decisions[number - 1] if number <= len(self.decisions) else None


# --- evolve


def evolve(state: Conference | None, event: ConferenceEvent) -> Conference:
    if isinstance(event, ConferenceHeld):
        return Conference(held=event)
    assert state is not None
    if isinstance(event, DecisionTaken):
        taken = Decision(
            number=event.number, text=event.text, responsible=event.responsible, due=event.due
        )
        return replace(state, decisions=(*state.decisions, taken))
    decision = state.decision(event.number)
    assert decision is not None
    match event:
        case DecisionPostponed():
            after = replace(decision, due=event.due)
        case DecisionDone():
            after = replace(decision, status="done", done_on=event.done_on, result=event.result)
        case DecisionReopened():
            after = replace(decision, status="open", done_on=None, result=None)
        case DecisionDropped():
            after = replace(decision, status="dropped")
        case _:
            assert_never(event)
    changed = (after if one.number == event.number else one for one in state.decisions)
    return replace(state, decisions=tuple(changed))


# --- refusals


class ConferenceUnknown(NotThere):
    """没有这次联席会议"""


class ConferenceExists(Refused):
    """这次联席会议已经登记"""


class ConferenceInFuture(Refused):
    """会议日期晚于今天，召开后再登记"""


class NotTheConvener(Refused):
    """只有召集会议的单位可以登记；议定事项的落实情况还可以由责任单位登记"""


class DepartmentTwice(Refused):
    """同一单位重复填写"""


class DecisionUnknown(Refused):
    """没有这个议定事项"""


class DecisionNotOpen(Refused):
    """议定事项已经落实或者不再办理"""


class DecisionNotDone(Refused):
    """议定事项尚未落实，不需重新办理"""


class DueBeforeConference(Refused):
    """完成期限早于会议日期"""


class NotPostponed(Refused):
    """延后的期限应当晚于原来的期限"""


class DoneAtAnImpossibleTime(Refused):
    """落实日期早于会议日期，或者晚于今天"""


# --- decide


def decide(state: Conference | None, command: ConferenceCommand, moment: Moment) -> list[Event]:
    not_in_future(moment)
    if isinstance(command, HoldConference):
        return _hold(state, command, moment)
    if state is None:
        raise ConferenceUnknown
    if isinstance(command, TakeDecision):
        return _take(state, command, moment)
    return _follow_up(state, command, moment)


def _hold(state: Conference | None, command: HoldConference, moment: Moment) -> list[Event]:
    if state is not None:
        raise ConferenceExists
    _by_the_convener(command.division, moment)
    if command.day > china_day(moment.now):
        raise ConferenceInFuture(str(command.day))
    known_division(command.division, moment.registers, command.day)
    for one in (*command.attending, *command.absent):
        _known(one, moment)
    names = [one.name for one in (*command.attending, *command.absent)]
    for name in names:
        if names.count(name) > 1:
            raise DepartmentTwice(name)
    return [
        ConferenceHeld(
            division=command.division,
            day=command.day,
            subject=command.subject,
            agenda=command.agenda,
            attending=command.attending,
            absent=command.absent,
        )
    ]


def _take(state: Conference, command: TakeDecision, moment: Moment) -> list[Event]:
    _by_the_convener(state.held.division, moment)
    _known(command.responsible, moment)
    if command.due < state.held.day:
        raise DueBeforeConference(str(command.due))
    taken = (command.text, command.responsible)
    if taken in [(one.text, one.responsible) for one in state.decisions]:
        return []
    return [
        DecisionTaken(
            number=len(state.decisions) + 1,
            text=command.text,
            responsible=command.responsible,
            due=command.due,
        )
    ]


def _follow_up(state: Conference, command: FollowUp, moment: Moment) -> list[Event]:
    decision = state.decision(command.number)
    if decision is None:
        raise DecisionUnknown(str(command.number))
    if isinstance(command, ReportDecisionDone):
        return _done(state, decision, command, moment)
    _by_the_convener(state.held.division, moment)
    if isinstance(command, ReopenDecision):
        if decision.status != "done":
            raise DecisionNotDone(decision.status)
        return [DecisionReopened(number=command.number, reason=command.reason)]
    if decision.status != "open":
        raise DecisionNotOpen(decision.status)
    match command:
        case PostponeDecision():
            if command.due <= decision.due:
                raise NotPostponed(str(decision.due))
            return [
                DecisionPostponed(number=command.number, due=command.due, reason=command.reason)
            ]
        case DropDecision():
            return [DecisionDropped(number=command.number, reason=command.reason)]
        case _:
            assert_never(command)


def _done(
    state: Conference, decision: Decision, command: ReportDecisionDone, moment: Moment
) -> list[Event]:
    if moment.by.unit != decision.responsible.code:
        _by_the_convener(state.held.division, moment)
    told = (command.done_on, command.result)
    if decision.status == "done" and told == (decision.done_on, decision.result):
        return []
    if decision.status != "open":
        raise DecisionNotOpen(decision.status)
    if not state.held.day <= command.done_on <= china_day(moment.now):
        raise DoneAtAnImpossibleTime(str(command.done_on))
    return [DecisionDone(number=command.number, done_on=command.done_on, result=command.result)]


def _known(department: Department, moment: Moment) -> None:
    if department.code is not None:
        known_unit(department.code, moment.registers, moment.occurred_at)


def _by_the_convener(division: DivisionCode, moment: Moment) -> None:
    if not division.startswith(moment.by.unit):
        raise NotTheConvener(moment.by.unit)
