"""What was not measured gives no points (audit 4.3): the shipped rule sets, and every other."""

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from domain.evaluation.ruleset_check import problems
from domain.evaluation.ruleset_content import plain
from domain.scoring.scoring import points_for_nothing
from domain.scoring.shapes import PeriodDays
from ledger.founding.shipped import shipped_rulesets
from tests.domain.evaluation.test_ruleset import of
from tests.scored import ROOM, VILLAGE, Fact, fact, facts, item, rules, said, scored

NEWEST = {one.ruleset.code: plain(one.ruleset) for one in shipped_rulesets()}
GIVING_NOTHING = [plain(one.ruleset) for one in shipped_rulesets() if one.ruleset.version > 1]
OF_ADVISERS = [one for one in GIVING_NOTHING if one["subject"] == "adviser"]
INTEGRITY = {"integrity": said(0)}
OF_VISITS = {"fact": "visit"}
FULL = {"kind": "deduction", "each": 1}
SHARE = {"kind": "linear", "none_at": 0, "all_at": 1}


def measured(evidence: dict[str, Any], method: dict[str, Any], **more: Any) -> list[str]:
    return problems(of(rules(item(evidence, method), **more)))


# --- publication


@pytest.mark.parametrize(
    ("evidence", "method"),
    [
        ({"measure": "ratio", "of": OF_VISITS, "to": OF_VISITS, "when_none": "1"}, SHARE),
        ({"measure": "ratio", "of": OF_VISITS, "to": OF_VISITS, "when_none": 0}, FULL),
        (
            {"measure": "percentile", "of": OF_VISITS, "field": "minutes", "rank": 50,
             "when_none": 0},
            {"kind": "yes_no", "at_most": 60},
        ),
        ({"measure": "count", "of": OF_VISITS}, FULL),
        ({"measure": "sum", "of": OF_VISITS, "field": "minutes"}, FULL),
        ({"measure": "distinct", "of": OF_VISITS, "field": "village"},
         {"kind": "bands", "bands": [{"at_most": 0, "points": 3}]}),
        (
            {"measure": "short", "of": OF_VISITS, "each": "month", "required": 1, "by": "village",
             "due": {"fact": "duty"}, "when_none": 0},
            FULL,
        ),
        (
            {"measure": "human", "scorers": ["supervisor"], "question": "几次", "required": False},
            FULL,
        ),
    ],
)  # fmt: skip
def test_audit_4_3_points_for_nothing_are_refused_unless_a_rule_is_cited(
    evidence: dict[str, Any], method: dict[str, Any]
) -> None:
    [fault] = measured(evidence, method)
    assert fault.startswith("items[0]: it gives ")
    if evidence["measure"] not in ("human", "count", "sum", "distinct"):
        assert measured({**evidence, "when_none_basis": "某办法第三条"}, method) == []
        not_scored = {**evidence, "when_none": "not_scored"}
        assert measured(not_scored, method) == [
            "unmeasured: say whether the weight of what is not scored is shared, or zero"
        ]
        assert measured(not_scored, method, unmeasured="zero") == []


def test_a_group_that_starts_with_points_gives_them_for_nothing_too() -> None:
    part = {**item({"measure": "count", "of": OF_VISITS}, FULL), "maximum": 0, "floor": -3}
    group = {"code": "group", "name": "组", "maximum": 3, "start": 3, "basis": "第一条"}
    whole = {**rules({**group, "items": [part]})}
    assert problems(of(whole))[0].startswith("items[0]: it gives 3.00 points")


def test_when_none_is_said_of_whatever_may_have_nothing_to_measure() -> None:
    among = {"measure": "count", "of": OF_VISITS, "among": OF_VISITS}
    [fault] = measured(among, {"kind": "points", "each": 1})
    assert fault.startswith("items[0].evidence.when_none: say what holds")
    [fault] = measured(
        {"measure": "count", "of": OF_VISITS, "when_none": 0}, {"kind": "points", "each": 1}
    )
    assert "needs `among`" in fault


@pytest.mark.parametrize("ruleset", NEWEST.values(), ids=lambda one: f"{one['code']}")
def test_audit_4_3_the_newest_shipped_rules_give_nothing_for_nothing(ruleset: Any) -> None:
    assert ruleset["version"] == 3
    assert points_for_nothing(ruleset) == {}
    subject = {"code": "A-1"} if ruleset["subject"] == "adviser" else ROOM
    human = INTEGRITY if ruleset["subject"] == "adviser" else {}
    assert scored(ruleset, [], subject=subject, human=human)["score"] == "0.00"


# --- weights


def two(unmeasured: str) -> Any:
    """An item of 6 that counts visits and one of 4 that a duty decides."""
    first = {
        **item({"measure": "count", "of": OF_VISITS}, {"kind": "points", "each": 1}, code="first"),
        "maximum": 6,
    }
    ratio = {"measure": "ratio", "of": {"fact": "duty", "where": {"fulfilled": True}},
             "to": {"fact": "duty"}, "when_none": "not_scored"}  # fmt: skip
    second = {**item(ratio, SHARE, code="second"), "maximum": 4}
    return rules(first, second, unmeasured=unmeasured)


def test_the_weight_of_what_is_not_scored_is_shared_or_is_0_as_the_rules_say() -> None:
    some = facts("visit", 3)
    shared, zero = scored(two("shared"), some), scored(two("zero"), some)
    # 3 of 6 are 5 of 10
    assert (shared["score"], shared["measured"]) == ("5.00", "6")
    assert (zero["score"], "measured" in zero) == ("3.00", False)
    for tree in (shared, zero):
        leaf = tree["items"][1]
        assert (leaf["not_scored"], leaf["value"], leaf["score"]) == (True, None, "0.00")
        assert tree["pending"] == []
        assert tree["grade"] == "有"
    measured_too = scored(two("shared"), [*some, fact("duty", 9, fulfilled=True)])
    assert (measured_too["score"], "measured" in measured_too) == ("7.00", False)


def test_the_rest_of_a_group_takes_its_weight_and_a_group_of_nothing_is_not_scored() -> None:
    plain_two = two("shared")
    group = {"code": "group", "name": "组", "maximum": 10, "items": plain_two["items"]}
    lone = {"code": "lone", "name": "组", "maximum": 10, "items": [plain_two["items"][1]]}
    lone["items"] = [{**plain_two["items"][1], "code": "third", "maximum": 10}]
    tree = scored(rules(group, lone, unmeasured="shared"), facts("visit", 3))
    assert [one["score"] for one in tree["items"]] == ["5.00", "0.00"]
    assert (tree["items"][0]["measured"], tree["items"][1]["not_scored"]) == ("6", True)
    # 5 of 10 are 10 of 20
    assert (tree["score"], tree["measured"]) == ("10.00", "10")


# --- the idle adviser

DAYS = st.integers(1, 28).map(lambda day: f"2026-10-{day:02}")
MONTH: PeriodDays = {"first": "2026-10-01", "last": "2026-10-31"}


def duty(number: int, **said: Any) -> Fact:
    own = {"month": "2026-10", "day": "2026-10-01", "days": 31, "required_minutes": 480}
    return fact("duty", number, village=VILLAGE, **{**own, **said})


def idle() -> st.SearchStrategy[list[Fact]]:
    """What may be on record of an adviser who did nothing: a duty, quotas, cases that stand with
    him and that others answered, complaints, orders."""
    service = st.builds(
        lambda day, **said: ("service", {"day": day, **said}),
        DAYS,
        response_in_time=st.sampled_from([True, True, False, None]),
        responded=st.booleans(),
        response_minutes=st.none() | st.integers(0, 90),
        response_in_time_on_record=st.sampled_from([True, True, False, None]),
        response_minutes_on_record=st.none() | st.integers(0, 90),
        grade_explicit=st.sampled_from([None, 5, 5, 1]),
        grade_default=st.sampled_from([None, 3]),
        referral_made=st.integers(0, 1),
        referral_completed=st.integers(0, 1),
        mediation_opened=st.integers(0, 1),
        mediation_agreed=st.integers(0, 1),
        mediation_performed=st.integers(0, 1),
    )
    quota = st.builds(
        lambda kind, required: ("quota", {
            "quota": kind, "day": "2026-10-01", "last": "2026-12-31", "required": required,
            "shortfall": required, "fulfilled": required == 0, "standing": "counts",
        }),
        st.sampled_from(["lecture", "offpeak_lecture"]), st.integers(0, 2),
    )  # fmt: skip
    complaint = st.builds(
        lambda day, justified: ("complaint", {"day": day, "justified": justified}),
        DAYS, st.booleans(),
    )  # fmt: skip
    order = st.builds(
        lambda day, overdue, known: ("rectification", {
            "day": day, "overdue": overdue, "overdue_on_record": overdue or known,
        }),
        DAYS, st.booleans(), st.booleans(),
    )  # fmt: skip
    return st.lists(st.one_of(service, quota, complaint, order), max_size=8).map(numbered)


def numbered(drawn: list[tuple[str, dict[str, Any]]]) -> list[Fact]:
    some = [fact(kind, n, **values) for n, (kind, values) in enumerate(drawn, start=1)]
    return [duty(900), *some]


def at_work() -> st.SearchStrategy[list[Fact]]:
    """Verified work, and the worst besides: late, incomplete, complained of, rated badly."""
    verified = st.builds(
        lambda day, **said: ("visit", {"day": day, "verified": True, "first": True, **said}),
        DAYS,
        capacity=st.sampled_from(["adviser", "mediation_committee"]),
        late=st.booleans(),
        late_steps=st.integers(0, 2),
        complete=st.booleans(),
        onsite=st.booleans(),
    )
    unverified = st.builds(lambda day: ("visit", {"day": day, "late": True, "late_steps": 1}), DAYS)
    bad = st.builds(
        lambda day: ("service", {
            "day": day, "response_in_time": False, "response_in_time_on_record": False,
            "response_minutes_on_record": 900, "grade_explicit": 1,
        }),
        DAYS,
    )  # fmt: skip
    complaint = st.builds(
        lambda day: ("complaint", {"day": day, "justified": True, "review_changed": 1}), DAYS
    )
    order = st.builds(
        lambda day: ("rectification", {"day": day, "overdue": True, "overdue_on_record": True}),
        DAYS,
    )
    others = st.lists(st.one_of(unverified, bad, complaint, order), max_size=8)
    return st.tuples(verified, others).map(lambda drawn: numbered([drawn[0], *drawn[1]]))


LECTURE_AND_A_BAD_RATING = [
    duty(900),
    fact("visit", 1, day="2026-10-20", service="lecture", verified=True, complete=True),
    fact(
        "service",
        2,
        day="2026-10-21",
        response_in_time=True,
        response_in_time_on_record=True,
        grade_explicit=1,
    ),
]


@settings(max_examples=150)
@given(idle(), at_work())
@example([duty(900)], LECTURE_AND_A_BAD_RATING)
def test_audit_4_3_the_idle_adviser_beats_nobody_with_verified_work(
    nothing: list[Fact], work: list[Fact]
) -> None:
    for ruleset in OF_ADVISERS:
        one = scored(ruleset, nothing, period=MONTH, human=INTEGRITY)
        other = scored(ruleset, work, period=MONTH, human=INTEGRITY)
        assert Fraction(one["score"]) == 0
        assert one["without_work"]
        assert one["grade"] == ruleset["grades"][-1]["name"]
        assert Fraction(other["score"]) > 0
