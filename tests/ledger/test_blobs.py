"""The store of evidence: a content is there whole, under its own digest, or not at all."""

import hashlib
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread
from typing import Final

import pytest

from ledger.blobs import Blob, BlobTooLarge, DigestDiffers, DiskBlobs, MediaTypeDiffers

PHOTO: Final = bytes(range(256)) * 4
DIGEST: Final = hashlib.sha256(PHOTO).hexdigest()
STORED: Final = Blob(sha256=DIGEST, media_type="image/jpeg", size=1024)
OTHER: Final = "0" * 64


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "home" / "blobs"


@pytest.fixture
def blobs(folder: Path) -> DiskBlobs:
    return DiskBlobs(folder, size_max=2048)


def put(
    blobs: DiskBlobs,
    content: bytes = PHOTO,
    sha256: str = DIGEST,
    media_type: str = "image/jpeg",
) -> Blob:
    with blobs.receive(sha256, media_type) as receiving:
        for start in range(0, len(content), 100):
            receiving.write(content[start : start + 100])
        assert receiving.size == len(content)
        return receiving.keep()


def files(folder: Path) -> list[str]:
    return sorted(one.relative_to(folder).as_posix() for one in folder.rglob("*") if one.is_file())


def test_a_content_is_kept_under_its_digest_and_read_back(blobs: DiskBlobs, folder: Path) -> None:
    assert blobs.find(DIGEST) is None
    assert put(blobs) == STORED
    assert blobs.find(DIGEST) == STORED
    with blobs.open(DIGEST) as file:
        assert file.read() == PHOTO
    place = f"{DIGEST[:2]}/{DIGEST[2:4]}/{DIGEST}"
    assert files(folder) == [f"{place}/content", f"{place}/media_type"]


def test_nothing_is_a_content_too(blobs: DiskBlobs) -> None:
    digest = hashlib.sha256(b"").hexdigest()
    assert put(blobs, b"", digest).size == 0
    assert blobs.find(digest) is not None


def test_a_content_stored_again_is_the_same_and_stored_once(blobs: DiskBlobs, folder: Path) -> None:
    assert [put(blobs) for _ in range(3)] == [STORED] * 3
    assert len(files(folder)) == 2
    with pytest.raises(MediaTypeDiffers):
        put(blobs, media_type="text/html")
    assert blobs.find(DIGEST) == STORED
    assert len(files(folder)) == 2


def test_a_content_stored_by_many_at_once_is_stored_once(blobs: DiskBlobs, folder: Path) -> None:
    found: list[Blob] = []
    threads = [Thread(target=lambda: found.append(put(blobs))) for _ in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert found == [STORED] * 8
    assert len(files(folder)) == 2


def test_another_content_than_announced_is_not_kept(blobs: DiskBlobs, folder: Path) -> None:
    for content, sha256 in ((PHOTO, OTHER), (PHOTO[:-1], DIGEST), (PHOTO + b"x", DIGEST)):
        with pytest.raises(DigestDiffers):
            put(blobs, content, sha256)
    assert files(folder) == []
    assert blobs.find(DIGEST) is None


def test_a_content_may_be_as_large_as_the_store_takes_and_no_larger(folder: Path) -> None:
    assert put(DiskBlobs(folder, size_max=1024)) == STORED
    with pytest.raises(BlobTooLarge):
        put(DiskBlobs(folder / "small", size_max=1023))
    assert files(folder / "small") == []


def test_an_upload_that_breaks_off_leaves_nothing(blobs: DiskBlobs, folder: Path) -> None:
    def broken_off() -> None:
        with blobs.receive(DIGEST, "image/jpeg") as receiving:
            receiving.write(PHOTO)
            raise ConnectionError

    with pytest.raises(ConnectionError):
        broken_off()
    with blobs.receive(DIGEST, "image/jpeg") as receiving:
        receiving.write(PHOTO)
    assert files(folder) == []
    assert blobs.find(DIGEST) is None


DYING: Final = """
import os, sys
from pathlib import Path
from ledger import blobs
def rename(*_): os.kill(os.getpid(), 9)
if sys.argv[2] == "before the rename":
    Path.rename = rename
with blobs.DiskBlobs(Path(sys.argv[1]), 2048).receive(sys.argv[3], "image/jpeg") as receiving:
    receiving.write(bytes(range(256)) * 4)
    if sys.argv[2] == "while it comes":
        rename()
    receiving.keep()
"""


@pytest.mark.parametrize("moment", ["while it comes", "before the rename"])
def test_who_is_killed_leaves_no_half_content_and_it_can_be_stored_again(
    moment: str, blobs: DiskBlobs, folder: Path
) -> None:
    died = subprocess.run([sys.executable, "-c", DYING, folder, moment, DIGEST], check=False)
    assert died.returncode == -9
    assert blobs.find(DIGEST) is None
    (left,) = (folder / "incoming").iterdir()
    now = datetime.now(UTC)
    blobs.sweep(now)
    assert left.exists(), "another process may still be writing it"
    blobs.sweep(now + timedelta(days=2))
    assert not left.exists()
    assert put(blobs) == STORED


def test_a_store_that_holds_nothing_yet_has_nothing_to_sweep(blobs: DiskBlobs) -> None:
    blobs.sweep(datetime.now(UTC))
    assert blobs.find(DIGEST) is None


def test_a_failure_of_the_disk_is_not_taken_for_a_content_that_is_there(
    blobs: DiskBlobs, folder: Path
) -> None:
    place = folder / DIGEST[:2]
    folder.mkdir(parents=True)
    place.write_bytes(b"in the way")
    with pytest.raises(OSError, match=r"Not a directory|File exists"):
        put(blobs)
    assert files(folder) == [place.name]


def test_only_the_owner_reads_the_store(blobs: DiskBlobs, folder: Path) -> None:
    put(blobs)
    assert folder.stat().st_mode & 0o077 == 0
