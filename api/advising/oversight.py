"""Oversight of village advisers: the duty of each, what is missing where, and the lists of
inspections and rectifications."""

from datetime import date
from typing import Final
from uuid import UUID

import msgspec
from msgspec import Struct

from api.web.paging import Listing, Paged
from api.web.questions import Asking, Found, Instant, Knowing, Question, reading
from domain.codes import Code, DivisionPrefix, PeriodCode
from domain.oversight import inspection, rectification
from domain.oversight.inspection import InspectionKind
from domain.oversight.rectification import AddresseeKind, Source, Status
from domain.registers.policy import Doubt
from projections.advising import coverage, doubts, duty
from projections.asking.asking import Basis, Cursor
from projections.oversight import inspections, rectifications

# --- duty and coverage


class DutyQuery(Knowing, frozen=True, kw_only=True):
    division: DivisionPrefix
    period: PeriodCode
    adviser: Code | None = None
    """Only his rows."""


class CoverageQuery(Knowing, frozen=True, kw_only=True):
    division: DivisionPrefix
    period: PeriodCode
    what: coverage.What | None = None


class DoubtsQuery(Knowing, frozen=True, kw_only=True):
    division: DivisionPrefix
    period: PeriodCode
    adviser: Code | None = None
    """Only work that he took part in."""
    doubt: Doubt | None = None


class DoubtsReport(Struct, frozen=True):
    basis: Basis
    rows: list[doubts.DoubtfulWork]


class DutyReport(Struct, frozen=True):
    """`waiting`: what rules published since a month was over would change by a recalculation."""

    basis: Basis
    rows: list[duty.DutyRow]
    waiting: list[duty.DutyChange]


class CoverageReport(Struct, frozen=True):
    basis: Basis
    rows: list[coverage.Gap]


async def _duty(asking: Asking) -> Found:
    query: DutyQuery = asking.query
    async with reading(asking, *duty.VIEWS) as (connection, basis):
        rows = await duty.position_async(
            connection, division=query.division, period=query.period, position=basis.position
        )
        waiting = await duty.waiting_async(
            connection, division=query.division, period=query.period, position=basis.position
        )
    wanted = [row for row in rows if query.adviser in (None, row.adviser)]
    changes = [one for one in waiting if query.adviser in (None, one.adviser)]
    return Found(DutyReport(basis, wanted, changes), position=basis.position)


async def _doubts(asking: Asking) -> Found:
    query: DoubtsQuery = asking.query
    async with reading(asking, *doubts.VIEWS) as (connection, basis):
        rows = await doubts.found_async(
            connection, division=query.division, period=query.period, position=basis.position
        )
    wanted = [
        row
        for row in rows
        if query.adviser in (None, *row.advisers) and query.doubt in (None, *row.doubts)
    ]
    return Found(DoubtsReport(basis, wanted), position=basis.position)


async def _coverage(asking: Asking) -> Found:
    query: CoverageQuery = asking.query
    async with reading(asking, *coverage.VIEWS) as (connection, basis):
        gaps = await coverage.gaps_async(
            connection, division=query.division, period=query.period, position=basis.position
        )
    wanted = [gap for gap in gaps if query.what in (None, gap.what)]
    return Found(CoverageReport(basis, wanted), position=basis.position)


# --- lists


class InspectionsQuery(Paged, frozen=True, kw_only=True):
    kind: InspectionKind | None = None
    division: DivisionPrefix | None = None
    point: Code | None = None
    period: PeriodCode | None = None
    office: Code | None = None
    """Unit of the inspector."""
    confirmed: bool | None = None
    voided: bool | None = None
    with_findings: bool | None = None
    from_: date | None = msgspec.field(default=None, name="from")
    """Inclusive, by the local day it was held."""
    to: date | None = None
    """Exclusive."""


class InspectionsFound(Struct, frozen=True, kw_only=True):
    """The newest first."""

    basis: Basis
    rows: list[inspections.InspectionRow]
    next_cursor: str | None


class RectificationsQuery(Paged, frozen=True, kw_only=True):
    source: Source | None = None
    source_stream: UUID | None = None
    addressee_kind: AddresseeKind | None = None
    addressee: Code | None = None
    point: Code | None = None
    division: DivisionPrefix | None = None
    status: Status | None = None
    ended: bool | None = None
    overdue: bool | None = None
    due_before: Instant | None = None
    from_: date | None = msgspec.field(default=None, name="from")
    """Inclusive, by the local day it was ordered."""
    to: date | None = None
    """Exclusive."""
    order: rectifications.Order = "ordered"


class RectificationsFound(Struct, frozen=True, kw_only=True):
    basis: Basis
    rows: list[rectifications.RectificationRow]
    next_cursor: str | None


INSPECTIONS: Final = Listing(
    views=(inspections.NAME,),
    filters=inspections.InspectionFilters,
    page=inspections.page,
    cursor=Cursor,
    place=inspections.cursor_of,
    answer=InspectionsFound,
)


RECTIFICATIONS: Final = Listing(
    views=(rectifications.NAME,),
    filters=rectifications.RectificationFilters,
    page=rectifications.page,
    cursor=Cursor,
    place=rectifications.cursor_of,
    answer=RectificationsFound,
    ordered=True,
    timed=True,
)
QUESTIONS: Final = (
    Question(
        name="Duty",
        under="/reports/duty",
        summary="法律顾问履职：按村（社区）、月份和顾问列出应服务与已服务",
        tag="report",
        answer=DutyReport,
        query=DutyQuery,
        find=_duty,
        # Work that cannot be judged: no calendar, or none of that year.
        problems=(409,),
    ),
    Question(
        name="Doubts",
        under="/reports/doubts",
        summary="有疑点的工作日志：时间重叠、超出一天、当日不在该村任职、没有这个村，待排除或退回",
        tag="report",
        answer=DoubtsReport,
        query=DoubtsQuery,
        find=_doubts,
    ),
    Question(
        name="Coverage",
        under="/reports/coverage",
        summary="服务覆盖缺口：未检查、无顾问、无工作群、无公示、无讲座、超上限、未督导",
        tag="report",
        answer=CoverageReport,
        query=CoverageQuery,
        find=_coverage,
    ),
    Question(
        name="Inspections",
        under="/inspections",
        summary="检查督导清单",
        tag=inspection.KIND,
        answer=InspectionsFound,
        query=InspectionsQuery,
        find=INSPECTIONS.find,
    ),
    Question(
        name="Rectifications",
        under="/rectifications",
        summary="整改清单：筛选、按期限排序",
        tag=rectification.KIND,
        answer=RectificationsFound,
        query=RectificationsQuery,
        find=RECTIFICATIONS.find,
    ),
)
