"""Scoring: facts and a rule set in, a result tree out. Who has both gets the same, to the digit.

Plain data and the standard library only, because the files of `SHIPPED` travel inside an evidence
bundle and run there by themselves. Rule set, fact and tree have their types in `shapes.py` beside.
Numbers are integers or decimal strings, never floats; the arithmetic is exact and rounds once, at
each leaf, as the rule set states: the total is the sum of what people see.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any, NamedTuple, TypedDict, cast, overload

from domain.codes import NUMBER
from domain.scoring.evidence import (
    OF_DIVISION,
    SubjectCase,
    case,
    determined,
    has_any,
    measure,
    rounded,
    text,
    value_text,
)
from domain.scoring.shapes import (
    FactFields,
    HumanScore,
    JudgedVeto,
    PeriodDays,
    Plain,
    PlainBands,
    PlainBounds,
    PlainDeduction,
    PlainGiven,
    PlainGrade,
    PlainItem,
    PlainLinear,
    PlainPoints,
    PlainRuleSet,
    PlainSelection,
    PlainSubsidy,
    PlainVeto,
    PlainYesNo,
    ScoredGroup,
    ScoredLeaf,
    ScoredParts,
    ScoredSubsidy,
    ScoreTree,
    Sheet,
    Subject,
)

MOST_OCCURRENCES = 999
"""That a person may report of one item."""


def score(
    ruleset: PlainRuleSet,
    facts: Iterable[FactFields],
    subject: Subject,
    period: PeriodDays,
    human_scores: Sheet,
) -> ScoreTree:
    """The result tree of one adviser or point; facts of others and the order of all do not matter.

    Facts of other subjects are ignored, and the order of facts does not matter.
    `subject` is {"code"} and, for a point, {"division"}.
    `period` is {"first", "last"}, days, both included.
    `human_scores` maps the code of an item or veto to {"value": number, "role"} and the rest of
    `SAID`, where known. In the tree, `pending` names the items that still need a human score; until
    then there is neither grade nor subsidy.

    Raises: ValueError — when a fact comes twice, or a human score does not fit its item.
    """
    for code, given in sorted(human_scores.items()):
        if fault := human_score_fault(ruleset, code, given):
            raise ValueError(fault)
    linked_once = ruleset.get("linked_matters") == "once"
    about = case(ruleset["subject"], subject, facts, period, human_scores, linked_once=linked_once)
    rounding = Rounding(
        ruleset["rounding"]["places"],
        ruleset["rounding"]["mode"],
        shared=ruleset.get("unmeasured") == "shared",
    )
    items = [_node(about, rounding, item) for item in ruleset["items"]]
    bonuses = [_node(about, rounding, item) for item in ruleset.get("bonuses", ())]
    vetoes = [_veto(about, veto) for veto in ruleset.get("vetoes", ())]
    points, measured = _shared(items, rounding)
    total = max(Fraction(0), points + _sum_of(bonuses))
    if ruleset.get("ceiling") is not None:
        total = min(total, Fraction(ruleset["ceiling"]))
    idle = bool(ruleset.get("work")) and not has_any(about, ruleset["work"])
    if idle:
        total = Fraction(0)
    parts: ScoredParts = {"items": items, "bonuses": bonuses, "vetoes": vetoes}
    pending = [
        one["code"]
        for one in leaves(parts)
        if one["value"] is None
        and "score" in one
        and not (one.get("not_scored") or "determined" in one)
    ]
    grade = None if pending else _grade(ruleset["grades"], total, vetoes)
    tree = cast("ScoreTree", {
        "ruleset": f"{ruleset['code']}@{ruleset['version']}",
        "subject": {"kind": about.kind, "code": about.subject},
        "period": {"first": about.first, "last": about.last},
        "maximum": str(ruleset["maximum"]),
        "score": text(total, rounding.places),
        "grade": grade,
        "pending": pending,
        **parts,
        "subsidy": _subsidy(about, rounding, ruleset.get("subsidy"), grade),
    })  # fmt: skip
    if measured:
        tree["measured"] = measured
    if idle:
        tree["without_work"] = True
    return tree


def by_subject(
    ruleset: PlainRuleSet, facts: Iterable[FactFields], subjects: Sequence[Subject]
) -> dict[str, list[FactFields]]:
    """Code of the subject → his facts that the rule set looks at; `score` needs no more."""
    found: dict[str, list[FactFields]] = {one["code"]: [] for one in subjects}
    codes: dict[tuple[bool, str], list[str]] = {(False, code): [code] for code in found}
    for one in subjects:
        codes.setdefault((True, one.get("division", "")), []).append(one["code"])
    wanted: dict[str, set[str]] = {}
    for selection in selections(ruleset):
        whose = selection.get("whose") or ruleset["subject"]
        wanted.setdefault(selection["fact"], set()).add(whose)
    for fact in facts:
        of = {
            code
            for whose in wanted.get(fact["fact"], ())
            for code in codes.get((whose in OF_DIVISION, fact[whose]), ())
        }
        for code in of:
            found[code].append(fact)
    return found


def selections(ruleset: PlainRuleSet) -> Iterator[PlainSelection]:
    """List all selections of facts in the rule set."""
    evidences = [node["evidence"] for node in _nodes(ruleset) if node.get("evidence")]
    subsidy = ruleset.get("subsidy")
    if subsidy and subsidy.get("times"):
        evidences.append(subsidy["times"])
    for evidence in evidences:
        for part in ("of", "to", "due", "among"):
            if evidence.get(part):
                yield evidence[part]
    yield from ruleset.get("work", ())


@overload
def leaves(tree: PlainRuleSet) -> Iterator[PlainItem | PlainVeto]: ...
@overload
def leaves(tree: ScoredParts) -> Iterator[ScoredLeaf | JudgedVeto]: ...
def leaves(tree: Mapping[str, Any]) -> Iterator[Any]:
    """The items, bonuses and vetoes of a rule set or a result that facts or people decide, in
    order."""
    return (node for node in _nodes(tree) if "items" not in node)


def _nodes(tree: Mapping[str, Any]) -> Iterator[Any]:
    """Items, bonuses and vetoes of a rule set or a result, groups before what is in them."""
    waiting = [*tree["items"], *tree.get("bonuses", ()), *tree.get("vetoes", ())][::-1]
    while waiting:
        node = waiting.pop()
        yield node
        waiting += node.get("items", ())[::-1]


# --- the tree


class Rounding(NamedTuple):
    places: int
    mode: str
    shared: bool = False
    """Whether scored items share the weight of those beside them that are not scored."""

    def of(self, value: Fraction) -> Fraction:
        return rounded(value, self.places, self.mode)


class _Named(TypedDict):
    code: str
    name: str
    maximum: str


def _node(about: SubjectCase, rounding: Rounding, item: PlainItem) -> ScoredLeaf | ScoredGroup:
    low, high = Fraction(item.get("floor", 0)), Fraction(item["maximum"])
    shown: _Named = {"code": item["code"], "name": item["name"], "maximum": str(item["maximum"])}
    if item.get("items"):
        parts = [_node(about, rounding, part) for part in item["items"]]
        return _group(rounding, item, shown, parts)
    measured = measure(about, item["code"], item["evidence"])
    points = low
    if measured.value is not None:
        points = _POINTS[item["method"]["kind"]](item["method"], measured.value, low, high)
    points = min(max(points, low), high)
    points = rounding.of(Fraction(0) if measured.left_out else points)
    score = text(points, rounding.places)
    leaf = cast("ScoredLeaf", {**shown, "score": score, **measured.shown()})
    if said := determined(about, item["code"]):
        points = rounding.of(min(max(Fraction(said["value"]), low), high))
        leaf["computed"], leaf["determined"] = leaf["score"], said
        leaf["score"] = text(points, rounding.places)
        leaf.pop("not_scored", None)
    return leaf


def _group(
    rounding: Rounding, item: PlainItem, shown: _Named, parts: list[ScoredLeaf | ScoredGroup]
) -> ScoredGroup:
    low, high = Fraction(item.get("floor", 0)), Fraction(item["maximum"])
    points, measured = _shared(parts, rounding)
    points = min(max(points + Fraction(item.get("start", 0)), low), high)
    nothing = all(part.get("not_scored") for part in parts)
    score = text(Fraction(0) if nothing else points, rounding.places)
    group = cast("ScoredGroup", {**shown, "score": score, "items": parts})
    if nothing:
        group["not_scored"] = True
    elif measured:
        group["measured"] = measured
    return group


def _shared(nodes: Sequence[ScoredLeaf | ScoredGroup], rounding: Rounding) -> tuple[Fraction, str]:
    """Sum what stands beside each other; with `shared`, what is scored takes the weight of the
    rest, in proportion, and how much it is worth itself is told. Deductions beside it, whose
    maximum is 0, stay what they are."""
    scored = [node for node in nodes if not node.get("not_scored")]
    worth, whole = _worth(scored), _worth(nodes)
    if not rounding.shared or not 0 < worth < whole:
        return _sum_of(scored), ""
    weighty = [node for node in scored if Fraction(node["maximum"]) > 0]
    points = rounding.of(_sum_of(weighty) * whole / worth)
    points += _sum_of(node for node in scored if Fraction(node["maximum"]) <= 0)
    return points, value_text(worth)


def _worth(nodes: Iterable[ScoredLeaf | ScoredGroup]) -> Fraction:
    return sum((max(Fraction(node["maximum"]), Fraction(0)) for node in nodes), Fraction(0))


def _sum_of(nodes: Iterable[ScoredLeaf | ScoredGroup]) -> Fraction:
    return sum((Fraction(node["score"]) for node in nodes), Fraction(0))


def _veto(about: SubjectCase, veto: PlainVeto) -> JudgedVeto:
    """Raised from so many occurrences on; of one that people decide: when they said so."""
    measured = measure(about, veto["code"], veto["evidence"])
    said = determined(about, veto["code"])
    value = Fraction(said["value"]) if said else measured.value
    judged = cast("JudgedVeto", {
        "code": veto["code"],
        "name": veto["name"],
        "grade": veto["grade"],
        "raised": value is not None and value >= Fraction(veto.get("at_least", 1)),
        **measured.shown(),
    })  # fmt: skip
    if said:
        judged["determined"] = said
    return judged


def _grade(grades: Sequence[PlainGrade], total: Fraction, vetoes: Iterable[JudgedVeto]) -> str:
    """Grades come best first and the last begins at 0; a raised veto allows none better than its
    own."""
    names = [grade["name"] for grade in grades]
    reached = [total >= Fraction(grade["at_least"]) for grade in grades].index(True)
    worst = max([reached, *(names.index(veto["grade"]) for veto in vetoes if veto["raised"])])
    return str(names[worst])


def _subsidy(
    about: SubjectCase, rounding: Rounding, subsidy: PlainSubsidy | None, grade: str | None
) -> ScoredSubsidy | None:
    if subsidy is None or grade is None:
        return None
    [rate] = [one["amount"] for one in subsidy["rates"] if one["grade"] == grade]
    shown: ScoredSubsidy = {"rate": str(rate), "unit": subsidy["unit"], "per": subsidy["per"]}
    if not subsidy.get("times"):
        return shown
    times = measure(about, "subsidy", subsidy["times"])
    amount = rounding.of(Fraction(rate) * (times.value or 0))
    return {**shown, "amount": text(amount, rounding.places), "times": times.shown()}


def points_for_nothing(ruleset: PlainRuleSet) -> dict[str, str]:
    """Items that give points to a subject of whom nothing is known: their codes and the points.

    A group is named where its own start gives them. What awaits a person gives none.
    """
    day = ruleset["effective_from"]
    period: PeriodDays = {"first": day, "last": day}
    about = case(ruleset["subject"], {"code": "", "division": ""}, (), period, {})
    rounding = Rounding(ruleset["rounding"]["places"], ruleset["rounding"]["mode"])
    found: dict[str, str] = {}
    for item in (*ruleset["items"], *ruleset.get("bonuses", ())):
        found |= _given_for_nothing(about, rounding, item)
    return found


def _given_for_nothing(about: SubjectCase, rounding: Rounding, item: PlainItem) -> dict[str, str]:
    parts = item.get("items", [])
    found = {
        code: points
        for part in parts
        for code, points in _given_for_nothing(about, rounding, part).items()
    }
    node = _node(about, rounding, item)
    measured = [leaf for leaf in _below(node) if leaf["value"] is not None]
    if not found and measured and Fraction(node["score"]) > 0:
        found[item["code"]] = node["score"]
    return found


def _below(node: ScoredLeaf | ScoredGroup) -> Iterator[ScoredLeaf]:
    yield from leaves({"items": [node], "bonuses": [], "vetoes": []})  # type: ignore[misc]


def subsidy_of(ruleset: PlainRuleSet, scored: ScoredSubsidy, grade: str) -> str:
    """The money of another grade, as often as it was counted."""
    rounding = Rounding(ruleset["rounding"]["places"], ruleset["rounding"]["mode"])
    [rate] = [one["amount"] for one in ruleset["subsidy"]["rates"] if one["grade"] == grade]
    times = scored.get("times")
    if times is None:
        return str(rate)
    amount = Fraction(rate) * Fraction(times["value"] or 0)
    return text(rounding.of(amount), rounding.places)


# --- points


def _by_points(method: PlainPoints, value: Fraction, low: Fraction, high: Fraction) -> Fraction:
    del low, high
    return Fraction(method["each"]) * _times(method, value)


def _by_deduction(
    method: PlainDeduction, value: Fraction, low: Fraction, high: Fraction
) -> Fraction:
    del low
    deducted = Fraction(method["each"]) * _times(method, value)
    cap = method.get("cap")
    return high - (deducted if cap is None else min(deducted, Fraction(cap)))


def _times(method: PlainPoints | PlainDeduction, value: Fraction) -> Fraction:
    """Count occurrences; with `per`, every full `per` of them."""
    per = method.get("per")
    return value if per is None else Fraction(value // Fraction(per))


def _by_linear(method: PlainLinear, value: Fraction, low: Fraction, high: Fraction) -> Fraction:
    """Interpolate from none at `none_at` to all at `all_at`, which may be the lower one."""
    nothing, everything = Fraction(method["none_at"]), Fraction(method["all_at"])
    share = (value - nothing) / (everything - nothing)
    return low + (high - low) * min(max(share, Fraction(0)), Fraction(1))


def _by_bands(method: PlainBands, value: Fraction, low: Fraction, high: Fraction) -> Fraction:
    """The first band that the value reaches."""
    del low, high
    for band in method["bands"]:
        if _within(band, value):
            return Fraction(band["points"])
    return Fraction(method.get("otherwise", 0))


def _by_yes_no(method: PlainYesNo, value: Fraction, low: Fraction, high: Fraction) -> Fraction:
    """All or nothing."""
    return high if _within(method, value) else low


def _within(bounds: PlainBounds, value: Fraction) -> bool:
    low, high = bounds.get("at_least"), bounds.get("at_most")
    return (low is None or value >= Fraction(low)) and (high is None or value <= Fraction(high))


def _as_given(method: PlainGiven, value: Fraction, low: Fraction, high: Fraction) -> Fraction:
    del method, low, high
    return value


_POINTS: dict[str, Callable[[Any, Fraction, Fraction, Fraction], Fraction]] = {
    "points": _by_points,
    "deduction": _by_deduction,
    "linear": _by_linear,
    "bands": _by_bands,
    "yes_no": _by_yes_no,
    "given": _as_given,
}


# --- what people say


def human_evidence(ruleset: PlainRuleSet) -> dict[str, PlainItem | PlainVeto]:
    """Code → item or veto that a person scores."""
    return {
        node["code"]: node
        for node in _nodes(ruleset)
        if node.get("evidence", {}).get("measure") == "human"
    }


def human_score_fault(ruleset: PlainRuleSet, code: str, given: HumanScore) -> str:
    """Return why the record cannot score the item or veto; empty when it can."""
    if "objection" in given:
        return _determination_fault(ruleset, code, given)
    node: Mapping[str, Any] | None = human_evidence(ruleset).get(code)
    if node is None:
        known = ", ".join(sorted(human_evidence(ruleset))) or "none"
        return f"{code}: no person scores this; people score: {known}"
    evidence = node["evidence"]
    if given["role"] not in evidence["scorers"]:
        return f"{code}: scored by {' or '.join(evidence['scorers'])}, not by {given['role']}"
    shown = given.get("evidence") or given.get("sources")
    if evidence.get("evidence_required", True) and not shown:
        return f"{code}: names no evidence"
    if not re.fullmatch(NUMBER, str(given["value"])) or isinstance(given["value"], float):
        return f"{code}: {given['value']!r} is not an integer or a decimal string"
    value = Fraction(given["value"])
    if node.get("method", {}).get("kind") == "given":
        low, high = node.get("floor", 0), node["maximum"]
        if not Fraction(low) <= value <= Fraction(high):
            return f"{code}: {given['value']} is not between {low} and {high}"
    elif not 0 <= value <= MOST_OCCURRENCES:
        return f"{code}: {given['value']} occurrences are not between 0 and {MOST_OCCURRENCES}"
    return ""


def _determination_fault(ruleset: PlainRuleSet, code: str, given: HumanScore) -> str:
    """Return why a determination after an objection does not fit; points are held in bounds."""
    known = {node["code"] for node in leaves(ruleset)} - human_evidence(ruleset).keys()
    if code not in known:
        return f"{code}: no item of that code is computed"
    if not re.fullmatch(NUMBER, str(given["value"])) or isinstance(given["value"], float):
        return f"{code}: {given['value']!r} is not an integer or a decimal string"
    return ""


# --- two trees beside each other


def compare(tree_a: ScoreTree, tree_b: ScoreTree) -> list[Plain]:
    """The leaves that differ, with the facts that did it: `added` and `removed` facts are in one
    tree only, `altered` ones play another part or have another amount. `events` are the positions
    that only `tree_b` knows of, of those facts. No facts: the rules or a person did it."""
    before, after = _leaves_of(tree_a), _leaves_of(tree_b)
    differences = []
    for code in [*before, *(code for code in after if code not in before)]:
        one, other = before.get(code, {}), after.get(code, {})
        if _bare(one) != _bare(other):
            differences.append(_difference(code, one, other))
    return differences


def _leaves_of(tree: ScoreTree) -> dict[str, Mapping[str, Any]]:
    return {leaf["code"]: leaf for leaf in leaves(tree)}


_PARTS = ("used", "against", "unused")


class _Part(NamedTuple):
    """Contribution of the events of one kind, stream and day to a leaf."""

    plays: list[tuple[str, str, int]]
    positions: set[int]


def _facts_of(leaf: Mapping[str, Any]) -> dict[tuple[str, str, str], _Part]:
    found: dict[tuple[str, str, str], _Part] = {}
    for how in _PARTS:
        for ref in leaf.get(how, ()):
            part = found.setdefault((ref["fact"], ref["stream"], ref["day"]), _Part([], set()))
            part.plays.append((how, ref.get("reason", ""), ref.get("amount", 0)))
            part.positions.update(ref["positions"])
    return found


def _bare(leaf: Mapping[str, Any]) -> Plain:
    """Return the leaf without its references; other references alone are no difference."""
    said = {key: value for key, value in leaf.items() if key not in _PARTS}
    return {**said, "facts": {key: part.plays for key, part in _facts_of(leaf).items()}}


def _difference(code: str, one: Mapping[str, Any], other: Mapping[str, Any]) -> Plain:
    before, after = _facts_of(one), _facts_of(other)
    facts: list[Plain] = []
    for key in sorted({*before, *after}):
        old, new = before.get(key), after.get(key)
        if old and new and old.plays == new.plays:
            continue
        fact = dict(zip(("fact", "stream", "day"), key))  # noqa: B905
        change = "altered" if old and new else "added" if new else "removed"
        events = (new.positions if new else set()) - (old.positions if old else set())
        facts.append({**fact, "change": change, "events": sorted(events)})
    shown: Plain = {"code": code, "name": (other or one)["name"]}
    for what in ("score", "value", "raised", "human", "determined"):
        if one.get(what) != other.get(what):
            shown[what] = [one.get(what), other.get(what)]
    return {**shown, "facts": facts}
