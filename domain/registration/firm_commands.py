"""Commands on a law firm in the register: registering, renaming, closing."""

from typing import Final, assert_never, get_args

from domain.codes import Code, DivisionCode, Licence
from domain.listed import known_division, refuse_other_unit
from domain.moment import Moment, refuse_twin
from domain.registers.appointment import china_day
from domain.registers.firm import (
    Firm,
    FirmClosed,
    FirmRegistered,
    FirmRenamed,
    FirmReopened,
    FirmUnknown,
    evolve,
)
from domain.vocabulary import Command, Event, Refused, Text

# --- commands


class RegisterFirm(Command, frozen=True, kw_only=True):
    code: Code
    name: Text
    division: DivisionCode | None = None
    licence: Licence | None = None


class RenameFirm(Command, frozen=True, kw_only=True):
    name: Text


class CloseFirm(Command, frozen=True, kw_only=True):
    reason: Text


class ReopenFirm(Command, frozen=True, kw_only=True):
    reason: Text


FirmCommand = RegisterFirm | RenameFirm | CloseFirm | ReopenFirm
COMMANDS: Final[tuple[type[Command], ...]] = get_args(FirmCommand)


class FirmExists(Refused):
    """律所编号已被使用"""


# --- decide


def decide(state: Firm | None, command: FirmCommand, moment: Moment) -> list[Event]:
    if isinstance(command, RegisterFirm):
        return _register(state, command, moment)
    if state is None:
        raise FirmUnknown
    match command:
        case RenameFirm(name=name):
            return [] if name == state.name else [FirmRenamed(name=name)]
        case CloseFirm(reason=reason):
            closed = FirmClosed(reason=reason, closed_at=moment.occurred_at)
            return [closed] if state.open else []
        case ReopenFirm(reason=reason):
            return [] if state.open else [FirmReopened(reason=reason)]
        case _:
            assert_never(command)


def _register(state: Firm | None, command: RegisterFirm, moment: Moment) -> list[Event]:
    registered = FirmRegistered(
        code=command.code, name=command.name, division=command.division, licence=command.licence
    )
    if state is not None:
        if state == evolve(None, registered):
            return []
        raise FirmExists(command.code)
    registers = moment.registers
    refuse_twin(command.code, registers.firms)
    refuse_other_unit(command.code, registers, registers.firms)
    if command.division is not None:
        known_division(command.division, registers, china_day(moment.occurred_at))
    return [registered]
