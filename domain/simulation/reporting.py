"""The reports that the districts submit after a month or a quarter. Their figures are made up."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Final

from msgspec.structs import replace

from domain.codes import Code
from domain.registers.form import Form, Value
from domain.registration.filling_in import manual, manual_sections
from domain.registration.queries import Computed, computed, computed_sections
from domain.reporting import draft, report
from domain.reporting.draft import FilledCell, FillInReport, RowNote, draft_stream
from domain.reporting.report import (
    CRITICISM,
    STATISTICS,
    Entered,
    ReportRow,
    ResubmitReport,
    SubmitReport,
    Table,
    digest_of,
    report_stream,
)
from domain.simulation import words
from domain.simulation.case import A_DAY, Life
from domain.simulation.chance import Draw, between, happens, pick
from domain.simulation.checks import filled, newest
from domain.simulation.errand import Errand, SimulatedVillage, bureau
from domain.simulation.schedule import SimulatedClock
from domain.simulation.world import Scene, Stream
from domain.worktime.period import days_of, month_of, quarter_of

REPORT_DAY: Final = 5
ROWS_MAX: Final = 8
LEDGER: Final = "village-ledger"
ANALYSIS: Final = "criticism-analysis"
"""Codes of the shipped examples of tables and reports of one's own."""


def reports(
    scene: Scene,
    villages: list[SimulatedVillage],
    clock: SimulatedClock,
    *,
    first_day: date,
    days: int,
) -> Life:
    """On the fifth every district reports its month, and after a quarter its criticism as well.
    Nothing without templates."""
    districts = list(dict.fromkeys(village.district for village in villages))
    for offset in range(days):
        day = first_day + timedelta(days=offset)
        if day.day != REPORT_DAY:
            continue
        yield clock.midnight(day)
        last = day - timedelta(days=REPORT_DAY)
        due = [(STATISTICS, month_of(last))]
        if last.month % 3 == 0:
            due.append((CRITICISM, quarter_of(last)))
        for district in districts:
            for code, period in due:
                template = newest(scene.world, code)
                at = clock.midnight(day) + timedelta(
                    seconds=int(between(scene.draw, 9 * 3600, 3 * 86_400))
                )
                if template is not None:
                    scene.spawned.append(submitted(scene, template, district, period, at))


def own_reports(
    scene: Scene,
    villages: list[SimulatedVillage],
    clock: SimulatedClock,
    *,
    first_day: date,
    days: int,
) -> Life:
    """The first district fills in and submits its ledger of villages a day later, and after a
    quarter its analysis report as well. Nothing of it is left to chance."""
    here = [village for village in villages if village.district == villages[0].district]
    for offset in range(days):
        day = first_day + timedelta(days=offset)
        if day.day != REPORT_DAY + 1:
            continue
        at = clock.midnight(day) + timedelta(hours=10)
        yield at
        last = day - timedelta(days=day.day)
        rows = [(village.code,) for village in here[:ROWS_MAX]]
        ledger, analysis = (newest(scene.world, code) for code in (LEDGER, ANALYSIS))
        if ledger is not None and here:
            yield from _own(scene, ledger, here[0].district, month_of(last), rows, at)
        if analysis is not None and here and last.month % 3 == 0:
            every = [("all", ""), ("channel", "box")]
            at += timedelta(hours=2)
            yield from _own(scene, analysis, here[0].district, quarter_of(last), every, at)


def _own(
    scene: Scene,
    template: Form,
    district: str,
    period: str,
    keys: Sequence[tuple[str, ...]],
    at: datetime,
) -> Life:
    """Fill in a draft, then submit the table with it."""
    yield at
    by, name = bureau(district), (template.code, district, period)
    entered = Entered(by=by.account, at=at)
    columns, sections = sorted(manual(template)), sorted(manual_sections(template))
    texts: dict[Code, Value | None] = dict.fromkeys(sections, words.SIMULATED)
    draft_of = Stream(draft_stream(*name), draft)
    filling = FillInReport(
        template=template.ref,
        division=district,
        period=period,
        cells=tuple(
            FilledCell(row=keys[0], column=column, value=words.SIMULATED) for column in columns
        ),
        notes=(RowNote(row=keys[0], note=words.SIMULATED),),
        sections=texts,
    )
    yield scene.act(draft_of, filling, by, at)
    rows = []
    for number, key in enumerate(keys, start=1):
        own = number == 1
        cells = {one.column.code: _made_up(one, number, key) for one in computed(template)}
        by_hand: dict[Code, Value] = dict.fromkeys(columns, words.SIMULATED) if own else {}
        rows.append(
            ReportRow(
                cells={code: value for code, value in cells.items() if value != ""} | by_hand,
                key=key,
                entered=dict.fromkeys(by_hand, entered),
                note=words.SIMULATED if own else None,
                noted=entered if own else None,
            )
        )
    table = replace(
        _table(scene, template, district, period, tuple(rows)),
        sections={one.column.code: 3 for one in computed_sections(template)}
        | dict.fromkeys(sections, words.SIMULATED),
        entered=dict.fromkeys(sections, entered),
    )
    at += timedelta(hours=1)
    yield at
    table = replace(table, cut_off=scene.world.position)
    report_of = Stream(report_stream(*name), report)
    submission = SubmitReport(table=table, digest=digest_of(table))
    yield scene.act(report_of, submission, by, at)


def _made_up(one: Computed, number: int, key: tuple[str, ...]) -> Value:
    if one.query.counts is not None or one.column.code == report.NUMBER:
        return number
    return key[1] if one.name == "key" else key[0]


def submitted(scene: Scene, template: Form, district: str, period: str, at: datetime) -> Life:
    """Now and then submitted again, with what had been left out."""
    yield at
    draw, by = scene.draw, bureau(district)
    stream = Stream(report_stream(template.code, district, period), report)
    errand = Errand(scene, at, stream)
    rows = rows_of(scene, template, district, period)
    table = _table(scene, template, district, period, rows)
    yield errand.act(SubmitReport(table=table, digest=digest_of(table)), by)
    if happens(draw, 0.2):
        yield errand.later(between(draw, 0.5, 4) * A_DAY)
        more = (*rows, *rows_of(scene, template, district, period)[:1])
        table = _table(scene, template, district, period, more)
        command = ResubmitReport(
            version=2, reason="补报遗漏的记录", table=table, digest=digest_of(table)
        )
        yield errand.act(command, by)


def _table(
    scene: Scene, template: Form, district: str, period: str, rows: tuple[ReportRow, ...]
) -> Table:
    return Table(
        template=template.ref,
        division=district,
        period=period,
        cut_off=scene.world.position,
        calendar=scene.hours.ref,
        rows=rows,
    )


def rows_of(scene: Scene, template: Form, district: str, period: str) -> tuple[ReportRow, ...]:
    draw, points = scene.draw, scene.registers.points
    count = 1 + int(draw.random() * ROWS_MAX)
    rows = []
    for number in range(1, count + 1):
        point = points[pick(draw, scene.point_codes)]
        known: dict[str, Value] = {
            "number": number,
            "division": district,
            "point": point.code,
            "point_name": point.name,
            "received_on": str(days_of(period).first + timedelta(days=int(draw.random() * 28))),
            "summary": pick(draw, words.GRIEVANCES),
        }
        rows.append(ReportRow(cells=_cells(draw, template, known), note=words.SIMULATED))
    return tuple(rows)


def _cells(draw: Draw, template: Form, known: Mapping[str, Value]) -> dict[Code, Value]:
    cells = filled(draw, template)
    return cells | {code: known[code] for code in cells if code in known}
