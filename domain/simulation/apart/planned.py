"""Plans in some of the villages: a month's visits with changes of time, their needs, and how
difficult they are."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Final

from domain.advising import needs, visit_plan
from domain.advising.needs import (
    GradeVillage,
    MeetNeed,
    NeedCategory,
    NeedSource,
    NoteNeed,
    WithdrawNeed,
)
from domain.advising.visit_plan import (
    ApproveChange,
    AskChange,
    PlannedVisit,
    PlanVisits,
    RefuseChange,
    plan_name,
)
from domain.registers.appointment import china_day
from domain.registers.policy import duty_rules
from domain.simulation.case import Life
from domain.simulation.errand import Errand, SimulatedVillage, justice_office, village_adviser
from domain.simulation.schedule import SimulatedClock
from domain.simulation.visits import VISITED_EVERY
from domain.simulation.world import Scene
from domain.worktime.period import month_of

ONE_IN: Final = 2 * VISITED_EVERY
"""Of so many villages one is told of here."""
AFTERNOON: Final = timedelta(hours=14, minutes=30)
EVENING: Final = timedelta(hours=19)
MINUTES: Final = 150
NEEDS: Final[tuple[tuple[NeedCategory, str, NeedSource], ...]] = (
    ("land", "征地补偿政策咨询较多", "talk"),
    ("labour", "外来务工人员欠薪问题", "work_log"),
    ("legal_education", "希望增加夜间普法讲座", "survey"),
)


def plans(
    scene: Scene,
    villages: list[SimulatedVillage],
    clock: SimulatedClock,
    *,
    first_day: date,
    days: int,
) -> Life:
    """On the first of a month the advisers of some villages plan their days there; of the second
    one of them asks for another time, another to drop it, and a third is refused."""
    some = [(n, one) for n, one in enumerate(villages) if n % ONE_IN == 0]
    for offset in range(days):
        day = first_day + timedelta(days=offset)
        yield clock.midnight(day)
        if day.day == 1:
            for turn, (number, village) in enumerate(some):
                at = clock.midnight(day) + timedelta(hours=8, seconds=turn)
                scene.spawned.append(_plan(scene, clock, village, at, number, turn + day.month))


def _plan(
    scene: Scene,
    clock: SimulatedClock,
    village: SimulatedVillage,
    at: datetime,
    number: int,
    turn: int,
) -> Life:
    yield at
    month = china_day(at).replace(day=1)
    stint = scene.registers.appointments[village.code].stint_on(month)
    if stint is None:
        return
    visits = tuple(_visits(scene, clock, village, stint.adviser, (month, number)))
    if not visits:
        return
    name = plan_name(stint.adviser, village.code, month_of(month))
    errand = Errand(scene, at, scene.world.stream(visit_plan.KIND, name))
    by = village_adviser(stint.adviser, village.code)
    plan = PlanVisits(
        adviser=stint.adviser, village=village.code, month=month_of(month), visits=visits
    )
    yield errand.act(plan, by)
    last = visits[-1]
    errand.at = last.starts_at - timedelta(days=2)
    if len(visits) == 1 or errand.at <= at:
        return
    yield errand.at
    later = clock.midnight(china_day(last.starts_at) + timedelta(days=1)) + EVENING
    dropped, refused = (turn % 3 == one for one in (1, 2))
    to = None if dropped else PlannedVisit(starts_at=later, minutes=MINUTES)
    if to is not None and not _serves(scene, village, stint.adviser, later, month):
        return
    asked = AskChange(visit=len(visits), to=to, reason="当日开庭" if to else "村委换届，改由线上")
    yield errand.act(asked, by)
    yield errand.later(180)
    office = justice_office(village.town)
    if refused:
        yield errand.act(RefuseChange(visit=len(visits), reason="当日安排联合检查"), office)
    else:
        yield errand.act(ApproveChange(visit=len(visits)), office)


def _visits(
    scene: Scene,
    clock: SimulatedClock,
    village: SimulatedVillage,
    adviser: str,
    when: tuple[date, int],
) -> Iterator[PlannedVisit]:
    """On the days of the month on which the work log has visits to a village of that number."""
    month, number = when
    for day in (number % VISITED_EVERY, number % VISITED_EVERY + VISITED_EVERY):
        on = clock.working_day(month + timedelta(days=day))
        at = clock.midnight(on) + AFTERNOON
        if _serves(scene, village, adviser, at, month):
            yield PlannedVisit(starts_at=at, minutes=MINUTES)


def _serves(
    scene: Scene, village: SimulatedVillage, adviser: str, at: datetime, month: date
) -> bool:
    """Tell whether he serves there that day, and the day is of the month."""
    day = china_day(at)
    return day.month == month.month and scene.registers.appointments[village.code].serves(
        adviser, day
    )


def wants(
    scene: Scene,
    villages: list[SimulatedVillage],
    clock: SimulatedClock,
    *,
    first_day: date,
    days: int,
) -> Life:
    """In the first weeks the justice offices list what some villages need, and grade them."""
    some = villages[::ONE_IN]
    yield clock.midnight(first_day)
    for turn, village in enumerate(some):
        on = clock.working_day(first_day + timedelta(days=3 + turn % 11))
        at = clock.midnight(on) + timedelta(hours=10, seconds=turn)
        if at < clock.midnight(first_day + timedelta(days=days)):
            scene.spawned.append(_listed(scene, village, at, turn))


def _listed(scene: Scene, village: SimulatedVillage, at: datetime, turn: int) -> Life:
    yield at
    errand = Errand(scene, at, scene.world.stream(needs.KIND, village.code))
    office = justice_office(village.town)
    since = china_day(at) - timedelta(days=30)
    for category, text, source in NEEDS:
        yield errand.later(5)
        need = NoteNeed(
            village=village.code, category=category, text=text, since=since, source=source
        )
        yield errand.act(need, office)
    yield errand.later(5)
    levels = duty_rules(scene.registers.policies, village.code, china_day(at)).difficulty_levels
    level = levels[turn % len(levels)]
    reason = "矛盾纠纷数量和类型"
    yield errand.act(GradeVillage(village=village.code, level=level, reason=reason), office)
    yield errand.later(20 * 24 * 60)
    yield errand.act(MeetNeed(number=2, how="组织专题讲座并现场咨询"), office)
    if turn % 3 == 0:
        yield errand.later(60)
        yield errand.act(WithdrawNeed(number=3, reason="并入镇街普法计划"), office)
