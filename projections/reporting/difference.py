"""The difference between two tables of one template: rows, cells, and the events that did it."""

from typing import ClassVar, Literal
from uuid import UUID

from msgspec import Struct

from domain.registers.form import Value, Values
from domain.reporting.report import NUMBER, ReportRow, Table

RowKey = tuple[str, ...]
Cell = tuple[RowKey, str]
"""A row and a column."""
Amounts = dict[tuple[int, Cell], int | None]
"""By position and cell: what an event added to a figure; None when it changed a text."""


class AdjustingEvent(Struct, frozen=True, kw_only=True):
    """An event recorded after the cut-off. `amount`: what it added to a figure; None when it
    changed a text, or may have."""

    KEY: ClassVar = ("position",)

    position: int
    kind: str
    stream: UUID
    amount: int | None = None


class CellChange(Struct, frozen=True, kw_only=True):
    """None when empty then, or now."""

    KEY: ClassVar = ("column",)

    column: str
    submitted: Value | None
    now: Value | None
    events: tuple[AdjustingEvent, ...] = ()


class AdjustedRow(Struct, frozen=True, kw_only=True):
    """`key`: what stays the same of the row; `submitted`, `now`: its number in either table."""

    KEY: ClassVar = ("key",)

    change: Literal["added", "removed", "changed"]
    key: RowKey
    submitted: int | None
    now: int | None
    cells: tuple[CellChange, ...]
    sources: tuple[UUID, ...]


def difference(submitted: Table, now: Table) -> tuple[AdjustedRow, ...]:
    """Rows that came, went or changed; the sections, as one row without key. The number of a row is
    where it stands and no change."""
    before = {submitted.key_of(row): row for row in submitted.rows}
    after = {now.key_of(row): row for row in now.rows}
    changes = []
    for key in sorted(before.keys() | after.keys()):
        was, is_ = before.get(key), after.get(key)
        cells = _cells(was, is_)
        if cells:
            changes.append(
                AdjustedRow(
                    change="added" if was is None else "removed" if is_ is None else "changed",
                    key=key,
                    submitted=_number(was),
                    now=_number(is_),
                    cells=cells,
                    sources=tuple(sorted({*_sources(was), *_sources(is_)})),
                )
            )
    sections = _changed(submitted.sections, now.sections)
    if sections:
        whole = AdjustedRow(
            change="changed", key=(), submitted=None, now=None, cells=sections, sources=()
        )
        changes.insert(0, whole)
    return tuple(changes)


def _cells(was: ReportRow | None, is_: ReportRow | None) -> tuple[CellChange, ...]:
    return _changed(was.cells if was else {}, is_.cells if is_ else {})


def _changed(before: Values, after: Values) -> tuple[CellChange, ...]:
    columns = [*before, *(column for column in after if column not in before)]
    return tuple(
        CellChange(column=column, submitted=before.get(column), now=after.get(column))
        for column in columns
        if column != NUMBER and before.get(column) != after.get(column)
    )


def _sources(row: ReportRow | None) -> tuple[UUID, ...]:
    return row.sources if row else ()


def _number(row: ReportRow | None) -> int | None:
    number = row.cells.get(NUMBER) if row else None
    return number if isinstance(number, int) else None
