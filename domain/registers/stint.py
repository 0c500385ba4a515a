"""A stint: the days one adviser serves one village, and what an end or a successor leaves of it.

Standard library and msgspec only: the fold of appointments and the facts in a bundle both use it.
"""

from datetime import date
from typing import ClassVar

from msgspec import Struct, structs

from domain.worktime.calendar import ONE_DAY


class Stint(Struct, frozen=True):
    """The days one adviser serves one village without a break, both included."""

    KEY: ClassVar = None

    division: str
    term: int
    adviser: str
    firm: str
    team: str | None
    first: date
    last: date

    def covers(self, day: date) -> bool:
        return self.first <= day <= self.last

    def reaches(self, adviser: str, day: date) -> bool:
        """Tell whether it is this adviser's and has days left from `day` on."""
        return self.adviser == adviser and self.last >= day

    def before(self, day: date) -> "Stint | None":
        """Return the stint ended before `day`; None when it would never begin."""
        return structs.replace(self, last=day - ONE_DAY) if self.first < day else None

    def taken_over(self, day: date, adviser: str, firm: str, team: str | None) -> "Stint":
        """Return the successor's part: the rest of this term from `day` on, or a later term."""
        first = max(day, self.first)
        return structs.replace(self, adviser=adviser, firm=firm, team=team, first=first)
