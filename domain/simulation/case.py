"""One request while it is played: where it was asked, who handles it, what time it is for it."""

from collections.abc import Generator, Iterable, Iterator
from datetime import datetime, timedelta
from typing import Final, cast
from zoneinfo import ZoneInfo

from domain.registers.point import Point
from domain.requests import rating, request
from domain.requests.request import Channel, CloseKind
from domain.simulation import words
from domain.simulation.chance import some_of
from domain.simulation.world import Scene, SimulatedStep, Stream
from domain.vocabulary import Actor, Command, Service, sibling_id
from domain.worktime.calendar import CalendarHasNoYear

A_DAY: Final = 24 * 60.0

Life = Iterator[SimulatedStep | datetime]
Handling = Generator[SimulatedStep | datetime, None, CloseKind | None]
"""Steps that return the kind of closing that is due; None when the request stays open."""


class SimulatedCase:
    """A request while it is played."""

    __slots__ = (
        "adviser",
        "at",
        "channel",
        "desk",
        "entered",
        "point",
        "rating",
        "request",
        "scene",
        "service",
    )

    def __init__(self, scene: Scene, at: datetime, point: Point, adviser: str | None) -> None:
        self.scene = scene
        self.at = at
        self.entered = at
        """Until then nothing is entered: what happens before is entered at that time."""
        self.point = point.code
        self.adviser = adviser
        """Adviser of the room; elsewhere None."""
        self.channel: Channel = words.CHANNELS[point.kind].draw(scene.draw)
        self.service: Service = scene.service(point)
        self.request = Stream(scene.new_id(at), request)
        self.rating = Stream(sibling_id(self.request.id, rating.KIND), rating)
        self.desk = staff(self, 1 + int(scene.draw.random() * 3))

    @property
    def state(self) -> request.Request:
        return cast("request.Request", self.request.state)

    @property
    def known(self) -> Point:
        return self.scene.registers.points[self.point]


def staff(case: SimulatedCase, number: int) -> Actor:
    if case.adviser is not None:
        return adviser_actor(case, case.adviser)
    return Actor(account=f"u-{case.point}-{number}", role="duty_officer", unit=case.point)


def adviser_actor(case: SimulatedCase, code: str) -> Actor:
    return Actor(account=f"u-{code}", role="adviser", unit=case.point, adviser=code)


def substitute(case: SimulatedCase) -> str | None:
    """Somebody in the register who has not left; None when nobody was found in a few tries."""
    codes, advisers = case.scene.adviser_codes, case.scene.registers.advisers
    for code in some_of(case.scene.draw, codes, min(len(codes), 8)):
        if advisers[code].active:
            return code
    return None


# --- time


def later(case: SimulatedCase, minutes: float) -> datetime:
    case.at += timedelta(seconds=int(minutes * 60))
    return case.at


def in_office(case: SimulatedCase, minutes: float) -> datetime:
    """Return the instant that many minutes of the point's service time later."""
    calendar = case.known.calendar
    if calendar is None:
        return later(case, minutes)
    hours = case.scene.registers.calendars[calendar]
    try:
        case.at = hours.instant_at(hours.minutes_at(case.at) + max(1, int(minutes)))
    except CalendarHasNoYear:
        return later(case, minutes)
    return case.at


# --- acting


def act(
    case: SimulatedCase,
    command: Command,
    by: Actor | None = None,
    *,
    beside: Iterable[Stream] = (),
) -> SimulatedStep:
    return _entered(case, case.request, command, by or case.desk, beside)


def rate(case: SimulatedCase, command: Command, by: Actor) -> SimulatedStep:
    beside = [case.request]
    if case.known.kind == "center":
        day = case.state.logged.requested_at.astimezone(ZoneInfo(case.known.zone)).date()
        beside.append(case.scene.world.roster(case.point, day))
    return _entered(case, case.rating, command, by, beside)


def _entered(
    case: SimulatedCase,
    stream: Stream,
    command: Command,
    by: Actor,
    beside: Iterable[Stream] = (),
) -> SimulatedStep:
    entered = case.entered if case.entered > case.at else None
    return case.scene.act(stream, command, by, case.at, entered=entered, beside=beside)


def supervisor(case: SimulatedCase) -> Actor:
    return Actor(account=f"v-{case.point}", role="supervisor", unit=case.point)
