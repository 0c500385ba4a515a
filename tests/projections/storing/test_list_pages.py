"""The first page of a huge list is found by an index: nobody waits for a city to be sorted."""

from collections.abc import Iterator
from typing import Any, Final

import psycopg
import pytest

from projections.advising import worklogs
from projections.asking.asking import Query
from projections.oversight import inspections
from projections.requests import requests, rosters
from projections.running.runner import install
from tests.databases import Database
from tests.projections.viewing import NOW

MANY: Final = 20_000
"""Rows of each list: enough that PostgreSQL would rather not sort them."""
POSITION: Final = MANY
FILL: Final = f"""
    INSERT INTO views.worklogs (position, superseded_at, stream, part, village, started_at, day,
                                standing, advisers, firms, doubts, concerned)
    SELECT n, 9223372036854775807, gen_random_uuid(), '',
           '4401040010' || lpad((n % 90)::text, 2, '0'),
           '2026-01-01'::timestamptz + n * interval '1 minute', '2026-01-01',
           CASE WHEN n % 50 = 0 THEN 'logged' ELSE 'verified' END,
           ARRAY['A-' || n % 200], ARRAY['F-' || n % 20], '{{}}',
           ARRAY['village:4401040010' || lpad((n % 90)::text, 2, '0')]
      FROM generate_series(1, {MANY}) n;
    INSERT INTO views.inspections (position, superseded_at, stream, part, division, held_at, day,
                                   confirmed, voided, concerned)
    SELECT n, 9223372036854775807, gen_random_uuid(), '', '440104001001',
           '2026-01-01'::timestamptz + n * interval '1 minute', '2026-01-01', true, false,
           ARRAY['village:' || n % 2000]
      FROM generate_series(1, {MANY}) n;
    INSERT INTO views.rosters (position, superseded_at, stream, part, point, day, at_window,
                               officer, since, sitting)
    SELECT n, 9223372036854775807, gen_random_uuid(), '1', 'ROOM-' || n % 3000, '2026-01-01', 'W-1',
           'clerk-' || n % 50, '2026-01-01'::timestamptz + n * interval '1 minute', 1
      FROM generate_series(1, {MANY}) n;
    INSERT INTO views.journal (position, superseded_at, recorded_at, occurred_at, kind, stream,
                               version, account, role, unit, simulated, request, requested_at, day,
                               point, division, service, channel, status, responsible, referred_to,
                               appointed_at)
    SELECT n, 9223372036854775807, now(), now(), 'request.logged', r, 1, 'a', 'duty_officer', 'u',
           false, r, '2026-01-01'::timestamptz + n * interval '1 minute', '2026-01-01', 'ROOM-1',
           '440104001001', 'consultation', 'counter',
           CASE WHEN n % 40 = 0 THEN 'open' ELSE 'closed' END,
           'clerk-' || n % 300, CASE WHEN n % 100 = 0 THEN 'UNIT-' || n % 7 END,
           CASE WHEN n % 200 = 0 THEN now() END
      FROM (SELECT n, md5(n::text)::uuid AS r FROM generate_series(1, {MANY}) n) many;
    INSERT INTO views.requests (position, request, subject, body, grams)
    SELECT n, md5(n::text)::uuid, 's', 's', '{{}}' FROM generate_series(1, {MANY}) n;
    ANALYZE views.worklogs, views.inspections, views.rosters, views.journal, views.requests;
"""  # noqa: S608
WORK: Final = worklogs.WorkFilters
PAGES: Final[dict[str, Any]] = {
    "work": (worklogs.page, WORK()),
    "work to verify": (worklogs.page, WORK(standing="logged", division="44")),
    "work of an adviser": (worklogs.page, WORK(adviser="A-7")),
    "work of a village": (worklogs.page, WORK(concerned=["village:440104001007"])),
    "inspections": (inspections.page, inspections.InspectionFilters()),
    "inspections of a village": (
        inspections.page, inspections.InspectionFilters(concerned=["village:7"]),
    ),
    "sittings": (rosters.page, rosters.SittingFilters()),
    "sittings at a point": (rosters.page, rosters.SittingFilters(point="ROOM-7")),
    "requests of somebody": (requests.page, requests.RequestFilters(responsible="clerk-7")),
    "requests referred": (requests.page, requests.RequestFilters(referred_to="UNIT-3")),
    "requests by the hour": (requests.page, requests.RequestFilters(order="appointed")),
}  # fmt: skip


@pytest.fixture
def filled(database: Database) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(database.app_url, autocommit=True) as connection:
        install(connection)
        connection.execute(FILL)
        yield connection


def explained(connection: psycopg.Connection[Any], query: Query[Any]) -> str:
    found = connection.execute(f"EXPLAIN {query.sql}", query.parameters).fetchall()
    return "\n".join(line for (line,) in found)


def test_a_first_page_of_a_huge_list_is_found_by_an_index(
    filled: psycopg.Connection[Any],
) -> None:
    for name, (page, filters) in PAGES.items():
        more = {"now": NOW} if page is requests.page else {}
        query = page(filters, position=POSITION, limit=51, head=True, **more)
        plan = explained(filled, query)
        for big in ("worklogs", "inspections", "rosters", "journal"):
            assert f"Seq Scan on {big}" not in plan, (name, plan)
