"""Whom a thing concerns; a committee and a firm act only for themselves (audit, row 24)."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from msgspec.structs import replace

from domain.advising.appointment_commands import (
    AcceptVillage,
    ChooseAdviser,
    DeclineVillage,
    PostDisplay,
    RemoveDisplay,
)
from domain.aggregates import AGGREGATE_BY_COMMAND, fold
from domain.concerned import judges, marks, marks_of, of_other_firms, part_of, visible_to
from domain.moment import NotThisFirm, NotThisVillage
from domain.oversight.rectification import Addressee, AnswerRectification, RectificationOrdered
from domain.registers import appointment
from domain.registers.appointment import (
    AbsenceNoted,
    AdviserNominated,
    ArrangementRefused,
    ContractSigned,
    CoordinationRecorded,
    DisplayPosted,
    FirmAccepted,
    VillageChose,
)
from domain.vocabulary import Actor, Command
from tests.examples import CLERK, MORNING, REGISTERS
from tests.spec import given

VILLAGE, OTHER = "440103001001", "440103001002"
TODAY = date(2026, 3, 2)
NOMINATED = AdviserNominated(division=VILLAGE, adviser="A-1", firm="FIRM-1", reason="熟悉征地")
HEARD = CoordinationRecorded(
    adviser="A-1", committee="supports", residents="neutral", residents_heard=12
)
CHOSE, ACCEPTED = VillageChose(adviser="A-1"), FirmAccepted(firm="FIRM-1")
SIGNED = ContractSigned(
    term=1, adviser="A-1", firm="FIRM-1", starts_on=TODAY, ends_on=date(2027, 3, 1)
)
POSTED = DisplayPosted(day=TODAY, place="村委会门口")
TO_FIRM = RectificationOrdered(
    source="supervision",
    source_stream=uuid4(),
    addressee=Addressee("firm", "FIRM-1"),
    items=("补齐台账",),
    ordered_at=MORNING,
)


def committee(village: str) -> Actor:
    return Actor(account=f"k-{village}", role="committee", unit=village)


def firm(code: str) -> Actor:
    return Actor(account=f"f-{code}", role="firm", unit=code)


def decided(events: tuple[Any, ...], command: Command, by: Actor) -> list[Any]:
    asked = given(*events).when(command, by=by)
    return AGGREGATE_BY_COMMAND[type(command)].decide(asked.state, command, asked.moment)


@pytest.mark.parametrize(
    ("events", "command"),
    [
        ((NOMINATED, HEARD), ChooseAdviser(adviser="A-1")),
        ((NOMINATED,), PostDisplay(place="村委会门口")),
        ((NOMINATED, POSTED), RemoveDisplay(reason="更换")),
    ],
)
def test_a_committee_acts_for_its_own_village(events: tuple[Any, ...], command: Command) -> None:
    given(*events).when(command, by=committee(OTHER)).refused(NotThisVillage)
    assert decided(events, command, committee(VILLAGE))


@pytest.mark.parametrize(
    ("events", "command"),
    [
        ((NOMINATED, HEARD, CHOSE), AcceptVillage()),
        ((NOMINATED, HEARD, CHOSE), DeclineVillage(reason="人手不足")),
        ((TO_FIRM,), AnswerRectification(measures="已补齐")),
    ],
)
def test_a_firm_acts_for_itself(events: tuple[Any, ...], command: Command) -> None:
    given(*events).when(command, by=firm("FIRM-2")).refused(NotThisFirm)
    assert decided(events, command, firm("FIRM-1"))


def test_a_firm_does_not_answer_for_a_point() -> None:
    ordered = replace(TO_FIRM, addressee=Addressee("point", "ROOM-1"))
    answer = AnswerRectification(measures="已补齐")
    given(ordered).when(answer, by=firm("ROOM-1")).refused(NotThisFirm)
    assert decided((ordered,), answer, CLERK)


def test_a_selection_concerns_its_village_and_the_firm_that_must_answer() -> None:
    story: list[Any] = [NOMINATED, replace(NOMINATED, adviser="A-2", firm="FIRM-2"), HEARD]
    village = f"village:{VILLAGE}"
    assert marks(fold(appointment, story)) == (village,)
    chosen = fold(appointment, [*story, CHOSE])
    assert marks(chosen) == (village, "firm:FIRM-1")
    assert marks(fold(appointment, [*story, CHOSE, ACCEPTED, SIGNED])) == (village, "firm:FIRM-1")
    assert visible_to(chosen, firm("FIRM-1"))
    assert not visible_to(chosen, firm("FIRM-2"))
    assert visible_to(chosen, committee(VILLAGE))
    assert not visible_to(chosen, committee(OTHER))
    assert visible_to(chosen, CLERK)


def test_a_firm_reads_its_own_part_of_a_selection() -> None:
    other = replace(NOMINATED, adviser="A-2", firm="FIRM-2")
    absent = [
        AbsenceNoted(adviser="A-1", day=TODAY, note="未到"),
        ArrangementRefused(adviser="A-1", day=TODAY, arrangement="夜间讲座"),
    ]
    story: list[Any] = [NOMINATED, HEARD, CHOSE, ACCEPTED, SIGNED, *absent]
    renewing = fold(appointment, [*story, other, replace(HEARD, adviser="A-2")])
    chosen = fold(
        appointment, [*story, other, replace(HEARD, adviser="A-2"), replace(CHOSE, adviser="A-2")]
    )
    own = part_of(chosen, firm("FIRM-1"))
    assert (own.candidates, own.chosen, own.selection) == ((), None, "none")
    assert (own.absences, own.refusals) == (chosen.absences, chosen.refusals) != ((), ())
    theirs = part_of(chosen, firm("FIRM-2"))
    assert (theirs.candidates, theirs.chosen) == (chosen.candidates, "A-2")
    assert (theirs.absences, theirs.refusals) == ((), ())
    assert own.stints == theirs.stints == chosen.stints
    for by in (committee(VILLAGE), CLERK):
        assert part_of(renewing, by) is renewing


def test_a_firm_reads_of_the_history_what_is_about_its_own_advisers() -> None:
    told = [
        {"adviser": "A-1", "firm": "FIRM-1"}, {"adviser": "A-2", "firm": "FIRM-2"},
        {"adviser": "A-2", "residents": "supports"}, {"adviser": "A-1"}, {"day": "2026-03-02"},
        {"former": "A-1", "adviser": "A-2", "firm": "FIRM-2"},
    ]  # fmt: skip
    hidden = [False, True, True, False, False, False]
    assert [*of_other_firms(told, firm("FIRM-1"))] == hidden
    assert [*of_other_firms(told, firm("FIRM-2"))] == [True, False, False, True, False, False]
    assert not any(of_other_firms(told, committee(VILLAGE)))


def test_a_code_of_a_firm_is_no_village() -> None:
    """What one reads is marked by what he is, so that equal codes of two registers stay apart."""
    assert marks_of(firm(VILLAGE)) != marks_of(committee(VILLAGE))


def test_a_committee_judges_whom_it_had_and_a_firm_its_own() -> None:
    served = fold(appointment, [NOMINATED, HEARD, CHOSE, ACCEPTED, SIGNED])
    known = replace(REGISTERS, appointments={VILLAGE: served})

    def asked(by: Actor, subject: str, first: date, last: date) -> bool:
        return judges(by, subject, first, last, known)

    year = (date(2026, 1, 1), date(2026, 12, 31))
    before = (date(2025, 1, 1), date(2025, 12, 31))
    assert asked(committee(VILLAGE), "A-1", *year)
    assert not asked(committee(VILLAGE), "A-1", *before)
    assert not asked(committee(VILLAGE), "A-2", *year)
    assert not asked(committee(OTHER), "A-1", *year)
    assert asked(firm("FIRM-1"), "A-1", *before)
    assert not asked(firm("FIRM-2"), "A-1", *year)
    assert asked(CLERK, "A-2", *before)
