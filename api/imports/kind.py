"""Declaration of an office's list: its columns, what names a row, and what a row does.

Template, reader, errors and documents are made of it. A row is one command or several, given to the
real deciders at the time when each happened.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from msgspec import Struct
from msgspec.structs import force_setattr

from api.imports.cells import Reader
from api.words import named
from domain.vocabulary import Command

Values = Mapping[str, Any]
"""What a row says, by the names of its columns; what is empty is left out."""


class Column(Struct, frozen=True, kw_only=True):
    name: str
    heading: str = ""
    """Where it is called otherwise than the field of its name."""
    also: tuple[str, ...] = ()
    """Other headings that it is known by."""
    reads: Reader
    required: bool = False
    example: str = ""
    note: str = ""
    """What is meant, where the heading does not say it; and what is taken when it is empty."""

    def __post_init__(self) -> None:
        if not self.heading:
            force_setattr(self, "heading", named(self.name) or self.name)


class Context(Struct, frozen=True):
    """What a row is read by, besides its cells."""

    stream: UUID
    """Of a thing that has no public code."""
    source: str
    """File, row and digest, in words."""
    file: str
    unit: str
    """Of the office that imports."""
    calendar: str | None
    """Of points for which the list names none."""
    day: date
    """Of the import."""


class Step(Struct, frozen=True):
    stream: UUID
    command: Command
    at: datetime | None = None
    """When it happened; None when that is as it is entered."""


class Kind(Struct, frozen=True, kw_only=True):
    name: str
    sheet: str
    """What its sheet is called in a workbook, where not by its name."""
    title: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    """Columns that name a row once and for ever; without a value in them all that it says does."""
    steps: Callable[[Values, Context], Iterator[Step]]
    order: Callable[[Values], Any] = lambda _: 0
    """What must come first in the log, of one file."""
    unit: Callable[[Values], str] = lambda _: ""
    """Of the row, where the importing office's is not known."""
