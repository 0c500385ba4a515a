"""What is asked of the views and how: a period, a grouping, a position in the log; and queries as
values, so that the synchronous and the asynchronous door run the very same SQL."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final, Generic, Literal, TypeVar
from uuid import UUID

import msgspec
import psycopg
from msgspec import Struct
from psycopg.rows import dict_row

RowT = TypeVar("RowT")
By = Literal[
    "point", "adviser", "service", "division", "town", "district", "month", "firm", "team",
    "channel",
]  # fmt: skip
"""`town` and `district` are the first 9 and 6 digits of the division code."""

NEVER: Final = 9223372036854775807
"""`superseded_at` of a row that still stands."""


class Basis(Struct, frozen=True, kw_only=True):
    """The state of knowledge an answer stands on: every event up to `position`, none after it."""

    position: int
    as_known_at: datetime | None
    """As asked; None = now."""
    recorded_at: datetime | None
    """When the last event of the basis was recorded."""
    simulated: bool = False
    """The log began as a simulation: no figure on this basis is about real people."""


class PeriodAsked(Struct, frozen=True, kw_only=True):
    """`from_` inclusive, `to` exclusive, by the local day the service was requested; `division`
    is a prefix of the division code; `now` is the instant that open requests' age is counted to."""

    position: int
    now: datetime
    by: By = "point"
    from_: date | None = None
    to: date | None = None
    division: str | None = None
    service: str | None = None
    point: str | None = None
    adviser: str | None = None

    def parameters(self) -> dict[str, Any]:
        """For SQL with `standing_in`."""
        return {
            "position": self.position,
            "now": self.now,
            "from": self.from_,
            "to": self.to,
            "division": self.division,
            "service": self.service,
            "point": self.point,
            "adviser": self.adviser,
        }


def standing_in(asked: PeriodAsked, *, all_events: bool = False) -> str:
    """The rows of the journal that stand at the position, of requests of the period and division;
    `all_events`: also those superseded by then."""
    conditions = ["position <= %(position)s", "request IS NOT NULL"]
    if not all_events:
        conditions.append("superseded_at > %(position)s")
    if asked.from_ is not None:
        conditions.append("day >= %(from)s")
    if asked.to is not None:
        conditions.append("day < %(to)s")
    if asked.division is not None:
        conditions.append("starts_with(division, %(division)s)")
    conditions += [
        f"{name} = %({name})s"
        for name in ("service", "point", "adviser")
        if getattr(asked, name) is not None
    ]
    return " AND ".join(conditions)


class Cursor(Struct, frozen=True, array_like=True):
    """Where the next page begins: after this row."""

    at: datetime | None
    stream: UUID


def standing_at(alias: str, *, head: bool = False) -> str:
    """The rows that stand at the position; `head`: it is the view's own, so that indexes of what
    still stands can be used."""
    if head:
        return f"{alias}.superseded_at = {NEVER}"
    return f"{alias}.position <= %(position)s AND {alias}.superseded_at > %(position)s"


def equal(alias: str, *names: str) -> dict[str, str]:
    """Return, for filters that are compared as they are, the condition of each."""
    return {name: f"{alias}.{name} = %({name})s" for name in names}


def filtered(filters: Struct, conditions: Mapping[str, str]) -> tuple[list[str], dict[str, Any]]:
    """Return the conditions of those filters that are set, and their parameters."""
    asked = {name: value for name in conditions if (value := getattr(filters, name)) is not None}
    return [conditions[name] for name in asked], asked


_EXPRESSIONS: Final[Mapping[str, str]] = {
    "month": "to_char(day, 'YYYY-MM')",
    "town": "left(division, 9)",
    "district": "left(division, 6)",
}


def keyed(by: By) -> str:
    """The column, or expression, that a report is grouped by."""
    return _EXPRESSIONS.get(by, by)


class Query(Struct, Generic[RowT], frozen=True):
    """SQL, its named parameters, and the type its rows are read as."""

    sql: str
    parameters: Mapping[str, Any]
    row: type[RowT]

    def rows(self, found: list[dict[str, Any]]) -> list[RowT]:
        return msgspec.convert(found, list[self.row], strict=False)  # type: ignore[name-defined]


def fetch(connection: psycopg.Connection[Any], query: Query[RowT]) -> list[RowT]:
    with connection.cursor(row_factory=dict_row) as cursor:
        return query.rows(cursor.execute(query.sql, query.parameters).fetchall())


async def fetch_async(connection: psycopg.AsyncConnection[Any], query: Query[RowT]) -> list[RowT]:
    async with connection.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(query.sql, query.parameters)
        return query.rows(await cursor.fetchall())
