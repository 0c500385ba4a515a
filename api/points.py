"""Service points: the list, and one of them."""

from functools import partial
from typing import Final

from msgspec import Struct

from api.log import held
from api.paging import Paged, begins_after, listed
from api.questions import Asking, Found, Question
from api.registers import known
from domain import point
from domain.codes import DivisionPrefix
from domain.point import Point, PointKind
from domain.vocabulary import stream_id


class PointFound(Struct, frozen=True, kw_only=True):
    """A point as it stands; `version` is what If-Match wants."""

    version: int
    position: int
    state: Point


class PointsQuery(Paged, frozen=True, kw_only=True):
    kind: PointKind | None = None
    division: DivisionPrefix | None = None
    """A prefix of the division code where the point is now."""
    open: bool | None = None


class PointsFound(Struct, frozen=True, kw_only=True):
    """By code."""

    position: int
    rows: list[Point]
    next_cursor: str | None


async def _one(asking: Asking) -> Found:
    stream = stream_id(point.KIND, asking.path["code"])
    found, position = await held(asking, point, stream)
    body = PointFound(version=found.version, position=position, state=found.state)
    return Found(body, version=found.version, position=position, stream=stream)


async def _many(asking: Asking) -> Found:
    query: PointsQuery = asking.query
    after = begins_after(asking, str) or ""
    registers, position = await known(asking)
    found = [
        one for code, one in sorted(registers.points.items()) if code > after and _fits(one, query)
    ]
    answer = partial(PointsFound, position=position)
    return listed(asking, found, lambda one: one.code, answer, position)


def _fits(state: Point, query: PointsQuery) -> bool:
    return (
        (query.kind is None or state.kind == query.kind)
        and (query.open is None or state.open == query.open)
        and state.locations[-1].division.startswith(query.division or "")
    )


QUESTIONS: Final = (
    Question(
        name="Points",
        under="/points",
        summary="服务点清单",
        tag=point.KIND,
        answer=PointsFound,
        query=PointsQuery,
        find=_many,
    ),
    Question(
        name="Point",
        under="/points/{code:str}",
        summary="一个服务点",
        tag=point.KIND,
        answer=PointFound,
        find=_one,
    ),
)
