"""Promises: what runs, what was kept or missed, and how deadlines were kept over time."""

from datetime import date
from typing import Any
from uuid import UUID

from msgspec.structs import replace

from domain.requests.rating import RatingGiven
from domain.requests.request import RequestVoided
from domain.vocabulary import Actor
from projections.asking.asking import fetch
from projections.oversight import promises
from projections.oversight.promises import PromiseRow, due_until
from tests.examples import (
    ANSWERED,
    CLOSE,
    CONSULTED,
    INVITED,
    LOGGED,
    REOPENED,
    REQUEST,
    WAITING,
    local,
)
from tests.projections.viewing import Given, Viewing, happened

OTHER = UUID(int=7)
IMPORTED_BY = Actor(account="casework", role="importer", unit="4401")


def of_point(viewing: Viewing, **asked: Any) -> dict[str, PromiseRow]:
    return {row.name: row for row in viewing.shown_by(promises.report, **asked)}


def running(viewing: Viewing, until: str, *kinds: str) -> list[tuple[str, int]]:
    query = due_until(local(until), kinds or ("request",), 100)
    return [(one.name, one.round) for one in fetch(viewing.connection, query)]


def test_what_was_done_in_time_late_or_not_at_all_is_told_apart(given: Given) -> None:
    seen = given(
        happened(LOGGED),
        happened(CONSULTED, "2026-03-02 15:00"),
        happened(ANSWERED, "2026-03-16 18:01"),
        happened(LOGGED, of=OTHER),
    )
    told = of_point(seen, now=local("2026-03-02 15:01"))
    response, close = told["first_response"], told["close"]
    assert (response.given, response.in_time, response.overdue, response.missed) == (2, 1, 1, 1)
    assert (response.accuracy, response.median_hours_left) == (0.5, 0.0)
    assert (close.late, close.running, close.overdue, close.missed) == (1, 1, 0, 1)


def test_while_the_person_is_awaited_nothing_is_due(given: Given) -> None:
    seen = given(happened(LOGGED), happened(WAITING))
    assert {row.paused for row in of_point(seen).values()} == {1}
    assert running(seen, "2026-12-31 00:00") == []


def test_a_closing_while_waiting_counts_as_of_the_pause(given: Given) -> None:
    seen = given(happened(LOGGED), happened(WAITING), happened(ANSWERED, "2026-03-30 09:00"))
    assert of_point(seen)["close"].in_time == 1


def test_a_new_round_has_promises_of_its_own_and_the_old_results_stay(given: Given) -> None:
    again = replace(
        REOPENED,
        promises=(
            replace(CLOSE, round=2, started_at=REOPENED.reopened_at, due=local("2026-03-18 18:00")),
        ),
    )
    seen = given(
        happened(LOGGED),
        happened(CONSULTED, "2026-03-02 10:00"),
        happened(ANSWERED, "2026-03-03 10:00"),
        happened(again, "2026-03-04 09:00"),
    )
    close = of_point(seen)["close"]
    assert (close.given, close.in_time, close.running) == (2, 1, 1)
    assert running(seen, "2026-03-19 00:00") == [("close", 2)]
    before = of_point(seen, position=seen.head - 1)["close"]
    assert (before.given, before.running) == (1, 0)


def test_what_was_void_or_imported_promised_nothing(given: Given) -> None:
    seen = given(
        happened(LOGGED),
        happened(RequestVoided(reason="登记有误"), "2026-03-02 10:00"),
        happened(LOGGED, of=OTHER, by=IMPORTED_BY),
    )
    assert {(row.given, row.stopped) for row in of_point(seen).values()} == {(1, 1)}
    assert running(seen, "2026-12-31 00:00") == []


def test_the_time_to_rate_is_a_term_of_the_persons_own_and_no_promise(given: Given) -> None:
    seen = given(happened(LOGGED), happened(INVITED))
    assert set(of_point(seen)) == {"first_response", "close"}
    assert running(seen, "2026-03-10 00:00", "rating") == [("rate", 1)]
    seen.given(happened(RatingGiven(request=REQUEST, grade=5)))
    assert running(seen, "2026-03-10 00:00", "rating") == []


def test_promises_are_counted_by_the_day_they_are_due(given: Given) -> None:
    seen = given(happened(LOGGED))
    months = [(row.key, row.name) for row in seen.shown_by(promises.report, by="month")]
    assert months == [("2026-03", "close"), ("2026-03", "first_response")]
    assert set(of_point(seen, to=date(2026, 3, 16))) == {"first_response"}
    assert set(of_point(seen, from_=date(2026, 3, 3))) == {"close"}
