"""Lists, searches and reports within a scope, with row-level security behind it and without."""

import random
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from domain.jurisdiction import Reach
from ledger.log.store import Ledger
from projections.asking.asking import PeriodAsked, Query, fetch
from projections.asking.scope import BECOME_READER, Scope, ThreadReader, scope_of
from projections.requests import requests, response_times, satisfaction, workload
from projections.running.rebuild import rebuild
from projections.running.runner import Runner
from tests.bench.city_log import CityLog
from tests.bench.figures import Result, Sizes, percentile, rounded, runs_of
from tests.bench.machine import Meter, note

MORE_AT_MOST: Final = 1.15
REPORTS: Final = (workload, response_times, satisfaction)
WORDS: Final = ("房屋", "工资", "138")
PLACES: Final = """
    SELECT point, division FROM views.journal
     WHERE kind = 'request.logged' ORDER BY md5(position::text) LIMIT %s
"""
DAYS: Final = "SELECT max(day) AS last, max(position) AS position FROM views.journal"


def measure(log: CityLog, sizes: Sizes) -> Result:
    """Every question is asked in turn with the second net and without it, the first always on."""
    url = log.server.urls.app
    note("scoped: bringing the views up to the log")
    rebuild(url, compare=False)
    Runner(url).catch_up()
    meter = Meter(log.server)
    taken: dict[str, tuple[list[float], list[float]]] = {}
    with ThreadReader.connect(url, autocommit=True) as connection, Ledger(url) as ledger:
        connection.execute("VACUUM (ANALYZE) views.journal, views.requests")
        registers = ledger.registers()
        places = connection.execute(PLACES, [sizes.draws]).fetchall()
        row = connection.execute(DAYS).fetchone()
        assert row is not None
        for number, (point, division) in enumerate(places):
            if number % 20 == 0:
                note(f"scoped: draw {number} of {len(places)}")
            for whose, reach in _reaches(point, division, log.head):
                connection.scope = scope_of(reach, registers)
                for what, query in _questions(number, *row):
                    with meter.running():
                        times = _ask(connection, query, second=number % 2 == 0)
                        again = _ask(connection, query, second=number % 2 == 1)
                    both = taken.setdefault(f"{what}, {whose}", ([], []))
                    both[number % 2].append(times)
                    both[1 - number % 2].append(again)
    return _result(log, meter, taken)


def _reaches(point: str, division: str, head: int) -> Iterator[tuple[str, Reach]]:
    yield "point", Reach(around=division, units=(point,), account=f"u-{head}")
    for whose, digits in (("town", 9), ("district", 6), ("city", 4)):
        yield whose, Reach(prefixes=(division[:digits],), units=(division[:digits],))


def _questions(number: int, last: Any, position: int) -> Iterator[tuple[str, Query[Any]]]:
    now = datetime.combine(last, datetime.min.time(), UTC)
    for what, filters in (
        ("newest", requests.RequestFilters()),
        ("due", requests.RequestFilters(order="due")),
        ("search", requests.RequestFilters(text=WORDS[number % len(WORDS)])),
    ):
        yield what, requests.page(filters, position=position, now=now, limit=51, head=True)
    asked = PeriodAsked(
        position=position,
        now=now,
        by=random.Random(number).choice(("point", "service", "town")),
        from_=last - timedelta(days=90),
        to=last,
    )
    for report in REPORTS:
        yield report.NAME, report.report(asked)


def _ask(connection: ThreadReader, query: Query[Any], *, second: bool) -> float:
    """Milliseconds from the question to the last row, with what a transaction of the API does."""
    scope = connection.scope
    assert isinstance(scope, Scope)
    started = time.perf_counter()
    with connection.transaction():
        if second:
            connection.execute(BECOME_READER, [*scope.settings(), *scope.plans()])
        fetch(connection, query)
    return (time.perf_counter() - started) * 1000


def _result(
    log: CityLog, meter: Meter, taken: dict[str, tuple[list[float], list[float]]]
) -> Result:
    p95 = {
        what: (rounded(percentile(on, 0.95)), rounded(percentile(off, 0.95)))
        for what, (on, off) in taken.items()
    }
    ratios = {what: rounded(on / off) for what, (on, off) in p95.items()}
    worst = max(ratios, key=lambda what: ratios[what])
    ours, against = p95[worst]
    return Result(
        what=f"lists, searches and reports within a scope, {log.head:,} events",
        unit="ms",
        ours=ours,
        against=against,
        against_what=f"the same without row-level security; both are p95 of {worst}",
        ratio=rounded(ours / against),
        target=f"p95 of every question at most {MORE_AT_MOST} of that without",
        met=max(ratios.values()) <= MORE_AT_MOST,
        bounded_by="rows that are looked at and not shown",
        runs={
            name: runs_of(taken[what][side])
            for what in taken
            for side, name in ((0, f"{what}: both nets"), (1, f"{what}: the first"))
        },
        foreign_cores=runs_of(meter.foreign),
        details={"ratio": ratios, "p95_ms": {what: on for what, (on, _) in p95.items()}},
    )
