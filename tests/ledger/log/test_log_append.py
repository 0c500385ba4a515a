"""The functions of the schema: what `log_append`, `log_take_in` and `log_position_at` promise."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from ledger.log.bulk import COPY, TYPES
from ledger.log.codec import LedgerEvent
from tests.databases import Database
from tests.ledger.commands import WHEN, append, connected, gapless, written

Log = psycopg.Connection[Any]
DIGEST = b"d" * 16
MICROSECOND = timedelta(microseconds=1)


@pytest.fixture
def log(any_database: Database) -> Iterator[Log]:
    with connected(any_database.app_url) as connection:
        yield connection


def rows(log: Log) -> list[tuple[Any, ...]]:
    return log.execute(
        "SELECT notification_id, originator_id, originator_version, command_events, recorded_at"
        "  FROM log_events ORDER BY notification_id"
    ).fetchall()


def position_at(log: Log, instant: datetime | str) -> int:
    row = log.execute("SELECT log_position_at(%s::timestamptz)", [instant]).fetchone()
    assert row is not None
    return int(row[0])


# --- outcomes


def test_of_five_commands_for_one_version_the_first_is_stored_and_four_conflict(log: Log) -> None:
    stream = uuid4()
    results = append(log, *(written((stream, 1)) for _ in range(5)))
    assert [one.outcome for one in results] == ["stored"] + ["conflict"] * 4
    assert gapless(log) == 1


def test_a_conflict_names_the_stream_and_the_version_it_is_at(log: Log) -> None:
    stream, new = uuid4(), uuid4()
    append(log, written((stream, 1), (stream, 2)))
    behind, ahead, never = append(
        log, written((stream, 2)), written((uuid4(), 1), (stream, 4)), written((new, 2))
    )
    assert (behind.outcome, behind.originator_id, behind.originator_version) == (
        "conflict",
        stream,
        2,
    )
    assert (ahead.outcome, ahead.originator_id, ahead.originator_version) == ("conflict", stream, 2)
    assert (never.outcome, never.originator_id, never.originator_version) == ("conflict", new, 0)
    assert (behind.first_position, behind.last_position, behind.recorded_at) == (None,) * 3
    assert gapless(log) == 2


def test_each_command_of_a_flush_gets_its_own_outcome(log: Log) -> None:
    one, two, three = uuid4(), uuid4(), uuid4()
    results = append(
        log,
        written((one, 1), (one, 2)),
        written((two, 5)),
        written((three, 1)),
        written((two, 1), (two, 2), (two, 3)),
    )
    assert [(r.outcome, r.first_position, r.last_position) for r in results] == [
        ("stored", 1, 2),
        ("conflict", None, None),
        ("stored", 3, 3),
        ("stored", 4, 6),
    ]
    assert [(r.originator_id, r.originator_version) for r in results if r.outcome == "stored"] == [
        (one, 2),
        (three, 1),
        (two, 3),
    ]
    assert [row[1:4] for row in rows(log)] == [
        (one, 1, 2), (one, 2, 0), (three, 1, 1), (two, 1, 3), (two, 2, 0), (two, 3, 0),
    ]  # fmt: skip


def test_commands_of_one_flush_may_follow_each_other_on_a_stream(log: Log) -> None:
    stream, other = uuid4(), uuid4()
    results = append(
        log,
        written((stream, 1)),
        written((other, 1)),
        written((stream, 2), (stream, 3)),
        written((stream, 3)),
        written((stream, 4)),
    )
    assert [one.outcome for one in results] == ["stored"] * 3 + ["conflict", "stored"]
    assert [row[1:3] for row in rows(log)] == [
        (stream, 1), (other, 1), (stream, 2), (stream, 3), (stream, 4),
    ]  # fmt: skip


def test_a_stream_may_begin_at_version_0_or_1_only(log: Log) -> None:
    results = append(log, *(written((uuid4(), version)) for version in (-1, 0, 1, 2)))
    assert [one.outcome for one in results] == ["conflict", "stored", "stored", "conflict"]


def test_a_command_on_several_streams_is_stored_whole(log: Log) -> None:
    one, two = uuid4(), uuid4()
    (result,) = append(log, written((one, 1), (two, 1), (one, 2), (two, 2)))
    assert (result.outcome, result.first_position, result.last_position) == ("stored", 1, 4)
    assert (result.originator_id, result.originator_version) == (two, 2)
    assert [row[1:4] for row in rows(log)] == [
        (one, 1, 4), (two, 1, 0), (one, 2, 0), (two, 2, 0),
    ]  # fmt: skip


@pytest.mark.parametrize("versions", [(1, 1), (1, 3), (2, 1)])
def test_a_command_on_several_streams_is_refused_whole(log: Log, versions: tuple[int, int]) -> None:
    one, two = uuid4(), uuid4()
    first, second = versions
    (result,) = append(log, written((one, first), (two, 1), (one, second)))
    assert (result.outcome, result.originator_id) == ("conflict", one)
    assert gapless(log) == 0


# --- repeated commands


def test_a_command_sent_again_answers_its_first_result(log: Log) -> None:
    stream, command = uuid4(), uuid4()
    (first,) = append(log, written((stream, 1), (stream, 2), command_id=command, digest=DIGEST))
    append(log, written((stream, 3)))
    again = written((stream, 4), command_id=command, digest=DIGEST)
    elsewhere = written((uuid4(), 1), command_id=command, digest=DIGEST)
    for sent in (again, elsewhere):
        (result,) = append(log, sent)
        assert result.outcome == "repeated"
        assert (result.originator_id, result.originator_version) == (stream, 2)
        assert (result.first_position, result.last_position) == (1, 2)
        assert result.recorded_at == first.recorded_at
    assert gapless(log) == 3


def test_a_command_sent_twice_in_one_flush_is_stored_once(log: Log) -> None:
    command = uuid4()
    results = append(
        log, *(written((uuid4(), 1), command_id=command, digest=DIGEST) for _ in range(3))
    )
    assert [one.outcome for one in results] == ["stored", "repeated", "repeated"]
    assert {(one.first_position, one.originator_id) for one in results} == {
        (1, results[0].originator_id)
    }
    assert gapless(log) == 1


@pytest.mark.parametrize(("first", "second"), [(DIGEST, b"e" * 16), (DIGEST, None), (None, DIGEST)])
def test_an_id_used_for_another_command_is_a_mismatch(
    log: Log, first: bytes | None, second: bytes | None
) -> None:
    stream, command = uuid4(), uuid4()
    append(log, written((stream, 1), command_id=command, digest=first))
    (result,) = append(log, written((stream, 2), command_id=command, digest=second))
    assert (result.outcome, result.last_position) == ("mismatch", 1)
    assert gapless(log) == 1


# --- what was only looked at


def test_what_a_command_has_seen_must_not_have_moved_on(log: Log) -> None:
    seen, nothing = uuid4(), uuid4()
    append(log, written((seen, 1), (seen, 2)))
    results = append(
        log,
        written((uuid4(), 1)),
        written((uuid4(), 1), (uuid4(), 1)),
        written((uuid4(), 1)),
        seen=[{seen: 2, nothing: 0}, {seen: 1}, {nothing: 0}],
    )
    assert [one.outcome for one in results] == ["stored", "conflict", "stored"]
    assert (results[1].originator_id, results[1].originator_version) == (seen, 2)
    assert gapless(log) == 4


def test_what_a_command_has_seen_may_be_written_by_a_neighbour(log: Log) -> None:
    one, two = uuid4(), uuid4()
    results = append(
        log,
        written((one, 1)),
        written((two, 1)),
        written((uuid4(), 1)),
        seen=[{}, {one: 0}, {one: 1}],
    )
    assert [result.outcome for result in results] == ["stored", "conflict", "stored"]
    assert gapless(log) == 2


def test_a_repeated_command_is_answered_whatever_moved_on(log: Log) -> None:
    seen, command = uuid4(), written((uuid4(), 1))
    append(log, command, seen=[{seen: 0}])
    append(log, written((seen, 1)))
    (again,) = append(log, command, seen=[{seen: 0}])
    assert (again.outcome, again.last_position) == ("repeated", 1)


# --- all or nothing


@pytest.mark.parametrize("sizes", [[1], [1, 2, 1], [0, 3], [4, -1], [3, 0]])
def test_sizes_that_do_not_divide_the_events_are_refused(log: Log, sizes: list[int]) -> None:
    ids = [uuid4() for _ in range(3)]
    arrays = [[uuid4() for _ in sizes], [None for _ in sizes], ids, [1] * 3, [WHEN] * 3]
    call = "SELECT * FROM log_append(%s::int[], %s, %s::bytea[], %s, %s::bigint[], %s, %s, %s, %s)"
    with pytest.raises(psycopg.errors.InvalidParameterValue):
        log.execute(call, [sizes, *arrays, ids, ["t"] * 3, [b"{}"] * 3])
    assert gapless(log) == 0


def test_an_event_the_log_cannot_take_refuses_the_flush_and_leaves_no_gap(log: Log) -> None:
    good = written((uuid4(), 1))
    append(log, good)
    (twin,) = written((uuid4(), 1))
    again = LedgerEvent(**{**vars(twin), "event_id": good[0].event_id})
    with pytest.raises(psycopg.errors.UniqueViolation):
        append(log, written((uuid4(), 1)), [again])
    append(log, written((uuid4(), 1)))
    assert gapless(log) == 2


def test_what_was_rolled_back_leaves_no_gap_and_frees_its_command(log: Log) -> None:
    stream, command = uuid4(), uuid4()
    sent = written((stream, 1), command_id=command, digest=DIGEST)
    with log.transaction(force_rollback=True):
        assert append(log, written((uuid4(), 1)), sent)[1].last_position == 2
    (result,) = append(log, sent)
    assert (result.outcome, result.last_position) == ("stored", 1)
    assert gapless(log) == 1


def test_no_commands_are_no_error(log: Log) -> None:
    assert append(log) == []
    assert gapless(log) == 0


# --- recorded_at and log_position_at


def test_recorded_at_grows_with_every_flush_even_when_the_clock_goes_back(
    log: Log, any_database: Database
) -> None:
    with connected(any_database.superuser_url) as superuser:
        superuser.execute("UPDATE log_head SET recorded_at = now() + interval '1 minute'")
    results = [append(log, written((uuid4(), 1)), written((uuid4(), 1))) for _ in range(4)]
    times = [first.recorded_at for first, _ in results if first.recorded_at is not None]
    assert all(later - earlier == MICROSECOND for earlier, later in pairwise(times))
    assert [row[4] for row in rows(log)] == [one for one in times for _ in range(2)]


def test_the_head_never_goes_back(any_database: Database) -> None:
    with (
        connected(any_database.app_url) as log,
        connected(any_database.superuser_url) as superuser,
    ):
        append(log, written((uuid4(), 1)))
        for backwards in (
            "UPDATE log_head SET position = position - 1",
            "UPDATE log_head SET recorded_at = recorded_at - interval '1 second'",
            "DELETE FROM log_head",
            "TRUNCATE log_head",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                superuser.execute(backwards)


def test_the_position_at_an_instant_is_exact(log: Log) -> None:
    for size in (1, 3, 1, 2, 5, 1, 4):
        append(log, *(written((uuid4(), 1)) for _ in range(size)))
    recorded = [(row[0], row[4]) for row in rows(log)]
    assert len(recorded) == 17
    last_at = {at: position for position, at in recorded}
    before = 0
    for at, position in last_at.items():
        assert position_at(log, at - MICROSECOND) == before
        assert position_at(log, at) == position
        assert position_at(log, at + MICROSECOND) == position
        before = position
    assert position_at(log, "-infinity") == 0
    assert position_at(log, "infinity") == 17


def test_an_empty_log_is_at_position_0_at_any_instant(log: Log) -> None:
    assert [position_at(log, at) for at in ("-infinity", "now", "infinity")] == [0, 0, 0]


# --- the bulk lane


def put(log: Log, *events: LedgerEvent, sizes: tuple[int, ...]) -> UUID:
    """A slice in the intake; `sizes` are the events' `command_events`."""
    taken = uuid4()
    with log.cursor().copy(COPY) as copy:
        copy.set_types(TYPES)
        for number, (one, size) in enumerate(zip(events, sizes, strict=True)):
            copy.write_row(
                (
                    *(taken, number, one.originator_id, one.originator_version),
                    *(one.occurred_at, one.event_id, one.command_id, size),
                    *(one.command_digest, one.topic, one.state, None),
                )
            )
    return taken


def take_in(log: Log, taken: UUID) -> tuple[int, int]:
    row = log.execute("SELECT * FROM log_take_in(%s)", [taken]).fetchone()
    assert row is not None
    return row[0], row[1]


def test_a_slice_is_taken_in_after_what_is_there(log: Log) -> None:
    one, two = uuid4(), uuid4()
    append(log, written((one, 1)))
    more, new = written((one, 2), (one, 3)), written((two, 1))
    taken = put(log, *more, *new, sizes=(2, 0, 1))
    assert take_in(log, taken) == (2, 4)
    assert [row[1:4] for row in rows(log)] == [(one, 1, 1), (one, 2, 2), (one, 3, 0), (two, 1, 1)]
    assert gapless(log) == 4
    assert append(log, written((two, 2)))[0].outcome == "stored"


@pytest.mark.parametrize(
    "versions",
    [(1, 1), (1, 3), (2, 3), (2, 1), (-1, 0)],
    ids=["twice", "gap", "not from the beginning", "backwards", "below 0"],
)
def test_a_slice_with_versions_that_do_not_follow_is_refused_whole(
    log: Log, versions: tuple[int, int]
) -> None:
    stream = uuid4()
    events = [*written((uuid4(), 1)), *(one for v in versions for one in written((stream, v)))]
    taken = put(log, *events, sizes=(1, 1, 1))
    with pytest.raises(psycopg.errors.UniqueViolation):
        take_in(log, taken)
    assert gapless(log) == 0


def test_a_slice_is_refused_whole_where_a_stream_has_moved_on(log: Log) -> None:
    stream = uuid4()
    append(log, written((stream, 1), (stream, 2)))
    taken = put(log, *written((uuid4(), 1)), *written((stream, 2)), sizes=(1, 1))
    with pytest.raises(psycopg.errors.UniqueViolation, match=f"{stream} is at version 2"):
        take_in(log, taken)
    assert gapless(log) == 2


def test_a_slice_is_refused_whole_where_a_command_is_in_the_log(log: Log) -> None:
    sent = written((uuid4(), 1))
    append(log, sent)
    again = written((uuid4(), 1), command_id=sent[0].command_id)
    with pytest.raises(psycopg.errors.UniqueViolation):
        take_in(log, put(log, *written((uuid4(), 1)), *again, sizes=(1, 1)))
    assert gapless(log) == 1


@pytest.mark.parametrize("sizes", [(3, 0, 1), (1, 0, 1), (2, 1, 1), (0, 2, 1)])
def test_a_slice_with_a_command_that_is_not_whole_is_refused(
    log: Log, sizes: tuple[int, ...]
) -> None:
    stream = uuid4()
    events = [*written((stream, 1), (stream, 2)), *written((uuid4(), 1))]
    with pytest.raises(psycopg.errors.InvalidParameterValue):
        take_in(log, put(log, *events, sizes=sizes))
    assert gapless(log) == 0


def test_a_slice_with_a_command_torn_apart_is_refused(log: Log) -> None:
    stream = uuid4()
    first, second = written((stream, 1), (stream, 2))
    (between,) = written((uuid4(), 1))
    with pytest.raises(psycopg.errors.InvalidParameterValue):
        take_in(log, put(log, first, between, second, sizes=(2, 1, 0)))


def test_a_slice_is_taken_in_once(log: Log) -> None:
    taken = put(log, *written((uuid4(), 1)), sizes=(1,))
    take_in(log, taken)
    for unknown in (taken, uuid4()):
        with pytest.raises(psycopg.errors.NoDataFound):
            take_in(log, unknown)
    assert gapless(log) == 1
