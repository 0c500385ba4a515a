"""Submitting statutory tables over HTTP. The signer sends the digest and the cut-off of the table
that he saw; the table itself is computed here, so that nothing else can be submitted."""

from typing import Annotated, Any, Final, NamedTuple
from uuid import UUID

from msgspec import Meta, Struct

from api.reporting.statutory import UNDER, VIEWS, answered, named, without
from api.web.acting import Answer, CommandAsking, Route, answer_of
from api.web.gate import kept_from
from api.web.problems import Problem
from api.web.questions import POSITION_MAX, WAIT_S, head
from domain.codes import Code, Digest
from domain.registers.form import Form, Value
from domain.reporting.draft import FilledCell, FillInReport, RowNote, draft_stream
from domain.reporting.report import (
    DigestDiffers,
    Entry,
    ResubmitReport,
    RowUnknown,
    SubmitReport,
    Table,
    digest_of,
    report_stream,
    with_entries,
)
from domain.vocabulary import Text
from domain.worktime.period import ends_at
from ledger.log.decision import Receipt
from projections.reporting import statutory
from projections.running.runner import wait_for

RowNumber = Annotated[int, Meta(ge=1)]
CutOff = Annotated[int, Meta(ge=1, le=POSITION_MAX)]


class Submission(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Of the table as it was seen: its cut-off and the digest of the whole."""

    cut_off: CutOff
    digest: Digest
    note: Text | None = None
    entries: Annotated[tuple[Entry, ...], Meta(max_length=10_000)] = ()
    """What the signer fills in by hand; the digest is of the table without it."""


class Resubmission(Submission, frozen=True, kw_only=True, forbid_unknown_fields=True):
    version: Annotated[int, Meta(ge=2, le=10_000)]
    reason: Annotated[str, Meta(min_length=1, max_length=500)]


class CellEntry(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The row by its number, the column by its code. `value`: null empties the cell."""

    row: RowNumber
    column: Code
    value: Value | None = None


class NoteEntry(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`note`: null takes it away."""

    row: RowNumber
    note: Text | None = None


class FillingIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Of the table as it was seen, by its cut-off: rows are numbered as they were then."""

    cut_off: CutOff
    cells: Annotated[tuple[CellEntry, ...], Meta(max_length=10_000)] = ()
    notes: Annotated[tuple[NoteEntry, ...], Meta(max_length=10_000)] = ()
    sections: dict[Code, Value | None] = {}


class _Seen(NamedTuple):
    table: Table
    form: Form
    hidden: frozenset[UUID]


async def _seen(asking: CommandAsking, cut_off: int) -> _Seen:
    """Recompute the table that was seen.

    Raises: Problem `position-unknown`, `not-yet-visible` — for its cut-off.
    """
    template, division, period = named(asking.path)
    async with asking.wiring.views.connection() as connection:
        if cut_off > await head(connection):
            raise Problem("position-unknown")
        if not await wait_for(connection, VIEWS, cut_off, WAIT_S):
            raise Problem("not-yet-visible")
        # What is signed is the whole table.
        connection.scope = None
        async with connection.transaction():
            over = ends_at(period)
            filled = statutory.prefill(template, division, period, position=cut_off, now=over)
            table = await answered(connection, filled)
            form = await answered(connection, statutory.form_of(table.template, cut_off))
            hidden = await kept_from(asking.wiring, asking.by)
    return _Seen(table, form, hidden)


async def _table(asking: CommandAsking, body: Submission) -> tuple[Table, str]:
    """Recompute the table that was seen; return it as it is signed, with its digest.

    Raises: Problem `not-permitted` — when some rows are hidden from the signer.
    """
    table, form, hidden = await _seen(asking, body.cut_off)
    if without(table, hidden) != table:
        raise Problem("not-permitted", "rows are hidden from the signer")
    if not body.entries:
        return table, body.digest
    if digest_of(table) != body.digest:
        raise DigestDiffers
    signed = with_entries(table, form, body.entries, asking.by.account)
    return signed, digest_of(signed)


async def _submit(asking: CommandAsking, body: Submission) -> tuple[Receipt, Answer]:
    table, digest = await _table(asking, body)
    command = SubmitReport(table=table, digest=digest, note=body.note)
    receipt = await asking.execute(report_stream(*named(asking.path)), command)
    return receipt, answer_of(receipt)


async def _resubmit(asking: CommandAsking, body: Resubmission) -> tuple[Receipt, Answer]:
    table, digest = await _table(asking, body)
    command = ResubmitReport(
        version=body.version,
        reason=body.reason,
        table=table,
        digest=digest,
        note=body.note,
    )
    receipt = await asking.execute(report_stream(*named(asking.path)), command)
    return receipt, answer_of(receipt)


async def _fill_in(asking: CommandAsking, body: FillingIn) -> tuple[Receipt, Answer]:
    """Rows that are hidden from somebody are not there for him."""
    table, _, hidden = await _seen(asking, body.cut_off)
    keys = {
        number: table.key_of(row)
        for number, row in enumerate(table.rows, start=1)
        if hidden.isdisjoint(row.sources)
    }
    rows = [*(one.row for one in body.cells), *(one.row for one in body.notes)]
    for row in rows:
        if row not in keys:
            raise RowUnknown(str(row))
    command = FillInReport(
        template=table.template,
        division=table.division,
        period=table.period,
        cells=tuple(
            FilledCell(row=keys[one.row], column=one.column, value=one.value) for one in body.cells
        ),
        notes=tuple(RowNote(row=keys[one.row], note=one.note) for one in body.notes),
        sections=body.sections,
    )
    receipt = await asking.execute(draft_stream(*named(asking.path)), command)
    return receipt, answer_of(receipt)


def _here(path: dict[str, Any], _: Any, __: Receipt) -> str:
    return f"/reports/{path['template']}/{path['division']}/{path['period']}"


ROUTES: Final = (
    Route(
        command=FillInReport,
        under=f"{UNDER}/fill-in",
        summary="报送前填写：人工填写的栏目、备注和分析报告的文字",
        body=FillingIn,
        perform=_fill_in,
        creates=True,
        location=_here,
    ),
    Route(
        command=SubmitReport,
        under=f"{UNDER}/submit",
        summary="报送",
        body=Submission,
        perform=_submit,
        creates=True,
        location=_here,
    ),
    Route(
        command=ResubmitReport,
        under=f"{UNDER}/resubmit",
        summary="说明理由重新报送",
        body=Resubmission,
        perform=_resubmit,
    ),
)
