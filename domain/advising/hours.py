"""The day sheet 时间单 of an adviser: which hours of one local day his work log tells already.

Each entry keeps its hours on the sheet of every adviser who served and every day it touches, in the
same append as the entry itself: of two entries of the same hours one comes too late.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import ClassVar, Final, assert_never, get_args
from uuid import UUID

from msgspec import Struct

from domain.codes import Code
from domain.registers.appointment import china_day
from domain.vocabulary import Event, stream_id
from domain.worktime.calendar import days_between

KIND: Final = "hours"


# --- events


class HoursEntered(Event, frozen=True, kw_only=True):
    """The hours that an entry takes; entered again, they replace those it took before."""

    topic: ClassVar[str] = "hours.entered/1"
    adviser: Code
    day: date
    work: UUID
    started_at: datetime
    ended_at: datetime
    minutes: int
    """The adviser's share, on the day on which the work began; 0 on the day after."""


class HoursCleared(Event, frozen=True, kw_only=True):
    """The entry takes no hours of this day any more: it was corrected or withdrawn."""

    topic: ClassVar[str] = "hours.cleared/1"
    work: UUID


HoursEvent = HoursEntered | HoursCleared
EVENTS: Final[tuple[type[Event], ...]] = get_args(HoursEvent)


# --- state


class DaySheet(Struct, frozen=True):
    entered: tuple[HoursEntered, ...] = ()
    """One of each entry."""

    def overlapping(self, work: UUID | None, began: datetime, ended: datetime) -> list[UUID]:
        """Return the other entries that take some of these hours."""
        return [
            one.work
            for one in self.entered
            if one.work != work and one.started_at < ended and began < one.ended_at
        ]

    def minutes_besides(self, work: UUID | None) -> int:
        """Sum the minutes of the other entries."""
        return sum(one.minutes for one in self.entered if one.work != work)


def evolve(state: DaySheet | None, event: HoursEvent) -> DaySheet:
    others = [one for one in (state.entered if state else ()) if one.work != event.work]
    match event:
        case HoursEntered():
            return DaySheet((*others, event))
        case HoursCleared():
            return DaySheet(tuple(others))
        case _:
            assert_never(event)


# --- which sheets


def sheet_id(adviser: str, day: date) -> UUID:
    return stream_id(KIND, f"{adviser}:{day}")


def sheets(
    advisers: Iterable[str], began: datetime, ended: datetime
) -> Iterator[tuple[UUID, str, date]]:
    """Yield the sheet of each adviser and day that the time touches: stream, adviser, day."""
    for adviser in advisers:
        for day in days_between(china_day(began), china_day(ended)):
            yield sheet_id(adviser, day), adviser, day
