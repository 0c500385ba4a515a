"""A complaint 投诉/批评意见: from a dissatisfaction noted to answer, rework, review and final.

Every complaint is registered, also one that is declined. Nothing later removes an earlier answer,
actor or promise result. Its content is hidden from the one complained of (信访工作条例 art. 30).
"""

from datetime import datetime
from typing import Final, Literal, assert_never, get_args
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from domain.codes import DivisionCode
from domain.complaints import review as complaint_review
from domain.complaints import routing as complaint_routing
from domain.complaints.record import (
    ComplaintAccepted,
    ComplaintAcknowledged,
    ComplaintAnswered,
    ComplaintClosed,
    ComplaintDeadlinesRecalculated,
    ComplaintDeclined,
    ComplaintExtended,
    ComplaintPaused,
    ComplaintReclassified,
    ComplaintReopened,
    ComplaintResumed,
    ComplaintSupervised,
    ComplaintUnhidden,
    ComplaintVoided,
    ComplaintWithdrawn,
    DissatisfactionNoted,
    DissatisfactionSettled,
    Grievance,
    Kind,
    ObjectNamed,
    OwnEvent,
    PauseCause,
    PeopleCorrected,
    Received,
    Recused,
    Remark,
    ReturnVisitMade,
    ReworkOrdered,
    SameMatterLinked,
    SameMatterUnlinked,
    StepTaken,
    UnhideComplaint,
)
from domain.complaints.review import (
    ComplaintFinalized,
    ReviewAsked,
    ReviewDecided,
    ReviewEvent,
    Reviews,
)
from domain.complaints.routing import (
    ComplaintAssigned,
    InvestigationBegun,
    ReturnApproved,
    ReturnAsked,
    Routing,
    RoutingEvent,
)
from domain.promises.promise import Promise, PromiseName, PromiseResult
from domain.vocabulary import Event
from domain.worktime.calendar import Pause

KIND: Final = "complaint"
PAUSED_WHY: Final[dict[PauseCause, str]] = {
    "supplement": "补正材料",
    "verification": "外部核查鉴定",
    "hearing": "听证",
}

ComplaintEvent = OwnEvent | RoutingEvent | ReviewEvent
EVENTS: Final[tuple[type[Event], ...]] = get_args(ComplaintEvent)


# --- state


Status = Literal[
    "noted", "settled", "registered", "declined", "handling", "answered", "closed", "withdrawn",
    "review_asked", "review_decided", "final",
]  # fmt: skip
Stage = Literal[
    "noted", "settled", "registered", "declined", "accepted", "assigned", "signed", "returning",
    "investigating", "answered", "closed", "withdrawn", "review_asked", "review_decided", "final",
    "consultation",
]  # fmt: skip


class Complaint(Struct, frozen=True, kw_only=True):
    """The state that deciders of a complaint need."""

    grievance: Grievance
    division: DivisionCode
    zone: str
    firm: str | None
    team: str | None
    calendar: str | None
    begun_at: datetime
    since: datetime
    """Time of the last step; later steps may not happen before it."""
    status: Status
    registered: bool = False
    accepted: bool = False
    kind: Kind = "complaint"
    reclassified: int = 0
    """How often it was made a consultation, or a complaint again."""
    round: int = 1
    promises: tuple[Promise, ...] = ()
    """Running promises."""
    set_aside: tuple[Promise, ...] = ()
    """Promises that ran when it was made a consultation."""
    results: tuple[PromiseResult, ...] = ()
    """Results of the promises of every round."""
    pause: ComplaintPaused | None = None
    pauses: tuple[Pause, ...] = ()
    extensions: tuple[ComplaintExtended, ...] = ()
    """Extensions of the present round or review, as `pauses` are its pauses."""
    routing: Routing = Routing()
    answers: tuple[ComplaintAnswered, ...] = ()
    visits: tuple[ReturnVisitMade, ...] = ()
    reviews: Reviews = Reviews()
    supervised: tuple[ComplaintSupervised, ...] = ()
    same_matter: tuple[UUID, ...] = ()
    recused: tuple[str, ...] = ()
    voided: bool = False
    entered_by: tuple[str, ...] = ()
    """Accounts that noted or registered it."""
    kept_from: tuple[str, ...] = ()
    """Marks of all who were ever complained of in it, less those whom a leader let read it."""

    @property
    def complained_of(self) -> tuple[str, ...]:
        """Marks of those complained of now. A dissatisfaction that is only noted does not count
        against the point, which settles it itself."""
        about = self.grievance
        itself = self.registered and about.against_unit(about.unit)
        return (*about.persons, *((f"unit:{about.unit}",) if itself else ()))

    @property
    def stage(self) -> Stage:
        if self.kind == "consultation":
            return "consultation"
        return self.routing.step if self.status == "handling" else self.status

    @property
    def service(self) -> str:
        """The key of its limits in the policy."""
        return f"{KIND}.{self.grievance.channel}"

    @property
    def holder(self) -> str:
        """The unit that acts next: the reviewing unit, else the assigned one, else its district."""
        if self.status == "review_asked" and self.reviews.asked is not None:
            return self.reviews.asked.to
        return self.routing.unit or self.division[:6]

    @property
    def handlers(self) -> tuple[str, ...]:
        """Units that answered it or have it now."""
        now = (self.routing.unit,) if self.routing.unit else ()
        return (*(answer.unit for answer in self.answers), *now)

    @property
    def told(self) -> ReturnVisitMade | None:
        """The person's last statement on the answer of the present round."""
        said = [one for one in self.visits if one.round == self.round and one.reached]
        return said[-1] if said else None

    def extended_by(self, name: PromiseName) -> tuple[int, ...]:
        return tuple(one.amount for one in self.extensions if one.promise == name)


def evolve(state: Complaint | None, event: ComplaintEvent) -> Complaint:
    if isinstance(event, Received):
        return _kept_from_them(_received(state, event))
    assert state is not None
    if isinstance(event, RoutingEvent):
        return _routed(state, event)
    if isinstance(event, ReviewEvent):
        return _reviewed(state, event)
    if isinstance(event, Remark):
        return _remarked(state, event)
    return _stepped(replace(state, since=event.at), event)


def _stepped(state: Complaint, event: StepTaken) -> Complaint:
    match event:
        case DissatisfactionSettled():
            return replace(state, status="settled")
        case ComplaintAcknowledged():
            return _kept(state, event.at, "acknowledge")
        case ComplaintAccepted():
            state = _given(_kept(state, event.at, "acknowledge"), event.promises)
            return replace(state, status="handling", accepted=True)
        case ComplaintDeclined():
            same = (event.same_as,) if event.same_as else ()
            state = replace(state, same_matter=(*state.same_matter, *same))
            return replace(_kept(state, event.at, "acknowledge"), status="declined")
        case ComplaintPaused():
            return replace(state, pause=event)
        case ComplaintResumed():
            return _resumed(state, event)
        case ComplaintExtended():
            state = replace(state, extensions=(*state.extensions, event))
            return _given(state, event.promises)
        case ComplaintAnswered():
            return _answered(state, event)
        case ReturnVisitMade():
            return replace(state, visits=(*state.visits, event))
        case ReworkOrdered():
            return replace(_new_round(state, event.promises), status="handling")
        case ComplaintClosed():
            return replace(state, status="closed")
        case ComplaintReopened():
            state = replace(_new_round(state, event.promises), routing=Routing())
            return replace(state, status="handling" if state.accepted else "registered")
        case ComplaintWithdrawn():
            reviews = replace(state.reviews, asked=None)
            state = replace(_stopped(state, event.at), pause=None, reviews=reviews)
            return replace(state, status="withdrawn", kind="complaint")
        case ComplaintReclassified():
            return _reclassified(state, event)
        case ComplaintVoided():
            return replace(_stopped(state, event.at), voided=True)
        case _:
            assert_never(event)


def _remarked(state: Complaint, event: Remark) -> Complaint:
    match event:
        case ObjectNamed():
            named = replace(
                state.grievance,
                adviser=event.adviser,
                account=event.account,
                point_itself=event.point_itself,
            )
            state = replace(state, grievance=named, firm=event.firm, team=event.team)
            return _kept_from_them(state)
        case ComplaintUnhidden():
            mark = unhidden_mark(event, state)
            kept = tuple(one for one in state.kept_from if one != mark)
            return replace(state, kept_from=kept)
        case PeopleCorrected():
            corrected = replace(
                state.grievance, people=event.people, representatives=event.representatives
            )
            return replace(state, grievance=corrected)
        case ComplaintSupervised():
            return replace(state, supervised=(*state.supervised, event))
        case SameMatterLinked():
            return replace(state, same_matter=(*state.same_matter, event.other))
        case SameMatterUnlinked():
            left = tuple(one for one in state.same_matter if one != event.other)
            return replace(state, same_matter=left)
        case Recused():
            return replace(state, recused=(*state.recused, event.account))
        case ComplaintDeadlinesRecalculated():
            return _given(state, event.promises)
        case _:
            assert_never(event)


def unhidden_mark(said: ComplaintUnhidden | UnhideComplaint, state: Complaint) -> str:
    if said.adviser is not None:
        return f"adviser:{said.adviser}"
    return f"account:{said.account}" if said.account is not None else f"unit:{state.grievance.unit}"


def _kept_from_them(state: Complaint) -> Complaint:
    """Whoever was complained of once does not read it, whoever is now."""
    return replace(state, kept_from=tuple(dict.fromkeys((*state.kept_from, *state.complained_of))))


def _received(noted: Complaint | None, event: Received) -> Complaint:
    received = noted or Complaint(
        grievance=event.grievance,
        division=event.division,
        zone=event.zone,
        firm=event.firm,
        team=event.team,
        calendar=event.calendar,
        begun_at=event.at,
        since=event.at,
        status="noted",
    )
    if isinstance(event, DissatisfactionNoted):
        return replace(received, entered_by=(event.noted_by,))
    return replace(
        received,
        grievance=event.grievance,
        division=event.division,
        zone=event.zone,
        firm=event.firm,
        team=event.team,
        calendar=event.calendar,
        since=event.at,
        status="registered",
        registered=True,
        promises=event.promises,
        entered_by=(*received.entered_by, event.registered_by),
    )


def _routed(state: Complaint, event: RoutingEvent) -> Complaint:
    state = replace(state, routing=complaint_routing.evolve(state.routing, event), since=event.at)
    match event:
        case ComplaintAssigned():
            state = _stopped(_kept(state, event.at, "assign"), event.at, "return")
            return _given(state, event.promises)
        case ReturnAsked() | InvestigationBegun():
            return _kept(state, event.at, "return")
        case ReturnApproved():
            return _given(state, event.promises)
        case _:
            return state


def _reviewed(state: Complaint, event: ReviewEvent) -> Complaint:
    state = replace(state, reviews=complaint_review.evolve(state.reviews, event), since=event.at)
    match event:
        case ReviewAsked():
            state = replace(state, status="review_asked", pauses=(), extensions=())
            return _given(state, event.promises)
        case ReviewDecided():
            state = _kept(state, event.at, "review")
            if event.decision == "sent_back":
                return replace(_new_round(state, event.promises), status="handling")
            return replace(state, status="review_decided")
        case ComplaintFinalized():
            return replace(state, status="final")
        case _:
            assert_never(event)


def _resumed(state: Complaint, event: ComplaintResumed) -> Complaint:
    assert state.pause is not None
    pauses = (*state.pauses, _pause(state.pause, event.at))
    return _given(replace(state, pause=None, pauses=pauses), event.promises)


def _answered(state: Complaint, event: ComplaintAnswered) -> Complaint:
    state = _kept(state, event.at, "acknowledge", "answer")
    return replace(
        state,
        status="answered",
        answers=(*state.answers, event),
        reviews=replace(state.reviews, until=event.review_until),
    )


def _reclassified(state: Complaint, event: ComplaintReclassified) -> Complaint:
    state = replace(state, kind=event.to_kind, reclassified=state.reclassified + 1)
    if event.to_kind == "consultation":
        return replace(state, set_aside=state.promises, promises=())
    return replace(state, set_aside=(), promises=event.promises)


def _new_round(state: Complaint, promises: tuple[Promise, ...]) -> Complaint:
    return replace(state, round=state.round + 1, promises=promises, pauses=(), extensions=())


def _given(state: Complaint, promises: tuple[Promise, ...]) -> Complaint:
    names = {one.name for one in promises}
    others = tuple(one for one in state.promises if one.name not in names)
    return replace(state, promises=(*others, *promises))


def _kept(state: Complaint, at: datetime, *names: PromiseName) -> Complaint:
    return _ended(state, at, names, kept=True)


def _stopped(state: Complaint, at: datetime, *names: PromiseName) -> Complaint:
    """Stop the named promises; without names, all that run or were set aside."""
    if not names:
        promises = (*state.promises, *state.set_aside)
        state = replace(state, promises=promises, set_aside=())
        names = tuple(one.name for one in promises)
    return _ended(state, at, names, kept=False)


def _ended(
    state: Complaint, at: datetime, names: tuple[PromiseName, ...], *, kept: bool
) -> Complaint:
    results = tuple(
        PromiseResult(
            promise=one,
            ended_at=at,
            kept=kept,
            pauses=state.pauses,
            extended_by=state.extended_by(one.name),
        )
        for one in state.promises
        if one.name in names
    )
    left = tuple(one for one in state.promises if one.name not in names)
    return replace(state, promises=left, results=(*state.results, *results))


def _pause(paused: ComplaintPaused, until: datetime) -> Pause:
    return Pause(paused.at, until, PAUSED_WHY[paused.cause])
