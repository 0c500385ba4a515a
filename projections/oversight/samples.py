"""Samples as they stand: what is to be looked at, whether it was drawn, and how many."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import ClassVar, Final
from uuid import UUID

from msgspec import Struct

from domain.oversight import sample
from domain.oversight.sample import PopulationKind, Sample
from domain.registers.appointment import china_day
from domain.vocabulary import SIMULATION
from projections.asking.asking import (
    NEVER,
    Cursor,
    Query,
    equal,
    filtered,
    one_page,
    standing_at,
)
from projections.storing.columns import columns_of, selected
from projections.storing.standings import WHOLE, Change, Standings, Values

NAME: Final = "samples"


class SampleRow(Struct, frozen=True, kw_only=True):
    KEY: ClassVar = ("stream",)
    stream: UUID
    number: int
    version_position: int
    purpose: str
    of: PopulationKind
    division: str
    period: str | None
    cut_off: int
    count: int
    size: int
    drawn: bool
    announced_by: str
    announced_at: datetime
    day: date

    def streams(self) -> list[UUID]:
        return [self.stream]


COLUMNS: Final = columns_of(SampleRow, without=("stream", "version_position"), simulated="boolean")
"""`number`: position of its first event. `count`: of the population; `size`: to be drawn, or drawn.
`day`: local day it was announced."""


def _fold(change: Change) -> Iterator[tuple[str, Values]]:
    state: Sample = change.after
    stood, recorded = change.stood.get(WHOLE), change.recorded
    announced, frame = state.announced, state.announced.frame
    at = stood["announced_at"] if stood else recorded.occurred_at
    yield (
        WHOLE,
        {
            "number": stood["number"] if stood else recorded.position,
            "purpose": announced.purpose,
            "of": frame.of,
            "division": frame.division,
            "period": frame.period,
            "cut_off": frame.cut_off,
            "count": announced.count,
            "size": state.size,
            "drawn": state.seed is not None,
            "announced_by": announced.announced_by,
            "announced_at": at,
            "day": china_day(at),
            "simulated": recorded.device == SIMULATION,
        },
    )


VIEW: Final = Standings(
    NAME,
    2,
    (sample,),
    COLUMNS,
    _fold,
    indexes=(f"CREATE INDEX ON samples (announced_at, stream) WHERE superseded_at = {NEVER}",),
)

# --- asking


class SampleFilters(Struct, frozen=True, kw_only=True):
    """`division` is a prefix; `from_` to `to` (exclusive) are local days it was announced."""

    of: PopulationKind | None = None
    division: str | None = None
    period: str | None = None
    drawn: bool | None = None
    announced_by: str | None = None
    from_: date | None = None
    to: date | None = None


_CONDITIONS: Final = {
    **equal("s", "of", "period", "drawn", "announced_by"),
    "division": "starts_with(s.division, %(division)s)",
    "from_": "s.day >= %(from_)s",
    "to": "s.day < %(to)s",
}
_COLUMNS: Final = selected(SampleRow, "s", version_position="s.position")


def page(
    filters: SampleFilters,
    *,
    position: int,
    limit: int,
    after: Cursor | None = None,
    head: bool = False,
) -> Query[SampleRow]:
    """Query one page, newest first; with `head` the position is the view's own."""
    where, parameters = filtered(filters, _CONDITIONS)
    return one_page(
        SampleRow,
        f"SELECT {_COLUMNS} FROM views.samples s",  # noqa: S608
        [*where, standing_at("s", head=head)],
        parameters | {"position": position},
        order=("s.announced_at", "s.stream"),
        descending=True,
        after=after,
        limit=limit,
    )


def cursor_of(row: SampleRow) -> Cursor:
    return Cursor(row.announced_at, row.stream)
