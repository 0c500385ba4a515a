"""What people said: three sources apart, both rates, who answered at all."""

from typing import Any
from uuid import UUID

import pytest
from msgspec.structs import replace

from domain.requests.rating import (
    Grade,
    RatingCalledBack,
    RatingDefaulted,
    RatingDisputeDecided,
    RatingFollowedUp,
    RatingGiven,
    RatingInvited,
)
from domain.requests.request import RequestVoided
from projections.asking.asking import By
from projections.requests import satisfaction
from projections.requests.satisfaction import SatisfactionRow
from tests.examples import ORIGINAL, local
from tests.projections.viewing import Given, Happening, Viewing, happened, logged

UNRATED = SatisfactionRow(
    key="ROOM-1",
    services=1,
    invited=0,
    exempt={},
    not_invited=0,
    explicit=0,
    default=0,
    callback=0,
    followed_up=0,
    excluded=0,
    suspect=0,
    set_aside=0,
    withdrawn=0,
    response_rate=None,
    satisfaction_rate=None,
    satisfaction_rate_with_default=None,
    mean_grade=None,
    grades={5: 0, 4: 0, 3: 0, 2: 0, 1: 0},
)
SILENT = replace(
    UNRATED, invited=1, default=1, response_rate=0.0, satisfaction_rate_with_default=1.0
)


def shown(seen: Viewing, **asked: Any) -> list[SatisfactionRow]:
    return seen.shown_by(satisfaction.report, **asked)


def invited(n: int, **changes: Any) -> list[Happening]:
    request = UUID(int=n)
    invitation = RatingInvited(
        request=request,
        point="ROOM-1",
        served_by=("clerk-1",),
        token_sha256="0" * 64,
        expires_at=local("2026-03-10 00:00"),
        default_grade=3,
    )
    return [logged(of=request, **changes), happened(invitation, of=request)]


def rated(n: int, grade: Grade) -> list[Happening]:
    request = UUID(int=n)
    return [*invited(n), happened(RatingGiven(request=request, grade=grade), of=request)]


def silent(n: int, grade: Grade = 3) -> Happening:
    request = UUID(int=n)
    return happened(RatingDefaulted(request=request, grade=grade), of=request)


def test_an_empty_log_shows_no_ratings(given: Given) -> None:
    assert shown(given()) == []


def test_a_service_nobody_was_asked_about_has_no_rates(given: Given) -> None:
    assert shown(given(logged())) == [UNRATED]


def test_an_explicit_rating_counts_in_both_rates(given: Given) -> None:
    assert shown(given(*rated(1, 5))) == [
        replace(
            UNRATED,
            invited=1,
            explicit=1,
            response_rate=1.0,
            satisfaction_rate=1.0,
            satisfaction_rate_with_default=1.0,
            mean_grade=5.0,
            grades={5: 1, 4: 0, 3: 0, 2: 0, 1: 0},
        )
    ]


def test_silence_counts_in_the_second_rate_only(given: Given) -> None:
    assert shown(given(*invited(1), silent(1))) == [SILENT]


def test_a_silence_that_is_broken_is_no_default_any_more(given: Given) -> None:
    seen = given(*invited(1), silent(1))
    seen.given(happened(RatingGiven(request=UUID(int=1), grade=1), of=UUID(int=1)))
    (row,) = shown(seen)
    assert (row.explicit, row.default, row.satisfaction_rate_with_default) == (1, 0, 0.0)
    assert shown(seen, position=seen.head - 1) == [SILENT]


def test_from_basically_satisfied_up_is_satisfied(given: Given) -> None:
    grades: tuple[Grade, ...] = (5, 4, 3, 2, 1)
    ratings = [one for n, grade in enumerate(grades) for one in rated(n, grade)]
    (row,) = shown(given(*ratings, *invited(8), silent(8), *invited(9), size=20))
    assert row.grades == {5: 1, 4: 1, 3: 1, 2: 1, 1: 1}
    assert (row.satisfaction_rate, row.mean_grade) == (0.6, 3.0)
    assert row.satisfaction_rate_with_default == pytest.approx(4 / 6)
    assert (row.services, row.invited) == (7, 7)
    assert row.response_rate == pytest.approx(5 / 7)


def test_what_is_said_in_a_callback_stays_apart(given: Given) -> None:
    called = RatingCalledBack(request=UUID(int=1), grade=1, called_by="clerk-2")
    (row,) = shown(given(*rated(1, 4), happened(called, of=UUID(int=1))))
    assert (row.callback, row.explicit, row.mean_grade) == (1, 1, 4.0)


def test_a_follow_up_does_not_overwrite_the_first_rating(given: Given) -> None:
    later = RatingFollowedUp(request=UUID(int=1), grade=5)
    (row,) = shown(given(*rated(1, 1), happened(later, of=UUID(int=1))))
    assert (row.followed_up, row.grades[1], row.satisfaction_rate) == (1, 1, 0.0)


def test_an_excluded_rating_is_in_no_rate_but_was_an_answer(given: Given) -> None:
    decided = RatingDisputeDecided(request=UUID(int=1), excluded=True, reason="恶意")
    seen = given(*rated(1, 1), *rated(2, 5), happened(decided, of=UUID(int=1)))
    (row,) = shown(seen)
    assert (row.explicit, row.excluded, row.satisfaction_rate, row.mean_grade) == (1, 1, 1.0, 5.0)
    assert (row.response_rate, row.satisfaction_rate_with_default) == (1.0, 1.0)
    assert row.grades == {5: 1, 4: 0, 3: 0, 2: 0, 1: 0}


def test_the_rating_of_a_voided_request_leaves_the_counts(given: Given) -> None:
    seen = given(*rated(1, 5), happened(RequestVoided(reason="误"), of=UUID(int=1)))
    assert shown(seen) == []


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
def test_ratings_are_shown_by_any_key(given: Given, by: By, keys: list[str | None]) -> None:
    other = {
        "point": "ROOM-2", "division": "440104001001", "service": "mediation", "channel": "phone",
        "adviser": "A-2", "firm": "F-2", "team": "T-2",
    }  # fmt: skip
    seen = given(logged(), logged("2026-04-01 00:00", of=ORIGINAL, **other))
    assert [(row.key, row.services) for row in shown(seen, by=by)] == [(key, 1) for key in keys]
