"""The second factor: codes of time (TOTP, RFC 6238) and codes on paper for the day it is lost."""

import hashlib
import os
import re
import secrets
import time
from pathlib import Path
from typing import Final

import pyotp
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

STEP_S: Final = 30
STEPS_AROUND: Final = 1
"""Clocks of telephones are half a minute off."""
NONCE_BYTES: Final = 12
RECOVERY_CODES: Final = 8
RECOVERY_BYTES: Final = 10
CODE: Final = r"[0-9]{6}"
KEY_FILE: Final = "signing.key"
KEY_BYTES: Final = 32


class KeyLost(Exception):
    """验证器密钥无法读取：keys/signing.key 不是当时的那一个。"""


class SecretKey:
    """The key of the home that seals the secrets of second factors; made where there is none."""

    def __init__(self, home: Path) -> None:
        self._file = home / "keys" / KEY_FILE

    def sealed(self, account: str, secret: str) -> bytes:
        nonce = secrets.token_bytes(NONCE_BYTES)
        return nonce + AESGCM(self._key()).encrypt(nonce, secret.encode(), account.encode())

    def opened(self, account: str, sealed: bytes) -> str:
        """Raises: KeyLost — when it was sealed with another key, or for another account."""
        nonce, rest = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
        try:
            return AESGCM(self._key()).decrypt(nonce, rest, account.encode()).decode()
        except InvalidTag as error:
            raise KeyLost(str(self._file)) from error

    def _key(self) -> bytes:
        if not self._file.exists():
            self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            draft = self._file.with_name(f".{KEY_FILE}.{os.getpid()}")
            draft.touch(mode=0o600)
            draft.write_bytes(secrets.token_bytes(KEY_BYTES))
            try:
                # Linking fails where another process was first, so all read the same key.
                os.link(draft, self._file)
            except FileExistsError:
                pass
            finally:
                draft.unlink()
        return self._file.read_bytes()


def new_secret() -> str:
    return pyotp.random_base32()


def uri_of(account: str, secret: str) -> str:
    """Write what an authenticator reads, as a QR code shows it."""
    return pyotp.TOTP(secret).provisioning_uri(name=account, issuer_name="Anjuan")


def step_of(secret: str, code: str, last_step: int) -> int | None:
    """Return the step of time whose code it is; None where it is none, or was used before."""
    if not re.fullmatch(CODE, code):
        return None
    totp, now = pyotp.TOTP(secret), int(time.time()) // STEP_S
    found = None
    # All are compared: which one fits must not show in the time it takes.
    for step in range(now - STEPS_AROUND, now + STEPS_AROUND + 1):
        fits = secrets.compare_digest(totp.generate_otp(step), code)
        if fits and step > last_step:
            found = step
    return found


def new_recovery_codes() -> list[str]:
    """Draw codes to be kept on paper, each good for one signing in."""
    return [_grouped(secrets.token_hex(RECOVERY_BYTES)) for _ in range(RECOVERY_CODES)]


def recovery_digest(code: str) -> bytes:
    return hashlib.sha256(re.sub(r"[\s-]", "", code).lower().encode()).digest()


def _grouped(text: str) -> str:
    return "-".join(text[n : n + 5] for n in range(0, len(text), 5))
