"""Workload: all services, minutes on site and off, off-peak, late entries.

Work is told by requests and by the work log, and told once:

- A request is one service, whatever was done for it; of linked requests the first that is not void
  (`projections.asking.groups`).
- An entry of the work log is one service, unless it names a request that stands: then it is that
  request's. Minutes are always the entry's own.
- Minutes given to a request count for who gave them, unless an entry of the same adviser names the
  request: then his work log is the record of his minutes for it (`minutes`).

It is grouped by one or two of point, adviser, firm, team, division, service, channel, window,
officer, kind of point or month. Months are those in which a service was requested or a visit began.
"""

from collections.abc import Mapping
from typing import ClassVar, Final

from msgspec import Struct
from msgspec.structs import replace

from projections.asking.asking import (
    NARROWED_BY,
    By,
    PeriodAsked,
    Query,
    crossed,
    keyed,
    standing_in,
)
from projections.asking.groups import REQUESTS, repeats_at
from projections.asking.minutes import minutes
from projections.requests import journal

NAME: Final = "workload"
VERSION: Final = 3
STANDS_ON: Final = journal.NAME
VIEWS: Final = (journal.NAME, "worklogs", "directory")
"""What it is read from."""


class WorkloadRow(Struct, frozen=True, kw_only=True):
    """A service counts once, for whom it stands with; one of a request linked to another that
    counts is among the `duplicates` only. A visit made together is a service of each adviser who
    took part, and one service in any other grouping. Minutes count for who gave them, also those
    given to a duplicate."""

    KEY: ClassVar = ("key", "crossed")
    OF_REQUESTS: ClassVar = True

    key: str | None
    crossed: str | None = None
    """By the second grouping."""
    services: int
    visits: int = 0
    """Those of the `services` that the work log alone tells."""
    duplicates: int
    closed: int
    late_entries: int
    """Steps that were entered late, the first among them: a service may have several."""
    late_services: int
    """Of the `services`, those of which a step was entered late."""
    reclassified: int
    reopened: int
    minutes: int
    minutes_onsite: int
    minutes_offsite: int
    minutes_off_peak: int
    minutes_doubtful: int = 0
    """Of what was taken with a doubt that nobody has cleared."""


_WHOSE: Final = {"adviser": "by_adviser", "firm": "by_firm", "team": "by_team"}
"""Whose the minutes of a request are."""
_OF_VISIT: Final = {
    "point": "point",
    "adviser": "adviser",
    "firm": "firm",
    "team": "team",
    "service": "service",
    "division": "division",
    "channel": "'visit'",
    "window": "NULL::text",
    "officer": "recorder",
    "device": "NULL::text",
    "point_kind": "point_kind",
}
_PLACED: Final = """
    place AS (
        SELECT d.code, one ->> 'division' AS division, (one ->> 'since')::date AS since,
               (one ->> 'until')::date AS until
          FROM views.directory d, jsonb_array_elements(d.judged) AS j(one)
         WHERE d.kind = 'room' AND d.position <= %(position)s AND d.superseded_at > %(position)s),
    visit AS (
        SELECT e.*, coalesce(p.code, e.division) AS point,
               CASE WHEN p.code IS NULL THEN 'village' ELSE 'room' END AS point_kind
          FROM entry e LEFT JOIN (
            SELECT e.stream, min(p.code) AS code FROM entry e
              JOIN place p ON p.division = e.division AND e.day >= p.since AND e.day < p.until
             GROUP BY 1) p ON p.stream = e.stream)
"""
"""The point of a visit is the first room of its village, or else the village."""


def report(asked: PeriodAsked) -> Query[WorkloadRow]:
    whoever = replace(asked, adviser=None)
    by = (asked.by, asked.crossed_by)
    of_request = ", ".join((f"{keyed(asked.by)} AS key", f"{crossed(asked)} AS crossed"))
    sql = f"""
        WITH RECURSIVE {repeats_at(REQUESTS)},
        {minutes(_of_days(asked, "d.day"), _of_days(asked, "w.day"))}, {_PLACED},
        standing AS (
            SELECT * FROM views.journal WHERE {standing_in(whoever)} AND status <> 'voided'),
        told AS (
            SELECT {of_request}, (NOT again)::int AS services, 0 AS visits,
                   again::int AS duplicates, (NOT again AND status = 'closed')::int AS closed,
                   CASE WHEN again THEN 0 ELSE late_steps END AS late_entries,
                   (NOT again AND late_steps > 0)::int AS late_services,
                   CASE WHEN again THEN 0 ELSE reclassified END AS reclassified,
                   CASE WHEN again THEN 0 ELSE round - 1 END AS reopened,
                   0 AS minutes, false AS onsite, false AS off_peak, false AS doubtful
              FROM standing, LATERAL (
                SELECT EXISTS (SELECT FROM repeated r WHERE r.id = request) AS again) once
             WHERE {_of_adviser(asked, "adviser")}
            UNION ALL
            SELECT {_keys(by, _WHOSE)}, 0, 0, 0, 0, 0, 0, 0, 0,
                   given.minutes, given.onsite, given.off_peak, doubts IS NOT NULL
              FROM given JOIN (SELECT {_REQUEST_ONLY} FROM standing) s USING (request)
             WHERE {_of_adviser(asked, "by_adviser")}
            UNION ALL
            SELECT {_keys(by, _OF_VISIT)}, piece, piece, 0, 0,
                   CASE WHEN piece > 0 THEN late_steps ELSE 0 END,
                   CASE WHEN late_steps > 0 THEN piece ELSE 0 END, 0, 0,
                   minutes, onsite, off_peak, doubtful
              FROM visit, LATERAL (SELECT {_piece(by)} AS piece) p WHERE {_visited_in(asked)})
        SELECT key, crossed, sum(services) AS services, sum(visits) AS visits,
               sum(duplicates) AS duplicates, sum(closed) AS closed,
               sum(late_entries) AS late_entries, sum(late_services) AS late_services,
               sum(reclassified) AS reclassified,
               sum(reopened) AS reopened, sum(minutes) AS minutes,
               coalesce(sum(minutes) FILTER (WHERE onsite), 0) AS minutes_onsite,
               coalesce(sum(minutes) FILTER (WHERE NOT onsite), 0) AS minutes_offsite,
               coalesce(sum(minutes) FILTER (WHERE off_peak), 0) AS minutes_off_peak,
               coalesce(sum(minutes) FILTER (WHERE doubtful), 0) AS minutes_doubtful
          FROM told GROUP BY 1, 2 ORDER BY 1, 2
    """  # noqa: S608
    return Query(sql, asked.parameters(), WorkloadRow)


_REQUEST_ONLY: Final = (
    "request, day, point, division, service, channel, at_window, officer, responsible, device,"
    " doubts"
)


def _keys(by: tuple[By | None, ...], expressions: Mapping[str, str]) -> str:
    return ", ".join("NULL" if one is None else expressions.get(one) or keyed(one) for one in by)


def _piece(by: tuple[By | None, ...]) -> str:
    """Return the SQL of the services that a visitor's part of an entry counts for."""
    whole = "NOT of_request" if set(by) & set(_WHOSE) else "NOT of_request AND first"
    return f"({whole})::int"


def _of_adviser(asked: PeriodAsked, column: str) -> str:
    return "true" if asked.adviser is None else f"{column} = %(adviser)s"


def _of_days(asked: PeriodAsked, day: str) -> str:
    conditions = ["true"]
    if asked.from_ is not None:
        conditions.append(f"{day} >= %(from)s")
    if asked.to is not None:
        conditions.append(f"{day} < %(to)s")
    return " AND ".join(conditions)


def _visited_in(asked: PeriodAsked) -> str:
    """Return the SQL condition for visits by the filters."""
    conditions = ["true"]
    if asked.division is not None:
        conditions.append("starts_with(division, %(division)s)")
    conditions += [
        f"{_OF_VISIT[name]} = %({name})s"
        for name in NARROWED_BY
        if getattr(asked, name) is not None
    ]
    return " AND ".join(conditions)
