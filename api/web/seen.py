"""Answers as they leave: masked unless a purpose is given, and recorded before it leaves."""

from collections.abc import Iterable, Iterator
from typing import Any

import psycopg
from msgspec import Struct
from psycopg_pool import PoolTimeout

from api.rights import Right
from api.web.masking import masked, personal_in
from api.web.problems import Problem
from api.web.questions import Asking, Question
from api.web.wiring import Wiring
from domain.jurisdiction import reach_of
from domain.vocabulary import Actor
from ledger.reads import ReadEntry


def refuse_unmasking(asking: Asking, right: Right) -> None:
    """Refuse to unmask for a role that may not see people there.

    Raises: Problem `not-permitted`.
    """
    if _purpose(asking) is None:
        return
    if asking.by is None or asking.by.role not in right.clear:
        raise Problem("not-permitted", "unmask")


def _purpose(asking: Asking) -> str | None:
    """For what people are shown in clear text; what needs no token has no such parameter."""
    purpose: str | None = getattr(asking.query, "unmask", None)
    return purpose


def shown(question: Question, asking: Asking, body: Any) -> Any:
    """Return an answer as its reader may see it."""
    return body if _purpose(asking) is not None else masked(body, question.answer)


async def recorded(question: Question, asking: Asking, bodies: Iterable[Any]) -> None:
    """Write down what an answer shows, before it leaves; only where it shows a person, or where
    that there is such a thing says something already.

    Raises: Problem `reads-not-recorded`.
    """
    right, purpose = question.right, _purpose(asking)
    if asking.by is None or not (right.always or purpose is not None):
        return
    things = dict.fromkeys(one for body in bodies for one in things_of(right, asking, body))
    await record(
        asking.wiring,
        asking.by,
        action=question.name,
        things=tuple(things),
        fields=personal_in(question.answer) if purpose is not None else (),
        purpose=purpose,
        session=asking.session,
        as_known_at=getattr(asking.query, "as_known_at", None),
    )


async def record(wiring: Wiring, by: Actor, **more: Any) -> None:
    """Raises: Problem `reads-not-recorded` — when it cannot be written: nothing may be shown."""
    reach = reach_of(by, await wiring.ledger.registers())
    division = next(iter((*reach.prefixes, reach.around)), None) if reach else None
    entry = ReadEntry(
        account=by.account,
        role=by.role,
        unit=by.unit,
        adviser=by.adviser,
        instead_of=by.instead_of,
        emergency=by.emergency,
        division=division,
        **more,
    )
    try:
        await wiring.reads.append(entry)
    except (psycopg.Error, PoolTimeout) as error:
        raise Problem("reads-not-recorded") from error


def things_of(right: Right, asking: Asking, body: Any) -> Iterator[str]:
    """Name what an answer shows, as `kind:key`: the thing that was asked for, and each row."""
    kind = asking.path.get("kind") or right.of or "table"
    if named := [str(one) for name, one in asking.path.items() if name != "kind"]:
        yield f"{kind}:{':'.join(named)}"
    rows = getattr(body, "rows", None)
    for row in rows if isinstance(rows, list | tuple) else ():
        if isinstance(row, Struct) and (key := getattr(row, "KEY", None)):
            yield f"{kind}:{':'.join(str(getattr(row, name)) for name in key)}"
