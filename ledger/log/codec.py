"""Codec between domain events and stored bytes: the library's Mapper over msgspec.

The stored state is JSON that can be read in psql: an envelope (account, role, unit, correlation)
and the payload under `data`. Ids and times, which the log sorts and checks by, have columns of
their own.
"""

import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar, cast
from uuid import UUID

import msgspec
from eventsourcing.domain import DomainEventProtocol
from eventsourcing.persistence import JSONTranscoder, Mapper, Notification, StoredEvent
from msgspec import Struct

from domain.aggregates import EVENTS_BY_TOPIC
from domain.roles import WRITTEN
from domain.vocabulary import Actor, Event, Refused, faults_of_codes, id_of
from ledger.log import tolerant

T = TypeVar("T")


class Recorded(Struct, frozen=True, kw_only=True):
    """An event with its envelope."""

    originator_id: UUID
    originator_version: int
    event: Event
    event_id: UUID
    command_id: UUID
    occurred_at: datetime
    by: Actor
    device: str | None = None
    correlation: UUID | None = None
    causation: UUID | None = None
    late_reason: str | None = None
    """Given where it was entered later than the entry allowance after it happened."""
    command_events: int = 0
    """Number of events the command wrote; given on its first event, 0 on the others."""
    command_digest: bytes | None = None
    position: int | None = None
    """None until the event is in the log, as is `recorded_at`."""
    recorded_at: datetime | None = None

    @property
    def late(self) -> bool:
        """Return whether it was entered late: the reason is in the envelope or, of what opens a
        thing, in the event."""
        return self.late_reason is not None or (
            getattr(self.event, "late_reason", None) is not None
        )


class Entry(Struct, Generic[T], frozen=True, kw_only=True, omit_defaults=True):
    """The stored state: envelope and payload."""

    by: Actor
    data: T
    device: str | None = None
    correlation: UUID | None = None
    causation: UUID | None = None
    late_reason: str | None = None


@cache
def _entry_of(event: type[Event]) -> Any:
    """Return the entry type of an event: one object for ever, as msgspec keeps its description
    there. `typing` keeps the newest 128 only, and threads would describe the others anew."""
    return Entry[event]  # type: ignore[valid-type]


@dataclass(frozen=True, eq=False)
class LogColumns:
    """Columns of the log beside the four of the library."""

    event_id: UUID | None = None
    command_id: UUID | None = None
    command_events: int = 0
    command_digest: bytes | None = None
    occurred_at: datetime | None = None
    position: int | None = None
    recorded_at: datetime | None = None

    def __eq__(self, other: object) -> bool:
        """Compare by content with any stored event, as the library does."""
        return (
            isinstance(self, StoredEvent)
            and isinstance(other, StoredEvent)
            and _content(self) == _content(other)
        )

    def __hash__(self) -> int:
        assert isinstance(self, StoredEvent)
        return hash(_content(self))


@dataclass(frozen=True, eq=False)
class LedgerEvent(LogColumns, StoredEvent):
    """A stored event of the library with the columns of the log."""

    if not TYPE_CHECKING:

        def __init__(self, **columns: Any) -> None:
            # A frozen dataclass sets one after the other, through `object`: that takes thrice.
            self.__dict__.update(columns)


@dataclass(frozen=True, eq=False)
class LedgerNotification(LogColumns, Notification):
    """A notification of the library with the columns of the log; `id` is the position."""


def _content(stored: StoredEvent) -> tuple[Any, ...]:
    return stored.originator_id, stored.originator_version, stored.topic, stored.state


class TopicUnknown(Exception):
    """No event of this program has the topic: it was written by a newer one, or is corrupted."""


UNREADABLE: Final = (TopicUnknown, msgspec.MsgspecError, ValueError)
"""What decoding a stored event raises when it cannot be read."""


class NotReadableAgain(Refused):
    """填写的内容存下后将无法读出，没有写入；请改正后重试"""


class RecordUnreadable(Refused):
    """这个对象有一条记录无法读出，暂时不能查看和办理；请系统管理员运行 anjuan doctor"""


Upcast = Callable[[dict[str, Any]], dict[str, Any]]
UPCASTS: Final[Mapping[str, tuple[str, Upcast]]] = {}
"""Retired topic → (topic that replaced it, pure function on the decoded payload)."""


class _By(Struct):
    by: dict[str, Any]


_actor_of: Final = msgspec.json.Decoder(_By).decode


class LedgerMapper(Mapper[UUID]):
    """Encodes and decodes `Recorded`; the topic is the stable name of the event."""

    def __init__(self, upcasts: Mapping[str, tuple[str, Upcast]] = UPCASTS) -> None:
        super().__init__(JSONTranscoder())
        self._encode = msgspec.json.Encoder().encode
        self._upcasts = upcasts
        self._decoder = lru_cache(maxsize=None)(self._decoder_of)

    def to_stored_event(self, domain_event: DomainEventProtocol[UUID]) -> LedgerEvent:
        recorded = cast("Recorded", domain_event)
        return LedgerEvent(
            originator_id=recorded.originator_id,
            originator_version=recorded.originator_version,
            topic=recorded.event.topic,
            state=self.state_of(recorded),
            event_id=recorded.event_id,
            command_id=recorded.command_id,
            command_events=recorded.command_events,
            command_digest=recorded.command_digest,
            occurred_at=recorded.occurred_at,
        )

    def to_domain_event(self, stored_event: StoredEvent) -> Any:
        return self.of_thing(cast("LedgerEvent", stored_event))

    def of_thing(self, stored: LedgerEvent) -> Recorded:
        """Decode an event of the very thing that is asked for.

        Raises: RecordUnreadable — what the thing has come to is then unknown.
        """
        try:
            return self.recorded(stored)
        except UNREADABLE as error:
            raise RecordUnreadable(f"{stored.topic}, position {stored.position}") from error

    def state_of(self, recorded: Recorded) -> bytes:
        """Encode what is about to be appended, and decode it again: msgspec checks a type's bounds
        only then, and what cannot be read would stand in the log for ever. Topics that this program
        does not know are left alone: no decider has such an event.

        Raises: NotReadableAgain — nothing may be appended then.
        """
        entry = Entry(
            by=recorded.by,
            data=recorded.event,
            device=recorded.device,
            correlation=recorded.correlation,
            causation=recorded.causation,
            late_reason=recorded.late_reason,
        )
        try:
            state = self._encode(entry)
            if recorded.event.topic in EVENTS_BY_TOPIC:
                self.entry(recorded.event.topic, state)
        except (*UNREADABLE, TypeError, OverflowError) as error:
            raise NotReadableAgain(recorded.event.topic) from error
        return state

    def entry(self, topic: str, state: bytes) -> Entry[Any]:
        """Decode a state; a retired topic is upcast to the event that replaced it."""
        try:
            return self._decoder(topic)(state)
        except msgspec.ValidationError:
            return self._tolerant(topic, state)

    def recorded(self, stored: LedgerEvent) -> Recorded:
        try:
            entry = self._decoder(stored.topic)(stored.state)
        except msgspec.ValidationError:
            entry = self._tolerant(stored.topic, stored.state)
        assert isinstance(stored.originator_id, UUID)
        assert stored.event_id is not None
        assert stored.command_id is not None
        assert stored.occurred_at is not None
        return Recorded(
            originator_id=stored.originator_id,
            originator_version=stored.originator_version,
            event=entry.data,
            event_id=stored.event_id,
            command_id=stored.command_id,
            occurred_at=stored.occurred_at,
            by=entry.by,
            device=entry.device,
            correlation=entry.correlation,
            causation=entry.causation,
            late_reason=entry.late_reason,
            command_events=stored.command_events,
            command_digest=stored.command_digest,
            position=stored.position,
            recorded_at=stored.recorded_at,
        )

    def prepare(self, topic: str) -> None:
        """Build what decodes the topic's events."""
        self._decoder(topic)

    def _decoder_of(self, topic: str) -> Callable[[bytes], Entry[Any]]:
        event = EVENTS_BY_TOPIC.get(topic)
        if event is not None:
            return msgspec.json.Decoder(_entry_of(event)).decode
        if topic not in self._upcasts:
            raise TopicUnknown(f"no event is called {topic!r} in this version of the program")
        newer, upcast = self._upcasts[topic]
        older = Entry[dict[str, Any]]
        return lambda state: self._upcasted(tolerant.decode(state, older), newer, upcast)

    def broken(self, topic: str, state: bytes) -> list[str]:
        """List the codes in an event that today's patterns refuse.

        Raises: TopicUnknown — when no event has the topic. msgspec.ValidationError — when the event
        cannot be read at all.
        """
        try:
            self._decoder(topic)(state)
        except msgspec.ValidationError:
            entry = self._tolerant(topic, state)
            return list(tolerant.broken(entry.data, type(entry.data)))
        return []

    def odd_actor(self, state: bytes) -> list[str]:
        """List what no actor may be any more: unknown roles, texts that are no codes.

        Raises: msgspec.MsgspecError, ValueError — when the actor cannot be read at all.
        """
        by = _actor_of(state).by
        role = by.get("role")
        unknown = [] if role in WRITTEN else [f"there is no role {role!a}"]
        return [*unknown, *faults_of_codes(by)]

    def _tolerant(self, topic: str, state: bytes) -> Entry[Any]:
        """Decode an event that was stored under older patterns.

        Raises: msgspec.ValidationError — when it fails without patterns too.
        """
        event = EVENTS_BY_TOPIC.get(topic)
        if event is None:
            return self._decoder(topic)(state)
        entry: Entry[Any] = tolerant.decoder(_entry_of(event))(state)
        return entry

    def _upcasted(self, old: Entry[dict[str, Any]], topic: str, upcast: Upcast) -> Entry[Any]:
        lifted = msgspec.structs.replace(old, data=upcast(old.data))
        return self.entry(topic, self._encode(lifted))


def uuid7() -> UUID:
    """Return a time-ordered id (RFC 9562 version 7): neighbours in time share index pages."""
    drawn = int.from_bytes(os.urandom(10), "big") & _DRAWN_BITS
    ms = time.time_ns() // 1_000_000 & _MS_BITS
    return id_of(ms << 80 | drawn | _VERSION_AND_VARIANT)


_MS_BITS: Final = (1 << 48) - 1
_VERSION_AND_VARIANT: Final = 0x7 << 76 | 0x2 << 62
_DRAWN_BITS: Final = (1 << 76) - 1 & ~(0x3 << 62)
