"""Migrations: numbered SQL files, forward only.

All missing files are applied in one transaction under an advisory lock, so that any number of
processes may call `migrate` at once. A file that was applied once never changes again.
"""

import hashlib
import importlib.resources
import logging
import re
from importlib.resources.abc import Traversable
from typing import Any, Final

import psycopg
from msgspec import Struct
from psycopg import sql

log = logging.getLogger(__name__)

LOCK: Final = 0x616E6A75616E
FILE_NAME: Final = re.compile(r"([0-9]{4})_[a-z0-9_]+\.sql")
VERSIONS: Final = """
CREATE TABLE IF NOT EXISTS schema_version (
    number integer PRIMARY KEY,
    name text NOT NULL,
    sha256 text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now()
)"""


class DatabaseUnusable(Exception):
    """数据库现在不能使用。"""

    def reason(self) -> str:
        """Return the sentence for people; `str()` of the error is the detail for the log."""
        return (type(self).__doc__ or "").strip()


class AppliedFileChanged(DatabaseUnusable):
    """数据库中已执行的结构脚本与程序自带的不一致。"""


class SchemaIsNewer(DatabaseUnusable):
    """数据库结构比本程序新，请升级程序。"""


class FileNamesBroken(DatabaseUnusable):
    """结构脚本的编号不连续或文件名不合规则。"""


class AppRoleNotGranted(DatabaseUnusable):
    """应用程序的数据库角色已存在，但没有授予结构所有者，请数据库管理员授权。"""


class Migration(Struct, frozen=True):
    """One SQL file; it must not contain BEGIN or COMMIT."""

    number: int
    name: str
    sql: bytes

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.sql).hexdigest()


def migrations(folder: Traversable) -> list[Migration]:
    """List the files of `folder` in order: 0001_….sql, 0002_….sql, without a gap."""
    if not folder.is_dir():
        return []
    found = []
    for file in folder.iterdir():
        if file.name.endswith(".sql"):
            match = FILE_NAME.fullmatch(file.name)
            if match is None:
                raise FileNamesBroken(f"{file.name} is not named like 0001_name.sql")
            found.append(Migration(int(match[1]), file.name, file.read_bytes()))
    found.sort(key=lambda migration: migration.number)
    numbers = [migration.number for migration in found]
    if numbers != list(range(1, len(found) + 1)):
        raise FileNamesBroken(f"numbers must run 1, 2, 3, … without gaps: {numbers}")
    return found


def migrate(
    connection_url: str,
    app_role: str = "anjuan_app",
    folder: Traversable | None = None,
    reader_role: str = "anjuan_reader",
) -> list[str]:
    """Apply the missing files and return their names.

    It connects as the owner of the schema. The files read the application's role from
    `current_setting('anjuan.app_role')`, which is empty if the role neither exists nor may be
    created; `anjuan.reader_role` is that of its reader.
    """
    known = migrations(folder or importlib.resources.files("ledger") / "schema")
    with psycopg.connect(connection_url) as connection:
        connection.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        connection.execute(VERSIONS)
        missing = _missing(connection, known)
        if missing:
            role = app_role if _role_usable(connection, app_role) else ""
            connection.execute("SELECT set_config('anjuan.app_role', %s, true)", [role])
            reader = reader_role if role and _reader_usable(connection, reader_role, role) else ""
            connection.execute("SELECT set_config('anjuan.reader_role', %s, true)", [reader])
        for migration in missing:
            connection.execute(migration.sql)
            connection.execute(
                "INSERT INTO schema_version (number, name, sha256) VALUES (%s, %s, %s)",
                [migration.number, migration.name, migration.sha256],
            )
    return [migration.name for migration in missing]


def _missing(connection: psycopg.Connection[Any], known: list[Migration]) -> list[Migration]:
    """List the files not applied yet, after checking the hashes of those that are."""
    rows = connection.execute("SELECT number, name, sha256 FROM schema_version").fetchall()
    by_number = {migration.number: migration for migration in known}
    for number, name, sha256 in rows:
        if number not in by_number:
            raise SchemaIsNewer(f"the database has {name}, which this program does not know")
        if by_number[number].sha256 != sha256:
            raise AppliedFileChanged(f"{name} was applied with other content than it has now")
    applied = {row[0] for row in rows}
    return [migration for migration in known if migration.number not in applied]


def _role_usable(connection: psycopg.Connection[Any], role: str) -> bool:
    """Return whether the role exists; create it if the connecting role may do so."""
    if connection.info.user == role:
        return True
    name = sql.Identifier(role)
    if not connection.execute("SELECT FROM pg_roles WHERE rolname = %s", [role]).fetchall():
        try:
            with connection.transaction():
                connection.execute(sql.SQL("CREATE ROLE {} NOLOGIN").format(name))
        except psycopg.errors.InsufficientPrivilege:
            log.warning("role %s does not exist and this login may not create it", role)
            return False
        except (psycopg.errors.DuplicateObject, psycopg.errors.UniqueViolation):
            # Roles belong to the whole server: another database's starter was quicker.
            log.info("role %s was created meanwhile", role)
    try:
        with connection.transaction():
            connection.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(name))
    except psycopg.errors.InsufficientPrivilege as error:
        member = connection.execute("SELECT pg_has_role(%s, 'MEMBER')", [role]).fetchone()
        if member != (True,):
            raise AppRoleNotGranted(f"as a superuser: GRANT {role} TO <owner>: {error}") from error
    return True


def _reader_usable(connection: psycopg.Connection[Any], reader: str, app: str) -> bool:
    """Return whether the application can become the reader, whom the database shows his rows only;
    without one, the scope of each question is the only net, and `anjuan doctor` says so."""
    found = connection.execute("SELECT FROM pg_roles WHERE rolname = %s", [reader]).fetchall()
    names = sql.Identifier(reader), sql.Identifier(app)
    try:
        with connection.transaction():
            if not found:
                connection.execute(sql.SQL("CREATE ROLE {} NOLOGIN").format(names[0]))
            connection.execute(sql.SQL("GRANT {} TO {}").format(*names))
    except (
        psycopg.errors.InsufficientPrivilege,
        psycopg.errors.DuplicateObject,
        psycopg.errors.UniqueViolation,
    ):
        log.info("role %s is not ours to make or to grant", reader)
    row = connection.execute(
        "SELECT coalesce((SELECT pg_has_role(%s, oid, 'MEMBER') FROM pg_roles"
        " WHERE rolname = %s), false)",
        [app, reader],
    ).fetchone()
    return row == (True,)
