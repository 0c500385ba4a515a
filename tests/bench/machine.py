"""Where it is measured: a durable server of the benchmark's own, the machine's facts, and what
others took of the machine meanwhile."""

import os
import platform
import shutil
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import psycopg
from msgspec import Struct

from ledger.schema import migrate
from ledger.server.connection import Urls
from ledger.server.embedded import Cluster
from ledger.server.programs import memory_mb

SETTINGS: Final = (
    "fsync", "synchronous_commit", "full_page_writes", "wal_sync_method", "shared_buffers",
    "max_wal_size", "checkpoint_timeout", "work_mem", "maintenance_work_mem",
    "max_parallel_workers_per_gather", "max_parallel_maintenance_workers", "jit",
)  # fmt: skip
PACKAGES: Final = ("eventsourcing", "psycopg", "litestar", "granian", "msgspec")
TICKS: Final = os.sysconf("SC_CLK_TCK")


class Server(Struct, frozen=True):
    """A server that waits for the disk at every commit, in a home that is gone afterwards."""

    cluster: Cluster
    urls: Urls

    @property
    def pid(self) -> int:
        pid = self.cluster.status().pid
        assert pid is not None
        return pid


@contextmanager
def durable_server(cluster_at: Callable[[Path], Cluster] = Cluster) -> Iterator[Server]:
    """On the disk of ANJUAN_HOME or TMPDIR; never in memory."""
    wanted = os.environ.get("ANJUAN_HOME")
    if wanted:
        Path(wanted).mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="anjuan-bench-", dir=wanted))
    if os.geteuid() == 0:
        folder.chmod(0o711)
    cluster = cluster_at(folder / "home")
    try:
        cluster.start()
        migrate(cluster.url("owner"))
        urls = Urls(cluster.url("app"), cluster.url("owner"), cluster.url("superuser"))
        yield Server(cluster, urls)
    finally:
        cluster.stop()
        shutil.rmtree(folder)


def facts(server: Server) -> dict[str, Any]:
    """What a reader needs to judge a figure."""
    with psycopg.connect(server.urls.app) as connection:
        settings = {name: _setting(connection, name) for name in SETTINGS}
        postgresql = _setting(connection, "server_version")
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "cores": os.cpu_count(),
        "processor": _processor(),
        "memory_mb": memory_mb(),
        "kernel": platform.release(),
        "file_system": _file_system(server.cluster.home),
        "python": platform.python_version(),
        "postgresql": postgresql,
        "packages": {name: version(name) for name in PACKAGES},
        "settings": settings,
    }


def note(line: str) -> None:
    """Progress, for people."""
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


def _setting(connection: psycopg.Connection[Any], name: str) -> str:
    row = connection.execute("SELECT current_setting(%s)", [name]).fetchone()
    assert row is not None
    return str(row[0])


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor()


def _file_system(place: Path) -> str:
    """Type of the file system under a path, by the longest mount point above it."""
    try:
        mounts = [line.split() for line in Path("/proc/mounts").read_text().splitlines()]
    except OSError:
        return "unknown"
    above = [mount for mount in mounts if place.is_relative_to(mount[1])]
    device, _, kind, *_ = max(above, key=lambda mount: len(mount[1]))
    return f"{kind} on {device}"


class Meter:
    """Cores that neither this process and its children nor the server used, run by run. Linux
    only; elsewhere 0."""

    def __init__(self, server: Server) -> None:
        self.foreign: list[float] = []
        self._roots = (os.getpid(), server.pid)

    @contextmanager
    def running(self) -> Iterator[None]:
        started, busy, ours = time.perf_counter(), _busy_ticks(), _ticks(self._roots)
        yield
        others = _busy_ticks() - busy - (_ticks(self._roots) - ours)
        elapsed = time.perf_counter() - started
        self.foreign.append(max(0.0, round(others / TICKS / elapsed, 2)))


def _busy_ticks() -> int:
    """User, nice and system time, and what the host took away."""
    try:
        fields = Path("/proc/stat").read_text().split(maxsplit=9)
    except OSError:
        return 0
    return sum(int(fields[number]) for number in (1, 2, 3, 8))


def _ticks(roots: tuple[int, ...]) -> int:
    """Processor time of processes and all their descendants, also those that have ended."""
    children, spent = defaultdict(list), {}
    for entry in Path("/proc").glob("[0-9]*/stat") if Path("/proc/stat").exists() else ():
        try:
            fields = entry.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        pid = int(entry.parent.name)
        children[int(fields[1])].append(pid)
        spent[pid] = sum(map(int, fields[11:15]))
    waiting, total = list(roots), 0
    while waiting:
        pid = waiting.pop()
        total += spent.get(pid, 0)
        waiting += children[pid]
    return total
