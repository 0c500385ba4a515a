"""An evaluation: opened, scored, published; corrected by a further determination; closed."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from msgspec.structs import replace

from domain.evaluation.determination import (
    Change,
    FollowUp,
    ItemTerms,
    Run,
    SubjectResult,
    Terms,
    Threshold,
    Window,
    digest_of,
    results_digest,
)
from domain.evaluation.evaluation import (
    DeterminationCorrected,
    EvaluationCancelled,
    EvaluationOpened,
    EvaluationPublished,
    EvaluationUnknown,
    HumanScoreGiven,
    HumanScoreWithdrawn,
    ItemDetermined,
    PeriodClosed,
    PopulationAmended,
    SubjectUnknown,
    evaluation_stream,
)
from domain.evaluation.evaluation_commands import (
    AmendPopulation,
    AnotherEvaluation,
    CancelEvaluation,
    ClosePeriod,
    CorrectDetermination,
    DetermineItem,
    EarlierCutOff,
    EvaluationExists,
    EvaluationIsCancelled,
    EvaluationIsPublished,
    EvaluationNotPublished,
    EvidenceMissing,
    FactsCameLater,
    GiveHumanScore,
    HumanScoreMissing,
    HumanScoresChanged,
    ItemIsComputed,
    ItemIsScoredByPeople,
    ItemNotObjectedTo,
    ItemsAwaitCorrection,
    ItemUnknown,
    KnownTooEarly,
    NobodyLeft,
    NothingAmended,
    NothingToCorrect,
    NothingToObjectTo,
    NotTheScorer,
    ObjectionNotUpheld,
    ObjectionTooLate,
    OpenEvaluation,
    OthersWouldChange,
    OwnScore,
    PeriodIsClosed,
    PublishEvaluation,
    RulesDetermineNothing,
    RuleSetTooNew,
    RunDigestDiffers,
    RunOfOtherSubjects,
    ScoreIsPublished,
    ScoreNotGiven,
    StillOpen,
    SubjectExists,
    SubjectIsDetermined,
    SubjectOfOthers,
    ValueNotDecimal,
    ValueOutOfRange,
    WhatIfNotPublishable,
    WithdrawHumanScore,
    opening,
)
from domain.evaluation.objection import (
    AnswerObjection,
    AppealAlreadyDecided,
    AppealAlreadyFiled,
    AppealDecided,
    AppealFiled,
    AppealTooLate,
    DecideAppeal,
    FileAppeal,
    FileObjection,
    NoAppeal,
    NothingToAppeal,
    NotTheObjector,
    ObjectionAlreadyAnswered,
    ObjectionAnswered,
    ObjectionFiled,
    ObjectionNotAnswered,
    ObjectionUnknown,
    OwnObjection,
    SameDecider,
)
from domain.evaluation.ruleset_content import (
    Count,
    Deduction,
    Given,
    Grade,
    Human,
    Procedure,
    Rounding,
    RuleSet,
    Selection,
)
from domain.evaluation.ruleset_content import Item as RuleItem
from domain.moment import (
    DivisionWrittenLonger,
    HappensBeforeLastStep,
    HappensInFuture,
    NotThisFirm,
    NotThisVillage,
)
from domain.registers.adviser import AdviserUnknown
from domain.registers.point import CalendarUnknown, PointUnknown
from domain.reporting.period_end import PeriodNotOver
from domain.scoring.computation import marks_digest
from domain.vocabulary import Actor, Command, Event, Refused
from tests.examples import CALENDAR, MORNING, NOON, REGISTERS, REQUEST, local
from tests.spec import given as given_known

PANEL = Actor(account="panel-1", role="supervisor", unit="440103")
SECOND = replace(PANEL, account="panel-2")
THIRD = replace(PANEL, account="panel-3")
CLERK = Actor(account="clerk-1", role="duty_officer", unit="ROOM-1")
OFFICE_CLERK = replace(CLERK, unit="440103")
ONE = Actor(account="chen", role="adviser", unit="ROOM-1", adviser="A-1")
TREE = "ab" * 32
EVIDENCE = ("ef" * 32,)
ITEMS = (
    ItemTerms(code="visits", maximum="60"),
    ItemTerms(code="quota", maximum="60"),
    ItemTerms(code="attitude", maximum="40", scorers=("supervisor",)),
    ItemTerms(
        code="bonus",
        minimum="-5",
        maximum="5",
        scorers=("supervisor", "clerk"),
        required=False,
        evidence_required=False,
    ),
    ItemTerms(code="missing", whole=True, scorers=("supervisor",), required=False),
)
RECTIFY = Threshold(follow="rectification", below="60", items=("制定整改方案",))
TERMS = Terms(
    items=ITEMS,
    objection=Window(days=7),
    appeal=Window(days=5, unit="working_day"),
    thresholds=(RECTIFY,),
)
OPEN = OpenEvaluation(
    subject_kind="adviser",
    ruleset="adviser-year@1",
    division="440103",
    period="2025",
    calendar="gz-office@1",
    subjects=("A-2", "A-1", "A-2"),
    terms=TERMS,
)
OPENED = EvaluationOpened(
    subject_kind="adviser",
    ruleset="adviser-year@1",
    division="440103",
    period="2025",
    calendar="gz-office@1",
    subjects=("A-1", "A-2"),
    terms=TERMS,
    opened_by="panel-1",
    opened_at=MORNING,
)
OPENED_FOR_POINTS = replace(OPENED, subject_kind="point", subjects=("ROOM-1", "STATION-1"))

SCORE = GiveHumanScore(
    subject="A-1", item="attitude", value="35", reason="走访三村，群众满意", evidence=EVIDENCE
)
SCORED = HumanScoreGiven(
    subject="A-1",
    item="attitude",
    value="35",
    reason="走访三村，群众满意",
    evidence=EVIDENCE,
    scorer="panel-1",
    role="supervisor",
)
SCORED_2 = replace(SCORED, subject="A-2", value="20.5")
WITHDRAW = WithdrawHumanScore(subject="A-1", item="attitude", reason="记错对象")
WITHDRAWN = HumanScoreWithdrawn(
    subject="A-1", item="attitude", reason="记错对象", withdrawn_by="panel-1"
)
READY = (OPENED, SCORED, SCORED_2)


def result(subject: str, score: str, **change: Any) -> SubjectResult:
    return SubjectResult(subject=subject, score=score, tree=TREE, **change)


RUN = Run(
    subject_kind="adviser",
    ruleset="adviser-year@1",
    division="440103",
    period="2025",
    calendar="gz-office@1",
    cut_off=1200,
    inputs="cd" * 32,
    marks=marks_digest({("A-1", "attitude"): "35", ("A-2", "attitude"): "20.5"}),
    results=(result("A-1", "92.50", grade="优秀"), result("A-2", "59.90", grade="不合格")),
)
KNOWN_AT = local("2026-02-01 00:00")
PUBLISH = PublishEvaluation(
    run=RUN, digest=digest_of(RUN), as_known_at=KNOWN_AT, checkpoint="anjuan.example/log\n1200\n"
)
UNTIL = local("2026-03-10 00:00")
PUBLISHED = EvaluationPublished(
    run=RUN,
    digest=PUBLISH.digest,
    as_known_at=KNOWN_AT,
    checkpoint=PUBLISH.checkpoint,
    objections_until=UNTIL,
    published_by="panel-1",
    published_at=NOON,
)
OUT = (*READY, PUBLISHED)

OBJECT_AT = local("2026-03-05 10:00")
OBJECT = FileObjection(subject="A-1", items=("visits",), ground="漏计两次驻点", evidence=EVIDENCE)
OBJECTED = ObjectionFiled(
    number=1,
    determination=1,
    subject="A-1",
    items=("visits",),
    ground="漏计两次驻点",
    evidence=EVIDENCE,
    filed_by="chen",
    filed_at=OBJECT_AT,
)
ANSWER_AT = local("2026-03-11 10:00")
REJECT = AnswerObjection(number=1, upheld=False, reason="日志未经核实")
UPHOLD = replace(REJECT, upheld=True, reason="确有漏计")
APPEAL_UNTIL = local("2026-03-19 00:00")
REJECTED = ObjectionAnswered(
    number=1,
    upheld=False,
    reason="日志未经核实",
    answered_by="panel-1",
    answered_at=ANSWER_AT,
    appeal_until=APPEAL_UNTIL,
)
UPHELD = replace(REJECTED, upheld=True, reason="确有漏计", appeal_until=None)
APPEAL_AT = local("2026-03-13 10:00")
APPEAL = FileAppeal(number=1, ground="日志已补核实", evidence=EVIDENCE)
APPEALED = AppealFiled(
    number=1, ground="日志已补核实", evidence=EVIDENCE, filed_by="chen", filed_at=APPEAL_AT
)
DECIDE_AT = local("2026-03-16 10:00")
GRANT = DecideAppeal(number=1, upheld=True, reason="应当计入")
GRANTED = AppealDecided(
    number=1, upheld=True, reason="应当计入", decided_by="panel-2", decided_at=DECIDE_AT
)
DENIED = replace(GRANTED, upheld=False)
APPEAL_WON = (*OUT, OBJECTED, REJECTED, APPEALED, GRANTED)

CORRECT_AT = local("2026-03-17 10:00")
AFTER_RUN = replace(
    RUN,
    marks_at=1300,
    inputs="ce" * 32,
    marks=marks_digest({("A-1", "attitude"): "35"}),
    results=(result("A-1", "94.50", grade="优秀"),),
)
CORRECT = CorrectDetermination(
    run=AFTER_RUN, digest=digest_of(AFTER_RUN), as_known_at=DECIDE_AT, reason="复核成立"
)
CORRECTED = DeterminationCorrected(
    number=2,
    cites=PUBLISHED.digest,
    objections=(1,),
    reason="复核成立",
    run=AFTER_RUN,
    digest=CORRECT.digest,
    changes=(Change(before=RUN.results[0], after=AFTER_RUN.results[0]),),
    as_known_at=DECIDE_AT,
    objections_until=local("2026-03-25 00:00"),
    published_by="panel-1",
    published_at=CORRECT_AT,
)
CLOSE_AT = local("2026-03-26 10:00")
ROOT = "7a" * 32
CLOSE = ClosePeriod(position=1400, root=ROOT, checkpoint="anjuan.example/log\n1400\n")
CLOSED = PeriodClosed(
    subject_kind="adviser",
    ruleset="adviser-year@1",
    division="440103",
    period="2025",
    position=1400,
    root=ROOT,
    checkpoint=CLOSE.checkpoint,
    determination=2,
    results=results_digest((AFTER_RUN.results[0], RUN.results[1])),
    follow_ups=(
        FollowUp(
            subject="A-2", follow="rectification", grounds=("score",), items=("制定整改方案",)
        ),
    ),
    closed_at=CLOSE_AT,
)


def given(*events: Event, **when: Any) -> given_known:
    return given_known(*events, **when)


def publishing(run: Run) -> PublishEvaluation:
    return replace(PUBLISH, run=run, digest=digest_of(run))


def correcting(run: Run) -> CorrectDetermination:
    return replace(CORRECT, run=run, digest=digest_of(run))


# --- opening


def test_the_population_is_frozen_when_an_evaluation_is_opened() -> None:
    given(at=MORNING).when(OPEN, by=PANEL).then(OPENED)


def test_points_are_evaluated_too() -> None:
    points = replace(OPEN, subject_kind="point", subjects=("STATION-1", "ROOM-1"))
    given(at=MORNING).when(points, by=PANEL).then(OPENED_FOR_POINTS)


def test_an_evaluation_is_of_known_advisers_and_points_by_a_known_calendar() -> None:
    given().when(replace(OPEN, subjects=("A-1", "A-9"))).refused(AdviserUnknown)
    given().when(replace(OPEN, subject_kind="point")).refused(PointUnknown)
    given().when(replace(OPEN, calendar="gz-office@9")).refused(CalendarUnknown)


def test_the_same_evaluation_is_opened_once() -> None:
    given(OPENED).when(OPEN, by=SECOND).nothing()
    for other in (
        replace(OPEN, subjects=("A-1",)),
        replace(OPEN, ruleset="adviser-year@2"),
        replace(OPEN, terms=replace(TERMS, thresholds=())),
    ):
        given(OPENED).when(other, by=PANEL).refused(EvaluationExists)


def test_one_rule_set_division_and_period_have_one_evaluation_whatever_the_version() -> None:
    one = evaluation_stream("adviser-year@1", "440103", "2025")
    assert one == evaluation_stream("adviser-year@2", "440103", "2025")
    assert one == evaluation_stream("adviser-year", "440103", "2025")
    others = [
        evaluation_stream("point-year", "440103", "2025"),
        evaluation_stream("adviser-year", "440104", "2025"),
        evaluation_stream("adviser-year", "440103", "2026"),
    ]
    assert len({one, *others}) == 4


@pytest.mark.parametrize(
    "command",
    [
        SCORE,
        WITHDRAW,
        PUBLISH,
        CORRECT,
        CLOSE,
        OBJECT,
        REJECT,
        APPEAL,
        GRANT,
        AmendPopulation(add=("A-3",), reason="漏列"),
        CancelEvaluation(reason="规则选错"),
    ],
)
def test_nothing_is_done_in_an_evaluation_that_was_not_opened(command: Command) -> None:
    given().when(command, by=PANEL).refused(EvaluationUnknown)


def test_nothing_is_done_ahead_of_the_clock() -> None:
    given(now=NOON - timedelta(hours=1)).when(OPEN, by=PANEL).refused(HappensInFuture)


# --- from the rule set


RULES = RuleSet(
    code="adviser-year",
    version=1,
    title="法律顾问年度考核",
    subject="adviser",
    effective_from=local("2025-01-01 00:00").date(),
    basis="示例",
    example=True,
    rounding=Rounding(places=2, mode="half_up"),
    maximum=100,
    items=(
        RuleItem(
            code="visits",
            name="驻点",
            maximum=60,
            method=Deduction(each=5),
            evidence=Count(of=Selection(fact="visit")),
        ),
        RuleItem(
            code="attitude",
            name="态度",
            maximum=40,
            method=Given(),
            evidence=Human(scorers=("supervisor",), question="服务态度如何？"),
        ),
    ),
    grades=(Grade(name="优秀", at_least=90), Grade(name="不合格", at_least=0)),
    procedure=Procedure(objection=Window(days=7), appeal=Window(days=5), basis="示例"),
)


def test_the_terms_are_those_of_the_published_rule_set() -> None:
    opened = opening(RULES, "440103", "2025", "gz-office@1", ["A-1", "A-2"])
    assert (opened.ruleset, opened.subject_kind) == ("adviser-year@1", "adviser")
    assert (opened.terms.objection, opened.terms.appeal) == (Window(days=7), Window(days=5))
    visits, attitude = opened.terms.items
    assert (visits.code, visits.scorers) == ("visits", ())
    assert (attitude.code, attitude.scorers, attitude.maximum) == (
        "attitude",
        ("supervisor",),
        "40",
    )
    given().when(opened, by=PANEL).then(
        replace(OPENED, terms=opened.terms, opened_at=NOON),
    )


def test_rules_are_not_used_for_a_period_before_they_are_in_force() -> None:
    newer = replace(RULES, effective_from=local("2025-01-02 00:00").date())
    with pytest.raises(RuleSetTooNew):
        opening(newer, "440103", "2025", "gz-office@1", ["A-1"])
    assert opening(newer, "440103", "2025-Q2", "gz-office@1", ["A-1"]).period == "2025-Q2"


def test_rules_without_a_procedure_determine_nothing() -> None:
    with pytest.raises(RulesDetermineNothing):
        opening(replace(RULES, procedure=None), "440103", "2025", "gz-office@1", ["A-1"])


# --- population


def test_the_population_is_amended_with_a_reason() -> None:
    amend = AmendPopulation(add=("A-3",), remove=("A-2",), reason="A-2 已离任，A-3 漏列")
    after = given(OPENED).when(amend, by=PANEL)
    state = after.then(
        PopulationAmended(added=("A-3",), removed=("A-2",), reason="A-2 已离任，A-3 漏列")
    )
    assert state.subjects == ("A-1", "A-3")


def test_somebody_is_added_or_removed_once() -> None:
    amend = AmendPopulation(reason="核对")
    given(OPENED).when(amend).refused(NothingAmended)
    given(OPENED).when(replace(amend, add=("A-1",))).refused(SubjectExists)
    given(OPENED).when(replace(amend, add=("A-9",))).refused(AdviserUnknown)
    given(OPENED).when(replace(amend, remove=("A-3",))).refused(SubjectUnknown)
    given(OPENED).when(replace(amend, remove=("A-1", "A-2"))).refused(NobodyLeft)


def test_who_is_determined_stays_and_who_was_left_out_may_still_come_in() -> None:
    given(*OUT).when(AmendPopulation(remove=("A-2",), reason="离任")).refused(SubjectIsDetermined)
    given(*OUT).when(AmendPopulation(add=("A-3",), reason="漏列")).then(
        PopulationAmended(added=("A-3",), reason="漏列")
    )


# --- cancelling


def test_what_was_opened_by_mistake_is_cancelled_and_opened_anew() -> None:
    cancel = CancelEvaluation(reason="规则选错")
    cancelled = EvaluationCancelled(reason="规则选错")
    given(*READY).when(cancel, by=PANEL).then(cancelled)
    given(*READY, cancelled).when(cancel, by=PANEL).nothing()
    given(*READY, cancelled).when(SCORE, by=PANEL).refused(EvaluationIsCancelled)
    anew = replace(OPEN, ruleset="adviser-year@2")
    again = replace(OPENED, ruleset="adviser-year@2", opened_at=NOON)
    after = given(*READY, cancelled).when(anew, by=PANEL).then(again)
    assert not after.marks


def test_what_is_opened_anew_is_the_same_evaluation() -> None:
    cancelled = (OPENED, EvaluationCancelled(reason="规则选错"))
    for other in (
        replace(OPEN, ruleset="other@1"),
        replace(OPEN, period="2024"),
        replace(OPEN, division="440104"),
    ):
        given(*cancelled).when(other, by=PANEL).refused(AnotherEvaluation)


def test_what_is_published_is_not_cancelled() -> None:
    given(*OUT).when(CancelEvaluation(reason="规则选错")).refused(EvaluationIsPublished)


# --- human scores


def test_a_human_score_carries_scorer_role_reason_and_evidence() -> None:
    given(OPENED).when(SCORE, by=PANEL).then(SCORED)
    by_record = replace(SCORE, evidence=(), sources=(REQUEST,))
    given(OPENED).when(by_record, by=PANEL).then(replace(SCORED, evidence=(), sources=(REQUEST,)))


def test_a_corrected_score_is_another_event_and_the_last_one_stands() -> None:
    lower = replace(SCORE, value="30", reason="核对问卷后更正")
    corrected = replace(SCORED, value="30", reason="核对问卷后更正", scorer="panel-2")
    after = given(OPENED, SCORED).when(lower, by=SECOND).then(corrected)
    assert after.values(["A-1", "A-2"]) == {("A-1", "attitude"): "30"}
    given(OPENED, SCORED).when(SCORE, by=PANEL).nothing()


@pytest.mark.parametrize(
    ("value", "stored"),
    [("35.0", "35"), ("7.50", "7.5"), ("0", "0"), ("0.00", "0"), ("-0.0", "0"), ("040", "40"),
     ("10", "10"), ("0.000001", "0.000001")],
)  # fmt: skip
def test_a_value_is_written_in_one_way(value: str, stored: str) -> None:
    given(OPENED).when(replace(SCORE, value=value), by=PANEL).then(replace(SCORED, value=stored))


@pytest.mark.parametrize(
    "value",
    ["", "abc", "1e1", "1,5", ".5", "5.", "+5", " 5", "５", "NaN", "1.0000001", "1234567890"],
)
def test_a_value_is_a_decimal(value: str) -> None:
    given(OPENED).when(replace(SCORE, value=value), by=PANEL).refused(ValueNotDecimal)


@pytest.mark.parametrize(
    ("item", "value"),
    [("attitude", "40.01"), ("attitude", "-1"), ("bonus", "5.5"), ("bonus", "-6"),
     ("missing", "-1")],
)  # fmt: skip
def test_a_value_lies_within_what_the_item_is_worth(item: str, value: str) -> None:
    given(OPENED).when(replace(SCORE, item=item, value=value), by=PANEL).refused(ValueOutOfRange)


def test_a_bonus_may_deduct_and_occurrences_have_no_limit() -> None:
    for item, value in (("bonus", "-4.5"), ("missing", "120")):
        command = replace(SCORE, item=item, value=value)
        given(OPENED).when(command, by=PANEL).then(replace(SCORED, item=item, value=value))


def test_occurrences_are_whole() -> None:
    half = replace(SCORE, item="missing", value="1.5")
    given(OPENED).when(half, by=PANEL).refused(ValueNotDecimal)


def test_a_score_shows_its_evidence_where_the_rules_ask_for_it() -> None:
    bare = replace(SCORE, evidence=())
    given(OPENED).when(bare, by=PANEL).refused(EvidenceMissing)
    bonus = replace(bare, item="bonus", value="2")
    given(OPENED).when(bonus, by=PANEL).then(replace(SCORED, item="bonus", value="2", evidence=()))


def test_people_score_what_the_rules_let_them_score() -> None:
    given(OPENED).when(replace(SCORE, item="manner"), by=PANEL).refused(ItemUnknown)
    given(OPENED).when(replace(SCORE, item="visits"), by=PANEL).refused(ItemIsComputed)
    given(OPENED).when(replace(SCORE, subject="A-3"), by=PANEL).refused(SubjectUnknown)
    given(OPENED).when(SCORE, by=OFFICE_CLERK).refused(NotTheScorer)


@pytest.mark.parametrize(
    ("opened", "subject", "by"),
    [
        (OPENED, "A-1", replace(PANEL, adviser="A-1")),
        (OPENED_FOR_POINTS, "ROOM-1", replace(PANEL, unit="ROOM-1")),
    ],
)
def test_nobody_scores_himself(opened: EvaluationOpened, subject: str, by: Actor) -> None:
    given(opened).when(replace(SCORE, subject=subject), by=by).refused(OwnScore)


def test_nothing_is_scored_before_the_evaluation_was_opened() -> None:
    early = given(OPENED, at=MORNING - timedelta(minutes=1))
    early.when(SCORE, by=PANEL).refused(HappensBeforeLastStep)


def test_a_withdrawn_score_does_not_stand_and_stays_in_the_log() -> None:
    after = given(OPENED, SCORED, SCORED_2).when(WITHDRAW, by=PANEL).then(WITHDRAWN)
    assert after.values(["A-1", "A-2"]) == {("A-2", "attitude"): "20.5"}
    given(OPENED, SCORED, WITHDRAWN).when(WITHDRAW, by=PANEL).refused(ScoreNotGiven)
    given(OPENED).when(WITHDRAW, by=PANEL).refused(ScoreNotGiven)


# --- publication


def test_a_determination_is_published_with_everything_it_was_computed_from() -> None:
    after = given(*READY).when(PUBLISH, by=PANEL).then(PUBLISHED)
    assert after.standing == {"A-1": RUN.results[0], "A-2": RUN.results[1]}


def test_it_is_published_once() -> None:
    given(*OUT).when(PUBLISH, by=PANEL).nothing()
    given(*APPEAL_WON, CORRECTED, at=CLOSE_AT).when(PUBLISH, by=PANEL).nothing()
    other = publishing(replace(RUN, cut_off=1300))
    given(*OUT).when(other, by=PANEL).refused(EvaluationIsPublished)


@pytest.mark.parametrize(
    "change", [{"ruleset": "adviser-year@2"}, {"ruleset": "other@1"}, {"calendar": "gz-office@2"}]
)
def test_a_what_if_is_not_published(change: dict[str, Any]) -> None:
    given(*READY).when(publishing(replace(RUN, **change)), by=PANEL).refused(WhatIfNotPublishable)
    correction = correcting(replace(AFTER_RUN, **change))
    given(*APPEAL_WON, at=CORRECT_AT).when(correction, by=PANEL).refused(WhatIfNotPublishable)


@pytest.mark.parametrize(
    "change", [{"division": "440104"}, {"period": "2026"}, {"subject_kind": "point"}]
)
def test_another_evaluations_run_is_not_published(change: dict[str, Any]) -> None:
    given(*READY).when(publishing(replace(RUN, **change)), by=PANEL).refused(AnotherEvaluation)


def test_what_the_publisher_saw_is_what_is_published() -> None:
    given(*READY).when(replace(PUBLISH, digest="0" * 64), by=PANEL).refused(RunDigestDiffers)


@pytest.mark.parametrize(
    "results",
    [
        RUN.results[:1],
        RUN.results[::-1],
        (*RUN.results, result("A-3", "70")),
        (*RUN.results, RUN.results[1]),
    ],
)
def test_everybody_is_determined_once_and_nobody_else(results: tuple[SubjectResult, ...]) -> None:
    scored = {"A-1": SCORED, "A-2": SCORED_2, "A-3": replace(SCORED, subject="A-3")}
    added = PopulationAmended(added=("A-3",), reason="漏列")
    removed = PopulationAmended(removed=("A-3",), reason="离任")
    marks = {(one.subject, "attitude"): scored[one.subject].value for one in results}
    run = replace(RUN, results=results, marks=marks_digest(marks))
    known = given(OPENED, added, *scored.values(), removed)
    known.when(publishing(run), by=PANEL).refused(RunOfOtherSubjects)


def test_nothing_is_published_before_everything_is_scored() -> None:
    given(OPENED, SCORED).when(PUBLISH, by=PANEL).refused(HumanScoreMissing)
    given(*READY, WITHDRAWN).when(PUBLISH, by=PANEL).refused(HumanScoreMissing)


def test_a_score_that_came_after_the_run_needs_another_run() -> None:
    late = replace(SCORED, item="bonus", value="2")
    given(*READY, late).when(PUBLISH, by=PANEL).refused(HumanScoresChanged)
    marks = {("A-1", "attitude"): "35", ("A-1", "bonus"): "2", ("A-2", "attitude"): "20.5"}
    again = publishing(replace(RUN, marks=marks_digest(marks)))
    given(*READY, late).when(again, by=PANEL).then(
        replace(PUBLISHED, run=again.run, digest=again.digest)
    )


def test_nothing_is_published_before_the_period_is_over() -> None:
    over = local("2026-01-01 00:00")
    opened = replace(OPENED, opened_at=local("2025-12-01 09:00"))
    command = replace(PUBLISH, as_known_at=over)
    early = given(opened, SCORED, SCORED_2, at=over - timedelta(seconds=1))
    early.when(replace(command, as_known_at=over), by=PANEL).refused(PeriodNotOver)
    given(opened, SCORED, SCORED_2, at=over).when(command, by=PANEL).then(
        replace(
            PUBLISHED,
            as_known_at=over,
            objections_until=local("2026-01-09 00:00"),
            published_at=over,
        )
    )


def test_a_period_is_over_by_the_zone_of_the_evaluations_calendar() -> None:
    in_utc = replace(CALENDAR, code="utc", zone="UTC")
    known = replace(REGISTERS, calendars={"utc": in_utc, "utc@1": in_utc})
    opened = replace(OPENED, calendar="utc@1", opened_at=local("2025-12-01 09:00"))
    over = local("2026-01-01 08:00")
    command = replace(publishing(replace(RUN, calendar="utc@1")), as_known_at=over)
    early = given(opened, SCORED, SCORED_2, at=over - timedelta(seconds=1), registers=known)
    early.when(command, by=PANEL).refused(PeriodNotOver)
    after = given(opened, SCORED, SCORED_2, at=over, registers=known).when(command, by=PANEL)
    after.then(
        replace(
            PUBLISHED,
            run=command.run,
            digest=command.digest,
            as_known_at=over,
            objections_until=local("2026-01-09 08:00"),
            published_at=over,
        )
    )


def test_the_whole_period_must_be_known_and_nothing_that_is_yet_to_come() -> None:
    before = replace(PUBLISH, as_known_at=local("2025-12-31 23:59"))
    given(*READY).when(before, by=PANEL).refused(KnownTooEarly)
    ahead = replace(PUBLISH, as_known_at=NOON + timedelta(seconds=1))
    given(*READY).when(ahead, by=PANEL).refused(HappensInFuture)


def test_nothing_is_published_before_the_evaluation_was_opened() -> None:
    early = given(*READY, at=MORNING - timedelta(minutes=1))
    early.when(PUBLISH, by=PANEL).refused(HappensBeforeLastStep)


def test_published_scores_are_not_touched() -> None:
    other = replace(SCORE, value="39")
    given(*OUT).when(other, by=PANEL).refused(ScoreIsPublished)
    given(*OUT).when(WITHDRAW, by=PANEL).refused(ScoreIsPublished)
    given(*OUT).when(SCORE, by=PANEL).nothing()


# --- objections


def test_an_objection_names_the_determination_and_the_items() -> None:
    given(*OUT, at=OBJECT_AT).when(OBJECT, by=ONE).then(OBJECTED)
    whole = replace(OBJECT, items=())
    given(*OUT, at=OBJECT_AT).when(whole, by=ONE).then(replace(OBJECTED, items=()))


def test_anybody_may_object_and_nobody_twice() -> None:
    filed = given(*OUT, OBJECTED, at=OBJECT_AT)
    filed.when(OBJECT, by=ONE).nothing()
    filed.when(OBJECT, by=OFFICE_CLERK).then(replace(OBJECTED, number=2, filed_by="clerk-1"))
    filed.when(replace(OBJECT, ground="另有理由"), by=ONE).then(
        replace(OBJECTED, number=2, ground="另有理由")
    )


def test_there_is_no_objection_before_publication() -> None:
    given(*READY, at=OBJECT_AT).when(OBJECT, by=ONE).refused(NothingToObjectTo)
    early = given(*OUT, at=NOON - timedelta(minutes=1))
    early.when(OBJECT, by=ONE).refused(HappensBeforeLastStep)


def test_an_objection_is_in_time_until_the_windows_last_midnight() -> None:
    given(*OUT, at=UNTIL).when(OBJECT, by=ONE).then(replace(OBJECTED, filed_at=UNTIL))
    late = given(*OUT, at=UNTIL + timedelta(seconds=1))
    late.when(OBJECT, by=ONE).refused(ObjectionTooLate)


def test_an_objection_on_paper_may_be_entered_late() -> None:
    given(*OUT, at=OBJECT_AT, now=CLOSE_AT, late_reason="信件积压").when(
        OBJECT, by=OFFICE_CLERK
    ).then(replace(OBJECTED, filed_by="clerk-1"))


def test_an_objection_is_about_somebody_and_something_evaluated() -> None:
    now = given(*OUT, at=OBJECT_AT)
    now.when(replace(OBJECT, subject="A-3"), by=ONE).refused(SubjectUnknown)
    now.when(replace(OBJECT, items=("visits", "manner")), by=ONE).refused(ItemUnknown)


def test_an_objection_is_answered_with_a_reason() -> None:
    filed = given(*OUT, OBJECTED, at=ANSWER_AT)
    filed.when(REJECT, by=PANEL).then(REJECTED)
    filed.when(UPHOLD, by=PANEL).then(UPHELD)


def test_an_objection_is_answered_once() -> None:
    answered = given(*OUT, OBJECTED, REJECTED, at=ANSWER_AT)
    answered.when(REJECT, by=SECOND).nothing()
    answered.when(UPHOLD, by=PANEL).refused(ObjectionAlreadyAnswered)


def test_several_objections_are_answered_each_by_itself() -> None:
    second = replace(OBJECTED, number=2, subject="A-2", filed_by="clerk-1")
    events = (*OUT, OBJECTED, second)
    answer = replace(REJECT, number=2)
    answered = replace(REJECTED, number=2)
    after = given(*events, at=ANSWER_AT).when(answer, by=PANEL).then(answered)
    assert [one.answered for one in after.objections] == [None, answered]
    given(*events, at=ANSWER_AT).when(replace(REJECT, number=3)).refused(ObjectionUnknown)


@pytest.mark.parametrize("by", [ONE, replace(PANEL, account="chen"), replace(PANEL, unit="A-1")])
def test_nobody_answers_his_own_objection_or_one_about_himself(by: Actor) -> None:
    given(*OUT, OBJECTED, at=ANSWER_AT).when(REJECT, by=by).refused(OwnObjection)


def test_an_answer_comes_after_the_objection() -> None:
    early = given(*OUT, OBJECTED, at=OBJECT_AT - timedelta(minutes=1))
    early.when(REJECT, by=PANEL).refused(HappensBeforeLastStep)


# --- appeals


def test_who_is_not_heard_may_appeal() -> None:
    given(*OUT, OBJECTED, REJECTED, at=APPEAL_AT).when(APPEAL, by=ONE).then(APPEALED)


def test_the_one_evaluated_may_appeal_where_another_objected_for_him() -> None:
    by_clerk = replace(OBJECTED, filed_by="clerk-1")
    answered = given(*OUT, by_clerk, REJECTED, at=APPEAL_AT)
    answered.when(APPEAL, by=ONE).then(APPEALED)
    answered.when(APPEAL, by=OFFICE_CLERK).then(replace(APPEALED, filed_by="clerk-1"))
    answered.when(APPEAL, by=SECOND).refused(NotTheObjector)


def test_there_is_an_appeal_only_against_a_rejection() -> None:
    given(*OUT, OBJECTED, at=APPEAL_AT).when(APPEAL, by=ONE).refused(ObjectionNotAnswered)
    given(*OUT, OBJECTED, UPHELD, at=APPEAL_AT).when(APPEAL, by=ONE).refused(NothingToAppeal)


def test_an_appeal_is_filed_once_and_in_time() -> None:
    answered = (*OUT, OBJECTED, REJECTED)
    appealed = given(*answered, APPEALED, at=APPEAL_AT)
    appealed.when(APPEAL, by=ONE).nothing()
    appealed.when(replace(APPEAL, ground="另有理由"), by=ONE).refused(AppealAlreadyFiled)
    given(*answered, at=APPEAL_UNTIL).when(APPEAL, by=ONE).then(
        replace(APPEALED, filed_at=APPEAL_UNTIL)
    )
    late = given(*answered, at=APPEAL_UNTIL + timedelta(seconds=1))
    late.when(APPEAL, by=ONE).refused(AppealTooLate)
    early = given(*answered, at=ANSWER_AT - timedelta(minutes=1))
    early.when(APPEAL, by=ONE).refused(HappensBeforeLastStep)


def test_an_appeal_is_decided_by_somebody_else_than_who_answered() -> None:
    appealed = given(*OUT, OBJECTED, REJECTED, APPEALED, at=DECIDE_AT)
    appealed.when(GRANT, by=SECOND).then(GRANTED)
    appealed.when(GRANT, by=PANEL).refused(SameDecider)
    appealed.when(GRANT, by=ONE).refused(OwnObjection)
    by_clerk = replace(APPEALED, filed_by="clerk-1")
    filed = given(*OUT, OBJECTED, REJECTED, by_clerk, at=DECIDE_AT)
    filed.when(GRANT, by=OFFICE_CLERK).refused(OwnObjection)


def test_an_appeal_is_decided_once_and_after_it_was_filed() -> None:
    given(*OUT, OBJECTED, at=DECIDE_AT).when(GRANT, by=SECOND).refused(NoAppeal)
    given(*OUT, OBJECTED, REJECTED, at=DECIDE_AT).when(GRANT, by=SECOND).refused(NoAppeal)
    decided = given(*APPEAL_WON, at=DECIDE_AT)
    decided.when(GRANT, by=THIRD).nothing()
    decided.when(replace(GRANT, upheld=False), by=SECOND).refused(AppealAlreadyDecided)
    early = given(*OUT, OBJECTED, REJECTED, APPEALED, at=APPEAL_AT - timedelta(minutes=1))
    early.when(GRANT, by=SECOND).refused(HappensBeforeLastStep)


# --- correction


def test_a_correction_is_a_new_determination_that_cites_the_old_one() -> None:
    after = given(*APPEAL_WON, at=CORRECT_AT).when(CORRECT, by=PANEL).then(CORRECTED)
    assert after.determinations == (PUBLISHED, CORRECTED)
    assert after.standing == {"A-1": AFTER_RUN.results[0], "A-2": RUN.results[1]}
    assert after.objections[0].corrected_by == 2


def test_an_objection_upheld_is_corrected_without_an_appeal() -> None:
    given(*OUT, OBJECTED, UPHELD, at=CORRECT_AT).when(CORRECT, by=PANEL).then(CORRECTED)


def test_only_what_was_upheld_is_corrected_and_once() -> None:
    given(*READY, at=CORRECT_AT).when(CORRECT, by=PANEL).refused(EvaluationNotPublished)
    for events in (
        (*OUT, OBJECTED),
        (*OUT, OBJECTED, REJECTED),
        (*OUT, OBJECTED, REJECTED, APPEALED, DENIED),
    ):
        given(*events, at=CORRECT_AT).when(CORRECT, by=PANEL).refused(NothingToCorrect)
    corrected = given(*APPEAL_WON, CORRECTED, at=CORRECT_AT)
    corrected.when(CORRECT, by=PANEL).nothing()
    again = correcting(replace(AFTER_RUN, marks_at=1301))
    corrected.when(again, by=PANEL).refused(NothingToCorrect)


def test_nobody_elses_result_changes_by_an_appeal() -> None:
    both = replace(AFTER_RUN, results=(*AFTER_RUN.results, RUN.results[1]))
    given(*APPEAL_WON, at=CORRECT_AT).when(correcting(both), by=PANEL).refused(OthersWouldChange)


def test_a_result_that_stays_the_same_is_a_correction_without_a_change() -> None:
    same = correcting(replace(AFTER_RUN, results=RUN.results[:1]))
    given(*APPEAL_WON, at=CORRECT_AT).when(same, by=PANEL).then(
        replace(CORRECTED, run=same.run, digest=same.digest, changes=())
    )


def test_who_was_left_out_is_determined_by_a_correction() -> None:
    left_out = (
        *OUT,
        PopulationAmended(added=("A-3",), reason="漏列"),
        replace(SCORED, subject="A-3"),
    )
    third = result("A-3", "80")
    marks = marks_digest({("A-3", "attitude"): "35"})
    command = correcting(replace(AFTER_RUN, marks=marks, results=(third,)))
    given(*left_out, at=CORRECT_AT).when(command, by=PANEL).then(
        replace(
            CORRECTED,
            objections=(),
            run=command.run,
            digest=command.digest,
            changes=(Change(after=third),),
        )
    )


def test_several_are_corrected_at_once_in_the_order_of_their_codes() -> None:
    second = replace(OBJECTED, number=2, subject="A-2")
    events = (*OUT, OBJECTED, second, UPHELD, replace(UPHELD, number=2))
    results = (AFTER_RUN.results[0], result("A-2", "61"))
    both = replace(AFTER_RUN, marks=RUN.marks, results=results)
    command = correcting(both)
    after = given(*events, at=CORRECT_AT).when(command, by=PANEL)
    after.then(
        replace(
            CORRECTED,
            objections=(1, 2),
            run=both,
            digest=command.digest,
            changes=tuple(
                Change(before=old, after=new) for old, new in zip(RUN.results, results, strict=True)
            ),
        )
    )
    reversed_ = correcting(replace(both, results=results[::-1]))
    given(*events, at=CORRECT_AT).when(reversed_, by=PANEL).refused(RunOfOtherSubjects)
    one_of_two = given(*events, at=CORRECT_AT).when(CORRECT, by=PANEL).then(CORRECTED)
    assert one_of_two.to_determine == ("A-2",)


def test_a_correction_knows_no_less_than_the_determination_before() -> None:
    earlier = correcting(replace(AFTER_RUN, cut_off=1199))
    appealed = given(*APPEAL_WON, at=CORRECT_AT)
    appealed.when(earlier, by=PANEL).refused(FactsCameLater)
    appealed.when(replace(earlier, later_facts=True), by=PANEL).refused(EarlierCutOff)


# --- what an upheld objection changes (audit, gap 17)

ON_VISITS = replace(OBJECTED, items=("visits",))
ON_VISITS_WON = (*OUT, ON_VISITS, replace(UPHELD, answered_at=ANSWER_AT))
DETERMINE = DetermineItem(
    objection=1, item="visits", value="12.50", ground="签到表属实", sources=(UUID(int=7),)
)
DETERMINED = ItemDetermined(
    objection=1,
    subject="A-1",
    item="visits",
    value="12.5",
    ground="签到表属实",
    sources=DETERMINE.sources,
    determined_by="panel-1",
    role=PANEL.role,
    determined_at=CORRECT_AT,
)


def test_gap_17_an_upheld_objection_determines_the_computed_item_it_is_about() -> None:
    won = given(*ON_VISITS_WON, at=CORRECT_AT)
    state = won.when(DETERMINE, by=PANEL).then(DETERMINED)
    assert state.values(("A-1",))["A-1", "visits"] == "12.5"
    given(*ON_VISITS_WON, DETERMINED, at=CORRECT_AT).when(DETERMINE, by=PANEL).nothing()


@pytest.mark.parametrize(
    ("events", "change", "refusal"),
    [
        (ON_VISITS_WON, {"item": "quota"}, ItemNotObjectedTo),
        (ON_VISITS_WON, {"item": "attitude"}, ItemIsScoredByPeople),
        (ON_VISITS_WON, {"item": "none"}, ItemUnknown),
        (ON_VISITS_WON, {"objection": 2}, ObjectionUnknown),
        (ON_VISITS_WON, {"value": "many"}, ValueNotDecimal),
        # Above the item's maximum, or below its floor: refused, not held in bounds.
        (ON_VISITS_WON, {"value": "60.01"}, ValueOutOfRange),
        (ON_VISITS_WON, {"value": "999"}, ValueOutOfRange),
        (ON_VISITS_WON, {"value": "-0.5"}, ValueOutOfRange),
        (ON_VISITS_WON, {"sources": ()}, EvidenceMissing),
        ((*OUT, ON_VISITS, REJECTED), {}, ObjectionNotUpheld),
        ((*OUT, ON_VISITS), {}, ObjectionNotUpheld),
    ],
)
def test_gap_17_nothing_else_is_determined(
    events: tuple[Event, ...], change: dict[str, Any], refusal: type[Refused]
) -> None:
    command = replace(DETERMINE, **change)
    given(*events, at=CORRECT_AT).when(command, by=PANEL).refused(refusal)


def test_gap_17_an_evaluation_opened_earlier_does_not_know_the_bounds() -> None:
    terms = replace(TERMS, items=(ItemTerms(code="visits", maximum="999"), *ITEMS[1:]))
    earlier = replace(OPENED, terms=terms)
    events = tuple(earlier if one == OPENED else one for one in ON_VISITS_WON)
    assert earlier in events
    below = replace(DETERMINE, value="-2")
    given(*events, at=CORRECT_AT).when(below, by=PANEL).then(replace(DETERMINED, value="-2"))
    # Asked for again by this version it is the same evaluation.
    given(earlier).when(OPEN).nothing()


def test_gap_17_who_objected_determines_nothing() -> None:
    given(*ON_VISITS_WON, at=CORRECT_AT).when(DETERMINE, by=ONE).refused(OwnObjection)


def test_gap_17_an_upheld_objection_opens_no_other_item_to_people() -> None:
    score = replace(SCORE, value="39")
    given(*ON_VISITS_WON, at=CORRECT_AT).when(score, by=PANEL).refused(ScoreIsPublished)


def test_gap_17_facts_that_came_later_are_a_correction_of_their_own() -> None:
    won = given(*ON_VISITS_WON, at=CORRECT_AT)
    run = replace(RUN, cut_off=1300, results=AFTER_RUN.results,
                  marks=marks_digest({("A-1", "attitude"): "35"}))  # fmt: skip
    later = correcting(run)
    won.when(later, by=PANEL).refused(FactsCameLater)
    named = replace(later, later_facts=True)
    changes = (Change(before=RUN.results[0], after=run.results[0]),)
    won.when(named, by=PANEL).then(
        replace(CORRECTED, run=run, digest=named.digest, changes=changes, later_facts=True)
    )
    waiting = given(*ON_VISITS_WON, DETERMINED, at=CORRECT_AT)
    waiting.when(named, by=PANEL).refused(ItemsAwaitCorrection)


def test_a_correction_comes_after_what_obliges_to_it() -> None:
    early = given(*APPEAL_WON, at=DECIDE_AT - timedelta(minutes=1))
    command = replace(CORRECT, as_known_at=ANSWER_AT)
    early.when(command, by=PANEL).refused(HappensBeforeLastStep)
    answered = given(*OUT, OBJECTED, UPHELD, at=ANSWER_AT - timedelta(minutes=1))
    answered.when(replace(CORRECT, as_known_at=NOON), by=PANEL).refused(HappensBeforeLastStep)


_OF_ALL = (*OUT, replace(OBJECTED, items=()), REJECTED, APPEALED, GRANTED)


def test_scores_of_who_was_upheld_may_be_given_anew() -> None:
    other = replace(SCORE, value="39")
    rescored = replace(SCORED, value="39")
    given(*_OF_ALL, at=CORRECT_AT).when(other, by=PANEL).then(rescored)
    given(*_OF_ALL, at=CORRECT_AT).when(replace(other, subject="A-2"), by=PANEL).refused(
        ScoreIsPublished
    )
    given(*_OF_ALL, rescored, at=CORRECT_AT).when(CORRECT, by=PANEL).refused(HumanScoresChanged)
    given(*_OF_ALL, CORRECTED, at=CLOSE_AT).when(other, by=PANEL).refused(ScoreIsPublished)


def test_a_correction_may_be_objected_to_in_a_window_of_its_own() -> None:
    at = local("2026-03-20 10:00")
    corrected = given(*APPEAL_WON, CORRECTED, at=at)
    corrected.when(OBJECT, by=ONE).then(replace(OBJECTED, number=2, determination=2, filed_at=at))
    corrected.when(replace(OBJECT, subject="A-2"), by=ONE).refused(ObjectionTooLate)


def test_what_is_upheld_again_is_determined_again_even_with_the_same_result() -> None:
    at = local("2026-03-20 10:00")
    again = replace(OBJECTED, number=2, determination=2, filed_at=at)
    upheld = replace(UPHELD, number=2, answered_at=at)
    third = replace(
        CORRECTED,
        number=3,
        cites=CORRECTED.digest,
        objections=(2,),
        changes=(),
        objections_until=local("2026-03-28 00:00"),
        published_at=at,
    )
    events = (*APPEAL_WON, CORRECTED, again, upheld)
    given(*events, at=at).when(CORRECT, by=PANEL).then(third)


# --- closing


def test_a_closed_period_is_bound_to_a_position_a_root_and_its_results() -> None:
    given(*APPEAL_WON, CORRECTED, at=CLOSE_AT).when(CLOSE, by=PANEL).then(CLOSED)


def test_nothing_changes_after_the_closing() -> None:
    closed = given(*APPEAL_WON, CORRECTED, CLOSED, at=CLOSE_AT)
    closed.when(CLOSE, by=PANEL).nothing()
    closed.when(replace(CLOSE, position=1500), by=PANEL).refused(PeriodIsClosed)
    for command in (
        SCORE,
        WITHDRAW,
        PUBLISH,
        CORRECT,
        OBJECT,
        REJECT,
        APPEAL,
        GRANT,
        AmendPopulation(add=("A-3",), reason="漏列"),
    ):
        closed.when(command, by=PANEL).refused(PeriodIsClosed)
    closed.when(CancelEvaluation(reason="规则选错")).refused(EvaluationIsPublished)


def test_a_period_is_closed_when_it_is_published_and_no_window_is_open() -> None:
    given(*READY, at=CLOSE_AT).when(CLOSE, by=PANEL).refused(EvaluationNotPublished)
    given(*OUT, at=UNTIL).when(CLOSE, by=PANEL).refused(StillOpen)
    at = UNTIL + timedelta(seconds=1)
    given(*OUT, at=at).when(CLOSE, by=PANEL).then(
        replace(CLOSED, determination=1, results=results_digest(RUN.results), closed_at=at)
    )


@pytest.mark.parametrize(
    "events",
    [
        (OBJECTED,),
        (OBJECTED, UPHELD),
        (OBJECTED, REJECTED, APPEALED),
        (OBJECTED, REJECTED, APPEALED, GRANTED),
        (PopulationAmended(added=("A-3",), reason="漏列"),),
    ],
)
def test_a_period_is_not_closed_over_what_is_pending(events: tuple[Event, ...]) -> None:
    given(*OUT, *events, at=CLOSE_AT).when(CLOSE, by=PANEL).refused(StillOpen)


def test_a_rejection_is_final_when_no_appeal_came_in_time_or_it_was_denied() -> None:
    rejected = (*OUT, OBJECTED, REJECTED)
    given(*rejected, at=APPEAL_UNTIL).when(CLOSE, by=PANEL).refused(StillOpen)
    at = APPEAL_UNTIL + timedelta(seconds=1)
    closed = replace(CLOSED, determination=1, results=results_digest(RUN.results), closed_at=at)
    given(*rejected, at=at).when(CLOSE, by=PANEL).then(closed)
    given(*rejected, APPEALED, DENIED, at=at).when(CLOSE, by=PANEL).then(closed)


def test_a_period_is_closed_over_everything_that_was_determined() -> None:
    early = replace(CLOSE, position=1299)
    given(*APPEAL_WON, CORRECTED, at=CLOSE_AT).when(early, by=PANEL).refused(EarlierCutOff)


def test_f8_a_division_is_written_in_the_shortest_way() -> None:
    for longer in ("440100", "440100000", "440100000000"):
        given().when(replace(OPEN, division=longer)).refused(DivisionWrittenLonger)


def test_a_firm_objects_for_its_own_advisers_and_a_committee_for_whom_it_had() -> None:
    own, other = (Actor(account="f", role="firm", unit=one) for one in ("FIRM-1", "FIRM-9"))
    committee = Actor(account="k", role="committee", unit="440103001001")
    given(*OUT, at=OBJECT_AT).when(OBJECT, by=other).refused(NotThisFirm)
    given(*OUT, at=OBJECT_AT).when(OBJECT, by=committee).refused(NotThisVillage)
    # A-2 is of FIRM-2 as well: its firm has to do with the evaluation, and not with this adviser.
    beside = Actor(account="g", role="firm", unit="FIRM-2")
    given(*OUT, at=OBJECT_AT).when(OBJECT, by=beside).refused(SubjectOfOthers)
    given(*OUT, at=OBJECT_AT).when(OBJECT, by=own).then(replace(OBJECTED, filed_by="f"))
