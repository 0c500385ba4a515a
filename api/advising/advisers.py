"""Village and community legal advisers: the list, and one of them."""

from datetime import date, datetime
from typing import ClassVar, Final
from uuid import UUID

from msgspec import Struct

from api.advising.registers import page_of
from api.web.finding import finds_one
from api.web.paging import Paged
from api.web.questions import Asking, Found, Question
from domain.codes import Code
from domain.registers import adviser
from domain.registers.adviser import Adviser, PenaltyRecorded, Post
from domain.vocabulary import stream_id


class AdviserShown(Struct, frozen=True, kw_only=True):
    """The answer's copy of an adviser: clients rely on it, so deciders may change their state."""

    KEY: ClassVar = ("code",)
    code: str
    name: str
    posts: tuple[Post, ...]
    licence: str | None
    practising_since: date | None
    penalties: tuple[PenaltyRecorded, ...]
    left_at: datetime | None

    def streams(self) -> list[UUID]:
        return [stream_id(adviser.KIND, self.code)]


def adviser_shown(state: Adviser) -> AdviserShown:
    """Make the answer's copy of an adviser."""
    return AdviserShown(
        code=state.code,
        name=state.name,
        posts=state.posts,
        licence=state.licence,
        practising_since=state.practising_since,
        penalties=state.penalties,
        left_at=state.left_at,
    )


class AdviserFound(Struct, frozen=True, kw_only=True):
    """An adviser as registered; `version` is what If-Match wants."""

    version: int
    position: int
    state: AdviserShown


class AdvisersQuery(Paged, frozen=True, kw_only=True):
    firm: Code | None = None
    team: Code | None = None
    active: bool | None = None


class AdvisersFound(Struct, frozen=True, kw_only=True):
    """By code."""

    position: int
    rows: list[AdviserShown]
    next_cursor: str | None


async def _many(asking: Asking) -> Found:
    query: AdvisersQuery = asking.query
    return await page_of(
        asking,
        adviser,
        lambda registers: registers.advisers,
        lambda one: _fits(one, query),
        AdvisersFound,
        shown=adviser_shown,
    )


def _fits(state: Adviser, query: AdvisersQuery) -> bool:
    return (
        (query.firm is None or state.firm == query.firm)
        and (query.team is None or state.team == query.team)
        and (query.active is None or state.active == query.active)
    )


QUESTIONS: Final = (
    Question(
        name="Advisers",
        under="/advisers",
        summary="法律顾问名册",
        tag=adviser.KIND,
        answer=AdvisersFound,
        query=AdvisersQuery,
        find=_many,
    ),
    Question(
        name="Adviser",
        under="/advisers/{code:str}",
        summary="一位法律顾问",
        tag=adviser.KIND,
        answer=AdviserFound,
        find=finds_one(adviser, AdviserFound, adviser_shown),
    ),
)
