"""Appointments as they stand: who serves each village on which days, its group and its display."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from msgspec import Struct

from domain.registers import appointment
from domain.registers.appointment import Appointment, Span
from domain.registers.stint import Stint
from domain.vocabulary import SIMULATION
from projections.asking.asking import Query, standing_at
from projections.storing.columns import selected
from projections.storing.standings import WHOLE, Change, Standings, Values

NAME: Final = "appointments"
COLUMNS: Final = (
    ("division", "text"),
    ("candidates", "text[]"),
    ("chosen", "text"),
    ("accepted", "boolean"),
    ("terms", "smallint"),
    ("advisers", "text[]"),
    ("stints", "jsonb"),
    ("groups", "jsonb"),
    ("displays", "jsonb"),
    ("simulated", "boolean"),
)
"""`candidates`, `chosen`: advisers of the selection that is on. `terms`: contracted so far.
`advisers`: those of the stints, each once. `stints`, `groups`, `displays` as the domain has them:
days are compared there."""


def _fold(change: Change) -> Iterator[tuple[str, Values]]:
    state: Appointment = change.after
    values = {
        "division": state.division,
        "candidates": tuple(one.adviser for one in state.candidates),
        "chosen": state.chosen,
        "accepted": state.accepted,
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
    1,
    (appointment,),
    COLUMNS,
    _fold,
    indexes=("CREATE INDEX ON appointments (division, superseded_at, position)",),
)

# --- asking


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


def of(*, advisers: Sequence[str], position: int) -> Query[AppointmentRow]:
    """Query every village that any of these advisers ever served."""
    parameters: dict[str, Any] = {"advisers": list(advisers), "position": position}
    sql = f"{_STANDING} AND a.advisers && %(advisers)s ORDER BY a.division"
    return Query(sql, parameters, AppointmentRow)
