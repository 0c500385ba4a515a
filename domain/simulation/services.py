"""The services of a period, and the life of a single request, as steps in order of time."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Final

from domain.calendar_publication import PublishCalendar
from domain.policy import PublishPolicy
from domain.simulation import words
from domain.simulation.chance import Draw, happens, pick
from domain.simulation.city import POINTS, Division, city
from domain.simulation.lives import life
from domain.simulation.schedule import Clock, Lives, Roster, birth, moment
from domain.simulation.upkeep import upkeep
from domain.simulation.world import Scene, Step, World


def services(
    draw: Draw, world: World, *, first_day: date, days: int, scale: float
) -> Iterator[Step]:
    """What happens in the city from `first_day` on, in order of time; it ends with the last day,
    in the middle of things. About 200,000 services a year at scale 1, about 5 events each."""
    scene = Scene(draw, world, day=first_day.toordinal())
    clock = Clock.of(world, first_day)
    roster = Roster(draw, world)
    lives = Lives()
    lives.begin(upkeep(scene, clock.midnight(first_day), days=days, scale=max(scale, 0.1)))
    for offset in range(days):
        day = first_day + timedelta(days=offset)
        yield from lives.until(clock.midnight(day))
        expected = scale * words.SERVICES_A_YEAR / 365 * clock.weight(day) / clock.mean_weight
        for _ in range(int(expected + draw.random())):
            lives.begin(birth(scene, roster, clock, day))
    yield from lives.until(clock.midnight(first_day + timedelta(days=days)))


TINY: Final = (
    Division("440104", "越秀区"),
    Division("440104001", "洪桥街道"),
    Division("440104001001", "三眼井社区居民委员会"),
)


def random_life(
    draw: Draw,
    *,
    calendars: Iterable[PublishCalendar],
    policies: Iterable[PublishPolicy],
    first_day: date = date(2026, 3, 2),
) -> Iterator[Step]:
    """One request in a city of one point of each kind and two advisers, where rare things happen
    often: the steps of the city first, then those of the request among changes of the city."""
    world = World()
    for step in city(draw, divisions=TINY, scale=0, calendars=calendars, policies=policies):
        world.record(step)
        yield step
    scene = Scene(draw, world, incidents=8, day=first_day.toordinal())
    clock = Clock.of(world, first_day)
    roster = Roster(draw, world)
    kind = pick(draw, list(POINTS))
    point = roster.point(draw, kind, world)
    assert point is not None
    at = moment(draw, clock, world, point, first_day, off_peak=happens(draw, 0.2))
    lives = Lives()
    lives.begin(life(scene, at, point, roster.adviser.get(point.code)))
    lives.begin(upkeep(scene, at, days=4, scale=1, at_point=point.code))
    yield from lives.until(clock.midnight(first_day + timedelta(days=300)))
