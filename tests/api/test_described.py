"""Every struct in a type, however deep, once."""

from typing import Annotated

from msgspec import Meta, Struct

from api.described import structs_in


class Leaf(Struct):
    code: Annotated[str, Meta(min_length=1)]


class Branch(Struct):
    leaves: tuple[Leaf, ...]
    by_name: dict[str, Leaf | None]
    below: list["Branch"]
    pair: tuple[int, "Twig"]


class Twig(Struct):
    several: frozenset[int]


def test_a_struct_is_found_however_deep_and_once() -> None:
    found = list(structs_in((list[Branch | None], Leaf)))
    assert [cls for cls, _ in found] == [Branch, Leaf, Twig]
    assert [[one.name for one in fields] for _, fields in found] == [
        ["leaves", "by_name", "below", "pair"], ["code"], ["several"],
    ]  # fmt: skip


def test_what_is_made_of_no_struct_has_none() -> None:
    assert list(structs_in((int, dict[str, list[int]]))) == []
