"""Differences between two answers to one question, as known at two times.

HTTP and the command line share it, for every question. It reads nothing: `compared` yields the
queries that name and count events.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime
from functools import cache
from operator import attrgetter
from typing import Any, Final, cast
from uuid import UUID

import msgspec
from msgspec import UNSET, Struct, UnsetType

from domain.vocabulary import SIMULATION
from projections.asking.answering import Answering
from projections.asking.asking import Query
from projections.history.events import EventNamed, Touched

ROWS_MAX: Final = 5_000
"""A longer list, at either time, is not compared: the question must be narrowed."""
BASES: Final = frozenset(
    ("basis", "position", "cut_off", "as_known_at", "now", "next_cursor", "stream", "id")
)
"""Parts of an answer that say what it stands on, or what was asked for: `then` and `now` of the
difference say the first, and the second is the same."""


class Side(Struct, frozen=True, kw_only=True):
    """The basis of one of the two answers: every event up to `position`."""

    as_known_at: datetime | None
    """As asked; None = now."""
    position: int
    recorded_at: datetime | None
    """When the last event of the basis was recorded."""
    simulated: bool
    """The log began as a simulation: nothing on this basis is about real people."""
    known: bool
    """False: there was nothing to answer with; everything of the other one is new, or gone."""


class ComparedMoment(Struct, frozen=True, kw_only=True):
    """A time of the comparison."""

    instant: datetime
    asked: datetime | None
    """The time asked for; None means now, which `instant` holds."""
    position: int
    """Position of the last event recorded by then."""
    recorded_at: datetime | None
    simulated: bool


class FieldChange(Struct, frozen=True, kw_only=True):
    """A field that differs. Without `then` it is new; without `now` it is gone."""

    field: str
    """JSON pointer (RFC 6901) to the field, in the answer or in the row."""
    then: Any | UnsetType = UNSET
    now: Any | UnsetType = UNSET


class Changes(Struct, frozen=True, kw_only=True):
    """The fields that differ, and the lists whose rows differ.

    The order of rows and their running number (序号) are not compared; a missing list counts as
    empty.
    """

    fields: list[FieldChange]
    lists: list["ListChange"]

    @property
    def same(self) -> bool:
        return not self.fields and not self.lists


class RowChange(Changes, frozen=True, kw_only=True):
    """A row that differs."""

    key: list[Any]
    """The values by which the row is identified."""
    events: list[EventNamed] | None
    """Events recorded between the two times in the row's streams; null for aggregate rows."""
    touched: dict[str, int] | None
    """Counts per kind of event of the requests behind an aggregate row; null if it counts others
    too.
    """


class RowOfOne(Struct, frozen=True, kw_only=True):
    """A row that only one of the two answers has; `events` and `touched` as in `RowChange`."""

    key: list[Any]
    row: Any
    events: list[EventNamed] | None
    touched: dict[str, int] | None


class ListChange(Struct, frozen=True, kw_only=True):
    """A list whose rows differ."""

    at: str
    """JSON pointer to the list in the answer."""
    only_then: list[RowOfOne]
    only_now: list[RowOfOne]
    changed: list[RowChange]


class Difference(Changes, frozen=True, kw_only=True):
    """An answer as known at two times; the earlier is always `then`."""

    then: Side
    now: Side
    events: list[EventNamed] | None
    """Events recorded between them in the one stream of the answer; null if it is about many
    streams.
    """


# --- two times


def moments(one: datetime | None, other: datetime | None) -> Query[ComparedMoment]:
    """Query the two times, the earlier first; None means now, with everything that is recorded."""
    sql = """
        WITH asked (asked) AS (VALUES (%(one)s::timestamptz), (%(other)s::timestamptz)),
             at AS (SELECT asked, coalesce(asked, greatest(clock_timestamp(), h.recorded_at))
                           AS instant
                      FROM asked, log_head h)
        SELECT at.instant, at.asked, upto.position, e.recorded_at,
               coalesce((SELECT position(convert_to(%(simulation)s, 'UTF8') IN state) > 0
                           FROM log_events WHERE notification_id = 1), false) AS simulated
          FROM at CROSS JOIN LATERAL log_position_at(at.instant) AS upto (position)
          LEFT JOIN log_events e ON e.notification_id = upto.position
         ORDER BY at.instant
    """
    asked = {"one": one, "other": other, "simulation": f'"device":"{SIMULATION}"'}
    return Query(sql, asked, ComparedMoment)


def side_of(moment: ComparedMoment, answer: Any) -> Side:
    """Return the basis that an answer of the views states itself."""
    basis = getattr(answer, "basis", moment)
    return Side(
        as_known_at=moment.asked,
        position=basis.position,
        recorded_at=basis.recorded_at,
        simulated=moment.simulated,
        known=answer is not None,
    )


# --- comparing

Key = Callable[[Any], tuple[Any, ...]]
"""Of a row."""

Events = tuple[list[EventNamed] | None, dict[str, int] | None]
Named = Callable[[tuple[Any, ...]], Events]
"""What was recorded between the two times about a row, as it was and as it is: `events`,
`touched`."""
Touching = Callable[[int, int], Query[Touched] | None]
"""Of an answer made of requests: what touched its rows after one position, up to another."""
Keyed = Mapping[tuple[Any, ...], Any]
"""The rows of a list, by what they are told apart by."""


def compared(
    then: Side,
    now: Side,
    answers: tuple[Any, Any],
    stream: UUID | None = None,
    touching: Touching | None = None,
) -> Answering[Difference]:
    """Compare the answers of then and now; an answer is None where there was none.

    `stream` is the one stream that both answers are about.
    """
    bodies = _body(answers[0]), _body(answers[1])
    wanted: set[UUID] = {stream} if stream else set()

    def noted(rows: tuple[Any, ...]) -> Events:
        wanted.update(_streams(rows) or ())
        return None, None

    changes(*bodies, noted)
    found = (yield between(wanted, then.position, now.position)) if wanted else []
    counting = touching(then.position, now.position) if touching else None
    touched = (yield counting) if counting else []
    events: defaultdict[UUID, list[EventNamed]] = defaultdict(list)
    counts: defaultdict[str | None, dict[str, int]] = defaultdict(dict)
    for one in found:
        events[one.stream].append(one)
    for each in touched:
        counts[each.key][each.kind] = each.events

    def named(rows: tuple[Any, ...]) -> Events:
        streams = _streams(rows)
        of_requests = counting is not None and getattr(rows[0], "OF_REQUESTS", False)
        return (
            None if streams is None else _in_order(events, streams),
            dict(counts[rows[0].key]) if of_requests else None,
        )

    told = changes(*bodies, named)
    return Difference(
        then=then,
        now=now,
        fields=told.fields,
        lists=told.lists,
        events=_in_order(events, {stream}) if stream else None,
    )


def _streams(rows: tuple[Any, ...]) -> set[UUID] | None:
    found = [row.streams() for row in rows if hasattr(row, "streams")]
    return {one for each in found for one in each} if found else None


def _in_order(events: Mapping[UUID, list[EventNamed]], streams: set[UUID]) -> list[EventNamed]:
    found = [one for each in streams for one in events.get(each, ())]
    return sorted(found, key=lambda one: one.position)


def between(streams: Iterable[UUID], after: int, upto: int) -> Query[EventNamed]:
    """Query the events of the streams after one position, up to another."""
    sql = """
        SELECT notification_id AS position, topic, originator_id AS stream, occurred_at, recorded_at
          FROM log_events
         WHERE originator_id = ANY(%(streams)s) AND notification_id > %(after)s
           AND notification_id <= %(upto)s ORDER BY notification_id
    """
    return Query(sql, {"streams": sorted(streams), "after": after, "upto": upto}, EventNamed)


def _same(then: Any, now: Any) -> bool:
    """Compare as JSON, where 1 is not true; UNSET equals nothing else."""
    if type(then) is type(now) and isinstance(then, str | int | float | date | UUID | None):
        return bool(then == now)
    return then is not UNSET and now is not UNSET and encoded(then) == encoded(now)


def _body(answer: Any) -> Mapping[str, Any]:
    """Return the fields of an answer without its basis."""
    parts = _parts(answer) or {}
    return {name: part for name, part in parts.items() if name not in BASES}


def changes(then: Any, now: Any, named: Named) -> Changes:
    """Compare two values of one type."""
    found = list(_walk("", then, now, named))
    return Changes(
        fields=[one for one in found if isinstance(one, FieldChange)],
        lists=[one for one in found if isinstance(one, ListChange)],
    )


def _walk(at: str, then: Any, now: Any, named: Named) -> Iterator[FieldChange | ListChange]:
    before, after = _parts(then), _parts(now)
    if before is None or after is None:
        if not _same(then, now):
            yield FieldChange(field=at, then=then, now=now)
        return
    for name in dict.fromkeys((*before, *after)):
        inner = f"{at}/{_escaped(name)}"
        one, other = before.get(name, UNSET), after.get(name, UNSET)
        key = key_of(now, one, other)
        if key is None:
            yield from _walk(inner, one, other, named)
        elif (found := _rows(inner, _keyed(one, key), _keyed(other, key), named)) is not None:
            yield found


def _rows(at: str, before: Keyed, after: Keyed, named: Named) -> ListChange | None:
    changed = []
    for key, row in after.items():
        if key in before and encoded(before[key]) != encoded(row):
            inner = changes(before[key], row, named)
            if not inner.same:
                events, touched = named((before[key], row))
                changed.append(
                    RowChange(
                        key=list(key),
                        fields=inner.fields,
                        lists=inner.lists,
                        events=events,
                        touched=touched,
                    )
                )
    only_then = _of_one(before, after, named)
    only_now = _of_one(after, before, named)
    if not changed and not only_then and not only_now:
        return None
    return ListChange(at=at, only_then=only_then, only_now=only_now, changed=changed)


def _of_one(one: Keyed, other: Keyed, named: Named) -> list[RowOfOne]:
    found = []
    for key, row in one.items():
        if key not in other:
            events, touched = named((row,))
            found.append(RowOfOne(key=list(key), row=row, events=events, touched=touched))
    return found


def _keyed(rows: Any, key: Key) -> Keyed:
    """Index rows by key; rows with equal keys are counted."""
    by_key: dict[tuple[Any, ...], Any] = {}
    seen: Counter[tuple[Any, ...]] = Counter()
    for row in () if rows is UNSET else rows:
        own = key(row)
        seen[own] += 1
        by_key[own if seen[own] == 1 else (*own, seen[own])] = row
    return by_key


def _parts(value: Any) -> Mapping[str, Any] | None:
    """Return the named parts of a value, as in its JSON; None when it is a single value."""
    if isinstance(value, Mapping):
        return {str(name): part for name, part in value.items()}
    if not isinstance(value, Struct) or value.__struct_config__.array_like:
        return None
    value = value.compared() if hasattr(value, "compared") else value
    kind: type[Struct] = type(value)
    config = value.__struct_config__
    parts = {encoded: getattr(value, name) for name, encoded in _names(kind)}
    if config.omit_defaults or config.tag is not None:
        parts = {name: parts.get(name, part) for name, part in msgspec.to_builtins(value).items()}
    return parts


@cache
def _names(kind: type[Struct]) -> tuple[tuple[str, str], ...]:
    """Return the names of a struct's fields, in Python and in JSON."""
    return tuple((one.name, one.encode_name) for one in msgspec.structs.fields(kind))


def _escaped(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")


# --- rows

_encoder = msgspec.json.Encoder(order="deterministic")


def encoded(value: Any) -> bytes:
    """Encode canonically: equal JSON gives equal bytes. Dict keys must be texts."""
    return _encoder.encode(msgspec.to_builtins(value, str_keys=True))


def key_of(owner: Any, *lists: Any) -> Key | None:
    """Return the key function of the rows of either list.

    It reads the attributes named by `KEY` of the row's type, or calls `key_of` of the struct that
    has the lists. None when there are no lists, or when `KEY` is None, which compares the list as
    one value.
    """
    if any(not isinstance(one, list | tuple) for one in lists if one is not UNSET):
        return None
    rows = [row for one in lists if one is not UNSET for row in one[:1]]
    if not rows:
        return None
    if isinstance(rows[0], dict):
        return _in_tree
    if hasattr(owner, "key_of"):
        return cast("Key", owner.key_of)
    names: tuple[str, ...] | None = getattr(rows[0], "KEY", None)
    if names is None:
        return None
    values = [attrgetter(name) for name in names]
    return lambda row: tuple(value(row) for value in values)


def _in_tree(part: Any) -> tuple[Any, ...]:
    """Return the key of a row in a score tree: a part's code, or a fact's whole reference."""
    if isinstance(part, dict) and "code" in part:
        return (part["code"],)
    return (encoded(part).decode(),)
