"""The commands of evaluations, rule sets and samples over HTTP. What is determined is computed here
and never sent in; what takes longer than somebody waits for is left to the command line."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Final, TypeVar
from uuid import UUID

import psycopg
from msgspec import Meta, Struct

from api.evaluation.determining import closing, correction, given_before, opening_of, publication
from api.evaluation.sampling import announcement, drawing, enlargement
from api.web.acting import Answer, CommandAsking, Nothing, Perform, Route, answer_of
from api.web.problems import Problem
from api.web.questions import WAIT_S, beside, log_head, position_at
from api.web.wiring import Wiring
from domain.codes import Code, Digest, DivisionCode, EvaluationPeriod, Ref
from domain.evaluation import evaluation_commands, ruleset
from domain.evaluation import objection as evaluation_objection
from domain.evaluation.evaluation import (
    DeterminationCorrected,
    Evaluation,
    EvaluationOpened,
    EvaluationPublished,
    PeriodClosed,
    evaluation_stream,
)
from domain.evaluation.evaluation_commands import (
    ClosePeriod,
    CorrectDetermination,
    NothingToCorrect,
    OpenEvaluation,
    PublishEvaluation,
)
from domain.oversight import sample
from domain.oversight.sample import Frame, PopulationKind, SampleAnnounced, Size
from domain.vocabulary import Command, Event, Position, Text, stream_id
from ledger.log.decision import Receipt
from projections.evaluation import dossier, sampling_frame
from projections.evaluation.review import evaluation_of
from projections.evaluation.run import (
    DIVISION,
    Evaluated,
    Prepared,
    RunAsked,
    asked_of,
    evaluated_few,
    prepared,
)
from projections.running.runner import wait_for

Given = TypeVar("Given", bound=Command)
SUBJECTS_MAX: Final = 50
"""Scored while somebody waits; more are scored by `anjuan evaluate`."""
Instant = Annotated[datetime, Meta(tz=True)]
Performed = tuple[Receipt, Answer]


# --- bodies


class Opening(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Without subjects: everybody there; without a calendar: the one published first."""

    ruleset: Ref
    period: EvaluationPeriod
    division: DivisionCode = DIVISION
    calendar: Ref | None = None
    subjects: tuple[Code, ...] = ()


class Publication(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Of the run that was looked at: as known then it is computed again, and its digest must be the
    same."""

    as_known_at: Instant
    digest: Digest


class Correction(Publication, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Without subjects: everybody who is to be determined. The run is one with `correcting`, or,
    with `later_facts`, one without."""

    reason: Text
    subjects: tuple[Code, ...] = ()
    later_facts: bool = False


class Announcement(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An announced draw, whose population is listed from the log."""

    of: PopulationKind
    division: DivisionCode = DIVISION
    period: EvaluationPeriod | None = None
    cut_off: Position | None = None
    size: Size
    purpose: Text


class Enlargement(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    size: Size
    reason: Text


# --- beside the event loop


async def known_then(wiring: Wiring, as_known_at: datetime) -> None:
    """Wait for the views to reach an instant, as `visible` does for a position."""
    async with wiring.views.connection() as connection:
        position = await position_at(connection, as_known_at)
    await visible(wiring, position, dossier.VIEWS)


async def visible(wiring: Wiring, position: int, views: Sequence[str]) -> None:
    """Wait for the views.

    Raises: Problem `not-yet-visible` — when they do not reach the position within two seconds.
    """
    async with wiring.views.connection() as connection:
        if not await wait_for(connection, views, position, WAIT_S):
            raise Problem("not-yet-visible")


def computed(connection: psycopg.Connection[Any], asked: RunAsked) -> tuple[Prepared, Evaluated]:
    """Compute a run.

    Raises: Problem `run-too-large` — when it has too many subjects.
    """
    found = prepared(connection, asked)
    if len(found.task.subjects) > SUBJECTS_MAX:
        raise Problem("run-too-large", f"{len(found.task.subjects)} > {SUBJECTS_MAX}")
    return found, evaluated_few(connection, found.task, found.rules)


# --- performing


async def _executed(asking: CommandAsking, stream: UUID, command: Command) -> Performed:
    receipt = await asking.execute(stream, command)
    return receipt, answer_of(receipt)


async def _earlier(asking: CommandAsking, stream: UUID) -> Any:
    """The event that this very command led to, if it was given before: it is answered as then."""
    found = given_before(await asking.wiring.ledger.stream(stream), asking.command_id)
    return found.event if found else None


def _as_given(kind: type[Given], event: Event) -> Given:
    """The command that the event came of, all of whose fields the event has."""
    return kind(**{name: getattr(event, name) for name in kind.__struct_fields__})


async def _open(asking: CommandAsking, body: Opening) -> Performed:
    asked = RunAsked(
        ruleset=body.ruleset,
        period=body.period,
        division=body.division,
        calendar=body.calendar,
        subjects=body.subjects,
    )
    stream = evaluation_stream(body.ruleset, body.division, body.period)
    earlier = await _earlier(asking, stream)
    if isinstance(earlier, EvaluationOpened):
        command = _as_given(OpenEvaluation, earlier)
    else:
        command = await beside(asking.wiring, lambda one: opening_of(prepared(one, asked)))
    return await _executed(asking, stream, command)


async def _publish(asking: CommandAsking, body: Publication) -> Performed:
    stream: UUID = asking.path["id"]
    earlier = await _earlier(asking, stream)
    if isinstance(earlier, EvaluationPublished):
        command = _as_given(PublishEvaluation, earlier)
    else:
        await known_then(asking.wiring, body.as_known_at)
        command = await beside(asking.wiring, lambda one: _published(one, stream, body))
    return await _executed(asking, stream, command)


def _published(
    connection: psycopg.Connection[Any], stream: UUID, body: Publication
) -> PublishEvaluation:
    state = evaluation_of(connection, stream)
    asked = asked_of(state.opened, state.subjects, body.as_known_at)
    _, done = computed(connection, asked)
    return publication(connection, done, body.as_known_at, body.digest)


async def _correct(asking: CommandAsking, body: Correction) -> Performed:
    stream: UUID = asking.path["id"]
    earlier = await _earlier(asking, stream)
    if isinstance(earlier, DeterminationCorrected):
        command = _as_given(CorrectDetermination, earlier)
    else:
        await known_then(asking.wiring, body.as_known_at)
        command = await beside(asking.wiring, lambda one: _corrected(one, stream, body))
    return await _executed(asking, stream, command)


def _corrected(
    connection: psycopg.Connection[Any], stream: UUID, body: Correction
) -> CorrectDetermination:
    """NothingToCorrect."""
    state = evaluation_of(connection, stream)
    codes = body.subjects or state.to_determine
    if not codes:
        raise NothingToCorrect
    asked = asked_of(state.opened, codes, body.as_known_at, correcting=not body.later_facts)
    _, done = computed(connection, asked)
    return correction(
        connection,
        done,
        body.as_known_at,
        body.digest,
        body.reason,
        later_facts=body.later_facts,
    )


async def _close(asking: CommandAsking, _: Nothing) -> Performed:
    stream: UUID = asking.path["id"]
    earlier = await _earlier(asking, stream)
    if isinstance(earlier, PeriodClosed):
        command = _as_given(ClosePeriod, earlier)
    else:
        command = await beside(asking.wiring, lambda one: closing(one, stream))
    return await _executed(asking, stream, command)


async def _announce(asking: CommandAsking, body: Announcement) -> Performed:
    stream = asking.command_id
    earlier = await _earlier(asking, stream)
    if isinstance(earlier, SampleAnnounced):
        frame = earlier.frame
    else:
        newest = await log_head(asking.wiring)
        cut_off = body.cut_off or newest
        if cut_off > newest:
            raise Problem("position-unknown")
        frame = Frame(of=body.of, division=body.division, period=body.period, cut_off=cut_off)
    await visible(asking.wiring, frame.cut_off, sampling_frame.VIEWS)
    purpose, size = body.purpose, body.size
    again = earlier is not None
    command = await beside(
        asking.wiring, lambda one: announcement(one, purpose, frame, size, again=again)
    )
    return await _executed(asking, stream, command)


async def _draw(asking: CommandAsking, _: Nothing) -> Performed:
    stream: UUID = asking.path["id"]
    command = await beside(asking.wiring, lambda one: drawing(one, stream))
    return await _executed(asking, stream, command)


async def _enlarge(asking: CommandAsking, body: Enlargement) -> Performed:
    stream: UUID = asking.path["id"]
    size, reason = body.size, body.reason
    command = await beside(asking.wiring, lambda one: enlargement(one, stream, size, reason))
    return await _executed(asking, stream, command)


# --- the table


def _id(path: dict[str, Any], _: Any) -> UUID:
    stream: UUID = path["id"]
    return stream


def _of(
    command: type[Command],
    action: str,
    summary: str,
    perform: Perform | None = None,
    body: type[Struct] | None = None,
) -> Route:
    def possible(state: Evaluation) -> bool:
        return evaluation_commands.possible(state, command)

    return Route(
        command=command,
        under=f"/evaluations/{{id:uuid}}/{action}",
        summary=summary,
        stream=_id,
        possible=possible,
        perform=perform,
        body=body,
    )


ROUTES: Final = (
    Route(
        command=ruleset.PublishRuleSet,
        under="/rulesets",
        summary="公布评分标准的一个版本",
        stream=lambda _, command: stream_id(ruleset.KIND, command.ruleset.code),
        creates=True,
        location=lambda _, command, __: f"/rulesets/{command.ruleset.code}",
    ),
    Route(
        command=evaluation_commands.OpenEvaluation,
        under="/evaluations",
        summary="启动考核，考核对象随之确定",
        body=Opening,
        perform=_open,
        creates=True,
        location=lambda _, __, receipt: f"/evaluations/{receipt.stream}",
    ),
    _of(evaluation_commands.AmendPopulation, "amend-population", "增加或者移出考核对象"),
    _of(evaluation_commands.CancelEvaluation, "cancel", "撤销考核"),
    _of(evaluation_commands.GiveHumanScore, "give-human-score", "人工评分"),
    _of(evaluation_commands.WithdrawHumanScore, "withdraw-human-score", "撤回人工评分"),
    _of(
        evaluation_commands.PublishEvaluation,
        "publish",
        "公布考核结果",
        _publish,
        Publication,
    ),
    _of(
        evaluation_commands.DetermineItem,
        "determine-item",
        "异议、复核成立后，认定所涉及的项目",
    ),
    _of(
        evaluation_commands.CorrectDetermination,
        "correct",
        "作出更正决定",
        _correct,
        Correction,
    ),
    _of(
        evaluation_commands.ClosePeriod,
        "close-period",
        "考核期间结账",
        _close,
        Nothing,
    ),
    _of(evaluation_objection.FileObjection, "file-objection", "提出异议"),
    _of(evaluation_objection.AnswerObjection, "answer-objection", "答复异议"),
    _of(evaluation_objection.FileAppeal, "file-appeal", "申请复核"),
    _of(evaluation_objection.DecideAppeal, "decide-appeal", "决定复核"),
    Route(
        command=sample.AnnounceSample,
        under="/samples",
        summary="登记抽查，封存抽查总体",
        body=Announcement,
        perform=_announce,
        creates=True,
        location=lambda _, __, receipt: f"/samples/{receipt.stream}",
    ),
    Route(
        command=sample.DrawSample,
        under="/samples/{id:uuid}/draw",
        summary="抽取样本",
        stream=_id,
        possible=lambda state: sample.possible(state, sample.DrawSample),
        body=Nothing,
        perform=_draw,
    ),
    Route(
        command=sample.EnlargeSample,
        under="/samples/{id:uuid}/enlarge",
        summary="扩大样本",
        stream=_id,
        possible=lambda state: sample.possible(state, sample.EnlargeSample),
        body=Enlargement,
        perform=_enlarge,
    ),
    Route(
        command=sample.PassOverDrawn,
        under="/samples/{id:uuid}/pass-over",
        summary="跳过抽到的一项（联系不上、已作废等），须说明原因",
        stream=_id,
        possible=lambda state: sample.possible(state, sample.PassOverDrawn),
    ),
)
