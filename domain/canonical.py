"""Canonical JSON: the bytes that digests are taken of; and JSON that says only one thing."""

from collections.abc import Callable
from json import JSONDecoder
from typing import Any, Final

from msgspec import json

canonical: Final[Callable[[Any], bytes]] = json.Encoder(order="sorted").encode
"""Of plain data as everyone can write it again: UTF-8, sorted keys, no blanks; what
`json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))` gives."""


class GivenTwice(ValueError):
    """An object has a key twice: readers differ in which value counts, so none does."""


def refuse_given_twice(text: str) -> None:
    """Look through a text that is known to be JSON.

    Raises: GivenTwice — with the key.
    """
    _looking_through.decode(text)


def _object(pairs: list[tuple[str, Any]]) -> None:
    keys = [key for key, _ in pairs]
    if len({*keys}) < len(keys):
        raise GivenTwice(next(key for key in keys if keys.count(key) > 1))


_looking_through: Final = JSONDecoder(object_pairs_hook=_object, parse_int=str, parse_float=str)
