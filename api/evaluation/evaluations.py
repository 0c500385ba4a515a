"""Evaluations, rule sets and samples asked about over HTTP: trial runs, results, score trees,
comparisons. Whoever is evaluated sees his own tree; complaints about him are counted in it, not
named."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any, ClassVar, Final
from uuid import UUID

import msgspec
from msgspec import Meta, Struct
from msgspec.structs import replace

from api.evaluation.evaluation_routes import ROUTES, computed, known_then
from api.web.gate import readable
from api.web.paging import Listing, Paged
from api.web.problems import Problem
from api.web.questions import Asking, Found, Knowing, Known, Question, allowed_now, beside, held
from domain.codes import Code, DivisionCode, DivisionPrefix, EvaluationPeriod, Ref
from domain.concerned import judged_by, judges, marks_of
from domain.evaluation import evaluation, ruleset
from domain.evaluation.determination import (
    EarlierResult,
    Ranked,
    Run,
    SubjectKind,
    SubjectResult,
    ranked,
)
from domain.evaluation.evaluation import (
    Determination,
    DeterminationCorrected,
    Evaluation,
    EvaluationOpened,
    ItemDetermined,
    Marks,
    PeriodClosed,
)
from domain.evaluation.objection import (
    AppealDecided,
    AppealFiled,
    Objection,
    ObjectionAnswered,
    ObjectionFiled,
)
from domain.evaluation.ruleset_content import RuleSet
from domain.moment import Registers, names_of
from domain.oversight import sample
from domain.oversight.sample import Sample, SampleAnnounced
from domain.roles import AUDITORS, FIRMS, LEADERS
from domain.vocabulary import Actor, stream_id
from domain.worktime.period import days_of
from projections.asking.asking import Basis, Cursor
from projections.evaluation import evaluations as view
from projections.evaluation.review import (
    Compared,
    EvaluationLine,
    Explained,
    When,
    compared,
    determination,
    earlier_results,
    explained,
)
from projections.evaluation.run import DIVISION, RunAsked

REVIEWERS: Final = (*LEADERS, *AUDITORS)
BY_CODE: Final = ("adviser", "point")
"""What samples name by its code and not by its id: registers, which anybody reads."""
CODES_MAX: Final = 4_000
EARLIER_PERIODS: Final = 3
"""Shown beside the results."""


class Subject(Struct, frozen=True, kw_only=True):
    """`tree`: the score tree, every leaf with the events used and not used; `tree_digest`: what is
    published of it."""

    KEY: ClassVar = ("result.subject",)

    result: SubjectResult
    tree: dict[str, Any]


class RunFound(Struct, frozen=True, kw_only=True):
    """A trial; nothing is written. `what_if`: the open evaluation follows other rules."""

    digest: str
    position: int
    as_known_at: datetime
    evaluation: UUID
    what_if: bool
    inputs: str
    calendar: str
    results: list[Subject]


class RunQuery(Knowing, frozen=True, kw_only=True):
    """`subjects`: codes, separated by commas; without: everybody there."""

    ruleset: Ref
    period: EvaluationPeriod
    division: DivisionCode = DIVISION
    calendar: Ref | None = None
    subjects: Annotated[str, Meta(max_length=CODES_MAX)] | None = None
    what_if: Ref | None = None
    correcting: bool = False
    """By the facts of the subjects' last determination, and what people said since."""


class DeterminationQuery(Knowing, frozen=True, kw_only=True):
    """By this determination; without: the newest."""

    determination: Annotated[int, Meta(ge=1, le=1000)] | None = None


class EvaluationsQuery(Paged, frozen=True, kw_only=True):
    ruleset: Code | None = None
    """Without its version."""
    division: DivisionPrefix | None = None
    """A prefix of the division code."""
    period: EvaluationPeriod | None = None
    subject_kind: SubjectKind | None = None
    subject: Code | None = None
    stage: view.Stage | None = None
    objected: bool | None = None


class EvaluationsFound(Struct, frozen=True, kw_only=True):
    """The oldest first."""

    basis: Basis
    evaluations: list[EvaluationLine]
    next_cursor: str | None


class ObjectionsQuery(Paged, frozen=True, kw_only=True):
    evaluation: UUID | None = None
    ruleset: Code | None = None
    """Without its version."""
    division: DivisionPrefix | None = None
    """A prefix of the division code."""
    period: EvaluationPeriod | None = None
    subject: Code | None = None
    filed_by: Code | None = None
    stage: view.ObjectionStage | None = None
    waiting: bool | None = None


class ObjectionsFound(Struct, frozen=True, kw_only=True):
    """The newest first."""

    basis: Basis
    rows: list[view.ObjectionRow]
    next_cursor: str | None


class Determined(Struct, frozen=True, kw_only=True):
    """A determination, the first or a correction of the one that it cites."""

    KEY: ClassVar = ("number",)

    number: int
    digest: str
    cites: str | None
    objections: tuple[int, ...]
    reason: str | None
    run: Run
    as_known_at: datetime
    checkpoint: str | None
    objections_until: datetime
    published_by: str
    published_at: datetime
    later_facts: bool
    """By facts that came later; else of what was objected to alone."""


class ObjectionShown(Struct, frozen=True, kw_only=True):
    """The answer's copy of an objection, with its appeal."""

    KEY: ClassVar = ("filed.number",)

    filed: ObjectionFiled
    answered: ObjectionAnswered | None
    appeal: AppealFiled | None
    decided: AppealDecided | None
    corrected_by: int | None


class EvaluationStanding(Struct, frozen=True, kw_only=True):
    """`marks`: human scores; `determined`: computed items that were determined after an objection,
    with the ground. Only of those whom the asking actor may see."""

    opened: EvaluationOpened
    subjects: tuple[str, ...]
    to_determine: tuple[str, ...]
    marks: Marks
    determined: Mapping[str, Mapping[str, ItemDetermined]]
    determinations: list[Determined]
    standing: Mapping[str, SubjectResult]
    objections: tuple[ObjectionShown, ...]
    closed: PeriodClosed | None
    cancelled: bool


class EvaluationFound(Struct, frozen=True, kw_only=True):
    id: UUID
    version: int
    position: int
    allowed: list[str]
    state: EvaluationStanding


class ResultsFound(Struct, frozen=True, kw_only=True):
    """Results of a determination; without `number`, the newest result of every subject."""

    id: UUID
    number: int | None
    digest: str | None
    cut_off: int | None
    results: tuple[SubjectResult, ...]
    ranking: tuple[Ranked, ...]
    """The same, best first; of a correction alone, among those it is about."""
    earlier: tuple[EarlierResult, ...]
    """What stands of the same subjects in the periods before, the last one first."""


class RuleSetFound(Struct, frozen=True, kw_only=True):
    """Oldest first."""

    position: int
    versions: tuple[RuleSet, ...]


class SampleShown(Struct, frozen=True, kw_only=True):
    """The answer's copy of a sample: clients rely on it, so deciders may change their state."""

    announced: SampleAnnounced
    size: int
    seed: str | None
    drawn: tuple[str, ...]


def sample_shown(state: Sample) -> SampleShown:
    """Make the answer's copy of a sample."""
    return SampleShown(
        announced=state.announced, size=state.size, seed=state.seed, drawn=state.drawn
    )


class SampleFound(Struct, frozen=True, kw_only=True):
    id: UUID
    version: int
    position: int
    allowed: list[str]
    state: SampleShown


def reviews(by: Actor | None) -> bool:
    return by is not None and by.role in REVIEWERS


def own_names(by: Actor, registers: Registers) -> frozenset[str]:
    """Return what an actor may be called as one who is evaluated: himself, or his point."""
    return names_of(by, registers) | {by.unit}


async def may_see(asking: Asking, subject: str) -> None:
    """Check that the actor may see the subject's score.

    Raises: Problem `not-permitted` — when it is somebody else's.
    """
    assert asking.by is not None
    registers = await asking.wiring.ledger.registers()
    if not reviews(asking.by) and subject not in own_names(asking.by, registers):
        raise Problem("not-permitted", subject)


class Readable(Struct, frozen=True):
    """Those of an evaluation whom the actor may read of; None when it is everybody."""

    subjects: frozenset[str] | None

    def __contains__(self, subject: str) -> bool:
        return self.subjects is None or subject in self.subjects


async def _readable(asking: Asking, state: Evaluation) -> Readable:
    """A committee or a firm reads of those that concern it.

    Raises: Problem `not-found` — when nobody there does.
    """
    assert asking.by is not None
    if marks_of(asking.by) is None:
        return Readable(None)
    registers = await asking.wiring.ledger.registers()
    first, last = days_of(state.opened.period)
    own = (one for one in state.subjects if judges(asking.by, one, first, last, registers))
    if not (subjects := frozenset(own)):
        raise Problem("not-found")
    return Readable(subjects)


# --- trials


async def _run(asking: Asking) -> Found:
    query: RunQuery = asking.query
    codes = tuple(one for one in (query.subjects or "").split(",") if one)
    if not reviews(asking.by):
        if not codes:
            raise Problem("not-permitted", "subjects")
        for code in codes:
            await may_see(asking, code)
    asked = RunAsked(
        ruleset=query.ruleset,
        period=query.period,
        division=query.division,
        calendar=query.calendar,
        subjects=codes,
        as_known_at=query.as_known_at or datetime.now(UTC),
        what_if=query.what_if,
        correcting=query.correcting,
    )
    assert asked.as_known_at is not None
    await known_then(asking.wiring, asked.as_known_at)
    found, done = await beside(asking.wiring, lambda one: computed(one, asked))
    trees = {code: msgspec.json.decode(tree) for code, tree in done.trees.items()}
    body = RunFound(
        digest=done.digest,
        position=done.run.cut_off,
        as_known_at=found.as_known_at,
        evaluation=found.stream,
        what_if=found.what_if,
        inputs=done.run.inputs,
        calendar=done.run.calendar,
        results=[
            Subject(result=one, tree=_shown(trees[one.subject], asking.by))
            for one in done.run.results
        ],
    )
    return Found(body, position=done.run.cut_off)


def _shown(tree: dict[str, Any], by: Actor | None) -> dict[str, Any]:
    """Remove references that would tell the one complained of about a complaint."""
    return tree if reviews(by) else _stubbed(tree)


def _stubbed(value: Any) -> Any:
    if isinstance(value, list):
        return [_stubbed(one) for one in value]
    if not isinstance(value, dict):
        return value
    if value.get("fact") == "complaint":
        kept = {name: value[name] for name in ("fact", "reason", "amount") if name in value}
        return {**kept, "hidden": True}
    return {name: _stubbed(one) for name, one in value.items()}


# --- evaluations


async def _own(asking: Asking) -> dict[str, Any]:
    assert asking.by is not None
    return {"own": judged_by(asking.by, await asking.wiring.ledger.registers())}


def _found(*, basis: Basis, rows: list[EvaluationLine], next_cursor: str | None) -> Struct:
    return EvaluationsFound(basis=basis, evaluations=rows, next_cursor=next_cursor)


LISTING: Final = Listing(
    views=(view.EVALUATIONS,),
    filters=view.EvaluationFilters,
    page=view.evaluations_page,
    cursor=Cursor,
    place=view.place_of,
    answer=_found,
    besides=_own,
)
OBJECTIONS: Final = Listing(
    views=(view.OBJECTIONS,),
    filters=view.ObjectionFilters,
    page=view.objections_page,
    cursor=view.ObjectionCursor,
    place=view.objection_place,
    answer=ObjectionsFound,
    besides=_own,
)


async def _one(asking: Asking) -> Found:
    stream: UUID = asking.path["id"]
    found, position = await held(asking, evaluation, stream)
    state: Evaluation = found.state
    by = asking.by
    assert by is not None
    readable = await _readable(asking, state)
    body = EvaluationFound(
        id=stream,
        version=found.version,
        position=position,
        allowed=await allowed_now(asking, found.state, evaluation.KIND, ROUTES),
        state=_standing(state, by, readable, own_names(by, await asking.wiring.ledger.registers())),
    )
    # What is shown depends on who asks: its ETag is of the content, If-Match wants `version`.
    # So do the events that are named: they may be about others.
    return Found(
        body,
        version=found.version if reviews(by) else None,
        position=position,
        stream=stream if reviews(by) else None,
    )


def _standing(
    state: Evaluation, by: Actor, readable: Readable, own: frozenset[str]
) -> EvaluationStanding:
    def scored(code: str) -> bool:
        """Tell whether marks may be seen; a committee and a firm have theirs in `readable`."""
        if readable.subjects is None:
            return reviews(by) or code in own
        return code in readable

    return EvaluationStanding(
        opened=replace(state.opened, subjects=_readable_of(state.opened.subjects, readable)),
        subjects=_readable_of(state.subjects, readable),
        to_determine=_readable_of(state.to_determine, readable),
        marks={code: sheet for code, sheet in state.marks.items() if scored(code)},
        determined={code: sheet for code, sheet in state.determined.items() if scored(code)},
        determinations=[_determined(one, readable) for one in state.determinations],
        standing={code: one for code, one in state.standing.items() if code in readable},
        objections=tuple(
            _objection_shown(one) for one in state.objections if one.filed.subject in readable
        ),
        closed=state.closed if readable.subjects is None else None,
        cancelled=state.cancelled,
    )


def _readable_of(subjects: tuple[str, ...], readable: Readable) -> tuple[str, ...]:
    return tuple(one for one in subjects if one in readable)


def _results_of(
    results: tuple[SubjectResult, ...], readable: Readable
) -> tuple[SubjectResult, ...]:
    return tuple(one for one in results if one.subject in readable)


def _objection_shown(state: Objection) -> ObjectionShown:
    return ObjectionShown(
        filed=state.filed,
        answered=state.answered,
        appeal=state.appeal,
        decided=state.decided,
        corrected_by=state.corrected_by,
    )


def _determined(one: Determination, readable: Readable) -> Determined:
    corrects = one if isinstance(one, DeterminationCorrected) else None
    return Determined(
        number=one.number,
        digest=one.digest,
        cites=corrects.cites if corrects else None,
        objections=corrects.objections if corrects else (),
        reason=corrects.reason if corrects else None,
        run=replace(one.run, results=_results_of(one.run.results, readable)),
        as_known_at=one.as_known_at,
        checkpoint=one.checkpoint,
        objections_until=one.objections_until,
        published_by=one.published_by,
        published_at=one.published_at,
        later_facts=bool(corrects and corrects.later_facts),
    )


async def _results(asking: Asking) -> Found:
    query: DeterminationQuery = asking.query
    stream: UUID = asking.path["id"]
    found, position = await held(asking, evaluation, stream)
    state: Evaluation = found.state
    readable = await _readable(asking, state)
    before = await beside(asking.wiring, lambda one: earlier_results(one, state, EARLIER_PERIODS))
    earlier = tuple(one for one in before if one.subject in readable)
    if query.determination is None:
        ordered = tuple(state.standing[code] for code in sorted(state.standing) if code in readable)
        body = ResultsFound(
            id=stream,
            number=None,
            digest=None,
            cut_off=None,
            results=ordered,
            ranking=ranked(ordered),
            earlier=earlier,
        )
    else:
        one = determination(state, query.determination)
        body = ResultsFound(
            id=stream,
            number=one.number,
            digest=one.digest,
            cut_off=one.run.cut_off,
            results=_results_of(one.run.results, readable),
            ranking=ranked(_results_of(one.run.results, readable)),
            earlier=earlier,
        )
    return Found(body, position=position)


async def _explain(asking: Asking) -> Found:
    query: DeterminationQuery = asking.query
    stream, subject = asking.path["id"], asking.path["subject"]
    if asking.by is not None and asking.by.role in FIRMS:
        found_now, _ = await held(asking, evaluation, stream)
        if subject not in await _readable(asking, found_now.state):
            raise Problem("not-found")
    else:
        await may_see(asking, subject)
    if query.as_known_at is not None and query.determination is not None:
        raise Problem("malformed", "as_known_at and determination")
    await held(asking, evaluation, stream)
    await known_then(asking.wiring, datetime.now(UTC))
    when: When | None = query.as_known_at or query.determination
    found: Explained = await beside(
        asking.wiring, lambda one: explained(one, stream, subject, when)
    )
    found = replace(found, tree=_shown(found.tree, asking.by))
    return Found(found, position=found.cut_off)


async def _compare(asking: Asking) -> Found:
    """Determinations by number, or `now`: as known at the instant asked about."""
    query: Known = asking.query
    if not reviews(asking.by):
        raise Problem("not-permitted", "compare")
    stream = asking.path["id"]
    await held(asking, evaluation, stream)
    at = query.as_known_at or datetime.now(UTC)
    one, other = (_when(asking.path[name], at) for name in ("one", "other"))
    await known_then(asking.wiring, at)
    found = await beside(asking.wiring, lambda link: compared(link, stream, one, other))
    return Found(found, position=max(found.cut_offs))


def _when(text: str, at: datetime) -> When:
    if text == "now":
        return at
    if not re.fullmatch("[0-9]{1,4}", text):
        raise Problem("malformed", text)
    return int(text)


# --- rule sets and samples


async def _ruleset(asking: Asking) -> Found:
    stream = stream_id(ruleset.KIND, asking.path["code"])
    found, position = await held(asking, ruleset, stream)
    body = RuleSetFound(position=position, versions=found.state.versions)
    return Found(body, version=found.version, position=position, stream=stream)


async def _sample(asking: Asking) -> Found:
    stream: UUID = asking.path["id"]
    found, position = await held(asking, sample, stream)
    assert asking.by is not None
    state: Sample = found.state
    drawn = await _drawn(asking, state)
    body = SampleFound(
        id=stream,
        version=found.version,
        position=position,
        allowed=await allowed_now(asking, state, sample.KIND, ROUTES),
        state=sample_shown(replace(state, drawn=drawn)),
    )
    # What is shown depends on who asks: its ETag is of the content, If-Match wants `version`.
    whole = drawn == state.drawn
    return Found(
        body,
        version=found.version if whole else None,
        position=position,
        stream=stream if whole else None,
    )


async def _drawn(asking: Asking, state: Sample) -> tuple[str, ...]:
    """Keep those of the drawn that the reader may read: the list would tell him that there is a
    complaint that is kept from him."""
    assert asking.by is not None
    if state.announced.frame.of in BY_CODE:
        return state.drawn
    there = await readable(asking.wiring, map(UUID, state.drawn), asking.by)
    return tuple(one for one in state.drawn if UUID(one) in there)


def _question(name: str, under: str, summary: str, answer: Any, find: Any, **more: Any) -> Question:
    return Question(
        name=name,
        under=under,
        summary=summary,
        tag=under.split("/")[1].removesuffix("s"),
        answer=answer,
        find=find,
        **more,
    )


QUESTIONS: Final = (
    _question(
        "Evaluations",
        "/evaluations",
        "全部考核：按评分标准、地区、期间、对象和进展筛选",
        EvaluationsFound,
        LISTING.find,
        query=EvaluationsQuery,
    ),
    Question(
        name="Objections",
        under="/objections",
        summary="异议清单：待答复、待复核、待更正的",
        tag=evaluation.KIND,
        answer=ObjectionsFound,
        query=ObjectionsQuery,
        find=OBJECTIONS.find,
    ),
    _question(
        "TrialRun",
        "/evaluations/run",
        "试算（不写入任何内容；人数较多的用命令行 anjuan evaluate）",
        RunFound,
        _run,
        query=RunQuery,
        problems=(409,),
    ),
    _question(
        "Evaluation",
        "/evaluations/{id:uuid}",
        "一项考核的现状",
        EvaluationFound,
        _one,
    ),
    _question(
        "EvaluationResults",
        "/evaluations/{id:uuid}/results",
        "考核结果：现行的，或者某一次决定的",
        ResultsFound,
        _results,
        query=DeterminationQuery,
        problems=(409,),
    ),
    _question(
        "ExplainScore",
        "/evaluations/{id:uuid}/explain/{subject:str}",
        "一个对象的得分由来：每项采用和未采用的记录及其原因",
        Explained,
        _explain,
        query=DeterminationQuery,
        problems=(409,),
    ),
    _question(
        "CompareDeterminations",
        "/evaluations/{id:uuid}/compare/{one:str}/{other:str}",
        "两次决定（或者 now：当时所知）逐项对照，列出引起差异的记录",
        Compared,
        _compare,
        query=Known,
        problems=(409,),
    ),
    _question("RuleSet", "/rulesets/{code:str}", "一套评分标准的全部版本", RuleSetFound, _ruleset),
    _question("Sample", "/samples/{id:uuid}", "一次抽查", SampleFound, _sample),
)
