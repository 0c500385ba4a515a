"""Commands that follow from an event, or from time that has passed.

The functions are pure: the caller brings the event or the open promises, and sends the commands.
The id of a command is derived from its cause, so that following up twice gives one command.
"""

import uuid
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from msgspec import Struct

from domain.evaluation.determination import FollowUp
from domain.evaluation.evaluation import PeriodClosed, evaluation_stream
from domain.oversight import rectification
from domain.oversight.rectification import Addressee, MarkOverdue, OrderRectification
from domain.promises import promise_watch
from domain.promises.promise_watch import RecordPromiseApproaching, RecordPromiseMissed
from domain.reporting import period_end as period
from domain.reporting.period_end import EndPeriod
from domain.requests import rating
from domain.requests.rating import (
    BAD_GRADES,
    DefaultRating,
    InviteRating,
    RatingCalledBack,
    RatingGiven,
)
from domain.requests.request import RequestClosed
from domain.vocabulary import CHINA, Actor, Command, Event, sibling_id, stream_id
from domain.worktime.calendar import days_between
from domain.worktime.period import days_of, ends_at, month_of, quarter_of

IMPORT: Final = "import"
"""Device of imported events."""
NOTICED_LATER: Final = "系统按规则自动处理，处理时间晚于应当处理的时间"
"""Why a reaction is entered late, where it is: nobody watched when its reason arose."""
BAD_RATING_ITEMS: Final = ("差评整改：回访评价人，核实情况，整改并反馈结果",)


class Reaction(Struct, frozen=True, kw_only=True):
    """A command for a stream."""

    stream: UUID
    command: Command
    command_id: UUID
    occurred_at: datetime
    """When the reason arose, not when it was noticed, so that a late follow-up counts in its
    period.
    """


class Context(Struct, frozen=True, kw_only=True):
    """The envelope of an event, as far as follow-ups need it."""

    event_id: UUID
    occurred_at: datetime
    by: Actor
    device: str | None = None
    point: str | None = None
    """Point of the request that the event belongs to."""
    recorded_at: datetime | None = None
    invitation: InviteRating | None = None
    """Of a closing: what asks the person to rate, by who read the request and the roster."""
    imported: bool = False
    """Whether the request is imported history: it was closed as `imported`."""
    rebuilding: bool = False
    """Whether the event is read again to rebuild a view."""

    @property
    def silent(self) -> bool:
        """True for imported or replayed events: do not react."""
        brought_in = self.imported or self.by.role == "importer" or self.device == IMPORT
        return brought_in or self.rebuilding


def command_id(cause: UUID, policy: str) -> UUID:
    return uuid.uuid5(cause, policy)


# --- what follows from an event


def reactions(event: Event, context: Context) -> list[Reaction]:
    """Return the commands that follow from an event.

    A closing invites the person to rate. A bad rating, given or taken in a callback, orders its
    point to put things right, and so does a result below the rule set's threshold once it is final.
    Replacing the adviser or ending the service is only proposed: people decide on it when they
    close the order.
    """
    if context.silent:
        return []
    match event:
        case RequestClosed() if context.invitation is not None:
            return [_invited(context.invitation, context)]
        case RatingGiven() | RatingCalledBack() if event.grade in BAD_GRADES:
            assert context.point is not None
            return [_order(event, context, context.point)]
        case PeriodClosed():
            ordered = (one for one in event.follow_ups if one.follow == "rectification")
            return [_assessed(event, one, context) for one in ordered]
        case _:
            return []


def _invited(command: InviteRating, context: Context) -> Reaction:
    """Invite from when the closing was on record: the days of an answer cannot be closed away."""
    return Reaction(
        stream=sibling_id(command.request, rating.KIND),
        command=command,
        command_id=command_id(context.event_id, "rating-invitation"),
        occurred_at=context.recorded_at or context.occurred_at,
    )


def _order(event: RatingGiven | RatingCalledBack, context: Context, point: str) -> Reaction:
    """Order the rectification of a rating; both ratings of a request lead to one order."""
    return Reaction(
        stream=sibling_id(event.request, rectification.KIND),
        command=OrderRectification(
            source="rating",
            source_stream=sibling_id(event.request, rating.KIND),
            addressee=Addressee("point", point),
            items=BAD_RATING_ITEMS,
        ),
        command_id=command_id(context.event_id, "bad-rating"),
        occurred_at=context.occurred_at,
    )


def _assessed(event: PeriodClosed, one: FollowUp, context: Context) -> Reaction:
    evaluation = evaluation_stream(event.ruleset, event.division, event.period)
    return Reaction(
        stream=stream_id(rectification.KIND, f"{evaluation}:{one.subject}"),
        command=OrderRectification(
            source="assessment",
            source_stream=evaluation,
            addressee=Addressee(event.subject_kind, one.subject),
            items=one.items,
        ),
        command_id=command_id(context.event_id, f"assessed:{one.subject}"),
        occurred_at=context.occurred_at,
    )


# --- what follows from time


class OpenInvitation(Struct, frozen=True, kw_only=True):
    """An invitation that is neither rated nor defaulted."""

    request: UUID
    expires_at: datetime
    invited_by: UUID
    """Id of the event that invited."""
    imported: bool = False


class OpenPromise(Struct, frozen=True, kw_only=True):
    """A promise neither kept nor cancelled; a paused one has no due moment and is left out."""

    of: UUID
    of_kind: str
    name: str
    round: int
    started_at: datetime
    due: datetime
    given_by: UUID
    """Id of the event that gave it, or that moved its due moment."""
    imported: bool = False


class OpenRectification(Struct, frozen=True, kw_only=True):
    """An order that is not answered in its present round."""

    stream: UUID
    due: datetime
    ordered_by: UUID
    """Id of the event that began the round."""


def due_defaults(invitations: Iterable[OpenInvitation], now: datetime) -> list[Reaction]:
    """Return default ratings for the invitations that expired in silence."""
    return [
        Reaction(
            stream=sibling_id(one.request, rating.KIND),
            command=DefaultRating(),
            command_id=command_id(one.invited_by, "default-rating"),
            occurred_at=one.expires_at,
        )
        for one in invitations
        if one.expires_at <= now and not one.imported
    ]


def watched(promises: Iterable[OpenPromise], now: datetime, ahead: timedelta) -> list[Reaction]:
    """Return the records of promises missed, and of those due within `ahead`, each once."""
    running = (one for one in promises if not one.imported)
    told = (_missed(one) if one.due < now else _approaching(one, ahead) for one in running)
    return [reaction for reaction in told if reaction.occurred_at <= now]


def _missed(one: OpenPromise) -> Reaction:
    return Reaction(
        stream=sibling_id(one.of, promise_watch.KIND),
        command=RecordPromiseMissed(
            of=one.of, of_kind=one.of_kind, name=one.name, round=one.round, due=one.due
        ),
        command_id=command_id(one.given_by, f"promise-missed:{one.name}:{one.round}"),
        occurred_at=one.due,
    )


def _approaching(one: OpenPromise, ahead: timedelta) -> Reaction:
    return Reaction(
        stream=sibling_id(one.of, promise_watch.KIND),
        command=RecordPromiseApproaching(
            of=one.of, of_kind=one.of_kind, name=one.name, round=one.round, due=one.due
        ),
        command_id=command_id(one.given_by, f"promise-approaching:{one.name}:{one.round}"),
        occurred_at=max(one.started_at, one.due - ahead),
    )


def overdue(rectifications: Iterable[OpenRectification], now: datetime) -> list[Reaction]:
    return [
        Reaction(
            stream=one.stream,
            command=MarkOverdue(),
            command_id=command_id(one.ordered_by, "rectification-overdue"),
            occurred_at=one.due,
        )
        for one in rectifications
        if one.due < now
    ]


def ended_periods(since: datetime, now: datetime) -> list[Reaction]:
    """Return EndPeriod for the months and quarters that ended after `since`, in order."""
    return [_ending(one) for one in _touched(since, now) if ends_at(one) <= now]


def _touched(since: datetime, now: datetime) -> Iterator[str]:
    """List each month and quarter with a day between the two, by its last day."""
    china = ZoneInfo(CHINA)
    days = days_between(since.astimezone(china).date(), now.astimezone(china).date())
    named = dict.fromkeys(one for day in days for one in (month_of(day), quarter_of(day)))
    return iter(sorted(named, key=lambda one: (days_of(one).last, one)))


def _ending(one: str) -> Reaction:
    stream = stream_id(period.KIND, one)
    return Reaction(
        stream=stream,
        command=EndPeriod(period=one),
        command_id=command_id(stream, "period-end"),
        occurred_at=ends_at(one),
    )
