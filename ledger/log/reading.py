"""Reading the log in order and in bulk, decoded: the source of views and exports."""

from collections.abc import Callable, Generator, Iterable, Iterator
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import psycopg
from psycopg.rows import tuple_row

from domain.aggregates import REFERENCE_TOPICS
from ledger.log.codec import UNREADABLE, LedgerMapper, Recorded

EVENTS_PER_BATCH: Final = 5_000
UNREAD: Final = UUID(int=0)
"""In place of the ids that a bulk read leaves in the database."""
BATCH: Final = """
    SELECT notification_id, recorded_at, occurred_at, topic, originator_id, originator_version,
           state, event_id, command_id
      FROM log_events WHERE notification_id > %s AND notification_id <= %s
     ORDER BY notification_id LIMIT %s
"""
REFERENCE: Final = """
    SELECT notification_id, recorded_at, occurred_at, topic, originator_id, originator_version,
           state, event_id, command_id
      FROM log_events WHERE topic = ANY(%s) AND notification_id <= %s ORDER BY notification_id
"""
STREAMS: Final = """
    SELECT notification_id, recorded_at, occurred_at, topic, originator_id, originator_version,
           state, event_id, command_id
      FROM log_events WHERE originator_id = ANY(%s) AND notification_id <= %s
     ORDER BY originator_id, originator_version
"""
SHARD: Final = """
    COPY (SELECT notification_id, recorded_at, occurred_at, topic, originator_id,
                 originator_version, state
            FROM log_events
           WHERE notification_id > {after} AND notification_id <= {upto} {condition}
           ORDER BY notification_id)
    TO STDOUT (FORMAT BINARY)
"""
TYPES: Final = ("int8", "timestamptz", "timestamptz", "text", "uuid", "int8", "bytea")


def head(connection: psycopg.Connection[Any]) -> int:
    """Return the last position of the log; 0 if it is empty."""
    row = connection.execute("SELECT position FROM log_head").fetchone()
    assert row is not None
    return int(row[0])


def now(connection: psycopg.Connection[Any]) -> datetime:
    """Return the database's clock, which sets `recorded_at`."""
    with connection.cursor(row_factory=tuple_row) as cursor:
        row = cursor.execute("SELECT clock_timestamp()").fetchone()
    assert row is not None
    instant: datetime = row[0]
    return instant


def recorded_at(connection: psycopg.Connection[Any], position: int) -> datetime | None:
    """Return when the event at a position was recorded, None if there is none."""
    with connection.cursor(row_factory=tuple_row) as cursor:
        row = cursor.execute(
            "SELECT recorded_at FROM log_events WHERE notification_id = %s", [position]
        ).fetchone()
    return None if row is None else row[0]


def position_at(connection: psycopg.Connection[Any], instant: datetime | None) -> int:
    """Return the position of the last event recorded by the instant, 0 if there is none.

    An instant of None means now.
    """
    if instant is None:
        return head(connection)
    with connection.cursor(row_factory=tuple_row) as cursor:
        row = cursor.execute("SELECT log_position_at(%s)", [instant]).fetchone()
    assert row is not None
    return int(row[0])


def batch(
    connection: psycopg.Connection[Any],
    mapper: LedgerMapper,
    after: int,
    *,
    upto: int = 2**63 - 1,
    limit: int = EVENTS_PER_BATCH,
) -> list[Recorded]:
    """Return the events after a position, in order."""
    with connection.cursor(binary=True, row_factory=tuple_row) as cursor:
        rows = cursor.execute(BATCH, [after, upto, limit], prepare=True).fetchall()
    return [_recorded(mapper, row) for row in rows]


def reference(
    connection: psycopg.Connection[Any], mapper: LedgerMapper, upto: int
) -> list[Recorded]:
    """Return all readable events of points, advisers, calendars and policies up to a position."""
    with connection.cursor(binary=True, row_factory=tuple_row) as cursor:
        rows = cursor.execute(REFERENCE, [list(REFERENCE_TOPICS), upto]).fetchall()
    return list(readable(mapper, rows))


def streams(
    cursor: psycopg.Cursor[Any], mapper: LedgerMapper, wanted: list[UUID], upto: int
) -> list[Recorded]:
    """Return the readable events of the streams up to a position, stream by stream.

    The cursor must return rows as tuples.
    """
    return list(readable(mapper, cursor.execute(STREAMS, [wanted, upto]).fetchall()))


def shard(  # noqa: PLR0913
    connection: psycopg.Connection[Any],
    mapper: LedgerMapper,
    *,
    upto: int,
    after: int = 0,
    number: int = 0,
    of: int = 1,
    topics: tuple[str, ...] | None = None,
    unreadable: Callable[[int, UUID, str, Exception], None] | None = None,
) -> Generator[Recorded, None, None]:
    """Yield one of `of` shards of a range of the log.

    Shards are cut by the last byte of the stream id, so that each holds whole streams, and a
    request together with its rating. Ids of events and commands are not read. Close the generator
    if you stop early. `unreadable` is told of position, stream and topic of each event that cannot
    be read; without it the error is raised.
    """
    condition = ""
    if of > 1:
        condition += f" AND get_byte(uuid_send(originator_id), 15) % {of} = {number}"
    if topics is not None:
        names = ", ".join(f"'{topic}'" for topic in topics)
        condition += f" AND topic IN ({names})"
    query = SHARD.format(after=after, upto=upto, condition=condition)
    with connection.cursor().copy(query.encode()) as copy:
        copy.set_types(TYPES)
        for row in copy.rows():
            try:
                recorded = _recorded(mapper, (*row, UNREAD, UNREAD))
            except UNREADABLE as error:
                if unreadable is None:
                    raise
                position, _, _, topic, stream, *_ = row
                unreadable(position, stream, topic, error)
            else:
                yield recorded


def readable(mapper: LedgerMapper, rows: Iterable[tuple[Any, ...]]) -> Iterator[Recorded]:
    """Decode rows; those that cannot be read are passed over, as every view does."""
    for row in rows:
        try:
            yield _recorded(mapper, row)
        except UNREADABLE:
            continue


def _recorded(mapper: LedgerMapper, row: tuple[Any, ...]) -> Recorded:
    position, recorded_at, occurred_at, topic, stream, version, state, event_id, command_id = row
    entry = mapper.entry(topic, state)
    return Recorded(
        originator_id=stream,
        originator_version=version,
        event=entry.data,
        event_id=event_id,
        command_id=command_id,
        occurred_at=occurred_at,
        by=entry.by,
        device=entry.device,
        correlation=entry.correlation,
        causation=entry.causation,
        late_reason=entry.late_reason,
        position=position,
        recorded_at=recorded_at,
    )
