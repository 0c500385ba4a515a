"""Points, advisers, calendars and policies over HTTP."""

from datetime import datetime

from tests.api.conftest import Api, problem
from tests.examples import OPENED

ROOM = {
    "code": "ROOM-2",
    "kind": "room",
    "name": "昌华街工作室",
    "division": "440103002001",
    "division_source": "2023 统计用区划代码",
    "valid_from": "2020-01-01",
}


def test_a_point_is_opened_changed_and_shown(api: Api) -> None:
    opened = api.post("/points", ROOM, by="admin")
    assert opened.headers["location"] == "/api/v1/points/ROOM-2"
    renamed = api.post("/points/ROOM-2/rename", {"name": "新名"}, by="admin", seen=1)
    assert renamed.headers["etag"] == '"2"'
    shown = api.get("/points/ROOM-2")
    assert shown.headers["etag"] == '"2"'
    assert shown.json()["state"]["name"] == "新名"
    assert problem(api.get("/points/NOWHERE")) == (404, "not-found")


def test_a_code_is_never_given_twice(api: Api) -> None:
    api.post("/points", ROOM, by="admin")
    other = api.post("/points", ROOM | {"name": "另一个"}, by="admin")
    assert problem(other) == (409, "point-exists")


def test_a_request_at_a_point_that_is_not_there_is_refused_but_not_lost(api: Api) -> None:
    refused = api.post(
        "/requests",
        {"point": "NOWHERE", "channel": "phone", "service": "other", "subject": "x"},
    )
    assert problem(refused) == (409, "point-unknown")
    assert refused.json()["detail"] == "NOWHERE"


def test_points_are_listed_by_code_in_pages_and_as_known_then(api: Api) -> None:
    position = api.post("/points", ROOM, by="admin").json()
    first = api.get("/points", limit=2)
    page = first.json()
    assert [row["code"] for row in page["rows"]] == ["ROOM-1", "ROOM-2"]
    rest = api.get("/points", limit=2, cursor=page["next_cursor"]).json()
    assert [row["code"] for row in rest["rows"]] == ["STATION-1"]
    assert rest["next_cursor"] is None

    before = datetime.fromisoformat(position["recorded_at"]).replace(microsecond=0).isoformat()
    then = api.get("/points", kind="room", division="440103", as_known_at=before).json()
    assert "ROOM-2" not in [row["code"] for row in then["rows"]]
    assert problem(api.get("/points", wait_for=10_000)) == (400, "position-unknown")


def test_points_are_found_by_a_service_that_they_offer(api: Api) -> None:
    def offering(service: str) -> list[str]:
        return [one["code"] for one in api.get("/points", service=service).json()["rows"]]

    assert offering("consultation") == ["ROOM-1", "STATION-1"]
    assert offering("notary") == ["STATION-1"], "it names no services, so it offers all"
    room = api.get("/points/ROOM-1").json()["version"]
    given = {"services": ["consultation", "notary"]}
    api.post("/points/ROOM-1/change-services", given, by="admin", seen=room)
    assert offering("notary") == ["ROOM-1", "STATION-1"]
    assert offering("mediation") == ["STATION-1"]


def test_advisers_are_listed_and_moved(api: Api) -> None:
    moved = api.post("/advisers/A-1/move", {"firm": "FIRM-9"}, by="admin", seen=1)
    assert moved.status_code == 200
    assert [one["code"] for one in api.get("/advisers", firm="FIRM-9").json()["rows"]] == ["A-1"]
    assert api.get("/advisers", firm="FIRM-1").json()["rows"] == []
    assert api.get("/advisers/A-1").json()["state"]["posts"][-1]["firm"] == "FIRM-9"


def test_only_an_administrator_changes_the_registers(api: Api) -> None:
    for token in ("clerk", "lawyer", "leader", "auditor", "device"):
        assert problem(api.post("/points", ROOM, by=token)) == (403, "not-permitted")


def test_calendars_and_policies_are_shown_with_every_version(api: Api) -> None:
    calendar = api.get(f"/calendars/{OPENED.calendar}").json()
    assert [one["version"] for one in calendar["versions"]] == [1]
    policy = api.get("/policies/service-limits").json()
    assert policy["versions"][0]["limits"]["consultation/close"]["amount"] == 10
    assert problem(api.get("/policies/other")) == (404, "not-found")
