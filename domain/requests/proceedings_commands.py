"""Commands on a referral, a mediation and a legal-aid application."""

from typing import Final, assert_never, get_args

from domain.codes import Code
from domain.listed import told
from domain.moment import Moment
from domain.requests.proceedings import (
    AgreementForm,
    JudicialConfirmationDecided,
    JudicialConfirmationSought,
    LegalAidApplied,
    LegalAidDeemedWithdrawn,
    LegalAidGranted,
    LegalAidLawyerAssigned,
    LegalAidRefused,
    LegalAidStatus,
    MediationAgreed,
    MediationEnded,
    MediationOpened,
    MediationPerformed,
    MediationSessionHeld,
    MediationStatus,
    Proceedings,
    ReferralAccepted,
    ReferralCompleted,
    ReferralRefused,
    ReferralReturned,
    ReferralTarget,
    Referred,
)
from domain.vocabulary import Command, Event, Minutes, Personal, Refused, Text

# --- commands


class Refer(Command, frozen=True, kw_only=True):
    target: ReferralTarget
    to: Code
    reason: Text
    consented: bool


class AcceptReferral(Command, frozen=True, kw_only=True):
    """受理转介：由接收单位操作"""


class RefuseReferral(Command, frozen=True, kw_only=True):
    reason: Text


class ReturnReferral(Command, frozen=True, kw_only=True):
    reason: Text


class CompleteReferral(Command, frozen=True, kw_only=True):
    outcome: Text


class OpenMediation(Command, frozen=True, kw_only=True):
    mediator: Code
    public: bool = False


class HoldMediationSession(Command, frozen=True, kw_only=True):
    mediator: Code
    adviser: Code | None = None
    minutes: Minutes
    onsite: bool = True
    record: Personal | None = None


class AgreeMediation(Command, frozen=True, kw_only=True):
    form: AgreementForm
    terms: Personal | None = None


class EndMediation(Command, frozen=True, kw_only=True):
    reason: Text
    routes_told: bool


class ReportMediationPerformed(Command, frozen=True, kw_only=True):
    fully: bool


class SeekJudicialConfirmation(Command, frozen=True, kw_only=True):
    court: Text


class DecideJudicialConfirmation(Command, frozen=True, kw_only=True):
    confirmed: bool


class ApplyForLegalAid(Command, frozen=True, kw_only=True):
    agency: Code
    urgent: bool = False


class GrantLegalAid(Command, frozen=True, kw_only=True):
    """批准法律援助"""


class RefuseLegalAid(Command, frozen=True, kw_only=True):
    reason: Text


class AssignLegalAidLawyer(Command, frozen=True, kw_only=True):
    lawyer: Code


class DeemLegalAidWithdrawn(Command, frozen=True, kw_only=True):
    """补正期满未补正，视为撤回申请"""


ReferralCommand = Refer | AcceptReferral | RefuseReferral | ReturnReferral | CompleteReferral


MediationCommand = (
    OpenMediation | HoldMediationSession | AgreeMediation | EndMediation
    | ReportMediationPerformed | SeekJudicialConfirmation | DecideJudicialConfirmation
)  # fmt: skip


LegalAidCommand = (
    ApplyForLegalAid | GrantLegalAid | RefuseLegalAid | AssignLegalAidLawyer | DeemLegalAidWithdrawn
)


ProceedingCommand = ReferralCommand | MediationCommand | LegalAidCommand


COMMANDS: Final[tuple[type[Command], ...]] = get_args(ProceedingCommand)


# --- refusals


class ReferralNeedsConsent(Refused):
    """转介须经来访人同意"""


class ReferralNotPossible(Refused):
    """当前转介状态不允许此操作"""


class NotTheReceivingUnit(Refused):
    """只有接收单位可以办理该转介"""


class MediationNotPossible(Refused):
    """当前调解状态不允许此操作"""


class OralAgreementNotRecorded(Refused):
    """口头协议应当记录协议内容"""


class RoutesMustBeTold(Refused):
    """调解不成的，应当告知当事人其他救济途径"""


class LegalAidNotPossible(Refused):
    """当前法律援助申请状态不允许此操作"""


class AdviserNotRegistered(Refused):
    """没有这位在任法律顾问"""


# --- decide


def employer(adviser: str | None, moment: Moment) -> tuple[str | None, str | None]:
    """Firm and team of an adviser when it happened; they are stored with what he does."""
    if adviser is None:
        return None, None
    registered = moment.registers.advisers.get(adviser)
    if registered is None or not registered.in_office(moment.occurred_at):
        raise AdviserNotRegistered(told(adviser, moment.registers.advisers))
    post = registered.post_at(moment.occurred_at)
    return post.firm, post.team


def decide_referral(
    state: Proceedings, command: ReferralCommand, moment: Moment, point: str
) -> list[Event]:
    """Decide on a referral.

    The request's own `point` records the answers of units outside the registers.
    """
    if isinstance(command, Refer):
        if not command.consented:
            raise ReferralNeedsConsent
        if state.referral in ("sent", "accepted"):
            raise ReferralNotPossible(state.referral)
        return [
            Referred(target=command.target, to=command.to, reason=command.reason, consented=True)
        ]
    needed = "sent" if isinstance(command, AcceptReferral | RefuseReferral) else "accepted"
    if state.referral != needed:
        raise ReferralNotPossible(state.referral)
    unit = state.referred_to
    assert unit is not None
    recorders = (unit,) if unit in moment.registers.points else (unit, point)
    if moment.by.unit not in recorders:
        raise NotTheReceivingUnit(moment.by.unit)
    match command:
        case AcceptReferral():
            return [ReferralAccepted(by=unit)]
        case RefuseReferral():
            return [ReferralRefused(by=unit, reason=command.reason)]
        case ReturnReferral():
            return [ReferralReturned(by=unit, reason=command.reason)]
        case CompleteReferral():
            return [ReferralCompleted(by=unit, outcome=command.outcome)]
        case _:
            assert_never(command)


_MEDIATION_NEEDS: Final[dict[type[Command], tuple[MediationStatus, ...]]] = {
    OpenMediation: ("none", "ended"),
    HoldMediationSession: ("open",),
    AgreeMediation: ("open",),
    EndMediation: ("open",),
    ReportMediationPerformed: ("agreed",),
    SeekJudicialConfirmation: ("agreed",),
    DecideJudicialConfirmation: ("agreed",),
}


def decide_mediation(state: Proceedings, command: MediationCommand, moment: Moment) -> list[Event]:
    if state.mediation not in _MEDIATION_NEEDS[type(command)]:
        raise MediationNotPossible(state.mediation)
    match command:
        case OpenMediation():
            return [MediationOpened(mediator=command.mediator, public=command.public)]
        case HoldMediationSession():
            return [_session(command, moment)]
        case AgreeMediation():
            if command.form == "oral" and not command.terms:
                raise OralAgreementNotRecorded
            return [MediationAgreed(form=command.form, terms=command.terms)]
        case EndMediation():
            if not command.routes_told:
                raise RoutesMustBeTold
            return [MediationEnded(reason=command.reason, routes_told=True)]
        case ReportMediationPerformed():
            if state.performance == ("fully" if command.fully else "partly"):
                return []
            if state.performance == "fully":
                raise MediationNotPossible(state.performance)
            return [MediationPerformed(fully=command.fully)]
        case SeekJudicialConfirmation():
            if state.confirmation != "none":
                raise MediationNotPossible(state.confirmation)
            return [JudicialConfirmationSought(court=command.court)]
        case DecideJudicialConfirmation():
            if state.confirmation != "sought":
                raise MediationNotPossible(state.confirmation)
            return [JudicialConfirmationDecided(confirmed=command.confirmed)]
        case _:
            assert_never(command)


def _session(command: HoldMediationSession, moment: Moment) -> MediationSessionHeld:
    firm, team = employer(command.adviser, moment)
    return MediationSessionHeld(
        mediator=command.mediator,
        adviser=command.adviser,
        firm=firm,
        team=team,
        minutes=command.minutes,
        onsite=command.onsite,
        record=command.record,
    )


_LEGAL_AID_NEEDS: Final[dict[type[Command], tuple[LegalAidStatus, ...]]] = {
    ApplyForLegalAid: ("none", "refused", "withdrawn"),
    GrantLegalAid: ("applied",),
    RefuseLegalAid: ("applied",),
    AssignLegalAidLawyer: ("granted",),
    DeemLegalAidWithdrawn: ("applied",),
}


def decide_legal_aid(state: Proceedings, command: LegalAidCommand) -> list[Event]:
    """Decide on legal aid; demands of a supplement are kept in `domain.requests.request`."""
    if state.legal_aid not in _LEGAL_AID_NEEDS[type(command)]:
        raise LegalAidNotPossible(state.legal_aid)
    match command:
        case ApplyForLegalAid():
            return [LegalAidApplied(agency=command.agency, urgent=command.urgent)]
        case GrantLegalAid():
            return [LegalAidGranted()]
        case RefuseLegalAid():
            return [LegalAidRefused(reason=command.reason)]
        case AssignLegalAidLawyer():
            if command.lawyer == state.lawyer:
                return []
            return [LegalAidLawyerAssigned(lawyer=command.lawyer)]
        case DeemLegalAidWithdrawn():
            return [LegalAidDeemedWithdrawn()]
        case _:
            assert_never(command)
