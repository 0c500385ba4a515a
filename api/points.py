"""Service points: the list, and one of them."""

from typing import Annotated, Final

from msgspec import Meta, Struct

from api.log import held
from api.questions import Asking, Found, Knowing, Question
from api.registers import known
from domain import point
from domain.point import Point, PointKind
from domain.vocabulary import stream_id

LIMIT_MAX: Final = 200


class PointFound(Struct, frozen=True, kw_only=True):
    """A point as it stands; `version` is what If-Match wants."""

    version: int
    position: int
    state: Point


class PointsQuery(Knowing, frozen=True, kw_only=True):
    kind: PointKind | None = None
    division: Annotated[str, Meta(pattern=r"^[0-9]{1,12}$")] | None = None
    """A prefix of the division code where the point is now."""
    open: bool | None = None
    limit: Annotated[int, Meta(ge=1, le=LIMIT_MAX)] = 50
    cursor: Annotated[str, Meta(min_length=1, max_length=500)] | None = None


class PointsFound(Struct, frozen=True, kw_only=True):
    """By code."""

    position: int
    rows: list[Point]
    next_cursor: str | None


async def _one(asking: Asking) -> Found:
    found, position = await held(asking, point, stream_id(point.KIND, asking.path["code"]))
    body = PointFound(version=found.version, position=position, state=found.state)
    return Found(body, version=found.version, position=position)


async def _many(asking: Asking) -> Found:
    query: PointsQuery = asking.query
    question = f"points {query.kind} {query.division} {query.open} {query.as_known_at}"
    cursors = asking.wiring.cursors
    after = cursors.place(question, query.cursor, str) if query.cursor else ""
    registers, position = await known(asking)
    found = [
        registers.points[code]
        for code in sorted(registers.points)
        if code > after and _fits(registers.points[code], query)
    ]
    rows = found[: query.limit]
    mark = cursors.mark(question, rows[-1].code) if len(found) > len(rows) else None
    return Found(
        PointsFound(position=position, rows=rows, next_cursor=mark),
        position=position,
        next_page=asking.next_url(mark) if mark else None,
    )


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
