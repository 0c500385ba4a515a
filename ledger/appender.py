"""The asynchronous door to the log, for the web: decisions run side by side, their appends share
commits. One task per process collects waiting commands and calls `log_append` once for all."""

import asyncio
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Final, Self
from uuid import UUID

import psycopg
from psycopg.rows import dict_row, tuple_row
from psycopg_pool import AsyncConnectionPool

from domain.vocabulary import Actor, Command, Registers
from ledger.codec import LedgerEvent, LedgerMapper, Recorded
from ledger.decision import (
    Ask,
    Held,
    Receipt,
    TooContended,
    aggregate_of,
    ask,
    decide,
    digest,
    project,
)
from ledger.recorder import (
    APPEND,
    RESULT_OF_COMMAND,
    CommandIdReused,
    Outcome,
    append_parameters,
    stored_event,
)
from ledger.registers import SELECT_NEWER, RegisterFold

COMMANDS_PER_FLUSH_MAX: Final = 64
WAITING_MAX: Final = 4096
"""Commands that may wait; more are refused at once rather than answered too late."""
RETRY_FOR_S: Final = 10.0
RETRY_PAUSE_S: Final = 0.05
ATTEMPTS_MAX: Final = 8
SELECT_STREAM: Final = (
    "SELECT * FROM log_events WHERE originator_id = %s ORDER BY originator_version"
)


class LogBusy(Exception):
    """系统繁忙，请稍后重试"""


class _Waiting:
    """A command's events waiting for a flush, and who waits for its outcome."""

    __slots__ = ("events", "outcome")

    def __init__(self, events: list[LedgerEvent], outcome: "asyncio.Future[Outcome]") -> None:
        self.events = events
        self.outcome = outcome


class GroupCommit:
    """Collects the commands that wait and appends them in one transaction, over and over.

    A lost connection is retried with the very same commands: the log knows their ids, so what was
    stored before the loss is answered, not stored again."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._queue: deque[_Waiting] = deque()
        self._arrived = asyncio.Event()
        self._connection: psycopg.AsyncConnection[Any] | None = None
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        await self._connect()
        self._task = asyncio.create_task(self._run(), name="group commit")

    async def stop(self) -> None:
        """Flush what waits, then stop."""
        while self._queue:
            await asyncio.gather(
                *(waiting.outcome for waiting in self._queue), return_exceptions=True
            )
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
        if self._connection is not None:
            await self._connection.close()

    async def append(self, events: list[LedgerEvent]) -> Outcome:
        """The events of one command, durable when this returns. LogBusy: too many wait."""
        if len(self._queue) >= WAITING_MAX:
            raise LogBusy
        waiting = _Waiting(events, asyncio.get_running_loop().create_future())
        self._queue.append(waiting)
        self._arrived.set()
        return await waiting.outcome

    async def _run(self) -> None:
        while True:
            await self._arrived.wait()
            self._arrived.clear()
            while self._queue:
                taken = min(len(self._queue), COMMANDS_PER_FLUSH_MAX)
                await self._flush([self._queue.popleft() for _ in range(taken)])

    async def _flush(self, batch: Sequence[_Waiting]) -> None:
        try:
            outcomes = await self._append([waiting.events for waiting in batch])
        except Exception as error:
            if len(batch) == 1 or isinstance(error, psycopg.OperationalError):
                for waiting in batch:
                    if not waiting.outcome.done():
                        waiting.outcome.set_exception(error)
                return
            # One command the database cannot take must not fail its neighbours.
            for waiting in batch:
                await self._flush([waiting])
            return
        for waiting, outcome in zip(batch, outcomes, strict=True):
            if not waiting.outcome.done():
                waiting.outcome.set_result(outcome)

    async def _append(self, commands: Sequence[list[LedgerEvent]]) -> list[Outcome]:
        parameters = append_parameters(commands)
        give_up = asyncio.get_running_loop().time() + RETRY_FOR_S
        while True:
            try:
                connection = self._connection or await self._connect()
                cursor = await connection.execute(APPEND, parameters, prepare=True)
                return [Outcome(*row) for row in await cursor.fetchall()]
            except psycopg.OperationalError:
                if self._connection is not None:
                    await self._connection.close()
                    self._connection = None
                if asyncio.get_running_loop().time() > give_up:
                    raise
                await asyncio.sleep(RETRY_PAUSE_S)

    async def _connect(self) -> psycopg.AsyncConnection[Any]:
        self._connection = await psycopg.AsyncConnection.connect(
            self._url, autocommit=True, row_factory=tuple_row, prepare_threshold=0
        )
        return self._connection


class AsyncLedger:
    """Load, decide, append without a thread: what `ledger.store.Ledger` does, for the web."""

    def __init__(self, url: str, *, readers_max: int = 8) -> None:
        self.mapper = LedgerMapper()
        self.commit = GroupCommit(url)
        self.readers: AsyncConnectionPool[psycopg.AsyncConnection[dict[str, Any]]] = (
            AsyncConnectionPool(
                url,
                connection_class=psycopg.AsyncConnection[dict[str, Any]],
                kwargs={"autocommit": True, "row_factory": dict_row},
                min_size=1,
                max_size=readers_max,
                open=False,
            )
        )
        self._fold = RegisterFold()
        self._refreshing = asyncio.Lock()

    async def __aenter__(self) -> Self:
        await self.readers.open(wait=True)
        await self.commit.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.commit.stop()
        await self.readers.close()

    async def execute(
        self,
        stream: UUID,
        command: Command,
        *,
        by: Actor,
        creates: bool = False,
        now: datetime | None = None,
        **surroundings: Any,
    ) -> Receipt:
        """As `Ledger.execute`. `creates`: the stream's id is new, so there is nothing to load."""
        asked = ask(stream, command, by=by, now=now or datetime.now(UTC), **surroundings)
        for _ in range(ATTEMPTS_MAX):
            held = None if creates else await self.held(asked)
            try:
                recorded = decide(asked, held, await self.registers())
            except Exception:
                if asked.identified and (earlier := await self._earlier(asked)):
                    return earlier
                raise
            version = held.version if held else 0
            if not recorded:
                if asked.identified and (earlier := await self._earlier(asked)):
                    return earlier
                return Receipt(
                    stream=asked.stream, version=version, position=None, recorded_at=None
                )
            result = await self.commit.append([self.mapper.to_stored_event(r) for r in recorded])
            if result.outcome == "mismatch":
                raise CommandIdReused(f"command {asked.command_id} was used for something else")
            if result.outcome != "conflict":
                self._fold.expire_if(recorded)
                return _receipt(result, recorded)
        raise TooContended

    async def held(self, asked: Ask) -> Held | None:
        return project(aggregate_of(asked), None, await self.stream(asked.stream))

    async def stream(self, stream: UUID) -> list[Recorded]:
        """A stream's events in order; empty where there is no such stream."""
        async with self.readers.connection() as connection:
            cursor = await connection.execute(SELECT_STREAM, [stream], binary=True)
            rows = await cursor.fetchall()
        return [self.mapper.recorded(stored_event(row)) for row in rows]

    async def registers(self) -> Registers:
        """Reference facts, at most a second old; this process's own changes at once."""
        if self._fold.stale:
            async with self._refreshing:
                if self._fold.stale:
                    await self._refresh()
        return self._fold.registers

    async def _refresh(self) -> None:
        async with self.readers.connection() as connection:
            cursor = await connection.execute(SELECT_NEWER, self._fold.parameters(), binary=True)
            rows = await cursor.fetchall()
        self._fold.feed(self.mapper.recorded(stored_event(row)) for row in rows)

    async def _earlier(self, asked: Ask) -> Receipt | None:
        async with self.readers.connection() as connection:
            cursor = await connection.execute(RESULT_OF_COMMAND, [asked.command_id])
            found = await cursor.fetchone()
        if found is None:
            return None
        if found["command_digest"] != digest(asked.command):
            raise CommandIdReused(f"command {asked.command_id} was used for something else")
        return Receipt(
            stream=found["originator_id"],
            version=found["originator_version"],
            position=found["last_position"],
            recorded_at=found["recorded_at"],
            repeated=True,
        )


def _receipt(result: Outcome, recorded: list[Recorded]) -> Receipt:
    return Receipt(
        stream=result.originator_id,
        version=result.originator_version,
        position=result.last_position,
        recorded_at=result.recorded_at,
        repeated=result.outcome == "repeated",
        events=() if result.outcome == "repeated" else tuple(one.event for one in recorded),
    )
