"""A complaint 投诉/批评意见: from a dissatisfaction noted to answer, rework, review and final.

Every complaint is registered, also one that is declined. Nothing later takes an earlier answer,
actor or promise result away. Its content is hidden from the one complained of (信访工作条例
art. 30).
"""

from datetime import datetime
from typing import Final, Literal, NamedTuple, assert_never
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from domain import complaint_record, complaint_review, complaint_routing
from domain.adviser import AdviserUnknown
from domain.calendar import Calendar, Pause, Step, deadline
from domain.codes import DivisionCode, LimitName
from domain.complaint_record import (
    ROUTED,
    AcceptComplaint,
    AcknowledgeComplaint,
    Annotation,
    AnswerComplaint,
    CloseComplaint,
    ComplaintAccepted,
    ComplaintAcknowledged,
    ComplaintAnswered,
    ComplaintClosed,
    ComplaintDeadlinesRecalculated,
    ComplaintDeclined,
    ComplaintExtended,
    ComplaintPaused,
    ComplaintReclassified,
    ComplaintRegistered,
    ComplaintReopened,
    ComplaintResumed,
    ComplaintSupervised,
    ComplaintVoided,
    ComplaintWithdrawn,
    DeclareRecusal,
    DeclineComplaint,
    DissatisfactionNoted,
    DissatisfactionSettled,
    Ending,
    ExtendDeadline,
    Grievance,
    Kind,
    LinkSameMatter,
    NameObject,
    NoteDissatisfaction,
    ObjectNamed,
    Opening,
    OrderRecusal,
    OrderRework,
    OwnCommand,
    OwnEvent,
    PauseCause,
    PauseComplaint,
    RecalculateComplaintDeadlines,
    Received,
    ReclassifyComplaint,
    RecordReturnVisit,
    Recused,
    RegisterComplaint,
    Remark,
    ReopenComplaint,
    ResumeComplaint,
    ReturnVisitMade,
    ReworkOrdered,
    Running,
    SameMatterLinked,
    SameMatterUnlinked,
    SettleDissatisfaction,
    StepTaken,
    SuperviseComplaint,
    UnlinkSameMatter,
    VoidComplaint,
    WithdrawComplaint,
)
from domain.complaint_review import (
    Afterwards,
    AskReview,
    ComplaintFinalized,
    DecideReview,
    NotTheReviewer,
    ReviewAsked,
    ReviewCommand,
    ReviewDecided,
    ReviewEvent,
    Reviews,
    decide_review,
)
from domain.complaint_routing import (
    AskCoHandler,
    AssignComplaint,
    ComplaintAssigned,
    InvestigationBegun,
    ReturnApproved,
    ReturnAsked,
    Routing,
    RoutingCommand,
    RoutingEvent,
    at_work,
    decide_routing,
)
from domain.point import Point, PointUnknown, local_day
from domain.policy import LIMITS_POLICY, ComplaintRules, NoPolicyInForce
from domain.promise import (
    Clock,
    Promise,
    PromiseName,
    PromiseResult,
    explain_promise,
    newest_calendar,
    promised,
    rules_behind,
    rules_in_force,
)
from domain.rating import BAD_GRADES, Rating
from domain.request import (
    LATE_AFTER,
    HappensBeforeLastStep,
    HappensBeforeLogged,
    LateEntryNeedsReason,
    NothingToRecalculate,
    Request,
    not_in_future,
)
from domain.vocabulary import Actor, Command, Event, Moment, Refused, Registers

KIND: Final = "complaint"
CITIZEN: Final = "citizen"
"""The role of people themselves: it belongs to no unit that could be complained of."""
PAUSED_WHY: Final[dict[PauseCause, str]] = {
    "supplement": "补正材料",
    "verification": "外部核查鉴定",
    "hearing": "听证",
}

ComplaintEvent = OwnEvent | RoutingEvent | ReviewEvent
EVENTS: Final[tuple[type[Event], ...]] = (
    *complaint_record.EVENTS, *complaint_routing.EVENTS, *complaint_review.EVENTS,
)  # fmt: skip
ComplaintCommand = OwnCommand | RoutingCommand | ReviewCommand
COMMANDS: Final[tuple[type[Command], ...]] = (
    *complaint_record.COMMANDS, *complaint_routing.COMMANDS, *complaint_review.COMMANDS,
)  # fmt: skip


# --- state


Status = Literal[
    "noted", "settled", "registered", "declined", "handling", "answered", "closed", "withdrawn",
    "review_asked", "review_decided", "final",
]  # fmt: skip
Stage = Literal[
    "noted", "settled", "registered", "declined", "accepted", "assigned", "signed", "returning",
    "investigating", "answered", "closed", "withdrawn", "review_asked", "review_decided", "final",
    "consultation",
]  # fmt: skip


class Complaint(Struct, frozen=True, kw_only=True):
    """What the rules ask of a complaint; what pages show lives in the views."""

    grievance: Grievance
    division: DivisionCode
    zone: str
    firm: str | None
    team: str | None
    calendar: str | None
    begun_at: datetime
    since: datetime
    """When the last step was taken: steps follow one another."""
    status: Status
    registered: bool = False
    accepted: bool = False
    kind: Kind = "complaint"
    reclassified: int = 0
    """How often it was made a consultation, or a complaint again."""
    round: int = 1
    promises: tuple[Promise, ...] = ()
    """Promises that run."""
    set_aside: tuple[Promise, ...] = ()
    """Those that ran when it was made a consultation."""
    results: tuple[PromiseResult, ...] = ()
    """What promises came to, of every round."""
    pause: ComplaintPaused | None = None
    pauses: tuple[Pause, ...] = ()
    extensions: tuple[ComplaintExtended, ...] = ()
    """Pauses and extensions of the present round or review."""
    routing: Routing = Routing()
    answers: tuple[ComplaintAnswered, ...] = ()
    visits: tuple[ReturnVisitMade, ...] = ()
    reviews: Reviews = Reviews()
    supervised: tuple[ComplaintSupervised, ...] = ()
    same_matter: tuple[UUID, ...] = ()
    recused: tuple[str, ...] = ()
    voided: bool = False

    @property
    def stage(self) -> Stage:
        if self.kind == "consultation":
            return "consultation"
        return self.routing.step if self.status == "handling" else self.status

    @property
    def service(self) -> str:
        """What its limits are found by."""
        return f"{KIND}.{self.grievance.channel}"

    @property
    def holder(self) -> str:
        """The unit whose turn it is: the reviewer, who has it assigned, else its district."""
        if self.status == "review_asked" and self.reviews.asked is not None:
            return self.reviews.asked.to
        return self.routing.unit or self.division[:6]

    @property
    def handlers(self) -> tuple[str, ...]:
        """Units that answered it or have it now."""
        now = (self.routing.unit,) if self.routing.unit else ()
        return (*(answer.unit for answer in self.answers), *now)

    @property
    def told(self) -> ReturnVisitMade | None:
        """What the person said last of the present round's answer."""
        said = [one for one in self.visits if one.round == self.round and one.reached]
        return said[-1] if said else None

    def extended_by(self, name: PromiseName) -> tuple[int, ...]:
        return tuple(one.amount for one in self.extensions if one.promise == name)


def evolve(state: Complaint | None, event: ComplaintEvent) -> Complaint:
    if isinstance(event, Received):
        return _received(state, event)
    assert state is not None
    if isinstance(event, RoutingEvent):
        return _routed(state, event)
    if isinstance(event, ReviewEvent):
        return _reviewed(state, event)
    if isinstance(event, Remark):
        return _remarked(state, event)
    return _stepped(replace(state, since=event.at), event)


def _stepped(state: Complaint, event: StepTaken) -> Complaint:
    match event:
        case DissatisfactionSettled():
            return replace(state, status="settled")
        case ComplaintAcknowledged():
            return _kept(state, event.at, "acknowledge")
        case ComplaintAccepted():
            state = _given(_kept(state, event.at, "acknowledge"), event.promises)
            return replace(state, status="handling", accepted=True)
        case ComplaintDeclined():
            same = (event.same_as,) if event.same_as else ()
            state = replace(state, same_matter=(*state.same_matter, *same))
            return replace(_kept(state, event.at, "acknowledge"), status="declined")
        case ComplaintPaused():
            return replace(state, pause=event)
        case ComplaintResumed():
            return _resumed(state, event)
        case ComplaintExtended():
            state = replace(state, extensions=(*state.extensions, event))
            return _given(state, event.promises)
        case ComplaintAnswered():
            return _answered(state, event)
        case ReturnVisitMade():
            return replace(state, visits=(*state.visits, event))
        case ReworkOrdered():
            return replace(_new_round(state, event.promises), status="handling")
        case ComplaintClosed():
            return replace(state, status="closed")
        case ComplaintReopened():
            state = replace(_new_round(state, event.promises), routing=Routing())
            return replace(state, status="handling" if state.accepted else "registered")
        case ComplaintWithdrawn():
            reviews = replace(state.reviews, asked=None)
            state = replace(_stopped(state, event.at), pause=None, reviews=reviews)
            return replace(state, status="withdrawn", kind="complaint")
        case ComplaintReclassified():
            return _reclassified(state, event)
        case ComplaintVoided():
            return replace(_stopped(state, event.at), voided=True)
        case _:
            assert_never(event)


def _remarked(state: Complaint, event: Remark) -> Complaint:
    match event:
        case ObjectNamed():
            named = replace(
                state.grievance,
                adviser=event.adviser,
                account=event.account,
                point_itself=event.point_itself,
            )
            return replace(state, grievance=named, firm=event.firm, team=event.team)
        case ComplaintSupervised():
            return replace(state, supervised=(*state.supervised, event))
        case SameMatterLinked():
            return replace(state, same_matter=(*state.same_matter, event.other))
        case SameMatterUnlinked():
            left = tuple(one for one in state.same_matter if one != event.other)
            return replace(state, same_matter=left)
        case Recused():
            return replace(state, recused=(*state.recused, event.account))
        case ComplaintDeadlinesRecalculated():
            return _given(state, event.promises)
        case _:
            assert_never(event)


def _received(noted: Complaint | None, event: Received) -> Complaint:
    received = noted or Complaint(
        grievance=event.grievance,
        division=event.division,
        zone=event.zone,
        firm=event.firm,
        team=event.team,
        calendar=event.calendar,
        begun_at=event.at,
        since=event.at,
        status="noted",
    )
    if isinstance(event, DissatisfactionNoted):
        return received
    return replace(
        received,
        grievance=event.grievance,
        division=event.division,
        zone=event.zone,
        firm=event.firm,
        team=event.team,
        calendar=event.calendar,
        since=event.at,
        status="registered",
        registered=True,
        promises=event.promises,
    )


def _routed(state: Complaint, event: RoutingEvent) -> Complaint:
    state = replace(state, routing=complaint_routing.evolve(state.routing, event), since=event.at)
    match event:
        case ComplaintAssigned():
            state = _stopped(_kept(state, event.at, "assign"), event.at, "return")
            return _given(state, event.promises)
        case ReturnAsked() | InvestigationBegun():
            return _kept(state, event.at, "return")
        case ReturnApproved():
            return _given(state, event.promises)
        case _:
            return state


def _reviewed(state: Complaint, event: ReviewEvent) -> Complaint:
    state = replace(state, reviews=complaint_review.evolve(state.reviews, event), since=event.at)
    match event:
        case ReviewAsked():
            state = replace(state, status="review_asked", pauses=(), extensions=())
            return _given(state, event.promises)
        case ReviewDecided():
            state = _kept(state, event.at, "review")
            if event.decision == "sent_back":
                return replace(_new_round(state, event.promises), status="handling")
            return replace(state, status="review_decided")
        case ComplaintFinalized():
            return replace(state, status="final")
        case _:
            assert_never(event)


def _resumed(state: Complaint, event: ComplaintResumed) -> Complaint:
    assert state.pause is not None
    pauses = (*state.pauses, _pause(state.pause, event.at))
    return _given(replace(state, pause=None, pauses=pauses), event.promises)


def _answered(state: Complaint, event: ComplaintAnswered) -> Complaint:
    state = _kept(state, event.at, "acknowledge", "answer")
    return replace(
        state,
        status="answered",
        answers=(*state.answers, event),
        reviews=replace(state.reviews, until=event.review_until),
    )


def _reclassified(state: Complaint, event: ComplaintReclassified) -> Complaint:
    state = replace(state, kind=event.to_kind, reclassified=state.reclassified + 1)
    if event.to_kind == "consultation":
        return replace(state, set_aside=state.promises, promises=())
    return replace(state, set_aside=(), promises=event.promises)


def _new_round(state: Complaint, promises: tuple[Promise, ...]) -> Complaint:
    return replace(state, round=state.round + 1, promises=promises, pauses=(), extensions=())


def _given(state: Complaint, promises: tuple[Promise, ...]) -> Complaint:
    names = {one.name for one in promises}
    others = tuple(one for one in state.promises if one.name not in names)
    return replace(state, promises=(*others, *promises))


def _kept(state: Complaint, at: datetime, *names: PromiseName) -> Complaint:
    return _ended(state, at, names, kept=True)


def _stopped(state: Complaint, at: datetime, *names: PromiseName) -> Complaint:
    """All that run or were set aside, where none is named."""
    if not names:
        promises = (*state.promises, *state.set_aside)
        state = replace(state, promises=promises, set_aside=())
        names = tuple(one.name for one in promises)
    return _ended(state, at, names, kept=False)


def _ended(
    state: Complaint, at: datetime, names: tuple[PromiseName, ...], *, kept: bool
) -> Complaint:
    results = tuple(
        PromiseResult(
            promise=one,
            ended_at=at,
            kept=kept,
            pauses=state.pauses,
            extended_by=state.extended_by(one.name),
        )
        for one in state.promises
        if one.name in names
    )
    left = tuple(one for one in state.promises if one.name not in names)
    return replace(state, promises=left, results=(*state.results, *results))


def _pause(paused: ComplaintPaused, until: datetime) -> Pause:
    return Pause(paused.at, until, PAUSED_WHY[paused.cause])


# --- refusals


class ComplaintUnknown(Refused):
    """没有这个投诉"""


class ComplaintExists(Refused):
    """这个投诉已经登记"""


class ComplaintIsVoided(Refused):
    """投诉已作废"""


class StepNotPossible(Refused):
    """投诉当前的状态不能办理这一步"""


class GrievanceMissing(Refused):
    """没有登记过的不满意，须写明投诉内容"""


class GrievanceElsewhere(Refused):
    """投诉的服务点与登记的不满意不一致"""


class TooManyRepresentatives(Refused):
    """集体反映须推选代表，代表人数超过上限或超过来访人数"""


class ActorIsComplainedOf(Refused):
    """被投诉人不得办理针对自己的投诉"""


class UnitIsComplainedOf(Refused):
    """不得将投诉交由被投诉的服务点办理"""


class ActorIsRecused(Refused):
    """已经回避，不得再办理这个投诉"""


class RouteMissing(Refused):
    """属于法院、仲裁、复议等途径的，须告知应向何处提出"""


class SameMatterMissing(Refused):
    """以同一事项已受理为由不予受理的，须指明已受理的投诉"""


class SameMatterAsItself(Refused):
    """投诉不能与自身关联"""


class OriginalIsLinked(Refused):
    """对方投诉本身已关联到其他投诉，请关联到最初的投诉"""


class SameMatterNotAccepted(Refused):
    """对方投诉没有受理，不能以此为由不予受理"""


class SameMatterNotLinked(Refused):
    """两个投诉没有关联"""


class ClockStandsStill(Refused):
    """时限暂停期间不能办理这一步"""


class ClockIsRunning(Refused):
    """时限没有暂停"""


class PauseNotPossible(Refused):
    """这一阶段不能以该原因暂停时限"""


class PauseNeedsItems(Refused):
    """要求补正须一次性列明材料"""


class SupplementStillAwaited(Refused):
    """补正期限未满，不能按逾期未补正继续办理"""


class PromiseNotRunning(Refused):
    """没有这项进行中的时限"""


class PromiseNotGiven(Refused):
    """没有作出过这项时限承诺"""


class ExtensionNotAllowed(Refused):
    """按规则不能延期，或已达到延期次数上限"""


class ExtensionTooLong(Refused):
    """延期超过规则允许的长度"""


class ExtensionTooLate(Refused):
    """期限已过，不能再延期"""


class ExtensionNotTold(Refused):
    """延期须告知投诉人理由"""


class NotTheApprover(Refused):
    """须由规则规定的负责人批准"""


class CoHandlersAwaited(Refused):
    """协办单位尚未答复"""


class VisitContradicts(Refused):
    """未联系到本人，不能登记满意与否"""


class ReturnVisitMissing(Refused):
    """尚未回访，不能办结"""


class DissatisfiedNeedsReason(Refused):
    """投诉人仍不满意，办结须说明理由"""


class RatingIsNotBad(Refused):
    """只有不满意、非常不满意的评价才登记为不满意"""


class NothingToRework(Refused):
    """投诉人没有表示不满意，不需重办"""


# --- what may be seen, done, linked


def visible_to(state: Complaint, actor: Actor) -> bool:
    """Whether the actor may read it: neither the one complained of, nor who stepped aside."""
    return not _is_complained_of(state, actor) and actor.account not in state.recused


def _is_complained_of(state: Complaint, actor: Actor) -> bool:
    return not set(complained_of(state)).isdisjoint(marks_of(actor))


def complained_of(state: Complaint) -> tuple[str, ...]:
    """Marks of those whom it is about. A dissatisfaction that is only noted is for the point
    itself to settle."""
    about = state.grievance
    itself = state.registered and about.against_unit(about.point)
    return (*persons_of(about), *((f"unit:{about.point}",) if itself else ()))


def persons_of(about: Grievance) -> tuple[str, ...]:
    """Marks of the people it is about."""
    adviser = (f"adviser:{about.adviser}",) if about.adviser else ()
    account = (f"account:{about.account}",) if about.account else ()
    return (*adviser, *account)


def hidden_from(state: Complaint) -> tuple[str, ...]:
    """Marks of those who may not read it, `visible_to` for whoever looks through many."""
    return (*complained_of(state), *(f"account:{one}" for one in state.recused))


def marks_of(actor: Actor) -> tuple[str, ...]:
    """What an actor may be known by among those complained of: no citizen acts for a unit."""
    account = (f"account:{actor.account}",)
    adviser = (f"adviser:{actor.adviser}",) if actor.adviser else ()
    unit = (f"unit:{actor.unit}",) if actor.role != CITIZEN else ()
    return (*account, *adviser, *unit)


def noted_by_rating(
    request: UUID, rating: UUID, rated: Rating, served: Request
) -> NoteDissatisfaction:
    """The dissatisfaction that a bad rating of `request` tells of."""
    if rated.given is None or rated.given.grade not in BAD_GRADES:
        raise RatingIsNotBad
    logged = served.logged
    return NoteDissatisfaction(
        grievance=Grievance(
            point=logged.point,
            channel="rating",
            service=served.service,
            subject="评价不满意" if rated.given.grade == max(BAD_GRADES) else "评价非常不满意",
            detail=rated.given.comment,
            complainant=logged.visitor,
            person=logged.person,
            adviser=served.adviser,
            request=request,
            rating=rating,
        )
    )


def same_matter_link(
    complaint: UUID, other: UUID, found: Complaint | None, reason: str
) -> LinkSameMatter:
    """The link of `complaint` to an earlier one, `found` in its own stream; links form no
    circle."""
    original = _another(complaint, other, found)
    if original.same_matter:
        raise OriginalIsLinked(str(other))
    return LinkSameMatter(other=other, reason=reason)


def declined_as_same_matter(
    complaint: UUID, other: UUID, found: Complaint | None, reason: str
) -> DeclineComplaint:
    """Declined because another complaint on the matter was accepted (信访工作条例 art. 19)."""
    if not _another(complaint, other, found).accepted:
        raise SameMatterNotAccepted(str(other))
    return DeclineComplaint(ground="same_matter", reason=reason, same_as=other)


def _another(complaint: UUID, other: UUID, found: Complaint | None) -> Complaint:
    if complaint == other:
        raise SameMatterAsItself
    if found is None:
        raise ComplaintUnknown(str(other))
    if found.voided:
        raise ComplaintIsVoided(str(other))
    return found


def explain(
    state: Complaint, name: PromiseName, registers: Registers, round: int | None = None
) -> tuple[Step, ...]:
    """Why the promise of that name is, or last was, due when it is; of a review, its level is the
    round."""
    running = tuple(
        PromiseResult(
            promise=one,
            ended_at=one.due,
            kept=False,
            pauses=state.pauses,
            extended_by=state.extended_by(one.name),
        )
        for one in (*state.set_aside, *state.promises)
    )
    found = [
        one
        for one in (*state.results, *running)
        if one.promise.name == name and round in (None, one.promise.round)
    ]
    if not found:
        raise PromiseNotGiven(name)
    last = found[-1]
    return explain_promise(state.service, last.promise, registers, last.pauses, last.extended_by)


_HANDLING: Final = ("accepted", "assigned", "signed", "investigating")
_WITHDRAWABLE: Final[tuple[Stage, ...]] = (
    "registered", *_HANDLING, "returning", "answered", "review_asked", "consultation",
)  # fmt: skip
POSSIBLE: Final[dict[type[Command], tuple[Stage, ...]]] = {
    SettleDissatisfaction: ("noted",),
    AcknowledgeComplaint: ("registered", *_HANDLING, "returning"),
    AcceptComplaint: ("registered",),
    DeclineComplaint: ("registered",),
    complaint_routing.AssignComplaint: _HANDLING,
    complaint_routing.SignForComplaint: ("assigned",),
    complaint_routing.AskReturn: ("assigned", "signed"),
    complaint_routing.DecideReturn: ("returning",),
    complaint_routing.BeginInvestigation: ("signed",),
    complaint_routing.AskCoHandler: ("signed", "investigating"),
    complaint_routing.AnswerAsCoHandler: ("signed", "investigating"),
    complaint_routing.ReleaseCoHandler: ("signed", "investigating"),
    PauseComplaint: ("investigating", "review_asked"),
    ResumeComplaint: ("investigating", "review_asked"),
    ExtendDeadline: (*_HANDLING, "returning", "review_asked"),
    AnswerComplaint: ("investigating",),
    RecordReturnVisit: ("answered",),
    OrderRework: ("answered",),
    CloseComplaint: ("answered",),
    ReopenComplaint: ("declined", "closed", "withdrawn"),
    WithdrawComplaint: _WITHDRAWABLE,
    ReclassifyComplaint: ("registered", *_HANDLING, "consultation"),
    complaint_review.AskReview: ("answered", "closed", "review_decided"),
    complaint_review.DecideReview: ("review_asked",),
    complaint_review.FinalizeComplaint: ("closed", "review_decided"),
}
"""In which stages a step can be taken at all; the rules decide in the end."""


# --- decide


def decide(state: Complaint | None, command: ComplaintCommand, moment: Moment) -> list[Event]:
    not_in_future(moment)
    if isinstance(command, NoteDissatisfaction):
        return _note(state, command, moment)
    if isinstance(command, RegisterComplaint):
        return _register(state, command, moment)
    if state is None:
        raise ComplaintUnknown
    if state.voided:
        if isinstance(command, VoidComplaint):
            return []
        raise ComplaintIsVoided
    _may_act(state, moment.by)
    if moment.occurred_at < state.begun_at:
        raise HappensBeforeLogged
    if isinstance(command, Annotation):
        return _annotate(state, command, moment)
    if moment.occurred_at < state.since:
        raise HappensBeforeLastStep
    if isinstance(command, VoidComplaint):
        return [ComplaintVoided(reason=command.reason, at=moment.occurred_at)]
    if state.stage not in POSSIBLE[type(command)]:
        raise StepNotPossible(state.stage)
    if isinstance(command, RoutingCommand):
        return _route(state, command, moment)
    if isinstance(command, ReviewCommand):
        return _review(state, command, moment)
    if isinstance(command, Opening):
        return _open(state, command, moment)
    if isinstance(command, Running):
        return _run(state, command, moment)
    return _end(state, command, moment)


def _may_act(state: Complaint, actor: Actor) -> None:
    if _is_complained_of(state, actor):
        raise ActorIsComplainedOf
    if actor.account in state.recused:
        raise ActorIsRecused


# --- decide: noting and registering


class _Place(NamedTuple):
    """Where and with whom the grievance lies, on its own day."""

    division: str
    calendar: Calendar | None
    zone: str
    firm: str | None
    team: str | None


def _placed(grievance: Grievance, late_reason: str | None, moment: Moment) -> _Place:
    """Points that closed and advisers who left are complained of too."""
    point = moment.registers.points.get(grievance.point)
    if point is None:
        raise PointUnknown(grievance.point)
    if moment.now - moment.occurred_at > LATE_AFTER and late_reason is None:
        raise LateEntryNeedsReason
    most = min(grievance.people, _rules(point, moment).representatives_max)
    if grievance.representatives is not None and grievance.representatives > most:
        raise TooManyRepresentatives
    firm, team = _employer(grievance.adviser, moment)
    calendar = moment.registers.calendars[point.calendar] if point.calendar else None
    division = point.division_on(local_day(point, moment, moment.occurred_at))
    return _Place(division, calendar, point.zone, firm, team)


def _employer(adviser: str | None, moment: Moment) -> tuple[str | None, str | None]:
    if adviser is None:
        return None, None
    registered = moment.registers.advisers.get(adviser)
    if registered is None:
        raise AdviserUnknown(adviser)
    post = registered.post_at(moment.occurred_at)
    return post.firm, post.team


def _rules(point: Point, moment: Moment) -> ComplaintRules:
    policy = moment.registers.policies.get(LIMITS_POLICY)
    if policy is None:
        return ComplaintRules()
    try:
        version = policy.in_force(local_day(point, moment, moment.occurred_at))
    except NoPolicyInForce:
        return ComplaintRules()
    return version.complaints or ComplaintRules()


def _note(state: Complaint | None, command: NoteDissatisfaction, moment: Moment) -> list[Event]:
    if state is not None:
        raise ComplaintExists
    place = _placed(command.grievance, command.late_reason, moment)
    return [
        DissatisfactionNoted(
            grievance=command.grievance,
            division=place.division,
            calendar=place.calendar.ref if place.calendar else None,
            zone=place.zone,
            firm=place.firm,
            team=place.team,
            noted_by=moment.by.account,
            at=moment.occurred_at,
            late_reason=command.late_reason,
        )
    ]


def _register(state: Complaint | None, command: RegisterComplaint, moment: Moment) -> list[Event]:
    grievance = command.grievance
    if state is not None:
        if state.registered:
            raise ComplaintExists
        if state.voided:
            raise ComplaintIsVoided
        if moment.occurred_at < state.since:
            raise HappensBeforeLastStep
        _may_act(state, moment.by)
        grievance = grievance or state.grievance
        if grievance.point != state.grievance.point:
            raise GrievanceElsewhere
    if grievance is None:
        raise GrievanceMissing
    place = _placed(grievance, command.late_reason, moment)
    registered = ComplaintRegistered(
        grievance=grievance,
        division=place.division,
        calendar=place.calendar.ref if place.calendar else None,
        zone=place.zone,
        firm=place.firm,
        team=place.team,
        registered_by=moment.by.account,
        escalated=state is not None,
        at=moment.occurred_at,
        late_reason=command.late_reason,
    )
    received = evolve(state, registered)
    if not set(persons_of(grievance)).isdisjoint(marks_of(moment.by)):
        raise ActorIsComplainedOf
    return [replace(registered, promises=_promises(received, moment, "acknowledge"))]


# --- promises


def _newest(state: Complaint, moment: Moment) -> Calendar | None:
    return newest_calendar(state.calendar, moment)


def _promises(
    state: Complaint, moment: Moment, *names: PromiseName, round: int | None = None
) -> tuple[Promise, ...]:
    """Those that begin now, by the rules of the day and the calendar of the complaint's point."""
    calendar = _newest(state, moment)
    clock = Clock(moment.occurred_at, round or state.round)
    return promised(state.service, names, clock, calendar, rules_in_force(calendar, moment))


def _new_promises(state: Complaint, moment: Moment) -> tuple[Promise, ...]:
    """Those of a new round: without a unit it has to be assigned again, too."""
    names: tuple[PromiseName, ...] = ("acknowledge", "answer")
    return _promises(state, moment, *names, round=state.round + 1)


def _unit_promises(
    state: Complaint, moment: Moment, name: PromiseName, unit: str | None
) -> tuple[Promise, ...]:
    """What one unit owes another, by that unit's own calendar where it has one."""
    point = moment.registers.points.get(unit) if unit else None
    if point is None or point.calendar is None:
        return _promises(state, moment, name)
    calendar = moment.registers.calendars[point.calendar]
    clock = Clock(moment.occurred_at, state.round)
    return promised(state.service, (name,), clock, calendar, rules_in_force(calendar, moment))


def _promised_again(
    state: Complaint, moment: Moment, *, as_promised: bool = True
) -> tuple[Promise, ...]:
    """The running promises from their own start, after their pauses and extensions: by the rules
    they were given by, or by those of today."""
    again: list[Promise] = []
    for one in state.promises:
        calendar = newest_calendar(one.calendar, moment)
        version = (
            rules_behind(one, moment.registers) if as_promised else rules_in_force(calendar, moment)
        )
        clock = Clock(one.started_at, one.round, state.pauses, state.extended_by(one.name))
        again += promised(state.service, (one.name,), clock, calendar, version)
    return tuple(again)


def _until(state: Complaint, name: LimitName, moment: Moment) -> datetime | None:
    """Until when the person may do something, by the rules of the day; None: no end is set."""
    calendar = _newest(state, moment)
    version = rules_in_force(calendar, moment)
    limit = version.limit(state.service, name) if version else None
    return deadline(limit, moment.occurred_at, calendar).due if limit and calendar else None


# --- decide: annotations


def _annotate(state: Complaint, command: Annotation, moment: Moment) -> list[Event]:
    match command:
        case NameObject():
            return _name_object(state, command, moment)
        case SuperviseComplaint(level=level, demand=demand):
            supervised = ComplaintSupervised(level=level, by=moment.by.unit, demand=demand)
            return [] if supervised in state.supervised else [supervised]
        case LinkSameMatter(other=other):
            linked = other in state.same_matter
            return [] if linked else [SameMatterLinked(other=other, reason=command.reason)]
        case UnlinkSameMatter(other=other):
            if other not in state.same_matter:
                raise SameMatterNotLinked
            return [SameMatterUnlinked(other=other, reason=command.reason)]
        case DeclareRecusal():
            account = moment.by.account
            return [Recused(account=account, declared=True, reason=command.reason)]
        case OrderRecusal(account=account):
            ordered = Recused(account=account, declared=False, reason=command.reason)
            return [] if account in state.recused else [ordered]
        case RecalculateComplaintDeadlines():
            again = _promised_again(state, moment, as_promised=False)
            changed = tuple(one for one in again if one not in state.promises)
            if not changed:
                raise NothingToRecalculate
            return [ComplaintDeadlinesRecalculated(reason=command.reason, promises=changed)]
        case _:
            assert_never(command)


def _name_object(state: Complaint, command: NameObject, moment: Moment) -> list[Event]:
    firm, team = _employer(command.adviser, moment)
    named = ObjectNamed(
        adviser=command.adviser,
        firm=firm,
        team=team,
        account=command.account,
        point_itself=command.point_itself,
        reason=command.reason,
    )
    return [] if evolve(state, named) == state else [named]


# --- decide: before it is handled


def _open(state: Complaint, command: Opening, moment: Moment) -> list[Event]:
    at = moment.occurred_at
    match command:
        case SettleDissatisfaction():
            return [DissatisfactionSettled(measure=command.measure, at=at)]
        case AcknowledgeComplaint():
            running = any(one.name == "acknowledge" for one in state.promises)
            return [ComplaintAcknowledged(contact=command.contact, at=at)] if running else []
        case AcceptComplaint():
            promises = _promises(state, moment, "assign", "answer")
            return [ComplaintAccepted(by=moment.by.unit, at=at, promises=promises)]
        case DeclineComplaint():
            if command.ground in ROUTED and command.routed_to is None:
                raise RouteMissing
            if command.ground == "same_matter" and command.same_as is None:
                raise SameMatterMissing
            return [
                ComplaintDeclined(
                    ground=command.ground,
                    reason=command.reason,
                    routed_to=command.routed_to,
                    same_as=command.same_as,
                    at=at,
                )
            ]
        case _:
            assert_never(command)


# --- decide: handling


def _route(state: Complaint, command: RoutingCommand, moment: Moment) -> list[Event]:
    if isinstance(command, AssignComplaint | AskCoHandler):
        _not_complained_of(state, command.unit)
    if isinstance(command, AssignComplaint) and state.pause is not None:
        raise ClockStandsStill
    due = next((one.due for one in state.promises if one.name == "return"), None)

    def promising(name: PromiseName, unit: str | None) -> tuple[Promise, ...]:
        return _unit_promises(state, moment, name, unit)

    return decide_routing(state.routing, command, moment, promising, due)


def _not_complained_of(state: Complaint, unit: str) -> None:
    if state.grievance.against_unit(unit):
        raise UnitIsComplainedOf(unit)


def _run(state: Complaint, command: Running, moment: Moment) -> list[Event]:
    match command:
        case PauseComplaint():
            return _stop_clock(state, command, moment)
        case ResumeComplaint():
            return _start_clock(state, command, moment)
        case ExtendDeadline():
            return _extend(state, command, moment)
        case ReclassifyComplaint():
            return _reclassify(state, command, moment)
        case _:
            assert_never(command)


def _stop_clock(state: Complaint, command: PauseComplaint, moment: Moment) -> list[Event]:
    _by_who_has_it(state, moment.by)
    if state.pause is not None:
        raise ClockStandsStill
    if (command.cause == "hearing") != (state.status == "review_asked"):
        raise PauseNotPossible(command.cause)
    due = None
    if command.cause == "supplement":
        if not command.items:
            raise PauseNeedsItems
        due = _until(state, "supplement", moment)
    at = moment.occurred_at
    return [ComplaintPaused(cause=command.cause, items=command.items, at=at, due=due)]


def _start_clock(state: Complaint, command: ResumeComplaint, moment: Moment) -> list[Event]:
    _by_who_has_it(state, moment.by)
    paused, at = state.pause, moment.occurred_at
    if paused is None:
        raise ClockIsRunning
    if not command.supplied and (paused.due is None or at <= paused.due):
        raise SupplementStillAwaited
    resumed = ComplaintResumed(supplied=command.supplied, at=at)
    return [replace(resumed, promises=_promised_again(evolve(state, resumed), moment))]


def _by_who_has_it(state: Complaint, actor: Actor) -> None:
    if state.reviews.asked is None:
        at_work(state.routing, actor)
    elif actor.unit != state.reviews.asked.to:
        raise NotTheReviewer(actor.unit)


def _extend(state: Complaint, command: ExtendDeadline, moment: Moment) -> list[Event]:
    extended = ComplaintExtended(
        promise=command.promise,
        amount=command.amount,
        reason=command.reason,
        approved_by=moment.by.account,
        role=moment.by.role,
        notified=command.notified,
        at=moment.occurred_at,
    )
    if any(replace(one, promises=()) == extended for one in state.extensions):
        return []
    promise = next((one for one in state.promises if one.name == command.promise), None)
    if promise is None:
        raise PromiseNotRunning(command.promise)
    if state.pause is not None:
        raise ClockStandsStill
    limit = rules_behind(promise, moment.registers).limit(state.service, promise.name)
    assert limit is not None
    if len(state.extended_by(promise.name)) >= limit.extensions_max:
        raise ExtensionNotAllowed
    if command.amount > limit.extension_amount_max:
        raise ExtensionTooLong(f"{limit.extension_amount_max}")
    if moment.by.role != limit.extension_approver:
        raise NotTheApprover(limit.extension_approver or "")
    if moment.occurred_at > promise.due:
        raise ExtensionTooLate
    if command.notified is None and not state.grievance.anonymous:
        raise ExtensionNotTold
    again = _promised_again(evolve(state, extended), moment)
    return [replace(extended, promises=tuple(one for one in again if one.name == promise.name))]


def _reclassify(state: Complaint, command: ReclassifyComplaint, moment: Moment) -> list[Event]:
    if command.kind == state.kind:
        return []
    approver = _rules(moment.registers.points[state.grievance.point], moment).reclassify_approver
    if moment.by.role != approver:
        raise NotTheApprover(approver)
    if state.pause is not None:
        raise ClockStandsStill
    return [
        ComplaintReclassified(
            from_kind=state.kind,
            to_kind=command.kind,
            reason=command.reason,
            approved_by=moment.by.account,
            role=moment.by.role,
            request=command.request,
            at=moment.occurred_at,
            promises=state.set_aside,
        )
    ]


# --- decide: the answer and what follows


def _end(state: Complaint, command: Ending, moment: Moment) -> list[Event]:
    at = moment.occurred_at
    match command:
        case AnswerComplaint():
            return _answer(state, command, moment)
        case RecordReturnVisit():
            return _visit(state, command, moment)
        case OrderRework():
            if state.told is None or state.told.satisfied is not False:
                raise NothingToRework
            promises = _new_promises(state, moment)
            return [ReworkOrdered(reason=command.reason, at=at, promises=promises)]
        case CloseComplaint():
            return _close(state, command, moment)
        case ReopenComplaint():
            return _reopen(state, command, moment)
        case WithdrawComplaint():
            return [ComplaintWithdrawn(reason=command.reason, at=at)]
        case _:
            assert_never(command)


def _answer(state: Complaint, command: AnswerComplaint, moment: Moment) -> list[Event]:
    at_work(state.routing, moment.by)
    if state.pause is not None:
        raise ClockStandsStill
    if state.routing.awaited:
        raise CoHandlersAwaited("、".join(state.routing.awaited))
    assert state.routing.unit is not None
    return [
        ComplaintAnswered(
            round=state.round,
            claim=command.claim,
            facts=command.facts,
            opinion=command.opinion,
            basis=command.basis,
            outcome=command.outcome,
            justified=command.justified,
            resolved=command.resolved,
            unit=state.routing.unit,
            answered_by=moment.by.account,
            at=moment.occurred_at,
            review_until=_until(state, "review_request", moment),
        )
    ]


def _visit(state: Complaint, command: RecordReturnVisit, moment: Moment) -> list[Event]:
    if not command.reached and command.satisfied is not None:
        raise VisitContradicts
    visit = ReturnVisitMade(
        round=state.round,
        reached=command.reached,
        satisfied=command.satisfied,
        comment=command.comment,
        called_by=moment.by.account,
        at=moment.occurred_at,
    )
    return [] if visit in state.visits else [visit]


def _close(state: Complaint, command: CloseComplaint, moment: Moment) -> list[Event]:
    visited = any(one.round == state.round for one in state.visits)
    if not visited and not state.grievance.anonymous:
        raise ReturnVisitMissing
    if state.told and state.told.satisfied is False and command.reason is None:
        raise DissatisfiedNeedsReason
    return [ComplaintClosed(reason=command.reason, at=moment.occurred_at)]


def _reopen(state: Complaint, command: ReopenComplaint, moment: Moment) -> list[Event]:
    names: tuple[PromiseName, ...] = ("acknowledge",)
    if state.accepted:
        names = ("acknowledge", "assign", "answer")
    promises = _promises(state, moment, *names, round=state.round + 1)
    return [ComplaintReopened(reason=command.reason, at=moment.occurred_at, promises=promises)]


def _review(state: Complaint, command: ReviewCommand, moment: Moment) -> list[Event]:
    if isinstance(command, AskReview):
        _not_complained_of(state, command.to)
    if isinstance(command, DecideReview) and state.pause is not None:
        raise ClockStandsStill
    level = len(state.reviews.decided) + 1

    def promising(name: PromiseName) -> tuple[Promise, ...]:
        return _promises(state, moment, name, round=level)

    def afterwards() -> Afterwards:
        return Afterwards(
            review_until=_until(state, "review_request", moment),
            new_round=_new_promises(state, moment),
        )

    return decide_review(state.reviews, command, moment, state.handlers, promising, afterwards)
