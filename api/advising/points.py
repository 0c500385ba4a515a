"""Service points: the list, and one of them."""

from datetime import datetime
from typing import ClassVar, Final
from uuid import UUID

from msgspec import Struct

from api.advising.registers import page_of
from api.web.finding import finds_one
from api.web.paging import Paged
from api.web.questions import Asking, Found, Question
from domain.codes import DivisionPrefix
from domain.registers import point
from domain.registers.point import Location, Point, PointKind
from domain.vocabulary import Service, stream_id


class PointShown(Struct, frozen=True, kw_only=True):
    """The answer's copy of a point: clients rely on it, so deciders may change their state."""

    KEY: ClassVar = ("code",)
    code: str
    kind: PointKind
    name: str
    locations: tuple[Location, ...]
    calendar: str | None
    zone: str
    services: tuple[Service, ...]
    closed_at: datetime | None
    devices: dict[str, str]
    """Rating device → the window it stands at."""
    windows: tuple[str, ...]
    address: str | None
    phone: str | None
    """For everybody to call."""

    def streams(self) -> list[UUID]:
        return [stream_id(point.KIND, self.code)]


def point_shown(state: Point) -> PointShown:
    """Make the answer's copy of a point."""
    return PointShown(
        code=state.code,
        kind=state.kind,
        name=state.name,
        locations=state.locations,
        calendar=state.calendar,
        zone=state.zone,
        services=state.services,
        closed_at=state.closed_at,
        devices=dict(state.devices),
        windows=state.windows,
        address=state.address,
        phone=state.phone,
    )


class PointFound(Struct, frozen=True, kw_only=True):
    """A point as it stands; `version` is what If-Match wants."""

    version: int
    position: int
    state: PointShown


class PointsQuery(Paged, frozen=True, kw_only=True):
    kind: PointKind | None = None
    division: DivisionPrefix | None = None
    """A prefix of the division code where the point is now."""
    open: bool | None = None
    service: Service | None = None
    """That it offers; a point that names no services offers all."""


class PointsFound(Struct, frozen=True, kw_only=True):
    """By code."""

    position: int
    rows: list[PointShown]
    next_cursor: str | None


async def _many(asking: Asking) -> Found:
    query: PointsQuery = asking.query
    return await page_of(
        asking,
        point,
        lambda registers: registers.points,
        lambda one: _fits(one, query),
        PointsFound,
        shown=point_shown,
    )


def _fits(state: Point, query: PointsQuery) -> bool:
    return (
        (query.kind is None or state.kind == query.kind)
        and (query.open is None or state.open == query.open)
        and state.locations[-1].division.startswith(query.division or "")
        and (query.service is None or state.offers(query.service))
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
        find=finds_one(point, PointFound, point_shown),
    ),
)
