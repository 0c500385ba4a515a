"""Appends for the web, without threads: commands decide concurrently and share commits.

One task per process collects waiting commands and calls `log_append` once for all of them.
"""

import asyncio
import select
from collections import deque
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Final, Self, Unpack
from uuid import UUID
from weakref import WeakValueDictionary

import psycopg
from psycopg.rows import dict_row, tuple_row
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from domain.moment import Registers, broken_references
from domain.vocabulary import Actor, Command
from ledger.log.clock import refuse_clock
from ledger.log.codec import UNREADABLE, LedgerEvent, LedgerMapper, Recorded
from ledger.log.decision import (
    NOTHING,
    Ask,
    Held,
    Receipt,
    Surroundings,
    TooContended,
    aggregate_of,
    ask,
    decide,
    named,
    nothing,
    only_read,
    project,
    project_any,
    read_beside,
    receipt,
)
from ledger.log.recorder import (
    APPEND,
    NOTHING_SEEN,
    RESULT_OF_COMMAND,
    SELECT_STREAM,
    SELECT_STREAMS,
    Outcome,
    Versions,
    append_parameters,
    stored_event,
)
from ledger.log.registers import SELECT_HEAD, SELECT_NEWER, RegisterFold

COMMANDS_PER_FLUSH_MAX: Final = 32
"""More would not be stored faster, but decided later: while some are stored, others are decided."""
WAITING_MAX: Final = 4096
"""Commands that may wait; more are refused at once rather than answered too late."""
RETRY_FOR_S: Final = 10.0
RETRY_PAUSE_S: Final = 0.05
PASSING: Final = frozenset({"08", "40", "53", "55", "57"})
"""Classes of SQLSTATE after which the same commands may go through a moment later: connection,
rollback by concurrency, resources, locks, operator."""
ATTEMPTS_MAX: Final = 8


class LogBusy(Exception):
    """系统繁忙，请稍后重试"""


class Waiting:
    """One command's events in the queue, what it has seen, and the future of its outcome."""

    __slots__ = ("events", "outcome", "seen")

    def __init__(
        self, events: list[LedgerEvent], seen: Versions, outcome: "asyncio.Future[Outcome]"
    ) -> None:
        self.events = events
        self.seen = seen
        self.outcome = outcome


class GroupCommit:
    """Appends waiting commands in batches, each batch in one transaction.

    After a lost connection the same commands are retried. The log recognizes their ids, so a
    command that was stored before the loss is answered and not stored again.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._queue: deque[Waiting] = deque()
        self._arrived = asyncio.Event()
        self._stopping = False
        self._connection: psycopg.AsyncConnection[Any] | None = None
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        await self._connect()
        self._task = asyncio.create_task(self._run(), name="group commit")

    async def stop(self) -> None:
        """Flush the queue and close; commands that arrive later are refused with LogBusy."""
        self._stopping = True
        self._arrived.set()
        if self._task is not None:
            await self._task
        if self._connection is not None:
            await self._connection.close()

    async def append(self, events: list[LedgerEvent], seen: Versions = NOTHING_SEEN) -> Outcome:
        """Append the events of one command; they are durable on return.

        seen: what its decision read and does not write to; moved on, it is a conflict

        Raises: LogBusy — when too many commands wait. psycopg.OperationalError — when the database
        was away for too long; it is then unknown whether the events are stored.
        """
        if self._stopping or len(self._queue) >= WAITING_MAX:
            raise LogBusy
        waiting = Waiting(events, seen, asyncio.get_running_loop().create_future())
        self._queue.append(waiting)
        self._arrived.set()
        return await waiting.outcome

    async def _run(self) -> None:
        while not self._stopping:
            await self._arrived.wait()
            self._arrived.clear()
            while self._queue:
                taken = min(len(self._queue), COMMANDS_PER_FLUSH_MAX)
                await self._flush([self._queue.popleft() for _ in range(taken)])

    async def _flush(self, batch: Sequence[Waiting]) -> None:
        try:
            outcomes = await self._append(batch)
        except Exception as error:
            if _passing(error):
                # The others would wait as long in vain, one batch after the other.
                batch = [*batch, *self._queue]
                self._queue.clear()
            elif len(batch) > 1:
                # One command the database cannot take must not fail its neighbours.
                for waiting in batch:
                    await self._flush([waiting])
                return
            for waiting in batch:
                if not waiting.outcome.done():
                    waiting.outcome.set_exception(error)
            return
        for waiting, outcome in zip(batch, outcomes, strict=True):
            if not waiting.outcome.done():
                waiting.outcome.set_result(outcome)

    async def _append(self, batch: Sequence[Waiting]) -> list[Outcome]:
        parameters = append_parameters([one.events for one in batch], [one.seen for one in batch])
        give_up = asyncio.get_running_loop().time() + RETRY_FOR_S
        while True:
            try:
                connection = self._connection or await self._connect()
                cursor = await connection.execute(APPEND, parameters, prepare=True)
                return [Outcome(*row) for row in await cursor.fetchall()]
            except psycopg.OperationalError as error:
                if not _passing(error):
                    raise
                if self._connection is not None:
                    await self._connection.close()
                    self._connection = None
                if asyncio.get_running_loop().time() > give_up:
                    raise
                await asyncio.sleep(RETRY_PAUSE_S)
            except psycopg.DatabaseError as error:
                refuse_clock(error)
                raise

    async def _connect(self) -> psycopg.AsyncConnection[Any]:
        self._connection = await psycopg.AsyncConnection.connect(
            self._url, autocommit=True, row_factory=tuple_row, prepare_threshold=0
        )
        return self._connection


def _passing(error: Exception) -> bool:
    if not isinstance(error, psycopg.OperationalError):
        return False
    return error.sqlstate is None or error.sqlstate[:2] in PASSING


async def refuse_lost(connection: psycopg.AsyncConnection[Any]) -> None:
    """Check an idle connection before it is used again, as after a restart of the database.

    Something to read on it is most often its end; only then is the server asked.

    Raises: psycopg.OperationalError — when it is lost; the pool then takes another.
    """
    waiting = select.poll()
    waiting.register(connection.fileno(), select.POLLIN)
    if waiting.poll(0):
        await AsyncConnectionPool.check_connection(connection)


class AsyncLedger:
    """Loads, decides and appends without a thread: `ledger.log.store.Ledger` for the web."""

    def __init__(self, url: str, *, readers_max: int = 8) -> None:
        self.mapper = LedgerMapper()
        self.commit = GroupCommit(url)
        self.readers: AsyncConnectionPool[psycopg.AsyncConnection[dict[str, Any]]] = (
            AsyncConnectionPool(
                url,
                connection_class=psycopg.AsyncConnection[dict[str, Any]],
                kwargs={"autocommit": True, "row_factory": dict_row},
                check=refuse_lost,
                min_size=1,
                max_size=readers_max,
                open=False,
            )
        )
        self._fold = RegisterFold()
        self._refreshing = asyncio.Lock()
        self._turns: WeakValueDictionary[UUID, asyncio.Lock] = WeakValueDictionary()

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
        **surroundings: Unpack[Surroundings],
    ) -> Receipt:
        """Decide and append one command, as `Ledger.execute` does.

        With `creates` the id of the stream is new, so nothing is loaded.
        """
        asked = ask(stream, command, by=by, now=now or datetime.now(UTC), **surroundings)
        if creates:
            return await self._execute(asked, creates=True)
        # Commands of this process on one stream take turns: only other processes can be quicker.
        async with self._turns.setdefault(stream, asyncio.Lock()):
            return await self._execute(asked, creates=False)

    async def _execute(self, asked: Ask, *, creates: bool) -> Receipt:
        for _ in range(ATTEMPTS_MAX):
            held = None if creates else await self.held(asked)
            registers = await self.registers()
            try:
                read = read_beside(asked, held, registers)
                others = {one: await self.any(one) for one in read} if read else NOTHING
                recorded = decide(asked, held, registers, others)
            except Exception:
                if asked.identified and (earlier := await self._earlier(asked)):
                    return earlier
                raise
            if not recorded:
                if asked.identified and (earlier := await self._earlier(asked)):
                    return earlier
                return nothing(asked, held)
            events = [self.mapper.to_stored_event(one) for one in recorded]
            result = await self.commit.append(events, only_read(others, recorded))
            if result.outcome == "mismatch" and (earlier := await self._earlier(asked)):
                return earlier
            if result.outcome != "conflict":
                self._fold.expire_if(recorded)
                return receipt(asked, result, recorded)
            creates = False
        raise TooContended

    async def held(self, asked: Ask) -> Held | None:
        return project(aggregate_of(asked), None, await self.stream(asked.stream))

    async def any(self, stream: UUID) -> Held | None:
        """Load and fold a stream of whatever aggregate; None when there is no such stream."""
        return project_any(await self.stream(stream))

    async def stream(self, stream: UUID) -> list[Recorded]:
        """Return the events of a stream in order; an empty list if there is no such stream.

        Raises: RecordUnreadable — when one cannot be read.
        """
        rows = await self._rows(SELECT_STREAM, {"stream": stream})
        return [self.mapper.of_thing(stored_event(row)) for row in rows]

    async def streams(self, streams: Iterable[UUID]) -> dict[UUID, list[Recorded] | None]:
        """Return the events of each of these streams that there is; None for one of which
        something cannot be read."""
        found: dict[UUID, list[Recorded] | None] = {}
        for row in await self._rows(SELECT_STREAMS, {"streams": list(streams)}):
            told = found.setdefault(row["originator_id"], [])
            if told is None:
                continue
            try:
                told.append(self.mapper.recorded(stored_event(row)))
            except UNREADABLE:
                found[row["originator_id"]] = None
        return found

    async def registers(self) -> Registers:
        """Return the registers, cached for a second unless this process changes them."""
        if self._fold.stale:
            async with self._refreshing:
                if self._fold.stale:
                    await self._refresh()
        return self._fold.registers

    @property
    def registers_position(self) -> int:
        """Return the position of the newest reference event that `registers` has told of."""
        return self._fold.position

    async def registers_now(self) -> tuple[Registers, int]:
        """Return the registers with everything that is in the log by now, and the position that
        they stand on. They move on: after an await they may say more."""
        (head,) = await self._rows(SELECT_HEAD, {})
        async with self._refreshing:
            await self._refresh()
            return self._fold.registers, max(head["position"], self._fold.position)

    async def register_faults(self) -> int:
        """Return how many reference facts are broken: cannot be folded, or lean on what is not."""
        registers = await self.registers()
        return len(self._fold.faults) + len(broken_references(registers))

    async def _refresh(self) -> None:
        rows = await self._rows(SELECT_NEWER, self._fold.parameters())
        self._fold.read(rows, self.mapper)

    async def _earlier(self, asked: Ask) -> Receipt | None:
        rows = await self._rows(RESULT_OF_COMMAND, named(asked))
        return receipt(asked, Outcome(**rows[0])) if rows else None

    async def _rows(self, query: str, asked: dict[str, Any]) -> list[dict[str, Any]]:
        give_up = asyncio.get_running_loop().time() + RETRY_FOR_S
        while True:
            try:
                return await self._read(query, asked)
            except psycopg.OperationalError as error:
                late = asyncio.get_running_loop().time() > give_up
                if late or isinstance(error, PoolTimeout) or not _passing(error):
                    raise
                # A server that went away leaves broken connections behind: put new ones in place.
                await self.readers.check()
                await asyncio.sleep(RETRY_PAUSE_S)

    async def _read(self, query: str, asked: dict[str, Any]) -> list[dict[str, Any]]:
        async with self.readers.connection(timeout=RETRY_FOR_S) as connection:
            cursor = await connection.execute(query, asked, binary=True)
            return await cursor.fetchall()
