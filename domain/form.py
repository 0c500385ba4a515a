"""A form 表样 as published: the questions of a checklist, or the columns of a statutory table.

Which questions and columns there are differs by year and district, so a form is data with a
version and a cited basis; what was filled in keeps the version it was filled in by.
"""

import re
from collections.abc import Mapping
from datetime import date
from typing import Annotated, ClassVar, Final, Literal, assert_never

from msgspec import Meta, Struct

from domain.codes import FIGURE, Code
from domain.vocabulary import Command, Event, Moment, Personal, Refused, Registers, Text

KIND: Final = "form"
FieldKind = Literal["yes_no", "number", "text", "date", "choice"]
Value = bool | int | Personal
"""No floats: a fraction is a decimal string, a date is `2026-03-02`, a choice is its code."""
Values = Mapping[Code, Value]
"""What was filled in, by the code of the field; an empty field is left out."""


class Field(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One question or column. `options`: code → what people read, of a choice."""

    code: Code
    title: Text
    kind: FieldKind
    required: bool = True
    options: Mapping[Code, Text] = {}
    personal: bool = False
    """It may name or describe a person."""


class Form(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One version. `proposed`: nobody prescribed it; `basis` says where it comes from."""

    code: Code
    version: Annotated[int, Meta(ge=1)]
    purpose: Literal["checklist", "report"]
    title: Text
    fields: Annotated[tuple[Field, ...], Meta(min_length=1)]
    basis: Text
    proposed: bool = False

    def __post_init__(self) -> None:
        if len({field.code for field in self.fields}) != len(self.fields):
            raise ValueError("the codes of a form's fields differ")
        if any((field.kind == "choice") != bool(field.options) for field in self.fields):
            raise ValueError("a choice has options, nothing else has")

    @property
    def ref(self) -> str:
        return f"{self.code}@{self.version}"


# --- events


class FormPublished(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "form.published/1"
    form: Form


EVENTS: Final = (FormPublished,)

# --- commands


class PublishForm(Command, frozen=True, kw_only=True):
    form: Form


COMMANDS: Final = (PublishForm,)

# --- state


class PublishedForm(Struct, frozen=True):
    """Every version, oldest first: version n is `versions[n - 1]`."""

    versions: tuple[Form, ...]


# --- evolve


def evolve(state: PublishedForm | None, event: FormPublished) -> PublishedForm:
    match event:
        case FormPublished(form=form):
            return PublishedForm((*(state.versions if state else ()), form))
        case _:
            assert_never(event)


# --- refusals


class FormVersionDiffers(Refused):
    """该版本的表样已经公布，内容不同；请用下一个版本号公布"""


class FormVersionSkipped(Refused):
    """表样的版本号必须逐一递增，从 1 开始"""


class FormCodeDiffers(Refused):
    """表样的代码与已公布的版本不一致"""


class FormUnknown(Refused):
    """没有这个版本的表样，请先公布"""


class FieldUnknown(Refused):
    """表样中没有这一项"""


class FieldMissing(Refused):
    """必填项没有填写"""


class FieldOfWrongKind(Refused):
    """填写的内容与该项的类型不符"""


# --- decide


def decide(state: PublishedForm | None, command: PublishForm, moment: Moment) -> list[Event]:
    del moment
    match command:
        case PublishForm(form=form):
            return _publish(state, form)
        case _:
            assert_never(command)


def _publish(state: PublishedForm | None, form: Form) -> list[Event]:
    versions = state.versions if state else ()
    if versions and form.code != versions[-1].code:
        raise FormCodeDiffers
    if form.version <= len(versions):
        if form == versions[form.version - 1]:
            return []
        raise FormVersionDiffers
    if form.version != len(versions) + 1:
        raise FormVersionSkipped
    return [FormPublished(form=form)]


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
