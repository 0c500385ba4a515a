"""The statutory tables and those of any published form, and the named queries."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

import msgspec
import psycopg
import rich_click as click

from api.cli.asking import app_url, connected, json_option
from api.cli.declared.tables import Titles, adviser_of, show_cells, titles_of, total_of_point
from api.cli.language import spoken
from api.cli.printing import say, say_json, show_structs, show_table, shown
from api.cli.reporting.asking import (
    TEMPLATE,
    at_times,
    of_report,
    on_basis,
    shown_table,
    tell,
    version_option,
)
from domain.registers.form import Field, Form, Value
from domain.registration.queries import CATALOGUE, MARKS
from domain.reporting.report import (
    Entered,
    Table,
)
from projections.asking.answering import answer
from projections.asking.asking import Basis
from projections.reporting import statutory
from projections.reporting.reports import Of
from projections.reporting.tables import TABLES, StatutoryTable, beside

SHOWN_CHARACTERS: Final = 24
"""Of a text in a table for people."""


def _table(declared: StatutoryTable) -> click.Command:
    template = declared.code

    def command(
        period: str,
        division: str,
        basis: Of,
        version: int | None,
        *,
        as_json: bool,
        **times: datetime | None,
    ) -> None:
        name = (template, division, period)
        _tell_table(name, basis, version, times, as_json=as_json, totals=declared.totals)

    command.__doc__ = declared.help
    return click.command(template)(
        of_report(on_basis(version_option(at_times(json_option(command)))))
    )


@click.command("table")
@click.argument("template", type=TEMPLATE)
@of_report
@on_basis
@version_option
@at_times
@json_option
def any_table(
    template: str,
    period: str,
    division: str,
    basis: Of,
    version: int | None,
    *,
    as_json: bool,
    **times: datetime | None,
) -> None:
    """A table or analysis report of any published form, with what people filled in.

    Exit code 1: no such form is published, or nothing was submitted.

    Example: anjuan report table criticism-analysis --period 2026-06 --division 440106
    """
    name = (template, division, period)
    _tell_table(name, basis, version, times, as_json=as_json, titled=True)


def _tell_table(
    name: tuple[str, str, str],
    basis: Of,
    version: int | None,
    times: Mapping[str, datetime | None],
    *,
    as_json: bool,
    totals: bool = False,
    titled: bool = False,
) -> None:
    """Print a table; titled: with the words of its form, and who filled in what."""

    def asking(connection: psycopg.Connection[Any], known: Basis) -> dict[str, Any]:
        found = shown_table(connection, known, basis, name, version=version)
        form = answer(connection, statutory.form_of(found.table.template, known.position))
        told: dict[str, Any] = {
            "digest": found.digest,
            "table": found.table,
            "submission": found.submission,
            "form": form,
        }
        if totals:
            told |= answer(connection, beside(found.table))
        return told

    def show(told: dict[str, Any]) -> None:
        if titled:
            _show_report(told["table"], told["form"])
        else:
            with connected(app_url()) as connection:
                _show_rows(told["table"], titles_of(connection, told["table"]))
        for total in told.get("totals", ())[:1]:
            show_structs([total])
        digest, cut_off = told["digest"], told["table"].cut_off
        say(
            spoken(
                f"digest {digest}, cut-off {cut_off}",
                f"摘要值 {digest}，截止的记录位置 {cut_off}",
            )
        )

    tell(asking, show, as_json=as_json, **times, of=basis, division=name[1], period=name[2])


def _show_rows(table: Table, titles: Titles) -> None:
    """Show a text by its beginning: JSON has it whole."""
    rows = [
        msgspec.structs.replace(row, cells={code: short(cell) for code, cell in row.cells.items()})
        for row in table.rows
    ]
    if rows:
        show_cells(rows, titles)
    else:
        say(spoken("no rows", "没有数据"))


def _show_report(table: Table, form: Form) -> None:
    """The title, the sections with the query of each figure or who wrote the text, the rows, the
    notes; cells that a person filled in are marked."""
    say(f"{form.title}  {table.division}  {table.period}")
    for one in form.sections:
        value = _worded(one, table.sections.get(one.code))
        if one.query is not None:
            of_period = "" if one.of_period == "this" else f", {one.of_period}"
            told = f"{one.query}{of_period} @ {table.cut_off}"
        else:
            told = _by(table.entered.get(one.code))
        say(f"{one.title}: {shown(value)}  [{told}]")
    columns = [one for one in form.fields if any(one.code in row.cells for row in table.rows)]
    adviser = adviser_of(form)
    show_table(
        [
            {
                one.title: total_of_point()
                if one.code == adviser and one.code not in row.cells
                else short(_worded(one, row.cells.get(one.code)))
                if one.code not in row.entered
                else f"{short(_worded(one, row.cells[one.code]))} *"
                for one in columns
            }
            for row in table.rows
        ],
        empty="no rows",
    )
    for number, row in enumerate(table.rows, start=1):
        for code, entered in row.entered.items():
            say(f"* {number} {code}: {_by(entered)}")
        if row.note is not None:
            say(f"{number}: {row.note}  [{_by(row.noted)}]")


def _worded(column: Field, value: Value | None) -> Any:
    """A choice by its words."""
    return column.options.get(value, value) if isinstance(value, str) else value


def _by(entered: Entered | None) -> str:
    if entered is None:
        return "-"
    return f"{entered.by} {shown(entered.at) if entered.at else 'as submitted'}"


def short(value: Any) -> Any:
    if isinstance(value, str) and len(value) > SHOWN_CHARACTERS:
        return f"{value[:SHOWN_CHARACTERS]}…"
    return value


@click.command()
@json_option
def queries(*, as_json: bool) -> None:
    """The named queries that the columns of a form may name, by what its rows are.

    Example: anjuan report queries
    """
    found = [
        {
            "rows": rows,
            "query": name,
            "title": one.title,
            "kinds": ", ".join(one.kinds),
            "always": one.always,
            "limited_by": ", ".join(MARKS[one.counts]) if one.counts else None,
        }
        for rows, named in CATALOGUE.items()
        for name, one in named.items()
    ]
    if as_json:
        say_json({"queries": found})
    else:
        show_table(found)


OF_TABLES: Final = tuple(map(_table, TABLES))
