"""Import of foreign casework: every row through the deciders into the log, in slices, once."""

import time
from collections import ChainMap, Counter
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import psycopg
from msgspec import Struct, field
from msgspec.structs import replace
from psycopg.rows import dict_row

from api.imports.casework_file import rejects_file, table_of
from api.imports.casework_mapping import CLOSED, CaseRow, Mapping, RowReader, RowWrong
from api.imports.csv_text import READING_FAILS, FileUnreadable
from domain.aggregates import AGGREGATE
from domain.moment import Moment, Registers
from domain.registers import point
from domain.requests import request
from domain.vocabulary import Actor, Event, Refused, refuse_unbounded, stream_id
from ledger.log.bulk import append_slice, known_commands
from ledger.log.codec import LedgerMapper, Recorded, uuid7
from ledger.log.decision import TooContended, ask, envelop
from ledger.log.registers import SELECT_NEWER, RegisterFold

ROWS_PER_SLICE: Final = 5_000
ATTEMPTS_MAX: Final = 8
REPEATED: Final = "repeated external id in this file"
OTHER_CONTENT: Final = "already imported with different content"
Fields = Sequence[str]
OF_THE_ROW: Final = (ValueError, ArithmeticError, LookupError)
"""What the values of one row can make the code below raise: a time beyond the calendar, …"""
STOPS: Final = (psycopg.Error, TooContended, FileUnreadable, UnicodeError, *READING_FAILS)


class ImportStopped(Exception):
    """导入中途停止，此前的行已经导入。"""


class Imported(Struct, kw_only=True):
    """Result of importing a file, or of a dry run."""

    rows: int = 0
    imported: int = 0
    unchanged: int = 0
    """In the log already, with the same content."""
    rejected: int = 0
    events: int = 0
    points_opened: int = 0
    seconds: float = 0.0
    dry_run: bool = False
    encoding: str = ""
    """By which the file was read."""
    reasons: dict[str, int] = field(default_factory=dict)
    """Why rows were rejected, most frequent first."""


class _Verdict(Struct, frozen=True):
    """Decision on a row: events to append, none if unchanged, or the reason to reject it."""

    events: tuple[Recorded, ...] = ()
    reason: str | None = None


def import_casework(
    url: str,
    file: Path,
    mapping: Mapping,
    *,
    rejects: Path | None = None,
    dry_run: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> Imported:
    """Import every good row; write the others, with the reason, to `rejects`.

    FileUnreadable, MappingWrong: nothing was imported. ImportStopped: something was, and it says
    how much. `progress` is told bytes done and in all.
    """
    started = time.monotonic()
    result = Imported(dry_run=dry_run)
    reasons: Counter[str] = Counter()
    with ExitStack() as stack:
        table = stack.enter_context(table_of(file, mapping))
        reader = RowReader(mapping, table.header)
        connection = stack.enter_context(psycopg.connect(url, autocommit=True))
        refused = stack.enter_context(rejects_file(rejects, table)) if rejects else None
        intake = _Intake(connection, mapping, reader, dry_run=dry_run)
        result.encoding = table.encoding
        try:
            for rows in table.slices(ROWS_PER_SLICE):
                for row, verdict in zip(rows, intake.take(rows), strict=True):
                    _count(result, reasons, verdict)
                    if verdict.reason is not None and refused is not None:
                        refused(row, verdict.reason)
                if progress is not None:
                    progress(table.bytes_read(), table.bytes_all)
        except STOPS as error:
            if not result.rows:
                raise
            raise ImportStopped(
                f"{result.rows:,} rows were read, {result.imported:,} of them"
                f" {'could be' if dry_run else 'were'} imported, {result.rejected:,} rejected:"
                f" {error}"
            ) from error
        result.points_opened = intake.points_opened
        result.events += intake.points_opened
    result.reasons = dict(reasons.most_common())
    result.seconds = round(time.monotonic() - started, 3)
    return result


def _count(result: Imported, reasons: Counter[str], verdict: _Verdict) -> None:
    result.rows += 1
    result.events += len(verdict.events)
    if verdict.reason is not None:
        result.rejected += 1
        reasons[verdict.reason.partition(":")[0]] += 1
    elif verdict.events:
        result.imported += 1
    else:
        result.unchanged += 1


# --- from rows to the log


class _Intake:
    """Decides slice by slice, against the log and what this import itself has opened."""

    def __init__(
        self,
        connection: psycopg.Connection[Any],
        mapping: Mapping,
        reader: RowReader,
        *,
        dry_run: bool,
    ) -> None:
        self.points_opened = 0
        self._connection = connection
        self._source = mapping.source
        self._reader = reader
        self._dry_run = dry_run
        self._fold = RegisterFold()
        self._mapper = LedgerMapper()
        self._seen: set[str] = set()
        self._opened: dict[str, point.Point] = {}
        """Points of a dry run, or of the slice at hand, that the log does not have."""

    def take(self, rows: Sequence[Fields]) -> list[_Verdict]:
        """Yield one verdict per row, in order; the events are in the log afterwards."""
        read = [self._read(fields) for fields in rows]
        for _ in range(ATTEMPTS_MAX):
            openings: list[Recorded] = []
            verdicts = self._decided(read, openings)
            events = [*openings, *(event for verdict in verdicts for event in verdict.events)]
            if events and not self._dry_run:
                try:
                    append_slice(self._connection, events, self._mapper)
                except psycopg.errors.UniqueViolation:
                    # Another import was quicker with a row or a point: look again.
                    continue
            self.points_opened += len(openings)
            return verdicts
        raise TooContended

    def _read(self, fields: Fields) -> CaseRow | str:
        """The row, or why there is none."""
        try:
            external_id = self._reader.external_id(fields)
            if external_id in self._seen:
                return REPEATED
            self._seen.add(external_id)
            return self._reader.row(external_id, fields)
        except RowWrong as wrong:
            return str(wrong)
        except OF_THE_ROW as error:
            return f"a value is out of range: {error}"

    def _decided(self, read: list[CaseRow | str], openings: list[Recorded]) -> list[_Verdict]:
        registers = self._registers()
        known = known_commands(
            self._connection, (row.command_id for row in read if isinstance(row, CaseRow))
        )
        verdicts = []
        for row in read:
            if isinstance(row, str):
                verdicts.append(_Verdict(reason=row))
            elif row.command_id in known:
                same = known[row.command_id][0] == row.digest
                verdicts.append(_Verdict(reason=None if same else OTHER_CONTENT))
            else:
                verdicts.append(self._verdict(row, registers, openings))
        return verdicts

    def _registers(self) -> Registers:
        with self._connection.cursor(row_factory=dict_row) as cursor:
            rows = cursor.execute(SELECT_NEWER, self._fold.parameters(), binary=True).fetchall()
        self._fold.read(rows, self._mapper)
        if not self._dry_run:
            self._opened.clear()
        known = self._fold.registers
        return replace(known, points=ChainMap(self._opened, dict(known.points)))

    def _verdict(self, row: CaseRow, registers: Registers, openings: list[Recorded]) -> _Verdict:
        code = row.logged.point
        now = datetime.now(UTC)
        by = Actor(account=f"import-{self._source}", role="importer", unit=code)
        try:
            for part, name in ((row.logged, ""), (row.opened, "opened"), (row.closed, "closed")):
                refuse_unbounded(part, name)
            if code not in registers.points:
                openings += self._opening(code, registers, by, now)
            return _Verdict(events=_case(row, registers, by, now))
        except RowWrong as wrong:
            return _Verdict(reason=str(wrong))
        except Refused as refusal:
            return _Verdict(reason=f"{type(refusal).__name__}: {refusal.reason()}")
        except OF_THE_ROW as error:
            return _Verdict(reason=f"a value is out of range: {error}")

    def _opening(self, code: str, registers: Registers, by: Actor, now: datetime) -> list[Recorded]:
        command = self._reader.opening(code)
        if command is None:
            return []
        refuse_unbounded(command)
        moment = Moment(by=by, occurred_at=now, now=now, registers=registers)
        events = AGGREGATE[point.KIND].decide(None, command, moment)
        for event in events:
            assert isinstance(event, point.PointOpened)
            self._opened[code] = point.evolve(None, event)
        asked = ask(stream_id(point.KIND, code), command, by=by, now=now)
        return envelop(asked, 0, events)


def _case(row: CaseRow, registers: Registers, by: Actor, now: datetime) -> tuple[Recorded, ...]:
    """Logged and, where it was, closed, each at its own time: one command, both or none."""
    decide = AGGREGATE[request.KIND].decide
    logging = Moment(
        by=by,
        occurred_at=row.opened,
        now=now,
        registers=registers,
        late_reason=f"{row.logged.late_reason}: {by.account}",
    )
    happened: list[tuple[Event, datetime]] = [
        (event, row.opened) for event in decide(None, row.logged, logging)
    ]
    if row.closed is not None:
        logged = happened[0][0]
        assert isinstance(logged, request.RequestLogged)
        closing = replace(logging, occurred_at=row.closed, last_step_at=row.opened)
        state = request.evolve(None, logged)
        happened += [(event, row.closed) for event in decide(state, CLOSED, closing)]
    return tuple(
        Recorded(
            originator_id=row.stream,
            originator_version=version,
            event=event,
            event_id=uuid7(),
            command_id=row.command_id,
            occurred_at=at,
            by=by,
            late_reason=logging.late_reason if logging.is_late(at) else None,
            command_events=len(happened) if version == 1 else 0,
            command_digest=row.digest if version == 1 else None,
        )
        for version, (event, at) in enumerate(happened, start=1)
    )
