"""`anjuan init`, `token`, `import` and `publish` as an office meets them: one home, without a
programmer."""

import json
import os
import pty
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.imports.sheet import Sheet, write_workbook
from api.office import TEMPLATE, office_of
from tests.api.cli.test_cli import Shell, Told
from tests.databases import temporary_home


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Shell, Path, Told]]:
    """A home that was founded with the template of settings, a folder, and what was told."""
    folder = tmp_path_factory.mktemp("office")
    with temporary_home() as home:
        shell = Shell(home)
        printed = shell.run("init", "--template")
        (folder / "office.toml").write_text(printed.out, "utf-8")
        founded = shell.run("init", "--office", folder / "office.toml")
        try:
            yield shell, folder, founded
        finally:
            shell.run("db", "stop")


def test_init_founds_the_office_lists_its_divisions_and_says_what_to_do_next(
    office: tuple[Shell, Path, Told],
) -> None:
    shell, _, founded = office
    assert founded.code == 0, founded.err
    assert "广州市天河区司法局 (SFJ-440106), division 440106: 252 divisions listed" in founded.out
    for said in ("anjuan import template", "anjuan token add", "anjuan serve"):
        assert said in founded.err
    kept = office_of(shell.home)
    assert kept is not None
    assert (kept.division, kept.calendar) == ("440106", "gz-office")
    listed = shell.run("timeline", "organ:SFJ-440106")
    assert listed.code == 0, listed.err


def test_init_again_adds_nothing_with_or_without_the_office(
    office: tuple[Shell, Path, Told],
) -> None:
    shell, folder, _ = office
    before = shell.run("log", "stats", "--json").json()
    again = shell.run("init", "--office", folder / "office.toml", "--json").json()
    assert again["divisions"] == 0
    assert {one["outcome"] for one in again["publications"]} == {"there"}
    assert {one["outcome"] for one in shell.run("init", "--json").json()} == {"there"}
    assert shell.run("log", "stats", "--json").json()["events"] == before["events"]


def test_init_opens_the_account_of_the_first_administrator_once(
    office: tuple[Shell, Path, Told], tmp_path: Path
) -> None:
    shell, folder, _ = office
    file, first = tmp_path / "office.toml", '\n[administrator]\ncode = "li-ming"\nname = "李明"\n'
    file.write_text((folder / "office.toml").read_text("utf-8") + first, "utf-8")
    for _ in range(2):
        founded = shell.run("init", "--office", file, "--json")
        assert founded.code == 0, founded.err
    told = shell.run("timeline", "account:li-ming", "--json")
    assert told.code == 0, told.err
    topics = [one["topic"] for one in json.loads(told.out)["events"]]
    assert topics == ["account.opened/1", "account.post_given/1"]
    kept = (shell.home / "office.toml").read_text("utf-8")
    assert "李明" not in kept


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('division = "44010"', ["division", "2, 4, 6, 9 or 12 digits"]),
        ('division = "440100"', ["division", "4401"]),
        ('calendar = "nowhere"', ["calendar", "gz-office", "gz-room"]),
        ('kalendar = "gz-room"', ["kalendar"]),
        ("name = 7", ["name", "str"]),
        ("name =", ["office.toml"]),
    ],
)
def test_settings_of_an_office_that_are_wrong_are_refused_before_anything_is_written(
    line: str, words: list[str], office: tuple[Shell, Path, Told], tmp_path: Path
) -> None:
    shell, _, _ = office
    key = line.partition(" ")[0]
    kept = [one for one in TEMPLATE.splitlines() if not one.startswith(f"{key} =")]
    (tmp_path / "office.toml").write_text("\n".join([*kept, line]), "utf-8")
    shell.run("init", "--office", tmp_path / "office.toml").failed(2, *words, "--template")


def test_on_a_terminal_init_asks_which_office_it_is() -> None:
    ours, theirs = pty.openpty()
    with temporary_home() as home:
        env = {k: v for k, v in os.environ.items() if not k.startswith("ANJUAN_")}
        process = subprocess.Popen(
            [sys.executable, "-m", "api.cli", "init"],
            cwd=Path(__file__).parents[4], env=env | {"ANJUAN_HOME": str(home)},
            stdin=theirs, stdout=theirs, stderr=subprocess.PIPE,
        )  # fmt: skip
        try:
            os.write(ours, "越秀区司法局\n440104\ngz-room\nli-ming\n李明\n".encode())
            _, told = process.communicate(timeout=60)
            assert process.returncode == 0, told
            found = office_of(home)
            assert found is not None
            assert (found.name, found.division, found.calendar) == (
                "越秀区司法局", "440104", "gz-room",
            )  # fmt: skip
        finally:
            process.kill()
            os.close(ours)
            os.close(theirs)
            Shell(home).run("db", "stop")


def test_a_point_without_a_calendar_has_that_of_its_office(
    office: tuple[Shell, Path, Told],
) -> None:
    shell, folder, _ = office
    file = folder / "points.xlsx"
    heading = ["code", "kind", "name", "division", "valid_from"]
    write_workbook(
        file, [Sheet(name="x", lines=[heading, ["R9", "室", "甲", "440106001001", "2020-01-01"]])]
    )
    done = shell.run("import", "points", file, "--json").json()
    assert (done["imported"], done["rejected"]) == (1, [])
    timeline = shell.run("timeline", "point:R9", "--json").out
    assert '"calendar":"gz-office"' in timeline
    assert '"role":"importer"' in timeline
    assert '"unit":"440106"' in timeline


def test_an_import_names_the_rejected_rows_and_keeps_them(
    office: tuple[Shell, Path, Told],
) -> None:
    shell, folder, _ = office
    file, rejects = folder / "advisers.csv", folder / "rejects.xlsx"
    file.write_text("顾问编号,姓名,律所编号\nB1,张,L1\nB2,,L1\n甲,李,L1\n", "utf-8")
    done = shell.run("import", "advisers", file, "--rejects", rejects)
    assert done.code == 1, done.err
    assert "2 rows were rejected: exit code 1" in done.err
    assert "3 rows: 1 imported, 0 unchanged, 2 rejected" in done.out
    assert "姓名 (name) is empty" in done.out
    assert str(rejects) in done.err
    assert rejects.exists()


def test_doctor_finds_nothing_odd_about_an_import_and_counts_what_it_shows(
    office: tuple[Shell, Path, Told], tmp_path: Path
) -> None:
    shell, _, _ = office
    file = tmp_path / "firms.csv"
    file.write_text("code,name\nD1,甲\n", "utf-8")
    assert shell.run("import", "firms", file).code == 0
    found = shell.run("doctor", "--json").json()
    assert [one for one in found if "importer" in one["what"] or "acted" in one["what"]] == []
    levels = [one["level"] for one in found]
    shown, whole = shell.run("doctor"), shell.run("doctor", "--all")
    counted = f"{levels.count('danger')} dangers, {levels.count('odd')} odd; "
    fine = f"{levels.count('fine')} checks found nothing"
    assert shown.out.splitlines()[-1] == f"{counted}{fine} (--all shows them)"
    assert whole.out.splitlines()[-1] == counted + fine
    unsafe = len(levels) - levels.count("fine")
    assert len(shown.out.splitlines()) == unsafe + 2
    assert len(whole.out.splitlines()) == len(levels) + 2


def test_the_exit_code_says_whether_every_row_is_in(
    office: tuple[Shell, Path, Told], tmp_path: Path
) -> None:
    shell, _, _ = office
    lines = [["code", "name"], ["E1", "甲"], ["E2", ""]]
    for kept, code in ((lines[:2], 0), (lines, 1)):
        book, flat = tmp_path / f"{code}.xlsx", tmp_path / f"{code}.csv"
        write_workbook(book, [Sheet(name="firms", lines=kept)])
        flat.write_text("\n".join(map(",".join, kept)) + "\n", "utf-8")
        for asked in (("import", "firms", flat), ("import", "workbook", book)):
            for more in (("--dry-run",), ("--json",), ()):
                told = shell.run(*asked, *more)
                assert (told.code, "exit code 1" in told.err) == (code, code == 1), told.err


def test_init_without_a_terminal_and_an_office_says_that_none_was_founded() -> None:
    with temporary_home() as home:
        shell = Shell(home)
        try:
            for more in ((), ("--json",)):
                told = shell.run("init", *more)
                assert told.code == 0
                assert "No office founded; to found one: anjuan init --office FILE" in told.err
            assert shell.run("log", "stats", "--json").json()["events"] > 0
            assert office_of(home) is None
        finally:
            shell.run("db", "stop")


def test_templates_are_written_once(office: tuple[Shell, Path, Told], tmp_path: Path) -> None:
    shell, _, _ = office
    for name in ("points", "workbook"):
        target = tmp_path / f"{name}.xlsx"
        assert shell.run("import", "template", name, "--out", target).code == 0
        shell.run("import", "template", name, "--out", target).failed(2, str(target))


def test_a_file_that_is_no_list_is_one_line(office: tuple[Shell, Path, Told]) -> None:
    shell, folder, _ = office
    (folder / "x.csv").write_text("a,b\n1,2\n")
    shell.run("import", "points", folder / "x.csv").failed(2, "headings", "nothing was imported")


def test_tokens_are_made_listed_and_revoked(office: tuple[Shell, Path, Told]) -> None:
    shell, _, _ = office
    who = ("--account", "wang", "--role", "duty_officer", "--unit", "R9")
    made = shell.run("token", "add", *who)
    token = made.out.strip()
    assert len(token) >= 32
    assert token not in (shell.home / "tokens.toml").read_text("utf-8")
    listed = shell.run("token", "list", "--json").json()
    assert [(one["account"], one["role"]) for one in listed] == [("wang", "duty_officer")]
    assert token not in json.dumps(listed)
    shell.run("token", "revoke", "000000").failed(1, "000000", "anjuan token list")
    gone = shell.run("token", "revoke", listed[0]["id"], "--json").json()
    assert [one["id"] for one in gone] == [listed[0]["id"]]
    assert shell.run("token", "list", "--json").json() == []


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--account", "w", "--role", "clerk", "--unit", "R9"), ["clerk", "duty_officer"]),
        (("--account", "w", "--role", "importer", "--unit", "R9"), ["importer"]),
        (("--account", "王", "--role", "auditor", "--unit", "R9"), ["account", "ASCII"]),
        (("--account", "w", "--role", "adviser", "--unit", "R9"), ["--adviser"]),
        (("--account", "w", "--role", "auditor"), ["--unit"]),
    ],
)
def test_a_token_that_no_one_could_use_is_not_made(
    options: tuple[str, ...], words: list[str], office: tuple[Shell, Path, Told]
) -> None:
    shell, _, _ = office
    shell.run("token", "add", *options).failed(2, *words)


def test_a_policy_with_a_wrong_limit_is_refused_with_its_line_and_published_when_it_is_right(
    office: tuple[Shell, Path, Told],
) -> None:
    shell, folder, _ = office
    file = folder / "limits.toml"
    text = (
        'code = "th-limits"\nversion = 1\neffective_from = 2027-01-01\nbasis = "本区"\n'
        '[limits."legal_aid/clos"]\namount = 5\nunit = "working_day"\n'
    )
    file.write_text(text, "utf-8")
    shell.run("publish", "policy", file).failed(
        2, "limits.toml:5: limits.legal_aid/clos", "as legal_aid/close", "nothing was published"
    )
    file.write_text(text.replace("legal_aid/clos", "legal_aidd/close"), "utf-8")
    shell.run("publish", "policy", file).failed(2, "limits.toml:5: ", "相近的有：legal_aid/close")
    file.write_text(text.replace("/clos", "/close"), "utf-8")
    checked = shell.run("publish", "policy", file, "--check", "--json").json()
    assert [one["outcome"] for one in checked] == ["would_be_published"]
    done = shell.run("publish", "policy", file, "--json").json()
    assert done == [{"kind": "policy", "ref": "th-limits@1", "outcome": "published"}]
    assert shell.run("publish", "policy", file, "--json").json()[0]["outcome"] == "there"


def test_a_form_that_nobody_could_fill_in_is_refused_with_the_line_of_its_column(
    office: tuple[Shell, Path, Told],
) -> None:
    shell, folder, _ = office
    file = folder / "form.json"
    file.write_text(
        json.dumps(
            {
                "code": "criticism", "version": 2, "purpose": "report", "title": "表",
                "basis": "本区",
                "fields": [{"code": "own_column", "title": "自有", "kind": "text"}],
            },
            indent=1,
        ),
        "utf-8",
    )  # fmt: skip
    refused = shell.run("publish", "form", file)
    assert refused.code == 1
    assert "form.json:9" in refused.err
    assert "own_column" in refused.err


def test_a_rule_set_is_checked_by_its_own_rules(office: tuple[Shell, Path, Told]) -> None:
    shell, folder, _ = office
    rules = json.loads(shell.run("ruleset", "show", "adviser-year@3").out)
    rules |= {"version": 4}
    file = folder / "rules.json"
    file.write_text(json.dumps(rules, ensure_ascii=False, indent=1), "utf-8")
    checked = shell.run("publish", "ruleset", file, "--check", "--json").json()
    assert [one["outcome"] for one in checked] == ["would_be_published"]
    rules["items"][0]["maximum"] = "999"
    file.write_text(json.dumps(rules, ensure_ascii=False, indent=1), "utf-8")
    shell.run("publish", "ruleset", file).failed(2, "rules.json:", "nothing was published")


def test_next_years_calendars_come_from_a_short_list(office: tuple[Shell, Path, Told]) -> None:
    shell, folder, _ = office
    file = folder / "2027.csv"
    file.write_text(
        "日期,截止,类型,名称\n2027/1/1,2027/1/3,放假,元旦\n2027-01-30,,上班,春节\n", "utf-8"
    )
    one = shell.run("publish", "calendar", "--days", file, "--after", "gz-room", "--json").json()
    assert [(done["ref"], done["outcome"]) for done in one] == [("gz-room@4", "published")]
    every = shell.run("publish", "calendar", "--days", file, "--json").json()
    assert [(done["ref"], done["outcome"]) for done in every] == [
        ("gz-office@4", "published"), ("gz-center@4", "published"), ("gz-room@4", "there"),
    ]  # fmt: skip
    shell.run("publish", "calendar").failed(2, "--days")


def test_days_off_are_counted_and_a_year_without_its_long_holidays_is_warned_of(
    office: tuple[Shell, Path, Told],
) -> None:
    shell, folder, _ = office
    publish = (
        "publish", "calendar", "--check", "--replace-year", "2027",
        "--after", "gz-center", "--days",
    )  # fmt: skip
    file, whole = folder / "short.csv", folder / "whole.csv"
    file.write_text("日期,截止,类型,名称\n2027/1/1,2027/1/3,放假,元旦\n", "utf-8")
    told = shell.run(*publish, file)
    assert told.code == 0, told.err
    assert "2027: 3 days off, 0 make-up days." in told.err
    assert "2027 names no 春节、国庆: the list looks incomplete" in told.err
    rows = (
        "2027/2/5,2027/2/11,放假,春节假期\n2027/10/1,2027/10/7,放假,国庆节\n2027-01-30,,上班,春节\n"
    )
    whole.write_text("日期,截止,类型,名称\n2027/1/1,2027/1/3,放假,元旦\n" + rows, "utf-8")
    told = shell.run(*publish, whole)
    assert "2027: 17 days off, 1 make-up days." in told.err
    assert "incomplete" not in told.err
    assert "放假 17 天" in shell.run(*publish, whole, "--lang", "zh").err


def test_b11_3_a_mistyped_year_takes_nothing_away_and_check_shows_the_difference(
    office: tuple[Shell, Path, Told],
) -> None:
    shell, folder, _ = office
    file = folder / "typo.csv"
    file.write_text("日期,截止,类型,名称\n2026/1/1,2026/1/3,放假,元旦\n", "utf-8")
    publish = ("publish", "calendar", "--days", file, "--after", "gz-office")
    for check in ((), ("--check",)):
        shell.run(*publish, *check).failed(
            1, "the days of 2026 are published already", "--replace-year 2026"
        )
    meant = shell.run(*publish, "--replace-year", "2026", "--check", "--json").json()
    assert meant[0]["outcome"] == "would_be_published"
    assert any("国庆" in one for one in meant[0]["removed"])
    shown = shell.run(*publish, "--replace-year", "2026", "--check")
    assert "  - holidays: 2026-10-01" in shown.out
