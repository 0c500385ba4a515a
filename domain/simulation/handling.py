"""Handling a request: consulted, referred, mediated, or applied for legal aid."""

from collections.abc import Callable, Generator
from datetime import datetime, timedelta
from typing import Final

from domain.requests.proceedings import AgreementForm, ReferralTarget
from domain.requests.proceedings_commands import (
    AcceptReferral,
    AgreeMediation,
    ApplyForLegalAid,
    AssignLegalAidLawyer,
    CompleteReferral,
    DeemLegalAidWithdrawn,
    EndMediation,
    GrantLegalAid,
    HoldMediationSession,
    OpenMediation,
    Refer,
    RefuseLegalAid,
    RefuseReferral,
    ReturnReferral,
)
from domain.requests.request import CloseKind
from domain.requests.request_commands import (
    AssignAdviser,
    CloseRequest,
    GiveConsultation,
    InformOnce,
    KeepAppointment,
    MakeAppointment,
    MissAppointment,
    RecalculateDeadlines,
    ReceiveSupplement,
    ReopenRequest,
    RequestSupplement,
)
from domain.simulation import words
from domain.simulation.case import (
    Handling,
    Life,
    SimulatedCase,
    act,
    adviser_actor,
    in_office,
    later,
    staff,
    substitute,
)
from domain.simulation.chance import between, happens, pick, some_of, spread
from domain.simulation.world import SimulatedStep
from domain.vocabulary import Actor, Service


def waited(case: SimulatedCase) -> Life:
    """Until somebody turns to the request: at once at a counter, by working time otherwise."""
    draw = case.scene.draw
    if case.channel in words.AT_ONCE:
        yield later(case, 1 + spread(draw, 6))
    else:
        yield in_office(case, 5 + spread(draw, 110))
    yield from recalculated(case)


def recalculated(case: SimulatedCase) -> Life:
    """Newer rules came into force while promises run: some are computed again, with a reason."""
    promises = case.state.promises
    if promises and promises[0].policy != case.scene.world.rules and case.scene.happens(0.3):
        yield act(case, RecalculateDeadlines(reason="时限规则调整"))


def consulted(case: SimulatedCase) -> Life:
    draw = case.scene.draw
    low, high = words.MINUTES.get(case.service, words.MINUTES_OTHERWISE)
    minutes = int(between(draw, low, high))
    yield later(case, minutes)
    yield from with_adviser(case)
    answer = pick(draw, words.ANSWERS) if happens(draw, 0.4) else None
    mode = words.MODES[case.channel]
    yield act(case, GiveConsultation(mode=mode, minutes=minutes, answer=answer))


def with_adviser(case: SimulatedCase) -> Life:
    """A lawyer on duty takes over now and then, and always when the one at the desk has left."""
    scene, at_desk = case.scene, case.desk.adviser
    gone = at_desk is not None and not scene.registers.advisers[at_desk].active
    if gone or (at_desk is None and case.state.adviser is None and scene.happens(0.08)):
        code = substitute(case)
        if code is None:
            case.adviser = None
            case.desk = staff(case, 1)
        else:
            case.desk = adviser_actor(case, code)
            if code != case.state.adviser:
                yield act(case, AssignAdviser(adviser=code))


def informed(case: SimulatedCase, basis: str) -> SimulatedStep:
    draw = case.scene.draw
    items = some_of(draw, words.PAPERS, 1 + int(draw.random() * 3))
    return act(case, InformOnce(items=items, basis=basis, in_writing=happens(draw, 0.4)))


def served(case: SimulatedCase) -> Handling:
    """Consultation and everything else that a lawyer does himself."""
    scene, draw = case.scene, case.scene.draw
    yield from waited(case)
    if scene.happens(0.012):
        return "withdrawn"
    if scene.happens(0.03):
        yield informed(case, words.ONCE_BASIS)
    if scene.happens(0.03):
        kept = yield from appointed(case)
        if not kept:
            return "unreachable"
    if scene.happens(0.01):
        received = yield from supplemented(case)
        if not received:
            return "withdrawn"
    yield from consulted(case)
    if scene.happens(0.015):
        yield in_office(case, between(draw, 300, 1200))
        yield from consulted(case)
    return None if scene.happens(0.012) else "answered"


def appointed(case: SimulatedCase) -> Generator[SimulatedStep | datetime, None, bool]:
    draw = case.scene.draw
    at = case.at + timedelta(days=1 + int(draw.random() * 4))
    purpose = words.PURPOSES.draw(draw)
    yield act(case, MakeAppointment(purpose=purpose, at=at))
    case.at = at
    yield at
    if not happens(draw, 0.2):
        yield act(case, KeepAppointment())
        return True
    yield act(case, MissAppointment(reason=pick(draw, words.MISSED_REASONS)))
    return False


def supplemented(case: SimulatedCase) -> Generator[SimulatedStep | datetime, None, bool]:
    draw = case.scene.draw
    items = some_of(draw, words.PAPERS, 1 + int(draw.random() * 2))
    yield act(case, RequestSupplement(items=items))
    waiting = case.state.supplement
    assert waiting is not None
    if waiting.due is not None and case.scene.happens(0.15):
        case.at = waiting.due + timedelta(minutes=1 + int(draw.random() * 600))
        yield case.at
        return False
    yield in_office(case, 60 + spread(draw, 900))
    yield act(case, ReceiveSupplement())
    return True


def referred(case: SimulatedCase) -> Handling:
    """Consulted first, then passed on to the body that is competent."""
    scene, draw = case.scene, case.scene.draw
    yield from waited(case)
    yield from consulted(case)
    if scene.happens(0.3):
        yield informed(case, words.ONCE_BASIS)
    for _ in range(2):
        target, unit = receiving_unit(case)
        officer = Actor(account=f"u-{unit}", role="referral_officer", unit=unit)
        reason = pick(draw, words.REFER_REASONS)
        yield later(case, between(draw, 1, 10))
        yield act(case, Refer(target=target, to=unit, reason=reason, consented=True))
        yield in_office(case, 30 + spread(draw, 300))
        if not scene.happens(0.1):
            yield act(case, AcceptReferral(), officer)
            return (yield from completed(case, officer))
        yield act(case, RefuseReferral(reason=pick(draw, words.REFUSE_REASONS)), officer)
        if happens(draw, 0.5):
            break
    yield from consulted(case)
    return "answered"


def receiving_unit(case: SimulatedCase) -> tuple[ReferralTarget, str]:
    draw = case.scene.draw
    target = words.TARGETS.get(case.service) or words.TARGETS_OTHERWISE.draw(draw)
    if target == "other_point":
        other = pick(draw, case.scene.point_codes)
        if other != case.point and case.scene.registers.points[other].open:
            return target, other
        target = "court"
    return target, f"{target}-{1 + int(draw.random() * 12):02d}"


def completed(case: SimulatedCase, officer: Actor) -> Handling:
    scene, draw = case.scene, case.scene.draw
    yield in_office(case, 60 + spread(draw, 1200))
    if scene.happens(0.06):
        yield act(case, ReturnReferral(reason=pick(draw, words.RETURN_REASONS)), officer)
        yield in_office(case, 10 + spread(draw, 120))
        yield from consulted(case)
        return "answered"
    if scene.happens(0.04):
        return None
    yield act(case, CompleteReferral(outcome=pick(draw, words.OUTCOMES)), officer)
    yield in_office(case, 5 + spread(draw, 60))
    return "referred"


def mediated(case: SimulatedCase) -> Handling:
    scene, draw = case.scene, case.scene.draw
    yield from waited(case)
    yield from consulted(case)
    yield in_office(case, 10 + spread(draw, 400))
    mediator = f"m-{case.point}"
    by = Actor(account=mediator, role="mediator", unit=case.point)
    yield act(case, OpenMediation(mediator=mediator, public=happens(draw, 0.2)), by)
    for _ in range(1 + int(draw.random() * 2.4)):
        minutes = int(between(draw, 30, 150))
        yield in_office(case, minutes + spread(draw, 700))
        adviser = case.state.adviser
        if adviser is not None and not scene.registers.advisers[adviser].active:
            adviser = None
        held = HoldMediationSession(
            mediator=mediator, adviser=adviser, minutes=minutes, onsite=not happens(draw, 0.1)
        )
        yield act(case, held, by)
    if scene.happens(0.12):
        reason = pick(draw, words.END_REASONS)
        yield act(case, EndMediation(reason=reason, routes_told=True), by)
    elif scene.happens(0.03):
        return None
    else:
        form: AgreementForm = "oral" if happens(draw, 0.4) else "written"
        yield act(case, AgreeMediation(form=form, terms=pick(draw, words.TERMS)), by)
    return "mediated"


def aided(case: SimulatedCase) -> Handling:
    """A legal-aid application taken at the point and decided by the agency."""
    scene, draw = case.scene, case.scene.draw
    yield from waited(case)
    yield from consulted(case)
    yield informed(case, words.AID_BASIS)
    agency = f"legal_aid-{1 + int(draw.random() * 12):02d}"
    by = aid_officer(agency)
    yield later(case, between(draw, 2, 20))
    yield act(case, ApplyForLegalAid(agency=agency, urgent=happens(draw, 0.05)))
    if scene.happens(0.15):
        yield in_office(case, between(draw, 30, 400))
        received = yield from supplemented(case)
        if not received:
            yield act(case, DeemLegalAidWithdrawn(), by)
            return "withdrawn"
    yield in_office(case, 120 + spread(draw, 600))
    if scene.happens(0.1):
        yield act(case, RefuseLegalAid(reason=pick(draw, words.AID_REFUSAL_REASONS)), by)
        return "aid_refused"
    yield act(case, GrantLegalAid(), by)
    scene.granted[case.request.id] = case.request
    if not happens(draw, 0.3):
        yield in_office(case, between(draw, 60, 900))
        yield act(case, AssignLegalAidLawyer(lawyer=f"law-{draw.getrandbits(10):04d}"), by)
    return "aid_granted"


def aid_officer(agency: str) -> Actor:
    return Actor(account=f"u-{agency}", role="legal_aid_officer", unit=agency)


HANDLING: Final[dict[Service, Callable[[SimulatedCase], Handling]]] = {
    "legal_aid": aided,
    "mediation": mediated,
    "referral": referred,
    "notary": referred,
    "forensic": referred,
    "arbitration": referred,
    "reconsideration": referred,
}


def closed(case: SimulatedCase, kind: CloseKind) -> Life:
    yield from recalculated(case)
    yield later(case, 1 + spread(case.scene.draw, 4))
    summary = "办结" if happens(case.scene.draw, 0.1) else None
    yield act(case, CloseRequest(kind=kind, summary=summary))


def reopened(case: SimulatedCase) -> Life:
    draw = case.scene.draw
    yield in_office(case, 30 + spread(draw, 900))
    yield act(case, ReopenRequest(reason=pick(draw, words.REOPEN_REASONS)))
    case.scene.watched[case.request.id] = case.request
    yield in_office(case, 10 + spread(draw, 200))
    yield from consulted(case)
    yield from closed(case, "answered")
