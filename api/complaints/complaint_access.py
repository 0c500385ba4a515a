"""Access to what tables tell of complaints that a reader may not see."""

from collections.abc import Iterable, Iterator, Sequence
from uuid import UUID

from api.identity import OPERATOR
from api.rights import TABLE, may
from domain.aggregates import kind_of
from domain.reporting import draft, report
from domain.vocabulary import Actor
from projections.history.timeline import TimelineEvent


def tables_hidden(hidden: Iterable[UUID], events: Sequence[TimelineEvent], by: Actor) -> set[int]:
    """Positions of submitted tables, and of what was filled in before, that this actor may not read
    whole."""
    tables = [one for one in events if kind_of(one.topic) in (report.KIND, draft.KIND)]
    if by is OPERATOR:
        return set()
    if not may(by, TABLE):
        return {one.position for one in tables}
    kept = {str(one) for one in hidden}
    return {one.position for one in tables if not kept.isdisjoint(_about(one))}


def _about(event: TimelineEvent) -> Iterator[str]:
    """The streams that rows of a table, or cells and notes of a draft, are about."""
    if kind_of(event.topic) == draft.KIND:
        for part in (*event.data.get("cells", ()), *event.data.get("notes", ())):
            yield from part["row"]
        return
    for row in event.data["table"]["rows"]:
        yield from row.get("sources", ())
