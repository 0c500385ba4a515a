"""Evidence: the facts that a rule set counts, and why other facts do not count.

Plain data and the standard library only: this file travels inside evidence bundles with
`domain.scoring.scoring`, which says how scores are computed from it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction
from typing import Any, NamedTuple, cast

from domain.scoring.shapes import (
    FactFields,
    FactRef,
    HumanScore,
    Measurement,
    OfItsMeasure,
    PeriodDays,
    PlainCount,
    PlainDistinct,
    PlainEvidence,
    PlainHuman,
    PlainPercentile,
    PlainRatio,
    PlainSelection,
    PlainShort,
    PlainSum,
    Sheet,
    Subject,
)

NEAR = timedelta(days=31)
"""What happened longer before or after the period is no candidate, so it is not listed either."""
OF_DIVISION = ("village", "division")
"""Fields that name the subject by the division of a point, not by its code."""
SAID = tuple(HumanScore.__annotations__)
"""What a leaf shows of a human score: nothing that describes a person."""
NOT_SCORED = "not_scored"
"""Said by `when_none`: where nothing is measured the item is not scored."""
IN_GROUP = "standing_in_group"
"""The standing of what can be linked, among the matters linked with it."""
SHOWN_PLACES = 6
"""Digits of a measured value that has no end; points are computed from the exact one."""


# --- one subject


class SubjectCase(NamedTuple):
    """A subject with its facts and human scores."""

    kind: str
    subject: str
    division: str
    first: str
    last: str
    facts: dict[str, list[tuple[FactFields, FactRef, str]]]
    human: Sheet


def case(
    kind: str,
    subject: Subject,
    facts: Iterable[FactFields],
    period: PeriodDays,
    human: Sheet,
    *,
    linked_once: bool = False,
) -> SubjectCase:
    """Group the facts and human scores of one subject.

    `linked_once`: whether a matter that is linked to others counts by its standing among them.

    Raises: ValueError — when the period ends before it begins, or a fact comes twice.
    """
    first, last = date.fromisoformat(period["first"]), date.fromisoformat(period["last"])
    if first > last:
        raise ValueError(f"the period ends on {last}, before it begins on {first}")
    earliest, latest = (first - NEAR).isoformat(), (last + NEAR).isoformat()
    by_kind: dict[str, list[FactFields]] = {}
    for fact in facts:
        begin, end = _days(fact)
        if begin <= latest and end >= earliest:
            by_kind.setdefault(fact["fact"], []).append(fact)
    standing = IN_GROUP if linked_once else "standing"
    return SubjectCase(
        kind=kind,
        subject=subject["code"],
        division=subject.get("division", ""),
        first=first.isoformat(),
        last=last.isoformat(),
        facts={
            of: [(one, _reference(one), _why_not(one, period, standing)) for one in _in_order(some)]
            for of, some in by_kind.items()
        },
        human=human,
    )


def _in_order(facts: list[FactFields]) -> list[FactFields]:
    def place(fact: FactFields) -> tuple[str, str, list[int]]:
        return _days(fact)[0], fact["stream"], fact["positions"]

    def whole(fact: FactFields) -> tuple[Any, str]:
        return place(fact), json.dumps(fact, sort_keys=True)

    facts = sorted(facts, key=place)
    if any(place(facts[n - 1]) == place(facts[n]) for n in range(1, len(facts))):
        facts.sort(key=whole)
        for n in range(1, len(facts)):
            if facts[n - 1] == facts[n]:
                raise ValueError(f"the same {facts[n]['fact']} twice: {facts[n]['stream']}")
    return facts


def _why_not(fact: FactFields, period: PeriodDays, standing: str) -> str:
    first, last = _days(fact)
    if last < period["first"] or first > period["last"]:
        return "outside_period"
    reason = fact[standing if standing in fact else "standing"]
    return "" if reason == "counts" else str(reason)


def _reference(fact: FactFields) -> FactRef:
    """Build the reference of a fact in a leaf: its identity, and its events' log positions."""
    return {
        "fact": fact["fact"],
        "stream": fact["stream"],
        "day": _days(fact)[0],
        "positions": list(fact["positions"]),
    }


def _days(fact: FactFields) -> tuple[str, str]:
    """Return first and last day of a fact; they differ only for what lasts (appointments)."""
    if "day" in fact:
        return fact["day"], fact["day"]
    return fact["first"], fact["last"]


# --- what counts


class Measured(NamedTuple):
    """A measured value with the facts behind it."""

    value: Fraction | None
    used: Sequence[FactRef] = ()
    """What the value is counted or computed from."""
    unused: Iterable[FactRef] = ()
    """Candidates that were left out, each with its reason."""
    against: Sequence[FactRef] = ()
    """What it is held against besides: the rest of a ratio's whole, what makes a duty due, what it
    is counted among."""
    more: OfItsMeasure = OfItsMeasure()
    nothing: bool = False
    """Whether there was nothing to measure."""

    @property
    def left_out(self) -> bool:
        return self.more.get("not_scored", False)

    def shown(self) -> Measurement:
        value = None if self.value is None else value_text(self.value)
        shown: Measurement = {
            "value": value,
            "used": list(self.used),
            "unused": list(self.unused),
            **self.more,
        }
        if self.against:
            shown["against"] = list(self.against)
        return shown


_Facts = list[tuple[FactFields, FactRef]]
_Unused = dict[int, FactRef]


def _select(
    about: SubjectCase, selection: PlainSelection, needed: str = ""
) -> tuple[_Facts, _Unused]:
    """Split facts into those that count, and those that do not, with the reason.

    The latter are keyed by the identity of their reference. A fact without a value in the `needed`
    field does not count.
    """
    whose = selection.get("whose") or about.kind
    who = about.division if whose in OF_DIVISION else about.subject
    where = _conditions(selection.get("where"))
    any_of = [_conditions(one) for one in selection.get("any_of", ())]
    excluding = [
        (_conditions(one["where"]), one["reason"]) for one in selection.get("excluding", ())
    ]
    counted: _Facts = []
    unused: _Unused = {}
    for fact, ref, why_not in about.facts.get(selection["fact"], ()):
        if fact[whose] != who or not _holds(fact, where):
            continue
        if any_of and not any(_holds(fact, one) for one in any_of):
            continue
        reason = why_not
        if not reason and needed and fact[needed] is None:
            reason = "not_stated"
        if not reason and excluding:
            reason = next((why for one, why in excluding if _holds(fact, one)), "")
        if reason:
            unused[id(ref)] = {**ref, "reason": reason}
        else:
            counted.append((fact, ref))
    return counted, unused


_Condition = tuple[str, str, Callable[[Any], bool]]


def _conditions(where: Mapping[str, Any] | None) -> list[_Condition]:
    """Parse conditions into field, key within it (of `answers.display`), and test of its value."""
    return [(*name.partition(".")[::2], _test(wanted)) for name, wanted in (where or {}).items()]


def _test(wanted: Any) -> Callable[[Any], bool]:
    if isinstance(wanted, Mapping):
        low, high = wanted.get("at_least"), wanted.get("at_most")

        def lies_within(value: Any) -> bool:
            above = value is not None and (low is None or value >= low)
            return above and (high is None or value <= high)

        return lies_within
    some = wanted if isinstance(wanted, (list, tuple)) else (wanted,)

    def is_one_of(value: Any) -> bool:
        if isinstance(value, list):
            return any(one in some for one in value)
        return value in some

    return is_one_of


def _holds(fact: FactFields, conditions: Iterable[_Condition]) -> bool:
    for field, key, fits in conditions:
        if not fits(fact[field].get(key) if key else fact[field]):
            return False
    return True


def _refs(facts: _Facts, field: str = "") -> list[FactRef]:
    """List references, with the amount if a field is summed."""
    if not field:
        return [ref for _, ref in facts]
    return [{**ref, "amount": fact[field]} for fact, ref in facts]


def _size(facts: _Facts, field: str) -> int:
    return sum(fact[field] for fact, _ in facts) if field else len(facts)


def determined(about: SubjectCase, code: str) -> HumanScore | None:
    """Return what was determined of a computed item after an objection."""
    given = about.human.get(code)
    return said_of(given) if given is not None and "objection" in given else None


def said_of(given: HumanScore) -> HumanScore:
    fields: Mapping[str, Any] = given
    return cast("HumanScore", {key: fields[key] for key in SAID if key in fields})


def measure(about: SubjectCase, code: str, evidence: PlainEvidence) -> Measured:
    if evidence["measure"] == "human":
        return _human(about, code, evidence)
    measured = _MEASURES[evidence["measure"]](about, evidence)
    when_none = evidence.get("when_none")
    if not measured.nothing or when_none is None:
        return measured
    if when_none == NOT_SCORED:
        return measured._replace(value=None, more={**measured.more, "not_scored": True})
    return measured._replace(value=Fraction(when_none))


def has_any(about: SubjectCase, some: Iterable[PlainSelection]) -> bool:
    """Return whether a fact of one of the selections counts."""
    return any(_select(about, one)[0] for one in some)


def _human(about: SubjectCase, code: str, evidence: PlainHuman) -> Measured:
    given = about.human.get(code)
    more: OfItsMeasure = {"scorers": list(evidence["scorers"])}
    if given is None:
        return Measured(None if evidence.get("required", True) else Fraction(0), more=more)
    return Measured(Fraction(given["value"]), more={**more, "human": said_of(given)})


def _count(about: SubjectCase, evidence: PlainCount) -> Measured:
    counted, unused = _select(about, evidence["of"])
    measured = Measured(Fraction(len(counted)), _refs(counted), unused.values())
    return _among(about, evidence, measured)


def _sum(about: SubjectCase, evidence: PlainSum) -> Measured:
    field = evidence["field"]
    counted, unused = _select(about, evidence["of"], field)
    measured = Measured(Fraction(_size(counted, field)), _refs(counted, field), unused.values())
    return _among(about, evidence, measured)


def _distinct(about: SubjectCase, evidence: PlainDistinct) -> Measured:
    field = evidence["field"]
    counted, unused = _select(about, evidence["of"], field)
    different = sorted({str(fact[field]) for fact, _ in counted})
    more: OfItsMeasure = {"different": different}
    measured = Measured(Fraction(len(different)), _refs(counted), unused.values(), more=more)
    return _among(about, evidence, measured)


def _among(
    about: SubjectCase, evidence: PlainCount | PlainSum | PlainDistinct, measured: Measured
) -> Measured:
    """Hold what was counted against what it is counted among: without any, nothing is measured."""
    among = evidence.get("among")
    if among is None:
        return measured
    whole, left_out = _select(about, among)
    used = {(ref["fact"], ref["stream"], ref["day"]) for ref in measured.used}
    rest = [ref for _, ref in whole if (ref["fact"], ref["stream"], ref["day"]) not in used]
    unused = {id(ref): ref for ref in measured.unused}
    return measured._replace(
        unused={**unused, **left_out}.values(), against=rest, nothing=not whole
    )


def _percentile(about: SubjectCase, evidence: PlainPercentile) -> Measured:
    """Interpolate between the two nearest values, as `percentile_cont` of SQL; 50 is the median."""
    field = evidence["field"]
    counted, unused = _select(about, evidence["of"], field)
    value = Fraction(0)
    if counted:
        values = sorted(fact[field] for fact, _ in counted)
        place = Fraction(evidence["rank"], 100) * (len(values) - 1)
        below = place.numerator // place.denominator
        above = min(below + 1, len(values) - 1)
        value = values[below] + (place - below) * (values[above] - values[below])
    return Measured(value, _refs(counted, field), unused.values(), nothing=not counted)


def _ratio(about: SubjectCase, evidence: PlainRatio) -> Measured:
    """Divide `of` by `to`, counted or summed, and multiply by `per`.

    A fact in both is listed as used only, unless its amount in the denominator is another field.
    """
    field, to_field = evidence.get("field", ""), evidence.get("to_field", "")
    part, left_out = _select(about, evidence["of"], field)
    whole, also_left_out = _select(about, evidence["to"], to_field)
    numerator, denominator = _size(part, field), _size(whole, to_field)
    value = Fraction(0)
    if denominator:
        value = Fraction(numerator, denominator) * Fraction(evidence.get("per", 1))
    used = {id(ref) for _, ref in part}
    rest = [one for one in whole if to_field != field or id(one[1]) not in used]
    return Measured(
        value,
        _refs(part, field),
        {**left_out, **also_left_out}.values(),
        _refs(rest, to_field),
        {"numerator": str(numerator), "denominator": str(denominator)},
        nothing=not denominator,
    )


def _short(about: SubjectCase, evidence: PlainShort) -> Measured:
    """Count what is missing in each month (quarter, half-year, year).

    Due are all months of the period, or those in which `due` has a fact, for each value of `by`.
    """
    each, by, field = evidence["each"], evidence.get("by", ""), evidence.get("field", "")
    due_by = evidence.get("due_by") or by
    counted, unused = _select(about, evidence["of"], field)
    amounts: dict[tuple[str, str], int] = {}
    for fact, _ in counted:
        when = _part_of(_days(fact)[0], each), str(fact[by]) if by else ""
        amounts[when] = amounts.get(when, 0) + (fact[field] if field else 1)
    due: _Facts = []
    if evidence.get("due"):
        due, not_due = _select(about, evidence["due"])
        unused = {**unused, **not_due}
        owed = {(_part_of(_days(one)[0], each), str(one[due_by]) if by else "") for one, _ in due}
    else:
        owed = {(part, "") for part in _parts(about.first, about.last, each)}
    required = Fraction(evidence["required"])
    lacks = {when: required - amounts.get(when, 0) for when in sorted(owed)}
    missing = [
        {each: when, **({by: of} if by else {}), "short": value_text(lack)}
        for (when, of), lack in lacks.items()
        if lack > 0
    ]
    total = sum((lack for lack in lacks.values() if lack > 0), Fraction(0))
    value = Fraction(len(missing)) if evidence.get("counting") == "periods" else total
    more: OfItsMeasure = {"missing": missing}
    return Measured(
        value, _refs(counted, field), unused.values(), _refs(due), more, nothing=not owed
    )


_MEASURES: dict[str, Callable[[SubjectCase, Any], Measured]] = {
    "count": _count,
    "sum": _sum,
    "distinct": _distinct,
    "percentile": _percentile,
    "ratio": _ratio,
    "short": _short,
}


# --- days


def _part_of(day: str, each: str) -> str:
    year, month = day[:4], int(day[5:7])
    if each == "quarter":
        return f"{year}-Q{(month + 2) // 3}"
    if each == "half_year":
        return f"{year}-H{(month + 5) // 6}"
    return year if each == "year" else day[:7]


def _parts(first: str, last: str, each: str) -> list[str]:
    """List every month, quarter … that the period touches."""
    months = range(int(first[:4]) * 12 + int(first[5:7]) - 1, int(last[:4]) * 12 + int(last[5:7]))
    days = [f"{month // 12:04}-{month % 12 + 1:02}-01" for month in months]
    return sorted({_part_of(day, each) for day in days})


# --- numbers


def rounded(value: Fraction, places: int, mode: str) -> Fraction:
    """Round: `half_up` away from zero, `half_even` to the even digit, `down` by cutting off."""
    scale, of = 10**places, value.denominator
    whole, rest = divmod(abs(value.numerator) * scale, of)
    if mode != "down" and (2 * rest > of or (2 * rest == of and (mode == "half_up" or whole % 2))):
        whole += 1
    return Fraction(whole if value.numerator >= 0 else -whole, scale)


def text(value: Fraction, places: int) -> str:
    """Format a number that has no more places than given."""
    digits = str(abs(value.numerator) * 10**places // value.denominator).rjust(places + 1, "0")
    sign = "-" if value.numerator < 0 else ""
    return f"{sign}{digits[:-places]}.{digits[-places:]}" if places else sign + digits


def value_text(value: Fraction) -> str:
    if value.denominator == 1:
        return str(value.numerator)
    shown = text(rounded(value, SHOWN_PLACES, "half_up"), SHOWN_PLACES)
    return shown.rstrip("0").rstrip(".")
