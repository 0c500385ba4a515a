"""Reactions to events: a closing invites the person to rate; a bad rating, or a result below the
threshold, orders a rectification.

What follows and the tracking position are written in one transaction.
"""

import logging
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Final, cast
from uuid import UUID

from eventsourcing.application import ProcessingEvent
from eventsourcing.domain import DomainEventProtocol
from eventsourcing.persistence import (
    IntegrityError,
    InterfaceError,
    Notification,
    OperationalError,
    ProgrammingError,
    Tracking,
)
from eventsourcing.projection import EventSourcedProjection
from msgspec.structs import replace

from api.reactions import CITY, RATING, RECTIFICATION, actor
from api.reactions.status import FORGET, Fault
from domain.evaluation.evaluation import PeriodClosed
from domain.followup import IMPORT, NOTICED_LATER, Context, Reaction, reactions
from domain.oversight.rectification import RectificationExists
from domain.registers.policy import NoPolicyInForce
from domain.requests import request, roster
from domain.requests.rating import (
    BAD_GRADES,
    AlreadyInvited,
    InvitationExpired,
    InviteRating,
    RatingCalledBack,
    RatingGiven,
    invitation,
    roster_of,
)
from domain.requests.request import Request, RequestClosed, RequestLogged
from domain.vocabulary import SIMULATION
from ledger.log.codec import LedgerNotification, Recorded
from ledger.log.decision import (
    TooContended,
    aggregate_of,
    ask,
    decide,
    project,
    project_any,
    read_beside,
)
from ledger.log.recorder import CommandIdReused, LedgerProcessRecorder
from ledger.log.store import ATTEMPTS_MAX, Ledger
from projections.running.runner import FAULT

log = logging.getLogger(__name__)

EVENTS_PER_BATCH: Final = 500
HEAD: Final = "SELECT position FROM log_head"
NOT_THE_EVENTS: Final = (IntegrityError, InterfaceError, OperationalError, ProgrammingError)
"""What no event is to blame for: a lost race, a database that is away or not as it should be."""
NOTHING_TO_DO: Final = (RectificationExists, AlreadyInvited, InvitationExpired, NoPolicyInForce)
"""It was done before; or nobody can be invited any more, or by no rules: the report counts them."""


class Orders(Ledger, EventSourcedProjection[UUID]):
    """The library's process application on our log, in batches."""

    name = Ledger.name
    """The library names our tables by it; what we track is named `RECTIFICATION`."""
    topics = (RequestClosed.topic, RatingGiven.topic, RatingCalledBack.topic, PeriodClosed.topic)
    recorder: LedgerProcessRecorder

    def policy(
        self, domain_event: DomainEventProtocol[UUID], processing_event: ProcessingEvent[UUID]
    ) -> None:
        """Collect the commands that follow from an event.

        Raises: Refused — when a rule forbids the order.
        """
        recorded = cast("Recorded", domain_event)
        event = recorded.event
        if isinstance(event, RatingGiven | RatingCalledBack) and event.grade not in BAD_GRADES:
            return
        context = self._context(recorded)
        for reaction in reactions(event, context):
            unit = event.division if isinstance(event, PeriodClosed) else context.point or CITY
            pending = cast("list[Recorded]", processing_event.events)
            processing_event.collect_events(*self._decided(reaction, recorded, unit, pending))

    def follow(self) -> None:
        """Process the log up to its present head.

        Raises: TooContended — when other writers keep changing the orders.
        """
        (row,) = self.recorder.rows(HEAD, {})
        goal, attempts = row["position"], 0
        while (position := self.position) < goal:
            found = self.recorder.select_notifications(
                position + 1, EVENTS_PER_BATCH, stop=goal, topics=self.topics
            )
            upto = found[-1].id if len(found) == EVENTS_PER_BATCH else goal
            try:
                self._take(found, upto)
            except IntegrityError as error:
                # Somebody wrote to an order's stream, or is further than we are: look again.
                attempts += 1
                if attempts == ATTEMPTS_MAX:
                    raise TooContended from error
            else:
                attempts = 0

    @property
    def position(self) -> int:
        return self.recorder.max_tracking_id(RECTIFICATION) or 0

    def process_batch(self, events: Sequence[Notification], tracking: Tracking | None) -> None:
        """Process many events as the library's `process_event` does one.

        What follows from all of them, and the tracking position, are written in one transaction.
        """
        if events:
            # A point may have been opened a moment before its first bad rating.
            self._refresh(self._registers)
        processing_event = ProcessingEvent[UUID](tracking=tracking)
        for notification in events:
            self.policy(self.mapper.to_domain_event(notification), processing_event)
        self._record(processing_event)

    def try_again(self, positions: Sequence[int]) -> None:
        """Retry the events that were faults for an earlier version of the program."""
        for position in positions:
            found = self.recorder.select_notifications(position, 1, stop=position)
            try:
                self.process_batch(found, None)
            except NOT_THE_EVENTS:
                raise
            except Exception:
                log.warning("policy %s still cannot follow up event %s", RECTIFICATION, position)
            else:
                with self.recorder.datastore.transaction(commit=True) as cursor:
                    cursor.execute(FORGET, [RECTIFICATION, [position]])

    def _take(self, events: Sequence[Notification], upto: int) -> None:
        try:
            self.process_batch(events, Tracking(RECTIFICATION, upto))
        except CommandIdReused as error:
            self._halve(events, upto, error)
        except NOT_THE_EVENTS:
            raise
        except Exception as error:
            self._halve(events, upto, error)

    def _halve(self, events: Sequence[Notification], upto: int, error: Exception) -> None:
        if len(events) == 1:
            self._fault(cast("LedgerNotification", events[0]), upto, error)
            return
        middle = len(events) // 2
        self._take(events[:middle], events[middle - 1].id)
        self._take(events[middle:], upto)

    def _fault(self, event: LedgerNotification, upto: int, error: Exception) -> None:
        """Skip the event and record its fault in one transaction."""
        assert isinstance(event.originator_id, UUID)
        fault = Fault(
            policy=RECTIFICATION,
            position=event.id,
            stream=event.originator_id,
            topic=event.topic,
            error=repr(error),
        )
        with self.recorder.datastore.transaction(commit=True) as cursor:
            cursor.execute(FAULT, fault.parameters())
            self.recorder._insert_tracking(cursor, Tracking(RECTIFICATION, upto))
        # The error may quote what people wrote: its text stays in the database.
        log.error("policy %s cannot follow up event %s: see views.faults", RECTIFICATION, event.id)

    def _context(self, recorded: Recorded) -> Context:
        context = Context(
            event_id=recorded.event_id,
            occurred_at=recorded.occurred_at,
            by=recorded.by,
            device=recorded.device,
        )
        match recorded.event:
            case RequestClosed():
                events = self._stream(recorded.originator_id)
            case RatingGiven() | RatingCalledBack() as rated:
                events = self._stream(rated.request)
            case _:
                return context
        logged = events[0].event
        assert isinstance(logged, RequestLogged)
        imported = any(map(_brought_in, events))
        context = replace(context, point=logged.point, imported=imported)
        if isinstance(recorded.event, RequestClosed) and not context.silent:
            asked = self._invitation(recorded.originator_id, events)
            context = replace(context, recorded_at=recorded.recorded_at, invitation=asked)
        return context

    def _invitation(self, of_request: UUID, events: list[Recorded]) -> InviteRating | None:
        """Return what invites the person of a closed request; None when it was voided since."""
        held = project(request, None, events)
        assert held is not None
        served: Request = held.state
        if served.voided or not (served.served or served.closed):
            return None
        sat = project(roster, None, self._stream(roster_of(served)))
        return invitation(of_request, served, sat.state if sat else None)

    def _stream(self, stream: UUID) -> list[Recorded]:
        stored = self.recorder.select_events(stream)
        return [cast("Recorded", self.mapper.to_domain_event(one)) for one in stored]

    def _decided(
        self, reaction: Reaction, cause: Recorded, unit: str, pending: Sequence[Recorded]
    ) -> list[Recorded]:
        """Decide on the stream and on `pending`, the events of this batch not yet in the log."""
        invites = isinstance(reaction.command, InviteRating)
        asked = ask(
            reaction.stream,
            reaction.command,
            by=actor(RATING if invites else RECTIFICATION, unit),
            # Another machine's clock may be ahead of this one's.
            now=max(datetime.now(UTC), reaction.occurred_at),
            occurred_at=reaction.occurred_at,
            late_reason=NOTICED_LATER,
            command_id=reaction.command_id,
            device=SIMULATION if cause.device == SIMULATION else None,
            correlation=cause.correlation,
            causation=cause.event_id,
        )
        own = [one for one in pending if one.originator_id == asked.stream]
        held = project(aggregate_of(asked), self.held(asked), own)
        registers = self.registers()
        others = {
            one: project_any(self._stream(one)) for one in read_beside(asked, held, registers)
        }
        try:
            return decide(asked, held, registers, others)
        except NOTHING_TO_DO:
            return []


def _brought_in(recorded: Recorded) -> bool:
    event: Any = recorded.event
    closed = isinstance(event, RequestClosed) and event.kind == "imported"
    return closed or recorded.by.role == "importer" or recorded.device == IMPORT
