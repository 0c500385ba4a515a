"""Passwords: what NIST SP 800-63B-4 §3.1.1 asks of them, and their argon2id hashes."""

import asyncio
import hashlib
import re
import secrets
import unicodedata
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from api.settings import SettingInvalid, Settings
from api.signing.commonplace import COMMONPLACE
from domain.vocabulary import Refused

LENGTH_MAX: Final = 1024
"""Characters; the rules ask for at least 64. Longer is no password but an attack on our memory."""
ONCE_GROUPS: Final = 5
ONCE_LETTERS: Final = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""Without those that are mistaken for another on paper."""
STRANGERS_WAITING_MAX: Final = 20
"""A storm must not keep a queue that takes minutes to hash."""


class PasswordTooShort(Refused):
    """密码太短"""


class PasswordTooLong(Refused):
    """密码太长"""


class PasswordCommonplace(Refused):
    """密码过于常见，或者由账号、姓名、单位名称等构成，请另换一个"""


class Busy(Exception):
    """More strangers are being hashed than we have time for."""


def normal(password: str) -> str:
    """Two keyboards may write one password in two ways: NFC."""
    return unicodedata.normalize("NFC", password)


def refuse_weak(
    password: str, settings: Settings, *, second_factor: bool, words: Iterable[str] = ()
) -> None:
    """Refuse what the rules forbid; no rule asks for digits or capitals.

    words: of the context, such as the account's code and name

    Raises: PasswordTooShort, PasswordTooLong, PasswordCommonplace.
    """
    given = normal(password)
    least = settings.password_length_min
    if second_factor:
        least = min(least, settings.password_length_min_with_code)
    if len(given) < least:
        raise PasswordTooShort(f"至少 {least} 个字符")
    if len(given) > LENGTH_MAX:
        raise PasswordTooLong(f"至多 {LENGTH_MAX} 个字符")
    if _is_commonplace(given, words, settings.password_blocklist):
        raise PasswordCommonplace


def _is_commonplace(given: str, words: Iterable[str], blocklist: Path | None) -> bool:
    whole = given.casefold()
    core = re.sub(r"^[\W\d_]+|[\W\d_]+$", "", whole)
    forbidden = {*COMMONPLACE, *_listed(blocklist), *(normal(one).casefold() for one in words)}
    # What one word or one character is made of, however often, is no longer than that.
    parts = {whole, core, _repeated(whole), _repeated(core)}
    return bool(parts & forbidden) or len(set(whole)) <= 2 or _runs(whole)  # noqa: PLR2004


def _repeated(text: str) -> str:
    found = re.fullmatch(r"(.+?)\1+", text)
    return found[1] if found else text


def _runs(text: str) -> bool:
    """12345678, 7890123 and abcdefgh, and back."""
    steps = {ord(b) - ord(a) for a, b in pairwise(text)}
    return steps <= {1, -9} or steps <= {-1, 9}


@cache
def _listed(file: Path | None) -> frozenset[str]:
    if file is None:
        return frozenset()
    try:
        return frozenset(normal(one).casefold() for one in file.read_text("utf-8").split("\n"))
    except (OSError, ValueError) as error:
        raise SettingInvalid("password_blocklist", str(error)) from error


# --- one-time passwords: drawn by us, so long that nobody guesses them


def new_once() -> str:
    """Draw a one-time password: 25 letters of 32, 125 bits."""
    letters = [secrets.choice(ONCE_LETTERS) for _ in range(5 * ONCE_GROUPS)]
    return "-".join("".join(letters[n : n + 5]) for n in range(0, len(letters), 5))


def once_digest(password: str) -> bytes:
    return hashlib.sha256(re.sub(r"[\s-]", "", password).upper().encode()).digest()


# --- hashing


class Hashing:
    """Hashes by argon2id in threads, few at once: strangers have one place and never stand in the
    way of those whom we know."""

    def __init__(self, settings: Settings) -> None:
        self._hasher = PasswordHasher(
            time_cost=settings.argon2_passes,
            memory_cost=settings.argon2_kib,
            parallelism=settings.argon2_lanes,
        )
        self._known = asyncio.Semaphore(1)
        self._strangers = asyncio.Semaphore(1)
        self._waiting = 0
        self._nobodys: str | None = None
        self.verified = 0
        """How many verifications were made: the same for a name that exists and one that does
        not."""

    async def hashed(self, password: str) -> str:
        async with self._known:
            return await asyncio.to_thread(self._hasher.hash, normal(password))

    async def fits(self, password: str, stored: str | None, *, known: bool) -> bool:
        """Compare with a stored hash; without one, as much work is done for nothing.

        Raises: Busy — when too many strangers wait already.
        """
        async with self._place(known=known):
            if self._nobodys is None:
                secret = secrets.token_urlsafe(24)
                self._nobodys = await asyncio.to_thread(self._hasher.hash, secret)
            self.verified += 1
            against = stored or self._nobodys
            return await asyncio.to_thread(self._verified, against, normal(password)) and (
                stored is not None
            )

    def is_outdated(self, stored: str) -> bool:
        return self._hasher.check_needs_rehash(stored)

    def _verified(self, stored: str, password: str) -> bool:
        try:
            return self._hasher.verify(stored, password)
        except (VerificationError, InvalidHashError):
            return False

    @asynccontextmanager
    async def _place(self, *, known: bool) -> AsyncIterator[None]:
        if known:
            async with self._known:
                yield
            return
        if self._waiting >= STRANGERS_WAITING_MAX:
            raise Busy
        self._waiting += 1
        try:
            async with self._strangers:
                yield
        finally:
            self._waiting -= 1
