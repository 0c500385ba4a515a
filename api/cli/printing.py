"""Output of the command line: JSON for programs on standard output, tables for people.

Progress and notes go to standard error, progress only to a terminal.
"""

import json
import sys
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

import msgspec
import rich_click as click
from rich.console import Console, JustifyMethod
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from domain.vocabulary import CHINA

FAULTS_SHOWN: Final = 10
Tell = Callable[[int, int], None]
"""Told how much is done, and how much there is to do."""
PIPE_WIDTH: Final = 1_000_000


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


def show_table(rows: Sequence[Mapping[str, Any]], *, empty: str = "nothing") -> None:
    """Rows with the same keys, as they are: no value is markup, none is cut."""
    if not rows:
        say(empty)
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name, value in rows[0].items():
        number = isinstance(value, int | float) and not isinstance(value, bool)
        justify: JustifyMethod = "right" if number else "left"
        table.add_column(_as_is(name.replace("_", " ")), justify=justify, overflow="fold")
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
        case None:
            return "-"
        case str():
            return str(value)
        case float():
            return f"{value:,.2f}"
        case bool():
            return "yes" if value else "no"
        case datetime():
            local = value.astimezone(ZoneInfo(CHINA)) if value.tzinfo else value
            return f"{local:%Y-%m-%d %H:%M:%S}"
        case msgspec.Struct():
            return shown(msgspec.structs.asdict(value))
        case dict():
            return " ".join(f"{shown(key)}:{shown(one)}" for key, one in value.items()) or "-"
        case list() | tuple() | set() | frozenset():
            return ", ".join(map(shown, value)) or "-"
        case bytes():
            return value.hex()
        case _:
            return str(value)


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
