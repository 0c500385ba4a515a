"""Answers as tables for people: a field a line, and a table for each list."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import msgspec
from msgspec import Struct

from api.cli.language import heading
from api.cli.printing import NOTHING, say, show_table, shown

PASSED_OVER: Final = frozenset(("basis", "next_cursor"))
"""What stands below the answer, not in it."""


def show_answer(answer: Any) -> None:
    """Show one thing: its own fields, then each part of it by its name."""
    fields = list(_fields(answer))
    own = [(name, value) for name, value in fields if not _is_part(value)]
    parts = [(name, value) for name, value in fields if _is_part(value)]
    words = heading("field"), heading("value")
    if own:
        kind = type(answer).__name__
        show_table([{words[0]: heading(name, kind), words[1]: value} for name, value in own])
    for name, value in parts:
        if own or len(parts) > 1:
            say(f"{heading(name, type(answer).__name__)}:")
        _show_part(value)


def _show_part(value: Any) -> None:
    if isinstance(value, Struct | Mapping):
        show_answer(value)
    else:
        show_rows(value)


def show_rows(rows: Sequence[Any]) -> None:
    """Show a list, without the columns in which no row says anything."""
    found = [dict(_fields(row)) for row in rows]
    kind = type(rows[0]).__name__ if rows else ""
    names = [
        name
        for name in dict.fromkeys(name for row in found for name in row)
        if any(shown(row.get(name)) != NOTHING for row in found)
    ]
    show_table([{heading(name, kind): row.get(name) for name in names} for row in found])


def _fields(value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, Mapping):
        fields = iter(value.items())
    else:
        described = msgspec.structs.fields(type(value))
        fields = ((one.encode_name, getattr(value, one.name)) for one in described)
    return ((str(name), one) for name, one in fields if name not in PASSED_OVER)


def _is_part(value: Any) -> bool:
    """Whether a value is shown below, by itself: a list of rows, or what holds more than words."""
    if isinstance(value, list | tuple):
        return bool(value) and isinstance(value[0], Struct | dict)
    if isinstance(value, Struct):
        return True
    return isinstance(value, dict) and any(map(_is_part, value.values()))
