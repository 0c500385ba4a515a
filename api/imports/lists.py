"""Import of an office's lists: every row through the deciders into the log, in groups, once.

A row is known by its key, or by all that it says: imported again, from whatever file, it adds
nothing, and an import that was stopped goes on where it was.
"""

import hashlib
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any, Final
from uuid import UUID, uuid5

import msgspec
import psycopg
from msgspec import Struct, field

from api.imports.casework_mapping import RowWrong
from api.imports.csv_text import FileUnreadable
from api.imports.kind import Column, Context, Kind, Step
from api.imports.kinds import KINDS, NEEDS
from api.imports.sheet import (
    REASON,
    Row,
    Sheet,
    Table,
    folded,
    in_one_go,
    is_empty,
    read_table,
    refuse_target,
    rejects_of,
    sheet_names,
    write_rejects,
    write_workbook,
)
from domain.codes import in_words
from domain.registers.appointment import china_day
from domain.vocabulary import NAMESPACE, Actor, Refused, refuse_unbounded
from ledger.log.decision import Ask, TooContended, ask
from ledger.log.intake import Intake

ROWS_PER_GROUP: Final = 1_000
ATTEMPTS_MAX: Final = 8
REPEATED: Final = "the same as in row {}"
OTHER_CONTENT: Final = (
    "it was imported before and said something else; what has changed is entered by its own command"
)
OF_THE_ROW: Final = (ValueError, ArithmeticError, LookupError)
"""What the values of one row can make the code below raise: a time beyond the calendar, …"""


class ListStopped(Exception):
    """导入中途停止，此前的行已经导入。"""


class Rejected(Struct, frozen=True):
    row: int
    """In the file."""
    reason: str


class Listed(Struct, kw_only=True):
    """Result of importing a list, or of a dry run."""

    kind: str
    file: str
    digest: str
    sheet: str | None = None
    """Of a workbook: the one that was read."""
    rows: int = 0
    imported: int = 0
    unchanged: int = 0
    """In the log already, by an earlier import or as it is."""
    rejected: list[Rejected] = field(default_factory=list)
    events: int = 0
    ignored: tuple[str, ...] = ()
    """Headings that no column is known by."""
    seconds: float = 0.0
    dry_run: bool = False

    @property
    def rows_per_s(self) -> float:
        return self.rows / self.seconds if self.seconds else 0.0


class Importing(Struct, frozen=True, kw_only=True):
    """Who imports, and for which office."""

    by: Actor
    calendar: str | None = None
    """Of points for which the list names none."""
    sheet: str | None = None
    dry_run: bool = False
    rejects: Path | None = None
    progress: Callable[[int, int], None] | None = None


class _Line(Struct, frozen=True):
    """A row that was read, with the commands that it is."""

    row: Row
    command_id: UUID
    digest: bytes
    asks: tuple[Ask, ...]


def import_list(url: str, kind: Kind, file: Path, how: Importing) -> Listed:
    """Import every good row; tell the others with their reason, and write them to `how.rejects`.

    Raises: FileUnreadable — nothing was imported then. ListStopped — something was.
    """
    opened = _opened(kind, file, how)
    rejects: list[Sheet] = []
    try:
        with psycopg.connect(url, autocommit=True) as connection:
            intake = Intake(connection, rehearsal=how.dry_run)
            return _imported(intake, opened, how, rejects)
    finally:
        if how.rejects is not None and rejects:
            write_rejects(how.rejects, opened.table, rejects[0])


def import_workbooks(url: str, files: Sequence[Path], how: Importing) -> Iterator[Listed]:
    """Import every sheet that is named as a list, of all files, in the order of the lists; a
    workbook of rejects has the same sheets. A sheet without rows, such as one of the template that
    nobody filled in, is passed over.

    Raises: FileUnreadable, ListStopped.
    """
    names = {folded(name): kind for kind in KINDS.values() for name in (kind.name, kind.sheet)}
    found: list[tuple[Kind, Path, str]] = []
    for file in files:
        sheets = [(names.get(folded(name)), name) for name in sheet_names(file)]
        lists = [(kind, file, name) for kind, name in sheets if kind is not None]
        if not lists:
            told = "、".join(f"{kind.sheet} ({kind.name})" for kind in KINDS.values())
            raise FileUnreadable(f"{file}: no sheet is named as a list: {told}")
        found += lists
    order = list(KINDS)
    found.sort(key=lambda one: order.index(one[0].name))
    # Whatever is wrong with a file as a whole is told before the first list goes in.
    read = [
        _opened(kind, file, msgspec.structs.replace(how, sheet=name)) for kind, file, name in found
    ]
    opened = [one for one in read if one.table.rows] or read[:1]
    for one, next_one in pairwise(opened):
        if one.kind is next_one.kind:
            both = " and ".join(
                f"{each.sheet!r} of {each.file}" for each in (one.table, next_one.table)
            )
            raise FileUnreadable(
                f"two sheets are the list {one.kind.name}: {both}; import one first"
            )
    rejects: list[Sheet] = []
    try:
        with psycopg.connect(url, autocommit=True) as connection:
            # A rehearsal of all lists in one: each sees what those before it would leave.
            intake = Intake(connection, rehearsal=how.dry_run)
            for one in opened:
                yield _imported(intake, one, how, rejects)
    finally:
        if how.rejects is not None and rejects:
            with in_one_go(how.rejects) as partial:
                write_workbook(partial, rejects)


class _Opened(Struct, frozen=True):
    """A list that was read as a whole."""

    table: Table
    kind: Kind
    places: Mapping[str, int]
    ignored: tuple[str, ...]


def _opened(kind: Kind, file: Path, how: Importing) -> _Opened:
    if how.rejects is not None:
        refuse_target(how.rejects, file)
    known = {folded(name): one for one in kind.columns for name in _headings(one)}
    called = (kind.name, kind.sheet)
    table = read_table(file, lambda heading: folded(heading) in known, how.sheet, called)
    return _Opened(table, kind, *_placed(table, kind, known))


def _imported(intake: Intake, opened: _Opened, how: Importing, rejects: list[Sheet]) -> Listed:
    """Import one list; its rejected rows are added to `rejects`."""
    started = time.monotonic()
    table, kind = opened.table, opened.kind
    result = Listed(
        kind=kind.name,
        file=str(table.file),
        digest=table.digest,
        sheet=table.sheet,
        ignored=opened.ignored,
        dry_run=how.dry_run,
    )
    refused: dict[int, str] = {}
    lines = _read(_Reading(opened, how, datetime.now(UTC)), refused)
    result.rows = len(table.rows)
    try:
        for group in _groups(lines):
            _take(intake, group, result, refused)
            if how.progress is not None:
                done = result.imported + result.unchanged + len(refused)
                how.progress(done, result.rows)
    except (psycopg.Error, TooContended) as error:
        if not result.imported or how.dry_run:
            raise
        raise ListStopped(
            f"{result.imported:,} of {result.rows:,} rows were imported: {error}"
        ) from error
    finally:
        bad = [(row, refused[row.number]) for row in table.rows if row.number in refused]
        result.rejected = [Rejected(row.number, why) for row, why in bad]
        if bad:
            rejects.append(rejects_of(table, kind.sheet, bad))
    result.seconds = round(time.monotonic() - started, 3)
    return result


def reasons(rejected: Sequence[Rejected]) -> Mapping[str, int]:
    """Count the rejected rows by the beginning of their reason, most frequent first."""
    return dict(Counter(one.reason.partition(":")[0] for one in rejected).most_common())


# --- from a file to lines


def _headings(column: Column) -> tuple[str, ...]:
    return (column.name, column.heading, *column.also)


def _placed(
    table: Table, kind: Kind, known: Mapping[str, Column]
) -> tuple[dict[str, int], tuple[str, ...]]:
    """Find where each column of the kind is; and what else the table has.

    Raises: FileUnreadable — a column is missing, or there twice.
    """
    places: dict[str, int] = {}
    ignored = []
    for place, heading in enumerate(table.headings):
        column = known.get(folded(heading))
        if column is None:
            if heading and folded(heading) != REASON:
                ignored.append(heading)
        elif column.name in places:
            raise FileUnreadable(
                f"{table.file}: two columns are {column.heading} ({column.name}):"
                f" {table.headings[places[column.name]]!r} and {heading!r}"
            )
        else:
            places[column.name] = place
    missing = [one for one in kind.columns if one.required and one.name not in places]
    if missing:
        names = ", ".join(f"{one.heading} ({one.name})" for one in missing)
        has = ", ".join(map(repr, filter(None, table.headings)))
        raise FileUnreadable(
            f"{table.file}: the list of {kind.name} needs the column {names}; the file has {has};"
            f" `anjuan import template {kind.name}` shows all"
        )
    return places, tuple(ignored)


class _Reading(Struct, frozen=True):
    """What all rows of a file are read by."""

    opened: _Opened
    how: Importing
    now: datetime


def _read(reading: _Reading, refused: dict[int, str]) -> list[_Line]:
    """Read the rows, in the order in which they go into the log; what cannot be read is added to
    `refused`."""
    kind = reading.opened.kind
    found: list[tuple[Any, Row, dict[str, Any]]] = []
    for row in reading.opened.table.rows:
        try:
            values = _values(row, kind, reading.opened.places)
            found.append((kind.order(values), row, values))
        except RowWrong as wrong:
            refused[row.number] = str(wrong)
    found.sort(key=lambda one: one[0])
    lines: dict[UUID, _Line] = {}
    for _, row, values in found:
        command_id, content = _identity(kind, values)
        if command_id in lines:
            refused[row.number] = REPEATED.format(lines[command_id].row.number)
            continue
        try:
            asks = tuple(_asks(reading, row, values, command_id))
        except RowWrong as wrong:
            refused[row.number] = str(wrong)
        except msgspec.ValidationError as error:
            refused[row.number] = in_words(str(error))
        except Refused as refusal:
            refused[row.number] = _told(refusal)
        except OF_THE_ROW as error:
            refused[row.number] = f"a value is out of range: {error}"
        else:
            digest = hashlib.sha256(content).digest()[:16]
            lines[command_id] = _Line(row, command_id, digest, asks)
    return list(lines.values())


def _identity(kind: Kind, values: Mapping[str, Any]) -> tuple[UUID, bytes]:
    """By what a row is known for ever, and all that it says."""
    content = msgspec.json.encode(values, order="deterministic")
    named = [str(values[name]) for name in kind.key if values.get(name)]
    name = "\n".join(named) if len(named) == len(kind.key) else f"content:{content!r}"
    return uuid5(uuid5(NAMESPACE, f"import-list:{kind.name}"), name), content


def _values(row: Row, kind: Kind, places: Mapping[str, int]) -> dict[str, Any]:
    """Read the cells of a row; what is empty is left out.

    Raises: RowWrong — names each column that is wrong.
    """
    values: dict[str, Any] = {}
    wrong: list[str] = []
    for column in kind.columns:
        place = places.get(column.name)
        cell = "" if place is None else row.cells[place]
        named = f"{column.heading} ({column.name})"
        if is_empty(cell):
            if column.required:
                wrong.append(f"{named} is empty")
            continue
        try:
            values[column.name] = column.reads.read(cell)
        except RowWrong as error:
            wrong.append(f"{named}: {error}")
        except OF_THE_ROW as error:
            wrong.append(f"{named}: out of range: {error}")
    if wrong:
        raise RowWrong("; ".join(wrong))
    return values


def _asks(
    reading: _Reading, row: Row, values: Mapping[str, Any], command_id: UUID
) -> Iterator[Ask]:
    table, kind = reading.opened.table, reading.opened.kind
    how, now = reading.how, reading.now
    name = table.file.name.encode("utf-8", "replace").decode()
    source = f"{name[:200]}，第 {row.number} 行（SHA-256 {table.digest[:16]}…）"
    unit = how.by.unit or kind.unit(values)
    context = Context(
        stream=uuid5(command_id, "stream"),
        source=source,
        file=name[:200],
        unit=unit,
        calendar=how.calendar,
        day=china_day(now),
    )
    by = msgspec.structs.replace(how.by, unit=unit)
    for number, step in enumerate(kind.steps(values, context)):
        command = _whole(step)
        refuse_unbounded(command)
        yield ask(
            step.stream,
            command,
            by=by,
            now=now,
            occurred_at=step.at,
            late_reason=f"导入：{source}",
            command_id=uuid5(command_id, str(number)) if number else command_id,
            correlation=uuid5(NAMESPACE, f"file:{table.digest}"),
        )


def _whole(step: Step) -> Any:
    """The command as its type says: struct constructors do not look."""
    return msgspec.convert(msgspec.to_builtins(step.command), type(step.command))


# --- from lines to the log


def _groups(lines: Sequence[_Line]) -> Iterator[Sequence[_Line]]:
    for first in range(0, len(lines), ROWS_PER_GROUP):
        yield lines[first : first + ROWS_PER_GROUP]


class _Outcome(Struct):
    """The outcome for a group of rows."""

    imported: int = 0
    unchanged: int = 0
    events: int = 0
    rejected: dict[int, str] = field(default_factory=dict)
    """By the number of the row."""


def _take(intake: Intake, group: Sequence[_Line], result: Listed, refused: dict[int, str]) -> None:
    for _ in range(ATTEMPTS_MAX):
        found = _decided(intake, group)
        try:
            intake.append()
        except psycopg.errors.UniqueViolation:
            # Somebody else was quicker with a row or a thing: look again.
            continue
        result.imported += found.imported
        result.unchanged += found.unchanged
        result.events += found.events
        refused |= found.rejected
        return
    raise TooContended


def _decided(intake: Intake, group: Sequence[_Line]) -> _Outcome:
    known = intake.known(line.command_id for line in group)
    fresh = [line for line in group if line.command_id not in known]
    found = _Outcome(unchanged=len(group) - len(fresh))
    for line in group:
        if known.get(line.command_id, line.digest) != line.digest:
            found.unchanged -= 1
            found.rejected[line.row.number] = OTHER_CONTENT
    if fresh:
        intake.look(asked.stream for line in fresh for asked in line.asks)
    for line in fresh:
        try:
            decided = intake.decide(line.asks, line.digest)
        except Refused as refusal:
            found.rejected[line.row.number] = _told(refusal)
        except OF_THE_ROW as error:
            found.rejected[line.row.number] = f"a value is out of range: {error}"
        else:
            found.imported += bool(decided)
            found.unchanged += not decided
            found.events += len(decided)
    return found


def _told(refusal: Refused) -> str:
    """The refusal's name and sentence, and which list is to be imported first."""
    name = type(refusal).__name__
    said = f"{name}: {refusal.reason()}"
    if refusal.detail:
        said += f"（{refusal.detail}）"
    for one in type(refusal).__mro__:
        if first := NEEDS.get(one.__name__):
            return f"{said}; is it in the list of {first}? That one is imported first"
    return said
