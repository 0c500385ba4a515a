"""A form 表样 as published: the questions of a checklist, or the columns of a statutory table.

Which questions and columns there are differs by year and district, so a form is data with a
version and a cited basis; what was filled in keeps the version it was filled in by.
"""

import re
from collections.abc import Container, Mapping
from datetime import date
from typing import Annotated, ClassVar, Final, Literal, assert_never

from msgspec import Meta, Struct

from domain.codes import FIGURE, Code, Name
from domain.vocabulary import NUMBER_MAX, Event, Personal, Text, Version

KIND: Final = "form"
FieldKind = Literal["yes_no", "number", "text", "date", "choice"]
Value = bool | int | Personal
"""No floats: a fraction is a decimal string, a date is `2026-03-02`, a choice is its code."""
RowsOf = Literal[
    "complaint", "point", "adviser", "point_and_adviser", "village", "division", "service",
    "channel", "aspect", "virtue", "criticism",
]  # fmt: skip
"""What a table has a row for: `domain.registration.queries`."""
OfPeriod = Literal["this", "before", "change"]
"""The table's own period, the one before it, or how much more it is than then."""
Values = Mapping[Code, Value]
"""What was filled in, by the code of the field; an empty field is left out."""
Section = bool | Annotated[int, Meta(ge=-NUMBER_MAX, le=NUMBER_MAX)] | Personal
Sections = Mapping[Code, Section]
"""What is said once, of the whole of a table."""


class Field(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One question or column."""

    KEY: ClassVar = ("code",)

    code: Code
    title: Text
    kind: FieldKind
    required: bool = True
    options: Mapping[Code, Text] = {}
    """Code → text for people, of a choice."""
    personal: bool = False
    """Whether it may name or describe a person."""
    manual: bool = False
    """Whether, of a table, a person fills in what the program leaves empty."""
    query: Name | None = None
    """Of a table that names its rows: the named query that fills it in; None where a person does.
    """
    only: Mapping[Name, Annotated[tuple[Code, ...], Meta(min_length=1)]] = {}
    """Of a figure: mark → codes; only what has one of them is counted."""
    of_period: OfPeriod = "this"
    """Of a figure."""

    @property
    def is_computed(self) -> bool:
        return bool(self.query or self.only or self.of_period != "this")


class Form(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One version of a form."""

    KEY: ClassVar = ("version",)

    code: Code
    version: Version
    purpose: Literal["checklist", "report"]
    title: Text
    fields: Annotated[tuple[Field, ...], Meta(min_length=1)]
    basis: Text
    """Where it comes from."""
    proposed: bool = False
    """Whether it is only proposed: nobody prescribed it."""
    rows: RowsOf | None = None
    """Of a table: what it has a row for. None, for two codes of old, means what they always had.
    """
    sections: tuple[Field, ...] = ()
    """Of a table: what is said once, of the whole: figures, and texts that people write. With them
    a table is an analysis report 分析报告."""

    def __post_init__(self) -> None:
        every = (*self.fields, *self.sections)
        if any(
            len({one.code for one in some}) != len(some) for some in (self.fields, self.sections)
        ):
            raise ValueError("the codes of a form's fields differ")
        if any((field.kind == "choice") != bool(field.options) for field in every):
            raise ValueError("a choice has options, nothing else has")
        of_table = self.rows or self.sections or any(one.is_computed for one in every)
        if of_table and self.purpose != "report":
            raise ValueError("only a table has rows, sections and queries")

    @property
    def ref(self) -> str:
        return f"{self.code}@{self.version}"


def fits(kind: FieldKind, options: Container[str], value: object) -> bool:
    """Tell whether a value is of its field's kind; `options` are the codes of a choice."""
    match kind:
        case "yes_no":
            return isinstance(value, bool)
        case "number":
            if isinstance(value, str):
                return re.fullmatch(FIGURE, value) is not None
            return isinstance(value, int) and not isinstance(value, bool)
        case "text":
            return isinstance(value, str) and bool(value.strip())
        case "date":
            return isinstance(value, str) and _is_date(value)
        case "choice":
            return isinstance(value, str) and value in options
        case _:
            assert_never(kind)


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


# --- events


class FormPublished(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "form.published/1"
    form: Form


EVENTS: Final = (FormPublished,)

# --- state


class PublishedForm(Struct, frozen=True):
    """All versions, oldest first: version n is `versions[n - 1]`."""

    versions: tuple[Form, ...]


# --- evolve


def evolve(state: PublishedForm | None, event: FormPublished) -> PublishedForm:
    match event:
        case FormPublished(form=form):
            return PublishedForm((*(state.versions if state else ()), form))
        case _:
            assert_never(event)
