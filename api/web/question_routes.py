"""Questions over HTTP: from the declaration to a route and an answer with its ETag.

A question at two times is answered with the difference.
"""

import hashlib
from collections.abc import Awaitable, Callable, Iterable
from functools import cache
from typing import Any
from urllib.parse import quote

import msgspec
from litestar import Request, get
from litestar.handlers import HTTPRouteHandler
from litestar.types import ASGIApp
from msgspec import Struct
from msgspec.structs import replace

from api.rights import PERMISSION, PUBLIC
from api.web.answers import JSON, ROOT, Headers, instant_of, pairs_of, parameters_of, reply
from api.web.authorization import authorized, mark_of
from api.web.calling import address_of, networks_of
from api.web.comparing import ROWS_MAX, ComparedMoment, compared, moments, side_of
from api.web.headers import FOR_ANYBODY
from api.web.problems import Problem, invalid
from api.web.questions import Asking, Found, Knowing, Question, beside, refuse_future, scope_for
from api.web.seen import recorded, refuse_unmasking, shown
from api.web.wiring import wiring_of
from domain.vocabulary import NotThere, Refused
from projections.asking.answering import answer
from projections.asking.asking import fetch_async


def handler_of(question: Question) -> HTTPRouteHandler:
    declare = get(
        question.path,
        name=question.name,
        opt={PERMISSION: question.permission},
        include_in_schema=False,
    )
    return declare(_handle(question))


def _handle(
    question: Question,
) -> Callable[[Request[Any, Any, Any]], Awaitable[ASGIApp]]:
    encode = msgspec.json.Encoder().encode
    instants = instants_of(question.query)

    async def handle(request: Request[Any, Any, Any]) -> ASGIApp:
        scope = request.scope
        wiring = wiring_of(scope)
        by = None
        if question.permission != PUBLIC:
            by = await authorized(scope, question.permission, wiring)
        elif "text/html" in (request.headers.get("accept") or ""):
            # A browser: receipts that were printed before there were pages lead people here.
            path = quote(scope["path"].removeprefix(ROOT))
            return reply(303, [(b"location", path.encode()), (b"vary", b"Accept")], b"")
        query = scope["query_string"]
        asking = Asking(
            wiring=wiring,
            by=by,
            path=parameters_of(scope),
            query=query_of(query, question.query, instants),
            url=f"{scope['path']}?{query.decode('ascii')}",
            session=mark_of(scope),
            address=address_of(scope, networks_of(wiring.settings.proxies)),
        )
        times = (getattr(asking.query, one, None) for one in ("as_known_at", "compared_to"))
        await refuse_future(wiring, *times)
        found = await answered(question, asking)
        body = encode(found.body)
        etag = _etag(found, body)
        headers: Headers = [
            (b"etag", etag),
            (b"vary", b"Authorization, Cookie"),
        ]
        if question.permission == PUBLIC:
            headers.append((b"vary", b"Accept"))
        if question.right.scope == "everywhere" and question.permission == PUBLIC:
            headers.append(FOR_ANYBODY)
        if found.position is not None:
            headers.append((b"x-position", b"%d" % found.position))
        if found.next_page is not None:
            headers.append((b"link", f'<{found.next_page}>; rel="next"'.encode()))
        seen = etag in (request.headers.get("if-none-match") or "").encode()
        if seen and not found.beside_the_version:
            return reply(304, headers, b"")
        return reply(200, [(b"content-type", JSON), *headers], body)

    return handle


@cache
def instants_of(query: type[Struct]) -> frozenset[str]:
    """List the parameters that are times."""
    return frozenset(
        field.encode_name
        for field in msgspec.structs.fields(query)
        if "datetime.datetime" in str(field.type)
    )


def query_of(query: bytes, kind: type[Struct], instants: Iterable[str]) -> Any:
    """Parse the query string as the question's struct; refuse unknown parameters."""
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


# --- as known at two times


async def answered(question: Question, asking: Asking) -> Found:
    """Answer the question, or compare its answers at two times: masked, and recorded.

    Raises: Problem `not-permitted` — when the role may not see people in clear text there.
    """
    refuse_unmasking(asking, question.right)
    if getattr(asking.query, "compared_to", None) is None:
        found = await question.find(asking)
        await recorded(question, asking, [found.body])
        return replace(found, body=shown(question, asking, found.body))
    query: Knowing = asking.query
    if getattr(query, "cursor", None) is not None:
        raise Problem("malformed", "cursor and compared_to")
    async with asking.wiring.views.connection() as connection:
        then, now = await fetch_async(connection, moments(query.as_known_at, query.compared_to))
    # Two times are two prefixes of the log, so that it does not matter when either is read.
    one, refused = await _whole(question, asking, then)
    other, missing = await _whole(question, asking, now)
    if missing is not None and (one is None or not _not_found(missing)):
        raise missing
    if refused is not None and other is None:
        raise refused
    bodies = one and one.body, other and other.body
    await recorded(question, asking, [body for body in bodies if body is not None])
    sides = side_of(then, bodies[0]), side_of(now, bodies[1])
    stream = next((each.stream for each in (one, other) if each), None)
    touching = next((each.touching for each in (one, other) if each), None)
    differing = compared(*sides, bodies, stream, touching)
    scope = await scope_for(asking.wiring, asking.by)
    difference = await beside(
        asking.wiring, lambda connection: answer(connection, differing), scope
    )
    return Found(difference, position=sides[1].position)


async def _whole(
    question: Question, asking: Asking, moment: ComparedMoment
) -> tuple[Found | None, Exception | None]:
    """Read a whole list as known then; None when the thing, or its rules, did not exist yet.

    Raises: Problem `comparison-too-large` — when the list is too long.
    """
    more: dict[str, Any] = {"limit": ROWS_MAX} if hasattr(asking.query, "limit") else {}
    query = replace(asking.query, as_known_at=moment.instant, compared_to=None, **more)
    try:
        answer_then = await question.find(replace(asking, query=query))
    except Refused as refused:
        return None, refused
    except Problem as problem:
        if not _not_found(problem):
            raise
        return None, problem
    if answer_then.next_page is not None:
        raise Problem("comparison-too-large", f"> {ROWS_MAX}")
    return replace(answer_then, body=shown(question, asking, answer_then.body)), None


def _not_found(error: Exception) -> bool:
    if isinstance(error, Problem):
        return error.slug == "not-found"
    return isinstance(error, NotThere)
