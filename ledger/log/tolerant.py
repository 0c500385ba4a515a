"""Decoding of what was stored under older bounds: what was accepted once is read for ever.

Today's types are strict (`domain.codes`, `domain.vocabulary`). Where they refuse stored bytes, the
same structs are decoded without patterns, without the bounds that are marked as newer than some
events, and with any text for a role; the very structs of the domain are built from that:
constructors of msgspec do not validate. All other constraints stay.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from threading import RLock
from types import UnionType
from typing import (
    Annotated,
    Any,
    Final,
    ForwardRef,
    Literal,
    TypeVar,
    Union,
    get_args,
    get_origin,
)

import msgspec
from msgspec import NODEFAULT, Meta, Struct

from domain.roles import Role
from domain.vocabulary import NEWER

T = TypeVar("T")
CONSTRAINTS: Final = ("gt", "ge", "lt", "le", "multiple_of", "min_length", "max_length", "tz")


def decode(state: bytes | str, kind: type[T]) -> T:
    """Decode JSON strictly, and without bounds if that fails.

    Raises: msgspec.ValidationError — when it fails without bounds too.
    """
    try:
        return msgspec.json.decode(state, type=kind)
    except msgspec.ValidationError:
        wanted: Any = kind
        decoded: T = decoder(wanted)(state)
        return decoded


def convert(value: Any, kind: type[T]) -> T:
    """Convert plain data that comes from stored events, as `decode` does."""
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError:
        wanted: Any = kind
        converted: T = _restored(msgspec.convert(value, _described(wanted)))
        return converted


@cache
def decoder(kind: Any) -> Callable[[bytes | str], Any]:
    """Build a decoder of JSON that ignores patterns and bounds."""
    read = msgspec.json.Decoder(_described(kind)).decode
    return lambda state: _restored(read(state))


@cache
def _described(kind: Any) -> Any:
    """Build the type without bounds, seen by msgspec before another thread sees it."""
    with _building:
        made = without_bounds(kind)
        msgspec.json.Decoder(made)
        return made


def without_bounds(kind: Any) -> Any:
    """Return the type with its structs, however deep, replaced by twins without bounds."""
    origin = get_origin(kind)
    if isinstance(origin or kind, type) and issubclass(origin or kind, Struct):
        return _twin(kind)
    if origin is Annotated:
        inner, *metas = get_args(kind)
        bare = without_bounds(inner)
        return Annotated[(bare, *map(_without_bound, metas))]
    if kind == Role:
        return str
    if origin is None or origin is Literal:
        return kind
    parts = tuple(part if part is ... else without_bounds(part) for part in get_args(kind))
    return Union[parts] if origin in (Union, UnionType) else origin[parts]  # noqa: UP007


def _without_bound(meta: Any) -> Any:
    if not isinstance(meta, Meta):
        return meta
    kept = {name: getattr(meta, name) for name in CONSTRAINTS}
    if meta.extra is not None and meta.extra.get(NEWER):
        del kept["le"]
    return Meta(**{name: value for name, value in kept.items() if value is not None})


_building: Final = RLock()
_numbers: Final[dict[Any, int]] = {}
_twins: Final[list[Any]] = []
"""Twin number n; None while it is being built, because a struct may contain itself."""
_originals: Final[dict[type[Any], Any]] = {}


def _twin(kind: Any) -> Any:
    """Build a struct of the same fields; `kind` may be a generic struct with its parameters."""
    with _building:
        if kind in _numbers:
            number = _numbers[kind]
            return _twins[number] or ForwardRef(f"_twins[{number}]")
        number = _numbers[kind] = len(_twins)
        _twins.append(None)
        _twins[number] = made = _made(kind, get_origin(kind) or kind)
        return made


def _made(kind: Any, original: Any) -> type[Struct]:
    config = original.__struct_config__
    fields = msgspec.structs.fields(kind)
    made = msgspec.defstruct(
        original.__name__,
        [(one.name, without_bounds(one.type), _default(one)) for one in fields],
        module=__name__,
        frozen=True,
        kw_only=not config.array_like,
        tag=config.tag,
        tag_field=config.tag_field,
        array_like=config.array_like,
        forbid_unknown_fields=config.forbid_unknown_fields,
        rename={one.name: one.encode_name for one in fields},
    )
    _originals[made] = original
    return made


def _default(one: msgspec.structs.FieldInfo) -> Any:
    if one.default_factory is not NODEFAULT:
        return msgspec.field(default_factory=one.default_factory)
    return one.default


def _restored(value: Any) -> Any:
    original = _originals.get(type(value))
    if original is not None:
        given = {name: _restored(getattr(value, name)) for name in value.__struct_fields__}
        if original.__struct_config__.array_like:
            return original(*given.values())
        return original(**given)
    if isinstance(value, dict):
        return {_restored(key): _restored(part) for key, part in value.items()}
    if isinstance(value, list | tuple | frozenset | set):
        parts = [_restored(part) for part in value]
        # A default is left out when it is written again only as the very same object.
        same = all(new is old for new, old in zip(parts, value, strict=True))
        return value if same else type(value)(parts)
    return value


def broken(value: Any, kind: Any) -> Iterator[str]:
    """Yield the texts in a value of the type that today's patterns refuse."""
    origin, parts = get_origin(kind), get_args(kind)
    if isinstance(value, Struct):
        for one in msgspec.structs.fields(value):
            yield from broken(getattr(value, one.name), one.type)
    elif origin is Annotated:
        patterns = [one.pattern for one in parts[1:] if isinstance(one, Meta) and one.pattern]
        if isinstance(value, str) and any(not re.search(one, value) for one in patterns):
            yield value
        else:
            yield from broken(value, parts[0])
    elif origin in (Union, UnionType):
        fitting = [one for one in parts if _may_be(value, one)]
        if fitting and all(list(broken(value, one)) for one in fitting):
            yield from broken(value, fitting[0])
    elif isinstance(value, Mapping) and parts:
        for key, part in value.items():
            yield from broken(key, parts[0])
            yield from broken(part, parts[1])
    elif isinstance(value, tuple | list | frozenset) and parts:
        for part in value:
            yield from broken(part, parts[0])


def _may_be(value: Any, kind: Any) -> bool:
    """Return whether the value can be of this member of a union; structs are told by the value."""
    bare = get_args(kind)[0] if get_origin(kind) is Annotated else kind
    plain = get_origin(bare) or bare
    return isinstance(plain, type) and isinstance(value, plain)
