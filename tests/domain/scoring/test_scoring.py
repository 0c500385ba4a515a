"""Facts and a rule set in, a result tree out: each measure and method, what did not count and why,
and the laws that hold whatever the facts are."""

import json
import subprocess
import sys
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from domain.evaluation.ruleset_check import VALUES
from domain.evaluation.ruleset_content import plain
from domain.reporting.report import canonical
from domain.scoring.computation import SHIPPED
from domain.scoring.evidence import rounded
from domain.scoring.facts import FIELDS
from domain.scoring.scoring import by_subject, compare, human_score_fault, leaves, score, selections
from domain.scoring.shapes import HumanScore
from ledger.founding.shipped import shipped_rulesets
from tests.scored import ADVISER, ROOM, VILLAGE, YEAR, Fact, fact, facts, item, rules, said, scored
from tests.travelling import lay_out

VISITS = {"fact": "visit"}
ONSITE = {"fact": "visit", "where": {"onsite": True}}
COUNT = {"measure": "count", "of": VISITS}
ONE_EACH = {"kind": "points", "each": 1}
LATE = {
    "measure": "ratio",
    "of": {"fact": "visit", "where": {"late": True}},
    "to": VISITS,
    "when_none": 0,
}
HUMAN = {"measure": "human", "scorers": ["supervisor"], "question": "几分"}
SHIPPED_RULES = [plain(one.ruleset) for one in shipped_rulesets()]


def leaf(evidence: dict[str, Any], *some: Fact, **more: Any) -> dict[str, Any]:
    """What is measured, at one point each."""
    tree = scored(rules(item(evidence, ONE_EACH, 1000)), some, **more)
    return dict(tree["items"][0])


def worth(method: dict[str, Any], occurrences: int | str, **more: Any) -> str:
    """The score of an item where a person says how often."""
    ruleset = rules(item(HUMAN, method, **more))
    return str(scored(ruleset, human={"one": said(occurrences)})["score"])


# --- measures


def test_facts_are_counted() -> None:
    assert leaf(COUNT, *facts("visit", 3))["value"] == "3"


def test_a_field_is_summed_and_each_fact_shows_its_amount() -> None:
    measured = leaf(
        {"measure": "sum", "of": VISITS, "field": "minutes"},
        fact("visit", 1, minutes=30),
        fact("visit", 2, minutes=45),
    )
    assert measured["value"] == "75"
    assert [one["amount"] for one in measured["used"]] == [30, 45]


def test_villages_are_counted_once() -> None:
    visits = [fact("visit", n, village=f"44010300100{n % 2}") for n in range(5)]
    measured = leaf({"measure": "distinct", "of": VISITS, "field": "village"}, *visits)
    assert measured["value"] == "2"
    assert measured["different"] == ["440103001000", "440103001001"]


@pytest.mark.parametrize(
    ("rank", "minutes", "value"),
    [
        (50, [10, 20, 30], "20"),
        (50, [10, 20, 30, 45], "25"),
        # percentile_cont(0.9) of four: between the 3rd and 4th, at 0.7
        (90, [10, 20, 30, 45], "40.5"),
        (90, [7], "7"),
        (50, [], "99"),
    ],
)
def test_a_percentile_lies_between_its_neighbours(
    rank: int, minutes: list[int], value: str
) -> None:
    some = [fact("service", n, response_minutes=of) for n, of in enumerate(minutes)]
    evidence = {"of": {"fact": "service"}, "field": "response_minutes", "rank": rank}
    measured = leaf({"measure": "percentile", "when_none": 99, **evidence}, *some)
    assert measured["value"] == value


def test_a_share_names_what_it_is_held_against() -> None:
    measured = leaf(LATE, *facts("visit", 2), fact("visit", 9, late=True))
    assert (measured["numerator"], measured["denominator"]) == ("1", "3")
    assert measured["value"] == "0.333333"
    assert [one["positions"] for one in measured["used"]] == [[9]]
    assert [one["positions"] for one in measured["against"]] == [[1], [2]]


def test_a_share_of_nothing_is_what_the_rule_says() -> None:
    assert leaf({**LATE, "when_none": "0.5"})["value"] == "0.5"


def test_a_ratio_of_two_kinds_for_each_thousand() -> None:
    evidence = {
        "measure": "ratio",
        "of": {"fact": "complaint"},
        "to": {"fact": "service"},
        "per": 1000,
        "when_none": 0,
    }
    some = [*facts("service", 400), *facts("complaint", 3, start=900)]
    assert leaf(evidence, *some)["value"] == "7.5"


def test_a_ratio_of_sums_of_two_fields() -> None:
    evidence = {
        "measure": "ratio",
        "of": {"fact": "appointment"},
        "to": {"fact": "appointment"},
        "field": "display_days",
        "to_field": "days",
        "when_none": 1,
    }
    measured = leaf(
        evidence,
        fact("appointment", 1, first="2026-01-01", last="2026-12-31", days=300, display_days=300),
        fact("appointment", 2, first="2026-11-01", last="2027-12-31", days=100, display_days=20),
    )
    assert measured["value"] == "0.8"
    assert [one["amount"] for one in measured["against"]] == [300, 100]


MONTHLY = {"measure": "short", "of": ONSITE, "each": "month", "required": 1}


def test_every_month_without_a_visit_is_short() -> None:
    visits = [fact("visit", n, day=f"2026-{n:02}-20", onsite=True) for n in (1, 2, 4, 12)]
    twice = fact("visit", 40, day="2026-04-28", onsite=True)
    measured = leaf(MONTHLY, *visits, twice)
    assert measured["value"] == "8"
    assert measured["missing"][0] == {"month": "2026-03", "short": "1"}


@pytest.mark.parametrize(
    ("each", "parts"),
    [
        ("quarter", ["2026-Q1", "2026-Q3", "2026-Q4"]),
        ("half_year", ["2026-H2"]),
        ("year", []),
    ],
)
def test_quarters_half_years_and_years_are_short_as_months_are(each: str, parts: list[str]) -> None:
    visit = fact("visit", 1, day="2026-06-30", onsite=True)
    measured = leaf({**MONTHLY, "each": each}, visit)
    assert [one[each] for one in measured["missing"]] == parts


@pytest.mark.parametrize(("counting", "value"), [("missing", "300"), ("periods", "2")])
def test_minutes_are_missing_in_each_village_apart(counting: str, value: str) -> None:
    evidence = {
        **MONTHLY,
        "field": "minutes",
        "required": 240,
        "by": "village",
        "due": {"fact": "duty"},
        "counting": counting,
    }
    other = "440103001002"
    measured = leaf(
        evidence,
        fact("duty", 1, day="2026-03-01"),
        fact("duty", 2, day="2026-03-01", village=other),
        fact("duty", 3, day="2026-04-01"),
        fact("visit", 4, minutes=600, onsite=True),
        fact("visit", 5, minutes=180, onsite=True, village=other),
    )
    assert measured["value"] == value
    assert measured["missing"] == [
        {"month": "2026-03", "village": other, "short": "60"},
        {"month": "2026-04", "village": VILLAGE, "short": "240"},
    ]
    assert len(measured["against"]) == 3


# --- which facts


def test_only_facts_of_the_subject_are_looked_at() -> None:
    measured = leaf(COUNT, fact("visit", 1), fact("visit", 2, adviser="A-2"))
    assert (len(measured["used"]), measured["unused"]) == (1, [])


def test_a_point_is_found_by_its_code_or_by_its_division() -> None:
    evidence = {"measure": "count", "of": {"fact": "visit", "whose": "village"}}
    ruleset = rules(item(evidence, ONE_EACH), subject="point")
    some = [fact("visit", 1), fact("visit", 2, village="440103001002")]
    assert scored(ruleset, some, subject=ROOM)["items"][0]["value"] == "1"


@pytest.mark.parametrize(
    ("where", "chosen"),
    [
        ({"service": "lecture"}, [1]),
        ({"service": ["lecture", "mediation"]}, [1, 2]),
        ({"minutes": {"at_least": 60}}, [2, 3]),
        ({"minutes": {"at_least": 60, "at_most": 60}}, [2]),
        ({"day": {"at_most": "2026-06-30"}}, [1, 2]),
        ({"team": None}, [1, 3]),
        ({"team": [None, "T-9"]}, [1, 3]),
        ({"off_peak_kinds": "holiday"}, [3]),
        ({"off_peak_kinds": ["night", "rest_day"]}, [2, 3]),
        ({}, [1, 2, 3]),
    ],
)
def test_conditions_choose_facts(where: dict[str, Any], chosen: list[int]) -> None:
    some = [
        fact("visit", 1, service="lecture", minutes=30),
        fact("visit", 2, service="mediation", minutes=60, team="T-1", off_peak_kinds=["night"]),
        fact("visit", 3, minutes=90, day="2026-07-01", off_peak_kinds=["holiday", "rest_day"]),
    ]
    measured = leaf({"measure": "count", "of": {"fact": "visit", "where": where}}, *some)
    assert [one["positions"][0] for one in measured["used"]] == chosen


def test_an_answer_of_a_checklist_is_looked_at() -> None:
    of = {"fact": "inspection", "where": {"answers.public_display": False}}
    some = [
        fact("inspection", 1, answers={"public_display": False}),
        fact("inspection", 2, answers={"public_display": True}),
        fact("inspection", 3, answers={}),
    ]
    assert len(leaf({"measure": "count", "of": of}, *some)["used"]) == 1


def test_one_of_several_wheres_suffices() -> None:
    any_of = [{"grade_explicit": {"at_least": 3}}, {"grade_explicit": None, "grade_default": 3}]
    some = [
        fact("service", 1, grade_explicit=5),
        fact("service", 2, grade_default=3),
        fact("service", 3, grade_explicit=1, grade_default=3),
    ]
    measured = leaf({"measure": "count", "of": {"fact": "service", "any_of": any_of}}, *some)
    assert [one["positions"][0] for one in measured["used"]] == [1, 2]


@pytest.mark.parametrize(
    ("said_of_it", "reason"),
    [
        ({"day": "2025-12-31"}, "outside_period"),
        ({"day": "2027-01-01"}, "outside_period"),
        ({"standing": "voided"}, "voided"),
        ({"standing": "duplicate"}, "duplicate"),
        ({"grade_excluded": True}, "excluded_by_dispute"),
        ({"grade_explicit": None}, "not_stated"),
    ],
)
def test_a_candidate_that_does_not_count_says_why(said_of_it: dict[str, Any], reason: str) -> None:
    of = {
        "fact": "service",
        "excluding": [{"where": {"grade_excluded": True}, "reason": "excluded_by_dispute"}],
    }
    one = fact("service", 7, **{"grade_explicit": 4, **said_of_it})
    measured = leaf({"measure": "sum", "of": of, "field": "grade_explicit"}, one)
    assert measured["used"] == []
    assert measured["unused"] == [
        {
            "fact": "service",
            "stream": one["stream"],
            "day": one["day"],
            "positions": [7],
            "reason": reason,
        }
    ]


def test_what_is_long_past_is_no_candidate() -> None:
    some = [
        fact("visit", n, day=day)
        for n, day in enumerate(("2025-11-30", "2025-12-01", "2027-01-31", "2027-02-01"))
    ]
    measured = leaf(COUNT, *some)
    assert [one["day"] for one in measured["unused"]] == ["2025-12-01", "2027-01-31"]


def test_a_period_may_be_one_day() -> None:
    day = {"first": "2026-03-02", "last": "2026-03-02"}
    assert leaf(COUNT, fact("visit"), period=day)["value"] == "1"


def test_what_lasts_counts_in_every_period_it_touches() -> None:
    of = {"measure": "count", "of": {"fact": "appointment"}}
    touching = fact("appointment", 1, first="2025-03-01", last="2026-01-01")
    over = fact("appointment", 2, first="2025-01-01", last="2025-12-31")
    measured = leaf(of, touching, over)
    assert [(one["positions"], one["day"]) for one in measured["used"]] == [([1], "2025-03-01")]
    assert [one["reason"] for one in measured["unused"]] == ["outside_period"]


def test_the_same_fact_twice_is_an_error() -> None:
    with pytest.raises(ValueError, match="the same visit twice"):
        leaf(COUNT, fact("visit"), fact("visit"))


def test_facts_of_the_same_events_come_in_one_order() -> None:
    evidence = {"measure": "sum", "of": {"fact": "quota"}, "field": "required"}
    both_kinds = [
        fact("quota", 1, quota="lecture", required=4),
        fact("quota", 1, quota="risk_screening", required=1),
    ]
    assert leaf(evidence, *both_kinds) == leaf(evidence, *both_kinds[::-1])


def test_a_period_does_not_end_before_it_begins() -> None:
    with pytest.raises(ValueError, match="before it begins"):
        leaf(COUNT, period={"first": "2026-02-01", "last": "2026-01-31"})


# --- methods


@pytest.mark.parametrize(
    ("method", "occurrences", "points"),
    [
        ({"kind": "points", "each": "0.3"}, 4, "1.20"),
        ({"kind": "points", "each": 4}, 3, "10.00"),
        ({"kind": "points", "each": 1, "per": 50}, 149, "2.00"),
        ({"kind": "deduction", "each": 3}, 2, "4.00"),
        ({"kind": "deduction", "each": 3}, 4, "0.00"),
        ({"kind": "deduction", "each": 3, "cap": 5}, 4, "5.00"),
        ({"kind": "deduction", "each": 1, "per": 10}, 29, "8.00"),
        ({"kind": "linear", "none_at": 2, "all_at": 5}, 1, "0.00"),
        ({"kind": "linear", "none_at": 2, "all_at": 5}, 3, "3.33"),
        ({"kind": "linear", "none_at": 2, "all_at": 5}, 6, "10.00"),
        ({"kind": "linear", "none_at": 10, "all_at": 0}, 4, "6.00"),
        ({"kind": "yes_no", "at_least": 2}, 2, "10.00"),
        ({"kind": "yes_no", "at_least": 2}, 1, "0.00"),
        ({"kind": "yes_no", "at_most": 0}, 0, "10.00"),
        ({"kind": "given"}, "7.125", "7.13"),
    ],
)
def test_what_a_number_is_worth(
    method: dict[str, Any], occurrences: int | str, points: str
) -> None:
    assert worth(method, occurrences) == points


@pytest.mark.parametrize(("value", "points"), [(0, "1.00"), (3, "6.00"), (4, "6.00"), (9, "10.00")])
def test_the_first_band_that_holds(value: int, points: str) -> None:
    bands = [{"at_least": 5, "points": 10}, {"at_least": 3, "points": 6}]
    assert worth({"kind": "bands", "bands": bands, "otherwise": 1}, value) == points


def test_points_never_fall_below_the_floor() -> None:
    assert worth({"kind": "deduction", "each": 3}, 9, floor=4) == "4.00"


def test_a_share_is_of_what_lies_above_the_floor() -> None:
    assert worth({"kind": "linear", "none_at": 0, "all_at": 4}, 1, floor=2) == "4.00"


@pytest.mark.parametrize(
    ("mode", "points"),
    [
        ("half_up", {"0.125": "0.13", "0.135": "0.14", "-0.125": "-0.13", "0.1349": "0.13"}),
        (
            "half_even",
            {
                "0.125": "0.12",
                "0.145": "0.14",
                "0.135": "0.14",
                "-0.125": "-0.12",
                "0.1251": "0.13",
            },
        ),
        ("down", {"0.125": "0.12", "0.139": "0.13", "-0.129": "-0.12"}),
    ],
)
def test_rounding_is_as_stated(mode: str, points: dict[str, str]) -> None:
    for value, expected in points.items():
        assert rounded(Fraction(value), 2, mode) == Fraction(expected)


def test_the_total_is_the_sum_of_what_people_see() -> None:
    third = {"kind": "linear", "none_at": 0, "all_at": 3}
    three = [item(HUMAN, third, 1, code=code) for code in "abc"]
    tree = scored(rules(*three), human={code: said(1) for code in "abc"})
    assert [one["score"] for one in tree["items"]] == ["0.33"] * 3
    assert tree["score"] == "0.99"


def test_whole_points_have_no_decimal_places() -> None:
    ruleset = rules(item(COUNT, ONE_EACH), rounding={"places": 0, "mode": "half_up"})
    assert scored(ruleset, facts("visit", 3))["score"] == "3"


# --- the whole


def test_deductions_may_share_one_maximum() -> None:
    deduct = {"kind": "deduction", "each": 3}
    group = {
        "code": "group",
        "name": "组",
        "maximum": 5,
        "start": 5,
        "items": [item(HUMAN, deduct, 0, code=code, floor=-9) for code in "ab"],
    }
    tree = scored(rules(group), human={"a": said(1), "b": said(0)})
    assert [one["score"] for one in tree["items"][0]["items"]] == ["-3.00", "0.00"]
    assert tree["score"] == "2.00"
    assert scored(rules(group), human={"a": said(1), "b": said(1)})["score"] == "0.00"


def test_bonuses_come_on_top_up_to_the_ceiling_and_never_below_nothing() -> None:
    bonus = item(HUMAN, {"kind": "given"}, 8, code="bonus", floor=-8)
    ruleset = rules(item(COUNT, ONE_EACH), bonuses=[bonus], ceiling=15)
    some = facts("visit", 10)
    assert scored(ruleset, some, human={"bonus": said(3)})["score"] == "13.00"
    assert scored(ruleset, some, human={"bonus": said(8)})["score"] == "15.00"
    assert scored(ruleset, human={"bonus": said(-8)})["score"] == "0.00"


GRADES = [{"name": name, "at_least": low} for name, low in (("优", 9), ("良", 6), ("差", 0))]


@pytest.mark.parametrize(("visits", "grade"), [(10, "优"), (9, "优"), (8, "良"), (5, "差")])
def test_a_grade_begins_at_its_score(visits: int, grade: str) -> None:
    ruleset = rules(item(COUNT, ONE_EACH), grades=GRADES)
    assert scored(ruleset, facts("visit", visits))["grade"] == grade


@pytest.mark.parametrize(
    ("absences", "visits", "grade"), [(2, 10, "优"), (3, 10, "良"), (3, 2, "差")]
)
def test_a_veto_allows_no_better_grade(absences: int, visits: int, grade: str) -> None:
    of = {"fact": "appointment", "where": {"absences": {"at_least": 1}}}
    veto = {
        "code": "absences",
        "name": "缺勤",
        "evidence": {"measure": "sum", "of": of, "field": "absences"},
        "at_least": 3,
        "grade": "良",
        "basis": "测试",
    }
    lasting = {"first": "2026-01-01", "last": "2026-12-31"}
    missed = [fact("appointment", 90 + n, absences=1, **lasting) for n in range(absences)]
    ruleset = rules(item(COUNT, ONE_EACH), grades=GRADES, vetoes=[veto])
    tree = scored(ruleset, [*facts("visit", visits), *missed])
    assert tree["grade"] == grade
    assert tree["vetoes"][0]["raised"] is (absences >= 3)
    assert len(tree["vetoes"][0]["used"]) == absences


def test_a_subsidy_goes_by_grade_and_by_how_often() -> None:
    rates = [{"grade": one["name"], "amount": n} for n, one in enumerate(GRADES, start=1)]
    subsidy: dict[str, Any] = {"rates": rates, "unit": "元", "per": "村", "basis": "测试"}
    ruleset = rules(item(COUNT, ONE_EACH), grades=GRADES, subsidy=subsidy)
    assert scored(ruleset)["subsidy"] == {"rate": "3", "unit": "元", "per": "村"}
    subsidy["times"] = {"measure": "distinct", "of": VISITS, "field": "village"}
    assert scored(ruleset, facts("visit", 9))["subsidy"]["amount"] == "1.00"


# --- what people say


def test_a_missing_human_score_leaves_the_grade_open() -> None:
    ruleset = rules(item(COUNT, ONE_EACH), item(HUMAN, {"kind": "given"}, code="said"))
    tree = scored(ruleset, facts("visit", 4))
    assert (tree["score"], tree["grade"], tree["pending"]) == ("4.00", None, ["said"])


def test_a_human_score_that_is_not_required_is_nothing_when_missing() -> None:
    optional = item({**HUMAN, "required": False}, {"kind": "given"})
    tree = scored(rules(optional))
    assert (tree["score"], tree["grade"], tree["pending"]) == ("0.00", "有", [])


def test_a_leaf_shows_who_scored_and_not_in_which_words() -> None:
    record = {**said(3), "reason": "张某家访记录不全", "positions": [12]}
    tree = scored(rules(item(HUMAN, {"kind": "given"})), human={"one": record})
    assert tree["items"][0]["human"] == {**said(3), "positions": [12]}


@pytest.mark.parametrize(
    ("record", "fault"),
    [
        (said(3), ""),
        (said(11), "one: 11 is not between 0 and 10"),
        (said("-0.5"), "one: -0.5 is not between 0 and 10"),
        (said(3, "clerk"), "one: scored by supervisor, not by clerk"),
        ({**said(3), "evidence": []}, "one: names no evidence"),
        ({**said(3), "evidence": [], "sources": ["a stream"]}, ""),
        ({**said(3), "value": 0.5}, "one: 0.5 is not an integer or a decimal string"),
        ({**said(3), "value": "1/3"}, "one: '1/3' is not an integer or a decimal string"),
    ],
)
def test_a_human_score_fits_its_item_or_says_why_not(record: HumanScore, fault: str) -> None:
    ruleset = rules(item(HUMAN, {"kind": "given"}))
    assert human_score_fault(ruleset, "one", record) == fault


def test_nobody_reports_a_thousand_occurrences_or_less_than_none() -> None:
    ruleset = rules(item(HUMAN, {"kind": "deduction", "each": 1}))
    for value in (-1, 1000):
        fault = human_score_fault(ruleset, "one", said(value))
        assert fault == f"one: {value} occurrences are not between 0 and 999"
    assert human_score_fault(ruleset, "one", said(999)) == ""


def test_what_is_counted_from_facts_is_not_scored_by_people() -> None:
    with pytest.raises(ValueError, match="one: no person scores this; people score: none"):
        scored(rules(item(COUNT, ONE_EACH)), human={"one": said(3)})


# --- two trees


LATE_AND_COUNT = rules(
    item(COUNT, ONE_EACH, code="number"),
    item(LATE, {"kind": "linear", "none_at": 1, "all_at": 0}, code="late"),
    item({"measure": "sum", "of": VISITS, "field": "minutes"}, ONE_EACH, 100, code="minutes"),
)


def changed(before: list[Fact], after: list[Fact]) -> dict[str, Any]:
    differences = compare(scored(LATE_AND_COUNT, before), scored(LATE_AND_COUNT, after))
    return {one["code"]: one for one in differences}


def test_the_same_tree_has_no_differences() -> None:
    some = facts("visit", 3)
    assert changed(some, some[::-1]) == {}


def test_an_added_fact_changes_the_leaves_that_look_at_it() -> None:
    before = facts("visit", 2, minutes=10)
    new = fact("visit", 9, minutes=10)
    differences = changed(before, [*before, new])
    assert list(differences) == ["number", "late", "minutes"]
    assert differences["number"] == {
        "code": "number",
        "name": "条目",
        "score": ["2.00", "3.00"],
        "value": ["2", "3"],
        "facts": [
            {
                "fact": "visit",
                "stream": new["stream"],
                "day": "2026-03-02",
                "change": "added",
                "events": [9],
            }
        ],
    }


def test_a_corrected_amount_changes_only_the_leaf_that_sums_it() -> None:
    first, second = fact("visit", 1, minutes=10), fact("visit", 2, minutes=10)
    corrected = {**second, "minutes": 25, "positions": [2, 7]}
    differences = changed([first, second], [first, corrected])
    assert list(differences) == ["minutes"]
    [one] = differences["minutes"]["facts"]
    assert (one["change"], one["events"]) == ("altered", [7])


def test_a_voided_fact_moves_to_those_not_used() -> None:
    one = fact("visit", 1)
    withdrawn = {**one, "standing": "withdrawn", "positions": [1, 5]}
    differences = changed([one], [withdrawn])
    assert differences["number"]["score"] == ["1.00", "0.00"]
    assert [of["events"] for of in differences["number"]["facts"]] == [[5]]


def test_an_event_without_effect_on_a_leaf_is_no_difference() -> None:
    one = fact("visit", 1)
    confirmed = {**one, "confirmed": True, "positions": [1, 4]}
    assert changed([one], [confirmed]) == {}


def test_a_fact_that_is_gone_is_removed() -> None:
    differences = changed(facts("visit", 2), facts("visit", 1))
    assert differences["number"]["facts"][0]["change"] == "removed"
    assert differences["number"]["facts"][0]["events"] == []


def test_another_rule_set_changes_scores_without_facts() -> None:
    dearer = rules(item(COUNT, {"kind": "points", "each": 2}), item(COUNT, ONE_EACH, code="new"))
    some = facts("visit", 2)
    before = scored(rules(item(COUNT, ONE_EACH)), some)
    first, second = compare(before, scored(dearer, some))
    assert (first["score"], first["facts"]) == (["2.00", "4.00"], [])
    assert (second["code"], second["score"]) == ("new", [None, "2.00"])


# --- laws


def _values(kind: str, field: str, of: str) -> st.SearchStrategy[Any]:
    if (kind, field) in VALUES:
        return st.sampled_from(VALUES[kind, field])
    base = {
        "str": st.sampled_from(["a", "b"]),
        "int": st.integers(0, 9),
        "bool": st.booleans(),
        "date": st.dates().map(str),
        "instant": st.just("2026-03-02T01:00:00Z"),
        "list[str]": st.lists(st.sampled_from(["night", "holiday"]), unique=True),
    }
    found = base.get(of.rstrip("?"), st.just({}))
    return st.none() | found if of.endswith("?") else found


DAYS = st.sampled_from([f"2026-{month:02}-{day:02}" for month in range(1, 13) for day in (1, 28)])
NEAR = DAYS | st.sampled_from(["2025-12-15", "2027-01-05"])
NAMES = {"adviser": "A-1", "point": "ROOM-1", "village": VILLAGE, "division": VILLAGE}
OF_ITS_OWN: dict[str, st.SearchStrategy[Any]] = {
    "standing": st.sampled_from(["counts", "counts", "voided"]),
    "day": NEAR,
    **{name: st.sampled_from([value, value, "other"]) for name, value in NAMES.items()},
}
LOOKED_AT = {
    kind: {
        path.partition(".")[0]
        for ruleset in SHIPPED_RULES
        for one in selections(ruleset)
        if one["fact"] == kind
        for where in (one.get("where", {}), *one.get("any_of", ()))
        for path in where
    }
    for kind in FIELDS
}
DRAWN = (
    st.one_of(
        [
            st.fixed_dictionaries(
                {
                    field: OF_ITS_OWN[field] if field in OF_ITS_OWN else _values(kind, field, of)
                    for field, of in FIELDS[kind].items()
                    if field in OF_ITS_OWN or field in LOOKED_AT[kind] or of.startswith("int")
                }
            ).map(lambda values, kind=kind: (kind, values))  # type: ignore[misc]
            for kind in sorted(FIELDS)
            if kind != "appointment"
        ]
    )
    | st.tuples(DAYS, DAYS, st.integers(0, 2)).map(
        lambda drawn: (
            "appointment",
            {"first": min(drawn[:2]), "last": max(drawn[:2]), "absences": drawn[2], "days": 9},
        )
    )
)


def some_facts() -> st.SearchStrategy[list[Fact]]:
    return st.lists(DRAWN, max_size=20).map(
        lambda drawn: [fact(kind, n, **values) for n, (kind, values) in enumerate(drawn, start=1)]
    )


def both(some: list[Fact]) -> list[Any]:
    integrity = {"integrity": said(0)}
    return [
        scored(ruleset, some, human=integrity)
        if ruleset["subject"] == "adviser"
        else scored(ruleset, some, subject=ROOM)
        for ruleset in SHIPPED_RULES
    ]


@settings(max_examples=60)
@given(some_facts(), st.randoms(use_true_random=False))
def test_the_order_of_facts_changes_nothing(some: list[Fact], chance: Random) -> None:
    shuffled = [dict(sorted(one.items(), key=lambda _: chance.random())) for one in some]
    chance.shuffle(shuffled)
    assert [canonical(one) for one in both(shuffled)] == [canonical(one) for one in both(some)]


@settings(max_examples=60)
@given(some_facts())
def test_a_score_lies_between_nothing_and_everything(some: list[Fact]) -> None:
    for tree, ruleset in zip(both(some), SHIPPED_RULES, strict=True):
        assert 0 <= Fraction(tree["score"]) <= Fraction(ruleset["ceiling"])
        assert tree["grade"] in [grade["name"] for grade in ruleset["grades"]]
        for one in leaves(tree):
            if "score" in one:
                assert Fraction(one["score"]) <= Fraction(one["maximum"])


@settings(max_examples=60)
@given(some_facts())
def test_a_result_is_written_again_by_anybody(some: list[Fact]) -> None:
    """`canonical` refuses floats."""
    for tree in both(some):
        assert json.loads(canonical(tree)) == tree


@settings(max_examples=60)
@given(some_facts())
@example([fact("service", grade_default=3, grade_excluded=True)])
def test_what_counts_is_never_also_left_out(some: list[Fact]) -> None:
    for tree in both(some):
        for one in leaves(tree):
            used = {tuple(ref["positions"]) for ref in one["used"]}
            assert used.isdisjoint(tuple(ref["positions"]) for ref in one["unused"])


@settings(max_examples=60)
@given(some_facts())
def test_a_subjects_own_facts_suffice(some: list[Fact]) -> None:
    for ruleset in SHIPPED_RULES:
        subject = ADVISER if ruleset["subject"] == "adviser" else ROOM
        own = by_subject(ruleset, some, [subject])[subject["code"]]
        assert score(ruleset, own, subject, YEAR, {}) == score(ruleset, some, subject, YEAR, {})


MORE = {"kind": "points", "each": "0.37"}
LESS = {"kind": "deduction", "each": "0.37", "cap": 9}
SHARE = {"kind": "linear", "none_at": 2, "all_at": 30}


@settings(max_examples=60)
@given(st.integers(0, 60), st.integers(0, 60))
def test_more_is_never_worth_less_nor_more_deducted_worth_more(one: int, other: int) -> None:
    fewer, more = sorted((one, other))
    for method, sign in ((MORE, 1), (SHARE, 1), (LESS, -1)):
        low, high = (Fraction(worth(method, count)) for count in (fewer, more))
        assert (high - low) * sign >= 0


@settings(max_examples=40)
@given(some_facts())
def test_a_comparison_names_exactly_the_leaves_that_differ(some: list[Fact]) -> None:
    ruleset = SHIPPED_RULES[0]
    before, after = scored(ruleset, some[1:]), scored(ruleset, some)
    pairs = zip(leaves(before), leaves(after), strict=True)
    differing = [one["code"] for one, other in pairs if one != other]
    assert [one["code"] for one in compare(before, after)] == differing


# --- what travels


def test_the_shipped_files_score_with_a_bare_python(tmp_path: Path) -> None:
    lay_out(SHIPPED, tmp_path)
    some = [*facts("visit", 3, complete=True), *facts("service", 2, start=50, grade_explicit=5)]
    given_data = [SHIPPED_RULES[0], some, ADVISER, YEAR, {}]
    (tmp_path / "in.json").write_text(json.dumps(given_data))
    program = (
        "import json, sys; sys.path.insert(0, '.'); from domain.scoring.scoring import score; "
        "print(json.dumps(score(*json.load(open('in.json')))))"
    )
    ran = subprocess.run(
        (sys.executable, "-I", "-S", "-c", program),
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert ran.returncode == 0, ran.stderr
    assert json.loads(ran.stdout) == scored(SHIPPED_RULES[0], some)


def test_every_selection_of_a_rule_set_is_known() -> None:
    kinds = {one["fact"] for one in selections(SHIPPED_RULES[0])}
    assert kinds >= {"duty", "visit", "service", "complaint", "quota", "rectification"}
    assert "appointment" in kinds
