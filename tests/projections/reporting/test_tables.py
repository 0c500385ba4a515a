"""A statutory table is declared once; its columns are the published template's."""

from typing import Final

import pytest

from domain.registers.form import Form
from domain.reporting.report import NUMBER, ROW_KEYS, ReportRow, Table
from domain.vocabulary import stream_id
from ledger.founding.shipped import shipped_forms
from projections.reporting import statutory
from projections.reporting.tables import TABLE

TEMPLATES: Final[dict[str, Form]] = {
    one.form.code: one.form for one in shipped_forms() if one.form.purpose == "report"
}


def test_every_template_that_is_shipped_is_a_table_that_can_be_filled_in() -> None:
    assert TEMPLATES.keys() == TABLE.keys() == set(statutory.TEMPLATES)


@pytest.mark.parametrize("code", ROW_KEYS)
def test_rows_that_add_up_are_told_apart_by_columns_of_their_template(code: str) -> None:
    assert set(ROW_KEYS[code]) <= {field.code for field in TEMPLATES[code].fields}


def test_a_row_of_any_other_table_is_told_apart_by_what_it_is_about() -> None:
    about = stream_id("complaint", "1")
    table = Table(
        template="hearings@1", division="4401", period="2026-03", cut_off=1, calendar="c@1", rows=()
    )
    assert table.key_of(ReportRow(cells={NUMBER: 3}, sources=(about,))) == (str(about),)
    assert table.key_of(ReportRow(cells={NUMBER: 3})) == ("3",)
