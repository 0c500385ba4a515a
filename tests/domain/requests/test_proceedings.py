"""What a request can lead to: referral, mediation, legal aid."""

from typing import Any, Final, cast, get_args

import pytest
from msgspec.structs import replace

from domain.jurisdiction import OutsideJurisdiction
from domain.promises.promising import (
    ExtensionNotAllowed,
    ExtensionTooLate,
    ExtensionTooLong,
    NotTheApprover,
    PartiesMustAgree,
    PromiseNotRunning,
)
from domain.registers.point import PointIsClosed, PointUnknown
from domain.registers.policy import LIMITS_POLICY, LegalAidRules, Policy
from domain.requests import request_commands
from domain.requests.proceedings import (
    JudicialConfirmationDecided,
    JudicialConfirmationSought,
    LegalAidApplied,
    LegalAidDeemedWithdrawn,
    LegalAidGranted,
    LegalAidLawyerAssigned,
    LegalAidObjected,
    LegalAidRefused,
    LegalAidReviewed,
    MediationAgreed,
    MediationEnded,
    MediationOpened,
    MediationPerformed,
    MediationSessionHeld,
    ReferralAccepted,
    ReferralCompleted,
    ReferralRefused,
    ReferralReturned,
    Referred,
)
from domain.requests.proceedings_commands import (
    AcceptReferral,
    AdviserNotRegistered,
    AgreeMediation,
    ApplyForLegalAid,
    AssignLegalAidLawyer,
    AssignsHimself,
    CompleteReferral,
    DecideJudicialConfirmation,
    DecidesOwnCase,
    DeemLegalAidWithdrawn,
    EndMediation,
    GrantLegalAid,
    HoldMediationSession,
    LegalAidNotPossible,
    MediationNotPossible,
    NotALegalAidOfficer,
    NotTheLegalAidAgency,
    NotTheReceivingUnit,
    NotTheReviewingBureau,
    ObjectToLegalAidRefusal,
    OpenMediation,
    OralAgreementNotRecorded,
    Refer,
    ReferralNeedsConsent,
    ReferralNotPossible,
    RefusalWasOverruled,
    RefuseLegalAid,
    RefuseReferral,
    ReportMediationPerformed,
    ReturnReferral,
    ReviewedByItself,
    ReviewLegalAidRefusal,
    RoutesMustBeTold,
    SeekJudicialConfirmation,
)
from domain.requests.request import (
    AdviserAssigned,
    RequestClosed,
    RequestExtended,
    SupplementReceived,
    SupplementRequested,
)
from domain.requests.request_commands import (
    AddNote,
    CloseRequest,
    ExtendRequestDeadline,
    NoSupplementPending,
    ProceedingPending,
    ReceiveSupplement,
    Reclassify,
    ReferredToItself,
    ReopenRequest,
    RequestSupplement,
    SupplementNotOverdue,
    SupplementOnlyOnce,
    SupplementPending,
)
from domain.roles import Leader, Staff
from domain.vocabulary import Actor, Command, Event
from domain.worktime.calendar import TimeLimit
from tests.examples import (
    ANSWERED,
    APPLIED,
    CLERK,
    CLOSE,
    CONSULTED,
    EVENING,
    LAWYER,
    LOGGED,
    MEDIATING,
    NOON,
    REFERRED,
    REGISTERS,
    REOPENED,
    RULES,
    STATION_CLERK,
    local,
)
from tests.spec import When, given

REFER = Refer(target="other_point", to="STATION-1", reason="需调解", consented=True)
OUTSIDE = Referred(target="court", to="COURT-1", reason="需起诉", consented=True)
OFFICER = Actor(account="aid-1", role="legal_aid_officer", unit="AID-1")
COLLEAGUE = replace(OFFICER, account="aid-2")
BUREAU = Actor(account="bureau-1", role="supervisor", unit="440103")
ACCEPTED = ReferralAccepted(by="STATION-1")
BACK = ReferralReturned(by="STATION-1", reason="非本站职责")

# --- referral


def test_a_person_who_agrees_is_referred() -> None:
    given(LOGGED).when(REFER).then(REFERRED)


def test_nobody_is_referred_without_consent() -> None:
    given(LOGGED).when(replace(REFER, consented=False)).refused(ReferralNeedsConsent)


def test_a_point_does_not_refer_to_itself() -> None:
    given(LOGGED).when(replace(REFER, to="ROOM-1")).refused(ReferredToItself)


def test_another_point_that_is_referred_to_must_exist() -> None:
    given(LOGGED).when(replace(REFER, to="ROOM-9")).refused(PointUnknown)


def test_nobody_is_referred_to_a_closed_point() -> None:
    given(LOGGED).when(replace(REFER, to="ROOM-0")).refused(PointIsClosed)


def test_a_unit_outside_the_registers_may_be_referred_to() -> None:
    given(LOGGED).when(Refer(target="court", to="COURT-1", reason="需起诉", consented=True)).then(
        OUTSIDE
    )


def test_a_second_referral_waits_for_the_answer_to_the_first() -> None:
    given(LOGGED, REFERRED).when(replace(REFER, to="COURT-1", target="court")).refused(
        ReferralNotPossible
    )


def test_the_receiving_unit_accepts() -> None:
    given(LOGGED, REFERRED).when(AcceptReferral(), by=STATION_CLERK).then(ACCEPTED)


def test_the_receiving_unit_refuses_with_a_reason_and_another_may_be_asked() -> None:
    refused = ReferralRefused(by="STATION-1", reason="已满")
    given(LOGGED, REFERRED).when(RefuseReferral(reason="已满"), by=STATION_CLERK).then(refused)
    given(LOGGED, REFERRED, refused).when(REFER).then(REFERRED)


def test_the_receiving_unit_returns_what_it_had_accepted() -> None:
    accepted = given(LOGGED, REFERRED, ACCEPTED)
    accepted.when(ReturnReferral(reason="非本站职责"), by=STATION_CLERK).then(BACK)


def test_the_receiving_unit_completes_what_it_had_accepted() -> None:
    accepted = given(LOGGED, REFERRED, ACCEPTED)
    done = ReferralCompleted(by="STATION-1", outcome="已调解")
    accepted.when(CompleteReferral(outcome="已调解"), by=STATION_CLERK).then(done)


def test_a_referral_is_not_completed_before_it_is_accepted() -> None:
    completing = CompleteReferral(outcome="已调解")
    given(LOGGED, REFERRED).when(completing, by=STATION_CLERK).refused(ReferralNotPossible)


def test_a_point_does_not_answer_for_another_point() -> None:
    given(LOGGED, REFERRED).when(AcceptReferral(), by=CLERK).refused(NotTheReceivingUnit)


def test_a_point_records_the_answer_of_a_unit_outside_the_registers() -> None:
    given(LOGGED, OUTSIDE).when(AcceptReferral(), by=CLERK).then(ReferralAccepted(by="COURT-1"))


def test_another_point_does_not_record_that_answer() -> None:
    given(LOGGED, OUTSIDE).when(AcceptReferral(), by=STATION_CLERK).refused(OutsideJurisdiction)


# --- mediation


AGREED = MediationAgreed(form="written")
SOUGHT = JudicialConfirmationSought(court="荔湾区人民法院")
MEDIATION_OVER = MediationEnded(reason="一方不愿继续", routes_told=True)
SESSION = HoldMediationSession(mediator="M-1", minutes=60)


def test_a_mediation_is_opened() -> None:
    given(LOGGED).when(OpenMediation(mediator="M-1", public=True)).then(
        MediationOpened(mediator="M-1", public=True)
    )


def test_a_mediation_that_failed_may_be_tried_again() -> None:
    given(LOGGED, MEDIATING, MEDIATION_OVER).when(OpenMediation(mediator="M-1")).then(MEDIATING)


def test_a_session_names_the_adviser_with_his_firm_and_team() -> None:
    held = MediationSessionHeld(
        mediator="M-1", adviser="A-1", firm="FIRM-1", team="TEAM-1", minutes=60, onsite=True,
        given_on=NOON.date(),
    )  # fmt: skip
    given(LOGGED, MEDIATING).when(replace(SESSION, adviser="A-1")).then(held)


def test_sessions_alike_are_two_sessions() -> None:
    held = MediationSessionHeld(mediator="M-1", minutes=60, onsite=True, given_on=NOON.date())
    given(LOGGED, MEDIATING, held).when(SESSION).then(held)


def test_mediator_and_adviser_of_a_session_served_the_request() -> None:
    held = given(LOGGED, MEDIATING).when(replace(SESSION, adviser="A-1"))
    told = MediationSessionHeld(
        mediator="M-1", adviser="A-1", firm="FIRM-1", team="TEAM-1", minutes=60, onsite=True,
        given_on=NOON.date(),
    )  # fmt: skip
    assert held.then(told).served_by == ("A-1", "M-1")


@pytest.mark.parametrize("adviser", ["A-9", "A-3"])
def test_a_session_names_only_advisers_in_office(adviser: str) -> None:
    given(LOGGED, MEDIATING).when(replace(SESSION, adviser=adviser)).refused(AdviserNotRegistered)


def test_the_parties_agree() -> None:
    given(LOGGED, MEDIATING).when(AgreeMediation(form="written")).then(AGREED)


def test_an_oral_agreement_is_written_down() -> None:
    told = AgreeMediation(form="oral", terms="三日内支付")
    given(LOGGED, MEDIATING).when(told).then(MediationAgreed(form="oral", terms="三日内支付"))


def test_an_oral_agreement_that_nobody_wrote_down_is_refused() -> None:
    given(LOGGED, MEDIATING).when(AgreeMediation(form="oral")).refused(OralAgreementNotRecorded)


def test_a_party_ends_the_mediation_and_is_told_the_other_routes() -> None:
    given(LOGGED, MEDIATING).when(EndMediation(reason="一方不愿继续", routes_told=True)).then(
        MEDIATION_OVER
    )


def test_a_mediation_does_not_end_before_the_other_routes_are_told() -> None:
    ending = EndMediation(reason="一方不愿继续", routes_told=False)
    given(LOGGED, MEDIATING).when(ending).refused(RoutesMustBeTold)


@pytest.mark.parametrize(
    "command",
    [
        SESSION,
        AgreeMediation(form="written"),
        EndMediation(reason="一方不愿继续", routes_told=True),
        ReportMediationPerformed(fully=True),
        SeekJudicialConfirmation(court="荔湾区人民法院"),
        DecideJudicialConfirmation(confirmed=True),
    ],
)
def test_without_a_mediation_nothing_of_it_happens(command: Command) -> None:
    given(LOGGED).when(command).refused(MediationNotPossible)


def test_an_agreement_is_performed_in_part_and_then_in_full() -> None:
    partly, fully = MediationPerformed(fully=False), MediationPerformed(fully=True)
    given(LOGGED, MEDIATING, AGREED).when(ReportMediationPerformed(fully=False)).then(partly)
    given(LOGGED, MEDIATING, AGREED, partly).when(ReportMediationPerformed(fully=True)).then(fully)


def test_what_was_performed_in_full_is_not_performed_in_part_later() -> None:
    performed = given(LOGGED, MEDIATING, AGREED, MediationPerformed(fully=True))
    performed.when(ReportMediationPerformed(fully=False)).refused(MediationNotPossible)


def test_performance_is_reported_after_the_request_was_closed() -> None:
    closed = given(LOGGED, MEDIATING, AGREED, ANSWERED)
    closed.when(ReportMediationPerformed(fully=True)).then(MediationPerformed(fully=True))


def test_the_court_is_asked_to_confirm_an_agreement() -> None:
    asking = SeekJudicialConfirmation(court="荔湾区人民法院")
    given(LOGGED, MEDIATING, AGREED, ANSWERED).when(asking).then(SOUGHT)


def test_the_court_is_asked_once() -> None:
    asking = SeekJudicialConfirmation(court="越秀区人民法院")
    given(LOGGED, MEDIATING, AGREED, SOUGHT).when(asking).refused(MediationNotPossible)


@pytest.mark.parametrize("confirmed", [True, False])
def test_the_court_decides(confirmed: bool) -> None:  # noqa: FBT001
    after = given(LOGGED, MEDIATING, AGREED, SOUGHT).when(
        DecideJudicialConfirmation(confirmed=confirmed)
    )
    state = after.then(JudicialConfirmationDecided(confirmed=confirmed))
    assert state.proceedings.confirmation == ("confirmed" if confirmed else "denied")


def test_the_court_does_not_decide_what_it_was_not_asked() -> None:
    deciding = DecideJudicialConfirmation(confirmed=True)
    given(LOGGED, MEDIATING, AGREED).when(deciding).refused(MediationNotPossible)


# --- legal aid


ASKED = SupplementRequested(items=("低保证明",), paused_at=EVENING, due=local("2026-03-09 18:00"))
LATER = local("2026-03-04 10:00")
TOO_LATE = local("2026-03-09 18:01")
GRANTED = LegalAidGranted(granted_at=NOON)
WITHDRAWN = LegalAidDeemedWithdrawn()
REFUSED = LegalAidRefused(reason="不符合经济困难标准", refused_by=OFFICER.account)


def test_legal_aid_is_applied_for() -> None:
    applying = ApplyForLegalAid(agency="AID-1", urgent=True)
    applied = LegalAidApplied(agency="AID-1", urgent=True, applied_by="clerk-1")
    given(LOGGED).when(applying).then(applied)


def test_legal_aid_is_granted() -> None:
    given(LOGGED, APPLIED).when(GrantLegalAid(), by=OFFICER).then(GRANTED)


def test_legal_aid_is_refused_with_a_reason() -> None:
    refusing = RefuseLegalAid(reason=REFUSED.reason)
    given(LOGGED, APPLIED).when(refusing, by=OFFICER).then(REFUSED)


def test_after_a_refusal_legal_aid_may_be_applied_for_again() -> None:
    again = given(LOGGED, APPLIED, REFUSED).when(ApplyForLegalAid(agency="AID-1"))
    again.then(replace(APPLIED, applied_by="clerk-1"))


def test_a_lawyer_is_assigned_also_after_closing() -> None:
    assigned = LegalAidLawyerAssigned(lawyer="L-1")
    closed = given(LOGGED, APPLIED, GRANTED, ANSWERED)
    after = closed.when(AssignLegalAidLawyer(lawyer="L-1"), by=OFFICER)
    assert after.then(assigned).served_by == ("L-1",)


def test_a_lawyer_may_be_replaced() -> None:
    assigned = given(LOGGED, APPLIED, GRANTED, LegalAidLawyerAssigned(lawyer="L-1"))
    replacing = assigned.when(AssignLegalAidLawyer(lawyer="L-2"), by=OFFICER)
    replacing.then(LegalAidLawyerAssigned(lawyer="L-2"))


@pytest.mark.parametrize(
    "command",
    [
        GrantLegalAid(),
        RefuseLegalAid(reason="不符合"),
        AssignLegalAidLawyer(lawyer="L-1"),
        DeemLegalAidWithdrawn(),
    ],
)
def test_without_an_application_nothing_of_it_happens(command: Command) -> None:
    given(LOGGED).when(command).refused(LegalAidNotPossible)


def test_the_person_has_the_days_of_the_policy_to_supplement_an_application() -> None:
    given(LOGGED, APPLIED, at=EVENING).when(RequestSupplement(items=("低保证明",))).then(ASKED)


def test_papers_for_legal_aid_are_asked_for_once_only() -> None:
    received = SupplementReceived(resumed_at=LATER)
    again = given(LOGGED, APPLIED, ASKED, received, at=LATER)
    again.when(RequestSupplement(items=("户口簿",))).refused(SupplementOnlyOnce)


def test_a_new_application_may_ask_for_papers_again() -> None:
    history = given(LOGGED, APPLIED, ASKED, SupplementReceived(resumed_at=LATER), REFUSED, APPLIED)
    history.when(RequestSupplement(items=("低保证明",))).then(replace(ASKED, paused_at=history.at))


@pytest.mark.parametrize("command", [GrantLegalAid(), RefuseLegalAid(reason="不符合")])
def test_an_application_is_not_decided_while_its_papers_are_waited_for(command: Command) -> None:
    given(LOGGED, APPLIED, ASKED, at=LATER).when(command, by=OFFICER).refused(SupplementPending)


def test_urgent_aid_comes_before_the_papers() -> None:
    urgent = LegalAidApplied(agency="AID-1", urgent=True)
    granting = given(LOGGED, urgent, ASKED, at=LATER).when(GrantLegalAid(), by=OFFICER)
    granting.then(LegalAidGranted(granted_at=LATER))


def test_no_reply_in_time_is_a_withdrawal() -> None:
    silent = given(LOGGED, APPLIED, ASKED, at=TOO_LATE)
    silent.when(DeemLegalAidWithdrawn(), by=OFFICER).then(WITHDRAWN)


def test_where_no_limit_is_set_the_agency_decides_when_silence_is_a_withdrawal() -> None:
    silent = given(LOGGED, APPLIED, replace(ASKED, due=None), at=LATER)
    silent.when(DeemLegalAidWithdrawn(), by=OFFICER).then(WITHDRAWN)


def test_before_its_day_silence_is_no_withdrawal() -> None:
    asked = given(LOGGED, APPLIED, ASKED, at=LATER)
    asked.when(DeemLegalAidWithdrawn(), by=OFFICER).refused(SupplementNotOverdue)


def test_without_a_request_for_papers_silence_is_no_withdrawal() -> None:
    given(LOGGED, APPLIED).when(DeemLegalAidWithdrawn(), by=OFFICER).refused(NoSupplementPending)


def test_papers_asked_for_before_the_application_do_not_withdraw_it() -> None:
    asked = given(LOGGED, ASKED, APPLIED, at=TOO_LATE)
    asked.when(DeemLegalAidWithdrawn(), by=OFFICER).refused(NoSupplementPending)


def test_papers_may_still_come_after_a_withdrawal() -> None:
    late = replace(CLOSE, due=local("2026-03-23 18:00"))
    received = SupplementReceived(resumed_at=TOO_LATE, promises=(late,))
    withdrawn = given(LOGGED, APPLIED, ASKED, WITHDRAWN, at=TOO_LATE)
    withdrawn.when(ReceiveSupplement()).then(received)


# --- legal aid: who decides


DECISIONS: Final[tuple[tuple[Command, tuple[Event, ...]], ...]] = (
    (GrantLegalAid(), (LOGGED, APPLIED)),
    (RefuseLegalAid(reason="不符合"), (LOGGED, APPLIED)),
    (AssignLegalAidLawyer(lawyer="L-1"), (LOGGED, APPLIED, GRANTED)),
    (DeemLegalAidWithdrawn(), (LOGGED, APPLIED, ASKED)),
)


@pytest.mark.parametrize(("command", "history"), DECISIONS)
@pytest.mark.parametrize("role", get_args(Staff))
def test_audit_1_16_only_an_officer_of_legal_aid_decides(
    role: Staff, command: Command, history: tuple[Event, ...]
) -> None:
    deciding = given(*history, at=TOO_LATE).when(command, by=replace(OFFICER, role=role))
    if role == "legal_aid_officer":
        assert deciding.moment.by == OFFICER
        aggregate_decides(deciding)
    else:
        deciding.refused(NotALegalAidOfficer)


@pytest.mark.parametrize(("command", "history"), DECISIONS)
def test_audit_1_16_an_officer_of_another_agency_does_not_decide(
    command: Command, history: tuple[Event, ...]
) -> None:
    deciding = given(*history, at=TOO_LATE)
    deciding.when(command, by=replace(OFFICER, unit="ROOM-1")).refused(NotTheLegalAidAgency)
    deciding.when(command, by=replace(OFFICER, unit="AID-2")).refused(OutsideJurisdiction)


@pytest.mark.parametrize(("command", "history"), DECISIONS)
def test_audit_1_16_who_applied_does_not_decide(
    command: Command, history: tuple[Event, ...]
) -> None:
    applied = [
        replace(one, applied_by=OFFICER.account) if isinstance(one, LegalAidApplied) else one
        for one in history
    ]
    given(*applied, at=TOO_LATE).when(command, by=OFFICER).refused(DecidesOwnCase)
    aggregate_decides(given(*applied, at=TOO_LATE).when(command, by=COLLEAGUE))


@pytest.mark.parametrize(("command", "history"), DECISIONS)
@pytest.mark.parametrize(
    "served",
    [
        replace(CONSULTED, given_by="aid-1"),
        replace(CONSULTED, given_by="chen", adviser="A-1"),
        AdviserAssigned(adviser="A-1", firm="FIRM-1"),
        MediationSessionHeld(mediator="aid-1", minutes=30, onsite=True),
    ],
    ids=["consulted", "consulted as adviser", "assigned as adviser", "mediated"],
)
def test_audit_1_16_who_serves_or_was_assigned_does_not_decide(
    served: Event, command: Command, history: tuple[Event, ...]
) -> None:
    lawyer = replace(OFFICER, adviser="A-1")
    first, *others = history
    given(first, served, *others, at=TOO_LATE).when(command, by=lawyer).refused(DecidesOwnCase)


def test_audit_1_16_an_adviser_cannot_apply_grant_and_assign_himself() -> None:
    applied = replace(APPLIED, applied_by=LAWYER.account)
    given(LOGGED, applied).when(GrantLegalAid(), by=LAWYER).refused(NotALegalAidOfficer)
    himself = AssignLegalAidLawyer(lawyer="A-1")
    given(LOGGED, applied, GRANTED).when(himself, by=LAWYER).refused(NotALegalAidOfficer)
    lawyer = replace(OFFICER, adviser="A-1")
    given(LOGGED, APPLIED, GRANTED).when(himself, by=lawyer).refused(AssignsHimself)


@pytest.mark.parametrize("role", ["supervisor", "administrator"])
def test_leaders_of_the_agency_decide_where_the_rules_say_so(role: Leader) -> None:
    leader = replace(OFFICER, account="head", role=role)
    given(LOGGED, APPLIED).when(GrantLegalAid(), by=leader).refused(NotALegalAidOfficer)
    policy = Policy((replace(RULES, legal_aid=LegalAidRules(deciders=(role,))),))
    registers = replace(REGISTERS, policies={LIMITS_POLICY: policy})
    ruled = given(LOGGED, APPLIED, registers=registers)
    ruled.when(GrantLegalAid(), by=leader).then(GRANTED)
    ruled.when(GrantLegalAid(), by=OFFICER).refused(NotALegalAidOfficer)
    ruled.when(GrantLegalAid(), by=BUREAU).refused(
        NotTheLegalAidAgency if role == "supervisor" else NotALegalAidOfficer
    )


def test_what_earlier_logs_granted_stays_granted() -> None:
    lawyer = LegalAidLawyerAssigned(lawyer="A-1")
    history = given(LOGGED, APPLIED, LegalAidGranted(), lawyer, ANSWERED)
    assert history.when(ReopenRequest(reason="又来访")).state.proceedings.lawyer == "A-1"


def aggregate_decides(deciding: When) -> None:
    assert request_commands.decide(deciding.state, cast("Any", deciding.command), deciding.moment)


# --- legal aid: the days to assign somebody, objection and review


AID_LIMITS = replace(
    RULES,
    limits={
        **RULES.limits,
        "legal_aid/assign": TimeLimit(amount=3, unit="calendar_day"),
        "legal_aid/review": TimeLimit(amount=5, unit="calendar_day"),
    },
)
CLOCKED = replace(REGISTERS, policies={LIMITS_POLICY: Policy((AID_LIMITS,))})
ASSIGN = replace(CLOSE, name="assign", started_at=NOON, due=local("2026-03-05 18:00"))
PROMISED = LegalAidGranted(granted_at=NOON, promises=(ASSIGN,))
# Five days after Monday is a Saturday: it rolls over to the next Monday.
REVIEW = replace(ASSIGN, name="review", due=local("2026-03-09 18:00"))
OBJECT = ObjectToLegalAidRefusal(to="440103", reason="有新的收入证明")
OBJECTED = LegalAidObjected(
    to="440103", reason="有新的收入证明", objected_at=NOON, promises=(REVIEW,)
)
REVIEWED = LegalAidReviewed(upheld=False, reason="责令改正", reviewed_by=BUREAU.account)


def test_a_grant_promises_that_somebody_is_assigned_in_the_days_of_the_rules() -> None:
    after = given(LOGGED, APPLIED, registers=CLOCKED).when(GrantLegalAid(), by=OFFICER)
    assert after.then(PROMISED).aid_promises == (ASSIGN,)


def test_the_days_to_assign_run_on_when_the_request_is_closed_or_reopened() -> None:
    closed = given(LOGGED, APPLIED, PROMISED, RequestClosed(kind="aid_granted"), REOPENED)
    assert closed.when(CloseRequest(kind="withdrawn")).state.aid_promises == (ASSIGN,)


def test_assigning_somebody_keeps_the_promise() -> None:
    assigning = given(LOGGED, APPLIED, PROMISED, registers=CLOCKED)
    after = assigning.when(AssignLegalAidLawyer(lawyer="L-1"), by=OFFICER)
    assert after.then(LegalAidLawyerAssigned(lawyer="L-1")).aid_promises == ()


def test_a_refusal_is_objected_to_also_after_closing() -> None:
    closed = given(LOGGED, APPLIED, REFUSED, RequestClosed(kind="aid_refused"), registers=CLOCKED)
    assert closed.when(OBJECT).then(OBJECTED).aid_promises == (REVIEW,)


def test_only_a_refusal_is_objected_to_and_once() -> None:
    for history in ((LOGGED,), (LOGGED, APPLIED), (LOGGED, APPLIED, GRANTED)):
        given(*history).when(OBJECT).refused(LegalAidNotPossible)
    given(LOGGED, APPLIED, REFUSED, OBJECTED).when(OBJECT).refused(LegalAidNotPossible)


def test_an_agency_does_not_review_itself() -> None:
    refused = given(LOGGED, APPLIED, REFUSED)
    refused.when(replace(OBJECT, to="AID-1")).refused(ReviewedByItself)


def test_only_the_bureau_that_was_asked_reviews_and_nobody_who_was_engaged() -> None:
    review = ReviewLegalAidRefusal(upheld=True, reason="原决定正确")
    objected = given(LOGGED, APPLIED, REFUSED, OBJECTED)
    objected.when(review, by=OFFICER).refused(NotTheReviewingBureau)
    engaged = given(LOGGED, replace(APPLIED, applied_by="bureau-1"), REFUSED, OBJECTED)
    engaged.when(review, by=BUREAU).refused(DecidesOwnCase)
    after = objected.when(review, by=BUREAU).then(
        LegalAidReviewed(upheld=True, reason="原决定正确", reviewed_by=BUREAU.account)
    )
    assert (after.proceedings.legal_aid, after.aid_promises) == ("upheld", ())


def test_a_refusal_that_is_not_upheld_is_granted_and_not_refused_again() -> None:
    review = ReviewLegalAidRefusal(upheld=False, reason="责令改正")
    objected = given(LOGGED, APPLIED, REFUSED, OBJECTED)
    objected.when(review, by=BUREAU).then(REVIEWED)
    overruled = given(LOGGED, APPLIED, REFUSED, OBJECTED, REVIEWED)
    overruled.when(RefuseLegalAid(reason="仍不符合"), by=OFFICER).refused(RefusalWasOverruled)
    overruled.when(GrantLegalAid(), by=OFFICER).then(GRANTED)


def test_a_request_is_not_closed_while_its_objection_is_reviewed() -> None:
    objected = given(LOGGED, APPLIED, REFUSED, OBJECTED)
    objected.when(CloseRequest(kind="aid_refused")).refused(ProceedingPending)


# --- more time


MONTH = replace(CLOSE, due=local("2026-04-02 18:00"))
MEDIATION = replace(LOGGED, service="mediation", promises=(MONTH,))
LONGER = replace(
    RULES,
    limits={
        "mediation/close": TimeLimit(
            amount=1, unit="month", extensions_max=1, extension_amount_max=1,
            extension_approver="parties",
        ),
        "consultation/close": TimeLimit(
            amount=10, unit="working_day", extensions_max=2, extension_amount_max=5,
            extension_approver="supervisor",
        ),
    },
)  # fmt: skip
EXTENSIBLE = replace(REGISTERS, policies={LIMITS_POLICY: Policy((LONGER,))})
SUPERVISOR = Actor(account="boss", role="supervisor", unit="ROOM-1")
EXTEND = ExtendRequestDeadline(amount=1, reason="继续协商", agreed=True)
EXTENDED = RequestExtended(
    promise="close", amount=1, reason="继续协商", approved_by="parties", role="duty_officer",
    extended_at=NOON, promises=(replace(MONTH, due=local("2026-05-04 18:00")),),
)  # fmt: skip


def test_audit_3_a_mediation_is_given_more_time_when_the_parties_agree() -> None:
    open_ = given(MEDIATION, CONSULTED, MEDIATING, registers=EXTENSIBLE)
    open_.when(replace(EXTEND, agreed=False)).refused(PartiesMustAgree)
    open_.when(replace(EXTEND, amount=2)).refused(ExtensionTooLong)
    # Two months after 2 March is Saturday, 2 May.
    assert open_.when(EXTEND).then(EXTENDED).extended_by("close") == (1,)
    again = given(MEDIATION, CONSULTED, MEDIATING, EXTENDED, registers=EXTENSIBLE)
    again.when(replace(EXTEND, reason="再次协商")).refused(ExtensionNotAllowed)


def test_audit_3_another_request_is_given_more_time_by_whom_the_rules_name() -> None:
    asked = ExtendRequestDeadline(amount=5, reason="须向外地核实")
    open_ = given(LOGGED, CONSULTED, registers=EXTENSIBLE)
    open_.when(asked).refused(NotTheApprover)
    open_.when(replace(asked, agreed=True)).refused(NotTheApprover)
    extended = RequestExtended(
        promise="close", amount=5, reason="须向外地核实", approved_by="boss", role="supervisor",
        extended_at=NOON, promises=(replace(CLOSE, due=local("2026-03-23 18:00")),),
    )  # fmt: skip
    state = open_.when(asked, by=SUPERVISOR).then(extended)
    assert state.extended_by("close") == (5,)


def test_more_time_is_given_only_while_the_promise_runs() -> None:
    asked = ExtendRequestDeadline(amount=1, reason="须核实")
    late = given(LOGGED, CONSULTED, at=local("2026-03-17 09:00"), registers=EXTENSIBLE)
    late.when(asked, by=SUPERVISOR).refused(ExtensionTooLate)
    given(replace(LOGGED, promises=()), registers=EXTENSIBLE).when(asked, by=SUPERVISOR).refused(
        PromiseNotRunning
    )
    waiting = given(LOGGED, ASKED, at=LATER, registers=EXTENSIBLE)
    waiting.when(asked, by=SUPERVISOR).refused(SupplementPending)
    given(LOGGED, CONSULTED).when(asked, by=SUPERVISOR).refused(ExtensionNotAllowed)


def test_more_time_outlasts_a_wait_and_a_recalculation_but_no_new_service_and_no_new_round() -> (
    None
):
    more = RequestExtended(
        promise="close", amount=5, reason="须核实", approved_by="boss", role="supervisor",
        extended_at=NOON, promises=(replace(CLOSE, due=local("2026-03-23 18:00")),),
    )  # fmt: skip
    at = local("2026-03-04 18:00")
    waited = given(
        LOGGED, CONSULTED, more, replace(ASKED, paused_at=EVENING), at=at, registers=EXTENSIBLE
    )
    (received,) = _decided(waited.when(ReceiveSupplement()))
    assert received.promises[0].due == local("2026-03-25 18:00")
    other = given(LOGGED, CONSULTED, more, at=at, registers=EXTENSIBLE)
    (reclassified,) = _decided(other.when(Reclassify(service="mediation", reason="实为调解")))
    assert reclassified.promises[0].due == local("2026-04-02 18:00")
    after = given(LOGGED, CONSULTED, more, reclassified, at=at).when(AddNote(text="x")).state
    assert after.extensions == ()
    reopened = given(LOGGED, CONSULTED, more, ANSWERED, REOPENED).when(AddNote(text="x")).state
    assert reopened.extensions == ()


def _decided(deciding: When) -> list[Any]:
    return request_commands.decide(deciding.state, cast("Any", deciding.command), deciding.moment)
