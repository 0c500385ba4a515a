"""The tree of RFC 6962: the published vectors, an oracle, and its layout in tiles."""

import random
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

import pymerkle
import pytest
from cryptography.hazmat.primitives import hashes as crypto
from hypothesis import given
from hypothesis import strategies as st

from ledger.tree.merkle import (
    ProofBroken,
    Subtree,
    consistency_path,
    inclusion_path,
    leaf_hash,
    node_hash,
    proves_consistency,
    proves_inclusion,
    range_hash,
    root,
    root_from_inclusion,
)
from ledger.tree.suite import SuiteUnknown, hash_of, sm3
from ledger.tree.tiles import Edge, Tile, subtrees, tile_at, tiles_of

PUBLISHED: Final = (
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657",
    "606162636465666768696a6b6c6d6e6f",
)  # fmt: skip
"""The leaves of Certificate Transparency's own tests; below, the roots of the first 1 to 8, and
paths in the tree of all."""
ROOTS: Final = (
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)
EMPTY: Final = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
INCLUSION: Final = {
    0: (
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ),
    5: (
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ),
}
CONSISTENCY: Final = {
    (1, 1): (),
    (1, 8): INCLUSION[0],
    (6, 8): ("0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a", *INCLUSION[5][1:]),
    (2, 5): (INCLUSION[0][1], INCLUSION[5][0]),
}
LEAVES: Final = [leaf_hash(bytes.fromhex(one)) for one in PUBLISHED]


def tree(leaves: Sequence[bytes]) -> Subtree:
    return lambda height, number: root(leaves[number << height : (number + 1) << height])


def hexed(path: Sequence[bytes]) -> tuple[str, ...]:
    return tuple(one.hex() for one in path)


def leaves_of(count: int) -> list[bytes]:
    return [leaf_hash(number.to_bytes(4, "big")) for number in range(count)]


# --- what others have published, and compute


def test_the_published_leaves_give_the_published_roots() -> None:
    assert root([]).hex() == EMPTY
    for size, expected in enumerate(ROOTS, 1):
        assert root(LEAVES[:size]).hex() == expected
        assert range_hash(0, size, tree(LEAVES)).hex() == expected


def test_the_published_paths_are_ours_and_prove() -> None:
    for index, expected in INCLUSION.items():
        path = inclusion_path(index, 8, tree(LEAVES))
        assert hexed(path) == expected
        assert proves_inclusion(LEAVES[index], index, 8, path, root(LEAVES))
    for (first, second), between in CONSISTENCY.items():
        path = consistency_path(first, second, tree(LEAVES))
        assert hexed(path) == between
        roots = root(LEAVES[:first]), root(LEAVES[:second])
        assert proves_consistency(first, second, *roots, path)


def test_roots_and_paths_are_those_of_an_independent_implementation() -> None:
    oracle = pymerkle.InmemoryTree(algorithm="sha256")
    for number in range(70):
        oracle.append_entry(number.to_bytes(4, "big"))
    leaves = leaves_of(70)
    for size in range(1, 71):
        assert oracle.get_root(size) == root(leaves[:size])
        for index in range(size):
            theirs = oracle.prove_inclusion(index + 1, size).serialize()["path"]
            ours = hexed(inclusion_path(index, size, tree(leaves)))
            assert sorted(theirs) == sorted([*ours, leaves[index].hex()])
        for first in range(1, size):
            # Their paths have another form; what they prove must be the same.
            theirs = oracle.prove_consistency(first, size)
            roots = root(leaves[:first]), root(leaves[:size])
            pymerkle.verify_consistency(*roots, theirs)
            assert proves_consistency(
                first, size, *roots, consistency_path(first, size, tree(leaves))
            )


# --- proofs prove, and nothing else does


@given(st.integers(1, 300), st.data())
def test_an_inclusion_path_leads_to_the_root_and_no_other_does(
    size: int, data: st.DataObject
) -> None:
    leaves = leaves_of(size)
    index = data.draw(st.integers(0, size - 1))
    path = inclusion_path(index, size, tree(leaves))
    top = root(leaves)
    assert proves_inclusion(leaves[index], index, size, path, top)
    assert not proves_inclusion(leaf_hash(b"another"), index, size, path, top)
    assert not proves_inclusion(leaves[index], index, size, (*path, top), top)
    assert not proves_inclusion(leaves[index], index, size + size, path, top)
    other = data.draw(st.integers(0, size - 1))
    assert proves_inclusion(leaves[index], other, size, path, top) == (other == index)


@given(st.integers(0, 300), st.data())
def test_a_consistency_path_proves_growth_and_nothing_else(
    second: int, data: st.DataObject
) -> None:
    leaves = leaves_of(second)
    first = data.draw(st.integers(0, second))
    path = consistency_path(first, second, tree(leaves))
    old, new = root(leaves[:first]), root(leaves)
    assert proves_consistency(first, second, old, new, path)
    changed = [*leaves[: first // 2], leaf_hash(b"another"), *leaves[first // 2 + 1 : first]]
    if first:
        assert not proves_consistency(first, second, root(changed), new, path)
    assert not proves_consistency(first, second, old, new, (*path, new))
    assert not proves_consistency(second + 1, second, old, new, path)
    if path:
        assert not proves_consistency(first, second, old, new, path[1:])


@pytest.mark.parametrize(("index", "size"), [(0, 0), (8, 8), (-1, 8)])
def test_there_is_no_path_for_a_leaf_that_is_not_there(index: int, size: int) -> None:
    with pytest.raises(ProofBroken):
        inclusion_path(index, size, tree(LEAVES))
    with pytest.raises(ProofBroken):
        root_from_inclusion(LEAVES[0], index, size, [])


def test_leaves_and_nodes_are_hashed_apart() -> None:
    left, right = LEAVES[:2]
    assert leaf_hash(left + right) != node_hash(left, right)


# --- SM3


def test_sm3_gives_what_the_standard_publishes() -> None:
    assert sm3(b"abc").hex() == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    assert (
        sm3(b"abcd" * 16).hex()
        == "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"
    )


@given(st.binary(max_size=300))
def test_our_own_sm3_is_that_of_the_library(data: bytes) -> None:
    theirs = crypto.Hash(crypto.SM3())
    theirs.update(data)
    assert sm3(data) == theirs.finalize() == hash_of("sm3")(data)


def test_a_tree_may_be_hashed_with_sm3_and_is_another_then() -> None:
    other = hash_of("sm3")
    leaves = [leaf_hash(bytes.fromhex(one), other) for one in PUBLISHED]
    path = tuple(
        range_hash(*one, lambda h, n: root(leaves[n << h : (n + 1) << h], other), other)
        for one in ((3, 4), (0, 2), (4, 8))
    )
    assert proves_inclusion(leaves[2], 2, 8, path, root(leaves, other), other)
    assert not proves_inclusion(leaves[2], 2, 8, path, root(leaves, other))
    with pytest.raises(SuiteUnknown, match="md5"):
        hash_of("md5")


# --- tiles


@pytest.mark.parametrize(
    ("tile", "path"),
    [
        (Tile(0, 0), "0/000"),
        (Tile(0, 1234067), "0/x001/x234/067"),
        (Tile(3, 1000, 17), "3/x001/000.p/17"),
        (Tile(-1, 999, 255), "entries/999.p/255"),
    ],
)
def test_a_tile_has_the_path_that_the_specification_gives_it(tile: Tile, path: str) -> None:
    assert tile.path == path
    assert tile_at(path) == tile


@pytest.mark.parametrize(
    "path",
    ["", "0", "64/000", "00/000", "0/00", "0/0000", "0/x000/001", "0/x001", "0/000.p/0",
     "0/000.p/256", "0/000.p/05", "0/000/", "../000", "0/000.p/1/2", "x/000", "0/٠٠٠"],
)  # fmt: skip
def test_no_other_path_is_of_a_tile(path: str) -> None:
    assert tile_at(path) is None


def test_a_tree_of_seventy_thousand_has_the_tiles_of_the_specifications_example() -> None:
    tiles = list(tiles_of(70_000))
    by_level = {level: [one for one in tiles if one.level == level] for level in (0, 1, 2)}
    assert [len(one) for one in by_level.values()] == [274, 2, 1]
    assert [one[-1].width for one in by_level.values()] == [112, 17, 1]
    assert [one.width for one in tiles_of(256)] == [256, 1]


def test_tiles_that_grow_step_by_step_are_the_tree_whatever_the_steps() -> None:
    draw = random.Random(4)
    leaves = leaves_of(70_000)
    cuts = sorted({0, 70_000, *(draw.randrange(70_000) for _ in range(40)), 256, 65_536})
    stored: dict[tuple[int, int], bytes] = {}

    def partial(tile: Tile) -> bytes:
        return stored[tile.level, tile.number][: tile.width * 32]

    edge = Edge(0, partial, hash_of("sha256"))
    for before, size in pairwise(cuts):
        written = edge.extend(leaves[before:size])
        assert set(written) == {(one.level, one.number) for one in tiles_of(size, before)}
        for which, hashes in written.items():
            earlier = stored.get(which, b"")
            assert hashes.startswith(earlier)
            assert len(hashes) > len(earlier)
        stored.update(written)
        edge = Edge(size, partial, hash_of("sha256"))
        assert edge.root() == root(leaves[:size])
    subtree = subtrees(lambda level, number: stored[level, number], hash_of("sha256"))
    for index in (0, 255, 256, 65_535, 65_536, 69_999):
        path = inclusion_path(index, 70_000, subtree)
        assert proves_inclusion(leaves[index], index, 70_000, path, root(leaves))
    with pytest.raises(KeyError):
        subtree(0, 70_000)
