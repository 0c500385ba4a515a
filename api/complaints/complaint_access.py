"""Access to complaints: hidden from the one complained of, and from anybody recused."""

from collections.abc import Sequence
from uuid import UUID

from api.identity import TABLE, may
from api.web.problems import Problem
from api.web.wiring import Wiring
from domain.aggregates import kind_of
from domain.complaints import complaint
from domain.complaints.complaint import Complaint
from domain.complaints.visibility import visible_to
from domain.reporting import report
from domain.vocabulary import Actor
from ledger.log.codec import Recorded
from ledger.log.decision import project
from projections.asking.asking import fetch_async
from projections.complaints.complaints import hidden_streams
from projections.history.timeline import TimelineEvent


def shown(events: Sequence[Recorded], by: Actor) -> Complaint | None:
    """Fold a complaint; None when there is none, or none for this actor."""
    found = project(complaint, None, events)
    if found is None:
        return None
    state: Complaint = found.state
    return state if visible_to(state, by) else None


async def opened(wiring: Wiring, stream: UUID, by: Actor) -> list[Recorded]:
    """Load the events of a complaint.

    Raises: Problem `not-found` — when the actor may not see it by what is known now.
    """
    events = await wiring.ledger.stream(stream)
    if shown(events, by) is None:
        raise Problem("not-found")
    return events


async def tables_hidden(wiring: Wiring, events: Sequence[TimelineEvent], by: Actor) -> set[int]:
    """Positions of submitted tables that this actor may not read whole."""
    tables = [one for one in events if kind_of(one.topic) == report.KIND]
    if not tables or not may(by, TABLE):
        return {one.position for one in tables}
    async with wiring.views.connection() as connection:
        found = await fetch_async(connection, hidden_streams(by))
    hidden = {str(one.stream) for one in found}
    return {
        one.position
        for one in tables
        if any(not hidden.isdisjoint(row.get("sources", ())) for row in one.data["table"]["rows"])
    }
