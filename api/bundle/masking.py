"""Stored states without what names or describes a person.

What is masked is what the domain marks as `Personal`, and a number to call; empty text stays empty
and what was left out stays out, so that whatever only asks whether something is there goes on as
before. Codes of advisers and accounts are not masked: they are what is accounted for.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any, Final

import msgspec
from msgspec import inspect

from domain.aggregates import EVENTS_BY_TOPIC

MASK: Final = "＊＊＊"
Mask = Callable[[Any], Any]


class Masker:
    """`forms`: those published, as plain data. What was filled in stays where a form has the field
    and no form says that it is personal."""

    def __init__(self, forms: Iterable[Mapping[str, Any]]) -> None:
        fields = [field for form in forms for field in form["fields"]]
        personal = {field["code"] for field in fields if field.get("personal")}
        self._plain = {field["code"] for field in fields} - personal
        self._of = lru_cache(maxsize=None)(self._of_topic)

    def masked(self, topic: str, state: bytes) -> bytes | None:
        """None: there is nothing to mask in it. KeyError: this program has no such event."""
        mask = self._of(topic)
        if mask is None:
            return None
        stored = msgspec.json.decode(state)
        data = mask(stored["data"])
        if data == stored["data"]:
            return None
        return msgspec.json.encode({**stored, "data": data})

    def _of_topic(self, topic: str) -> Mask | None:
        return self._mask(inspect.type_info(EVENTS_BY_TOPIC[topic]))

    def _mask(self, kind: inspect.Type) -> Mask | None:
        """What to do with a value of the type; None: leave it as it is."""
        if isinstance(kind, inspect.Metadata):
            if (kind.extra or {}).get("personal"):
                return _hidden
            return self._mask(kind.type)
        if isinstance(kind, inspect.UnionType):
            return self._one_of([mask for one in kind.types if (mask := self._mask(one))])
        if isinstance(kind, inspect.StructType):
            fields = {one.encode_name: self._mask(one.type) for one in kind.fields}
            return _struct({name: mask for name, mask in fields.items() if mask})
        if isinstance(kind, inspect.DictType):
            mask = self._mask(kind.value_type)
            return self._filled_in(mask) if mask else None
        if isinstance(kind, inspect.TupleType):
            parts = [self._mask(one) for one in kind.item_types]
            return _parts(parts) if any(parts) else None
        if isinstance(kind, inspect.CollectionType):
            mask = self._mask(kind.item_type)
            return (lambda value: [mask(one) for one in value]) if mask else None
        return None

    def _one_of(self, masks: list[Mask]) -> Mask | None:
        if not masks:
            return None

        def hide(value: Any) -> Any:
            for mask in masks:
                if mask is _hidden or not isinstance(value, str):
                    value = mask(value)
            return value

        return lambda value: value if value is None else hide(value)

    def _filled_in(self, mask: Mask) -> Mask:
        plain = self._plain
        return lambda values: {
            code: value if code in plain else mask(value) for code, value in values.items()
        }


def _hidden(value: Any) -> Any:
    return MASK if value and isinstance(value, str) else value


def _struct(masks: Mapping[str, Mask]) -> Mask | None:
    if not masks:
        return None
    return lambda value: (
        {name: masks[name](one) if name in masks else one for name, one in value.items()}
        if isinstance(value, dict)
        else value
    )


def _parts(masks: list[Mask | None]) -> Mask:
    return lambda value: [
        mask(one) if mask else one for mask, one in zip(masks, value, strict=True)
    ]
