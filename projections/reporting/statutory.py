"""Statutory tables filled in from the log: the same position gives the same bytes. What was
submitted is `projections.reporting.reports`."""

from contextlib import suppress
from datetime import datetime
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from domain.registers import form
from domain.registers.form import Form, FormPublished
from domain.registration.filling_in import FormUnknown
from domain.reporting.report import NUMBER, ReportRow, Table, keeping_entries
from domain.vocabulary import stream_id
from domain.worktime.period import ends_at
from ledger.log.codec import UNREADABLE, LedgerMapper
from projections.asking import rules
from projections.asking.answering import Answering
from projections.asking.asking import Query
from projections.reporting import work_statistics
from projections.reporting.tables import TABLE, Source

VIEWS: Final = ("complaints", *work_statistics.VIEWS)
"""What tables are read from."""
TEMPLATES: Final = tuple(TABLE)
"""Codes of the tables that can be filled in."""


def prefill(
    template: str, division: str, period: str, *, position: int, now: datetime
) -> Answering[Table]:
    """Compute a table as it would be submitted.

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
    table itself. What a person filled in is kept."""
    template_form = yield from form_of(table.template, position)
    over = ends_at(table.period)
    blank = replace(table, cut_off=position)
    now = yield from _filled(blank, template_form, position, over)
    return keeping_entries(now, template_form, table)


def _filled(table: Table, template: Form, position: int, now: datetime) -> Answering[Table]:
    rows = yield from TABLE[template.code].rows(table, position, now)
    columns = {field.code for field in template.fields}
    numbered = (
        replace(
            row,
            cells={
                code: value
                for code, value in {NUMBER: number, **row.cells}.items()
                if code in columns
            },
        )
        for number, row in enumerate(rows, start=1)
    )
    return replace(table, rows=tuple(numbered))


class _Published(Struct, frozen=True):
    topic: str
    state: bytes


def form_of(template: str, position: int) -> Answering[Form]:
    """Find the version of a template that is asked for, else the newest."""
    code, _, version = template.partition("@")
    sql = """
        SELECT topic, state FROM log_events
         WHERE originator_id = %(stream)s AND notification_id <= %(position)s
         ORDER BY notification_id
    """
    of = {"stream": stream_id(form.KIND, code), "position": position}
    found = yield Query(sql, of, _Published)
    mapper = LedgerMapper()
    forms = []
    for one in found:
        with suppress(*UNREADABLE):
            event = mapper.entry(one.topic, one.state).data
            forms += [event.form] if isinstance(event, FormPublished) else []
    if version:
        forms = [one for one in forms if one.ref == template]
    if code not in TABLE or not forms or forms[-1].purpose != "report":
        raise FormUnknown(template)
    return forms[-1]


def sources_of(table: Table, row: ReportRow, column: str) -> Answering[list[Source]]:
    """Find the streams that a cell was made from, as known at the table's cut-off."""
    sources = TABLE[table.code].sources
    if sources is None:
        return [Source(stream) for stream in row.sources]
    return (yield from sources(table, row, column))
