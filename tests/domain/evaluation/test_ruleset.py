"""Rule sets: published once per version, checked before, each fault named with its place."""

import json
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import pytest
from msgspec import structs

from domain.evaluation import determination
from domain.evaluation.determination import Window
from domain.evaluation.ruleset import (
    NoRuleSetInForce,
    PublishedRuleSet,
    PublishRuleSet,
    RuleSetFaulty,
    RuleSetOfAnother,
    RuleSetPublished,
    RuleSetVersionDiffers,
    RuleSetVersionSkipped,
    evolve,
)
from domain.evaluation.ruleset_check import VALUES, NotARuleSet, problems, read
from domain.evaluation.ruleset_content import RuleSet, plain, terms
from domain.scoring.facts import FIELDS
from ledger.founding.shipped import shipped_rulesets
from tests.scored import fact, item, rules, said, scored
from tests.spec import given

VISITS = {"fact": "visit"}
COUNT = {"measure": "count", "of": VISITS}
ONE_EACH = {"kind": "points", "each": 1}
HUMAN = {"measure": "human", "scorers": ["supervisor"], "question": "几分"}
GIVEN = {"kind": "given"}


def ruleset(**more: Any) -> RuleSet:
    return of({**rules(item(COUNT, ONE_EACH)), **more})


def of(written: Mapping[str, Any]) -> RuleSet:
    return read(json.dumps(written).encode())


FIRST = ruleset()
SECOND = ruleset(version=2, effective_from="2027-01-01")
SHIPPED = [one.ruleset for one in shipped_rulesets()]


# --- versions


def test_versions_are_published_one_after_another() -> None:
    given().when(PublishRuleSet(ruleset=FIRST)).then(RuleSetPublished(ruleset=FIRST))
    first = given(RuleSetPublished(ruleset=FIRST))
    first.when(PublishRuleSet(ruleset=SECOND)).then(RuleSetPublished(ruleset=SECOND))


def test_publishing_a_version_again_changes_nothing() -> None:
    both = given(RuleSetPublished(ruleset=FIRST), RuleSetPublished(ruleset=SECOND))
    both.when(PublishRuleSet(ruleset=FIRST)).nothing()


def test_a_published_version_is_not_rewritten() -> None:
    rewritten = structs.replace(FIRST, title="改写")
    first = given(RuleSetPublished(ruleset=FIRST))
    first.when(PublishRuleSet(ruleset=rewritten)).refused(RuleSetVersionDiffers)


def test_no_version_is_skipped() -> None:
    given().when(PublishRuleSet(ruleset=SECOND)).refused(RuleSetVersionSkipped)


@pytest.mark.parametrize("other", [{"code": "others"}, {"subject": "point"}])
def test_a_version_is_of_the_same_rule_set(other: dict[str, Any]) -> None:
    another = structs.replace(SECOND, **other)
    first = given(RuleSetPublished(ruleset=FIRST))
    first.when(PublishRuleSet(ruleset=another)).refused(RuleSetOfAnother)


def test_a_faulty_rule_set_is_not_published() -> None:
    faulty = structs.replace(FIRST, maximum=95)
    given().when(PublishRuleSet(ruleset=faulty)).refused(RuleSetFaulty)


def test_a_version_is_in_force_from_its_day_until_the_next() -> None:
    state: PublishedRuleSet | None = None
    for version in (FIRST, SECOND):
        state = evolve(state, RuleSetPublished(ruleset=version))
    assert state is not None
    assert state.in_force(date(2026, 12, 31)).ref == "rules@1"
    assert state.in_force(date(2027, 1, 1)).ref == "rules@2"
    with pytest.raises(NoRuleSetInForce):
        state.in_force(date(2025, 12, 31))


# --- what is written


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (
            lambda one: one["items"][0].pop("code"),
            "items[0]: Object missing required field `code`",
        ),
        (
            lambda one: one["items"][0].update(maximum=9.5),
            "items[0].maximum: Expected `int | str`, got `float`",
        ),
        (
            lambda one: one["items"][0].update(maximum="9,5"),
            "items[0].maximum: Expected `str` matching regex",
        ),
        (
            lambda one: one["items"][0]["evidence"].update(measure="cuont"),
            "items[0].evidence.measure: Invalid value 'cuont'",
        ),
        (
            lambda one: one["items"][0]["method"].update(kind="formula"),
            "items[0].method.kind: Invalid value 'formula'",
        ),
        (
            lambda one: one["items"][0]["evidence"]["of"].update(were={}),
            "items[0].evidence.of: Object contains unknown field `were`",
        ),
        (lambda one: one.update(items=[]), "items: Expected `array` of length >= 1"),
        (lambda one: one.pop("grades"), "the rule set: Object missing required field `grades`"),
    ],
)
def test_what_is_not_the_shape_of_a_rule_set_is_named_with_its_place(
    change: Callable[[dict[str, Any]], Any], fault: str
) -> None:
    written = rules(item(COUNT, ONE_EACH))
    written = json.loads(json.dumps(written))
    change(written)
    with pytest.raises(NotARuleSet) as refused:
        of(written)
    assert str(refused.value).startswith(fault)


def test_what_is_not_json_is_no_rule_set() -> None:
    with pytest.raises(NotARuleSet, match="malformed"):
        read(b"{items: []}")


# --- faults of evidence


def faults_of(evidence: dict[str, Any], **more: Any) -> list[str]:
    return problems(of({**rules(item(evidence, ONE_EACH)), **more}))


def test_a_misspelled_field_is_named_with_those_there_are() -> None:
    [fault] = faults_of(
        {"measure": "count", "of": {"fact": "visit", "where": {"servise": "lecture"}}}
    )
    place, _, fields = fault.partition("; there are ")
    assert place == "items[0].evidence.of.where.servise: no such field"
    assert "service" in fields.split(", ")
    assert "standing" not in fields


@pytest.mark.parametrize(
    ("where", "fault"),
    [
        ({"service": "lektion"}, "service: no such service: lektion; there are consultation, "),
        ({"service": ["lecture", "x"]}, "service: no such service: x; there are consultation, "),
        ({"onsite": "yes"}, "onsite: 'yes' is not true or false"),
        ({"onsite": 1}, "onsite: 1 is not true or false"),
        ({"minutes": True}, "minutes: True is not an integer"),
        ({"village": None}, "village: None is not a text"),
        ({"standing": "voided"}, "standing: no such field; there are adviser, "),
        ({"minutes": {"at_least": "60"}}, "minutes: '60' is no bound of an integer"),
        ({"day": {"at_least": "March"}}, "day: 'March' is no bound of a day"),
        ({"team": {"at_least": 3}}, "team: 3 is no bound of a text or null"),
        ({"minutes": {}}, "minutes: it needs at_least or at_most"),
        ({"service": []}, "service: an empty list matches nothing"),
        ({"service.kind": "x"}, "service.kind: written service"),
    ],
)
def test_a_condition_that_could_never_hold_is_a_fault(where: dict[str, Any], fault: str) -> None:
    [found] = faults_of({"measure": "count", "of": {"fact": "visit", "where": where}})
    assert found.startswith(f"items[0].evidence.of.where.{fault}")


@pytest.mark.parametrize(
    "where",
    [
        {"service": "lecture", "onsite": True, "team": None, "minutes": 30},
        {"day": {"at_least": "2026-01-01", "at_most": "2026-06-30"}},
        {"off_peak_kinds": ["night", "holiday"], "minutes": [30, 60]},
    ],
)
def test_conditions_of_the_right_kind_are_no_fault(where: dict[str, Any]) -> None:
    assert faults_of({"measure": "count", "of": {"fact": "visit", "where": where}}) == []


def test_answers_of_a_checklist_are_named_by_their_code() -> None:
    def checked(where: dict[str, Any]) -> list[str]:
        return faults_of({"measure": "count", "of": {"fact": "inspection", "where": where}})

    assert checked({"answers.ledger_kept": False, "answers.visits": {"at_most": 1}}) == []
    assert checked({"answers": False}) == [
        "items[0].evidence.of.where.answers: written answers.<code>"
    ]


def test_every_place_of_a_condition_is_checked() -> None:
    wrong = {"nothing": 1}
    selection = {
        "fact": "visit",
        "any_of": [{"onsite": True}, wrong],
        "excluding": [{"where": wrong, "reason": "not_verified"}],
    }
    evidence = {"measure": "ratio", "of": selection, "to": selection, "when_none": 1}
    assert [one.partition(": no such")[0] for one in faults_of(evidence)] == [
        "items[0].evidence.of.any_of[1].nothing",
        "items[0].evidence.of.excluding[0].where.nothing",
        "items[0].evidence.to.any_of[1].nothing",
        "items[0].evidence.to.excluding[0].where.nothing",
    ]


def test_an_unknown_fact_is_named_with_those_there_are() -> None:
    [fault] = faults_of({"measure": "sum", "of": {"fact": "visits"}, "field": "minutes"})
    assert fault == (
        "items[0].evidence.of.fact: no such fact: visits; there are " + ", ".join(FIELDS)
    )


@pytest.mark.parametrize(
    ("evidence", "fault"),
    [
        ({"measure": "sum", "of": VISITS, "field": "mode"}, "field: no such field; there are adv"),
        ({"measure": "distinct", "of": VISITS, "field": "onsite"}, "field: no such field"),
        (
            {"measure": "percentile", "of": VISITS, "field": "x", "rank": 50, "when_none": 0},
            "field: no such field",
        ),
        (
            {"measure": "ratio", "of": VISITS, "to": VISITS, "field": "x", "when_none": 0},
            "field: no such field",
        ),
        (
            {"measure": "ratio", "of": VISITS, "to": VISITS, "to_field": "x", "when_none": 0},
            "to_field: no such field",
        ),
        (
            {"measure": "ratio", "of": VISITS, "to": VISITS, "per": 0, "when_none": 0},
            "per: 0 is not above 0",
        ),
        (
            {"measure": "short", "of": VISITS, "each": "month", "required": 0},
            "required: 0 is not above 0",
        ),
        (
            {"measure": "short", "of": VISITS, "each": "month", "required": 1, "field": "x"},
            "field: no such field",
        ),
        (
            {"measure": "short", "of": VISITS, "each": "month", "required": 1, "by": "village"},
            "by: it needs `due`, which says where something is owed",
        ),
        (
            {
                "measure": "short",
                "of": VISITS,
                "each": "month",
                "required": 1,
                "by": "village",
                "due": {"fact": "inspection"},
            },
            "by: no such field",
        ),
        (
            {
                "measure": "short",
                "of": VISITS,
                "each": "month",
                "required": 1,
                "by": "village",
                "due": {"fact": "inspection"},
                "due_by": "vilage",
            },
            "due_by: no such field",
        ),
        (
            {"measure": "count", "of": {"fact": "visit", "whose": "firm"}},
            "of.whose: firm names no adviser of a visit; adviser does",
        ),
    ],
)
def test_evidence_that_cannot_be_measured_is_a_fault(evidence: dict[str, Any], fault: str) -> None:
    [found] = faults_of(evidence)
    assert found.startswith(f"items[0].evidence.{fault}")


def test_a_fact_names_a_point_by_its_code_or_division() -> None:
    [fault] = faults_of(COUNT, subject="point")
    assert fault == ("items[0].evidence.of.whose: point names no point of a visit; village does")
    evidence = {"measure": "count", "of": {"fact": "visit", "whose": "village"}}
    assert faults_of(evidence, subject="point") == []


@pytest.mark.parametrize(("fact_kind", "field"), VALUES)
def test_known_values_are_of_fields_that_facts_have(fact_kind: str, field: str) -> None:
    assert FIELDS[fact_kind][field].rstrip("?") in ("str", "list[str]")


# --- faults of items


@pytest.mark.parametrize(
    ("method", "fault"),
    [
        ({"kind": "points", "each": 0}, "each: 0 is not above 0"),
        ({"kind": "points", "each": 1, "per": -1}, "per: -1 is not above 0"),
        ({"kind": "deduction", "each": -1}, "each: -1 is not above 0"),
        ({"kind": "deduction", "each": 1, "cap": 0}, "cap: 0 is not above 0"),
        ({"kind": "linear", "none_at": 1, "all_at": "1.0"}, "none_at and all_at are the same"),
        ({"kind": "yes_no"}, "it needs at_least or at_most"),
        ({"kind": "given"}, "points are given by people, so the evidence is human"),
        (
            {"kind": "bands", "bands": [{"at_least": 1, "points": 11}]},
            "bands[0].points: 11 is not between 0 and 10",
        ),
        (
            {"kind": "bands", "bands": [{"at_least": 1, "points": 5}], "otherwise": -1},
            "otherwise: -1 is not between 0 and 10",
        ),
        ({"kind": "bands", "bands": [{"points": 5}]}, "bands[0]: it needs at_least or at_most"),
        (
            {
                "kind": "bands",
                "bands": [{"at_least": 1, "points": 5}, {"at_least": 2, "points": 9}],
            },
            "bands[1]: an earlier band holds wherever this one does",
        ),
        (
            {"kind": "bands", "bands": [{"at_most": 1, "points": 5}] * 2},
            "bands[1]: an earlier band holds wherever this one does",
        ),
        (
            {"kind": "bands", "bands": [{"at_least": 1, "points": 5}] * 2},
            "bands[1]: an earlier band holds wherever this one does",
        ),
        (
            {"kind": "bands", "bands": [{"at_least": 1, "points": "5.555"}]},
            "bands[0].points: 5.555 has more places than scores are rounded to (2)",
        ),
    ],
)
def test_a_method_without_sense_is_a_fault(method: dict[str, Any], fault: str) -> None:
    [found] = problems(of(rules(item(COUNT, method))))
    assert found.removeprefix("items[0].method").lstrip(".: ") == fault


def group(*items: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"code": "group", "name": "组", "maximum": 10, "items": list(items), **more}


@pytest.mark.parametrize(
    ("written", "fault"),
    [
        (item(COUNT, ONE_EACH, basis=" "), "items[0].basis: no basis is cited here or above"),
        (item(COUNT, ONE_EACH, floor=11), "items[0].floor: 11 is above the maximum 10"),
        (
            {**item(COUNT, ONE_EACH), "maximum": "10.001"},
            "items[0].maximum: 10.001 has more places than scores are rounded to (2)",
        ),
        (
            {"code": "one", "name": "条目", "maximum": 10, "evidence": COUNT},
            "items[0].method: a leaf needs one (or give the item items of its own)",
        ),
        (
            {"code": "one", "name": "条目", "maximum": 10, "method": ONE_EACH},
            "items[0].evidence: a leaf needs one (or give the item items of its own)",
        ),
        (
            group(item(COUNT, ONE_EACH), method=ONE_EACH),
            "items[0]: a group has items, a leaf has method and evidence; this has both",
        ),
        (
            group(item(COUNT, ONE_EACH, 8)),
            "items[0].maximum: 10 cannot be reached; start and items add up to 8",
        ),
        (
            group(item(COUNT, ONE_EACH, basis="")),
            "items[0].items[0].basis: no basis is cited here or above",
        ),
        (
            group(item(COUNT, ONE_EACH, code="group")),
            "items[0].items[0].code: group is the code of items[0] already",
        ),
    ],
)
def test_a_faulty_item_is_named_with_its_place(written: dict[str, Any], fault: str) -> None:
    assert fault in problems(of({**rules(), "items": [written], "maximum": 10}))


def test_a_maximum_may_have_as_many_places_as_scores_have() -> None:
    written = {**item(COUNT, ONE_EACH), "maximum": "10.25"}
    assert problems(of({**rules(), "items": [written], "maximum": "10.25"})) == []


def test_the_parts_of_a_group_share_its_basis() -> None:
    assert problems(of(rules(group(item(COUNT, ONE_EACH, basis=""), basis="文件")))) == []


# --- faults of the whole


RATES = [{"grade": "有", "amount": 100}]
SUBSIDY = {"rates": RATES, "unit": "元", "per": "村", "basis": "测试"}
VETO = {"code": "veto", "name": "否决", "evidence": COUNT, "grade": "有", "basis": "测试"}
WINDOW = {"days": 5, "unit": "working_day"}
PROCEDURE = {"objection": WINDOW, "appeal": WINDOW, "basis": "测试"}


@pytest.mark.parametrize(
    ("more", "fault"),
    [
        ({"maximum": 100}, "maximum: it says 100, but the items add up to 10"),
        ({"ceiling": 9}, "ceiling: 9 is below the maximum 10"),
        (
            {"grades": [{"name": "优", "at_least": 9}]},
            "grades: a score below 9 has no grade; the last one begins at 0",
        ),
        (
            {"grades": [{"name": n, "at_least": low} for n, low in (("a", 5), ("b", 9), ("c", 0))]},
            "grades[1].at_least: grades come best first, each from a lower score on",
        ),
        (
            {"grades": [{"name": n, "at_least": low} for n, low in (("a", 5), ("b", 5), ("c", 0))]},
            "grades[1].at_least: grades come best first, each from a lower score on",
        ),
        (
            {"grades": [{"name": "a", "at_least": low} for low in (5, 0)]},
            "grades[1].name: a is there already",
        ),
        ({"vetoes": [{**VETO, "grade": "无"}]}, "vetoes[0].grade: no such grade: 无; there are 有"),
        ({"vetoes": [{**VETO, "at_least": 0}]}, "vetoes[0].at_least: nothing would have to occur"),
        ({"vetoes": [{**VETO, "code": "one"}]}, "vetoes[0].code: one is the code of items[0]"),
        (
            {"vetoes": [{**VETO, "evidence": {"measure": "count", "of": {"fact": "x"}}}]},
            "vetoes[0].evidence.of.fact: no such fact: x",
        ),
        (
            {"subsidy": {**SUBSIDY, "rates": [{"grade": "优", "amount": 1}, *RATES]}},
            "subsidy.rates[0].grade: no such grade: 优; there are 有",
        ),
        (
            {"subsidy": {**SUBSIDY, "rates": [*RATES, *RATES]}},
            "subsidy.rates[1].grade: 有 has a rate already",
        ),
        (
            {"subsidy": {**SUBSIDY, "rates": [{"grade": "有", "amount": -1}]}},
            "subsidy.rates[0].amount: -1 is below 0",
        ),
        (
            {
                "grades": [{"name": "优", "at_least": 9}, {"name": "有", "at_least": 0}],
                "subsidy": SUBSIDY,
            },
            "subsidy.rates: 优 has no rate; write 0 where nothing is paid",
        ),
        (
            {"subsidy": {**SUBSIDY, "times": HUMAN}},
            "subsidy.times: counted from facts, not said by people",
        ),
        (
            {"subsidy": {**SUBSIDY, "times": {"measure": "distinct", "of": VISITS, "field": "x"}}},
            "subsidy.times.field: no such field",
        ),
        (
            {
                "procedure": {
                    **PROCEDURE,
                    "thresholds": [{"follow": "exit", "grades": ["差"], "items": ["退出"]}],
                }
            },
            "procedure.thresholds[0].grades[0]: no such grade: 差; there are 有",
        ),
        (
            {"bonuses": [item(COUNT, {"kind": "yes_no"}, code="more")]},
            "bonuses[0].method: it needs at_least or at_most",
        ),
        ({"items": [item(COUNT, ONE_EACH, example=True)]}, "example: items[0] is an example"),
        ({"vetoes": [{**VETO, "example": True}]}, "example: vetoes[0] is an example"),
        ({"subsidy": {**SUBSIDY, "example": True}}, "example: subsidy is an example"),
        ({"procedure": {**PROCEDURE, "example": True}}, "example: procedure is an example"),
    ],
)
def test_a_fault_of_the_whole_is_named_with_its_place(more: dict[str, Any], fault: str) -> None:
    [found] = problems(ruleset(**more))
    assert found.startswith(fault)


def test_all_faults_are_told_at_once() -> None:
    wrong = item({"measure": "sum", "of": VISITS, "field": "x"}, {"kind": "yes_no"}, floor=20)
    assert len(problems(of({**rules(wrong), "maximum": 1}))) == 4


# --- what an evaluation keeps


def test_an_evaluation_keeps_what_people_score_and_the_procedure() -> None:
    leaves = (
        item(COUNT, ONE_EACH, code="counted"),
        item(HUMAN, GIVEN, 8, code="given", floor=2),
        item({**HUMAN, "required": False}, ONE_EACH, code="occurrences"),
        item({**HUMAN, "evidence_required": False}, GIVEN, 3, code="seen"),
    )
    bonus = item(HUMAN, GIVEN, 5, code="bonus", floor=-5)
    veto = {**VETO, "evidence": HUMAN}
    written = rules(group(*leaves), bonuses=[bonus], vetoes=[veto], procedure=PROCEDURE)
    kept = terms(of(written))
    assert kept is not None
    supervisor = ("supervisor",)
    item_of = determination.ItemTerms
    assert kept.items == (
        item_of(code="counted", maximum="10"),
        item_of(code="given", minimum="2", maximum="8", scorers=supervisor),
        item_of(code="occurrences", maximum="999", whole=True, scorers=supervisor, required=False),
        item_of(
            code="seen",
            minimum="0",
            maximum="3",
            scorers=supervisor,
            evidence_required=False,
        ),
        item_of(code="bonus", minimum="-5", maximum="5", scorers=supervisor),
        item_of(code="veto", maximum="999", whole=True, scorers=supervisor, required=False),
    )
    assert kept.objection == Window(days=5, unit="working_day")


def test_gap_17_the_bounds_of_computed_items_are_kept_for_what_is_determined_of_them() -> None:
    deducted = item(COUNT, ONE_EACH, code="deducted", floor=-3)
    written = rules(item(COUNT, ONE_EACH), bonuses=[deducted], vetoes=[VETO], procedure=PROCEDURE)
    kept = terms(of(written))
    assert kept is not None
    assert [(one.minimum, one.maximum, one.whole) for one in kept.items] == [
        ("0", "10", False),
        ("-3", "10", False),
        ("0", "999", True),
    ]


def test_without_a_procedure_nothing_is_determined() -> None:
    assert terms(FIRST) is None


# --- what is shipped


@pytest.mark.parametrize("shipped", SHIPPED, ids=lambda one: one.ref)
def test_a_shipped_rule_set_is_an_example_of_100_points_without_fault(shipped: RuleSet) -> None:
    assert problems(shipped) == []
    assert shipped.example
    assert shipped.maximum == 100
    assert terms(shipped) is not None


def test_a_shipped_rule_set_is_the_same_after_being_written_and_read() -> None:
    for shipped in SHIPPED:
        assert of(plain(shipped)) == shipped


def test_advisers_and_points_have_an_indicator_of_each_group() -> None:
    groups = {
        "coverage", "volume", "timeliness", "quality", "satisfaction", "complaints", "referral",
        "lectures", "mediation",
    }  # fmt: skip
    assert [one.ref for one in SHIPPED] == [
        "adviser-year@1", "point-year@1", "adviser-year@2", "point-year@2",
        "adviser-year@3", "point-year@3",
    ]  # fmt: skip
    for shipped in SHIPPED:
        assert {one.code for one in shipped.items} == groups


DEFAULTS: dict[str, Any] = {
    "bonuses": [],
    "vetoes": [],
    "ceiling": None,
    "subsidy": None,
    "procedure": None,
    "example": False,
    "unmeasured": None,
    "work": [],
}
SELECTION_DEFAULTS: dict[str, Any] = {"where": {}, "any_of": [], "excluding": [], "whose": ""}
ITEM_DEFAULTS: dict[str, Any] = {"floor": 0, "start": 0, "items": [], "example": False}


@pytest.mark.parametrize(
    ("evidence", "defaults"),
    [
        (COUNT, {"among": None, "when_none": None, "when_none_basis": ""}),
        (
            {"measure": "ratio", "of": VISITS, "to": VISITS, "when_none": 1},
            {"field": "", "to_field": "", "per": 1, "when_none_basis": ""},
        ),
        (
            {"measure": "short", "of": VISITS, "each": "month", "required": 2},
            {
                "field": "",
                "by": "",
                "due": None,
                "due_by": "",
                "counting": "missing",
                "when_none": None,
                "when_none_basis": "",
            },
        ),
        (HUMAN, {"evidence_required": True, "required": True}),
    ],
)
@pytest.mark.parametrize(
    ("method", "method_defaults"),
    [
        (ONE_EACH, {"per": None}),
        ({"kind": "deduction", "each": 1}, {"per": None, "cap": None}),
        (
            {"kind": "bands", "bands": [{"at_least": 2, "points": 3}]},
            {"otherwise": 0, "bands": [{"at_least": 2, "at_most": None, "points": 3}]},
        ),
        ({"kind": "yes_no", "at_least": 1}, {"at_most": None}),
    ],
)
def test_what_is_left_out_scores_as_its_default(
    evidence: dict[str, Any],
    defaults: dict[str, Any],
    method: dict[str, Any],
    method_defaults: dict[str, Any],
) -> None:
    """A stored rule set leaves defaults out; the scoring knows the same ones."""
    short = rules(item(evidence, method))
    whole = {**evidence, **defaults}
    for part in {"of", "to"} & whole.keys():
        whole[part] = {**SELECTION_DEFAULTS, **whole[part]}
    one = {**ITEM_DEFAULTS, **item(whole, {**method, **method_defaults})}
    long = {**DEFAULTS, **short, "items": [one]}
    assert plain(of(long)) == plain(of(short))
    some = [fact("visit", n) for n in range(1, 4)]
    for human in ({}, {"one": said(2)} if evidence is HUMAN else {}):
        assert scored(long, some, human=human) == scored(short, some, human=human)
