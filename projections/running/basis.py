"""Queries from "as known at this instant" to a position in the log."""

from datetime import datetime
from typing import Final

from projections.all_views import STORED
from projections.asking.asking import Basis, Query

REACHED: Final = """
    SELECT CASE count(*) WHEN cardinality(%(views)s::text[]) THEN min(notification_id)
                ELSE 0 END AS position
      FROM log_tracking WHERE application_name = ANY(%(views)s::text[])
"""
STATED: Final = """
    SELECT at.position, {as_known_at}::timestamptz AS as_known_at, e.recorded_at,
           coalesce((SELECT simulated FROM views.journal WHERE position = 1), false) AS simulated
      FROM at LEFT JOIN log_events e ON e.notification_id = at.position
"""
NOW: Final = f"WITH at AS ({REACHED}) {STATED.format(as_known_at='NULL')}"
THEN: Final = f"""
    WITH reached AS ({REACHED}),
         at AS (SELECT least(log_position_at(%(instant)s), reached.position) AS position
                  FROM reached)
    {STATED.format(as_known_at="%(instant)s")}
"""  # noqa: S608


def basis_query(as_known_at: datetime | None) -> Query[Basis]:
    """Query the position the views have reached, or that of an instant if it is lower."""
    views = [view.NAME for view in STORED]
    if as_known_at is None:
        return Query(NOW, {"views": views}, Basis)
    return Query(THEN, {"views": views, "instant": as_known_at}, Basis)
