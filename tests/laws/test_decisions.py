"""Laws of deciding and storing, over lawful lives of every kind."""

from typing import Any
from uuid import UUID

from hypothesis import given, settings

from domain.aggregates import AGGREGATE_BY_COMMAND, EVENTS_BY_TOPIC, REPEATABLE, fold
from domain.moment import Moment
from domain.simulation import SimulatedStep, World
from domain.vocabulary import Refused
from ledger.log.codec import LedgerMapper, Recorded, uuid7
from tests.lives import seeded_lives

MAPPER = LedgerMapper()


class Stage:
    """Streams folded from nothing but the events of the steps so far."""

    def __init__(self) -> None:
        self.world = World()
        self.states: dict[UUID, Any] = {}

    def moment(self, step: SimulatedStep) -> Moment:
        return Moment(
            by=step.by,
            occurred_at=step.occurred_at,
            now=step.occurred_at,
            registers=self.world.registers,
        )

    def take(self, step: SimulatedStep) -> None:
        aggregate = AGGREGATE_BY_COMMAND[type(step.command)]
        self.states[step.stream] = fold(aggregate, step.events, self.states.get(step.stream))
        self.world.record(step)


def again(stage: Stage, step: SimulatedStep) -> list[Any]:
    """What the same command leads to, right after it was done; nothing where it is refused."""
    aggregate = AGGREGATE_BY_COMMAND[type(step.command)]
    try:
        return aggregate.decide(stage.states[step.stream], step.command, stage.moment(step))
    except Refused:
        return []


@settings(max_examples=60)
@given(steps=seeded_lives())
def test_every_decided_event_evolves_and_a_repeated_command_does_nothing(
    steps: list[SimulatedStep],
) -> None:
    stage = Stage()
    for step in steps:
        stage.take(step)
        assert stage.states[step.stream] is not None
        if not isinstance(step.command, REPEATABLE):
            assert again(stage, step) == [], step.command


@settings(max_examples=60)
@given(steps=seeded_lives())
def test_what_is_stored_comes_back_as_it_was(steps: list[SimulatedStep]) -> None:
    for step in steps:
        for number, event in enumerate(step.events):
            recorded = Recorded(
                originator_id=step.stream,
                originator_version=step.version + number,
                event=event,
                event_id=uuid7(),
                command_id=step.command_id,
                occurred_at=step.occurred_at,
                by=step.by,
                device="D-1",
                correlation=step.stream,
                causation=step.command_id,
                command_events=len(step.events) if number == 0 else 0,
                command_digest=b"0123456789abcdef",
            )
            assert event.topic in EVENTS_BY_TOPIC
            assert MAPPER.recorded(MAPPER.to_stored_event(recorded)) == recorded


def test_only_what_may_be_meant_twice_can_be_done_twice() -> None:
    assert {command.__name__ for command in REPEATABLE} == {
        "GiveConsultation",
        "AddNote",
        "HoldMediationSession",
        "ReplaceFollowCode",
    }
