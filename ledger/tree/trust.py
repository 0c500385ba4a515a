"""Trusted keys of a log, each with the sizes it may sign, and the verification of notes.

The standard library is enough: this file goes into a bundle as it is. Ed25519 is checked by
`cryptography` where it is installed, else by the program `openssl`.
"""

import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from ledger.tree.notes import Checkpoint, Note, NoteBroken, VerifierKey, checkpoint_of

DER: Final = bytes.fromhex("302a300506032b6570032100")
"""What stands before the 32 bytes of an Ed25519 key in a SubjectPublicKeyInfo."""


class NotTrusted(ValueError):
    """No key that counts has signed this."""


class SignedByAnother(NotTrusted):
    """Signed, but by a key that is not the log's, or is so no longer."""


class SignatureBroken(NotTrusted):
    """A key of the log is named, but its signature is not of this text."""


class NoMeans(RuntimeError):
    """Signatures cannot be checked: neither `cryptography` nor `openssl` is installed."""


class KeySpan(NamedTuple):
    """A key, and the sizes of checkpoints it may sign; no last one while it is in use."""

    key: VerifierKey
    first: int = 0
    last: int | None = None


def signed_by(key: VerifierKey, note: Note) -> bool | None:
    """Return whether the key's signature is valid; None when the note has no signature by it.

    Raises: NoMeans — when nothing here can check a signature.
    """
    signatures = [
        one.signature for one in note.signatures if (one.name, one.key_id) == (key.name, key.key_id)
    ]
    if not signatures:
        return None
    return all(_holds(key.public, note.text.encode(), one) for one in signatures)


def key_spans(anchors: Sequence[VerifierKey], notes: Iterable[Note]) -> tuple[KeySpan, ...]:
    """The keys that count, from those known beforehand: among `notes`, a checkpoint that names a
    next key and is signed by both it and a key that counts then hands the log over to it."""
    spans = {key: KeySpan(key) for key in anchors}
    changes = [(checkpoint_of(note), note) for note in notes]
    for checkpoint, note in sorted(changes, key=lambda change: change[0].size):
        new = checkpoint.next_key
        if new is None or not signed_by(new, note):
            continue
        for old in list(spans.values()):
            if old.key != new and _spans(old, checkpoint.size) and signed_by(old.key, note):
                spans[old.key] = old._replace(last=checkpoint.size)
                spans[new] = KeySpan(new, checkpoint.size)
    return tuple(spans.values())


def trusted(note: Note, spans: Sequence[KeySpan]) -> Checkpoint:
    """The checkpoint, if a key that counts for its size has signed it. Raises SignatureBroken where
    a known key's signature does not hold, SignedByAnother, NoteBroken and NoMeans."""
    checkpoint = checkpoint_of(note)
    signed = {span: signed_by(span.key, note) for span in spans}
    if False in signed.values():
        raise SignatureBroken("the signature of the log's own key does not fit the text")
    for span, holds in signed.items():
        if holds and _spans(span, checkpoint.size):
            return checkpoint
    if any(signed.values()):
        raise SignedByAnother("signed by a key of the log that did not count at this size")
    names = ", ".join(f"{one.name}+{one.key_id.hex()}" for one in note.signatures)
    raise SignedByAnother(f"signed by {names}, which is not a key of this log")


def _spans(span: KeySpan, size: int) -> bool:
    return span.first <= size and (span.last is None or size <= span.last)


def _holds(public: bytes, message: bytes, signature: bytes) -> bool:
    """Return whether an Ed25519 signature (RFC 8032) is of this message by this key."""
    try:
        from cryptography.exceptions import InvalidSignature  # noqa: PLC0415
        from cryptography.hazmat.primitives.asymmetric import ed25519  # noqa: PLC0415
    except ImportError:
        return holds_by_openssl(public, message, signature)
    try:
        ed25519.Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except InvalidSignature:
        return False
    return True


def holds_by_openssl(public: bytes, message: bytes, signature: bytes) -> bool:
    """Check an Ed25519 signature with the program `openssl`, 3.0 or newer.

    Raises: NoMeans — when there is none.
    """
    program = shutil.which("openssl")
    if program is None:
        raise NoMeans("install the Python package cryptography, or openssl 3.0 or newer")
    with tempfile.TemporaryDirectory(prefix="anjuan-") as folder:
        key, text, signed = (Path(folder) / name for name in ("key", "text", "signature"))
        key.write_bytes(DER + public)
        text.write_bytes(message)
        signed.write_bytes(signature)
        done = subprocess.run(
            [program, "pkeyutl", "-verify", "-pubin", "-keyform", "DER", "-inkey", str(key),
             "-rawin", "-in", str(text), "-sigfile", str(signed)],
            capture_output=True, check=False,
        )  # fmt: skip
    return done.returncode == 0


__all__ = [
    "KeySpan",
    "NoMeans",
    "NotTrusted",
    "NoteBroken",
    "SignatureBroken",
    "SignedByAnother",
    "holds_by_openssl",
    "key_spans",
    "signed_by",
    "trusted",
]
