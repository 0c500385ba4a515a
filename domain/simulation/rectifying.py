"""Rectifications: ordered for a bad rating or a finding, answered, accepted or not, escalated."""

from datetime import datetime, timedelta
from typing import Final, cast
from uuid import UUID

from domain.oversight import rectification
from domain.oversight.rectification import (
    AcceptRectification,
    AnswerRectification,
    EscalateRectification,
    MarkOverdue,
    OrderRectification,
    Rectification,
    RejectRectification,
    WithdrawRectification,
)
from domain.simulation import words
from domain.simulation.case import A_DAY, Life
from domain.simulation.chance import between, happens, pick
from domain.simulation.errand import Errand, bureau
from domain.simulation.world import Scene, SimulatedStep, Stream
from domain.vocabulary import Actor, sibling_id

OVERDUE: Final = Actor(account="policy-rectification", role="policy", unit="4401")


def order_id(of: UUID) -> UUID:
    """One request or inspection has one order."""
    return sibling_id(of, rectification.KIND)


def rectified(
    scene: Scene, at: datetime, order: OrderRectification, ground: Stream, of: UUID, by: Actor
) -> Life:
    """Play a rectification in one or two rounds. The district's bureau decides."""
    errand = Errand(scene, at, Stream(order_id(of), rectification))
    draw = scene.draw
    yield at
    yield errand.act(order, by, beside=ground)
    scene.watched[errand.id] = errand.stream
    office = bureau(_district(errand))
    if scene.happens(0.05):
        yield errand.in_office(between(draw, 60, 900))
        yield errand.act(WithdrawRectification(reason="核实后无须整改"), office)
        return
    yield from answered(errand, office)
    if _rectification(errand).status != "answered":
        return
    yield errand.in_office(between(draw, 100, 1500))
    if happens(draw, 0.15):
        rejected = RejectRectification(reason=pick(draw, words.REJECT_REASONS))
        yield errand.act(rejected, office)
        yield from answered(errand, office)
        if _rectification(errand).status != "answered":
            return
        yield errand.in_office(between(draw, 100, 1500))
        if happens(draw, 0.3):
            yield escalated(errand, office, "整改后仍未达到要求")
            return
    yield errand.act(AcceptRectification(note="整改到位"), office)


def _rectification(errand: Errand) -> Rectification:
    return cast("Rectification", errand.state)


def _district(errand: Errand) -> str:
    division = _rectification(errand).ordered.division
    return division[:6] if division else "4401"


def answered(errand: Errand, office: Actor) -> Life:
    """In time, or late, or never: then it is overdue, and may be escalated."""
    draw, due = errand.scene.draw, _rectification(errand).due
    if due is not None and happens(draw, 0.1):
        errand.at = max(errand.at, due) + timedelta(minutes=1)
        yield errand.at
        yield errand.act(MarkOverdue(), OVERDUE)
        yield errand.later(between(draw, 0.2, 4) * A_DAY)
        if happens(draw, 0.4):
            yield escalated(errand, office, "逾期未反馈整改情况")
            return
    else:
        yield errand.in_office(between(draw, 200, 3200))
    answer = AnswerRectification(
        measures=pick(draw, words.MEASURES),
        evidence=(f"{draw.getrandbits(256):064x}",) if happens(draw, 0.3) else (),
    )
    yield errand.act(answer, addressee(errand))


def escalated(errand: Errand, office: Actor, reason: str) -> SimulatedStep:
    to = _rectification(errand).ordered.addressee.kind
    proposal = EscalateRectification(to="replacement" if to == "adviser" else "exit", reason=reason)
    return errand.act(proposal, office)


def addressee(errand: Errand) -> Actor:
    whom = _rectification(errand).ordered.addressee
    if whom.kind == "adviser":
        return Actor(account=f"u-{whom.code}", role="adviser", unit=whom.code, adviser=whom.code)
    return Actor(account=f"r-{whom.code}", role="duty_officer", unit=whom.code)
