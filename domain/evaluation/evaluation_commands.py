"""Commands on an evaluation: opening, scoring, publishing, correcting, closing."""

import re
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Final, assert_never, get_args
from uuid import UUID

from msgspec import Meta
from msgspec.structs import replace

from domain.codes import NUMBER, Code, Digest, DivisionCode, EvaluationPeriod, Ref, shortest
from domain.concerned import judges
from domain.evaluation import objection as evaluation_objection
from domain.evaluation.determination import (
    Change,
    EarlierResult,
    ItemTerms,
    Run,
    SubjectKind,
    Terms,
    digest_of,
    follow_ups,
    results_digest,
    window_ends,
)
from domain.evaluation.evaluation import (
    Checkpoint,
    DeterminationCorrected,
    Evaluation,
    EvaluationCancelled,
    EvaluationOpened,
    EvaluationPublished,
    EvaluationUnknown,
    HumanScoreGiven,
    HumanScoreWithdrawn,
    ItemDetermined,
    PeriodClosed,
    Population,
    PopulationAmended,
    Reason,
    SubjectUnknown,
)
from domain.evaluation.objection import (
    AnswerObjection,
    DecideAppeal,
    FileAppeal,
    FileObjection,
    Objection,
    ObjectionFiled,
    ObjectionUnknown,
    decide_objection,
    independent,
    is_his,
)
from domain.evaluation.ruleset_content import RuleSet, terms
from domain.listed import known_adviser, known_division, known_point
from domain.moment import (
    DivisionWrittenLonger,
    HappensBeforeLastStep,
    HappensInFuture,
    Moment,
    not_in_future,
)
from domain.registers.point import CalendarUnknown
from domain.reporting.period_end import PeriodNotOver
from domain.scoring.computation import marks_digest
from domain.scoring.scoring import MOST_OCCURRENCES
from domain.vocabulary import Command, Event, Position, Refused, Several, Text
from domain.worktime.period import days_of, ends_at

# --- commands


class OpenEvaluation(Command, frozen=True, kw_only=True):
    """Made by `opening`, which reads the terms from the published rule set: a person does not
    give them."""

    subject_kind: SubjectKind
    ruleset: Ref
    division: DivisionCode
    period: EvaluationPeriod
    calendar: Ref
    subjects: Population
    terms: Terms


class AmendPopulation(Command, frozen=True, kw_only=True):
    add: tuple[Code, ...] = ()
    remove: tuple[Code, ...] = ()
    reason: Text


class CancelEvaluation(Command, frozen=True, kw_only=True):
    reason: Text


class GiveHumanScore(Command, frozen=True, kw_only=True):
    """`value` as a decimal: `8`, `7.5`."""

    subject: Code
    item: Code
    value: Annotated[str, Meta(max_length=40)]
    reason: Reason
    evidence: tuple[Digest, ...] = ()
    sources: tuple[UUID, ...] = ()


class WithdrawHumanScore(Command, frozen=True, kw_only=True):
    subject: Code
    item: Code
    reason: Text


class DetermineItem(Command, frozen=True, kw_only=True):
    """What an upheld objection changes of a computed item that it is about: its points, or, of a
    veto, how often it occurred."""

    objection: Several
    item: Code
    value: Annotated[str, Meta(max_length=40)]
    ground: Reason
    evidence: tuple[Digest, ...] = ()
    sources: tuple[UUID, ...] = ()


class PublishEvaluation(Command, frozen=True, kw_only=True):
    """`run` is computed by the program; `digest` is that of the run that the publisher saw."""

    run: Run
    digest: Digest
    as_known_at: datetime
    checkpoint: Checkpoint | None = None


class CorrectDetermination(Command, frozen=True, kw_only=True):
    """`run` is of those to be corrected alone: by the facts of their last determination, or, with
    `later_facts`, by those that came since."""

    run: Run
    digest: Digest
    as_known_at: datetime
    checkpoint: Checkpoint | None = None
    reason: Text
    later_facts: bool = False


class ClosePeriod(Command, frozen=True, kw_only=True):
    """Position, root and checkpoint are those of the newest sealed checkpoint; `earlier` are read
    from the evaluations of the periods before."""

    position: Position
    root: Digest
    checkpoint: Checkpoint | None = None
    earlier: tuple[EarlierResult, ...] = ()


Scoring = GiveHumanScore | WithdrawHumanScore


EvaluationCommand = (
    OpenEvaluation | AmendPopulation | CancelEvaluation | Scoring | PublishEvaluation
    | DetermineItem | CorrectDetermination | ClosePeriod | evaluation_objection.ObjectionCommand
)  # fmt: skip


COMMANDS: Final[tuple[type[Command], ...]] = get_args(EvaluationCommand)


# --- refusals


class EvaluationExists(Refused):
    """该地区、该期间的这项考核已经启动，内容不同"""


class SubjectOfOthers(Refused):
    """村（居）民委员会和律师事务所只能就本村（社区）、本所的考核对象评分或者提出异议"""


class EvaluationIsCancelled(Refused):
    """这项考核已经撤销"""


class PeriodIsClosed(Refused):
    """该考核期间已经结账，不再变更；迟到的事实在新的试算中作为差异列示"""


class RuleSetTooNew(Refused):
    """评分标准的施行日期晚于考核期间的起始日期，只能用于试算"""


class RulesDetermineNothing(Refused):
    """评分标准没有规定异议和复核的期限，只能用于试算"""


class AnotherEvaluation(Refused):
    """考核流水号与规则、地区、期间不一致"""


class SubjectExists(Refused):
    """已经在本次考核的对象范围内"""


class SubjectIsDetermined(Refused):
    """考核结果已经公布的对象不能移出"""


class NobodyLeft(Refused):
    """考核至少应当有一个对象"""


class NothingAmended(Refused):
    """没有增加或者移出考核对象"""


class ItemUnknown(Refused):
    """考核规则中没有这一项"""


class ItemIsComputed(Refused):
    """这一项由系统按记录计分，不能人工评分"""


class NotTheScorer(Refused):
    """考核规则规定由其他角色评分"""


class OwnScore(Refused):
    """不能给自己评分"""


class ValueNotDecimal(Refused):
    """分数应当写成十进制数，例如 8 或者 7.5，小数不超过六位；次数应当写成整数"""


class ValueOutOfRange(Refused):
    """分数超出该项的分值范围"""


class EvidenceMissing(Refused):
    """这一项的评分应当附证据材料，或者指明所依据的记录"""


class ScoreIsPublished(Refused):
    """考核结果已经公布，异议或者复核未成立的，不得更改评分"""


class ScoreNotGiven(Refused):
    """这一项没有人工评分"""


class EvaluationIsPublished(Refused):
    """考核结果已经公布，更改应当通过异议、复核作出更正决定"""


class EvaluationNotPublished(Refused):
    """考核结果尚未公布"""


class WhatIfNotPublishable(Refused):
    """这是按其他规则或者日历的试算，只供比较，不能公布"""


class RunDigestDiffers(Refused):
    """考核结果与摘要不符，请重新核对后公布"""


class RunOfOtherSubjects(Refused):
    """考核结果的对象与应当确定结果的对象不一致，或者没有按代码排列"""


class FactsCameLater(Refused):
    """更正异议成立的项目，应当以原决定所依据的记录计算；之后的记录须另行更正"""


class ItemsAwaitCorrection(Refused):
    """还有已认定而尚未更正的项目，请先作出该项更正，再另行更正之后的记录"""


class ObjectionNotUpheld(Refused):
    """该项异议、复核没有成立，或者已经更正"""


class ItemNotObjectedTo(Refused):
    """该项异议没有涉及这一项目"""


class ItemIsScoredByPeople(Refused):
    """这一项由人工评分，请重新评分"""


class HumanScoreMissing(Refused):
    """还有应当人工评分的项目没有评分"""


class HumanScoresChanged(Refused):
    """计算之后人工评分有变动，请重新计算后公布"""


class KnownTooEarly(Refused):
    """考核数据的截止时间早于考核期间的结束时间"""


class EarlierCutOff(Refused):
    """数据截止位置不能早于上一次决定"""


class NothingToCorrect(Refused):
    """没有成立而尚未更正的异议、复核"""


class OthersWouldChange(Refused):
    """更正决定只能涉及异议、复核成立的对象和漏列的对象"""


class ObjectionTooLate(Refused):
    """已超过提出异议的期限"""


class NothingToObjectTo(Refused):
    """该对象的考核结果尚未公布，不能提出异议"""


class StillOpen(Refused):
    """异议、复核的期限未满，或者还有未处理、未更正的，不能结账"""


# --- what the state lets happen


def possible(state: Evaluation, command: type[Command]) -> bool:
    """Return whether the state lets it happen at all; the rules decide in the end."""
    if state.cancelled or state.closed is not None:
        return False
    if command in (CancelEvaluation, PublishEvaluation):
        return not state.published
    if command is GiveHumanScore:
        return any(one.scorers for one in state.opened.terms.items) and bool(state.to_determine)
    if command is WithdrawHumanScore:
        return any(state.marks.values()) and bool(state.to_determine)
    if command is AmendPopulation:
        return True
    if not state.published:
        return False
    if command is DetermineItem:
        return any(one.to_correct for one in state.objections)
    if command is CorrectDetermination:
        return bool(state.to_determine)
    if command is ClosePeriod:
        return not state.to_determine and not any(one.waiting for one in state.objections)
    if command is AnswerObjection:
        return any(one.answered is None for one in state.objections)
    if command is FileAppeal:
        return any(
            one.answered is not None and one.answered.appeal_until is not None and not one.appeal
            for one in state.objections
        )
    if command is DecideAppeal:
        return any(one.appeal is not None and one.decided is None for one in state.objections)
    return True


# --- decide


def decide(state: Evaluation | None, command: EvaluationCommand, moment: Moment) -> list[Event]:
    not_in_future(moment)
    if isinstance(command, OpenEvaluation):
        return _open(state, command, moment)
    if state is None:
        raise EvaluationUnknown
    if isinstance(command, CancelEvaluation):
        return _cancel(state, command)
    if state.cancelled:
        raise EvaluationIsCancelled
    if isinstance(command, ClosePeriod):
        return _close(state, command, moment)
    if state.closed is not None:
        raise PeriodIsClosed
    match command:
        case AmendPopulation():
            return _amend(state, command, moment)
        case GiveHumanScore():
            return _score(state, command, moment)
        case WithdrawHumanScore():
            return _withdraw(state, command, moment)
        case DetermineItem():
            return _determine(state, command, moment)
        case PublishEvaluation():
            return _publish(state, command, moment)
        case CorrectDetermination():
            return _correct(state, command, moment)
        case FileObjection():
            return _object(state, command, moment)
        case AnswerObjection() | FileAppeal() | DecideAppeal():
            opened = state.opened
            return decide_objection(
                state.objections,
                command,
                moment,
                lambda: window_ends(opened.terms.appeal, opened.calendar, moment),
            )
        case _:
            assert_never(command)


# --- decide: who is evaluated


def opening(
    ruleset: RuleSet, division: str, period: str, calendar: str, subjects: Iterable[str]
) -> OpenEvaluation:
    """The evaluation of these subjects by a published rule set. RuleSetTooNew: the period begins
    before the rules are in force; RulesDetermineNothing: they name no windows. By such rules there
    are only what-ifs."""
    procedure = terms(ruleset)
    if procedure is None:
        raise RulesDetermineNothing(ruleset.ref)
    if days_of(period).first < ruleset.effective_from:
        raise RuleSetTooNew(ruleset.ref)
    return OpenEvaluation(
        subject_kind=ruleset.subject,
        ruleset=ruleset.ref,
        division=division,
        period=period,
        calendar=calendar,
        subjects=tuple(subjects),
        terms=procedure,
    )


def _open(state: Evaluation | None, command: OpenEvaluation, moment: Moment) -> list[Event]:
    opened = EvaluationOpened(
        subject_kind=command.subject_kind,
        ruleset=command.ruleset,
        division=command.division,
        period=command.period,
        calendar=command.calendar,
        subjects=tuple(sorted(set(command.subjects))),
        terms=command.terms,
        opened_by=moment.by.account,
        opened_at=moment.occurred_at,
    )
    if state is not None and not state.cancelled:
        was = state.opened
        again = replace(opened, opened_by=was.opened_by, opened_at=was.opened_at)
        if _as_asked(again) == _as_asked(was):
            return []
        raise EvaluationExists
    if state is not None and _identity(state.opened) != _identity(opened):
        raise AnotherEvaluation
    if command.division != shortest(command.division):
        raise DivisionWrittenLonger(shortest(command.division))
    known_division(command.division, moment.registers, *days_of(command.period))
    if command.calendar not in moment.registers.calendars:
        raise CalendarUnknown(command.calendar)
    _known(command.subject_kind, opened.subjects, moment)
    return [opened]


def _as_asked(one: EvaluationOpened) -> EvaluationOpened:
    """An opening without the bounds of computed items, which earlier versions told differently."""
    items = tuple(item if item.scorers else ItemTerms(code=item.code) for item in one.terms.items)
    return replace(one, terms=replace(one.terms, items=items))


def _identity(one: EvaluationOpened | Run) -> tuple[str, str, str, str]:
    return one.subject_kind, one.ruleset.partition("@")[0], one.division, one.period


def _known(kind: SubjectKind, subjects: Iterable[str], moment: Moment) -> None:
    for subject in subjects:
        if kind == "adviser":
            known_adviser(subject, moment.registers)
        else:
            known_point(subject, moment.registers)


def _cancel(state: Evaluation, command: CancelEvaluation) -> list[Event]:
    if state.published:
        raise EvaluationIsPublished
    return [] if state.cancelled else [EvaluationCancelled(reason=command.reason)]


def _amend(state: Evaluation, command: AmendPopulation, moment: Moment) -> list[Event]:
    added, removed = sorted(set(command.add)), sorted(set(command.remove))
    if not added and not removed:
        raise NothingAmended
    for subject in added:
        if subject in state.subjects:
            raise SubjectExists(subject)
    for subject in removed:
        if subject not in state.subjects:
            raise SubjectUnknown(subject)
        if subject in state.standing:
            raise SubjectIsDetermined(subject)
    if not added and len(removed) == len(state.subjects):
        raise NobodyLeft
    _known(state.opened.subject_kind, added, moment)
    return [
        PopulationAmended(added=tuple(added), removed=tuple(removed), reason=command.reason),
    ]


# --- decide: human scores


def _score(state: Evaluation, command: GiveHumanScore, moment: Moment) -> list[Event]:
    item = _scored_item(state, command, moment)
    given = HumanScoreGiven(
        subject=command.subject,
        item=command.item,
        value=_in_range(command.value, item),
        reason=command.reason,
        evidence=command.evidence,
        sources=command.sources,
        scorer=moment.by.account,
        role=moment.by.role,
    )
    if state.marks.get(command.subject, {}).get(command.item) == given:
        return []
    _may_still_score(state, command)
    if item.evidence_required and not (command.evidence or command.sources):
        raise EvidenceMissing
    return [given]


def _withdraw(state: Evaluation, command: WithdrawHumanScore, moment: Moment) -> list[Event]:
    _scored_item(state, command, moment)
    if command.item not in state.marks.get(command.subject, {}):
        raise ScoreNotGiven
    _may_still_score(state, command)
    return [
        HumanScoreWithdrawn(
            subject=command.subject,
            item=command.item,
            reason=command.reason,
            withdrawn_by=moment.by.account,
        )
    ]


def _scored_item(state: Evaluation, command: Scoring, moment: Moment) -> ItemTerms:
    """The item, where this actor may score it for that subject."""
    if command.subject not in state.subjects:
        raise SubjectUnknown(command.subject)
    item = _item(state, command.item)
    if not item.scorers:
        raise ItemIsComputed(command.item)
    if moment.by.role not in item.scorers:
        raise NotTheScorer(moment.by.role)
    if is_his(command.subject, moment):
        raise OwnScore
    _by_whom_it_concerns(state, command.subject, moment)
    if moment.occurred_at < state.opened.opened_at:
        raise HappensBeforeLastStep
    return item


def _by_whom_it_concerns(state: Evaluation, subject: str, moment: Moment) -> None:
    """Refuse a committee whose village the subject did not serve, and a firm that is not his."""
    first, last = days_of(state.opened.period)
    if not judges(moment.by, subject, first, last, moment.registers):
        raise SubjectOfOthers(subject)


def _item(state: Evaluation, code: str) -> ItemTerms:
    for item in state.opened.terms.items:
        if item.code == code:
            return item
    raise ItemUnknown(code)


def _in_range(value: str, item: ItemTerms) -> str:
    """The value, written in the one way: no needless zeros, no minus before zero."""
    text = _decimal(value)
    number = Decimal(text)
    if item.whole and number % 1:
        raise ValueNotDecimal(value)
    high = item.maximum
    if number < Decimal(item.minimum) or (high is not None and number > Decimal(high)):
        raise ValueOutOfRange(f"{item.code} {item.minimum}-{high or ''}")
    return text


def _decimal(value: str) -> str:
    """The number written in the one way. ValueNotDecimal."""
    if not re.fullmatch(NUMBER, value):
        raise ValueNotDecimal(value)
    text = f"{Decimal(value) + 0:f}"
    return text.rstrip("0").rstrip(".") if "." in value else text


def _unbounded(item: ItemTerms) -> bool:
    """Tell whether an evaluation was opened when terms did not keep the bounds of computed items:
    of those the arithmetic holds what was determined in bounds."""
    return item == ItemTerms(code=item.code, maximum=str(MOST_OCCURRENCES))


def _may_still_score(state: Evaluation, command: Scoring) -> None:
    determined = command.subject in state.standing
    if determined and not state.objected(command.subject, command.item):
        raise ScoreIsPublished


def _determine(state: Evaluation, command: DetermineItem, moment: Moment) -> list[Event]:
    if command.objection > len(state.objections):
        raise ObjectionUnknown(str(command.objection))
    upheld = state.objections[command.objection - 1]
    subject = upheld.filed.subject
    item = _item(state, command.item)
    if item.scorers:
        raise ItemIsScoredByPeople(command.item)
    determined = ItemDetermined(
        objection=command.objection,
        subject=subject,
        item=command.item,
        value=_decimal(command.value) if _unbounded(item) else _in_range(command.value, item),
        ground=command.ground,
        evidence=command.evidence,
        sources=command.sources,
        determined_by=moment.by.account,
        role=moment.by.role,
        determined_at=moment.occurred_at,
    )
    before = state.determined.get(subject, {}).get(command.item)
    if before and before == replace(determined, determined_at=before.determined_at):
        return []
    if not upheld.to_correct:
        raise ObjectionNotUpheld(str(command.objection))
    if command.item not in (upheld.filed.items or (command.item,)):
        raise ItemNotObjectedTo(command.item)
    independent(upheld, moment)
    if not (command.evidence or command.sources):
        raise EvidenceMissing
    if moment.occurred_at < _last_step(state, (subject,)):
        raise HappensBeforeLastStep
    return [determined]


# --- decide: determinations


def _not_of_oneself(state: Evaluation, moment: Moment) -> None:
    """Raises: OwnScore — when the actor is among those evaluated."""
    if any(is_his(one, moment) for one in state.subjects):
        raise OwnScore


def _publish(state: Evaluation, command: PublishEvaluation, moment: Moment) -> list[Event]:
    if state.published:
        if state.determinations[0].digest == command.digest:
            return []
        raise EvaluationIsPublished
    _not_of_oneself(state, moment)
    _may_be_determined(state, command, moment)
    if _subjects(command.run) != state.subjects:
        raise RunOfOtherSubjects
    return [
        EvaluationPublished(
            run=command.run,
            digest=command.digest,
            as_known_at=command.as_known_at,
            checkpoint=command.checkpoint,
            objections_until=_objections_until(state, moment),
            published_by=moment.by.account,
            published_at=moment.occurred_at,
        )
    ]


def _correct(state: Evaluation, command: CorrectDetermination, moment: Moment) -> list[Event]:
    if not state.published:
        raise EvaluationNotPublished
    newest, subjects = state.determinations[-1], _subjects(command.run)
    others = sorted(set(subjects) - set(state.to_determine))
    if others and newest.number > 1 and newest.digest == command.digest:
        return []
    if not state.to_determine:
        raise NothingToCorrect
    if others:
        raise OthersWouldChange(others[0])
    if list(subjects) != sorted(set(subjects)):
        raise RunOfOtherSubjects
    _by_facts_of_then(state, command, subjects)
    if moment.occurred_at < _last_step(state, subjects):
        raise HappensBeforeLastStep
    _may_be_determined(state, command, moment)
    standing = state.standing
    return [
        DeterminationCorrected(
            number=newest.number + 1,
            cites=newest.digest,
            objections=tuple(one.filed.number for one in _upheld(state, subjects)),
            reason=command.reason,
            run=command.run,
            digest=command.digest,
            changes=tuple(
                Change(before=standing.get(after.subject), after=after)
                for after in command.run.results
                if standing.get(after.subject) != after
            ),
            as_known_at=command.as_known_at,
            checkpoint=command.checkpoint,
            objections_until=_objections_until(state, moment),
            published_by=moment.by.account,
            published_at=moment.occurred_at,
            later_facts=command.later_facts,
        )
    ]


def _by_facts_of_then(
    state: Evaluation, command: CorrectDetermination, subjects: tuple[str, ...]
) -> None:
    """An objection corrects what it is about. Facts that came later are a correction of their own,
    and so are those of who had no result yet."""
    last = {one.run.cut_off for code in subjects if (one := state.newest_of(code))}
    if last and not command.later_facts:
        if last != {command.run.cut_off}:
            raise FactsCameLater
        return
    waiting = {one.filed.number for one in _upheld(state, subjects)}
    sheets = (state.determined.get(code, {}) for code in subjects)
    if any(item.objection in waiting for sheet in sheets for item in sheet.values()):
        raise ItemsAwaitCorrection
    if command.run.cut_off < state.determinations[-1].run.cut_off:
        raise EarlierCutOff


def _subjects(run: Run) -> tuple[str, ...]:
    return tuple(one.subject for one in run.results)


def _upheld(state: Evaluation, subjects: tuple[str, ...]) -> list[Objection]:
    return [one for one in state.objections if one.to_correct and one.filed.subject in subjects]


def _last_step(state: Evaluation, subjects: tuple[str, ...]) -> datetime:
    """Return when the last determination was published, or the next one became due."""
    answers = [one.answered.answered_at for one in _upheld(state, subjects) if one.answered]
    decisions = [one.decided.decided_at for one in _upheld(state, subjects) if one.decided]
    return max([state.determinations[-1].published_at, *answers, *decisions])


def _may_be_determined(
    state: Evaluation, command: PublishEvaluation | CorrectDetermination, moment: Moment
) -> None:
    run, opened = command.run, state.opened
    if _identity(run)[2:] != _identity(opened)[2:] or run.subject_kind != opened.subject_kind:
        raise AnotherEvaluation
    for used, meant in ((run.ruleset, opened.ruleset), (run.calendar, opened.calendar)):
        if used != meant:
            raise WhatIfNotPublishable(f"{used} ≠ {meant}")
    over = ends_at(opened.period, moment.registers.calendars[opened.calendar].zone)
    if moment.occurred_at < over:
        raise PeriodNotOver(opened.period)
    if moment.occurred_at < opened.opened_at:
        raise HappensBeforeLastStep
    if command.as_known_at < over:
        raise KnownTooEarly
    if command.as_known_at > moment.occurred_at:
        raise HappensInFuture
    if digest_of(run) != command.digest:
        raise RunDigestDiffers
    subjects = _subjects(run)
    values = state.values(subjects)
    for item in opened.terms.items:
        for subject in subjects if item.scorers and item.required else ():
            if (subject, item.code) not in values:
                raise HumanScoreMissing(f"{subject} {item.code}")
    if marks_digest(values) != run.marks:
        raise HumanScoresChanged


def _objections_until(state: Evaluation, moment: Moment) -> datetime:
    return window_ends(state.opened.terms.objection, state.opened.calendar, moment)


# --- decide: objections, close


def _object(state: Evaluation, command: FileObjection, moment: Moment) -> list[Event]:
    if command.subject not in state.subjects:
        raise SubjectUnknown(command.subject)
    _by_whom_it_concerns(state, command.subject, moment)
    against = state.newest_of(command.subject)
    if against is None:
        raise NothingToObjectTo
    for code in command.items:
        _item(state, code)
    filed = ObjectionFiled(
        number=len(state.objections) + 1,
        determination=against.number,
        subject=command.subject,
        items=command.items,
        ground=command.ground,
        evidence=command.evidence,
        filed_by=moment.by.account,
        filed_at=moment.occurred_at,
    )
    for one in state.objections:
        if replace(filed, number=one.filed.number, filed_at=one.filed.filed_at) == one.filed:
            return []
    if moment.occurred_at < against.published_at:
        raise HappensBeforeLastStep
    if moment.occurred_at > against.objections_until:
        raise ObjectionTooLate
    return [filed]


def _close(state: Evaluation, command: ClosePeriod, moment: Moment) -> list[Event]:
    if state.closed is not None:
        if (state.closed.position, state.closed.root) == (command.position, command.root):
            return []
        raise PeriodIsClosed
    if not state.published:
        raise EvaluationNotPublished
    at, opened, newest = moment.occurred_at, state.opened, state.determinations[-1]
    windows = any(at <= one.objections_until for one in state.determinations)
    if windows or state.to_determine or any(one.pending(at) for one in state.objections):
        raise StillOpen
    runs = [one.run for one in state.determinations]
    if command.position < max(run.marks_at or run.cut_off for run in runs):
        raise EarlierCutOff
    results = state.standing.values()
    return [
        PeriodClosed(
            subject_kind=opened.subject_kind,
            ruleset=opened.ruleset,
            division=opened.division,
            period=opened.period,
            position=command.position,
            root=command.root,
            checkpoint=command.checkpoint,
            determination=newest.number,
            results=results_digest(results),
            follow_ups=follow_ups(results, opened.terms.thresholds, opened.period, command.earlier),
            closed_at=at,
            earlier=command.earlier,
        )
    ]
