"""Advisers' duties over HTTP: appointment, work log, inspection, rectification, form."""

from typing import Any, Final

from tests.api.conftest import Api, problem
from tests.examples import MORNING, local

VILLAGE: Final = "440103001001"
APPOINTMENT: Final = f"/appointments/{VILLAGE}"
NOWHERE: Final = "00000000-0000-4000-8000-000000000009"
WORK: Final[dict[str, Any]] = {
    "village": VILLAGE,
    "service": "lecture",
    "mode": "onsite",
    "ended_at": local("2026-03-02 10:30").isoformat(),
    "people_reached": 32,
    "summary": "民法典讲座",
}
CHECKLIST: Final[dict[str, Any]] = {
    "code": "village-check",
    "version": 1,
    "purpose": "checklist",
    "title": "月度检查表",
    "fields": [{"code": "display", "title": "公示", "kind": "yes_no"}],
    "basis": "示例",
}
CHECK: Final[dict[str, Any]] = {
    "kind": "check",
    "point": "ROOM-1",
    "checklist": "village-check@1",
    "answers": {"display": False},
    "findings": [{"item": "display", "severity": "minor", "text": "公示牌未更新"}],
}
ORDER: Final[dict[str, Any]] = {
    "source": "inspection",
    "addressee": {"kind": "point", "code": "ROOM-1"},
    "items": ["更新公示牌"],
}


def grounded(api: Api) -> dict[str, Any]:
    """An order that stands on a check."""
    if api.get("/forms/village-check").status_code == 404:
        made(api, "/forms", {"form": CHECKLIST}, by="admin")
    check = made(api, "/inspections", CHECK, by="leader")
    return ORDER | {"source_stream": check.rpartition("/")[2]}


def made(api: Api, path: str, body: Any, *, by: str, **more: Any) -> str:
    """Where the new thing is, without /api/v1."""
    answer = api.post(path, body, by=by, **more)
    assert answer.status_code == 201, answer.text
    where: str = answer.headers["location"].removeprefix("/api/v1")
    return where


def step(api: Api, path: str, body: Any, *, by: str, seen: int) -> None:
    answer = api.post(path, body, by=by, seen=seen)
    assert answer.status_code == 200, answer.text


def test_an_adviser_is_nominated_heard_of_chosen_accepted_and_signed(api: Api) -> None:
    nominate = {"division": VILLAGE, "adviser": "A-1", "reason": "熟悉征地补偿"}
    assert made(api, "/appointments/nominate-adviser", nominate, by="leader") == APPOINTMENT
    heard = {
        "adviser": "A-1", "committee": "supports", "residents": "supports", "residents_heard": 12,
    }  # fmt: skip
    step(api, f"{APPOINTMENT}/record-coordination", heard, by="leader", seen=1)
    step(api, f"{APPOINTMENT}/choose-adviser", {"adviser": "A-1"}, by="leader", seen=2)
    step(api, f"{APPOINTMENT}/accept-village", {}, by="leader", seen=3)
    term = {"starts_on": "2026-04-01", "ends_on": "2027-03-31"}
    step(api, f"{APPOINTMENT}/sign-contract", term, by="leader", seen=4)
    shown = api.get(APPOINTMENT, by="auditor").json()
    assert (shown["version"], shown["allowed"]) == (5, [])
    (stint,) = shown["state"]["stints"]
    assert (stint["adviser"], stint["firm"]) == ("A-1", "FIRM-1")
    history = api.get(f"/streams/appointment/{VILLAGE}/events").json()["events"]
    assert [one["version"] for one in history] == [1, 2, 3, 4, 5]


def test_work_is_logged_with_its_beginning_and_verified_by_another(api: Api) -> None:
    api.served_by_firm()
    log = {"work": WORK, "late_reason": "停电"}
    work = made(api, "/worklogs", log, by="lawyer", occurred_at=MORNING.isoformat())
    shown = api.get(work, by="leader").json()
    assert shown["state"]["wordings"][0]["served"][0]["minutes"] == 90
    assert {"VerifyWork", "ReturnWork", "ConfirmWork"} <= set(shown["allowed"])
    not_his = api.post(f"{work}/verify", {}, by="lawyer", seen=1)
    assert problem(not_his) == (403, "not-permitted")
    step(api, f"{work}/return", {"reason": "缺照片"}, by="leader", seen=1)
    assert "VerifyWork" not in api.get(work, by="leader").json()["allowed"]
    step(api, f"{work}/withdraw", {"reason": "误录"}, by="lawyer", seen=2)
    assert api.get(work, by="leader").json()["allowed"] == []


def test_an_inspection_follows_a_published_checklist(api: Api) -> None:
    early = api.post("/inspections", CHECK, by="leader")
    assert problem(early) == (409, "form-unknown")
    assert made(api, "/forms", {"form": CHECKLIST}, by="admin") == "/forms/village-check"
    assert [one["version"] for one in api.get("/forms/village-check").json()["versions"]] == [1]
    check = made(api, "/inspections", CHECK, by="leader")
    step(api, f"{check}/confirm", {"agreed": False, "opinion": "已更新"}, by="clerk", seen=1)
    shown = api.get(check, unmask="核对意见").json()
    assert shown["state"]["confirmed"]["opinion"] == "已更新"
    step(api, f"{check}/void", {"reason": "重复"}, by="leader", seen=2)
    assert api.get(check, by="leader").json()["allowed"] == []


def test_a_rectification_is_ordered_answered_and_accepted(api: Api) -> None:
    nothing = api.post("/rectifications", ORDER | {"source_stream": NOWHERE}, by="leader")
    assert problem(nothing) == (409, "ground-unknown")
    order = made(api, "/rectifications", grounded(api), by="leader")
    assert "AnswerRectification" in api.get(order).json()["allowed"]
    step(api, f"{order}/answer", {"measures": "已更新"}, by="clerk", seen=1)
    own = api.post(f"{order}/accept", {}, by="clerk", seen=2)
    assert problem(own) == (403, "not-permitted")
    step(api, f"{order}/accept", {}, by="leader", seen=2)
    assert api.get(order).json()["state"]["status"] == "accepted"


def test_a_bad_rating_has_one_order_whoever_gives_it(api: Api) -> None:
    request, link = api.invited()
    api.post(link, {"grade": 1}, by=None, key="")
    given = api.get(f"/streams/rating/{request}/events").json()["events"][-1]
    order = ORDER | {"source": "rating", "source_stream": given["stream"]}
    first = made(api, "/rectifications", order, by="leader")
    assert made(api, "/rectifications", order, by="policy") == first
    other = api.post("/rectifications", order | {"items": ["道歉"]}, by="leader")
    assert problem(other) == (409, "rectification-exists")
    invented = api.post("/rectifications", order | {"source_stream": NOWHERE}, by="leader")
    assert problem(invented) == (409, "rating-not-invited")


def test_licence_and_penalty_stand_in_the_register(api: Api) -> None:
    licence = {"licence": "14401200010000001", "practising_since": "2015-07-01"}
    step(api, "/advisers/A-1/record-licence", licence, by="admin", seen=1)
    penalty = {"decided_on": "2024-05-06", "authority": "广州市律师协会", "reason": "示例"}
    step(api, "/advisers/A-1/record-penalty", penalty, by="admin", seen=2)
    shown = api.get("/advisers/A-1").json()["state"]
    assert shown["licence"] == licence["licence"]
    assert [one["authority"] for one in shown["penalties"]] == ["广州市律师协会"]


def test_what_is_not_there_is_not_found(api: Api) -> None:
    request = api.logged()
    for path, action, body in (
        (f"/worklogs/{NOWHERE}", "withdraw", {"reason": "误录"}),
        (f"/inspections/{NOWHERE}", "void", {"reason": "误录"}),
        (f"/rectifications/{NOWHERE}", "withdraw", {"reason": "误录"}),
        (f"/rectifications/{request}", "withdraw", {"reason": "误录"}),
        ("/appointments/440103001009", "accept-village", {}),
    ):
        assert problem(api.get(path)) == (404, "not-found")
        for seen in (0, 1):
            answer = api.post(f"{path}/{action}", body, by="leader", seen=seen)
            assert answer.status_code == 404, (path, answer.text)
            problem(answer)
