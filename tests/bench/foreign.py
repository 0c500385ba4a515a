"""Durable appends on a PostgreSQL that is not ours, beside the embedded one, turn by turn."""

from typing import Final

import msgspec
import psycopg

from tests.bench.append import Ours, open_point
from tests.bench.figures import Result, Sizes, rounded, runs_of
from tests.bench.machine import Meter, Server, durable_server, note
from tests.databases import OwnDefaults, pg15_binaries

RATIO: Final = 0.5


def measure(server: Server, sizes: Sizes) -> Result:
    """One command waiting, then many, on PostgreSQL 15 with its own defaults and on ours."""
    with durable_server(lambda home: OwnDefaults(home, pg15_binaries())) as foreign:
        assert _compiles(foreign)
        waiting = {"single": 1, "batched": sizes.concurrency}
        ways = {
            f"{what}, {name}": Ours(
                where.urls.app, msgspec.structs.replace(sizes, concurrency=number)
            )
            for what, number in waiting.items()
            for name, where in (("foreign", foreign), ("embedded", server))
        }
        for where in (foreign, server):
            open_point(where.urls.app)
        for ours in ways.values():
            ours.append(min(sizes.seconds, 0.5))
            ours.forget()
        meters = {
            name: Meter(where) for name, where in (("foreign", foreign), ("embedded", server))
        }
        for number in range(1, sizes.rounds + 1):
            note(f"foreign: round {number} of {sizes.rounds}")
            for way, ours in ways.items():
                with meters[way.partition(", ")[2]].running():
                    ours.append(sizes.seconds)
    runs = {way: runs_of(ours.rates["append"]) for way, ours in ways.items()}
    single, batched = (
        runs[f"{what}, foreign"].median / runs[f"{what}, embedded"].median for what in waiting
    )
    return Result(
        what=f"durable appends of one event, 1 and {sizes.concurrency} waiting, on PostgreSQL 15"
        " with its own defaults",
        unit="commands/s",
        ours=runs["single, foreign"].median,
        against=runs["single, embedded"].median,
        against_what="the embedded server, 1 waiting",
        ratio=rounded(single),
        target=f"ratio at least {RATIO:g}, single and batched",
        met=min(single, batched) >= RATIO,
        bounded_by="single: the disk; batched: as append",
        runs=runs,
        foreign_cores=runs_of([cores for meter in meters.values() for cores in meter.foreign]),
        details={"ratio_batched": rounded(batched)},
    )


def _compiles(server: Server) -> bool:
    """Whether the server would compile an expensive statement, as its maker's defaults have it."""
    with psycopg.connect(server.urls.app) as connection:
        return connection.execute("SELECT pg_jit_available()").fetchone() == (True,)
