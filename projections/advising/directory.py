"""Points and advisers as registered: names, places, firms; what a citizen may read of them is
`PublicRow`. One row after each event of a point or an adviser."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any, ClassVar, Final, Literal, TypeVar
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from domain.registers import adviser, appointment, division, firm, point
from domain.registers.adviser import Adviser
from domain.registers.point import Judged, Location, Point, judged_on
from domain.vocabulary import SIMULATION, Service, stream_id
from domain.worktime.opening import Hours
from projections.advising import appointments, listed
from projections.asking.answering import Answering
from projections.asking.asking import Query, equal, filtered, standing_at
from projections.asking.words import name_of, words_of
from projections.honours import marks
from projections.honours.marks import MarkHeld
from projections.storing.columns import selected
from projections.storing.standings import WHOLE, Change, Standings, Values

NAME: Final = "directory"
VIEWS: Final = (NAME, listed.NAME, appointments.NAME, marks.NAME)
"""What a page is read from."""
ADVISER: Final = "adviser"
PLACES_MAX: Final = 200
"""Divisions that one word may mean."""
Kind = Literal["center", "station", "room", "featured", "adviser"]
COLUMNS: Final = (
    ("kind", "text"),
    ("code", "text"),
    ("name", "text"),
    ("searched", "text"),
    ("active", "boolean"),
    ("until", "timestamptz"),
    ("divisions", "text[]"),
    ("locations", "jsonb"),
    ("judged", "jsonb"),
    ("judged_as_dated", "jsonb"),
    ("zone", "text"),
    ("calendar", "text"),
    ("services", "text[]"),
    ("address", "text"),
    ("phone", "text"),
    ("firm", "text"),
    ("team", "text"),
    ("licence", "text"),
    ("practising_since", "date"),
    ("penalties", "smallint"),
    ("simulated", "boolean"),
)
"""`searched`: the name in its one spelling. `until`: when a point was closed, or an adviser left.
`divisions`: every one of `locations`, which say from which day on. `judged`: place and calendar
that judge which days; and as they would if all that was entered reached back as it is dated.
`services`: offered; none means all. `address`, `phone`: of a point. From `firm` on: of an
adviser."""


def _fold(change: Change) -> Iterator[tuple[str, Values]]:
    state = change.after
    values = _of_adviser(state) if isinstance(state, Adviser) else _of_point(state)
    values["searched"] = name_of(state.name)
    values["simulated"] = change.recorded.device == SIMULATION
    if values != change.stood.get(WHOLE):
        yield WHOLE, values


def _of_point(state: Point) -> Values:
    return {
        "kind": state.kind,
        "code": state.code,
        "name": state.name,
        "active": state.open,
        "until": state.closed_at,
        "divisions": tuple(
            dict.fromkeys(
                (
                    *(one.division for one in state.locations),
                    *(one.division for one in state.judged),
                )
            )
        ),
        "locations": state.locations,
        "judged": state.judged,
        "judged_as_dated": state.as_dated.judged,
        "zone": state.zone,
        "calendar": state.calendar,
        "services": state.services,
        "address": state.address,
        "phone": state.phone,
    }


def _of_adviser(state: Adviser) -> Values:
    return {
        "kind": ADVISER,
        "code": state.code,
        "name": state.name,
        "active": state.active,
        "until": state.left_at,
        "firm": state.firm,
        "team": state.team,
        "licence": state.licence,
        "practising_since": state.practising_since,
        "penalties": len(state.penalties),
    }


VIEW: Final = Standings(
    NAME,
    5,
    (point, adviser),
    COLUMNS,
    _fold,
    indexes=("CREATE INDEX ON directory (code, superseded_at, position)",),
)

# --- asking: a page


class DirectoryFilters(Struct, frozen=True, kw_only=True):
    """`division` is a prefix of where a point is, or of a village that an adviser serves; `text` is
    part of the name or begins the code."""

    kind: Kind | None = None
    division: str | None = None
    active: bool | None = None
    firm: str | None = None
    team: str | None = None
    text: str | None = None


class DirectoryCursor(Struct, frozen=True, array_like=True):
    """Where the next page begins: after this row."""

    code: str
    kind: str


class PublicFilters(DirectoryFilters, frozen=True, kw_only=True):
    """`near`: words of which each is part of the name, or of the name of the district, street or
    village where a point is or an adviser serves."""

    code: str | None = None
    near: str | None = None


class PublicCursor(Struct, frozen=True, array_like=True):
    """Where the next page begins: after this row."""

    rank: int
    code: str
    kind: str


class PublicRow(Struct, frozen=True, kw_only=True):
    """A point or an adviser, as shown to everybody; `marks`: those that are valid; `hours`: of a
    point that has a calendar, by that calendar and as of now."""

    KEY: ClassVar = ("kind", "code")

    kind: Kind
    code: str
    name: str
    division: str | None
    services: tuple[Service, ...] | None
    firm: str | None
    licence: str | None
    villages: tuple[str, ...] = ()
    division_name: str | None = None
    firm_name: str | None = None
    village_names: tuple[str, ...] = ()
    marks: tuple[MarkHeld, ...] = ()
    calendar: str | None = None
    address: str | None = None
    phone: str | None = None
    """Of a point, for everybody to call."""
    hours: Hours | None = None


class DirectoryRow(Struct, frozen=True, kw_only=True):
    """`division`: of a point, on the day asked for; `villages`: those an adviser serves then;
    `marks`: those that are valid then.

    Names are those of the day, where division or firm is listed; `village_names` are in the order
    of `villages`, with the code where there is none; empty without a register.
    """

    KEY: ClassVar = ("stream",)

    stream: UUID
    kind: Kind
    code: str
    name: str
    division: str | None
    active: bool
    until: datetime | None
    calendar: str | None
    services: tuple[Service, ...] | None
    address: str | None = None
    phone: str | None = None
    firm: str | None
    team: str | None
    licence: str | None
    practising_since: date | None
    penalties: int | None
    villages: tuple[str, ...] = ()
    division_name: str | None = None
    firm_name: str | None = None
    village_names: tuple[str, ...] = ()
    marks: tuple[MarkHeld, ...] = ()

    def streams(self) -> list[UUID]:
        """List the row's streams, with the appointments of the villages an adviser serves, and what
        its names are taken from."""
        places = (self.division, *self.villages)
        return [
            self.stream,
            *(stream_id(appointment.KIND, code) for code in self.villages),
            *(stream_id(division.KIND, code) for code in places if code),
            *(stream_id(firm.KIND, code) for code in (self.firm,) if code),
            *(one.stream_of(self.code) for one in self.marks),
        ]


RowT = TypeVar("RowT", DirectoryRow, PublicRow)

LOOKED_UP: Final = ("villages", "division_name", "firm_name", "village_names", "hours")
_DIVISION: Final = """
    coalesce((SELECT one ->> 'division' FROM jsonb_array_elements(d.locations) one
               WHERE one ->> 'valid_from' <= %(day)s::date::text
               ORDER BY one ->> 'valid_from' DESC LIMIT 1),
             d.locations -> 0 ->> 'division')
"""
"""`domain.registers.point.Point.division_on`."""
_RANK: Final = """
    CASE WHEN d.kind = 'adviser' THEN 2 WHEN d.calendar = ANY(%(open_calendars)s) THEN 0 ELSE 1 END
"""
_NEAR: Final = f"""
    (strpos(d.searched, %(near#)s) > 0
     OR EXISTS (SELECT FROM (SELECT {_DIVISION} AS here) there
                 WHERE {listed.lies_in("there.here", "places#")})
     OR (d.kind = 'adviser' AND d.code = ANY(%(serving#)s)))
"""
"""Of the word with this number."""
_CONDITIONS: Final = {
    **equal("d", "kind", "active", "firm", "team"),
    "text": """
        (strpos(d.searched, %(searched)s) > 0 OR starts_with(lower(d.code), lower(trim(%(text)s))))
    """,
}


def page(
    filters: DirectoryFilters,
    *,
    position: int,
    day: date,
    limit: int,
    after: DirectoryCursor | None = None,
) -> Answering[list[DirectoryRow]]:
    """In order of code. `day`: the local day whose places and villages are meant."""
    where, parameters = [], {}
    if after is not None:
        where = ["(d.code, d.kind) > (%(after_code)s, %(after_kind)s)"]
        parameters = {"after_code": after.code, "after_kind": after.kind}
    return _page(DirectoryRow, filters, (position, day), limit, (where, parameters))


def public_page(
    filters: PublicFilters,
    *,
    position: int,
    day: date,
    limit: int,
    after: PublicCursor | None = None,
    open_calendars: Sequence[str] | None = None,
) -> Answering[list[PublicRow]]:
    """Query a page as `page` does, of open points and advisers in office; with `open_calendars`
    the points whose calendar is one of them come first, and advisers last."""
    active = replace(filters, active=True)
    where: list[str] = []
    parameters: dict[str, Any] = {"open_calendars": list(open_calendars or ())}
    rank = "" if open_calendars is None else f"{_RANK}, "
    if filters.code is not None:
        where.append("d.code = %(code)s")
        parameters |= {"code": filters.code}
    for number, word in enumerate(words_of(filters.near or "")):
        named = yield listed.divisions_named(word, position=position, limit=PLACES_MAX)
        places = [one.code for one in named]
        serving = yield appointments.serving(divisions=places, day=day, position=position)
        where.append(_NEAR.replace("#", str(number)))
        parameters |= {
            f"near{number}": word,
            f"places{number}": places,
            f"serving{number}": [one.adviser for one in serving],
        }
    if after is not None:
        before = "%(after_rank)s, " if rank else ""
        where.append(f"({rank}d.code, d.kind) > ({before}%(after_code)s, %(after_kind)s)")
        parameters |= {
            "after_rank": after.rank, "after_code": after.code, "after_kind": after.kind,
        }  # fmt: skip
    asof, more = (position, day), (where, parameters)
    return (yield from _page(PublicRow, active, asof, limit, more, order=rank))


def rank_of(row: PublicRow, open_calendars: Sequence[str] | None) -> int:
    """Return where a row stands before its code is looked at: `_RANK`."""
    if open_calendars is None:
        return 0
    if row.kind == ADVISER:
        return 2
    return 0 if row.calendar in open_calendars else 1


def _page(
    row: type[RowT],
    filters: DirectoryFilters,
    asof: tuple[int, date],
    limit: int,
    more: tuple[list[str], dict[str, Any]],
    order: str = "",
) -> Answering[list[RowT]]:
    """Query a page; `more`: conditions and parameters besides those of the filters; `order`: what
    stands in it before the code."""
    position, day = asof
    where, parameters = filtered(filters, _CONDITIONS)
    where += [standing_at("d"), *more[0]]
    parameters |= more[1]
    parameters |= {"position": position, "day": day, "limit": limit}
    parameters |= {"searched": name_of(filters.text or "")}
    if filters.division is not None:
        held = yield appointments.within(division=filters.division, position=position)
        serving = {one.adviser for row in held for one in row.stints if one.covers(day)}
        where.append(
            f"(starts_with({_DIVISION}, %(division)s)"
            " OR (d.kind = 'adviser' AND d.code = ANY(%(serving)s)))"
        )
        parameters |= {"division": filters.division, "serving": sorted(serving)}
    columns = selected(row, "d", without=LOOKED_UP, division=_DIVISION, marks=marks.held("d"))
    sql = f"""
        SELECT {columns} FROM views.directory d WHERE {" AND ".join(where)}
         ORDER BY {order}d.code, d.kind LIMIT %(limit)s
    """  # noqa: S608
    found: list[RowT] = yield Query(sql, parameters, row)
    advisers = [one.code for one in found if one.kind == ADVISER]
    served = yield appointments.of(advisers=advisers, position=position)
    villages: defaultdict[str, list[str]] = defaultdict(list)
    for one in served:
        for stint in one.stints:
            if stint.covers(day):
                villages[stint.adviser].append(one.division)
    places = {code for some in villages.values() for code in some}
    places |= {one.division for one in found if one.division}
    known = yield listed.divisions_of(sorted(places), position=position)
    names = {one.code: one.division.name_on(day).name for one in known}
    firms = yield listed.names(
        "firm", sorted({one.firm for one in found if one.firm}), position=position
    )
    firm_names = {one.code: one.name for one in firms}
    return [
        replace(
            one,
            villages=(served_by := tuple(villages[one.code]) if one.kind == ADVISER else ()),
            division_name=names.get(one.division or ""),
            firm_name=firm_names.get(one.firm or ""),
            village_names=tuple(names.get(code, code) for code in served_by) if names else (),
        )
        for one in found
    ]


def cursor_of(row: DirectoryRow) -> DirectoryCursor:
    return DirectoryCursor(row.code, row.kind)


# --- asking: rooms and names


class Room(Struct, frozen=True, kw_only=True):
    code: str
    name: str
    zone: str
    until: datetime | None
    locations: tuple[Location, ...]
    calendar: str | None
    judged: tuple[Judged, ...]
    judged_as_dated: tuple[Judged, ...]

    @property
    def as_dated(self) -> "Room":
        return replace(self, judged=self.judged_as_dated)

    def judged_on(self, day: date) -> Judged | None:
        """Return place and calendar that judge a day; None where there was no room yet."""
        return judged_on(day, self.judged)

    @property
    def point(self) -> Point:
        """Rebuild the point, as far as its place and opening on a day need it."""
        return Point(
            code=self.code,
            kind="room",
            name=self.name,
            locations=self.locations,
            calendar=self.calendar,
            zone=self.zone,
            services=(),
            closed_at=self.until,
        )


def rooms(*, division: str, position: int) -> Query[Room]:
    """Query the rooms that are, were or will be in the division (a prefix), in order of code."""
    lies = "EXISTS (SELECT FROM unnest(d.divisions) one WHERE starts_with(one, %(division)s))"
    return _rooms(lies, {"division": division, "position": position})


def rooms_of(villages: Collection[str], *, position: int) -> Query[Room]:
    """Query the rooms that are, were or will be in one of the villages, in order of code."""
    return _rooms("d.divisions && %(villages)s", {"villages": [*villages], "position": position})


def _rooms(lies: str, parameters: dict[str, Any]) -> Query[Room]:
    sql = f"""
        SELECT {selected(Room, "d")} FROM views.directory d
         WHERE {standing_at("d")} AND d.kind = 'room' AND {lies}
         ORDER BY d.code
    """  # noqa: S608
    return Query(sql, parameters, Room)


def calendars(some: Iterable[Room], day: date) -> dict[str, str | None]:
    """Map each village that has a room on that day to the calendar of the first one, by code.

    The journal judges a visit by the same: `domain.moment.village_calendar`.
    """
    found: dict[str, str | None] = {}
    for room in some:
        if (there := room.judged_on(day)) is not None:
            found.setdefault(there.division, there.calendar)
    return found


class Named(Struct, frozen=True):
    code: str
    name: str


def names(*, advisers: Sequence[str], position: int) -> Query[Named]:
    sql = f"""
        SELECT {selected(Named, "d")} FROM views.directory d
         WHERE {standing_at("d")} AND d.kind = 'adviser' AND d.code = ANY(%(advisers)s)
    """  # noqa: S608
    return Query(sql, {"advisers": list(advisers), "position": position}, Named)
