"""Answers as tables for people: a field a line, and a table for each list."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import msgspec
import psycopg
from msgspec import Struct

from api.cli.happened import full
from api.cli.language import heading, spoken
from api.cli.printing import NOTHING, say, show_fields, show_table, shown
from domain.reporting.report import Table
from projections.asking.answering import answer as answered
from projections.history.timeline import TimelineEvent
from projections.reporting.statutory import form_of

Titles = Mapping[str, str]
"""Of the columns of a form, by their codes."""
NONE: Final[Titles] = {}
PASSED_OVER: Final = frozenset(("basis", "next_cursor"))
"""What stands below the answer, not in it."""


def show_answer(answer: Any, titles: Titles = NONE) -> None:
    """Show one thing: its own fields, then each part of it by its name."""
    listed = hasattr(answer, "rows")
    fields = [one for one in _fields(answer) if not (listed and one[0] == "position")]
    own = [(name, value) for name, value in fields if not _is_part(value)]
    parts = [(name, value) for name, value in fields if _is_part(value)]
    if own:
        show_fields(own, type(answer))
    for name, value in parts:
        if own or len(parts) > 1:
            say(f"{heading(name, type(answer))}:")
        _show_part(value, titles)


def _show_part(value: Any, titles: Titles) -> None:
    if isinstance(value, Struct | Mapping):
        show_answer(value, titles)
    elif hasattr(value[0], "cells"):
        show_cells(value, titles)
    else:
        show_rows(value)


def titles_of(connection: psycopg.Connection[Any], table: Table) -> Titles:
    """The titles of a table's columns, as the version of its form has them."""
    form = answered(connection, form_of(table.template, table.cut_off))
    return {field.code: field.title for field in form.fields}


def show_cells(rows: Sequence[Any], titles: Titles) -> None:
    """Show the rows of a form, whose columns have their titles there."""
    codes = dict.fromkeys(code for row in rows for code in row.cells)
    named = {code: spoken(code, titles.get(code, code)) for code in codes}
    show_table([{named[code]: _cell(row.cells.get(code), code) for code in codes} for row in rows])


def _cell(value: Any, code: str) -> Any:
    return shown(value, code) if isinstance(value, str) else value


def show_rows(rows: Sequence[Any]) -> None:
    """Show a list, without the columns in which no row says anything."""
    found = [dict(_fields(row)) for row in rows]
    names = [
        name
        for name in dict.fromkeys(name for row in found for name in row)
        if any(shown(row.get(name)) != NOTHING for row in found)
    ]
    told = [{name: row.get(name) for name in names} for row in found]
    show_table(told, owner=type(rows[0]) if rows else None)


def _fields(value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, TimelineEvent):
        fields = iter(full(value).items())
    elif isinstance(value, Mapping):
        fields = iter(value.items())
    else:
        described = msgspec.structs.fields(type(value))
        fields = ((one.encode_name, getattr(value, one.name)) for one in described)
    return ((str(name), one) for name, one in fields if name not in PASSED_OVER)


def _is_part(value: Any) -> bool:
    """Return whether a value is shown below, by itself: rows, or what holds more than words."""
    if isinstance(value, list | tuple):
        return bool(value) and isinstance(value[0], Struct | dict)
    if isinstance(value, Struct):
        return True
    return isinstance(value, dict) and any(map(_is_part, value.values()))
