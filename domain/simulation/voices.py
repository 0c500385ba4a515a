"""Opinions of people on a service: at the window, by the code on their receipt, when called, or
none."""

from collections.abc import Generator
from datetime import datetime, timedelta
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
    IssueRatingCode,
    LookAtRating,
    Rating,
    RatingInvited,
    Source,
    WithdrawRating,
)
from domain.roles import Citizen
from domain.simulation import words
from domain.simulation.case import A_DAY, Life, SimulatedCase, in_office, later, rate, supervisor
from domain.simulation.chance import between, happens, pick, spread
from domain.simulation.complaining import complained
from domain.simulation.handling import reopened
from domain.simulation.rectifying import rectified
from domain.simulation.world import SimulatedStep
from domain.vocabulary import Actor


def voiced(case: SimulatedCase) -> Life:
    """Invited when closed; said at the desk, later, or not at all. Now and then the answer did not
    help, and the request is opened again."""
    scene, draw = case.scene, case.scene.draw
    reopens = case.state.closed and scene.happens(0.012)
    if case.state.closed:
        yield from asked(case)
    if cast("Rating | None", case.rating.state) and rated(case).invited is not None:
        token = case.request.id.hex + f"{draw.getrandbits(32):08x}"
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
        if case.state.closed and case.state.served and rated(case).invited is None:
            yield from asked(case)


def asked(case: SimulatedCase) -> Life:
    """A policy acts when the closing comes on record, not when it happened."""
    if case.entered > case.at:
        case.at = case.entered
        yield case.at
    system = Actor(account="policy-rating", role="policy", unit=case.point)
    yield rate(case, rating.invitation(case.request.id, case.state), system)


def said(case: SimulatedCase, token: str, *, at_desk: bool) -> Life:
    """Said at the window or by the code on the receipt; a few within seconds, a few taken back."""
    scene, draw = case.scene, case.scene.draw
    grade = words.GRADES.draw(draw)
    if scene.happens(0.005):
        grade = pick(draw, BAD_GRADES)
    bad = grade in BAD_GRADES
    comment = pick(draw, words.BAD_COMMENTS if bad else words.COMMENTS)
    who = yield from coded(case, token, at_desk=at_desk)
    hasty = scene.happens(0.003)
    yield later(case, 0.02 if hasty else between(draw, 0.1, 0.5))
    if not _may_vote(case, who):
        yield from silent(case)
        return
    spoken = comment if bad or happens(draw, 0.1) else None
    yield rate(case, GiveRating(token=token, grade=grade, comment=spoken), who)
    if hasty:
        yield from looked_at(case)
    elif not bad and scene.happens(0.004):
        yield later(case, between(draw, 5, 600))
        if _may_vote(case, who):
            yield rate(case, WithdrawRating(token=token), who)
            return
    if bad:
        put_right(case)
        yield in_office(case, 30 + spread(draw, 300))
        yield rate(case, called(case, grade), supervisor(case))
        if scene.happens(0.2):
            yield from disputed(case)
    if scene.happens(0.25 if bad else 0.004):
        yield from followed_up(
            case, FollowUpRating(token=token, grade=4 if bad else 5, comment=comment), who
        )


def followed_up(case: SimulatedCase, better: FollowUpRating, who: Actor) -> Life:
    yield later(case, between(case.scene.draw, 60, 10 * A_DAY))
    until = invited(case).valid_until
    if (until is None or case.at < until) and _may_vote(case, who):
        yield rate(case, better, who)


def coded(
    case: SimulatedCase, token: str, *, at_desk: bool
) -> Generator[SimulatedStep | datetime, None, Actor]:
    """Show the code on the device of the window, or print it where receipts are; return who votes
    by it."""
    device = _device(case) if at_desk else None
    role: Citizen = "device" if device else "citizen"
    who = Actor(account=device or f"c-{case.request.id.hex}", role=role, unit=case.point)
    receipts = Actor(account=f"r-{case.point}", role="duty_officer", unit=case.point)
    digest = rating.token_digest(token)
    yield rate(case, IssueRatingCode(token_sha256=digest), who if device else receipts)
    return who


def looked_at(case: SimulatedCase) -> Life:
    draw = case.scene.draw
    yield in_office(case, between(draw, 60, 900))
    counted = happens(draw, 0.5)
    reason = "经电话核实，系本人评价" if counted else "经核实，并非本人评价"
    yield rate(case, LookAtRating(counted=counted, reason=reason), supervisor(case))


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
    scene.spawned.append(rectified(scene, at, order, case.rating, request, system))
    if happens(scene.draw, 0.3):
        told = noted_by_rating(request, case.rating.id, rated(case), case.state).grievance
        scene.spawned.append(complained(scene, at, case.known, case.adviser, told))


def _device(case: SimulatedCase) -> str | None:
    """Return the device at the window that the person came to."""
    window = invited(case).window
    devices = case.known.devices
    return next((name for name, placed in devices.items() if placed == window), None)


def _may_vote(case: SimulatedCase, who: Actor) -> bool:
    """Tell whether the device is still where it was; a person may always."""
    return who.role != "device" or case.known.devices.get(who.account) == invited(case).window


def rated(case: SimulatedCase) -> Rating:
    return cast("Rating", case.rating.state)


def invited(case: SimulatedCase) -> RatingInvited:
    found = rated(case).invited
    assert found is not None
    return found


def called(case: SimulatedCase, grade: Grade) -> CallBackRating:
    """Asked again on the phone, people are a little milder."""
    milder: Grade = 3 if grade in BAD_GRADES and happens(case.scene.draw, 0.5) else grade
    return CallBackRating(grade=milder)


def disputed(case: SimulatedCase, of: Source = "given") -> Life:
    draw = case.scene.draw
    yield in_office(case, between(draw, 60, 900))
    yield rate(case, DisputeRating(ground=pick(draw, words.DISPUTE_GROUNDS), of=of), case.desk)
    yield in_office(case, between(draw, 200, 2000))
    decision = DecideRatingDispute(excluded=happens(draw, 0.5), reason="经复核作出处理")
    yield rate(case, decision, supervisor(case))


def silent(case: SimulatedCase) -> Life:
    """The policy's default grade when its days are over; some who served dispute it."""
    scene, draw = case.scene, case.scene.draw
    case.at = max(
        case.at, invited(case).expires_at + timedelta(minutes=1 + int(draw.random() * 10))
    )
    yield case.at
    system = Actor(account="policy-rating", role="policy", unit=case.point)
    yield rate(case, DefaultRating(), system)
    if scene.happens(0.002):
        yield from disputed(case, "default")
