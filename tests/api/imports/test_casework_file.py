"""Files of foreign casework: no row is lost without a word, and what is said of them is true."""

import csv
import gzip
import tracemalloc
from pathlib import Path
from typing import Final

import pytest

from api.cli.failures import failure
from api.imports import casework, csv_text
from api.imports.casework import ImportStopped, import_casework
from api.imports.csv_text import LINE_MAX, FileUnreadable, guarded, unguarded
from tests.api.imports.test_casework import (
    GOOD,
    HEADER,
    MAPPING,
    STILL_OPEN,
    counted,
    log_head,
    mapping_of,
    rows_of,
    written,
)
from tests.databases import Database

FIRST: Final = ",".join(HEADER)


def lines(folder: Path, *rows: str) -> Path:
    file = folder / "cases.csv"
    file.write_text("\n".join([FIRST, *rows, ""]))
    return file


@pytest.mark.parametrize(
    ("rows", "line"),
    [
        (
            (
                'Q1,North,2023-03-01,,law,"未闭合',
                "Q2,North,2023-03-01,,law,第二件",
                'Q3,North,2023-03-01,,law,"第三件"',
                "Q4,North,2023-03-01,,law,第四件",
            ),
            "line 2",
        ),
        (("Q1,North,2023-03-01,,law,好", 'Q2,North,2023-03-01,,law,"未闭合', "Q3,x"), "line 3"),
        (('Q1,North,2023-03-01,,law,"引号"之后',), "line 2"),
        (('Q1,North,2023-03-01,,law,"引号" ,',), "line 2"),
    ],
)
def test_f4_a_stray_quote_refuses_the_file_with_its_line_before_the_first_row(
    rows: tuple[str, ...], line: str, database: Database, tmp_path: Path
) -> None:
    file = lines(tmp_path, "Q0,North,2023-03-01,,law,第零件", *rows).rename(tmp_path / "c.csv")
    out = tmp_path / "rejects.csv"
    with pytest.raises(FileUnreadable) as refused:
        import_casework(database.app_url, file, mapping_of(tmp_path), rejects=out)
    number = int(line.removeprefix("line ")) + 1
    assert f"begins in line {number} " in str(refused.value)
    told = failure(refused.value)
    assert told is not None
    assert told[0].endswith("nothing was imported")
    assert (log_head(database), out.exists()) == (0, False)


@pytest.mark.parametrize("ends", ["第三件", "第三件,"])
def test_f4_a_stray_quote_that_another_one_happens_to_close_is_a_rejected_row(
    ends: str, database: Database, tmp_path: Path
) -> None:
    file = lines(
        tmp_path,
        'Q1,North,2023-03-01,,law,"未闭合',
        "Q2,North,2023-03-01,,law,第二件",
        f'Q3,North,2023-03-01,,law,{ends}"',
        "Q4,North,2023-03-01,,law,第四件",
    )
    done = import_casework(database.app_url, file, mapping_of(tmp_path))
    assert counted(done) == (2, 1, 0, 1)
    assert list(done.reasons) == ["a quote that is not closed"]


def test_f4_a_cell_of_many_lines_with_quotes_is_one_row(database: Database, tmp_path: Path) -> None:
    text = 'first, "said"\nsecond, third, 4, 5, 6, 7\r\n'
    file = written(tmp_path, [*GOOD[:5], text], STILL_OPEN)
    assert counted(import_casework(database.app_url, file, mapping_of(tmp_path))) == (2, 2, 0, 0)


def test_f5_a_huge_cell_is_its_rows_fault_and_the_others_go_in(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(casework, "ROWS_PER_SLICE", 5)
    rows = [[str(number), *GOOD[1:]] for number in range(12)]
    rows[8][5] = "很" * 140_000
    done = import_casework(database.app_url, written(tmp_path, *rows), mapping_of(tmp_path))
    assert counted(done) == (12, 11, 0, 1)


@pytest.mark.parametrize(
    "broken",
    [
        b'"unclosed',
        b"\xff\xfe\xff",
        b"x" * (LINE_MAX + 1),
    ],
)
def test_f5_what_is_wrong_with_the_whole_file_is_found_before_the_first_slice(
    broken: bytes, database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(casework, "ROWS_PER_SLICE", 5)
    file = written(tmp_path, *([str(number), *GOOD[1:]] for number in range(30)))
    file.write_bytes(file.read_bytes() + broken + b"\n")
    for one in (file, packed := tmp_path / "cases.csv.gz"):
        packed.write_bytes(gzip.compress(file.read_bytes()))
        with pytest.raises(FileUnreadable, match=one.name):
            import_casework(database.app_url, one, mapping_of(tmp_path))
    assert log_head(database) == 0


def test_f5_an_import_that_stops_half_way_says_what_went_in_and_keeps_the_rejects(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(casework, "ROWS_PER_SLICE", 5)
    rows = [[str(number), *GOOD[1:]] for number in range(30)]
    rows[3][2] = "someday"
    file, mapping, out = written(tmp_path, *rows), mapping_of(tmp_path), tmp_path / "rejects.csv"

    with pytest.raises(ImportStopped) as stopped:
        import_casework(
            database.app_url, file, mapping, rejects=out, progress=lambda *_: _full_disk()
        )
    told = failure(stopped.value)
    assert told is not None
    assert "5 rows were read, 4 of them were imported, 1 rejected" in told[0]
    assert "nothing was imported" not in told[0]
    assert [row[0] for row in rows_of(out)] == ["id", "3"]
    assert import_casework(database.app_url, file, mapping).unchanged == 4


def _full_disk() -> None:
    raise OSError(28, "No space left on device")


def test_f15_the_encoding_is_the_mappings_and_told(database: Database, tmp_path: Path) -> None:
    row = [*GOOD[:5], "張先生問加班費與勞動合同"]
    for number, (name, codec) in enumerate(csv_text.CODECS.items()):
        file = written(tmp_path, [str(number), *row[1:]], encoding=codec)
        mapping = mapping_of(tmp_path, f'encoding = "{name}"\n' + MAPPING)
        done = import_casework(database.app_url, file, mapping)
        assert (done.imported, done.encoding) == (1, codec)


@pytest.mark.parametrize("codec", ["cp950", "shift_jis", "latin-1", "utf-16"])
def test_f15_what_may_be_another_encoding_is_not_read_as_gb18030(
    codec: str, database: Database, tmp_path: Path
) -> None:
    said = {
        "shift_jis": "残業代の相談、雇用契約",
        "latin-1": "Mme. Lefèvre: congés payés à réclamer",
    }
    text = said.get(codec, "張先生問加班費與勞動合同")
    file = written(tmp_path, [*GOOD[:5], text], encoding=codec)
    with pytest.raises(FileUnreadable, match="encoding in the mapping"):
        import_casework(database.app_url, file, mapping_of(tmp_path))
    assert log_head(database) == 0


def test_f15_simplified_chinese_in_gb18030_is_read_without_being_named(
    database: Database, tmp_path: Path
) -> None:
    file = written(tmp_path, [*GOOD[:5], "𠮷先生问：工资——“拖欠”三个月（①）"], encoding="gb18030")
    done = import_casework(database.app_url, file, mapping_of(tmp_path))
    assert (done.imported, done.encoding) == (1, "gb18030")


def test_s4_rejects_named_gz_are_packed_and_can_be_imported_again(
    database: Database, tmp_path: Path
) -> None:
    out = tmp_path / "rejects.csv.gz"
    file, mapping = written(tmp_path, GOOD, ["", *GOOD[1:]]), mapping_of(tmp_path)
    import_casework(database.app_url, file, mapping, rejects=out)
    with gzip.open(out, "rt", newline="") as text:
        header, row = csv.reader(text)
    assert (header[-1], row[-1]) == ("reason", "id is empty")
    assert import_casework(database.app_url, out, mapping).rejected == 1


def test_s4_rows_without_a_value_are_no_rows(database: Database, tmp_path: Path) -> None:
    file = lines(tmp_path, ",".join(GOOD), *[",,,,,"] * 20, "", ", ,\u3000,,,", ",,", ",,,,,,,")
    done = import_casework(database.app_url, file, mapping_of(tmp_path))
    assert counted(done) == (1, 1, 0, 0)


def test_s4_an_endless_line_is_refused_in_bounded_memory(tmp_path: Path) -> None:
    file = tmp_path / "cases.csv"
    with file.open("wb") as out:
        out.write(FIRST.encode() + b"\n")
        for _ in range(100):
            out.write(b"x" * 1_000_000)
    mapping = mapping_of(tmp_path)
    tracemalloc.start()
    try:
        with pytest.raises(FileUnreadable, match=r"line 2.*longer than"):
            import_casework("postgresql:///nowhere", file, mapping)
        assert tracemalloc.get_traced_memory()[1] < 40_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("cell", ["=cmd|' /C calc'!A0", "@SUM(A1)", "\t=1+1", "'=1", "+1-1", "-a"])
def test_f24_a_rejected_formula_is_written_as_text_and_read_again_as_it_was(
    cell: str, database: Database, tmp_path: Path
) -> None:
    out = tmp_path / "rejects.csv"
    file, mapping = written(tmp_path, ["", *GOOD[1:5], cell]), mapping_of(tmp_path)
    import_casework(database.app_url, file, mapping, rejects=out)
    with out.open(newline="") as text:
        header, row = csv.reader(text)
    place = header.index("reason") - 1
    assert row[place] == f"'{cell}"
    again = tmp_path / "again.csv"
    import_casework(database.app_url, out, mapping, rejects=again)
    assert again.read_bytes() == out.read_bytes()


@pytest.mark.parametrize("cell", ["-12.5", "+86 138 0013 8000", "广州", "", "a=b", "'quoted'"])
def test_what_is_no_formula_is_written_as_it_is(cell: str) -> None:
    assert guarded(cell) == cell
    assert unguarded(cell) == cell
