"""Commands on a city organ in the register: listing, renaming, closing."""

from typing import Final, assert_never, get_args

from domain.codes import Code, DivisionCode
from domain.listed import known_division, refuse_other_unit
from domain.moment import Moment, refuse_twin
from domain.registers.appointment import china_day
from domain.registers.organ import (
    Organ,
    OrganClosed,
    OrganListed,
    OrganRenamed,
    OrganReopened,
    OrganUnknown,
    evolve,
)
from domain.vocabulary import Command, Event, Refused, Text

# --- commands


class ListOrgan(Command, frozen=True, kw_only=True):
    code: Code
    name: Text
    division: DivisionCode


class RenameOrgan(Command, frozen=True, kw_only=True):
    name: Text


class CloseOrgan(Command, frozen=True, kw_only=True):
    reason: Text


class ReopenOrgan(Command, frozen=True, kw_only=True):
    reason: Text


OrganCommand = ListOrgan | RenameOrgan | CloseOrgan | ReopenOrgan
COMMANDS: Final[tuple[type[Command], ...]] = get_args(OrganCommand)


class OrganExists(Refused):
    """机关编号已被使用"""


# --- decide


def decide(state: Organ | None, command: OrganCommand, moment: Moment) -> list[Event]:
    if isinstance(command, ListOrgan):
        return _list(state, command, moment)
    if state is None:
        raise OrganUnknown
    match command:
        case RenameOrgan(name=name):
            return [] if name == state.name else [OrganRenamed(name=name)]
        case CloseOrgan(reason=reason):
            closed = OrganClosed(reason=reason, closed_at=moment.occurred_at)
            return [closed] if state.open else []
        case ReopenOrgan(reason=reason):
            return [] if state.open else [OrganReopened(reason=reason)]
        case _:
            assert_never(command)


def _list(state: Organ | None, command: ListOrgan, moment: Moment) -> list[Event]:
    listed = OrganListed(code=command.code, name=command.name, division=command.division)
    if state is not None:
        if state == evolve(None, listed):
            return []
        raise OrganExists(command.code)
    registers = moment.registers
    refuse_twin(command.code, registers.organs)
    refuse_other_unit(command.code, registers, registers.organs)
    known_division(command.division, registers, china_day(moment.occurred_at))
    return [listed]
