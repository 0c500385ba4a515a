"""An office at work by the synchronous door, for the policies to follow up:
`python -m tests.api.policy_load URL SEED` works until killed.

Everything happens in March 2026, so that by now every deadline of it is over."""

import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import count
from random import Random
from typing import Final
from uuid import UUID

import psycopg
from msgspec.structs import replace

from domain.oversight.rectification import RectificationFellOverdue, RectificationOrdered
from domain.promises.promise_watch import PromiseApproached, PromiseMissed
from domain.registration.adviser_commands import RegisterAdviser
from domain.registration.calendar_commands import PublishCalendar
from domain.registration.point_commands import OpenPoint
from domain.registration.policy_commands import PublishPolicy
from domain.reporting.period_end import PeriodEnded
from domain.requests.rating import (
    BAD_GRADES,
    CallBackRating,
    GiveRating,
    Grade,
    InviteRating,
    IssueRatingCode,
    RatingCalledBack,
    RatingDefaulted,
    RatingGiven,
    RatingInvited,
    token_digest,
)
from domain.requests.request import RequestClosed, RequestLogged
from domain.requests.request_commands import CloseRequest, GiveConsultation, LogRequest
from domain.vocabulary import Actor, Command, Refused, sibling_id, stream_id
from domain.worktime.calendar import TimeLimit
from ledger.log import reading
from ledger.log.codec import LedgerMapper, Recorded, uuid7
from ledger.log.store import Ledger
from tests.examples import (
    CALENDAR,
    CITIZEN,
    CLERK,
    COLLEAGUE,
    LAWYER,
    MORNING,
    OPENED,
    REGISTERED,
    RULES,
)

ADMIN: Final = Actor(account="admin-1", role="administrator", unit="4401")
ONE_WEEK: Final = TimeLimit(amount=7, unit="calendar_day")
LIMITS: Final = replace(RULES, limits={**RULES.limits, "rectification/answer": ONE_WEEK})
FOUNDING: Final[tuple[tuple[UUID, Command], ...]] = (
    (stream_id("calendar", CALENDAR.code), PublishCalendar(calendar=CALENDAR)),
    (stream_id("policy", LIMITS.code), PublishPolicy(policy=LIMITS)),
    (
        stream_id("point", OPENED.code),
        OpenPoint(**{name: getattr(OPENED, name) for name in OpenPoint.__struct_fields__}),
    ),
    (
        stream_id("adviser", REGISTERED.code),
        RegisterAdviser(code=REGISTERED.code, name=REGISTERED.name, firm="FIRM-1"),
    ),
)
LOG: Final = LogRequest(
    point=OPENED.code, channel="counter", service="consultation", subject="拖欠工资"
)
CONSULTED: Final = GiveConsultation(mode="onsite", minutes=0)
"""Thousands of one morning: no day of one adviser has minutes for them."""


SAMPLE: Final = UUID("00000000-0000-4000-8000-0000000000a1")
"""Stands for a drawn sample."""


class Office:
    """Does what people do, at the time that it is told. `device`: of all it writes."""

    def __init__(self, ledger: Ledger, device: str | None = None) -> None:
        self.ledger = ledger
        self.device = device

    def found(self) -> None:
        for stream, command in FOUNDING:
            self.does(stream, command, ADMIN, MORNING)

    def does(self, stream: UUID, command: Command, by: Actor, at: datetime) -> None:
        self.ledger.execute(stream, command, by=by, now=at, device=self.device)

    def serves(self, at: datetime = MORNING) -> UUID:
        """A request that was consulted on, and whose person was asked to rate it."""
        request = uuid7()
        self.does(request, LOG, CLERK, at)
        self.does(request, CONSULTED, LAWYER, at + timedelta(minutes=30))
        self.invites(request, at + timedelta(minutes=31))
        return request

    def invites(self, request: UUID, at: datetime) -> None:
        invite = InviteRating(
            request=request,
            point=OPENED.code,
            served_by=(LAWYER.account, CLERK.account),
            service=LOG.service,
            channel=LOG.channel,
        )
        rating = sibling_id(request, "rating")
        self.does(rating, invite, CLERK, at)
        code = IssueRatingCode(token_sha256=token_digest(str(request)))
        self.does(rating, code, COLLEAGUE, at)

    def rated(self, request: UUID, grade: Grade, at: datetime) -> None:
        give = GiveRating(token=str(request), grade=grade)
        self.does(sibling_id(request, "rating"), give, CITIZEN, at)

    def called_back(self, request: UUID, grade: Grade, at: datetime) -> None:
        self.does(
            sibling_id(request, "rating"), CallBackRating(grade=grade, sample=SAMPLE), COLLEAGUE, at
        )

    def closes(self, request: UUID, at: datetime) -> None:
        self.does(request, CloseRequest(kind="answered"), LAWYER, at)


def work(url: str, seed: str) -> None:
    """Lives beside one another, each step a command; what comes too late is refused."""
    draw = Random(seed)
    with Ledger(url) as ledger:
        office, served = Office(ledger), []
        for number in count():
            at = MORNING + timedelta(seconds=number)
            served.append((office.serves(at), at))
            request, at = served.pop(draw.randrange(len(served)))
            with suppress(Refused):
                if draw.random() < 0.7:
                    office.rated(request, draw.choice((1, 2, 3, 5)), at + timedelta(hours=1))
            with suppress(Refused):
                if draw.random() < 0.3:
                    office.called_back(request, draw.choice((1, 2, 4)), at + timedelta(hours=2))
            if draw.random() < 0.5:
                office.closes(request, at + timedelta(hours=3))


# --- what must be true of the log in the end


def everything(url: str) -> Iterator[Recorded]:
    mapper = LedgerMapper()
    with psycopg.connect(url, autocommit=True) as connection:
        # Whoever writes meanwhile is read as well, or not.
        position, there = 0, reading.head(connection)
        while events := reading.batch(connection, mapper, position):
            yield from events
            position += len(events)
        assert position >= there


class Followed:
    """What an office left to follow up, and what was."""

    def __init__(self) -> None:
        self.topics: Counter[str] = Counter()
        self.once: Counter[tuple[object, ...]] = Counter()
        """What may happen once only."""
        self.bad: set[UUID] = set()
        """Orders that there must be."""
        self.ordered: set[UUID] = set()
        self.invited: set[UUID] = set()
        self.rated: set[UUID] = set()
        self.unclosed: set[UUID] = set()

    def read(self, recorded: Recorded) -> None:
        event, stream = recorded.event, recorded.originator_id
        self.topics[event.topic] += 1
        match event:
            case RatingGiven() | RatingCalledBack() | RatingDefaulted():
                self.rated.add(event.request)
                if not isinstance(event, RatingDefaulted) and event.grade in BAD_GRADES:
                    self.bad.add(sibling_id(event.request, "rectification"))
                if not isinstance(event, RatingCalledBack):
                    self.once["rating", stream] += 1
            case RatingInvited():
                self.invited.add(event.request)
            case RectificationOrdered():
                self.ordered.add(stream)
                self.once["order", stream] += 1
            case RectificationFellOverdue() | PeriodEnded():
                self.once[event.topic, stream] += 1
            case PromiseApproached() | PromiseMissed():
                self.once[event.topic, event.of, event.name, event.round] += 1
            case RequestLogged():
                self.unclosed.add(stream)
            case RequestClosed():
                self.unclosed.discard(stream)


def nothing_forgotten_or_doubled(url: str) -> Counter[str]:
    """Every bad rating has one order, every silence one default, every promise that was broken is
    told once. Events by topic."""
    found = Followed()
    for recorded in everything(url):
        found.read(recorded)
    doubled = [what for what, times in found.once.items() if times != 1]
    assert not doubled, doubled[:5]
    assert found.ordered == found.bad, (len(found.ordered), len(found.bad))
    assert found.invited == found.rated, (len(found.invited), len(found.rated))
    missed, overdue = PromiseMissed.topic, RectificationFellOverdue.topic
    due: list[tuple[object, ...]] = [(missed, one, "close", 1) for one in found.unclosed]
    due += [(missed, one, "answer", 1) for one in found.ordered]
    due += [(overdue, one) for one in found.ordered]
    forgotten = [what for what in due if what not in found.once]
    assert due
    assert not forgotten, forgotten[:5]
    return found.topics


if __name__ == "__main__":
    work(*sys.argv[1:])
