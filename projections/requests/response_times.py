"""Response times: first response and close, in working minutes and in calendar days.

Working minutes are by the request's own calendar. Percentiles are of all cases, never averages of
averages. Of linked requests the first that is not void is told; the others stand beside.
"""

from typing import ClassVar, Final

from msgspec import Struct

from projections.asking.asking import PeriodAsked, Query, crossed, keyed, standing_in
from projections.asking.groups import REQUESTS, repeats_at
from projections.requests import journal

NAME: Final = "response_times"
VERSION: Final = 2
STANDS_ON: Final = journal.NAME
VIEWS: Final = (journal.NAME, "directory")
"""What it is read from."""


class ResponseTimesRow(Struct, frozen=True, kw_only=True):
    """Days are local calendar days; working minutes leave out the time the person was awaited and
    the time it was closed before it was reopened, and are null where points have no calendar.
    Shares are of those that had a limit: by when it happened and, `on_record`, by when it was on
    record; what was recorded as missed is not in time on record."""

    KEY: ClassVar = ("key", "crossed")
    OF_REQUESTS: ClassVar = True

    key: str | None
    crossed: str | None = None
    """By the second grouping."""
    logged: int
    duplicates: int = 0
    """Beside `logged` and all else."""
    closed: int
    open: int
    median_working_minutes_to_first_response: float | None
    p90_working_minutes_to_first_response: float | None
    first_response_in_time_share: float | None
    first_response_in_time_on_record_share: float | None = None
    median_days_to_close: float | None
    p90_days_to_close: float | None
    median_working_minutes_to_close: float | None
    p90_working_minutes_to_close: float | None
    close_in_time_share: float | None
    close_in_time_on_record_share: float | None = None
    overdue: int
    missed: int = 0
    """Requests with a promise that was recorded as missed, whatever was entered later."""
    met_by_later_entry: int = 0
    """Requests with a promise in time by when it happened, and not by when it was on record."""
    median_days_open: float | None
    oldest_days_open: int | None


_ONCE: Final = "FILTER (WHERE NOT again)"


def report(asked: PeriodAsked) -> Query[ResponseTimesRow]:
    sql = f"""
        WITH RECURSIVE {repeats_at(REQUESTS)},
        found AS (
            SELECT {keyed(asked.by)} AS key, {crossed(asked)} AS crossed,
                   request IN (SELECT id FROM repeated) AS again, response_minutes_open,
                   response_in_time, response_in_time_on_record, closed_day - day AS close_days,
                   close_minutes_open, close_in_time, close_in_time_on_record,
                   cardinality(promises_missed) > 0 AS missed,
                   response_in_time AND NOT response_in_time_on_record
                       OR close_in_time AND NOT close_in_time_on_record AS met_later,
                   CASE WHEN closed_day IS NULL
                        THEN (%(now)s AT TIME ZONE zone)::date - day END AS open_days,
                   due < %(now)s AS overdue
              FROM views.journal WHERE {standing_in(asked)} AND status <> 'voided'),
        told AS (
            SELECT key, crossed, count(*) {_ONCE} AS logged,
                   count(*) FILTER (WHERE again) AS duplicates, count(close_days) {_ONCE} AS closed,
                   count(open_days) {_ONCE} AS open,
                   percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY response_minutes_open)
                       {_ONCE}
                       AS response,
                   avg(response_in_time::int) {_ONCE}::float8 AS first_response_in_time_share,
                   avg(response_in_time_on_record::int) {_ONCE}::float8
                       AS first_response_in_time_on_record_share,
                   percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY close_days) {_ONCE}
                       AS days,
                   percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY close_minutes_open)
                       {_ONCE}
                       AS minutes,
                   avg(close_in_time::int) {_ONCE}::float8 AS close_in_time_share,
                   avg(close_in_time_on_record::int) {_ONCE}::float8
                       AS close_in_time_on_record_share,
                   count(*) FILTER (WHERE overdue AND NOT again) AS overdue,
                   count(*) FILTER (WHERE missed AND NOT again) AS missed,
                   count(*) FILTER (WHERE met_later AND NOT again) AS met_by_later_entry,
                   percentile_cont(0.5) WITHIN GROUP (ORDER BY open_days) {_ONCE}
                       AS median_days_open,
                   max(open_days) {_ONCE} AS oldest_days_open
              FROM found GROUP BY key, crossed)
        SELECT key, crossed, logged, duplicates, closed, open,
               response[1] AS median_working_minutes_to_first_response,
               response[2] AS p90_working_minutes_to_first_response, first_response_in_time_share,
               first_response_in_time_on_record_share,
               days[1] AS median_days_to_close, days[2] AS p90_days_to_close,
               minutes[1] AS median_working_minutes_to_close,
               minutes[2] AS p90_working_minutes_to_close, close_in_time_share,
               close_in_time_on_record_share, overdue, missed, met_by_later_entry,
               median_days_open, oldest_days_open
          FROM told ORDER BY key, crossed
    """  # noqa: S608
    return Query(sql, asked.parameters(), ResponseTimesRow)
