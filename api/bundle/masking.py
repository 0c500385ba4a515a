"""Stored states without what names or describes a person.

What is masked is what the domain marks as `Personal`, and a number to call; empty text stays empty
and what was left out stays out, so that whatever only asks whether something is there goes on as
before. Codes of advisers and accounts are not masked: they are what is accounted for.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any

import msgspec
from msgspec import inspect

from domain.aggregates import EVENTS_BY_TOPIC, kind_of
from domain.reporting import report
from domain.scoring.case_file import MASK

Mask = Callable[[Any], Any]


class Masker:
    """Masks personal data in stored states.

    `forms` holds the published forms as plain data. A filled-in value stays if a form has its field
    and no form calls it personal.
    `point` is the point of the bundle; in a table about persons, values of other points are masked,
    except figures and yes or no.
    """

    def __init__(self, forms: Iterable[Mapping[str, Any]], point: str | None = None) -> None:
        known = list(forms)
        fields = [field for form in known for field in form["fields"]]
        personal = {field["code"] for field in fields if field.get("personal")}
        self._plain = {field["code"] for field in fields} - personal
        self._point = point
        self._telling = {
            f"{form['code']}@{form['version']}"
            for form in known
            if any(field.get("personal") for field in form["fields"])
        }
        self._structs: dict[type, Mask | None] = {}
        self._of = lru_cache(maxsize=None)(self._of_topic)

    def masked(self, topic: str, state: bytes) -> bytes | None:
        """Mask a state; None when nothing in it needs masking.

        Raises: KeyError — when this program has no such event.
        """
        if self._of(topic) is None:
            return None
        stored = msgspec.json.decode(state)
        data = self.hidden(topic, stored["data"])
        return None if data is None else msgspec.json.encode({**stored, "data": data})

    def hidden(self, topic: str, data: Mapping[str, Any]) -> Any:
        """The data of an event, masked. None and KeyError as of `masked`."""
        mask = self._of(topic)
        if mask is None:
            return None
        shown = mask(data)
        if kind_of(topic) == report.KIND and self._point is not None:
            shown = self._own_rows(shown)
        return None if shown == data else shown

    def _own_rows(self, data: Any) -> Any:
        """The table without what its rows say of other points."""
        if data["table"]["template"] not in self._telling:
            return data
        rows = [
            row if row["cells"].get("point") == self._point else _hidden_row(row)
            for row in data["table"]["rows"]
        ]
        return {**data, "table": {**data["table"], "rows": rows}}

    def _of_topic(self, topic: str) -> Mask | None:
        return self._mask(inspect.type_info(EVENTS_BY_TOPIC[topic]))

    def _mask(self, kind: inspect.Type) -> Mask | None:
        """Build the mask of a type; None when its values stay."""
        found: Mask | None = None
        if isinstance(kind, inspect.Metadata):
            personal = (kind.extra or {}).get("personal")
            found = _hidden if personal else self._mask(kind.type)
        elif isinstance(kind, inspect.UnionType):
            found = _each([mask for one in kind.types if (mask := self._mask(one))])
        elif isinstance(kind, inspect.StructType):
            found = self._of_struct(kind)
        elif isinstance(kind, inspect.DictType):
            mask = self._mask(kind.value_type)
            found = self._filled_in(mask) if mask else None
        elif isinstance(kind, inspect.TupleType):
            found = _parts([self._mask(one) for one in kind.item_types])
        elif isinstance(kind, inspect.CollectionType):
            mask = self._mask(kind.item_type)
            found = _all(mask) if mask else None
        return found

    def _of_struct(self, kind: inspect.StructType) -> Mask | None:
        """A type may hold itself: then its mask is looked up when it is used."""
        if kind.cls in self._structs:
            return lambda value: self._again(kind.cls, value)
        self._structs[kind.cls] = None
        fields = {one.encode_name: self._mask(one.type) for one in kind.fields}
        mask = _struct({name: mask for name, mask in fields.items() if mask})
        self._structs[kind.cls] = mask
        return mask

    def _again(self, cls: type, value: Any) -> Any:
        mask = self._structs[cls]
        return mask(value) if mask else value

    def _filled_in(self, mask: Mask) -> Mask:
        plain = self._plain
        return lambda values: (
            {code: one if code in plain else mask(one) for code, one in values.items()}
            if isinstance(values, dict)
            else values
        )


def _hidden(value: Any) -> Any:
    return MASK if value and isinstance(value, str) else value


def _hidden_row(row: Any) -> Any:
    cells = {code: _hidden(value) for code, value in row["cells"].items()}
    return {**row, "cells": cells, **({"note": MASK} if "note" in row else {})}


def _struct(masks: Mapping[str, Mask]) -> Mask | None:
    if not masks:
        return None
    return lambda value: (
        {name: masks[name](one) if name in masks else one for name, one in value.items()}
        if isinstance(value, dict)
        else value
    )


def _each(masks: list[Mask]) -> Mask | None:
    """Chain masks; each leaves values of other types as they are."""
    if not masks:
        return None

    def hide(value: Any) -> Any:
        for mask in masks:
            value = mask(value)
        return value

    return hide


def _all(mask: Mask) -> Mask:
    return lambda value: [mask(one) for one in value] if isinstance(value, list) else value


def _parts(masks: list[Mask | None]) -> Mask | None:
    if not any(masks):
        return None
    return lambda value: (
        [mask(one) if mask else one for mask, one in zip(masks, value, strict=True)]
        if isinstance(value, list)
        else value
    )
