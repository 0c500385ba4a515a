"""An evaluation is run by what the log knew at a position, and by nothing that came later."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Final

import psycopg
import pytest

from domain.evaluation.evaluation import evaluation_stream
from domain.evaluation.evaluation_commands import CancelEvaluation, GiveHumanScore, opening
from domain.registers.point import CalendarUnknown, PointUnknown
from domain.registration.adviser_commands import RegisterAdviser
from domain.vocabulary import Actor, Command, stream_id
from ledger.founding.shipped import shipped_calendars, shipped_policies, shipped_rulesets
from ledger.log import reading
from ledger.log.store import Ledger
from projections.evaluation.known import (
    Known,
    NobodyToEvaluate,
    RuleSetUnknown,
    known_at,
    population,
    subjects_of,
)
from projections.evaluation.run import RunAsked, prepared
from tests.databases import Database
from tests.evaluating import PANEL
from tests.examples import ADMIN

PERIOD: Final = "2026-Q2"
RULES: Final = next(one.ruleset for one in shipped_rulesets() if one.ruleset.subject == "adviser")
STREAM: Final = evaluation_stream(RULES.ref, "4401", PERIOD)
CALENDARS: Final = [one.calendar for one in shipped_calendars()]
NEWEST: Final = [one.ref for one in CALENDARS if one.code == CALENDARS[0].code][-1]
HONOURS: Final = GiveHumanScore(
    subject="A1", item="honours", value="3", reason="市级表彰", evidence=("0" * 64,)
)


class Written:
    """A log with the shipped rules, written to step by step."""

    def __init__(self, url: str) -> None:
        self.ledger = Ledger(url)
        self.connection = psycopg.connect(url, autocommit=True)

    def close(self) -> None:
        self.ledger.close()
        self.connection.close()

    def publish(self) -> None:
        for kind, published in (
            *(("calendar", one) for one in shipped_calendars()),
            *(("policy", one) for one in shipped_policies()),
            *(("ruleset", one) for one in shipped_rulesets()),
        ):
            self.give(published, stream_id(kind, getattr(published, kind).code))

    def open(self) -> datetime:
        for code in ("A1", "A2"):
            register = RegisterAdviser(code=code, name="陈律师", firm="FIRM-1")
            self.give(register, stream_id("adviser", code))
        return self.give(opening(RULES, "4401", PERIOD, NEWEST, ["A1", "A2"]))

    def give(self, command: Command, stream: Any = STREAM, by: Actor = ADMIN) -> datetime:
        """Write, and return an instant at which that was the last thing known."""
        self.ledger.execute(stream, command, by=by)
        return reading.now(self.connection)

    def known(self, at: datetime | None = None) -> Known:
        return known_at(self.connection, STREAM, at)


@pytest.fixture
def log(database: Database) -> Iterator[Written]:
    written = Written(database.app_url)
    yield written
    written.close()


def test_an_empty_log_knows_no_rules(log: Written) -> None:
    known = log.known()
    assert (known.position, known.state, known.human) == (0, None, {})
    with pytest.raises(RuleSetUnknown):
        known.ruleset(RULES.ref)
    with pytest.raises(CalendarUnknown):
        known.calendar(None)
    with pytest.raises(RuleSetUnknown):
        prepared(log.connection, RunAsked(ruleset=RULES.ref, period=PERIOD))


def test_the_calendar_is_the_one_named_else_the_newest_of_the_one_published_first(
    log: Written,
) -> None:
    log.publish()
    known = log.known()
    assert known.calendar(None) == NEWEST
    assert known.calendar(CALENDARS[0].ref) == CALENDARS[0].ref
    with pytest.raises(CalendarUnknown):
        known.calendar("nowhere@1")


def test_what_was_said_later_is_not_known_earlier(log: Written) -> None:
    log.publish()
    before = reading.now(log.connection)
    opened = log.open()
    scored = log.give(HONOURS, by=PANEL)
    cancelled = log.give(CancelEvaluation(reason="重复启动"))

    assert log.known(before).state is None
    known = log.known(opened)
    assert known.state is not None
    assert (known.state.subjects, known.human) == (("A1", "A2"), {})
    known = log.known(scored)
    ruleset = known.ruleset(RULES.ref)
    said = known.human_of(ruleset, ["A1", "A2"])
    assert {code: sheet["honours"]["value"] for code, sheet in said.items()} == {"A1": "3"}
    assert known.human_of(ruleset, ["A2"]) == {}
    known = log.known(cancelled)
    assert (known.state, known.human) == (None, {})


def test_a_run_takes_subjects_calendar_and_scores_of_the_evaluation_that_is_open(
    log: Written,
) -> None:
    log.publish()
    log.open()
    log.give(HONOURS, by=PANEL)
    ready = prepared(log.connection, RunAsked(ruleset=RULES.ref, period=PERIOD))
    assert [one["code"] for one in ready.task.subjects] == ["A1", "A2"]
    assert ready.task.calendar == NEWEST
    assert set(ready.task.human) == {"A1"}
    assert not ready.what_if


def test_there_must_be_somebody_and_every_point_must_be_known(log: Written) -> None:
    log.publish()
    position = reading.head(log.connection)
    with pytest.raises(NobodyToEvaluate):
        population(log.connection, "adviser", "4401", PERIOD, position)
    with pytest.raises(PointUnknown):
        subjects_of(log.connection, "point", ["C0001"], PERIOD, position)
    assert subjects_of(log.connection, "adviser", ["B", "A", "B"], PERIOD, position) == (
        {"code": "A"}, {"code": "B"},
    )  # fmt: skip


def test_a_position_was_recorded_when_its_entry_was(log: Written) -> None:
    log.publish()
    known = log.known(datetime(2999, 1, 1, tzinfo=UTC))
    assert known.recorded_at < reading.now(log.connection) < known.as_known_at
