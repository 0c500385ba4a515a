"""A log that is founded as a simulation: its first event, by which all it says is known to be
invented, and by which it may be told with the recorded times of its own story."""

from typing import ClassVar, Final, assert_never

from msgspec import Struct

from domain.moment import Moment, not_in_future
from domain.vocabulary import Command, Event, Refused, Text, stream_id

KIND: Final = "log"
STREAM: Final = stream_id(KIND, "founded")


# --- events


class LogFoundedAsSimulation(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "log.founded_as_simulation/1"
    story: Text
    """What is played, so that it can be played again."""


EVENTS: Final = (LogFoundedAsSimulation,)

# --- commands


class FoundLogAsSimulation(Command, frozen=True, kw_only=True):
    """The database takes it as the first event of a log, and nowhere else."""

    story: Text


COMMANDS: Final = (FoundLogAsSimulation,)

# --- state


class SimulatedLog(Struct, frozen=True):
    story: str


# --- evolve


def evolve(state: SimulatedLog | None, event: LogFoundedAsSimulation) -> SimulatedLog:
    del state
    match event:
        case LogFoundedAsSimulation(story=story):
            return SimulatedLog(story)
        case _:
            assert_never(event)


# --- refusals


class StoryDiffers(Refused):
    """本日志已作为另一个模拟建立"""


# --- decide


def decide(
    state: SimulatedLog | None, command: FoundLogAsSimulation, moment: Moment
) -> list[Event]:
    not_in_future(moment)
    match command:
        case FoundLogAsSimulation(story=story):
            if state is not None and state.story != story:
                raise StoryDiffers(state.story)
            return [] if state is not None else [LogFoundedAsSimulation(story=story)]
        case _:
            assert_never(command)
