"""What a mapping leaves to a guess is refused; what one row cannot say is that row's reason."""

from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest

from api.imports.casework import import_casework
from api.imports.casework_mapping import MappingWrong
from projections.history.timeline import after
from tests.api.imports.test_casework import (
    GOOD,
    HEADER,
    MAPPING,
    STILL_OPEN,
    counted,
    mapping_of,
    written,
)
from tests.databases import Database

FORMATS = '["%Y-%m-%d", "%d.%m.%Y %H:%M"]'


def with_formats(formats: str, more: str = "") -> str:
    assert FORMATS in MAPPING
    return more + MAPPING.replace(FORMATS, formats)


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "America/New_York", "Pacific/Kiritimati"])
@pytest.mark.parametrize(
    "text",
    [
        "0001-01-01 00:00", "0001-12-31 23:59", "1753-01-01 00:00", "1899-12-30 00:00",
        "1900-01-01 00:00", "9999-12-31 23:59", "9999-01-01 00:00",
    ],
)  # fmt: skip
@pytest.mark.parametrize("column", [2, 3])
def test_f5_a_date_at_the_end_of_the_calendar_is_its_rows_fault(
    column: int, text: str, zone: str, database: Database, tmp_path: Path
) -> None:
    formats = with_formats('["%Y-%m-%d", "%Y-%m-%d %H:%M", "%d.%m.%Y %H:%M"]')
    mapping = mapping_of(tmp_path, formats.replace("America/New_York", zone))
    file = written(tmp_path, [*GOOD[:column], text, *GOOD[column + 1 :]], STILL_OPEN)
    done = import_casework(database.app_url, file, mapping)
    assert counted(done) == (2, 1, 0, 1)


@pytest.mark.parametrize("text", ["0001-01-01T00:00+1400", "9999-12-31T23:59-1200"])
def test_f5_an_offset_beyond_the_calendar_is_its_rows_fault(
    text: str, database: Database, tmp_path: Path
) -> None:
    early = "earliest = 0001-01-01\n"
    mapping = mapping_of(tmp_path, with_formats('["%Y-%m-%dT%H:%M%z", "%d.%m.%Y %H:%M"]', early))
    file = written(tmp_path, ["1", "North", text, "", *GOOD[4:]], STILL_OPEN)
    done = import_casework(database.app_url, file, mapping)
    assert counted(done) == (2, 1, 0, 1)
    assert list(done.reasons) == ["a value is out of range"]


@pytest.mark.parametrize("written_as", ["%d/%m/%y", "%y%m%d", "%x"])
def test_f15_years_of_two_digits_need_their_century(written_as: str, tmp_path: Path) -> None:
    with pytest.raises(MappingWrong, match="years_from"):
        mapping_of(tmp_path, with_formats(f'["{written_as}"]'))


@pytest.mark.parametrize(("year", "is_"), [("69", 2069), ("70", 1970), ("24", 2024)])
def test_f15_years_of_two_digits_are_of_the_mappings_hundred_years(
    year: str, is_: int, database: Database, tmp_path: Path
) -> None:
    of_a_century = with_formats('["%d/%m/%y"]', "years_from = 1970\n")
    # Its points are there before its cases.
    mapping = mapping_of(tmp_path, of_a_century.replace("2020-01-01", "1970-01-01"))
    file = written(tmp_path, ["1", "North", f"01/03/{year}", "", *GOOD[4:]])
    done = import_casework(database.app_url, file, mapping)
    if is_ == 2069:
        assert next(iter(done.reasons)).startswith("HappensInFuture")
        return
    with psycopg.connect(database.app_url) as connection:
        logged = after(connection, 1)[0]
    assert logged.occurred_at == datetime(is_, 3, 1, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    "formats",
    [
        '["%d/%m/%Y", "%m/%d/%Y"]', '["%Y-%m-%d", "%m/%d/%Y", "%d/%m/%Y"]', '["%Y%m%d", "%Y%d%m"]',
        '["%Y-%m-%d %H:%M", "%Y-%d-%m %H:%M"]', '["%Y-%m-%d %H:%M", "%Y-%m-%d %M:%H"]',
    ],
)  # fmt: skip
def test_f15_formats_that_read_one_text_as_two_days_are_refused(
    formats: str, tmp_path: Path
) -> None:
    with pytest.raises(MappingWrong, match="one day by"):
        mapping_of(tmp_path, with_formats(formats))


@pytest.mark.parametrize("formats", ['["%d.%m.%Y", "%m/%d/%Y"]', '["%Y%m%d", "%Y%m%d%H%M"]'])
def test_f15_formats_that_never_fit_the_same_text_stand_together(
    formats: str, tmp_path: Path
) -> None:
    assert mapping_of(tmp_path, with_formats(formats)).formats


@pytest.mark.parametrize("twice", ["id", "office", "from", "until", "about", "text"])
def test_f15_a_mapped_column_that_the_header_has_twice_is_refused(
    twice: str, database: Database, tmp_path: Path
) -> None:
    file = written(tmp_path, [*GOOD, "other"], header=[*HEADER, f" {twice} "])
    with pytest.raises(MappingWrong, match=f"more than one column '{twice}'"):
        import_casework(database.app_url, file, mapping_of(tmp_path))


def test_f15_columns_that_nobody_reads_may_have_one_name(
    database: Database, tmp_path: Path
) -> None:
    file = written(tmp_path, [*GOOD, "", ""], header=[*HEADER, "", ""])
    assert import_casework(database.app_url, file, mapping_of(tmp_path)).imported == 1


@pytest.mark.parametrize("code", ["4.40106E+17", "4,40106e+17", "4E+17", "4.40106E17"])
@pytest.mark.parametrize("column", [0, 1])
def test_f15_a_code_that_a_spreadsheet_has_shortened_is_rejected(
    column: int, code: str, database: Database, tmp_path: Path
) -> None:
    row = [*GOOD[:column], code, *GOOD[column + 1 :]]
    done = import_casework(
        database.app_url, written(tmp_path, row, STILL_OPEN), mapping_of(tmp_path)
    )
    assert counted(done) == (2, 1, 0, 1)
    assert "a spreadsheet has shortened" in next(iter(done.reasons))


@pytest.mark.parametrize("code", ["1E5", "E10", "440106001003000001", "2024-E+1"])
def test_f15_a_code_that_only_looks_like_a_number_is_a_code(
    code: str, database: Database, tmp_path: Path
) -> None:
    file = written(tmp_path, [code, *GOOD[1:]])
    assert import_casework(database.app_url, file, mapping_of(tmp_path)).imported == 1


@pytest.mark.parametrize("delimiter", ['"', "\\n", "\\r"])
def test_f4_a_delimiter_that_a_csv_file_cannot_have_is_refused(
    delimiter: str, tmp_path: Path
) -> None:
    with pytest.raises(MappingWrong, match="delimiter"):
        mapping_of(tmp_path, f'delimiter = "{delimiter}"\n'.replace('"""', "'\"'") + MAPPING)
