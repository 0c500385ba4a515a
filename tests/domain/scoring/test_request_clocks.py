"""What each event does to the clocks of a request; the laws: `tests.laws.test_request_clocks`."""

from typing import Any

import pytest

from domain.scoring.request_clocks import (
    closed,
    logged,
    next_due,
    paused,
    promised,
    reopened,
    responded,
    resumed,
    voided,
)
from domain.vocabulary import CHINA
from tests.examples import CALENDAR, CLOSE, EVENING, FIRST_RESPONSE, MORNING, NOON, local
from tests.facts import day

DUES = FIRST_RESPONSE.due, CLOSE.due
NEXT_MORNING = local("2026-03-03 09:00")
IN_2030 = local("2030-03-01 09:00")


def clocks(*changes: dict[str, Any], dues: Any = DUES) -> Any:
    """Of a request of Monday morning, after these changes."""
    found: Any = logged(MORNING, CALENDAR, CHINA, dues)
    for one in changes:
        found |= one
    return found


def test_the_first_response_is_measured_and_later_ones_only_end_their_promise() -> None:
    first = responded(clocks(), NOON, CALENDAR)
    assert first == {
        "responded_day": day("2026-03-02"),
        "response_minutes": 180,
        "response_minutes_open": 180,
        "response_in_time": True,
        "due_response": None,
    }
    assert responded(clocks(first), EVENING, CALENDAR) == {"due_response": None}


def test_waiting_for_the_person_is_no_time_of_the_request() -> None:
    waited = clocks(paused(local("2026-03-02 10:00")))
    waited |= resumed(waited, EVENING, DUES)
    assert responded(waited, NEXT_MORNING, CALENDAR)["response_minutes"] == 60


def test_while_the_person_is_awaited_the_beginning_of_the_pause_decides_what_is_in_time() -> None:
    assert responded(clocks(paused(NOON)), EVENING, CALENDAR)["response_in_time"] is True
    assert responded(clocks(paused(EVENING)), EVENING, CALENDAR)["response_in_time"] is False


def test_pauses_that_overlap_are_waited_once_in_whatever_order_they_are_entered() -> None:
    late, early = local("2026-03-02 11:00"), local("2026-03-02 10:00")
    waited = clocks(paused(late))
    waited |= resumed(waited, local("2026-03-02 15:00"), DUES)
    waited |= paused(early)
    waited |= resumed(waited, NOON, DUES)
    ended = closed(waited, EVENING, CALENDAR, "answered")
    assert ended["close_minutes"] == 420 - 120 - 60
    assert ended["pauses"] == [late, local("2026-03-02 15:00"), early, NOON]


def test_closing_ends_the_pause_that_runs() -> None:
    ended = closed(clocks(paused(NOON)), EVENING, CALENDAR, "withdrawn")
    assert (ended["pauses"], ended["paused_at"]) == ([NOON, EVENING], None)
    assert (ended["close_minutes"], ended["close_in_time"]) == (180, True)


def test_a_reopened_request_counts_on_from_its_asking() -> None:
    ended = clocks(closed(clocks(), NOON, CALENDAR, "answered"))
    ended |= reopened(ended, ended["closed_at"], (None, CLOSE.due))
    assert (ended["round"], ended["close_minutes"], next_due(ended)) == (2, None, CLOSE.due)
    assert closed(ended, EVENING, CALENDAR, "answered")["close_minutes"] == 420


def test_f16_what_was_closed_before_it_was_reopened_is_no_working_time() -> None:
    ended = clocks(closed(clocks(), NOON, CALENDAR, "answered"))
    ended |= reopened(ended, local("2026-03-02 16:00"), (None, CLOSE.due))
    again = closed(ended, EVENING, CALENDAR, "answered")
    assert (again["close_minutes"], again["close_minutes_open"]) == (420, 180 + 120)
    assert responded(ended, EVENING, CALENDAR)["response_minutes_open"] == 180 + 120


@pytest.mark.parametrize(("calendar", "until"), [(None, NOON), (CALENDAR, IN_2030)])
def test_minutes_are_unknown_without_a_calendar_of_that_year(calendar: Any, until: Any) -> None:
    assert responded(clocks(), until, calendar)["response_minutes"] is None


def test_without_a_promise_nothing_is_in_time_or_late() -> None:
    assert responded(clocks(dues=(None, None)), NOON, CALENDAR)["response_in_time"] is None


@pytest.mark.parametrize(
    ("changes", "due"),
    [
        ({}, FIRST_RESPONSE.due),
        (promised((None, CLOSE.due)), CLOSE.due),
        (promised((FIRST_RESPONSE.due, None)), FIRST_RESPONSE.due),
        (promised((None, None)), None),
        (paused(NOON), None),
        (closed(clocks(), NOON, CALENDAR, "answered"), None),
        (voided(), None),
    ],
)
def test_next_is_due_the_earliest_promise_that_runs(changes: dict[str, Any], due: Any) -> None:
    assert next_due(clocks(changes)) == due
