"""What one account may upload in a day; and that evidence never takes the last of a disk."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest
from litestar.testing import TestClient
from msgspec.structs import replace

from api.serving.app import api_of, wire
from api.web.quota import DAY_S, Quota, QuotaSpent
from api.web.watch import watched
from tests.api.conftest import problem, settings_of
from tests.databases import Database

Made = Callable[..., TestClient[Any]]


@pytest.fixture
def made(database: Database, home: Path) -> Iterator[Made]:
    """Make an application with settings of its own."""
    with ExitStack() as stack:

        def make(**more: int) -> TestClient[Any]:
            wiring = wire(replace(settings_of(database, home), **more), database.app_url)
            app = watched(api_of(wiring), wiring.metrics)
            return stack.enter_context(TestClient(app, raise_server_exceptions=False))

        yield make


def put(client: TestClient[Any], content: bytes, by: str = "clerk", **more: str) -> httpx.Response:
    path = f"/api/v1/blobs/{hashlib.sha256(content).hexdigest()}"
    sent = {"Authorization": f"Bearer {by}", "Content-Type": "image/jpeg"} | more
    return client.put(path, content=content, headers=sent)


def test_f24_an_account_that_uploaded_its_share_waits_and_others_do_not(made: Made) -> None:
    client = made(upload_bytes_daily=1000)
    assert put(client, b"a" * 600).status_code == 201
    assert put(client, b"b" * 600).status_code == 201
    refused = put(client, b"c")
    assert problem(refused) == (429, "upload-quota-spent")
    assert 0 < int(refused.headers["retry-after"]) <= DAY_S
    assert "1000" in refused.json()["detail"]
    assert put(client, b"c", by="station").status_code == 201


def test_what_is_refused_counts_as_what_is_kept_does(made: Made) -> None:
    client = made(upload_bytes_daily=1000)
    path = f"/api/v1/blobs/{'0' * 64}"
    sent = {"Authorization": "Bearer clerk", "Content-Type": "image/jpeg"}
    answer = client.put(path, content=b"x" * 2000, headers=sent)
    assert problem(answer) == (422, "blob-digest-differs")
    assert problem(put(client, b"c")) == (429, "upload-quota-spent")


def test_f24_evidence_never_takes_the_last_of_the_disk(made: Made, home: Path) -> None:
    full = made(blob_bytes_free=1 << 62)
    assert problem(put(full, b"a")) == (503, "store-full")
    assert [one for one in (home / "blobs").rglob("*") if one.is_file()] == []
    assert put(made(blob_bytes_free=0), b"a").status_code == 201


def test_f24_a_packed_upload_is_refused(made: Made) -> None:
    answer = put(made(), b"a", **{"Content-Encoding": "gzip"})
    assert problem(answer) == (415, "encoding-unsupported")


def test_what_was_uploaded_drains_within_a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    now_s = 1000.0
    monkeypatch.setattr("api.web.quota.time.monotonic", lambda: now_s)
    quota = Quota(100)
    quota.count("li", 150)
    with pytest.raises(QuotaSpent) as spent:
        quota.refuse_spent("li")
    quota.refuse_spent("wang")
    now_s += spent.value.wait_s
    quota.refuse_spent("li")
    now_s += DAY_S
    quota.count("li", 99)
    quota.refuse_spent("li")
