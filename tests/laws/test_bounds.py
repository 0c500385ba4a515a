"""What is written can be read: every command has bounds that events, columns and arithmetic hold,
and nothing is appended that was not decoded again."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from random import Random
from typing import Any, Final
from uuid import UUID

import msgspec
import psycopg
import pytest
from msgspec import inspect
from msgspec.structs import replace

from domain.aggregates import ALL, EVENTS_BY_TOPIC
from domain.codes import WORDS, in_words, shortest
from domain.complaints.record import Grievance, RegisterComplaint
from domain.moment import Registers
from domain.registers.point import PointOpened
from domain.registration.adviser_commands import RecordPenalty
from domain.registration.point_commands import OpenPoint
from domain.requests.request import NoteAdded
from domain.requests.request_commands import AddNote, LogRequest
from domain.vocabulary import (
    NUMBER_MAX,
    Actor,
    Command,
    ExternalId,
    OutOfBounds,
    refuse_unbounded,
    stream_id,
)
from ledger.log.bulk import append_slice
from ledger.log.codec import LedgerMapper, NotReadableAgain, Recorded, uuid7
from ledger.log.decision import ask, decide
from ledger.log.store import Ledger
from tests.databases import Database
from tests.ledger.log.test_tolerant import golden

BY: Final = Actor(account="admin-1", role="administrator", unit="4401")
NOW: Final = datetime(2026, 3, 2, 2, tzinfo=UTC)
STREAM: Final = UUID(int=7)
NOTHING_KNOWN: Final = Registers(points={}, advisers={}, calendars={}, policies={})
MAPPER: Final = LedgerMapper()
COMMANDS: Final = [command for one in ALL for command in one.COMMANDS]
LOG: Final = LogRequest(point="P-1", channel="phone", service="consultation", subject="问")
OPEN: Final = OpenPoint(
    code="P-1", kind="room", name="室", division="440103001001", division_source="test",
    valid_from=date(2020, 1, 1),
)  # fmt: skip
GRIEVANCE: Final = Grievance(point="P-1", channel="phone", subject="态度")
UNSEEN: Final = (" ", "\u3000", "\u200b", "\ufeff\u2060", "\t\n", "\u3164", "\u00ad", "\u2800")


def integers(kind: inspect.Type, at: str, seen: frozenset[Any]) -> Iterator[tuple[str, Any]]:
    """Every integer of a type, however deep, with its place."""
    if isinstance(kind, inspect.IntType):
        yield at, kind
    elif isinstance(kind, inspect.Metadata):
        yield from integers(kind.type, at, seen)
    elif isinstance(kind, inspect.StructType):
        if kind.cls not in seen:
            for field in kind.fields:
                yield from integers(field.type, f"{at}.{field.name}", seen | {kind.cls})
    elif isinstance(kind, inspect.UnionType):
        for part in kind.types:
            yield from integers(part, at, seen)
    elif isinstance(kind, inspect.DictType):
        yield from integers(kind.value_type, f"{at}[...]", seen)
    elif isinstance(kind, inspect.TupleType):
        for part in kind.item_types:
            yield from integers(part, f"{at}[...]", seen)
    elif isinstance(kind, inspect.CollectionType):
        yield from integers(kind.item_type, f"{at}[...]", seen)


PUBLISHED: Final = ("PublishCalendar", "PublishPolicy", "PublishRuleSet")
"""Rule data has checks of its own; in what is counted every number has a bound in its type."""
CELLS: Final = ("answers", "cells")
"""What is filled into a form: text to the views."""


@pytest.mark.parametrize("command", COMMANDS, ids=lambda one: str(one.__name__))
def test_f2_every_number_of_a_command_has_bounds(command: type[Command]) -> None:
    if command.__name__ in PUBLISHED:
        return
    for at, kind in integers(inspect.type_info(command), command.__name__, frozenset()):
        if not any(part in at for part in CELLS):
            assert kind.ge is not None, at
            assert kind.le is not None, at


REFUSED: Final[tuple[tuple[str, Command], ...]] = (
    ("people", RegisterComplaint(grievance=replace(GRIEVANCE, people=10**30))),
    ("people", RegisterComplaint(grievance=replace(GRIEVANCE, people=-(10**16)))),
    ("decided_on", RecordPenalty(decided_on=date(9998, 1, 1), authority="a", reason="b")),
    ("valid_from", replace(OPEN, valid_from=date(1, 1, 1))),
    ("valid_from", replace(OPEN, valid_from=date(9999, 12, 31))),
    ("subject", replace(LOG, subject="a\0b")),
    ("subject", replace(LOG, subject="\ud800")),
    ("external", replace(LOG, external=ExternalId("hotline", "１２３"))),
    ("external", replace(LOG, external=ExternalId("hotline", "12\u200b3"))),
    ("external", replace(LOG, external=ExternalId("hotline", " 123"))),
    *(("subject", replace(LOG, subject=text)) for text in UNSEEN),
    *(("detail", replace(LOG, detail=text)) for text in UNSEEN),
    *(("name", replace(OPEN, name=text)) for text in UNSEEN),
    *(("text", AddNote(text=text)) for text in UNSEEN),
)


@pytest.mark.parametrize(("field", "command"), REFUSED)
def test_f18_what_cannot_be_kept_is_refused_before_anything_is_decided(
    field: str, command: Command
) -> None:
    with pytest.raises(OutOfBounds, match=field):
        decide(ask(STREAM, command, by=BY, now=NOW), None, NOTHING_KNOWN)


@pytest.mark.parametrize("day", ["0001-01-01", "1899-12-31", "3000-01-01", "9999-12-31"])
@pytest.mark.parametrize("offset", ["-12:00", "+00:00", "+14:00"])
def test_an_occurrence_at_either_end_of_time_is_refused(day: str, offset: str) -> None:
    when = datetime.fromisoformat(f"{day}T12:00:00{offset}")
    with pytest.raises(OutOfBounds, match="occurred_at"):
        decide(ask(STREAM, LOG, by=BY, now=NOW, occurred_at=when), None, NOTHING_KNOWN)


def test_what_says_something_is_kept_as_it_is() -> None:
    for text in ("x", " x ", "王\u3000小明", "🧾", "é", "\u200b字", "-"):
        refuse_unbounded(replace(LOG, subject=text))
    refuse_unbounded(replace(LOG, external=ExternalId("hotline", "A 12-3/4")))
    refuse_unbounded(RegisterComplaint(grievance=replace(GRIEVANCE, people=NUMBER_MAX)))


# --- nothing is appended that cannot be read


def recorded(event: Any, by: Actor = BY) -> Recorded:
    return Recorded(
        originator_id=stream_id("point", "P-1"),
        originator_version=1,
        event=event,
        event_id=uuid7(),
        command_id=uuid7(),
        command_events=1,
        occurred_at=NOW,
        by=by,
    )


OPENED: Final = PointOpened(
    code="P-1", kind="room", name="室", division="440103001001", division_source="test",
    valid_from=date(2020, 1, 1),
)  # fmt: skip
NOT_READABLE: Final = (
    replace(OPENED, kind="castle"),
    replace(OPENED, code="P" * 65),
    replace(OPENED, name=7),
    replace(OPENED, name="\ud800"),
    replace(OPENED, valid_from=None),
    NoteAdded(text="x" * 2001),
    NoteAdded(text=object()),  # type: ignore[arg-type]
)


@pytest.mark.parametrize("event", NOT_READABLE, ids=range(len(NOT_READABLE)))
def test_f1_nothing_is_appended_that_cannot_be_read(event: Any, database: Database) -> None:
    one = recorded(event)
    with pytest.raises(NotReadableAgain):
        MAPPER.to_stored_event(one)
    with psycopg.connect(database.app_url, autocommit=True) as connection:
        with pytest.raises(NotReadableAgain):
            append_slice(connection, [one], MAPPER)
        assert connection.execute("SELECT count(*) FROM log_events").fetchone() == (0,)


ODD_ACTORS: Final = (
    Actor(account="li.ming@gz.gov.cn", role="supervisor", unit="4401"),
    Actor(account="张 三", role="supervisor", unit="４４０１"),
    Actor(account="", role="clerk", unit="", adviser="A\n"),  # type: ignore[arg-type]
)


@pytest.mark.parametrize("topic", sorted(EVENTS_BY_TOPIC))
@pytest.mark.parametrize("by", ODD_ACTORS, ids=lambda by: ascii(by.account))
def test_f1_every_event_by_an_odd_actor_is_read_as_it_was_written(topic: str, by: Actor) -> None:
    event = MAPPER.entry(topic, msgspec.json.encode(golden(topic))).data
    state = MAPPER.state_of(recorded(event, by))
    entry = MAPPER.entry(topic, state)
    assert (entry.by, entry.data) == (by, event)


def extremes(kind: inspect.Type, draw: Random) -> Any:
    """A value at the edge of what a type allows; LookupError where there is none."""
    if isinstance(kind, inspect.Metadata):
        return extremes(kind.type, draw)
    if isinstance(kind, inspect.IntType):
        return draw.choice([kind.ge or 0, NUMBER_MAX if kind.le is None else kind.le])
    if isinstance(kind, inspect.StrType) and kind.pattern is None:
        return draw.choice('字🧾"\\\n') * (
            draw.choice([kind.min_length or 1, kind.max_length or 500])
        )
    if isinstance(kind, inspect.DateType):
        return draw.choice([date(1900, 1, 1), date(2999, 12, 31)])
    if isinstance(kind, inspect.UnionType):
        return extremes(draw.choice(list(kind.types)), draw)
    if isinstance(kind, inspect.NoneType):
        return None
    raise LookupError


@pytest.mark.parametrize("topic", sorted(EVENTS_BY_TOPIC))
def test_every_event_with_extreme_values_is_read_as_it_was_written(topic: str) -> None:
    draw = Random(topic)
    event = MAPPER.entry(topic, msgspec.json.encode(golden(topic))).data
    for _ in range(20):
        changed = {}
        info = inspect.type_info(type(event))
        assert isinstance(info, inspect.StructType)
        for field in info.fields:
            try:
                changed[field.name] = extremes(field.type, draw)
            except LookupError:
                continue
        extreme = replace(event, **changed)
        state = MAPPER.state_of(recorded(extreme))
        assert MAPPER.entry(topic, state).data == extreme


def test_f1_a_command_whose_event_cannot_be_read_leaves_no_trace(database: Database) -> None:
    with Ledger(database.app_url) as ledger:
        with pytest.raises(NotReadableAgain):
            ledger.execute(stream_id("point", "P"), replace(OPEN, code="P" * 65), by=BY)
        assert ledger.recorder.max_notification_id() in (None, 0)


def test_f8_what_is_expected_of_a_code_is_said_in_words() -> None:
    for kind, words in WORDS:
        with pytest.raises(msgspec.ValidationError) as wrong:
            msgspec.convert({"it": "\n"}, dict[str, kind])  # type: ignore[valid-type]
        said = in_words(str(wrong.value))
        assert words in said or "length" in said
        assert "regex" not in said
        assert "\\A" not in said


@pytest.mark.parametrize(
    ("longer", "shortest_way"),
    [("440100", "4401"), ("440106000000", "440106"), ("440000", "44"), ("440106001", "440106001"),
     ("4401", "4401")],
)  # fmt: skip
def test_f8_the_shortest_way_to_write_a_division(longer: str, shortest_way: str) -> None:
    assert shortest(longer) == shortest_way
