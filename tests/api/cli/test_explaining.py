"""`anjuan explain deadline` and the timeline of a complaint, on a log of a few events."""

from pathlib import Path
from typing import Any, Final

import pytest
from msgspec import Struct
from msgspec.structs import replace

from domain.complaints.record import (
    AcceptComplaint,
    ExtendDeadline,
    PauseComplaint,
    RegisterComplaint,
    ResumeComplaint,
)
from domain.complaints.routing import AssignComplaint, BeginInvestigation, SignForComplaint
from domain.registration.policy_commands import PublishPolicy
from domain.requests.request_commands import LogRequest
from domain.vocabulary import Actor, Command, stream_id
from ledger.log.store import Ledger
from tests.api.cli.test_cli import Shell, Told
from tests.api.conftest import FOUNDING
from tests.complaints import COMPLAINT, COMPLAINT_RULES, GRIEVANCE, HANDLER, OFFICER
from tests.databases import Database
from tests.examples import CLERK, MORNING, REQUEST, RULES, local

ADMIN: Final = Actor(account="admin-1", role="administrator", unit="4401")
RULED: Final = PublishPolicy(
    policy=replace(COMPLAINT_RULES, version=2, limits={**RULES.limits, **COMPLAINT_RULES.limits})
)
STEPS: Final[tuple[tuple[str, Actor, Command], ...]] = (
    ("2026-03-02 09:00", CLERK, RegisterComplaint(grievance=GRIEVANCE, late_reason="停电")),
    ("2026-03-02 12:00", OFFICER, AcceptComplaint()),
    ("2026-03-02 15:00", OFFICER, AssignComplaint(unit="STATION-1")),
    ("2026-03-02 16:00", HANDLER, SignForComplaint()),
    ("2026-03-02 17:00", HANDLER, BeginInvestigation()),
    ("2026-03-10 10:00", HANDLER, PauseComplaint(cause="supplement", items=("录音",))),
    ("2026-03-12 10:00", HANDLER, ResumeComplaint()),
    ("2026-03-13 10:00", OFFICER, ExtendDeadline(amount=5, reason="案情复杂", notified="phone")),
)


class Log(Struct, frozen=True):
    """The command line over one database."""

    shell: Shell
    database: Database

    def run(self, *arguments: object) -> Told:
        return self.shell.run(
            *arguments,
            ANJUAN_DATABASE_URL=self.database.owner_url,
            ANJUAN_APP_DATABASE_URL=self.database.app_url,
        )


@pytest.fixture
def log(database: Database, home: Path) -> Log:
    """A complaint whose answer was paused and extended, and a request."""
    founding = [*(command for _, command in FOUNDING), RULED]
    with Ledger(database.app_url) as ledger:
        for command in founding:
            kind, code = _named(command)
            ledger.execute(stream_id(kind, code), command, by=ADMIN)
        for at, by, command in STEPS:
            ledger.execute(COMPLAINT, command, by=by, occurred_at=local(at), late_reason="补录")
        logged = LogRequest(
            point="ROOM-1",
            channel="counter",
            service="consultation",
            subject="拖欠工资",
            late_reason="停电",
        )
        ledger.execute(REQUEST, logged, by=CLERK, occurred_at=MORNING, late_reason="补录")
    return Log(Shell(home), database)


def _named(command: Any) -> tuple[str, str]:
    """Kind and code of the register entry that a command founds."""
    for kind in ("calendar", "policy"):
        if (entry := getattr(command, kind, None)) is not None and not isinstance(entry, str):
            return kind, entry.code
    return ("adviser" if hasattr(command, "firm") else "point"), command.code


def test_a_deadline_is_explained_stretch_by_stretch(log: Log) -> None:
    told = log.run("explain", "deadline", f"complaint:{COMPLAINT}", "answer", "--json").json()
    assert (told["stream"], told["name"], told["round"]) == (f"complaint:{COMPLAINT}", "answer", 1)
    assert (told["policy"], told["calendar"]) == ("service-limits@2", "gz-office@1")
    assert (told["due"], told["met_at"]) == ("2026-04-02T10:00:00Z", None)
    assert [(step["kind"], step["first"], step["last"]) for step in told["explanation"]] == [
        ("start", "2026-03-02", "2026-03-02"),
        ("rule", "2026-03-02", "2026-03-02"),
        ("extended", "2026-03-02", "2026-03-02"),
        ("skipped", "2026-03-07", "2026-03-07"),
        ("skipped", "2026-03-08", "2026-03-08"),
        ("paused", "2026-03-10", "2026-03-12"),
        ("skipped", "2026-03-14", "2026-03-14"),
        ("skipped", "2026-03-15", "2026-03-15"),
        ("skipped", "2026-03-21", "2026-03-21"),
        ("skipped", "2026-03-22", "2026-03-22"),
        ("skipped", "2026-03-28", "2026-03-28"),
        ("skipped", "2026-03-29", "2026-03-29"),
        ("calendar", "2026-03-02", "2026-04-02"),
        ("due", "2026-04-02", "2026-04-02"),
    ]


def test_a_deadline_is_explained_to_people(log: Log) -> None:
    told = log.run("explain", "deadline", f"complaint:{COMPLAINT}", "answer").out
    for words in (
        "起算：2026-03-02 12:00", "期限：15个工作日", "延期：5个工作日", "暂停：补正材料",
        "2026-03-10 – 2026-03-12", "日历：gz-office@1", "届满：2026-04-02 18:00",
        "规则：service-limits@2", "进行中",
    ):  # fmt: skip
        assert words in told
    kept = log.run("explain", "deadline", f"complaint:{COMPLAINT}", "acknowledge").out
    assert "已于 2026-03-02 12:00 履行" in kept


def test_the_promises_of_a_request_are_explained_too(log: Log) -> None:
    told = log.run("explain", "deadline", f"request:{REQUEST}", "first_response", "--json").json()
    assert (told["due"], told["policy"]) == ("2026-03-02T07:00:00Z", "service-limits@2")
    assert told["explanation"][-1]["text"] == "届满：2026-03-02 15:00"


def test_a_promise_that_was_never_given_has_no_reason(log: Log) -> None:
    log.run("explain", "deadline", f"complaint:{COMPLAINT}", "review").failed(1, "review")
    second = ("explain", "deadline", f"complaint:{COMPLAINT}", "answer", "--round", 2)
    log.run(*second).failed(1, "answer")
    log.run("explain", "deadline", "complaint:seven", "answer").failed(2, "seven", "UUID")
    log.run("explain", "deadline", f"complaint:{COMPLAINT}", "tomorrow").failed(2, "tomorrow")
    before = ("explain", "deadline", f"request:{REQUEST}", "close", "--as-known-at", "2020-01-01")
    log.run(*before).failed(1, "close")


def test_the_timeline_of_a_complaint_tells_who_acted_and_what_was_promised(log: Log) -> None:
    told = log.run("timeline", f"complaint:{COMPLAINT}", "--json").json()
    assert (told["stream"], told["hidden"], len(told["events"])) == (
        f"complaint:{COMPLAINT}", 0, len(STEPS),
    )  # fmt: skip
    for event in told["events"]:
        assert event.keys() >= {
            "position", "recorded_at", "occurred_at", "kind", "actor", "links",
        }  # fmt: skip
        assert event["actor"].keys() >= {"account", "role", "unit"}
    assert told["events"][0]["links"] == ["adviser:A-1", "point:ROOM-1"]
    assert {one["name"] for one in told["promises"]} == {
        "acknowledge", "assign", "return", "answer",
    }  # fmt: skip
    for promise in told["promises"]:
        assert promise.keys() >= {"due", "met_at", "explanation"}
        assert promise["explanation"][-1]["kind"] == "due"
