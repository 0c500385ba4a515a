"""Evaluations, objections, samples and rule sets as lists, and what a firm and a committee may read
of an evaluation."""

from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from litestar.testing import TestClient
from msgspec.structs import replace

from api.serving.app import api_of, wire
from api.web.watch import watched
from domain.vocabulary import Actor
from tests.api.conftest import ACTORS, Api, problem, settings_of
from tests.api.evaluation.test_evaluations import (
    act,
    adviser_of,
    opened,
    published,
    town,
    village_of,
)
from tests.databases import Database
from tests.evaluating import PERIOD, Town

__all__ = ["town"]


@pytest.fixture
def subject(town: Town) -> str:
    return adviser_of(town)


@pytest.fixture
def doors(town: Town, database: Database, home: Path, subject: str) -> Iterator[Api]:
    with town.connect() as connection:
        row = connection.execute(
            "SELECT firm FROM views.directory WHERE code = %s AND kind = 'adviser' LIMIT 1",
            [subject],
        ).fetchone()
    assert row is not None
    more = {
        "leader": Actor(account="leader-1", role="supervisor", unit="4401"),
        "head": Actor(account="leader-3", role="supervisor", unit="4401"),
        "own-firm": Actor(account="f-1", role="firm", unit=str(row[0])),
        "other-firm": Actor(account="f-2", role="firm", unit="FIRM-NOBODY"),
        "village": Actor(account="k-1", role="committee", unit=village_of(town, subject)),
        "nowhere": Actor(account="k-2", role="committee", unit="440199999999"),
    }
    wiring = wire(replace(settings_of(database, home), tokens=ACTORS | more), database.app_url)
    app = watched(api_of(wiring), wiring.metrics)
    with TestClient(app, raise_server_exceptions=False) as client:
        yield Api(client, database, count(1))


def listed(api: Api, path: str, by: str = "auditor", **query: Any) -> list[dict[str, Any]]:
    answer = api.get(path, by=by, **query)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json().get("rows", answer.json().get("evaluations"))
    return found


def test_evaluations_by_what_they_are_and_how_far_they_have_come(doors: Api, subject: str) -> None:
    path = opened(doors)
    doors.project()
    (line,) = listed(doors, "/evaluations")
    assert line["stage"] == "open"
    fits: dict[str, Any] = {
        "ruleset": "adviser-year", "division": "44", "period": PERIOD, "subject_kind": "adviser",
        "subject": subject, "stage": "open", "objected": False,
    }  # fmt: skip
    other: dict[str, Any] = {
        "ruleset": "point-year", "division": "45", "period": "2025", "subject_kind": "point",
        "subject": "A-NOBODY", "stage": "closed", "objected": True,
    }  # fmt: skip
    for name, value in fits.items():
        assert listed(doors, "/evaluations", **{name: value}) == [line], name
        assert listed(doors, "/evaluations", **{name: other[name]}) == [], name
    published(doors, path)
    assert [one["stage"] for one in listed(doors, "/evaluations")] == ["published"]


def test_an_objection_waits_until_it_is_answered_and_carried_out(doors: Api, subject: str) -> None:
    path = opened(doors)
    published(doors, path)
    filed = act(
        doors, path, "file-objection", {"subject": subject, "ground": "漏记走访"}, "own-firm"
    )
    assert filed.status_code == 200, filed.text
    doors.project()
    (row,) = listed(doors, "/objections", waiting=True, stage="filed", subject=subject)
    assert (row["number"], row["filed_by"], row["upheld"]) == (1, "f-1", False)
    assert "ground" not in row
    assert listed(doors, "/objections", filed_by="nobody") == []
    assert listed(doors, "/objections", by="own-firm") == [row]
    assert listed(doors, "/objections", by="other-firm") == []
    assert [one["objections"] for one in listed(doors, "/evaluations", objected=True)] == [1]
    me = doors.get("/me", by="head").json()["waiting"]
    assert [one["count"] for one in me if one["what"] == "objections_waiting"] == [1]
    rejected = {"number": 1, "upheld": False, "reason": "已计入"}
    assert act(doors, path, "answer-objection", rejected).status_code == 200
    doors.project()
    assert listed(doors, "/objections", waiting=True) == []
    (row,) = listed(doors, "/objections", stage="answered")
    assert row["appeal_until"] is not None
    allowed = doors.get(path, by="own-firm").json()["allowed"]
    assert allowed == ["FileObjection", "FileAppeal"]
    assert "DecideAppeal" not in doors.get(path, by="head").json()["allowed"]


def test_a_firm_and_a_committee_read_of_their_own_alone(doors: Api, subject: str) -> None:
    path = opened(doors)
    run = published(doors, path)
    everybody = {one["result"]["subject"] for one in run["results"]}
    whole = doors.get(path, by="head").json()["state"]
    assert set(whole["subjects"]) == everybody
    for by in ("own-firm", "village"):
        assert [one["id"] for one in listed(doors, "/evaluations", by)] == [
            doors.get(path, by="head").json()["id"]
        ]
        found = doors.get(path, by=by).json()["state"]
        own = set(found["subjects"])
        assert subject in own <= everybody
        assert set(found["standing"]) == own
        assert set(found["opened"]["subjects"]) == own
        for one in found["determinations"]:
            assert {result["subject"] for result in one["run"]["results"]} == own
        for of in ("", "?determination=1"):
            results = doors.get(f"{path}/results{of}", by=by).json()
            assert {one["subject"] for one in results["results"]} == own
            assert {one["result"]["subject"] for one in results["ranking"]} == own
    for by in ("other-firm", "nowhere"):
        assert listed(doors, "/evaluations", by) == []
        for where in (path, f"{path}/results"):
            assert problem(doors.get(where, by=by)) == (404, "not-found")
    explained = doors.get(f"{path}/explain/{subject}", by="own-firm")
    assert explained.status_code == 200, explained.text
    assert problem(doors.get(f"{path}/explain/{subject}", by="other-firm")) == (404, "not-found")


def test_a_committee_reads_of_the_points_in_its_village_alone(doors: Api) -> None:
    opening = {"ruleset": "point-year@1", "period": PERIOD}
    answer = doors.post("/evaluations", opening, by="leader")
    assert answer.status_code == 201, answer.text
    path = answer.headers["location"].removeprefix("/api/v1")
    doors.project()
    everybody = set(doors.get(path, by="head").json()["state"]["subjects"])
    found = doors.get(path, by="village").json()["state"]
    own = set(found["subjects"])
    assert own < everybody
    assert set(found["to_determine"]) == set(found["opened"]["subjects"]) == own
    assert own
    for stranger in sorted(everybody - own):
        assert listed(doors, "/evaluations", "village", subject=stranger)
        assert stranger not in doors.get(path, by="village").text
    assert listed(doors, "/evaluations", "own-firm") == []


def test_a_firm_objects_for_its_own_advisers_alone(doors: Api, subject: str) -> None:
    path = opened(doors)
    published(doors, path)
    filing = {"subject": subject, "ground": "漏记走访"}
    refused = act(doors, path, "file-objection", filing, "other-firm")
    assert problem(refused) == (409, "not-this-firm")
    refused = act(doors, path, "file-objection", filing, "nowhere")
    assert problem(refused) == (409, "not-this-village")
    assert act(doors, path, "file-objection", filing, "village").status_code == 200


def test_samples_by_what_is_sampled_and_whether_they_were_drawn(doors: Api) -> None:
    doors.project()
    announcement = {"of": "worklog", "division": "4401", "size": 2, "purpose": "季度抽查"}
    answer = doors.post("/samples", announcement, by="leader")
    assert answer.status_code == 201, answer.text
    doors.project()
    (row,) = listed(doors, "/samples")
    assert (row["of"], row["size"], row["drawn"], row["announced_by"]) == (
        "worklog", 2, False, "leader-1",
    )  # fmt: skip
    for query in ({"of": "worklog"}, {"drawn": False}, {"division": "44"}, {"from": row["day"]}):
        assert listed(doors, "/samples", **query) == [row], query
    for query in ({"of": "request"}, {"drawn": True}, {"division": "45"}, {"to": row["day"]}):
        assert listed(doors, "/samples", **query) == [], query
    assert problem(doors.get("/samples", by="own-firm")) == (403, "not-permitted")


def test_rule_sets_by_whom_they_are_for_and_from_when(doors: Api) -> None:
    doors.project()
    whole = listed(doors, "/rulesets")
    assert {row["kind"] for row in whole} == {"ruleset"}
    advisers = listed(doors, "/rulesets", subject="adviser")
    assert advisers == [row for row in whole if row["subject"] == "adviser"] != []
    assert listed(doors, "/rulesets", effective_by="1990-01-01") == []
    assert [row["code"] for row in whole] == sorted(row["code"] for row in whole)
