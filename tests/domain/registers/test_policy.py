"""Rule data: published once per version, in force from its day, with a limit per service."""

from datetime import UTC, date, datetime, timedelta

import msgspec
import pytest
from msgspec import structs

from api.rights import MAY
from domain.codes import LimitName
from domain.complaints.record import ExtendDeadline, ReclassifyComplaint
from domain.moment import Moment, Registers
from domain.registers.policy import (
    LIMITS_POLICY,
    ComplaintRules,
    NoPolicyInForce,
    Policy,
    PolicyPublished,
    PolicyVersion,
    RatingRules,
    approaching,
    evolve,
)
from domain.registration.policy_commands import (
    PolicyCodeDiffers,
    PolicyVersionDiffers,
    PolicyVersionSkipped,
    PublishPolicy,
    decide,
)
from domain.vocabulary import Actor, Event, Refused
from domain.worktime.calendar import TimeLimit
from ledger.founding.shipped import shipped_policies

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
MOMENT = Moment(
    by=Actor(account="li", role="administrator", unit="4401"),
    occurred_at=NOW,
    now=NOW,
    registers=Registers(points={}, advisers={}, calendars={}, policies={}),
)
FIRST = PolicyVersion(
    code="limits",
    version=1,
    effective_from=date(2024, 1, 1),
    basis="第一版",
    limits={
        "mediation/close": TimeLimit(amount=1, unit="month"),
        "mediation.court/close": TimeLimit(amount=2, unit="month"),
        "*/close": TimeLimit(amount=10, unit="working_day"),
    },
    rating=RatingRules(),
)
SECOND = structs.replace(FIRST, version=2, effective_from=date(2025, 7, 1), basis="第二版")
# corrects the first from its first day on, and leaves the second alone
RETROACTIVE = structs.replace(FIRST, version=3, effective_from=date(2024, 1, 1), basis="第三版")


def published(*versions: PolicyVersion) -> Policy | None:
    state = None
    for version in versions:
        state = evolve(state, PolicyPublished(policy=version))
    return state


def publish(state: Policy | None, policy: PolicyVersion) -> list[Event]:
    return decide(state, PublishPolicy(policy=policy), MOMENT)


def test_versions_are_published_one_after_another() -> None:
    assert publish(None, FIRST) == [PolicyPublished(policy=FIRST)]
    assert publish(published(FIRST), SECOND) == [PolicyPublished(policy=SECOND)]


def test_publishing_a_version_again_changes_nothing() -> None:
    assert publish(published(FIRST, SECOND), FIRST) == []


@pytest.mark.parametrize(
    ("given", "policy", "refusal"),
    [
        ((FIRST,), structs.replace(FIRST, basis="改写"), PolicyVersionDiffers),
        ((), SECOND, PolicyVersionSkipped),
        ((FIRST,), RETROACTIVE, PolicyVersionSkipped),
        ((FIRST,), structs.replace(SECOND, code="others"), PolicyCodeDiffers),
    ],
)
def test_a_version_that_rewrites_or_skips_is_refused(
    given: tuple[PolicyVersion, ...], policy: PolicyVersion, refusal: type[Refused]
) -> None:
    with pytest.raises(refusal):
        publish(published(*given), policy)


@pytest.mark.parametrize(
    ("day", "ref"),
    [
        (date(2024, 1, 1), "limits@1"),
        (date(2025, 6, 30), "limits@1"),
        (date(2025, 7, 1), "limits@2"),
        (date(2030, 1, 1), "limits@2"),
    ],
)
def test_a_version_is_in_force_from_its_day_until_the_next(day: date, ref: str) -> None:
    state = published(FIRST, SECOND)
    assert state is not None
    assert state.in_force(day).ref == ref


def test_a_later_version_replaces_all_earlier_ones_from_its_day_on() -> None:
    state = published(FIRST, SECOND, RETROACTIVE)
    assert state is not None
    assert {state.in_force(day).version for day in (date(2024, 6, 1), date(2026, 1, 1))} == {3}


def test_a_day_before_every_version_has_no_policy() -> None:
    state = published(FIRST, SECOND)
    assert state is not None
    with pytest.raises(NoPolicyInForce):
        state.in_force(date(2023, 12, 31))


@pytest.mark.parametrize(
    ("service", "promise", "limit"),
    [
        ("mediation", "close", TimeLimit(amount=1, unit="month")),
        ("consultation", "close", TimeLimit(amount=10, unit="working_day")),
        ("mediation", "first_response", None),
        ("mediation.court", "close", TimeLimit(amount=2, unit="month")),
        ("mediation.town", "close", TimeLimit(amount=1, unit="month")),
        ("consultation.town", "close", TimeLimit(amount=10, unit="working_day")),
    ],
)
def test_a_variant_or_service_has_its_own_limit_or_the_default_or_none(
    service: str, promise: LimitName, limit: TimeLimit | None
) -> None:
    assert FIRST.limit(service, promise) == limit


@pytest.mark.parametrize(
    "key", ["close", "mediation/finish", "/close", "Mediation/close", "a.b.c/close", "*.b/close"]
)
def test_a_limit_of_an_unknown_promise_is_not_read(key: str) -> None:
    stored = msgspec.json.encode(FIRST).replace(b"mediation/close", key.encode())
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(stored, type=PolicyVersion)


def test_the_shipped_policy_cites_a_basis_for_every_limit() -> None:
    first, second, shipped = (
        command.policy for command in shipped_policies() if command.policy.code == LIMITS_POLICY
    )
    assert first.limits.items() < second.limits.items() < shipped.limits.items()
    assert shipped.example
    assert all(limit.basis for limit in shipped.limits.values())
    assert shipped.limit("legal_aid", "close") == shipped.limits["legal_aid/close"]
    proven = {key for key, limit in shipped.limits.items() if not limit.example}
    assert proven == {
        "legal_aid/close",
        "legal_aid/assign",
        "legal_aid/review",
        "mediation/close",
        "online_post/close",
        "complaint.hotline_12345/answer",
        "complaint.petition/acknowledge",
        "complaint.petition/return",
        "complaint.petition/answer",
        "complaint.petition/review",
        "complaint.petition/review_request",
    }
    assert shipped.rating is not None
    assert shipped.complaints == ComplaintRules(
        basis="代表人数：《信访工作条例》（2022年）第二十条不超过五人；改类审批角色为示例",
        example=True,
    )
    assert (shipped.rating.default_after_days, shipped.rating.default_grade) == (
        7,
        "basically_satisfied",
    )


def test_whoever_the_shipped_rules_name_as_approver_has_a_role_that_may_approve() -> None:
    """The parties of a mediation agree among themselves: theirs is no role."""
    for command in shipped_policies():
        rules = command.policy
        approvers = {one.extension_approver for one in rules.limits.values()} - {None, "parties"}
        assert approvers <= MAY[ExtendDeadline]
        if rules.complaints is not None:
            assert rules.complaints.reclassify_approver in MAY[ReclassifyComplaint]


def test_a_promise_approaches_a_day_before_it_is_due_or_as_early_as_the_rules_say() -> None:
    early = structs.replace(SECOND, code=LIMITS_POLICY, approaching_days=3)
    late = structs.replace(FIRST, code=LIMITS_POLICY)
    rules = published(late, early)
    assert rules is not None
    policies = {LIMITS_POLICY: rules}
    assert approaching(policies, date(2025, 6, 30)) == timedelta(days=1)
    assert approaching(policies, date(2025, 7, 1)) == timedelta(days=3)
    for nothing in ({}, policies):
        assert approaching(nothing, date(2023, 12, 31)) == timedelta(days=1)


def test_rules_that_were_stored_before_they_told_what_approaches_are_still_read() -> None:
    stored = msgspec.json.encode(PolicyPublished(policy=FIRST))
    assert b"approaching" not in stored
    assert msgspec.json.decode(stored, type=PolicyPublished).policy.ahead == timedelta(days=1)
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(structs.asdict(FIRST) | {"approaching_days": -1}, PolicyVersion)


def test_a_shipped_policy_is_the_same_after_being_written_and_read() -> None:
    for command in shipped_policies():
        event = PolicyPublished(policy=command.policy)
        assert msgspec.json.decode(msgspec.json.encode(event), type=PolicyPublished) == event
