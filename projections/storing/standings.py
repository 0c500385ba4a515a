"""Views with one row per thing, or part of a thing, and event: its state by the domain's own fold.

A row is superseded by the next one of the same part, so the rows at a position P are those with
`position <= P AND superseded_at > P`. Memory is only a cache: a thing that is not in it is folded
again from its stream.
"""

import struct
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any, Final, NamedTuple
from uuid import UUID

import psycopg
from psycopg.rows import tuple_row

from domain.aggregates import Story
from ledger.log import reading
from ledger.log.codec import LedgerMapper, Recorded
from projections.asking.asking import NEVER
from projections.storing import copy_format, places, policies

KEY: Final = (
    ("position", "bigint NOT NULL"),
    ("superseded_at", "bigint NOT NULL"),
    ("stream", "uuid NOT NULL"),
    ("part", "text NOT NULL"),
)
WHOLE: Final = ""
"""Name of the part of a thing that has no parts."""
REMEMBERED_MAX: Final = 50_000
"""Things cached between batches."""

Values = dict[str, Any]


class Change(NamedTuple):
    """An event with the states before and after it."""

    recorded: Recorded
    before: Any
    after: Any
    stood: Mapping[str, Values]
    """Column values by part before the event; empty at the first event of the thing."""


Fold = Callable[[Change], Iterable[tuple[str, Values]]]
"""Returns (part, column values) for each row the event supersedes; missing columns are NULL."""


class _Row:
    """The current row of one part; `line` is None once it is written."""

    __slots__ = ("line", "position", "superseded_at", "values")

    def __init__(self, position: int, values: Values, line: bytes | None) -> None:
        self.position = position
        self.superseded_at = NEVER
        self.values = values
        self.line = line


class _Thing:
    __slots__ = ("parts", "state", "stood")

    def __init__(self) -> None:
        self.state: Any = None
        self.parts: dict[str, _Row] = {}
        self.stood: dict[str, Values] = {}


class Memory:
    """Cache of things by stream, and rows to be written."""

    def __init__(self) -> None:
        self.things: dict[UUID, _Thing] = {}
        self.lines: list[_Row] = []
        self.superseded: list[tuple[int, str, int]] = []
        """(position, part, superseding position) of rows written in earlier batches."""


class Standings:
    """A stored view of the things of some aggregates; `columns` are pairs of name and type."""

    BY_STREAM: Final = True

    def __init__(  # noqa: PLR0913
        self,
        name: str,
        version: int,
        aggregates: Sequence[Story],
        columns: Sequence[tuple[str, str]],
        fold: Fold,
        *,
        indexes: Sequence[str] = (),
        shards: int = 1,
    ) -> None:
        self.NAME: Final = name
        self.VERSION: Final = version
        self.SHARDS: Final = shards
        self.TOPICS: Final = tuple(event.topic for one in aggregates for event in one.EVENTS)
        stored = (*KEY, *places.COLUMNS, *columns)
        definition = ", ".join(f"{column} {kind}" for column, kind in stored)
        self.TABLES: Final = f"CREATE TABLE {name} ({definition})" + policies.secured_unless_open(
            name
        )
        self.INDEXES: Final = (
            f"ALTER TABLE {name} ADD PRIMARY KEY (position, part)",
            f"CREATE INDEX ON {name} (stream, position)",
            *indexes,
        )
        names = ", ".join(column for column, _ in stored)
        self.COPY: Final = f"COPY {name} ({names}) FROM STDIN (FORMAT BINARY)"
        self._supersede = f"""
            UPDATE {name} SET superseded_at = later.position
              FROM unnest(%b::bigint[], %b::text[], %b::bigint[]) AS later (earlier, part, position)
             WHERE {name}.position = later.earlier AND {name}.part = later.part
        """  # noqa: S608
        self._written = f"SELECT position, part FROM {name} WHERE stream = ANY(%s)"  # noqa: S608
        self._aggregate_of = {event: one for one in aggregates for event in one.EVENTS}
        self._fields = [(column, copy_format.FIELD[kind.split()[0]]) for column, kind in columns]
        self._width = struct.pack("!h", len(stored))
        self._fold = fold

    def memory(self, _connection: psycopg.Connection[Any], _position: int) -> Memory:
        return Memory()

    def apply(self, cursor: psycopg.Cursor[Any], batch: Sequence[Recorded], memory: Memory) -> None:
        """Fold a batch that follows the rows of the table, and write it."""
        own = [one for one in batch if type(one.event) in self._aggregate_of]
        if not own:
            return
        self._remember(cursor.connection, own, memory)
        for recorded in own:
            self._feed(recorded, memory)
        if memory.superseded:
            cursor.execute(self._supersede, [list(part) for part in zip(*memory.superseded)])  # noqa: B905
            memory.superseded.clear()
        if memory.lines:
            with cursor.copy(self.COPY) as copy:
                copy.write(b"".join((copy_format.HEAD, *self._take(memory), copy_format.TAIL)))

    def rows(self, events: Iterable[Recorded], _reference: Sequence[Recorded]) -> Iterator[bytes]:
        """Yield COPY rows of whole streams, folded from nothing."""
        memory = Memory()
        for recorded in events:
            self._feed(recorded, memory)
        yield copy_format.HEAD
        yield from self._take(memory)
        yield copy_format.TAIL

    def _feed(self, recorded: Recorded, memory: Memory) -> None:
        stream, position = recorded.originator_id, recorded.position
        assert position is not None
        thing = memory.things.get(stream)
        if thing is None:
            thing = memory.things[stream] = _Thing()
        place: bytes | None = None
        for part, values in self._evolved(thing, recorded):
            place = place or self._place(recorded, thing.state)
            earlier = thing.parts.get(part)
            if earlier is not None:
                earlier.superseded_at = position
                if earlier.line is None:
                    memory.superseded.append((earlier.position, part, position))
            row = _Row(position, values, self._line(stream, part, place, values))
            thing.parts[part] = row
            thing.stood[part] = values
            memory.lines.append(row)

    def _evolved(self, thing: _Thing, recorded: Recorded) -> Iterable[tuple[str, Values]]:
        """Fold an event; where its row cannot be made, the thing's state has moved on all the same,
        so that a correction brings it back.
        """
        before = thing.state
        thing.state = self._aggregate_of[type(recorded.event)].evolve(before, recorded.event)
        return self._fold(Change(recorded, before, thing.state, thing.stood))

    def _place(self, recorded: Recorded, state: Any) -> bytes:
        lies_in, marks = places.standing_of(self._aggregate_of[type(recorded.event)].KIND, state)
        written = copy_format.NULL if lies_in is None else copy_format.text(lies_in)
        return written + copy_format.FIELD["text[]"](marks)

    def _line(self, stream: UUID, part: str, place: bytes, values: Values) -> bytes:
        fields = [
            copy_format.NULL if (value := values.get(column)) is None else field(value)
            for column, field in self._fields
        ]
        return b"".join((copy_format.uuid(stream), copy_format.text(part), place, *fields))

    def _take(self, memory: Memory) -> Iterator[bytes]:
        lines, memory.lines = memory.lines, []
        for row in lines:
            assert row.line is not None
            ends = copy_format.bigint(row.position) + copy_format.bigint(row.superseded_at)
            yield self._width + ends + row.line
            row.line = None

    def _remember(
        self, connection: psycopg.Connection[Any], own: Sequence[Recorded], memory: Memory
    ) -> None:
        """Fold the earlier events of those things of the batch that are not in memory.

        An event that was passed over has no row: what supersedes is what is really in the table.
        """
        if len(memory.things) > REMEMBERED_MAX:
            memory.things.clear()
        missing = {
            one.originator_id
            for one in own
            if one.originator_id not in memory.things and one.originator_version > 1
        }
        if not missing:
            return
        with connection.cursor(binary=True, row_factory=tuple_row) as cursor:
            before = own[0].position
            assert before is not None
            written = set(cursor.execute(self._written, [list(missing)]).fetchall())
            for recorded in reading.streams(cursor, LedgerMapper(), list(missing), before - 1):
                thing = memory.things.setdefault(recorded.originator_id, _Thing())
                with suppress(Exception):
                    for part, values in self._evolved(thing, recorded):
                        if (recorded.position, part) in written:
                            assert recorded.position is not None
                            thing.parts[part] = _Row(recorded.position, values, None)
                            thing.stood[part] = values
