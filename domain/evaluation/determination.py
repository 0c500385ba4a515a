"""Determinations of an evaluation 考核 as plain data: terms, runs and their digests.

Scores are computed elsewhere. Decimals travel as text, so that they are the same everywhere.
"""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Literal

import msgspec
from msgspec import Meta, Struct

from domain.codes import Code, DecimalText, Digest, DivisionCode, EvaluationPeriod, Ref
from domain.moment import Moment
from domain.promises.promising import newest_calendar
from domain.reporting.report import canonical
from domain.vocabulary import Position, SomeDays, Text
from domain.worktime.calendar import TimeLimit, deadline
from domain.worktime.period import before

SubjectKind = Literal["adviser", "point"]
"""Of the log: what was recorded after it is not known."""


# --- terms


class ItemTerms(Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """One item, bonus or veto of the rule set, as far as people have to do with it."""

    KEY: ClassVar = ("code",)

    code: Code
    maximum: DecimalText | None = None
    """None when an occurrence has no limit."""
    minimum: DecimalText = "0"
    whole: bool = False
    """Whether people say how often something occurs, not how many points it is worth."""
    scorers: tuple[Code, ...] = ()
    """Roles that score it; empty: it is computed."""
    required: bool = True
    """Whether nothing is published without its score; only of an item that people score."""
    evidence_required: bool = True


class Window(Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """Days within which something may be filed; the first day is not counted, the last one ends at
    midnight, or with the next working day where it is a day of rest (Civil Code art. 201, 203)."""

    days: SomeDays
    unit: Literal["calendar_day", "working_day"] = "calendar_day"


class Threshold(Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """A condition on results and its consequence: one of these grades, a score below, or a veto."""

    KEY: ClassVar = None

    follow: Literal["rectification", "replacement", "exit"]
    grades: tuple[Text, ...] = ()
    below: DecimalText | None = None
    vetoed: bool = False
    running: Annotated[int, Meta(ge=1, le=10)] = 1
    """In so many periods running, this one the last: years of an evaluation by the year."""
    items: Annotated[tuple[Text, ...], Meta(min_length=1)]
    """What is to be put right, or why another adviser or the end of the service is proposed."""


class Terms(Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """The rule set's procedure, kept with the evaluation as it was when it was opened."""

    items: Annotated[tuple[ItemTerms, ...], Meta(min_length=1)]
    objection: Window
    appeal: Window
    thresholds: tuple[Threshold, ...] = ()
    """The gravest first: the first one that a result falls under is its own."""


def window_ends(window: Window, calendar: str, moment: Moment) -> datetime:
    """Compute the end of a window by the newest version of the calendar.

    The version of the period seldom has the next year.
    """
    newest = newest_calendar(calendar, moment)
    assert newest is not None
    limit = TimeLimit(amount=window.days, unit=window.unit, ends_at_midnight=True)
    return deadline(limit, moment.occurred_at, newest).due


# --- results


class SubjectResult(
    Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True
):
    """`tree` is the digest of the score tree, whose leaves name the events used and not used."""

    KEY: ClassVar = ("subject",)

    subject: Code
    score: DecimalText
    grade: Text | None = None
    vetoed: bool = False
    subsidy: DecimalText | None = None
    tree: Digest
    before_quota: Text | None = None
    """The grade of the score alone, where a quota allows only a lower one."""


class Run(Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """One computation, with all its inputs.

    Add only fields with a default: the digests of determinations are for ever.
    """

    subject_kind: SubjectKind
    ruleset: Ref
    division: DivisionCode
    period: EvaluationPeriod
    calendar: Ref
    cut_off: Position
    inputs: Digest
    """Over the facts that were scored."""
    marks: Digest
    """Over the human scores that were scored: `domain.scoring.computation.marks_digest`."""
    results: Annotated[tuple[SubjectResult, ...], Meta(min_length=1)]
    """In the order of the subjects' codes."""
    marks_at: Position | None = None
    """What people said until then was scored, where that is later than the cut-off of facts."""


class Change(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`before` is None for a subject that had been left out."""

    before: SubjectResult | None = None
    after: SubjectResult


def digest_of(run: Run) -> str:
    """Return the SHA-256 over the canonical JSON of inputs and results, in hexadecimal.

    It does not cover when the run was made and as known at which time: the log position says what
    was known.
    """
    return _sha256(msgspec.to_builtins(run))


def results_digest(results: Iterable[SubjectResult]) -> str:
    return _sha256([msgspec.to_builtins(one) for one in sorted(results, key=_subject)])


def _sha256(value: Any) -> str:
    return hashlib.sha256(canonical(value)).hexdigest()


def _subject(result: SubjectResult) -> str:
    return result.subject


class Ranked(Struct, frozen=True, kw_only=True):
    """`tied`: how many have this rank; the next one is that many lower."""

    KEY: ClassVar = ("result.subject",)

    rank: int
    tied: int
    result: SubjectResult


def ranked(results: Iterable[SubjectResult]) -> tuple[Ranked, ...]:
    """Rank by score, best first; who has the same score has the same rank, in order of code."""
    ordered = sorted(results, key=lambda one: (-Decimal(one.score), one.subject))
    scores = [Decimal(one.score) for one in ordered]
    return tuple(
        Ranked(rank=scores.index(score) + 1, tied=scores.count(score), result=one)
        for one, score in zip(ordered, scores, strict=True)
    )


# --- what follows


class EarlierResult(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What was published of a subject for an earlier period, by the same rule set there.

    `digest` is that of the determination.
    """

    KEY: ClassVar = ("period", "subject")

    period: EvaluationPeriod
    subject: Code
    score: DecimalText
    grade: Text | None = None
    vetoed: bool = False
    digest: Digest


class FollowUp(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An order to put right, or a proposal that people decide on.

    `periods`: where a threshold asks for several running, those before, the last one first.
    """

    KEY: ClassVar = ("subject", "follow")

    subject: Code
    follow: Literal["rectification", "replacement", "exit"]
    grounds: tuple[Literal["grade", "score", "veto"], ...]
    items: tuple[Text, ...]
    periods: tuple[EvaluationPeriod, ...] = ()


def follow_ups(
    results: Iterable[SubjectResult],
    thresholds: Iterable[Threshold],
    period: str = "",
    earlier: Iterable[EarlierResult] = (),
) -> tuple[FollowUp, ...]:
    """At most one a subject, by the first threshold that its result of the period falls under;
    `earlier` has the results of the periods before."""
    ordered = tuple(thresholds)
    told = {(one.period, one.subject): one for one in earlier}
    every = (_follow_up(one, ordered, period, told) for one in sorted(results, key=_subject))
    return tuple(one for one in every if one is not None)


Ground = Literal["grade", "score", "veto"]


def _follow_up(
    result: SubjectResult,
    thresholds: tuple[Threshold, ...],
    period: str,
    earlier: Mapping[tuple[str, str], EarlierResult],
) -> FollowUp | None:
    for threshold in thresholds:
        chain: list[str] = []
        before_it = period
        for _ in range(threshold.running - 1):
            before_it = before(before_it)
            one = earlier.get((before_it, result.subject))
            if one is not None and _met(one, threshold):
                chain.append(before_it)
        grounds = _met(result, threshold)
        if grounds and len(chain) == threshold.running - 1:
            return FollowUp(
                subject=result.subject,
                follow=threshold.follow,
                grounds=grounds,
                items=threshold.items,
                periods=tuple(chain),
            )
    return None


def _met(result: SubjectResult | EarlierResult, threshold: Threshold) -> tuple[Ground, ...]:
    below = threshold.below
    met: dict[Ground, bool] = {
        "grade": result.grade in threshold.grades,
        "score": below is not None and Decimal(result.score) < Decimal(below),
        "veto": threshold.vetoed and result.vetoed,
    }
    return tuple(ground for ground, holds in met.items() if holds)
