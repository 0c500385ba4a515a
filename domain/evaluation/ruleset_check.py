"""Faults of a rule set before it is published, each with its place.

Examples are a field that facts do not have, a maximum that the items cannot reach, a grade without
a subsidy.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from typing import Any, Final, get_args

import msgspec

from domain import vocabulary
from domain.advising import worklog
from domain.canonical import GivenTwice, canonical, refuse_given_twice
from domain.codes import DAY
from domain.complaints import record as complaint_record
from domain.evaluation.ruleset_content import (
    Bands,
    Bounds,
    Computed,
    Count,
    Deduction,
    Distinct,
    Evidence,
    Given,
    Human,
    Item,
    Linear,
    Method,
    Number,
    Percentile,
    Points,
    Ratio,
    RuleSet,
    Scalar,
    Selection,
    Short,
    Sum,
    Where,
    YesNo,
    plain,
)
from domain.oversight import inspection, rectification
from domain.requests import request
from domain.scoring import duty, shapes
from domain.scoring.evidence import NOT_SCORED, OF_DIVISION, value_text
from domain.scoring.facts import FIELDS
from domain.scoring.scoring import points_for_nothing
from domain.worktime import calendar

SHIPPED_BEFORE: Final = frozenset({
    "86ffad66f34db63a8a02b93d38f2956c60a361d35eec95dcdf19bd62ed8ce9d9",  # adviser-year@1
    "8d7ecc0342d23a57accffcb6ef76901eb03bacf5f9e8345bcd7b14ee9853bdae",  # point-year@1
})  # fmt: skip
"""SHA-256 of what was shipped before an item had to say what holds where nothing is measured. Old
logs hold them and evaluate by them, so a new log has them under the same versions."""
ALWAYS: Final = frozenset({"fact", "stream", "positions", "standing"})
"""Fields that are looked at anyway, or that no rule may look at."""
WHOSE: Final[Mapping[str, tuple[str, ...]]] = {
    "adviser": ("adviser",),
    "point": ("point", *OF_DIVISION),
}
VALUES: Final[Mapping[tuple[str, str], tuple[str, ...]]] = {
    **{(of, "service"): get_args(vocabulary.Service) for of in FIELDS if "service" in FIELDS[of]},
    ("service", "channel"): get_args(request.Channel),
    ("service", "client_category"): get_args(request.ClientCategory),
    ("service", "close_kind"): get_args(request.CloseKind),
    ("service", "status"): get_args(shapes.ServiceStatus),
    ("deed", "what"): get_args(shapes.DeedKind),
    ("deed", "off_peak"): get_args(calendar.OffPeak),
    ("visit", "mode"): get_args(request.Mode),
    ("visit", "capacity"): get_args(worklog.Capacity),
    ("visit", "off_peak_kinds"): get_args(duty.OffPeak),
    ("complaint", "channel"): get_args(complaint_record.Channel),
    ("complaint", "concern"): get_args(complaint_record.Concern),
    ("complaint", "aspects"): get_args(complaint_record.Aspect),
    ("complaint", "outcome"): get_args(complaint_record.Outcome),
    ("complaint", "handled_as"): get_args(complaint_record.Kind),
    ("complaint", "decline_ground"): get_args(complaint_record.DeclineGround),
    ("inspection", "inspection"): get_args(inspection.InspectionKind),
    ("rectification", "source"): get_args(rectification.Source),
    ("rectification", "status"): get_args(shapes.RectificationStatus),
    ("rectification", "escalated"): get_args(shapes.Escalation),
    ("appointment", "begun_by"): get_args(shapes.StintBeginning),
    ("appointment", "ended_by"): get_args(shapes.StintEnding),
    ("quota", "quota"): get_args(duty.QuotaKind),
}
"""Fact and field → what it may be, where a misspelling would silently count nothing."""


class NotARuleSet(ValueError):
    """The text says where it is not the shape of a rule set."""


def read(text: bytes) -> RuleSet:
    """Decode a rule set from JSON; its content is not checked yet.

    Raises: NotARuleSet — with the place: `items[3].method: …`.
    """
    try:
        ruleset = msgspec.json.decode(text, type=RuleSet)
        refuse_given_twice(text.decode())
    except msgspec.ValidationError as error:
        what, _, place = str(error).partition(" - at `$")
        raise NotARuleSet(f"{place.strip('`.') or 'the rule set'}: {what}") from None
    except msgspec.DecodeError as error:
        raise NotARuleSet(str(error)) from None
    except GivenTwice as error:
        raise NotARuleSet(f"{error}: given twice in one object") from None
    return ruleset


def problems(ruleset: RuleSet) -> list[str]:
    """List every fault as `place: what is wrong`; a rule set without any may be published."""
    faults = [
        *_codes(ruleset),
        *_sums(ruleset),
        *(fault for place, item in _tops(ruleset) for fault in _item(ruleset, place, item, "")),
        *_vetoes(ruleset),
        *_grades(ruleset),
        *_quotas(ruleset),
        *_subsidy(ruleset),
        *_procedure(ruleset),
        *_examples(ruleset),
        *_work(ruleset),
    ]
    # What cannot be scored at all gives no points.
    return faults or list(_for_nothing(ruleset))


# --- the whole


def _tops(ruleset: RuleSet) -> Iterator[tuple[str, Item]]:
    for name, items in (("items", ruleset.items), ("bonuses", ruleset.bonuses)):
        for n, item in enumerate(items):
            yield f"{name}[{n}]", item


def _every(place: str, item: Item) -> Iterator[tuple[str, Item]]:
    yield place, item
    for n, part in enumerate(item.items):
        yield from _every(f"{place}.items[{n}]", part)


def _codes(ruleset: RuleSet) -> Iterator[str]:
    coded = [(at, one.code) for top, item in _tops(ruleset) for at, one in _every(top, item)]
    coded += [(f"vetoes[{n}]", veto.code) for n, veto in enumerate(ruleset.vetoes)]
    first: dict[str, str] = {}
    for place, code in coded:
        if code in first:
            yield f"{place}.code: {code} is the code of {first[code]} already"
        first.setdefault(code, place)


def _sums(ruleset: RuleSet) -> Iterator[str]:
    total = sum((Fraction(item.maximum) for item in ruleset.items), Fraction(0))
    if total != Fraction(ruleset.maximum):
        yield f"maximum: it says {ruleset.maximum}, but the items add up to {value_text(total)}"
    if ruleset.ceiling is not None and Fraction(ruleset.ceiling) < total:
        yield f"ceiling: {ruleset.ceiling} is below the maximum {ruleset.maximum}"


def _examples(ruleset: RuleSet) -> Iterator[str]:
    marked = [at for top, item in _tops(ruleset) for at, one in _every(top, item) if one.example]
    marked += [f"vetoes[{n}]" for n, veto in enumerate(ruleset.vetoes) if veto.example]
    marked += [f"quotas[{n}]" for n, quota in enumerate(ruleset.quotas) if quota.example]
    marked += ["subsidy"] if ruleset.subsidy and ruleset.subsidy.example else []
    marked += ["procedure"] if ruleset.procedure and ruleset.procedure.example else []
    if marked and not ruleset.example:
        yield f"example: {marked[0]} is an example, so the rule set is one"


def _vetoes(ruleset: RuleSet) -> Iterator[str]:
    grades = [grade.name for grade in ruleset.grades]
    for n, veto in enumerate(ruleset.vetoes):
        yield from _known(f"vetoes[{n}].grade", veto.grade, "grade", grades)
        yield from _evidence(ruleset, f"vetoes[{n}].evidence", veto.evidence)
        if Fraction(veto.at_least) <= 0:
            yield f"vetoes[{n}].at_least: nothing would have to occur"


def _grades(ruleset: RuleSet) -> Iterator[str]:
    bounds = [Fraction(grade.at_least) for grade in ruleset.grades]
    for n in range(1, len(bounds)):
        if bounds[n] >= bounds[n - 1]:
            yield f"grades[{n}].at_least: grades come best first, each from a lower score on"
    if bounds[-1] != 0:
        last = ruleset.grades[-1]
        yield f"grades: a score below {last.at_least} has no grade; the last one begins at 0"
    names = [grade.name for grade in ruleset.grades]
    for n, name in enumerate(names):
        if name in names[:n]:
            yield f"grades[{n}].name: {name} is there already"


def _quotas(ruleset: RuleSet) -> Iterator[str]:
    names = [grade.name for grade in ruleset.grades]
    limited = [quota.grade for quota in ruleset.quotas]
    for n, quota in enumerate(ruleset.quotas):
        yield from _known(f"quotas[{n}].grade", quota.grade, "grade", names)
        if quota.grade == names[-1]:
            yield f"quotas[{n}].grade: {quota.grade} is the last; nobody could be graded lower"
        if quota.grade in limited[:n]:
            yield f"quotas[{n}].grade: {quota.grade} has a quota already"


def _subsidy(ruleset: RuleSet) -> Iterator[str]:
    subsidy = ruleset.subsidy
    if subsidy is None:
        return
    grades = [grade.name for grade in ruleset.grades]
    rated = [rate.grade for rate in subsidy.rates]
    for n, rate in enumerate(subsidy.rates):
        yield from _known(f"subsidy.rates[{n}].grade", rate.grade, "grade", grades)
        if rate.grade in rated[:n]:
            yield f"subsidy.rates[{n}].grade: {rate.grade} has a rate already"
        if Fraction(rate.amount) < 0:
            yield f"subsidy.rates[{n}].amount: {rate.amount} is below 0"
    for grade in grades:
        if grade not in rated:
            yield f"subsidy.rates: {grade} has no rate; write 0 where nothing is paid"
    if isinstance(subsidy.times, Human):
        yield "subsidy.times: counted from facts, not said by people"
    elif subsidy.times is not None:
        yield from _evidence(ruleset, "subsidy.times", subsidy.times)


def _procedure(ruleset: RuleSet) -> Iterator[str]:
    grades = [grade.name for grade in ruleset.grades]
    for n, threshold in enumerate(ruleset.procedure.thresholds if ruleset.procedure else ()):
        for k, grade in enumerate(threshold.grades):
            yield from _known(f"procedure.thresholds[{n}].grades[{k}]", grade, "grade", grades)


# --- nothing measured


def _work(ruleset: RuleSet) -> Iterator[str]:
    for n, selection in enumerate(ruleset.work):
        yield from _selection(ruleset, f"work[{n}]", selection)


def _for_nothing(ruleset: RuleSet) -> Iterator[str]:
    """An item that gives points where nothing was measured cites who says that it shall."""
    stored = plain(ruleset)
    if hashlib.sha256(canonical(stored)).hexdigest() in SHIPPED_BEFORE:
        return
    given = points_for_nothing(stored)
    for top, item in _tops(ruleset):
        for place, one in _every(top, item):
            if one.evidence is not None and not isinstance(one.evidence, Human):
                yield from _when_none(f"{place}.evidence", one.evidence)
            if one.code in given and not _cited(one):
                yield (
                    f"{place}: it gives {given[one.code]} points where nothing was measured; "
                    f"{_remedy(one)}"
                )
    leaves = [one for _, top in _tops(ruleset) for _, one in _every("", top)]
    if ruleset.unmeasured is None and any(map(_may_be_left_out, leaves)):
        yield "unmeasured: say whether the weight of what is not scored is shared, or zero"


def _cited(item: Item) -> bool:
    if item.items:
        return all(_cited(part) for part in item.items)
    evidence = item.evidence
    if evidence is None or isinstance(evidence, Human):
        return False
    return bool(evidence.when_none_basis.strip())


def _remedy(item: Item) -> str:
    if isinstance(item.evidence, Human):
        return "silence gives none, so let the answer be required"
    return (
        "let it say when_none not_scored (of a count: with `among`), or cite the rule in "
        "when_none_basis"
    )


def _may_be_left_out(item: Item) -> bool:
    evidence = item.evidence
    if evidence is None or isinstance(evidence, Human):
        return False
    return evidence.when_none == NOT_SCORED


# --- items


def _item(ruleset: RuleSet, place: str, item: Item, basis: str) -> Iterator[str]:
    """Check one item; `basis` is cited by a group above it."""
    basis = item.basis.strip() or basis
    low, high = Fraction(item.floor), Fraction(item.maximum)
    if low > high:
        yield f"{place}.floor: {item.floor} is above the maximum {item.maximum}"
    for name, number in (("maximum", item.maximum), ("floor", item.floor), ("start", item.start)):
        yield from _places(ruleset, f"{place}.{name}", number)
    if item.items and (item.method or item.evidence):
        yield f"{place}: a group has items, a leaf has method and evidence; this has both"
    elif item.items:
        yield from _group(ruleset, place, item, basis)
    elif item.method is None or item.evidence is None:
        missing = "method" if item.method is None else "evidence"
        yield f"{place}.{missing}: a leaf needs one (or give the item items of its own)"
    else:
        if not basis:
            yield f"{place}.basis: no basis is cited here or above"
        yield from _evidence(ruleset, f"{place}.evidence", item.evidence)
        yield from _method(ruleset, f"{place}.method", item, item.method)


def _group(ruleset: RuleSet, place: str, item: Item, basis: str) -> Iterator[str]:
    most = Fraction(item.start) + sum(Fraction(part.maximum) for part in item.items)
    if most < Fraction(item.maximum):
        yield (
            f"{place}.maximum: {item.maximum} cannot be reached; "
            f"start and items add up to {value_text(most)}"
        )
    for n, part in enumerate(item.items):
        yield from _item(ruleset, f"{place}.items[{n}]", part, basis)


def _places(ruleset: RuleSet, place: str, number: Number) -> Iterator[str]:
    places = ruleset.rounding.places
    if (Fraction(number) * 10**places).denominator != 1:
        yield f"{place}: {number} has more places than scores are rounded to ({places})"


def _method(ruleset: RuleSet, place: str, item: Item, method: Method) -> Iterator[str]:
    human = isinstance(item.evidence, Human)
    match method:
        case Points() | Deduction():
            for name, number in (("each", method.each), ("per", method.per)):
                if number is not None and Fraction(number) <= 0:
                    yield f"{place}.{name}: {number} is not above 0"
            if isinstance(method, Deduction) and method.cap is not None:
                if Fraction(method.cap) <= 0:
                    yield f"{place}.cap: {method.cap} is not above 0"
                yield from _places(ruleset, f"{place}.cap", method.cap)
        case Linear():
            if Fraction(method.none_at) == Fraction(method.all_at):
                yield f"{place}: none_at and all_at are the same"
        case Bands():
            yield from _bands(ruleset, place, item, method)
        case YesNo():
            if method.at_least is None and method.at_most is None:
                yield f"{place}: it needs at_least or at_most"
        case Given():
            if not human:
                yield f"{place}: points are given by people, so the evidence is human"


def _bands(ruleset: RuleSet, place: str, item: Item, method: Bands) -> Iterator[str]:
    low, high = Fraction(item.floor), Fraction(item.maximum)
    worth = [(f"{place}.bands[{n}].points", one.points) for n, one in enumerate(method.bands)]
    for where, points in [*worth, (f"{place}.otherwise", method.otherwise)]:
        yield from _places(ruleset, where, points)
        if not low <= Fraction(points) <= high:
            yield f"{where}: {points} is not between {item.floor} and {item.maximum}"
    for n, band in enumerate(method.bands):
        if band.at_least is None and band.at_most is None:
            yield f"{place}.bands[{n}]: it needs at_least or at_most"
        if any(_covers(before.at_least, before.at_most, band) for before in method.bands[:n]):
            yield f"{place}.bands[{n}]: an earlier band holds wherever this one does"


def _covers(low: Number | None, high: Number | None, band: Any) -> bool:
    """Return whether everything in the band lies within these bounds."""
    above = low is None or (band.at_least is not None and Fraction(band.at_least) >= Fraction(low))
    below = high is None or (band.at_most is not None and Fraction(band.at_most) <= Fraction(high))
    return above and below


# --- evidence


def _evidence(ruleset: RuleSet, place: str, evidence: Evidence) -> Iterator[str]:
    if isinstance(evidence, Human):
        return
    yield from _selection(ruleset, f"{place}.of", evidence.of)
    if isinstance(evidence, Count | Sum | Distinct) and evidence.among is not None:
        yield from _selection(ruleset, f"{place}.among", evidence.among)
    match evidence:
        case Sum() | Percentile():
            yield from _summed(f"{place}.field", evidence.of.fact, evidence.field)
        case Distinct():
            yield from _grouping(f"{place}.field", evidence.of.fact, evidence.field)
        case Ratio():
            yield from _selection(ruleset, f"{place}.to", evidence.to)
            if evidence.field:
                yield from _summed(f"{place}.field", evidence.of.fact, evidence.field)
            if evidence.to_field:
                yield from _summed(f"{place}.to_field", evidence.to.fact, evidence.to_field)
            if Fraction(evidence.per) <= 0:
                yield f"{place}.per: {evidence.per} is not above 0"
        case Short():
            yield from _short(ruleset, place, evidence)


def _when_none(place: str, evidence: Computed) -> Iterator[str]:
    """There may be nothing to measure of what is counted among others, or due."""
    if isinstance(evidence, Percentile | Ratio):
        return
    name = "due" if isinstance(evidence, Short) else "among"
    whole = evidence.due if isinstance(evidence, Short) else evidence.among
    if whole is None and evidence.when_none is not None:
        yield f"{place}.when_none: it needs `{name}`, without which there is always a number"
    if whole is not None and evidence.when_none is None:
        yield f"{place}.when_none: say what holds where `{name}` has nothing, or not_scored"


def _short(ruleset: RuleSet, place: str, evidence: Short) -> Iterator[str]:
    if evidence.field:
        yield from _summed(f"{place}.field", evidence.of.fact, evidence.field)
    if Fraction(evidence.required) <= 0:
        yield f"{place}.required: {evidence.required} is not above 0"
    if evidence.due is not None:
        yield from _selection(ruleset, f"{place}.due", evidence.due)
    if evidence.by:
        yield from _grouping(f"{place}.by", evidence.of.fact, evidence.by)
        if evidence.due is None:
            yield f"{place}.by: it needs `due`, which says where something is owed"
        else:
            name = "due_by" if evidence.due_by else "by"
            yield from _grouping(
                f"{place}.{name}", evidence.due.fact, evidence.due_by or evidence.by
            )


def _selection(ruleset: RuleSet, place: str, selection: Selection) -> Iterator[str]:
    fact = selection.fact
    if fact not in FIELDS:
        yield from _known(f"{place}.fact", fact, "fact", FIELDS)
        return
    whose = selection.whose or ruleset.subject
    fitting = [field for field in WHOSE[ruleset.subject] if field in FIELDS[fact]]
    if whose not in fitting:
        named = " or ".join(fitting) or "no field"
        yield f"{place}.whose: {whose} names no {ruleset.subject} of a {fact}; {named} does"
    wheres = [("where", selection.where)]
    wheres += [(f"any_of[{n}]", one) for n, one in enumerate(selection.any_of)]
    wheres += [(f"excluding[{n}].where", one.where) for n, one in enumerate(selection.excluding)]
    for name, where in wheres:
        yield from _where(f"{place}.{name}", fact, where)


def _where(place: str, fact: str, where: Where) -> Iterator[str]:
    for path, wanted in where.items():
        field, _, key = path.partition(".")
        kind = FIELDS[fact].get(field, "")
        if not kind or field in ALWAYS:
            yield from _no_field(f"{place}.{path}", fact)
        elif kind.startswith("dict") != bool(key):
            example = f"{field}.<code>" if kind.startswith("dict") else field
            yield f"{place}.{path}: written {example}"
        elif isinstance(wanted, Bounds):
            yield from _bounds(f"{place}.{path}", kind, wanted)
        else:
            some = wanted if isinstance(wanted, tuple) else (wanted,)
            for value in some:
                yield from _value(f"{place}.{path}", (fact, field), kind, value)
            if not some:
                yield f"{place}.{path}: an empty list matches nothing"


def _bounds(place: str, kind: str, bounds: Bounds) -> Iterator[str]:
    ends = [end for end in (bounds.at_least, bounds.at_most) if end is not None]
    if not ends:
        yield f"{place}: it needs at_least or at_most"
    base = kind.rstrip("?")
    for end in ends:
        if base.startswith("dict") or (base == "int" and isinstance(end, int)):
            continue
        if not (base == "date" and isinstance(end, str) and re.fullmatch(DAY, end)):
            yield f"{place}: {end!r} is no bound of {_kind(kind)}"


def _value(place: str, at: tuple[str, str], kind: str, value: Scalar) -> Iterator[str]:
    base = kind.rstrip("?")
    if base.startswith("dict"):
        return
    fits = {
        type(None): kind.endswith("?"),
        bool: base == "bool",
        int: base == "int",
        str: base in ("str", "date", "instant", "list[str]"),
    }
    if not fits[type(value)]:
        yield f"{place}: {value!r} is not {_kind(kind)}"
    elif value is not None and at in VALUES:
        yield from _known(place, str(value), at[1], VALUES[at])


def _kind(kind: str) -> str:
    words = {"str": "a text", "int": "an integer", "bool": "true or false", "date": "a day"}
    said = words.get(kind.rstrip("?"), kind)
    return f"{said} or null" if kind.endswith("?") else said


def _known(place: str, value: str, what: str, known: Iterable[str]) -> Iterator[str]:
    if value not in known:
        yield f"{place}: no such {what}: {value}; there are {', '.join(known)}"


def _no_field(place: str, fact: str, kinds: tuple[str, ...] = ()) -> Iterator[str]:
    fields = [
        name
        for name, kind in sorted(FIELDS[fact].items())
        if name not in ALWAYS and (not kinds or kind.rstrip("?") in kinds)
    ]
    yield f"{place}: no such field; there are {', '.join(fields)}"


def _summed(place: str, fact: str, field: str) -> Iterator[str]:
    yield from _of_kind(place, fact, field, ("int",))


def _grouping(place: str, fact: str, field: str) -> Iterator[str]:
    yield from _of_kind(place, fact, field, ("str", "date"))


def _of_kind(place: str, fact: str, field: str, kinds: tuple[str, ...]) -> Iterator[str]:
    """An unknown fact is named elsewhere."""
    fields = FIELDS.get(fact)
    if fields and (field in ALWAYS or fields.get(field, "").rstrip("?") not in kinds):
        yield from _no_field(place, fact, kinds)
