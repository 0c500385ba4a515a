"""Inspections as they stand: which village was checked in which month, which division supervised in
which quarter, and what was found."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any, ClassVar, Final
from uuid import UUID

from msgspec import Struct

from domain.concerned import marks
from domain.oversight import inspection
from domain.oversight.inspection import Inspection, InspectionKind
from domain.registers.appointment import china_day
from domain.vocabulary import SIMULATION
from projections.asking.asking import (
    NEVER,
    Cursor,
    Query,
    concerning,
    equal,
    filtered,
    one_page,
    standing_at,
)
from projections.storing.columns import SmallInt, columns_of, selected
from projections.storing.standings import WHOLE, Change, Standings, Values

NAME: Final = "inspections"


class InspectionRow(Struct, frozen=True, kw_only=True):
    KEY: ClassVar = ("stream",)
    stream: UUID
    number: int
    version_position: int
    kind: InspectionKind
    division: str
    point: str | None
    period: str
    held_at: datetime
    day: date
    inspector: str
    office: str
    checklist: str
    minor: SmallInt
    major: SmallInt
    serious: SmallInt
    confirmed: bool
    agreed: bool | None
    voided: bool
    late: bool

    def streams(self) -> list[UUID]:
        return [self.stream]


COLUMNS: Final = columns_of(
    InspectionRow,
    without=("stream", "version_position"),
    concerned="text[]",
    simulated="boolean",
)
"""`number`: position of its first event. `day`: local day it was held. `minor`, `major`, `serious`:
findings. `agreed`: null until the inspected confirmed it."""


def _fold(change: Change) -> Iterator[tuple[str, Values]]:
    state: Inspection = change.after
    stood, held = change.stood.get(WHOLE), state.held
    severities = [one.severity for one in state.findings]
    values = {
        "number": stood["number"] if stood else change.recorded.position,
        "kind": held.kind,
        "division": held.division,
        "point": held.point,
        "period": held.period,
        "held_at": held.held_at,
        "day": china_day(held.held_at),
        "inspector": held.inspector,
        "office": held.office,
        "checklist": held.checklist,
        "minor": severities.count("minor"),
        "major": severities.count("major"),
        "serious": severities.count("serious"),
        "confirmed": state.confirmed is not None,
        "agreed": state.confirmed.agreed if state.confirmed else None,
        "voided": state.voided,
        "late": held.late_reason is not None,
        "concerned": marks(state),
        "simulated": change.recorded.device == SIMULATION,
    }
    if values != stood:
        yield WHOLE, values


VIEW: Final = Standings(
    NAME,
    3,
    (inspection,),
    COLUMNS,
    _fold,
    indexes=(
        f"CREATE INDEX ON inspections (held_at, stream) WHERE superseded_at = {NEVER}",
        "CREATE INDEX ON inspections (division text_pattern_ops, day)",
        f"CREATE INDEX ON inspections USING gin (concerned) WHERE superseded_at = {NEVER}",
    ),
    shards=2,
)

# --- asking: the list


class InspectionFilters(Struct, frozen=True, kw_only=True):
    """`division` is a prefix; `period` is exact; `from_` to `to` (exclusive) are local days;
    `concerned`: marks of whom it concerns."""

    kind: InspectionKind | None = None
    division: str | None = None
    point: str | None = None
    period: str | None = None
    office: str | None = None
    confirmed: bool | None = None
    voided: bool | None = None
    with_findings: bool | None = None
    from_: date | None = None
    to: date | None = None
    concerned: list[str] | None = None


_COLUMNS: Final = selected(InspectionRow, "i", version_position="i.position")
_CONDITIONS: Final = {
    **equal("i", "kind", "point", "period", "office", "confirmed", "voided"),
    "division": "starts_with(i.division, %(division)s)",
    "with_findings": "(i.minor + i.major + i.serious > 0) = %(with_findings)s",
    "from_": "i.day >= %(from_)s",
    "to": "i.day < %(to)s",
    **concerning("i"),
}


def page(
    filters: InspectionFilters,
    *,
    position: int,
    limit: int,
    after: Cursor | None = None,
    head: bool = False,
) -> Query[InspectionRow]:
    """Query one page, newest first; with `head` the position is the view's own."""
    where, parameters = filtered(filters, _CONDITIONS)
    where.append(standing_at("i", head=head))
    return one_page(
        InspectionRow,
        f"SELECT {_COLUMNS} FROM views.inspections i",  # noqa: S608
        where,
        parameters | {"position": position},
        order=("i.held_at", "i.stream"),
        descending=True,
        after=after,
        limit=limit,
    )


def cursor_of(row: InspectionRow) -> Cursor:
    return Cursor(row.held_at, row.stream)


# --- asking: what was looked at


class Looked(Struct, frozen=True, kw_only=True):
    """Last inspection of a division, or of a point in it, and the periods with one."""

    division: str
    point: str | None
    last: date
    periods: tuple[str, ...]
    times: int
    """How often within the periods."""


def looked_at(
    kind: InspectionKind, *, division: str, periods: list[str], until: date, position: int
) -> Query[Looked]:
    """Query the inspections of the division (a prefix) up to a local day, without void ones."""
    sql = f"""
        SELECT i.division, i.point, max(i.day) AS last,
               coalesce(array_agg(DISTINCT i.period) FILTER (WHERE i.period = ANY(%(periods)s)),
                        '{{}}') AS periods,
               count(*) FILTER (WHERE i.period = ANY(%(periods)s)) AS times
          FROM views.inspections i
         WHERE {standing_at("i")} AND NOT i.voided AND i.kind = %(kind)s AND i.day <= %(until)s
           AND starts_with(i.division, %(division)s)
         GROUP BY i.division, i.point
    """  # noqa: S608
    parameters: dict[str, Any] = {"kind": kind, "periods": periods, "until": until}
    return Query(sql, parameters | {"division": division, "position": position}, Looked)


class Rounds(Struct, frozen=True):
    """How often a division was looked at within the periods asked for, and when last."""

    times: int
    last: date | None


def rounds_of(looked: Iterable[Looked], division: str) -> Rounds:
    """Count the inspections of a division: those of itself, and of whatever lies in it."""
    own = [one for one in looked if one.division.startswith(division)]
    return Rounds(sum(one.times for one in own), max((one.last for one in own), default=None))
