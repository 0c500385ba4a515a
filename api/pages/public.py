"""What pages for everybody share: no login, no scripts, text as large as the visitor wants it."""

from datetime import datetime, timedelta
from typing import Any, Final

from api.pages.page import Visit, url
from api.pages.tongue import ZONE, Tongue
from domain.requests.rating import GRADES

FACES: Final = (
    (5, "非常满意"), (4, "满意"), (3, "基本满意"), (2, "不满意"), (1, "非常不满意"),
)  # fmt: skip
"""Grades as people are asked for them, the best first."""
assert {grade for grade, _ in FACES} == set(GRADES.values())


def onward(visit: Visit, path: str, /, **query: Any) -> str:
    """Write the address of another public page, in the size of letters of this one."""
    big = "1" if visit.query.get("big") == "1" else None
    return url(path, **query, big=big)


def face_said(grade: int) -> str:
    """Say a grade, in Chinese."""
    return dict(FACES)[grade]


def last_of(tongue: Tongue, end: datetime) -> str:
    """Say the last moment before an end: of an end at midnight the day that it ends."""
    local = end.astimezone(ZONE)
    if (local.hour, local.minute) == (0, 0):
        return tongue.day((local - timedelta(days=1)).date())
    return tongue.when(end)
