"""Appointments while the city serves.

Every morning the offices look for vacancies; now and then an adviser is absent, dismissed or gives
up, groups and boards come and go, providers are linked.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from domain.advising.appointment_commands import (
    CreateWechatGroup,
    DismissAdviser,
    DissolveWechatGroup,
    EndTerm,
    ExcuseAbsence,
    LinkProvider,
    NoteAbsence,
    NoteRefusedArrangement,
    PostDisplay,
    RemoveDisplay,
    UnlinkProvider,
)
from domain.registers.appointment import ProviderKind
from domain.registers.policy import DismissalGround, duty_rules
from domain.simulation import words
from domain.simulation.case import A_DAY, Life
from domain.simulation.chance import between, happens, pick
from domain.simulation.errand import (
    SimulatedVillage,
    bureau,
    committee,
    justice_office,
    village_adviser,
)
from domain.simulation.tenure import Tenure, chosen_anew, due_today
from domain.simulation.world import Scene


def tenures(
    scene: Scene, villages: list[SimulatedVillage], start: datetime, *, days: int, scale: float
) -> Life:
    """Every morning the offices look at every village; incidents come by chance."""
    for day in range(days):
        morning = start + timedelta(days=day, hours=9)
        yield morning
        for village in villages:
            due = due_today(scene, village, morning)
            if due is not None:
                scene.spawned.append(due)
        for happening, in_a_year in HAPPENINGS:
            for _ in range(int(in_a_year * scale / 365 + scene.draw.random())):
                at = morning + timedelta(seconds=int(between(scene.draw, 600, 28_000)))
                scene.spawned.append(happening(Tenure(scene, pick(scene.draw, villages), at)))


# --- incidents


def absent(tenure: Tenure) -> Life:
    """One absence, mostly with a reason; seldom several, and then he is dismissed."""
    draw, office = tenure.scene.draw, justice_office(tenure.village.town)
    yield tenure.at
    if tenure.stint is None or (tenure.stint.adviser, tenure.today) in tenure.appointment.absences:
        return
    day = tenure.today
    yield tenure.act(NoteAbsence(note=pick(draw, words.ABSENCE_NOTES)), office)
    if happens(draw, 0.7):
        yield tenure.in_office(between(draw, 60, 900))
        if any(missed == day for _, missed in tenure.appointment.absences):
            reason = pick(draw, words.EXCUSES)
            yield tenure.act(ExcuseAbsence(day=day, reason=reason), office)


def often_absent(tenure: Tenure) -> Life:
    draw, office = tenure.scene.draw, justice_office(tenure.village.town)
    yield tenure.at
    for _ in range(3):
        if tenure.stint is None:
            return
        if (tenure.stint.adviser, tenure.today) not in tenure.appointment.absences:
            yield tenure.act(NoteAbsence(note=pick(draw, words.ABSENCE_NOTES)), office)
        yield tenure.later(A_DAY * 2)
    yield from dismissed(tenure, "absences")


def often_refused(tenure: Tenure) -> Life:
    draw, office = tenure.scene.draw, justice_office(tenure.village.town)
    yield tenure.at
    for arrangement in words.ARRANGEMENTS:
        if tenure.stint is None:
            return
        refused = NoteRefusedArrangement(arrangement=arrangement)
        if not _noted(tenure, arrangement):
            yield tenure.act(refused, office)
        yield tenure.later(A_DAY * between(draw, 1, 3))
    yield from dismissed(tenure, "arrangements_refused")


def _noted(tenure: Tenure, arrangement: str) -> bool:
    same = [one for one in tenure.appointment.refusals if one.arrangement == arrangement]
    return any(one.day == tenure.today for one in same)


def dismissed(tenure: Tenure, ground: DismissalGround) -> Life:
    """He is, unless somebody else serves by now, for whom the ground does not hold."""
    held, day, stint = tenure.appointment, tenure.today, tenure.stint
    if stint is None:
        return
    term = held.terms[stint.term - 1]
    missed = sum(who == stint.adviser and term.covers(on) for who, on in held.absences)
    refused = sum(one.adviser == stint.adviser and term.covers(one.day) for one in held.refusals)
    rules = duty_rules(tenure.scene.registers.policies, tenure.village.code, day)
    enough = {
        "absences": missed >= rules.absences_to_dismiss,
        "arrangements_refused": refused >= rules.refusals_to_dismiss,
    }
    if enough.get(ground, True):
        reason = words.DISMISS_REASONS[ground]
        command = DismissAdviser(ground=ground, effective_on=day, reason=reason)
        yield tenure.act(command, bureau(tenure.village.district))


def unsuitable(tenure: Tenure) -> Life:
    yield tenure.at
    yield from dismissed(tenure, "unsuitable")


def ended(tenure: Tenure) -> Life:
    """End the term by agreement today; choose somebody for a term of their own."""
    yield tenure.at
    held, day = tenure.appointment, tenure.today
    if tenure.stint is None or held.candidates or held.stints[-1] is not tenure.stint:
        return
    over = EndTerm(effective_on=day, reason="顾问因身体原因申请退出，双方协商一致")
    yield tenure.act(over, justice_office(tenure.village.town))
    yield from chosen_anew(tenure)


def regrouped(tenure: Tenure) -> Life:
    yield tenure.at
    if tenure.stint is None:
        return
    by = village_adviser(tenure.stint.adviser, tenure.village.code)
    if tenure.appointment.group_on(tenure.today):
        yield tenure.act(DissolveWechatGroup(reason="群成员变动较大，重新建群"), by)
    yield tenure.later(between(tenure.scene.draw, 60, 3 * A_DAY))
    if not tenure.appointment.group_on(tenure.today):
        yield tenure.act(CreateWechatGroup(), by)


def redisplayed(tenure: Tenure) -> Life:
    yield tenure.at
    by = committee(tenure.village.code)
    if tenure.appointment.display_on(tenure.today):
        yield tenure.act(RemoveDisplay(reason="公示栏维修"), by)
    yield tenure.later(between(tenure.scene.draw, 60, 3 * A_DAY))
    if not tenure.appointment.display_on(tenure.today):
        yield tenure.act(PostDisplay(place=words.DISPLAY_PLACE), by)


def linked(tenure: Tenure) -> Life:
    """A village gets a team or a project team; the former one goes."""
    draw, village = tenure.scene.draw, tenure.village
    yield tenure.at
    by = bureau(village.district)
    for link in tenure.appointment.providers_on(tenure.today):
        if link.span.until is None:
            gone = UnlinkProvider(
                provider=link.provider, code=link.code, until=tenure.today, reason="服务团队调整"
            )
            yield tenure.act(gone, by)
    provider: ProviderKind = "project_team" if happens(draw, 0.3) else "team"
    link_ = LinkProvider(
        division=village.code,
        provider=provider,
        code=a_team(tenure.scene, int(draw.random() * 600)),
        since=tenure.today,
    )
    yield tenure.act(link_, by)
    if happens(draw, 0.6):
        yield tenure.later(A_DAY * between(draw, 5, 20))
        if any(
            one.code == link_.code and one.span.until is None for one in tenure.appointment.links
        ):
            over = UnlinkProvider(
                provider=provider, code=link_.code, until=tenure.today, reason="服务期满"
            )
            yield tenure.act(over, by)


def a_team(scene: Scene, number: int) -> str:
    """Return the code of the team of that number, in turn."""
    at = scene.registers.teams.values()
    open_ = [one.code for one in at if one.open]
    return open_[number % len(open_)]


HAPPENINGS: Final[tuple[tuple[Callable[[Tenure], Life], float], ...]] = (
    (absent, 1500),
    (often_absent, 200),
    (often_refused, 200),
    (unsuitable, 60),
    (ended, 500),
    (regrouped, 300),
    (redisplayed, 300),
    (linked, 900),
)
"""What happens to appointments, and how often a year in a city of full size."""
