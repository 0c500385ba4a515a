"""Rebuilding: the same view again, from the log alone, while the old one serves."""

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from random import Random
from threading import Event as Signal
from typing import Any, Final
from uuid import UUID

import psycopg
import pytest
from msgspec.structs import replace

from domain.requests.rating import RatingGiven
from domain.requests.request import NoteAdded
from domain.vocabulary import Event, sibling_id
from ledger.log.codec import LedgerMapper
from projections.all_views import STORED
from projections.asking.asking import fetch
from projections.requests import journal, workload
from projections.running import rebuild as rebuilding
from projections.running.rebuild import REBUILDS, RebuildRefused, build_shard, rebuild
from projections.running.runner import Following, Runner, Tracked, VersionChanged, read
from tests.examples import ANSWERED, CONSULTED, INVITED, LOGGED
from tests.projections.running.test_runner import TIMELESS, crowd
from tests.projections.viewing import (
    ALL_EQUAL,
    Given,
    Happening,
    Viewing,
    happened,
    logged,
    running,
)

START: Final = """
import sys
from projections.running.rebuild import rebuild

if __name__ == "__main__":
    rebuild(sys.argv[1], progress=lambda *done: print(*done, flush=True))
"""


def scattered(size: int, seed: int = 1) -> list[UUID]:
    """Ids of requests, whose last bytes are chance."""
    draw = Random(seed)
    return [UUID(int=draw.getrandbits(128), version=4) for _ in range(size)]


def told(request: UUID) -> list[Happening]:
    """A request that was answered and rated."""
    return [
        logged(of=request),
        happened(CONSULTED, of=request),
        happened(ANSWERED, of=request),
        happened(replace(INVITED, request=request), of=request),
        happened(RatingGiven(request=request, grade=5), of=request),
    ]


def crowded(viewing: Viewing, size: int, seed: int = 1) -> Viewing:
    """The log with so many requests of all shards, mixed with one another."""
    stories = [told(request) for request in scattered(size, seed)]
    viewing.append(*(one for chapter in zip(*stories, strict=True) for one in chapter), size=500)
    return viewing


def equal(url: str, *names: str, workers: int = 0) -> list[bool | None]:
    """Whether each rebuilt view is what served before."""
    return [rebuilt.equal for rebuilt in rebuild(url, names, workers=workers)]


# --- the same again


def test_a_rebuilt_view_is_the_followed_one_row_for_row(viewing: Viewing) -> None:
    crowded(viewing, 60).catch_up()
    before = viewing.contents()
    results = rebuild(viewing.url, workers=2)
    assert [(one.name, one.position, one.events, one.equal) for one in results] == [
        (view.NAME, viewing.head, viewing.head, True) for view in STORED
    ]
    assert viewing.contents() == before
    viewing.given(happened(LOGGED))
    assert viewing.one().status == "open"


def test_views_nobody_followed_are_built_from_nothing(viewing: Viewing) -> None:
    crowded(viewing, 10)
    results = rebuild(viewing.url, workers=0)
    assert [(one.position, one.equal) for one in results] == [(viewing.head, None)] * len(STORED)
    built = viewing.contents()
    viewing.connection.execute("UPDATE views.journal SET status = 'voided'")
    viewing.catch_up()
    assert equal(viewing.url) == [False, *ALL_EQUAL[1:]]
    assert viewing.contents() == built


def test_an_empty_log_is_rebuilt_to_empty_views(viewing: Viewing) -> None:
    viewing.catch_up()
    assert equal(viewing.url) == ALL_EQUAL


def test_one_view_is_rebuilt_without_the_other(given: Given) -> None:
    seen = given(*crowd(2))
    assert [one.name for one in rebuild(seen.url, ["requests"], workers=0)] == ["requests"]


def test_all_requests_may_lie_in_one_shard(viewing: Viewing) -> None:
    same = [UUID(int=n << 8 | 3) for n in range(1, 30)]
    viewing.append(*(one for request in same for one in told(request)), size=50)
    viewing.catch_up()
    assert equal(viewing.url) == ALL_EQUAL


def test_shards_may_be_uneven(viewing: Viewing) -> None:
    ids = [
        UUID(int=n << 8 | shard) for shard in range(journal.SHARDS) for n in range(shard * shard)
    ]
    viewing.append(*(one for request in ids for one in told(request)), size=500)
    viewing.catch_up()
    assert equal(viewing.url) == ALL_EQUAL


def test_a_rating_lies_in_the_shard_of_its_request(viewing: Viewing) -> None:
    requests = scattered(40)
    assert all(sibling_id(one, "rating").bytes[15] == one.bytes[15] for one in requests)
    viewing.append(*(one for request in requests for one in told(request)), size=500)
    rebuild(viewing.url, workers=0)
    assert [row.grade_explicit for row in viewing.listed()] == [5] * 40


# --- while others work


def test_the_log_goes_on_while_a_view_is_rebuilt(viewing: Viewing) -> None:
    crowded(viewing, 60).catch_up()
    with running(viewing.url), ThreadPoolExecutor() as pool:
        work = pool.submit(equal, viewing.url, workers=1)
        seed = 2
        while not work.done() and seed < 60:
            crowded(viewing, 5, seed)
            seed += 1
        assert work.result() == ALL_EQUAL
    viewing.catch_up()
    assert equal(viewing.url) == ALL_EQUAL
    assert len(viewing.listed(limit=10_000)) == 60 + 5 * (seed - 2)


def test_readers_see_the_old_or_the_new_and_never_neither(viewing: Viewing) -> None:
    crowded(viewing, 40).catch_up()
    asked = viewing.asked()
    expected = fetch(viewing.connection, workload.report(asked))
    over = Signal()

    def look() -> Iterator[Any]:
        with psycopg.connect(viewing.url, autocommit=True) as connection:
            while not over.is_set():
                yield fetch(connection, workload.report(asked))
                yield fetch(connection, workload.report(asked))

    with ThreadPoolExecutor() as pool:
        seen = pool.submit(lambda: [*look()])
        try:
            assert [equal(viewing.url, "journal") for _ in range(4)] == [[True]] * 4
        finally:
            over.set()
        answers = seen.result()
    assert len(answers) > 4
    assert all(answer == expected for answer in answers)


def test_a_runner_goes_on_where_the_rebuilt_view_stands(given: Given) -> None:
    seen = given(*crowd(2))
    with Tracked(seen.url) as tracking:
        follower = Following(journal, tracking)
        seen.append(*crowd(4)[6:], size=9)
        events = read(seen.connection, LedgerMapper(), follower.position)
        rebuild(seen.url, ["journal"], workers=0)
        follower.take(seen.connection, events)
        assert follower.position == seen.head
    seen.catch_up()
    assert equal(seen.url) == ALL_EQUAL


# --- another version


def test_a_new_version_takes_the_place_of_the_old(
    given: Given, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = given(*crowd(3))
    monkeypatch.setattr(journal, "VERSION", 7)
    monkeypatch.setattr(journal, "TABLES", journal.TABLES.replace("unit text", "unit varchar(90)"))
    (rebuilt,) = rebuild(seen.url, ["journal"], workers=0)
    assert (rebuilt.version, rebuilt.equal, rebuilt.position) == (7, None, seen.head)
    kinds = seen.connection.execute(
        "SELECT data_type FROM information_schema.columns"
        " WHERE table_name = 'journal' AND column_name = 'unit'"
    ).fetchall()
    assert kinds == [("character varying",)]
    assert seen.connection.execute("SELECT count(*) FROM views.rebuilds").fetchone() == (0,)
    seen.given(happened(LOGGED))


def _interrupted(*_: object) -> None:
    raise KeyboardInterrupt


def test_a_rebuild_of_an_older_version_is_not_taken_up(
    given: Given, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = given(*crowd(3))
    with monkeypatch.context() as killed:
        killed.setattr(rebuilding, "_index", _interrupted)
        with pytest.raises(KeyboardInterrupt):
            rebuild(seen.url, ["journal"], workers=0)
    monkeypatch.setattr(journal, "VERSION", journal.VERSION + 1)
    done: list[int] = []
    rebuild(seen.url, ["journal"], workers=0, progress=lambda _, at, __: done.append(at))
    assert done == [*range(1, journal.SHARDS + 1)]


def test_a_rebuild_into_tables_that_are_defined_otherwise_is_not_taken_up(
    given: Given, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Though nobody raised the version."""
    seen = given(*crowd(3))
    with monkeypatch.context() as before:
        narrower = journal.TABLES.replace(", grade_excluded boolean", "")
        before.setattr(journal, "TABLES", narrower)
        with pytest.raises(psycopg.errors.UndefinedColumn):
            rebuild(seen.url, ["journal"], workers=0)
    assert equal(seen.url, "journal") == [True]


def test_an_index_that_was_added_is_there_after_the_rebuild_that_is_asked_for(
    given: Given, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = given(*crowd(2))
    added = "CREATE INDEX journal_added ON journal (unit)"
    monkeypatch.setattr(journal, "INDEXES", (*journal.INDEXES, added))
    with pytest.raises(VersionChanged, match="journal"):
        Runner(seen.url).catch_up()
    assert equal(seen.url, "journal") == [None]
    assert seen.connection.execute("SELECT to_regclass('views.journal_added')").fetchone() != (
        None,
    )
    seen.given(happened(LOGGED))
    assert equal(seen.url, "journal") == [True]


def test_tables_of_before_their_definition_was_kept_are_built_anew(given: Given) -> None:
    seen = given(*crowd(2))
    seen.connection.execute("DROP TABLE views.definitions")
    with pytest.raises(VersionChanged, match=", ".join(view.NAME for view in STORED)):
        Runner(seen.url).catch_up()
    rebuild(seen.url, workers=0)
    seen.given(happened(LOGGED))


# --- faults


@pytest.mark.parametrize("workers", [0, 1])
def test_f2_an_event_the_view_cannot_take_is_a_fault_of_its_rebuild_too(
    given: Given, workers: int
) -> None:
    seen = given(happened(LOGGED), happened(TIMELESS), *crowd(3), size=99)
    before, faults = seen.contents(), seen.faults()
    (one,) = rebuild(seen.url, ["journal"], workers=workers)
    assert one.equal
    assert seen.contents() == before
    assert seen.faults() == faults
    assert [view for view, *_ in faults] == ["journal", "promises"]


def test_a_fault_is_settled_by_a_rebuild_that_can_take_the_event(
    given: Given, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError

    noted: type[Event] = NoteAdded
    monkeypatch.setitem(journal.HANDLERS, noted, fail)
    seen = given(happened(LOGGED), happened(NoteAdded(text="补充")), *crowd(3), size=99)
    assert seen.one().suspect
    monkeypatch.delitem(journal.HANDLERS, noted)
    assert equal(seen.url) == [False, *ALL_EQUAL[1:]]
    assert seen.faults() == []
    assert not seen.one().suspect


def test_a_fault_after_the_rebuild_began_is_kept(
    viewing: Viewing, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is met while the new tables are brought up to the present."""
    viewing.given(happened(LOGGED))

    def fail(*_: object) -> None:
        raise ZeroDivisionError

    noted: type[Event] = NoteAdded
    monkeypatch.setitem(journal.HANDLERS, noted, fail)

    def append(*_: object) -> None:
        if len(viewing.versions) == 2:
            viewing.append(happened(NoteAdded(text="补充")), logged(of=UUID(int=1)))
            Runner(viewing.url).catch_up()

    rebuild(viewing.url, ["journal"], workers=0, progress=append)
    assert [(view, at) for view, at, _, _ in viewing.faults()] == [("journal", 3)]
    assert viewing.status()["journal"].position == 4


# --- killed


def test_a_killed_rebuild_goes_on_with_what_is_missing(viewing: Viewing) -> None:
    crowded(viewing, 700).catch_up()
    before, draw = viewing.contents(), Random(5)
    for lines in (1, 0, 3, 2):
        command = [sys.executable, "-c", START, viewing.url]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            for _ in range(lines):
                process.stdout.readline()
            try:
                process.wait(draw.uniform(0, 0.4))
            except subprocess.TimeoutExpired:
                process.kill()
        assert viewing.contents() == before
    redone: list[tuple[str, int]] = []
    missing = shards_missing(viewing)
    results = rebuild(
        viewing.url, workers=1, progress=lambda name, at, _: redone.append((name, at))
    )
    assert [one.equal for one in results] == ALL_EQUAL
    assert viewing.contents() == before
    for view in STORED:
        assert [at for done, at in redone if done == view.NAME] == [
            *range(view.SHARDS - missing[view.NAME] + 1, view.SHARDS + 1)
        ]
    viewing.given(*told(UUID(int=9)))


def shards_missing(viewing: Viewing) -> dict[str, int]:
    """How many shards a rebuild begun now has to do, by view; all, where none was begun."""
    found = viewing.connection.execute(
        "SELECT name, count(*) FILTER (WHERE NOT done) FROM views.rebuilds GROUP BY name"
    ).fetchall()
    return {view.NAME: view.SHARDS for view in STORED} | dict(found)


def test_the_workers_of_a_killed_rebuild_end_with_it(viewing: Viewing) -> None:
    crowded(viewing, 10)
    command = [sys.executable, "-c", START, viewing.url]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline()
        process.kill()
        # The workers hold the other end as well: it closes when the last of them is gone.
        process.stdout.read()


def test_a_shard_that_is_done_is_not_done_twice(
    viewing: Viewing, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As by a worker that outlived its killed rebuild."""
    crowded(viewing, 20).catch_up()

    def build_twice(url: str, name: str, target: int, shard: int) -> None:
        build_shard(url, name, target, shard)
        build_shard(url, name, target, shard)

    monkeypatch.setattr("projections.running.rebuild.build_shard", build_twice)
    assert equal(viewing.url) == ALL_EQUAL


# --- refused


def test_one_view_is_rebuilt_by_one_process_at_a_time(given: Given) -> None:
    seen = given(*crowd(1))
    with psycopg.connect(seen.url, autocommit=True) as other:
        other.execute("SELECT pg_advisory_lock(%s, 0)", [REBUILDS])
        with pytest.raises(RebuildRefused, match="another process"):
            rebuild(seen.url, ["journal"], workers=0)
        assert equal(seen.url, "requests") == [True]


def test_only_a_stored_view_can_be_rebuilt(given: Given) -> None:
    with pytest.raises(RebuildRefused, match="workload"):
        rebuild(given().url, ["workload"])
