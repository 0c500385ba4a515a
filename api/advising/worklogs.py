"""The list of work logs: what waits to be verified or confirmed, and where, by whom, when."""

from datetime import date
from typing import Final
from uuid import UUID

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from api.web.paging import Listing, Paged
from api.web.questions import Asking, Found, Question
from domain.advising import worklog
from domain.advising.worklog import Standing
from domain.codes import Code, DivisionPrefix, PeriodCode, VillageCode
from domain.registers.policy import Doubt
from domain.vocabulary import Service
from domain.worktime.calendar import ONE_DAY
from domain.worktime.period import days_of
from projections.advising import worklogs
from projections.asking.asking import Basis, Cursor


class WorklogsQuery(Paged, frozen=True, kw_only=True):
    standing: Standing | None = None
    village: VillageCode | None = None
    division: DivisionPrefix | None = None
    """A prefix of the village's code."""
    adviser: Code | None = None
    firm: Code | None = None
    service: Service | None = None
    recorder: Code | None = None
    request: UUID | None = None
    confirmed: bool | None = None
    counts: bool | None = None
    """Neither returned nor withdrawn."""
    doubt: Doubt | None = None
    doubtful: bool | None = None
    late: bool | None = None
    waits_for_evidence: bool | None = None
    period: PeriodCode | None = None
    from_: date | None = msgspec.field(default=None, name="from")
    """Inclusive, by the local day it began."""
    to: date | None = None
    """Exclusive."""


class WorklogsFound(Struct, frozen=True, kw_only=True):
    """The newest first."""

    basis: Basis
    rows: list[worklogs.WorkRow]
    next_cursor: str | None


LISTING: Final = Listing(
    views=(worklogs.NAME,),
    filters=worklogs.WorkFilters,
    page=worklogs.page,
    cursor=Cursor,
    place=worklogs.cursor_of,
    answer=WorklogsFound,
)


async def _many(asking: Asking) -> Found:
    return await LISTING.find(within_period(asking))


async def count(asking: Asking) -> int:
    return await LISTING.count(within_period(asking))


def within_period(asking: Asking) -> Asking:
    """A period narrows what `from` and `to` leave."""
    query: WorklogsQuery = asking.query
    if query.period is None:
        return asking
    first, last = days_of(query.period)
    narrowed = replace(
        query,
        from_=max(first, query.from_ or first),
        to=min(last + ONE_DAY, query.to or last + ONE_DAY),
    )
    return replace(asking, query=narrowed)


QUESTIONS: Final = (
    Question(
        name="Worklogs",
        under="/worklogs",
        summary="工作日志清单：待核验、待确认、有疑点、退回的，按村（社区）、顾问和日期筛选",
        tag=worklog.KIND,
        answer=WorklogsFound,
        query=WorklogsQuery,
        find=_many,
    ),
)
