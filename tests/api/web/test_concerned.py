"""Whoever may give a command on a thing can read it, and so tell which version he has seen."""

from typing import Any

from api.rights import MAY
from api.serving.commands import ROUTES
from api.serving.questions import QUESTIONS
from domain.roles import FIRMS, LEADERS, STAFF, VILLAGES
from tests.api.advising.test_duties import VILLAGE, made, step
from tests.api.conftest import Api, problem
from tests.api.coordination.test_coordination import CONFERENCE, LABOUR
from tests.api.training.test_trainings import HELPER

ASKED = {one.under: one for one in QUESTIONS}
DECISION: dict[str, Any] = {"text": "张贴公告", "responsible": LABOUR, "due": "2199-01-01"}


def test_b11_6_whoever_may_give_a_command_that_needs_a_version_may_read_the_thing() -> None:
    blind = [
        (role, route.under)
        for route in ROUTES
        if not route.creates and not route.public
        for role in (*STAFF, *LEADERS, *VILLAGES, *FIRMS)
        if role in MAY[route.command]
        for asked in [ASKED.get(route.under.rpartition("/")[0])]
        if asked is not None and role not in MAY[asked.permission]
    ]
    assert blind == []
    of_committees = [one for one in ROUTES if not one.creates and set(VILLAGES) & MAY[one.command]]
    assert all(one.under.rpartition("/")[0] in ASKED for one in of_committees)


def test_b11_6_a_committee_leads_its_own_helpers_needs_and_decisions(api: Api) -> None:
    theirs = made(api, "/helpers", HELPER, by="leader")
    other = made(api, "/helpers", HELPER | {"code": "H-2", "village": "440103001002"}, by="leader")
    seen = api.get(theirs, by="committee")
    assert "RetireHelper" in seen.json()["allowed"]
    activity: dict[str, Any] = {"day": "2026-03-01", "activity": "guidance", "people": 3}
    step(api, f"{theirs}/report-activity", activity, by="committee", seen=seen.json()["version"])
    assert problem(api.get(other, by="committee")) == (404, "not-found")
    need = {"category": "land", "text": "征地", "since": "2026-03-01", "source": "committee"}
    made(api, "/needs/note", {"village": VILLAGE, **need}, by="committee")
    assert api.get(f"/needs/{VILLAGE}", by="committee").status_code == 200
    held = made(api, "/conferences", CONFERENCE, by="leader")
    assert problem(api.get(held, by="committee")) == (404, "not-found")
    step(api, f"{held}/take-decision", DECISION, by="leader", seen=1)
    own = DECISION | {"responsible": {"name": "翠洲社区", "code": VILLAGE}}
    step(api, f"{held}/take-decision", own, by="leader", seen=2)
    shown = api.get(held, by="committee").json()
    assert [one["number"] for one in shown["state"]["decisions"]] == [2]
    done = {"number": 2, "done_on": "2026-03-20", "result": "已张贴"}
    step(api, f"{held}/report-decision-done", done, by="committee", seen=shown["version"])
    api.project()
    assert [one["code"] for one in api.get("/helpers", by="committee").json()["rows"]] == ["H-1"]
    assert len(api.get("/needs", by="committee").json()["rows"]) == 1
    assert [one["decision"] for one in api.get("/decisions", by="committee").json()["rows"]] == [2]
