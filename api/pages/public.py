"""Faces, addresses and times of pages for everybody: no login, no scripts, letters as large as the
visitor wants them."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from api.pages.page import Visit, url
from api.pages.tongue import ZONE, Tongue
from domain.requests.rating import GRADES

GRADES_ASKED: Final = frozenset(map(str, GRADES.values()))
"""Grades as forms send them."""


def faces(tongue: Tongue) -> Sequence[tuple[int, str]]:
    """List the grades as people are asked for them, the best first."""
    return (
        (5, tongue.say("非常满意")),
        (4, tongue.say("满意")),
        (3, tongue.say("基本满意")),
        (2, tongue.say("不满意")),
        (1, tongue.say("非常不满意")),
    )


def onward(visit: Visit, path: str, /, **query: Any) -> str:
    """Write the address of another public page, in the size of letters of this one."""
    big = "1" if visit.query.get("big") == "1" else None
    return url(path, **query, big=big)


def last_of(tongue: Tongue, end: datetime) -> str:
    """Say the last moment before an end: of an end at midnight the day that it ends."""
    local = end.astimezone(ZONE)
    if (local.hour, local.minute) == (0, 0):
        return tongue.day((local - timedelta(days=1)).date())
    return tongue.when(end)
