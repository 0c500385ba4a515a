"""Content of a rule set 评分标准: items and how they are counted, vetoes, grades, subsidies.

All of it differs by province, district and year, so it is data with a cited basis, written without
code. `domain.scoring.scoring` reads the same as plain JSON, of the shapes in
`domain.scoring.shapes`: a new field is added there, with its default where it is read.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Annotated, ClassVar, Final, Literal

import msgspec
from msgspec import Meta, Struct
from msgspec.structs import replace

from domain.codes import Code, Name, NumberText
from domain.evaluation import determination
from domain.evaluation.determination import SubjectKind, Terms, Threshold, Window
from domain.scoring.evidence import NOT_SCORED
from domain.scoring.scoring import MOST_OCCURRENCES
from domain.scoring.shapes import PlainRuleSet
from domain.vocabulary import Text, Version

NUMBER_OR_NOT_SCORED: Final = rf"\A(-?[0-9]{{1,9}}(\.[0-9]{{1,6}})?|{NOT_SCORED})\Z"
Number = int | NumberText
"""An integer or a decimal string: `5`, `"0.95"`; never a float."""
Each = Literal["month", "quarter", "half_year", "year"]
WhenNone = int | Annotated[str, Meta(pattern=NUMBER_OR_NOT_SCORED)]
"""The value where there is nothing to measure; `not_scored`: the item is not scored, and its weight
goes where the rule set's `unmeasured` says."""


# --- evidence: what is counted


class Bounds(Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """Both included; of integers and days."""

    at_least: int | str | None = None
    at_most: int | str | None = None


Scalar = bool | int | str | None
Where = Mapping[str, bool | int | str | tuple[Scalar, ...] | Bounds | None]
"""Field → its value, one of several values, or bounds; a field that is a list: it holds the value.
`answers.display` is an answer of a checklist."""


class Exclusion(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Candidates that are left out, with the reason that the leaf shows."""

    KEY: ClassVar = None

    where: Where
    reason: Name


class Selection(Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """Facts of one kind of the subject, within the period and counting: `where` and, if given, one
    of `any_of` holds, and nothing of `excluding` does."""

    KEY: ClassVar = None

    fact: str
    where: Where = {}
    any_of: tuple[Where, ...] = ()
    excluding: tuple[Exclusion, ...] = ()
    whose: str = ""
    """The field that names the subject, where it is not called as the subject's kind."""


class _Evidence(
    Struct,
    frozen=True,
    omit_defaults=True,
    forbid_unknown_fields=True,
    tag_field="measure",
):
    """Source of a number: facts or people."""


class Count(_Evidence, frozen=True, kw_only=True, tag="count"):
    of: Selection
    among: Selection | None = None
    """What it is counted among; without any such fact there is nothing to measure."""
    when_none: WhenNone | None = None
    when_none_basis: str = ""
    """Where it is written that points are given though nothing was measured, here and below."""


class Sum(_Evidence, frozen=True, kw_only=True, tag="sum"):
    of: Selection
    field: str
    among: Selection | None = None
    when_none: WhenNone | None = None
    when_none_basis: str = ""


class Distinct(_Evidence, frozen=True, kw_only=True, tag="distinct"):
    """Number of different values, as in villages served."""

    of: Selection
    field: str
    among: Selection | None = None
    when_none: WhenNone | None = None
    when_none_basis: str = ""


class Percentile(_Evidence, frozen=True, kw_only=True, tag="percentile"):
    """Interpolated; `rank` 50 is the median."""

    of: Selection
    field: str
    rank: Annotated[int, Meta(ge=1, le=100)]
    when_none: WhenNone
    when_none_basis: str = ""


class Ratio(_Evidence, frozen=True, kw_only=True, tag="ratio"):
    """Quotient of `of` and `to`, each counted or, with a field, summed.

    With `per` 1000 it is a rate per 1,000.
    """

    of: Selection
    to: Selection
    field: str = ""
    to_field: str = ""
    per: Number = 1
    when_none: WhenNone
    when_none_basis: str = ""


class Short(_Evidence, frozen=True, kw_only=True, tag="short"):
    """Shortfall below `required` in each month (quarter …).

    The months are those of the period or, with `due`, those with such a fact. With `by` (village)
    each value is counted apart.
    """

    of: Selection
    field: str = ""
    each: Each
    required: Number
    by: str = ""
    due: Selection | None = None
    due_by: str = ""
    """What is called `by` in the facts of `due`, where it is called otherwise."""
    counting: Literal["missing", "periods"] = "missing"
    """How much is missing, or in how many periods something is."""
    when_none: WhenNone | None = None
    """Where nothing is due."""
    when_none_basis: str = ""


class Human(_Evidence, frozen=True, kw_only=True, tag="human"):
    """Somebody of one of these roles says it: points, or with a method how often it occurred."""

    scorers: Annotated[tuple[Code, ...], Meta(min_length=1)]
    question: Text
    evidence_required: bool = True
    required: bool = True
    """Whether there is no grade without it; else silence is 0."""


Computed = Count | Sum | Distinct | Percentile | Ratio | Short
Evidence = Computed | Human


# --- method: what it is worth


class _Method(
    Struct,
    frozen=True,
    omit_defaults=True,
    forbid_unknown_fields=True,
    tag_field="kind",
):
    """Points computed from a number, always within the floor and the maximum of the item."""


class Points(_Method, frozen=True, kw_only=True, tag="points"):
    """Points for each, or for every full `per`."""

    each: Number
    per: Number | None = None


class Deduction(_Method, frozen=True, kw_only=True, tag="deduction"):
    """Points off the maximum for each, at most `cap` in all."""

    each: Number
    per: Number | None = None
    cap: Number | None = None


class Linear(_Method, frozen=True, kw_only=True, tag="linear"):
    """A share of the maximum: none at `none_at`, all at `all_at` (which may be the lower one)."""

    none_at: Number
    all_at: Number


class Band(Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    KEY: ClassVar = None
    at_least: Number | None = None
    at_most: Number | None = None
    points: Number


class Bands(_Method, frozen=True, kw_only=True, tag="bands"):
    """The first band that holds."""

    bands: Annotated[tuple[Band, ...], Meta(min_length=1)]
    otherwise: Number = 0


class YesNo(_Method, frozen=True, kw_only=True, tag="yes_no"):
    """All within the bounds, else the floor."""

    at_least: Number | None = None
    at_most: Number | None = None


class Given(_Method, frozen=True, kw_only=True, tag="given"):
    """The points are what a person gives."""


Method = Points | Deduction | Linear | Bands | YesNo | Given


# --- the rule set


class Item(Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """A leaf has a method and evidence. A group has items: it scores `start` and what they score,
    so that several deductions may share one maximum."""

    KEY: ClassVar = ("code",)

    code: Code
    name: Text
    maximum: Number
    floor: Number = 0
    basis: str = ""
    """Cited here or by the group above."""
    example: bool = False
    """Whether nobody prescribed it."""
    method: Method | None = None
    evidence: Evidence | None = None
    start: Number = 0
    items: tuple["Item", ...] = ()


class Veto(Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """一票否决: from so many occurrences on, no better grade than this one."""

    KEY: ClassVar = ("code",)

    code: Code
    name: Text
    evidence: Evidence
    at_least: Number = 1
    grade: Text
    basis: Text
    example: bool = False


class Grade(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    KEY: ClassVar = ("name",)
    name: Text
    at_least: Number


class Quota(Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """At most so many of a hundred of those evaluated have the grade: the best by score. Who is
    beyond has the next grade, and so do all who are tied across the bound."""

    KEY: ClassVar = ("grade",)
    grade: Text
    percent_max: Annotated[int, Meta(ge=1, le=100)]
    basis: Text
    example: bool = False


class Rate(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    KEY: ClassVar = ("grade",)
    grade: Text
    amount: Number


class Subsidy(Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """Money by grade: once, or `times` as often (villages served)."""

    rates: Annotated[tuple[Rate, ...], Meta(min_length=1)]
    unit: Text
    """元."""
    per: Text
    """What a rate is for, in words: 村/年."""
    times: Evidence | None = None
    basis: Text
    example: bool = False


class Procedure(Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """Steps open against a result, and its consequences, the gravest first."""

    objection: Window
    appeal: Window
    thresholds: tuple[Threshold, ...] = ()
    basis: Text
    example: bool = False


class Rounding(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Rounding of every leaf, applied once."""

    places: Annotated[int, Meta(ge=0, le=4)]
    mode: Literal["half_up", "half_even", "down"]


class RuleSet(Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """One version, for evaluations of periods that begin on `effective_from` or later."""

    KEY: ClassVar = ("version", "code")

    code: Code
    version: Version
    title: Text
    subject: SubjectKind
    effective_from: date
    basis: Text
    example: bool = False
    rounding: Rounding
    maximum: Number
    """What the items add up to; bonuses come on top."""
    ceiling: Number | None = None
    """Highest score with bonuses; None when there is no limit."""
    unmeasured: Literal["shared", "zero"] | None = None
    """The weight of items that are not scored: shared in proportion among those beside them that
    are, or 0. None where every item is scored."""
    linked_matters: Literal["once"] | None = None
    """`once`: matters linked as one count once, by the first of them that counts; None when what is
    linked to another never counts, though that be void."""
    work: tuple[Selection, ...] = ()
    """Facts of work. A subject without any of them scores 0."""
    items: Annotated[tuple[Item, ...], Meta(min_length=1)]
    bonuses: tuple[Item, ...] = ()
    """Beside the maximum; with a floor below 0 they also deduct."""
    vetoes: tuple[Veto, ...] = ()
    grades: Annotated[tuple[Grade, ...], Meta(min_length=1)]
    """Best first; the last begins at 0."""
    quotas: tuple[Quota, ...] = ()
    subsidy: Subsidy | None = None
    procedure: Procedure | None = None
    """Without it scores are computed, but nothing is determined."""

    @property
    def ref(self) -> str:
        return f"{self.code}@{self.version}"


def plain(ruleset: RuleSet) -> PlainRuleSet:
    """Convert to the plain JSON that `domain.scoring.scoring` reads."""
    stored: PlainRuleSet = msgspec.json.decode(msgspec.json.encode(ruleset))
    return stored


def terms(ruleset: RuleSet) -> Terms | None:
    """Copy the terms that an evaluation keeps; None when the rule set has no procedure."""
    procedure = ruleset.procedure
    if procedure is None:
        return None
    return Terms(
        items=(
            *(_term(item) for item in leaf_items((*ruleset.items, *ruleset.bonuses))),
            *(_said(veto.code, veto.evidence, required=False) for veto in ruleset.vetoes),
        ),
        objection=procedure.objection,
        appeal=procedure.appeal,
        thresholds=procedure.thresholds,
    )


def leaf_items(items: Iterable[Item]) -> Iterator[Item]:
    for item in items:
        if item.items:
            yield from leaf_items(item.items)
        else:
            yield item


def _term(item: Item) -> determination.ItemTerms:
    """Bound what people say of it by its floor and its maximum: the points of one that they give
    or, after an upheld objection, of one that is computed. Else they say how often."""
    said = _said(item.code, item.evidence, required=True)
    if isinstance(item.evidence, Human) and not isinstance(item.method, Given):
        return said
    return replace(said, minimum=str(item.floor), maximum=str(item.maximum), whole=False)


def _said(code: str, evidence: Evidence | None, *, required: bool) -> determination.ItemTerms:
    """Item or veto of which people say how often it occurred."""
    if not isinstance(evidence, Human):
        return determination.ItemTerms(code=code, maximum=str(MOST_OCCURRENCES), whole=True)
    return determination.ItemTerms(
        code=code,
        maximum=str(MOST_OCCURRENCES),
        scorers=evidence.scorers,
        required=required and evidence.required,
        whole=True,
        evidence_required=evidence.evidence_required,
    )
