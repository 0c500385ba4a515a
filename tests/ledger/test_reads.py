"""The read log: append-only, gapless, chained, kept for six months."""

import asyncio
from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from ledger.reads import ReadEntry, ReadLog, prune, verify_reads
from ledger.verify.claims import gathered
from ledger.verify.whole_log import verify
from tests.databases import Database

ENTRY = ReadEntry(
    account="li", role="duty_officer", unit="ROOM-1", action="Request",
    things=("request:1",), fields=("subject",), purpose="回访",
)  # fmt: skip


def written(database: Database, several: int) -> list[int]:
    async def run() -> list[int]:
        async with ReadLog(database.app_url) as reads:
            return list(await asyncio.gather(*(reads.append(ENTRY) for _ in range(several))))

    return asyncio.run(run())


def owner(database: Database) -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(database.owner_url, autocommit=True)


def test_entries_are_gapless_under_many_writers(database: Database) -> None:
    assert sorted(written(database, 40)) == list(range(1, 41))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE read_log SET account = 'other'",
        "DELETE FROM read_log",
        "TRUNCATE read_log",
        "TRUNCATE read_head",
        "SELECT read_prune(now(), 1)",
    ],
)
def test_the_owner_is_refused_as_well(database: Database, statement: str) -> None:
    written(database, 2)
    with owner(database) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO read_log SELECT number + 9, read_at, account, unit, division, things, entry,"
        " hash FROM read_log",
        "SELECT read_prune('2020-01-01', 6)",
        "UPDATE read_head SET number = 0",
    ],
)
def test_the_application_appends_and_does_nothing_else(database: Database, statement: str) -> None:
    written(database, 1)
    with (
        psycopg.connect(database.app_url, autocommit=True) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute(statement)


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        ("UPDATE read_log SET account = 'other' WHERE number = 2", "entry 2 is found under"),
        (
            "UPDATE read_log SET entry = convert_to(replace(convert_from(entry, 'UTF8'), '\"li\"',"
            " '\"wu\"'), 'UTF8'), account = 'wu' WHERE number = 2",
            "entry 2 is not what was written",
        ),
        ("DELETE FROM read_log WHERE number = 2", "entry 2 is missing"),
        ("DELETE FROM read_log WHERE number = 3", "entries end at 2"),
        ("UPDATE read_log SET read_at = read_at - interval '1 day' WHERE number = 1", "entry 1 is"),
    ],
)
def test_verify_finds_what_was_changed(database: Database, statement: str, fault: str) -> None:
    written(database, 3)
    assert verify(database.app_url, gathered(None, None), workers=0).ok
    with owner(database) as connection:
        connection.execute("ALTER TABLE read_log DISABLE TRIGGER USER")
        connection.execute(statement)
        found = verify_reads(connection)
    assert found is not None
    assert found.fault is not None
    assert found.fault.startswith(fault)
    assert not verify(database.app_url, gathered(None, None), workers=0).ok


def test_what_is_older_than_six_months_may_go_and_the_chain_still_holds(database: Database) -> None:
    written(database, 3)
    with owner(database) as connection:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            prune(connection, datetime.now(UTC) - timedelta(days=170), 6)
        assert prune(connection, datetime.now(UTC) - timedelta(days=200), 6) == 0
        connection.execute("ALTER TABLE read_log DISABLE TRIGGER USER")
        connection.execute(
            "UPDATE read_log SET read_at = read_at - interval '1 year' WHERE number < 3"
        )
        connection.execute("ALTER TABLE read_log ENABLE ALWAYS TRIGGER read_log_append_only")
        assert prune(connection, datetime.now(UTC) - timedelta(days=200), 6) == 2
        found = verify_reads(connection)
    assert found is not None
    assert (found.first, found.last, found.fault) == (3, 3, None)
