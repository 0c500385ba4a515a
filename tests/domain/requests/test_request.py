"""A request: logged, handled within its promises, closed, reopened, linked, voided."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import msgspec
import pytest
from msgspec.structs import asdict, replace

from domain.aggregates import fold
from domain.complaints import complaint
from domain.moment import HappensBeforeLogged, HappensInFuture, LateEntryNeedsReason
from domain.registers.point import PointIsClosed, PointUnknown
from domain.requests import request
from domain.requests.proceedings import (
    LegalAidGranted,
    LegalAidRefused,
    MediationAgreed,
    MediationEnded,
    ReferralCompleted,
)
from domain.requests.proceedings_commands import AdviserNotRegistered
from domain.requests.request import (
    AdviserAssigned,
    AppointmentKept,
    AppointmentMade,
    AppointmentMissed,
    DeadlinesRecalculated,
    DuplicateLinked,
    DuplicateUnlinked,
    FollowCodeReplaced,
    HandedOver,
    NoteAdded,
    OnceInformed,
    Reclassified,
    RequestClosed,
    RequestReopened,
    RequestVoided,
    SupplementReceived,
)
from domain.requests.request_commands import (
    AddNote,
    AppointmentInPast,
    AssignAdviser,
    CloseRequest,
    DuplicateOfItself,
    GiveConsultation,
    HandOver,
    InformOnce,
    KeepAppointment,
    LinkDuplicate,
    LogRequest,
    MakeAppointment,
    MissAppointment,
    NoAppointment,
    NoSupplementPending,
    NothingToRecalculate,
    NothingWasDone,
    NotLinked,
    OnceAlreadyInformed,
    OriginalIsDuplicate,
    ProceedingPending,
    RecalculateDeadlines,
    ReceiveSupplement,
    Reclassify,
    ReopenRequest,
    ReplaceFollowCode,
    RequestExists,
    RequestIsClosed,
    RequestIsOpen,
    RequestIsVoided,
    RequestSupplement,
    RequestUnknown,
    ServiceNotOffered,
    SupplementPending,
    SupplementReceivedTooEarly,
    UnlinkDuplicate,
    VoidRequest,
)
from domain.vocabulary import Command, Event, ExternalId
from domain.worktime.calendar import CalendarHasNoYear, Holiday
from tests.complaints import REGISTERED
from tests.examples import (
    ANSWERED,
    APPLIED,
    CITY,
    CLERK,
    CLOSE,
    CONSULTED,
    EVENING,
    FIRST_RESPONSE,
    LAWYER,
    LOGGED,
    MEDIATING,
    MORNING,
    NO_RULES,
    NOON,
    ORIGINAL,
    REFERRED,
    REGISTERS,
    REOPENED,
    REQUEST,
    WAITING,
    local,
)
from tests.spec import given

AT_STATION = replace(CLERK, unit="STATION-1")
LOG = LogRequest(point="ROOM-1", channel="counter", service="consultation", subject="拖欠工资")
VOIDED = RequestVoided(reason="重复录入")
NEXT_DAY = local("2026-03-03 09:00")
PROMISED_NEXT_DAY = (
    replace(FIRST_RESPONSE, started_at=NEXT_DAY, due=local("2026-03-03 15:00")),
    replace(CLOSE, started_at=NEXT_DAY, due=local("2026-03-17 18:00")),
)

# --- logging


def test_a_logged_request_keeps_division_calendar_promises_and_first_contact() -> None:
    given(at=MORNING).when(LOG).then(LOGGED)


def test_an_anonymous_request_is_logged() -> None:
    assert LOG.visitor is None
    given(at=MORNING).when(replace(LOG, person=None)).then(LOGGED)


def test_a_request_logged_with_an_adviser_keeps_his_firm_and_team() -> None:
    logged = replace(LOGGED, adviser="A-1", firm="FIRM-1", team="TEAM-1")
    given(at=MORNING).when(replace(LOG, adviser="A-1")).then(logged)


def test_a_request_belongs_to_the_firm_the_adviser_was_in_when_it_happened() -> None:
    logged = replace(LOGGED, adviser="A-2", firm="FIRM-1", team="TEAM-1")
    given(at=MORNING, now=EVENING).when(replace(LOG, adviser="A-2")).then(logged)


@pytest.mark.parametrize("adviser", ["A-3", "A-9"])
def test_a_request_names_only_advisers_in_office(adviser: str) -> None:
    given(at=NOON).when(replace(LOG, adviser=adviser)).refused(AdviserNotRegistered)


def test_a_request_belongs_to_the_division_of_its_own_day() -> None:
    there = replace(LOGGED, point="STATION-1")
    later = replace(
        there, requested_at=NEXT_DAY, division="440103002001", promises=PROMISED_NEXT_DAY
    )
    given(at=MORNING).when(replace(LOG, point="STATION-1"), by=AT_STATION).then(there)
    given(at=NEXT_DAY).when(replace(LOG, point="STATION-1"), by=AT_STATION).then(later)


def test_a_point_without_a_calendar_promises_nothing() -> None:
    logged = replace(LOGGED, point="STALL-1", calendar=None, promises=())
    given(at=MORNING).when(replace(LOG, point="STALL-1"), by=replace(CLERK, unit="STALL-1")).then(
        logged
    )


def test_without_rules_nothing_is_promised() -> None:
    given(at=MORNING, registers=NO_RULES).when(LOG).then(replace(LOGGED, promises=()))


def test_before_the_first_rules_nothing_was_promised() -> None:
    early = local("2025-06-02 09:00")
    given(at=early).when(LOG).then(replace(LOGGED, requested_at=early, promises=()))


def test_a_service_without_a_limit_is_promised_nothing() -> None:
    other = replace(LOGGED, service="other", promises=())
    given(at=MORNING).when(replace(LOG, service="other")).then(other)


def test_a_deadline_in_a_year_without_calendar_data_is_refused_loudly() -> None:
    given(at=local("2026-12-30 09:00")).when(LOG).refused(CalendarHasNoYear)


def test_a_request_needs_a_known_point() -> None:
    given().when(replace(LOG, point="ROOM-9")).refused(PointUnknown)


def test_a_closed_point_logs_nothing() -> None:
    given().when(replace(LOG, point="ROOM-0"), by=CITY).refused(PointIsClosed)


def test_what_happened_before_a_point_was_closed_may_be_entered_afterwards() -> None:
    open_then = local("2025-12-31 17:00")
    late = replace(LOG, point="ROOM-0", late_reason="断网")
    entered = given(at=open_then, now=NOON).when(late, by=replace(CLERK, unit="ROOM-0"))
    entered.then(
        replace(LOGGED, requested_at=open_then, point="ROOM-0", promises=(), late_reason="断网")
    )


def test_a_point_logs_only_services_it_offers() -> None:
    given().when(replace(LOG, service="lecture")).refused(ServiceNotOffered)


def test_a_request_is_logged_once() -> None:
    given(LOGGED).when(LOG).refused(RequestExists)


def test_an_entry_a_day_late_needs_a_reason() -> None:
    late = given(at=MORNING, now=MORNING + timedelta(hours=25))
    late.when(LOG).refused(LateEntryNeedsReason)
    late.when(replace(LOG, late_reason="停电")).then(replace(LOGGED, late_reason="停电"))


def test_an_entry_within_a_day_is_not_late() -> None:
    given(at=MORNING, now=MORNING + timedelta(hours=24)).when(LOG).then(LOGGED)


def test_nothing_happens_in_the_future() -> None:
    given(at=NOON, now=MORNING).when(LOG).refused(HappensInFuture)


def test_a_clock_a_little_ahead_is_forgiven() -> None:
    given(at=MORNING, now=MORNING - timedelta(minutes=5)).when(LOG).then(LOGGED)


def test_an_unknown_request_does_nothing() -> None:
    given().when(AddNote(text="来电")).refused(RequestUnknown)


def test_nothing_happens_before_the_person_asked() -> None:
    early = given(LOGGED, at=MORNING - timedelta(minutes=1))
    early.when(AddNote(text="来电")).refused(HappensBeforeLogged)


def test_a_person_may_be_answered_the_moment_he_asks() -> None:
    given(LOGGED, at=MORNING).when(CONSULT).then(CONSULTED)


# --- first contact, adviser, once-only notice


def test_the_first_contact_hands_a_request_over() -> None:
    handed = HandedOver(to="clerk-2", reason="轮班")
    after = given(LOGGED).when(HandOver(to="clerk-2", reason="轮班")).then(handed)
    assert after.responsible == "clerk-2"


def test_a_request_is_not_handed_to_who_has_it() -> None:
    given(LOGGED).when(HandOver(to="clerk-1", reason="轮班")).nothing()


def test_an_adviser_is_assigned_with_his_firm_and_team() -> None:
    assigned = AdviserAssigned(adviser="A-1", firm="FIRM-1", team="TEAM-1")
    given(LOGGED).when(AssignAdviser(adviser="A-1")).then(assigned)


def test_an_adviser_who_left_is_not_assigned() -> None:
    given(LOGGED).when(AssignAdviser(adviser="A-3")).refused(AdviserNotRegistered)


INFORM = InformOnce(items=("身份证", "劳动合同"), basis="法律援助法第43条", in_writing=True)
INFORMED = OnceInformed(items=("身份证", "劳动合同"), basis="法律援助法第43条", in_writing=True)


def test_the_person_is_informed_of_everything_at_once() -> None:
    given(LOGGED).when(INFORM).then(INFORMED)


def test_nothing_is_asked_for_after_the_once_only_notice() -> None:
    given(LOGGED, INFORMED).when(replace(INFORM, items=("户口簿",))).refused(OnceAlreadyInformed)


def test_another_service_has_a_notice_of_its_own() -> None:
    reclassified = Reclassified(
        from_service="consultation", to_service="legal_aid", reason="符合条件"
    )
    given(LOGGED, INFORMED, reclassified).when(INFORM).then(INFORMED)


# --- consultation


CONSULT = GiveConsultation(mode="onsite", minutes=20)


def test_a_consultation_keeps_the_promise_of_a_first_response() -> None:
    assert given(LOGGED).when(CONSULT).then(CONSULTED).promises == (CLOSE,)


@pytest.mark.parametrize("event", [REFERRED, MEDIATING, APPLIED])
def test_a_referral_a_mediation_and_an_application_are_first_responses_too(event: Event) -> None:
    assert fold(request, [LOGGED, event]).promises == (CLOSE,)


def test_papers_and_notes_are_no_first_response() -> None:
    quiet = fold(request, [LOGGED, INFORMED, WAITING, NoteAdded(text="来电")])
    assert quiet.promises == (FIRST_RESPONSE, CLOSE)


def test_consultations_alike_on_one_day_are_two() -> None:
    given(LOGGED, CONSULTED).when(CONSULT).then(CONSULTED)


BY_CHEN = replace(CONSULTED, adviser="A-1", firm="FIRM-1", team="TEAM-1")
CHEN_ASSIGNED = AdviserAssigned(adviser="A-1", firm="FIRM-1", team="TEAM-1")


def test_a_consultation_belongs_to_the_adviser_it_names() -> None:
    given(LOGGED).when(replace(CONSULT, adviser="A-1")).then(BY_CHEN)


def test_a_consultation_belongs_to_the_adviser_who_enters_it() -> None:
    after = given(LOGGED).when(CONSULT, by=LAWYER).then(replace(BY_CHEN, given_by="chen"))
    assert after.served_by == ("A-1", "chen")


def test_a_consultation_belongs_to_the_assigned_adviser_unless_another_is_named() -> None:
    given(LOGGED, CHEN_ASSIGNED).when(CONSULT).then(BY_CHEN)


def test_a_consultation_after_the_assigned_adviser_left_belongs_to_none() -> None:
    given(LOGGED, replace(CHEN_ASSIGNED, adviser="A-3")).when(CONSULT).then(CONSULTED)


def test_the_same_note_twice_is_two_notes() -> None:
    noted = NoteAdded(text="来电")
    given(LOGGED, noted).when(AddNote(text="来电")).then(noted)


def test_a_note_is_added_after_closing() -> None:
    given(LOGGED, CONSULTED, ANSWERED).when(AddNote(text="来电")).then(NoteAdded(text="来电"))


def test_a_follow_code_is_replaced_as_often_as_it_was_lost_also_after_closing() -> None:
    replaced = FollowCodeReplaced()
    given(LOGGED).when(ReplaceFollowCode()).then(replaced)
    after = given(LOGGED, CONSULTED, ANSWERED, replaced).when(ReplaceFollowCode()).then(replaced)
    assert after.follow_code == 2
    given().when(ReplaceFollowCode()).refused(RequestUnknown)
    given(LOGGED, RequestVoided(reason="误登")).when(ReplaceFollowCode()).refused(RequestIsVoided)


# --- supplement


RECEIVED = SupplementReceived(
    resumed_at=NEXT_DAY,
    promises=(
        replace(FIRST_RESPONSE, due=local("2026-03-03 10:00")),
        replace(CLOSE, due=local("2026-03-17 18:00")),
    ),
)


def test_asking_for_papers_stops_the_clock() -> None:
    after = given(LOGGED).when(RequestSupplement(items=("劳动合同",))).then(WAITING)
    assert after.paused_at == NOON


def test_papers_that_are_waited_for_are_not_asked_for_again() -> None:
    given(LOGGED, WAITING).when(RequestSupplement(items=("工资单",))).refused(SupplementPending)


def test_other_papers_may_be_asked_for_later() -> None:
    again = RequestSupplement(items=("劳动合同",))
    asked = replace(WAITING, paused_at=EVENING)
    given(LOGGED, WAITING, replace(RECEIVED, resumed_at=EVENING), at=EVENING).when(again).then(
        asked
    )


def test_when_the_papers_come_the_time_waited_is_not_counted() -> None:
    after = given(LOGGED, WAITING, at=NEXT_DAY).when(ReceiveSupplement()).then(RECEIVED)
    assert after.paused_at is None


def test_a_second_pause_is_added_to_the_first() -> None:
    again = replace(WAITING, paused_at=NEXT_DAY)
    promises = (
        replace(FIRST_RESPONSE, due=local("2026-03-04 10:00")),
        replace(CLOSE, due=local("2026-03-18 18:00")),
    )
    history = given(LOGGED, WAITING, RECEIVED, again, at=local("2026-03-04 09:00"))
    received = SupplementReceived(resumed_at=history.at, promises=promises)
    history.when(ReceiveSupplement()).then(received)


def test_papers_nobody_asked_for_stop_no_clock() -> None:
    given(LOGGED).when(ReceiveSupplement()).refused(NoSupplementPending)


def test_papers_do_not_come_before_they_were_asked_for() -> None:
    early = given(LOGGED, WAITING, at=NOON - timedelta(minutes=1))
    early.when(ReceiveSupplement()).refused(SupplementReceivedTooEarly)


def test_without_promises_the_papers_still_come() -> None:
    history = given(replace(LOGGED, promises=()), WAITING, at=NEXT_DAY)
    history.when(ReceiveSupplement()).then(SupplementReceived(resumed_at=NEXT_DAY))


def test_new_rules_do_not_touch_promises_that_run_when_papers_come() -> None:
    promises = (
        replace(FIRST_RESPONSE, due=local("2026-03-06 10:00")),
        replace(CLOSE, due=local("2026-03-20 18:00")),
    )
    history = given(LOGGED, WAITING, at=local("2026-03-06 09:00"))
    received = SupplementReceived(resumed_at=history.at, promises=promises)
    history.when(ReceiveSupplement()).then(received)


# --- appointments


MADE = AppointmentMade(purpose="answer", at=NEXT_DAY)
MAKE = MakeAppointment(purpose="answer", at=NEXT_DAY)


def test_an_appointment_is_made() -> None:
    given(LOGGED).when(MAKE).then(MADE)


def test_an_appointment_is_moved() -> None:
    moved = replace(MADE, at=NEXT_DAY + timedelta(days=1))
    given(LOGGED, MADE).when(MakeAppointment(**asdict(moved))).then(moved)


def test_an_appointment_is_not_made_for_the_past() -> None:
    given(LOGGED).when(replace(MAKE, at=NOON)).refused(AppointmentInPast)


def test_an_appointment_names_an_instant() -> None:
    with pytest.raises(msgspec.ValidationError, match="timezone"):
        msgspec.json.decode(b'{"purpose":"visit","at":"2026-03-03T09:00:00"}', type=MakeAppointment)


def test_an_appointment_is_kept() -> None:
    assert given(LOGGED, MADE).when(KeepAppointment()).then(AppointmentKept()).appointment is None


def test_an_appointment_is_missed() -> None:
    missed = AppointmentMissed(reason="未到场")
    given(LOGGED, MADE).when(MissAppointment(reason="未到场")).then(missed)


@pytest.mark.parametrize("command", [KeepAppointment(), MissAppointment(reason="未到场")])
def test_without_an_appointment_none_is_kept_or_missed(command: Command) -> None:
    given(LOGGED).when(command).refused(NoAppointment)


# --- reclassification, recalculation


TO_MEDIATION = Reclassify(service="mediation", reason="双方愿意调解")
MEDIATION_CLOSE = replace(CLOSE, due=local("2026-04-02 18:00"))


def test_a_reclassified_request_has_the_promises_of_its_new_service_from_the_start() -> None:
    reclassified = Reclassified(
        from_service="consultation",
        to_service="mediation",
        reason="双方愿意调解",
        promises=(MEDIATION_CLOSE,),
    )
    given(LOGGED).when(TO_MEDIATION).then(reclassified)


def test_a_request_that_was_promised_nothing_is_promised_what_its_new_service_is() -> None:
    other = replace(LOGGED, service="other", promises=())
    reclassified = Reclassified(
        from_service="other",
        to_service="consultation",
        reason="录入有误",
        promises=(FIRST_RESPONSE, CLOSE),
    )
    given(other).when(Reclassify(service="consultation", reason="录入有误")).then(reclassified)


def test_a_kept_promise_is_not_given_again() -> None:
    other = replace(LOGGED, service="other", promises=())
    reclassified = Reclassified(
        from_service="other", to_service="consultation", reason="录入有误", promises=(CLOSE,)
    )
    answered = given(other, CONSULTED)
    answered.when(Reclassify(service="consultation", reason="录入有误")).then(reclassified)


def test_a_request_is_not_reclassified_as_what_it_is() -> None:
    given(LOGGED).when(Reclassify(service="consultation", reason="录入有误")).nothing()


def test_a_request_is_not_reclassified_as_what_the_point_does_not_offer() -> None:
    given(LOGGED).when(Reclassify(service="lecture", reason="录入有误")).refused(ServiceNotOffered)


RECALCULATE = RecalculateDeadlines(reason="新规施行")
UNDER_NEW_RULES = local("2026-03-05 09:00")


def test_new_rules_change_promises_that_run_only_by_a_recalculation_with_a_reason() -> None:
    stricter = replace(CLOSE, due=local("2026-03-09 18:00"), policy="service-limits@2")
    recalculated = DeadlinesRecalculated(reason="新规施行", promises=(stricter,))
    given(LOGGED, CONSULTED, at=UNDER_NEW_RULES).when(RECALCULATE).then(recalculated)


def test_a_recalculation_uses_the_newest_version_of_the_requests_own_calendar() -> None:
    extended = replace(
        REGISTERS.calendars["gz-office"],
        version=2,
        holidays=(Holiday(date(2026, 3, 9), date(2026, 3, 13), "停办"),),
    )
    registers = replace(REGISTERS, calendars={"gz-office": extended})
    later = replace(CLOSE, due=local("2026-03-23 18:00"), calendar="gz-office@2")
    recalculated = DeadlinesRecalculated(reason="新规施行", promises=(later,))
    given(LOGGED, CONSULTED, registers=registers).when(RECALCULATE).then(recalculated)


def test_promises_that_come_out_alike_are_not_recalculated() -> None:
    given(LOGGED).when(RECALCULATE).refused(NothingToRecalculate)


def test_a_request_without_a_calendar_has_nothing_to_recalculate() -> None:
    stall = replace(LOGGED, point="STALL-1", calendar=None, promises=())
    given(stall).when(RECALCULATE).refused(NothingToRecalculate)


# --- closing


ACCEPTED_AND_DONE = ReferralCompleted(by="STATION-1", outcome="已调解")
LINKED_OUTSIDE = replace(LOGGED, external=ExternalId("city-311", "4711"))
CLOSABLE: tuple[tuple[str, tuple[Event, ...]], ...] = (
    ("answered", (LOGGED, CONSULTED)),
    ("referred", (LOGGED, REFERRED, ACCEPTED_AND_DONE)),
    ("mediated", (LOGGED, MEDIATING, MediationAgreed(form="written"))),
    ("mediated", (LOGGED, MEDIATING, MediationEnded(reason="一方不愿", routes_told=True))),
    ("aid_granted", (LOGGED, APPLIED, LegalAidGranted())),
    ("aid_refused", (LOGGED, APPLIED, LegalAidRefused(reason="不符合"))),
    ("withdrawn", (LOGGED, REFERRED)),
    ("unreachable", (LOGGED, WAITING)),
    ("imported", (LINKED_OUTSIDE,)),
)


@pytest.mark.parametrize(("kind", "history"), CLOSABLE)
def test_a_request_is_closed_as_what_was_done(kind: Any, history: tuple[Event, ...]) -> None:
    assert given(*history).when(CloseRequest(kind=kind)).then(RequestClosed(kind=kind)).closed


@pytest.mark.parametrize(
    "kind", ["answered", "referred", "mediated", "aid_granted", "aid_refused", "imported"]
)
def test_a_request_is_not_closed_as_what_was_not_done(kind: Any) -> None:
    given(LOGGED).when(CloseRequest(kind=kind)).refused(NothingWasDone)


@pytest.mark.parametrize("pending", [REFERRED, MEDIATING, APPLIED])
def test_a_request_is_not_closed_while_something_it_led_to_is_pending(pending: Event) -> None:
    closing = CloseRequest(kind="answered")
    given(LOGGED, CONSULTED, pending).when(closing).refused(ProceedingPending)


def test_a_request_is_not_answered_while_papers_are_waited_for() -> None:
    closing = CloseRequest(kind="answered")
    given(LOGGED, CONSULTED, WAITING).when(closing).refused(SupplementPending)


def test_a_closed_request_is_not_handled() -> None:
    given(LOGGED, CONSULTED, ANSWERED).when(CONSULT).refused(RequestIsClosed)


# --- reopening


ROUND_TWO = tuple(replace(promise, round=2) for promise in PROMISED_NEXT_DAY)
REOPEN = ReopenRequest(reason="又来访")
SECOND_ROUND = RequestReopened(reason="又来访", reopened_at=NEXT_DAY, promises=ROUND_TWO)


def test_a_reopened_request_has_new_promises_and_the_old_ones_stay_as_they_ended() -> None:
    after = given(LOGGED, CONSULTED, ANSWERED, at=NEXT_DAY).when(REOPEN).then(SECOND_ROUND)
    assert after.promises == ROUND_TWO
    assert after.logged.promises == (FIRST_RESPONSE, CLOSE)


def test_promises_of_a_second_round_run_from_the_reopening_when_recalculated() -> None:
    history = given(LOGGED, CONSULTED, ANSWERED, SECOND_ROUND, CONSULTED, at=UNDER_NEW_RULES)
    stricter = replace(ROUND_TWO[1], due=local("2026-03-10 18:00"), policy="service-limits@2")
    history.when(RECALCULATE).then(DeadlinesRecalculated(reason="新规施行", promises=(stricter,)))


def test_a_reopened_request_is_to_be_responded_to_again() -> None:
    waiting = replace(WAITING, paused_at=NEXT_DAY)
    history = given(
        LOGGED, CONSULTED, ANSWERED, SECOND_ROUND, waiting, at=local("2026-03-04 09:00")
    )
    promises = (
        replace(ROUND_TWO[0], due=local("2026-03-04 15:00")),
        replace(ROUND_TWO[1], due=local("2026-03-18 18:00")),
    )
    received = SupplementReceived(resumed_at=history.at, promises=promises)
    history.when(ReceiveSupplement()).then(received)


def test_an_open_request_is_not_reopened() -> None:
    given(LOGGED).when(REOPEN).refused(RequestIsOpen)


def test_a_reopened_request_keeps_who_served_it_and_what_it_led_to() -> None:
    after = fold(request, [LOGGED, CONSULTED, REFERRED, ACCEPTED_AND_DONE, ANSWERED, REOPENED])
    assert after.served_by == ("clerk-1",)
    assert after.proceedings.referral == "completed"


def test_a_closing_ends_pauses_and_appointments() -> None:
    after = fold(request, [LOGGED, CONSULTED, WAITING, MADE, ANSWERED, REOPENED])
    assert (after.paused_at, after.appointment, after.pauses) == (None, None, ())


# --- voiding


@pytest.mark.parametrize("history", [(LOGGED,), (LOGGED, CONSULTED, ANSWERED)])
def test_a_request_entered_by_mistake_is_voided(history: tuple[Event, ...]) -> None:
    given(*history).when(VoidRequest(reason="重复录入")).then(VOIDED)


@pytest.mark.parametrize("command", [CONSULT, REOPEN, AddNote(text="来电")])
def test_a_voided_request_is_left_alone(command: Command) -> None:
    given(LOGGED, VOIDED).when(command).refused(RequestIsVoided)


# --- duplicates


LINK = LinkDuplicate(original=ORIGINAL, reason="同一事项")
LINKED = DuplicateLinked(original=ORIGINAL, reason="同一事项")
OPEN_REQUEST = fold(request, [LOGGED])


def looking_at(found: Any, *events: Event, stream: UUID = REQUEST) -> given:
    """The request, with what stands where its link leads to."""
    beside = {} if found is None else {ORIGINAL: found}
    return given(*(events or (LOGGED,)), stream=stream, beside=beside)


def test_a_duplicate_is_linked_and_stays() -> None:
    after = looking_at(OPEN_REQUEST).when(LINK).then(LINKED)
    assert not after.closed


def test_a_duplicate_is_linked_after_closing() -> None:
    looking_at(OPEN_REQUEST, LOGGED, CONSULTED, ANSWERED).when(LINK).then(LINKED)


def test_a_link_that_stands_is_not_judged_again() -> None:
    looking_at(fold(request, [LOGGED, VOIDED]), LOGGED, LINKED).when(LINK).nothing()


def test_an_unlinked_duplicate_is_none() -> None:
    unlinking = UnlinkDuplicate(original=ORIGINAL, reason="不同事项")
    unlinked = DuplicateUnlinked(original=ORIGINAL, reason="不同事项")
    assert given(LOGGED, LINKED).when(unlinking).then(unlinked).duplicate_of == ()


def test_what_was_not_linked_is_not_unlinked() -> None:
    given(LOGGED).when(UnlinkDuplicate(original=ORIGINAL, reason="不同")).refused(NotLinked)


def test_a_request_is_no_duplicate_of_itself() -> None:
    looking_at(OPEN_REQUEST, stream=ORIGINAL).when(LINK).refused(DuplicateOfItself)


def test_a_request_is_no_duplicate_of_one_that_does_not_exist() -> None:
    looking_at(None).when(LINK).refused(RequestUnknown)


def test_a_request_is_no_duplicate_of_what_is_no_request() -> None:
    looking_at(fold(complaint, [REGISTERED])).when(LINK).refused(RequestUnknown)


def test_a_request_is_no_duplicate_of_a_voided_one() -> None:
    looking_at(fold(request, [LOGGED, VOIDED])).when(LINK).refused(RequestIsVoided)


def test_links_form_no_circle() -> None:
    looking_at(fold(request, [LOGGED, LINKED])).when(LINK).refused(OriginalIsDuplicate)
