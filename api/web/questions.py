"""Questions: their declaration, their parameters, their answers.

Every question can be asked as known at an instant in the past, and nearly every one at two.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Annotated, Any, Final, TypeVar
from uuid import UUID

import psycopg
from msgspec import Meta, Struct

from api.identity import OPERATOR
from api.rights import Right, right_of
from api.web.acting import Route, allowed
from api.web.answers import ROOT
from api.web.gate import kept_from, opened
from api.web.problems import Problem
from api.web.wiring import Connection, Wiring
from domain.aggregates import Story
from domain.jurisdiction import Reach, reach_of
from domain.vocabulary import Actor, sibling_id
from ledger.log.codec import Recorded
from ledger.log.decision import Held, project
from projections.asking.asking import Basis, Query, fetch_async
from projections.asking.scope import Scope, ThreadReader, enter, scope_of
from projections.history.events import Touched
from projections.running.basis import basis_query
from projections.running.runner import wait_for

WAIT_S: Final = 2.0
SCOPES_MAX: Final = 1000
POSITION_MAX: Final = 2**63 - 1
HEAD: Final = "SELECT position FROM log_head"
LAST_RECORDED: Final = "SELECT recorded_at FROM log_head"
POSITION_AT: Final = "SELECT log_position_at(%s) AS position"

Instant = Annotated[datetime, Meta(tz=True)]
Position = Annotated[int, Meta(ge=0, le=POSITION_MAX)]
Purpose = Annotated[str, Meta(min_length=2, max_length=200)]


class Known(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Query parameters of every question about any time."""

    as_known_at: Instant | None = None
    wait_for: Position | None = None
    unmask: Purpose | None = None
    """For which purpose what is personal is shown in clear text; it is written down."""


class Knowing(Known, frozen=True, kw_only=True):
    """Query parameters of nearly every question."""

    compared_to: Instant | None = None


class Found(Struct, frozen=True):
    """An answer before it is written."""

    body: Any
    version: int | None = None
    """Version of the stream it shows, used as ETag (a request); None means an ETag by content (a
    report).
    """
    position: int | None = None
    next_page: str | None = None
    stream: UUID | None = None
    """The one stream that the answer depends on alone (the request's, not a list's)."""
    beside_the_version: bool = False
    """It tells more than the stream of that version does: a copy of it may have grown old."""
    touching: Callable[[int, int], Query[Touched] | None] | None = None
    """Builds the query for events between two positions, if the rows are aggregates (a report)."""


class Snapshot(Struct):
    """The views at one moment, within the scope of who asks."""

    connection: Connection
    basis: Basis
    kept: frozenset[UUID] | None = None
    """The complaints that are kept from who asks, once somebody wanted to know."""


class Asking(Struct, frozen=True):
    wiring: Wiring
    by: Actor | None
    path: dict[str, Any]
    query: Any
    url: str
    session: str | None = None
    """What the actor is signed in with; nothing that opens anything."""
    within: Snapshot | None = None
    """Where many questions are asked of one moment: it is opened once."""
    address: str | None = None
    """Where a question comes from: tries at a secret are counted by it. None at the machine itself,
    whose operator reads the key."""

    def next_url(self, cursor: str) -> str:
        """Return the URL of the same question from a cursor on."""
        kept = [one for one in self.url.partition("?")[2].split("&") if one]
        kept = [one for one in kept if not one.startswith("cursor=")]
        return f"{self.url.partition('?')[0]}?{'&'.join([*kept, 'cursor=' + cursor])}"


class Question(Struct, frozen=True, kw_only=True):
    """Declaration of one question."""

    name: str
    under: str
    """Path under /api/v1; it names the parameters."""
    summary: str
    tag: str
    answer: Any
    """Type of the body."""
    find: Callable[[Asking], Awaitable[Found]]
    query: type[Struct] = Knowing
    problems: tuple[int, ...] = ()
    """Statuses that it may answer with besides those of every question."""

    @property
    def path(self) -> str:
        return ROOT + self.under

    @property
    def right(self) -> Right:
        """Its row of the table. Raises: NoRight."""
        return right_of(self.name)

    @property
    def permission(self) -> str:
        return str(self.right.permission)


# --- reading the views


async def head(connection: Connection) -> int:
    """Read the position of the newest event."""
    row = await (await connection.execute(HEAD)).fetchone()
    assert row is not None
    return int(row["position"])


async def position_at(connection: Connection, instant: datetime) -> int:
    """Read the position of the last event recorded by then."""
    row = await (await connection.execute(POSITION_AT, [instant])).fetchone()
    assert row is not None
    return int(row["position"])


async def refuse_future(wiring: Wiring, *instants: datetime | None) -> None:
    """Refuse to say what will be known: tomorrow the answer would be another.

    What was recorded by a clock ahead of ours is known; what is about to come is waited for.

    Raises: Problem `instant-in-future`.
    """
    newest = max((one for one in instants if one is not None), default=None)
    if newest is None or (ahead_s := (newest - datetime.now(UTC)).total_seconds()) <= 0:
        return
    if ahead_s <= WAIT_S:
        await asyncio.sleep(ahead_s)
        return
    async with wiring.ledger.readers.connection() as connection:
        row = await (await connection.execute(LAST_RECORDED)).fetchone()
    assert row is not None
    if newest > row["recorded_at"]:
        raise Problem("instant-in-future", newest.isoformat())


async def reach_for(wiring: Wiring, by: Actor | None) -> Reach | None:
    """Return how far an actor reads; None for those who act for no office, whom other means bind,
    for the operator, who reads everything, and where nobody in particular asks."""
    if by is None or by is OPERATOR:
        return None
    return reach_of(by, await wiring.ledger.registers())


async def scope_for(wiring: Wiring, by: Actor | None) -> Scope | None:
    """Return the rows that are an actor's; None means all, as in `reach_for`."""
    registers = await wiring.ledger.registers()
    reach = await reach_for(wiring, by)
    if reach is None:
        return None
    known, key = wiring.scopes, (wiring.ledger.registers_position, reach)
    if key not in known:
        if len(known) >= SCOPES_MAX:
            known.clear()
        known[key] = scope_of(reach, registers)
    return known[key]


@asynccontextmanager
async def reading(
    asking: Asking, *views: str, whole: bool = False
) -> AsyncIterator[tuple[Connection, Basis]]:
    """Open a snapshot of the views, within the scope of who asks, and return its position.

    whole: all rows, of what is his to ask as a whole: a table of his division.

    Raises: Problem `position-unknown` — when no command ever answered with the position. Problem
    `not-yet-visible` — when the views do not reach it within two seconds.
    """
    if asking.within is not None and not whole:
        yield asking.within.connection, asking.within.basis
        return
    query: Known = asking.query
    scope = None if whole else await scope_for(asking.wiring, asking.by)
    async with asking.wiring.views.connection() as connection:
        connection.scope = scope
        wanted = query.wait_for or 0
        if wanted and wanted > await head(connection):
            raise Problem("position-unknown")
        if query.as_known_at is not None:
            # A view that has not come so far would answer otherwise tomorrow.
            wanted = max(wanted, await position_at(connection, query.as_known_at))
        if wanted and not await wait_for(connection, views, wanted, WAIT_S):
            raise Problem("not-yet-visible")
        async with connection.transaction():
            await enter(connection)
            (basis,) = await fetch_async(connection, basis_query(query.as_known_at))
            yield connection, basis


async def kept_from_asker(asking: Asking) -> frozenset[UUID]:
    """Find the complaints that are kept from who asks, once for all questions of one moment."""
    within = asking.within
    if within is None:
        return await kept_from(asking.wiring, asking.by)
    if within.kept is None:
        within.kept = await kept_from(asking.wiring, asking.by)
    return within.kept


T = TypeVar("T")


# --- beside the event loop


async def beside(
    wiring: Wiring, work: Callable[[psycopg.Connection[Any]], T], scope: Scope | None = None
) -> T:
    """Run a slow computation in a thread, with a connection of its own; within a scope, where its
    answer is rows."""

    def worked() -> T:
        with ThreadReader.connect(str(wiring.views.conninfo), autocommit=True) as connection:
            connection.scope = scope
            return work(connection)

    return await asyncio.to_thread(worked)


async def held(asking: Asking, story: Story, stream: UUID) -> tuple[Held, int]:
    """Fold a thing from its own stream as known then; return it with its last position.

    It is never behind the log, unlike the views.

    Raises: Problem `not-found` — when the thing was not known then, or is not for the reader by
    what is known now.
    """
    events = await told(asking, stream)
    found = project(story, None, events)
    if found is None:
        raise Problem("not-found")
    return found, events[-1].position or 0


async def allowed_now(asking: Asking, state: Any, kind: str, routes: Iterable[Route]) -> list[str]:
    """List the commands that whoever asks may give to a thing as it stands."""
    assert asking.by is not None
    registers = await asking.wiring.ledger.registers()
    return allowed(state, asking.by, kind, routes, registers)


async def told(asking: Asking, stream: UUID) -> list[Recorded]:
    """Load the events of a thing as known then, through the gate.

    Raises: Problem `not-found` — when there is none for the reader.
    """
    await reached(asking)
    return as_known(asking, await opened(asking.wiring, stream, asking.by))


async def told_beside(asking: Asking, stream: UUID, kind: str) -> list[Recorded]:
    """The events of the stream of that kind that belongs to a thing that was read, as known
    then."""
    return as_known(asking, await asking.wiring.ledger.stream(sibling_id(stream, kind)))


def as_known(asking: Asking, events: list[Recorded]) -> list[Recorded]:
    """Keep the events recorded by the instant asked for."""
    query: Knowing = asking.query
    if query.as_known_at is None:
        return events
    return [one for one in events if one.recorded_at and one.recorded_at <= query.as_known_at]


async def log_head(wiring: Wiring) -> int:
    """Read the position of the newest event."""
    async with wiring.ledger.readers.connection() as connection:
        return await head(connection)


async def reached(asking: Asking) -> None:
    """Check that the log holds the position asked for; reading the log itself needs no waiting.

    Raises: Problem `position-unknown` — when no command ever answered with the position.
    """
    query: Knowing = asking.query
    if query.wait_for is not None and await log_head(asking.wiring) < query.wait_for:
        raise Problem("position-unknown")
