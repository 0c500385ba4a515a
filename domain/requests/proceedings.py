"""Proceedings that a request can lead to: referral, mediation, legal-aid application.

Each is a small lifecycle inside the request's stream; `domain.requests.request_commands` hands its
commands here.
"""

from datetime import date, datetime
from typing import ClassVar, Final, Literal, assert_never, get_args

from msgspec import Struct
from msgspec.structs import replace

from domain.codes import Code
from domain.promises.promise import Promise
from domain.registers.policy import Doubt
from domain.vocabulary import Event, Minutes, Personal, Statement, Text

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
    given_on: date | None = None
    """The day whose sheet holds the minutes; earlier logs do not say."""
    doubts: tuple[Doubt, ...] = ()
    """With which it was taken, as the duty rules allow."""


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
    applied_by: Code | None = None
    """Account that took the application: it does not decide on it. Earlier logs do not say."""


class LegalAidGranted(Event, frozen=True, kw_only=True):
    """The agency has the days of the rules to assign somebody (art. 43)."""

    topic: ClassVar[str] = "request.legal_aid_granted/1"
    granted_at: datetime | None = None
    promises: tuple[Promise, ...] = ()


class LegalAidRefused(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "request.legal_aid_refused/1"
    reason: Text
    refused_by: Code | None = None
    """Account that decided: it does not review its own refusal. Earlier logs do not say."""


class LegalAidLawyerAssigned(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "request.legal_aid_lawyer_assigned/1"
    lawyer: Code


class LegalAidDeemedWithdrawn(Event, frozen=True, kw_only=True):
    """No reply to the once-only request to supplement (Legal Aid Law art. 43)."""

    topic: ClassVar[str] = "request.legal_aid_deemed_withdrawn/1"


class LegalAidObjected(Event, frozen=True, kw_only=True):
    """The person objects to a refusal; the justice bureau reviews it (Legal Aid Law art. 49)."""

    topic: ClassVar[str] = "request.legal_aid_objected/1"
    to: Code
    """Unit of the bureau."""
    reason: Statement
    objected_at: datetime
    promises: tuple[Promise, ...] = ()


class LegalAidReviewed(Event, frozen=True, kw_only=True):
    """A refusal that is not upheld must be put right: the application waits for its grant."""

    topic: ClassVar[str] = "request.legal_aid_reviewed/1"
    upheld: bool
    reason: Text
    reviewed_by: Code | None = None
    """Account that decided: it does not carry out its own order at the agency. Earlier logs do not
    say."""


ReferralEvent = Referred | ReferralAccepted | ReferralRefused | ReferralReturned | ReferralCompleted
MediationEvent = (
    MediationOpened | MediationSessionHeld | MediationAgreed | MediationEnded | MediationPerformed
    | JudicialConfirmationSought | JudicialConfirmationDecided
)  # fmt: skip
LegalAidEvent = (
    LegalAidApplied | LegalAidGranted | LegalAidRefused | LegalAidLawyerAssigned
    | LegalAidDeemedWithdrawn | LegalAidObjected | LegalAidReviewed
)  # fmt: skip
ProceedingEvent = ReferralEvent | MediationEvent | LegalAidEvent
EVENTS: Final[tuple[type[Event], ...]] = get_args(ProceedingEvent)


# --- state


ReferralStatus = Literal["none", "sent", "accepted", "refused", "returned", "completed"]
MediationStatus = Literal["none", "open", "agreed", "ended"]
Performance = Literal["none", "partly", "fully"]
Confirmation = Literal["none", "sought", "confirmed", "denied"]
LegalAidStatus = Literal[
    "none", "applied", "granted", "refused", "withdrawn", "objected", "upheld"
]  # fmt: skip
"""`upheld`: the refusal was, on review."""


class Proceedings(Struct, frozen=True, kw_only=True):
    referral: ReferralStatus = "none"
    referred_to: str | None = None
    mediation: MediationStatus = "none"
    performance: Performance = "none"
    confirmation: Confirmation = "none"
    legal_aid: LegalAidStatus = "none"
    urgent: bool = False
    """Legal aid comes first, the papers later."""
    agency: str | None = None
    """That was applied to last, as are all of the following."""
    applied_by: str | None = None
    refused_by: str | None = None
    reviewed_by: str | None = None
    bureau: str | None = None
    """That reviews the refusal."""
    overruled: bool = False
    """The bureau did not uphold the refusal."""
    lawyer: str | None = None
    supplement_asked: bool = False
    """In the present legal-aid application."""

    @property
    def pending(self) -> bool:
        """Something is still running, so the request may not be closed."""
        return (
            self.referral in ("sent", "accepted")
            or self.mediation == "open"
            or self.legal_aid in ("applied", "objected")
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
            return replace(
                state,
                legal_aid="applied",
                urgent=event.urgent,
                agency=event.agency,
                applied_by=event.applied_by,
                bureau=None,
                refused_by=None,
                reviewed_by=None,
                overruled=False,
                supplement_asked=False,
            )
        case LegalAidGranted():
            return replace(state, legal_aid="granted")
        case LegalAidRefused():
            return replace(state, legal_aid="refused", refused_by=event.refused_by)
        case LegalAidLawyerAssigned():
            return replace(state, lawyer=event.lawyer)
        case LegalAidDeemedWithdrawn():
            return replace(state, legal_aid="withdrawn")
        case LegalAidObjected():
            return replace(state, legal_aid="objected", bureau=event.to)
        case LegalAidReviewed():
            after: LegalAidStatus = "upheld" if event.upheld else "applied"
            return replace(
                state,
                legal_aid=after,
                overruled=not event.upheld,
                reviewed_by=event.reviewed_by,
            )
        case _:
            assert_never(event)
