"""Output of the command line: JSON for programs on standard output, tables for people.

Progress and notes go to standard error, progress only to a terminal.
"""

import json
import re
import sys
import unicodedata
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any, Final, TypeVar
from zoneinfo import ZoneInfo

import msgspec
import rich_click as click
from msgspec import Struct, UnsetType
from rich.console import Console, JustifyMethod
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from api.cli.language import heading, label, language, spoken
from domain.vocabulary import CHINA

FAULTS_SHOWN: Final = 10
Tell = Callable[[int, int], None]
"""Told how much is done, and how much there is to do."""
PIPE_WIDTH: Final = 1_000_000
NOTHING: Final = "-"
FOLDED: Final = 14
"""Characters of a folded column: a day and its hour on two lines."""
GAP: Final = 1
COLUMNS_MIN: Final = 2
TENTHS: Final = 10
F = TypeVar("F", bound=Callable[..., Any])
_wide: ContextVar[bool] = ContextVar("wide", default=False)
HOUR: Final = 60
"""Minutes."""
INSTANT: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})"
)
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


def show_table(
    rows: Sequence[Mapping[str, Any]], *, owner: type | None = None, empty: str | None = None
) -> None:
    """Rows with the same keys, as they are: no value is markup, none is cut.

    owner: the struct that has fields of these names, whose words they are called by
    """
    if not rows:
        say(empty or spoken("nothing", "没有"))
        return
    cells = {name: [_as_is(shown(row[name], name, owner)) for row in rows] for name in rows[0]}
    heads = {name: _as_is(heading(name, owner)) for name in rows[0]}
    widths = {name: max(one.cell_len for one in (heads[name], *cells[name])) for name in heads}
    console = Console(width=_width(), highlight=False)
    kept = _fitting(widths, console.width)
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in kept:
        value = rows[0][name]
        number = isinstance(value, int | float) and not isinstance(value, bool)
        justify: JustifyMethod = "right" if number else "left"
        whole = name == kept[0] and widths[name] <= console.width // 2
        table.add_column(heads[name], justify=justify, overflow="fold", no_wrap=whole)
    for line in zip(*(cells[name] for name in kept), strict=True):
        table.add_row(*line)
    console.print(table)
    if dropped := ", ".join(heads[name].plain for name in heads if name not in kept):
        note(spoken(f"Not shown: {dropped} (--wide)", f"未列出：{dropped}（--wide 全部列出）"))


def show_headings(owner: type[Struct], passed_over: Container[str] = ()) -> None:
    """A list without rows: what its columns are, and that there is nothing."""
    names = [one for one in owner.__struct_encode_fields__ if one not in passed_over]
    say("  ".join(heading(name, owner) for name in names))
    say(spoken("nothing", "没有"))


def _width() -> int | None:
    """The terminal's; without one, or with --wide, a row is a line however long."""
    return None if sys.stdout.isatty() and not _wide.get() else PIPE_WIDTH


def _fitting(widths: Mapping[str, int], room: int) -> list[str]:
    """Choose the columns that there is room for, from the first one on: that one as wide as it is,
    the others folded to `FOLDED`; two at the least."""
    kept: list[str] = []
    for name, width in widths.items():
        room -= (min(width, FOLDED) if kept else width) + GAP
        if room + GAP < 0 and len(kept) >= COLUMNS_MIN:
            break
        kept.append(name)
    return kept


def wide_option(command: F) -> F:
    """Add --wide; it needs no parameter."""

    def widened(context: click.Context, _: click.Parameter, value: bool) -> None:
        if not context.resilient_parsing:
            _wide.set(value)

    return click.option(
        "--wide",
        is_flag=True,
        expose_value=False,
        callback=widened,
        help="On a terminal: every column of a table, however long its lines.",
    )(command)


def show_structs(rows: Sequence[Struct], *, empty: str | None = None) -> None:
    """Rows that are structs of one kind, by its own words."""
    owner = type(rows[0]) if rows else None
    show_table([msgspec.structs.asdict(one) for one in rows], owner=owner, empty=empty)


def show_fields(fields: Iterable[tuple[str, Any]], owner: type | None = None) -> None:
    """One thing, a field a line."""
    names = spoken("field", "项目"), spoken("value", "内容")
    show_table(
        [
            dict(zip(names, (heading(name, owner), _told(value, name, owner)), strict=True))
            for name, value in fields
        ]
    )


def _told(value: Any, name: str, owner: type | None) -> str:
    said = shown(value, name, owner)
    return said + _in_words(value, name) if type(value) is int else said


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


def shown(value: Any, name: str = "", owner: type | None = None) -> str:  # noqa: PLR0911
    """Write a value for people: times by the clock of China, choices by their labels, never a type
    of this program.

    name, owner: of the field that has it
    """
    match value:
        case None | UnsetType():
            return NOTHING
        case str() if INSTANT.fullmatch(value):
            return shown(datetime.fromisoformat(value))
        case str():
            return label(value, name, owner)
        case bool():
            return spoken("yes", "是") if value else spoken("no", "否")
        case float():
            return f"{value:,.2f}{_in_words(value, name)}"
        case datetime():
            local = value.astimezone(ZoneInfo(CHINA)) if value.tzinfo else value
            return f"{local:%Y-%m-%d %H:%M:%S}"
        case Struct():
            return _told_of(value)
        case dict() if owner is not None:
            # Its keys are data of the owner's field: codes, or choices.
            told = (f"{shown(key, name, owner)}:{shown(one)}" for key, one in value.items())
            return " ".join(told) or NOTHING
        case dict():
            return _named(value)
        case list() | tuple() | set() | frozenset():
            return ", ".join(shown(one, name, owner) for one in value) or NOTHING
        case bytes():
            return value.hex()
        case _:
            return str(value)


def _in_words(value: float, name: str) -> str:
    """Say minutes in hours beside their number, where it is hard to read."""
    minutes = round(value)
    if minutes < HOUR or "minutes" not in re.split("[ _]", name):
        return ""
    hours, rest = divmod(minutes, HOUR)
    return spoken(f" ({hours} h {rest} min)", f"（{hours} 小时 {rest} 分）")


def _told_of(value: Struct) -> str:
    """Write the fields of a struct that it says something in, as JSON would hold them."""
    values = msgspec.structs.asdict(value)
    if value.__struct_config__.omit_defaults:
        held = msgspec.to_builtins(value, enc_hook=str)
        values = {name: one for name, one in values.items() if name in held}
    return _named(values, type(value))


def _named(values: Mapping[Any, Any], owner: type | None = None) -> str:
    """Write each value with its name, in English as it is in JSON."""
    chinese = language() == "zh"
    named = (
        f"{heading(str(key), owner) if chinese else shown(key)}:{shown(value, str(key), owner)}"
        for key, value in values.items()
    )
    return " ".join(named) or NOTHING


def note_basis(
    position: int,
    recorded_at: datetime | None = None,
    *,
    simulated: bool = False,
    known: bool = True,
    more: str = "",
) -> None:
    """Note what an answer stands on."""
    said = spoken(f"As known at position {position}", f"依据至第 {position} 条记录")
    if recorded_at is not None:
        said += spoken(f", recorded {shown(recorded_at)}", f"（记录于 {shown(recorded_at)}）")
    said += more
    if not known:
        said += spoken(": not known", "：当时没有")
    if simulated:
        said += spoken("; simulated, not real", "；模拟数据，并非真实")
    note(said + spoken(".", "。"))


@contextmanager
def progress(title: str, *, lines: bool = False) -> Iterator[Tell]:
    """A bar for long work; lines: without a terminal, a line for each tenth of it."""
    console = Console(stderr=True)
    if lines and not console.is_terminal:
        yield _by_tenths(title)
        return
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn())
    with Progress(
        *columns, TimeRemainingColumn(), console=console, disable=not console.is_terminal
    ) as bar:
        task = bar.add_task(title, total=None)

        def tell(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        yield tell


def _by_tenths(title: str) -> Tell:
    said = -1

    def tell(done: int, total: int) -> None:
        nonlocal said
        tenth = TENTHS * done // total if total else TENTHS
        if tenth > said:
            said = tenth
            note(f"{title}: {tenth * 100 // TENTHS} % ({done:,} / {total:,})")

    return tell


def tell_faults(found: Sequence[str]) -> None:
    """Note what could not be taken in, at the foot of an answer."""
    for one in found[:FAULTS_SHOWN]:
        note(f"Fault: {one}")
    if found:
        note(f"Faults: {len(found)}; `anjuan doctor` says what to do.")
