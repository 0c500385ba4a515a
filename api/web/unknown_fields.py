"""Fields that no body has: a mistyped limit would be a limit that does not exist.

Structs of stored events take fields that they do not know, as programs of other times wrote them;
what enters is looked at here, by the type of the body, however deep.
"""

from collections.abc import Iterator
from functools import cache
from typing import Any

import msgspec
from msgspec import inspect

from api.described import structs_in
from api.publishing.document import Place, no_such_field, written
from api.web.problems import FieldProblem


def unknown_fields(body: Any, kind: Any) -> tuple[FieldProblem, ...]:
    """Find the fields of a body in plain JSON that its type does not have, each with the nearest
    that it has."""
    return tuple(
        FieldProblem(written(place), no_such_field(str(place[-1]), names))
        for place, names in _unknown(body, _described(kind), ())
    )


@cache
def takes_unknown(kind: Any) -> bool:
    """Tell whether some struct of a type, however deep, takes fields that it does not have: what
    the others are given too much, their decoder refuses by itself."""
    return any(not cls.__struct_config__.forbid_unknown_fields for cls, _ in structs_in((kind,)))


@cache
def _described(kind: Any) -> inspect.Type:
    return inspect.type_info(kind)


@cache
def _of_struct(cls: type[msgspec.Struct]) -> dict[str, inspect.Type]:
    """The fields of a struct by the names that they have in JSON."""
    described = _described(cls)
    assert isinstance(described, inspect.StructType)
    return {one.encode_name: one.type for one in described.fields}


def _unknown(
    value: Any, kind: inspect.Type, place: Place
) -> Iterator[tuple[Place, tuple[str, ...]]]:
    if isinstance(value, dict) and isinstance(kind, inspect.StructType):
        fields = _of_struct(kind.cls)
        for key in value:
            if key not in fields and key != kind.tag_field:
                yield (*place, key), tuple(fields)
    for below, part, one in _parts(value, kind):
        yield from _unknown(part, one, (*place, *below))


def _parts(value: Any, kind: inspect.Type) -> Iterator[tuple[Place, Any, inspect.Type]]:
    """Yield what a value is made of, each with its type and where below it stands."""
    match value, kind:
        case _, inspect.Metadata():
            yield (), value, kind.type
        case dict() | list(), inspect.UnionType():
            yield from (((), value, one) for one in kind.types if _meant(value, one))
        case dict(), inspect.StructType():
            fields = _of_struct(kind.cls)
            yield from (((key,), value[key], fields[key]) for key in value if key in fields)
        case list(), inspect.StructType():
            listed = zip(value, _of_struct(kind.cls).values(), strict=False)
            yield from (((number,), part, one) for number, (part, one) in enumerate(listed))
        case dict(), inspect.DictType():
            yield from (((key,), part, kind.value_type) for key, part in value.items())
        case list(), inspect.TupleType():
            listed = zip(value, kind.item_types, strict=False)
            yield from (((number,), part, one) for number, (part, one) in enumerate(listed))
        case list(), inspect.CollectionType():
            yield from (((number,), part, kind.item_type) for number, part in enumerate(value))


def _meant(value: Any, kind: inspect.Type) -> bool:
    """Tell whether a value is of this one of several types."""
    match kind:
        case inspect.Metadata():
            return _meant(value, kind.type)
        case inspect.StructType() if isinstance(value, dict):
            return kind.tag_field is None or value.get(kind.tag_field, kind.tag) == kind.tag
        case inspect.DictType():
            return isinstance(value, dict)
        case inspect.CollectionType() | inspect.TupleType():
            return isinstance(value, list)
        case inspect.StructType():
            return kind.array_like
        case _:
            return False
