"""The demonstration: a simulated city put into an empty log, once. The log is founded as a
simulation and told with the recorded times of its story. Every event is marked: its device is
`simulation`, and its correlation names the demonstration it belongs to."""

import gc
import os
import secrets
import time
from bisect import bisect_left
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime, timedelta
from heapq import merge
from itertools import groupby, islice
from pathlib import Path
from random import Random
from typing import Annotated, Any, Final
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

import msgspec
import psycopg
from msgspec import Meta, Struct
from psycopg.rows import dict_row

from api.demo.offices import Entered, Offices, pauses
from domain import simulated_log
from domain.reporting import draft, report
from domain.simulated_log import FoundLogAsSimulation
from domain.simulation import SimulatedStep, World, city, divisions_of, services
from domain.simulation.city import ADMINISTRATOR, FOUNDED
from domain.simulation.telling import ToldStep, told
from domain.vocabulary import CHINA, NAMESPACE, SIMULATION, Actor
from ledger.founding.shipped import (
    DATA,
    shipped_calendars,
    shipped_forms,
    shipped_policies,
    shipped_rulesets,
)
from ledger.log import reading
from ledger.log.bulk import EVENTS_PER_SLICE, append_slice, known_commands, slices
from ledger.log.codec import LedgerMapper, Recorded
from ledger.log.decision import ask, decide, envelop
from ledger.log.store import Ledger
from ledger.log.threads import describe_structs
from ledger.server.connection import Urls
from projections.running.runner import Runner, install

DAYS: Final = 91
MARK: Final = "demo"
"""First word of the line that `log_tracking` keeps of a demonstration."""
EARLIEST: Final = date(2022, 1, 3)
"""The shipped policies are in force from January 2022."""
SLICES_WAITING_MAX: Final = 2
AHEAD_MAX: Final = 60_000
"""Steps that the story goes on by at most while an office waits for the views."""
TOLD_AT_ONCE: Final = 100
TICK: Final = timedelta(microseconds=1)
DEADLINES_REACH: Final = timedelta(days=62)
"""How long before the end of the last known calendar year a period must end."""
KEEP: Final = """
    INSERT INTO log_tracking (application_name, notification_id) VALUES (%s, %s)
    ON CONFLICT (application_name) DO UPDATE SET notification_id = excluded.notification_id
"""
FIND: Final = """
    SELECT application_name, notification_id FROM log_tracking
     WHERE starts_with(application_name, %s)
"""
POINTS: Final = """
    SELECT convert_from(state, 'UTF8')::jsonb -> 'data' ->> 'kind' AS kind, count(*)
      FROM log_events WHERE topic = 'point.opened/1' GROUP BY 1
"""
COUNTS: Final = """
    SELECT (SELECT count(*) FROM log_events WHERE topic = 'adviser.registered/1'
               AND occurred_at < %(founded)s) AS advisers,
           (SELECT count(*) FROM log_events WHERE topic = 'request.logged/1') AS requests
"""


NOT_CONTINUED: Final[Mapping[type[psycopg.Error], str]] = {
    psycopg.errors.UniqueViolation: "the log holds other events in their place: it was begun by"
    " another version of this program, or something else wrote to it",
    psycopg.errors.InsufficientPrivilege: "the log was not founded as a simulation: it was begun by"
    " an earlier version of this program",
    psycopg.errors.InvalidParameterValue: "its last event is later than one that is missing: it was"
    " begun by another version of this program, or something else wrote to it",
}
"""What the log says of events that do not continue what it holds, and what it means."""


class DemoRefused(Exception):
    """演示数据不能写入这个数据库。"""


class Demo(Struct, frozen=True, kw_only=True):
    """Parameters of the simulation: the same values give the same city."""

    first_day: date
    days: int = DAYS
    seed: int = 1
    scale: Annotated[float, Meta(gt=0)] = 1.0

    @property
    def mark(self) -> str:
        fields = self.__struct_fields__
        return " ".join([MARK, *(f"{name}={getattr(self, name)}" for name in fields)])

    @classmethod
    def of_mark(cls, mark: str) -> "Demo":
        values = dict(word.split("=", 1) for word in mark.split()[1:])
        return msgspec.convert(values, cls, strict=False)

    @property
    def correlation(self) -> UUID:
        return uuid5(NAMESPACE, self.mark)

    @property
    def first_midnight(self) -> datetime:
        return self.midnight(self.first_day)

    @property
    def ends_at(self) -> datetime:
        """Return the end of the story: what comes on record later is no part of it."""
        return self.midnight(self.first_day + timedelta(days=self.days))

    @staticmethod
    def midnight(day: date) -> datetime:
        return datetime.combine(day, datetime.min.time(), ZoneInfo(CHINA))


class DemoFound(Struct, frozen=True):
    """The demonstration that a log holds already."""

    demo: Demo
    complete: bool


class City(Struct, frozen=True, kw_only=True):
    """Content of the log, as the published figures count; advisers as the city was founded."""

    points: dict[str, int]
    advisers: int
    requests: int


def first_day_of(days: int, now: datetime) -> date:
    """Choose the first day: the period ends yesterday, or earlier if calendars end earlier."""
    last_year = shipped_calendars()[-1].calendar.last_year
    end = min(now.astimezone(ZoneInfo(CHINA)).date(), date(last_year, 12, 31) - DEADLINES_REACH)
    return end - timedelta(days=days)


def found_in(connection: psycopg.Connection[Any]) -> DemoFound | None:
    row = connection.execute(FIND, [f"{MARK} "]).fetchone()
    return DemoFound(Demo.of_mark(row[0]), row[1] > 0) if row else None


def follow(url: str) -> None:
    """Bring the views to the head of the log."""
    with psycopg.connect(url, autocommit=True) as connection:
        install(connection)
    Runner(url).catch_up()


def simulate(
    urls: Urls,
    demo: Demo,
    progress: Callable[[int, int], None] | None = None,
    bring_up: Callable[[str], None] = follow,
) -> float:
    """Simulate the city into the log and return the seconds; continue an interrupted simulation.

    progress: called with the number of days done and of all days
    bring_up: brings the views to the head of the log, for the offices that work with them

    Raises: DemoRefused — when the log holds something else.
    """
    started = time.monotonic()
    with psycopg.connect(urls.app, autocommit=True) as connection:
        found = found_in(connection)
        if found is not None and (found.complete or found.demo != demo):
            raise DemoRefused(f"the log holds another demonstration ({found.demo.mark})")
        if found is None and reading.head(connection):
            raise DemoRefused("the log holds events that are not simulated")
        again = reading.head(connection) > 0
        connection.execute(KEEP, [demo.mark, 0])
        try:
            with _collecting_nothing():
                _tell(connection, urls.app, demo, progress, bring_up, again=again)
        except tuple(NOT_CONTINUED) as error:
            raise DemoRefused(_why_not(error)) from error
        connection.execute(KEEP, [demo.mark, reading.head(connection)])
    with psycopg.connect(urls.owner, autocommit=True) as owner:
        owner.execute("ANALYZE log_events")
    return time.monotonic() - started


def _why_not(error: Exception) -> str:
    why = next(said for kind, said in NOT_CONTINUED.items() if isinstance(error, kind))
    return f"the demonstration cannot be put in: {why} ({str(error).splitlines()[0]})"


def _tell(
    connection: psycopg.Connection[Any],
    url: str,
    demo: Demo,
    progress: Callable[[int, int], None] | None,
    bring_up: Callable[[str], None],
    *,
    again: bool,
) -> None:
    """Tell the story from pause to pause; what an office enters at one comes on record after it."""
    stops = pauses(demo.midnight, demo.first_day, demo.days)
    instants = [one.at for one in stops]
    waiting: list[Entered] = [_founding(demo)]
    reached = 0
    with Ledger(url) as ledger:

        def pause() -> None:
            nonlocal waiting
            with ThreadPoolExecutor(max_workers=1) as views:
                brought = views.submit(bring_up, url)
                while not brought.done() and len(ahead) < AHEAD_MAX:
                    if not (more := list(islice(story_told, TOLD_AT_ONCE))):
                        break
                    ahead.extend(more)
                brought.result()
            stop = stops[reached]
            offices = Offices(connection, ledger, demo.mark, stop.at)
            waiting = sorted([*waiting, *stop.work(offices)], key=_when)

        story = demo.correlation
        ahead: deque[ToldStep] = deque()
        story_told = _told(demo, progress)
        entered = (
            Entered(one.recorded_at, _recorded(one.step, story))
            for one in _after(ahead, story_told)
        )
        describe_structs()
        for number, part in groupby(entered, lambda one: bisect_left(instants, one.recorded_at)):
            while reached < number:
                pause()
                reached += 1
            until = instants[number] if number < len(instants) else demo.ends_at
            due = [one for one in waiting if one.recorded_at <= until]
            waiting = waiting[len(due) :]
            _append(connection, _in_order(merge(due, part, key=_when)), again=again)


def _after(ahead: "deque[ToldStep]", story: Iterator[ToldStep]) -> Iterator[ToldStep]:
    """Yield what was told ahead at the last pause, and then the story."""
    while True:
        while ahead:
            yield ahead.popleft()
        one = next(story, None)
        if one is None:
            return
        yield one


def _when(one: Entered) -> datetime:
    return one.recorded_at


def _in_order(entries: Iterable[Entered]) -> Iterator[list[Recorded]]:
    """Stamp each command with an instant of its own."""
    last = datetime.min.replace(tzinfo=UTC)
    for entered in entries:
        last = max(entered.recorded_at, last + TICK)
        yield [msgspec.structs.replace(one, recorded_at=last) for one in entered.events]


def _founding(demo: Demo) -> Entered:
    asked = ask(
        simulated_log.STREAM,
        FoundLogAsSimulation(story=demo.mark),
        by=ADMINISTRATOR,
        now=FOUNDED,
        command_id=demo.correlation,
        device=SIMULATION,
        correlation=demo.correlation,
    )
    return Entered(FOUNDED, decide(asked, None, World().registers))


def _steps(demo: Demo) -> Iterator[SimulatedStep]:
    draw, world = Random(demo.seed), World()
    divisions = divisions_of((DATA / "guangzhou_divisions.csv").read_text("utf-8"))
    for step in city(
        draw,
        divisions=divisions,
        scale=demo.scale,
        calendars=shipped_calendars(),
        policies=shipped_policies(),
        forms=shipped_forms(),
        rulesets=shipped_rulesets(),
    ):
        world.record(step)
        yield step
    for step in services(draw, world, first_day=demo.first_day, days=demo.days, scale=demo.scale):
        # Its reports have invented figures; those of the log are made by `api.demo.offices`.
        if step.kind not in (report.KIND, draft.KIND):
            yield step


def _told(demo: Demo, progress: Callable[[int, int], None] | None) -> Iterator[ToldStep]:
    """Tell the steps as they come on record; report each new day to `progress`."""
    begins, day = demo.first_midnight, timedelta(days=1)
    done = 0
    for one in told(Random(demo.seed), _steps(demo), founded=FOUNDED, until=demo.ends_at):
        if progress is not None and one.recorded_at >= begins + (done + 1) * day:
            done = (one.recorded_at - begins) // day
            progress(done, demo.days)
        yield one
    if progress is not None:
        progress(demo.days, demo.days)


def _recorded(step: SimulatedStep, story: UUID) -> list[Recorded]:
    asked = ask(
        step.stream,
        step.command,
        by=step.by,
        now=step.occurred_at,
        command_id=step.command_id,
        device=SIMULATION,
        correlation=story,
    )
    events = list(step.events)
    return envelop(asked, step.version - 1, events, late_reason=step.late_reason)


def _append(
    connection: psycopg.Connection[Any], commands: Iterable[list[Recorded]], *, again: bool
) -> None:
    """The next slice is simulated while the database takes in the one before."""
    mapper = LedgerMapper()

    def append(events: list[Recorded]) -> None:
        if again:
            ids = {one.command_id for one in events}
            known = known_commands(connection, ids)
            events = [one for one in events if one.command_id not in known]
        if events:
            append_slice(connection, events, mapper)

    waiting: list[Future[None]] = []
    with ThreadPoolExecutor(max_workers=1) as writer:
        for events in slices(commands, EVENTS_PER_SLICE):
            waiting.append(writer.submit(append, events))
            if len(waiting) > SLICES_WAITING_MAX:
                waiting.pop(0).result()
        for one in waiting:
            one.result()


@contextmanager
def _collecting_nothing() -> Iterator[None]:
    """Thousands of lives wait at the same time, and none of them is garbage: looking for cycles
    among them takes as long as the simulation itself."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def city_in(connection: psycopg.Connection[Any], demo: Demo | None) -> City:
    founded = demo.first_midnight if demo else datetime.max.replace(tzinfo=ZoneInfo("UTC"))
    kinds: dict[str, int] = dict(connection.execute(POINTS).fetchall())
    with connection.cursor(row_factory=dict_row) as cursor:
        counts = cursor.execute(COUNTS, {"founded": founded}).fetchone()
    assert counts is not None
    points = {kind: kinds.get(kind, 0) for kind in ("center", "station", "room", "featured")}
    return City(points=points, **counts)


# --- who may look at it

WHO: Final = (
    Actor(account="demo-administrator", role="administrator", unit="4401"),
    Actor(account="demo-supervisor", role="supervisor", unit="4401"),
    Actor(account="demo-officer", role="duty_officer", unit="S0001"),
    Actor(account="demo-auditor", role="auditor", unit="4401"),
)


def make_tokens(home: Path) -> None:
    """Write `tokens.toml`, one random bearer token for each of them, readable by the owner only;
    nothing if the file is there."""
    home.mkdir(parents=True, exist_ok=True)
    with suppress(FileExistsError):
        file = os.open(home / "tokens.toml", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(file, "w") as out:
            out.writelines(
                f'"{secrets.token_urlsafe(24)}" = {{ account = "{who.account}",'
                f' role = "{who.role}", unit = "{who.unit}" }}\n'
                for who in WHO
            )
