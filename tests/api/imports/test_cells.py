"""Cells of lists: what is only written in another way is read, what is spoiled is refused."""

from datetime import UTC, date, datetime, time
from typing import Any

import pytest

from api.imports import cells
from api.imports.casework_mapping import RowWrong
from api.imports.cells import Reader
from api.imports.labels import POINT_KINDS, SERVICES
from api.imports.sheet import Cell
from domain.codes import DivisionCode, Licence, VillageCode
from domain.vocabulary import Count

DAY = date(2026, 1, 5)
WALL = datetime.fromisoformat("2026-01-05T09:30")
"""As a cell holds it: without a zone."""
HALF_PAST_NINE = datetime(2026, 1, 5, 1, 30, tzinfo=UTC)
VILLAGE = "440106001001"


@pytest.mark.parametrize(
    "cell",
    [
        DAY, WALL.replace(hour=0, minute=0), WALL, "2026-01-05", "2026/1/5", "2026.1.5",
        "2026年1月5日", "2026年01月05日", " 2026-1-5 ", "２０２６－０１－０５", "20260105",
        20260105, 20260105.0, "2026-01-05 00:00:00", "2026-01-05T00:00:00", 46027, 46027.0,
        "\ufeff2026-01-05\u3000",
    ],
)  # fmt: skip
def test_a_day_in_every_way_that_offices_write_it(cell: Cell) -> None:
    assert cells.day().read(cell) == DAY


@pytest.mark.parametrize(
    "cell", ["26-01-05", "05/01/2026", "1/5/2026", "2026-13-01", "2026-02-30", "去年", "2026", 7,
             True, time(9), "2026-01", "9999-01-01", 99999999, "0001-01-01", "1月5日"],
)  # fmt: skip
def test_what_is_no_day_is_refused_and_shown(cell: Cell) -> None:
    with pytest.raises(RowWrong):
        cells.day().read(cell)


@pytest.mark.parametrize(
    "cell",
    [
        WALL, "2026-01-05 09:30", "2026/1/5 9:30", "2026年1月5日 9时30分",
        "2026年1月5日9:30", "2026-01-05T09:30:00", "2026-01-05T09:30+08:00", "2026-01-05T01:30:00Z",
        "２０２６/1/5　9：30", 46027.395833333336,
    ],
)  # fmt: skip
def test_a_time_is_by_the_clock_of_china_unless_it_says_another(cell: Cell) -> None:
    assert cells.instant().read(cell) == HALF_PAST_NINE


def test_a_day_alone_is_its_beginning() -> None:
    assert cells.instant().read("2026-01-05") == datetime(2026, 1, 4, 16, tzinfo=UTC)


@pytest.mark.parametrize("cell", [time(11, 30), "11:30", "11：30", "11时30分", 0.4791666666666667])
def test_an_end_may_be_a_time_of_the_same_day(cell: Cell) -> None:
    assert cells.instant_or_clock().read(cell) == time(11, 30)


@pytest.mark.parametrize("cell", ["2026-01-05 25:00", "2026-01-05 9:75", "9点半", "noon"])
def test_what_is_no_time_is_refused(cell: Cell) -> None:
    with pytest.raises(RowWrong):
        cells.instant().read(cell)


@pytest.mark.parametrize(
    "cell",
    [VILLAGE, 440106001001.0, 440106001001, "440106001001.0", " 440106001001 ",
     "４４０１０６００１００１", "440106 001 001", "\u200b440106001001", "440106001001\u3000"],
)  # fmt: skip
def test_digits_that_a_spreadsheet_made_a_number_of(cell: Cell) -> None:
    assert cells.digits(VillageCode).read(cell) == VILLAGE


@pytest.mark.parametrize(
    ("reader", "cell", "why"),
    [
        (cells.digits(VillageCode), "4.40106E+11", "shortened"),
        (cells.digits(VillageCode), "4.40106e+11", "shortened"),
        (cells.digits(VillageCode), 440106.0, "12 digits"),
        (cells.digits(Licence), 1.4401201010123456e16, "fifteen digits"),
        (cells.digits(Licence), "1.44012E+16", "shortened"),
        (cells.digits(DivisionCode), 440106.5, "no code"),
        (cells.digits(DivisionCode), DAY, "made a date"),
        (cells.code(), "12.0", "made a number of a code"),
        (cells.code(), "甲-1", "printable ASCII"),
        (cells.code(), "A 1", "without space"),
        (cells.code(), date(2026, 3, 1), "made a date"),
        (cells.phone(), 2083120000.0, "zero of its area code"),
        (cells.phone(), "没有", "5 to 20 digits"),
        (cells.count(Count), "三", "no whole number"),
        (cells.count(Count), 2.5, "no whole number"),
        (cells.count(Count), -1, "no whole number"),
        (cells.count(Count), True, "no number"),
        (cells.count(Count), "9999999", "<= 1000000"),
        (cells.choice(POINT_KINDS), "驿站", "none of 公共法律服务中心、公共法律服务工作站"),
        (cells.choice(SERVICES), "资询", "perhaps 咨询"),
        (cells.text(), "长" * 501, "500"),
    ],
)
def test_what_is_spoiled_is_refused_with_the_reason(reader: Reader, cell: Cell, why: str) -> None:
    with pytest.raises(RowWrong, match=why):
        reader.read(cell)


@pytest.mark.parametrize(
    ("reader", "cell", "value"),
    [
        (cells.code(), "ＴＨ－Ｓ１", "TH-S1"),
        (cells.code(), 7.0, "7"),
        (cells.codes(), "A1、A2, A3 A1", ("A1", "A2", "A3")),
        (cells.codes(), 12.0, ("12",)),
        (cells.phone(), 13800000000.0, "13800000000"),
        (cells.phone(), "020-83120000", "020-83120000"),
        (cells.phone(), "（020）83120000", "02083120000"),
        (cells.count(Count), "1,200", 1200),
        (cells.count(Count), "１２", 12),
        (cells.count(Count), 12.0, 12),
        (cells.count(Count), "12.0", 12),
        (cells.choice(POINT_KINDS), "工作站", "station"),
        (cells.choice(POINT_KINDS), "Station", "station"),
        (cells.choice(SERVICES), " 咨询\u3000", "consultation"),
        (cells.choices(SERVICES), "咨询、人民调解，讲座", ("consultation", "mediation", "lecture")),
        (cells.text(), "（甲）第１号", "（甲）第１号"),
        (cells.text(), 12.0, "12"),
    ],
)
def test_what_is_only_written_in_another_way_is_read(
    reader: Reader, cell: Cell, value: Any
) -> None:
    assert reader.read(cell) == value
