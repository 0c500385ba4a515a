"""Whoever dies, at whatever moment: what was acknowledged is in the log, nothing is there twice.

Killed are writers, PostgreSQL itself, single sessions, and the wire between a question and its
answer.
"""

import asyncio
import os
import signal
import socket
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from random import Random
from threading import Event, Thread
from typing import Any, Final
from uuid import UUID, uuid4

import pytest
from eventsourcing.persistence import Tracking
from eventsourcing.utils import Environment
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from ledger.log.appender import AsyncLedger
from ledger.log.decision import Receipt
from ledger.log.recorder import CommandIdReused, Factory, library_environment
from ledger.log.store import Ledger
from ledger.schema import migrate
from ledger.server.embedded import Cluster
from tests.databases import Database
from tests.examples import ADMIN
from tests.ledger import writers
from tests.ledger.commands import (
    CLERK,
    LOG_REQUEST,
    NOTE_IT,
    OPEN_STALL,
    STALL,
    WHEN,
    connected,
    gapless,
    written,
)

KINDS: Final = ("sync", "async", "async", "bulk")
COMMANDS: Final = """
    SELECT command_id, min(notification_id), count(*), max(command_events), count(DISTINCT event_id)
      FROM log_events GROUP BY command_id
"""
APPENDING: Final = b"log_append("
READY: Final = b"Z"
"""First letter of ReadyForQuery, with which the server ends every answer."""
ANSWERS: Final = range(1, 5)
"""To preparing, to appending, at the synchronous door to committing, and one that never comes."""


def prepared(url: str) -> list[UUID]:
    """A log with a point and two requests that all writers note on."""
    streams = [uuid4(), uuid4()]
    with Ledger(url) as ledger:
        ledger.execute(STALL, OPEN_STALL, by=ADMIN, now=WHEN)
        for stream in streams:
            ledger.execute(stream, LOG_REQUEST, by=CLERK, now=WHEN)
    return streams


def nothing_lost_or_doubled(url: str, said: list[writers.Told]) -> None:
    """Acknowledged ⊆ stored ⊆ sent; every command whole, once, and where it was said to be."""
    with connected(url) as log:
        gapless(log)
        stored = {}
        for command, first, events, said_events, event_ids in log.execute(COMMANDS):
            assert events == said_events == event_ids
            stored[command] = first
    acknowledged = {k: v for one in said for k, v in one.acknowledged.items()}
    assert acknowledged
    assert acknowledged.items() <= stored.items()
    ours = 3
    assert len(stored.keys() - {command for one in said for command in one.sent}) == ours


class Running:
    """A writer process and what it has printed so far."""

    def __init__(self, kind: str, url: str, streams: list[UUID]) -> None:
        self.process = writers.start(kind, url, 0, *streams)
        self.lines: list[str] = []
        self.grown = Event()
        self._reader = Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(line)
            self.grown.set()
        self.grown.set()

    def acknowledge(self, more: int) -> None:
        """Returns when the writer has been acknowledged so many more commands."""
        wanted = self._acknowledged() + more
        while self._acknowledged() < wanted:
            assert self.process.poll() is None, "the writer gave up"
            self.grown.wait(10)
            self.grown.clear()

    def _acknowledged(self) -> int:
        return sum(" " in line for line in self.lines)

    def kill(self) -> writers.Told:
        self.process.kill()
        self.process.wait()
        self._reader.join()
        assert self.process.stdout is not None
        self.process.stdout.close()
        return writers.told(self.lines)


@contextmanager
def running(url: str, streams: list[UUID]) -> Iterator[list[Running]]:
    with ExitStack() as stack:
        started = []
        for kind in KINDS:
            one = Running(kind, url, streams)
            stack.callback(one.kill)
            started.append(one)
        yield started


def test_writers_killed_at_any_moment_leave_whole_commands_and_no_gap(database: Database) -> None:
    url, draw = database.app_url, Random(20260302)
    streams, said = prepared(url), []
    for _ in range(2):
        with running(url, streams) as started:
            for one in started:
                one.acknowledge(draw.randrange(1, 150))
            draw.shuffle(started)
            said += [one.kill() for one in started]
    nothing_lost_or_doubled(url, said)

    unanswered = [command for one in said for command in one.sent - one.acknowledged.keys()]
    assert unanswered
    with Ledger(url) as ledger:
        for command in unanswered[:50] * 2:
            with suppress(CommandIdReused):
                ledger.execute(uuid4(), LOG_REQUEST, by=CLERK, now=WHEN, command_id=command)
    nothing_lost_or_doubled(url, said)


def test_postgresql_killed_while_it_writes_keeps_what_it_acknowledged(
    new_cluster: Callable[..., Cluster],
) -> None:
    cluster = new_cluster(durable=True)
    cluster.start()
    migrate(cluster.url("owner"))
    url, draw = cluster.url("app"), Random(20260302)
    streams, said = prepared(url), []
    with running(url, streams) as started:
        for _ in range(3):
            for one in started:
                if one.process.poll() is None:
                    one.acknowledge(draw.randrange(1, 100))
            postmaster = cluster.status().pid
            assert postmaster is not None
            os.kill(postmaster, signal.SIGKILL)
            cluster.start()
            # Group commit goes on where it was: the same commands, over a new connection.
            started[1].acknowledge(1)
            started[2].acknowledge(1)
        said = [one.kill() for one in started]
    nothing_lost_or_doubled(url, said)


def test_commands_under_way_outlive_a_restart_of_the_server(
    new_cluster: Callable[..., Cluster],
) -> None:
    cluster = new_cluster()
    cluster.start()
    migrate(cluster.url("owner"))
    url = cluster.url("app")
    (stream, _) = prepared(url)

    async def run() -> list[Receipt]:
        async with AsyncLedger(url) as ledger:
            await ledger.stream(stream)

            async def notes() -> list[Receipt]:
                return [await ledger.execute(stream, NOTE_IT, by=CLERK, now=WHEN) for _ in range(5)]

            def restart() -> None:
                cluster.stop()
                cluster.start()

            before = asyncio.gather(*(notes() for _ in range(4)))
            await asyncio.to_thread(restart)
            after = await notes()
            return [receipt for some in await before for receipt in some] + after

    receipts = asyncio.run(run())
    assert len({one.position for one in receipts}) == len(receipts) == 25
    assert sorted(one.version for one in receipts) == list(range(2, 27))
    with connected(url) as log:
        assert gapless(log) == 28


def test_sessions_ended_again_and_again_double_nothing(database: Database) -> None:
    prepared(database.app_url)
    done = Event()

    def end_sessions() -> None:
        with connected(database.superuser_url) as superuser:
            while not done.wait(0.03):
                superuser.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                    "   AND query LIKE '%log_append%'"
                )

    async def run() -> list[Receipt]:
        async with AsyncLedger(database.app_url) as ledger:

            async def many() -> list[Receipt]:
                return [
                    await ledger.execute(uuid4(), LOG_REQUEST, by=CLERK, now=WHEN, creates=True)
                    for _ in range(20)
                ]

            return [
                one for some in await asyncio.gather(*(many() for _ in range(20))) for one in some
            ]

    ending = Thread(target=end_sessions)
    ending.start()
    try:
        receipts = asyncio.run(run())
    finally:
        done.set()
        ending.join()
    assert len({one.position for one in receipts}) == 400
    with connected(database.app_url) as log:
        assert gapless(log) == 403


# --- the wire


class Session:
    """One connection over the wire: whether an append was sent over it, and the answers since."""

    def __init__(self) -> None:
        self.appending = False
        self.answers = 0
        self._unended = b""

    def sent(self, data: bytes) -> None:
        """What the client sends; a statement's text may come in pieces."""
        self._unended = self._unended[-len(APPENDING) :] + data
        self.appending = self.appending or APPENDING in self._unended


class Wire:
    """Between a client and the server: loses an answer, with the connection, when told to.

    Answers are counted on each connection for itself, from the first append sent over it. An
    answer is everything up to the server's word that it is ready again, in however many pieces it
    comes."""

    def __init__(self, url: str, folder: Path) -> None:
        real = conninfo_to_dict(url)
        self._server = f"{real['host']}/.s.PGSQL.{real['port']}"
        self.url = make_conninfo(url, host=str(folder))
        self._losing: int | None = None
        self._listening = socket.socket(socket.AF_UNIX)
        self._listening.bind(f"{folder}/.s.PGSQL.{real['port']}")
        self._listening.listen()
        self._threads = [Thread(target=self._accept)]
        self._threads[0].start()

    def lose(self, answer: int | None) -> None:
        """The first, second, … answer from the next append on; None: none."""
        self._losing = answer

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listening.accept()
                server = socket.socket(socket.AF_UNIX)
                server.connect(self._server)
                session = Session()
                for pump in (self._ask, self._answer):
                    thread = Thread(target=self._pump, args=(pump, session, client, server))
                    thread.start()
                    self._threads.append(thread)

    def _pump(
        self,
        pump: Callable[[Session, socket.socket, socket.socket], None],
        session: Session,
        client: socket.socket,
        server: socket.socket,
    ) -> None:
        with suppress(OSError):
            pump(session, client, server)
        for end in (client, server):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        (client if pump == self._ask else server).close()

    def _ask(self, session: Session, client: socket.socket, server: socket.socket) -> None:
        while data := client.recv(65536):
            session.sent(data)
            server.sendall(data)

    def _answer(self, session: Session, client: socket.socket, server: socket.socket) -> None:
        """Ends with the answer that is lost. A message is a letter and its length, then the rest;
        once an append was sent, an answer is held back until it is whole."""
        coming, answer = b"", b""
        while data := server.recv(65536):
            coming += data
            while len(coming) > 4 and len(coming) > (last := int.from_bytes(coming[1:5])):
                message, coming = coming[: last + 1], coming[last + 1 :]
                answer += message
                if session.appending:
                    if message[:1] != READY:
                        continue
                    session.answers += 1
                    if session.answers == self._losing:
                        self._losing = None
                        return
                client.sendall(answer)
                answer = b""

    def close(self) -> None:
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        for thread in self._threads:
            thread.join()


@pytest.fixture
def wire(database: Database) -> Iterator[Wire]:
    prepared(database.app_url)
    with tempfile.TemporaryDirectory(prefix="wire-") as folder:
        wire = Wire(database.app_url, Path(folder))
        yield wire
        wire.close()


def sent_over(
    wire: Wire, kind: str, stream: UUID, command: UUID, lose: int | None = None
) -> Receipt:
    """Through a door opened for it; `lose`: which answer to the append gets lost."""
    around: dict[str, Any] = {"by": CLERK, "now": WHEN, "command_id": command}
    if kind == "sync":
        with Ledger(wire.url) as ledger:
            wire.lose(lose)
            return ledger.execute(stream, LOG_REQUEST, **around)

    async def send() -> Receipt:
        async with AsyncLedger(wire.url) as ledger:
            wire.lose(lose)
            return await ledger.execute(stream, LOG_REQUEST, creates=True, **around)

    return asyncio.run(send())


@pytest.mark.parametrize("kind", ["sync", "async"])
def test_an_answer_lost_on_the_way_and_the_command_sent_3_times_are_one_event(
    kind: str, wire: Wire, database: Database
) -> None:
    stored_before_the_loss = []
    for head, lost in enumerate(ANSWERS, start=4):
        stream, command = uuid4(), uuid4()
        first = sent_over(wire, kind, stream, command, lose=lost)
        stored_before_the_loss.append(first.repeated)
        again = [sent_over(wire, kind, uuid4(), command) for _ in range(3)]
        assert {(one.stream, one.version, one.position) for one in (first, *again)} == {
            (stream, 1, head)
        }
        with connected(database.app_url) as log:
            assert gapless(log) == head
    assert (
        stored_before_the_loss
        == {
            "sync": [False, False, True, False],
            "async": [False, True, False, False],
        }[kind]
    )


def test_an_answer_lost_to_a_policy_leaves_its_events_and_its_position_written_once(
    wire: Wire, database: Database
) -> None:
    for lost in ANSWERS:
        with Factory(Environment("log", library_environment(wire.url))) as factory:
            recorder = factory.process_recorder()
            wire.lose(lost)
            positions = recorder.insert_events(
                written((uuid4(), 1)), tracking=Tracking("log", lost)
            )
            assert positions == [3 + lost]
            assert recorder.max_tracking_id("log") == lost
            with connected(database.app_url) as log:
                assert gapless(log) == 3 + lost
