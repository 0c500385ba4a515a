"""The period reports over HTTP, and the state of the views."""

from datetime import datetime, timedelta

import pytest

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
