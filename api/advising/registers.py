"""Reference facts as known at an instant, for the lists of registers; calendars and policies with
every version."""

from collections.abc import Callable, Mapping
from functools import partial
from itertools import islice
from typing import Any, Final

from msgspec import Struct

from api.web.paging import begins_after, listed
from api.web.questions import Asking, Found, Knowing, Question, held, position_at, reached
from domain.aggregates import Story
from domain.moment import Registers
from domain.registers import calendar_publication, policy
from domain.registers.policy import PolicyVersion
from domain.vocabulary import stream_id
from domain.worktime.calendar import Calendar
from ledger.log.registers import RegisterFold
from projections.asking.words import name_of

SELECT_UPTO: Final = """
    SELECT notification_id AS head, * FROM log_events
     WHERE topic = ANY(%s) AND notification_id <= %s ORDER BY notification_id
"""
"""In the shape of `SELECT_NEWER`."""


async def known(asking: Asking, *stories: Story) -> tuple[Registers, int]:
    """The registers of these stories as known then, and the position they stand on.

    Those of now are the ones that deciders look up, and move on: after an await they may say more.
    Those of then are folded; the others are empty: a list of one register need not fold all of
    them.
    """
    topics = [event.topic for story in stories for event in story.EVENTS]
    query: Knowing = asking.query
    ledger = asking.wiring.ledger
    await reached(asking)
    if query.as_known_at is None:
        return await ledger.registers_now()
    async with ledger.readers.connection() as connection:
        position = await position_at(connection, query.as_known_at)
        cursor = await connection.execute(SELECT_UPTO, [topics, position], binary=True)
        rows = await cursor.fetchall()
    fold = RegisterFold()
    fold.read(rows, ledger.mapper)
    return fold.registers, position


async def page_of(
    asking: Asking,
    story: Story,
    register: Callable[[Registers], Mapping[str, Any]],
    fits: Callable[[Any], bool],
    answer: Callable[..., Any],
    *,
    shown: Callable[[Any], Any],
) -> Found:
    """One page of a register, in order of code: what `fits`, as `shown`."""
    after = begins_after(asking, str) or ""
    registers, position = await known(asking, story)
    things = sorted(register(registers).items())
    fitting = (shown(one) for code, one in things if code > after and fits(one))
    found = list(islice(fitting, asking.query.limit + 1))
    return listed(asking, found, lambda one: one.code, partial(answer, position=position), position)


def answers_to(q: str | None, code: str, *names: str) -> bool:
    """Tell whether a name has the text asked for as a part, or the code begins with it."""
    if q is None:
        return True
    return code.lower().startswith(q.strip().lower()) or any(
        name_of(q) in name_of(name) for name in names
    )


class CalendarFound(Struct, frozen=True, kw_only=True):
    """Oldest first."""

    position: int
    versions: tuple[Calendar, ...]


class PolicyFound(Struct, frozen=True, kw_only=True):
    """Oldest first."""

    position: int
    versions: tuple[PolicyVersion, ...]


async def _calendar(asking: Asking) -> Found:
    stream = stream_id(calendar_publication.KIND, asking.path["code"])
    found, position = await held(asking, calendar_publication, stream)
    body = CalendarFound(position=position, versions=found.state.versions)
    return Found(body, version=found.version, position=position, stream=stream)


async def _policy(asking: Asking) -> Found:
    stream = stream_id(policy.KIND, asking.path["code"])
    found, position = await held(asking, policy, stream)
    body = PolicyFound(position=position, versions=found.state.versions)
    return Found(body, version=found.version, position=position, stream=stream)


QUESTIONS: Final = (
    Question(
        name="Calendar",
        under="/calendars/{code:str}",
        summary="一个工作日历的全部版本",
        tag=calendar_publication.KIND,
        answer=CalendarFound,
        find=_calendar,
    ),
    Question(
        name="Policy",
        under="/policies/{code:str}",
        summary="一套规则的全部版本",
        tag=policy.KIND,
        answer=PolicyFound,
        find=_policy,
    ),
)
