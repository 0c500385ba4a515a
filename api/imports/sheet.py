"""Tables in files: spreadsheets (xlsx, xls, ods) and CSV, read into rows of cells; and written,
every cell as text.

Title rows above the headings, empty rows and rows that begin with `#` are passed over. Of cells
that are merged downwards each row has the value.
"""

import csv
import gzip
import hashlib
import io
import os
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Final
from unicodedata import normalize

from msgspec import Struct

from api.imports.csv_text import (
    LINE_MAX,
    READING_FAILS,
    UTF_8,
    FileUnreadable,
    encoding_of,
    guarded,
    rows_of,
    text_of,
    unguarded,
)

Cell = str | int | float | bool | date | datetime | time | timedelta
SPREADSHEETS: Final = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
"""How xlsx and ods, and the older xls, begin."""
DELIMITERS: Final = (",", "\t", ";", "|")
TITLE_ROWS_MAX: Final = 20
"""Rows in which the headings are looked for."""
CELLS_MAX: Final = 20_000_000
UNPACKED_MAX: Final = 256 << 20
"""Bytes of all parts of a workbook, or characters of a table, once they are unpacked."""
COMMENT: Final = ("#", "＃")
REASON: Final = "reason"
"""Last column of a rejects file, passed over when that is imported again."""
DIMENSION: Final = re.compile(rb'<dimension ref="[A-Z]+[0-9]+:([A-Z]+)([0-9]+)"')
SAVE_AS: Final = "save it as .xlsx, or as CSV in UTF-8"
Known = Callable[[str], bool]
"""Whether a heading is one of those that are looked for."""


class Row(Struct, frozen=True):
    number: int
    """In the file, the first one is 1."""
    cells: tuple[Cell, ...]


class Table(Struct, frozen=True, kw_only=True):
    file: Path
    digest: str
    """SHA-256 of the file, in hex."""
    headings: tuple[str, ...]
    rows: tuple[Row, ...]
    encoding: str | None = None
    """None of a spreadsheet."""
    delimiter: str = ","
    sheet: str | None = None
    """Which one of a workbook was read."""


def read_table(
    file: Path, known: Known, sheet: str | None = None, called: Sequence[str] = ()
) -> Table:
    """Read a whole file; `sheet` is the name or number of one, else it is the first that is
    `called` so, else the first that is not hidden.

    Raises: FileUnreadable — says what is wrong with the file as a whole.
    """
    try:
        content = file.read_bytes()
    except OSError as error:
        raise FileUnreadable(f"{file}: {error.strerror}") from error
    encoding, delimiter, read = None, ",", None
    if content.startswith(SPREADSHEETS):
        read, lines = _spreadsheet(file, content, sheet, called)
    elif sheet is not None:
        raise FileUnreadable(f"{file}: --sheet: this is no spreadsheet")
    else:
        delimiter = _delimiter(file, known)
        encoding = _encoding(file, delimiter)
        lines = _csv(file, encoding, delimiter)
    place = _headings(lines, known)
    if place is None:
        raise FileUnreadable(f"{file}: no row has headings that are known")
    headings = tuple(_text(cell).strip() for cell in lines[place])
    if encoding is not None and REASON in headings:
        lines = [[unguarded(str(cell)) for cell in line] for line in lines]
    while headings and not headings[-1]:
        headings = headings[:-1]
    return Table(
        file=file,
        digest=hashlib.sha256(content).hexdigest(),
        headings=headings,
        rows=tuple(_rows(lines, place, len(headings))),
        encoding=encoding,
        delimiter=delimiter,
        sheet=read,
    )


def _rows(lines: Sequence[Sequence[Cell]], place: int, width: int) -> Iterator[Row]:
    for number, line in enumerate(lines[place + 1 :], place + 2):
        filled = [cell for cell in line if not is_empty(cell)]
        if filled and not (isinstance(filled[0], str) and filled[0].lstrip().startswith(COMMENT)):
            yield Row(number, (*line[:width], *[""] * (width - len(line))))


def _headings(lines: Sequence[Sequence[Cell]], known: Known) -> int | None:
    """Find the row with the most known headings, the first one of these."""
    counts = [sum(known(_text(cell)) for cell in line) for line in lines[:TITLE_ROWS_MAX]]
    most = max(counts, default=0)
    return counts.index(most) if most else None


def is_empty(cell: Cell) -> bool:
    return isinstance(cell, str) and not plain(cell)


def plain(text: str) -> str:
    """Return a text without blanks around it, the invisible ones among them."""
    return text.strip().strip("\ufeff\u200b\u200c\u200d\u2060\x00").strip()


def _text(cell: Cell) -> str:
    return cell if isinstance(cell, str) else shown(cell)


def shown(cell: Cell) -> str:  # noqa: PLR0911
    """Write a cell as text, such that it is read back as the same."""
    match cell:
        case str():
            return cell
        case bool():
            return str(cell).upper()
        case float() if cell.is_integer():
            return str(int(cell))
        case datetime() if cell.time() == time():
            return cell.date().isoformat()
        case datetime():
            return cell.isoformat(" ", "minutes" if not cell.second else "seconds")
        case time():
            return cell.isoformat("minutes" if not cell.second else "seconds")
        case _:
            return str(cell)


# --- spreadsheets


def _spreadsheet(
    file: Path, content: bytes, sheet: str | None, called: Sequence[str]
) -> tuple[str, list[list[Cell]]]:
    """Return the name of the sheet that is read, and its lines."""
    from python_calamine import (  # noqa: PLC0415
        CalamineError,
        CalamineWorkbook,
        PasswordError,
    )

    _refuse_vast(file, content)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        name = _sheet_named(file, book.sheet_names, _seen(book), sheet, called)
        found = book.get_sheet_by_name(name)
    except PasswordError as error:
        raise FileUnreadable(f"{file}: it is protected by a password; save it without") from error
    except CalamineError as error:
        raise FileUnreadable(f"{file}: no spreadsheet that can be read ({error})") from error
    lines: list[list[Cell]] = found.to_python(skip_empty_area=False)
    for (first, column), (last, _) in found.merged_cell_ranges or ():
        for line in lines[first + 1 : last + 1] if first < len(lines) else ():
            line[column] = lines[first][column]
    return name, lines


def _seen(book: Any) -> list[str]:
    """List the sheets that are not hidden."""
    from python_calamine import SheetVisibleEnum  # noqa: PLC0415

    shown_ = SheetVisibleEnum.Visible
    return [one.name for one in book.sheets_metadata if one.visible == shown_]


def sheet_names(file: Path) -> list[str]:
    """List the sheets of a workbook that are not hidden; none where it is no workbook.

    Raises: FileUnreadable.
    """
    from python_calamine import CalamineError, CalamineWorkbook  # noqa: PLC0415

    try:
        content = file.read_bytes()
        if not content.startswith(SPREADSHEETS):
            return []
        return _seen(CalamineWorkbook.from_filelike(io.BytesIO(content)))
    except (CalamineError, OSError) as error:
        raise FileUnreadable(f"{file}: no workbook that can be read ({error})") from error


def _sheet_named(
    file: Path, names: Sequence[str], seen: Sequence[str], asked: str | None, called: Sequence[str]
) -> str:
    if asked is None:
        if not seen:
            raise FileUnreadable(f"{file}: it has no sheet that is not hidden")
        wanted = {folded(name) for name in called}
        return next((name for name in seen if folded(name) in wanted), seen[0])
    if asked in names:
        return asked
    with suppress(ValueError):
        if 1 <= int(asked) <= len(names):
            return names[int(asked) - 1]
    raise FileUnreadable(f"{file}: --sheet: no {asked!r}; it has {', '.join(map(repr, names))}")


def _refuse_vast(file: Path, content: bytes) -> None:
    """Refuse a sheet with a stray cell far away: all the cells between would be held; and a
    workbook that unpacks to more than any list of an office, whatever its directory says."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            left = UNPACKED_MAX
            for entry in packed.infolist():
                with packed.open(entry) as unpacked:
                    while piece := len(unpacked.read(1 << 20)):
                        left -= piece
                        if left < 0:
                            raise FileUnreadable(
                                f"{file}: it unpacks to more than {UNPACKED_MAX:,} bytes; save the"
                                " list alone, without pictures, in a workbook of its own"
                            )
            for name in packed.namelist():
                if name.startswith("xl/worksheets/") and name.endswith(".xml"):
                    with packed.open(name) as part:
                        found = DIMENSION.search(part.read(4096))
                    if found and _column(found[1]) * int(found[2]) > CELLS_MAX:
                        raise FileUnreadable(
                            f"{file}: a cell is filled in as far away as"
                            f" {(found[1] + found[2]).decode()}; delete what lies beyond the table"
                        )
    except (zipfile.BadZipFile, RuntimeError, *READING_FAILS) as error:
        if content.startswith(SPREADSHEETS[0]):
            raise FileUnreadable(f"{file}: it is not complete ({error})") from error


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


# --- CSV


def _encoding(file: Path, delimiter: str) -> str:
    csv.field_size_limit(LINE_MAX)
    return encoding_of(file, delimiter=delimiter, do=SAVE_AS)


def _csv(file: Path, encoding: str, delimiter: str) -> list[list[Cell]]:
    try:
        with file.open("rb") as raw, text_of(file, raw, encoding) as text:
            return list(_bounded(file, rows_of(file, text, delimiter)))
    except READING_FAILS as error:
        raise FileUnreadable(f"{file}: {error}") from error


def _bounded(file: Path, rows: Iterable[list[str]]) -> Iterator[list[Cell]]:
    """The rows of a file, which all are held: packed, it may be far larger than it looks."""
    cells = length = 0
    for row in rows:
        cells += len(row)
        length += sum(map(len, row))
        if cells > CELLS_MAX or length > UNPACKED_MAX:
            raise FileUnreadable(
                f"{file}: more than {CELLS_MAX:,} cells, or {UNPACKED_MAX:,} characters; divide it"
            )
        yield [*row]


def _delimiter(file: Path, known: Known) -> str:
    """Choose what parts the most known headings; the comma, where nothing does."""

    def count(delimiter: str) -> int:
        with suppress(csv.Error):
            lines = csv.reader(text.splitlines()[:TITLE_ROWS_MAX], delimiter=delimiter)
            return max((sum(map(known, line)) for line in lines), default=0)
        return 0

    opened: Any = gzip.open if file.suffix == ".gz" else open
    try:
        with opened(file, "rb") as raw:
            head = raw.read(1 << 16)
    except READING_FAILS as error:
        raise FileUnreadable(f"{file}: {error}") from error
    try:
        text = head[: head.rfind(b"\n") + 1 or None].decode("utf-8-sig")
    except UnicodeDecodeError:
        text = head.decode("gb18030", errors="replace")
    return max(DELIMITERS, key=count)


# --- writing


class Sheet(Struct, frozen=True, kw_only=True):
    """What a workbook shows on one sheet: its first line are headings."""

    name: str
    lines: Sequence[Sequence[str]]
    widths: Sequence[int] = ()
    marked: frozenset[int] = frozenset()
    """Columns whose headings stand out."""
    choices: Sequence[tuple[int, Sequence[str]]] = ()
    """Columns in which one of these is chosen."""
    notes: Sequence[str] = ()
    """What is said of each column where the mouse is on its heading."""


def write_workbook(target: Path, sheets: Iterable[Sheet]) -> None:
    """Write texts, and nothing but texts: no formula, no link, no number.

    Raises: FileUnreadable — when it cannot be written.
    """
    import xlsxwriter  # noqa: PLC0415
    from xlsxwriter.exceptions import FileCreateError  # noqa: PLC0415

    book = xlsxwriter.Workbook(
        str(target), {"strings_to_formulas": False, "strings_to_urls": False}
    )
    text = book.add_format({"num_format": "@"})
    heading = book.add_format({"num_format": "@", "bold": True, "bottom": 1})
    needed = book.add_format({"num_format": "@", "bold": True, "bottom": 1, "bg_color": "#FFE699"})
    for one in sheets:
        sheet = book.add_worksheet(one.name)
        sheet.freeze_panes(1, 0)
        for column, width in enumerate(one.widths):
            sheet.set_column(column, column, width, text)
        for row, line in enumerate(one.lines):
            for column, cell in enumerate(line):
                marks = needed if column in one.marked else heading
                sheet.write_string(row, column, cell, text if row else marks)
        for column, words in one.choices:
            sheet.data_validation(
                1, column, 1_048_575, column,
                {"validate": "list", "source": list(words), "error_type": "warning"},
            )  # fmt: skip
        for column, note in enumerate(one.notes):
            sheet.write_comment(0, column, note)
    try:
        book.close()
    except (FileCreateError, OSError) as error:
        raise FileUnreadable(f"{target}: {error}") from error


def write_csv(
    target: Path, lines: Iterable[Sequence[str]], encoding: str = UTF_8, delimiter: str = ","
) -> None:
    """Write lines; with a mark of UTF-8, without which Excel shows Chinese as something else.

    Raises: FileUnreadable — when it cannot be written.
    """
    pack: Any = gzip.open if target.suffix == ".gz" else open
    try:
        with pack(target, "wt", encoding=encoding, newline="") as out:
            rows = ([*map(guarded, line)] for line in lines)
            csv.writer(out, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
    except OSError as error:
        raise FileUnreadable(f"{target}: {error.strerror}") from error


@contextmanager
def in_one_go(target: Path) -> Iterator[Path]:
    """Give a place to write to; what is there takes the place of `target` once it is complete."""
    partial = target.with_name(f".partial-{target.name}")
    try:
        yield partial
        partial.replace(target)
    except OSError as error:
        raise FileUnreadable(f"{target}: {error.strerror}") from error
    finally:
        partial.unlink(missing_ok=True)


def rejects_of(table: Table, name: str, rejected: Sequence[tuple[Row, str]]) -> Sheet:
    """The rows as they stand in the table, with the reasons against them."""
    own = [place for place, heading in enumerate(table.headings) if heading != REASON]
    lines = [[*(table.headings[place] for place in own), REASON]]
    lines += [[*(shown(row.cells[place]) for place in own), why] for row, why in rejected]
    return Sheet(name=name, lines=lines, widths=[18] * len(lines[0]))


def write_rejects(target: Path, table: Table, rejects: Sheet) -> None:
    """Write them in the format that the name ends in. Raises: FileUnreadable."""
    with in_one_go(target) as partial:
        if target.suffix.lower() == ".xlsx":
            write_workbook(partial, [rejects])
        else:
            write_csv(partial, rejects.lines, table.encoding or UTF_8, table.delimiter)


def refuse_target(target: Path, file: Path) -> None:
    """Refuse a place for rejects that nothing can be written to, or that the list itself has.

    Raises: FileUnreadable.
    """
    if not os.access(target.parent, os.W_OK):
        raise FileUnreadable(f"{target}: nothing can be written there")
    if target.exists() and target.samefile(file):
        raise FileUnreadable(f"{target}: the rejects would overwrite the file that is imported")


def folded(heading: str) -> str:
    """Return a heading without what people write differently: case, width, blanks, stars."""
    return re.sub(r"[\s*]+", "", normalize("NFKC", heading)).casefold()
