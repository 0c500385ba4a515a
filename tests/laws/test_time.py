"""Time cannot be bent: the rule about when things happened, for every command on every thing."""

from datetime import datetime, timedelta
from random import Random
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from domain.aggregates import AGGREGATE_BY_COMMAND, LASTING, SIDE_BY_SIDE
from domain.moment import (
    HappensBeforeLastStep,
    HappensInFuture,
    LateEntryNeedsReason,
    Moment,
)
from domain.registers.policy import Policy
from domain.requests.request_commands import AddNote
from domain.simulation import SimulatedStep
from domain.vocabulary import Actor, Command, Refused
from tests.examples import CLERK, LOGGED, NOON, REGISTERS, RULES
from tests.laws.test_decisions import Stage
from tests.lives import complaint, hamlet, life

COMMANDS: Final = sorted(AGGREGATE_BY_COMMAND, key=lambda one: one.__name__)
A_DAY: Final = timedelta(hours=24)


class Timed(Stage):
    """A stage that knows when the last step of each stream was."""

    def __init__(self) -> None:
        super().__init__()
        self.last: dict[Any, datetime] = {}

    def take(self, step: SimulatedStep) -> None:
        super().take(step)
        self.last[step.stream] = max(step.occurred_at, self.last.get(step.stream, step.occurred_at))

    def decided(self, step: SimulatedStep, **changes: Any) -> list[Any]:
        moment = Moment(
            by=step.by,
            occurred_at=step.occurred_at,
            now=step.now,
            registers=self.world.registers,
            last_step_at=self.last.get(step.stream),
        )
        aggregate = AGGREGATE_BY_COMMAND[type(step.command)]
        return aggregate.decide(
            self.states.get(step.stream), step.command, replace(moment, **changes)
        )


def unsaid(kind: type[Command]) -> Any:
    """A command that says nothing yet: what is refused before its content is looked at."""
    return kind(**dict.fromkeys(kind.__struct_fields__))


ANYBODY = Actor(account="rule", role="policy", unit="4401")
"""Acts anywhere: the rule about time is asked whatever the place."""


@pytest.mark.parametrize("kind", COMMANDS, ids=lambda one: one.__name__)
def test_no_command_gets_past_the_rule(kind: type[Command]) -> None:
    decide = AGGREGATE_BY_COMMAND[kind].decide
    moment = Moment(by=ANYBODY, occurred_at=NOON, now=NOON, registers=REGISTERS)
    ahead = replace(moment, occurred_at=NOON + timedelta(hours=1))
    with pytest.raises(HappensInFuture):
        decide(None, unsaid(kind), ahead)
    if kind not in LASTING:
        late = replace(moment, now=NOON + A_DAY + timedelta(seconds=1))
        with pytest.raises(LateEntryNeedsReason):
            decide(None, unsaid(kind), late)


def drawn(seed: int) -> list[SimulatedStep]:
    return life(Random(seed)) if seed % 2 else complaint(Random(seed))


@settings(max_examples=30)
@given(seed=st.integers(0, 2**32 - 1))
def test_every_step_of_a_life_backdated_without_a_reason_is_refused(seed: int) -> None:
    backdated_in_lives(drawn(seed))


def test_every_step_of_three_villages_backdated_without_a_reason_is_refused() -> None:
    backdated_in_lives(hamlet(5, 40))


def backdated_in_lives(steps: list[SimulatedStep]) -> None:
    stage = Timed()
    for step in steps:
        own = getattr(step.command, "late_reason", None)
        if own is None:
            long_ago = step.now - timedelta(days=3)
            with pytest.raises(Refused):
                stage.decided(step, occurred_at=long_ago)
        if stage.last.get(step.stream) and AGGREGATE_BY_COMMAND[type(step.command)].KIND not in (
            SIDE_BY_SIDE
        ):
            before = stage.last[step.stream] - timedelta(seconds=1)
            assert refused_or_nothing(stage, step, occurred_at=before, late_reason="补录")
        stage.take(step)


def refused_or_nothing(stage: Timed, step: SimulatedStep, **changes: Any) -> bool:
    try:
        return stage.decided(step, **changes) == []
    except Refused:
        return True


def test_the_allowance_is_the_policys() -> None:
    decide = AGGREGATE_BY_COMMAND[AddNote].decide
    two_days = replace(RULES, entry_allowance_hours=48)
    registers = replace(REGISTERS, policies={RULES.code: Policy((two_days,))})
    moment = Moment(by=CLERK, occurred_at=NOON, now=NOON + 2 * A_DAY, registers=registers)
    with pytest.raises(Refused) as refused:
        decide(None, AddNote(text="补"), moment)
    assert not isinstance(refused.value, LateEntryNeedsReason)
    with pytest.raises(LateEntryNeedsReason):
        decide(None, AddNote(text="补"), replace(moment, now=moment.now + timedelta(seconds=1)))


def test_what_happens_as_it_is_entered_is_never_before_the_last_step() -> None:
    """The last step may have been written by a machine whose clock is ahead."""
    aggregate = AGGREGATE_BY_COMMAND[AddNote]
    state = aggregate.evolve(None, LOGGED)
    moment = Moment(
        by=CLERK,
        occurred_at=NOON,
        now=NOON,
        registers=REGISTERS,
        last_step_at=NOON + timedelta(seconds=2),
    )
    assert aggregate.decide(state, AddNote(text="记"), moment)
    earlier = replace(moment, occurred_at=NOON - timedelta(seconds=1))
    with pytest.raises(HappensBeforeLastStep):
        aggregate.decide(state, AddNote(text="记"), earlier)
