"""What other systems got wrong about complaints and statutory tables, each under its number in
docs/failures.md. Number 3 is `tests/laws/test_overdue.py`."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, Final, get_args
from uuid import UUID

import psycopg
import pytest
from msgspec import to_builtins
from msgspec.structs import asdict, replace

from domain.complaints import complaint
from domain.complaints.complaint import Complaint, Stage
from domain.complaints.record import (
    AcceptComplaint,
    AcknowledgeComplaint,
    AnswerComplaint,
    CloseComplaint,
    DeclineComplaint,
    ExtendDeadline,
    NoteDissatisfaction,
    OrderRework,
    PauseComplaint,
    ReclassifyComplaint,
    RecordReturnVisit,
    RegisterComplaint,
    ReopenComplaint,
    ResumeComplaint,
    SettleDissatisfaction,
    SuperviseComplaint,
    VoidComplaint,
    WithdrawComplaint,
)
from domain.complaints.review import AskReview, DecideReview, FinalizeComplaint
from domain.complaints.routing import (
    AnswerAsCoHandler,
    AskCoHandler,
    AskReturn,
    AssignComplaint,
    BeginInvestigation,
    DecideReturn,
    SignForComplaint,
)
from domain.registers import form
from domain.registration.calendar_commands import PublishCalendar
from domain.registration.form_commands import PublishForm
from domain.registration.point_commands import OpenPoint
from domain.registration.policy_commands import PublishPolicy
from domain.reporting import report
from domain.reporting.report import SubmitReport, Table, canonical, digest_of, report_stream
from domain.vocabulary import Actor, Command, stream_id
from domain.worktime.period import ends_at
from ledger.founding.shipped import shipped_forms
from ledger.log.store import Ledger
from projections.asking.answering import answer
from projections.asking.asking import fetch
from projections.complaints import criticism
from projections.history.timeline import Timeline, timeline
from projections.reporting import reports, statutory
from projections.reporting.adjustments import Adjustments, adjustments
from projections.running.runner import Runner
from tests.complaints import (
    ANSWERED,
    COMPLAINT,
    COMPLAINT_RULES,
    GRIEVANCE,
    HANDLER,
    HELPER,
    OFFICER,
    OTHER,
    RE_REVIEWER,
    REVIEWER,
)
from tests.databases import Database
from tests.examples import CALENDAR, CLERK, MORNING, OPENED, local

UNNAMED: Final = replace(GRIEVANCE, adviser=None, account="clerk-9")
STEP: Final = timedelta(hours=2)
REPORT: Final = (report.CRITICISM, "440103", "2026-03")


def answered(opinion: str) -> AnswerComplaint:
    return AnswerComplaint(
        claim=ANSWERED.claim,
        facts=ANSWERED.facts,
        opinion=opinion,
        basis=ANSWERED.basis,
        outcome="supported",
        justified=True,
        resolved=False,
    )


SECOND_LEADER: Final = replace(OFFICER, account="leader-2")
"""Who entered no complaint: of four eyes, the other two."""


def visited(*, satisfied: bool) -> RecordReturnVisit:
    return RecordReturnVisit(reached=True, satisfied=satisfied)


Step = tuple[Actor, Command]
INVESTIGATED: Final[tuple[Step, ...]] = (
    (OFFICER, AssignComplaint(unit="STATION-1")),
    (HANDLER, SignForComplaint()),
    (HANDLER, BeginInvestigation()),
)
STORY: Final[tuple[Step, ...]] = (
    (CLERK, NoteDissatisfaction(grievance=UNNAMED)),
    (CLERK, SettleDissatisfaction(measure="当场解释")),
    (OFFICER, RegisterComplaint()),
    (OFFICER, AcknowledgeComplaint(contact="phone")),
    (SECOND_LEADER, WithdrawComplaint(reason="投诉人表示已解决")),
    (OFFICER, ReopenComplaint(reason="投诉人再次提出")),
    (OFFICER, DeclineComplaint(ground="no_facts", reason="没有具体事实")),
    (OFFICER, ReopenComplaint(reason="补充了事实")),
    (OFFICER, AcceptComplaint()),
    (OFFICER, AssignComplaint(unit="STALL-1")),
    (HELPER, AskReturn(reason="不属本站")),
    (OFFICER, DecideReturn(approved=True, reason="同意退回")),
    (OFFICER, ReclassifyComplaint(kind="consultation", reason="属于咨询")),
    (OFFICER, ReclassifyComplaint(kind="complaint", reason="投诉人坚持")),
    *INVESTIGATED,
    (HANDLER, AskCoHandler(unit="STALL-1", task="核对值班记录")),
    (HELPER, AnswerAsCoHandler(unit="STALL-1", opinion="记录无误")),
    (HANDLER, PauseComplaint(cause="supplement", items=("录音",))),
    (HANDLER, ResumeComplaint()),
    (OFFICER, ExtendDeadline(amount=5, reason="案情复杂", notified="phone")),
    (REVIEWER, SuperviseComplaint(level="city", demand="按期办结")),
    (HANDLER, answered("第一次答复")),
    (OFFICER, visited(satisfied=False)),
    (OFFICER, OrderRework(reason="投诉人不满意")),
    (HANDLER, answered("第二次答复")),
    (OFFICER, visited(satisfied=False)),
    (OFFICER, CloseComplaint(reason="已尽到职责")),
    (OFFICER, ReopenComplaint(reason="问题再次出现")),
    *INVESTIGATED,
    (HANDLER, answered("第三次答复")),
    (OFFICER, visited(satisfied=True)),
    (OFFICER, CloseComplaint()),
    (OFFICER, AskReview(to="4401", ground="未道歉")),
    (REVIEWER, PauseComplaint(cause="hearing")),
    (REVIEWER, ResumeComplaint()),
    (REVIEWER, DecideReview(decision="sent_back", opinion="事实不清", basis="第三十五条")),
    (HANDLER, answered("第四次答复")),
    (OFFICER, AskReview(to="44", ground="仍不满意")),
    (RE_REVIEWER, DecideReview(decision="upheld", opinion="适当", basis="第三十六条")),
    (OFFICER, FinalizeComplaint(reason="复核终结")),
)
"""Through every state, reopened after withdrawal, refusal and closing, reviewed twice."""


class Bureau:
    """A district's log with its views; the clock is what the test says."""

    def __init__(self, database: Database, ledger: Ledger) -> None:
        self.url = database.app_url
        self.ledger = ledger
        self.connection = psycopg.connect(self.url, autocommit=True)

    def do(
        self, command: Command, of: UUID = COMPLAINT, *, at: datetime = MORNING, by: Actor = OFFICER
    ) -> None:
        self.ledger.execute(of, command, by=by, occurred_at=at, now=at)

    def head(self) -> int:
        return Runner(self.url).catch_up()

    def history(self) -> Timeline:
        return timeline(self.connection, f"complaint:{COMPLAINT}")

    def table(self) -> Table:
        over = ends_at(REPORT[2])
        filled = statutory.prefill(*REPORT, position=self.head(), now=over)
        return answer(self.connection, filled)

    def submitted(self) -> bytes:
        """The table as it is kept, after checking that it is what its digest is of."""
        found = fetch(self.connection, reports.submitted(*REPORT, self.head()))
        assert digest_of(found[0].table) == found[0].digest
        return canonical(to_builtins(found[0].table))

    def adjusted(self) -> Adjustments:
        (found,) = fetch(self.connection, reports.submitted(*REPORT, self.head()))
        return answer(self.connection, adjustments(found.table, 1, self.head()))

    def total(self, position: int | None = None) -> criticism.Total:
        known = self.head() if position is None else position
        asked = criticism.CriticismAsked(division=REPORT[1], period=REPORT[2], position=known)
        return fetch(self.connection, criticism.totals(asked))[0]


@pytest.fixture
def bureau(database: Database) -> Iterator[Bureau]:
    """With a calendar, rules, a room and the templates of reports."""
    with Ledger(database.app_url) as ledger:
        bureau = Bureau(database, ledger)
        opened = {name: value for name, value in asdict(OPENED).items() if value is not None}
        bureau.do(PublishCalendar(calendar=CALENDAR), stream_id("calendar", CALENDAR.code))
        bureau.do(PublishPolicy(policy=COMPLAINT_RULES), stream_id("policy", COMPLAINT_RULES.code))
        bureau.do(OpenPoint(**opened), stream_id("point", OPENED.code))
        for command in shipped_forms():
            assert isinstance(command, PublishForm)
            bureau.do(command, stream_id(form.KIND, command.form.code))
        yield bureau
        bureau.connection.close()


def test_01_nothing_of_an_earlier_round_is_lost_and_every_clock_of_its_own_runs(
    bureau: Bureau,
) -> None:
    at, stages = MORNING, set[Stage]()
    state: Complaint | None = None
    for by, command in STORY:
        at += STEP
        if command == answered("第三次答复"):
            at = local("2026-05-20 10:00")
        bureau.do(command, by=by, at=at)
        before, state = state, told(bureau)
        stages.add(state.stage)
        if before is not None:
            kept(before, state)
    assert stages == set(get_args(Stage)), set(get_args(Stage)) - stages
    assert state is not None
    opinions = [one.opinion for one in state.answers]
    assert opinions == ["第一次答复", "第二次答复", "第三次答复", "第四次答复"]
    assert [(one.level, one.decision) for one in state.reviews.decided] == [
        (1, "sent_back"),
        (2, "upheld"),
    ]
    history = bureau.history()
    assert [event.actor for event in history.events] == [by for by, _ in STORY]
    reasons = [event.data["reason"] for event in history.events if "reopened" in event.kind]
    assert reasons == ["投诉人再次提出", "补充了事实", "问题再次出现"]
    clocks = {(one.name, one.round): one for one in history.promises if one.name == "answer"}
    assert len(clocks) == len([one for one in history.promises if one.name == "answer"]) == 4
    assert len({one.started_at for one in clocks.values()}) == 4
    met = {round: (one.met_at, one.due) for (_, round), one in clocks.items()}
    in_time = {round: at is not None and at <= due for round, (at, due) in met.items()}
    # The third answer came too late; the later ones in time do not make it good.
    assert sorted(in_time.items()) == [(3, True), (4, True), (5, False), (6, True)]
    for one in history.promises:
        assert one.met_at is not None or one.stopped_at is not None
        assert one.explanation


def told(bureau: Bureau) -> Complaint:
    events = bureau.ledger.recorder.select_events(COMPLAINT)
    state: Complaint | None = None
    for stored in events:
        event: Any = bureau.ledger.mapper.to_domain_event(stored)
        state = complaint.evolve(state, event.event)
    assert state is not None
    return state


def kept(before: Complaint, after: Complaint) -> None:
    """Whatever was said, decided or came of a promise is still there, in its order."""
    for part in ("answers", "visits", "results", "supervised"):
        was, is_ = getattr(before, part), getattr(after, part)
        assert is_[: len(was)] == was, part
    assert after.reviews.decided[: len(before.reviews.decided)] == before.reviews.decided
    assert after.reviews.units[: len(before.reviews.units)] == before.reviews.units
    assert after.round >= before.round


def submit(bureau: Bureau, at: str = "2026-04-02 09:00") -> None:
    table = bureau.table()
    command = SubmitReport(table=table, digest=digest_of(table))
    bureau.do(command, report_stream(*REPORT), at=local(at))


def test_04_a_void_or_reclassified_complaint_changes_the_table_now_not_the_one_submitted(
    bureau: Bureau,
) -> None:
    for stream in (COMPLAINT, OTHER):
        bureau.do(RegisterComplaint(grievance=UNNAMED), stream)
    submit(bureau)
    frozen = bureau.submitted()
    later = local("2026-04-10 09:00")
    bureau.do(VoidComplaint(reason="误录"), at=later, by=SECOND_LEADER)
    reclassified = ReclassifyComplaint(kind="consultation", reason="属于咨询")
    bureau.do(reclassified, OTHER, at=later)
    assert bureau.submitted() == frozen
    now, found = bureau.table(), bureau.adjusted()
    assert (found.reproducible, now.rows) == (True, ())
    rows = {row.sources[0]: row for row in found.rows}
    assert {stream: row.change for stream, row in rows.items()} == {
        COMPLAINT: "removed",
        OTHER: "removed",
    }
    made = {stream: {one.kind for cell in row.cells for one in cell.events}
            for stream, row in rows.items()}  # fmt: skip
    assert made == {COMPLAINT: {"complaint.voided"}, OTHER: {"complaint.reclassified"}}
    back = ReclassifyComplaint(kind="complaint", reason="投诉人坚持")
    bureau.do(back, OTHER, at=local("2026-04-11 09:00"))
    assert [row.sources for row in bureau.adjusted().rows] == [(COMPLAINT,)]
    assert bureau.submitted() == frozen


def test_10_what_people_say_next_month_counts_for_the_month_it_is_about_and_moves_no_table(
    bureau: Bureau,
) -> None:
    bureau.do(RegisterComplaint(grievance=UNNAMED), at=local("2026-03-30 09:00"))
    bureau.do(AcceptComplaint(), at=local("2026-03-30 10:00"))
    submit(bureau)
    frozen, cut_off = bureau.submitted(), bureau.head() - 1
    at = local("2026-04-02 10:00")
    for by, command in (
        *INVESTIGATED,
        (HANDLER, answered("答复")),
        (OFFICER, visited(satisfied=False)),
    ):
        at += STEP
        bureau.do(command, by=by, at=at)
    assert bureau.submitted() == frozen
    assert (bureau.total().dissatisfied, bureau.total(cut_off).dissatisfied) == (1, 0)
    (row,) = bureau.adjusted().rows
    cells = {cell.column: [one.kind for one in cell.events] for cell in row.cells}
    assert cells == {
        "substantiated": ["complaint.answered"],
        "measure": ["complaint.answered"],
        "feedback": ["complaint.return_visit_made"],
    }
    april = criticism.CriticismAsked(division=REPORT[1], period="2026-04", position=bureau.head())
    assert fetch(bureau.connection, criticism.rows(april)) == []
