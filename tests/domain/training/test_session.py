"""Training sessions: announced, held, credited to each person by his own minutes."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from msgspec.structs import replace

from domain.aggregates import fold
from domain.jurisdiction import OutsideJurisdiction
from domain.registers.adviser import AdviserUnknown
from domain.training import helper
from domain.training.helper import HelperUnknown
from domain.training.session import (
    BESIDE,
    AnnounceTraining,
    Attendance,
    AttendanceCorrected,
    CancelTraining,
    CorrectAttendance,
    CreditedTooMuch,
    HoldTraining,
    InviteTrainees,
    Trainee,
    TraineesInvited,
    TraineeTwice,
    TrainingAnnounced,
    TrainingCancelled,
    TrainingExists,
    TrainingHeld,
    TrainingIsCancelled,
    TrainingIsHeld,
    TrainingNotHeld,
    TrainingNotYetDue,
    TrainingUnknown,
)
from domain.vocabulary import Actor, Command, Event, stream_id
from tests.domain.training.test_helper import LEFT, REGISTERED
from tests.examples import MORNING, local
from tests.spec import given

BUREAU = Actor(account="b-1", role="supervisor", unit="440103")
CITY = Actor(account="b-2", role="supervisor", unit="4401")
NEIGHBOUR = Actor(account="b-3", role="supervisor", unit="440104")
ADVISER = Trainee(code="A-1")
HELPER = Trainee(kind="helper", code="H-1")
H_1 = stream_id(helper.KIND, "H-1")
WITH_HELPER: Mapping[UUID, Any] = {H_1: fold(helper, [REGISTERED])}
ANNOUNCE = AnnounceTraining(
    subject="调解技巧", kind="mediation", place="区司法局", organiser="440103",
    day=date(2026, 3, 2), minutes=120, invited=(ADVISER,),
)  # fmt: skip
ANNOUNCED = TrainingAnnounced(
    subject="调解技巧", kind="mediation", place="区司法局", organiser="440103",
    day=date(2026, 3, 2), minutes=120, invited=(ADVISER,),
)  # fmt: skip
ATTENDED = (Attendance(trainee=ADVISER, minutes=120), Attendance(trainee=HELPER, minutes=60))
HELD = TrainingHeld(attended=ATTENDED)
CANCELLED = TrainingCancelled(reason="改期")
HOLD = HoldTraining(attended=ATTENDED)
SHORTER = CorrectAttendance(attended=ATTENDED[:1], reason="代签")


@pytest.mark.parametrize("by", [BUREAU, CITY])
def test_a_session_is_announced_by_its_organiser_or_an_office_above_it(by: Actor) -> None:
    given().when(ANNOUNCE, by=by).then(ANNOUNCED)


def test_only_the_organiser_enters_anything_of_it() -> None:
    given().when(ANNOUNCE, by=NEIGHBOUR).refused(OutsideJurisdiction)
    for command in (HOLD, SHORTER, CancelTraining(reason="改期")):
        given(ANNOUNCED, beside=WITH_HELPER).when(command, by=NEIGHBOUR).refused(
            OutsideJurisdiction
        )


def test_a_session_is_announced_once() -> None:
    given(ANNOUNCED).when(ANNOUNCE, by=BUREAU).refused(TrainingExists)


@pytest.mark.parametrize(
    "command", [InviteTrainees(invited=(ADVISER,)), HOLD, SHORTER, CancelTraining(reason="改期")]
)
def test_without_a_session_nothing_of_it_happens(command: Command) -> None:
    given(beside=WITH_HELPER).when(command, by=BUREAU).refused(TrainingUnknown)


@pytest.mark.parametrize("code", ["A-9", "A-3"], ids=["unknown", "left"])
def test_who_is_no_adviser_is_neither_invited_nor_credited(code: str) -> None:
    at = local("2026-03-02 15:00")
    stranger = Trainee(code=code)
    given(at=at).when(replace(ANNOUNCE, invited=(stranger,)), by=BUREAU).refused(AdviserUnknown)
    credited = HoldTraining(attended=(Attendance(trainee=stranger, minutes=1),))
    given(ANNOUNCED, at=at).when(credited, by=BUREAU).refused(AdviserUnknown)


def test_a_helper_is_one_of_the_register_who_serves_that_day() -> None:
    invite = InviteTrainees(invited=(HELPER,))
    given(ANNOUNCED).when(invite, by=BUREAU).refused(HelperUnknown)
    gone = {H_1: fold(helper, [REGISTERED, LEFT])}
    given(ANNOUNCED, beside=gone).when(invite, by=BUREAU).refused(HelperUnknown)
    invited = TraineesInvited(invited=(HELPER,))
    state = given(ANNOUNCED, beside=WITH_HELPER).when(invite, by=BUREAU).then(invited)
    assert state.invited == (ADVISER, HELPER)
    assert list(BESIDE.reads(None, HOLD, None)) == [H_1]  # type: ignore[arg-type]


def test_who_is_invited_already_stays() -> None:
    given(ANNOUNCED).when(InviteTrainees(invited=(ADVISER,)), by=BUREAU).nothing()
    twice = InviteTrainees(invited=(ADVISER, ADVISER))
    given(ANNOUNCED).when(twice, by=BUREAU).refused(TraineeTwice)


def test_a_session_is_held_with_the_minutes_of_each() -> None:
    state = given(ANNOUNCED, beside=WITH_HELPER).when(HOLD, by=BUREAU).then(HELD)
    assert (state.status, state.attended) == ("held", ATTENDED)


def test_nobody_is_credited_with_more_than_the_session_lasted_or_twice() -> None:
    much = HoldTraining(attended=(Attendance(trainee=ADVISER, minutes=121),))
    given(ANNOUNCED).when(much, by=BUREAU).refused(CreditedTooMuch)
    twice = HoldTraining(attended=(ATTENDED[0], replace(ATTENDED[0], minutes=1)))
    given(ANNOUNCED).when(twice, by=BUREAU).refused(TraineeTwice)


def test_a_session_is_not_held_before_its_day() -> None:
    later = replace(ANNOUNCED, day=date(2026, 3, 3))
    given(later, at=MORNING, beside=WITH_HELPER).when(HOLD, by=BUREAU).refused(TrainingNotYetDue)


def test_attendance_is_corrected_with_a_reason_and_not_entered_again() -> None:
    held = given(ANNOUNCED, HELD, beside=WITH_HELPER)
    held.when(HOLD, by=BUREAU).nothing()
    held.when(HoldTraining(attended=ATTENDED[:1]), by=BUREAU).refused(TrainingIsHeld)
    held.when(InviteTrainees(invited=(ADVISER,)), by=BUREAU).refused(TrainingIsHeld)
    corrected = AttendanceCorrected(attended=ATTENDED[:1], reason="代签")
    assert held.when(SHORTER, by=BUREAU).then(corrected).attended == ATTENDED[:1]
    given(ANNOUNCED, beside=WITH_HELPER).when(SHORTER, by=BUREAU).refused(TrainingNotHeld)
    much = CorrectAttendance(attended=(Attendance(trainee=ADVISER, minutes=500),), reason="误")
    held.when(much, by=BUREAU).refused(CreditedTooMuch)


@pytest.mark.parametrize("history", [(ANNOUNCED,), (ANNOUNCED, HELD)])
def test_a_cancelled_session_takes_nothing_more(history: tuple[Event, ...]) -> None:
    cancel = CancelTraining(reason="改期")
    assert given(*history).when(cancel, by=BUREAU).then(CANCELLED).status == "cancelled"
    over = given(*history, CANCELLED, beside=WITH_HELPER)
    for command in (HOLD, SHORTER, InviteTrainees(invited=(ADVISER,))):
        over.when(command, by=BUREAU).refused(TrainingIsCancelled)
