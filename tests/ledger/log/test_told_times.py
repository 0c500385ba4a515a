"""A log founded as a simulation is told when things were recorded; a real one never is."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import msgspec
import psycopg
import pytest
from psycopg.errors import CheckViolation, InsufficientPrivilege, InvalidParameterValue

from domain.simulated_log import STREAM, FoundLogAsSimulation
from domain.vocabulary import SIMULATION
from ledger.log import reading
from ledger.log.bulk import append_slice
from ledger.log.codec import LedgerMapper, Recorded
from ledger.log.decision import ask, decide
from ledger.log.recorder import APPEND, append_parameters
from ledger.seal import sealed
from tests.databases import Database
from tests.ledger.commands import CLERK, WHEN, connected
from tests.ledger.log.test_bulk import REGISTERS, sizes_of

Log = psycopg.Connection[Any]
FOUND = FoundLogAsSimulation(story="a test")
SECOND = timedelta(seconds=1)


@pytest.fixture
def log(database: Database) -> Iterator[Log]:
    with connected(database.app_url) as connection:
        yield connection


def founding(device: str | None = SIMULATION) -> list[Recorded]:
    return decide(ask(STREAM, FOUND, by=CLERK, now=WHEN, device=device), None, REGISTERS)


def told(events: list[Recorded], at: datetime) -> list[Recorded]:
    return [msgspec.structs.replace(one, recorded_at=at) for one in events]


def commands(number: int, at: datetime) -> list[Recorded]:
    """So many commands of two events, a second apart."""
    found = []
    for nth, (one, other) in enumerate(sizes_of([2] * number)):
        first = msgspec.structs.replace(one, command_events=2)
        second = msgspec.structs.replace(other, command_id=one.command_id, command_events=0)
        found += told([first, second], at + nth * SECOND)
    return found


def times(log: Log) -> list[datetime]:
    rows = log.execute("SELECT recorded_at FROM log_events ORDER BY notification_id").fetchall()
    return [at for (at,) in rows]


def test_a_simulation_is_told_the_times_of_its_story_and_each_is_a_prefix(log: Log) -> None:
    append_slice(log, [*told(founding(), WHEN), *commands(2, WHEN + SECOND)], LedgerMapper())
    taken = append_slice(log, commands(1, WHEN + 3 * SECOND), LedgerMapper())
    assert times(log) == [WHEN + second * SECOND for second in (0, 1, 1, 2, 2, 3, 3)]
    assert taken.recorded_at == WHEN + 3 * SECOND
    known = [reading.position_at(log, WHEN + second * SECOND) for second in range(-1, 5)]
    assert known == [0, 1, 3, 5, 7, 7]
    assert sealed.identity(log).origin.startswith("anjuan-simulation/")


def test_what_is_appended_to_a_simulation_by_a_door_has_the_time_of_the_clock(log: Log) -> None:
    append_slice(log, told(founding(), WHEN), LedgerMapper())
    before = reading.now(log)
    append_slice(log, sizes_of([1])[0], LedgerMapper())
    assert times(log)[1] >= before
    with pytest.raises(InvalidParameterValue, match="do not go on"):
        append_slice(log, commands(1, WHEN + SECOND), LedgerMapper())


def test_a_real_log_is_never_told_a_time(log: Log) -> None:
    with pytest.raises(InsufficientPrivilege, match="only a log founded as a simulation"):
        append_slice(log, commands(1, WHEN), LedgerMapper())
    append_slice(log, sizes_of([1])[0], LedgerMapper())
    for slice_ in (commands(1, reading.now(log)), told(founding(), reading.now(log))):
        with pytest.raises((InsufficientPrivilege, CheckViolation)):
            append_slice(log, slice_, LedgerMapper())
    assert len(times(log)) == 1
    assert sealed.identity(log).origin.startswith("anjuan/")


def test_a_log_is_founded_as_a_simulation_by_its_first_event_or_never(log: Log) -> None:
    append_slice(log, sizes_of([1])[0], LedgerMapper())
    with pytest.raises(CheckViolation, match="log_events_founding"):
        append_slice(log, founding(), LedgerMapper())
    stored = [LedgerMapper().to_stored_event(one) for one in founding()]
    with pytest.raises(CheckViolation, match="log_events_founding"):
        log.execute(APPEND, append_parameters([stored]))


def test_the_founding_event_carries_the_mark_of_everything_simulated(log: Log) -> None:
    with pytest.raises(CheckViolation, match="log_events_founding"):
        append_slice(log, told(founding(device=None), WHEN), LedgerMapper())


@pytest.mark.parametrize(
    ("first", "second", "odd"),
    [
        (timedelta(0), timedelta(0), "equal to the last"),
        (2 * SECOND, SECOND, "back"),
        (-SECOND, SECOND, "before the log"),
        (SECOND, timedelta(days=20_000), "in the future"),
    ],
)
def test_told_times_grow_and_never_lie_in_the_future(
    log: Log, first: timedelta, second: timedelta, odd: str
) -> None:
    append_slice(log, told(founding(), WHEN), LedgerMapper())
    slice_ = [*commands(1, WHEN + first), *commands(1, WHEN + second)]
    with pytest.raises(InvalidParameterValue, match="do not go on"):
        append_slice(log, slice_, LedgerMapper())
    assert len(times(log)) == 1, odd


def test_a_command_is_recorded_at_one_instant_and_a_slice_is_told_whole(log: Log) -> None:
    append_slice(log, told(founding(), WHEN), LedgerMapper())
    one, other = commands(1, WHEN + SECOND)
    torn = [one, msgspec.structs.replace(other, recorded_at=WHEN + 2 * SECOND)]
    half = [*commands(1, WHEN + SECOND), *sizes_of([1])[0]]
    for slice_ in (torn, half):
        with pytest.raises(InvalidParameterValue, match="do not go on"):
            append_slice(log, slice_, LedgerMapper())


def test_the_application_cannot_write_a_time_past_the_lane(log: Log) -> None:
    append_slice(log, told(founding(), WHEN), LedgerMapper())
    with pytest.raises(InsufficientPrivilege):
        log.execute("UPDATE log_head SET recorded_at = now()")
    with pytest.raises(InsufficientPrivilege):
        log.execute("INSERT INTO log_events SELECT * FROM log_events")
