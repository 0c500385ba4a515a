"""Texts that leave the house: C2SP signed notes, checkpoints, verifier keys and tlog proofs.

Reading and writing only; whether a signature holds is asked elsewhere. Of the standard library
only: this file goes into a bundle as it is.
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

ED25519: Final = b"\x01"
"""Signature type of C2SP signed-note."""
PUBLIC_BYTES: Final = 32
HASH_BYTES: Final = 32
NOTE_BYTES_MAX: Final = 1 << 16
NEXT_KEY: Final = "next-key "
"""Extension line of the checkpoint at which the key changes: both keys sign it, and what the old
one signs names the new one."""
PROOF: Final = "c2sp.org/tlog-proof@v1"


class NoteBroken(ValueError):
    """A text is no valid note; the message says why."""


class Signature(NamedTuple):
    name: str
    key_id: bytes
    signature: bytes


class Note(NamedTuple):
    """A signed note; `text` ends with a newline and is what the signatures sign."""

    text: str
    signatures: tuple[Signature, ...]

    def __str__(self) -> str:
        lines = (f"— {one.name} {_base64(one.key_id + one.signature)}\n" for one in self.signatures)
        return f"{self.text}\n{''.join(lines)}"


class VerifierKey(NamedTuple):
    """A public Ed25519 key under the name it signs with. As text: `name+id+key`."""

    name: str
    public: bytes

    @property
    def key_id(self) -> bytes:
        named = f"{self.name}\n".encode() + ED25519 + self.public
        return hashlib.sha256(named).digest()[:4]

    def __str__(self) -> str:
        return f"{self.name}+{self.key_id.hex()}+{_base64(ED25519 + self.public)}"


class Checkpoint(NamedTuple):
    """A log's statement of its root hash at a size."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        lines = (self.origin, str(self.size), _base64(self.root), *self.extensions)
        return "".join(f"{line}\n" for line in lines)

    @property
    def next_key(self) -> VerifierKey | None:
        """The key that signs from here on, where it changes here."""
        named = [one for one in self.extensions if one.startswith(NEXT_KEY)]
        return verifier_key(named[0].removeprefix(NEXT_KEY)) if named else None


class Proof(NamedTuple):
    """An inclusion proof: the index of the leaf, from 0, the path, and the checkpoint."""

    leaf: int
    path: tuple[bytes, ...]
    note: Note
    extra: bytes | None = None

    def __str__(self) -> str:
        extra = [] if self.extra is None else [f"extra {_base64(self.extra)}"]
        lines = [PROOF, *extra, f"index {self.leaf}", *map(_base64, self.path), ""]
        return "\n".join(lines) + f"\n{self.note}"


def note_of(text: str) -> Note:
    """Raises NoteBroken."""
    _check(len(text.encode()) <= NOTE_BYTES_MAX, "the note is too long")
    _check(re.search(r"[\x00-\x09\x0b-\x1f]", text) is None, "the note has control characters")
    body, blank, lines = text.rpartition("\n\n")
    _check(bool(blank) and lines.endswith("\n"), "the note has no signatures")
    return Note(body + "\n", tuple(map(_signature, lines.removesuffix("\n").split("\n"))))


def checkpoint_of(note: Note) -> Checkpoint:
    """Raises NoteBroken. Says nothing of who signed it."""
    lines = note.text.removesuffix("\n").split("\n")
    _check(len(lines) >= 3 and all(lines), "a checkpoint has origin, size and root")  # noqa: PLR2004
    origin, size, root, *extensions = lines
    _check(re.fullmatch(r"0|[1-9][0-9]{0,18}", size) is not None, f"{size!r} is no size")
    hashed = _bytes(root)
    _check(len(hashed) == HASH_BYTES, "the root is no hash")
    for line in extensions:
        if line.startswith(NEXT_KEY):
            verifier_key(line.removeprefix(NEXT_KEY))
    return Checkpoint(origin, int(size), hashed, tuple(extensions))


def verifier_key(text: str) -> VerifierKey:
    """Raises NoteBroken."""
    name, _, rest = text.strip().partition("+")
    key_id, _, key = rest.partition("+")
    kind, public = _bytes(key)[:1], _bytes(key)[1:]
    _check(_is_name(name), f"{name!r} is no name of a key")
    _check(kind == ED25519 and len(public) == PUBLIC_BYTES, "not an Ed25519 key")
    found = VerifierKey(name, public)
    _check(found.key_id.hex() == key_id, f"the key's id is {found.key_id.hex()}, not {key_id}")
    return found


def proof_of(text: str) -> Proof:
    """Raises NoteBroken."""
    head, blank, note = text.partition("\n\n")
    lines = head.split("\n")
    _check(bool(blank) and lines.pop(0) == PROOF, f"the first line is not {PROOF}")
    extra = _bytes(lines.pop(0)[6:]) if lines and lines[0].startswith("extra ") else None
    index = re.fullmatch(r"index (0|[1-9][0-9]{0,18})", lines.pop(0) if lines else "")
    _check(index is not None, "the proof has no index")
    assert index is not None
    path = tuple(map(_bytes, lines))
    _check(all(len(one) == HASH_BYTES for one in path), "the path is not of hashes")
    return Proof(int(index[1]), path, note_of(note), extra)


def consistency_text(old: int, path: Iterable[bytes], note: Note) -> str:
    """Write the proof that the tree of `old` leaves begins the checkpoint's (C2SP tlog-witness)."""
    return "\n".join([f"old {old}", *map(_base64, path), ""]) + f"\n{note}"


def key_lines(keys: Sequence[VerifierKey]) -> str:
    """A file of verifier keys, oldest first."""
    return "".join(f"{key}\n" for key in keys)


def keys_of(text: str) -> tuple[VerifierKey, ...]:
    """The other way. Raises NoteBroken."""
    return tuple(verifier_key(line) for line in text.splitlines() if line.strip())


def _signature(line: str) -> Signature:
    mark, _, rest = line.partition(" ")
    name, _, encoded = rest.partition(" ")
    _check(mark == "—" and _is_name(name), f"{line!r} is no signature line")
    signed = _bytes(encoded)
    _check(len(signed) > 4, f"the signature of {name} is too short")  # noqa: PLR2004
    return Signature(name, signed[:4], signed[4:])


def _is_name(name: str) -> bool:
    return bool(name) and "+" not in name and not any(letter.isspace() for letter in name)


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise NoteBroken(f"{text!r} is not base64") from error


def _check(holds: bool, otherwise: str) -> None:  # noqa: FBT001
    if not holds:
        raise NoteBroken(otherwise)
