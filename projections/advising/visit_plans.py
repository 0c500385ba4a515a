"""Planned visits 驻村计划 as they stand, and which of them were kept.

That a visit took place is told by the work log alone: an entry on site, of that adviser in that
village on that day.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any, ClassVar, Final, Literal, get_args
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from domain.advising import visit_plan
from domain.advising.visit_plan import VisitPlan
from domain.registers.appointment import china_day
from domain.registers.policy import duty_rules
from domain.scoring.duty import OffPeak, off_peak_kind
from domain.vocabulary import SIMULATION
from projections.advising import directory, worklogs
from projections.asking import rules
from projections.asking.answering import Answering
from projections.asking.asking import Query, equal, filtered, one_page, standing_at
from projections.asking.minutes import WORK_COUNTS
from projections.storing.columns import SmallInt, columns_of, selected
from projections.storing.standings import Change, Standings, Values

NAME: Final = "visit_plans"
VIEWS: Final = (NAME, worklogs.NAME, directory.NAME)
"""What a page is read from."""
VisitStanding = Literal["planned", "kept", "missed", "dropped"]


class PlannedRow(Struct, frozen=True, kw_only=True):
    """A planned visit. `moved`: it is at another time than was planned first; `asked`: a change
    waits for a decision; `work`: the entry of the work log by which it was kept."""

    KEY: ClassVar = ("stream", "visit")
    stream: UUID
    adviser: str
    village: str
    month: str
    visit: SmallInt
    starts_at: datetime
    """As it is now, or was when it was dropped."""
    minutes: SmallInt
    day: date
    planned_first: datetime
    moved: bool
    dropped: bool
    asked: bool
    asked_to: datetime | None
    refused: SmallInt
    """Changes that were refused."""
    standing: VisitStanding = "planned"
    work: UUID | None = None
    off_peak: OffPeak | None = None
    """Night or day off, by the rules of duties."""

    def streams(self) -> list[UUID]:
        return [self.stream, *([self.work] if self.work else [])]


_COMPUTED: Final = ("standing", "work", "off_peak")
COLUMNS: Final = columns_of(PlannedRow, without=("stream", *_COMPUTED), simulated="boolean")


def _fold(change: Change) -> Iterator[tuple[str, Values]]:
    """A part for each visit."""
    state: VisitPlan = change.after
    for number, visit in enumerate(state.visits, start=1):
        values = {
            "adviser": state.adviser,
            "village": state.village,
            "month": state.month,
            "visit": number,
            "starts_at": visit.now.starts_at,
            "minutes": visit.now.minutes,
            "day": china_day(visit.now.starts_at),
            "planned_first": visit.first.starts_at,
            "moved": visit.moved,
            "dropped": visit.dropped,
            "asked": visit.asked is not None,
            "asked_to": visit.asked.to.starts_at if visit.asked and visit.asked.to else None,
            "refused": visit.refused,
            "simulated": change.recorded.device == SIMULATION,
        }
        if values != change.stood.get(str(number)):
            yield str(number), values


VIEW: Final = Standings(
    NAME,
    2,
    (visit_plan,),
    COLUMNS,
    _fold,
    indexes=("CREATE INDEX ON visit_plans (day, superseded_at, position)",),
)

# --- asking


class VisitFilters(Struct, frozen=True, kw_only=True):
    """`village` is a prefix; `from_` to `to` (exclusive) are local days. `asked`: whether a change
    waits for a decision."""

    adviser: str | None = None
    village: str | None = None
    month: str | None = None
    standing: VisitStanding | None = None
    moved: bool | None = None
    asked: bool | None = None
    from_: date | None = None
    to: date | None = None


class VisitCursor(Struct, frozen=True, array_like=True):
    """The last row of a page."""

    day: date
    stream: UUID
    visit: int


_CONDITIONS: Final = {
    **equal("v", "adviser", "month", "moved", "asked"),
    "village": "starts_with(v.village, %(village)s)",
    "from_": "v.day >= %(from_)s",
    "to": "v.day < %(to)s",
}
_KEPT: Final = f"""
    (SELECT w.stream FROM views.worklogs w
      WHERE {standing_at("w")} AND {WORK_COUNTS} AND w.day = v.day AND w.village = v.village
        AND w.mode = 'onsite' AND v.adviser = ANY(w.advisers)
      ORDER BY w.started_at, w.stream LIMIT 1)
"""  # noqa: S608
_STANDING: Final = """
    CASE WHEN v.dropped THEN 'dropped' WHEN k.work IS NOT NULL THEN 'kept'
         WHEN v.day < %(today)s THEN 'missed' ELSE 'planned' END
"""


def _visits(filters: VisitFilters, position: int, today: date) -> tuple[str, dict[str, Any]]:
    """Return the query of the visits that fit the filters, and its parameters."""
    where, parameters = filtered(filters, _CONDITIONS)
    where.append(standing_at("v"))
    columns = selected(PlannedRow, "v", ("off_peak",), standing=_STANDING, work="k.work")
    sql = f"""
        SELECT {columns} FROM views.visit_plans v,
               LATERAL (SELECT CASE WHEN NOT v.dropped THEN {_KEPT} END AS work) k
         WHERE {" AND ".join(where)}
    """  # noqa: S608
    return sql, parameters | {"position": position, "today": today}


def page(
    filters: VisitFilters,
    *,
    position: int,
    today: date,
    limit: int,
    after: VisitCursor | None = None,
) -> Answering[list[PlannedRow]]:
    """Answer with one page, the latest day first. `today`: the day by which a visit is missed."""
    visits, parameters = _visits(filters, position, today)
    where = ["true"]
    if filters.standing is not None:
        where.append("standing = %(standing)s")
        parameters["standing"] = filters.standing
    found: list[PlannedRow] = yield one_page(
        PlannedRow,
        f"SELECT * FROM ({visits}) v",  # noqa: S608
        where,
        parameters,
        order=("day", "stream", "visit"),
        descending=True,
        after=after,
        limit=limit,
    )
    return (yield from _judged(found, position))


def cursor_of(row: PlannedRow) -> VisitCursor:
    return VisitCursor(row.day, row.stream, row.visit)


def _judged(found: Sequence[PlannedRow], position: int) -> Answering[list[PlannedRow]]:
    """Tell which lie at night or on a day off, by the calendar of the village's room."""
    if not found:
        return []
    rooms = yield directory.rooms_of({one.village for one in found}, position=position)
    published = yield rules.published(position)
    known = rules.known(published)
    if not known.calendars:
        return list(found)
    judged = []
    for one in found:
        own = directory.calendars(rooms, one.day).get(one.village)
        calendar = known.duty_calendar(own, one.day)
        of_day = duty_rules(known.policies, one.village, one.day)
        judged.append(replace(one, off_peak=off_peak_kind(of_day, calendar, one.starts_at)))
    return judged


class AdviserVisits(Struct, frozen=True, kw_only=True):
    """The planned visits of one adviser to one village within a period; `moved` are among the
    others, whichever way they ended."""

    KEY: ClassVar = ("adviser", "village")
    adviser: str
    village: str
    planned: int
    """Still to come."""
    kept: int
    missed: int
    dropped: int
    moved: int
    asked: int


def by_adviser(
    *, first: date, last: date, division: str, position: int, today: date
) -> Query[AdviserVisits]:
    """Query them, of days from `first` to `last` in villages of the division (a prefix)."""
    visits, parameters = _visits(VisitFilters(village=division or None), position, today)
    counts = ", ".join(
        f"count(*) FILTER (WHERE standing = '{one}') AS {one}" for one in get_args(VisitStanding)
    )
    sql = f"""
        SELECT adviser, village, {counts}, count(*) FILTER (WHERE moved) AS moved,
               count(*) FILTER (WHERE asked) AS asked
          FROM ({visits} AND v.day BETWEEN %(first)s AND %(last)s) v
         GROUP BY adviser, village ORDER BY adviser, village
    """  # noqa: S608
    return Query(sql, parameters | {"first": first, "last": last}, AdviserVisits)
