"""The whole log verified against its checkpoints, beside reading the same columns for nothing."""

import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import psycopg

from ledger.seal import sealed
from ledger.seal.keyfile import key_files
from ledger.seal.leaves import ROWS, between
from ledger.seal.sealer import Sealing, seal
from ledger.verify.claims import gathered
from ledger.verify.whole_log import verify
from tests.bench.city_log import CityLog
from tests.bench.figures import Result, Sizes, rounded, runs_of
from tests.bench.machine import Meter, note

SECONDS: Final = 15
EVENTS: Final = 1_000_000
WORKERS: Final = 2


def measure(log: CityLog, sizes: Sizes) -> Result:
    """Verifying and reading turn by turn, after the log was sealed as if it had grown by itself."""
    url = log.server.urls.app
    meter = Meter(log.server)
    ours: list[float] = []
    floor: list[float] = []
    with TemporaryDirectory(prefix="anjuan-bench-") as folder:
        how = Sealing(keys=key_files(Path(folder)), witness=Path(folder) / "witness")
        note(f"verify: sealing {log.head:,} events")
        with psycopg.connect(url, autocommit=True) as connection:
            sealing_s = _seconds(lambda: seal(connection, how))
            checkpoints = len(sealed.checkpoints(connection))

        def verified() -> None:
            found = verify(url, gathered(how.keys, how.witness), workers=WORKERS)
            assert found.ok, found.flaws
            assert found.sealed == found.size == log.head

        for number in range(1, sizes.rebuild_rounds + 1):
            note(f"verify: round {number} of {sizes.rebuild_rounds}")
            with meter.running():
                ours.append(_seconds(verified))
            with meter.running():
                floor.append(_seconds(lambda: _read(url, log.head)))
    whole, read = runs_of(ours), runs_of(floor)
    million = whole.median * EVENTS / log.head
    return Result(
        what=f"full verification of {log.head:,} events, {WORKERS} processes",
        unit="s",
        ours=whole.median,
        against=read.median,
        against_what="COPY TO STDOUT of the same columns, thrown away, one process",
        ratio=rounded(whole.median / read.median),
        target=f"at most {SECONDS} s for {EVENTS:,} events",
        met=million <= SECONDS,
        bounded_by="the cores: the server writes the rows out, Python hashes states and entries",
        runs={"verify": whole, "read only": read},
        foreign_cores=runs_of(meter.foreign),
        details={
            "seconds_for_a_million": rounded(million),
            "sealed_events_per_s": rounded(log.head / sealing_s),
            "checkpoints": checkpoints,
            "events": log.head,
        },
    )


def _seconds(done: Callable[[], object]) -> float:
    started = time.perf_counter()
    done()
    return time.perf_counter() - started


def _read(url: str, upto: int) -> None:
    with (
        psycopg.connect(url) as connection,
        connection.cursor().copy(ROWS.format(condition=between(0, upto))) as copy,
    ):
        for _ in copy:
            pass
