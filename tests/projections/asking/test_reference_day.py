"""The reference day: the period's last day, or that of the last known event while it goes on."""

from datetime import date

from domain.registers.appointment import china_day
from domain.worktime.period import days_of
from projections.asking.answering import answer
from projections.asking.reference_day import reference_day
from tests.projections.viewing import Given, logged


def test_a_period_is_judged_by_its_last_day_or_the_last_known_one(given: Given) -> None:
    viewing = given(logged())
    known = china_day(viewing.recorded_at(viewing.head))

    def day(period: str, position: int) -> date | None:
        return answer(viewing.connection, reference_day(days_of(period), position))

    assert day("2020-02", viewing.head) == date(2020, 2, 29)
    assert day(str(known.year), viewing.head) == known
    assert day("2199-01", viewing.head) is None
    assert day("2020-02", 0) is None
