"""Inspections: every month the justice office looks at each village, every quarter the district at
its towns; what is found must be put right."""

from datetime import date, datetime, timedelta
from typing import Final, Literal, cast

from domain.codes import Code
from domain.oversight import inspection
from domain.oversight.inspection import (
    ConfirmInspection,
    CorrectInspection,
    Finding,
    HoldInspection,
    Inspection,
    InspectionKind,
    VoidInspection,
)
from domain.oversight.rectification import Addressee, OrderRectification, Source
from domain.registers.appointment import china_day
from domain.registers.form import Form, Value, Values
from domain.simulation import words
from domain.simulation.case import A_DAY, Life
from domain.simulation.chance import Draw, Mix, between, happens, pick
from domain.simulation.errand import (
    Errand,
    SimulatedVillage,
    begun,
    bureau,
    committee,
    justice_office,
)
from domain.simulation.rectifying import rectified
from domain.simulation.schedule import SimulatedClock
from domain.simulation.world import Scene, World
from domain.vocabulary import Actor
from domain.worktime.period import days_of, quarter_of

CHECKLISTS: Final[dict[InspectionKind, str]] = {
    "check": "village-check",
    "supervision": "district-supervision",
}
CHECK_DAYS: Final = 18
"""So that a check that is put off to a working day stays in its month."""
SUPERVISION_DAYS: Final = 60
SEVERITIES: Final[Mix[Literal["minor", "major", "serious"]]] = Mix(
    {"minor": 0.7, "major": 0.25, "serious": 0.05}
)


def checks(
    scene: Scene,
    villages: list[SimulatedVillage],
    clock: SimulatedClock,
    *,
    first_day: date,
    days: int,
) -> Life:
    """Day by day; a village's day of the month and a town's of the quarter are by its place in the
    list. Nothing without checklists."""
    draw = scene.draw
    towns = list(dict.fromkeys(village.town for village in villages))
    for offset in range(days):
        day = first_day + timedelta(days=offset)
        yield clock.midnight(day)
        opens = clock.midnight(clock.working_day(day)) + timedelta(hours=9)
        if day.day <= CHECK_DAYS and (form := newest(scene.world, CHECKLISTS["check"])):
            for village in villages[day.day - 1 :: CHECK_DAYS]:
                at = opens + timedelta(seconds=int(between(draw, 0, 28_000)))
                scene.spawned.append(checked(scene, village, form, at))
        since = (day - days_of(quarter_of(day)).first).days
        if since < SUPERVISION_DAYS and (form := newest(scene.world, CHECKLISTS["supervision"])):
            for town in towns[since::SUPERVISION_DAYS]:
                at = opens + timedelta(seconds=int(between(draw, 0, 28_000)))
                scene.spawned.append(supervised(scene, town, form, at))


def newest(world: World, code: str) -> Form | None:
    versions = [one for one in world.registers.forms.values() if one.code == code]
    return versions[-1] if versions else None


def filled(draw: Draw, form: Form) -> dict[Code, Value]:
    """Fill in a form; some optional questions are left empty."""
    answers: dict[Code, Value] = {}
    for field in form.fields:
        if not field.required and not happens(draw, 0.3):
            continue
        match field.kind:
            case "yes_no":
                answers[field.code] = not happens(draw, 0.02)
            case "number":
                answers[field.code] = int(draw.random() * 12)
            case "date":
                answers[field.code] = "2026-01-01"
            case "choice":
                answers[field.code] = pick(draw, list(field.options))
            case "text":
                answers[field.code] = pick(draw, words.OPINIONS)
    return answers


def found(draw: Draw, answers: Values) -> tuple[Finding, ...]:
    """For most questions answered with no; now and then beside the checklist."""
    findings = [
        Finding(severity=SEVERITIES.draw(draw), text=pick(draw, words.FINDINGS), item=code)
        for code, answer in answers.items()
        if answer is False and not happens(draw, 0.3)
    ]
    if happens(draw, 0.02):
        findings.append(Finding(severity="minor", text=pick(draw, words.FINDINGS)))
    return tuple(findings)


def checked(scene: Scene, village: SimulatedVillage, form: Form, at: datetime) -> Life:
    """The room in the village; the village itself while the room is closed."""
    yield at
    errand, open_ = begun(scene, at, inspection), scene.registers.points[village.room].serves_at(at)
    place = {"point": village.room} if open_ else {"division": village.code}
    office = looking_after(scene, village, open_=open_)
    yield from held(errand, "check", form, place, office)
    yield from looked_at(errand, office, inspected(errand, village))
    stint = scene.registers.appointments[village.code].stint_on(china_day(at))
    to = Addressee("point", village.room)
    if stint is not None and happens(scene.draw, 0.5):
        to = Addressee("adviser", stint.adviser)
    ordered(errand, "inspection", to, village.room, office)


def looking_after(scene: Scene, village: SimulatedVillage, *, open_: bool) -> Actor:
    """The village's town; where the room has moved out of it, the office of where it lies now."""
    lies_in = scene.registers.points[village.room].locations[-1].division
    if not open_ or lies_in.startswith(village.town):
        return justice_office(village.town)
    if len(lies_in) < len(village.town):
        return bureau(lies_in)
    return justice_office(lies_in[: len(village.town)])


def inspected(errand: Errand, village: SimulatedVillage) -> Actor:
    """The village; the room itself where it has moved to the seat of the town that looks at it."""
    held = cast("Inspection", errand.state).held
    if held.division == held.office:
        return Actor(account=f"u-{village.room}-1", role="duty_officer", unit=village.room)
    return committee(held.division)


def supervised(scene: Scene, town: str, form: Form, at: datetime) -> Life:
    """A town, by its district; what is found goes to a firm."""
    yield at
    errand, office = begun(scene, at, inspection), bureau(town[:6])
    yield from held(errand, "supervision", form, {"division": town}, office)
    yield from looked_at(errand, office, justice_office(town))
    firm = scene.registers.advisers[pick(scene.draw, list(scene.registers.advisers))].firm
    ordered(errand, "supervision", Addressee("firm", firm), None, office)


def held(
    errand: Errand, kind: InspectionKind, form: Form, place: dict[str, str], office: Actor
) -> Life:
    draw = errand.scene.draw
    answers = filled(draw, form)
    late = errand.scene.happens(0.02)
    command = HoldInspection(
        kind=kind,
        point=place.get("point"),
        division=place.get("division"),
        checklist=form.ref,
        answers=answers,
        findings=found(draw, answers),
        late_reason="检查后集中录入" if late else None,
    )
    entered = errand.at + timedelta(hours=24 + int(between(draw, 1, 60))) if late else None
    yield errand.act(command, office, entered=entered)
    if entered is not None:
        errand.at = entered


def looked_at(errand: Errand, office: Actor, by: Actor) -> Life:
    """Confirmed by the inspected, mostly; seldom corrected before, or void."""
    scene, draw = errand.scene, errand.scene.draw
    if scene.happens(0.005):
        yield errand.in_office(between(draw, 10, 300))
        yield errand.act(VoidInspection(reason="登记到了别的村（社区）"), office)
        return
    if scene.happens(0.02):
        yield errand.in_office(between(draw, 10, 300))
        now = cast("Inspection", errand.state)
        last = Finding(severity="minor", text="复核后补充：台账记录不完整")
        command = CorrectInspection(
            answers=now.answers, findings=(*now.findings, last), reason="复核检查记录"
        )
        yield errand.act(command, office)
    if not happens(draw, 0.2):
        yield errand.later(between(draw, 30, 3 * A_DAY))
        agreed = not happens(draw, 0.03)
        opinion = None if agreed else "当日顾问因开庭调整驻村时间，已补"
        yield errand.act(ConfirmInspection(agreed=agreed, opinion=opinion), by)


def ordered(errand: Errand, source: Source, to: Addressee, room: str | None, office: Actor) -> None:
    """Order the rectification of findings that are more than minor."""
    now = cast("Inspection", errand.state)
    grave = [one for one in now.findings if one.severity != "minor"]
    if now.voided or not grave:
        return
    order = OrderRectification(
        source=source,
        source_stream=errand.id,
        addressee=to,
        point=room,
        items=tuple(dict.fromkeys(one.text for one in grave)),
    )
    told = rectified(errand.scene, errand.at, order, errand.stream, errand.id, office)
    errand.scene.spawned.append(told)
