"""Lists page by page: the first row of a page, and the cursor of the next one."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Annotated, Any, Final, TypeVar

import msgspec
from msgspec import Meta, Struct

from api.web.problems import FieldProblem, Problem
from api.web.questions import POSITION_MAX, Asking, Found, Knowing, reading
from domain.concerned import marks_of
from projections.asking.asking import Query, counting, fetch_async
from projections.asking.words import WORDS_MAX, is_han, words_of

LIMIT_MAX: Final = 200
Limit = Annotated[int, Meta(ge=1, le=LIMIT_MAX)]
Mark = Annotated[str, Meta(min_length=1, max_length=500)]
Words = Annotated[str, Meta(min_length=1, max_length=100)]
OF_A_PAGE: Final = frozenset(("limit", "cursor", "wait_for", "compared_to", "unmask"))
"""Parameters that do not make it another question."""
Row = TypeVar("Row")
Place = TypeVar("Place")
Filters = TypeVar("Filters", bound=Struct)


class Paged(Knowing, frozen=True, kw_only=True):
    """Query parameters of every list."""

    limit: Limit = 50
    cursor: Mark | None = None


def filters_of(query: Struct, kind: type[Filters], /, **more: Any) -> Filters:
    """Copy the filters of a view from the query parameters of the same names; `more`: those that
    are no parameters."""
    names = (field.name for field in msgspec.structs.fields(kind) if field.name not in more)
    return kind(**{name: getattr(query, name) for name in names}, **more)


def refuse_no_word(text: str | None) -> None:
    """Refuse a search for blanks, which would find everything.

    Raises: Problem `validation-failed`.
    """
    if text is not None and not words_of(text):
        raise _odd_search("no word")


def refuse_search(text: str | None, words_max: int = WORDS_MAX) -> None:
    """Refuse a search of which words would be passed over, or one that finds nearly everything.

    Raises: Problem `validation-failed` — for no word, for too many, for a single letter that is no
    Han character.
    """
    refuse_no_word(text)
    words = words_of(text or "")
    if len(words) > words_max:
        raise _odd_search(f"more than {words_max} words")
    if len(words) == 1 and len(words[0]) == 1 and not is_han(words[0]):
        raise _odd_search("a single character that is no Han character")


def _odd_search(fault: str) -> Problem:
    return Problem("validation-failed", None, FieldProblem("text", fault))


def begins_after(asking: Asking, kind: type[Place]) -> Place | None:
    """Return the row after which the page begins; None for the first page.

    Raises: Problem `cursor-invalid` — when the cursor is not of this question.
    """
    mark = asking.query.cursor
    return asking.wiring.cursors.place(_question(asking), mark, kind) if mark else None


def listed(
    asking: Asking,
    found: Sequence[Row],
    place: Callable[[Row], Any],
    answer: Callable[..., Any],
    position: int | None = None,
) -> Found:
    """Build one page.

    `found` holds more than `limit` rows if there is a next page.
    `place` returns the position of a row in the list.
    `answer` is called with `rows` and `next_cursor`.
    """
    rows = list(found[: asking.query.limit])
    mark = None
    if len(found) > len(rows):
        mark = asking.wiring.cursors.mark(_question(asking), place(rows[-1]))
    return Found(
        answer(rows=rows, next_cursor=mark),
        position=position,
        next_page=asking.next_url(mark) if mark else None,
    )


class Listing(Struct, frozen=True, kw_only=True):
    """A list that is one view's page: the view, its filters, its page, and where a row stands."""

    views: tuple[str, ...]
    filters: type[Struct]
    page: Callable[..., Query[Any]]
    cursor: type[Any]
    place: Callable[..., Any]
    answer: Callable[..., Any]
    fixed: Mapping[str, Any] = {}
    """Filters that no parameter changes."""
    ordered: bool = False
    """Whether there is a choice of orders: `place` takes it too."""
    timed: bool = False
    """Whether what is asked depends on the time: `page` takes it as `now`."""
    besides: Callable[[Asking], Awaitable[Mapping[str, Any]]] | None = None
    """Gives what `page` takes besides."""

    async def find(self, asking: Asking) -> Found:
        """Answer a question; a committee or a firm gets what concerns it, if rows say whom."""
        query = asking.query
        after = begins_after(asking, self.cursor)
        more = await self._more(asking)
        async with reading(asking, *self.views) as (connection, basis):
            position = basis.position
            asked = self.page(
                self._narrowed(asking),
                position=position,
                limit=query.limit + 1,
                after=after,
                **more,
            )
            found = await fetch_async(connection, asked)
        place = partial(self.place, order=query.order) if self.ordered else self.place
        return listed(asking, found, place, partial(self.answer, basis=basis), position)

    async def count(self, asking: Asking) -> int:
        """Count the rows that all pages have together."""
        more = await self._more(asking)
        async with reading(asking, *self.views) as (connection, basis):
            asked = self.page(
                self._narrowed(asking), position=basis.position, limit=POSITION_MAX, **more
            )
            (counted,) = await fetch_async(connection, counting(asked))
        return counted.n

    def _narrowed(self, asking: Asking) -> Struct:
        more = {**self.fixed, **concerned(asking, self.filters)}
        return filters_of(asking.query, self.filters, **more)

    async def _more(self, asking: Asking) -> dict[str, Any]:
        at = asking.query.as_known_at
        more: dict[str, Any] = {"head": at is None}
        if self.timed:
            more["now"] = at or datetime.now(UTC)
        return more | dict(await self.besides(asking)) if self.besides else more


def concerned(asking: Asking, filters: type[Struct]) -> dict[str, list[str] | None]:
    """Return the filter that leaves the asking actor what he may read."""
    if "concerned" not in filters.__struct_fields__:
        return {}
    assert asking.by is not None
    marks = marks_of(asking.by)
    return {"concerned": None if marks is None else list(marks)}


def _question(asking: Asking) -> str:
    """Return the text of the question, which is the same on each page."""
    query = asking.query
    names = (field.name for field in msgspec.structs.fields(query) if field.name not in OF_A_PAGE)
    asked = {name: getattr(query, name) for name in names}
    return msgspec.json.encode((type(query).__name__, asked)).decode()
