"""Questions to the views: period, grouping, position in the log.

Queries are values, so that synchronous and asynchronous callers run the same SQL.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Annotated, Any, Final, Generic, Literal, TypedDict, TypeVar, cast, get_args
from uuid import UUID

import msgspec
import psycopg
from msgspec import Meta, Struct
from psycopg.rows import dict_row

RowT = TypeVar("RowT")
By = Literal[
    "point", "adviser", "service", "division", "town", "district", "month", "firm", "team",
    "channel", "window", "officer", "device", "point_kind",
]  # fmt: skip
"""`town` and `district` are the first 9 and 6 digits of the division code; `officer` is who was on
duty at the window by its roster, or else the account that answers for the request or entered the
work; `device` is the one that took the rating."""

Grouping = Annotated[str, Meta(pattern=r"\A({0})(,({0}))?\Z".format("|".join(get_args(By))))]
"""One or two of `By`, with a comma between."""


class Grouped(TypedDict):
    by: By
    crossed_by: By | None


def grouping(by: str) -> Grouped:
    """Return the first and second grouping of a `Grouping`; the same twice is one."""
    first, _, second = by.partition(",")
    return {"by": cast("By", first), "crossed_by": cast("By", second) if second else None}


NEVER: Final = 9223372036854775807
"""`superseded_at` of a current row."""


class Basis(Struct, frozen=True, kw_only=True):
    """The state of knowledge an answer stands on: every event up to `position`, none after it."""

    position: int
    as_known_at: datetime | None
    """The instant asked for; None means now."""
    recorded_at: datetime | None
    """When the last event of the basis was recorded."""
    simulated: bool = False
    """The log began as a simulation: no figure on this basis is about real people."""


class PeriodAsked(Struct, frozen=True, kw_only=True):
    """A period with a grouping and filters."""

    position: int
    now: datetime
    """The instant to which the age of open requests is counted."""
    by: By = "point"
    crossed_by: By | None = None
    """A second grouping within the first."""
    from_: date | None = None
    """First local day on which the service was requested."""
    to: date | None = None
    """Local day after the last one."""
    division: str | None = None
    """Prefix of the division code."""
    service: str | None = None
    point: str | None = None
    adviser: str | None = None
    window: str | None = None
    officer: str | None = None
    point_kind: str | None = None

    def parameters(self) -> dict[str, Any]:
        """Return the SQL parameters of `standing_in`."""
        return {
            "position": self.position,
            "now": self.now,
            "from": self.from_,
            "to": self.to,
            "division": self.division,
            "service": self.service,
            "point": self.point,
            "adviser": self.adviser,
            "window": self.window,
            "officer": self.officer,
            "point_kind": self.point_kind,
        }


def standing_in(asked: PeriodAsked, *, all_events: bool = False) -> str:
    """Return the SQL condition for rows of the journal, current at the position, of the period.

    With `all_events` it also selects rows superseded by then.
    """
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
        f"{'at_window' if name == 'window' else keyed(name)} = %({name})s"
        for name in NARROWED_BY
        if getattr(asked, name) is not None
    ]
    return " AND ".join(conditions)


NARROWED_BY: Final[tuple[By, ...]] = (
    "service", "point", "adviser", "window", "officer", "point_kind",
)  # fmt: skip


class Cursor(Struct, frozen=True, array_like=True):
    """The last row of a page; the next page begins after it."""

    at: datetime | None
    stream: UUID


def standing_at(alias: str, *, head: bool = False) -> str:
    """Return the SQL condition for rows current at the position.

    With `head` the position is the view's own, so that indexes of current rows can be used.
    """
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


def concerning(alias: str) -> dict[str, str]:
    """Return the condition of the things that concern a village or firm (`domain.concerned`)."""
    return {"concerned": f"{alias}.concerned && %(concerned)s"}


def of_village(alias: str) -> str:
    """Return the condition of the things that are a village's and concern nobody else."""
    return f"'village:' || {alias}.village = ANY(%(concerned)s)"


_EXPRESSIONS: Final[Mapping[str, str]] = {
    "month": "to_char(day, 'YYYY-MM')",
    "town": "left(division, 9)",
    "district": "left(division, 6)",
    "window": "point || ' ' || at_window",
    "officer": "coalesce(officer, responsible)",
    "point_kind": """(
        SELECT d.kind FROM views.directory d
         WHERE d.code = point AND d.kind <> 'adviser'
           AND d.position <= %(position)s AND d.superseded_at > %(position)s)""",
}


def keyed(by: By) -> str:
    """Return the column or SQL expression that a report is grouped by."""
    return _EXPRESSIONS.get(by, by)


def crossed(asked: PeriodAsked) -> str:
    """Return the same for the second grouping; it is null without one."""
    return "NULL::text" if asked.crossed_by is None else keyed(asked.crossed_by)


class Query(Struct, Generic[RowT], frozen=True):
    """SQL, its named parameters, and the type of its rows."""

    sql: str
    parameters: Mapping[str, Any]
    row: type[RowT]

    def rows(self, found: list[dict[str, Any]]) -> list[RowT]:
        return msgspec.convert(found, list[self.row], strict=False)  # type: ignore[name-defined]


def one_page(  # noqa: PLR0913
    row: type[RowT],
    selecting: str,
    where: Sequence[str],
    parameters: Mapping[str, Any],
    *,
    order: Sequence[str],
    descending: bool = False,
    after: Struct | str | int | None,
    limit: int,
) -> Query[RowT]:
    """Query one page of a list. `order`: expressions that together tell every row from another;
    `after`: their values in the row before, as a struct where there are several."""
    conditions, asked = list(where), {**parameters, "limit": limit}
    if after is not None:
        place = msgspec.structs.astuple(after) if isinstance(after, Struct) else (after,)
        marks = {f"after_{number}": value for number, value in enumerate(place)}
        places = ", ".join(f"%({name})s" for name in marks)
        conditions.append(f"({', '.join(order)}) {'<' if descending else '>'} ({places})")
        asked |= marks
    direction = " DESC" if descending else ""
    sql = f"""
        {selecting} WHERE {" AND ".join(conditions)}
         ORDER BY {", ".join(one + direction for one in order)} LIMIT %(limit)s
    """
    return Query(sql, asked, row)


class Counted(Struct, frozen=True):
    n: int


def counting(page: Query[Any]) -> Query[Counted]:
    """Query how many rows a page has."""
    return Query(f"SELECT count(*) AS n FROM ({page.sql}) rows", page.parameters, Counted)  # noqa: S608


def fetch(connection: psycopg.Connection[Any], query: Query[RowT]) -> list[RowT]:
    with connection.cursor(row_factory=dict_row) as cursor:
        return query.rows(cursor.execute(query.sql, query.parameters).fetchall())


async def fetch_async(connection: psycopg.AsyncConnection[Any], query: Query[RowT]) -> list[RowT]:
    async with connection.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(query.sql, query.parameters)
        return query.rows(await cursor.fetchall())
