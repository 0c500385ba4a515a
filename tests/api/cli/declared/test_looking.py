"""`anjuan list` and `anjuan show`, and what every command shows people, in a simulated town."""

import json
import re
from collections.abc import Iterator
from typing import Any, Final

import pytest
from msgspec import Struct
from rich.table import Table

from api.cli.declared.naming import command_line_of, is_list
from api.cli.declared.options import fields_of
from api.rights import PUBLIC
from api.serving.questions import QUESTIONS
from api.web.questions import Question
from tests.api.cli.test_cli import Shell, Told
from tests.databases import temporary_home

DEMO: Final = (
    "demo", "--no-serve", "--days", 5, "--seed", 7, "--scale", 0.05, "--first-day", "2026-03-01",
)  # fmt: skip
MONTH: Final = "2026-03"
LEADER: Final = ("--account", "chief", "--role", "supervisor", "--unit", "4401")
CITY: Final = ("--account", "city", "--role", "administrator", "--unit", "4401")
DEVICE: Final = "device-9"
WHOLE: Final = ("--division", "4401")
RUN: Final = ("--ruleset", "adviser-year@1", "--period", "2026", *WHOLE)


class TheTown(Struct, frozen=True):
    """A home that holds a simulated town, and one of each thing in it."""

    shell: Shell
    things: dict[str, str]
    """Kind of event → id of what it happened to; and the codes that the registers use."""

    def show(self, *words: object, code: int = 0, **settings: str) -> Told:
        told = self.shell.run(*words, **settings)
        assert told.code == code, (words, told.err)
        return told

    def words_of(self, question: Question) -> list[str]:
        """A command line that asks it, of something that is there."""
        line = command_line_of(question).split()[1:]
        return [
            *line[:2],
            *(self._said(question, word) for word in line[2:]),
            *self._more(question),
        ]

    def _said(self, question: Question, word: str) -> str:
        of_a_thing = word in ("ID", "CODE", "KEY")
        if (own := f"{question.name} {word}") in self.things:
            return self.things[own]
        return self.things[question.tag if of_a_thing else word.lower()]

    def _more(self, question: Question) -> tuple[str, ...]:
        device = ("--account", DEVICE, "--role", "device", "--unit", self.things["point"])
        period = ("--period", MONTH, *WHOLE)
        more: dict[str, tuple[str, ...]] = {
            "TrialRun": (*RUN, "--subjects", self.things["subject"]),
            **dict.fromkeys(("Duty", "Doubts", "Coverage", "Criticism", "AdviserVisits"), period),
            **dict.fromkeys(("Rounds", "LeaderReceptions"), ("--period", "2026-Q1")),
            "HelperCounts": ("--year", "2026", *WHOLE),
            "ReportParts": ("--period", MONTH, "--template", "criticism"),
            "DeviceQueue": device,
            "Subjects": ("--point", self.things["point"]),
        }
        return more.get(question.name, ())


@pytest.fixture(scope="module")
def town() -> Iterator[TheTown]:
    with temporary_home() as home:
        shell = Shell(home)
        shell.run_process(*DEMO, "--json").json()
        try:
            yield furnished(shell)
        finally:
            shell.run("db", "stop")


def furnished(shell: Shell) -> TheTown:
    """With what a few days of a town do not have, by the command line."""
    lines = shell.run("log", "tail", "-n", 100_000, "--json").out.splitlines()
    events = [json.loads(line) for line in lines]
    things = {one["kind"].partition(".")[0]: one["stream"] for one in events}
    sat = next(one["data"] for one in events if one["kind"] == "roster.window_taken")
    served = shell.run("list", "duty", "--period", MONTH, *WHOLE, "--json").json()["rows"]
    duty = next(one for one in served if one["adviser"])
    evaluation = shell.run("do", "evaluation", "open", *RUN, *LEADER).out.strip()
    sample = shell.run("do", "sample", "announce", "--of", "worklog", *WHOLE, "--size", 2,
                       "--purpose", "抽查", *LEADER).out.strip()  # fmt: skip
    named = ("work-statistics", "--period", MONTH, *WHOLE)
    submitted = shell.run("report", "submit", *named, *LEADER)
    assert submitted.code == 0, submitted.err
    clerk = ("--account", "wu", "--role", "duty_officer", "--unit", sat["point"])
    rated = shell.run(
        "do", "request", "log", "--point", sat["point"], "--channel", "counter",
        "--service", "consultation", "--subject", "欠薪", *clerk,
    ).out.strip()  # fmt: skip
    served = ("--mode", "onsite", "--minutes", 9)
    shell.run("do", "request", "give-consultation", rated, *served, *clerk)
    shell.run("do", "rating", "invite", rated, *clerk)
    code = shell.run("do", "rating", "issue-code", rated, *LEADER, "--json").json()
    follow = shell.run("show", "follow-code", rated, *LEADER, "--json").json()
    complaint = shell.run(
        "do", "complaint", "register", "--grievance.point", sat["point"],
        "--grievance.channel", "counter", "--grievance.service", "consultation",
        "--grievance.concern", "attitude", "--grievance.subject", "态度", *LEADER,
    ).out.strip()  # fmt: skip
    ordered = shell.run(
        "do", "rectification", "order", "--source", "assessment", "--source-stream", evaluation,
        "--addressee.kind", "point", "--addressee.code", sat["point"], "--items", "公示", *LEADER,
    )  # fmt: skip
    assert ordered.code == 0, ordered.err
    device = shell.run("do", "point", "place-device", sat["point"], "--device", DEVICE,
                       "--window", "W1", *CITY)  # fmt: skip
    assert device.code == 0, device.err
    first = {one["kind"]: one["data"] for one in reversed(events)}
    village = first["needs.noted"]["village"]
    plans = (one["data"] for one in events if one["kind"] == "visitplan.planned")
    plan = next(one for one in plans if one["village"] == village)
    return TheTown(shell, things | awarded_and_met(shell, sat["point"], rated) | {
        "firm": first["firm.registered"]["code"], "team": first["team.formed"]["code"],
        "organ": first["organ.listed"]["code"], "helper": first["helper.registered"]["code"],
        "village": village, "month": plan["month"], "Device CODE": DEVICE,
        "Area DIVISION": first["area.assigned"]["division"],
        "point": sat["point"], "day": sat["day"], "calendar": "gz-office",
        "policy": "service-limits", "form": "criticism", "ruleset": "adviser-year",
        "account": first["account.opened"]["code"],
        "adviser": plan["adviser"], "appointment": duty["village"],
        "complaint": complaint, "rectification": ordered.out.strip(),
        "evaluation": evaluation, "sample": sample, "subject": duty["adviser"],
        "one": "now", "other": "now", "template": "work-statistics", "division": "4401",
        "period": MONTH, "kind": "point", "log": sat["point"], "rating": rated,
        "token": code["link"].rpartition("/")[2], "row": "1",
        "column": "consultations", "position": "1",
        "number": str(follow["number"]), "FollowedRequest CODE": follow["code"],
    })  # fmt: skip


def awarded_and_met(shell: Shell, point: str, request: str) -> dict[str, str]:
    """An award, a conference, a survey, a photo: what does not happen in every week."""
    department = {"code": "organ-02", "name": "市民政局"}
    asked = {
        "measure": "awareness", "question": "是否知道公共法律服务工作室", "answered": 90,
        "positive": 72, "meaning": "知道",
    }  # fmt: skip
    photo = ("--evidence.sha256", "0f" * 32, "--evidence.media-type", "image/jpeg")
    told = {
        "mark": (
            "award", "--kind", "demonstration", "--code", point, "--year", 2025,
            "--awarded-on", "2026-03-02", "--awarded-by", "市司法局", "--basis", "穗司〔2026〕3号",
        ),
        "conference": (
            "hold", "--division", 4401, "--day", "2026-03-02", "--subject", "第一次全体会议",
            "--agenda", "驻点经费", "--attending", json.dumps(department),
        ),
        "survey": (
            "record", "--division", 4401, "--period", "2026-Q1", "--method", "street",
            "--sample-size", 100, "--conducted-on", "2026-03-03", "--conducted-by", "市统计局",
            "--basis", "按街道分层抽样", "--results", json.dumps(asked),
        ),
        "attachments": (
            "attach-file", request, "--of-kind", "request", *photo, "--evidence.size", 1000,
        ),
    }  # fmt: skip
    done = {noun: shell.run("do", noun, *words, *LEADER) for noun, words in told.items()}
    assert [one.err for one in done.values() if one.code] == []
    things = {noun: one.out.strip() for noun, one in done.items()}
    return things | {"attachments": request}


REPR: Final = re.compile(
    r"datetime\.|date\(|UUID\(|Decimal\(|\bNone\b|\bTrue\b|\bFalse\b|<[a-z_.]+ object"
    r"|frozenset|UNSET|\b[A-Z][A-Za-z]+\([a-z_]+=|\d{4}-\d\d-\d\dT\d\d:\d\d"
)
"""What Python writes of a value, and what JSON writes of a time."""


CHINESE: Final = re.compile("[一-鿿]")


@pytest.fixture
def headings(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names that tables show from now on: of columns, and of fields that have a line each."""
    found: list[str] = []
    add_column, add_row = Table.add_column, Table.add_row

    def column(table: Table, header: Any, **more: Any) -> None:
        found.append(str(header))
        add_column(table, header, **more)

    def row(table: Table, *cells: Any, **more: Any) -> None:
        if str(table.columns[0].header) == "项目":
            found.append(str(cells[0]))
        add_row(table, *cells, **more)

    monkeypatch.setattr(Table, "add_column", column)
    monkeypatch.setattr(Table, "add_row", row)
    return found


@pytest.mark.parametrize(
    "question",
    QUESTIONS,
    ids=lambda question: question.name,
)
def test_what_is_shown_to_people_is_no_python_and_in_their_language(
    town: TheTown, question: Question, headings: list[str]
) -> None:
    words = town.words_of(question)
    told = town.show(*words)
    assert told.out
    assert REPR.findall(told.out) == []
    headings.clear()
    chinese = town.show(*words, "--lang", "zh")
    assert REPR.findall(chinese.out) == []
    assert {one for one in headings if not CHINESE.search(one)} == set()


def test_the_language_is_that_of_the_option_the_setting_or_the_locale(town: TheTown) -> None:
    words = ("show", "point", town.things["point"])
    chinese = town.show(*words, "--lang", "zh").out
    assert "编号" in chinese
    assert town.show("--lang", "zh", *words).out == chinese
    assert town.show(*words, ANJUAN_LANG="zh").out == chinese
    assert town.show(*words, LC_ALL="zh_CN.UTF-8").out == chinese
    english = town.show(*words, LC_ALL="C.UTF-8").out
    assert english == town.show(*words, "--lang", "en", ANJUAN_LANG="zh").out != chinese
    assert town.show(*words, "--json", "--lang", "zh").out == town.show(*words, "--json").out


def test_a_list_without_rows_shows_its_headings_and_that_there_is_nothing(town: TheTown) -> None:
    never = ("--as-known-at", "2020-01-01")
    for words in (("points",), ("requests",), ("advisers",), ("evaluations",), ("helpers",)):
        told = town.show("list", *words, *never).out
        assert "rows" not in told
        assert "value" not in told
        *headings, nothing = told.splitlines()
        assert nothing == "nothing"
        assert len(headings[-1].split("  ")) > 3
        chinese = town.show("list", *words, *never, "--lang", "zh").out.splitlines()
        assert chinese[-1] == "没有"
        assert all(CHINESE.search(one) for one in chinese[-2].split("  "))


# --- whom, when, and what is wrong


OF_THE_ASKER: Final = ("Me", "Rights", "OwnSession", "OwnSessions", "DeviceQueue")
"""Questions whose answer is another one for everybody."""
LISTS: Final = [
    one for one in QUESTIONS
    if is_list(one) and one.permission != PUBLIC and one.name not in OF_THE_ASKER
]  # fmt: skip


@pytest.mark.parametrize("question", LISTS, ids=lambda question: question.name)
def test_the_operator_who_names_nobody_sees_whatever_anybody_sees(
    town: TheTown, question: Question
) -> None:
    words = [*town.words_of(question), "--json"]
    his = town.show(*words).json()
    own = {field.flag for field in fields_of(question.query)}
    by = [word if word not in own else f"--by-{word[2:]}" for word in LEADER]
    leaders = town.shell.run(*words, *by)
    assert leaders.code in (0, 1), leaders.err
    assert counted(his) >= (counted(leaders.json()) if leaders.code == 0 else 0)


def counted(answer: Any) -> int:
    """How many things an answer lists, however deep."""
    if isinstance(answer, dict):
        return sum(map(counted, answer.values()))
    return len(answer) + sum(map(counted, answer)) if isinstance(answer, list) else 0


def test_whom_a_complaint_is_about_does_not_see_it_here_either(town: TheTown) -> None:
    complaint = town.show(
        "do", "complaint", "register", "--grievance.point", town.things["point"],
        "--grievance.channel", "counter", "--grievance.service", "consultation",
        "--grievance.concern", "attitude", "--grievance.subject", "无人接听",
        "--grievance.adviser", town.things["adviser"], *LEADER,
    ).out.strip()  # fmt: skip
    about = (
        "--by-account", "lawyer", "--by-role", "adviser", "--by-unit", town.things["point"],
        "--by-adviser", town.things["adviser"],
    )  # fmt: skip
    found = ("list", "complaints", "--text", "无人接听", "--json")
    assert [one["stream"] for one in town.show(*found).json()["rows"]] == [complaint]
    assert town.show(*found, *about).json()["rows"] == []
    town.shell.run("show", "complaint", complaint, *about).failed(1, "没有找到")
    citizen = ("--account", "c", "--role", "citizen", "--by-unit", "4401")
    town.shell.run("list", "complaints", *citizen).failed(1, "您的岗位无权", "citizen")
    town.shell.run("list", "complaints", "--account", "c").failed(2, "--role")


def test_what_was_known_then_and_what_differs_since(town: TheTown) -> None:
    one = ("show", "request", town.things["rating"])
    town.shell.run(*one, "--as-known-at", "2026-03-04").failed(1, "没有找到")
    told = town.show(*one, "--compared-to", "2026-03-04")
    assert "not known" in told.err.splitlines()[0]
    assert "version" in told.out
    town.shell.run(*one, "--as-known-at", "2150-01-01").failed(2, "不能查询将来")


def test_a_page_says_how_the_next_is_asked_for(town: TheTown) -> None:
    first = town.show("list", "points", "--limit", 2)
    mark = first.err.strip().rpartition(" ")[2]
    assert len(first.out.splitlines()) == 3
    second = town.show("list", "points", "--limit", 2, "--cursor", mark)
    assert len(second.out.splitlines()) == 3
    assert set(first.out.splitlines()[1:]).isdisjoint(second.out.splitlines()[1:])
    town.shell.run("list", "points", "--limit", 2, "--cursor", "odd").failed(2, "翻页标记无效")


def test_what_cannot_be_asked_is_one_line(town: TheTown) -> None:
    town.shell.run("show", "request", "7").failed(2, "ID", "'7'")
    town.shell.run("show", "point", "NOWHERE").failed(1, "没有找到")
    town.shell.run("show", "point", "NOWHERE", "--lang", "zh").failed(1, "没有找到")
    town.shell.run("list", "duty").failed(2, "--period")
    town.shell.run("list", "requests", "--limit", 0).failed(2, "limit")
    town.shell.run("list", "requests", "--status", "odd").failed(2, "--status", "open")


# --- made by hand

BY_HAND: Final = (
    "report workload --by month", "report workload --by service", "report response-times",
    "report satisfaction", "report promises", "report criticism {of}",
    "report work-statistics {of}", "report duty {of}", "report doubts {of}",
    "report coverage {of}", "report city criticism {month}",
    "report versions work-statistics {of}", "report adjustments work-statistics {of}",
    "report criticism {of} --compared-to 2026-03-04", "timeline point:{point}",
    "timeline request:{rating} --compared-to 2026-03-04", "explain deadline request:{rating} close",
    "ruleset list", "evaluation list", "evaluation show {evaluation}",
    "evaluate {run} --subjects {subject}",
    "explain score {evaluation} {subject}",
    "evaluation compare {evaluation} 2026-03-04 now", "views", "log stats", "log tail",
    "config show", "db status", "init", "doctor", "seal --now", "checkpoint show", "verify",
)  # fmt: skip
"""Commands that are made by hand and show something to people."""


@pytest.mark.parametrize("line", BY_HAND)
def test_audit_4_10_what_is_made_by_hand_is_no_python_and_in_peoples_language(
    town: TheTown, line: str, headings: list[str]
) -> None:
    month = ("--period", MONTH)
    more = {"of": " ".join((*month, *WHOLE)), "month": " ".join(month), "run": " ".join(RUN)}
    words = line.format(**(town.things | more)).split()
    told = town.shell.run(*words)
    assert told.code in (0, 1), told.err
    assert told.out
    assert REPR.findall(told.out) == []
    headings.clear()
    chinese = town.shell.run(*words, "--lang", "zh")
    assert chinese.code == told.code, chinese.err
    assert REPR.findall(chinese.out) == []
    assert {one for one in headings if not CHINESE.search(one)} == set()
