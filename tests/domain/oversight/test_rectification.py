"""A rectification: ordered, answered, accepted or rejected, overdue, escalated, withdrawn."""

from datetime import date, timedelta
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from domain.aggregates import fold
from domain.moment import HappensBeforeLastStep, HappensInFuture
from domain.oversight import inspection, rectification
from domain.oversight.inspection import InspectionHeld
from domain.oversight.rectification import (
    AcceptRectification,
    Addressee,
    AddresseeElsewhere,
    AnswerRectification,
    EscalateRectification,
    GroundUnknown,
    MarkOverdue,
    NoGroundToEscalate,
    OrderRectification,
    OwnRectification,
    RectificationAccepted,
    RectificationAlreadyAnswered,
    RectificationAnswered,
    RectificationEscalated,
    RectificationExists,
    RectificationFellOverdue,
    RectificationHasEnded,
    RectificationNotAnswered,
    RectificationNotOverdue,
    RectificationOrdered,
    RectificationRejected,
    RectificationUnknown,
    RectificationWithdrawn,
    RejectRectification,
    Source,
    WithdrawRectification,
)
from domain.promises.promise import Promise
from domain.registers.adviser import AdviserUnknown
from domain.registers.point import PointUnknown
from domain.registers.policy import LIMITS_POLICY, Policy
from domain.vocabulary import Actor, Command, Event
from domain.worktime.calendar import TimeLimit
from tests.examples import (
    CALENDAR,
    CLERK,
    LAWYER,
    MORNING,
    NO_RULES,
    NOON,
    REGISTERS,
    REQUEST,
    RULES,
    local,
)
from tests.spec import given as given_known

LIMITS = {"rectification/answer": TimeLimit(amount=5, unit="working_day")}
KNOWN = replace(
    REGISTERS,
    policies={
        LIMITS_POLICY: Policy(
            (
                replace(RULES, limits=LIMITS),
                replace(
                    RULES,
                    version=2,
                    effective_from=date(2026, 3, 6),
                    limits={"rectification/answer": TimeLimit(amount=2, unit="working_day")},
                ),
            )
        )
    },
)
OFFICER = Actor(account="zhou", role="supervisor", unit="440103001")
GROUND = fold(
    inspection,
    [
        InspectionHeld(
            kind="check",
            division="440103001001",
            point="ROOM-1",
            period="2026-03",
            held_at=MORNING,
            inspector="zhou",
            office="440103001",
            checklist="village-check@1",
            answers={},
        )
    ],
)
POINT = Addressee("point", "ROOM-1")
ADVISER = Addressee("adviser", "A-1")
FIRM = Addressee("firm", "FIRM-1")
OTHER_FIRM = Addressee("firm", "FIRM-2")
ITEMS = ("更新公示牌", "补齐工作日志")
DUE = local("2026-03-09 18:00")
OVERDUE_AT = DUE + timedelta(minutes=1)
PROMISE = Promise(
    name="answer", started_at=MORNING, due=DUE, policy="service-limits@1", calendar="gz-office@1"
)
ORDER = OrderRectification(source="inspection", source_stream=REQUEST, addressee=POINT, items=ITEMS)
ORDERED = RectificationOrdered(
    source="inspection",
    source_stream=REQUEST,
    addressee=POINT,
    point="ROOM-1",
    division="440103001001",
    calendar="gz-office@1",
    items=ITEMS,
    ordered_at=MORNING,
    promises=(PROMISE,),
)
EVIDENCE = ("0" * 64,)
ANSWER = AnswerRectification(measures="已更新", evidence=EVIDENCE)
ANSWERED = RectificationAnswered(
    measures="已更新", evidence=EVIDENCE, answered_by="clerk-1", answered_at=NOON
)
ACCEPTED = RectificationAccepted(accepted_at=NOON)
REJECT = RejectRectification(reason="日志仍不全")
REJECTED = RectificationRejected(
    reason="日志仍不全",
    rejected_at=NOON,
    promises=(replace(PROMISE, round=2, started_at=NOON),),
)
FELL_OVERDUE = RectificationFellOverdue(round=1, due=DUE)
ESCALATE = EscalateRectification(to="replacement", reason="两次不合格")
WITHDRAW = WithdrawRectification(reason="申诉成立")
WITHDRAWN = RectificationWithdrawn(reason="申诉成立", withdrawn_at=NOON)
ESCALATED = RectificationEscalated(to="replacement", reason="两次不合格", escalated_at=NOON)


def given(*events: Event, **when: Any) -> given_known:
    return given_known(*events, **{"registers": KNOWN, "beside": {REQUEST: GROUND}, **when})


# --- order


def test_an_order_to_a_point_has_its_division_and_a_promise_by_its_calendar() -> None:
    given(at=MORNING).when(ORDER, by=OFFICER).then(ORDERED)
    given(at=MORNING).when(replace(ORDER, point="ROOM-1"), by=OFFICER).then(ORDERED)


@pytest.mark.parametrize("addressee", [ADVISER, FIRM])
def test_an_order_to_an_adviser_or_firm_may_name_the_point_concerned(addressee: Addressee) -> None:
    ordered = replace(ORDERED, addressee=addressee)
    given(at=MORNING).when(replace(ORDER, addressee=addressee, point="ROOM-1")).then(ordered)


@pytest.mark.parametrize("addressee", [ADVISER, FIRM])
def test_an_order_without_a_point_has_its_limit_by_the_calendar_published_first(
    addressee: Addressee,
) -> None:
    nowhere = replace(ORDERED, addressee=addressee, point=None, division=None)
    order = replace(ORDER, addressee=addressee)
    given(at=MORNING).when(order).then(nowhere)
    later = replace(CALENDAR, code="gz-counter")
    calendars = {**KNOWN.calendars, later.code: later, later.ref: later}
    given(at=MORNING, registers=replace(KNOWN, calendars=calendars)).when(order).then(nowhere)
    given(nowhere, replace(ANSWERED, answered_at=NOON), at=NOON).when(REJECT, by=OFFICER).then(
        REJECTED
    )
    given(nowhere, at=OVERDUE_AT).when(MarkOverdue()).then(FELL_OVERDUE)


def test_an_order_without_a_point_has_no_limit_before_there_is_a_calendar() -> None:
    nowhere = replace(
        ORDERED, addressee=ADVISER, point=None, division=None, calendar=None, promises=()
    )
    given(at=MORNING, registers=replace(KNOWN, calendars={})).when(
        replace(ORDER, addressee=ADVISER)
    ).then(nowhere)


@pytest.mark.parametrize(
    ("point", "division", "calendar"),
    [("STALL-1", "440103001001", None), ("STATION-1", "440103002001", "gz-office@1")],
)
def test_an_order_belongs_to_the_division_of_its_day(
    point: str, division: str, calendar: str | None
) -> None:
    moved = local("2026-03-03 09:00")
    promised = replace(PROMISE, started_at=moved, due=local("2026-03-10 18:00"))
    ordered = replace(
        ORDERED,
        addressee=Addressee("point", point),
        point=point,
        division=division,
        calendar=calendar,
        ordered_at=moved,
        promises=(promised,) if calendar else (),
    )
    given(at=moved).when(replace(ORDER, addressee=Addressee("point", point))).then(ordered)


def test_without_rules_an_order_has_no_limit() -> None:
    given(at=MORNING, registers=NO_RULES).when(ORDER).then(replace(ORDERED, promises=()))


def test_what_is_ordered_of_a_point_is_put_right_there() -> None:
    given().when(replace(ORDER, point="STATION-1")).refused(AddresseeElsewhere)


@pytest.mark.parametrize(
    "command",
    [
        replace(ORDER, addressee=Addressee("point", "ROOM-9")),
        replace(ORDER, addressee=FIRM, point="ROOM-9"),
    ],
)
def test_an_order_needs_a_known_point(command: Command) -> None:
    given().when(command).refused(PointUnknown)


def test_an_order_needs_a_known_adviser() -> None:
    given().when(replace(ORDER, addressee=Addressee("adviser", "A-9"))).refused(AdviserUnknown)


@pytest.mark.parametrize("source", ["inspection", "supervision", "rating", "assessment"])
def test_audit_4_11_an_order_stands_on_something_that_is_in_the_log(source: Source) -> None:
    order = replace(ORDER, source=source)
    given(beside={}).when(order).refused(GroundUnknown)
    given(beside={REQUEST: None}).when(order).refused(GroundUnknown)
    other = rectification if source in ("inspection", "supervision") else inspection
    elsewhere = {REQUEST: fold(other, [ORDERED]) if other is rectification else GROUND}
    given(beside=elsewhere).when(order).refused(GroundUnknown)


def test_the_same_ground_is_ordered_once() -> None:
    given(ORDERED, at=NOON).when(ORDER).nothing()
    given(ORDERED, ANSWERED, ACCEPTED).when(ORDER).nothing()


@pytest.mark.parametrize(
    "change",
    [
        {"source": "rating"},
        {"source_stream": msgspec.convert("0" * 32, type(REQUEST))},
        {"addressee": ADVISER},
        {"items": ("更新公示牌",)},
    ],
)
def test_another_order_is_another_rectification(change: dict[str, Any]) -> None:
    given(ORDERED).when(replace(ORDER, **change)).refused(RectificationExists)


def test_nothing_is_ordered_in_the_future() -> None:
    given(at=NOON, now=MORNING).when(ORDER).refused(HappensInFuture)


def test_an_order_says_what_is_to_be_put_right() -> None:
    whole = msgspec.json.encode(ORDER)
    assert msgspec.json.decode(whole, type=OrderRectification) == ORDER
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(msgspec.json.encode(replace(ORDER, items=())), type=OrderRectification)


# --- answer


def test_an_order_is_answered_with_measures_and_evidence() -> None:
    given(ORDERED).when(ANSWER, by=CLERK).then(ANSWERED)


def test_an_answer_names_the_adviser_who_gave_it() -> None:
    answered = replace(ANSWERED, answered_by="chen", adviser="A-1")
    given(ORDERED).when(ANSWER, by=LAWYER).then(answered)


def test_an_order_is_answered_once_a_round() -> None:
    given(ORDERED, ANSWERED).when(ANSWER).nothing()
    for other in (replace(ANSWER, measures="另有补充"), replace(ANSWER, evidence=())):
        given(ORDERED, ANSWERED).when(other).refused(RectificationAlreadyAnswered)
    given(ORDERED, ANSWERED, REJECTED).when(ANSWER).then(ANSWERED)


# --- acceptance, rejection


def test_an_answer_is_accepted() -> None:
    accept = AcceptRectification(note="现场核实")
    accepted = RectificationAccepted(note="现场核实", accepted_at=NOON)
    assert given(ORDERED, ANSWERED).when(accept, by=OFFICER).then(accepted).ended


def test_a_rejection_begins_a_round_with_a_promise_of_its_own() -> None:
    after = given(ORDERED, ANSWERED).when(REJECT, by=OFFICER).then(REJECTED)
    assert (after.status, after.round, after.answer, after.overdue) == ("open", 2, None, False)
    assert after.ordered.promises == (PROMISE,)
    assert after.due == DUE


def test_a_new_round_is_promised_by_the_rules_of_its_day() -> None:
    later = local("2026-03-06 09:00")
    promise = replace(
        PROMISE,
        round=2,
        started_at=later,
        due=local("2026-03-10 18:00"),
        policy="service-limits@2",
    )
    rejected = replace(REJECTED, rejected_at=later, promises=(promise,))
    after = given(ORDERED, ANSWERED, at=later).when(REJECT, by=OFFICER).then(rejected)
    assert after.promises == (promise,)


def test_a_new_round_is_not_overdue_because_the_last_one_was() -> None:
    late = replace(ANSWERED, answered_at=OVERDUE_AT)
    rejected = replace(REJECTED, rejected_at=OVERDUE_AT)
    assert not fold(rectification, [ORDERED, FELL_OVERDUE, late, rejected]).overdue


def test_an_order_without_a_limit_has_none_in_the_next_round() -> None:
    unlimited = replace(ORDERED, addressee=FIRM, point=None, calendar=None, promises=())
    rejected = replace(REJECTED, promises=())
    assert given(unlimited, ANSWERED).when(REJECT, by=OFFICER).then(rejected).due is None


@pytest.mark.parametrize("command", [AcceptRectification(), REJECT])
def test_what_is_not_answered_is_neither_accepted_nor_rejected(command: Command) -> None:
    given(ORDERED).when(command, by=OFFICER).refused(RectificationNotAnswered)
    given(ORDERED, ANSWERED, REJECTED).when(command, by=OFFICER).refused(RectificationNotAnswered)


BY_ADVISER = replace(ANSWERED, answered_by="chen", adviser="A-1")
IN_OFFICE = "440103001"


@pytest.mark.parametrize(
    ("addressee", "answer", "by"),
    [
        (POINT, ANSWERED, replace(CLERK, account="clerk-2")),
        (FIRM, ANSWERED, replace(CLERK, unit=IN_OFFICE)),
        (FIRM, BY_ADVISER, replace(LAWYER, account="chen-2", unit=IN_OFFICE)),
        (FIRM, ANSWERED, Actor(account="boss", role="firm", unit="FIRM-1")),
        (FIRM, ANSWERED, replace(LAWYER, account="li", unit=IN_OFFICE)),
        (ADVISER, ANSWERED, replace(LAWYER, unit=IN_OFFICE)),
        (OTHER_FIRM, BY_ADVISER, replace(LAWYER, account="chen-2", unit=IN_OFFICE)),
        (OTHER_FIRM, BY_ADVISER, replace(OFFICER, account="chen")),
    ],
)
@pytest.mark.parametrize("command", [AcceptRectification(), REJECT, WITHDRAW, ESCALATE])
def test_nobody_judges_his_own_rectification(
    command: Command, addressee: Addressee, answer: Event, by: Actor
) -> None:
    history = given(replace(ORDERED, addressee=addressee), answer)
    history.when(command, by=by).refused(OwnRectification)


def test_an_adviser_of_another_firm_is_not_the_firm_addressed() -> None:
    to_other = replace(ORDERED, addressee=OTHER_FIRM)
    by = replace(LAWYER, unit=IN_OFFICE)
    given(to_other, ANSWERED).when(AcceptRectification(), by=by).then(ACCEPTED)
    given(to_other).when(WITHDRAW, by=by).then(WITHDRAWN)


# --- overdue


def test_an_order_not_answered_in_time_is_marked_overdue_once() -> None:
    assert given(ORDERED, at=DUE).when(MarkOverdue()).then(FELL_OVERDUE).overdue
    given(ORDERED, FELL_OVERDUE, at=OVERDUE_AT).when(MarkOverdue()).nothing()


def test_every_round_may_be_overdue() -> None:
    in_round_two = given(ORDERED, ANSWERED, REJECTED, at=OVERDUE_AT)
    in_round_two.when(MarkOverdue()).then(RectificationFellOverdue(round=2, due=DUE))


def test_an_order_is_not_overdue_before_its_limit_or_without_one() -> None:
    given(ORDERED, at=DUE - timedelta(minutes=1)).when(MarkOverdue()).refused(
        RectificationNotOverdue
    )
    unlimited = replace(ORDERED, promises=())
    given(unlimited, at=OVERDUE_AT).when(MarkOverdue()).refused(RectificationNotOverdue)


@pytest.mark.parametrize("history", [(ANSWERED,), (ANSWERED, ACCEPTED), (WITHDRAWN,)])
def test_what_is_answered_or_ended_does_not_fall_overdue(history: tuple[Event, ...]) -> None:
    given(ORDERED, *history, at=OVERDUE_AT).when(MarkOverdue()).nothing()


def test_an_answer_after_its_limit_is_overdue_and_one_at_its_limit_is_not() -> None:
    late = fold(rectification, [ORDERED, replace(ANSWERED, answered_at=OVERDUE_AT)])
    in_time = fold(rectification, [ORDERED, FELL_OVERDUE, replace(ANSWERED, answered_at=DUE)])
    assert (late.overdue, in_time.overdue) == (True, False)


def test_an_overdue_order_is_still_answered_even_with_what_happened_before() -> None:
    late = given(ORDERED, FELL_OVERDUE, at=NOON, now=OVERDUE_AT, late_reason="外出办案")
    late.when(ANSWER, by=CLERK).then(ANSWERED)


# --- escalation, withdrawal


@pytest.mark.parametrize(
    "history",
    [
        (ORDERED, FELL_OVERDUE),
        (ORDERED, ANSWERED, REJECTED),
        (ORDERED, ANSWERED, REJECTED, ANSWERED),
    ],
)
def test_what_is_overdue_or_was_rejected_is_escalated(history: tuple[Event, ...]) -> None:
    assert given(*history).when(ESCALATE, by=OFFICER).then(ESCALATED).ended


@pytest.mark.parametrize("history", [(ORDERED,), (ORDERED, ANSWERED)])
def test_without_a_ground_nothing_is_escalated(history: tuple[Event, ...]) -> None:
    given(*history).when(ESCALATE, by=OFFICER).refused(NoGroundToEscalate)


@pytest.mark.parametrize("history", [(ORDERED,), (ORDERED, ANSWERED), (ORDERED, FELL_OVERDUE)])
def test_an_order_is_withdrawn(history: tuple[Event, ...]) -> None:
    assert given(*history).when(WITHDRAW, by=OFFICER).then(WITHDRAWN).ended


@pytest.mark.parametrize("end", [(ANSWERED, ACCEPTED), (FELL_OVERDUE, ESCALATED), (WITHDRAWN,)])
@pytest.mark.parametrize("command", [ANSWER, AcceptRectification(), REJECT, ESCALATE, WITHDRAW])
def test_what_has_ended_stays_ended(command: Command, end: tuple[Event, ...]) -> None:
    given(ORDERED, *end).when(command, by=OFFICER).refused(RectificationHasEnded)


# --- order of time


@pytest.mark.parametrize("command", [ANSWER, MarkOverdue(), WITHDRAW])
def test_an_unknown_rectification_does_nothing(command: Command) -> None:
    given().when(command).refused(RectificationUnknown)


@pytest.mark.parametrize(
    ("history", "command"),
    [
        ((replace(ORDERED, ordered_at=NOON),), ANSWER),
        ((ORDERED, ANSWERED), AcceptRectification()),
        ((ORDERED, ANSWERED, REJECTED), ANSWER),
    ],
)
def test_no_step_comes_before_the_one_it_follows(
    history: tuple[Event, ...], command: Command
) -> None:
    early = given(*history, at=NOON - timedelta(minutes=1))
    early.when(command, by=OFFICER).refused(HappensBeforeLastStep)


@pytest.mark.parametrize(
    ("last", "since"),
    [
        ((ANSWERED, replace(ACCEPTED, accepted_at=DUE)), DUE),
        ((FELL_OVERDUE, replace(ESCALATED, escalated_at=DUE)), DUE),
        ((replace(WITHDRAWN, withdrawn_at=DUE),), DUE),
        ((ANSWERED, replace(REJECTED, rejected_at=DUE)), DUE),
        ((FELL_OVERDUE,), MORNING),
    ],
)
def test_a_rectification_knows_when_its_last_step_was(last: tuple[Event, ...], since: Any) -> None:
    assert fold(rectification, [ORDERED, *last]).since == since
