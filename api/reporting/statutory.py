"""Statutory tables 法定报表 over HTTP: filled in from the log, signed, kept, compared with what is
known now. A table has the complaints of a division in it, so leaders and auditors read it; rows
about a complaint that the reader may not see are left out and counted."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Annotated, Any, Final, NamedTuple, TypeVar
from uuid import UUID

import msgspec
from msgspec import Meta, Struct
from msgspec.structs import replace

from api.identity import OPERATOR
from api.web.gate import kept_from
from api.web.problems import Problem
from api.web.questions import Asking, Found, Knowing, Question, reading
from api.web.wiring import Connection
from domain.codes import Code, DivisionCode, ParentDivision, PeriodCode
from domain.jurisdiction import Place, reach_of
from domain.registers.form import Form, Value
from domain.registers.point import CalendarUnknown
from domain.registration.filling_in import FormUnknown
from domain.reporting import report
from domain.reporting.report import Entered, ReportRow, Table
from projections.asking.answering import Answering, answer_async
from projections.asking.asking import Basis, fetch_async
from projections.complaints import criticism
from projections.reporting import adjustments, reports, statutory, tables
from projections.reporting.figures import Source
from projections.reporting.reports import Of, ReportPart, ReportVersion

VIEWS: Final = (reports.NAME, *statutory.VIEWS)
UNDER: Final = "/reports/{template:str}/{division:str}/{period:str}"
WHOLE: Final = "0"
"""In place of a row's number: sections."""
T = TypeVar("T")


class ReportName(NamedTuple):
    template: str
    division: str
    period: str


class _Path(Struct, frozen=True):
    template: Code
    division: DivisionCode
    period: PeriodCode


def named(path: dict[str, Any]) -> ReportName:
    """Parse the name of a report.

    Raises: Problem `not-found` — when no report can have that name.
    """
    try:
        of = msgspec.convert({name: path[name] for name in _Path.__struct_fields__}, _Path)
    except msgspec.ValidationError as error:
        raise Problem("not-found") from error
    return ReportName(of.template, of.division, of.period)


async def answered(connection: Connection, answering: Answering[T]) -> T:
    """Run the queries of an answer.

    Raises: Problem `not-found` — when no template, or no calendar, was published then.
    """
    try:
        return await answer_async(connection, answering)
    except (FormUnknown, CalendarUnknown) as unknown:
        raise Problem("not-found", type(unknown).reason()) from unknown


def without(table: Table, hidden: frozenset[UUID]) -> Table:
    """The rows that may be seen; those left keep their numbers."""
    return replace(table, rows=tuple(row for row in table.rows if hidden.isdisjoint(row.sources)))


async def refuse_division(asking: Asking, division: str) -> None:
    """Refuse a table of a division in which not all is the reader's: a part of it would be a table
    that says something else.

    Raises: Problem `not-found`.
    """
    assert asking.by is not None
    if asking.by is OPERATOR:
        return
    reach = reach_of(asking.by, await asking.wiring.ledger.registers())
    if reach is not None and not reach.covers(Place((division,))):
        raise Problem("not-found")


# --- one table


class TableQuery(Knowing, frozen=True, kw_only=True):
    basis: Of = "now"
    """`submitted`: as it was frozen; `then`: recomputed as known at its cut-off; `now`."""
    version: Annotated[int, Meta(ge=1, le=10_000)] | None = None
    """Of the submission; the newest unless said otherwise."""


class TableFound(Struct, frozen=True, kw_only=True):
    """`digest` is of the whole table, with the rows that are hidden. It is what is signed, together
    with the table's cut-off."""

    basis: Basis
    of: Of
    digest: str
    table: Table
    submission: ReportVersion | None
    hidden: int
    form: Form
    """Its columns and sections, with the query of each: figures are as known at the cut-off."""
    numbers: list[int]
    """Of each row shown, where it stands in the whole table: by these, rows are filled in."""


class _Opened(NamedTuple):
    connection: Connection
    basis: Basis
    shown: reports.Shown
    form: Form
    hidden: frozenset[UUID]

    @property
    def table(self) -> Table:
        """Return what this reader may see of it."""
        return without(self.shown.table, self.hidden)

    @property
    def told(self) -> dict[str, Any]:
        """The fields of a `TableFound`."""
        table, shown = self.table, self.shown
        return {
            "basis": self.basis,
            "of": shown.of,
            "digest": shown.digest,
            "table": table,
            "submission": shown.submission,
            "hidden": len(shown.table.rows) - len(table.rows),
            "form": self.form,
            "numbers": [number for number, _ in self.numbered],
        }

    @property
    def numbered(self) -> list[tuple[int, ReportRow]]:
        return [
            (number, row)
            for number, row in enumerate(self.shown.table.rows, start=1)
            if self.hidden.isdisjoint(row.sources)
        ]


@asynccontextmanager
async def _opened(asking: Asking, name: ReportName) -> AsyncIterator[_Opened]:
    """Read a submission.

    Raises: Problem `not-found` — when it was not submitted but asked for, or is of another division
    than his who asks.
    """
    query: TableQuery = asking.query
    await refuse_division(asking, name.division)
    async with reading(asking, *VIEWS, whole=True) as (connection, basis):
        found = await answered(
            connection,
            reports.shown(
                query.basis,
                *name,
                position=basis.position,
                now=query.as_known_at or datetime.now(UTC),
                version=query.version,
            ),
        )
        if found is None:
            raise Problem("not-found")
        form = await answered(connection, statutory.form_of(found.table.template, basis.position))
        hidden = await kept_from(asking.wiring, asking.by)
        yield _Opened(connection, basis, found, form, hidden)


async def _table(asking: Asking) -> Found:
    async with _opened(asking, named(asking.path)) as opened:
        return Found(TableFound(**opened.told), position=opened.basis.position)


class CellFound(Struct, frozen=True, kw_only=True):
    """What a cell was made from; `amount`: what a stream adds to a figure."""

    basis: Basis
    row: int
    """0: a section."""
    column: str
    value: Value
    sources: list[Source]
    entered: Entered | None = None
    """Who filled it in, where a person did."""


async def _cell(asking: Asking) -> Found:
    """Find a cell; in row 0, a section.

    Raises: Problem `not-found` — when there is none, or none for this reader.
    """
    number, column = asking.path["row"], asking.path["column"]
    async with _opened(asking, named(asking.path)) as opened:
        table = opened.table
        rows = {str(number): row for number, row in opened.numbered}
        row = rows.get(number)
        if row is None and number != WHOLE:
            raise Problem("not-found")
        cells, entered = (
            (table.sections, table.entered) if row is None else (row.cells, row.entered)
        )
        if column not in cells:
            raise Problem("not-found")
        made_from = statutory.sources_of(table, row, column)
        sources = await answered(opened.connection, made_from)
    body = CellFound(
        basis=opened.basis,
        row=int(number),
        column=column,
        value=cells[column],
        sources=[one for one in sources if one.stream not in opened.hidden],
        entered=entered.get(column),
    )
    return Found(body, position=opened.basis.position)


# --- versions and adjustments


class VersionsFound(Struct, frozen=True):
    basis: Basis
    versions: list[ReportVersion]
    """Oldest first."""


async def _versions(asking: Asking) -> Found:
    name = named(asking.path)
    await refuse_division(asking, name.division)
    async with reading(asking, reports.NAME, whole=True) as (connection, basis):
        await answered(connection, statutory.form_of(name.template, basis.position))
        found = await fetch_async(connection, reports.versions(*name, basis.position))
    return Found(VersionsFound(basis, found), position=basis.position)


class AdjustmentsQuery(Knowing, frozen=True, kw_only=True):
    version: Annotated[int, Meta(ge=1, le=10_000)] | None = None
    """The newest unless said otherwise."""


class AdjustmentsFound(Struct, frozen=True, kw_only=True):
    basis: Basis
    adjustments: adjustments.Adjustments
    hidden: int


async def _adjustments(asking: Asking) -> Found:
    query: AdjustmentsQuery = asking.query
    name = named(asking.path)
    await refuse_division(asking, name.division)
    async with reading(asking, *VIEWS, whole=True) as (connection, basis):
        wanted = reports.submitted(*name, basis.position, query.version)
        for one in await fetch_async(connection, wanted):
            found = await answered(
                connection, adjustments.adjustments(one.table, one.version, basis.position)
            )
            hidden = await kept_from(asking.wiring, asking.by)
            break
        else:
            raise Problem("not-found")
    rows = tuple(row for row in found.rows if hidden.isdisjoint(row.sources))
    body = AdjustmentsFound(
        basis=basis,
        adjustments=replace(found, rows=rows),
        hidden=len(found.rows) - len(rows),
    )
    return Found(body, position=basis.position)


# --- criticism, and the parts of a division


class CriticismQuery(TableQuery, frozen=True, kw_only=True):
    division: DivisionCode
    period: PeriodCode


class CriticismFound(TableFound, frozen=True, kw_only=True):
    """The table with the figures of the analysis report, as known at its cut-off. `reclassified`:
    complaints of the period that are consultations now: they have no row."""

    totals: list[criticism.Total]
    reclassified: list[UUID]


async def _criticism(asking: Asking) -> Found:
    query: CriticismQuery = asking.query
    name = ReportName(report.CRITICISM, query.division, query.period)
    async with _opened(asking, name) as opened:
        beside = await answered(opened.connection, tables.beside(opened.shown.table))
    seen = [one for one in beside["reclassified"] if one not in opened.hidden]
    body = CriticismFound(**opened.told, totals=beside["totals"], reclassified=seen)
    return Found(body, position=opened.basis.position)


class PartsQuery(Knowing, frozen=True, kw_only=True):
    template: Code
    period: PeriodCode
    division: ParentDivision = "4401"


class PartsFound(Struct, frozen=True):
    basis: Basis
    parts: list[ReportPart]


async def _parts(asking: Asking) -> Found:
    query: PartsQuery = asking.query
    wanted = (query.template, query.division, query.period)
    async with reading(asking, reports.NAME, *statutory.VIEWS) as (connection, basis):
        try:
            await answer_async(connection, statutory.form_of(query.template, basis.position))
        except FormUnknown as unknown:
            raise Problem("not-found") from unknown
        found = await answer_async(connection, reports.parts(*wanted, basis.position))
    return Found(PartsFound(basis, found), position=basis.position)


def _of_report(
    name: str, action: str, summary: str, answer: Any, query: type[Struct], find: Any
) -> Question:
    return Question(
        name=name,
        under=UNDER + action,
        summary=summary,
        tag=report.KIND,
        answer=answer,
        query=query,
        find=find,
    )


QUESTIONS: Final = (
    Question(
        name="Criticism",
        under="/reports/criticism",
        summary="群众批评意见统计表和分析数据",
        tag=report.KIND,
        answer=CriticismFound,
        query=CriticismQuery,
        find=_criticism,
    ),
    Question(
        name="ReportParts",
        under="/reports/city",
        summary="各区（镇街）报送情况和与上期的变化",
        tag=report.KIND,
        answer=PartsFound,
        query=PartsQuery,
        find=_parts,
    ),
    _of_report(
        "ReportTable", "", "一张报表：已报送的、当时的或现在的", TableFound, TableQuery, _table
    ),
    _of_report("ReportVersions", "/versions", "报送的各个版本", VersionsFound, Knowing, _versions),
    _of_report(
        "ReportAdjustments",
        "/adjustments",
        "报送以后的变化，逐格列明原因",
        AdjustmentsFound,
        AdjustmentsQuery,
        _adjustments,
    ),
    _of_report(
        "ReportCell",
        "/cells/{row:str}/{column:str}",
        "一格的来源",
        CellFound,
        TableQuery,
        _cell,
    ),
)
