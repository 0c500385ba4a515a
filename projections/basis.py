"""From "as known at this instant" to a position in the log, and what stood there."""

from datetime import datetime
from typing import Final

from projections.asking import Basis, Query

NOW: Final = """
    WITH at AS (SELECT coalesce(min(notification_id), 0) AS position
                  FROM log_tracking WHERE application_name IN ('journal', 'requests'))
    SELECT at.position, NULL::timestamptz AS as_known_at, e.recorded_at,
           coalesce((SELECT simulated FROM views.journal WHERE position = 1), false) AS simulated
      FROM at LEFT JOIN log_events e ON e.notification_id = at.position
"""
THEN: Final = """
    WITH at AS (SELECT log_position_at(%(instant)s) AS position)
    SELECT at.position, %(instant)s::timestamptz AS as_known_at, e.recorded_at,
           coalesce((SELECT simulated FROM views.journal WHERE position = 1), false) AS simulated
      FROM at LEFT JOIN log_events e ON e.notification_id = at.position
"""


def basis_query(as_known_at: datetime | None) -> Query[Basis]:
    """One row: the position the views have reached, or the last one recorded by an instant."""
    if as_known_at is None:
        return Query(NOW, {}, Basis)
    return Query(THEN, {"instant": as_known_at}, Basis)
