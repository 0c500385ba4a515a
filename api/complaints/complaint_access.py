"""Access to complaints: hidden from the one complained of, and from anybody recused."""

from collections.abc import Iterator, Sequence
from uuid import UUID

from api.rights import TABLE, may
from api.web.problems import Problem
from api.web.wiring import Wiring
from domain.aggregates import kind_of
from domain.complaints import complaint
from domain.complaints.complaint import Complaint
from domain.complaints.visibility import visible_to
from domain.reporting import draft, report
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
    """Positions of submitted tables, and of what was filled in before, that this actor may not read
    whole."""
    tables = [one for one in events if kind_of(one.topic) in (report.KIND, draft.KIND)]
    if not tables or not may(by, TABLE):
        return {one.position for one in tables}
    async with wiring.views.connection() as connection:
        found = await fetch_async(connection, hidden_streams(by))
    hidden = {str(one.stream) for one in found}
    return {one.position for one in tables if not hidden.isdisjoint(_about(one))}


def _about(event: TimelineEvent) -> Iterator[str]:
    """The streams that rows of a table, or cells and notes of a draft, are about."""
    if kind_of(event.topic) == draft.KIND:
        for part in (*event.data.get("cells", ()), *event.data.get("notes", ())):
            yield from part["row"]
        return
    for row in event.data["table"]["rows"]:
        yield from row.get("sources", ())
