"""The reports that the districts submit after a month or a quarter. Their figures are made up."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Final

from domain.codes import Code
from domain.registers.form import Form, Value
from domain.reporting import report
from domain.reporting.report import (
    CRITICISM,
    STATISTICS,
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
