"""A month or a quarter that work is checked and reported by; its end is an event."""

from datetime import date, datetime, time, timedelta
from typing import ClassVar, Final, assert_never
from zoneinfo import ZoneInfo

from msgspec import Struct

from domain.calendar import ONE_DAY, Days
from domain.codes import PeriodCode
from domain.point import CHINA
from domain.request import not_in_future
from domain.vocabulary import Command, Event, Moment, Refused

KIND: Final = "period"
MONTHS_OF_QUARTER: Final = 3


def month_of(day: date) -> str:
    return f"{day:%Y-%m}"


def quarter_of(day: date) -> str:
    return f"{day:%Y}-Q{(day.month - 1) // MONTHS_OF_QUARTER + 1}"


def is_quarter(period: str) -> bool:
    return "Q" in period


def days_of(period: str) -> Days:
    year, part = int(period[:4]), period[5:]
    if not part:
        return Days(date(year, 1, 1), date(year, 12, 31))
    quarterly = is_quarter(period)
    first_month = (int(part[1:]) - 1) * MONTHS_OF_QUARTER + 1 if quarterly else int(part)
    last_month = first_month + (MONTHS_OF_QUARTER - 1 if quarterly else 0)
    next_year, after = divmod(year * 12 + last_month, 12)
    return Days(date(year, first_month, 1), date(next_year, after + 1, 1) - ONE_DAY)


def before(period: str) -> str:
    """The month or quarter that it follows."""
    last = days_of(period).first - ONE_DAY
    return quarter_of(last) if is_quarter(period) else month_of(last)


def ends_at(period: str, zone: str = CHINA) -> datetime:
    """The midnight that ends the period's last local day."""
    next_day = days_of(period).last + timedelta(days=1)
    return datetime.combine(next_day, time(0), ZoneInfo(zone))


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
