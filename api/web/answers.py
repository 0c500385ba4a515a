"""Writing answers and reading query strings, for every route."""

import re
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import parse_qsl

from litestar.types import ASGIApp, HTTPScope, Receive, Scope, Send

from api.web.problems import Problem

ROOT: Final = "/api/v1"
PARAMETER: Final = re.compile("{([a-z0-9_]+):([a-z]+)}")
"""Of a path: its name and its type."""
PARAMETERS_MAX: Final = 64
JSON: Final = b"application/json"
EARLIEST: Final = datetime(1949, 10, 1, tzinfo=UTC)
LATEST: Final = datetime(2200, 1, 1, tzinfo=UTC)
"""Outside these, a time is a typing error that no calendar could follow."""

Headers = list[tuple[bytes, bytes]]


def reply(status: int, headers: Headers, body: bytes) -> ASGIApp:
    """Build the response without further work by the framework."""
    headers.append((b"content-length", b"%d" % len(body)))

    async def respond(scope: Scope, receive: Receive, send: Send) -> None:
        del scope, receive
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body, "more_body": False})

    return respond


def parameters_of(scope: HTTPScope) -> dict[str, Any]:
    """Return the parameters of the path.

    Raises: Problem `not-found` — the path has an escaped `/`: no code has one, and `ROOM-1%2F`
    would be another way to write ROOM-1.
    """
    raw: bytes = scope.get("raw_path") or b""
    if b"%2f" in raw.partition(b"?")[0].lower():
        raise Problem("not-found")
    return scope["path_params"]


def pairs_of(query: bytes) -> dict[str, str]:
    """Parse a query string; refuse repeated parameters and U+0000, unknown to PostgreSQL."""
    if query.count(b"&") >= PARAMETERS_MAX:
        raise Problem("malformed", f"more than {PARAMETERS_MAX} parameters")
    try:
        pairs = parse_qsl(query.decode("ascii"), keep_blank_values=True, errors="strict")
    except ValueError as error:
        raise Problem("malformed", "query") from error
    if any("\0" in text for pair in pairs for text in pair):
        raise Problem("malformed", "U+0000")
    asked = dict(pairs)
    if len(asked) != len(pairs):
        raise Problem("malformed", "a parameter is given twice")
    return asked


def instant_of(name: str, text: str) -> datetime:
    """Parse RFC 3339 with offset; an unescaped plus sign arrives as a blank."""
    try:
        instant = datetime.fromisoformat(text.replace(" ", "+"))
    except ValueError as error:
        raise Problem("malformed", name) from error
    if instant.tzinfo is None or not EARLIEST < instant < LATEST:
        raise Problem("malformed", name)
    return instant
