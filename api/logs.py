"""Log lines: JSON unless a person is watching, and only fields that cannot name a person."""

import asyncio
import logging
import sys
from collections.abc import Mapping
from typing import Any, ClassVar, Final

import msgspec
import structlog
from structlog.typing import EventDict, WrappedLogger

ALLOWED: Final = frozenset((
    "event", "level", "logger", "timestamp",
    "trace_id", "method", "route", "status", "ms", "traceback",
    "host", "port", "workers", "position", "view",
))  # fmt: skip
"""Route templates, never paths; no queries, bodies, accounts or addresses."""

OURS: Final = ("domain", "ledger", "projections", "api")

_encode = msgspec.json.Encoder(enc_hook=str).encode


def configure(level: str, *, terminal: bool | None = None) -> None:
    """Send structlog and the standard library's loggers to standard error in one form."""
    watched = sys.stderr.isatty() if terminal is None else terminal
    shared: list[Any] = [
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[
            *shared,
            allow_listed,
            structlog.dev.ConsoleRenderer() if watched else _encoded,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=(structlog.PrintLoggerFactory(sys.stderr) if watched else Lines),
        cache_logger_on_first_use=True,
    )
    render: Any = structlog.dev.ConsoleRenderer() if watched else _json
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                allow_listed,
                render,
            ],
            foreign_pre_chain=[
                *shared,
                structlog.stdlib.add_logger_name,
                _unfilled,
                structlog.stdlib.ExtraAdder(sorted(ALLOWED - {"event"})),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())


class Lines:
    """Writes encoded lines to standard error: those of one turn of the event loop together."""

    _waiting: ClassVar[list[bytes]] = []

    def __init__(self, *_: Any) -> None:
        """As structlog calls its logger factories."""

    def msg(self, line: bytes) -> None:
        self._waiting.append(line)
        if len(self._waiting) == 1:
            try:
                asyncio.get_running_loop().call_soon(self.write)
            except RuntimeError:
                self.write()

    debug = info = warning = error = critical = msg

    @classmethod
    def write(cls) -> None:
        lines = b"\n".join([*cls._waiting, b""])
        cls._waiting.clear()
        sys.stderr.buffer.write(lines)
        sys.stderr.buffer.flush()


def allow_listed(_: WrappedLogger, __: str, line: EventDict) -> Mapping[str, Any]:
    """What is not known to be harmless is not logged."""
    return {key: value for key, value in line.items() if key in ALLOWED}


def _unfilled(_: WrappedLogger, __: str, line: EventDict) -> EventDict:
    """What others log is told without its values: they may have come from a request."""
    record: logging.LogRecord = line["_record"]
    if record.name.partition(".")[0] not in OURS:
        line["event"] = str(record.msg)
    return line


def _encoded(_: WrappedLogger, __: str, line: EventDict) -> bytes:
    return _encode(line)


def _json(_: WrappedLogger, __: str, line: EventDict) -> str:
    return _encode(line).decode()
