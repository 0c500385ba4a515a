"""The suites that the library ships, run against our recorders on each PostgreSQL we support.

Not run, because there is one log and migrations make its tables: the suites that start the
library's own `Application` and projections, which name a table after each application. And an
aggregate recorder (`Streams`) answers no notification ids, which is the one thing we take away.
"""

import unittest
from collections.abc import Callable, Iterator
from typing import Any, Final

import pytest
from eventsourcing.persistence import Tracking
from eventsourcing.postgres import PostgresAggregateRecorder
from eventsourcing.tests import persistence as shipped
from eventsourcing.tests import projection as shipped_projection
from eventsourcing.utils import Environment

from ledger.log.recorder import (
    Factory,
    LedgerProcessRecorder,
    LedgerRecorder,
    LedgerTracking,
    library_environment,
)
from tests.databases import Database

ADD: Final = """
    INSERT INTO views.counters VALUES (%s, 1)
    ON CONFLICT (name) DO UPDATE SET counted = views.counters.counted + 1
"""


class LogOfStreams(LedgerRecorder):
    def insert_events(self, *events: Any, **kwargs: Any) -> None:
        super().insert_events(*events, **kwargs)


class Counters(LedgerTracking, shipped_projection.EventCountersView):
    """A view that counts, each count in one transaction with its position."""

    def create_table(self) -> None:
        with self.datastore.transaction(commit=True) as cursor:
            cursor.execute("CREATE TABLE views.counters (name text PRIMARY KEY, counted integer)")

    def get_created_event_counter(self) -> int:
        return self._counted("created")

    def get_subsequent_event_counter(self) -> int:
        return self._counted("subsequent")

    def incr_created_event_counter(self, tracking: Tracking) -> None:
        self._count("created", tracking)

    def incr_subsequent_event_counter(self, tracking: Tracking) -> None:
        self._count("subsequent", tracking)

    def _count(self, name: str, tracking: Tracking) -> None:
        with self.datastore.transaction(commit=True) as cursor:
            cursor.execute(ADD, [name])
            self._insert_tracking(cursor, tracking)

    def _counted(self, name: str) -> int:
        with self.datastore.cursor() as cursor:
            row = cursor.execute(
                "SELECT coalesce(sum(counted), 0) AS n FROM views.counters WHERE name = %s", [name]
            ).fetchone()
        assert row is not None
        return int(row["n"])


class OnOurLog:
    """Mixed into a shipped suite: `factory` and `env` are of the database under test."""

    __test__ = False
    factory: Factory
    env: Environment
    recorder_class: Callable[..., Any]

    def create_recorder(self) -> Any:
        return self.recorder_class(self.factory.datastore)


class Streams(OnOurLog, shipped.AggregateRecorderTestCase):
    recorder_class = LogOfStreams


class Log(OnOurLog, shipped.ApplicationRecorderTestCase[LedgerRecorder]):
    recorder_class = LedgerRecorder

    def test_insert_subscribe(self) -> None:
        self.optional_test_insert_subscribe()


class Interleaving(OnOurLog, shipped.NonInterleavingNotificationIDsBaseCase):
    recorder_class = LedgerRecorder


class Positions(OnOurLog, shipped.TrackingRecorderTestCase):
    recorder_class = LedgerTracking


class Process(OnOurLog, shipped.ProcessRecorderTestCase):
    recorder_class = LedgerProcessRecorder


class LogOfProcess(OnOurLog, shipped.ApplicationRecorderTestCase[LedgerProcessRecorder]):
    recorder_class = LedgerProcessRecorder


class PositionsOfProcess(OnOurLog, shipped.TrackingRecorderTestCase):
    recorder_class = LedgerProcessRecorder


class View(OnOurLog, shipped_projection.EventCountersViewTestCase):
    recorder_class = Counters

    def construct_event_counters_view(self) -> shipped_projection.EventCountersView:
        view = Counters(self.factory.datastore)
        view.create_table()
        return view


class Infrastructure(OnOurLog, shipped.InfrastructureFactoryTestCase[Factory]):
    def expected_factory_class(self) -> type[Factory]:
        return Factory

    def expected_aggregate_recorder_class(self) -> type[PostgresAggregateRecorder]:
        return PostgresAggregateRecorder

    def expected_application_recorder_class(self) -> type[LedgerRecorder]:
        return LedgerRecorder

    def expected_tracking_recorder_class(self) -> type[LedgerTracking]:
        return LedgerTracking

    def tracking_recorder_subclass(self) -> type[LedgerTracking]:
        return Counters

    def expected_process_recorder_class(self) -> type[LedgerProcessRecorder]:
        return LedgerProcessRecorder


SUITES: Final[tuple[type[unittest.TestCase], ...]] = (
    Streams, Log, Interleaving, Positions, Process, LogOfProcess, PositionsOfProcess, View,
    Infrastructure,
)  # fmt: skip
SHIPPED: Final = [
    pytest.param(suite, name, id=f"{suite.__name__}-{name}")
    for suite in SUITES
    for name in unittest.TestLoader().getTestCaseNames(suite)
]


@pytest.fixture
def environment(any_database: Database) -> Environment:
    return Environment("log", library_environment(any_database.app_url))


@pytest.fixture
def factory(environment: Environment) -> Iterator[Factory]:
    with Factory(environment) as factory:
        yield factory


@pytest.mark.parametrize(("suite", "name"), SHIPPED)
def test_a_suite_of_the_library_holds(
    suite: Callable[[str], Any], name: str, environment: Environment, factory: Factory
) -> None:
    case = suite(name)
    case.env, case.factory = environment, factory
    case.debug()
