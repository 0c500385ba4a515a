"""Once a month a village gets a legal helper and a district holds a training session. Nothing is
drawn: what happens goes by the month."""

from datetime import date, datetime, timedelta
from typing import Final

from domain.simulation import words
from domain.simulation.case import Life
from domain.simulation.errand import Errand, SimulatedVillage, begun, bureau, committee, villages_of
from domain.simulation.schedule import SimulatedClock
from domain.simulation.world import Scene, Stream
from domain.training import helper, session
from domain.training.helper import (
    RegisterHelper,
    ReportHelperActivity,
    RetireHelper,
    VoidHelperActivity,
)
from domain.training.session import (
    AnnounceTraining,
    Attendance,
    CancelTraining,
    CorrectAttendance,
    HoldTraining,
    InviteTrainees,
    Trainee,
)

REGISTERED_ON: Final = 2
ANNOUNCED_ON: Final = 5
HELD_AFTER: Final = timedelta(days=7)
CANCELLED_ON: Final = 20
MINUTES: Final = 120
TRAINEES: Final = 4


def trainings(scene: Scene, clock: SimulatedClock, *, first_day: date, days: int) -> Life:
    """Helpers and sessions of the city, month by month."""
    villages = villages_of(scene.world)
    for offset in range(days):
        day = first_day + timedelta(days=offset)
        if day.day not in (REGISTERED_ON, ANNOUNCED_ON, CANCELLED_ON) or not villages:
            continue
        at = clock.midnight(day) + timedelta(hours=9, minutes=30)
        yield at
        village = villages[(12 * day.year + day.month) % len(villages)]
        known = scene.world.stream(helper.KIND, _code(day))
        if day.day == REGISTERED_ON and known.state is None:
            scene.spawned.append(_helped(Errand(scene, at, known), village, clock, day))
        elif day.day == ANNOUNCED_ON:
            scene.spawned.append(_trained(begun(scene, at, session), village, known, day))
        elif day.day == CANCELLED_ON and day.month % 3 == 0:
            scene.spawned.append(_cancelled(begun(scene, at, session), village, day))


def _code(day: date) -> str:
    return f"H{day:%Y%m}"


def _helped(helping: Errand, village: SimulatedVillage, clock: SimulatedClock, day: date) -> Life:
    """Two activities, one of them entered by mistake; every third helper leaves."""
    by = committee(village.code)

    def on(number: int) -> tuple[datetime, date]:
        then = day + timedelta(days=number)
        helping.at = clock.midnight(then) + timedelta(hours=16)
        return helping.at, then

    yield helping.at
    name = words.person_name(day.toordinal() % 600_000)
    yield helping.act(
        RegisterHelper(
            code=_code(day),
            name=name,
            village=village.code,
            since=day,
            qualification="mediator",
        ),
        by,
    )
    at, then = on(7)
    yield at
    yield helping.act(ReportHelperActivity(day=then, activity="legal_publicity", people=20), by)
    at, then = on(14)
    yield at
    yield helping.act(ReportHelperActivity(day=then, activity="guidance", people=1), by)
    at, then = on(15)
    yield at
    yield helping.act(VoidHelperActivity(number=2, reason="重复登记"), by)
    if day.month % 3 == 2:  # noqa: PLR2004
        at, then = on(25)
        yield at
        yield helping.act(RetireHelper(left_on=then, reason="外出务工"), by)


def _active(scene: Scene) -> list[Trainee]:
    serving = [one.code for one in scene.registers.advisers.values() if one.active]
    return [Trainee(code=code) for code in serving[:TRAINEES]]


def _trained(training: Errand, village: SimulatedVillage, known: Stream, day: date) -> Life:
    """Announced, more are invited, held a week later; one stayed shorter than was entered."""
    by, scene = bureau(village.district), training.scene
    yield training.at
    helpers = (Trainee(kind="helper", code=_code(day)),) if known.state else ()
    first, *others = _active(scene)
    announce = AnnounceTraining(
        subject="新修订法律法规和调解技巧",
        kind="law",
        place="区公共法律服务中心",
        organiser=village.district,
        day=day + HELD_AFTER,
        minutes=MINUTES,
        invited=(first, *helpers),
    )
    yield training.act(announce, by, beside=[known])
    if others:
        yield training.later(60)
        yield training.act(InviteTrainees(invited=tuple(others)), by, beside=[known])
    training.at += HELD_AFTER
    yield training.at
    attended = tuple(
        Attendance(trainee=one, minutes=MINUTES) for one in (*_active(scene), *helpers)
    )
    yield training.act(HoldTraining(attended=attended), by, beside=[known])
    yield training.in_office(300)
    last = Attendance(trainee=attended[-1].trainee, minutes=MINUTES // 2)
    corrected = CorrectAttendance(attended=(*attended[:-1], last), reason="中途离场")
    serving = {*_active(scene), *helpers}
    if all(one.trainee in serving for one in attended):
        yield training.act(corrected, by, beside=[known])


def _cancelled(training: Errand, village: SimulatedVillage, day: date) -> Life:
    by = bureau(village.district)
    yield training.at
    announce = AnnounceTraining(
        subject="接访业务交流",
        kind="complaints",
        place="区司法局",
        organiser=village.district,
        day=day + HELD_AFTER,
        minutes=MINUTES,
    )
    yield training.act(announce, by)
    yield training.in_office(400)
    yield training.act(CancelTraining(reason="与其他会议冲突"), by)
