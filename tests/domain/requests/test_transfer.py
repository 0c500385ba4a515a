"""A request goes to another point: both sides until it is accepted, then only the new one."""

import pytest
from msgspec.structs import replace

from domain.accounts import account
from domain.accounts.account import AccountOpened, AccountUnknown, PostGiven
from domain.aggregates import fold
from domain.jurisdiction import OutsideJurisdiction, place_of, reach_of
from domain.registers.point import PointUnknown
from domain.requests import request
from domain.requests.rating import invitation
from domain.requests.request import HandedOver, NoteAdded
from domain.requests.request_commands import AddNote, HandOver, NoPostAtTheUnit
from domain.requests.transfer import (
    AcceptTransfer,
    NothingTransferred,
    NotTheOneTransferredTo,
    RefuseTransfer,
    RequestTransferred,
    TransferAccepted,
    TransferredToClosed,
    TransferredToItself,
    TransferRefused,
    TransferRequest,
    TransferUnderWay,
)
from domain.vocabulary import Actor
from tests.examples import (
    CITY,
    CLERK,
    CONSULTED,
    LOGGED,
    NOON,
    REGISTERS,
    REQUEST,
    STATION_CLERK,
)
from tests.spec import given

SEND = TransferRequest(to="STATION-1", reason="住所地在该处")
SENT = RequestTransferred(to="STATION-1", reason="住所地在该处")
TAKEN = TransferAccepted(responsible="clerk-3")
BACK = TransferRefused(reason="不属本站")
NOTE, NOTED = AddNote(text="已联系"), NoteAdded(text="已联系")


def test_until_it_is_accepted_both_sides_see_it_and_act() -> None:
    state = given(LOGGED).when(SEND).then(SENT)
    place = place_of(request.KIND, state, REGISTERS)
    for by in (CLERK, STATION_CLERK):
        reach = reach_of(by, REGISTERS)
        assert reach is not None
        assert reach.covers(place)
        given(LOGGED, SENT).when(NOTE, by=by).then(NOTED)
    given(LOGGED).when(NOTE, by=STATION_CLERK).refused(OutsideJurisdiction)


def test_once_it_is_accepted_only_the_new_side_does() -> None:
    after = given(LOGGED, SENT).when(AcceptTransfer(), by=STATION_CLERK).then(TAKEN)
    assert (after.holder, after.responsible) == ("STATION-1", "clerk-3")
    assert after.logged.point == "ROOM-1"
    given(LOGGED, SENT, TAKEN).when(NOTE, by=STATION_CLERK).then(NOTED)
    given(LOGGED, SENT, TAKEN).when(NOTE, by=CLERK).refused(OutsideJurisdiction)
    given(LOGGED, SENT, TAKEN).when(NOTE, by=CITY).then(NOTED)
    home = replace(SEND, to="ROOM-1")
    given(LOGGED, SENT, TAKEN).when(home, by=STATION_CLERK).then(replace(SENT, to="ROOM-1"))


def test_it_is_refused_there_or_taken_back() -> None:
    for by in (STATION_CLERK, CLERK):
        after = given(LOGGED, SENT).when(RefuseTransfer(reason="不属本站"), by=by).then(BACK)
        assert after.holder == "ROOM-1"
    given(LOGGED, SENT, BACK).when(NOTE, by=STATION_CLERK).refused(OutsideJurisdiction)
    for command in (RefuseTransfer(reason="不属本站"), AcceptTransfer()):
        given(LOGGED).when(command).refused(NothingTransferred)


def test_who_sent_it_does_not_accept_it_and_the_office_above_may() -> None:
    given(LOGGED, SENT).when(AcceptTransfer(), by=CLERK).refused(NotTheOneTransferredTo)
    given(LOGGED, SENT).when(AcceptTransfer(), by=CITY).then(replace(TAKEN, responsible="leader-9"))


def test_it_goes_to_another_point_that_is_open_and_one_at_a_time() -> None:
    given(LOGGED).when(replace(SEND, to="ROOM-1")).refused(TransferredToItself)
    given(LOGGED).when(replace(SEND, to="ROOM-9")).refused(PointUnknown)
    given(LOGGED).when(replace(SEND, to="ROOM-0")).refused(TransferredToClosed)
    given(LOGGED, SENT).when(SEND).nothing()
    given(LOGGED, SENT).when(replace(SEND, to="STALL-1")).refused(TransferUnderWay)


def test_whoever_has_it_invites_to_rate_it() -> None:
    state = fold(request, [LOGGED, CONSULTED, SENT, TAKEN])
    invite = invitation(REQUEST, state)
    assert invite.point == "ROOM-1"
    beside = {REQUEST: state}
    asking = given(at=NOON, beside=beside)
    asking.when(invite, by=CLERK).refused(OutsideJurisdiction)
    when = asking.when(invite, by=STATION_CLERK)
    with pytest.raises(AssertionError):
        when.nothing()


def test_hand_over_is_to_one_with_a_post_there_once_accounts_are_listed() -> None:
    over, told = HandOver(to="wang", reason="轮班"), HandedOver(to="wang", reason="轮班")
    given(LOGGED).when(over).then(told)
    post = PostGiven(
        number=1, role="duty_officer", unit="STATION-1", since=NOON.date(), basis="任命"
    )
    wang = fold(account, [AccountOpened(code="wang", name="王某"), post])
    listed = given(LOGGED, registers=replace(REGISTERS, accounts={"wang": wang}))
    listed.when(over).refused(NoPostAtTheUnit)
    listed.when(HandOver(to="wag", reason="轮班")).refused(AccountUnknown)
    there = given(LOGGED, SENT, TAKEN, registers=replace(REGISTERS, accounts={"wang": wang}))
    by = Actor(account="clerk-3", role="duty_officer", unit="STATION-1")
    there.when(over, by=by).then(told)
