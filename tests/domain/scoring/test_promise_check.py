"""Deadlines computed anew from entries, beside the deciders who gave them."""

from collections import Counter
from collections.abc import Callable
from copy import deepcopy
from functools import cache
from random import Random
from typing import Any, Final

import msgspec
import pytest

from domain.scoring.promise_check import PromiseNotFounded, check_promises
from domain.simulation import SimulatedStep
from ledger.log.codec import Recorded
from tests.laws.logs import a_hamlet, a_log
from tests.lives import complaint, life

Told = list[Any]
LIVES: Final = 60


def told(log: list[Recorded]) -> Told:
    """As an entry of a bundle is read."""
    return [
        {
            "position": number,
            "stream": str(one.originator_id),
            "topic": one.event.topic,
            "occurred_at": one.occurred_at,
            "data": msgspec.json.decode(msgspec.json.encode(one.event)),
        }
        for number, one in enumerate(log, start=1)
    ]


def lived(seed: int, kind: Callable[[Random], list[SimulatedStep]]) -> Told:
    return told(a_log(seed, 1, kind))


def giving(entries: Told) -> list[Any]:
    return [one for one in entries if one["data"].get("promises")]


@cache
def some_life(topic: str) -> Told:
    """In which such an event gives promises, the last of the life's to do so."""
    for seed in range(LIVES * 5):
        for kind in (life, complaint):
            entries = lived(seed, kind)
            if any(one["topic"] == topic for one in giving(entries)):
                return entries
    raise AssertionError(topic)


@pytest.mark.parametrize("kind", [life, complaint])
def test_every_promise_of_lawful_lives_is_due_when_it_has_to_be(
    kind: Callable[[Random], list[SimulatedStep]],
) -> None:
    for seed in range(LIVES):
        entries = lived(seed, kind)
        assert check_promises(entries) == sum(
            len(one["data"]["promises"]) for one in giving(entries)
        )


def test_promises_are_given_at_all_these_occasions() -> None:
    lives = [lived(seed, kind) for seed in range(LIVES) for kind in (life, complaint)]
    topics = Counter(one["topic"] for entries in lives for one in giving(entries))
    assert topics.keys() >= {*MOVED, *BEGUN}


def test_a_town_keeps_to_its_rules_whatever_order_its_entries_come_in() -> None:
    entries = told(a_hamlet(7, 40))
    assert check_promises(entries) == check_promises(reversed(entries)) > 0


BEGUN: Final = (
    "request.logged/1", "complaint.registered/1", "complaint.accepted/1", "complaint.assigned/1",
    "complaint.rework_ordered/1", "complaint.reopened/1", "complaint.review_asked/1",
    "complaint.review_decided/1", "request.reopened/1",
)  # fmt: skip
MOVED: Final = (
    "complaint.resumed/1", "complaint.extended/1", "complaint.deadlines_recalculated/1",
    "request.supplement_received/1", "request.reclassified/1",
)  # fmt: skip


@pytest.mark.parametrize("topic", [*BEGUN, *MOVED])
@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("due", "2031-01-01T00:00:00+08:00", "is due 2031"),
        ("started_at", "2031-01-01T00:00:00+08:00", "it began at"),
        ("round", 9, "is of round 9"),
        ("policy", "service-limits@99", "service-limits@99, which was not published"),
        ("calendar", "mars@1", "mars@1, which was not published"),
    ],
)
def test_a_promise_that_the_rules_do_not_give_is_named(
    topic: str, field: str, value: Any, said: str
) -> None:
    entries = deepcopy(some_life(topic))
    changed = next(one for one in giving(entries) if one["topic"] == topic)
    changed["data"]["promises"][0][field] = value
    with pytest.raises(PromiseNotFounded, match=said) as raised:
        check_promises(entries)
    assert raised.value.position == changed["position"]


def test_a_pause_that_is_made_longer_moves_what_may_be_promised() -> None:
    entries = deepcopy(some_life("complaint.resumed/1"))
    paused = next(one for one in entries if one["topic"] == "complaint.paused/1")
    paused["data"]["at"] = "2020-01-01T00:00:00+08:00"
    with pytest.raises(PromiseNotFounded, match="the rules give"):
        check_promises(entries)


def test_a_promise_that_goes_on_is_the_one_that_was_given() -> None:
    entries = deepcopy(some_life("complaint.reclassified/1"))
    changed = next(one for one in giving(entries) if one["topic"] == "complaint.reclassified/1")
    changed["data"]["promises"][0]["provisional"] = "changed"
    with pytest.raises(PromiseNotFounded, match="only its old promise may go on"):
        check_promises(entries)


def test_what_was_never_promised_cannot_be_moved_or_missed() -> None:
    entries = deepcopy(some_life("complaint.extended/1"))
    for one in giving(entries):
        if one["topic"] != "complaint.extended/1":
            one["data"]["promises"] = []
    with pytest.raises(PromiseNotFounded, match="never promised"):
        check_promises(entries)
    entries = some_life("request.logged/1")
    of = next(one["stream"] for one in entries if one["topic"] == "request.logged/1")
    missed: Any = {
        **entries[-1],
        "topic": "promises.missed/1",
        "stream": "w",
        "data": {"of": of, "name": "assign"},
    }
    with pytest.raises(PromiseNotFounded, match="assign was watched, and never promised"):
        check_promises([*entries, missed])


def test_rules_that_come_into_force_later_promise_nothing_yet() -> None:
    entries = deepcopy(some_life("request.logged/1"))
    ref = giving(entries)[0]["data"]["promises"][0]["policy"]
    for one in entries:
        if one["topic"] == "policy.published/1":
            policy = one["data"]["policy"]
            if f"{policy['code']}@{policy['version']}" == ref:
                policy["effective_from"] = "2031-01-01"
    with pytest.raises(PromiseNotFounded, match="in force only from 2031-01-01 on"):
        check_promises(entries)


def test_a_service_without_a_limit_can_promise_nothing() -> None:
    entries = deepcopy(some_life("request.logged/1"))
    for one in entries:
        if one["topic"] == "policy.published/1":
            one["data"]["policy"]["limits"] = {}
    with pytest.raises(PromiseNotFounded, match="has no limit"):
        check_promises(entries)
