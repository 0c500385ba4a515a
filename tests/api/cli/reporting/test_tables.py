"""The statutory tables on the command line follow from their declarations."""

import pytest

from api.cli.reporting.tables import OF_TABLES
from projections.reporting.tables import TABLES, StatutoryTable


@pytest.mark.parametrize("table", TABLES, ids=lambda one: one.code)
def test_the_command_line_has_every_table_with_an_example(table: StatutoryTable) -> None:
    (command,) = (one for one in OF_TABLES if one.name == table.code)
    assert f"Example: anjuan report {table.code} --period" in (command.help or "")
