"""Areas of leaders and their quarterly rounds: due while one answers for a division, done by a
supervision in it, by the one definition that coverage has."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from domain.oversight.area import AssignArea, ReleaseArea
from domain.oversight.inspection import VoidInspection
from domain.worktime.period import quarter_of
from ledger.log.store import Ledger
from projections.advising import coverage
from projections.asking.answering import answer
from projections.asking.asking import fetch
from projections.oversight import areas
from projections.oversight.areas import AreaFilters, AreaRound, LeaderRounds
from tests.databases import Database
from tests.examples import CITY
from tests.projections.bureau import Advising

SINCE = date(2026, 1, 1)


@pytest.fixture
def advising(database: Database) -> Iterator[Advising]:
    with Ledger(database.app_url) as ledger:
        made = Advising(database.app_url, ledger)
        for division in ("440103", "440104"):
            assign = AssignArea(division=division, leader="leader-1", since=SINCE, basis="局务会议")
            made.do(assign, of=f"area:{division}", at="2026-01-02 09:00", by=CITY)
        yield made
        made.close()


def rounds(
    advising: Advising, quarter: str = "2026-Q1", *, position: int = 0, leader: str | None = None
) -> list[AreaRound]:
    known = position or advising.head()
    asked = areas.rounds(division="", quarter=quarter, leader=leader, position=known)
    return answer(advising.connection, asked)


def told(advising: Advising, **asked: Any) -> list[tuple[str, str, bool, int]]:
    return [(one.leader, one.division, one.due, one.done) for one in rounds(advising, **asked)]


def test_a_round_is_done_by_a_supervision_in_the_district_or_a_town_of_it(
    advising: Advising,
) -> None:
    before = advising.head()
    advising.checked("2026-02-03 10:00", kind="supervision", division="440103001")
    assert told(advising) == [("leader-1", "440103", True, 1), ("leader-1", "440104", True, 0)]
    assert rounds(advising)[0].last == date(2026, 2, 3)
    assert told(advising, position=before)[0] == ("leader-1", "440103", True, 0)


def test_a_check_a_void_supervision_and_that_of_another_quarter_do_not_count(
    advising: Advising,
) -> None:
    advising.checked("2026-02-03 10:00", point="ROOM-1")
    advising.checked("2025-12-15 10:00", kind="supervision", division="440103")
    void = advising.checked("2026-02-04 10:00", kind="supervision", division="440103")
    advising.do(VoidInspection(reason="误登"), of=void, at="2026-02-04 11:00")
    assert told(advising)[0] == ("leader-1", "440103", True, 0)


def test_due_is_what_coverage_calls_unsupervised(advising: Advising) -> None:
    def unsupervised() -> set[str | None]:
        found = coverage.gaps(
            advising.connection, division="4401", period="2026-Q1", position=advising.head()
        )
        return {one.division for one in found if one.what == "unsupervised"}

    assert unsupervised() == {"440103"}
    assert "440103" in {one.division for one in rounds(advising) if not one.done}
    advising.checked("2026-02-03 10:00", kind="supervision", division="440103001")
    assert unsupervised() == set()
    assert "440103" not in {one.division for one in rounds(advising) if not one.done}


def test_whoever_answers_at_the_end_of_the_quarter_owes_the_round(advising: Advising) -> None:
    later = AssignArea(
        division="440103", leader="leader-2", since=date(2026, 3, 1), basis="班子调整"
    )
    advising.do(later, of="area:440103", at="2026-03-01 09:00")
    release = ReleaseArea(until=date(2026, 3, 15), reason="班子调整")
    advising.do(release, of="area:440104", at="2026-03-01 09:00")
    assert told(advising) == [
        ("leader-1", "440103", False, 0),
        ("leader-1", "440104", False, 0),
        ("leader-2", "440103", True, 0),
    ]
    assert areas.by_leader(rounds(advising)) == [
        LeaderRounds(leader="leader-1", due=0, done=0, outstanding=0),
        LeaderRounds(leader="leader-2", due=1, done=0, outstanding=1),
    ]
    assert told(advising, leader="leader-2") == [("leader-2", "440103", True, 0)]
    assert [one.division for one in rounds(advising, "2025-Q4")] == []


def test_a_quarter_that_has_not_begun_owes_nothing(advising: Advising) -> None:
    assert rounds(advising, "2199-Q1") == []
    assert quarter_of(date(2199, 1, 1)) == "2199-Q1"


def test_the_list_is_by_division_and_day(advising: Advising) -> None:
    def found(**filters: Any) -> list[tuple[str, str]]:
        page = areas.page(AreaFilters(**filters), position=advising.head(), limit=10)
        return [(one.division, one.leader) for one in fetch(advising.connection, page)]

    both = [("440103", "leader-1"), ("440104", "leader-1")]
    assert found() == found(leader="leader-1") == found(on=SINCE) == both
    assert found(on=date(2025, 12, 31)) == found(leader="leader-2") == []
    assert found(division="440104") == both[1:]
