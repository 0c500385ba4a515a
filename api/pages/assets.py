"""Files of pages: packed once, named by what is in them, and kept by browsers for ever."""

import gzip
import hashlib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Final

from litestar import Request, get
from litestar.handlers import HTTPRouteHandler
from litestar.types import ASGIApp
from msgspec import Struct

from api.rights import PERMISSION, PUBLIC
from api.web.answers import Headers, reply
from api.web.problems import Problem

UNDER: Final = "/static/"
MEDIA_TYPES: Final = {
    "css": b"text/css; charset=utf-8",
    "js": b"text/javascript; charset=utf-8",
    "svg": b"image/svg+xml",
    "webmanifest": b"application/manifest+json",
}
FOLDERS: Final = ("app", "vendor/bootstrap")
FOR_EVER: Final = (b"cache-control", b"public, max-age=31536000, immutable")


class Asset(Struct, frozen=True):
    """A file of the pages."""

    path: str
    """With what is in it: another content has another path."""
    media_type: bytes
    content: bytes
    packed: bytes
    """By gzip."""


@cache
def assets() -> Mapping[str, Asset]:
    """Every file by its name."""
    return {one.path.rpartition("/")[2]: one for one in _read()}


def _read() -> Iterator[Asset]:
    for folder in FOLDERS:
        for file in sorted(files("api").joinpath("static", *folder.split("/")).iterdir(), key=str):
            kind = file.name.rpartition(".")[2]
            if kind not in MEDIA_TYPES:
                continue
            content = file.read_bytes()
            mark = hashlib.sha256(content).hexdigest()[:12]
            yield Asset(
                f"{UNDER}{mark}/{file.name}",
                MEDIA_TYPES[kind],
                content,
                gzip.compress(content, 9, mtime=0),
            )


def asset_path(name: str) -> str:
    """Return where a file is. Raises: KeyError."""
    return assets()[name].path


def packs(accepted: str | None) -> bool:
    """Return whether the caller takes gzip."""
    return "gzip" in (accepted or "")


def handlers() -> list[HTTPRouteHandler]:
    by_path = {one.path: one for one in assets().values()}

    @get(
        UNDER + "{mark:str}/{name:str}",
        name="Asset",
        opt={PERMISSION: PUBLIC},
        include_in_schema=False,
    )
    async def send(request: Request[Any, Any, Any]) -> ASGIApp:
        one = by_path.get(request.scope["path"])
        if one is None:
            raise Problem("not-found")
        headers: Headers = [(b"content-type", one.media_type), FOR_EVER]
        headers.append((b"vary", b"accept-encoding"))
        if not packs(request.headers.get("accept-encoding")):
            return reply(200, headers, one.content)
        return reply(200, [*headers, (b"content-encoding", b"gzip")], one.packed)

    return [send]
