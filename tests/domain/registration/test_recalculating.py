"""A version reaches months that were over only by a recalculation, as far as it is dated."""

from datetime import date, datetime
from typing import Final

import pytest
from msgspec.structs import replace

from domain.aggregates import REFERENCE, fold
from domain.moment import Moment, village_calendar
from domain.registers import appointment, point
from domain.registers.appointment import Appointment
from domain.registers.calendar_publication import CalendarPublished, CalendarRecalculated
from domain.registers.point import (
    PointCalendarChanged,
    PointMoved,
    PointOpened,
    PointRecalculated,
    PointZoneChanged,
)
from domain.registers.policy import (
    DUTY_POLICY,
    DutyRules,
    PolicyPublished,
    PolicyRecalculated,
    PolicyVersion,
)
from domain.registration.calendar_commands import PublishCalendar, RecalculateByCalendar
from domain.registration.point_commands import (
    ChangePointCalendar,
    ChangePointZone,
    MovePoint,
    OpenPoint,
    RecalculateByPoint,
)
from domain.registration.policy_commands import PublishPolicy, RecalculatePolicy
from domain.registration.publishing import (
    NotTheFirstOfAMonth,
    PublishedVersionUnknown,
    RecalculatedBeforeEffective,
    VersionJudgesAlready,
)
from domain.requests import request_commands
from domain.requests.request import RequestLogged
from domain.requests.request_commands import LogRequest
from domain.vocabulary import Command, Event, Refused
from tests.examples import CALENDAR, CLERK, NOON, OPENED, REGISTERS, local
from tests.spec import given

FIRST = PolicyVersion(
    code=DUTY_POLICY, version=1, effective_from=date(2020, 1, 1), basis="示例", duty=DutyRules()
)
SECOND = replace(FIRST, version=2, effective_from=NOON.date().replace(month=1, day=5, year=2025))
RUNNING = NOON.date().replace(day=1)
AT_WORK = replace(
    REGISTERS,
    policies={DUTY_POLICY: None},
    appointments={"440103001001": Appointment(division="440103001001")},
)
BOUND = PolicyPublished(policy=SECOND, binds_from=RUNNING)
SINCE = date(2025, 6, 1)


def test_rules_dated_back_judge_from_the_running_month_on() -> None:
    first = given(PolicyPublished(policy=FIRST), registers=AT_WORK)
    first.when(PublishPolicy(policy=SECOND)).then(BOUND)
    founding = given(PolicyPublished(policy=FIRST))
    founding.when(PublishPolicy(policy=SECOND)).then(PolicyPublished(policy=SECOND))


def test_rules_are_recalculated_with_a_reason() -> None:
    command = RecalculatePolicy(version=2, since=SINCE, reason="更正")
    bound = given(PolicyPublished(policy=FIRST), BOUND, registers=AT_WORK)
    state = bound.when(command).then(PolicyRecalculated(version=2, since=SINCE, reason="更正"))
    assert state.in_force(SINCE).version == 2
    assert state.in_force(date(2025, 5, 31)).version == 1


@pytest.mark.parametrize(
    ("version", "since", "refusal"),
    [
        (3, SINCE, PublishedVersionUnknown),
        (2, date(2025, 1, 1), RecalculatedBeforeEffective),
        (2, RUNNING, VersionJudgesAlready),
        (2, date(2025, 6, 2), NotTheFirstOfAMonth),
    ],
)
def test_what_is_no_recalculation(version: int, since: date, refusal: type[Refused]) -> None:
    events: tuple[Event, ...] = (PolicyPublished(policy=FIRST), BOUND)
    command = RecalculatePolicy(version=version, since=since, reason="更正")
    given(*events, registers=AT_WORK).when(command).refused(refusal)


def test_a_calendar_judges_duties_from_the_running_month_on_until_it_is_recalculated() -> None:
    first = replace(CALENDAR, version=1)
    second = replace(first, version=2)
    told = CalendarPublished(calendar=first)
    bound = CalendarPublished(calendar=second, binds_from=RUNNING)
    given(told, registers=AT_WORK).when(PublishCalendar(calendar=second)).then(bound)
    command = RecalculateByCalendar(version=2, since=SINCE, reason="调休更正")
    state = (
        given(told, bound, registers=AT_WORK)
        .when(command)
        .then(CalendarRecalculated(version=2, since=SINCE, reason="调休更正"))
    )
    assert state.binding_on(SINCE) == second
    assert state.binding_on(date(2025, 5, 1)) == first
    missing = replace(command, version=3)
    given(told, registers=AT_WORK).when(missing).refused(PublishedVersionUnknown)


# --- points (4.11): where a village is and by which calendar decides duties, off-peak and promises

NEXT: Final = "440103001002"
NIGHT: Final = replace(CALENDAR, code="gz-night", version=1)
CLOSED: Final = date(2026, 2, 10)
"""A day of a month that is over."""
KNOWN: Final = replace(
    AT_WORK,
    points={"ROOM-1": fold(point, [OPENED])},
    calendars={**REGISTERS.calendars, "gz-night": NIGHT, "gz-night@1": NIGHT},
)
MOVING: Final = MovePoint(division=NEXT, division_source="更正", valid_from=date(2025, 1, 1))
CHANGES: Final[tuple[tuple[Command, Event], ...]] = (
    (ChangePointCalendar(calendar="gz-night"), PointCalendarChanged(calendar="gz-night")),
    (
        MOVING,
        PointMoved(division=NEXT, division_source="更正", valid_from=date(2025, 1, 1)),
    ),
    (
        ChangePointZone(zone="Asia/Urumqi", reason="登记时写错"),
        PointZoneChanged(zone="Asia/Urumqi", reason="登记时写错"),
    ),
)


def judging(held: point.Point, day: date) -> tuple[str, str | None, str]:
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=NOON.tzinfo)
    return held.division_on(day), held.calendar_at(noon), held.zone_at(noon)


@pytest.mark.parametrize(("command", "event"), CHANGES)
def test_4_11_what_a_point_is_changed_to_judges_from_the_running_month_on(
    command: Command, event: Event
) -> None:
    before = fold(point, [OPENED])
    known = given(OPENED, registers=KNOWN)
    bound = replace(event, binds_from=RUNNING)
    after = known.when(command).then(bound)
    assert judging(after, CLOSED) == judging(before, CLOSED) != judging(after, RUNNING)
    # Another change in the same month keeps what was kept, and repeated it does nothing.
    renewed = replace(event, binds_from=date(2026, 4, 1))
    assert judging(fold(point, [OPENED, bound, bound, renewed]), CLOSED) == judging(before, CLOSED)
    given(OPENED, bound, registers=KNOWN).when(command).nothing()

    recalculated = RecalculateByPoint(since=date(2026, 2, 1), reason="更正")
    told = PointRecalculated(since=date(2026, 2, 1), reason="更正")
    mended = given(OPENED, bound, registers=KNOWN).when(recalculated).then(told)
    assert judging(mended, CLOSED) == judging(after, RUNNING)
    assert judging(mended, date(2026, 1, 31)) == judging(before, CLOSED)
    for since, refusal in ((RUNNING, VersionJudgesAlready), (CLOSED, NotTheFirstOfAMonth)):
        again = replace(recalculated, since=since)
        given(OPENED, bound, registers=KNOWN).when(again).refused(refusal)
    given(OPENED, registers=KNOWN).when(recalculated).refused(VersionJudgesAlready)


def test_4_11_a_new_room_does_not_judge_the_closed_months_of_its_village() -> None:
    command = OpenPoint(
        code="ROOM-00",
        kind="room",
        name="新工作室",
        division=OPENED.division,
        division_source="登记",
        valid_from=date(2020, 1, 1),
        calendar="gz-night",
    )
    told = {name: getattr(command, name) for name in command.__struct_fields__}
    room = PointOpened(**told, binds_from=RUNNING)
    given(registers=KNOWN).when(command).then(room)
    given(room, registers=KNOWN).when(command).nothing()
    points = {**KNOWN.points, "ROOM-00": fold(point, [room])}
    registers = replace(
        KNOWN, points=points, rooms={OPENED.division: frozenset(("ROOM-00", "ROOM-1"))}
    )
    for day, code in ((CLOSED, "gz-office"), (RUNNING, "gz-night")):
        found = village_calendar(OPENED.division, day, registers)
        assert found is not None
        assert found.code == code


def test_4_11_what_is_entered_late_of_a_closed_month_is_promised_by_what_judged_it() -> None:
    changed = fold(
        point, [OPENED, *(replace(event, binds_from=RUNNING) for _, event in CHANGES[:2])]
    )
    command = LogRequest(point="ROOM-1", channel="counter", service="consultation", subject="咨询")
    found = []
    for at in ("2026-02-10 09:00", "2026-03-02 09:00"):
        moment = Moment(
            by=CLERK,
            occurred_at=local(at),
            now=NOON,
            registers=replace(KNOWN, points={"ROOM-1": changed}),
            late_reason="补录",
        )
        (event,) = request_commands.decide(None, command, moment)
        assert isinstance(event, RequestLogged)
        found.append((event.division, event.calendar))
    assert found == [(OPENED.division, "gz-office@1"), (NEXT, "gz-night@1")]


# --- everything else that a register tells

REACHES_BACK: Final = {
    **dict.fromkeys(
        (event.topic for event in appointment.EVENTS),
        "what was agreed with whom, and when: facts, entered late with a reason; what they move is"
        " told by the differences of tables",
    ),
    **dict.fromkeys(
        ("adviser", "division", "firm", "team", "organ"),
        "names, licences and firms: no rule; the firm of a piece of work stands with it",
    ),
    "account": "who may act: asked when something is done, not of a month that is over",
    "form": "a table keeps the version of its form that it was submitted by",
    **dict.fromkeys(
        ("point.renamed/1", "point.services_changed/1", "point.windows_changed/1",
         "point.closed/1", "point.reopened/1", "point.device_placed/1", "point.device_removed/1",
         "point.contacts_changed/1"),
        "asked when something is done at the point, not of a month that is over",
    ),
}  # fmt: skip
"""Topic, or kind of register → why it needs no recalculation."""


def test_4_11_every_fact_of_a_register_reaches_no_closed_month_or_says_why() -> None:
    """A new one fails here until it is bound like a rule, or is no rule."""
    for aggregate in REFERENCE:
        for event in aggregate.EVENTS:
            bound = "binds_from" in event.__struct_fields__ or ".recalculated/" in event.topic
            excused = {event.topic, aggregate.KIND} & REACHES_BACK.keys()
            assert bound != bool(excused), event.topic
