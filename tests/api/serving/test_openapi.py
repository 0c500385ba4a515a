"""What the OpenAPI document says, and what it keeps to itself."""

import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from typing import Any, Final, get_args, get_type_hints

import msgspec

import domain
from api.serving.app import QUESTIONS
from api.serving.commands import ROUTES
from api.serving.openapi import document
from domain.aggregates import ALL
from domain.requests.request import Request

DOCUMENT: Final = document(ROUTES, QUESTIONS)
COMPONENTS: Final[dict[str, Any]] = DOCUMENT["components"]["schemas"]


# --- deciders' states


def test_no_answer_holds_the_state_of_a_decider() -> None:
    states = set(_states())
    assert Request in states
    assert len(states) >= len(ALL)
    assert not [one for one in _in_answers() if one in states]


def _states() -> Iterator[type[msgspec.Struct]]:
    """What each `evolve` of the domain folds into."""
    for found in pkgutil.walk_packages(domain.__path__, "domain."):
        evolve = getattr(importlib.import_module(found.name), "evolve", None)
        if inspect.isfunction(evolve):
            yield from _structs(get_type_hints(evolve)["return"])


def _structs(kind: Any) -> Iterator[type[msgspec.Struct]]:
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        yield kind
    for part in get_args(kind):
        yield from _structs(part)


def _in_answers() -> set[type[msgspec.Struct]]:
    """The structs that answers are made of, however deep."""
    found: set[type[msgspec.Struct]] = set()
    waiting = [kind for one in (*QUESTIONS, *ROUTES) for kind in _structs(one.answer)]
    while waiting:
        kind = waiting.pop()
        if kind not in found:
            found.add(kind)
            waiting += [part for hint in get_type_hints(kind).values() for part in _structs(hint)]
    return found
