"""What waits for whom, the catalogue of choices, and the lists of an office where nothing is."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from litestar.testing import TestClient
from msgspec.structs import replace

from api.serving.app import api_of, wire
from api.serving.catalogue import shown_types
from api.serving.commands import ROUTES
from api.serving.me import COUNTS
from api.serving.questions import QUESTIONS
from api.web.watch import watched
from api.words.choices import BY_VALUES, CHOICES, en, literals, zh
from domain.roles import ROLES
from domain.vocabulary import Actor
from tests.api.advising.test_duties import CHECKLIST, NOWHERE, VILLAGE, made, step
from tests.api.advising.test_oversight import appointed, logged
from tests.api.conftest import ACTORS, Api, founded, problem, settings_of
from tests.databases import Database

LISTS: Final = sorted(
    {
        one.under
        for one in QUESTIONS
        if "limit" in one.query.__struct_fields__ and "{" not in one.under
    }
    # Who has read what is written beside the log: it stands on no position of it.
    - {"/public/directory", "/reads"}
)


@pytest.fixture
def api(database: Database, home: Path) -> Iterator[Api]:
    """The office with a committee, its adviser's firm and a firm that has nothing to do with it."""
    more = {
        "committee": Actor(account="committee-1", role="committee", unit=VILLAGE),
        "firm": Actor(account="firm-1", role="firm", unit="FIRM-1"),
        "stranger": Actor(account="firm-2", role="firm", unit="FIRM-2"),
    }
    settings = replace(settings_of(database, home), tokens=ACTORS | more)
    wiring = wire(settings, database.app_url)
    app = watched(api_of(wiring), wiring.metrics)
    with TestClient(app, raise_server_exceptions=False) as client:
        yield founded(client, database)


def waiting(api: Api, by: str, **query: Any) -> dict[str, int]:
    answer = api.get("/me", by=by, **query)
    assert answer.status_code == 200, answer.text
    return {one["what"]: one["count"] for one in answer.json()["waiting"]}


# --- an empty office


@pytest.mark.parametrize("path", LISTS)
def test_a_list_of_nothing_is_empty_and_says_what_it_stands_on(api: Api, path: str) -> None:
    api.project()
    found = api.get(path, by="leader")
    assert found.status_code == 200, found.text
    body = found.json()
    rows = body.get("rows", body.get("evaluations"))
    known = {"/points": 2, "/advisers": 1, "/directory": 3, "/calendars": 1, "/policies": 1}
    assert len(rows) == known.get(path, 0)
    assert body["next_cursor"] is None
    position = body["basis"]["position"] if "basis" in body else body["position"]
    assert position == int(found.headers["x-position"]) > 0


def test_nothing_waits_where_nothing_is(api: Api) -> None:
    api.project()
    for by in ("clerk", "lawyer", "leader", "admin"):
        found = waiting(api, by)
        assert found
        assert not any(found.values()), (by, found)


# --- me


def test_me_says_who_one_is_and_what_one_may_do(api: Api) -> None:
    api.project()
    me = api.get("/me", by="lawyer").json()
    assert (me["account"], me["role"], me["unit"], me["adviser"]) == (
        "chen", "adviser", "ROOM-1", "A-1",
    )  # fmt: skip
    assert {"LogWork", "CreateWechatGroup", "Requests"} <= set(me["may"])
    assert not {"VerifyWork", "OpenPoint", "PublicDirectory", "GiveRating"} & set(me["may"])
    assert problem(api.get("/me", by=None)) == (401, "not-authenticated")


def test_the_inboxes_of_a_counter_and_of_an_adviser(api: Api) -> None:
    request = api.logged()
    at = "2090-01-02T09:00:00+08:00"
    step(api, f"/requests/{request}/make-appointment", {"purpose": "callback", "at": at},
         by="clerk", seen=1)  # fmt: skip
    other = api.logged()
    sent = {"target": "other_point", "to": "STATION-1", "reason": "属地", "consented": True}
    step(api, f"/requests/{other}/refer", sent, by="clerk", seen=1)
    step(api, f"/requests/{request}/assign-adviser", {"adviser": "A-1"}, by="clerk", seen=2)
    api.project()
    assert waiting(api, "clerk")["my_requests"] == 2
    assert waiting(api, "station")["referrals_sent"] == 1
    assert waiting(api, "station")["my_requests"] == 0
    assert waiting(api, "lawyer")["requests_to_serve"] == 1
    rows = api.get("/requests", by="clerk", order="appointed").json()["rows"]
    assert [(row["request"], row["appointed_for"]) for row in rows] == [(request, "callback")]
    none = api.get("/requests", appointed_to=at)
    assert none.status_code == 200, none.text
    assert none.json()["rows"] == []
    assert len(api.get("/requests", appointed_from=at).json()["rows"]) == 1
    step(api, f"/requests/{other}/accept-referral", {}, by="station", seen=2)
    api.project()
    mine = waiting(api, "station")
    assert (mine["referrals_sent"], mine["referrals_accepted"]) == (0, 1)


def test_an_hour_appointed_for_another_day_does_not_wait_today(api: Api) -> None:
    request = api.logged()
    later = {"purpose": "visit", "at": "2090-06-01T10:00:00+08:00"}
    step(api, f"/requests/{request}/make-appointment", later, by="clerk", seen=1)
    api.project()
    (inbox,) = (
        one for one in api.get("/me").json()["waiting"] if one["what"] == "appointments_today"
    )
    assert inbox["count"] == 0
    assert "appointed_from=" in inbox["link"]
    assert "point=ROOM-1" in inbox["link"]


def test_the_inboxes_of_a_bureau(api: Api) -> None:
    appointed(api)
    entry = logged(api)
    api.project()
    before = waiting(api, "leader")
    assert before["work_to_verify"] == 1
    step(api, f"{entry}/verify", {}, by="leader", seen=1)
    api.project()
    assert waiting(api, "leader")["work_to_verify"] == 0


def test_the_inbox_as_known_before_is_what_it_was(api: Api) -> None:
    api.logged()
    api.project()
    then = api.get("/requests").json()["basis"]["recorded_at"]
    api.logged()
    api.project()
    assert waiting(api, "clerk")["my_requests"] == 2
    assert waiting(api, "clerk", as_known_at=then)["my_requests"] == 1
    compared = api.get("/me", compared_to=then).json()
    (waits,) = (one for one in compared["lists"] if one["at"] == "/waiting")
    changed = {one["key"][0] for one in waits["changed"]}
    assert changed - {"due_today"} == {"my_requests"}, "what is due today depends on the hour"


def test_a_device_is_told_how_many_wait_at_its_window(api: Api) -> None:
    api.project()
    assert waiting(api, "device") == {"device_queue": 0}
    place = {"device": "device-1", "window": "W-1"}
    step(api, "/points/ROOM-1/place-device", place, by="admin", seen=1)
    request = api.logged(window="W-1")
    served = {"mode": "onsite", "minutes": 20}
    step(api, f"/requests/{request}/give-consultation", served, by="clerk", seen=1)
    assert api.post(f"/requests/{request}/rating-invitation").status_code == 201
    api.project()
    assert waiting(api, "device") == {"device_queue": 1}


def test_every_inbox_is_of_a_list_that_can_be_counted() -> None:
    under = {one.under for one in QUESTIONS}
    assert set(COUNTS) <= under


# --- the catalogue


def test_every_choice_that_is_asked_for_or_shown_has_its_labels() -> None:
    """A new one fails here until it has a line in `api/words/choices.py`."""
    fields = literals(shown_types(ROUTES, QUESTIONS))
    assert {values: taking for values, taking in fields.items() if values not in BY_VALUES} == {}
    assert set(BY_VALUES) == set(fields)
    assert len(BY_VALUES) == len(CHOICES)
    for name, labels in CHOICES.items():
        for value, label in labels.items():
            assert zh(label), (name, value)
            assert en(label).isascii(), (name, value)
        assert len({zh(label) for label in labels.values()}) == len(labels), name


def test_the_catalogue_is_for_everybody_who_has_a_token(api: Api) -> None:
    found = api.get("/catalog", by="device")
    assert found.status_code == 200
    choices = {one["name"]: one for one in found.json()["choices"]}
    service = choices["service"]
    assert "LogRequest.service" in service["fields"]
    assert {"value": "lecture", "zh": "法治讲座", "en": "lecture"} in service["options"]
    assert {one["value"] for one in choices["role"]["options"]} >= set(ROLES)
    assert [one["value"] for one in choices["grade"]["options"]] == [1, 2, 3, 4, 5]
    again = api.get("/catalog", by="device", headers={"If-None-Match": found.headers["etag"]})
    assert again.status_code == 304
    assert problem(api.get("/catalog", by=None)) == (401, "not-authenticated")


def test_the_version_of_the_catalogue_changes_with_a_form(api: Api) -> None:
    before = api.get("/catalog").json()
    question = {
        "code": "lamp",
        "title": "灯箱",
        "kind": "choice",
        "options": {"on": "亮", "off": "灭"},
    }
    form = CHECKLIST | {"fields": [question]}
    assert api.post("/forms", {"form": form}, by="admin").status_code == 201
    after = api.get("/catalog").json()
    assert after["version"] != before["version"]
    assert after["choices"] == before["choices"]
    (added,) = [one for one in after["forms"] if one not in before["forms"]]
    assert (added["form"], added["field"]) == ("village-check@1", "lamp")
    assert added["options"][0] == {"value": "on", "zh": "亮", "en": None}
    assert api.get("/catalog").json() == after


# --- committee and firm: they know the version before they act


def tells_a_firm_nothing_of_another(api: Api, history: str) -> None:
    """Nor that there is something; whom a village may choose from, its committee reads."""
    whole, own = (api.get(history, by=one).json() for one in ("committee", "firm"))
    assert (whole["hidden"], own["hidden"]) == (0, 0)
    assert len(own["events"]) == len(whole["events"]) - 1
    assert "A-9" not in str(own)


def test_audit_4_6_a_committee_and_a_firm_read_what_they_must_act_on(api: Api) -> None:
    nominate = {"division": VILLAGE, "adviser": "A-1", "reason": "熟悉村情"}
    where = made(api, "/appointments/nominate-adviser", nominate, by="leader")
    heard = {
        "adviser": "A-1", "committee": "supports", "residents": "supports", "residents_heard": 9,
    }  # fmt: skip
    committee, firm, stranger = "committee", "firm", "stranger"
    assert api.get(where, by=firm).status_code == 404
    step(api, f"{where}/record-coordination", heard, by="leader", seen=1)
    rival = {"code": "A-9", "name": "黄律师", "firm": "FIRM-2"}
    made(api, "/advisers", rival, by="admin")
    made(api, "/appointments/nominate-adviser", {**nominate, "adviser": "A-9"}, by="leader")
    api.project()
    assert waiting(api, committee)["selections_to_choose"] == 1
    seen = api.get(where, by=committee).json()
    assert "ChooseAdviser" in seen["allowed"]
    assert "SignContract" not in seen["allowed"]
    step(api, f"{where}/choose-adviser", {"adviser": "A-1"}, by=committee, seen=seen["version"])
    api.project()
    assert waiting(api, firm)["selections_to_answer"] == 1
    asked = api.get(where, by=firm).json()
    assert asked["allowed"] == ["AcceptVillage", "DeclineVillage"]
    assert api.get(where, by=stranger).status_code == 404
    assert waiting(api, stranger)["selections_to_answer"] == 0
    refused = api.post(f"{where}/accept-village", {}, by=stranger, seen=asked["version"])
    assert problem(refused) == (409, "not-this-firm")
    step(api, f"{where}/accept-village", {}, by=firm, seen=asked["version"])
    assert api.get(where, by=firm).json()["allowed"] == []
    history = f"/streams/appointment/{VILLAGE}/events"
    tells_a_firm_nothing_of_another(api, history)
    assert [one["adviser"] for one in asked["state"]["candidates"]] == ["A-1"]
    assert api.get("/appointments", by=firm).json()["rows"][0]["candidates"] == ["A-1"]
    for path in (f"/requests/{NOWHERE}", "/policies", "/samples", "/reports"):
        assert api.get(path, by=firm).status_code == 403, path
