"""Satisfaction: ratings by origin, rates with and without defaults, response rate."""

from typing import ClassVar, Final

from msgspec import Struct

from projections.asking.asking import PeriodAsked, Query, crossed, keyed, standing_in
from projections.requests import journal

NAME: Final = "satisfaction"
VERSION: Final = 2
STANDS_ON: Final = journal.NAME
VIEWS: Final = (journal.NAME, "directory")
"""What it is read from."""
SATISFIED_FROM: Final = 3
"""Grades from basically satisfied up count as satisfied."""


class SatisfactionRow(Struct, frozen=True, kw_only=True):
    """Rates are shares of 1, null where nothing was rated. A rating excluded by a decided dispute
    is counted under `excluded` and in no rate."""

    KEY: ClassVar = ("key", "crossed")
    OF_REQUESTS: ClassVar = True

    key: str | None
    crossed: str | None = None
    """By the second grouping."""
    services: int
    invited: int
    explicit: int
    default: int
    """Silence only: a service that somebody rated is not counted here."""
    callback: int
    followed_up: int
    excluded: int
    response_rate: float | None
    satisfaction_rate: float | None
    """Explicit ratings only."""
    satisfaction_rate_with_default: float | None
    mean_grade: float | None
    grades: dict[int, int]
    """Explicit ratings by grade, 5 very satisfied to 1 very dissatisfied."""


def report(asked: PeriodAsked) -> Query[SatisfactionRow]:
    grades = ", ".join(
        f"{grade}, count(*) FILTER (WHERE given = {grade})" for grade in (5, 4, 3, 2, 1)
    )
    sql = f"""
        WITH found AS (
            SELECT {keyed(asked.by)} AS key, {crossed(asked)} AS crossed, invited,
                   grade_excluded, grade_callback, grade_follow_up,
                   CASE WHEN NOT grade_excluded THEN grade_explicit END AS given,
                   CASE WHEN grade_explicit IS NULL THEN grade_default END AS silent
              FROM views.journal WHERE {standing_in(asked)} AND status <> 'voided'),
        told AS (
            SELECT key, crossed, count(*) AS services, count(*) FILTER (WHERE invited) AS invited,
                   count(given) AS explicit, count(silent) AS "default",
                   count(grade_callback) AS callback, count(grade_follow_up) AS followed_up,
                   count(*) FILTER (WHERE grade_excluded) AS excluded,
                   count(*) FILTER (WHERE given >= %(satisfied)s) AS satisfied,
                   count(*) FILTER (WHERE coalesce(given, silent) >= %(satisfied)s)
                       AS satisfied_with_default,
                   count(coalesce(given, silent)) AS rated_with_default,
                   avg(given)::float8 AS mean_grade,
                   json_build_object({grades}) AS grades
              FROM found GROUP BY key, crossed)
        SELECT key, crossed, services, invited, explicit, "default", callback, followed_up,
               excluded,
               (explicit + excluded)::float8 / nullif(invited, 0) AS response_rate,
               satisfied::float8 / nullif(explicit, 0) AS satisfaction_rate,
               satisfied_with_default::float8 / nullif(rated_with_default, 0)
                   AS satisfaction_rate_with_default,
               mean_grade, grades
          FROM told ORDER BY key, crossed
    """  # noqa: S608
    return Query(sql, asked.parameters() | {"satisfied": SATISFIED_FROM}, SatisfactionRow)
