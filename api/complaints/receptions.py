"""Reception days 领导干部接待日: the list, one of them, and what each leader did.

Whom a leader receives and why is shown to leaders, auditors and the desk of that point: it may be
about a colleague.
"""

from datetime import date, datetime
from typing import ClassVar, Final
from uuid import UUID

import msgspec
from msgspec import Struct

from api.complaints.reception_routes import ROUTES
from api.identity import OPERATOR
from api.web.gate import readable
from api.web.paging import Listing, Paged
from api.web.questions import Asking, Found, Knowing, Question, allowed_now, held, reading
from domain.codes import Code, DivisionPrefix, EvaluationPeriod
from domain.complaints import reception
from domain.complaints.reception import Booking, Outcome, Reception
from domain.reading import sees_people
from domain.vocabulary import Personal, Visitor
from domain.worktime.period import days_of
from projections.asking.asking import Basis, Cursor, fetch_async
from projections.complaints import receptions as view

# --- the list


class ReceptionsQuery(Paged, frozen=True, kw_only=True):
    leader: Code | None = None
    point: Code | None = None
    division: DivisionPrefix | None = None
    """A prefix of the point's."""
    cancelled: bool | None = None
    coming: bool | None = None
    free: bool | None = None
    from_: date | None = msgspec.field(default=None, name="from")
    """Inclusive, by the local day of the reception."""
    to: date | None = None
    """Exclusive."""


class ReceptionsFound(Struct, frozen=True, kw_only=True):
    """The latest day first."""

    basis: Basis
    rows: list[view.ReceptionRow]
    next_cursor: str | None


LISTING: Final = Listing(
    views=(view.NAME,),
    filters=view.ReceptionFilters,
    page=view.page,
    cursor=Cursor,
    place=view.cursor_of,
    answer=ReceptionsFound,
    timed=True,
)


# --- one of them


class BookingShown(Struct, frozen=True, kw_only=True):
    """The answer's copy of a booking; `hidden`: who comes and why is not for the reader."""

    KEY: ClassVar = ("slot",)
    slot: int
    starts_at: datetime
    booked_at: datetime
    received_at: datetime | None
    absent: bool
    hidden: bool
    visitor: Visitor | None
    matter: Personal | None
    outcome: Outcome | None
    of: UUID | None
    note: Personal | None


class ReceptionShown(Struct, frozen=True, kw_only=True):
    """The answer's copy of a reception day."""

    point: str
    division: str
    leader: str
    post: str
    day: date
    starts_at: datetime
    slots: int
    slot_minutes: int
    moved: int
    cancelled: str | None
    """Why it was."""
    withdrawn: int
    bookings: tuple[BookingShown, ...]
    """By slot."""


class ReceptionFound(Struct, frozen=True, kw_only=True):
    """A reception day as it stands; `version` is what If-Match wants."""

    id: UUID
    version: int
    position: int
    allowed: list[str]
    state: ReceptionShown


async def _one(asking: Asking) -> Found:
    stream = asking.path["id"]
    found, position = await held(asking, reception, stream)
    state: Reception = found.state
    assert asking.by is not None
    body = ReceptionFound(
        id=stream,
        version=found.version,
        position=position,
        allowed=await allowed_now(asking, state, reception.KIND, ROUTES),
        state=await _shown(asking, state),
    )
    return Found(
        body, version=found.version, position=position, stream=stream, beside_the_version=True
    )


async def _shown(asking: Asking, state: Reception) -> ReceptionShown:
    known, bookings = state.announced, sorted(state.bookings.items())
    return ReceptionShown(
        point=known.point,
        division=known.division,
        leader=known.leader,
        post=known.post,
        day=state.day,
        starts_at=state.starts_at,
        slots=known.slots,
        slot_minutes=known.slot_minutes,
        moved=state.moved,
        cancelled=state.cancelled.reason if state.cancelled else None,
        withdrawn=state.withdrawn,
        bookings=tuple([
            _booking(slot, state.at(slot), one, hidden=not await _readable(asking, state, one))
            for slot, one in bookings
        ]),
    )  # fmt: skip


async def _readable(asking: Asking, state: Reception, booking: Booking) -> bool:
    """A complaint that came of it is hidden from whom it is about, and so is how it began."""
    assert asking.by is not None
    if asking.by is OPERATOR:
        return True
    registers = await asking.wiring.ledger.registers()
    if not sees_people(asking.by, state.announced.point, registers):
        return False
    if booking.outcome != "complaint" or booking.of is None:
        return True
    return booking.of in await readable(asking.wiring, (booking.of,), asking.by)


def _booking(slot: int, starts_at: datetime, booking: Booking, *, hidden: bool) -> BookingShown:
    return BookingShown(
        slot=slot,
        starts_at=starts_at,
        booked_at=booking.booked_at,
        received_at=booking.received_at,
        absent=booking.absent,
        hidden=hidden,
        visitor=None if hidden else booking.visitor,
        matter=None if hidden else booking.matter,
        outcome=None if hidden else booking.outcome,
        of=None if hidden else booking.of,
        note=None if hidden else booking.note,
    )


# --- what each leader did


class LeaderReceptionsQuery(Knowing, frozen=True, kw_only=True):
    period: EvaluationPeriod
    division: DivisionPrefix = ""
    """A prefix of the point's; the whole city without one."""


class LeaderReceptionsReport(Struct, frozen=True):
    basis: Basis
    rows: list[view.LeaderReceptions]


async def _by_leader(asking: Asking) -> Found:
    query: LeaderReceptionsQuery = asking.query
    days = days_of(query.period)
    async with reading(asking, view.NAME) as (connection, basis):
        asked = view.by_leader(
            first=days.first, last=days.last, division=query.division, position=basis.position
        )
        rows = await fetch_async(connection, asked)
    return Found(LeaderReceptionsReport(basis, rows), position=basis.position)


QUESTIONS: Final = (
    Question(
        name="Receptions",
        under="/receptions",
        summary="领导接待日清单：将来的和已过的",
        tag=reception.KIND,
        answer=ReceptionsFound,
        query=ReceptionsQuery,
        find=LISTING.find,
    ),
    Question(
        name="Reception",
        under="/receptions/{id:uuid}",
        summary="一个领导接待日及其预约",
        tag=reception.KIND,
        answer=ReceptionFound,
        find=_one,
    ),
    Question(
        name="LeaderReceptions",
        under="/reports/receptions",
        summary="领导接待情况：按领导列出接待天数、预约、到场和结果",
        tag="report",
        answer=LeaderReceptionsReport,
        query=LeaderReceptionsQuery,
        find=_by_leader,
    ),
)
