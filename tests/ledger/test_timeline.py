"""The log as people read it."""

import asyncio
from datetime import UTC, date, datetime
from typing import Final
from uuid import UUID, uuid4

import psycopg
import pytest

from domain.point import OpenPoint, RenamePoint
from domain.vocabulary import Actor, sibling_id, stream_id
from ledger.store import Ledger
from ledger.timeline import (
    StreamUnknown,
    Timeline,
    after,
    statistics,
    streams_of,
    timeline,
    timeline_async,
)
from tests.databases import Database

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
    assert event.actor == Actor(account="a", role="r", unit="u")


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
    rating = sibling_id(REQUEST, "rating")
    assert streams_of(f"request:{REQUEST}") == (REQUEST, rating)
    assert streams_of(f"rating:{REQUEST}") == (rating,)
    assert streams_of("point:a:b") == (stream_id("point", "a:b"),)
    for wrong in ("", "point", "point:", "moon:1", "request:1"):
        with pytest.raises(StreamUnknown):
            streams_of(wrong)
