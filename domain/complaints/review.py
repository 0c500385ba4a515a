"""Review 复查 and re-review 复核 of an answer, after which it is final 终结.

A small lifecycle inside the complaint's stream; `domain.complaints.complaint_commands` hands its
commands here. Order of the steps and their limits: 信访工作条例 (2022) art. 35-36.
"""

from collections.abc import Callable
from datetime import datetime
from typing import ClassVar, Final, Literal, assert_never, get_args

from msgspec import Struct
from msgspec.structs import replace

from domain.codes import Code
from domain.listed import known_unit
from domain.moment import Moment
from domain.promises.promise import Promise, PromiseName
from domain.vocabulary import Command, Event, Personal, Refused, Statement, Text

Level = Literal[1, 2]
"""1 = review 复查, 2 = re-review 复核."""
Decision = Literal["upheld", "changed", "sent_back"]
"""Sent back: the handling unit answers anew, in a round of its own."""

# --- events


class ReviewAsked(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "complaint.review_asked/1"
    level: Level
    to: Code
    """The unit that reviews."""
    ground: Personal
    at: datetime
    promises: tuple[Promise, ...] = ()


class ReviewDecided(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "complaint.review_decided/1"
    KEY: ClassVar = ("level",)
    level: Level
    decision: Decision
    opinion: Personal
    basis: Text
    unit: Code
    decided_by: Code
    at: datetime
    review_until: datetime | None = None
    """End of the time to ask for a re-review; None when there is no end, or no re-review."""
    promises: tuple[Promise, ...] = ()
    """Those of the new round, where it was sent back."""


class ComplaintFinalized(Event, frozen=True, kw_only=True):
    """终结: the same facts are not taken up again."""

    topic: ClassVar[str] = "complaint.finalized/1"
    reason: Text
    at: datetime


ReviewEvent = ReviewAsked | ReviewDecided | ComplaintFinalized
EVENTS: Final[tuple[type[Event], ...]] = get_args(ReviewEvent)


# --- commands


class AskReview(Command, frozen=True, kw_only=True):
    """申请复查；复查决定后再次申请即为复核"""

    to: Code
    ground: Statement


class DecideReview(Command, frozen=True, kw_only=True):
    decision: Decision
    opinion: Statement
    basis: Text


class FinalizeComplaint(Command, frozen=True, kw_only=True):
    reason: Text


ReviewCommand = AskReview | DecideReview | FinalizeComplaint
COMMANDS: Final[tuple[type[Command], ...]] = get_args(ReviewCommand)


# --- state


class Reviews(Struct, frozen=True, kw_only=True):
    asked: ReviewAsked | None = None
    """The review that is under way."""
    decided: tuple[ReviewDecided, ...] = ()
    units: tuple[str, ...] = ()
    """Who was asked to review, oldest first."""
    until: datetime | None = None
    """End of the time to ask for the next review; None when no end is set."""

    @property
    def exhausted(self) -> bool:
        return len(self.decided) == LEVELS


LEVELS: Final = 2


def evolve(state: Reviews, event: ReviewEvent) -> Reviews:
    match event:
        case ReviewAsked():
            return replace(state, asked=event, units=(*state.units, event.to))
        case ReviewDecided():
            decided = (*state.decided, event)
            return replace(state, asked=None, decided=decided, until=event.review_until)
        case ComplaintFinalized():
            return state
        case _:
            assert_never(event)


# --- refusals


class ReviewTooLate(Refused):
    """已超过申请复查、复核的期限"""


class ReviewsExhausted(Refused):
    """已经复查、复核，同一事实不再受理"""


class ReviewerNotIndependent(Refused):
    """复查、复核单位不能是原承办单位或上一级复查单位"""


class NotTheReviewer(Refused):
    """只有复查、复核单位可以作出决定"""


class ReReviewIsLast(Refused):
    """复核为最后一级，不能发回重办"""


class ReviewStillPossible(Refused):
    """申请复查、复核的期限未满，不能终结"""


# --- decide


Promising = Callable[[PromiseName], tuple[Promise, ...]]
"""The promise of that name which begins now."""


class Afterwards(Struct, frozen=True, kw_only=True):
    """Consequences of a decision, by the complaint's own calendar and rules."""

    review_until: datetime | None
    """End of the time for asking for a re-review if it were decided now."""
    new_round: tuple[Promise, ...]


def decide_review(
    state: Reviews,
    command: ReviewCommand,
    moment: Moment,
    handlers: tuple[str, ...],
    promising: Promising,
    afterwards: Callable[[], Afterwards],
) -> list[Event]:
    """Decide a command on a review.

    Units in `handlers` handled the complaint and may not review it.
    """
    at = moment.occurred_at
    match command:
        case AskReview():
            if state.exhausted:
                raise ReviewsExhausted
            if state.until is not None and at > state.until:
                raise ReviewTooLate
            if command.to in (*handlers, *state.units):
                raise ReviewerNotIndependent(command.to)
            known_unit(command.to, moment.registers, at)
            level: Level = 2 if state.decided else 1
            promises = promising("review")
            ground = command.ground
            return [
                ReviewAsked(level=level, to=command.to, ground=ground, at=at, promises=promises)
            ]
        case DecideReview():
            return _decided(state, command, moment, afterwards())
        case FinalizeComplaint():
            if not state.exhausted and (state.until is None or at <= state.until):
                raise ReviewStillPossible
            return [ComplaintFinalized(reason=command.reason, at=at)]
        case _:
            assert_never(command)


def _decided(
    state: Reviews, command: DecideReview, moment: Moment, afterwards: Afterwards
) -> list[Event]:
    assert state.asked is not None
    if moment.by.unit != state.asked.to:
        raise NotTheReviewer(moment.by.unit)
    first, back = state.asked.level == 1, command.decision == "sent_back"
    if back and not first:
        raise ReReviewIsLast
    return [
        ReviewDecided(
            level=state.asked.level,
            decision=command.decision,
            opinion=command.opinion,
            basis=command.basis,
            unit=state.asked.to,
            decided_by=moment.by.account,
            at=moment.occurred_at,
            review_until=afterwards.review_until if first and not back else None,
            promises=afterwards.new_round if back else (),
        )
    ]
