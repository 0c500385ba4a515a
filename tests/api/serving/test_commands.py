"""The declarations of commands, measured by what the rules accept."""

from random import Random

import pytest

from api.serving.commands import ROUTES
from api.web.acting import allowed
from domain.aggregates import fold
from domain.complaints import complaint
from domain.complaints.complaint import Complaint
from domain.complaints.record import RegisterComplaint
from domain.requests import request
from domain.vocabulary import Actor, Command
from tests.examples import ANSWERED, CONSULTED, LOGGED, REGISTERS
from tests.lives import complaint as a_complaint
from tests.lives import life

ROUTE_NAMES: dict[type[Command], str] = {RegisterComplaint: "EscalateDissatisfaction"}
"""Of what is there already; by its own name a complaint is new."""
LEADER = Actor(account="leader-1", role="supervisor", unit="440103")


@pytest.mark.parametrize("seed", range(60))
def test_whatever_the_rules_accept_was_said_to_be_allowed(seed: int) -> None:
    states: dict[object, request.Request] = {}
    for step in life(Random(seed)):
        if step.kind != request.KIND:
            continue
        state = states.get(step.stream)
        if state is not None and step.by.role != "policy":
            assert type(step.command).__name__ in allowed(
                state, step.by, request.KIND, ROUTES, REGISTERS
            )
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
            assert named in allowed(state, step.by, complaint.KIND, ROUTES, REGISTERS)
        states[step.stream] = fold(complaint, step.events, state)
    assert states


def test_what_a_closed_request_rules_out_is_not_said_to_be_allowed() -> None:
    open_ = fold(request, [LOGGED, CONSULTED])
    closed = fold(request, [ANSWERED], open_)
    assert "ReopenRequest" not in allowed(open_, LEADER, request.KIND, ROUTES, REGISTERS)
    assert {"CloseRequest", "Refer", "GiveConsultation"} <= {
        *allowed(open_, LEADER, request.KIND, ROUTES, REGISTERS)
    }
    left = {*allowed(closed, LEADER, request.KIND, ROUTES, REGISTERS)}
    assert {"ReopenRequest", "VoidRequest", "AddNote"} <= left
    assert not {"CloseRequest", "Refer", "GiveConsultation", "KeepAppointment"} & left


def test_every_route_of_commands_takes_a_body_or_none_and_says_where_it_led() -> None:
    for route in ROUTES:
        assert route.creates == (route.location is not None)
        assert route.summary
