"""The work log: what advisers enter of their visits, lectures and answers, and who checks it."""

from datetime import date, datetime, timedelta
from typing import Final, cast

from msgspec.structs import replace

from domain.advising import worklog
from domain.advising.worklog import (
    AttachEvidence,
    ConfirmEvidenceUpload,
    ConfirmWork,
    CorrectWork,
    LogWork,
    ReportEvidenceMissing,
    ReturnWork,
    Share,
    SignIn,
    VerifyWork,
    WithdrawWork,
    Work,
    Worklog,
    even_shares,
)
from domain.exhibits import Evidence
from domain.registers.appointment import china_day
from domain.simulation import words
from domain.simulation.case import A_DAY, Life
from domain.simulation.chance import Draw, between, happens, pick
from domain.simulation.errand import (
    Errand,
    SimulatedVillage,
    begun,
    committee,
    justice_office,
    village_adviser,
)
from domain.simulation.schedule import SimulatedClock
from domain.simulation.world import Scene
from domain.vocabulary import Actor, Service

VISITED_EVERY: Final = 14
"""Each village is visited on two days of a month, by its place in the list."""
LECTURE_MONTHS: Final = 3


def visits(
    scene: Scene,
    villages: list[SimulatedVillage],
    clock: SimulatedClock,
    *,
    first_day: date,
    days: int,
) -> Life:
    """Day by day the advisers go where it is their day; there is a lecture once a quarter."""
    draw = scene.draw
    for offset in range(days):
        day = first_day + timedelta(days=offset)
        yield clock.midnight(day)
        if day.day > 2 * VISITED_EVERY:
            continue
        for number, village in enumerate(villages):
            if number % VISITED_EVERY != (day.day - 1) % VISITED_EVERY:
                continue
            on = day if happens(draw, 0.1) else clock.working_day(day)
            lecture = day.day <= VISITED_EVERY and (number + day.month) % LECTURE_MONTHS == 0
            service: Service = "lecture" if lecture else words.VISITS.draw(draw)
            off_peak = lecture and happens(draw, 0.3)
            minute = between(draw, 18 * 60 + 30, 20 * 60) if off_peak else between(draw, 540, 870)
            at = clock.midnight(on) + timedelta(seconds=int(minute * 60))
            scene.spawned.append(entry(scene, village, at, service))


def entry(scene: Scene, village: SimulatedVillage, at: datetime, service: Service) -> Life:
    """One entry, from the visit until it is verified or withdrawn. Nobody goes where nobody serves
    any more."""
    yield at
    stint = scene.registers.appointments[village.code].stint_on(china_day(at))
    if stint is None or not scene.registers.advisers[stint.adviser].active:
        return
    errand = begun(scene, at, worklog)
    by = village_adviser(stint.adviser, village.code)
    yield from logged(errand, village, service, by)
    if scene.happens(0.01):
        yield errand.later(between(scene.draw, 20, 300))
        yield errand.act(WithdrawWork(reason=pick(scene.draw, words.WITHDRAW_REASONS)), by)
        return
    if scene.happens(0.02):
        yield from corrected(errand, by)
    yield from checked(errand, village, by)


def logged(errand: Errand, village: SimulatedVillage, service: Service, by: Actor) -> Life:
    scene, draw, at = errand.scene, errand.scene.draw, errand.at
    minutes = int(between(draw, 60, 120) if service == "lecture" else between(draw, 150, 330))
    ended_at = at + timedelta(minutes=minutes)
    colleague = together(scene, by, at) if happens(draw, 0.06) else None
    late = scene.happens(0.04)
    entered = ended_at + (
        timedelta(hours=int(between(draw, 30, 140))) if late else timedelta(minutes=20)
    )
    evidence: tuple[Evidence, ...] = (proof(draw),) if happens(draw, 0.12) else ()
    sign_in = SignIn(method=words.SIGN_INS.draw(draw), at=at) if happens(draw, 0.8) else None
    command = LogWork(
        work=told(draw, village, service, ended_at),
        shares=even_shares(minutes, (by.adviser, colleague)) if by.adviser and colleague else (),
        sign_in=sign_in,
        evidence=evidence,
        late_reason=pick(draw, words.LATE_REASONS) if late else None,
    )
    yield errand.act(command, by, entered=entered)
    errand.at = entered
    yield errand.at
    if happens(draw, 0.05):
        more = proof(draw)
        evidence = (*evidence, more)
        yield errand.act(AttachEvidence(evidence=more), by)
    for one in evidence:
        yield from uploaded(errand, one, by)


def told(draw: Draw, village: SimulatedVillage, service: Service, ended_at: datetime) -> Work:
    mediates = service == "mediation" and happens(draw, 0.5)
    remote = service == "online_post"
    return Work(
        village=village.code,
        service=service,
        mode="wechat" if remote else "onsite",
        ended_at=ended_at,
        capacity="mediation_committee" if mediates else "adviser",
        place=None if remote else "村（居）委会",
        clients={words.CATEGORIES.draw(draw): 1 + int(draw.random() * 5)},
        people_reached=int(between(draw, 12, 80)) if service == "lecture" else 0,
        summary=words.subject(draw, service) + words.SIMULATED,
        result=pick(draw, words.ANSWERS) if happens(draw, 0.5) else None,
    )


def together(scene: Scene, by: Actor, at: datetime) -> str | None:
    """Pick a colleague of the same team who came along; None without a team or a colleague."""
    advisers = scene.registers.advisers
    team = advisers[by.adviser or ""].team
    number = scene.adviser_codes.index(by.adviser or "")
    near = scene.adviser_codes[max(0, number - 2) : number + 3]
    for code in near:
        other = advisers.get(code)
        if (
            other
            and other.active
            and code != by.adviser
            and team
            and other.post_at(at).team == team
        ):
            return code
    return None


def proof(draw: Draw) -> Evidence:
    size = int(between(draw, 80_000, 4_000_000))
    return Evidence(sha256=f"{draw.getrandbits(256):064x}", media_type="image/jpeg", size=size)


def uploaded(errand: Errand, evidence: Evidence, by: Actor) -> Life:
    """Mostly at once; seldom given up, and then sometimes found after all."""
    draw, sha256 = errand.scene.draw, evidence.sha256
    if happens(draw, 0.06):
        yield errand.later(between(draw, 60, 2 * A_DAY))
        yield errand.act(ReportEvidenceMissing(sha256=sha256, reason="手机损坏，照片丢失"), by)
        if happens(draw, 0.6):
            return
    yield errand.later(between(draw, 1, 40))
    store = Actor(account="blob-store", role="policy", unit=by.unit)
    yield errand.act(ConfirmEvidenceUpload(sha256=sha256), store)


def corrected(errand: Errand, by: Actor) -> Life:
    """It lasted longer than was entered; or the beginning was entered too late."""
    draw = errand.scene.draw
    yield errand.later(between(draw, 30, A_DAY))
    was = cast("Worklog", errand.state).now
    earlier = was.started_at - timedelta(minutes=10)
    first, *others = was.served
    shares = [Share(adviser=first.adviser, minutes=first.minutes + 10)]
    shares += [Share(adviser=one.adviser, minutes=one.minutes) for one in others]
    command = CorrectWork(
        started_at=earlier,
        work=replace(was.work, result="更正服务起止时间"),
        shares=tuple(shares),
        reason="起止时间登记有误",
    )
    registers = errand.scene.registers
    # A term may have been ended since, from a day before the visit.
    stint = registers.appointments[was.work.village].stint_on(china_day(earlier))
    serves = stint is not None and stint.adviser == by.adviser
    if serves and all(registers.advisers[one.adviser].active for one in shares):
        yield errand.act(command, by)


def checked(errand: Errand, village: SimulatedVillage, by: Actor) -> Life:
    """Confirmed by the committee, verified by the justice office; a few are returned."""
    scene, draw = errand.scene, errand.scene.draw
    if not happens(draw, 0.3):
        yield errand.in_office(between(draw, 30, 1500))
        yield errand.act(ConfirmWork(), committee(village.code))
    if happens(draw, 0.15):
        return
    yield errand.in_office(between(draw, 200, 3000))
    if scene.happens(0.02):
        yield errand.act(
            ReturnWork(reason="服务内容过于简单，请补充"), justice_office(village.town)
        )
        yield from corrected(errand, by)
        if errand.state.standing == "returned":
            return
        yield errand.in_office(between(draw, 100, 1500))
    yield errand.act(VerifyWork(), justice_office(village.town))
