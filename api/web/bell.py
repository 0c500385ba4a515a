"""Wakes readers when the log grows, by one LISTEN connection per process."""

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
    """Wakes waiting readers; they read the events from the log themselves."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._rung = asyncio.Event()
        self._listeners = 0
        self._task: asyncio.Task[None] | None = None

    @asynccontextmanager
    async def heard(self) -> AsyncIterator[None]:
        """Keep the LISTEN connection open while at least one reader is inside."""
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
        """Wake the readers that wait now; later ones wait for the next ring."""
        rung, self._rung = self._rung, asyncio.Event()
        rung.set()

    async def wait(self, timeout_s: float) -> None:
        """Wait until the log has grown or the time is over."""
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
