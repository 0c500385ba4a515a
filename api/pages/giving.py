"""Commands as pages give them: through the same door as over HTTP, with what a form says besides:
when it happened, why it is entered late, which version was looked at, and a key of its own, so
that pressing twice is one command."""

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any, Final
from uuid import UUID, uuid4

import msgspec
from msgspec import Struct

from api.pages import typed
from api.pages.forms import NO_ERRORS, RULES, Errors, errors_of, read
from api.pages.page import PRESSED_AT, Visit, filled
from api.pages.tongue import Tongue
from api.web.acting import (
    DEVICE,
    KEY_LENGTH_MAX,
    NOBODY,
    CommandAsking,
    Performed,
    Route,
    client_of,
    command_id,
    named,
    performing,
)
from api.web.authorization import refuse_not_permitted
from api.web.calling import is_from_our_pages
from api.web.problems import PROBLEMS, Problem, slug_of
from domain.vocabulary import OutOfBounds, Refused
from ledger.log.decision import VersionMoved

KEY: Final = "_key"
VERSION: Final = "_version"
OCCURRED_AT: Final = "_occurred_at"
ID: Final = "_id"
"""Of what the form makes, where a form after it has to name it before it is sent."""
MADE_ELSEWHERE: Final = (4, 7)
"""Versions of ids that are drawn; those that we derive from names are never taken from outside."""
LATE_REASON: Final = "_late_reason"
BESIDES: Final = (KEY, VERSION, OCCURRED_AT, LATE_REASON, ID, PRESSED_AT)


_performing: Final = cache(performing)
"""What performs a route, made once as for the API."""


class NotTaken(Exception):
    """What a form says was not taken: nothing was written, and all that was typed stays."""

    def __init__(
        self,
        status: int,
        said: str,
        errors: Errors = NO_ERRORS,
        *,
        moved: bool = False,
        code: str = "",
    ) -> None:
        super().__init__(said)
        self.status = status
        self.said = said
        """A sentence; empty where the fields say it all."""
        self.errors = errors
        self.moved = moved
        """Somebody else was first: what he did is to be looked at."""
        self.code = code
        """Name of the rule, for scripts."""


class Besides(Struct, frozen=True):
    """What a form says besides its command."""

    key: str
    version: int | None
    occurred_at: datetime | None
    late_reason: str | None
    new: UUID | None


def new_key() -> str:
    return str(uuid4())


async def give(
    visit: Visit, route: Route, *, path: Mapping[str, Any] | None = None, body: Any = None,
    leave_out: tuple[str, ...] = (),
) -> Performed:  # fmt: skip
    """Give the command that the form of a page says.

    path: parameters of the route, where they are not those of the page.
    body: what the command holds, where the form's fields are not the command's.

    Raises: NotTaken.
    """
    tongue = visit.tongue
    besides, errors = besides_of(visit)
    if body is None:
        found = read(
            route.reads, visit.form, tongue, owners=(route.command.__name__,), leave_out=leave_out
        )
        body, errors = found.body, {**found.errors, **errors}
    if errors:
        raise NotTaken(422, "", errors)
    asking = _asking(visit, route, path or visit.path, besides)
    try:
        return await _performing(route)(asking, msgspec.json.encode(body))
    except (Problem, OutOfBounds, Refused, VersionMoved) as error:
        raise not_taken(error, tongue) from error


def besides_of(visit: Visit) -> tuple[Besides, dict[str, str]]:
    errors: dict[str, str] = {}
    occurred_at = visit.pressed_at if visit.typed(PRESSED_AT) else None
    if told := visit.typed(OCCURRED_AT):
        try:
            occurred_at = typed.instant(told, visit.pressed_at)
        except typed.NotRead:
            errors[OCCURRED_AT] = visit.tongue.say(RULES["instant"], given=told[:40])
    key, version = visit.typed(KEY), visit.typed(VERSION)
    if not 0 < len(key) <= KEY_LENGTH_MAX:
        key = new_key()
    return Besides(
        key=key,
        version=int(version) if version.isdecimal() else None,
        occurred_at=occurred_at,
        late_reason=visit.typed(LATE_REASON) or None,
        new=_drawn(visit.typed(ID)),
    ), errors


def _drawn(told: str) -> UUID | None:
    """Read an id that the form drew. Raises: Problem `malformed`."""
    if not told:
        return None
    try:
        found = UUID(told)
    except ValueError as error:
        raise Problem("malformed", ID) from error
    if found.version not in MADE_ELSEWHERE:
        raise Problem("malformed", ID)
    return found


def _asking(visit: Visit, route: Route, path: Mapping[str, Any], besides: Besides) -> CommandAsking:
    by = NOBODY
    if route.public:
        if not is_from_our_pages(visit.scope):
            raise Problem("csrf")
    else:
        by = visit.actor
        refuse_not_permitted(by, route.command)
    client = client_of(visit.scope)
    key = besides.key.encode()
    if route.public:
        key = f"{client}\n".encode() + key
    seen = not (route.creates or route.public)
    told_when = not (route.public or by.role == DEVICE)
    return CommandAsking(
        wiring=visit.wiring,
        by=by,
        path=named(dict(path)),
        command_id=command_id(by, path_of(route, path), key),
        occurred_at=besides.occurred_at if told_when else None,
        late_reason=besides.late_reason if told_when else None,
        expected_version=besides.version if seen else None,
        client=client,
        signed_in=visit.by if route.public else None,
        new=None if route.public else besides.new,
    )


def path_of(route: Route, path: Mapping[str, Any]) -> str:
    """Fill in the parameters of a route's path: two doors, one command."""
    return filled(route.path, path)


def status_of(wrong: NotTaken | None) -> int:
    """The status of a form that is drawn, because it was not taken or for the first time."""
    return 200 if wrong is None else wrong.status


def not_taken(error: Exception, tongue: Tongue) -> NotTaken:
    """Say in words of people why a command was not taken."""
    match error:
        case Problem():
            status, title = PROBLEMS[error.slug]
            errors = errors_of(error.errors, tongue)
            said = "" if errors else tongue.problem(error.slug, title)
            return NotTaken(status, said, errors)
        case OutOfBounds():
            rule = tongue.problem(slug_of(OutOfBounds), OutOfBounds.reason())
            return NotTaken(422, "", {error.field: rule})
        case VersionMoved():
            title = PROBLEMS["version-moved"][1]
            return NotTaken(412, tongue.problem("version-moved", title), moved=True)
        case Refused():
            said = tongue.problem(slug_of(type(error)), error.reason())
            detail = f"：{error.detail}" if error.detail else ""
            errors = dict.fromkeys(error.paths, error.detail)
            return NotTaken(409, said + detail, errors, code=slug_of(type(error)))
        case _:
            raise error
