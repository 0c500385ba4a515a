"""Entries made of events, as the log keeps them, and the rules they are read by."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, cast
from uuid import UUID

import msgspec

from domain.aggregates import kind_of
from domain.registers.calendar_publication import CalendarPublished
from domain.registers.policy import PolicyPublished, PolicyVersion
from domain.scoring.basis import Rules, published, rules_of
from domain.scoring.facts import completed, facts_of
from domain.scoring.shapes import Entry
from domain.vocabulary import Event, stream_id
from domain.worktime.calendar import Calendar
from ledger.log.codec import Recorded
from tests.examples import CALENDAR, MORNING, local

Happened = Event | tuple[Event, str]
"""An event at the usual time, or at this local one."""


def entry(event: Event, position: int, at: datetime = MORNING, stream: UUID | None = None) -> Entry:
    """Without a stream: that of the only thing of its kind."""
    return {
        "position": position,
        "stream": str(stream or stream_id(kind_of(event.topic), "the-one")),
        "topic": event.topic,
        "occurred_at": at,
        "data": msgspec.json.decode(msgspec.json.encode(event)),
    }


def told(*happened: Happened, stream: UUID | None = None, after: int = 0) -> list[Entry]:
    """One thing's entries, from the position after `after` on."""
    return [
        entry(one, position, stream=stream)
        if isinstance(one, Event)
        else entry(one[0], position, local(one[1]), stream)
        for position, one in enumerate(happened, after + 1)
    ]


def of_request(*happened: Happened, request: UUID, after: int = 0) -> list[Entry]:
    """Those of a request and its rating."""
    return [
        {**one, "stream": str(request)} if one["topic"].startswith("request.") else one
        for one in told(*happened, after=after)
    ]


def rules(
    *policies: PolicyVersion,
    calendar: Calendar = CALENDAR,
    at: str = "2027-01-01 00:00",
    period: tuple[str, str] = ("2026-01-01", "2026-12-31"),
) -> Rules:
    known = published(publications(*policies, calendar=calendar))
    return rules_of(known, calendar.ref, local(at).isoformat(), *period)


def publications(*policies: PolicyVersion, calendar: Calendar = CALENDAR) -> list[Entry]:
    return [
        entry(CalendarPublished(calendar=calendar), 1),
        *(entry(PolicyPublished(policy=one), number) for number, one in enumerate(policies, 2)),
    ]


def facts(entries: Iterable[Entry], by: Rules, kind: str) -> list[dict[str, Any]]:
    return [fact for fact in all_facts(entries, by) if fact["fact"] == kind]


def all_facts(entries: Iterable[Entry], by: Rules) -> list[dict[str, Any]]:
    """To be read by any field."""
    return cast("list[dict[str, Any]]", completed(facts_of(entries, by), by))


def entries_of(events: Sequence[Recorded]) -> list[Entry]:
    """A log from its first event on."""
    return [
        entry(one.event, position, one.occurred_at, one.originator_id)
        for position, one in enumerate(events, 1)
    ]


def day(text: str) -> date:
    return date.fromisoformat(text)
