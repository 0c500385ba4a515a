"""Adjustments: the exact difference between a submitted table and the table as it would be now.

Rows and cells are compared one by one, and each difference names the events that made it.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from domain.reporting.report import Table
from projections.asking.answering import Answering
from projections.asking.asking import Query
from projections.reporting import statutory
from projections.reporting.difference import (
    AdjustedRow,
    AdjustingEvent,
    Amounts,
    Cell,
    difference,
)


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
    made = yield from _made(table, list(rows), position)
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


# --- the events


def _made(
    table: Table, rows: list[AdjustedRow], position: int
) -> Answering[dict[Cell, list[AdjustingEvent]]]:
    if not rows:
        return {}
    amounts = yield from statutory.explained(table, rows, position)
    return (yield from _named(amounts))


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
