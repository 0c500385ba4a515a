"""What a request can lead to: referral, mediation, legal-aid application.

Each is a small lifecycle inside the request's stream; `domain.request` hands the commands here.
"""

from typing import ClassVar, Final, Literal, assert_never

from msgspec import Struct
from msgspec.structs import replace

from domain.codes import Code
from domain.vocabulary import Command, Event, Minutes, Moment, Personal, Refused, Text

ReferralTarget = Literal[
    "legal_aid", "notary", "forensic", "arbitration", "reconsideration", "mediation", "petition",
    "court", "police", "other_point", "other",
]  # fmt: skip
AgreementForm = Literal["written", "oral"]


# --- events: referral 转介


class Referred(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "request.referred/1"
    target: ReferralTarget
    to: Code
    """Code of the unit referred to."""
    reason: Text
    consented: bool


class ReferralAccepted(Event, frozen=True, kw_only=True):
    """`by`, here and below, is the unit referred to, also where another unit records its answer."""

    topic: ClassVar[str] = "request.referral_accepted/1"
    by: Code


class ReferralRefused(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "request.referral_refused/1"
    by: Code
    reason: Text


class ReferralReturned(Event, frozen=True, kw_only=True):
    """Sent back after acceptance; the request's own point is responsible again."""

    topic: ClassVar[str] = "request.referral_returned/1"
    by: Code
    reason: Text


class ReferralCompleted(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "request.referral_completed/1"
    by: Code
    outcome: Text


# --- events: mediation 人民调解


class MediationOpened(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "request.mediation_opened/1"
    mediator: Code
    public: bool
    """The parties choose whether it is public (People's Mediation Law art. 23)."""


class MediationSessionHeld(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "request.mediation_session_held/1"
    mediator: Code
    adviser: Code | None = None
    firm: Code | None = None
    team: Code | None = None
    minutes: Minutes
    onsite: bool
    record: Personal | None = None


class MediationAgreed(Event, frozen=True, kw_only=True):
    """The mediator writes down what an oral agreement says (art. 28)."""

    topic: ClassVar[str] = "request.mediation_agreed/1"
    form: AgreementForm
    terms: Personal | None = None


class MediationEnded(Event, frozen=True, kw_only=True):
    """Without agreement: a party refused or stopped; the other routes were told (art. 17, 26)."""

    topic: ClassVar[str] = "request.mediation_ended/1"
    reason: Text
    routes_told: bool


class MediationPerformed(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "request.mediation_performed/1"
    fully: bool


class JudicialConfirmationSought(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "request.judicial_confirmation_sought/1"
    court: Text


class JudicialConfirmationDecided(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "request.judicial_confirmation_decided/1"
    confirmed: bool


# --- events: legal aid 法律援助


class LegalAidApplied(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "request.legal_aid_applied/1"
    agency: Code
    urgent: bool = False
    """Aid first, papers later (Legal Aid Law art. 44)."""


class LegalAidGranted(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "request.legal_aid_granted/1"


class LegalAidRefused(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "request.legal_aid_refused/1"
    reason: Text


class LegalAidLawyerAssigned(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "request.legal_aid_lawyer_assigned/1"
    lawyer: Code


class LegalAidDeemedWithdrawn(Event, frozen=True, kw_only=True):
    """No reply to the once-only request to supplement (Legal Aid Law art. 43)."""

    topic: ClassVar[str] = "request.legal_aid_deemed_withdrawn/1"


ReferralEvent = Referred | ReferralAccepted | ReferralRefused | ReferralReturned | ReferralCompleted
MediationEvent = (
    MediationOpened | MediationSessionHeld | MediationAgreed | MediationEnded | MediationPerformed
    | JudicialConfirmationSought | JudicialConfirmationDecided
)  # fmt: skip
LegalAidEvent = (
    LegalAidApplied | LegalAidGranted | LegalAidRefused | LegalAidLawyerAssigned
    | LegalAidDeemedWithdrawn
)  # fmt: skip
ProceedingEvent = ReferralEvent | MediationEvent | LegalAidEvent
EVENTS: Final[tuple[type[Event], ...]] = (
    Referred, ReferralAccepted, ReferralRefused, ReferralReturned, ReferralCompleted,
    MediationOpened, MediationSessionHeld, MediationAgreed, MediationEnded, MediationPerformed,
    JudicialConfirmationSought, JudicialConfirmationDecided,
    LegalAidApplied, LegalAidGranted, LegalAidRefused, LegalAidLawyerAssigned,
    LegalAidDeemedWithdrawn,
)  # fmt: skip


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
COMMANDS: Final[tuple[type[Command], ...]] = (
    Refer, AcceptReferral, RefuseReferral, ReturnReferral, CompleteReferral,
    OpenMediation, HoldMediationSession, AgreeMediation, EndMediation, ReportMediationPerformed,
    SeekJudicialConfirmation, DecideJudicialConfirmation,
    ApplyForLegalAid, GrantLegalAid, RefuseLegalAid, AssignLegalAidLawyer, DeemLegalAidWithdrawn,
)  # fmt: skip


# --- state


ReferralStatus = Literal["none", "sent", "accepted", "refused", "returned", "completed"]
MediationStatus = Literal["none", "open", "agreed", "ended"]
Performance = Literal["none", "partly", "fully"]
Confirmation = Literal["none", "sought", "confirmed", "denied"]
LegalAidStatus = Literal["none", "applied", "granted", "refused", "withdrawn"]


class Proceedings(Struct, frozen=True, kw_only=True):
    referral: ReferralStatus = "none"
    referred_to: str | None = None
    mediation: MediationStatus = "none"
    performance: Performance = "none"
    confirmation: Confirmation = "none"
    legal_aid: LegalAidStatus = "none"
    urgent: bool = False
    """Legal aid comes first, the papers later."""
    lawyer: str | None = None
    supplement_asked: bool = False
    """In the present legal-aid application."""

    @property
    def pending(self) -> bool:
        """Something is still running, so the request may not be closed."""
        return (
            self.referral in ("sent", "accepted")
            or self.mediation == "open"
            or self.legal_aid == "applied"
        )

    @property
    def begun(self) -> bool:
        return (self.referral, self.mediation, self.legal_aid) != ("none", "none", "none")


def evolve(state: Proceedings, event: ProceedingEvent) -> Proceedings:
    match event:
        case Referred():
            return replace(state, referral="sent", referred_to=event.to)
        case ReferralAccepted():
            return replace(state, referral="accepted")
        case ReferralRefused():
            return replace(state, referral="refused")
        case ReferralReturned():
            return replace(state, referral="returned")
        case ReferralCompleted():
            return replace(state, referral="completed")
        case MediationOpened():
            return replace(state, mediation="open")
        case MediationSessionHeld():
            return state
        case MediationAgreed():
            return replace(state, mediation="agreed")
        case MediationEnded():
            return replace(state, mediation="ended")
        case MediationPerformed():
            return replace(state, performance="fully" if event.fully else "partly")
        case JudicialConfirmationSought():
            return replace(state, confirmation="sought")
        case JudicialConfirmationDecided():
            return replace(state, confirmation="confirmed" if event.confirmed else "denied")
        case LegalAidApplied():
            return replace(state, legal_aid="applied", urgent=event.urgent, supplement_asked=False)
        case LegalAidGranted():
            return replace(state, legal_aid="granted")
        case LegalAidRefused():
            return replace(state, legal_aid="refused")
        case LegalAidLawyerAssigned():
            return replace(state, lawyer=event.lawyer)
        case LegalAidDeemedWithdrawn():
            return replace(state, legal_aid="withdrawn")
        case _:
            assert_never(event)


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
        raise AdviserNotRegistered(adviser)
    post = registered.post_at(moment.occurred_at)
    return post.firm, post.team


def decide_referral(
    state: Proceedings, command: ReferralCommand, moment: Moment, point: str
) -> list[Event]:
    """`point` is the request's own: it records the answers of units outside the registers."""
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
    """What the supplement asks of these commands stands in `domain.request`, which keeps it."""
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
