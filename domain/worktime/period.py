"""Periods that work is checked, reported and evaluated by: months, quarters, years."""

from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from domain.vocabulary import CHINA
from domain.worktime.calendar import ONE_DAY, Days

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
    """The month, quarter or year that it follows."""
    last = days_of(period).first - ONE_DAY
    if len(period) == len("2026"):
        return str(last.year)
    return quarter_of(last) if is_quarter(period) else month_of(last)


def ends_at(period: str, zone: str = CHINA) -> datetime:
    """The midnight that ends the period's last local day."""
    next_day = days_of(period).last + timedelta(days=1)
    return datetime.combine(next_day, time(0), ZoneInfo(zone))
