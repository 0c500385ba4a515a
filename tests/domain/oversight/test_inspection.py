"""An inspection: held by a checklist, corrected, confirmed by the inspected, voided."""

from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from domain.jurisdiction import OutsideJurisdiction
from domain.moment import HappensInFuture, LateEntryNeedsReason
from domain.oversight.inspection import (
    AlreadyConfirmed,
    ConfirmInspection,
    CorrectInspection,
    Finding,
    HappensBeforeHeld,
    HoldInspection,
    InspectionConfirmed,
    InspectionCorrected,
    InspectionExists,
    InspectionHeld,
    InspectionIsVoided,
    InspectionUnknown,
    InspectionVoided,
    InspectsItself,
    NothingInspected,
    NotTheInspected,
    NotTheInspectingOffice,
    OpinionMissing,
    OwnInspection,
    VoidInspection,
    WrongLevel,
)
from domain.registers.form import Field, Form, Values
from domain.registers.point import PointIsClosed, PointUnknown
from domain.registration.filling_in import FieldMissing, FieldOfWrongKind, FieldUnknown, FormUnknown
from domain.vocabulary import Actor, Command, Event
from tests.examples import CLERK, MORNING, NOON, REGISTERS, local
from tests.spec import given as given_known

CHECKLIST = Form(
    code="village-check",
    version=1,
    purpose="checklist",
    title="月度检查表",
    fields=(
        Field(code="display", title="公示", kind="yes_no"),
        Field(code="visits", title="到场次数", kind="number"),
        Field(code="opinion", title="意见", kind="text", required=False),
    ),
    basis="示例",
)
KNOWN = replace(
    REGISTERS,
    forms={"village-check@1": CHECKLIST, "criticism@1": replace(CHECKLIST, purpose="report")},
)
OFFICE = Actor(account="zhou", role="supervisor", unit="440103001")
COLLEAGUE = Actor(account="wu", role="supervisor", unit="440103001")
DISTRICT = Actor(account="zhou", role="supervisor", unit="440103")
ELSEWHERE = Actor(account="ma", role="supervisor", unit="440104001")
COMMITTEE = Actor(account="committee-1", role="committee", unit="440103001001")
ANSWERS: Values = {"display": True, "visits": 4, "opinion": "较好"}
OLD_DISPLAY = Finding(item="display", severity="minor", text="公示牌未更新")
UNASKED = Finding(severity="serious", text="收取费用")
HOLD = HoldInspection(
    kind="check",
    point="ROOM-1",
    checklist="village-check@1",
    answers=ANSWERS,
    findings=(OLD_DISPLAY, UNASKED),
)
HELD = InspectionHeld(
    kind="check",
    division="440103001001",
    point="ROOM-1",
    period="2026-03",
    held_at=MORNING,
    inspector="zhou",
    office="440103001",
    checklist="village-check@1",
    answers=ANSWERS,
    findings=(OLD_DISPLAY, UNASKED),
)
SUPERVISE = replace(HOLD, kind="supervision", point=None, division="440103")
CONFIRMED = InspectionConfirmed(agreed=True)
VOIDED = InspectionVoided(reason="重复录入")


def given(*events: Event, **when: Any) -> given_known:
    return given_known(*events, **{"at": MORNING, "registers": KNOWN, **when})


# --- holding


def test_a_check_of_a_point_counts_in_its_village_and_month() -> None:
    given().when(HOLD, by=OFFICE).then(HELD)


def test_a_check_belongs_to_the_division_of_its_own_day() -> None:
    there = replace(HELD, point="STATION-1")
    moved = local("2026-03-03 09:00")
    station = replace(HOLD, point="STATION-1")
    given().when(station, by=OFFICE).then(there)
    given(at=moved).when(station, by=DISTRICT).then(
        replace(there, division="440103002001", held_at=moved, office="440103")
    )


def test_a_village_without_a_point_is_checked_too() -> None:
    of_village = replace(HOLD, point=None, division="440103001001")
    given().when(of_village, by=OFFICE).then(replace(HELD, point=None))


def test_a_supervision_of_a_district_counts_in_its_quarter() -> None:
    supervised = replace(
        HELD, kind="supervision", point=None, division="440103", period="2026-Q1", office="440103"
    )
    given().when(SUPERVISE, by=DISTRICT).then(supervised)


def test_a_check_counts_in_the_month_of_its_local_day() -> None:
    last_minute, next_month = local("2026-03-31 23:59"), local("2026-04-01 00:00")
    village = replace(HOLD, point=None, division="440103001001")
    for at, period in ((last_minute, "2026-03"), (next_month, "2026-04")):
        held = replace(HELD, point=None, held_at=at, period=period)
        given(at=at).when(village, by=OFFICE).then(held)


@pytest.mark.parametrize(
    "command",
    [
        replace(HOLD, point=None),
        replace(HOLD, division="440103001001"),
        replace(HOLD, point=None, division=None, kind="supervision"),
    ],
)
def test_an_inspection_is_of_a_point_or_of_a_division(command: Command) -> None:
    given().when(command, by=OFFICE).refused(NothingInspected)


@pytest.mark.parametrize(
    "command",
    [
        replace(HOLD, point=None, division="440103001"),
        replace(SUPERVISE, division="440103001001"),
    ],
)
def test_villages_are_checked_and_districts_supervised(command: Command) -> None:
    given().when(command, by=OFFICE).refused(WrongLevel)


def test_an_inspection_needs_a_known_point() -> None:
    given().when(replace(HOLD, point="ROOM-9"), by=OFFICE).refused(PointUnknown)


def test_a_closed_point_is_not_inspected() -> None:
    given().when(replace(HOLD, point="ROOM-0"), by=OFFICE).refused(PointIsClosed)


def test_no_point_inspects_itself() -> None:
    given().when(HOLD, by=CLERK).refused(InspectsItself)


def test_an_inspection_entered_a_day_late_needs_a_reason() -> None:
    late = given(now=MORNING + timedelta(hours=25))
    late.when(HOLD, by=OFFICE).refused(LateEntryNeedsReason)
    late.when(replace(HOLD, late_reason="断网"), by=OFFICE).then(replace(HELD, late_reason="断网"))
    given(now=MORNING + timedelta(hours=24)).when(HOLD, by=OFFICE).then(HELD)


def test_no_inspection_is_held_in_the_future() -> None:
    given(at=NOON, now=MORNING).when(HOLD, by=OFFICE).refused(HappensInFuture)


def test_an_inspection_is_held_once() -> None:
    given(HELD).when(HOLD, by=OFFICE).refused(InspectionExists)


# --- the checklist


@pytest.mark.parametrize("ref", ["village-check@2", "other@1", "criticism@1"])
def test_an_inspection_is_filled_in_by_a_known_checklist(ref: str) -> None:
    given().when(replace(HOLD, checklist=ref), by=OFFICE).refused(FormUnknown)


def test_what_the_checklist_requires_is_answered() -> None:
    given().when(replace(HOLD, answers={"display": True}), by=OFFICE).refused(FieldMissing)


def test_an_answer_is_of_the_kind_the_checklist_asks_for() -> None:
    wrong = replace(HOLD, answers={**ANSWERS, "display": "是"})
    given().when(wrong, by=OFFICE).refused(FieldOfWrongKind)


@pytest.mark.parametrize(
    "change",
    [
        {"answers": {**ANSWERS, "weather": "晴"}},
        {"findings": (OLD_DISPLAY, replace(OLD_DISPLAY, item="weather"))},
    ],
)
def test_only_what_the_checklist_asks_is_answered(change: dict[str, Any]) -> None:
    given().when(replace(HOLD, **change), by=OFFICE).refused(FieldUnknown)


# --- correction

CORRECT = CorrectInspection(
    answers={"display": False, "visits": 4}, findings=(UNASKED,), reason="看错"
)
CORRECTED = InspectionCorrected(
    reason="看错", answers={"display": False}, emptied=("opinion",), findings=(UNASKED,)
)


def test_a_correction_tells_what_changed_and_what_stands_now() -> None:
    after = given(HELD).when(CORRECT, by=COLLEAGUE).then(CORRECTED)
    assert after.answers == {"display": False, "visits": 4}
    assert after.findings == (UNASKED,)
    assert after.held.answers == ANSWERS


def test_what_is_as_it_should_be_is_not_corrected() -> None:
    same = CorrectInspection(answers=ANSWERS, findings=HELD.findings, reason="核对")
    given(HELD).when(same, by=OFFICE).nothing()


@pytest.mark.parametrize(
    ("command", "event"),
    [
        (
            CorrectInspection(answers=ANSWERS, findings=(), reason="看错"),
            InspectionCorrected(reason="看错", answers={}),
        ),
        (
            CorrectInspection(
                answers={**ANSWERS, "visits": 5}, findings=HELD.findings, reason="看错"
            ),
            InspectionCorrected(reason="看错", answers={"visits": 5}, findings=HELD.findings),
        ),
        (
            CorrectInspection(
                answers={"display": True, "visits": 4}, findings=HELD.findings, reason="看错"
            ),
            InspectionCorrected(
                reason="看错", answers={}, emptied=("opinion",), findings=HELD.findings
            ),
        ),
    ],
)
def test_one_change_alone_is_a_correction(command: Command, event: Event) -> None:
    given(HELD).when(command, by=OFFICE).then(event)


def test_a_correction_fits_the_checklist_that_was_used() -> None:
    unasked = replace(CORRECT, answers={**ANSWERS, "weather": "晴"})
    given(HELD).when(unasked, by=OFFICE).refused(FieldUnknown)


def test_a_correction_takes_a_confirmation_back() -> None:
    after = given(HELD, CONFIRMED).when(CORRECT, by=OFFICE).then(CORRECTED)
    assert after.confirmed is None


@pytest.mark.parametrize("command", [CORRECT, VoidInspection(reason="重复录入")])
def test_only_the_inspecting_office_corrects_or_voids(command: Command) -> None:
    given(HELD).when(command, by=CLERK).refused(NotTheInspectingOffice)
    given(HELD).when(command, by=ELSEWHERE).refused(OutsideJurisdiction)


# --- confirmation


@pytest.mark.parametrize("by", [CLERK, COMMITTEE])
def test_the_inspected_point_or_village_confirms(by: Actor) -> None:
    after = given(HELD).when(ConfirmInspection(), by=by).then(CONFIRMED)
    assert after.confirmed == CONFIRMED


def test_who_does_not_agree_says_why() -> None:
    disagreed = InspectionConfirmed(agreed=False, opinion="当天已更新")
    given(HELD).when(ConfirmInspection(agreed=False), by=CLERK).refused(OpinionMissing)
    given(HELD).when(ConfirmInspection(agreed=False, opinion="当天已更新"), by=CLERK).then(
        disagreed
    )


@pytest.mark.parametrize(
    "by", [OFFICE, COLLEAGUE, Actor(account="zhou", role="committee", unit="440103001001")]
)
def test_nobody_confirms_his_own_inspection(by: Actor) -> None:
    given(HELD).when(ConfirmInspection(), by=by).refused(OwnInspection)


def test_a_supervision_is_confirmed_by_the_district() -> None:
    supervised = replace(HELD, kind="supervision", point=None, division="440103", office="4401")
    district = Actor(account="he", role="supervisor", unit="440103")
    given(supervised).when(ConfirmInspection(), by=district).then(CONFIRMED)
    given(supervised).when(ConfirmInspection(), by=ELSEWHERE).refused(OutsideJurisdiction)


def test_others_do_not_confirm() -> None:
    given(HELD).when(ConfirmInspection(), by=ELSEWHERE).refused(OutsideJurisdiction)
    given(HELD).when(ConfirmInspection(), by=replace(DISTRICT, account="he")).refused(
        NotTheInspected
    )


def test_an_inspection_is_confirmed_once() -> None:
    given(HELD, CONFIRMED).when(ConfirmInspection(), by=CLERK).nothing()
    given(HELD, CONFIRMED).when(ConfirmInspection(opinion="补充"), by=CLERK).refused(
        AlreadyConfirmed
    )


# --- voiding, order


def test_an_inspection_entered_by_mistake_is_voided() -> None:
    given(HELD, CONFIRMED).when(VoidInspection(reason="重复录入"), by=OFFICE).then(VOIDED)
    given(HELD, VOIDED).when(VoidInspection(reason="重复录入"), by=OFFICE).nothing()


@pytest.mark.parametrize("command", [CORRECT, ConfirmInspection()])
def test_a_voided_inspection_is_left_alone(command: Command) -> None:
    given(HELD, VOIDED).when(command, by=OFFICE).refused(InspectionIsVoided)


@pytest.mark.parametrize(
    "command", [CORRECT, ConfirmInspection(), VoidInspection(reason="重复录入")]
)
def test_an_unknown_inspection_does_nothing(command: Command) -> None:
    given().when(command, by=OFFICE).refused(InspectionUnknown)


@pytest.mark.parametrize("command", [CORRECT, VoidInspection(reason="重复录入")])
def test_nothing_happens_before_the_inspection(command: Command) -> None:
    early = given(HELD, at=MORNING - timedelta(minutes=1))
    early.when(command, by=OFFICE).refused(HappensBeforeHeld)
