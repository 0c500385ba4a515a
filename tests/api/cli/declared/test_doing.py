"""`anjuan do`: a new office at work by the command line alone."""

import json
from pathlib import Path
from typing import Final
from uuid import uuid4

import pytest
from msgspec import Struct

from api.cli.declared.application import place_of
from api.web.problems import Problem
from domain.vocabulary import stream_id
from tests.api.cli.test_cli import Shell, Told
from tests.databases import Database

CLERK: Final = ("--account", "wu", "--role", "duty_officer", "--unit", "ROOM-1")
OTHER: Final = ("--account", "he", "--role", "duty_officer", "--unit", "ROOM-1")
LEADER: Final = ("--account", "chief", "--role", "supervisor", "--unit", "440103")
CITY: Final = ("--account", "city", "--role", "administrator", "--unit", "4401")
LAWYER: Final = (
    "--by-account", "chen", "--by-role", "adviser", "--by-unit", "ROOM-1", "--by-adviser", "A-1",
)  # fmt: skip
LOGGED: Final = (
    "do", "request", "log", "--point", "ROOM-1", "--channel", "counter",
    "--service", "consultation", "--subject", "拖欠工资",
)  # fmt: skip

YES: Final = (
    "contract_signed", "public_display", "wechat_group", "log_complete", "ledger_kept",
    "committee_heard",
)  # fmt: skip
FOUND: Final = (
    *(f"{one}=true" for one in YES),
    *("visits=2", "onsite_minutes=180", "lectures=1", "opinion=好"),
)
CHECKED: Final = tuple(word for one in FOUND for word in ("--answers", one))


class Office(Struct, frozen=True):
    """A home whose log is in a database of its own, empty but for one room and one adviser."""

    shell: Shell
    database: Database

    def run(self, *words: object, **settings: str) -> Told:
        urls = {
            "ANJUAN_DATABASE_URL": self.database.owner_url,
            "ANJUAN_APP_DATABASE_URL": self.database.app_url,
        }
        return self.shell.run(*words, **urls, **settings)

    def did(self, *words: object) -> str:
        """What the command printed: the name of what it made."""
        told = self.run(*words)
        assert told.code == 0, (words, told.err)
        return told.out.strip()

    def position(self) -> int:
        head: int = self.run("log", "stats", "--json").json()["head"]
        return head


@pytest.fixture
def office(database: Database, home: Path) -> Office:
    made = Office(Shell(home), database)
    made.did("init")
    made.did("do", "point", "open", "--code", "ROOM-1", "--kind", "room", "--name", "一号室",
             "--division", "440103001001", "--division-source", "2023",
             "--valid-from", "2020-01-01", *CITY)  # fmt: skip
    made.did(
        "do", "adviser", "register", "--code", "A-1", "--name", "陈", "--firm", "FIRM-1", *CITY
    )
    return made


def test_an_empty_home_becomes_an_office_and_works_a_line_each(office: Office) -> None:
    request = office.did(*LOGGED, "--visitor.name", "陈小明", *CLERK)
    office.did("do", "request", "give-consultation", request, "--mode", "onsite", "--minutes", 30,
               *CLERK)  # fmt: skip
    office.did("do", "rating", "invite", request, *CLERK)
    code = office.run("do", "rating", "issue-code", request, "--json", *OTHER).json()
    token = code["link"].rpartition("/")[2]
    office.did("do", "rating", "public-give", request, token, "--grade", 4)
    office.did("do", "request", "close", request, "--kind", "answered", *CLERK)
    assert kinds_of(office, f"request:{request}") >= {
        "request.logged", "request.consultation_given", "rating.given", "request.closed",
    }  # fmt: skip
    complaint = office.did(
        "do", "complaint", "register", "--grievance.point", "ROOM-1",
        "--grievance.channel", "counter", "--grievance.service", "consultation",
        "--grievance.concern", "attitude", "--grievance.subject", "态度",
        "--grievance.complainant.name", "李", *LEADER,
    )  # fmt: skip
    office.did("do", "complaint", "accept", complaint, "--if-version", 1, *LEADER)
    assert kinds_of(office, f"complaint:{complaint}") >= {
        "complaint.registered",
        "complaint.accepted",
    }
    firm = ("--provider", "firm", "--code", "FIRM-1", "--since", "2020-01-01")
    office.did("do", "appointment", "link-provider", "--division", "440103001", *firm, *LEADER)
    work = office.did(
        "do", "worklog", "log-work", "--work.village", "440103001001", "--work.service", "lecture",
        "--work.mode", "onsite", "--work.ended-at", "2026-01-05T10:30", "--work.summary", "讲座",
        "--work.clients", "elderly=12", "--occurred-at", "2026-01-05T09:00",
        "--late-reason", "网络故障", *LAWYER,
    )  # fmt: skip
    assert kinds_of(office, f"worklog:{work}") == {"worklog.logged"}
    visit = office.did(
        "do", "inspection", "hold", "--kind", "check", "--point", "ROOM-1",
        "--checklist", "village-check@1", *CHECKED, *LEADER,
    )  # fmt: skip
    assert kinds_of(office, f"inspection:{visit}") == {"inspection.held"}


def kinds_of(office: Office, stream: str) -> set[str]:
    return {one["kind"] for one in office.run("timeline", stream, "--json").json()["events"]}


# --- refusals


def test_what_the_rules_refuse_is_one_line_and_nothing_is_written(office: Office) -> None:
    before = office.position()
    nowhere = ("do", "request", "log", "--point", "NOWHERE", *LOGGED[5:], *CLERK)
    office.run(*nowhere).failed(1, "NOWHERE", "没有这个服务点", "nothing was written")
    office.run(*nowhere, "--lang", "zh").failed(1, "没有这个服务点", "NOWHERE", "未写入")
    office.run("do", "request", "close", uuid4(), "--kind", "answered", *CLERK).failed(1, "没有")
    office.run("do", "request", "close", "7", "--kind", "answered", *CLERK).failed(2, "ID", "'7'")
    office.run(*LOGGED, "--visitor.phone", "x", *CLERK).failed(2, "visitor.phone", "digits")
    assert office.position() == before


def test_who_may_not_over_http_may_not_here(office: Office) -> None:
    auditor = ("--account", "a", "--role", "auditor", "--unit", "4401")
    before = office.position()
    office.run(*LOGGED, *auditor).failed(1, "您的岗位无权进行此操作", "auditor")
    office.run(*LOGGED, *auditor, "--dry-run").failed(1, "您的岗位无权进行此操作")
    office.run(*LOGGED).failed(2, "--account", "--role", "--unit")
    office.run(*LOGGED, *CLERK[:-1], "一 号").failed(2, "--unit")
    assert office.position() == before


def test_what_is_needed_and_not_given_is_named(office: Office) -> None:
    office.run(*LOGGED[:5], *CLERK).failed(2, "--channel, --service, --subject", "--help")
    office.run(*LOGGED[:5], *CLERK, "--lang", "zh").failed(2, "缺少：--channel")


def test_a_version_that_was_seen_and_moved_on_is_a_conflict(office: Office) -> None:
    request = office.did(*LOGGED, *CLERK)
    note = ("do", "request", "add-note", request, "--text", "补充", *CLERK)
    office.did(*note, "--if-version", 1)
    office.run(*note, "--if-version", 1).failed(1, "version 2", "nothing was written")
    office.did(*note)


# --- the envelope


def test_a_key_sent_again_writes_nothing_and_is_answered_again(office: Office) -> None:
    first = office.run(*LOGGED, "--key", "k-1", "--json", *CLERK).json()
    assert office.run(*LOGGED, "--key", "k-1", "--json", *CLERK).json() == first
    again = office.run(*LOGGED, "--detail", "另有", "--key", "k-1", *CLERK)
    again.failed(2, "--key")
    office.run(*LOGGED, "--key", "k" * 201, *CLERK).failed(2, "idempotency key missing")
    assert office.position() == first["position"]


def test_a_dry_run_tells_what_would_be_written_and_writes_nothing(office: Office) -> None:
    before = office.position()
    would = office.run(*LOGGED, "--dry-run", "--json", *CLERK).json()
    assert [one["topic"] for one in would] == ["request.logged/1"]
    assert would[0]["data"]["subject"] == "拖欠工资"
    assert "拖欠工资" in office.run(*LOGGED, "--dry-run", *CLERK).out
    assert office.position() == before


def test_when_it_happened_is_told_by_the_clock_of_china_where_no_other_is_named(
    office: Office,
) -> None:
    late = ("--occurred-at", "2026-03-02T09:00", "--late-reason", "停电")
    request = office.did(*LOGGED, *late, *CLERK)
    found = office.run("timeline", f"request:{request}", "--json").json()["events"][0]
    assert found["occurred_at"] == "2026-03-02T01:00:00Z"


def test_a_command_may_come_as_json(office: Office, tmp_path: Path) -> None:
    file = tmp_path / "request.json"
    file.write_text(json.dumps({"point": "ROOM-1", "channel": "counter", "subject": "旧"}))
    said = (
        "do",
        "request",
        "log",
        "--body",
        file,
        "--service",
        "notary",
        "--subject",
        "新",
        *CLERK,
    )
    request = office.did(*said)
    told = office.run("timeline", f"request:{request}", "--unmask", "核对", "--json").json()
    found = told["events"][0]["data"]
    assert (found["service"], found["subject"]) == ("notary", "新")


def test_an_evaluation_is_known_by_its_name_as_by_its_id() -> None:
    under, name = "/evaluations/{id:uuid}/cancel", "adviser-year:4401:2026"
    stream = stream_id("evaluation", name)
    assert place_of(under, {"id": name}) == place_of(under, {"id": str(stream)})
    with pytest.raises(Problem):
        place_of("/requests/{id:uuid}/close", {"id": name})
    with pytest.raises(Problem):
        place_of(under, {"id": "adviser-year:4401"})
