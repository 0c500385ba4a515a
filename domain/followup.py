"""Which command follows from which event, or from time that has passed.

Pure: whoever runs this brings the event or the open promises, and sends the commands. A command's
id is made from what caused it, so that following up twice is one command.
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
from domain.requests.rating import BAD_GRADES, DefaultRating, RatingCalledBack, RatingGiven
from domain.vocabulary import CHINA, Actor, Command, Event, sibling_id, stream_id
from domain.worktime.calendar import days_between
from domain.worktime.period import days_of, ends_at, month_of, quarter_of

IMPORT: Final = "import"
"""Device of imported events."""
BAD_RATING_ITEMS: Final = ("差评整改：回访评价人，核实情况，整改并反馈结果",)


class Reaction(Struct, frozen=True, kw_only=True):
    """A command for a stream. `occurred_at` is when the reason arose, not when it was noticed, so
    that a late follow-up counts in the right period."""

    stream: UUID
    command: Command
    command_id: UUID
    occurred_at: datetime


class Context(Struct, frozen=True, kw_only=True):
    """What surrounds an event."""

    event_id: UUID
    occurred_at: datetime
    by: Actor
    device: str | None = None
    point: str | None = None
    """Point of the request that the event belongs to."""
    imported: bool = False
    """The request is imported history: it was closed as `imported`."""
    rebuilding: bool = False
    """The event is read again to build a view anew."""

    @property
    def silent(self) -> bool:
        """Nothing follows from what happened elsewhere, or was followed up before."""
        brought_in = self.imported or self.by.role == "importer" or self.device == IMPORT
        return brought_in or self.rebuilding


def command_id(cause: UUID, policy: str) -> UUID:
    return uuid.uuid5(cause, policy)


# --- what follows from an event


def reactions(event: Event, context: Context) -> list[Reaction]:
    """A bad rating, given or taken in a callback, is an order to its point to put things right; so
    is a result below the rule set's threshold, once it stands. Another adviser or the end of the
    service is only proposed: it stays with the closing for people to decide on."""
    if context.silent:
        return []
    match event:
        case RatingGiven() | RatingCalledBack() if event.grade in BAD_GRADES:
            assert context.point is not None
            return [_order(event, context, context.point)]
        case PeriodClosed():
            ordered = (one for one in event.follow_ups if one.follow == "rectification")
            return [_assessed(event, one, context) for one in ordered]
        case _:
            return []


def _order(event: RatingGiven | RatingCalledBack, context: Context, point: str) -> Reaction:
    """Both ratings of one request lead to the same order: one request has one work order."""
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
    """Neither rated nor defaulted."""

    request: UUID
    expires_at: datetime
    invited_by: UUID
    """Id of the event that invited."""
    imported: bool = False


class OpenPromise(Struct, frozen=True, kw_only=True):
    """Neither kept nor stopped; a paused one has no due moment, so it is not listed."""

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
    """Not answered in the present round."""

    stream: UUID
    due: datetime
    ordered_by: UUID
    """Id of the event that began the round."""


def due_defaults(invitations: Iterable[OpenInvitation], now: datetime) -> list[Reaction]:
    """Silence until an invitation expires is the default rating."""
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
    """Promises missed, and promises due within `ahead`; each is told once, however late."""
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
    """The months and quarters that ended after `since` and until `now`, in order."""
    return [_ending(one) for one in _touched(since, now) if ends_at(one) <= now]


def _touched(since: datetime, now: datetime) -> Iterator[str]:
    """Every month and quarter with a day between the two, by its last day."""
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
