"""The day sheet 时间单 of whoever serves: what one local day of his holds already.

An entry of the work log keeps its hours on the sheet of every adviser who served and every day it
touches; a request keeps the minutes given to it on the sheet of who gave them: of an adviser, or of
an account where no adviser did. Both in the same append as what they tell: of two that tell the
same hours, or more than a day has, one comes too late.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import ClassVar, Final, assert_never, get_args
from uuid import UUID

from msgspec import Struct

from domain.codes import Code
from domain.registers.appointment import china_day
from domain.registers.policy import DutyRules
from domain.vocabulary import Event, Refused, stream_id
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
    given_to: UUID | None = None
    """The request that the entry names: its own minutes of this day are these."""


class HoursCleared(Event, frozen=True, kw_only=True):
    """The entry takes no hours of this day any more: it was corrected or withdrawn; or the request
    no minutes: it is void."""

    topic: ClassVar[str] = "hours.cleared/1"
    work: UUID


class MinutesGiven(Event, frozen=True, kw_only=True):
    """The minutes given to a request on this day, in all; given again, they replace those before.

    They have no hours: a request does not say when its minutes began.
    """

    topic: ClassVar[str] = "hours.minutes_given/1"
    day: date
    work: UUID
    """The request."""
    minutes: int
    adviser: Code | None = None
    account: Code | None = None
    """Who gave them where no adviser did."""


HoursEvent = HoursEntered | HoursCleared | MinutesGiven
EVENTS: Final[tuple[type[Event], ...]] = get_args(HoursEvent)


# --- state


class DaySheet(Struct, frozen=True):
    entered: tuple[HoursEntered, ...] = ()
    """One of each entry."""
    given: tuple[MinutesGiven, ...] = ()
    """One of each request."""

    def overlapping(self, work: UUID | None, began: datetime, ended: datetime) -> list[UUID]:
        """Return the other entries that take some of these hours."""
        return [
            one.work
            for one in self.entered
            if one.work != work and one.started_at < ended and began < one.ended_at
        ]

    def given_to(self, request: UUID | None) -> int:
        """Return the minutes that the sheet has of a request."""
        return next((one.minutes for one in self.given if one.work == request), 0)

    def minutes_besides(self, work: UUID | None, given_to: UUID | None = None) -> int:
        """Sum the minutes of everything but an entry or request, and of a request that it names.

        Minutes of a request that an entry names are told by the entry (`asking.minutes`).
        """
        entered = [one for one in self.entered if one.work != work]
        told = {work, given_to, *(one.given_to for one in entered)}
        given = [one for one in self.given if one.work not in told]
        return sum(one.minutes for one in entered) + sum(one.minutes for one in given)

    def tells(self, request: UUID | None) -> bool:
        """Return whether an entry names the request: then its minutes are the entry's."""
        return any(one.given_to == request for one in self.entered)


def evolve(state: DaySheet | None, event: HoursEvent) -> DaySheet:
    state = state or DaySheet()
    entered = tuple(one for one in state.entered if one.work != event.work)
    given = tuple(one for one in state.given if one.work != event.work)
    match event:
        case HoursEntered():
            return DaySheet((*entered, event), given)
        case MinutesGiven():
            return DaySheet(entered, (*given, event))
        case HoursCleared():
            return DaySheet(entered, given)
        case _:
            assert_never(event)


# --- the rule of the day


class MinutesBeyondDay(Refused):
    """该人员当日的服务分钟数超过一天的上限"""


def beyond_day(minutes: int, rules: DutyRules, who: str, day: date) -> MinutesBeyondDay | None:
    """Return the refusal of more minutes than one day of anybody has; None where it has them.

    It is the one rule of visits and of requests; policy may take such work with a doubt.
    """
    if minutes <= rules.minutes_per_day_max:
        return None
    return MinutesBeyondDay(f"{who} {day}: {minutes}")


# --- which sheets


def sheet_id(adviser: str, day: date) -> UUID:
    return stream_id(KIND, f"{adviser}:{day}")


def sheet_of_account(account: str, day: date) -> UUID:
    """Return the sheet of who serves without being an adviser; no code has a blank in it."""
    return stream_id(KIND, f"account {account}:{day}")


def sheets(
    advisers: Iterable[str], began: datetime, ended: datetime
) -> Iterator[tuple[UUID, str, date]]:
    """Yield the sheet of each adviser and day that the time touches: stream, adviser, day."""
    for adviser in advisers:
        for day in days_between(china_day(began), china_day(ended)):
            yield sheet_id(adviser, day), adviser, day
