"""CSV, plain or gzip, in UTF-8, GB18030 or an encoding that is named.

A file is looked through as a whole before its first row is handed out: what is wrong with it as a
whole is told while nothing of it is in the log.
"""

import codecs
import csv
import gzip
import io
import re
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Final, cast

LINE_MAX: Final = 4 << 20
"""Characters of a line and of a cell: what is longer is no list of cases, or has a stray quote."""
UTF_8: Final = "utf-8-sig"
CODECS: Final = {"utf-8": UTF_8, "gb18030": "gb18030", "big5": "cp950"}
FORMULA: Final = re.compile(r"'*[=+\-@\t\r]")
SIGNED: Final = re.compile(r"[+-][0-9][0-9 .,]*")
GBK_BYTES: Final = 2
STRANGE_ONE_IN: Final = 10
NAME_IT: Final = (
    'name its encoding in the mapping, such as encoding = "big5"'
    f" (one of {', '.join(CODECS)}), or save it as UTF-8"
)
READING_FAILS: Final = (OSError, EOFError, zlib.error)


class FileUnreadable(Exception):
    """导入文件无法读取。"""


def rows_of(file: Path, text: io.TextIOBase, delimiter: str) -> Iterator[list[str]]:
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


def guarded(cell: str) -> str:
    """A cell as it may be opened by a spreadsheet: what that would take for a formula has an
    apostrophe before it. Numbers with a sign are no formulas."""
    return f"'{cell}" if FORMULA.match(cell) and not SIGNED.fullmatch(cell) else cell


def unguarded(cell: str) -> str:
    """A cell that was written guarded, as it was."""
    return cell[1:] if cell.startswith("'") and FORMULA.match(cell[1:]) else cell


def encoding_of(
    file: Path, encoding: str | None = None, delimiter: str = ",", do: str = NAME_IT
) -> str:
    """Return the encoding that is named; or UTF-8, or GB18030 where the text is Chinese by it; the
    whole file is read.

    Raises: FileUnreadable — also for what else is wrong with the file as a whole.
    """
    named = CODECS[encoding] if encoding else None
    for codec in [named] if named else [UTF_8, "gb18030"]:
        try:
            with file.open("rb") as raw, text_of(file, raw, codec) as text:
                strange = _strange(rows_of(file, text, delimiter), codec)
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
    wanted = encoding or "UTF-8, and not surely GB18030"
    raise FileUnreadable(f"{file}: not {wanted}; {do}")


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


def text_of(file: Path, raw: IO[bytes], codec: str) -> io.TextIOWrapper:
    return io.TextIOWrapper(_unpacked(file, raw), encoding=codec, newline="")


def _unpacked(file: Path, raw: IO[bytes]) -> IO[bytes]:
    return cast("IO[bytes]", gzip.open(raw)) if file.suffix == ".gz" else raw
