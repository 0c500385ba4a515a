"""Peers count what is overdue by one definition on the screen and by another in the report. Here
they agree, for ten thousand complaints that the real deciders led through everything."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from random import Random
from typing import Final, NamedTuple
from uuid import UUID, uuid5

import psycopg
import pytest

from domain.complaints import complaint
from domain.promises.promise import PromiseName
from domain.simulation import SimulatedStep, world_of
from domain.simulation.complaining import complained
from domain.simulation.schedule import Lives, Roster, SimulatedClock
from domain.simulation.world import Scene
from domain.vocabulary import NAMESPACE, Actor
from ledger.log import reading
from ledger.log.bulk import append_slice, slices
from ledger.log.codec import LedgerMapper, Recorded
from ledger.log.registers import RegisterFold
from ledger.server.embedded import Cluster
from projections.asking.asking import PeriodAsked, fetch
from projections.complaints import complaints
from projections.history.promises import PromiseTold, promises_of
from projections.oversight import promises
from projections.running.rebuild import rebuild
from tests.databases import own_database
from tests.examples import local
from tests.lives import founding

COMPLAINTS: Final = 2_000
FIRST: Final = date(2026, 3, 2)
DAYS: Final = 90
INSTANTS: Final = ("2026-03-09 12:00", "2026-04-20 09:00", "2026-06-01 08:30", "2026-06-15 18:00")
"""The last one is when the story ends, in the middle of things."""
READER: Final = Actor(account="auditor-1", role="auditor", unit="4401")
MICROSECOND: Final = timedelta(microseconds=1)

Overdue = set[tuple[UUID, PromiseName, int]]


class Known(NamedTuple):
    """A log of complaints with its views, and every promise as their own histories tell it."""

    connection: psycopg.Connection[tuple[object, ...]]
    head: int
    histories: dict[UUID, list[Recorded]]
    registers: RegisterFold


def lived(number: int) -> Iterator[SimulatedStep]:
    """A small city where rare things happen often, and its complaints in order of time."""
    founded = founding(1, 0.02)
    yield from founded
    world, draw = world_of(founded), Random(2026)
    scene = Scene(draw, world, incidents=8, day=FIRST.toordinal())
    clock, roster = SimulatedClock.of(world, FIRST), Roster(draw, world)
    points, lives = list(world.registers.points.values()), Lives(scene.spawned)
    for one in range(number):
        at = clock.midnight(FIRST + timedelta(days=one % DAYS))
        at += timedelta(seconds=int((9 + 9 * draw.random()) * 3600))
        point = draw.choice(points)
        lives.begin(complained(scene, at, point, roster.adviser.get(point.code)))
    yield from lives.until(local(INSTANTS[-1]))


def recorded(step: SimulatedStep) -> list[Recorded]:
    return [
        Recorded(
            originator_id=step.stream,
            originator_version=step.version + number,
            event=event,
            event_id=uuid5(NAMESPACE, f"{step.command_id}{number}"),
            command_id=step.command_id,
            occurred_at=step.occurred_at,
            by=step.by,
            command_events=0 if number else len(step.events),
        )
        for number, event in enumerate(step.events)
    ]


@pytest.fixture(scope="module")
def known(cluster: Cluster) -> Iterator[Known]:
    with (
        own_database(cluster) as database,
        psycopg.connect(database.app_url, autocommit=True) as connection,
    ):
        for events in slices(recorded(step) for step in lived(COMPLAINTS)):
            append_slice(connection, events, LedgerMapper())
        rebuild(database.app_url, ["complaints", "promises"], workers=0)
        histories: dict[UUID, list[Recorded]] = defaultdict(list)
        registers, head = RegisterFold(), reading.head(connection)
        for one in reading.shard(connection, LedgerMapper(), upto=head):
            registers.feed([one])
            if one.event.topic.startswith(f"{complaint.KIND}."):
                histories[one.originator_id].append(one)
        yield Known(connection, head, histories, registers)


def told_at(known: Known, position: int) -> dict[UUID, list[PromiseTold]]:
    """By the history of each complaint up to a position."""
    return {
        stream: promises_of(
            complaint.KIND,
            [one for one in events if (one.position or 0) <= position],
            known.registers.registers,
        )
        for stream, events in known.histories.items()
    }


def overdue_in(told: dict[UUID, list[PromiseTold]], now: datetime) -> Overdue:
    return {
        (stream, one.name, one.round)
        for stream, promised in told.items()
        for one in promised
        if one.met_at is one.stopped_at is one.paused_since is None and one.due < now
    }


@pytest.mark.parametrize("share", [1.0, 0.5])
def test_board_report_and_history_agree_on_what_is_overdue(known: Known, share: float) -> None:
    position = int(known.head * share)
    told = told_at(known, position)
    counted = []
    for instant in INSTANTS:
        now = local(instant)
        overdue = overdue_in(told, now)
        asked = complaints.BoardAsked(by=READER, position=position, now=now, head=share == 1.0)
        wanted = complaints.ComplaintFilters(due_before=now)
        page = fetch(known.connection, complaints.page(asked, wanted, limit=COMPLAINTS + 1))
        assert {row.stream for row in page} == {stream for stream, _, _ in overdue}
        assert all(row.overdue for row in page)
        (chips,) = fetch(
            known.connection, complaints.counts(asked, complaints.ComplaintFilters(), now)
        )
        assert (chips.overdue, chips.hidden) == (len(page), 0)
        report = fetch(known.connection, promises.report(PeriodAsked(position=position, now=now)))
        reported: Counter[str] = Counter()
        for row in report:
            reported[row.name] += row.overdue
        assert +reported == Counter(name for _, name, _ in overdue)
        if share == 1.0:
            due = promises.due_until(now - MICROSECOND, [complaint.KIND], 10 * COMPLAINTS)
            running = fetch(known.connection, due)
            assert {(one.stream, one.name, one.round) for one in running} == overdue
        counted.append(len(overdue))
    assert counted == sorted(counted)
    assert counted[-1] > COMPLAINTS / 100


def test_the_complaints_went_through_everything(known: Known) -> None:
    """So that the agreement above says something."""
    assert len(known.histories) >= COMPLAINTS
    kinds = {one.event.topic for events in known.histories.values() for one in events}
    assert kinds >= {event.topic for event in complaint.EVENTS} - {
        "complaint.deadlines_recalculated/1"
    }
    states = [complaint_of(events) for events in known.histories.values()]
    assert {state.pause is not None for state in states} == {True, False}
    assert any(state.set_aside for state in states)
    assert max(state.round for state in states) > 2


def complaint_of(events: list[Recorded]) -> complaint.Complaint:
    state: complaint.Complaint | None = None
    for one in events:
        state = complaint.evolve(state, one.event)  # type: ignore[arg-type]
    assert state is not None
    return state
