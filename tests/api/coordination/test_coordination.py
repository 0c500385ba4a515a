"""Joint conferences, their follow-ups and surveys over HTTP."""

from typing import Any, Final

from tests.api.advising.test_duties import NOWHERE, made, step
from tests.api.conftest import Api, problem

LABOUR: Final = {"name": "区人力资源和社会保障局", "code": "labour-1"}
CONFERENCE: Final[dict[str, Any]] = {
    "division": "440103", "day": "2026-03-02", "subject": "一季度联席会议", "agenda": ["欠薪"],
    "attending": [{"name": "区司法局"}, LABOUR], "absent": [{"name": "区信访局"}],
}  # fmt: skip
RESULT: Final[dict[str, Any]] = {
    "measure": "awareness", "question": "是否知道？", "answered": 100, "positive": 80,
    "meaning": "知道",
}  # fmt: skip
SURVEY: Final[dict[str, Any]] = {
    "division": "440103", "period": "2026-Q1", "method": "household", "sample_size": 120,
    "conducted_on": "2026-03-02", "conducted_by": "某调查公司", "basis": "分层抽样",
    "results": [RESULT],
}  # fmt: skip


def decided(api: Api) -> str:
    where = made(api, "/conferences", CONFERENCE, by="leader")
    for number, due in enumerate(("2026-03-10", "2199-01-01"), start=1):
        decision = {"text": f"事项{number}", "responsible": LABOUR, "due": due}
        step(api, f"{where}/take-decision", decision, by="leader", seen=number)
    return where


def test_what_was_decided_is_followed_until_it_is_done(api: Api) -> None:
    where = decided(api)
    api.project()
    rows = api.get("/decisions", by="leader", status="open").json()["rows"]
    assert [(row["decision"], row["overdue"]) for row in rows] == [(1, True), (2, False)]
    assert [
        row["decision"] for row in api.get("/decisions", by="leader", overdue=True).json()["rows"]
    ] == [1]
    known = api.get("/decisions", by="leader").json()["basis"]["recorded_at"]
    done = {"number": 2, "done_on": "2026-03-20", "result": "已派员"}
    step(api, f"{where}/report-decision-done", done, by="leader", seen=3)
    later = {"number": 1, "due": "2199-06-01", "reason": "人员未到位"}
    step(api, f"{where}/postpone-decision", later, by="leader", seen=4)
    api.project()
    (row,) = api.get("/decisions", by="leader", status="open", unit="labour-1").json()["rows"]
    assert (row["decision"], row["due"], row["overdue"]) == (1, "2199-06-01", False)
    then = api.get("/decisions", by="leader", status="open", as_known_at=known).json()["rows"]
    assert [row["decision"] for row in then] == [1, 2]
    (row,) = api.get("/conferences", by="leader", with_open=True).json()["rows"]
    assert (row["decisions"], row["open"], row["attending"], row["absent"]) == (2, 1, 2, 1)
    state = api.get(where, by="leader").json()["state"]
    assert state["decisions"][1]["result"] == "已派员"


def test_a_decision_is_dropped_or_opened_again(api: Api) -> None:
    where = decided(api)
    step(api, f"{where}/drop-decision", {"number": 1, "reason": "另有安排"}, by="leader", seen=3)
    done = {"number": 2, "done_on": "2026-03-20", "result": "已派员"}
    step(api, f"{where}/report-decision-done", done, by="leader", seen=4)
    step(api, f"{where}/reopen-decision", {"number": 2, "reason": "又撤回"}, by="leader", seen=5)
    api.project()
    rows = api.get("/decisions", by="leader").json()["rows"]
    assert [(row["decision"], row["status"], row["done_on"]) for row in rows] == [
        (1, "dropped", None),
        (2, "open", None),
    ]
    (row,) = api.get("/conferences?from=2026-03-02", by="leader").json()["rows"]
    assert (row["decisions"], row["open"]) == (1, 1)
    assert api.get("/conferences", by="leader", to="2026-03-02").json()["rows"] == []


def test_a_conference_is_entered_by_its_convener(api: Api) -> None:
    assert problem(api.post("/conferences", CONFERENCE)) == (403, "not-permitted")
    city = api.post("/conferences", CONFERENCE | {"division": "4401"}, by="leader")
    assert problem(city) == (409, "outside-jurisdiction")
    assert problem(api.get(f"/conferences/{NOWHERE}")) == (404, "not-found")


def test_a_survey_shows_counts_with_their_sample_and_never_a_bare_rate(api: Api) -> None:
    where = made(api, "/surveys", SURVEY, by="leader")
    api.project()
    known = api.get("/surveys", by="leader").json()["basis"]["recorded_at"]
    correct = {"sample_size": 121, "results": [RESULT | {"positive": 81}], "reason": "漏录"}
    step(api, f"{where}/correct", correct, by="leader", seen=1)
    api.project()
    (row,) = api.get("/surveys", by="leader", period="2026-Q1", division="4401").json()["rows"]
    assert (row["sample_size"], row["awareness_answered"], row["awareness_positive"]) == (
        121, 100, 81,
    )  # fmt: skip
    assert row["satisfaction_answered"] is None
    assert not [name for name in row if "rate" in name]
    (then,) = api.get("/surveys", by="leader", as_known_at=known).json()["rows"]
    assert (then["sample_size"], then["awareness_positive"]) == (120, 80)
    step(api, f"{where}/void", {"reason": "抽样不合要求"}, by="leader", seen=2)
    api.project()
    assert api.get("/surveys", by="leader", voided=False).json()["rows"] == []
    one = api.get(where, by="leader").json()
    assert (one["state"]["voided"], one["allowed"]) == (True, [])


def test_a_survey_whose_counts_do_not_fit_is_refused(api: Api) -> None:
    wrong = SURVEY | {"results": [RESULT | {"answered": 121}]}
    answer = api.post("/surveys", wrong, by="leader")
    assert problem(answer) == (409, "more-answers-than-asked")
    assert problem(api.get(f"/surveys/{NOWHERE}")) == (404, "not-found")


def test_b11_13_what_is_entered_twice_is_one(api: Api) -> None:
    for path, body, exists in (
        ("/conferences", CONFERENCE, "conference-exists"),
        ("/surveys", SURVEY, "survey-exists"),
    ):
        where = made(api, path, body, by="leader")
        assert problem(api.post(path, body, by="leader"))[1] == exists
        assert made(api, path, body | {"division": "440103001"}, by="leader") != where
    step(api, f"{where}/void", {"reason": "数据有误"}, by="leader", seen=1)
    assert made(api, "/surveys", SURVEY, by="leader") == where
