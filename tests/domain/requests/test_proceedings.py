"""What a request can lead to: referral, mediation, legal aid."""

import pytest
from msgspec.structs import replace

from domain.registers.point import PointUnknown
from domain.registration.point_commands import PointIsClosed
from domain.requests.proceedings import (
    JudicialConfirmationDecided,
    JudicialConfirmationSought,
    LegalAidApplied,
    LegalAidDeemedWithdrawn,
    LegalAidGranted,
    LegalAidLawyerAssigned,
    LegalAidRefused,
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
    CompleteReferral,
    DecideJudicialConfirmation,
    DeemLegalAidWithdrawn,
    EndMediation,
    GrantLegalAid,
    HoldMediationSession,
    LegalAidNotPossible,
    MediationNotPossible,
    NotTheReceivingUnit,
    OpenMediation,
    OralAgreementNotRecorded,
    Refer,
    ReferralNeedsConsent,
    ReferralNotPossible,
    RefuseLegalAid,
    RefuseReferral,
    ReportMediationPerformed,
    ReturnReferral,
    RoutesMustBeTold,
    SeekJudicialConfirmation,
)
from domain.requests.request import SupplementReceived, SupplementRequested
from domain.requests.request_commands import (
    NoSupplementPending,
    ReceiveSupplement,
    ReferredToItself,
    RequestSupplement,
    SupplementNotOverdue,
    SupplementOnlyOnce,
    SupplementPending,
)
from domain.vocabulary import Command
from tests.examples import (
    ANSWERED,
    APPLIED,
    CLERK,
    CLOSE,
    EVENING,
    LOGGED,
    MEDIATING,
    REFERRED,
    STATION_CLERK,
    local,
)
from tests.spec import given

REFER = Refer(target="other_point", to="STATION-1", reason="需调解", consented=True)
OUTSIDE = Referred(target="court", to="COURT-1", reason="需起诉", consented=True)
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
    given(LOGGED, OUTSIDE).when(AcceptReferral(), by=STATION_CLERK).refused(NotTheReceivingUnit)


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
        mediator="M-1", adviser="A-1", firm="FIRM-1", team="TEAM-1", minutes=60, onsite=True
    )
    given(LOGGED, MEDIATING).when(replace(SESSION, adviser="A-1")).then(held)


def test_sessions_alike_are_two_sessions() -> None:
    held = MediationSessionHeld(mediator="M-1", minutes=60, onsite=True)
    given(LOGGED, MEDIATING, held).when(SESSION).then(held)


def test_mediator_and_adviser_of_a_session_served_the_request() -> None:
    held = given(LOGGED, MEDIATING).when(replace(SESSION, adviser="A-1"))
    told = MediationSessionHeld(
        mediator="M-1", adviser="A-1", firm="FIRM-1", team="TEAM-1", minutes=60, onsite=True
    )
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
GRANTED = LegalAidGranted()
WITHDRAWN = LegalAidDeemedWithdrawn()
REFUSED = LegalAidRefused(reason="不符合经济困难标准")


def test_legal_aid_is_applied_for() -> None:
    applying = ApplyForLegalAid(agency="AID-1", urgent=True)
    given(LOGGED).when(applying).then(LegalAidApplied(agency="AID-1", urgent=True))


def test_legal_aid_is_granted() -> None:
    given(LOGGED, APPLIED).when(GrantLegalAid()).then(GRANTED)


def test_legal_aid_is_refused_with_a_reason() -> None:
    given(LOGGED, APPLIED).when(RefuseLegalAid(reason=REFUSED.reason)).then(REFUSED)


def test_after_a_refusal_legal_aid_may_be_applied_for_again() -> None:
    given(LOGGED, APPLIED, REFUSED).when(ApplyForLegalAid(agency="AID-1")).then(APPLIED)


def test_a_lawyer_is_assigned_also_after_closing() -> None:
    assigned = LegalAidLawyerAssigned(lawyer="L-1")
    after = given(LOGGED, APPLIED, GRANTED, ANSWERED).when(AssignLegalAidLawyer(lawyer="L-1"))
    assert after.then(assigned).served_by == ("L-1",)


def test_a_lawyer_may_be_replaced() -> None:
    assigned = given(LOGGED, APPLIED, GRANTED, LegalAidLawyerAssigned(lawyer="L-1"))
    assigned.when(AssignLegalAidLawyer(lawyer="L-2")).then(LegalAidLawyerAssigned(lawyer="L-2"))


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
    given(LOGGED, APPLIED, ASKED, at=LATER).when(command).refused(SupplementPending)


def test_urgent_aid_comes_before_the_papers() -> None:
    urgent = LegalAidApplied(agency="AID-1", urgent=True)
    given(LOGGED, urgent, ASKED, at=LATER).when(GrantLegalAid()).then(GRANTED)


def test_no_reply_in_time_is_a_withdrawal() -> None:
    silent = given(LOGGED, APPLIED, ASKED, at=TOO_LATE)
    silent.when(DeemLegalAidWithdrawn()).then(WITHDRAWN)


def test_where_no_limit_is_set_the_agency_decides_when_silence_is_a_withdrawal() -> None:
    silent = given(LOGGED, APPLIED, replace(ASKED, due=None), at=LATER)
    silent.when(DeemLegalAidWithdrawn()).then(WITHDRAWN)


def test_before_its_day_silence_is_no_withdrawal() -> None:
    asked = given(LOGGED, APPLIED, ASKED, at=LATER)
    asked.when(DeemLegalAidWithdrawn()).refused(SupplementNotOverdue)


def test_without_a_request_for_papers_silence_is_no_withdrawal() -> None:
    given(LOGGED, APPLIED).when(DeemLegalAidWithdrawn()).refused(NoSupplementPending)


def test_papers_asked_for_before_the_application_do_not_withdraw_it() -> None:
    asked = given(LOGGED, ASKED, APPLIED, at=TOO_LATE)
    asked.when(DeemLegalAidWithdrawn()).refused(NoSupplementPending)


def test_papers_may_still_come_after_a_withdrawal() -> None:
    late = replace(CLOSE, due=local("2026-03-23 18:00"))
    received = SupplementReceived(resumed_at=TOO_LATE, promises=(late,))
    withdrawn = given(LOGGED, APPLIED, ASKED, WITHDRAWN, at=TOO_LATE)
    withdrawn.when(ReceiveSupplement()).then(received)
