"""Rights, told: all of a post, and why an account may or may not."""

from datetime import date

import pytest
from msgspec.structs import replace

from api.accounts.explained import Why, why
from api.rights import NoRight
from domain.accounts.account import Account, AccountPost
from domain.aggregates import fold
from domain.requests import request
from domain.roles import Role
from tests.api.conftest import Api
from tests.examples import LOGGED, NOON, REGISTERS


def asked(
    role: Role, unit: str, action: str, standing: str = "active", *, thing: bool = True
) -> Why:
    post = AccountPost(number=1, role=role, unit=unit, since=date(2020, 1, 1))
    known = Account(code="li", name="李", posts=(post,), standing=standing)  # type: ignore[arg-type]
    registers = replace(REGISTERS, accounts={"li": known})
    about = (request.KIND, fold(request, [LOGGED])) if thing else None
    return why("li", action, registers, NOON, about)


@pytest.mark.parametrize(
    ("role", "unit", "action", "covered"),
    [
        ("supervisor", "440103", "VoidRequest", ["division"]),
        ("duty_officer", "ROOM-1", "CloseRequest", ["unit"]),
        ("auditor", "4401", "Request", ["division"]),
    ],
)
def test_a_yes_names_the_part_of_the_reach_that_covers(
    role: Role, unit: str, action: str, covered: list[str]
) -> None:
    found = asked(role, unit, action)
    assert found.yes
    assert found.posts[0].covered_by == covered
    assert found.place is not None


@pytest.mark.parametrize(
    ("role", "unit", "action", "reason"),
    [
        ("supervisor", "440199", "VoidRequest", "outside of what the post reaches"),
        ("auditor", "4401", "VoidRequest", "no post of the account has a role that may"),
        ("supervisor", "4401", "bundle", ""),
    ],
)
def test_a_no_says_why(role: Role, unit: str, action: str, reason: str) -> None:
    action = "export bundle:point" if action == "bundle" else action
    found = asked(role, unit, action)
    assert not found.yes
    assert reason in found.reason


def test_a_suspended_account_may_nothing() -> None:
    found = asked("supervisor", "4401", "VoidRequest", "suspended")
    assert (found.yes, found.posts) == (False, [])
    assert "suspended" in found.reason


def test_what_holds_everywhere_needs_no_place() -> None:
    assert asked("duty_officer", "ROOM-1", "Points", thing=False).yes


def test_an_action_without_a_row_is_named() -> None:
    with pytest.raises(NoRight, match="FlyAway"):
        asked("auditor", "4401", "FlyAway")


def test_somebody_is_told_what_he_may_do_how_far_and_how_clear(api: Api) -> None:
    told = api.get("/rights", by="leader").json()
    rights = {one["action"]: one for one in told["rights"]}
    assert told["reach"]["prefixes"] == ["440103"]
    assert rights["Request"] == {"action": "Request", "scope": "thing", "fields": "clear"}
    assert rights["Points"]["fields"] == "none"
    assert "GiveRating" not in rights
    assert rights["VoidRequest"]["scope"] == "thing"
