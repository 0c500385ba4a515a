"""The period reports over HTTP, and the state of the views."""

from datetime import datetime, timedelta

import pytest
from httpx import Response

from tests.api.conftest import Api, problem


@pytest.mark.parametrize("report", ["workload", "response-times", "satisfaction"])
def test_a_report_says_what_it_stands_on(api: Api, report: str) -> None:
    api.consulted()
    head = api.project()
    answer = api.get(f"/reports/{report}", by="auditor", by_="")
    assert problem(answer) == (400, "validation-failed")
    found = api.client.get(
        f"/api/v1/reports/{report}?by=service", headers={"Authorization": "Bearer auditor"}
    )
    assert found.status_code == 200
    assert found.json()["basis"]["position"] == head
    assert found.headers["x-position"] == str(head)
    assert [row["key"] for row in found.json()["rows"]] == ["consultation"]


def test_a_report_is_the_same_whenever_it_is_asked_as_known_then(api: Api) -> None:
    first = api.consulted()
    api.project()
    known = api.get(f"/requests/{first}").json()
    timeline = api.get(f"/streams/request/{first}/events").json()["events"]
    then = datetime.fromisoformat(timeline[-1]["recorded_at"]).isoformat()
    before = api.get("/reports/workload", as_known_at=then)
    api.logged()
    api.project()
    again = api.get("/reports/workload", as_known_at=then)
    assert again.json() == before.json()
    assert again.headers["etag"] == before.headers["etag"]
    assert again.json()["basis"]["position"] == known["position"]
    assert again.json()["rows"][0]["services"] == 1
    assert api.get("/reports/workload").json()["rows"][0]["services"] == 2


def test_a_report_waits_for_views_that_lag_behind_the_instant_asked_for(api: Api) -> None:
    api.consulted()
    api.project()
    request = api.logged()
    recorded_at = api.get(f"/streams/request/{request}/events").json()["events"][-1]["recorded_at"]
    late = (datetime.fromisoformat(recorded_at) + timedelta(seconds=1)).isoformat()
    assert problem(api.get("/reports/workload", as_known_at=late)) == (503, "not-yet-visible")
    api.project()
    assert api.get("/reports/workload", as_known_at=late).status_code == 200


def test_views_tell_how_far_they_have_come(api: Api) -> None:
    assert problem(api.get("/views")) == (503, "views-missing")
    head = api.project()
    views = api.get("/views").json()["views"]
    assert {view["position"] for view in views} == {head}
    assert {view["lag"] for view in views} == {0}
    assert {view["faults"] for view in views} == {0}


def test_audit_4_2_the_workload_is_crossed_by_adviser_and_month(api: Api) -> None:
    api.consulted()
    api.project()

    def workload(query: str) -> Response:
        bearer = {"Authorization": "Bearer auditor"}
        return api.client.get(f"/api/v1/reports/workload?{query}", headers=bearer)

    [by_month] = workload("by=month").json()["rows"]
    [row] = workload("by=adviser,month").json()["rows"]
    assert (row["key"], row["crossed"]) == ("A-1", by_month["key"])
    assert (row["services"], row["visits"], row["minutes"]) == (1, 0, by_month["minutes"])
    assert workload("window=nowhere").json()["rows"] == []
    assert len(workload("point_kind=room").json()["rows"]) == 1
    for wrong in ("adviser,", "adviser,month,point", "colour", "adviser,colour"):
        assert problem(workload(f"by={wrong}")) == (400, "validation-failed")
    no_filter = api.get("/reports/promises", window="W-1")
    assert problem(no_filter) == (400, "validation-failed")
