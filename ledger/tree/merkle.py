"""The Merkle tree of RFC 6962: hashes, roots, and proofs of inclusion and consistency.

Pure, and of the standard library only: this file goes into a bundle as it is. Leaves are given as
their hashes; the hash function is a parameter, SHA-256 unless a log's suite says otherwise.
"""

import hashlib
from collections.abc import Callable, Sequence

Hash = Callable[[bytes], bytes]
Subtree = Callable[[int, int], bytes]
"""(height, number) → hash of the leaves [number * 2**height, (number + 1) * 2**height)."""


class ProofBroken(ValueError):
    """The path does not have the form that the index and the size ask for."""


def sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def leaf_hash(entry: bytes, hash_: Hash = sha256) -> bytes:
    return hash_(b"\x00" + entry)


def node_hash(left: bytes, right: bytes, hash_: Hash = sha256) -> bytes:
    return hash_(b"\x01" + left + right)


def paired(hashes: Sequence[bytes], hash_: Hash = sha256) -> list[bytes]:
    """The level above: neighbours hashed together, an odd last one as it is."""
    above = [
        hash_(b"\x01" + left + right)
        for left, right in zip(hashes[::2], hashes[1::2], strict=False)
    ]
    return [*above, hashes[-1]] if len(hashes) % 2 else above


def root(leaves: Sequence[bytes], hash_: Hash = sha256) -> bytes:
    """The root over leaf hashes; of nothing, the hash of nothing."""
    level = leaves
    while len(level) > 1:
        level = paired(level, hash_)
    return level[0] if level else hash_(b"")


def peaks(start: int, end: int) -> list[tuple[int, int]]:
    """The perfect subtrees, as (height, number), that make up a range of RFC 6962, left to right.

    Every such range begins at a multiple of a power of two that is not smaller than its length.
    """
    found = []
    while start < end:
        height = (end - start).bit_length() - 1
        found.append((height, start >> height))
        start += 1 << height
    return found


def folded(hashes: Sequence[bytes], hash_: Hash = sha256) -> bytes:
    """Hash the peaks of a range, given from left to right, into one."""
    if not hashes:
        return hash_(b"")
    *others, result = hashes
    for left in reversed(others):
        result = hash_(b"\x01" + left + result)
    return result


def range_hash(start: int, end: int, subtree: Subtree, hash_: Hash = sha256) -> bytes:
    return folded([subtree(height, number) for height, number in peaks(start, end)], hash_)


# --- proofs: which ranges they are made of, and what they prove


def inclusion_ranges(index: int, size: int) -> list[tuple[int, int]]:
    """The ranges whose hashes are the inclusion path of a leaf, from the leaf up."""
    _check(0 <= index < size, f"there is no leaf {index} in a tree of {size}")
    low, high, ranges = 0, size, []
    while high - low > 1:
        middle = low + _split(high - low)
        if index < middle:
            ranges.append((middle, high))
            high = middle
        else:
            ranges.append((low, middle))
            low = middle
    return ranges[::-1]


def consistency_ranges(first: int, second: int) -> list[tuple[int, int]]:
    """The ranges whose hashes prove that the tree of `first` leaves begins that of `second`."""
    _check(0 <= first <= second, f"a tree of {second} does not extend one of {first}")
    if first in {0, second}:
        return []
    low, high, ranges = 0, second, []
    while high != first:
        middle = low + _split(high - low)
        if first <= middle:
            ranges.append((middle, high))
            high = middle
        else:
            ranges.append((low, middle))
            low = middle
    if low:
        ranges.append((low, high))
    return ranges[::-1]


def inclusion_path(
    index: int, size: int, subtree: Subtree, hash_: Hash = sha256
) -> tuple[bytes, ...]:
    return tuple(range_hash(*one, subtree, hash_) for one in inclusion_ranges(index, size))


def consistency_path(
    first: int, second: int, subtree: Subtree, hash_: Hash = sha256
) -> tuple[bytes, ...]:
    return tuple(range_hash(*one, subtree, hash_) for one in consistency_ranges(first, second))


def root_from_inclusion(
    leaf: bytes, index: int, size: int, path: Sequence[bytes], hash_: Hash = sha256
) -> bytes:
    """The root of a tree of `size` that has this leaf hash at `index`. Raises ProofBroken."""
    ranges = inclusion_ranges(index, size)
    _check(len(path) == len(ranges), f"a path of {len(ranges)} hashes was expected")
    result = leaf
    for (start, _), sibling in zip(ranges, path, strict=True):
        left, right = (sibling, result) if start < index else (result, sibling)
        result = node_hash(left, right, hash_)
    return result


def proves_inclusion(
    leaf: bytes,
    index: int,
    size: int,
    path: Sequence[bytes],
    root_: bytes,
    hash_: Hash = sha256,
) -> bool:
    try:
        return root_from_inclusion(leaf, index, size, path, hash_) == root_
    except ProofBroken:
        return False


def proves_consistency(
    first: int,
    second: int,
    first_root: bytes,
    second_root: bytes,
    path: Sequence[bytes],
    hash_: Hash = sha256,
) -> bool:
    """Return whether the path proves that the second tree extends the first (RFC 9162, 2.1.4.2)."""
    if not 0 <= first <= second:
        return False
    if first in {0, second}:
        same = hash_(b"") if first == 0 else second_root
        return not path and first_root == same
    ranges = consistency_ranges(first, second)
    # The path leaves out the old tree where it is one perfect subtree of the new one.
    hashes = list(path)
    if first & (first - 1) == 0:
        ranges, hashes = [(0, first), *ranges], [first_root, *hashes]
    if len(hashes) != len(ranges):
        return False
    old = new = hashes[0]
    for (start, _), sibling in zip(ranges[1:], hashes[1:], strict=True):
        if start < first:
            old = node_hash(sibling, old, hash_)
            new = node_hash(sibling, new, hash_)
        else:
            new = node_hash(new, sibling, hash_)
    return (old, new) == (first_root, second_root)


def _split(size: int) -> int:
    """The largest power of two that is smaller."""
    return 1 << (size - 1).bit_length() - 1


def _check(holds: bool, otherwise: str) -> None:  # noqa: FBT001
    if not holds:
        raise ProofBroken(otherwise)
