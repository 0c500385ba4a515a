"""Laws of the statutory tables over a simulated month: the same position gives the same bytes, and
what changed after a cut-off is exactly what the events after it add up to."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import date
from functools import cache
from typing import Final, NamedTuple, get_args
from uuid import uuid5

import psycopg
import pytest

from domain.registers import form
from domain.registers.form import Field, Form, FormPublished, OfPeriod, RowsOf, fits
from domain.registration.filling_in import check, check_fields
from domain.registration.queries import (
    CATALOGUE,
    CRITICISM_FIGURES,
    FIGURES,
    Computed,
    computed,
    computed_sections,
)
from domain.reporting import report
from domain.reporting.report import Table, digest_of
from domain.vocabulary import NAMESPACE, stream_id
from domain.worktime.period import ends_at
from ledger.founding.shipped import shipped_forms
from ledger.log import reading
from ledger.log.bulk import append_slice, slices
from ledger.log.codec import LedgerMapper, Recorded
from ledger.server.embedded import Cluster
from projections.asking.answering import answer
from projections.asking.asking import PeriodAsked, fetch
from projections.complaints import criticism
from projections.complaints.criticism import CriticismAsked, Total
from projections.reporting import statutory, work_statistics
from projections.reporting.adjustments import Adjustments, adjustments
from projections.requests import workload
from projections.running.runner import Runner
from tests.complaints import OFFICER
from tests.databases import own_database
from tests.examples import local
from tests.laws.test_overdue import lived, recorded
from tests.lives import played

PERIOD: Final = "2026-04"
DIVISION: Final = "4401"
SHARES: Final = (0.5, 0.8, 0.95)
"""Cut-offs, as a share of the log."""


def everything(rows: RowsOf) -> Form:
    """A form with a column for every query, and every figure of the whole, also by the period
    before."""
    columns = [
        Field(code=name, title=one.title, kind=one.kinds[0], required=one.always, query=name)
        for name, one in CATALOGUE[rows].items()
    ]
    sections = [
        Field(code=f"{name}-{of}", title="计", kind="number", query=name, of_period=of)
        for name in FIGURES
        for of in get_args(OfPeriod)
    ]
    return Form(
        code=f"every-{rows}",
        version=1,
        purpose="report",
        title="全部查询",
        basis="示例",
        rows=rows,
        fields=(Field(code="number", title="序号", kind="number"), *columns),
        sections=tuple(sections) if rows in ("complaint", "criticism", "village") else (),
    )


SHIPPED: Final = {one.form.code: one.form for one in shipped_forms()}
FORMS: Final = {
    **{code: one for code, one in SHIPPED.items() if one.purpose == "report"},
    **{one.code: one for one in map(everything, get_args(RowsOf))},
}
OF_COMPLAINTS: Final = (
    "criticism", "criticism-analysis", "every-complaint", "every-channel", "every-aspect",
    "every-virtue", "every-criticism",
)  # fmt: skip


class Known(NamedTuple):
    """A small city's services and work, or its complaints, where rare things happen often."""

    connection: psycopg.Connection[tuple[object, ...]]
    head: int
    template: str

    @property
    def form(self) -> Form:
        return FORMS[self.template]

    @property
    def figures(self) -> dict[str, Computed]:
        """The columns that count, by code."""
        return {one.column.code: one for one in computed(self.form) if one.query.counts}


Log = tuple[psycopg.Connection[tuple[object, ...]], int]


@pytest.fixture(scope="module")
def logs(cluster: Cluster) -> Iterator[Callable[[str], Log]]:
    """The log of complaints, or of work; each is made once."""
    with ExitStack() as opened:

        @cache
        def log_of(which: str) -> Log:
            told = lived(500) if which == "complaints" else played(3, scale=0.02, days=45)
            database = opened.enter_context(own_database(cluster))
            connection = opened.enter_context(psycopg.connect(database.app_url, autocommit=True))
            forms = [one for code, one in FORMS.items() if code not in SHIPPED]
            append_slice(connection, [published(one) for one in forms], LedgerMapper())
            for events in slices(recorded(step) for step in told):
                append_slice(connection, events, LedgerMapper())
            Runner(database.app_url).catch_up()
            return connection, reading.head(connection)

        yield log_of


def published(one: Form) -> Recorded:
    return Recorded(
        originator_id=stream_id(form.KIND, one.code),
        originator_version=1,
        event=FormPublished(form=one),
        event_id=uuid5(NAMESPACE, one.code),
        command_id=uuid5(NAMESPACE, f"publish {one.code}"),
        occurred_at=local("2026-03-30 09:00"),
        by=OFFICER,
        command_events=1,
    )


@pytest.fixture(params=FORMS)
def known(logs: Callable[[str], Log], request: pytest.FixtureRequest) -> Known:
    template: str = request.param
    return Known(*logs("complaints" if template in OF_COMPLAINTS else "work"), template)


def table_at(known: Known, position: int) -> Table:
    now = ends_at(PERIOD)
    filled = statutory.prefill(known.template, DIVISION, PERIOD, position=position, now=now)
    return answer(known.connection, filled)


def adjusted(known: Known, table: Table) -> Adjustments:
    return answer(known.connection, adjustments(table, 1, known.head))


def test_a_table_fits_its_template_and_is_the_same_whenever_it_is_asked(known: Known) -> None:
    table = table_at(known, known.head)
    assert len(table.rows) > FEW.get(known.form.rows or "", 10)
    check_fields(known.form.sections, table.sections, whole=False)
    for row in table.rows:
        check(known.form, row.cells)
        assert row.sources == tuple(sorted(row.sources))
    assert [row.cells["number"] for row in table.rows] == [*range(1, len(table.rows) + 1)]
    assert digest_of(table_at(known, known.head)) == digest_of(table)
    again = answer(known.connection, statutory.recomputed(table, table.cut_off))
    assert again == table


FEW: Final = {"division": 5, "aspect": 5, "channel": 5, "virtue": 0}
"""Of these there are few in a small city."""


def test_audit_4_9_every_query_gives_what_the_catalogue_says(known: Known) -> None:
    """A publication is refused by the catalogue: what it promises is what is written."""
    table, given = table_at(known, known.head), set[str]()
    for row in table.rows:
        for one in computed(known.form):
            value = row.cells.get(one.column.code)
            if value is None:
                assert not one.query.always, one.name
                continue
            codes = dict.fromkeys(one.query.codes, "码")
            assert all(fits(kind, codes, value) for kind in one.query.kinds), (one.name, value)
            if one.query.counts is None or value:
                given.add(one.name)
    for section in computed_sections(known.form):
        if table.sections[section.column.code]:
            given.add(section.name)
    seldom = NOT_IN_THESE_LOGS
    if known.template not in OF_COMPLAINTS:
        seldom |= CRITICISM_FIGURES.keys()
    assert {one.name for one in computed(known.form)} - given <= seldom


NOT_IN_THESE_LOGS: Final = frozenset({"offpeak_lectures", "bad_ratings"})


@pytest.mark.parametrize("known", ["every-criticism"], indirect=True)
def test_criticism_by_row_is_the_whole_of_it_and_what_the_totals_say(known: Known) -> None:
    table = table_at(known, known.head)
    (all_,) = (row for row in table.rows if table.key_of(row) == ("all", ""))
    for dimension in ("channel", "service", "aspect", "unit"):
        parts = [row for row in table.rows if table.key_of(row)[0] == dimension]
        for code in known.figures:
            figures = [row.cells[code] for row in parts]
            assert sum(one for one in figures if isinstance(one, int)) == all_.cells[code]
    asked = CriticismAsked(division=DIVISION, period=PERIOD, position=known.head)
    found = fetch(known.connection, criticism.totals(asked))
    totals: dict[tuple[str, ...], Total] = {(one.by, one.key or ""): one for one in found}
    assert {table.key_of(row) for row in table.rows} <= totals.keys()
    for row in table.rows:
        for column, name in TOLD.items():
            total = getattr(totals[table.key_of(row)], name)
            assert row.cells[column] == total, (table.key_of(row), column)


TOLD: Final = {
    "criticism": "count",
    "criticism_noted": "noted",
    "criticism_substantiated": "substantiated",
    "criticism_satisfied": "satisfied",
    "criticism_dissatisfied": "dissatisfied",
    "criticism_late": "late",
    "criticism_joint": "joint",
    "criticism_repeated": "repeated",
    "criticism_reclassified": "reclassified",
}
"""Query → the same figure of the totals of criticism, which are another way to it."""


@pytest.mark.parametrize(
    ("known", "share"),
    [(code, share) for code in FORMS for share in SHARES if code in SHIPPED or share == SHARES[1]],
    indirect=["known"],
)
def test_events_after_the_cut_off_explain_exactly_what_changed(known: Known, share: float) -> None:
    table = table_at(known, int(known.head * share))
    found = adjusted(known, table)
    assert found.reproducible
    now = answer(known.connection, statutory.recomputed(table, known.head))
    assert applied(table, found) == cells_of(now)
    assert found.rows or share > SHARES[0] or known.form.rows == "virtue"
    whole = computed_sections(known.form)
    figures = {*known.figures, *(one.column.code for one in whole)}
    for row in found.rows:
        for cell in row.cells:
            assert cell.events, (row.key, cell)
            assert all(table.cut_off < one.position <= known.head for one in cell.events)
            if cell.column in figures:
                # No rule and no point changed, so that figures are made up of nothing else.
                before, after = (
                    value if isinstance(value, int) else 0 for value in (cell.submitted, cell.now)
                )
                assert sum(one.amount or 0 for one in cell.events) == after - before


def cells_of(table: Table) -> dict[tuple[str, ...], dict[str, object]]:
    return {
        (): dict(table.sections),
        **{
            table.key_of(row): {
                code: value for code, value in row.cells.items() if code != report.NUMBER
            }
            for row in table.rows
        },
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
    for row in table.rows[: 12 if known.template in SHIPPED else 2]:
        for column, value in row.cells.items():
            sources = answer(known.connection, statutory.sources_of(table, row, column))
            if column not in known.figures:
                assert sources or not {"point", "adviser"} & {*row.cells}
                continue
            assert sum(one.amount or 0 for one in sources) == value, column
            if known.figures[column].query.counts == "work":
                assert {one.stream for one in sources} <= {*row.sources}
    for section in computed_sections(known.form)[::5]:
        code = section.column.code
        sources = answer(known.connection, statutory.sources_of(table, None, code))
        assert sum(one.amount or 0 for one in sources) == table.sections[code]


@pytest.mark.parametrize("known", [report.STATISTICS], indirect=True)
def test_the_work_of_points_is_that_of_the_workload_report(known: Known) -> None:
    """Two ways to the same services and minutes, of requests and of the work log."""
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
