"""Training sessions and legal helpers over HTTP: entered, listed, counted, as known at a time."""

from typing import Any, Final

import pytest

from tests.api.advising.test_duties import NOWHERE, VILLAGE, made, step
from tests.api.conftest import Api, problem

HELPER: Final[dict[str, Any]] = {
    "code": "H-1", "name": "梁某", "village": VILLAGE, "since": "2026-01-05",
    "qualification": "mediator",
}  # fmt: skip
ADVISER: Final = {"kind": "adviser", "code": "A-1"}
VILLAGER: Final = {"kind": "helper", "code": "H-1"}
SESSION: Final[dict[str, Any]] = {
    "subject": "调解技巧", "kind": "mediation", "place": "区司法局", "organiser": "440103",
    "day": "2026-03-02", "minutes": 120, "invited": [ADVISER],
}  # fmt: skip


def helped(api: Api) -> str:
    return made(api, "/helpers", HELPER, by="leader")


def held(api: Api) -> str:
    where = made(api, "/trainings", SESSION, by="leader")
    step(api, f"{where}/invite", {"invited": [VILLAGER]}, by="leader", seen=1)
    attended = [{"trainee": ADVISER, "minutes": 120}, {"trainee": VILLAGER, "minutes": 90}]
    step(api, f"{where}/hold", {"attended": attended}, by="leader", seen=2)
    return where


def test_a_session_is_held_and_credited_to_each_by_his_minutes(api: Api) -> None:
    helped(api)
    where = held(api)
    one = api.get(where).json()
    assert (one["state"]["status"], len(one["state"]["attended"])) == ("held", 2)
    assert api.get(where, by="leader").json()["allowed"] == ["CorrectAttendance", "CancelTraining"]
    api.project()
    (row,) = api.get("/trainings").json()["rows"]
    assert (row["invited"], row["attended"], row["invited_attended"]) == (2, 2, 2)
    assert row["credited_minutes"] == 210
    credits = api.get("/reports/training-credits", year=2026).json()["rows"]
    assert [(one["trainee"], one["sessions"], one["minutes"]) for one in credits] == [
        ("A-1", 1, 120),
        ("H-1", 1, 90),
    ]


def test_who_falls_out_and_what_is_cancelled_is_credited_no_more(api: Api) -> None:
    helped(api)
    where = held(api)
    api.project()
    known = api.get("/trainings").json()["basis"]["recorded_at"]
    only = {"attended": [{"trainee": ADVISER, "minutes": 60}], "reason": "代签"}
    step(api, f"{where}/correct-attendance", only, by="leader", seen=3)
    api.project()

    def credited(**query: Any) -> list[tuple[str, int]]:
        found = api.get("/reports/training-credits", **query).json()["rows"]
        return [(one["trainee"], one["minutes"]) for one in found]

    assert credited() == [("A-1", 60)]
    assert credited(as_known_at=known) == [("A-1", 120), ("H-1", 90)]
    compared = api.get("/reports/training-credits", compared_to=known).json()
    (rows,) = compared["lists"]
    assert [one["key"] for one in rows["only_then"]] == [["helper", "H-1", 2026]]
    assert [one["key"] for one in rows["changed"]] == [["adviser", "A-1", 2026]]
    step(api, f"{where}/cancel", {"reason": "误登记"}, by="leader", seen=4)
    api.project()
    assert credited() == []
    (row,) = api.get("/trainings", status="cancelled").json()["rows"]
    assert (row["attended"], row["credited_minutes"]) == (0, 0)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, 1), ({"division": "4401"}, 1), ({"division": "440104"}, 0), ({"kind": "law"}, 0),
        ({"status": "held"}, 1), ({"from": "2026-03-02"}, 1), ({"to": "2026-03-02"}, 0),
    ],
)  # fmt: skip
def test_sessions_are_found_by_what_they_are(api: Api, query: dict[str, Any], found: int) -> None:
    helped(api)
    held(api)
    api.project()
    assert len(api.get("/trainings", **query).json()["rows"]) == found


def test_only_leaders_enter_sessions_and_only_of_their_own_division(api: Api) -> None:
    assert problem(api.post("/trainings", SESSION)) == (403, "not-permitted")
    elsewhere = SESSION | {"organiser": "440104"}
    answer = api.post("/trainings", elsewhere, by="leader")
    assert problem(answer) == (409, "outside-jurisdiction")
    stranger = SESSION | {"invited": [VILLAGER]}
    assert problem(api.post("/trainings", stranger, by="leader"))[1] == "helper-unknown"
    assert problem(api.get(f"/trainings/{NOWHERE}")) == (404, "not-found")


def test_a_helper_is_registered_active_and_leaves(api: Api) -> None:
    where = helped(api)
    assert where == "/helpers/H-1"
    activity = {"day": "2026-02-10", "activity": "legal_publicity", "people": 30}
    step(api, f"{where}/report-activity", activity, by="leader", seen=1)
    second = {"day": "2026-03-01", "activity": "guidance", "people": 1}
    step(api, f"{where}/report-activity", second, by="leader", seen=2)
    step(api, f"{where}/void-activity", {"number": 2, "reason": "误录"}, by="leader", seen=3)
    held(api)
    api.project()
    (row,) = api.get("/helpers", division=VILLAGE, serving=True).json()["rows"]
    assert (row["activities"], row["people"], row["last_activity_on"]) == (1, 30, "2026-02-10")
    assert "name" not in row
    asked = "/reports/helpers?division=4401&year={}&by={}"
    (count,) = api.get(asked.format(2026, "village")).json()["rows"]
    assert count == {
        "division": VILLAGE, "villages": 1, "helpers": 1, "left": 0, "trained": 1, "active": 1,
        "activities": 1,
    }  # fmt: skip
    left = {"left_on": "2026-04-01", "reason": "外出务工"}
    step(api, f"{where}/retire", left, by="leader", seen=4)
    api.project()
    assert api.get("/helpers", serving=True).json()["rows"] == []
    (district,) = api.get(asked.format(2026, "district"), by="auditor").json()["rows"]
    assert (district["helpers"], district["left"]) == (1, 1)
    for year in (2025, 2027):
        assert api.get(asked.format(year, "town")).json()["rows"] == []
    state = api.get(where, unmask="联系法律明白人").json()["state"]
    assert (state["registered"]["name"], state["left_on"]) == ("梁某", "2026-04-01")


def test_helpers_are_counted_by_town_and_district(api: Api) -> None:
    helped(api)
    neighbour = HELPER | {"code": "H-2", "village": "440103001002"}
    made(api, "/helpers", neighbour, by="leader")
    api.project()
    asked = "/reports/helpers?division=440103&year=2026&by=town"
    (town,) = api.get(asked, by="leader").json()["rows"]
    assert (town["division"], town["villages"], town["helpers"]) == ("440103001", 2, 2)


def test_lists_are_paged_while_things_are_entered(api: Api) -> None:
    for number in range(1, 4):
        made(api, "/helpers", HELPER | {"code": f"H-{number}"}, by="leader")
    api.project()
    first = api.get("/helpers", limit=2).json()
    assert [row["code"] for row in first["rows"]] == ["H-3", "H-2"]
    made(api, "/helpers", HELPER | {"code": "H-4"}, by="leader")
    api.project()
    second = api.get("/helpers", limit=2, cursor=first["next_cursor"]).json()
    assert [row["code"] for row in second["rows"]] == ["H-1"]


def test_b11_9_nobody_is_offered_what_his_state_rules_out(api: Api) -> None:
    where = helped(api)
    assert "VoidHelperActivity" not in api.get(where, by="leader").json()["allowed"]
    left = {"left_on": "2026-03-01", "reason": "搬离"}
    step(api, f"{where}/retire", left, by="leader", seen=1)
    assert api.get(where, by="leader").json()["allowed"] == ["ReportHelperActivity"]
