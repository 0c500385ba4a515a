"""Commands over HTTP: from the declaration of a route to the ledger and the answer."""

import re
from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime
from typing import Any, Final
from urllib.parse import quote
from uuid import UUID

import msgspec
from litestar import Request, post
from litestar.handlers import HTTPRouteHandler
from litestar.types import ASGIApp, HTTPScope
from msgspec import Struct

from api.rights import MAY, PERMISSION, PUBLIC
from api.web.answers import JSON, ROOT, instant_of, pairs_of, parameters_of, reply
from api.web.authorization import authorized, signed_in_as
from api.web.calling import header
from api.web.limits import body_of, refuse_nested
from api.web.problems import FieldProblem, Problem, invalid
from api.web.unknown_fields import takes_unknown, unknown_fields
from api.web.wiring import Wiring, wiring_of
from domain.aggregates import AGGREGATE_BY_COMMAND
from domain.canonical import GivenTwice, refuse_given_twice
from domain.codes import PATH_SEGMENT
from domain.jurisdiction import reaches
from domain.moment import Registers
from domain.vocabulary import Actor, Command, Text, id_named
from ledger.log.codec import uuid7
from ledger.log.decision import Receipt, TooContended

KEY_LENGTH_MAX: Final = 200
DEVICE: Final = "device"
"""Role of machines: what they tell happens as they tell it."""
IF_MATCH: Final = re.compile(rb'(?:W/)?"?([0-9]{1,18})(?:(?:--?|;)[a-z]{2,8})?"?')
"""A version. Proxies that compress an answer make its ETag weak (nginx) or add what they
compressed it with (Apache `"1-gzip"`, Jetty `"1--gzip"`); our versions mean the same all the while.
"""
NOBODY: Final = Actor(account="", role="citizen", unit="")


class CommandAsking(Struct, frozen=True):
    """The envelope of a command, from its HTTP request."""

    wiring: Wiring
    by: Actor
    path: dict[str, Any]
    command_id: UUID
    occurred_at: datetime | None
    late_reason: str | None
    expected_version: int | None
    client: str = ""
    """Address and program that the call came from."""
    signed_in: Actor | None = None
    """On a public route: the holder of the token that came with it, if one did."""
    new: UUID | None = None
    """Id of what the command makes, where its giver drew one: so that a command after it can name
    it before either is sent. One that is in use is refused."""

    @property
    def session(self) -> str:
        """Digest where the call came from, with our key: it can be compared, not read."""
        return self.wiring.cursors.secret_for(f"session {self.client}")

    async def begin(self, command: Command) -> Receipt:
        """Execute a command that makes something new.

        Raises: Problem `malformed` — when the id that was drawn for it is of another kind of thing.
        """
        if self.new is None:
            return await self.execute(uuid7(), command, creates=True)
        try:
            return await self.execute(self.new, command, creates=True)
        except TooContended as error:
            raise Problem("malformed", "the id is in use") from error

    async def execute(
        self, stream: UUID, command: Command, *, by: Actor | None = None, creates: bool = False
    ) -> Receipt:
        return await self.wiring.ledger.execute(
            stream,
            command,
            by=by or self.by,
            creates=creates,
            occurred_at=self.occurred_at,
            late_reason=self.late_reason,
            command_id=self.command_id,
            expected_version=self.expected_version,
        )


class Answer(Struct, frozen=True):
    """The result of a command."""

    stream: UUID
    version: int
    position: int | None
    """The position to wait for when reading; null when there was nothing to do."""
    recorded_at: datetime | None


Perform = Callable[[CommandAsking, Any], Awaitable[tuple[Receipt, Struct]]]


class Route(Struct, frozen=True, kw_only=True):
    """Declaration of one command."""

    command: type[Command]
    under: str
    """Path under /api/v1; it names the parameters."""
    summary: str
    stream: Callable[[dict[str, Any], Any], UUID] | None = None
    """Computes the stream from path parameters and body; None when a new stream gets an id of its
    own.
    """
    creates: bool = False
    """Answers 201 with a Location and needs no If-Match: there is no version to have seen."""
    public: bool = False
    """The path holds a secret of its own: no bearer token, Idempotency-Key or If-Match."""
    possible: Callable[[Any], bool] = lambda _: True
    """Whether the state of the thing lets it happen at all; the rules decide in the end."""
    body: type[Struct] | None = None
    """Where the body is not the command itself."""
    answer: type[Struct] = Answer
    perform: Perform | None = None
    """Where the command is made from more than its body."""
    named: str | None = None
    """Where the command has another route besides."""
    location: Callable[[dict[str, Any], Any, Receipt], str] | None = None
    """From path parameters, body and receipt."""

    @property
    def name(self) -> str:
        """Name of the route, and its OpenAPI operation id."""
        if self.named is not None:
            return self.named
        return f"Public{self.command.__name__}" if self.public else self.command.__name__

    @property
    def path(self) -> str:
        return ROOT + self.under

    @property
    def kind(self) -> str:
        return AGGREGATE_BY_COMMAND[self.command].KIND

    @property
    def permission(self) -> type[Command] | str:
        return PUBLIC if self.public else self.command

    @property
    def roles(self) -> frozenset[str]:
        return MAY[self.command]

    @property
    def status(self) -> int:
        return 201 if self.creates else 200

    @property
    def reads(self) -> type[Struct]:
        return self.body or self.command


def handler_of(route: Route) -> HTTPRouteHandler:
    declare = post(
        route.path,
        status_code=route.status,
        name=route.name,
        opt={PERMISSION: route.permission},
        include_in_schema=False,
    )
    return declare(_handle(route))


def answer_of(receipt: Receipt) -> Answer:
    return Answer(receipt.stream, receipt.version, receipt.position, receipt.recorded_at)


def _handle(route: Route) -> Callable[[Request[Any, Any, Any]], Awaitable[ASGIApp]]:
    encode = msgspec.json.Encoder().encode
    perform = performing(route)

    async def handle(request: Request[Any, Any, Any]) -> ASGIApp:
        scope = request.scope
        wiring = wiring_of(scope)
        by = NOBODY if route.public else await authorized(scope, route.command, wiring)
        signed_in = await signed_in_as(scope, wiring) if route.public else None
        raw = await body_of(request)
        done = await perform(_asking(scope, route, wiring, by, raw, signed_in), raw)
        headers = [(b"content-type", JSON), (b"etag", b'"%d"' % done.receipt.version)]
        if done.receipt.position is not None:
            headers.append((b"x-position", b"%d" % done.receipt.position))
        if done.location is not None:
            headers.append((b"location", (ROOT + quote(done.location)).encode()))
        return reply(route.status, headers, encode(done.answer))

    return handle


class Performed(Struct, frozen=True):
    """What came of a command, before it is written down for whoever gave it."""

    receipt: Receipt
    answer: Struct
    location: str | None = None
    """Path under /api/v1 of what was created."""


def performing(route: Route) -> Callable[[CommandAsking, bytes], Awaitable[Performed]]:
    """Make what performs a route, whichever door its command came through: over HTTP or from the
    command line. It takes the envelope, whose actor may give the command, and the body in JSON."""
    decode = msgspec.json.Decoder(route.reads).decode
    encode = msgspec.json.Encoder().encode
    perform = route.perform or _plain(route)
    lenient = takes_unknown(route.reads)
    bodiless = not msgspec.structs.fields(route.reads)

    async def performed(asking: CommandAsking, raw: bytes) -> Performed:
        if asking.occurred_at is not None and (route.public or asking.by.role == DEVICE):
            raise Problem("occurred-at-not-taken")
        refuse_nested(raw)
        try:
            body = decode(raw if raw or not bodiless else b"{}")
        except msgspec.ValidationError as error:
            _refuse_unknown(_plainly(raw), route.reads)
            raise invalid(error) from error
        except ValueError as error:
            raise Problem("malformed", "the body is not JSON") from error
        # What is as we would write it ourselves has no field twice, and none that is unknown.
        if raw and encode(body) != raw:
            plain = msgspec.json.decode(raw)
            if lenient:
                _refuse_unknown(plain, route.reads)
            # What programs write comes back as it was; whatever else is looked at more closely.
            if encode(plain) != raw:
                _refuse_given_twice(raw)
        if b"\\u0000" in raw and b"\\u0000" in raw.replace(b"\\\\", b""):
            raise Problem("validation-failed", "U+0000")
        receipt, answer = await perform(asking, body)
        where = route.location and route.location(asking.path, body, receipt)
        return Performed(receipt, answer, where)

    return performed


def _plainly(raw: bytes) -> Any:
    """Decode a body; None where it is no JSON."""
    try:
        return msgspec.json.decode(raw)
    except msgspec.DecodeError:
        return None


def _refuse_unknown(body: Any, kind: type[Struct]) -> None:
    if unknown := unknown_fields(body, kind):
        raise Problem("validation-failed", None, *unknown)


def _refuse_given_twice(raw: bytes) -> None:
    try:
        refuse_given_twice(raw.decode())
    except GivenTwice as error:
        twice = FieldProblem(str(error), "given twice in one object")
        raise Problem("validation-failed", None, twice) from error


def _plain(route: Route) -> Perform:
    stream = route.stream

    async def perform(asking: CommandAsking, command: Command) -> tuple[Receipt, Answer]:
        if stream is None:
            receipt = await asking.begin(command)
        else:
            receipt = await asking.execute(stream(asking.path, command), command)
        return receipt, answer_of(receipt)

    return perform


def _asking(
    scope: HTTPScope, route: Route, wiring: Wiring, by: Actor, raw: bytes, signed_in: Actor | None
) -> CommandAsking:
    key = if_match = None
    media_type = b""
    for name, value in scope["headers"]:
        if name == b"idempotency-key":
            key = value
        elif name == b"if-match":
            if_match = value
        elif name == b"content-type":
            media_type = value
    if media_type.partition(b";")[0].strip().lower() != JSON:
        raise Problem("media-type-unsupported")
    client = client_of(scope)
    if route.public:
        # Nobody is asked for a key here: the same words from the same place are the same command.
        key = f"{client}\n{signed_in.account if signed_in else ''}\n".encode() + raw
    elif not key or len(key) > KEY_LENGTH_MAX:
        raise Problem("idempotency-key-missing")
    occurred_at, late_reason = _told_when(scope["query_string"])
    seen = not (route.creates or route.public)
    return CommandAsking(
        wiring=wiring,
        by=by,
        path=named(parameters_of(scope)),
        command_id=command_id(by, scope["path"], key),
        occurred_at=occurred_at,
        late_reason=late_reason,
        expected_version=_version(if_match) if seen else None,
        client=client,
        signed_in=signed_in,
    )


def client_of(scope: HTTPScope) -> str:
    """Return the address and the program that a call comes from."""
    address = scope.get("client")
    return f"{address[0] if address else ''}\n{header(scope, b'user-agent') or ''}"


def command_id(by: Actor, path: str, key: bytes) -> UUID:
    """The id of the command that an account gives to a path with a key of its own choice."""
    identity = f"{by.account}\nPOST\n{path}\n".encode() + key
    return id_named(identity.decode("latin-1"))


def named(path: dict[str, Any]) -> dict[str, Any]:
    """Return the parameters of a path.

    Raises: Problem `validation-failed` — when one is no segment of a path.
    """
    for parameter, given in path.items():
        if isinstance(given, str) and not re.fullmatch(PATH_SEGMENT, given):
            wrong = FieldProblem(parameter, "printable ASCII without space and /")
            raise Problem("validation-failed", None, wrong)
    return path


def _version(if_match: bytes | None) -> int:
    if if_match is None:
        raise Problem("if-match-missing")
    found = IF_MATCH.fullmatch(if_match.strip())
    if found is None:
        raise Problem("malformed", "If-Match")
    return int(found[1])


def _told_when(query: bytes) -> tuple[datetime | None, str | None]:
    """Read when it happened and why it is entered late."""
    if not query:
        return None, None
    asked = pairs_of(query)
    instant = asked.pop("occurred_at", None)
    reason = asked.pop("late_reason", None)
    if asked:
        raise Problem("malformed", f"unknown parameter {min(asked)}")
    occurred_at = None if instant is None else instant_of("occurred_at", instant)
    try:
        return occurred_at, None if reason is None else msgspec.convert(reason, Text)
    except msgspec.ValidationError as error:
        raise Problem("validation-failed", None, FieldProblem("late_reason", str(error))) from error


def allowed(
    state: Any, by: Actor, kind: str, routes: Iterable[Route], registers: Registers
) -> list[str]:
    """List the commands that the role may give, that reach the thing from the post, and that the
    state does not rule out."""
    return [
        route.name
        for route in routes
        if route.kind == kind
        and not route.public
        and not route.creates
        and by.role in route.roles
        and route.possible(state)
        and reaches(by, kind, state, route.command, registers)
    ]


class Nothing(Struct, frozen=True, forbid_unknown_fields=True):
    """An empty object, or no body at all."""
