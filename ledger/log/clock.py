"""The server's clock against the last record: far behind it, the log takes nothing in.

`ledger/schema/0004_clock.sql` refuses; the tolerance is a start-up option of the connection.
"""

from datetime import datetime, timedelta
from typing import Final

from msgspec import Struct

CLOCK_OFF: Final = "ANCLK"
"""SQLSTATE of the refusal."""
CLOCK: Final = """
    SELECT clock_timestamp() AS now, recorded_at AS last,
           recorded_at > clock_timestamp() + log_clock_tolerance() AS off
      FROM log_head WHERE position > 0
"""


class ClockOff(Exception):
    """服务器时钟明显早于案卷的最后一条记录，已暂停写入：请先校准时钟（见 docs/operations.md）"""


class Clock(Struct, frozen=True):
    """The database's clock, and when the last event was recorded."""

    now: datetime
    last: datetime
    off: bool


def refuse_clock(error: BaseException) -> None:
    """Raise ClockOff where a database's error, or its cause, is that refusal."""
    for one in (error, error.__cause__):
        if getattr(one, "sqlstate", None) == CLOCK_OFF:
            raise ClockOff(str(error).partition("\n")[0]) from error


def apart(clock: Clock, ours: datetime) -> timedelta:
    """Return how far our own clock and the database's are apart."""
    return abs(clock.now - ours)
