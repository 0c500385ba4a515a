"""Time zones by name, as this machine knows them."""

from functools import cache
from typing import Final
from zoneinfo import ZoneInfo

from domain.vocabulary import CHINA

_CHINA: Final = ZoneInfo(CHINA)


@cache
def zone_named(name: str) -> ZoneInfo | None:
    """Return the zone; None when there is none of that name."""
    try:
        return ZoneInfo(name)
    except (OSError, ValueError, KeyError):
        return None


def zone_of(name: str) -> ZoneInfo:
    """Return the zone by which the days of a stored name are counted: an older program took any
    name, and what has none is counted by Guangzhou's until its point is corrected."""
    return zone_named(name) or _CHINA


def zone_counted(name: str) -> str:
    """Return the name of `zone_of`."""
    return name if zone_named(name) else CHINA
