"""Every stored view rebuilt from the log, beside reading the same columns for nothing."""

import time
from typing import Final

import psycopg

from ledger.log import reading
from projections.all_views import STORED
from projections.running.rebuild import rebuild
from tests.bench.city_log import CityLog
from tests.bench.figures import Result, Sizes, rounded, runs_of
from tests.bench.machine import Meter, note

EVENTS_PER_S: Final = 100_000
WORKERS: Final = 2


def measure(log: CityLog, sizes: Sizes) -> Result:
    """Rebuilds and bare reads turn by turn; last, one rebuild that is compared row by row."""
    url = log.server.urls.app
    meter = Meter(log.server)
    together: list[float] = []
    floor: list[float] = []
    alone: dict[str, list[float]] = {view.NAME: [] for view in STORED}
    for number in range(1, sizes.rebuild_rounds + 1):
        note(f"rebuild: round {number} of {sizes.rebuild_rounds}")
        with meter.running():
            started = time.perf_counter()
            done = rebuild(url, workers=WORKERS, compare=False)
            together.append(log.head / (time.perf_counter() - started))
        for one in done:
            alone[one.name].append(one.events / one.seconds)
        with meter.running():
            floor.append(log.head / _read(url, log.head))
    note("rebuild: once more, compared row by row")
    compared = rebuild(url, workers=WORKERS)
    assert all(one.equal for one in compared), compared
    return _result(log, meter, together, floor, alone)


def _result(
    log: CityLog,
    meter: Meter,
    together: list[float],
    floor: list[float],
    alone: dict[str, list[float]],
) -> Result:
    ours, theirs = runs_of(together), runs_of(floor)
    return Result(
        what=f"full rebuild of every stored view, {log.head:,} events, {WORKERS} processes",
        unit="events/s",
        ours=ours.median,
        against=theirs.median,
        against_what="COPY TO STDOUT of the same columns of the log, thrown away",
        ratio=rounded(ours.median / theirs.median),
        target=f"at least {EVENTS_PER_S:,} events/s",
        met=ours.median >= EVENTS_PER_S,
        bounded_by="the cores: decoding and folding in Python, then COPY and the indexes",
        runs={
            "all views": ours,
            "read only": theirs,
            **{f"{name} alone": runs_of(rates) for name, rates in alone.items()},
        },
        foreign_cores=runs_of(meter.foreign),
        details={"events": log.head, "compared_with_the_view_before": "equal"},
    )


def _read(url: str, upto: int) -> float:
    """Seconds for one process to read the log once, as a rebuild does, in memory order."""
    query = reading.SHARD.format(after=0, upto=upto, condition="")
    with psycopg.connect(url) as connection:
        started = time.perf_counter()
        with connection.cursor().copy(query.encode()) as copy:
            for _ in copy:
                pass
        return time.perf_counter() - started
