"""F20: what is secret stands in the environment of no process that we start; and tokens, however
many, keep no server from starting."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from time import monotonic
from typing import Final

import httpx
import pytest

from ledger.server.embedded import Cluster
from ledger.server.programs import plain_environment

WORD: Final = "not-to-be-seen"
GIVEN: Final = {
    "ANJUAN_SECRET": f"{WORD}-secret",
    "ANJUAN_TOKENS": f"{WORD}-token = {{ account = 'li', role = 'supervisor', unit = '4401' }}",
}
START_S: Final = 90
MANY: Final = 5000


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


@contextmanager
def serving(home: Path, **given: str) -> Iterator[tuple["subprocess.Popen[bytes]", str]]:
    """`anjuan serve` with its own PostgreSQL and two processes that answer."""
    port = free_port()
    env = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3]), "ANJUAN_HOME": str(home)}
    command = [sys.executable, "-m", "api.cli", "serve", "--port", str(port)]
    server = subprocess.Popen(command, env=env | given, stderr=subprocess.DEVNULL)
    try:
        url = f"http://127.0.0.1:{port}"
        until = monotonic() + START_S
        while True:
            assert server.poll() is None, "it ended"
            assert monotonic() < until, "it does not answer"
            try:
                httpx.get(f"{url}/health/live", timeout=5)
                break
            except httpx.TransportError:
                Event().wait(0.1)
        yield server, url
    finally:
        server.terminate()
        server.wait(30)
        Cluster(home).stop()


def descendants(pid: int) -> list[int]:
    found = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text().split():
            found += [int(child), *descendants(int(child))]
    return found


@pytest.mark.timeout(200)
def test_f20_no_process_that_we_start_has_a_secret_in_its_environment(home: Path) -> None:
    with serving(home, **GIVEN, ANJUAN_WORKERS="2") as (server, url):
        held = httpx.get(
            f"{url}/api/v1/me", headers={"Authorization": f"Bearer {WORD}-token"}, timeout=20
        )
        assert held.status_code == 200, "the token was handed on all the same"
        postmaster = Cluster(home).status().pid
        assert postmaster is not None
        looked_at = [*descendants(server.pid), postmaster, *descendants(postmaster)]
        assert len(looked_at) > 5
        for pid in looked_at:
            try:
                environment = Path(f"/proc/{pid}/environ").read_bytes()
                command = Path(f"/proc/{pid}/cmdline").read_bytes()
            except FileNotFoundError:
                continue
            assert WORD.encode() not in environment + command, command
        assert b"ANJUAN_" not in Path(f"/proc/{postmaster}/environ").read_bytes()


@pytest.mark.timeout(200)
def test_f20_five_thousand_tokens_keep_no_server_from_starting(home: Path) -> None:
    lines = "".join(
        f'"{"x" * 32}{number}" = {{ account = "clerk-{number}", role = "duty_officer",'
        f' unit = "S0001" }}\n'
        for number in range(MANY)
    )
    config = home.parent / "anjuan.toml"
    config.write_text(f"[tokens]\n{lines}")
    assert len(lines) > 128 * 1024, "what one variable of the environment can hold"
    with serving(home, ANJUAN_CONFIG=str(config)) as (_, url):
        bearer = {"Authorization": f"Bearer {'x' * 32}{MANY - 1}"}
        assert httpx.get(f"{url}/api/v1/me", headers=bearer, timeout=20).status_code == 200


def test_f20_programs_of_postgresql_are_given_what_they_need_and_no_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in {**GIVEN, "PGPASSWORD": WORD, "AWS_SECRET_ACCESS_KEY": WORD}.items():
        monkeypatch.setenv(name, value)
    assert WORD not in str(plain_environment())
    assert plain_environment()["PATH"] == os.environ["PATH"]
