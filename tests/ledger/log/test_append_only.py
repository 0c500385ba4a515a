"""The database itself refuses to change the log, to the application's role and to the owner.

What no trigger can stop is the owner's right to take the trigger away (`ALTER TABLE … DISABLE
TRIGGER`) or to append a row of his own making: against him stands the seal, not the schema.
"""

from typing import Any, Final, LiteralString
from uuid import uuid4

import psycopg
import pytest

from tests.databases import Database
from tests.ledger.commands import append, connected, gapless, written

CHANGES: Final[tuple[LiteralString, ...]] = (
    "UPDATE log_events SET state = '{}'",
    "UPDATE log_events SET recorded_at = now() WHERE notification_id = 1",
    "UPDATE log_events SET topic = topic WHERE false",
    "DELETE FROM log_events",
    "DELETE FROM log_events WHERE notification_id = 2",
    "TRUNCATE log_events",
    "TRUNCATE log_events, log_head CASCADE",
    "MERGE INTO log_events USING (SELECT 1) one ON true WHEN MATCHED THEN DELETE",
    "INSERT INTO log_events SELECT * FROM log_events ON CONFLICT (notification_id)"
    " DO UPDATE SET state = '{}'",
    "DELETE FROM log_head",
    "TRUNCATE log_head",
    "UPDATE log_head SET position = 0",
)
NOT_HIS: Final[tuple[LiteralString, ...]] = (
    "INSERT INTO log_events SELECT originator_id, 9, 9, now(), now(), gen_random_uuid(),"
    " gen_random_uuid(), 1, NULL, topic, state FROM log_events LIMIT 1",
    "UPDATE log_head SET position = position + 1",
    "INSERT INTO log_head VALUES (false, 9, now())",
    "COPY log_events FROM STDIN",
    "DROP TRIGGER log_events_append_only ON log_events",
    "ALTER TABLE log_events DISABLE TRIGGER log_events_append_only",
    "ALTER TABLE log_events DISABLE TRIGGER ALL",
    "ALTER TABLE log_events ADD COLUMN more text",
    "DROP TABLE log_events",
    "DROP FUNCTION log_append",
    "CREATE OR REPLACE FUNCTION log_refuse_change() RETURNS trigger LANGUAGE plpgsql"
    " AS 'BEGIN RETURN NULL; END'",
    "CREATE FUNCTION public.clock_timestamp() RETURNS timestamptz LANGUAGE sql AS 'SELECT now()'",
    "CREATE RULE nothing AS ON INSERT TO log_events DO INSTEAD NOTHING",
    "SET session_replication_role = replica",
    "SELECT * FROM log_intake",
    "DELETE FROM log_intake",
)


@pytest.fixture
def three_events(any_database: Database) -> Database:
    with connected(any_database.app_url) as log:
        append(log, *(written((uuid4(), 1)) for _ in range(3)))
    return any_database


def everything(log: psycopg.Connection[Any]) -> list[tuple[Any, ...]]:
    return log.execute("SELECT * FROM log_events ORDER BY notification_id").fetchall()


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("role", ["app", "owner", "superuser"])
def test_nobody_changes_the_log(three_events: Database, role: str, change: LiteralString) -> None:
    url = {
        "app": three_events.app_url,
        "owner": three_events.owner_url,
        "superuser": three_events.superuser_url,
    }[role]
    with connected(url) as log:
        before = everything(log)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            log.execute(change)
        assert everything(log) == before
        assert gapless(log) == 3


@pytest.mark.parametrize("change", CHANGES)
def test_nor_does_a_session_that_calls_itself_a_replica(
    three_events: Database, change: LiteralString
) -> None:
    with connected(three_events.superuser_url) as log:
        log.execute("SET session_replication_role = replica")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            log.execute(change)
        assert gapless(log) == 3


@pytest.mark.parametrize("attempt", NOT_HIS)
def test_the_application_writes_through_the_functions_only(
    three_events: Database, attempt: LiteralString
) -> None:
    with connected(three_events.app_url) as log:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            log.execute(attempt)
        assert gapless(log) == 3


@pytest.mark.parametrize(
    "forbidden",
    [
        "SELECT count(*) FROM log_events",
        "SELECT log_position_at(now())",
        "SELECT * FROM log_append('{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}')",
        "SELECT * FROM log_take_in(gen_random_uuid())",
    ],
)
def test_a_stranger_may_not_even_read(any_database: Database, forbidden: LiteralString) -> None:
    with (
        connected(any_database.superuser_url) as superuser,
        superuser.transaction(force_rollback=True),
    ):
        superuser.execute("CREATE ROLE anjuan_stranger")
        superuser.execute("SET LOCAL ROLE anjuan_stranger")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            superuser.execute(forbidden)


def test_a_table_of_the_session_does_not_stand_in_for_the_log(three_events: Database) -> None:
    with connected(three_events.app_url) as log:
        log.execute("CREATE TEMP TABLE log_head (position bigint, recorded_at timestamptz)")
        log.execute("CREATE TEMP TABLE log_events (LIKE public.log_events)")
        assert append(log, written((uuid4(), 1)))[0].last_position == 4
        row = log.execute("SELECT count(*) FROM public.log_events").fetchone()
        assert row == (4,)


def test_what_the_owner_still_can_do_is_to_take_the_trigger_away(three_events: Database) -> None:
    with connected(three_events.owner_url) as owner:
        owner.execute("ALTER TABLE log_events DISABLE TRIGGER log_events_append_only")
        owner.execute("DELETE FROM log_events WHERE notification_id = 2")
        assert len(everything(owner)) == 2
