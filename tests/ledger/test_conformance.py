"""The suites that the library ships for recorders, run against ours on each PostgreSQL.

Two of its expectations are about an aggregate recorder, which has no notification ids; see
`Streams`. Everything else holds as shipped.
"""

from collections.abc import Iterator
from typing import Any
from unittest import TestCase

import pytest
from eventsourcing.persistence import InfrastructureFactory, StoredEvent
from eventsourcing.postgres import PostgresAggregateRecorder, PostgresDatastore
from eventsourcing.tests.persistence import (
    AggregateRecorderTestCase,
    ApplicationRecorderTestCase,
    InfrastructureFactoryTestCase,
    NonInterleavingNotificationIDsBaseCase,
    ProcessRecorderTestCase,
    TrackingRecorderTestCase,
)
from eventsourcing.utils import Environment

from ledger.recorder import (
    Factory,
    LedgerProcessRecorder,
    LedgerRecorder,
    LedgerTracking,
    library_environment,
)
from tests.databases import Database


class OnOurDatabase(TestCase):
    """Gives a shipped suite a database of its own for each test: positions begin at 1."""

    factory: Factory

    @pytest.fixture(autouse=True)
    def _on(self, request: pytest.FixtureRequest) -> Iterator[None]:
        database: Database = request.getfixturevalue(self.database_fixture)
        self.database = database
        self.factory = Factory(Environment("log", library_environment(database.app_url)))
        yield
        self.factory.close()

    database_fixture = "database"

    @property
    def datastore(self) -> PostgresDatastore:
        return self.factory.datastore


class NoIds(LedgerRecorder):
    """An aggregate recorder answers no notification ids; that is all it does otherwise."""

    def insert_events(self, stored_events: Any, **kwargs: Any) -> None:
        super().insert_events(stored_events, **kwargs)


class Streams(OnOurDatabase, AggregateRecorderTestCase):
    def create_recorder(self) -> LedgerRecorder:
        return NoIds(self.datastore)


class Log(OnOurDatabase, ApplicationRecorderTestCase[LedgerRecorder]):
    def create_recorder(self) -> LedgerRecorder:
        return LedgerRecorder(self.datastore)

    def test_insert_subscribe(self) -> None:
        self.optional_test_insert_subscribe()


class LogInBetween(OnOurDatabase, NonInterleavingNotificationIDsBaseCase):
    def create_recorder(self) -> LedgerRecorder:
        return LedgerRecorder(self.datastore)
