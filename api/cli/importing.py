"""`anjuan import`: casework kept elsewhere."""

from pathlib import Path

import rich_click as click

from api.cli.asking import app_url, json_option
from api.cli.printing import note, progress, say, say_json, show_table

READABLE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group(name="import")
def import_() -> None:
    """Bring in what was kept elsewhere."""


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
def casework(
    file: Path, mapping: Path, rejects: Path | None, *, dry_run: bool, as_json: bool
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
        return
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
