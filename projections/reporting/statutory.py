"""Tables and reports filled in from the log and from their drafts: the same position gives the same
bytes. What was submitted is `projections.reporting.reports`."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import datetime
from typing import Final
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from domain.registers import form
from domain.registers.form import Form, FormPublished
from domain.registration.filling_in import FormUnknown, manual, manual_sections
from domain.registration.queries import rows_of
from domain.reporting import draft
from domain.reporting.draft import Draft, ReportFilledIn, draft_stream
from domain.reporting.report import ReportRow, Table, keeping_entries
from domain.vocabulary import Event, stream_id
from domain.worktime.period import ends_at
from ledger.log.codec import UNREADABLE, LedgerMapper
from projections.asking import rules
from projections.asking.answering import Answering
from projections.asking.asking import Query
from projections.reporting import tables, work_statistics
from projections.reporting.difference import AdjustedRow, Amounts
from projections.reporting.figures import WHOLE, Source

VIEWS: Final = ("complaints", *work_statistics.VIEWS)
"""What tables are read from."""


def prefill(
    template: str, division: str, period: str, *, position: int, now: datetime
) -> Answering[Table]:
    """Compute a table as it would be submitted, with what stands in its draft.

    `template` is its code, or `code@version`.
    `now` matters before the period is over: promises not yet due are not yet missed.

    Raises: FormUnknown — no such template, or none that can be filled in. CalendarUnknown — no
    calendar was ever published.
    """
    template_form = yield from form_of(template, position)
    published = yield rules.published(position)
    calendar = rules.known(published).calendar
    blank = Table(
        template=template_form.ref,
        division=division,
        period=period,
        cut_off=position,
        calendar=calendar.ref,
        rows=(),
    )
    return (yield from _filled(blank, template_form, position, now))


def recomputed(table: Table, position: int) -> Answering[Table]:
    """A submitted table by its own template, as known at a position: at its cut-off it is the
    table itself. What a person filled in as it was submitted is kept."""
    template_form = yield from form_of(table.template, position)
    over = ends_at(table.period)
    blank = replace(table, cut_off=position, sections={}, entered={})
    now = yield from _filled(blank, template_form, position, over)
    return keeping_entries(now, template_form, table)


def _filled(table: Table, template: Form, position: int, now: datetime) -> Answering[Table]:
    found = yield from tables.filled(table, template, position, now)
    computed = replace(table, rows=tuple(found.rows), sections=found.sections)
    told = yield from _draft(table, position)
    return _drafted(computed, template, told) if told is not None else computed


# --- published forms


class _Published(Struct, frozen=True):
    topic: str
    state: bytes
    position: int = 0


def _published(stream: UUID, position: int) -> Query[_Published]:
    sql = """
        SELECT topic, state, notification_id AS position FROM log_events
         WHERE originator_id = %(stream)s AND notification_id <= %(position)s
         ORDER BY notification_id
    """
    return Query(sql, {"stream": stream, "position": position}, _Published)


def _read(found: Iterable[_Published]) -> Iterator[tuple[int, Event]]:
    mapper = LedgerMapper()
    for one in found:
        with suppress(*UNREADABLE):
            yield one.position, mapper.entry(one.topic, one.state).data


def form_of(template: str, position: int) -> Answering[Form]:
    """Find the version of a template that is asked for, else the newest.

    Raises: FormUnknown — no such template, or none that says what its rows are.
    """
    code, _, version = template.partition("@")
    found = yield _published(stream_id(form.KIND, code), position)
    forms = [event.form for _, event in _read(found) if isinstance(event, FormPublished)]
    if version:
        forms = [one for one in forms if one.ref == template]
    if not forms or forms[-1].purpose != "report" or rows_of(forms[-1]) is None:
        raise FormUnknown(template)
    return forms[-1]


def templates(position: int) -> Answering[list[Form]]:
    """List the newest version of every form of a table that can be filled in, by code."""
    sql = """
        SELECT topic, state, notification_id AS position FROM log_events
         WHERE topic = %(topic)s AND notification_id <= %(position)s ORDER BY notification_id
    """
    found = yield Query(sql, {"topic": FormPublished.topic, "position": position}, _Published)
    newest = {
        event.form.code: event.form for _, event in _read(found) if isinstance(event, FormPublished)
    }
    return [
        one
        for _, one in sorted(newest.items())
        if one.purpose == "report" and rows_of(one) is not None
    ]


# --- what people filled in


def _events(table: Table, position: int) -> Query[_Published]:
    return _published(draft_stream(table.template, table.division, table.period), position)


def _draft(table: Table, position: int) -> Answering[Draft | None]:
    found = yield _events(table, position)
    state: Draft | None = None
    for _, event in _read(found):
        if isinstance(event, ReportFilledIn):
            state = draft.evolve(state, event)
    return state


def _drafted(table: Table, template: Form, told: Draft) -> Table:
    """Fill in what stands in the draft where the form leaves it to a person and the program has
    nothing to say."""
    columns = manual(template)

    def drafted(row: ReportRow) -> ReportRow:
        key = table.key_of(row)
        own = {
            column: one
            for (of, column), one in told.cells.items()
            if of == key and column in columns and column not in row.cells
        }
        note = told.notes.get(key)
        return replace(
            row,
            cells={**row.cells, **{code: one.value for code, one in own.items()}},
            entered={code: one.entered for code, one in own.items()},
            note=str(note.value) if note is not None else row.note,
            noted=note.entered if note is not None else None,
        )

    written = {
        code: one for code, one in told.sections.items() if code in manual_sections(template)
    }
    return replace(
        table,
        rows=tuple(map(drafted, table.rows)),
        sections={**table.sections, **{code: one.value for code, one in written.items()}},
        entered={code: one.entered for code, one in written.items()},
    )


# --- where it comes from, and what changed it


def sources_of(table: Table, row: ReportRow | None, column: str) -> Answering[list[Source]]:
    """Find the streams that a cell was made from, as known at the table's cut-off; without a row, a
    section. What a person filled in comes from the draft."""
    template = yield from form_of(table.template, table.cut_off)
    entered = table.entered if row is None else row.entered
    if column in entered:
        of = (table.template, table.division, table.period)
        return [Source(draft_stream(*of))] if entered[column].at is not None else []
    return (yield from tables.sources(table, template, row, column))


def explained(table: Table, rows: list[AdjustedRow], position: int) -> Answering[Amounts]:
    """Say what each event after the cut-off did to the cells that differ, up to a position."""
    template = yield from form_of(table.template, position)
    made = yield from tables.explained(table, template, rows, position)
    found = yield _events(table, position)
    since: defaultdict[tuple[tuple[str, ...], str], list[int]] = defaultdict(list)
    for at, event in _read(found):
        if at <= table.cut_off or not isinstance(event, ReportFilledIn):
            continue
        for one in event.cells:
            since[one.row, one.column].append(at)
        for code in event.sections:
            since[WHOLE, code].append(at)
    changed = {(row.key, cell.column) for row in rows for cell in row.cells}
    return made | {(at, cell): None for cell in changed & since.keys() for at in since[cell]}
