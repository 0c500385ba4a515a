"""A clock that was ahead once is not the log's clock until it is caught up."""

from datetime import timedelta

import psycopg
import pytest

from domain.vocabulary import stream_id
from ledger.log.bulk import append_slice
from ledger.log.clock import ClockOff
from ledger.log.codec import LedgerMapper
from ledger.log.store import Ledger
from ledger.server.connection import with_options
from tests.databases import Database
from tests.examples import ADMIN
from tests.ledger.commands import OPEN_STALL, STALL
from tests.ledger.log.test_bulk import opening


def ahead(database: Database, by: timedelta) -> None:
    """As after one write by a clock that was so far ahead."""
    with psycopg.connect(database.owner_url, autocommit=True) as owner:
        owner.execute("ALTER TABLE log_head DISABLE TRIGGER ALL")
        owner.execute("UPDATE log_head SET recorded_at = clock_timestamp() + %s", [by])
        owner.execute("ALTER TABLE log_head ENABLE ALWAYS TRIGGER log_head_clock")


def test_f9_both_ways_into_the_log_refuse(any_database: Database) -> None:
    database = any_database
    with Ledger(database.app_url) as ledger:
        ledger.execute(STALL, OPEN_STALL, by=ADMIN)
        ahead(database, timedelta(days=2))
        with pytest.raises(ClockOff):
            ledger.execute(stream_id("point", "OTHER"), OPEN_STALL, by=ADMIN)
    with (
        psycopg.connect(database.app_url, autocommit=True) as connection,
        pytest.raises(ClockOff),
    ):
        append_slice(connection, opening(stream_id("point", "OTHER")), LedgerMapper())


def test_a_clock_a_little_behind_writes_on(database: Database) -> None:
    ahead(database, timedelta(seconds=200))
    with Ledger(database.app_url) as ledger:
        assert ledger.execute(STALL, OPEN_STALL, by=ADMIN).position == 1


def test_an_operator_who_has_looked_lets_it_write_on(database: Database) -> None:
    ahead(database, timedelta(days=2))
    url = with_options(database.app_url, "-c anjuan.clock_tolerance_s=200000")
    with Ledger(url) as ledger:
        assert ledger.execute(STALL, OPEN_STALL, by=ADMIN).position == 1
