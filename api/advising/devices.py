"""Rating devices 服务评价器: where each stands. A device is placed at a window of a point, and its
history is that of the point."""

from collections.abc import Iterator
from functools import partial
from typing import ClassVar, Final
from uuid import UUID

from msgspec import Struct

from api.advising.registers import known
from api.web.paging import Paged, begins_after, listed
from api.web.problems import Problem
from api.web.questions import Asking, Found, Question
from domain.codes import Code, DivisionPrefix
from domain.moment import Registers
from domain.registers import point
from domain.vocabulary import stream_id


class DeviceShown(Struct, frozen=True, kw_only=True):
    KEY: ClassVar = ("device",)
    device: str
    point: str
    point_name: str
    division: str
    window: str

    def streams(self) -> list[UUID]:
        return [stream_id(point.KIND, self.point)]


class DeviceFound(Struct, frozen=True, kw_only=True):
    """Where a device stands."""

    position: int
    state: DeviceShown


class DevicesQuery(Paged, frozen=True, kw_only=True):
    point: Code | None = None
    window: Code | None = None
    division: DivisionPrefix | None = None
    """A prefix of the division code where the point is now."""


class DevicesFound(Struct, frozen=True, kw_only=True):
    """By device."""

    position: int
    rows: list[DeviceShown]
    next_cursor: str | None


def _placed(registers: Registers) -> Iterator[DeviceShown]:
    for one in registers.points.values():
        for device, window in one.devices.items():
            yield DeviceShown(
                device=device,
                point=one.code,
                point_name=one.name,
                division=one.locations[-1].division,
                window=window,
            )


async def _one(asking: Asking) -> Found:
    registers, position = await known(asking, point)
    for one in _placed(registers):
        if one.device == asking.path["code"]:
            return Found(DeviceFound(position=position, state=one), position=position)
    raise Problem("not-found")


async def _many(asking: Asking) -> Found:
    query: DevicesQuery = asking.query
    after = begins_after(asking, str) or ""
    registers, position = await known(asking, point)
    found = sorted(
        (one for one in _placed(registers) if one.device > after and _fits(one, query)),
        key=lambda one: one.device,
    )
    answer = partial(DevicesFound, position=position)
    return listed(asking, found, lambda one: one.device, answer, position)


def _fits(one: DeviceShown, query: DevicesQuery) -> bool:
    return (
        (query.point is None or one.point == query.point)
        and (query.window is None or one.window == query.window)
        and one.division.startswith(query.division or "")
    )


QUESTIONS: Final = (
    Question(
        name="Devices",
        under="/devices",
        summary="服务评价器清单",
        tag=point.KIND,
        answer=DevicesFound,
        query=DevicesQuery,
        find=_many,
    ),
    Question(
        name="Device",
        under="/devices/{code:str}",
        summary="一台服务评价器的位置",
        tag=point.KIND,
        answer=DeviceFound,
        find=_one,
    ),
)
