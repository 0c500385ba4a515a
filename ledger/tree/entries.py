"""Canonical bytes of a sealed event, which anybody can rebuild from the columns of the log.

Of the standard library only: this file goes into a bundle as it is.

An entry is compact JSON in ASCII-sorted keys and UTF-8, without blanks. It holds every column of
the log that means something, and the digest of the stored state instead of the state itself, which
may be larger than an entry (65,535 bytes, C2SP tlog-tiles) and may be erased one day. Times are
microseconds since 1970-01-01T00:00:00Z, ids are UUIDs as RFC 9562 writes them, digests are hex.
"""

import json
import struct
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

ENTRY_BYTES_MAX: Final = 65_535
FORM: Final = (
    b'{"command_digest":%b,"command_events":%d,"command_id":"%b","event_id":"%b","log":"%b",'
    b'"occurred_at":%d,"position":%d,"recorded_at":%d,"state":"%b","stream":"%b","topic":%b,'
    b'"version":%d}'
)


class EntryBroken(ValueError):
    """The bytes are not a canonical entry."""


class LogEntry(NamedTuple):
    """A sealed event; the position counts from 1, the index of its leaf from 0."""

    log: str
    position: int
    stream: str
    version: int
    topic: str
    recorded_at: int
    occurred_at: int
    event_id: str
    command_id: str
    command_events: int
    command_digest: str | None
    state: str
    """Digest of the stored state, by the log's own hash function."""


def encoded(entry: LogEntry) -> bytes:
    """The canonical bytes. Raises EntryBroken where they are too many."""
    data = FORM % (
        b"null" if entry.command_digest is None else b'"%b"' % entry.command_digest.encode(),
        entry.command_events,
        entry.command_id.encode(),
        entry.event_id.encode(),
        entry.log.encode(),
        entry.occurred_at,
        entry.position,
        entry.recorded_at,
        entry.state.encode(),
        entry.stream.encode(),
        quoted(entry.topic.encode()),
        entry.version,
    )
    if len(data) > ENTRY_BYTES_MAX:
        raise EntryBroken(f"the entry of position {entry.position} has {len(data)} bytes")
    return data


def decoded(data: bytes) -> LogEntry:
    """The other way. Raises EntryBroken: other bytes than `encoded` writes are no entry."""
    try:
        entry = LogEntry(**json.loads(data))
        if encoded(entry) == data:
            return entry
    except (ValueError, TypeError, AttributeError) as error:
        raise EntryBroken(f"not an entry: {error}") from error
    raise EntryBroken("the entry is not in its canonical form")


@lru_cache(maxsize=1024)
def quoted(text: bytes) -> bytes:
    """A text (UTF-8) as JSON writes it."""
    return json.dumps(text.decode(), ensure_ascii=False).encode()


def bundled(entries: Sequence[bytes]) -> bytes:
    """An entry bundle of C2SP tlog-tiles: each entry after its length, 16 bits big-endian."""
    return b"".join(struct.pack(">H", len(entry)) + entry for entry in entries)


def unbundled(data: bytes) -> Iterator[bytes]:
    """The entries of a bundle. Raises EntryBroken where it ends too early."""
    at = 0
    while at < len(data):
        length = int.from_bytes(data[at : at + 2], "big")
        entry = data[at + 2 : at + 2 + length]
        if len(data) < at + 2 or len(entry) < length:
            raise EntryBroken("the bundle ends inside an entry")
        yield entry
        at += 2 + length
