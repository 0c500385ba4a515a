"""The log for people: events of one thing in order, the newest events, statistics."""

from collections.abc import Iterator, Mapping, Sequence, Set
from datetime import datetime
from typing import Any, ClassVar, Final
from uuid import UUID

import msgspec
import psycopg
from msgspec import Struct
from msgspec.structs import replace
from psycopg.rows import dict_row

from domain import attachments
from domain.advising import worklog
from domain.aggregates import AGGREGATE, ALL, CODED, fold, kind_of
from domain.complaints import complaint, reception
from domain.complaints import record as complaint_record
from domain.oversight import inspection, rectification
from domain.promises import promise_watch
from domain.registers import adviser, calendar_publication, point, policy
from domain.requests import rating, request
from domain.vocabulary import Actor, sibling_id, stream_id
from ledger.log import tolerant
from ledger.log.codec import UNREADABLE, LedgerMapper, Recorded
from ledger.log.recorder import stored_event
from ledger.log.registers import RegisterFold
from projections.history.promises import PromiseTold, promises_of

NOBODY: Final = Actor(account="", role="citizen", unit="")
"""In place of an actor who cannot be read."""
KINDS: Final = tuple(one.KIND for one in ALL)
SIBLINGS: Final[Mapping[str, tuple[str, ...]]] = {
    request.KIND: (
        rating.KIND,
        complaint.KIND,
        rectification.KIND,
        promise_watch.KIND,
        attachments.KIND,
    ),
    complaint.KIND: (promise_watch.KIND, attachments.KIND),
    inspection.KIND: (attachments.KIND,),
    rectification.KIND: (promise_watch.KIND, attachments.KIND),
}
"""What belongs to a thing and is told with it, and what belongs to that in its turn. A complaint
and a rectification beside a request are those that its bad rating led to; other complaints that
name the request are told with it too (`SELECT_NAMING`)."""
OWN_ID: Final = (
    request.KIND, complaint.KIND, reception.KIND, worklog.KIND, inspection.KIND,
    rectification.KIND,
)  # fmt: skip
"""Kinds whose key is the id of their stream."""
BESIDE: Final = (rating.KIND, promise_watch.KIND, attachments.KIND)
"""Kinds whose key is the id of the thing they belong to."""
LINKS: Final[Mapping[str, str]] = {
    "request": request.KIND,
    "original": request.KIND,
    "other": complaint.KIND,
    "same_as": complaint.KIND,
    "point": point.KIND,
    "adviser": adviser.KIND,
}
"""Field of what happened → kind of the thing it names."""
RULE_TOPICS: Final = tuple(
    event.topic for one in (calendar_publication, policy) for event in one.EVENTS
)

NAMING_TOPICS: Final = tuple(
    event.topic
    for event in (
        complaint_record.DissatisfactionNoted,
        complaint_record.ComplaintRegistered,
        complaint_record.ComplaintReclassified,
    )
)
"""What names the request that a complaint is about, or has become. Such events are few: all of
them are looked through, 5 ms for a thousand."""

SELECT_NAMING: Final = """
    SELECT DISTINCT originator_id FROM log_events
     WHERE topic = ANY(%(topics)s) AND notification_id <= %(position)s
       AND position(convert_to('"request":"' || %(request)s::text || '"', 'UTF8') IN state) > 0
"""
SELECT_TIMELINE: Final = """
    SELECT * FROM log_events
     WHERE originator_id = ANY(%(streams)s) AND notification_id <= %(position)s
     ORDER BY notification_id
"""
SELECT_BESIDE: Final = """
    SELECT * FROM log_events
     WHERE notification_id <= %(position)s
       AND originator_id = (SELECT originator_id FROM log_events
                             WHERE notification_id = %(at)s AND notification_id <= %(position)s)
     ORDER BY notification_id
"""
SELECT_RULES: Final = """
    SELECT * FROM log_events
     WHERE topic = ANY(%(topics)s) AND notification_id <= %(position)s
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
    """The text is no name of a stream: kind:key is expected."""


class TimelineEvent(Struct, frozen=True, kw_only=True):
    """An event of the log; `data` is its payload in the newest form."""

    position: int
    version: int
    recorded_at: datetime
    occurred_at: datetime
    kind: str
    """The topic without its version: `request.closed`."""
    topic: str
    KEY: ClassVar = ("position",)
    actor: Actor
    data: dict[str, Any]
    event_id: UUID
    command_id: UUID
    stream: UUID
    links: list[str] = []
    """Other things that it names, as `kind:key`."""
    device: str | None = None
    correlation: UUID | None = None
    causation: UUID | None = None
    late_reason: str | None = None
    """Why it was entered late."""


class Timeline(Struct, frozen=True, kw_only=True):
    """What happened to one thing, as far as its reader may see it.

    Where and when there was something else is told to nobody: it would date a complaint for the one
    complained of.
    """

    stream: str
    position: int
    """Everything up to here was looked at."""
    events: list[TimelineEvent]
    promises: list[PromiseTold] = []
    """What was promised in it, those that ended first."""
    hidden: int = 0
    """How many events are left out, for auditors and supervisors."""

    def without(self, hidden: Set[int]) -> "Timeline":
        """Return the timeline without the events at these positions."""
        return replace(self, events=[one for one in self.events if one.position not in hidden])


class EventFound(Struct, frozen=True, kw_only=True):
    """One event, and what it happened to as `kind:key`."""

    thing: str
    event: TimelineEvent


class Statistics(Struct, frozen=True, kw_only=True):
    """The log's figures. Gapless: the positions are exactly 1, 2, … head."""

    events: int
    head: int
    gapless: bool
    first_recorded_at: datetime | None
    last_recorded_at: datetime | None


def parts_of(name: str) -> dict[UUID, str]:
    """Return the streams behind `kind:key` with the kind of each, the thing's own first.

    A rating belongs to its request; watched promises belong to the thing that gave them. The key of
    a case is its id, that of a rating or of watched promises the id of their case; all others are
    codes.

    Raises: StreamUnknown — when there is no such kind, or the key is not of that kind.
    """
    kind, _, key = name.partition(":")
    if kind == "event":
        raise StreamUnknown(f"an event is no thing: `anjuan show event {key or 'POSITION'}`")
    if kind not in KINDS or not key:
        raise StreamUnknown(f"{name!r} is not like request:UUID or KIND:CODE ({', '.join(KINDS)})")
    if kind not in (*OWN_ID, *BESIDE):
        return {stream_id(kind, key): kind}
    try:
        id_ = UUID(key)
    except ValueError:
        raise StreamUnknown(f"{key!r} is not an id (a UUID), as {kind} has") from None
    if kind in BESIDE:
        return {sibling_id(id_, kind): kind}
    return dict(_whole(id_, kind))


def _whole(stream: UUID, kind: str) -> Iterator[tuple[UUID, str]]:
    yield stream, kind
    for sibling in SIBLINGS.get(kind, ()):
        yield from _whole(sibling_id(stream, sibling), sibling)


def timeline(
    connection: psycopg.Connection[Any], name: str, as_known_at: datetime | None = None
) -> Timeline:
    """The events of `kind:key`, in log order, as known at an instant. Raises StreamUnknown."""
    parts = parts_of(name)
    with connection.cursor(row_factory=dict_row, binary=True) as cursor:
        cursor.execute(POSITION, {"as_known_at": as_known_at})
        (position,) = (cursor.fetchone() or {"": 0}).values()
        cursor.execute(SELECT_NAMING, _naming(name, position))
        parts |= _named_by(cursor.fetchall())
        cursor.execute(SELECT_TIMELINE, {"streams": list(parts), "position": position})
        rows = cursor.fetchall()
        cursor.execute(SELECT_RULES, _rules_of(name, position))
        return _timeline(name, parts, position, rows, cursor.fetchall())


async def timeline_async(
    connection: psycopg.AsyncConnection[Any], name: str, as_known_at: datetime | None = None
) -> Timeline:
    """Read the timeline asynchronously, as `timeline` does."""
    parts = parts_of(name)
    async with connection.cursor(row_factory=dict_row, binary=True) as cursor:
        await cursor.execute(POSITION, {"as_known_at": as_known_at})
        (position,) = (await cursor.fetchone() or {"": 0}).values()
        await cursor.execute(SELECT_NAMING, _naming(name, position))
        parts |= _named_by(await cursor.fetchall())
        await cursor.execute(SELECT_TIMELINE, {"streams": list(parts), "position": position})
        rows = await cursor.fetchall()
        await cursor.execute(SELECT_RULES, _rules_of(name, position))
        return _timeline(name, parts, position, rows, await cursor.fetchall())


async def beside_async(
    connection: psycopg.AsyncConnection[Any], position: int, as_known_at: datetime | None = None
) -> tuple[str, UUID, Timeline] | None:
    """Read the event at a position with all others of its stream: the stream's kind, its id, and
    its own timeline. None when there was no such event then."""
    async with connection.cursor(row_factory=dict_row, binary=True) as cursor:
        await cursor.execute(POSITION, {"as_known_at": as_known_at})
        (known,) = (await cursor.fetchone() or {"": 0}).values()
        await cursor.execute(SELECT_BESIDE, {"at": position, "position": known})
        rows = await cursor.fetchall()
    if not rows:
        return None
    stream, kind = rows[0]["originator_id"], kind_of(rows[0]["topic"])
    events = as_events(rows)
    name = _name_of(kind, stream, rows)
    return kind, stream, Timeline(stream=name, position=known, events=events)


def _name_of(kind: str, stream: UUID, rows: "Rows") -> str:
    """Name a stream as `parts_of` reads it; by its id where nothing says what it is called."""
    events = [one.event for one in _known(rows)]
    if kind in OWN_ID or not events:
        return f"{kind}:{stream}"
    if kind in BESIDE:
        said = msgspec.to_builtins(events[0])
        return f"{kind}:{said.get('of') or said.get('request')}"
    code = CODED.get(kind)
    return f"{kind}:{stream}" if code is None else f"{kind}:{code(fold(AGGREGATE[kind], events))}"


Rows = Sequence[dict[str, Any]]


def _rules_of(name: str, position: int) -> dict[str, Any]:
    """Return the parameters of SELECT_RULES: calendars and policies to explain promises by."""
    promising = name.partition(":")[0] in (request.KIND, complaint.KIND)
    return {"topics": list(RULE_TOPICS) if promising else [], "position": position}


def _naming(name: str, position: int) -> dict[str, Any]:
    """Return the parameters of SELECT_NAMING: complaints about a request."""
    kind, _, key = name.partition(":")
    about = str(UUID(key)) if kind == request.KIND else ""
    return {
        "topics": list(NAMING_TOPICS) if about else [],
        "request": about,
        "position": position,
    }


def _named_by(found: Rows) -> dict[UUID, str]:
    """The streams of those complaints and of what belongs to them, with the kind of each."""
    streams = [row["originator_id"] for row in found]
    return dict(part for one in streams for part in _whole(one, complaint.KIND))


def _timeline(
    name: str, parts: Mapping[UUID, str], position: int, rows: Rows, rules: Rows
) -> Timeline:
    """Another kind's id names nothing here; what this program does not know is shown."""
    rows = [
        row
        for row in rows
        if kind_of(row["topic"]) == parts[row["originator_id"]] or not _is_known(row["topic"])
    ]
    own, kind = next(iter(parts.items()))
    fold = RegisterFold()
    fold.feed(_known(rules))
    watch = sibling_id(own, promise_watch.KIND)
    promises = promises_of(
        kind,
        _known([row for row in rows if row["originator_id"] == own]),
        fold.registers,
        _known([row for row in rows if row["originator_id"] == watch]),
    )
    return Timeline(stream=name, position=position, events=as_events(rows), promises=promises)


def _is_known(topic: str) -> bool:
    return kind_of(topic) in KINDS


def _known(rows: Rows) -> Iterator[Recorded]:
    """Rows as recorded, without those that this program cannot read."""
    mapper = LedgerMapper()
    for row in rows:
        try:
            yield mapper.recorded(stored_event(row))
        except UNREADABLE:
            continue


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
    """Rows of `log_events` as people read them, also events that this program cannot read."""
    mapper = LedgerMapper()
    return [_event(mapper, row) for row in rows]


def _event(mapper: LedgerMapper, row: dict[str, Any]) -> TimelineEvent:
    try:
        entry = mapper.entry(row["topic"], row["state"])
        topic, data = type(entry.data).topic, msgspec.to_builtins(entry.data)
        by, device = entry.by, entry.device
        correlation, causation = entry.correlation, entry.causation
        late_reason = entry.late_reason or data.get("late_reason")
    except UNREADABLE:
        topic, (data, by, device) = row["topic"], _as_far_as_read(row["state"])
        correlation = causation = late_reason = None
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
        links=sorted(_links(data)),
        device=device,
        correlation=correlation,
        causation=causation,
        late_reason=late_reason,
    )


def _as_far_as_read(state: bytes) -> tuple[Any, Actor, str | None]:
    """Return what is told of a state that is no event of this program: payload, actor, device."""
    try:
        stored = msgspec.json.decode(state)
        return stored["data"], tolerant.convert(stored["by"], Actor), stored.get("device")
    except (msgspec.MsgspecError, ValueError, TypeError, LookupError):
        return {}, NOBODY, None


def _links(data: Any) -> set[str]:
    """Yield the ids that an event names, also in its parts."""
    if isinstance(data, list | tuple):
        return set().union(*(_links(part) for part in data))
    if not isinstance(data, dict):
        return set()
    named = {name: key for name, key in data.items() if name in LINKS and isinstance(key, str)}
    found = {f"{LINKS[name]}:{key}" for name, key in named.items()}
    return found.union(*(_links(part) for part in data.values()))
