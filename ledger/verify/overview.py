"""The log as the database describes it, and whether that description fits itself: counter,
positions, versions, times, and what is stored of the seal."""

from collections.abc import Sequence
from typing import Any, Final

import psycopg
from msgspec import Struct

from ledger.seal import sealed
from ledger.seal.sealed import Identity, StoredCheckpoint
from ledger.verify.claims import Claim, ClaimEvidence, examined
from ledger.verify.stretch import Flaw, Stretch, StretchAsked

COUNTERS: Final = """
    SELECT (SELECT position FROM public.log_head), (SELECT recorded_at::text FROM public.log_head),
           count(*), coalesce(min(notification_id), 1), coalesce(max(notification_id), 0)
      FROM public.log_events
"""
TIME_AT: Final = "SELECT recorded_at::text FROM public.log_events WHERE notification_id = %s"
MISSING: Final = """
    SELECT min(before) + 1
      FROM (SELECT notification_id,
                   coalesce(lag(notification_id) OVER (ORDER BY notification_id), 0) AS before
              FROM public.log_events) one
     WHERE notification_id > before + 1
"""
STREAMS: Final = """
    SELECT notification_id, originator_version, before
      FROM (SELECT notification_id, originator_version,
                   lag(originator_version) OVER (PARTITION BY originator_id
                                                 ORDER BY notification_id) AS before
              FROM public.log_events) one
     WHERE originator_version <> before + 1 OR (before IS NULL AND originator_version NOT IN (0, 1))
     ORDER BY notification_id LIMIT 1
"""


class Overview(Struct, frozen=True, kw_only=True):
    """The counters, and the seal as the database has it."""

    identity: Identity
    head: int
    head_at: str | None
    count: int
    first: int
    top: int
    stored: list[StoredCheckpoint]
    claims: list[Claim]
    flaws: list[Flaw]

    @property
    def sealed(self) -> int:
        return max((one.size for one in self.stored), default=0)


def overview(connection: psycopg.Connection[Any], evidence: ClaimEvidence) -> Overview:
    identity = sealed.identity(connection)
    stored = sealed.checkpoints(connection)
    claims, flaws = examined(identity, stored, sealed.keys(connection), evidence)
    row = connection.execute(COUNTERS).fetchone()
    assert row is not None
    head, head_at, count, first, top = row
    if head is None:
        flaws.append(Flaw(1, "counter off", "the counter is gone"))
    return Overview(
        identity=identity,
        head=head or 0,
        head_at=head_at,
        count=count,
        first=first,
        top=top,
        stored=stored,
        claims=claims,
        flaws=flaws,
    )


def counters_off(connection: psycopg.Connection[Any], found: Overview) -> list[Flaw]:
    """Positions, counter and rows that do not fit each other."""
    flaws = []
    covered = max((one.checkpoint.size for one in found.claims), default=0)
    if found.first < 1:
        flaws.append(Flaw(found.first, "inserted", "an event stands before the first position"))
    if found.count != found.top or found.first != 1:
        row = connection.execute(MISSING).fetchone()
        if row is not None and row[0] is not None:
            flaws.append(Flaw(row[0], "deleted", "the event is gone, later ones are there"))
    if found.count > found.top:
        why = f"there are {found.count} events for {found.top} positions"
        flaws.append(Flaw(max(1, found.top), "counter off", why))
    end = max(found.head, covered, found.sealed)
    if end > found.top:
        why = f"the log ends at position {found.top}, but there have been {end} events"
        flaws.append(Flaw(found.top + 1, "tail cut", why, end))
    if found.head < found.top:
        after = found.head + 1
        if covered >= after:
            flaws.append(Flaw(after, "counter off", f"the counter is back at {found.head}"))
        else:
            flaws.append(Flaw(after, "inserted", "put in past the counter"))
    elif found.head == found.top and found.top:
        flaws += _time_off(connection, found)
    return flaws


def _time_off(connection: psycopg.Connection[Any], found: Overview) -> list[Flaw]:
    row = connection.execute(TIME_AT, [found.top]).fetchone()
    if row is not None and row[0] != found.head_at:
        return [Flaw(found.top, "counter off", "the counter has another time than its event")]
    return []


def streams_off(connection: psycopg.Connection[Any]) -> list[Flaw]:
    row = connection.execute(STREAMS).fetchone()
    if row is None:
        return []
    position, version, before = row
    why = f"version {version} of its stream follows {'nothing' if before is None else before}"
    return [Flaw(position, "counter off", why)]


def times_off(parts: Sequence[StretchAsked], stretches: Sequence[Stretch]) -> list[Flaw]:
    """Check the order of times between neighbouring stretches, as within one."""
    flaws, before = [], None
    for part, one in zip(parts, stretches, strict=True):
        if before is not None and one.first_at is not None and one.first_at < before:
            position = part.after + 1
            flaws.append(Flaw(position, "counter off", "recorded before the event before it"))
        before = one.last_at if one.last_at is not None else before
    return flaws
