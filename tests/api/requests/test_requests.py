"""Requests over HTTP: logging, reading back, what is allowed, the list and its pages."""

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from msgspec import to_builtins
from msgspec.structs import replace

from api.serving.commands import ROUTES
from domain import attachments, simulated_log
from domain.advising import worklog
from domain.aggregates import AGGREGATE_BY_COMMAND
from domain.promises import promise_watch
from domain.reporting import disclosure
from domain.reporting import period_end as period
from domain.vocabulary import Visitor
from tests.api.conftest import CONSULTED, LOGGED, Api, problem
from tests.complaints import GRIEVANCE


def test_a_request_is_logged_and_read_back_at_once(api: Api) -> None:
    logged = api.post("/requests", LOGGED)
    assert logged.status_code == 201
    assert logged.headers["etag"] == '"1"'
    answer = logged.json()
    assert logged.headers["x-position"] == str(answer["position"])
    location = logged.headers["location"].removeprefix("/api/v1")
    assert location == f"/requests/{answer['stream']}"

    found = api.get(location, unmask="核对登记内容")
    assert found.status_code == 200
    assert found.headers["etag"] == '"1"'
    shown = found.json()
    assert shown["version"] == 1
    assert shown["state"]["logged"]["subject"] == "拖欠工资"
    assert {one["name"] for one in shown["state"]["promises"]} == {"first_response", "close"}


def test_every_command_of_the_domain_has_a_route_unless_the_program_gives_it_itself() -> None:
    own = {
        *promise_watch.COMMANDS, *period.COMMANDS, worklog.ConfirmEvidenceUpload,
        attachments.ConfirmUpload,
        *disclosure.COMMANDS, *simulated_log.COMMANDS,
    }  # fmt: skip
    routed = {route.command for route in ROUTES}
    assert routed == set(AGGREGATE_BY_COMMAND) - own
    names = [route.name for route in ROUTES]
    assert len(names) == len(set(names))


def test_what_is_allowed_follows_role_and_state(api: Api) -> None:
    request = api.consulted()
    clerk = api.get(f"/requests/{request}").json()["allowed"]
    assert {"CloseRequest", "AddNote", "VoidRequest"} <= set(clerk)
    assert "ReopenRequest" not in clerk
    assert api.get(f"/requests/{request}", by="auditor").json()["allowed"] == []

    api.post(f"/requests/{request}/close", {"kind": "answered"}, seen=2)
    closed = api.get(f"/requests/{request}").json()["allowed"]
    assert "ReopenRequest" in closed
    assert "CloseRequest" not in closed


def test_what_happened_earlier_is_entered_with_its_own_time(api: Api) -> None:
    yesterday = (datetime.now(UTC) - timedelta(hours=30)).isoformat()
    assert problem(api.post("/requests", LOGGED, occurred_at=yesterday)) == (
        409,
        "late-entry-needs-reason",
    )
    late = api.post("/requests", LOGGED | {"late_reason": "停电"}, occurred_at=yesterday)
    assert late.status_code == 201
    shown = api.get(f"/requests/{late.json()['stream']}").json()
    asked_at = datetime.fromisoformat(shown["state"]["logged"]["requested_at"])
    assert asked_at == datetime.fromisoformat(yesterday)


def test_a_request_is_shown_as_it_was_known_then(api: Api) -> None:
    request = api.logged()
    before = api.get(f"/requests/{request}")
    noted = api.post(f"/requests/{request}/give-consultation", CONSULTED, seen=1).json()
    then = datetime.fromisoformat(noted["recorded_at"]) - timedelta(microseconds=1)

    as_known = api.get(f"/requests/{request}", as_known_at=then.isoformat())
    assert as_known.json() == before.json()
    assert api.get(f"/requests/{request}").json()["version"] == 2
    long_ago = api.get(f"/requests/{request}", as_known_at="2020-01-01T00:00:00Z")
    assert problem(long_ago) == (404, "not-found")


def test_an_unknown_request_is_not_found(api: Api) -> None:
    nowhere = "/requests/00000000-0000-4000-8000-000000000009"
    assert problem(api.get(nowhere)) == (404, "not-found")
    assert problem(api.post(f"{nowhere}/add-note", {"text": "x"}, seen=1)) == (404, "not-found")
    assert problem(api.post(f"{nowhere}/add-note", {"text": "x"}, seen=0)) == (
        404,
        "request-unknown",
    )
    assert problem(api.get("/requests/not-an-id")) == (404, "not-found")


def test_a_duplicate_is_linked_to_a_request_that_exists(api: Api) -> None:
    original, request = api.logged(), api.logged()
    nowhere = "00000000-0000-4000-8000-000000000009"
    linking = f"/requests/{request}/link-duplicate"
    assert problem(api.post(linking, {"original": nowhere, "reason": "同一事"}, seen=1)) == (
        409,
        "request-unknown",
    )
    linked = api.post(linking, {"original": original, "reason": "同一事"}, seen=1)
    assert linked.status_code == 200
    assert api.get(f"/requests/{request}").json()["state"]["duplicate_of"] == [original]
    circle = api.post(
        f"/requests/{original}/link-duplicate", {"original": request, "reason": "同一事"}, seen=1
    )
    assert problem(circle) == (409, "original-is-duplicate")


# --- the list


def test_a_reader_sees_his_own_write_by_waiting_for_its_position(api: Api) -> None:
    logged = api.post("/requests", LOGGED)
    api.project()
    listed = api.get("/requests", wait_for=logged.headers["x-position"])
    assert listed.status_code == 200
    assert [row["request"] for row in listed.json()["rows"]] == [logged.json()["stream"]]
    assert int(listed.headers["x-position"]) >= logged.json()["position"]


def test_a_list_that_has_not_come_so_far_says_so(api: Api) -> None:
    api.project()
    position = api.post("/requests", LOGGED).json()["position"]
    waiting = api.get("/requests", wait_for=position)
    assert problem(waiting) == (503, "not-yet-visible")
    assert waiting.headers["retry-after"] == "1"
    never_answered = api.get("/requests", wait_for=position + 1)
    assert problem(never_answered) == (400, "position-unknown")


def test_pages_follow_one_another_without_gap_or_repetition(api: Api) -> None:
    made = {api.logged() for _ in range(5)}
    api.project()
    seen: list[str] = []
    path = "/requests?limit=2&order=requested"
    while path:
        answer = api.get(path)
        page = answer.json()
        seen += [row["request"] for row in page["rows"]]
        link = answer.headers.get("link", "")
        assert bool(link) == (page["next_cursor"] is not None)
        target = urlsplit(link.partition(">")[0].lstrip("<"))
        path = f"{target.path.removeprefix('/api/v1')}?{target.query}" if link else ""
    assert len(seen) == 5
    assert set(seen) == made


def test_a_cursor_is_good_for_its_own_question_only(api: Api) -> None:
    for _ in range(3):
        api.logged()
    api.project()
    cursor = api.get("/requests", limit=1).json()["next_cursor"]
    assert api.get("/requests", limit=2, cursor=cursor).status_code == 200
    assert problem(api.get("/requests", point="ROOM-1", cursor=cursor)) == (400, "cursor-invalid")
    assert problem(api.get("/requests", cursor=cursor[:-2] + "AA")) == (400, "cursor-invalid")
    assert problem(api.get("/requests", cursor="非")) == (400, "cursor-invalid")


def test_the_list_filters_and_searches_chinese(api: Api) -> None:
    wages = api.logged()
    api.logged(subject="房屋租赁纠纷", channel="phone")
    api.project()

    def found(**query: Any) -> list[str]:
        return [row["request"] for row in api.get("/requests", **query).json()["rows"]]

    assert found(text="工资") == [wages]
    assert found(channel="counter") == [wages]
    assert found(point="STATION-1") == []
    assert len(found(division="440103", status="open")) == 2


def test_a_misspelt_parameter_is_refused_and_not_passed_over(api: Api) -> None:
    api.project()
    misspelt = api.get("/requests", as_know_at="2020-01-01T00:00:00Z")
    assert problem(misspelt) == (400, "validation-failed")
    assert problem(api.get("/requests", limit="201")) == (400, "validation-failed")
    assert problem(api.get("/requests?limit=1&limit=2")) == (400, "malformed")
    assert problem(api.get("/requests", as_known_at="2020-01-01T00:00:00")) == (400, "malformed")
    assert problem(api.post("/requests", LOGGED, ocurred_at="2020-01-01T00:00:00Z")) == (
        400,
        "malformed",
    )


def test_a_character_that_no_text_has_is_refused_wherever_it_comes(api: Api) -> None:
    """U+0000 can be sent, but no table keeps it: one such event would stop every list."""
    api.project()
    assert problem(api.get("/requests", external_id="a\0b")) == (400, "malformed")
    nul = api.post("/requests", LOGGED | {"subject": "a\0b"})
    assert problem(nul) == (400, "validation-failed")
    logged = api.post("/requests", LOGGED | {"subject": r"\u0000"})
    assert logged.status_code == 201
    api.project()
    assert len(api.get("/requests").json()["rows"]) == 1


def test_s4_one_character_is_searched_and_a_letter_is_not(api: Api) -> None:
    yellow = api.logged(visitor={"name": "黄 河"})
    api.project()
    for text in ("黄", "⻩", "黃", "黄河", "黃　河"):
        assert [one["request"] for one in api.get("/requests", text=text).json()["rows"]] == [
            yellow
        ]
    assert api.get("/requests", text="王").json()["rows"] == []
    for letter in ("x", "1", "，"):
        assert problem(api.get("/requests", text=letter)) == (400, "validation-failed")


@pytest.mark.parametrize("name", ["王 小明", "王　小明", "王\u200b小明", "王小明"])
def test_s4_a_padded_name_is_found(name: str, api: Api) -> None:
    about = to_builtins(replace(GRIEVANCE, adviser=None, complainant=Visitor(name=name)))
    request = api.logged(visitor={"name": name})
    complaint = api.post("/complaints", {"grievance": about}).json()["stream"]
    api.project()
    for text in ("王小明", "王 小明", "小明"):
        assert [one["request"] for one in api.get("/requests", text=text).json()["rows"]] == [
            request
        ]
        board = api.get("/complaints", by="leader", text=text).json()["rows"]
        assert [one["stream"] for one in board] == [complaint]


@pytest.mark.parametrize(
    "path",
    ["/requests", "/complaints", "/complaints/counts", "/directory", "/public/directory"],
)
def test_s4_a_search_for_blanks_is_refused_and_does_not_list_everything(
    path: str, api: Api
) -> None:
    api.project()
    for text in ("", "  ", "\u3000", "\u200b", " \u200b\ufeff "):
        assert problem(api.get(path, text=text)) == (400, "validation-failed")


@pytest.mark.parametrize("path", ["/requests", "/complaints", "/complaints/counts"])
def test_s4_no_word_of_a_search_is_passed_over(path: str, api: Api) -> None:
    api.project()
    eight = " ".join("工资" for _ in range(8))
    assert api.get(path, text=eight).status_code == 200
    refused = api.get(path, text=f"{eight} 不存在")
    assert problem(refused) == (400, "validation-failed")
    assert refused.json()["errors"] == [{"field": "text", "message": "more than 8 words"}]
