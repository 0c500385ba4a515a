"""Opinions of people on a service: at the desk, later, when called, or none."""

from datetime import timedelta
from typing import cast

from domain.complaints.complaint_commands import noted_by_rating
from domain.followup import BAD_RATING_ITEMS
from domain.oversight.rectification import Addressee, OrderRectification
from domain.requests import rating
from domain.requests.rating import (
    BAD_GRADES,
    CallBackRating,
    DecideRatingDispute,
    DefaultRating,
    DisputeRating,
    FollowUpRating,
    GiveRating,
    Grade,
    Rating,
    RatingInvited,
)
from domain.roles import Citizen
from domain.simulation import words
from domain.simulation.case import A_DAY, Life, SimulatedCase, in_office, later, rate, supervisor
from domain.simulation.chance import between, happens, pick, spread
from domain.simulation.complaining import complained
from domain.simulation.handling import reopened
from domain.simulation.rectifying import rectified
from domain.vocabulary import Actor


def voiced(case: SimulatedCase) -> Life:
    """Invited when served; said at the desk, later, in a callback, or not at all. Now and then the
    answer did not help, and the request is opened again."""
    scene, draw = case.scene, case.scene.draw
    reopens = case.state.closed and scene.happens(0.012)
    if case.state.served and not happens(draw, 0.04):
        token = case.request.id.hex + f"{draw.getrandbits(32):08x}"
        asked = rating.invitation(case.request.id, case.state, rating.token_digest(token))
        yield rate(case, asked, case.desk)
        voice = words.VOICES.draw(draw)
        if voice == "at_desk":
            yield later(case, between(draw, 0.2, 3))
            yield from said(case, token, at_desk=True)
        elif voice == "later":
            yield later(case, min(30 + spread(draw, A_DAY), 6 * A_DAY))
            yield from said(case, token, at_desk=False)
        else:
            if reopens:
                yield from reopened(case)
                reopens = False
            yield from silent(case)
    if reopens:
        yield from reopened(case)


def said(case: SimulatedCase, token: str, *, at_desk: bool) -> Life:
    scene, draw = case.scene, case.scene.draw
    grade = words.GRADES.draw(draw)
    if scene.happens(0.005):
        grade = pick(draw, BAD_GRADES)
    bad = grade in BAD_GRADES
    comment = pick(draw, words.BAD_COMMENTS if bad else words.COMMENTS)
    device = f"D-{case.point}" if at_desk and case.channel == "counter" else None
    role: Citizen = "device" if device else "citizen"
    who = Actor(account=device or f"c-{case.request.id.hex}", role=role, unit=case.point)
    spoken = comment if bad or happens(draw, 0.1) else None
    yield rate(case, GiveRating(token=token, grade=grade, device=device, comment=spoken), who)
    if bad:
        put_right(case)
        yield in_office(case, 30 + spread(draw, 300))
        yield rate(case, called(case, grade), supervisor(case))
        if scene.happens(0.2):
            yield from disputed(case)
    if scene.happens(0.25 if bad else 0.004):
        yield later(case, between(draw, 60, 10 * A_DAY))
        better: Grade = 4 if bad else 5
        until = invited(case).valid_until
        if until is None or case.at < until:
            yield rate(case, FollowUpRating(token=token, grade=better, comment=comment), who)


def put_right(case: SimulatedCase) -> None:
    """Play the rectification that the policy orders; some become a dissatisfaction on record."""
    order = OrderRectification(
        source="rating",
        source_stream=case.rating.id,
        addressee=Addressee("point", case.point),
        items=BAD_RATING_ITEMS,
    )
    system = Actor(account="policy-rectification", role="policy", unit=case.point)
    scene, request, at = case.scene, case.request.id, max(case.at, case.entered)
    scene.spawned.append(rectified(scene, at, order, request, system))
    if happens(scene.draw, 0.3):
        rated = cast("Rating", case.rating.state)
        told = noted_by_rating(request, case.rating.id, rated, case.state).grievance
        scene.spawned.append(complained(scene, at, case.known, case.adviser, told))


def invited(case: SimulatedCase) -> RatingInvited:
    return cast("Rating", case.rating.state).invited


def called(case: SimulatedCase, grade: Grade) -> CallBackRating:
    """Asked again on the phone, people are a little milder."""
    milder: Grade = 3 if grade in BAD_GRADES and happens(case.scene.draw, 0.5) else grade
    return CallBackRating(grade=milder)


def disputed(case: SimulatedCase) -> Life:
    draw = case.scene.draw
    yield in_office(case, between(draw, 60, 900))
    yield rate(case, DisputeRating(ground=pick(draw, words.DISPUTE_GROUNDS)), case.desk)
    yield in_office(case, between(draw, 200, 2000))
    decision = DecideRatingDispute(excluded=happens(draw, 0.5), reason="经复核作出处理")
    yield rate(case, decision, supervisor(case))


def silent(case: SimulatedCase) -> Life:
    """Called back now and then; otherwise the policy's default grade when its days are over."""
    scene, draw = case.scene, case.scene.draw
    if scene.happens(0.02):
        yield in_office(case, between(draw, 60, 1200))
        yield rate(case, called(case, 5 if not happens(draw, 0.1) else 3), supervisor(case))
        return
    case.at = max(
        case.at, invited(case).expires_at + timedelta(minutes=1 + int(draw.random() * 10))
    )
    yield case.at
    system = Actor(account="policy-rating", role="policy", unit=case.point)
    yield rate(case, DefaultRating(), system)
