"""Log lines: JSON, or coloured on a terminal, with only fields that cannot name a person."""

import asyncio
import logging
import sys
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any, ClassVar, Final

import msgspec
from msgspec import Struct

ALLOWED: Final = frozenset((
    "event", "level", "logger", "timestamp",
    "trace_id", "method", "route", "status", "ms", "traceback",
))  # fmt: skip
"""Route templates, never paths; no queries, bodies, accounts or addresses."""
EXTRA: Final = sorted(ALLOWED - {"event"})
OURS: Final = ("domain", "ledger", "projections", "api")
REQUESTS: Final = "api.http"
PLAIN, DIM, RED = "\x1b[0m", "\x1b[2m", "\x1b[31m"
COLOURS: Final = {logging.WARNING: "\x1b[33m", logging.INFO: "\x1b[32m"}

_encode = msgspec.json.Encoder(enc_hook=str).encode


def configure(level: str, *, terminal: bool | None = None) -> None:
    """Send log records to standard error: as JSON, or as coloured lines to a terminal."""
    watched = sys.stderr.isatty() if terminal is None else terminal
    handler = logging.StreamHandler(sys.stderr) if watched else LineHandler()
    handler.setFormatter(Coloured() if watched else Json())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())


def allowed_fields(record: logging.LogRecord) -> dict[str, Any]:
    """Collect the allowed fields of a record; a field not known to be harmless is not logged.

    The message of another package is told without its values: they may come from a request.
    """
    ours = record.name.partition(".")[0] in OURS
    instant = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="microseconds")
    line = {
        "event": record.getMessage() if ours else str(record.msg),
        "level": record.levelname.lower(),
        "timestamp": instant.replace("+00:00", "Z"),
        "logger": record.name,
    }
    return line | {name: record.__dict__[name] for name in EXTRA if name in record.__dict__}


class Json(logging.Formatter):
    """Formats a record as one JSON object."""

    def format(self, record: logging.LogRecord) -> str:
        return _encode(allowed_fields(record)).decode()


class Coloured(logging.Formatter):
    """Formats a record as a line for a terminal: time, level, message, then the other fields."""

    def format(self, record: logging.LogRecord) -> str:
        line = allowed_fields(record)
        instant, level, event = line.pop("timestamp"), line.pop("level"), line.pop("event")
        colour = RED if record.levelno >= logging.ERROR else COLOURS.get(record.levelno, PLAIN)
        others = " ".join(f"{name}={value}" for name, value in line.items())
        return f"{DIM}{instant}{PLAIN} {colour}{level:<8}{PLAIN} {event} {DIM}{others}{PLAIN}"


class Answered(Struct, frozen=True, kw_only=True):
    """The log line of one answered request."""

    event: str = "answered"
    level: str = "info"
    timestamp: datetime
    logger: str = REQUESTS
    trace_id: str
    method: str
    route: str
    status: int
    ms: float
    """Milliseconds until the last byte of the answer."""


def teller() -> Callable[[Answered], None]:
    """Return the writer of request lines, which encodes them as JSON without a log record."""
    log = logging.getLogger(REQUESTS)
    if not log.isEnabledFor(logging.INFO):
        return lambda _: None
    if any(isinstance(handler, LineHandler) for handler in logging.getLogger().handlers):
        return lambda line: Lines.add(_encode(line))
    return lambda line: log.info(line.event, extra=msgspec.structs.asdict(line))


class Lines:
    """Writes encoded lines to standard error, batched by turn of the event loop."""

    _waiting: ClassVar[deque[bytes]] = deque()

    @classmethod
    def add(cls, line: bytes) -> None:
        cls._waiting.append(line)
        if len(cls._waiting) == 1:
            try:
                asyncio.get_running_loop().call_soon(cls.write)
            except RuntimeError:
                cls.write()

    @classmethod
    def write(cls) -> None:
        lines = []
        with suppress(IndexError):
            while True:
                lines.append(cls._waiting.popleft())
        if lines:
            sys.stderr.buffer.write(b"\n".join([*lines, b""]))
            sys.stderr.buffer.flush()


class LineHandler(logging.Handler):
    """Writes formatted log records among the lines of requests."""

    def emit(self, record: logging.LogRecord) -> None:
        Lines.add(self.format(record).encode())
