"""A writer in a process of its own: `python -m tests.ledger.writers KIND URL COMMANDS STREAM…`.

KIND is sync, async or bulk. It logs new requests and, every tenth command, notes on the given
streams, which all writers share. For each command it prints its id before it is sent and, once it
is acknowledged, its id and position. COMMANDS 0: until killed.
"""

import asyncio
import itertools
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final
from uuid import UUID

import psycopg
from msgspec import Struct

from domain.vocabulary import Command
from ledger.log.appender import AsyncLedger
from ledger.log.bulk import append_slice
from ledger.log.codec import LedgerMapper, uuid7
from ledger.log.decision import TooContended, ask, decide
from ledger.log.store import Ledger
from tests.ledger.commands import CLERK, LOG_REQUEST, NOTE_IT, WHEN

ROOT: Final = Path(__file__).parents[2]
TASKS: Final = 16
COMMANDS_PER_SLICE: Final = 100
NOTE_EVERY: Final = 10


class Told(Struct, frozen=True):
    """What a writer printed: commands it sent, and the positions of those acknowledged."""

    sent: set[UUID]
    acknowledged: dict[UUID, int]


def start(kind: str, url: str, commands: int, *streams: UUID) -> "subprocess.Popen[str]":
    arguments = [kind, url, str(commands), *map(str, streams)]
    return subprocess.Popen(
        [sys.executable, "-m", "tests.ledger.writers", *arguments],
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    )


def told(lines: Iterable[str]) -> Told:
    """A line that a killed writer did not finish counts as not printed."""
    sent, acknowledged = set(), {}
    for line in lines:
        if line.endswith("\n"):
            command, _, position = line.strip().partition(" ")
            sent.add(UUID(command))
            if position:
                acknowledged[UUID(command)] = int(position)
    return Told(sent, acknowledged)


def tell(command: UUID, position: int | None = None) -> None:
    # One write for one line, so that a kill tears none apart.
    sys.stdout.write(f"{command}\n" if position is None else f"{command} {position}\n")
    sys.stdout.flush()


def work(commands: int, streams: list[UUID]) -> Iterator[tuple[UUID, UUID, Command]]:
    """Command id, stream and command, one after the other."""
    for number in range(commands) if commands else itertools.count():
        if streams and number % NOTE_EVERY == 0:
            yield uuid7(), streams[number // NOTE_EVERY % len(streams)], NOTE_IT
        else:
            yield uuid7(), uuid7(), LOG_REQUEST


def write_sync(url: str, commands: int, streams: list[UUID]) -> None:
    with Ledger(url) as ledger:
        for command_id, stream, command in work(commands, streams):
            tell(command_id)
            while True:
                try:
                    receipt = ledger.execute(
                        stream, command, by=CLERK, now=WHEN, command_id=command_id
                    )
                except TooContended:
                    continue
                break
            assert receipt.position is not None
            tell(command_id, receipt.position)


async def write_async(url: str, commands: int, streams: list[UUID]) -> None:
    jobs = work(commands, streams)

    async def one_after_the_other(ledger: AsyncLedger) -> None:
        for command_id, stream, command in jobs:
            tell(command_id)
            while True:
                try:
                    receipt = await ledger.execute(
                        stream, command, by=CLERK, now=WHEN, command_id=command_id
                    )
                except TooContended:
                    continue
                break
            assert receipt.position is not None
            tell(command_id, receipt.position)

    async with AsyncLedger(url) as ledger:
        await asyncio.gather(*(one_after_the_other(ledger) for _ in range(TASKS)))


def write_bulk(url: str, commands: int) -> None:
    """Slices of new requests; a slice is sent and acknowledged as one."""
    mapper = LedgerMapper()
    with Ledger(url) as ledger:
        registers = ledger.registers()
    jobs = work(commands, [])
    with psycopg.connect(url, autocommit=True) as connection:
        while some := list(itertools.islice(jobs, COMMANDS_PER_SLICE)):
            events = []
            for command_id, stream, command in some:
                tell(command_id)
                asked = ask(stream, command, by=CLERK, now=WHEN, command_id=command_id)
                events += decide(asked, None, registers)
            taken = append_slice(connection, events, mapper)
            for number, event in enumerate(events):
                tell(event.command_id, taken.first_position + number)


def main(kind: str, url: str, commands: str, *streams: str) -> None:
    shared = [UUID(stream) for stream in streams]
    match kind:
        case "sync":
            write_sync(url, int(commands), shared)
        case "async":
            asyncio.run(write_async(url, int(commands), shared))
        case "bulk":
            write_bulk(url, int(commands))


if __name__ == "__main__":
    main(*sys.argv[1:])
