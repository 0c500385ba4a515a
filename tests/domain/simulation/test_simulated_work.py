"""The working life beside the requests, in a simulated quarter: who advises, works, checks, puts
right, complains and reports."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import cache
from random import Random
from typing import Any

import pytest

from domain.advising.appointment_commands import villages_served
from domain.advising.worklog import WorkLogged, WorkReturned, WorkVerified
from domain.aggregates import AGGREGATE_BY_COMMAND, REPEATABLE, fold
from domain.complaints.record import ComplaintRegistered, DissatisfactionNoted
from domain.moment import Moment
from domain.oversight.inspection import InspectionConfirmed, InspectionHeld, InspectionVoided
from domain.oversight.rectification import RectificationOrdered
from domain.promises.promise_watch import PromiseApproached, PromiseMissed
from domain.registers.appointment import Appointment, ContractSigned, china_day
from domain.registers.form import FormPublished
from domain.reporting.period_end import PeriodEnded
from domain.reporting.report import ReportSubmitted
from domain.requests.rating import BAD_GRADES, RatingGiven
from domain.simulation import SimulatedStep, World, city, services, world_of
from domain.simulation.reporting import ANALYSIS, LEDGER
from domain.vocabulary import Refused, sibling_id
from tests.lives import (
    DAYS,
    FIRST,
    SCALE,
    calendars,
    complaint,
    divisions,
    founding,
    hamlet,
    policies,
    quarter,
)

MONTHS = ("2026-04", "2026-05", "2026-06")


def happened(kind: type[Any]) -> list[tuple[SimulatedStep, Any]]:
    return [(step, event) for step in quarter() for event in step.events if isinstance(event, kind)]


def events(kind: type[Any]) -> list[Any]:
    return [event for _, event in happened(kind)]


@cache
def after() -> World:
    """What is known when the quarter is over."""
    return world_of(quarter())


def villages() -> list[Appointment]:
    return list(after().registers.appointments.values())


# --- who advises


def test_every_village_gets_an_adviser_and_nearly_all_keep_one() -> None:
    rooms = {one.locations[0].division for one in world_of(founding(1, SCALE)).registers.points
             .values() if one.kind == "room"}  # fmt: skip
    assert {one.division for one in villages()} == rooms
    assert {event.term for event in events(ContractSigned)} >= {1, 2}
    last = FIRST + timedelta(days=DAYS - 1)
    assert sum(one.stint_on(last) is not None for one in villages()) > 0.95 * len(rooms)


def test_nobody_serves_more_villages_than_the_rules_allow() -> None:
    appointments = after().registers.appointments
    last = FIRST + timedelta(days=DAYS - 1)
    served = [
        villages_served(appointments, adviser, FIRST, last)
        for adviser in after().registers.advisers
    ]
    assert max(served) <= 5
    assert 2 in served


# --- what they do


def month(at: datetime) -> str:
    return f"{china_day(at):%Y-%m}"


@pytest.mark.parametrize("of", MONTHS)
def test_nearly_every_village_is_visited_in_a_month(of: str) -> None:
    visited = {one.work.village for one in events(WorkLogged) if month(one.started_at) == of}
    assert len(visited) > 0.95 * len(villages())


def test_work_is_mostly_verified_sometimes_returned_and_sometimes_done_together() -> None:
    logged = events(WorkLogged)
    assert 0.6 < len(events(WorkVerified)) / len(logged) < 0.95
    assert 0 < len(events(WorkReturned)) < 0.1 * len(logged)
    together = [one for one in logged if len(one.served) == 2]
    assert 0 < len(together) < 0.15 * len(logged)
    assert all(len({part.team for part in one.served}) == 1 for one in together)
    assert all(sum(part.minutes for part in one.served) == one.minutes for one in logged)


def test_there_is_a_lecture_in_a_village_about_once_a_quarter() -> None:
    lectures = Counter(
        one.work.village for one in events(WorkLogged) if one.work.service == "lecture"
    )
    assert 0.9 * len(villages()) < len(lectures)
    assert max(lectures.values()) == 1


def test_who_works_serves_the_village_at_that_time() -> None:
    """As far as anybody knows when it is logged: his term may end later on the same day."""
    world = World()
    for step in quarter():
        for one in step.events:
            if isinstance(one, WorkLogged):
                held = world.registers.appointments[one.work.village]
                assert held.serves(one.served[0].adviser, china_day(one.started_at))
        world.record(step)


# --- what is checked and put right


@pytest.mark.parametrize("of", MONTHS)
def test_every_village_is_checked_in_every_month(of: str) -> None:
    checked = [one for one in events(InspectionHeld) if one.kind == "check" and one.period == of]
    assert len(checked) == len(villages())


def test_every_town_is_supervised_in_the_quarter() -> None:
    held = [one for one in events(InspectionHeld) if one.kind == "supervision"]
    towns = {one.division[:9] for one in villages()}
    assert Counter(one.division for one in held) == Counter(dict.fromkeys(towns, 1))
    assert {one.period for one in held} == {"2026-Q2"}


def test_checklists_are_published_before_anybody_fills_them_in() -> None:
    published = {event.form.ref: step.occurred_at for step, event in happened(FormPublished)}
    assert all(published[event.checklist] < event.held_at for event in events(InspectionHeld))


def ordered(source: str) -> list[Any]:
    return [one for one in events(RectificationOrdered) if one.source == source]


def test_every_bad_rating_is_ordered_to_be_put_right_once() -> None:
    bad = [
        sibling_id(one.request, "rating") for one in events(RatingGiven) if one.grade in BAD_GRADES
    ]
    assert sorted(one.source_stream for one in ordered("rating")) == sorted(bad) != []


def test_what_an_inspection_finds_is_put_right_unless_it_is_minor_or_void() -> None:
    voided = {step.stream for step, _ in happened(InspectionVoided)}
    grave = {
        step.stream
        for step, event in happened(InspectionHeld)
        if any(finding.severity != "minor" for finding in event.findings)
    }
    found = {one.source_stream for one in (*ordered("inspection"), *ordered("supervision"))}
    assert found
    assert found <= grave - voided
    assert len(found) > 0.8 * len(grave - voided)


def test_the_office_of_a_town_never_confirms_its_own_inspection() -> None:
    """A room may have moved to the seat of the town, whose office looks at it."""
    moved = [
        (step, event)
        for step in hamlet(22, DAYS)
        for event in step.events
        if isinstance(event, InspectionHeld) and event.division == event.office
    ]
    assert moved
    held = {step.stream: event for step, event in moved}
    confirming = [
        step for step in hamlet(22, DAYS)
        if step.stream in held and isinstance(step.events[0], InspectionConfirmed)
    ]  # fmt: skip
    assert confirming
    assert all(step.by.unit == held[step.stream].point for step in confirming)


# --- who complains


def test_complaints_are_a_few_hundred_a_quarter_in_the_whole_city() -> None:
    assert 200 < len(events(ComplaintRegistered)) / SCALE < 800


def test_some_bad_ratings_become_a_dissatisfaction_on_record() -> None:
    noted = [one.grievance.rating for one in events(DissatisfactionNoted)]
    noted = [rating for rating in noted if rating is not None]
    bad = [one for one in events(RatingGiven) if one.grade in BAD_GRADES]
    assert {*noted} <= {sibling_id(one.request, "rating") for one in bad}
    assert 0 < len(noted) < len(bad)


# --- what the clock tells


def test_a_promise_is_told_once_as_it_approaches_and_once_when_it_was_missed() -> None:
    near, missed = happened(PromiseApproached), happened(PromiseMissed)
    assert all(step.occurred_at < event.due for step, event in near)
    assert all(step.occurred_at > event.due for step, event in missed)
    told = Counter((event.of, event.name, event.round) for _, event in missed)
    assert set(told.values()) == {1}
    assert {event.of_kind for _, event in near} == {"request", "complaint", "rectification"}


def test_months_and_quarters_end_at_the_midnight_after_their_last_day() -> None:
    ended = happened(PeriodEnded)
    assert [event.period for _, event in ended] == ["2026-03", "2026-Q1", "2026-04", "2026-05"]
    for step, event in ended:
        assert china_day(step.occurred_at) == event.last + timedelta(days=1)
        assert china_day(step.occurred_at - timedelta(seconds=1)) == event.last


def test_every_district_reports_every_month_up_to_its_place_in_the_log() -> None:
    position, cut_offs, own = 0, [], []
    for step in quarter():
        if isinstance(step.events[0], ReportSubmitted):
            table = step.events[0].table
            assert table.cut_off == position
            if table.code in (LEDGER, ANALYSIS):
                own.append((table.code, table.period))
                assert table.rows[0].entered or table.entered
            else:
                cut_offs.append((table.period, table.division))
        position += len(step.events)
    districts = {one.division[:6] for one in villages()}
    expected = [
        (of, one) for of in ("2026-03", "2026-Q1", "2026-04", "2026-05") for one in districts
    ]
    assert sorted(cut_offs) == sorted(expected)
    assert sorted(own) == [
        (ANALYSIS, "2026-Q1"), (LEDGER, "2026-03"), (LEDGER, "2026-04"), (LEDGER, "2026-05"),
    ]  # fmt: skip


def test_without_forms_nobody_inspects_or_reports() -> None:
    founded = list(
        city(
            Random(1), divisions=divisions(), scale=0.01, calendars=calendars(), policies=policies()
        )
    )
    days = services(Random(1), world_of(founded), first_day=date(2026, 4, 1), days=40, scale=0.01)
    kinds = {step.kind for step in days}
    assert "worklog" in kinds
    assert not kinds & {"inspection", "report"}


# --- laws


def test_a_repeated_command_does_nothing_in_the_whole_of_the_working_life() -> None:
    for steps in (quarter(), *(complaint(Random(seed)) for seed in range(60))):
        world, states = World(), dict[Any, Any]()
        for step in steps:
            aggregate = AGGREGATE_BY_COMMAND[type(step.command)]
            state = fold(aggregate, step.events, states.get(step.stream))
            states[step.stream] = state
            world.record(step)
            if not isinstance(step.command, REPEATABLE):
                assert again(step, aggregate, state, world) == [], step.command


def again(step: SimulatedStep, aggregate: Any, state: Any, world: World) -> Iterable[Any]:
    moment = Moment(
        by=step.by, occurred_at=step.occurred_at, now=step.now, registers=world.registers
    )
    try:
        return aggregate.decide(state, step.command, moment)  # type: ignore[no-any-return]
    except Refused:
        return []
