"""README's first steps are run as they stand, and show what they say."""

import re
import shlex
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import psycopg
import pytest

from tests.api.cli.test_cli import Shell, Told
from tests.bundles import unpacked, verify
from tests.databases import temporary_home

ROOT: Final = Path(__file__).parents[1]
README: Final = (ROOT / "README.md").read_text(encoding="utf-8")
MAPPING: Final = ROOT / "examples" / "nyc_casework.toml"
PATIENCE_S: Final = 400
CALL: Final = ".venv/bin/anjuan "

pytestmark = [pytest.mark.slow, pytest.mark.timeout(PATIENCE_S)]


def steps() -> list[str]:
    """The commands of the first steps, without what is said beside them."""
    block = README.partition("## First steps\n\n```\n")[2].partition("```")[0]
    return [line.partition(" # ")[0].strip() for line in block.splitlines()]


def step(beginning: str) -> list[str]:
    """The one command that begins so; after `&&`, another."""
    (line,) = [one for one in steps() if one.startswith(CALL + beginning)]
    return shlex.split(line.removeprefix(CALL))


@pytest.fixture(scope="module")
def city() -> Iterator[Shell]:
    with temporary_home() as home:
        shell = Shell(home)
        try:
            made = shell.run(*step("demo"))
            assert made.code == 0, made.err
            yield shell
        finally:
            shell.run("db", "stop")


def shown(city: Shell, *arguments: str) -> Told:
    told = city.run(*arguments)
    assert told.code == 0, told.err
    return told


def some(city: Shell, kind: str) -> str:
    """An id, as the last events show it."""
    for line in reversed(shown(city, "log", "tail", "-n", "3000").out.splitlines()):
        if line.split("  ")[2].startswith(f"{kind}."):
            return line.split("  ")[3]
    raise AssertionError(kind)


TESTED: Final = (
    "demo", "report response-times", "report workload --by adviser", "report workload --by month",
    "report adjustments", "report duty", "evaluation compare", "explain score", "evaluate",
    "log tail", "timeline", "list", "do", "seal", "bundle", "views", "rebuild", "import", "serve",
)  # fmt: skip


def test_every_command_of_the_first_steps_is_tested_here() -> None:
    ours = [line.removeprefix(CALL) for line in steps() if line.startswith(CALL)]
    assert len(ours) == len(TESTED)
    assert all(line.startswith(of) for line, of in zip(ours, TESTED, strict=True))
    assert [line for line in steps() if not line.startswith(CALL)] == [
        'psql "$(.venv/bin/anjuan db url --role app)"'
    ]


def test_response_times_have_a_line_for_each_point(city: Shell) -> None:
    told = shown(city, *step("report response-times"))
    assert re.search(r"^C0001 +[1-9]", told.out, re.MULTILINE)
    assert "simulated, not real" in told.err


def test_workload_as_known_then_is_less_than_of_the_whole_story(city: Shell) -> None:
    asked = step("report workload --by adviser")
    then = shown(city, *asked).json()
    now = shown(city, *[one for one in asked if one not in ("--as-known-at", "2026-04-01")]).json()
    assert then["basis"]["simulated"]
    assert then["basis"]["recorded_at"] < "2026-04-01"
    services = [sum(row["services"] for row in one["rows"]) for one in (then, now)]
    assert 0 < services[0] < services[1]


def test_what_came_on_record_of_march_since_then_is_told(city: Shell) -> None:
    told = shown(city, *step("report workload --by month"))
    (line,) = re.findall(r"^rows 2026-03 +- +services +(\d+) +(\d+)", told.out, re.MULTILINE)
    assert 0 < int(line[0]) < int(line[1])
    assert "recorded 2026-04-01 0" in told.err.splitlines()[0]


def test_adjustments_name_the_cells_and_the_events(city: Shell) -> None:
    told = shown(city, *step("report adjustments"))
    assert re.search(r"changed +\w+ +\d+ +\d+ +\d+:\w+\.\w+", told.out)


def test_duty_is_readable(city: Shell) -> None:
    told = shown(city, *step("report duty"))
    assert len(told.out.splitlines()) > 20
    assert not re.search(r"UUID|datetime|\(|[0-9a-f]{8}-", told.out)


def test_lists_speak_chinese_and_every_command_explains_itself(city: Shell) -> None:
    told = shown(city, *step("list"))
    assert "来源渠道" in told.out.splitlines()[0]
    assert len(told.out.splitlines()) > 5
    helped = shown(city, *step("do"))
    assert "登记事项" in helped.out
    assert "--visitor.name" in helped.out


def test_a_correction_shows_what_changed_and_every_item_its_events(city: Shell) -> None:
    told = city.run(*step("evaluation compare"))
    assert (told.code, told.err) == (1, "1 of 1 subjects differ.\n")
    assert re.search(r"added 2026-\d\d-\d\d \w+: \d+ ", told.out)
    told = shown(city, *step("explain score"))
    assert re.search(r"used: 2026-03-\d\d \w+.*events \d+", told.out)
    assert re.search(r"determined after objection 2 by .*: 6, computed 0.00, events \d+", told.out)
    assert "determination 3" in told.err


def test_a_trial_writes_nothing(city: Shell) -> None:
    before = shown(city, "log", "stats", "--json").json()
    assert re.search(r"^digest [0-9a-f]{64}$", shown(city, *step("evaluate")).out, re.MULTILINE)
    assert shown(city, "log", "stats", "--json").json() == before


def test_an_id_from_the_log_has_its_timeline(city: Shell) -> None:
    lines = shown(city, *step("log tail")).out.splitlines()
    assert len(lines) == 20
    assert all(UUID(line.split("  ")[3]) for line in lines)
    request = some(city, "request")
    asked = [one.replace("ID", request) for one in step("timeline")]
    told = shown(city, *asked)
    assert "request.logged" in told.out


def test_what_is_sealed_is_verified_and_called_a_simulation(city: Shell) -> None:
    first, _, second = " ".join(step("seal")).partition(f" && {CALL}")
    shown(city, *first.split())
    told = shown(city, *second.split())
    assert told.out.startswith("OK: ")
    assert told.err.startswith("Simulated: ")
    assert shown(city, "verify", "--json").json()["simulated"] is True
    assert shown(city, "checkpoint", "show").out.startswith("anjuan-simulation/")


def test_a_bundle_is_checked_by_bare_python_and_says_what_it_is_of(
    city: Shell, tmp_path: Path
) -> None:
    shown(city, "seal", "--now")
    out = tmp_path / "case.zip"
    asked = [one.replace("case.zip", str(out)) for one in step("bundle complaint")]
    shown(city, *(some(city, "complaint") if one == "ID" else one for one in asked))
    code, told = verify(unpacked(out, tmp_path / "unpacked"))
    assert code == 0, told
    assert "SIMULATED: its log was founded as a simulation" in told
    assert "模拟日志" in (tmp_path / "unpacked" / "index.html").read_text(encoding="utf-8")


def test_views_have_no_fault_and_are_the_same_when_built_anew(city: Shell) -> None:
    told = shown(city, *step("views")).out.splitlines()
    assert told[0].split() == ["name", "version", "position", "lag", "faults"]
    assert all(line.endswith("0") for line in told[1:])
    rebuilt: list[dict[str, Any]] = shown(city, *step("rebuild"), "--json").json()
    assert all(one["equal"] for one in rebuilt)


def test_an_import_is_tried_and_says_what_it_would_take(city: Shell, tmp_path: Path) -> None:
    columns = tomllib.loads(MAPPING.read_text())["columns"].values()
    names = [one for value in columns for one in ([value] if isinstance(value, str) else value)]
    (tmp_path / "FILE.csv").write_text(",".join(dict.fromkeys(names)) + "\n")
    asked = [one.replace("FILE.csv", str(tmp_path / "FILE.csv")) for one in step("import")]
    asked = [one.replace("examples/", f"{ROOT}/examples/") for one in asked]
    before = shown(city, "log", "stats", "--json").json()
    assert "0" in shown(city, *asked).out
    assert shown(city, "log", "stats", "--json").json() == before


def test_the_url_for_psql_reads_the_log_and_changes_nothing(city: Shell) -> None:
    url = shown(city, "db", "url", "--role", "app").out.strip()
    with psycopg.connect(url) as connection:
        assert connection.execute("SELECT count(*) FROM log_events").fetchone()
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("DELETE FROM log_events")
