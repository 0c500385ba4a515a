"""A month or a quarter that work is checked and reported by; its end is an event."""

from datetime import date
from typing import ClassVar, Final, assert_never

from msgspec import Struct

from domain.codes import PeriodCode
from domain.moment import Moment, not_in_future
from domain.vocabulary import Command, Event, Refused
from domain.worktime.period import days_of, ends_at

KIND: Final = "period"


# --- events


class PeriodEnded(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "period.ended/1"
    period: PeriodCode
    first: date
    last: date


EVENTS: Final = (PeriodEnded,)

# --- commands


class EndPeriod(Command, frozen=True, kw_only=True):
    period: PeriodCode


COMMANDS: Final = (EndPeriod,)

# --- state


class EndedPeriod(Struct, frozen=True):
    period: str


# --- evolve


def evolve(state: EndedPeriod | None, event: PeriodEnded) -> EndedPeriod:
    del state
    match event:
        case PeriodEnded():
            return EndedPeriod(event.period)
        case _:
            assert_never(event)


# --- refusals


class PeriodNotOver(Refused):
    """该期间尚未结束"""


class PeriodDiffers(Refused):
    """与已结束的期间不一致"""


# --- decide


def decide(state: EndedPeriod | None, command: EndPeriod, moment: Moment) -> list[Event]:
    not_in_future(moment)
    match command:
        case EndPeriod(period=period):
            if state is not None and state.period != period:
                raise PeriodDiffers(period)
            if state is not None:
                return []
            if moment.occurred_at < ends_at(period):
                raise PeriodNotOver(period)
            days = days_of(period)
            return [PeriodEnded(period=period, first=days.first, last=days.last)]
        case _:
            assert_never(command)
