"""The asynchronous door: many waiting commands in one append, and each with its own outcome."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from ledger.log.appender import RETRY_FOR_S, WAITING_MAX, AsyncLedger, GroupCommit, LogBusy
from ledger.log.codec import LedgerEvent
from ledger.log.recorder import Outcome
from tests.databases import Database
from tests.examples import ADMIN
from tests.ledger.commands import (
    CLERK,
    LOG_REQUEST,
    NOTE_IT,
    OPEN_STALL,
    STALL,
    WHEN,
    connected,
    gapless,
    written,
)


def head(database: Database) -> int:
    with connected(database.app_url) as log:
        return gapless(log)


@contextmanager
def appends_held_back(database: Database) -> Iterator[psycopg.Connection[Any]]:
    """Nothing is appended until the connection commits or the block ends."""
    with psycopg.connect(database.owner_url) as connection:
        connection.execute("SELECT * FROM log_head FOR UPDATE")
        yield connection


async def waiting(commit: GroupCommit, *commands: list[LedgerEvent]) -> list[asyncio.Task[Outcome]]:
    """Commands on their way; the first may be on the wire already, the others wait."""
    tasks = [asyncio.create_task(commit.append(command)) for command in commands]
    await asyncio.sleep(0)
    return tasks


def changed(events: list[LedgerEvent], **columns: Any) -> list[LedgerEvent]:
    return [LedgerEvent(**vars(one) | columns) for one in events]


def test_a_command_the_database_cannot_take_does_not_fail_its_neighbours(
    database: Database,
) -> None:
    taken = written((uuid4(), 1))
    same_event = changed(written((uuid4(), 1)), event_id=taken[0].event_id)
    no_text = changed(written((uuid4(), 1)), topic="\0")
    too_long = changed(written((uuid4(), 1)), topic=hex(9**9000))

    async def run() -> list[Outcome | BaseException]:
        commit = GroupCommit(database.app_url)
        await commit.start()
        await commit.append(taken)
        with appends_held_back(database):
            good = [written((uuid4(), 1)) for _ in range(4)]
            first, *others = good
            tasks = await waiting(commit, first, same_event, no_text, too_long, *others)
        results = await asyncio.gather(*tasks, return_exceptions=True)
        await commit.stop()
        return results

    began = time.monotonic()
    stored, twin, unwritable, endless, *more = asyncio.run(run())
    assert time.monotonic() - began < RETRY_FOR_S
    assert isinstance(twin, psycopg.errors.UniqueViolation)
    assert isinstance(unwritable, psycopg.DataError)
    assert isinstance(endless, psycopg.errors.ProgramLimitExceeded)
    assert {one.outcome for one in (stored, *more) if isinstance(one, Outcome)} == {"stored"}
    assert head(database) == 5


def test_too_many_waiting_commands_are_refused_at_once(database: Database) -> None:
    async def run() -> list[Outcome | BaseException]:
        commit = GroupCommit(database.app_url)
        await commit.start()
        with appends_held_back(database):
            first = await waiting(commit, written((uuid4(), 1)))
            await asyncio.sleep(0)
            many = [written((uuid4(), 1)) for _ in range(WAITING_MAX + 3)]
            tasks = await waiting(commit, *many)
        results = await asyncio.gather(*first, *tasks, return_exceptions=True)
        await commit.stop()
        return results

    results = asyncio.run(run())
    refused = [one for one in results if isinstance(one, LogBusy)]
    stored = [one for one in results if isinstance(one, Outcome)]
    assert len(refused) == 3
    assert len(stored) == head(database) == WAITING_MAX + 1


def test_stopping_stores_what_waits_and_refuses_what_comes_later(database: Database) -> None:
    async def run() -> list[Outcome]:
        commit = GroupCommit(database.app_url)
        await commit.start()
        with appends_held_back(database):
            tasks = await waiting(commit, *(written((uuid4(), 1)) for _ in range(100)))
            stopping = asyncio.create_task(commit.stop())
            await asyncio.sleep(0)
            with pytest.raises(LogBusy):
                await commit.append(written((uuid4(), 1)))
            assert not stopping.done()
        await stopping
        assert all(task.done() for task in tasks)
        return [task.result() for task in tasks]

    assert {one.outcome for one in asyncio.run(run())} == {"stored"}
    assert head(database) == 100


def test_a_door_that_was_never_used_closes(database: Database) -> None:
    async def run() -> None:
        async with AsyncLedger(database.app_url):
            pass

    asyncio.run(run())


def test_who_gives_up_waiting_does_not_disturb_the_others(database: Database) -> None:
    async def run() -> list[Outcome | BaseException]:
        commit = GroupCommit(database.app_url)
        await commit.start()
        with appends_held_back(database):
            tasks = await waiting(commit, *(written((uuid4(), 1)) for _ in range(5)))
            tasks[2].cancel()
            await asyncio.sleep(0)
        results = await asyncio.gather(*tasks, return_exceptions=True)
        await commit.stop()
        return results

    results = asyncio.run(run())
    assert isinstance(results[2], asyncio.CancelledError)
    assert len([one for one in results if isinstance(one, Outcome)]) == 4


def test_commands_of_one_process_on_one_stream_take_turns(database: Database) -> None:
    stream = uuid4()

    async def run() -> list[int]:
        async with AsyncLedger(database.app_url) as ledger:
            await ledger.execute(STALL, OPEN_STALL, by=ADMIN, now=WHEN)
            await ledger.execute(stream, LOG_REQUEST, by=CLERK, now=WHEN)
            notes = (ledger.execute(stream, NOTE_IT, by=CLERK, now=WHEN) for _ in range(40))
            return [one.version for one in await asyncio.gather(*notes)]

    assert asyncio.run(run()) == list(range(2, 42))
