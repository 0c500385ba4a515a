"""The needs of villages in figures, as known at any time."""

from datetime import date
from typing import Any

from domain.advising.needs import NeedMet, NeedNoted, NeedWithdrawn, VillageGraded, needs_stream
from projections.advising import needs
from projections.advising.needs import Graded, NeedsFilters, VillageNeeds
from projections.asking.asking import fetch
from tests.projections.viewing import Given, Viewing, happened

ALPHA, BETA = "440103001001", "440104001001"


def noted(village: str, number: int, category: Any, since: date) -> NeedNoted:
    return NeedNoted(
        village=village, number=number, category=category, text="需求", since=since, source="talk"
    )


def graded(village: str, level: str, rank: int) -> VillageGraded:
    return VillageGraded(
        village=village, level=level, rank=rank, graded_on=date(2026, 3, 2), reason="纠纷多"
    )


def listed(given: Given) -> Viewing:
    alpha, beta = needs_stream(ALPHA), needs_stream(BETA)
    return given(
        happened(noted(ALPHA, 1, "land", date(2026, 1, 1)), of=alpha),
        happened(noted(ALPHA, 2, "debts", date(2026, 2, 1)), of=alpha),
        happened(noted(ALPHA, 3, "land", date(2026, 2, 5)), of=alpha),
        happened(graded(BETA, "difficult", 2), of=beta),
        happened(NeedMet(number=1, met_on=date(2026, 3, 2), how="讲座"), of=alpha),
        happened(NeedWithdrawn(number=3, reason="重复"), of=alpha),
    )


def rows(viewing: Viewing, position: int = 0, **filters: Any) -> list[VillageNeeds]:
    known = position or viewing.head
    return fetch(viewing.connection, needs.page(NeedsFilters(**filters), position=known, limit=10))


def test_a_village_shows_what_is_open_and_since_when(given: Given) -> None:
    [alpha, beta] = rows(listed(given))
    assert (alpha.open, alpha.met, alpha.withdrawn) == (1, 1, 1)
    assert (alpha.oldest, alpha.categories, alpha.level) == (date(2026, 2, 1), ("debts",), None)
    assert (beta.open, beta.level, beta.rank, beta.oldest) == (0, "difficult", 2, None)


def test_what_was_open_then_is_shown_as_known_then(given: Given) -> None:
    viewing = listed(given)
    [alpha, _] = rows(viewing, viewing.head - 2)
    assert (alpha.open, alpha.categories) == (3, ("debts", "land"))


def test_villages_are_found_by_division_level_category_and_open_needs(given: Given) -> None:
    viewing = listed(given)
    assert [one.village for one in rows(viewing, division="440104")] == [BETA]
    assert [one.village for one in rows(viewing, level="difficult")] == [BETA]
    assert [one.village for one in rows(viewing, category="debts")] == [ALPHA]
    assert rows(viewing, category="land") == []
    assert [one.village for one in rows(viewing, some_open=False)] == [BETA]


def test_every_grade_is_there_for_the_choice_of_advisers(given: Given) -> None:
    viewing = listed(given)
    assert fetch(viewing.connection, needs.graded(position=viewing.head)) == [Graded(BETA, 2)]


def test_a_page_goes_on_after_its_last_village(given: Given) -> None:
    viewing = listed(given)
    page = needs.page(NeedsFilters(), position=viewing.head, limit=10, after=ALPHA)
    assert [one.village for one in fetch(viewing.connection, page)] == [BETA]
