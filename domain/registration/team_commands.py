"""Commands on a team in the register: forming, changing its members, dissolving."""

from typing import Final, assert_never, get_args

from domain.codes import Code
from domain.listed import known_firm, refuse_unlisted
from domain.moment import Moment, refuse_twin
from domain.registers.team import (
    Team,
    TeamDissolved,
    TeamFormed,
    TeamMembersChanged,
    TeamRestored,
    TeamUnknown,
    evolve,
)
from domain.vocabulary import Command, Event, Refused, Text

# --- commands


class FormTeam(Command, frozen=True, kw_only=True):
    code: Code
    name: Text
    firm: Code
    members: tuple[Code, ...] = ()


class ChangeTeamMembers(Command, frozen=True, kw_only=True):
    """Names all of them."""

    members: tuple[Code, ...]


class DissolveTeam(Command, frozen=True, kw_only=True):
    reason: Text


class RestoreTeam(Command, frozen=True, kw_only=True):
    reason: Text


TeamCommand = FormTeam | ChangeTeamMembers | DissolveTeam | RestoreTeam
COMMANDS: Final[tuple[type[Command], ...]] = get_args(TeamCommand)


class TeamExists(Refused):
    """团队编号已被使用"""


class TeamIsDissolved(Refused):
    """团队已经解散"""


# --- decide


def decide(state: Team | None, command: TeamCommand, moment: Moment) -> list[Event]:
    if isinstance(command, FormTeam):
        return _form(state, command, moment)
    if state is None:
        raise TeamUnknown
    match command:
        case ChangeTeamMembers(members=members):
            if not state.stands_at(moment.occurred_at):
                raise TeamIsDissolved
            if set(members) == set(state.members):
                return []
            refuse_unlisted(members, moment.registers)
            return [TeamMembersChanged(members=_each_once(members))]
        case DissolveTeam(reason=reason):
            dissolved = TeamDissolved(reason=reason, dissolved_at=moment.occurred_at)
            return [dissolved] if state.open else []
        case RestoreTeam(reason=reason):
            return [] if state.open else [TeamRestored(reason=reason)]
        case _:
            assert_never(command)


def _form(state: Team | None, command: FormTeam, moment: Moment) -> list[Event]:
    formed = TeamFormed(
        code=command.code,
        name=command.name,
        firm=command.firm,
        members=_each_once(command.members),
    )
    if state is not None:
        if state == evolve(None, formed):
            return []
        raise TeamExists(command.code)
    refuse_twin(command.code, moment.registers.teams)
    known_firm(command.firm, moment.registers, moment.occurred_at)
    refuse_unlisted(command.members, moment.registers)
    return [formed]


def _each_once(members: tuple[Code, ...]) -> tuple[Code, ...]:
    return tuple(dict.fromkeys(members))
