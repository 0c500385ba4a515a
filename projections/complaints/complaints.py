"""The board of complaints: whose turn it is, what is due next, what was said; and the base of the
criticism table. What it says is kept beside what it has come to, one row per event."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, ClassVar, Final, Literal
from uuid import UUID

from msgspec import Struct

from domain.complaints import complaint
from domain.complaints.complaint import Complaint
from domain.complaints.record import (
    ComplaintAnswered,
    ComplaintRegistered,
    DissatisfactionNoted,
    DissatisfactionSettled,
    Grievance,
    ReturnVisitMade,
)
from domain.complaints.review import ReviewAsked, ReviewDecided
from domain.complaints.routing import CoHandlerAnswered
from domain.complaints.visibility import hidden_from, marks_of
from domain.vocabulary import SIMULATION, Actor, Event
from domain.worktime.zone import zone_of
from projections.asking.asking import NEVER, Cursor, Query, equal, filtered, standing_at
from projections.asking.words import grams_of, name_of, normalised, said
from projections.storing.columns import selected
from projections.storing.standings import WHOLE, Change, Standings, Values

NAME: Final = "complaints"
COLUMNS: Final = (
    ("number", "bigint"),
    ("kind", "text"),
    ("status", "text"),
    ("stage", "text"),
    ("registered", "boolean"),
    ("received_at", "timestamptz"),
    ("day", "date"),
    ("late", "boolean"),
    ("round", "smallint"),
    ("point", "text"),
    ("organ", "text"),
    ("division", "text"),
    ("service", "text"),
    ("channel", "text"),
    ("concern", "text"),
    ("aspects", "text[]"),
    ("adviser", "text"),
    ("account", "text"),
    ("firm", "text"),
    ("team", "text"),
    ("anonymous", "boolean"),
    ("people", "integer"),
    ("request", "uuid"),
    ("rating", "uuid"),
    ("work_order", "text"),
    ("external_source", "text"),
    ("external_id", "text"),
    ("subject", "text"),
    ("measure", "text"),
    ("unit", "text"),
    ("co_handlers", "text[]"),
    ("due", "timestamptz"),
    ("due_name", "text"),
    ("paused", "boolean"),
    ("supervised", "smallint"),
    ("answers", "smallint"),
    ("answered_at", "timestamptz"),
    ("outcome", "text"),
    ("justified", "boolean"),
    ("resolved", "boolean"),
    ("satisfied", "boolean"),
    ("late_promises", "smallint"),
    ("late_promises_on_record", "smallint"),
    ("reviews", "smallint"),
    ("reclassified", "smallint"),
    ("same_matter", "uuid[]"),
    ("voided", "boolean"),
    ("finished_at", "timestamptz"),
    ("finished_day", "date"),
    ("hidden_from", "text[]"),
    ("simulated", "boolean"),
    ("body", "text"),
    ("grams", "text[]"),
)
"""`day`: local day it was received. `unit`: whose turn it is. `due`: the next promise that runs.
`measure`: the opinion of the last answer, or how it was settled. `body`, `grams`: what this one
event says."""
OVER: Final = frozenset(("settled", "declined", "closed", "withdrawn", "final"))
TEXTS: Final[dict[type[Event], tuple[str, ...]]] = {
    DissatisfactionSettled: ("measure",),
    ComplaintAnswered: ("claim", "facts", "opinion", "basis"),
    CoHandlerAnswered: ("opinion",),
    ReturnVisitMade: ("comment",),
    ReviewAsked: ("ground",),
    ReviewDecided: ("opinion",),
}


def _fold(change: Change) -> Iterator[tuple[str, Values]]:
    state: Complaint = change.after
    recorded = change.recorded
    stood = change.stood.get(WHOLE)
    zone = zone_of(state.zone)
    finished = state.status in OVER or state.voided
    finished_at = stood and stood["finished_at"] if finished else None
    if finished and finished_at is None:
        finished_at = recorded.occurred_at
    told = state.told
    running = () if state.pause else state.promises
    next_due = min(running, key=lambda one: one.due, default=None)
    values = _of_grievance(state.grievance) | {
        "number": stood["number"] if stood else recorded.position,
        "kind": state.kind,
        "status": state.status,
        "stage": state.stage,
        "registered": state.registered,
        "received_at": state.begun_at,
        "day": state.begun_at.astimezone(zone).date(),
        "late": _late(recorded.event, stood),
        "round": state.round,
        "division": state.division,
        "firm": state.firm,
        "team": state.team,
        "measure": _measure(recorded.event, stood),
        "unit": state.holder,
        "co_handlers": state.routing.awaited,
        "due": next_due.due if next_due and not state.voided else None,
        "due_name": next_due.name if next_due and not state.voided else None,
        "paused": state.pause is not None,
        "supervised": len(state.supervised),
        "answers": len(state.answers),
        "answered_at": state.answers[-1].at if state.answers else None,
        "outcome": state.answers[-1].outcome if state.answers else None,
        "justified": state.answers[-1].justified if state.answers else None,
        "resolved": state.answers[-1].resolved if state.answers else None,
        "satisfied": told.satisfied if told else None,
        "late_promises": sum(one.kept and not one.in_time for one in state.results),
        "late_promises_on_record": _late_on_record(change, stood),
        "reviews": len(state.reviews.decided),
        "reclassified": state.reclassified,
        "same_matter": state.same_matter,
        "voided": state.voided,
        "finished_at": finished_at,
        "finished_day": finished_at.astimezone(zone).date() if finished_at else None,
        "hidden_from": hidden_from(state),
        "simulated": recorded.device == SIMULATION,
    }
    body = normalised(" ".join(_said(recorded.event)))
    if body:
        values |= {"body": body, "grams": sorted(grams_of(body))}
    yield WHOLE, values


def _late_on_record(change: Change, stood: Values | None) -> int:
    """Count the promises that were kept and not on record when they were due."""
    before, after = change.before, change.after
    ended = after.results[len(before.results) if before else 0 :]
    known_at = change.recorded.recorded_at
    assert known_at is not None
    earlier: int = stood["late_promises_on_record"] if stood else 0
    return earlier + sum(1 for one in ended if one.kept and known_at > one.promise.due)


def _of_grievance(about: Grievance) -> Values:
    return {
        "point": about.point,
        "organ": about.organ,
        "service": about.service,
        "channel": about.channel,
        "concern": about.concern,
        "aspects": about.aspects,
        "adviser": about.adviser,
        "account": about.account,
        "anonymous": about.anonymous,
        "people": about.people,
        "request": about.request,
        "rating": about.rating,
        "work_order": about.work_order,
        "external_source": about.external.source if about.external else None,
        "external_id": about.external.id if about.external else None,
        "subject": about.subject,
    }


def _late(event: Event, stood: Values | None) -> bool:
    if isinstance(event, DissatisfactionNoted | ComplaintRegistered):
        return event.late_reason is not None or bool(stood and stood["late"])
    return bool(stood and stood["late"])


def _measure(event: Event, stood: Values | None) -> str | None:
    match event:
        case ComplaintAnswered():
            return event.opinion
        case DissatisfactionSettled():
            return event.measure
    return stood["measure"] if stood else None


def _said(event: Event) -> list[str]:
    if isinstance(event, DissatisfactionNoted | ComplaintRegistered):
        about, who = event.grievance, event.grievance.complainant
        words = [about.subject, about.detail, about.work_order]
        words += [about.external.id if about.external else None]
        if who is not None:
            digits = "".join(one for one in who.phone or "" if one.isdecimal())
            words += [
                who.name and name_of(who.name),
                who.phone,
                digits if digits != who.phone else None,
            ]
    else:
        words = [getattr(event, field) for field in TEXTS.get(type(event), ())]
    return [one for one in words if one]


VIEW: Final = Standings(
    NAME,
    4,
    (complaint,),
    COLUMNS,
    _fold,
    indexes=(
        "CREATE INDEX ON complaints (day, superseded_at, position)",
        f"CREATE INDEX ON complaints (received_at, stream) WHERE superseded_at = {NEVER}",
        "CREATE INDEX ON complaints (work_order) WHERE work_order IS NOT NULL",
        "CREATE INDEX ON complaints (external_id) WHERE external_id IS NOT NULL",
        "CREATE INDEX ON complaints USING gin (grams) WITH (gin_pending_list_limit = 1024)",
    ),
)


# --- asking

Order = Literal["due", "received"]
Turn = Literal["mine", "co_handled"]


class ComplaintFilters(Struct, frozen=True, kw_only=True):
    """Filters of the board."""

    turn: Turn | None = None
    """Whose turn it is, seen from the asking actor's unit."""
    unit: str | None = None
    point: str | None = None
    organ: str | None = None
    division: str | None = None
    """Prefix of the division code."""
    adviser: str | None = None
    channel: str | None = None
    concern: str | None = None
    stage: str | None = None
    open: bool | None = None
    registered: bool | None = None
    due_before: datetime | None = None
    """Only with a running promise due before it; overdue ones are due before now."""
    due_from: datetime | None = None
    supervised: bool | None = None
    from_: date | None = None
    to: date | None = None
    work_order: str | None = None
    external_id: str | None = None
    text: str | None = None
    """Words separated by blanks; each must be said somewhere, in whatever event."""
    order: Order = "due"


class ComplaintRow(Struct, frozen=True, kw_only=True):
    KEY: ClassVar = ("stream",)
    stream: UUID
    number: int
    """Position of its first event: unique, never reused."""
    version_position: int
    subject: str
    kind: str
    stage: str
    registered: bool
    received_at: datetime
    day: date
    late: bool
    round: int
    point: str | None
    organ: str | None = None
    """Complained of instead of a point."""
    division: str
    service: str
    channel: str
    concern: str
    aspects: list[str]
    adviser: str | None
    account: str | None
    anonymous: bool
    unit: str
    co_handlers: list[str]
    due: datetime | None
    due_name: str | None
    overdue: bool
    paused: bool
    supervised: int
    answers: int
    outcome: str | None
    justified: bool | None
    resolved: bool | None
    satisfied: bool | None
    late_promises: int
    """Promises kept too late, by when it happened."""
    late_promises_on_record: int = 0
    """Promises kept, and not on record when they were due."""
    reviews: int
    reclassified: int
    same_matter: list[UUID]
    work_order: str | None
    external_id: str | None
    finished_day: date | None
    suspect: bool
    """An event of it could not be projected; see the faults of the views."""

    def streams(self) -> list[UUID]:
        return [self.stream]


_COLUMNS: Final = selected(
    ComplaintRow,
    "c",
    version_position="c.position",
    overdue="coalesce(c.due < %(now)s, false)",
    suspect="EXISTS (SELECT FROM views.faults f WHERE f.stream = c.stream)",
)
_OPEN: Final = "(c.finished_at IS NULL)"
_CONDITIONS: Final = {
    **equal("c", "unit", "point", "organ", "adviser", "channel", "concern", "stage", "registered"),
    **equal("c", "work_order", "external_id"),
    "division": "starts_with(c.division, %(division)s)",
    "open": f"{_OPEN} = %(open)s",
    "due_before": "c.due < %(due_before)s",
    "due_from": "c.due >= %(due_from)s",
    "supervised": "(c.supervised > 0) = %(supervised)s",
    "from_": "c.day >= %(from_)s",
    "to": "c.day < %(to)s",
}
HIDDEN_NOW: Final = f"""
    EXISTS (SELECT FROM views.complaints n
             WHERE n.stream = c.stream AND n.superseded_at = {NEVER}
               AND n.hidden_from && %(marks)s::text[])
"""
_TURNS: Final[dict[Turn, str]] = {
    "mine": f"c.unit = %(own_unit)s AND {_OPEN}",
    "co_handled": "%(own_unit)s = ANY(c.co_handlers)",
}


class BoardAsked(Struct, frozen=True, kw_only=True):
    """The asking actor and the position."""

    by: Actor
    position: int
    now: datetime
    head: bool = False
    """The position is the view's own."""

    @property
    def stands(self) -> str:
        """SQL condition for current rows that are not void, hidden or not."""
        return f"{standing_at('c', head=self.head)} AND NOT c.voided"

    @property
    def hidden(self) -> str:
        """SQL condition for hidden complaints, by what is known now whatever was known then."""
        if self.head:
            return "c.hidden_from && %(marks)s::text[]"
        return HIDDEN_NOW

    def parameters(self) -> dict[str, Any]:
        return {
            "position": self.position,
            "now": self.now,
            "marks": list(marks_of(self.by)),
            "own_unit": self.by.unit,
        }


def page(
    asked: BoardAsked, filters: ComplaintFilters, *, limit: int, after: Cursor | None = None
) -> Query[ComplaintRow]:
    """Query one page of the complaints that the asking actor may see."""
    where, parameters = _wanted(asked, filters)
    column, direction = ("due", "ASC") if filters.order == "due" else ("received_at", "DESC")
    sign = ">" if filters.order == "due" else "<"
    key = f"coalesce(c.{column}, 'infinity')"
    if after is not None:
        place = "(coalesce(%(after_at)s::timestamptz, 'infinity'), %(after)s::uuid)"
        where.append(f"({key}, c.stream) {sign} {place}")
        parameters |= {"after_at": after.at, "after": after.stream}
    sql = f"""
        SELECT {_COLUMNS} FROM views.complaints c WHERE {" AND ".join(where)}
         ORDER BY {key} {direction}, c.stream {direction} LIMIT %(limit)s
    """  # noqa: S608
    return Query(sql, parameters | {"limit": limit}, ComplaintRow)


def cursor_of(row: ComplaintRow, order: Order) -> Cursor:
    return Cursor(row.due if order == "due" else row.received_at, row.stream)


def _wanted(asked: BoardAsked, filters: ComplaintFilters) -> tuple[list[str], dict[str, Any]]:
    where, parameters = filtered(filters, _CONDITIONS)
    where += [asked.stands, f"NOT ({asked.hidden})"]
    parameters |= asked.parameters()
    if filters.turn is not None:
        where.append(_TURNS[filters.turn])
    for says, word in said(filters.text or "", one="c.stream", key="stream", table="complaints"):
        where.append(says)
        parameters |= word
    return where, parameters


class Hidden(Struct, frozen=True):
    stream: UUID


class Counts(Struct, frozen=True, kw_only=True):
    """Numbers on the board's chips: open complaints that the actor may see."""

    open: int
    mine: int
    co_handled: int
    approaching: int
    overdue: int
    paused: int
    supervised: int
    hidden: int
    """All open complaints that the actor may not see; filtered, they would tell what they are
    about.
    """


def counts(
    asked: BoardAsked, filters: ComplaintFilters, approaching_until: datetime
) -> Query[Counts]:
    """Query the counts of the board's chips; `filters` narrows them."""
    where, parameters = _wanted(asked, filters)
    sql = f"""
        WITH found AS (SELECT c.* FROM views.complaints c WHERE {" AND ".join([*where, _OPEN])})
        SELECT count(*) AS open,
               count(*) FILTER (WHERE unit = %(own_unit)s) AS mine,
               count(*) FILTER (WHERE %(own_unit)s = ANY(co_handlers)) AS co_handled,
               count(*) FILTER (WHERE due >= %(now)s AND due < %(until)s) AS approaching,
               count(*) FILTER (WHERE due < %(now)s) AS overdue,
               count(*) FILTER (WHERE paused) AS paused,
               count(*) FILTER (WHERE supervised > 0) AS supervised,
               (SELECT count(*) FROM views.complaints c
                 WHERE {asked.stands} AND {_OPEN} AND {asked.hidden}) AS hidden
          FROM found
    """  # noqa: S608
    return Query(sql, parameters | {"until": approaching_until}, Counts)


def hidden_streams(by: Actor) -> Query[Hidden]:
    """Complaints that an actor may not see, by what is known now."""
    sql = f"""
        SELECT c.stream FROM views.complaints c
         WHERE c.superseded_at = {NEVER} AND c.hidden_from && %(marks)s::text[]
    """  # noqa: S608
    return Query(sql, {"marks": list(marks_of(by))}, Hidden)
