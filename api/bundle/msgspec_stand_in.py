"""Stand-in for msgspec, of the standard library only; a bundle holds it as `msgspec.py`.

An auditor runs the very files of the program with a bare Python. Structs become frozen dataclasses.
Nothing is checked or decoded: `domain.scoring.basis` builds its values itself.
"""

import dataclasses
from collections.abc import Callable
from json import dumps
from typing import Any, dataclass_transform


class Meta:
    """Constraints of a type; they are not checked here."""

    def __init__(self, **constraints: object) -> None:
        self.constraints = constraints


def field(*, default_factory: Callable[[], Any]) -> Any:
    return dataclasses.field(default_factory=default_factory)


@dataclass_transform(frozen_default=True)
class _Structs(type):
    def __new__(
        cls,
        name: str,
        bases: tuple[type, ...],
        namespace: dict[str, Any],
        *,
        kw_only: bool = False,
        **_options: object,
    ) -> Any:
        for attribute in namespace.get("__annotations__", {}):
            if namespace.get(attribute) in ([], {}, set()):
                factory = type(namespace[attribute])
                namespace[attribute] = dataclasses.field(default_factory=factory)
        made = super().__new__(cls, name, bases, namespace)
        return dataclasses.dataclass(frozen=True, kw_only=kw_only)(made)

    def __init__(cls, *described: Any, **_options: object) -> None:
        super().__init__(*described)


class Struct(metaclass=_Structs):
    pass


class json:
    """`msgspec.json`."""

    class Encoder:
        def __init__(self, *, order: str) -> None:
            assert order == "sorted"

        def encode(self, value: object) -> bytes:
            text = dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
            return text.encode()


class structs:
    """`msgspec.structs`."""

    replace = staticmethod(dataclasses.replace)
