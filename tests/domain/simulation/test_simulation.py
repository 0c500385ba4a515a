"""The simulated city: seeded, lawful, complete, and of the published size."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import pairwise
from random import Random
from typing import Any, Final
from uuid import UUID

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings

from domain import hours, simulated_log
from domain.advising import worklog
from domain.advising.appointment_commands import EndTerm
from domain.advising.worklog import ClearDoubts, DoubtsCleared, NotServingThere
from domain.aggregates import AGGREGATE_BY_COMMAND, ALL, CODED
from domain.evaluation import evaluation, ruleset
from domain.moment import KnownRegisters, Moment
from domain.oversight import sample
from domain.registers import appointment
from domain.registers.appointment import china_day
from domain.registers.calendar_publication import CalendarRecalculated
from domain.registers.point import PointOpened, PointRecalculated
from domain.registers.policy import PolicyRecalculated
from domain.registration.calendar_commands import RecalculateByCalendar
from domain.registration.point_commands import PlaceDevice, RecalculateByPoint, RemoveDevice
from domain.registration.policy_commands import RecalculatePolicy
from domain.reporting import disclosure
from domain.requests.rating import (
    DefaultRating,
    GiveRating,
    IssueRatingCode,
    RatingGiven,
    RatingInvited,
)
from domain.requests.request import (
    FollowCodeReplaced,
    RequestClosed,
    RequestDoubtsCleared,
    RequestLogged,
)
from domain.requests.request_commands import ClearRequestDoubts, LogRequest, ReplaceFollowCode
from domain.simulation import SimulatedStep, services, visits, world_of
from domain.simulation.case import Life
from domain.simulation.errand import begun, justice_office, village_adviser, villages_of
from domain.simulation.lives import life as lived
from domain.simulation.schedule import Lives
from domain.simulation.world import Scene
from domain.vocabulary import Actor, Command, Event, Refused, Visitor, sibling_id, stream_id
from tests.lives import (
    DAYS,
    FIRST,
    SCALE,
    calendars,
    complaint,
    divisions,
    founding,
    life,
    lives,
    played,
    policies,
    quarter,
)

START = datetime(2026, 3, 31, 16, tzinfo=UTC)
END = START + timedelta(days=DAYS)


@cache
def some_lives() -> list[list[SimulatedStep]]:
    return [life(Random(seed)) for seed in range(700)]


@cache
def some_complaints() -> list[list[SimulatedStep]]:
    return [complaint(Random(seed)) for seed in range(300)]


def serving(steps: Iterable[SimulatedStep]) -> list[SimulatedStep]:
    return [step for step in steps if step.occurred_at >= START]


def of_services(steps: Iterable[SimulatedStep]) -> list[SimulatedStep]:
    return [step for step in steps if step.kind in ("request", "rating")]


def events(steps: Iterable[SimulatedStep], kind: type[Event]) -> list[Any]:
    return [event for step in steps for event in step.events if isinstance(event, kind)]


class Replay:
    """Decides every step again from nothing but the steps before it."""

    def __init__(self) -> None:
        self.states: dict[UUID, Any] = {}
        self.versions: Counter[UUID] = Counter()
        self.known = KnownRegisters()
        self.registers = self.known.registers

    def check(self, step: SimulatedStep) -> None:
        aggregate = AGGREGATE_BY_COMMAND[type(step.command)]
        assert step.kind == aggregate.KIND
        assert step.version == self.versions[step.stream] + 1
        moment = Moment(
            by=step.by,
            occurred_at=step.occurred_at,
            now=step.now,
            registers=self.registers,
            late_reason=step.late_reason,
            stream=step.stream,
            beside=self.states,
        )
        state = self.states.get(step.stream)
        assert tuple(aggregate.decide(state, step.command, moment)) == step.events
        assert step.events
        for event in step.events:
            state = aggregate.evolve(state, event)
        self.states[step.stream] = state
        self.versions[step.stream] += len(step.events)
        self.known.keep(state)


# --- seeded


def test_the_same_seed_is_the_same_city_with_the_same_services() -> None:
    assert played(5, scale=0.01, days=10) == played(5, scale=0.01, days=10)


def test_another_seed_is_another_story() -> None:
    one, other = (serving(played(seed, scale=0.01, days=10)) for seed in (5, 6))
    streams = [{one.stream for one in steps if one.kind not in CODED} for steps in (one, other)]
    assert streams[0].isdisjoint(streams[1])
    assert [step.command for step in one] != [step.command for step in other]


def test_a_longer_period_begins_like_the_shorter_one() -> None:
    short, long = played(5, scale=0.01, days=5), played(5, scale=0.01, days=9)
    until = START + timedelta(days=1)
    first_days = [[step for step in steps if step.occurred_at < until] for steps in (short, long)]
    assert first_days[0] == first_days[1] != []


def test_another_period_has_other_requests_and_commands() -> None:
    world = world_of(founding(1, 0.01))
    one = list(services(Random(1), world, first_day=FIRST, days=3, scale=0.01))
    world = world_of(founding(1, 0.01))
    after = FIRST + timedelta(days=3)
    other = list(services(Random(1), world, first_day=after, days=3, scale=0.01))
    assert not {step.command_id for step in one} & {step.command_id for step in other}


# --- lawful


def test_every_step_of_a_quarter_is_what_the_deciders_say() -> None:
    replay = Replay()
    for step in quarter():
        replay.check(step)


def test_what_the_rules_refuse_ends_one_life_and_no_other() -> None:
    """The demo of some day once died of a term that had been ended behind a correction."""

    def refused() -> Life:
        yield START
        raise NotServingThere("A0642")

    def goes_on() -> Life:
        for hours_later in range(3):
            yield START + timedelta(hours=hours_later)
            woken.append(hours_later)

    woken: list[int] = []
    stopped: list[Refused] = []
    side_by_side = Lives([], stopped)
    side_by_side.begin(refused())
    side_by_side.begin(goes_on())
    assert not list(side_by_side.until(END))
    assert woken == [0, 1, 2]
    assert [str(one) for one in stopped] == ["A0642"]
    alone = Lives([])
    alone.begin(refused())
    with pytest.raises(NotServingThere):
        list(alone.until(END))


@given(lives())
@settings(max_examples=40, suppress_health_check=list(HealthCheck))
def test_every_step_of_any_life_is_what_the_deciders_say(steps: list[SimulatedStep]) -> None:
    replay = Replay()
    for step in steps:
        replay.check(step)


def test_every_life_is_lawful_with_many_incidents() -> None:
    for steps in (*some_lives()[:200], *some_complaints()):
        replay = Replay()
        for step in steps:
            replay.check(step)


def test_a_command_id_is_used_once() -> None:
    ids = [step.command_id for step in quarter()]
    assert len(set(ids)) == len(ids)


def test_every_command_event_and_actor_can_be_written_down_and_read_again() -> None:
    told = (*some_lives(), *some_complaints())
    for step in (*serving(quarter()), *(step for one in told for step in one[16:])):
        for value in (step.command, step.by, *step.events):
            assert msgspec.json.decode(msgspec.json.encode(value), type=type(value)) == value


COMPUTED: Final = {one.KIND for one in (ruleset, evaluation, sample, disclosure, simulated_log)}
"""What the program makes from the log, or records of its use, is no part of a simulated life."""
RARE: Final = {
    RecalculatePolicy, RecalculateByCalendar, RecalculateByPoint, PolicyRecalculated,
    CalendarRecalculated, PointRecalculated,
}  # fmt: skip
"""Acts of an administrator that no district has cause for in its quarter."""
BESIDE: Final = {
    ClearDoubts, DoubtsCleared, ClearRequestDoubts, RequestDoubtsCleared, *hours.EVENTS,
}  # fmt: skip
"""What a work-log entry or a request writes to other streams in the same append; the simulation
fills one stream at a time, and overlaps in it are found as doubts."""
SELDOM: Final = {ReplaceFollowCode, FollowCodeReplaced}
"""For whoever lost a receipt: a step more in the lives that are told would move all later ones."""
LIVED: Final = [one for one in ALL if one.KIND not in COMPUTED]


@pytest.mark.parametrize("aggregate", LIVED, ids=lambda aggregate: str(aggregate.KIND))
def test_every_command_and_event_of_the_domain_occurs(aggregate: Any) -> None:
    told = (*some_lives(), *some_complaints())
    steps = [*quarter(), *(step for one in told for step in one)]
    commands = {type(step.command) for step in steps}
    happened = {type(event) for step in steps for event in step.events}
    assert set(aggregate.COMMANDS) <= commands | RARE | BESIDE | SELDOM
    assert set(aggregate.EVENTS) <= happened | RARE | BESIDE | SELDOM


# --- time


def test_what_happens_is_told_in_order_and_within_the_period() -> None:
    times = [step.occurred_at for step in quarter()]
    assert all(one <= next_ for one, next_ in pairwise(times))
    assert all(step.occurred_at < END for step in quarter())
    assert all(step.occurred_at.tzinfo is not None for step in quarter())


def test_rules_are_published_when_they_were_announced_and_before_the_first_point() -> None:
    steps = founding(1, 0.01)
    assert steps[0].kind == "calendar"
    by_stream = [step for step in steps if step.stream == stream_id("calendar", "gz-room")]
    announced: list[Any] = [step.command for step in by_stream]
    assert [step.occurred_at for step in by_stream] == [
        command.calendar.announced_at for command in announced
    ]


# --- the city


@cache
def whole_city() -> list[SimulatedStep]:
    return founding(1, 1.0)


@cache
def opened() -> list[PointOpened]:
    return events(whole_city(), PointOpened)


def test_the_city_has_the_published_points_and_advisers() -> None:
    assert Counter(point.kind for point in opened()) == {
        "center": 12,
        "station": 176,
        "room": 2829,
        "featured": 99,
    }
    assert Counter(step.kind for step in whole_city())["adviser"] == 1841


def test_every_point_lies_in_a_division_of_guangzhou() -> None:
    known = {division.code for division in divisions()} | {"4401"}
    assert {point.division for point in opened()} <= known
    stations = [point.division for point in opened() if point.kind == "station"]
    assert sorted(stations) == sorted(code for code in known if len(code) == 9)
    rooms = [point.division for point in opened() if point.kind == "room"]
    assert len(set(rooms)) == 2829


def test_a_tiny_city_still_has_every_kind_of_point() -> None:
    steps = founding(1, 0.0001)
    kinds = Counter(point.kind for point in events(steps, PointOpened))
    assert kinds == {"center": 1, "station": 1, "room": 1, "featured": 1}
    assert Counter(step.kind for step in steps)["adviser"] == 2


# --- its services, against the published figures


def logged() -> list[RequestLogged]:
    return events(quarter(), RequestLogged)


def share(things: Sequence[Any], having: Any) -> float:
    return sum(1 for one in things if having(one)) / len(things)


def test_volume_is_about_two_hundred_thousand_services_a_year() -> None:
    a_year = len(logged()) / SCALE / DAYS * 365
    assert 180_000 < a_year < 220_000
    assert 4.5 < len([e for s in of_services(quarter()) for e in s.events]) / len(logged()) < 6.5


def test_advisers_in_rooms_give_their_published_share() -> None:
    """230,000 item-times since 2021 in 3.4 years, beside 362,000 at the platforms in three."""
    advisers, platforms = 230_000 / 3.4, 362_000 / 3
    expected = advisers / (advisers + platforms)
    assert abs(share(logged(), lambda one: one.point.startswith("R")) - expected) < 0.03


def test_consultation_is_most_of_it_and_every_service_occurs() -> None:
    services_ = Counter(one.service for one in logged())
    assert 0.5 < services_["consultation"] / len(logged()) < 0.66
    assert len(services_) == 20


def test_working_days_are_busy_and_nights_and_holidays_are_served_too() -> None:
    calendar = calendars()[-1].calendar

    def off(one: RequestLogged) -> bool:
        return not calendar.is_working(calendar.local_day(one.requested_at))

    def night(one: RequestLogged) -> bool:
        return (one.requested_at + timedelta(hours=8)).hour >= 18

    assert 0.04 < share(logged(), off) < 0.16
    assert 0.02 < share(logged(), night) < 0.1
    by_day = Counter(calendar.local_day(one.requested_at) for one in logged())
    assert len(by_day) == DAYS


def test_some_people_stay_anonymous_and_nobody_can_be_called() -> None:
    visitors = [one.visitor for one in logged()]
    assert 0.2 < share(visitors, lambda one: one is None) < 0.5
    given_: list[Visitor] = [one for one in visitors if one is not None]
    assert all(one.phone and one.phone.startswith("100") for one in given_)


def test_some_entries_are_late_and_say_why() -> None:
    assert 0.001 < share(logged(), lambda one: one.late_reason is not None) < 0.05


def test_most_requests_are_closed_and_some_remain_open() -> None:
    closed = len(events(quarter(), RequestClosed))
    assert 0.9 * len(logged()) < closed < len(logged())


def test_ratings_are_mostly_good_and_half_are_silent() -> None:
    given_ = events(quarter(), RatingGiven)
    assert 0.98 < share(given_, lambda one: one.grade >= 3) < 1
    assert set(Counter(one.grade for one in given_)) == {1, 2, 3, 4, 5}
    invited = len(events(quarter(), RatingInvited))
    assert 0.4 < len(given_) / invited < 0.55


def test_silence_becomes_a_rating_only_after_the_policys_days() -> None:
    until = {one.request: one.expires_at for one in events(quarter(), RatingInvited)}
    defaulted = [step for step in quarter() if isinstance(step.command, DefaultRating)]
    assert defaulted
    for step in defaulted:
        event: Any = step.events[0]
        assert step.occurred_at >= until[event.request]


def test_a_rating_belongs_to_its_request() -> None:
    requests = {step.stream for step in quarter() if isinstance(step.command, LogRequest)}
    siblings = {sibling_id(request, "rating") for request in requests}
    assert {step.stream for step in quarter() if isinstance(step.command, GiveRating)} <= siblings


def test_the_shipped_policy_is_in_force_for_the_simulated_period() -> None:
    assert all(one.promises for one in logged())
    assert {promise.policy.partition("@")[0] for one in logged() for promise in one.promises} == {
        policies()[0].policy.code
    }


@pytest.mark.parametrize("until", [IssueRatingCode, GiveRating])
def test_a_device_that_was_taken_away_meanwhile_takes_no_further_vote(
    until: type[Command],
) -> None:
    """It stopped a demonstration of 91 days (seed 20, scale 0.08) at a vote that was refused."""
    world = world_of(founding(5, 0.05))
    center = next(one for one in world.registers.points.values() if one.devices)
    taken = 0
    for seed in range(150):
        scene = Scene(Random(seed), world, incidents=20, day=seed)
        at = START + timedelta(days=1 + seed, hours=2)
        lives_ = [lived(scene, at, world.registers.points[center.code], None)]
        removed: str | None = None
        while lives_:
            for step in lives_.pop():
                if not isinstance(step, SimulatedStep):
                    continue
                device = step.by.account if step.by.role == "device" else None
                assert removed is None or device != removed
                if device and isinstance(step.command, until) and removed is None:
                    removed = device
                    moved(scene, center.code, RemoveDevice(device=removed), step.occurred_at)
                    taken += 1
            lives_ += scene.spawned
            scene.spawned = []
        if removed is not None:
            back = PlaceDevice(device=removed, window=center.devices[removed])
            moved(scene, center.code, back, at + timedelta(days=40))
    assert taken > 5


def test_who_serves_no_more_on_the_day_of_a_visit_corrects_nothing_of_it() -> None:
    """It stopped the demonstration of full size (91 days from 2026-08-31, seed 1): the term was
    ended as of the day of the visit, and afterwards the entry was returned to be corrected."""
    world = world_of(founding(5, 0.05))
    scene = Scene(Random(1), world)
    at = START + timedelta(days=1, hours=2)
    village = villages_of(world)[0]
    there = world.registers.appointments[village.code]
    stint = there.stint_on(china_day(at))
    assert stint is not None
    by = village_adviser(stint.adviser, village.code)
    for ended in (False, True):
        errand = begun(scene, at, worklog)
        assert [*visits.logged(errand, village, "consultation", by)]
        if ended:
            over = EndTerm(effective_on=china_day(at), reason="协商一致")
            stream = world.stream(appointment.KIND, village.code)
            scene.act(stream, over, justice_office(village.town), errand.at)
        steps = [one for one in visits.corrected(errand, by) if isinstance(one, SimulatedStep)]
        assert len(steps) == (0 if ended else 1)


def moved(scene: Scene, point: str, command: Command, at: datetime) -> None:
    """At once, whatever happened to the point before."""
    stream = scene.world.stream("point", point)
    stream.last_step_at = None
    scene.act(stream, command, Actor(account="a", role="administrator", unit="4401"), at)
