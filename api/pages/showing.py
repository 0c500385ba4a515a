"""Answers as people read them: facts with their names, tables with their headings, codes with what
they stand for, times as the clock in China shows them."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

import msgspec
from msgspec import Struct, UnsetType

from api.pages.named import Names
from api.pages.tongue import Tongue, choices_in
from domain.vocabulary import Actor

NOTHING: Final = "–"
COLUMNS_MAX: Final = 9
SHORT_ID: Final = 8
NUMBER: Final = "number"
"""Of a thing, for people: the position of the event that began it."""
NO_QUANTITY: Final = (NUMBER, "year", "cut_off", "rank")
"""Numbers that count nothing."""
LINKS: Final[Mapping[str, str]] = {
    "request": "/requests/",
    "requests": "/requests/",
    "duplicate_of": "/requests/",
    "complaint": "/complaints/",
    "worklog": "/worklogs/",
    "inspection": "/inspections/",
    "rectification": "/rectifications/",
    "evaluation": "/evaluations/",
}
"""Field that holds the id of a thing → where its page is."""
NOT_SHOWN: Final = frozenset(
    ("version", "position", "allowed", "next_cursor", "basis", "command_id")
)
"""What a page says elsewhere, or nobody reads."""


class Cell(Struct, frozen=True):
    """One value: its text, where it leads, and whether it is a number."""

    text: str
    link: str | None = None
    number: bool = False
    alone: bool = True
    """Whether there is anything: zero and nothing are grey."""
    whole: bool = False
    """Whether it stays on one line, as a time does."""


class Table(Struct, frozen=True):
    columns: tuple[tuple[str, bool], ...]
    """Headings, and whether what is below are numbers."""
    rows: tuple[tuple[Cell, ...], ...]
    links: tuple[str | None, ...] = ()
    """Of each row, the page of the thing it is about."""


class Fact(Struct, frozen=True):
    """A property of a thing: a value, facts of its own, or a table."""

    name: str
    label: str
    cell: Cell | None = None
    within: "tuple[Fact, ...]" = ()
    table: Table | None = None


def facts_of(
    body: Struct, tongue: Tongue, names: Names, *, owners: Sequence[str] = ()
) -> tuple[Fact, ...]:
    """List what an answer says; what is not known is left out."""
    return tuple(_facts(body, tongue, names, tuple(owners)))


def _facts(body: Struct, tongue: Tongue, names: Names, owners: tuple[str, ...]) -> Iterator[Fact]:
    whose = (*owners, type(body).__name__)
    for field in msgspec.structs.fields(body):
        name, value = field.encode_name, getattr(body, field.name)
        if name in NOT_SHOWN or _is_empty(value):
            continue
        label = tongue.heading(name, *whose)
        yield _fact(name, label, value, tongue, names, type(body))


def _fact(
    name: str, label: str, value: Any, tongue: Tongue, names: Names, owner: type[Struct]
) -> Fact:
    if isinstance(value, Actor):
        return Fact(name, label, Cell(names.who(value)))
    if isinstance(value, Struct):
        return Fact(name, label, within=tuple(_facts(value, tongue, names, ())))
    if isinstance(value, list | tuple) and value and isinstance(value[0], Struct):
        return Fact(name, label, table=table_of(value, tongue, names))
    if isinstance(value, Mapping):
        return Fact(
            name,
            label,
            within=tuple(
                Fact(
                    str(key), _key(name, key, tongue, names), cell_of(str(key), one, tongue, names)
                )
                for key, one in value.items()
            ),
        )
    return Fact(name, label, cell_of(name, value, tongue, names, owner))


def table_of(
    rows: Sequence[Struct],
    tongue: Tongue,
    names: Names,
    *,
    links: Sequence[str | None] = (),
    columns: Sequence[str] = (),
    asked: type[Struct] | None = None,
) -> Table:
    """Make the table of rows of one kind: with these columns, else with the first of its fields;
    columns in which nothing stands are left out.

    asked: the parameters of the question, which name the choices that rows hold as plain text.
    """
    if not rows:
        return Table((), ())
    kind = type(rows[0])
    given = {field.encode_name: field for field in msgspec.structs.fields(kind)}
    fields = [
        field
        for field in ([given[name] for name in columns] if columns else given.values())
        if field.encode_name not in NOT_SHOWN
        and not field.encode_name.endswith("position")
        and any(not _is_empty(getattr(one, field.name)) for one in rows)
        and not (links and field.encode_name in ("id", "stream"))
    ][: max(COLUMNS_MAX, len(columns))]
    cells = tuple(
        tuple(
            cell_of(
                field.encode_name,
                getattr(one, field.name),
                tongue,
                names,
                _owner(field.encode_name, kind, asked),
            )
            for field in fields
        )
        for one in rows
    )
    headings = tuple(
        (_heading(field.encode_name, kind, tongue), any(row[at].number for row in cells))
        for at, field in enumerate(fields)
    )
    return Table(headings, cells, tuple(links))


def _heading(name: str, kind: type[Struct], tongue: Tongue) -> str:
    return tongue.say("编号") if name == NUMBER else tongue.heading(name, kind.__name__)


def _owner(name: str, kind: type[Struct], asked: type[Struct] | None) -> type[Struct]:
    """Return the struct whose choices a column has."""
    return asked if asked is not None and name in choices_in(asked) else kind


def cell_of(  # noqa: PLR0911
    name: str, value: Any, tongue: Tongue, names: Names, owner: type[Struct] | None = None
) -> Cell:
    """Write one value as people read it."""
    if _is_empty(value):
        return Cell(NOTHING, alone=False)
    if (known := names.of(name, value)) is not None:
        return Cell(known.text, known.link)
    if name in NO_QUANTITY:
        return Cell(str(value))
    match value:
        case bool():
            return Cell(tongue.label(value) if value else NOTHING, alone=value)
        case datetime():
            return Cell(tongue.when(value), whole=True)
        case date():
            return Cell(tongue.day(value), whole=True)
        case int() | float() | Decimal():
            return Cell(_number(value), number=True, alone=bool(value))
        case UUID():
            where = LINKS.get(name)
            return Cell(str(value)[:SHORT_ID], where and f"{where}{value}")
        case str():
            return Cell(tongue.label(value, name, owner))
        case Actor():
            return Cell(names.who(value))
        case Struct():
            return Cell("，".join(_said(value, tongue, names)))
        case Mapping():
            said = (f"{_key(name, key, tongue, names)} {one}" for key, one in value.items())
            return Cell("，".join(said))
        case list() | tuple() | set() | frozenset():
            cells = [cell_of(name, one, tongue, names, owner) for one in value]
            link = cells[0].link if len(cells) == 1 else None
            return Cell("、".join(one.text for one in cells), link)
        case _:
            return Cell(str(value))


def _said(value: Struct, tongue: Tongue, names: Names) -> Iterator[str]:
    """Yield what a struct says, for one line."""
    for field in msgspec.structs.fields(value):
        one = getattr(value, field.name)
        if not _is_empty(one) and one is not False:
            said = cell_of(field.encode_name, one, tongue, names, type(value)).text
            if one is True:
                said = tongue.heading(field.encode_name, type(value).__name__)
            yield said


def _key(name: str, key: Any, tongue: Tongue, names: Names) -> str:
    """Name what a map holds one of: a value of a choice, or a field of a form."""
    said = tongue.label(key, name)
    return names.field(str(key)) if said == str(key) else said


def _number(value: float | Decimal) -> str:
    return f"{value:,}".replace("-", "−")


def _is_empty(value: Any) -> bool:
    if value is None or isinstance(value, UnsetType):
        return True
    return isinstance(value, str | list | tuple | Mapping | frozenset) and not value
