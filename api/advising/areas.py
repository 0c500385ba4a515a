"""Areas of leaders 分片包干: the list, one division's, and the rounds due and done."""

from datetime import date
from functools import partial
from typing import Annotated, Final

from msgspec import Meta, Struct

from api.advising.planning_routes import ROUTES
from api.web.finding import finds_one
from api.web.paging import Paged, begins_after, filters_of, listed
from api.web.questions import Asking, Found, Knowing, Question, reading
from domain.codes import Code, DivisionPrefix
from domain.oversight import area
from domain.oversight.area import Area, Tenure, area_stream
from projections.asking.answering import answer_async
from projections.asking.asking import Basis, fetch_async
from projections.oversight import areas as view

Quarter = Annotated[str, Meta(pattern=r"\A[12][0-9]{3}-Q[1-4]\Z")]


class AreasQuery(Paged, frozen=True, kw_only=True):
    leader: Code | None = None
    division: DivisionPrefix | None = None
    on: date | None = None


class AreasFound(Struct, frozen=True, kw_only=True):
    """By division and day."""

    basis: Basis
    rows: list[view.AreaRow]
    next_cursor: str | None


async def _many(asking: Asking) -> Found:
    query: AreasQuery = asking.query
    after = begins_after(asking, view.AreaCursor)
    async with reading(asking, view.NAME) as (connection, basis):
        page = view.page(
            filters_of(query, view.AreaFilters),
            position=basis.position,
            limit=query.limit + 1,
            after=after,
        )
        found = await fetch_async(connection, page)
    answer = partial(AreasFound, basis=basis)
    return listed(asking, found, view.cursor_of, answer, basis.position)


class AreaShown(Struct, frozen=True, kw_only=True):
    """The answer's copy of an area: who answers for the division, oldest first."""

    division: str
    tenures: tuple[Tenure, ...]


class AreaFound(Struct, frozen=True, kw_only=True):
    """An area as it stands; `version` is what If-Match wants."""

    version: int
    position: int
    allowed: list[str]
    state: AreaShown


def area_shown(state: Area) -> AreaShown:
    """Make the answer's copy of an area."""
    return AreaShown(division=state.division, tenures=state.tenures)


class RoundsQuery(Knowing, frozen=True, kw_only=True):
    period: Quarter
    division: DivisionPrefix = ""
    """A prefix; the whole city without one."""
    leader: Code | None = None


class RoundsReport(Struct, frozen=True):
    """`leaders`: the sums of each."""

    basis: Basis
    rows: list[view.AreaRound]
    leaders: list[view.LeaderRounds]


async def _rounds(asking: Asking) -> Found:
    query: RoundsQuery = asking.query
    async with reading(asking, *view.VIEWS) as (connection, basis):
        asked = view.rounds(
            division=query.division,
            quarter=query.period,
            leader=query.leader,
            position=basis.position,
        )
        rows = await answer_async(connection, asked)
    return Found(RoundsReport(basis, rows, view.by_leader(rows)), position=basis.position)


QUESTIONS: Final = (
    Question(
        name="Areas",
        under="/areas",
        summary="分片包干清单：领导、区划和起止日期",
        tag=area.KIND,
        answer=AreasFound,
        query=AreasQuery,
        find=_many,
    ),
    Question(
        name="Area",
        under="/areas/{division:str}",
        summary="一个区划的包干领导，先后列出",
        tag=area.KIND,
        answer=AreaFound,
        find=finds_one(
            area,
            AreaFound,
            area_shown,
            stream_of=lambda path: area_stream(path["division"]),
            routes=ROUTES,
        ),
    ),
    Question(
        name="Rounds",
        under="/reports/rounds",
        summary="包干领导季度督导：应督导与已督导",
        tag="report",
        answer=RoundsReport,
        query=RoundsQuery,
        find=_rounds,
    ),
)
