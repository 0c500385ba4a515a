"""The directory of service points and legal advisers; what everybody may read of it needs no
token, and is about today only."""

from datetime import UTC, datetime
from functools import partial
from typing import Final, Literal

import msgspec
from msgspec import Struct

from api.web.paging import (
    Limit,
    Mark,
    Paged,
    Words,
    begins_after,
    filters_of,
    listed,
    refuse_no_word,
    refuse_search,
)
from api.web.questions import Asking, Found, Knowing, Question, reading
from domain.codes import Code, DivisionPrefix
from domain.registers.appointment import china_day
from domain.worktime.opening import hours_of
from projections.advising import directory
from projections.advising.directory import (
    DirectoryCursor,
    DirectoryFilters,
    DirectoryRow,
    Kind,
    PublicCursor,
    PublicFilters,
    PublicRow,
    cursor_of,
)
from projections.asking.answering import answer_async
from projections.asking.asking import Basis


class DirectoryQuery(Paged, frozen=True, kw_only=True):
    kind: Kind | None = None
    division: DivisionPrefix | None = None
    """A prefix of where a point is, or of a village that an adviser serves."""
    active: bool | None = None
    firm: Code | None = None
    team: Code | None = None
    text: Words | None = None
    """Part of a name, or the beginning of a code."""


Order = Literal["code", "open"]


NEAR_MAX: Final = 4
"""Words that everybody may search places by at once: each is looked for among all of them."""


class PublicDirectoryQuery(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    kind: Kind | None = None
    division: DivisionPrefix | None = None
    """A prefix of where a point is, or of a village that an adviser serves."""
    text: Words | None = None
    """Part of a name, or the beginning of a code."""
    code: Code | None = None
    near: Words | None = None
    """Words, each part of a name: of the point or adviser, or of the district, street or village
    where the point is or the adviser serves."""
    order: Order = "code"
    """`open`: points that are open now come first, advisers last."""
    limit: Limit = 50
    cursor: Mark | None = None


class DirectoryFound(Struct, frozen=True, kw_only=True):
    """In order of code."""

    basis: Basis
    rows: list[DirectoryRow]
    next_cursor: str | None


class PublicDirectoryFound(Struct, frozen=True, kw_only=True):
    """In order of code, or those that are open now first: points in use, advisers in office."""

    rows: list[PublicRow]
    next_cursor: str | None


async def _directory(asking: Asking) -> Found:
    query: DirectoryQuery = asking.query
    refuse_no_word(query.text)
    after = begins_after(asking, DirectoryCursor)
    async with reading(asking, *directory.VIEWS) as (connection, basis):
        asked = directory.page(
            filters_of(query, DirectoryFilters),
            position=basis.position,
            day=china_day(query.as_known_at or datetime.now(UTC)),
            limit=query.limit + 1,
            after=after,
        )
        found = await answer_async(connection, asked)
    answer = partial(DirectoryFound, basis=basis)
    return listed(asking, found, cursor_of, answer, basis.position)


async def _public(asking: Asking) -> Found:
    query: PublicDirectoryQuery = asking.query
    refuse_no_word(query.text)
    refuse_search(query.near, NEAR_MAX)
    filters = PublicFilters(
        kind=query.kind,
        division=query.division,
        text=query.text,
        code=query.code,
        near=query.near,
    )
    after = begins_after(asking, PublicCursor)
    at = datetime.now(UTC)
    calendars = (await asking.wiring.ledger.registers()).calendars
    hours = {code: hours_of(one, at) for code, one in calendars.items() if "@" not in code}
    open_now = None
    if query.order == "open":
        open_now = [code for code, one in hours.items() if one is not None and one.open_now]
    now = msgspec.structs.replace(asking, query=Knowing())
    async with reading(now, *directory.VIEWS) as (connection, basis):
        asked = directory.public_page(
            filters,
            position=basis.position,
            day=china_day(at),
            limit=query.limit + 1,
            after=after,
            open_calendars=open_now,
        )
        found = await answer_async(connection, asked)
    rows = [msgspec.structs.replace(one, hours=hours.get(one.calendar or "")) for one in found]

    def place(row: PublicRow) -> PublicCursor:
        return PublicCursor(directory.rank_of(row, open_now), row.code, row.kind)

    return listed(asking, rows, place, PublicDirectoryFound)


QUESTIONS: Final = (
    Question(
        name="Directory",
        under="/directory",
        summary="服务点和法律顾问名录，可按过去某时查询",
        tag="point",
        answer=DirectoryFound,
        query=DirectoryQuery,
        find=_directory,
    ),
    Question(
        name="PublicDirectory",
        under="/public/directory",
        summary="公开名录：在用的服务点和在任的法律顾问",
        tag="point",
        answer=PublicDirectoryFound,
        query=PublicDirectoryQuery,
        find=_public,
    ),
)
