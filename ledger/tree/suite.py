"""The hash functions a log may be sealed with: SHA-256, or SM3 (GB/T 32905-2016).

The standard library is enough: this file goes into a bundle as it is. SM3 is computed by
`cryptography` where it is installed, and slowly by ourselves where not; the interpreter's own
library has it or has it not, depending on how it was built.
"""

import struct
from collections.abc import Callable
from functools import lru_cache
from typing import Any, Final, Literal, get_args

from ledger.tree.merkle import Hash, sha256

Suite = Literal["sha256", "sm3"]
SUITES: Final = get_args(Suite)

WORD: Final = 0xFFFFFFFF
EARLY: Final = 16
"""Rounds that mix in another way than the later ones."""
FIRST: Final[tuple[int, ...]] = (
    0x7380166F, 0x4914B2B9, 0x172442D7, 0xDA8A0600, 0xA96F30BC, 0x163138AA, 0xE38DEE4D, 0xB0FB0E4E,
)  # fmt: skip


class SuiteUnknown(ValueError):
    """The hash function is not available here."""


@lru_cache(maxsize=2)
def hash_of(suite: str) -> Hash:
    """The suite's function from bytes to 32 bytes."""
    if suite == "sha256":
        return sha256
    if suite != "sm3":
        raise SuiteUnknown(f"{suite!r} is none of {', '.join(SUITES)}")
    try:
        from cryptography.hazmat.primitives import hashes  # noqa: PLC0415
    except ImportError:
        return sm3
    return _by(hashes.Hash, hashes.SM3())


def _by(hashing: Callable[[Any], Any], algorithm: Any) -> Hash:
    def hashed(data: bytes) -> bytes:
        running = hashing(algorithm)
        running.update(data)
        result: bytes = running.finalize()
        return result

    return hashed


def sm3(data: bytes) -> bytes:
    """SM3 in plain Python: some thousand short hashes a second."""
    padded = data + b"\x80" + bytes((55 - len(data)) % 64) + struct.pack(">Q", len(data) * 8)
    state = FIRST
    for at in range(0, len(padded), 64):
        state = _compressed(state, struct.unpack(">16I", padded[at : at + 64]))
    return struct.pack(">8I", *state)


def _compressed(state: tuple[int, ...], block: tuple[int, ...]) -> tuple[int, ...]:
    words = list(block)
    for j in range(16, 68):
        mixed = words[j - 16] ^ words[j - 9] ^ _turned(words[j - 3], 15)
        mixed ^= _turned(mixed, 15) ^ _turned(mixed, 23)
        words.append(mixed ^ _turned(words[j - 13], 7) ^ words[j - 6])
    a, b, c, d, e, f, g, h = state
    for j in range(64):
        constant = _turned(0x79CC4519 if j < EARLY else 0x7A879D8A, j % 32)
        one = _turned((_turned(a, 12) + e + constant) & WORD, 7)
        two = one ^ _turned(a, 12)
        if j < EARLY:
            left, right = a ^ b ^ c, e ^ f ^ g
        else:
            left, right = a & b | a & c | b & c, e & f | ~e & WORD & g
        left = (left + d + two + (words[j] ^ words[j + 4])) & WORD
        right = (right + h + one + words[j]) & WORD
        a, b, c, d = left, a, _turned(b, 9), c
        e, f, g, h = right ^ _turned(right, 9) ^ _turned(right, 17), e, _turned(f, 19), g
    return tuple(old ^ new for old, new in zip(state, (a, b, c, d, e, f, g, h), strict=True))


def _turned(word: int, bits: int) -> int:
    return (word << bits | word >> (32 - bits)) & WORD
