"""Log lines: JSON unless a person is watching, and only fields that cannot name a person."""

import asyncio
import logging
import sys
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any, ClassVar, Final

import msgspec
import structlog
from msgspec import Struct
from structlog.typing import EventDict, WrappedLogger

ALLOWED: Final = frozenset((
    "event", "level", "logger", "timestamp",
    "trace_id", "method", "route", "status", "ms", "traceback",
))  # fmt: skip
"""Route templates, never paths; no queries, bodies, accounts or addresses."""
OURS: Final = ("domain", "ledger", "projections", "api")
REQUESTS: Final = "api.http"

_encode = msgspec.json.Encoder(enc_hook=str).encode


def configure(level: str, *, terminal: bool | None = None) -> None:
    """Send what loggers are told to standard error: JSON, or colours for a person."""
    watched = sys.stderr.isatty() if terminal is None else terminal
    handler = logging.StreamHandler(sys.stderr) if watched else LineHandler()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                allow_listed,
                structlog.dev.ConsoleRenderer() if watched else _json,
            ],
            foreign_pre_chain=[
                structlog.stdlib.add_log_level,
                structlog.processors.TimeStamper(fmt="iso", utc=True),
                structlog.stdlib.add_logger_name,
                _unfilled,
                structlog.stdlib.ExtraAdder(sorted(ALLOWED - {"event"})),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())


class Answered(Struct, frozen=True, kw_only=True):
    """One request, as its line tells it. `ms`: until the answer's last byte."""

    event: str = "answered"
    level: str = "info"
    timestamp: datetime
    logger: str = REQUESTS
    trace_id: str
    method: str
    route: str
    status: int
    ms: float


def teller() -> Callable[[Answered], None]:
    """What writes the lines of requests. They are many, so as JSON they are encoded as they are."""
    log = logging.getLogger(REQUESTS)
    if not log.isEnabledFor(logging.INFO):
        return lambda _: None
    if any(isinstance(handler, LineHandler) for handler in logging.getLogger().handlers):
        return lambda line: Lines.add(_encode(line))
    return lambda line: log.info(line.event, extra=msgspec.structs.asdict(line))


class Lines:
    """Writes encoded lines to standard error: those of one turn of the event loop together."""

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
    """Puts what loggers are told among the lines."""

    def emit(self, record: logging.LogRecord) -> None:
        Lines.add(self.format(record).encode())


def allow_listed(_: WrappedLogger, __: str, line: EventDict) -> Mapping[str, Any]:
    """What is not known to be harmless is not logged."""
    return {key: value for key, value in line.items() if key in ALLOWED}


def _unfilled(_: WrappedLogger, __: str, line: EventDict) -> EventDict:
    """What others log is told without its values: they may have come from a request."""
    record: logging.LogRecord = line["_record"]
    if record.name.partition(".")[0] not in OURS:
        line["event"] = str(record.msg)
    return line


def _json(_: WrappedLogger, __: str, line: EventDict) -> str:
    return _encode(line).decode()
