"""Before threads start: msgspec's view of our structs is completed in one of them.

msgspec describes a struct at its first use, and other threads see the half-made description: one
that decodes then reads a null pointer and the process dies (msgspec 0.22). A projector died of it.
"""

from collections.abc import Iterator
from contextlib import suppress
from typing import Final

import msgspec
from msgspec import Struct

from domain.aggregates import EVENTS_BY_TOPIC
from ledger.log.codec import LedgerMapper

_described: Final[set[type[Struct]]] = set()
"""In this process, for ever: a class is described once."""


def describe_structs() -> None:
    """Describe every struct loaded by now, and the entries of all events. Takes 0.04 s once.

    Whoever starts threads that decode or convert calls it first, with its modules imported.
    """
    first = not _described
    for struct in _structs(Struct):
        if struct in _described:
            continue
        _described.add(struct)
        # Never decoded: unions that JSON cannot tell apart, names imported for type checkers only.
        with suppress(TypeError, NameError):
            msgspec.json.Decoder(struct)
    if first:
        mapper = LedgerMapper()
        for topic in EVENTS_BY_TOPIC:
            mapper.prepare(topic)


def _structs(kind: type[Struct]) -> Iterator[type[Struct]]:
    for each in kind.__subclasses__():
        yield each
        yield from _structs(each)
