"""What follows: from a bad rating, from silence, from promises and periods that end."""

import uuid
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from msgspec.structs import replace

from domain.aggregates import AGGREGATE_BY_COMMAND, fold
from domain.evaluation.determination import FollowUp
from domain.evaluation.evaluation import PeriodClosed, evaluation_stream
from domain.followup import (
    BAD_RATING_ITEMS,
    NOTICED_LATER,
    Context,
    OpenInvitation,
    OpenPromise,
    OpenRectification,
    Reaction,
    command_id,
    due_defaults,
    ended_periods,
    overdue,
    reactions,
    watched,
)
from domain.moment import Moment
from domain.oversight.rectification import (
    Addressee,
    MarkOverdue,
    OrderRectification,
    RectificationFellOverdue,
    RectificationOrdered,
)
from domain.promises.promise_watch import (
    PromiseApproached,
    PromiseMissed,
    RecordPromiseApproaching,
    RecordPromiseMissed,
)
from domain.reporting.period_end import EndPeriod, PeriodEnded
from domain.requests import rating
from domain.requests.rating import (
    DefaultRating,
    RatingCalledBack,
    RatingDefaulted,
    RatingFollowedUp,
    RatingGiven,
    RatingInvited,
)
from domain.vocabulary import SIMULATION, Actor, Event, sibling_id, stream_id
from tests.examples import ANSWERED, CLOSE, LOGGED, MORNING, NOON, REGISTERS, REQUEST, local

CAUSE = UUID("00000000-0000-4000-8000-00000000000a")
POLICY = Actor(account="policy", role="policy", unit="4401")
CONTEXT = Context(
    event_id=CAUSE,
    occurred_at=NOON,
    by=Actor(account="citizen-1", role="citizen", unit="ROOM-1"),
    point="ROOM-1",
)
BAD = RatingGiven(request=REQUEST, grade=1)
CALLED_BACK_BAD = RatingCalledBack(request=REQUEST, grade=2, called_by="clerk-2")
LATE = local("2026-04-20 09:00")
UNFIT = FollowUp(subject="A-1", follow="rectification", grounds=("grade",), items=("制定整改方案",))
PERIOD_CLOSED = PeriodClosed(
    subject_kind="adviser",
    ruleset="adviser-year@1",
    division="440103",
    period="2025",
    position=1400,
    root="7a" * 32,
    determination=1,
    results="cd" * 32,
    follow_ups=(UNFIT, replace(UNFIT, subject="A-2", follow="exit")),
    closed_at=NOON,
)


def decided(reaction: Reaction, *history: Event) -> list[Event]:
    """What the reaction's command leads to, noticed long after its reason arose."""
    aggregate = AGGREGATE_BY_COMMAND[type(reaction.command)]
    ground = getattr(reaction.command, "source_stream", REQUEST)
    moment = Moment(
        by=POLICY,
        occurred_at=reaction.occurred_at,
        now=LATE,
        registers=REGISTERS,
        late_reason=NOTICED_LATER,
        beside={ground: fold(rating, [INVITED])},
    )
    return aggregate.decide(fold(aggregate, history), reaction.command, moment)


# --- bad ratings


@pytest.mark.parametrize("event", [BAD, replace(BAD, grade=2), CALLED_BACK_BAD])
def test_a_bad_rating_is_an_order_to_the_point_from_the_moment_it_was_given(event: Event) -> None:
    assert reactions(event, CONTEXT) == [
        Reaction(
            stream=sibling_id(REQUEST, "rectification"),
            command=OrderRectification(
                source="rating",
                source_stream=sibling_id(REQUEST, "rating"),
                addressee=Addressee("point", "ROOM-1"),
                items=BAD_RATING_ITEMS,
            ),
            command_id=uuid.uuid5(CAUSE, "bad-rating"),
            occurred_at=NOON,
        )
    ]


def test_a_request_rated_badly_twice_has_one_order() -> None:
    [first] = reactions(BAD, CONTEXT)
    [second] = reactions(CALLED_BACK_BAD, replace(CONTEXT, event_id=REQUEST))
    [ordered] = decided(first)
    assert isinstance(ordered, RectificationOrdered)
    assert first.stream == second.stream
    assert first.command_id != second.command_id
    assert decided(second, ordered) == []


def test_a_result_below_the_threshold_is_an_order_once_the_period_is_closed() -> None:
    evaluation = evaluation_stream("adviser-year", "440103", "2025")
    [reaction] = reactions(PERIOD_CLOSED, CONTEXT)
    assert reaction == Reaction(
        stream=stream_id("rectification", f"{evaluation}:A-1"),
        command=OrderRectification(
            source="assessment",
            source_stream=evaluation,
            addressee=Addressee("adviser", "A-1"),
            items=("制定整改方案",),
        ),
        command_id=uuid.uuid5(CAUSE, "assessed:A-1"),
        occurred_at=NOON,
    )
    [ordered] = decided(reaction)
    assert isinstance(ordered, RectificationOrdered)
    assert decided(reaction, ordered) == []


def test_points_are_ordered_to_put_right_too() -> None:
    unfit = replace(UNFIT, subject="STATION-1")
    closed = replace(PERIOD_CLOSED, subject_kind="point", follow_ups=(unfit,))
    [reaction] = reactions(closed, CONTEXT)
    [ordered] = decided(reaction)
    assert isinstance(ordered, RectificationOrdered)
    assert (ordered.point, ordered.calendar) == ("STATION-1", "gz-office@1")


def test_another_adviser_or_the_end_of_the_service_is_for_people_to_decide() -> None:
    exits = replace(UNFIT, follow="exit"), replace(UNFIT, follow="replacement")
    assert reactions(replace(PERIOD_CLOSED, follow_ups=exits), CONTEXT) == []


@pytest.mark.parametrize(
    "event",
    [
        replace(BAD, grade=3),
        replace(CALLED_BACK_BAD, grade=3),
        RatingDefaulted(request=REQUEST, grade=1),
        RatingFollowedUp(request=REQUEST, grade=1),
        LOGGED,
        ANSWERED,
    ],
)
def test_nothing_else_is_an_order(event: Event) -> None:
    assert reactions(event, CONTEXT) == []


@pytest.mark.parametrize(
    "context",
    [
        replace(CONTEXT, imported=True),
        replace(CONTEXT, device="import"),
        replace(CONTEXT, by=replace(CONTEXT.by, role="importer")),
        replace(CONTEXT, rebuilding=True),
    ],
)
def test_imported_history_and_rebuilds_cause_nothing(context: Context) -> None:
    assert reactions(BAD, context) == []


def test_a_simulated_rating_is_followed_up_like_any_other() -> None:
    assert len(reactions(BAD, replace(CONTEXT, device=SIMULATION))) == 1


def test_the_same_cause_under_the_same_policy_is_the_same_command() -> None:
    assert reactions(BAD, CONTEXT) == reactions(BAD, CONTEXT)
    assert command_id(CAUSE, "a") == command_id(CAUSE, "a")
    assert len({command_id(CAUSE, "a"), command_id(CAUSE, "b"), command_id(REQUEST, "a")}) == 3


# --- silence

EXPIRED = local("2026-03-10 00:00")
INVITATION = OpenInvitation(request=REQUEST, expires_at=EXPIRED, invited_by=CAUSE)
INVITED = RatingInvited(
    request=REQUEST,
    point="ROOM-1",
    served_by=("clerk-1",),
    token_sha256="0" * 64,
    expires_at=EXPIRED,
    default_grade=3,
)


def test_silence_is_the_default_rating_from_the_moment_the_invitation_expired() -> None:
    [default] = due_defaults([INVITATION], EXPIRED)
    assert default == Reaction(
        stream=sibling_id(REQUEST, "rating"),
        command=DefaultRating(),
        command_id=uuid.uuid5(CAUSE, "default-rating"),
        occurred_at=EXPIRED,
    )
    assert decided(default, INVITED) == [RatingDefaulted(request=REQUEST, grade=3)]


def test_an_invitation_that_runs_or_was_imported_is_not_silence() -> None:
    imported = replace(INVITATION, imported=True)
    assert due_defaults([INVITATION], EXPIRED - timedelta(seconds=1)) == []
    assert due_defaults([imported], LATE) == []


# --- promises

DUE = CLOSE.due
DAY = timedelta(days=1)
PROMISE = OpenPromise(
    of=REQUEST,
    of_kind="request",
    name="close",
    round=1,
    started_at=MORNING,
    due=DUE,
    given_by=CAUSE,
)
TOLD: dict[str, Any] = {
    "of": REQUEST, "of_kind": "request", "name": "close", "round": 1, "due": DUE,
}  # fmt: skip


def test_a_promise_due_within_the_time_ahead_is_approaching() -> None:
    [approaching] = watched([PROMISE], DUE - DAY, DAY)
    assert approaching == Reaction(
        stream=sibling_id(REQUEST, "promises"),
        command=RecordPromiseApproaching(**TOLD),
        command_id=uuid.uuid5(CAUSE, "promise-approaching:close:1"),
        occurred_at=DUE - DAY,
    )
    assert decided(approaching) == [PromiseApproached(**TOLD)]
    assert watched([PROMISE], DUE, DAY) == [approaching]


def test_a_promise_shorter_than_the_time_ahead_approaches_from_its_start() -> None:
    [approaching] = watched([PROMISE], NOON, timedelta(days=60))
    assert approaching.occurred_at == MORNING


def test_a_promise_with_time_left_is_left_alone() -> None:
    assert watched([PROMISE], DUE - DAY - timedelta(seconds=1), DAY) == []


def test_a_promise_that_passed_is_missed_at_the_moment_it_was_due() -> None:
    [missed] = watched([PROMISE], DUE + timedelta(seconds=1), DAY)
    assert missed == Reaction(
        stream=sibling_id(REQUEST, "promises"),
        command=RecordPromiseMissed(**TOLD),
        command_id=uuid.uuid5(CAUSE, "promise-missed:close:1"),
        occurred_at=DUE,
    )
    assert decided(missed) == [PromiseMissed(**TOLD)]
    assert decided(missed, PromiseMissed(**TOLD)) == []


def test_promises_of_imported_history_are_not_watched() -> None:
    assert watched([replace(PROMISE, imported=True)], LATE, DAY) == []


def test_promises_given_by_one_event_are_told_apart() -> None:
    promises = [PROMISE, replace(PROMISE, name="first_response"), replace(PROMISE, round=2)]
    told = watched(promises, LATE, DAY) + watched(promises, DUE, DAY)
    assert len({one.command_id for one in told}) == 6


# --- rectifications

ORDER = OpenRectification(stream=sibling_id(REQUEST, "rectification"), due=DUE, ordered_by=CAUSE)
ORDERED = RectificationOrdered(
    source="rating",
    source_stream=REQUEST,
    addressee=Addressee("point", "ROOM-1"),
    items=BAD_RATING_ITEMS,
    ordered_at=MORNING,
    promises=(replace(CLOSE, name="answer"),),
)


def test_a_rectification_that_passed_its_limit_is_marked_overdue_from_then() -> None:
    [mark] = overdue([ORDER], DUE + timedelta(seconds=1))
    assert mark == Reaction(
        stream=ORDER.stream,
        command=MarkOverdue(),
        command_id=uuid.uuid5(CAUSE, "rectification-overdue"),
        occurred_at=DUE,
    )
    assert decided(mark, ORDERED) == [RectificationFellOverdue(round=1, due=DUE)]


def test_a_rectification_may_be_answered_until_its_limit() -> None:
    assert overdue([ORDER], DUE) == []


# --- periods


def ended(since: str, now: str) -> list[str]:
    found = ended_periods(local(since), local(now))
    return [one.command.period for one in found if isinstance(one.command, EndPeriod)]


def test_a_month_ends_with_its_last_midnight_and_a_quarter_with_it() -> None:
    assert ended("2026-02-28 23:59", "2026-03-01 00:00") == ["2026-02"]
    assert ended("2026-03-31 23:59", "2026-04-01 00:00") == ["2026-03", "2026-Q1"]


def test_a_period_ends_once_however_often_it_is_looked_for() -> None:
    assert ended("2026-04-01 00:00", "2026-04-01 00:01") == []
    assert ended("2026-03-01 00:00", "2026-03-31 23:59") == []


def test_what_ended_while_nobody_looked_is_told_in_order() -> None:
    assert ended("2025-12-01 00:00", "2026-05-02 00:00") == [
        "2025-12", "2025-Q4", "2026-01", "2026-02", "2026-03", "2026-Q1", "2026-04",
    ]  # fmt: skip


def test_the_end_of_a_period_is_one_command_at_the_moment_it_ended() -> None:
    [ending] = ended_periods(local("2026-01-31 12:00"), local("2026-02-15 00:00"))
    stream = stream_id("period", "2026-01")
    assert (ending.stream, ending.occurred_at) == (stream, local("2026-02-01 00:00"))
    assert ending.command_id == uuid.uuid5(stream, "period-end")
    [over] = decided(ending)
    assert isinstance(over, PeriodEnded)
