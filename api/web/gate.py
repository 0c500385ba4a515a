"""The one gate for every read of a stream: what the log says now of who may read it
(`domain.reading`), never a view, which may lag behind.

Whoever stands outside is answered as if there were nothing.
"""

from collections.abc import Iterable
from typing import Final
from uuid import UUID

from api.identity import OPERATOR
from api.web.problems import Problem
from api.web.wiring import Wiring
from domain.aggregates import AGGREGATE, kind_of
from domain.jurisdiction import reach_of
from domain.moment import Registers
from domain.reading import KEEPING, beside_of, is_kept_from, marks_named, may_read
from domain.roles import AUDITORS, LEADERS
from domain.vocabulary import Actor
from ledger.log.codec import Recorded
from ledger.log.decision import project_any

NOBODY_JUDGES: Final = frozenset((*LEADERS, *AUDITORS))
"""Who looks at what this program cannot read, so that somebody does."""

SELECT_NAMING: Final = """
    SELECT DISTINCT originator_id AS stream FROM log_events
     WHERE topic = ANY(%(topics)s) AND ({named})
"""
"""Such events are few: all of them are looked through, as for the history of a request."""


async def opened(wiring: Wiring, stream: UUID, by: Actor | None) -> list[Recorded]:
    """Load the events of a stream for a reader.

    Raises: Problem `not-found` — when there is none, or none for him. RecordUnreadable — when one
    of them cannot be read.
    """
    if by is None or stream not in await readable(wiring, (stream,), by):
        raise Problem("not-found")
    return await wiring.ledger.stream(stream)


async def readable(wiring: Wiring, streams: Iterable[UUID], by: Actor) -> dict[UUID, str]:
    """Return those of the streams that an actor may read, with the kind of the thing that each is
    or belongs to."""
    asked = frozenset(streams)
    told = await wiring.ledger.streams(asked)
    things = {stream: _thing(stream, events) for stream, events in told.items()}
    if beside := {*things.values()} - told.keys():
        told |= await wiring.ledger.streams(beside)
    registers = await wiring.ledger.registers()
    judged = {
        thing: by is OPERATOR or _may(told[thing], by, registers)
        for thing in {*things.values()} & told.keys()
    }
    return {
        stream: _kind(told[thing])
        for stream, thing in things.items()
        if judged.get(thing, by is OPERATOR)
    }


def _thing(stream: UUID, events: list[Recorded] | None) -> UUID:
    first = events[0].event if events else None
    return (beside_of(kind_of(first.topic), first) if first else None) or stream


def _kind(events: list[Recorded] | None) -> str:
    return kind_of(events[0].event.topic) if events else ""


def _may(events: list[Recorded] | None, by: Actor, registers: Registers) -> bool:
    if events is None:
        return by.role in NOBODY_JUDGES
    kind = kind_of(events[0].event.topic)
    held = project_any(events)
    return kind in AGGREGATE and held is not None and may_read(kind, held.state, by, registers)


async def oversees(wiring: Wiring, by: Actor | None) -> bool:
    """Return whether a reader is an auditor or supervisor of a division, and not of one point."""
    if by is None or by is OPERATOR or by.role not in (*LEADERS, *AUDITORS):
        return by is OPERATOR
    reach = reach_of(by, await wiring.ledger.registers())
    return reach is not None and bool(reach.prefixes)


async def kept_from(wiring: Wiring, by: Actor | None) -> frozenset[UUID]:
    """Find the complaints that an actor may not see because of who he is, by what the log knows
    now: a view may still show one that has just been named at him."""
    assert by is not None
    if by is OPERATOR:
        return frozenset()
    names = marks_named(by)
    named = " OR ".join(
        f"position(convert_to('\"' || %(name_{at})s || '\"', 'UTF8') IN state) > 0"
        for at in range(len(names))
    )
    asked = {"topics": list(KEEPING)} | {f"name_{at}": one for at, one in enumerate(names)}
    async with wiring.ledger.readers.connection() as connection:
        cursor = await connection.execute(SELECT_NAMING.format(named=named), asked)
        found = [row["stream"] for row in await cursor.fetchall()]
    hidden = set()
    for stream, events in (await wiring.ledger.streams(found)).items():
        held = project_any(events) if events else None
        if held is None or is_kept_from(held.state, by):
            hidden.add(stream)
    return frozenset(hidden)
