"""The three period reports, and how far the views have come."""

from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime
from functools import partial
from typing import Any, Final

import msgspec
from msgspec import Struct

from api.web.gate import oversees
from api.web.questions import Asking, Found, Knowing, Question, reading
from domain.codes import Code, DivisionPrefix
from domain.registers.point import PointKind
from domain.vocabulary import Service
from projections.asking.asking import (
    Basis,
    Grouping,
    PeriodAsked,
    Query,
    fetch_async,
    grouping,
)
from projections.history.events import Touched
from projections.oversight import promises
from projections.requests import response_times, satisfaction, workload
from projections.requests.touching import touched
from projections.running.runner import ViewStatus, status_query


class PeriodQuery(Knowing, frozen=True, kw_only=True):
    from_: date | None = msgspec.field(default=None, name="from")
    """Inclusive, by the local day the service was requested."""
    to: date | None = None
    """Exclusive."""
    division: DivisionPrefix | None = None
    """A prefix of the division code."""
    service: Service | None = None
    point: Code | None = None
    adviser: Code | None = None


class ReportQuery(PeriodQuery, frozen=True, kw_only=True):
    by: Grouping = "point"
    """One, or two with a comma between. By window: `point window`, for a window's name says nothing
    without its point."""
    window: Code | None = None
    officer: Code | None = None
    point_kind: PointKind | None = None


class WorkloadReport(Struct, frozen=True):
    basis: Basis
    rows: list[workload.WorkloadRow]


class ResponseTimesReport(Struct, frozen=True):
    basis: Basis
    rows: list[response_times.ResponseTimesRow]


class SatisfactionReport(Struct, frozen=True):
    basis: Basis
    rows: list[satisfaction.SatisfactionRow]


class PromisesQuery(PeriodQuery, frozen=True, kw_only=True):
    """`from` and `to` by the local day a promise is due."""

    by: promises.ByPlace = "point"


class PromisesReport(Struct, frozen=True):
    basis: Basis
    rows: list[promises.PromiseRow]


Report = (
    type[WorkloadReport]
    | type[ResponseTimesReport]
    | type[SatisfactionReport]
    | type[PromisesReport]
)


def _finder(view: Any, answer: Report) -> Callable[[Asking], Awaitable[Found]]:
    async def find(asking: Asking) -> Found:
        query: ReportQuery | PromisesQuery = asking.query
        left_out = await _left_out(asking, view)
        async with reading(asking, *getattr(view, "VIEWS", (view.NAME,))) as (connection, basis):
            asked = PeriodAsked(
                position=basis.position,
                now=query.as_known_at or datetime.now(UTC),
                **grouping(query.by),
                from_=query.from_,
                to=query.to,
                division=query.division,
                service=query.service,
                point=query.point,
                adviser=query.adviser,
                **_narrowed(query),
            )
            rows = await fetch_async(connection, view.report(asked, **left_out))
        counted = partial(_touching, view.NAME, asked) if view is not promises else None
        return Found(answer(basis, rows), position=basis.position, touching=counted)

    return find


async def _left_out(asking: Asking, view: Any) -> dict[str, bool]:
    """Leave the promises of complaints to those who answer for a division or audit it: at points
    stand the ones complained of."""
    if view is not promises:
        return {}
    return {"of_complaints": await oversees(asking.wiring, asking.by)}


def _narrowed(query: ReportQuery | PromisesQuery) -> dict[str, str | None]:
    if isinstance(query, PromisesQuery):
        return {}
    return {"window": query.window, "officer": query.officer, "point_kind": query.point_kind}


def _touching(view: str, asked: PeriodAsked, after: int, upto: int) -> Query[Touched] | None:
    return touched(view, msgspec.structs.replace(asked, position=upto), after)


def _report(
    name: str,
    under: str,
    summary: str,
    view: Any,
    answer: Report,
    query: type[ReportQuery | PromisesQuery] = ReportQuery,
) -> Question:
    return Question(
        name=name,
        under=f"/reports/{under}",
        summary=summary,
        tag="report",
        answer=answer,
        query=query,
        find=_finder(view, answer),
    )


class ViewsFound(Struct, frozen=True):
    views: list[ViewStatus]


class NoQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """Asks about now only."""


async def _views(asking: Asking) -> Found:
    async with asking.wiring.views.connection() as connection:
        return Found(ViewsFound(await fetch_async(connection, status_query())))


QUESTIONS: Final = (
    _report("Workload", "workload", "工作量统计", workload, WorkloadReport),
    _report("ResponseTimes", "response-times", "办理时效", response_times, ResponseTimesReport),
    _report("Satisfaction", "satisfaction", "满意度", satisfaction, SatisfactionReport),
    _report("Promises", "promises", "时限兑现情况", promises, PromisesReport, PromisesQuery),
    Question(
        name="Views",
        under="/views",
        summary="各查询视图的进度和故障",
        tag="report",
        answer=ViewsFound,
        query=NoQuery,
        find=_views,
    ),
)
