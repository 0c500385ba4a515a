"""Wraps the whole application: trace id, headers, timing and one log line per request."""

import os
import time
from datetime import UTC, datetime
from itertools import count

from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from api.web.headers import ALWAYS, KEEP_TO_TLS, lacking
from api.web.logs import Answered, teller
from api.web.metrics import Metrics

UNROUTED = "-"


def watched(app: ASGIApp, metrics: Metrics, *, tls: bool = False) -> ASGIApp:
    """Wrap an ASGI application."""
    always = [*ALWAYS, KEEP_TO_TLS] if tls else [*ALWAYS]
    tell = teller()
    # Drawn once and counted on: unique among processes, without a system call for each request.
    process, numbers = os.urandom(6).hex(), count(1)

    async def watch(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP:
            await app(scope, receive, send)
            return
        started = time.perf_counter()
        trace_id = f"{process}{next(numbers):010x}"
        scope["trace_id"] = trace_id  # type: ignore[typeddict-unknown-key]
        status = 500

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                given = [*message["headers"]]
                message["headers"] = [
                    *given,
                    (b"x-trace-id", trace_id.encode()),
                    *lacking(given),
                    *always,
                ]
            await send(message)

        try:
            await app(scope, receive, noting)
        finally:
            seconds = time.perf_counter() - started
            route = str(scope.get("path_template") or UNROUTED)
            metrics.answered(scope["method"], route, status, seconds)
            tell(
                Answered(
                    timestamp=datetime.now(UTC),
                    trace_id=trace_id,
                    method=scope["method"],
                    route=route,
                    status=status,
                    ms=round(seconds * 1000, 2),
                )
            )

    return watch
