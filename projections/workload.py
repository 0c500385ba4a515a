"""How much work was done: services, minutes on site and off, off-peak, late entries; per point,
adviser, firm, team, division, service, channel or month."""

from typing import Final

from msgspec import Struct

from projections.asking import Asked, Query, keyed, standing_in

NAME: Final = "workload"
VERSION: Final = 1
STANDS_ON: Final = "journal"


class Row(Struct, frozen=True, kw_only=True):
    """A service counts once, for whom it stands with, and a linked duplicate does not count again;
    minutes count for who gave them."""

    key: str | None
    services: int
    duplicates: int
    closed: int
    late_entries: int
    reclassified: int
    reopened: int
    minutes: int
    minutes_onsite: int
    minutes_offsite: int
    minutes_off_peak: int


_SERVICES: Final = """
    count(*) FILTER (WHERE duplicates = 0) AS services,
    count(*) FILTER (WHERE duplicates > 0) AS duplicates,
    count(*) FILTER (WHERE status = 'closed') AS closed,
    count(*) FILTER (WHERE late) AS late_entries, sum(reclassified) AS reclassified,
    sum(round - 1) AS reopened
"""
_WHOSE: Final = {"adviser": "by_adviser", "firm": "by_firm", "team": "by_team"}


def report(asked: Asked) -> Query[Row]:
    whose = _WHOSE.get(asked.by)
    key = keyed(asked.by)
    if whose is None:
        sql = f"""
            SELECT {key} AS key, {_SERVICES},
                   sum(minutes_onsite + minutes_offsite) AS minutes,
                   sum(minutes_onsite) AS minutes_onsite, sum(minutes_offsite) AS minutes_offsite,
                   sum(minutes_off_peak) AS minutes_off_peak
              FROM views.journal WHERE {standing_in(asked)} AND status <> 'voided'
             GROUP BY 1 ORDER BY 1
        """  # noqa: S608
    else:
        sql = f"""
            WITH counted AS (
                SELECT {key} AS key, {_SERVICES}
                  FROM views.journal WHERE {standing_in(asked)} AND status <> 'voided'
                 GROUP BY 1),
            given AS (
                SELECT {whose} AS key, sum(minutes) AS minutes,
                       coalesce(sum(minutes) FILTER (WHERE onsite), 0) AS minutes_onsite,
                       coalesce(sum(minutes) FILTER (WHERE NOT onsite), 0) AS minutes_offsite,
                       coalesce(sum(minutes) FILTER (WHERE off_peak IS NOT NULL), 0)
                           AS minutes_off_peak
                  FROM views.journal
                 WHERE {standing_in(asked, all_events=True)} AND minutes IS NOT NULL
                   AND request NOT IN (
                        SELECT v.request FROM views.journal v
                         WHERE v.kind = 'request.voided' AND v.position <= %(position)s)
                 GROUP BY 1)
            SELECT key, coalesce(services, 0) AS services,
                   coalesce(duplicates, 0) AS duplicates, coalesce(closed, 0) AS closed,
                   coalesce(late_entries, 0) AS late_entries,
                   coalesce(reclassified, 0) AS reclassified, coalesce(reopened, 0) AS reopened,
                   coalesce(minutes, 0) AS minutes, coalesce(minutes_onsite, 0) AS minutes_onsite,
                   coalesce(minutes_offsite, 0) AS minutes_offsite,
                   coalesce(minutes_off_peak, 0) AS minutes_off_peak
              FROM counted FULL JOIN given USING (key) ORDER BY 1
        """  # noqa: S608
    return Query(sql, asked.parameters(), Row)
