"""The clocks of one request: the first response, the waiting for the person, closing, reopening;
working minutes, and what was in time.

A pure fold that journal and facts share: the state is a mapping of the fields of `RequestClocks`,
and each function returns the fields that an event changes. The caller puts them into a mapping of
its own (the journal: its row), so that the state is never copied from one form into another.

Plain data and the standard library only, because an evidence bundle ships this file.
"""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, Final, TypedDict

from domain.scoring.basis import local_day
from domain.worktime.calendar import Calendar, CalendarHasNoYear
from domain.worktime.zone import zone_counted

Dues = tuple[datetime | None, datetime | None]
"""Until when the first response and the closing are promised; None when no promise runs."""
Changes = dict[str, Any]
NO_RESPONSE_DUE: Final[Changes] = {"due_response": None}


class RequestClocks(TypedDict):
    """Where the clocks of a request stand after an event."""

    requested_at: datetime
    zone: str
    """Of its local days, where it has no calendar."""
    day: date
    """Local day it was asked for."""
    status: str
    """open | closed | voided"""
    round: int
    """1, and one more with every reopening."""
    due_response: datetime | None
    due_close: datetime | None
    paused_at: datetime | None
    """Since when the person is awaited."""
    pauses: list[datetime] | None
    """The pauses that are over: since, until, since, until …"""
    responded_day: date | None
    """Local day of the first response of all: the one that is measured."""
    response_minutes: int | None
    response_minutes_open: int | None
    """Without those in which it was closed."""
    response_in_time: bool | None
    closed_at: datetime | None
    closed_day: date | None
    dormant: list[datetime] | None
    """When it was closed before it was reopened: since, until, since, until …"""
    close_minutes: int | None
    close_minutes_open: int | None
    """Without those in which it was closed."""
    close_in_time: bool | None
    close_kind: str | None


def logged(
    requested_at: datetime, calendar: Calendar | None, zone: str, dues: Dues
) -> RequestClocks:
    """Start the clocks; minutes are counted from here in every round."""
    return {
        "requested_at": requested_at,
        "zone": zone_counted(zone),
        "day": local_day(requested_at, calendar, zone),
        "status": "open",
        "round": 1,
        "due_response": dues[0],
        "due_close": dues[1],
        "paused_at": None,
        "pauses": None,
        "responded_day": None,
        "response_minutes": None,
        "response_minutes_open": None,
        "response_in_time": None,
        "closed_at": None,
        "closed_day": None,
        "dormant": None,
        "close_minutes": None,
        "close_minutes_open": None,
        "close_in_time": None,
        "close_kind": None,
    }


def responded(clocks: RequestClocks, at: datetime, calendar: Calendar | None) -> Changes:
    """Measure the first response of all; those of later rounds only end their promise."""
    if clocks["responded_day"] is not None:
        return NO_RESPONSE_DUE
    minutes, minutes_open = _worked(clocks, at, calendar)
    return {
        "responded_day": local_day(at, calendar, clocks["zone"]),
        "response_minutes": minutes,
        "response_minutes_open": minutes_open,
        "response_in_time": in_time(clocks, clocks["due_response"], at),
        "due_response": None,
    }


def minutes_until(clocks: RequestClocks, until: datetime, calendar: Calendar | None) -> int | None:
    """Working minutes since the request, without those in which it waited for the person or was
    closed; None where they are unknown."""
    return _worked(clocks, until, calendar)[1]


def promised(dues: Dues) -> Changes:
    """Replace the promises that run."""
    return {"due_response": dues[0], "due_close": dues[1]}


def paused(at: datetime) -> Changes:
    """Stop the clocks until the person answers."""
    return {"paused_at": at}


def resumed(clocks: RequestClocks, at: datetime, dues: Dues) -> Changes:
    """End the pause; the promises were moved by it."""
    return {
        "paused_at": None,
        "pauses": _pauses_until(clocks, at),
        "due_response": dues[0],
        "due_close": dues[1],
    }


def closed(clocks: RequestClocks, at: datetime, calendar: Calendar | None, kind: str) -> Changes:
    """Measure the closing, and end the pause that runs."""
    minutes, minutes_open = _worked(clocks, at, calendar)
    return {
        "close_minutes": minutes,
        "close_minutes_open": minutes_open,
        "closed_at": at,
        "closed_day": local_day(at, calendar, clocks["zone"]),
        "close_in_time": in_time(clocks, clocks["due_close"], at),
        "close_kind": kind,
        "status": "closed",
        "pauses": _pauses_until(clocks, at),
        "paused_at": None,
    }


def reopened(clocks: RequestClocks, at: datetime, dues: Dues) -> Changes:
    """Begin a new round with new promises, and forget the closing; pauses stay, and it is known
    how long it was closed."""
    closed_at = clocks["closed_at"]
    return {
        "status": "open",
        "round": clocks["round"] + 1,
        "close_minutes": None,
        "close_minutes_open": None,
        "closed_at": None,
        "closed_day": None,
        "dormant": [*(clocks["dormant"] or []), closed_at, at] if closed_at else clocks["dormant"],
        "close_in_time": None,
        "close_kind": None,
        "due_response": dues[0],
        "due_close": dues[1],
    }


def voided() -> Changes:
    """Stop all clocks for good."""
    return {"status": "voided", "paused_at": None}


def next_due(clocks: RequestClocks) -> datetime | None:
    """Return the earliest promise still to be kept; none while the person is awaited."""
    if clocks["status"] != "open" or clocks["paused_at"] is not None:
        return None
    due_response, due_close = clocks["due_response"], clocks["due_close"]
    if due_response is None or due_close is None:
        return due_close if due_response is None else due_response
    return min(due_response, due_close)


def _worked(
    clocks: RequestClocks, until: datetime, calendar: Calendar | None
) -> tuple[int | None, int | None]:
    """Working minutes since the request, without those in which it waited for the person; and
    without those in which it was closed, too. Unknown without a calendar, or where the calendar has
    no such year."""
    if calendar is None:
        return None, None
    waits, dormant = _pauses_until(clocks, until), clocks["dormant"]
    try:
        minutes = calendar.working_minutes(clocks["requested_at"], until)
        stood = _without(minutes, clocks, waits, until, calendar)
        if not dormant:
            return stood, stood
        return stood, _without(minutes, clocks, [*(waits or ()), *dormant], until, calendar)
    except CalendarHasNoYear:
        return None, None


def _without(
    minutes: int,
    clocks: RequestClocks,
    bounds: list[datetime] | None,
    until: datetime,
    calendar: Calendar,
) -> int:
    for since, over in _apart(bounds or [], clocks["requested_at"], until):
        minutes -= calendar.working_minutes(since, over)
    return max(0, minutes)


def _apart(
    bounds: list[datetime], counted: datetime, until: datetime
) -> Iterator[tuple[datetime, datetime]]:
    """The stretches between the two instants, each once. What is entered late may lie before one
    that is known already, and they may overlap."""
    for begins, ends in sorted(zip(bounds[::2], bounds[1::2], strict=True)):
        since, over = max(begins, counted), min(ends, until)
        if since < over:
            yield since, over
            counted = over


def _pauses_until(clocks: RequestClocks, at: datetime) -> list[datetime] | None:
    """The pauses, with the one that runs ended."""
    pauses, since = clocks["pauses"], clocks["paused_at"]
    return pauses if since is None else [*(pauses or []), since, at]


def in_time(clocks: RequestClocks, due: datetime | None, at: datetime) -> bool | None:
    """While the person is awaited the clock stands still, so the pause's beginning decides."""
    if due is None:
        return None
    paused_at = clocks["paused_at"]
    return (at if paused_at is None else min(at, paused_at)) <= due
