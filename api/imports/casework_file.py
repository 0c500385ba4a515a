"""Files of foreign casework by a mapping; and the files of rejected rows, which can be imported
again after correction."""

import csv
import gzip
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import IO, Final, cast

from msgspec import Struct

from api.imports.casework_mapping import Mapping
from api.imports.csv_text import (
    LINE_MAX,
    FileUnreadable,
    encoding_of,
    guarded,
    rows_of,
    text_of,
    unguarded,
)

REASON: Final = "reason"
"""Last column of a rejects file, passed over when that is imported again."""


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
            own = (row[:-1] if len(row) > width else row for row in filled)
            filled = ([*map(unguarded, row)] for row in own)
        while rows := list(islice(filled, size)):
            yield rows


@contextmanager
def table_of(file: Path, mapping: Mapping) -> Iterator[CaseTable]:
    """FileUnreadable says what is wrong with the file as a whole."""
    csv.field_size_limit(LINE_MAX)
    encoding = encoding_of(file, mapping.encoding, mapping.delimiter)
    with file.open("rb") as raw, text_of(file, raw, encoding) as text:
        rows = rows_of(file, text, mapping.delimiter)
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
        own = [*map(guarded, row)]
        written.writerow([*own, *[""] * (len(table.header) - len(row)), guarded(reason)])

    try:
        yield refuse
    finally:
        try:
            out.close()
            partial.replace(target)
        finally:
            partial.unlink(missing_ok=True)
