"""What is promised, and what a promise came to."""

from datetime import timedelta

from domain.promises.promise import Clock, Promise, PromiseResult, promised
from tests.examples import CALENDAR, MORNING, RULES

CLOSE = Promise(
    name="close",
    started_at=MORNING,
    due=MORNING + timedelta(days=7),
    policy="service-limits@1",
    calendar="gz-office@1",
)


def test_a_promise_names_the_rules_and_the_calendar_it_was_computed_from() -> None:
    first, close = promised(
        "consultation", ("first_response", "close"), Clock(MORNING), CALENDAR, RULES
    )
    assert (first.policy, first.calendar) == ("service-limits@1", "gz-office@1")
    assert first.due < close.due
    assert (first.started_at, first.round, first.provisional) == (MORNING, 1, False)


def test_nothing_is_promised_without_a_calendar_without_rules_or_without_a_limit() -> None:
    assert promised("consultation", ("close",), Clock(MORNING), None, RULES) == ()
    assert promised("consultation", ("close",), Clock(MORNING), CALENDAR, None) == ()
    assert promised("consultation", ("review",), Clock(MORNING), CALENDAR, RULES) == ()


def test_a_new_round_gets_promises_of_its_own() -> None:
    (close,) = promised("consultation", ("close",), Clock(MORNING, round=2), CALENDAR, RULES)
    assert close.round == 2


def test_what_is_done_when_it_is_due_is_in_time() -> None:
    assert PromiseResult(promise=CLOSE, ended_at=CLOSE.due, kept=True).in_time


def test_what_is_done_a_moment_later_is_not() -> None:
    late = CLOSE.due + timedelta(microseconds=1)
    assert not PromiseResult(promise=CLOSE, ended_at=late, kept=True).in_time


def test_what_fell_away_was_not_kept_in_time() -> None:
    assert not PromiseResult(promise=CLOSE, ended_at=MORNING, kept=False).in_time
