"""Rules do not reach back (audit, gap 14; 4.11): duties of months that are over keep the rules and
calendars known then, until a recalculation says otherwise and why."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, Final

import pytest
from msgspec.structs import replace

from domain.registers import calendar_publication, policy
from domain.registers.policy import DUTY_POLICY, DutyRules, PolicyVersion
from domain.registration.calendar_commands import PublishCalendar, RecalculateByCalendar
from domain.registration.point_commands import (
    ChangePointCalendar,
    MovePoint,
    OpenPoint,
    RecalculateByPoint,
)
from domain.registration.policy_commands import PublishPolicy, RecalculatePolicy
from domain.registration.publishing import (
    NotTheFirstOfAMonth,
    PublishedVersionUnknown,
    RecalculatedBeforeEffective,
    VersionJudgesAlready,
)
from domain.vocabulary import Command, Refused
from domain.worktime.calendar import Holiday
from ledger.log.store import Ledger
from projections.advising import duty
from projections.advising.duty import DutyChange, DutyRow
from tests.databases import Database
from tests.domain.scoring.test_duty import FESTIVE
from tests.projections.bureau import ALPHA, BETA, CHEN, Advising

RULES: Final[dict[str, Any]] = {"onsite_minutes_per_month": 480, "offpeak_lectures_min": 1}
LATER: Final = "2026-03-10 09:00"
"""When February is over."""


@pytest.fixture
def advising(database: Database) -> Iterator[Advising]:
    with Ledger(database.app_url) as ledger:
        made = Advising(database.app_url, ledger)
        made.rules(1, date(2025, 1, 1), **RULES)
        made.appointed(CHEN, ALPHA)
        made.worked("2026-02-04 10:00", {CHEN: 90}, service="lecture")
        made.head()
        yield made
        made.close()


def published(advising: Advising, version: int, since: date, *, code: str, **rules: Any) -> None:
    made = PolicyVersion(
        code=code, version=version, effective_from=since, basis="改", duty=DutyRules(**rules)
    )
    advising.do(PublishPolicy(policy=made), of=f"{policy.KIND}:{code}", at=LATER)


def row(advising: Advising, period: str, village: str = ALPHA) -> DutyRow:
    rows = duty.position(
        advising.connection, division=village, period=period, position=advising.head()
    )
    [own] = [
        one for one in rows if one.adviser is None and one.month == date(2026, int(period[5:]), 1)
    ]
    return own


def waiting(advising: Advising, period: str) -> list[DutyChange]:
    return duty.waiting(
        advising.connection, division=ALPHA, period=period, position=advising.head()
    )


@pytest.mark.parametrize("code", [DUTY_POLICY, f"{DUTY_POLICY}-{ALPHA[:6]}"])
def test_gap_14_a_redated_duty_policy_does_not_reach_a_closed_month(
    advising: Advising, code: str
) -> None:
    version = 2 if code == DUTY_POLICY else 1
    before = row(advising, "2026-02")
    published(advising, version, date(2026, 1, 1), code=code, onsite_minutes_per_month=60)
    assert row(advising, "2026-02") == before
    assert (before.required, before.shortfall) == (480, 390)
    # The running month is judged by what is in force now.
    assert row(advising, "2026-03").required == 60

    # Before anything is done, it is told what would change.
    told = {one.adviser: one for one in waiting(advising, "2026-02")}
    assert set(told) == {None, CHEN}
    assert (told[CHEN].required, told[CHEN].shortfall) == ((480, 60), (390, 0))
    assert told[CHEN].offpeak_lectures_short == (1, 0)
    assert waiting(advising, "2026-03") == []


@pytest.mark.parametrize("code", [DUTY_POLICY, f"{DUTY_POLICY}-{ALPHA[:6]}"])
def test_gap_14_a_version_without_duties_does_not_take_them_from_a_closed_month(
    advising: Advising, code: str
) -> None:
    before = row(advising, "2026-02")
    version = 2 if code == DUTY_POLICY else 1
    empty = PolicyVersion(
        code=code, version=version, effective_from=date(2026, 1, 1), basis="改", duty=None
    )
    advising.do(PublishPolicy(policy=empty), of=f"{policy.KIND}:{code}", at=LATER)
    assert row(advising, "2026-02") == before
    assert row(advising, "2026-03").required == 0
    told = {one.adviser: one.required for one in waiting(advising, "2026-02")}
    assert told == {None: (480, 0), CHEN: (480, 0)}


def test_gap_14_a_recalculation_with_its_reason_lets_the_rules_reach_back(
    advising: Advising,
) -> None:
    published(advising, 2, date(2025, 12, 1), code=DUTY_POLICY, onsite_minutes_per_month=60)
    known_before = advising.head()
    recalculate = RecalculatePolicy(version=2, since=date(2026, 2, 1), reason="市局更正")
    advising.do(recalculate, of=f"{policy.KIND}:{DUTY_POLICY}", at="2026-03-12 09:00")
    assert row(advising, "2026-02").required == 60
    assert row(advising, "2026-01").required == 480
    assert waiting(advising, "2026-02") == []
    assert [one.required for one in waiting(advising, "2026-01")] == [(480, 60), (480, 60)]
    then = duty.position(
        advising.connection, division=ALPHA, period="2026-02", position=known_before
    )
    assert {one.required for one in then} == {480}


@pytest.mark.parametrize(
    ("version", "since", "refusal"),
    [
        (3, date(2026, 2, 1), PublishedVersionUnknown),
        (2, date(2025, 12, 1), RecalculatedBeforeEffective),
        (2, date(2026, 3, 1), VersionJudgesAlready),
        (2, date(2026, 2, 2), NotTheFirstOfAMonth),
        (1, date(2025, 2, 1), VersionJudgesAlready),
    ],
)
def test_what_cannot_be_recalculated(
    advising: Advising, version: int, since: date, refusal: type[Refused]
) -> None:
    published(advising, 2, date(2026, 1, 1), code=DUTY_POLICY, onsite_minutes_per_month=60)
    command = RecalculatePolicy(version=version, since=since, reason="更正")
    with pytest.raises(refusal):
        advising.do(command, of=f"{policy.KIND}:{DUTY_POLICY}", at=LATER)


def test_the_first_rules_of_duties_reach_back_as_they_are_dated(database: Database) -> None:
    """Nothing was known before that they could change."""
    with Ledger(database.app_url) as ledger:
        made = Advising(database.app_url, ledger)
        made.appointed(CHEN, ALPHA)
        published(made, 1, date(2026, 1, 1), code=DUTY_POLICY, onsite_minutes_per_month=60)
        assert row(made, "2026-02").required == 60
        made.close()


# --- calendars


def with_a_holiday(advising: Advising, code: str, version: int) -> None:
    """The next version of a calendar, by which the day of February's lecture is a holiday."""
    day = date(2026, 2, 4)
    holidays = (*FESTIVE.holidays, Holiday(day, day, "补"))
    calendar = replace(
        FESTIVE,
        code=code,
        version=version,
        holidays=tuple(sorted(holidays, key=lambda one: one.first)),
        announced_at=FESTIVE.announced_at + timedelta(days=version),
    )
    of = f"{calendar_publication.KIND}:{code}"
    advising.do(PublishCalendar(calendar=calendar), of=of, at=LATER)


def test_gap_14_a_new_version_of_the_calendar_does_not_reach_a_closed_month(
    advising: Advising,
) -> None:
    assert row(advising, "2026-02").offpeak_lectures.done == 0
    with_a_holiday(advising, "gz-office", FESTIVE.version + 1)
    assert row(advising, "2026-02").offpeak_lectures.done == 0
    assert {one.offpeak_lectures_short for one in waiting(advising, "2026-02")} == {(1, 0)}
    # A year's figure in the running month is judged by the calendar of this month.
    assert row(advising, "2026-03").offpeak_lectures.done == 1

    of = f"{calendar_publication.KIND}:gz-office"
    recalculate = RecalculateByCalendar(
        version=FESTIVE.version + 1, since=date(2026, 2, 1), reason="调休更正"
    )
    advising.do(recalculate, of=of, at=LATER)
    assert row(advising, "2026-02").offpeak_lectures.done == 1
    assert row(advising, "2026-01").offpeak_lectures.done == 0
    with pytest.raises(VersionJudgesAlready):
        advising.do(replace(recalculate, since=date(2026, 2, 1)), of=of, at=LATER)


def test_duty_goes_by_the_calendar_of_the_village_not_by_the_one_published_first(
    advising: Advising,
) -> None:
    """Audit 5 (8): a new version of another calendar than the first changed nothing, silently."""
    own = replace(FESTIVE, code="room-calendar", version=1)
    of = f"{calendar_publication.KIND}:room-calendar"
    advising.do(PublishCalendar(calendar=own), of=of)
    change = ChangePointCalendar(calendar="room-calendar")
    advising.do(change, of="point:ROOM-1", at="2026-03-09 09:00")
    advising.appointed(CHEN, BETA)
    advising.worked("2026-02-04 14:00", {CHEN: 30}, village=BETA, service="lecture")
    with_a_holiday(advising, "room-calendar", 2)
    assert row(advising, "2026-03").offpeak_lectures.done == 1
    [beta] = [
        one
        for one in duty.position(
            advising.connection, division=BETA, period="2026-02", position=advising.head()
        )
        if one.adviser is None
    ]
    assert beta.offpeak_lectures.done == 0


# --- points


def _of_another_calendar(advising: Advising) -> None:
    """A calendar by which the day of February's lecture is a holiday."""
    own = replace(FESTIVE, code="room-calendar", version=1)
    of = f"{calendar_publication.KIND}:room-calendar"
    advising.do(PublishCalendar(calendar=own), of=of)
    day = date(2026, 2, 4)
    holidays = sorted((*own.holidays, Holiday(day, day, "补")), key=lambda one: one.first)
    newer = replace(own, version=2, holidays=tuple(holidays))
    advising.do(PublishCalendar(calendar=newer), of=of)


NEW: Final = OpenPoint(
    code="ROOM-0",
    kind="room",
    name="新工作室",
    division=ALPHA,
    division_source="登记",
    valid_from=date(2020, 1, 1),
    calendar="room-calendar",
)


@pytest.mark.parametrize(
    ("command", "code"),
    [(ChangePointCalendar(calendar="room-calendar"), "ROOM-1"), (NEW, "ROOM-0")],
)
def test_4_11_a_point_does_not_reach_a_closed_month_until_it_is_recalculated(
    advising: Advising, command: Command, code: str
) -> None:
    _of_another_calendar(advising)
    before = row(advising, "2026-02")
    advising.do(command, of=f"point:{code}", at=LATER)
    assert row(advising, "2026-02") == before
    assert before.offpeak_lectures.done == 0
    assert row(advising, "2026-03").offpeak_lectures.done == 1
    assert {one.offpeak_lectures_short for one in waiting(advising, "2026-02")} == {(1, 0)}

    recalculate = RecalculateByPoint(since=date(2026, 2, 1), reason="当时已启用")
    advising.do(recalculate, of=f"point:{code}", at=LATER)
    assert row(advising, "2026-02").offpeak_lectures.done == 1
    assert waiting(advising, "2026-02") == []


def test_4_11_a_room_that_moves_takes_its_calendar_from_no_closed_month(
    advising: Advising,
) -> None:
    _of_another_calendar(advising)
    advising.do(replace(NEW, division=BETA), of="point:ROOM-0", at="2026-01-02 09:00")
    before = row(advising, "2026-02")
    moved = MovePoint(division=ALPHA, division_source="更正", valid_from=date(2025, 1, 1))
    advising.do(moved, of="point:ROOM-0", at=LATER)
    assert row(advising, "2026-02") == before
    assert row(advising, "2026-03").offpeak_lectures.done == 1
    assert {one.offpeak_lectures_short for one in waiting(advising, "2026-02")} == {(1, 0)}
