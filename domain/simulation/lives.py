"""The life of one request, from the first contact to its last rating, as a generator: it yields a
step that it took, or the moment at which it wants to be woken again."""

from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from domain.registers.point import Point
from domain.requests.proceedings_commands import (
    AssignLegalAidLawyer,
    DecideJudicialConfirmation,
    ReportMediationPerformed,
    SeekJudicialConfirmation,
)
from domain.requests.request_commands import (
    AddNote,
    HandOver,
    LinkDuplicate,
    LogRequest,
    Reclassify,
    UnlinkDuplicate,
    VoidRequest,
)
from domain.requests.roster import LeaveWindow, TakeWindow
from domain.requests.transfer import AcceptTransfer, RefuseTransfer, TransferRequest
from domain.simulation import words
from domain.simulation.case import (
    Life,
    SimulatedCase,
    act,
    in_office,
    later,
    staff,
    substitute,
    supervisor,
)
from domain.simulation.chance import between, happens, pick
from domain.simulation.handling import HANDLING, aid_officer, closed, served
from domain.simulation.voices import voiced
from domain.simulation.world import Scene, SimulatedStep, Stream
from domain.vocabulary import Actor, Command, ExternalId, Visitor


def life(scene: Scene, at: datetime, point: Point, adviser: str | None) -> Life:
    """One request. Nothing happens when the point cannot take it at that moment."""
    case = SimulatedCase(scene, at, point, adviser)
    yield at
    if not case.known.open or not case.known.offers(case.service):
        return
    if case.adviser is not None and not scene.registers.advisers[case.adviser].active:
        case.adviser = substitute(case)
        case.desk = staff(case, 1)
    yield logged(case)
    scene.watched[case.request.id] = case.request
    yield from sat_at(case)
    if scene.happens(0.004):
        yield later(case, between(scene.draw, 2, 90))
        mistaken = VoidRequest(reason=pick(scene.draw, words.VOID_REASONS))
        yield act(case, mistaken, supervisor(case))
        return
    yield from incidents(case)
    kind = yield from HANDLING.get(case.service, served)(case)
    if kind is not None:
        yield from closed(case, kind)
    yield from voiced(case)
    if case.state.closed:
        yield from afterwards(case)
    if not case.state.duplicate_of:
        scene.recent.append(case.request)


def logged(case: SimulatedCase) -> SimulatedStep:
    scene, draw = case.scene, case.scene.draw
    number = int(draw.random() * 600_000)
    named = happens(draw, 0.65)
    late = case.channel in ("visit", "wechat") and scene.happens(0.05)
    hotline = case.channel in ("hotline_12345", "hotline_12348")
    online = case.channel == "web"
    command = LogRequest(
        point=case.point,
        channel=case.channel,
        service=case.service,
        subject=words.subject(draw, case.service),
        detail=words.SIMULATED if happens(draw, 0.3) else None,
        visitor=Visitor(name=words.person_name(number), phone=words.phone_number(number))
        if named
        else None,
        person=f"P{number:06d}" if named else None,
        client_category=words.CATEGORIES.draw(draw),
        window=words.WINDOWS[number % 7] if case.channel == "counter" else None,
        work_order=f"{case.channel[-5:]}-{draw.getrandbits(32):010d}" if hotline else None,
        external=ExternalId("gd-legal-net", f"{case.request.id.hex}") if online else None,
        place="村（社区）现场" if case.channel == "visit" else None,
        adviser=case.adviser,
        late_reason=pick(draw, words.LATE_REASONS) if late else None,
    )
    if late:
        case.entered = case.at + timedelta(days=between(draw, 1.1, 9))
    return act(case, command)


def sat_at(case: SimulatedCase) -> Life:
    """Seat at a window of a center who takes its first person of the day, until evening."""
    window, desk = case.state.logged.window, case.desk
    if case.known.kind != "center" or window is None:
        return
    day = case.at.astimezone(ZoneInfo(case.known.zone)).date()
    rosters = case.scene.world.roster(case.point, day)
    now = [one for one in rosters.state.sittings if one.until is None] if rosters.state else []
    if any(window == one.window or desk.account == one.officer for one in now):
        return
    taking = TakeWindow(point=case.point, day=day, window=window, officer=desk.account)
    sitting = rosters.state.sittings if rosters.state else ()
    if all(one.until is None or one.until <= case.at for one in sitting):
        yield case.scene.act(rosters, taking, desk, case.at)
        case.scene.spawned.append(left(case.scene, rosters, window, desk, case.at))


def left(scene: Scene, rosters: Stream, window: str, desk: Actor, at: datetime) -> Life:
    evening = at + timedelta(minutes=between(scene.draw, 60, 240))
    yield evening
    yield scene.act(rosters, LeaveWindow(window=window), desk, evening)


def incidents(case: SimulatedCase) -> Life:
    """Play incidents that any request may have before it is handled."""
    scene, draw = case.scene, case.scene.draw
    yield from sent_round(case)
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


def sent_round(case: SimulatedCase) -> Life:
    """Send every fortieth to another point: of these every second is refused there, the others are
    accepted and come back. Nothing is drawn."""
    number = (case.request.id.int & 0xFFFFFF) // 2
    other = _another_point(case) if number % 20 == 0 else None
    if other is None:
        return
    there = Actor(account=f"u-{other}-1", role="duty_officer", unit=other)
    away: tuple[tuple[Command, Actor], ...] = (
        (TransferRequest(to=other, reason="当事人住所地在该处"), case.desk),
        (RefuseTransfer(reason="当事人要求在原处办理"), there),
    )
    back = (
        away[0],
        (AcceptTransfer(), there),
        (TransferRequest(to=case.point, reason="当事人要求在原处办理"), there),
        (AcceptTransfer(), case.desk),
    )
    first = case.scene.aside().new_id(case.at).int
    for step, (command, by) in enumerate(away if number % 40 == 0 else back):
        yield case.scene.act(
            case.request, command, by, case.at,
            entered=case.entered if case.entered > case.at else None,
            command_id=UUID(int=first + step),
        )  # fmt: skip


def _another_point(case: SimulatedCase) -> str | None:
    codes, points = case.scene.point_codes, case.scene.registers.points
    here = codes.index(case.point) if case.point in codes else 0
    for code in (*codes[here + 1 :], *codes[:here]):
        if code != case.point and points[code].open and points[code].offers(case.service):
            return code
    return None


def linked(case: SimulatedCase) -> Life:
    draw, recent = case.scene.draw, case.scene.recent
    if not recent:
        return
    original = pick(draw, recent)
    reason = pick(draw, words.DUPLICATE_REASONS)
    yield later(case, between(draw, 1, 4))
    if original.state.voided or original.state.duplicate_of:
        return
    yield act(case, LinkDuplicate(original=original.id, reason=reason), beside=[original])
    if happens(draw, 0.2):
        yield later(case, between(draw, 5, 30))
        yield act(case, UnlinkDuplicate(original=original.id, reason="核实后不是同一事项"))


def afterwards(case: SimulatedCase) -> Life:
    """An agreement is performed, some are confirmed by the court."""
    scene, draw = case.scene, case.scene.draw
    by = Actor(account=f"m-{case.point}", role="mediator", unit=case.point)
    if case.state.proceedings.mediation == "agreed":
        if scene.happens(0.12):
            yield in_office(case, between(draw, 400, 3000))
            yield act(case, SeekJudicialConfirmation(court="模拟人民法院"), by)
            yield in_office(case, between(draw, 1500, 5000))
            yield act(case, DecideJudicialConfirmation(confirmed=not happens(draw, 0.1)), by)
        if not happens(draw, 0.25):
            yield in_office(case, between(draw, 400, 6000))
            yield act(case, ReportMediationPerformed(fully=not happens(draw, 0.1)), by)
    elif case.state.proceedings.legal_aid == "granted" and case.state.proceedings.lawyer is None:
        yield in_office(case, between(draw, 60, 900))
        lawyer = AssignLegalAidLawyer(lawyer=f"law-{draw.getrandbits(10):04d}")
        agency = case.state.proceedings.agency
        assert agency is not None
        yield act(case, lawyer, aid_officer(agency))
