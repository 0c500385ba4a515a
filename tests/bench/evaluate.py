"""Every adviser of a city over a year, scored with his tree; and one of them explained."""

import time
from datetime import UTC, datetime
from typing import Any, Final

import msgspec
import psycopg

from domain.evaluation.evaluation import evaluation_stream
from domain.evaluation.ruleset_content import plain
from domain.scoring.basis import published
from domain.scoring.computation import Task
from ledger.founding.shipped import shipped_rulesets
from projections.evaluation import dossier, scores
from projections.evaluation.known import known_upto, population, subjects_of
from projections.evaluation.run import evaluated_few
from projections.running.rebuild import rebuild
from projections.running.runner import Runner
from tests.bench.city_log import FIRST_DAY, CityLog
from tests.bench.figures import Result, Sizes, percentile, rounded, runs_of
from tests.bench.machine import Meter, note

SECONDS: Final = 20
EXPLAIN_MS: Final = 300
WORKERS: Final = 2
EXPLAINED: Final = 20
DIVISION: Final = "4401"


def measure(log: CityLog, sizes: Sizes) -> Result:
    """The floor is one process that reads and decodes the same entries and does nothing else."""
    url = log.server.urls.app
    with psycopg.connect(url, autocommit=True) as connection:
        task, rules = _asked(connection, log.head)
    meter = Meter(log.server)
    ours: list[float] = []
    floor: list[float] = []
    digests: set[str] = set()
    for number in range(1, sizes.rebuild_rounds + 1):
        note(f"evaluate: round {number} of {sizes.rebuild_rounds}")
        with meter.running():
            started = time.perf_counter()
            ran = scores.of_all(url, task, rules, WORKERS)
            ours.append(time.perf_counter() - started)
        digests.add(ran.run["inputs"])
        with meter.running():
            floor.append(_read(url, log.head))
    assert len(digests) == 1
    explained = _explained(url, task, rules, ran.trees)
    return _result(log, meter, ours, floor, explained, task)


def _asked(connection: psycopg.Connection[Any], head: int) -> tuple[Task, Any]:
    """The year in which the simulation begins, by the shipped rules for advisers."""
    period = f"{FIRST_DAY:%Y}"
    used = next(one.ruleset for one in shipped_rulesets() if one.ruleset.subject == "adviser")
    stream = evaluation_stream(f"{used.code}@{used.version}", DIVISION, period)
    known = known_upto(connection, stream, head, datetime.now(UTC))
    codes = population(connection, "adviser", DIVISION, period, head)
    calendars = published(known.publications)["calendars"]
    task = Task(
        ruleset=plain(used),
        division=DIVISION,
        period=period,
        calendar=[ref for ref in calendars if ref.startswith("gz-office@")][-1],
        cut_off=head,
        subjects=subjects_of(connection, "adviser", codes, period, head),
    )
    return task, known.rules(task)


def _read(url: str, head: int) -> float:
    started = time.perf_counter()
    with psycopg.connect(url, autocommit=True) as connection:
        for _ in dossier.shard(connection, upto=head):
            pass
    return time.perf_counter() - started


def _explained(url: str, task: Task, rules: Any, trees: dict[str, bytes]) -> list[float]:
    """Milliseconds for some of them, one by one; every tree must be the one of the run."""
    rebuild(url, compare=False)
    Runner(url).catch_up()
    taken = []
    step = max(1, len(task.subjects) // EXPLAINED)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("ANALYZE views.journal")
        for one in task.subjects[::step]:
            started = time.perf_counter()
            done = evaluated_few(connection, task._replace(subjects=(one,)), rules)
            msgspec.json.decode(done.trees[one["code"]])
            taken.append((time.perf_counter() - started) * 1000)
            assert done.trees[one["code"]] == trees[one["code"]], one
    return taken


def _result(
    log: CityLog,
    meter: Meter,
    ours: list[float],
    floor: list[float],
    explained: list[float],
    task: Task,
) -> Result:
    mine, theirs = runs_of(ours), runs_of(floor)
    slowest = rounded(percentile(explained, 0.95))
    return Result(
        what=f"{len(task.subjects):,} advisers over a year of {log.head:,} events, with trees",
        unit="s",
        ours=mine.median,
        against=theirs.median,
        against_what="one process reading and decoding the same entries",
        ratio=rounded(mine.median / theirs.median),
        target=f"at most {SECONDS} s; explaining one at most {EXPLAIN_MS} ms (p95)",
        met=mine.median <= SECONDS and slowest <= EXPLAIN_MS,
        bounded_by="Python in both processes: entries to facts, then exact fractions",
        runs={"scoring": mine, "reading": theirs},
        foreign_cores=runs_of(meter.foreign),
        details={
            "subjects": len(task.subjects),
            "events": log.head,
            "workers": WORKERS,
            "explain_ms": runs_of(explained),
            "explain_p95_ms": slowest,
        },
    )
