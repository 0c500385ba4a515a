"""The board of complaints over HTTP: lists, chips, pages, and what is not shown to everybody."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from msgspec import to_builtins
from msgspec.structs import replace

from domain.complaints.record import Concern
from tests.api.conftest import Api, problem
from tests.complaints import COMPLAINT_RULES, GRIEVANCE
from tests.examples import MORNING, RULES


@pytest.fixture
def ruled(api: Api) -> Api:
    """With time limits for complaints."""
    rules = replace(COMPLAINT_RULES, version=2, limits={**RULES.limits, **COMPLAINT_RULES.limits})
    assert api.post("/policies", {"policy": to_builtins(rules)}, by="admin").status_code == 201
    return api


def registered(api: Api, at: datetime = MORNING, **more: Any) -> str:
    """The id of a new complaint."""
    body = {"grievance": to_builtins(GRIEVANCE) | more, "late_reason": "停电"}
    answer = api.post("/complaints", body, occurred_at=at.isoformat())
    assert answer.status_code == 201, answer.text
    return str(answer.json()["stream"])


def rows(api: Api, by: str = "auditor", **query: Any) -> list[str]:
    answer = api.get("/complaints", by=by, **query)
    assert answer.status_code == 200, answer.text
    return [row["stream"] for row in answer.json()["rows"]]


def test_the_board_shows_what_is_overdue_what_approaches_and_whose_turn_it_is(ruled: Api) -> None:
    old = registered(ruled)
    new = registered(ruled, datetime.now(UTC) - timedelta(minutes=1))
    head = ruled.project()
    assert rows(ruled) == [old, new]
    assert rows(ruled, due="overdue") == [old]
    assert rows(ruled, due="approaching", by="leader") in ([], [new])
    assert rows(ruled, by="leader", turn="mine") == [old, new]
    assert rows(ruled, by="station", turn="mine") == []
    answer = ruled.get("/complaints/counts", by="leader")
    assert (answer.status_code, answer.headers["x-position"]) == (200, str(head))
    counts = answer.json()["counts"]
    assert (counts["open"], counts["mine"], counts["overdue"], counts["hidden"]) == (2, 2, 1, 0)
    shown = ruled.get("/complaints", by="auditor", due="overdue").json()["rows"][0]
    assert (shown["due_name"], shown["overdue"]) == ("acknowledge", True)


def test_the_board_and_the_complaint_itself_say_the_same(ruled: Api) -> None:
    stream = registered(ruled)
    ruled.post(f"/complaints/{stream}/accept", {}, by="leader", seen=1)
    ruled.project()
    row = ruled.get("/complaints", by="auditor").json()["rows"][0]
    found = ruled.get(f"/complaints/{stream}", by="auditor").json()
    assert (row["stage"], row["version_position"]) == (found["stage"], found["position"])
    running = [one["due"] for one in found["promises"] if not one["met_at"]]
    assert datetime.fromisoformat(row["due"]) == min(map(datetime.fromisoformat, running))


def test_every_page_of_the_board_is_reached_by_the_link_of_the_one_before(ruled: Api) -> None:
    concerns: tuple[Concern, ...] = ("fees", "quality", "attitude")
    for number, concern in enumerate(concerns):
        registered(ruled, MORNING + timedelta(hours=number), concern=concern)
    ruled.project()
    whole = rows(ruled, order="received")
    found: list[str] = []
    answer = ruled.get("/complaints", by="auditor", order="received", limit=1)
    while True:
        found += [row["stream"] for row in answer.json()["rows"]]
        mark = answer.json()["next_cursor"]
        if mark is None:
            break
        assert answer.links["next"]["url"].endswith(f"cursor={mark}")
        answer = ruled.get("/complaints", by="auditor", order="received", limit=1, cursor=mark)
    assert found == whole
    assert len(found) == len(concerns)
    first = ruled.get("/complaints", by="auditor", limit=1).json()["next_cursor"]
    other = ruled.get("/complaints", by="auditor", limit=1, concern="fees", cursor=first)
    assert problem(other) == (400, "cursor-invalid")


def test_pages_of_what_is_overdue_go_on_though_time_does(ruled: Api) -> None:
    for _ in range(3):
        registered(ruled)
    ruled.project()
    first = ruled.get("/complaints", by="auditor", due="overdue", limit=2).json()
    rest = rows(ruled, due="overdue", limit=2, cursor=first["next_cursor"])
    assert len({row["stream"] for row in first["rows"]} | {*rest}) == 3


def test_who_may_not_see_a_complaint_gets_no_row_and_is_not_told_how_many_there_are(
    ruled: Api,
) -> None:
    registered(ruled)
    other = registered(ruled, adviser=None, account="somebody")
    ruled.project()
    assert rows(ruled, by="lawyer") == [other]
    assert rows(ruled, by="lawyer", text="态度生硬", adviser="A-1") == []
    assert ruled.get("/complaints/counts", by="lawyer").json()["counts"]["hidden"] == 0
    assert ruled.get("/complaints/counts", by="auditor").json()["counts"]["hidden"] == 0


def test_the_board_answers_as_known_then(ruled: Api) -> None:
    stream = registered(ruled)
    accepted = ruled.post(f"/complaints/{stream}/accept", {}, by="leader", seen=1).json()
    ruled.project()
    recorded_at = datetime.fromisoformat(accepted["recorded_at"])
    then = (recorded_at - timedelta(microseconds=1)).isoformat()
    answer = ruled.get("/complaints", by="auditor", as_known_at=then).json()
    assert [row["stage"] for row in answer["rows"]] == ["registered"]
    assert [row["stage"] for row in ruled.get("/complaints").json()["rows"]] == ["accepted"]
    known = ruled.get("/complaints/counts", by="auditor", as_known_at=then).json()
    assert known["basis"]["position"] == accepted["position"] - 1


@pytest.mark.parametrize("wrong", [{"due": "soon"}, {"turn": "yours"}, {"text": "x"}, {"all": 1}])
def test_an_unknown_filter_is_refused_not_passed_over(api: Api, wrong: dict[str, Any]) -> None:
    api.project()
    for path in ("/complaints", "/complaints/counts"):
        assert problem(api.get(path, **wrong)) == (400, "validation-failed")


def test_people_without_an_office_see_no_board(api: Api) -> None:
    api.project()
    for path in ("/complaints", "/complaints/counts"):
        assert problem(api.get(path, by="device")) == (403, "not-permitted")
        assert problem(api.get(path, by=None)) == (401, "not-authenticated")
