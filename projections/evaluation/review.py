"""An evaluation looked at again: why a score is what it is, and what differs between two
determinations, or between one and what is known at another time."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any, ClassVar, Final, Literal
from uuid import UUID

import msgspec
from msgspec import Struct
from psycopg.rows import dict_row

from domain.codes import Code
from domain.evaluation import evaluation
from domain.evaluation.determination import EarlierResult, Run, SubjectKind, SubjectResult
from domain.evaluation.evaluation import (
    Determination,
    Evaluation,
    EvaluationOpened,
    EvaluationUnknown,
    SubjectUnknown,
)
from domain.scoring.scoring import compare
from domain.scoring.shapes import Plain
from domain.vocabulary import Refused, stream_id
from domain.worktime.period import before
from ledger.log import reading
from projections.evaluation.known import evaluation_at
from projections.evaluation.run import (
    TOGETHER,
    Connection,
    Evaluated,
    Prepared,
    asked_of,
    evaluated_few,
    prepared,
    prepared_again,
)
from projections.history.events import EventNamed

EVENTS: Final = """
    SELECT notification_id AS position, topic, originator_id AS stream, occurred_at, recorded_at
      FROM log_events WHERE notification_id = ANY(%s) ORDER BY notification_id
"""
OPENED: Final = """
    SELECT originator_id FROM log_events WHERE topic = %s AND notification_id <= %s
     ORDER BY notification_id
"""
When = int | datetime
"""A determination by its number, or what is known at an instant."""


class DeterminationUnknown(Refused):
    """没有这次决定"""


class Explained(Struct, frozen=True, kw_only=True):
    """A score tree computed anew from the entries."""

    evaluation: UUID
    subject: str
    determination: int | None
    cut_off: int
    as_known_at: datetime
    digest: str
    """Digest of this tree."""
    determined: str | None
    """Digest of the published tree, which must be the same; None for a trial."""
    agrees: bool | None
    tree: dict[str, Any]


class ScoreDifference(Struct, frozen=True, kw_only=True):
    """`leaves`: those that differ, with the facts that did it (`scoring.compare`)."""

    KEY: ClassVar = ("subject",)

    subject: str
    scores: tuple[str, str]
    grades: tuple[str | None, str | None]
    leaves: list[dict[str, Any]]


class Compared(Struct, frozen=True, kw_only=True):
    """`events`: those that did it. `missing`: subjects that are in one of the two only."""

    evaluation: UUID
    cut_offs: tuple[int, int]
    subjects: int
    missing: list[str]
    differences: list[ScoreDifference]
    events: list[EventNamed]


def named(name: str) -> UUID:
    """Return the stream of an evaluation named by its id, or by `RULESET:DIVISION:PERIOD`.

    Raises: EvaluationUnknown — no such evaluation.
    """
    try:
        return UUID(name)
    except ValueError:
        if len(name.split(":")) != len(("ruleset", "division", "period")):
            raise EvaluationUnknown(name) from None
        return stream_id(evaluation.KIND, name)


def evaluation_of(connection: Connection, stream: UUID, upto: int | None = None) -> Evaluation:
    """Fold an evaluation.

    Raises: EvaluationUnknown — no such evaluation.
    """
    state = evaluation_at(connection, stream, reading.head(connection) if upto is None else upto)
    if state is None:
        raise EvaluationUnknown
    return state


def earlier_results(
    connection: Connection, state: Evaluation, periods: int
) -> tuple[EarlierResult, ...]:
    """The results that stand of its subjects, in so many periods before it, the last one first, by
    the same rule set in the same division; periods without a published evaluation are left out."""
    opened, upto = state.opened, reading.head(connection)
    found: list[EarlierResult] = []
    period = opened.period
    for _ in range(periods):
        period = before(period)
        stream = evaluation.evaluation_stream(opened.ruleset, opened.division, period)
        one = evaluation_at(connection, stream, upto)
        if one is None or one.cancelled:
            continue
        found += [
            EarlierResult(
                period=period,
                subject=code,
                score=result.score,
                grade=result.grade,
                vetoed=result.vetoed,
                digest=last.digest,
            )
            for code, result in sorted(one.standing.items())
            if code in state.subjects and (last := one.newest_of(code))
        ]
    return tuple(found)


# --- one subject


def explained(
    connection: Connection, stream: UUID, subject: Code, when: When | None = None
) -> Explained:
    """Explain a score by the newest determination of the subject, or by another basis.

    That may be a given determination, or an instant at which it was known. An evaluation that is
    not published yet is explained as known now. The views must be up to date.

    Raises: EvaluationUnknown, DeterminationUnknown, SubjectUnknown.
    """
    state = evaluation_of(connection, stream)
    newest = state.newest_of(subject)
    if isinstance(when, datetime) or (when is None and newest is None):
        if subject not in state.subjects:
            raise SubjectUnknown(subject)
        side = _trial(connection, state, (subject,), when)
        determined = number = None
    else:
        against = newest if when is None else determination(state, when)
        assert against is not None
        results = {one.subject: one for one in against.run.results}
        if subject not in results:
            raise SubjectUnknown(subject)
        side = _again(connection, stream, against, (subject,))
        determined, number = results[subject].tree, against.number
    (result,) = side.run.results
    return Explained(
        evaluation=stream,
        subject=subject,
        determination=number,
        cut_off=side.run.cut_off,
        as_known_at=side.as_known_at,
        digest=result.tree,
        determined=determined,
        agrees=None if determined is None else determined == result.tree,
        tree=msgspec.json.decode(side.trees[subject]),
    )


def determination(state: Evaluation, number: int) -> Determination:
    """DeterminationUnknown."""
    if not 1 <= number <= len(state.determinations):
        raise DeterminationUnknown(str(number))
    return state.determinations[number - 1]


class _Side(Struct, frozen=True, kw_only=True):
    run: Run
    as_known_at: datetime
    trees: dict[str, bytes]


Evaluate = Callable[[Prepared], Evaluated]


def _trial(
    connection: Connection,
    state: Evaluation,
    subjects: Sequence[str],
    at: When | None,
    evaluate: Evaluate | None = None,
) -> _Side:
    assert not isinstance(at, int)
    asked = asked_of(state.opened, subjects, at)
    found = prepared(connection, asked)
    done = evaluate(found) if evaluate else evaluated_few(connection, found.task, found.rules)
    return _Side(run=done.run, as_known_at=found.as_known_at, trees=done.trees)


def _again(
    connection: Connection, stream: UUID, one: Determination, subjects: Iterable[str]
) -> _Side:
    """Compute a determination again, from the entries of then."""
    ready = prepared_again(connection, stream, one, subjects)
    done = evaluated_few(connection, ready.task, ready.rules)
    return _Side(run=done.run, as_known_at=one.as_known_at, trees=done.trees)


# --- two beside each other


class NothingInCommon(Refused):
    """两次决定没有共同的考核对象，无从对照；请各与前一次含有该对象的决定对照"""


def compared(
    connection: Connection,
    stream: UUID,
    one: When,
    other: When,
    evaluate: Evaluate | None = None,
) -> Compared:
    """Compare two determinations leaf by leaf, for the subjects in both.

    The views must be up to date.
    `evaluate` is the number of subjects computed at once.

    Raises: EvaluationUnknown, DeterminationUnknown. NothingInCommon — when no subject is in both.
    """
    state = evaluation_of(connection, stream)
    sides = [_results(connection, state, when, evaluate) for when in (one, other)]
    before, after = ({result.subject: result for result in side.run.results} for side in sides)
    if not before.keys() & after.keys():
        raise NothingInCommon(f"{', '.join(before)} / {', '.join(after)}")
    changed = [code for code in sorted(before.keys() & after) if before[code] != after[code]]
    differences: list[ScoreDifference] = []
    for number in range(0, len(changed), TOGETHER):
        some = changed[number : number + TOGETHER]
        trees = [_trees(connection, state, stream, when, side, some)
                 for when, side in zip((one, other), sides, strict=True)]  # fmt: skip
        differences += [
            _difference(before[code], after[code], leaves)
            for code in some
            if (leaves := compare(*(msgspec.json.decode(each[code]) for each in trees)))
        ]
    return Compared(
        evaluation=stream,
        cut_offs=(sides[0].run.cut_off, sides[1].run.cut_off),
        subjects=len(before.keys() & after),
        missing=sorted(before.keys() ^ after),
        differences=differences,
        events=_events(connection, differences),
    )


def _results(
    connection: Connection, state: Evaluation, when: When, evaluate: Evaluate | None
) -> _Side:
    """Return the published results of a determination, without trees."""
    if isinstance(when, datetime):
        return _trial(connection, state, state.subjects, when, evaluate)
    one = determination(state, when)
    return _Side(run=one.run, as_known_at=one.as_known_at, trees={})


def _trees(
    connection: Connection,
    state: Evaluation,
    stream: UUID,
    when: When,
    side: _Side,
    codes: Sequence[str],
) -> dict[str, bytes]:
    if isinstance(when, datetime):
        return side.trees
    return _again(connection, stream, determination(state, when), codes).trees


def _difference(
    before: SubjectResult, after: SubjectResult, leaves: list[Plain]
) -> ScoreDifference:
    return ScoreDifference(
        subject=before.subject,
        scores=(before.score, after.score),
        grades=(before.grade, after.grade),
        leaves=leaves,
    )


def _events(connection: Connection, differences: Iterable[ScoreDifference]) -> list[EventNamed]:
    positions = {
        position
        for one in differences
        for leaf in one.leaves
        for fact in leaf["facts"]
        for position in fact["events"]
    }
    with connection.cursor(row_factory=dict_row) as cursor:
        rows = cursor.execute(EVENTS, [sorted(positions)]).fetchall()
    return msgspec.convert(rows, list[EventNamed])


# --- all of them


class EvaluationLine(Struct, frozen=True, kw_only=True):
    KEY: ClassVar = ("id",)
    id: UUID
    key: str
    """`RULESET:DIVISION:PERIOD`."""
    ruleset: str
    division: str
    period: str
    subject_kind: SubjectKind
    subjects: int
    stage: Literal["open", "published", "closed", "cancelled"]
    determinations: int
    objections: int
    """Those that are not decided yet, or not carried out."""

    def streams(self) -> list[UUID]:
        return [self.id]


def evaluations(
    connection: Connection, as_known_at: datetime | None = None
) -> list[EvaluationLine]:
    """Every one that was opened, oldest first."""
    upto = reading.position_at(connection, as_known_at)
    found = connection.execute(OPENED, [EvaluationOpened.topic, upto]).fetchall()
    streams = list(dict.fromkeys(row[0] for row in found))
    return [line_of(one, evaluation_of(connection, one, upto)) for one in streams]


def line_of(stream: UUID, state: Evaluation) -> EvaluationLine:
    opened = state.opened
    return EvaluationLine(
        id=stream,
        key=evaluation.evaluation_name(opened.ruleset, opened.division, opened.period),
        ruleset=opened.ruleset,
        division=opened.division,
        period=opened.period,
        subject_kind=opened.subject_kind,
        subjects=len(state.subjects),
        stage=_stage(state),
        determinations=len(state.determinations),
        objections=sum(one.waiting for one in state.objections),
    )


def _stage(state: Evaluation) -> Literal["open", "published", "closed", "cancelled"]:
    if state.cancelled:
        return "cancelled"
    if state.closed is not None:
        return "closed"
    return "published" if state.published else "open"
