"""Answers as tables for people: a field a line, and a table for each list."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, get_args

import msgspec
import psycopg
from msgspec import Struct

from api.cli.happened import full
from api.cli.language import heading, spoken
from api.cli.printing import NOTHING, say, show_fields, show_headings, show_table, shown
from domain.registers.form import Form
from domain.registration.queries import computed, rows_of
from domain.reporting.report import Table
from projections.asking.answering import answer as answered
from projections.history.timeline import TimelineEvent
from projections.reporting.statutory import form_of


class Titles(Struct, frozen=True):
    """Of the columns of a form, by their codes."""

    of: Mapping[str, str] = {}
    adviser: str | None = None
    """The column that has an adviser's code, where a row without one is the total of its point."""


NONE: Final = Titles()
PASSED_OVER: Final = frozenset(("basis", "next_cursor"))
"""What stands below the answer, not in it."""


def show_answer(answer: Any, titles: Titles = NONE) -> None:
    """Show one thing: its own fields, then each part of it by its name."""
    listed = hasattr(answer, "rows")
    fields = [one for one in _fields(answer) if not (listed and one[0] == "position")]
    missing = _without_rows(answer, fields)
    own = [one for one in fields if not (_is_part(one[1]) or one[0] in missing)]
    parts = [(name, value) for name, value in fields if _is_part(value)]
    if own:
        show_fields(own, type(answer))
    for row in missing.values():
        show_headings(row, PASSED_OVER)
    for name, value in parts:
        if own or len(parts) > 1:
            say(f"{heading(name, type(answer))}:")
        _show_part(value, titles)


def _without_rows(answer: Any, fields: Sequence[tuple[str, Any]]) -> dict[str, type[Struct]]:
    """Find the list of an answer that has no rows in it, and what a row would be."""
    empty = [name for name, value in fields if isinstance(value, list | tuple) and not value]
    if not isinstance(answer, Struct) or not ("rows" in empty or len(fields) == len(empty) == 1):
        return {}
    empty = ["rows"] if "rows" in empty else empty
    described = {one.encode_name: one.type for one in msgspec.structs.fields(answer)}
    rows = [one for one in get_args(described[empty[0]]) if isinstance(one, type)]
    return dict.fromkeys(empty, rows[0]) if rows and issubclass(rows[0], Struct) else {}


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
    return Titles({field.code: field.title for field in form.fields}, adviser_of(form))


def adviser_of(form: Form) -> str | None:
    """Find the column of advisers in a form that has a row for a point and one for each of them."""
    if rows_of(form) != "point_and_adviser":
        return None
    return next((one.column.code for one in computed(form) if one.name == "adviser"), None)


def total_of_point() -> str:
    return spoken("total of the point", "服务点合计")


def show_cells(rows: Sequence[Any], titles: Titles) -> None:
    """Show the rows of a form, whose columns have their titles there."""
    codes = dict.fromkeys(code for row in rows for code in row.cells)
    named = {code: spoken(code, titles.of.get(code, code)) for code in codes}
    whole = {} if titles.adviser is None else {titles.adviser: total_of_point()}
    show_table(
        [
            {named[code]: _cell(row.cells.get(code, whole.get(code)), code) for code in codes}
            for row in rows
        ]
    )


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
