"""A struct as options: one for each field, of a struct within it `--visitor.name`.

What options say is written as the JSON that the same struct is read from over HTTP, so that types
and bounds are checked once, there.
"""

import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import msgspec
import rich_click as click
from msgspec import Struct, inspect

from api.cli.asking import INSTANT, KNOWN
from api.cli.language import spoken
from api.words import described
from domain.codes import CODE

Json = dict[str, Any]
SEPARATOR: Final = "."
ABSENT: Final = (None, ())


class Field(Struct, frozen=True):
    """One option, and where in the JSON its value stands."""

    path: tuple[str, ...]
    kind: inspect.Type
    help: str
    required: bool

    @property
    def flag(self) -> str:
        return "--" + SEPARATOR.join(self.path).replace("_", "-")

    @property
    def metavar(self) -> str:
        """An example's word for the value: of a choice the first."""
        kind = _type_of(_of_many(self.kind)[0])
        return str(kind.choices[0]) if isinstance(kind, click.Choice) else kind.name.upper()

    @property
    def option(self) -> click.Option:
        """The option; its parameter is called as its flag."""
        kind, many = _of_many(self.kind)
        more: dict[str, Any] = {"help": self.help, "multiple": many}
        flag = self.flag
        if isinstance(kind, inspect.BoolType) and not many:
            flag, more["default"] = f"{flag}/--no-{flag[2:]}", None
        else:
            asked_of = self.path[-1] in ("as_known_at", "compared_to")
            more["type"] = KNOWN if asked_of else _type_of(kind)
        made = click.Option([flag, "value"], **more)
        made.name = self.flag
        return made


class JsonText(click.ParamType[Any]):
    """A value that no single word can say, in JSON."""

    name = "JSON"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        try:
            return msgspec.json.decode(value) if isinstance(value, str) else value
        except msgspec.DecodeError as error:
            self.fail(f"{value!r} is not JSON: {error}", param, ctx)


class Scalar(click.ParamType[Any]):
    """A number, a truth or a text, whichever it looks like."""

    name = "VALUE"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        del param, ctx
        try:
            found = msgspec.json.decode(value) if isinstance(value, str) else value
        except msgspec.DecodeError:
            return value
        return found if isinstance(found, int | float | bool) else value


class Pair(click.ParamType[tuple[str, Any]]):
    """`KEY=VALUE` of a mapping."""

    name = "KEY=VALUE"

    def __init__(self, of: click.ParamType[Any]) -> None:
        self._of = of

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, Any]:
        key, separator, said = value.partition("=")
        if not separator:
            self.fail(f"{value!r} is not KEY=VALUE", param, ctx)
        return key, self._of.convert(said, param, ctx)


class Text(click.ParamType[str]):
    """Text of a form that the struct knows."""

    def __init__(self, name: str) -> None:
        self.name = name

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        del param, ctx
        return value


SCALARS: Final = (inspect.StrType, inspect.IntType, inspect.BoolType, inspect.FloatType)


def _plain(kind: inspect.Type) -> inspect.Type:
    """Leave out what only describes the type, and that there may be nothing."""
    if isinstance(kind, inspect.Metadata):
        return _plain(kind.type)
    if isinstance(kind, inspect.UnionType):
        some = [one for one in kind.types if not isinstance(one, inspect.NoneType)]
        return _plain(some[0]) if len(some) == 1 else kind
    return kind


def _of_many(kind: inspect.Type) -> tuple[inspect.Type, bool]:
    """The type of one value, and whether the option may be repeated."""
    kind = _plain(kind)
    if isinstance(kind, inspect.CollectionType):
        return _plain(kind.item_type), True
    return kind, isinstance(kind, inspect.DictType) and _is_scalar(kind.value_type)


def _is_scalar(kind: inspect.Type) -> bool:
    kind = _plain(kind)
    if isinstance(kind, inspect.UnionType):
        return all(_is_scalar(one) for one in kind.types)
    return isinstance(kind, SCALARS)


def _type_of(kind: inspect.Type) -> click.ParamType[Any]:  # noqa: PLR0911
    match kind:
        case inspect.LiteralType(values=values):
            return click.Choice(list(values))
        case inspect.IntType():
            return click.INT
        case inspect.FloatType():
            return click.FLOAT
        case inspect.DateTimeType():
            return INSTANT
        case inspect.DateType():
            return Text("DAY")
        case inspect.UUIDType():
            return Text("ID")
        case inspect.DecimalType():
            return Text("NUMBER")
        case inspect.StrType(pattern=pattern):
            return Text("CODE" if pattern == CODE else "TEXT")
        case inspect.BoolType():
            return Scalar()
        case inspect.DictType(value_type=value) if _is_scalar(value):
            return Pair(_type_of(_plain(value)))
        case inspect.UnionType() if _is_scalar(kind):
            return Scalar()
        case _:
            return JsonText()


def fields_of(struct: type[Struct]) -> list[Field]:
    """List the options that say a struct."""
    return list(_fields(struct, (), frozenset(), required=True))


def _fields(
    struct: type[Struct], at: tuple[str, ...], above: frozenset[type], *, required: bool
) -> Iterator[Field]:
    found = inspect.type_info(struct)
    assert isinstance(found, inspect.StructType)
    for field in found.fields:
        path, kind = (*at, field.encode_name), _plain(field.type)
        needed = required and field.required
        if isinstance(kind, inspect.StructType) and _opens(kind) and kind.cls not in above:
            yield from _fields(kind.cls, path, above | {kind.cls}, required=needed)
            continue
        words = described(field.encode_name, struct.__name__) or ""
        yield Field(path, field.type, f"{words} [必填 required]" if needed else words, needed)


def _opens(kind: inspect.StructType) -> bool:
    """Return whether a struct is said field by field: one of several, or a list, is in JSON."""
    return kind.tag is None and not kind.array_like


def said(fields: Sequence[Field], values: Mapping[str, Any], body: Json) -> Json:
    """Write what the options say over the body that a file holds, if one does."""
    for field in fields:
        value = values.get(field.flag)
        if value in ABSENT:
            continue
        within = body
        for name in field.path[:-1]:
            inner = within.get(name)
            within[name] = dict(inner) if isinstance(inner, dict) else {}
            within = within[name]
        within[field.path[-1]] = _written(field, value)
    return body


def _written(field: Field, value: Any) -> Any:
    if isinstance(_plain(field.kind), inspect.DictType) and isinstance(value, tuple):
        return dict(value)
    if isinstance(value, datetime):
        return value.isoformat()
    return [_written(field, one) for one in value] if isinstance(value, tuple) else value


def missing(fields: Sequence[Field], body: Json) -> list[str]:
    """List the options that are needed and were not given."""
    found = []
    for field in fields:
        within: Any = body
        for name in field.path:
            within = within.get(name) if isinstance(within, dict) else within
        if field.required and within is None:
            found.append(field.flag)
    return found


def encoded(body: Json) -> bytes:
    """Raises: UsageError — when the terminal gave bytes that are no text."""
    try:
        return msgspec.json.encode(body)
    except UnicodeEncodeError as error:
        raise click.UsageError(
            spoken("What is said is not UTF-8.", "内容不是 UTF-8 文字。")
        ) from error


def body_in(name: str | None) -> Json:
    """Read a body in JSON from a file, or from standard input.

    Raises: UsageError — when it is not the JSON of an object.
    """
    if name is None:
        return {}
    try:
        text = sys.stdin.read() if name == "-" else Path(name).read_text("utf-8")
        found = msgspec.json.decode(text)
    except (OSError, ValueError) as error:
        raise click.UsageError(f"--body {name}: {error}") from error
    if not isinstance(found, dict):
        raise click.UsageError(spoken(f"--body {name}: no object", f"--body {name}：不是一个对象"))
    return found
