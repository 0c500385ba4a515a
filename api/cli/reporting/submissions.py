"""Submissions of a table: submitting it, and again; the versions, and changes since."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

import msgspec
import psycopg
import rich_click as click

from api.cli.acting import actor_of, actor_options, give
from api.cli.asking import app_url, json_option
from api.cli.language import spoken
from api.cli.printing import note, say, say_json, show_table
from api.cli.reporting.asking import (
    DIVISION,
    PERIOD,
    TEMPLATE,
    Nothing,
    asked,
    at_times,
    of_report,
    tell,
    version_option,
)
from api.cli.reporting.drafts import entry_of
from api.cli.reporting.tables import short
from domain.reporting.report import (
    ResubmitReport,
    SubmitReport,
    Table,
    digest_of,
    report_stream,
    with_entries,
)
from domain.vocabulary import Actor, Command
from domain.worktime.period import ends_at
from ledger.log.decision import Receipt
from projections.asking.answering import answer
from projections.asking.asking import Basis, fetch
from projections.reporting import adjustments as adjusting
from projections.reporting import reports, statutory
from projections.reporting.difference import AdjustedRow
from projections.reporting.figures import DIGITS


@click.command()
@click.argument("template", type=TEMPLATE)
@of_report
@version_option
@at_times
@json_option
def adjustments(
    template: str,
    period: str,
    division: str,
    version: int | None,
    *,
    as_json: bool,
    **times: datetime | None,
) -> None:
    """What changed since a table was submitted, cell by cell, with the events that changed it.

    Exit code 1: nothing was submitted.

    Example: anjuan report adjustments criticism --period 2026-06 --division 440106
    """
    name = (template, division, period)

    def asking(connection: psycopg.Connection[Any], known: Basis) -> dict[str, Any]:
        found = fetch(connection, reports.submitted(*name, known.position, version))
        if not found:
            raise Nothing(f"nothing was submitted of {' '.join(name)}")
        adjusted = adjusting.adjustments(found[0].table, found[0].version, known.position)
        return {"adjustments": answer(connection, adjusted)}

    def show(told: dict[str, Any]) -> None:
        found: adjusting.Adjustments = told["adjustments"]
        show_table(
            [line for row in found.rows for line in _lines(row)],
            empty=spoken("nothing changed", "没有变化"),
        )
        if not found.reproducible:
            note(
                spoken(
                    "The submitted figures are not those of the log at its cut-off.",
                    "报送的数据与截止时的记录不符。",
                )
            )

    tell(asking, show, as_json=as_json, **times)


def _lines(row: AdjustedRow) -> list[dict[str, Any]]:
    return [
        {
            "row": row.submitted or row.now,
            "change": row.change,
            "column": cell.column,
            "submitted": short(cell.submitted),
            "now": short(cell.now),
            "events": " ".join(f"{one.position}:{one.kind}" for one in cell.events),
        }
        for cell in row.cells
    ]


@click.command()
@click.argument("template", type=TEMPLATE)
@of_report
@at_times
@json_option
def versions(
    template: str, period: str, division: str, *, as_json: bool, **times: datetime | None
) -> None:
    """Every submission of a table: who signed it when, and why again.

    Example: anjuan report versions criticism --period 2026-06 --division 440106
    """

    def asking(connection: psycopg.Connection[Any], known: Basis) -> dict[str, Any]:
        submitted = reports.versions(template, division, period, known.position)
        return {"versions": fetch(connection, submitted)}

    def show(told: dict[str, Any]) -> None:
        show_table(
            [_submission(one) for one in told["versions"]],
            empty=spoken("nothing was submitted", "尚未报送"),
        )

    tell(asking, show, as_json=as_json, **times)


def _submission(one: reports.ReportVersion | None) -> dict[str, Any]:
    names = ("version", "submitted_at", "signer", "unit", "cut_off", "digest", "reason")
    return {name: getattr(one, name, None) for name in names}


@click.command()
@click.argument("template", type=TEMPLATE)
@click.option("--period", type=PERIOD, required=True, help="2026-06 or 2026-Q2.")
@click.option(
    "--division",
    type=DIVISION,
    default="4401",
    show_default=True,
    metavar="CODE",
    help="Whose parts: a city's districts, a district's towns.",
)
@at_times
@json_option
def city(
    template: str, period: str, division: str, *, as_json: bool, **times: datetime | None
) -> None:
    """Which districts have submitted a table, and what changed from the period before.

    Example: anjuan report city criticism --period 2026-06
    """
    if len(division) not in DIGITS:
        raise click.UsageError(f"{division} has no parts.")

    def asking(connection: psycopg.Connection[Any], known: Basis) -> dict[str, Any]:
        found = reports.parts(template, division, period, known.position)
        return {"parts": answer(connection, found)}

    def show(told: dict[str, Any]) -> None:
        show_table(
            [
                {
                    "division": part.division,
                    **_submission(part.submitted),
                    "rows": part.submitted and part.submitted.totals.get(reports.ROWS),
                    "change": part.change and part.change.get(reports.ROWS),
                }
                for part in told["parts"]
            ],
            empty=spoken("no parts", "没有下级区划"),
        )

    tell(asking, show, as_json=as_json, **times)


# --- submitting


class Submitted(msgspec.Struct, frozen=True, kw_only=True):
    template: str
    division: str
    period: str
    version: int
    cut_off: int
    digest: str
    position: int | None


ENTER: Final = click.option(
    "--enter",
    "entered",
    multiple=True,
    metavar="ROW:COLUMN=VALUE",
    help="Fill in by hand a cell that the program leaves empty; repeatable.",
)


def _now(
    url: str, name: tuple[str, str, str], entered: Sequence[str], account: str
) -> tuple[Table, int]:
    """The table as it would be submitted now, and how often it was."""

    def asking(connection: psycopg.Connection[Any], known: Basis) -> tuple[Table, int]:
        filled = statutory.prefill(*name, position=known.position, now=ends_at(name[2]))
        done = fetch(connection, reports.versions(*name, known.position))
        table = answer(connection, filled)
        form = answer(connection, statutory.form_of(table.template, known.position))
        entries = [entry_of(one, form) for one in entered]
        return with_entries(table, form, entries, account), len(done)

    return asked(url, asking)[1]


def _given(
    url: str,
    name: tuple[str, str, str],
    command: Command,
    by: Actor,
    table: Table,
    version: int,
    *,
    as_json: bool,
) -> None:
    receipt: Receipt = give(url, report_stream(*name), command, by)
    done = Submitted(
        template=name[0],
        division=name[1],
        period=name[2],
        version=version,
        cut_off=table.cut_off,
        digest=digest_of(table),
        position=receipt.position,
    )
    if as_json:
        say_json(done)
    else:
        say(f"Submitted as version {version}: {len(table.rows)} rows, digest {done.digest}")


@click.command()
@click.argument("template", type=TEMPLATE)
@of_report
@actor_options
@ENTER
@click.option("--note", "remark", help="Kept with it.")
@json_option
def submit(
    template: str,
    period: str,
    division: str,
    account: str | None,
    role: str | None,
    unit: str | None,
    adviser: str | None,
    entered: tuple[str, ...],
    remark: str | None,
    *,
    as_json: bool,
) -> None:
    """Freeze a table as it is now and submit it, signed by the account.

    Whoever uses the command line answers for naming the right one. Exit code 1: it was submitted
    before, or the period is not over; nothing was written.

    Example: anjuan report submit criticism --period 2026-06 --division 440106 --account li
    --role supervisor --unit 440106
    """
    url, name = app_url(), (template, division, period)
    by = actor_of(account, role, unit, adviser)
    table, _ = _now(url, name, entered, by.account)
    command = SubmitReport(table=table, digest=digest_of(table), note=remark)
    _given(url, name, command, by, table, 1, as_json=as_json)


@click.command()
@click.argument("template", type=TEMPLATE)
@of_report
@actor_options
@ENTER
@click.option("--reason", required=True, help="Why it is submitted again.")
@click.option("--note", "remark", help="Kept with it.")
@json_option
def resubmit(
    template: str,
    period: str,
    division: str,
    account: str | None,
    role: str | None,
    unit: str | None,
    adviser: str | None,
    entered: tuple[str, ...],
    reason: str,
    remark: str | None,
    *,
    as_json: bool,
) -> None:
    """Submit a table again as it is now: the next version; those before are kept.

    Exit code 1: it was never submitted, or a rule says no; nothing was written.

    Example: anjuan report resubmit criticism --period 2026-06 --division 440106 --account li
    --role supervisor --unit 440106 --reason 补录一件
    """
    url, name = app_url(), (template, division, period)
    by = actor_of(account, role, unit, adviser)
    table, done = _now(url, name, entered, by.account)
    version = max(done, 1) + 1
    command = ResubmitReport(
        version=version, reason=reason, table=table, digest=digest_of(table), note=remark
    )
    _given(url, name, command, by, table, version, as_json=as_json)
