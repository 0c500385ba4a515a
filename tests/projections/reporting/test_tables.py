"""A statutory table is declared once; its columns are the published template's."""

from datetime import date
from typing import Any, Final, get_args

import pytest
from msgspec.structs import replace

from domain.registers.form import Form, RowsOf
from domain.registration.queries import CATALOGUE, CRITICISM_FIGURES, IMPLIED, WORK_FIGURES
from domain.reporting.report import NUMBER, ROW_KEYS, ReportRow, Table
from domain.vocabulary import stream_id
from ledger.founding.shipped import shipped_forms
from projections.complaints.criticism import CriticismRow
from projections.reporting import figures, work_statistics
from projections.reporting.tables import TABLES

TEMPLATES: Final[dict[str, Form]] = {
    one.form.code: one.form for one in shipped_forms() if one.form.purpose == "report"
}


def test_every_table_that_is_declared_has_a_template_that_is_shipped() -> None:
    assert {one.code for one in TABLES} == {*IMPLIED} <= TEMPLATES.keys()


def test_audit_4_9_the_catalogue_has_what_the_projections_count_and_nothing_else() -> None:
    assert {*work_statistics.FIELDS} == {*WORK_FIGURES}
    assert {*figures.GROUPS} | {"complaint"} == {*CATALOGUE} == {*get_args(RowsOf)}
    once = CriticismRow(**ONCE)
    told = {*figures.measures(once), *figures.measures(replace(once, feedback="dissatisfied"))}
    told |= {*figures.measures(replace(once, repeated=True))}
    told |= {*figures.measures(replace(once, counts=False))}
    assert told == {*CRITICISM_FIGURES}
    unknown = {"number", "since", "registered", "reclassified", "counts"}
    assert {*once.told} == {*CATALOGUE["complaint"]}
    assert unknown.isdisjoint(once.told)


ONCE: Final[dict[str, Any]] = {
    "stream": stream_id("complaint", "1"), "since": 1, "number": 1,
    "received_on": date(2026, 3, 2), "division": "440103", "point": "ROOM-1", "channel": "box",
    "service": "other", "object": "A-1", "aspect": "fees", "summary": "示例",
    "substantiated": True, "measure": "示例", "finished_on": date(2026, 3, 3),
    "feedback": "satisfied", "repeated": False, "work_order": "W-1", "registered": False,
    "late": True, "reclassified": 0, "counts": True, "virtues": ["honest"], "people": 2,
    "adviser": "A-1",
}  # fmt: skip


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
