"""Policies: what they do by themselves, once, and what they leave alone."""

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import ClassVar, Final
from uuid import UUID, uuid4

import msgspec
import psycopg
import pytest
from click.testing import CliRunner
from eventsourcing.persistence import IntegrityError, Tracking
from msgspec.structs import replace

from api.cli import anjuan
from api.demo.demo import KEEP
from api.reactions import NAMES, RATING, RECTIFICATION, actor
from api.reactions.orders import Orders
from api.reactions.running import Policies, PolicyRunner
from api.reactions.status import PolicyStatus, status_query
from api.reactions.watch import Watch
from domain.followup import BAD_RATING_ITEMS, IMPORT
from domain.oversight.rectification import (
    AnswerRectification,
    RectificationFellOverdue,
    RectificationOrdered,
)
from domain.promises.promise_watch import PromiseApproached, PromiseMissed, RecordPromiseMissed
from domain.registration.policy_commands import PublishPolicy
from domain.reporting.period_end import PeriodEnded
from domain.requests.rating import DefaultRating, RatingDefaulted, RatingGiven, RatingInvited
from domain.requests.request import RequestClosed
from domain.requests.request_commands import VoidRequest
from domain.vocabulary import SIMULATION, Actor, Event, sibling_id, stream_id
from ledger.log import reading
from ledger.log.bulk import append_slice
from ledger.log.codec import LedgerMapper, Recorded, uuid7
from ledger.log.decision import ask, envelop
from ledger.log.store import Ledger
from projections.asking.asking import fetch
from projections.running.rebuild import rebuild
from projections.running.runner import Runner
from tests.api.conftest import Api, settings_of
from tests.api.policy_load import ADMIN, CONSULTED, LIMITS, LOG, Office, everything
from tests.databases import Database, drop_views
from tests.environment import environment_of
from tests.examples import CITIZEN, CLERK, COLLEAGUE, INVITED, LAWYER, MORNING, local
from tests.lives import played

RATED: Final = local("2026-03-02 11:00")
EXPIRED: Final = local("2026-03-10 00:00")
"""Silence from 2 March on, after seven days."""
NOTICED: Final = local("2026-03-10 08:15")


MISSED: Final = "SELECT originator_id FROM log_events WHERE topic = 'promises.missed/1'"


class Place:
    """A log with an office, its views and its policies."""

    def __init__(self, url: str, ledger: Ledger) -> None:
        self.url = url
        self.ledger = ledger
        self.office = Office(ledger)
        self.office.found()
        self.connection = psycopg.connect(url, autocommit=True)
        self.policies = Policies(url, self.connection)

    def close(self) -> None:
        self.policies.__exit__()
        self.connection.close()

    @property
    def head(self) -> int:
        return reading.head(self.connection)

    def look(self, at: datetime, policies: Policies | None = None) -> None:
        Runner(self.url).catch_up()
        assert (policies or self.policies).look(at)

    def told(self, *kinds: type[Event]) -> list[Recorded]:
        return [one for one in everything(self.url) if isinstance(one.event, kinds)]

    def status(self, name: str) -> PolicyStatus:
        return next(one for one in fetch(self.connection, status_query()) if one.name == name)


@pytest.fixture
def place(database: Database) -> Iterator[Place]:
    with Ledger(database.app_url) as ledger:
        made = Place(database.app_url, ledger)
        try:
            yield made
        finally:
            made.close()


def summary(recorded: Sequence[Recorded]) -> list[tuple[str, datetime, Actor, str | None]]:
    return [(one.event.topic, one.occurred_at, one.by, one.device) for one in recorded]


# --- bad ratings


def test_a_bad_rating_is_a_work_order_of_the_policy(place: Place) -> None:
    request = place.office.serves()
    place.office.rated(request, 1, RATED)
    [rated] = place.told(RatingGiven)
    place.policies.follow()
    [order] = place.told(RectificationOrdered)
    assert order.originator_id == sibling_id(request, "rectification")
    assert (order.occurred_at, order.causation, order.device) == (RATED, rated.event_id, None)
    assert order.by == Actor(account="policy-rectification", role="policy", unit="ROOM-1")
    assert isinstance(order.event, RectificationOrdered)
    assert (order.event.items, order.event.point) == (BAD_RATING_ITEMS, "ROOM-1")
    assert place.policies.orders.position == place.head - 1
    place.policies.follow()
    assert place.policies.orders.position == place.head


def test_two_bad_ratings_of_one_service_are_one_order_at_once_or_one_after_the_other(
    place: Place,
) -> None:
    together, apart = place.office.serves(), place.office.serves()
    for request in (together, apart):
        place.office.rated(request, 2, RATED)
    place.office.called_back(together, 1, RATED + timedelta(hours=1))
    place.policies.follow()
    place.office.called_back(apart, 1, RATED + timedelta(hours=1))
    place.policies.follow()
    ordered = {one.originator_id for one in place.told(RectificationOrdered)}
    assert len(place.told(RectificationOrdered)) == len(ordered) == 2


def test_good_ratings_are_passed_over_and_need_not_be_looked_at_again(place: Place) -> None:
    place.office.rated(place.office.serves(), 3, RATED)
    head = place.head
    place.policies.follow()
    assert (place.head, place.policies.orders.position) == (head, head)


def test_batches_do_what_the_librarys_single_events_do(place: Place) -> None:
    for grade in (1, 5, 2, 1):
        place.office.rated(place.office.serves(), grade, RATED)
    for recorded in list(everything(place.url)):
        assert recorded.position is not None
        tracking = Tracking(RECTIFICATION, recorded.position)
        place.policies.orders.process_event(recorded, tracking)
    head = place.head
    assert len(place.told(RectificationOrdered)) == 3
    place.policies.follow()
    assert place.head == head


def test_policies_side_by_side_order_once(place: Place) -> None:
    for _ in range(20):
        place.office.rated(place.office.serves(), 1, RATED)
    with ExitStack() as stack:
        several = [stack.enter_context(closing(Orders(place.url))) for _ in range(3)]
        pool = stack.enter_context(ThreadPoolExecutor())
        for run in [pool.submit(one.follow) for one in several]:
            run.result()
    orders = place.told(RectificationOrdered)
    assert len(orders) == len({one.originator_id for one in orders}) == 20


def test_what_somebody_ordered_already_is_not_ordered_again(place: Place) -> None:
    request = place.office.serves()
    place.office.rated(request, 1, RATED)
    place.policies.follow()
    place.connection.execute(
        "DELETE FROM log_tracking WHERE application_name = %s", [RECTIFICATION]
    )
    head = place.head
    place.policies.follow()
    assert (place.head, place.policies.orders.position) == (head, head)


@pytest.mark.parametrize(
    ("by", "device"),
    [(Actor(account="import-x", role="importer", unit="ROOM-1"), None), (CLERK, IMPORT)],
)
def test_imported_history_is_not_followed_up(place: Place, by: Actor, device: str | None) -> None:
    request = uuid4()
    place.ledger.execute(request, LOG, by=by, now=MORNING, device=device)
    place.ledger.execute(request, CONSULTED, by=LAWYER, now=MORNING)
    place.office.invites(request, MORNING)
    place.office.rated(request, 1, RATED)
    head = place.head
    place.policies.follow()
    assert place.head == head


# --- what cannot be followed up


def stray(place: Place, request: UUID) -> int:
    """The position of a bad rating whose request is not in the log."""
    invited, rated = replace(INVITED, request=request), RatingGiven(request=request, grade=1)
    asked = ask(sibling_id(request, "rating"), LOG, by=CITIZEN, now=RATED)
    events = envelop(asked, 0, [invited, rated])
    return append_slice(place.connection, events, LedgerMapper()).first_position + 1


def test_an_event_that_fails_is_told_holds_up_nothing_and_is_tried_again(place: Place) -> None:
    before, later, request = place.office.serves(), place.office.serves(), uuid4()
    place.office.rated(before, 1, RATED)
    position = stray(place, request)
    place.office.rated(later, 1, RATED)
    place.policies.follow()
    assert {one.originator_id for one in place.told(RectificationOrdered)} == {
        sibling_id(one, "rectification") for one in (before, later)
    }
    faults = "SELECT view, position, stream FROM views.faults"
    assert place.connection.execute(faults).fetchall() == [
        (RECTIFICATION, position, sibling_id(request, "rating"))
    ]
    assert place.status(RECTIFICATION).faults == 1

    place.policies.begin()
    assert place.status(RECTIFICATION).faults == 1
    place.ledger.execute(request, LOG, by=CLERK, now=MORNING)
    place.policies.begin()
    assert place.status(RECTIFICATION).faults == 0
    assert place.told(RectificationOrdered)[-1].originator_id == sibling_id(
        request, "rectification"
    )


def test_what_failed_is_found_again_where_the_views_were_dropped(
    place: Place, database: Database
) -> None:
    """The faults went with them; what was ordered is not ordered again."""
    before, request = place.office.serves(), uuid4()
    place.office.rated(before, 1, RATED)
    stray(place, request)
    place.policies.follow()
    place.policies.follow()
    head = place.head
    drop_views(database)
    with Policies(place.url, place.connection) as others:
        others.begin()
        others.follow()
        assert place.status(RECTIFICATION).faults == 1
        assert place.head == head
        place.ledger.execute(request, LOG, by=CLERK, now=MORNING)
        others.begin()
    assert place.status(RECTIFICATION).faults == 0
    assert [one.originator_id for one in place.told(RectificationOrdered)] == [
        sibling_id(one, "rectification") for one in (before, request)
    ]


class Teleported(Event, frozen=True, kw_only=True):
    """Of a later version of the program."""

    topic: ClassVar[str] = "promises.teleported/1"


def test_a_promise_that_fails_is_told_and_holds_up_no_other(place: Place) -> None:
    broken, other = place.office.serves(), place.office.serves()
    asked = ask(sibling_id(broken, "promises"), LOG, by=CLERK, now=MORNING)
    append_slice(place.connection, envelop(asked, 0, [Teleported()]), LedgerMapper())
    late = local("2026-03-17 09:00")
    for _ in range(2):
        place.look(late)
        missed = place.connection.execute(MISSED).fetchall()
        assert missed == [(sibling_id(other, "promises"),)]
        assert place.status("policy-promises").faults == 1
    place.policies.begin()
    assert place.status("policy-promises").faults == 0


# --- silence


def test_silence_becomes_the_default_rating_of_the_moment_it_expired(place: Place) -> None:
    silent, rated = place.office.serves(), place.office.serves()
    place.office.rated(rated, 5, RATED)
    place.look(EXPIRED - timedelta(seconds=1))
    assert place.told(RatingDefaulted) == []
    place.look(NOTICED)
    [defaulted] = place.told(RatingDefaulted)
    assert defaulted.originator_id == sibling_id(silent, "rating")
    assert summary([defaulted]) == [
        (
            RatingDefaulted.topic,
            EXPIRED,
            Actor(account="policy-rating", role="policy", unit="ROOM-1"),
            None,
        )
    ]


def test_f12_a_request_voided_while_silence_is_recorded_has_no_default(place: Place) -> None:
    silent, void = place.office.serves(), place.office.serves()
    of_silent, of_void = (sibling_id(one, "rating") for one in (silent, void))
    asked = [
        ask(stream, DefaultRating(), by=actor(RATING, "ROOM-1"), now=NOTICED, occurred_at=EXPIRED)
        for stream in (of_silent, of_void)
    ]
    decided, seen = Watch(place.ledger)._decided(place.connection, asked)
    assert [one.originator_id for one in decided] == [of_silent, of_void]
    place.ledger.execute(void, VoidRequest(reason="误录"), by=COLLEAGUE, now=NOTICED)
    with pytest.raises(IntegrityError):
        place.ledger.save(*decided, seen=seen)
    place.look(NOTICED)
    assert [one.originator_id for one in place.told(RatingDefaulted)] == [of_silent]


# --- promises, orders


def watched(place: Place) -> list[tuple[str, str, datetime]]:
    return [
        (one.event.topic.partition("/")[0], one.event.name, one.occurred_at)
        for one in place.told(PromiseApproached, PromiseMissed)
        if isinstance(one.event, PromiseApproached | PromiseMissed)
    ]


def test_a_promise_is_told_when_it_approaches_and_when_it_is_missed(place: Place) -> None:
    place.office.serves()
    due = local("2026-03-16 18:00")
    place.look(due - timedelta(days=1, seconds=1))
    assert watched(place) == []
    for at in (due - timedelta(days=1), due - timedelta(hours=1), due):
        place.look(at)
        assert watched(place) == [("promises.approached", "close", due - timedelta(days=1))]
    for hours in (1, 2):
        place.look(due + timedelta(hours=hours))
        assert watched(place)[1:] == [("promises.missed", "close", due)]
    assert {one.by.account for one in place.told(PromiseApproached, PromiseMissed)} == {
        "policy-promises"
    }


def test_how_early_a_promise_approaches_is_a_rule_in_force(place: Place) -> None:
    earlier = replace(LIMITS, version=2, approaching_days=3, effective_from=date(2026, 3, 10))
    place.office.does(
        stream_id("policy", LIMITS.code), PublishPolicy(policy=earlier), ADMIN, MORNING
    )
    place.office.serves()
    due = local("2026-03-16 18:00")
    place.look(due - timedelta(days=3, seconds=1))
    assert watched(place) == []
    place.look(due - timedelta(days=3))
    assert watched(place) == [("promises.approached", "close", due - timedelta(days=3))]


def test_what_was_told_by_anybody_is_not_told_again(place: Place) -> None:
    request = place.office.serves()
    due = local("2026-03-16 18:00")
    told = RecordPromiseMissed(of=request, of_kind="request", name="close", round=1, due=due)
    by = Actor(account="policy-promises", role="policy", unit="4401")
    place.ledger.execute(sibling_id(request, "promises"), told, by=by, now=due)
    head = place.head
    place.look(local("2026-03-17 09:00"))
    assert {one.event.topic for one in everything(place.url) if (one.position or 0) > head} == {
        RatingDefaulted.topic
    }


def test_a_request_that_was_closed_in_time_misses_nothing(place: Place) -> None:
    request = place.office.serves()
    place.office.closes(request, RATED)
    place.look(local("2026-03-17 09:00"))
    assert watched(place) == []


def test_an_order_that_nobody_answered_falls_overdue(place: Place) -> None:
    answered, ignored = place.office.serves(), place.office.serves()
    for request in (answered, ignored):
        place.office.rated(request, 1, RATED)
        place.office.closes(request, RATED)
    place.policies.follow()
    place.ledger.execute(
        sibling_id(answered, "rectification"),
        AnswerRectification(measures="已回访"),
        by=COLLEAGUE,
        now=RATED + timedelta(hours=1),
    )
    for day in (11, 12):
        place.look(local(f"2026-03-{day} 09:00"))
    [overdue] = place.told(RectificationFellOverdue)
    assert overdue.originator_id == sibling_id(ignored, "rectification")
    assert overdue.by == Actor(account="policy-rectification", role="policy", unit="4401")
    assert isinstance(overdue.event, RectificationFellOverdue)
    assert overdue.occurred_at == overdue.event.due
    assert watched(place) == [("promises.missed", "answer", overdue.event.due)]


def test_more_than_a_batch_is_done_at_once_and_then_left_alone(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.reactions.watch.COMMANDS_PER_BATCH", 3)
    monkeypatch.setattr("api.reactions.watch.LISTED", 4)
    for _ in range(10):
        place.office.serves()
    place.look(local("2026-03-17 09:00"))
    assert len(place.told(PromiseMissed)) == len(place.told(RatingDefaulted)) == 10
    head = place.head
    place.look(local("2026-03-17 10:00"))
    with Policies(place.url, place.connection) as others:
        place.look(local("2026-03-17 11:00"), others)
    assert place.head == head


def test_a_look_waits_for_the_view_to_hold_what_was_recorded_before_it(place: Place) -> None:
    request = place.office.serves()
    Runner(place.url).catch_up()
    place.office.closes(request, RATED)
    late = local("2026-03-17 09:00")
    assert not place.policies.look(late)
    assert "promises" in (place.status("policy-promises").waits_for or "")
    place.look(late)
    assert watched(place) == []
    assert place.status("policy-promises").waits_for is None
    assert place.status("policy-promises").looked_at == late


def test_what_the_view_could_not_take_in_is_not_acted_upon(place: Place) -> None:
    place.office.serves()
    suspect = place.office.serves()
    Runner(place.url).catch_up()
    place.connection.execute(
        "INSERT INTO views.faults VALUES ('promises', 1, 1, %s, 'request.closed/1', '')", [suspect]
    )
    place.look(local("2026-03-17 09:00"))
    [missed] = place.told(PromiseMissed)
    [defaulted] = place.told(RatingDefaulted)
    assert suspect not in {missed.event.of, defaulted.event.request}  # type: ignore[attr-defined]


# --- periods


def test_months_and_quarters_end_from_the_first_request_on(place: Place) -> None:
    imported = Actor(account="import-x", role="importer", unit="ROOM-1")
    at = local("2025-06-03 09:00")
    place.ledger.execute(uuid4(), LOG, by=imported, now=at)
    place.look(local("2026-05-01 00:01"))
    assert place.told(PeriodEnded) == []
    place.office.serves()
    place.look(local("2026-03-31 23:59"))
    assert place.told(PeriodEnded) == []
    for _ in range(2):
        place.look(local("2026-05-01 00:01"))
    ended = place.told(PeriodEnded)
    assert {one.originator_id: one.occurred_at for one in ended} == {
        stream_id("period", "2026-03"): local("2026-04-01 00:00"),
        stream_id("period", "2026-Q1"): local("2026-04-01 00:00"),
        stream_id("period", "2026-04"): local("2026-05-01 00:00"),
    }
    assert len(ended) == 3
    assert {one.by.account for one in ended} == {"policy-periods"}


# --- simulations


def test_what_follows_from_a_simulation_is_marked_as_one(place: Place) -> None:
    office = Office(place.ledger, SIMULATION)
    request = office.serves()
    office.rated(request, 1, RATED)
    office.serves()
    head = place.head
    place.policies.follow()
    place.look(local("2026-04-02 09:00"))
    followed = [one for one in everything(place.url) if (one.position or 0) > head]
    assert {one.event.topic for one in followed} == {
        RectificationOrdered.topic,
        RectificationFellOverdue.topic,
        PromiseMissed.topic,
        RatingDefaulted.topic,
        PeriodEnded.topic,
    }
    assert {one.device for one in followed} == {SIMULATION}


def test_a_simulated_city_has_its_orders_already(database: Database) -> None:
    steps = played(5, scale=0.05, days=20)
    events = [
        one
        for step in steps
        for one in envelop(
            ask(step.stream, step.command, by=step.by, now=step.occurred_at, device=SIMULATION),
            step.version - 1,
            list(step.events),
        )
    ]
    with psycopg.connect(database.app_url, autocommit=True) as connection:
        append_slice(connection, events, LedgerMapper())
        assert sum(isinstance(one.event, RectificationOrdered) for one in events) > 3
        with Policies(database.app_url, connection) as policies:
            policies.follow()
        assert reading.head(connection) == len(events)


def test_nothing_comes_between_a_demonstration_that_is_being_put_in(place: Place) -> None:
    assert not place.policies.held_back()
    mark = "demo first_day=2026-03-02 days=1 seed=1 scale=1.0"
    place.connection.execute(KEEP, [mark, 0])
    assert place.policies.held_back()
    assert "demonstration" in (place.status("policy-rating").waits_for or "")
    place.connection.execute(KEEP, [mark, place.head])
    assert not place.policies.held_back()


# --- rebuilding, and being asked


def test_a_rebuild_of_views_makes_no_policy_act_again(place: Place) -> None:
    request = place.office.serves()
    place.office.rated(request, 1, RATED)
    place.office.serves()
    late = local("2026-04-02 09:00")
    for _ in range(3):
        place.policies.follow()
        place.look(late)
    head = place.head
    Runner(place.url).catch_up()
    assert all(one.equal for one in rebuild(place.url, workers=0))
    with Policies(place.url, place.connection) as others:
        others.begin()
        others.follow()
        place.look(late, others)
    assert place.head == head


def test_each_policy_says_how_far_it_has_come_and_what_it_did(place: Place) -> None:
    place.office.rated(place.office.serves(), 1, RATED)
    place.office.serves()
    late = local("2026-04-02 09:00")
    place.policies.follow()
    place.look(late)
    place.policies.follow()
    found = {one.name: one for one in fetch(place.connection, status_query())}
    assert tuple(found) == NAMES
    did = {name: one.followed_up for name, one in found.items()}
    assert did == {
        "policy-rating": 1,
        "policy-rectification": 2,
        "policy-promises": 3,
        "policy-periods": 2,
    }
    assert {one.looked_at for one in found.values()} == {late}
    assert found[RECTIFICATION].lag == 0
    assert (found["policy-promises"].lag or 0) > 0
    assert found["policy-periods"].position is None


def test_an_operator_sees_the_policies(
    place: Place, database: Database, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.look(NOTICED)
    for name, value in environment_of(settings_of(database, home)).items():
        monkeypatch.setenv(name, value)
    shown = CliRunner().invoke(anjuan, ["policies", "--json"])
    assert [one["name"] for one in msgspec.json.decode(shown.output)] == list(NAMES)
    assert CliRunner().invoke(anjuan, ["policies"]).exit_code == 0


def test_machines_see_the_policies(api: Api) -> None:
    assert "anjuan_policy" not in api.client.get("/metrics").text
    api.project()
    with (
        psycopg.connect(api.database.app_url, autocommit=True) as connection,
        Policies(api.database.app_url, connection) as policies,
    ):
        policies.follow()
        assert policies.look(NOTICED)
    api.logged()
    lines = api.client.get("/metrics").text.splitlines()
    assert {"anjuan_policy_lag 1.0", "anjuan_policy_faults 0.0"} < set(lines)
    [looked] = [line for line in lines if line.startswith("anjuan_policies_looked_at_seconds ")]
    assert float(looked.split()[1]) == NOTICED.timestamp()


# --- running


@contextmanager
def going(run: Callable[[threading.Event], None]) -> Iterator[None]:
    stop = threading.Event()
    thread = threading.Thread(target=run, args=[stop])
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def eventually(true: Callable[[], bool]) -> None:
    waiting = threading.Event()
    for _ in range(600):
        if true():
            return
        waiting.wait(0.05)
    pytest.fail("it did not come true in 30 s")


def test_a_runner_is_woken_by_the_log_and_by_the_clock_and_another_takes_over(
    place: Place,
) -> None:
    def followed_up(times: int) -> None:
        place.office.rated(place.office.serves(), 1, RATED)
        place.office.serves()
        for kind in (RectificationOrdered, RatingDefaulted):
            eventually(lambda: len(place.told(kind)) == times)  # noqa: B023

    with ExitStack() as others:
        others.enter_context(going(Runner(place.url).run))
        with going(PolicyRunner(place.url, 0.1).run):
            others.enter_context(going(PolicyRunner(place.url, 0.1).run))
            followed_up(1)
        followed_up(2)


# --- closings


def test_every_closing_is_invited_once_by_the_rule(place: Place) -> None:
    request = uuid7()
    place.office.does(request, LOG, CLERK, MORNING)
    place.office.does(request, CONSULTED, LAWYER, MORNING + timedelta(minutes=5))
    place.office.closes(request, MORNING + timedelta(minutes=9))
    place.policies.follow()
    [invited] = place.told(RatingInvited)
    assert invited.originator_id == sibling_id(request, "rating")
    assert invited.by == Actor(account="policy-rating", role="policy", unit="ROOM-1")
    [closed] = place.told(RequestClosed)
    assert (invited.occurred_at, invited.causation) == (closed.recorded_at, closed.event_id)
    place.policies.follow()
    assert len(place.told(RatingInvited)) == 1
    assert place.status("policy-rectification").faults == 0
