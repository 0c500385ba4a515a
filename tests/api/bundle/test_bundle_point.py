"""A point's bundle: what belongs to it, the tables submitted of it, the forms they are filled in
by; what is handed out with names, and to whom."""

import hashlib
import json
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

import pytest
from msgspec import to_builtins
from msgspec.structs import replace

from api.bundle.verify import Read, canonical, check_zones
from domain.complaints.record import RegisterComplaint
from domain.oversight.inspection import HoldInspection
from domain.registers import point
from domain.registers.form import Values
from domain.registration.point_commands import OpenPoint
from domain.reporting.disclosure import Bundle, DisclosePersonalData, disclosure_stream
from domain.reporting.report import (
    ReportRow,
    ResubmitReport,
    SubmitReport,
    Table,
    digest_of,
    report_stream,
)
from domain.vocabulary import SIMULATION, Actor, stream_id
from ledger.log.codec import uuid7
from ledger.log.store import Ledger
from ledger.server.embedded import Cluster
from projections.running.runner import Runner
from tests.api.cli.test_cli import Shell
from tests.api.conftest import Api, problem
from tests.bundles import (
    WHO,
    WHY,
    Office,
    edit,
    failed,
    lines_of,
    relisted,
    unpacked,
    verify,
    write_lines,
)
from tests.complaints import GRIEVANCE
from tests.databases import own_database, temporary_home
from tests.evaluating import PERIOD, a_town
from tests.examples import ADMIN, MORNING, local

ROOM: Final = "R0001"
VILLAGE: Final = "440104001001"
DISTRICT: Final = "440104"
OTHER: Final = "N0001"
QUIET: Final = "2025-05"
OPINION: Final = "张三说顾问来得少"
SUMMARY: Final = "李四反映等候时间长"
BUREAU: Final = Actor(account="b-440104-1", role="supervisor", unit=DISTRICT)
JUSTICE: Final = Actor(account="j-1", role="supervisor", unit="440104001")
REPORT: Final = f"reports/criticism-{DISTRICT}-2026-Q2-2.json"


def table(office: Office, *cells: Values) -> Table:
    return Table(
        template="criticism@1",
        division=DISTRICT,
        period="2026-Q2",
        cut_off=office.one("SELECT position FROM log_head"),
        calendar="gz-office@3",
        rows=tuple(
            ReportRow(cells={"number": number, **one}) for number, one in enumerate(cells, 1)
        ),
    )


def criticism(**more: Any) -> Values:
    return {
        "received_on": "2026-05-06",
        "division": VILLAGE,
        "point": ROOM,
        "channel": "counter",
        "service": "consultation",
        "object": "A0001",
        "aspect": "attitude",
        "summary": SUMMARY,
        "substantiated": True,
        "repeated": False,
        **more,
    }


def lived(office: Office) -> None:
    """Beside the town's quarter: a table submitted twice, a check with an opinion, another point in
    the same village, a complaint about an adviser, and something simulated."""
    give = office.town.give
    one = table(office, criticism())
    stream = report_stream("criticism", DISTRICT, "2026-Q2")
    give(stream, SubmitReport(table=one, digest=digest_of(one)), BUREAU)
    two = table(office, criticism(), criticism(point="S0001", object="王五"))
    again = ResubmitReport(version=2, reason="补报", table=two, digest=digest_of(two))
    give(stream, again, BUREAU)
    opened = OpenPoint(
        code=OTHER, kind="room", name="另一服务室", division=VILLAGE, division_source="示例",
        valid_from=date(2026, 1, 1), calendar="gz-office",
    )  # fmt: skip
    give(stream_id(point.KIND, OTHER), opened, ADMIN)
    about = replace(GRIEVANCE, point=ROOM, adviser="A0001")
    give(uuid7(), RegisterComplaint(grievance=about), BUREAU)
    for where in (ROOM, OTHER):
        give(uuid7(), check(where), JUSTICE, local("2026-06-20 10:00"))
    with Ledger(office.town.url) as ledger:
        at = local("2026-06-21 10:00")
        ledger.execute(
            uuid7(), check(ROOM), by=JUSTICE, occurred_at=at, late_reason="补录", device=SIMULATION
        )


def check(where: str) -> HoldInspection:
    answers: Values = {
        "contract_signed": True, "public_display": True, "wechat_group": True, "log_complete": True,
        "ledger_kept": True, "visits": 2, "onsite_minutes": 480, "lectures": 1, "absences": 0,
        "committee_heard": True, "opinion": OPINION,
    }  # fmt: skip
    return HoldInspection(
        kind="check", point=where, checklist="village-check@1", answers=answers,
        late_reason="补录",
    )  # fmt: skip


@pytest.fixture(scope="module")
def office(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with temporary_home() as home, own_database(cluster) as database:
        town = a_town(database.app_url)
        office = Office(Shell(home), database, town, tmp_path_factory.mktemp("bundles"))
        lived(office)
        office.run("seal", "--now", "--json").json()
        Runner(database.app_url).catch_up()
        yield office


@pytest.fixture
def room(office: Office, tmp_path: Path) -> Path:
    """The bundle of the village's room, masked, in a folder of its own."""
    return unpacked(office.bundle("point", ROOM, "--period", PERIOD), tmp_path / "room")


def facts_in(folder: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((folder / "facts.json").read_bytes())
    return found


# --- what belongs to a point


def test_a_point_has_its_own_and_what_is_owed_and_done_in_its_village(room: Path) -> None:
    code, out = verify(room)
    assert code == 0, out
    facts = facts_in(room)
    own = {one["fact"] for one in facts if one.get("point") == ROOM}
    of_village = {one["fact"] for one in facts if one.get("point") is None}
    assert own >= {"service", "deed", "inspection"}
    assert of_village == {"visit", "appointment", "duty", "quota"}
    assert {one["village"] for one in facts if "village" in one} == {VILLAGE}
    assert {one.get("point") for one in facts} == {ROOM, None}
    page = (room / "index.html").read_text("utf-8")
    assert "不列入：写明其他服务点的记录" in page


def test_what_names_another_point_of_the_village_is_that_ones(
    office: Office, tmp_path: Path
) -> None:
    folder = unpacked(office.bundle("point", OTHER, "--period", PERIOD), tmp_path)
    code, out = verify(folder)
    assert code == 0, out
    facts = facts_in(folder)
    assert [one["fact"] for one in facts if one.get("point")] == ["inspection"]
    assert {one["fact"] for one in facts} == {"inspection", "visit", "appointment", "duty", "quota"}
    streams = {json.loads(line["entry"])["topic"] for line in lines_of(folder) if "entry" in line}
    assert not any(one.startswith(("request.", "complaint.")) for one in streams)


def test_a_period_in_which_nothing_happened_is_an_empty_bundle_that_holds(
    office: Office, tmp_path: Path
) -> None:
    folder = unpacked(office.bundle("point", "F0001", "--period", QUIET), tmp_path)
    code, out = verify(folder)
    assert code == 0, out
    assert facts_in(folder) == []
    assert json.loads((folder / "reports.json").read_bytes()) == []
    assert "no table was submitted" in out
    assert "期间内没有记录" in (folder / "index.html").read_text("utf-8")


def test_facts_that_no_entry_gives_are_named(room: Path) -> None:
    edit(room, "facts.json", lambda facts: facts[1:])
    failed(room, "facts.json")


# --- tables and forms


def test_every_version_of_a_table_travels_with_its_form(room: Path) -> None:
    reports = json.loads((room / "reports.json").read_bytes())
    of_quarter = [one for one in reports if one["template"] == "criticism@1"]
    assert [one["version"] for one in of_quarter] == [1, 2]
    assert {one["division"] for one in reports} == {DISTRICT}
    assert of_quarter[1]["totals"]["rows"] == 2
    assert of_quarter[1]["totals"]["substantiated"] == 2
    forms = {one.name for one in (room / "forms").iterdir()}
    assert forms == {
        "criticism@1.json", "village-check@1.json", "village-ledger@1.json",
        "work-statistics@1.json",
    }  # fmt: skip
    page = (room / "index.html").read_text("utf-8")
    assert "公共法律服务群众批评意见统计表" in page
    assert "第 2 版" in page


def test_a_table_without_personal_data_is_the_bytes_that_its_digest_is_of(room: Path) -> None:
    whole = [one for one in json.loads((room / "reports.json").read_bytes()) if not one["masked"]]
    assert whole
    for one in whole:
        data = (room / one["table"]).read_bytes()
        assert hashlib.sha256(data).hexdigest() == one["digest"]


def test_what_a_table_tells_of_other_points_is_masked_with_the_persons(
    office: Office, room: Path, tmp_path: Path
) -> None:
    own, other = json.loads((room / REPORT).read_bytes())["rows"]
    assert own["cells"]["object"] == "A0001"
    assert own["cells"]["summary"] == "＊＊＊"
    assert {other["cells"][name] for name in ("object", "point", "summary", "aspect")} == {"＊＊＊"}
    assert other["cells"]["substantiated"] is True
    assert "王五" not in "".join(one.read_text("utf-8") for one in every_text(room))
    assert "their digests cannot be checked" in verify(room)[1]

    options = ("--period", PERIOD, "--personal", *WHO, *WHY)
    personal = unpacked(office.bundle("point", ROOM, *options), tmp_path / "personal")
    code, out = verify(personal)
    assert (code, "masked" in out.split("\n")[2]) == (0, False), out
    two = json.loads((personal / REPORT).read_bytes())
    assert [row["cells"]["summary"] for row in two["rows"]] == [SUMMARY, SUMMARY]


def every_text(folder: Path) -> list[Path]:
    return [one for one in folder.rglob("*") if one.suffix in {".json", ".jsonl", ".html"}]


def test_no_file_of_a_masked_bundle_has_what_an_opinion_says(room: Path) -> None:
    for place in every_text(room):
        assert OPINION not in place.read_text("utf-8"), place
    answers = [one["answers"] for one in facts_in(room) if one["fact"] == "inspection"]
    assert {one["opinion"] for one in answers if "opinion" in one} == {"＊＊＊"}


def alter_a_table(folder: Path) -> tuple[str, ...]:
    """With care: entry, file and claim alike."""
    name = next(one for one in json.loads((folder / "reports.json").read_bytes())
                if one["template"] == "work-statistics@1")["table"]  # fmt: skip
    edit(folder, name, figure)
    return name, "consultations is"


def figure(table: Any) -> Any:
    table["rows"][0]["cells"]["consultations"] += 1
    return table


def alter_a_masked_table(folder: Path) -> tuple[str, ...]:
    """What is masked has no digest; its file, its totals and its form are compared."""
    lines = lines_of(folder)
    for line in lines:
        if "report.resubmitted/1" in line["entry"]:
            state = json.loads(line["masked"])
            state["data"]["table"]["rows"][0]["cells"]["substantiated"] = "yes"
            line["masked"] = canonical(state).decode()
    write_lines(folder, lines)
    return "entries.jsonl", "row 1 does not fit criticism@1", "which is no yes_no"


def swap_a_template(folder: Path) -> tuple[str, ...]:
    checklist = json.loads((folder / "forms/village-check@1.json").read_bytes())
    edit(folder, "forms/criticism@1.json", lambda _: checklist)
    return "forms/criticism@1.json", "is"


def leave_out_a_template(folder: Path) -> tuple[str, ...]:
    (folder / "forms/criticism@1.json").unlink()
    relisted(folder)
    return "forms/criticism@1.json", "is missing"


def leave_out_a_table(folder: Path) -> tuple[str, ...]:
    (folder / REPORT).unlink()
    relisted(folder)
    return REPORT, "is missing"


def add_a_table(folder: Path) -> tuple[str, ...]:
    (folder / "reports/made-up.json").write_bytes(b"{}")
    relisted(folder)
    return "reports/made-up.json", "no entry tells of it"


def change_a_total(folder: Path) -> tuple[str, ...]:
    def change(reports: Any) -> Any:
        reports[0]["totals"]["rows"] += 1
        return reports

    edit(folder, "reports.json", change)
    return "reports.json", "totals.rows"


def leave_out_a_submission(folder: Path) -> tuple[str, ...]:
    lines = [one for one in lines_of(folder) if '"report.submitted/1"' not in one["entry"]]
    write_lines(folder, lines)
    return "entries.jsonl", "version 1 of stream"


def leave_out_a_form_entry(folder: Path) -> tuple[str, ...]:
    lines = lines_of(folder)
    for line in lines:
        if '"form.published/1"' in line["entry"]:
            line.pop("state")
    write_lines(folder, lines)
    return "entries.jsonl", "(form.published/1) is absent"


def alter_an_answer(folder: Path) -> tuple[str, ...]:
    lines = lines_of(folder)
    line = next(one for one in lines if "inspection.held/1" in one["entry"] and "masked" in one)
    state = json.loads(line["masked"])
    state["data"]["answers"]["visits"] = "many"
    line["masked"] = canonical(state).decode()
    write_lines(folder, lines)
    return "entries.jsonl", "the answers do not fit village-check@1: visits is 'many'"


@pytest.mark.parametrize(
    "tamper",
    [alter_a_table, alter_a_masked_table, swap_a_template, leave_out_a_template, leave_out_a_table,
     add_a_table, change_a_total, leave_out_a_submission, leave_out_a_form_entry, alter_an_answer],
)  # fmt: skip
def test_a_changed_table_or_form_is_named_though_the_manifest_fits(
    room: Path, tamper: Callable[[Path], tuple[str, ...]]
) -> None:
    failed(room, *tamper(room))


def test_a_table_that_does_not_fit_its_own_digest_is_named(office: Office, tmp_path: Path) -> None:
    """As if the log had frozen it so: unmasked, with a state that its entry's digest is of."""
    options = ("--period", PERIOD, "--personal", *WHO, *WHY)
    folder = unpacked(office.bundle("point", ROOM, *options), tmp_path)
    lines = lines_of(folder)
    line = next(one for one in lines if '"report.submitted/1"' in one["entry"])
    state = json.loads(line["state"])
    state["data"]["digest"] = "0" * 64
    line["state"] = canonical(state).decode()
    entry = json.loads(line["entry"])
    entry["state"] = hashlib.sha256(line["state"].encode()).hexdigest()
    line["entry"] = canonical(entry).decode()
    write_lines(folder, lines)
    failed(
        folder, "do not give the root" if (folder / "leaves.bin").exists() else "what was sealed"
    )


# --- what is simulated, and where local time comes from


def test_what_is_simulated_is_called_so_by_page_and_verifier(room: Path) -> None:
    assert "SIMULATED: 1 of the states" in verify(room)[1]
    page = (room / "index.html").read_text("utf-8")
    assert "模拟数据" in page
    assert "有 1 条是模拟产生的" in page
    assert "期间尚未结束" not in page


def test_a_period_that_still_runs_is_called_so(office: Office, tmp_path: Path) -> None:
    """It is sealed before its last day."""
    folder = unpacked(office.bundle("point", ROOM, "--period", "2027"), tmp_path)
    assert verify(folder)[0] == 0
    assert "期间尚未结束" in (folder / "index.html").read_text("utf-8")


def test_whether_the_machine_has_other_time_zones_is_said(tmp_path: Path) -> None:
    calendar = {"zone": "Asia/Shanghai", "first_year": 2024, "last_year": 2026}
    told = [{"topic": "calendar.published/1", "data": {"calendar": calendar}}]
    found = Read({}, told, {}, set(), 0)
    assert check_zones(found, [str(tmp_path)])[0].endswith("this machine has none to compare")
    own = tmp_path / "Asia/Shanghai"
    own.parent.mkdir()
    tables = files("tzdata.zoneinfo")
    own.write_bytes((tables / "Asia" / "Shanghai").read_bytes())
    assert check_zones(found, [str(tmp_path)])[0].endswith("this machine's own says the same")
    own.write_bytes((tables / "Asia" / "Tokyo").read_bytes())
    assert check_zones(found, [str(tmp_path)])[0].endswith("this machine's own says OTHERWISE")


def test_local_time_is_by_the_tables_that_travel_not_by_the_machines(room: Path) -> None:
    told = verify(room)[1]
    assert "local time in Asia/Shanghai" in told
    assert "UTC+0800, by the table here" in told
    shanghai = room / "code/zones/Asia/Shanghai"
    shanghai.unlink()
    relisted(room)
    failed(room, "code/zones/Asia/Shanghai", "no table of the time zone")
    shanghai.write_bytes((files("tzdata.zoneinfo") / "Asia" / "Tokyo").read_bytes())
    relisted(room)
    failed(room)


# --- whom personal data was shown


def test_personal_data_is_handed_out_by_an_event_that_says_to_whom_why_and_which(
    office: Office, tmp_path: Path
) -> None:
    place = tmp_path / "personal.zip"
    before = office.one("SELECT position FROM log_head")
    command = ("bundle", "point", "S0001", "--period", PERIOD, "--out", place, "--personal")
    auditor = ("--account", "qian", "--role", "auditor", "--unit", "4401")
    made = office.run(*command, *auditor, *WHY, "--json").json()
    assert office.one("SELECT position FROM log_head") == before + 1
    stream = str(disclosure_stream("point", "S0001"))
    state = json.loads(office.one(
        "SELECT convert_from(state, 'UTF8') FROM log_events WHERE originator_id = %s", stream
    ))  # fmt: skip
    assert state["by"] == {"account": "qian", "role": "auditor", "unit": "4401"}
    assert state["data"] | {"at": None} == {
        "bundle": {
            "kind": "point", "name": "S0001", "period": PERIOD, "cut_off": made["position"],
            "manifest": made["manifest"],
        },
        "reason": "纪检部门调阅", "disclosed_to": "qian", "at": None,
    }  # fmt: skip
    told = verify(unpacked(place, tmp_path / "personal"))[1]
    assert f"sha256 of MANIFEST.json: {made['manifest']}" in told
    assert "含个人信息" in (tmp_path / "personal/index.html").read_text("utf-8")

    office.run(*command, *auditor, *WHY, "--json").json()
    assert office.one("SELECT position FROM log_head") == before + 2


def test_without_the_event_nothing_is_handed_out(office: Office, tmp_path: Path) -> None:
    place = tmp_path / "personal.zip"
    before = office.one("SELECT position FROM log_head")
    command = ("bundle", "point", "S0001", "--period", PERIOD, "--out", place, "--personal")
    office.run(*command, *WHO).failed(2, "--reason")
    office.run(*command, *WHO, "--reason", "  ").failed(2, "--reason")
    office.run(*command, *WHO, "--reason", "长" * 501).failed(2, "at most 500")
    clerk = ("--account", "wu", "--role", "duty_officer", "--unit", "4401")
    office.run(*command, *clerk, *WHY).failed(1, "may not have personal data")
    assert list(tmp_path.iterdir()) == []
    assert office.one("SELECT position FROM log_head") == before


def test_who_is_complained_of_gets_no_names_of_who_complained(
    office: Office, tmp_path: Path
) -> None:
    with office.town.connect() as connection:
        row = connection.execute(
            "SELECT stream, adviser FROM views.complaints WHERE adviser IS NOT NULL LIMIT 1"
        ).fetchone()
    assert row is not None
    complaint, adviser = row
    place = tmp_path / "complaint.zip"
    himself = ("--account", "x", "--role", "supervisor", "--unit", "4401", "--adviser", adviser)
    command = ("bundle", "complaint", complaint, "--out", place, "--personal", *WHY)
    office.run(*command, *himself).failed(1, "may not see every complaint in it")
    assert not place.exists()
    office.run(*command, *WHO, "--json").json()
    assert place.exists()


# --- broken on the way


@pytest.mark.parametrize("share", [0.02, 0.5, 0.98])
def test_a_zip_that_is_cut_off_is_one_clear_line(
    office: Office, room: Path, tmp_path: Path, share: float
) -> None:
    data = office.bundle("point", ROOM, "--period", PERIOD).read_bytes()
    cut = tmp_path / "cut.zip"
    cut.write_bytes(data[: int(len(data) * share)])
    failed(room, "cut.zip: cannot be read", arguments=(cut,))


@pytest.mark.parametrize("name", ["entries.jsonl", "facts.json", "reports.json", "bundle.json"])
def test_a_file_that_is_cut_off_is_named(room: Path, name: str) -> None:
    place = room / name
    place.write_bytes(place.read_bytes()[:-20])
    failed(room, name)
    relisted(room)
    failed(room, f"{name}: cannot be read" if name != "entries.jsonl" else "cannot be read")


def test_a_damaged_byte_inside_a_zip_is_one_clear_line(
    office: Office, room: Path, tmp_path: Path
) -> None:
    bundle = office.bundle("point", ROOM, "--period", PERIOD)
    with zipfile.ZipFile(bundle) as archive:
        held = archive.getinfo("entries.jsonl")
    data = bytearray(bundle.read_bytes())
    data[held.header_offset + held.compress_size // 2] ^= 0xFF
    broken = tmp_path / "broken.zip"
    broken.write_bytes(data)
    failed(room, arguments=(broken,))


def test_what_is_no_bundle_is_said_in_one_line(room: Path, tmp_path: Path) -> None:
    failed(room, "cannot be read", arguments=(tmp_path / "nothing.zip",))
    text = tmp_path / "text.zip"
    text.write_text("no zip")
    failed(room, "text.zip: cannot be read", arguments=(text,))
    (tmp_path / "empty").mkdir()
    failed(room, "MANIFEST.json: is missing", arguments=(tmp_path / "empty",))


def test_a_period_is_looked_at_by_the_days_it_has(office: Office, tmp_path: Path) -> None:
    month = unpacked(office.bundle("point", ROOM, "--period", "2026-05"), tmp_path)
    days = {date.fromisoformat(one["day"]) for one in facts_in(month) if one["fact"] == "service"}
    assert days
    assert min(days) >= date(2026, 5, 1)
    assert max(days) <= date(2026, 5, 1) + timedelta(days=30)
    periods = {one["period"] for one in json.loads((month / "reports.json").read_bytes())}
    assert periods == {"2026-05", "2026-Q2"}


def test_who_was_shown_what_is_one_timeline(office: Office, tmp_path: Path) -> None:
    command = ("bundle", "point", "F0001", "--period", PERIOD, "--personal", *WHO, *WHY)
    office.run(*command, "--out", tmp_path / "personal.zip", "--json").json()
    told = office.run("timeline", "disclosure:point:F0001")
    assert told.code == 0
    assert "纪检部门调阅" in told.out


OFFLINE: Final = """
import runpy, sys
sys.argv = ["verify.py"]
try:
    runpy.run_path("verify.py", run_name="__main__")
finally:
    print({"socket", "ssl", "http", "urllib.request"} & sys.modules.keys())
"""


def test_the_verifier_has_no_way_to_a_network(room: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", OFFLINE],
        cwd=room, capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert done.stdout.startswith("OK: point")
    assert done.stdout.endswith("set()\n")


def test_to_whom_a_complaint_was_disclosed_is_hidden_from_whom_it_is_about(
    api: Api, ledger: Ledger
) -> None:
    about = {"grievance": to_builtins(GRIEVANCE), "late_reason": "停电"}
    answer = api.post("/complaints", about, occurred_at=MORNING.isoformat())
    complaint = str(answer.json()["stream"])
    bundle = Bundle(kind="complaint", name=complaint, cut_off=1, manifest="7a" * 32)
    auditor = Actor(account="qian", role="auditor", unit="4401")
    command = DisclosePersonalData(bundle=bundle, reason="纪检部门调阅")
    ledger.execute(disclosure_stream("complaint", complaint), command, by=auditor)
    history = f"/streams/disclosure/complaint:{complaint}/events"
    (event,) = api.get(history, by="leader").json()["events"]
    assert event["data"]["disclosed_to"] == "qian"
    assert problem(api.get(history, by="lawyer")) == (404, "not-found")
