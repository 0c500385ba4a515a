"""One command against one stream: what both doors, the synchronous and the asynchronous, share."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, TypedDict, Unpack
from uuid import UUID

import msgspec
from msgspec import Struct

from domain.aggregates import AGGREGATE_BY_COMMAND, Aggregate, Story, kind_of, refuse_odd_code
from domain.moment import Moment, Registers
from domain.vocabulary import Actor, Command, Event
from ledger.log.codec import Recorded, uuid7
from ledger.log.recorder import CommandIdReused, Outcome

_encode = msgspec.json.Encoder(order="deterministic").encode


class Ask(Struct, frozen=True, kw_only=True):
    """A command with everything that surrounds it."""

    stream: UUID
    command: Command
    by: Actor
    now: datetime
    occurred_at: datetime
    command_id: UUID
    identified: bool
    """The caller chose the command id, so an earlier result may exist."""
    device: str | None = None
    correlation: UUID | None = None
    causation: UUID | None = None
    expected_version: int | None = None


class Surroundings(TypedDict, total=False):
    """What a caller may say beside the command. `occurred_at` is now unless said otherwise."""

    occurred_at: datetime | None
    command_id: UUID | None
    device: str | None
    correlation: UUID | None
    causation: UUID | None
    expected_version: int | None


class Held(Struct, frozen=True):
    """A stream as folded: the library's immutable aggregate."""

    id: UUID
    version: int
    state: Any


class Receipt(Struct, frozen=True, kw_only=True):
    """What a command did. `events` is empty where there was nothing to do, and where the command
    had been done before (`repeated`)."""

    stream: UUID
    version: int
    position: int | None
    recorded_at: datetime | None
    repeated: bool = False
    events: tuple[Event, ...] = ()


class VersionMoved(Exception):
    """事项已被他人更新，请查看最新内容后重试"""

    def __init__(self, current: int) -> None:
        super().__init__(f"the stream is at version {current}")
        self.current_version = current


class TooContended(Exception):
    """同一事项正被频繁更新，请稍后重试"""


def ask(
    stream: UUID,
    command: Command,
    *,
    by: Actor,
    now: datetime,
    **surroundings: Unpack[Surroundings],
) -> Ask:
    command_id = surroundings.get("command_id")
    return Ask(
        stream=stream,
        command=command,
        by=by,
        now=now,
        occurred_at=surroundings.get("occurred_at") or now,
        command_id=command_id or uuid7(),
        identified=command_id is not None,
        device=surroundings.get("device"),
        correlation=surroundings.get("correlation"),
        causation=surroundings.get("causation"),
        expected_version=surroundings.get("expected_version"),
    )


def aggregate_of(asked: Ask) -> Aggregate:
    return AGGREGATE_BY_COMMAND[type(asked.command)]


def project(story: Story, held: Held | None, events: Iterable[Recorded]) -> Held | None:
    """Fold a stream's events onto what is held of it; None: there is none, or it is another kind of
    thing."""
    state = held.state if held else None
    last = None
    for last in events:
        if state is None and kind_of(last.event.topic) != story.KIND:
            return None
        state = story.evolve(state, last.event)
    if last is None:
        return held
    return Held(last.originator_id, last.originator_version, state)


def decide(asked: Ask, held: Held | None, registers: Registers) -> list[Recorded]:
    """The events a command leads to, in their envelopes. Refused: a rule says no; VersionMoved:
    the caller saw an older version."""
    version = held.version if held else 0
    if asked.expected_version is not None and asked.expected_version != version:
        raise VersionMoved(version)
    moment = Moment(by=asked.by, occurred_at=asked.occurred_at, now=asked.now, registers=registers)
    if held is not None:
        refuse_odd_code(aggregate_of(asked).KIND, held.state)
    events = aggregate_of(asked).decide(held.state if held else None, asked.command, moment)
    return envelop(asked, version, events)


def envelop(asked: Ask, version: int, events: list[Event]) -> list[Recorded]:
    """Events that follow `version` of the ask's stream."""
    return [
        Recorded(
            originator_id=asked.stream,
            originator_version=version + number,
            event=event,
            event_id=uuid7(),
            command_id=asked.command_id,
            occurred_at=asked.occurred_at,
            by=asked.by,
            device=asked.device,
            correlation=asked.correlation,
            causation=asked.causation,
            command_events=len(events) if number == 1 else 0,
            command_digest=digest(asked.command) if number == 1 and asked.identified else None,
        )
        for number, event in enumerate(events, start=1)
    ]


def receipt(asked: Ask, result: Outcome, recorded: Sequence[Recorded] = ()) -> Receipt:
    """What the log says became of a command. CommandIdReused: its id is another command's."""
    repeated = result.outcome == "repeated" and asked.identified
    if result.outcome == "mismatch" or (repeated and not _answers(asked, result)):
        raise CommandIdReused(f"command {asked.command_id} was used for something else")
    return Receipt(
        stream=result.originator_id,
        version=result.originator_version,
        position=result.last_position,
        recorded_at=result.recorded_at,
        repeated=repeated,
        events=() if repeated else tuple(one.event for one in recorded),
    )


def _answers(asked: Ask, result: Outcome) -> bool:
    """A command repeated against another stream is another command, unless it created its stream:
    who sends that twice may have drawn a new id for it."""
    created = result.originator_version <= len(result.positions)
    return created or result.originator_id == asked.stream


def nothing(asked: Ask, held: Held | None) -> Receipt:
    """There was nothing to do."""
    version = held.version if held else 0
    return Receipt(stream=asked.stream, version=version, position=None, recorded_at=None)


def digest(command: Command) -> bytes:
    """16 bytes that tell two commands apart."""
    asked = type(command).__name__.encode() + _encode(command)
    return hashlib.sha256(asked).digest()[:16]
