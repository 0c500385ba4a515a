"""Scores of many advisers or points by several processes, as `domain.scoring.computation` makes
them by one.

Three steps with facts handed over between them: streams become facts, shard by shard; what advisers
owed becomes facts, village by village; each subject is scored."""

import logging
import multiprocessing
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from typing import Any, Final, TypeVar
from zlib import crc32

import msgspec
import psycopg
from msgspec import Struct

from domain.scoring.basis import Rules
from domain.scoring.computation import Computed, Task, by_subject, computed, run
from domain.scoring.facts import completed, facts_in_order
from domain.scoring.shapes import Fact, FactFields, Plain
from ledger.verify.stretch import prepare_worker
from projections.evaluation import dossier

log = logging.getLogger(__name__)

VILLAGE: Final = {"appointment": "village", "visit": "village", "inspection": "division"}
"""Kinds of facts that `completed` looks at, with the field that names the village."""
T = TypeVar("T")
Packed = list[bytes]
"""Facts, by the part that they go to."""
Progress = Callable[[int, int], None]


class Ran(Struct, frozen=True):
    """`run` is `domain.evaluation.determination.Run` in plain data; `trees`: canonical JSON, by
    subject."""

    run: Plain
    trees: dict[str, bytes]
    passed_over: set[int]


def of_all(
    url: str, task: Task, rules: Rules, workers: int, progress: Progress | None = None
) -> Ran:
    """The run of all the task's subjects over the whole log. `progress`: parts done, parts."""
    done, parts = 0, 3 * workers

    def results(jobs: Iterable[Future[T]]) -> Iterator[T]:
        nonlocal done
        for job in jobs:
            yield job.result()
            done += 1
            if progress is not None:
                progress(done, parts)

    numbers = range(workers)
    with _pool(workers) as pool:
        jobs = [pool.submit(facts_of_shard, url, task, rules, n, workers) for n in numbers]
        shards = list(results(jobs))
        villages, own = _dealt(shards, workers)
        owed = [pool.submit(facts_of_villages, task, rules, villages[n], workers) for n in numbers]
        for packed in results(owed):
            for n, some in enumerate(packed):
                own[n].append(some)
        scoring = [pool.submit(scored, _part(task, n, workers), own[n]) for n in numbers]
        found = [one for some in results(scoring) for one in some]
    passed_over = {position for _, _, some in shards for position in some}
    trees = {one.result["subject"]: one.tree for one in found}
    return Ran(run(task, found), trees, passed_over)


@contextmanager
def _pool(workers: int) -> Iterator[ProcessPoolExecutor]:
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=spawn, initializer=prepare_worker) as pool:
        try:
            yield pool
        finally:
            pool.shutdown(cancel_futures=True)


def _dealt(
    found: Sequence[tuple[Packed, Packed, list[int]]], workers: int
) -> tuple[list[Packed], list[Packed]]:
    """Deal out the parts of every shard, by village and by subject."""
    return (
        [[villages[n] for villages, _, _ in found] for n in range(workers)],
        [[own[n] for _, own, _ in found] for n in range(workers)],
    )


# --- in a process of its own


def facts_of_shard(
    url: str, task: Task, rules: Rules, number: int, of: int
) -> tuple[Packed, Packed, list[int]]:
    """Compute the facts of one of `of` shards of the log, and what was passed over.

    Facts of villages come whole, by village; the others by subject, reduced to what is looked at.
    They go to as many parts.
    """
    try:
        return _facts_of_shard(url, task, rules, number, of, None)
    except psycopg.Error:
        raise
    except Exception as error:
        # Reading each event as what it claims to be takes longer: done where one is not.
        log.warning("an event cannot be made a fact of (%s): reading again", type(error).__name__)
        return _facts_of_shard(url, task, rules, number, of, dossier.Readable())


def _facts_of_shard(
    url: str, task: Task, rules: Rules, number: int, of: int, readable: dossier.Readable | None
) -> tuple[Packed, Packed, list[int]]:
    villages: list[list[Fact]] = [[] for _ in range(of)]

    def others(facts: Iterable[Fact]) -> Iterator[Fact]:
        for fact in facts:
            fields: FactFields = fact
            if fact["fact"] in VILLAGE:
                villages[_part_of(fields[VILLAGE[fact["fact"]]], of)].append(fact)
            else:
                yield fact

    with psycopg.connect(url, autocommit=True) as connection:
        since = dossier.since_of(connection, rules.first, task.cut_off)
        entries = dossier.shard(
            connection,
            upto=task.cut_off,
            number=number,
            of=of,
            kinds=rules.kinds,
            since=since,
            readable=readable,
        )
        own = _packed(others(facts_in_order(entries, rules, since)), task, of)
    passed_over = sorted(readable.passed_over) if readable else []
    return [_pack(some) for some in villages], own, passed_over


def facts_of_villages(task: Task, rules: Rules, some: Packed, of: int) -> Packed:
    return _packed(completed(_unpacked(some), rules), task, of)


def scored(task: Task, some: Packed) -> list[Computed]:
    """Score every subject of the task."""
    own: dict[str, list[Fact]] = {one["code"]: [] for one in task.subjects}
    for packed in some:
        for code, facts in msgspec.msgpack.decode(packed, type=dict[str, list[Any]]).items():
            own[code] += facts
    return [computed(task, one, own.pop(one["code"])) for one in task.subjects]


def _part(task: Task, number: int, of: int) -> Task:
    """The task for the subjects of one part."""
    some = tuple(one for one in task.subjects if _part_of(one["code"], of) == number)
    codes = {one["code"] for one in some}
    human = {code: sheet for code, sheet in task.human.items() if code in codes}
    return task._replace(subjects=some, human=human)


def _packed(facts: Iterable[Fact], task: Task, of: int) -> Packed:
    """Encode the facts looked at of each subject, by part."""
    parts: list[dict[str, Any]] = [{} for _ in range(of)]
    for code, own in by_subject(facts, task).items():
        if own:
            parts[_part_of(code, of)][code] = own
    return [_pack(part) for part in parts]


def _part_of(code: str, of: int) -> int:
    return crc32(code.encode()) % of


_pack: Final = msgspec.msgpack.Encoder().encode


def _unpacked(some: Packed) -> Iterator[Fact]:
    for packed in some:
        yield from msgspec.msgpack.decode(packed, type=list[Any])
