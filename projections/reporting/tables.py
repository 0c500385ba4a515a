"""The statutory tables 法定报表, each declared once: its rows, what explains how a cell changed,
what a cell is made of. All else about a table follows from here.

Its columns are data: the published form of its code (`domain/data/example_report_templates.json`).
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from itertools import pairwise
from typing import Any, ClassVar, Final, Literal
from uuid import UUID

from msgspec import Struct

from domain.registers import point
from domain.registers.adviser import KIND as ADVISER
from domain.registers.form import Value
from domain.registers.point import PointClosed, PointMoved, PointOpened, PointReopened
from domain.reporting.report import CRITICISM, STATISTICS, ReportRow, Table
from domain.vocabulary import stream_id
from domain.worktime.period import days_of, ends_at
from projections.advising import directory
from projections.asking import rules
from projections.asking.answering import Answering
from projections.asking.asking import Query
from projections.complaints import criticism
from projections.reporting import work_statistics
from projections.reporting.difference import AdjustedRow, Amounts, Cell, RowKey
from projections.reporting.work_statistics import Key, Line, Scope

NO_POINT: Final = "（无服务点）"
"""In place of the name of a point, where a village has none."""
RULES: Final = (
    *rules.TOPICS, *(one.topic for one in (PointOpened, PointMoved, PointClosed, PointReopened)),
)  # fmt: skip
"""Topics of what off-peak and villages are told by."""


class Source(Struct, frozen=True):
    """A stream behind a cell, with what it adds to the figure; None when it is no figure."""

    KEY: ClassVar = ("stream",)

    stream: UUID
    amount: int | None = None


class StatutoryTable(Struct, frozen=True, kw_only=True):
    """One table. The columns that tell its rows apart are in `domain.reporting.report.ROW_KEYS`."""

    code: str
    """Of its template."""
    periods: tuple[Literal["month", "quarter"], ...]
    """When a demonstration's districts submit it: after each month, after each quarter."""
    help: str
    """What `anjuan report CODE --help` says, with an example."""
    rows: Callable[[Table, int, datetime], Answering[Iterable[ReportRow]]]
    """(a table without rows, position, now) → its rows, in order."""
    explained: Callable[[Table, list[AdjustedRow], int], Answering[Amounts]]
    """(a submitted table, the rows that differ, position) → what each event since then did."""
    sources: Callable[[Table, ReportRow, str], Answering[list[Source]]] | None = None
    """(a table, a row, a column) → the streams that a cell is made from; None for those of its row.
    """
    beside: Callable[[Table], Answering[dict[str, Any]]] | None = None
    """Figures that are told beside the table; None when there are none."""


# --- criticism: a row for each complaint


def _criticism_rows(table: Table, position: int, _: datetime) -> Answering[Iterable[ReportRow]]:
    asked = criticism.CriticismAsked(
        division=table.division, period=table.period, position=position
    )
    found = yield criticism.rows(asked)
    return (ReportRow(cells=one.cells, sources=(one.stream,)) for one in criticism.counting(found))


def _criticism_explained(
    table: Table, rows: list[AdjustedRow], position: int
) -> Answering[Amounts]:
    """Name, of each complaint, the events after which a cell was another than before."""
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
    return made


def _criticism_beside(table: Table) -> Answering[dict[str, Any]]:
    """The totals, and the complaints that are consultations now."""
    asked = criticism.CriticismAsked(
        division=table.division, period=table.period, position=table.cut_off
    )
    totals = yield criticism.totals(asked)
    found = yield criticism.rows(asked)
    reclassified = [one.stream for one in found if not one.counts]
    return {"totals": totals, "reclassified": reclassified}


# --- work statistics: a row for each point, and for each adviser at each point


def _scope(table: Table, now: datetime) -> Scope:
    days = days_of(table.period)
    due_by = min(ends_at(table.period), now)
    return Scope(division=table.division, first=days.first, last=days.last, due_by=due_by)


def _statistics_rows(table: Table, position: int, now: datetime) -> Answering[Iterable[ReportRow]]:
    lines = yield from work_statistics.lines(_scope(table, now), position)
    codes = {code for key in lines for code in (key.point, key.adviser) if code}
    found = yield work_statistics.registered(codes, position)
    return list(_worded(lines, found))


def _worded(
    lines: Mapping[Key, Line], found: Iterable[work_statistics.Registered]
) -> Iterator[ReportRow]:
    names = {one.code: one.name for one in found if one.kind != directory.ADVISER}
    firms = {one.code: one.firm for one in found if one.kind == directory.ADVISER}
    for key in work_statistics.ordered(lines):
        line = lines[key]
        cells: dict[str, Any] = {
            "point": key.point,
            "point_name": names.get(key.point, NO_POINT),
            "division": key.division,
        }
        if key.adviser is not None:
            cells |= {"adviser": key.adviser, "firm": firms.get(key.adviser)}
        cells |= {field: line.amounts[field] for field in work_statistics.FIELDS}
        known = {code: value for code, value in cells.items() if value is not None}
        yield ReportRow(cells=known, sources=tuple(sorted(line.streams)))


def _key(row: ReportRow) -> Key:
    cells = row.cells
    adviser = str(cells["adviser"]) if "adviser" in cells else None
    return Key(str(cells["division"]), str(cells["point"]), adviser)


def _statistics_sources(table: Table, row: ReportRow, column: str) -> Answering[list[Source]]:
    key = _key(row)
    if column in work_statistics.FIELDS:
        scope = _scope(table, ends_at(table.period))
        facts = yield from work_statistics.cell(scope, table.cut_off, key, column)
        amounts: Counter[UUID] = Counter()
        for fact in facts:
            amounts[fact.stream] += fact.amount
        return [Source(stream, amount) for stream, amount in sorted(amounts.items())]
    if column in ("adviser", "firm") and key.adviser is not None:
        return [Source(stream_id(ADVISER, key.adviser))]
    return [Source(stream_id(point.KIND, key.point))]


def _statistics_explained(
    table: Table, rows: list[AdjustedRow], position: int
) -> Answering[Amounts]:
    """Explain figures by the work that came and went; what that does not make up, by newer rules
    and by what points became; names and firms by what was registered."""
    scope = _scope(table, ends_at(table.period))
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
    return made


def _figure(value: Value | None) -> int:
    return value if isinstance(value, int) else 0


def _renamed(table: Table, rows: Iterable[AdjustedRow], position: int) -> Answering[Amounts]:
    """Name the events that gave a point another name, or an adviser another firm."""
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


class _Published(Struct, frozen=True):
    position: int


def _rules(after: int, position: int) -> Query[_Published]:
    """Return the rules that off-peak hours and villages are told by."""
    sql = """
        SELECT notification_id AS position FROM log_events
         WHERE topic = ANY(%(topics)s) AND notification_id > %(after)s
           AND notification_id <= %(position)s ORDER BY notification_id
    """
    return Query(sql, {"topics": list(RULES), "after": after, "position": position}, _Published)


TABLES: Final = (
    StatutoryTable(
        code=CRITICISM,
        periods=("month", "quarter"),
        help="""What people criticised: the statistics table, and with --json the totals by
        channel, service, aspect and unit with the change from the period before.

        A table names who complained of whom. Exit code 1: nothing was submitted.

        Example: anjuan report criticism --period 2026-06 --division 440106 --basis submitted --json
        """,
        rows=_criticism_rows,
        explained=_criticism_explained,
        beside=_criticism_beside,
    ),
    StatutoryTable(
        code=STATISTICS,
        periods=("month",),
        help="""The work of each point, and of each adviser at each point.

        Exit code 1: nothing was submitted.

        Example: anjuan report work-statistics --period 2026-Q2 --division 440106 --json
        """,
        rows=_statistics_rows,
        explained=_statistics_explained,
        sources=_statistics_sources,
    ),
)
TABLE: Final[Mapping[str, StatutoryTable]] = {one.code: one for one in TABLES}
