"""The bearer token and the role decide; nothing else does."""

from typing import Any

import pytest

from tests.api.conftest import LOGGED, Api, problem


def test_who_asks_is_whom_the_token_names(api: Api) -> None:
    stream = api.logged()
    told = api.get(f"/streams/request/{stream}/events").json()
    assert told["events"][0]["actor"]["account"] == "clerk-1"


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Bearer somebody"},
        {"Authorization": "Basic clerk"},
        {"Authorization": "clerk"},
        {"Authorization": "Bearer anj_"},
        {"Authorization": "Bearer anj_x_y_z"},
        {"Authorization": "Bearer anj_\u00e9_clerk".encode()},
        {"Cookie": "authorization=Bearer clerk"},
        {"Cookie": "anjuan=clerk; __Host-anjuan=clerk"},
        {"Cookie": '\\"[]{}=;;;='},
    ],
)
def test_without_a_token_that_is_known_nobody_asks(api: Api, headers: dict[str, Any]) -> None:
    refused = api.get("/points", by=None, headers=headers)
    assert problem(refused) == (401, "not-authenticated")


@pytest.mark.parametrize(("token", "path"), [("device", "/points"), ("clerk", "/accounts")])
def test_a_role_without_the_permission_is_refused(api: Api, token: str, path: str) -> None:
    refused = api.get(path, by=token)
    assert problem(refused) == (403, "not-permitted")


def test_a_role_without_the_command_is_refused(api: Api) -> None:
    assert problem(api.post("/requests", LOGGED, by="auditor")) == (403, "not-permitted")
