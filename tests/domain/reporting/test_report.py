"""A report: frozen at submission with its digest, submitted again only as the next version."""

import hashlib
import json
from datetime import timedelta
from typing import Any
from uuid import UUID

import msgspec
import pytest
from msgspec.structs import replace

from domain.moment import HappensInFuture
from domain.registers.form import Field, Form, Value
from domain.registers.point import CalendarUnknown
from domain.registration.filling_in import FieldMissing, FieldOfWrongKind, FormUnknown
from domain.reporting.period_end import PeriodNotOver
from domain.reporting.report import (
    AnotherReport,
    CellNotManual,
    CutOffEarlier,
    DigestDiffers,
    Entry,
    ReportAlreadySubmitted,
    ReportNotSubmitted,
    ReportResubmitted,
    ReportRow,
    ReportSubmitted,
    ReportVersionExists,
    ReportVersionSkipped,
    ResubmissionNeedsReason,
    ResubmitReport,
    RowUnknown,
    SubmitReport,
    Table,
    canonical,
    digest_of,
    keeping_entries,
    report_stream,
    with_entries,
)
from domain.vocabulary import Actor, Event
from tests.examples import CALENDAR, REGISTERS, REQUEST, local
from tests.spec import given as given_known

TEMPLATE = Form(
    code="criticism",
    version=1,
    purpose="report",
    title="统计表",
    fields=(
        Field(code="number", title="序号", kind="number"),
        Field(code="summary", title="摘要", kind="text"),
        Field(code="repeated", title="是否重复", kind="yes_no", required=False),
    ),
    basis="示例",
)
IN_UTC = replace(CALENDAR, code="utc", zone="UTC")
KNOWN = replace(
    REGISTERS,
    forms={
        "criticism@1": TEMPLATE,
        "criticism@2": replace(TEMPLATE, version=2),
        "check@1": replace(TEMPLATE, purpose="checklist"),
    },
    calendars={**REGISTERS.calendars, "utc@1": IN_UTC},
)
OVER = local("2026-04-01 00:00")
SIGNER = Actor(account="he", role="supervisor", unit="440103")
ROW = ReportRow(cells={"number": 1, "summary": "等候过久", "repeated": False}, sources=(REQUEST,))
TABLE = Table(
    template="criticism@1",
    division="440103",
    period="2026-03",
    cut_off=1200,
    calendar="gz-office@1",
    rows=(ROW,),
)
DIGEST = digest_of(TABLE)
SUBMIT = SubmitReport(table=TABLE, digest=DIGEST, note="三月")
SUBMITTED = ReportSubmitted(table=TABLE, digest=DIGEST, signer="he", note="三月")
LATER = replace(TABLE, cut_off=1300, rows=(ROW, replace(ROW, note="补录")))
RESUBMIT = ResubmitReport(version=2, reason="补录一件", table=LATER, digest=digest_of(LATER))
RESUBMITTED = ReportResubmitted(
    version=2, reason="补录一件", table=LATER, digest=digest_of(LATER), signer="he"
)


def given(*events: Event, **when: Any) -> given_known:
    return given_known(*events, **{"at": OVER, "registers": KNOWN, **when})


def submit(**change: Any) -> SubmitReport:
    table = replace(TABLE, **change)
    return SubmitReport(table=table, digest=digest_of(table), note="三月")


def resubmit(version: int = 2, **change: Any) -> ResubmitReport:
    table = replace(LATER, **change)
    return replace(RESUBMIT, version=version, table=table, digest=digest_of(table))


# --- digest


def test_anyone_can_compute_the_digest_again_from_the_log_as_json() -> None:
    stored = json.loads(msgspec.json.encode(SUBMITTED))
    text = json.dumps(stored["table"], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert hashlib.sha256(text.encode()).hexdigest() == stored["digest"]


def test_canonical_json_is_written_in_one_way() -> None:
    value = {"b": [1, True, None], "a": {"乙": "二", "甲": "1.50"}}
    assert canonical(value).decode() == '{"a":{"乙":"二","甲":"1.50"},"b":[1,true,null]}'


def test_the_digest_of_a_table_never_changes() -> None:
    assert DIGEST == "4d3bddb1643cfff98ec47f35094d29dedc926baebb1bac3e9a6cc7f5e754ae30"


@pytest.mark.parametrize("value", [1.0, [1.5], {"a": {"b": [0.1]}}])
def test_there_are_no_floats_in_a_digest(value: Any) -> None:
    with pytest.raises(TypeError):
        canonical(value)


def test_the_order_of_cells_does_not_matter_and_that_of_rows_does() -> None:
    cells = dict(sorted(ROW.cells.items(), reverse=True))
    assert digest_of(replace(TABLE, rows=(replace(ROW, cells=cells),))) == DIGEST
    two = (ROW, replace(ROW, sources=()))
    assert digest_of(replace(TABLE, rows=two)) != digest_of(replace(TABLE, rows=two[::-1]))


@pytest.mark.parametrize(
    "change",
    [
        {"template": "criticism@2"},
        {"division": "440104"},
        {"period": "2026-02"},
        {"cut_off": 1201},
        {"calendar": "gz-office@2"},
        {"rows": ()},
        {"rows": (replace(ROW, cells={**ROW.cells, "repeated": 0}),)},
        {"rows": (replace(ROW, sources=()),)},
        {"rows": (replace(ROW, note="核实"),)},
    ],
)
def test_every_input_and_every_cell_is_in_the_digest(change: dict[str, Any]) -> None:
    assert digest_of(replace(TABLE, **change)) != DIGEST


# --- submission


def test_a_report_is_frozen_with_what_it_was_computed_from() -> None:
    given().when(SUBMIT, by=SIGNER).then(SUBMITTED)


def test_an_empty_table_is_a_report_too() -> None:
    empty = submit(rows=())
    given().when(empty, by=SIGNER).then(replace(SUBMITTED, table=empty.table, digest=empty.digest))


def test_what_is_signed_is_what_is_submitted() -> None:
    given().when(replace(SUBMIT, digest="0" * 64), by=SIGNER).refused(DigestDiffers)
    given(SUBMITTED).when(replace(RESUBMIT, digest=DIGEST), by=SIGNER).refused(DigestDiffers)


@pytest.mark.parametrize("period", ["2026-03", "2026-Q1"])
def test_a_period_is_reported_when_it_is_over(period: str) -> None:
    command = submit(period=period)
    early = given(at=OVER - timedelta(seconds=1))
    early.when(command, by=SIGNER).refused(PeriodNotOver)
    submitted = replace(SUBMITTED, table=command.table, digest=command.digest)
    given().when(command, by=SIGNER).then(submitted)


def test_a_period_is_over_by_the_zone_of_the_reports_calendar() -> None:
    command = submit(calendar="utc@1")
    given().when(command, by=SIGNER).refused(PeriodNotOver)
    submitted = replace(SUBMITTED, table=command.table, digest=command.digest)
    given(at=OVER + timedelta(hours=8)).when(command, by=SIGNER).then(submitted)


def test_a_report_names_a_known_calendar_and_template() -> None:
    given().when(submit(calendar="gz-office@9"), by=SIGNER).refused(CalendarUnknown)
    for template in ("criticism@9", "check@1"):
        given().when(submit(template=template), by=SIGNER).refused(FormUnknown)


def test_every_row_fits_the_template() -> None:
    short = replace(ROW, cells={"number": 2})
    given().when(submit(rows=(ROW, short)), by=SIGNER).refused(FieldMissing)
    wrong = replace(ROW, cells={**ROW.cells, "repeated": 1})
    given(SUBMITTED).when(resubmit(rows=(wrong,)), by=SIGNER).refused(FieldOfWrongKind)


def test_a_report_is_submitted_once() -> None:
    given(SUBMITTED).when(SUBMIT, by=SIGNER).nothing()
    given(SUBMITTED, RESUBMITTED).when(SUBMIT, by=SIGNER).nothing()
    for other in (submit(cut_off=1300), replace(SUBMIT, note=None)):
        given(SUBMITTED).when(other, by=SIGNER).refused(ReportAlreadySubmitted)


def test_nothing_is_submitted_ahead_of_the_clock() -> None:
    given(now=OVER - timedelta(hours=1)).when(SUBMIT, by=SIGNER).refused(HappensInFuture)


# --- resubmission


def test_a_resubmission_is_the_next_version_and_the_first_is_kept() -> None:
    after = given(SUBMITTED).when(RESUBMIT, by=SIGNER).then(RESUBMITTED)
    assert after.versions == (SUBMITTED, RESUBMITTED)


def test_a_third_version_may_follow_by_a_newer_template() -> None:
    third = resubmit(version=3, template="criticism@2")
    given(SUBMITTED, RESUBMITTED).when(third, by=SIGNER).then(
        replace(RESUBMITTED, version=3, table=third.table, digest=third.digest)
    )


@pytest.mark.parametrize("reason", ["", "  "])
def test_a_resubmission_needs_a_reason(reason: str) -> None:
    given(SUBMITTED).when(replace(RESUBMIT, reason=reason), by=SIGNER).refused(
        ResubmissionNeedsReason
    )


def test_a_reason_is_kept_without_the_spaces_around_it() -> None:
    given(SUBMITTED).when(replace(RESUBMIT, reason=" 补录一件 "), by=SIGNER).then(RESUBMITTED)


def test_what_was_not_submitted_is_not_resubmitted() -> None:
    given().when(RESUBMIT, by=SIGNER).refused(ReportNotSubmitted)


def test_the_same_version_is_not_submitted_twice() -> None:
    given(SUBMITTED, RESUBMITTED).when(RESUBMIT, by=SIGNER).nothing()
    other = replace(RESUBMIT, reason="另一理由")
    given(SUBMITTED, RESUBMITTED).when(other, by=SIGNER).refused(ReportVersionExists)


def test_no_version_is_skipped() -> None:
    given(SUBMITTED).when(resubmit(version=3), by=SIGNER).refused(ReportVersionSkipped)


@pytest.mark.parametrize(
    "change", [{"division": "440104"}, {"period": "2026-02"}, {"template": "other@1"}]
)
def test_a_resubmission_is_of_the_same_report(change: dict[str, Any]) -> None:
    known = replace(KNOWN, forms={**KNOWN.forms, "other@1": replace(TEMPLATE, code="other")})
    given(SUBMITTED, registers=known).when(resubmit(**change), by=SIGNER).refused(AnotherReport)


def test_a_resubmission_knows_no_less_than_the_version_before() -> None:
    given(SUBMITTED).when(resubmit(cut_off=1199), by=SIGNER).refused(CutOffEarlier)
    same = resubmit(cut_off=1200)
    given(SUBMITTED).when(same, by=SIGNER).then(
        replace(RESUBMITTED, table=same.table, digest=same.digest)
    )


def test_a_report_has_one_stream_for_its_template_division_and_period() -> None:
    streams = {
        report_stream(template, division, period)
        for template in ("criticism", "work-statistics")
        for division in ("440103", "440104")
        for period in ("2026-03", "2026-Q1")
    }
    assert len(streams) == 8
    assert report_stream("criticism", "440103", "2026-03") == UUID(
        "2b27dd21-1753-5ad4-b69f-6ff002a94e48"
    )


# --- filled in by hand

UNIT = Field(code="handling_unit", title="处理单位", kind="text")
BY_HAND = replace(TEMPLATE, fields=(*TEMPLATE.fields, UNIT, replace(UNIT, code="x", manual=True)))


def entry(row: int, column: str, value: Value = "司法所") -> Entry:
    return Entry(row=row, column=column, value=value)


def test_audit_4_9_a_person_fills_in_what_the_program_leaves_empty() -> None:
    filled = with_entries(TABLE, BY_HAND, [entry(1, "handling_unit"), entry(1, "x", "好")])
    (row,) = filled.rows
    assert row.cells == {**ROW.cells, "handling_unit": "司法所", "x": "好"}
    later = replace(TABLE, cut_off=1300)
    assert keeping_entries(later, BY_HAND, filled) == replace(filled, cut_off=1300)
    assert keeping_entries(TABLE, BY_HAND, TABLE) == TABLE


def test_audit_4_9_no_figure_of_the_program_is_written_over() -> None:
    for column in ("summary", "repeated", "number", "unknown"):
        with pytest.raises(CellNotManual, match=column):
            with_entries(TABLE, BY_HAND, [entry(1, column)])
    with pytest.raises(CellNotManual):
        with_entries(TABLE, BY_HAND, [entry(1, "x"), entry(1, "x")])
    with pytest.raises(RowUnknown):
        with_entries(TABLE, BY_HAND, [entry(2, "x")])
