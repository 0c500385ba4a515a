"""Masks of names, numbers and texts about persons, as answers leave: 王**, 138****1234, …（24字）.

What is masked follows from the types alone: the domain marks what is personal, and rows and answers
that copy it are marked as well.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any, Final

from msgspec import Struct, inspect
from msgspec.structs import replace

from domain.aggregates import EVENTS_BY_TOPIC
from projections.history.timeline import TimelineEvent

Plain = frozenset[str]
"""Codes of a table's columns that no person is behind, by its form."""
Mask = Callable[[Any, Plain], Any]
PHONE_DIGITS_MIN: Final = 9
NAME, PHONE, TEXT = "name", "phone", True
"""What a type is marked with, as `personal`."""


def name_masked(name: str) -> str:
    return f"{name[:1]}**" if name else name


def phone_masked(phone: str) -> str:
    if len(phone) < PHONE_DIGITS_MIN:
        return "****"
    return f"{phone[:3]}****{phone[-4:]}"


def text_masked(text: str) -> str:
    return f"…（{len(text)}字）" if text else text


_BY_MARK: Final[Mapping[Any, Callable[[str], str]]] = {
    NAME: name_masked, PHONE: phone_masked, TEXT: text_masked,
}  # fmt: skip


def masked(answer: Any, kind: Any) -> Any:
    """Return an answer of a type with all that is personal in it masked."""
    mask = _mask_of(kind)
    return answer if mask is None else mask(answer, _plain(answer))


@cache
def personal_in(kind: Any) -> tuple[str, ...]:
    """Name the personal fields of a type, however deep: `subject`, `visitor.phone`."""
    return tuple(sorted(set(_named(inspect.type_info(kind), "", ()))))


def _plain(answer: Any) -> Plain:
    """Return the columns that are about nobody: a table has a form, one cell says it itself."""
    if getattr(answer, "personal", None) is False:
        return frozenset((answer.column,))
    fields = getattr(getattr(answer, "form", None), "fields", ())
    return frozenset(field.code for field in fields if not field.personal)


@cache
def _mask_of(kind: Any) -> Mask | None:
    return _mask(inspect.type_info(kind), {})


def _mask(kind: inspect.Type, known: dict[type, Mask | None]) -> Mask | None:
    """Build the mask of a type; None when its values stay."""
    found: Mask | None = None
    if isinstance(kind, inspect.Metadata):
        mark = (kind.extra or {}).get("personal")
        found = _text(_BY_MARK[mark]) if mark else _mask(kind.type, known)
    elif isinstance(kind, inspect.UnionType):
        found = _each([mask for one in kind.types if (mask := _mask(one, known))])
    elif isinstance(kind, inspect.StructType):
        found = _event if kind.cls is TimelineEvent else _of_struct(kind, known)
    elif isinstance(kind, inspect.DictType):
        mask = _mask(kind.value_type, known)
        found = _values(mask) if mask else None
    elif isinstance(kind, inspect.TupleType):
        found = _parts([_mask(one, known) for one in kind.item_types])
    elif isinstance(kind, inspect.CollectionType):
        mask = _mask(kind.item_type, known)
        found = _all(mask) if mask else None
    return found


def _of_struct(kind: inspect.StructType, known: dict[type, Mask | None]) -> Mask | None:
    """A type may hold itself: then its mask is looked up when it is used."""
    cls = kind.cls
    if not personal_in(cls):
        return None
    if cls in known:
        return lambda value, plain: _again(known[cls], value, plain)
    known[cls] = None
    masks = {one.encode_name: mask for one in kind.fields if (mask := _mask(one.type, known))}
    known[cls] = _struct(cls, masks) if masks else None
    return known[cls]


def _again(mask: Mask | None, value: Any, plain: Plain) -> Any:
    return mask(value, plain) if mask else value


def _text(hide: Callable[[str], str]) -> Mask:
    return lambda value, _: hide(value) if isinstance(value, str) else value


def _struct(cls: type, masks: Mapping[str, Mask]) -> Mask:
    def hide(value: Any, plain: Plain) -> Any:
        if isinstance(value, dict):
            return {
                name: masks[name](one, plain) if name in masks else one
                for name, one in value.items()
            }
        if type(value) is not cls:
            return value
        assert isinstance(value, Struct)
        here = plain or _plain(value)
        if getattr(value, "column", None) in here:
            return value
        changed = {name: mask(getattr(value, name), here) for name, mask in masks.items()}
        return replace(value, **changed)

    return hide


def _each(masks: list[Mask]) -> Mask | None:
    """Chain masks; each leaves values of other types as they are."""
    if not masks:
        return None

    def hide(value: Any, plain: Plain) -> Any:
        for mask in masks:
            if (shown := mask(value, plain)) is not value:
                return shown
        return value

    return hide


def _values(mask: Mask) -> Mask:
    return lambda values, plain: (
        {code: one if code in plain else mask(one, plain) for code, one in values.items()}
        if isinstance(values, dict)
        else values
    )


def _all(mask: Mask) -> Mask:
    def hide(value: Any, plain: Plain) -> Any:
        if isinstance(value, tuple):
            return tuple(mask(one, plain) for one in value)
        return [mask(one, plain) for one in value] if isinstance(value, list) else value

    return hide


def _parts(masks: list[Mask | None]) -> Mask | None:
    if not any(masks):
        return None

    def hide(value: Any, plain: Plain) -> Any:
        if not isinstance(value, list | tuple):
            return value
        shown = [mask(one, plain) if mask else one for mask, one in zip(masks, value, strict=True)]
        return type(value)(shown)

    return hide


def _event(value: Any, plain: Plain) -> Any:
    """An event of the log as plain data; of one that this program does not know, nothing."""
    if not isinstance(value, TimelineEvent):
        return value
    event = EVENTS_BY_TOPIC.get(value.topic)
    if event is None:
        return replace(value, data={})
    mask = _mask_of(event)
    return value if mask is None else replace(value, data=mask(value.data, plain))


def _named(kind: inspect.Type, at: str, inside: tuple[type, ...]) -> Iterator[str]:
    if isinstance(kind, inspect.Metadata):
        if (kind.extra or {}).get("personal"):
            yield at
        else:
            yield from _named(kind.type, at, inside)
    elif isinstance(kind, inspect.UnionType):
        for one in kind.types:
            yield from _named(one, at, inside)
    elif isinstance(kind, inspect.StructType):
        if kind.cls is TimelineEvent:
            yield "data"
        elif kind.cls not in inside:
            for field in kind.fields:
                part = f"{at}.{field.encode_name}" if at else field.encode_name
                yield from _named(field.type, part, (*inside, kind.cls))
    elif isinstance(kind, inspect.DictType):
        yield from _named(kind.value_type, at, inside)
    elif isinstance(kind, inspect.TupleType):
        for one in kind.item_types:
            yield from _named(one, at, inside)
    elif isinstance(kind, inspect.CollectionType):
        yield from _named(kind.item_type, at, inside)


def has_personal(kind: Any) -> bool:
    """Tell whether answers of a type have anything personal."""
    return bool(personal_in(kind))
