"""The register of advisers: firm and team over time, leaving and coming back."""

from datetime import date

from msgspec.structs import asdict, replace

from domain.aggregates import fold
from domain.registers import adviser
from domain.registers.adviser import (
    AdviserLeft,
    AdviserMoved,
    AdviserReturned,
    AdviserUnknown,
    LicenceRecorded,
    PenaltyRecorded,
    PenaltyWithdrawn,
)
from domain.registration.adviser_commands import (
    AdviserExists,
    AdviserHasLeft,
    AdviserIsActive,
    MoveAdviser,
    PenaltyDecidedLater,
    PenaltyUnknown,
    RecordLicence,
    RecordPenalty,
    RegisterAdviser,
    ReinstateAdviser,
    RetireAdviser,
    WithdrawPenalty,
)
from tests.examples import CHANGED_FIRM, EVENING, MORNING, NOON, REGISTERED, RETIRED
from tests.spec import given

REGISTER = RegisterAdviser(**asdict(REGISTERED))
BACK = AdviserReturned(firm="FIRM-3", returned_at=EVENING)
LICENCE = RecordLicence(licence="14401201510123456", practising_since=date(2015, 7, 1))
LICENSED = LicenceRecorded(**asdict(LICENCE))
PENALTY = RecordPenalty(decided_on=date(2025, 5, 6), authority="广州市司法局", reason="警告")
PENALIZED = PenaltyRecorded(**asdict(PENALTY))


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


def test_an_adviser_may_be_registered_with_his_licence() -> None:
    register = replace(REGISTER, **asdict(LICENCE))
    registered = replace(REGISTERED, **asdict(LICENCE))
    state = given().when(register).then(registered)
    assert (state.licence, state.practising_since) == (LICENCE.licence, LICENCE.practising_since)


def test_a_licence_is_recorded_and_corrected() -> None:
    given(REGISTERED).when(LICENCE).then(LICENSED)
    given(REGISTERED, LICENSED).when(LICENCE).nothing()
    later = date(2016, 7, 1)
    corrected = given(REGISTERED, LICENSED).when(replace(LICENCE, practising_since=later))
    assert corrected.then(replace(LICENSED, practising_since=later)).practising_since == later


def test_a_penalty_is_recorded_once_also_for_who_has_left() -> None:
    state = given(REGISTERED, RETIRED).when(PENALTY).then(PENALIZED)
    assert state.penalties == (PENALIZED,)
    given(REGISTERED, PENALIZED).when(PENALTY).nothing()
    second = replace(PENALIZED, reason="罚款")
    given(REGISTERED, PENALIZED).when(replace(PENALTY, reason="罚款")).then(second)


def test_f17_a_penalty_is_withdrawn_also_one_that_was_dated_absurdly() -> None:
    absurd = replace(PENALIZED, decided_on=date(9998, 1, 1))
    command = WithdrawPenalty(decided_on="9998-01-01", authority=absurd.authority, reason="写错")
    withdrawn = PenaltyWithdrawn(
        decided_on=absurd.decided_on, authority=absurd.authority, reason="写错"
    )
    state = given(REGISTERED, PENALIZED, absurd).when(command).then(withdrawn)
    assert state.penalties == (PENALIZED,)
    given(REGISTERED, absurd, withdrawn).when(command).refused(PenaltyUnknown)


def test_f17_a_penalty_is_not_decided_tomorrow() -> None:
    command = replace(PENALTY, decided_on=date(9998, 1, 1))
    given(REGISTERED).when(command).refused(PenaltyDecidedLater)
