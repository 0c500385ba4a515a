"""Adjustments: the exact difference between a submitted table and the table as it would be now.

Rows and cells are compared one by one, and each difference names the events that made it.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import ClassVar, Final, Literal
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from domain.registers.form import Value
from domain.registers.point import PointClosed, PointMoved, PointOpened, PointReopened
from domain.reporting.report import CRITICISM, NUMBER, ReportRow, Table
from domain.worktime.period import ends_at
from projections.asking import rules
from projections.asking.answering import Answering
from projections.asking.asking import Query
from projections.complaints import criticism
from projections.reporting import statutory, work_statistics
from projections.reporting.work_statistics import Key

RowKey = tuple[str, ...]
Cell = tuple[RowKey, str]
"""A row and a column."""
Amounts = dict[tuple[int, Cell], int | None]
"""(position, cell) → amount added to a figure; None when the event changed a text."""
RULES: Final = (
    *rules.TOPICS, *(one.topic for one in (PointOpened, PointMoved, PointClosed, PointReopened)),
)  # fmt: skip


class AdjustingEvent(Struct, frozen=True, kw_only=True):
    """An event recorded after the cut-off."""

    KEY: ClassVar = ("position",)

    position: int
    kind: str
    stream: UUID
    amount: int | None = None
    """Amount added to a figure; None when it changed, or may have changed, a text."""


class CellChange(Struct, frozen=True, kw_only=True):
    """A cell that differs; None for a cell that is empty, then or now."""

    KEY: ClassVar = ("column",)

    column: str
    submitted: Value | None
    now: Value | None
    events: tuple[AdjustingEvent, ...] = ()


class AdjustedRow(Struct, frozen=True, kw_only=True):
    """A row that differs."""

    KEY: ClassVar = ("key",)

    change: Literal["added", "removed", "changed"]
    key: RowKey
    """The part of the row that stays the same."""
    submitted: int | None
    """Its number in the submitted table."""
    now: int | None
    """Its number in the table now."""
    cells: tuple[CellChange, ...]
    sources: tuple[UUID, ...]


class Adjustments(Struct, frozen=True, kw_only=True):
    """All differences of a table."""

    template: str
    division: str
    period: str
    version: int
    cut_off: int
    position: int
    reproducible: bool
    """Whether recomputing the table at its cut-off gives the submitted one.

    If it does not, somebody submitted other figures than the log's, and no event explains that
    part.
    """
    rows: tuple[AdjustedRow, ...]


def adjustments(table: Table, version: int, position: int) -> Answering[Adjustments]:
    then = yield from statutory.recomputed(table, table.cut_off)
    now = yield from statutory.recomputed(table, position)
    rows = difference(table, now)
    made = yield from _made(table, rows, position)
    return Adjustments(
        template=table.template,
        division=table.division,
        period=table.period,
        version=version,
        cut_off=table.cut_off,
        position=position,
        reproducible=then == table,
        rows=tuple(_explained(row, made) for row in rows),
    )


def _explained(row: AdjustedRow, made: Mapping[Cell, list[AdjustingEvent]]) -> AdjustedRow:
    cells = tuple(
        replace(cell, events=tuple(made.get((row.key, cell.column), ()))) for cell in row.cells
    )
    return replace(row, cells=cells)


# --- the difference


def difference(submitted: Table, now: Table) -> tuple[AdjustedRow, ...]:
    """Rows that came, went or changed. The number of a row is where it stands and no change."""
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
    return tuple(changes)


def _cells(was: ReportRow | None, is_: ReportRow | None) -> tuple[CellChange, ...]:
    before, after = (row.cells if row else {} for row in (was, is_))
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


# --- the events


def _made(
    table: Table, rows: Iterable[AdjustedRow], position: int
) -> Answering[dict[Cell, list[AdjustingEvent]]]:
    rows = list(rows)
    if not rows:
        return {}
    explained = _of_criticism if table.code == CRITICISM else _of_statistics
    return (yield from explained(table, rows, position))


class _Event(Struct, frozen=True):
    position: int
    kind: str
    stream: UUID


def _events(positions: Iterable[int]) -> Query[_Event]:
    sql = """
        SELECT notification_id AS position, split_part(topic, '/', 1) AS kind,
               originator_id AS stream
          FROM log_events WHERE notification_id = ANY(%(positions)s) ORDER BY notification_id
    """
    return Query(sql, {"positions": sorted(positions)}, _Event)


def _named(amounts: Amounts) -> Answering[dict[Cell, list[AdjustingEvent]]]:
    """Add the kinds of the events at those positions."""
    found = yield _events({position for position, _ in amounts})
    events = {one.position: one for one in found}
    made: defaultdict[Cell, list[AdjustingEvent]] = defaultdict(list)
    for (position, cell), amount in sorted(amounts.items(), key=lambda one: one[0][0]):
        event = events[position]
        made[cell].append(
            AdjustingEvent(position=position, kind=event.kind, stream=event.stream, amount=amount)
        )
    return dict(made)


def _of_criticism(
    table: Table, rows: list[AdjustedRow], position: int
) -> Answering[dict[Cell, list[AdjustingEvent]]]:
    """Find the events after which a cell of a complaint was another than before."""
    asked = criticism.CriticismAsked(
        division=table.division, period=table.period, position=position
    )
    streams = [stream for row in rows for stream in row.sources]
    found = yield criticism.versions(asked, streams, table.cut_off)
    versions: defaultdict[UUID, list[criticism.CriticismRow]] = defaultdict(list)
    for one in found:
        versions[one.stream].append(one)
    made: Amounts = {}
    for row in rows:
        for stream in row.sources:
            for was, is_ in pairwise([None, *versions[stream]]):
                if is_ is None or is_.since <= table.cut_off:
                    continue
                before = was.cells if was is not None and was.counts else {}
                after = is_.cells if is_.counts else {}
                for column in {*before, *after}:
                    if before.get(column) != after.get(column):
                        made[is_.since, (row.key, column)] = None
    return (yield from _named(made))


def _of_statistics(
    table: Table, rows: list[AdjustedRow], position: int
) -> Answering[dict[Cell, list[AdjustingEvent]]]:
    """Explain each changed cell.

    First by work events, then by a newer policy or a moved point, then by renames.
    """
    scope = statutory.scope_of(table, ends_at(table.period))
    facts = yield from work_statistics.between(scope, table.cut_off, position)
    amounts: Counter[tuple[int, Cell]] = Counter()
    told: Counter[Cell] = Counter()
    for fact in facts:
        cell = ((fact.key.division, fact.key.point, fact.key.adviser or ""), fact.field)
        amounts[fact.since, cell] += fact.amount
        told[cell] += fact.amount
    changed = {(row.key, cell.column): cell for row in rows for cell in row.cells}
    made: Amounts = {
        (at, cell): amount for (at, cell), amount in amounts.items() if amount and cell in changed
    }
    made |= yield from _renamed(table, rows, position)
    came_or_went = {row.key for row in rows if row.change != "changed"}
    since: defaultdict[RowKey, set[int]] = defaultdict(set)
    for at, (key, _) in amounts:
        since[key].add(at)
    unexplained = {
        cell
        for cell, change in changed.items()
        if cell[1] in work_statistics.FIELDS
        and _figure(change.now) - _figure(change.submitted) != told[cell]
    }
    published = (yield _rules(table.cut_off, position)) if unexplained else []
    for key, column in changed:
        if (key, column) in unexplained:
            made |= {(one.position, (key, column)): None for one in published}
        elif key in came_or_went and not told[key, column]:
            made |= {(at, (key, column)): None for at in since[key]}
    return (yield from _named(made))


def _figure(value: Value | None) -> int:
    return value if isinstance(value, int) else 0


def _renamed(table: Table, rows: Iterable[AdjustedRow], position: int) -> Answering[Amounts]:
    """The events that gave a point another name, or an adviser another firm."""
    lines = [row.key for row in rows if len(row.key) == len(Key._fields)]
    codes = {code for _, *some in lines for code in some if code}
    found = yield work_statistics.registrations(codes, table.cut_off, position)
    made: Amounts = {}
    for was, is_ in pairwise([None, *found]):
        if was is None or is_ is None or was.stream != is_.stream or is_.since <= table.cut_off:
            continue
        for key in lines:
            if is_.code == key[1] and is_.name != was.name:
                made[is_.since, (key, "point_name")] = None
            if is_.code == key[2] and is_.firm != was.firm:
                made[is_.since, (key, "firm")] = None
    return made


def _rules(after: int, position: int) -> Query[_Event]:
    """Load the rules by which off-peak work and villages are recognized."""
    sql = """
        SELECT notification_id AS position, split_part(topic, '/', 1) AS kind,
               originator_id AS stream
          FROM log_events
         WHERE topic = ANY(%(topics)s) AND notification_id > %(after)s
           AND notification_id <= %(position)s ORDER BY notification_id
    """
    return Query(sql, {"topics": list(RULES), "after": after, "position": position}, _Event)
