"""The needs of villages 一村一清单 as they stand: how many are open, of which kinds, since when.

And how difficult each village is. What a need says is in no view.
"""

from collections.abc import Iterator
from datetime import date
from typing import ClassVar, Final
from uuid import UUID

from msgspec import Struct

from domain.advising import needs
from domain.advising.needs import NeedCategory, Needs
from domain.vocabulary import SIMULATION
from projections.asking.asking import Query, equal, filtered, of_village, one_page, standing_at
from projections.storing.columns import SmallInt, columns_of, selected
from projections.storing.standings import WHOLE, Change, Standings, Values

NAME: Final = "needs"


class VillageNeeds(Struct, frozen=True, kw_only=True):
    """The needs of one village. `rank`: of its level, 1 is the easiest; null when nobody graded it;
    `categories`: of the open ones."""

    KEY: ClassVar = ("village",)
    stream: UUID
    version_position: int
    village: str
    level: str | None
    rank: SmallInt | None
    graded_on: date | None
    open: SmallInt
    met: SmallInt
    withdrawn: SmallInt
    oldest: date | None
    """Since when the oldest open one is there."""
    categories: tuple[str, ...]

    def streams(self) -> list[UUID]:
        return [self.stream]


COLUMNS: Final = columns_of(
    VillageNeeds, without=("stream", "version_position"), simulated="boolean"
)


def _fold(change: Change) -> Iterator[tuple[str, Values]]:
    state: Needs = change.after
    graded, open_ = state.graded, [one.noted for one in state.open]
    standings = [one.standing for one in state.needs.values()]
    values = {
        "village": state.village,
        "level": graded.level if graded else None,
        "rank": graded.rank if graded else None,
        "graded_on": graded.graded_on if graded else None,
        "open": len(open_),
        "met": standings.count("met"),
        "withdrawn": standings.count("withdrawn"),
        "oldest": min((one.since for one in open_), default=None),
        "categories": tuple(sorted({one.category for one in open_})),
        "simulated": change.recorded.device == SIMULATION,
    }
    if values != change.stood.get(WHOLE):
        yield WHOLE, values


VIEW: Final = Standings(
    NAME,
    1,
    (needs,),
    COLUMNS,
    _fold,
    indexes=("CREATE INDEX ON needs (village, superseded_at, position)",),
)

# --- asking


class NeedsFilters(Struct, frozen=True, kw_only=True):
    """`division` is a prefix; `category`: of an open need; `some_open`: whether any is.
    `concerned`: marks of whom it concerns."""

    division: str | None = None
    level: str | None = None
    category: NeedCategory | None = None
    some_open: bool | None = None
    concerned: list[str] | None = None


_COLUMNS: Final = selected(VillageNeeds, "n", version_position="n.position")
_CONDITIONS: Final = {
    **equal("n", "level"),
    "division": "starts_with(n.village, %(division)s)",
    "category": "%(category)s = ANY(n.categories)",
    "some_open": "(n.open > 0) = %(some_open)s",
    "concerned": of_village("n"),
}


def page(
    filters: NeedsFilters, *, position: int, limit: int, after: str | None = None
) -> Query[VillageNeeds]:
    """Query one page, by village; `after`: the last one of the page before."""
    where, parameters = filtered(filters, _CONDITIONS)
    where.append(standing_at("n"))
    return one_page(
        VillageNeeds,
        f"SELECT {_COLUMNS} FROM views.needs n",  # noqa: S608
        where,
        parameters | {"position": position},
        order=("n.village",),
        after=after,
        limit=limit,
    )


class Graded(Struct, frozen=True):
    """How difficult a village is."""

    village: str
    rank: int


def graded(*, position: int) -> Query[Graded]:
    """Query every village that was graded."""
    sql = f"""
        SELECT n.village, n.rank FROM views.needs n
         WHERE {standing_at("n")} AND n.rank IS NOT NULL
    """  # noqa: S608
    return Query(sql, {"position": position}, Graded)
