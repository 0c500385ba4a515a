"""Filling in a published form: the one check of values against fields."""

import re
from datetime import date
from typing import Literal, assert_never

from domain.codes import FIGURE
from domain.moment import Registers
from domain.registers.form import Field, Form, Value, Values
from domain.vocabulary import Refused


class FormUnknown(Refused):
    """没有这个版本的表样，请先公布"""


class FieldUnknown(Refused):
    """表样中没有这一项"""


class FieldMissing(Refused):
    """必填项没有填写"""


class FieldOfWrongKind(Refused):
    """填写的内容与该项的类型不符"""


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
        if not _fits(by_code[code], value):
            raise FieldOfWrongKind(code)
    missing = [field.code for field in form.fields if field.required and field.code not in values]
    if missing:
        raise FieldMissing("、".join(missing))


def _fits(field: Field, value: Value) -> bool:
    match field.kind:
        case "yes_no":
            return isinstance(value, bool)
        case "number":
            if isinstance(value, str):
                return re.fullmatch(FIGURE, value) is not None
            return not isinstance(value, bool)
        case "text":
            return isinstance(value, str) and bool(value.strip())
        case "date":
            return isinstance(value, str) and _is_date(value)
        case "choice":
            return isinstance(value, str) and value in field.options
        case _:
            assert_never(field.kind)


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
