"""The log itself: one thing's history, and what is being recorded now as a stream of events."""

import asyncio
import re
import time
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import msgspec
from litestar import Request, get
from litestar.handlers import HTTPRouteHandler
from litestar.types import ASGIApp, Receive, Scope, Send
from msgspec import Struct
from msgspec.structs import replace
from psycopg.rows import dict_row

from api.complaints.complaint_access import tables_hidden
from api.evaluation.evaluations import own_names, reviews
from api.identity import OPERATOR
from api.rights import PERMISSION, READ
from api.web.answers import ROOT, pairs_of
from api.web.authorization import authorized
from api.web.gate import kept_from, opened, readable
from api.web.problems import Problem
from api.web.questions import Asking, Found, Knowing, Question, log_head, reached
from api.web.wiring import Wiring, wiring_of
from domain import attachments
from domain.aggregates import kind_of
from domain.complaints import complaint
from domain.complaints.reception import OutcomeRecorded, ReceptionAnnounced, SlotBooked
from domain.concerned import marks_of, of_other_firms
from domain.coordination import conference
from domain.evaluation import evaluation
from domain.moment import Registers
from domain.promises import promise_watch
from domain.reading import CONCERNING, ids_in, sees_people, without_in_lists
from domain.registers import appointment
from domain.reporting import disclosure
from domain.roles import AUDITORS, LEADERS
from domain.vocabulary import Actor
from projections.history.timeline import (
    StreamUnknown,
    Timeline,
    TimelineEvent,
    parts_of,
    timeline_async,
)

SELECT_NEWER: Final = """
    SELECT notification_id AS position, topic, recorded_at, originator_id AS stream
      FROM log_events WHERE notification_id > %s ORDER BY notification_id LIMIT 500
"""
TOLD_THEM: Final = CONCERNING - {conference.KIND}
"""Whose history a village or a firm reads; of a conference they read their own decisions alone."""
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
    """None for a complaint and what belongs to it, whoever reads.

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
        await opened_for(asking, asking.path["kind"], stream)
        async with asking.wiring.views.connection() as connection:
            found = await timeline_async(connection, name, query.as_known_at)
    except StreamUnknown as error:
        raise Problem("not-found") from error
    return Found(await permitted_of(asking, found), position=found.position)


async def opened_for(asking: Asking, kind: str, stream: UUID) -> None:
    """Ask the gate for the thing whose history is read.

    Raises: Problem `not-found` — it is none of the reader's.
    """
    assert asking.by is not None
    if marks_of(asking.by) is not None and kind not in TOLD_THEM:
        raise Problem("not-found")
    await opened(asking.wiring, stream, asking.by)


async def permitted_of(asking: Asking, found: Timeline) -> Timeline:
    """Leave out what the reader may not see, without a trace of where or when it was.

    It is what belongs to other things that he may not read; what names a complaint that is kept
    from him; tables with rows about one, also as drafts; of receptions, whom a leader received and
    why; of a selection, what is about advisers of other firms; of an evaluation, what people were
    given whom he does not judge. What is known now counts, whatever was known then. Auditors and
    supervisors are told how many there are; of complaints kept from themselves nobody is told.

    Raises: Problem `not-found` — when nothing else is left.
    """
    wiring, by = asking.wiring, asking.by
    assert by is not None
    there = await readable(wiring, {one.stream for one in found.events}, by)
    elsewhere = {one.position for one in found.events if one.stream not in there}
    kept = await kept_from(wiring, by) if found.events else frozenset[UUID]()
    named = _naming(found, kept)
    elsewhere |= tables_hidden(kept, found.events, by)
    registers = await wiring.ledger.registers()
    elsewhere |= _of_people(found, by, registers)
    elsewhere |= _of_other_firms(found, by)
    elsewhere |= _of_others_scores(found, by, registers)
    permitted = found.without(elsewhere | named)
    if not permitted.events:
        raise Problem("not-found")
    told = len(elsewhere - named) if by.role in (*LEADERS, *AUDITORS) else 0
    return replace(
        permitted, hidden=told, events=[_told(one, kept, by) for one in permitted.events]
    )


def _naming(found: Timeline, kept: frozenset[UUID]) -> set[int]:
    """Positions of what is about a complaint that is kept from the reader, or ties to one."""
    if not kept:
        return set()
    about = {one.stream for one in found.events if not kept.isdisjoint(ids_in(one.data))}
    beside = {promise_watch.KIND, attachments.KIND, disclosure.KIND}
    return {
        one.position
        for one in found.events
        if one.stream in kept
        or (kind_of(one.topic) in beside and one.stream in about)
        or not kept.isdisjoint(ids_in(without_in_lists(one.data, kept)))
    }


def _told(event: TimelineEvent, kept: frozenset[UUID], by: Actor) -> TimelineEvent:
    """An event as its reader may have it: lists do not name what is kept from him, and where a
    score comes from is for those who review it."""
    data = without_in_lists(event.data, kept) if kept else event.data
    if kind_of(event.topic) == evaluation.KIND and not reviews(by):
        data = {name: value for name, value in data.items() if name != "sources"}
    return event if data == event.data else replace(event, data=data)


def _of_people(found: Timeline, by: Actor, registers: Registers) -> set[int]:
    """Positions of the events that say whom a leader receives and why, where the actor may not read
    it."""
    points = {
        one.stream: one.data["point"]
        for one in found.events
        if one.topic == ReceptionAnnounced.topic
    }
    if by is OPERATOR:
        return set()
    return {
        one.position
        for one in found.events
        if one.topic in OF_PEOPLE and not sees_people(by, points.get(one.stream, ""), registers)
    }


def _of_other_firms(found: Timeline, by: Actor) -> set[int]:
    """Positions of the events of an appointment that are no part of what a firm may read."""
    told = [one for one in found.events if kind_of(one.topic) == appointment.KIND]
    others = of_other_firms((one.data for one in told), by)
    return {one.position for one, of_others in zip(told, others, strict=True) if of_others}


def _of_others_scores(found: Timeline, by: Actor, registers: Registers) -> set[int]:
    """Positions of what was scored, determined, objected to of those whose scores are not the
    reader's: `GET /evaluations/{id}` does not show him either."""
    if reviews(by):
        return set()
    return {
        one.position
        for one in found.events
        if kind_of(one.topic) == evaluation.KIND
        and "subject" in one.data
        and one.data["subject"] not in own_names(by, registers)
    }


QUESTIONS: Final = (
    Question(
        name="Timeline",
        under="/streams/{kind:str}/{key:str}/events",
        summary="一个对象的全部事件，按记录先后",
        tag="log",
        answer=Timeline,
        find=_timeline,
    ),
)


# --- what is being recorded


def stream_handler() -> HTTPRouteHandler:
    @get(STREAM_PATH, name="EventStream", opt={PERMISSION: READ}, include_in_schema=False)
    async def stream(request: Request[Any, Any, Any]) -> ASGIApp:
        wiring = wiring_of(request.scope)
        by = await authorized(request.scope, READ, wiring)
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
        return _streamed(_notices(wiring, after, by))

    return stream


async def _notices(wiring: Wiring, after: int, by: Actor) -> AsyncIterator[bytes]:
    """Server-sent events from a position on: the table is the truth, the bell only wakes.

    What the reader may not read only moves his position, with the next notice or ping: when it was
    recorded tells nobody what it was.
    """
    until, spoken = time.monotonic() + LIFE_S, time.monotonic()
    told = after
    yield b"retry: 1000\n\n"
    async with wiring.bell.heard():
        while not wiring.closing.is_set() and (now := time.monotonic()) < until:
            lines = []
            newer = await _newer(wiring, after)
            for notice in await _for_reader(wiring, newer, by):
                told = notice.position
                lines.append(b"id: %d\ndata: %s\n\n" % (told, msgspec.json.encode(notice)))
            after = newer[-1].position if newer else after
            if lines:
                yield b"".join(lines)
                spoken = now
            elif now - spoken >= PING_S:
                yield b": ping\n\n" if told == after else b"id: %d\n\n" % after
                told, spoken = after, now
            elif not newer:
                await wiring.bell.wait(min(until, spoken + PING_S) - now)


async def _newer(wiring: Wiring, after: int) -> list[EventNotice]:
    async with wiring.views.connection() as connection:
        cursor = connection.cursor(row_factory=dict_row)
        await cursor.execute(SELECT_NEWER, [after])
        return [EventNotice(**row) for row in await cursor.fetchall()]


async def _for_reader(wiring: Wiring, notices: list[EventNotice], by: Actor) -> list[EventNotice]:
    """Keep the notices of what he may read; those of a complaint do not name it: he would know its
    id when it is named at him."""
    there = await readable(wiring, {one.stream for one in notices if one.stream}, by)
    return [
        replace(one, stream=None) if there[one.stream] == complaint.KIND else one
        for one in notices
        if one.stream in there
    ]


def _streamed(parts: AsyncIterator[bytes]) -> ASGIApp:
    """Sends until the parts or the reader's patience end."""

    async def respond(_: Scope, receive: Receive, send: Send) -> None:
        headers = [(b"content-type", b"text/event-stream")]
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
