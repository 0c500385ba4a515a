"""Ratings as they stand: one row each, the queue of a window, what waits to be looked at."""

from typing import Any

from msgspec.structs import replace

from domain.requests.rating import RatingExempted, RatingGiven, RatingLookedAt
from projections.asking.asking import fetch
from projections.requests import ratings
from projections.requests.ratings import RatingFilters, RatingRow
from tests.examples import INVITED, REQUEST, local
from tests.projections.viewing import Given, Viewing, happened, logged

AT_WINDOW = replace(INVITED, window="W1", officer="clerk-1")
SUSPECT = RatingGiven(request=REQUEST, grade=5, suspicions=("too_soon",))


def rows(seen: Viewing, **filters: Any) -> list[RatingRow]:
    asked = RatingFilters(**filters)
    return fetch(seen.connection, ratings.page(asked, position=seen.head, limit=9))


def waiting(seen: Viewing, window: str, now: str) -> list[int]:
    asked = ratings.waiting(
        point="ROOM-1", window=window, now=local(now), position=seen.head, limit=9
    )
    return [one.version for one in fetch(seen.connection, asked)]


def test_an_invitation_waits_at_its_window_until_it_is_answered_or_over(given: Given) -> None:
    seen = given(logged(), happened(AT_WINDOW))
    assert waiting(seen, "W1", "2026-03-03 09:00") == [1]
    assert waiting(seen, "W2", "2026-03-03 09:00") == []
    assert waiting(seen, "W1", "2026-03-10 00:00") == []
    seen.given(happened(SUSPECT))
    assert waiting(seen, "W1", "2026-03-03 09:00") == []


def test_a_suspect_vote_is_listed_until_it_is_looked_at(given: Given) -> None:
    seen = given(logged(), happened(AT_WINDOW), happened(SUSPECT))
    (row,) = rows(seen, suspect=True, point="ROOM-1", officer="clerk-1")
    assert (row.grade, row.status, row.suspicions, row.version) == (5, "given", ("too_soon",), 2)
    seen.given(happened(RatingLookedAt(request=REQUEST, counted=False, reason="并非本人")))
    assert rows(seen, suspect=True) == []
    (row,) = rows(seen, status="given")
    assert (row.suspect, row.counted) == (False, False)


def test_who_is_exempt_is_listed_with_the_rule(given: Given) -> None:
    exempted = RatingExempted(request=REQUEST, point="ROOM-1", rule="by-phone", policy="x@1")
    seen = given(logged(), happened(exempted))
    (row,) = rows(seen, status="exempt")
    assert (row.rule, row.expires_at) == ("by-phone", None)
    seen.given(happened(AT_WINDOW))
    (row,) = rows(seen)
    assert (row.status, row.rule) == ("waiting", None)
