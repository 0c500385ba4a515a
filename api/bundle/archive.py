"""A zip whose bytes depend on its contents alone, with a manifest of them."""

import hashlib
import os
import tempfile
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from api.bundle.verify import FORMAT, MANIFEST, canonical

DATED: Final = (1980, 1, 1, 0, 0, 0)
UNIX: Final = 3
READABLE: Final = 0o644 << 16


class Archive:
    """Written beside its place and put there whole, when the block ends well. OSError.

    `whole` is told the sha256 of the manifest before; what it raises leaves nothing behind."""

    def __init__(self, place: Path, whole: Callable[[str], None]) -> None:
        self._place = place
        self._whole = whole
        self._digests: dict[str, str] = {}

    def __enter__(self) -> Self:
        handle, name = tempfile.mkstemp(prefix=".bundle-", dir=self._place.parent)
        self._unfinished = Path(name)
        self._file = os.fdopen(handle, "wb")
        self._zip = zipfile.ZipFile(self._file, "w", zipfile.ZIP_DEFLATED)
        return self

    def add(self, name: str, content: Iterable[bytes]) -> None:
        """Add a file whose `content` comes in pieces."""
        digest = hashlib.sha256()
        with self._zip.open(_described(name), "w", force_zip64=True) as file:
            for piece in content:
                digest.update(piece)
                file.write(piece)
        self._digests[name] = digest.hexdigest()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            manifest = canonical({"format": FORMAT, "files": self._digests})
            if kind is None:
                self._zip.writestr(_described(MANIFEST), manifest)
            self._zip.close()
            self._file.close()
            if kind is None:
                self._whole(hashlib.sha256(manifest).hexdigest())
                self._unfinished.replace(self._place)
        finally:
            self._file.close()
            self._unfinished.unlink(missing_ok=True)


def _described(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, DATED)
    info.compress_type, info.create_system, info.external_attr = (
        zipfile.ZIP_DEFLATED,
        UNIX,
        READABLE,
    )
    return info
