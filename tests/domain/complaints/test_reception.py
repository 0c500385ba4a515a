"""Reception days: announced ahead, booked a working day ahead, received, and what came of it."""

from datetime import date
from uuid import UUID

import pytest
from msgspec.structs import replace

from domain.aggregates import fold
from domain.complaints import complaint, reception
from domain.complaints.complaint import Complaint
from domain.complaints.complaint_commands import ComplaintIsVoided, ComplaintUnknown
from domain.complaints.reception import (
    AnnounceReception,
    BookedTooLate,
    BookingIsOver,
    BookingWithdrawn,
    BookSlot,
    CancelReception,
    MoveReception,
    NotBooked,
    NoteAbsent,
    NotReceived,
    NotReceivingYet,
    OutcomeNotLinked,
    OutcomeRecorded,
    PersonAbsent,
    PersonReceived,
    ReceivePerson,
    ReceptionAnnounced,
    ReceptionBeyondDay,
    ReceptionCancelled,
    ReceptionExists,
    ReceptionHasBegun,
    ReceptionIsCancelled,
    ReceptionMoved,
    ReceptionNotAhead,
    ReceptionUnknown,
    RecordOutcome,
    SlotBooked,
    SlotTaken,
    SlotUnknown,
    VisitorNotNamed,
    WithdrawBooking,
    sees_people,
)
from domain.complaints.record import (
    ComplaintVoided,
    ObjectNamed,
)
from domain.moment import Registers
from domain.registers.point import PointIsClosed, PointUnknown
from domain.registers.policy import LIMITS_POLICY, Policy, ReceptionRules
from domain.requests import request
from domain.requests.request import RequestVoided
from domain.requests.request_commands import RequestIsVoided, RequestUnknown
from domain.vocabulary import Actor, Visitor
from tests.complaints import REGISTERED
from tests.examples import (
    CLERK,
    COLLEAGUE,
    LOGGED,
    MORNING,
    NOON,
    REGISTERS,
    REQUEST,
    RULES,
    STATION_CLERK,
    local,
)
from tests.spec import given

LEADER = Actor(account="leader-1", role="supervisor", unit="440103")
MONDAY = local("2026-03-09 14:00")
ANNOUNCE = AnnounceReception(
    point="ROOM-1", leader="leader-1", post="局长", starts_at=MONDAY, slots=4, slot_minutes=30
)
ANNOUNCED = ReceptionAnnounced(
    point="ROOM-1",
    division="440103001001",
    leader="leader-1",
    post="局长",
    day=date(2026, 3, 9),
    starts_at=MONDAY,
    slots=4,
    slot_minutes=30,
)
WANG = Visitor(name="王某", phone="13800001234")
BOOK = BookSlot(slot=2, visitor=WANG, matter="反映窗口等候时间长")
BOOKED = SlotBooked(slot=2, visitor=WANG, matter="反映窗口等候时间长", booked_at=NOON)
HELD = local("2026-03-09 14:30")
RECEIVED = PersonReceived(slot=2, received_at=HELD)
OTHER = UUID(int=77)
COMPLAINT: Complaint = fold(complaint, [REGISTERED])


def test_a_leader_announces_when_and_where_he_receives() -> None:
    given(at=NOON).when(ANNOUNCE, by=LEADER).then(ANNOUNCED)
    given(ANNOUNCED).when(ANNOUNCE, by=LEADER).refused(ReceptionExists)
    nowhere = replace(ANNOUNCE, point="ROOM-9")
    given(at=NOON).when(nowhere, by=LEADER).refused(PointUnknown)
    closed = replace(ANNOUNCE, point="ROOM-0")
    given(at=NOON).when(closed, by=LEADER).refused(PointIsClosed)
    given().when(BOOK).refused(ReceptionUnknown)


def test_a_reception_lies_ahead_when_it_is_entered_and_within_one_day() -> None:
    given(at=NOON, now=HELD, late_reason="补录").when(ANNOUNCE, by=LEADER).refused(
        ReceptionNotAhead
    )
    into_the_night = replace(ANNOUNCE, slots=30)
    given(at=NOON).when(into_the_night, by=LEADER).refused(ReceptionBeyondDay)
    until_midnight = replace(ANNOUNCE, slots=20)
    given(at=NOON).when(until_midnight, by=LEADER).then(replace(ANNOUNCED, slots=20))


def test_one_books_a_working_day_ahead() -> None:
    given(ANNOUNCED, at=NOON).when(BOOK).then(BOOKED)
    friday, saturday = local("2026-03-06 17:00"), local("2026-03-07 09:00")
    given(ANNOUNCED, at=friday).when(BOOK).then(replace(BOOKED, booked_at=friday))
    given(ANNOUNCED, at=saturday).when(BOOK).refused(BookedTooLate)


@pytest.mark.parametrize(("ahead", "refused"), [(0, False), (1, False), (2, True)])
def test_how_long_ahead_one_books_is_policy_data(ahead: int, *, refused: bool) -> None:
    rules = replace(RULES, reception=ReceptionRules(book_working_days_ahead=ahead))
    registers: Registers = replace(REGISTERS, policies={LIMITS_POLICY: Policy((rules,))})
    friday = local("2026-03-06 17:00")
    asked = given(ANNOUNCED, at=friday, registers=registers).when(BOOK)
    if refused:
        asked.refused(BookedTooLate)
    else:
        asked.then(replace(BOOKED, booked_at=friday))


def test_without_a_calendar_every_day_is_one_and_without_rules_it_is_one_day() -> None:
    at_the_stall = replace(ANNOUNCED, point="STALL-1")
    sunday = local("2026-03-08 17:00")
    bare = replace(REGISTERS, policies={})
    booked = replace(BOOKED, booked_at=sunday)
    given(at_the_stall, at=sunday, registers=bare).when(BOOK).then(booked)


def test_a_slot_is_booked_once_by_somebody_with_a_name() -> None:
    given(ANNOUNCED, BOOKED).when(BOOK).nothing()
    other = replace(BOOK, visitor=Visitor(name="李某"))
    given(ANNOUNCED, BOOKED).when(other, by=COLLEAGUE).refused(SlotTaken)
    given(ANNOUNCED).when(replace(BOOK, slot=5)).refused(SlotUnknown)
    given(ANNOUNCED).when(replace(BOOK, visitor=Visitor())).refused(VisitorNotNamed)


def test_a_booking_is_taken_back_and_the_slot_is_free_again() -> None:
    back = WithdrawBooking(slot=2, reason="改日再来")
    taken = BookingWithdrawn(slot=2, reason="改日再来")
    state = given(ANNOUNCED, BOOKED).when(back).then(taken)
    assert state.withdrawn == 1
    given(ANNOUNCED, BOOKED, taken).when(BOOK).then(BOOKED)
    given(ANNOUNCED).when(back).refused(NotBooked)
    given(ANNOUNCED, BOOKED, RECEIVED, at=HELD).when(back).refused(BookingIsOver)


def test_a_reception_is_moved_with_its_bookings_or_cancelled() -> None:
    later = local("2026-03-10 09:00")
    move = MoveReception(starts_at=later, reason="会议冲突")
    moved = ReceptionMoved(day=date(2026, 3, 10), starts_at=later, reason="会议冲突")
    state = given(ANNOUNCED, BOOKED).when(move, by=LEADER).then(moved)
    assert state.bookings.keys() == {2}
    assert state.at(2) == local("2026-03-10 09:30")
    given(ANNOUNCED, moved).when(move, by=LEADER).nothing()
    given(ANNOUNCED).when(replace(move, starts_at=MORNING), by=LEADER).refused(ReceptionNotAhead)
    cancel = CancelReception(reason="会议冲突")
    cancelled = ReceptionCancelled(reason="会议冲突")
    given(ANNOUNCED, BOOKED).when(cancel, by=LEADER).then(cancelled)
    given(ANNOUNCED, cancelled).when(cancel, by=LEADER).nothing()
    given(ANNOUNCED, cancelled).when(BOOK).refused(ReceptionIsCancelled)
    for command in (move, cancel):
        begun = given(ANNOUNCED, BOOKED, RECEIVED, at=HELD)
        begun.when(command, by=LEADER).refused(ReceptionHasBegun)


def test_who_comes_is_received_and_who_does_not_is_absent() -> None:
    receive, absent = ReceivePerson(slot=2), NoteAbsent(slot=2)
    given(ANNOUNCED, BOOKED, at=NOON).when(receive).refused(NotReceivingYet)
    given(ANNOUNCED, BOOKED, at=HELD).when(receive).then(RECEIVED)
    given(ANNOUNCED, BOOKED, at=HELD).when(absent).then(PersonAbsent(slot=2))
    given(ANNOUNCED, at=HELD).when(receive).refused(NotBooked)
    given(ANNOUNCED, BOOKED, RECEIVED, at=HELD).when(absent).refused(BookingIsOver)
    late = given(ANNOUNCED, BOOKED, PersonAbsent(slot=2), at=HELD).when(receive).then(RECEIVED)
    assert not late.bookings[2].absent


def test_what_came_of_it_is_advice_or_a_request_or_a_complaint_that_is_there() -> None:
    held = (ANNOUNCED, BOOKED, RECEIVED)
    advice = RecordOutcome(slot=2, outcome="advice", note="已当场说明")
    told = OutcomeRecorded(slot=2, outcome="advice", note="已当场说明")
    given(*held, at=HELD).when(advice).then(told)
    given(ANNOUNCED, BOOKED, at=HELD).when(advice).refused(NotReceived)
    known = {REQUEST: fold(request, [LOGGED]), OTHER: COMPLAINT}
    seen = given(*held, told, at=HELD, beside=known)
    asked = RecordOutcome(slot=2, outcome="request", of=REQUEST)
    seen.when(asked).then(OutcomeRecorded(slot=2, outcome="request", of=REQUEST))
    complained = RecordOutcome(slot=2, outcome="complaint", of=OTHER)
    told = OutcomeRecorded(slot=2, outcome="complaint", of=OTHER)
    seen.when(complained, by=LEADER).then(told)
    seen.when(replace(asked, of=OTHER)).refused(RequestUnknown)
    seen.when(replace(complained, of=REQUEST)).refused(ComplaintUnknown)
    seen.when(replace(asked, of=None)).refused(OutcomeNotLinked)
    seen.when(replace(advice, of=REQUEST)).refused(OutcomeNotLinked)
    given(*held, at=HELD).when(asked).refused(RequestUnknown)


def test_nothing_comes_of_a_void_request_or_complaint_or_one_that_may_not_be_seen() -> None:
    void = {
        REQUEST: fold(request, [RequestVoided(reason="重复登记")], fold(request, [LOGGED])),
        OTHER: fold(complaint, [ComplaintVoided(reason="重复登记", at=HELD)], COMPLAINT),
    }
    seen = given(ANNOUNCED, BOOKED, RECEIVED, at=HELD, beside=void)
    seen.when(RecordOutcome(slot=2, outcome="request", of=REQUEST)).refused(RequestIsVoided)
    complained = RecordOutcome(slot=2, outcome="complaint", of=OTHER)
    seen.when(complained, by=LEADER).refused(ComplaintIsVoided)
    about = fold(complaint, [ObjectNamed(account="clerk-1", reason="核实")], COMPLAINT)
    hidden = given(ANNOUNCED, BOOKED, RECEIVED, at=HELD, beside={OTHER: about})
    hidden.when(complained).refused(ComplaintUnknown)


def test_whom_a_leader_receives_and_why_is_for_leaders_auditors_and_the_desk() -> None:
    auditor = Actor(account="a", role="auditor", unit="4401")
    lawyer = Actor(account="chen", role="adviser", unit="ROOM-1", adviser="A-1")
    assert all(sees_people(one, "ROOM-1") for one in (CLERK, LEADER, auditor))
    assert not any(sees_people(one, "ROOM-1") for one in (STATION_CLERK, lawyer))


def test_who_booked_is_not_received_yet() -> None:
    state = fold(reception, [ANNOUNCED, BOOKED])
    assert not state.begun
    assert not state.bookings[2].over
