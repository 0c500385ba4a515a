"""Localization of tampering: where rows differ from the signed tree, and how."""

from collections.abc import Callable, Sequence
from contextlib import closing
from typing import Any, Final

import psycopg
from msgspec import Struct

from ledger.seal.leaves import LeafRow, between, rows
from ledger.seal.sealed import Identity
from ledger.tree.entries import LogEntry, decoded, encoded
from ledger.tree.merkle import Hash, leaf_hash, root
from ledger.tree.notes import Checkpoint
from ledger.tree.tiles import WIDTH, hashes_in
from ledger.verify.stretch import Flaw, Kind

Read = Callable[[int, int], bytes]
TILES_LOOKED_AT: Final = 16


class Tree(Struct, frozen=True):
    """The leaves under a checkpoint, read from tiles that give its root."""

    size: int
    tops: list[bytes]
    """Roots of the full leaf tiles."""
    read: Read
    hash: Hash

    def leaves(self, number: int) -> list[bytes] | None:
        """Return the leaves of a tile; None when the stored tile is not the signed one."""
        width = min(WIDTH, self.size - number * WIDTH)
        found = hashes_in(self.read(0, number))[:width]
        if len(found) != width:
            return None
        if width == WIDTH and root(found, self.hash) != self.tops[number]:
            return None
        return found


def signed_tree(checkpoint: Checkpoint, read: Read, hash_: Hash) -> Tree | None:
    """The tree behind tiles, if it is the checkpoint's."""
    full, rest = divmod(checkpoint.size, WIDTH)
    tops: list[bytes] = []
    for number in range(-(-full // WIDTH)):
        tops += hashes_in(read(1, number))
    tops = tops[:full]
    tail = hashes_in(read(0, full))[:rest] if rest else []
    if len(tops) != full or len(tail) != rest:
        return None
    top = root([*tops, root(tail, hash_)] if rest else tops, hash_)
    return Tree(checkpoint.size, tops, read, hash_) if top == checkpoint.root else None


def located(
    connection: psycopg.Connection[Any],
    identity: Identity,
    tree: Tree,
    tops: Sequence[bytes | None],
    *,
    first: int = 0,
) -> Flaw | None:
    """Find the first position whose row is not the signed one.

    `tops` holds the recomputed root of each full tile; tiles before `first` are skipped.
    """
    count = -(-tree.size // WIDTH)
    full = len(tree.tops)
    differing = [
        number
        for number in range(first, count)
        if number >= min(full, len(tops)) or tops[number] != tree.tops[number]
    ]
    expected: dict[int, bytes] = {}
    strange: dict[int, LeafRow] = {}
    for number in differing[:TILES_LOOKED_AT]:
        leaves = tree.leaves(number)
        start = number * WIDTH
        if leaves is None:
            if expected:
                break
            why = "altered in one of these, together with the tile that would tell which"
            return Flaw(start + 1, "altered", why, min(tree.size, start + WIDTH))
        here = _rows(connection, identity, start, start + len(leaves))
        for position, leaf in enumerate(leaves, start + 1):
            row = here.get(position)
            if row is None or row.entry is None or leaf_hash(row.entry, tree.hash) != leaf:
                expected[position] = leaf
                if row is not None:
                    strange[position] = row
    if not expected:
        return None
    position = min(expected)
    return Flaw(position, *_told(position, expected, strange, tree.hash))


def _rows(
    connection: psycopg.Connection[Any], identity: Identity, after: int, upto: int
) -> dict[int, LeafRow]:
    condition = between(after, upto)
    with closing(rows(connection, identity.log, identity.hash, condition)) as found:
        return {row.position: row for row in found}


def _told(
    position: int, expected: dict[int, bytes], found: dict[int, LeafRow], hash_: Hash
) -> tuple[Kind, str]:
    """Classify the change (deleted, inserted, moved, altered) by where the signed rows are now."""
    entries = {at: decoded(row.entry) for at, row in found.items() if row.entry is not None}
    here = entries.get(position)
    if position not in found:
        return "deleted", "the event is gone"
    if here is None:
        return "altered", "the row is not as the log writes it"
    goes = next((at for at in expected if _fits(here, at, expected[at], entries, hash_)), None)
    comes = next(
        (
            at
            for at, entry in entries.items()
            if at != position and _fits(entry, position, expected[position], entries, hash_)
        ),
        None,
    )
    if goes is not None and comes is not None:
        return "reordered", f"the event of position {goes} is here, its own is at {comes}"
    if goes is not None:
        return "deleted", f"the event is gone, that of position {goes} was moved up to here"
    if comes is not None:
        return "inserted", f"an event was put here, its own was moved to position {comes}"
    return "altered", "the event is not the one that was sealed"


def _fits(entry: LogEntry, at: int, leaf: bytes, entries: dict[int, LogEntry], hash_: Hash) -> bool:
    """Return whether this was the event of another position, moved with its time or without."""
    moved = entry._replace(position=at)
    if leaf_hash(encoded(moved), hash_) == leaf:
        return True
    other = entries.get(at)
    if other is None:
        return False
    return leaf_hash(encoded(moved._replace(recorded_at=other.recorded_at)), hash_) == leaf
