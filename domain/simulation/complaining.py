"""A complaint while it is played: noted or registered, examined, and handed to whoever handles it;
how it is handled and reviewed goes on in `domain.simulation.remedying`."""

import hashlib
from collections.abc import Generator
from datetime import datetime, timedelta
from typing import Final, cast

from domain import attachments
from domain.attachments import (
    AttachFile,
    ConfirmUpload,
    ReportAttachmentMissing,
    attachments_stream,
)
from domain.complaints import complaint
from domain.complaints.complaint import Complaint
from domain.complaints.complaint_commands import possible
from domain.complaints.record import (
    AcceptComplaint,
    AcknowledgeComplaint,
    CorrectPeople,
    DeclareRecusal,
    DeclineComplaint,
    Grievance,
    LinkSameMatter,
    NameObject,
    NoteDissatisfaction,
    OrderRecusal,
    RecalculateComplaintDeadlines,
    ReclassifyComplaint,
    RegisterComplaint,
    ReopenComplaint,
    SettleDissatisfaction,
    SuperviseComplaint,
    UnhideComplaint,
    UnlinkSameMatter,
    VoidComplaint,
    WithdrawComplaint,
)
from domain.exhibits import Evidence
from domain.registers.appointment import china_day
from domain.registers.point import Point
from domain.simulation import words
from domain.simulation.case import A_DAY, Life
from domain.simulation.chance import between, happens, pick
from domain.simulation.errand import Errand, bureau
from domain.simulation.remedying import remedied
from domain.simulation.world import Scene, SimulatedStep, Stream
from domain.vocabulary import Actor, Command, Visitor

CITY: Final = "4401"
Examining = Generator[SimulatedStep | datetime, None, bool]


class Matter(Errand):
    """A complaint while it is played."""

    __slots__ = ("handler", "leader", "office", "point")

    def __init__(self, scene: Scene, at: datetime, point: Point) -> None:
        super().__init__(scene, at, Stream(scene.new_id(at), complaint))
        self.point = point.code
        division = point.locations[0].division
        district = point.division_on(china_day(at))[:6]
        self.office = bureau(district)
        self.leader = bureau(district, 4)
        """Who did not enter it, and decides where a second pair of eyes is asked for."""
        stations = [code for code in scene.point_codes if code.startswith("S")]
        self.handler = (
            division[:9] if len(division) > len(self.office.unit) else pick(scene.draw, stations)
        )
        """Unit that will handle it."""

    @property
    def complaint(self) -> Complaint:
        return cast("Complaint", self.state)


def complained(
    scene: Scene, at: datetime, point: Point, adviser: str | None, told: Grievance | None = None
) -> Life:
    """Play a complaint, from the grumble to the last word."""
    yield at
    matter = Matter(scene, at, point)
    draw = scene.draw
    grievance = told or aggrieved(matter, adviser if happens(draw, 0.5) else None)
    if told is not None or happens(draw, 0.25):
        yield from noted(matter, grievance)
        if happens(draw, 0.6):
            return
        yield matter.act(RegisterComplaint(), matter.office)
    else:
        late = scene.happens(0.04)
        entered = at + timedelta(hours=int(between(draw, 30, 90))) if late else None
        reason = pick(draw, words.LATE_REASONS) if late else None
        command = RegisterComplaint(grievance=grievance, late_reason=reason)
        yield matter.act(command, matter.office, entered=entered)
        matter.at = entered or at
    scene.complaints.append(matter.stream)
    scene.watched[matter.id] = matter.stream
    scene.spawned.append(attached(matter, matter.at))
    if scene.happens(0.015):
        yield matter.in_office(between(draw, 5, 60))
        yield matter.act(VoidComplaint(reason=pick(draw, words.VOID_REASONS)), matter.leader)
        return
    yield from remarked(matter, adviser)
    if (yield from examined(matter)):
        yield from remedied(matter, matter.office, matter.handler)


def attached(matter: Matter, at: datetime) -> Life:
    """Attach a scan of the letter to every fourth; now and then it is never uploaded. A life of its
    own, apart from all others."""
    yield at
    number = matter.id.int % 12
    if number % 4:
        return
    letter = Stream(attachments_stream(matter.id), attachments)
    sha256 = hashlib.sha256(matter.id.bytes).hexdigest()
    scan = Evidence(sha256=sha256, media_type="application/pdf", size=90_000 + number)
    attaching = AttachFile(
        of=matter.id, of_kind="complaint", evidence=scan, title="来信扫描件（模拟数据）"
    )
    told: Command = ConfirmUpload(sha256=sha256)
    by = Actor(account="policy-evidence", role="policy", unit=matter.office.unit)
    if number == 0:
        told, by = ReportAttachmentMissing(sha256=sha256, reason="扫描件无法读取"), matter.office
    scene = matter.scene.apart(f"letter of {matter.id}")
    for command, actor in ((attaching, matter.office), (told, by)):
        yield scene.act(letter, command, actor, at, beside=[matter.stream])


def aggrieved(matter: Matter, adviser: str | None) -> Grievance:
    draw = matter.scene.draw
    number = int(draw.random() * 600_000)
    named = happens(draw, 0.8)
    group = happens(draw, 0.03)
    channel = words.COMPLAINT_CHANNELS.draw(draw)
    return Grievance(
        point=matter.point,
        channel=channel,
        service="consultation",
        aspects=("for_people",) if happens(draw, 0.4) else (),
        concern=words.CONCERNS.draw(draw),
        subject=pick(draw, words.GRIEVANCES),
        detail=words.SIMULATED,
        complainant=Visitor(name=words.person_name(number), phone=words.phone_number(number))
        if named
        else None,
        person=f"P{number:06d}" if named else None,
        people=12 if group else 1,
        representatives=3 if group else None,
        adviser=adviser,
        work_order=f"{channel[-5:]}-{draw.getrandbits(32):010d}" if "hotline" in channel else None,
    )


def noted(matter: Matter, grievance: Grievance) -> Life:
    """At the point itself, and mostly put right there."""
    draw = matter.scene.draw
    desk = Actor(account=f"u-{matter.point}-1", role="duty_officer", unit=matter.point)
    yield matter.act(NoteDissatisfaction(grievance=grievance), desk)
    if happens(draw, 0.7):
        yield matter.later(between(draw, 5, 90))
        yield matter.act(SettleDissatisfaction(measure=pick(draw, words.MEASURES)), desk)
    yield matter.later(between(draw, 60, 3 * A_DAY))


def remarked(matter: Matter, adviser: str | None) -> Life:
    """Play annotations: object, recusal, supervision, link."""
    scene, draw, office = matter.scene, matter.scene.draw, matter.office
    yield matter.later(between(draw, 1, 30))
    if scene.happens(0.06) and adviser is not None and matter.complaint.grievance.adviser is None:
        yield matter.act(NameObject(adviser=adviser, reason="核实后明确被投诉人"), office)
        unhide = UnhideComplaint(point_itself=True, reason="被投诉人是法律顾问，不是服务点")
        if possible(matter.complaint, UnhideComplaint):
            alone = scene.apart(f"unhidden {matter.id}")
            yield alone.act(matter.stream, unhide, matter.leader, matter.at)
    if scene.happens(0.03):
        aside = bureau(office.unit, 2)
        yield matter.act(DeclareRecusal(reason="与投诉人有亲属关系"), aside)
    if scene.happens(0.03):
        other = OrderRecusal(account=f"b-{office.unit}-3", reason="可能影响公正处理")
        yield matter.act(other, office)
    if scene.happens(0.06):
        demand = SuperviseComplaint(level="city", demand="请按期办结并报告结果")
        yield matter.act(demand, bureau(CITY, 9))
        people = matter.complaint.grievance.people + 1
        yield matter.act(CorrectPeople(people=people, reason="督办时核对"), office)
    if scene.happens(0.06):
        yield from linked(matter)


def another(matter: Matter, *, accepted: bool) -> Stream | None:
    """Pick an earlier one that can be linked to; None when none of a few can."""
    for stream in reversed(matter.scene.complaints):
        found: Complaint = stream.state
        plain = not found.voided and not found.same_matter and stream is not matter.stream
        if plain and (found.accepted or not accepted):
            return stream
    return None


def linked(matter: Matter) -> Life:
    other = another(matter, accepted=False)
    if other is None:
        return
    link = LinkSameMatter(other=other.id, reason="同一投诉人就同一事项再次投诉")
    yield matter.act(link, matter.office, beside=[other])
    if happens(matter.scene.draw, 0.3):
        yield matter.later(between(matter.scene.draw, 10, 600))
        unlink = UnlinkSameMatter(other=other.id, reason="核实后不是同一事项")
        yield matter.act(unlink, matter.office)


def recalculated(matter: Matter) -> Life:
    """Newer rules came into force while promises run."""
    promises = matter.complaint.promises
    newer = promises and promises[0].policy != matter.scene.world.rules
    if newer and matter.complaint.pause is None and happens(matter.scene.draw, 0.5):
        yield matter.act(RecalculateComplaintDeadlines(reason="时限规则调整"), matter.office)


def examined(matter: Matter) -> Examining:
    """Acknowledged, and accepted or declined; True: it was accepted and is to be handled."""
    scene, draw, office = matter.scene, matter.scene.draw, matter.office
    yield matter.in_office(between(draw, 20, 700))
    yield from recalculated(matter)
    if any(one.name == "acknowledge" for one in matter.complaint.promises) and happens(draw, 0.8):
        contact = AcknowledgeComplaint(contact="phone" if happens(draw, 0.7) else "message")
        yield matter.act(contact, office)
    if scene.happens(0.04):
        yield matter.in_office(between(draw, 20, 300))
        yield matter.act(WithdrawComplaint(reason="投诉人表示已经解决"), matter.leader)
        if not happens(draw, 0.4):
            return False
        yield matter.later(between(draw, 0.5, 6) * A_DAY)
        yield matter.act(ReopenComplaint(reason="投诉人再次提出"), office)
        scene.watched[matter.id] = matter.stream
    if scene.happens(0.05):
        yield from reclassified(matter)
        if matter.complaint.kind == "consultation":
            return False
    yield matter.in_office(between(draw, 20, 600))
    if scene.happens(0.1):
        yield declined(matter)
        if not happens(draw, 0.25):
            return False
        yield matter.later(between(draw, 0.5, 10) * A_DAY)
        yield matter.act(ReopenComplaint(reason="投诉人补充了事实"), office)
        scene.watched[matter.id] = matter.stream
        yield matter.in_office(between(draw, 20, 300))
    yield matter.act(AcceptComplaint(), office)
    return True


def declined(matter: Matter) -> SimulatedStep:
    draw, accepted = matter.scene.draw, another(matter, accepted=True)
    if accepted is not None and happens(draw, 0.3):
        decline = DeclineComplaint(
            ground="same_matter", reason="同一事项已经受理", same_as=accepted.id
        )
        return matter.act(decline, matter.office, beside=[accepted])
    decline = DeclineComplaint(ground="no_facts", reason="没有具体事实")
    if happens(draw, 0.5):
        reason, where = "属于诉讼途径解决的事项", "模拟人民法院"
        decline = DeclineComplaint(ground="court", reason=reason, routed_to=where)
    return matter.act(decline, matter.office)


def reclassified(matter: Matter) -> Life:
    """It was a question rather than a complaint; mostly that was wrong."""
    draw, office = matter.scene.draw, matter.office
    yield matter.in_office(between(draw, 10, 200))
    asked = ReclassifyComplaint(kind="consultation", reason="内容属于咨询")
    yield matter.act(asked, office)
    if happens(draw, 0.5):
        yield matter.in_office(between(draw, 30, 900))
        back = ReclassifyComplaint(kind="complaint", reason="投诉人坚持投诉")
        yield matter.act(back, office)
