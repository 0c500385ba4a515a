"""A request logged over HTTP: the whole application in one web process, beside a bare echo of the
same body on the same server, and beside itself with one commit per request."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final
from uuid import uuid4

import msgspec
import psycopg
from msgspec import Struct

from projections.history.timeline import statistics
from tests.bench.append import LOGGED, OFFICER, open_point
from tests.bench.figures import Result, Sizes, rounded, runs_of
from tests.bench.load import Load, Posting, load
from tests.bench.machine import Meter, Server, note

OF_ECHO: Final = 0.45
PATH: Final = "/api/v1/requests"
WAIT_STEP_S: Final = 0.1
TOKEN: Final = "bench-officer"
OURS: Final = "logged request"
ECHO: Final = "bare echo"
FACTORIES: Final = {
    OURS: "create_app",
    ECHO: "echo",
    "one commit per request, one writer": "one_by_one",
    "one commit per request, a pool": "one_per_connection",
}


class Web(Struct, frozen=True):
    """A web server that is starting."""

    port: int
    process: "subprocess.Popen[bytes]"
    said: Path

    def wait(self) -> None:
        """Until it accepts connections."""
        while self.process.poll() is None:
            with socket.socket() as asked:
                if asked.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            try:
                self.process.wait(WAIT_STEP_S)
            except subprocess.TimeoutExpired:
                continue
        code = self.process.returncode
        raise AssertionError(f"the web server ended with {code}: {self.said.read_text()}")


def measure(server: Server, sizes: Sizes) -> Result:
    """Each server is asked turn by turn; all are up all the time, and idle ones cost nothing."""
    open_point(server.urls.app)
    meter, answered = Meter(server), 0
    loads: dict[str, list[Load]] = {name: [] for name in FACTORIES}
    with ExitStack() as stack:
        webs = {
            name: stack.enter_context(_web(server, factory)) for name, factory in FACTORIES.items()
        }
        for web in webs.values():
            web.wait()
        for number in range(sizes.rounds + 1):
            note(f"http: round {number} of {sizes.rounds} (0 warms up)")
            for name, web in webs.items():
                with meter.running():
                    one = _posted(
                        web.port, min(sizes.seconds, 1) if not number else sizes.seconds, sizes
                    )
                answered += 0 if name == ECHO else one.requests - one.failed
                if number:
                    loads[name].append(one)
    with psycopg.connect(server.urls.app) as connection:
        log = statistics(connection)
    # What was sent at the end of a run and not waited for is in the log as well.
    assert log.gapless
    assert log.events > answered
    return _result(loads, meter, sizes, answered)


def _posted(port: int, seconds: float, sizes: Sizes) -> Load:
    posting = Posting(
        port=port,
        path=PATH,
        token=TOKEN,
        run=uuid4().hex,
        body=msgspec.json.encode(LOGGED).decode(),
        connections=sizes.concurrency,
        seconds=seconds,
    )
    done = load(posting)
    assert done.failed == 0, done
    return done


def _result(loads: dict[str, list[Load]], meter: Meter, sizes: Sizes, answered: int) -> Result:
    rates = {name: runs_of([one.rate for one in runs]) for name, runs in loads.items()}
    ours, echo = rates[OURS].median, rates[ECHO].median
    alone = max(one.median for name, one in rates.items() if name not in (OURS, ECHO))
    ratio = ours / echo
    return Result(
        what=f"POST of a logged request, {sizes.concurrency} connections, one web process, durable",
        unit="requests/s",
        ours=ours,
        against=echo,
        against_what="a bare JSON echo of the same body on the same server",
        ratio=rounded(ratio),
        target=f"at least {OF_ECHO} of the echo, and ahead of one commit per request",
        met=ratio >= OF_ECHO and ours > alone,
        bounded_by="the one core that the web process runs on: protocol, decoding, decision,"
        " encoding, and the driver; the database waits for it",
        runs=rates,
        foreign_cores=runs_of(meter.foreign),
        details={
            "p50_ms": runs_of([one.p50_ms for one in loads[OURS]]).median,
            "p99_ms": runs_of([one.p99_ms for one in loads[OURS]]).median,
            "p99_ms_echo": runs_of([one.p99_ms for one in loads[ECHO]]).median,
            "ratio_to_one_commit_per_request": rounded(ours / alone),
            "answered_and_in_the_log": answered,
        },
    )


@contextmanager
def _web(server: Server, factory: str) -> Iterator[Web]:
    """A web server of one process, with the settings of `anjuan serve`."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    who = {"account": OFFICER.account, "role": OFFICER.role, "unit": OFFICER.unit}
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("ANJUAN_")},
        "ANJUAN_HOME": str(server.cluster.home),
        "ANJUAN_TOKENS": msgspec.json.encode({TOKEN: who}).decode(),
        "ANJUAN_LOG_LEVEL": "warning",
        "PYTHONPATH": str(Path(__file__).parents[2]),
    }
    command = [
        sys.executable, "-m", "granian", f"tests.bench.servers:{factory}", "--factory",
        "--interface", "asgi", "--no-ws", "--workers", "1", "--workers-kill-timeout", "3",
        "--host", "127.0.0.1", "--port", str(port), "--log-level", "warning",
    ]  # fmt: skip
    said = server.cluster.home.parent / f"{factory}.log"
    with (
        said.open("wb") as log,
        subprocess.Popen(command, env=environment, stdout=log, stderr=log) as process,
    ):
        try:
            yield Web(port, process, said)
        finally:
            process.terminate()
