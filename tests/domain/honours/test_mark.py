"""Marks and awards: of what is registered, of a kind that the rules know, until a day."""

from datetime import date

import pytest
from msgspec.structs import replace

from domain.honours.mark import (
    AwardedInFuture,
    AwardMark,
    ExpiresBeforeAwarded,
    Mark,
    MarkAwarded,
    MarkAwardedAlready,
    MarkExists,
    MarkKindUnknown,
    MarkOfAnotherYear,
    MarkUnknown,
    MarkWithdrawn,
    NoDivision,
    OwnMark,
    WithdrawMark,
    mark_stream,
)
from domain.moment import DivisionWrittenLonger
from domain.registers.adviser import AdviserUnknown
from domain.registers.point import PointUnknown
from domain.registers.policy import LIMITS_POLICY, MarkKind, Policy
from domain.vocabulary import Actor
from tests.examples import NOON, REGISTERS, RULES
from tests.spec import given

BUREAU = Actor(account="bureau-1", role="supervisor", unit="4401")
AWARD = AwardMark(
    kind="demonstration",
    code="ROOM-1",
    year=2025,
    awarded_on=date(2026, 1, 15),
    awarded_by="广州市司法局",
    basis="穗司〔2026〕1号（示例）",
)
AWARDED = MarkAwarded(
    kind="demonstration",
    name="示范点",
    of="point",
    code="ROOM-1",
    division="440103001001",
    year=2025,
    awarded_on=date(2026, 1, 15),
    awarded_by="广州市司法局",
    basis="穗司〔2026〕1号（示例）",
    valid_until=date(2029, 1, 14),
)
WITHDRAW = WithdrawMark(reason="复查不合格")
WITHDRAWN = MarkWithdrawn(withdrawn_on=date(2026, 3, 2), reason="复查不合格")


def test_a_mark_has_a_year_a_basis_and_a_last_day_by_its_kind() -> None:
    given(at=NOON).when(AWARD, by=BUREAU).then(AWARDED)
    given(AWARDED).when(AWARD, by=BUREAU).nothing()
    given(AWARDED).when(replace(AWARD, basis="另一文件"), by=BUREAU).refused(MarkExists)
    shorter = replace(AWARD, valid_until=date(2026, 12, 31))
    told = replace(AWARDED, valid_until=date(2026, 12, 31))
    given(at=NOON).when(shorter, by=BUREAU).then(told)


@pytest.mark.parametrize(
    ("kind", "code", "refusal"),
    [
        ("demonstration", "ROOM-9", PointUnknown),
        ("outstanding_adviser", "A-9", AdviserUnknown),
        ("demonstration_village", "逢源", NoDivision),
        ("demonstration_village", "440103001000", DivisionWrittenLonger),
        ("golden", "ROOM-1", MarkKindUnknown),
    ],
)
def test_what_is_marked_is_known(kind: str, code: str, refusal: type[Exception]) -> None:
    given(at=NOON).when(replace(AWARD, kind=kind, code=code), by=BUREAU).refused(refusal)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kind", "name", "of", "code", "division", "until"),
    [
        ("popular", "网红点", "point", "ROOM-1", "440103001001", None),
        ("outstanding_adviser", "优秀村（社区）法律顾问", "adviser", "A-1", "4401", None),
        ("outstanding_officer", "先进个人", "officer", "clerk-1", "4401", None),
        (
            "demonstration_village", "示范村（社区）", "division", "440103001001",
            "440103001001", date(2029, 1, 14),
        ),
    ],
)  # fmt: skip
def test_points_villages_advisers_and_officers_are_marked(
    kind: str, name: str, of: str, code: str, division: str, until: date | None
) -> None:
    told = MarkAwarded(
        kind=kind, name=name, of=of, code=code, division=division, year=2025,  # type: ignore[arg-type]
        awarded_on=AWARD.awarded_on, awarded_by=AWARD.awarded_by, basis=AWARD.basis,
        valid_until=until,
    )  # fmt: skip
    given(at=NOON).when(replace(AWARD, kind=kind, code=code), by=BUREAU).then(told)


def test_an_award_of_a_unit_that_is_no_division_counts_for_none() -> None:
    at_a_point = Actor(account="head-1", role="supervisor", unit="CENTER-1")
    state = given(at=NOON).when(
        replace(AWARD, kind="outstanding_officer", code="clerk-1"), by=at_a_point
    )
    told = replace(
        AWARDED, kind="outstanding_officer", name="先进个人", of="officer", code="clerk-1",
        division=None, valid_until=None,
    )  # fmt: skip
    state.then(told)


def test_an_award_is_not_of_the_future_and_does_not_end_before_it_begins() -> None:
    tomorrow = replace(AWARD, awarded_on=date(2026, 3, 3))
    given(at=NOON).when(tomorrow, by=BUREAU).refused(AwardedInFuture)
    ended = replace(AWARD, valid_until=date(2026, 1, 14))
    given(at=NOON).when(ended, by=BUREAU).refused(ExpiresBeforeAwarded)


def test_a_mark_is_withdrawn_with_a_reason_and_may_be_given_again() -> None:
    given(AWARDED).when(WITHDRAW, by=BUREAU).then(WITHDRAWN)
    given(AWARDED, WITHDRAWN).when(WITHDRAW, by=BUREAU).nothing()
    given(AWARDED, WITHDRAWN).when(AWARD, by=BUREAU).then(AWARDED)
    given().when(WITHDRAW, by=BUREAU).refused(MarkUnknown)


def test_which_marks_there_are_is_policy_data() -> None:
    star = MarkKind(code="star", name="五星工作室", of="point", valid_years=1)
    rules = replace(RULES, marks=(star,))
    registers = replace(REGISTERS, policies={LIMITS_POLICY: Policy((rules,))})
    known = given(at=NOON, registers=registers)
    known.when(AWARD, by=BUREAU).refused(MarkKindUnknown)
    known.when(replace(AWARD, kind="star"), by=BUREAU).then(
        replace(AWARDED, kind="star", name="五星工作室", valid_until=date(2027, 1, 14))
    )


def test_what_is_marked_has_one_mark_of_a_kind_and_year() -> None:
    assert mark_stream("popular", 2025, "ROOM-1") != mark_stream("popular", 2026, "ROOM-1")


def test_nobody_awards_a_mark_to_himself_or_his_unit() -> None:
    himself = replace(BUREAU, unit=AWARD.code)
    given(at=NOON).when(AWARD, by=himself).refused(OwnMark)
    given(at=NOON).when(AWARD, by=replace(BUREAU, account=AWARD.code)).refused(OwnMark)


def test_b11_13_a_mark_awarded_on_one_day_is_of_one_year() -> None:
    stream = mark_stream("demonstration", 2025, "ROOM-1")
    again = replace(AWARD, year=2026)
    there = {stream: Mark(awarded=AWARDED)}
    given(at=NOON, beside=there).when(again, by=BUREAU).refused(MarkAwardedAlready)
    another = replace(again, awarded_on=date(2026, 2, 15))
    told = replace(AWARDED, year=2026, awarded_on=date(2026, 2, 15), valid_until=date(2029, 2, 14))
    given(at=NOON, beside=there).when(another, by=BUREAU).then(told)
    taken = {stream: Mark(awarded=AWARDED, withdrawn=WITHDRAWN)}
    given(at=NOON, beside=taken).when(again, by=BUREAU).then(replace(AWARDED, year=2026))
    for year in (2024, 2027):
        given(at=NOON).when(replace(AWARD, year=year), by=BUREAU).refused(MarkOfAnotherYear)
