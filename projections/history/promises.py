"""Promises of a stream: their results, and the explanation of their deadlines."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, ClassVar, Final, NamedTuple

from msgspec import Struct

from domain.complaints import complaint
from domain.complaints.complaint import Complaint
from domain.moment import Registers
from domain.promises.promise import Promise, PromiseName, PromiseResult
from domain.promises.promise_watch import PromiseMissed
from domain.promises.promising import explain_promise
from domain.requests import request
from domain.requests.proceedings import LegalAidLawyerAssigned, LegalAidReviewed
from domain.requests.request import AID, RESPONSES, WITHOUT_SERVICE, Request, RequestClosed
from domain.vocabulary import Event
from domain.worktime.calendar import Step
from ledger.log.codec import Recorded


class PromiseTold(Struct, frozen=True, kw_only=True):
    """A promise for people, in UTC. Neither met nor stopped: it runs; with `paused_since` nothing
    is due until the clock runs again."""

    KEY: ClassVar = ("name", "round", "started_at")

    name: PromiseName
    round: int
    """Of a review, its level."""
    started_at: datetime
    due: datetime
    met_at: datetime | None = None
    stopped_at: datetime | None = None
    """What was promised fell away."""
    in_time: bool | None = None
    """By when it happened; None where it was not met."""
    met_on_record_at: datetime | None = None
    """When it was recorded that it was met."""
    in_time_on_record: bool | None = None
    """By when it was on record: no, where it was recorded as missed."""
    missed_on_record_at: datetime | None = None
    """When it was recorded as missed, which no later entry changes."""
    paused_since: datetime | None = None
    policy: str
    """Rules as `code@version`."""
    calendar: str
    """As `code@version`."""
    provisional: bool
    explanation: tuple[Step, ...]


class _Standing(NamedTuple):
    """A promise with the service whose limits it was found by."""

    service: str
    result: PromiseResult
    recorded_at: datetime | None = None
    """When its end was."""
    running: bool = False
    paused_since: datetime | None = None


def promises_of(
    kind: str,
    events: Iterable[Recorded],
    registers: Registers,
    watched: Iterable[Recorded] = (),
) -> list[PromiseTold]:
    """List every promise of a stream, ended ones first; things without promises have none.

    `watched`: the events of the stream of its watched promises.
    """
    standing = _STANDING.get(kind, lambda _: [])(events)
    missed = [one for one in watched if isinstance(one.event, PromiseMissed)]
    return [_told(one, registers, _missed_at(one.result.promise, missed)) for one in standing]


def _missed_at(promise: Promise, missed: Iterable[Recorded]) -> datetime | None:
    for one in missed:
        event: Any = one.event
        same = (event.name, event.round) == (promise.name, promise.round)
        # A name is promised again in one round where it fell away before.
        if same and event.due >= promise.started_at:
            return one.recorded_at
    return None


def _told(one: _Standing, registers: Registers, missed_at: datetime | None) -> PromiseTold:
    result, promise = one.result, one.result.promise
    met, ended_at = result.kept and not one.running, result.ended_at.astimezone(UTC)
    recorded_at = one.recorded_at.astimezone(UTC) if met and one.recorded_at else None
    return PromiseTold(
        name=promise.name,
        round=promise.round,
        started_at=promise.started_at.astimezone(UTC),
        due=promise.due.astimezone(UTC),
        met_at=ended_at if met else None,
        stopped_at=None if met or one.running else ended_at,
        in_time=result.in_time if met else None,
        met_on_record_at=recorded_at,
        in_time_on_record=recorded_at <= promise.due and missed_at is None if recorded_at else None,
        missed_on_record_at=missed_at.astimezone(UTC) if missed_at else None,
        paused_since=one.paused_since.astimezone(UTC) if one.paused_since else None,
        policy=promise.policy,
        calendar=promise.calendar,
        provisional=promise.provisional,
        explanation=explain_promise(
            one.service, promise, registers, result.pauses, result.extended_by
        ),
    )


# --- complaints keep their own account


def _of_complaint(events: Iterable[Recorded]) -> list[_Standing]:
    state: Complaint | None = None
    recorded: list[datetime | None] = []
    for one in events:
        event: Any = one.event
        state = complaint.evolve(state, event)
        recorded += [one.recorded_at] * (len(state.results) - len(recorded))
    if state is None:
        return []
    ended = [
        _Standing(state.service, result, at)
        for result, at in zip(state.results, recorded, strict=True)
    ]
    paused_since = state.pause.at if state.pause else None
    # A consultation takes no step before it is a complaint again, or withdrawn.
    aside = [_running(state, one, state.since) for one in state.set_aside]
    return [*ended, *aside, *(_running(state, one, paused_since) for one in state.promises)]


def _running(state: Complaint, promise: Promise, paused_since: datetime | None) -> _Standing:
    result = PromiseResult(
        promise=promise,
        ended_at=promise.due,
        kept=False,
        pauses=state.pauses,
        extended_by=state.extended_by(promise.name),
    )
    return _Standing(state.service, result, running=True, paused_since=paused_since)


# --- requests forget a promise when it has ended


def _of_request(events: Iterable[Recorded]) -> list[_Standing]:
    state: Request | None = None
    ended: list[_Standing] = []
    for one in events:
        event: Any = one.event
        before, state = state, request.evolve(state, event)
        if before is not None:
            ended += _ended(before, state, one)
    if state is None or state.voided:
        return ended
    running = [
        _Standing(
            state.service,
            PromiseResult(
                promise=one,
                ended_at=one.due,
                kept=False,
                pauses=state.pauses,
                extended_by=state.extended_by(one.name),
            ),
            running=True,
            paused_since=state.paused_at,
        )
        for one in state.promises
    ]
    aid = [
        _Standing(AID, PromiseResult(promise=one, ended_at=one.due, kept=False), running=True)
        for one in state.aid_promises
    ]
    return [*ended, *running, *aid]


def _ended(before: Request, after: Request, at: Recorded) -> list[_Standing]:
    if before.voided:
        return []
    left = set() if after.voided else {(one.name, one.round) for one in after.promises}
    ended = [
        _Standing(
            before.service,
            PromiseResult(
                promise=one,
                ended_at=at.occurred_at,
                kept=keeps(at.event, one.name),
                pauses=before.pauses,
                extended_by=before.extended_by(one.name),
            ),
            at.recorded_at,
        )
        for one in before.promises
        if (one.name, one.round) not in left
    ]
    aid = [
        _Standing(
            AID,
            PromiseResult(promise=one, ended_at=at.occurred_at, kept=keeps(at.event, one.name)),
            at.recorded_at,
        )
        for one in before.aid_promises
        if after.voided or one not in after.aid_promises
    ]
    return [*ended, *aid]


def keeps(event: Event, name: PromiseName) -> bool:
    """Return whether an event of a request keeps a promise."""
    match name:
        case "first_response":
            return isinstance(event, RESPONSES)
        case "assign":
            return isinstance(event, LegalAidLawyerAssigned)
        case "review":
            return isinstance(event, LegalAidReviewed)
    return isinstance(event, RequestClosed) and event.kind not in WITHOUT_SERVICE


_STANDING: Final[Mapping[str, Any]] = {request.KIND: _of_request, complaint.KIND: _of_complaint}
