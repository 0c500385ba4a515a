"""The matrix, generated from the table of rights: every role × every command, question and door ×
inside and outside its scope. A row that is added is in it."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from litestar.testing import TestClient
from msgspec import to_builtins
from msgspec.structs import replace

from api.rights import COMMANDS, QUESTIONS, RIGHTS, may
from api.serving.app import api_of, wire
from api.serving.commands import ROUTES
from api.serving.questions import QUESTIONS as ASKED
from api.web.watch import watched
from domain.aggregates import fold
from domain.jurisdiction import (
    BY_THEMSELVES,
    OutsideJurisdiction,
    Place,
    Reach,
    reach_of,
    refuse_outside,
)
from domain.moment import Moment, NotThisFirm, NotThisVillage
from domain.requests import request
from domain.roles import ROLES, VILLAGES
from domain.vocabulary import Actor
from tests.api.conftest import ACTORS, Api, founded, settings_of
from tests.complaints import COMPLAINT_RULES, GRIEVANCE
from tests.databases import Database
from tests.examples import LOGGED, MORNING, NOON, REGISTERS, RULES

INSIDE: Final = "440103"
OUTSIDE: Final = "440199"
"""Another district."""
NARROWER: Final = frozenset(("CompareDeterminations", "DeviceQueue", "ExplainScore"))
"""What asks more than the role: a leader to see others' scores, a device that is registered."""


def actor(role: str, unit: str) -> Actor:
    adviser = "A-1" if role == "adviser" else None
    return Actor(account=f"{role}-1", role=role, unit=unit, adviser=adviser)  # type: ignore[arg-type]


# --- roles: each against each row


@pytest.mark.parametrize("role", sorted(ROLES))
def test_a_route_lets_in_the_roles_of_its_row_and_no_other(role: str) -> None:
    by = actor(role, INSIDE)
    for route in ROUTES:
        right = COMMANDS[route.command.__name__]
        assert (role in route.roles) == (role in right.roles) == may(by, route.command)
    for question in ASKED:
        right = QUESTIONS[question.name]
        assert (role in right.roles) == (
            question.permission != "public" and may(by, question.permission)
        )


def test_a_question_says_403_to_each_role_whose_row_says_no(api: Api) -> None:
    surprises = []
    for question in ASKED:
        right = QUESTIONS[question.name]
        for token, by in ACTORS.items():
            refused = api.get(_path(question.under), by=token).status_code == 403
            if question.name in NARROWER and by.role in right.roles:
                continue
            if refused != (bool(right.roles) and by.role not in right.roles):
                surprises.append((question.name, token))
    assert surprises == []


def test_only_the_roles_of_the_field_group_may_unmask(api: Api) -> None:
    surprises = []
    for question in ASKED:
        right = QUESTIONS[question.name]
        for token, by in ACTORS.items():
            if by.role not in right.roles or by.role in right.clear:
                continue
            answer = api.get(_path(question.under), by=token, unmask="试一试")
            if answer.status_code not in (400, 403):
                surprises.append((question.name, token, answer.status_code))
    assert surprises == []


# --- places: each scope against each post


@pytest.mark.parametrize("role", sorted(ROLES - BY_THEMSELVES))
@pytest.mark.parametrize("unit", ["4401", INSIDE, OUTSIDE])
def test_the_reach_of_a_division_is_a_prefix_of_it(role: str, unit: str) -> None:
    reach = reach_of(actor(role, unit), REGISTERS)
    assert reach is not None
    inside = reach.covers(Place((INSIDE + "001",)))
    assert inside == (role not in VILLAGES and INSIDE.startswith(unit))


def test_every_scope_of_the_table_has_its_expectation() -> None:
    scopes = {right.scope for right in RIGHTS.values()}
    assert scopes == {"thing", "rows", "own", "link", "everywhere", "operator"}
    assert Reach().covers(Place(everybody=True))


# --- before anything is written: each command that a row gives a role, inside and outside


def _state(kind: str) -> Any:
    """A thing of the kind in the district 440103, where the matrix has one."""
    return fold(request, [LOGGED]) if kind == request.KIND else REGISTERS.points["ROOM-1"]


KINDS: Final = (request.KIND, "point")
CASES: Final = [
    (name, right.permission, role)
    for name, right in sorted(COMMANDS.items())
    for role in sorted(right.roles - BY_THEMSELVES)
    if right.of in KINDS and right.scope == "thing"
]


@pytest.mark.parametrize(("name", "command", "role"), CASES)
def test_a_command_reaches_what_stands_inside_and_nothing_outside(
    name: str, command: Any, role: str
) -> None:
    kind = COMMANDS[name].of
    state = _state(kind)
    for unit, within in (("4401", True), (INSIDE, True), (OUTSIDE, False), ("4402", False)):
        by = Actor(account="somebody", role=role, unit=unit)  # type: ignore[arg-type]
        moment = Moment(by=by, occurred_at=NOON, now=NOON, registers=REGISTERS)
        # Where it stands is asked before what is asked: the command has no values yet.
        bare = command(**dict.fromkeys(command.__struct_fields__))
        if within and role not in VILLAGES:
            refuse_outside(kind, state, bare, moment)
        else:
            with pytest.raises((OutsideJurisdiction, NotThisVillage, NotThisFirm)):
                refuse_outside(kind, state, bare, moment)


# --- before anything leaves: things and rows of one district, read from another


AWAY_ACTORS: Final = {
    f"away-{role}": Actor(account=f"away-{role}", role=role, unit=OUTSIDE)
    for role in ("supervisor", "auditor", "duty_officer")
}


@pytest.fixture
def city(database: Database, home: Path) -> Iterator[Api]:
    """Two districts, a request and a complaint in one of them."""
    settings = replace(settings_of(database, home), tokens=ACTORS | AWAY_ACTORS)
    wiring = wire(settings, database.app_url)
    app = watched(api_of(wiring), wiring.metrics)
    with TestClient(app, raise_server_exceptions=False) as client:
        yield founded(client, database)


def test_what_stands_in_one_district_is_not_read_from_another(city: Api) -> None:
    """Each question of things and rows."""
    rules = replace(COMPLAINT_RULES, version=2, limits={**RULES.limits, **COMPLAINT_RULES.limits})
    assert city.post("/policies", {"policy": to_builtins(rules)}, by="admin").status_code == 201
    made = {"request": city.consulted()}
    body = {"grievance": to_builtins(GRIEVANCE), "late_reason": "停电"}
    answer = city.post("/complaints", body, occurred_at=MORNING.isoformat())
    assert answer.status_code == 201, answer.text
    made["complaint"] = answer.json()["stream"]
    city.project()
    open_doors = set()
    for question in ASKED:
        right = QUESTIONS[question.name]
        # What his own office has read is his to see.
        if right.scope not in ("thing", "rows") or right.of == "read":
            continue
        path = question.under
        for name in re.findall(r"\{(\w+):\w+\}", path):
            value = made.get(right.of, NOWHERE) if name == "id" else "ROOM-1"
            path = re.sub(rf"\{{{name}:\w+\}}", value, path)
        for token, by in AWAY_ACTORS.items():
            if by.role not in right.roles:
                continue
            told = city.get(path, by=token)
            if told.status_code == 200 and (
                any(one in told.text for one in made.values()) or '"rows":[{' in told.text
            ):
                open_doors.add(question.name)
    for kind, key in made.items():
        if city.get(f"/streams/{kind}/{key}/events", by="away-auditor").status_code == 200:
            open_doors.add("Timeline")
    assert " ".join(sorted(open_doors)) == "", "these let in who stands outside"


NOWHERE: Final = "00000000-0000-4000-8000-000000000009"


def _path(under: str) -> str:
    path = re.sub(r"\{\w+:uuid\}", NOWHERE, under)
    return re.sub(r"\{\w+:str\}", "x", path)
