"""A stint: what an end or a successor leaves of it."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from domain.registers.stint import Stint

STINT = Stint("440103001001", 1, "A-1", "F-1", None, date(2026, 1, 1), date(2026, 12, 31))
DAYS = st.dates(date(2025, 12, 1), date(2027, 1, 31))


YEARS = [date(2025, 12, 1) + timedelta(days=number) for number in range(430)]


def served(stint: Stint | None) -> set[date]:
    return {one for one in YEARS if stint is not None and stint.covers(one)}


@given(DAYS)
def test_what_one_loses_the_successor_has(day: date) -> None:
    later = STINT.taken_over(day, "A-2", "F-2", "T-2")
    if STINT.reaches("A-1", day):
        left = served(STINT.before(day))
        assert (left | served(later), left & served(later)) == (served(STINT), set())
        assert (later.adviser, later.firm, later.team) == ("A-2", "F-2", "T-2")
        assert (later.division, later.term) == (STINT.division, STINT.term)


@given(DAYS)
def test_a_stint_that_ends_before_it_begins_never_was(day: date) -> None:
    assert (STINT.before(day) is None) == (day <= STINT.first)


def test_a_stint_reaches_a_day_up_to_its_last_and_for_its_own_adviser() -> None:
    assert STINT.reaches("A-1", date(2025, 1, 1))
    assert STINT.reaches("A-1", STINT.last)
    assert not STINT.reaches("A-1", STINT.last + timedelta(days=1))
    assert not STINT.reaches("A-2", STINT.last)
    assert replace(STINT, adviser="A-2").reaches("A-2", STINT.last)
