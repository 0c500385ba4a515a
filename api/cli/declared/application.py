"""The application inside this process: what a command line asks goes the way of what comes over
HTTP, from the permission to the ledger."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Final, TypeVar
from uuid import UUID

from msgspec import Struct

from api.cli.asking import app_url, loaded
from api.cli.keeping_up import bring_views_up
from api.web.acting import named
from api.web.answers import PARAMETER, ROOT
from api.web.problems import FieldProblem, Problem
from api.web.wiring import Wiring
from domain.vocabulary import stream_id
from ledger.log.appender import GroupCommit
from ledger.log.codec import LedgerEvent
from ledger.log.recorder import NOTHING_SEEN, Outcome, Versions

T = TypeVar("T")
CLIENT: Final = "command line"
"""Where the call came from."""
EVALUATIONS: Final = "/evaluations/"


class Withheld(Exception):
    """What a rehearsed command would have written."""

    def __init__(self, events: list[LedgerEvent]) -> None:
        super().__init__(f"{len(events)} events")
        self.events = events


class Rehearsal(GroupCommit):
    """Appends nothing."""

    async def start(self) -> None:
        """Nothing is written: no connection is needed."""

    async def append(self, events: list[LedgerEvent], seen: Versions = NOTHING_SEEN) -> Outcome:
        del seen
        raise Withheld(events)


def at_work(
    work: Callable[[Wiring], Awaitable[T]], *, views: bool = True, rehearsed: bool = False
) -> T:
    """Run some work with what the application answers HTTP with.

    views: whether it reads views, which are brought up to date then

    Raises: Withheld — when it is rehearsed and would write something.
    """
    from api.serving.app import wire

    found = loaded()
    url = app_url(found)
    if views:
        bring_views_up(url)

    async def running() -> T:
        wiring = wire(found, url)
        if rehearsed:
            wiring.ledger.commit = Rehearsal(url)
        async with wiring.ledger, wiring.views, wiring.reads:
            return await work(wiring)

    return asyncio.run(running())


class Place(Struct, frozen=True):
    """Where a declaration is asked: its path, and the parameters in it."""

    path: str
    parameters: dict[str, Any]


def place_of(under: str, given: dict[str, str]) -> Place:
    """Put what was given into the path.

    Raises: Problem `validation-failed` — when something cannot stand there.
    """
    parameters: dict[str, Any] = {}
    for name, kind in PARAMETER.findall(under):
        parameters[name] = _uuid(under, name, given[name]) if kind == "uuid" else given[name]
    path = PARAMETER.sub(lambda found: str(parameters[found[1]]), under)
    return Place(ROOT + path, named(parameters))


def _uuid(under: str, name: str, text: str) -> UUID:
    """Read an id; an evaluation is also known by RULESET:DIVISION:PERIOD."""
    try:
        return UUID(text)
    except ValueError as error:
        if under.startswith(EVALUATIONS) and name == "id" and text.count(":") == 2:  # noqa: PLR2004
            return stream_id("evaluation", text)
        wrong = FieldProblem(name.upper(), f"{text!r} is no id (UUID)")
        raise Problem("validation-failed", None, wrong) from error
