"""The tree that the rows give, held against what was signed."""

from collections.abc import Sequence
from typing import Any, Final

import psycopg

from ledger.seal import sealed
from ledger.tree.merkle import folded, paired, peaks
from ledger.tree.notes import Checkpoint
from ledger.tree.tiles import HEIGHT, WIDTH
from ledger.verify.claims import Claim, ClaimEvidence
from ledger.verify.overview import Overview
from ledger.verify.stretch import Flaw, Stretch, StretchAsked
from ledger.verify.tampering import located, signed_tree

TILES_ABOVE: Final = "SELECT level, number, hashes FROM public.seal_tiles WHERE level > 0"


class Recomputed:
    """The tree that the rows give, as far as they are there."""

    def __init__(
        self,
        found: Overview,
        parts: Sequence[StretchAsked],
        stretches: Sequence[Stretch],
        given: list[bytes | None],
    ) -> None:
        """Start from `given`, the roots of the full tiles before the first part."""
        self.tops = given[: parts[0].after // WIDTH] if parts else given
        self.first = len(self.tops)
        self.tails: dict[int, bytes | None] = {}
        for one in stretches:
            self.tops += one.roots
            self.tails |= one.tails
        self._hash = found.identity.hash
        self.differs = min((one.differs for one in stretches if one.differs), default=None)
        self.levels = [self.tops]
        while len(self.levels[-1]) > 1:
            self.levels.append(self._above(self.levels[-1]))

    def _above(self, below: list[bytes | None]) -> list[bytes | None]:
        if None not in below:
            return list(paired([one for one in below if one], self._hash)[: len(below) // 2])
        pairs = zip(below[::2], below[1::2], strict=False)
        return [paired([one, two], self._hash)[0] if one and two else None for one, two in pairs]

    def root_at(self, size: int) -> bytes | None:
        """Return the root at a size; None when rows are missing, or the size was not requested."""
        full, rest = divmod(size, WIDTH)
        if full > len(self.tops) or (rest and self.tails.get(size) is None):
            return None
        hashes = [self.levels[height][number] for height, number in peaks(0, full)]
        if rest:
            hashes.append(self.tails[size])
        return None if None in hashes else folded([one for one in hashes if one], self._hash)


def judged(
    connection: psycopg.Connection[Any],
    found: Overview,
    tree: Recomputed,
    evidence: ClaimEvidence,
    since: Checkpoint | None = None,
) -> list[Flaw]:
    """Compare the checkpoints with the tree of the rows."""
    begin = since.size if since else 0
    claims = [one for one in found.claims if one.checkpoint.size >= begin]
    flaws: list[Flaw] = []
    if since is not None and tree.root_at(since.size) != since.root:
        why = "what is stored of this part is not what the checkpoint says"
        return [Flaw(1, "altered", why, since.size)]
    broken = [one for one in claims if tree.root_at(one.checkpoint.size) != one.checkpoint.root]
    fitting = [one.checkpoint.size for one in claims if one not in broken]
    if broken:
        parted = _parted(connection, found, tree, evidence, broken, fitting)
        flaws += [parted] if parted else []
    elif fitting and found.sealed < fitting[-1]:
        why = f"checkpoints up to {fitting[-1]} events are known outside, here they are gone"
        flaws.append(Flaw(found.sealed + 1, "deleted", why))
    if tree.differs is not None:
        proven = max(fitting, default=begin) >= tree.differs
        what = "the stored tile" if proven else "the event, or the stored tile,"
        flaws.append(Flaw(tree.differs, "altered", f"{what} is not what was sealed"))
    else:
        flaws += _tiles_off(connection, found, tree)
    return flaws


def _parted(
    connection: psycopg.Connection[Any],
    found: Overview,
    tree: Recomputed,
    evidence: ClaimEvidence,
    broken: Sequence[Claim],
    fitting: Sequence[int],
) -> Flaw | None:
    """Find where the rows differ from checkpoints; None when the log is only too short for them."""
    identity = found.identity
    forked = any(size >= broken[0].checkpoint.size for size in fitting)
    readers = [evidence.tiles] if evidence.tiles else []
    readers.append(sealed.tile_reader(connection))
    for one in reversed(broken):
        for read in readers:
            signed = signed_tree(one.checkpoint, read, identity.hash)
            if signed is None:
                continue
            flaw = located(connection, identity, signed, tree.tops, first=tree.first)
            if flaw is not None:
                why = f"two histories were signed: {flaw.kind}: {flaw.why}"
                return Flaw(flaw.position, "forked", why, flaw.upto) if forked else flaw
    upto = broken[0].checkpoint.size
    if upto > found.top:
        return None
    after = max((size for size in fitting if size < upto), default=0)
    if forked:
        return Flaw(after + 1, "forked", "two histories were signed from here on", upto)
    why = f"some of these are not what was signed at {upto}, and the tiles are not either"
    return Flaw(after + 1, "altered", why, upto)


def _tiles_off(
    connection: psycopg.Connection[Any], found: Overview, tree: Recomputed
) -> list[Flaw]:
    """Stored tiles above the leaves that are not those of the rows."""
    stored = {
        (level, number): bytes(hashes)
        for level, number, hashes in connection.execute(TILES_ABOVE).fetchall()
    }
    level, span = 1, WIDTH
    expected: dict[tuple[int, int], bytes] = {}
    while count := found.sealed // span:
        row = tree.levels[(level - 1) * HEIGHT] if (level - 1) * HEIGHT < len(tree.levels) else []
        for number in range(-(-count // WIDTH)):
            part = row[number * WIDTH : min(count, (number + 1) * WIDTH)]
            expected[level, number] = b"".join(one for one in part if one)
        level, span = level + 1, span * WIDTH
    if None in tree.tops[: found.sealed // WIDTH] or stored == expected:
        return []
    off = min(which for which in {*stored, *expected} if stored.get(which) != expected.get(which))
    position = off[1] * WIDTH ** (off[0] + 1) + 1
    return [Flaw(position, "altered", f"tile {off[1]} of level {off[0]} is not what was sealed")]
