"""Decisions of the city's bureau: who answers for which district, and who is marked for what."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Final

from domain.honours import mark
from domain.honours.mark import AwardMark, WithdrawMark, mark_name
from domain.oversight import area
from domain.oversight.area import AssignArea, ReleaseArea
from domain.registers.appointment import china_day
from domain.registers.policy import mark_kinds
from domain.simulation.case import Life
from domain.simulation.errand import Errand, SimulatedVillage, bureau
from domain.simulation.schedule import SimulatedClock
from domain.simulation.world import Scene, SimulatedStep

CITY: Final = "4401"
LEADERS: Final = 4
CHANGED_AFTER: Final = 30
"""Days."""
POINTS_A_MARK: Final = {"demonstration": 40, "popular": 300, "featured": 750}
"""Of so many points one is marked; at least one of each kind."""
VILLAGES_A_MARK: Final = 50
ADVISERS_AN_AWARD: Final = 60


def areas(
    scene: Scene,
    villages: list[SimulatedVillage],
    clock: SimulatedClock,
    *,
    first_day: date,
    days: int,
) -> Life:
    """On the first day every district gets a leader; a month later the first one another, and the
    last one none."""
    districts = sorted({one.district for one in villages})
    at = clock.midnight(first_day) + timedelta(hours=9)
    yield at
    for number, district in enumerate(districts):
        yield _assigned(scene, district, number % LEADERS, at)
    later = at + timedelta(days=CHANGED_AFTER)
    if not districts or days <= CHANGED_AFTER:
        return
    yield later
    yield _assigned(scene, districts[0], LEADERS, later)
    ended = Errand(scene, later, scene.world.stream(area.KIND, districts[-1]))
    release = ReleaseArea(until=china_day(later) + timedelta(days=1), reason="班子分工调整")
    yield ended.act(release, bureau(CITY))


def _assigned(scene: Scene, district: str, number: int, at: datetime) -> SimulatedStep:
    errand = Errand(scene, at, scene.world.stream(area.KIND, district))
    leader = f"b-{CITY}-{number + 1}"
    assign = AssignArea(division=district, leader=leader, since=china_day(at), basis="模拟局务会议")
    return errand.act(assign, bureau(CITY))


def marks(
    scene: Scene,
    villages: list[SimulatedVillage],
    clock: SimulatedClock,
    *,
    first_day: date,
    days: int,
) -> Life:
    """On the tenth day the marks of last year are given; one of them is withdrawn later."""
    at = clock.midnight(clock.working_day(first_day + timedelta(days=9))) + timedelta(hours=15)
    yield at
    known = {one.code for one in mark_kinds(scene.registers.policies, china_day(at))}
    year = first_day.year - 1
    first = None
    for kind, code in _marked(scene, villages):
        if kind in known:
            name = mark_name(kind, year, code)
            errand = Errand(scene, at, scene.world.stream(mark.KIND, name))
            award = AwardMark(
                kind=kind,
                code=code,
                year=year,
                awarded_on=china_day(at),
                awarded_by="广州市司法局（模拟）",
                basis="模拟通报",
            )
            yield errand.act(award, bureau(CITY))
            first = first or errand
    if first is not None and days > CHANGED_AFTER:
        yield first.later(15 * 24 * 60)
        yield first.act(WithdrawMark(reason="复查不合格"), bureau(CITY))


def _marked(scene: Scene, villages: list[SimulatedVillage]) -> Iterator[tuple[str, str]]:
    """Kind and code of what is marked."""
    for kind, one_in in POINTS_A_MARK.items():
        yield from ((kind, code) for code in scene.point_codes[::one_in])
    yield from (("demonstration_village", one.code) for one in villages[::VILLAGES_A_MARK])
    advisers = scene.adviser_codes[::ADVISERS_AN_AWARD]
    yield from (("outstanding_adviser", code) for code in advisers)
    yield "outstanding_officer", f"u-{scene.point_codes[0]}-1"
