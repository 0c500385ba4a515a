"""The one gate of every read of a stream: what was read before, and is no more."""

import ast
import asyncio
import hashlib
import inspect
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import msgspec
import pytest
from msgspec import structs, to_builtins

from api.history.log import _for_reader, _newer, _of_others_scores, _told
from api.identity import OPERATOR
from api.rights import PUBLIC
from api.serving.app import wire
from api.serving.commands import ROUTES
from api.serving.questions import QUESTIONS
from api.web.gate import kept_from, readable
from domain.moment import KnownRegisters
from domain.oversight import sample
from domain.promises.promise_watch import RecordPromiseMissed
from domain.vocabulary import sibling_id
from ledger.log.store import Ledger
from projections.history.timeline import Timeline, TimelineEvent
from tests.api.conftest import ACTORS, LOGGED, Api, problem, settings_of
from tests.complaints import COMPLAINT_RULES, GRIEVANCE
from tests.examples import MORNING, RULES

ABOUT: Final[dict[str, Any]] = to_builtins(GRIEVANCE)
"""About adviser A-1 of ROOM-1, who is the actor `lawyer`."""
PHOTO: Final = {"sha256": "a" * 64, "media_type": "image/jpeg", "size": 3}
ROOT: Final = Path(__file__).parents[3]
OUTSIDE: Final = ("neighbour", "station", "elsewhere")
"""Of another room, of the station next door, of another district."""


def complained(api: Api, *, by: str = "clerk", **more: Any) -> str:
    answer = api.post("/complaints", {"grievance": ABOUT | more}, by=by)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["stream"])


def named(api: Api, complaint: str, seen: int = 1) -> dict[str, Any]:
    """The complaint is found to be about adviser A-1."""
    naming = {"adviser": "A-1", "reason": "核实后更正"}
    answer = api.post(f"/complaints/{complaint}/name-object", naming, by="leader", seen=seen)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def nowhere(api: Api, path: str, *by: str, **query: Any) -> None:
    """Outside nothing differs from what there never was."""
    for one in by:
        assert problem(api.get(path, by=one, **query)) == (404, "not-found"), (one, path)


# --- F1: by unit and division


def test_threat_f1_a_request_is_read_where_it_stands_and_nowhere_else(api: Api) -> None:
    request = api.consulted()
    api.post(f"/requests/{request}/rating-invitation", by="desk")
    attach = {"of_kind": "request", "evidence": PHOTO}
    assert api.post(f"/attachments/{request}/attach", attach, by="desk").status_code == 201
    then = datetime.now(UTC)
    for path in (
        f"/requests/{request}",
        f"/requests/{request}/rating",
        f"/streams/request/{request}/events",
        f"/streams/rating/{request}/events",
        f"/attachments/{request}",
        f"/streams/attachments/{request}/events",
    ):
        for inside in ("clerk", "desk", "lawyer", "leader", "auditor"):
            assert api.get(path, by=inside).status_code == 200, (inside, path)
        nowhere(api, path, *OUTSIDE)
        nowhere(api, path, *OUTSIDE, as_known_at=then.isoformat())
        earlier = (then - timedelta(days=1)).isoformat()
        nowhere(api, path, *OUTSIDE, compared_to=earlier)


def test_threat_f1_what_was_read_then_is_judged_by_who_may_read_now(api: Api) -> None:
    request = api.logged()
    then = api.get(f"/streams/request/{request}/events").json()["events"][0]["recorded_at"]
    assert api.get(f"/requests/{request}", as_known_at=then).status_code == 200
    nowhere(api, f"/requests/{request}", "elsewhere", as_known_at=then)


def test_threat_f1_a_complaint_of_another_district_is_not_there(api: Api) -> None:
    complaint = complained(api, adviser=None, account="somebody")
    for path in (f"/complaints/{complaint}", f"/streams/complaint/{complaint}/events"):
        assert api.get(path, by="leader").status_code == 200
        nowhere(api, path, *OUTSIDE)


def test_threat_f1_registers_and_rules_are_read_by_every_office(api: Api) -> None:
    for path in ("/points/ROOM-1", "/advisers/A-1", "/streams/point/ROOM-1/events"):
        for by in ("clerk", *OUTSIDE):
            assert api.get(path, by=by).status_code == 200, (by, path)


def test_threat_f1_a_table_is_read_in_its_division(api: Api) -> None:
    api.project()
    for division, by in (("440103", "elsewhere"), ("4401", "leader")):
        path = f"/reports/criticism-monthly/{division}/2026-06"
        nowhere(api, path, by)


# --- F2 and F3: the one complained of


def test_threat_f2_whoever_was_named_once_reads_it_at_no_time(api: Api) -> None:
    complaint = complained(api, adviser=None, account="somebody")
    at_first = api.get(f"/complaints/{complaint}", by="lawyer").status_code
    told = named(api, complaint)
    back = {"account": "somebody", "reason": "误列"}
    api.post(f"/complaints/{complaint}/name-object", back, by="leader", seen=2)
    then = datetime.fromisoformat(told["recorded_at"]) - timedelta(microseconds=1)
    for path in (f"/complaints/{complaint}", f"/streams/complaint/{complaint}/events"):
        nowhere(api, path, "lawyer")
        nowhere(api, path, "lawyer", as_known_at=then.isoformat())
    assert at_first in (200, 404)


def test_threat_f3_his_own_request_has_no_stub_of_a_complaint(api: Api, ledger: Ledger) -> None:
    request = api.consulted()
    before = api.get(f"/streams/request/{request}/events", by="lawyer").json()
    complaint = UUID(complained(api, request=request))
    missed = RecordPromiseMissed(
        of=complaint, of_kind="complaint", name="acknowledge", round=1, due=MORNING
    )
    ledger.execute(sibling_id(complaint, "promises"), missed, by=ACTORS["policy"])
    after = api.get(f"/streams/request/{request}/events", by="lawyer").json()
    assert {**after, "position": 0} == {**before, "position": 0}
    leader = api.get(f"/streams/request/{request}/events", by="leader").json()
    kinds = [one["kind"] for one in leader["events"]]
    assert kinds[-2:] == ["complaint.registered", "promises.missed"]
    nowhere(api, f"/streams/promises/{complaint}/events", "lawyer", *OUTSIDE)


def test_threat_f3_notices_are_of_what_the_reader_may_read(
    api: Api, ledger: Ledger, home: Path
) -> None:
    after = api.post("/requests", LOGGED).json()["position"]
    complaint = UUID(complained(api))
    missed = RecordPromiseMissed(
        of=complaint, of_kind="complaint", name="acknowledge", round=1, due=MORNING
    )
    ledger.execute(sibling_id(complaint, "promises"), missed, by=ACTORS["policy"])
    own = api.logged()

    async def told(by: str) -> list[tuple[str, str | None]]:
        wiring = wire(settings_of(api.database, home), api.database.app_url)
        async with wiring.ledger, wiring.views:
            found = await _for_reader(wiring, await _newer(wiring, after), ACTORS[by])
        return [(one.topic, str(one.stream) if one.stream else None) for one in found]

    mine = ("request.logged/1", own)
    assert asyncio.run(told("lawyer")) == [mine]
    assert asyncio.run(told("station")) == asyncio.run(told("elsewhere")) == []
    # Not even who may read it is told which: he would know its id when it is named at him.
    secret = [("complaint.registered/1", None), ("promises.missed/1", None)]
    assert asyncio.run(told("leader")) == [*secret, mine]


# --- F4: seven side channels


def test_threat_f4a_noting_a_bad_rating_does_not_tell_of_the_complaint_that_there_is(
    api: Api,
) -> None:
    def rated() -> str:
        request = api.consulted()
        api.post(f"/requests/{request}/rating-invitation", by="desk")
        link = api.coded(request, by="desk")
        given = api.post(link, {"grade": 1, "comment": "等了两个小时"}, by=None, key="")
        assert given.status_code == 200, given.text
        return request

    without, with_one = rated(), rated()
    assert api.post(f"/requests/{with_one}/dissatisfaction", by="desk").status_code == 201
    asked = [
        problem(api.post(f"/requests/{request}/dissatisfaction", by="lawyer"))
        for request in (without, with_one)
    ]
    assert asked == [(409, "actor-is-complained-of")] * 2


def test_threat_f4b_the_same_matter_does_not_name_the_complaint_about_the_reader(api: Api) -> None:
    about_him = complained(api)
    other = complained(api, adviser=None, account="somebody")
    link = {"other": about_him, "reason": "与陈律师的投诉同一事"}
    linked = api.post(f"/complaints/{other}/link-same-matter", link, by="leader", seen=1)
    assert linked.status_code == 200, linked.text
    for path in (f"/complaints/{other}", f"/streams/complaint/{other}/events"):
        assert about_him in api.get(path, by="leader").text
        seen = api.get(path, by="lawyer")
        assert about_him not in seen.text
        assert "陈律师" not in seen.text


def test_threat_f4c_a_sample_does_not_list_the_complaint_about_the_reader(
    api: Api, ledger: Ledger
) -> None:
    ids = (complained(api), complained(api, adviser=None, account="somebody"))
    stream, by = UUID(int=7), ACTORS["leader"]
    frame = sample.Frame(of="complaint", division="440103", cut_off=1)
    announced = ledger.execute(
        stream,
        sample.AnnounceSample(purpose="抽查", frame=frame, population=ids, size=2),
        by=by,
    )
    assert announced.position is not None
    draw = sample.DrawSample(
        population=ids,
        announced_at=announced.position,
        checkpoint=announced.position,
        root="a" * 64,
    )
    ledger.execute(stream, draw, by=by)
    whole = api.get(f"/samples/{stream}", by="leader").text
    assert all(one in whole for one in ids), whole
    seen = api.get(f"/samples/{stream}", by="lawyer")
    assert seen.status_code == 200
    assert ids[0] not in seen.text
    nowhere(api, f"/samples/{stream}", "elsewhere")


def test_threat_f4e_what_others_were_scored_is_in_no_history_of_an_evaluation() -> None:
    def event(position: int, subject: str | None) -> TimelineEvent:
        data = {"value": "90", "sources": ["x"]} | ({"subject": subject} if subject else {})
        return TimelineEvent(
            position=position,
            version=position,
            recorded_at=MORNING,
            occurred_at=MORNING,
            kind="evaluation.human_score_given",
            topic="evaluation.human_score_given/1",
            actor=ACTORS["leader"],
            data=data,
            event_id=UUID(int=position),
            command_id=UUID(int=position),
            stream=UUID(int=9),
        )

    told = Timeline(stream="evaluation:x", position=9, events=[event(1, "A-1"), event(2, "A-2")])
    registers = KnownRegisters().registers
    assert _of_others_scores(told, ACTORS["lawyer"], registers) == {2}
    assert _of_others_scores(told, ACTORS["leader"], registers) == set()
    own = _told(told.events[0], frozenset(), ACTORS["lawyer"])
    assert "sources" not in own.data
    assert "sources" in _told(told.events[0], frozenset(), ACTORS["leader"]).data


def test_threat_f4d_promises_of_complaints_are_not_counted_for_a_point(api: Api) -> None:
    limits = {**RULES.limits, **COMPLAINT_RULES.limits}
    rules = structs.replace(COMPLAINT_RULES, version=2, limits=limits)
    assert api.post("/policies", {"policy": to_builtins(rules)}, by="admin").status_code == 201
    complained(api)
    api.project()
    for by, there in (("leader", True), ("lawyer", False), ("clerk", False), ("station", False)):
        rows = api.get("/reports/promises?by=point&point=ROOM-1", by=by).json()["rows"]
        assert any(row["of_kind"] == "complaint" for row in rows) is there, by


def test_threat_f4f_how_many_are_hidden_is_undated_and_not_for_the_one_complained_of(
    api: Api,
) -> None:
    complained(api)
    api.project()
    for query in ("", f"?as_known_at={datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"):
        counts = api.get(f"/complaints/counts{query}", by="lawyer").json()["counts"]
        assert counts["hidden"] == 0


def test_threat_f4g_a_view_that_lags_shows_no_complaint_just_named_at_the_reader(api: Api) -> None:
    complaint = complained(api, adviser=None, account="somebody")
    api.project()
    named(api, complaint)
    for path in ("/complaints", "/dissatisfactions"):
        assert complaint not in api.get(path, by="lawyer").text
    assert api.get("/complaints/counts", by="lawyer").json()["counts"]["open"] == 0


# --- F5 and F21


def test_threat_f5_what_happened_days_ago_needs_a_reason_that_stands_with_it(api: Api) -> None:
    request = api.consulted()
    days_ago = (datetime.now(UTC) - timedelta(days=3)).isoformat()
    note = {"text": "已电话告知"}
    refused = api.post(f"/requests/{request}/add-note", note, seen=2, occurred_at=days_ago)
    assert problem(refused)[1] in ("late-entry-needs-reason", "happens-before-last-step")
    elsewhere = api.post(f"/requests/{request}/add-note", note, by="neighbour", seen=2)
    assert problem(elsewhere) == (409, "outside-jurisdiction")


def test_threat_f21_no_answer_to_who_served_holds_the_link(api: Api) -> None:
    request = api.consulted()
    invited = api.post(f"/requests/{request}/rating-invitation", by="desk")
    assert invited.status_code == 201
    assert "link" not in invited.json()
    served = api.post(f"/requests/{request}/rating/code", by="lawyer", seen=1)
    assert served.status_code in (403, 409)
    outside = api.post(f"/requests/{request}/rating/code", by="neighbour", seen=1)
    assert problem(outside) == (409, "outside-jurisdiction")


# --- files


def test_a_file_is_read_by_who_may_read_what_names_it(api: Api) -> None:
    content = b"a photo of nobody"
    digest = hashlib.sha256(content).hexdigest()
    evidence = {"sha256": digest, "media_type": "image/png", "size": len(content)}
    request = api.logged()
    body = {"of_kind": "request", "evidence": evidence}
    assert api.post(f"/attachments/{request}/attach", body, by="desk").status_code == 201
    sent = {"Content-Type": "image/png", "Authorization": "Bearer desk"}
    stored = api.client.put(
        f"/api/v1/blobs/{digest}?attached_to={request}", content=content, headers=sent
    )
    assert stored.status_code == 201, stored.text
    assert api.get(f"/blobs/{digest}", by="clerk").content == content
    nowhere(api, f"/blobs/{digest}", *OUTSIDE)


def test_a_file_that_nothing_names_is_read_by_nobody(api: Api) -> None:
    digest = hashlib.sha256(b"x").hexdigest()
    sent = {"Content-Type": "image/png", "Authorization": "Bearer desk"}
    stored = api.client.put(f"/api/v1/blobs/{digest}", content=b"x", headers=sent)
    assert stored.status_code == 201
    nowhere(api, f"/blobs/{digest}", "desk", "leader", "auditor")


def test_who_may_not_read_a_thing_attaches_nothing_to_it(api: Api) -> None:
    things = {"request": api.logged(), "complaint": complained(api)}
    never = "00000000-0000-4000-8000-000000000009"
    for kind, thing in things.items():
        body = {"of_kind": kind, "evidence": PHOTO}
        for by in (*OUTSIDE, "firm"):
            refused = [
                problem(api.post(f"/attachments/{of}/attach", body, by=by)) for of in (thing, never)
            ]
            assert refused[0][0] in (404, 409), (by, kind)
            assert refused[0][1] in ("nothing-to-attach-to", "outside-jurisdiction"), (by, kind)
    about_him = {"of_kind": "complaint", "evidence": PHOTO}
    hidden = api.post(f"/attachments/{things['complaint']}/attach", about_him, by="lawyer")
    assert problem(hidden) == (404, "nothing-to-attach-to")


@pytest.mark.parametrize(
    ("more", "slug"),
    [
        ({"size": 0}, "evidence-is-empty"),
        ({"media_type": "text/html"}, "evidence-could-act"),
        ({"media_type": "image/svg+xml"}, "evidence-could-act"),
    ],
)
def test_what_proves_nothing_is_not_attached(api: Api, more: dict[str, Any], slug: str) -> None:
    body = {"of_kind": "request", "evidence": PHOTO | more}
    refused = api.post(f"/attachments/{api.logged()}/attach", body)
    assert problem(refused) == (409, slug)


# --- the gate itself


def test_the_operator_is_one_object_that_no_token_makes(api: Api, home: Path) -> None:
    request = UUID(api.logged())
    forged = msgspec.convert(to_builtins(OPERATOR), type(OPERATOR))
    assert forged == OPERATOR

    async def asked() -> list[Any]:
        wiring = wire(settings_of(api.database, home), api.database.app_url)
        async with wiring.ledger, wiring.views:
            return [
                await readable(wiring, (request,), OPERATOR),
                await readable(wiring, (request,), forged),
                await kept_from(wiring, OPERATOR),
            ]

    assert asyncio.run(asked()) == [{request: "request"}, {}, frozenset()]


# --- nothing goes around it

PAST_THE_GATE: Final = {
    "api/web/gate.py": {"opened", "readable", "kept_from"},
    # What belongs to a thing that was read.
    "api/web/questions.py": {"told_beside"},
    # By a secret link of its own; commands, whose rules decide in the transaction.
    "api/requests/ratings.py": {
        "_link", "_handling", "_opened_by_link", "note_dissatisfaction", "invite", "call_back",
    },
    "api/requests/following.py": {"_logged", "_rate_until"},
    "api/complaints/complaint_routes.py": {"_act", "_note_rating"},
    "api/advising/duty_routes.py": {"_order"},
    "api/evaluation/evaluation_routes.py": {"_earlier"},
    # Registers as known then, which every office reads.
    "api/advising/registers.py": {"known"},
    # After they asked it.
    "api/advising/blobs.py": {"_named", "_naming"},
    "api/advising/needs.py": {"_choices"},
    "api/history/log.py": {"_timeline", "_newer"},
}  # fmt: skip
"""Module → functions that load a stream themselves, and why they may."""
LOADS: Final = ("stream", "streams", "timeline_async")


def loading(source: str) -> set[str]:
    """The functions of a module in which a stream is loaded, or the log asked by SQL."""
    tree = ast.parse(source)
    queries = {
        target.id
        for node in ast.walk(tree)
        if isinstance(node, ast.AnnAssign)
        and isinstance(target := node.target, ast.Name)
        and node.value is not None
        and "FROM log_events" in ast.unparse(node.value)
    }
    return {
        function.name
        for function in ast.walk(tree)
        if isinstance(function, ast.AsyncFunctionDef | ast.FunctionDef)
        for node in ast.walk(function)
        if (isinstance(node, ast.Call) and _loads(node.func))
        or (isinstance(node, ast.Name) and node.id in queries)
    }


def _loads(called: ast.expr) -> bool:
    if isinstance(called, ast.Name):
        return called.id == "timeline_async"
    return (
        isinstance(called, ast.Attribute)
        and called.attr in LOADS
        and ast.unparse(called.value).endswith("ledger")
    )


def test_no_question_and_no_route_loads_a_stream_past_the_gate() -> None:
    declared = {inspect.getmodule(one.find) for one in QUESTIONS}
    declared |= {inspect.getmodule(one.perform) for one in ROUTES if one.perform is not None}
    modules = {one.__file__ for one in declared if one is not None and one.__file__}
    modules |= {str(path) for path in (ROOT / "api" / "web").glob("*.py")}
    modules |= {str(path) for path in (ROOT / "api" / "history").glob("*.py")}
    modules |= {str(path) for path in (ROOT / "api" / "advising").glob("blobs.py")}
    assert len(modules) > 40
    found = {
        str(Path(one).relative_to(ROOT)): names
        for one in modules
        if (names := loading(Path(one).read_text()))
    }
    assert found == PAST_THE_GATE


@pytest.mark.parametrize(
    "planted",
    [
        "async def _one(asking):\n    return await asking.wiring.ledger.stream(asking.path['id'])",
        "async def _one(asking):\n    ledger = 1\n    return await ledger.streams([1])",
        "SQL: Final = 'SELECT * FROM log_events'\nasync def _one(c):\n    await c.execute(SQL)",
        "async def _one(c):\n    return await timeline_async(c, 'request:1')",
    ],
)
def test_a_planted_question_that_goes_around_it_is_found(planted: str) -> None:
    assert loading(planted) == {"_one"}


def test_every_question_about_one_case_is_nothing_outside(api: Api) -> None:
    """What is asked by an id is a case, or something that the test of it must be added to."""
    elsewhere = {
        one.name for one in QUESTIONS if "{id:uuid}" in one.under and one.permission != PUBLIC
    }
    things = {"request": api.consulted(), "complaint": complained(api)}
    for question in QUESTIONS:
        if question.name not in elsewhere:
            continue
        for thing in things.values():
            path = question.under.replace("{id:uuid}", thing)
            path = path.replace("{subject:str}", "A-1").replace("{one:str}", "1")
            path = path.replace("{other:str}", "2")
            for by in OUTSIDE:
                answer = api.get(path, by=by)
                assert answer.status_code in (400, 403, 404), (question.name, by, answer.text)
