"""Any quarter's report as known at any position of a long log, beside counting the same rows."""

import random
import time
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final, get_args

import psycopg
from msgspec import Struct
from psycopg.rows import dict_row

from projections.asking.asking import By, PeriodAsked, fetch, standing_in
from projections.requests import response_times, satisfaction, workload
from projections.running.basis import basis_query
from projections.running.rebuild import rebuild
from projections.running.runner import Runner
from tests.bench.city_log import CityLog
from tests.bench.figures import Result, Sizes, percentile, rounded, runs_of
from tests.bench.machine import Meter, note

P95_MS: Final = 300
REPORTS: Final = (workload, response_times, satisfaction)
SPAN: Final = """
    SELECT min(day) AS first_day, max(day) AS last_day,
           min(recorded_at) AS first_recorded, max(recorded_at) AS last_recorded
      FROM views.journal WHERE request IS NOT NULL
"""
FIRST_OF: Final = "SELECT coalesce(min(position), 1) FROM views.journal WHERE day = %s"


class Draw(Struct, frozen=True):
    """One question: a quarter, a grouping, a state of knowledge later than the quarter's begin,
    and an instant to look up, as the way of the question begins with that."""

    asked: PeriodAsked
    instant: datetime


def measure(log: CityLog, sizes: Sizes) -> Result:
    """Each draw asks the three reports and their floor in turn."""
    url = log.server.urls.app
    note("as-known: bringing the views up to the log")
    rebuild(url, compare=False)
    Runner(url).catch_up()
    meter = Meter(log.server)
    ours: dict[str, list[float]] = {report.NAME: [] for report in REPORTS}
    floor: list[float] = []
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM (ANALYZE) views.journal")
        draws = _draws(connection, sizes.draws, log.head)
        for number, draw in enumerate(draws):
            if number % 20 == 0:
                note(f"as-known: draw {number} of {len(draws)}")
            with meter.running():
                for report in REPORTS:
                    ours[report.NAME].append(_ask(connection, report, draw))
                floor.append(_count(connection, draw))
    return _result(log, meter, ours, floor)


def _result(log: CityLog, meter: Meter, ours: dict[str, list[float]], floor: list[float]) -> Result:
    p95 = {name: rounded(percentile(taken, 0.95)) for name, taken in ours.items()}
    slowest, counted = max(p95.values()), rounded(percentile(floor, 0.95))
    return Result(
        what=f"a quarter's report as known at any position of {log.head:,} events",
        unit="ms",
        ours=slowest,
        against=counted,
        against_what="count(*) of the same rows; both are p95, ours of the slowest report",
        ratio=rounded(slowest / counted),
        target=f"p95 of every report at most {P95_MS} ms",
        met=slowest <= P95_MS,
        bounded_by="reading the quarter's rows from memory, then sorting for percentiles",
        runs={name: runs_of(taken) for name, taken in {**ours, "count(*)": floor}.items()},
        foreign_cores=runs_of(meter.foreign),
        details={"p95_ms": p95, "p95_ms_count": counted, "events": log.head},
    )


def _draws(connection: psycopg.Connection[Any], number: int, head: int) -> list[Draw]:
    draw = random.Random(1)
    with connection.cursor(row_factory=dict_row) as cursor:
        span = cursor.execute(SPAN).fetchone()
    assert span is not None
    starts = list(_quarters(span["first_day"], span["last_day"]))
    positions = {start: _first_position(connection, start) for start in starts}
    recorded: timedelta = span["last_recorded"] - span["first_recorded"]
    return [
        Draw(
            PeriodAsked(
                position=draw.randint(positions[start], head),
                now=datetime.combine(_next(start), datetime.min.time(), UTC),
                by=draw.choice(get_args(By)),
                from_=start,
                to=_next(start),
            ),
            span["first_recorded"] + draw.random() * recorded,
        )
        for start in draw.choices(starts, k=number)
    ]


def _quarters(first: date, last: date) -> list[date]:
    """First days of the quarters that begin within the span."""
    start, found = date(first.year, (first.month - 1) // 3 * 3 + 1, 1), []
    while start <= last:
        found.append(start)
        start = _next(start)
    return found


def _next(start: date) -> date:
    return date(start.year + (start.month == 10), (start.month + 2) % 12 + 1, 1)


def _first_position(connection: psycopg.Connection[Any], day: date) -> int:
    row = connection.execute(FIRST_OF, [day]).fetchone()
    assert row is not None
    return int(row[0])


def _ask(connection: psycopg.Connection[Any], report: Any, draw: Draw) -> float:
    """Milliseconds from the question to the last row as the API has it."""
    started = time.perf_counter()
    fetch(connection, basis_query(draw.instant))
    fetch(connection, report.report(draw.asked))
    return (time.perf_counter() - started) * 1000


def _count(connection: psycopg.Connection[Any], draw: Draw) -> float:
    sql = f"SELECT count(*) FROM views.journal WHERE {standing_in(draw.asked)}"  # noqa: S608
    started = time.perf_counter()
    connection.execute(sql.encode(), draw.asked.parameters()).fetchone()
    return (time.perf_counter() - started) * 1000
