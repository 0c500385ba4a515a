"""Commands on a complaint: from noting a dissatisfaction to its last review."""

from datetime import datetime
from typing import Final, NamedTuple, assert_never, get_args
from uuid import UUID

from msgspec.structs import replace

from domain.codes import LimitName
from domain.complaints import review as complaint_review
from domain.complaints import routing as complaint_routing
from domain.complaints.complaint import Complaint, Stage, evolve, unhidden_mark
from domain.complaints.record import (
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
    ComplaintUnhidden,
    ComplaintVoided,
    ComplaintWithdrawn,
    CorrectPeople,
    DeclareRecusal,
    DeclineComplaint,
    DissatisfactionNoted,
    DissatisfactionSettled,
    Ending,
    ExtendDeadline,
    Grievance,
    LinkSameMatter,
    NameObject,
    NoteDissatisfaction,
    ObjectNamed,
    Opening,
    OrderRecusal,
    OrderRework,
    OwnCommand,
    PauseComplaint,
    PeopleCorrected,
    RecalculateComplaintDeadlines,
    ReclassifyComplaint,
    RecordReturnVisit,
    Recused,
    RegisterComplaint,
    ReopenComplaint,
    ResumeComplaint,
    ReturnVisitMade,
    ReworkOrdered,
    Running,
    SameMatterLinked,
    SameMatterUnlinked,
    SettleDissatisfaction,
    SuperviseComplaint,
    UnhideComplaint,
    UnlinkSameMatter,
    VoidComplaint,
    WithdrawComplaint,
)
from domain.complaints.review import (
    Afterwards,
    AskReview,
    DecideReview,
    NotTheReviewer,
    ReviewCommand,
    decide_review,
)
from domain.complaints.routing import (
    AskCoHandler,
    AssignComplaint,
    RoutingCommand,
    at_work,
    decide_routing,
)
from domain.complaints.visibility import is_kept_from, marks_of, visible_to
from domain.listed import known_adviser, known_organ, known_point, opened_point
from domain.moment import (
    Beside,
    HappensBeforeLastStep,
    HappensBeforeLogged,
    Moment,
    Registers,
    calendar_of,
    local_day,
    not_in_future,
    published_first,
)
from domain.promises.promise import Clock, Promise, PromiseName, PromiseResult, promised
from domain.promises.promising import (
    NotTheApprover,
    PromiseNotRunning,
    approved_extension,
    explain_promise,
    newest_calendar,
    rules_behind,
    rules_in_force,
)
from domain.registers.appointment import china_day
from domain.registers.point import Point
from domain.registers.policy import LIMITS_POLICY, ComplaintRules, NoPolicyInForce
from domain.requests.rating import BAD_GRADES, Rating
from domain.requests.request import Request
from domain.requests.request_commands import NothingToRecalculate
from domain.roles import LEADERS
from domain.vocabulary import CHINA, Actor, Command, Event, Refused
from domain.worktime.calendar import Calendar, Step, deadline
from domain.worktime.zone import zone_counted

ComplaintCommand = OwnCommand | RoutingCommand | ReviewCommand


COMMANDS: Final[tuple[type[Command], ...]] = get_args(ComplaintCommand)


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
    """投诉的服务点或机关与登记的不满意不一致"""


class PointOrOrgan(Refused):
    """投诉的对象须是一个服务点或者一个市直机关，二者择一"""


class OrganHasNoAdvisers(Refused):
    """投诉的是机关，不能指明法律顾问为被投诉人"""


class TooManyRepresentatives(Refused):
    """集体反映须推选代表，代表人数超过上限或超过来访人数"""


class ActorIsComplainedOf(Refused):
    """被投诉人不得办理针对自己的投诉"""


class SecondPersonNeeded(Refused):
    """更正被投诉人、解除回避查阅、撤回、作废投诉，须由登记人以外的领导办理"""


class OneToUnhideFrom(Refused):
    """每次只能对一位（法律顾问、账号或者服务点）解除查阅限制"""


class StillComplainedOf(Refused):
    """仍是被投诉对象，不得解除查阅限制；确属错误的，请先更正被投诉对象"""


class UnitIsComplainedOf(Refused):
    """不得将投诉交由被投诉的服务点或机关办理"""


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


class PromiseNotGiven(Refused):
    """没有作出过这项时限承诺"""


class ExtensionNotTold(Refused):
    """延期须告知投诉人理由"""


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


def noted_by_rating(
    request: UUID, rating: UUID, rated: Rating, served: Request
) -> NoteDissatisfaction:
    """Build the command that notes the dissatisfaction of a bad rating of `request`."""
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


def explain(
    state: Complaint, name: PromiseName, registers: Registers, round: int | None = None
) -> tuple[Step, ...]:
    """Explain the newest promise `name`; for reviews pass the level as `round`."""
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
    named = [
        one
        for one in (*state.results, *running)
        if one.promise.name == name and round in (None, one.promise.round)
    ]
    if not named:
        raise PromiseNotGiven(name)
    last = named[-1]
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


def possible(state: Complaint, command: type[Command]) -> bool:
    """Return whether the state lets it happen at all; the rules decide in the end."""
    if state.voided:
        return False
    if command is RegisterComplaint:
        return not state.registered
    if command is UnhideComplaint:
        return not set(state.kept_from) <= set(state.complained_of)
    if command is UnlinkSameMatter:
        return bool(state.same_matter)
    if command is RecalculateComplaintDeadlines:
        return bool(state.promises)
    if issubclass(command, (Annotation, VoidComplaint)):
        return True
    if state.stage not in POSSIBLE[command]:
        return False
    stands_still = state.pause is not None
    if command is AcknowledgeComplaint:
        return any(one.name == "acknowledge" for one in state.promises)
    if command is complaint_routing.AskReturn:
        return state.routing.asked is None
    if command in (complaint_routing.AnswerAsCoHandler, complaint_routing.ReleaseCoHandler):
        return bool(state.routing.awaited)
    if command is ResumeComplaint:
        return stands_still
    if command is ExtendDeadline:
        running = any(one.name in ("answer", "review") for one in state.promises)
        return running and not stands_still
    if command is AnswerComplaint:
        return not stands_still and not state.routing.awaited
    if command in NEEDS_THE_CLOCK:
        return not stands_still
    if command is OrderRework:
        return state.told is not None and state.told.satisfied is False
    if command is CloseComplaint:
        visited = any(one.round == state.round for one in state.visits)
        return visited or state.grievance.anonymous
    if command is complaint_review.AskReview:
        return not state.reviews.exhausted
    return True


NEEDS_THE_CLOCK: Final = (
    PauseComplaint,
    ReclassifyComplaint,
    complaint_routing.AssignComplaint,
    complaint_review.DecideReview,
)
"""What is refused while the clock stands still."""


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
    _may_act(state, moment)
    if moment.occurred_at < state.begun_at:
        raise HappensBeforeLogged
    if isinstance(command, Annotation):
        return _annotate(state, command, moment)
    if moment.occurred_at < state.since:
        raise HappensBeforeLastStep
    if isinstance(command, (VoidComplaint, WithdrawComplaint)):
        _by_a_second(state, moment.by)
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


def _may_act(state: Complaint, moment: Moment) -> None:
    advisers = {f"adviser:{one}" for one in moment.names}
    if is_kept_from(state, moment.by) or not advisers.isdisjoint(state.kept_from):
        raise ActorIsComplainedOf
    if moment.by.is_one_of(*state.recused):
        raise ActorIsRecused


def _by_a_second(state: Complaint, by: Actor) -> None:
    """Four eyes: what takes a complaint from somebody, or away, is a leader's who did not enter it.

    Raises: SecondPersonNeeded.
    """
    if by.role not in LEADERS or by.is_one_of(*state.entered_by):
        raise SecondPersonNeeded


# --- decide: noting and registering


class _Place(NamedTuple):
    """The registers' data on the place of the grievance, on its own day."""

    division: str
    calendar: Calendar | None
    zone: str
    firm: str | None
    team: str | None


def _placed(grievance: Grievance, moment: Moment) -> _Place:
    """Look up the place; closed points and advisers who left can be complained of too.

    Raises: PointNotOpenYet, beside what an unknown code raises.
    """
    if (grievance.point is None) == (grievance.organ is None):
        raise PointOrOrgan
    if grievance.organ is not None and grievance.adviser is not None:
        raise OrganHasNoAdvisers
    point = _point(grievance, moment.registers)
    if point is not None:
        opened_point(point.code, moment.registers, moment.occurred_at)
    _refuse_representatives(grievance.people, grievance.representatives, point, moment)
    if grievance.organ is not None:
        organ = known_organ(grievance.organ, moment.registers, moment.occurred_at)
        return _Place(organ.division, published_first(moment), CHINA, None, None)
    assert point is not None
    firm, team = _employer(grievance.adviser, moment)
    calendar = calendar_of(point, moment)
    division = point.division_on(local_day(point, moment, moment.occurred_at))
    return _Place(division, calendar, zone_counted(point.zone_at(moment.occurred_at)), firm, team)


def _point(grievance: Grievance, registers: Registers) -> Point | None:
    return known_point(grievance.point, registers) if grievance.point is not None else None


def _refuse_representatives(
    people: int, representatives: int | None, at: Point | None, moment: Moment
) -> None:
    most = _rules(at, moment).representatives_max
    if representatives is not None and representatives > min(people, most):
        raise TooManyRepresentatives


def _employer(adviser: str | None, moment: Moment) -> tuple[str | None, str | None]:
    if adviser is None:
        return None, None
    post = known_adviser(adviser, moment.registers).post_at(moment.occurred_at)
    return post.firm, post.team


def _rules(point: Point | None, moment: Moment) -> ComplaintRules:
    policy = moment.registers.policies.get(LIMITS_POLICY)
    if policy is None:
        return ComplaintRules()
    try:
        at = moment.occurred_at
        version = policy.in_force(local_day(point, moment, at) if point else china_day(at))
    except NoPolicyInForce:
        return ComplaintRules()
    return version.complaints or ComplaintRules()


def _note(state: Complaint | None, command: NoteDissatisfaction, moment: Moment) -> list[Event]:
    # Asked before whether there is one already: he is not told that there is.
    if not set(command.grievance.persons).isdisjoint(marks_of(moment.by)):
        raise ActorIsComplainedOf
    if state is not None:
        raise ComplaintExists
    place = _placed(command.grievance, moment)
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
            late_reason=command.late_reason or moment.late_reason,
        )
    ]


def _register(state: Complaint | None, command: RegisterComplaint, moment: Moment) -> list[Event]:
    grievance = command.grievance
    if state is not None:
        if not visible_to(state, moment.by):
            raise ComplaintUnknown
        if state.registered:
            raise ComplaintExists
        if state.voided:
            raise ComplaintIsVoided
        if moment.occurred_at < state.since:
            raise HappensBeforeLastStep
        _may_act(state, moment)
        grievance = grievance or state.grievance
        if grievance.unit != state.grievance.unit:
            raise GrievanceElsewhere
    if grievance is None:
        raise GrievanceMissing
    place = _placed(grievance, moment)
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
        late_reason=command.late_reason or moment.late_reason,
    )
    received = evolve(state, registered)
    if not set(grievance.persons).isdisjoint(marks_of(moment.by)):
        raise ActorIsComplainedOf
    return [replace(registered, promises=_promises(received, moment, "acknowledge"))]


# --- promises


def _newest(state: Complaint, moment: Moment) -> Calendar | None:
    return newest_calendar(state.calendar, moment)


def _promises(
    state: Complaint, moment: Moment, *names: PromiseName, round: int | None = None
) -> tuple[Promise, ...]:
    """Give the promises that begin now, by the rules of the day and the calendar of the point."""
    calendar = _newest(state, moment)
    clock = Clock(moment.occurred_at, round or state.round)
    return promised(state.service, names, clock, calendar, rules_in_force(calendar, moment))


def _new_promises(state: Complaint, moment: Moment) -> tuple[Promise, ...]:
    """Give the promises of a new round; without a unit, also that of assigning it."""
    names: tuple[PromiseName, ...] = ("acknowledge", "answer")
    return _promises(state, moment, *names, round=state.round + 1)


def _unit_promises(
    state: Complaint, moment: Moment, name: PromiseName, unit: str | None
) -> tuple[Promise, ...]:
    """Give the promises between units, by the calendar of the unit that owes them if it has one."""
    point = moment.registers.points.get(unit) if unit else None
    calendar = calendar_of(point, moment) if point else None
    if calendar is None:
        return _promises(state, moment, name)
    clock = Clock(moment.occurred_at, state.round)
    return promised(state.service, (name,), clock, calendar, rules_in_force(calendar, moment))


def _promised_again(
    state: Complaint, moment: Moment, *, as_promised: bool = True
) -> tuple[Promise, ...]:
    """Recompute the running promises from their own start, after their pauses and extensions.

    The rules are those the promises were given by, or those of today.
    """
    again: list[Promise] = []
    for given in state.promises:
        calendar = newest_calendar(given.calendar, moment)
        version = (
            rules_behind(given, moment.registers)
            if as_promised
            else rules_in_force(calendar, moment)
        )
        clock = Clock(given.started_at, given.round, state.pauses, state.extended_by(given.name))
        again += promised(state.service, (given.name,), clock, calendar, version)
    return tuple(again)


def _until(state: Complaint, name: LimitName, moment: Moment) -> datetime | None:
    """Return the end of the person's time limit by the day's rules; None when none is set."""
    calendar = _newest(state, moment)
    version = rules_in_force(calendar, moment)
    limit = version.limit(state.service, name) if version else None
    return deadline(limit, moment.occurred_at, calendar).due if limit and calendar else None


# --- decide: annotations


def _annotate(state: Complaint, command: Annotation, moment: Moment) -> list[Event]:
    match command:
        case NameObject():
            return _name_object(state, command, moment)
        case UnhideComplaint():
            return _unhide(state, command, moment)
        case CorrectPeople(people=people, representatives=representatives):
            point = _point(state.grievance, moment.registers)
            _refuse_representatives(people, representatives, point, moment)
            corrected = PeopleCorrected(
                people=people, representatives=representatives, reason=command.reason
            )
            return [] if evolve(state, corrected) == state else [corrected]
        case SuperviseComplaint(level=level, demand=demand):
            supervised = ComplaintSupervised(level=level, by=moment.by.unit, demand=demand)
            return [] if supervised in state.supervised else [supervised]
        case LinkSameMatter(other=other):
            if other in state.same_matter:
                return []
            if _another(other, moment).same_matter:
                raise OriginalIsLinked(str(other))
            return [SameMatterLinked(other=other, reason=command.reason)]
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


def _another(other: UUID, moment: Moment) -> Complaint:
    """Return the complaint that a link leads to; one that the actor may not see is as none."""
    if other == moment.stream:
        raise SameMatterAsItself
    found = moment.beside.get(other)
    if not isinstance(found, Complaint) or not visible_to(found, moment.by):
        raise ComplaintUnknown(str(other))
    if found.voided:
        raise ComplaintIsVoided(str(other))
    return found


def _reads(
    _: Complaint | None, command: LinkSameMatter | DeclineComplaint, __: Moment
) -> list[UUID]:
    other = command.other if isinstance(command, LinkSameMatter) else command.same_as
    return [] if other is None else [other]


BESIDE: Final = Beside((LinkSameMatter, DeclineComplaint), _reads)


def _name_object(state: Complaint, command: NameObject, moment: Moment) -> list[Event]:
    if command.adviser is not None and state.grievance.organ is not None:
        raise OrganHasNoAdvisers
    firm, team = _employer(command.adviser, moment)
    named = ObjectNamed(
        adviser=command.adviser,
        firm=firm,
        team=team,
        account=command.account,
        point_itself=command.point_itself,
        reason=command.reason,
    )
    if evolve(state, named) == state:
        return []
    if state.grievance.persons:
        _by_a_second(state, moment.by)
    return [named]


def _unhide(state: Complaint, command: UnhideComplaint, moment: Moment) -> list[Event]:
    _by_a_second(state, moment.by)
    said = (command.adviser is not None, command.account is not None, command.point_itself)
    if said.count(True) != 1:
        raise OneToUnhideFrom
    mark = unhidden_mark(command, state)
    if mark in state.complained_of:
        raise StillComplainedOf(mark)
    if mark not in state.kept_from:
        return []
    return [
        ComplaintUnhidden(
            adviser=command.adviser,
            account=command.account,
            point_itself=command.point_itself,
            reason=command.reason,
        )
    ]


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
            # 信访工作条例 art. 19: what another complaint was accepted for already.
            if command.same_as is not None and not _another(command.same_as, moment).accepted:
                raise SameMatterNotAccepted(str(command.same_as))
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
    if f"unit:{unit}" in state.kept_from or state.grievance.against_unit(unit):
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
    granted = state.extended_by(promise.name)
    approved_extension(promise, state.service, granted, command.amount, moment)
    if command.notified is None and not state.grievance.anonymous:
        raise ExtensionNotTold
    again = _promised_again(evolve(state, extended), moment)
    return [replace(extended, promises=tuple(one for one in again if one.name == promise.name))]


def _reclassify(state: Complaint, command: ReclassifyComplaint, moment: Moment) -> list[Event]:
    if command.kind == state.kind:
        return []
    point = _point(state.grievance, moment.registers)
    approver = _rules(point, moment).reclassify_approver
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
