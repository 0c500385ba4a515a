"""The declarations of commands, measured by what the rules accept."""

from random import Random
from typing import Any

import pytest

from api.serving.commands import ROUTES
from api.web.acting import not_ruled_out
from domain.aggregates import fold
from domain.complaints import complaint
from domain.complaints.complaint import Complaint
from domain.complaints.record import RegisterComplaint
from domain.requests import request
from domain.vocabulary import Actor, Command
from tests.examples import ANSWERED, CONSULTED, LOGGED
from tests.lives import complaint as a_complaint
from tests.lives import life

ROUTE_NAMES: dict[type[Command], str] = {RegisterComplaint: "EscalateDissatisfaction"}
"""Of what is there already; by its own name a complaint is new."""
LEADER = Actor(account="leader-1", role="supervisor", unit="440103")


def names(state: Any, by: Actor, kind: str) -> set[str]:
    return {route.name for route in not_ruled_out(state, by, kind, ROUTES)}


@pytest.mark.parametrize("seed", range(60))
def test_whatever_the_rules_accept_was_said_to_be_allowed(seed: int) -> None:
    states: dict[object, request.Request] = {}
    for step in life(Random(seed)):
        if step.kind != request.KIND:
            continue
        state = states.get(step.stream)
        if state is not None and step.by.role != "policy":
            assert type(step.command).__name__ in names(state, step.by, request.KIND)
        states[step.stream] = fold(request, step.events, state)


@pytest.mark.parametrize("seed", range(40))
def test_whatever_the_rules_of_complaints_accept_was_said_to_be_allowed(seed: int) -> None:
    states: dict[object, Complaint] = {}
    for step in a_complaint(Random(seed)):
        if step.kind != complaint.KIND:
            continue
        state = states.get(step.stream)
        if state is not None and step.by.role != "policy":
            named = ROUTE_NAMES.get(type(step.command), type(step.command).__name__)
            assert named in names(state, step.by, complaint.KIND)
        states[step.stream] = fold(complaint, step.events, state)
    assert states


def test_what_a_closed_request_rules_out_is_not_said_to_be_allowed() -> None:
    open_ = fold(request, [LOGGED, CONSULTED])
    closed = fold(request, [ANSWERED], open_)
    assert "ReopenRequest" not in names(open_, LEADER, request.KIND)
    assert {"CloseRequest", "Refer", "GiveConsultation"} <= {*names(open_, LEADER, request.KIND)}
    left = {*names(closed, LEADER, request.KIND)}
    assert {"ReopenRequest", "VoidRequest", "AddNote"} <= left
    assert not {"CloseRequest", "Refer", "GiveConsultation", "KeepAppointment"} & left


def test_every_route_of_commands_takes_a_body_or_none_and_says_where_it_led() -> None:
    for route in ROUTES:
        assert route.creates == (route.location is not None)
        assert route.summary
