"""City organs as listed: the list, and one of them."""

from datetime import datetime
from typing import ClassVar, Final
from uuid import UUID

from msgspec import Struct

from api.advising.registers import answers_to, page_of
from api.web.finding import finds_one
from api.web.paging import Paged, Words, refuse_no_word
from api.web.questions import Asking, Found, Question
from domain.codes import DivisionPrefix
from domain.registers import organ
from domain.registers.organ import Organ
from domain.vocabulary import stream_id


class OrganShown(Struct, frozen=True, kw_only=True):
    """The answer's copy of an organ: clients rely on it, so deciders may change their state."""

    KEY: ClassVar = ("code",)
    code: str
    name: str
    division: str
    closed_at: datetime | None

    def streams(self) -> list[UUID]:
        return [stream_id(organ.KIND, self.code)]


def organ_shown(state: Organ) -> OrganShown:
    """Make the answer's copy of an organ."""
    return OrganShown(
        code=state.code, name=state.name, division=state.division, closed_at=state.closed_at
    )


class OrganFound(Struct, frozen=True, kw_only=True):
    """An organ as listed; `version` is what If-Match wants."""

    version: int
    position: int
    state: OrganShown


class OrgansQuery(Paged, frozen=True, kw_only=True):
    division: DivisionPrefix | None = None
    """A prefix of the division whose organ it is."""
    open: bool | None = None
    q: Words | None = None
    """Part of the name, or the beginning of the code."""


class OrgansFound(Struct, frozen=True, kw_only=True):
    """By code."""

    position: int
    rows: list[OrganShown]
    next_cursor: str | None


async def _many(asking: Asking) -> Found:
    query: OrgansQuery = asking.query
    refuse_no_word(query.q)
    return await page_of(
        asking,
        organ,
        lambda registers: registers.organs,
        lambda one: _fits(one, query),
        OrgansFound,
        shown=organ_shown,
    )


def _fits(state: Organ, query: OrgansQuery) -> bool:
    return (
        state.division.startswith(query.division or "")
        and (query.open is None or state.open == query.open)
        and answers_to(query.q, state.code, state.name)
    )


QUESTIONS: Final = (
    Question(
        name="Organs",
        under="/organs",
        summary="市直机关名册",
        tag=organ.KIND,
        answer=OrgansFound,
        query=OrgansQuery,
        find=_many,
    ),
    Question(
        name="Organ",
        under="/organs/{code:str}",
        summary="一个市直机关",
        tag=organ.KIND,
        answer=OrganFound,
        find=finds_one(organ, OrganFound, organ_shown),
    ),
)
