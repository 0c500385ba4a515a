"""The demonstration's city: the same from the same seed, interrupted or not, and never mixed in."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import psycopg
import pytest

from api.demo import demo
from api.demo.demo import Demo, DemoRefused, city_in, first_day_of, found_in, make_tokens, simulate
from api.demo.offices import REPORTED_AT
from api.settings import load
from domain.evaluation.evaluation import DeterminationCorrected
from domain.registration.calendar_commands import PublishCalendar
from domain.simulation import World
from domain.vocabulary import Actor, stream_id
from ledger.founding.shipped import shipped_calendars
from ledger.log import reading
from ledger.log.bulk import append_slice
from ledger.log.codec import LedgerMapper, Recorded
from ledger.log.decision import ask, decide
from ledger.server.connection import Urls
from ledger.server.embedded import Cluster
from projections.advising import doubts
from projections.asking.answering import answer
from projections.asking.asking import PeriodAsked, fetch
from projections.evaluation.review import evaluation_of, evaluations
from projections.reporting import reports
from projections.reporting.adjustments import adjustments
from projections.requests import workload
from projections.running.basis import basis_query
from tests.databases import Database, own_database
from tests.examples import CALENDAR

SMALL = Demo(first_day=date(2026, 3, 2), days=2, seed=3, scale=0.05)
CONTENT = """
    SELECT originator_id, originator_version, occurred_at, recorded_at, command_id, command_digest,
           topic, state
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
    logged = [row for row in whole if row[6] == "request.logged/1"]
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


def test_a_demonstration_that_cannot_go_on_says_what_the_log_said(
    database: Database, other_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever stopped it was called another version of the program."""
    monkeypatch.setattr(demo, "EVENTS_PER_SLICE", 100)
    other = Demo(first_day=SMALL.first_day, days=2, seed=4, scale=0.05)
    with pytest.raises(Interrupted):
        simulate(urls_of(database), other, interrupt_on(1))
    with psycopg.connect(database.app_url) as connection:
        connection.execute("UPDATE log_tracking SET application_name = %s", [SMALL.mark])
    with pytest.raises(DemoRefused, match=r"last event is later .*told times .* do not go on"):
        simulate(urls_of(database), SMALL)

    # Begun before a simulation was told in the log's first event.
    with psycopg.connect(other_database.app_url) as connection:
        append_slice(connection, [real_event()], LedgerMapper())
        connection.execute(demo.KEEP, [SMALL.mark, 0])
    with pytest.raises(DemoRefused, match=r"not founded as a simulation: .*only a log"):
        simulate(urls_of(other_database), SMALL)


def real_event() -> Recorded:
    now = datetime.now(UTC)
    publish = PublishCalendar(calendar=CALENDAR)
    by = Actor(account="admin-1", role="administrator", unit="4401")
    asked = ask(stream_id("calendar", CALENDAR.code), publish, by=by, now=now)
    [recorded] = decide(asked, None, World().registers)
    return recorded


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


# --- the story


SPRING = Demo(first_day=date(2026, 3, 1), days=45, seed=3, scale=0.02)
"""A month, its report day, and an evaluation of it to its correction."""
ON_RECORD = """
    SELECT notification_id, recorded_at, occurred_at, topic, convert_from(state, 'UTF8')::jsonb
      FROM log_events ORDER BY notification_id
"""


@pytest.fixture(scope="module")
def told(cluster: Cluster) -> Iterator[Database]:
    """A log that holds the whole story."""
    with own_database(cluster) as database:
        simulate(urls_of(database), SPRING)
        demo.follow(database.app_url)
        yield database


MUST_BE_SEEN = frozenset((
    "promises.approached/1", "promises.missed/1", "rectification.fell_overdue/1",
    "rectification.escalated/1", "rectification.rejected/1",
    "rating.given/1", "rating.defaulted/1", "rating.called_back/1", "rating.followed_up/1",
    "rating.disputed/1", "rating.dispute_decided/1", "rating.looked_at/1",
    "roster.window_taken/1", "roster.window_left/1",
    "request.reopened/1", "request.voided/1", "request.duplicate_linked/1",
    "request.referral_returned/1", "request.supplement_requested/1", "request.reclassified/1",
    "request.mediation_agreed/1", "request.legal_aid_granted/1", "request.appointment_missed/1",
    "complaint.dissatisfaction_noted/1", "complaint.registered/1", "complaint.paused/1",
    "complaint.extended/1", "complaint.supervised/1", "complaint.recused/1",
    "complaint.return_asked/1", "complaint.rework_ordered/1", "complaint.co_handler_asked/1",
    "complaint.review_asked/1", "complaint.voided/1",
    "complaint.same_matter_linked/1",
    "worklog.returned/1", "worklog.verified/1", "worklog.corrected/1", "worklog.withdrawn/1",
    "inspection.voided/1", "inspection.confirmed/1",
    "report.submitted/1", "period.ended/1", "draft.filled_in/1",
    "attachments.attached/1", "attachments.upload_confirmed/1", "attachments.missing/1",
    "evaluation.published/1", "evaluation.objection_filed/1", "evaluation.objection_answered/1",
    "evaluation.item_determined/1", "evaluation.determination_corrected/1",
))  # fmt: skip
OF_AN_ADVISER = """
    SELECT 1 FROM log_events
     WHERE topic LIKE 'complaint.%' AND convert_from(state, 'UTF8')::jsonb
           @? '$.data.**.adviser' LIMIT 1
"""
"""A complaint of an adviser, who may not read it."""
FLAGGED = """
    SELECT 1 FROM log_events
     WHERE topic = 'rating.given/1'
       AND convert_from(state, 'UTF8')::jsonb @? '$.data.suspicions[0]' LIMIT 1
"""
"""A vote that waits to be looked at."""


def test_audit_4_8_the_story_has_recorded_times_of_its_own(told: Database) -> None:
    with psycopg.connect(told.app_url) as connection:
        rows = connection.execute(ON_RECORD).fetchall()
    founding, *story = rows
    assert founding[3] == "log.founded_as_simulation/1"
    assert founding[4]["data"] == {"story": SPRING.mark}
    assert all(row[4]["device"] == "simulation" for row in rows)
    times = [row[1] for row in rows]
    assert times == sorted(times)
    assert times[-1] < SPRING.ends_at
    lived = [row for row in story if row[2] >= SPRING.first_midnight]
    days = {row[1].date() for row in lived}
    assert len(days) >= SPRING.days
    delays = [row[1] - row[2] for row in lived]
    assert min(delays) >= timedelta(0)
    assert sum(timedelta(minutes=1) < delay for delay in delays) > len(lived) / 3
    late = [row for row in lived if "late_reason" in row[4]["data"]]
    assert any(row[1] - row[2] > timedelta(days=1) for row in late)


def test_audit_4_8_as_known_at_shows_what_was_on_record_then(told: Database) -> None:
    with psycopg.connect(told.app_url, autocommit=True) as connection:
        known = []
        for week in range(1, 6):
            instant = SPRING.midnight(SPRING.first_day + timedelta(weeks=week))
            (basis,) = fetch(connection, basis_query(instant))
            assert basis.simulated
            asked = PeriodAsked(position=basis.position, now=instant, by="month")
            known.append(sum(row.services for row in fetch(connection, workload.report(asked))))
    assert known[0] > 0
    assert all(before < after for before, after in pairwise(known))


def test_the_districts_submit_what_was_known_and_later_entries_are_adjustments(
    told: Database,
) -> None:
    with psycopg.connect(told.app_url, autocommit=True) as connection:
        head = reading.head(connection)
        parts = answer(connection, reports.parts("criticism", "4401", "2026-03", head))
        tables = [
            one
            for template in ("criticism", "work-statistics")
            for part in parts
            for one in fetch(
                connection, reports.submitted(template, part.division, "2026-03", head)
            )
        ]
        assert len(tables) == 2 * len(parts)
        assert any(one.table.rows for one in tables)
        at = SPRING.midnight(date(2026, 4, 5)) + REPORTED_AT
        changed = 0
        for one in tables:
            assert one.simulated
            assert one.cut_off == reading.position_at(connection, at)
            found = answer(connection, adjustments(one.table, one.version, head))
            assert found.reproducible
            changed += bool(found.rows)
        assert changed


def test_show_4_a_district_fills_in_and_submits_tables_of_its_own(told: Database) -> None:
    with psycopg.connect(told.app_url, autocommit=True) as connection:
        head = reading.head(connection)
        for template in ("village-ledger", "criticism-analysis"):
            parts = answer(connection, reports.parts(template, "4401", "2026-03", head))
            (division,) = (one.division for one in parts if one.submitted is not None)
            (one,) = fetch(connection, reports.submitted(template, division, "2026-03", head))
            assert one.table.entered or one.table.rows[0].entered
            assert answer(connection, adjustments(one.table, one.version, head)).reproducible


def test_an_evaluation_was_published_objected_to_and_corrected(told: Database) -> None:
    with psycopg.connect(told.app_url, autocommit=True) as connection:
        (line,) = evaluations(connection)
        assert (line.stage, line.subjects, line.determinations) == ("published", 10, 3)
        state = evaluation_of(connection, line.id, reading.head(connection))
    published, by_later_facts, as_determined = state.determinations
    assert isinstance(by_later_facts, DeterminationCorrected)
    assert by_later_facts.later_facts
    assert published.run.cut_off == as_determined.run.cut_off < by_later_facts.run.cut_off
    before = {one.subject: one for one in published.run.results}
    for objection, one in zip(state.objections, (by_later_facts, as_determined), strict=True):
        (after,) = one.run.results
        assert objection.filed.subject == after.subject
        assert objection.corrected_by == one.number
        assert Decimal(after.score) > Decimal(before[after.subject].score)


@pytest.mark.slow
def test_the_demonstration_holds_one_of_everything_a_page_must_show(cluster: Cluster) -> None:
    """The seed is the first whose small city has all of it."""
    city = Demo(first_day=date(2026, 3, 1), days=91, seed=4, scale=0.1)
    with own_database(cluster) as database:
        simulate(urls_of(database), city)
        demo.follow(database.app_url)
        with psycopg.connect(database.app_url, autocommit=True) as connection:
            topics = {row[0] for row in connection.execute("SELECT topic FROM log_events")}
            hidden = connection.execute(OF_AN_ADVISER).fetchone()
            flagged = connection.execute(FLAGGED).fetchone()
            head = reading.head(connection)
            doubtful = doubts.found(connection, division="4401", period="2026-03", position=head)
    assert MUST_BE_SEEN - topics == set()
    assert hidden is not None
    assert flagged is not None
    assert doubtful
