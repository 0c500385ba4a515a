"""Village and community legal advisers: the list, and one of them."""

from functools import partial
from typing import Final

from msgspec import Struct

from api.log import held
from api.paging import Paged, begins_after, listed
from api.questions import Asking, Found, Question
from api.registers import known
from domain import adviser
from domain.adviser import Adviser
from domain.codes import Code
from domain.vocabulary import stream_id


class AdviserFound(Struct, frozen=True, kw_only=True):
    """An adviser as registered; `version` is what If-Match wants."""

    version: int
    position: int
    state: Adviser


class AdvisersQuery(Paged, frozen=True, kw_only=True):
    firm: Code | None = None
    team: Code | None = None
    active: bool | None = None


class AdvisersFound(Struct, frozen=True, kw_only=True):
    """By code."""

    position: int
    rows: list[Adviser]
    next_cursor: str | None


async def _one(asking: Asking) -> Found:
    stream = stream_id(adviser.KIND, asking.path["code"])
    found, position = await held(asking, adviser, stream)
    body = AdviserFound(version=found.version, position=position, state=found.state)
    return Found(body, version=found.version, position=position, stream=stream)


async def _many(asking: Asking) -> Found:
    query: AdvisersQuery = asking.query
    after = begins_after(asking, str) or ""
    registers, position = await known(asking)
    found = [
        one
        for code, one in sorted(registers.advisers.items())
        if code > after and _fits(one, query)
    ]
    answer = partial(AdvisersFound, position=position)
    return listed(asking, found, lambda one: one.code, answer, position)


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
        find=_one,
    ),
)
