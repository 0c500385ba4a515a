"""The register of advisers: firm and team over time, leaving and coming back."""

from msgspec.structs import asdict, replace

from domain import adviser
from domain.adviser import (
    AdviserExists,
    AdviserHasLeft,
    AdviserIsActive,
    AdviserLeft,
    AdviserMoved,
    AdviserReturned,
    AdviserUnknown,
    MoveAdviser,
    RegisterAdviser,
    ReinstateAdviser,
    RetireAdviser,
)
from domain.aggregates import fold
from tests.examples import CHANGED_FIRM, EVENING, MORNING, NOON, REGISTERED, RETIRED
from tests.spec import given

REGISTER = RegisterAdviser(**asdict(REGISTERED))
BACK = AdviserReturned(firm="FIRM-3", returned_at=EVENING)


def test_an_adviser_is_registered() -> None:
    given().when(REGISTER).then(REGISTERED)


def test_the_same_registration_twice_is_one() -> None:
    given(REGISTERED).when(REGISTER).nothing()


def test_a_code_is_never_given_to_another_adviser() -> None:
    given(REGISTERED).when(replace(REGISTER, name="李律师")).refused(AdviserExists)


def test_an_unknown_adviser_does_not_move() -> None:
    given().when(MoveAdviser(firm="FIRM-2")).refused(AdviserUnknown)


def test_what_an_adviser_did_before_he_moved_stays_with_the_former_firm() -> None:
    moved = given(REGISTERED).when(MoveAdviser(firm="FIRM-2")).then(CHANGED_FIRM)
    assert (moved.post_at(MORNING).firm, moved.post_at(NOON).firm) == ("FIRM-1", "FIRM-2")
    assert (moved.firm, moved.team) == ("FIRM-2", None)


def test_a_move_to_the_firm_and_team_he_is_in_is_none() -> None:
    given(REGISTERED).when(MoveAdviser(firm="FIRM-1", team="TEAM-1")).nothing()


def test_an_earlier_move_entered_late_keeps_the_later_one() -> None:
    between = AdviserMoved(firm="FIRM-3", moved_at=MORNING)
    history = given(REGISTERED, CHANGED_FIRM, at=MORNING, now=EVENING)
    moved = history.when(MoveAdviser(firm="FIRM-3")).then(between)
    assert (moved.post_at(MORNING).firm, moved.firm) == ("FIRM-3", "FIRM-2")


def test_a_second_move_at_one_moment_corrects_the_first() -> None:
    moved = given(REGISTERED, CHANGED_FIRM).when(MoveAdviser(firm="FIRM-3"))
    assert moved.then(replace(CHANGED_FIRM, firm="FIRM-3")).firm == "FIRM-3"


def test_an_adviser_leaves() -> None:
    left = AdviserLeft(reason="合同期满", left_at=NOON)
    after = given(REGISTERED).when(RetireAdviser(reason="合同期满")).then(left)
    assert after.in_office(MORNING)
    assert not after.in_office(NOON)
    assert not after.active


def test_an_adviser_who_left_does_not_move() -> None:
    given(REGISTERED, RETIRED).when(MoveAdviser(firm="FIRM-2")).refused(AdviserHasLeft)


def test_a_move_before_he_left_may_be_entered_afterwards() -> None:
    moved = AdviserMoved(firm="FIRM-2", moved_at=MORNING)
    given(REGISTERED, RETIRED, at=MORNING).when(MoveAdviser(firm="FIRM-2")).then(moved)


def test_an_adviser_comes_back_under_his_own_code() -> None:
    history = given(REGISTERED, RETIRED, at=EVENING)
    after = history.when(ReinstateAdviser(firm="FIRM-3")).then(BACK)
    assert after.active
    assert after.firm == "FIRM-3"


def test_an_adviser_in_office_is_not_reinstated() -> None:
    given(REGISTERED).when(ReinstateAdviser(firm="FIRM-3")).refused(AdviserIsActive)


def test_an_adviser_who_came_back_keeps_his_earlier_firms() -> None:
    assert fold(adviser, [REGISTERED, RETIRED, BACK]).post_at(MORNING).firm == "FIRM-1"
