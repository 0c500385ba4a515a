"""Commands on an adviser in the register: registering, licences, penalties, leaving."""

from datetime import date
from typing import Final, assert_never, get_args

from domain.codes import Code, DayText, Licence
from domain.listed import known_firm, known_team
from domain.moment import Moment, refuse_twin
from domain.registers.adviser import (
    Adviser,
    AdviserLeft,
    AdviserMoved,
    AdviserRegistered,
    AdviserReturned,
    AdviserUnknown,
    LicenceRecorded,
    PenaltyRecorded,
    PenaltyWithdrawn,
    evolve,
)
from domain.registers.appointment import china_day
from domain.vocabulary import Command, Event, Refused, Statement, Text

# --- commands


class RegisterAdviser(Command, frozen=True, kw_only=True):
    code: Code
    name: Statement
    firm: Code
    team: Code | None = None
    licence: Licence | None = None
    practising_since: date | None = None


class RecordLicence(Command, frozen=True, kw_only=True):
    licence: Licence
    practising_since: date


class RecordPenalty(Command, frozen=True, kw_only=True):
    decided_on: date
    authority: Text
    reason: Text


class WithdrawPenalty(Command, frozen=True, kw_only=True):
    """Names the penalties of one decision, as they are recorded."""

    decided_on: DayText
    authority: Text
    reason: Text


class MoveAdviser(Command, frozen=True, kw_only=True):
    firm: Code
    team: Code | None = None


class RetireAdviser(Command, frozen=True, kw_only=True):
    reason: Text


class ReinstateAdviser(Command, frozen=True, kw_only=True):
    """His code is never reused, so he comes back under it."""

    firm: Code
    team: Code | None = None


AdviserCommand = (
    RegisterAdviser | RecordLicence | RecordPenalty | WithdrawPenalty | MoveAdviser
    | RetireAdviser | ReinstateAdviser
)  # fmt: skip


COMMANDS: Final[tuple[type[Command], ...]] = get_args(AdviserCommand)


class AdviserExists(Refused):
    """顾问编号已被使用"""


class AdviserHasLeft(Refused):
    """这位法律顾问已离任"""


class PenaltyUnknown(Refused):
    """没有登记过这个日期、这个机关的处罚"""


class PenaltyDecidedLater(Refused):
    """处罚决定的日期晚于今天"""


class AdviserIsActive(Refused):
    """这位法律顾问仍在任"""


# --- decide


def decide(state: Adviser | None, command: AdviserCommand, moment: Moment) -> list[Event]:
    if isinstance(command, RegisterAdviser):
        return _register(state, command, moment)
    if state is None:
        raise AdviserUnknown
    at = moment.occurred_at
    match command:
        case RecordLicence(licence=licence, practising_since=since):
            same = (state.licence, state.practising_since) == (licence, since)
            return [] if same else [LicenceRecorded(licence=licence, practising_since=since)]
        case RecordPenalty(decided_on=on, authority=authority, reason=reason):
            if on > china_day(moment.now):
                raise PenaltyDecidedLater(str(on))
            penalty = PenaltyRecorded(decided_on=on, authority=authority, reason=reason)
            return [] if penalty in state.penalties else [penalty]
        case WithdrawPenalty():
            return [_withdrawn(state, command)]
        case MoveAdviser(firm=firm, team=team):
            if not state.in_office(at):
                raise AdviserHasLeft
            now = state.post_at(at)
            same = (now.firm, now.team) == (firm, team)
            if same:
                return []
            _refuse_unlisted(firm, team, moment)
            return [AdviserMoved(firm=firm, team=team, moved_at=at)]
        case RetireAdviser():
            return [AdviserLeft(reason=command.reason, left_at=at)] if state.active else []
        case ReinstateAdviser(firm=firm, team=team):
            if state.active:
                raise AdviserIsActive
            _refuse_unlisted(firm, team, moment)
            return [AdviserReturned(firm=firm, team=team, returned_at=at)]
        case _:
            assert_never(command)


def _register(state: Adviser | None, command: RegisterAdviser, moment: Moment) -> list[Event]:
    registered = AdviserRegistered(
        code=command.code,
        name=command.name,
        firm=command.firm,
        team=command.team,
        licence=command.licence,
        practising_since=command.practising_since,
    )
    if state is None:
        refuse_twin(command.code, moment.registers.advisers)
        _refuse_unlisted(command.firm, command.team, moment)
        return [registered]
    if state == evolve(None, registered):
        return []
    raise AdviserExists(command.code)


def _refuse_unlisted(firm: str, team: str | None, moment: Moment) -> None:
    known_firm(firm, moment.registers, moment.occurred_at)
    if team is not None:
        known_team(team, moment.registers, moment.occurred_at)


def _withdrawn(state: Adviser, command: WithdrawPenalty) -> PenaltyWithdrawn:
    for one in state.penalties:
        if (one.decided_on.isoformat(), one.authority) == (command.decided_on, command.authority):
            return PenaltyWithdrawn(
                decided_on=one.decided_on, authority=one.authority, reason=command.reason
            )
    raise PenaltyUnknown(f"{command.decided_on} {command.authority}")
