"""Minutes of advisers, told once: by requests and by the work log.

Minutes given to a request count for who gave them, unless an entry of the same adviser names the
request: then his work log is the record of his minutes for it. Workload, duties and statistics take
their minutes from here; the statistics as facts with positions (`reporting.work_statistics`).
"""

from typing import Final

WORK_COUNTS: Final = "w.standing IN ('logged', 'verified')"
"""`domain.advising.worklog.Worklog.counts`."""


def minutes(deeds: str = "true", entries: str = "true") -> str:
    """Return common table expressions of minutes told once: `given` to requests (void ones as
    well), and by each `entry` and adviser; narrowed by conditions on the journal `d` and on the
    work log `w`."""
    return f"""
    given AS (
        SELECT d.request, d.position, d.by_adviser, d.by_firm, d.by_team, d.minutes, d.onsite,
               d.off_peak IS NOT NULL AS off_peak
          FROM views.journal d
         WHERE d.minutes IS NOT NULL AND d.position <= %(position)s AND {deeds} AND NOT EXISTS (
            SELECT FROM views.worklogs w
             WHERE w.request = d.request AND d.by_adviser = ANY(w.advisers) AND {WORK_COUNTS}
               AND w.position <= %(position)s AND w.superseded_at > %(position)s)),
    entry AS (
        SELECT w.stream, w.day, w.village AS division, w.service, w.mode = 'onsite' AS onsite,
               w.late_steps, w.recorder, cardinality(w.doubts) > 0 AS doubtful,
               u.adviser, u.firm, nullif(u.team, '') AS team,
               u.share AS minutes, u.nth = 1 AS first,
               (SELECT j.off_peak FROM views.journal j WHERE j.position = w.worded_at) IS NOT NULL
                   AS off_peak,
               w.request IS NOT NULL AND EXISTS (
                   SELECT FROM views.journal j
                    WHERE j.request = w.request AND j.status <> 'voided'
                      AND j.position <= %(position)s AND j.superseded_at > %(position)s)
                   AS of_request
          FROM views.worklogs w,
               unnest(w.advisers, w.firms, w.teams, w.shares)
                   WITH ORDINALITY AS u(adviser, firm, team, share, nth)
         WHERE w.position <= %(position)s AND w.superseded_at > %(position)s AND {WORK_COUNTS}
           AND {entries})
    """  # noqa: S608
