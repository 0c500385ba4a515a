"""Proofs that leave the house: that an event is in a signed log, and that a signed log only grew.

They are made from the stored tiles, without reading the log; who receives them needs the entry, the
log's public key and nothing else of ours.
"""

from contextlib import closing
from typing import Any

import psycopg
from psycopg import sql

from ledger.seal import sealed
from ledger.seal.leaves import between, rows
from ledger.seal.sealed import Identity, StoredCheckpoint
from ledger.tree.merkle import consistency_path, inclusion_path, range_hash
from ledger.tree.notes import Checkpoint, Note, Proof, checkpoint_of, consistency_text
from ledger.tree.tiles import WIDTH, subtrees


class NotSealed(LookupError):
    """No checkpoint covers this yet; `anjuan seal` makes one."""


class Prover:
    """Makes proofs against one checkpoint: the last, unless another note is given."""

    def __init__(self, connection: psycopg.Connection[Any], note: Note | None = None) -> None:
        """Raises NotSealed where nothing is."""
        self.identity: Identity = sealed.identity(connection)
        self.note: Note = note or _last_note(connection)
        self.checkpoint: Checkpoint = checkpoint_of(self.note)
        self._connection = connection
        self._subtree = subtrees(sealed.tile_reader(connection), self.identity.hash)

    def proof(self, position: int) -> Proof:
        """Prove that the event of this position is in the checkpoint's tree.

        `str()` of the proof is a C2SP tlog-proof, complete but for the entry.

        Raises: NotSealed — when the checkpoint does not reach the position.
        """
        size = self.checkpoint.size
        if not 0 < position <= size:
            raise NotSealed(f"position {position} is not among the {size} that are sealed")
        path = inclusion_path(position - 1, size, self._subtree, self.identity.hash)
        return Proof(position - 1, path, self.note)

    def consistency(self, size: int) -> tuple[bytes, ...]:
        """Prove that the tree of `size` leaves begins the checkpoint's.

        Raises: NotSealed — when the checkpoint is smaller.
        """
        if not 0 <= size <= self.checkpoint.size:
            raise NotSealed(f"{size} events are not sealed")
        return consistency_path(size, self.checkpoint.size, self._subtree, self.identity.hash)

    def consistency_text(self, size: int) -> str:
        """Write the consistency proof with the checkpoint, as C2SP tlog-witness sends it."""
        return consistency_text(size, self.consistency(size), self.note)

    def root(self, size: int) -> bytes:
        """Compute the root of the tree from the tiles."""
        return range_hash(0, size, self._subtree, self.identity.hash)

    def entries(self, positions: list[int]) -> dict[int, bytes]:
        """The canonical bytes of events, by position; those that are there."""
        condition = sql.SQL("notification_id = ANY({})").format(positions)
        return entries(self._connection, self.identity, condition)


def _last_note(connection: psycopg.Connection[Any]) -> Note:
    last = sealed.last(connection)
    if last is None:
        raise NotSealed("nothing is sealed yet")
    return last.note


def entries(
    connection: psycopg.Connection[Any], identity: Identity, condition: sql.Composable
) -> dict[int, bytes]:
    with closing(rows(connection, identity.log, identity.hash, condition)) as found:
        return {row.position: row.entry for row in found if row.entry is not None}


def bundle_entries(connection: psycopg.Connection[Any], number: int) -> list[bytes]:
    """The sealed entries of a leaf tile, in order. Raises NotSealed where there are none."""
    identity, start, last = sealed.identity(connection), number * WIDTH, sealed.last(connection)
    if last is None or last.size <= start:
        raise NotSealed(f"there is no leaf tile {number}")
    upto = min(start + WIDTH, last.size)
    found = entries(connection, identity, between(start, upto))
    return [found[position] for position in sorted(found)]


def checkpoint_covering(connection: psycopg.Connection[Any], position: int) -> StoredCheckpoint:
    """The first checkpoint whose tree has the position. Raises NotSealed."""
    row = connection.execute(
        "SELECT number, size, note FROM public.seal_checkpoints WHERE size >= %s"
        " ORDER BY number LIMIT 1",
        [position],
    ).fetchone()
    if row is None:
        raise NotSealed(f"position {position} is not sealed yet")
    return StoredCheckpoint(*row)
