"""Spreadsheets of a whole city, or of the part of it whose codes begin with `prefix`.

As the city's letter counts them: 2,844 villages, 3,116 points, 1,841 advisers, 2,800 contracts.
`python -m tests.api.imports.city_lists` imports the whole city, twice, and says how long it took.
"""

import sys
import time
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from api.cli.office.founding import FOUNDER
from api.imports.kinds import KINDS
from api.imports.lists import Importing, import_list
from api.imports.sheet import Sheet, write_workbook
from domain.vocabulary import Actor
from ledger.founding.founding import publish_shipped
from ledger.founding.shipped import shipped_divisions
from ledger.log.store import Ledger
from tests.bench.machine import durable_server

CITY: Final = "4401"
FEATURED: Final = 84
ADVISERS: Final = 1_841
CONTRACTS: Final = 2_800
FIRMS: Final = 120
Lines = list[list[str]]


def city_lists(prefix: str = CITY) -> dict[str, Lines]:
    """List of the kind → its lines, the headings first."""
    shipped = [one for one in shipped_divisions() if one.code.startswith(prefix)]
    villages = [one for one in shipped if len(one.code) == 12]
    towns = [one for one in shipped if len(one.code) == 9]
    districts = [one for one in shipped if len(one.code) == 6]
    share = len(villages) / 2_844
    firms = [f"LAW-{number:03}" for number in range(1, round(FIRMS * share) + 2)]
    advisers = [f"GW-{number:04}" for number in range(1, round(ADVISERS * share) + 1)]
    above = [] if prefix != CITY else [["4401", "广州市"]]
    return {
        "divisions": [["区划代码", "名称"], *above, *([one.code, one.name] for one in shipped)],
        "firms": [["律所编号", "律所名称"], *([code, f"广东某{code}律师事务所"] for code in firms)],
        "points": [
            ["服务点编号", "类型", "服务点名称", "区划代码", "启用日期", "工作日历"],
            *([f"C-{code}", "中心", f"{name}公共法律服务中心", code, "2020/1/1", "gz-center"]
              for code, name in [*above, *((one.code, one.name) for one in districts)]),
            *([f"S-{one.code}", "站", f"{one.name}公共法律服务工作站", one.code, "2020年1月1日", ""]
              for one in towns),
            *([f"R-{one.code}", "室", f"{one.name}法律服务室", one.code, "2020-01-01", "gz-room"]
              for one in villages),
            *([f"F-{number:03}", "特色点", f"特色点 {number}", one.code, "2020.1.1", ""]
              for number, one in enumerate(villages[: round(FEATURED * share)], 1)),
        ],
        "advisers": [
            ["顾问编号", "姓名", "律所编号", "执业证号"],
            *([code, f"顾问{number}", firms[number % len(firms)], f"1440120{number:010}"]
              for number, code in enumerate(advisers)),
        ],
        "appointments": [
            ["村（社区）区划代码", "顾问编号", "聘期开始", "聘期截止", "签订日期"],
            *([one.code, advisers[number % len(advisers)], "2026-01-01", "2026-12-31", "2025-12-20"]
              for number, one in enumerate(villages[: round(CONTRACTS * share)])),
        ],
    }  # fmt: skip


def written(folder: Path, name: str, lines: Sequence[Sequence[str]]) -> Path:
    file = folder / f"{name}.xlsx"
    write_workbook(file, [Sheet(name=name, lines=lines)])
    return file


def main() -> None:
    by = Actor(account="import-city", role="importer", unit=CITY)
    with durable_server() as server, TemporaryDirectory() as folder:
        with Ledger(server.urls.app) as ledger:
            list(publish_shipped(ledger, FOUNDER))
        files = {name: written(Path(folder), name, lines) for name, lines in city_lists().items()}
        for what in ("first", "again"):
            rows = seconds = 0.0
            began_s = time.process_time()
            for name, file in files.items():
                how = Importing(by=by, calendar="gz-office")
                done = import_list(server.urls.app, KINDS[name], file, how)
                rows, seconds = rows + done.rows, seconds + done.seconds
                sys.stdout.write(
                    f"{what} {name}: {done.rows:,} rows, {done.imported:,} imported,"
                    f" {len(done.rejected)} rejected, {done.events:,} events, {done.seconds:.1f} s,"
                    f" {done.rows_per_s:,.0f} rows/s\n"
                )
            sys.stdout.write(
                f"{what} all: {rows:,.0f} rows in {seconds:.1f} s, of which this process worked"
                f" {time.process_time() - began_s:.1f} s\n"
            )


if __name__ == "__main__":
    main()
