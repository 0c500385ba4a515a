"""The operational list of requests: filters, next deadline, text search. What a request says is
kept here, one row per event that says something; what it has come to is the journal's."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any, ClassVar, Final, Literal
from uuid import UUID

import psycopg
from msgspec import Struct

from domain.requests import rating
from domain.requests.proceedings import (
    LegalAidStatus,
    MediationAgreed,
    MediationEnded,
    MediationSessionHeld,
    MediationStatus,
    ReferralCompleted,
    ReferralStatus,
    Referred,
)
from domain.requests.request import ConsultationGiven, NoteAdded, RequestClosed, RequestLogged
from domain.vocabulary import Event, Personal, Visitor, sibling_id
from ledger.log.codec import Recorded
from projections.asking.asking import Cursor, Query, equal, filtered, one_page, standing_at
from projections.asking.words import grams_of, name_of, normalised, said_by
from projections.storing import policies
from projections.storing.columns import selected

NAME: Final = "requests"
VERSION: Final = 3
SHARDS: Final = 4
BY_STREAM: Final = False
TEXTS: Final[dict[type[Event], tuple[str, ...]]] = {
    RequestLogged: ("subject", "detail", "place", "work_order"),
    NoteAdded: ("text",),
    ConsultationGiven: ("answer",),
    RequestClosed: ("summary",),
    Referred: ("reason",),
    ReferralCompleted: ("outcome",),
    MediationSessionHeld: ("record",),
    MediationAgreed: ("terms",),
    MediationEnded: ("reason",),
}
"""Where events say something in words, to be searched."""
TOPICS: Final[tuple[str, ...] | None] = tuple(event.topic for event in TEXTS)
COLUMNS: Final = (
    ("position", "bigint NOT NULL"),
    ("request", "uuid NOT NULL"),
    ("subject", "text"),
    ("external_source", "text"),
    ("external_id", "text"),
    ("work_order", "text"),
    ("body", "text NOT NULL"),
    ("grams", "text[] NOT NULL"),
)
_DEFINED: Final = ",\n        ".join(f"{name} {kind}" for name, kind in COLUMNS)
TABLES: Final = f"""
    CREATE TABLE requests (
        {_DEFINED}
    ){policies.secured(NAME, "views.request_in_scope(request)")}
"""
INDEXES: Final = (
    "ALTER TABLE requests ADD PRIMARY KEY (position)",
    "CREATE UNIQUE INDEX ON requests (request) WHERE subject IS NOT NULL",
    "CREATE INDEX ON requests (external_id) WHERE external_id IS NOT NULL",
    "CREATE INDEX ON requests (work_order) WHERE work_order IS NOT NULL",
    # What is new waits beside the tree and goes in by the megabyte: half the work to follow the
    # log, against a search that looks through one more megabyte.
    "CREATE INDEX ON requests USING gin (grams) WITH (gin_pending_list_limit = 1024)",
)
COPY: Final = f"COPY requests ({', '.join(name for name, _ in COLUMNS)}) FROM STDIN"
Status = Literal["open", "closed", "voided"]
Order = Literal["due", "requested", "appointed"]


def memory(_connection: psycopg.Connection[Any], _position: int) -> None:
    """No row knows of another."""


def rows(events: Iterable[Recorded], _reference: Sequence[Recorded]) -> Iterator[bytes]:
    return (line.encode() for line in lines(events))


def apply(cursor: psycopg.Cursor[Any], batch: Sequence[Recorded], _memory: object = None) -> None:
    found = [*lines(batch)]
    if found:
        with cursor.copy(COPY) as copy:
            copy.write("".join(found))


def lines(batch: Iterable[Recorded]) -> Iterable[str]:
    """COPY lines of those events that say something."""
    for recorded in batch:
        fields = TEXTS.get(type(recorded.event))
        if fields is not None:
            line = _line(recorded, fields)
            if line is not None:
                yield line


def _line(recorded: Recorded, fields: tuple[str, ...]) -> str | None:
    event = recorded.event
    words = [value for field in fields if (value := getattr(event, field))]
    head = "\\N\t\\N\t\\N\t\\N"
    if isinstance(event, RequestLogged):
        if event.visitor is not None:
            words += _visitor(event.visitor)
        external = event.external
        if external is not None:
            words.append(external.id)
        head = "\t".join((
            _copy(event.subject),
            _copy(external.source) if external else "\\N",
            _copy(external.id) if external else "\\N",
            _copy(event.work_order) if event.work_order else "\\N",
        ))  # fmt: skip
    if not words:
        return None
    body = normalised(" ".join(words))
    grams = _array(sorted(grams_of(body)))
    return f"{recorded.position}\t{recorded.originator_id}\t{head}\t{_copy(body)}\t{_copy(grams)}\n"


def _visitor(visitor: Visitor) -> list[str]:
    """A phone number is found as it was written and by its digits."""
    phone = visitor.phone or ""
    digits = "".join(one for one in phone if one.isdecimal())
    name = visitor.name and name_of(visitor.name)
    return [one for one in (name, phone, digits if digits != phone else None) if one]


def _copy(text: str) -> str:
    """Escape for the text format of COPY."""
    if "\\" in text or "\t" in text or "\n" in text or "\r" in text:
        text = text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n")
        text = text.replace("\r", "\\r")
    return text.replace("\0", " ")


def _array(grams: list[str]) -> str:
    """Write a text array as PostgreSQL does."""
    together = "".join(grams)
    if "\\" in together or '"' in together:
        grams = [one.replace("\\", "\\\\").replace('"', '\\"') for one in grams]
    elements = '","'.join(grams)
    return f'{{"{elements}"}}' if grams else "{}"


# --- asking


class RequestFilters(Struct, frozen=True, kw_only=True):
    """Filters of the list."""

    point: str | None = None
    division: str | None = None
    """Prefix of the division code."""
    service: str | None = None
    channel: str | None = None
    adviser: str | None = None
    responsible: str | None = None
    referred_to: str | None = None
    referral: str | None = None
    mediator: str | None = None
    mediation: str | None = None
    agency: str | None = None
    legal_aid: str | None = None
    window: str | None = None
    client_category: str | None = None
    point_kind: str | None = None
    appointed_from: datetime | None = None
    appointed_to: datetime | None = None
    """Exclusive: an hour is appointed from one instant until before the other."""
    appointed_for: str | None = None
    status: Status | None = None
    overdue_at: datetime | None = None
    """Only requests whose next deadline is before it."""
    paused: bool | None = None
    """Whether papers are waited for, so that the clock stands still."""
    from_: date | None = None
    to: date | None = None
    external_id: str | None = None
    work_order: str | None = None
    text: str | None = None
    """Words separated by blanks; each must be said somewhere, in whatever event."""
    order: Order = "requested"
    """By deadline with open requests only; by the hour appointed with those that have one only; or
    newest requested first."""


class RequestRow(Struct, frozen=True, kw_only=True):
    KEY: ClassVar = ("request",)
    request: UUID
    number: int
    """Position of the logging event: unique, never reused."""
    version_position: int
    subject: Personal
    point: str
    division: str
    service: str
    channel: str
    status: Status
    round: int
    requested_at: datetime
    day: date
    responsible: str
    adviser: str | None
    window: str | None = None
    client_category: str | None = None
    referral: ReferralStatus = "none"
    referred_to: str | None = None
    mediation: MediationStatus = "none"
    mediator: str | None = None
    legal_aid: LegalAidStatus = "none"
    agency: str | None = None
    appointed_at: datetime | None = None
    appointed_for: str | None = None
    due: datetime | None
    overdue: bool
    paused: bool
    closed_day: date | None
    close_kind: str | None
    late: bool
    reclassified: int
    duplicates: int
    grade_explicit: int | None
    grade_default: int | None
    external_source: str | None
    external_id: str | None
    work_order: str | None
    suspect: bool
    """An event of this request could not be projected; see the faults of the views."""

    def streams(self) -> list[UUID]:
        return [self.request, sibling_id(self.request, rating.KIND)]


_COLUMNS: Final = selected(
    RequestRow,
    "j",
    version_position="j.position",
    subject="t.subject",
    window="j.at_window",
    referral="coalesce(j.referral, 'none')",
    mediation="coalesce(j.mediation, 'none')",
    legal_aid="coalesce(j.legal_aid, 'none')",
    overdue="coalesce(j.due < %(now)s, false)",
    paused="j.paused_at IS NOT NULL",
    external_source="t.external_source",
    external_id="t.external_id",
    work_order="t.work_order",
    suspect="EXISTS (SELECT FROM views.faults f WHERE f.stream = j.request)",
)
_CONDITIONS: Final = {
    **equal("j", "point", "service", "channel", "adviser", "status", "client_category"),
    **equal("j", "responsible", "referred_to", "mediator", "agency", "appointed_for"),
    "referral": "coalesce(j.referral, 'none') = %(referral)s",
    "mediation": "coalesce(j.mediation, 'none') = %(mediation)s",
    "legal_aid": "coalesce(j.legal_aid, 'none') = %(legal_aid)s",
    "window": "j.at_window = %(window)s",
    "point_kind": """EXISTS (
        SELECT FROM views.directory d
         WHERE d.code = j.point AND d.kind = %(point_kind)s
           AND d.position <= %(position)s AND d.superseded_at > %(position)s)""",
    "appointed_from": "j.appointed_at >= %(appointed_from)s",
    "appointed_to": "j.appointed_at < %(appointed_to)s",
    **equal("t", "external_id", "work_order"),
    "division": "starts_with(j.division, %(division)s)",
    "overdue_at": "j.status = 'open' AND j.due < %(overdue_at)s",
    "paused": "(j.paused_at IS NOT NULL) = %(paused)s",
    "from_": "j.day >= %(from_)s",
    "to": "j.day < %(to)s",
}


_SORTED: Final[dict[Order, str]] = {
    "due": "j.due",
    "requested": "j.requested_at",
    "appointed": "j.appointed_at",
}


def page(
    filters: RequestFilters,
    *,
    position: int,
    now: datetime,
    limit: int,
    after: Cursor | None = None,
    head: bool = False,
) -> Query[RequestRow]:
    """Query one page of requests as known at `position`.

    With `head` the position is the view's own, so that indexes of current rows can be used.
    """
    where, parameters = filtered(filters, _CONDITIONS)
    where += [standing_at("j", head=head), "j.request IS NOT NULL"]
    parameters |= {"position": position, "now": now}
    for says, word in said_by(filters.text or "", one="j.request", function="requests_saying"):
        where.append(says)
        parameters |= word
    if filters.order == "due":
        where.append("j.status = 'open' AND j.due IS NOT NULL")
    if filters.order == "appointed":
        where.append("j.appointed_at IS NOT NULL")
    return one_page(
        RequestRow,
        f"""SELECT {_COLUMNS} FROM views.journal j
              JOIN views.requests t ON t.request = j.request AND t.subject IS NOT NULL""",  # noqa: S608
        where,
        parameters,
        order=(_SORTED[filters.order], "j.request"),
        descending=filters.order == "requested",
        after=after,
        limit=limit,
    )


def one(request: UUID, *, position: int, now: datetime) -> Query[RequestRow]:
    """Query one request as known at `position`; no row when it was not known then."""
    sql = f"""
        SELECT {_COLUMNS} FROM views.journal j
          JOIN views.requests t ON t.request = j.request AND t.subject IS NOT NULL
         WHERE j.request = %(request)s AND {standing_at("j")}
    """  # noqa: S608
    return Query(sql, {"request": request, "position": position, "now": now}, RequestRow)


def cursor_of(row: RequestRow, order: Order) -> Cursor:
    place = {"due": row.due, "requested": row.requested_at, "appointed": row.appointed_at}
    at = place[order]
    assert at is not None
    return Cursor(at, row.request)
