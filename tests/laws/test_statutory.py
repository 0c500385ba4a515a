"""Laws of the statutory tables over a simulated month: the same position gives the same bytes, and
what changed after a cut-off is exactly what the events after it add up to."""

from collections.abc import Iterator
from datetime import date
from typing import Final, NamedTuple

import psycopg
import pytest

from domain.registration.filling_in import check
from domain.reporting import report
from domain.reporting.report import Table, digest_of
from domain.worktime.period import ends_at
from ledger.founding.shipped import shipped_forms
from ledger.log import reading
from ledger.log.bulk import append_slice, slices
from ledger.log.codec import LedgerMapper
from ledger.server.embedded import Cluster
from projections.asking.answering import answer
from projections.asking.asking import PeriodAsked, fetch
from projections.reporting import statutory, work_statistics
from projections.reporting.adjustments import Adjustments, adjustments
from projections.requests import workload
from projections.running.runner import Runner
from tests.databases import own_database
from tests.laws.test_overdue import lived, recorded
from tests.lives import played

PERIOD: Final = "2026-04"
DIVISION: Final = "4401"
SHARES: Final = (0.5, 0.8, 0.95)
"""Cut-offs, as a share of the log."""


class Known(NamedTuple):
    """A small city's services and work, or its complaints, where rare things happen often."""

    connection: psycopg.Connection[tuple[object, ...]]
    head: int
    template: str


@pytest.fixture(scope="module", params=statutory.TEMPLATES)
def known(cluster: Cluster, request: pytest.FixtureRequest) -> Iterator[Known]:
    template: str = request.param
    told = lived(500) if template == report.CRITICISM else played(3, scale=0.02, days=45)
    with (
        own_database(cluster) as database,
        psycopg.connect(database.app_url, autocommit=True) as connection,
    ):
        for events in slices(recorded(step) for step in told):
            append_slice(connection, events, LedgerMapper())
        Runner(database.app_url).catch_up()
        yield Known(connection, reading.head(connection), template)


def table_at(known: Known, position: int) -> Table:
    now = ends_at(PERIOD)
    filled = statutory.prefill(known.template, DIVISION, PERIOD, position=position, now=now)
    return answer(known.connection, filled)


def adjusted(known: Known, table: Table) -> Adjustments:
    return answer(known.connection, adjustments(table, 1, known.head))


def test_a_table_fits_its_template_and_is_the_same_whenever_it_is_asked(known: Known) -> None:
    (form,) = (one.form for one in shipped_forms() if one.form.code == known.template)
    table = table_at(known, known.head)
    assert len(table.rows) > 10
    for row in table.rows:
        check(form, row.cells)
        assert row.sources == tuple(sorted(row.sources))
    assert [row.cells["number"] for row in table.rows] == [*range(1, len(table.rows) + 1)]
    assert digest_of(table_at(known, known.head)) == digest_of(table)
    again = answer(known.connection, statutory.recomputed(table, table.cut_off))
    assert again == table


@pytest.mark.parametrize("share", SHARES)
def test_events_after_the_cut_off_explain_exactly_what_changed(known: Known, share: float) -> None:
    table = table_at(known, int(known.head * share))
    found = adjusted(known, table)
    assert found.reproducible
    now = answer(known.connection, statutory.recomputed(table, known.head))
    assert applied(table, found) == cells_of(now)
    assert found.rows or share > SHARES[0]
    for row in found.rows:
        for cell in row.cells:
            assert cell.events, (row.key, cell)
            assert all(table.cut_off < one.position <= known.head for one in cell.events)
            if cell.column in work_statistics.FIELDS:
                # No rule and no point changed, so that figures are made up of nothing else.
                before, after = (
                    value if isinstance(value, int) else 0 for value in (cell.submitted, cell.now)
                )
                assert sum(one.amount or 0 for one in cell.events) == after - before


def cells_of(table: Table) -> dict[tuple[str, ...], dict[str, object]]:
    return {
        table.key_of(row): {
            code: value for code, value in row.cells.items() if code != report.NUMBER
        }
        for row in table.rows
    }


def applied(table: Table, found: Adjustments) -> dict[tuple[str, ...], dict[str, object]]:
    """The submitted table with its adjustments."""
    rows = cells_of(table)
    for row in found.rows:
        if row.change == "removed":
            del rows[row.key]
            continue
        cells = rows.setdefault(row.key, {})
        for cell in row.cells:
            if cell.now is None:
                del cells[cell.column]
            else:
                cells[cell.column] = cell.now
    return rows


def test_every_figure_is_the_sum_of_what_it_is_linked_to(known: Known) -> None:
    table = table_at(known, known.head)
    for row in table.rows[:12]:
        for column, value in row.cells.items():
            sources = answer(known.connection, statutory.sources_of(table, row, column))
            if column in work_statistics.FIELDS:
                assert sum(one.amount or 0 for one in sources) == value, column
                assert {one.stream for one in sources} <= {*row.sources}
            else:
                assert sources


def test_the_work_of_points_is_that_of_the_workload_report(known: Known) -> None:
    """Two ways to the same services and minutes, of requests and of the work log."""
    if known.template != report.STATISTICS:
        return
    table = table_at(known, known.head)
    of_points = [row for row in table.rows if "adviser" not in row.cells]
    services = minutes = 0
    kinds = {*work_statistics.SERVICE_FIELDS.values(), work_statistics.OTHER}
    for row in of_points:
        for column in (*kinds, "onsite_minutes", "offsite_minutes"):
            sources = answer(known.connection, statutory.sources_of(table, row, column))
            amount = sum(one.amount or 0 for one in sources)
            if column in kinds:
                services += amount
            else:
                minutes += amount
    asked = PeriodAsked(
        position=known.head,
        now=ends_at(PERIOD),
        by="month",
        from_=date(2026, 4, 1),
        to=date(2026, 5, 1),
        division=DIVISION,
    )
    (told,) = fetch(known.connection, workload.report(asked))
    assert (services, minutes) == (told.services, told.minutes)
