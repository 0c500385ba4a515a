"""The witness directory: what has left the database, for good. A place that the database's
administrator cannot write to: another machine's share, a write-once medium, a public web server.

    checkpoint          the newest checkpoint
    checkpoints/000…    every checkpoint, by its number, never changed
    tile/…              the tree's tiles
    keys                the public keys, oldest first

`checkpoint` and `tile/` are where C2SP tlog-tiles looks for them: any web server that serves the
directory serves the log, entries excepted.
"""

import re
import shutil
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from ledger.seal.keyfile import SealRefused, write
from ledger.seal.sealed import StoredCheckpoint
from ledger.tree.notes import (
    HASH_BYTES,
    Note,
    NoteBroken,
    VerifierKey,
    checkpoint_of,
    key_lines,
    keys_of,
    note_of,
)
from ledger.tree.tiles import WIDTH, Tile, tiles_of

NEWEST: Final = "checkpoint"
ALL: Final = "checkpoints"
KEYS: Final = "keys"
TILES: Final = "tile"
READABLE: Final = 0o644


class WitnessUnreadable(ValueError):
    """The directory does not hold what it should."""


def publish(
    folder: Path,
    stored: Sequence[StoredCheckpoint],
    keys: Sequence[VerifierKey],
    read: Callable[[int, int], bytes],
) -> int:
    """Write missing checkpoints to the directory and return their number.

    `stored` holds all checkpoints from the last published checkpoint on.

    Raises: SealRefused — when another checkpoint was published under the same number. OSError —
    when the directory cannot be written.
    """
    _make(folder / ALL)
    size, published = 0, 0
    for checkpoint in stored:
        path = folder / ALL / _name(checkpoint.number)
        if path.exists():
            if path.read_text() != checkpoint.text:
                raise SealRefused(
                    f"{path} is another checkpoint than the log's number {checkpoint.number}"
                )
        else:
            for tile in tiles_of(checkpoint.size, size):
                _put(folder / TILES, tile, read(tile.level, tile.number))
            write(path, checkpoint.text.encode(), mode=READABLE)
            published += 1
        size = checkpoint.size
    if stored:
        write(folder / KEYS, key_lines(keys).encode(), mode=READABLE)
        write(folder / NEWEST, stored[-1].text.encode(), mode=READABLE)
    return published


def last_number(folder: Path) -> int:
    """Return the highest number in the directory; 0 when it is empty."""
    names = (path.name for path in (folder / ALL).glob("[0-9]*"))
    return max((int(name) for name in names if re.fullmatch("[0-9]+", name)), default=0)


def newest(folder: Path) -> Note | None:
    """Raises WitnessUnreadable."""
    path = folder / NEWEST
    return note_in(path) if path.exists() else None


def note_in(path: Path) -> Note:
    """Raises WitnessUnreadable."""
    try:
        note = note_of(path.read_text("utf-8"))
        checkpoint_of(note)
    except (OSError, UnicodeDecodeError, NoteBroken) as error:
        raise WitnessUnreadable(f"{path} is no checkpoint: {error}") from error
    return note


def notes_in(folder: Path) -> list[Note]:
    """Read every checkpoint of the directory, also where only loose files are.

    Raises: WitnessUnreadable — when one cannot be read.
    """
    if not folder.is_dir():
        raise WitnessUnreadable(f"{folder} is no directory")
    loose = (path for path in folder.iterdir() if path.is_file() and path.name != KEYS)
    files = [*loose, *(folder / ALL).glob("*")]
    found = {str(note): note for note in map(note_in, sorted(_visible(files)))}
    if not found:
        raise WitnessUnreadable(f"there is no checkpoint in {folder}")
    return list(found.values())


def keys_in(folder: Path) -> tuple[VerifierKey, ...]:
    """Raises WitnessUnreadable."""
    path = folder / KEYS
    try:
        return keys_of(path.read_text("utf-8")) if path.exists() else ()
    except (OSError, UnicodeDecodeError, NoteBroken) as error:
        raise WitnessUnreadable(f"{path} does not hold keys: {error}") from error


def tile_in(folder: Path) -> Callable[[int, int], bytes]:
    """Reads the widest tile there is by level and number; none where there is none."""

    def read(level: int, number: int) -> bytes:
        path = folder / TILES / Tile(level, number).path
        if not path.exists():
            partial = path.with_name(f"{path.name}.p")
            widths = [
                int(one.name)
                for one in _visible(partial.glob("*"))
                if re.fullmatch("[0-9]+", one.name)
            ]
            if not widths:
                return b""
            path = partial / str(max(widths))
        return path.read_bytes()

    return read


def _put(folder: Path, tile: Tile, hashes: bytes) -> None:
    path = folder / tile.path
    _make(path.parent)
    write(path, hashes[: tile.width * HASH_BYTES], durable=False, mode=READABLE)
    partial = path.with_name(f"{path.name}.p")
    if tile.width == WIDTH and partial.exists():
        shutil.rmtree(partial)


def _make(folder: Path) -> None:
    """For everybody to read, whatever the umask: it holds hashes and signatures."""
    if not folder.is_dir():
        _make(folder.parent)
        folder.mkdir(exist_ok=True)
        with suppress(OSError):
            folder.chmod(0o755)


def _name(number: int) -> str:
    return f"{number:010d}"


def _visible(paths: Iterable[Path]) -> list[Path]:
    return [path for path in paths if not path.name.startswith(".")]
