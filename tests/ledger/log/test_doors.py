"""The synchronous and the asynchronous door: the same commands, the same rows, the same answers."""

import asyncio
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from typing import Any, Final, NamedTuple, cast
from uuid import UUID, uuid4

import pytest
from msgspec.structs import replace
from psycopg.rows import dict_row

from domain.advising.worklog import WithdrawWork, WorkUnknown
from domain.moment import Registers
from domain.registers.point import PointIsClosed, PointUnknown
from domain.registration.point_commands import ClosePoint, RenamePoint, ReopenPoint
from domain.registration.policy_commands import PublishPolicy
from domain.requests import request, request_commands
from domain.requests.request import RequestLogged
from domain.requests.request_commands import RequestIsClosed
from domain.vocabulary import Command, stream_id
from ledger.founding.shipped import shipped_policies
from ledger.log.appender import AsyncLedger
from ledger.log.codec import LedgerMapper, Recorded
from ledger.log.decision import Ask, Held, Receipt, TooContended, VersionMoved, ask, decide, project
from ledger.log.recorder import CommandIdReused
from ledger.log.registers import FRESH_S, SELECT_NEWER, RegisterFold
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

ROWS: Final = """
    SELECT notification_id, originator_id, originator_version, occurred_at, command_id,
           command_events, command_digest, topic, state
      FROM log_events ORDER BY notification_id
"""


Do = Callable[..., Receipt]
"""`execute` of a door."""


class Door(NamedTuple):
    execute: Do
    registers: Callable[[], Registers]

    def do(self, stream: UUID, command: Command, **surroundings: Any) -> Receipt:
        """At `WHEN`, by the clerk."""
        return self.execute(stream, command, **{"by": CLERK, "now": WHEN} | surroundings)


@contextmanager
def sync_door(url: str) -> Iterator[Door]:
    with Ledger(url) as ledger:
        yield Door(ledger.execute, ledger.registers)


@contextmanager
def async_door(url: str) -> Iterator[Door]:
    with asyncio.Runner() as runner:
        ledger = AsyncLedger(url)
        runner.run(ledger.__aenter__())
        try:
            yield Door(
                lambda *given, **more: runner.run(ledger.execute(*given, **more)),
                lambda: runner.run(ledger.registers()),
            )
        finally:
            runner.run(ledger.__aexit__(None, None, None))


DOORS: Final = {"sync": sync_door, "async": async_door}


@pytest.fixture(params=DOORS)
def door(request: pytest.FixtureRequest, database: Database) -> Iterator[Door]:
    """A door to a log with one point in it."""
    with DOORS[request.param](database.app_url) as door:
        door.do(STALL, OPEN_STALL, by=ADMIN)
        yield door


def rows(url: str) -> list[tuple[Any, ...]]:
    with connected(url) as log:
        return log.execute(ROWS).fetchall()


def head(database: Database) -> int:
    with connected(database.app_url) as log:
        return gapless(log)


# --- the same rows


def test_both_doors_write_the_same_rows_and_give_the_same_receipts(cluster: Cluster) -> None:
    stream, other = uuid4(), uuid4()
    ids = [uuid4() for _ in range(7)]

    def use(door: Door) -> list[Any]:
        around = {"device": "window-3", "correlation": ids[0], "causation": ids[1]}
        receipts = [
            door.do(STALL, OPEN_STALL, by=ADMIN, command_id=ids[2]),
            door.do(stream, LOG_REQUEST, command_id=ids[3], **around),
            door.do(stream, NOTE_IT, command_id=ids[4], expected_version=1),
            door.do(stream, NOTE_IT, command_id=ids[4]),
            door.do(other, LOG_REQUEST, command_id=ids[5], now=WHEN + timedelta(minutes=1)),
            door.do(stream, WITHDRAWN, command_id=ids[6], occurred_at=WHEN + timedelta(minutes=1)),
            door.do(STALL, OPEN_STALL, by=ADMIN),
        ]
        return [
            (one.stream, one.version, one.position, one.repeated, one.events) for one in receipts
        ]

    told, found = [], []
    for open_door in DOORS.values():
        with own_database(cluster) as database:
            with open_door(database.app_url) as door:
                told.append(use(door))
            found.append(rows(database.app_url))
    assert told[0] == told[1]
    assert found[0] == found[1]
    assert [one[1:4] for one in told[0]] == [
        (1, 1, False), (1, 2, False), (2, 3, False), (2, 3, True), (1, 4, False), (3, 5, False),
        (1, None, False),
    ]  # fmt: skip
    assert len(found[0]) == 5


def test_a_receipt_says_where_and_when(door: Door, database: Database) -> None:
    stream = uuid4()
    receipt = door.do(stream, LOG_REQUEST)
    with connected(database.app_url) as log:
        found = log.execute(
            "SELECT originator_id, originator_version, notification_id, recorded_at"
            "  FROM log_events ORDER BY notification_id DESC LIMIT 1"
        ).fetchone()
    assert (receipt.stream, receipt.version, receipt.position, receipt.recorded_at) == found
    assert [type(one) for one in receipt.events] == [RequestLogged]


# --- refusals


def test_a_refused_command_leaves_nothing(door: Door, database: Database) -> None:
    stream = uuid4()
    with pytest.raises(PointUnknown):
        door.do(
            stream,
            request_commands.LogRequest(point="P-0", channel="web", service="other", subject="x"),
        )
    door.do(stream, LOG_REQUEST)
    door.do(stream, request_commands.GiveConsultation(mode="onsite", minutes=5))
    door.do(stream, WITHDRAWN)
    with pytest.raises(RequestIsClosed):
        door.do(
            stream, request_commands.GiveConsultation(mode="onsite", minutes=5), command_id=uuid4()
        )
    # The minutes stand on the sheet of their day as well.
    assert head(database) == 5


def test_a_stream_of_another_kind_is_not_the_thing_asked_for(
    door: Door, database: Database
) -> None:
    stream = uuid4()
    door.do(stream, LOG_REQUEST)
    with pytest.raises(WorkUnknown):
        door.do(stream, WithdrawWork(reason="误录"))
    assert head(database) == 2


def test_who_saw_an_older_version_is_told_the_current_one(door: Door, database: Database) -> None:
    stream = uuid4()
    door.do(stream, LOG_REQUEST, expected_version=0)
    door.do(stream, NOTE_IT, expected_version=1)
    with pytest.raises(VersionMoved) as told:
        door.do(stream, NOTE_IT, expected_version=1)
    assert told.value.current_version == 2
    assert head(database) == 3


# --- repeated commands


def test_a_repeated_command_answers_its_first_receipt(door: Door, database: Database) -> None:
    stream, command = uuid4(), uuid4()
    door.do(stream, LOG_REQUEST)
    first = door.do(stream, NOTE_IT, command_id=command, expected_version=1)
    door.do(stream, NOTE_IT)
    for _ in range(3):
        again = door.do(stream, NOTE_IT, command_id=command, expected_version=1)
        assert again.repeated
        assert (again.version, again.position, again.recorded_at) == (
            first.version,
            first.position,
            first.recorded_at,
        )
    assert head(database) == 4


def test_a_command_that_is_refused_by_now_still_answers_its_first_receipt(door: Door) -> None:
    stream, command = uuid4(), uuid4()
    consult = request_commands.GiveConsultation(mode="onsite", minutes=5)
    door.do(stream, LOG_REQUEST)
    first = door.do(stream, consult, command_id=command)
    door.do(stream, WITHDRAWN)
    again = door.do(stream, consult, command_id=command)
    assert (again.position, again.repeated) == (first.position, True)


def test_a_creation_sent_again_with_a_new_stream_answers_the_first_stream(
    door: Door, database: Database
) -> None:
    stream, command = uuid4(), uuid4()
    first = door.do(stream, LOG_REQUEST, command_id=command)
    again = door.do(uuid4(), LOG_REQUEST, command_id=command)
    assert (again.stream, again.position, again.repeated) == (stream, first.position, True)
    assert head(database) == 2


def test_an_id_is_not_used_for_two_commands(door: Door, database: Database) -> None:
    one, two, command = uuid4(), uuid4(), uuid4()
    door.do(one, LOG_REQUEST)
    door.do(two, LOG_REQUEST)
    door.do(one, NOTE_IT, command_id=command)
    with pytest.raises(CommandIdReused):
        door.do(one, request_commands.AddNote(text="另一件事"), command_id=command)
    with pytest.raises(CommandIdReused):
        door.do(one, WITHDRAWN, command_id=command)
    with pytest.raises(CommandIdReused):
        door.do(two, NOTE_IT, command_id=command)
    assert head(database) == 4


# --- lost races


class Raced(Ledger):
    """Somebody else is always quicker, `times` times: between its loading and its saving."""

    name = Ledger.name

    def __init__(self, url: str, rival: Callable[[], object], times: int) -> None:
        super().__init__(url)
        self.rival, self.times = rival, times

    def held(self, asked: Ask) -> Held | None:
        held = super().held(asked)
        if self.times:
            self.times -= 1
            self.rival()
        return held


class RacedAsync(AsyncLedger):
    def __init__(self, url: str, rival: Callable[[], object], times: int) -> None:
        super().__init__(url)
        self.rival, self.times = rival, times

    async def held(self, asked: Ask) -> Held | None:
        held = await super().held(asked)
        if self.times:
            self.times -= 1
            await asyncio.to_thread(self.rival)
        return held


def raced(kind: str, url: str, rival: Callable[[], object], times: int) -> Do:
    """A door of that kind whose commands lose `times` races."""
    if kind == "sync":

        def do(stream: UUID, command: Command, **surroundings: Any) -> Receipt:
            with Raced(url, rival, times) as ledger:
                return ledger.execute(stream, command, by=CLERK, now=WHEN, **surroundings)

        return do

    async def execute(stream: UUID, command: Command, **surroundings: Any) -> Receipt:
        async with RacedAsync(url, rival, times) as ledger:
            return await ledger.execute(stream, command, by=CLERK, now=WHEN, **surroundings)

    return lambda *given, **more: asyncio.run(execute(*given, **more))


@pytest.fixture
def rival(database: Database) -> Iterator[Door]:
    with sync_door(database.app_url) as door:
        door.do(STALL, OPEN_STALL, by=ADMIN)
        yield door


@pytest.mark.parametrize("kind", DOORS)
def test_a_lost_race_decides_again_on_what_is_there_now(
    kind: str, rival: Door, database: Database
) -> None:
    stream = uuid4()
    rival.do(stream, LOG_REQUEST)
    noting = raced(kind, database.app_url, partial(rival.do, stream, NOTE_IT), times=2)
    assert noting(stream, NOTE_IT).version == 4
    consulting = raced(kind, database.app_url, partial(rival.do, stream, WITHDRAWN), times=1)
    with pytest.raises(RequestIsClosed):
        consulting(stream, request_commands.GiveConsultation(mode="onsite", minutes=5))
    assert head(database) == 6


@pytest.mark.parametrize("kind", DOORS)
def test_who_loses_every_race_is_told_so(kind: str, rival: Door, database: Database) -> None:
    stream = uuid4()
    rival.do(stream, LOG_REQUEST)
    noting = raced(kind, database.app_url, partial(rival.do, stream, NOTE_IT), times=99)
    with pytest.raises(TooContended):
        noting(stream, NOTE_IT)


@pytest.mark.parametrize("kind", DOORS)
def test_the_same_command_sent_through_two_doors_at_once_is_done_once(
    kind: str, rival: Door, database: Database
) -> None:
    stream, command = uuid4(), uuid4()
    first = partial(rival.do, stream, LOG_REQUEST, command_id=command)
    second = raced(kind, database.app_url, first, times=1)
    receipt = second(uuid4(), LOG_REQUEST, command_id=command)
    assert (receipt.stream, receipt.version, receipt.repeated, receipt.events) == (
        stream,
        1,
        True,
        (),
    )
    assert head(database) == 2


# --- registers


def test_a_process_sees_its_own_reference_changes_at_once(door: Door) -> None:
    assert door.registers().points["STALL-1"].open
    door.do(STALL, ClosePoint(reason="装修"))
    with pytest.raises(PointIsClosed):
        door.do(uuid4(), LOG_REQUEST)
    door.do(STALL, ReopenPoint(reason="完工"))
    door.do(uuid4(), LOG_REQUEST)


def test_a_process_sees_reference_changes_of_others_within_a_second(
    door: Door, database: Database
) -> None:
    door.registers()
    with sync_door(database.app_url) as elsewhere:
        elsewhere.do(STALL, RenamePoint(name="新名"))
    changed = time.monotonic()
    while door.registers().points["STALL-1"].name != "新名":
        assert time.monotonic() - changed < FRESH_S + 0.5
    door.do(uuid4(), LOG_REQUEST)


def test_registers_folded_by_many_threads_fold_each_event_once(database: Database) -> None:
    policies = shipped_policies()
    with Ledger(database.app_url) as ledger, Ledger(database.app_url) as elsewhere:
        for version in range(1, 6):
            policy = replace(policies[0].policy, version=version)
            elsewhere.execute(
                stream_id("policy", policy.code), PublishPolicy(policy=policy), by=CLERK, now=WHEN
            )
        with ThreadPoolExecutor(8) as threads:
            found = [threads.submit(ledger.registers) for _ in range(64)]
        for one in found:
            (folded,) = one.result().policies.values()
            assert [version.version for version in folded.versions] == [1, 2, 3, 4, 5]


def test_a_change_during_a_look_up_is_not_missed_afterwards() -> None:
    fold = RegisterFold()
    fold.parameters()
    fold.expire_if([envelop_opening()])
    fold.feed([])
    assert fold.stale
    fold.parameters()
    fold.feed([])
    assert not fold.stale


def envelop_opening() -> Recorded:
    asked = ask(STALL, OPEN_STALL, by=ADMIN, now=WHEN)
    registers = Registers(points={}, advisers={}, calendars={}, policies={})
    (opened,) = decide(asked, None, registers)
    return opened


def test_registers_are_looked_up_in_what_is_new_since_the_last_look(database: Database) -> None:
    """Not in the whole log, once a second and in each process."""
    fold, mapper = RegisterFold(), LedgerMapper()
    with connected(database.app_url) as connection, Ledger(database.app_url) as ledger:
        cursor = connection.cursor(row_factory=dict_row)
        ledger.execute(STALL, OPEN_STALL, by=ADMIN, now=WHEN)
        append(connection, *(written((uuid4(), 1)) for _ in range(100)))
        for begins_after in (0, 101, 101):
            asked = fold.parameters()
            assert asked["after"] == begins_after
            fold.read(cursor.execute(SELECT_NEWER, asked).fetchall(), mapper)
            # What is derived from the registers is derived anew when they change, not with the log.
            assert fold.position == 1
        ledger.execute(STALL, RenamePoint(name="新名"), by=ADMIN, now=WHEN)
        fold.read(cursor.execute(SELECT_NEWER, fold.parameters()).fetchall(), mapper)
    assert fold.position == 102
    (point,) = fold.registers.points.values()
    assert point.name == "新名"


# --- time travel


def test_a_stream_is_seen_as_it_was_at_a_version(database: Database) -> None:
    stream = uuid4()
    with Ledger(database.app_url) as ledger:
        for asked in (LOG_REQUEST, NOTE_IT, WITHDRAWN):
            ledger.execute(STALL, OPEN_STALL, by=ADMIN, now=WHEN)
            ledger.execute(stream, asked, by=CLERK, now=WHEN)
        seen: list[Held] = [
            ledger.repository.get(
                stream, version=version, projector_func=cast("Any", partial(project, request))
            )
            for version in (1, 2, 3)
        ]
    assert [(one.id, one.version, one.state.closed) for one in seen] == [
        (stream, 1, False), (stream, 2, False), (stream, 3, True),
    ]  # fmt: skip
