"""Laws of a request's clocks: whatever is entered, however late and in whatever order, the journal,
the facts, the decider and the promise check tell one story, and its minutes are those counted one
by one."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import uuid4

from hypothesis import example, given, settings
from hypothesis import strategies as st

from domain.moment import Moment
from domain.registers.calendar_publication import CalendarPublished
from domain.registers.policy import PolicyPublished
from domain.requests import request, request_commands
from domain.requests.proceedings_commands import OpenMediation, Refer
from domain.requests.request import RESPONSES, Request, RequestClosed
from domain.requests.request_commands import (
    CloseRequest,
    GiveConsultation,
    LogRequest,
    RecalculateDeadlines,
    ReceiveSupplement,
    Reclassify,
    ReopenRequest,
    RequestCommand,
    RequestSupplement,
    VoidRequest,
)
from domain.scoring.promise_check import check_promises
from domain.vocabulary import Event, Refused, stream_id
from domain.worktime.calendar import days_between
from ledger.log.codec import Recorded
from projections.requests.journal import JournalMemory
from tests.examples import (
    CALENDAR,
    CLERK,
    MORNING,
    REGISTERS,
    REQUEST,
    RULES,
    STRICTER,
    local,
)
from tests.facts import entries_of, facts, rules

ENTERED: Final = local("2026-03-12 12:00")
"""When everything is entered: what happened, happened at any time before, in any order."""
HALF_HOURS: Final = int((ENTERED - MORNING) / timedelta(minutes=30))
LATER: Final = (local("2026-03-05 00:00"), local("2026-03-13 00:00"), local("2026-04-20 00:00"))
"""When it is asked what is overdue."""
LOG: Final = LogRequest(
    point="ROOM-1",
    channel="counter",
    service="consultation",
    subject="拖欠工资",
    late_reason="停电",
)
CONSULT: Final = GiveConsultation(mode="phone", minutes=10)
ASK: Final = RequestSupplement(items=("劳动合同",))
RECEIVE: Final = ReceiveSupplement()
WITHDRAW: Final = CloseRequest(kind="withdrawn")
REOPEN: Final = ReopenRequest(reason="又来访")
COMMANDS: Final[tuple[RequestCommand, ...]] = (
    CONSULT,
    Refer(target="other_point", to="STATION-1", reason="需调解", consented=True),
    OpenMediation(mediator="M-1"),
    *(ASK, RECEIVE) * 4,
    Reclassify(service="mediation", reason="登记有误"),
    Reclassify(service="consultation", reason="登记有误"),
    RecalculateDeadlines(reason="日历更正"),
    WITHDRAW,
    CloseRequest(kind="answered"),
    REOPEN,
)
"""Drawn as often as they stand here: only waiting more than once makes pauses that overlap."""
Deed = tuple[int, int]
"""Which of the commands that are lawful then, and the half hours between asking and its happening:
often on the first day, on which a first response falls due."""
deeds = st.tuples(
    st.integers(0, len(COMMANDS) - 1), st.integers(0, 20) | st.integers(0, HALF_HOURS)
)
lives = st.builds(
    lambda deeds, *, voided: Life(deeds, voided=voided),
    st.lists(deeds, min_size=2, max_size=14),
    voided=st.sampled_from([False, False, False, True]),
)


class Life:
    """A request as its decider lets it happen."""

    def __init__(self, deeds: Iterable[Deed] = (), *, voided: bool = False) -> None:
        self.state: Request | None = None
        self.log: list[Recorded] = []
        self.known: list[tuple[Request | None, Event, datetime]] = []
        """Of every event, the state before it and when it happened."""
        self.memory = JournalMemory()
        for event in (CalendarPublished(calendar=CALENDAR), *map(_published, (RULES, STRICTER))):
            self._record(event, stream_id("register", event.topic), MORNING)
        self.happen(LOG, 0)
        for number, half_hours in deeds:
            lawful = [one for one in COMMANDS if self._decided(one, half_hours)]
            if lawful:
                self.happen(lawful[number % len(lawful)], half_hours)
        if voided:
            self.happen(VoidRequest(reason="登记有误"), HALF_HOURS)

    def happen(self, command: RequestCommand, half_hours: int) -> None:
        at = _after(half_hours)
        for event in self._decided(command, half_hours):
            self.known.append((self.state, event, at))
            self.state = request.evolve(self.state, event)  # type: ignore[arg-type]
            self._record(event, REQUEST, at)

    def _decided(self, command: RequestCommand, half_hours: int) -> list[Event]:
        at = _after(half_hours)
        moment = Moment(by=CLERK, occurred_at=at, now=ENTERED, registers=REGISTERS)
        try:
            return request_commands.decide(self.state, command, moment)
        except Refused:
            return []

    def _record(self, event: Event, stream: Any, at: datetime) -> None:
        recorded = Recorded(
            originator_id=stream,
            originator_version=1,
            event=event,
            event_id=uuid4(),
            command_id=uuid4(),
            occurred_at=at,
            by=CLERK,
            position=len(self.log) + 1,
            recorded_at=ENTERED,
        )
        self.log.append(recorded)
        self.memory.feed(recorded)

    @property
    def row(self) -> dict[str, Any]:
        values: dict[str, Any] = self.memory.standings[REQUEST].values
        return values

    def fact(self, at: datetime) -> Any:
        known = rules(RULES, STRICTER, at=f"{at:%Y-%m-%d %H:%M}")
        (fact,) = facts(entries_of(self.log), known, "service")
        return fact


def _after(half_hours: int) -> datetime:
    return MORNING + half_hours * timedelta(minutes=30)


def _published(version: Any) -> PolicyPublished:
    return PolicyPublished(policy=version)


def lived(*deeds: tuple[RequestCommand, int]) -> Life:
    life = Life()
    for command, half_hours in deeds:
        life.happen(command, half_hours)
    assert len(life.known) == 1 + len(deeds)
    return life


fresh = settings(max_examples=100)
OVERLAPPING: Final = lived(
    (ASK, 96), (RECEIVE, 144), (ASK, 48), (RECEIVE, 120), (CONSULT, 150), (ASK, 160),
    (WITHDRAW, 170), (REOPEN, 165), (ASK, 166), (RECEIVE, 168), (WITHDRAW, 400),
)  # fmt: skip
"""Overlapping waits entered late, closed while waiting, reopened at a time before the closing."""
ANSWERED_AGAIN: Final = lived((CONSULT, 10), (WITHDRAW, 12), (REOPEN, 20), (CONSULT, 30))


@fresh
@example(OVERLAPPING)
@example(ANSWERED_AGAIN)
@given(lives)
def test_the_journal_and_the_facts_say_the_same_of_a_request(life: Life) -> None:
    row = life.row
    for at in LATER:
        fact = life.fact(at)
        for name in (
            "status", "response_minutes", "response_in_time", "close_minutes", "close_in_time",
            "close_kind", "late",
        ):  # fmt: skip
            assert fact[name] == row[name], name
        assert fact["day"] == str(row["day"])
        assert fact["closed_day"] == (row["closed_day"] and str(row["closed_day"]))
        assert fact["responded"] == (row["responded_day"] is not None)
        assert fact["reopened"] == row["round"] - 1
        assert fact["overdue"] == (row["due"] is not None and row["due"] < at)


@fresh
@example(OVERLAPPING)
@example(ANSWERED_AGAIN)
@given(lives)
def test_the_journal_has_the_clocks_that_the_decider_runs_by(life: Life) -> None:
    row, state = life.row, life.state
    assert state is not None
    status = "voided" if state.voided else "closed" if state.closed else "open"
    assert (row["status"], row["round"]) == (status, state.round)
    if status == "open":
        due = {one.name: one.due for one in state.promises}
        assert (row["due_response"], row["due_close"]) == (
            due.get("first_response"),
            due.get("close"),
        )
        assert row["paused_at"] == state.paused_at
        of_round = [instant for one in state.pauses for instant in (one.since, one.until)]
        pauses = row["pauses"] or []
        assert pauses[len(pauses) - len(of_round) :] == of_round
        assert row["due"] == (None if state.paused_at else min(due.values(), default=None))
    else:
        assert (row["due"], row["paused_at"]) == (None, None)
    assert (row["close_kind"] is None) == (row["closed_day"] is None)
    if status != "voided":
        assert (row["close_kind"] is None) == (status == "open")


@fresh
@example(OVERLAPPING)
@example(ANSWERED_AGAIN)
@given(lives)
def test_every_promise_is_due_when_its_entries_say(life: Life) -> None:
    promised = sum(len(getattr(event, "promises", ())) for _, event, _ in life.known)
    assert check_promises(entries_of(life.log)) == promised


# --- counted one by one


def _minute(at: datetime) -> int:
    """Minutes since the asking."""
    return int((at - MORNING) / timedelta(minutes=1))


SERVICE: Final = frozenset(
    _minute(CALENDAR.at(day, minute))
    for day in days_between(MORNING.date(), ENTERED.date())
    for period in CALENDAR.periods(day)
    for minute in range(period.start_minute, period.end_minute)
)
Waited = list[tuple[datetime, datetime]]


def counted(until: datetime, waited: Waited) -> int:
    """Minutes of service since the asking in which nobody was awaited."""
    idle = {minute for since, over in waited for minute in range(_minute(since), _minute(over))}
    return len(SERVICE.intersection(range(_minute(until))) - idle)


def measured(life: Life, kind: Any) -> list[tuple[int, bool | None]]:
    """Minutes of each event of a kind, and whether its promise was still to be kept."""
    found, before = [], Waited()
    for state, event, at in life.known:
        if state is None:
            continue
        running = [] if state.paused_at is None else [(state.paused_at, at)]
        if isinstance(event, kind):
            name = "close" if kind is RequestClosed else "first_response"
            due = next((one.due for one in state.promises if one.name == name), None)
            stood = min((at, *(since for since, _ in running)))
            found.append((counted(at, before + running), None if due is None else stood <= due))
        ended = (request.SupplementReceived, RequestClosed)
        if isinstance(event, ended):
            before += running
    return found


@fresh
@example(OVERLAPPING)
@example(ANSWERED_AGAIN)
@given(lives)
def test_minutes_are_those_counted_one_by_one(life: Life) -> None:
    row, responses, closings = life.row, measured(life, RESPONSES), measured(life, RequestClosed)
    first = responses[0] if responses else (None, None)
    assert (row["response_minutes"], row["response_in_time"]) == first
    last = closings[-1] if row["close_kind"] is not None else (None, None)
    assert (row["close_minutes"], row["close_in_time"]) == last
