"""Contents of a table: its rows and sections by its form, what a cell is made of, what explains how
it changed. What counts is `figures`; here are the rows that are one complaint each.

Columns are data: the published form (`domain/data/example_report_templates.json`). The two tables
that the districts have always submitted are declared besides, for their help and their months.
"""

from collections import defaultdict
from datetime import datetime
from itertools import pairwise
from typing import Any, Final, Literal
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from domain.registers.form import Form, Values
from domain.registration.queries import NUMBER, computed
from domain.reporting.report import CRITICISM, STATISTICS, ReportRow, Table
from projections.asking.answering import Answering
from projections.complaints import criticism
from projections.complaints.criticism import CriticismAsked
from projections.reporting import figures
from projections.reporting.difference import AdjustedRow, Amounts
from projections.reporting.figures import WHOLE, Filled, Source, counted


def filled(table: Table, form: Form, position: int, now: datetime) -> Answering[Filled]:
    """Compute the rows, in order and numbered, and the sections, as known at a position."""
    told = yield from figures.filled(table, form, position, now)
    rows = told.rows
    if counted(form) is None:
        rows = yield from _complaints(table, form, position)
    if any(one.code == NUMBER for one in form.fields):
        rows = [
            replace(row, cells={NUMBER: number, **row.cells})
            for number, row in enumerate(rows, start=1)
        ]
    return Filled(rows, told.sections)


def sources(
    table: Table, form: Form, row: ReportRow | None, column: str
) -> Answering[list[Source]]:
    """Find the streams that a cell was made from, as known at the cut-off.

    Without a row: a section.
    """
    if row is not None and (counted(form) is None or column == NUMBER):
        return [Source(stream) for stream in row.sources]
    key = WHOLE if row is None else table.key_of(row)
    return (yield from figures.sources(table, form, key, column))


def explained(
    table: Table, form: Form, rows: list[AdjustedRow], position: int
) -> Answering[Amounts]:
    """Say what each event since the cut-off did to the cells that differ."""
    made = yield from figures.explained(table, form, rows, position)
    if counted(form) is None:
        made |= yield from _complaints_explained(table, form, rows, position)
    return made


# --- a row for each complaint


def _asked(table: Table, position: int) -> CriticismAsked:
    return CriticismAsked(division=table.division, period=table.period, position=position)


def _cells(form: Form, told: Values) -> Values:
    """By the codes of columns, of what is told by the names of queries."""
    return {one.column.code: told[one.name] for one in computed(form) if one.name in told}


def _complaints(table: Table, form: Form, position: int) -> Answering[list[ReportRow]]:
    found = yield criticism.rows(_asked(table, position))
    return [
        ReportRow(cells=_cells(form, one.told), sources=(one.stream,))
        for one in criticism.counting(found)
    ]


def _complaints_explained(
    table: Table, form: Form, rows: list[AdjustedRow], position: int
) -> Answering[Amounts]:
    """Name, of each complaint, the events after which a cell was another than before."""
    keys = {stream: row.key for row in rows for stream in row.sources}
    found = yield criticism.versions(_asked(table, position), list(keys), table.cut_off)
    versions: defaultdict[UUID, list[criticism.CriticismRow]] = defaultdict(list)
    for one in found:
        versions[one.stream].append(one)
    made: Amounts = {}
    for stream, key in keys.items():
        for was, is_ in pairwise([None, *versions[stream]]):
            if is_ is None or is_.since <= table.cut_off:
                continue
            before = _cells(form, was.told) if was is not None and was.counts else {}
            after = _cells(form, is_.told) if is_.counts else {}
            for column in {*before, *after}:
                if before.get(column) != after.get(column):
                    made[is_.since, (key, column)] = None
    return made


# --- the tables that are declared


class StatutoryTable(Struct, frozen=True, kw_only=True):
    """One of the tables that the districts have always submitted."""

    code: str
    """Of its template."""
    periods: tuple[Literal["month", "quarter"], ...]
    """When a demonstration's districts submit it: after each month, after each quarter."""
    help: str
    """What `anjuan report CODE --help` says, with an example."""
    totals: bool = False
    """Whether the totals of criticism are told beside it."""


def beside(table: Table) -> Answering[dict[str, Any]]:
    """The totals of criticism, and the complaints that are consultations now."""
    asked = _asked(table, table.cut_off)
    totals = yield criticism.totals(asked)
    found = yield criticism.rows(asked)
    reclassified = [one.stream for one in found if not one.counts]
    return {"totals": totals, "reclassified": reclassified}


TABLES: Final = (
    StatutoryTable(
        code=CRITICISM,
        periods=("month", "quarter"),
        help="""What people criticised: the statistics table, and with --json the totals by
        channel, service, aspect, virtue and unit with the change from the period before.

        A table names who complained of whom. Exit code 1: nothing was submitted.

        Example: anjuan report criticism --period 2026-06 --division 440106 --basis submitted --json
        """,
        totals=True,
    ),
    StatutoryTable(
        code=STATISTICS,
        periods=("month",),
        help="""The work of each point, and of each adviser at each point.

        Exit code 1: nothing was submitted.

        Example: anjuan report work-statistics --period 2026-Q2 --division 440106 --json
        """,
    ),
)
