"""The next calendar from a short list: as it was, with the days of one year's notice."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

import pytest

from api.imports.csv_text import FileUnreadable
from api.imports.sheet import Sheet, write_csv, write_workbook
from api.publishing.days import Notice, chosen, following, read_notice
from api.publishing.document import DocumentWrong
from domain.worktime.calendar import Calendar
from ledger.founding.shipped import shipped_calendars

NOW: Final = datetime(2026, 11, 10, tzinfo=UTC)
LIST: Final = [
    ["日期", "截止", "类型", "名称"],
    ["2027/1/1", "2027/1/3", "放假", "元旦"],
    ["2027-02-05", "2027-02-11", "休", "春节"],
    ["2027年1月30日", "", "上班", "春节"],
    ["2027-02-20", "2027-02-21", "班", "春节"],
]
TOML: Final = """
year = 2027
basis = "国务院办公厅通知"
announced_on = 2026-11-04
off = [
  { first = 2027-01-01, last = 2027-01-03, name = "元旦" },
  { first = 2027-02-05, last = 2027-02-11, name = "春节" },
]
work = [
  { day = 2027-01-30, name = "春节" },
  { day = 2027-02-20, name = "春节" },
  { day = 2027-02-21, name = "春节" },
]
"""


@pytest.fixture
def room() -> Calendar:
    """The newest of the shipped ones: until 2027, which is a forecast."""
    return [one.calendar for one in shipped_calendars() if one.calendar.code == "gz-room"][-1]


def notices(folder: Path) -> list[Notice]:
    write_csv(folder / "days.csv", LIST, "gb18030")
    write_workbook(folder / "days.xlsx", [Sheet(name="x", lines=[["二〇二七年"], *LIST])])
    (folder / "days.toml").write_text(TOML, "utf-8")
    return [read_notice(folder / f"days.{suffix}") for suffix in ("csv", "xlsx", "toml")]


def test_a_list_gives_the_whole_next_version_however_it_is_written(
    room: Calendar, tmp_path: Path
) -> None:
    made = [following(room, notice, NOW) for notice in notices(tmp_path)]
    for one in made:
        assert one.version == room.version + 1
        assert one.code == room.code
        assert one.weekday_periods == room.weekday_periods
        assert 2027 not in one.provisional_years
        assert one.why(date(2027, 2, 8)) == "法定节假日（春节）"
        assert one.why(date(2027, 2, 21)) == "调休上班（春节）"
        assert one.periods(date(2027, 2, 21)) == room.weekday_periods[0]
        assert one.why(date(2027, 10, 1)) == "工作日", "nothing of the forecast is left"
        assert one.day(date(2026, 10, 1)) == room.day(date(2026, 10, 1))
    assert {one.holidays for one in made} == {made[0].holidays}
    assert made[2].announced_at == datetime(2026, 11, 3, 16, tzinfo=UTC)
    assert (made[0].announced_at, made[2].basis) == (NOW, "国务院办公厅通知")


def test_new_years_days_may_begin_in_december(room: Calendar, tmp_path: Path) -> None:
    write_csv(
        tmp_path / "d.csv", [LIST[0], ["2027-12-31", "2028-01-02", "放假", "元旦"], *LIST[1:1]]
    )
    notice = read_notice(tmp_path / "d.csv")
    made = following(room, notice, NOW)
    assert (notice.year, made.last_year) == (2028, 2028)
    assert made.why(date(2027, 12, 31)) == "法定节假日（元旦）"
    assert made.why(date(2027, 1, 1)) == room.why(date(2027, 1, 1))


def test_a_year_between_must_not_be_missing(room: Calendar, tmp_path: Path) -> None:
    write_csv(tmp_path / "d.csv", [LIST[0], ["2029-01-01", "", "放假", "元旦"]])
    with pytest.raises(DocumentWrong, match="2029 does not follow"):
        following(room, read_notice(tmp_path / "d.csv"), NOW)


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (["2027-02-08", "", "上班", "春节"], "no Saturday or Sunday"),
        (["2027-02-06", "", "上班", "春节"], "day off as well"),
        (["2027-05-03", "2027-05-01", "放假", "劳动节"], "is before"),
        (["2026-05-01", "", "放假", "劳动节"], "is not of 2027"),
        (["五一", "", "放假", "劳动节"], r"row 6: first: '五一' is no day"),
        (["2027-05-01", "", "过节", "劳动节"], r"row 6: kind: '过节' is none of 放假、上班"),
    ],
)
def test_what_is_odd_is_refused(row: list[str], why: str, tmp_path: Path) -> None:
    write_csv(tmp_path / "d.csv", [*LIST, row])
    with pytest.raises((DocumentWrong, FileUnreadable), match=why):
        read_notice(tmp_path / "d.csv")


def test_calendars_are_named_by_code_or_newest_version(room: Calendar) -> None:
    known = [one.calendar for one in shipped_calendars()]
    assert [one.code for one in chosen(known, ())] == ["gz-office", "gz-center", "gz-room"]
    assert chosen(known, ["gz-room", room.ref]) == [room, room]
    with pytest.raises(DocumentWrong, match=f"newest version: that is {room.ref}"):
        chosen(known, ["gz-room@1"])
    with pytest.raises(DocumentWrong, match="gz-office, gz-center, gz-room"):
        chosen(known, ["gz-rom"])
