"""Work that is doubtful and that nobody has looked at yet: by village and day, and minutes of
requests by division and day.

A doubt is named by the entry's own event, where the rules took it so; that two entries tell the
same hours of one adviser is seen here as well, since logs are older than day sheets and are filled
by simulations. The justice office clears a doubt, or returns the entry, or voids the request.
"""

from datetime import date, datetime
from typing import ClassVar, Final
from uuid import UUID

import psycopg
from msgspec import Struct

from domain.registers.policy import Doubt
from domain.vocabulary import Service
from domain.worktime.calendar import ONE_DAY
from domain.worktime.period import days_of
from projections.advising import worklogs
from projections.asking.asking import Query, fetch, fetch_async, standing_at
from projections.requests import journal

NAME: Final = "doubts"
VERSION: Final = 2
STANDS_ON: Final = worklogs.NAME
VIEWS: Final = (worklogs.NAME, journal.NAME)
"""What it is read from."""


class DoubtfulWork(Struct, frozen=True, kw_only=True):
    """An entry that counts, or a request that is not void, with its open doubts."""

    KEY: ClassVar = ("stream",)

    stream: UUID
    village: str
    day: date
    started_at: datetime
    ended_at: datetime
    service: Service
    advisers: tuple[str, ...]
    minutes: int
    verified: bool
    doubts: tuple[Doubt, ...]
    overlapping: tuple[UUID, ...]
    """Other entries of the same hours and adviser."""
    of_request: bool = False
    """It is a request: what was given to it, from its first minutes on; its village is the division
    of the point."""


def found(
    connection: psycopg.Connection[object], *, division: str, period: str, position: int
) -> list[DoubtfulWork]:
    """Find the doubtful entries of a division (a prefix) and of a month, quarter or year."""
    return fetch(connection, _found(division, period, position))


async def found_async(
    connection: psycopg.AsyncConnection[object], *, division: str, period: str, position: int
) -> list[DoubtfulWork]:
    return await fetch_async(connection, _found(division, period, position))


def _found(division: str, period: str, position: int) -> Query[DoubtfulWork]:
    days = days_of(period)
    return within(division=division, first=days.first, last=days.last, position=position)


def within(*, division: str, first: date, last: date, position: int) -> Query[DoubtfulWork]:
    """Query the doubtful entries of local days, both included."""
    sql = f"""
        WITH {DOUBTFUL}, {DOUBTFUL_REQUESTS}
        SELECT * FROM (
            SELECT d.stream, d.village, d.day, d.started_at, d.ended_at, d.service, d.advisers,
                   d.minutes, d.verified, d.open AS doubts, d.others AS overlapping,
                   false AS of_request
              FROM doubtful d
            UNION ALL
            SELECT r.request, r.division, r.day, g.first, g.last, r.service,
                   coalesce(g.advisers, '{{}}'), g.minutes, false, r.doubts, '{{}}', true
              FROM doubtful_request r, LATERAL (
                SELECT min(occurred_at) AS first, max(occurred_at) AS last, sum(minutes) AS minutes,
                       array_agg(DISTINCT by_adviser) FILTER (WHERE by_adviser IS NOT NULL)
                           AS advisers
                  FROM views.journal
                 WHERE request = r.request AND minutes IS NOT NULL AND position <= %(position)s) g
            ) found
         WHERE day BETWEEN %(first)s AND %(last)s AND starts_with(village, %(division)s)
         ORDER BY village, started_at, stream
    """  # noqa: S608
    of = {"first": first, "last": last, "division": division, "position": position}
    # Work past midnight can meet that of the day before or after.
    return Query(sql, of | {"from": first - ONE_DAY, "until": last + ONE_DAY}, DoubtfulWork)


DOUBTFUL: Final = f"""
    counting AS (
        SELECT w.*, w.standing = 'verified' AS verified FROM views.worklogs w
         WHERE {standing_at("w")} AND {worklogs.COUNTS}
           AND (%(from)s::date IS NULL OR w.day BETWEEN %(from)s AND %(until)s)),
    part AS (SELECT c.*, one AS adviser FROM counting c, unnest(c.advisers) AS one),
    overlap AS (
        SELECT a.stream, array_agg(DISTINCT b.stream) AS others
          FROM part a JOIN part b
            ON b.adviser = a.adviser AND b.stream <> a.stream
           AND b.started_at < a.ended_at AND a.started_at < b.ended_at
         WHERE NOT 'overlap' = ANY (a.cleared) GROUP BY 1),
    doubtful AS (
        SELECT c.*, coalesce(o.others, '{{}}') AS others, found.open
          FROM counting c LEFT JOIN overlap o ON o.stream = c.stream,
               LATERAL (SELECT array_agg(one ORDER BY one) AS open FROM (
                   SELECT unnest(c.doubts) AS one UNION
                   SELECT 'overlap' WHERE o.stream IS NOT NULL) named) AS found
         WHERE found.open IS NOT NULL)
"""  # noqa: S608
"""Common table expressions that end with `doubtful`: entries with their `open` doubts."""
DOUBTFUL_REQUESTS: Final = f"""
    doubtful_request AS (
        SELECT j.* FROM views.journal j
         WHERE {standing_at("j")} AND j.doubts IS NOT NULL AND j.status <> 'voided')
"""  # noqa: S608
"""The expression `doubtful_request`: requests with their open `doubts`, as they stand."""
