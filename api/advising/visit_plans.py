"""Visit plans 驻村计划: what was planned, moved, kept and missed; one plan; counts by adviser."""

from datetime import UTC, date, datetime
from functools import partial
from typing import ClassVar, Final

import msgspec
from msgspec import Struct

from api.advising.planning_routes import PLAN, ROUTES
from api.web.finding import finds_one
from api.web.paging import Paged, begins_after, filters_of, listed
from api.web.questions import Asking, Found, Knowing, Question, reading
from domain.advising import visit_plan
from domain.advising.visit_plan import ChangeAsked, Month, PlannedVisit, VisitPlan, plan_stream
from domain.codes import Code, DivisionPrefix, PeriodCode
from domain.registers.appointment import china_day
from domain.worktime.period import days_of
from projections.advising import visit_plans as view
from projections.asking.answering import answer_async
from projections.asking.asking import Basis, fetch_async


class VisitsQuery(Paged, frozen=True, kw_only=True):
    adviser: Code | None = None
    village: DivisionPrefix | None = None
    month: Month | None = None
    standing: view.VisitStanding | None = None
    moved: bool | None = None
    asked: bool | None = None
    from_: date | None = msgspec.field(default=None, name="from")
    """Inclusive, by the local day of the visit."""
    to: date | None = None
    """Exclusive."""


class VisitsFound(Struct, frozen=True, kw_only=True):
    """The latest day first."""

    basis: Basis
    rows: list[view.PlannedRow]
    next_cursor: str | None


def _today(query: Knowing) -> date:
    return china_day(query.as_known_at or datetime.now(UTC))


async def _many(asking: Asking) -> Found:
    query: VisitsQuery = asking.query
    after = begins_after(asking, view.VisitCursor)
    async with reading(asking, *view.VIEWS) as (connection, basis):
        asked = view.page(
            filters_of(query, view.VisitFilters),
            position=basis.position,
            today=_today(query),
            limit=query.limit + 1,
            after=after,
        )
        found = await answer_async(connection, asked)
    answer = partial(VisitsFound, basis=basis)
    return listed(asking, found, view.cursor_of, answer, basis.position)


class VisitShown(Struct, frozen=True, kw_only=True):
    """The answer's copy of a planned visit; `asked`: the change that waits for a decision."""

    KEY: ClassVar = ("visit",)
    visit: int
    first: PlannedVisit
    now: PlannedVisit
    dropped: bool
    asked: ChangeAsked | None
    refused: int


class VisitPlanShown(Struct, frozen=True, kw_only=True):
    """The answer's copy of a visit plan."""

    adviser: str
    village: str
    month: str
    visits: tuple[VisitShown, ...]


class VisitPlanFound(Struct, frozen=True, kw_only=True):
    """A visit plan as it stands; `version` is what If-Match wants."""

    version: int
    position: int
    allowed: list[str]
    state: VisitPlanShown


def _shown(state: VisitPlan) -> VisitPlanShown:
    visits = (
        VisitShown(
            visit=number,
            first=one.first,
            now=one.now,
            dropped=one.dropped,
            asked=one.asked,
            refused=one.refused,
        )
        for number, one in enumerate(state.visits, start=1)
    )
    return VisitPlanShown(
        adviser=state.adviser, village=state.village, month=state.month, visits=tuple(visits)
    )


class AdviserVisitsQuery(Knowing, frozen=True, kw_only=True):
    division: DivisionPrefix
    period: PeriodCode


class AdviserVisitsReport(Struct, frozen=True):
    basis: Basis
    rows: list[view.AdviserVisits]


async def _by_adviser(asking: Asking) -> Found:
    query: AdviserVisitsQuery = asking.query
    days = days_of(query.period)
    async with reading(asking, *view.VIEWS) as (connection, basis):
        asked = view.by_adviser(
            first=days.first,
            last=days.last,
            division=query.division,
            position=basis.position,
            today=_today(query),
        )
        rows = await fetch_async(connection, asked)
    return Found(AdviserVisitsReport(basis, rows), position=basis.position)


QUESTIONS: Final = (
    Question(
        name="Visits",
        under="/visits",
        summary="驻村安排清单：计划、已到、变更和未到",
        tag=visit_plan.KIND,
        answer=VisitsFound,
        query=VisitsQuery,
        find=_many,
    ),
    Question(
        name="VisitPlan",
        under=PLAN,
        summary="一位法律顾问在一个村（社区）一个月的驻村计划",
        tag=visit_plan.KIND,
        answer=VisitPlanFound,
        find=finds_one(
            visit_plan,
            VisitPlanFound,
            _shown,
            stream_of=lambda path: plan_stream(path["adviser"], path["village"], path["month"]),
            routes=ROUTES,
        ),
    ),
    Question(
        name="AdviserVisits",
        under="/reports/visits",
        summary="驻村计划执行情况：按法律顾问和村（社区）列出计划、已到、变更和未到的次数",
        tag="report",
        answer=AdviserVisitsReport,
        query=AdviserVisitsQuery,
        find=_by_adviser,
    ),
)
