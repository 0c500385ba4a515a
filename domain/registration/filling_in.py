"""Filling in a published form: the one check of values against fields."""

from typing import Literal

from domain.moment import Registers
from domain.registers.form import Form, Values, fits
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
        if not fits(by_code[code].kind, by_code[code].options, value):
            raise FieldOfWrongKind(code)
    missing = [field.code for field in form.fields if field.required and field.code not in values]
    if missing:
        raise FieldMissing("、".join(missing))
