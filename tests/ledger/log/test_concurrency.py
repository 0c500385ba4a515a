"""Nothing is lost, doubled or out of order, whoever writes at the same time and whoever reads.

The defect that nearly every event store on PostgreSQL has had: a reader that has seen position 11
never looks for 10 again, which was taken earlier and committed later.
"""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Event
from typing import Any, Final
from uuid import UUID, uuid4

import pytest
from eventsourcing.persistence import Notification

from domain.registers.point import PointClosed
from domain.registration.point_commands import ClosePoint
from ledger.log.store import Ledger
from tests.databases import Database
from tests.examples import ADMIN
from tests.ledger import writers
from tests.ledger.commands import CLERK, LOG_REQUEST, OPEN_STALL, STALL, WHEN, connected, gapless

WRITERS: Final = [("sync", 200)] * 3 + [("async", 2000)] * 4 + [("bulk", 2000)]
POLL_S: Final = 0.002
COMMANDS: Final = """
    SELECT command_id, notification_id, command_events FROM log_events WHERE command_events > 0
"""


@pytest.fixture
def shared(any_database: Database) -> list[UUID]:
    """Streams that all writers write to."""
    streams = [uuid4() for _ in range(8)]
    with Ledger(any_database.app_url) as ledger:
        ledger.execute(STALL, OPEN_STALL, by=ADMIN, now=WHEN)
        for stream in streams:
            ledger.execute(stream, LOG_REQUEST, by=CLERK, now=WHEN)
    return streams


def polled(url: str, pause: Event) -> Iterator[Notification]:
    """The log as a follower sees it who asks for what comes after the last he saw."""
    last = 0
    with Ledger(url) as ledger:
        while True:
            some = ledger.recorder.select_notifications(last, 500, inclusive_of_start=False)
            yield from some
            last = some[-1].id if some else last
            pause.wait(0 if some else POLL_S)


def subscribed(url: str) -> Iterator[Notification]:
    """The log as the library's subscription delivers it."""
    with Ledger(url) as ledger, ledger.recorder.subscribe(gt=0) as subscription:
        yield from subscription


def until_the_end(followed: Iterator[Notification]) -> list[Notification]:
    seen = []
    for one in followed:
        seen.append(one)
        if one.topic == PointClosed.topic:
            break
    return seen


def test_8_writers_of_all_kinds_and_2_readers_lose_and_double_nothing(
    any_database: Database, shared: list[UUID]
) -> None:
    url = any_database.app_url
    with ThreadPoolExecutor(len(WRITERS) + 2) as threads:
        readers: list[Future[list[Notification]]] = [
            threads.submit(until_the_end, polled(url, Event())),
            threads.submit(until_the_end, subscribed(url)),
        ]
        running = [writers.start(kind, url, count, *shared) for kind, count in WRITERS]
        said = list(
            threads.map(
                lambda one: writers.told(one.communicate()[0].splitlines(keepends=True)), running
            )
        )
        with Ledger(url) as ledger:
            ledger.execute(STALL, ClosePoint(reason="完"), by=CLERK, now=WHEN)
        seen = [reader.result() for reader in readers]
    assert [one.returncode for one in running] == [0] * len(WRITERS)

    with connected(url) as log:
        head = gapless(log)
        stored: dict[Any, int] = {row[0]: row[1] for row in log.execute(COMMANDS)}
        streams = log.execute(
            "SELECT count(*), max(originator_version) FROM log_events GROUP BY originator_id"
        ).fetchall()
        disorder = log.execute(
            "SELECT count(*) FROM (SELECT"
            "   recorded_at < lag(recorded_at) OVER (ORDER BY notification_id) AS earlier,"
            "   originator_version <> 1 + coalesce(lag(originator_version) OVER ("
            "     PARTITION BY originator_id ORDER BY notification_id), 0) AS torn"
            "   FROM log_events) one WHERE earlier OR torn"
        ).fetchone()
    acknowledged = {k: v for one in said for k, v in one.acknowledged.items()}
    assert [len(one.acknowledged) for one in said] == [count for _, count in WRITERS]
    assert acknowledged.items() <= stored.items()
    assert head == len(stored) == len(acknowledged) + 2 + len(shared)
    assert all(count == newest for count, newest in streams)
    assert disorder == (0,)
    for reader in seen:
        assert [one.id for one in reader] == list(range(1, head + 1))
