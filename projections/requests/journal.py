"""The base of all analysis: one flat, typed row per event, with the standing of its request *after*
it. A row is superseded by the next event of the same request, so the standings as known at any
position P are `position <= P AND superseded_at > P`, in one pass and without a join."""

import struct
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from functools import cache
from typing import Any, Final, Literal
from uuid import UUID

import psycopg
from psycopg.rows import dict_row

from domain.advising.worklog import WorkCorrected, WorkLogged
from domain.jurisdiction import Place
from domain.moment import village_calendar
from domain.promises.promise import Promise, PromiseName
from domain.promises.promise_watch import PromiseMissed
from domain.registers.appointment import china_day
from domain.registers.policy import duty_rules
from domain.requests.proceedings import (
    LegalAidApplied,
    LegalAidDeemedWithdrawn,
    LegalAidEvent,
    LegalAidGranted,
    LegalAidLawyerAssigned,
    LegalAidObjected,
    LegalAidRefused,
    MediationAgreed,
    MediationEnded,
    MediationOpened,
    MediationSessionHeld,
    ReferralAccepted,
    ReferralCompleted,
    ReferralEvent,
    ReferralRefused,
    ReferralReturned,
    Referred,
)
from domain.requests.rating import (
    RatingCalledBack,
    RatingDefaulted,
    RatingDisputeDecided,
    RatingExempted,
    RatingFollowedUp,
    RatingGiven,
    RatingInvited,
    RatingLookedAt,
    RatingWithdrawn,
)
from domain.requests.request import (
    AdviserAssigned,
    AppointmentKept,
    AppointmentMade,
    AppointmentMissed,
    ConsultationGiven,
    DeadlinesRecalculated,
    DuplicateLinked,
    DuplicateUnlinked,
    HandedOver,
    Reclassified,
    RequestClosed,
    RequestDoubtsCleared,
    RequestExtended,
    RequestLogged,
    RequestReopened,
    RequestVoided,
    SupplementReceived,
    SupplementRequested,
)
from domain.requests.transfer import (
    RequestTransferred,
    TransferAccepted,
    TransferEvent,
    TransferRefused,
)
from domain.scoring import request_clocks
from domain.scoring.duty import off_peak_kind
from domain.vocabulary import SIMULATION, Event
from domain.worktime.calendar import Calendar
from ledger.log import reading
from ledger.log.codec import LedgerMapper, Recorded
from ledger.log.registers import REFERENCE_EVENTS, RegisterFold
from projections.asking.asking import NEVER
from projections.asking.scope import LIES_WITH, NO_UNIT
from projections.storing import copy_format, places, policies
from projections.storing.copy_format import FALSE, NULL, TRUE

NAME: Final = "journal"
VERSION: Final = 5
TOPICS: Final[tuple[str, ...] | None] = None
SHARDS: Final = 4
"""Each reads the whole log and leaves out what is not its own: fewer read less often, more need
less memory (250 MB a worker for a million events in four)."""
BY_STREAM: Final = True
ROWS_PER_WRITE: Final = 500
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
    ("simulated", "boolean NOT NULL"),
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
    ("late_steps", "smallint"),
    ("status", "text"),
    ("round", "smallint"),
    ("due_response", "timestamptz"),
    ("due_close", "timestamptz"),
    ("due", "timestamptz"),
    ("paused_at", "timestamptz"),
    ("pauses", "timestamptz[]"),
    ("responded_day", "date"),
    ("response_minutes", "integer"),
    ("response_minutes_open", "integer"),
    ("response_in_time", "boolean"),
    ("response_in_time_on_record", "boolean"),
    ("closed_at", "timestamptz"),
    ("closed_day", "date"),
    ("dormant", "timestamptz[]"),
    ("close_minutes", "integer"),
    ("close_minutes_open", "integer"),
    ("close_in_time", "boolean"),
    ("close_in_time_on_record", "boolean"),
    ("promises_missed", "text[]"),
    ("close_kind", "text"),
    ("minutes_onsite", "integer"),
    ("minutes_offsite", "integer"),
    ("minutes_off_peak", "integer"),
    ("reclassified", "smallint"),
    ("at_window", "text"),
    ("duplicates", "smallint"),
    ("originals", "uuid[]"),
    ("invited", "boolean"),
    ("grade_explicit", "smallint"),
    ("grade_default", "smallint"),
    ("grade_callback", "smallint"),
    ("grade_follow_up", "smallint"),
    ("grade_excluded", "boolean"),
    ("grade_standing", "text"),
    ("others_excluded", "smallint"),
    ("exempt", "text"),
    ("officer", "text"),
    ("device", "text"),
    ("referral", "text"),
    ("referred_to", "text"),
    ("mediation", "text"),
    ("mediator", "text"),
    ("legal_aid", "text"),
    ("agency", "text"),
    ("appointed_at", "timestamptz"),
    ("appointed_for", "text"),
    ("doubts", "text[]"),
    ("held_by", "text"),
    ("transferred_to", "text"),
    ("bureau", "text"),
    ("assigned", "text"),
    ("served_by", "text[]"),
    *places.COLUMNS,
)
"""`held_by`: the point that accepted it last, where it was transferred; `transferred_to`: the one
that has not answered yet. `assigned`: the adviser it was given to; `adviser`: who advised last."""
GradeStanding = Literal["counts", "suspect", "set_aside", "withdrawn", "disputed"]
"""Of the person's rating; all but the first keep it out of averages, the last named wins."""

STANDING: Final = tuple(name for name, _ in OF_STANDING)
_COLUMN: Final = {name: number for number, name in enumerate(STANDING)}
TABLES: Final = "CREATE TABLE journal ({})".format(
    ", ".join(f"{name} {kind}" for name, kind in OF_EVENT + OF_STANDING)
) + policies.secured(NAME, f"{policies.IN_SCOPE} OR position = 1")
INDEXES: Final = (
    "ALTER TABLE journal ADD PRIMARY KEY (position)",
    # What stood at a position is found in the index alone; the heap is asked for nothing else.
    "CREATE INDEX ON journal (day, superseded_at, position)",
    "CREATE INDEX ON journal (day, position) WHERE minutes IS NOT NULL",
    "CREATE INDEX ON journal (request) WHERE request IS NOT NULL",
    "CREATE INDEX ON journal (request) WHERE originals IS NOT NULL",
    f"CREATE INDEX ON journal (due, request) WHERE superseded_at = {NEVER} AND status = 'open'",
    f"CREATE INDEX ON journal (requested_at, request) WHERE superseded_at = {NEVER}",
    "CREATE INDEX ON journal (day) WHERE kind = 'request.voided'",
    # Inboxes: few requests are somebody's, referred, or have an hour appointed.
    f"CREATE INDEX ON journal (responsible, requested_at, request) WHERE superseded_at = {NEVER}",
    f"CREATE INDEX ON journal (referred_to, requested_at) WHERE superseded_at = {NEVER}"
    " AND referred_to IS NOT NULL",
    f"CREATE INDEX ON journal (mediator, requested_at) WHERE superseded_at = {NEVER}"
    " AND mediator IS NOT NULL",
    f"CREATE INDEX ON journal (agency, requested_at) WHERE superseded_at = {NEVER}"
    " AND agency IS NOT NULL",
    f"CREATE INDEX ON journal (appointed_at, request) WHERE superseded_at = {NEVER}"
    " AND appointed_at IS NOT NULL",
    # What is in a scope: of a division by a range, of all else by a mark.
    f"CREATE INDEX ON journal (lies_in, requested_at, request) WHERE superseded_at = {NEVER}",
    f"CREATE INDEX ON journal (request, lies_in) WHERE superseded_at = {NEVER}"
    f" AND '{NO_UNIT}' = ANY(whose)",
    f"CREATE INDEX ON journal USING gin (whose) WITH (gin_pending_list_limit = 1024)"
    f" WHERE superseded_at = {NEVER}",
    # Whose requests they are: `evaluation.dossier` looks for those of one adviser or point.
    "CREATE INDEX ON journal (adviser) WHERE kind IN"
    " ('request.logged', 'request.adviser_assigned', 'request.consultation_given')",
    "CREATE INDEX ON journal (by_adviser) WHERE kind = 'request.mediation_session_held'",
    "CREATE INDEX ON journal (point) WHERE kind = 'request.logged'",
    "CREATE INDEX ON journal (division) WHERE kind = 'request.logged'",
)
COPY: Final = "COPY journal ({}) FROM STDIN (FORMAT BINARY)".format(
    ", ".join(name for name, _ in OF_EVENT + OF_STANDING)
)
SUPERSEDE: Final = """
    UPDATE journal SET superseded_at = later.position
      FROM unnest(%b::bigint[], %b::bigint[]) AS later (earlier, position)
     WHERE journal.position = later.earlier
"""
STANDINGS: Final = (
    f"SELECT position, {', '.join(STANDING)} FROM journal"  # noqa: S608
    f" WHERE request = ANY(%b) AND superseded_at = {NEVER}"
)
_COLUMNS: Final = len(OF_EVENT) + len(OF_STANDING)
POLICY: Final = "policy"
"""Role of what the system does by itself: nobody entered that late."""
REMEMBERED_MAX: Final = 50_000
"""Standings kept between batches."""
_NOT_A_REQUEST: Final = NULL * len(STANDING)
_FIELD: Final = {name: copy_format.FIELD[kind] for name, kind in OF_STANDING}


class RequestStanding:
    """State of a request: the columns of `OF_STANDING` as values and COPY fields, and a row."""

    __slots__ = ("_joined", "fields", "position", "row", "values")

    def __init__(self, values: Any, position: int = 0) -> None:
        self.values = values
        self.fields = [
            NULL if (value := values[name]) is None else field(value)
            for name, field in _FIELD.items()
        ]
        self.position = position
        self.row: list[Any] | None = None
        self._joined: bytes | None = None

    def put(self, **changes: Any) -> None:
        self.values.update(changes)
        for name, value in changes.items():
            self.fields[_COLUMN[name]] = NULL if value is None else _FIELD[name](value)
        self._joined = None

    def joined(self) -> bytes:
        if self._joined is None:
            self._joined = b"".join(self.fields)
        return self._joined


class JournalMemory:
    """The fold: standings by request, reference facts so far, and rows to be written."""

    def __init__(self) -> None:
        self.registers = RegisterFold()
        self.standings: dict[UUID, RequestStanding] = {}
        self.done: list[list[Any]] = []
        """Rows whose `superseded_at` is final."""
        self.superseded: list[tuple[int, int]] = []
        """Positions of rows written earlier, with what supersedes them."""
        self._recorded_at: datetime | None = None
        self._recorded_field = b""

    def feed(self, recorded: Recorded) -> RequestStanding | None:
        event = recorded.event
        kind = type(event)
        if kind in REFERENCE_EVENTS:
            self.registers.feed((recorded,))
        deed = _NO_DEED
        request = _request_of(recorded)
        if kind is RequestLogged:
            standing = self.standings[request] = _logged(event, recorded, self)  # type: ignore[arg-type]
        else:
            found = self.standings.get(request)
            if found is None:
                visit = _visited(event, self) if kind in _WORDINGS else _NO_DEED
                of_event = self._row(recorded, None, visit)
                self.done.append([recorded.position, NEVER, of_event + _nothing_of(event)])
                return None
            standing = found
            handle = HANDLERS.get(kind)
            if handle is not None:
                deed = handle(standing, event, recorded, self) or _NO_DEED
            _move(standing, event)
            if recorded.late and recorded.by.role != POLICY:
                standing.put(late_steps=standing.values["late_steps"] + 1)
        position = recorded.position
        assert position is not None
        if standing.row is not None:
            standing.row[1] = position
            self.done.append(standing.row)
        elif standing.position:
            self.superseded.append((standing.position, position))
        standing.row = [position, NEVER, self._row(recorded, standing, deed) + standing.joined()]
        standing.position = position
        return standing

    def _row(self, recorded: Recorded, standing: RequestStanding | None, deed: bytes) -> bytes:
        """COPY's fields of the event's own columns, after position and `superseded_at`."""
        if standing is not None and recorded.originator_id == standing.values["request"]:
            stream = standing.fields[0]
        else:
            stream = copy_format.uuid(recorded.originator_id)
        if recorded.recorded_at != self._recorded_at:
            assert recorded.recorded_at is not None
            self._recorded_at = recorded.recorded_at
            self._recorded_field = copy_format.timestamptz(recorded.recorded_at)
        by, text = recorded.by, copy_format.text
        return b"".join((
            self._recorded_field,
            copy_format.timestamptz(recorded.occurred_at),
            _kind(recorded.event.topic),
            stream,
            copy_format.integer(recorded.originator_version),
            text(by.account),
            text(by.role),
            text(by.unit),
            deed,
            TRUE if recorded.device == SIMULATION else FALSE,
        ))  # fmt: skip

    def calendar(self, standing: RequestStanding) -> Calendar | None:
        """The newest version of the request's own calendar known at this point of the log."""
        code = standing.values["calendar"]
        return None if code is None else self.registers.registers.calendars.get(code)


_NO_DEED: Final = NULL * 6


def _request_of(recorded: Recorded) -> UUID:
    """The request that an event is told of, if it is of one."""
    event: Any = recorded.event
    if isinstance(event, PromiseMissed):
        return event.of
    return getattr(event, "request", None) or recorded.originator_id


_WORDINGS: Final = (WorkLogged, WorkCorrected)


def _visited(event: Any, memory: JournalMemory) -> bytes:
    """Tell whether a wording of a work-log entry is off-peak; all else of it is in the work log's
    view, which names the position of the wording."""
    village, at = event.work.village, event.started_at
    calendar = village_calendar(village, china_day(at), memory.registers.registers)
    off = _off_peak(village, calendar, at, memory)
    return NULL * 5 + (NULL if off is None else copy_format.text(off))


def _off_peak(
    division: str, calendar: Calendar | None, at: datetime, memory: JournalMemory
) -> str | None:
    """By the rules and the calendar known when it was recorded."""
    if calendar is None:
        return None
    rules = duty_rules(memory.registers.registers.policies, division, china_day(at))
    return off_peak_kind(rules, calendar, at)


@cache
def _kind(topic: str) -> bytes:
    return copy_format.text(topic.partition("/")[0])


def _deed(
    event: ConsultationGiven | MediationSessionHeld, *, onsite: bool, off_peak: str | None
) -> bytes:
    texts = (event.adviser, event.firm, event.team)
    return b"".join((
        *(NULL if one is None else copy_format.text(one) for one in texts),
        copy_format.smallint(event.minutes),
        TRUE if onsite else FALSE,
        NULL if off_peak is None else copy_format.text(off_peak),
    ))  # fmt: skip


# --- where it stands


_MOVES: Final = (
    TransferEvent,
    ReferralEvent,
    LegalAidEvent,
    HandedOver,
    AdviserAssigned,
    ConsultationGiven,
    MediationSessionHeld,
)


def _move(standing: RequestStanding, event: Event) -> None:
    """Keep where it stands as the domain does: `_request` in `domain.jurisdiction`."""
    values = standing.values
    match event:
        case RequestTransferred():
            standing.put(transferred_to=event.to)
        case TransferAccepted():
            standing.put(held_by=values["transferred_to"], transferred_to=None)
        case TransferRefused():
            standing.put(transferred_to=None)
        case LegalAidApplied():
            standing.put(bureau=None)
        case LegalAidObjected():
            standing.put(bureau=event.to)
        case LegalAidLawyerAssigned():
            _serves(standing, event.lawyer)
        case AdviserAssigned():
            standing.put(assigned=event.adviser)
        case ConsultationGiven():
            _serves(standing, event.given_by, event.adviser)
        case MediationSessionHeld():
            _serves(standing, event.mediator, event.adviser)
    if isinstance(event, _MOVES):
        standing.put(**_placed(values))


def _serves(standing: RequestStanding, *who: str | None) -> None:
    served = {*(standing.values["served_by"] or ()), *(one for one in who if one is not None)}
    standing.put(served_by=sorted(served))


def _placed(values: Any) -> dict[str, Any]:
    holder, asked = values["held_by"] or values["point"], values["transferred_to"]
    there = None if values["held_by"] else values["division"]
    referred = values["referred_to"] if values["referral"] in ("sent", "accepted") else None
    units = (holder, asked, referred, values["agency"], values["bureau"])
    lies_in, whose = places.columns_of_place(
        Place(
            divisions=(
                *((there,) if there else ()),
                *(LIES_WITH + one for one in (holder, asked) if one),
            ),
            units=tuple(one for one in units if one),
            advisers=tuple(one for one in (values["assigned"], *values["served_by"]) if one),
            accounts=(values["responsible"],),
        ),
        implied=there is not None and asked is None,
    )
    return {"lies_in": lies_in, "whose": whose}


def _nothing_of(event: Any) -> bytes:
    """The columns of a request of another event: a wording of a work log says where it lies."""
    if type(event) not in _WORDINGS:
        return _NOT_A_REQUEST
    served = tuple(one.adviser for one in event.served)
    lies_in, whose = places.columns_of_place(Place((event.work.village,), advisers=served))
    return NULL * (len(STANDING) - 2) + copy_format.text(lies_in or "") + _FIELD["whose"](whose)


# --- what each event does to the standing


def _logged(event: RequestLogged, recorded: Recorded, memory: JournalMemory) -> RequestStanding:
    code = event.calendar.partition("@")[0] if event.calendar else None
    calendar = None if code is None else memory.registers.registers.calendars[code]
    values: Any = dict.fromkeys(STANDING)
    values |= request_clocks.logged(event.requested_at, calendar, event.zone, _dues(event.promises))
    values |= {
        "request": recorded.originator_id,
        "number": recorded.position,
        "point": event.point,
        "division": event.division,
        "calendar": code,
        "service": event.service,
        "channel": event.channel,
        "person": event.person,
        "client_category": event.client_category,
        "responsible": event.first_contact,
        "adviser": event.adviser,
        "firm": event.firm,
        "team": event.team,
        "late": recorded.late,
        "late_steps": int(recorded.late),
        "minutes_onsite": 0,
        "minutes_offsite": 0,
        "minutes_off_peak": 0,
        "reclassified": 0,
        "at_window": event.window,
        "duplicates": 0,
        "invited": False,
        "grade_excluded": False,
        "others_excluded": 0,
    }
    values["due"] = request_clocks.next_due(values)
    values |= {"assigned": event.adviser, "served_by": []}
    return RequestStanding(values | _placed(values))


def _dues(promises: Sequence[Promise]) -> request_clocks.Dues:
    due = {promise.name: promise.due for promise in promises}
    return due.get("first_response"), due.get("close")


def _put(standing: RequestStanding, changes: request_clocks.Changes) -> None:
    """Changes that may move the next deadline."""
    values = standing.values
    values.update(changes)
    standing.put(due=request_clocks.next_due(values), **changes)


def _responded(
    standing: RequestStanding, _: Event, recorded: Recorded, memory: JournalMemory
) -> None:
    values, calendar = standing.values, memory.calendar(standing)
    changes = request_clocks.responded(values, recorded.occurred_at, calendar)
    if "response_in_time" in changes:
        on_record = _on_record(values, "first_response", values["due_response"], recorded)
        changes = changes | {"response_in_time_on_record": on_record}
    _put(standing, changes)


def _on_record(
    values: Any, name: PromiseName, due: datetime | None, recorded: Recorded
) -> bool | None:
    """Return whether a promise was on record when it was due, and not recorded as missed."""
    assert recorded.recorded_at is not None
    in_time = request_clocks.in_time(values, due, recorded.recorded_at)
    return in_time and _missable(name, values["round"]) not in (values["promises_missed"] or ())


def _missable(name: str, round_: int) -> str:
    return f"{name}:{round_}"


def _missed(standing: RequestStanding, event: PromiseMissed, *_: object) -> None:
    missed = standing.values["promises_missed"] or ()
    standing.put(promises_missed=[*missed, _missable(event.name, event.round)])


def _consulted(
    standing: RequestStanding, event: ConsultationGiven, recorded: Recorded, memory: JournalMemory
) -> bytes:
    _responded(standing, event, recorded, memory)
    if event.adviser is not None and event.adviser != standing.values["adviser"]:
        standing.put(adviser=event.adviser, firm=event.firm, team=event.team)
    return _minutes(standing, event, recorded, memory, onsite=event.mode == "onsite")


def _session(
    standing: RequestStanding,
    event: MediationSessionHeld,
    recorded: Recorded,
    memory: JournalMemory,
) -> bytes:
    standing.put(mediator=event.mediator)
    return _minutes(standing, event, recorded, memory, onsite=event.onsite)


def _minutes(
    standing: RequestStanding,
    event: ConsultationGiven | MediationSessionHeld,
    recorded: Recorded,
    memory: JournalMemory,
    *,
    onsite: bool,
) -> bytes:
    values, minutes = standing.values, event.minutes
    if onsite:
        standing.put(minutes_onsite=values["minutes_onsite"] + minutes)
    else:
        standing.put(minutes_offsite=values["minutes_offsite"] + minutes)
    if event.doubts:
        standing.put(doubts=sorted({*(values["doubts"] or ()), *event.doubts}))
    off = _off_peak(values["division"], memory.calendar(standing), recorded.occurred_at, memory)
    if off is not None:
        standing.put(minutes_off_peak=values["minutes_off_peak"] + minutes)
    return _deed(event, onsite=onsite, off_peak=off)


def _sent(
    standing: RequestStanding, event: Referred, recorded: Recorded, memory: JournalMemory
) -> None:
    _responded(standing, event, recorded, memory)
    standing.put(referral="sent", referred_to=event.to)


def _mediating(
    standing: RequestStanding, event: MediationOpened, recorded: Recorded, memory: JournalMemory
) -> None:
    _responded(standing, event, recorded, memory)
    standing.put(mediation="open", mediator=event.mediator)


def _applied(
    standing: RequestStanding, event: LegalAidApplied, recorded: Recorded, memory: JournalMemory
) -> None:
    _responded(standing, event, recorded, memory)
    standing.put(legal_aid="applied", agency=event.agency)


def _stepped(column: str, status: str) -> Callable[..., None]:
    """A step of a referral, a mediation or an application for legal aid."""

    def step(standing: RequestStanding, *_: object) -> None:
        standing.put(**{column: status})

    return step


def _appointed(standing: RequestStanding, event: AppointmentMade, *_: object) -> None:
    standing.put(appointed_at=event.at, appointed_for=event.purpose)


def _appointment_over(standing: RequestStanding, *_: object) -> None:
    standing.put(appointed_at=None, appointed_for=None)


def _handed_over(standing: RequestStanding, event: HandedOver, *_: object) -> None:
    standing.put(responsible=event.to)


def _transfer_accepted(standing: RequestStanding, event: TransferAccepted, *_: object) -> None:
    standing.put(responsible=event.responsible)


def _assigned(standing: RequestStanding, event: AdviserAssigned, *_: object) -> None:
    standing.put(adviser=event.adviser, firm=event.firm, team=event.team)


def _paused(standing: RequestStanding, event: SupplementRequested, *_: object) -> None:
    _put(standing, request_clocks.paused(event.paused_at))


def _resumed(standing: RequestStanding, event: SupplementReceived, *_: object) -> None:
    dues = _dues(event.promises)
    _put(standing, request_clocks.resumed(standing.values, event.resumed_at, dues))


def _reclassified(standing: RequestStanding, event: Reclassified, *_: object) -> None:
    again = standing.values["reclassified"] + 1
    standing.put(service=event.to_service, reclassified=again)
    _put(standing, request_clocks.promised(_dues(event.promises)))


def _recalculated(
    standing: RequestStanding, event: DeadlinesRecalculated | RequestExtended, *_: object
) -> None:
    _put(standing, request_clocks.promised(_dues(event.promises)))


def _linked(standing: RequestStanding, event: DuplicateLinked, *_: object) -> None:
    _link(standing, [*(standing.values["originals"] or ()), event.original])


def _unlinked(standing: RequestStanding, event: DuplicateUnlinked, *_: object) -> None:
    _link(standing, [one for one in standing.values["originals"] if one != event.original])


def _link(standing: RequestStanding, originals: list[UUID]) -> None:
    standing.put(duplicates=len(originals), originals=originals or None)


def _closed(
    standing: RequestStanding, event: RequestClosed, recorded: Recorded, memory: JournalMemory
) -> None:
    values, calendar = standing.values, memory.calendar(standing)
    on_record = _on_record(values, "close", values["due_close"], recorded)
    changes = request_clocks.closed(values, recorded.occurred_at, calendar, event.kind)
    _put(standing, changes | {"close_in_time_on_record": on_record})


def _reopened(standing: RequestStanding, event: RequestReopened, *_: object) -> None:
    values = standing.values
    changes = request_clocks.reopened(values, event.reopened_at, _dues(event.promises))
    _put(standing, changes | {"close_in_time_on_record": None})


def _cleared(standing: RequestStanding, event: RequestDoubtsCleared, *_: object) -> None:
    left = [one for one in standing.values["doubts"] or () if one not in event.doubts]
    standing.put(doubts=left or None)


def _voided(standing: RequestStanding, _: RequestVoided, *__: object) -> None:
    _put(standing, request_clocks.voided())


def _invited(standing: RequestStanding, event: RatingInvited, *_: object) -> None:
    standing.put(invited=True, exempt=None, officer=event.officer)


def _exempted(standing: RequestStanding, event: RatingExempted, *_: object) -> None:
    standing.put(exempt=event.rule)


def _given(standing: RequestStanding, event: RatingGiven, *_: object) -> None:
    standing.put(grade_explicit=event.grade, device=event.device)
    _stands(standing, "suspect" if event.suspicions else "counts")


def _looked_at(standing: RequestStanding, event: RatingLookedAt, *_: object) -> None:
    if standing.values["grade_standing"] == "suspect":
        _stands(standing, "counts" if event.counted else "set_aside")


def _withdrawn(standing: RequestStanding, _: RatingWithdrawn, *__: object) -> None:
    _stands(standing, "withdrawn")


def _stands(standing: RequestStanding, now: GradeStanding) -> None:
    standing.put(grade_standing=now, grade_excluded=now != "counts")


def _graded(column: str) -> Callable[..., None]:
    def grade(standing: RequestStanding, event: Any, *_: object) -> None:
        standing.put(**{column: event.grade})

    return grade


def _dispute_decided(standing: RequestStanding, event: RatingDisputeDecided, *_: object) -> None:
    if event.of == "given":
        if event.excluded:
            _stands(standing, "disputed")
        elif standing.values["grade_standing"] == "disputed":
            _stands(standing, "counts")
    elif event.excluded:
        column = "grade_default" if event.of == "default" else "grade_callback"
        standing.put(others_excluded=standing.values["others_excluded"] + 1, **{column: None})


HANDLERS: Final[dict[type[Event], Callable[..., bytes | None]]] = {
    HandedOver: _handed_over,
    TransferAccepted: _transfer_accepted,
    AdviserAssigned: _assigned,
    ConsultationGiven: _consulted,
    MediationSessionHeld: _session,
    Referred: _sent,
    ReferralAccepted: _stepped("referral", "accepted"),
    ReferralRefused: _stepped("referral", "refused"),
    ReferralReturned: _stepped("referral", "returned"),
    ReferralCompleted: _stepped("referral", "completed"),
    MediationOpened: _mediating,
    MediationAgreed: _stepped("mediation", "agreed"),
    MediationEnded: _stepped("mediation", "ended"),
    LegalAidApplied: _applied,
    LegalAidGranted: _stepped("legal_aid", "granted"),
    LegalAidRefused: _stepped("legal_aid", "refused"),
    LegalAidDeemedWithdrawn: _stepped("legal_aid", "withdrawn"),
    AppointmentMade: _appointed,
    AppointmentKept: _appointment_over,
    AppointmentMissed: _appointment_over,
    SupplementRequested: _paused,
    SupplementReceived: _resumed,
    Reclassified: _reclassified,
    DeadlinesRecalculated: _recalculated,
    RequestExtended: _recalculated,
    DuplicateLinked: _linked,
    DuplicateUnlinked: _unlinked,
    RequestClosed: _closed,
    RequestReopened: _reopened,
    RequestVoided: _voided,
    RequestDoubtsCleared: _cleared,
    PromiseMissed: _missed,
    RatingInvited: _invited,
    RatingExempted: _exempted,
    RatingGiven: _given,
    RatingLookedAt: _looked_at,
    RatingWithdrawn: _withdrawn,
    RatingDefaulted: _graded("grade_default"),
    RatingCalledBack: _graded("grade_callback"),
    RatingFollowedUp: _graded("grade_follow_up"),
    RatingDisputeDecided: _dispute_decided,
}


# --- writing


def memory(connection: psycopg.Connection[Any], position: int) -> JournalMemory:
    """The reference facts as of a position; standings come as needed."""
    remembered = JournalMemory()
    remembered.registers.feed(reading.reference(connection, LedgerMapper(), position))
    return remembered


def rows(events: Iterable[Recorded], reference: Sequence[Recorded]) -> Iterator[bytes]:
    """The reference facts of the whole log come in at their places."""
    memory = JournalMemory()
    yield copy_format.HEAD
    ahead = deque(reference)
    for recorded in events:
        while ahead and (ahead[0].position or 0) <= (recorded.position or 0):
            memory.registers.feed((ahead.popleft(),))
        memory.feed(recorded)
        if len(memory.done) >= ROWS_PER_WRITE:
            yield from take_done(memory)
    yield from take_done(memory)
    yield from take_standing(memory)
    yield copy_format.TAIL


def apply(cursor: psycopg.Cursor[Any], batch: Sequence[Recorded], memory: JournalMemory) -> None:
    """Fold a batch that follows what the table holds, and write it."""
    _remember(cursor, batch, memory)
    touched = {}
    for recorded in batch:
        standing = memory.feed(recorded)
        if standing is not None:
            touched[id(standing)] = standing
    rows = [*take_done(memory)]
    for standing in touched.values():
        assert standing.row is not None
        rows.append(_finished(standing.row))
        standing.row = None
    if memory.superseded:
        earlier, later = zip(*memory.superseded, strict=True)
        cursor.execute(SUPERSEDE, [list(earlier), list(later)])
        memory.superseded.clear()
    with cursor.copy(COPY) as copy:
        copy.write(b"".join((copy_format.HEAD, *rows, copy_format.TAIL)))


def take_done(memory: JournalMemory) -> Iterable[bytes]:
    """COPY's the rows that will not change any more."""
    done, memory.done = memory.done, []
    return (_finished(row) for row in done)


def take_standing(memory: JournalMemory) -> Iterable[bytes]:
    """COPY's the rows that still stand: what a rebuild writes last."""
    return (_finished(one.row) for one in memory.standings.values() if one.row is not None)


_ROW_HEAD: Final = struct.Struct("!hiqiq").pack


def _finished(row: list[Any]) -> bytes:
    of_event_and_standing: bytes = row[2]
    return _ROW_HEAD(_COLUMNS, 8, row[0], 8, row[1]) + of_event_and_standing


def _remember(
    cursor: psycopg.Cursor[Any], batch: Sequence[Recorded], memory: JournalMemory
) -> None:
    """Load the standings of those requests of the batch that began before it."""
    if len(memory.standings) > REMEMBERED_MAX:
        memory.standings.clear()
    missing = set()
    for recorded in batch:
        request = _request_of(recorded)
        if request not in memory.standings and type(recorded.event) is not RequestLogged:
            missing.add(request)
    if not missing:
        return
    with cursor.connection.cursor(row_factory=dict_row) as reading:
        for row in reading.execute(STANDINGS, [list(missing)]):
            memory.standings[row["request"]] = RequestStanding(row, row.pop("position"))
