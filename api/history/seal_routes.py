"""The sealed log to the world, as C2SP tlog-tiles serves one: the last checkpoint, the tiles, and
beside them the public keys. All of it is hashes; entries, which say more, are not served."""

from typing import Any, Final, LiteralString

from litestar import Request, get
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath
from litestar.types import ASGIApp

from api.rights import PERMISSION, PUBLIC
from api.web.answers import Headers, reply
from api.web.headers import FOR_ANYBODY
from api.web.problems import Problem
from api.web.wiring import Wiring, wiring_of
from ledger.tree.notes import HASH_BYTES
from ledger.tree.tiles import ENTRIES, Tile, tile_at

PATH: Final = "/log"
OPEN: Final = {PERMISSION: PUBLIC}
TEXT: Final = b"text/plain; charset=utf-8"
OCTETS: Final = b"application/octet-stream"
FOR_EVER: Final = b"public, max-age=31536000, immutable"
"""A tile of one width never changes."""
LAST: Final = "SELECT note AS line FROM seal_checkpoints ORDER BY number DESC LIMIT 1"
KEYS: Final = "SELECT verifier_key || E'\\n' AS line FROM seal_keys ORDER BY number"
TILE: Final = "SELECT hashes FROM seal_tiles WHERE level = %s AND number = %s"


def handlers() -> list[HTTPRouteHandler]:
    @get(f"{PATH}/checkpoint", name="Checkpoint", opt=OPEN, include_in_schema=False)
    async def checkpoint(request: Request[Any, Any, Any]) -> ASGIApp:
        return await _lines(wiring_of(request.scope), LAST)

    @get(f"{PATH}/keys", name="SealKeys", opt=OPEN, include_in_schema=False)
    async def keys(request: Request[Any, Any, Any]) -> ASGIApp:
        return await _lines(wiring_of(request.scope), KEYS)

    @get(f"{PATH}/tile/{{name:path}}", name="Tile", opt=OPEN, include_in_schema=False)
    async def tile(request: Request[Any, Any, Any], name: FromPath[str]) -> ASGIApp:
        asked = tile_at(name.removeprefix("/"))
        if asked is None or asked.level == ENTRIES:
            raise Problem("not-found")
        headers: Headers = [(b"content-type", OCTETS), (b"cache-control", FOR_EVER)]
        return reply(200, headers, await _hashes(wiring_of(request.scope), asked))

    return [checkpoint, keys, tile]


async def _lines(wiring: Wiring, query: LiteralString) -> ASGIApp:
    """Answer with the lines of a query.

    Raises: Problem `not-found` — when there are none: nothing is sealed yet.
    """
    async with wiring.views.connection() as connection:
        rows = await (await connection.execute(query)).fetchall()
    if not rows:
        raise Problem("not-found")
    headers: Headers = [(b"content-type", TEXT), FOR_ANYBODY]
    return reply(200, headers, "".join(row["line"] for row in rows).encode())


async def _hashes(wiring: Wiring, asked: Tile) -> bytes:
    """Read a tile.

    Raises: Problem `not-found` — when it is not there, or not yet so wide.
    """
    async with wiring.views.connection() as connection:
        row = await (await connection.execute(TILE, [asked.level, asked.number])).fetchone()
    wanted = asked.width * HASH_BYTES
    if row is None or len(row["hashes"]) < wanted:
        raise Problem("not-found")
    return bytes(row["hashes"][:wanted])
