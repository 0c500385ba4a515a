"""A zip that depends on its contents alone and is there whole or not at all."""

import hashlib
import json
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from api.bundle import verify
from api.bundle.archive import Archive
from api.bundle.verify import MANIFEST


def nothing(_: str) -> None:
    pass


def written(place: Path, whole: Callable[[str], None] = nothing) -> Path:
    with Archive(place, whole) as archive:
        archive.add("a.txt", [b"one ", b"two"])
        archive.add("b/c.txt", [])
    return place


def test_the_same_contents_are_the_same_bytes(tmp_path: Path) -> None:
    assert written(tmp_path / "1.zip").read_bytes() == written(tmp_path / "2.zip").read_bytes()


def test_the_manifest_has_the_digest_of_every_file_and_its_own_is_told(tmp_path: Path) -> None:
    told: list[str] = []
    with zipfile.ZipFile(written(tmp_path / "1.zip", told.append)) as made:
        manifest = made.read(MANIFEST)
        names = {name: made.read(name) for name in made.namelist() if name != MANIFEST}
    assert names == {"a.txt": b"one two", "b/c.txt": b""}
    digests = {name: hashlib.sha256(content).hexdigest() for name, content in names.items()}
    assert json.loads(manifest)["files"] == digests
    assert told == [hashlib.sha256(manifest).hexdigest()]


def test_what_is_not_finished_leaves_nothing_and_keeps_what_was_there(tmp_path: Path) -> None:
    place = written(tmp_path / "1.zip")
    before = place.read_bytes()

    def refused(_: str) -> None:
        raise OSError("nobody could be told")

    with pytest.raises(OSError, match="told"):
        written(place, refused)

    def broken() -> Iterator[bytes]:
        yield b"another"
        raise EOFError

    archive = Archive(place, nothing)
    with pytest.raises(EOFError), archive:
        archive.add("a.txt", broken())
    assert place.read_bytes() == before
    assert list(tmp_path.iterdir()) == [place]


def test_f24_a_part_that_was_made_to_fill_a_memory_is_not_unpacked(tmp_path: Path) -> None:
    bundle = tmp_path / "bundle.zip"
    with (
        zipfile.ZipFile(bundle, "w", zipfile.ZIP_DEFLATED) as packed,
        packed.open("entries.jsonl", "w", force_zip64=True) as part,
    ):
        for _ in range((verify.PLAIN_MAX >> 20) + 1):
            part.write(b" " * (1 << 20))
    assert bundle.stat().st_size < 1 << 20
    with pytest.raises(verify.Failed, match="give the folder"):
        verify.Zip(bundle).open("entries.jsonl")
