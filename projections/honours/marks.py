"""Marks and awards as they stand: which point, village or person has which of what year, and
whether it is valid on a day."""

from collections.abc import Iterator
from datetime import date
from typing import ClassVar, Final, Literal
from uuid import UUID

from msgspec import Struct

from domain.honours import mark
from domain.honours.mark import Mark, mark_stream
from domain.registers.policy import MarkOf
from domain.vocabulary import SIMULATION
from projections.asking.asking import Query, equal, filtered, one_page, standing_at
from projections.storing.columns import columns_of, selected
from projections.storing.standings import WHOLE, Change, Standings, Values

NAME: Final = "marks"
MarkStanding = Literal["valid", "expired", "withdrawn"]


class MarkRow(Struct, frozen=True, kw_only=True):
    """A mark; `standing` on the day asked for."""

    KEY: ClassVar = ("stream",)
    stream: UUID
    version_position: int
    kind: str
    name: str
    of: MarkOf
    code: str
    division: str | None
    year: int
    awarded_on: date
    awarded_by: str
    basis: str
    valid_until: date | None
    withdrawn_on: date | None
    withdrawn_because: str | None
    standing: MarkStanding

    def streams(self) -> list[UUID]:
        return [self.stream]


COLUMNS: Final = columns_of(
    MarkRow, without=("stream", "version_position", "standing"), simulated="boolean"
)


def _fold(change: Change) -> Iterator[tuple[str, Values]]:
    state: Mark = change.after
    known, withdrawn = state.awarded, state.withdrawn
    values = {
        "kind": known.kind,
        "name": known.name,
        "of": known.of,
        "code": known.code,
        "division": known.division,
        "year": known.year,
        "awarded_on": known.awarded_on,
        "awarded_by": known.awarded_by,
        "basis": known.basis,
        "valid_until": known.valid_until,
        "withdrawn_on": withdrawn.withdrawn_on if withdrawn else None,
        "withdrawn_because": withdrawn.reason if withdrawn else None,
        "simulated": change.recorded.device == SIMULATION,
    }
    if values != change.stood.get(WHOLE):
        yield WHOLE, values


VIEW: Final = Standings(
    NAME,
    2,
    (mark,),
    COLUMNS,
    _fold,
    indexes=("CREATE INDEX ON marks (code, superseded_at, position)",),
)

# --- asking

_STANDING: Final = """
    CASE WHEN m.withdrawn_on <= %(day)s THEN 'withdrawn'
         WHEN m.valid_until < %(day)s THEN 'expired' ELSE 'valid' END
"""


class MarkFilters(Struct, frozen=True, kw_only=True):
    """`division` is a prefix; `standing` is that of the day asked for."""

    kind: str | None = None
    of: MarkOf | None = None
    code: str | None = None
    division: str | None = None
    year: int | None = None
    standing: MarkStanding | None = None


class MarkCursor(Struct, frozen=True, array_like=True):
    """The last row of a page."""

    awarded_on: date
    stream: UUID


_CONDITIONS: Final = {
    **equal("m", "kind", "of", "code", "year"),
    "division": "starts_with(m.division, %(division)s)",
    "standing": f"{_STANDING} = %(standing)s",
}


def page(
    filters: MarkFilters,
    *,
    position: int,
    day: date,
    limit: int,
    after: MarkCursor | None = None,
) -> Query[MarkRow]:
    """Query one page, the newest award first; `day`: the one by which a mark is valid."""
    where, parameters = filtered(filters, _CONDITIONS)
    where.append(standing_at("m"))
    columns = selected(MarkRow, "m", version_position="m.position", standing=_STANDING)
    return one_page(
        MarkRow,
        f"SELECT {columns} FROM views.marks m",  # noqa: S608
        where,
        parameters | {"position": position, "day": day},
        order=("m.awarded_on", "m.stream"),
        descending=True,
        after=after,
        limit=limit,
    )


def cursor_of(row: MarkRow) -> MarkCursor:
    return MarkCursor(row.awarded_on, row.stream)


class MarkCount(Struct, frozen=True, kw_only=True):
    """How many marks of a kind and year a district has; without division where none is known."""

    KEY: ClassVar = ("kind", "district", "year")
    kind: str
    district: str | None
    year: int
    valid: int
    expired: int
    withdrawn: int


def counts(filters: MarkFilters, *, position: int, day: date) -> Query[MarkCount]:
    """Count the marks that fit, by kind, district and year."""
    where, parameters = filtered(filters, _CONDITIONS)
    where.append(standing_at("m"))
    sql = f"""
        SELECT m.kind, left(m.division, 6) AS district, m.year,
               count(*) FILTER (WHERE {_STANDING} = 'valid') AS valid,
               count(*) FILTER (WHERE {_STANDING} = 'expired') AS expired,
               count(*) FILTER (WHERE {_STANDING} = 'withdrawn') AS withdrawn
          FROM views.marks m WHERE {" AND ".join(where)}
         GROUP BY m.kind, district, m.year ORDER BY m.kind, district, m.year
    """  # noqa: S608
    return Query(sql, parameters | {"position": position, "day": day}, MarkCount)


# --- asking: of whom the directory names


class MarkHeld(Struct, frozen=True, kw_only=True):
    """A mark that is valid."""

    KEY: ClassVar = ("kind", "year")
    kind: str
    name: str
    year: int

    def stream_of(self, code: str) -> UUID:
        return mark_stream(self.kind, self.year, code)


def held(alias: str) -> str:
    """Return SQL for the marks that a row of the directory has on a day, as `MarkHeld`."""
    return f"""
        coalesce((SELECT jsonb_agg(jsonb_build_object('kind', m.kind, 'name', m.name,
                                                      'year', m.year) ORDER BY m.kind, m.year)
                    FROM views.marks m
                   WHERE m.code = {alias}.code AND {standing_at("m")} AND {_STANDING} = 'valid'
                     AND m.of = CASE {alias}.kind WHEN 'adviser' THEN 'adviser' ELSE 'point' END),
                 '[]'::jsonb)
    """  # noqa: S608


class Awarded(Struct, frozen=True):
    """How many valid awards an adviser has."""

    code: str
    awards: int


def of_advisers(*, position: int, day: date) -> Query[Awarded]:
    """Query the advisers who have any."""
    sql = f"""
        SELECT m.code, count(*) AS awards FROM views.marks m
         WHERE m.of = 'adviser' AND {standing_at("m")} AND {_STANDING} = 'valid' GROUP BY m.code
    """  # noqa: S608
    return Query(sql, {"position": position, "day": day}, Awarded)
