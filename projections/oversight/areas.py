"""Areas of leaders 分片包干 as they stand, and their quarterly rounds of supervision: due, done."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from typing import ClassVar, Final
from uuid import UUID

from msgspec import Struct

from domain.oversight import area
from domain.oversight.area import Area
from domain.vocabulary import SIMULATION
from domain.worktime.period import days_of
from projections.asking.answering import Answering
from projections.asking.asking import Query, equal, filtered, one_page, standing_at
from projections.asking.reference_day import reference_day
from projections.oversight import inspections
from projections.oversight.inspections import rounds_of
from projections.storing.columns import columns_of, selected
from projections.storing.standings import Change, Standings, Values

NAME: Final = "areas"
VIEWS: Final = (NAME, inspections.NAME)
"""What the report on rounds is read from."""


class AreaRow(Struct, frozen=True, kw_only=True):
    """The days on which a leader answers for a division; `until` is the first one without."""

    KEY: ClassVar = ("division", "since")
    stream: UUID
    version_position: int
    division: str
    leader: str
    since: date
    until: date | None
    basis: str

    def streams(self) -> list[UUID]:
        return [self.stream]


COLUMNS: Final = columns_of(AreaRow, without=("stream", "version_position"), simulated="boolean")


def _fold(change: Change) -> Iterator[tuple[str, Values]]:
    """A part for each tenure."""
    state: Area = change.after
    for number, tenure in enumerate(state.tenures, start=1):
        values = {
            "division": state.division,
            "leader": tenure.leader,
            "since": tenure.since,
            "until": tenure.until,
            "basis": tenure.basis,
            "simulated": change.recorded.device == SIMULATION,
        }
        if values != change.stood.get(str(number)):
            yield str(number), values


VIEW: Final = Standings(NAME, 2, (area,), COLUMNS, _fold)

# --- asking: the list


class AreaFilters(Struct, frozen=True, kw_only=True):
    """`division` is a prefix; `on` is a day that the responsibility covers."""

    leader: str | None = None
    division: str | None = None
    on: date | None = None


class AreaCursor(Struct, frozen=True, array_like=True):
    """The last row of a page."""

    division: str
    since: date


_COLUMNS: Final = selected(AreaRow, "a", version_position="a.position")
_CONDITIONS: Final = {
    **equal("a", "leader"),
    "division": "starts_with(a.division, %(division)s)",
    "on": "a.since <= %(on)s AND coalesce(%(on)s < a.until, true)",
}


def page(
    filters: AreaFilters,
    *,
    position: int,
    limit: int,
    after: AreaCursor | None = None,
) -> Query[AreaRow]:
    """Query one page, by division and day."""
    where, parameters = filtered(filters, _CONDITIONS)
    where.append(standing_at("a"))
    return one_page(
        AreaRow,
        f"SELECT {_COLUMNS} FROM views.areas a",  # noqa: S608
        where,
        parameters | {"position": position},
        order=("a.division", "a.since"),
        after=after,
        limit=limit,
    )


def cursor_of(row: AreaRow) -> AreaCursor:
    return AreaCursor(row.division, row.since)


# --- asking: rounds, due and done


class AreaRound(Struct, frozen=True, kw_only=True):
    """The round of one leader in one division of his and quarter. `due`: he answers for it on the
    reference day; `done`: supervisions there in the quarter so far, whoever held them."""

    KEY: ClassVar = ("leader", "division", "since")
    leader: str
    division: str
    since: date
    until: date | None
    quarter: str
    due: bool
    done: int
    last: date | None
    """Day of the last supervision there, also before the quarter."""
    stream: UUID

    def streams(self) -> list[UUID]:
        return [self.stream]


class LeaderRounds(Struct, frozen=True, kw_only=True):
    """The rounds of one leader in a quarter: divisions that are due, and those among them where a
    supervision was held."""

    KEY: ClassVar = ("leader",)
    leader: str
    due: int
    done: int
    outstanding: int


def rounds(
    *, division: str, quarter: str, leader: str | None, position: int
) -> Answering[list[AreaRound]]:
    """Answer with the rounds in divisions within the one asked for (a prefix), as known at a
    position; up to the reference day, the last of the quarter or of what is known. A quarter that
    had not begun has none."""
    days = days_of(quarter)
    day = yield from reference_day(days, position)
    if day is None:
        return []
    held = yield _held(division, leader, days.first, day, position)
    looked = yield inspections.looked_at(
        "supervision", division=division, periods=[quarter], until=day, position=position
    )
    found = []
    for one in held:
        told = rounds_of(looked, one.division)
        found.append(
            AreaRound(
                leader=one.leader,
                division=one.division,
                since=one.since,
                until=one.until,
                quarter=quarter,
                due=one.until is None or day < one.until,
                done=told.times,
                last=told.last,
                stream=one.stream,
            )
        )
    return found


def _held(
    division: str, leader: str | None, first: date, day: date, position: int
) -> Query[AreaRow]:
    """Query the tenures that cover a day between these."""
    sql = f"""
        SELECT {_COLUMNS} FROM views.areas a
         WHERE {standing_at("a")} AND starts_with(a.division, %(division)s)
           AND a.since <= %(day)s AND coalesce(a.until > %(first)s, true)
           AND (%(leader)s::text IS NULL OR a.leader = %(leader)s)
         ORDER BY a.leader, a.division, a.since
    """  # noqa: S608
    parameters = {"division": division, "leader": leader, "first": first, "day": day}
    return Query(sql, parameters | {"position": position}, AreaRow)


def by_leader(found: list[AreaRound]) -> list[LeaderRounds]:
    """Sum the rounds of each leader."""
    due: defaultdict[str, list[AreaRound]] = defaultdict(list)
    for one in found:
        due[one.leader] += [one] if one.due else []
    return [
        LeaderRounds(
            leader=leader,
            due=len(own),
            done=sum(one.done > 0 for one in own),
            outstanding=sum(one.done == 0 for one in own),
        )
        for leader, own in sorted(due.items())
    ]
