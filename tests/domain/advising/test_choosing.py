"""Whom a village may choose from: the order follows the criteria, one after the other."""

from datetime import date

from msgspec.structs import replace

from domain.advising.choosing import CRITERIA, choices
from domain.aggregates import fold
from domain.moment import Registers
from domain.registers import adviser
from domain.registers.adviser import Adviser, AdviserRegistered, PenaltyRecorded
from domain.registers.appointment import Appointment, Candidate, Link, Span
from domain.registers.policy import DUTY_POLICY, DutyRules, Policy, PolicyVersion
from domain.registers.stint import Stint
from tests.examples import NOON

VILLAGE, OTHER, HARD = "440103001001", "440103001002", "440104001001"
DAY = date(2026, 3, 2)
RULES = PolicyVersion(
    code=DUTY_POLICY,
    version=1,
    effective_from=date(2020, 1, 1),
    basis="示例",
    duty=DutyRules(penalty_free_years=3, max_villages_per_adviser=2),
)


def lawyer(code: str, firm: str = "FIRM-1", since: int = 2015) -> Adviser:
    state: Adviser = fold(adviser, [AdviserRegistered(code=code, name=code, firm=firm)])
    return replace(state, practising_since=date(since, 1, 1))


def served(village: str, code: str, first: date = DAY, last: date = DAY) -> Appointment:
    return Appointment(
        division=village, stints=(Stint(village, 1, code, "FIRM-1", None, first, last),)
    )


def registers(*advisers: Adviser, **appointments: Appointment) -> Registers:
    return Registers(
        points={},
        calendars={},
        advisers={one.code: one for one in advisers},
        policies={DUTY_POLICY: Policy((RULES,))},
        appointments={one.division: one for one in appointments.values()},
    )


def order(known: Registers, ranks: dict[str, int], awards: dict[str, int]) -> list[str]:
    return [one.adviser for one in choices(VILLAGE, DAY, known, ranks, awards)]


def test_who_serves_fewer_villages_and_has_practised_longer_comes_first() -> None:
    busy = registers(lawyer("A"), lawyer("B", since=2010), lawyer("C"), x=served(OTHER, "A"))
    assert order(busy, {}, {}) == ["B", "C", "A"]


def test_a_nomination_and_a_linked_firm_weigh_more_than_experience() -> None:
    here = Appointment(
        division=VILLAGE,
        candidates=(Candidate("C", "FIRM-2", None),),
        links=(Link("firm", "FIRM-3", Span(date(2020, 1, 1))),),
    )
    known = registers(lawyer("A"), lawyer("B", "FIRM-3"), lawyer("C", "FIRM-2"), here=here)
    assert order(known, {VILLAGE: 2}, {"A": 3}) == ["C", "B", "A"]


def test_a_difficult_village_is_offered_those_first_who_have_served_difficult_ones() -> None:
    past = served(HARD, "B", date(2024, 1, 1), date(2024, 12, 31))
    known = registers(lawyer("A"), lawyer("B"), lawyer("C"), past=past)
    assert order(known, {VILLAGE: 2, HARD: 3}, {"C": 1}) == ["B", "C", "A"]
    assert order(known, {VILLAGE: 1, HARD: 3}, {"C": 1}) == ["A", "B", "C"]
    assert order(known, {VILLAGE: 2, HARD: 1}, {}) == ["A", "B", "C"]


def test_whom_a_rule_stands_against_comes_last_and_the_rule_is_named() -> None:
    penalty = PenaltyRecorded(decided_on=date(2025, 1, 1), authority="司法局", reason="违规收费")
    punished = replace(lawyer("A"), penalties=(penalty,))
    full = lawyer("B")
    banned = replace(served(OTHER, "B"), bans=(("C", date(2027, 1, 1)),))
    known = registers(punished, full, lawyer("C"), lawyer("D"), x=banned, y=served(HARD, "B"))
    found = choices(VILLAGE, DAY, known, {}, {})
    assert {one.adviser: one.obstacles for one in found} == {
        "A": ("RecentlyPenalized",),
        "B": ("TooManyVillages",),
        "C": ("RehireBanned",),
        "D": (),
    }
    assert found[0].adviser == "D"


def test_who_left_is_not_offered_and_every_criterion_is_told() -> None:
    gone = replace(lawyer("A"), left_at=NOON)
    assert order(registers(gone, lawyer("B")), {}, {}) == ["B"]
    assert len(CRITERIA) == len(set(CRITERIA)) == 7
