"""Legal helpers of villages: registered, what they did, until when."""

from datetime import date

import pytest
from msgspec.structs import replace

from domain.moment import NotThisVillage
from domain.training.helper import (
    ActivityUnknown,
    DayInFuture,
    HelperActivityReported,
    HelperActivityVoided,
    HelperExists,
    HelperHasLeft,
    HelperLeft,
    HelperRegistered,
    HelperUnknown,
    NotServingThen,
    RegisterHelper,
    ReportHelperActivity,
    RetireHelper,
    VoidHelperActivity,
)
from domain.vocabulary import Actor, Command
from tests.spec import given

VILLAGE = "440103001001"
COMMITTEE = Actor(account="k-1", role="committee", unit=VILLAGE)
OFFICE = Actor(account="j-1", role="supervisor", unit="440103001")
STRANGER = Actor(account="k-2", role="committee", unit="440103001002")
REGISTER = RegisterHelper(
    code="H-1", name="梁某", village=VILLAGE, since=date(2026, 2, 1), qualification="mediator"
)
REGISTERED = HelperRegistered(
    code="H-1", name="梁某", village=VILLAGE, since=date(2026, 2, 1), qualification="mediator"
)
REPORT = ReportHelperActivity(
    day=date(2026, 3, 1), activity="legal_publicity", people=30, note="赶集日"
)
REPORTED = HelperActivityReported(
    number=1, day=date(2026, 3, 1), activity="legal_publicity", people=30, note="赶集日"
)
LEFT = HelperLeft(left_on=date(2026, 3, 2), reason="外出务工")


@pytest.mark.parametrize("by", [COMMITTEE, OFFICE])
def test_a_helper_is_registered_by_his_village_or_an_office_above_it(by: Actor) -> None:
    state = given().when(REGISTER, by=by).then(REGISTERED)
    assert state.code == "H-1"
    given(REGISTERED).when(REGISTER, by=by).nothing()


def test_another_village_has_no_say() -> None:
    given().when(REGISTER, by=STRANGER).refused(NotThisVillage)
    given(REGISTERED).when(REPORT, by=STRANGER).refused(NotThisVillage)


def test_a_code_is_one_helper_for_ever() -> None:
    given(REGISTERED).when(replace(REGISTER, name="黄某"), by=COMMITTEE).refused(HelperExists)


def test_nobody_is_registered_for_a_day_to_come() -> None:
    tomorrow = replace(REGISTER, since=date(2026, 3, 3))
    given().when(tomorrow, by=COMMITTEE).refused(DayInFuture)


@pytest.mark.parametrize(
    "command", [REPORT, VoidHelperActivity(number=1, reason="误录"),
                RetireHelper(left_on=date(2026, 3, 1), reason="外出")],
)  # fmt: skip
def test_nothing_is_said_of_a_helper_who_is_not_there(command: Command) -> None:
    given().when(command, by=COMMITTEE).refused(HelperUnknown)


def test_an_activity_is_reported_once_and_numbered() -> None:
    given(REGISTERED).when(REPORT, by=COMMITTEE).then(REPORTED)
    given(REGISTERED, REPORTED).when(REPORT, by=COMMITTEE).nothing()
    second = replace(REPORT, people=5)
    again = given(REGISTERED, REPORTED).when(second, by=COMMITTEE)
    assert len(again.then(replace(REPORTED, number=2, people=5)).activities) == 2


def test_activities_lie_within_his_time_and_not_in_the_future() -> None:
    early = replace(REPORT, day=date(2026, 1, 31))
    given(REGISTERED).when(early, by=COMMITTEE).refused(NotServingThen)
    late = replace(REPORT, day=date(2026, 3, 2))
    given(REGISTERED, LEFT).when(late, by=COMMITTEE).refused(NotServingThen)
    given(REGISTERED).when(replace(REPORT, day=date(2026, 3, 3)), by=COMMITTEE).refused(DayInFuture)


def test_an_activity_reported_by_mistake_leaves_the_counts() -> None:
    voiding = VoidHelperActivity(number=1, reason="误录")
    voided = HelperActivityVoided(number=1, reason="误录")
    after = given(REGISTERED, REPORTED).when(voiding, by=COMMITTEE).then(voided)
    assert (after.activities, after.reported) == ((), 1)
    given(REGISTERED, REPORTED, voided).when(voiding, by=COMMITTEE).refused(ActivityUnknown)
    given(REGISTERED).when(voiding, by=COMMITTEE).refused(ActivityUnknown)
    # A number is never given twice.
    again = given(REGISTERED, REPORTED, voided).when(REPORT, by=COMMITTEE)
    again.then(replace(REPORTED, number=2))


def test_a_helper_leaves_once_and_not_before_what_he_did() -> None:
    leaving = RetireHelper(left_on=date(2026, 3, 2), reason="外出务工")
    after = given(REGISTERED, REPORTED).when(leaving, by=COMMITTEE).then(LEFT)
    assert not after.serves_on(date(2026, 3, 2))
    assert after.serves_on(date(2026, 3, 1))
    given(REGISTERED, LEFT).when(leaving, by=COMMITTEE).nothing()
    other = replace(leaving, left_on=date(2026, 3, 1))
    given(REGISTERED, LEFT).when(other, by=COMMITTEE).refused(HelperHasLeft)
    given(REGISTERED, REPORTED).when(other, by=COMMITTEE).refused(NotServingThen)
    before = replace(leaving, left_on=date(2026, 1, 1))
    given(REGISTERED).when(before, by=COMMITTEE).refused(NotServingThen)
    future = replace(leaving, left_on=date(2026, 3, 9))
    given(REGISTERED).when(future, by=COMMITTEE).refused(DayInFuture)
