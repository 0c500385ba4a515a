"""Needs of villages: noted, met by work done there, withdrawn; and difficulty by policy."""

from datetime import date
from uuid import UUID

from msgspec.structs import replace

from domain.advising import worklog
from domain.advising.needs import (
    GradeVillage,
    LevelUnknown,
    MeetNeed,
    NeedIsOver,
    NeedMet,
    NeedNoted,
    NeedSinceFuture,
    NeedsUnknown,
    NeedUnknown,
    NeedWithdrawn,
    NoteNeed,
    VillageGraded,
    WithdrawNeed,
    WorkElsewhere,
)
from domain.advising.worklog import VillageUnknown, WorkUnknown
from domain.aggregates import fold
from domain.moment import NotThisVillage
from domain.registers.policy import DUTY_POLICY, DutyRules, Policy, PolicyVersion
from domain.vocabulary import Actor
from tests.domain.advising.test_worklog import LOGGED as WORKED
from tests.examples import CITY, LAWYER, NOON, REGISTERS
from tests.spec import given

VILLAGE = "440103001001"
OFFICE = Actor(account="office-1", role="supervisor", unit="440103001")
SINCE = date(2026, 2, 1)
NOTE = NoteNeed(village=VILLAGE, category="land", text="征地补偿咨询多", since=SINCE, source="talk")
NOTED = NeedNoted(
    village=VILLAGE, number=1, category="land", text="征地补偿咨询多", since=SINCE, source="talk"
)
MET = NeedMet(number=1, met_on=date(2026, 3, 2), how="专题讲座")
GRADED = VillageGraded(
    village=VILLAGE, level="difficult", rank=2, graded_on=date(2026, 3, 2), reason="纠纷多"
)
WORK = UUID(int=9)


def test_a_need_is_noted_with_its_source_and_once() -> None:
    given(at=NOON).when(NOTE, by=LAWYER).then(NOTED)
    given(NOTED).when(NOTE, by=LAWYER).nothing()
    other = replace(NOTE, category="debts")
    given(NOTED).when(other, by=OFFICE).then(replace(NOTED, number=2, category="debts"))
    again = given(NOTED, MET).when(NOTE, by=LAWYER).then(replace(NOTED, number=2))
    assert [one.standing for one in again.needs.values()] == ["met", "open"]


def test_a_need_is_of_a_village_that_there_is_and_was_there_before() -> None:
    given(at=NOON).when(replace(NOTE, village="440103009009"), by=CITY).refused(VillageUnknown)
    given(at=NOON).when(replace(NOTE, since=date(2026, 3, 3)), by=OFFICE).refused(NeedSinceFuture)


def test_a_committee_notes_the_needs_of_its_own_village() -> None:
    own = Actor(account="k-1", role="committee", unit=VILLAGE)
    given(at=NOON).when(NOTE, by=own).then(NOTED)
    other = Actor(account="k-2", role="committee", unit="440103001002")
    given(at=NOON).when(NOTE, by=other).refused(NotThisVillage)


def test_a_need_is_met_or_withdrawn_once() -> None:
    meet, withdraw = MeetNeed(number=1, how="专题讲座"), WithdrawNeed(number=1, reason="重复")
    given(NOTED).when(meet, by=LAWYER).then(MET)
    given(NOTED, MET).when(meet, by=LAWYER).nothing()
    given(NOTED, MET).when(replace(meet, how="座谈"), by=LAWYER).refused(NeedIsOver)
    given(NOTED, MET).when(withdraw, by=LAWYER).refused(NeedIsOver)
    gone = NeedWithdrawn(number=1, reason="重复")
    given(NOTED).when(withdraw, by=LAWYER).then(gone)
    given(NOTED, gone).when(withdraw, by=LAWYER).nothing()
    given(NOTED, gone).when(meet, by=LAWYER).refused(NeedIsOver)
    given(NOTED).when(replace(meet, number=2), by=LAWYER).refused(NeedUnknown)
    given().when(meet, by=LAWYER).refused(NeedsUnknown)


def test_work_that_met_a_need_was_done_in_that_village_and_counts() -> None:
    meet = MeetNeed(number=1, how="专题讲座", work=WORK)
    work = fold(worklog, [WORKED])
    given(NOTED, beside={WORK: work}).when(meet, by=LAWYER).then(replace(MET, work=WORK))
    given(NOTED).when(meet, by=LAWYER).refused(WorkUnknown)
    withdrawn = replace(work, standing="withdrawn")
    given(NOTED, beside={WORK: withdrawn}).when(meet, by=LAWYER).refused(WorkUnknown)
    elsewhere = replace(NOTED, village="440103001002")
    given(elsewhere, beside={WORK: work}).when(meet, by=CITY).refused(WorkElsewhere)


def test_a_village_is_graded_by_a_level_of_the_rules() -> None:
    grade = GradeVillage(village=VILLAGE, level="difficult", reason="纠纷多")
    given(at=NOON).when(grade, by=OFFICE).then(GRADED)
    given(GRADED).when(grade, by=OFFICE).nothing()
    given(at=NOON).when(replace(grade, level="A"), by=OFFICE).refused(LevelUnknown)
    nowhere = replace(grade, village="440103009009")
    given(at=NOON).when(nowhere, by=CITY).refused(VillageUnknown)


def test_the_levels_of_difficulty_are_policy_data() -> None:
    rules = PolicyVersion(
        code=DUTY_POLICY,
        version=1,
        effective_from=date(2026, 1, 1),
        basis="示例",
        duty=DutyRules(difficulty_levels=("A", "B", "C")),
    )
    registers = replace(REGISTERS, policies={DUTY_POLICY: Policy((rules,))})
    grade = GradeVillage(village=VILLAGE, level="C", reason="纠纷多")
    told = replace(GRADED, level="C", rank=3)
    given(at=NOON, registers=registers).when(grade, by=OFFICE).then(told)
