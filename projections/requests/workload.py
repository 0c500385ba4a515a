"""Workload: services, minutes on site and off, off-peak, late entries.

It is grouped by point, adviser, firm, team, division, service, channel or month.
"""

from typing import ClassVar, Final

from msgspec import Struct
from msgspec.structs import replace

from projections.asking.asking import PeriodAsked, Query, keyed, standing_in

NAME: Final = "workload"
VERSION: Final = 1
STANDS_ON: Final = "journal"


class WorkloadRow(Struct, frozen=True, kw_only=True):
    """A service counts once, for whom it stands with: a linked duplicate counts under `duplicates`
    only. Minutes count for who gave them, also those given to a duplicate."""

    KEY: ClassVar = ("key",)
    OF_REQUESTS: ClassVar = True

    key: str | None
    services: int
    duplicates: int
    closed: int
    late_entries: int
    """Steps that were entered late, the first among them."""
    reclassified: int
    reopened: int
    minutes: int
    minutes_onsite: int
    minutes_offsite: int
    minutes_off_peak: int


_COUNTS: Final = """
    count(*) FILTER (WHERE duplicates = 0) AS services,
    count(*) FILTER (WHERE duplicates > 0) AS duplicates,
    count(*) FILTER (WHERE duplicates = 0 AND status = 'closed') AS closed,
    coalesce(sum(late_steps) FILTER (WHERE duplicates = 0), 0) AS late_entries,
    coalesce(sum(reclassified) FILTER (WHERE duplicates = 0), 0) AS reclassified,
    coalesce(sum(round - 1) FILTER (WHERE duplicates = 0), 0) AS reopened
"""
_WHOSE: Final = {"adviser": "by_adviser", "firm": "by_firm", "team": "by_team"}


def report(asked: PeriodAsked) -> Query[WorkloadRow]:
    whose = _WHOSE.get(asked.by)
    sql = _of_requests(asked) if whose is None else _of_people(asked, whose)
    return Query(sql, asked.parameters(), WorkloadRow)


def _of_requests(asked: PeriodAsked) -> str:
    """Services and minutes have the same key: the request's."""
    return f"""
        SELECT {keyed(asked.by)} AS key, {_COUNTS},
               sum(minutes_onsite + minutes_offsite) AS minutes,
               sum(minutes_onsite) AS minutes_onsite, sum(minutes_offsite) AS minutes_offsite,
               sum(minutes_off_peak) AS minutes_off_peak
          FROM views.journal WHERE {standing_in(asked)} AND status <> 'voided'
         GROUP BY 1 ORDER BY 1
    """  # noqa: S608


def _of_people(asked: PeriodAsked, whose: str) -> str:
    """Services by whom the request stands with, minutes by who gave them; nobody is a key too."""
    return f"""
        WITH counted AS (
            SELECT {keyed(asked.by)} AS key, {_COUNTS}
              FROM views.journal WHERE {standing_in(asked)} AND status <> 'voided'
             GROUP BY 1),
        given AS (
            SELECT {whose} AS key, sum(minutes) AS minutes,
                   sum(minutes) FILTER (WHERE onsite) AS onsite,
                   sum(minutes) FILTER (WHERE NOT onsite) AS offsite,
                   sum(minutes) FILTER (WHERE off_peak IS NOT NULL) AS off_peak
              FROM views.journal WHERE {_given_in(asked)}
             GROUP BY 1)
        SELECT coalesce(counted.key, given.key) AS key, coalesce(services, 0) AS services,
               coalesce(duplicates, 0) AS duplicates, coalesce(closed, 0) AS closed,
               coalesce(late_entries, 0) AS late_entries,
               coalesce(reclassified, 0) AS reclassified, coalesce(reopened, 0) AS reopened,
               coalesce(minutes, 0) AS minutes, coalesce(onsite, 0) AS minutes_onsite,
               coalesce(offsite, 0) AS minutes_offsite, coalesce(off_peak, 0) AS minutes_off_peak
          FROM counted FULL JOIN given
            ON coalesce(counted.key, '') = coalesce(given.key, '')
         ORDER BY 1
    """  # noqa: S608


def _given_in(asked: PeriodAsked) -> str:
    """The services given to requests that count. A request keeps its day, division and point; its
    service may have changed since, and the adviser asked for is the one who gave."""
    of_request = replace(asked, adviser=None, service=None)
    conditions = [
        standing_in(of_request, all_events=True),
        "minutes IS NOT NULL",
        """request NOT IN (
            SELECT v.request FROM views.journal v
             WHERE v.kind = 'request.voided' AND v.position <= %(position)s
               AND v.request IS NOT NULL)""",
    ]
    if asked.adviser is not None:
        conditions.append("by_adviser = %(adviser)s")
    if asked.service is not None:
        now = standing_in(replace(of_request, service=asked.service))
        conditions.append(f"request IN (SELECT request FROM views.journal WHERE {now})")  # noqa: S608
    return " AND ".join(conditions)
