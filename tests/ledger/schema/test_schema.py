"""The schema runner, on every PostgreSQL we support."""

import importlib.resources
import logging
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from ledger.schema import (
    AppliedFileChanged,
    AppRoleNotGranted,
    FileNamesBroken,
    SchemaIsNewer,
    migrate,
    migrations,
)
from ledger.server.embedded import Cluster
from tests.databases import Database

SLOW_COUNT = """
CREATE TABLE applied (file text);
CREATE FUNCTION note(file text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    -- 100 % of the calls; "quoted"
    INSERT INTO applied VALUES (file);
END $$;
SELECT note('0001'), pg_sleep(0.2);
"""

SETTINGS = """
SELECT proname, array_to_string(proconfig, ' ') FROM pg_proc
 WHERE pronamespace NOT IN ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "0001_first.sql").write_text(SLOW_COUNT)
    (tmp_path / "0002_second.sql").write_text("SELECT note('0002');")
    (tmp_path / "README").write_text("not a migration")
    return tmp_path


def rows(url: str, query: str) -> list[tuple[object, ...]]:
    with psycopg.connect(url) as connection:
        return connection.execute(query.encode()).fetchall()


def test_files_are_applied_in_order_and_only_once(
    any_blank_database: Database, folder: Path
) -> None:
    url = any_blank_database.owner_url
    assert migrate(url, folder=folder) == ["0001_first.sql", "0002_second.sql"]
    assert migrate(url, folder=folder) == []
    (folder / "0003_third.sql").write_text("SELECT note('0003');")
    assert migrate(url, folder=folder) == ["0003_third.sql"]
    assert rows(url, "SELECT file FROM applied") == [("0001",), ("0002",), ("0003",)]
    assert rows(url, "SELECT number, name FROM schema_version ORDER BY number") == [
        (1, "0001_first.sql"),
        (2, "0002_second.sql"),
        (3, "0003_third.sql"),
    ]


def test_concurrent_starters_apply_every_file_exactly_once(
    any_blank_database: Database, folder: Path
) -> None:
    url = any_blank_database.owner_url
    with ThreadPoolExecutor(6) as starters:
        results = list(starters.map(lambda _: migrate(url, folder=folder), range(6)))
    assert sorted(results) == [[]] * 5 + [["0001_first.sql", "0002_second.sql"]]
    assert rows(url, "SELECT file FROM applied") == [("0001",), ("0002",)]


def test_a_failing_file_leaves_nothing_behind(any_blank_database: Database, folder: Path) -> None:
    (folder / "0003_broken.sql").write_text("SELECT note('0003'); SELECT 1 / 0;")
    with pytest.raises(psycopg.errors.DivisionByZero):
        migrate(any_blank_database.owner_url, folder=folder)
    tables = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
    assert rows(any_blank_database.owner_url, tables) == []


def test_an_applied_file_that_was_changed_is_refused(
    any_blank_database: Database, folder: Path
) -> None:
    migrate(any_blank_database.owner_url, folder=folder)
    with (folder / "0002_second.sql").open("a") as file:
        file.write(" ")
    with pytest.raises(AppliedFileChanged, match=r"0002_second\.sql"):
        migrate(any_blank_database.owner_url, folder=folder)


def test_a_database_newer_than_the_program_is_refused(
    any_blank_database: Database, folder: Path
) -> None:
    migrate(any_blank_database.owner_url, folder=folder)
    (folder / "0002_second.sql").unlink()
    with pytest.raises(SchemaIsNewer, match=r"0002_second\.sql"):
        migrate(any_blank_database.owner_url, folder=folder)


@pytest.mark.parametrize("name", ["0004_gap.sql", "0002_twice.sql", "3_short.sql", "0003-dash.sql"])
def test_numbers_without_gaps_are_demanded_before_anything_is_applied(
    folder: Path, name: str
) -> None:
    (folder / name).write_text("SELECT 1;")
    with pytest.raises(FileNamesBroken):
        migrate("postgresql://nobody@/nowhere?host=/nowhere", folder=folder)


def test_the_files_learn_the_name_of_the_application_role(
    any_blank_database: Database, folder: Path
) -> None:
    (folder / "0003_role.sql").write_text("SELECT note(current_setting('anjuan.app_role'));")
    migrate(any_blank_database.owner_url, folder=folder)
    assert rows(any_blank_database.owner_url, "SELECT file FROM applied")[-1] == ("anjuan_app",)


def test_a_missing_application_role_is_created_where_that_is_allowed(
    any_blank_database: Database, folder: Path
) -> None:
    role = f"app_of_{any_blank_database.name}"
    url = any_blank_database.superuser_url
    try:
        migrate(url, role, folder)
        assert (role, False) in rows(url, "SELECT rolname, rolcanlogin FROM pg_roles")
    finally:
        drop_role(url, role)


def test_where_the_role_may_not_be_created_the_files_are_told_so(
    any_blank_database: Database, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (folder / "0003_role.sql").write_text("SELECT note(current_setting('anjuan.app_role'));")
    with caplog.at_level(logging.WARNING):
        migrate(any_blank_database.owner_url, "no_such_role", folder)
    assert "no_such_role" in caplog.text
    assert rows(any_blank_database.owner_url, "SELECT file FROM applied")[-1] == ("",)


def test_an_application_role_the_owner_may_not_act_for_is_refused(
    any_blank_database: Database, folder: Path
) -> None:
    role = f"stranger_of_{any_blank_database.name}"
    with psycopg.connect(any_blank_database.superuser_url) as connection:
        connection.execute(sql.SQL("CREATE ROLE {}").format(sql.Identifier(role)))
    try:
        with pytest.raises(AppRoleNotGranted, match=role):
            migrate(any_blank_database.owner_url, role, folder)
    finally:
        drop_role(any_blank_database.superuser_url, role)


def test_the_shipped_files_apply_on_every_server(
    any_cluster: Cluster, any_database: Database
) -> None:
    assert any_cluster.exists
    assert migrate(any_database.owner_url) == []
    names = [row[0] for row in rows(any_database.app_url, "SELECT name FROM schema_version")]
    assert "0001_log.sql" in names


def test_a_database_of_an_earlier_program_gets_the_files_it_lacks(
    any_blank_database: Database, tmp_path: Path
) -> None:
    url = any_blank_database.owner_url
    shipped = migrations(importlib.resources.files("ledger") / "schema")
    for earlier in shipped[:2]:
        (tmp_path / earlier.name).write_bytes(earlier.sql)
    migrate(url, folder=tmp_path)
    assert migrate(url) == [later.name for later in shipped[2:]]
    assert compiled_though_priced(url) == set()


def test_a_function_that_disables_plans_is_never_compiled(any_database: Database) -> None:
    assert compiled_though_priced(any_database.app_url) == set()


def compiled_though_priced(url: str) -> set[object]:
    """Functions of ours whose plans are priced above every jit_above_cost, and yet compiled."""
    priced = [(name, made) for name, made in rows(url, SETTINGS) if "enable_" in str(made)]
    assert len(priced) >= 3
    return {name for name, made in priced if "jit=off" not in str(made)}


def drop_role(url: str, role: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(role)))
