"""The demonstration's city: the same from the same seed, interrupted or not, and never mixed in."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest

from api.demo import demo
from api.demo.demo import Demo, DemoRefused, city_in, first_day_of, found_in, make_tokens, simulate
from api.demo.demo_reports import submit_reports
from api.settings import load
from ledger.founding.shipped import shipped_calendars
from ledger.server.connection import Urls
from ledger.server.embedded import Cluster
from projections.asking.answering import answer
from projections.asking.asking import fetch
from projections.reporting import reports
from projections.reporting.adjustments import adjustments
from projections.running.runner import Runner
from tests.databases import Database, own_database

SMALL = Demo(first_day=date(2026, 3, 2), days=2, seed=3, scale=0.05)
CONTENT = """
    SELECT originator_id, originator_version, occurred_at, command_id, command_digest, topic, state
      FROM log_events ORDER BY notification_id
"""


class Interrupted(Exception):
    pass


@pytest.fixture
def other_database(cluster: Cluster) -> Iterator[Database]:
    with own_database(cluster) as database:
        yield database


def urls_of(database: Database) -> Urls:
    return Urls(database.app_url, database.owner_url, None)


def content(database: Database) -> list[Any]:
    with psycopg.connect(database.app_url) as connection:
        return connection.execute(CONTENT).fetchall()


def interrupt_on(day: int) -> Callable[[int, int], None]:
    def told(done: int, _: int) -> None:
        if done == day:
            raise Interrupted

    return told


def test_an_interrupted_demonstration_goes_on_to_the_very_same_city(
    database: Database, other_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    simulate(urls_of(other_database), SMALL)
    monkeypatch.setattr(demo, "EVENTS_PER_SLICE", 100)
    with pytest.raises(Interrupted):
        simulate(urls_of(database), SMALL, interrupt_on(1))
    whole, part = content(other_database), content(database)
    assert 0 < len(part) < len(whole)
    with psycopg.connect(database.app_url) as connection:
        found = found_in(connection)
    assert found is not None
    assert (found.demo, found.complete) == (SMALL, False)

    simulate(urls_of(database), SMALL)
    assert content(database) == whole
    with psycopg.connect(database.app_url) as connection:
        found = found_in(connection)
        city = city_in(connection, SMALL)
    assert found is not None
    assert found.complete
    assert city.points == {"center": 1, "station": 9, "room": 141, "featured": 5}
    assert city.advisers == 92
    logged = [row for row in whole if row[5] == "request.logged/1"]
    assert city.requests == len(logged) > 0


def test_another_seed_is_another_city(database: Database, other_database: Database) -> None:
    simulate(urls_of(database), SMALL)
    simulate(urls_of(other_database), Demo(first_day=SMALL.first_day, days=2, seed=4, scale=0.05))
    assert content(database) != content(other_database)


def test_a_log_with_another_demonstration_or_with_real_events_is_left_alone(
    database: Database, other_database: Database
) -> None:
    simulate(urls_of(database), SMALL)
    for wanted in (SMALL, Demo(first_day=SMALL.first_day, days=1)):
        with pytest.raises(DemoRefused, match="another demonstration"):
            simulate(urls_of(database), wanted)
    with psycopg.connect(database.app_url) as source, source.cursor() as cursor:
        row = cursor.execute("SELECT * FROM log_events WHERE notification_id = 1").fetchone()
    assert row is not None
    insert = (
        "SELECT * FROM log_append(%s::int[], %s::uuid[], %s::bytea[], %s::uuid[], %s::bigint[],"
        " %s::timestamptz[], %s::uuid[], %s::text[], %s::bytea[])"
    )
    values = [[1], [row[6]], [row[8]], [row[0]], [row[1]], [row[4]], [row[5]], [row[9]], [row[10]]]
    with psycopg.connect(other_database.app_url) as connection:
        connection.execute(insert, values)
    with pytest.raises(DemoRefused, match="not simulated"):
        simulate(urls_of(other_database), SMALL)


def test_a_mark_says_what_the_city_was_made_from() -> None:
    assert Demo.of_mark(SMALL.mark) == SMALL


def test_a_period_ends_yesterday_and_never_where_deadlines_have_no_calendar() -> None:
    evening = datetime(2026, 11, 22, 16, 30, tzinfo=UTC)
    assert first_day_of(91, evening) == date(2026, 8, 24), "it is the 23rd in Guangzhou"
    last_year = shipped_calendars()[-1].calendar.last_year
    late = first_day_of(1, datetime(last_year + 5, 1, 1, tzinfo=UTC))
    assert (late.year, late.month) == (last_year, 10)


def test_tokens_are_made_once_for_their_owner_only(tmp_path: Path) -> None:
    make_tokens(tmp_path / "home")
    file = tmp_path / "home" / "tokens.toml"
    assert file.stat().st_mode & 0o777 == 0o600
    tokens = load({"ANJUAN_HOME": str(tmp_path / "home")}).tokens
    roles = {actor.role for actor in tokens.values()}
    assert roles == {"administrator", "supervisor", "duty_officer", "auditor"}
    assert len(tokens) == len(roles)
    written = file.read_text()
    make_tokens(tmp_path / "home")
    assert file.read_text() == written
    make_tokens(tmp_path / "other")
    assert (tmp_path / "other" / "tokens.toml").read_text() != written


def test_the_districts_submit_what_the_log_says_and_once(database: Database) -> None:
    april = Demo(first_day=date(2026, 3, 29), days=10, seed=3, scale=0.05)
    simulate(urls_of(database), april)
    head = Runner(database.app_url).catch_up()
    with psycopg.connect(database.app_url, autocommit=True) as connection:
        districts = len(answer(connection, reports.parts("criticism", "4401", "2026-03", head)))
        # Work and criticism of March, criticism of the quarter.
        assert submit_reports(database.app_url, april) == 3 * districts
        head = Runner(database.app_url).catch_up()
        assert submit_reports(database.app_url, april) == 0
        tables = [
            one
            for template in ("criticism", "work-statistics")
            for part in answer(connection, reports.parts(template, "4401", "2026-03", head))
            for one in fetch(
                connection, reports.submitted(template, part.division, "2026-03", head)
            )
        ]
        assert len(tables) == 2 * districts
        assert any(one.table.rows for one in tables)
        for one in tables:
            assert one.simulated
            found = answer(connection, adjustments(one.table, one.version, head))
            assert found.reproducible
            assert one.cut_off < head - districts
