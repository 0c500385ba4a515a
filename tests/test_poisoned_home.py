"""A home of an earlier program with every poisoned event in it: it is upgraded, and everything else
works from the command line as before."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import psycopg
import pytest

from ledger.log.store import Ledger
from projections.all_views import STORED
from tests.api.cli.test_cli import Shell
from tests.api.serving.test_poisoned import (
    calendar_of_another_shape,
    f1a_full_width_division,
    f1b_account_is_no_code,
    f2_people_is_a_phone_number,
    f3_zone_that_does_not_exist,
    invalid_bytes_of_a_reference_fact,
)
from tests.bundles import unpacked, verify
from tests.databases import temporary_home
from tests.test_earlier_homes import EARLIER, TREES

AT_ONCE: Final = (
    f1a_full_width_division,
    f1b_account_is_no_code,
    f2_people_is_a_phone_number,
    f3_zone_that_does_not_exist,
    invalid_bytes_of_a_reference_fact,
    calendar_of_another_shape,
)
LI: Final = ("--account", "li", "--role", "supervisor", "--unit", "4401")
RUN: Final = ("--period", "2026-05", "--ruleset", "adviser-year@1", "--no-trees")


@pytest.fixture(scope="module")
def poisoned() -> Iterator[Shell]:
    kept = EARLIER / TREES[0]
    with temporary_home() as home:
        shell = Shell(home)
        try:
            assert shell.run("db", "restore", kept / "home.dump").code == 0
            shutil.copytree(kept / "keys", home / "keys")
            with Ledger(shell.run("db", "url").out.strip()) as ledger:
                for poison in AT_ONCE:
                    poison(ledger)
            # With poison in it, it exits with 1 and has rebuilt what can be.
            shell.run("rebuild", "--workers", "1")
            yield shell
        finally:
            shell.run("db", "stop")


def test_a_poisoned_home_is_rebuilt_and_its_views_follow(poisoned: Shell) -> None:
    rebuilt = poisoned.run("rebuild", "--workers", "1", "--json")
    assert rebuilt.code in (0, 1), rebuilt.err
    assert [one["name"] for one in rebuilt.json()] == [view.NAME for view in STORED]
    again = poisoned.run("rebuild", "--workers", "2", "--json")
    assert {one["name"]: one["equal"] for one in again.json()} == {
        view.NAME: True for view in STORED
    }


def test_a_poisoned_home_says_what_is_wrong_with_it(poisoned: Shell) -> None:
    for command in ("views", "verify"):
        assert "Fault: " in poisoned.run(command).err
    found = poisoned.run("doctor", "--json")
    dangers = [one for one in json.loads(found.out) if one["level"] == "danger"]
    assert any("time zone" in one["what"] for one in dangers)
    assert any("cannot be read" in one["what"] for one in dangers)


@pytest.mark.parametrize(
    "command",
    [
        ("init",),
        ("evaluate", *RUN),
        ("report", "workload"),
        ("report", "coverage", "--period", "2026-05", "--division", "4401"),
        ("policies",),
        ("log", "stats"),
    ],
    ids=lambda one: " ".join(one[:2]),
)
def test_everything_else_of_a_poisoned_home_works(
    command: tuple[str, ...], poisoned: Shell
) -> None:
    done = poisoned.run(*command)
    assert done.code == 0, done


def test_an_evaluation_of_a_poisoned_home_tells_what_is_in_no_score(poisoned: Shell) -> None:
    told = poisoned.run("evaluate", *RUN, "--json").json()["passed_over"]
    url = poisoned.run("db", "url").out.strip()
    with psycopg.connect(url) as connection:
        topics = connection.execute(
            "SELECT topic FROM log_events WHERE notification_id = ANY(%s)", [told]
        ).fetchall()
    assert ("calendar.published/1",) in topics
    said = poisoned.run("evaluate", *RUN)
    positions = ", ".join(map(str, told))
    assert f"{len(told)} events cannot be read and are in no score: {positions}." in said.err


def test_evidence_of_others_is_bundled_from_a_poisoned_home(
    poisoned: Shell, tmp_path: Path
) -> None:
    assert poisoned.run("seal", "--now").code == 0
    kept = EARLIER / TREES[0]
    name = unpacked(kept / "complaint.zip", tmp_path / "old") / "bundle.json"
    about = json.loads(name.read_text())
    for kind, what in (("complaint", about["name"]), ("evaluation", "adviser-year:4401:2026-05")):
        out = tmp_path / f"{kind}.zip"
        if kind == "evaluation":
            opened = poisoned.run("evaluate", *RUN, "--open", *LI)
            assert opened.code == 0, opened
            assert poisoned.run("seal", "--now").code == 0
        made = poisoned.run("bundle", kind, what, "--out", out, "--json")
        assert made.code == 0, made
        code, told = verify(unpacked(out, tmp_path / kind))
        assert code == 0, told
