"""A document in JSON or TOML, read by a type: every fault with its line, its place and what is
allowed there."""

import re
import tomllib
import types
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Union, get_args, get_origin, get_type_hints

import msgspec
from msgspec import Struct

from domain.codes import in_words

Place = tuple[str | int, ...]
"""Keys and numbers that lead to a part of a document."""
TOKENS: Final = re.compile(
    r'(?P<string>"(?:[^"\\]|\\.)*")|(?P<mark>[\[\]{}:,])'
    r'|(?P<scalar>[^ \t\r\n\[\]{}:,"]+)|(?P<line>\n)'
)
HEADER: Final = re.compile(r"[ \t]*(\[\[?)[ \t]*(.+?)[ \t]*\]\]?[ \t]*(?:#.*)?\Z")
_KEY: Final = r"""(?:[0-9A-Za-z_-]+|"[^"]*"|'[^']*')"""
ASSIGNED: Final = re.compile(rf"""[ \t]*({_KEY}(?:[ \t]*\.[ \t]*{_KEY})*)[ \t]*=""")
KEY: Final = re.compile(r"""[0-9A-Za-z_-]+|"([^"]*)"|'([^']*)'""")


class DocumentWrong(Exception):
    """要公布的文件有误。"""


class Document(Struct, frozen=True):
    """A document with the line of each of its parts."""

    file: Path
    value: Any
    lines: Mapping[Place, int]

    def line(self, place: Place) -> int:
        """Return the line of a part, or of the nearest that it is a part of."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 1)

    def told(self, place: Place, what: str) -> str:
        return f"{self.file}:{self.line(place)}: {written(place)}: {what}"

    def lines_of(self, text: str) -> list[int]:
        """Return the lines of what is called so: keys and codes; where there is none, of what says
        nothing but this text."""
        said = [place for place, value in _scalars(self.value, ()) if value == text]
        named = [place for place in said if place[-1] in ("code", text)]
        return sorted({self.line(place) for place in named or said})


def written(place: Place) -> str:
    """Write a place as people do: `limits.legal_aid/close.amount`, `fields[2].kind`."""
    text = ""
    for one in place:
        text += f"[{one}]" if isinstance(one, int) else f".{one}" if text else one
    return text or "the whole"


def read_document(file: Path) -> Document:
    """Raises: DocumentWrong — it is neither JSON nor TOML, or says a thing twice."""
    try:
        text = file.read_text("utf-8-sig")
    except OSError as error:
        raise DocumentWrong(f"{file}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise DocumentWrong(f"{file}: not UTF-8 ({error})") from error
    if text.lstrip().startswith(("{", "[\n", "[{", "[ ")) and file.suffix.lower() != ".toml":
        return Document(file, _json(file, text), _lines_of_json(file, text))
    try:
        return Document(file, tomllib.loads(text), _lines_of_toml(text))
    except tomllib.TOMLDecodeError as error:
        raise DocumentWrong(f"{file}: no TOML: {error}") from error


def _json(file: Path, text: str) -> Any:
    import json  # noqa: PLC0415

    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise DocumentWrong(f"{file}:{error.lineno}: no JSON: {error.msg}") from error


# --- lines


def _lines_of_json(file: Path, text: str) -> dict[Place, int]:
    """Lines of a text that is known to be JSON.

    Raises: DocumentWrong — an object has a key twice.
    """
    lines: dict[Place, int] = {}
    line, place = 1, ()  # type: tuple[int, Place]
    open_: list[bool] = []
    """Whether each of what is open is an array."""
    key: str | None = None
    for token in TOKENS.finditer(text):
        mark = token["mark"]
        if token["line"]:
            line += 1
        elif mark in ("{", "["):
            lines.setdefault(place, line)
            open_.append(mark == "[")
            place = (*place, 0) if mark == "[" else (*place, "")
        elif mark in ("}", "]"):
            open_.pop()
            place = place[:-1]
        elif mark == ",":
            last = place[-1]
            place = (*place[:-1], last + 1 if isinstance(last, int) else "")
        elif mark == ":":
            assert key is not None
            place = (*place[:-1], key)
            if place in lines:
                raise DocumentWrong(
                    f"{file}:{line}: {written(place)}: {key!r} is given twice in one object,"
                    f" first in line {lines[place]}"
                )
            lines[place] = line
        elif token["string"] and open_ and not open_[-1] and place[-1] == "":
            key = msgspec.json.decode(token["string"])
        else:
            lines.setdefault(place, line)
    return lines


def _lines_of_toml(text: str) -> dict[Place, int]:
    """Lines of tables and keys; what stands inside a value has the line of its key."""
    lines: dict[Place, int] = {}
    numbers: dict[Place, int] = {}
    table: Place = ()
    for number, line in enumerate(text.splitlines(), 1):
        if header := HEADER.match(line):
            table = _within(_keys(header[2]), numbers)
            if header[1] == "[[":
                numbers[table] = numbers.get(table, -1) + 1
                table = (*table, numbers[table])
            lines.setdefault(table, number)
        elif assigned := ASSIGNED.match(line):
            lines.setdefault((*table, *_keys(assigned[1])), number)
    return lines


def _within(keys: Place, numbers: Mapping[Place, int]) -> Place:
    """A table's place: below an array of tables it is of the last one."""
    place: Place = ()
    for key in keys:
        if place in numbers:
            place = (*place, numbers[place])
        place = (*place, key)
    return place


def _keys(dotted: str) -> Place:
    return tuple(
        next(part for part in (one[1], one[2], one[0]) if part is not None)
        for one in KEY.finditer(dotted)
    )


def _scalars(value: Any, place: Place) -> Iterator[tuple[Place, Any]]:
    if isinstance(value, dict):
        for key, part in value.items():
            yield (*place, key), key
            yield from _scalars(part, (*place, key))
    elif isinstance(value, list):
        for number, part in enumerate(value):
            yield from _scalars(part, (*place, number))
    else:
        yield place, value


# --- faults


def faults(value: Any, kind: Any, place: Place = ()) -> Iterator[tuple[Place, str]]:
    """Yield what of a value is not as its type says, each with its place: the parts first."""
    kind = _alone(kind, value)
    found = list(_in_parts(value, kind, place))
    yield from found
    if found:
        return
    try:
        msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        what, _, _ = str(error).partition(" - at `")
        yield place, in_words(what) + _allowed(kind, what)


def _in_parts(value: Any, kind: Any, place: Place) -> Iterator[tuple[Place, str]]:
    plain = _plain(kind)
    origin, arguments = get_origin(plain), get_args(plain)
    if isinstance(plain, type) and issubclass(plain, Struct):
        hints = get_type_hints(plain, include_extras=True)
        names = [one.name for one in msgspec.structs.fields(plain)]
        if isinstance(value, dict):
            for key, part in value.items():
                if key in names:
                    yield from faults(part, hints[key], (*place, key))
                elif plain.__struct_config__.tag_field != key:
                    yield (*place, key), no_such_field(key, names)
        elif isinstance(value, list) and plain.__struct_config__.array_like:
            for number, (part, name) in enumerate(zip(value, names, strict=False)):
                yield from faults(part, hints[name], (*place, number))
    elif isinstance(value, dict) and origin is not None and issubclass(origin, Mapping):
        for key, part in value.items():
            for _, what in faults(key, arguments[0]):
                yield (*place, key), what
            yield from faults(part, arguments[1], (*place, key))
    elif isinstance(value, list) and isinstance(origin, type) and issubclass(origin, Sequence):
        fixed = origin is tuple and arguments[-1:] != (...,)
        for number, part in enumerate(value):
            if number < len(arguments) or not fixed:
                yield from faults(part, arguments[number if fixed else 0], (*place, number))


def _plain(kind: Any) -> Any:
    return get_args(kind)[0] if get_origin(kind) is Annotated else kind


def _alone(kind: Any, value: Any) -> Any:
    """Return the X of `X | None`, where something is given."""
    if get_origin(kind) in (Union, types.UnionType) and value is not None:
        others = [one for one in get_args(kind) if one is not type(None)]
        if len(others) == 1:
            return others[0]
    return kind


def no_such_field(key: str, names: Sequence[str]) -> str:
    """Name the field that was perhaps meant, and those that there are."""
    near = get_close_matches(key, names, 1)
    hint = f"; perhaps {near[0]}" if near else ""
    return f"there is no such field{hint}; the fields are {', '.join(names)}"


def _allowed(kind: Any, what: str) -> str:
    """Say what may stand there, where the message does not."""
    plain = _plain(kind)
    if get_origin(plain) is Literal and "enum" in what:
        return f"; one of {', '.join(map(str, get_args(plain)))}"
    return ""
