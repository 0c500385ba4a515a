"""Policies killed at any moment, while an office works: everything is followed up, and once.

ANJUAN_TEST_POLICIES_S: for how many seconds; 20 unless said otherwise; with
pytest's -s it says what was done in them."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from threading import Event
from time import monotonic
from typing import Any, Final
from urllib.request import urlopen

import psycopg
import pytest
from msgspec.structs import replace

from api.reactions.running import Policies
from ledger.log import reading
from ledger.log.store import Ledger
from projections.running.rebuild import rebuild
from projections.running.runner import Runner
from tests.api.conftest import settings_of
from tests.api.policy_load import Office, nothing_forgotten_or_doubled
from tests.databases import Database
from tests.environment import environment_of

ROOT: Final = Path(__file__).parents[3]
SECONDS: Final = float(os.environ.get("ANJUAN_TEST_POLICIES_S", "20"))
FOLLOWED_UP: Final = """
    SELECT coalesce(max(notification_id), 0) FROM log_events
     WHERE topic IN (
         'rectification.ordered/1', 'rating.defaulted/1', 'promises.missed/1',
         'rectification.fell_overdue/1')
"""


def running(*arguments: str, **settings: str) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-m", *arguments],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), **settings},
    )


@contextmanager
def killed_in_the_end() -> Iterator[list["subprocess.Popen[bytes]"]]:
    processes: list[subprocess.Popen[bytes]] = []
    try:
        yield processes
    finally:
        for process in processes:
            process.kill()
            process.wait()


def wait_for_more(log: psycopg.Connection[Any], until: float) -> None:
    """Until a policy has written again."""
    before = log.execute(FOLLOWED_UP).fetchone()
    while monotonic() < until and log.execute(FOLLOWED_UP).fetchone() == before:
        Event().wait(0.02)


def settled(url: str) -> int:
    """The head, once nothing is left to follow up."""
    with (
        psycopg.connect(url, autocommit=True) as connection,
        Policies(url, connection) as policies,
    ):
        policies.begin()
        while True:
            head = reading.head(connection)
            policies.follow()
            Runner(url).catch_up()
            assert policies.look(datetime.now(UTC))
            if reading.head(connection) == head:
                return head


@pytest.mark.timeout(SECONDS * 2 + 100)
def test_policies_killed_while_an_office_works_follow_up_everything_once(
    database: Database, home: Path
) -> None:
    url, draw, kills = database.app_url, Random(20261123), 0
    settings = environment_of(replace(settings_of(database, home), policies_every_s=0.5))
    with Ledger(url) as ledger:
        Office(ledger).found()
    with killed_in_the_end() as processes, psycopg.connect(url, autocommit=True) as log:
        processes.append(running("tests.api.policy_load", url, "1"))
        # One works, one stands by: the next takes over at once.
        processes += [running("api.cli", "project", **settings) for _ in range(2)]
        until = monotonic() + SECONDS
        while monotonic() < until:
            wait_for_more(log, until)
            Event().wait(draw.uniform(0, 0.5))
            victim = draw.randrange(1, 3)
            assert processes[victim].poll() is None, "a projector gave up"
            processes[victim].kill()
            processes[victim].wait()
            processes[victim] = running("api.cli", "project", **settings)
            kills += 1
        assert processes[0].poll() is None, "the office gave up"
    head = settled(url)
    topics = nothing_forgotten_or_doubled(url)
    sys.stdout.write(f"{kills} kills in {SECONDS:.0f} s, {head} events: {dict(topics)}\n")
    assert kills >= SECONDS / 4

    assert all(one.equal for one in rebuild(url, workers=0))
    assert settled(url) == head


def test_a_server_that_is_killed_takes_its_processes_with_it(
    database: Database, home: Path
) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = environment_of(settings_of(database, home))
    with killed_in_the_end() as processes:
        server = running("api.cli", "serve", "--views", "--port", str(port), **settings)
        processes.append(server)
        answers(port)
        children = children_of(server.pid)
        assert len(children) >= 2, "a process that answers, and the projector"
        server.kill()
        server.wait()
        until = monotonic() + 10
        while monotonic() < until and any(map(alive, children)):
            Event().wait(0.05)
        assert [pid for pid in children if alive(pid)] == []


def answers(port: int) -> None:
    until = monotonic() + 30
    while monotonic() < until:
        try:
            with urlopen(f"http://127.0.0.1:{port}/health/ready", timeout=5):
                return
        except OSError:
            Event().wait(0.1)
    pytest.fail("the server does not answer")


def children_of(pid: int) -> list[int]:
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
    return [int(one) for one in listed.split()]


def alive(pid: int) -> bool:
    """Not gone, nor waiting to be collected."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except FileNotFoundError:
        return False
    return status.rpartition(")")[2].split()[0] != "Z"
