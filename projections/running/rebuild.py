"""Rebuilds a view from the log beside the one that serves, and swaps their tables.

The log is cut by stream into shards. Processes take shards, and a finished shard is committed
together with its mark, so a rebuild that was killed goes on with the unmarked shards.
"""

import logging
import multiprocessing
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor, as_completed
from contextlib import closing, contextmanager
from itertools import islice
from typing import Any, Final
from uuid import UUID

import psycopg
from msgspec import Struct

from domain.aggregates import EVENTS_BY_TOPIC
from ledger.log import reading
from ledger.log.codec import UNREADABLE, LedgerMapper, Recorded
from ledger.log.threads import describe_structs
from ledger.verify.stretch import prepare_worker
from projections.all_views import ALL, STORED
from projections.running.runner import (
    DEFINE,
    FAULT,
    NOT_THE_EVENTS,
    Following,
    Tracked,
    Unreadable,
    base,
    fault_of,
    install,
    is_ours,
    locked_version,
    reached,
    read,
)
from projections.storing.view import View, definition

log = logging.getLogger(__name__)

NEXT: Final = "views_next"
REBUILDS: Final = 0x616E_0002
"""Namespace of the advisory locks that make one process the builder of a view."""
LOCK_TIMEOUT_MS: Final = 3_000
ROWS_PER_WRITE: Final = 500
TABLE_DIGEST: Final = """
    SELECT (SELECT (count(*), sum(hashtextextended(t::text, 0)::numeric)) FROM views.{table} t)
         = (SELECT (count(*), sum(hashtextextended(t::text, 0)::numeric)) FROM views_next.{table} t)
"""
TO_DO: Final = """
    SELECT FROM views.rebuilds
     WHERE name = %s AND target = %s AND shard = %s AND NOT done FOR UPDATE
"""
BEGUN: Final = """
    SELECT r.version, r.shards, d.definition, r.target, r.shard, r.done
      FROM views.rebuilds r LEFT JOIN views.definitions d ON d.name = %s
     WHERE r.name = %s
"""
UNREAD: Final = """
    SELECT notification_id, originator_id, topic, state FROM log_events
     WHERE notification_id <= %(upto)s AND topic <> ALL(%(read)s)
       AND (topic <> ALL(%(known)s) OR notification_id IN (SELECT position FROM views.faults))
"""
"""What a rebuild did not read, because it is of no use to the view, and may be unreadable."""
TAKE_PLACE: Final = """
    WITH gone AS (DELETE FROM log_tracking WHERE application_name = %(next)s)
    INSERT INTO log_tracking VALUES (%(name)s, %(position)s)
    ON CONFLICT (application_name) DO UPDATE SET notification_id = excluded.notification_id
"""


class Rebuilt(Struct, frozen=True, kw_only=True):
    """The result of one rebuild."""

    name: str
    version: int
    position: int
    events: int
    """Number of events read."""
    seconds: float
    """Time from the first read until ready to swap, without the comparison."""
    equal: bool | None
    """Whether the old and new tables hold the same rows; None when their versions differ."""


class RebuildRefused(Exception):
    """The rebuild cannot go on; the text says why."""


def rebuild(
    url: str,
    names: Sequence[str] | None = None,
    workers: int = 2,
    progress: Callable[[str, int, int], None] | None = None,
    *,
    compare: bool = True,
) -> list[Rebuilt]:
    """Rebuild the named stored views, or all of them.

    `workers` is the number of processes; 0 builds in this one.
    `progress` is called with the name, the number of shards done, and the number of shards.

    Events that cannot be read or folded are recorded as faults, as the runner does.

    Raises: RebuildRefused — when a view does not exist or is being rebuilt. Any other error comes
    from the database.
    """
    known = {view.NAME: view for view in STORED}
    unknown = set(names or ()) - known.keys()
    if unknown:
        asked = {view.NAME: base(view) for view in ALL}
        told = [
            f"{name} has no rows of its own, rebuild {asked[name]}"
            if name in asked
            else f"no view is called {name}"
            for name in sorted(unknown)
        ]
        raise RebuildRefused(f"{'; '.join(told)}; there are {', '.join(known)}")
    views = [view for name, view in known.items() if not names or name in names]
    if not workers:
        return [_rebuild(url, view, None, progress, compare=compare) for view in views]
    describe_structs()
    # Side by side, so that one view is folded while the server indexes the other.
    with _pool(workers) as pool, ThreadPoolExecutor(len(views)) as sides:
        jobs = [
            sides.submit(_rebuild, url, view, pool, progress, compare=compare) for view in views
        ]
        return [job.result() for job in jobs]


@contextmanager
def _pool(workers: int) -> Iterator[Executor]:
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=spawn, initializer=prepare_worker) as pool:
        try:
            yield pool
        finally:
            pool.shutdown(cancel_futures=True)


def _rebuild(
    url: str,
    view: View,
    pool: Executor | None,
    progress: Callable[[str, int, int], None] | None,
    *,
    compare: bool,
) -> Rebuilt:
    with (
        psycopg.connect(url, autocommit=True) as connection,
        Tracked(url) as tracking,
        _sole_builder(connection, view),
    ):
        install(connection, (view,))
        started = time.perf_counter()
        target, missing = _begin(connection, view)
        following = Following(view, tracking, NEXT)
        if not following.begun:
            try:
                _build(url, view, target, missing, pool, progress)
                _index(connection, following, target)
            except NOT_THE_EVENTS:
                raise
            except Exception as error:
                log.warning(
                    "view %s: an event cannot be folded (%s); folding one after the other",
                    view.NAME,
                    type(error).__name__,
                )
                _begin_carefully(connection, following)
                _follow(connection, following, target)
        seconds = time.perf_counter() - started
        position, equal = _swap(connection, following, compare=compare)
    return Rebuilt(
        name=view.NAME,
        version=view.VERSION,
        position=position,
        events=target,
        seconds=seconds,
        equal=equal,
    )


@contextmanager
def _sole_builder(connection: psycopg.Connection[Any], view: View) -> Iterator[None]:
    """Hold the advisory lock; wait a moment, as a killed builder's may still be held."""
    lock = [REBUILDS, STORED.index(view)]
    try:
        with connection.transaction():
            connection.execute(f"SET LOCAL lock_timeout = {LOCK_TIMEOUT_MS}")
            connection.execute("SELECT pg_advisory_lock(%s, %s)", lock)
    except psycopg.errors.LockNotAvailable as error:
        raise RebuildRefused(f"{view.NAME} is being rebuilt by another process") from error
    try:
        yield
    finally:
        if not connection.closed:
            connection.execute("SELECT pg_advisory_unlock(%s, %s)", lock)


def _begin(connection: psycopg.Connection[Any], view: View) -> tuple[int, list[int]]:
    """Return the target position and the shards to do: those a killed rebuild left, or all."""
    next_name = f"{view.NAME}.{NEXT}"
    rows = connection.execute(BEGUN, [next_name, view.NAME]).fetchall()
    if rows and rows[0][:3] == (view.VERSION, view.SHARDS, definition(view)):
        return rows[0][3], [shard for *_, shard, done in rows if not done]
    target = reading.head(connection)
    with connection.transaction():
        connection.execute("DELETE FROM views.rebuilds WHERE name = %s", [view.NAME])
        connection.execute("DELETE FROM views.faults WHERE view = %s", [next_name])
        connection.execute("DELETE FROM log_tracking WHERE application_name = %s", [next_name])
        connection.execute(f"DROP TABLE IF EXISTS {NEXT}.{view.NAME}")
        connection.execute(f"SET LOCAL search_path = {NEXT}, public")
        connection.execute(view.TABLES)
        connection.execute(DEFINE, [next_name, definition(view)])
        connection.execute(
            "INSERT INTO views.rebuilds SELECT %s, %s, %s, shard, %s, false"
            " FROM generate_series(0, %s - 1) shard",
            [view.NAME, view.VERSION, target, view.SHARDS, view.SHARDS],
        )
    return target, list(range(view.SHARDS))


def _build(
    url: str,
    view: View,
    target: int,
    missing: list[int],
    pool: Executor | None,
    progress: Callable[[str, int, int], None] | None,
) -> None:
    for number, _ in enumerate(
        _built(url, view.NAME, target, missing, pool), view.SHARDS - len(missing) + 1
    ):
        if progress is not None:
            progress(view.NAME, number, view.SHARDS)


def _built(
    url: str, name: str, target: int, missing: list[int], pool: Executor | None
) -> Iterator[None]:
    """Build the shards and yield once for each; without a pool, in this process."""
    if pool is None:
        for shard in missing:
            build_shard(url, name, target, shard)
            yield
        return
    jobs = [pool.submit(build_shard, url, name, target, shard) for shard in missing]
    try:
        for job in as_completed(jobs):
            job.result()
            yield
    finally:
        for job in jobs:
            job.cancel()


def build_shard(url: str, name: str, target: int, shard: int) -> None:
    """Fold one shard from nothing and commit it with its mark; runs in a worker process.

    A shard that another process has finished meanwhile is skipped.
    """
    view = {one.NAME: one for one in STORED}[name]
    with psycopg.connect(url) as reader, psycopg.connect(url) as writer:
        # A worker of a killed rebuild may still be at it: the lock waits for its end.
        if writer.execute(TO_DO, [name, target, shard]).fetchone() is None:
            return
        unreadable: list[Unreadable] = []

        def passed_over(position: int, stream: UUID, topic: str, error: Exception) -> None:
            unreadable.append(Unreadable(position, stream, topic, repr(error)))

        with closing(_events(reader, view, target, shard, passed_over)) as events:
            rows = view.rows(events, reading.reference(writer, LedgerMapper(), target))
            writer.execute(f"SET LOCAL search_path = {NEXT}, public")
            with writer.cursor().copy(view.COPY) as copy:
                while block := list(islice(rows, ROWS_PER_WRITE)):
                    copy.write(b"".join(block))
        for one in unreadable:
            writer.execute(FAULT, fault_of(f"{name}.{NEXT}", view, one))
        writer.execute(
            "UPDATE views.rebuilds SET done = true WHERE name = %s AND shard = %s", [name, shard]
        )


def _events(
    reader: psycopg.Connection[Any],
    view: View,
    target: int,
    shard: int,
    passed_over: Callable[[int, UUID, str, Exception], None],
) -> Generator[Recorded, None, None]:
    """Read whole streams if rows depend on them, else a range of the log."""
    shards, topics = view.SHARDS, view.TOPICS
    reader.execute("SET max_parallel_workers_per_gather = 0")
    if topics is None or shards > 1:
        # The planner takes a shard for a few rows, and would sort it on disk.
        reader.execute("SET enable_sort = off")
    if view.BY_STREAM:
        return reading.shard(
            reader,
            LedgerMapper(),
            upto=target,
            number=shard,
            of=shards,
            topics=topics,
            unreadable=passed_over,
        )
    after, upto = target * shard // shards, target * (shard + 1) // shards
    return reading.shard(
        reader, LedgerMapper(), after=after, upto=upto, topics=topics, unreadable=passed_over
    )


def _begin_carefully(connection: psycopg.Connection[Any], following: Following) -> None:
    """Empty the tables, to be folded as the runner does it: event by event where need be."""
    view = following.view
    with connection.transaction():
        # Waits for workers that are still at it; the others find nothing left to do.
        connection.execute("UPDATE views.rebuilds SET done = true WHERE name = %s", [view.NAME])
        connection.execute("DELETE FROM views.faults WHERE view = %s", [following.name])
        connection.execute(f"SET LOCAL search_path = {NEXT}, public")
        connection.execute(f"DROP TABLE {view.NAME}")
        connection.execute(view.TABLES)
        for index in view.INDEXES:
            connection.execute(index)
        following.start_at(connection, 0)


def _follow(connection: psycopg.Connection[Any], following: Following, upto: int) -> None:
    mapper = LedgerMapper()
    while following.position < upto:
        following.take(connection, read(connection, mapper, following.position, upto))


def _index(connection: psycopg.Connection[Any], following: Following, target: int) -> None:
    """Create indexes and statistics, and mark the tables as built, in one transaction.

    What cannot be read is a fault of every view, also of those that do not read such events.
    """
    view = following.view
    with connection.transaction():
        connection.execute(f"SET LOCAL search_path = {NEXT}, public")
        connection.execute("SET LOCAL maintenance_work_mem = '256MB'")
        for index in view.INDEXES:
            connection.execute(index)
        connection.execute(f"ANALYZE {view.NAME}")
        if view.TOPICS is not None:
            mapper = LedgerMapper()
            asked = {"upto": target, "read": list(view.TOPICS), "known": list(EVENTS_BY_TOPIC)}
            for position, stream, topic, state in connection.execute(UNREAD, asked).fetchall():
                try:
                    mapper.entry(topic, state)
                except UNREADABLE as error:
                    unread = Unreadable(position, stream, topic, repr(error))
                    connection.execute(FAULT, fault_of(following.name, view, unread))
        following.start_at(connection, target)


def _swap(
    connection: psycopg.Connection[Any], following: Following, *, compare: bool
) -> tuple[int, bool | None]:
    """Move the new tables to the position of the old ones, compare them, and swap them.

    All happens in one transaction, so readers see either the old or the new tables.
    """
    view = following.view
    # Most of the way without the lock; never past the serving ones, to be comparable with them.
    while following.position < (live := reached(connection, view)) - reading.EVENTS_PER_BATCH:
        _follow(connection, following, live)
    with connection.transaction():
        # The runner holds this row while it writes, so from here on the old tables stand still.
        locked_version(connection, view, "UPDATE")
        live = reached(connection, view)
        _follow(connection, following, live)
        equal = None
        if compare and is_ours(connection, view):
            equal = _serving_equal(connection, following, live)
        connection.execute(f"DROP TABLE views.{view.NAME}")
        connection.execute(f"ALTER TABLE {NEXT}.{view.NAME} SET SCHEMA views")
        connection.execute(
            "UPDATE views.versions SET version = %s WHERE name = %s", [view.VERSION, view.NAME]
        )
        connection.execute(DEFINE, [view.NAME, definition(view)])
        connection.execute("DELETE FROM views.definitions WHERE name = %s", [following.name])
        connection.execute(
            "DELETE FROM views.faults WHERE view = %s AND position <= %s",
            [view.NAME, following.position],
        )
        connection.execute(
            "UPDATE views.faults SET view = %s WHERE view = %s", [view.NAME, following.name]
        )
        connection.execute("DELETE FROM views.rebuilds WHERE name = %s", [view.NAME])
        connection.execute(
            TAKE_PLACE, {"name": view.NAME, "position": following.position, "next": following.name}
        )
    return following.position, equal


def _serving_equal(
    connection: psycopg.Connection[Any], following: Following, live: int
) -> bool | None:
    """Return whether old and new tables hold the same rows; None when the old ones lag behind."""
    if live != following.position:
        return None
    query = TABLE_DIGEST.format(table=following.view.NAME)
    row = connection.execute(query).fetchone()
    assert row is not None
    return bool(row[0])
