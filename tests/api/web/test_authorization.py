"""The bearer token and the role decide; nothing else does."""

from typing import Any, cast

import pytest
from litestar.types import Scope

from api.identity import Tokens
from api.rights import READ, TABLE
from api.web.authorization import authorized
from api.web.problems import Problem
from domain.requests.request_commands import LogRequest
from domain.vocabulary import Command
from tests.api.conftest import ACTORS

TOKENS = Tokens(ACTORS)


def scope(*headers: tuple[bytes, bytes]) -> Scope:
    made: dict[str, Any] = {"type": "http", "headers": list(headers)}
    return cast(Scope, made)


def test_who_asks_is_whom_the_token_names() -> None:
    asked = scope((b"accept", b"*/*"), (b"authorization", b"Bearer clerk"))
    assert authorized(asked, LogRequest, TOKENS) == ACTORS["clerk"]


@pytest.mark.parametrize(
    "headers",
    [
        (),
        ((b"authorization", b"Bearer somebody"),),
        ((b"authorization", b"Basic clerk"),),
        ((b"authorization", b"clerk"),),
        ((b"cookie", b"authorization=Bearer clerk"),),
    ],
)
def test_without_a_token_that_is_known_nobody_asks(
    headers: tuple[tuple[bytes, bytes], ...],
) -> None:
    with pytest.raises(Problem) as refused:
        authorized(scope(*headers), READ, TOKENS)
    assert refused.value.slug == "not-authenticated"


@pytest.mark.parametrize(
    ("token", "permission"), [("auditor", LogRequest), ("clerk", TABLE), ("device", READ)]
)
def test_a_role_without_the_permission_is_refused(
    token: str, permission: type[Command] | str
) -> None:
    asked = scope((b"authorization", b"Bearer " + token.encode()))
    with pytest.raises(Problem) as refused:
        authorized(asked, permission, TOKENS)
    assert refused.value.slug == "not-permitted"
