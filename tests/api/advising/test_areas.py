"""Areas of leaders over HTTP, and their rounds."""

from typing import Final

from tests.api.conftest import Api, problem

ASSIGN: Final = {
    "division": "440103", "leader": "leader-1", "since": "2026-01-01", "basis": "局务会议",
}  # fmt: skip
WHERE: Final = "/areas/440103"


def test_an_area_is_assigned_handed_over_and_released(api: Api) -> None:
    made = api.post("/areas", ASSIGN, by="leader")
    assert made.status_code == 201, made.text
    assert made.headers["location"] == f"/api/v1{WHERE}"
    assert problem(api.post("/areas", ASSIGN, by="clerk"))[0] == 403
    longer = api.post("/areas", ASSIGN | {"division": "440103000"}, by="leader")
    assert problem(longer) == (409, "division-written-longer")
    later = ASSIGN | {"leader": "leader-2", "since": "2026-03-01"}
    assert api.post("/areas", later, by="leader").status_code == 201
    shown = api.get(WHERE, by="leader").json()
    assert [(one["leader"], one["until"]) for one in shown["state"]["tenures"]] == [
        ("leader-1", "2026-03-01"), ("leader-2", None),
    ]  # fmt: skip
    assert shown["allowed"] == ["ReleaseArea"]
    release = {"until": "2026-06-01", "reason": "班子调整"}
    assert api.post(f"{WHERE}/release", release, by="leader", seen=2).is_success
    assert api.get(WHERE, by="leader").json()["allowed"] == []
    api.project()
    rows = api.get("/areas", on="2026-04-01").json()["rows"]
    assert [one["leader"] for one in rows] == ["leader-2"]
    first = api.get("/areas", limit=1).json()
    rest = api.get("/areas", limit=1, cursor=first["next_cursor"]).json()["rows"]
    assert [one["leader"] for one in first["rows"] + rest] == ["leader-1", "leader-2"]


def test_the_rounds_of_a_quarter_are_due_until_they_are_done(api: Api) -> None:
    assert api.post("/areas", ASSIGN, by="leader").status_code == 201
    api.project()
    found = api.get("/reports/rounds", by="leader", period="2026-Q1").json()
    assert [(one["division"], one["due"], one["done"]) for one in found["rows"]] == [
        ("440103", True, 0)
    ]
    assert [(one["due"], one["outstanding"]) for one in found["leaders"]] == [(1, 1)]
    wrong = api.get("/reports/rounds", by="leader", period="2026-03")
    assert problem(wrong) == (400, "validation-failed")
