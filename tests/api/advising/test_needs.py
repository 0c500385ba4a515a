"""Needs of villages over HTTP, and whom a village may choose from."""

from typing import Any, Final

from domain.registration.adviser_commands import RegisterAdviser
from domain.vocabulary import stream_id
from ledger.log.store import Ledger
from tests.api.conftest import ACTORS, Api, problem

VILLAGE: Final = "440103001001"
NEED: Final[dict[str, Any]] = {
    "village": VILLAGE, "category": "land", "text": "征地补偿咨询多", "since": "2026-01-01",
    "source": "talk",
}  # fmt: skip
WHERE: Final = f"/needs/{VILLAGE}"


def test_a_need_is_noted_met_and_withdrawn_and_the_village_graded(api: Api) -> None:
    made = api.post("/needs/note", NEED, by="lawyer")
    assert made.status_code == 201, made.text
    assert made.headers["location"] == f"/api/v1{WHERE}"
    assert api.post("/needs/note", NEED | {"category": "debts"}, by="clerk").status_code == 201
    grade = {"village": VILLAGE, "level": "difficult", "reason": "纠纷多"}
    assert problem(api.post("/needs/grade-village", grade, by="lawyer"))[0] == 403
    assert api.post("/needs/grade-village", grade, by="leader").status_code == 201
    unknown = api.post("/needs/grade-village", grade | {"level": "A"}, by="leader")
    assert problem(unknown) == (409, "level-unknown")
    meet = {"number": 1, "how": "专题讲座"}
    assert api.post(f"{WHERE}/meet", meet, by="lawyer", seen=3).is_success
    withdraw = {"number": 1, "reason": "重复"}
    over = api.post(f"{WHERE}/withdraw", withdraw, by="lawyer", seen=4)
    assert problem(over) == (409, "need-is-over")
    assert api.post(f"{WHERE}/withdraw", withdraw | {"number": 2}, by="lawyer", seen=4).is_success
    shown = api.get(WHERE).json()
    assert [one["standing"] for one in shown["state"]["needs"]] == ["met", "withdrawn"]
    assert shown["state"]["graded"]["level"] == "difficult"
    assert shown["allowed"] == []
    api.project()
    [row] = api.get("/needs", level="difficult").json()["rows"]
    assert (row["village"], row["open"], row["met"], row["withdrawn"]) == (VILLAGE, 0, 1, 1)
    assert api.get("/needs", some_open=True).json()["rows"] == []


def test_work_that_met_a_need_is_looked_up(api: Api) -> None:
    assert api.post("/needs/note", NEED, by="lawyer").status_code == 201
    meet = {"number": 1, "how": "讲座", "work": "00000000-0000-4000-8000-000000000001"}
    assert problem(api.post(f"{WHERE}/meet", meet, by="lawyer", seen=1)) == (409, "work-unknown")


def test_a_village_sees_its_needs_and_whom_it_may_choose_from_in_order(
    api: Api, ledger: Ledger
) -> None:
    for code in ("A-2", "A-3"):
        register = RegisterAdviser(code=code, name=code, firm="FIRM-2")
        ledger.execute(stream_id("adviser", code), register, by=ACTORS["admin"])
    assert problem(api.get(f"/appointments/{VILLAGE}/choices")) == (404, "not-found")
    nominate = {"division": VILLAGE, "adviser": "A-3", "reason": "熟悉村情"}
    assert api.post("/appointments/nominate-adviser", nominate, by="leader").status_code == 201
    grade = {"village": VILLAGE, "level": "difficult", "reason": "纠纷多"}
    assert api.post("/needs/grade-village", grade, by="leader").status_code == 201
    assert api.post("/needs/note", NEED, by="lawyer").status_code == 201
    award = {
        "kind": "outstanding_adviser", "code": "A-2", "year": 2025, "awarded_on": "2026-01-01",
        "awarded_by": "市司法局", "basis": "示例",
    }  # fmt: skip
    assert api.post("/marks", award, by="leader").status_code == 201
    api.project()
    asked: dict[str, Any] = {"by": "leader", "unmask": "选聘法律顾问"}
    found = api.get(f"/appointments/{VILLAGE}/choices", **asked).json()
    assert [one["adviser"] for one in found["rows"]] == ["A-3", "A-2", "A-1"]
    assert [(one["rank"], one["nominated"], one["awards"]) for one in found["rows"]] == [
        (1, True, 0), (2, False, 1), (3, False, 0),
    ]  # fmt: skip
    assert found["graded"]["level"] == "difficult"
    assert [one["text"] for one in found["needs"]] == ["征地补偿咨询多"]
    assert len(found["criteria"]) == 7
    [first] = api.get(f"/appointments/{VILLAGE}/choices", by="leader", limit=1).json()["rows"]
    assert first["adviser"] == "A-3"
