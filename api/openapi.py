"""The OpenAPI 3.1 document, and a page to read it with that loads nothing from elsewhere."""

from dataclasses import dataclass
from typing import Any, Final

from litestar.openapi.spec import (
    OpenAPIHeader,
    OpenAPIMediaType,
    OpenAPIResponse,
    Operation,
    Parameter,
    Reference,
    RequestBody,
    Schema,
)
from litestar.openapi.spec.enums import OpenAPIFormat, OpenAPIType
from msgspec import Struct

COMPONENTS: Final[dict[str, type[Struct]]] = {}
"""Bodies and answers of commands by name: msgspec describes them more exactly than the framework."""


def command_operation(
    body: type[Struct], answer: type[Struct], *, creates: bool
) -> type[Operation]:
    """The operation of a command: its headers, its body and its answer."""
    for struct in (body, answer):
        assert COMPONENTS.setdefault(struct.__name__, struct) is struct, "names must differ"
    status = "201" if creates else "200"
    extra = [_KEY, _OCCURRED_AT] if creates else [_KEY, _IF_MATCH, _OCCURRED_AT]
    headers: dict[str, OpenAPIHeader | Reference] = {
        "ETag": _header("the version the stream has now, quoted"),
        "X-Position": _header("position to wait for in reads (wait_for)"),
    }
    if creates:
        headers["Location"] = _header("where the new thing is")

    @dataclass
    class CommandOperation(Operation):
        def __post_init__(self) -> None:
            self.parameters = [*(self.parameters or []), *extra]
            self.request_body = RequestBody(
                content={"application/json": OpenAPIMediaType(schema=_reference(body))},
                required=True,
            )
            self.responses = {
                **(self.responses or {}),
                status: OpenAPIResponse(
                    description="recorded",
                    headers=headers,
                    content={"application/json": OpenAPIMediaType(schema=_reference(answer))},
                ),
            }

    return CommandOperation


def _reference(struct: type[Struct]) -> Reference:
    return Reference(ref=f"#/components/schemas/{struct.__name__}")


def _header(description: str) -> OpenAPIHeader:
    return OpenAPIHeader(description=description, schema=Schema(type=OpenAPIType.STRING))


_KEY: Final = Parameter(
    name="Idempotency-Key",
    param_in="header",
    required=True,
    description="Chosen by the caller, one per intended change: sent again, it answers again.",
    schema=Schema(type=OpenAPIType.STRING, min_length=1, max_length=200, pattern=r"^[!-~]+$"),
)
_IF_MATCH: Final = Parameter(
    name="If-Match",
    param_in="header",
    required=True,
    description="The version the caller saw, as in its ETag.",
    schema=Schema(type=OpenAPIType.STRING, pattern=r'^"[0-9]{1,18}"$'),
)
_OCCURRED_AT: Final = Parameter(
    name="occurred_at",
    param_in="query",
    required=False,
    description="When it happened, if not now: RFC 3339 with offset.",
    schema=Schema(type=OpenAPIType.STRING, format=OpenAPIFormat.DATE_TIME),
)
