"""What a command may hold at all; `tests/laws/test_bounds.py` looks at every command."""

from datetime import UTC, date, datetime

import pytest

from domain.moment import Registers
from domain.promises.promise import Promise
from domain.promises.promising import rules_behind
from domain.registers.policy import PolicyUnknown
from domain.registration.adviser_commands import RecordPenalty
from domain.requests.request_commands import AddNote
from domain.vocabulary import OutOfBounds, refuse_unbounded

NOW = datetime(2026, 3, 2, 2, tzinfo=UTC)


def test_f17_f18_a_command_has_days_of_our_centuries_and_words_that_are_seen() -> None:
    absurd = RecordPenalty(decided_on=date(9998, 1, 1), authority="市律协", reason="警告")
    with pytest.raises(OutOfBounds) as refused:
        refuse_unbounded(absurd)
    assert refused.value.field == "decided_on"
    with pytest.raises(OutOfBounds, match="text"):
        refuse_unbounded(AddNote(text="\u200b\u3000"))
    refuse_unbounded(AddNote(text="补充\n说明"))


def test_rules_that_cannot_be_looked_up_are_said_to_be_unknown() -> None:
    nothing = Registers(points={}, advisers={}, calendars={}, policies={})
    promise = Promise(
        name="close", started_at=NOW, due=NOW, policy="service-limits@9", calendar="c@1"
    )
    with pytest.raises(PolicyUnknown, match="service-limits@9"):
        rules_behind(promise, nothing)
