"""What is entered late bends no score (audit 4.1, 4.3): in time by when it was on record, missed
once missed, late steps counted, for every kind of fact; and linked matters count once."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import msgspec
import pytest
from msgspec.structs import replace

from domain.evaluation.ruleset_content import plain
from domain.promises.promise_watch import PromiseApproached, PromiseMissed
from domain.registers.appointment import DisplayPosted
from domain.requests.proceedings import MediationSessionHeld
from domain.scoring.computation import Task, computed, facts_by_subject, looked_at
from domain.scoring.computation import rules as rules_of_task
from domain.scoring.facts import FIELDS
from domain.scoring.shapes import Entry
from domain.vocabulary import Event, is_late, sibling_id
from ledger.founding.shipped import shipped_rulesets
from tests import complaints as complained
from tests.domain.advising import test_worklog as worked
from tests.domain.oversight import test_inspection as inspected
from tests.domain.oversight import test_rectification as ordered
from tests.domain.registers.test_appointment import SERVING
from tests.examples import (
    ANSWERED,
    CALENDAR,
    CLOSE,
    CONSULTED,
    LOGGED,
    MEDIATING,
    MORNING,
    NOON,
    REOPENED,
    REQUEST,
    local,
)
from tests.facts import all_facts, entry, facts, publications, rules

RULES: Final = rules()
COMPLAINT: Final = UUID(int=3001)
ORDER: Final = UUID(int=3002)
OTHER: Final = UUID(int=3003)
SHIPPED: Final = {one.ruleset.ref: plain(one.ruleset) for one in shipped_rulesets()}
YEAR_OVER: Final = local("2027-01-05 00:00")
Step = tuple[Event, str, str] | tuple[Event, str] | Event
"""What happened, when, and when it was recorded; late with a reason where the two differ."""


def given(*steps: Step, of: UUID, after: int = 0) -> list[Entry]:
    """The entries of one thing, and of its rating and watch beside."""
    return [_entry(one, position, of) for position, one in enumerate(steps, after + 1)]


def _entry(step: Step, position: int, of: UUID) -> Entry:
    at = known_at = MORNING
    if isinstance(step, tuple):
        event, *times = step
        at, known_at = local(times[0]), local(times[-1])
    else:
        event = step
    beside = event.topic.partition(".")[0]
    stream = sibling_id(of, beside) if beside in ("promises", "rating") else of
    made = entry(event, position, at, stream)
    return {**made, "recorded_at": known_at, "late": at != known_at}


def missed(name: str, due: datetime, *, of: UUID = REQUEST, kind: str = "request") -> PromiseMissed:
    return PromiseMissed(of=of, of_kind=kind, name=name, round=1, due=due)


def one_of(kind: str, entries: Sequence[Entry]) -> dict[str, Any]:
    [fact] = facts(entries, RULES, kind)
    return fact


def seen(fact: dict[str, Any], *names: str) -> tuple[Any, ...]:
    return tuple(fact[name] for name in names)


# --- requests

RESPONDED: Final = (CONSULTED, "2026-03-02 10:00")
CLOSED_LATE: Final = (ANSWERED, "2026-03-16 17:00", "2026-03-23 09:00")
OF_CLOSE: Final = ("close_in_time", "close_in_time_on_record", "missed", "late_steps")


def test_a_request_closed_and_entered_in_time_is_so_by_both_readings() -> None:
    fact = one_of("service", given(LOGGED, RESPONDED, (ANSWERED, "2026-03-05 09:30"), of=REQUEST))
    assert seen(fact, *OF_CLOSE) == (True, True, False, 0)
    for name in ("response_minutes", "close_minutes"):
        assert fact[f"{name}_on_record"] == fact[f"{name}_open"] == fact[name]
    assert fact["close_days_on_record"] == fact["close_days"] == 3
    assert fact["response_in_time_on_record"] is True


def test_a_close_entered_late_with_a_reason_was_in_time_and_not_on_record() -> None:
    fact = one_of("service", given(LOGGED, RESPONDED, CLOSED_LATE, of=REQUEST))
    assert seen(fact, *OF_CLOSE) == (True, False, False, 1)
    assert seen(fact, "close_days", "close_days_on_record") == (14, 21)
    assert fact["close_minutes_on_record"] == fact["close_minutes"] + 60 + 4 * 420
    assert fact["late"] is False


def test_what_was_recorded_as_missed_stays_missed_and_stands_among_no_positions() -> None:
    steps = (LOGGED, RESPONDED, (missed("close", CLOSE.due), "2026-03-16 18:01"))
    fact = one_of("service", given(*steps, CLOSED_LATE, of=REQUEST))
    assert seen(fact, *OF_CLOSE) == (True, False, True, 1)
    assert fact["positions"] == [1, 2, 4]
    # A watch that was told too early by a later extension: missed all the same.
    known = (ANSWERED, "2026-03-16 17:00")
    assert one_of("service", given(*steps, known, of=REQUEST))["close_in_time_on_record"] is False


def test_a_first_response_entered_late_took_until_it_was_on_record() -> None:
    late = (CONSULTED, "2026-03-02 10:00", "2026-03-03 10:00")
    fact = one_of("service", given(LOGGED, late, of=REQUEST))
    assert seen(fact, "response_in_time", "response_in_time_on_record") == (True, False)
    assert seen(fact, "response_minutes", "response_minutes_on_record") == (60, 420 + 60)
    again = given(LOGGED, late, (CONSULTED, "2026-03-02 11:00"), of=REQUEST)
    assert one_of("service", again)["response_in_time_on_record"] is False


def test_a_reopened_request_is_closed_again_on_record() -> None:
    steps = (LOGGED, RESPONDED, (ANSWERED, "2026-03-03 09:00"), (REOPENED, "2026-03-04 09:00"))
    fact = one_of("service", given(*steps, of=REQUEST))
    assert seen(fact, "close_in_time_on_record", "close_days_on_record") == (None, None)


def test_that_a_promise_approaches_is_passed_over() -> None:
    near = PromiseApproached(of=REQUEST, of_kind="request", name="close", round=1, due=CLOSE.due)
    fact = one_of("service", given(LOGGED, (near, "2026-03-15 09:00"), of=REQUEST))
    assert (fact["missed"], fact["positions"]) == (False, [1])


def test_without_a_time_of_recording_it_was_recorded_when_it_happened() -> None:
    entries = [entry(LOGGED, 1, stream=REQUEST), entry(CONSULTED, 2, NOON, REQUEST)]
    fact = one_of("service", entries)
    assert seen(fact, "response_in_time", "response_in_time_on_record") == (True, True)


def test_a_consultation_and_a_session_entered_late_are_told_so() -> None:
    held = MediationSessionHeld(mediator="M-1", adviser="A-1", minutes=30, onsite=True)
    steps = (LOGGED, RESPONDED, MEDIATING, (held, "2026-03-03 10:00", "2026-03-20 10:00"))
    deeds = facts(given(*steps, of=REQUEST), RULES, "deed")
    assert [one["late"] for one in deeds] == [False, True]


# --- complaints

OF_ANSWER: Final = (
    "answered_in_time",
    "answered_in_time_on_record",
    "on_time",
    "on_time_on_record",
)
LATER: Final = "2026-04-20 09:00"
UNDER_WAY: Final = tuple(complained.UNDER_INVESTIGATION)


def test_a_complaint_answered_and_entered_late_is_on_time_by_when_it_happened_only() -> None:
    at = complained.ANSWERED.at.strftime("%Y-%m-%d %H:%M")
    in_time = given(*UNDER_WAY, (complained.ANSWERED, at), of=COMPLAINT)
    assert seen(one_of("complaint", in_time), *OF_ANSWER) == (True, True, True, True)
    late = given(*UNDER_WAY, (complained.ANSWERED, at, LATER), of=COMPLAINT)
    fact = one_of("complaint", late)
    assert seen(fact, *OF_ANSWER) == (True, False, True, False)
    assert seen(fact, "late_steps", "late", "missed") == (1, False, False)


def test_an_acceptance_entered_late_is_not_on_record_in_time() -> None:
    at = complained.ACCEPTED.at.strftime("%Y-%m-%d %H:%M")
    fact = one_of(
        "complaint",
        given(complained.REGISTERED, (complained.ACCEPTED, at, LATER), of=COMPLAINT),
    )
    assert seen(fact, "acknowledged_in_time", "acknowledged_in_time_on_record") == (True, False)


def test_a_complaint_whose_promise_was_missed_is_never_on_time_on_record() -> None:
    event = missed("answer", local("2026-03-23 18:00"), of=COMPLAINT, kind="complaint")
    entries = given(*UNDER_WAY, (event, "2026-03-23 18:01"), complained.ANSWERED, of=COMPLAINT)
    fact = one_of("complaint", entries)
    assert seen(fact, *OF_ANSWER) == (True, False, True, False)
    assert fact["missed"] is True
    assert fact["positions"] == [n for n in range(1, len(entries) + 1) if n != len(entries) - 1]


def test_between_units_a_missed_promise_is_told_and_breaks_none_to_the_person() -> None:
    event = missed("assign", local("2026-03-03 18:00"), of=COMPLAINT, kind="complaint")
    fact = one_of("complaint", given(*UNDER_WAY, event, complained.ANSWERED, of=COMPLAINT))
    assert seen(fact, "missed", "on_time_on_record") == (True, True)


def test_a_withdrawal_entered_late_ends_a_promise_that_was_overdue_on_record() -> None:
    at = complained.WITHDRAWN.at.strftime("%Y-%m-%d %H:%M")
    fact = one_of("complaint", given(*UNDER_WAY, (complained.WITHDRAWN, at, LATER), of=COMPLAINT))
    assert seen(fact, "on_time", "on_time_on_record") == (True, False)


def test_a_review_decided_and_entered_late_is_not_on_record_in_time() -> None:
    before, decided = complained.UNDER_REVIEW, complained.REVIEWED
    at = decided.at.strftime("%Y-%m-%d %H:%M")
    names = ("reviewed_in_time", "reviewed_in_time_on_record")
    assert seen(one_of("complaint", given(*before, of=COMPLAINT)), *names) == (None, None)
    known = given(*before, (decided, at), of=COMPLAINT)
    assert seen(one_of("complaint", known), *names) == (True, True)
    late = given(*before, (decided, at, "2026-12-20 09:00"), of=COMPLAINT)
    assert seen(one_of("complaint", late), *names) == (True, False)


# --- orders, inspections, work, appointments

OF_ORDER: Final = ("in_time", "in_time_on_record", "overdue", "overdue_on_record")


def test_an_order_answered_and_entered_late_is_overdue_on_record() -> None:
    at = ordered.ANSWERED.answered_at.strftime("%Y-%m-%d %H:%M")
    known = given(ordered.ORDERED, (ordered.ANSWERED, at), of=ORDER)
    assert seen(one_of("rectification", known), *OF_ORDER) == (True, True, False, False)
    late = given(ordered.ORDERED, (ordered.ANSWERED, at, LATER), of=ORDER)
    fact = one_of("rectification", late)
    assert seen(fact, *OF_ORDER) == (True, False, False, True)
    assert fact["late_steps"] == 1


def test_an_order_that_was_missed_or_fell_overdue_stays_so() -> None:
    event = missed("return", ordered.DUE, of=ORDER, kind="rectification")
    fact = one_of("rectification", given(ordered.ORDERED, event, ordered.ANSWERED, of=ORDER))
    assert seen(fact, "in_time_on_record", "overdue_on_record", "missed") == (False, True, True)
    fell = given(ordered.ORDERED, ordered.FELL_OVERDUE, ordered.ANSWERED, of=ORDER)
    assert seen(one_of("rectification", fell), *OF_ORDER) == (False, False, True, True)


def test_steps_entered_late_are_counted_of_work_inspections_appointments_and_duties() -> None:
    late = ("2026-03-03 09:00", "2026-03-20 09:00")
    visits = facts(given((worked.LOGGED, *late), of=OTHER), RULES, "visit")
    assert {one["late_steps"] for one in visits} == {1}
    held = given((inspected.HELD, *late), inspected.CONFIRMED, of=OTHER)
    assert one_of("inspection", held)["late_steps"] == 1
    posted = DisplayPosted(day=local("2026-03-03 09:00").date(), place="村委会")
    serving = given(*SERVING, (posted, *late), of=UUID(int=3004), after=10)
    assert {one["late_steps"] for one in facts(serving, RULES, "appointment")} == {1}
    found = all_facts([*serving, *given((worked.LOGGED, *late), of=OTHER)], RULES)
    owed = [one for one in found if one["fact"] in ("duty", "quota") and one["late_entries"]]
    assert {one["late_entries"] for one in owed} == {1}
    assert {one["fact"] for one in owed if one["fact"] == "duty"} == {"duty"}


# --- scores


def task(ref: str, subject: Any) -> Task:
    return Task(
        ruleset=SHIPPED[ref],
        division="4401",
        period="2026",
        calendar=CALENDAR.ref,
        cut_off=10**6,
        subjects=(subject,),
    )


ADVISER: Final = {"code": "A-1"}
ROOM: Final = {"code": "ROOM-1", "division": "440103001001"}
OF_A1: Final = replace(LOGGED, adviser="A-1", firm="FIRM-1")


def tree(ref: str, entries: Sequence[Entry], subject: Any = ROOM) -> dict[str, Any]:
    """Item → leaf, of the shipped rule set."""
    return {one["code"]: one for one in _leaves(whole(ref, entries, subject)["items"])}


def whole(ref: str, entries: Sequence[Entry], subject: Any = ROOM) -> Any:
    asked = task(ref, subject)
    known = [*publications(), *entries]
    by = rules_of_task(known, asked, recorded_at=YEAR_OVER, as_known_at=YEAR_OVER)
    own = facts_by_subject(known, by, asked)
    return msgspec.json.decode(computed(asked, subject, own[subject["code"]]).tree)


def _leaves(items: Any) -> list[Any]:
    return [leaf for one in items for leaf in (_leaves(one["items"]) if "items" in one else [one])]


def test_audit_4_3_a_late_close_with_a_reason_earns_nothing_by_the_new_rules() -> None:
    entries = given(OF_A1, RESPONDED, CLOSED_LATE, of=REQUEST, after=100)
    old, new = tree("point-year@2", entries), tree("point-year@3", entries)
    assert (old["close_in_time"]["value"], new["close_in_time"]["value"]) == ("1", "0")
    assert new["close_in_time"]["score"] == "0.00"
    assert [one["positions"] for one in new["close_in_time"]["against"]] == [[101, 102, 103]]
    assert new["response_in_time"]["value"] == "1"


def test_audit_4_3_a_late_response_with_a_reason_earns_nothing_by_the_new_rules() -> None:
    late = (replace(CONSULTED, adviser="A-1", firm="FIRM-1"), "2026-03-02 10:00", LATER)
    entries = given(OF_A1, late, of=REQUEST, after=100)
    for ref, share, minutes in (("adviser-year@2", "1", "60"), ("adviser-year@3", "0", "14280")):
        found = tree(ref, entries, ADVISER)
        assert found["response_in_time"]["value"] == share
        assert found["response_p90"]["value"] == minutes


def test_audit_4_3_a_late_answer_and_a_late_rectification_earn_nothing_by_the_new_rules() -> None:
    at = complained.ANSWERED.at.strftime("%Y-%m-%d %H:%M")
    entries = [
        *given(*UNDER_WAY, (complained.ANSWERED, at, LATER), of=COMPLAINT, after=100),
        *given(
            ordered.ORDERED,
            (ordered.ANSWERED, ordered.ANSWERED.answered_at.strftime("%Y-%m-%d %H:%M"), LATER),
            of=ORDER,
            after=200,
        ),
    ]
    old, new = tree("point-year@2", entries), tree("point-year@3", entries)
    for item in ("answered_on_time", "rectifications"):
        assert (old[item]["value"], new[item]["value"]) == ("1", "0"), item


OLD: Final = ("adviser-year@1", "point-year@1", "adviser-year@2", "point-year@2")


@pytest.mark.parametrize("ref", OLD)
def test_old_rule_sets_look_at_nothing_that_was_added(ref: str) -> None:
    added = {
        name
        for fields in FIELDS.values()
        for name in fields
        if name.endswith("_on_record")
    } | {"missed", "late_steps", "late_entries", "linked_to", "standing_in_group",
         "reviewed_in_time"}  # fmt: skip
    for fields in looked_at(SHIPPED[ref]).values():
        assert added.isdisjoint(fields)


@pytest.mark.parametrize("ref", OLD)
def test_when_it_was_recorded_or_missed_changes_nothing_of_an_old_score(ref: str) -> None:
    subject = ADVISER if ref.startswith("adviser") else ROOM
    steps = (OF_A1, RESPONDED, CLOSED_LATE)
    late = given(*steps, of=REQUEST, after=100)
    watched = (missed("close", CLOSE.due), "2026-03-16 18:01")
    [beside] = given(watched, of=REQUEST, after=200)
    plainly: list[Any] = [
        {name: value for name, value in one.items() if name not in ("recorded_at", "late")}
        for one in late
    ]
    assert whole(ref, [*late, beside], subject) == whole(ref, plainly, subject)


def test_the_stored_state_says_whether_a_person_entered_it_late() -> None:
    by = {"role": "duty_officer"}
    assert not is_late({"by": by, "data": {}})
    assert is_late({"by": by, "late_reason": "停电", "data": {}})
    assert is_late({"by": by, "data": {"late_reason": "停电"}})
    assert not is_late({"by": {"role": "policy"}, "late_reason": "巡查", "data": {}})
