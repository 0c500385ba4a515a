"""Promises watched by the clock: approaching once, missed once."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from domain.moment import HappensInFuture
from domain.promises.promise_watch import (
    PromiseAlreadyDue,
    PromiseApproached,
    PromiseMissed,
    PromiseNotYetDue,
    RecordPromiseApproaching,
    RecordPromiseMissed,
)
from tests.examples import MORNING, NOON, REQUEST, local
from tests.spec import given

DUE = local("2026-03-02 15:00")
EXTENDED = local("2026-03-03 15:00")
APPROACHING = RecordPromiseApproaching(
    of=REQUEST, of_kind="request", name="close", round=1, due=DUE
)
APPROACHED = PromiseApproached(of=REQUEST, of_kind="request", name="close", round=1, due=DUE)
MISS = RecordPromiseMissed(of=REQUEST, of_kind="request", name="close", round=1, due=DUE)
MISSED = PromiseMissed(of=REQUEST, of_kind="request", name="close", round=1, due=DUE)


def test_a_promise_approaches_once() -> None:
    given(at=NOON).when(APPROACHING).then(APPROACHED)
    given(APPROACHED, at=NOON).when(APPROACHING).nothing()


def test_a_promise_that_is_due_no_longer_approaches() -> None:
    given(at=DUE).when(APPROACHING).refused(PromiseAlreadyDue)


def test_a_promise_is_missed_once() -> None:
    given(at=DUE).when(MISS).then(MISSED)
    given(APPROACHED, at=DUE).when(MISS).then(MISSED)
    given(MISSED, at=EXTENDED).when(replace(MISS, due=EXTENDED)).nothing()


def test_a_promise_is_not_missed_before_it_is_due() -> None:
    given(at=DUE - timedelta(seconds=1)).when(MISS).refused(PromiseNotYetDue)


def test_a_promise_with_more_time_approaches_again() -> None:
    extended = replace(APPROACHING, due=EXTENDED)
    given(APPROACHED, at=NOON).when(extended).then(replace(APPROACHED, due=EXTENDED))


def test_a_missed_promise_does_not_approach() -> None:
    given(MISSED, at=NOON).when(replace(APPROACHING, due=EXTENDED)).nothing()


@pytest.mark.parametrize("other", [{"name": "first_response"}, {"round": 2}])
def test_every_promise_of_every_round_is_watched(other: dict[str, object]) -> None:
    given(APPROACHED, MISSED, at=NOON).when(replace(APPROACHING, **other)).then(
        replace(APPROACHED, **other)
    )
    given(APPROACHED, MISSED, at=DUE).when(replace(MISS, **other)).then(replace(MISSED, **other))


def test_nothing_is_missed_ahead_of_the_clock() -> None:
    given(at=DUE, now=MORNING).when(MISS).refused(HappensInFuture)
