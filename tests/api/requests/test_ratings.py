"""Ratings over HTTP: the invitation and its link, votes, follow-ups, disputes."""

from uuid import UUID

from api.requests.ratings import token_of
from api.web.cursors import Cursors
from domain.requests.rating import token_digest
from tests.api.conftest import CONSULTED, Api, problem


def test_an_invitation_is_a_link_that_only_its_holder_knows(api: Api) -> None:
    request = api.consulted()
    invited = api.post(f"/requests/{request}/rating-invitation", key="mine")
    assert invited.status_code == 201
    assert invited.headers["location"] == f"/api/v1/requests/{request}/rating"
    token = api.coded(request, key="mine").rpartition("/")[2]
    # The same question has the same answer, though nothing keeps the token.
    assert api.coded(request, key="mine").rpartition("/")[2] == token

    history = api.get(f"/streams/request/{request}/events", by="auditor").text
    assert token not in history
    assert token_digest(token) in history
    assert token not in api.get(f"/requests/{request}/rating").text


def test_an_invitation_asked_for_again_is_the_same_and_another_is_refused(api: Api) -> None:
    request = api.consulted()
    path = f"/requests/{request}/rating-invitation"
    first = api.post(path, key="mine")
    # Somebody else serves it meanwhile: the first words are repeated all the same.
    served = {"mode": "phone", "minutes": 5}
    assert api.post(f"/requests/{request}/give-consultation", served, seen=2).status_code == 200
    again = api.post(path, key="mine")
    assert (again.status_code, again.json()) == (201, first.json())
    assert problem(api.post(path)) == (409, "already-invited")


def test_what_was_not_served_is_not_rated(api: Api) -> None:
    request = api.logged()
    refused = api.post(f"/requests/{request}/rating-invitation")
    assert problem(refused) == (409, "nothing-to-rate")
    nowhere = "/requests/00000000-0000-4000-8000-000000000009"
    assert problem(api.post(f"{nowhere}/rating-invitation")) == (404, "request-unknown")


def test_looking_at_a_link_is_no_vote_and_tells_no_names(api: Api) -> None:
    _, link = api.invited()
    for _ in range(2):
        shown = api.get(link, by=None)
        assert shown.status_code == 200
        assert shown.json()["given"] is None
        assert shown.json()["point_name"] == "逢源街公共法律服务工作室"
        assert "陈小明" not in shown.text
        assert "拖欠工资" not in shown.text


def test_a_person_votes_once_and_the_same_vote_again_is_no_second_one(api: Api) -> None:
    request, link = api.invited()
    voted = api.post(link, {"grade": 5}, by=None, key="")
    assert voted.status_code == 200
    again = api.post(link, {"grade": 5}, by=None, key="")
    assert (again.status_code, again.json()) == (200, voted.json())
    assert problem(api.post(link, {"grade": 1}, by=None, key="")) == (409, "already-rated")
    assert api.get(link, by=None).json()["given"] == 5

    shown = api.get(f"/requests/{request}/rating").json()
    assert shown["state"]["given"]["grade"] == 5


def test_a_person_may_add_to_his_vote_once_and_the_first_stays(api: Api) -> None:
    _, link = api.invited()
    early = api.post(f"{link}/follow-up", {"grade": 2}, by=None, key="")
    assert problem(early) == (409, "not-rated")
    api.post(link, {"grade": 5}, by=None, key="")
    added = api.post(f"{link}/follow-up", {"grade": 2, "comment": "后来没有下文"}, by=None, key="")
    assert added.status_code == 200
    shown = api.get(link, by=None).json()
    assert (shown["given"], shown["followed_up"]) == (5, True)


def test_a_wrong_token_learns_nothing(api: Api) -> None:
    request, _ = api.invited()
    unrated = api.logged()
    answers = [
        api.get(f"/ratings/{request}/guessed", by=None),
        api.get(f"/ratings/{unrated}/guessed", by=None),
        api.post(f"/ratings/{request}/guessed", {"grade": 5}, by=None, key=""),
        api.post(f"/ratings/{unrated}/guessed", {"grade": 5}, by=None, key=""),
    ]
    assert {problem(answer) for answer in answers} == {(404, "not-found")}


def test_a_window_device_votes_with_the_token_it_was_shown(api: Api) -> None:
    where = {"device": "device-1", "window": "W1"}
    assert api.post("/points/ROOM-1/place-device", where, by="admin", seen=1).status_code == 200
    request = api.logged(window="W1")
    api.post(f"/requests/{request}/give-consultation", CONSULTED, by="lawyer", seen=1)
    api.post(f"/requests/{request}/rating-invitation")
    link = api.coded(request, by="device")
    vote = {"token": link.rpartition("/")[2], "grade": 4, "device": "device-1"}
    path = f"/requests/{request}/rating"
    assert problem(api.post(path, vote, by="clerk", seen=2)) == (403, "not-permitted")
    assert api.post(path, vote, by="device", seen=2).status_code == 200
    added = vote | {"grade": 2}
    assert api.post(f"{path}/follow-up", added, by="device", seen=3).status_code == 200


def test_who_served_may_not_call_back_and_a_dispute_is_decided_by_a_leader(api: Api) -> None:
    request, link = api.invited()
    path = f"/requests/{request}/rating"
    calling = {"grade": 5}
    assert problem(api.post(f"{path}/call-back", calling, by="lawyer", seen=2)) == (
        409,
        "own-service",
    )
    api.post(link, {"grade": 1}, by=None, key="")
    disputed = api.post(f"{path}/dispute", {"ground": "非本人评价"}, by="lawyer", seen=3)
    assert disputed.status_code == 200
    decision = {"excluded": True, "reason": "查实"}
    assert problem(api.post(f"{path}/decide-dispute", decision, seen=4)) == (403, "not-permitted")
    decided = api.post(f"{path}/decide-dispute", decision, by="leader", seen=4)
    assert decided.status_code == 200
    shown = api.get(path).json()
    assert shown["version"] == 5
    assert shown["state"]["given"]["grade"] == 1


def test_no_code_begins_as_an_option_of_the_command_line_does() -> None:
    cursors = Cursors(b"key")
    ids = [UUID(int=number) for number in range(1, 2000)]
    tokens = [token_of(one, cursors) for one in ids]
    assert [one for one in tokens if one.startswith("-")] == []
    assert tokens == [token_of(one, cursors) for one in ids]
    plain = [cursors.secret_for(f"rating {one}") for one in ids]
    assert any(one.startswith("-") for one in plain)
    assert all(
        one == token or one.startswith("-") for one, token in zip(plain, tokens, strict=True)
    )
