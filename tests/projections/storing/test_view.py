"""What a stored view must offer, and when it is another one."""

import re
from typing import Any

import pytest

from projections.all_views import STORED
from projections.storing.view import View, definition


class Changed:
    """A view with other tables or indexes than the one given."""

    def __init__(self, view: View, tables: str = "", *indexes: str) -> None:
        self.TABLES = view.TABLES + tables
        self.INDEXES = (*view.INDEXES, *indexes)


def changed(view: View, *more: str) -> Any:
    return Changed(view, *more)


@pytest.mark.parametrize("view", STORED, ids=lambda view: view.NAME)
def test_other_tables_or_indexes_are_another_definition(view: View) -> None:
    same, table = definition(changed(view)), definition(changed(view, "CREATE TABLE more ()"))
    index = definition(changed(view, "", "CREATE INDEX ON more (value)"))
    assert same == definition(view)
    assert len({same, table, index}) == 3


@pytest.mark.parametrize("view", STORED, ids=lambda view: view.NAME)
def test_a_view_keeps_its_rows_in_tables_that_bear_its_name(view: View) -> None:
    tables = re.findall(r"CREATE (?:UNLOGGED )?TABLE (\w+)", view.TABLES)
    assert tables
    assert all(table == view.NAME or table.startswith(f"{view.NAME}_") for table in tables)


def test_no_two_views_have_one_name_or_one_definition() -> None:
    assert len({view.NAME for view in STORED}) == len(STORED)
    assert len({definition(view) for view in STORED}) == len(STORED)
