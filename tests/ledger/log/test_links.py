"""A link is judged by the stream that it leads to, and nothing is written there: that it still
stands as it was seen is checked when the link is appended, by both doors."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from datetime import timedelta
from typing import Any, Final, NamedTuple
from uuid import UUID, uuid4

import pytest

from domain.complaints.complaint_commands import (
    ComplaintIsVoided,
    OriginalIsLinked,
    SameMatterNotAccepted,
)
from domain.complaints.record import (
    AcceptComplaint,
    DeclineComplaint,
    Grievance,
    LinkSameMatter,
    RegisterComplaint,
    VoidComplaint,
)
from domain.requests.request_commands import (
    LinkDuplicate,
    LogRequest,
    OriginalIsDuplicate,
    RequestIsVoided,
    VoidRequest,
)
from domain.vocabulary import Actor, Command, Refused
from ledger.log.appender import AsyncLedger
from ledger.log.codec import LedgerEvent
from ledger.log.decision import Receipt
from ledger.log.recorder import NOTHING_SEEN, Outcome, Versions
from ledger.log.store import Ledger
from tests.databases import Database
from tests.examples import ADMIN
from tests.ledger.commands import LOG_REQUEST, OPEN_STALL, STALL, WHEN

SECOND_LEADER: Final = Actor(account="leader-2", role="supervisor", unit="440103")
"""Who voids what the first has entered."""
LEADER: Final = Actor(account="leader-1", role="supervisor", unit="440103")
NOW: Final = WHEN + timedelta(hours=1)
PAIRS: Final = 4


class Kind(NamedTuple):
    """A kind of link, with what makes its other end bear none."""

    made: LogRequest | RegisterComplaint
    link: type[LinkDuplicate | LinkSameMatter]
    other: str
    void: Command
    voided: type[Refused]
    linked: type[Refused]

    def to(self, other: UUID) -> Command:
        said: dict[str, Any] = {self.other: other, "reason": "同一事项"}
        return self.link(**said)


COMPLAIN: Final = RegisterComplaint(
    grievance=Grievance(
        point="STALL-1", channel="counter", service="consultation", subject="等候过久"
    )
)
REQUESTS: Final = Kind(
    LOG_REQUEST,
    LinkDuplicate,
    "original",
    VoidRequest(reason="误录"),
    RequestIsVoided,
    OriginalIsDuplicate,
)
COMPLAINTS: Final = Kind(
    COMPLAIN,
    LinkSameMatter,
    "other",
    VoidComplaint(reason="误录"),
    ComplaintIsVoided,
    OriginalIsLinked,
)
KINDS: Final = pytest.mark.parametrize(
    "kind", [REQUESTS, COMPLAINTS], ids=["requests", "complaints"]
)


@pytest.fixture
def ledger(database: Database) -> Iterator[Ledger]:
    with Ledger(database.app_url) as opened:
        opened.execute(STALL, OPEN_STALL, by=ADMIN, now=WHEN)
        yield opened


def made(ledger: Ledger, kind: Kind, amount: int) -> list[UUID]:
    streams = [uuid4() for _ in range(amount)]
    for stream in streams:
        ledger.execute(stream, kind.made, by=LEADER, now=WHEN)
    return streams


def of_each_pair_one_is_linked(kind: Kind, results: list[Receipt | BaseException]) -> None:
    for pair in zip(results[::2], results[1::2], strict=True):
        passed = [one for one in pair if isinstance(one, Receipt)]
        refused = [one for one in pair if isinstance(one, kind.linked)]
        assert (len(passed), len(refused)) == (1, 1), results


def racing(ends: list[UUID]) -> list[tuple[UUID, UUID]]:
    """Each pair both ways round."""
    pairs = zip(ends[::2], ends[1::2], strict=True)
    return [link for one, other in pairs for link in ((one, other), (other, one))]


@KINDS
def test_f6_of_links_that_would_form_a_circle_one_passes(
    ledger: Ledger, database: Database, kind: Kind
) -> None:
    links = racing(made(ledger, kind, 2 * PAIRS))

    async def race() -> list[Receipt | BaseException]:
        async with AsyncLedger(database.app_url) as one, AsyncLedger(database.app_url) as two:
            await asyncio.gather(one.registers(), two.registers())
            doors = (one, two) * len(links)
            racers = (
                door.execute(stream, kind.to(other), by=LEADER, now=NOW)
                for door, (stream, other) in zip(doors, links, strict=False)
            )
            return await asyncio.gather(*racers, return_exceptions=True)

    of_each_pair_one_is_linked(kind, asyncio.run(race()))


@KINDS
def test_f6_the_synchronous_door_checks_the_same(ledger: Ledger, kind: Kind) -> None:
    def linked(ends: tuple[UUID, UUID]) -> Receipt | BaseException:
        stream, other = ends
        try:
            return ledger.execute(stream, kind.to(other), by=LEADER, now=NOW)
        except Refused as refused:
            return refused

    links = racing(made(ledger, kind, 2 * PAIRS))
    with ThreadPoolExecutor(len(links)) as pool:
        of_each_pair_one_is_linked(kind, list(pool.map(linked, links)))


class QuickerLedger(Ledger):
    """Before its first append somebody else's command goes through."""

    name = "log"
    quicker: tuple[Ledger, UUID, Command] | None = None

    def save(self, *objs: Any, **kwargs: Any) -> Any:
        if self.quicker is not None:
            (other, stream, command), self.quicker = self.quicker, None
            other.execute(stream, command, by=SECOND_LEADER, now=NOW)
        return super().save(*objs, **kwargs)


@contextmanager
def quicker(
    database: Database, ledger: Ledger, stream: UUID, command: Command
) -> Iterator[QuickerLedger]:
    with closing(QuickerLedger(database.app_url)) as slower:
        slower.quicker = (ledger, stream, command)
        yield slower


@KINDS
def test_f6_what_was_voided_meanwhile_bears_no_link(
    ledger: Ledger, database: Database, kind: Kind
) -> None:
    one, other = made(ledger, kind, 2)
    with quicker(database, ledger, other, kind.void) as slower, pytest.raises(kind.voided):
        slower.execute(one, kind.to(other), by=LEADER, now=NOW)


@KINDS
def test_f6_what_was_voided_meanwhile_bears_no_link_over_http(
    ledger: Ledger, database: Database, kind: Kind
) -> None:
    one, other = made(ledger, kind, 2)

    async def late() -> None:
        async with AsyncLedger(database.app_url) as slower, AsyncLedger(database.app_url) as quick:
            append, waiting = slower.commit.append, [True]

            async def behind(events: list[LedgerEvent], seen: Versions = NOTHING_SEEN) -> Outcome:
                if waiting:
                    waiting.clear()
                    await quick.execute(other, kind.void, by=SECOND_LEADER, now=NOW)
                return await append(events, seen)

            slower.commit.append = behind  # type: ignore[method-assign]
            with pytest.raises(kind.voided):
                await slower.execute(one, kind.to(other), by=LEADER, now=NOW)

    asyncio.run(late())


def test_f6_another_step_on_the_other_end_lets_the_link_pass(
    ledger: Ledger, database: Database
) -> None:
    one, other = made(ledger, COMPLAINTS, 2)
    with quicker(database, ledger, other, AcceptComplaint()) as slower:
        linked = slower.execute(one, COMPLAINTS.to(other), by=LEADER, now=NOW)
    assert linked.position is not None


def test_f6_what_was_accepted_and_voided_meanwhile_is_no_ground_to_decline(
    ledger: Ledger, database: Database
) -> None:
    one, other = made(ledger, COMPLAINTS, 2)
    decline = DeclineComplaint(ground="same_matter", reason="已受理", same_as=other)
    with pytest.raises(SameMatterNotAccepted):
        ledger.execute(one, decline, by=LEADER, now=NOW)
    ledger.execute(other, AcceptComplaint(), by=LEADER, now=NOW)
    with (
        quicker(database, ledger, other, COMPLAINTS.void) as slower,
        pytest.raises(ComplaintIsVoided),
    ):
        slower.execute(one, decline, by=LEADER, now=NOW)
