"""The command line as its users and other programs meet it: one home, one small simulated city."""

import io
import json
import os
import re
import socket
import stat
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any, Final
from urllib.error import HTTPError, URLError
from urllib.request import urlopen
from uuid import uuid4

import psycopg
import pytest
import rich_click as click
from click.testing import CliRunner
from msgspec import Struct

import api
from api.cli import anjuan, run
from projections.all_views import ALL
from tests.bench import NAMES
from tests.databases import Database, temporary_home

ROOT: Final = Path(__file__).parents[3]
DEMO: Final = ("demo", "--no-serve", "--days", "3", "--seed", "7", "--scale", "0.05")
DATE_LIKE: Final = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z"


class Told(Struct, frozen=True):
    """What a run of the command line left behind."""

    code: int
    out: str
    err: str

    def json(self) -> Any:
        """The last line of the output."""
        assert self.code == 0, self.err
        return json.loads(self.out.splitlines()[-1])

    def failed(self, code: int, *words: str) -> None:
        """With this exit code and one line on standard error that has these words."""
        assert (self.code, self.out) == (code, "")
        assert len(self.err.splitlines()) == 1, self.err
        assert self.err.startswith("anjuan: ")
        for word in words:
            assert word in self.err


class Shell(Struct, frozen=True):
    """Runs the command line for one home."""

    home: Path

    def run(self, *arguments: object, **settings: str) -> Told:
        """In this process, by what the entry point calls."""
        out, err = io.StringIO(), io.StringIO()
        with (
            pytest.MonkeyPatch.context() as patched,
            redirect_stdout(out),
            redirect_stderr(err),
        ):
            patched.setattr(os, "environ", self._environment(settings))
            code = run([*map(str, arguments)])
        return Told(code, out.getvalue(), err.getvalue())

    def start(self, *arguments: object, **settings: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "api.cli", *map(str, arguments)],
            cwd=ROOT, env=self._environment(settings), text=True, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip

    def run_process(self, *arguments: object, **settings: str) -> Told:
        with self.start(*arguments, **settings) as process:
            out, err = process.communicate(timeout=100)
        return Told(process.returncode, out, err)

    def _environment(self, settings: dict[str, str]) -> dict[str, str]:
        env = {k: v for k, v in os.environ.items() if not k.startswith("ANJUAN_")}
        return env | {"ANJUAN_HOME": str(self.home), **settings}


@pytest.fixture(scope="module")
def demonstrated() -> Iterator[tuple[Shell, Any]]:
    """A home that holds a small demonstration, and what its making told."""
    with temporary_home() as home:
        shell = Shell(home)
        done = shell.run_process(*DEMO, "--json")
        try:
            yield shell, done.json()
        finally:
            shell.run("db", "stop")


@pytest.fixture(scope="module")
def city(demonstrated: tuple[Shell, Any]) -> Shell:
    """The home; other tests may have added to it."""
    return demonstrated[0]


# --- help and errors


def commands(group: click.RichGroup, *path: str) -> Iterator[tuple[str, ...]]:
    yield path
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if isinstance(command, click.RichGroup):
            yield from commands(command, *path, name)
        else:
            yield (*path, name)


COMMANDS: Final = list(commands(anjuan))


def test_the_commands_of_the_contract_are_there() -> None:
    assert set(COMMANDS) >= {
        ("demo",), ("init",), ("serve",), ("project",), ("import", "casework"),
        ("report", "workload"), ("report", "response-times"), ("report", "satisfaction"),
        ("report", "criticism"), ("report", "work-statistics"), ("report", "duty"),
        ("report", "coverage"), ("report", "adjustments"), ("report", "versions"),
        ("report", "city"), ("report", "submit"), ("report", "resubmit"),
        ("timeline",), ("explain", "deadline"), ("views",), ("rebuild",), ("log", "stats"),
        ("log", "tail"), ("bench",), ("doctor",),
        ("config", "show"), ("db", "url"), ("db", "start"), ("db", "stop"), ("db", "status"),
        ("db", "backup"), ("db", "restore"),
    }  # fmt: skip


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_a_command_explains_itself_and_a_leaf_gives_an_example(path: tuple[str, ...]) -> None:
    helped = CliRunner().invoke(anjuan, [*path, "--help"], prog_name="anjuan")
    assert helped.exit_code == 0, helped.output
    assert " ".join(("anjuan", *path)) in helped.output
    found: click.Command = anjuan
    for name in path:
        assert isinstance(found, click.RichGroup)
        within = found.get_command(click.Context(found), name)
        assert within is not None
        found = within
    if not isinstance(found, click.RichGroup):
        assert re.search(rf"Example: .*anjuan {' '.join(path)}", found.help or "")


@pytest.mark.parametrize(
    ("arguments", "settings", "code", "words"),
    [
        (["dance"], {}, 2, ["dance", "--help"]),
        (["report", "workload", "--by", "moon"], {}, 2, ["moon", "month"]),
        (["report", "workload", "--from", "March"], {}, 2, ["March", "2026-03-02"]),
        (["timeline", "request:7", "--as-known-at", "soon"], {}, 2, ["soon"]),
        (["import", "casework", "nowhere.csv"], {}, 2, ["nowhere.csv", "import casework"]),
        (["config", "show"], {"ANJUAN_PORT": "many"}, 2, ["ANJUAN_PORT"]),
        (["views"], {"ANJUAN_DATABASE_URL": "postgresql://127.0.0.1:1/x"}, 1, ["无法连接数据库"]),
        (["db", "stop"], {"ANJUAN_DATABASE_URL": "postgresql://127.0.0.1:1/x"}, 1, ["not ours"]),
        # S4: a home that is a file, lies under one, or cannot be written to.
        (["init"], {"ANJUAN_HOME": "/dev/null"}, 2, ["ANJUAN_HOME", "/dev/null"]),
        (["log", "stats"], {"ANJUAN_HOME": "/dev/null/below"}, 2, ["/dev/null/below"]),
        (["db", "status"], {"ANJUAN_HOME": "/dev/null"}, 1, ["无法读写", "/dev/null"]),
        (["init"], {"ANJUAN_HOME": "/proc/self"}, 1, ["无法读写", "/proc/self"]),
    ],
)
def test_a_mistake_is_one_line_that_says_what_and_where(
    arguments: list[str], settings: dict[str, str], code: int, words: list[str], tmp_path: Path
) -> None:
    Shell(tmp_path / "home").run_process(*arguments, **settings).failed(code, *words)


# --- the demonstration


def test_a_demonstration_says_what_it_left_and_is_not_simulated_twice(
    demonstrated: tuple[Shell, Any],
) -> None:
    city, told = demonstrated
    assert told["points"] == {"center": 1, "station": 9, "room": 141, "featured": 5}
    assert told["advisers"] == 92
    assert told["requests"] > 0
    assert told["events"] == told["head"] > told["requests"]
    assert told["gapless"] is True
    assert told["seconds"] < 60
    before = city.run("log", "stats", "--json").json()
    again = city.run(*DEMO, "--json")
    assert "already" in again.err
    assert again.json()["head"] == before["head"]
    assert city.run("log", "stats", "--json").json() == before


def test_a_log_is_founded_once_and_what_was_done_is_told(
    database: Database, tmp_path: Path
) -> None:
    shell = Shell(tmp_path / "home")
    ours = {
        "ANJUAN_DATABASE_URL": database.owner_url,
        "ANJUAN_APP_DATABASE_URL": database.app_url,
    }
    first = shell.run("init", "--json", **ours).json()
    assert {one["outcome"] for one in first} == {"published"}
    assert {
        "kind": "policy",
        "code": "service-limits",
        "version": 2,
        "outcome": "published",
    } in first
    again = shell.run("init", **ours)
    assert again.code == 0
    assert "service-limits" in again.out
    assert "1 there, 2 there" in again.out
    assert f"0 versions published, {len(first)} there already" in again.err
    assert shell.run("log", "stats", "--json", **ours).json()["events"] == len(first)


def test_another_demonstration_does_not_go_into_the_same_home(city: Shell) -> None:
    before = city.run("log", "stats", "--json").json()
    city.run("demo", "--no-serve", "--seed", "8").failed(1, "seed=7", "ANJUAN_HOME")
    assert city.run("log", "stats", "--json").json() == before


def test_every_simulated_event_is_marked_as_such(demonstrated: tuple[Shell, Any]) -> None:
    city, told = demonstrated
    lines = city.run("log", "tail", "-n", "100000", "--json").out.splitlines()
    events = [json.loads(line) for line in lines][: told["events"]]
    assert len(events) == told["events"]
    assert {event["device"] for event in events} == {"simulation"}
    assert len({event["correlation"] for event in events}) == 1


# --- looking


def test_the_logs_figures_are_those_of_its_rows(city: Shell) -> None:
    told = city.run("log", "stats", "--json").json()
    assert set(told) == {"events", "head", "gapless", "first_recorded_at", "last_recorded_at"}
    with psycopg.connect(city.run("db", "url").out.strip()) as connection:
        row = connection.execute("SELECT count(*), max(notification_id) FROM log_events").fetchone()
    assert row == (told["events"], told["head"])
    assert re.fullmatch(DATE_LIKE, told["first_recorded_at"])
    assert told["first_recorded_at"] <= told["last_recorded_at"]


def test_the_last_events_are_shown_in_order_without_contents(city: Shell) -> None:
    events = [
        json.loads(line) for line in city.run("log", "tail", "-n", 5, "--json").out.split("\n")[:-1]
    ]
    head = city.run("log", "stats", "--json").json()["head"]
    assert [event["position"] for event in events] == list(range(head - 4, head + 1))
    shown = city.run("log", "tail", "-n", 5).out.splitlines()
    assert [line.split()[0] for line in shown] == [str(event["position"]) for event in events]
    assert "{" not in "".join(shown)


def test_following_the_log_shows_what_is_appended(city: Shell, tmp_path: Path) -> None:
    with city.start("log", "tail", "-n", 1, "--follow", "--json") as following:
        assert following.stdout is not None
        last = json.loads(following.stdout.readline())
        imported = city.run("import", "casework", *casework(tmp_path, "followed"), "--json").json()
        lines = [json.loads(following.stdout.readline()) for _ in range(imported["events"])]
        following.terminate()
    assert [line["position"] for line in lines] == [
        last["position"] + number for number in range(1, len(lines) + 1)
    ]
    assert {line["kind"] for line in lines} >= {"request.logged", "request.closed"}


def test_views_tell_how_far_they_are_and_follow_before_a_report(
    city: Shell, tmp_path: Path
) -> None:
    city.run("import", "casework", *casework(tmp_path, "behind"))
    behind = city.run("views", "--json").json()
    assert {tuple(view) for view in behind} == {("name", "version", "position", "lag", "faults")}
    assert [view["name"] for view in behind] == [view.NAME for view in ALL]
    assert all(view["lag"] > 0 for view in behind)
    city.run("report", "workload", "--json").json()
    head = city.run("log", "stats", "--json").json()["head"]
    for view in city.run("views", "--json").json():
        assert (view["position"], view["lag"], view["faults"]) == (head, 0, 0)


def test_a_rebuilt_view_is_the_one_that_served(city: Shell) -> None:
    city.run("report", "workload")
    told = city.run("rebuild", "journal", "--workers", 1, "--json").json()
    assert [(one["name"], one["equal"]) for one in told] == [("journal", True)]
    city.run("rebuild", "moon").failed(1, "moon", "journal")


def test_a_timeline_is_everything_of_one_thing_in_log_order(city: Shell) -> None:
    told = city.run("timeline", "point:C0001", "--json").json()
    assert (told["stream"], told["hidden"]) == ("point:C0001", 0)
    opened = told["events"][0]
    assert opened.keys() >= {
        "position", "version", "recorded_at", "occurred_at", "kind", "topic", "actor", "data",
        "event_id",
    }  # fmt: skip
    assert (opened["kind"], opened["topic"]) == ("point.opened", "point.opened/1")
    assert opened["actor"].keys() >= {"account", "role", "unit"}
    assert opened["data"]["kind"] == "center"
    for code in ("adviser:A0001", "calendar:gz-center", "policy:service-limits"):
        assert city.run("timeline", code, "--json").json()["events"]
    assert "广州市公共法律服务中心" in city.run("timeline", "point:C0001").out


def test_the_timeline_of_a_request_holds_its_rating_and_earlier_ones_less(city: Shell) -> None:
    url = city.run("db", "url").out.strip()
    with psycopg.connect(url) as connection:
        row = connection.execute(
            "SELECT convert_from(state, 'UTF8')::json -> 'data' ->> 'request', recorded_at"
            "  FROM log_events WHERE topic = 'rating.invited/1' LIMIT 1"
        ).fetchone()
    assert row is not None
    told = city.run("timeline", f"request:{row[0]}", "--json").json()
    kinds = [event["kind"] for event in told["events"]]
    assert kinds[0] == "request.logged"
    assert "rating.invited" in kinds
    positions = [event["position"] for event in told["events"]]
    assert positions == sorted(positions)
    of_rating = city.run("timeline", f"rating:{row[0]}", "--json").json()
    assert {event["kind"].split(".")[0] for event in of_rating["events"]} == {"rating"}

    before = city.run("timeline", f"request:{row[0]}", "--as-known-at", "2020-01-01", "--json")
    assert (before.code, json.loads(before.out)["events"]) == (1, [])


@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
def test_s4_an_output_without_chinese_is_no_traceback(encoding: str, city: Shell) -> None:
    point = city.run("log", "tail", "-n", "5000", "--json").out.splitlines()
    code = next(
        one["data"]["code"] for one in map(json.loads, point) if one["kind"] == "point.opened"
    )
    told = city.run_process("timeline", f"point:{code}", PYTHONIOENCODING=encoding)
    assert (told.code, told.err) == (0, "")
    exact = city.run_process("timeline", f"point:{code}", "--json", PYTHONIOENCODING=encoding)
    assert exact.json() == city.run("timeline", f"point:{code}", "--json").json()


def test_f10_a_timeline_shows_what_people_wrote_as_they_wrote_it(
    city: Shell, tmp_path: Path
) -> None:
    subject = "合同[/b]条款 [urgent] [red]红[/red] " + "长" * 400
    file, option, mapping = casework(tmp_path, "markup")
    file.write_text(f"id,office,from,until,text\nm1,MARKUP,2023-03-01,,{subject}\n")
    text = mapping.read_text().replace("[columns]", '[columns]\nsubject = "text"')
    mapping.write_text(text)
    told = city.run("import", "casework", file, option, mapping, "--json").json()
    assert told["imported"] == 1
    events = [json.loads(one) for one in city.run("log", "tail", "--json").out.splitlines()]
    stream = [one["stream"] for one in events if one["kind"] == "request.logged"][-1]
    assert subject in city.run("timeline", f"request:{stream}", "--unmask", "核对").out


def test_a_stream_that_does_not_exist_is_no_and_one_that_cannot_is_misuse(city: Shell) -> None:
    assert city.run("timeline", f"request:{uuid4()}", "--json").code == 1
    city.run("timeline", "request:seven").failed(2, "seven", "UUID")
    city.run("timeline", "moon:1").failed(2, "moon:1", "point")


# --- reports


@pytest.mark.parametrize("name", ["workload", "response-times", "satisfaction"])
@pytest.mark.parametrize("by", ["point", "adviser", "service", "division", "month"])
def test_a_report_answers_by_every_key_and_names_its_basis(name: str, by: str, city: Shell) -> None:
    told = city.run("report", name, "--by", by, "--json").json()
    assert told["basis"]["position"] > 0
    assert told["basis"]["as_known_at"] is None
    assert re.fullmatch(DATE_LIKE, told["basis"]["recorded_at"])
    assert told["rows"]
    assert all("key" in row for row in told["rows"])


def test_response_times_have_the_rows_of_the_contract_and_add_up(city: Shell) -> None:
    told = city.run("report", "response-times", "--by", "service", "--json").json()
    for row in told["rows"]:
        assert row.keys() >= {
            "logged", "closed", "open", "median_days_to_close", "p90_days_to_close",
            "median_working_minutes_to_close",
        }  # fmt: skip
        assert row["logged"] == row["closed"] + row["open"]


def test_a_period_holds_its_first_day_and_not_its_last(city: Shell) -> None:
    def services(*period: str) -> int:
        told = city.run("report", "workload", "--by", "month", *period, "--json").json()
        return sum(row["services"] for row in told["rows"])

    first = re.search(r"first_day=(\S+)", city.run("demo", "--no-serve").err)
    assert first
    day = first[1]
    with psycopg.connect(city.run("db", "url").out.strip()) as connection:
        row = connection.execute("SELECT %s::date + 1, %s::date + 2", [day, day]).fetchone()
    assert row is not None
    second, third = map(str, row)
    parts = [services("--to", second), services("--from", second, "--to", third)]
    assert all(parts)
    assert services("--to", third) == sum(parts)
    assert services("--from", second, "--to", second) == 0


def test_a_report_of_a_division_is_a_part_of_the_whole(city: Shell) -> None:
    def keys(*scope: str) -> list[str]:
        told = city.run("report", "workload", "--by", "division", *scope, "--json").json()
        return [row["key"] for row in told["rows"]]

    assert keys("--division", "440106") == [one for one in keys() if one.startswith("440106")]


def test_a_report_as_known_before_anything_is_empty(city: Shell) -> None:
    told = city.run("report", "workload", "--as-known-at", "2020-01-01T00:00+08:00", "--json")
    assert told.json()["rows"] == []
    assert told.json()["basis"]["position"] == 0


def test_a_report_for_people_is_a_table(city: Shell) -> None:
    told = city.run("report", "workload", "--by", "month")
    assert told.out.splitlines()[0].split()[:2] == ["key", "services"]
    assert "position" in told.err


# --- import


def casework(folder: Path, source: str, rows: int = 3) -> tuple[Path, str, Path]:
    """A file and its mapping, as arguments."""
    lines = [f"{number},OLD,2023-05-0{1 + number % 9},2023-06-01" for number in range(rows)]
    (folder / "cases.csv").write_text("\n".join(["id,office,from,until", *lines]) + "\n")
    mapping = (ROOT / "examples" / "nyc_casework.toml").read_text()
    for ours, theirs in {
        '"nyc-council"': f'"{source}"', '"unique_key"': '"id"', '"account"': '"office"',
        '"opendate"': '"from"', '"closedate"': '"until"', 'default = "99"': 'default = "4401"',
    }.items():  # fmt: skip
        mapping = mapping.replace(ours, theirs)
    mapping = re.sub(r"^(service|detail|place) = .*\n", "", mapping, flags=re.MULTILINE)
    (folder / "mapping.toml").write_text(mapping)
    return folder / "cases.csv", "--mapping", folder / "mapping.toml"


def test_an_import_tells_what_it_did_and_puts_bad_rows_aside(city: Shell, tmp_path: Path) -> None:
    arguments = casework(tmp_path, "told")
    with arguments[0].open("a") as file:
        file.write("1,OLD,2023-05-01,\n")
    out = tmp_path / "rejects.csv"
    command = ("import", "casework", *arguments, "--rejects", out)
    ran = [city.run(*command, "--dry-run", "--json"), city.run(*command, "--json")]
    assert out.exists()
    assert [(one.code, "1 rows were rejected" in one.err) for one in ran] == [(1, True)] * 2
    for one in (json.loads(each.out) for each in ran):
        assert one.keys() >= {"rows", "imported", "rejected", "unchanged", "events", "seconds"}
        assert (one["rows"], one["imported"], one["rejected"]) == (4, 3, 1)
    again = json.loads(city.run(*command, "--json").out)
    assert (again["imported"], again["unchanged"], again["events"]) == (0, 3, 0)
    assert "3 unchanged" in city.run(*command).out
    assert out.read_text().splitlines()[0] == "id,office,from,until,reason"


def test_a_mapping_that_does_not_fit_the_file_is_misuse(city: Shell, tmp_path: Path) -> None:
    file, option, mapping = casework(tmp_path, "unfit")
    file.write_text("id,bureau,from,until\n1,OLD,2023-05-01,\n")
    city.run("import", "casework", file, option, mapping).failed(2, "'office'", "bureau")


# --- the database


def test_the_url_of_each_role_is_all_that_is_printed_and_it_connects(city: Shell) -> None:
    for role, name in (("app", "anjuan_app"), ("owner", "anjuan_owner")):
        url = city.run("db", "url", "--role", role).out
        assert url.count("\n") == 1
        with psycopg.connect(url.strip()) as connection:
            assert connection.execute("SELECT current_user").fetchone() == (name,)
    assert "anjuan_super" in city.run("db", "url", "--role", "superuser").out


def test_a_database_of_ones_own_has_its_url_and_no_superuser(city: Shell, tmp_path: Path) -> None:
    owner = city.run("db", "url", "--role", "owner").out.strip()
    other = Shell(tmp_path / "unused")
    told = other.run("db", "url", "--role", "owner", ANJUAN_DATABASE_URL=owner)
    assert told.out.strip() == owner
    other.run("db", "url", "--role", "superuser", ANJUAN_DATABASE_URL=owner).failed(1)
    assert not (tmp_path / "unused").exists()


def test_a_backup_restores_the_log_into_an_empty_home(city: Shell, tmp_path: Path) -> None:
    file = tmp_path / "city.dump"
    assert city.run("db", "backup", file).code == 0
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    events = city.run("log", "stats", "--json").json()["events"]
    city.run("db", "restore", file).failed(1, "只能恢复到没有事件")
    with temporary_home() as home:
        shell = Shell(home)
        try:
            assert shell.run("db", "restore", file).code == 0
            assert shell.run("log", "stats", "--json").json()["events"] == events
        finally:
            shell.run("db", "stop")


def test_the_embedded_server_stops_is_known_to_be_stopped_and_starts() -> None:
    with temporary_home() as home:
        shell = Shell(home)
        try:
            assert shell.run("db", "start").code == 0
            assert shell.run("db", "status", "--json").json()["running"] is True
            assert shell.run("db", "stop").code == 0
            status = shell.run("db", "status", "--json")
            assert (status.code, json.loads(status.out)["running"]) == (1, False)
        finally:
            shell.run("db", "stop")


def test_settings_are_shown_without_secrets(tmp_path: Path) -> None:
    shell = Shell(tmp_path)
    told = shell.run("config", "show", "--json", ANJUAN_SECRET="hush", ANJUAN_PORT="9000")
    assert told.json()["port"] == 9000
    assert told.json()["home"] == str(tmp_path)
    assert "hush" not in told.out
    assert "9000" in shell.run("config", "show", ANJUAN_PORT="9000").out


# --- long-running processes


def test_a_projector_follows_the_log_until_it_is_told_to_stop(city: Shell, tmp_path: Path) -> None:
    with city.start("project") as projector:
        assert projector.stderr is not None
        assert "views" in projector.stderr.readline()
        city.run("import", "casework", *casework(tmp_path, "projected"))
        # A report returns once the views have reached the head, whoever moved them.
        city.run("report", "workload", "--json").json()
        projector.terminate()
        out, _ = projector.communicate(timeout=20)
    assert (projector.returncode, out) == (0, "")


def test_serve_answers_keeps_the_views_and_ends_when_told(city: Shell, tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with city.start("serve", "--port", port) as server:
        try:
            eventually(lambda: status_of(f"http://127.0.0.1:{port}/health/ready") == 200)
            assert status_of(f"http://127.0.0.1:{port}/api/v1/requests") == 401
            city.run_process("serve", "--port", port).failed(1, str(port), "--port")
            city.run("import", "casework", *casework(tmp_path, "served"))
            eventually(lambda: {one["lag"] for one in city.run("views", "--json").json()} == {0})
        finally:
            server.terminate()
            _, err = server.communicate(timeout=30)
    assert server.returncode == 0
    assert "rror" not in err


def eventually(true: Callable[[], bool]) -> None:
    waiting = threading.Event()
    for _ in range(300):
        if true():
            return
        waiting.wait(0.1)
    pytest.fail("it did not come true in 30 s")


def status_of(url: str) -> int:
    try:
        with urlopen(url, timeout=5) as answer:
            return int(answer.status)
    except HTTPError as error:
        error.close()
        return error.code
    except URLError:
        return 0


def test_benchmarks_are_not_looked_for_where_there_is_no_checkout(
    city: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api, "__file__", str(tmp_path / "api" / "__init__.py"))
    city.run("bench").failed(2, "checkout")


def test_every_benchmark_is_offered_by_its_name(city: Shell) -> None:
    listed = city.run("bench", "--help").out
    assert [name for name in NAMES if name not in listed] == []
    city.run("bench", "nonsense").failed(2, "nonsense", *NAMES)


# --- statutory tables


OF: Final = ("--period", "2026-06", "--division", "440106")
"""Before anything was simulated: its tables are empty."""
LI: Final = ("--account", "li", "--role", "supervisor", "--unit", "4401")


def test_a_table_is_submitted_from_the_command_line_by_whoever_is_named(city: Shell) -> None:
    now = city.run("report", "criticism", *OF, "--json").json()
    assert (now["basis"]["of"], now["submission"], now["table"]["rows"]) == ("now", None, [])
    for basis in ("submitted", "then"):
        none = city.run("report", "criticism", *OF, "--basis", basis)
        none.failed(1, "nothing was submitted", "criticism 440106 2026-06")
    city.run("report", "submit", "criticism", *OF).failed(2, "--account", "--role", "--unit")
    auditor = ("--account", "li", "--role", "auditor", "--unit", "4401")
    city.run("report", "submit", "criticism", *OF, *auditor).failed(1, "auditor", "SubmitReport")
    done = city.run("report", "submit", "criticism", *OF, *LI, "--note", "六月", "--json").json()
    kept = city.run("report", "criticism", *OF, "--basis", "submitted", "--json").json()
    assert (kept["digest"], kept["table"]["cut_off"]) == (done["digest"], done["cut_off"])
    assert (kept["submission"]["signer"], kept["submission"]["note"]) == ("li", "六月")
    then = city.run("report", "criticism", *OF, "--basis", "then", "--json").json()
    assert then["table"] == kept["table"]
    city.run("report", "submit", "criticism", *OF, *LI).failed(1, "报表已经报送", "nothing was")
    city.run("report", "resubmit", "criticism", *OF, *LI).failed(2, "--reason")
    again = ("resubmit", "criticism", *OF, *LI, "--reason", "补录一件", "--json")
    assert city.run("report", *again).json()["version"] == 2
    told = city.run("report", "versions", "criticism", *OF, "--json").json()["versions"]
    assert [(one["version"], one["reason"]) for one in told] == [(1, None), (2, "补录一件")]
    changed = city.run("report", "adjustments", "criticism", *OF, "--version", "1", "--json").json()
    assert (changed["adjustments"]["rows"], changed["adjustments"]["reproducible"]) == ([], True)
    city.run("report", "adjustments", "work-statistics", *OF).failed(1, "nothing was submitted")
    query = ("criticism", "--period", "2026-06", "--json")
    parts = {one["division"]: one for one in city.run("report", "city", *query).json()["parts"]}
    assert parts["440106"]["submitted"]["version"] == 2
    assert [one for one in parts.values() if one["submitted"]] == [parts["440106"]]


def test_the_work_of_the_simulated_days_is_a_table(city: Shell) -> None:
    days = city.run("report", "workload", "--by", "month", "--json").json()["rows"]
    of = ("--period", days[-1]["key"], "--division", "4401")
    told = city.run("report", "work-statistics", *of, "--json").json()
    rows = [row["cells"] for row in told["table"]["rows"] if "adviser" not in row["cells"]]
    assert sum(cells["people_reached"] for cells in rows) >= days[-1]["services"] > 0
    assert "point name" in city.run("report", "work-statistics", *of).out
    mine = ("report", "submit", "work-statistics", "--period", "2099-12", "--division", "4401", *LI)
    city.run(*mine).failed(1, "该期间尚未结束")


@pytest.mark.parametrize("name", ["duty", "coverage"])
def test_duty_and_coverage_are_told_now_or_as_known_at_a_submission(name: str, city: Shell) -> None:
    now = city.run("report", name, *OF, "--json").json()
    assert now["basis"]["of"] == "now"
    assert isinstance(now["rows"], list)
    city.run("report", name, *OF, "--basis", "submitted").failed(2, "no table")
    city.run("report", name, *OF, "--basis", "then").failed(1, "nothing was submitted")


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (("--period", "2026-13", "--division", "4401"), "2026-Q2"),
        (("--period", "2026-06", "--division", "44010"), "digits"),
        (("--period", "2026-06"), "--division"),
    ],
)
def test_a_report_that_cannot_be_is_refused(wrong: tuple[str, ...], said: str, city: Shell) -> None:
    city.run("report", "criticism", *wrong).failed(2, said)


def test_show_4_a_report_of_ones_own_is_filled_in_printed_and_submitted(city: Shell) -> None:
    of = ("--period", "2026-06", "--division", "4401")
    text = ("--section", "causes=人手不足", "--section", "measures=增加值班律师")
    city.run("report", "fill", "criticism-analysis", *of, *LI, "--section", "total=9").failed(
        1, "total", "nothing was written"
    )
    city.run("report", "fill", "criticism-analysis", *of, *LI, "--section", "causes").failed(2)
    told = city.run("report", "fill", "criticism-analysis", *of, *LI, *text, "--json").json()
    assert told["position"] > 0
    again = city.run("report", "fill", "criticism-analysis", *of, *LI, *text)
    assert (again.code, again.out) == (0, "Nothing changed.\n")
    shown = city.run("report", "table", "criticism-analysis", *of)
    assert shown.code == 0, shown.err
    for said in (
        "公共法律服务群众批评意见分析报告", "原因分析: 人手不足  [li 20", "[criticism @ ",
        "[criticism, change @ ", "no rows",
    ):  # fmt: skip
        assert said in shown.out
    done = city.run("report", "submit", "criticism-analysis", *of, *LI, "--json").json()
    kept = city.run(
        "report", "table", "criticism-analysis", *of, "--basis", "submitted", "--json"
    ).json()
    assert kept["digest"] == done["digest"]
    assert kept["table"]["sections"]["causes"] == "人手不足"
    assert kept["table"]["entered"]["causes"]["by"] == "li"
    empty = city.run("report", "adjustments", "criticism-analysis", *of)
    assert (empty.code, "nothing changed" in empty.out) == (0, True)
    days = city.run("report", "workload", "--by", "month", "--json").json()["rows"]
    of = ("--period", days[-1]["key"], "--division", "4401")
    row = ("--enter", "1:difficulty=交通不便", "--note", "1=新增一名顾问")
    assert city.run("report", "fill", "village-ledger", *of, *LI, *row).code == 0
    ledger = city.run("report", "table", "village-ledger", *of)
    assert "交通不便 *" in ledger.out
    assert "1: 新增一名顾问  [li 20" in ledger.out
    city.run("report", "table", "no-such-form", *of).failed(1, "no-such-form")


def test_the_queries_that_a_form_may_name_are_listed(city: Shell) -> None:
    found = city.run("report", "queries", "--json").json()["queries"]
    assert {"rows": "village", "query": "services", "limited_by": "service"}.items() <= next(
        one.items() for one in found if (one["rows"], one["query"]) == ("village", "services")
    )


def test_an_event_is_shown_by_its_number_in_its_own_words(city: Shell) -> None:
    opened = city.run("timeline", "point:C0001", "--json").json()["events"][0]
    found = city.run("show", "event", opened["position"], "--json").json()
    assert (found["thing"], found["event"]) == ("point:C0001", opened)
    told = city.run("show", "event", opened["position"], "--lang", "zh").out
    assert "服务点设立" in told
    assert "区划代码的来源" in told
    city.run("timeline", f"event:{opened['position']}").failed(
        2, f"anjuan show event {opened['position']}"
    )
    assert city.run("show", "event", 10**9).code == 1
