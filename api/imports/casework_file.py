"""Files of foreign casework: CSV, plain or gzip, UTF-8 or GB18030; and the files of rejected rows,
which can be imported again after correction."""

import codecs
import csv
import gzip
import io
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import IO, Final, TypeVar, cast

from msgspec import Struct

from api.imports.casework_mapping import Mapping

T = TypeVar("T")
ENCODINGS: Final = ("utf-8-sig", "gb18030")
REASON: Final = "reason"
"""Last column of a rejects file, passed over when that is imported again."""


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
        """Rows as they stand in the file, without the reason; empty lines are none."""
        width = len(self.header)
        filled = (row for row in self.rows if row)
        if self.with_reasons:
            filled = (row[:-1] if len(row) > width else row for row in filled)
        while rows := _read(self.file, lambda: list(islice(filled, size))):
            yield rows


@contextmanager
def table_of(file: Path, mapping: Mapping) -> Iterator[CaseTable]:
    """FileUnreadable says what is wrong with the file as a whole."""
    encoding = _encoding(file)
    with file.open("rb") as raw:
        text = io.TextIOWrapper(_unpacked(file, raw), encoding=encoding, newline="")
        rows = csv.reader(text, delimiter=mapping.delimiter)
        header = [name.strip() for name in _read(file, lambda: next(rows, []))]
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


@contextmanager
def rejects_file(target: Path, table: CaseTable) -> Iterator[Callable[[list[str], str], None]]:
    """A function that writes a row of the table with the reason against it.

    In the encoding of the table. The file is whole when the block ends, or not there.
    """
    if target.exists() and target.samefile(table.file):
        raise FileUnreadable(f"{target}: the rejects would overwrite the file that is imported")
    partial = target.with_name(f"{target.name}.partial")
    try:
        out = partial.open("w", encoding=table.encoding, newline="")
    except OSError as error:
        raise FileUnreadable(f"{partial}: {error.strerror}") from error
    written = csv.writer(out, delimiter=table.delimiter, lineterminator="\n")
    written.writerow([*table.header, REASON])

    def refuse(row: list[str], reason: str) -> None:
        written.writerow([*row, *[""] * (len(table.header) - len(row)), reason])

    try:
        with out:
            yield refuse
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)


def _encoding(file: Path) -> str:
    """UTF-8 or else GB18030, strictly, the whole file: nothing is guessed, nothing replaced."""
    for name in ENCODINGS:
        decoder = codecs.getincrementaldecoder(name)()
        try:
            with file.open("rb") as raw:
                stream = _unpacked(file, raw)
                start = stream.read(3)
                decoder.decode(start)
                while block := stream.read(1 << 20):
                    decoder.decode(block)
                decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            continue
        except (OSError, EOFError, zlib.error) as error:
            raise FileUnreadable(f"{file}: {error}") from error
        plain = name == "utf-8-sig" and start != codecs.BOM_UTF8
        return "utf-8" if plain else name
    raise FileUnreadable(f"{file}: neither UTF-8 nor GB18030; save it in one of them")


def _unpacked(file: Path, raw: IO[bytes]) -> IO[bytes]:
    return cast("IO[bytes]", gzip.open(raw)) if file.suffix == ".gz" else raw


def _read(file: Path, read: Callable[[], list[T]]) -> list[T]:
    try:
        return read()
    except csv.Error as error:
        raise FileUnreadable(f"{file}: {error}") from error
