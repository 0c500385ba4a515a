"""Ends of months and quarters."""

from datetime import date, timedelta

import pytest

from domain.reporting.period_end import EndPeriod, PeriodDiffers, PeriodEnded, PeriodNotOver
from domain.vocabulary import Actor
from domain.worktime.period import ends_at
from tests.spec import given

POLICY = Actor(account="policy-periods", role="policy", unit="4401")
MARCH = PeriodEnded(period="2026-03", first=date(2026, 3, 1), last=date(2026, 3, 31))
QUARTER = PeriodEnded(period="2026-Q1", first=date(2026, 1, 1), last=date(2026, 3, 31))


@pytest.mark.parametrize("ended", [MARCH, QUARTER])
def test_a_period_ends_when_its_last_day_is_over_and_once(ended: PeriodEnded) -> None:
    over = ends_at(ended.period)
    given(at=over).when(EndPeriod(period=ended.period), by=POLICY).then(ended)
    given(ended, at=over).when(EndPeriod(period=ended.period), by=POLICY).nothing()


@pytest.mark.parametrize("ended", [MARCH, QUARTER])
def test_a_period_does_not_end_a_moment_earlier(ended: PeriodEnded) -> None:
    before = ends_at(ended.period) - timedelta(microseconds=1)
    given(at=before).when(EndPeriod(period=ended.period), by=POLICY).refused(PeriodNotOver)


def test_one_period_is_not_another() -> None:
    over = ends_at("2026-Q1")
    given(MARCH, at=over).when(EndPeriod(period="2026-Q1"), by=POLICY).refused(PeriodDiffers)
