"""How long people waited: medians of all cases, shares within limit, and the age of open ones."""

from typing import Any
from uuid import UUID

import pytest
from msgspec.structs import replace

from domain.requests.request import RequestVoided
from projections.asking.asking import By
from projections.requests import response_times
from projections.requests.response_times import ResponseTimesRow
from tests.examples import (
    ANSWERED,
    CLOSE,
    CONSULTED,
    FIRST_RESPONSE,
    LOGGED,
    ORIGINAL,
    REOPENED,
    WAITING,
    local,
)
from tests.projections.viewing import Given, Happening, Viewing, happened, logged

OPEN = ResponseTimesRow(
    key="ROOM-1",
    logged=1,
    closed=0,
    open=1,
    median_working_minutes_to_first_response=None,
    p90_working_minutes_to_first_response=None,
    first_response_in_time_share=None,
    median_days_to_close=None,
    p90_days_to_close=None,
    median_working_minutes_to_close=None,
    p90_working_minutes_to_close=None,
    close_in_time_share=None,
    overdue=0,
    median_days_open=18.0,
    oldest_days_open=18,
)


def shown(seen: Viewing, **asked: Any) -> list[ResponseTimesRow]:
    return seen.shown_by(response_times.report, **asked)


def answered(n: int, minutes: int, days: int = 0, **changes: Any) -> list[Happening]:
    """A request of Monday 09:00 that is answered after so many minutes, closed so many days on."""
    request = UUID(int=n)
    closed = f"2026-03-{2 + days:02} 10:00"
    return [
        logged(of=request, **changes),
        happened(CONSULTED, f"2026-03-02 09:{minutes:02}", of=request),
        happened(ANSWERED, closed, of=request),
    ]


def test_an_empty_log_shows_no_times(given: Given) -> None:
    assert shown(given()) == []


def test_an_open_request_has_only_its_age(given: Given) -> None:
    assert shown(given(logged())) == [OPEN]


def test_the_age_is_counted_in_local_days_of_the_point(given: Given) -> None:
    seen = given(logged())
    asked = {"now": local("2026-03-03 00:30")}
    assert shown(seen, **asked)[0].oldest_days_open == 1
    west = given(logged(of=ORIGINAL, calendar=None, zone="UTC", point="ROOM-2"))
    assert [row.oldest_days_open for row in shown(west, **asked)] == [1, 0]


def test_a_closed_request_has_its_times(given: Given) -> None:
    assert shown(given(*answered(1, 30, days=2))) == [
        replace(
            OPEN,
            closed=1,
            open=0,
            median_working_minutes_to_first_response=30.0,
            p90_working_minutes_to_first_response=30.0,
            median_days_to_close=2.0,
            p90_days_to_close=2.0,
            median_working_minutes_to_close=900.0,
            p90_working_minutes_to_close=900.0,
            median_days_open=None,
            oldest_days_open=None,
        )
    ]


def test_percentiles_lie_between_the_cases(given: Given) -> None:
    """By `percentile_cont`: position 0.9 of 10, 20, 40 is 10 % short of the last."""
    seen = given(*answered(1, 10, 0), *answered(2, 20, 1), *answered(3, 40, 4), size=9)
    (row,) = shown(seen)
    assert row.median_working_minutes_to_first_response == 20
    assert row.p90_working_minutes_to_first_response == pytest.approx(36)
    assert row.median_days_to_close == 1
    assert row.p90_days_to_close == pytest.approx(3.4)
    two = given(*answered(4, 50, 0), size=3)
    assert shown(two)[0].median_working_minutes_to_first_response == 30


def test_shares_are_of_those_that_had_a_limit(given: Given) -> None:
    promised = (replace(FIRST_RESPONSE, due=local("2026-03-02 09:30")), CLOSE)
    seen = given(
        *answered(1, 10, 1, promises=promised),
        *answered(2, 40, 1, promises=promised),
        *answered(3, 20, 15, promises=promised),
        *answered(4, 50, 1),
        size=12,
    )
    (row,) = shown(seen)
    assert row.first_response_in_time_share == pytest.approx(2 / 3)
    assert row.close_in_time_share == pytest.approx(2 / 3)


def test_open_ones_past_their_deadline_are_overdue_by_now(given: Given) -> None:
    seen = given(happened(LOGGED), logged(of=ORIGINAL, promises=(CLOSE,)))
    seen.given(happened(WAITING, of=ORIGINAL))
    overdue = [
        shown(seen, now=local(now))[0].overdue
        for now in ("2026-03-02 15:00", "2026-03-02 15:01", "2026-03-17 09:00")
    ]
    assert overdue == [0, 1, 1]


def test_a_reopened_request_is_open_again_and_its_first_response_stays(given: Given) -> None:
    seen = given(*answered(1, 30), happened(REOPENED, "2026-03-04 09:00", of=UUID(int=1)))
    (row,) = shown(seen)
    assert (row.logged, row.closed, row.open) == (1, 0, 1)
    assert row.median_working_minutes_to_first_response == 30
    (before,) = shown(seen, position=seen.head - 1)
    assert (before.closed, before.median_days_to_close) == (1, 0)


def test_a_voided_request_is_no_case(given: Given) -> None:
    seen = given(*answered(1, 30), happened(RequestVoided(reason="误"), of=UUID(int=1)))
    assert shown(seen) == []


def test_without_a_calendar_there_are_days_but_no_minutes(given: Given) -> None:
    (row,) = shown(given(*answered(1, 30, 2, calendar=None)))
    assert (row.median_days_to_close, row.median_working_minutes_to_close) == (2, None)
    assert row.median_working_minutes_to_first_response is None


@pytest.mark.parametrize(
    ("by", "keys"),
    [
        ("point", ["ROOM-1", "ROOM-2"]),
        ("division", ["440103001001", "440104001001"]),
        ("town", ["440103001", "440104001"]),
        ("district", ["440103", "440104"]),
        ("service", ["consultation", "mediation"]),
        ("channel", ["counter", "phone"]),
        ("month", ["2026-03", "2026-04"]),
        ("adviser", ["A-2", None]),
        ("firm", ["F-2", None]),
        ("team", ["T-2", None]),
    ],
)
def test_times_are_shown_by_any_key(given: Given, by: By, keys: list[str | None]) -> None:
    other = {
        "point": "ROOM-2", "division": "440104001001", "service": "mediation", "channel": "phone",
        "adviser": "A-2", "firm": "F-2", "team": "T-2",
    }  # fmt: skip
    seen = given(logged(), logged("2026-04-01 00:00", of=ORIGINAL, **other))
    assert [(row.key, row.logged) for row in shown(seen, by=by)] == [(key, 1) for key in keys]
