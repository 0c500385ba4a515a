"""What can be asked for over HTTP: one declaration a command, from which its route, its permission,
its documentation and "allowed now" all come."""

from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid5

import msgspec
from litestar import Request, post
from litestar.handlers import HTTPRouteHandler
from litestar.types import ASGIApp, HTTPScope
from msgspec import Struct

from api.answers import ROOT, body_of, instant_of, pairs_of, reply
from api.identity import PERMISSION, authorized
from api.problems import Problem, invalid
from api.wiring import Wiring
from domain.aggregates import AGGREGATE_BY_COMMAND
from domain.vocabulary import NAMESPACE, Actor, Command
from ledger.codec import uuid7
from ledger.decision import Receipt

KEY_LENGTH_MAX: Final = 200


class Asking(Struct, frozen=True):
    """What surrounds a command in its HTTP request."""

    wiring: Wiring
    by: Actor
    path: dict[str, Any]
    command_id: UUID
    occurred_at: datetime | None
    expected_version: int | None


class Answer(Struct, frozen=True, omit_defaults=False):
    """What a command did: the stream's version, and the position to wait for when reading."""

    stream: UUID
    version: int
    position: int | None
    recorded_at: datetime | None


Perform = Callable[[Asking, Any], Awaitable[tuple[Receipt, Any]]]


class Act(Struct, frozen=True, kw_only=True):
    """One command's declaration. Its permission is the command itself (`identity.MAY`)."""

    command: type[Command]
    path: str
    """Under /api/v1; also names the parameters."""
    summary: str
    stream: Callable[[dict[str, Any], Any], UUID] | None = None
    """From path parameters and body; None: a new stream with an id of its own."""
    creates: bool = False
    """Answers 201 with a Location and needs no If-Match: there is no version to have seen."""
    possible: Callable[[Any], bool] = lambda _: True
    """Whether the state of the thing lets it happen at all; the rules decide in the end."""
    body: type[Struct] | None = None
    """Where the body is not the command itself."""
    answer: type[Struct] = Answer
    perform: Perform | None = None
    """Where the command is made from more than its body; answers the receipt and the body."""
    location: Callable[[Receipt, Any], str] | None = None

    @property
    def name(self) -> str:
        return self.command.__name__

    @property
    def kind(self) -> str:
        return AGGREGATE_BY_COMMAND[self.command].KIND

    @property
    def status(self) -> int:
        return 201 if self.creates else 200

    @property
    def reads(self) -> type[Struct]:
        return self.body or self.command


# --- routes


def routes(acts: Iterable[Act], wiring: Wiring) -> list[HTTPRouteHandler]:
    return [route(act, wiring) for act in acts]


def route(act: Act, wiring: Wiring) -> HTTPRouteHandler:
    handler = post(
        ROOT + act.path,
        status_code=act.status,
        name=act.name,
        opt={PERMISSION: act.command},
        include_in_schema=False,
    )
    return handler(_handler(act, wiring))


def _handler(
    act: Act, wiring: Wiring
) -> Callable[[Request[Any, Any, Any]], Awaitable[ASGIApp]]:
    decode = msgspec.json.Decoder(act.reads).decode
    encode = msgspec.json.Encoder().encode
    perform = act.perform or _execute(act)
    bodiless = not msgspec.structs.fields(act.reads)

    async def handle(request: Request[Any, Any, Any]) -> ASGIApp:
        asking = _asking(request.scope, act, wiring)
        raw = await body_of(request)
        try:
            body = decode(raw if raw or not bodiless else b"{}")
        except msgspec.ValidationError as error:
            raise invalid(error) from error
        except ValueError as error:
            raise Problem("malformed", str(error)) from error
        if b"\\u0000" in raw and b"\\u0000" in raw.replace(b"\\\\", b""):
            raise Problem("validation-failed", "U+0000")
        receipt, answer = await perform(asking, body)
        headers = [
            (b"content-type", b"application/json"),
            (b"etag", b'"%d"' % receipt.version),
        ]
        if receipt.position is not None:
            headers.append((b"x-position", b"%d" % receipt.position))
        if act.location is not None:
            headers.append((b"location", (ROOT + act.location(receipt, body)).encode()))
        return reply(act.status, headers, encode(answer))

    return handle


def _execute(act: Act) -> Perform:
    stream = act.stream

    async def perform(asking: Asking, command: Command) -> tuple[Receipt, Answer]:
        receipt = await asking.wiring.ledger.execute(
            uuid7() if stream is None else stream(asking.path, command),
            command,
            by=asking.by,
            creates=stream is None,
            occurred_at=asking.occurred_at,
            command_id=asking.command_id,
            expected_version=asking.expected_version,
        )
        return receipt, answer_of(receipt)

    return perform


def answer_of(receipt: Receipt) -> Answer:
    return Answer(receipt.stream, receipt.version, receipt.position, receipt.recorded_at)


# --- what surrounds a command


def _asking(scope: HTTPScope, act: Act, wiring: Wiring) -> Asking:
    actor = authorized(scope, act.command, wiring.tokens)
    key = if_match = None
    media_type = b""
    for name, value in scope["headers"]:
        if name == b"idempotency-key":
            key = value
        elif name == b"if-match":
            if_match = value
        elif name == b"content-type":
            media_type = value
    if not media_type.lower().startswith(b"application/json"):
        raise Problem("media-type-unsupported")
    if not key or len(key) > KEY_LENGTH_MAX:
        raise Problem("idempotency-key-missing")
    identity = f"{actor.account}\n{scope['method']}\n{scope['path']}\n".encode() + key
    return Asking(
        wiring=wiring,
        by=actor,
        path=scope["path_params"],
        command_id=uuid5(NAMESPACE, identity.decode("latin-1")),
        occurred_at=_occurred_at(scope["query_string"]) if scope["query_string"] else None,
        expected_version=None if act.creates else _version(if_match),
    )


def _version(if_match: bytes | None) -> int:
    if if_match is None:
        raise Problem("if-match-missing")
    number = if_match.strip().removeprefix(b'"').removesuffix(b'"')
    if not number.isdigit() or len(number) > 18:
        raise Problem("malformed", "If-Match")
    return int(number)


def _occurred_at(query: bytes) -> datetime:
    asked = pairs_of(query)
    instant = instant_of("occurred_at", asked.pop("occurred_at", ""))
    if asked:
        raise Problem("malformed", f"unknown parameter {min(asked)}")
    return instant
