"""Questions as pages ask them: the same question, masked and recorded as over HTTP."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from msgspec import Struct

from api.pages.forms import read
from api.pages.page import Visit, url
from api.rights import PUBLIC
from api.web.authorization import mark_of, refuse_not_permitted
from api.web.problems import FieldProblem, Problem
from api.web.question_routes import answered, instants_of, query_of
from api.web.questions import Asking, Found, Question, refuse_future


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
    )
    times = (getattr(asking.query, one, None) for one in ("as_known_at", "compared_to"))
    await refuse_future(visit.wiring, *times)
    return await answered(question, asking)


def parameters(visit: Visit, question: Question) -> dict[str, str]:
    """Read a question's parameters from the address of a page, as people type them there.

    Raises: Problem `validation-failed`.
    """
    given = {name: [one] for name, one in visit.query.items()}
    found = read(question.query, given, visit.tongue, owners=(question.name,), partial=True)
    if found.errors:
        wrong = (FieldProblem(name, why) for name, why in found.errors.items())
        raise Problem("validation-failed", None, *wrong)
    said = {name: _text(one) for name, one in found.body.items()}
    # Whoever follows a link from an inbox has instants as programs write them.
    for name in instants_of(question.query):
        if "T" in visit.query.get(name, ""):
            said[name] = visit.query[name]
    return said


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


async def asked(visit: Visit, question: Question) -> tuple[Found, type[Struct]]:
    """Ask what the address of a page asks."""
    found = await ask(visit, question, visit.path, parameters(visit, question))
    return found, question.answer
