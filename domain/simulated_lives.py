"""The life of one request, from the first contact to its last rating, as a generator: it yields a
step that it took, or the moment at which it wants to be woken again."""

from collections.abc import Callable, Generator, Iterator
from datetime import datetime, timedelta
from typing import Any, Final, cast

from domain import rating, request, simulated_words as words
from domain.aggregates import Aggregate
from domain.calendar import CalendarHasNoYear
from domain.chance import between, pick, some_of, spread
from domain.point import Point, Service
from domain.proceedings import (
    AcceptReferral,
    AgreeMediation,
    ApplyForLegalAid,
    AssignLegalAidLawyer,
    CompleteReferral,
    DecideJudicialConfirmation,
    DeemLegalAidWithdrawn,
    EndMediation,
    GrantLegalAid,
    HoldMediationSession,
    OpenMediation,
    Refer,
    ReferralTarget,
    RefuseLegalAid,
    RefuseReferral,
    ReportMediationPerformed,
    ReturnReferral,
    SeekJudicialConfirmation,
)
from domain.rating import (
    BAD_GRADES,
    CallBackRating,
    DecideRatingDispute,
    DefaultRating,
    DisputeRating,
    FollowUpRating,
    GiveRating,
    Grade,
)
from domain.request import (
    AddNote,
    AssignAdviser,
    Channel,
    CloseKind,
    CloseRequest,
    ExternalId,
    GiveConsultation,
    HandOver,
    InformOnce,
    KeepAppointment,
    LinkDuplicate,
    LogRequest,
    MakeAppointment,
    MissAppointment,
    RecalculateDeadlines,
    ReceiveSupplement,
    Reclassify,
    ReopenRequest,
    RequestSupplement,
    UnlinkDuplicate,
    Visitor,
    VoidRequest,
)
from domain.simulated_world import Scene, Step, Stream
from domain.vocabulary import Actor, Command, sibling_id

REQUEST: Final = cast("Aggregate", request)
RATING: Final = cast("Aggregate", rating)
A_DAY: Final = 24 * 60.0
OPEN_AT: Final = timedelta(hours=9)

Life = Iterator[Step | datetime]
Handling = Generator[Step | datetime, None, CloseKind | None]
"""Ends with the kind of closing that is due; None: the request stays open."""


class Case:
    """One request while it is played: where it was asked, by whom it is handled, what time it is."""

    __slots__ = ("adviser", "at", "channel", "desk", "point", "rating", "request", "scene", "service")

    def __init__(self, scene: Scene, at: datetime, point: Point, adviser: str | None) -> None:
        self.scene = scene
        self.at = at
        self.point = point.code
        self.adviser = adviser
        """Adviser of the room; elsewhere None."""
        self.channel: Channel = words.CHANNELS[point.kind].draw(scene.draw)
        self.service: Service = words.SERVICES[point.kind].draw(scene.draw)
        self.request = Stream(scene.new_id(at), REQUEST)
        self.rating = Stream(sibling_id(self.request.id, rating.KIND), RATING)
        self.desk = staff(self, 1 + int(scene.draw.random() * 3))

    @property
    def state(self) -> request.Request:
        return cast("request.Request", self.request.state)

    @property
    def known(self) -> Point:
        return self.scene.registers.points[self.point]


def staff(case: Case, number: int) -> Actor:
    if case.adviser is not None:
        return _adviser_actor(case, case.adviser)
    return Actor(account=f"u-{case.point}-{number}", role="duty_officer", unit=case.point)


def _adviser_actor(case: Case, code: str) -> Actor:
    return Actor(account=f"u-{code}", role="adviser", unit=case.point, adviser=code)


def substitute(case: Case, number: int) -> str | None:
    """The next adviser in the register who has not left; None when all have."""
    advisers = case.scene.registers.advisers
    codes = list(advisers)
    for offset in range(len(codes)):
        code = codes[(number + offset) % len(codes)]
        if advisers[code].active:
            return code
    return None


# --- time


def later(case: Case, minutes: float) -> datetime:
    case.at += timedelta(seconds=int(minutes * 60))
    return case.at


def in_office(case: Case, minutes: float) -> datetime:
    """That many minutes of the point's own service time later."""
    calendar = case.known.calendar
    if calendar is None:
        return later(case, minutes)
    hours = case.scene.registers.calendars[calendar]
    try:
        case.at = hours.instant_at(hours.minutes_at(case.at) + max(1, int(minutes)))
    except CalendarHasNoYear:
        return later(case, minutes)
    return case.at


# --- acting


def act(case: Case, command: Command, by: Actor | None = None) -> Step:
    return case.scene.act(case.request, command, by or case.desk, case.at)


def rate(case: Case, command: Command, by: Actor) -> Step:
    return case.scene.act(case.rating, command, by, case.at)


def life(scene: Scene, at: datetime, point: Point, adviser: str | None) -> Life:
    """One request. Nothing happens when the point cannot take it at that moment."""
    case = Case(scene, at, point, adviser)
    yield at
    if not case.known.open or not case.known.offers(case.service):
        return
    if case.adviser is not None and not scene.registers.advisers[case.adviser].active:
        case.adviser = substitute(case, 0)
        case.desk = staff(case, 1)
    yield logged(case)
    if scene.happens(0.004):
        yield later(case, between(scene.draw, 2, 90))
        yield act(case, VoidRequest(reason=pick(scene.draw, words.VOID_REASONS)))
        return
    yield from incidents(case)
    kind = yield from HANDLING.get(case.service, served)(case)
    if kind is not None:
        yield from closed(case, kind)
    yield from rated(case)
    if case.state.closed:
        yield from afterwards(case)
    scene.recent.append(case.request.id)


def logged(case: Case) -> Step:
    scene, draw = case.scene, case.scene.draw
    number = int(draw.random() * 600_000)
    named = draw.random() >= 0.35
    late = case.channel in ("visit", "wechat") and scene.happens(0.05)
    hotline = case.channel in ("hotline_12345", "hotline_12348")
    online = case.channel == "web"
    command = LogRequest(
        point=case.point,
        channel=case.channel,
        service=case.service,
        subject=words.subject(draw, case.service),
        detail=words.SIMULATED if draw.random() >= 0.7 else None,
        visitor=Visitor(name=words.person_name(number), phone=words.phone_number(number))
        if named
        else None,
        person=f"P{number:06d}" if named else None,
        client_category=words.CATEGORIES.draw(draw),
        window=f"W{1 + number % 7}" if case.channel == "counter" else None,
        work_order=f"{case.channel[-5:]}-{draw.getrandbits(32):010d}" if hotline else None,
        external=ExternalId("gd-legal-net", f"{case.request.id.hex}") if online else None,
        place="村（社区）现场" if case.channel == "visit" else None,
        adviser=case.adviser,
        late_reason=pick(draw, words.LATE_REASONS) if late else None,
    )
    entered = case.at + timedelta(days=between(draw, 1.1, 9)) if late else None
    return scene.act(case.request, command, case.desk, case.at, entered=entered)


def incidents(case: Case) -> Life:
    """What may happen to any request before it is handled."""
    scene, draw = case.scene, case.scene.draw
    if scene.happens(0.02):
        yield later(case, between(draw, 1, 4))
        yield act(case, AddNote(text=pick(draw, words.NOTES)))
    if scene.happens(0.01):
        yield later(case, between(draw, 1, 4))
        other = staff(case, 4)
        if other.account != case.state.responsible:
            reason = pick(draw, words.HANDOVER_REASONS)
            yield act(case, HandOver(to=other.account, reason=reason))
            case.desk = other
    if scene.happens(0.006):
        yield from linked(case)
    if scene.happens(0.008):
        new = words.SERVICES[case.known.kind].draw(draw)
        if new != case.service and case.known.offers(new):
            reason = pick(draw, words.RECLASSIFY_REASONS)
            yield act(case, Reclassify(service=new, reason=reason))
            case.service = new


def linked(case: Case) -> Life:
    draw, recent = case.scene.draw, case.scene.recent
    original = pick(draw, recent) if recent else case.scene.new_id(case.at)
    reason = pick(draw, words.DUPLICATE_REASONS)
    yield later(case, between(draw, 1, 4))
    yield act(case, LinkDuplicate(original=original, reason=reason))
    if draw.random() >= 0.8:
        yield later(case, between(draw, 5, 30))
        yield act(case, UnlinkDuplicate(original=original, reason="核实后不是同一事项"))


# --- handling


def waited(case: Case) -> Life:
    """Until somebody turns to the request: at once at a counter, by working time otherwise."""
    draw = case.scene.draw
    if case.channel in words.AT_ONCE:
        yield later(case, 1 + spread(draw, 6))
    else:
        yield in_office(case, 5 + spread(draw, 110))
    yield from recalculated(case)


def recalculated(case: Case) -> Life:
    """The point changed its calendar while promises run: they are computed again, with a reason."""
    calendar = case.known.calendar
    if calendar is not None and case.state.promises and case.state.paused_at is None:
        newest = case.scene.registers.calendars[calendar].ref
        if any(promise.calendar != newest for promise in case.state.promises):
            yield act(case, RecalculateDeadlines(reason="服务点工作日历变更"))


def consulted(case: Case) -> Life:
    draw = case.scene.draw
    yield from with_adviser(case)
    low, high = words.MINUTES.get(case.service, words.MINUTES_OTHERWISE)
    minutes = int(between(draw, low, high))
    yield later(case, minutes)
    answer = pick(draw, words.ANSWERS) if draw.random() >= 0.6 else None
    mode = words.MODES[case.channel]
    yield act(case, GiveConsultation(mode=mode, minutes=minutes, answer=answer))


def with_adviser(case: Case) -> Life:
    """A lawyer on duty takes over now and then, and always when the one assigned has left."""
    scene, assigned = case.scene, case.state.adviser
    gone = assigned is not None and not scene.registers.advisers[assigned].active
    if gone or (assigned is None and scene.happens(0.08)):
        code = substitute(case, int(scene.draw.random() * len(scene.registers.advisers)))
        if code is not None:
            yield act(case, AssignAdviser(adviser=code))
            case.desk = _adviser_actor(case, code)
    elif case.desk.adviser is not None and assigned is not None:
        case.desk = _adviser_actor(case, assigned)


def informed(case: Case, basis: str) -> Step:
    draw = case.scene.draw
    items = some_of(draw, words.PAPERS, 1 + int(draw.random() * 3))
    return act(case, InformOnce(items=items, basis=basis, in_writing=draw.random() >= 0.6))


def served(case: Case) -> Handling:
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
        yield from supplemented(case)
    yield from consulted(case)
    if scene.happens(0.015):
        yield in_office(case, between(draw, 300, 1200))
        yield from consulted(case)
    return None if scene.happens(0.012) else "answered"


def appointed(case: Case) -> Generator[Step | datetime, None, bool]:
    draw = case.scene.draw
    at = case.at + timedelta(days=1 + int(draw.random() * 4))
    purpose = pick(draw, PURPOSES)
    yield act(case, MakeAppointment(purpose=purpose, at=at))
    case.at = at
    yield at
    if draw.random() < 0.8:
        yield act(case, KeepAppointment())
        return True
    yield act(case, MissAppointment(reason=pick(draw, words.MISSED_REASONS)))
    return False


PURPOSES: Final = ("answer", "visit", "callback")


def supplemented(case: Case) -> Generator[Step | datetime, None, bool]:
    draw = case.scene.draw
    items = some_of(draw, words.PAPERS, 1 + int(draw.random() * 2))
    yield act(case, RequestSupplement(items=items))
    if draw.random() >= 0.85:
        yield in_office(case, 10 * 390)
        return False
    yield in_office(case, 60 + spread(draw, 900))
    yield act(case, ReceiveSupplement())
    return True


def referred(case: Case) -> Handling:
    """Consulted first, then passed on to the body that is competent."""
    scene, draw = case.scene, case.scene.draw
    yield from waited(case)
    yield from consulted(case)
    if scene.happens(0.3):
        yield informed(case, words.ONCE_BASIS)
    for _ in range(2):
        target = words.TARGETS.get(case.service) or words.TARGETS_OTHERWISE.draw(draw)
        unit = receiving_unit(case, target)
        officer = Actor(account=f"u-{unit}", role="referral_officer", unit=unit)
        reason = pick(draw, words.REFER_REASONS)
        yield later(case, between(draw, 1, 10))
        yield act(case, Refer(target=target, to=unit, reason=reason, consented=True))
        yield in_office(case, 30 + spread(draw, 300))
        if not scene.happens(0.1):
            yield act(case, AcceptReferral(), officer)
            return (yield from completed(case, officer))
        yield act(case, RefuseReferral(reason=pick(draw, words.REFUSE_REASONS)), officer)
        if draw.random() >= 0.5:
            break
    yield from consulted(case)
    return "answered"


def receiving_unit(case: Case, target: ReferralTarget) -> str:
    if target == "other_point":
        return pick(case.scene.draw, list(case.scene.registers.points))
    return f"{target}-{1 + int(case.scene.draw.random() * 12):02d}"


def completed(case: Case, officer: Actor) -> Handling:
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


def mediated(case: Case) -> Handling:
    scene, draw = case.scene, case.scene.draw
    yield from waited(case)
    yield from consulted(case)
    yield in_office(case, 10 + spread(draw, 400))
    mediator = f"m-{case.point}"
    by = Actor(account=mediator, role="mediator", unit=case.point)
    yield act(case, OpenMediation(mediator=mediator, public=draw.random() >= 0.8), by)
    for _ in range(1 + int(draw.random() * 2.4)):
        minutes = int(between(draw, 30, 150))
        yield in_office(case, minutes + spread(draw, 700))
        adviser = case.state.adviser
        if adviser is not None and not scene.registers.advisers[adviser].active:
            adviser = None
        held = HoldMediationSession(
            mediator=mediator, adviser=adviser, minutes=minutes, onsite=draw.random() < 0.9
        )
        yield act(case, held, by)
    if scene.happens(0.12):
        reason = pick(draw, words.END_REASONS)
        yield act(case, EndMediation(reason=reason, routes_told=True), by)
    elif scene.happens(0.03):
        return None
    else:
        yield act(case, AgreeMediation(form="oral" if draw.random() >= 0.6 else "written"), by)
    return "mediated"


def aided(case: Case) -> Handling:
    """A legal-aid application taken at the point and decided by the agency."""
    scene, draw = case.scene, case.scene.draw
    yield from waited(case)
    yield from consulted(case)
    yield informed(case, words.AID_BASIS)
    agency = f"legal_aid-{1 + int(draw.random() * 12):02d}"
    by = Actor(account=f"u-{agency}", role="legal_aid_officer", unit=agency)
    yield later(case, between(draw, 2, 20))
    yield act(case, ApplyForLegalAid(agency=agency, urgent=draw.random() >= 0.95))
    if draw.random() >= 0.85:
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
    if draw.random() < 0.7:
        yield in_office(case, between(draw, 60, 900))
        yield act(case, AssignLegalAidLawyer(lawyer=f"law-{draw.getrandbits(10):04d}"), by)
    return "aid_granted"


HANDLING: Final[dict[Service, Callable[[Case], Handling]]] = {
    "legal_aid": aided,
    "mediation": mediated,
    "referral": referred,
    "notary": referred,
    "forensic": referred,
    "arbitration": referred,
    "reconsideration": referred,
}


def closed(case: Case, kind: CloseKind) -> Life:
    yield from recalculated(case)
    yield later(case, 1 + spread(case.scene.draw, 4))
    summary = "办结" if case.scene.draw.random() >= 0.9 else None
    yield act(case, CloseRequest(kind=kind, summary=summary))


def reopened(case: Case) -> Life:
    draw = case.scene.draw
    yield in_office(case, 30 + spread(draw, 900))
    yield act(case, ReopenRequest(reason=pick(draw, words.REOPEN_REASONS)))
    yield in_office(case, 10 + spread(draw, 200))
    yield from consulted(case)
    yield from closed(case, "answered")


# --- rating


def rated(case: Case) -> Life:
    """Invited when served; said at the desk, later, in a callback, or not at all."""
    scene, draw = case.scene, case.scene.draw
    reopens = case.state.closed and scene.happens(0.012)
    if case.state.served and draw.random() < 0.96:
        token = case.request.id.hex + f"{draw.getrandbits(32):08x}"
        asked = rating.invitation(case.request.id, case.state, rating.token_digest(token))
        yield rate(case, asked, case.desk)
        voice = draw.random()
        if voice < 0.36:
            yield later(case, between(draw, 0.2, 3))
            yield from said(case, token, at_desk=True)
        elif voice < 0.48:
            yield later(case, min(30 + spread(draw, A_DAY), 6 * A_DAY))
            yield from said(case, token, at_desk=False)
        else:
            if reopens:
                yield from reopened(case)
                reopens = False
            yield from silent(case)
    if reopens:
        yield from reopened(case)


def said(case: Case, token: str, *, at_desk: bool) -> Life:
    scene, draw = case.scene, case.scene.draw
    grade = words.GRADES.draw(draw)
    if scene.happens(0.002):
        grade = pick(draw, BAD_GRADES)
    bad = grade in BAD_GRADES
    comment = pick(draw, words.BAD_COMMENTS if bad else words.COMMENTS)
    device = f"D-{case.point}" if at_desk and case.channel == "counter" else None
    role = "device" if device else "citizen"
    who = Actor(account=device or f"c-{case.request.id.hex}", role=role, unit=case.point)
    spoken = comment if bad or draw.random() >= 0.9 else None
    yield rate(case, GiveRating(token=token, grade=grade, device=device, comment=spoken), who)
    if bad:
        yield in_office(case, 30 + spread(draw, 300))
        yield rate(case, called(case, grade), supervisor(case))
        if draw.random() >= 0.8:
            yield from disputed(case)
    if scene.happens(0.25 if bad else 0.004):
        yield later(case, between(draw, 60, 10 * A_DAY))
        better: Grade = 4 if bad else 5
        yield rate(case, FollowUpRating(token=token, grade=better, comment=comment), who)


def called(case: Case, grade: Grade) -> CallBackRating:
    """Asked again on the phone, people are a little milder."""
    milder: Grade = 3 if grade in BAD_GRADES and case.scene.draw.random() >= 0.5 else grade
    return CallBackRating(grade=milder)


def supervisor(case: Case) -> Actor:
    return Actor(account=f"v-{case.point}", role="supervisor", unit=case.point)


def disputed(case: Case) -> Life:
    draw = case.scene.draw
    yield in_office(case, between(draw, 60, 900))
    yield rate(case, DisputeRating(ground=pick(draw, words.DISPUTE_GROUNDS)), case.desk)
    yield in_office(case, between(draw, 200, 2000))
    decision = DecideRatingDispute(excluded=draw.random() >= 0.5, reason="经复核作出处理")
    yield rate(case, decision, supervisor(case))


def silent(case: Case) -> Life:
    """Called back now and then; otherwise the policy's default grade when its days are over."""
    scene, draw = case.scene, case.scene.draw
    expires: datetime = cast("Any", case.rating.state).invited.expires_at
    if scene.happens(0.02):
        yield in_office(case, between(draw, 60, 1200))
        yield rate(case, called(case, 5 if draw.random() < 0.9 else 3), supervisor(case))
        return
    case.at = max(case.at, expires + timedelta(minutes=1 + int(draw.random() * 10)))
    yield case.at
    system = Actor(account="policy-rating", role="policy", unit=case.point)
    yield rate(case, DefaultRating(), system)


# --- after closing


def afterwards(case: Case) -> Life:
    """An agreement is performed, some are confirmed by the court."""
    scene, draw = case.scene, case.scene.draw
    by = Actor(account=f"m-{case.point}", role="mediator", unit=case.point)
    if case.state.proceedings.mediation == "agreed":
        if scene.happens(0.12):
            yield in_office(case, between(draw, 400, 3000))
            yield act(case, SeekJudicialConfirmation(court="模拟人民法院"), by)
            yield in_office(case, between(draw, 1500, 5000))
            yield act(case, DecideJudicialConfirmation(confirmed=draw.random() < 0.9), by)
        if draw.random() < 0.75:
            yield in_office(case, between(draw, 400, 6000))
            yield act(case, ReportMediationPerformed(fully=draw.random() < 0.9), by)
    elif case.state.proceedings.legal_aid == "granted":
        yield in_office(case, between(draw, 60, 900))
        lawyer = AssignLegalAidLawyer(lawyer=f"law-{draw.getrandbits(10):04d}")
        yield act(case, lawyer, case.desk)
