"""Status of the policies beside the log: progress, last look at the clock, faults."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

import psycopg
from msgspec import Struct

from api.reactions import NAMES, PERIODS, PROMISES, RATING, RECTIFICATION
from domain.oversight.rectification import RectificationFellOverdue, RectificationOrdered
from domain.promises.promise_watch import PromiseApproached, PromiseMissed
from domain.reporting.period_end import PeriodEnded
from domain.requests.rating import RatingDefaulted, RatingExempted, RatingInvited
from projections.asking.asking import Query
from projections.oversight import promises
from projections.running.runner import FAULT, install

VERSION: Final = 1
"""Of the policies, where their faults stand beside those of views."""
OWNERS: Final = 0x616E_0003
"""Namespace of the advisory locks that make one process the owner of the policies."""
TABLE: Final = """
    CREATE TABLE IF NOT EXISTS views.policies (
        one boolean PRIMARY KEY DEFAULT true CHECK (one),
        looked_at timestamptz, waits_for text, problem text
    );
"""
FIRST: Final = "INSERT INTO views.policies DEFAULT VALUES ON CONFLICT DO NOTHING"
ANEW: Final = "DELETE FROM log_tracking WHERE application_name = %s"
LOOKED: Final = "UPDATE views.policies SET looked_at = %s, waits_for = NULL, problem = NULL"
WAITS: Final = """
    UPDATE views.policies SET waits_for = %(what)s WHERE waits_for IS DISTINCT FROM %(what)s
"""
FAILED: Final = "UPDATE views.policies SET problem = %s"
CAUSE: Final = "SELECT notification_id, topic FROM log_events WHERE event_id = %s"
FORGET: Final = "DELETE FROM views.faults WHERE view = %s AND position = ANY(%s)"
STATUS: Final = """
    SELECT policy.name, tracked.position,
           (SELECT position FROM log_head) - tracked.position AS lag,
           (SELECT count(*) FROM log_events e
             WHERE e.topic = ANY(string_to_array(policy.topics, ' '))
               AND starts_with(encode(substring(e.state FOR 80), 'escape'),
                               '{"by":{"account":"' || policy.name || '"')
           ) AS followed_up,
           (SELECT count(*) FROM views.faults f WHERE f.view = policy.name) AS faults,
           clock.looked_at, clock.waits_for, clock.problem
      FROM unnest(%(names)s::text[], %(topics)s::text[], %(tracked)s::text[])
           WITH ORDINALITY AS policy (name, topics, tracked, number)
      LEFT JOIN LATERAL (SELECT coalesce(max(notification_id), 0) AS position FROM log_tracking
                          WHERE application_name = policy.tracked) tracked
             ON policy.tracked <> ''
     CROSS JOIN views.policies clock
     ORDER BY policy.number
"""
PROGRESS: Final = """
    SELECT (SELECT position FROM log_head) - coalesce(
               (SELECT notification_id FROM log_tracking
                 WHERE application_name = %(own)s), 0) AS lag,
           (SELECT count(*) FROM views.faults WHERE view = ANY(%(names)s)) AS faults,
           looked_at
      FROM views.policies
"""
BRINGS_ABOUT: Final = {
    RATING: (RatingInvited, RatingExempted, RatingDefaulted),
    RECTIFICATION: (RectificationOrdered, RectificationFellOverdue),
    PROMISES: (PromiseApproached, PromiseMissed),
    PERIODS: (PeriodEnded,),
}
TRACKED: Final = {RATING: promises.NAME, RECTIFICATION: RECTIFICATION, PROMISES: promises.NAME}
"""Whose position is a policy's: its own, or the view's that it looks at."""


class PolicyStatus(Struct, frozen=True, kw_only=True):
    """Status of one policy."""

    name: str
    position: int | None
    """Its position, or that of the view it reads."""
    lag: int | None
    followed_up: int
    """Number of events in the log that it caused, simulated ones included."""
    faults: int
    """Number of events it could not follow up."""
    looked_at: datetime | None
    """When a look at the clock last ended."""
    waits_for: str | None
    problem: str | None
    """The error that ended the last look early."""


def status_query() -> Query[PolicyStatus]:
    topics = [" ".join(event.topic for event in BRINGS_ABOUT[name]) for name in NAMES]
    tracked = [TRACKED.get(name, "") for name in NAMES]
    parameters = {"names": list(NAMES), "topics": topics, "tracked": tracked}
    return Query(STATUS, parameters, PolicyStatus)


class Progress(Struct, frozen=True, kw_only=True):
    """Progress of all policies together."""

    lag: int
    """Number of events not yet checked for reactions."""
    faults: int
    looked_at: datetime | None


def progress_query() -> Query[Progress]:
    return Query(PROGRESS, {"own": RECTIFICATION, "names": list(NAMES)}, Progress)


def ready(connection: psycopg.Connection[Any]) -> None:
    """Create missing tables.

    If the views were dropped, so were the faults: the log is processed again from the beginning,
    and reactions that are missing are found again.
    """
    install(connection)
    with connection.transaction():
        connection.execute("SELECT pg_advisory_xact_lock(%s, 0)", [OWNERS])
        connection.execute(TABLE)
        if connection.execute(FIRST).rowcount:
            connection.execute(ANEW, [RECTIFICATION])


# --- faults


class Fault(Struct, frozen=True, kw_only=True):
    """An event that a policy could not follow up."""

    policy: str
    position: int
    """Position of the event; 0 if there is none."""
    stream: UUID
    topic: str
    error: str

    def parameters(self) -> list[Any]:
        """Return the SQL parameters of `FAULT`."""
        return [self.policy, VERSION, self.position, self.stream, self.topic, self.error]


def tell(connection: psycopg.Connection[Any], fault: Fault) -> None:
    connection.execute(FAULT, fault.parameters())


def faults_of(connection: psycopg.Connection[Any], policies: list[str]) -> list[tuple[str, int]]:
    """List policy and position of each fault."""
    query = "SELECT view, position FROM views.faults WHERE view = ANY(%s) ORDER BY position"
    return [(row[0], row[1]) for row in connection.execute(query, [policies])]
