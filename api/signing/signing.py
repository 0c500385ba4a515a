"""Signing in, and all that changes what one signs in with. Each leaves its line in the audit.

What is asked of an account (is it active, which posts has it) is asked of the log's registers as
they are now; nothing here remembers it.
"""

import hmac
import logging
import secrets
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

import psycopg
from msgspec import Struct
from psycopg.rows import dict_row
from psycopg_pool import AsyncConnectionPool

from api.settings import SettingInvalid, Settings
from api.signing import passwords, second_factor, sessions, throttle
from api.signing.oidc import CodeOwed, Vouched, provider_of
from api.signing.passwords import Hashing, once_digest, refuse_weak
from api.signing.second_factor import SecretKey
from api.signing.sessions import Opening, Session
from api.signing.throttle import Admitted, Connection
from domain.accounts.account import Account, AccountUnknown, actors_of, may_act
from domain.moment import Registers
from domain.registers.appointment import china_day
from domain.registration.account_commands import AccountNotActive
from domain.roles import ROLES
from domain.vocabulary import SIMULATION, Actor, Refused
from ledger.log.appender import refuse_lost

log = logging.getLogger(__name__)

CONNECTIONS_MAX: Final = 4
"""Of each process: a slow report must not keep anybody from signing in."""
TELL_EVERY_S: Final = 10.0
NO_ROLE: Final = "none"

CREDENTIALS: Final = """
    SELECT p.hash, p.once_sha256, p.once_until > now() AS once_good,
           f.sealed, f.confirmed_at, coalesce(f.last_step, 0) AS last_step
      FROM (SELECT %(account)s::text AS account) a
      LEFT JOIN signing_passwords p ON p.account = a.account
      LEFT JOIN signing_second_factors f ON f.account = a.account
"""
SET_PASSWORD: Final = """
    INSERT INTO signing_passwords AS p (account, hash, must_change)
    VALUES (%(account)s, %(hash)s, false)
    ON CONFLICT (account) DO UPDATE
        SET hash = excluded.hash, made_at = now(), must_change = false,
            once_sha256 = NULL, once_until = NULL
"""
SET_ONCE: Final = """
    INSERT INTO signing_passwords AS p (account, must_change, once_sha256, once_until)
    VALUES (%(account)s, true, %(sha256)s, %(until)s)
    ON CONFLICT (account) DO UPDATE
        SET hash = NULL, must_change = true, made_at = now(),
            once_sha256 = excluded.once_sha256, once_until = excluded.once_until
"""
USE_ONCE: Final = """
    UPDATE signing_passwords SET once_sha256 = NULL, once_until = NULL
     WHERE account = %s AND once_sha256 = %s AND once_until > now()
 RETURNING account
"""
REHASH: Final = "UPDATE signing_passwords SET hash = %s WHERE account = %s AND hash = %s"
USE_STEP: Final = """
    UPDATE signing_second_factors SET last_step = %s WHERE account = %s AND last_step < %s
 RETURNING account
"""
USE_RECOVERY: Final = """
    UPDATE signing_recovery_codes SET used_at = now()
     WHERE account = %s AND sha256 = %s AND used_at IS NULL
 RETURNING account
"""
PREPARE_FACTOR: Final = """
    INSERT INTO signing_second_factors AS f (account, sealed) VALUES (%(account)s, %(sealed)s)
    ON CONFLICT (account) DO UPDATE SET sealed = excluded.sealed, made_at = now(), last_step = 0
        WHERE f.confirmed_at IS NULL
 RETURNING account
"""
CONFIRM_FACTOR: Final = """
    UPDATE signing_second_factors SET confirmed_at = now(), last_step = %s
     WHERE account = %s AND confirmed_at IS NULL AND last_step < %s
 RETURNING account
"""
DROP_FACTOR: Final = "DELETE FROM signing_second_factors WHERE account = %s RETURNING account"
DROP_RECOVERY: Final = "DELETE FROM signing_recovery_codes WHERE account = %s"
ADD_RECOVERY: Final = "INSERT INTO signing_recovery_codes (account, sha256) VALUES (%s, %s)"
KNOW_DEVICE: Final = """
    INSERT INTO signing_devices (sha256, account) VALUES (%s, %s)
    ON CONFLICT (sha256) DO UPDATE SET last_used_at = now()
"""
SUBJECTS: Final = """
    SELECT subject, account FROM signing_subjects
     WHERE issuer = %s AND (subject = %s OR account = %s)
"""
LINK: Final = """
    INSERT INTO signing_subjects (issuer, subject, account) VALUES (%s, %s, %s)
    ON CONFLICT DO NOTHING
 RETURNING account
"""
DROP_SUBJECTS: Final = "DELETE FROM signing_subjects WHERE account = %s"
DROP_DEVICES: Final = "DELETE FROM signing_devices WHERE account = %s"
TELL: Final = """
    INSERT INTO signing_audit (what, account, by, address, detail)
    VALUES (%(what)s, %(account)s, %(by)s, %(address)s, %(detail)s)
"""


class SigningFailed(Exception):
    """Account, password or code is wrong; which of them, nobody is told."""


class NotItsPost(Refused):
    """您现在没有这个岗位，请从所列岗位中选择"""


class SecondFactorMissing(Refused):
    """这个岗位须先设置验证器（第二验证因素）"""


class SecondFactorThere(Refused):
    """已设置验证器；遗失的，请由本单位管理员恢复账号"""


class SecondFactorWrong(Refused):
    """验证码不正确，请核对手机时间后重试"""


class PasswordWrong(Refused):
    """现密码不正确"""


class Caller(Struct, frozen=True):
    """Where a request comes from."""

    address: str
    program: str = ""
    device: str | None = None
    """The mark of a browser that an account has signed in from."""


class SignedIn(Struct, frozen=True, kw_only=True):
    account: str
    cookie: str
    device: str


class TokenOf(Struct, frozen=True):
    """What an API token lets do: `scopes` are names of commands and permissions, None is all."""

    by: Actor
    scopes: frozenset[str] | None


class Signing:
    """Signing in, for one process of the web."""

    def __init__(
        self,
        settings: Settings,
        url: str,
        registers: Callable[[], Awaitable[Registers]],
        newest: Callable[[], Awaitable[tuple[Registers, int]]],
    ) -> None:
        """`registers` may be a second old, `newest` are not."""
        self.settings = settings
        self.hashing = Hashing(settings)
        self._key = SecretKey(settings.home)
        self._registers = registers
        self._newest = newest
        self._kept_out = 0
        self._told_s = -TELL_EVERY_S
        self._needing = needing_second_factor(settings)
        self.provider = provider_of(settings, self._key)
        self.pool: AsyncConnectionPool[Connection] = AsyncConnectionPool(
            url,
            connection_class=psycopg.AsyncConnection,
            kwargs={"autocommit": True, "row_factory": dict_row},
            check=refuse_lost,
            min_size=1,
            max_size=CONNECTIONS_MAX,
            open=False,
        )

    def note_kept_out(self, address: str) -> None:
        """Say in the log whom the throttle keeps out: in a storm one line for many."""
        self._kept_out += 1
        if time.monotonic() - self._told_s >= TELL_EVERY_S:
            log.warning("%d tries to sign in kept out, this one from %s", self._kept_out, address)
            self._told_s, self._kept_out = time.monotonic(), 0

    # --- in and out

    async def sign_in(
        self, account: str, password: str, code: str | None, caller: Caller
    ) -> SignedIn:
        """Open a session.

        A one-time password costs no hashing, so it is looked at before any budget: whom a storm
        keeps out of a new browser is let in with one from his administrator.

        Raises: SigningFailed. TooMany, Busy — before anything was hashed.
        """
        active = await self._active(account)
        async with self.pool.connection() as connection:
            held = await _credentials(connection, account)
            once = bool(
                active is not None
                and held["once_good"]
                and hmac.compare_digest(once_digest(password), held["once_sha256"])
            )
            if once:
                # Not to be guessed, so it has a budget of its own: it bounds guesses at the code.
                whose = held["once_sha256"].hex()
                admission = await throttle.own(connection, account, whose)
            else:
                admission = await self._admitted(connection, account, caller)
        if not once:
            stored = held["hash"] if active is not None else None
            fits = await self.hashing.fits(password, stored, known=admission.known)
            if not fits:
                return await self._failed(account, caller, "password")
        async with self.pool.connection() as connection, connection.transaction():
            if not await self._code_fits(connection, account, held, code) or (
                once and not await _changed(connection, USE_ONCE, account, once_digest(password))
            ):
                await _tell(connection, "failed", account, account, caller.address, "code")
                refused = True
            else:
                refused = False
                signed_in = await self._opened(connection, account, caller, Opening(by_once=once))
                await throttle.given_back(connection, admission)
        if refused:
            raise SigningFailed
        if held["hash"] and not once and self.hashing.is_outdated(held["hash"]):
            await self._hashed_anew(account, password, held["hash"])
        return signed_in

    async def _admitted(self, connection: Connection, account: str, caller: Caller) -> Admitted:
        device = _device_of(account, caller.device) if caller.device else None
        return await throttle.admitted(connection, account, caller.address, device)

    async def _failed(self, account: str, caller: Caller, what: str) -> SignedIn:
        async with self.pool.connection() as connection:
            await _tell(connection, "failed", account, account, caller.address, what)
        raise SigningFailed

    async def _opened(
        self, connection: Connection, account: str, caller: Caller, opening: Opening
    ) -> SignedIn:
        address = throttle.network_of(caller.address)
        cookie = await sessions.opened(
            connection,
            account,
            opening,
            whole_s=self.settings.session_s,
            address=address,
            program=caller.program,
        )
        device = caller.device or secrets.token_urlsafe(24)
        await connection.execute(KNOW_DEVICE, [_device_of(account, device), account])
        await _tell(connection, "signed-in", account, account, caller.address, caller.program)
        return SignedIn(account=account, cookie=cookie, device=device)

    async def sign_in_simulated(self, account: str, caller: Caller) -> SignedIn:
        """Open a session for a person of a simulation, whom anybody may play: the caller has made
        sure that the log is one."""
        opening = Opening(issuer=SIMULATION, factor_by_issuer=True)
        async with self.pool.connection() as connection:
            return await self._opened(connection, account, caller, opening)

    async def from_provider(self, state: str | None, caller: Caller) -> Admitted | None:
        """Admit who comes back from the provider: each going there comes back once.

        Raises: TooMany.
        """
        async with self.pool.connection() as connection:
            admission = await throttle.from_provider(connection, caller.address)
            if state is not None and await throttle.first_return(connection, state):
                return admission
        return None

    async def sign_in_vouched(
        self, who: Vouched, caller: Caller, admission: Admitted
    ) -> SignedIn | CodeOwed:
        """Open a session for whom the provider vouches; whoever has an authenticator owes a code
        of it first, unless the provider is believed to have asked for one.

        Raises: SigningFailed.
        """
        async with self.pool.connection() as connection, connection.transaction():
            account = await self._vouched_for(connection, who)
            if account is not None:
                held = await _credentials(connection, account)
                if held["confirmed_at"] is not None and not who.second_factor:
                    await throttle.given_back(connection, admission)
                    return CodeOwed(account=account, who=who)
                if await self._linked(connection, who, account, caller):
                    opening = Opening(issuer=who.issuer, factor_by_issuer=who.second_factor)
                    signed_in = await self._opened(connection, account, caller, opening)
                    await throttle.given_back(connection, admission)
                    return signed_in
        return await self._failed("", caller, "oidc: no account of ours")

    async def pay_code(self, owed: CodeOwed, code: str, caller: Caller) -> SignedIn:
        """Open the session of who owed a code of his authenticator.

        Raises: SigningFailed. TooMany.
        """
        async with self.pool.connection() as connection:
            admission = await throttle.own(connection, owed.account, "oidc")
            held = await _credentials(connection, owed.account)
            async with connection.transaction():
                if (
                    held["confirmed_at"] is not None
                    and await self._vouched_for(connection, owed.who) == owed.account
                    and await self._code_fits(connection, owed.account, held, code)
                    and await self._linked(connection, owed.who, owed.account, caller)
                ):
                    opening = Opening(issuer=owed.who.issuer)
                    signed_in = await self._opened(connection, owed.account, caller, opening)
                    await throttle.given_back(connection, admission)
                    return signed_in
        return await self._failed(owed.account, caller, "oidc: code")

    async def provider_failed(self, caller: Caller, step: str) -> None:
        """Leave a line of a signing in that came to nothing; `step` is for the audit alone."""
        async with self.pool.connection() as connection:
            await _tell(connection, "failed", "", "", caller.address, f"oidc: {step}")

    async def _vouched_for(self, connection: Connection, who: Vouched) -> str | None:
        """Find the active account of a subject; of one that was never seen, the claim names it,
        unless that is another's already."""
        linked = await _subjects(connection, who, who.account)
        if linked and who.subject not in linked:
            return None
        named = linked.get(who.subject, who.account)
        return None if named is None or await self._active(named) is None else named

    async def _linked(
        self, connection: Connection, who: Vouched, account: str, caller: Caller
    ) -> bool:
        """Return whether the subject is the account's; the first that comes is. From then on no
        other subject opens it, whatever its claims say."""
        if await _changed(connection, LINK, who.issuer, who.subject, account):
            told = f"{who.issuer} {who.subject}"
            await _tell(connection, "subject-linked", account, account, caller.address, told)
        return (await _subjects(connection, who, account)).get(who.subject) == account

    async def _hashed_anew(self, account: str, password: str, old: str) -> None:
        """The parameters were raised since: this is the one time the password is at hand."""
        new = await self.hashing.hashed(password)
        async with self.pool.connection() as connection:
            await connection.execute(REHASH, [new, account, old])

    async def _code_fits(
        self, connection: Connection, account: str, held: dict[str, Any], code: str | None
    ) -> bool:
        """A code, of time or of paper, opens once; without a second factor none is looked at."""
        if held["confirmed_at"] is None:
            return True
        if code is None:
            return False
        secret = self._key.opened(account, held["sealed"])
        step = second_factor.step_of(secret, code.strip(), held["last_step"])
        if step is not None:
            return await _changed(connection, USE_STEP, step, account, step)
        paper = second_factor.recovery_digest(code)
        return await _changed(connection, USE_RECOVERY, account, paper)

    async def session(self, cookie: str) -> Session | None:
        """Return the session of a cookie, if it has not ended and its account is active; a post
        that has ended, or that needs a second factor which is gone, is none."""
        async with self.pool.connection() as connection:
            found = await sessions.found(connection, cookie, self.settings.session_idle_s)
            if found is None:
                return None
            if not await self._holds(found.account, found.by):
                await sessions.revoked(connection, found.account, found.id)
                why = "account or post ended"
                await _tell(connection, "ended", found.account, found.account, "", why)
                return None
        return found

    async def token(self, token: str) -> TokenOf | None:
        """Return whom an API token acts for, if its account still has the post."""
        if not token.startswith(sessions.TOKEN_MARK + "_"):
            return None
        async with self.pool.connection() as connection:
            found = await sessions.by_token(connection, token)
        if found is None or not await self._holds(found[0].account, found[0]):
            return None
        return TokenOf(*found)

    async def sign_out(self, session: Session, caller: Caller) -> None:
        async with self.pool.connection() as connection:
            await sessions.revoked(connection, session.account, session.id)
            await _tell(
                connection, "signed-out", session.account, session.account, caller.address, None
            )

    async def end_sessions(self, session: Session, one: UUID | None, caller: Caller) -> int:
        """End one session of the account, or all of them but this one."""
        async with self.pool.connection() as connection:
            but = session.id if one is None else None
            ended = await sessions.revoked(connection, session.account, one, but=but)
            await _tell(
                connection, "ended", session.account, session.account, caller.address, str(ended)
            )
        return ended

    async def own_sessions(self, session: Session) -> list[sessions.SessionShown]:
        async with self.pool.connection() as connection:
            idle_s = self.settings.session_idle_s
            return await sessions.of_account(connection, session.account, idle_s)

    # --- posts

    async def posts(self, account: str) -> list[Actor]:
        """List whom the account may act as now."""
        now = datetime.now(UTC)
        accounts = (await self._registers()).accounts
        return actors_of(account, accounts, now, china_day(now))

    def lacks_second_factor(self, session: Session, by: Actor) -> bool:
        """Return whether the role needs one that the account has not."""
        return by.role in self._needing and not session.second_factor

    async def choose_post(self, session: Session, by: Actor, caller: Caller) -> None:
        """Raises: NotItsPost. SecondFactorMissing."""
        if by not in await self.posts(session.account):
            raise NotItsPost(f"{by.role}@{by.unit}")
        if self.lacks_second_factor(session, by):
            raise SecondFactorMissing(by.role)
        async with self.pool.connection() as connection:
            await sessions.bound(connection, session.id, by)
            await _tell(
                connection,
                "post-chosen",
                session.account,
                session.account,
                caller.address,
                f"{by.role}@{by.unit}",
            )

    # --- what one signs in with

    async def change_password(
        self, session: Session, current: str | None, password: str, caller: Caller
    ) -> str:
        """Change the password, end all other sessions, and go on under a new cookie, which is
        returned. Where a one-time password opened the session, it was the current one.

        Raises: PasswordWrong, PasswordTooShort, PasswordTooLong, PasswordCommonplace. TooMany.
        """
        account = await self._active(session.account)
        words = (session.account, account.name if account else "")
        authenticator = session.second_factor and not session.factor_by_issuer
        refuse_weak(password, self.settings, second_factor=authenticator, words=words)
        if not session.by_once:
            await self._proved(session, current or "")
        hashed = await self.hashing.hashed(password)
        async with self.pool.connection() as connection, connection.transaction():
            await connection.execute(SET_PASSWORD, {"account": session.account, "hash": hashed})
            await sessions.revoked(connection, session.account, but=session.id)
            cookie = await sessions.renewed(connection, session.id)
            await _tell(
                connection,
                "password-changed",
                session.account,
                session.account,
                caller.address,
                None,
            )
        return cookie

    async def prepare_second_factor(self, session: Session, password: str) -> str:
        """Draw the secret of an authenticator, not in force until a code of it confirms it.

        Raises: PasswordWrong. SecondFactorThere. TooMany.
        """
        await self._proved(session, password)
        secret = second_factor.new_secret()
        sealed = self._key.sealed(session.account, secret)
        async with self.pool.connection() as connection:
            asked = {"account": session.account, "sealed": sealed}
            if await (await connection.execute(PREPARE_FACTOR, asked)).fetchone() is None:
                raise SecondFactorThere
        return secret

    async def confirm_second_factor(self, session: Session, code: str, caller: Caller) -> list[str]:
        """Put it in force, end all other sessions, and return recovery codes, shown this once.

        Raises: SecondFactorWrong. SecondFactorThere. TooMany.
        """
        codes = second_factor.new_recovery_codes()
        async with self.pool.connection() as connection:
            admission = await throttle.own(connection, session.account, str(session.id))
            held = await _credentials(connection, session.account)
            if held["confirmed_at"] is not None:
                raise SecondFactorThere
            step = None
            if held["sealed"] is not None:
                secret = self._key.opened(session.account, held["sealed"])
                step = second_factor.step_of(secret, code.strip(), held["last_step"])
            if step is None:
                raise SecondFactorWrong
            async with connection.transaction():
                if not await _changed(connection, CONFIRM_FACTOR, step, session.account, step):
                    raise SecondFactorThere
                await connection.execute(DROP_RECOVERY, [session.account])
                for one in codes:
                    kept = [session.account, second_factor.recovery_digest(one)]
                    await connection.execute(ADD_RECOVERY, kept)
                await sessions.revoked(connection, session.account, but=session.id)
                await throttle.given_back(connection, admission)
                await _tell(
                    connection,
                    "second-factor-set",
                    session.account,
                    session.account,
                    caller.address,
                    None,
                )
        return codes

    async def recover(
        self, code: str, by: str, caller: Caller, *, lost_factor: bool
    ) -> tuple[str, datetime]:
        """Give an account a one-time password; see `recovered`."""
        accounts = (await self._registers()).accounts
        async with self.pool.connection() as connection:
            return await recovered(
                connection,
                accounts.get(code),
                by=by,
                address=caller.address,
                good_s=self.settings.once_s,
                lost_factor=lost_factor,
            )

    async def _proved(self, session: Session, password: str) -> None:
        """Raises: PasswordWrong, TooMany."""
        async with self.pool.connection() as connection:
            admission = await throttle.own(connection, session.account, str(session.id))
            held = await _credentials(connection, session.account)
        if not await self.hashing.fits(password, held["hash"], known=True):
            raise PasswordWrong
        async with self.pool.connection() as connection:
            await throttle.given_back(connection, admission)

    # --- of the log

    async def _active(self, code: str) -> Account | None:
        found = (await self._registers()).accounts.get(code)
        return found if found is not None and found.active else None

    async def _holds(self, account: str, by: Actor | None) -> bool:
        """Return whether the account is active and has the post. A no is looked up anew: what
        another process has just written must not end what it has just begun."""
        return _is_held(await self._registers(), account, by) or _is_held(
            (await self._newest())[0], account, by
        )


# --- of operators and of the web alike


async def recovered(
    connection: Connection,
    account: Account | None,
    *,
    by: str,
    address: str,
    good_s: float,
    lost_factor: bool,
) -> tuple[str, datetime]:
    """Give an account a one-time password in place of its own, to be changed when it is used, and
    end its sessions and tokens. With `lost_factor` its second factor goes, too.

    Raises: AccountUnknown. AccountNotActive.
    """
    if account is None:
        raise AccountUnknown
    if not account.active:
        raise AccountNotActive(account.code)
    password, until = passwords.new_once(), datetime.now(UTC) + timedelta(seconds=good_s)
    asked = {"account": account.code, "sha256": once_digest(password), "until": until}
    async with connection.transaction():
        await connection.execute(SET_ONCE, asked)
        await ended(connection, account.code)
        await connection.execute(DROP_DEVICES, [account.code])
        await connection.execute(DROP_SUBJECTS, [account.code])
        if lost_factor:
            await connection.execute(DROP_FACTOR, [account.code])
            await connection.execute(DROP_RECOVERY, [account.code])
        what = "recovered-without-factor" if lost_factor else "recovered"
        await _tell(connection, what, account.code, by, address, None)
    return password, until


async def ended(connection: Connection, account: str) -> tuple[int, int]:
    """End all sessions and tokens of an account; how many there were of each."""
    of_tokens = await sessions.tokens_revoked(connection, account=account)
    return await sessions.revoked(connection, account), len(of_tokens)


async def told(
    connection: Connection, what: str, account: str, by: str, detail: str | None = None
) -> None:
    """Leave a line in the audit, of what an operator did."""
    await _tell(connection, what, account, by, "", detail)


def needing_second_factor(settings: Settings) -> frozenset[str]:
    """The roles whose posts need a second factor. Raises: SettingInvalid."""
    named = frozenset(one.strip() for one in settings.second_factor_roles.split(",") if one.strip())
    if named == {NO_ROLE}:
        return frozenset()
    if unknown := named - ROLES:
        raise SettingInvalid("second_factor_roles", f"there is no role {min(unknown)!r}")
    return named


@asynccontextmanager
async def connected(url: str) -> AsyncIterator[Connection]:
    """A connection of the command line's."""
    async with await psycopg.AsyncConnection.connect(
        url, autocommit=True, row_factory=dict_row
    ) as connection:
        yield connection


def _is_held(registers: Registers, account: str, by: Actor | None) -> bool:
    if by is None:
        found = registers.accounts.get(account)
        return found is not None and found.active
    now = datetime.now(UTC)
    return may_act(by, registers.accounts, now, china_day(now))


def _device_of(account: str, device: str) -> bytes:
    return sessions.digest(f"{account}\n{device}")


async def _credentials(connection: Connection, account: str) -> dict[str, Any]:
    row = await (await connection.execute(CREDENTIALS, {"account": account})).fetchone()
    assert row is not None
    return row


async def _subjects(connection: Connection, who: Vouched, account: str | None) -> dict[str, str]:
    """Return what is settled of a subject and of an account: subject → account."""
    rows = await connection.execute(SUBJECTS, [who.issuer, who.subject, account])
    return {row["subject"]: row["account"] for row in await rows.fetchall()}


async def _changed(connection: Connection, statement: str, *values: Any) -> bool:
    """Return whether it changed a row; of two at the same time one does."""
    return await (await connection.execute(statement, values)).fetchone() is not None


async def _tell(
    connection: Connection, what: str, account: str, by: str, address: str, detail: str | None
) -> None:
    asked = {"what": what, "account": account, "by": by, "address": address, "detail": detail}
    await connection.execute(TELL, asked)
