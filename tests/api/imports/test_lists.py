"""Lists of an office: every good row goes in once, every bad one comes back with its reason."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

import psycopg
import pytest
from psycopg.rows import dict_row

from api.cli.office.founding import FOUNDER
from api.imports import lists
from api.imports.csv_text import FileUnreadable
from api.imports.kinds import KINDS
from api.imports.lists import Importing, Listed, import_list, import_workbooks
from api.imports.sheet import Sheet, read_table, write_csv, write_workbook
from domain.moment import Registers
from domain.registration.firm_commands import RegisterFirm
from domain.vocabulary import Actor, stream_id
from ledger.founding.founding import publish_shipped
from ledger.log.codec import LedgerMapper, Recorded
from ledger.log.recorder import stored_event
from ledger.log.store import Ledger
from tests.api.imports.city_lists import Lines, city_lists, written
from tests.databases import Database

DISTRICT: Final = "440106"
BY: Final = Actor(account="import-li", role="importer", unit=DISTRICT)
WORK: Final = ("divisions", "firms", "points", "advisers", "appointments")
BAD: Final = 40


@dataclass(frozen=True)
class Office:
    """A log with the shipped rules, and a folder for its lists."""

    database: Database
    folder: Path

    def take(self, kind: str, *lines: Sequence[str], **how: Any) -> Listed:
        return self.take_file(kind, written(self.folder, kind, lines), **how)

    def take_file(self, kind: str, file: Path, **how: Any) -> Listed:
        importing = Importing(by=BY, calendar="gz-office", **how)
        return import_list(self.database.app_url, KINDS[kind], file, importing)

    def registers(self) -> Registers:
        with Ledger(self.database.app_url) as ledger:
            return ledger.registers()

    def events(self) -> list[Recorded]:
        with psycopg.connect(self.database.app_url, row_factory=dict_row) as connection:
            rows = connection.execute("SELECT * FROM log_events ORDER BY notification_id")
            return [LedgerMapper().recorded(stored_event(row)) for row in rows]

    def imported(self) -> list[Recorded]:
        return [one for one in self.events() if one.by.role == "importer"]


@pytest.fixture
def office(database: Database, tmp_path: Path) -> Office:
    with Ledger(database.app_url) as ledger:
        list(publish_shipped(ledger, FOUNDER))
    return Office(database, tmp_path)


def counted(done: Listed) -> tuple[int, int, int, int]:
    return done.rows, done.imported, done.unchanged, len(done.rejected)


def whys(done: Listed) -> dict[int, str]:
    return {one.row: one.reason for one in done.rejected}


# --- Show 2


def spoiled(kind_lines: Lines) -> Lines:
    """The points with forty rows that cannot go in, of four kinds."""
    lines = [list(line) for line in kind_lines]
    for number in range(BAD):
        line = lines[5 + 3 * number]
        match number % 4:
            case 0:
                line[1] = "驿站"
            case 1:
                line[3] = "4.40106E+11"
            case 2:
                line[4] = "去年"
            case 3:
                line[2] = " "
    return lines


def test_show_2_a_district_is_imported_once_and_forty_bad_rows_are_corrected_and_taken(
    office: Office,
) -> None:
    city = city_lists(DISTRICT)
    rejects = office.folder / "rejects.xlsx"
    for kind in WORK:
        sent = spoiled(city[kind]) if kind == "points" else city[kind]
        done = office.take(kind, *sent, rejects=rejects)
        rows = len(city[kind]) - 1
        bad = BAD if kind == "points" else 0
        assert counted(done) == (rows, rows - bad, 0, bad), whys(done)
    before = office.events()
    again = [office.take_file(kind, office.folder / f"{kind}.xlsx") for kind in WORK]
    assert [one.imported for one in again] == [0] * len(WORK)
    assert office.events() == before

    table = read_table(rejects, lambda _: True)
    assert table.headings[-1] == "reason"
    assert len(table.rows) == BAD
    good = {line[0]: line for line in city["points"]}
    right = [[*good[str(row.cells[0])], row.cells[-1]] for row in table.rows]
    corrected = written(office.folder, "corrected", [table.headings, *right])  # type: ignore[list-item]
    assert counted(office.take_file("points", corrected)) == (BAD, BAD, 0, 0)
    known = office.registers()
    assert len(known.points) == len(city["points"]) - 1
    assert len(known.appointments) == len(city["appointments"]) - 1
    assert counted(office.take_file("points", corrected)) == (BAD, 0, BAD, 0)


def test_show_2_every_bad_row_is_named_by_its_number_column_and_what_is_allowed(
    office: Office,
) -> None:
    done = office.take("points", *spoiled(city_lists(DISTRICT)["points"]), dry_run=True)
    told = whys(done)
    assert list(told) == [6 + 3 * number for number in range(BAD)]
    assert "类型 (kind): '驿站' is none of 公共法律服务中心、公共法律服务工作站" in told[6]
    assert "区划代码 (division)" in told[9]
    assert "shortened" in told[9]
    assert "启用日期 (valid_from): '去年' is no day such as 2026-01-05" in told[12]
    assert told[15] == "服务点名称 (name) is empty"


# --- once


def test_a_dry_run_says_what_an_import_would_do_and_writes_nothing(office: Office) -> None:
    city = city_lists(DISTRICT)
    before = office.events()
    files = [written(office.folder, kind, city[kind][:40]) for kind in WORK[:2]]
    for kind, file in zip(WORK, files, strict=False):
        tried = office.take_file(kind, file, dry_run=True)
        assert office.events() == before
        done = office.take_file(kind, file)
        assert counted(tried) == counted(done)
        before = office.events()


def test_an_import_that_was_stopped_goes_on(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists, "ROWS_PER_GROUP", 20)
    lines = city_lists(DISTRICT)["divisions"][:60]

    def stop(done: int, _: int) -> None:
        if done >= 40:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        office.take("divisions", *lines, progress=stop)
    assert len(office.registers().divisions) == 40
    assert counted(office.take("divisions", *lines)) == (59, 19, 40, 0)


def test_two_imports_of_one_file_at_once_write_every_row_once(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists, "ROWS_PER_GROUP", 25)
    file = written(office.folder, "divisions", city_lists(DISTRICT)["divisions"])
    with ThreadPoolExecutor(2) as both:
        done = list(both.map(lambda _: office.take_file("divisions", file), range(2)))
    assert sum(one.imported for one in done) == done[0].rows
    assert [one.rejected for one in done] == [[], []]
    assert len(office.imported()) == done[0].rows


def test_a_row_twice_in_a_file_is_named_with_the_first_one(office: Office) -> None:
    done = office.take("firms", ["律所编号", "律所名称"], ["L1", "甲"], ["L2", "乙"], ["L1", "甲"])
    assert whys(done) == {4: "the same as in row 2"}


def test_a_row_that_says_something_else_than_it_did_is_refused(office: Office) -> None:
    heading = ["律所编号", "律所名称"]
    office.take("firms", heading, ["L1", "甲"])
    done = office.take("firms", heading, ["L1", "丙"], ["L2", "乙"])
    assert counted(done) == (2, 1, 0, 1)
    assert "it was imported before and said something else" in whys(done)[2]


def test_what_was_entered_by_hand_is_there_already(office: Office) -> None:
    heading = ["律所编号", "律所名称"]
    with Ledger(office.database.app_url) as ledger:
        ledger.execute(stream_id("firm", "L1"), RegisterFirm(code="L1", name="甲"), by=FOUNDER)
    assert counted(office.take("firms", heading, ["L1", "甲"])) == (1, 0, 1, 0)


# --- by whom, when, from where


def founded(office: Office) -> Office:
    """One village with a room and its adviser."""
    office.take(
        "points",
        ["服务点编号", "类型", "服务点名称", "区划代码", "启用日期", "工作日历"],
        ["R1", "室", "甲室", "440106001001", "2020-01-01", "gz-room"],
    )
    office.take(
        "advisers", ["顾问编号", "姓名", "律所编号"], ["A1", "张", "L1"], ["A2", "李", "L1"]
    )
    office.take(
        "appointments",
        ["村（社区）区划代码", "顾问编号", "聘期开始", "聘期截止", "签订日期"],
        ["440106001001", "A1", "2026-01-01", "2026-12-31", "2025-12-20"],
    )
    return office


def test_an_existing_contract_is_one_row_recorded_at_its_signing_and_by_which_file(
    office: Office,
) -> None:
    founded(office)
    chosen = [one for one in office.imported() if one.event.topic.startswith("appointment.")]
    assert [one.event.topic.partition(".")[2] for one in chosen] == [
        "adviser_nominated/1", "coordination_recorded/1", "village_chose/1", "firm_accepted/1",
        "contract_signed/1",
    ]  # fmt: skip
    assert {one.occurred_at for one in chosen} == {datetime(2025, 12, 19, 16, tzinfo=UTC)}
    assert {(one.by.account, one.by.unit) for one in chosen} == {("import-li", DISTRICT)}
    for one in chosen:
        assert one.late_reason is not None
        assert "appointments.xlsx，第 2 行" in one.late_reason
    assert len({one.correlation for one in office.imported()}) == 3, "one of each file"
    serving = office.registers().appointments["440106001001"]
    assert serving.serves("A1", date(2026, 6, 1))


def test_contracts_of_one_village_go_in_by_their_days_however_they_are_listed(
    office: Office,
) -> None:
    founded(office)
    heading = ["village", "adviser", "starts_on", "ends_on"]
    done = office.take(
        "appointments",
        heading,
        ["440106001003", "A2", "2025-01-01", "2025-12-31"],
        ["440106001003", "A1", "2023-01-01", "2023-12-31"],
        ["440106001003", "A2", "2024-01-01", "2024-12-31"],
        ["440106001003", "A1", "2024-06-01", "2024-12-31"],
    )
    assert counted(done) == (4, 3, 0, 1)
    assert whys(done)[5].startswith("TermsOverlap: ")


def test_the_rules_of_an_appointment_hold_for_what_is_imported(office: Office) -> None:
    founded(office)
    heading = ["village", "adviser", "starts_on", "ends_on"]
    villages = [f"4401060020{number:02}" for number in range(1, 7)]
    rows = [[village, "A2", "2026-01-01", "2026-12-31"] for village in villages]
    done = office.take("appointments", heading, *rows)
    assert counted(done) == (6, 5, 0, 1), "five villages at most"
    assert whys(done)[7].startswith("TooManyVillages: ")
    assert "4401060020" + "06" not in office.registers().appointments, "nothing of a refused row"


@pytest.mark.parametrize(
    ("kind", "lines", "first"),
    [
        (
            "appointments",
            [["village", "adviser", "starts_on", "ends_on"],
             ["440106001001", "NONE", "2026-01-01", "2026-12-31"]],
            "advisers",
        ),
        (
            "requests",
            [["point", "requested_at", "service", "subject"],
             ["NONE", "2026-01-05", "咨询", "合同"]],
            "points",
        ),
        (
            "worklogs",
            [["village", "advisers", "started_at", "ended_at", "service", "summary"],
             ["440106001001", "A2", "2026-01-05 09:00", "10:00", "咨询", "合同"]],
            "appointments",
        ),
    ],
)  # fmt: skip
def test_what_is_missing_is_said_with_the_list_that_is_imported_first(
    kind: str, lines: Lines, first: str, office: Office
) -> None:
    done = founded(office).take(kind, *lines)
    assert f"is it in the list of {first}? That one is imported first" in whys(done)[2]


def test_a_division_below_one_that_is_not_listed_is_refused_and_one_of_the_same_file_is_found(
    office: Office,
) -> None:
    done = office.take(
        "divisions",
        ["区划代码", "名称"],
        ["440106001001", "甲社区"],
        ["440106", "天河区"],
        ["440106001", "某街"],
        ["440106009001", "乙社区"],
    )
    assert counted(done) == (4, 3, 0, 1)
    assert whys(done)[5].startswith("ParentNotListed: ")


# --- work of the past


def test_work_logs_requests_and_complaints_of_the_past(office: Office) -> None:
    founded(office)
    logged = office.take(
        "worklogs",
        [
            "日志编号",
            "村（社区）区划代码",
            "顾问编号",
            "开始时间",
            "结束时间",
            "服务类别",
            "工作内容",
            "人次",
        ],
        ["1", "440106001001", "A1", "2026/3/2 9:30", "11:30", "咨询", "租赁", "3"],
        ["2", "440106001001", "A1", "2026-03-02 10:00", "2026-03-02 10:30", "讲座", "讲课", ""],
        ["3", "440106001001", "A1", "2026-03-03 10:00", "9:00", "咨询", "倒了", ""],
    )
    assert counted(logged) == (3, 1, 0, 2)
    assert whys(logged)[3].startswith("HoursOverlap: ")
    assert "ends before it began" in whys(logged)[4]
    asked = office.take(
        "requests",
        [
            "事项编号",
            "服务点编号",
            "受理时间",
            "渠道",
            "服务类别",
            "事由",
            "姓名",
            "联系电话",
            "办结时间",
        ],
        [
            "7",
            "R1",
            "2026-03-02 09:30",
            "12348",
            "咨询",
            "合同",
            "李",
            "13800000000",
            "2026-03-02 10:00",
        ],
        ["8", "R1", "2026-03-03", "窗口", "调解", "邻里", "", "", ""],
    )
    assert counted(asked) == (2, 2, 0, 0), whys(asked)
    complained = office.take(
        "complaints",
        ["投诉编号", "被投诉服务点", "收到时间", "渠道", "作风方面", "投诉内容", "投诉人",
         "答复时间", "查明事实", "处理意见", "处理结果", "办结时间", "是否满意"],
        ["9", "R1", "2026-03-02", "电话", "为民、高效", "太慢", "李",
         "2026-03-05", "属实", "改进", "支持", "2026-03-08", "否"],
        ["10", "R1", "2026-03-02", "意见箱", "", "太慢", "", "", "", "", "", "", ""],
        ["11", "R1", "2026-03-02", "信访", "", "太慢", "", "2026-03-05", "", "", "", "", ""],
    )  # fmt: skip
    assert counted(complained) == (3, 2, 0, 1)
    assert "查明事实 (facts)" in whys(complained)[4]
    topics = [one.event.topic for one in office.imported()]
    assert topics.count("request.closed/1") == 1
    assert topics.count("complaint.closed/1") == 1
    assert topics.count("hours.entered/1") == 1
    for kind in ("worklogs", "requests", "complaints"):
        again = office.take_file(kind, office.folder / f"{kind}.xlsx")
        assert again.imported == 0


def test_work_without_a_number_is_known_by_all_that_it_says(office: Office) -> None:
    founded(office)
    heading = ["服务点编号", "受理时间", "服务类别", "事由"]
    office.take("requests", heading, ["R1", "2026-03-02 09:30", "咨询", "合同"])
    done = office.take(
        "requests",
        heading,
        ["R1", "2026/3/2 9:30", "法律咨询", " 合同 "],
        ["R1", "2026-03-02 09:30", "咨询", "借款"],
    )
    assert counted(done) == (2, 1, 1, 0), "written in another way it is the same"


# --- files


def test_a_missing_column_is_named_with_those_that_the_file_has(office: Office) -> None:
    with pytest.raises(FileUnreadable, match=r"needs the column 姓名 \(name\).*has '编号', '律所'"):
        office.take("advisers", ["编号", "律所"], ["A1", "L1"])


def test_a_column_twice_is_refused(office: Office) -> None:
    with pytest.raises(FileUnreadable, match="'姓名' and '顾问姓名'"):
        office.take("advisers", ["编号", "姓名", "顾问姓名", "律所"], ["A1", "张", "李", "L1"])


def test_columns_of_the_offices_own_are_passed_over_and_told(office: Office) -> None:
    done = office.take(
        "firms", ["序号", "律所编号", "律所名称", "备注"], ["1", "L1", "甲", "老客户"]
    )
    assert (done.imported, done.ignored) == (1, ("序号", "备注"))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_csv_as_offices_have_it(encoding: str, delimiter: str, office: Office) -> None:
    file = office.folder / "firms.csv"
    lines = [["律所编号", "律所名称"], ["L1", "广东天河律师事务所"], ["L2", " "]]
    write_csv(file, lines, encoding, delimiter)
    rejects = office.folder / "rejects.csv"
    done = office.take_file("firms", file, rejects=rejects)
    assert counted(done) == (2, 1, 0, 1)
    assert office.registers().firms["L1"].name == "广东天河律师事务所"
    again = read_table(rejects, lambda heading: heading == "律所编号")
    assert again.headings == ("律所编号", "律所名称", "reason")
    assert (again.encoding, again.delimiter) == (
        "utf-8" if encoding == "utf-8" else "utf-8-sig" if encoding == "utf-8-sig" else "gb18030",
        delimiter,
    )


def test_rejects_never_overwrite_the_file_that_is_imported(office: Office) -> None:
    file = written(office.folder, "firms", [["律所编号", "律所名称"], ["L1", ""]])
    with pytest.raises(FileUnreadable, match="overwrite"):
        office.take_file("firms", file, rejects=file)


def test_a_workbook_is_imported_in_the_right_order_and_its_rejects_are_one(
    office: Office,
) -> None:
    book, rejects = office.folder / "book.xlsx", office.folder / "rejects.xlsx"
    sheets = [
        Sheet(name="聘任", lines=[["village", "adviser", "starts_on", "ends_on"],
                                ["440106001001", "A1", "2026-01-01", "2026-12-31"]]),
        Sheet(name="notes", lines=[["hello"]]),
        Sheet(name="advisers", lines=[["code", "name", "firm"], ["A1", "张", "L1"],
                                      ["A2", "", "L1"]]),
    ]  # fmt: skip
    write_workbook(book, sheets)
    how = Importing(by=BY, rejects=rejects)
    done = list(import_workbooks(office.database.app_url, [book], how))
    assert [(one.kind, *counted(one)) for one in done] == [
        ("advisers", 2, 1, 0, 1),
        ("appointments", 1, 1, 0, 0),
    ]
    again = list(import_workbooks(office.database.app_url, [rejects], Importing(by=BY)))
    assert [(one.kind, *counted(one)) for one in again] == [("advisers", 1, 0, 0, 1)]


def test_b11_11_a_dry_run_of_a_workbook_sees_what_its_earlier_lists_would_leave(
    office: Office,
) -> None:
    book = office.folder / "book.xlsx"
    sheets = [
        Sheet(name="advisers", lines=[["code", "name", "firm"], ["A9", "张", "L9"]]),
        Sheet(name="firms", lines=[["code", "name"], ["L9", "新所"]]),
    ]
    write_workbook(book, sheets)
    before = office.events()
    how = Importing(by=BY, dry_run=True)
    done = list(import_workbooks(office.database.app_url, [book], how))
    assert [(one.kind, *counted(one)) for one in done] == [
        ("firms", 1, 1, 0, 0),
        ("advisers", 1, 1, 0, 0),
    ]
    assert office.events() == before


def test_what_is_wrong_with_a_workbook_is_told_before_its_first_list_goes_in(
    office: Office,
) -> None:
    book = office.folder / "book.xlsx"
    firms = Sheet(name="firms", lines=[["code", "name"], ["L1", "甲"]])
    before = office.events()
    for other, why in (
        (Sheet(name="advisers", lines=[["code", "firm"], ["A1", "L1"]]), "needs the column 姓名"),
        (
            Sheet(name="律所", lines=[["code", "name"], ["L2", "乙"]]),
            "two sheets are the list firms",
        ),
    ):
        write_workbook(book, [firms, other])
        with pytest.raises(FileUnreadable, match=why):
            list(import_workbooks(office.database.app_url, [book], Importing(by=BY)))
    rejects = office.folder / "nowhere" / "rejects.xlsx"
    with pytest.raises(FileUnreadable, match="nothing can be written there"):
        office.take("firms", ["code", "name"], ["L1", ""], rejects=rejects)
    assert office.events() == before


def test_a_workbook_without_a_list_says_how_sheets_are_named(office: Office) -> None:
    file = written(office.folder, "Sheet1", [["x"]])
    with pytest.raises(FileUnreadable, match=r"服务点 \(points\)"):
        list(import_workbooks(office.database.app_url, [file], Importing(by=BY)))


def test_a_sheet_that_nobody_filled_in_is_passed_over(office: Office) -> None:
    """Two copies of the template, of which each list is filled in once."""
    one, two = office.folder / "one.xlsx", office.folder / "two.xlsx"
    firms, advisers = ["code", "name"], ["code", "name", "firm"]
    empty = [Sheet(name="律所", lines=[firms, ["# 例 L0", "例"]]),
             Sheet(name="advisers", lines=[advisers])]  # fmt: skip
    write_workbook(one, [empty[0], Sheet(name="advisers", lines=[advisers, ["A1", "张", "L1"]])])
    write_workbook(two, [Sheet(name="firms", lines=[firms, ["L1", "甲"]]), empty[1]])
    url = office.database.app_url
    done = list(import_workbooks(url, [one, two], Importing(by=BY, dry_run=True)))
    assert [(each.kind, each.file, each.rows) for each in done] == [
        ("firms", str(two), 1),
        ("advisers", str(one), 1),
    ]
    write_workbook(one, empty)
    (told,) = import_workbooks(url, [one], Importing(by=BY))
    assert counted(told) == (0, 0, 0, 0)
