"""A stream of the working life beside the requests while it is played, and its actors."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from msgspec import Struct

from domain.aggregates import Story
from domain.simulation.world import Scene, SimulatedStep, Stream, World
from domain.vocabulary import Actor, Command
from domain.worktime.calendar import CalendarHasNoYear


class Errand:
    """One stream while it is played, and what time it is for it."""

    __slots__ = ("at", "scene", "stream")

    def __init__(self, scene: Scene, at: datetime, stream: Stream) -> None:
        self.scene = scene
        self.at = at
        self.stream = stream

    @property
    def state(self) -> Any:
        return self.stream.state

    @property
    def id(self) -> UUID:
        return self.stream.id

    def later(self, minutes: float) -> datetime:
        self.at += timedelta(seconds=int(minutes * 60))
        return self.at

    def in_office(self, minutes: float) -> datetime:
        """Return the instant that many minutes of office hours later."""
        hours = self.scene.hours
        try:
            self.at = hours.instant_at(hours.minutes_at(self.at) + max(1, int(minutes)))
        except CalendarHasNoYear:
            return self.later(minutes)
        return self.at

    def act(
        self,
        command: Command,
        by: Actor,
        *,
        entered: datetime | None = None,
        beside: Iterable[Stream] = (),
    ) -> SimulatedStep:
        return self.scene.act(self.stream, command, by, self.at, entered=entered, beside=beside)


def begun(scene: Scene, at: datetime, story: Story) -> Errand:
    """In a new stream."""
    return Errand(scene, at, Stream(scene.new_id(at), story))


class SimulatedVillage(Struct, frozen=True):
    """A village or community and the room in it."""

    code: str
    room: str

    @property
    def town(self) -> str:
        return self.code[:9]

    @property
    def district(self) -> str:
        return self.code[:6]


def villages_of(world: World) -> list[SimulatedVillage]:
    """One for each division with a room, as the rooms were opened."""
    rooms = [one for one in world.registers.points.values() if one.kind == "room"]
    by_code = {one.locations[0].division: one.code for one in reversed(rooms)}
    return [SimulatedVillage(code, room) for code, room in reversed(by_code.items())]


# --- who acts


def bureau(division: str, number: int = 1) -> Actor:
    """A supervisor of the district's or the city's bureau of justice."""
    return Actor(account=f"b-{division}-{number}", role="supervisor", unit=division)


def justice_office(town: str, number: int = 1) -> Actor:
    return Actor(account=f"j-{town}-{number}", role="supervisor", unit=town)


def committee(village: str) -> Actor:
    return Actor(account=f"k-{village}", role="committee", unit=village)


def law_firm(firm: str) -> Actor:
    return Actor(account=f"f-{firm}", role="firm", unit=firm)


def village_adviser(code: str, village: str) -> Actor:
    return Actor(account=f"u-{code}", role="adviser", unit=village, adviser=code)
