"""Statutory tables filled in from the log: the same position gives the same bytes. What was
submitted is `projections.reporting.reports`."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, ClassVar, Final
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from domain.registers import form, point
from domain.registers.adviser import KIND as ADVISER
from domain.registers.form import Form, FormPublished
from domain.registration.filling_in import FormUnknown
from domain.reporting.report import CRITICISM, NUMBER, STATISTICS, ReportRow, Table
from domain.vocabulary import stream_id
from domain.worktime.period import days_of, ends_at
from ledger.log.codec import LedgerMapper
from projections.advising import directory
from projections.asking import rules
from projections.asking.answering import Answering
from projections.asking.asking import Query
from projections.complaints import criticism
from projections.reporting import work_statistics
from projections.reporting.work_statistics import Key, Line, Scope

VIEWS: Final = ("complaints", *work_statistics.VIEWS)
"""What tables are read from."""
NO_POINT: Final = "（无服务点）"
"""In place of the name of a point, where a village has none."""


def prefill(
    template: str, division: str, period: str, *, position: int, now: datetime
) -> Answering[Table]:
    """Compute a table as it would be submitted.

    `template` is its code, or `code@version`.
    `now` matters before the period is over: promises not yet due are not yet missed.

    Raises: FormUnknown — no such template, or none that can be filled in. CalendarUnknown — no
    calendar was ever published.
    """
    template_form = yield from _form(template, position)
    published = yield rules.published(position)
    calendar = rules.known(published).calendar
    blank = Table(
        template=template_form.ref,
        division=division,
        period=period,
        cut_off=position,
        calendar=calendar.ref,
        rows=(),
    )
    return (yield from _filled(blank, template_form, position, now))


def recomputed(table: Table, position: int) -> Answering[Table]:
    """A submitted table by its own template, as known at a position: at its cut-off it is the
    table itself."""
    template_form = yield from _form(table.template, position)
    over = ends_at(table.period)
    return (yield from _filled(replace(table, cut_off=position), template_form, position, over))


def _filled(table: Table, template: Form, position: int, now: datetime) -> Answering[Table]:
    rows = yield from _ROWS[template.code](table, position, now)
    columns = {field.code for field in template.fields}
    numbered = (
        replace(
            row,
            cells={
                code: value
                for code, value in {NUMBER: number, **row.cells}.items()
                if code in columns
            },
        )
        for number, row in enumerate(rows, start=1)
    )
    return replace(table, rows=tuple(numbered))


class _Published(Struct, frozen=True):
    topic: str
    state: bytes


def _form(template: str, position: int) -> Answering[Form]:
    """The version that is asked for, else the newest."""
    code, _, version = template.partition("@")
    sql = """
        SELECT topic, state FROM log_events
         WHERE originator_id = %(stream)s AND notification_id <= %(position)s
         ORDER BY notification_id
    """
    of = {"stream": stream_id(form.KIND, code), "position": position}
    found = yield Query(sql, of, _Published)
    mapper = LedgerMapper()
    events = [mapper.entry(one.topic, one.state).data for one in found]
    forms = [one.form for one in events if isinstance(one, FormPublished)]
    if version:
        forms = [one for one in forms if one.ref == template]
    if code not in _ROWS or not forms or forms[-1].purpose != "report":
        raise FormUnknown(template)
    return forms[-1]


# --- rows


def _of_criticism(table: Table, position: int, _: datetime) -> Answering[Iterable[ReportRow]]:
    asked = criticism.CriticismAsked(
        division=table.division, period=table.period, position=position
    )
    found = yield criticism.rows(asked)
    return (ReportRow(cells=one.cells, sources=(one.stream,)) for one in criticism.counting(found))


def scope_of(table: Table, now: datetime) -> Scope:
    days = days_of(table.period)
    due_by = min(ends_at(table.period), now)
    return Scope(division=table.division, first=days.first, last=days.last, due_by=due_by)


def _of_statistics(table: Table, position: int, now: datetime) -> Answering[Iterable[ReportRow]]:
    lines = yield from work_statistics.lines(scope_of(table, now), position)
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


Rows = Callable[[Table, int, datetime], Answering[Iterable[ReportRow]]]
_ROWS: Final[Mapping[str, Rows]] = {CRITICISM: _of_criticism, STATISTICS: _of_statistics}
TEMPLATES: Final = tuple(_ROWS)
"""Codes of the tables that can be filled in."""


# --- what a row is about, and what a cell is made of


def statistics_key(row: ReportRow) -> Key:
    cells = row.cells
    adviser = str(cells["adviser"]) if "adviser" in cells else None
    return Key(str(cells["division"]), str(cells["point"]), adviser)


class Source(Struct, frozen=True):
    """A stream behind a cell, with the amount it adds to the figure; None when it is no figure."""

    KEY: ClassVar = ("stream",)

    stream: UUID
    amount: int | None = None


def sources_of(table: Table, row: ReportRow, column: str) -> Answering[list[Source]]:
    """Find the streams that a cell was made from, as known at the table's cut-off."""
    if table.code != STATISTICS:
        return [Source(stream) for stream in row.sources]
    key = statistics_key(row)
    if column in work_statistics.FIELDS:
        scope = scope_of(table, ends_at(table.period))
        facts = yield from work_statistics.cell(scope, table.cut_off, key, column)
        amounts: Counter[UUID] = Counter()
        for fact in facts:
            amounts[fact.stream] += fact.amount
        return [Source(stream, amount) for stream, amount in sorted(amounts.items())]
    if column in ("adviser", "firm") and key.adviser is not None:
        return [Source(stream_id(ADVISER, key.adviser))]
    return [Source(stream_id(point.KIND, key.point))]
