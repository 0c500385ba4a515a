"""From runs to determinations: the commands that only the program can make, since what is published
is computed and never typed in."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import psycopg

from api.evaluating import Evaluated
from domain.evaluation import ClosePeriod, CorrectDetermination, PublishEvaluation
from domain.vocabulary import Refused
from ledger import sealed
from ledger.codec import Recorded
from ledger.sealed import Stored

CHECKPOINTS = "SELECT number, size, note FROM seal_checkpoints WHERE size >= %s ORDER BY number"


class LogNotSealed(Refused):
    """日志尚未封存，请先运行 anjuan seal --now"""


def publication(
    connection: psycopg.Connection[Any], done: Evaluated, as_known_at: datetime, digest: str
) -> PublishEvaluation:
    """`digest`: of the run that the publisher saw."""
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
) -> CorrectDetermination:
    """As `publication`."""
    return CorrectDetermination(
        run=done.run,
        digest=digest,
        as_known_at=as_known_at,
        checkpoint=checkpoint_over(connection, done.run.cut_off),
        reason=reason,
    )


def closing(connection: psycopg.Connection[Any]) -> ClosePeriod:
    """At the newest checkpoint. LogNotSealed: there is none."""
    last = sealed.last(connection)
    if last is None:
        raise LogNotSealed
    root = last.checkpoint.root.hex()
    return ClosePeriod(position=last.size, root=root, checkpoint=last.text)


def checkpoint_over(connection: psycopg.Connection[Any], position: int) -> str | None:
    """The newest one, if it covers the position."""
    last = sealed.last(connection)
    return last.text if last is not None and last.size >= position else None


def first_over(connection: psycopg.Connection[Any], position: int) -> Stored:
    """The first checkpoint that covers a position. LogNotSealed: none does."""
    with connection.cursor(row_factory=psycopg.rows.tuple_row) as cursor:
        row = cursor.execute(f"{CHECKPOINTS} LIMIT 1", [position]).fetchone()
    if row is None:
        raise LogNotSealed
    return Stored(*row)


def given_before(events: Iterable[Recorded], command_id: Any) -> Recorded | None:
    """The event that a command led to, where it was given before."""
    return next((one for one in events if one.command_id == command_id), None)
