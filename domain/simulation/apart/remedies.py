"""Requests whose remedies are rare: a refusal of legal aid that is objected to, a mediation and a
referral that are given more time."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Final

from domain.requests.proceedings_commands import (
    AcceptReferral,
    AgreeMediation,
    ApplyForLegalAid,
    AssignLegalAidLawyer,
    CompleteReferral,
    GrantLegalAid,
    HoldMediationSession,
    ObjectToLegalAidRefusal,
    OpenMediation,
    Refer,
    RefuseLegalAid,
    ReviewLegalAidRefusal,
)
from domain.requests.request_commands import (
    CloseRequest,
    ExtendRequestDeadline,
    GiveConsultation,
    ReopenRequest,
)
from domain.simulation import words
from domain.simulation.case import Life, SimulatedCase, act, in_office, later, supervisor
from domain.simulation.errand import bureau
from domain.simulation.handling import aid_officer
from domain.simulation.lives import logged
from domain.simulation.schedule import SimulatedClock
from domain.simulation.world import Scene
from domain.vocabulary import Actor, Service

ON_DAY: Final = 24
"""Of the month, one such request in the whole city."""


def remedies(scene: Scene, clock: SimulatedClock, *, first_day: date, days: int) -> Life:
    """One kind after the other, month by month, at the stations in turn."""
    stations = [one for one in scene.registers.points.values() if one.kind == "station"]
    for offset in range(days):
        day = first_day + timedelta(days=offset)
        if day.day != ON_DAY:
            continue
        opens = clock.midnight(clock.working_day(day)) + timedelta(hours=10)
        yield opens
        point = scene.registers.points[stations[day.toordinal() % len(stations)].code]
        service, told = REMEDIES[day.month % len(REMEDIES)]
        if point.open and point.offers(service):
            case = SimulatedCase(scene, opens, point, None)
            case.channel, case.service = "counter", service
            scene.spawned.append(_lived(case, told))


def _lived(case: SimulatedCase, told: Callable[[SimulatedCase], Life]) -> Life:
    yield case.at
    yield logged(case)
    case.scene.watched[case.request.id] = case.request
    yield later(case, 20)
    yield act(case, GiveConsultation(mode="onsite", minutes=20))
    yield from told(case)


def objected(case: SimulatedCase) -> Life:
    """Refused, objected to, not upheld: then granted, and somebody is assigned in time."""
    district = case.state.logged.division[:6]
    agency = f"legal_aid-{district}"
    officer, desk = aid_officer(agency), case.desk
    yield later(case, 10)
    yield act(case, ApplyForLegalAid(agency=agency), desk)
    yield in_office(case, 400)
    yield act(case, RefuseLegalAid(reason=words.AID_REFUSAL_REASONS[0]), officer)
    yield act(case, CloseRequest(kind="aid_refused"), desk)
    yield in_office(case, 200)
    objection = ObjectToLegalAidRefusal(to=district, reason="申请人提交了新的收入证明")
    yield act(case, objection, desk)
    case.scene.granted[case.request.id] = case.request
    yield in_office(case, 500)
    review = ReviewLegalAidRefusal(upheld=False, reason="符合经济困难标准，责令改正")
    yield act(case, review, bureau(district))
    yield act(case, ReopenRequest(reason="复查责令改正"), desk)
    yield in_office(case, 100)
    yield act(case, GrantLegalAid(), officer)
    case.scene.granted[case.request.id] = case.request
    yield in_office(case, 300)
    yield act(case, AssignLegalAidLawyer(lawyer=f"law-{district}"), officer)
    yield act(case, CloseRequest(kind="aid_granted"), desk)


def longer_mediation(case: SimulatedCase) -> Life:
    """The parties agree to more time than the rules give at first."""
    mediator = Actor(account=f"m-{case.point}", role="mediator", unit=case.point)
    yield in_office(case, 200)
    yield act(case, OpenMediation(mediator=mediator.account), mediator)
    session = HoldMediationSession(mediator=mediator.account, minutes=90)
    yield in_office(case, 2000)
    yield act(case, session, mediator)
    more = ExtendRequestDeadline(amount=1, reason="双方同意继续协商", agreed=True)
    yield act(case, more, mediator)
    yield in_office(case, 4000)
    yield act(case, session, mediator)
    yield act(case, AgreeMediation(form="written", terms=words.TERMS[0]), mediator)
    yield act(case, CloseRequest(kind="mediated"), mediator)


def longer_referral(case: SimulatedCase) -> Life:
    """The supervisor gives more time for a matter that another body has to look into."""
    unit = "notary-01"
    officer = Actor(account=f"u-{unit}", role="referral_officer", unit=unit)
    yield later(case, 5)
    refer = Refer(target="notary", to=unit, reason=words.REFER_REASONS[0], consented=True)
    yield act(case, refer)
    yield in_office(case, 300)
    yield act(case, AcceptReferral(), officer)
    more = ExtendRequestDeadline(amount=5, reason="须向外地核实材料")
    yield act(case, more, supervisor(case))
    yield in_office(case, 2500)
    yield act(case, CompleteReferral(outcome=words.OUTCOMES[0]), officer)
    yield act(case, CloseRequest(kind="referred"))


REMEDIES: Final[tuple[tuple[Service, Callable[[SimulatedCase], Life]], ...]] = (
    ("referral", longer_referral),
    ("legal_aid", objected),
    ("mediation", longer_mediation),
)
