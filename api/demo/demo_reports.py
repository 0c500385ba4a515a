"""The statutory tables that a demonstration's districts have submitted: filled in from the log as
known on the day, so that what came later shows as adjustments."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import uuid5

import psycopg

from api.demo.demo import Demo
from domain.reporting.report import SubmitReport, digest_of, report_stream
from domain.vocabulary import NAMESPACE, SIMULATION, Actor
from domain.worktime.period import MONTHS_OF_QUARTER, before, month_of, quarter_of
from ledger.log import reading
from ledger.log.store import Ledger
from projections.asking.answering import answer
from projections.reporting import reports, statutory
from projections.reporting.tables import TABLES

CITY: Final = "4401"
REPORT_DAY: Final = 5
"""Of the month after."""
AT: Final = timedelta(hours=9, minutes=30)
APART: Final = timedelta(minutes=17)
BEFORE: Final = "SELECT min(notification_id) - 1 FROM log_events WHERE occurred_at >= %s"


def submit_reports(url: str, demo: Demo, progress: Callable[[int, int], None] | None = None) -> int:
    """Submit the missing tables of every district; return their number.

    They are those of months and quarters that ended in the demonstration. The views must have
    reached the head of the log.
    """
    due = list(_due(demo))
    submitted = 0
    with psycopg.connect(url, autocommit=True) as connection, Ledger(url) as ledger:
        for done, (template, period, day) in enumerate(due):
            first = _midnight(demo, day) + AT
            cut_off = _known(connection, first)
            missing = answer(
                connection, reports.parts(template, CITY, period, reading.head(connection))
            )
            for number, part in enumerate(missing):
                if part.submitted is None and cut_off:
                    name = (template, part.division, period)
                    _submit(connection, ledger, demo, name, cut_off, first + number * APART)
                    submitted += 1
            if progress is not None:
                progress(done + 1, len(due))
    return submitted


def _due(demo: Demo) -> Iterator[tuple[str, str, date]]:
    """Template, period and the day it is reported on."""
    for offset in range(demo.days):
        day = demo.first_day + timedelta(days=offset)
        if day.day == REPORT_DAY:
            for table in TABLES:
                if "month" in table.periods:
                    yield table.code, before(month_of(day)), day
                if "quarter" in table.periods and day.month % MONTHS_OF_QUARTER == 1:
                    yield table.code, before(quarter_of(day)), day


def _midnight(demo: Demo, day: date) -> datetime:
    return demo.first_midnight + timedelta(days=(day - demo.first_day).days)


def _known(connection: psycopg.Connection[Any], instant: datetime) -> int:
    """The position up to which the city was simulated then."""
    row = connection.execute(BEFORE, [instant]).fetchone()
    return int(row[0] or 0) if row else 0


def _submit(
    connection: psycopg.Connection[Any],
    ledger: Ledger,
    demo: Demo,
    name: tuple[str, str, str],
    cut_off: int,
    at: datetime,
) -> None:
    table = answer(connection, statutory.prefill(*name, position=cut_off, now=at))
    division = name[1]
    ledger.execute(
        report_stream(*name),
        SubmitReport(table=table, digest=digest_of(table)),
        by=Actor(account=f"b-{division}-1", role="supervisor", unit=division),
        now=at,
        command_id=uuid5(NAMESPACE, f"{demo.mark} {' '.join(name)}"),
        device=SIMULATION,
        correlation=demo.correlation,
    )
