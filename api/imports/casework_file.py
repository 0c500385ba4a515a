"""Files of foreign casework: CSV, plain or gzip, in the mapping's encoding; and the files of
rejected rows, which can be imported again after correction.

A file is looked through as a whole before its first row is handed out: what is wrong with it as a
whole is told while nothing of it is in the log.
"""

import codecs
import csv
import gzip
import io
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import IO, Final, cast

from msgspec import Struct

from api.imports.casework_mapping import Mapping

LINE_MAX: Final = 4 << 20
"""Characters of a line and of a cell: what is longer is no list of cases, or has a stray quote."""
UTF_8: Final = "utf-8-sig"
CODECS: Final = {"utf-8": UTF_8, "gb18030": "gb18030", "big5": "cp950"}
GBK_BYTES: Final = 2
STRANGE_ONE_IN: Final = 10
REASON: Final = "reason"
"""Last column of a rejects file, passed over when that is imported again."""


READING_FAILS: Final = (OSError, EOFError, zlib.error)


class FileUnreadable(Exception):
    """导入文件无法读取。"""


class CaseTable(Struct, frozen=True, kw_only=True):
    """An open file: its columns, and its rows still to come."""

    file: Path
    encoding: str
    delimiter: str
    header: list[str]
    with_reasons: bool
    rows: Iterator[list[str]]
    bytes_all: int
    bytes_read: Callable[[], int]

    def slices(self, size: int) -> Iterator[list[list[str]]]:
        """Rows as they stand in the file, without the reason; lines without a value are none."""
        width = len(self.header)
        filled = (row for row in self.rows if any(map(str.strip, row)))
        if self.with_reasons:
            filled = (row[:-1] if len(row) > width else row for row in filled)
        while rows := list(islice(filled, size)):
            yield rows


@contextmanager
def table_of(file: Path, mapping: Mapping) -> Iterator[CaseTable]:
    """FileUnreadable says what is wrong with the file as a whole."""
    csv.field_size_limit(LINE_MAX)
    encoding = _encoding(file, mapping)
    with file.open("rb") as raw, _text(file, raw, encoding) as text:
        rows = _rows(file, text, mapping.delimiter)
        header = [name.strip() for name in next(rows, [])]
        if not any(header):
            raise FileUnreadable(f"{file}: the first line names no columns")
        # A column `reason` that the mapping uses is not the one that we append.
        own = 1 if REASON in mapping.names() else 0
        with_reasons = header[-1] == REASON and header.count(REASON) > own
        yield CaseTable(
            file=file,
            encoding=encoding,
            delimiter=mapping.delimiter,
            header=header[:-1] if with_reasons else header,
            with_reasons=with_reasons,
            rows=rows,
            bytes_all=file.stat().st_size,
            bytes_read=raw.tell,
        )


def _rows(file: Path, text: io.TextIOBase, delimiter: str) -> Iterator[list[str]]:
    """Strictly: after a quote that does not fit, nobody knows where the next row begins."""
    reader = csv.reader(_lines(text), delimiter=delimiter, strict=True)
    while True:
        begins = reader.line_num + 1
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise FileUnreadable(
                f"{file}: the row that begins in line {begins} cannot be read:"
                f" line {max(begins, reader.line_num)}: {error}"
            ) from error
        yield row


def _lines(text: io.TextIOBase) -> Iterator[str]:
    while line := text.readline(LINE_MAX + 1):
        if len(line) > LINE_MAX:
            raise csv.Error(f"the line is longer than {LINE_MAX:,} characters")
        yield line


@contextmanager
def rejects_file(target: Path, table: CaseTable) -> Iterator[Callable[[list[str], str], None]]:
    """A function that writes a row of the table with the reason against it.

    In the encoding of the table, packed where its name ends in .gz. When an import is stopped, it
    has the rows that were rejected until then.
    """
    if target.exists() and target.samefile(table.file):
        raise FileUnreadable(f"{target}: the rejects would overwrite the file that is imported")
    partial = target.with_name(f"{target.name}.partial")
    pack = gzip.open if target.suffix == ".gz" else open
    try:
        out = cast("IO[str]", pack(partial, "wt", encoding=table.encoding, newline=""))
    except OSError as error:
        raise FileUnreadable(f"{partial}: {error.strerror}") from error
    written = csv.writer(out, delimiter=table.delimiter, lineterminator="\n")
    written.writerow([*table.header, REASON])

    def refuse(row: list[str], reason: str) -> None:
        written.writerow([*row, *[""] * (len(table.header) - len(row)), reason])

    try:
        yield refuse
    finally:
        try:
            out.close()
            partial.replace(target)
        finally:
            partial.unlink(missing_ok=True)


def _encoding(file: Path, mapping: Mapping) -> str:
    """The mapping's; or UTF-8, or GB18030 where the text is Chinese by it; of the whole file.

    Raises: FileUnreadable — also for what else is wrong with the file as a whole.
    """
    named = CODECS[mapping.encoding] if mapping.encoding else None
    for codec in [named] if named else [UTF_8, "gb18030"]:
        try:
            with file.open("rb") as raw, _text(file, raw, codec) as text:
                strange = _strange(_rows(file, text, mapping.delimiter), codec)
            if codec == UTF_8:
                with file.open("rb") as raw:
                    marked = _unpacked(file, raw).read(3) == codecs.BOM_UTF8
                return UTF_8 if marked else "utf-8"
        except UnicodeDecodeError:
            continue
        except READING_FAILS as error:
            raise FileUnreadable(f"{file}: {error}") from error
        if named or not strange:
            return codec
    wanted = mapping.encoding or "UTF-8, and not surely GB18030"
    raise FileUnreadable(
        f'{file}: not {wanted}; name its encoding in the mapping, such as encoding = "big5"'
        f" (one of {', '.join(CODECS)}), or save it as UTF-8"
    )


def _strange(rows: Iterable[list[str]], codec: str) -> bool:
    """Read all rows; tell whether they are Chinese only by the width of GB18030.

    Nearly all of what is written on the mainland is in GB 2312; Big5, Shift-JIS and Latin-1, read
    as GB18030, are of its other characters.
    """
    if codec != "gb18030":
        for _ in rows:
            pass
        return False
    beyond = others = 0
    for row in rows:
        for character in "".join(row):
            if not character.isascii():
                others += 1
                beyond += character not in _GB2312 and len(character.encode(codec)) == GBK_BYTES
    return beyond * STRANGE_ONE_IN > others


_GB2312: Final = frozenset(
    bytes([row, cell]).decode("gb18030") for row in range(0xA1, 0xF8) for cell in range(0xA1, 0xFF)
)
"""Its rows 1 to 87, by the code points of GB18030."""


def _text(file: Path, raw: IO[bytes], codec: str) -> io.TextIOWrapper:
    return io.TextIOWrapper(_unpacked(file, raw), encoding=codec, newline="")


def _unpacked(file: Path, raw: IO[bytes]) -> IO[bytes]:
    return cast("IO[bytes]", gzip.open(raw)) if file.suffix == ".gz" else raw
