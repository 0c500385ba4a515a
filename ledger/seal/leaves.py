"""The log's rows as entries: one reader for the sealer and for whoever verifies.

States are hashed here and not by the server, which need not be believed then; it is no slower."""

import struct
from collections.abc import Generator
from typing import Any, Final, NamedTuple

import psycopg
from psycopg import sql

from ledger.tree.entries import ENTRY_BYTES_MAX, FORM, quoted
from ledger.tree.merkle import Hash

ROWS: Final = sql.SQL("""
    COPY (SELECT notification_id, originator_version, recorded_at, occurred_at, command_events,
                 originator_id::text, event_id::text, command_id::text, topic,
                 encode(command_digest, 'hex'), state
            FROM public.log_events
           WHERE {condition}
           ORDER BY notification_id)
    TO STDOUT (FORMAT BINARY)
""")
FIXED: Final = struct.Struct(">hiqiqiqiqiii36si36si36s")
"""The number of columns, then every column that has a fixed size after its size."""
SIZES: Final = (11, 8, 8, 8, 8, 4, 36, 36, 36)
SIZE: Final = struct.Struct(">i")
HEADER_BYTES: Final = 19
"""Before the first row of a binary COPY."""
END_BYTES: Final = 2
"""What stands after the last row."""
EPOCH_US: Final = 946_684_800_000_000
"""PostgreSQL counts from 2000-01-01, an entry from 1970-01-01."""


class LeafRow(NamedTuple):
    """A row of the log as a leaf; `entry` is None for a row that cannot be written as one."""

    position: int
    recorded_at: int
    entry: bytes | None


def between(after: int, upto: int) -> sql.Composed:
    """Condition: the positions of a stretch of the log."""
    return sql.SQL("notification_id > {} AND notification_id <= {}").format(after, upto)


def rows(
    connection: psycopg.Connection[Any], log: str, hash_: Hash, condition: sql.Composable
) -> Generator[LeafRow, None, None]:
    """Yield the leaf rows of the log by position. Close the generator if you stop early."""
    name = log.encode()
    with connection.cursor().copy(ROWS.format(condition=condition)) as copy:
        at = HEADER_BYTES
        for data in copy:
            row = bytes(data[at:])
            if len(row) >= FIXED.size:
                yield _row(row, name, hash_)
            elif len(row) > END_BYTES:
                yield LeafRow(0, 0, None)
            at = 0


def _row(data: bytes, log: bytes, hash_: Hash) -> LeafRow:
    (
        columns, of_position, position, of_version, version, of_recorded, recorded_at,
        of_occurred, occurred_at, of_events, events, of_stream, stream, of_event, event_id,
        of_command, command_id,
    ) = FIXED.unpack_from(data)  # fmt: skip
    sizes = (
        columns, of_position, of_version, of_recorded, of_occurred, of_events, of_stream, of_event,
        of_command,
    )  # fmt: skip
    recorded_at += EPOCH_US
    if sizes != SIZES:
        return LeafRow(position if sizes[:2] == SIZES[:2] else 0, recorded_at, None)
    topic, at = _text(data, FIXED.size)
    digest, at = _text(data, at)
    state, _ = _text(data, at)
    if topic is None or state is None:
        return LeafRow(position, recorded_at, None)
    entry = FORM % (
        b"null" if digest is None else b'"%b"' % digest,
        events,
        command_id,
        event_id,
        log,
        occurred_at + EPOCH_US,
        position,
        recorded_at,
        hash_(state).hex().encode(),
        stream,
        quoted(topic),
        version,
    )
    return LeafRow(position, recorded_at, entry if len(entry) <= ENTRY_BYTES_MAX else None)


def _text(data: bytes, at: int) -> tuple[bytes | None, int]:
    """A column of any size, and where the next one begins."""
    (size,) = SIZE.unpack_from(data, at)
    at += SIZE.size
    return (None, at) if size < 0 else (data[at : at + size], at + size)
