"""given(*happenings).shown_by(query) == [Row(...)]: events go in by the bulk door, the runner
brings the views up, then everything is delivered again, which must change nothing."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from threading import Event as Signal
from threading import Thread
from typing import Any, Final, TypeVar
from uuid import UUID, uuid4

import psycopg
from msgspec import Struct
from msgspec.structs import replace

from domain.registers.calendar_publication import CalendarPublished
from domain.vocabulary import Actor, Event, sibling_id, stream_id
from ledger.log import reading
from ledger.log.bulk import append_slice
from ledger.log.codec import LedgerMapper, Recorded
from projections.all_views import STORED
from projections.asking.asking import PeriodAsked, Query, fetch
from projections.requests import requests
from projections.running.runner import (
    Following,
    Runner,
    Tracked,
    Unreadable,
    ViewStatus,
    read,
    status_query,
    wait_for,
)
from tests.examples import CALENDAR, CLERK, LOGGED, MORNING, REQUEST, local

RowT = TypeVar("RowT")
ALL_EQUAL: Final = [True] * len(STORED)
"""What a rebuild of every view finds where nothing is wrong."""
NOW: Final = local("2026-03-20 10:00")
"""When the examples are looked at."""


class Happening(Struct, frozen=True):
    event: Event
    at: datetime
    stream: UUID
    by: Actor = CLERK
    late_reason: str | None = None


def happened(
    event: Event,
    at: datetime | str = MORNING,
    *,
    of: UUID = REQUEST,
    by: Actor = CLERK,
    late_reason: str | None = None,
) -> Happening:
    """An event of a request, or of its rating; `at` as in `2026-03-02 09:00`."""
    instant = local(at) if isinstance(at, str) else at
    rating = event.topic.startswith("rating.")
    return Happening(event, instant, sibling_id(of, "rating") if rating else of, by, late_reason)


def logged(at: str = "2026-03-02 09:00", *, of: UUID = REQUEST, **changes: Any) -> Happening:
    """The example request, asked for at another time, in another way."""
    event = replace(LOGGED, **{"requested_at": local(at), "promises": (), **changes})
    return happened(event, at, of=of)


CALENDAR_KNOWN: Final = Happening(
    CalendarPublished(calendar=CALENDAR), MORNING, stream_id("calendar", CALENDAR.code)
)


def recorded(happenings: Sequence[Happening], versions: dict[UUID, int]) -> list[Recorded]:
    """Envelopes, one command an event; `versions` says where streams stand and is moved on."""
    found = []
    for one in happenings:
        versions[one.stream] = versions.get(one.stream, 0) + 1
        found.append(
            Recorded(
                originator_id=one.stream,
                originator_version=versions[one.stream],
                event=one.event,
                event_id=uuid4(),
                command_id=uuid4(),
                occurred_at=one.at,
                by=one.by,
                late_reason=one.late_reason,
                command_events=1,
            )
        )
    return found


class AsEver(LedgerMapper):
    """Writes whatever it is given, as programs did that did not read it again."""

    def entry(self, topic: str, state: bytes) -> Any:
        """Do not decode: that is left to whoever reads."""


class Viewing:
    """A log with its views in a database of its own. `size`: events a slice."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.connection = psycopg.connect(url, autocommit=True)
        self.versions: dict[UUID, int] = {}
        self.append(CALENDAR_KNOWN)

    def append(self, *happenings: Happening, size: int = 1) -> None:
        """Slices of `size` events; each is recorded later than the one before."""
        events = recorded(happenings, self.versions)
        for first in range(0, len(events), size):
            append_slice(self.connection, events[first : first + size], AsEver())

    def given(self, *happenings: Happening, size: int = 1) -> "Viewing":
        self.append(*happenings, size=size)
        self.catch_up()
        return self

    def catch_up(self) -> None:
        Runner(self.url).catch_up()
        before = self.contents()
        self.deliver_again()
        Runner(self.url).catch_up()
        assert self.contents() == before

    def deliver_again(self) -> None:
        """Every event once more, by somebody who believes that the views are still empty."""
        with Tracked(self.url) as tracking:
            followings = [Following(view, tracking) for view in STORED]
            position = 0
            while position < self.head:
                events = read(self.connection, LedgerMapper(), position)
                for stale in followings:
                    stale.position = position
                    stale.take(self.connection, events)
                position = (
                    events.position
                    if isinstance(events, Unreadable)
                    else events[-1].position or position
                )

    def contents(self) -> list[list[tuple[Any, ...]]]:
        """Every row of every stored view."""
        return [
            self.connection.execute(
                f"SELECT * FROM views.{view.NAME} t ORDER BY position, t::text"  # noqa: S608
            ).fetchall()
            for view in STORED
        ]

    def status(self) -> dict[str, ViewStatus]:
        return {one.name: one for one in fetch(self.connection, status_query())}

    def faults(self) -> list[tuple[Any, ...]]:
        """View, position, stream and topic of each event that a view could not take."""
        return self.connection.execute(
            "SELECT view, position, stream, topic FROM views.faults ORDER BY position, view"
        ).fetchall()

    @property
    def head(self) -> int:
        return reading.head(self.connection)

    def recorded_at(self, position: int) -> datetime:
        row = self.connection.execute(
            "SELECT recorded_at FROM log_events WHERE notification_id = %s", [position]
        ).fetchone()
        assert row is not None
        found: datetime = row[0]
        return found

    def asked(self, **changes: Any) -> PeriodAsked:
        return PeriodAsked(**{"position": self.head, "now": NOW, **changes})

    def shown_by(self, report: Callable[[PeriodAsked], Query[RowT]], **asked: Any) -> list[RowT]:
        return fetch(self.connection, report(self.asked(**asked)))

    def listed(self, *, limit: int = 100, **asked: Any) -> list[requests.RequestRow]:
        """The list of requests; what is no filter goes to `page`."""
        known: dict[str, Any] = {"position": self.head, "now": NOW}
        known |= {name: asked.pop(name) for name in ("position", "now") if name in asked}
        other = {name: asked.pop(name) for name in ("after", "head") if name in asked}
        page = requests.page(requests.RequestFilters(**asked), limit=limit, **known, **other)
        return fetch(self.connection, page)

    def one(self, request: UUID = REQUEST, **asked: Any) -> requests.RequestRow:
        known = {"position": self.head, "now": NOW, **asked}
        (row,) = fetch(self.connection, requests.one(request, **known))
        return row

    def journal(self, *columns: str, of: UUID = REQUEST) -> list[tuple[Any, ...]]:
        """These columns of the journal's rows of a request, in order."""
        query = f"SELECT {', '.join(columns)} FROM views.journal WHERE request = %s"  # noqa: S608
        return self.connection.execute(query + " ORDER BY position", [of]).fetchall()

    def standing(self, *columns: str, of: UUID = REQUEST) -> tuple[Any, ...]:
        """These columns of what the request has come to."""
        return self.journal(*columns, of=of)[-1]

    def close(self) -> None:
        self.connection.close()


Given = Callable[..., Viewing]


@contextmanager
def running(url: str) -> Iterator[Thread]:
    """A runner in a thread of its own until the block ends."""
    stop = Signal()
    thread = Thread(target=Runner(url).run, args=(stop,))
    thread.start()
    try:
        yield thread
    finally:
        stop.set()
        thread.join()


def reached(url: str, position: int, timeout_s: float = 30.0) -> bool:
    """Whether every stored view comes so far in time."""

    async def wait() -> bool:
        async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
            return await wait_for(connection, [view.NAME for view in STORED], position, timeout_s)

    return asyncio.run(wait())
