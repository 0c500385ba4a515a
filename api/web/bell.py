"""Rings when the log grows: one listening connection per process, however many streams wait."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Final

import psycopg

CHANNEL: Final = "log_events"
POLL_S: Final = 5.0
"""A lost notification or connection delays a stream by this much and loses nothing."""
RETRY_S: Final = 1.0


class Bell:
    """Notifications only wake up; what happened is read from the log."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._rung = asyncio.Event()
        self._listeners = 0
        self._task: asyncio.Task[None] | None = None

    @asynccontextmanager
    async def heard(self) -> AsyncIterator[None]:
        """Listen while at least one stream is inside: nobody else pays for notifications."""
        self._listeners += 1
        if self._task is None:
            self._task = asyncio.create_task(self._listen(), name="bell")
        try:
            yield
        finally:
            self._listeners -= 1
            if self._listeners == 0:
                await self.stop()

    async def stop(self) -> None:
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        self.ring()

    def ring(self) -> None:
        """Wake who waits now; who comes later waits for the next ring."""
        rung, self._rung = self._rung, asyncio.Event()
        rung.set()

    async def wait(self, timeout_s: float) -> None:
        """Until the log grew, or the time is over."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._rung.wait(), min(timeout_s, POLL_S))

    async def _listen(self) -> None:
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(
                    self._url, autocommit=True
                ) as connection:
                    await connection.execute(f"LISTEN {CHANNEL}")
                    self.ring()
                    async for _ in connection.notifies():
                        self.ring()
            except psycopg.OperationalError:
                await asyncio.sleep(RETRY_S)
