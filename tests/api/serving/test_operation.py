"""Health, metrics, log lines, the OpenAPI document and its page."""

import base64
import hashlib
import json
import logging
import re
from collections.abc import Callable, Iterator
from importlib.resources import files
from typing import Any

import psycopg
import pytest
from prometheus_client.parser import text_string_to_metric_families

from api.accounts.oidc_routes import ALL_DOORS
from api.serving.commands import ROUTES
from api.serving.questions import QUESTIONS
from api.web import logs
from tests.api.conftest import LOGGED, Api, problem

# --- health


def test_a_process_lives_and_says_when_it_is_not_ready(api: Api) -> None:
    assert api.client.get("/health/live").json() == {"status": "ok"}
    api.project()
    ready = api.client.get("/health/ready")
    assert (ready.status_code, ready.json()["status"], ready.json()["lag"]) == (200, "ok", 0)


def test_a_schema_of_another_version_is_not_ready(api: Api) -> None:
    api.project()
    with psycopg.connect(api.database.owner_url) as owner:
        owner.execute("DELETE FROM schema_version WHERE number > 1")
    ready = api.client.get("/health/ready")
    assert (ready.status_code, ready.json()["schema"]) == (503, "failing")


def test_a_database_that_is_gone_is_not_ready_and_commands_say_so(api: Api) -> None:
    with psycopg.connect(api.database.superuser_url, dbname="postgres", autocommit=True) as server:
        server.execute(f"ALTER DATABASE {api.database.name} ALLOW_CONNECTIONS false")
        end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        server.execute(f"{end} WHERE datname = %s AND pid <> pg_backend_pid()", [api.database.name])
    ready = api.client.get("/health/ready")
    assert (ready.status_code, ready.json()["database"]) == (503, "failing")
    asked = api.get("/requests/00000000-0000-4000-8000-000000000009")
    assert problem(asked) == (503, "unavailable")
    assert api.client.get("/health/live").status_code == 200


def test_s4_a_restarted_database_costs_nobody_an_answer(api: Api) -> None:
    """Every idle connection of every pool is cut, as by a restart; the next calls use them."""
    request = api.logged()
    api.project()
    asked = (f"/requests/{request}", "/requests", "/complaints", "/directory", "/points")
    with psycopg.connect(api.database.superuser_url, dbname="postgres", autocommit=True) as server:
        for _ in range(3):
            end = "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity"
            server.execute(f"{end} WHERE datname = %s", [api.database.name])
            told = [api.get(path).status_code for path in asked]
            told.append(api.client.get("/health/ready").status_code)
            told.append(api.post("/requests", LOGGED).status_code)
            assert told == [200] * 6 + [201]


# --- metrics


def test_metrics_count_requests_by_template_and_tell_the_lag(api: Api) -> None:
    api.project()
    request = api.logged()
    api.get(f"/requests/{request}")
    text = api.client.get("/metrics").text
    found = {
        (sample.name, *sorted(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }
    counted = (
        "anjuan_http_request_seconds_count",
        ("method", "GET"),
        ("route", "/api/v1/requests/{id}"),
        ("status", "200"),
    )
    assert found[counted] == 1
    assert found[("anjuan_view_lag", ("view", "journal"))] == 1
    assert found[("anjuan_log_head",)] == 6
    assert found[("anjuan_append_commands_count",)] == 6
    assert request not in text


# --- log lines


@pytest.fixture
def written(capsys: pytest.CaptureFixture[str]) -> Iterator[Callable[[], list[dict[str, Any]]]]:
    """The log lines so far, as a server without a terminal writes them."""
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    logs.configure("info", terminal=False)
    yield lambda: [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    root.handlers[:] = before
    root.setLevel(level)


def test_log_lines_hold_nothing_of_what_people_said(
    written: Callable[[], list[dict[str, Any]]], api: Api
) -> None:
    request, link = api.invited()
    api.post(link, {"grade": 5, "comment": "很满意的服务"}, by=None, key="")
    api.get("/requests", text="陈小明")
    api.post("/requests", LOGGED | {"visitor": {"phone": "not a phone"}})
    api.get("/requests/13800001234")
    logging.getLogger("somewhere").warning("row %s", "陈小明", extra={"visitor": "陈小明"})
    # A line is written after its answer was sent, so one more request makes sure of those before.
    api.client.get("/health/live")
    lines = written()

    answered = [one for one in lines if one.get("route", "/health/live") != "/health/live"]
    assert [line["status"] for line in answered][-8:] == [201, 200, 201, 200, 200, 503, 400, 404]
    assert {"somewhere", "httpx"} <= {line.get("logger") for line in lines}
    assert all(set(line) <= logs.ALLOWED for line in lines)
    text = json.dumps(lines, ensure_ascii=False)
    token = link.rpartition("/")[2]
    secrets = ("陈小明", "1380000", "拖欠工资", "很满意", "not a phone", token, request, "clerk")
    for word in secrets:
        assert word not in text
    assert "/api/v1/ratings/{id}/{token}" in {line["route"] for line in answered}


# --- the document


def test_every_route_is_in_the_document(api: Api) -> None:
    document = api.client.get("/schema/openapi.json").json()
    assert document["openapi"] == "3.1.0"
    told = {
        operation["operationId"]
        for path in document["paths"].values()
        for operation in path.values()
    }
    assert told == {route.name for route in ROUTES} | {one.name for one in QUESTIONS} | {
        "EventStream",
        "Blob",
        "BlobHead",
        "PutBlob",
        "Live",
        "Ready",
        "Metrics",
        *(one.name for one in ALL_DOORS),
    }


def test_the_page_of_the_document_loads_nothing_from_elsewhere(api: Api) -> None:
    page = api.client.get("/schema")
    assert page.status_code == 200
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "<script>" not in page.text
    loaded = re.findall(r'(?:src|href)="([^"]+)"', page.text)
    assert len(loaded) == 4
    for address in loaded:
        if address != "data:,":
            assert address.startswith("/schema/")
            assert api.client.get(address).status_code == 200


def test_vendored_files_are_those_that_were_fetched() -> None:
    folder = files("api") / "static" / "vendor"
    listed: list[dict[str, Any]] = json.loads((folder / "vendor.json").read_text("utf-8"))
    there = {one.name for one in folder.iterdir() if one.is_dir()}
    assert there == {package["folder"] for package in listed}
    for package in listed:
        held = folder / package["folder"]
        assert {one.name for one in held.iterdir()} == set(package["files"])
        for name, expected in package["files"].items():
            digest = hashlib.sha384((held / name).read_bytes()).digest()
            assert "sha384-" + base64.b64encode(digest).decode() == expected
