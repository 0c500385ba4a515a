"""Reactions to the clock: default ratings, watched promises, overdue orders, periods.

They are looked for in the view of promises and in the log, and done in batches.
"""

import logging
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

import psycopg
from eventsourcing.persistence import IntegrityError
from msgspec import Struct
from psycopg.rows import tuple_row

from api.reactions import CITY, PERIODS, PROMISES, RATING, RECTIFICATION, actor
from api.reactions.orders import NOT_THE_EVENTS
from api.reactions.status import CAUSE, Fault, tell
from domain.complaints import complaint
from domain.followup import (
    IMPORT,
    NOTICED_LATER,
    OpenInvitation,
    OpenPromise,
    OpenRectification,
    Reaction,
    due_defaults,
    ended_periods,
    overdue,
    watched,
)
from domain.oversight import rectification
from domain.registers.policy import approaching
from domain.requests import rating, request
from domain.requests.rating import RatingInvited
from domain.requests.request import RequestLogged
from domain.vocabulary import CHINA, SIMULATION, Refused, sibling_id
from ledger.log import reading
from ledger.log.codec import LedgerMapper, Recorded, RecordUnreadable
from ledger.log.decision import (
    Ask,
    Held,
    TooContended,
    aggregate_of,
    ask,
    decide,
    only_read,
    project,
    project_any,
    read_beside,
)
from ledger.log.recorder import CommandIdReused, Versions
from ledger.log.store import Ledger
from projections.asking.asking import fetch
from projections.oversight import promises
from projections.oversight.promises import Due

log = logging.getLogger(__name__)

COMMANDS_PER_BATCH: Final = 500
LISTED: Final = 10_000
OFFICES: Final = (request.KIND, complaint.KIND, rectification.KIND)
"""What has promises of an office."""
SUSPECT: Final = "SELECT DISTINCT stream FROM views.faults WHERE view = %s"
FIRST_REQUEST: Final = """
    SELECT occurred_at, position(convert_to(%(simulated)s, 'UTF8') IN state) > 0 AS simulated
      FROM log_events
     WHERE topic = %(logged)s AND notification_id > %(after)s AND notification_id <= %(upto)s
       AND position(convert_to(%(importer)s, 'UTF8') IN state) = 0
       AND position(convert_to(%(import)s, 'UTF8') IN state) = 0
     ORDER BY notification_id LIMIT 1
"""


class DueFollowUp(Struct, frozen=True, kw_only=True):
    """A command that is due."""

    policy: str
    reaction: Reaction
    unit: str = CITY
    simulated: bool
    cause: UUID | None = None
    """The event that gave the promise."""

    def asked(self, now: datetime) -> Ask:
        return ask(
            self.reaction.stream,
            self.reaction.command,
            by=actor(self.policy, self.unit),
            now=now,
            occurred_at=self.reaction.occurred_at,
            late_reason=NOTICED_LATER,
            command_id=self.reaction.command_id,
            device=SIMULATION if self.simulated else None,
            causation=self.cause,
        )


class Watch:
    """Looks at the clock; caches what it found done for as long as it is still listed."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._mapper = LedgerMapper()
        self._done: set[UUID] = set()
        self._first_request: tuple[datetime, bool] | None = None
        """When it occurred, and whether it is simulated."""
        self._searched = 0
        """Position up to which the log has no request that was not imported."""

    def look(self, connection: psycopg.Connection[Any], now: datetime) -> None:
        """Do what is due by `now`; the view of promises must hold all events until then."""
        due = [
            *self._of_promises(connection, now),
            *self._of_silence(connection, now),
            *self._of_periods(connection, now),
        ]
        new = [one for one in due if one.reaction.command_id not in self._done]
        for first in range(0, len(new), COMMANDS_PER_BATCH):
            self._carry_out(connection, new[first : first + COMMANDS_PER_BATCH], now)
        self._done &= {one.reaction.command_id for one in due}

    # --- what is due

    def _of_promises(
        self, connection: psycopg.Connection[Any], now: datetime
    ) -> Iterator[DueFollowUp]:
        today = now.astimezone(ZoneInfo(CHINA)).date()
        ahead = approaching(self._ledger.registers().policies, today)
        for due in self._due(connection, now + ahead, OFFICES):
            promise = OpenPromise(
                of=due.stream,
                of_kind=due.of_kind,
                name=due.name,
                round=due.round,
                started_at=due.started_at,
                due=due.due,
                given_by=due.given_by,
            )
            yield from _follow_ups(PROMISES, watched([promise], now, ahead), due)
            if due.of_kind == rectification.KIND:
                order = OpenRectification(stream=due.stream, due=due.due, ordered_by=due.given_by)
                yield from _follow_ups(RECTIFICATION, overdue([order], now), due)

    def _of_silence(
        self, connection: psycopg.Connection[Any], now: datetime
    ) -> Iterator[DueFollowUp]:
        listed = self._due(connection, now, (rating.KIND,))
        for first in range(0, len(listed), COMMANDS_PER_BATCH):
            some = {due.stream: due for due in listed[first : first + COMMANDS_PER_BATCH]}
            invitations = [
                (recorded.originator_id, recorded.event)
                for recorded in self._streams(connection, some)
                if isinstance(recorded.event, RatingInvited)
            ]
            for stream, invited in invitations:
                due = some[stream]
                open_ = OpenInvitation(
                    request=invited.request, expires_at=due.due, invited_by=due.given_by
                )
                yield from _follow_ups(RATING, due_defaults([open_], now), due, invited.point)

    def _of_periods(self, connection: psycopg.Connection[Any], now: datetime) -> list[DueFollowUp]:
        """Return periods that ended since the first request that was not imported."""
        if self._first_request is None:
            head = reading.head(connection)
            asked = {
                "logged": RequestLogged.topic,
                "after": self._searched,
                "upto": head,
                "importer": '"role":"importer"',
                "import": f'"device":"{IMPORT}"',
                "simulated": f'"device":"{SIMULATION}"',
            }
            row = connection.execute(FIRST_REQUEST, asked).fetchone()
            self._searched = head
            if row is None:
                return []
            self._first_request = (row[0], row[1])
        since, simulated = self._first_request
        return [
            DueFollowUp(policy=PERIODS, reaction=reaction, simulated=simulated)
            for reaction in ended_periods(since, now)
        ]

    def _due(
        self, connection: psycopg.Connection[Any], until: datetime, kinds: Sequence[str]
    ) -> list[Due]:
        """Return what the view lists, without things that have faults in the view."""
        suspect = {row[0] for row in connection.execute(SUSPECT, [promises.NAME])}
        suspect |= {sibling_id(stream, rating.KIND) for stream in suspect}
        limit = LISTED
        while len(found := fetch(connection, promises.due_until(until, kinds, limit))) == limit:
            limit *= 4
        return [due for due in found if due.stream not in suspect]

    # --- doing it

    def _carry_out(
        self, connection: psycopg.Connection[Any], some: Sequence[DueFollowUp], now: datetime
    ) -> None:
        """Append all in one transaction; after a conflict, one by one."""
        try:
            decided, seen = self._decided(connection, [one.asked(now) for one in some])
            if decided:
                self._ledger.save(*decided, seen=seen)
        except IntegrityError:
            for one in some:
                self._carry_out_alone(connection, one, now)
        except (*NOT_THE_EVENTS, psycopg.Error):
            raise
        except Exception as error:
            if len(some) == 1:
                self._fault(connection, some[0], error)
                return
            middle = len(some) // 2
            self._carry_out(connection, some[:middle], now)
            self._carry_out(connection, some[middle:], now)
        else:
            self._done |= {one.reaction.command_id for one in some}

    def _decided(
        self, connection: psycopg.Connection[Any], asked: Iterable[Ask]
    ) -> tuple[list[Recorded], Versions]:
        """Decide each command on the events decided before it; drop those that a rule refuses.

        Return with the events what the decisions read beside them, for the log to check.
        """
        asked = list(asked)
        aggregates = {one.stream: aggregate_of(one) for one in asked}
        held: dict[UUID, Held | None] = {
            stream: project(aggregates[stream], None, events)
            for stream, events in self._each(connection, aggregates)
        }
        registers = self._ledger.registers()
        reads = {one.stream: read_beside(one, held.get(one.stream), registers) for one in asked}
        beside: dict[UUID, Held | None] = dict.fromkeys(frozenset().union(*reads.values()))
        beside |= {stream: project_any(events) for stream, events in self._each(connection, beside)}
        decided: list[Recorded] = []
        seen: dict[UUID, int] = {}
        for one in asked:
            others = {stream: beside[stream] for stream in reads[one.stream]}
            try:
                events = decide(one, held.get(one.stream), registers, others)
            except Refused as refusal:
                log.debug("policy %s: %s", one.by.account, type(refusal).__name__)
                continue
            held[one.stream] = project(aggregates[one.stream], held.get(one.stream), events)
            decided += events
            seen |= only_read(others, events)
        return decided, seen

    def _carry_out_alone(
        self, connection: psycopg.Connection[Any], due: DueFollowUp, now: datetime
    ) -> None:
        asked = due.asked(now)
        try:
            self._ledger.execute(
                asked.stream,
                asked.command,
                by=asked.by,
                now=now,
                occurred_at=asked.occurred_at,
                late_reason=asked.late_reason,
                command_id=asked.command_id,
                device=asked.device,
                causation=asked.causation,
            )
        except RecordUnreadable as error:
            self._fault(connection, due, error)
        except Refused as refusal:
            log.debug("policy %s: %s", due.policy, type(refusal).__name__)
        except CommandIdReused as error:
            self._fault(connection, due, error)
        except TooContended:
            # At the next look, then.
            return
        self._done.add(asked.command_id)

    def _fault(
        self, connection: psycopg.Connection[Any], one: DueFollowUp, error: Exception
    ) -> None:
        """Record a fault; the command is skipped until the policies start again."""
        row = connection.execute(CAUSE, [one.cause]).fetchone() if one.cause else None
        position, topic = row or (0, type(one.reaction.command).__name__)
        fault = Fault(
            policy=one.policy,
            position=position,
            stream=one.reaction.stream,
            topic=topic,
            error=repr(error),
        )
        tell(connection, fault)
        self._done.add(one.reaction.command_id)
        # The error may quote what people wrote: its text stays in the database.
        log.error("policy %s failed on %s: see views.faults", one.policy, fault.stream)

    def _each(
        self, connection: psycopg.Connection[Any], wanted: Iterable[UUID]
    ) -> Iterator[tuple[UUID, Iterator[Recorded]]]:
        """Yield each stream with its events."""
        return groupby(self._streams(connection, wanted), key=lambda one: one.originator_id)

    def _streams(
        self, connection: psycopg.Connection[Any], wanted: Iterable[UUID]
    ) -> list[Recorded]:
        with connection.cursor(binary=True, row_factory=tuple_row) as cursor:
            return reading.streams(cursor, self._mapper, list(wanted), 2**63 - 1)


def _follow_ups(
    policy: str, reactions: Iterable[Reaction], due: Due, unit: str = CITY
) -> Iterator[DueFollowUp]:
    for reaction in reactions:
        yield DueFollowUp(
            policy=policy,
            reaction=reaction,
            unit=unit,
            simulated=due.simulated,
            cause=due.given_by,
        )
