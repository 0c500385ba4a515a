"""`anjuan report`, of a division and a month or quarter: the statutory tables, what advisers owe,
what is missing; submitting a table, and what changed since."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final, TypeVar, get_args
from uuid import UUID

import msgspec
import psycopg
import rich_click as click

from api.cli.acting import actor_of, actor_options, give
from api.cli.asking import app_url, as_known_at_option, connected, json_option
from api.cli.comparing import compared_to_option, tell_difference
from api.cli.declared.tables import Titles, show_cells, titles_of
from api.cli.keeping_up import bring_views_up
from api.cli.language import spoken
from api.cli.printing import note, note_basis, say, say_json, show_table, shown
from domain.codes import Code, DivisionCode, PeriodCode
from domain.registers.form import Field, Form, Value
from domain.registration.queries import CATALOGUE, MARKS
from domain.reporting import report
from domain.reporting.draft import FilledCell, FillInReport, RowNote, draft_stream
from domain.reporting.report import (
    Entered,
    Entry,
    ResubmitReport,
    RowUnknown,
    SubmitReport,
    Table,
    digest_of,
    report_stream,
    with_entries,
)
from domain.vocabulary import Actor, Command
from domain.worktime.period import ends_at
from ledger.log.decision import Receipt
from projections.advising import coverage, doubts, duty
from projections.asking.answering import answer
from projections.asking.asking import Basis, fetch
from projections.reporting import adjustments as adjusting
from projections.reporting import reports, statutory
from projections.reporting.difference import AdjustedRow
from projections.reporting.figures import DIGITS
from projections.reporting.reports import Of, Shown
from projections.reporting.tables import TABLES, StatutoryTable, beside
from projections.running.basis import basis_query

T = TypeVar("T")
F = TypeVar("F", bound=Callable[..., Any])
ROW: Final = "[1-9][0-9]{0,8}"
SHOWN_CHARACTERS: Final = 24
"""Of a text in a table for people."""


class Checked(click.ParamType[str]):
    """A text of a form that is written down as a type."""

    def __init__(self, name: str, kind: Any, example: str) -> None:
        self.name = name
        self._kind = kind
        self._example = example

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        try:
            return str(msgspec.convert(value, self._kind))
        except msgspec.ValidationError:
            self.fail(f"{value!r} is not like {self._example}", param, ctx)


PERIOD: Final = Checked("period", PeriodCode, "2026-06 or 2026-Q2")
TEMPLATE: Final = Checked("template", Code, "legal-aid-monthly: the code of a published form")
DIVISION: Final = Checked("division", DivisionCode, "440103: 2, 4, 6, 9 or 12 digits")


class Nothing(click.ClickException):
    """No such submission: exit code 1."""


def of_report(command: F) -> F:
    """Add --period and --division."""
    command = click.option(
        "--division", type=DIVISION, required=True, metavar="CODE", help="The whole division."
    )(command)
    return click.option(
        "--period", type=PERIOD, required=True, help="A month or a quarter: 2026-06, 2026-Q2."
    )(command)


def on_basis(command: F) -> F:
    return click.option(
        "--basis",
        type=click.Choice(get_args(Of)),
        default="now",
        show_default=True,
        help="As it was submitted, as known at the cut-off of the submission, or as known now.",
    )(command)


def at_times(command: F) -> F:
    """Add --as-known-at and --compared-to."""
    return as_known_at_option(compared_to_option(command))


version_option = click.option(
    "--version", "version", type=click.IntRange(1), help="Of the submission. Default: the newest."
)


Asking = Callable[[psycopg.Connection[Any], Basis], T]


def _asked(url: str, asking: Asking[T], as_known_at: datetime | None = None) -> tuple[Basis, T]:
    """Bring the views up to date and fetch."""
    bring_views_up(url)
    with connected(url) as connection:
        return _known(connection, asking, as_known_at)


def _known(
    connection: psycopg.Connection[Any], asking: Asking[T], at: datetime | None
) -> tuple[Basis, T]:
    (basis,) = fetch(connection, basis_query(at))
    return basis, asking(connection, basis)


def _answered(
    asking: Asking[dict[str, Any]],
    *,
    as_json: bool,
    as_known_at: datetime | None,
    compared_to: datetime | None,
) -> tuple[Basis, dict[str, Any]] | None:
    """Fetch as `_asked` does; None when the difference between two times was printed instead."""
    if compared_to is None:
        return _asked(app_url(), asking, as_known_at)
    url = app_url()
    bring_views_up(url)
    with connected(url) as connection:
        tell_difference(
            connection,
            as_known_at,
            compared_to,
            lambda at: _known(connection, asking, at)[1],
            as_json=as_json,
        )
    return None


def _say(basis: Basis, answer: dict[str, Any], *, as_json: bool, **of: Any) -> None:
    """JSON, or nothing: tables are shown by whoever knows their columns."""
    if as_json:
        say_json({"basis": {**of, **msgspec.structs.asdict(basis)}, **answer})
        return
    note_basis(basis.position, simulated=basis.simulated)


# --- tables


def _shown(
    connection: psycopg.Connection[Any],
    basis: Basis,
    of: Of,
    name: tuple[str, str, str],
    **more: Any,
) -> Shown:
    now = basis.as_known_at or datetime.now(UTC)
    wanted = reports.shown(of, *name, position=basis.position, now=now, **more)
    found = answer(connection, wanted)
    if found is None:
        raise Nothing(f"nothing was submitted of {' '.join(name)}")
    return found


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
        found = _shown(connection, known, basis, name, version=version)
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

    if (answered := _answered(asking, as_json=as_json, **times)) is None:
        return
    known, told = answered
    if not as_json:
        if titled:
            _show_report(told["table"], told["form"])
        else:
            with connected(app_url()) as connection:
                _show_rows(told["table"], titles_of(connection, told["table"]))
        for total in told.get("totals", ())[:1]:
            show_table([msgspec.structs.asdict(total)], owner=type(total))
        digest, cut_off = told["digest"], told["table"].cut_off
        say(
            spoken(
                f"digest {digest}, cut-off {cut_off}",
                f"摘要值 {digest}，截止的记录位置 {cut_off}",
            )
        )
    _say(known, told, as_json=as_json, of=basis, division=name[1], period=name[2])


def _show_rows(table: Table, titles: Titles) -> None:
    """Show a text by its beginning: JSON has it whole."""
    short = [
        msgspec.structs.replace(row, cells={code: _short(cell) for code, cell in row.cells.items()})
        for row in table.rows
    ]
    if short:
        show_cells(short, titles)
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
    show_table(
        [
            {
                one.title: _short(_worded(one, row.cells.get(one.code)))
                if one.code not in row.entered
                else f"{_short(_worded(one, row.cells[one.code]))} *"
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


def _short(value: Any) -> Any:
    if isinstance(value, str) and len(value) > SHOWN_CHARACTERS:
        return f"{value[:SHOWN_CHARACTERS]}…"
    return value


# --- duty and coverage


def _counted(value: Any) -> Any:
    """Show pieces as done of required, and streams by their number; JSON has them one by one."""
    match value:
        case duty.Pieces(done=done, required=required):
            return f"{done}/{required}"
        case (UUID(), *_) | ():
            return len(value)
        case _:
            return value


def _figures(name: str, find: Callable[..., list[Any]], text: str) -> click.Command:
    def command(
        period: str, division: str, basis: Of, *, as_json: bool, **times: datetime | None
    ) -> None:
        def asking(connection: psycopg.Connection[Any], known: Basis) -> dict[str, Any]:
            position = known.position
            if basis == "submitted":
                raise click.UsageError(f"{name} is no table that is submitted: then or now.")
            if basis == "then":
                of = (report.STATISTICS, division, period)
                position = _shown(connection, known, "submitted", of).table.cut_off
            of_period: dict[str, Any] = {
                "division": division, "period": period, "position": position,
            }  # fmt: skip
            told = {"cut_off": position, "rows": find(connection, **of_period)}
            if find is duty.position and basis == "now":
                told["waiting"] = duty.waiting(connection, **of_period)
            return told

        if (answered := _answered(asking, as_json=as_json, **times)) is None:
            return
        known, told = answered
        if not as_json:
            show_table(
                [
                    {name: _counted(value) for name, value in msgspec.structs.asdict(row).items()}
                    for row in told["rows"]
                ],
                owner=type(told["rows"][0]) if told["rows"] else None,
            )
            if waiting := told.get("waiting"):
                say(
                    spoken(
                        "What would change by a recalculation (it stands → it would be):",
                        "重新计算将引起的变化（现在 → 计算后）：",
                    )
                )
                show_table([_would(one) for one in waiting], owner=type(waiting[0]))
        of: dict[str, Any] = {"of": basis, "division": division, "period": period}
        _say(known, told, as_json=as_json, **of)

    command.__doc__ = text
    return click.command(name)(of_report(on_basis(at_times(json_option(command)))))


def _would(one: duty.DutyChange) -> dict[str, Any]:
    return {
        name: f"{value[0]} → {value[1]}" if isinstance(value, tuple) else value
        for name, value in msgspec.structs.asdict(one).items()
    }


DUTY: Final = _figures(
    "duty",
    duty.position,
    """What each adviser owed each village in each month, what he did, and what is short; never
    averaged.

    With --basis then: as known when the division's work statistics were submitted.

    Example: anjuan report duty --period 2026-06 --division 440106 --json
    """,
)
DOUBTS: Final = _figures(
    "doubts",
    doubts.found,
    """Work-log entries that are doubtful, to be cleared or returned: hours told twice, more than a
    day, a village the adviser did not serve that day or that no register knows.

    With --basis then: as known when the division's work statistics were submitted.

    Example: anjuan report doubts --period 2026-06 --division 440106 --json
    """,
)
COVERAGE: Final = _figures(
    "coverage",
    coverage.gaps,
    """What is missing where: villages not checked, without adviser, group, display or lecture.

    With --basis then: as known when the division's work statistics were submitted.

    Example: anjuan report coverage --period 2026-06 --division 440106 --json
    """,
)


# --- what was submitted


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

    if (answered := _answered(asking, as_json=as_json, **times)) is None:
        return
    known, told = answered
    if not as_json:
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
    _say(known, told, as_json=as_json)


def _lines(row: AdjustedRow) -> list[dict[str, Any]]:
    return [
        {
            "row": row.submitted or row.now,
            "change": row.change,
            "column": cell.column,
            "submitted": _short(cell.submitted),
            "now": _short(cell.now),
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

    if (answered := _answered(asking, as_json=as_json, **times)) is None:
        return
    known, told = answered
    if not as_json:
        show_table(
            [_submission(one) for one in told["versions"]],
            empty=spoken("nothing was submitted", "尚未报送"),
        )
    _say(known, told, as_json=as_json)


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

    if (answered := _answered(asking, as_json=as_json, **times)) is None:
        return
    known, told = answered
    if not as_json:
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
    _say(known, told, as_json=as_json)


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
        entries = [_entry(one, form) for one in entered]
        return with_entries(table, form, entries, account), len(done)

    return _asked(url, asking)[1]


def _entry(text: str, form: Form) -> Entry:
    place, equals, value = text.partition("=")
    row, _, column = place.partition(":")
    if not equals or not re.fullmatch(ROW, row):
        raise click.UsageError(f"--enter {text}: is not ROW:COLUMN=VALUE")
    field = next((one for one in form.fields if one.code == column), None)
    return Entry(row=int(row), column=column, value=_value(value, field))


def _value(text: str, field: Field | None) -> Value:
    """Read a value as the kind of its column is written."""
    kind = field and field.kind
    words: dict[str, Value] = {"yes": True, "no": False} if kind == "yes_no" else {}
    if kind == "number" and re.fullmatch("-?[0-9]{1,15}", text):
        return int(text)
    return words.get(text, text)


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


# --- what people fill in before


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

    receipt: Receipt = give(url, draft_stream(*name), _asked(url, asking)[1], by)
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
    cells = [_entry(one, form) for one in entered]
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
        sections={code: _value(text, fields.get(code)) or None for code, text in written},
    )


def _named(option: str, text: str, pattern: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not re.fullmatch(pattern, name):
        raise click.UsageError(f"{option} {text}: is not NAME=TEXT")
    return name, value


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


COMMANDS: Final[tuple[click.Command, ...]] = (
    *map(_table, TABLES), DUTY, DOUBTS, COVERAGE, adjustments, versions, city, any_table,
    fill_in, submit, resubmit, queries,
)  # fmt: skip
