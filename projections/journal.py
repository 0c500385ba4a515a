"""The base of all analysis: one flat, typed row per event, with the standing of its request *after*
it. A row is superseded by the next event of the same request, so the standings as known at any
position P are `position <= P AND superseded_at > P`, in one pass and without a join."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

import psycopg
from psycopg.rows import dict_row

from domain.calendar import Calendar
from domain.proceedings import LegalAidApplied, MediationOpened, MediationSessionHeld, Referred
from domain.rating import (
    RatingCalledBack,
    RatingDefaulted,
    RatingDisputeDecided,
    RatingFollowedUp,
    RatingGiven,
    RatingInvited,
)
from domain.request import (
    AdviserAssigned,
    ConsultationGiven,
    DeadlinesRecalculated,
    DuplicateLinked,
    DuplicateUnlinked,
    HandedOver,
    Promise,
    Reclassified,
    RequestClosed,
    RequestLogged,
    RequestReopened,
    RequestVoided,
    SupplementReceived,
    SupplementRequested,
)
from domain.vocabulary import Event
from ledger.codec import Recorded
from ledger.registers import AGGREGATE_BY_EVENT, RegisterFold

NAME: Final = "journal"
VERSION: Final = 1
TOPICS: Final[tuple[str, ...] | None] = None
NEVER: Final = 9223372036854775807
"""`superseded_at` of a row that still stands."""
OF_EVENT: Final = (
    ("position", "bigint NOT NULL"),
    ("superseded_at", "bigint NOT NULL"),
    ("recorded_at", "timestamptz NOT NULL"),
    ("occurred_at", "timestamptz NOT NULL"),
    ("kind", "text NOT NULL"),
    ("stream", "uuid NOT NULL"),
    ("version", "integer NOT NULL"),
    ("account", "text NOT NULL"),
    ("role", "text NOT NULL"),
    ("unit", "text NOT NULL"),
    ("by_adviser", "text"),
    ("by_firm", "text"),
    ("by_team", "text"),
    ("minutes", "smallint"),
    ("onsite", "boolean"),
    ("off_peak", "text"),
)
OF_STANDING: Final = (
    ("request", "uuid"),
    ("number", "bigint"),
    ("day", "date"),
    ("zone", "text"),
    ("requested_at", "timestamptz"),
    ("point", "text"),
    ("division", "text"),
    ("calendar", "text"),
    ("service", "text"),
    ("channel", "text"),
    ("person", "text"),
    ("client_category", "text"),
    ("responsible", "text"),
    ("adviser", "text"),
    ("firm", "text"),
    ("team", "text"),
    ("late", "boolean"),
    ("status", "text"),
    ("round", "smallint"),
    ("due_response", "timestamptz"),
    ("due_close", "timestamptz"),
    ("due", "timestamptz"),
    ("paused_at", "timestamptz"),
    ("paused_minutes", "integer"),
    ("responded_day", "date"),
    ("response_minutes", "integer"),
    ("response_in_time", "boolean"),
    ("closed_day", "date"),
    ("close_minutes", "integer"),
    ("close_in_time", "boolean"),
    ("close_kind", "text"),
    ("minutes_onsite", "integer"),
    ("minutes_offsite", "integer"),
    ("minutes_off_peak", "integer"),
    ("reclassified", "smallint"),
    ("duplicates", "smallint"),
    ("invited", "boolean"),
    ("grade_explicit", "smallint"),
    ("grade_default", "smallint"),
    ("grade_callback", "smallint"),
    ("grade_follow_up", "smallint"),
    ("grade_excluded", "boolean"),
)
STANDING: Final = tuple(name for name, _ in OF_STANDING)
TABLES: Final = "CREATE TABLE journal ({})".format(
    ", ".join(f"{name} {kind}" for name, kind in OF_EVENT + OF_STANDING)
)
INDEXES: Final = (
    "ALTER TABLE journal ADD PRIMARY KEY (position)",
    "CREATE INDEX ON journal (day)",
    "CREATE INDEX ON journal (request) WHERE request IS NOT NULL",
    f"CREATE INDEX ON journal (due, request) WHERE superseded_at = {NEVER} AND status = 'open'",
    f"CREATE INDEX ON journal (requested_at, request) WHERE superseded_at = {NEVER}",
    "CREATE INDEX ON journal (day) WHERE kind = 'request.voided'",
)
COPY: Final = "COPY journal FROM STDIN"
SUPERSEDE: Final = """
    UPDATE journal SET superseded_at = later.position
      FROM unnest(%b::bigint[], %b::bigint[]) AS later (earlier, position)
     WHERE journal.position = later.earlier
"""
STANDINGS: Final = (
    f"SELECT position, {', '.join(STANDING)} FROM journal"  # noqa: S608
    f" WHERE request = ANY(%b) AND superseded_at = {NEVER}"
)
REMEMBERED_MAX: Final = 50_000
_NOT_A_REQUEST: Final = "\t".join(["\\N"] * len(STANDING))


class Standing:
    """What a request has come to; the columns of `OF_STANDING`, and its row not yet written."""

    __slots__ = (*STANDING, "position", "row", "text")

    def __init__(self) -> None:
        self.position = 0
        self.row: list[Any] | None = None
        self.text: str | None = None
        for name in STANDING:
            setattr(self, name, None)

    def line(self) -> str:
        """The standing's columns as COPY text; kept until something changes."""
        if self.text is None:
            self.text = "\t".join([_text(getattr(self, name)) for name in STANDING])
        return self.text


def _text(value: Any) -> str:
    if value is None:
        return "\\N"
    if value is True:
        return "t"
    if value is False:
        return "f"
    if type(value) is str and "\\" in value:
        return value.replace("\\", "\\\\")
    return str(value)


class Memory:
    """The fold: standings by request, reference facts so far, and rows to be written."""

    def __init__(self) -> None:
        self.registers = RegisterFold()
        self.standings: dict[UUID, Standing] = {}
        self.done: list[list[Any]] = []
        """Rows whose `superseded_at` is final."""
        self.superseded: list[tuple[int, int]] = []
        """Positions of rows written earlier, with what supersedes them."""

    def feed(self, recorded: Recorded) -> Standing | None:
        event = recorded.event
        if type(event) in AGGREGATE_BY_EVENT:
            self.registers.feed((recorded,))
        request = getattr(event, "request", None) or recorded.originator_id
        standing = self.standings.get(request)
        if type(event) is RequestLogged:
            standing = self.standings[request] = Standing()
        if standing is None:
            self.done.append(_row(recorded, _NO_DEED, _NOT_A_REQUEST))
            return None
        handle = HANDLERS.get(type(event))
        deed = _NO_DEED
        if handle is not None:
            standing.text = None
            deed = handle(standing, event, recorded, self) or _NO_DEED
        position = recorded.position
        assert position is not None
        if standing.row is not None:
            standing.row[1] = position
            self.done.append(standing.row)
        elif standing.position:
            self.superseded.append((standing.position, position))
        standing.row = _row(recorded, deed, standing.line())
        standing.position = position
        return standing

    def calendar(self, standing: Standing) -> Calendar | None:
        """The newest version of the request's own calendar known at this point of the log."""
        code = standing.calendar
        return None if code is None else self.registers.registers.calendars[code]


_NO_DEED: Final = "\\N\t\\N\t\\N\t\\N\t\\N\t\\N"
_KINDS: Final[dict[str, str]] = {}


def _row(recorded: Recorded, deed: str, standing: str) -> list[Any]:
    topic = recorded.event.topic
    kind = _KINDS.get(topic) or _KINDS.setdefault(topic, topic.partition("/")[0])
    by = recorded.by
    columns = (
        f"{recorded.recorded_at}\t{recorded.occurred_at}\t{kind}\t{recorded.originator_id}\t"
        f"{recorded.originator_version}\t{_text(by.account)}\t{by.role}\t{_text(by.unit)}\t"
        f"{deed}\t{standing}"
    )
    return [recorded.position, NEVER, columns]


def _deed(
    adviser: str | None, firm: str | None, team: str | None, minutes: int, onsite: bool, off: str
) -> str:
    return (
        f"{_text(adviser)}\t{_text(firm)}\t{_text(team)}\t{minutes}\t{'t' if onsite else 'f'}\t{off}"
    )


def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)  # ZoneInfo keeps its own cache


# --- what each event does to the standing


def _logged(standing: Standing, event: RequestLogged, recorded: Recorded, memory: Memory) -> None:
    s: Any = standing
    s.request = recorded.originator_id
    s.number = recorded.position
    s.zone = event.zone
    s.requested_at = event.requested_at
    s.point = event.point
    s.division = event.division
    s.calendar = event.calendar.partition("@")[0] if event.calendar else None
    s.day = _day(standing, event.requested_at, memory)
    s.service = event.service
    s.channel = event.channel
    s.person = event.person
    s.client_category = event.client_category
    s.responsible = event.first_contact
    s.adviser, s.firm, s.team = event.adviser, event.firm, event.team
    s.late = event.late_reason is not None
    s.status = "open"
    s.round = 1
    s.paused_minutes = s.minutes_onsite = s.minutes_offsite = s.minutes_off_peak = 0
    s.reclassified = s.duplicates = 0
    s.invited = s.grade_excluded = False
    _promised(standing, event.promises)


def _promised(standing: Standing, promises: Sequence[Promise]) -> None:
    s: Any = standing
    due = {promise.name: promise.due for promise in promises}
    s.due_response = due.get("first_response")
    s.due_close = due.get("close")
    _next_due(standing)


def _next_due(standing: Standing) -> None:
    s: Any = standing
    if s.status != "open" or s.paused_at is not None:
        s.due = None
        return
    response = None if s.responded_day and s.round == 1 else s.due_response
    s.due = min((one for one in (response, s.due_close) if one), default=None)


def _day(standing: Standing, instant: datetime, memory: Memory) -> date:
    calendar = memory.calendar(standing)
    if calendar is not None:
        return calendar.local_day(instant)
    return instant.astimezone(_zone(standing.zone)).date()


def _worked(standing: Standing, until: datetime, memory: Memory) -> int | None:
    """Working minutes since the request, without those in which it waited for the person."""
    calendar = memory.calendar(standing)
    if calendar is None:
        return None
    s: Any = standing
    minutes = calendar.working_minutes(s.requested_at, until) - s.paused_minutes
    if s.paused_at is not None:
        minutes -= calendar.working_minutes(s.paused_at, until)
    return max(0, minutes)


def _responded(standing: Standing, _: Event, recorded: Recorded, memory: Memory) -> None:
    s: Any = standing
    if s.responded_day is None:
        s.responded_day = _day(standing, recorded.occurred_at, memory)
        s.response_minutes = _worked(standing, recorded.occurred_at, memory)
        if s.due_response is not None:
            s.response_in_time = recorded.occurred_at <= s.due_response
    if s.round > 1:
        s.due_response = None
    _next_due(standing)


def _consulted(
    standing: Standing, event: ConsultationGiven, recorded: Recorded, memory: Memory
) -> str:
    _responded(standing, event, recorded, memory)
    if event.adviser is not None:
        s: Any = standing
        s.adviser, s.firm, s.team = event.adviser, event.firm, event.team
    return _minutes(standing, event, recorded, memory, onsite=event.mode == "onsite")


def _session(
    standing: Standing, event: MediationSessionHeld, recorded: Recorded, memory: Memory
) -> str:
    return _minutes(standing, event, recorded, memory, onsite=event.onsite)


def _minutes(
    standing: Standing,
    event: ConsultationGiven | MediationSessionHeld,
    recorded: Recorded,
    memory: Memory,
    *,
    onsite: bool,
) -> str:
    s: Any = standing
    if onsite:
        s.minutes_onsite += event.minutes
    else:
        s.minutes_offsite += event.minutes
    off = off_peak(memory.calendar(standing), recorded.occurred_at)
    if off is not None:
        s.minutes_off_peak += event.minutes
    return _deed(event.adviser, event.firm, event.team, event.minutes, onsite, off or "\\N")


def off_peak(calendar: Calendar | None, instant: datetime) -> str | None:
    """`holiday`, `rest_day` or `after_hours`, recognised from the calendar; None in service time."""
    if calendar is None:
        return None
    day = calendar.day(calendar.local_day(instant))
    if not day.working:
        return "holiday" if day.why.startswith("法定节假日") else "rest_day"
    local = instant.astimezone(_zone(calendar.zone))
    minute = local.hour * 60 + local.minute
    served = any(one.start_minute <= minute < one.end_minute for one in day.periods)
    return None if served else "after_hours"


def _handed_over(standing: Standing, event: HandedOver, *_: object) -> None:
    standing.responsible = event.to  # type: ignore[attr-defined]


def _assigned(standing: Standing, event: AdviserAssigned, *_: object) -> None:
    s: Any = standing
    s.adviser, s.firm, s.team = event.adviser, event.firm, event.team


def _paused(standing: Standing, event: SupplementRequested, *_: object) -> None:
    s: Any = standing
    s.paused_at = event.paused_at
    _next_due(standing)


def _resumed(
    standing: Standing, event: SupplementReceived, recorded: Recorded, memory: Memory
) -> None:
    s: Any = standing
    calendar = memory.calendar(standing)
    if calendar is not None and s.paused_at is not None:
        s.paused_minutes += calendar.working_minutes(s.paused_at, event.resumed_at)
    s.paused_at = None
    _promised(standing, event.promises)


def _reclassified(standing: Standing, event: Reclassified, *_: object) -> None:
    s: Any = standing
    s.service = event.to_service
    s.reclassified += 1
    _promised(standing, event.promises)


def _recalculated(standing: Standing, event: DeadlinesRecalculated, *_: object) -> None:
    _promised(standing, event.promises)


def _linked(standing: Standing, _: DuplicateLinked, *__: object) -> None:
    standing.duplicates += 1  # type: ignore[attr-defined]


def _unlinked(standing: Standing, _: DuplicateUnlinked, *__: object) -> None:
    standing.duplicates -= 1  # type: ignore[attr-defined]


def _closed(standing: Standing, event: RequestClosed, recorded: Recorded, memory: Memory) -> None:
    s: Any = standing
    s.close_minutes = _worked(standing, recorded.occurred_at, memory)
    s.closed_day = _day(standing, recorded.occurred_at, memory)
    s.close_in_time = None if s.due_close is None else recorded.occurred_at <= s.due_close
    s.close_kind = event.kind
    s.status = "closed"
    s.paused_at = None
    _next_due(standing)


def _reopened(standing: Standing, event: RequestReopened, *_: object) -> None:
    s: Any = standing
    s.status = "open"
    s.round += 1
    s.close_minutes = s.closed_day = s.close_in_time = s.close_kind = None
    _promised(standing, event.promises)


def _voided(standing: Standing, _: RequestVoided, *__: object) -> None:
    standing.status = "voided"  # type: ignore[attr-defined]
    _next_due(standing)


def _invited(standing: Standing, _: RatingInvited, *__: object) -> None:
    standing.invited = True  # type: ignore[attr-defined]


def _graded(column: str) -> Callable[..., None]:
    def grade(standing: Standing, event: Any, *_: object) -> None:
        setattr(standing, column, event.grade)

    return grade


def _dispute_decided(standing: Standing, event: RatingDisputeDecided, *_: object) -> None:
    standing.grade_excluded = event.excluded  # type: ignore[attr-defined]


HANDLERS: Final[dict[type[Event], Callable[..., str | None]]] = {
    RequestLogged: _logged,
    HandedOver: _handed_over,
    AdviserAssigned: _assigned,
    ConsultationGiven: _consulted,
    MediationSessionHeld: _session,
    Referred: _responded,
    MediationOpened: _responded,
    LegalAidApplied: _responded,
    SupplementRequested: _paused,
    SupplementReceived: _resumed,
    Reclassified: _reclassified,
    DeadlinesRecalculated: _recalculated,
    DuplicateLinked: _linked,
    DuplicateUnlinked: _unlinked,
    RequestClosed: _closed,
    RequestReopened: _reopened,
    RequestVoided: _voided,
    RatingInvited: _invited,
    RatingGiven: _graded("grade_explicit"),
    RatingDefaulted: _graded("grade_default"),
    RatingCalledBack: _graded("grade_callback"),
    RatingFollowedUp: _graded("grade_follow_up"),
    RatingDisputeDecided: _dispute_decided,
}


# --- writing


def apply(cursor: psycopg.Cursor[Any], batch: Sequence[Recorded], memory: Memory) -> None:
    """Fold a batch that follows what the table holds, and write it."""
    _remember(cursor, batch, memory)
    touched = {}
    for recorded in batch:
        standing = memory.feed(recorded)
        if standing is not None:
            touched[id(standing)] = standing
    lines = [*take_done(memory)]
    for standing in touched.values():
        assert standing.row is not None
        lines.append(_finished(standing.row))
        standing.row = None
    if memory.superseded:
        earlier, later = zip(*memory.superseded, strict=True)
        cursor.execute(SUPERSEDE, [list(earlier), list(later)])
        memory.superseded.clear()
    with cursor.copy(COPY) as copy:
        copy.write("".join(lines))


def take_done(memory: Memory) -> Iterable[str]:
    """COPY lines of the rows that will not change any more."""
    done, memory.done = memory.done, []
    return (_finished(row) for row in done)


def take_standing(memory: Memory) -> Iterable[str]:
    """COPY lines of the rows that still stand: what a rebuild writes last."""
    return (_finished(one.row) for one in memory.standings.values() if one.row is not None)


def _finished(row: list[Any]) -> str:
    return f"{row[0]}\t{row[1]}\t{row[2]}\n"


def _remember(cursor: psycopg.Cursor[Any], batch: Sequence[Recorded], memory: Memory) -> None:
    """Load the standings of those requests of the batch that began before it."""
    if len(memory.standings) > REMEMBERED_MAX:
        memory.standings.clear()
    missing = set()
    for recorded in batch:
        request = getattr(recorded.event, "request", None) or recorded.originator_id
        if request not in memory.standings and type(recorded.event) is not RequestLogged:
            missing.add(request)
    if not missing:
        return
    with cursor.connection.cursor(row_factory=dict_row) as reading:
        for row in reading.execute(STANDINGS, [list(missing)]):
            standing = Standing()
            standing.position = row["position"]
            for name in STANDING:
                setattr(standing, name, row[name])
            memory.standings[row["request"]] = standing
