"""Codes: nothing can be written in two ways, whichever field of whichever struct it stands in."""

import ast
import importlib
import pkgutil
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Annotated, Any, Final, get_args, get_origin, get_type_hints

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import Meta, Struct

import api
import domain
import ledger
import projections
from domain import codes

ROOT: Final = Path(__file__).parents[2]
PACKAGES: Final = (domain, ledger, projections, api)
INTRUDERS: Final = (
    "\n", "\r", "\t", "\0", "\x1f", "\x7f", "\x85", "\u00a0", "\u2028", "\u3000",
    "\u200b", "\u200d", "\u2060", "\ufeff", "\u202e", "\u0301",
    "\uff12", "\u0662", "\u06f2", "\u0968", "\U0001d7d0", "\u00b2",
    "\uff21", "\u0410", "\u212a", "\u017f", "\uff0d", "\u2011", "\u2215",
)  # fmt: skip
"""Controls, spaces, zero widths, and what looks like a digit, a letter, a hyphen or a slash."""
SLOPPY: Final = re.compile(r"\\[dDwWsSbB]|\$|(?<!\[)\^")
"""In a pattern: what matches more than ASCII, or a final newline besides."""


def modules() -> Iterator[ModuleType]:
    for package in PACKAGES:
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not found.name.endswith(("__main__", "msgspec_stand_in")):
                yield importlib.import_module(found.name)


def patterns_in(kind: Any) -> Iterator[str]:
    if get_origin(kind) is Annotated:
        for meta in kind.__metadata__:
            if isinstance(meta, Meta) and meta.pattern is not None:
                yield meta.pattern
    for part in get_args(kind):
        yield from patterns_in(part)


def hints(struct: type[Struct]) -> dict[str, Any]:
    try:
        return get_type_hints(struct, include_extras=True)
    except NameError:  # what is imported for the type checker only
        known = {name: one for module in modules() for name, one in vars(module).items()}
        return get_type_hints(struct, localns=known, include_extras=True)


def all_patterns() -> dict[str, str]:
    """Every pattern of a type or of a field of a struct → where it stands."""
    found: dict[str, str] = {}
    for module in modules():
        for name, value in vars(module).items():
            for pattern in patterns_in(value):
                found.setdefault(pattern, f"{module.__name__}.{name}")
            if isinstance(value, type) and issubclass(value, Struct) and value is not Struct:
                for field, kind in hints(value).items():
                    for pattern in patterns_in(kind):
                        found.setdefault(pattern, f"{module.__name__}.{name}.{field}")
    for name, value in vars(codes).items():
        if isinstance(value, str) and value.startswith(r"\A"):
            found.setdefault(value, f"domain.codes.{name}")
    return found


PATTERNS: Final = all_patterns()


@cache
def decoder(pattern: str) -> msgspec.msgpack.Decoder[str]:
    return msgspec.msgpack.Decoder(Annotated[str, Meta(pattern=pattern)])


def accepts(pattern: str, text: str) -> bool:
    try:
        decoder(pattern).decode(msgspec.msgpack.encode(text))
    except msgspec.ValidationError:
        return False
    return True


def test_the_patterns_of_all_codes_are_looked_at() -> None:
    for kind in (codes.Code, codes.PeriodCode, codes.Digest, codes.Phone, codes.LimitKey):
        (pattern,) = patterns_in(kind)
        assert pattern in PATTERNS


@pytest.mark.parametrize("pattern", PATTERNS, ids=PATTERNS.get)
@settings(max_examples=25)
@given(data=st.data())
def test_an_accepted_text_cannot_be_written_otherwise(pattern: str, data: st.DataObject) -> None:
    text = data.draw(st.from_regex(pattern, fullmatch=True))
    assert accepts(pattern, text)
    at = data.draw(st.integers(0, len(text)))
    for intruder in INTRUDERS:
        for other in (text + intruder, intruder + text, text[:at] + intruder + text[at:]):
            assert not accepts(pattern, other), repr(other)
        if at < len(text):
            other = text[:at] + intruder + text[at + 1 :]
            assert not accepts(pattern, other), repr(other)


@pytest.mark.parametrize("pattern", PATTERNS, ids=PATTERNS.get)
@settings(max_examples=25)
@given(data=st.data())
def test_what_is_accepted_is_printable_ascii(pattern: str, data: st.DataObject) -> None:
    """However it is made: not only beside what was accepted before."""
    text = data.draw(st.from_regex(pattern))
    assert re.fullmatch("[ -~]+", text), repr(text)


@pytest.mark.parametrize("pattern", PATTERNS, ids=PATTERNS.get)
def test_a_pattern_is_ascii_and_matched_whole(pattern: str) -> None:
    assert pattern.startswith(r"\A")
    assert pattern.endswith(r"\Z")
    assert not SLOPPY.search(pattern)
    assert "|" not in re.sub(r"\(.*\)", "", pattern), r"\A and \Z belong to every alternative"


def written(node: ast.expr) -> str:
    """The constant parts of a pattern, as they stand in the source."""
    return "".join(
        one.value
        for one in ast.walk(node)
        if isinstance(one, ast.Constant) and isinstance(one.value, str)
    )


def calls(path: Path) -> Iterator[tuple[str, ast.Call]]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func), node


SOURCES: Final = sorted(
    path
    for package in PACKAGES
    for path in (ROOT / package.__name__).rglob("*.py")
    if path.name != "msgspec_stand_in.py"
)


def test_no_source_validates_by_a_sloppy_pattern() -> None:
    for path in SOURCES:
        for name, call in calls(path):
            patterns = [one.value for one in call.keywords if one.arg == "pattern"]
            if name in ("re.compile", "re.fullmatch"):
                patterns.append(call.args[0])
            for pattern in patterns:
                assert not SLOPPY.search(written(pattern)), f"{path}:{call.lineno}"
            assert name != "re.match", f"{path}:{call.lineno}: fullmatch looks at all of the text"


def test_each_pattern_of_a_type_stands_once() -> None:
    found: list[str] = []
    for path in SOURCES:
        for name, call in calls(path):
            if name == "Meta":
                found += [ast.unparse(one.value) for one in call.keywords if one.arg == "pattern"]
    assert len(found) > 10
    assert sorted(found) == sorted(set(found))


@pytest.mark.parametrize(
    ("kind", "accepted", "refused"),
    [
        (codes.Code, "ROOM-1", ["ROOM 1", "ROOM/1", "ROOM@1", "", "村", "R" * 65]),
        (codes.Ref, "gz-room@3", ["gz-room", "gz-room@0", "gz-room@3@4", "gz-room@03"]),
        (codes.DivisionCode, "440104", ["4", "44010", "4401040010010"]),
        (codes.ParentDivision, "440104001", ["440104001001"]),
        (codes.VillageCode, "440104001001", ["440104001"]),
        (codes.DivisionPrefix, "440", ["", "4401040010011"]),
        (codes.PeriodCode, "2026-Q2", ["2026", "2026-13", "2026-Q5", "9999-12", "2026-q2"]),
        (codes.EvaluationPeriod, "2026", ["2026-00", "0026", "2026-Q2-06"]),
        (codes.Zone, "Asia/Shanghai", ["", "../etc/passwd", "Asia/"]),
        (codes.Digest, "0f" * 32, ["0F" * 32, "0f" * 31]),
        (codes.MediaType, "image/jpeg", ["image", "Image/jpeg", "image/" + "a" * 100]),
        (codes.NumberText, "-0.95", [".5", "5.", "1e3", "+1", "1_000"]),
        (codes.DecimalText, "100", ["1,0", ""]),
        (codes.LimitKey, "legal_aid/close", ["legal_aid", "legal_aid/opened", "*"]),
    ],
)
def test_what_a_code_may_be(kind: Any, accepted: str, refused: list[str]) -> None:
    assert msgspec.convert(accepted, kind) == accepted
    for text in refused:
        with pytest.raises(msgspec.ValidationError):
            msgspec.convert(text, kind)
