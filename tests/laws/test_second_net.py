"""The second net: with the scope that questions are compiled with taken away, the database alone
shows no row that is another's; and none at all where nobody said whose it may show."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from ledger.server.embedded import Cluster
from projections.all_views import STORED
from projections.asking import scope
from projections.asking.scope import OPEN, READER, SET_SCOPE, SETTINGS, Scope
from tests.laws.test_lists import PERMISSION, WHOSE, Town, _posts, town

TABLES = [view.NAME for view in STORED if view.NAME not in OPEN] + ["requests"]


@pytest.fixture(scope="module")
def asked(cluster: Cluster) -> Iterator[Town]:
    with town(cluster, **_posts()) as found:
        found.tell(len(found.events))
        yield found


@pytest.mark.slow
def test_with_the_first_net_off_no_row_crosses_a_scope(
    asked: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    posts = [name for name in _posts() if not name.startswith("in-village")]
    lists = [one for one in WHOSE if PERMISSION[one] == "read"]
    reports = ["/reports/workload", "/reports/response-times", "/reports/satisfaction"]
    both = {(path, by): asked.rows(path, by=by) for path in lists for by in posts if _reads(by)}
    told = {(path, by): _report(asked, path, by) for path in reports for by in posts if _reads(by)}
    found = {by: asked.rows("/requests", by=by, text="工资") for by in posts if _reads(by)}
    monkeypatch.setattr(scope, "_narrowed", lambda sql: sql)
    for (path, by), rows in both.items():
        assert asked.rows(path, by=by) == rows, (path, by)
    for (path, by), rows in told.items():
        assert _report(asked, path, by) == rows, (path, by)
    for by, rows in found.items():
        assert asked.rows("/requests", by=by, text="工资") == rows, by
    assert any(found.values())
    whole = {path: len(asked.rows(path)) for path in lists}
    assert any(0 < len(rows) < whole[path] for (path, _), rows in both.items())


def _reads(by: str) -> bool:
    return by not in ("in-firm", "in-village")


def _report(asked: Town, path: str, by: str) -> Any:
    answer = asked.api.get(path, by=by)
    return answer.json()["rows"] if answer.status_code == 200 else answer.status_code


@pytest.mark.slow
def test_without_a_scope_the_reader_sees_nothing(asked: Town) -> None:
    """Unset, empty, and left over from whoever was served before on the connection."""
    with psycopg.connect(asked.api.database.app_url, autocommit=True) as connection:
        whole = {one: _count(connection, one) for one in TABLES}
        assert whole["journal"] > 1000
        assert {one for one in TABLES if whole[one]} >= {"requests", "worklogs", "complaints"}

        def nothing() -> None:
            for one in TABLES:
                # The first event is everybody's: it says whether the log is a simulation.
                assert _count(connection, one) == (1 if one == "journal" else 0), one

        with connection.transaction():
            connection.execute(f"SET LOCAL ROLE {READER}")
            nothing()
        with connection.transaction():
            connection.execute(f"SET LOCAL ROLE {READER}")
            connection.execute(SET_SCOPE, [""] * len(SETTINGS))
            nothing()
        with connection.transaction():
            connection.execute(f"SET LOCAL ROLE {READER}")
            connection.execute(SET_SCOPE, Scope(lo="44", hi="45").settings())
            assert _count(connection, "journal") > 1000
            assert _count(connection, "requests") > 100
        left = f"SELECT current_setting('{SETTINGS['hi']}', true)"
        assert connection.execute(left).fetchone() == ("",)
        with connection.transaction():
            connection.execute(f"SET LOCAL ROLE {READER}")
            nothing()


@pytest.mark.slow
def test_the_reader_owns_nothing_and_changes_nothing(asked: Town) -> None:
    """F11: whoever answers questions cannot write what answers stand on. An owner of the tables,
    as the projector is, and a superuser are not bound by policies."""
    with psycopg.connect(asked.api.database.app_url, autocommit=True) as connection:
        owned = "SELECT count(*) FROM pg_class WHERE relowner = %s::regrole"
        assert connection.execute(owned, [READER]).fetchone() == (0,)
        for refused in (
            "UPDATE views.journal SET minutes = 999",
            "DELETE FROM views.complaints",
            "INSERT INTO log_tracking VALUES ('x', 1)",
            "CREATE TABLE views.mine (a text)",
            "CREATE TABLE public.mine (a text)",
            "ALTER TABLE views.journal DISABLE ROW LEVEL SECURITY",
            "INSERT INTO seal_checkpoints VALUES (4, 1, 'junk')",
        ):
            with connection.transaction(force_rollback=True):
                connection.execute(f"SET LOCAL ROLE {READER}")
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    connection.execute(refused)


@pytest.mark.slow
def test_every_table_of_people_has_its_policy(asked: Town) -> None:
    with psycopg.connect(asked.api.database.app_url) as connection:
        rows = connection.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = 'views'::regnamespace"
            " AND relkind = 'r' AND NOT (relrowsecurity AND EXISTS"
            " (SELECT FROM pg_policy WHERE polrelid = pg_class.oid))"
        ).fetchall()
    assert {row[0] for row in rows} <= set(OPEN) - {"requests"}


def _count(connection: psycopg.Connection[Any], table: str) -> int:
    row = connection.execute(f"SELECT count(*) FROM views.{table}").fetchone()  # noqa: S608
    assert row is not None
    return int(row[0])
