"""The statutory tables on the command line follow from their declarations."""

import pytest

from api.cli.declared.tables import Titles, adviser_of, show_cells
from api.cli.reporting.tables import OF_TABLES
from domain.reporting.report import ReportRow
from ledger.founding.shipped import shipped_forms
from projections.reporting.tables import TABLES, StatutoryTable


@pytest.mark.parametrize("table", TABLES, ids=lambda one: one.code)
def test_the_command_line_has_every_table_with_an_example(table: StatutoryTable) -> None:
    (command,) = (one for one in OF_TABLES if one.name == table.code)
    assert f"Example: anjuan report {table.code} --period" in (command.help or "")


def test_the_total_of_a_point_is_told_from_the_rows_of_its_advisers(
    capsys: pytest.CaptureFixture[str],
) -> None:
    forms = {one.form.code: one.form for one in shipped_forms()}
    assert adviser_of(forms["work-statistics"]) == "adviser"
    assert adviser_of(forms["criticism"]) is None
    whole = ReportRow(cells={"point": "P-1", "visits": 3})
    rows = [whole, ReportRow(cells={"point": "P-1", "adviser": "A-1", "visits": 3})]
    show_cells(rows, Titles(adviser="adviser"))
    _, total, own = capsys.readouterr().out.splitlines()
    assert "total of the point" in total
    assert ("A-1" in own, "total" in own) == (True, False)
    show_cells(rows, Titles())
    assert "total" not in capsys.readouterr().out
