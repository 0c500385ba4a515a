"""Filling in a published form: the one check of values against fields; and which columns of a
statutory table the program fills in, so that no form is published that nobody can submit."""

from collections.abc import Mapping
from typing import Final, Literal

from msgspec import Struct

from domain.moment import Registers
from domain.registers.form import FieldKind, Form, Values, fits
from domain.vocabulary import Refused


class Column(Struct, frozen=True):
    """What the program writes into a column."""

    kinds: tuple[FieldKind, ...]
    """Kinds of fields that its values fit; of a choice, if it has them all as options."""
    always: bool = True
    """Whether every row has a value."""


_NUMBER: Final = Column(("number",))
_TEXT: Final = Column(("text",))
_CODE: Final = Column(("text", "choice"))
_KNOWN_LATER: Final = Column(("text",), always=False)
TABLES: Final[Mapping[str, Mapping[str, Column]]] = {
    "criticism": {
        "number": _NUMBER,
        "received_on": Column(("date", "text")),
        "division": _TEXT,
        "point": _KNOWN_LATER,
        "channel": _CODE,
        "service": Column(("text", "choice"), always=False),
        "object": _KNOWN_LATER,
        "aspect": _CODE,
        "summary": _TEXT,
        "substantiated": Column(("yes_no",), always=False),
        "measure": _KNOWN_LATER,
        "finished_on": Column(("date", "text"), always=False),
        "feedback": Column(("text", "choice"), always=False),
        "repeated": Column(("yes_no",)),
        "work_order": _KNOWN_LATER,
    },
    "work-statistics": {
        **dict.fromkeys(("point", "point_name", "division"), _TEXT),
        **dict.fromkeys(("adviser", "firm"), _KNOWN_LATER),
        **dict.fromkeys(
            (
                "number", "consultations", "legal_documents", "mediations", "legal_aid",
                "referrals", "lectures", "offpeak_lectures", "other_services", "onsite_minutes",
                "offsite_minutes", "people_reached", "ratings", "bad_ratings", "promises_kept",
                "promises_missed", "late_entries",
            ),
            _NUMBER,
        ),
    },
}  # fmt: skip
"""Template of a statutory table → the columns that the program fills in."""


class FormUnknown(Refused):
    """没有这个版本的表样，请先公布"""


class FieldUnknown(Refused):
    """表样中没有这一项"""


class FieldMissing(Refused):
    """必填项没有填写"""


class FieldOfWrongKind(Refused):
    """填写的内容与该项的类型不符"""


class TableNotMade(Refused):
    """程序不会填制该代码的报表，不能公布这份表样"""


class ColumnNotFilled(Refused):
    """程序不能填满这些必填栏目，公布后将无法报送；请改为选填，或者标明由人工填写（manual）"""


class ColumnFilled(Refused):
    """这些栏目由程序填写，不能标明由人工填写"""


class ColumnOfWrongKind(Refused):
    """程序填写的内容与这些栏目的类型不符，公布后将无法报送"""


# --- publishing what can be filled in


def refuse_unfillable(form: Form) -> None:
    """Check a form of a table before it is published.

    Raises: TableNotMade, ColumnNotFilled, ColumnFilled, ColumnOfWrongKind — with the columns.
    """
    if form.purpose != "report":
        return
    made = TABLES.get(form.code)
    if made is None:
        raise TableNotMade(f"{form.code}（{'、'.join(TABLES)}）")
    always = {code for code, column in made.items() if column.always}
    found: dict[type[Refused], list[str]] = {
        ColumnNotFilled: [
            one.code
            for one in form.fields
            if one.required and not one.manual and one.code not in always
        ],
        ColumnFilled: [one.code for one in form.fields if one.manual and one.code in always],
        ColumnOfWrongKind: [
            one.code
            for one in form.fields
            if one.code in made and one.kind not in made[one.code].kinds
        ],
    }
    for refusal, columns in found.items():
        if columns:
            raise refusal("、".join(columns))


def manual(form: Form) -> frozenset[str]:
    """Columns of a table that a person may fill in where the program leaves them empty.

    Forms of earlier times have some that neither the program fills in nor the form calls manual.
    """
    made = TABLES.get(form.code, {})
    return frozenset(one.code for one in form.fields if one.manual or one.code not in made)


# --- filling in


def known_form(registers: Registers, ref: str, purpose: Literal["checklist", "report"]) -> Form:
    """The form of that version and purpose; FormUnknown when there is none."""
    form = registers.forms.get(ref)
    if form is None or form.purpose != purpose:
        raise FormUnknown(ref)
    return form


def check(form: Form, values: Values) -> None:
    """FieldUnknown, FieldMissing or FieldOfWrongKind say what does not fit the form."""
    by_code = {field.code: field for field in form.fields}
    for code, value in values.items():
        if code not in by_code:
            raise FieldUnknown(code)
        if not fits(by_code[code].kind, by_code[code].options, value):
            raise FieldOfWrongKind(code)
    missing = [field.code for field in form.fields if field.required and field.code not in values]
    if missing:
        raise FieldMissing("、".join(missing))
