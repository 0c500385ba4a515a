"""Visit plans: made ahead, changed only with the office's consent."""

import pytest
from msgspec.structs import replace

from domain.advising.visit_plan import (
    ApproveChange,
    AskChange,
    ChangeApproved,
    ChangeAsked,
    ChangeIsWaiting,
    ChangeRefused,
    ChangesNothing,
    NoChangeAsked,
    NotOwnPlan,
    OwnChange,
    PlannedVisit,
    PlanVisits,
    RefuseChange,
    TwoVisitsOneDay,
    VisitIsDropped,
    VisitNotAhead,
    VisitOutsideMonth,
    VisitPlanExists,
    VisitPlanUnknown,
    VisitsPlanned,
    VisitUnknown,
    plan_stream,
)
from domain.advising.worklog import NotServingThere, VillageUnknown
from domain.registers.adviser import AdviserUnknown
from domain.vocabulary import Actor
from tests.examples import CITY, LAWYER, NOON, local
from tests.spec import given

VILLAGE = "440103001001"
OFFICE = Actor(account="office-1", role="supervisor", unit="440103001")
COLLEAGUE = Actor(account="li", role="adviser", unit="ROOM-1", adviser="A-2")
FIRST = PlannedVisit(starts_at=local("2026-03-10 14:30"), minutes=120)
SECOND = PlannedVisit(starts_at=local("2026-03-24 14:30"), minutes=120)
EVENING = PlannedVisit(starts_at=local("2026-03-11 19:00"), minutes=120)
PLAN = PlanVisits(adviser="A-1", village=VILLAGE, month="2026-03", visits=(SECOND, FIRST))
PLANNED = VisitsPlanned(adviser="A-1", village=VILLAGE, month="2026-03", visits=(FIRST, SECOND))
ASK = AskChange(visit=1, to=EVENING, reason="开庭")
ASKED = ChangeAsked(visit=1, to=EVENING, reason="开庭", asked_by=LAWYER.account)
APPROVED = ChangeApproved(visit=1, to=EVENING)


def test_an_adviser_plans_his_visits_of_a_month_in_order_of_time() -> None:
    given(at=NOON).when(PLAN, by=LAWYER).then(PLANNED)
    given(at=NOON).when(PLAN, by=OFFICE).then(PLANNED)
    given(at=NOON).when(PLAN, by=COLLEAGUE).refused(NotOwnPlan)
    given(PLANNED).when(PLAN, by=LAWYER).refused(VisitPlanExists)


def test_who_plans_is_registered_and_serves_that_village() -> None:
    given(at=NOON).when(replace(PLAN, adviser="A-9"), by=OFFICE).refused(AdviserUnknown)
    given(at=NOON).when(replace(PLAN, adviser="A-2"), by=OFFICE).refused(NotServingThere)
    elsewhere = replace(PLAN, village="440103009009")
    given(at=NOON).when(elsewhere, by=CITY).refused(VillageUnknown)


@pytest.mark.parametrize(
    ("visits", "refusal"),
    [
        ((PlannedVisit(starts_at=local("2026-04-01 09:00"), minutes=60),), VisitOutsideMonth),
        ((PlannedVisit(starts_at=local("2026-03-02 11:00"), minutes=60),), VisitNotAhead),
        ((FIRST, replace(FIRST, starts_at=local("2026-03-10 09:00"))), TwoVisitsOneDay),
    ],
)
def test_a_plan_is_of_its_month_lies_ahead_and_has_one_visit_a_day(
    visits: tuple[PlannedVisit, ...], refusal: type[Exception]
) -> None:
    given(at=NOON).when(replace(PLAN, visits=visits), by=LAWYER).refused(refusal)  # type: ignore[arg-type]


def test_a_plan_cannot_be_entered_afterwards_whenever_it_was_agreed() -> None:
    after = local("2026-03-25 09:00")
    given(at=NOON, now=after, late_reason="补录").when(PLAN, by=LAWYER).refused(VisitNotAhead)
    given(PLANNED, at=NOON, now=after, late_reason="补录").when(ASK, by=LAWYER).refused(
        VisitNotAhead
    )


def test_a_change_is_asked_with_a_reason_and_decided_by_the_office() -> None:
    given(PLANNED).when(ASK, by=LAWYER).then(ASKED)
    given(PLANNED, ASKED).when(ASK, by=LAWYER).nothing()
    given(PLANNED).when(ASK, by=COLLEAGUE).refused(NotOwnPlan)
    state = given(PLANNED, ASKED).when(ApproveChange(visit=1), by=OFFICE).then(APPROVED)
    assert state.visits[0].now == EVENING
    assert state.visits[0].moved
    refuse = RefuseChange(visit=1, reason="当日有检查")
    state = (
        given(PLANNED, ASKED)
        .when(refuse, by=OFFICE)
        .then(ChangeRefused(visit=1, reason="当日有检查"))
    )
    assert (state.visits[0].now, state.visits[0].refused) == (FIRST, 1)


def test_nobody_decides_on_his_own_change_and_nothing_is_decided_twice() -> None:
    own = Actor(account="chen", role="supervisor", unit="440103", adviser="A-1")
    given(PLANNED, ASKED).when(ApproveChange(visit=1), by=own).refused(OwnChange)
    given(PLANNED).when(ApproveChange(visit=1), by=OFFICE).refused(NoChangeAsked)
    given(PLANNED, ASKED, APPROVED).when(ApproveChange(visit=1), by=OFFICE).refused(NoChangeAsked)
    given().when(ApproveChange(visit=1), by=OFFICE).refused(VisitPlanUnknown)
    given(PLANNED).when(ApproveChange(visit=3), by=OFFICE).refused(VisitUnknown)


def test_a_visit_may_be_dropped_and_then_is_not_moved() -> None:
    drop = AskChange(visit=1, reason="病假")
    asked = ChangeAsked(visit=1, reason="病假", asked_by=LAWYER.account)
    given(PLANNED).when(drop, by=LAWYER).then(asked)
    gone = ChangeApproved(visit=1)
    state = given(PLANNED, asked).when(ApproveChange(visit=1), by=OFFICE).then(gone)
    assert state.visits[0].dropped
    given(PLANNED, asked, gone).when(ASK, by=LAWYER).refused(VisitIsDropped)


def test_a_change_changes_something_and_meets_no_other_visit() -> None:
    given(PLANNED).when(replace(ASK, to=FIRST), by=LAWYER).refused(ChangesNothing)
    given(PLANNED, ASKED).when(replace(ASK, to=None), by=LAWYER).refused(ChangeIsWaiting)
    onto = replace(ASK, to=replace(SECOND, minutes=60))
    given(PLANNED).when(onto, by=LAWYER).refused(TwoVisitsOneDay)
    second = AskChange(visit=2, to=EVENING, reason="开庭")
    given(PLANNED, ASKED).when(second, by=LAWYER).refused(TwoVisitsOneDay)
    past = given(PLANNED, at=local("2026-03-10 15:00"))
    past.when(ASK, by=LAWYER).refused(VisitNotAhead)


def test_each_adviser_village_and_month_has_a_stream() -> None:
    assert plan_stream("A-1", VILLAGE, "2026-03") != plan_stream("A-1", VILLAGE, "2026-04")
