"""Satisfaction: who was invited and who not, ratings by origin, rates with and without defaults."""

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
    """Rates are shares of 1, null where nothing was rated. A rating that is suspect, set aside,
    withdrawn or excluded by a decided dispute is counted as such and in no rate."""

    KEY: ClassVar = ("key", "crossed")
    OF_REQUESTS: ClassVar = True

    key: str | None
    crossed: str | None = None
    """By the second grouping."""
    services: int
    invited: int
    exempt: dict[str, int]
    """Not invited by a rule: its name and how many; history that was imported is `imported`."""
    not_invited: int
    """Closed, neither invited nor exempt by any rule."""
    explicit: int
    default: int
    """Silence only: a service that somebody rated is not counted here."""
    callback: int
    followed_up: int
    excluded: int
    suspect: int
    """Kept apart until they are looked at."""
    set_aside: int
    """Looked at, and not the person's own."""
    withdrawn: int
    voided: int = 0
    """Of services beside these: the person had rated them, and they were voided."""
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
            SELECT {keyed(asked.by)} AS key, {crossed(asked)} AS crossed, invited, grade_standing,
                   grade_callback,
                   grade_explicit, grade_follow_up, others_excluded,
                   CASE WHEN invited THEN NULL WHEN exempt IS NOT NULL THEN exempt
                        WHEN close_kind = 'imported' THEN 'imported' END AS rule,
                   status = 'closed' AND NOT invited AND exempt IS NULL
                       AND close_kind <> 'imported' AS not_invited,
                   CASE WHEN NOT grade_excluded THEN grade_explicit END AS given,
                   CASE WHEN grade_explicit IS NULL THEN grade_default END AS silent
              FROM views.journal WHERE {standing_in(asked)} AND status <> 'voided'),
        ruled AS (
            SELECT key, crossed, json_object_agg(rule, services ORDER BY rule) AS exempt
              FROM (SELECT key, crossed, rule, count(*) AS services FROM found
                     WHERE rule IS NOT NULL GROUP BY key, crossed, rule) each
             GROUP BY key, crossed),
        gone AS (
            SELECT {keyed(asked.by)} AS key, {crossed(asked)} AS crossed, count(*) AS voided
              FROM views.journal
             WHERE {standing_in(asked)} AND status = 'voided' AND grade_explicit IS NOT NULL
             GROUP BY 1, 2),
        told AS (
            SELECT key, crossed, count(*) AS services, count(*) FILTER (WHERE invited) AS invited,
                   count(*) FILTER (WHERE not_invited) AS not_invited,
                   count(given) AS explicit, count(silent) AS "default",
                   count(grade_callback) AS callback, count(grade_follow_up) AS followed_up,
                   count(*) FILTER (WHERE grade_standing = 'disputed')
                       + coalesce(sum(others_excluded), 0) AS excluded,
                   count(*) FILTER (WHERE grade_standing = 'suspect') AS suspect,
                   count(*) FILTER (WHERE grade_standing = 'set_aside') AS set_aside,
                   count(*) FILTER (WHERE grade_standing = 'withdrawn') AS withdrawn,
                   count(grade_explicit) AS said,
                   count(*) FILTER (WHERE given >= %(satisfied)s) AS satisfied,
                   count(*) FILTER (WHERE coalesce(given, silent) >= %(satisfied)s)
                       AS satisfied_with_default,
                   count(coalesce(given, silent)) AS rated_with_default,
                   avg(given)::float8 AS mean_grade,
                   json_build_object({grades}) AS grades
              FROM found GROUP BY key, crossed)
        SELECT t.key, t.crossed, services, invited, coalesce(g.voided, 0) AS voided,
               coalesce(r.exempt, '{{}}'::json) AS exempt,
               not_invited,
               explicit, "default", callback, followed_up, excluded, suspect, set_aside, withdrawn,
               said::float8 / nullif(invited, 0) AS response_rate,
               satisfied::float8 / nullif(explicit, 0) AS satisfaction_rate,
               satisfied_with_default::float8 / nullif(rated_with_default, 0)
                   AS satisfaction_rate_with_default,
               mean_grade, grades
          FROM told t LEFT JOIN ruled r
                 ON r.key IS NOT DISTINCT FROM t.key AND r.crossed IS NOT DISTINCT FROM t.crossed
               LEFT JOIN gone g
                 ON g.key IS NOT DISTINCT FROM t.key AND g.crossed IS NOT DISTINCT FROM t.crossed
         ORDER BY t.key, t.crossed
    """  # noqa: S608
    return Query(sql, asked.parameters() | {"satisfied": SATISFIED_FROM}, SatisfactionRow)
