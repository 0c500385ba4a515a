"""A draft 草稿 of a report: what people fill in before it is submitted — cells that no query gives,
notes on rows, sections of an analysis report.

All figures are the program's. A draft has no digest and binds nobody; a table is computed with what
stands in its draft at the cut-off, and frozen with it.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, ClassVar, Final, TypeVar, assert_never
from uuid import UUID

from msgspec import Meta, Struct
from msgspec.structs import replace

from domain.codes import Code, DivisionCode, PeriodCode, Ref, shortest
from domain.listed import known_division
from domain.moment import DivisionWrittenLonger, Moment
from domain.registers.form import Section, Value
from domain.registration.filling_in import (
    FieldUnknown,
    check_fields,
    known_form,
    manual,
    manual_sections,
)
from domain.reporting.report import CellNotManual, Entered, report_name
from domain.vocabulary import Command, Event, Refused, Text, stream_id
from domain.worktime.period import days_of

KIND: Final = "draft"
KeyT = TypeVar("KeyT")
Key = tuple[str, ...]
"""What tells a row from the others of its table: `Table.key_of`."""
KeyGiven = Annotated[tuple[Annotated[str, Meta(max_length=64)], ...], Meta(max_length=3)]


class FilledCell(Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """`value`: None empties the cell."""

    KEY: ClassVar = None

    row: KeyGiven
    column: Code
    value: Value | None = None


class RowNote(Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """`note`: None takes it away."""

    KEY: ClassVar = None

    row: KeyGiven
    note: Text | None = None


# --- events


class ReportFilledIn(Event, frozen=True, kw_only=True):
    """What changed; all else stays as it stood in the draft."""

    topic: ClassVar[str] = "draft.filled_in/1"
    template: Ref
    division: DivisionCode
    period: PeriodCode
    cells: tuple[FilledCell, ...] = ()
    notes: tuple[RowNote, ...] = ()
    sections: Mapping[Code, Section | None] = {}
    by: Code
    at: datetime


EVENTS: Final = (ReportFilledIn,)


# --- commands


class FillInReport(Command, frozen=True, kw_only=True):
    template: Ref
    division: DivisionCode
    period: PeriodCode
    cells: Annotated[tuple[FilledCell, ...], Meta(max_length=10_000)] = ()
    notes: Annotated[tuple[RowNote, ...], Meta(max_length=10_000)] = ()
    sections: Mapping[Code, Section | None] = {}
    """By code; None empties the section."""


COMMANDS: Final = (FillInReport,)


# --- state


class Filled(Struct, frozen=True):
    value: Value
    entered: Entered


class Draft(Struct, frozen=True):
    template: str
    """The version that was filled in last."""
    division: str
    period: str
    cells: Mapping[tuple[Key, str], Filled] = {}
    """By row and column."""
    notes: Mapping[Key, Filled] = {}
    sections: Mapping[str, Filled] = {}

    @property
    def name(self) -> str:
        return report_name(self.template, self.division, self.period)


def draft_stream(template: str, division: str, period: str) -> UUID:
    """`template` is the code, with or without its version."""
    return stream_id(KIND, report_name(template, division, period))


# --- evolve


def evolve(state: Draft | None, event: ReportFilledIn) -> Draft:
    match event:
        case ReportFilledIn():
            draft = state or Draft(event.template, event.division, event.period)
            entered = Entered(by=event.by, at=event.at)
            cells = {(one.row, one.column): one.value for one in event.cells}
            notes = {one.row: one.note for one in event.notes}
            return replace(
                draft,
                template=event.template,
                cells=_filled(draft.cells, cells, entered),
                notes=_filled(draft.notes, notes, entered),
                sections=_filled(draft.sections, event.sections, entered),
            )
        case _:
            assert_never(event)


def _filled(
    before: Mapping[KeyT, Filled], given: Mapping[KeyT, Value | None], entered: Entered
) -> Mapping[KeyT, Filled]:
    changed = {key: Filled(value, entered) for key, value in given.items() if value is not None}
    return {key: one for key, one in before.items() if key not in given} | changed


# --- refusals


class FilledInTwice(Refused):
    """同一格、同一行的备注或者同一部分不能重复填写"""


class NothingFilledIn(Refused):
    """没有填写任何内容"""


class AnotherDraft(Refused):
    """草稿的表样、地区或者期间与已填写的不一致"""


# --- decide


def decide(state: Draft | None, command: FillInReport, moment: Moment) -> list[Event]:
    match command:
        case FillInReport():
            return _fill_in(state, command, moment)
        case _:
            assert_never(command)


def _fill_in(state: Draft | None, command: FillInReport, moment: Moment) -> list[Event]:
    name = report_name(command.template, command.division, command.period)
    if state is not None and state.name != name:
        raise AnotherDraft(state.name)
    if command.division != shortest(command.division):
        raise DivisionWrittenLonger(shortest(command.division))
    known_division(command.division, moment.registers, *days_of(command.period))
    _fits(command, moment)
    before = state or Draft(command.template, command.division, command.period)
    cells = tuple(
        one for one in command.cells if one.value != _value(before.cells.get((one.row, one.column)))
    )
    notes = tuple(one for one in command.notes if one.note != _value(before.notes.get(one.row)))
    sections = {
        code: value
        for code, value in command.sections.items()
        if value != _value(before.sections.get(code))
    }
    if not (cells or notes or sections):
        return []
    return [
        ReportFilledIn(
            template=command.template,
            division=command.division,
            period=command.period,
            cells=cells,
            notes=notes,
            sections=sections,
            by=moment.by.account,
            at=moment.occurred_at,
        )
    ]


def _value(filled: Filled | None) -> Value | None:
    return None if filled is None else filled.value


def _fits(command: FillInReport, moment: Moment) -> None:
    """Refuse what the form does not leave to a person, and values that do not fit it."""
    form = known_form(moment.registers, command.template, "report")
    if not (command.cells or command.notes or command.sections):
        raise NothingFilledIn
    given = [(one.row, one.column) for one in command.cells]
    noted = [one.row for one in command.notes]
    if len({*given}) < len(given) or len({*noted}) < len(noted):
        raise FilledInTwice
    columns = manual(form)
    for cell in command.cells:
        if cell.column not in {one.code for one in form.fields}:
            raise FieldUnknown(cell.column)
        if cell.column not in columns:
            raise CellNotManual(cell.column)
        if cell.value is not None:
            check_fields(form.fields, {cell.column: cell.value}, whole=False)
    for code, value in command.sections.items():
        if code not in {one.code for one in form.sections}:
            raise FieldUnknown(code)
        if code not in manual_sections(form):
            raise CellNotManual(code)
        if value is not None:
            check_fields(form.sections, {code: value}, whole=False)
