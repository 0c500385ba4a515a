"""One computation of an evaluation.

It takes log entries, a rule set and human scores, and returns results, score trees and digests. The
order of entries and subjects does not matter, and no clock is read.

Plain data and the standard library only, as `domain.scoring.facts` and `domain.scoring.scoring`: an
evidence bundle ships the file.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from fractions import Fraction
from typing import Any, Final, NamedTuple

from domain.canonical import canonical
from domain.scoring import facts, groups, scoring
from domain.scoring.basis import Rules, published, rules_of
from domain.scoring.evidence import IN_GROUP, NEAR
from domain.scoring.scoring import human_score_fault, leaves, score
from domain.scoring.shapes import (
    Entry,
    FactFields,
    HumanScore,
    Number,
    PeriodDays,
    Plain,
    PlainEvidence,
    PlainResult,
    PlainRuleSet,
    PlainSelection,
    ScoreTree,
    Sheet,
    Subject,
)
from domain.worktime.period import days_of, ends_at

SHIPPED: Final = (
    "domain/__init__.py", "domain/canonical.py", "domain/codes.py", "domain/roles.py",
    "domain/vocabulary.py", "domain/registers", "domain/scoring", "domain/worktime",
)  # fmt: skip
"""Modules and folders that a bundle ships, besides the stand-in as `msgspec.py`."""
RULES_TOPICS: Final = ("calendar.published/1", "policy.published/1", "policy.recalculated/1")
RULESET_TOPIC: Final = "ruleset.published/1"
ALWAYS: Final = (
    "fact", "stream", "positions", "standing", "day", "first", "last",
    "adviser", "village", "quota",
)  # fmt: skip
"""What tells a fact from every other; the rule set names the rest of what is looked at."""


class Task(NamedTuple):
    """The inputs of a computation."""

    ruleset: PlainRuleSet
    division: str
    period: str
    """A year `2026`, a quarter `2026-Q2` or a month `2026-06`."""
    calendar: str
    """`code@version`."""
    cut_off: int
    """Log position: what was recorded after it is not known."""
    subjects: tuple[Subject, ...]
    human: Mapping[str, Sheet] = {}
    """By subject."""
    marks_at: int | None = None
    """What people said until then counts, where that is later than the cut-off."""
    others: tuple[PlainResult, ...] = ()
    """Results that stand, of those evaluated with the subjects: a quota is one of all of them."""

    @property
    def days(self) -> PeriodDays:
        first, last = days_of(self.period)
        return {"first": first.isoformat(), "last": last.isoformat()}


class Computed(NamedTuple):
    """The score of one subject."""

    result: PlainResult
    """The result as it is published."""
    tree: bytes
    """Canonical JSON of the score tree."""
    seen: str
    """Digest of the facts looked at."""


class UnknownRuleSet(ValueError):
    """The entries hold no rule set of that code and version."""


# --- what is known at the cut-off


def ruleset_of(entries: Iterable[Entry], ref: str) -> PlainRuleSet:
    """Find the rule set `code@version` in the entries.

    Raises: UnknownRuleSet — when they hold none.
    """
    for entry in entries:
        if entry["topic"] == RULESET_TOPIC:
            ruleset: PlainRuleSet = entry["data"]["ruleset"]
            if f"{ruleset['code']}@{ruleset['version']}" == ref:
                return ruleset
    raise UnknownRuleSet(f"no rule set {ref} was published before the cut-off")


def human_scores(entries: Iterable[Entry]) -> dict[str, dict[str, HumanScore]]:
    """The human scores that stand in an evaluation's stream: subject → item → what was said."""
    sheets: dict[str, dict[str, HumanScore]] = {}
    for entry in sorted(entries, key=lambda one: int(one["position"])):
        data = entry["data"]
        match entry["topic"]:
            case "evaluation.opened/1":
                sheets = {}
            case "evaluation.human_score_given/1":
                sheets.setdefault(data["subject"], {})[data["item"]] = {
                    "value": data["value"],
                    "role": data["role"],
                    "scorer": data["scorer"],
                    "evidence": list(data.get("evidence", ())),
                    "sources": list(data.get("sources", ())),
                    "stream": entry["stream"],
                    "positions": [entry["position"]],
                }
            case "evaluation.item_determined/1":
                sheets.setdefault(data["subject"], {})[data["item"]] = {
                    "value": data["value"],
                    "role": data["role"],
                    "scorer": data["determined_by"],
                    "evidence": list(data.get("evidence", ())),
                    "sources": list(data.get("sources", ())),
                    "stream": entry["stream"],
                    "positions": [entry["position"]],
                    "objection": data["objection"],
                }
            case "evaluation.human_score_withdrawn/1":
                del sheets[data["subject"]][data["item"]]
            case _:
                pass
    return sheets


def fitting(ruleset: PlainRuleSet, human: Mapping[str, Sheet]) -> dict[str, dict[str, HumanScore]]:
    """Keep the human scores that this rule set can use as well, for a what-if."""
    return {
        subject: {
            item: said for item, said in sheet.items() if not human_score_fault(ruleset, item, said)
        }
        for subject, sheet in human.items()
    }


def rules(
    entries: Sequence[Entry], task: Task, *, recorded_at: datetime, as_known_at: datetime
) -> Rules:
    """Build the rules that entries are read by: from what was published and, where the rule set
    counts linked matters once, from what is linked.

    For a finished period, open items are judged at its end, so a later run gives the same score.
    For a running period they are judged at the instant of the cut-off.

    Raises: CalendarUnknown — when the evaluation's calendar is not in the entries.
    """
    first, last = days_of(task.period)
    known = published(entries)
    found = rules_of(known, task.calendar, recorded_at.isoformat(), str(first), str(last))
    over = ends_at(task.period, found.calendar.zone)
    kinds = frozenset(looked_at(task.ruleset))
    if kinds & {"duty", "quota"} and _requests_count(found):
        kinds |= {"deed"}
    found = found._replace(at=over if as_known_at >= over else found.at, kinds=kinds)
    if task.ruleset.get("linked_matters") == "once":
        found = found._replace(repeats=groups.repeats(entries, found))
    return found


def _requests_count(rules: Rules) -> bool:
    """Tell whether any duty rules let minutes given to requests count."""
    versions = (one for policy in rules.policies.values() for one in policy.versions)
    return any(one.duty is not None and one.duty.requests_count for one in versions)


# --- facts


def facts_by_subject(
    entries: Iterable[Entry], rules: Rules, task: Task
) -> dict[str, list[FactFields]]:
    """Code of the subject → the facts of his that the rule set looks at."""
    return by_subject(facts.completed(facts.facts_of(entries, rules), rules), task)


def by_subject(some: Iterable[FactFields], task: Task) -> dict[str, list[FactFields]]:
    """Group facts by subject, reduced to the fields that the rule set looks at.

    Facts too far from the period to be candidates are dropped.
    """
    first, last = days_of(task.period)
    earliest, latest = (first - NEAR).isoformat(), (last + NEAR).isoformat()
    fields = looked_at(task.ruleset)
    near = (
        {name: fact[name] for name in fields[fact["fact"]] if name in fact}
        for fact in some
        if fact["fact"] in fields
        and fact["day" if "day" in fact else "first"] <= latest
        and fact["day" if "day" in fact else "last"] >= earliest
    )
    return scoring.by_subject(task.ruleset, near, task.subjects)


def looked_at(ruleset: PlainRuleSet) -> dict[str, tuple[str, ...]]:
    """Kind of fact → the fields of it that decide or are shown, in order."""
    named: dict[str, set[str]] = {}
    for one in _evidences(ruleset):
        evidence: Mapping[str, Any] = one
        by = evidence.get("by", "")
        for part, *fields in (
            ("of", evidence.get("field"), by),
            ("to", evidence.get("to_field")),
            ("due", evidence.get("due_by") or by),
            ("among",),
        ):
            if selection := evidence.get(part):
                _name(named, ruleset, selection, fields)
    for selection in ruleset.get("work", ()):
        _name(named, ruleset, selection, ())
    if ruleset.get("linked_matters") == "once":
        for kind, of_fact in named.items():
            of_fact.update({IN_GROUP} & facts.FIELDS[kind].keys())
    return {kind: tuple(sorted(fields)) for kind, fields in named.items()}


def _name(
    named: dict[str, set[str]],
    ruleset: PlainRuleSet,
    selection: PlainSelection,
    fields: Iterable[str | None],
) -> None:
    """Add what a selection looks at, and these fields of its facts."""
    of_fact = named.setdefault(selection["fact"], set(ALWAYS))
    of_fact.update(name for name in fields if name)
    of_fact.add(selection.get("whose") or ruleset["subject"])
    for where in _wheres(selection):
        of_fact.update(name.partition(".")[0] for name in where)


def _evidences(ruleset: PlainRuleSet) -> list[PlainEvidence]:
    subsidy = ruleset.get("subsidy")
    times = subsidy.get("times") if subsidy else None
    return [*(leaf["evidence"] for leaf in leaves(ruleset)), *([times] if times else [])]


def _wheres(selection: PlainSelection) -> list[Mapping[str, Any]]:
    excluding = [one["where"] for one in selection.get("excluding", ())]
    return [selection.get("where", {}), *selection.get("any_of", ()), *excluding]


# --- scores


def computed(task: Task, subject: Subject, own: Sequence[FactFields]) -> Computed:
    """Score one subject; `own` holds its facts from `by_subject`, in any order.

    Raises: ValueError — when a fact comes twice, or a human score does not fit its item.
    """
    sheet = task.human.get(subject["code"], {})
    tree = score(task.ruleset, own, subject, task.days, sheet)
    text = canonical(tree)
    seen = _sha256(b"\n".join(sorted(map(canonical, own))))
    return Computed(result_of(tree, _sha256(text)), text, seen)


def result_of(tree: ScoreTree, tree_digest: str) -> PlainResult:
    """Build the published result; absent parts are left out."""
    result: PlainResult = {
        "subject": tree["subject"]["code"],
        "score": tree["score"],
        "tree": tree_digest,
    }
    if tree["grade"] is not None:
        result["grade"] = tree["grade"]
    if any(veto["raised"] for veto in tree["vetoes"]):
        result["vetoed"] = True
    if (subsidy := tree["subsidy"]) is not None:
        result["subsidy"] = subsidy.get("amount", subsidy["rate"])
    return result


def run(task: Task, some: Iterable[Computed]) -> Plain:
    """The run as it is published: `domain.evaluation.determination.Run` in plain data."""
    by_code = {one.result["subject"]: one for one in some}
    subjects = sorted(task.subjects, key=lambda one: str(one["code"]))
    codes = [one["code"] for one in subjects]
    return {
        "subject_kind": task.ruleset["subject"],
        "ruleset": f"{task.ruleset['code']}@{task.ruleset['version']}",
        "division": task.division,
        "period": task.period,
        "calendar": task.calendar,
        "cut_off": task.cut_off,
        "inputs": digest({
            "ruleset": task.ruleset,
            "subjects": [{**one, "facts": by_code[one["code"]].seen} for one in subjects],
        }),
        "marks": marks_digest({
            (subject, item): said["value"]
            for subject in codes
            for item, said in task.human.get(subject, {}).items()
        }),
        "results": within_quotas(task, [by_code[code] for code in codes]),
        **({} if task.marks_at is None else {"marks_at": task.marks_at}),
    }  # fmt: skip


def within_quotas(task: Task, some: Sequence[Computed]) -> list[PlainResult]:
    """The results, where the rule set has quotas with the grades that they leave.

    A subject has his place by his score among all; what stands of the others is not touched.
    """
    results = {one.result["subject"]: one.result for one in some}
    trees = {one.result["subject"]: one.tree for one in some}
    names = [grade["name"] for grade in task.ruleset["grades"]]
    pool: dict[str, PlainResult] = {one["subject"]: _before_quota(one) for one in task.others}
    pool |= results
    limits = {quota["grade"]: quota["percent_max"] for quota in task.ruleset.get("quotas", ())}
    for number, name in enumerate(names[:-1]):
        if name not in limits:
            continue
        allowed = len(pool) * limits[name] // 100
        holders = [one for one in pool.values() if one.get("grade") == name]
        for one in holders:
            as_good = sum(Fraction(other["score"]) >= Fraction(one["score"]) for other in holders)
            if as_good > allowed:
                pool[one["subject"]] = _lowered(one, names[number + 1])
    return [
        _paid(task.ruleset, pool[code], trees[code]) if pool[code] != result else result
        for code, result in results.items()
    ]


def _before_quota(one: PlainResult) -> PlainResult:
    return {**one, "grade": one["before_quota"]} if "before_quota" in one else one


def _lowered(one: PlainResult, grade: str) -> PlainResult:
    return {**one, "grade": grade, "before_quota": one.get("before_quota", one["grade"])}


def _paid(ruleset: PlainRuleSet, one: PlainResult, tree: bytes) -> PlainResult:
    """The result with the money of its grade."""
    if "subsidy" not in one:
        return one
    paid = scoring.subsidy_of(ruleset, json.loads(tree)["subsidy"], one["grade"])
    return {**one, "subsidy": paid}


def run_of(entries: Iterable[Entry], task: Task, by: Rules) -> tuple[Plain, dict[str, bytes]]:
    """The run, and the trees by subject."""
    own = facts_by_subject(entries, by, task)
    done = [computed(task, one, own[one["code"]]) for one in task.subjects]
    return run(task, done), {one.result["subject"]: one.tree for one in done}


def marks_digest(values: Mapping[tuple[str, str], Number]) -> str:
    """Over the human scores that stand: (subject, item) → value, as they were recorded."""
    return digest([[subject, item, values[subject, item]] for subject, item in sorted(values)])


def run_digest(made: Plain) -> str:
    """Return the digest of inputs and results, which is published beside the run."""
    return digest(made)


def digest(value: Any) -> str:
    """Return the SHA-256 of the canonical JSON, in hexadecimal."""
    return _sha256(canonical(value))


def _sha256(text: bytes) -> str:
    return hashlib.sha256(text).hexdigest()
