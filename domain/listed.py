"""One rule for all codes: what one names is listed in its register, as of the time of the act.

A register that is empty is not asked: logs of earlier programs have none, and a new office lists
its things one register after the other.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from difflib import get_close_matches
from heapq import nlargest
from operator import eq
from typing import Final, Protocol, TypeVar

from domain.codes import shortest
from domain.moment import Registers, refuse_twin
from domain.registers.adviser import Adviser, AdviserUnknown
from domain.registers.appointment import china_day
from domain.registers.division import LEVELS, Division, DivisionUnknown, parent
from domain.registers.firm import Firm, FirmUnknown
from domain.registers.organ import Organ, OrganUnknown
from domain.registers.point import (
    Point,
    PointIsClosed,
    PointNotOpenYet,
    PointUnknown,
    WindowUnknown,
)
from domain.registers.team import Team, TeamUnknown
from domain.vocabulary import Refused

NEAREST_MAX: Final = 3
"""How many entries a refusal names."""
LOOKED_AT_MAX: Final = 100


class _Entry(Protocol):
    @property
    def name(self) -> str: ...


EntryT = TypeVar("EntryT", bound=_Entry)


class UnitUnknown(Refused):
    """没有这个单位：服务点、区划、律所和机关名册中都没有，或者当时已经停用；请核对编号，或先登记"""


# --- one of each register


def known_point(code: str, registers: Registers) -> Point:
    """Look up a point. Raises: PointUnknown — also where there is no point at all."""
    found = registers.points.get(code)
    if found is None:
        raise PointUnknown(told(code, registers.points))
    return found


def opened_point(code: str, registers: Registers, at: datetime) -> Point:
    """Look up a point that was open by then, whether or not it is closed since.

    Raises: PointUnknown, PointNotOpenYet.
    """
    point = known_point(code, registers)
    if not point.opened_by(at):
        raise PointNotOpenYet(f"{code} {point.name}，自 {point.opened_on} 起启用")
    return point


def serving_point(
    code: str, registers: Registers, at: datetime, *, however_early: bool = False
) -> Point:
    """Look up a point that served then; `however_early`: its first day is not asked for.

    Raises: PointUnknown, PointNotOpenYet, PointIsClosed.
    """
    point = known_point(code, registers) if however_early else opened_point(code, registers, at)
    if point.closed_by(at):
        raise PointIsClosed(code)
    return point


def known_adviser(code: str, registers: Registers) -> Adviser:
    """Look up an adviser. Raises: AdviserUnknown — also where there is none at all."""
    found = registers.advisers.get(code)
    if found is None:
        raise AdviserUnknown(told(code, registers.advisers))
    return found


def known_division(code: str, registers: Registers, *days: date) -> None:
    """Refuse a division that is not listed, or existed on none of the days.

    Raises: DivisionUnknown.
    """
    if registers.divisions and not is_division(code, registers, *days):
        raise DivisionUnknown(told_division(code, registers))


def is_division(code: str, registers: Registers, *days: date) -> bool:
    """Tell whether a division is listed and existed on one of the days."""
    found = _division(code, registers)
    return found is not None and any(found.exists_on(day) for day in days)


def told_division(code: str, registers: Registers) -> str:
    """Tell of a division that is unknown what was asked for and the nearest entries; of one that
    existed at another time, when and what became of it."""
    found = _division(code, registers)
    if found is not None:
        return _lasted(found, registers)
    return told(code, _beside(code, registers.divisions))


def _beside(code: str, divisions: Mapping[str, Division]) -> Mapping[str, Division]:
    """Return the divisions of the same level that are parts of the same as that one would be, or of
    what that is a part of."""
    above = parent(code)
    while above is not None:
        same = {
            key: one
            for key, one in divisions.items()
            if len(key) == len(code) and key.startswith(above)
        }
        if same:
            return same
        above = parent(above)
    return divisions


def _division(code: str, registers: Registers) -> Division | None:
    return registers.divisions.get(code) or registers.divisions.get(shortest(code))


def known_firm(code: str, registers: Registers, at: datetime) -> None:
    """Refuse a firm that is not registered, or was closed then. Raises: FirmUnknown."""
    if registers.firms and not _stands(registers.firms.get(code), at):
        raise FirmUnknown(told(code, registers.firms))


def known_team(code: str, registers: Registers, at: datetime) -> None:
    """Refuse a team that is not registered, or was dissolved then. Raises: TeamUnknown."""
    if registers.teams and not _stands(registers.teams.get(code), at):
        raise TeamUnknown(told(code, registers.teams))


def known_organ(code: str, registers: Registers, at: datetime) -> Organ:
    """Look up an organ. Raises: OrganUnknown — also where there is none at all."""
    found = registers.organs.get(code)
    if found is None or not found.stands_at(at):
        raise OrganUnknown(told(code, registers.organs))
    return found


def known_window(code: str, point: Point) -> None:
    """Refuse a window that the point does not have, if its windows are listed.

    Raises: WindowUnknown — names those it has.
    """
    if point.windows and code not in point.windows:
        raise WindowUnknown(f"{code}；{point.code} 的窗口：{'、'.join(point.windows)}")


def known_unit(code: str, registers: Registers, at: datetime) -> None:
    """Refuse a unit that is no listed point, division, firm or organ, or was none then.

    Raises: UnitUnknown.
    """
    if is_unit(code, registers, at) is False:
        raise UnitUnknown(told(code, _units(registers)))


def is_unit(code: str, registers: Registers, at: datetime) -> bool | None:
    """Tell whether a code is that of a unit; None where nothing is listed that could say so.

    What is neither a point nor a firm may be an organ, and until organs are listed it passes.
    """
    if code in registers.points:
        return registers.points[code].serves_at(at)
    if code.isdecimal() and len(code) in LEVELS:
        return is_division(code, registers, china_day(at)) if registers.divisions else None
    if _stands(registers.firms.get(code), at) or _stands(registers.organs.get(code), at):
        return True
    return False if registers.organs else None


def _stands(found: Firm | Team | Organ | None, at: datetime) -> bool:
    return found is not None and found.stands_at(at)


def _units(registers: Registers) -> Mapping[str, _Entry]:
    return {**registers.points, **registers.divisions, **registers.firms, **registers.organs}


# --- one code, one unit


class CodeOfAnotherUnit(Refused):
    """这个编号已是另一个单位（服务点、区划、律所或机关）的编号，请换一个编号"""


def refuse_other_unit(code: str, registers: Registers, own: Mapping[str, _Entry]) -> None:
    """Refuse a new unit's code that stands in the register of another kind of unit, or looks like
    one that does: a unit is named by its code alone.

    Raises: CodeOfAnotherUnit, CodeLooksLikeAnother.
    """
    for register in (registers.points, registers.divisions, registers.firms, registers.organs):
        if register is not own:
            if code in register:
                raise CodeOfAnotherUnit(f"{code} {register[code].name}")
            refuse_twin(code, register)


# --- the nearest entries


def told(asked: str, register: Mapping[str, _Entry]) -> str:
    """Tell what was asked for and the entries that are written most like it."""
    near = list(nearest(asked, register))
    return f"{asked}；相近的有：{'、'.join(near)}" if near else asked


def nearest(asked: str, register: Mapping[str, _Entry]) -> Iterator[str]:
    """Yield at most `NEAREST_MAX` entries, code and name, that are written most like a code; or
    like a name, where the text cannot be a code."""
    if asked.isascii():
        codes = get_close_matches(asked, _alike(asked, register), NEAREST_MAX)
    else:
        by_name = {one.name: code for code, one in register.items()}
        names = get_close_matches(asked, _alike(asked, by_name), NEAREST_MAX)
        codes = [by_name[name] for name in names]
    for code in codes:
        yield f"{code} {register[code].name}"


def _alike(asked: str, written: Iterable[str]) -> list[str]:
    """Return those with most in common in the same places, from the beginning or the end: a closer
    look takes its time."""
    backwards = asked[::-1]

    def in_common(one: str) -> int:
        forwards, back = map(eq, asked, one), map(eq, backwards, reversed(one))
        return list(forwards).count(True) + list(back).count(True)

    return nlargest(LOOKED_AT_MAX, written, key=in_common)


def _lasted(found: Division, registers: Registers) -> str:
    since = f"，自 {found.since} 起设立" if found.since else ""
    until = f"，自 {found.abolished_on} 起撤销" if found.abolished_on else ""
    heir = registers.divisions.get(found.merged_into or "")
    into = f"，并入 {heir.code} {heir.name}" if heir else ""
    return f"{found.code} {found.name}{since}{until}{into}"


def refuse_unlisted(codes: Iterable[str], registers: Registers) -> None:
    """Refuse advisers that are not registered. Raises: AdviserUnknown."""
    for code in codes:
        known_adviser(code, registers)
