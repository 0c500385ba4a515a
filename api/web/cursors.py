"""Opaque page cursors: signed, and valid for the same question only."""

import base64
import binascii
import hashlib
import hmac
import os
import secrets
from typing import Any, Final, TypeVar

import msgspec

from api.settings import Settings
from api.web.problems import Problem

T = TypeVar("T")
SIGNATURE_BYTES: Final = 16
KEY_FILE: Final = "api.key"


class Cursors:
    """Signs and reads cursors. The key also signs other values that must not be guessed."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def mark(self, question: str, place: Any) -> str:
        """Sign the cursor of `place` in the answer to `question`."""
        body = msgspec.json.encode(place)
        return base64.urlsafe_b64encode(self._sign(question, body) + body).decode().rstrip("=")

    def place(self, question: str, mark: str, kind: type[T]) -> T:
        """Read a cursor.

        Raises: Problem `cursor-invalid` — when it was not signed here, or for another question.
        """
        try:
            raw = base64.b64decode(mark + "=" * (-len(mark) % 4), altchars=b"-_", validate=True)
            signature, body = raw[:SIGNATURE_BYTES], raw[SIGNATURE_BYTES:]
            if not hmac.compare_digest(signature, self._sign(question, body)):
                raise Problem("cursor-invalid")
            return msgspec.json.decode(body, type=kind)
        except (binascii.Error, ValueError) as error:
            raise Problem("cursor-invalid") from error

    def secret_for(self, purpose: str) -> str:
        """Derive the secret of a purpose: always the same, so that an answer can be repeated."""
        signed = hmac.digest(self._key, b"word\0" + purpose.encode(), "sha256")
        return base64.urlsafe_b64encode(signed[:24]).decode()

    def _sign(self, question: str, body: bytes) -> bytes:
        signed = question.encode() + b"\0" + body
        return hmac.digest(self._key, b"mark\0" + signed, "sha256")[:SIGNATURE_BYTES]


def cursors_of(settings: Settings) -> Cursors:
    """Build cursors with the configured secret, or else a random one kept in `home`."""
    if settings.secret is not None:
        return Cursors(hashlib.sha256(settings.secret.encode()).digest())
    settings.home.mkdir(parents=True, exist_ok=True)
    file = settings.home / KEY_FILE
    if not file.exists():
        draft = file.with_name(f"{KEY_FILE}.{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_bytes(secrets.token_bytes(32))
        try:
            # Linking fails where another process was first, so all read the same key.
            os.link(draft, file)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return Cursors(file.read_bytes())
