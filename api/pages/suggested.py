"""Codes that a field most likely takes, with their names: units near whoever fills it in, people of
his own unit. What is not among them may be typed all the same."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Final

from api.pages.page import Visit
from api.web.acting import Route
from domain.registers.appointment import china_day
from domain.registers.point import Point

MOST: Final = 200
CITY: Final = 4
"""Digits of the division whose units are near."""
Suggested = Sequence[tuple[str, str]]


def points(visit: Visit) -> Suggested:
    near = division_of(visit)[:CITY]
    found = visit.registers.points.values()
    return [(one.code, one.name) for one in found if one.open and _lies_in(one).startswith(near)]


def organs(visit: Visit) -> Suggested:
    near = division_of(visit)[:CITY]
    found = visit.registers.organs.values()
    return [(one.code, one.name) for one in found if one.open and one.division.startswith(near)]


def colleagues(visit: Visit) -> Suggested:
    """People who have a post at the unit of whoever fills in the form."""
    today, unit = china_day(datetime.now(UTC)), visit.actor.unit
    return [
        (one.code, one.name)
        for one in visit.registers.accounts.values()
        if one.active and any(post.unit == unit for post in one.posts_on(today))
    ]


def advisers(visit: Visit) -> Suggested:
    """Advisers who have a post at the unit of whoever fills in the form."""
    today, unit, known = china_day(datetime.now(UTC)), visit.actor.unit, visit.registers.advisers
    codes = (
        post.adviser or ""
        for one in visit.registers.accounts.values()
        for post in one.posts
        if post.unit == unit and post.holds_on(today)
    )
    return [(code, known[code].name) for code in codes if code in known]


def _lies_in(point: Point) -> str:
    return point.division_on(china_day(datetime.now(UTC)))


def division_of(visit: Visit) -> str:
    """The division of a post: its unit, or where its point is today."""
    unit = "" if visit.by is None else visit.by.unit
    point = visit.registers.points.get(unit)
    if point is not None:
        return _lies_in(point)
    return unit if unit.isdecimal() else ""


FIELDS: Final[Mapping[str, tuple[Callable[[Visit], Suggested], ...]]] = {
    "agency": (organs,),
    "mediator": (colleagues,),
    "officer": (colleagues,),
    "adviser": (advisers,),
    "lawyer": (advisers,),
    "Refer.to": (organs, points),
    "TransferRequest.to": (points,),
    "HandOver.to": (colleagues,),
    "ObjectToLegalAidRefusal.to": (organs,),
}
"""Field, or `Command.field` where it takes something else, to where its codes come from."""


def suggested_for(visit: Visit, route: Route) -> Mapping[str, Suggested]:
    """List the codes for each field of a form that has some."""
    found: dict[str, Suggested] = {}
    for name in route.reads.__struct_fields__:
        of = FIELDS.get(f"{route.command.__name__}.{name}", FIELDS.get(name, ()))
        if codes := [code for one in of for code in one(visit)][:MOST]:
            found[name] = codes
    return found
