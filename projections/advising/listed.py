"""Divisions, firms, teams and organs as listed: their names, and from when to when they were there.
One row after each event of one of them."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final, Literal

from msgspec import Struct

from domain.registers import division, firm, organ, team
from domain.registers.division import LEVELS, Division, DivisionName
from domain.registers.firm import Firm
from domain.registers.organ import Organ
from domain.registers.team import Team
from projections.asking.asking import Query, standing_at
from projections.storing.columns import selected
from projections.storing.standings import WHOLE, Change, Standings, Values

NAME: Final = "listed"
Kind = Literal["division", "firm", "team", "organ"]
COLUMNS: Final = (
    ("kind", "text"),
    ("code", "text"),
    ("name", "text"),
    ("names", "jsonb"),
    ("since", "date"),
    ("abolished_on", "date"),
)
"""`names`, `since` and `abolished_on` are a division's."""


def _fold(change: Change) -> Iterator[tuple[str, Values]]:
    values = _values(change.after)
    if values != change.stood.get(WHOLE):
        yield WHOLE, values


def _values(state: Division | Firm | Team | Organ) -> Values:
    values: Values = {"code": state.code, "name": state.name}
    match state:
        case Division():
            return values | {
                "kind": division.KIND,
                "names": state.names,
                "since": state.since,
                "abolished_on": state.abolished_on,
            }
        case Firm():
            return values | {"kind": firm.KIND}
        case Team():
            return values | {"kind": team.KIND}
        case Organ():
            return values | {"kind": organ.KIND}


VIEW: Final = Standings(
    NAME,
    2,
    (division, firm, team, organ),
    COLUMNS,
    _fold,
    indexes=("CREATE INDEX ON listed (kind, code text_pattern_ops, superseded_at, position)",),
)

# --- asking


class ListedDivision(Struct, frozen=True, kw_only=True):
    code: str
    names: tuple[DivisionName, ...]
    since: date | None
    abolished_on: date | None

    @property
    def division(self) -> Division:
        return Division(
            code=self.code, names=self.names, since=self.since, abolished_on=self.abolished_on
        )


def divisions(*, under: str, position: int) -> Query[ListedDivision]:
    """Query the divisions that a prefix begins, those of other days as well, in order of code."""
    sql = f"""
        SELECT {selected(ListedDivision, "l")} FROM views.listed l
         WHERE {standing_at("l")} AND l.kind = 'division' AND starts_with(l.code, %(under)s)
         ORDER BY l.code
    """  # noqa: S608
    return Query(sql, {"under": under, "position": position}, ListedDivision)


def divisions_of(codes: Sequence[str], *, position: int) -> Query[ListedDivision]:
    """Query these divisions, as far as they are listed."""
    sql = f"""
        SELECT {selected(ListedDivision, "l")} FROM views.listed l
         WHERE {standing_at("l")} AND l.kind = 'division' AND l.code = ANY(%(codes)s)
    """  # noqa: S608
    return Query(sql, {"codes": list(codes), "position": position}, ListedDivision)


def lies_in(division: str, divisions: str) -> str:
    """Return the condition that a division is one of those, or within one: by its codes of each
    level, which are looked up, where a prefix would be compared with each of them."""
    levels = (f"left({division}, {digits}) = ANY(%({divisions})s)" for digits in LEVELS)
    return f"({' OR '.join(levels)})"


def divisions_named(part: str, *, position: int, limit: int) -> Query[ListedDivision]:
    """Query the divisions whose newest name holds that part, the widest first."""
    sql = f"""
        SELECT {selected(ListedDivision, "l")} FROM views.listed l
         WHERE {standing_at("l")} AND l.kind = 'division' AND strpos(l.name, %(part)s) > 0
         ORDER BY length(l.code), l.code LIMIT %(limit)s
    """  # noqa: S608
    return Query(sql, {"part": part, "position": position, "limit": limit}, ListedDivision)


class Named(Struct, frozen=True):
    code: str
    name: str


def names(kind: Kind, codes: Sequence[str], *, position: int) -> Query[Named]:
    """Query the newest names of those that are listed."""
    sql = f"""
        SELECT {selected(Named, "l")} FROM views.listed l
         WHERE {standing_at("l")} AND l.kind = %(kind)s AND l.code = ANY(%(codes)s)
    """  # noqa: S608
    return Query(sql, {"kind": kind, "codes": list(codes), "position": position}, Named)
