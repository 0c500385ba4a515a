"""The structs that answers are made of."""

from collections.abc import Iterator
from typing import Any, get_args, get_type_hints

from msgspec import Struct

from api.serving.commands import ROUTES
from api.serving.questions import QUESTIONS


def structs_of(hint: Any) -> Iterator[type[Struct]]:
    """Those that a type names itself."""
    if isinstance(hint, type) and issubclass(hint, Struct):
        yield hint
    for part in get_args(hint):
        yield from structs_of(part)


def structs_of_answers() -> set[type[Struct]]:
    """Those of the answers to questions and commands, however deep."""
    found: set[type[Struct]] = set()
    waiting = [kind for one in (*QUESTIONS, *ROUTES) for kind in structs_of(one.answer)]
    while waiting:
        kind = waiting.pop()
        if kind not in found:
            found.add(kind)
            hints = get_type_hints(kind).values()
            waiting += [part for hint in hints for part in structs_of(hint)]
    return found
