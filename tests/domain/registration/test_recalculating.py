"""A version reaches months that were over only by a recalculation, as far as it is dated."""

from datetime import date

import pytest
from msgspec.structs import replace

from domain.registers.appointment import Appointment
from domain.registers.calendar_publication import CalendarPublished, CalendarRecalculated
from domain.registers.policy import (
    DUTY_POLICY,
    DutyRules,
    PolicyPublished,
    PolicyRecalculated,
    PolicyVersion,
)
from domain.registration.calendar_commands import PublishCalendar, RecalculateByCalendar
from domain.registration.policy_commands import PublishPolicy, RecalculatePolicy
from domain.registration.publishing import (
    NotTheFirstOfAMonth,
    PublishedVersionUnknown,
    RecalculatedBeforeEffective,
    VersionJudgesAlready,
)
from domain.vocabulary import Event, Refused
from tests.examples import CALENDAR, NOON, REGISTERS
from tests.spec import given

FIRST = PolicyVersion(
    code=DUTY_POLICY, version=1, effective_from=date(2020, 1, 1), basis="示例", duty=DutyRules()
)
SECOND = replace(FIRST, version=2, effective_from=NOON.date().replace(month=1, day=5, year=2025))
RUNNING = NOON.date().replace(day=1)
AT_WORK = replace(
    REGISTERS,
    policies={DUTY_POLICY: None},
    appointments={"440103001001": Appointment(division="440103001001")},
)
BOUND = PolicyPublished(policy=SECOND, binds_from=RUNNING)
SINCE = date(2025, 6, 1)


def test_rules_dated_back_judge_from_the_running_month_on() -> None:
    first = given(PolicyPublished(policy=FIRST), registers=AT_WORK)
    first.when(PublishPolicy(policy=SECOND)).then(BOUND)
    founding = given(PolicyPublished(policy=FIRST))
    founding.when(PublishPolicy(policy=SECOND)).then(PolicyPublished(policy=SECOND))


def test_rules_are_recalculated_with_a_reason() -> None:
    command = RecalculatePolicy(version=2, since=SINCE, reason="更正")
    bound = given(PolicyPublished(policy=FIRST), BOUND, registers=AT_WORK)
    state = bound.when(command).then(PolicyRecalculated(version=2, since=SINCE, reason="更正"))
    assert state.in_force(SINCE).version == 2
    assert state.in_force(date(2025, 5, 31)).version == 1


@pytest.mark.parametrize(
    ("version", "since", "refusal"),
    [
        (3, SINCE, PublishedVersionUnknown),
        (2, date(2025, 1, 1), RecalculatedBeforeEffective),
        (2, RUNNING, VersionJudgesAlready),
        (2, date(2025, 6, 2), NotTheFirstOfAMonth),
    ],
)
def test_what_is_no_recalculation(version: int, since: date, refusal: type[Refused]) -> None:
    events: tuple[Event, ...] = (PolicyPublished(policy=FIRST), BOUND)
    command = RecalculatePolicy(version=version, since=since, reason="更正")
    given(*events, registers=AT_WORK).when(command).refused(refusal)


def test_a_calendar_judges_duties_from_the_running_month_on_until_it_is_recalculated() -> None:
    first = replace(CALENDAR, version=1)
    second = replace(first, version=2)
    told = CalendarPublished(calendar=first)
    bound = CalendarPublished(calendar=second, binds_from=RUNNING)
    given(told, registers=AT_WORK).when(PublishCalendar(calendar=second)).then(bound)
    command = RecalculateByCalendar(version=2, since=SINCE, reason="调休更正")
    state = (
        given(told, bound, registers=AT_WORK)
        .when(command)
        .then(CalendarRecalculated(version=2, since=SINCE, reason="调休更正"))
    )
    assert state.binding_on(SINCE) == second
    assert state.binding_on(date(2025, 5, 1)) == first
    missing = replace(command, version=3)
    given(told, registers=AT_WORK).when(missing).refused(PublishedVersionUnknown)
