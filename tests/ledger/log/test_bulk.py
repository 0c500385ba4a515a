"""The bulk lane: whole slices or nothing, and the same rows as through a door."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.moment import Registers
from domain.vocabulary import Actor, Command
from ledger.log.bulk import append_slice, known_commands, slices
from ledger.log.codec import LedgerMapper, Recorded
from ledger.log.decision import aggregate_of, ask, decide, digest, project
from ledger.log.store import Ledger
from ledger.server.embedded import Cluster
from tests.databases import Database, own_database
from tests.examples import ADMIN
from tests.ledger.commands import (
    CLERK,
    LOG_REQUEST,
    NOTE_IT,
    OPEN_STALL,
    STALL,
    WHEN,
    WITHDRAWN,
    append,
    connected,
    gapless,
    written,
)

Log = psycopg.Connection[Any]
ROWS = """
    SELECT notification_id, originator_id, originator_version, occurred_at, command_id,
           command_events, command_digest, topic, state
      FROM log_events ORDER BY notification_id
"""
REGISTERS = Registers(points={}, advisers={}, calendars={}, policies={})


@pytest.fixture
def log(database: Database) -> Iterator[Log]:
    with connected(database.app_url) as connection:
        yield connection


def opening(stream: UUID, *, command_id: UUID | None = None) -> list[Recorded]:
    asked = ask(stream, OPEN_STALL, by=ADMIN, now=WHEN, command_id=command_id)
    return decide(asked, None, REGISTERS)


def sizes_of(commands: list[int]) -> list[list[Recorded]]:
    """Commands of so many events each."""
    return [[event for _ in range(size) for event in opening(uuid4())] for size in commands]


# --- slices


@given(st.lists(st.integers(1, 7), max_size=30), st.integers(1, 10))
def test_slices_hold_every_command_whole_and_in_order(sizes: list[int], size: int) -> None:
    commands = sizes_of(sizes)
    cut = list(slices(iter(commands), size))
    assert [event for one in cut for event in one] == [e for command in commands for e in command]
    ends = {sum(sizes[: number + 1]) for number in range(len(sizes))}
    taken = 0
    for one in cut:
        taken += len(one)
        assert taken in ends
        assert len(one) < size + 7
    assert all(len(one) >= size for one in cut[:-1])


# --- the log


def test_a_slice_writes_the_rows_that_a_door_writes(cluster: Cluster) -> None:
    stream, ids = uuid4(), [uuid4() for _ in range(4)]
    asked: list[tuple[UUID, Command, Actor]] = [
        (STALL, OPEN_STALL, ADMIN),
        (stream, LOG_REQUEST, CLERK),
        (stream, NOTE_IT, CLERK),
        (stream, WITHDRAWN, CLERK),
    ]
    with own_database(cluster) as one, own_database(cluster) as other:
        with Ledger(one.app_url) as ledger:
            for (where, command, by), command_id in zip(asked, ids, strict=True):
                ledger.execute(
                    where, command, by=by, now=WHEN, command_id=command_id, device="import"
                )
            registers = ledger.registers()
        events: list[Recorded] = []
        for (where, command, by), command_id in zip(asked, ids, strict=True):
            this = ask(where, command, by=by, now=WHEN, command_id=command_id, device="import")
            before = [event for event in events if event.originator_id == where]
            events += decide(this, project(aggregate_of(this), None, before), registers)
        with connected(other.app_url) as log:
            taken = append_slice(log, events, LedgerMapper())
            assert (taken.first_position, taken.last_position) == (1, 4)
            sliced = log.execute(ROWS).fetchall()
        with connected(one.app_url) as log:
            assert sliced == log.execute(ROWS).fetchall()


def test_slices_follow_each_other_and_other_appends_without_a_gap(log: Log) -> None:
    mapper = LedgerMapper()
    positions = []
    for size in (3, 1, 4):
        append(log, written((uuid4(), 1)))
        events = [event for _ in range(size) for event in opening(uuid4())]
        taken = append_slice(log, events, mapper)
        positions.append((taken.first_position, taken.last_position))
        row = log.execute(
            "SELECT min(recorded_at), max(recorded_at) FROM log_events"
            " WHERE notification_id BETWEEN %s AND %s",
            positions[-1],
        ).fetchone()
        assert row == (taken.recorded_at, taken.recorded_at)
    assert positions == [(2, 4), (6, 6), (8, 11)]
    assert gapless(log) == 11


def test_a_repeated_slice_is_refused_as_a_whole(log: Log) -> None:
    mapper = LedgerMapper()
    events = [event for _ in range(5) for event in opening(uuid4())]
    append_slice(log, events, mapper)
    before = log.execute(ROWS).fetchall()
    for again in (events, [*opening(uuid4()), events[2]], events[4:]):
        with pytest.raises(psycopg.errors.UniqueViolation):
            append_slice(log, again, mapper)
    assert log.execute(ROWS).fetchall() == before
    append_slice(log, opening(uuid4()), mapper)
    assert gapless(log) == 6


def test_a_refused_slice_leaves_nothing_in_the_intake(log: Log, database: Database) -> None:
    stream = uuid4()
    append_slice(log, opening(stream), LedgerMapper())
    with pytest.raises(psycopg.errors.UniqueViolation):
        append_slice(log, opening(stream), LedgerMapper())
    with connected(database.owner_url) as owner:
        assert owner.execute("SELECT count(*) FROM log_intake").fetchone() == (0,)


def test_commands_of_a_slice_are_known_afterwards_and_answer_at_the_doors(
    log: Log, database: Database
) -> None:
    ids = [uuid4() for _ in range(3)]
    append_slice(log, opening(STALL, command_id=ids[0]), LedgerMapper())
    said = digest(ask(STALL, OPEN_STALL, by=ADMIN, now=WHEN))
    assert known_commands(log, iter(ids)) == {ids[0]: (said, STALL)}
    with Ledger(database.app_url) as ledger:
        again = ledger.execute(STALL, OPEN_STALL, by=ADMIN, now=WHEN, command_id=ids[0])
    assert (again.position, again.repeated) == (1, True)


def test_many_commands_are_looked_up_in_portions(log: Log) -> None:
    known = uuid4()
    append_slice(log, opening(uuid4(), command_id=known), LedgerMapper())
    asked = [known, *(UUID(int=number) for number in range(25_000)), known]
    assert set(known_commands(log, asked)) == {known}
