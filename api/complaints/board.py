"""The board of complaints 投诉看板: whose turn it is, what approaches, what is overdue. Whoever may
not see a complaint gets no row of it, and is told how many are hidden from him."""

from datetime import UTC, date, datetime
from functools import partial
from typing import Annotated, Any, Final, Literal

import msgspec
from msgspec import Meta, Struct

from api.web.paging import Limit, Mark, Words, begins_after, listed, refuse_search
from api.web.questions import Asking, Found, Knowing, Question, reading
from api.web.wiring import Connection
from domain.codes import Code, DivisionPrefix
from domain.complaints import complaint
from domain.complaints.complaint import Stage
from domain.complaints.record import Channel, Concern
from domain.registers.appointment import china_day
from domain.registers.policy import approaching
from projections.asking import rules
from projections.asking.asking import Basis, Cursor, fetch_async
from projections.complaints import complaints as view

Due = Literal["overdue", "approaching"]


class BoardFilters(Knowing, frozen=True, kw_only=True):
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
    registered: bool | None = None
    """False: dissatisfactions that were only noted."""
    supervised: bool | None = None
    from_: date | None = msgspec.field(default=None, name="from")
    """Inclusive, by the local day it was received."""
    to: date | None = None
    """Exclusive."""
    external_id: Annotated[str, Meta(max_length=128)] | None = None
    work_order: Code | None = None
    text: Words | None = None


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
_FILTERS: Final = tuple(
    field.name for field in msgspec.structs.fields(BoardFilters) if field.name not in _OWN
)


async def _approaching_until(connection: Connection, basis: Basis, now: datetime) -> datetime:
    """Return the instant until which deadlines count as approaching, by the rules known then."""
    published = await fetch_async(connection, rules.published(basis.position))
    return now + approaching(rules.known(published).policies, china_day(now))


def _filters(
    query: BoardFilters, now: datetime, until: datetime, **more: Any
) -> view.ComplaintFilters:
    wanted = {name: getattr(query, name) for name in _FILTERS}
    if query.due == "overdue":
        wanted["due_before"] = now
    elif query.due == "approaching":
        wanted |= {"due_from": now, "due_before": until}
    return view.ComplaintFilters(**wanted, **more)


def _asked(asking: Asking, basis: Basis, now: datetime) -> view.BoardAsked:
    assert asking.by is not None
    head = asking.query.as_known_at is None
    return view.BoardAsked(by=asking.by, position=basis.position, now=now, head=head)


async def _page(asking: Asking) -> Found:
    query: BoardQuery = asking.query
    refuse_search(query.text)
    now = query.as_known_at or datetime.now(UTC)
    after = begins_after(asking, Cursor)
    async with reading(asking, view.NAME) as (connection, basis):
        asked = _asked(asking, basis, now)
        until = await _approaching_until(connection, basis, now)
        filters = _filters(query, now, until, order=query.order)
        page = view.page(asked, filters, limit=query.limit + 1, after=after)
        found = await fetch_async(connection, page)
    place = partial(view.cursor_of, order=query.order)
    return listed(asking, found, place, partial(BoardFound, basis=basis), basis.position)


async def _counts(asking: Asking) -> Found:
    query: BoardFilters = asking.query
    refuse_search(query.text)
    now = query.as_known_at or datetime.now(UTC)
    async with reading(asking, view.NAME) as (connection, basis):
        asked = _asked(asking, basis, now)
        until = await _approaching_until(connection, basis, now)
        wanted = view.counts(asked, _filters(query, now, until), until)
        (counts,) = await fetch_async(connection, wanted)
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
        name="ComplaintCounts",
        under="/complaints/counts",
        summary="投诉看板的各项件数，含因回避而不显示的件数",
        tag=complaint.KIND,
        answer=BoardCounts,
        query=BoardFilters,
        find=_counts,
    ),
)
