"""`anjuan import`: an office's lists from spreadsheets, and casework kept elsewhere."""

import getpass
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

import rich_click as click

from api.cli.asking import app_url, json_option, loaded
from api.cli.language import spoken
from api.cli.printing import note, progress, say, say_json, show_table
from api.imports.kind import Kind
from api.imports.kinds import KINDS
from domain.codes import CODE
from domain.vocabulary import Actor

if TYPE_CHECKING:
    from api.imports.casework import Imported
    from api.imports.lists import Importing, Listed

READABLE = click.Path(exists=True, dir_okay=False, path_type=Path)
WRITABLE = click.Path(dir_okay=False, path_type=Path)
SHOWN_MAX: Final = 20
SHOWN_LENGTH: Final = 300
"""The rejects file has the whole of it."""
SHOWN_BEGIN, SHOWN_END = 140, 140
"""Rejected rows that are named on the terminal."""
WORKBOOK: Final = "workbook"
FOUNDING: Final = ("divisions", "firms", "points", "advisers", "appointments")
F = TypeVar("F", bound=Callable[..., Any])


@click.group(name="import")
def import_() -> None:
    """Bring in what was kept elsewhere: an office's lists, or casework of another system.

    Lists, in the order in which an office imports them: divisions, firms, points, advisers,
    appointments; then worklogs, complaints and requests of the past. FILE is .xlsx, .xls, .ods or
    CSV; `anjuan import template NAME` writes one to fill in.

    Every row goes through the rules. Good rows go in; the others are named with the reason, and
    kept in the file of --rejects: correct them there and import that one. A row that is in already
    adds nothing, so that a file can be imported again at any time. Exit code 0: every row is in, or
    could go in; 1: some were rejected.
    """


@import_.command()
@click.argument("name", type=click.Choice([*KINDS, WORKBOOK]))
@click.option("--xlsx", is_flag=True, help="A workbook with choices and explanations, and not CSV.")
@click.option("--out", type=WRITABLE, metavar="FILE", help="Default: NAME.csv or NAME.xlsx, here.")
def template(name: str, out: Path | None, *, xlsx: bool) -> None:
    """Write a template of the list NAME: its headings, an example, and what each may hold.

    Rows that begin with # are remarks, the example among them. `workbook` has a sheet for each of
    the lists that an office is founded with.

    Example: anjuan import template points --xlsx
    """
    from api.imports.template import write_template, write_workbook_template

    target = out or Path(f"{name}.xlsx" if xlsx or name == WORKBOOK else f"{name}.csv")
    if target.exists():
        raise click.UsageError(f"{target} is there already; choose another --out.")
    if name == WORKBOOK:
        write_workbook_template((KINDS[one] for one in FOUNDING), target)
    else:
        write_template(KINDS[name], target)
    say(f"{target}: fill it in, then `anjuan import {name} {target}`.")


def list_options(command: F) -> F:
    options = (
        click.option("--dry-run", is_flag=True, help="Check every row, write nothing to the log."),
        click.option(
            "--rejects", type=WRITABLE, metavar="OUT",
            help="Where rejected rows go, .xlsx or CSV, with the reason; correct them there and"
            " import that file.",
        ),
        click.option("--account", help="Who imports; the log keeps it. Default: import-USER."),
        click.option("--unit", metavar="CODE", help="For which unit. Default: the office's."),
        json_option,
    )  # fmt: skip
    for option in reversed(options):
        command = option(command)
    return command


def _list_command(kind: Kind) -> click.Command:
    @click.argument("file", type=READABLE)
    @click.option("--sheet", metavar="NAME", help="Sheet of a workbook, by name or number.")
    @list_options
    @click.pass_context
    def command(context: click.Context, /, file: Path, *, as_json: bool, **how: Any) -> None:
        from api.imports.lists import import_list

        with progress(f"Importing {file.name} (rows)") as tell:
            done = import_list(app_url(), kind, file, _importing(progress=tell, **how))
        if as_json:
            say_json(done)
        else:
            _tell(done, how["rejects"])
        _end(context, len(done.rejected))

    needed = ", ".join(f"{one.heading} ({one.name})" for one in kind.columns if one.required)
    others = ", ".join(f"{one.heading} ({one.name})" for one in kind.columns if not one.required)
    command.__doc__ = f"""Import the list {kind.name}: {kind.title}.

    Columns that it needs: {needed}. Others: {others}.

    Example: anjuan import {kind.name} {kind.name}.xlsx --dry-run --rejects rejects.xlsx
    """
    return click.command(name=kind.name)(command)


for _kind in KINDS.values():
    import_.add_command(_list_command(_kind))


@import_.command()
@click.argument("files", type=READABLE, nargs=-1, required=True, metavar="FILE...")
@list_options
@click.pass_context
def workbook(
    context: click.Context, /, files: Sequence[Path], *, as_json: bool, **how: Any
) -> None:
    """Import workbooks: of every FILE each sheet that is named as a list, in their right order.

    Sheets: divisions or 区划, firms or 律所, points or 服务点, advisers or 顾问, appointments or
    聘任, worklogs or 工作日志, complaints or 投诉, requests or 事项. Other sheets are passed over.
    --rejects is a workbook with the same sheets.

    Example: anjuan import workbook points.xlsx advisers.xlsx --rejects rejects.xlsx
    """
    from api.imports.lists import import_workbooks

    done = []
    for one in import_workbooks(app_url(), files, _importing(**how)):
        done.append(one)
        if not as_json:
            say(f"{one.kind}, {one.file}:")
            _tell(one, how["rejects"])
    if as_json:
        say_json(done)
    _end(context, sum(len(one.rejected) for one in done))


def _end(context: click.Context, rejected: int) -> None:
    """End with exit code 1 where rows were rejected: a script must not go on as if all were in."""
    if rejected:
        note(
            spoken(
                f"{rejected:,} rows were rejected: exit code 1.",
                f"有 {rejected:,} 行未通过：退出码 1。",
            )
        )
        context.exit(1)


def _importing(*, account: str | None, unit: str | None, **how: Any) -> "Importing":
    from api.imports.lists import Importing
    from api.office import office_of

    office = office_of(loaded().home)
    who = account or f"import-{getpass.getuser()}"
    at = unit or (office.division if office else "")
    for name, code in (("account", who), ("unit", at)):
        if code and not re.fullmatch(CODE, code):
            raise click.UsageError(
                f"--{name}: {code!r} is no code (printable ASCII without space, / and @)"
            )
    by = Actor(account=who, role="importer", unit=at)
    return Importing(by=by, calendar=office.calendar if office else None, **how)


def _tell(done: "Listed", rejects: Path | None) -> None:
    from api.imports.lists import reasons

    would, will = ("would be ", "将") if done.dry_run else ("", "已")
    of_sheet = done.sheet and spoken(f"sheet {done.sheet}: ", f"工作表“{done.sheet}”：")
    say(
        (of_sheet or "")
        + spoken(
            f"{done.rows:,} rows: {done.imported:,} {would}imported, {done.unchanged:,} unchanged,"
            f" {len(done.rejected):,} rejected; {done.events:,} events in {done.seconds:.1f} s"
            f" ({done.rows_per_s:,.0f} rows/s)",
            f"共 {done.rows:,} 行：{will}导入 {done.imported:,} 行，{done.unchanged:,} 行没有变化，"
            f"{len(done.rejected):,} 行未通过；{done.events:,} 个事件，用时 {done.seconds:.1f} 秒"
            f"（每秒 {done.rows_per_s:,.0f} 行）",
        )
    )
    if done.ignored:
        names = ", ".join(map(cut, done.ignored))
        note(
            spoken(
                f"Columns that are not of this list were passed over: {names}.",
                f"不属于本表的栏目未读：{names}。",
            )
        )
    if not done.rejected:
        return
    show_table([{"row": one.row, "why": cut(one.reason)} for one in done.rejected[:SHOWN_MAX]])
    if (more := len(done.rejected) - SHOWN_MAX) > 0:
        note(spoken(f"And {more:,} more. In all:", f"另有 {more:,} 行。合计："))
        for why, rows in reasons(done.rejected).items():
            note(f"  {rows:,} {cut(why)}")
    if rejects:
        note(
            spoken(
                f"Correct them in {rejects} and import that file.",
                f"请在 {rejects} 中更正后，导入该文件。",
            )
        )
    else:
        note(spoken("To correct them: --rejects OUT.xlsx", "如需更正：--rejects OUT.xlsx"))


def cut(text: str) -> str:
    """Return what is shown of a text: a long one's beginning and end, on one line."""
    said = " ".join(text.split())
    return said if len(said) <= SHOWN_LENGTH else f"{said[:SHOWN_BEGIN]} … {said[-SHOWN_END:]}"


@import_.command()
@click.argument("file", type=READABLE)
@click.option(
    "--mapping", required=True, type=READABLE, help="How FILE is read: columns, values, dates."
)
@click.option("--dry-run", is_flag=True, help="Check every row and write nothing to the log.")
@click.option(
    "--rejects",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="OUT.csv",
    help="Where rejected rows go, with the reason; correct them there and import that file.",
)
@json_option
@click.pass_context
def casework(
    context: click.Context,
    file: Path,
    mapping: Path,
    rejects: Path | None,
    *,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Import the cases of FILE, a CSV file or a .csv.gz, in UTF-8, GB18030 or the mapping's
    encoding.

    Every row goes through the rules. Good rows go in; the others are left out and counted:
    a repeated id, a close before its opening, a date that cannot be read, a value that breaks a
    rule. Importing a file twice adds nothing.

    Example: anjuan import casework cases.csv --mapping examples/nyc_casework.toml --dry-run
    """
    from api.imports.casework import import_casework
    from api.imports.casework_mapping import read_mapping

    read = read_mapping(mapping)
    url = app_url()
    with progress(f"Importing {file.name} (bytes)") as tell:
        done = import_casework(url, file, read, rejects=rejects, dry_run=dry_run, progress=tell)
    if as_json:
        say_json(done)
    else:
        _tell_cases(done, rejects, dry_run=dry_run)
    _end(context, done.rejected)


def _tell_cases(done: "Imported", rejects: Path | None, *, dry_run: bool) -> None:
    rate = done.rows / done.seconds if done.seconds else 0
    would = "would be " if dry_run else ""
    say(
        f"{done.rows:,} rows: {done.imported:,} {would}imported, {done.unchanged:,} unchanged,"
        f" {done.rejected:,} rejected; {done.events:,} events in {done.seconds:.1f} s"
        f" ({rate:,.0f} rows/s); read as {done.encoding}"
    )
    if done.reasons:
        show_table([{"rows": rows, "why": why} for why, rows in done.reasons.items()])
    if done.rejected:
        note(f"Rejected rows are in {rejects}." if rejects else "See them: --rejects OUT.csv")
