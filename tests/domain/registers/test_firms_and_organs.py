"""The registers of firms, teams and city organs: entered once, closed, and back after an error."""

from datetime import timedelta

import pytest
from msgspec.structs import asdict, replace

from domain.aggregates import fold
from domain.listed import CodeOfAnotherUnit
from domain.moment import CodeLooksLikeAnother
from domain.registers import firm, organ, team
from domain.registers.adviser import AdviserUnknown
from domain.registers.division import DivisionUnknown
from domain.registers.firm import FirmClosed, FirmRegistered, FirmRenamed, FirmReopened, FirmUnknown
from domain.registers.organ import (
    OrganClosed,
    OrganListed,
    OrganRenamed,
    OrganReopened,
    OrganUnknown,
)
from domain.registers.team import (
    TeamDissolved,
    TeamFormed,
    TeamMembersChanged,
    TeamRestored,
    TeamUnknown,
)
from domain.registration.firm_commands import (
    CloseFirm,
    FirmExists,
    RegisterFirm,
    RenameFirm,
    ReopenFirm,
)
from domain.registration.organ_commands import (
    CloseOrgan,
    ListOrgan,
    OrganExists,
    RenameOrgan,
    ReopenOrgan,
)
from domain.registration.team_commands import (
    ChangeTeamMembers,
    DissolveTeam,
    FormTeam,
    RestoreTeam,
    TeamExists,
    TeamIsDissolved,
)
from domain.vocabulary import Command, Event, Refused
from tests.domain.registers.test_division import WHOLE
from tests.examples import MORNING, NOON, REGISTERS
from tests.spec import given

FIRM = FirmRegistered(code="FIRM-1", name="模拟律师事务所", division="440103")
TEAM = TeamFormed(code="TEAM-1", name="驻村一组", firm="FIRM-1", members=("A-1",))
ORGAN = OrganListed(code="MZJ", name="市民政局", division="440103")
REGISTER, FORM, LIST = (
    RegisterFirm(**asdict(FIRM)),
    FormTeam(**asdict(TEAM)),
    ListOrgan(**asdict(ORGAN)),
)
LIVES: tuple[tuple[Event, Command, Command, type[Refused]], ...] = (
    (FIRM, REGISTER, replace(REGISTER, name="别的所"), FirmExists),
    (TEAM, FORM, replace(FORM, name="别的组"), TeamExists),
    (ORGAN, LIST, replace(LIST, name="别的局"), OrganExists),
)


@pytest.mark.parametrize(("event", "command", "other", "refusal"), LIVES)
def test_each_is_entered_once_and_its_code_is_never_another_ones(
    event: Event, command: Command, other: Command, refusal: type[Refused]
) -> None:
    given().when(command).then(event)
    given(event).when(command).nothing()
    given(event).when(other).refused(refusal)


UNKNOWN: tuple[tuple[Command, type[Refused]], ...] = (
    (RenameFirm(name="新名"), FirmUnknown),
    (DissolveTeam(reason="期满"), TeamUnknown),
    (CloseOrgan(reason="改革"), OrganUnknown),
)


@pytest.mark.parametrize(("command", "refusal"), UNKNOWN)
def test_what_was_never_entered_does_not_change(command: Command, refusal: type[Refused]) -> None:
    given().when(command).refused(refusal)


ENDINGS: tuple[tuple[Event, Command, Event, Command, Event], ...] = (
    (
        FIRM,
        CloseFirm(reason="注销"),
        FirmClosed(reason="注销", closed_at=NOON),
        ReopenFirm(reason="误录"),
        FirmReopened(reason="误录"),
    ),
    (
        TEAM,
        DissolveTeam(reason="期满"),
        TeamDissolved(reason="期满", dissolved_at=NOON),
        RestoreTeam(reason="误录"),
        TeamRestored(reason="误录"),
    ),
    (
        ORGAN,
        CloseOrgan(reason="改革"),
        OrganClosed(reason="改革", closed_at=NOON),
        ReopenOrgan(reason="误录"),
        OrganReopened(reason="误录"),
    ),
)


@pytest.mark.parametrize(("entered", "end", "ended", "back", "restored"), ENDINGS)
def test_each_ends_at_an_instant_and_comes_back_after_an_error(
    entered: Event, end: Command, ended: Event, back: Command, restored: Event
) -> None:
    state = given(entered).when(end).then(ended)
    assert state.stands_at(MORNING)
    assert not state.stands_at(NOON)
    given(entered, ended).when(end).nothing()
    state = given(entered, ended).when(back).then(restored)
    assert state.open
    assert state.stands_at(NOON + timedelta(days=1))
    given(entered).when(back).nothing()


def test_a_firm_and_an_organ_are_renamed() -> None:
    given(FIRM).when(RenameFirm(name="新名")).then(FirmRenamed(name="新名"))
    given(FIRM).when(RenameFirm(name=FIRM.name)).nothing()
    given(ORGAN).when(RenameOrgan(name="新名")).then(OrganRenamed(name="新名"))
    given(ORGAN).when(RenameOrgan(name=ORGAN.name)).nothing()


def test_a_team_changes_its_members_while_it_stands() -> None:
    change = ChangeTeamMembers(members=("A-1", "A-2", "A-2"))
    state = given(TEAM).when(change).then(TeamMembersChanged(members=("A-1", "A-2")))
    assert state.members == ("A-1", "A-2")
    given(TEAM).when(ChangeTeamMembers(members=("A-1",))).nothing()
    ended = TeamDissolved(reason="期满", dissolved_at=MORNING)
    given(TEAM, ended).when(change).refused(TeamIsDissolved)


def test_members_and_firm_of_a_team_are_registered() -> None:
    given().when(replace(FORM, members=("A-9",))).refused(AdviserUnknown)
    given(TEAM).when(ChangeTeamMembers(members=("A-9",))).refused(AdviserUnknown)
    known = replace(REGISTERS, firms={"FIRM-2": fold(firm, [replace(FIRM, code="FIRM-2")])})
    given(registers=known).when(FORM).refused(FirmUnknown)


def test_the_division_of_a_firm_or_organ_is_listed() -> None:
    given(registers=WHOLE).when(replace(REGISTER, division="440199")).refused(DivisionUnknown)
    given(registers=WHOLE).when(replace(LIST, division="440199")).refused(DivisionUnknown)


def test_a_code_names_one_unit_and_does_not_look_like_another() -> None:
    given().when(replace(REGISTER, code="ROOM-1")).refused(CodeOfAnotherUnit)
    given().when(replace(LIST, code="ROOM-1")).refused(CodeOfAnotherUnit)
    known = replace(
        REGISTERS,
        firms={FIRM.code: fold(firm, [FIRM])},
        organs={ORGAN.code: fold(organ, [ORGAN])},
        teams={TEAM.code: fold(team, [TEAM])},
    )
    for command in (REGISTER, LIST, FORM):
        twin = replace(command, code=command.code.lower())
        given(registers=known).when(twin).refused(CodeLooksLikeAnother)
