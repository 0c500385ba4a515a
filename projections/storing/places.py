"""Columns that say where a row stands, by the rule that deciders and the gate of reads ask
(`domain.jurisdiction.place_of`), so that lists and row-level security can ask a row alone.

Points and firms move without an event of their things: a row names what it lies with, and who asks
knows where that lies now (`projections.asking.scope`).
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from msgspec import Struct

from domain.jurisdiction import Place, place_of
from domain.moment import Registers
from projections.asking.scope import (
    ACCOUNT,
    ADVISER,
    EVERYBODY,
    FIRM_OF,
    LIES_WITH,
    NO_UNIT,
    STRAYS,
)

COLUMNS: Final = (("lies_in", "text"), ("whose", "text[]"))
"""`lies_in`: the code of a division. `whose`: marks, as below; an unset one is nobody's."""


class _Lies(Struct, frozen=True):
    division: str


class _Post(Struct, frozen=True):
    firm: str


class _Whoever(Struct, frozen=True):
    """A point, firm or adviser of which nothing is known but its code."""

    code: str

    @property
    def division(self) -> str:
        return LIES_WITH + self.code

    @property
    def locations(self) -> tuple[_Lies, ...]:
        return (_Lies(self.division),)

    @property
    def posts(self) -> tuple[_Post, ...]:
        return (_Post(FIRM_OF + self.code),)


class _Whichever(Mapping[str, Any]):
    """A register that lists every code."""

    def __getitem__(self, code: str) -> _Whoever:
        return _Whoever(code)

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


_ANY: Final = _Whichever()
_REGISTERS: Final = Registers(
    points=_ANY, advisers=_ANY, calendars={}, policies={}, firms=_ANY, organs=_ANY
)


def standing_of(kind: str, state: Any) -> tuple[str | None, list[str]]:
    """Return `lies_in` and `whose` of a thing."""
    return columns_of_place(place_of(kind, state, _REGISTERS))


def columns_of_place(place: Place, *, implied: bool = False) -> tuple[str | None, list[str]]:
    """Return the columns `lies_in` and `whose` of a place.

    `implied`: it lay, when it began, in the division that it names, with what it lies with. Only
    where that has moved since does it lie elsewhere as well, which who asks knows.
    """
    lies_in = [one for one in place.divisions if not one.startswith(LIES_WITH)]
    lies_with = [one for one in place.divisions if one.startswith(LIES_WITH)]
    # Of what lies in several divisions, which is rare, all but the first are told by marks.
    lies_with += (LIES_WITH + one for one in lies_in[1:])
    marks = [*lies_with, *(place.units or (NO_UNIT,))]
    marks += (ADVISER + one for one in place.advisers)
    marks += (ACCOUNT + one for one in place.accounts)
    if lies_with and not implied:
        marks.append(STRAYS)
    if place.everybody:
        marks.append(EVERYBODY)
    return lies_in[0] if lies_in else None, list(dict.fromkeys(marks))
