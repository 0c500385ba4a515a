"""The file of tokens: who may act over HTTP, until accounts exist.

TOML, one line each: `"sha256:HEX" = { account = "li", role = "supervisor", unit = "440106" }`. The
token itself is shown once, when it is made, and stored nowhere.
"""

import fcntl
import hashlib
import os
import secrets
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from api.identity import DIGEST_MARK
from api.settings import SettingInvalid, Settings, tokens_in, tokens_path
from domain.vocabulary import Actor
from ledger.server.programs import make_home

ID_LENGTH: Final = 12
LOOK_S: Final = 1.0
"""How often a running server looks whether the file has changed."""
HEAD: Final = (
    "# Who may act over HTTP. Written by `anjuan token add` and `anjuan token revoke`; a running\n"
    "# server takes a change up within a second. A key is the SHA-256 of a token (or a token).\n"
)


class Token(Struct, frozen=True, kw_only=True):
    """A token as it may be shown."""

    id: str
    """The first digits of its SHA-256."""
    account: str
    role: str
    unit: str
    adviser: str | None = None
    kept_in: str


def made(settings: Settings, actor: Actor) -> tuple[str, Token]:
    """Make a token for an actor: the token itself, which nothing can show again, and its entry."""
    token = secrets.token_urlsafe(24)
    with _changing(settings) as tokens:
        key = DIGEST_MARK + hashlib.sha256(token.encode()).hexdigest()
        tokens[key] = actor
    return token, _shown(key, actor, str(tokens_path(settings)))


def listed(settings: Settings) -> list[Token]:
    file = tokens_path(settings)
    own = tokens_in(file) if file.exists() else {}
    return [
        _shown(key, actor, str(file) if key in own else "ANJUAN_TOKENS")
        for key, actor in settings.tokens.items()
    ]


def revoked(settings: Settings, names: Callable[[Token], bool]) -> list[Token]:
    """Take the tokens of the file away that are named."""
    file = str(tokens_path(settings))
    with _changing(settings) as tokens:
        found = {key: _shown(key, actor, file) for key, actor in tokens.items()}
        gone = [key for key, one in found.items() if names(one)]
        for key in gone:
            del tokens[key]
    return [found[key] for key in gone]


def _shown(key: str, actor: Actor, kept_in: str) -> Token:
    digest = key.removeprefix(DIGEST_MARK)
    if digest == key:
        digest = hashlib.sha256(key.encode()).hexdigest()
    return Token(
        id=digest[:ID_LENGTH],
        account=actor.account,
        role=actor.role,
        unit=actor.unit,
        adviser=actor.adviser,
        kept_in=kept_in,
    )


@contextmanager
def _changing(settings: Settings) -> Iterator[dict[str, Actor]]:
    """The tokens of the file, to be changed; written in one rename, readable by the owner only."""
    file = tokens_path(settings)
    try:
        if file.parent == settings.home:
            make_home(settings.home)
        file.parent.mkdir(parents=True, exist_ok=True)
        folder = os.open(file.parent, os.O_RDONLY)
        try:
            fcntl.flock(folder, fcntl.LOCK_EX)
            tokens = tokens_in(file) if file.exists() else {}
            yield tokens
            partial = file.with_name(f".{file.name}.partial")
            partial.unlink(missing_ok=True)
            with os.fdopen(
                os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w"
            ) as out:
                out.write(_written(file, tokens))
            partial.replace(file)
        finally:
            os.close(folder)
    except OSError as error:
        raise SettingInvalid("tokens_file", f"{file}: {error.strerror}") from error


def _written(file: Path, tokens: Mapping[str, Actor]) -> str:
    if file.suffix == ".json":
        return msgspec.json.format(msgspec.json.encode(tokens)).decode() + "\n"
    lines = [
        f"{_text(key)} = {{ "
        + ", ".join(f"{name} = {_text(value)}" for name, value in msgspec.to_builtins(who).items())
        + " }\n"
        for key, who in tokens.items()
    ]
    return HEAD + "".join(lines)


def _text(value: str) -> str:
    """A string of TOML: its escapes are those of JSON."""
    return msgspec.json.encode(value).decode()


class Watched:
    """The tokens in force while a server runs: those of its settings, and those of the file as it
    is now."""

    def __init__(self, settings: Settings) -> None:
        self._file = tokens_path(settings)
        self._seen = self._stamp()
        own = tokens_in(self._file) if self._seen is not None else {}
        self._given = {key: who for key, who in settings.tokens.items() if key not in own}
        self._looked_s = time.monotonic()

    def newer(self) -> Mapping[str, Actor] | None:
        """Return all tokens where the file has changed since the last look; else None.

        A file that cannot be read changes nothing: nobody is locked out by half a line.
        """
        if time.monotonic() - self._looked_s < LOOK_S:
            return None
        self._looked_s = time.monotonic()
        stamp = self._stamp()
        if stamp == self._seen:
            return None
        try:
            own = tokens_in(self._file) if stamp is not None else {}
        except SettingInvalid:
            return None
        self._seen = stamp
        return {**self._given, **own}

    def _stamp(self) -> tuple[int, int, int] | None:
        try:
            found = self._file.stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_size, found.st_ino
