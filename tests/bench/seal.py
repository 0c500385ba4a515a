"""Durable appends with the sealer at work beside them, and without it."""

import multiprocessing
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import psycopg

from ledger.log import reading
from ledger.seal import sealed
from ledger.seal.keyfile import key_files
from ledger.seal.sealer import POLL_S, Sealing, run, seal
from ledger.verify.claims import gathered
from ledger.verify.whole_log import verify
from tests.bench.append import Ours, open_point
from tests.bench.figures import Result, Sizes, rounded, runs_of
from tests.bench.machine import Meter, Server, note

COST: Final = 0.03


def measure(server: Server, sizes: Sizes) -> Result:
    """Turn by turn, each after a second like it: the sealer, which looks once a second and signs
    each time, is then as far behind at the end of a run as at its beginning, and what it does in
    between is what the run appends."""
    url = server.urls.app
    open_point(url)
    ours, meter = Ours(url, sizes), Meter(server)
    without: list[float] = []
    beside: list[float] = []
    behind: list[int] = []
    with TemporaryDirectory(prefix="anjuan-bench-") as folder:
        how = Sealing(keys=key_files(Path(folder)), witness=Path(folder) / "witness", every_s=0)
        for number in range(1, sizes.rounds + 1):
            note(f"seal: round {number} of {sizes.rounds}")
            for rates, sealing in ((without, None), (beside, how)):
                with _sealer(url, sealing):
                    ours.append(POLL_S)
                    ours.forget()
                    with meter.running():
                        ours.append(sizes.seconds)
                    behind += [] if sealing is None else [_unsealed(url)]
                rates.extend(ours.rates["append"])
        with psycopg.connect(url, autocommit=True) as connection:
            seal(connection, how)
            checkpoints = len(sealed.checkpoints(connection))
        verified = verify(url, gathered(how.keys, how.witness))
    assert verified.ok, verified.flaws
    assert verified.sealed == verified.size == ours.acknowledged + 1
    return _result(sizes, meter, without, beside, {
        "unsealed_at_the_end_of_a_run": max(behind),
        "checkpoints": checkpoints,
        "events": verified.size,
    })  # fmt: skip


def _result(
    sizes: Sizes,
    meter: Meter,
    without: list[float],
    beside: list[float],
    details: dict[str, Any],
) -> Result:
    ours, theirs = runs_of(beside), runs_of(without)
    ratio = ours.median / theirs.median
    return Result(
        what=f"durable appends of one event, {sizes.concurrency} waiting, with the sealer beside",
        unit="commands/s",
        ours=ours.median,
        against=theirs.median,
        against_what="the same without the sealer",
        ratio=rounded(ratio),
        target=f"sealing costs at most {COST:.0%}",
        met=ratio >= 1 - COST,
        bounded_by="as append; the sealer takes what the cores have left",
        runs={"sealed beside": ours, "not sealed": theirs},
        foreign_cores=runs_of(meter.foreign),
        details=details,
    )


def _unsealed(url: str) -> int:
    with psycopg.connect(url) as connection:
        last = sealed.last(connection)
        return reading.head(connection) - (last.size if last else 0)


@contextmanager
def _sealer(url: str, sealing: Sealing | None) -> Iterator[None]:
    """A process that seals as `anjuan project` does; ready when nothing is left to seal."""
    if sealing is None:
        yield
        return
    spawn = multiprocessing.get_context("spawn")
    ready, stop = spawn.Event(), spawn.Event()
    process = spawn.Process(target=_seal, args=(url, sealing, ready, stop))
    process.start()
    try:
        assert ready.wait(120)
        yield
    finally:
        stop.set()
        process.join()


def _seal(url: str, sealing: Sealing, ready: Any, stop: Any) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        seal(connection, sealing)
    ready.set()
    run(url, sealing, stop)
