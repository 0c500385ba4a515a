"""Backup and restore of the whole database, log and views, by pg_dump and pg_restore."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from ledger.schema import DatabaseUnusable
from ledger.server.access import DATABASE, create_database
from ledger.server.programs import run


class RestoreRefused(DatabaseUnusable):
    """只能恢复到没有事件、也没有其他连接的数据库。"""


def dump(binaries: Path, url: str, target: Path) -> None:
    """Write one consistent dump (custom format, 0600). `target` is whole or not there."""
    partial = target.absolute().with_name(f"{target.name}.partial")
    run([binaries / "pg_dump", "--format=custom", f"--file={partial}", f"--dbname={url}"])
    partial.replace(target)


def restore(binaries: Path, url_of: Callable[[str], str], source: Path) -> None:
    """Put a dump in place of the `anjuan` database, which must hold no events and be unused.

    `url_of` gives the superuser's URL of a database. The dump goes into a fresh database first:
    if it fails, nothing has changed.
    """
    fresh = f"{DATABASE}_restoring"
    fresh_name, name = sql.Identifier(fresh), sql.Identifier(DATABASE)
    drop_fresh = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(fresh_name)
    _refuse_events_and_guests(url_of(DATABASE))
    with psycopg.connect(url_of("postgres"), autocommit=True) as server:
        server.execute(drop_fresh)
        create_database(server, fresh)
        try:
            options = ["--exit-on-error", "--single-transaction", f"--dbname={url_of(fresh)}"]
            run([binaries / "pg_restore", *options, source.absolute()])
            with psycopg.connect(url_of(fresh), autocommit=True) as restored:
                restored.execute("ANALYZE")
            server.execute(sql.SQL("DROP DATABASE {}").format(name))
            server.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(fresh_name, name))
        except psycopg.errors.ObjectInUse as error:
            raise RestoreRefused(str(error)) from error
        finally:
            server.execute(drop_fresh)


def _refuse_events_and_guests(url: str) -> None:
    with psycopg.connect(url) as connection:
        if _has_rows(connection, "log_events"):
            raise RestoreRefused("the database holds events")
        guests = connection.execute(
            "SELECT DISTINCT usename FROM pg_stat_activity WHERE datname = current_database()"
            " AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
        ).fetchall()
    if guests:
        raise RestoreRefused(f"the database is in use by {', '.join(row[0] for row in guests)}")


def _has_rows(connection: psycopg.Connection[Any], table: str) -> bool:
    there = connection.execute("SELECT to_regclass(%s)", [table]).fetchone()
    if there is None or there[0] is None:
        return False
    any_row = sql.SQL("SELECT FROM {} LIMIT 1").format(sql.Identifier(table))
    return bool(connection.execute(any_row).fetchall())
