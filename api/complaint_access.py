"""Who may see a complaint: neither the one complained of nor who stepped aside learns of it."""

from collections.abc import Sequence
from uuid import UUID

from api.problems import Problem
from api.wiring import Wiring
from domain import complaint
from domain.complaint import Complaint, visible_to
from domain.vocabulary import Actor
from ledger.codec import Recorded
from ledger.decision import project


def shown(events: Sequence[Recorded], by: Actor) -> Complaint | None:
    """A complaint's state by its events; None: there is none, or none for this actor."""
    found = project(complaint, None, events)
    if found is None:
        return None
    state: Complaint = found.state
    return state if visible_to(state, by) else None


async def opened(wiring: Wiring, stream: UUID, by: Actor) -> list[Recorded]:
    """The events of a complaint. Problem `not-found`: as `shown`, by what is known now."""
    events = await wiring.ledger.stream(stream)
    if shown(events, by) is None:
        raise Problem("not-found")
    return events
