"""Authorization: check the bearer token and the role's permission."""

import hashlib
from typing import Final

from litestar.types import Scope

from api.identity import Tokens
from api.rights import may
from api.web.problems import Problem
from domain.vocabulary import Actor, Command

ID_LENGTH: Final = 12


def authorized(scope: Scope, permission: type[Command] | str, tokens: Tokens) -> Actor:
    """Return the actor of the request after checking the permission that the route declares.

    It is not a guard of the framework, which copies the route handler for every request.
    """
    for name, value in scope["headers"]:
        if name == b"authorization":
            actor = tokens.actor(value)
            break
    else:
        actor = None
    if actor is None:
        raise Problem("not-authenticated")
    refuse_not_permitted(actor, permission)
    return actor


def session_of(scope: Scope) -> str | None:
    """Return the id of the token that came, as `anjuan token list` shows it; None without one."""
    for name, value in scope["headers"]:
        if name == b"authorization":
            return hashlib.sha256(value[7:].strip()).hexdigest()[:ID_LENGTH]
    return None


def refuse_not_permitted(actor: Actor, permission: type[Command] | str) -> None:
    """Raises: Problem `not-permitted`."""
    if not may(actor, permission):
        raise Problem("not-permitted", f"role {actor.role}")
