"""One event, found by its position: what an explanation of a score names."""

import re
from typing import Final

from api.history.log import POSITION, opened_for, permitted_of
from api.web.problems import Problem
from api.web.questions import Asking, Found, Known, Question, reached
from projections.history.timeline import EventFound, beside_async


async def _event(asking: Asking) -> Found:
    """Find an event as the timeline of its thing would show it.

    Raises: Problem `not-found` — also for one that the asking actor may not see.
    """
    query: Known = asking.query
    given = asking.path["position"]
    if not re.fullmatch(POSITION, given):
        raise Problem("not-found")
    await reached(asking)
    async with asking.wiring.views.connection() as connection:
        around = await beside_async(connection, int(given), query.as_known_at)
    if around is None:
        raise Problem("not-found")
    kind, stream, found = around
    await opened_for(asking, kind, stream)
    for one in (await permitted_of(asking, found)).events:
        if one.position == int(given):
            return Found(EventFound(thing=found.stream, event=one), position=found.position)
    raise Problem("not-found")


QUESTIONS: Final = (
    Question(
        name="Event",
        under="/events/{position:str}",
        summary="一个事件，按记录位置查",
        tag="log",
        answer=EventFound,
        query=Known,
        find=_event,
    ),
)
