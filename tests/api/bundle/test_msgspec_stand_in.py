"""What a bundle runs instead of msgspec has all that the shipped files ask of it, and means it."""

import ast
from types import ModuleType
from typing import Any

import msgspec
import pytest

from api.bundle import msgspec_stand_in as stand_in
from api.bundle.making import CODE, ROOT, modules

VALUE = {"乙": [1, None, True], "甲": {"b": '\\"\n', "a": -1}}


def asked_of_msgspec() -> set[str]:
    """Names that the shipped files import: `Struct`, `structs.replace`."""
    names = set()
    for file in modules(CODE):
        for node in ast.walk(ast.parse((ROOT / file).read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("msgspec"):
                inner = (node.module or "").removeprefix("msgspec").removeprefix(".")
                names |= {f"{inner}.{one.name}".strip(".") for one in node.names}
    return names


def test_every_name_that_shipped_files_import_is_there() -> None:
    asked = asked_of_msgspec()
    assert {"Struct", "Meta"} <= asked
    for name in asked:
        found: Any = stand_in
        for part in name.split("."):
            found = getattr(found, part)


@pytest.mark.parametrize("library", [msgspec, stand_in])
def test_a_struct_is_frozen_compared_by_value_and_replaced_in_part(library: ModuleType) -> None:
    base: Any = library.Struct

    class Made(base, frozen=True, kw_only=True):  # type: ignore[misc, call-arg]
        code: str
        days: dict[str, int] = {}  # noqa: RUF012

    one = Made(code="a")
    assert one == Made(code="a", days={})
    assert library.structs.replace(one, code="b") == Made(code="b")
    with pytest.raises(AttributeError):
        one.code = "c"
    one.days["2026-03-02"] = 1
    assert Made(code="a").days == {}


def test_canonical_bytes_are_those_of_msgspec() -> None:
    theirs = msgspec.json.Encoder(order="sorted").encode(VALUE)
    assert stand_in.json.Encoder(order="sorted").encode(VALUE) == theirs
