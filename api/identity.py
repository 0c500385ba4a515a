"""The tokens of the operator's file.

That file is for operators and for the day on which nobody can sign in; people and programs have
sessions and tokens of their own (`api.signing`).
"""

import hashlib
from collections.abc import Callable, Mapping
from typing import Final

from domain.vocabulary import Actor

DIGEST_MARK: Final = "sha256:"
OPERATOR: Final = Actor(account="anjuan-operator", role="auditor", unit="anjuan-operator")
"""Who looks at the terminal when nobody is named: whoever may run this program there may read the
log. It is this very object: no token makes another."""


class Tokens:
    """Bearer tokens by their SHA-256, so that a lookup takes the same time for every guess."""

    def __init__(
        self,
        tokens: Mapping[str, Actor],
        newer: Callable[[], Mapping[str, Actor] | None] = lambda: None,
    ) -> None:
        """`newer` gives all tokens anew where they have changed."""
        self._take(tokens)
        self._newer = newer

    def _take(self, tokens: Mapping[str, Actor]) -> None:
        self._actors = {_digest(token): actor for token, actor in tokens.items()}

    def actor(self, authorization: bytes | None) -> Actor | None:
        """Return the actor of `Authorization: Bearer …`; None when there is none."""
        if (changed := self._newer()) is not None:
            self._take(changed)
        if authorization is None or authorization[:7].lower() != b"bearer ":
            return None
        return self._actors.get(hashlib.sha256(authorization[7:].strip()).digest())


def _digest(token: str) -> bytes:
    if token.startswith(DIGEST_MARK):
        return bytes.fromhex(token.removeprefix(DIGEST_MARK))
    return hashlib.sha256(token.encode()).digest()
