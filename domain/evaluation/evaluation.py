"""An evaluation 考核: one rule set over one period and a frozen population, as people carry it out.

Open, score what people score, publish; object, appeal, correct; close. Scores are computed outside
and arrive as plain data. A determination is never edited: a correction is the next one, cites the
one before and has a cut-off of its own.

One stream for a rule set (whatever its version), division and period: nobody can open a second
evaluation of the same thing and publish the better one. A run is a computation and no event, so
there may be any number of runs; one by another rule set or calendar is a what-if and stays one.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Annotated, ClassVar, Final, assert_never, get_args
from uuid import UUID

from msgspec import Meta, Struct
from msgspec.structs import replace

from domain.codes import Code, Digest, DivisionCode, EvaluationPeriod, NumberText, Ref
from domain.evaluation import objection as evaluation_objection
from domain.evaluation.determination import (
    Change,
    EarlierResult,
    FollowUp,
    Run,
    SubjectKind,
    SubjectResult,
    Terms,
)
from domain.evaluation.objection import (
    AppealDecided,
    AppealFiled,
    Objection,
    ObjectionAnswered,
    ObjectionEvent,
    ObjectionFiled,
    corrected,
)
from domain.vocabulary import (
    Event,
    NotThere,
    Personal,
    Position,
    Refused,
    Statement,
    Text,
    stream_id,
)

KIND: Final = "evaluation"
Population = Annotated[tuple[Code, ...], Meta(min_length=1)]
Checkpoint = Annotated[str, Meta(min_length=1, max_length=4000)]
"""Text of a signed checkpoint of the log, as the witness has it."""
Reason = Statement


def evaluation_stream(ruleset: str, division: str, period: str) -> UUID:
    """The stream of an evaluation; `ruleset` is the code, with or without its version."""
    return stream_id(KIND, evaluation_name(ruleset, division, period))


def evaluation_name(ruleset: str, division: str, period: str) -> str:
    return f"{ruleset.partition('@')[0]}:{division}:{period}"


# --- events


class EvaluationOpened(Event, frozen=True, kw_only=True):
    """The population is frozen here, by code."""

    topic: ClassVar[str] = "evaluation.opened/1"
    subject_kind: SubjectKind
    ruleset: Ref
    division: DivisionCode
    period: EvaluationPeriod
    calendar: Ref
    subjects: tuple[Code, ...]
    terms: Terms
    opened_by: Code
    opened_at: datetime


class PopulationAmended(Event, frozen=True, kw_only=True):
    """Who was left out, or does not belong; who is determined already stays."""

    topic: ClassVar[str] = "evaluation.population_amended/1"
    added: tuple[Code, ...] = ()
    removed: tuple[Code, ...] = ()
    reason: Text


class EvaluationCancelled(Event, frozen=True, kw_only=True):
    """Opened by mistake; it may be opened anew, and what was scored stays in the log."""

    topic: ClassVar[str] = "evaluation.cancelled/1"
    reason: Text


class HumanScoreGiven(Event, frozen=True, kw_only=True):
    """A second score of the same item takes the place of the first, which stays in the log."""

    topic: ClassVar[str] = "evaluation.human_score_given/1"
    subject: Code
    item: Code
    value: NumberText
    """Points, or how often something occurred."""
    reason: Personal
    evidence: tuple[Digest, ...] = ()
    sources: tuple[UUID, ...] = ()
    """Streams that show it: inspections, complaints, work logs."""
    scorer: Code
    role: Code


class HumanScoreWithdrawn(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "evaluation.human_score_withdrawn/1"
    subject: Code
    item: Code
    reason: Text
    withdrawn_by: Code


class ItemDetermined(Event, frozen=True, kw_only=True):
    """What an upheld objection changes of one computed item, as somebody determines it; every later
    result of the subject has it, whatever is computed."""

    topic: ClassVar[str] = "evaluation.item_determined/1"
    objection: int
    """That was upheld."""
    subject: Code
    item: Code
    value: NumberText
    """Points; of a veto, how often it occurred."""
    ground: Personal
    evidence: tuple[Digest, ...] = ()
    sources: tuple[UUID, ...] = ()
    determined_by: Code
    role: Code
    determined_at: datetime


class EvaluationPublished(Event, frozen=True, kw_only=True):
    """The first determination, of everybody."""

    topic: ClassVar[str] = "evaluation.published/1"
    KEY: ClassVar = ("number",)
    number: int = 1
    run: Run
    digest: Digest
    as_known_at: datetime
    checkpoint: Checkpoint | None = None
    objections_until: datetime
    published_by: Code
    published_at: datetime


class DeterminationCorrected(Event, frozen=True, kw_only=True):
    """A further determination, of those alone whose objection or appeal was upheld or who had been
    left out. Everybody else's result stands as it was determined.

    An upheld objection changes what was objected to: facts stand as they were known before. With
    `later_facts` it is the other correction: facts that came later, and nothing that people said.
    """

    topic: ClassVar[str] = "evaluation.determination_corrected/1"
    KEY: ClassVar = ("number",)
    number: int
    cites: Digest
    """Of the determination before."""
    objections: tuple[int, ...]
    """Carried out by it."""
    reason: Text
    run: Run
    digest: Digest
    changes: tuple[Change, ...]
    as_known_at: datetime
    checkpoint: Checkpoint | None = None
    objections_until: datetime
    published_by: Code
    published_at: datetime
    later_facts: bool = False


class PeriodClosed(Event, frozen=True, kw_only=True):
    """Nothing about the period is determined any more. Late facts show as the difference between
    this and a run of today."""

    topic: ClassVar[str] = "evaluation.period_closed/1"
    subject_kind: SubjectKind
    ruleset: Ref
    division: DivisionCode
    period: EvaluationPeriod
    position: Position
    root: Digest
    """Of the log's tree at that position."""
    checkpoint: Checkpoint | None = None
    determination: int
    """The last one."""
    results: Digest
    """Over the results that stand in the end: `results_digest`."""
    follow_ups: tuple[FollowUp, ...] = ()
    closed_at: datetime
    earlier: tuple[EarlierResult, ...] = ()
    """What earlier periods' evaluations said, where thresholds ask for several running."""


Determination = EvaluationPublished | DeterminationCorrected
EvaluationEvent = (
    EvaluationOpened | PopulationAmended | EvaluationCancelled | HumanScoreGiven
    | HumanScoreWithdrawn | ItemDetermined | Determination | PeriodClosed | ObjectionEvent
)  # fmt: skip
EVENTS: Final[tuple[type[Event], ...]] = get_args(EvaluationEvent)


# --- state


Marks = Mapping[str, Mapping[str, HumanScoreGiven]]


class Evaluation(Struct, frozen=True, kw_only=True):
    opened: EvaluationOpened
    subjects: tuple[str, ...]
    """In the order of their codes."""
    marks: Marks = {}
    """The human scores that stand: subject → item."""
    determined: Mapping[str, Mapping[str, ItemDetermined]] = {}
    """Computed items that were determined after an objection: subject → item."""
    determinations: tuple[Determination, ...] = ()
    """Every one, oldest first: number n is `determinations[n - 1]`."""
    standing: Mapping[str, SubjectResult] = {}
    """The result that stands, by subject."""
    objections: tuple[Objection, ...] = ()
    """Number n is `objections[n - 1]`."""
    closed: PeriodClosed | None = None
    cancelled: bool = False

    @property
    def published(self) -> bool:
        return bool(self.determinations)

    @property
    def to_determine(self) -> tuple[str, ...]:
        """Before publication everybody; then whose objection or appeal was upheld and not yet
        carried out, and who has no result because he was left out."""
        upheld = {one.filed.subject for one in self.objections if one.to_correct}
        return tuple(one for one in self.subjects if one in upheld or one not in self.standing)

    def values(self, subjects: Iterable[str]) -> dict[tuple[str, str], str]:
        """The rows that `marks_digest` is computed over."""
        return {
            (subject, item): said.value
            for subject in subjects
            for sheet in (self.marks.get(subject, {}), self.determined.get(subject, {}))
            for item, said in sheet.items()
        }

    def objected(self, subject: str, item: str) -> bool:
        """Return whether an upheld objection of the subject, not carried out yet, is about the
        item, or about the whole result."""
        return any(
            one.to_correct and one.filed.subject == subject and item in (one.filed.items or (item,))
            for one in self.objections
        )

    def newest_of(self, subject: str) -> Determination | None:
        """The newest determination that the subject is in."""
        for one in reversed(self.determinations):
            if any(result.subject == subject for result in one.run.results):
                return one
        return None


# --- evolve


def evolve(state: Evaluation | None, event: EvaluationEvent) -> Evaluation:
    if isinstance(event, EvaluationOpened):
        return Evaluation(opened=event, subjects=event.subjects)
    assert state is not None
    match event:
        case PopulationAmended():
            subjects = {*state.subjects, *event.added} - set(event.removed)
            return replace(state, subjects=tuple(sorted(subjects)))
        case EvaluationCancelled():
            return replace(state, cancelled=True)
        case HumanScoreGiven():
            sheet = {**state.marks.get(event.subject, {}), event.item: event}
            return replace(state, marks={**state.marks, event.subject: sheet})
        case HumanScoreWithdrawn():
            sheet = {**state.marks[event.subject]}
            del sheet[event.item]
            return replace(state, marks={**state.marks, event.subject: sheet})
        case ItemDetermined():
            sheet_of = {**state.determined.get(event.subject, {}), event.item: event}
            return replace(state, determined={**state.determined, event.subject: sheet_of})
        case EvaluationPublished():
            return _determined(state, event)
        case DeterminationCorrected():
            carried_out = corrected(state.objections, event.objections, event.number)
            return _determined(replace(state, objections=carried_out), event)
        case PeriodClosed():
            return replace(state, closed=event)
        case ObjectionFiled() | ObjectionAnswered() | AppealFiled() | AppealDecided():
            objections = evaluation_objection.evolve(state.objections, event)
            return replace(state, objections=objections)
        case _:
            assert_never(event)


def _determined(state: Evaluation, event: Determination) -> Evaluation:
    standing = {**state.standing, **{one.subject: one for one in event.run.results}}
    determinations = (*state.determinations, event)
    return replace(state, determinations=determinations, standing=standing)


# --- refusals


class EvaluationUnknown(NotThere):
    """没有这项考核"""


class SubjectUnknown(Refused):
    """不在本次考核的对象范围内"""
