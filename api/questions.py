"""How a question comes in over HTTP: from its declaration to a route, to what is known, to the
answer with its ETag. Every one can be asked as known at an instant in the past."""

import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Annotated, Any, Final

import msgspec
from litestar import Request, get
from litestar.handlers import HTTPRouteHandler
from litestar.types import ASGIApp
from msgspec import Meta, Struct

from api.answers import JSON, ROOT, Headers, instant_of, pairs_of, reply
from api.identity import PERMISSION, PUBLIC, READ, authorized
from api.problems import Problem, invalid
from api.wiring import Connection, Wiring
from domain.vocabulary import Actor
from projections.asking import Basis, fetch_async
from projections.basis import basis_query
from projections.runner import wait_for

WAIT_S: Final = 2.0
POSITION_MAX: Final = 2**63 - 1
HEAD: Final = "SELECT position FROM log_head"
POSITION_AT: Final = "SELECT log_position_at(%s) AS position"
READ_ONLY: Final = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"

Instant = Annotated[datetime, Meta(tz=True)]
Position = Annotated[int, Meta(ge=0, le=POSITION_MAX)]


class Knowing(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What every question may add."""

    as_known_at: Annotated[
        Instant | None, Meta(description="Answer as it was known then: RFC 3339 with offset.")
    ] = None
    wait_for: Annotated[
        Position | None,
        Meta(description="A position (X-Position) the answer must include; waits up to 2 s."),
    ] = None


class Found(Struct, frozen=True):
    """An answer's body. `version`: of the stream that it shows, its ETag; None = by content."""

    body: Any
    version: int | None = None
    position: int | None = None
    next_page: str | None = None


class Asking(Struct, frozen=True):
    wiring: Wiring
    by: Actor | None
    path: dict[str, Any]
    query: Any
    url: str

    def next_url(self, cursor: str) -> str:
        """The same question, from a mark on."""
        kept = [one for one in self.url.partition("?")[2].split("&") if one]
        kept = [one for one in kept if not one.startswith("cursor=")]
        return f"{self.url.partition('?')[0]}?{'&'.join([*kept, 'cursor=' + cursor])}"


class Question(Struct, frozen=True, kw_only=True):
    """One question's declaration."""

    name: str
    under: str
    """Path under /api/v1; it names the parameters."""
    summary: str
    tag: str
    answer: Any
    """Type of the body."""
    find: Callable[[Asking], Awaitable[Found]]
    query: type[Struct] = Knowing
    permission: str = READ
    problems: tuple[int, ...] = ()
    """Statuses that it may answer with besides those of every question."""

    @property
    def path(self) -> str:
        return ROOT + self.under


def handler_of(question: Question, wiring: Wiring) -> HTTPRouteHandler:
    declare = get(
        question.path,
        name=question.name,
        opt={PERMISSION: question.permission},
        include_in_schema=False,
    )
    return declare(_handle(question, wiring))


def _handle(
    question: Question, wiring: Wiring
) -> Callable[[Request[Any, Any, Any]], Awaitable[ASGIApp]]:
    encode = msgspec.json.Encoder().encode
    instants = instants_of(question.query)

    async def handle(request: Request[Any, Any, Any]) -> ASGIApp:
        scope = request.scope
        by = None
        if question.permission != PUBLIC:
            by = authorized(scope, question.permission, wiring.tokens)
        query = scope["query_string"]
        asking = Asking(
            wiring=wiring,
            by=by,
            path=scope["path_params"],
            query=query_of(query, question.query, instants),
            url=f"{scope['path']}?{query.decode('ascii')}",
        )
        found = await question.find(asking)
        body = encode(found.body)
        etag = _etag(found, body)
        headers: Headers = [
            (b"etag", etag),
            (b"cache-control", b"private, no-cache"),
            (b"vary", b"Authorization"),
        ]
        if found.position is not None:
            headers.append((b"x-position", b"%d" % found.position))
        if found.next_page is not None:
            headers.append((b"link", f'<{found.next_page}>; rel="next"'.encode()))
        if etag in (request.headers.get("if-none-match") or "").encode():
            return reply(304, headers, b"")
        return reply(200, [(b"content-type", JSON), *headers], body)

    return handle


def instants_of(query: type[Struct]) -> frozenset[str]:
    """The parameters that are times."""
    return frozenset(
        field.encode_name
        for field in msgspec.structs.fields(query)
        if "datetime.datetime" in str(field.type)
    )


def query_of(query: bytes, kind: type[Struct], instants: Iterable[str]) -> Any:
    """The query string as its Struct; a parameter nobody knows is refused, not passed over."""
    asked: dict[str, Any] = pairs_of(query) if query else {}
    for name in instants:
        if name in asked:
            asked[name] = instant_of(name, asked[name])
    try:
        return msgspec.convert(asked, kind, strict=False)
    except msgspec.ValidationError as error:
        raise invalid(error) from error


def _etag(found: Found, body: bytes) -> bytes:
    if found.version is not None:
        return b'"%d"' % found.version
    return b'"%s"' % hashlib.sha256(body).hexdigest()[:32].encode()


# --- reading the views


async def head(connection: Connection) -> int:
    """The position of the newest event."""
    row = await (await connection.execute(HEAD)).fetchone()
    assert row is not None
    return int(row["position"])


async def position_at(connection: Connection, instant: datetime) -> int:
    """The last position recorded by then."""
    row = await (await connection.execute(POSITION_AT, [instant])).fetchone()
    assert row is not None
    return int(row["position"])


@asynccontextmanager
async def reading(asking: Asking, *views: str) -> AsyncIterator[tuple[Connection, Basis]]:
    """A snapshot of the views, and the position it stands on. Problem `position-unknown`: nothing
    was ever answered with that position; `not-yet-visible`: the views have not come as far as was
    asked within two seconds."""
    query: Knowing = asking.query
    async with asking.wiring.views.connection() as connection:
        wanted = query.wait_for or 0
        if wanted and wanted > await head(connection):
            raise Problem("position-unknown")
        if query.as_known_at is not None:
            # A view that has not come so far would answer otherwise tomorrow.
            wanted = max(wanted, await position_at(connection, query.as_known_at))
        if wanted and not await wait_for(connection, views, wanted, WAIT_S):
            raise Problem("not-yet-visible")
        async with connection.transaction():
            await connection.execute(READ_ONLY)
            (basis,) = await fetch_async(connection, basis_query(query.as_known_at))
            yield connection, basis
