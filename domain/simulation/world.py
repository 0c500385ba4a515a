"""The stage of the simulation: streams with their states, moved only by the real deciders."""

from collections import deque
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from msgspec import Struct, structs

from domain.aggregates import AGGREGATE_BY_COMMAND, ALL, REFERENCE, Story
from domain.moment import KnownRegisters, Moment
from domain.registers.point import Point
from domain.registers.policy import LIMITS_POLICY, Policy
from domain.requests import roster
from domain.simulation import words
from domain.simulation.chance import Draw, Named, pick
from domain.vocabulary import Actor, Command, Event, Refused, Service, stream_id
from domain.worktime.calendar import Calendar

_REFERENCE_BY_KIND: Final = {one.KIND: one for one in REFERENCE}
_BY_KIND: Final = {one.KIND: one for one in ALL}


class SimulatedStep(Struct, frozen=True):
    """One command, decided: `version` is that of its first event in the stream, from 1 on."""

    stream: UUID
    kind: str
    command: Command
    events: tuple[Event, ...]
    version: int
    by: Actor
    occurred_at: datetime
    command_id: UUID
    entered_at: datetime | None = None
    """Where it was entered later than it happened."""
    late_reason: str | None = None
    """Where that was later than the entry allowance, and the command itself does not say why."""
    at_once: bool = False
    """On record as soon as it was entered."""

    @property
    def now(self) -> datetime:
        """When it was decided."""
        return self.entered_at or self.occurred_at


class Stream:
    """One stream as far as it is written."""

    __slots__ = ("entered_at", "id", "last_step_at", "state", "story", "version")

    def __init__(self, id_: UUID, story: Story) -> None:
        self.id = id_
        self.story = story
        self.state: Any = None
        self.version = 0
        self.last_step_at: datetime | None = None
        self.entered_at: datetime | None = None
        """When its last step was entered."""

    def take(self, events: Iterable[Event]) -> None:
        for event in events:
            self.state = self.story.evolve(self.state, event)
            self.version += 1


class World:
    """Reference facts as known now. Feed it the steps of `city`, then give it to `services`."""

    def __init__(self) -> None:
        self._known = KnownRegisters()
        self._streams: dict[UUID, Stream] = {}
        self.position = 0
        """How many events there are: the position of the last one in a log of nothing else."""
        self.rules = ""
        """`code@version` of the newest rules of services."""
        self.registers = self._known.registers
        self.stopped: list[Refused] = []
        """What the rules refused to lives, and so ended them."""

    def stream(self, kind: str, code: str) -> Stream:
        id_ = stream_id(kind, code)
        if id_ not in self._streams:
            self._streams[id_] = Stream(id_, _BY_KIND[kind])
        return self._streams[id_]

    def roster(self, point: str, day: date) -> Stream:
        return self.stream(roster.KIND, f"{point}:{day}")

    def stream_for(self, command: Command, code: str) -> Stream:
        return self.stream(AGGREGATE_BY_COMMAND[type(command)].KIND, code)

    def record(self, step: SimulatedStep) -> None:
        """Fold a step decided elsewhere; of casework only the events are counted."""
        self.position += len(step.events)
        if step.kind in _REFERENCE_BY_KIND:
            if step.stream not in self._streams:
                self._streams[step.stream] = Stream(step.stream, _REFERENCE_BY_KIND[step.kind])
            stream = self._streams[step.stream]
            stream.take(step.events)
            self.keep(stream.state)

    def keep(self, state: object) -> None:
        self._known.keep(state)
        if isinstance(state, Policy) and state.versions[-1].code == LIMITS_POLICY:
            self.rules = state.versions[-1].ref


def world_of(steps: Iterable[SimulatedStep]) -> World:
    world = World()
    for step in steps:
        world.record(step)
    return world


class Scene:
    """A world with chance: what every simulated life acts through."""

    def __init__(self, draw: Draw, world: World, *, incidents: float = 1.0, day: int = 0) -> None:
        self.draw = draw
        self.world = world
        self.registers = world.registers
        self.incidents = incidents
        """How many times more often than in the city rare things happen."""
        self.recent: deque[Stream] = deque(maxlen=64)
        self.watched: dict[UUID, Stream] = {}
        """What has promises that may still be missed."""
        self.complaints: deque[Stream] = deque(maxlen=32)
        """The last ones."""
        self.granted: dict[UUID, Stream] = {}
        """Requests with a legal-aid promise that may still be missed, closed or not."""
        self.told: dict[UUID, Stream] = {}
        """What was told of the promises of each thing, by that thing."""
        self.spawned: list[Iterator[SimulatedStep | datetime]] = []
        """Lives that began within others and wait to be taken up."""
        self.point_codes = list(world.registers.points)
        self.adviser_codes = list(world.registers.advisers)
        self._run = (
            (0x7 << 76) | (draw.getrandbits(12) << 64) | (0x2 << 62)
            | (draw.getrandbits(18) << 44) | (day << 24)
        )  # fmt: skip
        self._drawn = 0
        self._at_once = False

    def apart(self, name: str) -> "Scene":
        """Return a scene of the same city whose lives move no other life: it draws from a source of
        its own, made of this one's beginning and a name."""
        scene = Scene(Named(f"{self._run:x}:{name}"), self.world)
        scene.granted, scene.told, scene.spawned = self.granted, self.told, self.spawned
        scene._at_once = True
        return scene

    @property
    def hours(self) -> Calendar:
        """Office hours: the first calendar of the city, in its newest version."""
        calendars = self.registers.calendars
        return next(newest for code, newest in calendars.items() if code == newest.code)

    def happens(self, probability: float) -> bool:
        return self.draw.random() >= 1.0 - min(probability * self.incidents, 0.5)

    def service(self, point: Point) -> Service:
        """Draw a service by the mix of the point's kind; evenly if incidents are many."""
        if self.incidents > 1:
            return pick(self.draw, point.services or words.EVERY_SERVICE)
        return words.SERVICES[point.kind].draw(self.draw)

    def new_id(self, at: datetime) -> UUID:
        """A UUIDv7 of simulated time; its end is a running number, so a seed never meets itself."""
        self._drawn += 1
        milliseconds = int(at.timestamp() * 1000)
        return UUID(int=(milliseconds << 80) | self._run | (self._drawn & 0xFFFFFF))

    def act(
        self,
        stream: Stream,
        command: Command,
        by: Actor,
        at: datetime,
        *,
        entered: datetime | None = None,
        beside: Iterable[Stream] = (),
    ) -> SimulatedStep:
        """Decide and evolve. A refusal, or a command without effect, is a fault of ours.

        beside: other streams that the decision reads
        """
        moment = Moment(
            by=by,
            occurred_at=at,
            now=entered or at,
            registers=self.registers,
            last_step_at=stream.last_step_at,
            stream=stream.id,
            beside={one.id: one.state for one in beside if one.version},
        )
        if moment.is_late(at) and getattr(command, "late_reason", None) is None:
            moment = structs.replace(moment, late_reason=words.late_reason(stream.id))
        events = tuple(AGGREGATE_BY_COMMAND[type(command)].decide(stream.state, command, moment))
        assert events, command
        version = stream.version + 1
        stream.take(events)
        stream.last_step_at = max(at, stream.last_step_at or at)
        stream.entered_at = moment.now
        self.world.position += len(events)
        kind = stream.story.KIND
        if kind in _REFERENCE_BY_KIND:
            self.world.keep(stream.state)
        told = moment.late_reason
        return SimulatedStep(
            stream.id,
            kind,
            command,
            events,
            version,
            by,
            at,
            self.new_id(at),
            entered,
            told,
            self._at_once,
        )
