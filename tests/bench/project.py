"""All stored views catching up with the log, beside the library's runner with one of them."""

import time
from typing import Any, Final

import psycopg
from eventsourcing.persistence import Tracking
from eventsourcing.projection import Projection, ProjectionRunner

from ledger.log.recorder import Factory, LedgerTracking, library_environment
from ledger.log.store import Ledger
from ledger.server.connection import with_options
from projections.all_views import STORED
from projections.requests import journal
from projections.running.runner import Runner
from tests.bench.city_log import CityLog
from tests.bench.figures import Result, Sizes, rounded, runs_of
from tests.bench.machine import Meter, note

RATIO: Final = 20
SCHEMA: Final = "library"
LIBRARY_S: Final = 4
"""The library's runs are so many times as long as the other benchmarks': it is slow to start."""
POSITION: Final = "SELECT notification_id FROM log_tracking WHERE application_name = %s"


class LedgerOfSettings(Ledger):
    """Our log as the library's runner makes applications: from settings."""

    name = Ledger.name

    def __init__(self, env: dict[str, str]) -> None:
        super().__init__(env[Factory.LEDGER_URL])


class JournalOneByOne(Projection[LedgerTracking]):
    """The journal in the library's own pattern: each event and its tracking in one transaction."""

    name = LedgerOfSettings.name  # The library derives the name of the tracking table from it.

    def __init__(self, view: LedgerTracking) -> None:
        super().__init__(view)
        position = view.max_tracking_id(LedgerOfSettings.name) or 0
        with view.datastore.get_connection() as connection:
            self._memory = journal.memory(connection, position)

    def process_event(self, domain_event: Any, tracking: Tracking) -> None:
        with self.view.datastore.transaction(commit=True) as cursor:
            journal.apply(cursor, [domain_event], self._memory)
            self.view._insert_tracking(cursor, tracking)


def measure(log: CityLog, sizes: Sizes) -> Result:
    """Ours start from nothing in every run; the library's runner goes on where it was."""
    url = log.server.urls.app
    _make_library_tables(log.server.urls.owner, url)
    meter = Meter(log.server)
    ours: list[float] = []
    library: list[float] = []
    for number in range(1, sizes.rebuild_rounds + 1):
        note(f"project: round {number} of {sizes.rebuild_rounds}")
        forget(url)
        with meter.running():
            started = time.perf_counter()
            done = Runner(url).catch_up()
            ours.append(done / (time.perf_counter() - started))
        with meter.running():
            library.append(_library(url, sizes.seconds * LIBRARY_S))
    return _result(log, meter, ours, library, _position(url))


def _result(
    log: CityLog, meter: Meter, ours: list[float], library: list[float], done: int
) -> Result:
    mine, theirs = runs_of(ours), runs_of(library)
    ratio = mine.median / theirs.median
    return Result(
        what=f"all stored views catching up with {log.head:,} events",
        unit="events/s",
        ours=mine.median,
        against=theirs.median,
        against_what="the library's ProjectionRunner running the journal alone on the same events",
        ratio=rounded(ratio),
        target=f"ratio at least {RATIO}",
        met=ratio >= RATIO,
        bounded_by="one Python process that decodes and folds, then the server that maintains the"
        " indexes of what was written, in turns",
        runs={"all views": mine, "library, one view": theirs},
        foreign_cores=runs_of(meter.foreign),
        details={"views": len(STORED), "events": log.head, "events_by_library": done},
    )


def forget(url: str) -> None:
    """As if no view had been made yet."""
    with psycopg.connect(url, autocommit=True) as connection:
        for view in STORED:
            connection.execute(f"DROP TABLE IF EXISTS views.{view.NAME}")
            connection.execute("DELETE FROM log_tracking WHERE application_name = %s", [view.NAME])
        connection.execute("DROP TABLE IF EXISTS views.versions")


def _make_library_tables(owner_url: str, url: str) -> None:
    with psycopg.connect(owner_url, autocommit=True) as owner:
        owner.execute(f"CREATE SCHEMA {SCHEMA} AUTHORIZATION anjuan_app")
    with psycopg.connect(_beside(url), autocommit=True) as connection:
        connection.execute(journal.TABLES)
        for index in journal.INDEXES:
            connection.execute(index)


def _beside(url: str) -> str:
    return with_options(url, f"-c search_path={SCHEMA},public")


def _library(url: str, seconds: float) -> float:
    """Events/s of a run that begins when the first event is done."""
    runner: ProjectionRunner[Any, LedgerTracking] = ProjectionRunner(
        application_class=LedgerOfSettings,
        projection_class=JournalOneByOne,
        view_class=LedgerTracking,
        env=library_environment(_beside(url)),
    )
    with runner:
        began = _position(url)
        runner.wait(began + 1, timeout=60)
        before, started = _position(url), time.perf_counter()
        runner.run_forever(timeout=seconds)
        done, elapsed = _position(url) - before, time.perf_counter() - started
    return done / elapsed


def _position(url: str) -> int:
    with psycopg.connect(url) as connection:
        row = connection.execute(POSITION, [LedgerOfSettings.name]).fetchone()
    return row[0] if row else 0
