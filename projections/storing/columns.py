"""A list view is declared once, by the struct that its rows are read as: from it come the columns
of the table and what is selected."""

from collections.abc import Collection
from typing import Annotated, Final

from msgspec import Meta, Struct, inspect

SmallInt = Annotated[int, Meta(extra={"sql": "smallint"})]
"""A number that its table keeps in two bytes; other numbers take eight."""
_SQL: Final[dict[type[inspect.Type], str]] = {
    inspect.BoolType: "boolean",
    inspect.DateTimeType: "timestamptz",
    inspect.DateType: "date",
    inspect.DictType: "jsonb",
    inspect.IntType: "bigint",
    inspect.LiteralType: "text",
    inspect.StrType: "text",
    inspect.UUIDType: "uuid",
}
_ARRAYS: Final = (inspect.ListType, inspect.VarTupleType)


def columns_of(
    row: type[Struct], *, without: Collection[str], **more: str
) -> tuple[tuple[str, str], ...]:
    """Return the name and SQL type of each field of a row.

    `without`: fields that are computed, or that every standing has (`standings.KEY`).
    `more`: columns that no row shows, with their types; they come last.
    """
    found = inspect.type_info(row)
    assert isinstance(found, inspect.StructType)
    own = ((one.name, _sql(one.type)) for one in found.fields if one.name not in without)
    return (*own, *more.items())


def selected(
    row: type[Struct], alias: str, without: Collection[str] = (), **expressions: str
) -> str:
    """Return the SELECT list of a row: `alias.field`, or the SQL that is given for a field.

    `without`: fields that are filled in after the query.
    """
    fields = [one for one in row.__struct_fields__ if one not in without]
    assert expressions.keys() <= set(fields), expressions
    return ", ".join(
        f"{expressions[one]} AS {one}" if one in expressions else f"{alias}.{one}" for one in fields
    )


def _sql(kind: inspect.Type) -> str:
    if isinstance(kind, inspect.Metadata):
        return str((kind.extra or {}).get("sql") or _sql(kind.type))
    if isinstance(kind, inspect.UnionType):
        (present,) = (one for one in kind.types if not isinstance(one, inspect.NoneType))
        return _sql(present)
    if isinstance(kind, _ARRAYS):
        return f"{_sql(kind.item_type)}[]"
    return _SQL[type(kind)]
