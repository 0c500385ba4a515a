"""The directory of service points and legal advisers; what everybody may read of it needs no
token, and is about today only."""

from datetime import UTC, datetime
from typing import Annotated, Final

import msgspec
from msgspec import Meta, Struct

from api.identity import PUBLIC
from api.questions import Asking, Found, Knowing, Question, reading
from domain.appointment import china_day
from domain.vocabulary import Code
from projections import directory
from projections.answering import answer_async
from projections.asking import Basis
from projections.directory import Cursor, Filters, Kind, PublicRow, Row, cursor_of

LIMIT_MAX: Final = 200
Prefix = Annotated[str, Meta(pattern=r"^[0-9]{1,12}$")]
Words = Annotated[str, Meta(min_length=1, max_length=100)]
Limit = Annotated[int, Meta(ge=1, le=LIMIT_MAX)]
Mark = Annotated[str, Meta(min_length=1, max_length=500)]


class DirectoryQuery(Knowing, frozen=True, kw_only=True):
    kind: Kind | None = None
    division: Prefix | None = None
    """A prefix of where a point is, or of a village that an adviser serves."""
    active: bool | None = None
    firm: Code | None = None
    team: Code | None = None
    text: Words | None = None
    """Part of a name, or the beginning of a code."""
    limit: Limit = 50
    cursor: Mark | None = None
    """Where the next page begins: taken from `next_cursor`, good for the same question only."""


class PublicDirectoryQuery(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    kind: Kind | None = None
    division: Prefix | None = None
    """A prefix of where a point is, or of a village that an adviser serves."""
    text: Words | None = None
    """Part of a name, or the beginning of a code."""
    limit: Limit = 50
    cursor: Mark | None = None
    """Where the next page begins: taken from `next_cursor`, good for the same question only."""


class DirectoryFound(Struct, frozen=True, kw_only=True):
    """In order of code."""

    basis: Basis
    rows: list[Row]
    next_cursor: str | None


class PublicDirectoryFound(Struct, frozen=True, kw_only=True):
    """In order of code: points that are open, advisers in office."""

    rows: list[PublicRow]
    next_cursor: str | None


async def _directory(asking: Asking) -> Found:
    query: DirectoryQuery = asking.query
    filters = Filters(
        kind=query.kind,
        division=query.division,
        active=query.active,
        firm=query.firm,
        team=query.team,
        text=query.text,
    )
    question = msgspec.json.encode(("directory", filters, query.as_known_at)).decode()
    cursors = asking.wiring.cursors
    after = cursors.place(question, query.cursor, Cursor) if query.cursor else None
    async with reading(asking, *directory.VIEWS) as (connection, basis):
        asked = directory.page(
            filters,
            position=basis.position,
            day=china_day(query.as_known_at or datetime.now(UTC)),
            limit=query.limit + 1,
            after=after,
        )
        found = await answer_async(connection, asked)
    rows = found[: query.limit]
    mark = cursors.mark(question, cursor_of(rows[-1])) if len(found) > len(rows) else None
    return Found(
        DirectoryFound(basis=basis, rows=rows, next_cursor=mark),
        position=basis.position,
        next_page=asking.next_url(mark) if mark else None,
    )


async def _public(asking: Asking) -> Found:
    query: PublicDirectoryQuery = asking.query
    filters = Filters(kind=query.kind, division=query.division, text=query.text)
    question = msgspec.json.encode(("public directory", filters)).decode()
    cursors = asking.wiring.cursors
    after = cursors.place(question, query.cursor, Cursor) if query.cursor else None
    now = msgspec.structs.replace(asking, query=Knowing())
    async with reading(now, *directory.VIEWS) as (connection, basis):
        asked = directory.public_page(
            filters,
            position=basis.position,
            day=china_day(datetime.now(UTC)),
            limit=query.limit + 1,
            after=after,
        )
        found = await answer_async(connection, asked)
    rows = found[: query.limit]
    mark = cursors.mark(question, cursor_of(rows[-1])) if len(found) > len(rows) else None
    return Found(
        PublicDirectoryFound(rows=rows, next_cursor=mark),
        next_page=asking.next_url(mark) if mark else None,
    )


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
        permission=PUBLIC,
        find=_public,
    ),
)
