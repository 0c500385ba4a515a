"""Reception days of leaders: every month at each center, announced ahead, booked ahead."""

from datetime import date, datetime, timedelta
from typing import Final

from domain.complaints import reception
from domain.complaints.reception import (
    AnnounceReception,
    BookSlot,
    CancelReception,
    MoveReception,
    NoteAbsent,
    ReceivePerson,
    RecordOutcome,
    WithdrawBooking,
    last_day_to_book,
)
from domain.complaints.visibility import visible_to
from domain.registers.point import Point
from domain.simulation import words
from domain.simulation.case import Life
from domain.simulation.errand import Errand, begun, bureau
from domain.simulation.schedule import SimulatedClock
from domain.simulation.world import Scene, Stream
from domain.vocabulary import Actor, Visitor

ANNOUNCED_ON: Final = 2
"""Day of the month; a leader receives eleven days later."""
AHEAD: Final = timedelta(days=11)
SLOTS: Final = 6
MINUTES: Final = 30
BOOKED: Final = (1, 2, 3, 5)
"""Slots that somebody books: the first takes it back, the second does not come."""
MATTERS: Final = (
    "反映窗口等候时间较长",
    "咨询法律援助条件",
    "对办理结果有意见",
    "建议增加夜间服务",
)


def receptions(
    scene: Scene, city: Scene, clock: SimulatedClock, *, first_day: date, days: int
) -> Life:
    """Month by month; `city`: where the requests and complaints are that come of it."""
    centers = [one for one in scene.registers.points.values() if one.kind == "center"]
    for offset in range(days):
        day = first_day + timedelta(days=offset)
        yield clock.midnight(day)
        if day.day == ANNOUNCED_ON:
            for number, center in enumerate(centers):
                at = clock.midnight(day) + timedelta(hours=10, minutes=number)
                on = clock.working_day(day + AHEAD)
                scene.spawned.append(_held(scene, city, clock, center, (at, on)))


def _held(
    scene: Scene, city: Scene, clock: SimulatedClock, center: Point, when: tuple[datetime, date]
) -> Life:
    """Nothing where the center is closed. Every third month it is moved a day, or cancelled."""
    at, on = when
    yield at
    if not scene.registers.points[center.code].serves_at(at):
        return
    errand = begun(scene, at, reception)
    leader = bureau(center.locations[0].division)
    starts_at = clock.midnight(on) + timedelta(hours=14)
    announce = AnnounceReception(
        point=center.code,
        leader=leader.account,
        post="局领导",
        starts_at=starts_at,
        slots=SLOTS,
        slot_minutes=MINUTES,
    )
    yield errand.act(announce, leader)
    desk = Actor(account=f"u-{center.code}-1", role="duty_officer", unit=center.code)
    yield from _booked(errand, desk, min(on, last_day_to_book(on, 2, scene.hours)), clock)
    match on.month % 3:
        case 0:
            yield errand.later(60)
            yield errand.act(CancelReception(reason="参加上级会议"), leader)
            return
        case 1:
            yield errand.later(60)
            starts_at = clock.midnight(clock.working_day(on + timedelta(days=1)))
            starts_at += timedelta(hours=14)
            yield errand.act(MoveReception(starts_at=starts_at, reason="会议冲突"), leader)
    yield from _received(errand, city, desk, starts_at)


def _booked(errand: Errand, desk: Actor, until: date, clock: SimulatedClock) -> Life:
    errand.at = max(errand.at, clock.midnight(until) + timedelta(hours=9))
    for slot, matter in zip(BOOKED, MATTERS, strict=True):
        yield errand.later(15)
        number = errand.stream.id.int % 600_000 + slot
        visitor = Visitor(name=words.person_name(number % 600_000), phone=words.phone_number(slot))
        yield errand.act(BookSlot(slot=slot, visitor=visitor, matter=matter), desk)
    yield errand.later(30)
    yield errand.act(WithdrawBooking(slot=BOOKED[0], reason="改日再来"), desk)


def _received(errand: Errand, city: Scene, desk: Actor, starts_at: datetime) -> Life:
    errand.at = starts_at
    yield errand.later(MINUTES)
    yield errand.act(NoteAbsent(slot=BOOKED[1]), desk)
    for slot in BOOKED[2:]:
        yield errand.later(MINUTES)
        yield errand.act(ReceivePerson(slot=slot), desk)
        yield errand.later(10)
        came_of_it, of = _came_of_it(city, desk, slot)
        yield errand.act(came_of_it, desk, beside=[of] if of else [])


def _came_of_it(city: Scene, desk: Actor, slot: int) -> tuple[RecordOutcome, Stream | None]:
    """A request or a complaint of these days; advice where there is none."""
    if slot == BOOKED[2]:
        requests = (one for one in reversed(city.recent) if not one.state.voided)
        if (request := next(requests, None)) is not None:
            return RecordOutcome(slot=slot, outcome="request", of=request.id), request
    else:
        complaints = (
            one
            for one in reversed(city.complaints)
            if not one.state.voided and visible_to(one.state, desk)
        )
        if (complaint := next(complaints, None)) is not None:
            return RecordOutcome(slot=slot, outcome="complaint", of=complaint.id), complaint
    return RecordOutcome(slot=slot, outcome="advice", note="已当场答复"), None
