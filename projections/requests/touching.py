"""Events between two positions that touched the requests behind a row of a report."""

from typing import Final

from projections.asking.asking import PeriodAsked, Query, keyed, standing_in
from projections.history.events import Touched
from projections.requests import workload

OF_PEOPLE: Final = frozenset(("adviser", "firm", "team"))
"""Of these the workload counts minutes for who gave them, not for whom the request stands with."""


def touched(view: str, asked: PeriodAsked, after: int) -> Query[Touched] | None:
    """Query the events since another position on the requests that are, or were, in each row.

    A row without any differs only because time passed. None when the report's rows are not made of
    requests alone.
    """
    if view == workload.NAME:
        return None
    sql = f"""
        WITH made AS (
            SELECT {keyed(asked.by)} AS key, position, superseded_at
              FROM views.journal WHERE {standing_in(asked, all_events=True)}
               AND superseded_at > %(after)s),
        came AS (
            SELECT key, position FROM made WHERE position > %(after)s
             UNION
            SELECT key, superseded_at FROM made WHERE superseded_at <= %(position)s)
        SELECT c.key, split_part(e.topic, '/', 1) AS kind, count(*) AS events
          FROM came c JOIN log_events e ON e.notification_id = c.position
         GROUP BY 1, 2 ORDER BY 1, 2
    """  # noqa: S608
    return Query(sql, asked.parameters() | {"after": after}, Touched)
