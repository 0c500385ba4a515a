"""The load: keep-alive connections that post the same body with ever new keys, over and over, in a
process of their own. wrk where it is installed, as it leaves the machine to the server; else plain
sockets from here."""

import argparse
import asyncio
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from tests.bench.figures import percentile

SCRIPT: Final = """
local body = [==[{body}]==]
n, failed = 0, 0
local threads = {{}}
function setup(thread) table.insert(threads, thread) end
function request()
  n = n + 1
  return wrk.format("POST", "{path}", {{["Content-Type"] = "application/json",
    ["Authorization"] = "Bearer {token}", ["Idempotency-Key"] = "{run}-" .. n}}, body)
end
function response(status)
  if status ~= 201 then failed = failed + 1 end
end
function done(summary, latency)
  local errors = summary.errors
  local bad = errors.connect + errors.read + errors.write + errors.timeout
  for _, thread in ipairs(threads) do bad = bad + thread:get("failed") end
  io.write(string.format("LOAD %d %d %d %d %d\\n", summary.requests, bad, summary.duration,
    latency:percentile(50), latency:percentile(99)))
end
"""
DRAIN_S: Final = 10


class Posting(Struct, frozen=True, kw_only=True):
    """What is posted, where, and how long. `run` makes the keys of this run its own."""

    port: int
    path: str
    token: str
    run: str
    body: str
    connections: int
    seconds: float


class Load(Struct, frozen=True, kw_only=True):
    """What was answered. `failed`: other than 201, and broken connections."""

    requests: int
    failed: int
    rate: float
    p50_ms: float
    p99_ms: float


def load(posting: Posting) -> Load:
    """Run one load and wait for it. wrk knows whole seconds only."""
    use_wrk = posting.seconds >= 1 and shutil.which("wrk")
    return with_wrk(posting) if use_wrk else with_sockets(posting)


def with_wrk(posting: Posting) -> Load:
    """wrk leaves what it has sent but not seen answered at the end: the server may have done more
    than was counted. Durations are in whole seconds."""
    with tempfile.TemporaryDirectory(prefix="anjuan-bench-") as folder:
        script = Path(folder) / "post.lua"
        fields = msgspec.structs.asdict(posting)
        script.write_text(SCRIPT.format(**fields), encoding="utf-8")
        seconds = max(1, round(posting.seconds))
        found = subprocess.run(
            ["wrk", "-t1", f"-c{posting.connections}", f"-d{seconds}s", "-s", str(script),
             f"http://127.0.0.1:{posting.port}{posting.path}"],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
    match = re.search(r"^LOAD (\d+) (\d+) (\d+) (\d+) (\d+)$", found.stdout, re.MULTILINE)
    assert match, found.stdout + found.stderr
    requests, failed, duration_us, p50_us, p99_us = map(int, match.groups())
    return Load(
        requests=requests,
        failed=failed,
        rate=requests / duration_us * 1e6,
        p50_ms=p50_us / 1000,
        p99_ms=p99_us / 1000,
    )


def with_sockets(posting: Posting) -> Load:
    """A child process of this module."""
    command = [sys.executable, "-m", __spec__.name, msgspec.json.encode(posting).decode()]
    root = Path(__file__).parents[2]
    found = subprocess.run(command, capture_output=True, text=True, check=True, cwd=root)
    return msgspec.json.decode(found.stdout, type=Load)


# --- plain sockets


class _Client(asyncio.Protocol):
    """One connection: the next request goes out when the answer to the last one is complete."""

    def __init__(self, posting: Posting, number: int, deadline: float) -> None:
        body = posting.body.encode()
        head = (
            f"POST {posting.path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
            f"Authorization: Bearer {posting.token}\r\nContent-Length: {len(body)}\r\n"
            f"Idempotency-Key: {posting.run}-{number}-"
        )
        self.latencies: list[float] = []
        self.statuses: Counter[bytes] = Counter()
        self.done = asyncio.get_running_loop().create_future()
        self._before, self._after = head.encode(), b"\r\n\r\n" + body
        self._deadline = deadline
        self._answer = b""
        self._began = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._post()

    def data_received(self, data: bytes) -> None:
        answer = self._answer = self._answer + data if self._answer else data
        end = answer.find(b"\r\n\r\n")
        if end < 0:
            return
        at = answer.lower().find(b"content-length:", 0, end)
        length = int(answer[at + 15 : answer.find(b"\r\n", at)]) if at >= 0 else 0
        if len(answer) < end + 4 + length:
            return
        self.latencies.append(time.perf_counter() - self._began)
        self.statuses[answer[9:12]] += 1
        self._answer = b""
        if self._began < self._deadline:
            self._post()
        else:
            self._transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        del exc
        if self._answer or self._began < self._deadline:
            self.statuses[b"cut"] += 1
        if not self.done.done():
            self.done.set_result(None)

    def _post(self) -> None:
        self._began = time.perf_counter()
        self._transport.write(self._before + str(len(self.latencies)).encode() + self._after)


async def _post_all(posting: Posting) -> Load:
    loop = asyncio.get_running_loop()
    started = time.perf_counter()
    clients = [
        _Client(posting, number, started + posting.seconds) for number in range(posting.connections)
    ]
    for client in clients:
        await loop.create_connection(lambda client=client: client, "127.0.0.1", posting.port)  # type: ignore[misc]
    await asyncio.wait_for(
        asyncio.gather(*(client.done for client in clients)), posting.seconds + DRAIN_S
    )
    elapsed = time.perf_counter() - started
    latencies = [one for client in clients for one in client.latencies]
    statuses = sum((client.statuses for client in clients), Counter[bytes]())
    return Load(
        requests=len(latencies),
        failed=sum(statuses.values()) - statuses[b"201"],
        rate=len(latencies) / elapsed,
        p50_ms=percentile(latencies, 0.5) * 1000,
        p99_ms=percentile(latencies, 0.99) * 1000,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("posting", help="as JSON")
    posting = msgspec.json.decode(parser.parse_args().posting, type=Posting)
    sys.stdout.buffer.write(msgspec.json.encode(asyncio.run(_post_all(posting))))


if __name__ == "__main__":
    main()
