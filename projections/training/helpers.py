"""The register of legal helpers as it stands, without their names, and their number by division."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import ClassVar, Final, Literal
from uuid import UUID

from msgspec import Struct

from domain.training import helper
from domain.training.helper import Helper, Qualification
from domain.vocabulary import SIMULATION
from projections.asking.asking import (
    NEVER,
    Cursor,
    Query,
    equal,
    filtered,
    of_village,
    one_page,
    standing_at,
)
from projections.storing.columns import columns_of, selected
from projections.storing.standings import WHOLE, Change, Standings, Values
from projections.training import trainings

NAME: Final = "helpers"
VIEWS: Final = (NAME, trainings.CREDITS)
"""That the counts by division are made of."""
ByDivision = Literal["village", "town", "district"]
_DIGITS: Final[dict[ByDivision, int]] = {"village": 12, "town": 9, "district": 6}


class HelperRow(Struct, frozen=True, kw_only=True):
    KEY: ClassVar = ("stream",)
    stream: UUID
    number: int
    version_position: int
    code: str
    village: str
    since: date
    left_on: date | None
    qualification: Qualification
    activities: int
    people: int
    """Helped or reached in them."""
    last_activity_on: date | None
    entered_at: datetime
    """When he was registered."""

    def streams(self) -> list[UUID]:
        return [self.stream]


COLUMNS: Final = columns_of(
    HelperRow,
    without=("stream", "version_position"),
    active_days="date[]",
    simulated="boolean",
)
"""`active_days`: one for each activity."""


def _fold(change: Change) -> Iterator[tuple[str, Values]]:
    state: Helper = change.after
    stood, registered = change.stood.get(WHOLE), state.registered
    days = [one.day for one in state.activities]
    values = {
        "number": stood["number"] if stood else change.recorded.position,
        "code": registered.code,
        "village": registered.village,
        "since": registered.since,
        "left_on": state.left_on,
        "qualification": registered.qualification,
        "activities": len(days),
        "people": sum(one.people for one in state.activities),
        "last_activity_on": max(days, default=None),
        "entered_at": stood["entered_at"] if stood else change.recorded.occurred_at,
        "active_days": sorted(days),
        "simulated": change.recorded.device == SIMULATION,
    }
    if values != stood:
        yield WHOLE, values


VIEW: Final = Standings(
    NAME,
    1,
    (helper,),
    COLUMNS,
    _fold,
    indexes=(
        f"CREATE INDEX ON helpers (entered_at, stream) WHERE superseded_at = {NEVER}",
        "CREATE INDEX ON helpers (village, superseded_at, position)",
    ),
)


class HelperFilters(Struct, frozen=True, kw_only=True):
    """`division` is a prefix of the village; `serving`: has not left. `concerned`: marks of whom it
    concerns."""

    division: str | None = None
    qualification: Qualification | None = None
    serving: bool | None = None
    active: bool | None = None
    """Has reported anything."""
    concerned: list[str] | None = None


_CONDITIONS: Final = {
    **equal("h", "qualification"),
    "division": "starts_with(h.village, %(division)s)",
    "serving": "(h.left_on IS NULL) = %(serving)s",
    "active": "(h.activities > 0) = %(active)s",
    "concerned": of_village("h"),
}


def page(
    filters: HelperFilters,
    *,
    position: int,
    limit: int,
    after: Cursor | None = None,
    head: bool = False,
) -> Query[HelperRow]:
    """Query one page, registered last first; with `head` the position is the view's own."""
    where, parameters = filtered(filters, _CONDITIONS)
    where.append(standing_at("h", head=head))
    columns = selected(HelperRow, "h", version_position="h.position")
    return one_page(
        HelperRow,
        f"SELECT {columns} FROM views.helpers h",  # noqa: S608
        where,
        parameters | {"position": position},
        order=("h.entered_at", "h.stream"),
        descending=True,
        after=after,
        limit=limit,
    )


def cursor_of(row: HelperRow) -> Cursor:
    return Cursor(row.entered_at, row.stream)


class HelperCount(Struct, frozen=True, kw_only=True):
    """Helpers of one division within a year; a division without any has no row."""

    KEY: ClassVar = ("division",)
    division: str
    villages: int
    """That had a helper in the year."""
    helpers: int
    """Who served in the year."""
    left: int
    """Of them, in the year."""
    trained: int
    """Of them, credited with a training session of the year."""
    active: int
    """Of them, with an activity in the year."""
    activities: int


def counts(*, division: str, year: int, by: ByDivision, position: int) -> Query[HelperCount]:
    """Query the numbers by division (`division` is a prefix) for one year."""
    sql = f"""
        WITH served AS (
            SELECT left(h.village, %(digits)s) AS division, h.village,
                   h.left_on >= %(first)s AND h.left_on < %(next)s AS left_then,
                   EXISTS (SELECT FROM views.training_credits c
                            WHERE {standing_at("c")} AND c.trainee_kind = 'helper'
                              AND c.trainee = h.code AND c.minutes > 0
                              AND c.day >= %(first)s AND c.day < %(next)s) AS trained,
                   (SELECT count(*) FROM unnest(h.active_days) AS on_day
                     WHERE on_day >= %(first)s AND on_day < %(next)s) AS activities
              FROM views.helpers h
             WHERE {standing_at("h")} AND starts_with(h.village, %(division)s)
               AND h.since < %(next)s AND (h.left_on IS NULL OR h.left_on > %(first)s))
        SELECT division, count(DISTINCT village) AS villages, count(*) AS helpers,
               count(*) FILTER (WHERE left_then) AS "left",
               count(*) FILTER (WHERE trained) AS trained,
               count(*) FILTER (WHERE activities > 0) AS active,
               coalesce(sum(activities), 0)::bigint AS activities
          FROM served GROUP BY division ORDER BY division
    """  # noqa: S608
    parameters = {
        "division": division,
        "digits": _DIGITS[by],
        "first": date(year, 1, 1),
        "next": date(year + 1, 1, 1),
        "position": position,
    }
    return Query(sql, parameters, HelperCount)
