"""Codes in the log that stand in no register: of logs that are older than the register.

A register that is empty is not asked, as `domain.listed` does not ask it.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

import msgspec
from msgspec import Struct

from domain.codes import shortest
from domain.moment import Registers

REGISTERS: Final[Mapping[str, str]] = {
    "point": "points",
    "adviser": "advisers",
    "advisers": "advisers",
    "division": "divisions",
    "village": "divisions",
    "firm": "firms",
    "team": "teams",
    "organ": "organs",
}
"""Field of an event → the register that its code stands in."""
FIRST_MAX: Final = 5
"""How many codes are named."""


class Unlisted(Struct):
    """A code that is not listed: where it was first named, and in how many events."""

    position: int
    events: int = 0


class _Stored(Struct):
    data: Any


class Looking:
    """Counts the codes of events that are not listed."""

    def __init__(self, registers: Registers) -> None:
        listed = {name: getattr(registers, name) for name in set(REGISTERS.values())}
        self._listed = {name: {*codes} for name, codes in listed.items() if codes}
        self._fields = {field: name for field, name in REGISTERS.items() if name in self._listed}
        self._decode = msgspec.json.Decoder(_Stored).decode
        self.found: dict[str, dict[str, Unlisted]] = {name: {} for name in self._listed}

    def see(self, position: int, state: bytes) -> None:
        if not self._fields:
            return
        for register, code in set(self._unlisted(self._decode(state).data)):
            one = self.found[register].setdefault(code, Unlisted(position))
            one.events += 1

    def _unlisted(self, value: Any) -> Iterator[tuple[str, str]]:
        if isinstance(value, dict):
            for name, part in value.items():
                if (register := self._fields.get(name)) is not None:
                    for code in part if isinstance(part, list) else (part,):
                        if isinstance(code, str) and not self._is_listed(register, code):
                            yield register, code
                if isinstance(part, dict | list):
                    yield from self._unlisted(part)
        elif isinstance(value, list):
            for part in value:
                yield from self._unlisted(part)

    def _is_listed(self, register: str, code: str) -> bool:
        listed = self._listed[register]
        return code in listed or (register == "divisions" and shortest(code) in listed)


def told(codes: Mapping[str, Unlisted]) -> str:
    """Name the first codes, each with its first position and how many events name it."""
    first = sorted(codes.items(), key=lambda one: one[1].position)
    named = [f"{code!a} (position {one.position}, {one.events} events)" for code, one in first]
    more = len(named) - FIRST_MAX
    return ", ".join(named[:FIRST_MAX]) + (f" and {more} more" if more > 0 else "")
