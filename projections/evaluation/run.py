"""A run of an evaluation, from top to bottom: what is asked, what is known then, the task, facts,
scores. The arithmetic is `domain.scoring.computation`'s."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import psycopg
from msgspec import Struct, to_builtins
from msgspec.structs import replace

from domain.evaluation.determination import Run
from domain.evaluation.evaluation import (
    Determination,
    Evaluation,
    EvaluationOpened,
    evaluation_stream,
)
from domain.scoring.basis import Rules
from domain.scoring.computation import (
    Computed,
    Task,
    computed,
    facts_by_subject,
    run,
    run_digest,
)
from domain.scoring.shapes import Plain
from domain.vocabulary import Refused
from domain.worktime.period import days_of
from ledger.log import reading, tolerant
from projections.evaluation import dossier, scores
from projections.evaluation.dossier import Whom
from projections.evaluation.known import (
    Known,
    evaluation_at,
    known_at,
    known_upto,
    population,
    subjects_of,
)
from projections.evaluation.scores import Progress

DIVISION: Final = "4401"
TOGETHER: Final = 20
"""Subjects whose entries are looked up at once."""
Connection = psycopg.Connection[Any]


class RuleSetOfOthers(Refused):
    """两个评分标准的考核对象不同，不能对照试算"""


class CorrectedApart(Refused):
    """更正对象上一次决定的数据截止位置不同，请分别更正"""


# --- what is asked


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
    correcting: bool = False
    """Whether it corrects what was objected to: by the facts of the subjects' last determination,
    and what people have said since. Who has none yet is scored by the facts of now."""


def asked_of(
    opened: EvaluationOpened,
    subjects: Iterable[str],
    as_known_at: datetime | None,
    *,
    correcting: bool = False,
) -> RunAsked:
    """Ask for some subjects of an evaluation, by its own rule set and calendar."""
    return RunAsked(
        ruleset=opened.ruleset,
        period=opened.period,
        division=opened.division,
        calendar=opened.calendar,
        subjects=tuple(subjects),
        as_known_at=as_known_at,
        correcting=correcting,
    )


# --- prepare


class Prepared(Struct, frozen=True, kw_only=True):
    """A run that is ready to be computed."""

    task: Task
    rules: Rules
    as_known_at: datetime
    stream: UUID
    """Stream of the evaluation of this rule set, division and period."""
    state: Evaluation | None
    """None when the evaluation is not open."""
    passed_over: frozenset[int] = frozenset()
    """Positions of publications that cannot be read."""

    @property
    def what_if(self) -> bool:
        """By another rule set or calendar than the evaluation's: never to be published."""
        opened = self.state.opened if self.state else None
        used = self.task.ruleset
        return opened is not None and (opened.ruleset, opened.calendar) != (
            f"{used['code']}@{used['version']}",
            self.task.calendar,
        )


def prepared(connection: Connection, asked: RunAsked) -> Prepared:
    """Make the task of a run from what was known then.

    Raises: RuleSetUnknown, RuleSetOfOthers, CalendarUnknown, PointUnknown, NobodyToEvaluate.
    """
    stream = evaluation_stream(asked.ruleset, asked.division, asked.period)
    known = known_at(connection, stream, asked.as_known_at)
    ruleset = known.ruleset(asked.ruleset)
    used = known.ruleset(asked.what_if) if asked.what_if else ruleset
    if used["subject"] != ruleset["subject"]:
        raise RuleSetOfOthers(f"{asked.ruleset} {asked.what_if}")
    of, upto, state = used["subject"], known.position, known.state
    codes = asked.subjects or (state.subjects if state else ())
    if asked.correcting and state is not None:
        last = [one for code in codes if (one := state.newest_of(code))]
        if len({one.run.cut_off for one in last}) > 1:
            raise CorrectedApart
        if last:
            return _correcting(connection, known, last[0], codes)
    if not codes:
        codes = population(connection, of, asked.division, asked.period, upto)
    others = _others(state.determinations, codes) if state and used.get("quotas") else ()
    task = Task(
        ruleset=used,
        division=asked.division,
        period=asked.period,
        calendar=known.calendar(asked.calendar or (state.opened.calendar if state else None)),
        cut_off=upto,
        subjects=subjects_of(connection, of, codes, asked.period, upto),
        human=known.human_of(used, codes),
        others=others,
    )
    return _prepared(connection, known, task)


def _others(determinations: Sequence[Determination], codes: Iterable[str]) -> tuple[Any, ...]:
    """The results that stand by these determinations, of others than these subjects."""
    own = set(codes)
    standing = {one.subject: one for each in determinations for one in each.run.results}
    return tuple(to_builtins(standing[code]) for code in sorted(standing) if code not in own)


def _correcting(
    connection: Connection, now: Known, last: Determination, codes: Iterable[str]
) -> Prepared:
    """Make the task of a correction: by the facts of then, and what people have said until now."""
    then = known_upto(connection, now.stream, last.run.cut_off, now.as_known_at)
    assert now.state is not None
    number = len(now.state.determinations)
    return _again(connection, then, now, last.run, codes, number)


def prepared_again(
    connection: Connection, stream: UUID, determined: Determination, codes: Iterable[str]
) -> Prepared:
    """Make the task of a determination, for some of its subjects, from what was known then."""
    run, at = determined.run, determined.as_known_at
    known = said = known_upto(connection, stream, run.cut_off, at)
    if run.marks_at is not None:
        said = known_upto(connection, stream, run.marks_at, at)
    return _again(connection, known, said, run, codes, determined.number)


def _again(
    connection: Connection,
    known: Known,
    said: Known,
    then: Run,
    codes: Iterable[str],
    number: int,
) -> Prepared:
    """Make the task of a run by facts known then, and by what people had said by `said`; others
    stand as the first `number` determinations have them."""
    wanted = tuple(codes)
    ruleset = known.ruleset(then.ruleset)
    others: tuple[Any, ...] = ()
    if ruleset.get("quotas"):
        whole = evaluation_at(connection, known.stream, reading.head(connection))
        assert whole is not None
        others = _others(whole.determinations[:number], wanted)
    task = Task(
        ruleset=ruleset,
        division=then.division,
        period=then.period,
        calendar=then.calendar,
        cut_off=then.cut_off,
        subjects=subjects_of(connection, then.subject_kind, wanted, then.period, then.cut_off),
        human=said.human_of(ruleset, wanted),
        marks_at=None if said is known else said.position,
        others=others,
    )
    ready = _prepared(connection, known, task)
    return replace(ready, as_known_at=said.as_known_at, state=said.state)


def _prepared(connection: Connection, known: Known, task: Task) -> Prepared:
    once = task.ruleset.get("linked_matters") == "once"
    linked = dossier.linked(connection, task.cut_off) if once else ()
    return Prepared(
        task=task,
        rules=known.rules(task, linked),
        as_known_at=known.as_known_at,
        stream=known.stream,
        state=known.state,
        passed_over=known.passed_over,
    )


# --- facts and scores


class Evaluated(Struct, frozen=True, kw_only=True):
    """`trees`: canonical JSON, by subject. `passed_over`: positions of events that cannot be read,
    which are in no score."""

    run: Run
    digest: str
    trees: dict[str, bytes]
    passed_over: tuple[int, ...] = ()


def evaluated(
    url: str, ready: Prepared, workers: int = 2, progress: Progress | None = None
) -> Evaluated:
    """Score the subjects over the whole log, by several processes."""
    ran = scores.of_all(url, ready.task, ready.rules, workers, progress)
    return _evaluated(ran.run, ran.trees, ran.passed_over)


def evaluated_few(connection: Connection, task: Task, by: Rules) -> Evaluated:
    """Score the subjects from the entries alone that concern them; the views must have reached the
    cut-off."""
    done: list[Computed] = []
    readable = dossier.Readable()
    for number in range(0, len(task.subjects), TOGETHER):
        some = task._replace(subjects=task.subjects[number : number + TOGETHER])
        entries = dossier.concerning(connection, whom(some), some.cut_off, readable)
        own = facts_by_subject(entries, by, some)
        done += [computed(some, one, own[one["code"]]) for one in some.subjects]
    trees = {one.result["subject"]: one.tree for one in done}
    return _evaluated(run(task, done), trees, readable.passed_over)


def whom(task: Task) -> Whom:
    first, last = days_of(task.period)
    codes = tuple(one["code"] for one in task.subjects)
    if task.ruleset["subject"] == "adviser":
        return Whom(advisers=codes, first=first, last=last)
    places = tuple({one["division"] for one in task.subjects})
    return Whom(points=codes, places=places, first=first, last=last)


def _evaluated(made: Plain, trees: dict[str, bytes], passed_over: Iterable[int]) -> Evaluated:
    return Evaluated(
        run=tolerant.convert(made, Run),
        digest=run_digest(made),
        trees=trees,
        passed_over=tuple(sorted(passed_over)),
    )
