"""Criticism of a month or quarter: the statistics table 统计表 and totals of the report.

The local day of receipt counts, as known at a position. A noted dissatisfaction is criticism too; a
void one is not. Of complaints on the same matter the first that is not void is counted; any other
is `repeated`: it has its row (`projections.asking.groups`). A complaint made a consultation is not
criticism while it is one, and is counted apart.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, ClassVar, Final, Literal
from uuid import UUID

from msgspec import Struct

from domain.registers.form import Values
from domain.reporting import report
from domain.worktime.period import before, days_of
from projections.asking.asking import Query, standing_at
from projections.asking.groups import COMPLAINTS, repeats, repeats_at

NAME: Final = report.CRITICISM
VERSION: Final = 3
STANDS_ON: Final = "complaints"
Dimension = Literal["all", "channel", "service", "aspect", "unit"]


class CriticismAsked(Struct, frozen=True, kw_only=True):
    """`division` is a prefix, `period` a month or a quarter."""

    division: str
    period: str
    position: int

    def parameters(self) -> dict[str, Any]:
        days, earlier = days_of(self.period), days_of(before(self.period))
        return {
            "division": self.division,
            "position": self.position,
            "first": days.first,
            "last": days.last,
            "earlier_first": earlier.first,
            "earlier_last": earlier.last,
        }


class CriticismRow(Struct, frozen=True, kw_only=True):
    """A row of the table."""

    stream: UUID
    since: int
    """Position of the event that last changed it."""
    number: int
    """Position of its first event."""
    received_on: date
    division: str
    point: str | None
    """None of a city organ."""
    channel: str
    service: str
    object: str
    """Code of the adviser, else of the account, else of the point or organ."""
    aspect: str
    summary: str
    substantiated: bool | None
    measure: str | None
    finished_on: date | None
    feedback: Literal["satisfied", "dissatisfied"] | None
    repeated: bool
    work_order: str | None
    registered: bool
    """False: a dissatisfaction that was only noted."""
    late: bool
    reclassified: int
    counts: bool
    """Whether it is in the table; a consultation is not."""

    @property
    def cells(self) -> Values:
        """Return the cells by the columns of the template, without unknown ones."""
        cells: dict[str, Any] = {
            "received_on": self.received_on.isoformat(),
            "division": self.division,
            "point": self.point,
            "channel": self.channel,
            "service": self.service,
            "object": self.object,
            "aspect": self.aspect,
            "summary": self.summary,
            "substantiated": self.substantiated,
            "measure": self.measure,
            "finished_on": self.finished_on.isoformat() if self.finished_on else None,
            "feedback": self.feedback,
            "repeated": self.repeated,
            "work_order": self.work_order,
        }
        return {code: value for code, value in cells.items() if value is not None}


_COUNTS: Final = "(NOT c.voided AND c.kind = 'complaint')"
_COLUMNS: Final = f"""
    c.stream, lower(v.span) AS since, c.number, c.day AS received_on, c.division, c.point,
    c.channel, c.service, coalesce(c.adviser, c.account, c.point, c.organ) AS object,
    c.concern AS aspect, c.subject AS summary, c.justified AS substantiated, c.measure,
    c.finished_day AS finished_on,
    CASE c.satisfied WHEN true THEN 'satisfied' WHEN false THEN 'dissatisfied' END AS feedback,
    v.repeated, c.work_order, c.registered, c.late,
    c.reclassified, {_COUNTS}
"""
_OF_PERIOD: Final = """
    c.day >= %(first)s AND c.day <= %(last)s AND starts_with(c.division, %(division)s)
"""
_ORDER: Final = "c.day, c.number"
_VERSIONS: Final = """
    views.complaints c LEFT JOIN repeats r ON r.id = c.stream,
    LATERAL (SELECT int8multirange(int8range(c.position, c.superseded_at)) AS own,
                    coalesce(r.during, '{}') AS during) s,
    LATERAL (SELECT true AS repeated, span FROM unnest(own * s.during) span
              UNION ALL SELECT false, span FROM unnest(own - s.during) span) v
"""
"""Each complaint as it was from one event until another: its own, or one of its group."""


def rows(asked: CriticismAsked) -> Query[CriticismRow]:
    """Query the rows, consultations included, in order of day received, then of recording."""
    sql = f"""
        WITH RECURSIVE {repeats(COMPLAINTS)}
        SELECT {_COLUMNS} AS counts FROM {_VERSIONS}
         WHERE v.span @> %(position)s::bigint AND NOT c.voided AND {_OF_PERIOD} ORDER BY {_ORDER}
    """  # noqa: S608
    return Query(sql, asked.parameters(), CriticismRow)


def versions(asked: CriticismAsked, streams: Sequence[UUID], after: int) -> Query[CriticismRow]:
    """Everything that those complaints were, from what stood at `after` on, in order; `counts` only
    where it was of the period and division."""
    sql = f"""
        WITH RECURSIVE {repeats(COMPLAINTS)}
        SELECT {_COLUMNS} AND {_OF_PERIOD} AS counts FROM {_VERSIONS}
         WHERE c.stream = ANY(%(streams)s) AND upper(v.span) > %(after)s
           AND lower(v.span) <= %(position)s ORDER BY c.stream, since
    """  # noqa: S608
    return Query(sql, asked.parameters() | {"streams": list(streams), "after": after}, CriticismRow)


def counting(found: Iterable[CriticismRow]) -> list[CriticismRow]:
    return [row for row in found if row.counts]


# --- totals


class Total(Struct, frozen=True, kw_only=True):
    """A total of the period."""

    KEY: ClassVar = ("by", "key")

    by: Dimension
    key: str | None
    count: int
    """Criticism without repeated ones."""
    previous: int
    change: int
    """Difference from the period before, as known at the same position."""
    noted: int
    """Dissatisfactions that were only noted, as part of `count`."""
    substantiated: int
    satisfied: int
    dissatisfied: int
    late: int
    repeated: int
    """Beside `count`."""
    reclassified: int
    """Complaints that are consultations now, beside `count`."""


def totals(asked: CriticismAsked) -> Query[Total]:
    """All, then by channel, kind of service, aspect and unit (the point or organ criticised)."""
    sql = f"""
        WITH RECURSIVE {repeats_at(COMPLAINTS)},
        found AS (
            SELECT c.channel, c.service, c.concern, coalesce(c.point, c.organ) AS unit,
                   c.registered, c.justified, c.satisfied, c.late, c.day >= %(first)s AS now,
                   {_COUNTS} AS counts,
                   c.stream IN (SELECT id FROM repeated) AS again
              FROM views.complaints c
             WHERE {standing_at("c")} AND NOT c.voided AND starts_with(c.division, %(division)s)
               AND (c.day >= %(first)s AND c.day <= %(last)s
                    OR c.day >= %(earlier_first)s AND c.day <= %(earlier_last)s)),
        told AS (
            SELECT d.by, d.key, count(*) FILTER (WHERE now AND once) AS count,
                   count(*) FILTER (WHERE NOT now AND once) AS previous,
                   count(*) FILTER (WHERE now AND once AND NOT registered) AS noted,
                   count(*) FILTER (WHERE now AND once AND justified) AS substantiated,
                   count(*) FILTER (WHERE now AND once AND satisfied) AS satisfied,
                   count(*) FILTER (WHERE now AND once AND NOT satisfied) AS dissatisfied,
                   count(*) FILTER (WHERE now AND once AND late) AS late,
                   count(*) FILTER (WHERE now AND counts AND again) AS repeated,
                   count(*) FILTER (WHERE now AND NOT counts) AS reclassified, min(rank) AS rank
              FROM found, LATERAL (SELECT counts AND NOT again AS once) o,
                   LATERAL (VALUES (0, 'all', NULL), (1, 'channel', channel),
                                   (2, 'service', service), (3, 'aspect', concern),
                                   (4, 'unit', unit)) AS d(rank, by, key)
             GROUP BY d.by, d.key)
        SELECT by, key, count, previous, count - previous AS change, noted, substantiated,
               satisfied, dissatisfied, late, repeated, reclassified
          FROM told ORDER BY rank, key
    """  # noqa: S608
    return Query(sql, asked.parameters(), Total)
