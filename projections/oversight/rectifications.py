"""Rectifications as they stand: what was ordered of whom, until when, and how it ended."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import ClassVar, Final, Literal
from uuid import UUID

from msgspec import Struct

from domain.concerned import marks
from domain.oversight import rectification
from domain.oversight.rectification import Rectification, RectificationEscalated, Source, Status
from domain.vocabulary import SIMULATION
from domain.worktime.zone import zone_of
from projections.asking.asking import (
    NEVER,
    Cursor,
    Query,
    concerning,
    equal,
    filtered,
    standing_at,
)
from projections.storing.columns import SmallInt, columns_of, selected
from projections.storing.standings import WHOLE, Change, Standings, Values

NAME: Final = "rectifications"


class RectificationRow(Struct, frozen=True, kw_only=True):
    KEY: ClassVar = ("stream",)
    stream: UUID
    number: int
    version_position: int
    source: Source
    source_stream: UUID
    addressee_kind: str
    addressee: str
    point: str | None
    division: str | None
    items: list[str]
    ordered_at: datetime
    day: date
    status: Status
    since: datetime
    round: SmallInt
    due: datetime | None
    answered_at: datetime | None
    overdue: bool
    ended: bool
    proposed: str | None

    def streams(self) -> list[UUID]:
        return [self.stream]


COLUMNS: Final = columns_of(
    RectificationRow,
    without=("stream", "version_position"),
    concerned="text[]",
    simulated="boolean",
)
"""`number`: position of its first event. `day`: local day it was ordered. `due`, `answered_at`,
`overdue`: of the present round, as recorded. `proposed`: what it was escalated to."""


def _fold(change: Change) -> Iterator[tuple[str, Values]]:
    state: Rectification = change.after
    ordered, event = state.ordered, change.recorded.event
    stood = change.stood.get(WHOLE)
    proposed = stood["proposed"] if stood else None
    values = {
        "number": stood["number"] if stood else change.recorded.position,
        "source": ordered.source,
        "source_stream": ordered.source_stream,
        "addressee_kind": ordered.addressee.kind,
        "addressee": ordered.addressee.code,
        "point": ordered.point,
        "division": ordered.division,
        "items": ordered.items,
        "ordered_at": ordered.ordered_at,
        "day": ordered.ordered_at.astimezone(zone_of(ordered.zone)).date(),
        "status": state.status,
        "since": state.since,
        "round": state.round,
        "due": state.due,
        "answered_at": state.answer.answered_at if state.answer else None,
        "overdue": state.overdue,
        "ended": state.ended,
        "proposed": event.to if isinstance(event, RectificationEscalated) else proposed,
        "concerned": marks(state),
        "simulated": change.recorded.device == SIMULATION,
    }
    if values != stood:
        yield WHOLE, values


VIEW: Final = Standings(
    NAME,
    3,
    (rectification,),
    COLUMNS,
    _fold,
    indexes=(
        f"CREATE INDEX ON rectifications (coalesce(due, 'infinity'), stream)"
        f" WHERE superseded_at = {NEVER}",
        f"CREATE INDEX ON rectifications (ordered_at, stream) WHERE superseded_at = {NEVER}",
        "CREATE INDEX ON rectifications (source_stream)",
    ),
)

# --- asking

Order = Literal["due", "ordered"]


class RectificationFilters(Struct, frozen=True, kw_only=True):
    """`division` is a prefix; `from_` to `to` (exclusive) are local days it was ordered. `overdue`:
    answered too late or not at all, at the moment it is asked. `concerned`: marks of whom it
    concerns."""

    source: Source | None = None
    source_stream: UUID | None = None
    addressee_kind: str | None = None
    addressee: str | None = None
    point: str | None = None
    division: str | None = None
    status: Status | None = None
    ended: bool | None = None
    overdue: bool | None = None
    due_before: datetime | None = None
    from_: date | None = None
    to: date | None = None
    concerned: list[str] | None = None
    order: Order = "ordered"


_OVERDUE: Final = """
    (r.overdue OR (r.status = 'open' AND coalesce(r.due < %(now)s, false)))
"""
_COLUMNS: Final = selected(RectificationRow, "r", version_position="r.position", overdue=_OVERDUE)
_CONDITIONS: Final = {
    **equal("r", "source", "source_stream", "addressee_kind", "addressee"),
    **equal("r", "point", "status", "ended"),
    **concerning("r"),
    "division": "starts_with(r.division, %(division)s)",
    "overdue": f"{_OVERDUE} = %(overdue)s",
    "due_before": "r.due < %(due_before)s",
    "from_": "r.day >= %(from_)s",
    "to": "r.day < %(to)s",
}


def page(
    filters: RectificationFilters,
    *,
    position: int,
    now: datetime,
    limit: int,
    after: Cursor | None = None,
    head: bool = False,
) -> Query[RectificationRow]:
    """Query one page, by deadline with those without one last, or newest first.

    `now` is the instant by which orders are overdue. With `head` the position is the view's own.
    """
    where, parameters = filtered(filters, _CONDITIONS)
    where.append(standing_at("r", head=head))
    parameters |= {"position": position, "now": now, "limit": limit}
    by_due = filters.order == "due"
    key, sign, direction = (
        ("coalesce(r.due, 'infinity')", ">", "ASC") if by_due else ("r.ordered_at", "<", "DESC")
    )
    if after is not None:
        bound = "coalesce(%(after_at)s, 'infinity'::timestamptz)"
        where.append(f"({key}, r.stream) {sign} ({bound}, %(after)s)")
        parameters |= {"after_at": after.at, "after": after.stream}
    sql = f"""
        SELECT {_COLUMNS} FROM views.rectifications r WHERE {" AND ".join(where)}
         ORDER BY {key} {direction}, r.stream {direction} LIMIT %(limit)s
    """  # noqa: S608
    return Query(sql, parameters, RectificationRow)


def cursor_of(row: RectificationRow, order: Order) -> Cursor:
    return Cursor(row.due if order == "due" else row.ordered_at, row.stream)
