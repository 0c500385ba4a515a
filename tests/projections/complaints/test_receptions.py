"""Reception days as the list and the sums of each leader show them, as known at any time."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from msgspec.structs import replace

from domain.complaints.reception import (
    BookingWithdrawn,
    OutcomeRecorded,
    PersonAbsent,
    PersonReceived,
    ReceptionAnnounced,
    ReceptionCancelled,
    ReceptionMoved,
    SlotBooked,
)
from domain.vocabulary import Visitor
from projections.asking.asking import fetch
from projections.complaints import receptions
from projections.complaints.receptions import ReceptionFilters, ReceptionRow
from tests.examples import local
from tests.projections.viewing import Given, Viewing, happened

ONE, OTHER = UUID(int=101), UUID(int=102)
ANNOUNCED = ReceptionAnnounced(
    point="C1",
    division="440103",
    leader="leader-1",
    post="局长",
    day=date(2026, 3, 9),
    starts_at=local("2026-03-09 14:00"),
    slots=3,
    slot_minutes=30,
)
ELSEWHERE = replace(
    ANNOUNCED, point="C2", division="440104", leader="leader-2", day=date(2026, 3, 20),
    starts_at=local("2026-03-20 09:00"),
)  # fmt: skip


def booked(slot: int) -> SlotBooked:
    return SlotBooked(
        slot=slot, visitor=Visitor(name="王某"), matter="咨询", booked_at=local("2026-03-05 09:00")
    )


def rows(
    viewing: Viewing, *, position: int = 0, now: str = "2026-03-10 09:00", **filters: Any
) -> list[ReceptionRow]:
    asked: datetime = local(now)
    known = position or viewing.head
    page = receptions.page(ReceptionFilters(**filters), position=known, now=asked, limit=10)
    return fetch(viewing.connection, page)


def held(given: Given) -> Viewing:
    return given(
        happened(ANNOUNCED, of=ONE),
        *(happened(booked(slot), of=ONE) for slot in (1, 2, 3)),
        happened(BookingWithdrawn(slot=1, reason="改日"), of=ONE),
        happened(PersonAbsent(slot=2), of=ONE),
        happened(PersonReceived(slot=3, received_at=local("2026-03-09 15:00")), of=ONE),
        happened(OutcomeRecorded(slot=3, outcome="request", of=UUID(int=5)), of=ONE),
        happened(ELSEWHERE, of=OTHER),
    )


def test_a_day_shows_who_booked_who_came_and_what_came_of_it(given: Given) -> None:
    found = rows(held(given), leader="leader-1")
    assert [
        (one.slots, one.booked, one.received, one.absent, one.withdrawn, one.requests)
        for one in found
    ] == [(3, 2, 1, 1, 1, 1)]


def test_days_to_come_and_past_ones_the_latest_first(given: Given) -> None:
    viewing = held(given)
    assert [one.stream for one in rows(viewing)] == [OTHER, ONE]
    assert [one.stream for one in rows(viewing, coming=True)] == [OTHER]
    assert [one.stream for one in rows(viewing, coming=False)] == [ONE]
    assert rows(viewing, coming=True, now="2026-03-21 09:00") == []
    assert [one.stream for one in rows(viewing, division="440104", free=True)] == [OTHER]
    assert [one.stream for one in rows(viewing, from_=date(2026, 3, 10))] == [OTHER]
    assert [one.stream for one in rows(viewing, to=date(2026, 3, 10))] == [ONE]


def test_what_was_known_before_it_was_moved_or_cancelled(given: Given) -> None:
    moved = ReceptionMoved(
        day=date(2026, 3, 10), starts_at=local("2026-03-10 14:00"), reason="会议"
    )
    viewing = given(
        happened(ANNOUNCED, of=ONE),
        happened(moved, of=ONE),
        happened(ReceptionCancelled(reason="会议"), of=ONE),
    )
    head = viewing.head
    told = [rows(viewing, position=head - back) for back in (0, 1, 2, 3)]
    assert [[(row.day.day, row.moved, row.cancelled) for row in found] for found in told] == [
        [(10, 1, True)], [(10, 1, False)], [(9, 0, False)], [],
    ]  # fmt: skip


def test_each_leaders_days_are_summed_without_those_cancelled(given: Given) -> None:
    viewing = held(given)
    viewing.given(happened(ReceptionCancelled(reason="会议"), of=OTHER))
    asked = receptions.by_leader(
        first=date(2026, 1, 1), last=date(2026, 3, 31), division="", position=viewing.head
    )
    found = fetch(viewing.connection, asked)
    assert [
        (one.leader, one.days, one.cancelled, one.slots, one.booked, one.received, one.absent)
        for one in found
    ] == [("leader-1", 1, 0, 3, 2, 1, 1), ("leader-2", 0, 1, 0, 0, 0, 0)]
    assert [one.last for one in found] == [date(2026, 3, 9), None]
