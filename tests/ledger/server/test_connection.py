"""From settings to URLs: the embedded server by default, any PostgreSQL from 15 on by URL."""

import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from ledger.server.connection import (
    DatabaseFunctionsRefused,
    NoDatabase,
    ServerTooOld,
    app_url,
    ensure,
    refuse_database_functions,
    refuse_old_server,
    server_version,
    with_options,
)
from ledger.server.embedded import Cluster
from tests.databases import Database


def row(url: str, query: str) -> tuple[Any, ...] | None:
    with psycopg.connect(url) as connection:
        return connection.execute(query.encode()).fetchone()


@pytest.fixture
def foreign_url(any_cluster: Cluster, any_blank_database: Database) -> Iterator[str]:
    """A database as an administrator hands it over: its owner has a login, and no more rights."""
    name, role = any_blank_database.name, f"owner_of_{any_blank_database.name}"
    names = (sql.Identifier(role), sql.Identifier(name), sql.Identifier(role))
    with psycopg.connect(any_cluster.url("superuser", "postgres"), autocommit=True) as server:
        server.execute(sql.SQL("CREATE ROLE {} LOGIN PASSWORD 'p w'").format(names[0]))
        server.execute(sql.SQL("GRANT anjuan_app TO {}").format(names[0]))
        server.execute(sql.SQL("ALTER DATABASE {} OWNER TO {}").format(*names[1:]))
    try:
        path = conninfo_to_dict(any_cluster.url())["host"]
        yield f"postgresql://{role}:p%20w@/{name}?host={path}&application_name=a%20b"
    finally:
        with psycopg.connect(any_blank_database.superuser_url) as connection:
            to = sql.SQL("REASSIGN OWNED BY {} TO CURRENT_USER").format(names[0])
            connection.execute(to)
            connection.execute(sql.SQL("DROP OWNED BY {}").format(names[0]))
            connection.execute(sql.SQL("DROP ROLE {}").format(names[0]))


def test_without_a_url_the_embedded_server_is_started_and_migrated(home: Path) -> None:
    try:
        urls = ensure(home)
        assert row(urls.app, "SELECT current_user::text") == ("anjuan_app",)
        assert row(urls.app, "SELECT number FROM schema_version WHERE number = 1") == (1,)
        assert ensure(home) == urls
    finally:
        Cluster(home).stop()


def test_with_a_url_the_embedded_server_is_not_touched(home: Path, foreign_url: str) -> None:
    urls = ensure(home, foreign_url)
    assert not home.exists()
    assert (urls.owner, urls.superuser) == (foreign_url, None)
    assert row(urls.owner, "SELECT number FROM schema_version WHERE number = 1") == (1,)


def test_the_owners_login_serves_the_application_with_its_role(
    home: Path, foreign_url: str
) -> None:
    urls = ensure(home, foreign_url)
    found = row(urls.app, "SELECT current_user::text, current_setting('application_name')")
    assert found == ("anjuan_app", "a b")
    assert "20role" in urls.app
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        row(urls.app, "INSERT INTO schema_version VALUES (99, 'x', 'y') RETURNING number")


def test_a_login_of_the_applications_own_is_used_as_given(
    home: Path, foreign_url: str, any_cluster: Cluster
) -> None:
    app = any_cluster.url("app", str(conninfo_to_dict(foreign_url)["dbname"]))
    with psycopg.connect(foreign_url) as connection:
        name = sql.Identifier(connection.info.dbname)
        connection.execute(sql.SQL("GRANT CONNECT ON DATABASE {} TO anjuan_app").format(name))
    assert ensure(home, foreign_url, app).app == app


def test_an_owner_without_the_applications_role_connects_as_he_is(foreign_url: str) -> None:
    assert app_url(foreign_url, "no_such_role") == foreign_url


def test_options_are_added_to_those_a_url_has(any_database: Database) -> None:
    for url in (
        f"{any_database.owner_url}&options=-c%20work_mem%3D5MB",
        make_conninfo(any_database.owner_url, options="-c work_mem=5MB"),
    ):
        both = with_options(url, "-c statement_timeout=7s")
        settings = "SELECT current_setting('work_mem'), current_setting('statement_timeout')"
        assert row(both, settings) == ("5MB", "7s")
        psql = ["psql", "-XAt", both, "-c", "SHOW work_mem"]
        found = subprocess.run(psql, capture_output=True, text=True, check=True)
        assert found.stdout == "5MB\n"


def test_the_oldest_server_is_15(any_database: Database) -> None:
    refuse_old_server(server_version(any_database.app_url))
    refuse_old_server(150000)
    with pytest.raises(ServerTooOld, match="PostgreSQL 14"):
        refuse_old_server(140020)


def test_a_server_that_is_not_there_is_named(home: Path) -> None:
    with pytest.raises(NoDatabase, match="nowhere"):
        ensure(home, "postgresql:///anjuan?host=/nowhere")


@pytest.mark.parametrize("value", ["y", "1", "true", "On", " YES ", "anything"])
def test_the_librarys_own_database_functions_are_refused(
    home: Path, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POSTGRES_ENABLE_DB_FUNCTIONS", value)
    with pytest.raises(DatabaseFunctionsRefused):
        ensure(home)
    assert not home.exists()


@pytest.mark.parametrize("value", ["", "0", "no", "False", "off"])
def test_switched_off_database_functions_are_fine(value: str) -> None:
    refuse_database_functions({"POSTGRES_ENABLE_DB_FUNCTIONS": value})
    refuse_database_functions({})
