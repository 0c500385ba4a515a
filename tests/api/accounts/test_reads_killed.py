"""The server killed at any moment of some thousand unmasking reads: nobody has got an answer whose
entry is not there.

ANJUAN_TEST_READS: how many reads; 1,000 unless said otherwise (the issue's show: 10,000).
"""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from random import Random
from threading import Event, Lock
from time import monotonic
from typing import Final

import httpx
import msgspec
import psycopg
import pytest

from api.settings import Settings
from ledger.reads import verify_reads
from tests.api.conftest import LOGGED
from tests.api.serving.test_serving import CLERK, SERVE, START_S, found, post
from tests.databases import Database
from tests.environment import environment_of

__all__ = ["found"]
READS: Final = int(os.environ.get("ANJUAN_TEST_READS", "1000"))
READERS: Final = 8
KILLS: Final = max(3, READS // 300)
SHOWN: Final = str(LOGGED["visitor"]["name"])


@contextmanager
def started(settings: Settings) -> Iterator["subprocess.Popen[bytes]"]:
    """A server that answers, with all its processes in one group; killed in the end."""
    env = {**os.environ, **environment_of(settings), "PYTHONPATH": str(Path(__file__).parents[3])}
    server = subprocess.Popen(
        [sys.executable, "-c", SERVE],
        env=env,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        until = monotonic() + START_S * 3
        while monotonic() < until:
            try:
                httpx.get(f"http://127.0.0.1:{settings.port}/health/live", timeout=5)
                break
            except httpx.TransportError:
                Event().wait(0.05)
        yield server
    finally:
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()


@pytest.mark.timeout(READS + 300)
def test_no_answer_that_somebody_received_is_without_its_entry(  # noqa: PLR0915
    found: Settings, database: Database
) -> None:
    draw, numbers, lock = Random(20261130), count(1), Lock()
    received: list[str] = []
    enough = Event()

    def read(url: str, target: int) -> None:
        """Ask until so many answers have come, or the server is gone."""
        with httpx.Client(timeout=10) as client:
            while not enough.is_set():
                with lock:
                    purpose = f"read-{next(numbers)}"
                try:
                    answer = client.get(url, params={"unmask": purpose}, headers=CLERK)
                except httpx.TransportError:
                    return
                if answer.status_code == 200 and SHOWN in answer.text:
                    with lock:
                        received.append(purpose)
                        if len(received) >= target:
                            enough.set()

    request = None
    for number in range(1, KILLS + 1):
        enough.clear()
        target = READS * number // KILLS - draw.randrange(READS // KILLS // 2)
        with started(found) as server, ThreadPoolExecutor(READERS) as readers:
            base = f"http://127.0.0.1:{found.port}"
            if request is None:
                with httpx.Client(base_url=base, timeout=20) as client:
                    request = msgspec.json.decode(post(client, "key").content)["stream"]
            asked = [
                readers.submit(read, f"{base}/api/v1/requests/{request}", target)
                for _ in range(READERS)
            ]
            assert enough.wait(READS), "the reads do not come on"
            # Others are on their way now: each is somewhere between the question and the answer.
            enough.clear()
            Event().wait(draw.random() / 20)
            os.killpg(server.pid, signal.SIGKILL)
            for one in asked:
                one.result()
    assert len(received) >= READS // 2
    assert set(received) - written_down(database) == set()


def written_down(database: Database) -> set[str]:
    """Purposes of the entries, whose chain holds."""
    with psycopg.connect(database.app_url, autocommit=True) as connection:
        entries = connection.execute("SELECT entry FROM read_log").fetchall()
        verified = verify_reads(connection)
    assert verified is not None
    assert verified.fault is None
    return {msgspec.json.decode(entry)["purpose"] for (entry,) in entries}
