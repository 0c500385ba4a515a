"""Subjects that are often logged at a point, read from the list of requests and the journal."""

from datetime import date
from typing import ClassVar, Final

from msgspec import Struct

from projections.asking.asking import Query

OFTEN: Final = 3
"""Requests with the same words, from which on these are the office's and no person's."""
LOOKED_AT: Final = 2000
"""Newest requests of the point among which they are counted."""


class SubjectRow(Struct, frozen=True, kw_only=True):
    """A subject, as often as it was logged, and the last day it was."""

    KEY: ClassVar = ("words",)
    words: str
    requests: int
    last_day: date


def often(*, point: str, position: int, limit: int) -> Query[SubjectRow]:
    """Query the subjects that the newest requests of a point have in common, the latest first."""
    sql = """
        WITH newest AS (
            SELECT j.request, j.day, j.position FROM views.journal j
             WHERE j.kind = 'request.logged' AND j.point = %(point)s AND j.position <= %(position)s
             ORDER BY j.position DESC LIMIT %(looked_at)s)
        SELECT t.subject AS words, count(*) AS requests, max(n.day) AS last_day
          FROM newest n JOIN views.requests t ON t.request = n.request AND t.subject IS NOT NULL
         GROUP BY t.subject HAVING count(*) >= %(often)s
         ORDER BY max(n.position) DESC LIMIT %(limit)s
    """
    asked = {"point": point, "position": position, "looked_at": LOOKED_AT, "often": OFTEN}
    return Query(sql, {**asked, "limit": limit}, SubjectRow)
