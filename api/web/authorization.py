"""Authorization: who asks (a bearer token or a session), and whether his role may."""

import hashlib
import hmac
from typing import Final

from litestar.types import Scope

from api.rights import may
from api.signing.sessions import Session, csrf_of
from api.signing.signing import TokenOf
from api.signing.throttle import TooMany
from api.web.calling import (
    address_of,
    header,
    is_from_our_pages,
    networks_of,
    session_cookie,
)
from api.web.problems import Problem
from api.web.wiring import Wiring
from domain.vocabulary import Actor, Command

CSRF: Final = "X-Anjuan-Csrf"
"""Header that repeats what `GET /session` tells: only pages of ours can read that."""
READING: Final = ("GET", "HEAD", "OPTIONS")
MARK_LENGTH: Final = 12


async def authorized(scope: Scope, permission: type[Command] | str, wiring: Wiring) -> Actor:
    """Return the actor of the request after checking the permission that the route declares.

    It is not a guard of the framework, which copies the route handler for every request. Whether
    the account is active and has the post still is asked of the log, at each request.

    Raises: Problem `not-authenticated`, `not-permitted`, `too-many-tries`, `csrf`,
    `password-must-change`, `post-not-chosen`, `second-factor-needed`.
    """
    bearer = header(scope, b"authorization")
    if bearer is None:
        session = await session_of(scope, wiring)
        actor = acting(session, wiring)
    else:
        token = await _bearer(bearer, scope, wiring)
        if token.scopes is not None and name_of(permission) not in token.scopes:
            raise Problem("not-permitted", f"the token is not for {name_of(permission)}")
        actor = token.by
    refuse_not_permitted(actor, permission)
    return actor


def mark_of(scope: Scope) -> str | None:
    """Return the mark of the token or session that came, as `anjuan token list` shows a token's:
    it opens nothing. None without one."""
    bearer = header(scope, b"authorization")
    held = bearer[7:].strip() if bearer is not None else session_cookie(scope)
    return (
        None if held is None else hashlib.sha256(held.encode("latin-1")).hexdigest()[:MARK_LENGTH]
    )


async def session_of(scope: Scope, wiring: Wiring, csrf: str | None = None) -> Session:
    """Return the session of the request's cookie.

    csrf: what a form of ours sent in place of the header.

    Raises: Problem `not-authenticated`. Problem `csrf` — it would change something, and no page of
    ours sent it.
    """
    cookie = session_cookie(scope)
    session = None if cookie is None else await wiring.signing.session(cookie)
    if cookie is None or session is None:
        raise Problem("not-authenticated")
    if str(scope.get("method")) not in READING:
        given = csrf or header(scope, CSRF.lower().encode()) or ""
        same = hmac.compare_digest(given.encode("latin-1"), csrf_of(cookie).encode())
        if not (same and is_from_our_pages(scope)):
            raise Problem("csrf")
    return session


def acting(session: Session, wiring: Wiring) -> Actor:
    """Return the post that a session acts for.

    Raises: Problem `password-must-change`, `post-not-chosen`, `second-factor-needed`.
    """
    if session.must_change:
        raise Problem("password-must-change")
    if session.by is None:
        raise Problem("post-not-chosen")
    if wiring.signing.lacks_second_factor(session, session.by):
        raise Problem("second-factor-needed")
    return session.by


async def signed_in_as(scope: Scope, wiring: Wiring) -> Actor | None:
    """Return who asks on a route that asks nobody who he is; None where he does not say."""
    bearer = header(scope, b"authorization")
    if bearer is not None:
        found = await _token(bearer, wiring)
        return None if found is None else found.by
    cookie = session_cookie(scope)
    session = None if cookie is None else await wiring.signing.session(cookie)
    if session is None:
        return None
    if session.by is not None:
        return session.by
    posts = await wiring.signing.posts(session.account)
    return posts[0] if posts else None


async def _bearer(bearer: str, scope: Scope, wiring: Wiring) -> TokenOf:
    found = await _token(bearer, wiring)
    if found is not None:
        return found
    try:
        wiring.wrong_tokens.count(address_of(scope, networks_of(wiring.settings.proxies)))
    except TooMany as error:
        raise Problem("too-many-tries", retry_after_s=error.wait_s) from error
    raise Problem("not-authenticated")


async def _token(bearer: str, wiring: Wiring) -> TokenOf | None:
    """The operator's file first; then the tokens of accounts."""
    actor = wiring.tokens.actor(bearer.encode("latin-1"))
    if actor is not None:
        return TokenOf(actor, None)
    kind, _, token = bearer.partition(" ")
    return await wiring.signing.token(token.strip()) if kind.lower() == "bearer" else None


def name_of(permission: type[Command] | str) -> str:
    """The name of a command or permission, as scopes of tokens have it."""
    return permission if isinstance(permission, str) else permission.__name__


def refuse_not_permitted(actor: Actor, permission: type[Command] | str) -> None:
    """Raises: Problem `not-permitted`."""
    if not may(actor, permission):
        raise Problem("not-permitted", f"role {actor.role}")
