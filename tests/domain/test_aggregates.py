"""The bill of materials: every event, command and refusal is in it, and in a test."""

import re
from pathlib import Path

import pytest

from domain.aggregates import (
    AGGREGATE_BY_COMMAND,
    ALL,
    EVENTS_BY_TOPIC,
    REFERENCE_TOPICS,
    REPEATABLE,
    CodeNotAccepted,
    kind_of,
    refuse_odd_code,
)
from domain.reporting import period_end
from domain.requests import proceedings_commands, request_commands
from domain.vocabulary import Command, Event, Refused

TESTS = "".join(path.read_text() for path in sorted(Path(__file__).parent.rglob("test_*.py")))


def in_domain(kind: type[Event | Command | Refused]) -> list[type[Event | Command | Refused]]:
    below = [one for one in kind.__subclasses__() if one.__module__.startswith("domain.")]
    return [leaf for one in below for leaf in in_domain(one) or [one]]


@pytest.mark.parametrize("event", in_domain(Event))
def test_every_event_belongs_to_one_aggregate(event: type[Event]) -> None:
    assert EVENTS_BY_TOPIC[event.topic] is event
    assert [event in one.EVENTS for one in ALL].count(True) == 1


@pytest.mark.parametrize("topic", EVENTS_BY_TOPIC)
def test_a_topic_is_its_aggregates_kind_a_fact_and_a_version(topic: str) -> None:
    assert re.fullmatch(r"[a-z]+\.[a-z_]+/[1-9]\d*", topic)
    [aggregate] = [one for one in ALL if EVENTS_BY_TOPIC[topic] in one.EVENTS]
    assert kind_of(topic) == aggregate.KIND


def test_kinds_are_distinct() -> None:
    assert len({one.KIND for one in ALL}) == len(ALL)


@pytest.mark.parametrize("command", in_domain(Command))
def test_every_command_is_decided_by_one_aggregate_and_tested(command: type[Command]) -> None:
    assert [command in one.COMMANDS for one in ALL].count(True) == 1
    assert command in AGGREGATE_BY_COMMAND
    assert re.search(rf"\b{command.__name__}\(", TESTS)


@pytest.mark.parametrize("refusal", in_domain(Refused))
def test_every_refusal_says_why_and_is_expected_in_a_test(refusal: type[Refused]) -> None:
    assert re.search("[一-鿿]", refusal.reason())
    imported_and_expected = re.findall(rf"\b{refusal.__name__}\b", TESTS)
    assert len(imported_and_expected) >= 2


def test_a_thing_whose_code_could_be_written_otherwise_is_refused() -> None:
    """Of every aggregate that has a code: `tests/ledger/log/test_tolerant.py`."""
    refuse_odd_code(period_end.KIND, period_end.EndedPeriod("2026-Q2"))
    with pytest.raises(CodeNotAccepted, match="2026-Q2"):
        refuse_odd_code(period_end.KIND, period_end.EndedPeriod("2026-Q2\n"))


def test_references_are_what_others_look_up() -> None:
    assert {kind_of(topic) for topic in REFERENCE_TOPICS} == {
        "account",
        "adviser",
        "appointment",
        "calendar",
        "division",
        "firm",
        "form",
        "organ",
        "point",
        "policy",
        "team",
    }


def test_only_services_and_notes_may_be_repeated() -> None:
    named = {
        request_commands.AddNote,
        request_commands.GiveConsultation,
        request_commands.ReplaceFollowCode,
        proceedings_commands.HoldMediationSession,
    }
    assert set(REPEATABLE) == named
