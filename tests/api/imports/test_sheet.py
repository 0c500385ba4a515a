"""Spreadsheets and CSV as offices make them, read; and written so that nothing is ever run."""

import gzip
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from api.imports.csv_text import FileUnreadable
from api.imports.sheet import (
    UNPACKED_MAX,
    Sheet,
    read_table,
    rejects_of,
    sheet_names,
    write_csv,
    write_rejects,
    write_workbook,
)

DANGEROUS = (
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "http://x.example",
    "{=A1}",
    "0012",
    "1e5",
    "TRUE",
    "<b>&",
)


def known(heading: str) -> bool:
    return heading.strip() in ("code", "name")


def book(folder: Path, fill: Callable[[Any, Any], None]) -> Path:
    file = folder / "book.xlsx"
    made = xlsxwriter.Workbook(str(file))
    fill(made, made.add_worksheet("one"))
    made.close()
    return file


def test_titles_empty_rows_and_remarks_are_passed_over_and_numbers_are_those_of_excel(
    tmp_path: Path,
) -> None:
    def fill(_: Any, sheet: Any) -> None:
        sheet.merge_range(0, 0, 0, 3, "天河区法律顾问一览表")
        for place, text in ((2, "code"), (3, " name ")):
            sheet.write_string(2, place, text)
        sheet.write_string(4, 2, "A1")
        sheet.write_string(4, 3, "甲")
        sheet.write_string(5, 0, "# 说明")
        sheet.write_string(6, 2, "\u3000 ")
        sheet.write_string(7, 2, "A2")

    table = read_table(book(tmp_path, fill), known)
    assert table.headings == ("", "", "code", "name")
    assert [(row.number, row.cells) for row in table.rows] == [
        (5, ("", "", "A1", "甲")), (8, ("", "", "A2", "")),
    ]  # fmt: skip


def test_of_cells_merged_downwards_each_row_has_the_value(tmp_path: Path) -> None:
    def fill(_: Any, sheet: Any) -> None:
        sheet.write_row(0, 0, ["name", "code"])
        sheet.merge_range(1, 0, 3, 0, "甲")
        for row in (1, 2, 3):
            sheet.write_string(row, 1, f"A{row}")

    rows = read_table(book(tmp_path, fill), known).rows
    assert [row.cells for row in rows] == [("甲", "A1"), ("甲", "A2"), ("甲", "A3")]


def test_cells_come_as_what_they_are(tmp_path: Path) -> None:
    def fill(made: Any, sheet: Any) -> None:
        day = made.add_format({"num_format": "yyyy-mm-dd"})
        minute = made.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        sheet.write_row(0, 0, ["code", "name"])
        sheet.write_number(1, 0, 440106001001)
        sheet.write_datetime(2, 0, datetime.fromisoformat("2026-01-05"), day)
        sheet.write_datetime(3, 0, datetime.fromisoformat("2026-01-05T09:30"), minute)
        sheet.write_formula(4, 0, '="A"&1', None, "A1")

    cells = [row.cells[0] for row in read_table(book(tmp_path, fill), known).rows]
    minute = datetime.fromisoformat("2026-01-05T09:30")
    assert cells == [440106001001.0, date(2026, 1, 5), minute, "A1"]


def test_of_several_sheets_the_first_is_read_or_the_one_that_is_named(tmp_path: Path) -> None:
    file = tmp_path / "book.xlsx"
    write_workbook(
        file, [Sheet(name=name, lines=[["code"], [name]]) for name in ("甲", "2", "three")]
    )
    assert sheet_names(file) == ["甲", "2", "three"]
    for asked, found in ((None, "甲"), ("three", "three"), ("2", "2"), ("3", "three")):
        assert read_table(file, known, asked).rows[0].cells == (found,)
    with pytest.raises(FileUnreadable, match="'甲', '2', 'three'"):
        read_table(file, known, "four")


def test_what_an_office_typed_is_written_as_text_and_comes_back_as_it_was(tmp_path: Path) -> None:
    lines = [["code", "name"], *([text, text] for text in DANGEROUS)]
    file = tmp_path / "book.xlsx"
    write_workbook(file, [Sheet(name="x", lines=lines)])
    assert [row.cells[0] for row in read_table(file, known).rows] == list(DANGEROUS)
    with zipfile.ZipFile(file) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    sheet = parts["xl/worksheets/sheet1.xml"]
    assert b"<f>" not in sheet
    assert b"<v>" not in sheet.replace(b't="s"><v>', b"")
    assert not any("hyperlink" in name or "externalLink" in name for name in parts)


@pytest.mark.parametrize("suffix", [".xlsx", ".csv", ".csv.gz"])
def test_rejects_are_read_back_as_they_were(suffix: str, tmp_path: Path) -> None:
    file, target = tmp_path / "in.csv", tmp_path / f"out{suffix}"
    write_csv(file, [["code", "name"], ["A1", "甲，\n乙"], ["0012", '"x"']], "gb18030")
    table = read_table(file, known)
    rejected = [(row, "why") for row in table.rows]
    write_rejects(target, table, rejects_of(table, "list", rejected))
    again = read_table(target, known)
    assert again.headings == ("code", "name", "reason")
    assert [row.cells for row in again.rows] == [(*row.cells, "why") for row in table.rows]
    # Rejected again, they have one reason.
    second = tmp_path / f"second{suffix}"
    write_rejects(second, again, rejects_of(again, "list", [(again.rows[0], "other")]))
    assert read_table(second, known).rows[0].cells == ("A1", "甲，\n乙", "other")


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "no row has headings"),
        (b"PK\x03\x04nothing", "not complete"),
        (b"\xd0\xcf\x11\xe0nothing", "no spreadsheet"),
        (b"a,b\n1,2\n", "no row has headings"),
        (b'code,name\n1,"2\n', "line"),
        ("code,name\n1,é\n".encode("latin-1"), "save it as"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_by_what_is_wrong_with_it(
    content: bytes, why: str, tmp_path: Path
) -> None:
    file = tmp_path / "in.xlsx"
    file.write_bytes(content)
    with pytest.raises(FileUnreadable, match=why):
        read_table(file, known)


def test_a_stray_cell_far_away_is_refused_before_all_between_is_held(tmp_path: Path) -> None:
    def fill(_: Any, sheet: Any) -> None:
        sheet.write_row(0, 0, ["code", "name"])
        sheet.write_string(1_048_575, 16_383, " ")

    with pytest.raises(FileUnreadable, match="XFD1048576"):
        read_table(book(tmp_path, fill), known)


def test_b11_17_a_hidden_sheet_is_not_read_and_the_list_s_own_name_comes_first(
    tmp_path: Path,
) -> None:
    file = tmp_path / "a.xlsx"
    book = xlsxwriter.Workbook(str(file))
    for name in ("隐藏", "说明", "律所"):
        sheet = book.add_worksheet(name)
        sheet.write_row(0, 0, ["code", name])
        sheet.write_row(1, 0, ["A", name])
    book.get_worksheet_by_name("隐藏").hide()
    book.get_worksheet_by_name("说明").activate()
    book.close()

    def known(heading: str) -> bool:
        return heading == "code"

    assert sheet_names(file) == ["说明", "律所"]
    assert read_table(file, known).sheet == "说明"
    assert read_table(file, known, called=("firms", "律所")).sheet == "律所"
    assert read_table(file, known, "隐藏", called=("律所",)).sheet == "隐藏"


def test_f24_a_workbook_that_unpacks_to_more_than_any_list_is_refused(tmp_path: Path) -> None:
    file = book(tmp_path, lambda _, sheet: sheet.write_string(0, 0, "code"))
    with (
        zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as packed,
        packed.open("xl/media/image1.png", "w", force_zip64=True) as picture,
    ):
        for _ in range((UNPACKED_MAX >> 20) + 1):
            picture.write(bytes(1 << 20))
    assert file.stat().st_size < 1 << 20
    with pytest.raises(FileUnreadable, match="unpacks to more than"):
        read_table(file, known)


def test_f24_a_packed_list_is_read_no_further_than_a_list_can_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "list.csv.gz"
    with gzip.open(file, "wt") as out:
        out.write("code,name\n" + "A1,甲\n" * 50_000)
    assert len(read_table(file, known).rows) == 50_000
    monkeypatch.setattr("api.imports.sheet.UNPACKED_MAX", 100_000)
    with pytest.raises(FileUnreadable, match="divide it"):
        read_table(file, known)


def test_f24_a_formula_in_rejects_is_text_and_is_read_again_as_it_was(tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_text("code,name\nA1,=cmd|x\nA2,'=1\n", encoding="utf-8")
    table, out = read_table(file, known), tmp_path / "rejects.csv"
    rejects = rejects_of(table, "x", [(row, "@no") for row in table.rows])
    write_rejects(out, table, rejects)
    assert "'=cmd|x" in out.read_text("utf-8")
    assert "''=1" in out.read_text("utf-8")
    again = read_table(out, known)
    assert [row.cells[1] for row in again.rows] == ["=cmd|x", "'=1"]
