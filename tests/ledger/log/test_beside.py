"""What a decision reads of other streams is checked when it is appended, by both doors: of two
commands that race for the same hours one is refused."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from typing import Final
from uuid import UUID, uuid4

import psycopg
import pytest

from domain.advising.appointment_commands import LinkProvider
from domain.advising.worklog import CorrectWork, HoursOverlap, LogWork, Share, WithdrawWork, Work
from domain.hours import sheet_id
from domain.registers.appointment import KIND as APPOINTMENT
from domain.registration.adviser_commands import RegisterAdviser
from domain.vocabulary import Actor, stream_id
from ledger.log.appender import AsyncLedger
from ledger.log.decision import Receipt
from ledger.log.store import Ledger
from tests.databases import Database
from tests.ledger.commands import gapless

VILLAGE: Final = "440103001001"
OFFICE: Final = Actor(account="office-1", role="supervisor", unit="440103001")
BEGAN: Final = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
"""09:00 in Guangzhou."""
NOW: Final = BEGAN + timedelta(hours=10)
RACERS: Final = 6


def of_hours(first: int, last: int, *advisers: str) -> LogWork:
    """Hours after `BEGAN`; it is entered as having begun with the first of them."""
    minutes = (last - first) * 60
    work = Work(
        village=VILLAGE,
        service="consultation",
        mode="onsite",
        ended_at=BEGAN + timedelta(hours=last),
        summary="示例",
    )
    named = advisers or ("A-1",)
    shares = tuple(Share(adviser=one, minutes=minutes // len(named)) for one in named)
    return LogWork(work=work, shares=shares)


@pytest.fixture
def founded(database: Database) -> Database:
    with Ledger(database.app_url) as ledger:
        for code in ("A-1", "A-2"):
            register = RegisterAdviser(code=code, name=code, firm="FIRM-1", team="TEAM-1")
            of_adviser = stream_id("adviser", code)
            ledger.execute(of_adviser, register, by=OFFICE, now=BEGAN, occurred_at=BEGAN)
        link = LinkProvider(
            division=VILLAGE, provider="team", code="TEAM-1", since=date(2026, 1, 1)
        )
        ledger.execute(stream_id(APPOINTMENT, VILLAGE), link, by=OFFICE, now=BEGAN)
    return database


def entries(database: Database) -> int:
    with psycopg.connect(database.app_url) as connection:
        gapless(connection)
        row = connection.execute(
            "SELECT count(*) FROM log_events WHERE topic = 'worklog.logged/1'"
        ).fetchone()
    assert row is not None
    return int(row[0])


def one_passes(results: list[Receipt | BaseException]) -> None:
    passed = [one for one in results if isinstance(one, Receipt)]
    refused = [one for one in results if isinstance(one, HoursOverlap)]
    assert (len(passed), len(refused)) == (1, len(results) - 1), results


def test_audit_4_4_of_racing_entries_of_the_same_hours_one_passes(founded: Database) -> None:
    async def race() -> list[Receipt | BaseException]:
        async with AsyncLedger(founded.app_url) as one, AsyncLedger(founded.app_url) as other:
            await asyncio.gather(one.registers(), other.registers())
            return await asyncio.gather(
                *(
                    (one, other)[number % 2].execute(
                        uuid4(),
                        of_hours(0, 2),
                        by=OFFICE,
                        now=NOW,
                        occurred_at=BEGAN,
                        creates=True,
                    )
                    for number in range(RACERS)
                ),
                return_exceptions=True,
            )

    one_passes(asyncio.run(race()))
    assert entries(founded) == 1


def test_the_synchronous_door_checks_the_same(founded: Database) -> None:
    def enter(ledger: Ledger) -> Receipt | BaseException:
        try:
            return ledger.execute(uuid4(), of_hours(0, 2), by=OFFICE, now=NOW, occurred_at=BEGAN)
        except HoursOverlap as refused:
            return refused

    with Ledger(founded.app_url) as ledger, ThreadPoolExecutor(RACERS) as pool:
        one_passes(list(pool.map(enter, [ledger] * RACERS)))
    assert entries(founded) == 1


def test_a_door_sees_what_the_other_entered_and_what_was_freed(founded: Database) -> None:
    first, second = uuid4(), uuid4()

    def enter(ledger: Ledger, stream: UUID, command: LogWork) -> Receipt:
        return ledger.execute(stream, command, by=OFFICE, now=NOW, occurred_at=BEGAN)

    async def enter_async(stream: UUID, command: LogWork) -> Receipt:
        async with AsyncLedger(founded.app_url) as ledger:
            return await ledger.execute(stream, command, by=OFFICE, now=NOW, occurred_at=BEGAN)

    receipt = asyncio.run(enter_async(first, of_hours(0, 2, "A-1", "A-2")))
    assert (receipt.stream, receipt.version, len(receipt.events)) == (first, 1, 1)
    with Ledger(founded.app_url) as ledger:
        with pytest.raises(HoursOverlap):
            enter(ledger, second, of_hours(0, 1, "A-2"))
        shorter = of_hours(0, 1, "A-1")
        correct = CorrectWork(
            started_at=BEGAN, work=shorter.work, shares=shorter.shares, reason="记错"
        )
        ledger.execute(first, correct, by=OFFICE, now=NOW)
        enter(ledger, second, of_hours(0, 1, "A-2"))
        with pytest.raises(HoursOverlap):
            asyncio.run(enter_async(uuid4(), of_hours(0, 1)))
        ledger.execute(first, WithdrawWork(reason="误录"), by=OFFICE, now=NOW)
        assert ledger.any(sheet_id("A-1", date(2026, 3, 2))) is not None
    asyncio.run(enter_async(uuid4(), of_hours(0, 1)))
    assert entries(founded) == 3


def test_an_entry_sent_again_is_answered_with_its_first_result(founded: Database) -> None:
    async def twice() -> tuple[Receipt, Receipt]:
        async with AsyncLedger(founded.app_url) as ledger:
            command_id = uuid4()
            first, again = [
                await ledger.execute(
                    uuid4(),
                    of_hours(0, 2),
                    by=OFFICE,
                    now=NOW,
                    occurred_at=BEGAN,
                    command_id=command_id,
                    creates=True,
                )
                for _ in "12"
            ]
            return first, again

    first, again = asyncio.run(twice())
    assert (again.stream, again.version, again.repeated) == (first.stream, first.version, True)
