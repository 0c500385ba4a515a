"""Complaints over HTTP: handling, promises with their reasons, and who may not see one."""

from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import pytest
from msgspec import to_builtins
from msgspec.structs import replace

from domain.promises.promise_watch import RecordPromiseMissed
from domain.vocabulary import sibling_id
from ledger.log.store import Ledger
from tests.api.conftest import ACTORS, Api, problem
from tests.complaints import ANSWERED, COMPLAINT_RULES, GRIEVANCE
from tests.examples import MORNING, RULES, local

ABOUT: Final[dict[str, Any]] = to_builtins(GRIEVANCE)
"""About adviser A-1 of ROOM-1, who is the actor `lawyer`."""
ANSWER: Final = {
    name: getattr(ANSWERED, name)
    for name in ("claim", "facts", "opinion", "basis", "outcome", "justified", "resolved")
}
HANDLING: Final[tuple[tuple[str, str, Any], ...]] = (
    ("leader", "accept", {}),
    ("leader", "assign", {"unit": "STATION-1"}),
    ("station", "sign-for", {}),
    ("station", "begin-investigation", {}),
    ("station", "answer", ANSWER),
    ("leader", "record-return-visit", {"reached": True, "satisfied": True}),
    ("leader", "close", {}),
)
"""Who takes which step, from a complaint registered to one closed; an hour each."""
NOWHERE: Final = "/complaints/00000000-0000-4000-8000-000000000009"


@pytest.fixture
def ruled(api: Api) -> Api:
    """With time limits for complaints."""
    rules = replace(COMPLAINT_RULES, version=2, limits={**RULES.limits, **COMPLAINT_RULES.limits})
    assert api.post("/policies", {"policy": to_builtins(rules)}, by="admin").status_code == 201
    return api


def registered(api: Api, **more: Any) -> str:
    """The path of a complaint of Monday morning, without /api/v1."""
    body = {"grievance": ABOUT | more, "late_reason": "停电"}
    answer = api.post("/complaints", body, occurred_at=MORNING.isoformat())
    assert answer.status_code == 201, answer.text
    path: str = answer.headers["location"].removeprefix("/api/v1")
    return path


def handled(api: Api, complaint: str, until: str = "close") -> int:
    """Take the steps of HANDLING up to that one; the version afterwards."""
    at, version = MORNING, 1
    for by, action, body in HANDLING:
        at += timedelta(hours=1)
        taken = api.post(
            f"{complaint}/{action}",
            body,
            by=by,
            seen=version,
            occurred_at=at.isoformat(),
            late_reason="补录",
        )
        assert taken.status_code == 200, (action, taken.text)
        version = taken.json()["version"]
        if action == until:
            break
    return version


def allowed(api: Api, complaint: str, by: str) -> set[str]:
    return set(api.get(complaint, by=by).json()["allowed"])


# --- handling


def test_a_complaint_is_registered_and_read_back_with_its_promise_and_why(ruled: Api) -> None:
    complaint = registered(ruled)
    found = ruled.get(complaint)
    assert (found.status_code, found.headers["etag"]) == (200, '"1"')
    shown = found.json()
    assert (shown["stage"], shown["state"]["grievance"]["subject"]) == ("registered", "…（4字）")
    clear = ruled.get(complaint, unmask="办理投诉").json()
    assert clear["state"]["grievance"]["subject"] == "态度生硬"
    (promise,) = shown["promises"]
    assert (promise["name"], promise["met_at"]) == ("acknowledge", None)
    assert datetime.fromisoformat(promise["due"]) == local("2026-03-03 18:00")
    assert [step["text"] for step in promise["explanation"]][-1] == "届满：2026-03-03 18:00"
    assert (promise["policy"], promise["calendar"]) == ("service-limits@2", "gz-office@1")


def test_a_complaint_is_handled_to_its_end_and_its_history_tells_what_became_of_promises(
    ruled: Api,
) -> None:
    complaint = registered(ruled)
    handled(ruled, complaint)
    shown = ruled.get(complaint).json()
    assert shown["stage"] == "closed"
    path = complaint.replace("/complaints", "/streams/complaint")
    history = ruled.get(f"{path}/events", by="auditor").json()
    assert [event["kind"] for event in history["events"]] == [
        "complaint.registered", "complaint.accepted", "complaint.assigned", "complaint.signed_for",
        "complaint.investigation_begun", "complaint.answered", "complaint.return_visit_made",
        "complaint.closed",
    ]  # fmt: skip
    roles = [(event["actor"]["role"], event["actor"]["unit"]) for event in history["events"]]
    assert roles[:4:3] == [("duty_officer", "ROOM-1"), ("duty_officer", "STATION-1")]
    assert history["hidden"] == 0
    assert history["promises"] == shown["promises"]
    met = {one["name"]: one["met_at"] for one in history["promises"]}
    assert met.keys() == {"acknowledge", "assign", "return", "answer"}
    assert datetime.fromisoformat(met["answer"]) == local("2026-03-02 14:00")


def test_what_is_allowed_follows_role_and_stage(ruled: Api) -> None:
    complaint = registered(ruled)
    assert {"AcceptComplaint", "DeclineComplaint"} <= allowed(ruled, complaint, "leader")
    assert "AcceptComplaint" not in allowed(ruled, complaint, "clerk")
    assert "AcknowledgeComplaint" in allowed(ruled, complaint, "clerk")
    assert allowed(ruled, complaint, "auditor") == set()
    version = handled(ruled, complaint)
    closed = allowed(ruled, complaint, "leader")
    assert {"ReopenComplaint", "AskReview", "VoidComplaint", "SuperviseComplaint"} <= closed
    assert not {"AcceptComplaint", "AnswerComplaint", "EscalateDissatisfaction"} & closed
    ruled.post(f"{complaint}/void", {"reason": "误录"}, by="leader", seen=version)
    assert allowed(ruled, complaint, "leader") == set()


def test_an_extension_is_approved_by_the_role_that_the_rules_name(ruled: Api) -> None:
    complaint = registered(ruled)
    version = handled(ruled, complaint, until="begin-investigation")
    extend = {"amount": 5, "reason": "案情复杂", "notified": "phone"}
    at = local("2026-03-03 10:00").isoformat()
    asked: dict[str, Any] = {"seen": version, "occurred_at": at, "late_reason": "补录"}
    assert problem(ruled.post(f"{complaint}/extend", extend, by="station", **asked)) == (
        403,
        "not-permitted",
    )
    assert problem(ruled.post(f"{complaint}/extend", extend, by="admin", **asked)) == (
        409,
        "not-the-approver",
    )
    assert ruled.post(f"{complaint}/extend", extend, by="leader", **asked).status_code == 200
    (answer,) = (one for one in ruled.get(complaint).json()["promises"] if one["name"] == "answer")
    assert datetime.fromisoformat(answer["due"]) == local("2026-03-30 18:00")
    assert "延期：5个工作日" in [step["text"] for step in answer["explanation"]]


def test_a_complaint_is_shown_as_it_was_known_then(ruled: Api) -> None:
    complaint = registered(ruled)
    before = ruled.get(complaint)
    accepted = ruled.post(f"{complaint}/accept", {}, by="leader", seen=1).json()
    then = datetime.fromisoformat(accepted["recorded_at"]) - timedelta(microseconds=1)
    assert ruled.get(complaint, as_known_at=then.isoformat()).json() == before.json()
    long_ago = ruled.get(complaint, as_known_at="2020-01-01T00:00:00Z")
    assert problem(long_ago) == (404, "not-found")


def test_an_unknown_complaint_is_not_found(api: Api) -> None:
    assert problem(api.get(NOWHERE)) == (404, "not-found")
    for seen in (0, 1):
        accepted = api.post(f"{NOWHERE}/accept", {}, by="leader", seen=seen)
        assert problem(accepted) == (404, "not-found")


# --- a dissatisfaction


def test_a_device_notes_a_dissatisfaction_that_staff_make_a_complaint(ruled: Api) -> None:
    noted = ruled.post("/dissatisfactions", {"grievance": ABOUT}, by="device")
    assert noted.status_code == 201
    complaint = noted.headers["location"].removeprefix("/api/v1")
    assert "EscalateDissatisfaction" in allowed(ruled, complaint, "clerk")
    assert ruled.post(f"{complaint}/register", {}, seen=1).status_code == 200
    shown = ruled.get(complaint).json()
    assert (shown["stage"], shown["version"]) == ("registered", 2)
    assert [one["name"] for one in shown["promises"]] == ["acknowledge"]
    again = ruled.post(f"{complaint}/register", {}, seen=2)
    assert problem(again) == (409, "complaint-exists")


def test_a_bad_rating_is_noted_once_with_what_it_was_about(api: Api) -> None:
    request, link = api.invited()
    note = f"/requests/{request}/dissatisfaction"
    assert problem(api.post(note)) == (409, "actor-is-complained-of")
    assert problem(api.post(note, by="colleague")) == (409, "rating-is-not-bad")
    api.post(link, {"grade": 1, "comment": "等了两个小时"}, by=None, key="")
    noted = api.post(note, by="colleague")
    assert noted.status_code == 201
    complaint = noted.headers["location"].removeprefix("/api/v1")
    told = api.get(complaint, by="colleague", unmask="办理投诉").json()
    grievance = told["state"]["grievance"]
    assert (grievance["request"], grievance["point"]) == (request, "ROOM-1")
    assert (grievance["channel"], grievance["detail"]) == ("rating", "等了两个小时")
    again = api.post(note, by="colleague")
    assert problem(again) == (409, "complaint-exists")


def test_a_bad_rating_is_not_invented(api: Api) -> None:
    request = api.logged()
    missing = api.post(f"/requests/{request}/dissatisfaction")
    assert problem(missing) == (404, "rating-not-invited")
    unknown = "/requests/00000000-0000-4000-8000-000000000009/dissatisfaction"
    assert problem(api.post(unknown)) == (404, "request-unknown")
    for path in ("/dissatisfactions", "/complaints"):
        invented = api.post(path, {"grievance": ABOUT | {"rating": request}})
        assert problem(invented) == (400, "validation-failed")
        assert invented.json()["errors"][0]["field"] == "grievance.rating"


# --- who may not see it


def unseen(api: Api, complaint: str, by: str) -> None:
    """Nothing that this actor asks or commands tells him that there is such a complaint."""
    id_ = complaint.removeprefix("/complaints/")
    assert problem(api.get(complaint, by=by)) == (404, "not-found")
    for kind in ("complaint", "request", "worklog"):
        history = api.get(f"/streams/{kind}/{id_}/events", by=by)
        assert problem(history) == (404, "not-found")
    for seen in (0, 1, 99):
        stepping_aside = api.post(
            f"{complaint}/declare-recusal", {"reason": "回避"}, by=by, seen=seen
        )
        assert problem(stepping_aside) == (404, "not-found")


def test_the_one_complained_of_does_not_see_it(api: Api) -> None:
    complaint = registered(api)
    assert api.get(complaint, by="clerk").status_code == 200
    unseen(api, complaint, "lawyer")
    own = api.post("/complaints", {"grievance": ABOUT}, by="lawyer")
    assert problem(own) == (409, "actor-is-complained-of")


def test_the_point_complained_of_does_not_see_it(api: Api) -> None:
    about_station = {"point": "STATION-1", "adviser": None}
    complaint = registered(api, **about_station)
    unseen(api, complaint, "station")
    assert api.get(complaint, by="leader").status_code == 200


def test_who_is_named_later_does_not_see_what_was_known_before_either(api: Api) -> None:
    complaint = registered(api, adviser=None, account="somebody")
    before = api.get(complaint, by="lawyer")
    assert before.status_code == 200
    naming = {"adviser": "A-1", "reason": "核实后更正"}
    named = api.post(f"{complaint}/name-object", naming, by="leader", seen=1).json()
    unseen(api, complaint, "lawyer")
    then = datetime.fromisoformat(named["recorded_at"]) - timedelta(microseconds=1)
    earlier = api.get(complaint, by="lawyer", as_known_at=then.isoformat())
    assert problem(earlier) == (404, "not-found")
    history = complaint.replace("/complaints", "/streams/complaint") + "/events"
    earlier = api.get(history, by="lawyer", as_known_at=then.isoformat())
    assert problem(earlier) == (404, "not-found")


def test_who_steps_aside_is_told_so_again_and_sees_it_no_more(api: Api) -> None:
    complaint = registered(api)
    aside: dict[str, Any] = {"by": "colleague", "seen": 1, "key": "aside"}
    first = api.post(f"{complaint}/declare-recusal", {"reason": "亲属"}, **aside)
    again = api.post(f"{complaint}/declare-recusal", {"reason": "亲属"}, **aside)
    assert (first.status_code, again.status_code) == (200, 200)
    assert again.json() == first.json()
    unseen(api, complaint, "colleague")


def test_what_is_watched_of_a_hidden_complaint_is_hidden_too(api: Api, ledger: Ledger) -> None:
    complaint = registered(api)
    id_ = complaint.removeprefix("/complaints/")
    missed = RecordPromiseMissed(
        of=UUID(id_), of_kind="complaint", name="acknowledge", round=1, due=MORNING
    )
    ledger.execute(sibling_id(UUID(id_), "promises"), missed, by=ACTORS["policy"])
    history = f"/streams/promises/{id_}/events"
    assert [one["kind"] for one in api.get(history).json()["events"]] == ["promises.missed"]
    assert problem(api.get(history, by="lawyer")) == (404, "not-found")


def test_a_complaint_that_came_of_a_request_is_in_no_history_of_those_complained_of(
    api: Api, ledger: Ledger
) -> None:
    request, complaint = complained_of(api)
    id_ = UUID(complaint.removeprefix("/complaints/"))
    missed = RecordPromiseMissed(
        of=id_, of_kind="complaint", name="acknowledge", round=1, due=MORNING
    )
    ledger.execute(sibling_id(id_, "promises"), missed, by=ACTORS["policy"])
    history = f"/streams/request/{request}/events"
    whole = api.get(history, by="leader").json()
    assert whole["hidden"] == 0
    theirs = {
        one["position"]
        for one in whole["events"]
        if one["kind"].partition(".")[0] in ("complaint", "promises")
    }
    assert len(theirs) == 3
    for by in ("lawyer", "clerk"):
        assert problem(api.get(complaint, by=by)) == (404, "not-found")
        seen = api.get(history, by=by).json()
        assert seen["hidden"] == 0
        assert [one for one in whole["events"] if one["position"] not in theirs] == seen["events"]
        assert seen["promises"] == whole["promises"]
        assert str(id_) not in api.get(history, by=by).text
        for one in whole["events"]:
            event = api.get(f"/events/{one['position']}", by=by)
            if one["position"] in theirs:
                assert problem(event) == (404, "not-found")
            else:
                assert event.json()["event"] == one


def test_a_complaint_of_its_own_stands_in_the_history_of_the_request_that_it_names(
    api: Api,
) -> None:
    request = api.consulted()
    complaint = registered(api, request=request)
    history = f"/streams/request/{request}/events"
    whole = api.get(history, by="leader").json()
    assert [one["kind"] for one in whole["events"]][-1] == "complaint.registered"
    seen = api.get(history, by="lawyer")
    assert seen.json()["events"] == whole["events"][:-1]
    assert seen.json()["hidden"] == 0
    assert complaint.removeprefix("/complaints/") not in seen.text


def complained_of(api: Api) -> tuple[str, str]:
    """A request whose bad rating became a complaint about the room, and the complaint's path."""
    request, link = api.invited()
    api.post(link, {"grade": 1, "comment": "等了两个小时"}, by=None, key="")
    noted = api.post(f"/requests/{request}/dissatisfaction", by="colleague")
    complaint = noted.headers["location"].removeprefix("/api/v1")
    made = api.post(f"{complaint}/register", {}, by="leader", seen=1)
    assert made.status_code == 200, made.text
    return request, complaint


# --- the same matter


def test_the_same_matter_is_a_complaint_that_exists_and_was_accepted(api: Api) -> None:
    first, second = registered(api), registered(api)
    id_ = first.removeprefix("/complaints/")
    decline = {"ground": "same_matter", "reason": "同一事项已受理", "same_as": id_}
    refused = api.post(f"{second}/decline", decline, by="leader", seen=1)
    assert problem(refused) == (409, "same-matter-not-accepted")
    api.post(f"{first}/accept", {}, by="leader", seen=1)
    declined = api.post(f"{second}/decline", decline, by="leader", seen=1)
    assert declined.status_code == 200
    assert api.get(second).json()["state"]["same_matter"] == [id_]
    nobody = decline | {"same_as": NOWHERE.removeprefix("/complaints/")}
    unknown = api.post(f"{registered(api)}/decline", nobody, by="leader", seen=1)
    assert problem(unknown) == (409, "complaint-unknown")


def test_a_link_to_the_same_matter_looks_at_both(api: Api) -> None:
    first, second = registered(api), registered(api)
    link = {"other": first.removeprefix("/complaints/"), "reason": "同一事"}
    linked = api.post(f"{second}/link-same-matter", link, seen=1, key="link")
    assert linked.status_code == 200
    circle = {"other": second.removeprefix("/complaints/"), "reason": "同一事"}
    refused = api.post(f"{first}/link-same-matter", circle, seen=1)
    assert problem(refused) == (409, "original-is-linked")
    api.post(f"{first}/void", {"reason": "误录"}, by="leader", seen=1)
    again = api.post(f"{second}/link-same-matter", link, seen=1, key="link")
    assert again.json() == linked.json()


def test_a_link_does_not_tell_of_a_complaint_against_oneself(api: Api) -> None:
    about_him = registered(api, adviser=None, account="handler-1")
    other = registered(api, point="STATION-1")
    link = {"other": about_him.removeprefix("/complaints/"), "reason": "同一事"}
    refused = api.post(f"{other}/link-same-matter", link, by="station", seen=1)
    assert problem(refused) == (409, "complaint-unknown")
