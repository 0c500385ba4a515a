"""The sealing key: an Ed25519 key in a file of the operator's, never in the database.

Beside `seal.key` (PEM, 0600) stand what this machine remembers of its own signing, which nobody can
change by way of the database: `seal.vkeys`, the public keys, oldest first, and `seal.checkpoint`,
the last checkpoint that was signed. `seal.next` is there only while the key is being changed.
"""

import os
from contextlib import suppress
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from msgspec import Struct

from ledger.tree.notes import Note, Signature, VerifierKey, key_lines, keys_of, note_of

NAME: Final = "seal.key"


class SealRefused(Exception):
    """No signature was made; the text says why."""


class SealKey(Struct, frozen=True):
    """A private key under the name of its log."""

    private: Ed25519PrivateKey
    verifier: VerifierKey

    def sign(self, text: str) -> Signature:
        verifier = self.verifier
        return Signature(verifier.name, verifier.key_id, self.private.sign(text.encode()))


class KeyFiles(Struct, frozen=True):
    """Paths of the key and the files beside it."""

    key: Path

    @property
    def next(self) -> Path:
        return self.key.with_suffix(".next")

    @property
    def history(self) -> Path:
        return self.key.with_suffix(".vkeys")

    @property
    def last(self) -> Path:
        return self.key.with_suffix(".checkpoint")

    def retired(self, key: VerifierKey) -> Path:
        return self.key.with_suffix(f".{key.key_id.hex()}.retired")


def key_files(home: Path, given: Path | None = None) -> KeyFiles:
    return KeyFiles((given or home / "keys" / NAME).expanduser())


def create(path: Path, name: str) -> SealKey:
    """A new key in a new file. Raises SealRefused where there is one already."""
    private = Ed25519PrivateKey.generate()
    pem = private.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise SealRefused(f"{path} is there already") from error
    with os.fdopen(file, "wb") as opened:
        opened.write(pem)
        opened.flush()
        os.fsync(file)
    return _named(private, name)


def load(path: Path, name: str) -> SealKey | None:
    """Load the key; None when there is no such file.

    Raises: SealRefused — when the file holds no Ed25519 key.
    """
    try:
        private = serialization.load_pem_private_key(path.read_bytes(), None)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError) as error:
        raise SealRefused(f"{path} cannot be read as a key: {error}") from error
    if not isinstance(private, Ed25519PrivateKey):
        raise SealRefused(f"{path} holds another kind of key than Ed25519")
    return _named(private, name)


def current(files: KeyFiles, name: str, known: tuple[VerifierKey, ...]) -> SealKey:
    """The key that signs now; `known` are the keys of the log so far, oldest first. Of a log that
    has none it is made, unless the operator has put one there. Raises SealRefused."""
    if not known:
        return load(files.key, name) or create(files.key, name)
    for path in (files.key, files.next):
        key = load(path, name)
        if key is not None and key.verifier == known[-1]:
            if path == files.next:
                promote(files, known[-2:][0])
            return key
    raise SealRefused(
        f"the log is sealed with the key {known[-1]}, which is not in {files.key}: put it back"
    )


def promote(files: KeyFiles, old: VerifierKey) -> None:
    """The next key becomes the key; the old one is kept, for whoever wants to lock it away."""
    if files.key.exists():
        files.key.replace(files.retired(old))
    files.next.replace(files.key)


def remember(files: KeyFiles, keys: tuple[VerifierKey, ...], last: str) -> None:
    """Store the signed checkpoint for the next signature and for verifiers on this machine."""
    write(files.history, key_lines(keys).encode())
    write(files.last, last.encode())


def remembered_keys(files: KeyFiles) -> tuple[VerifierKey, ...]:
    return keys_of(files.history.read_text()) if files.history.exists() else ()


def remembered_note(files: KeyFiles) -> Note | None:
    return note_of(files.last.read_text()) if files.last.exists() else None


def write(path: Path, data: bytes, *, durable: bool = True, mode: int = 0o600) -> None:
    """All of it or nothing."""
    partial = path.with_name(f".{path.name}.partial")
    with partial.open("wb") as file:
        # Not every medium knows modes.
        with suppress(OSError):
            os.fchmod(file.fileno(), mode)
        file.write(data)
        if durable:
            file.flush()
            os.fsync(file.fileno())
    partial.replace(path)


def _named(private: Ed25519PrivateKey, name: str) -> SealKey:
    return SealKey(private, VerifierKey(name, private.public_key().public_bytes_raw()))
