"""Both languages: every sentence of the pages has its English, and no English is left over."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import api
from api.advising.pages.quick_log import ASKED
from api.pages.forms import EXPECTED, RULES
from api.pages.navigation import every_entry
from api.pages.tongue import english
from api.pages.waiting import SETTLED

ROOT: Final = Path(api.__file__).parent
SAID: Final = re.compile(r"_\('((?:[^'\\]|\\.)*)'")
HAN: Final = re.compile(r"[\u4e00-\u9fff]")
LITERAL: Final = re.compile(r">([^<>{}]*[\u4e00-\u9fff][^<>{}]*)<")
MARKS: Final = frozenset(("案", "法", "中文"))
"""Seals, and the name of the other language, which stand as they are."""


def templates() -> Iterator[Path]:
    yield from (ROOT / "pages" / "templates").rglob("*.html")


def sentences() -> Iterator[str]:
    for file in templates():
        yield from SAID.findall(file.read_text(encoding="utf-8"))
    for file in ROOT.rglob("*.py"):
        if file.is_relative_to(ROOT / "cli"):
            continue
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name | ast.Attribute)
                and (node.func.id if isinstance(node.func, ast.Name) else node.func.attr) == "say"
            ):
                for one in ast.walk(node):
                    if isinstance(one, ast.Constant) and isinstance(one.value, str):
                        yield one.value
    yield from (*RULES.values(), *(rule for _, rule in EXPECTED))
    yield from (one.text for one in every_entry())
    yield from ASKED.values()
    yield from (text for _, acts in SETTLED.values() for _, text in acts)


def test_every_sentence_has_its_english_and_its_places() -> None:
    said = {one for one in sentences() if HAN.search(one)}
    assert sorted(said - english().keys()) == []
    for chinese in said:
        places = sorted(re.findall(r"\{\w+\}", chinese))
        assert sorted(re.findall(r"\{\w+\}", english()[chinese])) == places, chinese


def test_no_template_says_anything_in_one_language_only() -> None:
    for file in templates():
        found = [one.strip() for one in LITERAL.findall(file.read_text(encoding="utf-8"))]
        assert [one for one in found if one not in MARKS] == [], file.name


def test_no_english_is_left_over() -> None:
    said = set(sentences())
    assert sorted(one for one in english() if one not in said) == []
