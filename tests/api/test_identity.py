"""Who may do what: the permission table against every route there is."""

import hashlib
import re
from itertools import count
from random import Random
from typing import Any

import pytest
from litestar.handlers import HTTPRouteHandler

from api.identity import Tokens
from api.rights import ADDRESS, MAY, PERMISSION, PUBLIC
from api.serving.app import handlers
from api.serving.commands import ROUTES
from api.web import authorization
from domain import simulated_log
from domain.aggregates import AGGREGATE_BY_COMMAND
from domain.requests.rating import FollowUpRating, GiveRating, IssueRatingCode, WithdrawRating
from domain.roles import CITIZENS, ROLES
from domain.vocabulary import Actor
from tests.api.conftest import ACTORS, Api, problem
from tests.lives import complaint, life

OPEN: set[str] = {
    "PublicGiveRating",
    "PublicFollowUpRating",
    "PublicWithdrawRating",
    "PublicNoteDissatisfaction",
    "RatingLink",
    "FollowedRequest",
    "PublicDirectory",
    "SignIn",
    "GoToProvider",
    "ComeFromProvider",
    "PayCode",
    "Asset",
    "Checkpoint",
    "SealKeys",
    "Tile",
    "Worker",
    "Live",
    "Ready",
    "Manifest",
    "Metrics",
}


@pytest.fixture(scope="module")
def every_handler() -> list[HTTPRouteHandler]:
    return handlers()


def test_every_route_declares_a_permission(every_handler: list[HTTPRouteHandler]) -> None:
    assert len(every_handler) > 60
    for handler in every_handler:
        permission = handler.opt.get(PERMISSION)
        assert permission == PUBLIC or permission in MAY, handler.name
        if permission == PUBLIC:
            assert handler.name in OPEN or str(handler.name).startswith("Document")


def test_every_command_has_its_row_in_the_table() -> None:
    """But the founding of a simulated log, which only the demonstration gives."""
    assert set(AGGREGATE_BY_COMMAND) - {*simulated_log.COMMANDS} <= set(MAY)
    assert all(MAY.values())


@pytest.mark.parametrize("permission", MAY, ids=str)
def test_every_row_of_the_table_names_roles_that_exist(permission: Any) -> None:
    assert MAY[permission] <= ROLES


def test_every_role_may_do_something_of_its_own() -> None:
    given = {role for permission, row in MAY.items() if permission != ADDRESS for role in row}
    assert given == ROLES


def test_people_rate_and_say_what_they_are_dissatisfied_with_and_do_nothing_else() -> None:
    people = set(CITIZENS)
    theirs = {route.command.__name__ for route in ROUTES if route.roles & people}
    assert theirs == {
        "GiveRating", "FollowUpRating", "WithdrawRating", "NoteDissatisfaction", "IssueRatingCode",
    }  # fmt: skip
    assert MAY[GiveRating] == MAY[FollowUpRating] == MAY[WithdrawRating] == people
    # A person himself is given his code; the device at the window shows it.
    assert MAY[IssueRatingCode] & people == {"device"}


def test_an_auditor_reads_and_changes_nothing() -> None:
    assert not any("auditor" in route.roles for route in ROUTES)


@pytest.mark.parametrize("seed", range(40))
def test_what_lawful_lives_do_their_roles_may_do(seed: int) -> None:
    for step in (*life(Random(seed)), *complaint(Random(seed))):
        assert step.by.role in MAY[type(step.command)], (step.by.role, type(step.command))


def test_without_a_good_token_every_guarded_route_says_401(
    api: Api, every_handler: list[HTTPRouteHandler], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each try from an address of its own: a storm from one is throttled."""
    tries = count()
    monkeypatch.setattr(authorization, "address_of", lambda *_: f"try-{next(tries)}")
    for handler in every_handler:
        if handler.opt[PERMISSION] == PUBLIC:
            continue
        method = min(handler.http_methods)
        path = _example_path(handler)
        for sent in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": "Basic Y2xlcms6"}):
            answer = api.client.request(method, path, headers=sent)
            assert problem(answer) == (401, "not-authenticated"), path
            assert answer.headers["www-authenticate"] == "Bearer"


def test_with_a_role_that_may_not_every_guarded_route_says_403(
    api: Api, every_handler: list[HTTPRouteHandler]
) -> None:
    for handler in every_handler:
        permission: Any = handler.opt[PERMISSION]
        strangers = [] if permission == PUBLIC else [
            token for token, actor in ACTORS.items() if actor.role not in MAY[permission]
        ]  # fmt: skip
        for token in strangers:
            sent = {"Authorization": f"Bearer {token}"}
            method = min(handler.http_methods)
            answer = api.client.request(method, _example_path(handler), headers=sent)
            assert problem(answer) == (403, "not-permitted"), (handler.name, token)


def _example_path(handler: HTTPRouteHandler) -> str:
    (path,) = handler.paths
    path = re.sub(r"\{\w+:uuid\}", "00000000-0000-4000-8000-000000000009", path)
    return re.sub(r"\{\w+:str\}", "x", path)


def test_a_token_may_be_kept_as_its_digest_only() -> None:
    actor = Actor(account="a", role="auditor", unit="4401")
    digest = hashlib.sha256(b"word").hexdigest()
    tokens = Tokens({f"sha256:{digest}": actor})
    assert tokens.actor(b"Bearer word") == actor
    assert tokens.actor(b"bearer  word") == actor
    assert tokens.actor(f"Bearer sha256:{digest}".encode()) is None
    assert tokens.actor(None) is None
