"""Arrivals in time and place, and the order in which lives wake."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from heapq import heappop, heappush
from typing import Final

from msgspec import Struct

from domain.registers.point import Point, PointKind
from domain.simulation import words
from domain.simulation.case import Life
from domain.simulation.chance import Draw, between, happens, shuffled
from domain.simulation.city import POINTS
from domain.simulation.lives import life
from domain.simulation.world import Scene, SimulatedStep, World
from domain.vocabulary import Refused
from domain.worktime.calendar import Calendar

POSTPONED_DAYS_MAX: Final = 10


class Lives:
    """Lives that run side by side, the next to wake first; `spawned` are taken up as they come.

    What the rules refuse ends the life that asked for it where `stopped` takes the refusals: a city
    of any size and days is told to its end.
    """

    def __init__(self, spawned: list[Life], stopped: list[Refused] | None = None) -> None:
        self._spawned = spawned
        self._stopped = stopped
        self._waiting: list[tuple[datetime, int, Life]] = []
        self._begun = 0

    def begin(self, one: Life) -> None:
        for waking in one:
            assert isinstance(waking, datetime)
            self._begun += 1
            heappush(self._waiting, (waking, self._begun, one))
            return

    def until(self, end: datetime) -> Iterator[SimulatedStep]:
        waiting = self._waiting
        while waiting and waiting[0][0] < end:
            at, number, one = heappop(waiting)
            while (done := self._next(one)) is not None:
                if isinstance(done, SimulatedStep):
                    yield done
                elif done > at:
                    heappush(waiting, (done, number, one))
                    break
            while self._spawned:
                self.begin(self._spawned.pop())

    def _next(self, one: Life) -> SimulatedStep | datetime | None:
        try:
            return next(one, None)
        except Refused as refused:
            if self._stopped is None:
                raise
            self._stopped.append(refused)
            return None


class SimulatedClock(Struct, frozen=True):
    """Load of each day by the first calendar of the city."""

    calendar: Calendar
    mean_weight: float

    @classmethod
    def of(cls, world: World, first_day: date) -> "SimulatedClock":
        calendars = world.registers.calendars
        calendar = next(newest for code, newest in calendars.items() if code == newest.code)
        january = date(first_day.year, 1, 1)
        year = [cls(calendar, 1).weight(january + timedelta(days=day)) for day in range(365)]
        return cls(calendar, sum(year) / 365)

    def midnight(self, day: date) -> datetime:
        return self.calendar.at(day, 0)

    def working_day(self, day: date) -> date:
        """The day itself, or the next one that is worked; the day itself in a very long holiday."""
        for later in range(POSTPONED_DAYS_MAX):
            if self.calendar.is_working(day + timedelta(days=later)):
                return day + timedelta(days=later)
        return day

    def weight(self, day: date) -> float:
        what = self.calendar.day(day)
        if what.working:
            makeup = what.kind == "makeup"
            return words.MAKEUP_WEIGHT if makeup else words.WEEKDAY_WEIGHT[day.weekday()]
        weekend = words.WEEKDAY_WEIGHT[day.weekday()]
        return weekend if what.kind == "rest_day" else words.DAY_OFF_WEIGHT


class Roster:
    """Points by how busy they are, and the adviser of each room."""

    def __init__(self, draw: Draw, world: World) -> None:
        self.points: dict[PointKind, list[str]] = {kind: [] for kind in POINTS}
        for point in world.registers.points.values():
            self.points[point.kind].append(point.code)
        advisers = list(world.registers.advisers)
        rooms = self.points["room"]
        self.adviser = {
            room: advisers[number * len(advisers) // len(rooms)]
            for number, room in enumerate(rooms)
            if advisers
        }
        self.points = {kind: shuffled(draw, codes) for kind, codes in self.points.items()}

    def point(self, draw: Draw, kind: PointKind, world: World) -> Point | None:
        codes = self.points[kind]
        if not codes:
            return None
        return world.registers.points[codes[int(len(codes) * draw.random() ** 1.5)]]


def birth(scene: Scene, roster: Roster, clock: SimulatedClock, day: date) -> Life:
    draw, world = scene.draw, scene.world
    off_peak = not clock.calendar.is_working(day) or happens(draw, words.NIGHT_SHARE)
    kind = (words.KIND_OFF_PEAK if off_peak else words.KIND_BY_DAY).draw(draw)
    point = roster.point(draw, kind, world)
    if point is None:
        return iter(())
    at = moment(draw, clock, world, point, day, off_peak=off_peak)
    return life(scene, at, point, roster.adviser.get(point.code))


def moment(
    draw: Draw, clock: SimulatedClock, world: World, point: Point, day: date, *, off_peak: bool
) -> datetime:
    """In the point's service periods, more in the morning; off-peak: by day on a day off, at
    night otherwise."""
    periods = world.registers.calendars[point.calendar].periods(day) if point.calendar else ()
    if off_peak or not periods:
        low, high = (18 * 60, 22 * 60) if clock.calendar.is_working(day) else (9 * 60, 21 * 60)
    else:
        period = periods[0 if not happens(draw, 0.42) else -1]
        low, high = period.start_minute, period.end_minute
    return clock.midnight(day) + timedelta(seconds=int(between(draw, low, high) * 60))
