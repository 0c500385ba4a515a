"""What is in the log, for people: one thing's events in order, the last ones, the figures."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import msgspec
import psycopg
from msgspec import Struct
from psycopg.rows import dict_row

from domain import rating, request
from domain.aggregates import ALL
from domain.vocabulary import Actor, sibling_id, stream_id
from ledger.codec import LedgerMapper, TopicUnknown

KINDS: Final = tuple(one.KIND for one in ALL)

SELECT_TIMELINE: Final = """
    SELECT * FROM log_events
     WHERE originator_id = ANY(%(streams)s) AND notification_id <= %(position)s
     ORDER BY notification_id
"""
SELECT_NEXT: Final = """
    SELECT * FROM log_events
     WHERE notification_id > %(after)s
     ORDER BY notification_id LIMIT %(limit)s
"""
POSITION: Final = """
    SELECT CASE WHEN %(as_known_at)s::timestamptz IS NULL THEN (SELECT position FROM log_head)
                ELSE log_position_at(%(as_known_at)s) END
"""
STATISTICS: Final = """
    SELECT count(*) AS events,
           (SELECT position FROM log_head) AS head,
           count(*) = coalesce(max(notification_id), 0)
               AND count(*) = (SELECT position FROM log_head)
               AND coalesce(min(notification_id), 1) = 1 AS gapless,
           min(recorded_at) AS first_recorded_at,
           max(recorded_at) AS last_recorded_at
      FROM log_events
"""


class StreamUnknown(ValueError):
    """Not the name of a stream: kind:key was expected."""


class TimelineEvent(Struct, frozen=True, kw_only=True):
    """One event as it stands in the log. `data` is what happened, in its newest form."""

    position: int
    version: int
    recorded_at: datetime
    occurred_at: datetime
    kind: str
    """The topic without its version: `request.closed`."""
    topic: str
    actor: Actor
    data: dict[str, Any]
    event_id: UUID
    command_id: UUID
    stream: UUID
    device: str | None = None
    correlation: UUID | None = None
    causation: UUID | None = None


class Timeline(Struct, frozen=True, kw_only=True):
    """`hidden` counts the events the reader may not see: they are never silently left out."""

    stream: str
    position: int
    """Everything up to here was looked at."""
    events: list[TimelineEvent]
    hidden: int = 0


class Statistics(Struct, frozen=True, kw_only=True):
    """The log's figures. Gapless: the positions are exactly 1, 2, … head."""

    events: int
    head: int
    gapless: bool
    first_recorded_at: datetime | None
    last_recorded_at: datetime | None


def streams_of(name: str) -> tuple[UUID, ...]:
    """The streams behind `kind:key`: a request's rating belongs to the request.

    The key of a request is its id; that of a rating is its request's id; all others are codes.
    """
    kind, _, key = name.partition(":")
    if kind not in KINDS or not key:
        raise StreamUnknown(f"{name!r} is not like request:UUID or KIND:CODE ({', '.join(KINDS)})")
    if kind not in (request.KIND, rating.KIND):
        return (stream_id(kind, key),)
    try:
        of_request = UUID(key)
    except ValueError:
        raise StreamUnknown(f"{key!r} is not the id of a request (a UUID)") from None
    of_rating = sibling_id(of_request, rating.KIND)
    return (of_request, of_rating) if kind == request.KIND else (of_rating,)


def timeline(
    connection: psycopg.Connection[Any], name: str, as_known_at: datetime | None = None
) -> Timeline:
    """The events of `kind:key`, in log order, as known at an instant. Raises StreamUnknown."""
    streams = streams_of(name)
    with connection.cursor(row_factory=dict_row, binary=True) as cursor:
        cursor.execute(POSITION, {"as_known_at": as_known_at})
        (position,) = (cursor.fetchone() or {"": 0}).values()
        cursor.execute(SELECT_TIMELINE, {"streams": list(streams), "position": position})
        return Timeline(stream=name, position=position, events=as_events(cursor.fetchall()))


async def timeline_async(
    connection: psycopg.AsyncConnection[Any], name: str, as_known_at: datetime | None = None
) -> Timeline:
    """As `timeline`."""
    streams = streams_of(name)
    async with connection.cursor(row_factory=dict_row, binary=True) as cursor:
        await cursor.execute(POSITION, {"as_known_at": as_known_at})
        (position,) = (await cursor.fetchone() or {"": 0}).values()
        await cursor.execute(SELECT_TIMELINE, {"streams": list(streams), "position": position})
        return Timeline(stream=name, position=position, events=as_events(await cursor.fetchall()))


def after(
    connection: psycopg.Connection[Any], position: int, limit: int = 1000
) -> list[TimelineEvent]:
    """The events that follow a position."""
    with connection.cursor(row_factory=dict_row, binary=True) as cursor:
        cursor.execute(SELECT_NEXT, {"after": position, "limit": limit})
        return as_events(cursor.fetchall())


def statistics(connection: psycopg.Connection[Any]) -> Statistics:
    """Counts every event: seconds for millions."""
    with connection.cursor(row_factory=dict_row) as cursor:
        return msgspec.convert(cursor.execute(STATISTICS).fetchone(), Statistics)


def as_events(rows: Sequence[dict[str, Any]]) -> list[TimelineEvent]:
    """Rows of `log_events` as people read them, also events that this program does not know."""
    mapper = LedgerMapper()
    return [_event(mapper, row) for row in rows]


def _event(mapper: LedgerMapper, row: dict[str, Any]) -> TimelineEvent:
    try:
        entry = mapper.entry(row["topic"], row["state"])
        topic, data = type(entry.data).topic, msgspec.to_builtins(entry.data)
        by, device = entry.by, entry.device
        correlation, causation = entry.correlation, entry.causation
    except TopicUnknown:
        stored = msgspec.json.decode(row["state"])
        topic, data, by = row["topic"], stored["data"], msgspec.convert(stored["by"], Actor)
        device, correlation, causation = stored.get("device"), None, None
    return TimelineEvent(
        position=row["notification_id"],
        version=row["originator_version"],
        recorded_at=row["recorded_at"],
        occurred_at=row["occurred_at"],
        kind=topic.partition("/")[0],
        topic=topic,
        actor=by,
        data=data,
        event_id=row["event_id"],
        command_id=row["command_id"],
        stream=row["originator_id"],
        device=device,
        correlation=correlation,
        causation=causation,
    )
