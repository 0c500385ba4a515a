"""Appointments as they stand: who serves each village on which days, its group and its display."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, ClassVar, Final
from uuid import UUID

from msgspec import Struct

from domain.concerned import marks
from domain.registers import appointment
from domain.registers.appointment import TURN, Appointment, Selection, Span, Turn, is_open
from domain.registers.stint import Stint
from domain.vocabulary import SIMULATION
from projections.advising import listed
from projections.asking.asking import (
    NEVER,
    Query,
    concerning,
    equal,
    filtered,
    one_page,
    standing_at,
)
from projections.storing.columns import SmallInt, selected
from projections.storing.standings import WHOLE, Change, Standings, Values

NAME: Final = "appointments"
COLUMNS: Final = (
    ("division", "text"),
    ("candidates", "text[]"),
    ("chosen", "text"),
    ("accepted", "boolean"),
    ("selection", "text"),
    ("turn", "text"),
    ("chosen_firm", "text"),
    ("terms", "smallint"),
    ("adviser", "text"),
    ("firm", "text"),
    ("starts_on", "date"),
    ("ends_on", "date"),
    ("group_open", "boolean"),
    ("display_up", "boolean"),
    ("advisers", "text[]"),
    ("stints", "jsonb"),
    ("groups", "jsonb"),
    ("displays", "jsonb"),
    ("concerned", "text[]"),
    ("simulated", "boolean"),
)
"""`candidates`, `chosen`: advisers of the selection that is on. `turn`: who must act next in it.
`terms`: contracted so far. From `adviser` to `ends_on`: of the stint contracted last. `group_open`,
`display_up`: as said last, whatever the day. `advisers`: those of the stints, each once. `stints`,
`groups`, `displays` as the domain has them: days are compared there. `concerned`: marks of whom it
concerns."""


def _fold(change: Change) -> Iterator[tuple[str, Values]]:
    state: Appointment = change.after
    last = state.stints[-1] if state.stints else None
    values = {
        "division": state.division,
        "candidates": tuple(one.adviser for one in state.candidates),
        "chosen": state.chosen,
        "accepted": state.accepted,
        "selection": state.selection,
        "turn": TURN.get(state.selection),
        "chosen_firm": state.chosen_firm,
        "adviser": last.adviser if last else None,
        "firm": last.firm if last else None,
        "starts_on": last.first if last else None,
        "ends_on": last.last if last else None,
        "group_open": is_open(state.groups),
        "display_up": is_open(state.displays),
        "concerned": marks(state),
        "terms": len(state.terms),
        "advisers": tuple(dict.fromkeys(one.adviser for one in state.stints)),
        "stints": state.stints,
        "groups": state.groups,
        "displays": state.displays,
        "simulated": change.recorded.device == SIMULATION,
    }
    if values != change.stood.get(WHOLE):
        yield WHOLE, values


VIEW: Final = Standings(
    NAME,
    3,
    (appointment,),
    COLUMNS,
    _fold,
    indexes=(
        "CREATE INDEX ON appointments (division, superseded_at, position)",
        "CREATE INDEX ON appointments USING gin (advisers)",
        f"CREATE INDEX ON appointments USING gin (whose) WHERE superseded_at = {NEVER}",
    ),
)

# --- asking: the list


class ContractRow(Struct, frozen=True, kw_only=True):
    """A village's appointment, one of a town's linked providers: the selection that is on, and the
    contract signed last."""

    KEY: ClassVar = ("division",)
    stream: UUID
    version_position: int
    division: str
    selection: Selection
    turn: Turn | None
    candidates: tuple[str, ...]
    chosen: str | None
    chosen_firm: str | None
    terms: SmallInt
    adviser: str | None
    firm: str | None
    starts_on: date | None
    ends_on: date | None
    group_open: bool
    display_up: bool

    def streams(self) -> list[UUID]:
        return [self.stream]


class ContractFilters(Struct, frozen=True, kw_only=True):
    """`division` is a prefix. `adviser`, `firm`: of the contract signed last. `ends_from` to
    `ends_until` (both included): its last day. `concerned`: marks of whom it concerns."""

    division: str | None = None
    selection: Selection | None = None
    turn: Turn | None = None
    adviser: str | None = None
    firm: str | None = None
    candidate: str | None = None
    chosen_firm: str | None = None
    contracted: bool | None = None
    ends_from: date | None = None
    ends_until: date | None = None
    group_open: bool | None = None
    display_up: bool | None = None
    concerned: list[str] | None = None


_CONDITIONS: Final = {
    **equal("a", "selection", "turn", "adviser", "firm", "chosen_firm", "group_open", "display_up"),
    "division": "starts_with(a.division, %(division)s)",
    "candidate": "a.candidates @> ARRAY[%(candidate)s]",
    "contracted": "(a.terms > 0) = %(contracted)s",
    "ends_from": "a.ends_on >= %(ends_from)s",
    "ends_until": "a.ends_on <= %(ends_until)s",
    **concerning("a"),
}
_LISTED: Final = selected(ContractRow, "a", version_position="a.position")
_OF_OTHERS: Final = {
    "selection": ("a.selection", "'none'"),
    "turn": ("a.turn", "NULL"),
    "candidates": ("ARRAY[a.chosen]", "ARRAY[]::text[]"),
    "chosen": ("a.chosen", "NULL"),
    "chosen_firm": ("a.chosen_firm", "NULL"),
}
"""What a firm reads of a selection: where its adviser is chosen, and of all others."""
_PLAIN: Final = ("position", "superseded_at", "stream", *(name for name, _ in COLUMNS))
_PART_OF_FIRM: Final = ", ".join(
    [f"a.{name}" for name in _PLAIN if name not in _OF_OTHERS]
    + [
        f"CASE WHEN a.chosen_firm = %(part_of)s THEN {own} ELSE {other} END AS {name}"
        for name, (own, other) in _OF_OTHERS.items()
    ]
)


def page(
    filters: ContractFilters,
    *,
    position: int,
    limit: int,
    after: str | None = None,
    head: bool = False,
    part_of: str | None = None,
) -> Query[ContractRow]:
    """Query one page, by division; with `head` the position is the view's own. `part_of`: the firm
    that reads no more than its own part (`domain.concerned.part_of`); None for whoever reads all.
    """
    where, parameters = filtered(filters, _CONDITIONS)
    rows = "views.appointments"
    if part_of is not None:
        rows = f"(SELECT {_PART_OF_FIRM} FROM views.appointments a)"  # noqa: S608
    return one_page(
        ContractRow,
        f"SELECT {_LISTED} FROM {rows} a",  # noqa: S608
        [*where, standing_at("a", head=head)],
        parameters | {"position": position, "part_of": part_of},
        order=("a.division",),
        after=after,
        limit=limit,
    )


def cursor_of(row: ContractRow) -> str:
    return row.division


# --- asking: who served, as the domain has it


class AppointmentRow(Struct, frozen=True, kw_only=True):
    division: str
    stints: tuple[Stint, ...]
    groups: tuple[Span, ...]
    displays: tuple[Span, ...]

    @property
    def appointment(self) -> Appointment:
        """Rebuild the appointment: persons and things there, without selection and conduct."""
        return Appointment(
            division=self.division,
            stints=self.stints,
            groups=self.groups,
            displays=self.displays,
        )


_STANDING: Final = f"""
    SELECT {selected(AppointmentRow, "a")}
      FROM views.appointments a WHERE {standing_at("a")}
"""  # noqa: S608


def within(*, division: str, position: int) -> Query[AppointmentRow]:
    """Query the villages of the division (a prefix), in order of code."""
    sql = f"{_STANDING} AND starts_with(a.division, %(division)s) ORDER BY a.division"
    return Query(sql, {"division": division, "position": position}, AppointmentRow)


class Serving(Struct, frozen=True):
    adviser: str


def serving(*, divisions: Sequence[str], day: date, position: int) -> Query[Serving]:
    """Query who serves on that day in any of these divisions, or within one."""
    sql = f"""
        SELECT DISTINCT stint ->> 'adviser' AS adviser
          FROM views.appointments a, jsonb_array_elements(a.stints) stint
         WHERE {standing_at("a")} AND {listed.lies_in("a.division", "divisions")}
           AND stint ->> 'first' <= %(day)s AND stint ->> 'last' >= %(day)s
         ORDER BY adviser
    """  # noqa: S608
    asked = {"divisions": list(divisions), "day": day.isoformat(), "position": position}
    return Query(sql, asked, Serving)


def of(*, advisers: Sequence[str], position: int) -> Query[AppointmentRow]:
    """Query every village that any of these advisers ever served."""
    parameters: dict[str, Any] = {"advisers": list(advisers), "position": position}
    sql = f"{_STANDING} AND a.advisers && %(advisers)s ORDER BY a.division"
    return Query(sql, parameters, AppointmentRow)
