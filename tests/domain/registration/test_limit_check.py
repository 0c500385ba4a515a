"""Time limits that nobody could mean are refused before they are published."""

from datetime import date
from typing import Any, get_args

import pytest
from msgspec.structs import replace

from domain.registers.policy import Policy, PolicyVersion
from domain.registration.limit_check import (
    LONGEST,
    DefaultLimitGone,
    LimitOfUnknownService,
    LimitTooLong,
    faults,
)
from domain.registration.policy_commands import PublishPolicy
from domain.vocabulary import Service
from domain.worktime.calendar import TimeLimit, Unit
from ledger.founding.shipped import shipped_policies
from tests.spec import given

FIVE = TimeLimit(amount=5, unit="working_day")


def limits(**more: Any) -> PolicyVersion:
    return PolicyVersion(
        code="limits", version=1, effective_from=date(2026, 1, 1), basis="本区", **more
    )


@pytest.mark.parametrize(
    ("key", "near"),
    [
        ("legal_aidd/close", "legal_aid/close"),
        ("mediaton/first_response", "mediation/first_response"),
        ("complaint.petitoin/answer", "complaint.petition/answer"),
        ("rectificaton/answer", "rectification/answer"),
    ],
)
def test_b11_8_a_limit_of_what_does_not_exist_is_refused_with_the_nearest(
    key: str, near: str
) -> None:
    policy = limits(limits={"*/close": FIVE, key: FIVE})
    ((place, refusal),) = faults(policy)
    assert (place, refusal.detail) == (("limits", key), f"{key}；相近的有：{near}")
    given().when(PublishPolicy(policy=policy)).refused(LimitOfUnknownService)


@pytest.mark.parametrize("unit", get_args(Unit))
def test_b11_8_no_limit_is_longer_than_calendars_reach(unit: Unit) -> None:
    longest = TimeLimit(amount=LONGEST[unit], unit=unit)
    assert list(faults(limits(limits={"legal_aid/close": longest}))) == []
    for longer in (
        replace(longest, amount=longest.amount + 1),
        replace(FIVE, unit=unit, extension_amount_max=10**9),
    ):
        policy = limits(limits={"legal_aid/close": longer})
        given().when(PublishPolicy(policy=policy)).refused(LimitTooLong)


def test_b11_8_a_default_of_all_services_does_not_vanish_unnoticed() -> None:
    first = limits(limits={"*/close": FIVE, "legal_aid/close": FIVE})
    second = replace(first, version=2, limits={"legal_aid/close": FIVE})
    assert [one.detail for _, one in faults(second, first)] == ["*/close"]
    assert isinstance(next(faults(second, first))[1], DefaultLimitGone)
    assert list(faults(replace(first, limits={"*/close": FIVE}), first)) == []
    assert Policy((first,)).versions[-1].limits.keys() - second.limits.keys() == {"*/close"}


def test_b11_8_every_service_and_all_that_is_shipped_may_have_limits() -> None:
    assert list(faults(limits(limits={f"{one}/close": FIVE for one in get_args(Service)}))) == []
    for one in shipped_policies():
        assert list(faults(one.policy)) == []
