"""Events to bytes and back. `golden/` keeps the stored bytes of one example of every released
event for ever: what was once written must be read by every later version of the program.

A new event needs its file: run this module with ANJUAN_WRITE_GOLDEN=1 and commit what it writes.
Files that exist are never written again.
"""

import os
from datetime import UTC, date, datetime, timedelta, timezone
from functools import cache
from pathlib import Path
from typing import Any, Final, cast
from uuid import RFC_4122, UUID

import msgspec
import pytest
from eventsourcing.persistence import Mapper, StoredEvent
from hypothesis import find, given, settings
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy
from msgspec import inspect
from msgspec.structs import replace

from domain.aggregates import EVENTS_BY_TOPIC
from domain.evaluation.ruleset_content import RuleSet
from domain.registers.form import Form
from domain.registers.policy import PolicyVersion
from domain.requests.request import NoteAdded
from domain.roles import Role
from domain.vocabulary import Actor, Event
from domain.worktime.calendar import Calendar
from ledger.founding.shipped import (
    shipped_calendars,
    shipped_forms,
    shipped_policies,
    shipped_rulesets,
)
from ledger.log.codec import LedgerMapper, Recorded, TopicUnknown, uuid7
from tests.examples import CALENDAR, RULES

GOLDEN: Final = Path(__file__).parents[1] / "golden"
TOPICS: Final = sorted(EVENTS_BY_TOPIC)
FOUND: Final = settings(derandomize=True, database=None)
BY: Final = b'{"account":"clerk-1","role":"clerk","unit":"ROOM-1"}'
SHIPPED: Final[dict[type[Any], list[Any]]] = {
    Calendar: [CALENDAR, *(one.calendar for one in shipped_calendars())],
    PolicyVersion: [RULES, *(one.policy for one in shipped_policies())],
    Form: [one.form for one in shipped_forms()],
    RuleSet: [one.ruleset for one in shipped_rulesets()],
}
"""Too many rules of their own to be drawn."""
OFFSETS: Final = (timezone(timedelta(hours=8)), timezone(timedelta(hours=-9, minutes=-30)))
INSTANTS: Final = st.builds(
    datetime.fromtimestamp, st.integers(0, 2**32), st.sampled_from([UTC, *OFFSETS])
) | st.datetimes(timezones=st.just(UTC))
SIMPLE: Final[dict[type[inspect.Type], SearchStrategy[Any]]] = {
    inspect.BoolType: st.booleans(),
    inspect.DateType: st.dates(date(1990, 1, 1), date(2100, 1, 1)),
    inspect.DateTimeType: INSTANTS,
    inspect.NoneType: st.none(),
    inspect.UUIDType: st.uuids(),
}
# The golden files were written when a role was any text.
ACTOR: Final = Actor(account="clerk-1", role=cast("Role", "clerk"), unit="ROOM-1", adviser="A-1")
STREAM: Final = UUID("00000000-0000-4000-8000-000000000001")
RECORDED: Final = Recorded(
    originator_id=STREAM,
    originator_version=3,
    event=NoteAdded(text="已电话告知"),
    event_id=UUID("00000000-0000-7000-8000-000000000002"),
    command_id=UUID("00000000-0000-7000-8000-000000000003"),
    occurred_at=datetime(2026, 3, 2, 9, 0, tzinfo=UTC),
    by=ACTOR,
    device="window-3",
    correlation=UUID("00000000-0000-7000-8000-000000000004"),
    causation=UUID("00000000-0000-7000-8000-000000000005"),
    command_events=1,
    command_digest=b"0123456789abcdef",
)


def values(  # noqa: PLR0911
    kind: inspect.Type, *, whole: bool = False
) -> SearchStrategy[Any]:
    """Everything a field may hold; `whole`: nothing optional left out, nothing empty."""
    match kind:
        case inspect.Metadata(type=inner):
            return values(inner, whole=whole)
        case inspect.StrType(min_length=low, max_length=high, pattern=pattern):
            return _texts(max(low or 0, int(whole)), high, pattern)
        case inspect.IntType(ge=low, le=high):
            return st.integers(low if low is not None else -(2**53), high or 2**53)
        case inspect.LiteralType(values=known):
            return st.sampled_from(known)
        case inspect.StructType(cls=cls):
            return structs(cls, whole=whole)
        case inspect.UnionType(types=types):
            some = [one for one in types if not (whole and isinstance(one, inspect.NoneType))]
            return st.one_of([values(one, whole=whole) for one in some])
        case inspect.VarTupleType(item_type=item, min_length=low, max_length=high):
            each = values(item, whole=whole)
            low = max(low or 0, int(whole))
            return st.lists(each, min_size=low, max_size=min(high or 3, low + 2)).map(tuple)
        case inspect.DictType(key_type=key, value_type=value):
            names, each = values(key, whole=True), values(value, whole=whole)
            return st.dictionaries(names, each, min_size=int(whole), max_size=3)
        case _:
            return SIMPLE[type(kind)]


def _texts(low: int, high: int | None, pattern: str | None) -> SearchStrategy[str]:
    if pattern is None:
        return st.text(min_size=low, max_size=min(high or 20, 20))
    return st.from_regex(pattern)


@cache
def structs(cls: type[Any], *, whole: bool = False) -> SearchStrategy[Any]:
    if cls in SHIPPED:
        return st.sampled_from(SHIPPED[cls][:1] if whole else SHIPPED[cls])
    described = inspect.type_info(cls)
    assert isinstance(described, inspect.StructType)
    fields = {one.name: values(one.type, whole=whole) for one in described.fields}
    if described.array_like:
        return st.tuples(*fields.values()).map(lambda given: cls(*given))
    return st.builds(cls, **fields)


def recorded(event: SearchStrategy[Event]) -> SearchStrategy[Recorded]:
    ids = st.none() | st.uuids()
    return st.builds(
        Recorded,
        originator_id=st.uuids(),
        originator_version=st.integers(0, 2**63 - 1),
        event=event,
        event_id=st.uuids(),
        command_id=st.uuids(),
        occurred_at=INSTANTS,
        by=structs(Actor),
        device=st.none() | st.text(),
        correlation=ids,
        causation=ids,
        command_events=st.integers(0, 99),
        command_digest=st.none() | st.binary(min_size=16, max_size=16),
    )


# --- encode ∘ decode = identity


@pytest.mark.parametrize("topic", TOPICS)
@settings(max_examples=20)
@given(data=st.data())
def test_an_event_comes_back_as_it_was(topic: str, data: st.DataObject) -> None:
    one = data.draw(recorded(structs(EVENTS_BY_TOPIC[topic])))
    mapper = LedgerMapper()
    stored = mapper.to_stored_event(one)
    assert stored.topic == topic
    assert mapper.to_domain_event(stored) == one
    assert mapper.state_of(mapper.recorded(stored)) == stored.state


def test_the_library_takes_it_for_a_mapper() -> None:
    mapper = LedgerMapper()
    stored = mapper.to_stored_event(RECORDED)
    assert isinstance(mapper, Mapper)
    assert isinstance(stored, StoredEvent)
    plain = StoredEvent(STREAM, 3, "request.note_added/1", stored.state)
    assert (stored, plain) == (plain, stored)
    assert hash(stored) == hash(stored)
    assert stored != replace_state(plain)
    assert mapper.to_domain_event(stored) == RECORDED


def replace_state(event: StoredEvent) -> StoredEvent:
    return StoredEvent(event.originator_id, event.originator_version, event.topic, b"{}")


def test_the_stored_state_reads_as_json() -> None:
    assert msgspec.json.decode(LedgerMapper().state_of(RECORDED)) == {
        "by": {"account": "clerk-1", "role": "clerk", "unit": "ROOM-1", "adviser": "A-1"},
        "data": {"text": "已电话告知"},
        "device": "window-3",
        "correlation": "00000000-0000-7000-8000-000000000004",
        "causation": "00000000-0000-7000-8000-000000000005",
    }
    assert "已电话告知".encode() in LedgerMapper().state_of(RECORDED)


def test_what_was_not_said_is_not_stored() -> None:
    short = replace(RECORDED, device=None, correlation=None, causation=None)
    assert set(msgspec.json.decode(LedgerMapper().state_of(short))) == {"by", "data"}


# --- golden


def golden(topic: str) -> Path:
    file = GOLDEN / f"{topic}.json"
    if "ANJUAN_WRITE_GOLDEN" in os.environ and not file.exists():
        example = find(structs(EVENTS_BY_TOPIC[topic], whole=True), lambda _: True, settings=FOUND)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(LedgerMapper().state_of(replace(RECORDED, event=example)))
    return file


@pytest.mark.parametrize("topic", TOPICS)
def test_every_event_has_its_golden_file_and_is_stored_as_it_was_then(topic: str) -> None:
    stored = golden(topic).read_bytes()
    entry = LedgerMapper().entry(topic, stored)
    assert type(entry.data) is EVENTS_BY_TOPIC[topic]
    assert LedgerMapper().state_of(replace(RECORDED, event=entry.data, by=entry.by)) == stored


def test_every_golden_file_can_still_be_read() -> None:
    topics = [str(one.relative_to(GOLDEN).with_suffix("")) for one in GOLDEN.rglob("*.json")]
    assert set(topics) >= set(TOPICS)
    for topic in topics:
        assert LedgerMapper().entry(topic, golden(topic).read_bytes()).by == ACTOR


# --- retired and unknown topics

UPCASTS: Final = {
    "request.noted/1": ("request.noted/2", lambda data: {"words": data["w"]}),
    "request.noted/2": ("request.note_added/1", lambda data: {"text": data["words"]}),
}


@pytest.mark.parametrize(
    ("topic", "data"),
    [("request.noted/1", {"w": "已告知"}), ("request.noted/2", {"words": "已告知"})],
)
def test_a_retired_event_is_read_as_the_one_that_replaced_it(
    topic: str, data: dict[str, str]
) -> None:
    mapper = LedgerMapper(UPCASTS)
    state = msgspec.json.encode({"by": ACTOR, "data": data, "device": "window-3"})
    stored = mapper.to_stored_event(RECORDED)
    old = type(stored)(**{**vars(stored), "topic": topic, "state": state})
    read = mapper.recorded(old)
    assert (read.event, read.by, read.device) == (NoteAdded(text="已告知"), ACTOR, "window-3")
    assert (read.event_id, read.occurred_at) == (RECORDED.event_id, RECORDED.occurred_at)


def test_an_unknown_topic_is_named() -> None:
    with pytest.raises(TopicUnknown, match=r"request\.dreamt/1"):
        LedgerMapper().entry("request.dreamt/1", b"{}")


def test_a_state_that_is_not_of_its_topic_is_refused() -> None:
    with pytest.raises(msgspec.ValidationError, match="text"):
        LedgerMapper().entry("request.note_added/1", b'{"by":{},"data":{}}'.replace(b"{}", BY, 1))


# --- ids


def test_ids_are_of_version_7_and_in_order_of_time() -> None:
    ids = [uuid7() for _ in range(200)]
    assert {(one.version, one.variant) for one in ids} == {(7, RFC_4122)}
    assert len(set(ids)) == 200
    milliseconds = [one.int >> 80 for one in ids]
    assert milliseconds == sorted(milliseconds)
