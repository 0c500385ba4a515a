"""Accounts: opening, posts, suspension, standing in, emergencies."""

from datetime import date, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from domain.accounts import account
from domain.accounts.account import (
    Account,
    AccountClosed,
    AccountOpened,
    AccountRenamed,
    AccountRestored,
    AccountSuspended,
    AccountUnknown,
    EmergencyAccessReviewed,
    EmergencyAccessTaken,
    PostEnded,
    PostGiven,
    StandInEnded,
    StandInNamed,
    actors_of,
)
from domain.aggregates import fold
from domain.jurisdiction import OutsideJurisdiction, PostNotHeld
from domain.listed import UnitUnknown
from domain.moment import CodeLooksLikeAnother
from domain.registers.adviser import AdviserUnknown
from domain.registration.account_commands import (
    AccountExists,
    AccountNotActive,
    AdviserAndRoleDiffer,
    CloseAccount,
    DaysTheWrongWay,
    EmergencyReviewed,
    EmergencyUnderWay,
    EmergencyUnknown,
    EndPost,
    EndStandIn,
    GivePost,
    NameStandIn,
    NotTheHolder,
    NotToOneself,
    OpenAccount,
    PostAlreadyHeld,
    PostUnknown,
    PostWithoutAccount,
    RenameAccount,
    RestoreAccount,
    ReviewEmergencyAccess,
    StandInTooLong,
    StandInUnknown,
    StandsInForHimself,
    SuspendAccount,
    TakeEmergencyAccess,
)
from domain.requests.request import NoteAdded
from domain.requests.request_commands import AddNote, LogRequest
from domain.vocabulary import Actor, Event
from tests.examples import CITY, LOGGED, MORNING, NOON, REGISTERS
from tests.spec import given

MARCH = date(2026, 3, 1)
OPENED = AccountOpened(code="wang", name="王某")
OPEN = OpenAccount(code="wang", name="王某")
GIVE = GivePost(role="duty_officer", unit="ROOM-1", since=MARCH, basis="任命")
POST = PostGiven(number=1, role="duty_officer", unit="ROOM-1", since=MARCH, basis="任命")
WANG = Actor(account="wang", role="duty_officer", unit="ROOM-1")
HEAD = Actor(account="head", role="supervisor", unit="440103")
LI = Actor(account="li", role="duty_officer", unit="ROOM-1")
NAME = NameStandIn(
    post=1, account="li", since=date(2026, 3, 2), until=date(2026, 3, 6), reason="休假"
)
NAMED = StandInNamed(
    number=1, post=1, account="li", since=date(2026, 3, 2), until=date(2026, 3, 6), reason="休假"
)
URGENT = TakeEmergencyAccess(
    role="duty_officer", unit="STATION-1", reason="值班人员突发疾病", minutes=60
)
TAKEN = EmergencyAccessTaken(
    number=1,
    role="duty_officer",
    unit="STATION-1",
    reason="值班人员突发疾病",
    since=NOON,
    until=NOON + timedelta(minutes=60),
)
LOOK = ReviewEmergencyAccess(number=1, justified=True)
LOOKED = EmergencyAccessReviewed(number=1, justified=True)


def known(*events: Event, **others: Account) -> dict[str, Account]:
    return {"wang": fold(account, [OPENED, *events]), **others}


def listed(accounts: dict[str, Account]) -> Any:
    return replace(REGISTERS, accounts=accounts)


LI_OPENED = fold(account, [AccountOpened(code="li", name="李某")])


# --- opening, closing


def test_an_account_is_opened_once_and_its_code_is_never_anothers() -> None:
    given().when(OPEN).then(OPENED)
    given(OPENED).when(OPEN).nothing()
    given(OPENED).when(replace(OPEN, name="汪某")).refused(AccountExists)
    given(registers=listed(known())).when(replace(OPEN, code="WANG")).refused(CodeLooksLikeAnother)
    given().when(RenameAccount(name="汪某")).refused(AccountUnknown)


def test_a_name_changes() -> None:
    given(OPENED).when(RenameAccount(name="汪某")).then(AccountRenamed(name="汪某"))
    given(OPENED).when(RenameAccount(name="王某")).nothing()


def test_an_account_is_suspended_restored_and_closed_for_ever() -> None:
    suspend, restore = SuspendAccount(reason="调查"), RestoreAccount(reason="查清")
    suspended = AccountSuspended(reason="调查")
    given(OPENED).when(suspend).then(suspended)
    given(OPENED, suspended).when(suspend).nothing()
    given(OPENED, suspended).when(restore).then(AccountRestored(reason="查清"))
    given(OPENED).when(restore).nothing()
    closed = AccountClosed(reason="离职")
    given(OPENED, suspended).when(CloseAccount(reason="离职")).then(closed)
    given(OPENED, closed).when(CloseAccount(reason="离职")).nothing()
    given(OPENED, closed).when(restore).refused(AccountNotActive)


# --- posts


def test_a_post_is_a_role_at_a_unit_for_some_days() -> None:
    given(OPENED).when(GIVE).then(POST)
    given(OPENED, POST).when(GIVE).nothing()
    given(OPENED, POST).when(replace(GIVE, since=date(2026, 4, 1))).refused(PostAlreadyHeld)
    second = replace(GIVE, unit="STATION-1")
    state = given(OPENED, POST).when(second).then(replace(POST, number=2, unit="STATION-1"))
    assert [one.unit for one in state.posts_on(MARCH)] == ["ROOM-1", "STATION-1"]
    assert not state.posts_on(date(2026, 2, 28))


def test_a_post_is_of_an_office_a_village_a_firm_or_a_program_that_there_is() -> None:
    given(OPENED).when(replace(GIVE, role="citizen")).refused(PostWithoutAccount)
    given(OPENED).when(replace(GIVE, until=date(2026, 2, 1))).refused(DaysTheWrongWay)
    given(OPENED).when(replace(GIVE, adviser="A-1")).refused(AdviserAndRoleDiffer)
    given(OPENED).when(replace(GIVE, role="adviser")).refused(AdviserAndRoleDiffer)
    unknown = replace(GIVE, role="adviser", adviser="A-9")
    given(OPENED).when(unknown).refused(AdviserUnknown)
    given(OPENED).when(replace(GIVE, unit="ROOM-0")).refused(UnitUnknown)


def test_nobody_gives_himself_a_post_or_one_beyond_his_own() -> None:
    himself = Actor(account="wang", role="administrator", unit="4401")
    given(OPENED).when(GIVE, by=himself).refused(NotToOneself)
    standing_in = Actor(account="li", role="administrator", unit="4401", instead_of="wang")
    given(OPENED).when(GIVE, by=standing_in).refused(NotToOneself)
    neighbour = replace(HEAD, unit="440104")
    given(OPENED).when(GIVE, by=neighbour).refused(OutsideJurisdiction)
    given(OPENED).when(GIVE, by=HEAD).then(POST)


def test_a_post_ends() -> None:
    end = EndPost(number=1, until=date(2026, 3, 31), reason="轮岗")
    ended = PostEnded(number=1, until=date(2026, 3, 31), reason="轮岗")
    state = given(OPENED, POST).when(end).then(ended)
    assert not state.posts_on(date(2026, 4, 1))
    given(OPENED, POST, ended).when(end).nothing()
    given(OPENED, POST).when(replace(end, number=2)).refused(PostUnknown)
    given(OPENED, POST).when(replace(end, until=date(2026, 1, 1))).refused(DaysTheWrongWay)
    given(OPENED, POST).when(end, by=replace(HEAD, unit="440104")).refused(OutsideJurisdiction)


# --- standing in


def test_who_is_away_names_who_stands_in() -> None:
    both = listed(known(POST, li=LI_OPENED))
    naming = given(OPENED, POST, registers=both)
    naming.when(NAME, by=WANG).then(NAMED)
    naming.when(NAME, by=HEAD).then(NAMED)
    naming.when(NAME, by=replace(LI, account="zhao")).refused(NotTheHolder)
    naming.when(replace(NAME, account="wang"), by=WANG).refused(StandsInForHimself)
    naming.when(replace(NAME, account="nobody"), by=WANG).refused(AccountUnknown)
    naming.when(replace(NAME, post=2), by=WANG).refused(PostUnknown)
    naming.when(replace(NAME, until=date(2026, 3, 1)), by=WANG).refused(DaysTheWrongWay)
    naming.when(replace(NAME, until=date(2027, 3, 1)), by=WANG).refused(StandInTooLong)
    away = replace(LI_OPENED, standing="suspended")
    given(OPENED, POST, registers=listed(known(POST, li=away))).when(NAME, by=WANG).refused(
        AccountNotActive
    )


def test_standing_in_ends() -> None:
    end = EndStandIn(number=1, until=date(2026, 3, 3), reason="提前返岗")
    ended = StandInEnded(number=1, until=date(2026, 3, 3), reason="提前返岗")
    given(OPENED, POST, NAMED).when(end, by=HEAD).then(ended)
    given(OPENED, POST, NAMED, ended).when(end, by=HEAD).nothing()
    given(OPENED, POST, NAMED).when(replace(end, number=2), by=HEAD).refused(StandInUnknown)


# --- emergencies


def test_an_emergency_is_ones_own_and_ends_by_itself() -> None:
    given(OPENED, POST).when(URGENT, by=WANG).then(TAKEN)
    given(OPENED, POST).when(URGENT, by=LI).refused(NotTheHolder)
    given(OPENED, POST, TAKEN).when(URGENT, by=WANG).refused(EmergencyUnderWay)
    later = NOON + timedelta(minutes=60)
    again = replace(TAKEN, number=2, since=later, until=later + timedelta(minutes=60))
    given(OPENED, POST, TAKEN, at=later).when(URGENT, by=WANG).then(again)
    for role in ("administrator", "citizen"):
        given(OPENED, POST).when(replace(URGENT, role=role), by=WANG).refused(PostWithoutAccount)
    suspended = AccountSuspended(reason="调查")
    given(OPENED, POST, suspended).when(URGENT, by=WANG).refused(AccountNotActive)


def test_an_emergency_is_looked_at_once_by_another() -> None:
    given(OPENED, POST, TAKEN).when(LOOK, by=HEAD).then(LOOKED)
    given(OPENED, POST, TAKEN, LOOKED).when(LOOK, by=HEAD).nothing()
    other = replace(LOOK, justified=False)
    given(OPENED, POST, TAKEN, LOOKED).when(other, by=HEAD).refused(EmergencyReviewed)
    given(OPENED, POST, TAKEN).when(replace(LOOK, number=2), by=HEAD).refused(EmergencyUnknown)
    himself = replace(HEAD, account="wang")
    given(OPENED, POST, TAKEN).when(LOOK, by=himself).refused(NotToOneself)


# --- acting

NOTE = AddNote(text="已电话告知")
NOTED = NoteAdded(text="已电话告知")
URGENTLY = Actor(account="wang", role="duty_officer", unit="STATION-1", emergency=True)
INSTEAD = replace(LI, instead_of="wang")


@pytest.mark.parametrize(
    ("accounts", "by"),
    [
        (known(), WANG),
        (known(POST), replace(WANG, unit="STATION-1")),
        (known(POST), replace(WANG, role="mediator")),
        (known(POST, AccountSuspended(reason="调查")), WANG),
        (known(POST, PostEnded(number=1, until=MARCH, reason="轮岗")), WANG),
        (known(POST, li=LI_OPENED), INSTEAD),
        (known(POST, NAMED, AccountClosed(reason="离职"), li=LI_OPENED), INSTEAD),
        (known(POST), replace(WANG, emergency=True)),
    ],
)
def test_who_has_not_the_post_enters_nothing(accounts: dict[str, Account], by: Actor) -> None:
    given(LOGGED, registers=listed(accounts)).when(NOTE, by=by).refused(PostNotHeld)


def test_who_has_it_or_stands_in_or_whom_nobody_listed_enters_something() -> None:
    accounts = listed(known(POST, NAMED, li=LI_OPENED))
    for by in (WANG, INSTEAD, Actor(account="token", role="duty_officer", unit="ROOM-1")):
        given(LOGGED, registers=accounts).when(NOTE, by=by).then(NOTED)


def test_an_emergency_is_a_post_for_its_minutes() -> None:
    accounts = listed(known(TAKEN))
    log = LogRequest(point="STATION-1", channel="counter", service="consultation", subject="工资")
    during = given(at=NOON, registers=accounts).when(log, by=URGENTLY)
    assert account.may_act(URGENTLY, known(TAKEN), NOON, MARCH)
    assert during.moment.by.emergency
    over = NOON + timedelta(minutes=60)
    given(at=over, registers=accounts).when(log, by=URGENTLY).refused(PostNotHeld)


def test_a_session_can_be_bound_to_any_of_these() -> None:
    accounts = known(POST, NAMED, TAKEN, li=LI_OPENED)
    today = date(2026, 3, 2)
    assert actors_of("wang", accounts, NOON, today) == [WANG, URGENTLY]
    assert actors_of("li", accounts, MORNING, today) == [INSTEAD]
    assert actors_of("nobody", accounts, NOON, today) == []
    assert CITY.account not in accounts
