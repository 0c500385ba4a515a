"""Duty rosters: who sat at which window of a point, from when to when. One part for each sitting;
where anybody works from stays in the log."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import ClassVar, Final
from uuid import UUID

from msgspec import Struct

from domain.requests import roster
from domain.requests.roster import Roster
from domain.vocabulary import SIMULATION
from projections.asking.asking import NEVER, Query, equal, filtered, one_page, standing_at
from projections.storing.columns import columns_of, selected
from projections.storing.standings import Change, Standings, Values

NAME: Final = "rosters"


class SittingRow(Struct, frozen=True, kw_only=True):
    KEY: ClassVar = ("stream", "sitting")
    stream: UUID
    sitting: int
    """Counted from 1 on that day and at that point, in the order taken."""
    point: str
    day: date
    window: str
    officer: str
    since: datetime
    until: datetime | None

    def streams(self) -> list[UUID]:
        return [self.stream]


COLUMNS: Final = (
    ("at_window", "text"),
    *columns_of(SittingRow, without=("stream", "window"), simulated="boolean"),
)


def _fold(change: Change) -> Iterator[tuple[str, Values]]:
    state: Roster = change.after
    for number, one in enumerate(state.sittings, start=1):
        values = {
            "sitting": number,
            "point": state.point,
            "day": state.day,
            "at_window": one.window,
            "officer": one.officer,
            "since": one.since,
            "until": one.until,
            "simulated": change.recorded.device == SIMULATION,
        }
        if values != change.stood.get(str(number)):
            yield str(number), values


VIEW: Final = Standings(
    NAME,
    2,
    (roster,),
    COLUMNS,
    _fold,
    indexes=(
        f"CREATE INDEX ON rosters (since, stream, sitting) WHERE superseded_at = {NEVER}",
        f"CREATE INDEX ON rosters (point, since) WHERE superseded_at = {NEVER}",
    ),
)

# --- asking


class SittingFilters(Struct, frozen=True, kw_only=True):
    """`from_` to `to` (exclusive) are days; `sits`: whether he sits there still."""

    point: str | None = None
    window: str | None = None
    officer: str | None = None
    sits: bool | None = None
    from_: date | None = None
    to: date | None = None


class SittingCursor(Struct, frozen=True, array_like=True):
    """Where the next page begins: after this sitting."""

    since: datetime
    stream: UUID
    sitting: int


_CONDITIONS: Final = {
    **equal("r", "point", "officer"),
    "window": "r.at_window = %(window)s",
    "sits": "(r.until IS NULL) = %(sits)s",
    "from_": "r.day >= %(from_)s",
    "to": "r.day < %(to)s",
}
_COLUMNS: Final = selected(SittingRow, "r", window="r.at_window")


def page(
    filters: SittingFilters,
    *,
    position: int,
    limit: int,
    after: SittingCursor | None = None,
    head: bool = False,
) -> Query[SittingRow]:
    """Query one page, newest first; with `head` the position is the view's own."""
    where, parameters = filtered(filters, _CONDITIONS)
    return one_page(
        SittingRow,
        f"SELECT {_COLUMNS} FROM views.rosters r",  # noqa: S608
        [*where, standing_at("r", head=head)],
        parameters | {"position": position},
        order=("r.since", "r.stream", "r.sitting"),
        descending=True,
        after=after,
        limit=limit,
    )


def cursor_of(row: SittingRow) -> SittingCursor:
    return SittingCursor(row.since, row.stream, row.sitting)
