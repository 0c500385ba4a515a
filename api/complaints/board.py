"""The board of complaints 投诉看板: whose turn it is, what approaches, what is overdue. Whoever may
not see a complaint gets no row of it; auditors and supervisors are told how many there are."""

from datetime import UTC, date, datetime
from functools import partial
from typing import Annotated, Any, Final, Literal

import msgspec
from msgspec import Meta, Struct, structs

from api.web.paging import Limit, Mark, Words, begins_after, listed, refuse_search
from api.web.questions import (
    POSITION_MAX,
    Asking,
    Found,
    Knowing,
    Question,
    kept_from_asker,
    reading,
)
from api.web.wiring import Connection
from domain.codes import Code, DivisionPrefix
from domain.complaints import complaint
from domain.complaints.complaint import Stage
from domain.complaints.record import Channel, Concern
from domain.registers.appointment import china_day
from domain.registers.policy import approaching
from domain.roles import AUDITORS, LEADERS
from projections.asking import rules
from projections.asking.asking import Basis, Cursor, counting, fetch_async
from projections.complaints import complaints as view

Due = Literal["overdue", "approaching"]


class NotedFilters(Knowing, frozen=True, kw_only=True):
    """`turn`: of the asking actor's unit. `due`: of promises that run."""

    turn: view.Turn | None = None
    due: Due | None = None
    unit: Code | None = None
    point: Code | None = None
    organ: Code | None = None
    division: DivisionPrefix | None = None
    """A prefix of the division code."""
    adviser: Code | None = None
    channel: Channel | None = None
    concern: Concern | None = None
    stage: Stage | None = None
    open: bool | None = None
    supervised: bool | None = None
    from_: date | None = msgspec.field(default=None, name="from")
    """Inclusive, by the local day it was received."""
    to: date | None = None
    """Exclusive."""
    external_id: Annotated[str, Meta(max_length=128)] | None = None
    work_order: Code | None = None
    text: Words | None = None


class BoardFilters(NotedFilters, frozen=True, kw_only=True):
    registered: bool | None = None
    """False: dissatisfactions that were only noted."""


class NotedQuery(NotedFilters, frozen=True, kw_only=True):
    order: view.Order = "due"
    limit: Limit = 50
    cursor: Mark | None = None


class BoardQuery(BoardFilters, frozen=True, kw_only=True):
    order: view.Order = "due"
    """`due`: the next deadline first, then those without; `received`: the newest first."""
    limit: Limit = 50
    cursor: Mark | None = None


class BoardFound(Struct, frozen=True, kw_only=True):
    basis: Basis
    rows: list[view.ComplaintRow]
    next_cursor: str | None


class BoardCounts(Struct, frozen=True, kw_only=True):
    basis: Basis
    now: datetime
    approaching_until: datetime
    """What is due from now until then approaches."""
    counts: view.Counts


_OWN: Final = frozenset((*Knowing.__struct_fields__, "due"))


def _narrowing(query: NotedFilters) -> dict[str, Any]:
    """Dissatisfactions are what is not registered."""
    names = [one.name for one in msgspec.structs.fields(NotedFilters) if one.name not in _OWN]
    return {
        **{name: getattr(query, name) for name in names},
        "registered": query.registered if isinstance(query, BoardFilters) else False,
    }


async def _approaching_until(connection: Connection, basis: Basis, now: datetime) -> datetime:
    """Return the instant until which deadlines count as approaching, by the rules known then."""
    published = await fetch_async(connection, rules.published(basis.position))
    return now + approaching(rules.known(published).policies, china_day(now))


def _filters(
    query: NotedFilters, now: datetime, until: datetime, **more: Any
) -> view.ComplaintFilters:
    wanted = _narrowing(query)
    if query.due == "overdue":
        wanted["due_before"] = now
    elif query.due == "approaching":
        wanted |= {"due_from": now, "due_before": until}
    return view.ComplaintFilters(**wanted, **more)


async def _asked(asking: Asking, basis: Basis, now: datetime) -> view.BoardAsked:
    assert asking.by is not None
    head = asking.query.as_known_at is None
    kept = tuple(await kept_from_asker(asking))
    return view.BoardAsked(by=asking.by, position=basis.position, now=now, head=head, kept=kept)


async def _page(asking: Asking) -> Found:
    query: BoardQuery | NotedQuery = asking.query
    refuse_search(query.text)
    now = query.as_known_at or datetime.now(UTC)
    after = begins_after(asking, Cursor)
    async with reading(asking, view.NAME) as (connection, basis):
        asked = await _asked(asking, basis, now)
        until = await _approaching_until(connection, basis, now)
        filters = _filters(query, now, until, order=query.order)
        page = view.page(asked, filters, limit=query.limit + 1, after=after)
        found = await fetch_async(connection, page)
    place = partial(view.cursor_of, order=query.order)
    return listed(asking, found, place, partial(BoardFound, basis=basis), basis.position)


async def count(asking: Asking) -> int:
    """Count the rows of the board, or of the dissatisfactions, that the asking actor may see."""
    query: BoardQuery | NotedQuery = asking.query
    now = query.as_known_at or datetime.now(UTC)
    async with reading(asking, view.NAME) as (connection, basis):
        until = await _approaching_until(connection, basis, now)
        filters = _filters(query, now, until, order=query.order)
        page = view.page(await _asked(asking, basis, now), filters, limit=POSITION_MAX)
        (counted,) = await fetch_async(connection, counting(page))
    return counted.n


async def _counts(asking: Asking) -> Found:
    query: BoardFilters = asking.query
    refuse_search(query.text)
    now = query.as_known_at or datetime.now(UTC)
    async with reading(asking, view.NAME) as (connection, basis):
        asked = await _asked(asking, basis, now)
        until = await _approaching_until(connection, basis, now)
        wanted = view.counts(asked, _filters(query, now, until), until)
        (counts,) = await fetch_async(connection, wanted)
    # In all, and as of now: by period and point it would tell the one complained of when and where.
    told = asked.by.role in (*LEADERS, *AUDITORS)
    counts = structs.replace(counts, hidden=len(asked.kept) if told else 0)
    body = BoardCounts(basis=basis, now=now, approaching_until=until, counts=counts)
    return Found(body, position=basis.position)


QUESTIONS: Final = (
    Question(
        name="Complaints",
        under="/complaints",
        summary="投诉看板：待办、协办、临期、逾期，筛选和检索",
        tag=complaint.KIND,
        answer=BoardFound,
        query=BoardQuery,
        find=_page,
    ),
    Question(
        name="Dissatisfactions",
        under="/dissatisfactions",
        summary="不满意清单：已记录、尚未成为投诉的",
        tag=complaint.KIND,
        answer=BoardFound,
        query=NotedQuery,
        find=_page,
    ),
    Question(
        name="ComplaintCounts",
        under="/complaints/counts",
        summary="投诉看板的各项件数，含因回避而不显示的件数",
        tag=complaint.KIND,
        answer=BoardCounts,
        query=BoardFilters,
        find=_counts,
    ),
)
