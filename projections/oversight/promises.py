"""Promises by deadline: running, missed, and how deadlines were kept over time.

It has a row for each promise of a request, complaint, rectification or rating after each change,
and one for each promise that was recorded as missed, which nothing changes; imported history has no
promises here.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar, Final, Literal, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from msgspec import Struct

from domain.complaints import complaint
from domain.complaints.complaint import Complaint
from domain.followup import IMPORT
from domain.oversight import rectification
from domain.oversight.rectification import Rectification
from domain.promises import promise_watch
from domain.promises.promise import Promise
from domain.promises.promise_watch import PromiseMissed, PromiseWatch
from domain.requests import rating, request
from domain.requests.rating import Rating
from domain.requests.request import Request
from domain.vocabulary import CHINA, SIMULATION
from domain.worktime.zone import zone_of
from ledger.log.codec import Recorded
from projections.asking.asking import NEVER, PeriodAsked, Query, keyed, standing_at
from projections.history.promises import keeps
from projections.storing.columns import selected
from projections.storing.standings import Change, Standings, Values

NAME: Final = "promises"
State = Literal["running", "paused", "kept", "stopped", "missed"]
"""`missed`: the record that it was, beside the promise itself."""
ByPlace = Literal[
    "month", "point", "division", "town", "district", "service", "channel", "adviser"
]  # fmt: skip
"""What promises can be counted by; `month` is that of the due day."""
RATE: Final = "rate"
"""The person's own term: until it ends, silence is no rating. No promise of an office."""
COLUMNS: Final = (
    ("of_kind", "text"),
    ("name", "text"),
    ("round", "smallint"),
    ("state", "text"),
    ("started_at", "timestamptz"),
    ("due", "timestamptz"),
    ("ended_at", "timestamptz"),
    ("in_time", "boolean"),
    ("on_record_in_time", "boolean"),
    ("promised_in", "uuid"),
    ("day", "date"),
    ("given_at", "bigint"),
    ("point", "text"),
    ("division", "text"),
    ("service", "text"),
    ("channel", "text"),
    ("adviser", "text"),
    ("unit", "text"),
    ("provisional", "boolean"),
    ("simulated", "boolean"),
)
"""`day`: the local day it is due. `given_at`: position of the event that gave it or moved its due
moment. `unit`: who has to keep it. `on_record_in_time`: kept, and recorded, when it was due.
`promised_in`: of what was recorded as missed, the stream of the thing."""


class PromiseLeft(NamedTuple):
    """A promise as an event left it."""

    promise: Promise
    state: State
    ended_at: datetime | None = None


def _fold(change: Change) -> Iterator[tuple[str, Values]]:
    recorded = change.recorded
    if recorded.by.role == "importer" or recorded.device == IMPORT:
        return
    if isinstance(recorded.event, PromiseMissed):
        yield _recorded_as_missed(recorded.event, recorded)
    kind = type(change.after)
    if kind is PromiseWatch:
        return
    place: Values | None = None
    for told in _READ[kind](change):
        promise = told.promise
        part = f"{promise.name}:{promise.round}:{promise.started_at.timestamp()}"
        stood = change.stood.get(part)
        if stood is None and told.ended_at is not None:
            continue
        place = place or _PLACE[kind](change.after)
        if stood is None or not _same(told, place, stood):
            yield part, _values(told, place, recorded, stood)


def _recorded_as_missed(event: PromiseMissed, recorded: Recorded) -> tuple[str, Values]:
    return f"missed:{event.name}:{event.round}", {
        "of_kind": event.of_kind,
        "name": event.name,
        "round": event.round,
        "state": "missed",
        "due": event.due,
        "promised_in": event.of,
        "simulated": recorded.device == SIMULATION,
    }


def recorded_as_missed(alias: str, position: str) -> str:
    """Return the SQL condition for promises that were recorded as missed by a position.

    A name is promised again in one round where it fell away before: what was missed was due after
    its own beginning.
    """
    return f"""EXISTS (
        SELECT FROM views.promises missed
         WHERE missed.promised_in = {alias}.stream AND missed.name = {alias}.name
           AND missed.round = {alias}.round AND missed.due >= {alias}.started_at
           AND missed.position <= {position})"""


def _same(told: PromiseLeft, place: Values, stood: Values) -> bool:
    """Return whether an event left a promise as it was."""
    if told.state != stood["state"] or told.promise.due != stood["due"]:
        return False
    return told.ended_at == stood["ended_at"] and all(stood[name] == place[name] for name in place)


def _values(told: PromiseLeft, place: Values, recorded: Recorded, stood: Values | None) -> Values:
    promise, ended_at = told.promise, told.ended_at
    given_at = recorded.position
    if stood is not None and stood["due"] == promise.due:
        given_at = stood["given_at"]
    return place | {
        "name": promise.name,
        "round": promise.round,
        "state": told.state,
        "started_at": promise.started_at,
        "due": promise.due,
        "ended_at": ended_at,
        "in_time": ended_at <= promise.due if ended_at and told.state == "kept" else None,
        "on_record_in_time": _on_record_in_time(told, recorded),
        "day": promise.due.astimezone(place["zone"]).date(),
        "given_at": given_at,
        "provisional": promise.provisional,
        "simulated": recorded.device == SIMULATION,
    }


def _on_record_in_time(told: PromiseLeft, recorded: Recorded) -> bool | None:
    """Return whether it was on record when due; where the clock stood still, if it was in time."""
    if told.state != "kept":
        return None
    assert recorded.recorded_at is not None
    assert told.ended_at is not None
    stood_still = told.ended_at < recorded.occurred_at
    return (told.ended_at if stood_still else recorded.recorded_at) <= told.promise.due


# --- what each kind of thing promises


def _of_request(change: Change) -> Iterator[PromiseLeft]:
    before: Request | None = change.before
    after: Request = change.after
    at = change.recorded.occurred_at
    if after.voided:
        # What is told of a void request changes nothing.
        if before is not None and not before.voided:
            running = (*before.promises, *before.aid_promises)
            yield from (PromiseLeft(one, "stopped", at) for one in running)
        return
    left = {(one.name, one.round) for one in after.promises}
    for one in before.promises if before else ():
        if (one.name, one.round) not in left:
            kept = keeps(change.recorded.event, one.name)
            # While the person is awaited the clock stands still.
            ended_at = min(at, before.paused_at) if before and before.paused_at else at
            yield PromiseLeft(one, "kept" if kept else "stopped", ended_at)
    for one in after.promises:
        yield PromiseLeft(one, "paused" if after.paused_at else "running")
    # The agency's and the bureau's own clocks run on while the person is awaited.
    for one in before.aid_promises if before else ():
        if one not in after.aid_promises:
            yield PromiseLeft(
                one, "kept" if keeps(change.recorded.event, one.name) else "stopped", at
            )
    for one in after.aid_promises:
        yield PromiseLeft(one, "running")


def _of_complaint(change: Change) -> Iterator[PromiseLeft]:
    before: Complaint | None = change.before
    after: Complaint = change.after
    for result in after.results[len(before.results) if before else 0 :]:
        yield PromiseLeft(result.promise, "kept" if result.kept else "stopped", result.ended_at)
    for one in after.set_aside:
        yield PromiseLeft(one, "paused")
    for one in after.promises:
        yield PromiseLeft(one, "paused" if after.pause else "running")


def _of_rectification(change: Change) -> Iterator[PromiseLeft]:
    after: Rectification = change.after
    for one in after.promises:
        if after.answer is not None:
            yield PromiseLeft(one, "kept", after.answer.answered_at)
        elif after.ended:
            yield PromiseLeft(one, "stopped", after.since)
        else:
            yield PromiseLeft(one, "running")


def _of_rating(change: Change) -> Iterator[PromiseLeft]:
    after: Rating = change.after
    recorded = change.recorded
    stood = next(iter(change.stood.values()), None)
    if after.invited is None:
        return
    term = Promise(
        name="rate",  # type: ignore[arg-type]
        started_at=stood["started_at"] if stood else recorded.occurred_at,
        due=after.invited.expires_at,
        policy="",
        calendar="",
    )
    if stood and stood["ended_at"]:
        return
    if after.given or after.called_back:
        yield PromiseLeft(term, "kept", recorded.occurred_at)
    elif after.defaulted:
        yield PromiseLeft(term, "stopped", recorded.occurred_at)
    else:
        yield PromiseLeft(term, "running")


_READ: Final[Mapping[type, Callable[[Change], Iterable[PromiseLeft]]]] = {
    Request: _of_request,
    Complaint: _of_complaint,
    Rectification: _of_rectification,
    Rating: _of_rating,
}


def _place_of_request(state: Request) -> Values:
    logged = state.logged
    return {
        "of_kind": request.KIND,
        "point": logged.point,
        "division": logged.division,
        "service": state.service,
        "channel": logged.channel,
        "adviser": state.adviser,
        "unit": logged.point,
        "zone": zone_of(logged.zone),
    }


def _place_of_complaint(state: Complaint) -> Values:
    about = state.grievance
    return {
        "of_kind": complaint.KIND,
        "point": about.point,
        "division": state.division,
        "service": about.service,
        "channel": about.channel,
        "adviser": about.adviser,
        "unit": state.holder,
        "zone": zone_of(state.zone),
    }


def _place_of_rectification(state: Rectification) -> Values:
    ordered = state.ordered
    addressee = ordered.addressee
    return {
        "of_kind": rectification.KIND,
        "point": ordered.point,
        "division": ordered.division,
        "adviser": addressee.code if addressee.kind == "adviser" else None,
        "unit": addressee.code,
        "zone": zone_of(ordered.zone),
    }


def _place_of_rating(state: Rating) -> Values:
    assert state.invited is not None
    return {"of_kind": rating.KIND, "point": state.invited.point, "zone": ZoneInfo(CHINA)}


_PLACE: Final[Mapping[type, Callable[[Any], Values]]] = {
    Request: _place_of_request,
    Complaint: _place_of_complaint,
    Rectification: _place_of_rectification,
    Rating: _place_of_rating,
}

VIEW: Final = Standings(
    NAME,
    3,
    (request, complaint, rectification, rating, promise_watch),
    COLUMNS,
    _fold,
    indexes=(
        f"CREATE INDEX ON promises (due) WHERE superseded_at = {NEVER} AND state = 'running'",
        "CREATE INDEX ON promises (day, superseded_at, position)",
        "CREATE INDEX ON promises (promised_in) WHERE promised_in IS NOT NULL",
    ),
    shards=4,
)


# --- asking


class Due(Struct, frozen=True, kw_only=True):
    """A promise that runs."""

    stream: UUID
    of_kind: str
    name: str
    round: int
    started_at: datetime
    due: datetime
    given_by: UUID
    """Id of the event that gave it, or that moved its due moment."""
    simulated: bool
    """That event was."""


def due_until(instant: datetime, kinds: Sequence[str], limit: int) -> Query[Due]:
    """Query the running promises that are due by then, the earliest first, for the policies."""
    sql = f"""
        SELECT {selected(Due, "p", given_by="e.event_id")}
          FROM views.promises p JOIN log_events e ON e.notification_id = p.given_at
         WHERE p.superseded_at = {NEVER} AND p.state = 'running' AND p.due <= %(instant)s
           AND p.of_kind = ANY(%(kinds)s)
         ORDER BY p.due, p.stream, p.part LIMIT %(limit)s
    """  # noqa: S608
    return Query(sql, {"instant": instant, "kinds": list(kinds), "limit": limit}, Due)


class PromiseRow(Struct, frozen=True, kw_only=True):
    """Number of promises by deadline."""

    KEY: ClassVar = ("key", "of_kind", "name")

    key: str | None
    of_kind: str
    name: str
    given: int
    kept: int
    in_time: int
    late: int
    stopped: int
    paused: int
    running: int
    overdue: int
    """Of those running."""
    missed: int
    """Kept too late, neither kept nor cancelled when due and at `now`, or recorded as missed,
    whatever was entered later."""
    in_time_on_record: int = 0
    """Kept in time by when it was on record, and not recorded as missed."""
    met_by_later_entry: int = 0
    """In time by when it happened, and not by when it was on record."""
    accuracy: float | None
    """Share of those kept in time, by when it happened, among those that came due."""
    accuracy_on_record: float | None = None
    """By when it was on record; what was recorded as missed came due."""
    median_hours_left: float | None
    """Between keeping and the due moment; negative when late."""


def report(asked: PeriodAsked, *, of_complaints: bool = True) -> Query[PromiseRow]:
    """Offices' promises due in the period, by kind of thing and promise; `by` one of `ByPlace`.

    of_complaints: those of complaints too; of one point they tell the life of its one complaint.
    """
    conditions = [standing_at("p"), "p.name <> %(rate)s", "p.state <> 'missed'"]
    if not of_complaints:
        conditions.append("p.of_kind <> 'complaint'")
    for column, test in (
        ("from_", "p.day >= %(from)s"),
        ("to", "p.day < %(to)s"),
        ("division", "starts_with(p.division, %(division)s)"),
        ("service", "p.service = %(service)s"),
        ("point", "p.point = %(point)s"),
        ("adviser", "p.adviser = %(adviser)s"),
    ):
        if getattr(asked, column) is not None:
            conditions.append(test)
    sql = f"""
        WITH found AS (
            SELECT {keyed(asked.by)} AS key, of_kind, name, state, in_time, on_record_in_time,
                   state = 'running' AND due < %(now)s AS overdue,
                   extract(epoch FROM due - ended_at) / 3600 AS hours_left,
                   {recorded_as_missed("p", "%(position)s")} AS recorded
              FROM views.promises p WHERE {" AND ".join(conditions)}),
        judged AS (
            SELECT *, recorded OR overdue OR in_time IS false AS missed,
                   on_record_in_time AND NOT recorded AS on_record FROM found),
        told AS (
            SELECT key, of_kind, name, count(*) AS given,
                   count(*) FILTER (WHERE state = 'kept') AS kept,
                   count(*) FILTER (WHERE in_time) AS in_time,
                   count(*) FILTER (WHERE NOT in_time) AS late,
                   count(*) FILTER (WHERE state = 'stopped') AS stopped,
                   count(*) FILTER (WHERE state = 'paused') AS paused,
                   count(*) FILTER (WHERE state = 'running') AS running,
                   count(*) FILTER (WHERE overdue) AS overdue,
                   count(*) FILTER (WHERE missed) AS missed,
                   count(*) FILTER (WHERE on_record) AS in_time_on_record,
                   count(*) FILTER (WHERE in_time AND NOT on_record) AS met_by_later_entry,
                   count(*) FILTER (WHERE state = 'kept' OR missed) AS came_due,
                   percentile_cont(0.5) WITHIN GROUP (ORDER BY hours_left)
                       FILTER (WHERE state = 'kept') AS median_hours_left
              FROM judged GROUP BY key, of_kind, name)
        SELECT key, of_kind, name, given, kept, in_time, late, stopped, paused, running, overdue,
               missed, in_time_on_record, met_by_later_entry,
               in_time::float8 / nullif(kept + overdue, 0) AS accuracy,
               in_time_on_record::float8 / nullif(came_due, 0) AS accuracy_on_record,
               median_hours_left
          FROM told ORDER BY key, of_kind, name
    """  # noqa: S608
    return Query(sql, asked.parameters() | {"rate": RATE}, PromiseRow)
