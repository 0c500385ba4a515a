"""Work of a demonstration's offices, made from its log while the story goes on: statutory tables,
filled in as known on the day, and an evaluation with its objection and correction. What comes on
record later shows as adjustments and as differences."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any, Final, NamedTuple
from uuid import UUID, uuid5

import psycopg

from domain.evaluation.evaluation import Evaluation, evaluation_stream
from domain.evaluation.evaluation_commands import (
    CorrectDetermination,
    DetermineItem,
    GiveHumanScore,
    PublishEvaluation,
    opening,
)
from domain.evaluation.objection import AnswerObjection, FileObjection
from domain.evaluation.ruleset_content import RuleSet, leaf_items
from domain.registration.filling_in import manual, manual_sections
from domain.reporting.draft import FilledCell, FillInReport, RowNote, draft_stream
from domain.reporting.report import SubmitReport, digest_of, report_stream
from domain.simulation.errand import bureau
from domain.simulation.reporting import ANALYSIS, LEDGER
from domain.vocabulary import NAMESPACE, SIMULATION, Actor, Command
from domain.worktime.period import MONTHS_OF_QUARTER, before, days_of, month_of, quarter_of
from ledger.log import reading, tolerant
from ledger.log.bulk import known_commands
from ledger.log.codec import Recorded
from ledger.log.decision import Held, aggregate_of, ask, decide, project
from ledger.log.store import Ledger
from ledger.seal import sealed
from projections.asking.answering import answer
from projections.evaluation.review import evaluation_of
from projections.evaluation.run import RunAsked, asked_of, evaluated_few, prepared
from projections.reporting import reports, statutory
from projections.reporting.tables import TABLES

CITY: Final = "4401"
REPORT_DAY: Final = 5
"""Of the month after."""
REPORTED_AT: Final = timedelta(hours=9, minutes=30)
FILLED_IN_FOR: Final = timedelta(days=1)
"""How long people fill in a table of their own before it is submitted."""
APART: Final = timedelta(minutes=17)
BY_HAND: Final = "模拟：人工填写"
RULESET: Final = "adviser-year@3"
EVALUATED: Final = 10
"""Advisers; two of them object."""
OBJECTED_TO: Final = "complete_logs"
"""An item of the rule set."""
SUPERVISOR: Final = bureau(CITY)
REVIEWER: Final = bureau(CITY, 2)


class Entered(NamedTuple):
    """One command of an office, decided, with the instant at which it comes on record."""

    recorded_at: datetime
    events: list[Recorded]


class Offices:
    """Decides against the log as it stands at a pause of the story, and what it decided itself."""

    def __init__(
        self, connection: psycopg.Connection[Any], ledger: Ledger, mark: str, now: datetime
    ) -> None:
        self.connection = connection
        self.now = now
        """What is entered at the pause comes on record after it."""
        self.position = reading.position_at(connection, now)
        """What is on record then."""
        last = sealed.last(connection)
        covers = last is not None and last.size >= self.position
        self.checkpoint = last.text if last is not None and covers else None
        """Over all of it; None where the log is not sealed as it is told."""
        self._ledger = ledger
        self._mark = mark
        self._held: dict[UUID, Held | None] = {}

    def act(self, stream: UUID, command: Command, by: Actor, at: datetime, name: str) -> Entered:
        """Decide a command; no events where it is in the log already.

        name: tells the command from every other of the demonstration
        """
        asked = ask(
            stream,
            command,
            by=by,
            now=at,
            command_id=uuid5(NAMESPACE, f"{self._mark} {name}"),
            device=SIMULATION,
            correlation=uuid5(NAMESPACE, self._mark),
        )
        if known_commands(self.connection, [asked.command_id]):
            return Entered(at, [])
        if stream not in self._held:
            self._held[stream] = self._ledger.held(asked)
        events = decide(asked, self._held[stream], self._ledger.registers())
        self._held[stream] = project(aggregate_of(asked), self._held[stream], events)
        return Entered(at, events)


Work = Callable[[Offices], Iterator[Entered]]


class Pause(NamedTuple):
    """Where the story stops until the views show all that is on record, and an office works."""

    at: datetime
    work: Work


def pauses(midnight: Callable[[date], datetime], first_day: date, days: int) -> list[Pause]:
    """List the pauses of a period, earliest first.

    More of what is made from the log has its place here: what is doubted, recalculated.
    """
    found: list[Pause] = []
    evaluated = False
    for offset in range(days):
        day = first_day + timedelta(days=offset)
        if day.day != REPORT_DAY:
            continue
        found.append(Pause(midnight(day) + REPORTED_AT, _reporting(day)))
        found.append(Pause(midnight(day) + FILLED_IN_FOR + REPORTED_AT, _submitting_own(day)))
        month = before(month_of(day))
        if not evaluated and days_of(month).first >= first_day:
            evaluated = True
            for later, work in EVALUATING:
                found.append(Pause(midnight(day) + later, partial(work, month=month)))
    last = midnight(first_day + timedelta(days=days))
    return sorted((one for one in found if one.at < last), key=lambda pause: pause.at)


# --- statutory tables


def _reporting(day: date) -> Work:
    """Submit what ended, for every district: its month, and after a quarter its quarter."""

    def work(offices: Offices) -> Iterator[Entered]:
        for template, period in _due(day):
            parts = answer(
                offices.connection, reports.parts(template, CITY, period, offices.position)
            )
            for number, part in enumerate(parts, 1):
                name = (template, part.division, period)
                at = offices.now + number * APART
                table = answer(
                    offices.connection,
                    statutory.prefill(*name, position=offices.position, now=at),
                )
                yield offices.act(
                    report_stream(*name),
                    SubmitReport(table=table, digest=digest_of(table)),
                    bureau(part.division),
                    at,
                    " ".join(name),
                )

        for name in _own(offices, day):
            yield _filled_in(offices, name)

    return work


def _submitting_own(day: date) -> Work:
    """Submit what was filled in the day before."""

    def work(offices: Offices) -> Iterator[Entered]:
        at = offices.now
        for name in _own(offices, day):
            at += APART
            filled = statutory.prefill(*name, position=offices.position, now=at)
            table = answer(offices.connection, filled)
            command = SubmitReport(table=table, digest=digest_of(table))
            yield offices.act(report_stream(*name), command, bureau(name[1]), at, " ".join(name))

    return work


def _own(offices: Offices, day: date) -> list[tuple[str, str, str]]:
    """The first district's ledger of villages and analysis report of the month before."""
    month = before(month_of(day))
    parts = answer(offices.connection, reports.parts(LEDGER, CITY, month, offices.position))
    return [
        (template, part.division, month) for part in parts[:1] for template in (LEDGER, ANALYSIS)
    ]


def _filled_in(offices: Offices, name: tuple[str, str, str]) -> Entered:
    """Fill in what no query gives: of the first row, and of the whole."""
    at = offices.now + APART
    filled = statutory.prefill(*name, position=offices.position, now=at)
    table = answer(offices.connection, filled)
    form = answer(offices.connection, statutory.form_of(table.template, offices.position))
    command = FillInReport(
        template=table.template,
        division=table.division,
        period=table.period,
        cells=tuple(
            FilledCell(row=table.key_of(row), column=column, value=BY_HAND)
            for row in table.rows[:1]
            for column in sorted(manual(form))
        ),
        notes=tuple(RowNote(row=table.key_of(row), note=BY_HAND) for row in table.rows[:1]),
        sections=dict.fromkeys(sorted(manual_sections(form)), BY_HAND),
    )
    if not (command.cells or command.sections):
        return Entered(at, [])
    by = bureau(table.division)
    return offices.act(draft_stream(*name), command, by, at, f"fill in {' '.join(name)}")


def _due(day: date) -> Iterator[tuple[str, str]]:
    """Yield template and period."""
    for table in TABLES:
        if "month" in table.periods:
            yield table.code, before(month_of(day))
        if "quarter" in table.periods and day.month % MONTHS_OF_QUARTER == 1:
            yield table.code, before(quarter_of(day))


# --- an evaluation


def _opened(offices: Offices, month: str) -> Iterator[Entered]:
    """Open it for a few advisers; people score what only people can."""
    asked = RunAsked(ruleset=RULESET, period=month)
    ready = prepared(offices.connection, asked)
    codes = [one["code"] for one in ready.task.subjects[:EVALUATED]]
    rules = tolerant.convert(ready.task.ruleset, RuleSet)
    command = opening(rules, CITY, month, ready.task.calendar, codes)
    at = offices.now + APART
    yield offices.act(ready.stream, command, SUPERVISOR, at, f"open {month}")
    for item in command.terms.items:
        for subject in codes if item.scorers and item.required else ():
            at += APART
            score = GiveHumanScore(
                subject=subject,
                item=item.code,
                value=item.minimum,
                reason="模拟：当月未查证到有关情况",
                sources=(ready.stream,),
            )
            name = f"score {month} {item.code} {subject}"
            yield offices.act(ready.stream, score, SUPERVISOR, at, name)


def _published(offices: Offices, month: str) -> Iterator[Entered]:
    ready = prepared(offices.connection, RunAsked(
        ruleset=RULESET, period=month, as_known_at=offices.now
    ))  # fmt: skip
    done = evaluated_few(offices.connection, ready.task, ready.rules)
    command = PublishEvaluation(
        run=done.run,
        digest=done.digest,
        as_known_at=ready.as_known_at,
        checkpoint=offices.checkpoint,
    )
    at = offices.now + APART
    yield offices.act(ready.stream, command, SUPERVISOR, at, f"publish {month}")


def _objected(offices: Offices, month: str) -> Iterator[Entered]:
    """Somebody whose score would be better by what came on record since objects, and somebody else
    to an item; both are found to be right."""
    stream, state = _evaluated(offices, month)
    late = _bettered(offices, state)
    other = next(code for code in state.subjects if code != late)
    objections = (
        FileObjection(subject=late, ground="模拟：有当月的记录在公布之后才录入"),
        FileObjection(
            subject=other, items=(OBJECTED_TO,), ground="模拟：当月工作日志的材料另有纸质留存"
        ),
    )
    at = offices.now
    for one in objections:
        who = Actor(account=f"u-{one.subject}", role="adviser", unit=CITY, adviser=one.subject)
        at += APART
        yield offices.act(stream, one, who, at, f"object {month} {one.subject}")
    at += timedelta(days=2)
    for number, reason in enumerate(("模拟：经核实，录入在后", "模拟：经核对纸质材料"), 1):
        reply = AnswerObjection(number=number, upheld=True, reason=reason)
        at += APART
        yield offices.act(stream, reply, REVIEWER, at, f"answer {month} {number}")


def _bettered(offices: Offices, state: Evaluation) -> str:
    """Find the first whose score is better as known now than as published, or else the first."""
    ready = prepared(offices.connection, asked_of(state.opened, state.subjects, offices.now))
    now = evaluated_few(offices.connection, ready.task, ready.rules).run.results
    better = (
        one.subject
        for one in now
        if Decimal(one.score) > Decimal(state.standing[one.subject].score)
    )
    return next(better, state.subjects[0])


def _determined(offices: Offices, month: str) -> Iterator[Entered]:
    """Say what the item is that the second objection was about: all its points."""
    stream, state = _evaluated(offices, month)
    ready = prepared(offices.connection, asked_of(state.opened, state.subjects, offices.now))
    rules = tolerant.convert(ready.task.ruleset, RuleSet)
    (item,) = (one for one in leaf_items(rules.items) if one.code == OBJECTED_TO)
    command = DetermineItem(
        objection=2,
        item=item.code,
        value=str(item.maximum),
        ground="模拟：当月工作日志的纸质材料齐全",
        sources=(stream,),
    )
    yield offices.act(stream, command, REVIEWER, offices.now + APART, f"determine {month}")


def _corrected(offices: Offices, month: str, *, objection: int) -> Iterator[Entered]:
    """Correct an objector's result: the first one's as known now, the other's as determined."""
    stream, state = _evaluated(offices, month)
    subject, later_facts = state.objections[objection - 1].filed.subject, objection == 1
    ready = prepared(
        offices.connection,
        asked_of(state.opened, (subject,), offices.now, correcting=not later_facts),
    )
    done = evaluated_few(offices.connection, ready.task, ready.rules)
    command = CorrectDetermination(
        run=done.run,
        digest=done.digest,
        as_known_at=ready.as_known_at,
        checkpoint=offices.checkpoint,
        reason="模拟：异议成立，按复核时所知更正" if later_facts else "模拟：异议成立，按认定更正",
        later_facts=later_facts,
    )
    at = offices.now + APART
    yield offices.act(stream, command, SUPERVISOR, at, f"correct {month} {objection}")


def _evaluated(offices: Offices, month: str) -> tuple[UUID, Evaluation]:
    stream = evaluation_stream(RULESET, CITY, month)
    return stream, evaluation_of(offices.connection, stream, offices.position)


EVALUATING: Final = (
    (timedelta(days=2, hours=10), _opened),
    (timedelta(days=2, hours=15), _published),
    (timedelta(days=5, hours=10), _objected),
    (timedelta(days=7, hours=15), partial(_corrected, objection=1)),
    (timedelta(days=7, hours=16), _determined),
    (timedelta(days=8, hours=10), partial(_corrected, objection=2)),
)
"""How long after the midnight of the day of reports."""
