"""Marks and awards 示范、网红、特色、先进: the list, one of them, and how many there are."""

from datetime import UTC, date, datetime
from functools import partial
from typing import Final
from uuid import UUID

from msgspec import Struct

from api.honours.mark_routes import ROUTES
from api.web.finding import finds_one
from api.web.paging import Paged, begins_after, filters_of, listed
from api.web.questions import Asking, Found, Knowing, Question, reading
from domain.codes import Code, DivisionPrefix
from domain.honours import mark
from domain.honours.mark import AwardYear, Mark, MarkAwarded, MarkWithdrawn
from domain.registers.appointment import china_day
from domain.registers.policy import MarkOf
from projections.asking.asking import Basis, fetch_async
from projections.honours import marks as view


class MarksQuery(Paged, frozen=True, kw_only=True):
    kind: Code | None = None
    of: MarkOf | None = None
    code: Code | None = None
    division: DivisionPrefix | None = None
    year: AwardYear | None = None
    standing: view.MarkStanding | None = None
    on: date | None = None
    """The day by which a mark is valid; today without one."""


class MarksFound(Struct, frozen=True, kw_only=True):
    """The newest award first."""

    basis: Basis
    day: date
    rows: list[view.MarkRow]
    next_cursor: str | None


def _day(on: date | None, query: Knowing) -> date:
    return on or china_day(query.as_known_at or datetime.now(UTC))


async def _many(asking: Asking) -> Found:
    query: MarksQuery = asking.query
    after = begins_after(asking, view.MarkCursor)
    day = _day(query.on, query)
    async with reading(asking, view.NAME) as (connection, basis):
        page = view.page(
            filters_of(query, view.MarkFilters),
            position=basis.position,
            day=day,
            limit=query.limit + 1,
            after=after,
        )
        found = await fetch_async(connection, page)
    answer = partial(MarksFound, basis=basis, day=day)
    return listed(asking, found, view.cursor_of, answer, basis.position)


class MarkShown(Struct, frozen=True, kw_only=True):
    """The answer's copy of a mark."""

    awarded: MarkAwarded
    withdrawn: MarkWithdrawn | None


class MarkFound(Struct, frozen=True, kw_only=True):
    """A mark as it stands; `version` is what If-Match wants."""

    id: UUID
    version: int
    position: int
    allowed: list[str]
    state: MarkShown


def mark_shown(state: Mark) -> MarkShown:
    """Make the answer's copy of a mark."""
    return MarkShown(awarded=state.awarded, withdrawn=state.withdrawn)


class MarkCountsQuery(Knowing, frozen=True, kw_only=True):
    kind: Code | None = None
    of: MarkOf | None = None
    division: DivisionPrefix | None = None
    year: AwardYear | None = None
    on: date | None = None
    """The day by which a mark is valid; today without one."""


class MarkCounts(Struct, frozen=True, kw_only=True):
    """By kind, district and year."""

    basis: Basis
    day: date
    rows: list[view.MarkCount]


async def _counts(asking: Asking) -> Found:
    query: MarkCountsQuery = asking.query
    day = _day(query.on, query)
    filters = view.MarkFilters(
        kind=query.kind, of=query.of, division=query.division, year=query.year
    )
    async with reading(asking, view.NAME) as (connection, basis):
        asked = view.counts(filters, position=basis.position, day=day)
        rows = await fetch_async(connection, asked)
    return Found(MarkCounts(basis=basis, day=day, rows=rows), position=basis.position)


QUESTIONS: Final = (
    Question(
        name="Marks",
        under="/marks",
        summary="称号和表彰清单：有效、到期和撤销",
        tag=mark.KIND,
        answer=MarksFound,
        query=MarksQuery,
        find=_many,
    ),
    Question(
        name="Mark",
        under="/marks/{id:uuid}",
        summary="一项称号或表彰",
        tag=mark.KIND,
        answer=MarkFound,
        find=finds_one(mark, MarkFound, mark_shown, routes=ROUTES),
    ),
    Question(
        name="MarkCounts",
        under="/reports/marks",
        summary="称号和表彰的数量：按类别、区和年度",
        tag="report",
        answer=MarkCounts,
        query=MarkCountsQuery,
        find=_counts,
    ),
)
