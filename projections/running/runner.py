"""Follows the log: each stored view folds every event exactly once, in order.

A view's tables and its position change in one transaction. An event that fails does not stop the
view and is not skipped silently: it is found by bisection, recorded as a fault together with the
position, and shown.
"""

import asyncio
import gc
import logging
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, ClassVar, Final
from uuid import UUID

import psycopg
from eventsourcing.persistence import IntegrityError, PersistenceError, Tracking
from eventsourcing.utils import Environment
from msgspec import Struct
from psycopg.rows import dict_row

from ledger.log import reading
from ledger.log.codec import UNREADABLE, LedgerMapper, Recorded
from ledger.log.recorder import Factory, LedgerTracking, library_environment
from projections.all_views import ALL, STORED
from projections.asking.asking import Query
from projections.storing import policies
from projections.storing.view import View, definition

log = logging.getLogger(__name__)

POLL_S: Final = 1.0
"""How often the log is looked at when no notification comes."""
WAIT_STEP_S: Final = 0.01
RETRY_S: Final = 0.5
OWNERS: Final = 0x616E_0001
"""Namespace of the advisory locks that make one process the owner of a view."""
REGISTRY: Final = """
    CREATE TABLE IF NOT EXISTS views.versions (
        name text PRIMARY KEY, version integer NOT NULL
    );
    CREATE TABLE IF NOT EXISTS views.definitions (
        name text PRIMARY KEY, definition text NOT NULL
    );
    CREATE TABLE IF NOT EXISTS views.faults (
        view text NOT NULL, version integer NOT NULL, position bigint NOT NULL,
        stream uuid NOT NULL, topic text NOT NULL, error text NOT NULL,
        found_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        PRIMARY KEY (view, position)
    );
    CREATE INDEX IF NOT EXISTS faults_stream_idx ON views.faults (stream);
    CREATE TABLE IF NOT EXISTS views.rebuilds (
        name text NOT NULL, version integer NOT NULL, target bigint NOT NULL,
        shard integer NOT NULL, shards integer NOT NULL, done boolean NOT NULL,
        PRIMARY KEY (name, shard)
    );
"""
STATUS: Final = """
    SELECT view.name, view.version, coalesce(t.notification_id, 0) AS position,
           (SELECT position FROM log_head) - coalesce(t.notification_id, 0) AS lag,
           (SELECT count(*) FROM views.faults f WHERE f.view = view.base) AS faults
      FROM unnest(%(names)s::text[], %(versions)s::int[], %(bases)s::text[])
           WITH ORDINALITY AS view (name, version, base, number)
      LEFT JOIN log_tracking t ON t.application_name = view.base
     ORDER BY view.number
"""
FAULT: Final = """
    INSERT INTO views.faults (view, version, position, stream, topic, error)
    VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING
"""
KNOWN: Final = """
    SELECT v.name, v.version, d.definition
      FROM views.versions v LEFT JOIN views.definitions d USING (name)
"""
THERE: Final = "SELECT name FROM views.versions WHERE to_regclass('views.' || name) IS NOT NULL"
MADE: Final = """
    INSERT INTO views.versions VALUES (%s, %s)
    ON CONFLICT (name) DO UPDATE SET version = excluded.version
"""
DEFINE: Final = """
    INSERT INTO views.definitions VALUES (%s, %s)
    ON CONFLICT (name) DO UPDATE SET definition = excluded.definition
"""
POSITION: Final = "SELECT notification_id FROM log_tracking WHERE application_name = %s"
STREAM: Final = "SELECT originator_id, topic FROM log_events WHERE notification_id = %s"
REACHED: Final = """
    SELECT count(*) FROM log_tracking
     WHERE application_name = ANY(%s) AND notification_id >= %s
"""


class ViewStatus(Struct, frozen=True, kw_only=True):
    """Progress of one view."""

    KEY: ClassVar = ("name",)

    name: str
    version: int
    position: int
    lag: int
    """Number of events in the log after the view's position."""
    faults: int
    """Number of events the view could not fold."""


class VersionChanged(Exception):
    """The tables of the view have another version or definition than this program."""


class Moved(Exception):
    """A rebuild has put the view at another position."""

    def __init__(self, position: int) -> None:
        super().__init__(position)
        self.position = position


def status_query() -> Query[ViewStatus]:
    parameters = {
        "names": [view.NAME for view in ALL],
        "versions": [view.VERSION for view in ALL],
        "bases": [base(view) for view in ALL],
    }
    return Query(STATUS, parameters, ViewStatus)


def base(view: Any) -> str:
    """Return the stored view that a view stands on: itself, or the journal."""
    return str(getattr(view, "STANDS_ON", view.NAME))


async def wait_for(
    connection: psycopg.AsyncConnection[Any],
    names: Iterable[str],
    position: int,
    timeout_s: float = 2.0,
) -> bool:
    """Wait until the views reach a position; return whether they did in time.

    This is how clients read their own writes.
    """
    bases = {base(view) for view in ALL if view.NAME in set(names)}
    give_up = asyncio.get_running_loop().time() + timeout_s
    while True:
        async with connection.cursor() as cursor:
            await cursor.execute(REACHED, [list(bases), position])
            row = await cursor.fetchone()
        found = next(iter(row.values())) if isinstance(row, dict) else row[0] if row else 0
        if found == len(bases):
            return True
        if asyncio.get_running_loop().time() > give_up:
            return False
        await asyncio.sleep(WAIT_STEP_S)


def install(connection: psycopg.Connection[Any], views: Sequence[View] = STORED) -> list[View]:
    """Create missing tables; return the views that must be rebuilt.

    Those have tables of another version or definition.
    """
    with connection.transaction():
        connection.execute("SELECT pg_advisory_xact_lock(%s, 0)", [OWNERS])
        connection.execute(REGISTRY)
        connection.execute(policies.FUNCTIONS)
        there = {row[0] for row in connection.execute(THERE)}
        for view in views:
            if view.NAME not in there:
                _make(connection, view)
    return [view for view in views if not is_ours(connection, view)]


def _make(connection: psycopg.Connection[Any], view: View) -> None:
    """Create empty tables at position 0; earlier ones may have been dropped."""
    connection.execute("SET LOCAL search_path = views, public")
    connection.execute(view.TABLES)
    for index in view.INDEXES:
        connection.execute(index)
    connection.execute(MADE, [view.NAME, view.VERSION])
    connection.execute(DEFINE, [view.NAME, definition(view)])
    connection.execute("DELETE FROM log_tracking WHERE application_name = %s", [view.NAME])
    connection.execute("DELETE FROM views.faults WHERE view = %s", [view.NAME])


NOT_THE_EVENTS: Final = (
    psycopg.OperationalError, psycopg.ProgrammingError, IntegrityError, VersionChanged, Moved,
)  # fmt: skip
"""Errors that must not be recorded as a fault of an event.

The database is away, its tables are not as expected, or another process moves the view.
"""


class Following:
    """A view on its way along the log."""

    def __init__(self, view: View, tracking: LedgerTracking, schema: str = "views") -> None:
        self.view = view
        self.schema = schema
        self.name = view.NAME if schema == "views" else f"{view.NAME}.{schema}"
        self._tracking = tracking
        reached = tracking.max_tracking_id(self.name)
        self.begun = reached is not None
        self.position = reached or 0
        self._memory: Any = None

    def start_at(self, connection: psycopg.Connection[Any], position: int) -> None:
        """Set the position to which the tables were built by other means."""
        with connection.cursor(row_factory=dict_row) as cursor:
            self._tracking._insert_tracking(cursor, Tracking(self.name, position))
        self.position = position

    def take(
        self, connection: psycopg.Connection[Any], events: "Sequence[Recorded] | Unreadable"
    ) -> None:
        """Fold those of `events` that are still to come, in one transaction.

        If a rebuild has moved the view meanwhile, nothing is folded: read on from `position`.
        """
        try:
            if isinstance(events, Unreadable):
                if events.position > self.position:
                    self._fault(connection, events)
            elif new := [one for one in events if (one.position or 0) > self.position]:
                self._take(connection, new)
        except Moved as moved:
            self.position = moved.position

    def _take(self, connection: psycopg.Connection[Any], events: Sequence[Recorded]) -> None:
        try:
            self.apply(connection, events)
        except NOT_THE_EVENTS:
            self._memory = None
            raise
        except Exception as error:
            self._memory = None
            if len(events) == 1:
                self._fault(connection, _unreadable(events[0], error))
                return
            middle = len(events) // 2
            self._take(connection, events[:middle])
            self._take(connection, events[middle:])

    def back_to(self, position: int) -> None:
        """Reset the position after a rollback."""
        self.position = position
        self._memory = None

    def apply(self, connection: psycopg.Connection[Any], events: Sequence[Recorded]) -> None:
        last = events[-1].position
        assert last is not None
        if self._memory is None:
            self._memory = self.view.memory(connection, self.position)
        with connection.transaction(), connection.cursor(row_factory=dict_row) as cursor:
            cursor.execute(f"SET LOCAL search_path = {self.schema}, public")
            self._still_ours(connection)
            self.view.apply(cursor, events, self._memory)
            self._tracking._insert_tracking(cursor, Tracking(self.name, last))
        self.position = last

    def _still_ours(self, connection: psycopg.Connection[Any]) -> None:
        """Lock the version row and check that no rebuild has swapped the tables.

        The swap of a rebuild waits for this row lock.
        """
        if self.schema != "views":
            return
        if locked_version(connection, self.view, "SHARE") != self.view.VERSION:
            raise VersionChanged(f"{self.view.NAME} is not at version {self.view.VERSION}")
        position = reached(connection, self.view)
        if position != self.position:
            raise Moved(position)

    def _fault(self, connection: psycopg.Connection[Any], event: "Unreadable") -> None:
        """Skip the event and record its fault in one transaction."""
        view, at = self.view, event.position
        with connection.transaction(), connection.cursor(row_factory=dict_row) as cursor:
            self._still_ours(connection)
            cursor.execute(FAULT, fault_of(self.name, view, event))
            self._tracking._insert_tracking(cursor, Tracking(self.name, at))
        self.position = at
        # The error may quote what people wrote: its text stays in the database.
        log.error("view %s cannot take event %s (%s): see views.faults", self.name, at, event.topic)


def take_together(
    connection: psycopg.Connection[Any],
    views: Sequence[Following],
    events: "Sequence[Recorded] | Unreadable",
) -> None:
    """Fold a batch into all views at one position, in one transaction or else view by view."""
    before = views[0].position
    if not isinstance(events, Unreadable) and all(view.position == before for view in views):
        try:
            with connection.transaction():
                for view in views:
                    view.apply(connection, events)
        except Exception:
            for view in views:
                view.back_to(before)
        else:
            return
    for view in views:
        view.take(connection, events)


class Unreadable(Struct, frozen=True):
    """An event that a view, or this version of the program, cannot read."""

    position: int
    stream: UUID
    """The request's stream if the event names one, else its own."""
    topic: str
    error: str


def fault_of(name: str, view: View, event: Unreadable) -> list[Any]:
    """Return the parameters of `FAULT`."""
    return [name, view.VERSION, event.position, event.stream, event.topic, event.error]


def _unreadable(event: Recorded, error: Exception) -> Unreadable:
    assert event.position is not None
    stream = getattr(event.event, "request", None) or event.originator_id
    return Unreadable(event.position, stream, event.event.topic, repr(error))


def read(
    connection: psycopg.Connection[Any],
    mapper: LedgerMapper,
    after: int,
    upto: int = 2**63 - 1,
) -> Sequence[Recorded] | Unreadable:
    """Return the decodable events after a position, or the next one if it cannot be decoded."""
    limit = reading.EVENTS_PER_BATCH
    while True:
        try:
            return reading.batch(connection, mapper, after, upto=upto, limit=limit)
        except UNREADABLE as error:
            if limit == 1:
                row = connection.execute(STREAM, [after + 1]).fetchone()
                assert row is not None
                return Unreadable(after + 1, row[0], row[1], repr(error))
            limit //= 2


def locked_version(connection: psycopg.Connection[Any], view: View, mode: str) -> int | None:
    """Return the version of the serving tables and lock its row until the transaction ends.

    Read what depends on it in a later statement: this one may have waited for the lock.
    """
    query = f"SELECT version FROM views.versions WHERE name = %s FOR {mode}"  # noqa: S608
    row = connection.execute(query, [view.NAME]).fetchone()
    return row[0] if row else None


def is_ours(connection: psycopg.Connection[Any], view: View) -> bool:
    """Return whether the serving tables have this program's version and definition."""
    row = connection.execute(f"{KNOWN} WHERE v.name = %s", [view.NAME]).fetchone()
    return row is not None and row[1:] == (view.VERSION, definition(view))


def reached(connection: psycopg.Connection[Any], view: View) -> int:
    """Return the position of the serving tables."""
    row = connection.execute(POSITION, [view.NAME]).fetchone()
    return row[0] if row else 0


def _ready(connection: psycopg.Connection[Any]) -> None:
    """Install missing tables.

    Raises: VersionChanged — names the views that must be rebuilt first.
    """
    outdated = install(connection)
    if outdated:
        names = ", ".join(view.NAME for view in outdated)
        raise VersionChanged(f"rebuild these views first: {names}")


class Runner:
    """Keeps the stored views at the head of the log.

    One process owns a view at a time, by an advisory lock. Others wait for the lock, so a second
    projector is a warm standby.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._mapper = LedgerMapper()

    def catch_up(self, progress: Callable[[int, int], None] | None = None) -> int:
        """Bring every view to the present head and return it.

        If another process owns the views, wait until it has done so.
        """
        with self._connect() as connection:
            _ready(connection)
            goal = reading.head(connection)
            with self._tracking() as tracking:
                while not self._reached(connection, goal):
                    if self._own(connection):
                        views = [Following(view, tracking) for view in STORED]
                        self._follow(connection, views, goal, progress)
                        self._disown(connection)
                    else:
                        time.sleep(WAIT_STEP_S)
        return goal

    def run(self, stop: threading.Event) -> None:
        """Follow the log until stopped; wait for a lost database."""
        while not stop.is_set():
            try:
                self._run(stop)
            except (psycopg.OperationalError, PersistenceError) as error:
                log.warning("views wait for the database: %s", error)
                stop.wait(RETRY_S)

    def _run(self, stop: threading.Event) -> None:
        with self._connect() as connection, self._tracking() as tracking:
            _ready(connection)
            connection.execute("LISTEN log_events")
            while not self._own(connection):
                if stop.wait(POLL_S):
                    return
            views = [Following(view, tracking) for view in STORED]
            while not stop.is_set():
                self._follow(connection, views, reading.head(connection), None)
                for _ in connection.notifies(timeout=POLL_S, stop_after=1):
                    pass

    def _follow(
        self,
        connection: psycopg.Connection[Any],
        views: Sequence[Following],
        goal: int,
        progress: Callable[[int, int], None] | None,
    ) -> None:
        with _collecting_nothing():
            while (position := min(view.position for view in views)) < goal:
                events = read(connection, self._mapper, position)
                take_together(connection, views, events)
                if progress is not None:
                    progress(min(view.position for view in views), goal)

    def _reached(self, connection: psycopg.Connection[Any], goal: int) -> bool:
        names = [view.NAME for view in STORED]
        row = connection.execute(REACHED, [names, goal]).fetchone()
        return goal == 0 or (row is not None and row[0] == len(names))

    def _own(self, connection: psycopg.Connection[Any]) -> bool:
        row = connection.execute("SELECT pg_try_advisory_lock(%s, 1)", [OWNERS]).fetchone()
        return bool(row and row[0])

    def _disown(self, connection: psycopg.Connection[Any]) -> None:
        connection.execute("SELECT pg_advisory_unlock(%s, 1)", [OWNERS])

    def _connect(self) -> psycopg.Connection[Any]:
        return psycopg.connect(self._url, autocommit=True)

    def _tracking(self) -> "Tracked":
        return Tracked(self._url)


@contextmanager
def _collecting_nothing() -> Iterator[None]:
    """Disable the cyclic GC while folding: no cycles are made, and it costs a third of the time."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


class Tracked:
    """The library's tracking recorder, with its connections closed at the end."""

    def __init__(self, url: str) -> None:
        self._factory = Factory(Environment("log", library_environment(url)))

    def __enter__(self) -> LedgerTracking:
        return self._factory.tracking_recorder(LedgerTracking)

    def __exit__(self, *_: object) -> None:
        self._factory.close()
