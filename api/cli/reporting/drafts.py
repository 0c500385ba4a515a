"""Drafts: cells, notes and sections that people fill in before a table is submitted."""

import re
from collections.abc import Sequence
from typing import Any, Final

import msgspec
import psycopg
import rich_click as click

from api.cli.acting import actor_of, actor_options, give
from api.cli.asking import app_url, json_option
from api.cli.printing import say, say_json
from api.cli.reporting.asking import (
    TEMPLATE,
    asked,
    of_report,
)
from domain.registers.form import Field, Form, Value
from domain.reporting.draft import FilledCell, FillInReport, RowNote, draft_stream
from domain.reporting.report import (
    Entry,
    RowUnknown,
    Table,
)
from domain.worktime.period import ends_at
from ledger.log.decision import Receipt
from projections.asking.answering import answer
from projections.asking.asking import Basis
from projections.reporting import statutory

ROW: Final = "[1-9][0-9]{0,8}"


def entry_of(text: str, form: Form) -> Entry:
    place, equals, value = text.partition("=")
    row, _, column = place.partition(":")
    if not equals or not re.fullmatch(ROW, row):
        raise click.UsageError(f"--enter {text}: is not ROW:COLUMN=VALUE")
    field = next((one for one in form.fields if one.code == column), None)
    return Entry(row=int(row), column=column, value=value_of(value, field))


def value_of(text: str, field: Field | None) -> Value:
    """Read a value as the kind of its column is written."""
    kind = field and field.kind
    words: dict[str, Value] = {"yes": True, "no": False} if kind == "yes_no" else {}
    if kind == "number" and re.fullmatch("-?[0-9]{1,15}", text):
        return int(text)
    return words.get(text, text)


class FilledIn(msgspec.Struct, frozen=True, kw_only=True):
    template: str
    division: str
    period: str
    position: int | None


@click.command("fill")
@click.argument("template", type=TEMPLATE)
@of_report
@actor_options
@click.option(
    "--enter",
    "entered",
    multiple=True,
    metavar="ROW:COLUMN=VALUE",
    help="A cell that no query fills in; without VALUE it is emptied. Repeatable.",
)
@click.option(
    "--note", "notes", multiple=True, metavar="ROW=TEXT", help="A note on a row. Repeatable."
)
@click.option(
    "--section",
    "sections",
    multiple=True,
    metavar="CODE=TEXT",
    help="A section of an analysis report that people write. Repeatable.",
)
@json_option
def fill_in(
    template: str,
    period: str,
    division: str,
    account: str | None,
    role: str | None,
    unit: str | None,
    adviser: str | None,
    entered: tuple[str, ...],
    notes: tuple[str, ...],
    sections: tuple[str, ...],
    *,
    as_json: bool,
) -> None:
    """Fill in a table or report before it is submitted: cells, notes on rows, sections.

    Rows are numbered as `anjuan report table` shows them. Who filled in what, and when, is kept.
    Exit code 1: a rule says no; nothing was written.

    Example: anjuan report fill criticism-analysis --period 2026-06 --division 440106 --account li
    --role supervisor --unit 440106 --section causes=人手不足
    """
    url, name = app_url(), (template, division, period)
    by = actor_of(account, role, unit, adviser)

    def asking(connection: psycopg.Connection[Any], known: Basis) -> FillInReport:
        filled = statutory.prefill(*name, position=known.position, now=ends_at(period))
        table = answer(connection, filled)
        form = answer(connection, statutory.form_of(table.template, known.position))
        return _filling(table, form, entered, notes, sections)

    receipt: Receipt = give(url, draft_stream(*name), asked(url, asking)[1], by)
    done = FilledIn(template=template, division=division, period=period, position=receipt.position)
    if as_json:
        say_json(done)
    elif receipt.position is None:
        say("Nothing changed.")
    else:
        say(f"Filled in at position {receipt.position}.")


def _filling(
    table: Table,
    form: Form,
    entered: Sequence[str],
    notes: Sequence[str],
    sections: Sequence[str],
) -> FillInReport:
    keys = dict(enumerate(map(table.key_of, table.rows), start=1))

    def key_of(row: int) -> tuple[str, ...]:
        if row not in keys:
            raise RowUnknown(str(row))
        return keys[row]

    fields = {one.code: one for one in form.sections}
    cells = [entry_of(one, form) for one in entered]
    noted = [_named("--note", one, ROW) for one in notes]
    written = [_named("--section", one, ".+") for one in sections]
    return FillInReport(
        template=table.template,
        division=table.division,
        period=table.period,
        cells=tuple(
            FilledCell(
                row=key_of(one.row),
                column=one.column,
                value=None if one.value == "" else one.value,
            )
            for one in cells
        ),
        notes=tuple(RowNote(row=key_of(int(row)), note=text or None) for row, text in noted),
        sections={code: value_of(text, fields.get(code)) or None for code, text in written},
    )


def _named(option: str, text: str, pattern: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not re.fullmatch(pattern, name):
        raise click.UsageError(f"{option} {text}: is not NAME=TEXT")
    return name, value
