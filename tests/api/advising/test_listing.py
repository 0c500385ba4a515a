"""Registers over HTTP: listed, found by code and name, page by page, as known then; and what is
named by a code that they do not have is refused with the nearest entries."""

from datetime import datetime, timedelta
from typing import Any, Final

import pytest

from ledger.log.registers import RegisterFold
from tests.api.advising.test_duties import step
from tests.api.conftest import LOGGED, Api, problem
from tests.api.web.test_comparing import compared, lists
from tests.examples import CHINA_TIME

SOURCE: Final = "国家统计局 2023-06-30"
DIVISIONS: Final = {
    "4401": "广州市",
    "440103": "荔湾区",
    "440103001": "沙面街道",
    "440103001001": "翠洲社区居民委员会",
    "440103001002": "岭南社区居民委员会",
    "440103002": "岭南街道",
    "440103002001": "扬仁东社区居民委员会",
}
FIRM: Final = {"code": "FIRM-1", "name": "示例律师事务所", "division": "440103"}
TEAM: Final = {"code": "TEAM-1", "name": "驻村一组", "firm": "FIRM-1", "members": ["A-1"]}
ORGAN: Final = {"code": "MZJ", "name": "市民政局", "division": "4401"}
ROOM: Final[dict[str, Any]] = {
    "code": "ROOM-2",
    "kind": "room",
    "name": "扬仁东工作室",
    "division": "440103002001",
    "division_source": SOURCE,
    "valid_from": "2020-01-01",
}


def entered(api: Api, path: str, body: Any) -> dict[str, Any]:
    answer = api.post(path, body, by="admin")
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


@pytest.fixture
def town(api: Api) -> Api:
    """Divisions, a firm, a team and an organ are listed."""
    for code, name in DIVISIONS.items():
        entered(api, "/divisions", {"code": code, "name": name, "source": SOURCE})
    entered(api, "/firms", FIRM)
    entered(api, "/teams", TEAM)
    entered(api, "/organs", ORGAN)
    return api


def codes(api: Api, path: str, **asked: Any) -> list[str]:
    return [one["code"] for one in api.get(path, **asked).json()["rows"]]


def test_divisions_are_found_by_what_they_are_under_by_level_and_by_name(town: Api) -> None:
    assert codes(town, "/divisions") == sorted(DIVISIONS)
    assert codes(town, "/divisions", under="440103001") == sorted(
        one for one in DIVISIONS if one.startswith("440103001")
    )
    assert codes(town, "/divisions", level=9) == ["440103001", "440103002"]
    assert codes(town, "/divisions", q="岭南") == ["440103001002", "440103002"]
    assert codes(town, "/divisions", q="440103002") == ["440103002", "440103002001"]
    assert codes(town, "/divisions", abolished=True) == []


def test_a_division_is_renamed_and_abolished_and_keeps_what_it_was(town: Api) -> None:
    renamed = {"name": "沙面社区", "source": "公告", "since": "2026-03-01"}
    step(town, "/divisions/440103001002/rename", renamed, by="admin", seen=1)
    gone = {"abolished_on": "2026-03-02", "merged_into": "440103001001", "source": "公告"}
    step(town, "/divisions/440103001002/abolish", gone, by="admin", seen=2)
    shown = town.get("/divisions/440103001002").json()["state"]
    assert (shown["name"], shown["merged_into"]) == ("沙面社区", "440103001001")
    assert [one["since"] for one in shown["names"]] == [None, "2026-03-01"]
    assert codes(town, "/divisions", abolished=True) == ["440103001002"]
    assert codes(town, "/divisions", q="岭南社区") == ["440103001002"]
    step(town, "/divisions/440103001002/restore", {"reason": "误录"}, by="admin", seen=3)
    assert codes(town, "/divisions", abolished=True) == []


def test_a_division_whose_parent_is_not_listed_is_refused_with_the_nearest(town: Api) -> None:
    orphan = {"code": "440103003001", "name": "新村", "source": SOURCE}
    refused = town.post("/divisions", orphan, by="admin")
    assert problem(refused) == (409, "parent-not-listed")
    assert "440103001 沙面街道" in refused.json()["detail"]


def test_firms_teams_organs_and_devices_are_listed_and_shown(town: Api) -> None:
    entered(town, "/firms", {"code": "FIRM-2", "name": "另一律师事务所"})
    step(town, "/firms/FIRM-2/close", {"reason": "注销"}, by="admin", seen=1)
    assert codes(town, "/firms", open=True) == ["FIRM-1"]
    assert codes(town, "/firms", q="另一") == ["FIRM-2"]
    assert codes(town, "/firms", division="4401") == ["FIRM-1"]
    assert town.get("/firms/FIRM-1").json()["state"]["name"] == FIRM["name"]
    assert codes(town, "/teams", member="A-1") == codes(town, "/teams", firm="FIRM-1") == ["TEAM-1"]
    assert codes(town, "/teams", open=False) == []
    assert town.get("/teams/TEAM-1").json()["state"]["members"] == ["A-1"]
    assert codes(town, "/organs", q="民政", division="4401", open=True) == ["MZJ"]
    assert town.get("/organs/MZJ").json()["state"]["division"] == "4401"
    placed = {"device": "device-1", "window": "W1"}
    step(town, "/points/ROOM-1/change-windows", {"windows": ["W1"]}, by="admin", seen=1)
    place = "/points/ROOM-1/place-device"
    nowhere = town.post(place, placed | {"window": "W9"}, by="admin", seen=2)
    assert problem(nowhere) == (409, "window-unknown")
    step(town, place, placed, by="admin", seen=2)
    (row,) = town.get("/devices", point="ROOM-1").json()["rows"]
    assert (row["device"], row["window"], row["division"]) == ("device-1", "W1", "440103001001")
    assert town.get("/devices/device-1").json()["state"] == row
    assert town.get("/devices", window="W2").json()["rows"] == []
    for path in ("/divisions/4499", "/firms/X", "/teams/X", "/organs/X", "/devices/X"):
        assert problem(town.get(path)) == (404, "not-found")


def test_pages_are_stable_while_rows_arrive_and_as_known_then(town: Api) -> None:
    first = town.get("/divisions", limit=3).json()
    last = entered(town, "/divisions", {"code": "440102", "name": "旧区", "source": SOURCE})
    rest = town.get("/divisions", limit=50, cursor=first["next_cursor"]).json()
    assert [one["code"] for one in [*first["rows"], *rest["rows"]]] == sorted(DIVISIONS)
    assert codes(town, "/divisions", wait_for=last["position"])[1] == "440102"
    at = datetime.fromisoformat(last["recorded_at"]) - timedelta(microseconds=1)
    assert "440102" not in codes(town, "/divisions", as_known_at=at.isoformat())
    rows = lists(compared(town, "/divisions", at.isoformat()))["/rows"]
    assert [one["key"] for one in rows["only_now"]] == [["440102"]]
    other = town.get("/divisions", limit=3, level=9, cursor=first["next_cursor"])
    assert problem(other) == (400, "cursor-invalid")


def test_only_an_administrator_lists_what_there_is(api: Api) -> None:
    for token in ("clerk", "lawyer", "leader", "auditor", "device"):
        for path, body in (("/firms", FIRM), ("/organs", ORGAN), ("/teams", TEAM)):
            assert problem(api.post(path, body, by=token)) == (403, "not-permitted")


def test_audit_row_26_what_is_not_listed_is_refused_with_the_nearest_names(town: Api) -> None:
    wrong = town.post("/points", ROOM | {"division": "440103002009"}, by="admin")
    assert problem(wrong) == (409, "division-unknown")
    assert "440103002001 扬仁东社区居民委员会" in wrong.json()["detail"]
    entered(town, "/points", ROOM)
    moved = town.post("/advisers/A-1/move", {"firm": "FIRM-7"}, by="admin", seen=1)
    assert problem(moved) == (409, "firm-unknown")
    assert moved.json()["detail"] == "FIRM-7；相近的有：FIRM-1 示例律师事务所"
    elsewhere = town.post("/requests", LOGGED | {"point": "ROOM-9"})
    assert problem(elsewhere) == (409, "point-unknown")
    assert "ROOM-2 扬仁东工作室" in elsewhere.json()["detail"]


def test_a_log_without_registers_takes_what_it_took(api: Api) -> None:
    entered(api, "/points", ROOM | {"division": "440103002009"})
    step(api, "/advisers/A-1/move", {"firm": "FIRM-7", "team": "T"}, by="admin", seen=1)


def test_a_complaint_of_the_box_is_about_an_organ(town: Api) -> None:
    about = {
        "organ": "MZJ",
        "channel": "box",
        "aspects": ["for_people", "pragmatic"],
        "subject": "推诿",
    }
    unknown = town.post("/complaints", {"grievance": about | {"organ": "MZX"}})
    assert problem(unknown) == (409, "organ-unknown")
    assert "MZJ 市民政局" in unknown.json()["detail"]
    both = town.post("/complaints", {"grievance": about | {"point": "ROOM-1"}})
    assert problem(both) == (409, "point-or-organ")
    made = town.post("/complaints", {"grievance": about})
    assert made.status_code == 201, made.text
    town.project()
    (row,) = town.get("/complaints", organ="MZJ", by="city").json()["rows"]
    assert (row["point"], row["organ"], row["division"]) == (None, "MZJ", "4401")
    assert town.get("/complaints", point="ROOM-1", by="city").json()["rows"] == []
    accepted = f"/complaints/{made.json()['stream']}"
    step(town, f"{accepted}/accept", {}, by="city", seen=1)
    own = town.post(f"{accepted}/assign", {"unit": "MZJ"}, by="city", seen=2)
    assert problem(own) == (409, "unit-is-complained-of")
    nobody = town.post(f"{accepted}/assign", {"unit": "MZX"}, by="city", seen=2)
    assert problem(nobody) == (409, "unit-unknown")
    step(town, f"{accepted}/assign", {"unit": "STATION-1"}, by="city", seen=2)


def test_everybody_reads_the_names_of_firms_and_places(town: Api) -> None:
    town.project()
    rows = town.get("/public/directory", by=None).json()["rows"]
    told = {one["code"]: one for one in rows}
    assert told["A-1"]["firm_name"] == FIRM["name"]
    assert told["ROOM-1"]["division_name"] == "翠洲社区居民委员会"


def test_coverage_names_a_village_without_a_room(town: Api) -> None:
    town.project()
    asked: dict[str, Any] = {
        "division": "440103001",
        "period": datetime.now(CHINA_TIME).strftime("%Y-%m"),
    }
    rows = town.get("/reports/coverage", by="leader", **asked).json()["rows"]
    bare = [one for one in rows if one["division"] == "440103001002"]
    assert {one["what"] for one in bare} >= {"no_adviser", "unchecked"}
    assert {(one["name"], one["division_name"]) for one in bare} == {(None, "岭南社区居民委员会")}


def test_a_register_of_now_is_not_folded_anew(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is the one that deciders look up: only what was recorded since is read."""
    taken: list[int] = []
    take = RegisterFold.read

    def counted(fold: RegisterFold, rows: Any, mapper: Any) -> None:
        found = list(rows)
        taken.append(sum(one["notification_id"] is not None for one in found))
        take(fold, found, mapper)

    monkeypatch.setattr(RegisterFold, "read", counted)
    api.get("/points")
    taken.clear()
    for path in ("/divisions", "/firms", "/teams", "/organs", "/points", "/advisers", "/devices"):
        assert api.get(path).status_code == 200
    assert taken == [0] * 7
    new = {"code": "4401", "name": "广州市", "source": "2023 统计用区划代码"}
    position = api.post("/divisions", new, by="admin").json()["position"]
    found = api.get("/divisions").json()
    assert (found["position"], [one["code"] for one in found["rows"]]) == (position, ["4401"])
