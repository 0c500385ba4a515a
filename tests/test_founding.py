"""docs/founding.md, executed from an empty home: what a stranger copies from it works."""

import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import pytest

from api.imports.sheet import Sheet, write_workbook
from domain.vocabulary import CHINA
from tests.databases import temporary_home

ROOT: Final = Path(__file__).parents[1]
PAGE: Final = (ROOT / "docs" / "founding.md").read_text("utf-8")
COMMANDS_MAX: Final = 15


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)


def tables() -> dict[str, list[list[str]]]:
    """The tables of section 2, by their sheets."""
    section = PAGE.partition("## 2. ")[2].partition("\n## ")[0]
    found = re.findall(r"sheet `(\w+)`:\n\n((?:\|.*\n)+)", section)
    return {
        name: [
            [cell.strip() for cell in line.strip("|").split("|")]
            for line in table.splitlines()
            if not line.startswith("| ---")
        ]
        for name, table in found
    }


@pytest.fixture(scope="module")
def followed() -> Iterator[tuple[Path, subprocess.CompletedProcess[str]]]:
    """A folder in which the page was followed, and what the terminal showed."""
    with temporary_home() as home:
        folder = home.parent / "desk"
        programs = home.parent / "bin"
        for one in (folder, programs):
            one.mkdir(parents=True)
        anjuan = programs / "anjuan"
        anjuan.write_text(f'#!/bin/sh\nexec {sys.executable} -m api.cli "$@"\n')
        anjuan.chmod(0o755)
        (folder / "office.toml").write_text(blocks("toml")[0], "utf-8")
        lists = tables()
        write_workbook(folder / "points.xlsx", [Sheet(name="points", lines=lists["points"])])
        write_workbook(
            folder / "advisers.xlsx",
            [Sheet(name=name, lines=lists[name]) for name in ("advisers", "appointments")],
        )
        now = datetime.now(ZoneInfo(CHINA)).replace(second=0, microsecond=0)
        # The visit is of the month that the page makes its table of, also in its first hour.
        began = max(now - timedelta(hours=1), now.replace(day=1, hour=0, minute=0))
        ended = max(now, began + timedelta(minutes=1))
        env = {k: v for k, v in os.environ.items() if not k.startswith("ANJUAN_")}
        env |= {
            "ANJUAN_HOME": str(home),
            "PATH": f"{programs}:{os.environ['PATH']}",
            "PYTHONPATH": str(ROOT),
            "MONTH": f"{now:%Y-%m}",
            "BEGAN": began.isoformat(),
            "ENDED": ended.isoformat(),
        }
        try:
            (script,) = blocks("sh")
            yield folder, subprocess.run(
                ["bash", "-e", "-c", script], cwd=folder, env=env, capture_output=True, text=True,
                check=False, timeout=500,
            )  # fmt: skip
        finally:
            subprocess.run(
                ["bash", "-c", "anjuan db stop"], env=env, capture_output=True, check=True
            )


# Eighteen programs, one after the other: a busy machine takes minutes.
@pytest.mark.timeout(600)
def test_show_1_the_page_founds_a_district_and_does_everything_once(
    followed: tuple[Path, subprocess.CompletedProcess[str]],
) -> None:
    folder, done = followed
    assert done.returncode == 0, done.stdout + done.stderr
    assert "252 divisions listed" in done.stdout
    for imported in ("3 rows: 3 imported", "2 rows: 2 imported"):
        assert imported in done.stdout
    # The consultation and its rating, the visit, and a score of the adviser who made it.
    for row in (r"TH-S1 .*440106001 +1 ", r"TH-R1 .*440106001001 +1 ", r"GW-01 +[1-9]"):
        assert re.search(row, done.stdout), done.stdout
    with zipfile.ZipFile(folder / "TH-S1.zip") as bundle:
        assert "verify.py" in " ".join(bundle.namelist())


def test_show_1_it_needs_two_spreadsheets_few_commands_and_no_json() -> None:
    (script,) = blocks("sh")
    assert len(re.findall(r"^(?:\w+=\$\()?anjuan ", script, re.MULTILINE)) <= COMMANDS_MAX
    assert "{" not in re.sub(r"\$\{.*?\}", "", script)
    assert set(re.findall(r"\w+\.xlsx", script)) == {"points.xlsx", "advisers.xlsx"}
    kinds = [row[1] for row in tables()["points"][1:]]
    assert (kinds.count("站"), kinds.count("室")) == (1, 2)
    assert len(tables()["advisers"]) == 3
