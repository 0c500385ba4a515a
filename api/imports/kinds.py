"""The lists that an office imports."""

from collections.abc import Mapping
from typing import Final

from api.imports.kind import Kind
from api.imports.kinds_of_registers import ADVISERS, APPOINTMENTS, DIVISIONS, FIRMS, POINTS
from api.imports.kinds_of_work import COMPLAINTS, REQUESTS, WORKLOGS

KINDS: Final[Mapping[str, Kind]] = {
    one.name: one
    for one in (
        DIVISIONS, FIRMS, POINTS, ADVISERS, APPOINTMENTS, WORKLOGS, COMPLAINTS, REQUESTS,
    )
}  # fmt: skip
"""In the order in which an office imports them."""
NEEDS: Final[Mapping[str, str]] = {
    "DivisionUnknown": "divisions",
    "VillageUnknown": "divisions",
    "ParentNotListed": "divisions",
    "FirmUnknown": "firms",
    "PointUnknown": "points",
    "AdviserUnknown": "advisers",
    "AdviserNotRegistered": "advisers",
    "NotServingThere": "appointments",
}
"""Refusal → the list that is to be imported first."""
