"""Texts as people type them, full-width digits, `0940`, `11-23`, read into what commands take.

What cannot be read is told by its rule, with what was given.
"""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from unicodedata import normalize

from api.pages.tongue import ZONE

DAY: Final = re.compile("(?:([0-9]{4})[-./年]?)?([0-9]{1,2})[-./月]?([0-9]{2}|(?<=[^0-9])[0-9])日?")
TIME: Final = re.compile("([0-9]{1,2})[:：时]?([0-9]{2})分?")
DAY_AND_TIME: Final = re.compile("(?:([^ ]+)[ T]+)?([0-9]{1,2}[:时]?[0-9]{2}分?)")


class NotRead(ValueError):
    """What was typed is not what the field takes."""


def plain(text: str) -> str:
    """Numbers, times and codes as the keyboard without an input method has them."""
    return normalize("NFKC", text).strip()


def number(text: str) -> int:
    """Raises: NotRead."""
    bare = plain(text).replace(",", "").replace(" ", "")
    if not re.fullmatch(r"-?[0-9]{1,18}", bare):
        raise NotRead("number")
    return int(bare)


def phone(text: str) -> str:
    """A number without the blanks and dashes that people put into it."""
    return re.sub(r"[ \-()]", "", plain(text))


def day(text: str, today: date) -> date:
    """Read `2026-11-23`, `20261123`, `11-23` or `1123`; without a year it is this one's, or where
    that lies half a year ahead, the last one's.

    Raises: NotRead.
    """
    found = DAY.fullmatch(plain(text))
    if found is None:
        raise NotRead("day")
    year, month, of_month = found.groups()
    try:
        if year is not None:
            return date(int(year), int(month), int(of_month))
        this = date(today.year, int(month), int(of_month))
        half_a_year = timedelta(days=183)
        return this.replace(year=today.year - 1) if this - today > half_a_year else this
    except ValueError as error:
        raise NotRead("day") from error


def instant(text: str, now: datetime) -> datetime:
    """Read `2026-11-23 09:41`, `11-23 0941`, or `0941` of today, as the clock in China shows it.

    Raises: NotRead.
    """
    if "T" in text:
        return _of_program(text)
    local = now.astimezone(ZONE)
    found = DAY_AND_TIME.fullmatch(plain(text))
    if found is None:
        raise NotRead("instant")
    on = local.date() if found[1] is None else day(found[1], local.date())
    hours, minutes = TIME.fullmatch(found[2]).groups()  # type: ignore[union-attr]
    try:
        return datetime.combine(on, time(int(hours), int(minutes)), ZONE).astimezone(UTC)
    except ValueError as error:
        raise NotRead("instant") from error


def _of_program(text: str) -> datetime:
    """Read an instant as a script of ours writes it (RFC 3339): the outbox knows it to the second.

    Raises: NotRead.
    """
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise NotRead("instant") from error
    if found.tzinfo is None:
        raise NotRead("instant")
    return found.astimezone(UTC)


def lines(text: str) -> Sequence[str]:
    """Read one thing a line; empty lines say nothing."""
    return tuple(one.strip() for one in text.splitlines() if one.strip())
