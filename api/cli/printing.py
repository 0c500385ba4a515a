"""Output of the command line: JSON for programs on standard output, tables for people.

Progress and notes go to standard error, progress only to a terminal.
"""

import json
import re
import sys
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

import msgspec
import rich_click as click
from msgspec import UnsetType
from rich.console import Console, JustifyMethod
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from api.cli.language import heading, language, told
from domain.vocabulary import CHINA

FAULTS_SHOWN: Final = 10
Tell = Callable[[int, int], None]
"""Told how much is done, and how much there is to do."""
PIPE_WIDTH: Final = 1_000_000
NOTHING: Final = "-"
INSTANT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", re.ASCII)
"""As JSON writes it."""


def say_json(value: Any) -> None:
    """Print one object on one line.

    It avoids `click.echo`, which searches the text for colours: two seconds for a city's score
    trees.
    """
    text = msgspec.json.encode(value, enc_hook=str).decode()
    try:
        text.encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:
        text = json.dumps(json.loads(text))
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def say(text: str) -> None:
    click.echo(text)


def note(text: str) -> None:
    """Print a note for people beside the answer."""
    click.echo(text, err=True)


def show_table(rows: Sequence[Mapping[str, Any]], *, empty: str | None = None) -> None:
    """Rows with the same keys, as they are: no value is markup, none is cut."""
    if not rows:
        say(empty or told("nothing", "没有"))
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name, value in rows[0].items():
        number = isinstance(value, int | float) and not isinstance(value, bool)
        justify: JustifyMethod = "right" if number else "left"
        table.add_column(_as_is(heading(name)), justify=justify, overflow="fold")
    for row in rows:
        table.add_row(*(_as_is(shown(value)) for value in row.values()))
    Console(width=None if sys.stdout.isatty() else PIPE_WIDTH, highlight=False).print(table)


def _as_is(text: str) -> Text:
    """Show by its escape what would move the cursor, colour or reorder the line."""
    if not text.isprintable():
        text = "".join(
            one
            if one.isprintable() or unicodedata.category(one) == "Zs"
            else one.encode("unicode_escape").decode()
            for one in text
        )
    return Text(text)


def shown(value: Any) -> str:  # noqa: PLR0911
    """Write a value for people: times by the clock of China, never a type of this program."""
    match value:
        case None | UnsetType():
            return NOTHING
        case str():
            return shown(datetime.fromisoformat(value)) if INSTANT.fullmatch(value) else value
        case float():
            return f"{value:,.2f}"
        case bool():
            return told("yes", "是") if value else told("no", "否")
        case datetime():
            local = value.astimezone(ZoneInfo(CHINA)) if value.tzinfo else value
            return f"{local:%Y-%m-%d %H:%M:%S}"
        case msgspec.Struct():
            return shown(msgspec.structs.asdict(value))
        case dict():
            named = (f"{_key(key)}:{shown(one)}" for key, one in value.items())
            return " ".join(named) or NOTHING
        case list() | tuple() | set() | frozenset():
            return ", ".join(map(shown, value)) or NOTHING
        case bytes():
            return value.hex()
        case _:
            return str(value)


def _key(key: Any) -> str:
    return heading(key) if isinstance(key, str) and language() == "zh" else shown(key)


@contextmanager
def progress(title: str) -> Iterator[Tell]:
    """A bar for long work."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn())
    with Progress(
        *columns, TimeRemainingColumn(), console=console, disable=not console.is_terminal
    ) as bar:
        task = bar.add_task(title, total=None)

        def tell(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        yield tell


def tell_faults(found: Sequence[str]) -> None:
    """Note what could not be taken in, at the foot of an answer."""
    for one in found[:FAULTS_SHOWN]:
        note(f"Fault: {one}")
    if found:
        note(f"Faults: {len(found)}; `anjuan doctor` says what to do.")
