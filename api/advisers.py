"""Village and community legal advisers: the list, and one of them."""

from typing import Annotated, Final

from msgspec import Meta, Struct

from api.log import held
from api.questions import Asking, Found, Knowing, Question
from api.registers import known
from domain import adviser
from domain.adviser import Adviser
from domain.vocabulary import Code, stream_id

LIMIT_MAX: Final = 200


class AdviserFound(Struct, frozen=True, kw_only=True):
    """An adviser as registered; `version` is what If-Match wants."""

    version: int
    position: int
    state: Adviser


class AdvisersQuery(Knowing, frozen=True, kw_only=True):
    firm: Code | None = None
    team: Code | None = None
    active: bool | None = None
    limit: Annotated[int, Meta(ge=1, le=LIMIT_MAX)] = 50
    cursor: Annotated[str, Meta(min_length=1, max_length=500)] | None = None


class AdvisersFound(Struct, frozen=True, kw_only=True):
    """By code."""

    position: int
    rows: list[Adviser]
    next_cursor: str | None


async def _one(asking: Asking) -> Found:
    found, position = await held(asking, adviser, stream_id(adviser.KIND, asking.path["code"]))
    body = AdviserFound(version=found.version, position=position, state=found.state)
    return Found(body, version=found.version, position=position)


async def _many(asking: Asking) -> Found:
    query: AdvisersQuery = asking.query
    question = f"advisers {query.firm} {query.team} {query.active} {query.as_known_at}"
    cursors = asking.wiring.cursors
    after = cursors.place(question, query.cursor, str) if query.cursor else ""
    registers, position = await known(asking)
    found = [
        registers.advisers[code]
        for code in sorted(registers.advisers)
        if code > after and _fits(registers.advisers[code], query)
    ]
    rows = found[: query.limit]
    mark = cursors.mark(question, rows[-1].code) if len(found) > len(rows) else None
    return Found(
        AdvisersFound(position=position, rows=rows, next_cursor=mark),
        position=position,
        next_page=asking.next_url(mark) if mark else None,
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
        find=_one,
    ),
)
