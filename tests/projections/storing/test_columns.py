"""A list view is declared once: columns and SELECT come from the struct of its rows."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Literal
from uuid import UUID

import pytest
from msgspec import Struct

from projections.advising import directory, worklogs
from projections.advising.directory import DirectoryRow
from projections.advising.worklogs import WorklogRow
from projections.all_views import STORED
from projections.complaints import complaints
from projections.complaints.complaints import ComplaintRow
from projections.oversight import promises
from projections.oversight.promises import Due
from projections.reporting import reports
from projections.storing.columns import SmallInt, columns_of, selected
from projections.storing.view import View, definition


class Row(Struct, frozen=True, kw_only=True):
    stream: UUID
    number: int
    kind: Literal["a", "b"]
    name: str | None
    parts: tuple[str, ...]
    others: list[UUID] | None
    times: SmallInt
    again: SmallInt | None
    at: datetime
    day: date | None
    late: bool
    totals: Mapping[str, int]
    overdue: bool = False


def test_every_field_has_the_type_that_its_table_keeps_it_in() -> None:
    assert dict(columns_of(Row, without=("stream", "overdue"), hidden="jsonb")) == {
        "number": "bigint",
        "kind": "text",
        "name": "text",
        "parts": "text[]",
        "others": "uuid[]",
        "times": "smallint",
        "again": "smallint",
        "at": "timestamptz",
        "day": "date",
        "late": "boolean",
        "totals": "jsonb",
        "hidden": "jsonb",
    }


def test_a_field_is_selected_by_its_name_or_by_what_is_given_for_it() -> None:
    class Short(Struct, frozen=True):
        name: str
        overdue: bool
        later: int

    columns = selected(Short, "r", without=("later",), overdue="r.due < now()")
    assert columns == "r.name, r.due < now() AS overdue"


def test_nothing_is_given_for_a_field_that_the_row_has_not() -> None:
    with pytest.raises(AssertionError):
        selected(Row, "r", overdew="true")


@pytest.mark.parametrize(
    ("view", "version", "made"),
    [
        (reports.VIEW, 2, "41ea16a9fa47c6fdda6e0c1d0b0380c38a51d9ebbcce88d7aeabb77d0b93c42a"),
    ],
    ids=lambda one: getattr(one, "NAME", ""),
)
def test_homes_need_no_rebuild_before_the_version_is_raised(
    view: View, version: int, made: str
) -> None:
    """Which is done when a view is made otherwise: homes have it as it was."""
    assert (view.VERSION, definition(view)) == (version, made)


@pytest.mark.parametrize(
    ("columns", "row", "computed"),
    [
        (complaints.COLUMNS, ComplaintRow, ("stream", "version_position", "overdue", "suspect")),
        (directory.COLUMNS, DirectoryRow, ("stream", "division", *directory.LOOKED_UP, "marks")),
        (worklogs.COLUMNS, WorklogRow, ("stream", "verified")),
        (promises.COLUMNS, Due, ("stream", "given_by")),
    ],
    ids=lambda one: getattr(one, "__name__", ""),
)
def test_a_row_reads_columns_of_its_table_as_what_they_are(
    columns: Sequence[tuple[str, str]], row: type[Struct], computed: tuple[str, ...]
) -> None:
    kept = {name: kind.replace("smallint", "bigint").replace("integer", "bigint")
            for name, kind in columns}  # fmt: skip
    assert dict(columns_of(row, without=computed)).items() <= kept.items()


def test_every_stored_view_copies_columns_that_its_table_has() -> None:
    for view in STORED:
        names = view.COPY.partition("(")[2].partition(")")[0].replace(",", " ").split()
        assert all(f"{name} " in view.TABLES for name in names), view.NAME
