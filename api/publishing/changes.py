"""The difference of two published versions: what is added, and what is taken away."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Final

from msgspec import json

from domain.worktime.calendar import Calendar

NAMED_BY: Final = ("code", "name")
"""What tells one part of a list from another."""
NOT_TOLD: Final = ("version", "announced_at")
"""They differ from version to version."""


def changes(before: Any, after: Any) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return what `after` says and `before` does not, and the other way round: places with their
    values. What is changed is in both."""
    was, now = (list(_said(json.decode(json.encode(one)), "")) for one in (before, after))
    return tuple(_beyond(now, was)), tuple(_beyond(was, now))


def _beyond(these: list[str], those: list[str]) -> Iterator[str]:
    known = set(those)
    return (one for one in these if one not in known)


def _said(value: Any, place: str) -> Iterator[str]:
    if isinstance(value, dict):
        for key, part in value.items():
            if place or key not in NOT_TOLD:
                yield from _said(part, f"{place}.{key}" if place else key)
    elif isinstance(value, list) and any(isinstance(one, dict | list) for one in value):
        for number, part in enumerate(value):
            yield from _of_list(number, part, place)
    elif isinstance(value, list):
        yield f"{place}: {'、'.join(map(str, value))}"
    else:
        yield f"{place}: {value}"


def _of_list(number: int, part: Any, place: str) -> Iterator[str]:
    """Tell a part by its name, where it has one, or as a whole, if it is a row; else by number."""
    if isinstance(part, dict):
        name = next((part[key] for key in NAMED_BY if part.get(key)), number)
        yield from _said(part, f"{place}[{name}]")
    elif isinstance(part, list) and not any(isinstance(one, dict | list) for one in part):
        yield f"{place}: {' '.join(map(str, part))}"
    else:
        yield from _said(part, f"{place}[{number}]")


def replaced_years(before: Calendar, after: Calendar) -> list[int]:
    """List the years whose notice was published and of which days off or make-up days are taken
    away. The forecast of a year is not its notice."""
    settled = [year for year in before.years if year not in before.provisional_years]
    return [year for year in settled if named_days(before, year) - named_days(after, year)]


def named_days(calendar: Calendar, year: int) -> set[tuple[str, str]]:
    """Return the days of a year that are off or worked by notice, each once."""
    off = {
        (f"{day}", "off")
        for one in calendar.holidays
        for day in (one.first + timedelta(days=n) for n in range((one.last - one.first).days + 1))
        if day.year == year
    }
    return off | {(f"{one.day}", "work") for one in calendar.makeup_days if one.day.year == year}
