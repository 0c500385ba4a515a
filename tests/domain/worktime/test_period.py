"""A month or quarter: its days, its end."""

from datetime import date, timedelta

import pytest

from domain.moment import HappensInFuture
from domain.reporting.period_end import EndPeriod, PeriodDiffers, PeriodEnded, PeriodNotOver
from domain.worktime.period import before, days_of, ends_at, month_of, quarter_of
from tests.examples import local
from tests.spec import given

JUNE_OVER = local("2026-07-01 00:00")
JUNE = PeriodEnded(period="2026-06", first=date(2026, 6, 1), last=date(2026, 6, 30))


@pytest.mark.parametrize(
    ("period", "first", "last"),
    [
        ("2026-01", "2026-01-01", "2026-01-31"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2026-12", "2026-12-01", "2026-12-31"),
        ("2026-Q1", "2026-01-01", "2026-03-31"),
        ("2026-Q2", "2026-04-01", "2026-06-30"),
        ("2026-Q4", "2026-10-01", "2026-12-31"),
        ("2026", "2026-01-01", "2026-12-31"),
    ],
)
def test_a_period_is_whole_months(period: str, first: str, last: str) -> None:
    assert days_of(period) == (date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize(
    ("day", "month", "quarter"),
    [
        ("2026-01-01", "2026-01", "2026-Q1"),
        ("2026-03-31", "2026-03", "2026-Q1"),
        ("2026-04-01", "2026-04", "2026-Q2"),
        ("2026-12-31", "2026-12", "2026-Q4"),
    ],
)
def test_a_day_lies_in_one_month_and_one_quarter(day: str, month: str, quarter: str) -> None:
    on = date.fromisoformat(day)
    assert (month_of(on), quarter_of(on)) == (month, quarter)


def test_a_period_ends_with_the_local_midnight_after_its_last_day() -> None:
    assert ends_at("2026-06") == ends_at("2026-Q2") == JUNE_OVER
    assert ends_at("2026-06", "UTC") == JUNE_OVER + timedelta(hours=8)


def test_a_period_that_is_over_is_ended_once() -> None:
    given(at=JUNE_OVER).when(EndPeriod(period="2026-06")).then(JUNE)
    given(JUNE, at=JUNE_OVER).when(EndPeriod(period="2026-06")).nothing()


def test_a_period_is_not_ended_before_it_is_over() -> None:
    early = given(at=JUNE_OVER - timedelta(seconds=1))
    early.when(EndPeriod(period="2026-06")).refused(PeriodNotOver)


def test_every_period_has_an_end_of_its_own() -> None:
    given(JUNE, at=JUNE_OVER).when(EndPeriod(period="2026-Q2")).refused(PeriodDiffers)


def test_no_period_is_ended_ahead_of_the_clock() -> None:
    ahead = given(at=JUNE_OVER, now=JUNE_OVER - timedelta(hours=1))
    ahead.when(EndPeriod(period="2026-06")).refused(HappensInFuture)


@pytest.mark.parametrize(
    ("period", "earlier"),
    [
        ("2026-06", "2026-05"),
        ("2026-01", "2025-12"),
        ("2026-Q3", "2026-Q2"),
        ("2026-Q1", "2025-Q4"),
    ],
)
def test_a_month_follows_a_month_and_a_quarter_a_quarter(period: str, earlier: str) -> None:
    assert before(period) == earlier
