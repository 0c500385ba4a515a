"""Blobs: evidence that events name by its SHA-256. Contents are never changed and never removed."""

import errno
import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO, Final, Protocol
from uuid import uuid4

from msgspec import Struct

CONTENT: Final = "content"
MEDIA_TYPE: Final = "media_type"
INCOMING: Final = "incoming"
ABANDONED_AFTER: Final = timedelta(days=1)


class Blob(Struct, frozen=True, kw_only=True):
    """A stored content. `size` in bytes; the media type is the one it was first stored under."""

    sha256: str
    """64 hexadecimal digits."""
    media_type: str
    size: int


class BlobTooLarge(Exception):
    """More bytes than the store takes of one content."""


class DigestDiffers(Exception):
    """The content is not the one whose digest was announced."""


class MediaTypeDiffers(Exception):
    """The same content is stored under another media type."""


class Receiving(Protocol):
    """A content on its way in."""

    @property
    def size(self) -> int: ...

    def write(self, data: bytes) -> None:
        """The next part. BlobTooLarge: that would be too much."""

    def keep(self) -> Blob:
        """All was written: durable when this returns, also where it was stored before.
        DigestDiffers, MediaTypeDiffers: nothing is kept."""


class Blobs(Protocol):
    """A store of contents. Its methods block."""

    @property
    def size_max(self) -> int: ...

    def free_bytes(self) -> int:
        """Return what is free where contents are kept."""

    def find(self, sha256: str) -> Blob | None: ...

    def open(self, sha256: str) -> BinaryIO:
        """A content that was found."""

    def receive(self, sha256: str, media_type: str) -> AbstractContextManager[Receiving]:
        """Left without `keep`, nothing remains of it."""


class DiskBlobs:
    """Blobs on disk: a folder `ab/cd/abcd…` per content, with the content and its media type.

    It is written aside, synced and renamed into place, so it is whole or absent.
    """

    def __init__(self, folder: Path, size_max: int) -> None:
        self._folder = folder
        self._size_max = size_max

    @property
    def size_max(self) -> int:
        return self._size_max

    def free_bytes(self) -> int:
        _make(self._folder)
        return shutil.disk_usage(self._folder).free

    def find(self, sha256: str) -> Blob | None:
        place = self._place(sha256)
        try:
            media_type = (place / MEDIA_TYPE).read_text("ascii")
            size = (place / CONTENT).stat().st_size
        except FileNotFoundError:
            return None
        return Blob(sha256=sha256, media_type=media_type, size=size)

    def open(self, sha256: str) -> BinaryIO:
        return (self._place(sha256) / CONTENT).open("rb")

    @contextmanager
    def receive(self, sha256: str, media_type: str) -> Iterator[Receiving]:
        _make(self._folder / INCOMING)
        incoming = self._folder / INCOMING / uuid4().hex
        incoming.mkdir(mode=0o700)
        try:
            with (incoming / CONTENT).open("xb") as file:
                announced = Blob(sha256=sha256, media_type=media_type, size=self._size_max)
                yield _Incoming(announced, file, incoming, self._place(sha256))
        finally:
            shutil.rmtree(incoming, ignore_errors=True)

    def sweep(self, now: datetime) -> None:
        """Remove what processes that were killed left of contents on their way in."""
        latest = (now - ABANDONED_AFTER).timestamp()
        for left in (self._folder / INCOMING).glob("*"):
            try:
                abandoned = left.stat().st_mtime < latest
            except FileNotFoundError:
                continue
            if abandoned:
                shutil.rmtree(left, ignore_errors=True)

    def _place(self, sha256: str) -> Path:
        return self._folder / sha256[:2] / sha256[2:4] / sha256


class _Incoming:
    def __init__(self, announced: Blob, file: BinaryIO, folder: Path, place: Path) -> None:
        self._announced = announced
        self._file = file
        self._folder = folder
        self._place = place
        self._digest = hashlib.sha256()
        self._size = 0

    @property
    def size(self) -> int:
        return self._size

    def write(self, data: bytes) -> None:
        self._size += len(data)
        if self._size > self._announced.size:
            raise BlobTooLarge
        self._digest.update(data)
        self._file.write(data)

    def keep(self) -> Blob:
        sha256, media_type = self._announced.sha256, self._announced.media_type
        if self._digest.hexdigest() != sha256:
            raise DigestDiffers
        _sync_file(self._file)
        with (self._folder / MEDIA_TYPE).open("xb") as file:
            file.write(media_type.encode("ascii"))
            _sync_file(file)
        _sync_folder(self._folder)
        _make(self._place.parent)
        try:
            self._folder.rename(self._place)
        except OSError as error:
            if error.errno not in (errno.ENOTEMPTY, errno.EEXIST):
                raise
            if (self._place / MEDIA_TYPE).read_text("ascii") != media_type:
                raise MediaTypeDiffers from error
        _sync_folder(self._place.parent)
        return Blob(sha256=sha256, media_type=media_type, size=self._size)


def _make(folder: Path) -> None:
    """The folder, and those it lies in, for good."""
    if not folder.is_dir():
        _make(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)
        _sync_folder(folder.parent)


def _sync_file(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
