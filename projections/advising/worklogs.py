"""Work-log entries as they stand: who served which village when, for how long, and whether it
counts. One row after each event that changes any of it."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, ClassVar, Final
from uuid import UUID

from msgspec import Struct

from domain.advising import worklog
from domain.advising.worklog import Capacity, Standing, WorkCorrected, Worklog, WorkLogged
from domain.concerned import marks
from domain.registers.appointment import china_day
from domain.registers.policy import Doubt
from domain.requests.request import Mode
from domain.scoring.duty import PIECEWORK, LoggedWork, MinutesOfAdviser
from domain.vocabulary import SIMULATION, Service
from projections.asking.asking import (
    NEVER,
    Cursor,
    Query,
    concerning,
    equal,
    filtered,
    one_page,
    standing_at,
)
from projections.asking.minutes import WORK_COUNTS
from projections.storing.columns import selected
from projections.storing.standings import WHOLE, Change, Standings, Values

NAME: Final = "worklogs"
COLUMNS: Final = (
    ("number", "bigint"),
    ("village", "text"),
    ("started_at", "timestamptz"),
    ("ended_at", "timestamptz"),
    ("day", "date"),
    ("service", "text"),
    ("mode", "text"),
    ("capacity", "text"),
    ("minutes", "integer"),
    ("advisers", "text[]"),
    ("firms", "text[]"),
    ("teams", "text[]"),
    ("shares", "integer[]"),
    ("clients", "integer"),
    ("people_reached", "integer"),
    ("request", "uuid"),
    ("recorder", "text"),
    ("late", "boolean"),
    ("late_steps", "smallint"),
    ("worded_at", "bigint"),
    ("doubts", "text[]"),
    ("cleared", "text[]"),
    ("standing", "text"),
    ("confirmed", "boolean"),
    ("corrected", "smallint"),
    ("evidence", "smallint"),
    ("evidence_waiting", "smallint"),
    ("concerned", "text[]"),
    ("simulated", "boolean"),
)
"""`number`: position of its first event. `day`: local day on which it began. `advisers`, `firms`,
`teams`, `shares` (minutes) go together, one of each for each who served; no team is ''. `clients`:
served, of every kind. `late`: it was entered so late that it says why; `late_steps`: how many
of its steps were. `worded_at`: position of the event that gave its present wording. `doubts`: it
was taken with, and nobody has cleared. `concerned`: marks of whom it concerns."""


WORDINGS: Final = (WorkLogged, WorkCorrected)


def _fold(change: Change) -> Iterator[tuple[str, Values]]:
    state: Worklog = change.after
    recorded = change.recorded
    stood = change.stood.get(WHOLE) or {}
    now, event = state.now, recorded.event
    late = recorded.late if isinstance(event, WorkLogged) else None
    values = {
        "number": stood["number"] if stood else recorded.position,
        "village": now.work.village,
        "started_at": now.started_at,
        "ended_at": now.work.ended_at,
        "day": china_day(now.started_at),
        "service": now.work.service,
        "mode": now.work.mode,
        "capacity": now.work.capacity,
        "minutes": now.minutes,
        "advisers": tuple(one.adviser for one in now.served),
        "firms": tuple(one.firm for one in now.served),
        "teams": tuple(one.team or "" for one in now.served),
        "shares": tuple(one.minutes for one in now.served),
        "clients": sum(now.work.clients.values()),
        "people_reached": now.work.people_reached,
        "request": now.work.request,
        "recorder": state.recorder,
        "late": stood["late"] if stood else late,
        "late_steps": stood.get("late_steps", 0) + recorded.late,
        "worded_at": recorded.position if isinstance(event, WORDINGS) else stood["worded_at"],
        "doubts": state.doubts,
        "cleared": state.cleared,
        "standing": state.standing,
        "confirmed": state.confirmed,
        "corrected": len(state.wordings) - 1,
        "evidence": len(state.exhibits),
        "evidence_waiting": sum(one.status == "waiting" for one in state.exhibits),
        "concerned": marks(state),
        "simulated": recorded.device == SIMULATION,
    }
    if values != change.stood.get(WHOLE):
        yield WHOLE, values


VIEW: Final = Standings(
    NAME,
    4,
    (worklog,),
    COLUMNS,
    _fold,
    indexes=(
        "CREATE INDEX ON worklogs (day, superseded_at, position)",
        "CREATE INDEX ON worklogs (request) WHERE request IS NOT NULL",
        f"CREATE INDEX ON worklogs (started_at, stream) WHERE superseded_at = {NEVER}",
        f"CREATE INDEX ON worklogs (started_at) WHERE superseded_at = {NEVER}"
        " AND standing = 'logged'",
        # Of a village at any time; by patterns, as prefixes are asked for.
        "CREATE INDEX ON worklogs (village text_pattern_ops, day)",
        "CREATE INDEX ON worklogs USING gin (advisers) WITH (gin_pending_list_limit = 1024)",
        # What is in a scope.
        f"CREATE INDEX ON worklogs (lies_in, started_at, stream) WHERE superseded_at = {NEVER}",
        "CREATE INDEX ON worklogs USING gin (whose) WITH (gin_pending_list_limit = 1024)"
        f" WHERE superseded_at = {NEVER}",
    ),
    shards=4,
)

COUNTS: Final = WORK_COUNTS

# --- asking: the list


class WorkRow(Struct, frozen=True, kw_only=True):
    """An entry as it stands. It says what was done for whom in figures: names and words are with
    the entry itself."""

    KEY: ClassVar = ("stream",)
    stream: UUID
    number: int
    version_position: int
    village: str
    started_at: datetime
    ended_at: datetime
    day: date
    service: Service
    mode: Mode
    capacity: Capacity
    minutes: int
    advisers: tuple[str, ...]
    firms: tuple[str, ...]
    clients: int
    people_reached: int
    request: UUID | None
    recorder: str
    late: bool
    standing: Standing
    confirmed: bool
    doubts: tuple[Doubt, ...]
    cleared: tuple[Doubt, ...]
    corrected: int
    evidence: int
    evidence_waiting: int

    def streams(self) -> list[UUID]:
        return [self.stream]


class WorkFilters(Struct, frozen=True, kw_only=True):
    """`division` is a prefix; `from_` to `to` (exclusive) are local days on which it began.
    `doubtful`: with a doubt that nobody has cleared. `concerned`: marks of whom it concerns."""

    standing: Standing | None = None
    village: str | None = None
    division: str | None = None
    adviser: str | None = None
    firm: str | None = None
    service: str | None = None
    recorder: str | None = None
    request: UUID | None = None
    confirmed: bool | None = None
    counts: bool | None = None
    doubt: str | None = None
    doubtful: bool | None = None
    late: bool | None = None
    waits_for_evidence: bool | None = None
    from_: date | None = None
    to: date | None = None
    concerned: list[str] | None = None


_CONDITIONS: Final = {
    **equal("w", "standing", "village", "service", "recorder", "request", "confirmed", "late"),
    "division": "starts_with(w.village, %(division)s)",
    "adviser": "w.advisers @> ARRAY[%(adviser)s]",
    "firm": "w.firms @> ARRAY[%(firm)s]",
    "counts": f"({COUNTS}) = %(counts)s",
    "doubt": "w.doubts @> ARRAY[%(doubt)s]",
    "doubtful": "(cardinality(w.doubts) > 0) = %(doubtful)s",
    "waits_for_evidence": "(w.evidence_waiting > 0) = %(waits_for_evidence)s",
    "from_": "w.day >= %(from_)s",
    "to": "w.day < %(to)s",
    **concerning("w"),
}
_LISTED: Final = selected(WorkRow, "w", version_position="w.position")


def page(
    filters: WorkFilters,
    *,
    position: int,
    limit: int,
    after: Cursor | None = None,
    head: bool = False,
) -> Query[WorkRow]:
    """Query one page, newest first; with `head` the position is the view's own."""
    where, parameters = filtered(filters, _CONDITIONS)
    return one_page(
        WorkRow,
        f"SELECT {_LISTED} FROM views.worklogs w",  # noqa: S608
        [*where, standing_at("w", head=head)],
        parameters | {"position": position},
        order=("w.started_at", "w.stream"),
        descending=True,
        after=after,
        limit=limit,
    )


def cursor_of(row: WorkRow) -> Cursor:
    return Cursor(row.started_at, row.stream)


# --- asking: what counts


class WorklogRow(Struct, frozen=True, kw_only=True):
    """An entry that counts, as duties need it."""

    stream: UUID
    village: str
    started_at: datetime
    service: Service
    mode: Mode
    advisers: tuple[str, ...]
    shares: tuple[int, ...]
    verified: bool

    @property
    def work(self) -> LoggedWork:
        parts = zip(self.advisers, self.shares, strict=True)
        return LoggedWork(
            village=self.village,
            started_at=self.started_at,
            service=self.service,
            mode=self.mode,
            parts=tuple(MinutesOfAdviser(*one) for one in parts),
            verified=self.verified,
            stream=self.stream,
        )


def counted(
    *, division: str, first: date, last: date, pieces_from: date, position: int
) -> Query[WorklogRow]:
    """The entries that count of villages of the division (a prefix), of these local days; those
    that quotas count already of the days from `pieces_from` on."""
    sql = f"""
        SELECT {selected(WorklogRow, "w", verified="w.standing = 'verified'")}
          FROM views.worklogs w
         WHERE {standing_at("w")} AND {COUNTS} AND starts_with(w.village, %(division)s)
           AND w.day >= %(pieces_from)s AND w.day <= %(last)s
           AND (w.day >= %(first)s OR w.service = ANY(%(piecework)s))
         ORDER BY w.started_at, w.stream
    """  # noqa: S608
    parameters: dict[str, Any] = {"first": first, "last": last, "pieces_from": pieces_from}
    parameters |= {"piecework": list(PIECEWORK), "division": division, "position": position}
    return Query(sql, parameters, WorklogRow)


class Lectures(Struct, frozen=True, kw_only=True):
    """The last lecture in a village, and the last one that was verified."""

    village: str
    last: date
    verified: date | None


def lectures(*, division: str, until: date, position: int) -> Query[Lectures]:
    """Query the lectures in villages of the division (a prefix), up to a local day."""
    sql = f"""
        SELECT w.village, max(w.day) AS last,
               max(w.day) FILTER (WHERE w.standing = 'verified') AS verified
          FROM views.worklogs w
         WHERE {standing_at("w")} AND {COUNTS} AND w.service = 'lecture' AND w.day <= %(until)s
           AND starts_with(w.village, %(division)s)
         GROUP BY w.village
    """  # noqa: S608
    return Query(sql, {"division": division, "until": until, "position": position}, Lectures)
