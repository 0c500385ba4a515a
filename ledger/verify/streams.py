"""Verification of single streams: only their rows, each by its path in the tree."""

from collections.abc import Sequence
from contextlib import closing
from uuid import UUID

import psycopg
from psycopg import sql

from ledger.seal import sealed
from ledger.seal.leaves import LeafRow, rows
from ledger.tree.entries import decoded
from ledger.tree.merkle import (
    Hash,
    Subtree,
    inclusion_path,
    leaf_hash,
    proves_inclusion,
    range_hash,
)
from ledger.tree.notes import Checkpoint
from ledger.tree.tiles import subtrees
from ledger.verify.claims import Claim, ClaimEvidence
from ledger.verify.overview import counters_off, overview
from ledger.verify.stretch import Flaw, snapshot_begun
from ledger.verify.whole_log import Verified, result


def verify_streams(url: str, streams: Sequence[UUID], evidence: ClaimEvidence) -> Verified:
    """The events of these streams, and the counters of the log. `root` is the last checkpoint's.
    That none was taken from a stream's end shows in the counters, as positions have no gaps."""
    with psycopg.connect(url, autocommit=True) as connection:
        snapshot_begun(connection)
        log = overview(connection, evidence)
        flaws = [*log.flaws, *counters_off(connection, log)]
        identity = log.identity
        subtree = subtrees(sealed.tile_reader(connection), identity.hash)
        claims = [one for one in log.claims if one.checkpoint.size <= log.top]
        flaws += _trees_off(claims, subtree, identity.hash)
        last = claims[-1].checkpoint if claims else None
        condition = sql.SQL("originator_id = ANY({})").format(list(streams))
        with closing(rows(connection, identity.log, identity.hash, condition)) as read:
            here = list(read)
        flaws += _streams_off(here)
        if last is not None:
            flaws += _events_off(here, last, subtree, identity.hash)
    return result(log, evidence, last.root if last else None, flaws)


def _trees_off(claims: Sequence[Claim], subtree: Subtree, hash_: Hash) -> list[Flaw]:
    """Checkpoints that the stored tiles do not give: the last, and those from outside."""
    flaws, good = [], 0
    for number, one in enumerate(claims, 1):
        if number < len(claims) and not one.outside:
            continue
        size = one.checkpoint.size
        if _root(size, subtree, hash_) == one.checkpoint.root:
            good = size
        else:
            why = f"the stored tiles do not give the root that was signed at {size}"
            flaws.append(Flaw(good + 1, "altered", why, size))
    return flaws


def _root(size: int, subtree: Subtree, hash_: Hash) -> bytes | None:
    try:
        return range_hash(0, size, subtree, hash_)
    except KeyError:
        return None


def _events_off(
    read: Sequence[LeafRow], last: Checkpoint, subtree: Subtree, hash_: Hash
) -> list[Flaw]:
    flaws = []
    for row in read:
        if row.position > last.size:
            continue
        if row.entry is None:
            flaws.append(Flaw(row.position, "altered", "the row is not as the log writes it"))
            continue
        leaf, index = leaf_hash(row.entry, hash_), row.position - 1
        try:
            path = inclusion_path(index, last.size, subtree, hash_)
        except (KeyError, ValueError):
            path = ()
        if not proves_inclusion(leaf, index, last.size, path, last.root, hash_):
            flaws.append(Flaw(row.position, "altered", "the event is not the one that was sealed"))
    return flaws


def _streams_off(read: Sequence[LeafRow]) -> list[Flaw]:
    """Versions that do not follow each other, in the order of the log."""
    before: dict[str, int] = {}
    flaws = []
    for row in read:
        if row.entry is None:
            continue
        entry = decoded(row.entry)
        expected = before.get(entry.stream)
        follows = entry.version in {0, 1} if expected is None else entry.version == expected + 1
        if not follows:
            why = f"version {entry.version} of its stream follows {expected or 'nothing'}"
            flaws.append(Flaw(row.position, "counter off", why))
        before[entry.stream] = entry.version
    return flaws
