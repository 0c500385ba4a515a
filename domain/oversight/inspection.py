"""An inspection: the monthly check 检查 of a village by the justice office, or the quarterly
supervision 督查 of a district. It is filled in by one version of a checklist, and the inspected
confirms it.
"""

from datetime import date, datetime
from typing import ClassVar, Final, Literal, assert_never, get_args
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace

from domain.codes import Code, DivisionCode, PeriodCode, Ref
from domain.listed import known_division, serving_point
from domain.moment import (
    Moment,
    Registers,
    local_day,
    not_in_future,
)
from domain.registers.form import Field, Values
from domain.registration.filling_in import FieldUnknown, check, known_form
from domain.vocabulary import (
    CHINA,
    Actor,
    Command,
    Event,
    NotThere,
    Personal,
    Refused,
    Statement,
    Text,
)
from domain.worktime.period import month_of, quarter_of

KIND: Final = "inspection"
InspectionKind = Literal["check", "supervision"]
VILLAGE_DIGITS: Final = 12
"""Length of the division code of a village or community."""


class Finding(Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """A finding of an inspection."""

    KEY: ClassVar = None

    severity: Literal["minor", "major", "serious"]
    text: Statement
    item: Code | None = None
    """Question of the checklist that it belongs to; None when it is beside the checklist."""


# --- events


class InspectionHeld(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "inspection.held/1"
    kind: InspectionKind
    division: DivisionCode
    point: Code | None = None
    period: PeriodCode
    """Month of a check, quarter of a supervision: those of the local day it was held on."""
    held_at: datetime
    inspector: Code
    office: str
    """Unit of the inspector: who holds the inspection and may correct it."""
    checklist: Ref
    answers: Values
    findings: tuple[Finding, ...] = ()
    late_reason: Text | None = None


class InspectionCorrected(Event, frozen=True, kw_only=True):
    """The answers that changed, the questions that were left empty after all, and all findings as
    they stand now. A confirmation falls away."""

    topic: ClassVar[str] = "inspection.corrected/1"
    reason: Text
    answers: Values
    emptied: tuple[Code, ...] = ()
    findings: tuple[Finding, ...] = ()


class InspectionConfirmed(Event, frozen=True, kw_only=True):
    """The inspected saw the result; not agreed: with an opinion of his own."""

    topic: ClassVar[str] = "inspection.confirmed/1"
    agreed: bool
    opinion: Personal | None = None


class InspectionVoided(Event, frozen=True, kw_only=True):
    """Entered by mistake: it stays in the log and leaves the counts."""

    topic: ClassVar[str] = "inspection.voided/1"
    reason: Text


InspectionEvent = InspectionHeld | InspectionCorrected | InspectionConfirmed | InspectionVoided
EVENTS: Final[tuple[type[Event], ...]] = get_args(InspectionEvent)


# --- commands


class HoldInspection(Command, frozen=True, kw_only=True):
    """Of a point, or of a division where it has none."""

    kind: InspectionKind
    point: Code | None = None
    division: DivisionCode | None = None
    checklist: Ref
    answers: Values
    findings: tuple[Finding, ...] = ()
    late_reason: Text | None = None


class CorrectInspection(Command, frozen=True, kw_only=True):
    """All answers and findings, as they should have been."""

    answers: Values
    findings: tuple[Finding, ...] = ()
    reason: Text


class ConfirmInspection(Command, frozen=True, kw_only=True):
    agreed: bool = True
    opinion: Statement | None = None


class VoidInspection(Command, frozen=True, kw_only=True):
    reason: Text


InspectionCommand = HoldInspection | CorrectInspection | ConfirmInspection | VoidInspection
COMMANDS: Final[tuple[type[Command], ...]] = get_args(InspectionCommand)


# --- state


class Inspection(Struct, frozen=True, kw_only=True):
    held: InspectionHeld
    answers: Values
    findings: tuple[Finding, ...]
    confirmed: InspectionConfirmed | None = None
    voided: bool = False


# --- evolve


def evolve(state: Inspection | None, event: InspectionEvent) -> Inspection:
    if isinstance(event, InspectionHeld):
        return Inspection(held=event, answers=event.answers, findings=event.findings)
    assert state is not None
    match event:
        case InspectionCorrected():
            kept = {code: one for code, one in state.answers.items() if code not in event.emptied}
            answers = {**kept, **event.answers}
            return replace(state, answers=answers, findings=event.findings, confirmed=None)
        case InspectionConfirmed():
            return replace(state, confirmed=event)
        case InspectionVoided():
            return replace(state, voided=True)
        case _:
            assert_never(event)


# --- refusals


class InspectionUnknown(NotThere):
    """没有这次检查"""


class InspectionExists(Refused):
    """这次检查已经登记"""


class InspectionIsVoided(Refused):
    """这次检查已作废"""


class NothingInspected(Refused):
    """请选择被检查的服务点，或者被检查的村（社区）、区、镇街，二者择一"""


class WrongLevel(Refused):
    """检查以村（社区）为对象，督查以市、区、镇街为对象"""


class InspectsItself(Refused):
    """服务点不能检查自己"""


class HappensBeforeHeld(Refused):
    """发生时间早于检查时间"""


class NotTheInspectingOffice(Refused):
    """只有实施检查的单位可以更正或作废检查记录"""


class OwnInspection(Refused):
    """实施检查的人员和单位不能代被检查单位确认"""


class NotTheInspected(Refused):
    """只有被检查的服务点或者地区可以确认检查结果"""


class AlreadyConfirmed(Refused):
    """检查结果已经确认"""


class OpinionMissing(Refused):
    """对检查结果有异议的，应当写明意见"""


# --- what the state lets happen


def possible(state: Inspection, command: type[Command]) -> bool:
    """Return whether the state lets it happen at all; the rules decide in the end."""
    unconfirmed = state.confirmed is None
    return not state.voided and (unconfirmed or command is not ConfirmInspection)


# --- decide


def decide(state: Inspection | None, command: InspectionCommand, moment: Moment) -> list[Event]:
    not_in_future(moment)
    if isinstance(command, HoldInspection):
        return _hold(state, command, moment)
    if state is None:
        raise InspectionUnknown
    if moment.occurred_at < state.held.held_at:
        raise HappensBeforeHeld
    if isinstance(command, VoidInspection):
        _by_the_office(state, moment.by)
        return [] if state.voided else [InspectionVoided(reason=command.reason)]
    if state.voided:
        raise InspectionIsVoided
    match command:
        case CorrectInspection():
            _by_the_office(state, moment.by)
            return _correct(state, command, moment.registers)
        case ConfirmInspection():
            return _confirm(state, command, moment)
        case _:
            assert_never(command)


def _hold(state: Inspection | None, command: HoldInspection, moment: Moment) -> list[Event]:
    if state is not None:
        raise InspectionExists
    _fits(command.checklist, command.answers, command.findings, moment.registers)
    division, day = _place(command, moment)
    return [
        InspectionHeld(
            kind=command.kind,
            division=division,
            point=command.point,
            period=month_of(day) if command.kind == "check" else quarter_of(day),
            held_at=moment.occurred_at,
            inspector=moment.by.account,
            office=moment.by.unit,
            checklist=command.checklist,
            answers=command.answers,
            findings=command.findings,
            late_reason=command.late_reason or moment.late_reason,
        )
    ]


def _place(command: HoldInspection, moment: Moment) -> tuple[DivisionCode, date]:
    """The division inspected, and its local day."""
    if command.point is not None and command.division is None:
        point = serving_point(command.point, moment.registers, moment.occurred_at)
        if moment.by.unit == point.code:
            raise InspectsItself
        day = local_day(point, moment, moment.occurred_at)
        return point.division_on(day), day
    if command.division is None or command.point is not None:
        raise NothingInspected
    if (command.kind == "check") != (len(command.division) == VILLAGE_DIGITS):
        raise WrongLevel
    day = moment.occurred_at.astimezone(ZoneInfo(CHINA)).date()
    known_division(command.division, moment.registers, day)
    return command.division, day


def _fits(
    checklist: str, answers: Values, findings: tuple[Finding, ...], registers: Registers
) -> tuple[Field, ...]:
    """The questions of the checklist, which the answers and findings fit."""
    form = known_form(registers, checklist, "checklist")
    check(form, answers)
    questions = {field.code for field in form.fields}
    for finding in findings:
        if finding.item is not None and finding.item not in questions:
            raise FieldUnknown(finding.item)
    return form.fields


def _correct(state: Inspection, command: CorrectInspection, registers: Registers) -> list[Event]:
    questions = _fits(state.held.checklist, command.answers, command.findings, registers)
    before, after = state.answers, command.answers
    changed = {code: one for code, one in after.items() if before.get(code) != one}
    emptied = tuple(one.code for one in questions if one.code in before and one.code not in after)
    if not changed and not emptied and command.findings == state.findings:
        return []
    return [
        InspectionCorrected(
            reason=command.reason, answers=changed, emptied=emptied, findings=command.findings
        )
    ]


def _confirm(state: Inspection, command: ConfirmInspection, moment: Moment) -> list[Event]:
    held, by = state.held, moment.by
    if held.inspector in moment.names or by.unit == held.office:
        raise OwnInspection
    if by.unit not in (held.point, held.division):
        raise NotTheInspected(by.unit)
    if not command.agreed and command.opinion is None:
        raise OpinionMissing
    confirmed = InspectionConfirmed(agreed=command.agreed, opinion=command.opinion)
    if state.confirmed is None:
        return [confirmed]
    if state.confirmed == confirmed:
        return []
    raise AlreadyConfirmed


def _by_the_office(state: Inspection, by: Actor) -> None:
    if by.unit != state.held.office:
        raise NotTheInspectingOffice(by.unit)
