"""The reference day of a period: its last day, or that of the last known event if the period was
not over then."""

from datetime import date, datetime

from msgspec import Struct

from domain.registers.appointment import china_day
from domain.worktime.calendar import Days
from projections.asking.answering import Answering
from projections.asking.asking import Query


class _RecordedAt(Struct, frozen=True):
    recorded_at: datetime


def reference_day(days: Days, position: int) -> Answering[date | None]:
    """Answer with the reference day, as known at a position; None when the period had not begun."""
    sql = "SELECT recorded_at FROM log_events WHERE notification_id = %(position)s"
    last_known = yield Query(sql, {"position": position}, _RecordedAt)
    day = min([days.last, *(china_day(one.recorded_at) for one in last_known)])
    return day if last_known and day >= days.first else None
