"""End to end: the server itself, its processes, its event stream, its stopping."""

import hashlib
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import Any

import httpx
import msgspec
import pytest
from msgspec import to_builtins
from msgspec.structs import replace

from api.settings import Settings
from api.web import limits
from domain.registration.point_commands import OpenPoint
from domain.vocabulary import stream_id
from ledger.log.store import Ledger
from projections.running.runner import Runner
from tests.api.conftest import ACTORS, LOGGED, settings_of
from tests.complaints import GRIEVANCE
from tests.databases import Database
from tests.environment import environment_of
from tests.examples import OPENED

CLERK = {"Authorization": "Bearer clerk"}
START_S = 20
SERVE = """
from api import settings
from api.serving import app
if __name__ == "__main__":
    app.serve(settings.load())
"""


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


@contextmanager
def serving(found: Settings) -> Iterator[tuple[httpx.Client, "subprocess.Popen[bytes]"]]:
    command = [sys.executable, "-c", SERVE]
    env = {**os.environ, **environment_of(found), "PYTHONPATH": str(Path(__file__).parents[3])}
    server = subprocess.Popen(command, env=env, stderr=subprocess.PIPE)
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{found.port}", timeout=10) as client:
            until = monotonic() + START_S
            while monotonic() < until and server.poll() is None:
                try:
                    client.get("/health/live")
                    break
                except httpx.TransportError:
                    threading.Event().wait(0.05)
            yield client, server
    finally:
        server.terminate()
        try:
            server.communicate(timeout=10)
        except subprocess.TimeoutExpired:
            server.kill()
            server.communicate()


@pytest.fixture
def found(database: Database, home: Path) -> Settings:
    """A room is open and the views are made."""
    opened = OpenPoint(**{name: getattr(OPENED, name) for name in OpenPoint.__struct_fields__})
    with Ledger(database.app_url) as ledger:
        bare = msgspec.structs.replace(opened, calendar=None)
        ledger.execute(stream_id("point", opened.code), bare, by=ACTORS["admin"])
    Runner(database.app_url).catch_up()
    return msgspec.structs.replace(settings_of(database, home), port=free_port())


def post(client: httpx.Client, key: str) -> httpx.Response:
    headers = CLERK | {"Idempotency-Key": key}
    return client.post("/api/v1/requests", json=LOGGED, headers=headers)


def notices(stream: httpx.Response) -> Iterator[tuple[int, dict[str, Any]]]:
    """The messages as they come: their ids and what they say."""
    number = 0
    for line in stream.iter_lines():
        if line.startswith("id: "):
            number = int(line[4:])
        if line.startswith("data: "):
            yield number, msgspec.json.decode(line[6:])


def test_two_processes_answer_as_one(found: Settings) -> None:
    with serving(msgspec.structs.replace(found, workers=2)) as (_, server):
        url = f"http://127.0.0.1:{found.port}"
        answers = []
        for number in range(12):
            # A connection each, so that both processes are asked.
            with httpx.Client(base_url=url, timeout=10) as client:
                answers.append(post(client, f"key-{number % 4}"))
        assert {answer.status_code for answer in answers} == {201}
        assert len({answer.json()["stream"] for answer in answers}) == 4
        metrics = httpx.get(f"{url}/metrics").text
        counts = [line for line in metrics.splitlines() if "seconds_count" in line]
        counted = [line for line in counts if 'status="201"' in line]
        assert sum(float(line.rpartition(" ")[2]) for line in counted) == 12
        assert server.poll() is None


def test_an_event_stream_resumes_where_its_reader_left_off(found: Settings) -> None:
    with serving(found) as (client, _):
        with client.stream("GET", "/api/v1/events/stream", headers=CLERK) as stream:
            assert stream.headers["content-type"] == "text/event-stream"
            first = post(client, "one").json()["position"]
            got = next(notices(stream))
        assert got[0] == got[1]["position"] == first
        missed = [post(client, key).json()["position"] for key in ("two", "three")]
        resumed = CLERK | {"Last-Event-ID": str(first)}
        with client.stream("GET", "/api/v1/events/stream", headers=resumed) as stream:
            coming = notices(stream)
            later = [next(coming), next(coming)]
            last = post(client, "four").json()["position"]
            later.append(next(coming))
        assert [number for number, _ in later] == [*missed, last]
        for _, said in later:
            assert set(said) == {"position", "stream", "topic", "recorded_at"}


def test_nobody_learns_from_the_event_stream_which_complaint_he_may_not_open(
    found: Settings,
) -> None:
    with serving(found) as (client, _):
        request = post(client, "one").json()
        grievance = {"grievance": to_builtins(replace(GRIEVANCE, adviser=None))}
        headers = CLERK | {"Idempotency-Key": "two"}
        noted = client.post("/api/v1/dissatisfactions", json=grievance, headers=headers).json()
        resumed = CLERK | {"Last-Event-ID": str(request["position"] - 1)}
        with client.stream("GET", "/api/v1/events/stream", headers=resumed) as stream:
            coming = notices(stream)
            said = [next(coming)[1], next(coming)[1]]
    assert [one["position"] for one in said] == [request["position"], noted["position"]]
    assert [one["topic"].partition(".")[0] for one in said] == ["request", "complaint"]
    assert [one["stream"] for one in said] == [request["stream"], None]


def test_an_upload_that_breaks_off_on_the_way_leaves_nothing_and_can_be_sent_again(
    found: Settings,
) -> None:
    photo = os.urandom(3_000_000)
    path = f"/api/v1/blobs/{hashlib.sha256(photo).hexdigest()}"
    sent = CLERK | {"Content-Type": "image/jpeg"}
    with serving(found) as (client, _):
        with socket.create_connection(("127.0.0.1", found.port)) as broken:
            head = [f"PUT {path} HTTP/1.1", "Host: x", f"Content-Length: {len(photo)}"]
            head += [f"{name}: {value}" for name, value in sent.items()]
            broken.sendall("\r\n".join([*head, "", ""]).encode() + photo[:1_000_000])
        assert client.get(path, headers=CLERK).status_code == 404
        assert client.put(path, content=photo, headers=sent).status_code == 201
        assert client.get(path, headers=CLERK).content == photo


def test_a_stream_that_is_open_does_not_keep_the_server_from_stopping(found: Settings) -> None:
    with (
        serving(found) as (client, server),
        client.stream("GET", "/api/v1/events/stream", headers=CLERK) as stream,
    ):
        assert stream.status_code == 200
        started = monotonic()
        server.send_signal(signal.SIGTERM)
        server.wait(timeout=10)
        assert monotonic() - started < 6


def test_a_command_in_flight_is_answered_before_the_server_stops(found: Settings) -> None:
    with serving(found) as (client, server):
        answers: list[int] = []

        def keep_posting() -> None:
            number = 0
            while True:
                try:
                    answers.append(post(client, f"k{number}").status_code)
                except httpx.TransportError:
                    return
                number += 1

        poster = threading.Thread(target=keep_posting)
        poster.start()
        until = monotonic() + START_S
        while len(answers) < 20 and monotonic() < until:
            threading.Event().wait(0.01)
        server.send_signal(signal.SIGTERM)
        server.wait(timeout=10)
        poster.join(timeout=10)
        assert len(answers) >= 20
        assert set(answers) == {201}


def test_headers_beyond_their_bound_are_no_request_and_the_server_goes_on(found: Settings) -> None:
    with serving(found) as (client, server):
        for size, status in ((limits.HEADERS_BYTES_MAX // 4, 200), (limits.HEADERS_BYTES_MAX, 431)):
            head = f"GET /health/live HTTP/1.1\r\nHost: x\r\nX-Long: {'x' * size}\r\n\r\n"
            with socket.create_connection(("127.0.0.1", found.port), timeout=10) as sent:
                sent.sendall(head.encode())
                assert sent.recv(64).split()[1] == str(status).encode()
        assert client.get("/health/live").status_code == 200
        assert server.poll() is None


def test_plain_text_http_2_is_not_spoken(found: Settings) -> None:
    with serving(found), socket.create_connection(("127.0.0.1", found.port), timeout=10) as sent:
        sent.sendall(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")
        assert not sent.recv(64).startswith(b"\x00"), "no frame of settings is answered"


def test_an_event_stream_has_the_headers_of_every_answer(found: Settings) -> None:
    with (
        serving(found) as (client, _),
        client.stream("GET", "/api/v1/events/stream", headers=CLERK) as stream,
    ):
        assert stream.headers["cache-control"] == "no-store"
        assert stream.headers["content-security-policy"].startswith("default-src 'none'")
