"""The log itself: one thing's history, and what is being recorded now as a stream of events."""

import asyncio
import re
import time
from collections.abc import AsyncIterator, Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import msgspec
from litestar import Request, get
from litestar.handlers import HTTPRouteHandler
from litestar.types import ASGIApp, Receive, Scope, Send
from msgspec import Struct
from psycopg.rows import dict_row

from api.complaints.complaint_access import shown, tables_hidden
from api.identity import OWN, PERMISSION, READ
from api.web.answers import ROOT, pairs_of
from api.web.authorization import authorized
from api.web.problems import Problem
from api.web.questions import Asking, Found, Knowing, Question, held, log_head, reached
from api.web.wiring import Wiring
from domain import attachments
from domain.advising import needs, worklog
from domain.aggregates import Story, kind_of
from domain.complaints import complaint
from domain.complaints.reception import (
    OutcomeRecorded,
    ReceptionAnnounced,
    SlotBooked,
    sees_people,
)
from domain.concerned import marks_of, of_other_firms, visible_to
from domain.oversight import inspection, rectification
from domain.promises import promise_watch
from domain.registers import appointment
from domain.reporting import disclosure
from domain.training import helper
from domain.vocabulary import Actor
from projections.history.timeline import (
    StreamUnknown,
    Timeline,
    TimelineEvent,
    parts_of,
    timeline_async,
)

SELECT_NEWER: Final = """
    SELECT notification_id AS position, topic, recorded_at,
           CASE WHEN NOT starts_with(topic, %s) THEN originator_id END AS stream
      FROM log_events WHERE notification_id > %s ORDER BY notification_id LIMIT 500
"""
CONCERNING: Final[Mapping[str, Story]] = {
    one.KIND: one for one in (appointment, worklog, inspection, rectification, needs, helper)
}
"""What may concern a village or a firm (`domain.concerned`)."""
POSITION: Final = "[0-9]{1,18}"
STREAM_PATH: Final = ROOT + "/events/stream"
PING_S: Final = 15.0
LIFE_S: Final = 300.0
"""A stream ends by itself, so that a server can stop; the reader comes back with its last id."""


OF_PEOPLE: Final = frozenset((SlotBooked.topic, OutcomeRecorded.topic))


class EventNotice(Struct, frozen=True):
    """That something was recorded; what it says is asked for separately, by who may."""

    position: int
    stream: UUID | None
    """None for a complaint, whoever reads.

    Anybody who knew its id and may not open it would know that they are complained of.
    """
    topic: str
    recorded_at: datetime


# --- one thing's history


async def _timeline(asking: Asking) -> Found:
    query: Knowing = asking.query
    name = f"{asking.path['kind']}:{asking.path['key']}"
    await reached(asking)
    try:
        stream = next(iter(parts_of(name)))
        await refuse_of_others(asking, asking.path["kind"], stream)
        async with asking.wiring.views.connection() as connection:
            found = await timeline_async(connection, name, query.as_known_at)
    except StreamUnknown as error:
        raise Problem("not-found") from error
    return Found(await permitted_of(asking, found), position=found.position)


async def refuse_of_others(asking: Asking, kind: str, stream: UUID) -> None:
    """A committee or a firm reads the history of what concerns it.

    Raises: Problem `not-found` — for whatever else there is.
    """
    assert asking.by is not None
    if marks_of(asking.by) is None:
        return
    story = CONCERNING.get(kind)
    if story is None:
        raise Problem("not-found")
    found, _ = await held(asking, story, stream)
    if not visible_to(found.state, asking.by):
        raise Problem("not-found")


async def permitted_of(asking: Asking, found: Timeline) -> Timeline:
    """Replace events that the asking actor may not see by stubs.

    They are events of hidden complaints, of watching their promises, of their attachments and
    disclosure, of tables with rows about them, also as drafts, of receptions: whom a leader
    received and why; and of a selection, what is about advisers of other firms. What is known now
    counts, whatever was known then.

    Raises: Problem `not-found` — when nothing else is left.
    """
    assert asking.by is not None
    about = {one.position: of for one in found.events if (of := _complaint_of(one)) is not None}
    hidden = set()
    for stream in set(about.values()):
        if shown(await asking.wiring.ledger.stream(stream), asking.by) is None:
            hidden |= {one.position for one in found.events if one.stream == stream}
            hidden |= {position for position, of in about.items() if of == stream}
    hidden |= await tables_hidden(asking.wiring, found.events, asking.by)
    hidden |= _of_people(found, asking.by)
    hidden |= _of_other_firms(found, asking.by)
    permitted = found.without(hidden)
    if not permitted.events:
        raise Problem("not-found")
    return permitted


def _complaint_of(event: TimelineEvent) -> UUID | None:
    """The complaint that an event is about."""
    kind = kind_of(event.topic)
    if kind == complaint.KIND:
        return event.stream
    if kind in (promise_watch.KIND, attachments.KIND) and event.data["of_kind"] == complaint.KIND:
        return UUID(event.data["of"])
    if event.topic == OutcomeRecorded.topic and event.data["outcome"] == complaint.KIND:
        return UUID(event.data["of"])
    if kind == disclosure.KIND and event.data["bundle"]["kind"] == complaint.KIND:
        return UUID(event.data["bundle"]["name"])
    return None


def _of_people(found: Timeline, by: Actor) -> set[int]:
    """Positions of the events that say whom a leader receives and why, where the actor may not read
    it."""
    points = {
        one.stream: one.data["point"]
        for one in found.events
        if one.topic == ReceptionAnnounced.topic
    }
    return {
        one.position
        for one in found.events
        if one.topic in OF_PEOPLE and not sees_people(by, points.get(one.stream, ""))
    }


def _of_other_firms(found: Timeline, by: Actor) -> set[int]:
    """Positions of the events of an appointment that are no part of what a firm may read."""
    told = [one for one in found.events if kind_of(one.topic) == appointment.KIND]
    others = of_other_firms((one.data for one in told), by)
    return {one.position for one, of_others in zip(told, others, strict=True) if of_others}


QUESTIONS: Final = (
    Question(
        name="Timeline",
        under="/streams/{kind:str}/{key:str}/events",
        summary="一个对象的全部事件，按记录先后",
        tag="log",
        answer=Timeline,
        permission=OWN,
        find=_timeline,
    ),
)


# --- what is being recorded


def stream_handler(wiring: Wiring) -> HTTPRouteHandler:
    @get(STREAM_PATH, name="EventStream", opt={PERMISSION: READ}, include_in_schema=False)
    async def stream(request: Request[Any, Any, Any]) -> ASGIApp:
        authorized(request.scope, READ, wiring.tokens)
        if pairs_of(request.scope["query_string"]):
            raise Problem("malformed", "query")
        last = request.headers.get("last-event-id")
        if last is not None and not re.fullmatch(POSITION, last):
            raise Problem("malformed", "Last-Event-ID")
        head = await log_head(wiring)
        after = head if last is None else int(last)
        if after > head:
            # An older log was restored: what it records next, this reader would never be told.
            raise Problem("position-unknown", f"Last-Event-ID {after}, the log ends at {head}")
        return _streamed(_notices(wiring, after))

    return stream


async def _notices(wiring: Wiring, after: int) -> AsyncIterator[bytes]:
    """Server-sent events from a position on: the table is the truth, the bell only wakes."""
    until, spoken = time.monotonic() + LIFE_S, time.monotonic()
    yield b"retry: 1000\n\n"
    async with wiring.bell.heard():
        while not wiring.closing.is_set() and (now := time.monotonic()) < until:
            lines = []
            for notice in await _newer(wiring, after):
                after = notice.position
                lines.append(b"id: %d\ndata: %s\n\n" % (after, msgspec.json.encode(notice)))
            if lines:
                yield b"".join(lines)
                spoken = now
            elif now - spoken >= PING_S:
                yield b": ping\n\n"
                spoken = now
            else:
                await wiring.bell.wait(min(until, spoken + PING_S) - now)


async def _newer(wiring: Wiring, after: int) -> list[EventNotice]:
    async with wiring.views.connection() as connection:
        cursor = connection.cursor(row_factory=dict_row)
        await cursor.execute(SELECT_NEWER, [f"{complaint.KIND}.", after])
        return [EventNotice(**row) for row in await cursor.fetchall()]


def _streamed(parts: AsyncIterator[bytes]) -> ASGIApp:
    """Sends until the parts or the reader's patience end."""

    async def respond(_: Scope, receive: Receive, send: Send) -> None:
        headers = [(b"content-type", b"text/event-stream"), (b"cache-control", b"no-store")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        sending = asyncio.create_task(_send_all(parts, send))
        leaving = asyncio.create_task(_left(receive))
        await asyncio.wait({sending, leaving}, return_when=asyncio.FIRST_COMPLETED)
        for task in (sending, leaving):
            task.cancel()
        await asyncio.gather(sending, leaving, return_exceptions=True)

    return respond


async def _send_all(parts: AsyncIterator[bytes], send: Send) -> None:
    async for part in parts:
        await send({"type": "http.response.body", "body": part, "more_body": True})
    await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
