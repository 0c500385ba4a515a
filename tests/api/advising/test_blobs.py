"""Evidence over HTTP: uploaded apart from the entry, confirmed by the program, never shown."""

import hashlib
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import httpx
import pytest
from litestar.testing import TestClient
from msgspec import to_builtins
from msgspec.structs import replace

from api.serving.app import api_of, wire
from api.web.watch import watched
from tests.api.advising.test_duties import CHECK, CHECKLIST, NOWHERE, WORK, grounded, made, step
from tests.api.conftest import LOGGED, Api, founded, problem, settings_of
from tests.complaints import GRIEVANCE
from tests.databases import Database
from tests.examples import MORNING

PHOTO: Final = b"\xff\xd8\xff\xe0" + bytes(range(256)) * 2000
DIGEST: Final = hashlib.sha256(PHOTO).hexdigest()
BLOB: Final = f"/blobs/{DIGEST}"
EVIDENCE: Final[dict[str, Any]] = {
    "sha256": DIGEST,
    "media_type": "image/jpeg",
    "size": len(PHOTO),
}


@pytest.fixture
def api(database: Database, home: Path) -> Iterator[Api]:
    """Its store takes 800,000 bytes."""
    found = replace(settings_of(database, home), blob_bytes_max=800_000)
    wiring = wire(found, database.app_url)
    app = watched(api_of(wiring), wiring.metrics)
    with TestClient(app, raise_server_exceptions=False) as client:
        yield founded(client, database)


@pytest.fixture
def blobs_of(home: Path) -> Path:
    return home / "blobs"


def put(
    api: Api,
    content: Any = PHOTO,
    path: str = BLOB,
    *,
    by: str = "lawyer",
    media_type: str = "image/jpeg",
    **query: str,
) -> httpx.Response:
    sent = {"Authorization": f"Bearer {by}", "Content-Type": media_type}
    return api.client.put(f"/api/v1{path}", content=content, headers=sent, params=query or None)


def logged(api: Api, *evidence: Any, key: str | None = None, days_later: int = 0) -> str:
    """The id of a work log entry of Monday morning, or of another morning."""
    api.served_by_firm()
    began = MORNING + timedelta(days=days_later)
    work = WORK | {"ended_at": (began + timedelta(minutes=90)).isoformat()}
    log = {"work": work, "late_reason": "停电", "evidence": list(evidence)}
    at = began.isoformat()
    entry = made(api, "/worklogs", log, by="lawyer", occurred_at=at, key=key)
    return entry.removeprefix("/worklogs/")


def statuses(api: Api, entry: str) -> list[str]:
    state = api.get(f"/worklogs/{entry}", by="leader").json()["state"]
    return [one["status"] for one in state["exhibits"]]


def history(api: Api, entry: str) -> list[tuple[str, str]]:
    events = api.get(f"/streams/worklog/{entry}/events").json()["events"]
    return [(one["kind"], one["actor"]["account"]) for one in events]


def named(api: Api) -> None:
    """A request of the clerk's room has the photo as its attachment: he may read it."""
    assert attach(api, "request", api.logged(), by="clerk").status_code == 201


# --- in and out


def test_a_content_is_uploaded_and_handed_out_to_be_saved(api: Api) -> None:
    stored = put(api)
    assert stored.status_code == 201
    assert stored.json() == EVIDENCE | {"worklog": None, "attachments": None}
    assert stored.headers["location"] == f"/api/v1{BLOB}"
    assert problem(api.get(BLOB)) == (404, "not-found")
    named(api)
    found = api.get(BLOB)
    assert (found.status_code, found.content) == (200, PHOTO)
    assert found.headers["content-type"] == "image/jpeg"
    assert found.headers["content-disposition"].startswith("attachment;")
    assert found.headers["x-content-type-options"] == "nosniff"
    assert found.headers["content-length"] == str(len(PHOTO))
    looked_at = api.client.head(f"/api/v1{BLOB}", headers={"Authorization": "Bearer clerk"})
    assert (looked_at.status_code, looked_at.content) == (200, b"")
    for name in ("content-type", "content-length", "content-disposition", "etag"):
        assert looked_at.headers[name] == found.headers[name]
    same = api.get(BLOB, headers={"If-None-Match": found.headers["etag"]})
    assert (same.status_code, same.content) == (304, b"")


def test_a_content_uploaded_again_is_answered_again(api: Api) -> None:
    first, again = put(api), put(api)
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json()


def test_a_content_may_come_in_pieces_of_unknown_length(api: Api) -> None:
    def pieces() -> Iterator[bytes]:
        for start in range(0, len(PHOTO), 50_000):
            yield PHOTO[start : start + 50_000]

    assert put(api, pieces()).status_code == 201
    named(api)
    assert api.get(BLOB).content == PHOTO


def test_another_content_than_its_name_says_is_refused(api: Api) -> None:
    assert problem(put(api, PHOTO[:-1])) == (422, "blob-digest-differs")
    assert problem(api.get(BLOB)) == (404, "not-found")


def test_too_large_a_content_is_refused_whether_or_not_it_says_so(api: Api, blobs_of: Path) -> None:
    large = b"x" * (1 << 20)
    path = f"/blobs/{hashlib.sha256(large).hexdigest()}"
    assert problem(put(api, large, path)) == (413, "too-large")
    assert problem(put(api, iter([large[:9], large[9:]]), path)) == (413, "too-large")
    assert [one for one in blobs_of.rglob("*") if one.is_file()] == []


@pytest.mark.parametrize("media_type", ["", "jpeg", "image/", "x" * 200 + "/y", "a b/c"])
def test_a_content_of_no_clear_type_is_refused(api: Api, media_type: str) -> None:
    assert problem(put(api, media_type=media_type)) == (415, "blob-type-unsupported")


def test_a_content_has_the_type_it_was_first_stored_under(api: Api) -> None:
    put(api)
    assert problem(put(api, media_type="image/png")) == (409, "blob-type-differs")
    assert problem(put(api, media_type="text/html")) == (415, "blob-type-unsupported")
    named(api)
    assert api.get(BLOB).headers["content-type"] == "image/jpeg"


@pytest.mark.parametrize("name", ["x", DIGEST[:-1], DIGEST.upper(), "..%2F..%2Fetc"])
def test_a_name_that_is_no_digest_is_refused(api: Api, name: str) -> None:
    for answer in (put(api, path=f"/blobs/{name}"), api.get(f"/blobs/{name}")):
        assert answer.status_code in (400, 404)
        problem(answer)


def test_a_misspelt_parameter_is_refused(api: Api) -> None:
    assert problem(put(api, worklgo=NOWHERE)) == (400, "malformed")
    assert problem(put(api, worklog="first")) == (400, "validation-failed")
    assert problem(api.get(BLOB, worklog=NOWHERE)) == (400, "malformed")


def test_a_store_that_cannot_write_says_so_and_the_entry_waits(api: Api, blobs_of: Path) -> None:
    blobs_of.parent.mkdir(parents=True, exist_ok=True)
    blobs_of.write_bytes(b"in the way")
    assert problem(put(api)) == (503, "store-unavailable")
    blobs_of.unlink()
    assert put(api).status_code == 201


# --- the entry that waits


def test_an_upload_confirms_the_entry_that_waits_for_it_once(api: Api) -> None:
    entry = logged(api, EVIDENCE)
    assert statuses(api, entry) == ["waiting"]
    stored = put(api, worklog=entry)
    assert stored.status_code == 201
    assert (stored.json()["worklog"]["stream"], stored.json()["worklog"]["version"]) == (entry, 2)
    assert stored.headers["x-position"] == str(stored.json()["worklog"]["position"])
    assert statuses(api, entry) == ["stored"]
    again = put(api, worklog=entry)
    assert (again.status_code, again.json()) == (200, stored.json())
    assert history(api, entry) == [
        ("worklog.logged", "chen"),
        ("worklog.evidence_upload_confirmed", "policy-evidence"),
    ]


def test_what_was_uploaded_before_is_confirmed_when_the_entry_names_it(api: Api) -> None:
    put(api)
    entry = logged(api, EVIDENCE, key="mine")
    assert statuses(api, entry) == ["stored"]
    assert logged(api, EVIDENCE, key="mine") == entry
    assert len(history(api, entry)) == 2
    other = logged(api, days_later=1)
    attached = api.post(
        f"/worklogs/{other}/attach-evidence", {"evidence": EVIDENCE}, by="lawyer", seen=1
    )
    assert (attached.status_code, attached.json()["version"]) == (200, 2)
    assert statuses(api, other) == ["stored"]


def test_what_the_entry_tells_otherwise_is_not_confirmed(api: Api) -> None:
    entry = logged(api, EVIDENCE | {"size": 7})
    assert problem(put(api, worklog=entry)) == (409, "evidence-differs")
    assert problem(put(api, iter([PHOTO]), worklog=entry)) == (409, "evidence-differs")
    assert problem(api.get(BLOB)) == (404, "not-found")
    typed = logged(api, EVIDENCE | {"media_type": "image/png"}, days_later=1)
    assert problem(put(api, worklog=typed)) == (409, "evidence-differs")
    put(api)
    for days, other in ((2, {"size": 7}), (3, {"media_type": "image/png"})):
        assert statuses(api, logged(api, EVIDENCE | other, days_later=days)) == ["waiting"]


def test_an_entry_that_is_not_there_or_names_other_evidence_is_refused(api: Api) -> None:
    assert problem(put(api, worklog=NOWHERE)) == (404, "work-unknown")
    assert problem(put(api, worklog=api.logged())) == (404, "work-unknown")
    assert problem(put(api, worklog=logged(api))) == (409, "evidence-unknown")
    assert problem(api.get(BLOB)) == (404, "not-found")


def test_evidence_that_was_given_up_is_taken_when_it_is_found_after_all(api: Api) -> None:
    entry = logged(api, EVIDENCE)
    missing = {"sha256": DIGEST, "reason": "手机损坏"}
    api.post(f"/worklogs/{entry}/report-evidence-missing", missing, by="lawyer", seen=1)
    assert statuses(api, entry) == ["missing"]
    assert put(api, worklog=entry).status_code == 201
    assert statuses(api, entry) == ["stored"]


def test_who_may_not_upload_or_read_is_refused(api: Api) -> None:
    assert problem(put(api, by="device")) == (403, "not-permitted")
    assert problem(put(api, by="auditor")) == (403, "not-permitted")
    assert problem(put(api, by="nobody")) == (401, "not-authenticated")
    put(api)
    named(api)
    assert problem(api.get(BLOB, by="device")) == (403, "not-permitted")
    assert api.get(BLOB, by="auditor").status_code == 200


# --- attachments of other things, by the same mechanism


@pytest.fixture
def things(api: Api) -> dict[str, str]:
    """The id of a thing of every kind that has attachments."""
    checklist = {"form": CHECKLIST}
    assert api.post("/forms", checklist, by="admin").status_code == 201
    bodies: dict[str, tuple[str, Any, str]] = {
        "request": ("/requests", LOGGED, "clerk"),
        "complaint": ("/complaints", {"grievance": to_builtins(GRIEVANCE)}, "leader"),
        "inspection": ("/inspections", CHECK, "leader"),
        "rectification": ("/rectifications", grounded(api), "leader"),
    }
    return {
        kind: made(api, path, body, by=by).rpartition("/")[2]
        for kind, (path, body, by) in bodies.items()
    }


def attach(api: Api, kind: str, of: str, by: str = "leader", **more: Any) -> httpx.Response:
    body = {"of_kind": kind, "evidence": EVIDENCE, "title": "现场照片"} | more
    return api.post(f"/attachments/{of}/attach", body, by=by)


def attached(api: Api, of: str, by: str = "leader") -> list[tuple[str, str, str]]:
    found = api.get(f"/attachments/{of}", by=by).json()["attachments"]
    return [(one["status"], one["by"], one["title"]) for one in found]


@pytest.mark.parametrize("kind", ["request", "complaint", "inspection", "rectification"])
def test_audit_4_9_a_photo_is_attached_to_anything_and_confirmed_when_it_is_uploaded(
    api: Api, things: dict[str, str], kind: str
) -> None:
    of = things[kind]
    assert problem(api.get(f"/attachments/{of}", by="leader")) == (404, "not-found")
    answer = attach(api, kind, of)
    assert (answer.status_code, answer.headers["location"]) == (201, f"/api/v1/attachments/{of}")
    assert attached(api, of) == [("waiting", "leader-1", "现场照片")]
    assert problem(put(api, PHOTO[1:], by="leader", attached_to=of)) == (409, "evidence-differs")
    stored = put(api, by="leader", attached_to=of)
    assert stored.status_code == 201
    assert stored.json()["attachments"]["version"] == 2
    assert attached(api, of) == [("stored", "leader-1", "现场照片")]
    told = api.get(f"/streams/{kind}/{of}/events", by="leader").json()["events"]
    assert [one["kind"] for one in told if one["kind"].startswith("attachments.")] == [
        "attachments.attached",
        "attachments.upload_confirmed",
    ]
    assert put(api, by="leader", attached_to=of).status_code == 200
    assert attach(api, kind, of).json()["position"] is None


def test_a_photo_that_was_there_before_is_confirmed_at_once(
    api: Api, things: dict[str, str]
) -> None:
    assert put(api).status_code == 201
    assert attach(api, "request", things["request"], by="clerk").status_code == 201
    assert attached(api, things["request"], by="clerk") == [("stored", "clerk-1", "现场照片")]


def test_what_is_attached_never_blocks_and_may_be_missing(api: Api, things: dict[str, str]) -> None:
    of = things["complaint"]
    attach(api, "complaint", of)
    step(api, f"/complaints/{of}/acknowledge", {"contact": "phone"}, by="leader", seen=1)
    missing = {"sha256": DIGEST, "reason": "照片丢失"}
    told = api.post(f"/attachments/{of}/report-missing", missing, by="leader", seen=1)
    assert told.status_code == 200, told.text
    assert attached(api, of)[0][0] == "missing"
    assert put(api, by="leader", attached_to=of).status_code == 201
    assert attached(api, of)[0][0] == "stored"


def test_attachments_are_of_a_thing_that_there_is(api: Api, things: dict[str, str]) -> None:
    nowhere = NOWHERE
    assert problem(attach(api, "request", nowhere)) == (404, "nothing-to-attach-to")
    assert problem(attach(api, "request", things["complaint"])) == (404, "nothing-to-attach-to")
    assert problem(put(api, attached_to=nowhere)) == (409, "evidence-unknown")
    assert problem(put(api, attached_to="x")) == (400, "validation-failed")
    both = {"attached_to": nowhere, "worklog": nowhere}
    assert problem(put(api, **both)) == (400, "malformed")


def test_attachments_of_a_complaint_are_hidden_from_whom_it_is_about(
    api: Api, things: dict[str, str]
) -> None:
    of = things["complaint"]
    assert attach(api, "complaint", of).status_code == 201
    for by in ("lawyer",):
        assert problem(api.get(f"/attachments/{of}", by=by)) == (404, "not-found")
        refused = problem(attach(api, "complaint", of, by=by))
        assert refused == (404, "nothing-to-attach-to")
        for name in (f"complaint/{of}", f"attachments/{of}"):
            hidden = api.get(f"/streams/{name}/events", by=by)
            assert problem(hidden) == (404, "not-found")
    assert api.get(f"/streams/attachments/{of}/events", by="leader").status_code == 200
