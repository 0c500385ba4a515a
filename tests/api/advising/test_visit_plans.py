"""Visit plans over HTTP: planned, a change asked and decided, listed and counted."""

from typing import Any, Final

from tests.api.conftest import Api, problem

VILLAGE: Final = "440103001001"
PLAN: Final[dict[str, Any]] = {
    "adviser": "A-1",
    "village": VILLAGE,
    "month": "2199-03",
    "visits": [
        {"starts_at": "2199-03-05T14:30:00+08:00", "minutes": 120},
        {"starts_at": "2199-03-19T14:30:00+08:00", "minutes": 120},
    ],
}
WHERE: Final = f"/visit-plans/A-1/{VILLAGE}/2199-03"
LATER: Final = {"starts_at": "2199-03-06T19:30:00+08:00", "minutes": 90}


def planned(api: Api) -> None:
    api.served_by_firm()
    made = api.post("/visit-plans", PLAN, by="lawyer")
    assert made.status_code == 201, made.text
    assert made.headers["location"] == f"/api/v1{WHERE}"


def test_a_change_is_asked_by_the_adviser_and_decided_by_the_office(api: Api) -> None:
    planned(api)
    ask = {"visit": 1, "to": LATER, "reason": "开庭"}
    assert problem(api.post(f"{WHERE}/approve-change", {"visit": 1}, by="leader", seen=1)) == (
        409, "no-change-asked",
    )  # fmt: skip
    assert api.post(f"{WHERE}/ask-change", ask, by="lawyer", seen=1).status_code == 200
    assert problem(api.post(f"{WHERE}/approve-change", {"visit": 1}, by="lawyer", seen=2)) == (
        403, "not-permitted",
    )  # fmt: skip
    shown = api.get(WHERE, by="leader").json()
    assert shown["allowed"] == ["AskChange", "ApproveChange", "RefuseChange"]
    assert shown["state"]["visits"][0]["asked"]["reason"] == "开庭"
    assert api.post(f"{WHERE}/approve-change", {"visit": 1}, by="leader", seen=2).is_success
    drop = {"visit": 2, "reason": "换届"}
    assert api.post(f"{WHERE}/ask-change", drop, by="lawyer", seen=3).is_success
    refuse = {"visit": 2, "reason": "当日有检查"}
    assert api.post(f"{WHERE}/refuse-change", refuse, by="leader", seen=4).is_success
    api.project()
    rows = api.get("/visits", adviser="A-1").json()["rows"]
    assert [(one["visit"], one["standing"], one["moved"], one["refused"]) for one in rows] == [
        (2, "planned", False, 1), (1, "planned", True, 0),
    ]  # fmt: skip
    first = api.get("/visits", limit=1).json()
    rest = api.get("/visits", limit=1, cursor=first["next_cursor"]).json()
    assert first["rows"] + rest["rows"] == rows
    [counted] = api.get("/reports/visits", by="leader", division="440103", period="2199-03").json()[
        "rows"
    ]
    assert (counted["planned"], counted["moved"], counted["missed"]) == (2, 1, 0)


def test_nobody_plans_where_he_does_not_serve_and_nothing_past(api: Api) -> None:
    assert problem(api.post("/visit-plans", PLAN, by="lawyer")) == (409, "not-serving-there")
    api.served_by_firm()
    past = {"month": "2026-03", "visits": [
        {"starts_at": "2026-03-05T14:30:00+08:00", "minutes": 120}
    ]}  # fmt: skip
    gone = api.post("/visit-plans", PLAN | past, by="lawyer")
    assert problem(gone) == (409, "visit-not-ahead")
    assert problem(api.get(WHERE)) == (404, "not-found")
