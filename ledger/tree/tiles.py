"""The tree in tiles, as C2SP tlog-tiles lays it out: 256 hashes of a level beside each other; above
level 0 each is the root of a full tile below. Pure: who stores them is another matter.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Final, NamedTuple

from ledger.tree.merkle import Hash, Subtree, folded, peaks, root
from ledger.tree.notes import HASH_BYTES

WIDTH: Final = 256
HEIGHT: Final = 8
"""Of a tile: 2**8 hashes."""
ENTRIES: Final = -1
"""In place of a level, for a bundle of entries."""
PATH: Final = re.compile(
    r"(entries|[0-9]|[1-5][0-9]|6[0-3])((?:/x[0-9]{3})*/[0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?"
)


class Tile(NamedTuple):
    """Identity of a tile: level, index, and its `width` of hashes."""

    level: int
    number: int
    width: int = WIDTH

    @property
    def path(self) -> str:
        """Below `tile/`: `0/x001/234`, `1/000.p/17`, `entries/000`."""
        digits = f"{self.number:03d}"
        digits = digits.zfill(-(-len(digits) // 3) * 3)
        parts = [digits[at : at + 3] for at in range(0, len(digits), 3)]
        level = "entries" if self.level == ENTRIES else str(self.level)
        path = "/".join([level, *(f"x{part}" for part in parts[:-1]), parts[-1]])
        return path if self.width == WIDTH else f"{path}.p/{self.width}"


def tile_at(path: str) -> Tile | None:
    """The other way; None where the path is not of a tile."""
    match = PATH.fullmatch(path)
    if match is None:
        return None
    level, digits, width = match.groups()
    tile = Tile(
        ENTRIES if level == "entries" else int(level),
        int(re.sub(r"[/x]", "", digits)),
        int(width or WIDTH),
    )
    return tile if tile.path == path else None


def tiles_of(size: int, since: int = 0) -> Iterator[Tile]:
    """The tiles of a tree of this size that a tree of `since` leaves did not have."""
    level = 0
    while size >> HEIGHT * level:
        count, before = size >> HEIGHT * level, since >> HEIGHT * level
        if count > before:
            for number in range(before // WIDTH, -(-count // WIDTH)):
                yield Tile(level, number, min(WIDTH, count - number * WIDTH))
        level += 1


def edge_of(size: int) -> Iterator[Tile]:
    """The partial tiles at the right edge of a tree of this size, from level 0 up."""
    level = 0
    while count := size >> HEIGHT * level:
        if count % WIDTH:
            yield Tile(level, count // WIDTH, count % WIDTH)
        level += 1


def hashes_in(data: bytes) -> list[bytes]:
    return [data[at : at + HASH_BYTES] for at in range(0, len(data), HASH_BYTES)]


class Edge:
    """The right edge of a growing tree: all that is needed to make the next tiles and the root."""

    def __init__(self, size: int, partial: Callable[[Tile], bytes], hash_: Hash) -> None:
        """Start from a tree; `partial` gives the hashes of the tiles of `edge_of(size)`."""
        self.size = size
        self._hash = hash_
        self._levels: dict[int, list[bytes]] = {
            tile.level: hashes_in(partial(tile)) for tile in edge_of(size)
        }

    def extend(self, leaves: Iterable[bytes]) -> dict[tuple[int, int], bytes]:
        """Append leaf hashes; the tiles that are new or have grown, by (level, number)."""
        written: dict[tuple[int, int], bytes] = {}
        before = self.size
        for leaf in leaves:
            row = self._levels.setdefault(0, [])
            row.append(leaf)
            self.size += 1
            if len(row) == WIDTH:
                self._close(written)
        for tile in tiles_of(self.size, before):
            if tile.width < WIDTH:
                written[tile.level, tile.number] = b"".join(self._levels[tile.level])
        return written

    def _close(self, written: dict[tuple[int, int], bytes]) -> None:
        """Full tiles are written, each with its root in the level above."""
        level = 0
        while len(row := self._levels.get(level, [])) == WIDTH:
            number = (self.size >> HEIGHT * (level + 1)) - 1
            written[level, number] = b"".join(row)
            self._levels[level] = []
            level += 1
            self._levels.setdefault(level, []).append(root(row, self._hash))

    def root(self) -> bytes:
        tops = [
            root(self._levels[level][start : start + (1 << height)], self._hash)
            for level in sorted(self._levels, reverse=True)
            for height, start in _within(len(self._levels[level]))
        ]
        return folded(tops, self._hash)


def _within(count: int) -> list[tuple[int, int]]:
    """The perfect parts of a partial tile, as (height, first hash)."""
    return [(height, number << height) for height, number in peaks(0, count)]


def subtrees(read: Callable[[int, int], bytes], hash_: Hash) -> Subtree:
    """Any perfect subtree from tiles; `read` gives the hashes of a tile by (level, number), all
    there are. KeyError where there are too few."""

    def subtree(height: int, number: int) -> bytes:
        level, rest = divmod(height, HEIGHT)
        start = number << rest
        hashes = hashes_in(read(level, start // WIDTH))
        low = start % WIDTH
        part = hashes[low : low + (1 << rest)]
        if len(part) < 1 << rest:
            raise KeyError(f"tile {level}/{start // WIDTH} has only {len(hashes)} hashes")
        return root(part, hash_)

    return subtree
