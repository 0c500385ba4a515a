"""What is named by a code is listed in its register, as of the time of the act: one rule for all.

A register that is empty is not asked: logs of earlier programs have none, and a new office lists
its things one register after the other.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from difflib import get_close_matches
from typing import Final, Protocol, TypeVar

from domain.codes import shortest
from domain.moment import Registers
from domain.registers.adviser import Adviser, AdviserUnknown
from domain.registers.appointment import china_day
from domain.registers.division import LEVELS, Division, DivisionUnknown
from domain.registers.firm import Firm, FirmUnknown
from domain.registers.organ import Organ, OrganUnknown
from domain.registers.point import Point, PointUnknown
from domain.registers.team import Team, TeamUnknown
from domain.vocabulary import Refused

NEAREST_MAX: Final = 3
"""How many entries a refusal names."""


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


def known_adviser(code: str, registers: Registers) -> Adviser:
    """Look up an adviser. Raises: AdviserUnknown — also where there is none at all."""
    found = registers.advisers.get(code)
    if found is None:
        raise AdviserUnknown(told(code, registers.advisers))
    return found


def known_division(code: str, registers: Registers, day: date) -> None:
    """Refuse a division that is not listed, or did not exist that day. Raises: DivisionUnknown."""
    if not registers.divisions:
        return
    found = registers.divisions.get(code) or registers.divisions.get(shortest(code))
    if found is None:
        raise DivisionUnknown(told(code, registers.divisions))
    if not found.exists_on(day):
        raise DivisionUnknown(_gone(found, registers))


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


def known_unit(code: str, registers: Registers, at: datetime) -> None:
    """Refuse a unit that is no listed point, division, firm or organ, or was none then.

    Raises: UnitUnknown.
    """
    if is_unit(code, registers, at) is False:
        raise UnitUnknown(told(code, _units(registers)))


def is_unit(code: str, registers: Registers, at: datetime) -> bool | None:
    """Tell whether a code is that of a unit; None where nothing is listed that could say so.

    Points alone say nothing: they are in every log, and its other units are not.
    """
    if code in registers.points:
        return registers.points[code].serves_at(at)
    if code.isdecimal() and len(code) in LEVELS:
        if not registers.divisions:
            return None
        found = registers.divisions.get(code) or registers.divisions.get(shortest(code))
        return found is not None and found.exists_on(china_day(at))
    if not (registers.firms or registers.organs or registers.divisions):
        return None
    return _stands(registers.firms.get(code), at) or _stands(registers.organs.get(code), at)


def _stands(found: Firm | Team | Organ | None, at: datetime) -> bool:
    return found is not None and found.stands_at(at)


def _units(registers: Registers) -> Mapping[str, _Entry]:
    return {**registers.points, **registers.divisions, **registers.firms, **registers.organs}


# --- one code, one unit


class CodeOfAnotherUnit(Refused):
    """这个编号已是另一个单位（服务点、区划、律所或机关）的编号，请换一个编号"""


def refuse_other_unit(code: str, registers: Registers, own: Mapping[str, _Entry]) -> None:
    """Refuse a new unit's code that stands in the register of another kind of unit: a unit is named
    by its code alone. Raises: CodeOfAnotherUnit."""
    for register in (registers.points, registers.divisions, registers.firms, registers.organs):
        if register is not own and code in register:
            raise CodeOfAnotherUnit(f"{code} {register[code].name}")


# --- the nearest entries


def told(asked: str, register: Mapping[str, _Entry]) -> str:
    """Tell what was asked for and the entries that are written most like it."""
    near = list(nearest(asked, register))
    return f"{asked}；相近的有：{'、'.join(near)}" if near else asked


def nearest(asked: str, register: Mapping[str, _Entry]) -> Iterator[str]:
    """Yield at most `NEAREST_MAX` entries, code and name, that are written most like a text."""
    by_name = {one.name: code for code, one in register.items()}
    codes = [*get_close_matches(asked, register, NEAREST_MAX)]
    codes += [by_name[name] for name in get_close_matches(asked, by_name, NEAREST_MAX)]
    for code in list(dict.fromkeys(codes))[:NEAREST_MAX]:
        yield f"{code} {register[code].name}"


def _gone(found: Division, registers: Registers) -> str:
    if found.abolished_on is None:
        return f"{found.code} {found.name}，自 {found.since} 起设立"
    heir = registers.divisions.get(found.merged_into or "")
    into = f"，并入 {heir.code} {heir.name}" if heir else ""
    return f"{found.code} {found.name}，自 {found.abolished_on} 起撤销{into}"


def refuse_unlisted(codes: Iterable[str], registers: Registers) -> None:
    """Refuse advisers that are not registered. Raises: AdviserUnknown."""
    for code in codes:
        known_adviser(code, registers)
