"""Reception days 接待日 as they stand: where and when which leader receives, how many booked, how
many came, and what came of it. Whom he receives and why is in no view."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import ClassVar, Final
from uuid import UUID

from msgspec import Struct

from domain.complaints import reception
from domain.complaints.reception import Reception
from domain.vocabulary import SIMULATION
from projections.asking.asking import NEVER, Cursor, Query, equal, filtered, one_page, standing_at
from projections.storing.columns import SmallInt, columns_of, selected
from projections.storing.standings import WHOLE, Change, Standings, Values

NAME: Final = "receptions"


class ReceptionRow(Struct, frozen=True, kw_only=True):
    """A reception day. `booked`: slots that are taken, also by those who came or did not;
    `requests`, `complaints`, `advised`: what came of those received."""

    KEY: ClassVar = ("stream",)
    stream: UUID
    number: int
    version_position: int
    point: str
    division: str
    leader: str
    post: str
    day: date
    starts_at: datetime
    slots: SmallInt
    slot_minutes: SmallInt
    booked: SmallInt
    received: SmallInt
    absent: SmallInt
    withdrawn: SmallInt
    requests: SmallInt
    complaints: SmallInt
    advised: SmallInt
    moved: SmallInt
    cancelled: bool

    def streams(self) -> list[UUID]:
        return [self.stream]


COLUMNS: Final = columns_of(
    ReceptionRow, without=("stream", "version_position"), simulated="boolean"
)
"""`number`: position of its first event. `moved`: how often."""


def _fold(change: Change) -> Iterator[tuple[str, Values]]:
    state: Reception = change.after
    stood, known = change.stood.get(WHOLE), state.announced
    bookings = state.bookings.values()
    outcomes = [one.outcome for one in bookings]
    values = {
        "number": stood["number"] if stood else change.recorded.position,
        "point": known.point,
        "division": known.division,
        "leader": known.leader,
        "post": known.post,
        "day": state.day,
        "starts_at": state.starts_at,
        "slots": known.slots,
        "slot_minutes": known.slot_minutes,
        "booked": len(bookings),
        "received": sum(one.received_at is not None for one in bookings),
        "absent": sum(one.absent for one in bookings),
        "withdrawn": state.withdrawn,
        "requests": outcomes.count("request"),
        "complaints": outcomes.count("complaint"),
        "advised": outcomes.count("advice"),
        "moved": state.moved,
        "cancelled": state.cancelled is not None,
        "simulated": change.recorded.device == SIMULATION,
    }
    if values != stood:
        yield WHOLE, values


VIEW: Final = Standings(
    NAME,
    2,
    (reception,),
    COLUMNS,
    _fold,
    indexes=(f"CREATE INDEX ON receptions (starts_at, stream) WHERE superseded_at = {NEVER}",),
)

# --- asking: the list


class ReceptionFilters(Struct, frozen=True, kw_only=True):
    """`division` is a prefix; `from_` to `to` (exclusive) are local days. `coming`: whether it has
    not begun at the moment it is asked; `free`: whether a slot is left."""

    leader: str | None = None
    point: str | None = None
    division: str | None = None
    cancelled: bool | None = None
    coming: bool | None = None
    free: bool | None = None
    from_: date | None = None
    to: date | None = None


_COLUMNS: Final = selected(ReceptionRow, "r", version_position="r.position")
_CONDITIONS: Final = {
    **equal("r", "leader", "point", "cancelled"),
    "division": "starts_with(r.division, %(division)s)",
    "coming": "(r.starts_at > %(now)s) = %(coming)s",
    "free": "(r.booked < r.slots) = %(free)s",
    "from_": "r.day >= %(from_)s",
    "to": "r.day < %(to)s",
}


def page(
    filters: ReceptionFilters,
    *,
    position: int,
    now: datetime,
    limit: int,
    after: Cursor | None = None,
    head: bool = False,
) -> Query[ReceptionRow]:
    """Query one page, the latest day first; with `head` the position is the view's own."""
    where, parameters = filtered(filters, _CONDITIONS)
    where.append(standing_at("r", head=head))
    return one_page(
        ReceptionRow,
        f"SELECT {_COLUMNS} FROM views.receptions r",  # noqa: S608
        where,
        parameters | {"position": position, "now": now},
        order=("r.starts_at", "r.stream"),
        descending=True,
        after=after,
        limit=limit,
    )


def cursor_of(row: ReceptionRow) -> Cursor:
    return Cursor(row.starts_at, row.stream)


# --- asking: what each leader did


class LeaderReceptions(Struct, frozen=True, kw_only=True):
    """The reception days of one leader within a period; cancelled ones count as such only."""

    KEY: ClassVar = ("leader",)
    leader: str
    days: int
    cancelled: int
    last: date | None
    """Day of the last one."""
    slots: int
    booked: int
    received: int
    absent: int
    withdrawn: int
    requests: int
    complaints: int
    advised: int


_SUMMED: Final = (
    "slots", "booked", "received", "absent", "withdrawn", "requests", "complaints", "advised",
)  # fmt: skip


def by_leader(*, first: date, last: date, division: str, position: int) -> Query[LeaderReceptions]:
    """Query them, of days from `first` to `last` at points of the division (a prefix)."""
    sums = ", ".join(
        f"coalesce(sum({one}) FILTER (WHERE NOT cancelled), 0) AS {one}" for one in _SUMMED
    )
    sql = f"""
        SELECT leader, count(*) FILTER (WHERE NOT cancelled) AS days,
               count(*) FILTER (WHERE cancelled) AS cancelled,
               max(day) FILTER (WHERE NOT cancelled) AS last, {sums}
          FROM views.receptions r
         WHERE {standing_at("r")} AND r.day BETWEEN %(first)s AND %(last)s
           AND starts_with(r.division, %(division)s)
         GROUP BY leader ORDER BY leader
    """  # noqa: S608
    parameters = {"first": first, "last": last, "division": division, "position": position}
    return Query(sql, parameters, LeaderReceptions)
