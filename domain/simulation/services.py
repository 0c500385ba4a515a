"""The services of a period, the work around them, and single lives, as steps in order of time."""

from collections.abc import Generator, Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Final, NamedTuple

from domain.registers.appointment import china_day
from domain.registers.point import Point
from domain.registration.calendar_commands import PublishCalendar
from domain.registration.form_commands import PublishForm
from domain.registration.policy_commands import PublishPolicy
from domain.simulation import words
from domain.simulation.apart.box import box
from domain.simulation.apart.leaders import areas, marks
from domain.simulation.apart.meetings import meetings
from domain.simulation.apart.planned import plans, wants
from domain.simulation.apart.receptions import receptions
from domain.simulation.apart.remedies import remedies
from domain.simulation.apart.trainings import trainings
from domain.simulation.case import Life
from domain.simulation.chance import Draw, between, happens, pick
from domain.simulation.checks import checks
from domain.simulation.city import POINTS, Division, city
from domain.simulation.complaining import complained
from domain.simulation.errand import villages_of
from domain.simulation.lives import life
from domain.simulation.reporting import own_reports, reports
from domain.simulation.schedule import Lives, Roster, SimulatedClock, birth, moment
from domain.simulation.tenures import tenures
from domain.simulation.upkeep import upkeep
from domain.simulation.visits import visits
from domain.simulation.watching import aid_watched, periods_ended, promises_watched
from domain.simulation.world import Scene, SimulatedStep, World


def services(
    draw: Draw, world: World, *, first_day: date, days: int, scale: float
) -> Iterator[SimulatedStep]:
    """Yield all steps of the city from `first_day` on, in order of time, until the last day.

    Lives may be unfinished then. At scale 1 there are about 200,000 services a year, about 5 events
    each, and beside them the work of advisers and offices with a quarter as many events;
    inspections and reports only where forms were published.
    """
    scene = Scene(draw, world, day=first_day.toordinal())
    clock = SimulatedClock.of(world, first_day)
    roster = Roster(draw, world)
    lives = Lives(scene.spawned, world.stopped)
    begins = clock.midnight(first_day)
    villages = villages_of(world)
    lives.begin(upkeep(scene, begins, days=days, scale=max(scale, 0.1)))
    lives.begin(tenures(scene, villages, begins, days=days, scale=scale))
    for duties in (visits, checks, reports):
        lives.begin(duties(scene, villages, clock, first_day=first_day, days=days))
    lives.begin(box(scene.apart("box"), clock, first_day=first_day, days=days))
    lives.begin(
        own_reports(scene.apart("own reports"), villages, clock, first_day=first_day, days=days)
    )
    for watch in (promises_watched, periods_ended):
        lives.begin(watch(scene, clock, first_day=first_day, days=days))
    apart = scene.apart("remedies")
    for rare in (remedies, promises_watched, aid_watched):
        lives.begin(rare(apart, clock, first_day=first_day, days=days))
    apart = scene.apart("meetings")
    for rare in (trainings, meetings):
        lives.begin(rare(apart, clock, first_day=first_day, days=days))
    lives.begin(receptions(scene.apart("receptions"), scene, clock, first_day=first_day, days=days))
    apart = scene.apart("offices")
    for planned in (areas, plans, wants, marks):
        lives.begin(planned(apart, villages, clock, first_day=first_day, days=days))
    for offset in range(days):
        day = first_day + timedelta(days=offset)
        yield from lives.until(clock.midnight(day))
        expected = scale * words.SERVICES_A_YEAR / 365 * clock.weight(day) / clock.mean_weight
        for _ in range(int(expected + draw.random())):
            lives.begin(birth(scene, roster, clock, day))
        for _ in range(int(scale * words.COMPLAINTS_A_YEAR / 365 + draw.random())):
            lives.begin(grievance(scene, roster, clock, day))
    yield from lives.until(clock.midnight(first_day + timedelta(days=days)))


def grievance(scene: Scene, roster: Roster, clock: SimulatedClock, day: date) -> Life:
    """A complaint of that day, about a point that serves much."""
    draw = scene.draw
    at = clock.midnight(day) + timedelta(seconds=int(between(draw, 9, 20) * 3600))
    point = roster.point(draw, words.KIND_BY_DAY.draw(draw), scene.world)
    assert point is not None
    return complained(scene, at, point, roster.adviser.get(point.code))


TINY: Final = (
    Division("440104", "越秀区"),
    Division("440104001", "洪桥街道"),
    Division("440104001001", "三眼井社区居民委员会"),
)


class Tiny(NamedTuple):
    """A city of one point of each kind and two advisers, where rare things happen often."""

    scene: Scene
    clock: SimulatedClock
    roster: Roster
    point: Point
    at: datetime


def random_life(
    draw: Draw,
    *,
    calendars: Iterable[PublishCalendar],
    policies: Iterable[PublishPolicy],
    forms: Iterable[PublishForm] = (),
    first_day: date = date(2026, 3, 2),
) -> Iterator[SimulatedStep]:
    """One request in a tiny city: the steps of the city first, then those of the request and what
    follows from them, among changes of the city."""
    tiny = yield from _tiny(draw, calendars, policies, forms, first_day)
    scene, at, point = tiny.scene, tiny.at, tiny.point
    yield from _lived(tiny, life(scene, at, point, tiny.roster.adviser.get(point.code)))


def random_complaint(
    draw: Draw,
    *,
    calendars: Iterable[PublishCalendar],
    policies: Iterable[PublishPolicy],
    forms: Iterable[PublishForm] = (),
    first_day: date = date(2026, 3, 2),
) -> Iterator[SimulatedStep]:
    """One complaint in a tiny city, like `random_life`."""
    tiny = yield from _tiny(draw, calendars, policies, forms, first_day)
    scene, at, point = tiny.scene, tiny.at, tiny.point
    earlier = complained(scene, at, point, tiny.roster.adviser.get(point.code))
    later = at + timedelta(hours=3)
    scene.spawned.append(complained(scene, later, point, tiny.roster.adviser.get(point.code)))
    yield from _lived(tiny, earlier)


def _tiny(
    draw: Draw,
    calendars: Iterable[PublishCalendar],
    policies: Iterable[PublishPolicy],
    forms: Iterable[PublishForm],
    first_day: date,
) -> Generator[SimulatedStep, None, Tiny]:
    world = World()
    founded = city(
        draw, divisions=TINY, scale=0, calendars=calendars, policies=policies, forms=forms
    )
    for step in founded:
        world.record(step)
        yield step
    scene = Scene(draw, world, incidents=8, day=first_day.toordinal())
    clock = SimulatedClock.of(world, first_day)
    roster = Roster(draw, world)
    point = roster.point(draw, pick(draw, list(POINTS)), world)
    assert point is not None
    at = moment(draw, clock, world, point, first_day, off_peak=happens(draw, 0.2))
    return Tiny(scene, clock, roster, point, at)


def _lived(tiny: Tiny, one: Life) -> Iterator[SimulatedStep]:
    lives = Lives(tiny.scene.spawned)
    lives.begin(one)
    lives.begin(upkeep(tiny.scene, tiny.at, days=4, scale=1, at_point=tiny.point.code))
    yield from lives.until(tiny.clock.midnight(china_day(tiny.at) + timedelta(days=300)))
