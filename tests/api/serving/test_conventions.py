"""What holds for every command and question: keys, versions, positions, problems."""

import json
from typing import Final

import pytest

from api.serving.commands import ROUTES
from api.serving.questions import QUESTIONS
from api.web.problems import PROBLEMS, slug_of
from domain.vocabulary import Refused
from tests.api.conftest import CONSULTED, LOGGED, Api, problem

# --- Idempotency-Key


def test_a_command_sent_again_answers_the_same_and_is_recorded_once(api: Api) -> None:
    first = api.post("/requests", LOGGED, key="mine")
    for _ in range(3):
        again = api.post("/requests", LOGGED, key="mine")
        assert again.status_code == first.status_code
        assert again.json() == first.json()
        for name in ("etag", "x-position", "location"):
            assert again.headers[name] == first.headers[name]
    head = api.post("/requests", LOGGED).json()["position"]
    assert head == first.json()["position"] + 1


def test_a_command_on_a_stream_sent_again_answers_the_same_though_the_stream_went_on(
    api: Api,
) -> None:
    request = api.logged()
    path = f"/requests/{request}/give-consultation"
    first = api.post(path, CONSULTED, key="c", seen=1)
    api.post(f"/requests/{request}/close", {"kind": "answered"}, seen=2)
    again = api.post(path, CONSULTED, key="c", seen=1)
    assert (again.status_code, again.json()) == (first.status_code, first.json())


def test_a_key_used_for_something_else_is_refused(api: Api) -> None:
    api.post("/requests", LOGGED, key="mine")
    other = api.post("/requests", LOGGED | {"subject": "别的"}, key="mine")
    assert problem(other) == (422, "command-id-reused")


def test_a_key_belongs_to_its_account(api: Api) -> None:
    first = api.post("/requests", LOGGED, key="mine", by="clerk")
    second = api.post("/requests", LOGGED, key="mine", by="leader")
    assert first.json()["stream"] != second.json()["stream"]


def test_a_command_without_key_is_refused(api: Api) -> None:
    assert problem(api.post("/requests", LOGGED, key="")) == (400, "idempotency-key-missing")
    too_long = api.post("/requests", LOGGED, key="k" * 201)
    assert problem(too_long) == (400, "idempotency-key-missing")


# --- If-Match and If-None-Match


def test_who_has_not_seen_the_thing_may_not_change_it(api: Api) -> None:
    request = api.logged()
    path = f"/requests/{request}/add-note"
    assert problem(api.post(path, {"text": "x"})) == (428, "if-match-missing")
    odd = api.post(path, {"text": "x"}, headers={"If-Match": '"one"'})
    assert problem(odd) == (400, "malformed")


@pytest.mark.parametrize(
    "seen", ['"1"', "1", 'W/"1"', ' W/"1" ', '"1-gzip"', '"1--gzip"', '"1;gzip"', 'W/"1-br"']
)
def test_s4_a_version_is_known_again_after_a_proxy_made_it_weak(seen: str, api: Api) -> None:
    path = f"/requests/{api.logged()}/add-note"
    added = api.post(path, {"text": "x"}, headers={"If-Match": seen})
    assert (added.status_code, added.headers["etag"]) == (200, '"2"')
    stale = api.post(path, {"text": "y"}, headers={"If-Match": seen})
    assert problem(stale) == (412, "version-moved")


@pytest.mark.parametrize(
    "seen", ["", "*", "W/", '"-1"', '"\u00b2"', '"1" "2"', '"1", "2"', "1" * 30]
)
def test_s4_what_is_no_version_is_malformed(seen: str, api: Api) -> None:
    path = f"/requests/{api.logged()}/add-note"
    odd = api.post(path, {"text": "x"}, headers={"If-Match": seen.encode("latin-1")})
    assert problem(odd) == (400, "malformed")


def test_who_saw_an_older_version_is_told_the_present_one(api: Api) -> None:
    request = api.logged()
    path = f"/requests/{request}/add-note"
    assert api.post(path, {"text": "甲"}, seen=1).headers["etag"] == '"2"'
    stale = api.post(path, {"text": "乙"}, seen=1)
    assert problem(stale) == (412, "version-moved")
    assert stale.json()["current_version"] == 2
    assert api.post(path, {"text": "乙"}, seen=2).status_code == 200


def test_what_has_not_changed_is_not_sent_again(api: Api) -> None:
    request = api.logged()
    etag = api.get(f"/requests/{request}").headers["etag"]
    same = api.get(f"/requests/{request}", headers={"If-None-Match": etag})
    assert (same.status_code, same.content, same.headers["etag"]) == (304, b"", etag)
    api.post(f"/requests/{request}/add-note", {"text": "x"}, seen=1)
    newer = api.get(f"/requests/{request}", headers={"If-None-Match": etag})
    assert newer.status_code == 200


# --- problems


@pytest.mark.parametrize(
    ("body", "twice"),
    [
        (b'{"text": "a", "text": "b"}', "text"),
        (b'{"text": "a", "text": "a"}', "text"),
        (b'{"text": "a", "t\\u0065xt": "b"}', "text"),
    ],
)
def test_s4_a_key_given_twice_is_refused(body: bytes, twice: str, api: Api) -> None:
    path = f"/api/v1/requests/{api.logged()}/add-note"
    headers = {"Authorization": "Bearer clerk", "Content-Type": "application/json"}
    headers |= {"Idempotency-Key": "k", "If-Match": '"1"'}
    refused = api.client.post(path, content=body, headers=headers)
    assert problem(refused) == (400, "validation-failed")
    assert refused.json()["errors"] == [{"field": twice, "message": "given twice in one object"}]


def test_s4_a_key_given_twice_deep_inside_is_refused(api: Api) -> None:
    body = json.dumps(LOGGED).replace('"name"', '"phone": "13800001111", "name"')
    headers = {"Authorization": "Bearer clerk", "Content-Type": "application/json"}
    headers |= {"Idempotency-Key": "k"}
    refused = api.client.post("/api/v1/requests", content=body, headers=headers)
    assert problem(refused) == (400, "validation-failed")


def test_a_rule_that_refuses_is_named_and_says_why_in_chinese(api: Api) -> None:
    request = api.logged()
    refused = api.post(f"/requests/{request}/close", {"kind": "answered"}, seen=1)
    assert problem(refused) == (409, "nothing-was-done")
    assert refused.json()["title"] == "尚未提供服务，不能以该方式办结"


def test_every_refusal_and_problem_has_a_name_of_its_own() -> None:
    refusals = {slug_of(one) for one in _all_refusals(Refused)}
    assert len(refusals) == len(list(_all_refusals(Refused)))
    assert not refusals & set(PROBLEMS)


def _all_refusals(parent: type[Refused]) -> list[type[Refused]]:
    direct = [one for one in parent.__subclasses__() if not one.__module__.startswith("tests")]
    return direct + [deeper for one in direct for deeper in _all_refusals(one)]


def test_what_is_wrong_with_a_body_is_told_field_by_field(api: Api) -> None:
    wrong = api.post("/requests", LOGGED | {"visitor": {"phone": "x"}})
    assert problem(wrong) == (400, "validation-failed")
    (error,) = wrong.json()["errors"]
    assert error["field"] == "visitor.phone"
    unknown = api.post("/requests", LOGGED | {"colour": "red"})
    assert problem(unknown) == (400, "validation-failed")
    nul = api.post("/requests", LOGGED | {"subject": "a\0b"})
    assert problem(nul) == (400, "validation-failed")


def test_a_body_that_is_no_json_or_says_to_be_something_else_is_refused(api: Api) -> None:
    sent = {"Authorization": "Bearer clerk", "Idempotency-Key": "k"}
    for content in (b"{", b"", b"\xff"):
        headers = sent | {"Content-Type": "application/json"}
        answer = api.client.post("/api/v1/requests", content=content, headers=headers)
        assert answer.status_code == 400
        problem(answer)
    form = api.client.post("/api/v1/requests", data={"point": "x"}, headers=sent)
    assert problem(form) == (415, "media-type-unsupported")


def test_too_much_is_refused(api: Api) -> None:
    much = api.post("/requests", LOGGED | {"detail": "x" * (1 << 20)})
    assert problem(much) == (413, "too-large")


def test_a_path_and_a_method_nobody_knows_are_problems_too(api: Api) -> None:
    assert problem(api.get("/nowhere")) == (404, "not-found")
    wrong = api.client.delete("/api/v1/requests", headers={"Authorization": "Bearer clerk"})
    assert problem(wrong) == (405, "method-not-allowed")
    assert "POST" in wrong.headers["allow"]


def test_a_failure_of_ours_tells_nothing_of_the_inside(api: Api) -> None:
    # The views were never made, so asking them fails in the database.
    answer = api.get("/requests")
    assert problem(answer) == (503, "views-missing")
    assert "journal" not in answer.text


NOW_ONLY: Final = ("Views", "PublicDirectory", "FollowedRequest")
"""How far the views are, and what the public may know: of today only."""


def test_every_question_can_be_asked_as_of_then_and_waits() -> None:
    for question in QUESTIONS:
        fields = set(question.query.__struct_fields__)
        assert {"as_known_at", "wait_for"} <= fields or question.name in NOW_ONLY


def test_no_path_is_declared_twice() -> None:
    assert len({route.path for route in ROUTES}) == len(ROUTES)
    assert len({question.path for question in QUESTIONS}) == len(QUESTIONS)


def test_a_cookie_authorises_nothing(api: Api) -> None:
    cookies = {"Cookie": "token=clerk; session=clerk; Authorization=Bearer clerk"}
    assert problem(api.get("/views", by=None, headers=cookies)) == (401, "not-authenticated")
