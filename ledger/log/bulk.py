"""Bulk appends for imports and simulation.

Slices go by COPY into the intake table and from there into the log, under the same advisory lock
and with the same checks as any other append.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import islice
from typing import Any, Final
from uuid import UUID

import psycopg
from msgspec import Struct

from ledger.log.clock import refuse_clock
from ledger.log.codec import LedgerMapper, Recorded, uuid7

EVENTS_PER_SLICE: Final = 5_000
"""Larger ones are hardly faster, and live writers wait while the log takes one in."""
COPY: Final = """
    COPY log_intake (slice, number, originator_id, originator_version, occurred_at, event_id,
                     command_id, command_events, command_digest, topic, state, recorded_at)
    FROM STDIN (FORMAT BINARY)
"""
TYPES: Final = (
    "uuid", "int4", "uuid", "int8", "timestamptz", "uuid", "uuid", "int4", "bytea", "text", "bytea",
    "timestamptz",
)  # fmt: skip
KNOWN_COMMANDS: Final = """
    SELECT command_id, command_digest, originator_id FROM log_events
     WHERE command_id = ANY(%s) AND command_events > 0
"""


class Taken(Struct, frozen=True):
    """The positions that a slice has in the log."""

    first_position: int
    last_position: int
    recorded_at: datetime


def append_slice(
    connection: psycopg.Connection[Any], events: Sequence[Recorded], mapper: LedgerMapper
) -> Taken:
    """Append whole commands, all or none, in a transaction of their own.

    The log sets `recorded_at`; only one founded as a simulation takes events that have it already.

    Raises: psycopg.errors.UniqueViolation — when a stream has moved on or a command id is taken.
    psycopg.errors.InvalidParameterValue — when a command is incomplete, or told times go back or
    lie in the future. psycopg.errors.InsufficientPrivilege — when a real log is told a time.
    ClockOff.
    """
    taken = uuid7()
    with connection.transaction():
        with connection.cursor().copy(COPY) as copy:
            copy.set_types(TYPES)
            for number, one in enumerate(events):
                copy.write_row((
                    taken, number, one.originator_id, one.originator_version, one.occurred_at,
                    one.event_id, one.command_id, one.command_events, one.command_digest,
                    one.event.topic, mapper.state_of(one), one.recorded_at,
                ))  # fmt: skip
        try:
            row = connection.execute("SELECT * FROM log_take_in(%s)", [taken]).fetchone()
        except psycopg.DatabaseError as error:
            refuse_clock(error)
            raise
    assert row is not None
    return Taken(*row)


def slices(
    commands: Iterable[Sequence[Recorded]], size: int = EVENTS_PER_SLICE
) -> Iterable[list[Recorded]]:
    """Pack commands into slices of about `size` events; a command is never split."""
    pending: list[Recorded] = []
    for command in commands:
        pending.extend(command)
        if len(pending) >= size:
            yield pending
            pending = []
    if pending:
        yield pending


def known_commands(
    connection: psycopg.Connection[Any], command_ids: Iterable[UUID]
) -> dict[UUID, tuple[bytes | None, UUID]]:
    """Return the digest and stream of each of the commands that is in the log already."""
    found: dict[UUID, tuple[bytes | None, UUID]] = {}
    remaining = iter(command_ids)
    while some := list(islice(remaining, 10_000)):
        rows = connection.execute(KNOWN_COMMANDS, [some]).fetchall()
        found |= {row[0]: (row[1], row[2]) for row in rows}
    return found
