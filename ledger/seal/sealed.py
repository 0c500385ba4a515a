"""The seal as the database keeps it: the log's identity, tiles, checkpoints and public keys."""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, Final

import psycopg
from msgspec import Struct

from domain.simulated_log import LogFoundedAsSimulation
from ledger.tree.merkle import Hash
from ledger.tree.notes import Checkpoint, Note, VerifierKey, checkpoint_of, note_of, verifier_key
from ledger.tree.suite import hash_of

ORIGIN: Final = "anjuan"
ORIGIN_OF_SIMULATION: Final = "anjuan-simulation"
SUITE_OF_OLD: Final = "sha256"
"""Not named in the origin."""
IDENTITY: Final = """
    SELECT log_id::text, (SELECT suite FROM public.seal_suite),
           EXISTS (SELECT FROM public.log_events WHERE notification_id = 1 AND topic = %s)
      FROM public.seal_log
"""
CHECKPOINTS: Final = """
    SELECT number, size, note FROM public.seal_checkpoints WHERE number > %s ORDER BY number
"""
LAST: Final = """
    SELECT number, size, note FROM public.seal_checkpoints ORDER BY number DESC LIMIT 1
"""
TILE: Final = "SELECT hashes FROM public.seal_tiles WHERE level = %s AND number = %s"
WRITE_TILE: Final = """
    INSERT INTO public.seal_tiles (level, number, hashes) VALUES (%s, %s, %s)
    ON CONFLICT (level, number) DO UPDATE SET hashes = excluded.hashes
"""
TILES_KEPT: Final = 1024


class Identity(Struct, frozen=True):
    """Identity of the log.

    suite: None before the first seal
    simulation: whether the log was founded as one
    """

    log: str
    suite: str | None
    simulation: bool

    @property
    def origin(self) -> str:
        """Name in checkpoints and keys: whether it is a simulation; the hash function unless it is
        SHA-256."""
        name = ORIGIN_OF_SIMULATION if self.simulation else ORIGIN
        suite = "" if self.suite in {None, SUITE_OF_OLD} else f"/{self.suite}"
        return f"{name}/{self.log}{suite}"

    @property
    def hash(self) -> Hash:
        return hash_of(self.suite or SUITE_OF_OLD)


class StoredCheckpoint(Struct, frozen=True):
    """A checkpoint in the database; `size` is what its row says."""

    number: int
    size: int
    text: str

    @property
    def note(self) -> Note:
        """Raises NoteBroken."""
        return note_of(self.text)

    @property
    def checkpoint(self) -> Checkpoint:
        """Raises NoteBroken."""
        return checkpoint_of(self.note)


def identity(connection: psycopg.Connection[Any]) -> Identity:
    row = connection.execute(IDENTITY, [LogFoundedAsSimulation.topic]).fetchone()
    assert row is not None
    return Identity(*row)


def fix_suite(connection: psycopg.Connection[Any], suite: str) -> Identity:
    """At the first seal; a suite that is fixed already stays."""
    connection.execute("INSERT INTO seal_suite (suite) VALUES (%s) ON CONFLICT DO NOTHING", [suite])
    return identity(connection)


def last(connection: psycopg.Connection[Any]) -> StoredCheckpoint | None:
    row = connection.execute(LAST).fetchone()
    return StoredCheckpoint(*row) if row else None


def checkpoints(connection: psycopg.Connection[Any], after: int = 0) -> list[StoredCheckpoint]:
    """List the checkpoints after a number, oldest first."""
    return [StoredCheckpoint(*row) for row in connection.execute(CHECKPOINTS, [after]).fetchall()]


def add_checkpoint(connection: psycopg.Connection[Any], added: StoredCheckpoint) -> None:
    connection.execute(
        "INSERT INTO seal_checkpoints (number, size, note) VALUES (%s, %s, %s)",
        [added.number, added.size, added.text],
    )


def keys(connection: psycopg.Connection[Any]) -> tuple[VerifierKey, ...]:
    """The public keys, oldest first. Raises NoteBroken."""
    found = connection.execute("SELECT verifier_key FROM public.seal_keys ORDER BY number")
    return tuple(verifier_key(row[0]) for row in found.fetchall())


def add_key(connection: psycopg.Connection[Any], key: VerifierKey, number: int, since: int) -> None:
    """Store a key; `since` is the number of the first checkpoint it signs."""
    connection.execute("INSERT INTO seal_keys VALUES (%s, %s, %s)", [number, str(key), since])


def tile(connection: psycopg.Connection[Any], level: int, number: int) -> bytes:
    """The hashes of a tile, all there are; none where there is no such tile."""
    row = connection.execute(TILE, [level, number]).fetchone()
    return bytes(row[0]) if row else b""


def tile_reader(connection: psycopg.Connection[Any]) -> Callable[[int, int], bytes]:
    """Reads each tile once."""
    return lru_cache(maxsize=TILES_KEPT)(lambda level, number: tile(connection, level, number))


def write_tiles(
    connection: psycopg.Connection[Any], tiles: Mapping[tuple[int, int], bytes]
) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(WRITE_TILE, [(*which, hashes) for which, hashes in tiles.items()])
