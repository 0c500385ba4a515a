"""Reactions to the clock alone: promises approaching or missed, periods ended."""

from datetime import date, timedelta
from typing import Final
from uuid import UUID

from domain.complaints.complaint import Complaint, Stage
from domain.oversight.rectification import Rectification
from domain.promises import promise_watch
from domain.promises.promise import Promise
from domain.promises.promise_watch import RecordPromiseApproaching, RecordPromiseMissed
from domain.registers.policy import approaching
from domain.reporting import period_end as period
from domain.reporting.period_end import EndPeriod
from domain.requests.request import Request
from domain.simulation.case import Life
from domain.simulation.errand import Errand
from domain.simulation.schedule import SimulatedClock
from domain.simulation.world import Scene, Stream
from domain.vocabulary import Actor, sibling_id, stream_id
from domain.worktime.period import month_of, quarter_of

LOOKS: Final = (timedelta(hours=8, minutes=30), timedelta(hours=16, minutes=30))
"""Times of day at which the watch looks at the open promises."""
WATCH: Final = Actor(account="policy-promises", role="policy", unit="4401")
Watched = Request | Complaint | Rectification
ENDED: Final[tuple[Stage, ...]] = ("declined", "closed", "withdrawn", "final")
CLOSING: Final = Actor(account="policy-periods", role="policy", unit="4401")


def promises_watched(scene: Scene, clock: SimulatedClock, *, first_day: date, days: int) -> Life:
    """Every promise of a request, complaint or rectification is told once when it approaches, and
    once when it was missed."""
    for offset in range(days):
        for look in LOOKS:
            day = first_day + timedelta(days=offset)
            now = clock.midnight(day) + look
            yield now
            ahead = approaching(scene.registers.policies, day)
            for of, stream in list(scene.watched.items()):
                if _over(stream.state):
                    del scene.watched[of]
                    continue
                if stream.entered_at is not None and stream.entered_at > now:
                    continue
                for promise in _running(stream.state):
                    if promise.due <= now + ahead:
                        yield from _told(Errand(scene, now, _watch(scene, of)), stream, promise)


def aid_watched(scene: Scene, clock: SimulatedClock, *, first_day: date, days: int) -> Life:
    """The promises of legal aid, which go on when the request is closed, are told as all are."""
    for offset in range(days):
        for look in LOOKS:
            day = first_day + timedelta(days=offset)
            now = clock.midnight(day) + look
            yield now
            ahead = approaching(scene.registers.policies, day)
            for of, stream in list(scene.granted.items()):
                if stream.state.voided or not stream.state.aid_promises:
                    del scene.granted[of]
                    continue
                if stream.entered_at is not None and stream.entered_at > now:
                    continue
                for promise in stream.state.aid_promises:
                    if promise.due <= now + ahead:
                        yield from _told(Errand(scene, now, _watch(scene, of)), stream, promise)


def _watch(scene: Scene, of: UUID) -> Stream:
    if of not in scene.told:
        scene.told[of] = Stream(sibling_id(of, promise_watch.KIND), promise_watch)
    return scene.told[of]


def _over(state: Watched) -> bool:
    match state:
        case Rectification():
            return state.ended
        case Complaint():
            return state.voided or state.stage in ENDED
        case Request():
            return state.closed or state.voided


def _running(state: Watched) -> tuple[Promise, ...]:
    """List the promises whose clock runs."""
    match state:
        case Rectification():
            return () if state.answer else state.promises
        case Complaint():
            return () if state.pause else state.promises
        case Request():
            return () if state.paused_at else state.promises


def _told(errand: Errand, of: Stream, promise: Promise) -> Life:
    state = errand.state or promise_watch.PromiseWatch()
    if (promise.name, promise.round) in state.missed:
        return
    known = (promise.name, promise.round, promise.due) in state.approached
    kind, name, due = of.story.KIND, promise.name, promise.due
    if due < errand.at:
        missed = RecordPromiseMissed(
            of=of.id, of_kind=kind, name=name, round=promise.round, due=due
        )
        yield errand.act(missed, WATCH)
    elif due > errand.at and not known:
        near = RecordPromiseApproaching(
            of=of.id, of_kind=kind, name=name, round=promise.round, due=due
        )
        yield errand.act(near, WATCH)


def periods_ended(scene: Scene, clock: SimulatedClock, *, first_day: date, days: int) -> Life:
    """At the midnight after the last day of a month, and of a quarter."""
    for offset in range(days):
        day = first_day + timedelta(days=offset)
        if day.day != 1:
            continue
        yield clock.midnight(day)
        last = day - timedelta(days=1)
        for code in [month_of(last)] + ([quarter_of(last)] if day.month % 3 == 1 else []):
            errand = Errand(
                scene, clock.midnight(day), Stream(stream_id(period.KIND, code), period)
            )
            yield errand.act(EndPeriod(period=code), CLOSING)
