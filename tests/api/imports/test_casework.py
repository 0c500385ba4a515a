"""Foreign casework: every good row goes in once, every bad one comes back with its reason."""

import csv
import gzip
from collections import defaultdict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Final

import psycopg
import pytest

from api.cli.keeping_up import bring_views_up
from api.imports import casework
from api.imports.casework import OTHER_CONTENT, REPEATED, Imported, import_casework
from api.imports.casework_mapping import Mapping, MappingWrong, read_mapping
from api.imports.csv_text import FileUnreadable
from projections.asking.asking import PeriodAsked, fetch
from projections.history.timeline import after, statistics
from projections.requests import response_times
from projections.running.basis import basis_query
from tests.databases import Database

ROOT: Final = Path(__file__).parents[3]
NYC: Final = ROOT.parent / "shared" / "data" / "nyc_casework_2023_2024.csv.gz"
NYC_MAPPING: Final = ROOT / "examples" / "nyc_casework.toml"
HEADER: Final = ["id", "office", "from", "until", "about", "text"]
MAPPING: Final = """
source = "test"
zone = "America/New_York"
formats = ["%Y-%m-%d", "%d.%m.%Y %H:%M"]
[columns]
external_id = "id"
point = "office"
opened = "from"
closed = "until"
service = "about"
detail = "text"
place = ["office", "text"]
[service]
values = { law = "consultation", peace = "mediation" }
[points]
open_unknown = true
valid_from = 2020-01-01
division_source = "nowhere"
division = { default = "99", values = { North = "4401" } }
"""
GOOD: Final = ["1", "North", "2023-03-01", "2023-03-04", "law", "rent"]
STILL_OPEN: Final = ["2", "South", "24.12.2023 18:30", "", "peace", ""]


def mapping_of(folder: Path, text: str = MAPPING) -> Mapping:
    (folder / "mapping.toml").write_text(text)
    return read_mapping(folder / "mapping.toml")


def written(
    folder: Path, *rows: Sequence[str], header: Sequence[str] = HEADER, encoding: str = "utf-8"
) -> Path:
    file = folder / "cases.csv"
    with file.open("w", newline="", encoding=encoding) as out:
        csv.writer(out).writerows([header, *rows])
    return file


def rows_of(file: Path, encoding: str = "utf-8") -> list[list[str]]:
    with file.open(newline="", encoding=encoding) as text:
        return list(csv.reader(text))


def counted(done: Imported) -> tuple[int, int, int, int]:
    return done.rows, done.imported, done.unchanged, done.rejected


def log_head(database: Database) -> int:
    with psycopg.connect(database.app_url) as connection:
        return statistics(connection).head


# --- good rows


def test_a_case_is_logged_and_closed_at_its_own_times(database: Database, tmp_path: Path) -> None:
    file = written(tmp_path, GOOD, STILL_OPEN)
    done = import_casework(database.app_url, file, mapping_of(tmp_path))
    assert counted(done) == (2, 2, 0, 0)
    assert (done.events, done.points_opened) == (5, 2)

    with psycopg.connect(database.app_url) as connection:
        events = after(connection, 0)
    assert [event.kind for event in events] == [
        "point.opened", "point.opened", "request.logged", "request.closed", "request.logged",
    ]  # fmt: skip
    north, south, logged, closed, still_open = events
    assert (north.data["code"], north.data["division"]) == ("North", "4401")
    assert (south.data["code"], south.data["division"]) == ("South", "99")
    assert logged.occurred_at == datetime(2023, 3, 1, 5, tzinfo=UTC)
    assert closed.occurred_at == datetime(2023, 3, 4, 5, tzinfo=UTC)
    assert still_open.occurred_at == datetime(2023, 12, 24, 23, 30, tzinfo=UTC)
    assert logged.stream == closed.stream != still_open.stream
    assert logged.command_id == closed.command_id
    assert logged.actor.account == "import-test"
    expected = {
        "point": "North",
        "service": "consultation",
        "channel": "unrecorded",
        "subject": "law",
        "detail": "rent",
        "place": "North rent",
        "external": {"source": "test", "id": "1"},
    }
    assert expected.items() <= logged.data.items()
    assert closed.data == {"kind": "imported"}


def test_a_file_imported_twice_adds_nothing(database: Database, tmp_path: Path) -> None:
    file, mapping = written(tmp_path, GOOD, STILL_OPEN), mapping_of(tmp_path)
    import_casework(database.app_url, file, mapping)
    before = log_head(database)
    again = import_casework(database.app_url, file, mapping)
    assert counted(again) == (2, 0, 2, 0)
    assert (again.events, again.points_opened) == (0, 0)
    assert log_head(database) == before


def test_a_dry_run_counts_the_same_and_writes_nothing(database: Database, tmp_path: Path) -> None:
    file, mapping = written(tmp_path, GOOD, STILL_OPEN, GOOD), mapping_of(tmp_path)
    dry = import_casework(database.app_url, file, mapping, dry_run=True)
    assert log_head(database) == 0
    wet = import_casework(database.app_url, file, mapping)
    assert counted(dry) == counted(wet) == (3, 2, 0, 1)
    assert (dry.events, dry.points_opened) == (wet.events, wet.points_opened) == (5, 2)


def test_the_same_file_imported_by_two_at_once_goes_in_once(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(casework, "ROWS_PER_SLICE", 50)
    rows = [[str(number), f"P{number % 7}", *GOOD[2:]] for number in range(600)]
    file, mapping = written(tmp_path, *rows), mapping_of(tmp_path)
    with ThreadPoolExecutor(3) as threads:
        jobs = [threads.submit(import_casework, database.app_url, file, mapping) for _ in range(3)]
        done = [job.result() for job in jobs]
    assert sum(one.imported for one in done) == 600
    assert sum(one.unchanged for one in done) == 1200
    assert sum(one.points_opened for one in done) == 7
    with psycopg.connect(database.app_url) as connection:
        found = statistics(connection)
    assert (found.events, found.gapless) == (1207, True)


def test_chinese_files_of_either_encoding_are_read_and_rejected_in_it(
    database: Database, tmp_path: Path
) -> None:
    row = ["3", "东风东路", "2023-05-01", "", "law", "𠮷先生问工资"]
    named = "[points.codes]\n'东风东路' = 'DFDL'\n"
    mapping = mapping_of(tmp_path, MAPPING + named)
    for number, encoding in enumerate(("utf-8-sig", "gb18030", "utf-8")):
        file = written(tmp_path, [str(number), *row[1:]], row[:1] + row[2:], encoding=encoding)
        out = tmp_path / f"{encoding}.csv"
        done = import_casework(database.app_url, file, mapping, rejects=out)
        assert counted(done) == (2, 1, 0, 1)
        assert rows_of(out, encoding)[1][3:5] == ["law", "𠮷先生问工资"]
    with psycopg.connect(database.app_url) as connection:
        opened, *cases = after(connection, 0)
    assert (opened.data["code"], opened.data["name"]) == ("DFDL", "东风东路")
    assert [case.data["point"] for case in cases if "point" in case.data] == ["DFDL"] * 3
    assert [one.data["detail"] for one in cases if "detail" in one.data] == ["𠮷先生问工资"] * 3


# --- bad rows


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (["", *GOOD[1:]], "id is empty"),
        ([*GOOD[:2], "yesterday", *GOOD[3:]], "from is no date of the mapping's formats"),
        ([*GOOD[:3], "2023-02-30", *GOOD[4:]], "until is no date of the mapping's formats"),
        ([*GOOD[:3], "2023-02-28", *GOOD[4:]], "closed before it was opened: 2023-02-28"),
        ([*GOOD[:4], "war", "rent"], "service 'war' is not in the mapping"),
        ([*GOOD, "more"], "the row has 7 fields, the header has 6"),
        (GOOD[:4], "the row has 4 fields, the header has 6"),
        ([*GOOD[:5], "re\0nt"], "the row has U+0000"),
        (["1", "No rth", *GOOD[2:]], "point 'No rth' is no code"),
        (["1", "东风东路", *GOOD[2:]], "may give it one under [points.codes]"),
        (["1", "Nor\u200bth", *GOOD[2:]], r"point 'Nor\u200bth' is no code"),
        ([*GOOD[:2], "2123-03-01", "", *GOOD[4:]], "HappensInFuture"),
    ],
)
def test_a_bad_row_comes_back_with_its_reason_and_the_others_go_in(
    row: list[str], reason: str, database: Database, tmp_path: Path
) -> None:
    out = tmp_path / "rejects.csv"
    done = import_casework(
        database.app_url, written(tmp_path, STILL_OPEN, row), mapping_of(tmp_path), rejects=out
    )
    assert counted(done) == (2, 1, 0, 1)
    header, rejected = rows_of(out)
    assert header == [*HEADER, "reason"]
    assert rejected[: len(row)] == row
    assert reason in rejected[-1]
    # Not corrected, it is rejected again.
    again = import_casework(database.app_url, out, mapping_of(tmp_path))
    assert again.rejected == 1


def test_an_id_used_twice_in_a_file_is_the_first_rows(database: Database, tmp_path: Path) -> None:
    out = tmp_path / "rejects.csv"
    file = written(tmp_path, GOOD, [*GOOD[:5], "other"])
    done = import_casework(database.app_url, file, mapping_of(tmp_path), rejects=out)
    assert (done.imported, done.reasons) == (1, {REPEATED: 1})
    assert rows_of(out)[1] == [*GOOD[:5], "other", REPEATED]


def test_a_case_that_changed_in_its_source_is_not_written_over(
    database: Database, tmp_path: Path
) -> None:
    mapping = mapping_of(tmp_path)
    import_casework(database.app_url, written(tmp_path, GOOD), mapping)
    changed = import_casework(
        database.app_url, written(tmp_path, [*GOOD[:3], "2023-03-09", *GOOD[4:]]), mapping
    )
    assert (changed.events, changed.reasons) == (0, {OTHER_CONTENT: 1})


def test_an_unknown_point_is_rejected_where_the_mapping_opens_none(
    database: Database, tmp_path: Path
) -> None:
    closed_shop = MAPPING.replace("open_unknown = true", "open_unknown = false")
    file = written(tmp_path, GOOD)
    refused = import_casework(database.app_url, file, mapping_of(tmp_path, closed_shop))
    assert (refused.events, refused.rejected) == (0, 1)
    assert next(iter(refused.reasons)).startswith("PointUnknown")
    import_casework(database.app_url, file, mapping_of(tmp_path))
    other = written(tmp_path, ["9", *GOOD[1:]])
    known = import_casework(database.app_url, other, mapping_of(tmp_path, closed_shop))
    assert (known.imported, known.points_opened) == (1, 0)


def test_peers_17_of_5000_rows_with_37_bad_ones_4963_go_in_and_37_after_correction(
    database: Database, tmp_path: Path
) -> None:
    first = date(2023, 1, 1)
    rows = []
    for number in range(5000):
        opened = first + timedelta(days=number % 365)
        row = [str(number), f"P{number % 11}", str(opened), str(opened), "law", f"case {number}"]
        if number % 135 == 7 and number < 4995:
            broken = number % 4
            row[0] = str(number - 1) if broken == 0 else row[0]
            row[2] = "someday" if broken == 1 else row[2]
            row[3] = str(opened - timedelta(days=1)) if broken == 2 else row[3]
            row[4] = "war" if broken == 3 else row[4]
        rows.append(row)
    file, mapping, out = written(tmp_path, *rows), mapping_of(tmp_path), tmp_path / "rejects.csv"

    dry = import_casework(database.app_url, file, mapping, rejects=out, dry_run=True)
    assert counted(dry) == (5000, 4963, 0, 37)
    assert len(rows_of(out)) == 1 + 37
    assert log_head(database) == 0
    wet = import_casework(database.app_url, file, mapping, rejects=out)
    assert counted(wet) == (5000, 4963, 0, 37)

    header, *rejected = rows_of(out)
    for row in rejected:
        number = int(row[5].removeprefix("case "))
        day = str(first + timedelta(days=number % 365))
        row[0], row[2], row[3], row[4] = str(number), day, day, "law"
    corrected = tmp_path / "corrected.csv"
    with corrected.open("w", newline="") as text:
        csv.writer(text).writerows([header, *rejected])
    assert counted(import_casework(database.app_url, corrected, mapping)) == (37, 37, 0, 0)
    assert counted(import_casework(database.app_url, corrected, mapping)) == (37, 0, 37, 0)
    assert counted(import_casework(database.app_url, file, mapping)) == (5000, 0, 4963, 37)
    with psycopg.connect(database.app_url) as connection:
        assert statistics(connection).events == 2 * 5000 + 11


# --- the file and the mapping as a whole


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ('zone = "America/New_York"', 'zone = "Mars/Olympus"', "zone"),
        ('formats = ["%Y-%m-%d",', 'formats = ["%Y-%m",', "formats"),
        ('point = "office"', "point = 5", "$.columns.point"),
        ('point = "office"', 'pint = "office"', "$.columns"),
        ('law = "consultation"', 'law = "lawyering"', "$.service.values"),
        ("valid_from = 2020-01-01", "", "points"),
        ("[columns]", "[columns", "line"),
    ],
)
def test_a_wrong_mapping_names_the_file_and_the_place(
    old: str, new: str, place: str, tmp_path: Path
) -> None:
    assert old in MAPPING
    with pytest.raises(MappingWrong) as wrong:
        mapping_of(tmp_path, MAPPING.replace(old, new))
    assert "mapping.toml" in str(wrong.value)
    assert place in str(wrong.value)


def test_a_file_without_a_mapped_column_is_refused_as_a_whole(
    database: Database, tmp_path: Path
) -> None:
    file = written(tmp_path, GOOD, header=["id", "office", "von", "until", "about", "text"])
    with pytest.raises(MappingWrong, match="no column 'from'"):
        import_casework(database.app_url, file, mapping_of(tmp_path))


def test_a_file_that_is_neither_utf8_nor_gb18030_or_no_gzip_is_refused(
    database: Database, tmp_path: Path
) -> None:
    latin, packed, empty = tmp_path / "a.csv", tmp_path / "b.csv.gz", tmp_path / "c.csv"
    latin.write_bytes(b"id\n\xff\xff\n")
    packed.write_bytes(gzip.compress(b"id\n" * 9999)[:-20])
    empty.write_bytes(b"")
    for file in (latin, packed, empty, tmp_path / "not-there.csv"):
        with pytest.raises(FileUnreadable, match=file.name):
            import_casework(database.app_url, file, mapping_of(tmp_path))


def test_rejects_do_not_overwrite_the_file_they_come_from(
    database: Database, tmp_path: Path
) -> None:
    file = written(tmp_path, GOOD)
    with pytest.raises(FileUnreadable, match="overwrite"):
        import_casework(database.app_url, file, mapping_of(tmp_path), rejects=file)
    assert rows_of(file) == [HEADER, GOOD]


def test_a_column_named_reason_that_is_mapped_is_imported(
    database: Database, tmp_path: Path
) -> None:
    mapping = mapping_of(tmp_path, MAPPING.replace('detail = "text"', 'detail = "reason"'))
    header, out = [*HEADER, "reason"], tmp_path / "rejects.csv"
    bad = ["", *GOOD[1:], "noise"]
    file = written(tmp_path, [*GOOD, "noise"], bad, header=header)
    assert import_casework(database.app_url, file, mapping, rejects=out).imported == 1
    assert rows_of(out) == [[*header, "reason"], [*bad, "id is empty"]]
    with psycopg.connect(database.app_url) as connection:
        assert after(connection, 1)[0].data["detail"] == "noise"
    corrected = written(tmp_path, ["7", *bad[1:], "id is empty"], header=[*header, "reason"])
    assert import_casework(database.app_url, corrected, mapping).imported == 1


# --- real casework


def test_real_casework_gives_the_counts_and_medians_of_its_file(database: Database) -> None:
    if not NYC.exists():
        pytest.skip(f"the real casework is not here: {NYC}")
    mapping = read_mapping(NYC_MAPPING)
    done = import_casework(database.app_url, NYC, mapping)
    assert counted(done) == (34_801, 34_799, 0, 2)
    assert counted(import_casework(database.app_url, NYC, mapping)) == (34_801, 0, 34_799, 2)
    with psycopg.connect(database.app_url) as connection:
        figures = statistics(connection)
    assert (figures.events, figures.gapless) == (done.events, True)

    bring_views_up(database.app_url)
    with psycopg.connect(database.app_url) as connection:
        basis = fetch(connection, basis_query(None))[0]
        asked = PeriodAsked(position=basis.position, now=datetime.now(UTC), by="point")
        rows = fetch(connection, response_times.report(asked))
    told = {row.key: (row.logged, row.closed, row.median_days_to_close) for row in rows}
    assert told == straight_from_the_file()
    assert all(row.median_working_minutes_to_close is None for row in rows)


def straight_from_the_file() -> dict[str | None, tuple[int, int, float | None]]:
    """Office → logged, closed, median days to close; the first row of an id counts."""
    logged: dict[str, int] = defaultdict(int)
    days: dict[str, list[int]] = defaultdict(list)
    seen = set()
    with gzip.open(NYC, "rt", encoding="utf-8-sig", newline="") as text:
        for row in csv.DictReader(text):
            if row["unique_key"] in seen:
                continue
            seen.add(row["unique_key"])
            logged[row["account"]] += 1
            if row["closedate"]:
                opened = date.fromisoformat(row["opendate"])
                days[row["account"]].append((date.fromisoformat(row["closedate"]) - opened).days)
    return {
        office: (count, len(days[office]), median(days[office]) if days[office] else None)
        for office, count in logged.items()
    }
