"""A draft: what people fill in of a report before it is submitted."""

from typing import Any

import pytest
from msgspec.structs import replace

from domain.moment import DivisionWrittenLonger
from domain.registers.form import Field, Form
from domain.registration.filling_in import FieldOfWrongKind, FieldUnknown, FormUnknown
from domain.reporting.draft import (
    AnotherDraft,
    FilledCell,
    FilledInTwice,
    FillInReport,
    NothingFilledIn,
    ReportFilledIn,
    RowNote,
    draft_stream,
)
from domain.reporting.report import CellNotManual, Entered, report_stream
from domain.vocabulary import Actor, Refused
from tests.examples import CITY, NOON, REGISTERS
from tests.spec import given as given_known

FORM = Form(
    code="aid",
    version=1,
    purpose="report",
    rows="point",
    title="表",
    fields=(
        Field(code="point", title="点", kind="text", query="point"),
        Field(code="posters", title="海报", kind="number", manual=True, required=False),
        Field(code="head", title="负责人", kind="text", manual=True),
    ),
    sections=(
        Field(code="total", title="合计", kind="number", query="services"),
        Field(code="causes", title="原因", kind="text", manual=True),
    ),
    basis="示例",
)
KNOWN = replace(REGISTERS, forms={"aid@1": FORM, "other@1": replace(FORM, code="other")})
ROW = ("440103", "ROOM-1")
HE = Actor(account="he", role="supervisor", unit="440103")
SHE = Actor(account="she", role="supervisor", unit="440103")
FILL = FillInReport(
    template="aid@1",
    division="440103",
    period="2026-03",
    cells=(FilledCell(row=ROW, column="posters", value=3),),
    notes=(RowNote(row=ROW, note="搬迁"),),
    sections={"causes": "人手不足"},
)
FILLED = ReportFilledIn(
    template="aid@1",
    division="440103",
    period="2026-03",
    cells=FILL.cells,
    notes=FILL.notes,
    sections=FILL.sections,
    by="he",
    at=NOON,
)


def given(*events: ReportFilledIn, **more: Any) -> given_known:
    return given_known(*events, registers=KNOWN, **more)


def test_what_is_filled_in_is_kept_with_who_and_when() -> None:
    state = given().when(FILL, by=HE).then(FILLED)
    entered = Entered(by="he", at=NOON)
    assert state.cells[ROW, "posters"].entered == entered
    assert state.notes[ROW].value == "搬迁"
    assert state.sections["causes"].entered == entered


def test_only_what_changes_is_told_and_it_is_whoever_changed_it() -> None:
    head = FilledCell(row=ROW, column="head", value="李")
    more = replace(FILL, cells=(*FILL.cells, head), sections={"causes": "排队"})
    told = replace(FILLED, cells=(head,), notes=(), sections={"causes": "排队"}, by="she")
    state = given(FILLED).when(more, by=SHE).then(told)
    assert state.cells[ROW, "posters"].entered.by == "he"
    assert state.sections["causes"].entered.by == "she"
    given(FILLED).when(FILL, by=SHE).nothing()


def test_what_was_filled_in_can_be_emptied() -> None:
    empty = replace(
        FILL,
        cells=(FilledCell(row=ROW, column="posters"),),
        notes=(RowNote(row=ROW),),
        sections={"causes": None},
    )
    told = replace(FILLED, cells=empty.cells, notes=empty.notes, sections=empty.sections)
    state = given(FILLED).when(empty, by=HE).then(told)
    assert (state.cells, state.notes, state.sections) == ({}, {}, {})
    given().when(empty, by=HE).nothing()


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"cells": (FilledCell(row=ROW, column="point", value="x"),)}, CellNotManual),
        ({"cells": (FilledCell(row=ROW, column="nothing", value="x"),)}, FieldUnknown),
        ({"cells": (FilledCell(row=ROW, column="posters", value="许多"),)}, FieldOfWrongKind),
        ({"cells": FILL.cells * 2}, FilledInTwice),
        ({"notes": FILL.notes * 2}, FilledInTwice),
        ({"sections": {"total": 3}}, CellNotManual),
        ({"sections": {"nothing": "x"}}, FieldUnknown),
        ({"sections": {"causes": 3}}, FieldOfWrongKind),
        ({"cells": (), "notes": (), "sections": {}}, NothingFilledIn),
        ({"template": "aid@2"}, FormUnknown),
        ({"division": "440100"}, DivisionWrittenLonger),
    ],
)
def test_what_is_not_a_persons_to_fill_in_is_refused(
    change: dict[str, Any], refusal: type[Refused]
) -> None:
    given().when(replace(FILL, **change), by=CITY).refused(refusal)


@pytest.mark.parametrize(
    "change", [{"template": "other@1"}, {"division": "440104"}, {"period": "2026-04"}]
)
def test_a_draft_is_of_one_report(change: dict[str, Any]) -> None:
    given(FILLED).when(replace(FILL, **change), by=CITY).refused(AnotherDraft)


def test_a_draft_has_a_stream_of_its_own() -> None:
    of = ("aid@1", "440103", "2026-03")
    assert draft_stream(*of) == draft_stream("aid", *of[1:]) != report_stream(*of)
