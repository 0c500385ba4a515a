"""Forms, made from the declaration of what they send: a command, or the parameters of a question.

What was typed is read into the JSON that the same struct is read from over HTTP, so that types and
bounds are checked once, there. Here only what people type is made sense of, and errors are said in
their words beside the field.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from types import MappingProxyType
from typing import Any, Final, Literal

import msgspec
from msgspec import Struct, inspect

from api.described import within
from api.pages import typed
from api.pages.page import NOTHING_TYPED, Form
from api.pages.tongue import Tongue, choices_in
from api.web.problems import FieldProblem
from api.words import described
from domain.codes import PHONE
from domain.registers.appointment import china_day

Kind = Literal[
    "line", "text", "number", "check", "radio", "select", "checks", "day", "instant", "lines",
    "pairs", "document",
]  # fmt: skip
RADIO_MAX: Final = 6
"""Choices that stand side by side; more are a list to choose from."""
TEXT_FROM: Final = 500
"""Characters from which on a field has several lines."""
ROWS_MORE: Final = 3
"""Empty rows after those that were filled in."""
ROWS_MAX: Final = 200
DEPTH_MAX: Final = 2
"""Structs in structs that are drawn as fields; what is deeper is a document, as a rule set is."""
SEPARATOR: Final = "."
RULES: Final[Mapping[str, str]] = {
    "number": "要写数字，现在是“{given}”",
    "day": "日期写成 2026-11-23 或 1123，现在是“{given}”",
    "instant": "时间写成 2026-11-23 09:41 或 0941，现在是“{given}”",
    "document": "要写成 JSON；也可以用命令行 anjuan publish 公布文件",
    "pair": "每行写成 名称=值，现在是“{given}”",
}
"""How what could not be read is written."""
EXPECTED: Final = (
    ("Object missing required field", "这里还要填"),
    ("Expected `str` of length >=", "写得太短"),
    ("Expected `str` of length <=", "写得太长"),
    ("Expected `array` of length >=", "至少要有一项"),
    ("Expected `int` >=", "数字太小"),
    ("Expected `int` <=", "数字太大"),
    ("Invalid enum value", "请从所列选项中选"),
    ("Invalid UUID", "编号的写法不对"),
    ("Expected `str` that is", "写法不对：只能用字母、数字和符号，不能有空格"),
)
"""How messages of msgspec begin, and what people are told."""
Errors = Mapping[str, str]
"""Name of a field → what is wrong with it, for people."""
NO_ERRORS: Final[Errors] = MappingProxyType({})


class Field(Struct, frozen=True, kw_only=True):
    """One field of a form, as it is drawn."""

    name: str
    label: str
    kind: Kind
    required: bool
    help: str = ""
    options: tuple[tuple[str, str], ...] = ()
    length_max: int | None = None
    values: tuple[str, ...] = ()
    error: str = ""

    @property
    def value(self) -> str:
        return self.values[0] if self.values else ""

    @property
    def id(self) -> str:
        return "f-" + self.name.replace(SEPARATOR, "-")


class Group(Struct, frozen=True, kw_only=True):
    """Fields that belong together: of a struct within a struct, or one row of several."""

    name: str
    label: str
    parts: "tuple[Field | Group, ...]"
    error: str = ""

    @property
    def id(self) -> str:
        return "f-" + self.name.replace(SEPARATOR, "-")


Part = Field | Group


# --- types


class _Asked(Struct, frozen=True):
    """A field of a struct without what only describes its type."""

    name: str
    type: inspect.Type
    required: bool
    length_max: int | None
    pattern: str | None
    is_name: bool
    """A person's name, which takes one line however long it may be."""


def _asked(field: inspect.Field) -> _Asked:
    kind, length_max, pattern = _bare(field.type)
    required = field.required and not _may_be_none(field.type)
    is_name = any(
        (one.extra or {}).get("personal") == "name"
        for one in within(field.type)
        if isinstance(one, inspect.Metadata)
    )
    return _Asked(field.encode_name, kind, required, length_max, pattern, is_name)


@cache
def _asked_in(kind: type[Struct]) -> tuple[_Asked, ...]:
    """Describe the fields of a struct, once: it takes milliseconds."""
    info = inspect.type_info(kind)
    assert isinstance(info, inspect.StructType)
    return tuple(_asked(field) for field in info.fields)


def _may_be_none(kind: inspect.Type) -> bool:
    if isinstance(kind, inspect.Metadata):
        return _may_be_none(kind.type)
    return isinstance(kind, inspect.UnionType) and any(
        isinstance(one, inspect.NoneType) for one in kind.types
    )


def _bare(kind: inspect.Type) -> tuple[inspect.Type, int | None, str | None]:
    length_max = pattern = None
    while True:
        if isinstance(kind, inspect.Metadata):
            kind = kind.type
        elif isinstance(kind, inspect.UnionType):
            kind = next(one for one in kind.types if not isinstance(one, inspect.NoneType))
        else:
            break
    if isinstance(kind, inspect.StrType):
        length_max, pattern = kind.max_length, kind.pattern
    return kind, length_max, pattern


def _kind_of(asked: _Asked) -> Kind:  # noqa: PLR0911
    match asked.type:
        case inspect.BoolType():
            # What may be left open has a third answer.
            return "check" if asked.required else "radio"
        case inspect.LiteralType(values=values):
            return "radio" if len(values) <= RADIO_MAX else "select"
        case inspect.IntType():
            return "number"
        case inspect.DateType():
            return "day"
        case inspect.DateTimeType():
            return "instant"
        case inspect.DictType():
            return "pairs"
        case inspect.StructType():
            return "document"
        case inspect.VarTupleType() | inspect.ListType() | inspect.FrozenSetType():
            inner, *_ = _bare(asked.type.item_type)
            if isinstance(inner, inspect.StructType):
                return "document"
            return "checks" if isinstance(inner, inspect.LiteralType) else "lines"
        case _:
            long = asked.length_max is not None and asked.length_max > TEXT_FROM
            return "text" if long and not asked.is_name else "line"


def _struct_in(kind: inspect.Type) -> tuple[type[Struct], bool] | None:
    """Return the struct that a field holds, and whether it holds several; None where it holds none
    or a document."""
    inner, several = kind, False
    if isinstance(kind, inspect.VarTupleType | inspect.ListType):
        inner, several = _bare(kind.item_type)[0], True
    if not isinstance(inner, inspect.StructType) or _is_document(inner.cls):
        return None
    return inner.cls, several


@cache
def _is_document(kind: type[Struct], depth: int = 1) -> bool:
    info = inspect.type_info(kind)
    assert isinstance(info, inspect.StructType)
    structs = [
        one.cls
        for field in info.fields
        for one in within(field.type)
        if isinstance(one, inspect.StructType)
    ]
    return bool(structs) and (
        depth == DEPTH_MAX or any(_is_document(one, depth + 1) for one in structs)
    )


# --- drawing


def parts_of(  # noqa: PLR0913
    kind: type[Struct],
    tongue: Tongue,
    *,
    form: Form = NOTHING_TYPED,
    errors: Errors = NO_ERRORS,
    leave_out: Sequence[str] = (),
    owners: Sequence[str] = (),
    under: str = "",
) -> tuple[Part, ...]:
    """List the fields of a struct, with what was typed into them and what is wrong with it.

    leave_out: fields that are no part of the form.
    owners: names besides the struct's own under which its fields have words.
    """
    drawn: list[Part] = []
    for asked in _asked_in(kind):
        if asked.name in leave_out:
            continue
        name = under + asked.name
        whose = (*owners, kind.__name__)
        within = _struct_in(asked.type)
        if within is None:
            drawn.append(_drawn(asked, name, whose, tongue, form, errors, kind))
            continue
        inner, several = within
        label = tongue.heading(asked.name, *whose)
        if not several:
            parts = parts_of(inner, tongue, form=form, errors=errors, under=f"{name}{SEPARATOR}")
            drawn.append(Group(name=name, label=label, parts=parts, error=errors.get(name, "")))
            continue
        drawn.append(
            Group(
                name=name,
                label=label,
                error=errors.get(name, ""),
                parts=tuple(
                    Group(
                        name=f"{name}{SEPARATOR}{row}",
                        label=f"{label} {row + 1}",
                        error=errors.get(f"{name}{SEPARATOR}{row}", ""),
                        parts=parts_of(
                            inner, tongue, form=form, errors=errors,
                            under=f"{name}{SEPARATOR}{row}{SEPARATOR}",
                        ),
                    )
                    for row in range(_rows(form, name) + ROWS_MORE)
                ),
            )
        )  # fmt: skip
    return tuple(drawn)


def _drawn(  # noqa: PLR0913, PLR0917
    asked: _Asked,
    name: str,
    owners: tuple[str, ...],
    tongue: Tongue,
    form: Form,
    errors: Errors,
    owner: type[Struct],
) -> Field:
    drawn = _kind_of(asked)
    return Field(
        name=name,
        label=tongue.heading(asked.name, *owners),
        kind=drawn,
        required=asked.required,
        help=_help(asked.name, owners, tongue),
        options=_options(asked, tongue, owner),
        length_max=asked.length_max,
        values=tuple(form.get(name, ())),
        error=errors.get(name, ""),
    )


def _help(name: str, owners: tuple[str, ...], tongue: Tongue) -> str:
    """Return what the words of a field say beyond its name, in Chinese alone."""
    words = described(name, *owners) or ""
    if tongue.language != "zh":
        return ""
    whole = words.partition(" (")[0]
    label = tongue.heading(name, *owners)
    return whole.removeprefix(label).strip("：；，。（） ")


def _options(asked: _Asked, tongue: Tongue, owner: type[Struct]) -> tuple[tuple[str, str], ...]:
    kind = asked.type
    if isinstance(kind, inspect.BoolType):
        return (("true", tongue.say("是")), ("false", tongue.say("否")))
    if isinstance(kind, inspect.VarTupleType | inspect.ListType | inspect.FrozenSetType):
        kind, *_ = _bare(kind.item_type)
    if not isinstance(kind, inspect.LiteralType):
        return ()
    return tuple((str(one), tongue.label(one, asked.name, owner)) for one in _in_order(kind, owner))


def _in_order(kind: inspect.LiteralType, owner: type[Struct]) -> Sequence[Any]:
    """The values of a choice in the order of its labels, which is that of people."""
    for labels in choices_in(owner).values():
        if set(labels) == set(kind.values):
            return tuple(labels)
    return kind.values


def _rows(form: Form, name: str) -> int:
    """Count the rows that were filled in, up to the last."""
    filled = [
        int(parts[0])
        for key, given in form.items()
        if key.startswith(name + SEPARATOR)
        and (parts := key[len(name) + 1 :].split(SEPARATOR))
        and parts[0].isdecimal()
        and int(parts[0]) < ROWS_MAX
        and any(one.strip() for one in given)
    ]
    return max(filled) + 1 if filled else 0


# --- reading


class Read(Struct, frozen=True):
    """What a form says, as JSON, and what could not be read."""

    body: dict[str, Any]
    errors: Errors


def read(  # noqa: PLR0913
    kind: type[Struct],
    form: Form,
    tongue: Tongue,
    *,
    now: datetime | None = None,
    leave_out: Sequence[str] = (),
    owners: Sequence[str] = (),
    partial: bool = False,
) -> Read:
    """Read a form; fields that are empty are left out, so that they have their defaults.

    partial: nothing is missed, as in the filters of a list.
    """
    errors: dict[str, str] = {}
    reader = _Reader(form, tongue, now or datetime.now(UTC), errors, partial=partial)
    body = reader.struct(kind, "", tuple(owners), leave_out)
    return Read(body, errors)


class _Reader:
    def __init__(
        self, form: Form, tongue: Tongue, now: datetime, errors: dict[str, str], *, partial: bool
    ) -> None:
        self.form = form
        self.tongue = tongue
        self.now = now
        self.errors = errors
        self.partial = partial

    def struct(
        self, kind: type[Struct], under: str, owners: tuple[str, ...], leave_out: Sequence[str] = ()
    ) -> dict[str, Any]:
        body: dict[str, Any] = {}
        for asked in _asked_in(kind):
            if asked.name in leave_out:
                continue
            name = under + asked.name
            whose = (*owners, kind.__name__)
            found = self._field(asked, name)
            if found is not None:
                body[asked.name] = found
            elif asked.required and not self.partial and name not in self.errors:
                label = self.tongue.heading(asked.name, *whose)
                self.errors[name] = self.tongue.say("要填{label}", label=label)
        return body

    def _field(self, asked: _Asked, name: str) -> Any:
        within = _struct_in(asked.type)
        if within is None:
            return self._value(asked, name)
        inner, several = within
        if not several:
            if not asked.required and not self._is_filled(name):
                return None
            return self.struct(inner, f"{name}{SEPARATOR}", ())
        rows = [
            self.struct(inner, f"{name}{SEPARATOR}{row}{SEPARATOR}", ())
            for row in range(_rows(self.form, name))
            if self._is_filled(f"{name}{SEPARATOR}{row}")
        ]
        return rows or None

    def _is_filled(self, name: str) -> bool:
        return any(
            key.startswith(name + SEPARATOR) and any(one.strip() for one in given)
            for key, given in self.form.items()
        )

    def _value(self, asked: _Asked, name: str) -> Any:
        given = [one for one in self.form.get(name, ()) if one.strip()]
        kind = _kind_of(asked)
        if kind == "check":
            return bool(given)
        if not given:
            return None
        text = given[0].strip()
        try:
            return self._read(asked, kind, given, text)
        except typed.NotRead as error:
            self.errors[name] = self._rule(str(error), text)
            return None

    def _read(self, asked: _Asked, kind: Kind, given: list[str], text: str) -> Any:  # noqa: PLR0911
        match kind:
            case "checks":
                return given
            case "lines":
                return list(typed.lines(text))
            case "pairs":
                return _pairs(text)
            case "document":
                return _document(text)
            case "number":
                return typed.number(text)
            case "day":
                return typed.day(text, china_day(self.now)).isoformat()
            case "instant":
                return typed.instant(text, self.now).isoformat()
        if isinstance(asked.type, inspect.BoolType):
            return text == "true"
        if isinstance(asked.type, inspect.LiteralType):
            return next((one for one in asked.type.values if str(one) == text), text)
        if asked.pattern == PHONE:
            text = typed.phone(text)
        elif asked.pattern is not None:
            text = typed.plain(text)
        if asked.length_max is not None and len(text) > asked.length_max:
            raise typed.NotRead(f"long {asked.length_max}")
        return text

    def _rule(self, what: str, given: str) -> str:
        say = self.tongue.say
        if what.startswith("long"):
            return say(
                "最多{most}个字，现在是{given}个", most=what.partition(" ")[2], given=len(given)
            )
        return say(RULES[what], given=given[:40])


def _document(text: str) -> Any:
    try:
        return msgspec.json.decode(text)
    except msgspec.DecodeError as error:
        raise typed.NotRead("document") from error


def _pairs(text: str) -> dict[str, Any]:
    """Read `name=value` lines; a value that is JSON is what it says."""
    found: dict[str, Any] = {}
    for line in typed.lines(text):
        name, separator, said = line.partition("=")
        if not separator:
            raise typed.NotRead("pair")
        try:
            found[name.strip()] = msgspec.json.decode(said.strip())
        except msgspec.DecodeError:
            found[name.strip()] = said.strip()
    return found


# --- what the server says


def errors_of(problems: Sequence[FieldProblem], tongue: Tongue) -> dict[str, str]:
    """Turn paths like `shares[1].adviser` into names of fields, and say what is wrong."""
    return {_name(one.field): _said(one.message, tongue) for one in problems}


def _name(path: str) -> str:
    return path.replace("[", SEPARATOR).replace("]", "").strip(SEPARATOR)


def _said(message: str, tongue: Tongue) -> str:
    for expected, rule in EXPECTED:
        if message.startswith(expected):
            return tongue.say(rule)
    return message


def hidden(form: Form, *, but: Sequence[str] = ()) -> Iterator[tuple[str, str]]:
    """List what was typed, to be kept in a form that asks for something else first."""
    for name, given in form.items():
        if name not in but:
            yield from ((name, one) for one in given)
