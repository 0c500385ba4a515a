"""Commands on a division in the register: listing, renaming, abolishing."""

from datetime import date
from typing import Final, assert_never, get_args

from domain.codes import DivisionCode, shortest
from domain.listed import known_division, refuse_other_unit, told
from domain.moment import DivisionWrittenLonger, Moment, Registers
from domain.registers.division import (
    Division,
    DivisionAbolished,
    DivisionListed,
    DivisionRenamed,
    DivisionRestored,
    DivisionUnknown,
    evolve,
    parent,
)
from domain.vocabulary import Command, Event, Refused, Text

# --- commands


class ListDivision(Command, frozen=True, kw_only=True):
    code: DivisionCode
    name: Text
    source: Text
    since: date | None = None


class RenameDivision(Command, frozen=True, kw_only=True):
    name: Text
    source: Text
    since: date


class AbolishDivision(Command, frozen=True, kw_only=True):
    """Again with another day or heir, it corrects the first entry."""

    abolished_on: date
    merged_into: DivisionCode | None = None
    source: Text


class RestoreDivision(Command, frozen=True, kw_only=True):
    reason: Text


DivisionCommand = ListDivision | RenameDivision | AbolishDivision | RestoreDivision
COMMANDS: Final[tuple[type[Command], ...]] = get_args(DivisionCommand)


class DivisionExists(Refused):
    """这个区划代码已经登记，内容不同；更名请用更名"""


class ParentNotListed(Refused):
    """上一级区划还没有登记，请先登记上一级"""


class DivisionHasParts(Refused):
    """下级区划尚未撤销，请先撤销下级"""


class DivisionNotThereThen(Refused):
    """这个区划在该日期还没有设立，或已经撤销"""


# --- decide


def decide(state: Division | None, command: DivisionCommand, moment: Moment) -> list[Event]:
    if isinstance(command, ListDivision):
        return _list(state, command, moment.registers)
    if state is None:
        raise DivisionUnknown
    match command:
        case RenameDivision(name=name, source=source, since=since):
            if not state.exists_on(since):
                raise DivisionNotThereThen(f"{state.code} {since}")
            held = state.name_on(since)
            same = (held.name, held.source) == (name, source)
            return [] if same else [DivisionRenamed(name=name, source=source, since=since)]
        case AbolishDivision():
            return _abolish(state, command, moment.registers)
        case RestoreDivision():
            if state.abolished_on is None:
                return []
            return [DivisionRestored(reason=command.reason)]
        case _:
            assert_never(command)


def _list(state: Division | None, command: ListDivision, registers: Registers) -> list[Event]:
    if shortest(command.code) != command.code:
        raise DivisionWrittenLonger(shortest(command.code))
    listed = DivisionListed(
        code=command.code, name=command.name, source=command.source, since=command.since
    )
    if state is not None:
        if state == evolve(None, listed):
            return []
        raise DivisionExists(f"{state.code} {state.name}")
    refuse_other_unit(command.code, registers, registers.divisions)
    _refuse_orphan(command.code, registers)
    return [listed]


def _refuse_orphan(code: str, registers: Registers) -> None:
    """A register begins anywhere, at a city or at a single town; below its first level everything
    is a part of what is listed."""
    above = parent(code)
    if above is None or above in registers.divisions:
        return
    if any(len(listed) <= len(above) for listed in registers.divisions):
        raise ParentNotListed(told(above, registers.divisions))


def _abolish(state: Division, command: AbolishDivision, registers: Registers) -> list[Event]:
    day, heir = command.abolished_on, command.merged_into
    if (state.abolished_on, state.merged_into) == (day, heir):
        return []
    if state.since is not None and day <= state.since:
        raise DivisionNotThereThen(f"{state.code} {day}")
    if heir is not None:
        if heir == state.code:
            raise DivisionUnknown(heir)
        known_division(heir, registers, day)
    parts = (
        one
        for one in registers.divisions.values()
        if one.code.startswith(state.code) and one.code != state.code and one.exists_on(day)
    )
    if (part := next(parts, None)) is not None:
        raise DivisionHasParts(f"{part.code} {part.name}")
    return [DivisionAbolished(abolished_on=day, merged_into=heir, source=command.source)]
