"""What every answer tells a browser: asked of each route by its declaration, and of what no route
answers."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import httpx
import pytest
from litestar.testing import TestClient

from api.rights import PERMISSION, PUBLIC
from api.serving.app import api_of, handlers, wire
from api.web.headers import ALWAYS, FOR_ANYBODY, KEEP_TO_TLS, NOT_STORED, NOTHING, lacking
from api.web.watch import watched
from tests.api.conftest import Api, settings_of
from tests.databases import Database

STREAM: Final = "EventStream"
"""Its answer does not end; what it begins with is looked at where a server is."""


def asked(api: Api) -> Iterator[tuple[str, bool, httpx.Response]]:
    """Every route asked once, with a token: its name, whether it is for anybody, its answer."""
    for handler in handlers():
        for path in handler.paths:
            for method in sorted(handler.http_methods):
                if handler.name == STREAM:
                    continue
                headers = {"Authorization": "Bearer auditor", "Idempotency-Key": "k"}
                answer = api.client.request(method, filled(path), headers=headers, json={})
                public = handler.opt[PERMISSION] == PUBLIC
                yield f"{method} {path}", public, answer


def filled(path: str) -> str:
    parts = (
        "00000000-0000-0000-0000-000000000000" if part.startswith("{") else part
        for part in path.split("/")
    )
    return "/".join(parts)


def test_every_route_tells_a_browser_what_it_may_do(api: Api) -> None:
    lacking_some, seen = [], 0
    for name, _, answer in asked(api):
        seen += 1
        for header, value in ALWAYS:
            if answer.headers.get_list(header.decode()) != [value.decode()]:
                lacking_some.append((name, header))
        policy = answer.headers.get_list("content-security-policy")
        if len(policy) != 1 or "default-src 'none'" not in policy[0] or "unsafe" in policy[0]:
            lacking_some.append((name, b"content-security-policy"))
        if "strict-transport-security" in answer.headers:
            lacking_some.append((name, b"strict-transport-security"))
    assert lacking_some == []
    assert seen > 300


def test_f24_nothing_but_a_public_document_may_be_stored(api: Api) -> None:
    stored = [
        (name, kept)
        for name, public, answer in asked(api)
        if (kept := answer.headers.get_list("cache-control")) != ["no-store"]
        and not (public and len(kept) == 1 and answer.status_code == 200)
    ]
    assert stored == []


def test_an_answer_that_no_route_made_has_them_too(api: Api) -> None:
    for answer in (
        api.client.get("/nowhere"),
        api.client.delete("/api/v1/requests"),
        api.client.get("/api/v1/requests"),
    ):
        assert answer.status_code >= 400
        assert answer.headers["content-security-policy"] == NOTHING[1].decode()
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["referrer-policy"] == "same-origin"


def test_a_browser_keeps_to_tls_where_the_settings_say_so(database: Database, home: Path) -> None:
    wiring = wire(settings_of(database, home), database.app_url)
    app = watched(api_of(wiring), wiring.metrics, tls=True)
    with TestClient(app) as client:
        answer = client.get("/health/live")
    assert answer.headers["strict-transport-security"] == KEEP_TO_TLS[1].decode()


@pytest.mark.parametrize("given", [[], [NOT_STORED], [FOR_ANYBODY], [NOTHING]])
def test_what_a_route_chose_is_kept(given: list[tuple[bytes, bytes]]) -> None:
    names = [name for name, _ in (*given, *lacking(given))]
    assert sorted(names) == [b"cache-control", b"content-security-policy"]
