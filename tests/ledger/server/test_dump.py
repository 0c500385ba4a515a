"""Backup and restore: the log comes back as it was, and never over another log."""

import stat
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from ledger.schema import migrate
from ledger.server.dump import RestoreRefused
from ledger.server.embedded import Cluster
from ledger.server.programs import ServerFailed

NewCluster = Callable[..., Cluster]

EVENTS = b"""
CREATE SCHEMA IF NOT EXISTS views;
CREATE TABLE log_events (notification_id bigint PRIMARY KEY, event_id uuid, state bytea);
INSERT INTO log_events
    SELECT n, md5(n::text)::uuid, convert_to('{"n": ' || n || '}', 'UTF8')
    FROM generate_series(1, 500) AS n ORDER BY md5(n::text);
CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'the log is append only'; END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON log_events
    FOR EACH ROW EXECUTE FUNCTION refuse();
GRANT SELECT ON log_events TO anjuan_app;
"""


def filled(cluster: Cluster) -> Cluster:
    cluster.start()
    with psycopg.connect(cluster.url("owner")) as connection:
        connection.execute(EVENTS)
    return cluster


def log(cluster: Cluster, role: str = "owner") -> list[tuple[object, ...]]:
    url = cluster.url("app" if role == "app" else "owner")
    with psycopg.connect(url) as connection:
        return connection.execute("SELECT * FROM log_events").fetchall()


def test_a_restored_log_has_the_same_rows_in_the_same_order(
    new_cluster: NewCluster, tmp_path: Path
) -> None:
    source, target = filled(new_cluster("source")), new_cluster("target")
    dump = tmp_path / "anjuan.dump"
    source.backup(dump)
    target.restore(dump)
    assert stat.S_IMODE(dump.stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["anjuan.dump"]
    assert not target.status().running
    target.start()
    assert log(target, "app") == log(source)
    with psycopg.connect(target.url("owner")) as connection:
        with pytest.raises(psycopg.errors.RaiseException, match="append only"):
            connection.execute("DELETE FROM log_events")
        connection.rollback()
        owner = connection.execute(
            "SELECT tableowner FROM pg_tables WHERE tablename = 'log_events'"
        ).fetchone()
    assert owner == ("anjuan_owner",)
    with pytest.raises(RestoreRefused, match="holds events"):
        target.restore(dump)


def test_the_migrated_database_survives_backup_and_restore(
    new_cluster: NewCluster, tmp_path: Path
) -> None:
    source, target = new_cluster("source"), new_cluster("target")
    source.start()
    applied = migrate(source.url("owner"))
    source.backup(tmp_path / "anjuan.dump")
    target.start()
    migrate(target.url("owner"))
    target.restore(tmp_path / "anjuan.dump")
    assert "0001_log.sql" in applied
    assert migrate(target.url("owner")) == []


def test_a_database_in_use_or_a_broken_dump_changes_nothing(
    new_cluster: NewCluster, tmp_path: Path
) -> None:
    cluster = new_cluster()
    cluster.start()
    good, broken = tmp_path / "good", tmp_path / "broken"
    cluster.backup(good)
    broken.write_bytes(good.read_bytes()[:300])
    with psycopg.connect(cluster.url("owner")) as connection:
        connection.execute("CREATE TABLE kept (n int)")
        connection.commit()
        with pytest.raises(RestoreRefused, match="in use by anjuan_owner"):
            cluster.restore(good)
    with pytest.raises(ServerFailed):
        cluster.restore(broken)
    with psycopg.connect(cluster.url("superuser")) as connection:
        names = {row[0] for row in connection.execute("SELECT datname FROM pg_database")}
        assert names == {"anjuan", "postgres", "template0", "template1"}
        assert connection.execute("SELECT to_regclass('kept')::text").fetchone() == ("kept",)
