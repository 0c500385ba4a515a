"""Commands built from runs: published figures are computed and never typed in."""

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import psycopg

from domain.aggregates import CodeNotAccepted
from domain.codes import CODE
from domain.evaluation.evaluation import PeriodClosed
from domain.evaluation.evaluation_commands import (
    ClosePeriod,
    CorrectDetermination,
    OpenEvaluation,
    PublishEvaluation,
    opening,
)
from domain.evaluation.ruleset_content import RuleSet
from domain.vocabulary import Refused
from ledger.log import tolerant
from ledger.log.codec import Recorded
from ledger.seal import sealed
from ledger.seal.proofs import NotSealed, checkpoint_covering
from ledger.seal.sealed import StoredCheckpoint
from projections.evaluation.review import earlier_results, evaluation_of
from projections.evaluation.run import Evaluated, Prepared

NEWEST: Final = """
    SELECT notification_id FROM log_events WHERE originator_id = %s AND topic <> %s
     ORDER BY originator_version DESC LIMIT 1
"""


class LogNotSealed(Refused):
    """日志尚未封存，请先运行 anjuan seal --now"""


def publication(
    connection: psycopg.Connection[Any], done: Evaluated, as_known_at: datetime, digest: str
) -> PublishEvaluation:
    """Build the publication of a run; `digest` is that of the run the publisher saw."""
    return PublishEvaluation(
        run=done.run,
        digest=digest,
        as_known_at=as_known_at,
        checkpoint=checkpoint_over(connection, done.run.cut_off),
    )


def correction(
    connection: psycopg.Connection[Any],
    done: Evaluated,
    as_known_at: datetime,
    digest: str,
    reason: str,
    *,
    later_facts: bool,
) -> CorrectDetermination:
    """Build a correction, as `publication` does."""
    return CorrectDetermination(
        run=done.run,
        digest=digest,
        as_known_at=as_known_at,
        checkpoint=checkpoint_over(connection, done.run.marks_at or done.run.cut_off),
        reason=reason,
        later_facts=later_facts,
    )


def closing(connection: psycopg.Connection[Any], stream: UUID) -> ClosePeriod:
    """At the newest checkpoint. LogNotSealed: there is none, or it does not cover what was
    determined and objected to, so that at its position other results would stand."""
    last, newest = sealed.last(connection), newest_of(connection, stream)
    if last is None or last.size < newest:
        raise LogNotSealed
    root = last.checkpoint.root.hex()
    state = evaluation_of(connection, stream)
    running = max((one.running for one in state.opened.terms.thresholds), default=1)
    return ClosePeriod(
        position=last.size,
        root=root,
        checkpoint=last.text,
        earlier=earlier_results(connection, state, running - 1),
    )


def newest_of(connection: psycopg.Connection[Any], stream: UUID) -> int:
    """Position of the last event of an evaluation before its closing; 0 where there is none."""
    with connection.cursor(row_factory=psycopg.rows.tuple_row) as cursor:
        row = cursor.execute(NEWEST, [stream, PeriodClosed.topic]).fetchone()
    return int(row[0]) if row else 0


def checkpoint_over(connection: psycopg.Connection[Any], position: int) -> str | None:
    """The newest one, if it covers the position."""
    last = sealed.last(connection)
    return last.text if last is not None and last.size >= position else None


def first_over(connection: psycopg.Connection[Any], position: int) -> StoredCheckpoint:
    """The first checkpoint that covers a position. LogNotSealed: none does."""
    try:
        return checkpoint_covering(connection, position)
    except NotSealed as error:
        raise LogNotSealed from error


def given_before(events: Iterable[Recorded], command_id: Any) -> Recorded | None:
    """The event that a command led to, where it was given before."""
    return next((one for one in events if one.command_id == command_id), None)


def opening_of(asked: Prepared) -> OpenEvaluation:
    """Build the opening by the published rule set.

    Raises: RuleSetTooNew — when it is not in force for the period. RulesDetermineNothing — when it
    has no procedure. CodeNotAccepted — when a subject's code is one that only old logs hold.
    """
    task = asked.task
    codes = [one["code"] for one in task.subjects]
    odd = [ascii(code) for code in codes if not re.fullmatch(CODE, code)]
    if odd:
        raise CodeNotAccepted(", ".join(odd))
    used = tolerant.convert(task.ruleset, RuleSet)
    return opening(used, task.division, task.period, task.calendar, codes)
