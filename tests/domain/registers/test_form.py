"""A form: published once per version, and what is filled in fits it."""

import re
from pathlib import Path
from typing import get_args

import msgspec
import pytest
from msgspec.structs import replace

from domain.complaints.record import Channel, Concern
from domain.registers.form import Field, FieldKind, Form, FormPublished, RowsOf, Value
from domain.registration.filling_in import (
    ColumnFilled,
    ColumnNotFilled,
    ColumnOfWrongKind,
    FieldMissing,
    FieldOfWrongKind,
    FieldUnknown,
    FormUnknown,
    LimitUnknown,
    OptionsMissing,
    QueryUnknown,
    TableNotMade,
    check,
    known_form,
    refuse_unfillable,
)
from domain.registration.form_commands import (
    FormCodeDiffers,
    FormColumnCodeOdd,
    FormVersionDiffers,
    FormVersionSkipped,
    PublishForm,
)
from domain.registration.queries import CATALOGUE
from domain.vocabulary import Refused, Service
from ledger.founding.shipped import shipped_forms
from tests.examples import REGISTERS
from tests.spec import given

ASPECTS = {"attitude": "服务态度", "fees": "收费"}
CONCERNS = dict.fromkeys(get_args(Concern), "方面")
FORM = Form(
    code="criticism",
    version=1,
    purpose="report",
    title="统计表",
    fields=(
        Field(code="number", title="序号", kind="number"),
        Field(code="aspect", title="方面", kind="choice", options=CONCERNS, required=False),
    ),
    basis="示例",
    proposed=True,
)
SECOND = replace(FORM, version=2, title="统计表（修订）")
PUBLISHED = FormPublished(form=FORM)

# --- publishing


def test_a_form_is_published_version_by_version() -> None:
    given().when(PublishForm(form=FORM)).then(PUBLISHED)
    after = given(PUBLISHED).when(PublishForm(form=SECOND)).then(FormPublished(form=SECOND))
    assert [one.ref for one in after.versions] == ["criticism@1", "criticism@2"]


@pytest.mark.parametrize("form", [FORM, SECOND])
def test_a_form_published_again_as_it_is_changes_nothing(form: Form) -> None:
    given(PUBLISHED, FormPublished(form=SECOND)).when(PublishForm(form=form)).nothing()


def test_a_published_version_is_never_replaced() -> None:
    other = replace(FORM, title="另一张表")
    given(PUBLISHED, FormPublished(form=SECOND)).when(PublishForm(form=other)).refused(
        FormVersionDiffers
    )


@pytest.mark.parametrize("history", [(), (PUBLISHED,)])
def test_no_version_is_skipped(history: tuple[FormPublished, ...]) -> None:
    given(*history).when(PublishForm(form=replace(FORM, version=3))).refused(FormVersionSkipped)


def test_a_form_keeps_its_code() -> None:
    given(PUBLISHED).when(PublishForm(form=replace(SECOND, code="other"))).refused(FormCodeDiffers)


def test_a_form_asks_everything_once() -> None:
    with pytest.raises(ValueError, match="codes"):
        replace(FORM, fields=(FORM.fields[0], FORM.fields[0]))


@pytest.mark.parametrize(
    "field", [replace(FORM.fields[0], options=ASPECTS), replace(FORM.fields[1], options={})]
)
def test_a_choice_and_nothing_else_has_options(field: Field) -> None:
    with pytest.raises(ValueError, match="options"):
        replace(FORM, fields=(field,))


def of_table(code: str, *fields: Field) -> PublishForm:
    return PublishForm(form=replace(FORM, code=code, fields=fields))


UNIT = Field(code="handling_unit", title="处理单位", kind="text")
MEASURE = Field(code="measure", title="整改措施", kind="text")


def test_audit_4_9_a_table_that_the_program_does_not_make_is_not_published() -> None:
    given().when(of_table("legal-aid-monthly", FORM.fields[0])).refused(TableNotMade)
    checklist = replace(FORM, code="legal-aid-monthly", purpose="checklist")
    given().when(PublishForm(form=checklist)).then(FormPublished(form=checklist))


@pytest.mark.parametrize("field", [UNIT, MEASURE])
def test_audit_4_9_a_required_column_that_may_stay_empty_is_a_persons_or_not_required(
    field: Field,
) -> None:
    given().when(of_table("criticism", field)).refused(ColumnNotFilled)
    for allowed in (replace(field, required=False), replace(field, manual=True)):
        form = of_table("criticism", allowed)
        given().when(form).then(FormPublished(form=form.form))


def test_audit_4_9_what_the_program_fills_in_is_nobodys_to_fill_in() -> None:
    given().when(of_table("criticism", replace(FORM.fields[0], manual=True))).refused(ColumnFilled)


@pytest.mark.parametrize(
    ("code", "column", "kind"),
    [
        ("criticism", "number", "text"), ("criticism", "repeated", "text"),
        ("criticism", "summary", "number"), ("work-statistics", "lectures", "date"),
    ],
)  # fmt: skip
def test_audit_4_9_a_column_is_of_the_kind_that_the_program_writes(
    code: str, column: str, kind: FieldKind
) -> None:
    field = Field(code=column, title="栏", kind=kind)
    given().when(of_table(code, field)).refused(ColumnOfWrongKind)


@pytest.mark.parametrize("form", [one.form for one in shipped_forms()], ids=lambda one: one.ref)
def test_audit_4_9_what_is_shipped_can_be_filled_in(form: Form) -> None:
    refuse_unfillable(form)


def test_audit_4_9_what_earlier_logs_published_stays_published() -> None:
    old = of_table("legal-aid-monthly", FORM.fields[0]).form
    given(FormPublished(form=old)).when(PublishForm(form=old)).nothing()


# --- columns as data


def of_rows(*fields: Field, rows: RowsOf = "point", sections: tuple[Field, ...] = ()) -> Form:
    return replace(FORM, code="legal-aid-monthly", rows=rows, fields=fields, sections=sections)


AIDED = Field(code="aided", title="法律援助", kind="number", query="legal_aid")
PLACE = Field(code="place", title="服务点", kind="text", query="point")
REMARK = Field(code="remark", title="备注", kind="text", manual=True)


@pytest.mark.parametrize("rows", get_args(RowsOf))
def test_audit_4_9_any_code_of_table_is_published_that_says_what_its_rows_and_columns_are(
    rows: RowsOf,
) -> None:
    columns = [
        Field(
            code=f"c-{name}",
            title=query.title,
            kind=query.kinds[0],
            required=query.always,
            query=name,
        )
        for name, query in CATALOGUE[rows].items()
    ]
    number = Field(code="number", title="序号", kind="number")
    form = of_rows(number, *columns, REMARK, rows=rows)
    given().when(PublishForm(form=form)).then(FormPublished(form=form))


@pytest.mark.parametrize(
    ("wrong", "refusal", "path"),
    [
        (replace(AIDED, query="legal_aids"), QueryUnknown, "query"),
        (replace(AIDED, query="received_on"), QueryUnknown, "query"),
        (replace(AIDED, query="number"), QueryUnknown, "query"),
        (replace(AIDED, query=None), ColumnNotFilled, ""),
        (replace(AIDED, manual=True), ColumnFilled, "manual"),
        (replace(AIDED, kind="text"), ColumnOfWrongKind, "kind"),
        (replace(AIDED, only={"channel": ("box",)}), LimitUnknown, "only.channel"),
        (replace(AIDED, only={"service": ("nothing",)}), LimitUnknown, "only.service"),
        (replace(AIDED, query="point", kind="text", of_period="change"), LimitUnknown, "of_period"),
        (
            replace(AIDED, query="point", kind="text", only={"service": ("x",)}),
            LimitUnknown,
            "only",
        ),
        (replace(REMARK, of_period="before"), QueryUnknown, "query"),
    ],
)
def test_a_wrong_column_is_refused_on_publication_and_says_where(
    wrong: Field, refusal: type[Refused], path: str
) -> None:
    number = Field(code="number", title="序号", kind="number")
    for form, place in (
        (of_rows(number, wrong, AIDED_TOO), "fields[1]"),
        (of_rows(number, sections=(AIDED_TOO, wrong)), "sections[1]"),
    ):
        if place == "sections[1]" and wrong.query == "point":
            continue
        with pytest.raises(refusal) as found:
            refuse_unfillable(form)
        where = f"{place}.{path}" if path else place
        assert found.value.paths == (where,)
        assert wrong.code in found.value.detail


AIDED_TOO = replace(AIDED, code="aided-too")


def test_every_wrong_column_of_a_kind_is_named() -> None:
    with pytest.raises(QueryUnknown) as found:
        refuse_unfillable(
            of_rows(replace(AIDED, query="lecture"), replace(AIDED_TOO, query="legal-aid"))
        )
    assert found.value.paths == ("fields[0].query", "fields[1].query")
    assert "lectures" in found.value.detail


def test_a_choice_has_an_option_for_every_code_that_its_query_gives() -> None:
    few = Field(code="s", title="种类", kind="choice", options={"other": "其他"}, query="service")
    with pytest.raises(OptionsMissing) as found:
        refuse_unfillable(of_rows(few, rows="service"))
    assert found.value.paths == ("fields[0].options",)
    assert "consultation" in found.value.detail
    all_ = replace(few, options=dict.fromkeys(get_args(Service), "种类"))
    refuse_unfillable(of_rows(all_, rows="service"))


def test_a_query_in_a_form_that_does_not_name_its_rows_is_refused() -> None:
    with pytest.raises(TableNotMade) as found:
        refuse_unfillable(replace(FORM, fields=(AIDED,)))
    assert found.value.paths == ("rows",)


def test_only_a_table_has_queries() -> None:
    with pytest.raises(ValueError, match="table"):
        replace(FORM, purpose="checklist", rows="point")
    with pytest.raises(ValueError, match="table"):
        replace(FORM, purpose="checklist", fields=(AIDED,))


# --- filling in


@pytest.mark.parametrize(
    ("kind", "fitting", "not_fitting"),
    [
        ("yes_no", (True, False), (1, 0, "true")),
        ("number", (0, -3, "95.5", "-1", "10"), (True, "", "1.", ".5", "1e5", "九", "٣", "5\n")),
        ("text", ("好",), ("", "  ", 1, True)),
        ("date", ("2026-03-02",), ("2026-02-30", "20260302", "", 1)),
        ("choice", ("fees",), ("收费", "", True)),
    ],
)
def test_every_kind_of_field_takes_its_own_kind_of_value(
    kind: FieldKind, fitting: tuple[Value, ...], not_fitting: tuple[Value, ...]
) -> None:
    options = ASPECTS if kind == "choice" else {}
    form = replace(FORM, fields=(Field(code="it", title="项", kind=kind, options=options),))
    for value in fitting:
        check(form, {"it": value})
    for value in not_fitting:
        with pytest.raises(FieldOfWrongKind):
            check(form, {"it": value})


def test_what_is_required_is_filled_in_and_the_rest_may_stay_empty() -> None:
    check(FORM, {"number": 1})
    with pytest.raises(FieldMissing, match="number"):
        check(FORM, {"aspect": "fees"})


def test_what_was_not_asked_is_not_answered() -> None:
    with pytest.raises(FieldUnknown, match="remark"):
        check(FORM, {"number": 1, "remark": "好"})


def test_a_form_is_known_by_its_version_and_purpose() -> None:
    registers = replace(REGISTERS, forms={"criticism@1": FORM})
    assert known_form(registers, "criticism@1", "report") is FORM
    with pytest.raises(FormUnknown):
        known_form(registers, "criticism@2", "report")
    with pytest.raises(FormUnknown):
        known_form(registers, "criticism@1", "checklist")


# --- what is shipped


def test_shipped_forms_can_be_published_and_are_marked_as_proposed() -> None:
    shipped = shipped_forms()
    assert {command.form.ref: command.form.purpose for command in shipped} == {
        "criticism@1": "report",
        "work-statistics@1": "report",
        "village-ledger@1": "report",
        "criticism-analysis@1": "report",
        "village-check@1": "checklist",
        "district-supervision@1": "checklist",
    }
    for command in shipped:
        given().when(command).then(FormPublished(form=command.form))
        assert command.form.proposed
        assert command.form.basis.startswith("示例")


def test_the_shipped_criticism_table_counts_by_the_words_of_complaints() -> None:
    [criticism] = [one.form for one in shipped_forms() if one.form.code == "criticism"]
    options = {field.code: set(field.options) for field in criticism.fields}
    assert options["channel"] == set(get_args(Channel))
    assert options["aspect"] == set(get_args(Concern))


def test_the_form_that_the_documentation_shows_is_published_as_it_stands() -> None:
    shown = (Path(__file__).parents[3] / "docs/tables.md").read_text("utf-8")
    (text,) = re.findall("```json\n(.*?)```", shown, re.DOTALL)
    command = msgspec.json.decode(text, type=PublishForm)
    given().when(command).then(FormPublished(form=command.form))
    assert all(f"`{rows}`" in shown for rows in get_args(RowsOf))


@pytest.mark.parametrize("code", ["a:b", "a=b"])
def test_b11_s4_a_column_that_could_not_be_named_when_filling_in_is_refused(code: str) -> None:
    odd = Field(code=code, title="自有", kind="text", manual=True)
    form = replace(FORM, fields=(*FORM.fields, odd))
    given().when(PublishForm(form=form)).refused(FormColumnCodeOdd)
