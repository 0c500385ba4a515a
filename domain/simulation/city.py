"""The city as founded: rules published, points opened on real divisions, advisers registered."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Final

from msgspec import Struct

from domain.evaluation.ruleset import PublishRuleSet
from domain.registers.point import PointKind
from domain.registration.adviser_commands import RegisterAdviser
from domain.registration.calendar_commands import PublishCalendar
from domain.registration.form_commands import PublishForm
from domain.registration.point_commands import OpenPoint, PlaceDevice
from domain.registration.policy_commands import PublishPolicy
from domain.simulation import words
from domain.simulation.appointing import Planned, first_appointments
from domain.simulation.chance import Draw, happens, pick, shuffled
from domain.simulation.listing import (
    LISTING,
    SOURCE,
    Listed,
    come_and_gone,
    listed_after,
    listed_before,
)
from domain.simulation.world import Scene, SimulatedStep, World
from domain.vocabulary import Actor, Command, Service

POINTS: Final[dict[PointKind, int]] = {"center": 12, "station": 176, "room": 2829, "featured": 99}
ADVISERS: Final = 1841
ADVISERS_A_FIRM: Final = 9
ADVISERS_A_TEAM: Final = 3
FOUNDED: Final = datetime(2021, 1, 4, 1, tzinfo=UTC)
CITY_DIVISION: Final = "4401"
CALENDAR_OF_KIND: Final[dict[PointKind, int]] = {
    "station": 0,
    "center": 1,
    "room": 2,
    "featured": 2,
}
"""Which of the published calendars, in the order of their first publication."""
ADMINISTRATOR: Final = Actor(account="u-admin", role="administrator", unit=CITY_DIVISION)


class Division(Struct, frozen=True):
    """A district (6 digits), a street or town (9), a community or village (12)."""

    code: str
    name: str


def divisions_of(table: str) -> list[Division]:
    """Parse lines of `code,name` under a header."""
    return [Division(*line.split(",", 1)) for line in table.splitlines()[1:]]


def city(  # noqa: PLR0913
    draw: Draw,
    *,
    divisions: Sequence[Division],
    scale: float = 1.0,
    calendars: Iterable[PublishCalendar],
    policies: Iterable[PublishPolicy],
    forms: Iterable[PublishForm] = (),
    rulesets: Iterable[PublishRuleSet] = (),
) -> Iterator[SimulatedStep]:
    """Publish the rules, list the divisions, open the points, register the advisers, appoint them:
    in order of time.

    Rules appear when they were announced; registers in 2021, after the first calendars, and in the
    weeks after that every village gets its adviser.
    """
    scene = Scene(draw, World())
    listing = scene.apart("listing")
    published = list(calendars)
    codes = list(dict.fromkeys(one.calendar.code for one in published))
    first = [one.calendar.announced_at for one in published if one.calendar.version == 1]
    founded = max([FOUNDED, *first])
    planned = [_of_city(one.calendar.announced_at, one.calendar.code, one) for one in published]
    planned += [_of_city(_start_of(one), one.policy.code, one) for one in policies]
    planned += [_of_city(founded, one.form.code, one) for one in forms]
    planned += [_of_city(founded, one.ruleset.code, one) for one in rulesets]
    points = list(_points(draw, divisions, codes, scale))
    advisers = list(_advisers(draw, scale))
    teams = {_team(number): _firm(number) for number in range(len(advisers))}
    firms = list(dict.fromkeys(teams.values()))
    names = {one.code: one.name for one in divisions}
    planned += _listed(founded, listed_before(names, points, firms, scale))
    planned += [_of_city(founded, one.code, one) for one in points]
    planned += [
        _of_city(founded, one.code, PlaceDevice(device=f"D-{one.code}-{window}", window=window))
        for one in points
        if one.kind == "center"
        for window in words.WINDOWS
    ]
    planned += [_of_city(founded, one.code, one) for one in advisers]
    planned += _listed(founded, listed_after(points, advisers, teams))
    villages = [one.division for one in points if one.kind == "room"]
    one = advisers[0]
    planned += _listed(founded, come_and_gone(founded, villages, one.code, one.firm, scale))
    planned += first_appointments(
        draw,
        villages,
        [(one.code, one.firm) for one in advisers],
        founded,
    )
    for at, code, command, by in sorted(planned, key=lambda plan: plan.at):
        stage = listing if isinstance(command, LISTING) else scene
        yield stage.act(scene.world.stream_for(command, code), command, by, at)


def _of_city(at: datetime, code: str, command: Command) -> Planned:
    return Planned(at, code, command, ADMINISTRATOR)


def _listed(founded: datetime, entries: Iterable[Listed]) -> list[Planned]:
    return [_of_city(founded + one.after, one.code, one.command) for one in entries]


def _start_of(command: PublishPolicy) -> datetime:
    return datetime.combine(command.policy.effective_from, time(0), UTC) - timedelta(hours=8)


def _count(full: int, scale: float) -> int:
    return max(1, round(full * scale))


def _spread_over(things: Sequence[Division], count: int) -> list[Division]:
    """Pick `count` of them at even distances; from the start again when there are fewer."""
    if count > len(things):
        return [things[number % len(things)] for number in range(count)]
    return [things[number * len(things) // count] for number in range(count)]


def _points(
    draw: Draw, divisions: Sequence[Division], calendars: Sequence[str], scale: float
) -> Iterator[OpenPoint]:
    level = {digits: [one for one in divisions if len(one.code) == digits] for digits in (6, 9, 12)}
    centers = [Division(CITY_DIVISION, "广州市"), *level[6]]
    places: dict[PointKind, list[Division]] = {
        "center": centers[: _count(POINTS["center"], scale)],
        "station": _spread_over(level[9], _count(POINTS["station"], scale)),
        "room": _spread_over(level[12], _count(POINTS["room"], scale)),
        "featured": _spread_over(shuffled(draw, level[9]), _count(POINTS["featured"], scale)),
    }
    for kind, of_kind in places.items():
        offered: tuple[Service, ...] = words.FEATURED_SERVICES if kind == "featured" else ()
        for number, place in enumerate(of_kind, start=1):
            yield OpenPoint(
                code=f"{kind[0].upper()}{number:04d}",
                kind=kind,
                name=_name(draw, kind, place),
                division=place.code,
                division_source=SOURCE,
                valid_from=FOUNDED.date(),
                calendar=calendars[CALENDAR_OF_KIND[kind] % len(calendars)] if calendars else None,
                services=offered,
            )


def _name(draw: Draw, kind: PointKind, place: Division) -> str:
    match kind:
        case "center":
            return f"{place.name}公共法律服务中心"
        case "station":
            return f"{place.name}公共法律服务工作站"
        case "room":
            committee = place.name.removesuffix("居民委员会").removesuffix("村民委员会")
            return f"{committee.removesuffix('委员会')}公共法律服务工作室"
        case "featured":
            return f"{place.name}{pick(draw, words.FEATURED_NAMES)}公共法律服务点"


def _advisers(draw: Draw, scale: float) -> Iterator[RegisterAdviser]:
    for number in range(max(2, _count(ADVISERS, scale))):
        yield RegisterAdviser(
            code=f"A{number + 1:04d}",
            name=words.person_name(int(draw.random() * 600_000)),
            firm=_firm(number),
            team=_team(number) if happens(draw, 0.6) else None,
            licence=words.licence(number) if number % 4 else None,
            practising_since=words.practising_since(number) if number % 4 else None,
        )


def _firm(adviser: int) -> str:
    return f"firm-{adviser // ADVISERS_A_FIRM + 1:03d}"


def _team(adviser: int) -> str:
    return f"team-{adviser // ADVISERS_A_TEAM + 1:03d}"
