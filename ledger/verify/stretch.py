"""Recomputation of a range of the log from its rows: the work of a verifier's process."""

import gc
import multiprocessing
import os
import threading
from collections.abc import Sequence
from contextlib import closing
from multiprocessing.connection import wait
from typing import Any, Final, Literal

import psycopg
from msgspec import Struct
from psycopg import sql

from ledger.seal.leaves import between, rows
from ledger.seal.sealed import Identity
from ledger.tree.merkle import Hash, folded, leaf_hash, paired, peaks
from ledger.tree.tiles import WIDTH, hashes_in

Kind = Literal[
    "altered",
    "deleted",
    "reordered",
    "inserted",
    "tail cut",
    "forked",
    "signed by another key",
    "counter off",
]
FLAWS_MAX: Final = 20
TILES: Final = """
    SELECT number, hashes FROM public.seal_tiles
     WHERE level = 0 AND number >= %s AND number < %s
"""


class Flaw(Struct, frozen=True):
    """An error at a position; `upto` bounds it when the place is not known exactly."""

    position: int
    kind: Kind
    why: str
    upto: int | None = None


class StretchAsked(Struct, frozen=True):
    """A range to recompute, from the beginning of a tile."""

    after: int
    upto: int
    sizes: tuple[int, ...]
    """Sizes of trees that end in the range."""
    sealed: int
    """Size up to which stored tiles are expected."""


class Stretch(Struct, frozen=True):
    """The recomputed range."""

    roots: list[bytes | None]
    """Root of each full tile; None when rows are missing."""
    tails: dict[int, bytes | None]
    """Size → hash of the leaves from the beginning of its tile."""
    first_at: int | None
    last_at: int | None
    differs: int | None
    """First position at which stored tiles differ."""
    flaws: list[Flaw]


def snapshot_begun(connection: psycopg.Connection[Any], snapshot: str | None = None) -> None:
    """Begin reading one state of the database, another session's where it is named; names are
    looked up where the server has its own functions."""
    connection.execute("SET search_path = pg_catalog")
    connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
    if snapshot is not None:
        named = sql.SQL("SET TRANSACTION SNAPSHOT {}").format(sql.Literal(snapshot))
        connection.execute(named)


def stretch_of(url: str, snapshot: str, identity: Identity, part: StretchAsked) -> Stretch:
    """Compute a part in a session of its own."""
    with psycopg.connect(url, autocommit=True) as connection:
        snapshot_begun(connection, snapshot)
        return computed(connection, identity, part)


def computed(
    connection: psycopg.Connection[Any], identity: Identity, part: StretchAsked
) -> Stretch:
    leaves, times, flaws = _read(connection, identity, part)
    roots, tails = _hashed(leaves, part, identity.hash)
    return Stretch(
        roots=roots,
        tails=tails,
        first_at=times[0] if times else None,
        last_at=times[1] if times else None,
        differs=_differs(connection, leaves, part),
        flaws=flaws,
    )


Leaves = list[bytes | None]


def _read(
    connection: psycopg.Connection[Any], identity: Identity, part: StretchAsked
) -> tuple[Leaves, tuple[int, int] | None, list[Flaw]]:
    """The leaf hash of every position, None where there is no row; the first and the last time."""
    leaves: Leaves = [None] * (part.upto - part.after)
    flaws: list[Flaw] = []
    first_at = last_at = before = None
    hash_, start = identity.hash, part.after + 1
    condition = between(part.after, part.upto)
    with closing(rows(connection, identity.log, hash_, condition)) as found:
        for position, recorded_at, entry in found:
            if before is not None and recorded_at < before and len(flaws) < FLAWS_MAX:
                flaws.append(Flaw(position, "counter off", "recorded before the event before it"))
            if first_at is None:
                first_at = recorded_at
            last_at = before = recorded_at
            at = position - start
            if entry is None:
                flaws.append(Flaw(position, "altered", "the row is not as the log writes it"))
            elif leaves[at] is not None:
                flaws.append(Flaw(position, "inserted", "two events have this position"))
            else:
                leaves[at] = leaf_hash(entry, hash_)
    times = None if first_at is None or last_at is None else (first_at, last_at)
    return leaves, times, flaws[:FLAWS_MAX]


def _hashed(
    leaves: Leaves, part: StretchAsked, hash_: Hash
) -> tuple[list[bytes | None], dict[int, bytes | None]]:
    roots: list[bytes | None] = []
    tails: dict[int, bytes | None] = {}
    wanted: dict[int, list[int]] = {}
    for size in part.sizes:
        wanted.setdefault((size - part.after) // WIDTH, []).append(size)
    for number in range(-(-len(leaves) // WIDTH)):
        tile = leaves[number * WIDTH : (number + 1) * WIDTH]
        there = tile[: tile.index(None)] if None in tile else tile
        levels = _levels([leaf for leaf in there if leaf is not None], hash_)
        if len(tile) == WIDTH:
            roots.append(levels[-1][0] if len(there) == WIDTH else None)
        for size in wanted.get(number, ()):
            width = (size - part.after) % WIDTH
            tops = [levels[height][at] for height, at in peaks(0, min(width, len(there)))]
            tails[size] = folded(tops, hash_) if width <= len(there) else None
    return roots, tails


def _levels(leaves: Sequence[bytes], hash_: Hash) -> list[Sequence[bytes]]:
    """List every perfect subtree from the leaves up."""
    levels = [leaves]
    while len(levels[-1]) > 1:
        below = levels[-1]
        levels.append(paired(below[: len(below) // 2 * 2], hash_))
    return levels


def _differs(connection: psycopg.Connection[Any], leaves: Leaves, part: StretchAsked) -> int | None:
    """The first sealed position that the stored tiles have otherwise, or do not have."""
    first, end = part.after // WIDTH, -(-min(part.upto, part.sealed) // WIDTH)
    stored = dict(connection.execute(TILES, [first, end]).fetchall())
    for number in range(first, end):
        start = number * WIDTH
        width = min(WIDTH, part.sealed - start)
        expected = hashes_in(stored.get(number, b""))
        if len(expected) != width:
            return start + min(len(expected), width) + 1
        own = leaves[start - part.after : start - part.after + width]
        if own != expected:
            pairs = zip(own, expected, strict=False)
            same = next((n for n, (one, other) in enumerate(pairs) if one != other), len(own))
            return start + same + 1
    return None


def prepare_worker() -> None:
    """Stop this worker when its parent dies, and disable its cyclic GC.

    A killed parent cannot signal its workers. Folding makes no reference cycles, and GC costs about
    a third of the time.
    """
    gc.disable()
    parent = multiprocessing.parent_process()
    assert parent is not None

    def watch() -> None:
        wait([parent.sentinel])
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
