"""Cells of lists: one reader for each type of column, of spreadsheets and CSV alike.

A reader refuses what a spreadsheet has spoiled (a number cut to fifteen digits, a lost zero) and
takes what is only written in another way (full width, 2026/1/5, 2026年1月5日).
"""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from difflib import get_close_matches
from typing import Any, Final
from unicodedata import normalize
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct

from api.imports.casework_mapping import SHORTENED, RowWrong
from api.imports.labels import Labels
from api.imports.sheet import Cell, plain, shown
from domain.codes import WORDS, Code, DivisionCode, Licence, Phone, VillageCode, in_words
from domain.vocabulary import CHINA, DAY_FIRST, DAY_LAST, Statement, Text

DIGITS_KEPT: Final = 10**15
"""Excel keeps fifteen digits of a number and makes zeros of the others."""
MOBILE: Final = re.compile(r"1[0-9]{10}")
WHOLE: Final = re.compile(r"([0-9]+)\.0+")
SERIAL_FIRST, SERIAL_LAST = 20_000, 80_000
"""Days since 1899-12-30, of 1954 and 2119: a date whose cell has lost its format."""
EXCEL_ZERO: Final = date(1899, 12, 30)
_DAY: Final = (
    r"(?P<year>[0-9]{4})"
    r"(?:[-/.年](?P<month>[0-9]{1,2})[-/.月](?P<day>[0-9]{1,2})日?|(?P<packed>[0-9]{4}))"
)
_TIME: Final = (
    r"(?P<hour>[0-9]{1,2})[:时点](?P<minute>[0-9]{1,2})?"
    r"(?:[:分](?P<second>[0-9]{1,2}(?:\.[0-9]+)?)?秒?)?"
)
DAY: Final = re.compile(_DAY)
TIME: Final = re.compile(_TIME)
INSTANT: Final = re.compile(rf"{_DAY}[T ]*{_TIME}(?P<offset>Z|[+-][0-9]{{2}}:?[0-9]{{2}})?")
IN_CHINESE: Final[Mapping[Any, str]] = {
    Code: "编号：英文字母、数字和 - _ . 等符号，1 到 64 位，不含空格、/ 和 @",
    DivisionCode: "区划代码：2、4、6、9 或 12 位数字",
    VillageCode: "村（社区）区划代码：12 位数字",
    Licence: "证号：6 到 32 位字母和数字",
    Phone: "电话：5 到 20 位数字，可有 +、- 和空格",
}
SPLIT: Final = re.compile(r"[、,;，； \t\n]+")

Read = Callable[[Cell], Any]


class Reader(Struct, frozen=True):
    """How the cells of a column are read."""

    read: Read
    """Raises: RowWrong — says what is wrong, without the column."""
    allowed: str
    """In words, for templates and documents."""
    choices: tuple[str, ...] = ()
    """What may be chosen, in Chinese, where one of few is."""


def _checked(value: Any, kind: Any) -> Any:
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        raise RowWrong(f"{value!r}: {in_words(str(error))}") from error


def _said(kind: Any) -> str:
    english = next(words for one, words in WORDS if one is kind)
    return f"{IN_CHINESE[kind]} ({english})"


# --- texts and codes


def text(kind: Any = Text) -> Reader:
    """Read what people wrote, as they wrote it."""

    def read(cell: Cell) -> Any:
        return _checked(plain(shown(cell)), kind)

    longest = 2000 if kind is Statement else 500
    return Reader(read, f"文字，不超过 {longest} 字 (text)")


def _digits(cell: Cell) -> str | None:
    """The digits of a number; None when the cell is none."""
    if isinstance(cell, bool) or not isinstance(cell, int | float):
        return None
    if abs(cell) >= DIGITS_KEPT:
        raise RowWrong(
            f"{cell:.0f} is a number, of which Excel keeps fifteen digits: the last ones are lost;"
            " make the column a text column and write it again"
        )
    if cell != int(cell):
        raise RowWrong(f"{cell} is a number and no code; make the column a text column")
    return str(int(cell))


def _code_text(cell: Cell) -> str:
    if isinstance(cell, date | time | timedelta):
        raise RowWrong(
            f"{shown(cell)}: Excel made a date or time of a code; make the column a text column"
        )
    written = normalize("NFKC", plain(shown(cell)))
    if SHORTENED.fullmatch(written):
        raise RowWrong(
            f"{written!r} is a number that a spreadsheet has shortened: digits are lost; make the"
            " column a text column and write it again"
        )
    return written


def code(kind: Any = Code) -> Reader:
    """A code of ours; a number is taken for its digits."""

    def read(cell: Cell) -> Any:
        digits = _digits(cell)
        if digits is not None:
            return _checked(digits, kind)
        written = _code_text(cell)
        if WHOLE.fullmatch(written):
            raise RowWrong(
                f"{written!r}: a spreadsheet made a number of a code; write it as it is, as text"
            )
        return _checked(written, kind)

    return Reader(read, _said(kind))


def digits(kind: Any) -> Reader:
    """A code of digits alone: blanks and a `.0` at its end are not of it."""

    def read(cell: Cell) -> Any:
        found = _digits(cell)
        if found is None:
            found = re.sub(r"\s+", "", _code_text(cell))
            if whole := WHOLE.fullmatch(found):
                found = whole[1]
        return _checked(found, kind)

    return Reader(read, _said(kind))


def phone(kind: Any = Phone) -> Reader:
    def read(cell: Cell) -> Any:
        found = _digits(cell)
        if found is not None and not MOBILE.fullmatch(found):
            raise RowWrong(
                f"{found}: as a number a telephone loses the zero of its area code; make the column"
                " a text column and write it again"
            )
        return _checked(found or re.sub(r"[()]", "", _code_text(cell)), kind)

    return Reader(read, f"{_said(Phone)}; as text")


# --- numbers


def count(kind: Any) -> Reader:
    def read(cell: Cell) -> Any:
        if isinstance(cell, bool):
            raise RowWrong(f"{shown(cell)} is no number")
        written = normalize("NFKC", plain(shown(cell))).replace(",", "")
        if whole := WHOLE.fullmatch(written):
            written = whole[1]
        if not re.fullmatch(r"[0-9]{1,9}", written):
            raise RowWrong(f"{shown(cell)!r} is no whole number")
        return _checked(int(written), kind)

    return Reader(read, "整数 (a whole number)")


# --- days and times


def _day_of(year: int, month: int, day: int, written: str) -> date:
    try:
        found = date(year, month, day)
    except ValueError as error:
        raise RowWrong(f"there is no day {written!r}") from error
    if not DAY_FIRST <= found <= DAY_LAST:
        raise RowWrong(f"{found} is not between {DAY_FIRST} and {DAY_LAST}")
    return found


def _parts(found: re.Match[str]) -> tuple[int, int, int]:
    if packed := found["packed"]:
        return int(found["year"]), int(packed[:2]), int(packed[2:])
    return int(found["year"]), int(found["month"]), int(found["day"])


def _read_day(cell: Cell) -> date:
    match cell:
        case bool() | time() | timedelta():
            raise RowWrong(f"{shown(cell)} is no day")
        case datetime():
            cell = cell.date()
            return _day_of(cell.year, cell.month, cell.day, str(cell))
        case date():
            return _day_of(cell.year, cell.month, cell.day, str(cell))
        case int() | float() if SERIAL_FIRST <= cell <= SERIAL_LAST:
            return EXCEL_ZERO + timedelta(days=int(cell))
    written = normalize("NFKC", plain(shown(cell)))
    written = re.sub(r"[T\s]+0{1,2}:00(:00)?(\.0+)?$", "", written)
    found = DAY.fullmatch(re.sub(r"\s+", "", written))
    if found is None:
        raise RowWrong(f"{written!r} is no day such as 2026-01-05, 2026/1/5 or 2026年1月5日")
    return _day_of(*_parts(found), written)


def day() -> Reader:
    return Reader(_read_day, "日期，如 2026-01-05、2026/1/5、2026年1月5日 (a day)")


def _clock(found: re.Match[str], written: str) -> time:
    try:
        return time(int(found["hour"]), int(found["minute"] or 0), int(float(found["second"] or 0)))
    except ValueError as error:
        raise RowWrong(f"there is no time {written!r}") from error


def _local(day: date, at: time) -> datetime:
    return datetime.combine(day, at, ZoneInfo(CHINA)).astimezone(UTC)


def _read_instant(cell: Cell) -> datetime:
    if isinstance(cell, datetime):
        return _local(_read_day(cell), cell.time().replace(microsecond=0))
    if isinstance(cell, float) and SERIAL_FIRST <= cell <= SERIAL_LAST:
        minutes = round(cell % 1 * 24 * 60)
        return _local(_read_day(cell), time()) + timedelta(minutes=minutes)
    written = normalize("NFKC", plain(shown(cell)))
    found = INSTANT.fullmatch(written)
    if found is None:
        return _local(_read_day(cell), time())
    day, at = _day_of(*_parts(found), written), _clock(found, written)
    if found["offset"] is None:
        return _local(day, at)
    return datetime.fromisoformat(f"{day}T{at}{found['offset']}").astimezone(UTC)


def instant() -> Reader:
    """A time by the clock of China; a day alone is its beginning."""
    return Reader(_read_instant, "时间，如 2026-01-05 09:30 (a time, by the clock of China)")


def instant_or_clock() -> Reader:
    """A time; or a time of day alone, of the day of another column."""

    def read(cell: Cell) -> datetime | time:
        if isinstance(cell, time):
            return cell.replace(microsecond=0)
        if isinstance(cell, float) and 0 <= cell < 1:
            minutes = round(cell * 24 * 60)
            return time(minutes // 60, minutes % 60)
        written = normalize("NFKC", plain(shown(cell)))
        if found := TIME.fullmatch(written):
            return _clock(found, written)
        return _read_instant(cell)

    return Reader(
        read, "时间，如 2026-01-05 11:30，或当天的 11:30 (a time, or one of the same day)"
    )


# --- choices


def _one_of(labels: Labels) -> tuple[dict[str, str], tuple[str, ...]]:
    """Every way to write a choice → the choice; and their first labels."""
    ways: dict[str, str] = {}
    shown_: list[str] = []
    for value, words in labels.items():
        shown_.append(words[0])
        ways |= dict.fromkeys(map(_folded, (value, *words)), value)
    return ways, tuple(shown_)


def _folded(word: str) -> str:
    return normalize("NFKC", plain(word)).casefold()


def _chosen(written: str, ways: Mapping[str, str], labels: tuple[str, ...]) -> str:
    found = ways.get(_folded(written))
    if found is None:
        near = get_close_matches(written, ways, 1, 0.5)
        hint = f", perhaps {near[0]}" if near else ""
        raise RowWrong(f"{written!r} is none of {'、'.join(labels)}{hint}")
    return found


def choice(labels: Labels) -> Reader:
    """One of a few values, by its Chinese label or by its code."""
    ways, first = _one_of(labels)
    allowed = "、".join(f"{label} ({value})" for label, value in zip(first, labels, strict=True))
    return Reader(lambda cell: _chosen(shown(cell), ways, first), allowed, first)


def choices(labels: Labels) -> Reader:
    """Several of them, parted by 、 or a comma."""
    ways, first = _one_of(labels)

    def read(cell: Cell) -> tuple[str, ...]:
        some = [one for one in SPLIT.split(plain(shown(cell))) if one]
        return tuple(dict.fromkeys(_chosen(one, ways, first) for one in some))

    allowed = "、".join(f"{label} ({value})" for label, value in zip(first, labels, strict=True))
    return Reader(read, f"一项或多项，用顿号分开：{allowed}")


def codes(kind: Any = Code) -> Reader:
    """Several codes, parted by 、 or a comma."""
    one = code(kind)

    def read(cell: Cell) -> tuple[str, ...]:
        if isinstance(cell, str):
            return tuple(dict.fromkeys(one.read(part) for part in SPLIT.split(plain(cell)) if part))
        return (one.read(cell),)

    return Reader(read, f"一个或多个，用顿号分开 ({one.allowed})")
