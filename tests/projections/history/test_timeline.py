"""The log as people read it."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from typing import Final, cast
from uuid import UUID, uuid4

import psycopg
import pytest
from msgspec.structs import replace

from domain.complaints.record import AcceptComplaint, ReclassifyComplaint, RegisterComplaint
from domain.promises.promise_watch import RecordPromiseMissed
from domain.registration.adviser_commands import RegisterAdviser
from domain.registration.calendar_commands import PublishCalendar
from domain.registration.point_commands import OpenPoint, RenamePoint
from domain.registration.policy_commands import PublishPolicy
from domain.roles import Role
from domain.vocabulary import Actor, Command, sibling_id, stream_id
from ledger.log.store import Ledger
from projections.history.timeline import (
    StreamUnknown,
    Timeline,
    after,
    parts_of,
    statistics,
    timeline,
    timeline_async,
)
from tests.complaints import COMPLAINT, COMPLAINT_RULES, GRIEVANCE, OFFICER
from tests.databases import Database
from tests.examples import CALENDAR, CLERK, MORNING, local

BY: Final = Actor(account="u-1", role="administrator", unit="4401")
OPEN: Final = OpenPoint(
    code="P-1",
    kind="room",
    name="一",
    division="440103",
    division_source="示例",
    valid_from=date(2026, 1, 1),
)
REQUEST: Final = UUID("00000000-0000-4000-8000-000000000001")


@pytest.fixture
def opened(database: Database) -> Database:
    """A point that was opened, renamed, and another one beside it."""
    with Ledger(database.app_url) as ledger:
        stream = stream_id("point", "P-1")
        ledger.execute(stream, OPEN, by=BY)
        ledger.execute(stream, RenamePoint(name="二"), by=BY, device="D-1", correlation=REQUEST)
        other = OpenPoint(
            code="P-2",
            kind="room",
            name="二",
            division="440103",
            division_source="示例",
            valid_from=date(2026, 1, 1),
        )
        ledger.execute(stream_id("point", "P-2"), other, by=BY)
    return database


@pytest.fixture
def complained(database: Database) -> Database:
    """A complaint that was registered, and accepted only after its acknowledgement was missed."""
    founding: tuple[tuple[str, str, Command], ...] = (
        ("calendar", CALENDAR.code, PublishCalendar(calendar=CALENDAR)),
        ("policy", COMPLAINT_RULES.code, PublishPolicy(policy=COMPLAINT_RULES)),
        ("point", "ROOM-1", replace(OPEN, code="ROOM-1", calendar=CALENDAR.code)),
        ("adviser", "A-1", RegisterAdviser(code="A-1", name="陈律师", firm="FIRM-1")),
    )
    due = local("2026-03-03 18:00")
    grievance = replace(GRIEVANCE, request=REQUEST)
    missed = RecordPromiseMissed(
        of=COMPLAINT, of_kind="complaint", name="acknowledge", round=1, due=due
    )
    with Ledger(database.app_url) as ledger:
        for kind, code, command in founding:
            ledger.execute(stream_id(kind, code), command, by=BY)
        register = RegisterComplaint(grievance=grievance, late_reason="停电")
        ledger.execute(COMPLAINT, register, by=CLERK, occurred_at=MORNING, late_reason="补录")
        watch = sibling_id(COMPLAINT, "promises")
        ledger.execute(watch, missed, by=BY, occurred_at=due, late_reason="补录")
        at = local("2026-03-04 09:00")
        ledger.execute(COMPLAINT, AcceptComplaint(), by=OFFICER, occurred_at=at, late_reason="补录")
    return database


def read(database: Database, name: str, as_known_at: datetime | None = None) -> Timeline:
    with psycopg.connect(database.app_url) as connection:
        return timeline(connection, name, as_known_at)


def test_a_timeline_is_one_things_events_with_who_and_when(opened: Database) -> None:
    told = read(opened, "point:P-1")
    assert (told.stream, told.position, told.hidden) == ("point:P-1", 3, 0)
    first, second = told.events
    assert (first.position, first.version, first.kind, first.topic) == (
        1, 1, "point.opened", "point.opened/1",
    )  # fmt: skip
    assert first.data["name"] == "一"
    assert (second.version, second.data) == (2, {"name": "二"})
    assert (second.actor, second.device, second.correlation) == (BY, "D-1", REQUEST)
    assert first.recorded_at <= second.recorded_at


def test_a_timeline_as_known_then_ends_there(opened: Database) -> None:
    first, second = read(opened, "point:P-1").events
    assert read(opened, "point:P-1", first.recorded_at).events == [first]
    assert read(opened, "point:P-1", second.recorded_at).events == [first, second]
    assert read(opened, "point:P-1", datetime(2020, 1, 1, tzinfo=UTC)).events == []


def test_both_doors_read_the_same_timeline(opened: Database) -> None:
    async def ask() -> Timeline:
        async with await psycopg.AsyncConnection.connect(opened.app_url) as connection:
            return await timeline_async(connection, "point:P-1")

    assert asyncio.run(ask()) == read(opened, "point:P-1")


def test_an_event_this_program_does_not_know_is_shown_as_it_is_stored(opened: Database) -> None:
    state = b'{"by":{"account":"a","role":"r","unit":"u"},"data":{"crater":7},"device":"D-2"}'
    stream, at = stream_id("point", "P-9"), datetime(2026, 1, 1, tzinfo=UTC)
    values = [
        [1], [uuid4()], [None], [stream], [1], [at], [uuid4()], ["moon.landed/1"], [state],
    ]  # fmt: skip
    append = (
        "SELECT * FROM log_append(%s::int[], %s::uuid[], %s::bytea[], %s::uuid[], %s::bigint[],"
        " %s::timestamptz[], %s::uuid[], %s::text[], %s::bytea[])"
    )
    with psycopg.connect(opened.app_url) as connection:
        connection.execute(append, values)
    (event,) = read(opened, "point:P-9").events
    assert (event.kind, event.data, event.device) == ("moon.landed", {"crater": 7}, "D-2")
    assert event.actor == Actor(account="a", role=cast("Role", "r"), unit="u")


def test_the_log_goes_on_after_a_position(opened: Database) -> None:
    with psycopg.connect(opened.app_url) as connection:
        assert [event.position for event in after(connection, 1)] == [2, 3]
        assert [event.position for event in after(connection, 0, limit=2)] == [1, 2]
        assert after(connection, 3) == []


def test_an_empty_log_has_no_gap_and_no_times(database: Database) -> None:
    with psycopg.connect(database.app_url) as connection:
        told = statistics(connection)
    assert (told.events, told.head, told.gapless) == (0, 0, True)
    assert (told.first_recorded_at, told.last_recorded_at) == (None, None)


def test_a_lost_event_is_a_gap(opened: Database) -> None:
    with psycopg.connect(opened.superuser_url) as connection:
        connection.execute("ALTER TABLE log_events DISABLE TRIGGER ALL")
        connection.execute("DELETE FROM log_events WHERE notification_id = 2")
        told = statistics(connection)
    assert (told.events, told.head, told.gapless) == (2, 3, False)


def test_a_name_says_which_streams_are_meant() -> None:
    def beside(stream: UUID, *kinds: str) -> dict[UUID, str]:
        return {sibling_id(stream, kind): kind for kind in kinds}

    promises = beside(REQUEST, "promises")
    both = beside(REQUEST, "promises", "attachments")
    bad, order = sibling_id(REQUEST, "complaint"), sibling_id(REQUEST, "rectification")
    assert parts_of(f"request:{REQUEST}") == {
        REQUEST: "request",
        **beside(REQUEST, "rating", "complaint", "rectification", "promises", "attachments"),
        **beside(bad, "promises", "attachments"),
        **beside(order, "promises", "attachments"),
    }
    assert parts_of(f"rating:{REQUEST}") == beside(REQUEST, "rating")
    for kind in ("complaint", "rectification"):
        assert parts_of(f"{kind}:{REQUEST}") == {REQUEST: kind, **both}
    assert parts_of(f"promises:{REQUEST}") == promises
    assert parts_of(f"worklog:{REQUEST}") == {REQUEST: "worklog"}
    assert parts_of(f"inspection:{REQUEST}") == {
        REQUEST: "inspection", **beside(REQUEST, "attachments"),
    }  # fmt: skip
    for kind, key in (("point", "a:b"), ("appointment", "440103001001")):
        assert parts_of(f"{kind}:{key}") == {stream_id(kind, key): kind}
    for name in (f"request:{REQUEST}", f"complaint:{REQUEST}"):
        assert next(iter(parts_of(name))) == REQUEST
    for wrong in ("", "point", "point:", "moon:1", "request:1", "complaint:C-1", "promises:1"):
        with pytest.raises(StreamUnknown):
            parts_of(wrong)


def test_the_id_of_one_kind_names_nothing_of_another(complained: Database) -> None:
    assert read(complained, f"complaint:{COMPLAINT}").events
    for kind in ("request", "worklog"):
        told = read(complained, f"{kind}:{COMPLAINT}")
        assert {one.kind for one in told.events} <= {"promises.missed"}
        assert told.promises == []


def test_a_timeline_names_what_its_events_are_about(complained: Database) -> None:
    registered, *_ = read(complained, f"complaint:{COMPLAINT}").events
    assert registered.links == ["adviser:A-1", "point:ROOM-1", f"request:{REQUEST}"]


def test_the_timeline_of_a_complaint_holds_its_promises_and_what_was_watched_of_them(
    complained: Database,
) -> None:
    told = read(complained, f"complaint:{COMPLAINT}")
    assert [one.kind for one in told.events] == [
        "complaint.registered", "promises.missed", "complaint.accepted",
    ]  # fmt: skip
    assert (told.events[0].actor.role, told.events[0].actor.unit) == ("duty_officer", "ROOM-1")
    late, *running = told.promises
    assert (late.name, late.due, late.met_at) == (
        "acknowledge", local("2026-03-03 18:00"), local("2026-03-04 09:00"),
    )  # fmt: skip
    assert {one.name: one.met_at for one in running} == {"assign": None, "answer": None}
    assert [step.kind for step in late.explanation] == ["start", "rule", "calendar", "due"]

    before = read(complained, f"complaint:{COMPLAINT}", told.events[0].recorded_at)
    assert [(one.name, one.met_at, one.stopped_at) for one in before.promises] == [
        ("acknowledge", None, None)
    ]


def test_the_timeline_of_a_request_holds_the_complaints_that_name_it(
    complained: Database,
) -> None:
    """And what was watched of them; as known before they did, nothing."""
    own = read(complained, f"complaint:{COMPLAINT}")
    told = read(complained, f"request:{REQUEST}")
    assert [one.position for one in told.events] == [one.position for one in own.events]
    assert told.promises == []
    first = own.events[0]
    then = read(complained, f"request:{REQUEST}", first.recorded_at - timedelta(microseconds=1))
    assert then.events == []
    assert read(complained, f"request:{uuid4()}").events == []


def test_a_consultation_that_a_complaint_became_tells_of_it(complained: Database) -> None:
    consultation = uuid4()
    become = ReclassifyComplaint(kind="consultation", reason="只是询问", request=consultation)
    with Ledger(complained.app_url) as ledger:
        ledger.execute(
            COMPLAINT,
            become,
            by=OFFICER,
            occurred_at=local("2026-03-04 10:00"),
            late_reason="补录",
        )
    told = read(complained, f"request:{consultation}")
    assert [one.kind for one in told.events][-1] == "complaint.reclassified"

    async def also() -> Timeline:
        async with await psycopg.AsyncConnection.connect(complained.app_url) as connection:
            return await timeline_async(connection, f"request:{consultation}")

    assert asyncio.run(also()) == told
