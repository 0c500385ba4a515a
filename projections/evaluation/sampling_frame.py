"""Populations of samples: the ids of a frame, the same whenever they are read."""

from collections.abc import Sequence
from typing import Any, Final

import psycopg
from psycopg.rows import tuple_row

from domain.oversight.sample import Frame, PopulationKind
from domain.registers.appointment import china_day
from domain.registers.policy import duty_rules
from domain.worktime.period import days_of
from ledger.log import reading
from projections.advising import doubts, worklogs
from projections.asking import rules
from projections.asking.asking import fetch
from projections.complaints import complaints
from projections.oversight import inspections
from projections.requests import journal

VIEWS: Final = (journal.NAME, complaints.NAME, worklogs.NAME, inspections.NAME)
"""What it is read from."""
STANDS: Final = "position <= %(upto)s AND superseded_at > %(upto)s"
WHEN: Final = "(%(first)s::date IS NULL OR day BETWEEN %(first)s AND %(last)s)"
IDS: Final[dict[PopulationKind, str]] = {
    "worklog": f"""
        SELECT stream::text FROM views.worklogs
         WHERE {STANDS} AND {WHEN} AND starts_with(village, %(division)s)
           AND standing IN ('logged', 'verified')
    """,  # noqa: S608
    "request": f"""
        SELECT request::text FROM views.journal
         WHERE {STANDS} AND {WHEN} AND starts_with(division, %(division)s)
           AND request IS NOT NULL AND status <> 'voided'
    """,  # noqa: S608
    "rating": f"""
        SELECT request::text FROM views.journal
         WHERE {STANDS} AND {WHEN} AND starts_with(division, %(division)s)
           AND grade_default IS NOT NULL AND grade_explicit IS NULL AND grade_callback IS NULL
           AND status <> 'voided'
    """,  # noqa: S608
    "mediation": f"""
        SELECT DISTINCT request::text FROM views.journal
         WHERE kind = 'request.mediation_opened' AND position <= %(upto)s AND {WHEN}
           AND starts_with(division, %(division)s)
    """,  # noqa: S608
    "complaint": f"""
        SELECT stream::text FROM views.complaints
         WHERE {STANDS} AND {WHEN} AND starts_with(division, %(division)s)
           AND registered AND NOT voided
    """,  # noqa: S608
    "inspection": f"""
        SELECT stream::text FROM views.inspections
         WHERE {STANDS} AND {WHEN} AND starts_with(division, %(division)s) AND NOT voided
    """,  # noqa: S608
}


def ids(connection: psycopg.Connection[Any], frame: Frame) -> tuple[str, ...]:
    """Return the ids of a frame of things, as known at its cut-off; the views must have reached it.

    Raises: KeyError — for a frame of advisers or points.
    """
    days = days_of(frame.period) if frame.period else None
    parameters = {
        "upto": frame.cut_off,
        "division": frame.division,
        "first": days.first if days else None,
        "last": days.last if days else None,
    }
    return _ids(connection, IDS[frame.of], parameters)


DOUBTED: Final[dict[PopulationKind, str]] = {
    "worklog": f"""
        WITH {doubts.DOUBTFUL}
        SELECT d.stream::text FROM doubtful d WHERE d.stream::text = ANY(%(ids)s)
    """,  # noqa: S608
    "request": f"""
        WITH {doubts.DOUBTFUL_REQUESTS}
        SELECT r.request::text FROM doubtful_request r WHERE r.request::text = ANY(%(ids)s)
    """,  # noqa: S608
}


def doubted(
    connection: psycopg.Connection[Any], frame: Frame, population: Sequence[str]
) -> tuple[str, ...]:
    """Return those of the population whose doubts nobody had decided at the cut-off: entries of the
    work log, or requests with minutes beyond a day."""
    if frame.of not in DOUBTED:
        return ()
    ever = {"from": None, "until": None}
    return _ids(
        connection, DOUBTED[frame.of], {"position": frame.cut_off, "ids": list(population), **ever}
    )


def weight_of_doubted(connection: psycopg.Connection[Any], frame: Frame) -> int:
    """Return the weight by the duty rules of the place and of the period's first day, or of the
    day of the cut-off, as known at it."""
    known = rules.known(fetch(connection, rules.published(frame.cut_off)))
    day = days_of(frame.period).first if frame.period else china_day(reading.now(connection))
    return duty_rules(known.policies, frame.division, day).doubted_sample_weight


def _ids(
    connection: psycopg.Connection[Any], query: str, parameters: dict[str, Any]
) -> tuple[str, ...]:
    with connection.cursor(row_factory=tuple_row) as cursor:
        rows = cursor.execute(query.encode(), parameters).fetchall()
    return tuple(sorted(row[0] for row in rows))
