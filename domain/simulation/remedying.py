"""Handling an accepted complaint: assigned, investigated, answered, reviewed, closed."""

from datetime import timedelta
from typing import Final, cast

from domain.complaints.complaint import Complaint
from domain.complaints.record import (
    AnswerComplaint,
    CloseComplaint,
    ExtendDeadline,
    OrderRework,
    PauseComplaint,
    RecordReturnVisit,
    ReopenComplaint,
    ResumeComplaint,
)
from domain.complaints.review import AskReview, DecideReview, FinalizeComplaint
from domain.complaints.routing import (
    AnswerAsCoHandler,
    AskCoHandler,
    AskReturn,
    AssignComplaint,
    BeginInvestigation,
    DecideReturn,
    ReleaseCoHandler,
    SignForComplaint,
)
from domain.promises.promise import Promise, PromiseName
from domain.promises.promising import rules_behind
from domain.simulation import words
from domain.simulation.case import A_DAY, Life
from domain.simulation.chance import between, happens, pick
from domain.simulation.errand import Errand, bureau
from domain.vocabulary import Actor

REVIEWERS: Final = ("4401", "44")
"""Units of a review and a re-review; where the city's bureau itself received the complaint, it
still did not handle it."""
EXTENDED_BY: Final = 5


def remedied(matter: Errand, office: Actor, handler: str) -> Life:
    """Play a complaint from its assignment on, in one or more rounds."""
    draw = matter.scene.draw
    yield from assigned(matter, office, handler)
    yield from answered(matter, office)
    yield from asked_about(matter, office)
    for _ in range(2):
        told = _state(matter).told
        if told is None or told.satisfied is not False or happens(draw, 0.3):
            break
        yield matter.later(between(draw, 0.2, 2) * A_DAY)
        yield matter.act(OrderRework(reason="投诉人不满意，要求重办"), office)
        yield from answered(matter, office)
        yield from asked_about(matter, office)
    yield from closed(matter, office)
    if matter.scene.happens(0.04):
        yield matter.later(between(draw, 1, 8) * A_DAY)
        yield matter.act(ReopenComplaint(reason="投诉人反映问题再次出现"), office)
        matter.scene.watched[matter.id] = matter.stream
        yield from assigned(matter, office, handler)
        yield from answered(matter, office)
        yield from asked_about(matter, office)
        yield from closed(matter, office)
    if matter.scene.happens(0.08):
        yield from reviewed(matter, office)


def _state(matter: Errand) -> Complaint:
    return cast("Complaint", matter.state)


def at_unit(unit: str) -> Actor:
    return Actor(account=f"h-{unit}", role="duty_officer", unit=unit)


# --- to the unit that handles it


def assigned(matter: Errand, office: Actor, handler: str) -> Life:
    """Now and then to the wrong unit first, which gives it back; or the right one tries to."""
    scene, draw = matter.scene, matter.scene.draw
    yield matter.in_office(between(draw, 10, 400))
    if scene.happens(0.1):
        wrong = f"{office.unit}-notary"
        yield matter.act(AssignComplaint(unit=wrong), office)
        yield matter.in_office(between(draw, 30, 500))
        if happens(draw, 0.3):
            reason = "交办单位有误，改派"
            yield matter.act(AssignComplaint(unit=handler, reason=reason), office)
        else:
            yield from gives_back(matter, office, wrong, approved=True)
            yield matter.act(AssignComplaint(unit=handler), office)
    else:
        yield matter.act(AssignComplaint(unit=handler), office)
    yield matter.in_office(between(draw, 10, 500))
    yield matter.act(SignForComplaint(), at_unit(handler))
    if scene.happens(0.05):
        yield from gives_back(matter, office, handler, approved=False)
    yield matter.in_office(between(draw, 10, 300))
    yield matter.act(BeginInvestigation(), at_unit(handler))


def gives_back(matter: Errand, office: Actor, unit: str, *, approved: bool) -> Life:
    draw = matter.scene.draw
    yield matter.act(AskReturn(reason="不属于本单位职责"), at_unit(unit))
    yield matter.in_office(between(draw, 20, 400))
    reason = "情况属实，另行交办" if approved else "属于该单位职责"
    yield matter.act(DecideReturn(approved=approved, reason=reason), office)
    yield matter.in_office(between(draw, 5, 60))


# --- investigated and answered


def answered(matter: Errand, office: Actor) -> Life:
    scene, draw = matter.scene, matter.scene.draw
    unit = _state(matter).routing.unit
    assert unit is not None
    handler = at_unit(unit)
    if scene.happens(0.12):
        yield from co_handled(matter, office, handler)
    if scene.happens(0.08):
        yield from paused(matter, handler)
    yield matter.in_office(between(draw, 300, 4500))
    if scene.happens(0.12):
        yield from extended(matter, office)
    yield matter.in_office(between(draw, 30, 2500))
    justified = happens(draw, 0.4)
    command = AnswerComplaint(
        claim=pick(draw, words.GRIEVANCES),
        facts="经调取台账并询问当事人核实" + words.SIMULATED,
        opinion="已督促改进服务并说明情况" if justified else "未发现反映的问题",
        basis="《信访工作条例》第三十二条",
        outcome="supported" if justified else "explained",
        justified=justified,
        resolved=justified or happens(draw, 0.5),
    )
    yield matter.act(command, handler)


def co_handled(matter: Errand, office: Actor, handler: Actor) -> Life:
    draw = matter.scene.draw
    unit, task = f"{office.unit}-legal-aid", f"第{_state(matter).round}轮：提供接待记录"
    yield matter.in_office(between(draw, 20, 400))
    yield matter.act(AskCoHandler(unit=unit, task=task), handler)
    yield matter.in_office(between(draw, 100, 1500))
    if happens(draw, 0.3):
        yield matter.act(ReleaseCoHandler(unit=unit, reason="材料已由当事人提供"), handler)
    else:
        opinion = "接待记录显示已按规定办理"
        yield matter.act(AnswerAsCoHandler(unit=unit, opinion=opinion), at_unit(unit))


def paused(matter: Errand, handler: Actor) -> Life:
    """For papers, which come or do not come within their time, or for an inquiry elsewhere."""
    draw = matter.scene.draw
    yield matter.in_office(between(draw, 20, 400))
    if happens(draw, 0.4):
        yield matter.act(PauseComplaint(cause="verification"), handler)
        yield matter.in_office(between(draw, 400, 4000))
        yield matter.act(ResumeComplaint(), handler)
        return
    yield matter.act(PauseComplaint(cause="supplement", items=words.PAPERS[:2]), handler)
    pause = _state(matter).pause
    if pause is not None and pause.due is not None and happens(draw, 0.3):
        matter.at = pause.due + timedelta(minutes=int(between(draw, 1, 600)))
        yield matter.at
        yield matter.act(ResumeComplaint(supplied=False), handler)
    else:
        yield matter.in_office(between(draw, 200, 3000))
        yield matter.act(ResumeComplaint(), handler)


def extended(matter: Errand, office: Actor) -> Life:
    """Extend the deadline if the rules allow it and it has not passed; the person is told why."""
    if not extensible(matter, "answer"):
        return
    command = ExtendDeadline(amount=EXTENDED_BY, reason="案情复杂，需要补充调查", notified="phone")
    yield matter.act(command, office)


def extensible(matter: Errand, name: PromiseName) -> bool:
    state = _state(matter)
    running: list[Promise] = [one for one in state.promises if one.name == name]
    if not running or matter.at > running[0].due:
        return False
    limit = rules_behind(running[0], matter.scene.registers).limit(state.service, name)
    return limit is not None and len(state.extended_by(name)) < limit.extensions_max


# --- asked about, closed, reviewed


def asked_about(matter: Errand, office: Actor) -> Life:
    """Called on after the answer, a second time if not reached."""
    draw = matter.scene.draw
    yield matter.in_office(between(draw, 100, 1500))
    if happens(draw, 0.15):
        yield matter.act(RecordReturnVisit(reached=False), office)
        yield matter.in_office(between(draw, 200, 900))
    satisfied = not happens(draw, 0.2)
    comment = None if satisfied else pick(draw, words.BAD_COMMENTS)
    visit = RecordReturnVisit(reached=True, satisfied=satisfied, comment=comment)
    yield matter.act(visit, office)


def closed(matter: Errand, office: Actor) -> Life:
    yield matter.in_office(between(matter.scene.draw, 10, 600))
    told = _state(matter).told
    sour = told is not None and told.satisfied is False
    reason = "已按规定答复并告知复查途径" if sour else None
    yield matter.act(CloseComplaint(reason=reason), office)


def reviewed(matter: Errand, office: Actor) -> Life:
    """Play a review by the next level up, and a final one by the level above.

    An answer that is sent back is given anew.
    """
    draw = matter.scene.draw
    yield matter.later(between(draw, 1, 12) * A_DAY)
    for number, unit in enumerate(REVIEWERS):
        reviewer = bureau(unit, 5)
        yield matter.act(AskReview(to=unit, ground="对答复意见不服"), office)
        if happens(draw, 0.3):
            yield matter.later(between(draw, 0.2, 2) * A_DAY)
            yield matter.act(PauseComplaint(cause="hearing"), reviewer)
            yield matter.later(between(draw, 1, 6) * A_DAY)
            yield matter.act(ResumeComplaint(), reviewer)
        yield matter.later(between(draw, 1, 15) * A_DAY)
        back = number == 0 and happens(draw, 0.3)
        decision = DecideReview(
            decision="sent_back" if back else "upheld",
            opinion="原答复事实不清，发回重办" if back else "原答复事实清楚、适用规定正确",
            basis="《信访工作条例》第三十五条",
        )
        yield matter.act(decision, reviewer)
        if back:
            yield from answered(matter, office)
            yield from asked_about(matter, office)
            yield from closed(matter, office)
            return
        if happens(draw, 0.4):
            break
        yield matter.later(between(draw, 1, 10) * A_DAY)
    until = _state(matter).reviews.until
    if until is not None:
        matter.at = max(matter.at, until)
    yield matter.later(between(draw, 1, 3) * A_DAY)
    final = FinalizeComplaint(reason="已经复核或者复查期满未申请复核")
    yield matter.act(final, office)
