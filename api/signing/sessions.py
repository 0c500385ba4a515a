"""Sessions and API tokens as they stand in the database: by the SHA-256 of what opens them."""

import hashlib
import hmac
import secrets
from collections.abc import Iterable
from datetime import datetime
from typing import Any, ClassVar, Final, cast
from uuid import UUID

import msgspec
from msgspec import Struct

from api.signing.throttle import Connection
from domain.roles import Role
from domain.vocabulary import Actor

TOKEN_MARK: Final = "anj"
PROGRAM_MAX: Final = 200
TOUCH_S: Final = 30.0
"""A session in use is written down this often, not at every request."""

FIND: Final = """
    SELECT s.*, s.issuer IS NULL AND coalesce(p.must_change, true) AS must_change,
           s.factor_by_issuer OR f.confirmed_at IS NOT NULL AS second_factor,
           s.last_used_at < now() - make_interval(secs => %(touch_s)s) AS old,
           s.last_used_at + make_interval(secs => %(idle_s)s) AS idle_until
      FROM signing_sessions s
      LEFT JOIN signing_passwords p ON p.account = s.account
      LEFT JOIN signing_second_factors f ON f.account = s.account
     WHERE s.sha256 = %(sha256)s AND s.revoked_at IS NULL AND s.ends_at > now()
       AND s.last_used_at > now() - make_interval(secs => %(idle_s)s)
"""
OF_ACCOUNT: Final = """
    SELECT id, role, unit, adviser, instead_of, made_at, last_used_at, ends_at, address, program
      FROM signing_sessions
     WHERE account = %(account)s AND revoked_at IS NULL AND ends_at > now()
       AND last_used_at > now() - make_interval(secs => %(idle_s)s)
     ORDER BY made_at DESC, id
"""
OPEN: Final = """
    INSERT INTO signing_sessions
           (sha256, account, by_once, issuer, factor_by_issuer, ends_at, address, program)
    VALUES (%(sha256)s, %(account)s, %(by_once)s, %(issuer)s, %(factor_by_issuer)s,
            now() + make_interval(secs => %(whole_s)s), %(address)s, %(program)s)
"""
TOUCH: Final = "UPDATE signing_sessions SET last_used_at = now() WHERE id = %s"
BIND: Final = """
    UPDATE signing_sessions
       SET role = %(role)s, unit = %(unit)s, adviser = %(adviser)s, instead_of = %(instead_of)s,
           emergency = %(emergency)s
     WHERE id = %(id)s
"""
RENEW: Final = "UPDATE signing_sessions SET sha256 = %s, by_once = false WHERE id = %s"
REVOKE: Final = """
    UPDATE signing_sessions SET revoked_at = now()
     WHERE account = %(account)s AND revoked_at IS NULL
       AND (%(id)s::uuid IS NULL OR id = %(id)s) AND id IS DISTINCT FROM %(but)s::uuid
 RETURNING id
"""
FIND_TOKEN: Final = """
    SELECT *, last_used_at IS NULL OR last_used_at < now() - make_interval(secs => 60) AS old
      FROM signing_tokens
     WHERE id = %s AND revoked_at IS NULL AND expires_at > now()
"""
MAKE_TOKEN: Final = """
    INSERT INTO signing_tokens
           (id, sha256, account, role, unit, adviser, scopes, made_by, expires_at)
    VALUES (%(id)s, %(sha256)s, %(account)s, %(role)s, %(unit)s, %(adviser)s, %(scopes)s, %(by)s,
            %(expires_at)s)
"""
TOUCH_TOKEN: Final = "UPDATE signing_tokens SET last_used_at = now() WHERE id = %s"
LIST_TOKENS: Final = """
    SELECT id, account, role, unit, adviser, scopes, made_at, made_by, expires_at, last_used_at
      FROM signing_tokens
     WHERE revoked_at IS NULL AND expires_at > now()
       AND (%(account)s::text IS NULL OR account = %(account)s)
     ORDER BY account, made_at, id
"""
REVOKE_TOKENS: Final = """
    UPDATE signing_tokens SET revoked_at = now()
     WHERE revoked_at IS NULL AND (account = %(account)s OR id = %(id)s)
 RETURNING id, account
"""


class Opening(Struct, frozen=True, kw_only=True):
    """What opened a session: a password, a one-time password, or the word of a provider."""

    by_once: bool = False
    issuer: str | None = None
    factor_by_issuer: bool = False
    """The provider asked for a second factor, and is believed."""


class Session(Struct, frozen=True, kw_only=True):
    """A session as found by its cookie."""

    id: UUID
    account: str
    by: Actor | None
    """The post that acts; None until one is chosen."""
    by_once: bool
    must_change: bool
    second_factor: bool
    """The account has an authenticator, or the provider says that it asked for one."""
    factor_by_issuer: bool = False
    idle_until: datetime
    ends_at: datetime


class SessionShown(Struct, frozen=True, kw_only=True):
    """A session as its account sees it."""

    KEY: ClassVar = ("id",)
    id: UUID
    role: str | None
    unit: str | None
    adviser: str | None
    instead_of: str | None
    made_at: datetime
    last_used_at: datetime
    ends_at: datetime
    address: str
    program: str


class TokenShown(Struct, frozen=True, kw_only=True):
    """An API token as it may be shown."""

    id: str
    account: str
    role: str
    unit: str
    adviser: str | None
    scopes: list[str] | None
    made_at: datetime
    made_by: str
    expires_at: datetime
    last_used_at: datetime | None


def digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()


def csrf_of(cookie: str) -> str:
    """Derive what a page of ours must send beside its cookie: another site cannot know it."""
    return hmac.digest(cookie.encode(), b"csrf", "sha256").hex()


# --- sessions


async def opened(
    connection: Connection, account: str, opening: Opening, *, whole_s: float, address: str,
    program: str,
) -> str:  # fmt: skip
    """Open a session and return what its cookie holds, which nothing can show again."""
    secret = secrets.token_urlsafe(32)
    asked = {
        "sha256": digest(secret),
        "account": account,
        **msgspec.structs.asdict(opening),
        "whole_s": whole_s,
        "address": address,
        "program": program[:PROGRAM_MAX].replace("\0", ""),
    }
    await connection.execute(OPEN, asked)
    return secret


async def found(connection: Connection, cookie: str, idle_s: float) -> Session | None:
    """The session of a cookie, if it has not ended; it counts as used."""
    asked = {"sha256": digest(cookie), "idle_s": idle_s, "touch_s": min(TOUCH_S, idle_s / 4)}
    row = await (await connection.execute(FIND, asked)).fetchone()
    if row is None:
        return None
    if row["old"]:
        await connection.execute(TOUCH, [row["id"]])
    return Session(
        id=row["id"],
        account=row["account"],
        by=None if row["role"] is None else _actor(row),
        by_once=row["by_once"],
        must_change=row["must_change"],
        second_factor=row["second_factor"],
        factor_by_issuer=row["factor_by_issuer"],
        idle_until=row["idle_until"],
        ends_at=row["ends_at"],
    )


async def bound(connection: Connection, session: UUID, by: Actor) -> None:
    """From now on the session acts for this post."""
    await connection.execute(BIND, {"id": session, **msgspec.structs.asdict(by)})


async def renewed(connection: Connection, session: UUID) -> str:
    """The session goes on under a new secret: whoever knew the old one is out."""
    secret = secrets.token_urlsafe(32)
    await connection.execute(RENEW, [digest(secret), session])
    return secret


async def of_account(connection: Connection, account: str, idle_s: float) -> list[SessionShown]:
    rows = await connection.execute(OF_ACCOUNT, {"account": account, "idle_s": idle_s})
    return [SessionShown(**row) for row in await rows.fetchall()]


async def revoked(
    connection: Connection, account: str, session: UUID | None = None, *, but: UUID | None = None
) -> int:
    """End one session of an account, or all (but one); how many were ended."""
    rows = await connection.execute(REVOKE, {"account": account, "id": session, "but": but})
    return len(await rows.fetchall())


# --- tokens


async def token_made(
    connection: Connection,
    by: Actor,
    *,
    expires_at: datetime,
    made_by: str,
    scopes: Iterable[str] | None = None,
) -> tuple[str, str]:
    """Make an API token of an account; its id, and the token, which nothing can show again."""
    name, secret = secrets.token_hex(6), secrets.token_urlsafe(32)
    token = f"{TOKEN_MARK}_{name}_{secret}"
    asked = {
        "id": name,
        "sha256": digest(token),
        "account": by.account,
        "role": by.role,
        "unit": by.unit,
        "adviser": by.adviser,
        "scopes": None if scopes is None else sorted(set(scopes)),
        "by": made_by,
        "expires_at": expires_at,
    }
    await connection.execute(MAKE_TOKEN, asked)
    return name, token


async def by_token(
    connection: Connection, token: str
) -> tuple[Actor, frozenset[str] | None] | None:
    """Find whom an API token acts for, and its scopes; None where no such token is in force."""
    mark, _, rest = token.partition("_")
    name = rest.partition("_")[0]
    if mark != TOKEN_MARK or not name.isascii() or not name.isalnum():
        return None
    row = await (await connection.execute(FIND_TOKEN, [name])).fetchone()
    if row is None or not hmac.compare_digest(row["sha256"], digest(token)):
        return None
    if row["old"]:
        await connection.execute(TOUCH_TOKEN, [name])
    return _actor(row), None if row["scopes"] is None else frozenset(row["scopes"])


async def tokens(connection: Connection, account: str | None = None) -> list[TokenShown]:
    rows = await connection.execute(LIST_TOKENS, {"account": account})
    return [TokenShown(**row) for row in await rows.fetchall()]


async def tokens_revoked(
    connection: Connection, *, account: str | None = None, name: str | None = None
) -> list[dict[str, str]]:
    """Revoke one token, or all of an account; their ids and accounts."""
    rows = await connection.execute(REVOKE_TOKENS, {"account": account, "id": name})
    return await rows.fetchall()


def _actor(row: dict[str, Any]) -> Actor:
    return Actor(
        account=row["account"],
        role=cast("Role", row["role"]),
        unit=row["unit"],
        adviser=row["adviser"],
        instead_of=row.get("instead_of"),
        emergency=row.get("emergency", False),
    )
