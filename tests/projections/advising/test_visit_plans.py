"""Planned visits: kept when the work log says so, missed when it does not, moved, dropped."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from domain.advising.visit_plan import (
    ApproveChange,
    AskChange,
    PlannedVisit,
    PlanVisits,
    RefuseChange,
    plan_name,
    plan_stream,
)
from domain.advising.worklog import WithdrawWork
from domain.vocabulary import Actor
from ledger.log.store import Ledger
from projections.advising import visit_plans
from projections.advising.visit_plans import AdviserVisits, PlannedRow, VisitFilters
from projections.asking.answering import answer
from projections.asking.asking import fetch
from tests.databases import Database
from tests.examples import local
from tests.projections.bureau import ALPHA, CHEN, OFFICE, Advising

OWN = Actor(account="u-A-1", role="adviser", unit="FIRM-1", adviser=CHEN)
PLAN = f"visitplan:{plan_name(CHEN, ALPHA, '2026-03')}"
DAYS = ("2026-03-04 14:30", "2026-03-11 14:30", "2026-03-18 14:30")
TODAY = date(2026, 3, 12)


@pytest.fixture
def advising(database: Database) -> Iterator[Advising]:
    with Ledger(database.app_url) as ledger:
        made = Advising(database.app_url, ledger)
        made.appointed(CHEN, ALPHA)
        visits = tuple(PlannedVisit(starts_at=local(day), minutes=120) for day in DAYS)
        plan = PlanVisits(adviser=CHEN, village=ALPHA, month="2026-03", visits=visits)
        made.do(plan, of=PLAN, at="2026-03-01 09:00", by=OWN)
        yield made
        made.close()


def rows(
    advising: Advising, today: date = TODAY, position: int = 0, **filters: Any
) -> list[PlannedRow]:
    known = position or advising.head()
    asked = visit_plans.page(VisitFilters(**filters), position=known, today=today, limit=10)
    return answer(advising.connection, asked)


def told(advising: Advising, today: date = TODAY, position: int = 0) -> list[tuple[int, str]]:
    """Visits in their order, with how they stand."""
    return sorted((one.visit, one.standing) for one in rows(advising, today, position))


def ask(advising: Advising, visit: int, to: str | None, at: str = "2026-03-02 09:00") -> None:
    visit_to = PlannedVisit(starts_at=local(to), minutes=120) if to else None
    advising.do(AskChange(visit=visit, to=visit_to, reason="开庭"), of=PLAN, at=at, by=OWN)


def test_a_visit_is_kept_by_an_entry_of_the_work_log_of_that_day(advising: Advising) -> None:
    assert told(advising) == [(1, "missed"), (2, "missed"), (3, "planned")]
    before = advising.head()
    work = advising.worked("2026-03-11 09:00", {CHEN: 60})
    assert told(advising) == [(1, "missed"), (2, "kept"), (3, "planned")]
    assert [one.work for one in rows(advising, standing="kept")] == [work]
    assert told(advising, position=before) == [(1, "missed"), (2, "missed"), (3, "planned")]
    advising.do(WithdrawWork(reason="误登"), of=work, at="2026-03-11 18:00")
    assert told(advising) == [(1, "missed"), (2, "missed"), (3, "planned")]


def test_a_visit_is_not_kept_by_phone_nor_missed_before_its_day_is_over(
    advising: Advising,
) -> None:
    advising.worked("2026-03-04 09:00", {CHEN: 60}, mode="phone")
    assert told(advising, date(2026, 3, 4))[0] == (1, "planned")
    assert told(advising, date(2026, 3, 5))[0] == (1, "missed")


def test_an_approved_change_moves_the_visit_and_says_that_it_is_off_peak(
    advising: Advising,
) -> None:
    ask(advising, 1, "2026-03-06 19:30")
    assert [one.asked_to for one in rows(advising, asked=True)] == [local("2026-03-06 19:30")]
    advising.do(ApproveChange(visit=1), of=PLAN, at="2026-03-02 10:00", by=OFFICE)
    [moved] = rows(advising, moved=True)
    assert (moved.day, moved.planned_first) == (date(2026, 3, 6), local(DAYS[0]))
    assert (moved.off_peak, moved.asked) == ("night", False)
    assert {one.off_peak for one in rows(advising, moved=False)} == {None}
    work = advising.worked("2026-03-06 19:30", {CHEN: 60})
    assert [one.work for one in rows(advising, standing="kept")] == [work]


def test_a_refused_change_leaves_the_visit_and_a_dropped_one_is_not_missed(
    advising: Advising,
) -> None:
    ask(advising, 1, "2026-03-06 19:30")
    refuse = RefuseChange(visit=1, reason="检查")
    advising.do(refuse, of=PLAN, at="2026-03-02 10:00", by=OFFICE)
    ask(advising, 2, None, at="2026-03-02 11:00")
    advising.do(ApproveChange(visit=2), of=PLAN, at="2026-03-02 12:00", by=OFFICE)
    assert told(advising) == [(1, "missed"), (2, "dropped"), (3, "planned")]
    assert [one.refused for one in rows(advising, standing="missed")] == [1]


def test_the_visits_of_an_adviser_are_counted(advising: Advising) -> None:
    advising.worked("2026-03-11 09:00", {CHEN: 60})
    ask(advising, 3, "2026-03-20 09:00", at="2026-03-12 09:00")
    asked = visit_plans.by_adviser(
        first=date(2026, 3, 1),
        last=date(2026, 3, 31),
        division="440103",
        position=advising.head(),
        today=TODAY,
    )
    assert fetch(advising.connection, asked) == [
        AdviserVisits(
            adviser=CHEN, village=ALPHA, planned=1, kept=1, missed=1, dropped=0, moved=0, asked=1
        )
    ]


def test_a_page_goes_on_after_its_last_row(advising: Advising) -> None:
    first = rows(advising)
    assert [one.day.day for one in first] == [18, 11, 4]
    assert {one.stream for one in first} == {plan_stream(CHEN, ALPHA, "2026-03")}
    asked = visit_plans.page(
        VisitFilters(),
        position=advising.head(),
        today=TODAY,
        limit=1,
        after=visit_plans.cursor_of(first[0]),
    )
    assert answer(advising.connection, asked) == [first[1]]
