"""Duty positions against a table worked out by hand, and off-peak recognised from the calendar.

January 2026 has 31 days, February 28, the first quarter 90, the year 365. The room's calendar gives
1 January (Thursday) to 3 January as New Year, 4 January as a make-up Sunday, 15 to 23 February as
Spring Festival.
"""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from uuid import UUID

import msgspec
import pytest
from msgspec.structs import replace

from domain.advising import worklog
from domain.aggregates import fold
from domain.registers import appointment
from domain.registers.appointment import Appointment
from domain.registers.policy import (
    DUTY_POLICY,
    DutyPeriod,
    DutyRules,
    Policy,
    PolicyVersion,
    duty_rules,
)
from domain.registers.stint import Stint
from domain.requests.request import Mode
from domain.scoring.duty import (
    AdviserDuty,
    Lack,
    LoggedWork,
    MinutesOfAdviser,
    MonthMinutes,
    Quota,
    VillageDuty,
    duty_position,
    lacks,
    logged_work,
    off_peak,
    period_of,
)
from domain.vocabulary import Event, Service
from domain.worktime.calendar import CalendarHasNoYear, Holiday, MakeupDay
from ledger.founding.shipped import shipped_policies
from tests.domain.advising.test_worklog import CORRECTED, LOGGED, RETURNED, VERIFIED, WITHDRAWN
from tests.domain.registers.test_appointment import CREATED, NOMINATED, POSTED, SERVING
from tests.examples import CALENDAR, local

ALPHA, BETA = "440103001001", "440103001002"
CHEN, LI, MAI = "A-1", "A-2", "A-3"
FEBRUARY, MARCH = date(2026, 2, 1), date(2026, 3, 1)

FESTIVE = replace(
    CALENDAR,
    holidays=(
        Holiday(date(2026, 1, 1), date(2026, 1, 3), "元旦"),
        Holiday(date(2026, 2, 15), date(2026, 2, 23), "春节"),
    ),
    makeup_days=(MakeupDay(date(2026, 1, 4), "元旦"),),
)
RULES = DutyRules(
    onsite_minutes_per_month=480,
    lectures_per_quarter=2,
    offpeak_lectures_min=1,
    offpeak_period="quarter",
    risk_screenings_per_year=1,
)
OFFSET = replace(RULES, offset_enabled=True, offset_ratio=Decimal("0.5"), offset_cap_minutes=120)
VERIFIED_ONLY = replace(RULES, verified_only=True)


def stint(village: str, adviser: str, first: date, last: date) -> Stint:
    return Stint(village, 1, adviser, "FIRM-1", "TEAM-1", first, last)


def work(
    begins: str,
    *parts: tuple[str, int],
    village: str = ALPHA,
    service: Service = "consultation",
    mode: Mode = "onsite",
) -> LoggedWork:
    return LoggedWork(
        village=village,
        started_at=local(begins),
        service=service,
        mode=mode,
        parts=tuple(MinutesOfAdviser(*part) for part in parts),
    )


YEAR = (date(2026, 1, 1), date(2026, 12, 31))
CHEN_UNTIL_FEBRUARY_10 = stint(ALPHA, CHEN, YEAR[0], date(2026, 2, 10))
LI_FROM_FEBRUARY_11 = stint(ALPHA, LI, date(2026, 2, 11), YEAR[1])
CHEN_IN_BETA = stint(BETA, CHEN, *YEAR)
STINTS = (LI_FROM_FEBRUARY_11, CHEN_IN_BETA, CHEN_UNTIL_FEBRUARY_10)

ENTRIES = (
    # 15 January, a working day by day: Chen's lecture
    work("2026-01-15 10:00", (CHEN, 90), service="lecture"),
    # 3 February: Chen and Mai of the same team, 60 minutes each of 120
    work("2026-02-03 09:00", (CHEN, 60), (MAI, 60)),
    # 10 February, Chen's last day
    work("2026-02-10 14:00", (CHEN, 100)),
    # 11 February 19:00, Li's first day: an evening lecture with Mai
    work("2026-02-11 19:00", (LI, 80), (MAI, 10), service="lecture"),
    # 16 February, Spring Festival: screening
    work("2026-02-16 09:00", (LI, 50), service="dispute_screening"),
    # off site: 21 + 280 minutes
    work("2026-02-05 09:00", (CHEN, 21), mode="phone"),
    work("2026-02-20 09:00", (LI, 280), mode="wechat"),
    # March: after the month
    work("2026-03-01 10:00", (LI, 480), service="lecture"),
    # Beta: Chen works far beyond his duty there
    work("2026-02-04 09:00", (CHEN, 600), village=BETA),
    work("2026-02-07 09:00", (CHEN, 30), village=BETA, service="lecture"),
)


def position(
    rules: DutyRules = RULES,
    month: date = FEBRUARY,
    stints: Iterable[Stint] = STINTS,
    entries: Iterable[LoggedWork] = ENTRIES,
) -> tuple[VillageDuty, ...]:
    return duty_position(rules, stints, entries, month, FESTIVE)


def minutes(duty: VillageDuty | AdviserDuty) -> tuple[int, int, int, int, int]:
    of = duty.minutes
    return of.required, of.onsite, of.offsite, of.offset, of.shortfall


def quotas(duty: VillageDuty | AdviserDuty) -> list[tuple[int, int, int]]:
    """Required, done, missing of lectures, off-peak lectures, screenings."""
    return [(one.required, one.done, one.shortfall) for one in duty.quotas]


# --- the hand-worked table
#
# February, Alpha. Chen 10 of 28 days: 480*10/28 = 171.43 -> 171. Li 18 days: 480-171 = 309.
# Chen on site 60+100 = 160, missing 11. Li on site 80+50 = 130, missing 179. Mai 60+10 = 70.
# The village: 160+130+70 = 360, missing 120.
#
# Lectures of the quarter, 2: Chen 41 of 90 days: 0.91 -> 1; Li 49: 2-1 = 1.
# Off-peak of the quarter, 1: Chen 0.46 -> 0; Li 1. Screenings of the year, 1: Chen 41 of 365
# days: 0.11 -> 0; Li 1.


def test_february_of_two_advisers_and_a_team_is_as_worked_out_by_hand() -> None:
    alpha, beta = position()
    assert (alpha.village, alpha.month, alpha.days_without_adviser) == (ALPHA, FEBRUARY, 0)
    assert minutes(alpha) == (480, 360, 301, 0, 120)
    assert quotas(alpha) == [(2, 2, 0), (1, 1, 0), (1, 1, 0)]
    chen, li, mai = alpha.advisers
    assert (chen.adviser, chen.days, minutes(chen)) == (CHEN, 10, (171, 160, 21, 0, 11))
    assert (li.adviser, li.days, minutes(li)) == (LI, 18, (309, 130, 280, 0, 179))
    assert (mai.adviser, mai.days, minutes(mai)) == (MAI, 0, (0, 70, 0, 0, 0))
    assert quotas(chen) == [(1, 1, 0), (0, 0, 0), (0, 0, 0)]
    assert quotas(li) == [(1, 1, 0), (1, 1, 0), (1, 1, 0)]
    assert quotas(mai) == [(0, 1, 0), (0, 1, 0), (0, 0, 0)]
    # Beta's 150 minutes too many fill nothing in Alpha
    assert minutes(beta) == (480, 630, 0, 0, 0)
    # the lecture of Saturday 7 February counts as off-peak
    assert quotas(beta) == [(2, 1, 1), (1, 1, 0), (1, 0, 1)]
    assert [one.adviser for one in beta.advisers] == [CHEN]


# With the offset: half the off-site minutes, at most 120 a month. The cap by days: Chen 120*10/28 =
# 42.86 -> 43; Li 77. Chen 21/2 -> 10. Li 280/2 = 140 -> 77. The village 301/2 = 150 -> 120.


def test_with_the_offset_off_site_minutes_count_by_ratio_and_cap() -> None:
    alpha, _ = position(OFFSET)
    chen, li, mai = alpha.advisers
    assert minutes(alpha) == (480, 360, 301, 120, 0)
    assert minutes(chen) == (171, 160, 21, 10, 1)
    assert minutes(li) == (309, 130, 280, 77, 102)
    assert minutes(mai) == (0, 70, 0, 0, 0)


def test_below_the_cap_half_a_minute_is_dropped() -> None:
    [duty] = position(OFFSET, stints=[CHEN_UNTIL_FEBRUARY_10], entries=[ENTRIES[5]])
    assert minutes(duty) == (171, 0, 21, 10, 161)
    whole = replace(OFFSET, offset_ratio=Decimal(1))
    [duty] = position(whole, stints=[CHEN_UNTIL_FEBRUARY_10], entries=[ENTRIES[5]])
    assert duty.minutes.offset == 21


def test_an_offset_without_a_cap_counts_nothing() -> None:
    alpha, _ = position(replace(OFFSET, offset_cap_minutes=0))
    assert alpha.minutes.offset == 0


def test_a_quota_names_its_whole_period_and_counts_up_to_the_months_end() -> None:
    [january] = position(month=date(2026, 1, 20), stints=[CHEN_UNTIL_FEBRUARY_10])
    assert january.month == date(2026, 1, 1)
    assert january.quotas == (
        Quota(kind="lecture", first=YEAR[0], last=date(2026, 3, 31), required=1, done=1),
        Quota(kind="offpeak_lecture", first=YEAR[0], last=date(2026, 3, 31), required=0, done=0),
        Quota(kind="risk_screening", first=YEAR[0], last=YEAR[1], required=0, done=0),
    )


def test_work_of_the_quarter_before_is_not_counted_again() -> None:
    alpha, _ = position(month=date(2026, 4, 1))
    assert quotas(alpha) == [(2, 0, 2), (1, 0, 1), (1, 1, 0)]


def test_off_peak_lectures_may_be_owed_by_the_year() -> None:
    yearly = replace(RULES, offpeak_period="year", offpeak_lectures_min=2)
    alpha, _ = position(yearly, month=date(2026, 4, 1))
    # the evening of 11 February and Sunday 1 March
    assert alpha.quotas[1] == Quota(
        kind="offpeak_lecture", first=YEAR[0], last=YEAR[1], required=2, done=2
    )


def test_days_without_an_adviser_owe_nothing_and_are_told() -> None:
    gap = [
        CHEN_UNTIL_FEBRUARY_10,
        replace(LI_FROM_FEBRUARY_11, first=date(2026, 2, 15)),
    ]
    [duty] = position(stints=gap, entries=[])
    # 24 of 28 days: 480*24/28 = 411.43
    assert (duty.minutes.required, duty.days_without_adviser) == (411, 4)
    assert [one.minutes.required for one in duty.advisers] == [171, 240]


def test_who_comes_back_within_the_month_owes_for_both_stints() -> None:
    twice = [
        stint(ALPHA, CHEN, date(2026, 2, 1), date(2026, 2, 7)),
        stint(ALPHA, LI, date(2026, 2, 8), date(2026, 2, 14)),
        stint(ALPHA, CHEN, date(2026, 2, 15), date(2026, 2, 28)),
    ]
    [duty] = position(stints=twice, entries=[])
    assert [(one.days, one.minutes.required) for one in duty.advisers] == [(21, 360), (7, 120)]


def test_what_cannot_be_halved_is_owed_by_whom_served_first() -> None:
    second = stint(ALPHA, CHEN, date(2026, 2, 15), date(2026, 2, 28))
    first = stint(ALPHA, LI, date(2026, 2, 1), date(2026, 2, 14))
    [duty] = position(DutyRules(onsite_minutes_per_month=1), stints=[second, first], entries=[])
    assert [(one.adviser, one.minutes.required) for one in duty.advisers] == [(CHEN, 0), (LI, 1)]


@pytest.mark.parametrize("days", range(1, 28))
def test_the_parts_of_an_obligation_always_add_up(days: int) -> None:
    stints = [
        stint(ALPHA, CHEN, FEBRUARY, date(2026, 2, days)),
        stint(ALPHA, LI, date(2026, 2, days + 1), YEAR[1]),
    ]
    [duty] = position(stints=stints, entries=[])
    assert sum(one.minutes.required for one in duty.advisers) == duty.minutes.required == 480


def test_work_where_nobody_is_appointed_is_shown() -> None:
    [duty] = position(stints=[], entries=ENTRIES[:3])
    assert (duty.days_without_adviser, minutes(duty)) == (28, (0, 220, 0, 0, 0))


def test_a_village_without_stint_and_work_in_the_month_has_no_row() -> None:
    assert position(month=date(2025, 12, 1), entries=[]) == ()
    assert position(stints=[], entries=ENTRIES[:1]) == ()


def test_work_belongs_to_the_local_day_on_which_it_began() -> None:
    over_midnight = work("2026-02-28 23:30", (CHEN, 60))
    [duty] = position(stints=[], entries=[over_midnight])
    assert duty.minutes == MonthMinutes(required=0, onsite=60, offsite=0, offset=0)
    assert position(stints=[], entries=[over_midnight], month=MARCH) == ()


def test_work_of_a_periods_first_day_is_of_that_period() -> None:
    first = stint(ALPHA, LI, *YEAR)
    entries = (
        work("2026-01-01 00:00", (CHEN, 40), service="lecture"),
        work("2026-01-01 09:00", (CHEN, 20), service="dispute_screening"),
    )
    (duty,) = position(month=YEAR[0], stints=[first], entries=entries)
    assert minutes(duty) == (480, 60, 0, 0, 420)
    assert [one.done for one in duty.quotas] == [1, 1, 1]
    assert [one.adviser for one in duty.advisers] == [CHEN, LI]
    # Without anybody appointed, the work alone makes the row.
    assert [one.village for one in position(month=YEAR[0], stints=(), entries=entries)] == [ALPHA]


def test_minutes_and_pieces_name_the_entries_they_come_from_each_adviser_his_own() -> None:
    streams = [UUID(int=number) for number in (1, 2, 3)]
    entries = [
        replace(entry, stream=stream)
        for entry, stream in zip(
            (
                work("2026-02-03 09:00", (CHEN, 60), (LI, 30), service="lecture"),
                work("2026-02-04 09:00", (CHEN, 20), (LI, 7), mode="phone"),
                work("2026-02-05 09:00", (LI, 5), mode="phone"),
            ),
            streams,
            strict=True,
        )
    ]
    (duty,) = position(stints=[stint(ALPHA, LI, *YEAR)], entries=entries)
    of_chen, of_li = duty.advisers
    assert (of_chen.minutes.onsite, of_chen.minutes.offsite) == (60, 20)
    assert (of_li.minutes.onsite, of_li.minutes.offsite) == (30, 12)
    for told, offsite in ((duty, streams[1:]), (of_chen, streams[1:2]), (of_li, streams[1:])):
        assert told.minutes.onsite_work == tuple(streams[:1])
        assert told.minutes.offsite_work == tuple(offsite)
        assert [one.work for one in told.quotas] == [tuple(streams[:1]), (), ()]


def test_where_the_rules_ask_for_it_only_verified_work_counts() -> None:
    entries = [ENTRIES[1], replace(ENTRIES[2], verified=True)]
    [duty] = position(VERIFIED_ONLY, stints=[CHEN_UNTIL_FEBRUARY_10], entries=entries)
    assert minutes(duty) == (171, 100, 0, 0, 71)


# --- what counts of an entry


@pytest.mark.parametrize(
    ("events", "counted", "of_which_verified"),
    [
        ([LOGGED], 90, 0),
        ([LOGGED, VERIFIED], 90, 90),
        ([LOGGED, VERIFIED, CORRECTED], 60, 0),
        ([LOGGED, RETURNED], 0, 0),
        ([LOGGED, WITHDRAWN], 0, 0),
    ],
)
def test_an_entry_counts_as_last_worded_unless_returned_or_withdrawn(
    events: list[Event], counted: int, of_which_verified: int
) -> None:
    entry = logged_work(fold(worklog, events))
    entries = [entry] if entry else []
    # LOGGED is of 2 March
    for rules, expected in ((RULES, counted), (VERIFIED_ONLY, of_which_verified)):
        duties = position(rules, MARCH, stints=[], entries=entries)
        assert sum(duty.minutes.onsite for duty in duties) == expected


def test_an_entry_keeps_its_village_service_mode_and_beginning() -> None:
    assert logged_work(fold(worklog, [LOGGED])) == LoggedWork(
        village=ALPHA,
        started_at=LOGGED.started_at,
        service="lecture",
        mode="onsite",
        parts=(MinutesOfAdviser(CHEN, 60), MinutesOfAdviser(LI, 30)),
    )


# --- off-peak


@pytest.mark.parametrize(
    ("begins", "kinds"),
    [
        ("2026-01-02 10:00", {"holiday"}),
        ("2026-01-03 18:00", {"holiday", "night"}),
        ("2026-01-04 10:00", set()),
        ("2026-01-04 19:00", {"night"}),
        ("2026-01-05 17:59", set()),
        ("2026-01-05 18:00", {"night"}),
        ("2026-01-06 05:59", {"night"}),
        ("2026-01-06 06:00", set()),
        ("2026-01-10 10:00", {"rest_day"}),
        ("2026-01-11 23:59", {"rest_day", "night"}),
        ("2026-02-15 10:00", {"holiday"}),
        ("2026-02-23 10:00", {"holiday"}),
        ("2026-02-24 10:00", set()),
    ],
)
def test_nights_rest_days_and_holidays_are_recognised(begins: str, kinds: set[str]) -> None:
    assert off_peak(RULES, FESTIVE, local(begins)) == kinds


def test_the_night_begins_at_the_minute_of_the_rules() -> None:
    late = replace(RULES, night_from=18 * 60 + 30)
    assert not off_peak(late, FESTIVE, local("2026-01-05 18:29"))
    assert off_peak(late, FESTIVE, local("2026-01-05 18:30")) == {"night"}


def test_a_room_that_serves_on_saturdays_makes_no_working_day_of_them() -> None:
    on_saturdays = replace(FESTIVE, weekday_periods=(FESTIVE.weekday_periods[0],) * 7)
    assert off_peak(RULES, on_saturdays, local("2026-01-10 10:00")) == {"rest_day"}


def test_a_year_without_data_is_an_error_and_not_a_working_day() -> None:
    with pytest.raises(CalendarHasNoYear):
        off_peak(RULES, FESTIVE, local("2027-01-01 10:00"))


@pytest.mark.parametrize(
    ("period", "first", "last"),
    [
        ("month", date(2024, 2, 1), date(2024, 2, 29)),
        ("quarter", date(2024, 1, 1), date(2024, 3, 31)),
        ("year", date(2024, 1, 1), date(2024, 12, 31)),
    ],
)
def test_periods_are_those_of_the_calendar(period: DutyPeriod, first: date, last: date) -> None:
    for day in (date(2024, 2, 1), date(2024, 2, 29)):
        assert period_of(period, day) == (first, last)


def test_the_last_quarter_ends_with_the_year() -> None:
    assert period_of("quarter", date(2026, 12, 31)) == (date(2026, 10, 1), date(2026, 12, 31))


# --- what must be there


@pytest.mark.parametrize(
    ("events", "rules", "missing"),
    [
        ([NOMINATED], RULES, ("adviser",)),
        (SERVING, RULES, ()),
        (
            SERVING,
            replace(RULES, wechat_group_required=True, public_display_required=True),
            ("wechat_group", "public_display"),
        ),
        (
            [*SERVING, CREATED, POSTED],
            replace(RULES, wechat_group_required=True, public_display_required=True),
            (),
        ),
    ],
)
def test_what_a_village_lacks_is_told(
    events: list[Event], rules: DutyRules, missing: tuple[Lack, ...]
) -> None:
    village: Appointment = fold(appointment, events)
    assert lacks(village, rules, date(2026, 4, 1)) == missing


# --- rules


def published(code: str, effective_from: date, duty: DutyRules | None) -> Policy:
    version = PolicyVersion(
        code=code, version=1, effective_from=effective_from, basis="示例", duty=duty
    )
    return Policy((version,))


def test_a_district_has_its_own_rules_or_those_of_the_city_or_none() -> None:
    city = replace(RULES, lectures_per_quarter=1)
    nansha = replace(RULES, offpeak_lectures_min=2)
    policies = {
        DUTY_POLICY: published(DUTY_POLICY, date(2024, 1, 1), city),
        "adviser-duty-440115": published("adviser-duty-440115", date(2025, 1, 1), nansha),
    }
    assert duty_rules(policies, "440115102001", date(2025, 1, 1)) == nansha
    assert duty_rules(policies, "440115102001", date(2024, 12, 31)) == city
    assert duty_rules(policies, ALPHA, date(2025, 1, 1)) == city
    assert duty_rules(policies, ALPHA, date(2023, 12, 31)) == DutyRules()
    assert duty_rules({}, ALPHA, date(2025, 1, 1)) == DutyRules()
    without = {DUTY_POLICY: published(DUTY_POLICY, date(2024, 1, 1), None)}
    assert duty_rules(without, ALPHA, date(2025, 1, 1)) == DutyRules()


@pytest.mark.parametrize("ratio", [Decimal("-0.1"), Decimal("1.1")])
def test_an_offset_ratio_lies_between_none_and_all(ratio: Decimal) -> None:
    with pytest.raises(ValueError, match="at most one minute"):
        DutyRules(offset_ratio=ratio)


def test_the_shipped_duty_rules_are_examples_with_a_basis_and_no_offset() -> None:
    city, nansha = (
        command.policy
        for command in shipped_policies()
        if command.policy.code.startswith(DUTY_POLICY)
    )
    assert (city.code, nansha.code) == (DUTY_POLICY, "adviser-duty-440115")
    assert city.duty is not None
    assert nansha.duty is not None
    for version, duty in ((city, city.duty), (nansha, nansha.duty)):
        assert version.example
        assert duty.example
        assert duty.basis
        assert not duty.offset_enabled
    by_hand = replace(city.duty, offpeak_lectures_min=2, basis=nansha.duty.basis)
    assert nansha.duty == by_hand
    assert msgspec.json.decode(msgspec.json.encode(city), type=PolicyVersion) == city
    ratio = replace(city, duty=OFFSET)
    assert msgspec.json.decode(msgspec.json.encode(ratio), type=PolicyVersion) == ratio
