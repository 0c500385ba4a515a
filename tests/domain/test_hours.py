"""Hours that exist: of one adviser once, in a village that there is and that he serves."""

from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

import pytest
from msgspec.structs import replace

from domain import hours
from domain.advising import worklog
from domain.advising.worklog import (
    ClearDoubts,
    ConfirmedElsewhere,
    ConfirmWork,
    CorrectWork,
    DoubtsCleared,
    HoursOverlap,
    LogWork,
    NoSuchDoubt,
    NotServingThere,
    Share,
    VillageUnknown,
    WithdrawWork,
    Work,
    WorkLogged,
)
from domain.aggregates import fold
from domain.hours import (
    DaySheet,
    HoursCleared,
    HoursEntered,
    MinutesBeyondDay,
    MinutesGiven,
    sheet_id,
)
from domain.moment import Moment, Registers
from domain.registers.appointment import Appointment, Link, Span
from domain.registers.policy import DUTY_POLICY, Doubt, DutyRules, Policy, PolicyVersion
from domain.registers.stint import Stint
from domain.requests import request, request_commands
from domain.requests.proceedings import MediationOpened, MediationSessionHeld
from domain.requests.proceedings_commands import HoldMediationSession
from domain.requests.request import ConsultationGiven, RequestClosed, RequestDoubtsCleared
from domain.requests.request_commands import (
    ClearRequestDoubts,
    DoubtsOfOwnService,
    GiveConsultation,
    RequestHasNoSuchDoubt,
    VoidRequest,
)
from domain.vocabulary import Actor, Event
from tests.examples import CLERK, EVENING, LOGGED, MORNING, REGISTERS, local
from tests.spec import given

VILLAGE: Final = "440103001001"
NEXT: Final = "440103001002"
WORK, OTHER = UUID(int=1), UUID(int=2)
DAY: Final = date(2026, 3, 2)
SHEET: Final = sheet_id("A-1", DAY)
DONE: Final = Work(
    village=VILLAGE,
    service="consultation",
    mode="onsite",
    ended_at=local("2026-03-02 11:00"),
    summary="咨询",
)
ALONE: Final = LogWork(work=DONE, shares=(Share(adviser="A-1", minutes=120),))
OFFICE: Final = Actor(account="office-1", role="supervisor", unit="440103001")


def served(adviser: str, village: str = VILLAGE) -> Registers:
    """Registers in which he serves the village, by an appointment."""
    year = (date(2026, 1, 1), date(2026, 12, 31))
    stint = Stint(village, 1, adviser, "FIRM-1", "TEAM-1", *year)
    return replace(
        REGISTERS, appointments={village: Appointment(division=village, stints=(stint,))}
    )


def by_rules(registers: Registers, **duty: Any) -> Registers:
    version = PolicyVersion(
        code=DUTY_POLICY,
        version=1,
        effective_from=date(2026, 1, 1),
        basis="示例",
        duty=DutyRules(**duty),
    )
    policies = {**registers.policies, DUTY_POLICY: Policy((version,))}
    return replace(registers, policies=policies)


def entered(**changes: Any) -> HoursEntered:
    """What another entry has on the sheet: 10:00 to 12:00."""
    told: dict[str, Any] = {
        "adviser": "A-1",
        "day": DAY,
        "work": OTHER,
        "started_at": local("2026-03-02 10:00"),
        "ended_at": local("2026-03-02 12:00"),
        "minutes": 120,
    }
    return HoursEntered(**told | changes)


def logged(
    command: LogWork = ALONE,
    *sheet: HoursEntered,
    registers: Registers = REGISTERS,
    at: str = "2026-03-02 09:00",
) -> WorkLogged:
    moment = Moment(
        by=CLERK,
        occurred_at=local(at),
        now=local("2026-03-03 08:00"),
        registers=registers,
        stream=WORK,
        beside={SHEET: DaySheet(sheet)},
    )
    (event,) = worklog.decide(None, command, moment)
    assert isinstance(event, WorkLogged)
    return event


# --- the village


def test_audit_4_4_a_village_that_no_register_knows_is_refused() -> None:
    nowhere = replace(ALONE, work=replace(DONE, village="999999999999"))
    given(at=MORNING, now=EVENING).when(nowhere).refused(VillageUnknown)
    taken = by_rules(REGISTERS, doubted=("village_unknown",))
    assert logged(nowhere, registers=taken).doubts == ("village_unknown",)


def test_audit_4_4_a_village_that_he_does_not_serve_that_day_is_refused() -> None:
    for registers in (
        served("A-2"),
        served("A-1", NEXT),
        replace(REGISTERS, appointments={}),
    ):
        given(at=MORNING, now=EVENING, registers=registers).when(ALONE).refused(NotServingThere)
    assert logged(registers=served("A-1")).doubts == ()
    taken = by_rules(served("A-2"), doubted=("not_serving",))
    assert logged(registers=taken).doubts == ("not_serving",)


@pytest.mark.parametrize(("since", "serves"), [(date(2026, 3, 2), True), (date(2026, 3, 3), False)])
def test_a_provider_serves_from_the_day_it_is_linked(since: date, serves: bool) -> None:  # noqa: FBT001
    firm = Link("firm", "FIRM-1", Span(since))
    town = Appointment(division=VILLAGE[:9], links=(firm,))
    registers = replace(REGISTERS, appointments={town.division: town})
    if serves:
        assert logged(registers=registers).doubts == ()
    else:
        given(at=MORNING, now=EVENING, registers=registers).when(ALONE).refused(NotServingThere)


def test_a_colleague_of_the_team_who_comes_along_is_taken_with_a_doubt() -> None:
    both = (Share(adviser="A-1", minutes=60), Share(adviser="A-2", minutes=60))
    together = replace(ALONE, shares=both)
    assert logged(together, registers=served("A-1")).doubts == ("not_serving",)
    none = replace(REGISTERS, appointments={})
    given(at=MORNING, now=EVENING, registers=none).when(together).refused(NotServingThere)


# --- the hours


@pytest.mark.parametrize(
    ("began", "ended", "overlaps"),
    [
        ("2026-03-02 08:00", "2026-03-02 09:00", False),
        ("2026-03-02 08:00", "2026-03-02 09:01", True),
        ("2026-03-02 10:59", "2026-03-02 12:00", True),
        ("2026-03-02 11:00", "2026-03-02 12:00", False),
        ("2026-03-02 09:30", "2026-03-02 09:40", True),
        ("2026-03-02 08:00", "2026-03-02 12:00", True),
    ],
)
def test_audit_4_4_the_same_hours_of_one_adviser_are_refused(
    began: str,
    ended: str,
    overlaps: bool,  # noqa: FBT001
) -> None:
    sheet = entered(started_at=local(began), ended_at=local(ended))
    if not overlaps:
        assert logged(ALONE, sheet).doubts == ()
        return
    with pytest.raises(HoursOverlap, match=str(OTHER)):
        logged(ALONE, sheet)
    taken = by_rules(REGISTERS, doubted=("overlap",))
    assert logged(ALONE, sheet, registers=taken).doubts == ("overlap",)


def test_minutes_beyond_the_day_are_refused() -> None:
    registers = by_rules(REGISTERS, minutes_per_day_max=300)
    early = entered(started_at=local("2026-03-02 06:00"), ended_at=local("2026-03-02 09:00"))
    assert logged(ALONE, replace(early, minutes=180), registers=registers).doubts == ()
    with pytest.raises(MinutesBeyondDay):
        logged(ALONE, replace(early, minutes=181), registers=registers)
    taken = by_rules(REGISTERS, minutes_per_day_max=300, doubted=("beyond_day",))
    found = logged(ALONE, replace(early, minutes=181), registers=taken)
    assert found.doubts == ("beyond_day",)


def sheets_after(state: Any, *events: Event) -> dict[UUID, Event]:
    moment = Moment(by=CLERK, occurred_at=MORNING, now=EVENING, registers=REGISTERS, stream=WORK)
    return dict(worklog.writes(state, events, moment))


def test_an_entry_stands_on_the_sheet_of_each_adviser_and_day() -> None:
    night = replace(DONE, ended_at=local("2026-03-03 01:00"))
    both = (Share(adviser="A-1", minutes=100), Share(adviser="A-2", minutes=20))
    team_work = by_rules(REGISTERS, doubted=("not_serving",))
    command = LogWork(work=night, shares=both)
    event = logged(command, registers=team_work, at="2026-03-02 23:00")
    written = sheets_after(None, event)
    assert {
        (one.adviser, one.day, one.minutes)
        for one in written.values()
        if isinstance(one, HoursEntered)
    } == {
        ("A-1", DAY, 100),
        ("A-2", DAY, 20),
        ("A-1", DAY + timedelta(days=1), 0),
        ("A-2", DAY + timedelta(days=1), 0),
    }
    assert {sheet_id(*key) for key in (("A-1", DAY), ("A-2", DAY))} <= written.keys()


def test_a_correction_moves_the_hours_and_a_withdrawal_frees_them() -> None:
    state = fold(worklog, [logged()])
    moment = Moment(
        by=CLERK,
        occurred_at=EVENING,
        now=local("2026-03-04 09:00"),
        registers=REGISTERS,
        stream=WORK,
        beside={SHEET: DaySheet((entered(work=WORK, started_at=MORNING),))},
    )
    longer = replace(DONE, ended_at=local("2026-03-02 11:30"))
    correct = CorrectWork(
        started_at=MORNING,
        work=longer,
        shares=(Share(adviser="A-1", minutes=150),),
        reason="记错",
    )
    (corrected,) = worklog.decide(state, correct, moment)
    assert list(sheets_after(state, corrected)) == [SHEET]
    assert [*worklog.reads(state, correct, moment)] == [SHEET, SHEET]

    moved = replace(
        correct,
        started_at=MORNING + timedelta(days=1),
        work=replace(longer, ended_at=longer.ended_at + timedelta(days=1)),
    )
    (corrected,) = worklog.decide(state, moved, moment)
    written = sheets_after(state, corrected)
    assert written[SHEET] == HoursCleared(work=WORK)
    assert isinstance(written[sheet_id("A-1", DAY + timedelta(days=1))], HoursEntered)

    withdraw = WithdrawWork(reason="误")
    (withdrawn,) = worklog.decide(state, withdraw, moment)
    assert sheets_after(state, withdrawn) == {SHEET: HoursCleared(work=WORK)}


def test_a_sheet_holds_the_last_hours_of_each_entry() -> None:
    later = entered(ended_at=local("2026-03-02 13:00"))
    assert fold(hours, [entered(), later]) == DaySheet((later,))
    assert fold(hours, [entered(), HoursCleared(work=OTHER)]) == DaySheet()


# --- minutes of requests


REQUEST: Final = UUID(int=7)
EMPTY: Final = DaySheet()


def minutes_given(**changes: Any) -> MinutesGiven:
    told: dict[str, Any] = {"adviser": "A-1", "day": DAY, "work": OTHER, "minutes": 480}
    return MinutesGiven(**told | changes)


def consulted(
    command: GiveConsultation | HoldMediationSession | VoidRequest,
    sheet: DaySheet = EMPTY,
    *before: Event,
    registers: Registers = REGISTERS,
) -> tuple[Event, list[tuple[UUID, Event]]]:
    """Decide on a request; return its event, and what it writes on day sheets."""
    moment = Moment(
        by=CLERK,
        occurred_at=local("2026-03-02 15:00"),
        now=local("2026-03-02 15:00"),
        registers=registers,
        stream=REQUEST,
        beside=dict.fromkeys((SHEET, hours.sheet_of_account("clerk-1", DAY)), sheet),
    )
    state = fold(request, [LOGGED, MediationOpened(mediator="clerk-1", public=False), *before])
    read = set(request_commands.BESIDE.reads(state, command, moment))
    (event,) = request_commands.decide(state, command, moment)
    written = list(request_commands.BESIDE.writes(state, [event], moment))
    assert {stream for stream, _ in written} <= read
    return event, written


BY_ADVISER: Final = GiveConsultation(mode="onsite", minutes=480, adviser="A-1")
BY_STAFF: Final = GiveConsultation(mode="phone", minutes=480)
SESSION: Final = HoldMediationSession(mediator="clerk-1", adviser="A-1", minutes=480)


@pytest.mark.parametrize("command", [BY_ADVISER, BY_STAFF, SESSION])
def test_audit_4_4_minutes_of_requests_are_bounded_by_the_day_of_who_gave_them(
    command: GiveConsultation | HoldMediationSession,
) -> None:
    one, two, three = (minutes_given(work=UUID(int=n), minutes=480) for n in (11, 12, 13))
    consulted(command, DaySheet((), (one, two)))
    with pytest.raises(MinutesBeyondDay, match="1920"):
        consulted(command, DaySheet((), (one, two, three)))
    taken = by_rules(REGISTERS, doubted=("beyond_day",))
    event, _ = consulted(command, DaySheet((), (one, two, three)), registers=taken)
    assert isinstance(event, ConsultationGiven | MediationSessionHeld)
    assert (event.doubts, event.given_on) == (("beyond_day",), DAY)


def test_audit_4_4_visits_and_requests_of_one_day_are_bounded_together() -> None:
    registers = by_rules(REGISTERS, minutes_per_day_max=600)
    with pytest.raises(MinutesBeyondDay, match="601"):
        consulted(replace(BY_ADVISER, minutes=481), DaySheet((entered(),)), registers=registers)
    sheet = DaySheet((), (minutes_given(minutes=481),))
    moment = Moment(
        by=CLERK,
        occurred_at=MORNING,
        now=EVENING,
        registers=registers,
        stream=WORK,
        beside={SHEET: sheet},
    )
    with pytest.raises(MinutesBeyondDay, match="601"):
        worklog.decide(None, ALONE, moment)
    # His log tells the minutes of the request that it names: they are one service.
    told = replace(ALONE, work=replace(DONE, request=OTHER))
    worklog.decide(None, told, moment)
    named = DaySheet((entered(given_to=REQUEST, minutes=600),))
    consulted(BY_ADVISER, named, registers=registers)


def test_minutes_of_a_request_are_on_the_sheets_of_those_who_gave_them() -> None:
    event, written = consulted(SESSION, DaySheet((), (minutes_given(work=REQUEST, minutes=10),)))
    assert [told for _, told in written] == [
        minutes_given(work=REQUEST, minutes=490, adviser=None, account="clerk-1"),
        minutes_given(work=REQUEST, minutes=490),
    ]
    sheet = fold(hours, [written[1][1], minutes_given(minutes=5)])
    assert (sheet.minutes_besides(None), sheet.minutes_besides(REQUEST)) == (495, 5)
    _, released = consulted(VoidRequest(reason="登记有误"), sheet, event)
    assert [told for _, told in released] == [HoursCleared(work=REQUEST)] * 2
    assert fold(hours, [HoursCleared(work=REQUEST)], sheet).given == (minutes_given(minutes=5),)
    _, nothing = consulted(replace(BY_ADVISER, minutes=0))
    assert nothing == []


def test_a_doubt_of_a_request_is_cleared_with_a_reason_by_who_did_not_serve() -> None:
    doubtful = ConsultationGiven(
        mode="phone", minutes=480, given_by="clerk-1", adviser="A-1", doubts=("beyond_day",)
    )
    clear = ClearRequestDoubts(doubts=("beyond_day",), reason="值班记录可证")
    held = given(LOGGED, doubtful)
    after = held.when(clear, by=OFFICE).then(
        RequestDoubtsCleared(doubts=("beyond_day",), reason="值班记录可证")
    )
    assert after.doubts == ()
    given(LOGGED, doubtful).when(clear, by=CLERK).refused(DoubtsOfOwnService)
    given(LOGGED).when(clear, by=OFFICE).refused(RequestHasNoSuchDoubt)
    closed = RequestClosed(kind="answered")
    given(LOGGED, doubtful, closed).when(clear, by=OFFICE).then(
        RequestDoubtsCleared(doubts=("beyond_day",), reason="值班记录可证")
    )


# --- doubts, and who confirms


def doubted(*doubts: Doubt) -> WorkLogged:
    return replace(logged(), doubts=doubts)


def test_a_doubt_is_cleared_with_a_reason_or_the_entry_is_returned() -> None:
    clear = ClearDoubts(doubts=("not_serving",), reason="代班，经司法所同意")
    state = given(doubted("not_serving", "overlap")).when(clear, by=OFFICE)
    after = state.then(DoubtsCleared(doubts=("not_serving",), reason="代班，经司法所同意"))
    assert (after.doubts, after.cleared, after.counts) == (("overlap",), ("not_serving",), True)


def test_only_a_doubt_that_is_there_is_cleared() -> None:
    unknown = ClearDoubts(doubts=("beyond_day",), reason="无")
    given(doubted("overlap")).when(unknown, by=OFFICE).refused(NoSuchDoubt)
    # An overlap is seen by the views as well.
    overlap = ClearDoubts(doubts=("overlap",), reason="同一次服务")
    given(doubted()).when(overlap, by=OFFICE).then(
        DoubtsCleared(doubts=("overlap",), reason="同一次服务")
    )


@pytest.mark.parametrize("unit", [NEXT, VILLAGE[:9], "440103", "ROOM-1"])
def test_audit_4_4_only_the_village_itself_confirms(unit: str) -> None:
    committee = Actor(account="committee-1", role="committee", unit=unit)
    given(logged()).when(ConfirmWork(), by=committee).refused(ConfirmedElsewhere)
