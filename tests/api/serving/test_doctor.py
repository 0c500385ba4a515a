"""What `anjuan doctor` says of a home."""

import dataclasses
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import psycopg
import pytest
from msgspec.structs import replace

from api.serving.doctor import DoctorFinding, examined, plainly
from api.serving.unlisted import Unlisted, told
from domain.evaluation.evaluation import evaluation_stream
from domain.registers.point import PointRenamed
from domain.registration.division_commands import ListDivision
from domain.registration.point_commands import OpenPoint
from domain.reporting.period_end import EndPeriod
from domain.vocabulary import Actor, stream_id
from ledger.log.codec import Recorded, uuid7
from ledger.log.store import Ledger
from projections.running.runner import Runner
from tests.api.cli.test_cli import DEMO, Shell
from tests.databases import Database, temporary_home
from tests.domain.evaluation.test_evaluation import OPENED, OUT, READY

BY: Final = Actor(account="admin-1", role="administrator", unit="4401")


@pytest.fixture
def ledger(database: Database) -> Iterator[Ledger]:
    with Ledger(database.app_url) as opened:
        yield opened


def findings(url: str, environment: dict[str, str] | None = None) -> list[DoctorFinding]:
    with psycopg.connect(url, autocommit=True) as connection:
        return list(examined(connection, environment or {}, lag_max=1000))


def of(found: list[DoctorFinding], words: str) -> DoctorFinding:
    (one,) = [one for one in found if words in one.what]
    return one


def open_point(ledger: Ledger, code: str) -> None:
    """As an older program did: the command is not validated here."""
    command = OpenPoint(
        code=code, kind="room", name="室", division="440104", division_source="test",
        valid_from=date(2026, 1, 1),
    )  # fmt: skip
    ledger.execute(stream_id("point", code), command, by=BY)


def test_a_sound_database_has_no_danger_and_says_what_it_looked_at(
    ledger: Ledger, database: Database
) -> None:
    open_point(ledger, "ROOM-1")
    Runner(database.app_url).catch_up()
    found = findings(database.app_url)
    assert [one for one in found if one.level == "danger" and "crash" not in one.what] == []
    assert of(found, "the schema is this program's").level == "fine"
    assert of(found, "the application may only append").level == "fine"


def test_codes_of_older_patterns_are_named_with_place_and_number(
    ledger: Ledger, database: Database
) -> None:
    open_point(ledger, "ROOM-1\n")
    found = findings(database.app_url)
    odd = of(found, r"the code 'ROOM-1\n' is accepted no longer")
    assert odd.level == "odd"
    assert odd.where == "position 1 (point.opened/1); 1 events of 1 thing"


def test_codes_of_older_logs_that_stand_in_no_register_are_counted_and_named(
    ledger: Ledger, database: Database
) -> None:
    for number in range(7):
        open_point(ledger, f"ROOM-{number}")
    words = "not listed in the register of divisions"
    assert not [one for one in findings(database.app_url) if words in one.what]
    listing = ListDivision(code="440105", name="海珠区", source="test")
    ledger.execute(stream_id("division", "440105"), listing, by=BY)
    odd = of(findings(database.app_url), words)
    assert (odd.level, odd.what) == ("odd", f"1 codes are {words}")
    assert odd.where == "'440104' (position 1, 7 events)"


def test_of_many_unlisted_codes_the_first_are_named() -> None:
    codes = {f"P-{number}": Unlisted(number, 1) for number in range(1, 9)}
    assert told(codes).startswith("'P-1' (position 1, 1 events), 'P-2'")
    assert told(codes).endswith("'P-5' (position 5, 1 events) and 3 more")


@pytest.mark.parametrize("written", ["ROOM-1\n", "ROOM-\uff11", "ROOM-\u0661", "ROOM\u200b-1"])
def test_two_things_that_are_written_alike_are_a_danger(
    written: str, ledger: Ledger, database: Database
) -> None:
    open_point(ledger, written)
    assert not [one for one in findings(database.app_url) if "stands" in one.what]
    open_point(ledger, "ROOM-1")
    twins = of(findings(database.app_url), "one point stands 2 times in the log")
    assert twins.level == "danger"
    assert f"point:{written!a}" in twins.where
    assert "point:'ROOM-1'" in twins.where


@pytest.mark.parametrize(("happened", "level"), [(READY, "odd"), (OUT, "danger")])
def test_two_evaluations_of_one_period_are_a_danger_once_both_are_published(
    happened: tuple[Any, ...], level: str, ledger: Ledger, database: Database
) -> None:
    """In the tree before, `2026-Q2` and `2０26-Q2` could both be published."""
    for period in ("2026-Q2", "2\uff1026-Q2", "2026-Q2\n"):
        stream = evaluation_stream(OPENED.ruleset, OPENED.division, period)
        events = (replace(OPENED, period=period), *happened[1:])
        ledger.save(*recorded(stream, *events))
    twins = of(findings(database.app_url), "one evaluation stands 3 times in the log")
    assert twins.level == level
    assert r"2\uff1026-Q2" in twins.where


def recorded(stream: UUID, *events: Any) -> list[Recorded]:
    """As one command wrote them."""
    command_id = uuid7()
    return [
        Recorded(
            originator_id=stream, originator_version=number, event=event, event_id=uuid7(),
            command_id=command_id, occurred_at=datetime(2026, 7, 1, tzinfo=UTC), by=BY,
            command_events=len(events) if number == 1 else 0,
        )
        for number, event in enumerate(events, start=1)
    ]  # fmt: skip


def test_the_owner_and_a_superuser_are_no_door_for_the_application(database: Database) -> None:
    assert of(findings(database.owner_url), "the application may change the log").level == "danger"


def test_the_librarys_database_functions_are_a_danger(database: Database) -> None:
    found = findings(database.app_url, {"POSTGRES_ENABLE_DB_FUNCTIONS": "yes"})
    assert of(found, "functions lose events").level == "danger"


def test_a_session_that_does_not_wait_for_the_disk_is_a_danger(database: Database) -> None:
    with psycopg.connect(database.app_url, autocommit=True) as connection:
        connection.execute("SET synchronous_commit = off")
        found = list(examined(connection, {}, 1000))
    assert [one.level for one in found if "synchronous_commit = off" in one.where] == ["danger"]


def test_a_schema_that_is_behind_or_newer_is_said(database: Database) -> None:
    with psycopg.connect(database.owner_url, autocommit=True) as connection:
        connection.execute("UPDATE schema_version SET number = number + 1000")
    assert of(findings(database.app_url), "the schema is newer").level == "danger"
    with psycopg.connect(database.owner_url, autocommit=True) as connection:
        connection.execute("DELETE FROM schema_version")
    assert of(findings(database.app_url), "the schema is behind").level == "odd"


def test_views_that_are_missing_behind_or_of_another_version_are_said(
    ledger: Ledger, database: Database
) -> None:
    assert of(findings(database.app_url), "the views were never built").level == "odd"
    Runner(database.app_url).catch_up()
    open_point(ledger, "ROOM-1")
    with psycopg.connect(database.app_url, autocommit=True) as connection:
        connection.execute("UPDATE views.versions SET version = 0 WHERE name = 'journal'")
        found = list(examined(connection, {}, lag_max=0))
    assert of(found, "the view journal is 1 events behind").level == "odd"
    assert of(found, "the view journal is of another version").level == "odd"


def test_an_event_of_a_newer_program_is_a_danger(ledger: Ledger, database: Database) -> None:
    """No program appends what it cannot read again, so an entry of ours gets another's topic."""
    (renamed,) = recorded(uuid7(), PointRenamed(name="室"))
    stored = ledger.mapper.to_stored_event(renamed)
    ledger.recorder.insert_events([dataclasses.replace(stored, topic="point.unheard/1")])
    assert of(findings(database.app_url), "point.unheard/1").level == "danger"


def test_a_log_that_was_never_sealed_is_odd(ledger: Ledger, database: Database) -> None:
    ledger.execute(stream_id("period", "2026-05"), EndPeriod(period="2026-05"), by=BY)
    assert of(findings(database.app_url), "the log was never sealed").level == "odd"


@pytest.mark.parametrize(
    "written", ["2\uff1026-Q2", "2026-Q2\n", "\ufeff2026-Q2", "20\u0662\u0666-Q2", "2026\u200b-Q2"]
)
def test_what_looks_the_same_is_the_same_plainly(written: str) -> None:
    assert plainly(written) == "2026-Q2"


def test_the_command_tells_people_and_programs_and_exits_by_danger() -> None:
    with temporary_home() as home:
        shell = Shell(home)
        assert shell.run_process(*DEMO).code == 0
        try:
            told = shell.run("doctor", "--json")
            found = told.json()
            assert {one["level"] for one in found} <= {"odd", "fine"}
            assert [one for one in found if "are simulated" in one["what"]]
            assert "are simulated" in shell.run("doctor", "--all").out
            unsafe = shell.run("doctor", "--json", POSTGRES_ENABLE_DB_FUNCTIONS="1")
            assert unsafe.code == 1
        finally:
            shell.run("db", "stop")


@pytest.mark.parametrize("url", ["nonsense", "postgresql://127.0.0.1:1/none"])
def test_a_database_that_cannot_be_asked_is_one_line_not_a_traceback(
    url: str, tmp_path: Path
) -> None:
    told = Shell(tmp_path).run("doctor", ANJUAN_DATABASE_URL=url)
    assert told.code in (1, 2)
    assert "Traceback" not in told.err
    assert "anjuan config show" in told.err


def test_a_home_that_is_a_file_is_one_line_not_a_traceback(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    told = Shell(tmp_path / "file").run("doctor")
    assert (told.code, told.err.count("\n")) == (2, 1)
