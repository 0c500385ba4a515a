"""The read log: who saw which person or complaint. An entry is written before the answer leaves."""

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, ClassVar, Final

import msgspec
import psycopg
from msgspec import Struct
from psycopg.rows import dict_row
from psycopg_pool import AsyncConnectionPool

from ledger.log.appender import refuse_lost

CONNECTIONS_MAX: Final = 2
PATIENCE_S: Final = 5.0
KEPT_MONTHS: Final = 6
"""The least, by 网络安全法 Art. 21(3); the database refuses less."""
APPEND: Final = "SELECT number, read_at FROM read_append(%s)"
TIME: Final = "%Y-%m-%dT%H:%M:%S.%fZ"
START: Final = hashlib.sha256(b"anjuan read log").digest()
STARTS: Final = "SELECT number, hash FROM public.read_start ORDER BY number DESC LIMIT 1"
ROWS: Final = """
    SELECT number, read_at, account, unit, division, things, entry, hash
      FROM public.read_log ORDER BY number
"""
HEAD: Final = "SELECT number, hash FROM public.read_head"
PRUNE: Final = "SELECT read_prune(%s, %s)"


class ReadEntry(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is written of one answer.

    things: `kind:key` of each thing that it shows; a list of fifty is one entry.
    fields: names of the personal fields that it shows in clear text; none where all is masked.
    division: where the reader's post reaches; session: what he was signed in with.
    """

    account: str
    role: str
    unit: str
    action: str
    things: tuple[str, ...]
    fields: tuple[str, ...] = ()
    purpose: str | None = None
    division: str | None = None
    adviser: str | None = None
    instead_of: str | None = None
    emergency: bool = False
    session: str | None = None
    as_known_at: datetime | None = None


class Read(ReadEntry, frozen=True, kw_only=True):
    """An entry of the read log, as it stands there."""

    KEY: ClassVar = ("number",)
    number: int
    read_at: datetime


class ReadLog:
    """Appends, each entry in a transaction of its own."""

    def __init__(self, url: str) -> None:
        self._pool: AsyncConnectionPool[psycopg.AsyncConnection[dict[str, Any]]] = (
            AsyncConnectionPool(
                url,
                connection_class=psycopg.AsyncConnection,
                kwargs={"autocommit": True, "row_factory": dict_row},
                check=refuse_lost,
                min_size=0,
                max_size=CONNECTIONS_MAX,
                timeout=PATIENCE_S,
                open=False,
            )
        )

    async def __aenter__(self) -> "ReadLog":
        await self._pool.open()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._pool.close()

    async def append(self, entry: ReadEntry) -> int:
        """Write an entry; return its number when it is durable.

        Raises: psycopg.Error, PoolTimeout — when it cannot be written: then nothing may be shown.
        """
        async with self._pool.connection() as connection:
            row = await (await connection.execute(APPEND, [msgspec.json.encode(entry)])).fetchone()
        assert row is not None
        return int(row["number"])

    async def fetch(self, query: str, given: dict[str, Any]) -> list[Read]:
        """Read entries with a query that gives `number`, `read_at` and `entry`."""
        async with self._pool.connection() as connection:
            rows = await (await connection.execute(query, given)).fetchall()
        return [read_of(row["number"], row["read_at"], row["entry"]) for row in rows]


def read_of(number: int, read_at: datetime, entry: bytes) -> Read:
    plain = msgspec.json.decode(entry)
    return msgspec.convert({**plain, "number": number, "read_at": read_at}, Read)


def append(connection: psycopg.Connection[Any], entry: ReadEntry) -> None:
    """Write an entry; `connection` is in autocommit."""
    connection.execute(APPEND, [msgspec.json.encode(entry)])


class ReadsVerified(Struct, frozen=True, kw_only=True):
    """`first` and `last`: the entries that were looked at; `fault`: the first that is not as it was
    written, and why; None where all are."""

    first: int
    last: int
    fault: str | None


def verify_reads(connection: psycopg.Connection[Any]) -> ReadsVerified | None:
    """Hash every entry anew; None where this database has no read log yet."""
    there = connection.execute("SELECT to_regclass('public.read_log') IS NOT NULL").fetchone()
    if there is None or not there[0]:
        return None
    start = connection.execute(STARTS).fetchone()
    first, link = (start[0], bytes(start[1])) if start else (0, START)
    number, fault = first, None
    with connection.cursor() as cursor:
        for row in cursor.stream(ROWS):
            fault = _fault_of(row, number, link)
            if fault is not None:
                break
            number, link = row[0], bytes(row[7])
    head = connection.execute(HEAD).fetchone()
    if fault is None and (head is None or (head[0], bytes(head[1])) != (number, link)):
        fault = f"entries end at {number}, the counter says otherwise"
    return ReadsVerified(first=first + 1, last=number, fault=fault)


def _fault_of(row: Sequence[Any], before: int, link: bytes) -> str | None:
    number, read_at, account, unit, division, things, entry, digest = row
    if number != before + 1:
        return f"entry {before + 1} is missing"
    told = f"{number} {read_at.astimezone(UTC).strftime(TIME)} ".encode()
    if hashlib.sha256(link + told + bytes(entry)).digest() != bytes(digest):
        return f"entry {number} is not what was written"
    plain = msgspec.json.decode(bytes(entry))
    copies = plain["account"], plain["unit"], plain.get("division"), plain["things"]
    if copies != (account, unit, division, list(things)):
        return f"entry {number} is found under something else than it says"
    return None


def prune(connection: psycopg.Connection[Any], before: datetime, months: int) -> int:
    """Take away entries from before then; return how many.

    Raises: psycopg.errors.InsufficientPrivilege — where they are younger than is kept.
    """
    row = connection.execute(PRUNE, [before, months]).fetchone()
    assert row is not None
    return int(row[0])
