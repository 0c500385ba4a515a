"""Marks and awards over HTTP, and in the directory that everybody may read."""

from typing import Final

from tests.api.conftest import Api, problem

AWARD: Final = {
    "kind": "demonstration", "code": "ROOM-1", "year": 2025, "awarded_on": "2026-01-15",
    "awarded_by": "广州市司法局", "basis": "示例", "valid_until": "2199-12-31",
}  # fmt: skip


def test_a_mark_is_awarded_shown_counted_and_withdrawn(api: Api) -> None:
    made = api.post("/marks", AWARD, by="leader")
    assert made.status_code == 201, made.text
    where = made.headers["location"].removeprefix("/api/v1")
    assert problem(api.post("/marks", AWARD, by="clerk"))[0] == 403
    unknown = api.post("/marks", AWARD | {"kind": "golden"}, by="leader")
    assert problem(unknown) == (409, "mark-kind-unknown")
    nowhere = api.post("/marks", AWARD | {"code": "ROOM-9"}, by="leader")
    assert problem(nowhere) == (409, "point-unknown")
    api.project()
    [row] = api.get("/marks", code="ROOM-1").json()["rows"]
    assert (row["standing"], row["division"], row["year"]) == ("valid", "440103001001", 2025)
    [counted] = api.get("/reports/marks", by="leader").json()["rows"]
    assert (counted["kind"], counted["district"], counted["valid"]) == (
        "demonstration", "440103", 1,
    )  # fmt: skip
    public = api.get("/public/directory", by=None, kind="room").json()["rows"]
    assert [one["marks"] for one in public] == [
        [{"kind": "demonstration", "name": "示范点", "year": 2025}]
    ]
    withdraw = {"reason": "复查不合格"}
    assert api.post(f"{where}/withdraw", withdraw, by="leader", seen=1).is_success
    shown = api.get(where, by="leader").json()
    assert shown["allowed"] == []
    assert shown["state"]["withdrawn"]["reason"] == "复查不合格"
    api.project()
    assert [one["standing"] for one in api.get("/marks").json()["rows"]] == ["withdrawn"]
    assert api.get("/public/directory", by=None, kind="room").json()["rows"][0]["marks"] == []


def test_an_expired_mark_is_told_as_expired_by_the_day_asked_for(api: Api) -> None:
    past = AWARD | {"valid_until": "2026-02-01"}
    assert api.post("/marks", past, by="leader").status_code == 201
    api.project()
    assert [one["standing"] for one in api.get("/marks").json()["rows"]] == ["expired"]
    then = api.get("/marks", on="2026-02-01").json()
    assert (then["day"], then["rows"][0]["standing"]) == ("2026-02-01", "valid")
