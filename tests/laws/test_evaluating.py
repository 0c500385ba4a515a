"""Laws of evaluations: the same log, rules and human scores give one digest, however and wherever
it is computed."""

from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any, Final

import msgspec
import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from domain.canonical import canonical
from domain.evaluation.determination import Run, digest_of
from domain.reporting.report import canonical as domain_canonical
from domain.scoring import computation
from domain.scoring.computation import run_digest, run_of
from domain.scoring.facts import completed, facts_of
from domain.scoring.scoring import by_subject, score
from ledger.schema import migrate
from ledger.server.embedded import Cluster
from projections.evaluation import dossier
from projections.evaluation.known import NobodyToEvaluate
from projections.evaluation.run import (
    Prepared,
    RunAsked,
    evaluated,
    evaluated_few,
    prepared,
)
from projections.running.rebuild import rebuild
from projections.running.runner import Runner
from tests.databases import own_database
from tests.evaluating import BY_ADVISER, BY_POINT, Town, a_town
from tests.examples import local
from tests.laws.test_views import law

ASKED: Final = (BY_ADVISER, replace(BY_POINT, ruleset="point-year@3"))
"""An old version, and one that goes by when it was on record and counts linked matters once."""
NewCluster = Callable[..., Cluster]


def digest_in_one(town: Town, asked: RunAsked, shuffle: Random | None = None) -> str:
    """By one process, from all entries."""
    with town.connect() as connection:
        found = prepared(connection, asked)
        entries = list(dossier.shard(connection, upto=found.task.cut_off))
    if shuffle is not None:
        shuffle.shuffle(entries)
        subjects = tuple(shuffle.sample(found.task.subjects, len(found.task.subjects)))
        found = msgspec.structs.replace(found, task=found.task._replace(subjects=subjects))
    made, _ = run_of(entries, found.task, found.rules)
    return run_digest(made)


@pytest.mark.slow
@law
@given(seed=st.integers(0, 2**32 - 1))
def test_all_ways_to_compute_give_one_digest(cluster: Cluster, seed: int) -> None:
    with own_database(cluster) as database:
        town = a_town(database.app_url, seed)
        for asked in ASKED:
            try:
                _, few = town.few(asked)
            except NobodyToEvaluate:
                continue
            once = digest_in_one(town, asked)
            assert few.digest == once == digest_in_one(town, asked)
            assert digest_in_one(town, asked, Random(seed)) == once


@pytest.mark.slow
def test_several_processes_a_rebuilt_database_and_another_major_version_give_one_digest(
    cluster_of: Callable[[str], Cluster],
) -> None:
    found: dict[str, list[Any]] = {}
    for major in ("18", "15"):
        with own_database(cluster_of(major)) as database:
            town = a_town(database.app_url)
            of_database = []
            for asked in ASKED:
                with town.connect() as connection:
                    ready = prepared(connection, asked)
                parts = evaluated(town.url, ready, 3)
                _, few = town.few(asked)
                rebuild(database.app_url, workers=0)
                with town.connect() as connection:
                    again = evaluated_few(connection, ready.task, ready.rules)
                assert parts.digest == few.digest == again.digest == digest_in_one(town, asked)
                assert parts.trees == few.trees == again.trees
                of_database.append((parts.run, parts.digest, parts.trees))
            found[major] = of_database
    assert found["18"] == found["15"]


@pytest.mark.slow
def test_a_restored_dump_gives_the_same_digest(new_cluster: NewCluster, tmp_path: Path) -> None:
    source, target = new_cluster("source"), new_cluster("target")
    source.start()
    migrate(source.url("owner"))
    town = a_town(source.url("app"))
    digests = [digest_in_one(town, asked) for asked in ASKED]
    source.backup(tmp_path / "anjuan.dump")
    source.stop()
    target.restore(tmp_path / "anjuan.dump")
    target.start()
    restored = Town(target.url("app"))
    assert [digest_in_one(restored, asked) for asked in ASKED] == digests
    Runner(restored.url).catch_up()
    assert [restored.few(asked)[1].digest for asked in ASKED] == digests


RECORDED_AS_IT_HAPPENED: Final = """
    UPDATE log_events SET recorded_at = happened.at
      FROM (SELECT notification_id AS position,
                   max(occurred_at) OVER (ORDER BY notification_id) AS at FROM log_events) happened
     WHERE notification_id = happened.position
"""


@pytest.mark.slow
def test_what_was_recorded_long_before_the_period_is_not_read_and_changes_nothing(
    cluster: Cluster,
) -> None:
    with own_database(cluster) as database:
        town = a_town(database.app_url, days=300)
        with psycopg.connect(database.superuser_url) as superuser:
            superuser.execute("ALTER TABLE log_events DISABLE TRIGGER ALL")
            superuser.execute(RECORDED_AS_IT_HAPPENED)
        for ruleset in ("adviser-year@1", "point-year@3"):
            asked = RunAsked(
                ruleset=ruleset, period="2027-01", as_known_at=local("2027-02-10 09:00")
            )
            with town.connect() as connection:
                ready = prepared(connection, asked)
                upto, first = ready.task.cut_off, ready.rules.first
                since = dossier.since_of(connection, first, upto)
                whole = list(dossier.shard(connection, upto=upto))
                late = list(dossier.shard(connection, upto=upto, since=since))
            assert 1 < since < upto
            assert len(late) < len(whole) / 2
            assert any(one["position"] < since for one in late)
            done = evaluated(town.url, ready)
            made, trees = run_of(whole, ready.task, ready.rules)
            assert (done.digest, done.trees) == (run_digest(made), trees)
            assert b'"used":[{' in b"".join(trees.values())


# --- what plain data must say as the domain does


def test_a_run_in_plain_data_has_the_digest_that_the_domain_gives_it(cluster: Cluster) -> None:
    with own_database(cluster) as database:
        town = a_town(database.app_url)
        for asked in ASKED:
            ready, done = town.few(asked)
            made = msgspec.to_builtins(done.run)
            assert msgspec.convert(made, Run) == done.run
            assert run_digest(made) == digest_of(done.run) == done.digest
            assert [one.subject for one in done.run.results] == sorted(
                one["code"] for one in ready.task.subjects
            )


def test_canonical_json_is_the_domains() -> None:
    value = {"乙": ['\u2028\x7f\x1f"\\/', 1, None, True], "a": {"z": "-1.50"}}
    assert canonical(value) == domain_canonical(value)


def test_what_is_looked_at_is_all_that_a_score_depends_on(cluster: Cluster) -> None:
    """Facts whole and facts cut down to what the rule set names give one tree."""
    with own_database(cluster) as database:
        town = a_town(database.app_url)
        for asked in ASKED:
            ready = ready_in(town, asked)
            task, rules = ready.task, ready.rules
            with town.connect() as connection:
                entries = list(dossier.shard(connection, upto=task.cut_off))
            whole = completed(facts_of(entries, rules), rules)
            of_all = by_subject(task.ruleset, whole, task.subjects)
            cut_down = computation.by_subject(whole, task)
            for one in task.subjects:
                tree = score(task.ruleset, of_all[one["code"]], one, task.days, {})
                own = computation.computed(task, one, cut_down[one["code"]])
                assert canonical(tree) == own.tree


def ready_in(town: Town, asked: RunAsked) -> Prepared:
    with town.connect() as connection:
        return prepared(connection, asked)
