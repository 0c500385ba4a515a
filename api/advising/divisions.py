"""Divisions as listed: the list, and one of them."""

from datetime import date
from typing import ClassVar, Final, Literal
from uuid import UUID

from msgspec import Struct

from api.advising.registers import answers_to, page_of
from api.web.finding import finds_one
from api.web.paging import Paged, Words, refuse_no_word
from api.web.questions import Asking, Found, Question
from domain.codes import DivisionPrefix
from domain.registers import division
from domain.registers.division import Division, DivisionName
from domain.vocabulary import stream_id


class DivisionShown(Struct, frozen=True, kw_only=True):
    """The answer's copy of a division: clients rely on it, so deciders may change their state."""

    KEY: ClassVar = ("code",)
    code: str
    name: str
    """The newest of `names`."""
    names: tuple[DivisionName, ...]
    since: date | None
    abolished_on: date | None
    merged_into: str | None

    def streams(self) -> list[UUID]:
        return [stream_id(division.KIND, self.code)]


def division_shown(state: Division) -> DivisionShown:
    """Make the answer's copy of a division."""
    return DivisionShown(
        code=state.code,
        name=state.name,
        names=state.names,
        since=state.since,
        abolished_on=state.abolished_on,
        merged_into=state.merged_into,
    )


class DivisionFound(Struct, frozen=True, kw_only=True):
    """A division as listed; `version` is what If-Match wants."""

    version: int
    position: int
    state: DivisionShown


class DivisionsQuery(Paged, frozen=True, kw_only=True):
    under: DivisionPrefix | None = None
    """Itself and its parts."""
    level: Literal[2, 4, 6, 9, 12] | None = None
    """Digits of the code."""
    abolished: bool | None = None
    q: Words | None = None
    """Part of a name it has or had, or the beginning of the code."""


class DivisionsFound(Struct, frozen=True, kw_only=True):
    """By code."""

    position: int
    rows: list[DivisionShown]
    next_cursor: str | None


async def _many(asking: Asking) -> Found:
    query: DivisionsQuery = asking.query
    refuse_no_word(query.q)
    return await page_of(
        asking,
        division,
        lambda registers: registers.divisions,
        lambda one: _fits(one, query),
        DivisionsFound,
        shown=division_shown,
    )


def _fits(state: Division, query: DivisionsQuery) -> bool:
    return (
        state.code.startswith(query.under or "")
        and (query.level is None or len(state.code) == query.level)
        and (query.abolished is None or (state.abolished_on is not None) == query.abolished)
        and answers_to(query.q, state.code, *(one.name for one in state.names))
    )


QUESTIONS: Final = (
    Question(
        name="Divisions",
        under="/divisions",
        summary="区划名册",
        tag=division.KIND,
        answer=DivisionsFound,
        query=DivisionsQuery,
        find=_many,
    ),
    Question(
        name="Division",
        under="/divisions/{code:str}",
        summary="一个区划",
        tag=division.KIND,
        answer=DivisionFound,
        find=finds_one(division, DivisionFound, division_shown),
    ),
)
