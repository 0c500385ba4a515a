"""The story comes on record as offices enter it: later than it happened, in an order of its own."""

from datetime import timedelta
from functools import cache
from itertools import pairwise
from random import Random
from uuid import UUID

from domain.simulation.city import FOUNDED
from domain.simulation.telling import ToldStep, told
from tests.domain.simulation.test_simulation import END, START
from tests.lives import quarter

DAY = timedelta(days=1)


@cache
def story() -> list[ToldStep]:
    return list(told(Random(1), quarter(), founded=FOUNDED, until=END))


def test_each_step_has_an_instant_of_its_own_after_it_happened_and_within_the_story() -> None:
    instants = [one.recorded_at for one in story()]
    assert all(before < after for before, after in pairwise(instants))
    assert all(one.recorded_at >= one.step.now for one in story())
    assert instants[0] > FOUNDED
    assert instants[-1] < END


def test_what_happened_before_the_log_was_founded_is_entered_then() -> None:
    old = [one for one in story() if one.step.occurred_at < FOUNDED]
    assert old
    assert all(one.recorded_at < FOUNDED + timedelta(seconds=10) for one in old)


def test_in_the_order_of_the_record_every_stream_goes_on_without_a_gap() -> None:
    versions: dict[object, int] = {}
    for one in story():
        assert one.step.version == versions.get(one.step.stream, 0) + 1
        versions[one.step.stream] = one.step.version + len(one.step.events) - 1


def test_streams_are_interleaved_and_what_is_not_entered_yet_is_left_out() -> None:
    lived = [one for one in story() if one.step.occurred_at >= START]
    happened = [one.step.occurred_at for one in lived]
    assert sum(a > b for a, b in pairwise(happened)) > len(lived) / 10
    assert 0 < len(quarter()) - len(story()) < 300


def test_what_is_entered_more_than_a_day_later_says_why() -> None:
    late = [one for one in story() if one.recorded_at - one.step.occurred_at > DAY]
    late = [one for one in late if one.step.occurred_at >= START]
    assert late
    unsaid = [one for one in late if one.step.entered_at is None]
    assert unsaid == []
    first = [one for one in late if one.step.kind == "request" and one.step.version == 1]
    assert first
    assert all(getattr(one.step.command, "late_reason", None) for one in first)


def test_no_follow_up_is_on_record_before_what_it_follows_from() -> None:
    known: set[object] = set()
    for one in story():
        for event in one.step.events:
            for name in ("request", "of", "source_stream"):
                if isinstance(named := getattr(event, name, None), UUID):
                    assert named in known, (name, event)
        known.add(one.step.stream)


def test_the_same_draws_tell_the_same_story() -> None:
    again = told(Random(1), quarter(), founded=FOUNDED, until=END)
    assert list(again) == story()
    other = told(Random(2), quarter(), founded=FOUNDED, until=END)
    assert list(other) != story()
