"""Commands on a referral, a mediation and a legal-aid application."""

from typing import Final, assert_never, get_args

from domain.codes import Code
from domain.listed import told
from domain.moment import Moment
from domain.registers.appointment import china_day
from domain.registers.policy import legal_aid_rules
from domain.requests.proceedings import (
    AgreementForm,
    JudicialConfirmationDecided,
    JudicialConfirmationSought,
    LegalAidApplied,
    LegalAidDeemedWithdrawn,
    LegalAidGranted,
    LegalAidLawyerAssigned,
    LegalAidObjected,
    LegalAidRefused,
    LegalAidReviewed,
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
from domain.roles import POLICIES
from domain.vocabulary import (
    Command,
    Event,
    Minutes,
    Personal,
    Refused,
    Statement,
    Text,
)

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


class ObjectToLegalAidRefusal(Command, frozen=True, kw_only=True):
    to: Code
    """Unit of the justice bureau that reviews."""
    reason: Statement


class ReviewLegalAidRefusal(Command, frozen=True, kw_only=True):
    """维持不予援助的决定，或者责令改正；责令改正的，由法律援助机构批准"""

    upheld: bool
    reason: Text


ReferralCommand = Refer | AcceptReferral | RefuseReferral | ReturnReferral | CompleteReferral


MediationCommand = (
    OpenMediation | HoldMediationSession | AgreeMediation | EndMediation
    | ReportMediationPerformed | SeekJudicialConfirmation | DecideJudicialConfirmation
)  # fmt: skip


LegalAidDecision = GrantLegalAid | RefuseLegalAid | AssignLegalAidLawyer | DeemLegalAidWithdrawn
"""What only the agency decides."""
LegalAidCommand = (
    ApplyForLegalAid | LegalAidDecision | ObjectToLegalAidRefusal | ReviewLegalAidRefusal
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


class NotALegalAidOfficer(Refused):
    """法律援助由法律援助机构的经办人员审查、决定和指派；规则授权的负责人也可以"""


class NotTheLegalAidAgency(Refused):
    """只有受理申请的法律援助机构可以审查、决定和指派"""


class DecidesOwnCase(Refused):
    """经手申请、提供服务或者已被指派的人员，不能就该法律援助申请作出决定，请由其他经办人员办理"""


class AssignsHimself(Refused):
    """不能把法律援助案件指派给自己"""


class ReviewedByItself(Refused):
    """法律援助机构不能复查自己的决定，请填写司法行政部门"""


class NotTheReviewingBureau(Refused):
    """只有收到异议的司法行政部门可以复查"""


class RefusalWasOverruled(Refused):
    """司法行政部门已责令改正，应当批准法律援助，不得再次不予援助"""


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
    ObjectToLegalAidRefusal: ("refused",),
    ReviewLegalAidRefusal: ("objected",),
}


def possible(state: Proceedings, command: type[Command], *, waiting: bool) -> bool:
    """Return whether the state lets it happen at all. `waiting`: a supplement is waited for."""
    if command is Refer:
        return state.referral not in ("sent", "accepted")
    if command in (AcceptReferral, RefuseReferral):
        return state.referral == "sent"
    if command in (ReturnReferral, CompleteReferral):
        return state.referral == "accepted"
    if command in _MEDIATION_NEEDS:
        return state.mediation in _MEDIATION_NEEDS[command] and (
            (command is not ReportMediationPerformed or state.performance != "fully")
            and (command is not SeekJudicialConfirmation or state.confirmation == "none")
            and (command is not DecideJudicialConfirmation or state.confirmation == "sought")
        )
    return state.legal_aid in _LEGAL_AID_NEEDS[command] and (
        (command is not GrantLegalAid or not waiting or state.urgent)
        and (command is not RefuseLegalAid or not (waiting or state.overruled))
        and (command is not DeemLegalAidWithdrawn or (waiting and state.supplement_asked))
    )


def decide_legal_aid(
    state: Proceedings, command: LegalAidCommand, moment: Moment, engaged: frozenset[str]
) -> list[Event]:
    """Decide on legal aid; demands of a supplement and deadlines are kept in
    `domain.requests.request_commands`.

    engaged: accounts and advisers who serve the person or were assigned to do so
    """
    if state.legal_aid not in _LEGAL_AID_NEEDS[type(command)]:
        raise LegalAidNotPossible(state.legal_aid)
    if isinstance(command, LegalAidDecision):
        _decided_by_the_agency(state, moment, engaged)
    by, at = moment.by, moment.occurred_at
    match command:
        case ApplyForLegalAid():
            return [
                LegalAidApplied(agency=command.agency, urgent=command.urgent, applied_by=by.account)
            ]
        case GrantLegalAid():
            return [LegalAidGranted(granted_at=at)]
        case RefuseLegalAid():
            if state.overruled:
                raise RefusalWasOverruled
            return [LegalAidRefused(reason=command.reason, refused_by=by.account)]
        case AssignLegalAidLawyer():
            if command.lawyer in moment.names:
                raise AssignsHimself
            if command.lawyer == state.lawyer:
                return []
            return [LegalAidLawyerAssigned(lawyer=command.lawyer)]
        case ObjectToLegalAidRefusal():
            if command.to == state.agency:
                raise ReviewedByItself(command.to)
            return [LegalAidObjected(to=command.to, reason=command.reason, objected_at=at)]
        case ReviewLegalAidRefusal():
            if by.unit != state.bureau:
                raise NotTheReviewingBureau(by.unit)
            _decided_by_another(state, moment, engaged, state.refused_by)
            return [
                LegalAidReviewed(
                    upheld=command.upheld, reason=command.reason, reviewed_by=by.account
                )
            ]
        case DeemLegalAidWithdrawn():
            return [LegalAidDeemedWithdrawn()]
        case _:
            assert_never(command)


def _decided_by_the_agency(state: Proceedings, moment: Moment, engaged: frozenset[str]) -> None:
    """The agency decides, by those of it whom the rules name; never who applied or serves. Rules
    that act by themselves know no agency."""
    by = moment.by
    if by.role in POLICIES:
        return
    rules = legal_aid_rules(moment.registers.policies, china_day(moment.occurred_at))
    if by.role not in rules.deciders:
        raise NotALegalAidOfficer(by.role)
    if by.unit != state.agency:
        raise NotTheLegalAidAgency(by.unit)
    _decided_by_another(state, moment, engaged, state.reviewed_by)


def _decided_by_another(
    state: Proceedings, moment: Moment, engaged: frozenset[str], earlier: str | None
) -> None:
    """Refuse whoever has a part in it, and `earlier`: who decided what is reviewed, or the review
    that is carried out. Who refused may grant when she is overruled: an agency may have one
    officer, and the order leaves no choice. Raises: DecidesOwnCase."""
    if moment.names & {*engaged, state.applied_by, state.lawyer, earlier}:
        raise DecidesOwnCase(moment.by.account)
