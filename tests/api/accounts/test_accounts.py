"""Accounts over HTTP: opened, given posts, listed; who has not the post is refused."""

from typing import Any

from tests.api.conftest import Api, problem

OPEN = {"code": "wang", "name": "王某"}
POST = {"role": "duty_officer", "unit": "ROOM-1", "since": "2020-01-01", "basis": "任命"}


def test_an_account_is_opened_given_a_post_and_listed(api: Api) -> None:
    assert api.post("/accounts", OPEN, by="admin").status_code == 201
    given = api.post("/accounts/wang/give-post", POST, by="admin", seen=1)
    assert given.status_code == 200, given.text
    found = api.get("/accounts/wang", by="admin").json()
    assert found["state"]["posts"][0]["unit"] == "ROOM-1"
    page = api.get("/accounts", by="admin").json()["rows"]
    assert [one["code"] for one in page] == ["wang"]
    queries: tuple[tuple[dict[str, Any], bool], ...] = (
        ({"unit": "ROOM-1"}, True), ({"unit": "ROOM-2"}, False), ({"role": "mediator"}, False),
        ({"role": "duty_officer"}, True), ({"emergency": "open"}, False), ({"q": "王"}, True),
    )  # fmt: skip
    for query, found_some in queries:
        assert bool(api.get("/accounts", by="admin", **query).json()["rows"]) is found_some, query


def test_a_post_is_given_by_who_reaches_its_unit(api: Api) -> None:
    api.post("/accounts", OPEN, by="admin")
    outside = POST | {"unit": "4402"}
    refused = api.post("/accounts/wang/give-post", outside, by="admin", seen=1)
    assert problem(refused) == (409, "outside-jurisdiction")


def test_who_names_his_stand_in_reads_his_own_account_and_no_other(api: Api) -> None:
    mine = POST | {"unit": "ROOM-1"}
    for code in ("clerk-1", "clerk-2"):
        assert api.post("/accounts", OPEN | {"code": code}, by="admin").status_code == 201
        given = api.post(f"/accounts/{code}/give-post", mine, by="admin", seen=1)
        assert given.status_code == 200, given.text
    assert api.get("/accounts/clerk-1").json()["state"]["code"] == "clerk-1"
    assert problem(api.get("/accounts/clerk-2")) == (404, "not-found")
    assert problem(api.get("/accounts"))[0] == 403
