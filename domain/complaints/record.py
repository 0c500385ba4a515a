"""Events and commands on the complaint itself.

Routing between units and reviews have files of their own; `domain.complaints.complaint` folds, and
`domain.complaints.complaint_commands` decides.
"""

from datetime import datetime
from typing import ClassVar, Final, Literal, get_args
from uuid import UUID

from msgspec import Struct

from domain import vocabulary
from domain.codes import Code, DivisionCode, Zone
from domain.promises.promise import Promise
from domain.vocabulary import (
    CHINA,
    Command,
    Event,
    ExternalId,
    Personal,
    Service,
    Several,
    SomeDays,
    Statement,
    Text,
    Visitor,
)

Channel = vocabulary.CriticismChannel
"""A channel may have limits of its own: `complaint.petition/answer` before `complaint/answer`."""
Aspect = vocabulary.Aspect
Concern = vocabulary.Concern
Contact = Literal["in_person", "phone", "letter", "message"]
DeclineGround = Literal[
    "court", "arbitration", "reconsideration", "other_authority", "same_matter", "finalized",
    "no_facts", "other",
]  # fmt: skip
ROUTED: Final = ("court", "arbitration", "reconsideration", "other_authority")
"""These have a way of their own, which the person is shown (信访工作条例 art. 31)."""
Outcome = Literal["supported", "explained", "not_supported"]
Kind = Literal["complaint", "consultation"]
PauseCause = Literal["supplement", "verification", "hearing"]
SupervisionLevel = Literal["town", "district", "city", "province"]


class Grievance(Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """The cause of a dissatisfaction: at a service point, or a city organ itself. Without adviser
    and account it is the point itself."""

    point: Code | None = None
    channel: Channel
    service: Service = "other"
    """The kind of service it was about."""
    aspects: tuple[Aspect, ...] = ()
    concern: Concern = "other"
    subject: Statement
    detail: Personal | None = None
    complainant: Visitor | None = None
    """None when anonymous."""
    person: Code | None = None
    people: Several = 1
    representatives: Several | None = None
    """How many speak for a group that comes together."""
    adviser: Code | None = None
    account: Code | None = None
    point_itself: bool = False
    """Complained of beside the adviser or account named."""
    request: UUID | None = None
    """The service it was about."""
    rating: UUID | None = None
    """The bad rating it came from."""
    work_order: Code | None = None
    """Number of the hotline, kept as it is."""
    external: ExternalId | None = None
    organ: Code | None = None
    """市直机关, complained of instead of a point."""

    @property
    def unit(self) -> str | None:
        """The point or organ; the decider takes none without either."""
        return self.point or self.organ

    @property
    def anonymous(self) -> bool:
        return self.complainant is None and self.person is None

    def against_unit(self, unit: str | None) -> bool:
        nobody = self.adviser is None and self.account is None
        return unit == self.unit and (nobody or self.point_itself)

    @property
    def persons(self) -> tuple[str, ...]:
        """Marks of the people complained of."""
        adviser = (f"adviser:{self.adviser}",) if self.adviser else ()
        account = (f"account:{self.account}",) if self.account else ()
        return (*adviser, *account)


# --- events


class DissatisfactionNoted(Event, frozen=True, kw_only=True):
    """A grumble on record; it may never become a complaint."""

    topic: ClassVar[str] = "complaint.dissatisfaction_noted/1"
    grievance: Grievance
    division: DivisionCode
    calendar: str | None = None
    zone: Zone = CHINA
    firm: Code | None = None
    team: Code | None = None
    noted_by: Code
    at: datetime
    late_reason: Text | None = None


class DissatisfactionSettled(Event, frozen=True, kw_only=True):
    """Put right on the spot; the person may still complain."""

    topic: ClassVar[str] = "complaint.dissatisfaction_settled/1"
    measure: Text
    at: datetime


class ComplaintRegistered(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "complaint.registered/1"
    grievance: Grievance
    division: DivisionCode
    """Of the point on the local day it was received."""
    calendar: str | None = None
    """`code@version` of the point's calendar when registered: the complaint keeps it."""
    zone: Zone = CHINA
    """Zone of the point's local days, by which reports count."""
    firm: Code | None = None
    team: Code | None = None
    """Of the adviser complained of, then."""
    registered_by: Code
    escalated: bool = False
    """It was a dissatisfaction noted before."""
    at: datetime
    late_reason: Text | None = None
    promises: tuple[Promise, ...] = ()


class ObjectNamed(Event, frozen=True, kw_only=True):
    """Whom the complaint is about, where that came out later or was wrong."""

    topic: ClassVar[str] = "complaint.object_named/1"
    adviser: Code | None = None
    firm: Code | None = None
    team: Code | None = None
    account: Code | None = None
    point_itself: bool = False
    reason: Text


class ComplaintUnhidden(Event, frozen=True, kw_only=True):
    """A leader lets one read it who was named by mistake: exactly one of the three."""

    topic: ClassVar[str] = "complaint.unhidden/1"
    adviser: Code | None = None
    account: Code | None = None
    point_itself: bool = False
    reason: Text


class PeopleCorrected(Event, frozen=True, kw_only=True):
    """How many complained, where it was entered wrongly."""

    topic: ClassVar[str] = "complaint.people_corrected/1"
    people: Several
    representatives: Several | None = None
    reason: Text


class ComplaintAcknowledged(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "complaint.acknowledged/1"
    contact: Contact
    at: datetime


class ComplaintAccepted(Event, frozen=True, kw_only=True):
    """受理: the answer is promised from here (信访工作条例 art. 34)."""

    topic: ClassVar[str] = "complaint.accepted/1"
    by: Code
    at: datetime
    promises: tuple[Promise, ...] = ()


class ComplaintDeclined(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "complaint.declined/1"
    ground: DeclineGround
    reason: Text
    routed_to: Text | None = None
    same_as: UUID | None = None
    """The complaint on the same matter that was accepted already."""
    at: datetime


class ComplaintPaused(Event, frozen=True, kw_only=True):
    """The clock stands still: for what was asked of the person, or for others' work."""

    topic: ClassVar[str] = "complaint.paused/1"
    cause: PauseCause
    items: tuple[Text, ...] = ()
    at: datetime
    due: datetime | None = None
    """End of the person's time to answer; None when no end is set."""


class ComplaintResumed(Event, frozen=True, kw_only=True):
    """`promises`, here and elsewhere: those given or changed by this event."""

    topic: ClassVar[str] = "complaint.resumed/1"
    supplied: bool = True
    """False: the person did not answer within the time set."""
    at: datetime
    promises: tuple[Promise, ...] = ()


class ComplaintExtended(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "complaint.extended/1"
    KEY: ClassVar = None
    promise: Literal["answer", "review"]
    amount: int
    """In the limit's own unit."""
    reason: Text
    approved_by: Code
    role: Code
    notified: Contact | None = None
    """How the person was told; None when the person is unknown."""
    at: datetime
    promises: tuple[Promise, ...] = ()


class ComplaintSupervised(Event, frozen=True, kw_only=True):
    """督办: from above, whatever state it is in."""

    topic: ClassVar[str] = "complaint.supervised/1"
    KEY: ClassVar = None
    level: SupervisionLevel
    by: Code
    demand: Text


class ComplaintAnswered(Event, frozen=True, kw_only=True):
    """Claim, facts, opinion and basis as 信访工作条例 art. 32 asks; justified and resolved are two
    questions, None = not settled."""

    topic: ClassVar[str] = "complaint.answered/1"
    KEY: ClassVar = None
    round: int
    claim: Personal
    facts: Personal
    opinion: Personal
    basis: Text
    outcome: Outcome
    justified: bool | None = None
    resolved: bool | None = None
    unit: Code
    answered_by: Code
    at: datetime
    review_until: datetime | None = None
    """End of the time to ask for a review; None when no end is set."""


class ReturnVisitMade(Event, frozen=True, kw_only=True):
    """回访. `satisfied` is None when nobody was reached, or nothing was said."""

    topic: ClassVar[str] = "complaint.return_visit_made/1"
    KEY: ClassVar = None
    round: int
    reached: bool
    satisfied: bool | None = None
    comment: Personal | None = None
    called_by: Code
    at: datetime


class ReworkOrdered(Event, frozen=True, kw_only=True):
    """重办: a new round at the same unit, with promises of its own."""

    topic: ClassVar[str] = "complaint.rework_ordered/1"
    reason: Text
    at: datetime
    promises: tuple[Promise, ...] = ()


class ComplaintClosed(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "complaint.closed/1"
    reason: Text | None = None
    """Why, where the person is still dissatisfied."""
    at: datetime


class ComplaintReopened(Event, frozen=True, kw_only=True):
    """A new round. What was accepted before is assigned again; else it is examined again."""

    topic: ClassVar[str] = "complaint.reopened/1"
    reason: Text
    at: datetime
    promises: tuple[Promise, ...] = ()


class ComplaintWithdrawn(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "complaint.withdrawn/1"
    reason: Text
    at: datetime


class ComplaintReclassified(Event, frozen=True, kw_only=True):
    """Visible and counted. Time spent as a consultation counts: it does not move a deadline."""

    topic: ClassVar[str] = "complaint.reclassified/1"
    from_kind: Kind
    to_kind: Kind
    reason: Text
    approved_by: Code
    role: Code
    request: UUID | None = None
    """The consultation it is handled as."""
    at: datetime
    promises: tuple[Promise, ...] = ()


class SameMatterLinked(Event, frozen=True, kw_only=True):
    """Both complaints stay; counting once is the report's rule, never a merge."""

    topic: ClassVar[str] = "complaint.same_matter_linked/1"
    other: UUID
    reason: Text


class SameMatterUnlinked(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "complaint.same_matter_unlinked/1"
    other: UUID
    reason: Text


class Recused(Event, frozen=True, kw_only=True):
    """回避: this account steps aside (信访工作条例 art. 28)."""

    topic: ClassVar[str] = "complaint.recused/1"
    account: Code
    declared: bool
    """By himself; else it was ordered."""
    reason: Text


class ComplaintDeadlinesRecalculated(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "complaint.deadlines_recalculated/1"
    reason: Text
    promises: tuple[Promise, ...]


class ComplaintVoided(Event, frozen=True, kw_only=True):
    """Entered by mistake: it stays in the log and leaves the counts."""

    topic: ClassVar[str] = "complaint.voided/1"
    reason: Text
    at: datetime


Received = DissatisfactionNoted | ComplaintRegistered
StepTaken = (
    DissatisfactionSettled | ComplaintAcknowledged | ComplaintAccepted | ComplaintDeclined
    | ComplaintPaused | ComplaintResumed | ComplaintExtended | ComplaintAnswered
    | ReturnVisitMade | ReworkOrdered | ComplaintClosed | ComplaintReopened | ComplaintWithdrawn
    | ComplaintReclassified | ComplaintVoided
)  # fmt: skip
Remark = (
    ObjectNamed | ComplaintUnhidden | PeopleCorrected | ComplaintSupervised | SameMatterLinked
    | SameMatterUnlinked | Recused | ComplaintDeadlinesRecalculated
)  # fmt: skip
"""Belongs to no step of the handling."""
OwnEvent = Received | StepTaken | Remark
EVENTS: Final[tuple[type[Event], ...]] = get_args(OwnEvent)


# --- commands


class NoteDissatisfaction(Command, frozen=True, kw_only=True):
    """Made by `noted_by_rating` where it comes from a bad rating."""

    grievance: Grievance
    late_reason: Text | None = None


class SettleDissatisfaction(Command, frozen=True, kw_only=True):
    measure: Text


class RegisterComplaint(Command, frozen=True, kw_only=True):
    grievance: Grievance | None = None
    """None when the dissatisfaction noted before becomes the complaint as it is."""
    late_reason: Text | None = None


class NameObject(Command, frozen=True, kw_only=True):
    adviser: Code | None = None
    account: Code | None = None
    point_itself: bool = False
    reason: Text


class UnhideComplaint(Command, frozen=True, kw_only=True):
    """From exactly one of the three, who is not complained of any more."""

    adviser: Code | None = None
    account: Code | None = None
    point_itself: bool = False
    reason: Text


class CorrectPeople(Command, frozen=True, kw_only=True):
    people: Several
    representatives: Several | None = None
    reason: Text


class AcknowledgeComplaint(Command, frozen=True, kw_only=True):
    contact: Contact


class AcceptComplaint(Command, frozen=True, kw_only=True):
    """受理"""


class DeclineComplaint(Command, frozen=True, kw_only=True):
    """`same_as` was accepted already, where the ground is the same matter."""

    ground: DeclineGround
    reason: Text
    routed_to: Text | None = None
    same_as: UUID | None = None


class PauseComplaint(Command, frozen=True, kw_only=True):
    cause: PauseCause
    items: tuple[Text, ...] = ()
    """Everything the person shall supplement, in one go."""


class ResumeComplaint(Command, frozen=True, kw_only=True):
    supplied: bool = True


class ExtendDeadline(Command, frozen=True, kw_only=True):
    """Given by the approver himself, in the role that the rules name."""

    promise: Literal["answer", "review"] = "answer"
    amount: SomeDays
    reason: Text
    notified: Contact | None = None


class SuperviseComplaint(Command, frozen=True, kw_only=True):
    level: SupervisionLevel
    demand: Text


class AnswerComplaint(Command, frozen=True, kw_only=True):
    claim: Statement
    facts: Statement
    opinion: Statement
    basis: Text
    outcome: Outcome
    justified: bool | None = None
    resolved: bool | None = None


class RecordReturnVisit(Command, frozen=True, kw_only=True):
    reached: bool
    satisfied: bool | None = None
    comment: Personal | None = None


class OrderRework(Command, frozen=True, kw_only=True):
    reason: Text


class CloseComplaint(Command, frozen=True, kw_only=True):
    reason: Text | None = None


class ReopenComplaint(Command, frozen=True, kw_only=True):
    reason: Text


class WithdrawComplaint(Command, frozen=True, kw_only=True):
    reason: Text


class ReclassifyComplaint(Command, frozen=True, kw_only=True):
    """Given by the approver himself, in the role that the rules name."""

    kind: Kind
    reason: Text
    request: UUID | None = None


class LinkSameMatter(Command, frozen=True, kw_only=True):
    """Judged by both complaints."""

    other: UUID
    reason: Text


class UnlinkSameMatter(Command, frozen=True, kw_only=True):
    other: UUID
    reason: Text


class DeclareRecusal(Command, frozen=True, kw_only=True):
    """Of oneself."""

    reason: Text


class OrderRecusal(Command, frozen=True, kw_only=True):
    account: Code
    reason: Text


class RecalculateComplaintDeadlines(Command, frozen=True, kw_only=True):
    reason: Text


class VoidComplaint(Command, frozen=True, kw_only=True):
    reason: Text


Annotation = (
    NameObject | UnhideComplaint | CorrectPeople | SuperviseComplaint | LinkSameMatter
    | UnlinkSameMatter | DeclareRecusal | OrderRecusal | RecalculateComplaintDeadlines
)  # fmt: skip
"""Belong to no step of the handling: they may be entered in any state, and in any order."""
Opening = SettleDissatisfaction | AcknowledgeComplaint | AcceptComplaint | DeclineComplaint
Running = PauseComplaint | ResumeComplaint | ExtendDeadline | ReclassifyComplaint
Ending = (
    AnswerComplaint | RecordReturnVisit | OrderRework | CloseComplaint | ReopenComplaint
    | WithdrawComplaint
)  # fmt: skip
Handling = Opening | Running | Ending
OwnCommand = NoteDissatisfaction | RegisterComplaint | VoidComplaint | Annotation | Handling
COMMANDS: Final[tuple[type[Command], ...]] = get_args(OwnCommand)
