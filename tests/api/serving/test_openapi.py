"""What the OpenAPI document says, and what it keeps to itself."""

import ast
import importlib
import inspect
import pkgutil
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, get_type_hints

import msgspec

import domain
from api.serving.commands import ROUTES
from api.serving.openapi import document, ecma
from api.serving.questions import QUESTIONS
from api.web.masking import phone_masked
from api.words import BY_NOUN, WORDS
from domain.aggregates import ALL
from domain.codes import PHONE
from domain.requests.request import Request
from tests.api.answer_types import structs_of, structs_of_answers

DOCUMENT: Final = document(ROUTES, QUESTIONS)
COMPONENTS: Final[dict[str, Any]] = DOCUMENT["components"]["schemas"]
QUERIES: Final = {one.name: one.query for one in QUESTIONS}
ROOT: Final = Path(domain.__path__[0]).parent
PACKAGES: Final = ("api", "domain", "ledger", "projections")
CHINESE: Final = re.compile("[\u4e00-\u9fff]")


# --- deciders' states


def test_no_answer_holds_the_state_of_a_decider() -> None:
    states = set(_states())
    assert Request in states
    assert len(states) >= len(ALL)
    assert not [one for one in structs_of_answers() if one in states]


def _states() -> Iterator[type[msgspec.Struct]]:
    """What each `evolve` of the domain folds into."""
    for found in pkgutil.walk_packages(domain.__path__, "domain."):
        evolve = getattr(importlib.import_module(found.name), "evolve", None)
        if inspect.isfunction(evolve):
            yield from structs_of(get_type_hints(evolve)["return"])


# --- people


def test_what_is_masked_is_documented_as_it_is_shown_and_asked_for_as_it_is_sent() -> None:
    read, sent = (COMPONENTS[name]["properties"]["phone"] for name in ("VisitorMasked", "Visitor"))
    for phone in ("13800001234", "12345"):
        assert re.search(_pattern(read), phone)
        assert re.search(_pattern(read), phone_masked(phone))
        assert re.search(_pattern(sent), phone)
        assert not re.search(_pattern(sent), phone_masked(phone))
    assert COMPONENTS["VisitorMasked"] | {"properties": {}} == COMPONENTS["Visitor"] | {
        "properties": {}
    }


def test_no_answer_has_a_pattern_that_its_masks_do_not_fit() -> None:
    pattern = ecma(PHONE)
    asked = {"requestBody", "parameters"}
    answers = [
        {key: value for key, value in one.items() if key not in asked} for one in _operations()
    ]
    assert pattern not in {*_patterns(answers, set())}
    assert pattern in {*_patterns(list(_operations()), set())}


def _pattern(schema: dict[str, Any]) -> str:
    (found,) = _patterns(schema, set())
    return found


def _patterns(node: Any, seen: set[str]) -> Iterator[str]:
    """The patterns of a schema and of all that it refers to."""
    if isinstance(node, dict):
        if isinstance(node.get("pattern"), str):
            yield node["pattern"]
        if isinstance(reference := node.get("$ref"), str) and reference not in seen:
            seen.add(reference)
            yield from _patterns(COMPONENTS[reference.rpartition("/")[2]], seen)
    for each in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from _patterns(each, seen)


# --- words


def test_every_field_parameter_header_and_answer_is_described_in_chinese() -> None:
    undescribed = [
        (place, text) for place, text in _descriptions() if not CHINESE.search(text or "")
    ]
    assert not undescribed


def test_no_description_speaks_of_the_inside() -> None:
    public = {name for _, name in _fields()} | {name for _, name in _parameters()}
    functions = _functions() - public
    assert "schema_components" not in functions
    assert "broken_references" in functions
    assert not [
        text
        for text in _texts(DOCUMENT)
        if "`" in text
        or re.search(rf"\b({'|'.join(PACKAGES)})\.[a-z]", text)
        or functions & set(re.findall(r"\w+", text, re.ASCII))
    ]


def test_no_struct_is_named_by_its_module() -> None:
    assert not [name for name in COMPONENTS if not name.isidentifier()]


def test_every_word_is_used() -> None:
    used = {key for owner, name in (*_fields(), *_parameters()) if (key := _key(owner, name))}
    assert set(WORDS) - set(COMPONENTS) == used


NO_NOUN: Final = ("choices", "facts", "of_events")
"""Files of words that are not the document's."""


def test_no_word_is_given_twice() -> None:
    files = [file for file in (ROOT / "api" / "words").glob("*.py") if file.stem not in NO_NOUN]
    given = [
        key.value
        for file in files
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.Dict)
        for key in node.keys
        if isinstance(key, ast.Constant)
    ]
    assert [key for key, times in Counter(given).items() if times > 1] == []
    assert set(given) == set(WORDS)
    assert len(BY_NOUN) == len(files) - 1, "all but __init__"


def test_a_word_of_one_struct_is_not_the_word_of_all() -> None:
    assert not [
        key for key, text in WORDS.items() if "." in key and WORDS.get(key.split(".")[1]) == text
    ]


def _key(owners: tuple[str, ...], name: str) -> str | None:
    """The key of the words that the document has."""
    found = next((key for one in owners if (key := f"{one}.{name}") in WORDS), name)
    return found if found in WORDS else None


def _fields() -> Iterator[tuple[tuple[str, ...], str]]:
    for struct, schema in COMPONENTS.items():
        for name in schema.get("properties", ()):
            yield (struct,), name


def _parameters() -> Iterator[tuple[tuple[str, ...], str]]:
    for operation in _operations():
        name = operation["operationId"]
        for parameter in operation.get("parameters", ()):
            of_query = parameter["in"] == "query" and name in QUERIES
            kinds = QUERIES[name].__mro__ if of_query else ()
            yield tuple(kind.__name__ for kind in kinds) or (name,), parameter["name"]


def _operations() -> Iterator[dict[str, Any]]:
    for operations in DOCUMENT["paths"].values():
        yield from operations.values()


def _descriptions() -> Iterator[tuple[str, str | None]]:
    """Everything in the document that must have one."""
    for struct, schema in COMPONENTS.items():
        yield struct, schema.get("description")
        for name, field in schema.get("properties", {}).items():
            yield f"{struct}.{name}", field.get("description")
    for operation in _operations():
        name = operation["operationId"]
        yield name, operation.get("summary")
        if "description" in operation:
            yield name, operation["description"]
        for parameter in operation.get("parameters", ()):
            yield f"{name}?{parameter['name']}", parameter.get("description")
        for status, response in operation["responses"].items():
            yield f"{name} {status}", response.get("description")
            for header, told in response.get("headers", {}).items():
                yield f"{name} {status} {header}", told.get("description")
    for tag in DOCUMENT["tags"]:
        yield tag["name"], tag.get("description")
    yield "info", DOCUMENT["info"]["description"]


def _texts(node: Any) -> Iterator[str]:
    """Every description, wherever it stands."""
    if isinstance(node, list):
        for part in node:
            yield from _texts(part)
    if isinstance(node, dict):
        for key, part in node.items():
            if key in ("description", "summary") and isinstance(part, str):
                yield part
            yield from _texts(part)


def _functions() -> set[str]:
    """Names of the program's functions that no reader could take for a word."""
    return {
        node.name
        for package in PACKAGES
        for file in (ROOT / package).rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and "_" in node.name
    }
