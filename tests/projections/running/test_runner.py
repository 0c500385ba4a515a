"""The runner: exactly once, never stuck, never silent."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from random import Random
from threading import Event as Signal
from typing import Any, ClassVar, Final
from uuid import UUID

import psycopg
import pytest
from msgspec.structs import replace

from domain.requests.request import DeadlinesRecalculated, NoteAdded
from domain.vocabulary import Event
from ledger.log import reading
from ledger.log.codec import LedgerMapper
from ledger.schema import migrate
from ledger.server.embedded import Cluster
from projections.all_views import ALL, STORED
from projections.requests import journal, requests
from projections.running.rebuild import rebuild
from projections.running.runner import (
    OWNERS,
    Following,
    Runner,
    Tracked,
    VersionChanged,
    install,
    wait_for,
)
from tests.databases import Database, drop_views
from tests.examples import ANSWERED, CLOSE, CONSULTED, FIRST_RESPONSE, LOGGED, REQUEST
from tests.projections.viewing import (
    ALL_EQUAL,
    Given,
    Happening,
    Viewing,
    happened,
    logged,
    reached,
    running,
)

TIMELESS: Final = DeadlinesRecalculated(
    reason="时限规则调整",
    promises=(replace(FIRST_RESPONSE, due=FIRST_RESPONSE.due.replace(tzinfo=None)), CLOSE),
)
"""An instant without an offset can be read but not compared: the journal cannot take it."""


VIEWS: Final = [view.NAME for view in STORED]


class Teleported(Event, frozen=True, kw_only=True):
    """Of a later version of the program."""

    topic: ClassVar[str] = "request.teleported/1"


def crowd(size: int) -> list[Happening]:
    """So many requests that were logged, consulted and answered, one after the other."""
    return [
        one
        for n in range(1, size + 1)
        for one in (
            logged(of=UUID(int=n)),
            happened(CONSULTED, of=UUID(int=n)),
            happened(ANSWERED, of=UUID(int=n)),
        )
    ]


def closed(viewing: Viewing) -> int:
    return sum(row.status == "closed" for row in viewing.listed(limit=1000))


# --- exactly once


def test_two_runners_take_every_event_once(viewing: Viewing) -> None:
    viewing.append(*crowd(40), size=7)
    with ThreadPoolExecutor() as pool:
        runs = [pool.submit(Runner(viewing.url).catch_up) for _ in range(3)]
        assert [run.result() for run in runs] == [viewing.head] * 3
    (rows,) = viewing.connection.execute("SELECT count(*) FROM views.journal").fetchall()
    assert rows == (viewing.head,)
    assert closed(viewing) == 40


@pytest.mark.parametrize("seed", [1, 2])
def test_a_killed_runner_leaves_nothing_half_done(viewing: Viewing, seed: int) -> None:
    viewing.append(*crowd(1500), size=600)
    script = (
        "import sys; from projections.running.runner import Runner;"
        "Runner(sys.argv[1]).catch_up(lambda *at: print(*at, flush=True))"
    )
    command = [sys.executable, "-c", script, viewing.url]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        lines = Random(seed).randrange(1, 3)
        for _ in range(lines):
            process.stdout.readline()
        process.kill()
    viewing.catch_up()
    assert [rebuilt.equal for rebuilt in rebuild(viewing.url, workers=0)] == ALL_EQUAL


def test_who_comes_late_passes_over_what_is_done(given: Given) -> None:
    seen = given(*crowd(3))
    events = reading.batch(seen.connection, LedgerMapper(), 0)
    with Tracked(seen.url) as tracking:
        late = Following(journal, tracking)
        late.position = 4
        late.take(seen.connection, events)
        assert late.position == seen.head


# --- faults


def test_a_failing_event_is_found_recorded_and_passed_over(given: Given) -> None:
    others = crowd(20)
    seen = given(
        happened(LOGGED), *others[:33], happened(TIMELESS), *others[33:], happened(CONSULTED),
        size=200,
    )  # fmt: skip
    recalculated = "request.deadlines_recalculated/1"
    assert [fault for fault in seen.faults() if fault[0] == "journal"] == [
        ("journal", 36, REQUEST, recalculated)
    ]
    assert ("promises", 36, REQUEST, recalculated) in seen.faults()
    assert closed(seen) == 20
    assert [kind for (kind,) in seen.journal("kind")] == [
        "request.logged",
        "request.consultation_given",
    ]
    status = seen.status()
    assert (status["journal"].faults, status["journal"].lag) == (1, 0)
    assert (status["workload"].faults, status["requests"].faults) == (1, 0)


def test_a_request_with_a_fault_is_suspect_and_no_other(given: Given) -> None:
    seen = given(happened(LOGGED), happened(TIMELESS), logged(of=UUID(int=1)), size=9)
    assert {row.request: row.suspect for row in seen.listed()} == {
        REQUEST: True,
        UUID(int=1): False,
    }


def test_every_failing_event_of_a_batch_is_found(given: Given) -> None:
    seen = given(
        happened(LOGGED), *[happened(TIMELESS)] * 3, *crowd(4), happened(TIMELESS), size=99
    )
    positions = [at for view, at, _, _ in seen.faults() if view == journal.NAME]
    assert positions == [3, 4, 5, 18]
    assert closed(seen) == 4


def test_an_event_of_a_later_program_is_a_fault_of_every_view(given: Given) -> None:
    unknown = Teleported()
    seen = given(happened(LOGGED), happened(unknown), *crowd(5), size=99)
    assert seen.faults() == [(name, 3, REQUEST, "request.teleported/1") for name in sorted(VIEWS)]
    assert closed(seen) == 5


def test_an_event_that_breaks_its_own_type_is_a_fault(given: Given) -> None:
    seen = given(happened(LOGGED), happened(replace(CONSULTED, minutes=9999)), *crowd(2), size=99)
    assert [(view, position) for view, position, _, _ in seen.faults()] == [
        (name, 3) for name in sorted(VIEWS)
    ]
    assert closed(seen) == 2


def test_a_request_that_could_not_be_logged_does_not_trouble_the_rest(given: Given) -> None:
    nowhere = logged(calendar="nowhere@1")
    seen = given(nowhere, happened(CONSULTED), happened(ANSWERED), *crowd(2), size=99)
    assert [position for _, position, _, _ in seen.faults()] == [2]
    assert closed(seen) == 2


def test_broken_tables_are_nobodys_fault_but_stop_the_runner(given: Given) -> None:
    seen = given(happened(LOGGED))
    seen.connection.execute("ALTER TABLE views.journal DROP COLUMN unit")
    seen.append(happened(CONSULTED))
    with pytest.raises(psycopg.errors.UndefinedColumn):
        Runner(seen.url).catch_up()
    assert seen.faults() == []
    assert seen.status()["journal"].lag == 1


# --- owners


def test_where_another_process_owns_the_views_one_waits_for_it(viewing: Viewing) -> None:
    viewing.append(*crowd(3))
    with psycopg.connect(viewing.url, autocommit=True) as owner, ThreadPoolExecutor() as pool:
        install(owner)
        owner.execute("SELECT pg_advisory_lock(%s, 1)", [OWNERS])
        run = pool.submit(Runner(viewing.url).catch_up)
        assert not reached(viewing.url, 1, timeout_s=0.3)
        assert not run.done()
        owner.execute("SELECT pg_advisory_unlock(%s, 1)", [OWNERS])
        assert run.result() == viewing.head
    assert closed(viewing) == 3


def test_whoever_owns_the_views_serves_those_who_wait(viewing: Viewing) -> None:
    with running(viewing.url), running(viewing.url):
        viewing.append(*crowd(3))
        assert Runner(viewing.url).catch_up() == viewing.head
        assert closed(viewing) == 3


def test_a_standby_takes_over(viewing: Viewing) -> None:
    with running(viewing.url):
        viewing.append(*crowd(1))
        assert reached(viewing.url, viewing.head)
    viewing.append(happened(LOGGED))
    with running(viewing.url):
        assert reached(viewing.url, viewing.head)


# --- the database goes away


def test_the_runner_outlives_a_killed_database(
    new_cluster: Callable[..., Cluster],
) -> None:
    cluster = new_cluster(durable=True)
    cluster.start()
    migrate(cluster.url("owner"))
    viewing = Viewing(cluster.url("app"))
    with running(viewing.url):
        viewing.append(*crowd(5), size=4)
        assert reached(viewing.url, viewing.head)
        pid = cluster.status().pid
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        cluster.start()
        viewing.close()
        viewing.connection = psycopg.connect(viewing.url, autocommit=True)
        viewing.append(happened(LOGGED), happened(CONSULTED))
        assert reached(viewing.url, viewing.head)
    assert closed(viewing) == 5
    assert [one.equal for one in rebuild(viewing.url, workers=0)] == ALL_EQUAL
    viewing.close()


def test_the_runner_outlives_a_lost_connection(viewing: Viewing, database: Database) -> None:
    with running(viewing.url):
        viewing.append(*crowd(2))
        assert reached(viewing.url, viewing.head)
        with psycopg.connect(database.superuser_url, autocommit=True) as server:
            server.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid() AND pid <> %s",
                [viewing.connection.info.backend_pid],
            )
        viewing.append(happened(LOGGED))
        assert reached(viewing.url, viewing.head)


# --- versions


def test_a_view_of_another_version_is_refused_until_it_is_rebuilt(
    given: Given, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = given(*crowd(2))
    monkeypatch.setattr(journal, "VERSION", journal.VERSION + 1)
    seen.append(happened(LOGGED))
    with pytest.raises(VersionChanged, match="journal"):
        Runner(seen.url).catch_up()
    with pytest.raises(VersionChanged, match="journal"):
        Runner(seen.url).run(Signal())
    assert seen.status()["journal"].lag == 1
    (rebuilt,) = rebuild(seen.url, ["journal"], workers=0)
    assert (rebuilt.version, rebuilt.equal) == (journal.VERSION, None)
    seen.catch_up()
    assert closed(seen) == 2
    assert seen.one().status == "open"


def test_views_that_were_dropped_are_made_anew_from_the_whole_log(
    given: Given, database: Database
) -> None:
    seen = given(*crowd(2))
    before = seen.contents()
    drop_views(database)
    seen.catch_up()
    assert seen.contents() == before
    seen.connection.execute("DROP TABLE views.journal")
    seen.catch_up()
    assert seen.contents() == before
    seen.connection.execute("DROP TABLE views.requests")
    rebuild(seen.url, ["requests"], workers=0)
    seen.catch_up()
    assert seen.contents() == before


def test_an_older_program_leaves_a_newer_view_alone(
    given: Given, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = given(*crowd(1))
    with Tracked(seen.url) as tracking:
        older = Following(journal, tracking)
        seen.connection.execute("UPDATE views.versions SET version = 99 WHERE name = 'journal'")
        seen.append(happened(LOGGED))
        with pytest.raises(VersionChanged):
            older.take(seen.connection, reading.batch(seen.connection, LedgerMapper(), 4))
    assert seen.faults() == []
    monkeypatch.setattr(journal, "VERSION", 99)
    assert install(seen.connection) == []


def test_views_are_installed_by_many_at_once(viewing: Viewing) -> None:
    def start(_: int) -> Any:
        with psycopg.connect(viewing.url, autocommit=True) as connection:
            return install(connection)

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(start, range(8))) == [[]] * 8


# --- waiting for one's own write


def test_a_reader_waits_for_his_write_or_gives_up(given: Given) -> None:
    seen = given(happened(LOGGED))
    seen.append(happened(NoteAdded(text="补充")))

    async def wait(names: list[str], position: int, timeout_s: float) -> bool:
        async with await psycopg.AsyncConnection.connect(seen.url, autocommit=True) as connection:
            return await wait_for(connection, names, position, timeout_s)

    assert asyncio.run(wait(["workload", "requests"], seen.head - 1, 0.0))
    assert not asyncio.run(wait(["workload"], seen.head, 0.05))
    assert {one.lag for one in seen.status().values()} == {1}
    with running(seen.url):
        assert asyncio.run(wait(["workload", "requests"], seen.head, 10.0))


def test_every_view_tells_where_it_stands(given: Given) -> None:
    seen = given(happened(LOGGED))
    status = seen.status()
    assert list(status) == [view.NAME for view in ALL]
    assert [one.version for one in status.values()] == [view.VERSION for view in ALL]
    assert {(one.position, one.lag, one.faults) for one in status.values()} == {(2, 0, 0)}
    assert VIEWS[:2] == [journal.NAME, requests.NAME]
