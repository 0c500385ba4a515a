"""A report: a statutory table of one division and period, frozen at submission.

What comes to be known later never changes it; a resubmission is the next version, with a reason.
"""

import hashlib
from collections.abc import Iterable, Mapping
from typing import Annotated, Any, ClassVar, Final, assert_never, get_args
from uuid import UUID

import msgspec
from msgspec import Meta, Struct
from msgspec.structs import replace

from domain.canonical import canonical as plain_canonical
from domain.codes import Code, Digest, DivisionCode, PeriodCode, Ref, shortest
from domain.listed import known_division
from domain.moment import DivisionWrittenLonger, Moment, not_in_future
from domain.registers.form import Form, Value, Values
from domain.registers.point import CalendarUnknown
from domain.registration.filling_in import check, known_form, manual
from domain.reporting.period_end import PeriodNotOver
from domain.vocabulary import Command, Event, Position, Refused, Text, stream_id
from domain.worktime.period import days_of, ends_at

KIND: Final = "report"

CRITICISM: Final = "criticism"
"""Template of the criticism statistics 批评意见统计: a row for each complaint."""
STATISTICS: Final = "work-statistics"
"""Template of the work statistics: a row for each point and adviser."""
ROW_KEYS: Final[Mapping[str, tuple[str, ...]]] = {STATISTICS: ("division", "point", "adviser")}
"""Template → the columns that tell its rows apart, where a row adds up many things. A row of any
other template is about one thing, which tells it from the others."""
NUMBER: Final = "number"
"""序号: where a row stands, not what it says."""


class ReportRow(Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    cells: Values
    """By the code of the template's column."""
    sources: tuple[UUID, ...] = ()
    """Streams that the row was made from."""
    note: Text | None = None

    def streams(self) -> list[UUID]:
        return list(self.sources)

    def compared(self) -> "ReportRow":
        """Content of the row, without its running number."""
        cells = {code: value for code, value in self.cells.items() if code != NUMBER}
        return replace(self, cells=cells)


class Table(Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """A submitted table with all its inputs.

    Add only fields with a default: the digests of submitted tables are for ever.
    """

    template: Ref
    division: DivisionCode
    period: PeriodCode
    cut_off: Position
    """Log position: what was recorded after it is not in the table."""
    calendar: Ref
    rows: tuple[ReportRow, ...]

    @property
    def code(self) -> str:
        """The template's code, without its version."""
        return self.template.partition("@")[0]

    def key_of(self, row: ReportRow) -> tuple[str, ...]:
        """Return the part of a row that stays while its figures change.

        Rows that are not made from the log are identified by their number.
        """
        if self.code in ROW_KEYS:
            return tuple(str(row.cells.get(name, "")) for name in ROW_KEYS[self.code])
        if row.sources:
            return (str(row.sources[0]),)
        return (str(row.cells.get(NUMBER, "")),)


def canonical(value: Any) -> bytes:
    """Encode as canonical JSON.

    Raises: TypeError — for a float, which is not the same everywhere.
    """
    _without_floats(value)
    return plain_canonical(value)


def _without_floats(value: Any) -> None:
    if isinstance(value, float):
        raise TypeError("a number is an integer or a decimal string")
    if isinstance(value, Mapping):
        value = value.values()
    if not isinstance(value, str | int | None):
        for part in value:
            _without_floats(part)


def digest_of(table: Table) -> str:
    """Return the SHA-256 over the canonical JSON of inputs and rows, in hexadecimal."""
    return hashlib.sha256(canonical(msgspec.to_builtins(table))).hexdigest()


class Entry(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a person fills in: the row by its number, the column by its code."""

    row: Annotated[int, Meta(ge=1)]
    column: Code
    value: Value


def with_entries(table: Table, form: Form, entries: Iterable[Entry]) -> Table:
    """Fill in by hand what the program left empty.

    Raises: RowUnknown, CellNotManual — with the row and column.
    """
    rows = {row.cells.get(NUMBER): row for row in table.rows}
    columns = manual(form)
    for entry in entries:
        row = rows.get(entry.row)
        if row is None:
            raise RowUnknown(str(entry.row))
        if entry.column not in columns or entry.column in row.cells:
            raise CellNotManual(f"{entry.row}、{entry.column}")
        rows[entry.row] = replace(row, cells={**row.cells, entry.column: entry.value})
    return replace(table, rows=tuple(rows.values()))


def keeping_entries(table: Table, form: Form, submitted: Table) -> Table:
    """Take over what was filled in by hand in a submitted table, row by row."""
    columns = manual(form)
    by_key = {submitted.key_of(row): row for row in submitted.rows}

    def kept(row: ReportRow) -> ReportRow:
        was = by_key.get(table.key_of(row))
        entered = {} if was is None else {c: v for c, v in was.cells.items() if c in columns}
        return replace(row, cells={**entered, **row.cells}) if entered else row

    return replace(table, rows=tuple(map(kept, table.rows)))


def report_stream(template: str, division: str, period: str) -> UUID:
    """The stream of a report; `template` is the code, with or without its version."""
    return stream_id(KIND, report_name(template, division, period))


def report_name(template: str, division: str, period: str) -> str:
    return f"{template.partition('@')[0]}:{division}:{period}"


# --- events


class ReportSubmitted(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "report.submitted/1"
    table: Table
    digest: Digest
    signer: Code
    note: Text | None = None


class ReportResubmitted(Event, frozen=True, kw_only=True):
    """The versions before stay as they were submitted."""

    topic: ClassVar[str] = "report.resubmitted/1"
    version: int
    reason: Text
    table: Table
    digest: Digest
    signer: Code
    note: Text | None = None


ReportEvent = ReportSubmitted | ReportResubmitted
EVENTS: Final[tuple[type[Event], ...]] = get_args(ReportEvent)


# --- commands


class SubmitReport(Command, frozen=True, kw_only=True):
    """`digest` is the one of the table that the signer saw."""

    table: Table
    digest: Digest
    note: Text | None = None


class ResubmitReport(Command, frozen=True, kw_only=True):
    version: Annotated[int, Meta(ge=2, le=10_000)]
    reason: Annotated[str, Meta(max_length=500)] = ""
    table: Table
    digest: Digest
    note: Text | None = None


ReportCommand = SubmitReport | ResubmitReport
COMMANDS: Final[tuple[type[Command], ...]] = get_args(ReportCommand)


# --- state


class Report(Struct, frozen=True):
    """All versions, oldest first: version n is `versions[n - 1]`."""

    versions: tuple[ReportEvent, ...]


# --- evolve


def evolve(state: Report | None, event: ReportEvent) -> Report:
    match event:
        case ReportSubmitted() | ReportResubmitted():
            return Report((*(state.versions if state else ()), event))
        case _:
            assert_never(event)


# --- refusals


class ReportNotSubmitted(Refused):
    """报表尚未报送，不能重新报送"""


class ReportAlreadySubmitted(Refused):
    """报表已经报送；如需更改，请说明理由重新报送"""


class ReportVersionExists(Refused):
    """该版本的报表已经报送，内容不同；请用下一个版本号报送"""


class ReportVersionSkipped(Refused):
    """报表的版本号必须逐一递增"""


class ResubmissionNeedsReason(Refused):
    """重新报送应当说明理由"""


class AnotherReport(Refused):
    """报表的表样、地区或者期间与已报送的不一致"""


class DigestDiffers(Refused):
    """报表内容与摘要不符，请重新核对后报送"""


class RowUnknown(Refused):
    """报表中没有这一行"""


class CellNotManual(Refused):
    """该格已有内容，或者表样没有把该栏标明为人工填写"""


class CutOffEarlier(Refused):
    """重新报送的数据截止位置不能早于上一版本"""


# --- decide


def decide(state: Report | None, command: ReportCommand, moment: Moment) -> list[Event]:
    not_in_future(moment)
    _can_be_frozen(command, moment)
    match command:
        case SubmitReport():
            return _submit(state, command, moment)
        case ResubmitReport():
            return _resubmit(state, command, moment)
        case _:
            assert_never(command)


def _can_be_frozen(command: ReportCommand, moment: Moment) -> None:
    table, registers = command.table, moment.registers
    if digest_of(table) != command.digest:
        raise DigestDiffers
    calendar = registers.calendars.get(table.calendar)
    if calendar is None:
        raise CalendarUnknown(table.calendar)
    if moment.occurred_at < ends_at(table.period, calendar.zone):
        raise PeriodNotOver(table.period)
    template = known_form(registers, table.template, "report")
    for row in table.rows:
        check(template, row.cells)


def _submit(state: Report | None, command: SubmitReport, moment: Moment) -> list[Event]:
    if state is None:
        if command.table.division != shortest(command.table.division):
            raise DivisionWrittenLonger(shortest(command.table.division))
        known_division(command.table.division, moment.registers, *days_of(command.table.period))
        return [
            ReportSubmitted(
                table=command.table,
                digest=command.digest,
                signer=moment.by.account,
                note=command.note,
            )
        ]
    first = state.versions[0]
    if (first.digest, first.note) == (command.digest, command.note):
        return []
    raise ReportAlreadySubmitted


def _resubmit(state: Report | None, command: ResubmitReport, moment: Moment) -> list[Event]:
    if state is None:
        raise ReportNotSubmitted
    reason = command.reason.strip()
    if not reason:
        raise ResubmissionNeedsReason
    resubmitted = ReportResubmitted(
        version=command.version,
        reason=reason,
        table=command.table,
        digest=command.digest,
        signer=moment.by.account,
        note=command.note,
    )
    newest = state.versions[-1]
    if _identity(newest.table) != _identity(command.table):
        raise AnotherReport
    if command.version <= len(state.versions):
        if state.versions[command.version - 1] == resubmitted:
            return []
        raise ReportVersionExists
    if command.version != len(state.versions) + 1:
        raise ReportVersionSkipped
    if command.table.cut_off < newest.table.cut_off:
        raise CutOffEarlier
    return [resubmitted]


def _identity(table: Table) -> tuple[str, str, str]:
    """Return the identity of a report: template without its version, division, period."""
    return table.template.partition("@")[0], table.division, table.period
