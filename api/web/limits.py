"""Limits of what is taken from whoever sends something: size, depth, patience. What is more is
refused, with the bound in the answer."""

import asyncio
import re
from typing import Any, Final
from weakref import WeakKeyDictionary

from litestar import Request
from litestar.types import HTTPScope

from api.web.problems import Problem

BODY_BYTES_MAX: Final = 1 << 20
BODY_S: Final = 30.0
"""For a body to come in, or the next part of an upload: whoever sends a byte now and then holds a
connection, and nothing else."""
DEPTH_MAX: Final = 64
"""Of arrays and objects in one another. No body of ours needs ten."""
HEADERS_BYTES_MAX: Final = 1 << 17
"""Of all headers and the address; more is answered with 431 before it is a request."""
_TEXTS: Final = re.compile(rb'"(?:[^"\\\\]|\\\\.)*"', re.DOTALL)
_SQUARE: Final = bytes.maketrans(b"{}", b"[]")
_OTHERS: Final = bytes(code for code in range(256) if code not in b"[]{}")


async def body_of(request: Request[Any, Any, Any]) -> bytes:
    """Read the whole body.

    Raises: Problem `too-large`, `too-slow`, `encoding-unsupported`.
    """
    refuse_encoded(request.scope)
    parts: list[bytes] = []
    size, more = 0, True
    task = asyncio.current_task()
    assert task is not None
    waiting = _waiting()
    waiting.begin(task)
    try:
        while more:
            message = await request.receive()
            if message["type"] != "http.request":
                raise Problem("malformed", "disconnected")
            parts.append(message.get("body", b""))
            size += len(parts[-1])
            if size > BODY_BYTES_MAX:
                raise Problem("too-large", f"{BODY_BYTES_MAX} bytes")
            more = message.get("more_body", False)
    except asyncio.CancelledError as error:
        if waiting.end(task) or task.uncancel() > 0:
            raise
        raise Problem("too-slow", f"{BODY_S:g} s") from error
    finally:
        waiting.end(task)
    return b"".join(parts)


class _Waiting:
    """The tasks of one event loop that wait for bodies, longest first. They share a timer: one for
    each took a tenth of the time of a whole request."""

    def __init__(self) -> None:
        self._until: dict[asyncio.Task[Any], float] = {}
        self._timed = False

    def begin(self, task: asyncio.Task[Any]) -> None:
        loop = task.get_loop()
        self._until[task] = until = loop.time() + BODY_S
        if not self._timed:
            self._timed = True
            loop.call_at(until, self._look, loop)

    def end(self, task: asyncio.Task[Any]) -> bool:
        """Return whether it still waited: what has waited for too long was cancelled."""
        return self._until.pop(task, None) is not None

    def _look(self, loop: asyncio.AbstractEventLoop) -> None:
        for task, until in [*self._until.items()]:
            if until > loop.time():
                loop.call_at(until, self._look, loop)
                return
            del self._until[task]
            task.cancel()
        self._timed = False


_WAITING: Final[WeakKeyDictionary[asyncio.AbstractEventLoop, _Waiting]] = WeakKeyDictionary()


def _waiting() -> _Waiting:
    loop = asyncio.get_running_loop()
    found = _WAITING.get(loop)
    if found is None:
        found = _WAITING[loop] = _Waiting()
    return found


def refuse_encoded(scope: HTTPScope) -> None:
    """Refuse a packed body: what it would unpack to cannot be known.

    Raises: Problem `encoding-unsupported`.
    """
    for name, value in scope["headers"]:
        if name == b"content-encoding" and value.strip().lower() != b"identity":
            raise Problem("encoding-unsupported")


def refuse_nested(raw: bytes) -> None:
    """Refuse what is nested too deeply to be decoded, JSON or not, before it is.

    Raises: Problem `nested-too-deep`.
    """
    if raw.count(b"{") + raw.count(b"[") <= DEPTH_MAX:
        return
    left = _TEXTS.sub(b"", raw).translate(_SQUARE, _OTHERS)
    # Each round takes the innermost away, in all places at once.
    for _ in range(DEPTH_MAX):
        left = left.replace(b"[]", b"")
    if b"[]" in left or left.count(b"[") > DEPTH_MAX:
        raise Problem("nested-too-deep", f"{DEPTH_MAX} levels")
