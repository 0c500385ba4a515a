"""The structs in a type, as msgspec describes it."""

from collections.abc import Iterable, Iterator
from typing import Any

from msgspec import Struct, inspect


def structs_in(types: Iterable[Any]) -> Iterator[tuple[type[Struct], tuple[inspect.Field, ...]]]:
    """Yield every struct in these types, however deep, once, with its fields."""
    seen: set[type[Struct]] = set()
    waiting = [inspect.type_info(one) for one in types][::-1]
    while waiting:
        for kind in within(waiting.pop()):
            if isinstance(kind, inspect.StructType) and kind.cls not in seen:
                seen.add(kind.cls)
                yield kind.cls, kind.fields
                waiting += [one.type for one in kind.fields][::-1]


def within(kind: inspect.Type) -> Iterator[inspect.Type]:
    """Yield a type and what it is made of, down to structs and not into them."""
    yield kind
    for part in _parts(kind):
        yield from within(part)


def _parts(kind: inspect.Type) -> Iterator[inspect.Type]:
    match kind:
        case inspect.Metadata():
            yield kind.type
        case inspect.UnionType():
            yield from kind.types
        case inspect.DictType():
            yield from (kind.key_type, kind.value_type)
        case inspect.TupleType():
            yield from kind.item_types
        case inspect.CollectionType():
            yield kind.item_type
        case _:
            return
