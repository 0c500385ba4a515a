"""A leader's reception day 领导干部接待日: where and when he receives, who booked ahead, who came,
and what came of it: a request, a complaint, or advice.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Annotated, ClassVar, Final, Literal, assert_never, get_args
from uuid import UUID

from msgspec import Meta, Struct
from msgspec.structs import replace

from domain.codes import Code
from domain.complaints.complaint import Complaint
from domain.complaints.complaint_commands import ComplaintIsVoided, ComplaintUnknown
from domain.complaints.visibility import visible_to
from domain.listed import known_point, serving_point
from domain.moment import Beside, Moment, calendar_of, local_day, not_in_future
from domain.registers.point import Point
from domain.registers.policy import reception_rules
from domain.requests.request import Request
from domain.requests.request_commands import RequestIsVoided, RequestUnknown
from domain.roles import AUDITORS, LEADERS
from domain.vocabulary import (
    Actor,
    Command,
    Event,
    NotThere,
    Personal,
    Refused,
    Statement,
    Text,
    Visitor,
    says_something,
)
from domain.worktime.calendar import ONE_DAY, Calendar

KIND: Final = "reception"
Slots = Annotated[int, Meta(ge=1, le=100)]
SlotMinutes = Annotated[int, Meta(ge=5, le=480)]
Instant = Annotated[datetime, Meta(tz=True)]
Outcome = Literal["request", "complaint", "advice"]
"""What came of it: a request or complaint that goes its own way, or advice on the spot."""


# --- events


class ReceptionAnnounced(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "reception.announced/1"
    point: Code
    division: str
    """Of the point on that day."""
    leader: Code
    """His account."""
    post: Text
    """In which he receives: 局长."""
    day: date
    """Local day at the point."""
    starts_at: datetime
    slots: Slots
    slot_minutes: SlotMinutes


class ReceptionMoved(Event, frozen=True, kw_only=True):
    """To another time; the bookings stay."""

    topic: ClassVar[str] = "reception.moved/1"
    day: date
    starts_at: datetime
    reason: Text


class ReceptionCancelled(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "reception.cancelled/1"
    reason: Text


class SlotBooked(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "reception.slot_booked/1"
    slot: Slots
    visitor: Visitor
    matter: Statement
    """What he comes with."""
    booked_at: datetime


class BookingWithdrawn(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "reception.booking_withdrawn/1"
    slot: Slots
    reason: Text


class PersonReceived(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "reception.person_received/1"
    slot: Slots
    received_at: datetime


class PersonAbsent(Event, frozen=True, kw_only=True):
    """Whoever had booked did not come."""

    topic: ClassVar[str] = "reception.person_absent/1"
    slot: Slots


class OutcomeRecorded(Event, frozen=True, kw_only=True):
    """What came of it; recorded again, it replaces what was recorded before."""

    topic: ClassVar[str] = "reception.outcome_recorded/1"
    slot: Slots
    outcome: Outcome
    of: UUID | None = None
    """The request or complaint."""
    note: Personal | None = None


ReceptionEvent = (
    ReceptionAnnounced | ReceptionMoved | ReceptionCancelled | SlotBooked | BookingWithdrawn
    | PersonReceived | PersonAbsent | OutcomeRecorded
)  # fmt: skip
EVENTS: Final[tuple[type[Event], ...]] = get_args(ReceptionEvent)


# --- commands


class AnnounceReception(Command, frozen=True, kw_only=True):
    point: Code
    leader: Code
    post: Text
    starts_at: Instant
    slots: Slots
    slot_minutes: SlotMinutes


class MoveReception(Command, frozen=True, kw_only=True):
    starts_at: Instant
    reason: Text


class CancelReception(Command, frozen=True, kw_only=True):
    reason: Text


class BookSlot(Command, frozen=True, kw_only=True):
    """For a citizen, who gives a name and says what he comes with."""

    slot: Slots
    visitor: Visitor
    matter: Statement


class WithdrawBooking(Command, frozen=True, kw_only=True):
    slot: Slots
    reason: Text


class ReceivePerson(Command, frozen=True, kw_only=True):
    slot: Slots


class NoteAbsent(Command, frozen=True, kw_only=True):
    slot: Slots


class RecordOutcome(Command, frozen=True, kw_only=True):
    slot: Slots
    outcome: Outcome
    of: UUID | None = None
    note: Statement | None = None


OfSlot = WithdrawBooking | ReceivePerson | NoteAbsent | RecordOutcome
ReceptionCommand = AnnounceReception | MoveReception | CancelReception | BookSlot | OfSlot
COMMANDS: Final[tuple[type[Command], ...]] = (
    AnnounceReception, MoveReception, CancelReception, BookSlot, *get_args(OfSlot),
)  # fmt: skip


# --- state


class Booking(Struct, frozen=True, kw_only=True):
    visitor: Visitor
    matter: str
    booked_at: datetime
    received_at: datetime | None = None
    absent: bool = False
    outcome: Outcome | None = None
    of: UUID | None = None
    note: str | None = None

    @property
    def over(self) -> bool:
        return self.absent or self.received_at is not None


class Reception(Struct, frozen=True, kw_only=True):
    announced: ReceptionAnnounced
    day: date
    starts_at: datetime
    bookings: Mapping[int, Booking] = {}
    """By slot."""
    withdrawn: int = 0
    """Bookings that were taken back."""
    moved: int = 0
    cancelled: ReceptionCancelled | None = None

    @property
    def begun(self) -> bool:
        """Return whether anybody was received, or waited for."""
        return any(one.over for one in self.bookings.values())

    def at(self, slot: int) -> datetime:
        """Return when a slot begins."""
        return self.starts_at + timedelta(minutes=(slot - 1) * self.announced.slot_minutes)


def evolve(state: Reception | None, event: ReceptionEvent) -> Reception:
    if isinstance(event, ReceptionAnnounced):
        return Reception(announced=event, day=event.day, starts_at=event.starts_at)
    assert state is not None
    match event:
        case ReceptionMoved():
            moved = state.moved + 1
            return replace(state, day=event.day, starts_at=event.starts_at, moved=moved)
        case ReceptionCancelled():
            return replace(state, cancelled=event)
        case SlotBooked():
            booking = Booking(visitor=event.visitor, matter=event.matter, booked_at=event.booked_at)
            return replace(state, bookings={**state.bookings, event.slot: booking})
        case BookingWithdrawn():
            left = {slot: one for slot, one in state.bookings.items() if slot != event.slot}
            return replace(state, bookings=left, withdrawn=state.withdrawn + 1)
        case PersonReceived():
            return _told(state, event.slot, received_at=event.received_at, absent=False)
        case PersonAbsent():
            return _told(state, event.slot, absent=True)
        case OutcomeRecorded():
            return _told(state, event.slot, outcome=event.outcome, of=event.of, note=event.note)
        case _:
            assert_never(event)


def _told(state: Reception, slot: int, **known: object) -> Reception:
    booking = replace(state.bookings[slot], **known)
    return replace(state, bookings={**state.bookings, slot: booking})


def sees_people(by: Actor, point: str) -> bool:
    """Return whether an actor may read whom a leader receives at the point, and why: it may be
    about a colleague."""
    at_the_desk = by.role == "duty_officer" and by.unit == point
    return at_the_desk or by.role in (*LEADERS, *AUDITORS)


# --- refusals


class ReceptionUnknown(NotThere):
    """没有这个接待日"""


class ReceptionExists(Refused):
    """这个接待日已经公布"""


class ReceptionIsCancelled(Refused):
    """这个接待日已取消"""


class ReceptionNotAhead(Refused):
    """接待时间须晚于公布或改期的时间"""


class ReceptionBeyondDay(Refused):
    """接待须在同一天内结束，请减少场次或缩短时长"""


class ReceptionHasBegun(Refused):
    """已有来访人到场或缺席，接待日不能再改期或取消"""


class SlotUnknown(Refused):
    """没有这个预约场次，请在公布的场次中选择"""


class SlotTaken(Refused):
    """这个场次已有人预约，请选择其他场次"""


class BookedTooLate(Refused):
    """预约须提前办理（一般为一个工作日），已过预约截止日"""


class VisitorNotNamed(Refused):
    """预约须登记来访人姓名"""


class NotBooked(Refused):
    """这个场次没有人预约"""


class BookingIsOver(Refused):
    """这个场次已登记到场或缺席"""


class NotReceivingYet(Refused):
    """还没有到这个接待日的开始时间"""


class NotReceived(Refused):
    """来访人尚未登记到场，不能登记接待结果"""


class OutcomeNotLinked(Refused):
    """接待后形成事项或投诉的，须写明是哪一个；当场答复的不写"""


# --- decide


def decide(state: Reception | None, command: ReceptionCommand, moment: Moment) -> list[Event]:
    not_in_future(moment)
    if isinstance(command, AnnounceReception):
        return _announce(state, command, moment)
    if state is None:
        raise ReceptionUnknown
    if isinstance(command, CancelReception):
        if state.cancelled is not None:
            return []
        _not_begun(state)
        return [ReceptionCancelled(reason=command.reason)]
    if state.cancelled is not None:
        raise ReceptionIsCancelled
    match command:
        case MoveReception():
            return _move(state, command, moment)
        case BookSlot():
            return _book(state, command, moment)
        case _:
            return _of_slot(state, command, moment)


def _announce(state: Reception | None, command: AnnounceReception, moment: Moment) -> list[Event]:
    if state is not None:
        raise ReceptionExists
    point = serving_point(command.point, moment.registers, moment.occurred_at)
    day = _day(point, command.starts_at, command.slots * command.slot_minutes, moment)
    return [
        ReceptionAnnounced(
            point=command.point,
            division=point.division_on(day),
            leader=command.leader,
            post=command.post,
            day=day,
            starts_at=command.starts_at,
            slots=command.slots,
            slot_minutes=command.slot_minutes,
        )
    ]


def _day(point: Point, starts_at: datetime, minutes: int, moment: Moment) -> date:
    """The local day on which it begins and ends."""
    if starts_at <= moment.now:
        raise ReceptionNotAhead
    day = local_day(point, moment, starts_at)
    last = starts_at + timedelta(minutes=minutes) - timedelta(microseconds=1)
    if local_day(point, moment, last) != day:
        raise ReceptionBeyondDay
    return day


def _move(state: Reception, command: MoveReception, moment: Moment) -> list[Event]:
    if command.starts_at == state.starts_at:
        return []
    _not_begun(state)
    known = state.announced
    point = known_point(known.point, moment.registers)
    day = _day(point, command.starts_at, known.slots * known.slot_minutes, moment)
    return [ReceptionMoved(day=day, starts_at=command.starts_at, reason=command.reason)]


def _not_begun(state: Reception) -> None:
    if state.begun:
        raise ReceptionHasBegun


def _book(state: Reception, command: BookSlot, moment: Moment) -> list[Event]:
    if command.slot > state.announced.slots:
        raise SlotUnknown(str(command.slot))
    if not says_something(command.visitor.name or ""):
        raise VisitorNotNamed
    booking = state.bookings.get(command.slot)
    if booking is not None:
        if (booking.visitor, booking.matter) == (command.visitor, command.matter):
            return []
        raise SlotTaken(str(command.slot))
    point = known_point(state.announced.point, moment.registers)
    today = local_day(point, moment, moment.occurred_at)
    rules = reception_rules(moment.registers.policies, today)
    last = last_day_to_book(state.day, rules.book_working_days_ahead, calendar_of(point, moment))
    if today > last:
        raise BookedTooLate(str(last))
    return [
        SlotBooked(
            slot=command.slot,
            visitor=command.visitor,
            matter=command.matter,
            booked_at=moment.occurred_at,
        )
    ]


def last_day_to_book(day: date, ahead: int, calendar: Calendar | None) -> date:
    """Return the day that lies so many working days before the reception; without a calendar every
    day is one.

    Raises: CalendarHasNoYear.
    """
    while ahead:
        day -= ONE_DAY
        ahead -= calendar is None or calendar.is_working(day)
    return day


def _of_slot(state: Reception, command: OfSlot, moment: Moment) -> list[Event]:
    booking = state.bookings.get(command.slot)
    if booking is None:
        raise NotBooked(str(command.slot))
    if isinstance(command, WithdrawBooking):
        if booking.over:
            raise BookingIsOver(str(command.slot))
        return [BookingWithdrawn(slot=command.slot, reason=command.reason)]
    if moment.occurred_at < state.starts_at:
        raise NotReceivingYet
    match command:
        case ReceivePerson():
            if booking.received_at is not None:
                return []
            return [PersonReceived(slot=command.slot, received_at=moment.occurred_at)]
        case NoteAbsent():
            if booking.received_at is not None:
                raise BookingIsOver(str(command.slot))
            return [] if booking.absent else [PersonAbsent(slot=command.slot)]
        case RecordOutcome():
            return _outcome(booking, command, moment)
        case _:
            assert_never(command)


def _outcome(booking: Booking, command: RecordOutcome, moment: Moment) -> list[Event]:
    if booking.received_at is None:
        raise NotReceived
    if (command.outcome == "advice") != (command.of is None):
        raise OutcomeNotLinked
    if command.of is not None:
        _refuse_unknown(command.outcome, command.of, moment)
    told = (command.outcome, command.of, command.note)
    if told == (booking.outcome, booking.of, booking.note):
        return []
    return [
        OutcomeRecorded(
            slot=command.slot, outcome=command.outcome, of=command.of, note=command.note
        )
    ]


def _refuse_unknown(outcome: Outcome, of: UUID, moment: Moment) -> None:
    found = moment.beside.get(of)
    if outcome == "request":
        if not isinstance(found, Request):
            raise RequestUnknown(str(of))
        if found.voided:
            raise RequestIsVoided(str(of))
        return
    if not isinstance(found, Complaint) or not visible_to(found, moment.by):
        raise ComplaintUnknown(str(of))
    if found.voided:
        raise ComplaintIsVoided(str(of))


def _reads(_: Reception | None, command: RecordOutcome, __: Moment) -> list[UUID]:
    return [] if command.of is None else [command.of]


BESIDE: Final = Beside((RecordOutcome,), _reads)
