"""Durable appends with many waiting commands: our group commit, with and without the decision,
beside the library's default path with as many threads."""

import asyncio
import threading
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime
from typing import Any, Final
from uuid import UUID

import msgspec
import psycopg
from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event
from psycopg.conninfo import conninfo_to_dict

from domain.registration.point_commands import OpenPoint
from domain.requests.request_commands import LogRequest
from domain.vocabulary import Actor, Visitor, stream_id
from ledger.log.appender import AsyncLedger
from ledger.log.codec import LedgerEvent, uuid7
from ledger.log.decision import ask, decide
from ledger.log.store import Ledger
from ledger.server.access import ROLES, password
from projections.history.timeline import statistics
from tests.bench.figures import Result, Sizes, percentile, rounded, runs_of
from tests.bench.machine import Meter, Server, note

RATIO: Final = 15
P99_MS: Final = 15
POOLS: Final = (16, 64)
POINT: Final = "p1"
OFFICER: Final = Actor(account="officer-1", role="duty_officer", unit=POINT)
LOGGED: Final = LogRequest(
    point=POINT,
    channel="counter",
    service="consultation",
    subject="咨询劳动合同解除的经济补偿问题",
    detail="来访人称被公司口头辞退，想了解能否要求经济补偿以及如何保留证据。",
    visitor=Visitor(name="陈某", phone="13800001234"),
    client_category="migrant_worker",
    window="w3",
)


class Matter(Aggregate):
    """The library's own kind of aggregate, with nothing to decide."""

    @event("Logged")
    def __init__(self, data: dict[str, Any]) -> None:
        self.data = data


class Matters(Application[UUID]):
    """The library as it comes: its mapper, transcoder, recorder and table."""

    name = "matters"


def open_point(url: str) -> None:
    """Where requests can be logged."""
    opened = OpenPoint(
        code=POINT,
        kind="room",
        name="甲村公共法律服务工作室",
        division="440105001001",
        division_source="example",
        valid_from=date(2020, 1, 1),
    )
    by = Actor(account="administrator-1", role="administrator", unit="4401")
    with Ledger(url) as ledger:
        ledger.execute(stream_id("point", POINT), opened, by=by)


def measure(server: Server, sizes: Sizes) -> Result:
    """Ours and the library's turn by turn on one server."""
    open_point(server.urls.app)
    ours, size = Ours(server.urls.app, sizes), _stored_size(server.urls.app)
    library = [_Library(server, pool, size, sizes) for pool in POOLS]
    meter = Meter(server)
    for number in range(sizes.rounds + 1):
        note(f"append: round {number} of {sizes.rounds} (0 warms up)")
        warming = number == 0
        for way in (ours.append, ours.execute, *(one.save for one in library)):
            if warming:
                way(min(sizes.seconds, 0.5))
            else:
                with meter.running():
                    way(sizes.seconds)
        if warming:
            ours.forget()
            for one in library:
                one.rates.clear()
                one.latencies.clear()
    for one in library:
        one.close()
    with psycopg.connect(server.urls.app) as connection:
        log = statistics(connection)
    assert log.gapless
    assert log.events == ours.acknowledged + 1
    return _result(sizes, ours, library, meter, size)


def _result(
    sizes: Sizes, ours: "Ours", library: list["_Library"], meter: Meter, size: int
) -> Result:
    best = max(library, key=lambda one: runs_of(one.rates).median)
    append, execute = runs_of(ours.rates["append"]), runs_of(ours.rates["execute"])
    theirs = runs_of(best.rates)
    p99 = runs_of([percentile(one, 0.99) * 1000 for one in ours.latencies["append"]])
    p99_execute = runs_of([percentile(one, 0.99) * 1000 for one in ours.latencies["execute"]])
    ratio = append.median / theirs.median
    return Result(
        what=f"durable appends of one event, {sizes.concurrency} waiting",
        unit="commands/s",
        ours=append.median,
        against=theirs.median,
        against_what=f"the library's default path, {sizes.concurrency} threads,"
        f" the better of pools of {' and '.join(map(str, POOLS))}",
        ratio=rounded(ratio),
        target=f"ratio at least {RATIO}, p99 at most {P99_MS} ms",
        met=ratio >= RATIO and p99.median <= P99_MS,
        bounded_by="the Python process that gathers the commands and the server process that runs"
        " log_append, in turns; not the disk",
        runs={
            "append": append,
            "decide and append": execute,
            **{f"library, pool of {one.pool}": runs_of(one.rates) for one in library},
        },
        foreign_cores=runs_of(meter.foreign),
        details={
            "p99_ms": p99.median,
            "p99_ms_decide_and_append": p99_execute.median,
            "p99_ms_library": rounded(percentile(best.latencies, 0.99) * 1000),
            "ratio_decide_and_append": rounded(execute.median / theirs.median),
            "stored_bytes": size,
            "acknowledged_and_stored": ours.acknowledged,
        },
    )


class Ours:
    """Runs of our two ways. `acknowledged` counts every command that was answered."""

    def __init__(self, url: str, sizes: Sizes) -> None:
        self.acknowledged = 0
        self.forget()
        self._url = url
        self._waiting = sizes.concurrency

    def forget(self) -> None:
        self.rates: dict[str, list[float]] = {"append": [], "execute": []}
        self.latencies: dict[str, list[list[float]]] = {"append": [], "execute": []}

    def append(self, seconds: float) -> None:
        """Commands that are decided already: what group commit itself can do."""
        asyncio.run(self._run("append", seconds))

    def execute(self, seconds: float) -> None:
        """The whole way of a command: reference facts, decision, append."""
        asyncio.run(self._run("execute", seconds))

    async def _run(self, way: str, seconds: float) -> None:
        async with AsyncLedger(self._url) as ledger:
            once = await (_appending(ledger) if way == "append" else _executing(ledger))
            latencies: list[float] = []
            started = time.perf_counter()
            tasks = [
                _over_and_over(once, started + seconds, latencies) for _ in range(self._waiting)
            ]
            await asyncio.gather(*tasks)
            elapsed = time.perf_counter() - started
        self.acknowledged += len(latencies)
        self.rates[way].append(len(latencies) / elapsed)
        self.latencies[way].append(latencies)


async def _over_and_over(
    once: Callable[[], Awaitable[Any]], deadline: float, latencies: list[float]
) -> None:
    while (began := time.perf_counter()) < deadline:
        await once()
        latencies.append(time.perf_counter() - began)


async def _executing(ledger: AsyncLedger) -> Callable[[], Awaitable[Any]]:
    await ledger.registers()
    return lambda: ledger.execute(uuid7(), LOGGED, by=OFFICER, creates=True)


async def _appending(ledger: AsyncLedger) -> Callable[[], Awaitable[Any]]:
    asked = ask(uuid7(), LOGGED, by=OFFICER, now=datetime.now(UTC))
    recorded = decide(asked, None, await ledger.registers())
    stored = ledger.mapper.to_stored_event(recorded[0])

    async def append() -> None:
        ready = LedgerEvent(
            originator_id=uuid7(),
            originator_version=1,
            topic=stored.topic,
            state=stored.state,
            event_id=uuid7(),
            command_id=uuid7(),
            command_events=1,
            occurred_at=stored.occurred_at,
        )
        outcome = await ledger.commit.append([ready])
        assert outcome.outcome == "stored"

    return append


def _stored_size(url: str) -> int:
    """Bytes of our stored state."""
    with Ledger(url) as ledger:
        asked = ask(uuid7(), LOGGED, by=OFFICER, now=datetime.now(UTC))
        recorded = decide(asked, None, ledger.registers())
        return len(ledger.mapper.to_stored_event(recorded[0]).state)


class _Library:
    """Runs of the library's way: as many threads, each saving one new aggregate after another."""

    def __init__(self, server: Server, pool: int, size: int, sizes: Sizes) -> None:
        self.pool = pool
        self.rates: list[float] = []
        self.latencies: list[float] = []
        self._threads = sizes.concurrency
        self._matters = Matters(env=_environment(server, pool))
        self._data = self._payload(size)

    def close(self) -> None:
        self._matters.close()

    def _payload(self, size: int) -> dict[str, Any]:
        """As much as we store, in the library's own encoding and envelope."""
        data = {**msgspec.to_builtins(LOGGED), "subject": "", "detail": "", "visitor": {}}
        created = Matter(data).pending_events[0]
        room = size - len(self._matters.mapper.to_stored_event(created).state)
        return {**data, "detail": "x" * max(0, room)}

    def save(self, seconds: float) -> None:
        barrier = threading.Barrier(self._threads + 1)
        done: list[list[float]] = []
        threads = [
            threading.Thread(target=self._work, args=(barrier, seconds, done))
            for _ in range(self._threads)
        ]
        for thread in threads:
            thread.start()
        barrier.wait()
        started = time.perf_counter()
        for thread in threads:
            thread.join()
        elapsed = time.perf_counter() - started
        self.latencies += [one for latencies in done for one in latencies]
        self.rates.append(sum(map(len, done)) / elapsed)

    def _work(self, barrier: threading.Barrier, seconds: float, done: list[list[float]]) -> None:
        latencies: list[float] = []
        barrier.wait()
        deadline = time.perf_counter() + seconds
        while (began := time.perf_counter()) < deadline:
            self._matters.save(Matter(self._data))
            latencies.append(time.perf_counter() - began)
        done.append(latencies)


def _environment(server: Server, pool: int) -> dict[str, str]:
    """The library's own settings, as its documentation has them."""
    where = conninfo_to_dict(server.urls.owner)
    secret = password(server.cluster.passfile.read_text(), ROLES["owner"])
    assert secret is not None
    return {
        "PERSISTENCE_MODULE": "eventsourcing.postgres",
        "POSTGRES_DBNAME": str(where["dbname"]),
        "POSTGRES_HOST": str(where["host"]),
        "POSTGRES_PORT": str(where["port"]),
        "POSTGRES_USER": ROLES["owner"],
        "POSTGRES_PASSWORD": secret,
        "POSTGRES_POOL_SIZE": str(pool),
        "POSTGRES_MAX_OVERFLOW": "0",
    }
