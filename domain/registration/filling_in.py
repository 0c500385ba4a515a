"""Filling in a published form: the one check of values against fields; and that no table is
published that nobody can submit."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Final, Literal, NamedTuple

from domain.moment import Registers
from domain.registers.form import Field, Form, Values, fits
from domain.registration.queries import (
    CATALOGUE,
    FIGURES,
    MARKS,
    NUMBER,
    NUMBERED,
    NamedQuery,
    computed,
    query_name,
    rows_of,
)
from domain.vocabulary import Refused

NO_LIMIT: Final = Field(code="-", title="-", kind="number")


class FormUnknown(Refused):
    """没有这个版本的表样，请先公布"""


class FieldUnknown(Refused):
    """表样中没有这一项"""


class FieldMissing(Refused):
    """必填项没有填写"""


class FieldOfWrongKind(Refused):
    """填写的内容与该项的类型不符"""


class ColumnsRefused(Refused):
    """报表的这些栏目不能公布"""

    def __init__(self, detail: str = "", *paths: str) -> None:
        super().__init__(detail)
        self.paths = paths


class TableNotMade(ColumnsRefused):
    """报表没有写明每行统计什么（rows），程序不会填制，不能公布这份表样"""


class QueryUnknown(ColumnsRefused):
    """没有这样的命名查询，请从列出的查询中选用"""


class LimitUnknown(ColumnsRefused):
    """只有计数的栏目可以限定范围或者与上期比较，限定的项目和代码应当是列出的"""


class ColumnNotFilled(ColumnsRefused):
    """程序不能填满这些必填栏目，公布后将无法报送；请改为选填，或者标明由人工填写（manual）"""


class ColumnFilled(ColumnsRefused):
    """这些栏目由程序填写，不能标明由人工填写"""


class ColumnOfWrongKind(ColumnsRefused):
    """程序填写的内容与这些栏目的类型不符，公布后将无法报送"""


class OptionsMissing(ColumnsRefused):
    """这些栏目的选项不全：程序可能填写的代码没有对应的选项"""


# --- publishing what can be filled in


class _Fault(NamedTuple):
    refusal: type[ColumnsRefused]
    path: str
    detail: str


def refuse_unfillable(form: Form) -> None:
    """Check a form of a table before it is published: every column is computed by a query that
    there is, or filled in by a person, and takes what it is given.

    Raises: ColumnsRefused — with the columns, and where in the form they stand.
    """
    if form.purpose != "report":
        return
    rows = rows_of(form)
    if rows is None:
        allowed = "、".join(CATALOGUE)
        raise TableNotMade(f"{form.code}（rows：{allowed}）", "rows")
    offered = CATALOGUE[rows]
    faults = [
        fault
        for number, one in enumerate(form.fields)
        for fault in _faults(f"fields[{number}]", one, query_name(form, one), offered, form)
    ]
    faults += [
        fault
        for number, one in enumerate(form.sections)
        for fault in _faults(f"sections[{number}]", one, one.query, FIGURES, form)
    ]
    if faults:
        first = faults[0].refusal
        same = [one for one in faults if one.refusal is first]
        raise first("、".join(one.detail for one in same), *(one.path for one in same))


def _faults(
    path: str, column: Field, name: str | None, offered: Mapping[str, NamedQuery], form: Form
) -> Iterator[_Fault]:
    code = column.code
    if name is None:
        if form.rows is None and column.is_computed:
            yield _Fault(TableNotMade, "rows", f"{code}（rows：{'、'.join(CATALOGUE)}）")
        elif column.is_computed:
            yield _Fault(QueryUnknown, f"{path}.query", _nearest(code, "", offered))
        elif column.required and not column.manual:
            yield _Fault(ColumnNotFilled, path, code)
        return
    known = NUMBERED if name == NUMBER == code else offered.get(name)
    if known is None or column.query not in (None, name):
        yield _Fault(QueryUnknown, f"{path}.query", _nearest(code, column.query or "", offered))
        return
    if column.manual and known.always:
        yield _Fault(ColumnFilled, f"{path}.manual", code)
    if column.required and not column.manual and not known.always:
        yield _Fault(ColumnNotFilled, f"{path}.required", code)
    if column.kind not in known.kinds:
        allowed = "、".join(known.kinds)
        yield _Fault(ColumnOfWrongKind, f"{path}.kind", f"{code}（{allowed}）")
    missing = [one for one in known.codes if one not in column.options]
    if column.kind == "choice" and missing:
        yield _Fault(OptionsMissing, f"{path}.options", f"{code}（{'、'.join(missing)}）")
    yield from _limits(path, column, known)


def _limits(path: str, column: Field, known: NamedQuery) -> Iterator[_Fault]:
    if known.counts is None:
        for name in ("only", "of_period"):
            if getattr(column, name) != getattr(NO_LIMIT, name):
                yield _Fault(LimitUnknown, f"{path}.{name}", column.code)
        return
    marks = MARKS[known.counts]
    for mark, codes in column.only.items():
        if mark not in marks:
            yield _Fault(
                LimitUnknown, f"{path}.only.{mark}", f"{column.code}（{'、'.join(marks)}）"
            )
        elif unknown := [one for one in codes if one not in marks[mark]]:
            allowed = "、".join(marks[mark])
            said = f"{column.code}：{'、'.join(unknown)}（{allowed}）"
            yield _Fault(LimitUnknown, f"{path}.only.{mark}", said)


def _nearest(column: str, name: str, offered: Iterable[str]) -> str:
    near = get_close_matches(name, list(offered)) or list(offered)
    return f"{column}：{name}（{'、'.join(near)}）"


def manual(form: Form) -> frozenset[str]:
    """Columns of a table that a person may fill in where the program leaves them empty.

    Forms of earlier times have some that neither the program fills in nor the form calls manual.
    """
    made = {one.column.code for one in computed(form)}
    return frozenset(one.code for one in form.fields if one.manual or one.code not in made)


def manual_sections(form: Form) -> frozenset[str]:
    """Sections of a report that a person writes."""
    return frozenset(one.code for one in form.sections if one.query is None)


# --- filling in


def known_form(registers: Registers, ref: str, purpose: Literal["checklist", "report"]) -> Form:
    """The form of that version and purpose; FormUnknown when there is none."""
    form = registers.forms.get(ref)
    if form is None or form.purpose != purpose:
        raise FormUnknown(ref)
    return form


def check(form: Form, values: Values) -> None:
    """FieldUnknown, FieldMissing or FieldOfWrongKind say what does not fit the form."""
    check_fields(form.fields, values)


def check_fields(fields: Sequence[Field], values: Values, *, whole: bool = True) -> None:
    """Check values against fields; not `whole`: some may still be missing.

    Raises: FieldUnknown, FieldMissing, FieldOfWrongKind.
    """
    by_code = {field.code: field for field in fields}
    for code, value in values.items():
        if code not in by_code:
            raise FieldUnknown(code)
        if not fits(by_code[code].kind, by_code[code].options, value):
            raise FieldOfWrongKind(code)
    missing = [field.code for field in fields if field.required and field.code not in values]
    if missing and whole:
        raise FieldMissing("、".join(missing))
