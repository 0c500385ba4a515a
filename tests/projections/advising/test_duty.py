"""The duty of two advisers in two villages, through the real log and the view, against a table
worked out by hand.

The calendar: 1 to 3 January New Year, 15 to 23 February Spring Festival, 7 February a Saturday.
The rules: 480 minutes on site a month, 2 lectures and 1 off-peak lecture a quarter, 1 screening a
year. Chen serves Alpha until 10 February, Li from the 11th; Mai of their team helps; Chen serves
Beta all year.
"""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

import pytest
from msgspec import Struct

from domain.advising.appointment_commands import ReplaceAdviser
from domain.advising.worklog import CorrectWork, ReturnWork, Share, VerifyWork, WithdrawWork, Work
from domain.worktime.calendar import CalendarHasNoYear
from ledger.log.store import Ledger
from projections.advising import duty
from projections.advising.duty import DutyRow, Pieces
from tests.databases import Database
from tests.examples import local
from tests.projections.bureau import ALPHA, BETA, CHEN, LI, MAI, OFFICE, Advising

RULES: Final[dict[str, Any]] = {
    "onsite_minutes_per_month": 480,
    "lectures_per_quarter": 2,
    "offpeak_lectures_min": 1,
    "offpeak_period": "quarter",
    "risk_screenings_per_year": 1,
}
OFFSET: Final[dict[str, Any]] = {
    "offset_enabled": True, "offset_ratio": Decimal("0.5"), "offset_cap_minutes": 120,
}  # fmt: skip
FEBRUARY: Final = "2026-02"


@pytest.fixture
def advising(database: Database) -> Iterator[Advising]:
    with Ledger(database.app_url) as ledger:
        made = Advising(database.app_url, ledger)
        yield made
        made.close()


class Told(Struct, frozen=True):
    """The log after February, and its entries by what they are."""

    advising: Advising
    before_the_replacement: int
    entries: dict[str, UUID]

    def rows(self, period: str = FEBRUARY, **asked: Any) -> dict[tuple[str, str | None], DutyRow]:
        """By village and adviser; None is the village."""
        return {(row.village, row.adviser): row for row in self.table(period, **asked)}

    def table(self, period: str, *, division: str = "4401", position: int = 0) -> list[DutyRow]:
        known = position or self.advising.head()
        connection = self.advising.connection
        return duty.position(connection, division=division, period=period, position=known)


@pytest.fixture
def february(advising: Advising) -> Told:
    do, worked = advising.do, advising.worked
    advising.rules(1, date(2025, 1, 1), **RULES)
    advising.appointed(CHEN, ALPHA)
    advising.appointed(CHEN, BETA)
    entries = {
        "lecture of January": worked("2026-01-15 10:00", {CHEN: 90}, service="lecture"),
        "with Mai": worked("2026-02-03 09:00", {CHEN: 70, MAI: 50}),
        "in Beta": worked("2026-02-04 08:00", {CHEN: 600}, village=BETA),
        "by phone": worked("2026-02-05 09:00", {CHEN: 21}, mode="phone"),
        "Saturday in Beta": worked("2026-02-07 10:00", {CHEN: 60}, village=BETA, service="lecture"),
        "corrected": worked("2026-02-10 14:00", {CHEN: 100}),
    }
    # Chen's last day: in truth it were two hours.
    longer = CorrectWork(
        started_at=local("2026-02-10 14:00"),
        work=Work(
            village=ALPHA,
            service="consultation",
            mode="onsite",
            ended_at=local("2026-02-10 16:00"),
            summary="示例",
        ),
        shares=(Share(adviser=CHEN, minutes=120),),
        reason="结束时间有误",
    )
    do(longer, of=entries["corrected"], at="2026-02-10 17:00")
    before = advising.head()
    replaced = ReplaceAdviser(adviser=LI, effective_on=date(2026, 2, 11), reason="生育假")
    do(replaced, of=f"appointment:{ALPHA}", at="2026-02-10 17:30")
    entries |= {
        "evening lecture": worked("2026-02-11 19:00", {LI: 80, MAI: 10}, service="lecture"),
        "returned": worked("2026-02-12 09:00", {LI: 200}),
        "withdrawn": worked("2026-02-13 09:00", {LI: 60}),
        "festival screening": worked("2026-02-16 09:00", {LI: 50}, service="dispute_screening"),
        "by wechat": worked("2026-02-20 09:00", {LI: 280}, mode="wechat"),
        "lecture of March": worked("2026-03-01 10:00", {LI: 60}, service="lecture"),
    }
    do(ReturnWork(reason="缺签到"), of=entries["returned"], at="2026-03-02 09:00", by=OFFICE)
    do(WithdrawWork(reason="误录"), of=entries["withdrawn"], at="2026-03-02 09:00", by=OFFICE)
    return Told(advising, before, entries)


def minutes(row: DutyRow) -> tuple[int, int, int, int, int, int]:
    return row.days, row.required, row.onsite, row.offsite, row.offset, row.shortfall


def pieces(row: DutyRow) -> list[tuple[int, int, int]]:
    """Required, done, missing of lectures, off-peak lectures, screenings."""
    return [
        (one.required, one.done, one.shortfall)
        for one in (row.lectures, row.offpeak_lectures, row.risk_screenings)
    ]


# February, 28 days. Alpha: Chen 10 days, 480*10/28 = 171.4 -> 171; Li 18 days, 480-171 = 309.
#
#              days required on site               off site  offset  missing
# Alpha          28      480  190+130+60 = 380      21+280       0  480-380 = 100
#   Chen         10      171  70+120     = 190          21       0  0
#   Li           18      309  80+50      = 130         280       0  309-130 = 179
#   Mai           0        0  50+10      =  60           0       0  0
# Beta           28      480  600+60     = 660           0       0  0 (fills nothing in Alpha)
MINUTES: Final = {
    (ALPHA, None): (28, 480, 380, 301, 0, 100),
    (ALPHA, CHEN): (10, 171, 190, 21, 0, 0),
    (ALPHA, LI): (18, 309, 130, 280, 0, 179),
    (ALPHA, MAI): (0, 0, 60, 0, 0, 0),
    (BETA, None): (28, 480, 660, 0, 0, 0),
    (BETA, CHEN): (28, 480, 660, 0, 0, 0),
}
# With the offset: half of the minutes off site, at most 120 by days: Chen 120*10/28 = 42.9 -> 43,
# Li 77. Chen 21/2 -> 10. Li 280/2 = 140 -> 77, missing 309-130-77 = 102. Alpha 301/2 = 150 -> 120.
WITH_OFFSET: Final = MINUTES | {
    (ALPHA, None): (28, 480, 380, 301, 120, 0),
    (ALPHA, CHEN): (10, 171, 190, 21, 10, 0),
    (ALPHA, LI): (18, 309, 130, 280, 77, 102),
}
# Pieces. Quarter of 90 days, Chen 41 in Alpha: 2 lectures*41/90 = 0.9 -> 1, Li 2-1 = 1; off-peak
# 41/90 = 0.46 -> 0, Li 1. Screening of the year: Chen 41/365 -> 0, Li 1.
# Alpha had lectures on 15 January and in the evening of 11 February, Beta on a Saturday.
PIECES: Final = {
    (ALPHA, None): [(2, 2, 0), (1, 1, 0), (1, 1, 0)],
    (ALPHA, CHEN): [(1, 1, 0), (0, 0, 0), (0, 0, 0)],
    (ALPHA, LI): [(1, 1, 0), (1, 1, 0), (1, 1, 0)],
    (ALPHA, MAI): [(0, 1, 0), (0, 1, 0), (0, 0, 0)],
    (BETA, None): [(2, 1, 1), (1, 1, 0), (1, 0, 1)],
    (BETA, CHEN): [(2, 1, 1), (1, 1, 0), (1, 0, 1)],
}


def test_february_is_as_worked_out_by_hand(february: Told) -> None:
    rows = february.rows()
    assert {key: minutes(row) for key, row in rows.items()} == MINUTES
    assert {key: pieces(row) for key, row in rows.items()} == PIECES


def test_the_offset_counts_from_the_month_on_in_which_it_is_in_force(february: Told) -> None:
    january = february.rows("2026-01")
    off = february.advising.head()
    february.advising.rules(2, date(2026, 2, 1), **RULES, **OFFSET)
    on = february.rows()
    assert {key: minutes(row) for key, row in on.items()} == WITH_OFFSET
    assert {key: pieces(row) for key, row in on.items()} == PIECES
    assert february.rows("2026-01") == january
    before = february.rows(position=off)
    assert {key: minutes(row) for key, row in before.items()} == MINUTES


def test_a_district_may_have_rules_of_its_own(february: Told) -> None:
    easier = RULES | {"onsite_minutes_per_month": 280}
    for district, required in (("440104", 480), ("440103", 280)):
        february.advising.rules(1, date(2026, 1, 1), district=district, **easier)
        rows = february.rows()
        assert {rows[village, None].required for village in (ALPHA, BETA)} == {required}
        assert [row.onsite for row in rows.values()] == [one[2] for one in MINUTES.values()]


def test_a_division_is_asked_for_by_the_beginning_of_its_code(february: Told) -> None:
    assert february.table(FEBRUARY, division="440104") == []
    assert {row.village for row in february.table(FEBRUARY, division="440103")} == {ALPHA, BETA}
    assert {row.village for row in february.table(FEBRUARY, division=BETA)} == {BETA}


def test_every_figure_names_the_entries_it_was_made_from(february: Told) -> None:
    alpha, entry = february.rows()[ALPHA, None], february.entries

    def named(*names: str) -> tuple[UUID, ...]:
        return tuple(entry[name] for name in names)

    assert alpha.onsite_work == named(
        "with Mai", "corrected", "evening lecture", "festival screening"
    )
    assert alpha.offsite_work == named("by phone", "by wechat")
    first, last = date(2026, 1, 1), date(2026, 3, 31)
    assert alpha.lectures == Pieces(
        first=first, last=last, required=2, done=2, shortfall=0,
        work=named("lecture of January", "evening lecture"),
    )  # fmt: skip
    assert alpha.offpeak_lectures.work == named("evening lecture")
    assert alpha.risk_screenings.work == named("festival screening")
    mai = february.rows()[ALPHA, MAI]
    assert (mai.onsite_work, mai.offsite_work) == (named("with Mai", "evening lecture"), ())


def test_a_quarter_is_its_three_months_village_by_village(february: Told) -> None:
    table = february.table("2026-Q1")
    months = [date(2026, month, 1) for month in (1, 2, 3)]
    alpha = [row for row in table if row.village == ALPHA and row.adviser is None]
    assert [row.month for row in alpha] == months
    assert [minutes(row)[1:3] for row in alpha] == [(480, 90), (480, 380), (480, 60)]
    assert [row.lectures.done for row in alpha] == [1, 2, 3]
    assert [row for row in table if row.month == months[1]] == february.table(FEBRUARY)
    assert table == sorted(table, key=lambda row: (row.village, row.month))


def test_as_known_before_the_replacement_chen_owes_the_whole_month(february: Told) -> None:
    then = february.rows(position=february.before_the_replacement)
    assert minutes(then[ALPHA, CHEN]) == (28, 480, 190, 21, 0, 290)
    assert (ALPHA, LI) not in then
    corrected = february.entries["corrected"]
    assert corrected in then[ALPHA, CHEN].onsite_work


def test_where_the_rules_ask_for_it_only_verified_work_counts(february: Told) -> None:
    february.advising.rules(2, date(2026, 2, 1), **RULES, verified_only=True)
    assert {row.onsite for row in february.rows().values()} == {0}
    entry = february.entries["evening lecture"]
    february.advising.do(VerifyWork(), of=entry, at="2026-03-03 09:00", by=OFFICE)
    rows = february.rows()
    assert (rows[ALPHA, None].onsite, rows[ALPHA, LI].onsite, rows[BETA, None].onsite) == (
        90,
        80,
        0,
    )
    assert rows[ALPHA, LI].lectures.work == (entry,)


def test_before_anything_was_known_there_are_no_rows(february: Told) -> None:
    assert february.table(FEBRUARY, position=1) == []
    assert february.table("2024-01") == []


def test_work_in_a_year_without_calendar_is_not_guessed_at(february: Told) -> None:
    february.advising.served_by_team(ALPHA, BETA)
    february.advising.worked("2027-01-04 09:00", {CHEN: 60})
    with pytest.raises(CalendarHasNoYear, match="2027"):
        february.table("2027-01")
