"""Questions as pages ask them: the same question, masked and recorded as over HTTP."""

from collections.abc import Awaitable, Mapping
from typing import Any, Final
from urllib.parse import urlencode

import psycopg
from psycopg_pool import PoolTimeout

from api.pages.forms import read
from api.pages.page import Visit, url
from api.pages.searched import opened
from api.rights import PUBLIC
from api.web.authorization import mark_of, refuse_not_permitted
from api.web.calling import address_of, networks_of
from api.web.problems import FieldProblem, Problem
from api.web.question_routes import answered, instants_of, query_of
from api.web.questions import Asking, Found, Question, refuse_future

POSITION_DIGITS: Final = 18
BEHIND: Final = ("not-yet-visible", "position-unknown")


async def ask(
    visit: Visit,
    question: Question,
    path: Mapping[str, Any] | None = None,
    query: Mapping[str, Any] | None = None,
) -> Found:
    """Ask a question for whoever looks at a page. Parameters that are None are left out.

    Raises: Problem, Refused — as over HTTP.
    """
    if question.permission != PUBLIC:
        refuse_not_permitted(visit.actor, question.permission)
    text = urlencode({name: one for name, one in (query or {}).items() if one is not None})
    instants = instants_of(question.query)
    asking = Asking(
        wiring=visit.wiring,
        by=None if question.permission == PUBLIC else visit.by,
        path=dict(path or {}),
        query=query_of(text.encode(), question.query, instants),
        url=url(visit.here),
        session=mark_of(visit.scope),
        address=address_of(visit.scope, networks_of(visit.wiring.settings.proxies)),
    )
    times = (getattr(asking.query, one, None) for one in ("as_known_at", "compared_to"))
    await refuse_future(visit.wiring, *times)
    return await answered(question, asking)


async def ask_after(
    visit: Visit,
    question: Question,
    path: Mapping[str, Any] | None = None,
    query: Mapping[str, Any] | None = None,
) -> Found:
    """Ask what is to hold already what the visitor has just done, as the address says (`wait_for`);
    where the views are still behind, what they hold."""
    position = visit.query.get("wait_for", "")
    if position.isdecimal() and len(position) < POSITION_DIGITS:
        try:
            return await ask(visit, question, path, {**(query or {}), "wait_for": position})
        except Problem as problem:
            if problem.slug not in BEHIND:
                raise
    return await ask(visit, question, path, query)


async def beside(asking: Awaitable[Found]) -> Any:
    """Await what stands beside a form; None where it cannot be told now: views that are behind, or
    not there yet, keep nobody from writing down what happened."""
    try:
        return (await asking).body
    except Problem as problem:
        if problem.slug not in BEHIND:
            raise
    except (psycopg.Error, PoolTimeout):
        pass
    return None


def parameters(visit: Visit, question: Question) -> dict[str, str]:
    """Read a question's parameters from the address of a page, as people type them there.

    Raises: Problem `validation-failed`.
    """
    query = opened(visit)
    # Whoever follows a link from an inbox has instants as programs write them.
    written = {
        name: one
        for name, one in query.items()
        if name in instants_of(question.query) and "T" in one
    }
    given = {name: [one] for name, one in query.items() if name not in written}
    found = read(question.query, given, visit.tongue, owners=(question.name,), partial=True)
    if found.errors:
        wrong = (FieldProblem(name, why) for name, why in found.errors.items())
        raise Problem("validation-failed", None, *wrong)
    return {name: _text(one) for name, one in found.body.items()} | written


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


async def asked(visit: Visit, question: Question) -> Found:
    """Ask what the address of a page asks."""
    return await ask(visit, question, visit.path, parameters(visit, question))
