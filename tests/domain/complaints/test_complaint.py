"""A complaint: noted, registered, accepted or declined, handled, answered, reworked, withdrawn."""

from contextlib import suppress
from datetime import datetime, timedelta
from itertools import pairwise
from random import Random
from typing import Any, get_args

import msgspec
import pytest
from msgspec.inspect import type_info
from msgspec.structs import replace

from domain.aggregates import fold
from domain.complaints import complaint, complaint_commands
from domain.complaints.complaint import PAUSED_WHY, Complaint, Stage
from domain.complaints.complaint_commands import (
    ActorIsComplainedOf,
    ActorIsRecused,
    ClockIsRunning,
    ClockStandsStill,
    CoHandlersAwaited,
    ComplaintExists,
    ComplaintIsVoided,
    ComplaintUnknown,
    DissatisfiedNeedsReason,
    ExtensionNotTold,
    GrievanceElsewhere,
    GrievanceMissing,
    NothingToRework,
    OriginalIsLinked,
    PauseNeedsItems,
    PauseNotPossible,
    PromiseNotGiven,
    RatingIsNotBad,
    ReturnVisitMissing,
    RouteMissing,
    SameMatterAsItself,
    SameMatterMissing,
    SameMatterNotAccepted,
    SameMatterNotLinked,
    StepNotPossible,
    SupplementStillAwaited,
    TooManyRepresentatives,
    VisitContradicts,
    explain,
    noted_by_rating,
)
from domain.complaints.record import (
    AcceptComplaint,
    AcknowledgeComplaint,
    AnswerComplaint,
    CloseComplaint,
    ComplaintAcknowledged,
    ComplaintAnswered,
    ComplaintDeadlinesRecalculated,
    ComplaintExtended,
    ComplaintReclassified,
    ComplaintReopened,
    ComplaintResumed,
    ComplaintSupervised,
    ComplaintVoided,
    CorrectPeople,
    DeclareRecusal,
    DeclineComplaint,
    DeclineGround,
    DissatisfactionSettled,
    ExtendDeadline,
    Grievance,
    LinkSameMatter,
    NameObject,
    NoteDissatisfaction,
    ObjectNamed,
    OrderRecusal,
    OrderRework,
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
    SameMatterLinked,
    SameMatterUnlinked,
    SettleDissatisfaction,
    SuperviseComplaint,
    UnlinkSameMatter,
    VoidComplaint,
    WithdrawComplaint,
)
from domain.complaints.review import AskReview, DecideReview, FinalizeComplaint
from domain.complaints.routing import (
    AskReturn,
    AssignComplaint,
    BeginInvestigation,
    DecideReturn,
    NotTheHandler,
    SignForComplaint,
)
from domain.complaints.visibility import visible_to
from domain.jurisdiction import OutsideJurisdiction
from domain.moment import (
    HappensBeforeLastStep,
    HappensBeforeLogged,
    HappensInFuture,
    LateEntryNeedsReason,
    Moment,
)
from domain.promises.promising import (
    ExtensionNotAllowed,
    ExtensionTooLate,
    ExtensionTooLong,
    NotTheApprover,
    PromiseNotRunning,
)
from domain.registers.adviser import AdviserUnknown
from domain.registers.point import PointUnknown
from domain.registers.policy import LIMITS_POLICY, ComplaintRules, Policy
from domain.requests import rating, request
from domain.requests.rating import RatingGiven, RatingInvited
from domain.requests.request_commands import NothingToRecalculate
from domain.vocabulary import Actor, Command, Event, Refused, Visitor, sibling_id
from domain.worktime.calendar import Pause
from tests.complaints import (
    ACCEPTED,
    ACKNOWLEDGE,
    AGAINST_POINT,
    ANONYMOUS,
    ANSWER,
    ANSWERED,
    ASSIGN,
    CLOSED,
    CO_HANDLING,
    COMPLAINT,
    COMPLAINT_RULES,
    DECLINED,
    DISSATISFIED,
    GRIEVANCE,
    HANDLER,
    HELPER,
    NOTED,
    OFFICER,
    OTHER,
    PAUSED,
    RE_REVIEWER,
    REGISTERED,
    REGISTERED_AGAINST_POINT,
    REVIEWER,
    REVIEWING,
    RULED,
    SATISFIED,
    SECOND_OFFICER,
    UNDER_INVESTIGATION,
    UNDER_REVIEW,
    UNREACHED,
    WITH_ANSWER,
    WITH_CLOSE,
    WITH_REVIEW,
    WITHDRAWN,
    given,
    promise,
)
from tests.examples import (
    CITIZEN,
    CLERK,
    COLLEAGUE,
    EVENING,
    LAWYER,
    LOGGED,
    MORNING,
    NO_RULES,
    NOON,
    REQUEST,
    local,
)

NOTE = NoteDissatisfaction(grievance=GRIEVANCE)
REGISTER = RegisterComplaint(grievance=GRIEVANCE)
ESCALATE = RegisterComplaint()
ESCALATED = replace(REGISTERED, escalated=True)
NEXT_WEEK = local("2026-03-10 09:00")

# --- a dissatisfaction


def test_a_dissatisfaction_is_noted_with_division_calendar_and_the_advisers_firm() -> None:
    after = given(at=MORNING).when(NOTE).then(NOTED)
    assert (after.stage, after.promises) == ("noted", ())


def test_a_dissatisfaction_is_noted_once() -> None:
    given(NOTED).when(NOTE).refused(ComplaintExists)


def test_a_dissatisfaction_put_right_on_the_spot_is_settled() -> None:
    settled = DissatisfactionSettled(measure="当场道歉", at=NOON)
    after = given(NOTED).when(SettleDissatisfaction(measure="当场道歉")).then(settled)
    assert after.stage == "settled"
    given(NOTED, settled, at=EVENING).when(ESCALATE).then(
        replace(
            ESCALATED,
            at=EVENING,
            promises=(promise("acknowledge", "2026-03-03 18:00", EVENING),),
        )
    )


def test_the_point_itself_settles_what_was_noted_about_it() -> None:
    about_point = replace(NOTED, grievance=AGAINST_POINT)
    settled = DissatisfactionSettled(measure="当场道歉", at=NOON)
    given(about_point).when(SettleDissatisfaction(measure="当场道歉"), by=CLERK).then(settled)


def test_a_dissatisfaction_becomes_a_complaint_as_it_was_noted() -> None:
    after = given(NOTED, at=MORNING).when(ESCALATE).then(ESCALATED)
    assert (after.stage, after.promises) == ("registered", (ACKNOWLEDGE,))


def test_a_dissatisfaction_becomes_a_complaint_in_other_words() -> None:
    other = replace(GRIEVANCE, channel="hotline_12345", work_order="GZ20260302001")
    registered = replace(ESCALATED, grievance=other)
    given(NOTED, at=MORNING).when(RegisterComplaint(grievance=other)).then(registered)


def test_what_was_said_of_a_dissatisfaction_stays_with_the_complaint() -> None:
    named = ObjectNamed(account="clerk-2", reason="核实")
    seen = ComplaintSupervised(level="district", by="440103", demand="限期答复")
    aside = Recused(account="clerk-9", declared=True, reason="亲属")
    linked = SameMatterLinked(other=OTHER, reason="同一事项")
    after = fold(complaint, [NOTED, named, seen, aside, linked])
    assert after.grievance == replace(GRIEVANCE, adviser=None, account="clerk-2")
    escalated = fold(complaint, [ESCALATED], after)
    assert (escalated.supervised, escalated.recused) == ((seen,), ("clerk-9",))
    assert escalated.same_matter == (OTHER,)
    history = given(NOTED, named, at=MORNING)
    registered = replace(ESCALATED, grievance=after.grievance, firm=None, team=None)
    history.when(ESCALATE).then(registered)


def test_a_dissatisfaction_does_not_become_a_complaint_about_another_point() -> None:
    command = RegisterComplaint(grievance=replace(GRIEVANCE, point="STATION-1"))
    given(NOTED).when(command).refused(GrievanceElsewhere)


def test_a_complaint_is_not_registered_before_the_dissatisfaction_was_noted() -> None:
    given(NOTED, at=MORNING - timedelta(minutes=1)).when(ESCALATE).refused(HappensBeforeLastStep)


def test_the_one_complained_of_escalates_nothing() -> None:
    """He is not told that there is one."""
    given(NOTED).when(ESCALATE, by=LAWYER).refused(ComplaintUnknown)


GIVEN = RatingGiven(request=REQUEST, grade=2, comment="等了很久")
INVITED = RatingInvited(
    request=REQUEST,
    point="ROOM-1",
    served_by=("clerk-1",),
    token_sha256="0" * 64,
    expires_at=EVENING,
    default_grade=3,
)
RATING = sibling_id(REQUEST, "rating")
SERVED = fold(
    request,
    [
        replace(
            LOGGED,
            adviser="A-1",
            firm="FIRM-1",
            team="TEAM-1",
            visitor=Visitor(name="李某"),
            person="P-1",
        )
    ],
)


@pytest.mark.parametrize(("grade", "subject"), [(2, "评价不满意"), (1, "评价非常不满意")])
def test_a_bad_rating_is_noted_as_a_dissatisfaction_with_its_service(
    grade: rating.Grade, subject: str
) -> None:
    rated = fold(rating, [INVITED, replace(GIVEN, grade=grade)])
    assert noted_by_rating(REQUEST, RATING, rated, SERVED) == NoteDissatisfaction(
        grievance=Grievance(
            point="ROOM-1",
            channel="rating",
            service="consultation",
            subject=subject,
            detail="等了很久",
            complainant=Visitor(name="李某"),
            person="P-1",
            adviser="A-1",
            request=REQUEST,
            rating=RATING,
        )
    )


@pytest.mark.parametrize("events", [(INVITED,), (INVITED, replace(GIVEN, grade=3))])
def test_no_rating_and_a_good_one_are_no_dissatisfaction(events: tuple[Event, ...]) -> None:
    with pytest.raises(RatingIsNotBad):
        noted_by_rating(REQUEST, RATING, fold(rating, events), SERVED)


# --- registering


def test_a_complaint_is_registered_at_once_and_its_acknowledgement_promised() -> None:
    after = given(at=MORNING).when(REGISTER).then(REGISTERED)
    assert (after.stage, after.promises) == ("registered", (ACKNOWLEDGE,))


def test_an_anonymous_complaint_is_registered() -> None:
    registered = replace(REGISTERED, grievance=ANONYMOUS)
    given(at=MORNING).when(RegisterComplaint(grievance=ANONYMOUS)).then(registered)


def test_what_names_or_describes_the_person_is_marked_as_personal() -> None:
    assert personal(Grievance) == {"subject", "detail", "complainant"}
    assert personal(Visitor) == {"name", "phone"}
    assert personal(ComplaintAnswered) == {"claim", "facts", "opinion"}
    assert personal(ReturnVisitMade) == {"comment"}


def personal(kind: type) -> set[str]:
    fields = msgspec.structs.fields(kind)
    return {one.name for one in fields if "'personal': " in str(type_info(one.type))}


def test_a_complaint_is_registered_once() -> None:
    given(REGISTERED).when(REGISTER).refused(ComplaintExists)


def test_a_complaint_says_what_it_is_about() -> None:
    given().when(ESCALATE).refused(GrievanceMissing)


@pytest.mark.parametrize("command", [NOTE, REGISTER])
def test_a_complaint_is_about_a_known_point_and_adviser(command: Any) -> None:
    nowhere = replace(command, grievance=replace(GRIEVANCE, point="ROOM-9"))
    given().when(nowhere).refused(PointUnknown)
    nobody = replace(command, grievance=replace(GRIEVANCE, adviser="A-9"))
    given().when(nobody).refused(AdviserUnknown)


def test_a_point_that_closed_and_an_adviser_who_left_are_complained_of_too() -> None:
    grievance = replace(GRIEVANCE, point="ROOM-0", adviser="A-3")
    registered = replace(REGISTERED, grievance=grievance, at=NOON, promises=())
    after = (
        given()
        .when(RegisterComplaint(grievance=grievance))
        .then(replace(registered, promises=(promise("acknowledge", "2026-03-03 18:00"),)))
    )
    assert after.grievance.point == "ROOM-0"


def test_a_complaint_belongs_to_division_and_firm_of_its_own_day() -> None:
    grievance = replace(GRIEVANCE, point="STATION-1", adviser="A-2")
    early = replace(REGISTERED, grievance=grievance)
    given(at=MORNING).when(RegisterComplaint(grievance=grievance)).then(early)
    at = local("2026-03-03 09:00")
    late = replace(
        early,
        division="440103002001",
        firm="FIRM-2",
        team=None,
        at=at,
        promises=(promise("acknowledge", "2026-03-04 18:00", at),),
    )
    given(at=at).when(RegisterComplaint(grievance=grievance)).then(late)


def test_a_point_without_a_calendar_promises_nothing() -> None:
    grievance = replace(AGAINST_POINT, point="STALL-1")
    registered = replace(REGISTERED_AGAINST_POINT, grievance=grievance, calendar=None, promises=())
    given(at=MORNING).when(RegisterComplaint(grievance=grievance)).then(registered)


def test_without_rules_nothing_is_promised_and_a_group_still_has_five_representatives() -> None:
    group = replace(GRIEVANCE, people=9, representatives=5)
    registered = replace(REGISTERED, grievance=group, promises=())
    given(at=MORNING, registers=NO_RULES).when(RegisterComplaint(grievance=group)).then(registered)
    six = RegisterComplaint(grievance=replace(group, representatives=6))
    given(at=MORNING, registers=NO_RULES).when(six).refused(TooManyRepresentatives)


def test_before_the_first_rules_nothing_was_promised() -> None:
    early = local("2025-06-02 09:00")
    registered = replace(REGISTERED, at=early, promises=())
    given(at=early).when(REGISTER).then(registered)


def test_a_group_has_no_more_representatives_than_people_or_than_the_rules_allow() -> None:
    group = replace(GRIEVANCE, people=2, representatives=3)
    given().when(RegisterComplaint(grievance=group)).refused(TooManyRepresentatives)
    strict = replace(COMPLAINT_RULES, complaints=ComplaintRules(representatives_max=2))
    registers = replace(RULED, policies={LIMITS_POLICY: Policy((strict,))})
    group = replace(group, people=9)
    history = given(registers=registers)
    history.when(RegisterComplaint(grievance=group)).refused(TooManyRepresentatives)
    pair = replace(group, representatives=2)
    history.when(RegisterComplaint(grievance=pair)).then(
        replace(
            REGISTERED,
            grievance=pair,
            at=NOON,
            promises=(promise("acknowledge", "2026-03-03 18:00"),),
        )
    )


@pytest.mark.parametrize("command", [NOTE, REGISTER])
def test_an_entry_a_day_late_needs_a_reason(command: Any) -> None:
    late = given(at=MORNING, now=MORNING + timedelta(hours=24, minutes=1))
    late.when(command).refused(LateEntryNeedsReason)
    event = NOTED if command is NOTE else REGISTERED
    late.when(replace(command, late_reason="停电")).then(replace(event, late_reason="停电"))
    given(at=MORNING, now=MORNING + timedelta(hours=24)).when(command).then(event)


def test_nothing_happens_in_the_future_or_before_the_complaint() -> None:
    given(at=NOON, now=MORNING).when(REGISTER).refused(HappensInFuture)
    early = given(REGISTERED, at=MORNING - timedelta(minutes=1))
    early.when(SuperviseComplaint(level="city", demand="督促")).refused(HappensBeforeLogged)


@pytest.mark.parametrize(
    "history", [UNDER_INVESTIGATION[:2], UNDER_INVESTIGATION, WITH_ANSWER, UNDER_REVIEW]
)
def test_steps_are_taken_in_order(history: tuple[Any, ...]) -> None:
    early = [replace(event, at=MORNING) for event in history[:-1]]
    between = given(*early, history[-1], at=MORNING)
    between.when(VoidComplaint(reason="重复录入"), by=OFFICER).refused(HappensBeforeLastStep)


def test_an_unknown_complaint_does_nothing() -> None:
    given().when(AcceptComplaint()).refused(ComplaintUnknown)


# --- whom it is about: he neither handles nor reads it

BY_ACCOUNT = replace(GRIEVANCE, adviser=None, account="clerk-2")
EVERYTHING = replace(BY_ACCOUNT, point_itself=True)


@pytest.mark.parametrize(
    ("grievance", "actor", "visible"),
    [
        (GRIEVANCE, LAWYER, False),
        (GRIEVANCE, CLERK, True),
        (BY_ACCOUNT, COLLEAGUE, False),
        (BY_ACCOUNT, CLERK, True),
        (BY_ACCOUNT, LAWYER, True),
        (EVERYTHING, CLERK, False),
        (AGAINST_POINT, CLERK, False),
        (AGAINST_POINT, LAWYER, False),
        (AGAINST_POINT, replace(HANDLER, unit="440103"), True),
        (AGAINST_POINT, OFFICER, True),
        (AGAINST_POINT, CITIZEN, True),
    ],
)
def test_the_one_complained_of_neither_reads_nor_handles_it(
    grievance: Grievance, actor: Actor, *, visible: bool
) -> None:
    registered = replace(REGISTERED, grievance=grievance)
    assert visible_to(fold(complaint, [registered]), actor) is visible
    when = given(registered).when(AcceptComplaint(), by=actor)
    if visible:
        when.then(replace(ACCEPTED, by=actor.unit))
    else:
        when.refused(ActorIsComplainedOf)


def test_nobody_registers_a_complaint_about_himself_or_notes_the_dissatisfaction() -> None:
    given(at=MORNING).when(REGISTER, by=LAWYER).refused(ActorIsComplainedOf)
    about_clerk = RegisterComplaint(grievance=replace(BY_ACCOUNT, account="clerk-1"))
    given(at=MORNING).when(about_clerk, by=CLERK).refused(ActorIsComplainedOf)
    for history in (given(at=MORNING), given(NOTED)):
        history.when(NOTE, by=LAWYER).refused(ActorIsComplainedOf)


def test_the_point_complained_of_registers_the_complaint_all_the_same() -> None:
    command = RegisterComplaint(grievance=AGAINST_POINT)
    after = given(at=MORNING).when(command, by=CLERK).then(REGISTERED_AGAINST_POINT)
    assert not visible_to(after, CLERK)


def test_whom_it_is_about_may_come_out_later() -> None:
    named = ObjectNamed(adviser="A-1", firm="FIRM-1", team="TEAM-1", reason="经核实")
    command = NameObject(adviser="A-1", reason="经核实")
    after = given(REGISTERED_AGAINST_POINT).when(command, by=OFFICER).then(named)
    assert not visible_to(after, CLERK)
    assert not visible_to(after, LAWYER)


def test_whom_it_is_about_is_not_named_twice() -> None:
    given(REGISTERED).when(NameObject(adviser="A-1", reason="经核实")).nothing()
    given(REGISTERED).when(NameObject(adviser="A-9", reason="经核实")).refused(AdviserUnknown)


# --- recusal


def test_who_has_an_interest_steps_aside_and_acts_no_more() -> None:
    aside = Recused(account="handler-1", declared=True, reason="系被投诉人亲属")
    after = (
        given(*UNDER_INVESTIGATION)
        .when(DeclareRecusal(reason="系被投诉人亲属"), by=HANDLER)
        .then(aside)
    )
    assert not visible_to(after, HANDLER)
    assert visible_to(after, replace(HANDLER, account="handler-2"))
    given(*UNDER_INVESTIGATION, aside).when(ANSWERING, by=HANDLER).refused(ActorIsRecused)


def test_who_does_not_step_aside_is_ordered_to() -> None:
    ordered = Recused(account="handler-1", declared=False, reason="系被投诉人亲属")
    command = OrderRecusal(account="handler-1", reason="系被投诉人亲属")
    given(*UNDER_INVESTIGATION).when(command, by=OFFICER).then(ordered)
    given(*UNDER_INVESTIGATION, ordered).when(command, by=OFFICER).nothing()


# --- acknowledging, accepting, declining


def test_acknowledging_keeps_its_own_promise_only_and_once() -> None:
    acknowledged = ComplaintAcknowledged(contact="phone", at=NOON)
    history = given(REGISTERED, ACCEPTED)
    after = given(REGISTERED).when(AcknowledgeComplaint(contact="phone")).then(acknowledged)
    assert (after.promises, after.results[0].promise) == ((), ACKNOWLEDGE)
    assert after.results[0].in_time
    history.when(AcknowledgeComplaint(contact="phone")).nothing()


def test_an_acceptance_acknowledges_it_and_promises_an_answer() -> None:
    after = given(REGISTERED).when(AcceptComplaint(), by=OFFICER).then(ACCEPTED)
    assert (after.stage, after.promises) == ("accepted", (ASSIGN, ANSWER))
    assert after.results[0].promise == ACKNOWLEDGE


def test_a_late_acceptance_keeps_the_promise_late() -> None:
    late = local("2026-03-03 18:01")
    after = fold(complaint, [REGISTERED, replace(ACCEPTED, at=late)])
    assert (after.results[0].kept, after.results[0].in_time) == (True, False)
    in_time = fold(complaint, [REGISTERED, replace(ACCEPTED, at=ACKNOWLEDGE.due)])
    assert in_time.results[0].in_time


def test_a_channel_has_limits_of_its_own() -> None:
    petition = replace(REGISTERED, grievance=replace(GRIEVANCE, channel="petition"))
    sixty_days = promise("answer", "2026-05-01 18:00")
    accepted = replace(ACCEPTED, promises=(ASSIGN, sixty_days))
    given(petition).when(AcceptComplaint(), by=OFFICER).then(accepted)


def test_a_complaint_is_declined_with_a_reason_and_stays_on_record() -> None:
    command = DeclineComplaint(ground="no_facts", reason="没有具体事实")
    after = given(REGISTERED).when(command, by=OFFICER).then(DECLINED)
    assert (after.stage, after.promises, after.accepted) == ("declined", (), False)
    assert after.results[0].kept


@pytest.mark.parametrize("ground", ["court", "arbitration", "reconsideration", "other_authority"])
def test_what_belongs_elsewhere_is_shown_its_way(ground: DeclineGround) -> None:
    command = DeclineComplaint(ground=ground, reason="另有法定途径")
    given(REGISTERED).when(command, by=OFFICER).refused(RouteMissing)
    routed = replace(DECLINED, ground=ground, reason="另有法定途径", routed_to="荔湾区人民法院")
    given(REGISTERED).when(replace(command, routed_to="荔湾区人民法院"), by=OFFICER).then(routed)


def test_what_was_accepted_already_is_declined_and_linked_to_it() -> None:
    bare = DeclineComplaint(ground="same_matter", reason="已受理")
    given(REGISTERED).when(bare, by=OFFICER).refused(SameMatterMissing)
    command = replace(bare, same_as=OTHER)
    declined = replace(DECLINED, ground="same_matter", reason="已受理", same_as=OTHER)
    found = {OTHER: fold(complaint, [REGISTERED, ACCEPTED])}
    after = given(REGISTERED, beside=found).when(command, by=OFFICER).then(declined)
    assert after.same_matter == (OTHER,)


def test_what_was_not_accepted_is_no_ground_to_decline_another() -> None:
    command = DeclineComplaint(ground="same_matter", reason="已受理", same_as=OTHER)
    found = {OTHER: fold(complaint, [REGISTERED])}
    given(REGISTERED, beside=found).when(command, by=OFFICER).refused(SameMatterNotAccepted)


# --- the same matter: links, never merges


LINKED = SameMatterLinked(other=OTHER, reason="同一事项")
LINK = LinkSameMatter(other=OTHER, reason="同一事项")


def test_complaints_on_one_matter_are_linked_and_both_stay() -> None:
    found = {OTHER: fold(complaint, [REGISTERED])}
    after = given(*WITH_CLOSE, beside=found).when(LINK).then(LINKED)
    assert after.stage == "closed"
    given(REGISTERED, LINKED).when(LINK).nothing()


def test_a_link_is_undone() -> None:
    unlink = UnlinkSameMatter(other=OTHER, reason="不同事项")
    both = (SameMatterLinked(other=COMPLAINT, reason="同一事项"), LINKED)
    unlinked = SameMatterUnlinked(other=OTHER, reason="不同事项")
    after = given(REGISTERED, *both).when(unlink).then(unlinked)
    assert after.same_matter == (COMPLAINT,)
    given(REGISTERED).when(unlink).refused(SameMatterNotLinked)


def test_a_link_leads_to_another_complaint_that_stands() -> None:
    found = fold(complaint, [REGISTERED])
    for stream, state, refusal in (
        (OTHER, found, SameMatterAsItself),
        (COMPLAINT, None, ComplaintUnknown),
        (COMPLAINT, fold(complaint, [REGISTERED, VOIDED]), ComplaintIsVoided),
        (COMPLAINT, fold(complaint, [REGISTERED, LINKED]), OriginalIsLinked),
    ):
        looking = given(REGISTERED, stream=stream, beside={OTHER: state} if state else {})
        looking.when(LINK).refused(refusal)


# --- pauses

WAIT = PauseComplaint(cause="supplement", items=("录音",))
RESUMED = ComplaintResumed(at=NEXT_WEEK, promises=(promise("answer", "2026-03-31 18:00"),))


def test_waiting_for_what_the_person_shall_supply_stops_the_clock() -> None:
    after = given(*UNDER_INVESTIGATION).when(WAIT, by=HANDLER).then(PAUSED)
    assert after.pause == PAUSED


def test_when_it_comes_the_days_waited_are_not_counted() -> None:
    history = given(*UNDER_INVESTIGATION, PAUSED, at=NEXT_WEEK)
    after = history.when(ResumeComplaint(), by=HANDLER).then(RESUMED)
    assert (after.pause, after.pauses) == (None, (Pause(NOON, NEXT_WEEK, "补正材料"),))


def test_a_second_pause_is_added_to_the_first() -> None:
    first = ComplaintResumed(
        at=local("2026-03-03 09:00"), promises=(promise("answer", "2026-03-24 18:00"),)
    )
    again = replace(PAUSED, cause="verification", items=(), due=None, at=NEXT_WEEK)
    end = local("2026-03-11 09:00")
    history = given(*UNDER_INVESTIGATION, PAUSED, first, again, at=end)
    second = ComplaintResumed(at=end, promises=(promise("answer", "2026-03-26 18:00"),))
    assert history.when(ResumeComplaint(), by=HANDLER).then(second).pauses == (
        Pause(NOON, first.at, PAUSED_WHY["supplement"]),
        Pause(NEXT_WEEK, end, "外部核查鉴定"),
    )


def test_nothing_supplied_in_time_lets_the_clock_run_again() -> None:
    given_up = ResumeComplaint(supplied=False)
    assert PAUSED.due is not None
    history = given(*UNDER_INVESTIGATION, PAUSED, at=PAUSED.due)
    history.when(given_up, by=HANDLER).refused(SupplementStillAwaited)
    late = local("2026-03-09 18:01")
    resumed = ComplaintResumed(
        supplied=False, at=late, promises=(promise("answer", "2026-03-30 18:00"),)
    )
    given(*UNDER_INVESTIGATION, PAUSED, at=late).when(given_up, by=HANDLER).then(resumed)
    endless = replace(PAUSED, due=None)
    given(*UNDER_INVESTIGATION, endless, at=late).when(given_up, by=HANDLER).refused(
        SupplementStillAwaited
    )


def test_a_pause_names_what_is_missing_and_fits_the_stage() -> None:
    history = given(*UNDER_INVESTIGATION)
    history.when(replace(WAIT, items=()), by=HANDLER).refused(PauseNeedsItems)
    history.when(PauseComplaint(cause="hearing"), by=HANDLER).refused(PauseNotPossible)
    history.when(WAIT, by=CLERK).refused(NotTheHandler)
    history.when(WAIT, by=HELPER).refused(OutsideJurisdiction)
    given(*UNDER_REVIEW).when(WAIT, by=REVIEWER).refused(PauseNotPossible)
    checking = replace(PAUSED, cause="verification", items=(), due=None)
    history.when(PauseComplaint(cause="verification"), by=HANDLER).then(checking)


def test_without_rules_the_person_may_take_his_time() -> None:
    history = given(*UNDER_INVESTIGATION, registers=NO_RULES)
    history.when(WAIT, by=HANDLER).then(replace(PAUSED, due=None))


def test_a_clock_stops_once_and_starts_once() -> None:
    given(*UNDER_INVESTIGATION, PAUSED).when(WAIT, by=HANDLER).refused(ClockStandsStill)
    given(*UNDER_INVESTIGATION).when(ResumeComplaint(), by=HANDLER).refused(ClockIsRunning)


@pytest.mark.parametrize(
    ("command_name", "by"),
    [("answer", HANDLER), ("extend", OFFICER), ("reclassify", OFFICER)],
)
def test_while_the_clock_stands_still_these_wait(command_name: str, by: Actor) -> None:
    command = {"answer": ANSWERING, "extend": EXTEND, "reclassify": TO_CONSULTATION}[command_name]
    given(*UNDER_INVESTIGATION, PAUSED).when(command, by=by).refused(ClockStandsStill)


# --- extension

EXTEND = ExtendDeadline(amount=5, reason="案情复杂", notified="phone")
EXTENDED = ComplaintExtended(
    promise="answer",
    amount=5,
    reason="案情复杂",
    approved_by="officer-1",
    role="supervisor",
    notified="phone",
    at=NOON,
    promises=(promise("answer", "2026-03-30 18:00"),),
)


def test_an_extension_is_approved_told_and_computed_by_the_same_rule() -> None:
    after = given(*UNDER_INVESTIGATION).when(EXTEND, by=OFFICER).then(EXTENDED)
    assert after.promises == EXTENDED.promises


def test_a_second_extension_is_added_to_the_first_and_there_is_no_third() -> None:
    at = EVENING
    more = replace(EXTEND, amount=10)
    second = replace(EXTENDED, amount=10, at=at, promises=(promise("answer", "2026-04-14 18:00"),))
    history = given(*UNDER_INVESTIGATION, EXTENDED, at=at)
    after = history.when(more, by=OFFICER).then(second)
    assert after.extended_by("answer") == (5, 10)
    third = given(*UNDER_INVESTIGATION, EXTENDED, second, at=NEXT_WEEK)
    third.when(EXTEND, by=OFFICER).refused(ExtensionNotAllowed)


def test_an_extension_is_approved_by_who_may_within_the_rules() -> None:
    history = given(*UNDER_INVESTIGATION)
    history.when(EXTEND, by=SECOND_OFFICER).refused(NotTheApprover)
    history.when(replace(EXTEND, amount=11), by=OFFICER).refused(ExtensionTooLong)
    history.when(replace(EXTEND, notified=None), by=OFFICER).refused(ExtensionNotTold)
    last = given(*UNDER_INVESTIGATION, at=ANSWER.due)
    last.when(EXTEND, by=OFFICER).then(replace(EXTENDED, at=ANSWER.due))
    late = given(*UNDER_INVESTIGATION, at=local("2026-03-23 18:01"))
    late.when(EXTEND, by=OFFICER).refused(ExtensionTooLate)


def test_an_anonymous_person_cannot_be_told() -> None:
    history = given(replace(REGISTERED, grievance=ANONYMOUS), *UNDER_INVESTIGATION[1:])
    silent = replace(EXTEND, notified=None)
    history.when(silent, by=OFFICER).then(replace(EXTENDED, notified=None))
    known = replace(REGISTERED, grievance=replace(ANONYMOUS, person="P-1"))
    given(known, *UNDER_INVESTIGATION[1:]).when(silent, by=OFFICER).refused(ExtensionNotTold)


def test_a_review_without_an_extension_in_the_rules_has_none() -> None:
    command = replace(EXTEND, promise="review")
    given(*UNDER_REVIEW).when(command, by=OFFICER).refused(ExtensionNotAllowed)
    given(*UNDER_INVESTIGATION).when(command, by=OFFICER).refused(PromiseNotRunning)


# --- supervision


def test_a_complaint_is_supervised_in_any_state() -> None:
    supervised = ComplaintSupervised(level="city", by="4401", demand="限期答复")
    command = SuperviseComplaint(level="city", demand="限期答复")
    for history in ((NOTED,), (REGISTERED, DECLINED), UNDER_INVESTIGATION, WITH_CLOSE):
        after = given(*history).when(command, by=REVIEWER).then(supervised)
        assert after.stage == fold(complaint, history).stage
    given(REGISTERED, supervised).when(command, by=REVIEWER).nothing()


# --- the answer

ANSWERING = AnswerComplaint(
    claim="要求道歉",
    facts="确有争执",
    opinion="已批评教育",
    basis="服务规范第三条",
    outcome="supported",
    justified=True,
    resolved=False,
)


def test_an_answer_keeps_its_promise_and_says_until_when_a_review_may_be_asked_for() -> None:
    after = given(*UNDER_INVESTIGATION).when(ANSWERING, by=HANDLER).then(ANSWERED)
    assert (after.stage, after.promises, after.answers) == ("answered", (), (ANSWERED,))
    assert (after.results[-1].promise, after.results[-1].in_time) == (ANSWER, True)
    assert after.reviews.until == ANSWERED.review_until


def test_without_rules_the_answer_sets_no_end() -> None:
    history = given(*UNDER_INVESTIGATION, registers=NO_RULES)
    history.when(ANSWERING, by=HANDLER).then(replace(ANSWERED, review_until=None))


def test_only_the_handling_unit_answers() -> None:
    given(*UNDER_INVESTIGATION).when(ANSWERING, by=CLERK).refused(NotTheHandler)
    given(REGISTERED, ACCEPTED).when(ANSWERING, by=OFFICER).refused(StepNotPossible)


def test_the_answer_waits_for_the_co_handlers() -> None:
    history = given(*UNDER_INVESTIGATION, CO_HANDLING)
    history.when(ANSWERING, by=HANDLER).refused(CoHandlersAwaited)


# --- return visit, rework, closing

VISIT = RecordReturnVisit(reached=True, satisfied=True)


def test_the_person_is_asked_what_he_says_of_the_answer() -> None:
    after = given(*WITH_ANSWER).when(VISIT).then(SATISFIED)
    assert after.told == SATISFIED


def test_a_person_not_reached_is_called_again_and_says_nothing() -> None:
    silent = RecordReturnVisit(reached=False)
    assert given(*WITH_ANSWER).when(silent).then(UNREACHED).told is None
    given(*WITH_ANSWER, UNREACHED).when(silent).nothing()
    given(*WITH_ANSWER, UNREACHED, at=EVENING).when(silent).then(replace(UNREACHED, at=EVENING))
    given(*WITH_ANSWER).when(replace(VISIT, reached=False)).refused(VisitContradicts)


REWORK = OrderRework(reason="未解决")
SECOND_ROUND = (
    promise("acknowledge", "2026-03-03 18:00", round=2),
    promise("answer", "2026-03-23 18:00", round=2),
)
REWORKED = ReworkOrdered(reason="未解决", at=NOON, promises=SECOND_ROUND)


def test_a_dissatisfied_person_has_it_reworked_in_a_round_with_promises_of_its_own() -> None:
    after = given(*WITH_ANSWER, DISSATISFIED).when(REWORK).then(REWORKED)
    assert (after.stage, after.round, after.promises) == ("investigating", 2, SECOND_ROUND)
    assert after.answers == (ANSWERED,)
    assert after.told is None
    assert (after.results[-1].promise, after.results[-1].in_time) == (ANSWER, True)


@pytest.mark.parametrize("visits", [(), (SATISFIED,), (UNREACHED,), (DISSATISFIED, SATISFIED)])
def test_without_dissatisfaction_nothing_is_reworked(visits: tuple[Event, ...]) -> None:
    given(*WITH_ANSWER, *visits).when(REWORK).refused(NothingToRework)


def test_pauses_and_extensions_belong_to_their_round() -> None:
    after = fold(
        complaint,
        [*UNDER_INVESTIGATION, EXTENDED, PAUSED, RESUMED, ANSWERED, DISSATISFIED, REWORKED],
    )
    assert (after.pauses, after.extensions) == ((), ())
    reviewed = fold(
        complaint, [*UNDER_INVESTIGATION, EXTENDED, PAUSED, RESUMED, ANSWERED, REVIEWING]
    )
    assert (reviewed.pauses, reviewed.extensions) == ((), ())
    assert after.results[-1].extended_by == (5,)
    assert after.results[-1].pauses == (Pause(NOON, NEXT_WEEK, "补正材料"),)


@pytest.mark.parametrize("visits", [(SATISFIED,), (UNREACHED,)])
def test_a_complaint_is_closed_after_a_return_visit(visits: tuple[Event, ...]) -> None:
    assert given(*WITH_ANSWER, *visits).when(CloseComplaint()).then(CLOSED).stage == "closed"


def test_a_complaint_is_not_closed_without_a_return_visit_of_its_round() -> None:
    given(*WITH_ANSWER).when(CloseComplaint()).refused(ReturnVisitMissing)
    again = (*WITH_ANSWER, DISSATISFIED, REWORKED, replace(ANSWERED, round=2))
    given(*again).when(CloseComplaint()).refused(ReturnVisitMissing)


def test_an_anonymous_complaint_is_closed_without_a_return_visit() -> None:
    history = (replace(REGISTERED, grievance=ANONYMOUS), *WITH_ANSWER[1:])
    given(*history).when(CloseComplaint()).then(CLOSED)


def test_a_dissatisfied_person_is_told_why_it_is_closed() -> None:
    history = given(*WITH_ANSWER, DISSATISFIED)
    history.when(CloseComplaint()).refused(DissatisfiedNeedsReason)
    history.when(CloseComplaint(reason="诉求无依据")).then(replace(CLOSED, reason="诉求无依据"))


# --- withdrawing, reopening, voiding

WITHDRAW = WithdrawComplaint(reason="已和解")
REOPEN = ReopenComplaint(reason="出现新情况")


@pytest.mark.parametrize(
    "history",
    [(REGISTERED,), (REGISTERED, ACCEPTED), UNDER_INVESTIGATION, WITH_ANSWER, UNDER_REVIEW],
)
def test_a_complaint_is_withdrawn_and_its_clocks_stop(history: tuple[Event, ...]) -> None:
    running = fold(complaint, history).promises
    after = given(*history).when(WITHDRAW).then(WITHDRAWN)
    assert (after.stage, after.promises, after.reviews.asked) == ("withdrawn", (), None)
    stopped = after.results[len(after.results) - len(running) :]
    assert [(one.promise, one.kept) for one in stopped] == [(one, False) for one in running]


def test_a_withdrawal_ends_a_pause() -> None:
    assert fold(complaint, [*UNDER_INVESTIGATION, PAUSED, WITHDRAWN]).pause is None


@pytest.mark.parametrize("history", [(NOTED,), WITH_CLOSE, WITH_REVIEW, (REGISTERED, DECLINED)])
def test_what_is_not_under_way_is_not_withdrawn(history: tuple[Event, ...]) -> None:
    given(*history).when(WITHDRAW).refused(StepNotPossible)


def reopened(*promises: Any) -> ComplaintReopened:
    return ComplaintReopened(reason="出现新情况", at=NOON, promises=promises)


SECOND_ACKNOWLEDGE, SECOND_ANSWER = SECOND_ROUND
SECOND_ASSIGN = replace(ASSIGN, round=2)


@pytest.mark.parametrize("history", [WITH_CLOSE, (*UNDER_INVESTIGATION, PAUSED, WITHDRAWN)])
def test_what_was_accepted_is_assigned_again_when_reopened(history: tuple[Event, ...]) -> None:
    before = fold(complaint, history)
    promises = (SECOND_ACKNOWLEDGE, SECOND_ASSIGN, SECOND_ANSWER)
    after = given(*history).when(REOPEN).then(reopened(*promises))
    assert (after.stage, after.round, after.promises) == ("accepted", 2, promises)
    assert (after.answers, after.results) == (before.answers, before.results)
    assert (after.routing.unit, after.routing.awaited) == (None, ())


@pytest.mark.parametrize("history", [(REGISTERED, DECLINED), (REGISTERED, WITHDRAWN)])
def test_what_was_not_accepted_is_examined_again(history: tuple[Event, ...]) -> None:
    after = given(*history).when(REOPEN).then(reopened(SECOND_ACKNOWLEDGE))
    assert after.stage == "registered"


def test_what_is_under_way_is_not_reopened() -> None:
    given(*UNDER_INVESTIGATION).when(REOPEN).refused(StepNotPossible)


VOIDED = ComplaintVoided(reason="重复录入", at=NOON)


@pytest.mark.parametrize("history", [(NOTED,), UNDER_INVESTIGATION, WITH_CLOSE])
def test_a_complaint_entered_by_mistake_is_voided_and_stays(history: tuple[Event, ...]) -> None:
    after = given(*history).when(VoidComplaint(reason="重复录入"), by=OFFICER).then(VOIDED)
    assert (after.voided, after.promises) == (True, ())


def test_a_voided_complaint_is_left_alone() -> None:
    given(REGISTERED, VOIDED).when(VoidComplaint(reason="重复录入")).nothing()
    given(REGISTERED, VOIDED).when(LINK).refused(ComplaintIsVoided)
    given(NOTED, VOIDED).when(ESCALATE).refused(ComplaintIsVoided)


# --- reclassification: visible and counted

TO_CONSULTATION = ReclassifyComplaint(
    kind="consultation", reason="实为咨询办事流程", request=REQUEST
)
MADE_CONSULTATION = ComplaintReclassified(
    from_kind="complaint",
    to_kind="consultation",
    reason="实为咨询办事流程",
    approved_by="officer-1",
    role="supervisor",
    request=REQUEST,
    at=NOON,
)
MADE_COMPLAINT = ComplaintReclassified(
    from_kind="consultation",
    to_kind="complaint",
    reason="本人坚持投诉",
    approved_by="officer-1",
    role="supervisor",
    at=NEXT_WEEK,
    promises=(ANSWER,),
)
TO_COMPLAINT = ReclassifyComplaint(kind="complaint", reason="本人坚持投诉")


def test_a_complaint_made_a_consultation_is_counted_and_its_clocks_are_set_aside() -> None:
    after = given(*UNDER_INVESTIGATION).when(TO_CONSULTATION, by=OFFICER).then(MADE_CONSULTATION)
    assert (after.stage, after.reclassified) == ("consultation", 1)
    assert (after.promises, after.set_aside) == ((), (ANSWER,))
    given(*UNDER_INVESTIGATION, MADE_CONSULTATION).when(ANSWERING, by=HANDLER).refused(
        StepNotPossible
    )


def test_made_a_complaint_again_its_deadlines_have_not_moved() -> None:
    history = given(*UNDER_INVESTIGATION, MADE_CONSULTATION, at=NEXT_WEEK)
    after = history.when(TO_COMPLAINT, by=OFFICER).then(MADE_COMPLAINT)
    assert (after.stage, after.reclassified) == ("investigating", 2)
    assert (after.promises, after.set_aside) == ((ANSWER,), ())


def test_a_reclassification_is_approved_in_the_role_the_rules_name() -> None:
    history = given(*UNDER_INVESTIGATION)
    history.when(TO_CONSULTATION, by=SECOND_OFFICER).refused(NotTheApprover)
    strict = replace(COMPLAINT_RULES, complaints=ComplaintRules(reclassify_approver="duty_officer"))
    other = replace(RULED, policies={LIMITS_POLICY: Policy((strict,))})
    by_rule = given(*UNDER_INVESTIGATION, registers=other)
    by_rule.when(TO_CONSULTATION, by=OFFICER).refused(NotTheApprover)
    approved = replace(MADE_CONSULTATION, approved_by="officer-2", role="duty_officer")
    by_rule.when(TO_CONSULTATION, by=SECOND_OFFICER).then(approved)


def test_a_complaint_is_not_reclassified_as_what_it_is() -> None:
    given(*UNDER_INVESTIGATION).when(TO_COMPLAINT, by=OFFICER).nothing()


def test_a_consultation_may_be_withdrawn_or_voided_and_its_clocks_end() -> None:
    for ended in (WITHDRAWN, VOIDED):
        after = fold(complaint, [*UNDER_INVESTIGATION, MADE_CONSULTATION, ended])
        assert (after.results[-1].promise, after.results[-1].kept) == (ANSWER, False)
        assert after.set_aside == ()
    history = given(*UNDER_INVESTIGATION, MADE_CONSULTATION)
    assert history.when(WITHDRAW).then(WITHDRAWN).stage == "withdrawn"


# --- recalculation


def test_new_rules_change_a_running_promise_only_by_a_recalculation_with_a_reason() -> None:
    stricter = replace(promise("answer", "2026-03-16 18:00"), policy="service-limits@2")
    recalculate = RecalculateComplaintDeadlines(reason="新规施行")
    recalculated = ComplaintDeadlinesRecalculated(reason="新规施行", promises=(stricter,))
    history = given(*UNDER_INVESTIGATION, at=NEXT_WEEK)
    assert history.when(recalculate, by=OFFICER).then(recalculated).promises == (stricter,)
    given(*UNDER_INVESTIGATION).when(recalculate, by=OFFICER).refused(NothingToRecalculate)
    given(*WITH_CLOSE, at=NEXT_WEEK).when(recalculate).refused(NothingToRecalculate)


def test_a_promise_that_rules_no_longer_give_is_not_taken_back() -> None:
    silent = replace(COMPLAINT_RULES, limits={})
    registers = replace(RULED, policies={LIMITS_POLICY: Policy((silent,))})
    recalculate = RecalculateComplaintDeadlines(reason="新规施行")
    history = given(*UNDER_INVESTIGATION, registers=registers)
    history.when(recalculate, by=OFFICER).refused(NothingToRecalculate)


# --- explaining


def texts(state: Complaint, *asked: Any) -> list[str]:
    return [step.text for step in explain(state, asked[0], RULED, *asked[1:])]


def test_a_promise_explains_itself_with_its_pauses_and_extensions() -> None:
    state = fold(complaint, [*UNDER_INVESTIGATION, PAUSED, RESUMED, EXTENDED])
    told = texts(state, "answer")
    assert told[1].startswith("期限：15个工作日")
    assert "延期：5个工作日" in told
    assert any(text.startswith("暂停：补正材料") for text in told)
    assert told[-1] == "届满：2026-04-08 18:00"


def test_each_round_explains_its_own_promise_and_the_last_unless_asked_otherwise() -> None:
    later = promise("answer", "2026-03-31 18:00", NEXT_WEEK, round=2)
    reworked = replace(REWORKED, at=NEXT_WEEK, promises=(later,))
    state = fold(complaint, [*UNDER_INVESTIGATION, EXTENDED, ANSWERED, DISSATISFIED, reworked])
    assert texts(state, "answer", 1)[-1] == "届满：2026-03-30 18:00"
    assert texts(state, "answer")[-1] == texts(state, "answer", 2)[-1] == "届满：2026-03-31 18:00"
    assert texts(state, "acknowledge")[-1] == "届满：2026-03-03 18:00"


def test_a_promise_set_aside_explains_itself_too() -> None:
    state = fold(complaint, [*UNDER_INVESTIGATION, MADE_CONSULTATION])
    assert texts(state, "answer")[-1] == "届满：2026-03-23 18:00"


def test_what_was_never_promised_has_no_explanation() -> None:
    with pytest.raises(PromiseNotGiven):
        explain(fold(complaint, [REGISTERED]), "answer", RULED)


# --- a whole life: reopened twice, reviewed twice, nothing lost

Step = tuple[Command, Actor]
ROUND: tuple[Step, ...] = (
    (AssignComplaint(unit="STATION-1"), OFFICER),
    (SignForComplaint(), HANDLER),
    (BeginInvestigation(), HANDLER),
    (ANSWERING, HANDLER),
)
DISPLEASED = RecordReturnVisit(reached=True, satisfied=False)
LIFE: tuple[Step, ...] = (
    (NOTE, CLERK),
    (ESCALATE, CLERK),
    (AcceptComplaint(), OFFICER),
    (AssignComplaint(unit="440104"), OFFICER),
    (AskReturn(reason="不属本区"), replace(HELPER, unit="440104")),
    (DecideReturn(approved=True, reason="属实"), SECOND_OFFICER),
    *ROUND[:3],
    (WAIT, HANDLER),
    (ResumeComplaint(), HANDLER),
    (EXTEND, OFFICER),
    (ANSWERING, HANDLER),
    (DISPLEASED, CLERK),
    (REWORK, OFFICER),
    (replace(ANSWERING, opinion="已更换顾问"), HANDLER),
    (VISIT, CLERK),
    (CloseComplaint(), OFFICER),
    (REOPEN, OFFICER),
    *ROUND,
    (VISIT, CLERK),
    (CloseComplaint(), OFFICER),
    (ReopenComplaint(reason="再次来访"), OFFICER),
    *ROUND,
    (DISPLEASED, CLERK),
    (CloseComplaint(reason="已尽调解"), OFFICER),
    (AskReview(to="4401", ground="不服"), CLERK),
    (DecideReview(decision="upheld", opinion="维持", basis="第三十五条"), REVIEWER),
    (AskReview(to="44", ground="仍不服"), CLERK),
    (DecideReview(decision="changed", opinion="变更", basis="第三十六条"), RE_REVIEWER),
    (FinalizeComplaint(reason="复核完毕"), OFFICER),
)


def lived(steps: tuple[Step, ...]) -> list[tuple[list[Event], Complaint]]:
    """Every step an hour after the one before, decided by the rules: its events, the state then."""
    state: Complaint | None = None
    told: list[tuple[list[Event], Complaint]] = []
    at = MORNING
    for command, by in steps:
        moment = Moment(by=by, occurred_at=at, now=at, registers=RULED)
        events = complaint_commands.decide(state, command, moment)  # type: ignore[arg-type]
        state = fold(complaint, events, state)
        assert events, command
        assert state is not None
        told.append((events, state))
        at += timedelta(hours=1)
    return told


def test_a_complaint_reopened_twice_and_reviewed_twice_loses_nothing() -> None:
    told = lived(LIFE)
    last = told[-1][1]
    assert last.stage == "final"
    assert last.round == 4
    for (_, earlier), (_, later) in pairwise(told):
        assert later.results[: len(earlier.results)] == earlier.results
        assert later.answers[: len(earlier.answers)] == earlier.answers
        assert later.visits[: len(earlier.visits)] == earlier.visits
        assert later.reviews.decided[: len(earlier.reviews.decided)] == earlier.reviews.decided
    given_promises = {
        (one.name, one.round, one.started_at)
        for events, _ in told
        for event in events
        for one in getattr(event, "promises", ())
    }
    ended = [(one.promise.name, one.promise.round, one.promise.started_at) for one in last.results]
    assert last.promises == ()
    assert len(ended) == len(set(ended))
    assert set(ended) == given_promises
    assert all(one.in_time for one in last.results)
    assert [answer.round for answer in last.answers] == [1, 2, 3, 4]
    rounds = {one.promise.round for one in last.results if one.promise.name == "answer"}
    assert rounds == {1, 2, 3, 4}


def test_every_event_of_a_life_can_be_written_down_and_read_again() -> None:
    for events, _ in lived(LIFE):
        for event in events:
            assert msgspec.json.decode(msgspec.json.encode(event), type=type(event)) == event


OVER = ("declined", "answered", "closed", "withdrawn", "review_decided", "final")


def test_on_no_path_is_an_end_forgotten_or_a_promise_left_running_when_all_is_over() -> None:
    steps = [*dict.fromkeys(LIFE), (WITHDRAW, OFFICER), (TO_CONSULTATION, OFFICER)]
    steps += [(TO_COMPLAINT, OFFICER), (AcknowledgeComplaint(contact="phone"), CLERK)]
    steps += [(DeclineComplaint(ground="no_facts", reason="无事实"), OFFICER)]
    back = DecideReview(decision="sent_back", opinion="重办", basis="第三十五条")
    steps += [(back, REVIEWER), (DecideReturn(approved=False, reason="应办"), SECOND_OFFICER)]
    stages = {stage for seed in range(60) for stage in walked(Random(seed), steps)}
    assert stages == {*get_args(Stage)} - {"settled"}


def walked(draw: Random, steps: list[Step]) -> set[str]:
    """A path of steps the rules allow, each drawn from all; the stages it came through."""
    state, at = None, MORNING
    stages: set[str] = set()
    for _ in range(60):
        at += timedelta(minutes=draw.randrange(1, 200))
        later = taken(state, draw.sample(steps, len(steps)), at)
        if later is None:
            break
        if state is not None:
            assert later.results[: len(state.results)] == state.results
            assert later.answers[: len(state.answers)] == state.answers
        if later.stage in OVER:
            assert (later.promises, later.pause) == ((), None)
        names = [one.name for one in later.promises]
        assert len(names) == len(set(names))
        state = later
        stages.add(state.stage)
    return stages


def taken(state: Complaint | None, steps: list[Step], at: datetime) -> Complaint | None:
    """The state after the first of the steps that the rules allow; None: they allow none."""
    for command, by in steps:
        moment = Moment(by=by, occurred_at=at, now=at, registers=RULED)
        with suppress(Refused):
            if events := complaint_commands.decide(state, command, moment):  # type: ignore[arg-type]
                later: Complaint = fold(complaint, events, state)
                return later
    return None


def test_the_clock_of_every_answer_runs_where_the_rules_promise_one() -> None:
    for _, state in lived(LIFE):
        if state.stage in ("accepted", "assigned", "signed", "returning", "investigating"):
            assert any(one.name == "answer" and one.round == state.round for one in state.promises)


def test_f2_how_many_complained_is_corrected() -> None:
    grievance = replace(REGISTERED.grievance, people=13_800_000_000)
    mistyped = replace(REGISTERED, grievance=grievance)
    command = CorrectPeople(people=3, representatives=2, reason="误填手机号")
    corrected = PeopleCorrected(people=3, representatives=2, reason="误填手机号")
    state = given(mistyped).when(command).then(corrected)
    assert (state.grievance.people, state.grievance.representatives) == (3, 2)
    given(mistyped, corrected).when(command).nothing()
    given(mistyped).when(replace(command, representatives=4)).refused(TooManyRepresentatives)
