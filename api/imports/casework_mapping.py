"""Mapping of a foreign list of casework: the mapping file, and reading one row by it.

A mapping names the columns, the formats of its dates and their zone, and value tables: foreign word
→ ours, with a default for every other word. `examples/nyc_casework.toml` explains each key.
"""

import hashlib
import re
import tomllib
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Final, Literal
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec
from msgspec import Meta, Struct

from domain.codes import CODE, Code, DivisionCode, in_words
from domain.registers.point import PointKind
from domain.registration.point_commands import OpenPoint
from domain.requests.request import Channel
from domain.requests.request_commands import CloseRequest, LogRequest
from domain.vocabulary import NAMESPACE, Service, Text

LATE_REASON: Final = "imported history"
NO_SUBJECT: Final = "imported"
ColumnNames = str | tuple[str, ...]
"""One column, or several whose values are joined by a blank."""
SHORTENED: Final = re.compile(r"-?[0-9]([.,][0-9]+)?[eE]\+[0-9]+|-?[0-9][.,][0-9]+[eE][0-9]+")
"""A long number as a spreadsheet shows it: digits are lost, so that two codes become one."""
LONG_AGO: Final = datetime(1923, 11, 25, tzinfo=UTC)


class MappingWrong(Exception):
    """导入映射文件有误。"""


class RowWrong(Exception):
    """The row cannot be imported as it stands; the message says why."""


class Columns(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    external_id: str
    """What names the case in its source, once."""
    point: str
    """The office: its value is the point's code."""
    opened: str
    closed: str | None = None
    """An empty value: the case is still open."""
    service: str | None = None
    subject: ColumnNames = ()
    """Default: the foreign word for the service."""
    detail: ColumnNames = ()
    place: ColumnNames = ()
    channel: str | None = None


class Services(Struct, frozen=True, forbid_unknown_fields=True):
    default: Service | None = None
    """None when a row with a word that is not in the table is rejected."""
    values: dict[str, Service] = {}


class Channels(Struct, frozen=True, forbid_unknown_fields=True):
    default: Channel | None = "unrecorded"
    values: dict[str, Channel] = {}


class Divisions(Struct, frozen=True, forbid_unknown_fields=True):
    """Point code → division code."""

    default: DivisionCode | None = None
    values: dict[str, DivisionCode] = {}


class Points(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Points that the log does not know. Opened by the import they have no calendar, so that
    neither promises nor working minutes are computed for them."""

    codes: dict[str, Code] = {}
    """What the file calls a point → its code, where that is not the same."""
    open_unknown: bool = False
    kind: PointKind = "room"
    valid_from: date | None = None
    division: Divisions = Divisions()
    division_source: Text | None = None


class Mapping(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    source: Code
    zone: str
    formats: Annotated[tuple[str, ...], Meta(min_length=1)]
    """Formats of `strptime`, the first that fits. Without hours: the start of the local day."""
    years_from: Annotated[int, Meta(ge=1900, le=2000)] | None = None
    """The first of the hundred years that years of two digits stand for."""
    earliest: date = date(1950, 1, 1)
    """No case is older: sources write an empty date as 0001-01-01, 1899-12-30 or 1900-01-01."""
    encoding: Literal["utf-8", "gb18030", "big5"] | None = None
    """None when it is UTF-8, or else GB18030 where the text can be nothing else."""
    delimiter: Annotated[str, Meta(min_length=1, max_length=1)] = ","
    columns: Columns
    service: Services
    channel: Channels = Channels()
    points: Points = Points()

    def names(self) -> list[str]:
        """List every needed column of the file."""
        columns = (getattr(self.columns, one) for one in self.columns.__struct_fields__)
        return [
            name
            for column in columns
            if column is not None
            for name in ((column,) if isinstance(column, str) else column)
        ]


class CaseRow(Struct, frozen=True):
    """A mapped case with the commands that put it into the log."""

    stream: UUID
    command_id: UUID
    digest: bytes
    """Of the mapped values, independent of how our commands are built."""
    logged: LogRequest
    opened: datetime
    closed: datetime | None


CLOSED: Final = CloseRequest(kind="imported")


def read_mapping(path: Path) -> Mapping:
    """MappingWrong names the file and the place in it."""
    try:
        mapping = msgspec.convert(tomllib.loads(path.read_text("utf-8")), Mapping)
        ZoneInfo(mapping.zone)
    except OSError as error:
        raise MappingWrong(f"{path}: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, msgspec.ValidationError) as error:
        raise MappingWrong(f"{path}: {error}") from error
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise MappingWrong(f"{path}: zone: {error}") from error
    if mapping.delimiter in '"\r\n':
        raise MappingWrong(f"{path}: delimiter: quotes and line ends mark cells and rows already")
    for written in mapping.formats:
        _refuse_format(path, written, mapping.years_from)
    _refuse_two_meanings(path, mapping)
    points = mapping.points
    if points.open_unknown and (points.valid_from is None or points.division_source is None):
        raise MappingWrong(
            f"{path}: points: with open_unknown, valid_from and division_source are needed"
        )
    return mapping


def _refuse_format(path: Path, written: str, years_from: int | None) -> None:
    """A format must bring back the day it is given, its century too."""
    if not _brings_back(datetime(2023, 11, 25, tzinfo=UTC), written):
        raise MappingWrong(f"{path}: formats: {written!r} is no format of a whole date")
    if years_from is None and not _brings_back(LONG_AGO, written):
        raise MappingWrong(
            f"{path}: formats: {written!r} has years of two digits; say which century they are of:"
            " years_from = 1970 reads 70 as 1970 and 69 as 2069"
        )


def _brings_back(day: datetime, written: str) -> bool:
    try:
        return datetime.strptime(day.strftime(written), written).date() == day.date()  # noqa: DTZ007
    except ValueError:
        return False


def _refuse_two_meanings(path: Path, mapping: Mapping) -> None:
    """Refuse formats of which an earlier one reads what a later one writes as another time."""
    for number, later in enumerate(mapping.formats):
        for earlier in mapping.formats[:number]:
            for day in range(366):
                at = datetime(2004, 1, 1, 6, 7, tzinfo=UTC) + timedelta(days=day)
                text = at.strftime(later)
                found = _parsed(text, earlier, mapping.years_from)
                if found not in {None, _parsed(text, later, mapping.years_from)}:
                    raise MappingWrong(
                        f"{path}: formats: {text!r} is one day by {earlier!r} and another by"
                        f" {later!r}; keep the one that the file is written in"
                    )


def _parsed(text: str, written: str, years_from: int | None) -> datetime | None:
    """Read a time by one format; None when it does not fit."""
    try:
        read = datetime.strptime(text, written)  # noqa: DTZ007 (the zone comes later)
        if years_from is not None and not _brings_back(LONG_AGO, written):
            read = read.replace(year=years_from + (read.year - years_from) % 100)
    except ValueError:
        return None
    return read


class RowReader:
    """Reads the rows of one file by a mapping."""

    def __init__(self, mapping: Mapping, header: Sequence[str]) -> None:
        """MappingWrong: the mapping names a column that the file does not have once."""
        missing = [name for name in mapping.names() if name not in header]
        if missing:
            raise MappingWrong(
                f"columns: the file has no column {', '.join(map(repr, missing))};"
                f" it has {', '.join(map(repr, header))}"
            )
        twice = sorted({name for name in mapping.names() if header.count(name) > 1})
        if twice:
            raise MappingWrong(
                f"columns: the file has more than one column {', '.join(map(repr, twice))};"
                " give each a name of its own in its first line"
            )
        self._mapping = mapping
        self._number = {name: number for number, name in reversed([*enumerate(header)])}
        self._width = len(header)
        self._names = {code: name for name, code in mapping.points.codes.items()}
        self._namespace = uuid5(NAMESPACE, f"import:{mapping.source}")
        self._instant = lru_cache(maxsize=65_536)(self._read_instant)

    def external_id(self, fields: Sequence[str]) -> str:
        """RowWrong: the row has more or fewer fields than the header, no id, or what no table
        keeps."""
        if len(fields) != self._width:
            raise RowWrong(f"the row has {len(fields)} fields, the header has {self._width}")
        if any("\0" in one for one in fields):
            raise RowWrong("the row has U+0000")
        name = self._mapping.columns.external_id
        found = fields[self._number[name]].strip()
        if not found:
            raise RowWrong(f"{name} is empty")
        _refuse_shortened(name, found)
        self._refuse_swallowed(fields)
        return found

    def _refuse_swallowed(self, fields: Sequence[str]) -> None:
        """A stray quote makes of the next rows a part of this one, until some other quote."""
        place = self._number[self._mapping.columns.opened]
        for cell in fields:
            for line in cell.splitlines()[1:] if "\n" in cell or "\r" in cell else ():
                parts = line.split(self._mapping.delimiter)
                if len(parts) > place and self._fits(parts[place].strip()):
                    raise RowWrong("a quote that is not closed: a cell has another row in it")

    def _fits(self, text: str) -> bool:
        years_from = self._mapping.years_from
        return any(_parsed(text, written, years_from) for written in self._mapping.formats)

    def row(self, external_id: str, fields: Sequence[str]) -> CaseRow:
        """RowWrong: a value that cannot be read, or a close before its opening."""
        mapping, columns = self._mapping, self._mapping.columns
        opened = self._instant(columns.opened, self._text(fields, columns.opened))
        closing = self._text(fields, columns.closed)
        closed = self._instant(str(columns.closed), closing) if closing else None
        if closed is not None and closed < opened:
            raise RowWrong(f"closed before it was opened: {closing}")
        word = self._text(fields, columns.service)
        values = {
            "point": self._point(self._text(fields, columns.point)),
            "channel": _looked_up("channel", mapping.channel, self._text(fields, columns.channel)),
            "service": _looked_up("service", mapping.service, word),
            "subject": self._text(fields, columns.subject) or word or NO_SUBJECT,
            "detail": self._text(fields, columns.detail) or None,
            "place": self._text(fields, columns.place) or None,
            "external": {"source": mapping.source, "id": external_id},
            "late_reason": LATE_REASON,
        }
        try:
            logged = msgspec.convert(values, LogRequest)
        except msgspec.ValidationError as error:
            raise RowWrong(in_words(str(error))) from error
        content = [*values.values(), opened, closed]
        return CaseRow(
            stream=uuid5(self._namespace, external_id),
            command_id=uuid5(self._namespace, f"command:{external_id}"),
            digest=hashlib.sha256(msgspec.json.encode(content)).digest()[:16],
            logged=logged,
            opened=opened,
            closed=closed,
        )

    def _point(self, written: str) -> str:
        _refuse_shortened("point", written)
        code = self._mapping.points.codes.get(written, written)
        if not re.fullmatch(CODE, code):
            raise RowWrong(
                f"point {code!r} is no code (printable ASCII without space, / and @):"
                " the mapping may give it one under [points.codes]"
            )
        return code

    def opening(self, code: str) -> OpenPoint | None:
        """Build the command that opens an unknown point; None when the mapping opens none.

        Raises: RowWrong — when the row has no division.
        """
        points = self._mapping.points
        if not points.open_unknown:
            return None
        division = points.division.values.get(code, points.division.default)
        if division is None:
            raise RowWrong(f"point {code!r} has no division in the mapping")
        assert points.valid_from is not None
        assert points.division_source is not None
        return OpenPoint(
            code=code,
            kind=points.kind,
            name=self._names.get(code, code),
            division=division,
            division_source=points.division_source,
            valid_from=points.valid_from,
            zone=self._mapping.zone,
        )

    def _text(self, fields: Sequence[str], columns: ColumnNames | None) -> str:
        if columns is None:
            return ""
        if isinstance(columns, str):
            return fields[self._number[columns]].strip()
        values = (fields[self._number[name]].strip() for name in columns)
        return " ".join(value for value in values if value)

    def _read_instant(self, column: str, text: str) -> datetime:
        mapping = self._mapping
        for written in mapping.formats:
            read = _parsed(text, written, mapping.years_from)
            if read is None:
                continue
            if read.date() < mapping.earliest:
                raise RowWrong(f"{column} is before {mapping.earliest}, an empty date?: {text!r}")
            local = read if read.tzinfo else read.replace(tzinfo=ZoneInfo(mapping.zone))
            return local.astimezone(UTC)
        raise RowWrong(f"{column} is no date of the mapping's formats: {text!r}")


def _refuse_shortened(name: str, code: str) -> None:
    if SHORTENED.fullmatch(code):
        raise RowWrong(f"{name} is a number that a spreadsheet has shortened: {code!r}")


def _looked_up(name: str, table: Services | Channels, word: str) -> str:
    found = table.values.get(word, table.default)
    if found is None:
        raise RowWrong(f"{name} {word!r} is not in the mapping")
    return found
