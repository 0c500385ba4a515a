"""Runs of evaluations: what the log knows is looked up here, `domain.scoring.computation` does the
rest."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

import psycopg
from msgspec import Struct
from psycopg.rows import tuple_row

from domain.evaluation import evaluation
from domain.evaluation.determination import Run, SubjectKind
from domain.evaluation.evaluation import Evaluation, evaluation_stream
from domain.moment import Registers
from domain.registers import point
from domain.registers.point import CalendarUnknown, Point, PointUnknown
from domain.scoring import basis as facts_basis
from domain.scoring import computation
from domain.scoring.basis import Entry, Rules, published
from domain.scoring.computation import (
    Task,
    UnknownRuleSet,
    fitting,
    human_scores,
    period_days,
    rules,
    ruleset_of,
    run_digest,
)
from domain.scoring.evidence import Plain
from domain.vocabulary import Refused, stream_id
from ledger.log import reading, tolerant
from ledger.log.codec import LedgerMapper
from ledger.log.decision import Held, project
from ledger.log.registers import RegisterFold
from projections.evaluation import dossier, scores
from projections.evaluation.dossier import Whom
from projections.evaluation.scores import Progress

DIVISION: Final = "4401"
TOGETHER: Final = 20
"""Subjects whose entries are looked up at once."""
Connection = psycopg.Connection[Any]


class RuleSetUnknown(Refused):
    """没有公布过这一版本的评分标准"""


class RuleSetOfOthers(Refused):
    """两个评分标准的考核对象不同，不能对照试算"""


class NobodyToEvaluate(Refused):
    """该地区、该期间没有可以考核的对象"""


class RunAsked(Struct, frozen=True, kw_only=True):
    """What is to be computed. Without subjects: those of the evaluation, where it is open, else
    everybody there; without a calendar: the evaluation's, else the one published first."""

    ruleset: str
    """`code@version`."""
    period: str
    division: str = DIVISION
    calendar: str | None = None
    subjects: tuple[str, ...] = ()
    as_known_at: datetime | None = None
    what_if: str | None = None
    """The rule set to compute by instead, with the evaluation's subjects and human scores."""


class Prepared(Struct, frozen=True, kw_only=True):
    """A run that is ready to be computed."""

    task: Task
    rules: Rules
    as_known_at: datetime
    stream: UUID
    """Stream of the evaluation of this rule set, division and period."""
    state: Evaluation | None
    """None when the evaluation is not open."""

    @property
    def what_if(self) -> bool:
        """By another rule set or calendar than the evaluation's: never to be published."""
        opened = self.state.opened if self.state else None
        used = self.task.ruleset
        return opened is not None and (opened.ruleset, opened.calendar) != (
            f"{used['code']}@{used['version']}",
            self.task.calendar,
        )


class Evaluated(Struct, frozen=True, kw_only=True):
    """`trees`: canonical JSON, by subject."""

    run: Run
    digest: str
    trees: dict[str, bytes]


# --- what is known


def prepared(connection: Connection, asked: RunAsked) -> Prepared:
    """RuleSetUnknown, RuleSetOfOthers, CalendarUnknown, PointUnknown, NobodyToEvaluate: as it was
    known then."""
    as_known_at = asked.as_known_at or reading.now(connection)
    cut_off = reading.position_at(connection, as_known_at)
    known = dossier.publications(connection, cut_off)
    ruleset = ruleset_known(known, asked.ruleset)
    used = ruleset_known(known, asked.what_if) if asked.what_if else ruleset
    if used["subject"] != ruleset["subject"]:
        raise RuleSetOfOthers(f"{asked.ruleset} {asked.what_if}")
    stream = evaluation_stream(asked.ruleset, asked.division, asked.period)
    held = held_evaluation(connection, stream, cut_off)
    state = held.state if held and not held.state.cancelled else None
    codes = asked.subjects or (state.subjects if state else ())
    if not codes:
        codes = population(connection, used["subject"], asked.division, asked.period, cut_off)
    calendar = asked.calendar or (state.opened.calendar if state else None)
    task = Task(
        ruleset=used,
        division=asked.division,
        period=asked.period,
        calendar=_calendar(known, calendar),
        cut_off=cut_off,
        subjects=subjects_of(connection, used["subject"], codes, asked.period, cut_off),
    )
    task = task._replace(human=_human(connection, stream, task) if state else {})
    return Prepared(
        task=task,
        rules=rules_of(connection, known, task, as_known_at),
        as_known_at=as_known_at,
        stream=stream,
        state=state,
    )


def ruleset_known(known: Iterable[Entry], ref: str) -> Plain:
    try:
        return ruleset_of(known, ref)
    except UnknownRuleSet:
        raise RuleSetUnknown(ref) from None


def rules_of(
    connection: Connection, known: Iterable[Entry], task: Task, as_known_at: datetime
) -> Rules:
    recorded_at = dossier.recorded_at(connection, task.cut_off)
    try:
        return rules(known, task, recorded_at=recorded_at, as_known_at=as_known_at)
    except facts_basis.CalendarUnknown:
        raise CalendarUnknown(task.calendar) from None


def held_evaluation(connection: Connection, stream: UUID, upto: int) -> Held | None:
    """Fold the evaluation as it was at a position; None when there is none."""
    with connection.cursor(binary=True, row_factory=tuple_row) as cursor:
        return project(evaluation, None, reading.streams(cursor, LedgerMapper(), [stream], upto))


def _calendar(known: Iterable[Entry], ref: str | None) -> str:
    refs: list[str] = list(published(known)["calendars"])
    if ref is None and refs:
        code = refs[0].partition("@")[0]
        ref = [one for one in refs if one.partition("@")[0] == code][-1]
    if ref is None or ref not in refs:
        raise CalendarUnknown(ref or "")
    return ref


def _human(connection: Connection, stream: UUID, task: Task) -> Mapping[str, Mapping[str, Plain]]:
    """Return the subjects' human scores by the cut-off, as far as the rule set wants them."""
    human = human_scores(dossier.evaluation_entries(connection, stream, task.cut_off))
    codes = {one["code"] for one in task.subjects}
    return fitting(task.ruleset, {code: one for code, one in human.items() if code in codes})


def population(
    connection: Connection, kind: SubjectKind, division: str, period: str | None, upto: int
) -> tuple[str, ...]:
    """Advisers who served a village of the division, or its points that were open, on any day of
    the period, or ever. NobodyToEvaluate."""
    fold = RegisterFold()
    fold.feed(reading.reference(connection, LedgerMapper(), upto))
    first, last = period_days(period) if period else (date.min, date.max)
    found = _advisers if kind == "adviser" else _points
    codes = tuple(sorted(found(fold.registers, division, first, last)))
    if not codes:
        raise NobodyToEvaluate(f"{division} {period or ''}")
    return codes


def _advisers(known: Registers, division: str, first: date, last: date) -> set[str]:
    return {
        stint.adviser
        for code, one in known.appointments.items()
        if code.startswith(division)
        for stint in one.stints
        if stint.first <= last and stint.last >= first
    }


def _points(known: Registers, division: str, first: date, last: date) -> set[str]:
    return {
        one.code
        for one in known.points.values()
        if one.division_on(last).startswith(division)
        and one.locations[0].valid_from <= last
        and (one.closed_at is None or one.closed_at.astimezone(ZoneInfo(one.zone)).date() >= first)
    }


def subjects_of(
    connection: Connection, kind: SubjectKind, codes: Iterable[str], period: str, upto: int
) -> tuple[Plain, ...]:
    """Return the subjects as `computation.Task` has them, by code.

    A point has the division of the period's end.

    Raises: PointUnknown — no such point.
    """
    wanted = sorted(set(codes))
    if kind == "adviser":
        return tuple({"code": code} for code in wanted)
    streams = [stream_id(point.KIND, code) for code in wanted]
    with connection.cursor(binary=True, row_factory=tuple_row) as cursor:
        events = reading.streams(cursor, LedgerMapper(), streams, upto)
    points: dict[UUID, Point] = {}
    for one in events:
        points[one.originator_id] = point.evolve(
            points.get(one.originator_id),
            one.event,  # type: ignore[arg-type]
        )
    _, last = period_days(period)
    for code, stream in zip(wanted, streams, strict=True):
        if stream not in points:
            raise PointUnknown(code)
    return tuple(
        {"code": code, "division": points[stream].division_on(last)}
        for code, stream in zip(wanted, streams, strict=True)
    )


# --- running


def evaluated(
    url: str, asked: Prepared, workers: int = 2, progress: Progress | None = None
) -> Evaluated:
    """Over the whole log, by several processes."""
    ran = scores.of_all(url, asked.task, asked.rules, workers, progress)
    return _evaluated(ran.run, ran.trees)


def evaluated_few(connection: Connection, task: Task, by: Rules) -> Evaluated:
    """From the entries alone that concern the subjects; the views must have reached the cut-off."""
    done: list[computation.Computed] = []
    for number in range(0, len(task.subjects), TOGETHER):
        some = task._replace(subjects=task.subjects[number : number + TOGETHER])
        entries = dossier.concerning(connection, whom(some), some.cut_off)
        own = computation.facts_by_subject(entries, by, some)
        done += [computation.computed(some, one, own[one["code"]]) for one in some.subjects]
    trees = {one.result["subject"]: one.tree for one in done}
    return _evaluated(computation.run(task, done), trees)


def whom(task: Task) -> Whom:
    first, last = period_days(task.period)
    codes = tuple(one["code"] for one in task.subjects)
    if task.ruleset["subject"] == "adviser":
        return Whom(advisers=codes, first=first, last=last)
    places = tuple({one["division"] for one in task.subjects})
    return Whom(points=codes, places=places, first=first, last=last)


def _evaluated(made: Plain, trees: dict[str, bytes]) -> Evaluated:
    return Evaluated(run=tolerant.convert(made, Run), digest=run_digest(made), trees=trees)
