"""Joint conferences as they stand, and what they decided, one by one: open, done, overdue."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import ClassVar, Final
from uuid import UUID

from msgspec import Struct

from domain.coordination import conference
from domain.coordination.conference import Conference, DecisionStatus
from domain.vocabulary import SIMULATION
from projections.asking.asking import NEVER, Cursor, Query, equal, filtered, one_page, standing_at
from projections.storing.columns import columns_of, selected
from projections.storing.standings import WHOLE, Change, Standings, Values

NAME: Final = "conferences"
DECISIONS: Final = "decisions"


class ConferenceRow(Struct, frozen=True, kw_only=True):
    KEY: ClassVar = ("stream",)
    stream: UUID
    number: int
    version_position: int
    division: str
    day: date
    subject: str
    attending: int
    absent: int
    decisions: int
    """Without those dropped."""
    open: int
    """Of them."""
    entered_at: datetime

    def streams(self) -> list[UUID]:
        return [self.stream]


COLUMNS: Final = columns_of(
    ConferenceRow, without=("stream", "version_position"), simulated="boolean"
)


def _fold(change: Change) -> Iterator[tuple[str, Values]]:
    state: Conference = change.after
    stood, held = change.stood.get(WHOLE), state.held
    statuses = [one.status for one in state.decisions]
    values = {
        "number": stood["number"] if stood else change.recorded.position,
        "division": held.division,
        "day": held.day,
        "subject": held.subject,
        "attending": len(held.attending),
        "absent": len(held.absent),
        "decisions": len(statuses) - statuses.count("dropped"),
        "open": statuses.count("open"),
        "entered_at": stood["entered_at"] if stood else change.recorded.occurred_at,
        "simulated": change.recorded.device == SIMULATION,
    }
    if values != stood:
        yield WHOLE, values


VIEW: Final = Standings(
    NAME,
    2,
    (conference,),
    COLUMNS,
    _fold,
    indexes=(f"CREATE INDEX ON conferences (entered_at, stream) WHERE superseded_at = {NEVER}",),
)


class DecisionRow(Struct, frozen=True, kw_only=True):
    """One decision of a conference."""

    KEY: ClassVar = ("stream", "decision")
    stream: UUID
    """Of the conference."""
    decision: int
    """Its number in the conference."""
    version_position: int
    division: str
    day: date
    """Of the conference."""
    text: str
    responsible: str
    responsible_code: str | None
    due: date
    status: DecisionStatus
    done_on: date | None
    overdue: bool = False
    """Open after its day, or done after it."""

    def streams(self) -> list[UUID]:
        return [self.stream]


DECISION_COLUMNS: Final = columns_of(
    DecisionRow, without=("stream", "version_position", "overdue"), simulated="boolean"
)


def _decided(change: Change) -> Iterator[tuple[str, Values]]:
    state: Conference = change.after
    for one in state.decisions:
        values = {
            "decision": one.number,
            "division": state.held.division,
            "day": state.held.day,
            "text": one.text,
            "responsible": one.responsible.name,
            "responsible_code": one.responsible.code,
            "due": one.due,
            "status": one.status,
            "done_on": one.done_on,
            "simulated": change.recorded.device == SIMULATION,
        }
        if values != change.stood.get(str(one.number)):
            yield str(one.number), values


DECISION_VIEW: Final = Standings(
    DECISIONS,
    2,
    (conference,),
    DECISION_COLUMNS,
    _decided,
    indexes=(
        f"CREATE INDEX ON decisions (due, stream) WHERE superseded_at = {NEVER} AND"
        " status = 'open'",
    ),
)


# --- asking


class ConferenceFilters(Struct, frozen=True, kw_only=True):
    """`division` is a prefix; `from_` to `to` (exclusive) are days of conferences."""

    division: str | None = None
    from_: date | None = None
    to: date | None = None
    with_open: bool | None = None


_CONDITIONS: Final = {
    "division": "starts_with(c.division, %(division)s)",
    "from_": "c.day >= %(from_)s",
    "to": "c.day < %(to)s",
    "with_open": "(c.open > 0) = %(with_open)s",
}


def page(
    filters: ConferenceFilters,
    *,
    position: int,
    limit: int,
    after: Cursor | None = None,
    head: bool = False,
) -> Query[ConferenceRow]:
    """Query one page, entered last first; with `head` the position is the view's own."""
    where, parameters = filtered(filters, _CONDITIONS)
    where.append(standing_at("c", head=head))
    columns = selected(ConferenceRow, "c", version_position="c.position")
    return one_page(
        ConferenceRow,
        f"SELECT {columns} FROM views.conferences c",  # noqa: S608
        where,
        parameters | {"position": position},
        order=("c.entered_at", "c.stream"),
        descending=True,
        after=after,
        limit=limit,
    )


def cursor_of(row: ConferenceRow) -> Cursor:
    return Cursor(row.entered_at, row.stream)


class DecisionFilters(Struct, frozen=True, kw_only=True):
    """`division` is a prefix of that of the conference; `unit` the code of the responsible one."""

    division: str | None = None
    unit: str | None = None
    status: DecisionStatus | None = None
    overdue: bool | None = None
    due_before: date | None = None


OVERDUE: Final = "(d.status <> 'dropped' AND coalesce(d.done_on, %(today)s) > d.due)"
_OF_DECISION: Final = {
    **equal("d", "status"),
    "division": "starts_with(d.division, %(division)s)",
    "unit": "d.responsible_code = %(unit)s",
    "overdue": f"{OVERDUE} = %(overdue)s",
    "due_before": "d.due < %(due_before)s",
}


def decisions(filters: DecisionFilters, *, position: int, today: date) -> Query[DecisionRow]:
    """Query the decisions, the earliest due first; `today` is the local day they are judged on."""
    where, parameters = filtered(filters, _OF_DECISION)
    where.append(standing_at("d"))
    sql = f"""
        SELECT {selected(DecisionRow, "d", version_position="d.position", overdue=OVERDUE)}
          FROM views.decisions d WHERE {" AND ".join(where)}
         ORDER BY d.due, d.stream, d.decision
    """  # noqa: S608
    return Query(sql, parameters | {"position": position, "today": today}, DecisionRow)
