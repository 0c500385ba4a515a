"""The entries that scores are made from, as plain data: all of the log, or those alone that concern
some advisers or points, found by the views."""

from collections.abc import Generator, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID

import msgspec
import psycopg
from msgspec import Struct
from psycopg.rows import tuple_row

from domain.aggregates import ALL
from domain.evaluation import evaluation
from domain.promises import promise_watch
from domain.requests import rating
from domain.scoring.computation import RULES_TOPICS, RULESET_TOPIC
from domain.scoring.evidence import NEAR
from domain.scoring.facts import LASTING, MISSED, PASSED_OVER, TOPICS, topics_for
from domain.scoring.groups import NAMED, connected, links_of
from domain.scoring.shapes import Entry
from domain.vocabulary import is_late, sibling_id
from ledger.log import reading
from ledger.log.codec import UNREADABLE, UPCASTS, LedgerMapper
from projections.advising import appointments, worklogs
from projections.complaints import complaints
from projections.oversight import inspections, rectifications
from projections.requests import journal

VIEWS: Final = (
    journal.NAME, complaints.NAME, worklogs.NAME, appointments.NAME, inspections.NAME,
    rectifications.NAME,
)  # fmt: skip
"""What `concerning` looks things up in."""
POSTGRES_EPOCH: Final = 946_684_800_000_000
"""2000-01-01 in microseconds since 1970."""
MARGIN: Final = NEAR + timedelta(days=1)
"""What a view and a fact call the day of a thing may differ by one."""
TYPES: Final = ("int8", "bytea", "text", "int8", "int8", "bytea")
SHARD: Final = """
    COPY (SELECT notification_id, originator_id, topic, occurred_at, recorded_at, state
            FROM log_events
           WHERE notification_id BETWEEN {first} AND {last} AND {condition}
           ORDER BY notification_id)
    TO STDOUT (FORMAT BINARY)
"""
STREAMS: Final = """
    SELECT notification_id, originator_id, topic, occurred_at, recorded_at, state
      FROM log_events WHERE originator_id = ANY(%s) AND notification_id <= %s
     ORDER BY notification_id
"""
TOLD: Final = """
    SELECT notification_id, originator_id, topic, occurred_at, recorded_at, state
      FROM log_events WHERE topic = ANY(%s) AND notification_id <= %s ORDER BY notification_id
"""
RECORDED_AT: Final = "SELECT recorded_at FROM log_events WHERE notification_id = %s"


class StoredState(Struct):
    """Of the stored state what facts are made of."""

    data: dict[str, Any]
    by: dict[str, Any]
    late_reason: str | None = None


class Readable:
    """Which events can be told, asked in order of position. One that cannot be read is passed over,
    as every view does; where it began a stream, the stream is left out with what belongs to it."""

    def __init__(self) -> None:
        self._begun: set[str] = set()
        self._lost: set[str] = set()
        self.passed_over: set[int] = set()
        """Positions of events that are in no figure."""

    def takes(self, position: int, stream: str, topic: str, state: bytes) -> bool:
        taken = self._takes(stream, topic, state)
        if not taken:
            self.passed_over.add(position)
        return taken

    def _takes(self, stream: str, topic: str, state: bytes) -> bool:
        try:
            _MAPPER.entry(topic, state)
            data = _decode(state).data
        except UNREADABLE:
            if stream not in self._begun:
                self._lost.add(stream)
            return False
        told = TOPICS.get(topic)
        if stream in self._lost or (told and told.under and data[told.under] in self._lost):
            return False
        self._begun.add(stream)
        return True


# --- of all


def shard(  # noqa: PLR0913
    connection: psycopg.Connection[Any],
    *,
    upto: int,
    number: int = 0,
    of: int = 1,
    kinds: Iterable[str] | None = None,
    since: int = 1,
    readable: Readable | None = None,
) -> Generator[Entry, None, None]:
    """Yield the entries, by position, of one of `of` shards of the log.

    They are those that facts of these kinds are made of; None means all kinds. Shards hold whole
    streams, split by the last byte of the id, a request with its rating. Entries before `since` are
    left out, except lasting topics; with `readable` also those that it does not take. Close the
    generator if you stop early.
    """
    passed = {event.topic for one in ALL if one.KIND in PASSED_OVER for event in one.EVENTS}
    passed.discard(MISSED)
    read = topics_for(kinds)
    part = f"get_byte(uuid_send(originator_id), 15) % {of} = {number} AND" if of > 1 else ""
    lasting = f"{part} topic IN ({_quoted(LASTING & read)})"
    others = f"{part} topic NOT IN ({_quoted(passed | TOPICS.keys() - read)})"
    with connection.transaction(), connection.cursor() as cursor:
        # Rows stand in the order of their positions, so following the index reads them once.
        cursor.execute("SET LOCAL enable_sort = off")
        for first, last, condition in ((1, since - 1, lasting), (since, upto, others)):
            query = SHARD.format(first=first, last=last, condition=condition)
            with cursor.copy(query.encode()) as copy:
                copy.set_types(TYPES)
                for position, stream, topic, occurred_at, recorded_at, state in copy.rows():
                    id_ = _id(stream)
                    if readable and not readable.takes(position, id_, topic, state):
                        continue
                    times = occurred_at + POSTGRES_EPOCH, recorded_at + POSTGRES_EPOCH
                    yield _entry(position, id_, topic, times, state)


def _quoted(topics: Iterable[str]) -> str:
    return ", ".join(f"'{topic}'" for topic in ("", *sorted(topics)))


def since_of(connection: psycopg.Connection[Any], first: date, upto: int) -> int:
    """Return the first log position that can matter for a period starting at `first`.

    It is that of 1 January minus MARGIN: earlier events belong to earlier days.
    """
    day = first.replace(month=1, day=1) - MARGIN
    return min(upto, reading.position_at(connection, datetime.combine(day, time(0), UTC))) + 1


def _id(stream: bytes) -> str:
    text = stream.hex()
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def streams(
    connection: psycopg.Connection[Any],
    wanted: Iterable[UUID],
    upto: int,
    readable: Readable | None = None,
) -> list[Entry]:
    """The entries of these streams."""
    return _read(connection, STREAMS, list(wanted), upto, readable)


def publications(
    connection: psycopg.Connection[Any], upto: int, readable: Readable | None = None
) -> list[Entry]:
    """The calendars, policies and rule sets known at a position."""
    return _read(connection, TOLD, [*RULES_TOPICS, RULESET_TOPIC], upto, readable)


def linked(
    connection: psycopg.Connection[Any],
    upto: int,
    readable: Readable | None = None,
    with_: Iterable[str] | None = None,
) -> list[Entry]:
    """The entries of all matters that were ever linked, or of those linked with some streams."""
    found = connected(links_of(_read(connection, TOLD, [*NAMED], upto)))
    wanted = found if with_ is None else {other for one in with_ for other in found.get(one, ())}
    return streams(connection, map(UUID, wanted), upto, readable) if wanted else []


def evaluation_entries(connection: psycopg.Connection[Any], stream: UUID, upto: int) -> list[Entry]:
    """Read the entries of an evaluation's stream; none of another kind of thing.

    Those that cannot be read are passed over: `ledger.log.codec.RecordUnreadable` tells whoever
    opens the evaluation.
    """
    found = streams(connection, [stream], upto)
    return [one for one in found if one["topic"].startswith(f"{evaluation.KIND}.")]


def recorded_at(connection: psycopg.Connection[Any], position: int) -> datetime:
    """Return when the entry of a position was recorded.

    Raises: LookupError — when there is none.
    """
    row = connection.execute(RECORDED_AT, [position]).fetchone()
    if row is None:
        raise LookupError(f"the log has no position {position}")
    found: datetime = row[0] if isinstance(row, tuple) else row["recorded_at"]
    return found


def _read(
    connection: psycopg.Connection[Any],
    query: str,
    wanted: list[Any],
    upto: int,
    readable: Readable | None = None,
) -> list[Entry]:
    with connection.cursor(binary=True, row_factory=tuple_row) as cursor:
        rows = cursor.execute(query, [wanted, upto]).fetchall()
    readable = readable or Readable()
    return [
        _entry(position, str(stream), topic, (occurred_at, recorded_at), state)
        for position, stream, topic, occurred_at, recorded_at, state in rows
        if readable.takes(position, str(stream), topic, state)
    ]


def _entry(
    position: int,
    stream: str,
    topic: str,
    times: tuple[int, int] | tuple[datetime, datetime],
    state: bytes,
) -> Entry:
    stored = _decode(state)
    late = is_late({"late_reason": stored.late_reason, "by": stored.by, "data": stored.data})
    data = stored.data
    if topic in UPCASTS:
        event = _MAPPER.entry(topic, state).data
        topic, data = event.topic, msgspec.to_builtins(event)
    return {
        "position": position,
        "stream": stream,
        "topic": topic,
        "occurred_at": times[0],
        "recorded_at": times[1],
        "late": late,
        "data": data,
    }


_MAPPER: Final = LedgerMapper()
_decode: Final = msgspec.json.Decoder(StoredState).decode


# --- of some

VILLAGES: Final = """
    SELECT division FROM views.appointments
     WHERE position <= %(upto)s AND superseded_at > %(upto)s AND advisers && %(advisers)s
    UNION
    SELECT village FROM views.worklogs
     WHERE day BETWEEN %(earliest)s AND %(latest)s AND position <= %(upto)s
       AND superseded_at > %(upto)s AND advisers && %(advisers)s
"""
CONCERNING: Final = """
    SELECT stream, '' AS beside FROM views.appointments
     WHERE position <= %(upto)s AND superseded_at > %(upto)s AND division = ANY(%(villages)s)
    UNION
    SELECT stream, '' FROM views.worklogs
     WHERE day BETWEEN %(earliest)s AND %(latest)s AND position <= %(upto)s
       AND superseded_at > %(upto)s AND village = ANY(%(villages)s)
    UNION
    SELECT stream, '' FROM views.inspections
     WHERE position <= %(upto)s AND superseded_at > %(upto)s
       AND (division = ANY(%(villages)s) OR point = ANY(%(points)s))
    UNION
    SELECT stream, '' FROM views.complaints
     WHERE position <= %(upto)s AND superseded_at > %(upto)s
       AND (adviser = ANY(%(advisers)s) OR point = ANY(%(points)s) OR division = ANY(%(places)s))
    UNION
    SELECT stream, '' FROM views.rectifications
     WHERE position <= %(upto)s AND superseded_at > %(upto)s
       AND (addressee = ANY(%(advisers)s) OR addressee = ANY(%(points)s)
            OR point = ANY(%(points)s) OR division = ANY(%(places)s))
    UNION
    SELECT request, 'rating' FROM views.journal
     WHERE kind IN ('request.logged', 'request.adviser_assigned', 'request.consultation_given')
       AND adviser = ANY(%(advisers)s) AND day BETWEEN %(earliest)s AND %(latest)s
       AND position <= %(upto)s
    UNION
    SELECT request, 'rating' FROM views.journal
     WHERE kind = 'request.mediation_session_held' AND by_adviser = ANY(%(advisers)s)
       AND day BETWEEN %(earliest)s AND %(latest)s AND position <= %(upto)s
    UNION
    SELECT request, 'rating' FROM views.journal
     WHERE kind = 'request.logged' AND point = ANY(%(points)s)
       AND day BETWEEN %(earliest)s AND %(latest)s AND position <= %(upto)s
    UNION
    SELECT request, 'rating' FROM views.journal
     WHERE kind = 'request.logged' AND division = ANY(%(places)s)
       AND day BETWEEN %(earliest)s AND %(latest)s AND position <= %(upto)s
"""


class Whom(Struct, frozen=True, kw_only=True):
    """Advisers, or points with their divisions, and the period (both included)."""

    advisers: Sequence[str] = ()
    points: Sequence[str] = ()
    places: Sequence[str] = ()
    first: date
    last: date


def concerning(
    connection: psycopg.Connection[Any],
    whom: Whom,
    upto: int,
    readable: Readable | None = None,
) -> list[Entry]:
    """The entries that any fact of theirs is made of. The views must have come as far as `upto`.

    What an adviser owes a village depends on all that was done there: its whole work log counts,
    from the first day of the year, as lectures are owed by quarters."""
    parameters: dict[str, Any] = {
        "advisers": list(whom.advisers),
        "points": list(whom.points),
        "places": list(whom.places),
        "earliest": min(whom.first - MARGIN, whom.first.replace(month=1, day=1) - MARGIN),
        "latest": whom.last + MARGIN,
        "upto": upto,
    }
    with connection.cursor(row_factory=tuple_row) as cursor:
        found = cursor.execute(VILLAGES, parameters).fetchall() if whom.advisers else []
        parameters["villages"] = [*(row[0] for row in found), *whom.places]
        rows = cursor.execute(CONCERNING, parameters).fetchall()
    with_ = {str(row[0]) for row in rows}
    beside = {*_with_siblings(rows)}
    others = {UUID(one["stream"]) for one in linked(connection, upto, with_=with_)}
    return streams(connection, beside | others, upto, readable)


def _with_siblings(rows: Iterable[tuple[UUID, str]]) -> Iterator[UUID]:
    for stream, beside in rows:
        yield stream
        yield sibling_id(stream, promise_watch.KIND)
        if beside:
            yield sibling_id(stream, rating.KIND)
