"""Decision of a command against one stream: the steps shared by the sync and the async ledger."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any, Final, TypedDict, Unpack
from uuid import UUID

import msgspec
from msgspec import Struct, structs

from domain.aggregates import (
    AGGREGATE,
    AGGREGATE_BY_COMMAND,
    FOUND_BY_THE_CLOCK,
    Aggregate,
    Story,
    kind_of,
    refuse_odd_code,
)
from domain.moment import Moment, Registers
from domain.vocabulary import Actor, Command, Event, refuse_unbounded
from ledger.log.codec import Recorded, uuid7
from ledger.log.recorder import NOTHING_SEEN, CommandIdReused, Outcome, Versions

_encode = msgspec.json.Encoder(order="deterministic").encode
NAMED: Final = 5
"""Version of the ids that are made from a name."""


class Ask(Struct, frozen=True, kw_only=True):
    """A command with its envelope."""

    stream: UUID
    command: Command
    by: Actor
    now: datetime
    occurred_at: datetime
    told_when: bool
    """Whether the caller said when it happened, and did not leave it at now."""
    command_id: UUID
    identified: bool
    """Whether the caller chose the command id, so that an earlier result may exist."""
    late_reason: str | None = None
    """Why it is entered late; kept where it is."""
    device: str | None = None
    correlation: UUID | None = None
    causation: UUID | None = None
    expected_version: int | None = None


class Surroundings(TypedDict, total=False):
    """Optional parts of the envelope that a caller may give; `occurred_at` defaults to now."""

    occurred_at: datetime | None
    late_reason: str | None
    command_id: UUID | None
    device: str | None
    correlation: UUID | None
    causation: UUID | None
    expected_version: int | None


class Held(Struct, frozen=True):
    """A folded stream: the library's immutable aggregate."""

    id: UUID
    version: int
    state: Any
    last_step_at: datetime | None = None
    """When the last of its events happened."""


class Receipt(Struct, frozen=True, kw_only=True):
    """The result of a command."""

    stream: UUID
    version: int
    position: int | None
    recorded_at: datetime | None
    repeated: bool = False
    """Whether an earlier command with the same id and digest was answered."""
    events: tuple[Event, ...] = ()
    """Events written now to the stream; empty if there was nothing to do, or if the command was
    repeated."""


Others = Mapping[UUID, Held | None]
"""The streams that a decision reads beside its own, folded; None where nothing stands."""
NOTHING: Final[Others] = MappingProxyType({})


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
    occurred_at = surroundings.get("occurred_at")
    return Ask(
        stream=stream,
        command=command,
        by=by,
        now=now,
        occurred_at=occurred_at or now,
        told_when=occurred_at is not None,
        late_reason=surroundings.get("late_reason"),
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
    """Fold events onto the held state; None when the stream is empty or of another aggregate."""
    state, last_step_at = (held.state, held.last_step_at) if held else (None, None)
    last = None
    for last in events:
        if state is None and kind_of(last.event.topic) != story.KIND:
            return None
        state = story.evolve(state, last.event)
        at = last.occurred_at
        if (last_step_at is None or at > last_step_at) and not isinstance(
            last.event, FOUND_BY_THE_CLOCK
        ):
            last_step_at = at
    if last is None:
        return held
    return Held(last.originator_id, last.originator_version, state, last_step_at)


def moment_of(asked: Ask, held: Held | None, registers: Registers) -> Moment:
    moment = Moment(
        by=asked.by,
        occurred_at=asked.occurred_at,
        now=asked.now,
        registers=registers,
        last_step_at=held.last_step_at if held else None,
        stream=asked.stream,
    )
    if moment.is_late(asked.occurred_at):
        return structs.replace(moment, late_reason=asked.late_reason)
    return moment


def read_beside(asked: Ask, held: Held | None, registers: Registers) -> frozenset[UUID]:
    """Return the other streams that the decision reads; of nearly every command there are none."""
    beside = aggregate_of(asked).beside
    if beside is None or type(asked.command) not in beside.commands:
        return frozenset()
    moment = moment_of(asked, held, registers)
    return frozenset(beside.reads(held.state if held else None, asked.command, moment))


def project_any(events: Iterable[Recorded]) -> Held | None:
    """Fold a stream of whatever aggregate; None when it is empty."""
    told = list(events)
    return project(AGGREGATE[kind_of(told[0].event.topic)], None, told) if told else None


def decide(
    asked: Ask, held: Held | None, registers: Registers, others: Others = NOTHING
) -> list[Recorded]:
    """Return the events a command leads to, in their envelopes: those of other streams first.

    Raises: Refused — when a rule forbids the command. VersionMoved — when the caller saw an older
    version.
    """
    version = held.version if held else 0
    state = held.state if held else None
    if asked.expected_version is not None and asked.expected_version != version:
        raise VersionMoved(version)
    refuse_unbounded(asked.command)
    refuse_unbounded(asked.occurred_at, "occurred_at")
    aggregate, moment = aggregate_of(asked), moment_of(asked, held, registers)
    if others:
        beside = {stream: one.state for stream, one in others.items() if one is not None}
        moment = structs.replace(moment, beside=beside)
    if held is not None:
        refuse_odd_code(aggregate.KIND, held.state)
    events = aggregate.decide(state, asked.command, moment)
    besides = aggregate.beside
    if not events or besides is None or type(asked.command) not in besides.commands:
        return envelop(asked, version, events, late_reason=moment.late_reason)
    versions = {stream: one.version if one else 0 for stream, one in others.items()}
    placed: list[tuple[UUID, int, Event]] = []
    for stream, event in besides.writes(state, events, moment):
        versions[stream] += 1
        placed.append((stream, versions[stream], event))
    own = [(asked.stream, version + number, event) for number, event in enumerate(events, start=1)]
    return _enveloped(asked, placed + own, moment.late_reason)


def only_read(others: Others, recorded: Sequence[Recorded]) -> Versions:
    """Return the versions of what the decision read and does not write to, for the log to check
    beside the streams that it writes to."""
    if not others:
        return NOTHING_SEEN
    written = {one.originator_id for one in recorded}
    return {id_: one.version if one else 0 for id_, one in others.items() if id_ not in written}


def envelop(
    asked: Ask, version: int, events: list[Event], *, late_reason: str | None = None
) -> list[Recorded]:
    """Wrap events that follow `version` of the stream in the envelope of the command."""
    own = [(asked.stream, version + number, event) for number, event in enumerate(events, start=1)]
    return _enveloped(asked, own, late_reason)


def _enveloped(
    asked: Ask, placed: list[tuple[UUID, int, Event]], late_reason: str | None
) -> list[Recorded]:
    return [
        Recorded(
            originator_id=stream,
            originator_version=version,
            event=event,
            event_id=uuid7(),
            command_id=asked.command_id,
            occurred_at=asked.occurred_at,
            by=asked.by,
            device=asked.device,
            correlation=asked.correlation,
            causation=asked.causation,
            late_reason=late_reason,
            command_events=len(placed) if number == 1 else 0,
            command_digest=digest(asked) if number == 1 and asked.identified else None,
        )
        for number, (stream, version, event) in enumerate(placed, start=1)
    ]


def receipt(asked: Ask, result: Outcome, recorded: Sequence[Recorded] = ()) -> Receipt:
    """Build the receipt from the outcome in the log.

    Raises: CommandIdReused — when the id belongs to another command.
    """
    repeated = result.outcome == "repeated" and asked.identified
    if result.outcome == "mismatch" or (repeated and not _answers(asked, result)):
        raise CommandIdReused(f"command {asked.command_id} was used for something else")
    return Receipt(
        stream=result.originator_id,
        version=result.originator_version,
        position=result.last_position,
        recorded_at=result.recorded_at,
        repeated=repeated,
        events=()
        if repeated
        else tuple(one.event for one in recorded if one.originator_id == asked.stream),
    )


def _answers(asked: Ask, result: Outcome) -> bool:
    """Return whether the earlier result may be returned.

    It may for the same stream, and for a command that created a stream with a fresh id: the
    client's retry then carries another one. An id made from a name (RFC 9562 version 5) is no fresh
    one.
    """
    created = result.originator_version <= len(result.positions)
    fresh = NAMED not in (asked.stream.version, result.originator_id.version)
    return result.originator_id == asked.stream or (created and fresh)


def nothing(asked: Ask, held: Held | None) -> Receipt:
    """Build the receipt of a command that changed nothing."""
    version = held.version if held else 0
    return Receipt(stream=asked.stream, version=version, position=None, recorded_at=None)


def digest(asked: Ask) -> bytes:
    """Return the first 16 bytes of SHA-256 over the whole call: the command's name and body, and
    when it happened and why it is entered late where the caller said so.

    A reused command id is detected by it.
    """
    if not asked.told_when and asked.late_reason is None:
        return _digest(asked.command)
    when = asked.occurred_at.astimezone(UTC).isoformat() if asked.told_when else None
    return _digest(asked.command, _encode([when, asked.late_reason]))


def earlier_digest(asked: Ask) -> bytes | None:
    """Return the digest that older programs wrote for the same call, which left out when it
    happened; it answers only what happened at the same time."""
    return _digest(asked.command) if asked.told_when else None


def named(asked: Ask) -> dict[str, Any]:
    """Return the parameters of `RESULT_OF_COMMAND`."""
    return {
        "command_id": asked.command_id,
        "digest": digest(asked),
        "earlier_digest": earlier_digest(asked),
        "occurred_at": asked.occurred_at,
    }


def _digest(command: Command, more: bytes = b"") -> bytes:
    said = type(command).__name__.encode() + _encode(command) + more
    return hashlib.sha256(said).digest()[:16]
