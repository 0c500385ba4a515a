"""Oversight of village advisers: the duty of each, what is missing where, and the lists of
inspections and rectifications."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Annotated, Any, Final
from uuid import UUID

import msgspec
from msgspec import Meta, Struct

from api.identity import REPORT
from api.questions import Asking, Found, Instant, Knowing, Question, reading
from domain import inspection, rectification
from domain.inspection import InspectionKind
from domain.rectification import Source, Status
from domain.vocabulary import Code
from projections import coverage, duty, inspections, rectifications
from projections.asking import Basis, Cursor, Query, fetch_async

LIMIT_MAX: Final = 200
Prefix = Annotated[str, Meta(pattern=r"^[0-9]{1,12}$")]
"""Of a division code."""
Period = Annotated[str, Meta(pattern=r"^2\d{3}-(0[1-9]|1[0-2]|Q[1-4])$")]
"""A month `2026-06` or a quarter `2026-Q2`."""
Limit = Annotated[int, Meta(ge=1, le=LIMIT_MAX)]
Mark = Annotated[str, Meta(min_length=1, max_length=500)]

# --- duty and coverage


class DutyQuery(Knowing, frozen=True, kw_only=True):
    division: Prefix
    period: Period
    adviser: Code | None = None
    """Only his rows."""


class CoverageQuery(Knowing, frozen=True, kw_only=True):
    division: Prefix
    period: Period
    what: coverage.What | None = None


class DutyReport(Struct, frozen=True):
    basis: Basis
    rows: list[duty.Row]


class CoverageReport(Struct, frozen=True):
    basis: Basis
    rows: list[coverage.Gap]


async def _duty(asking: Asking) -> Found:
    query: DutyQuery = asking.query
    async with reading(asking, *duty.VIEWS) as (connection, basis):
        rows = await duty.position_async(
            connection, division=query.division, period=query.period, position=basis.position
        )
    wanted = [row for row in rows if query.adviser in (None, row.adviser)]
    return Found(DutyReport(basis, wanted), position=basis.position)


async def _coverage(asking: Asking) -> Found:
    query: CoverageQuery = asking.query
    async with reading(asking, *coverage.VIEWS) as (connection, basis):
        gaps = await coverage.gaps_async(
            connection, division=query.division, period=query.period, position=basis.position
        )
    wanted = [gap for gap in gaps if query.what in (None, gap.what)]
    return Found(CoverageReport(basis, wanted), position=basis.position)


# --- lists


class InspectionsQuery(Knowing, frozen=True, kw_only=True):
    kind: InspectionKind | None = None
    division: Prefix | None = None
    point: Code | None = None
    period: Period | None = None
    office: Code | None = None
    """Unit of the inspector."""
    confirmed: bool | None = None
    voided: bool | None = None
    with_findings: bool | None = None
    from_: date | None = msgspec.field(default=None, name="from")
    """Inclusive, by the local day it was held."""
    to: date | None = None
    """Exclusive."""
    limit: Limit = 50
    cursor: Mark | None = None
    """Where the next page begins: taken from `next_cursor`, good for the same question only."""


class InspectionsFound(Struct, frozen=True, kw_only=True):
    """The newest first."""

    basis: Basis
    rows: list[inspections.Row]
    next_cursor: str | None


class RectificationsQuery(Knowing, frozen=True, kw_only=True):
    source: Source | None = None
    source_stream: UUID | None = None
    addressee: Code | None = None
    point: Code | None = None
    division: Prefix | None = None
    status: Status | None = None
    ended: bool | None = None
    overdue: bool | None = None
    due_before: Instant | None = None
    from_: date | None = msgspec.field(default=None, name="from")
    """Inclusive, by the local day it was ordered."""
    to: date | None = None
    """Exclusive."""
    order: rectifications.Order = "ordered"
    limit: Limit = 50
    cursor: Mark | None = None
    """Where the next page begins: taken from `next_cursor`, good for the same question only."""


class RectificationsFound(Struct, frozen=True, kw_only=True):
    basis: Basis
    rows: list[rectifications.Row]
    next_cursor: str | None


def _filters(query: Any, kind: type[Any]) -> Any:
    names = (field.name for field in msgspec.structs.fields(kind))
    return kind(**{name: getattr(query, name) for name in names})


async def _listed(
    asking: Asking,
    view: Any,
    filters: Any,
    page: Callable[[Basis, Any], Query[Any]],
    cursor_of: Callable[[Any], Any],
    answer: type[Any],
) -> Found:
    query = asking.query
    question = msgspec.json.encode((view.NAME, filters, query.as_known_at)).decode()
    cursors = asking.wiring.cursors
    after = cursors.place(question, query.cursor, Cursor) if query.cursor else None
    async with reading(asking, view.NAME) as (connection, basis):
        rows = await fetch_async(connection, page(basis, after))
    more = len(rows) > query.limit
    rows = rows[: query.limit]
    mark = cursors.mark(question, cursor_of(rows[-1])) if more else None
    return Found(
        answer(basis=basis, rows=rows, next_cursor=mark),
        position=basis.position,
        next_page=asking.next_url(mark) if mark else None,
    )


async def _inspections(asking: Asking) -> Found:
    query: InspectionsQuery = asking.query
    filters = _filters(query, inspections.Filters)

    def page(basis: Basis, after: Cursor | None) -> Query[inspections.Row]:
        return inspections.page(
            filters,
            position=basis.position,
            limit=query.limit + 1,
            after=after,
            head=query.as_known_at is None,
        )

    return await _listed(
        asking, inspections, filters, page, inspections.cursor_of, InspectionsFound
    )


async def _rectifications(asking: Asking) -> Found:
    query: RectificationsQuery = asking.query
    filters = _filters(query, rectifications.Filters)

    def page(basis: Basis, after: Cursor | None) -> Query[rectifications.Row]:
        return rectifications.page(
            filters,
            position=basis.position,
            now=query.as_known_at or datetime.now(UTC),
            limit=query.limit + 1,
            after=after,
            head=query.as_known_at is None,
        )

    def cursor_of(row: rectifications.Row) -> Cursor:
        return rectifications.cursor_of(row, query.order)

    return await _listed(asking, rectifications, filters, page, cursor_of, RectificationsFound)


QUESTIONS: Final = (
    Question(
        name="Duty",
        under="/reports/duty",
        summary="法律顾问履职：按村（社区）、月份和顾问列出应服务与已服务",
        tag="report",
        answer=DutyReport,
        query=DutyQuery,
        permission=REPORT,
        find=_duty,
        # Work that cannot be judged: no calendar, or none of that year.
        problems=(409,),
    ),
    Question(
        name="Coverage",
        under="/reports/coverage",
        summary="服务覆盖缺口：未检查、无顾问、无工作群、无公示、无讲座、超上限、未督导",
        tag="report",
        answer=CoverageReport,
        query=CoverageQuery,
        permission=REPORT,
        find=_coverage,
    ),
    Question(
        name="Inspections",
        under="/inspections",
        summary="检查督导清单",
        tag=inspection.KIND,
        answer=InspectionsFound,
        query=InspectionsQuery,
        find=_inspections,
    ),
    Question(
        name="Rectifications",
        under="/rectifications",
        summary="整改清单：筛选、按期限排序",
        tag=rectification.KIND,
        answer=RectificationsFound,
        query=RectificationsQuery,
        find=_rectifications,
    ),
)
