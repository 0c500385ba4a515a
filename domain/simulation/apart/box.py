"""The box 市直机关作风: every Monday a note about a city organ is found in it. Nothing is drawn: of
whom it is, and what it says, follows from the day."""

from datetime import date, timedelta
from typing import Final

from domain.complaints import complaint
from domain.complaints.record import (
    AcceptComplaint,
    AnswerComplaint,
    Aspect,
    CloseComplaint,
    Grievance,
    RegisterComplaint,
)
from domain.complaints.routing import AssignComplaint, BeginInvestigation, SignForComplaint
from domain.simulation import words
from domain.simulation.case import Life
from domain.simulation.errand import Errand, begun, bureau
from domain.simulation.remedying import at_unit
from domain.simulation.schedule import SimulatedClock
from domain.simulation.world import Scene

ASPECTS: Final[tuple[Aspect, ...]] = ("for_people", "pragmatic", "honest", "efficient")
OFFICE: Final = bureau("4401", 7)


def box(scene: Scene, clock: SimulatedClock, *, first_day: date, days: int) -> Life:
    """Play a complaint a week, where organs are listed."""
    organs = [code for code in scene.registers.organs if code.startswith("organ-")]
    organs = [code for code in organs if scene.registers.organs[code].open]
    for offset in range(days):
        day = first_day + timedelta(days=offset)
        if organs and day.weekday() == 0:
            yield clock.midnight(day)
            week = day.toordinal() // 7
            scene.spawned.append(found(scene, clock, day, organs[week % len(organs)], week))


def found(scene: Scene, clock: SimulatedClock, day: date, organ: str, week: int) -> Life:
    opened = clock.midnight(day) + timedelta(hours=9, minutes=week % 50)
    yield opened
    errand = begun(scene, opened, complaint)
    grievance = Grievance(
        organ=organ,
        channel="box",
        aspects=(ASPECTS[week % len(ASPECTS)],),
        concern="attitude",
        subject=words.GRIEVANCES[week % len(words.GRIEVANCES)],
        detail=words.SIMULATED,
    )
    yield errand.act(RegisterComplaint(grievance=grievance), OFFICE)
    yield errand.in_office(60)
    yield errand.act(AcceptComplaint(), OFFICE)
    yield from handled(errand, "4401-legal-aid")


def handled(errand: Errand, unit: str) -> Life:
    handler = at_unit(unit)
    answer = AnswerComplaint(
        claim="要求改进作风",
        facts="经核实当日值班情况" + words.SIMULATED,
        opinion="已向该机关通报并督促改进",
        basis="《信访工作条例》第三十二条",
        outcome="explained",
        justified=False,
        resolved=True,
    )
    for minutes, command, by in (
        (90, AssignComplaint(unit=unit), OFFICE),
        (200, SignForComplaint(), handler),
        (100, BeginInvestigation(), handler),
        (2000, answer, handler),
        (300, CloseComplaint(), OFFICE),
    ):
        yield errand.in_office(minutes)
        yield errand.act(command, by)
